//! The pack loader: every kind of problem with its printed text (file, line, column, what, and what to do), versions and their spans,
//! amendments and their commencement, variations, calendars; and the published schema against the real packs.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use openward_law::pack::{Commencements, Pack, PackFile, Problem, load, load_with, schema};
use openward_law::time::Calendar;
use serde_json::Value;
use support::law;

/// A small law that loads. Lines 1 to 40; what a test adds begins in line 41.
const BASE: &str = r#"format = 1
[pack]
id = "base"
title = "A made-up law"
zone = "Europe/London"
as_at = 2024-01-01
from = 2000-01-01
default_defect = "void"
source = "made-up"
sure = "V"
free = ["informal"]
[sources.made-up]
title = "Made up"
[amendments.later]
title = "A later Act"
commenced = ""
[roles]
person = { name = "the patient", neutral = "person" }
doctor = { name = "doctor", neutral = "practitioner" }
managers = { name = "managers" }
[bodies]
court = { name = "court", neutral = "court" }
[criteria]
ground-a = { name = "ground A", section = "2" }
[words]
informal = { name = "informally" }
[regions]
north = { name = "north" }
[[instrument.application]]
title = "Application"
section = "1"
signed_by = ["doctor"]
[[order.hold]]
title = "Hold"
section = "2"
status = "held"
starts = [{ fact = "admitted", under = "hold" }]
rests_on = [{ instrument = "application" }]
lasts = { from = "start.day", length = "28 days", count = "days-incl" }
# What follows is the test's own.
"#;

fn files(added: &str) -> Vec<PackFile> {
    vec![PackFile { name: "base.toml".to_owned(), text: format!("{BASE}{added}") }]
}

fn loaded(added: &str) -> Pack {
    load(&files(added), None).unwrap_or_else(|problems| panic!("{}", printed(&problems)))
}

fn printed(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// What the loader says of the small law with something added.
fn says(added: &str) -> String {
    printed(&load(&files(added), None).expect_err("the loader should refuse this"))
}

/// A duty with one line of a test's own.
fn duty(line: &str) -> String {
    format!(
        "[[duty.tell]]\ntitle = \"Tell\"\nsection = \"3\"\neach = [{{ event = \"started\", order = \"hold\" }}]\nowed = {{ by = \"managers\" }}\n\
         done = [{{ fact = \"notified\", to = \"person\" }}]\n{line}\n"
    )
}

/// An order with lines of a test's own.
fn order(name: &str, lines: &str) -> String {
    format!(
        "[[order.{name}]]\ntitle = \"Another\"\nsection = \"4\"\nstatus = \"held\"\nstarts = [{{ fact = \"held\", under = \"{name}\" }}]\n{lines}\n"
    )
}

#[test]
fn the_small_law_loads() {
    let pack = loaded("");
    assert_eq!((pack.orders.len(), pack.instruments.len(), pack.duties.len()), (1, 1, 0));
    assert_eq!(pack.orders[0].versions[0].head.from, Some("2000-01-01".parse().expect("a day")));
    let place = &pack.orders[0].versions[0].head.place;
    assert_eq!((&*place.file, place.line), ("base.toml", 33));
}

/// Two versions of an order.
fn two(first: &str, second: &str) -> String {
    format!("{}{}", order("x", &format!("version = {{ {first} }}")), order("x", &format!("version = {{ {second} }}")))
}

fn calendar(holidays: &str) -> String {
    format!("[calendars.c]\nname = \"C\"\nfrom_year = 2020\nuntil_year = 2021\nweekend = [\"sunday\"]\nholidays = [{holidays}]\n")
}

/// Each text that a test adds, with all that the loader says.
fn assert_says(cases: &[(String, &str)]) {
    for (added, expected) in cases {
        assert_eq!(says(added), *expected, "for\n{added}");
    }
}

#[test]
fn what_is_no_toml_is_shown_where_it_breaks() {
    assert_says(&[
        ("[[order.x\n".into(), "base.toml:41:10: not TOML: unclosed array table, expected `]]`"),
        (
            "a = = 1\n".into(),
            "base.toml:41:5: not TOML: extra `=`, expected nothing\nbase.toml:41:7: not TOML: unexpected key or value, expected newline, `#`",
        ),
        ("[roles.doctor]\nname = \"again\"\n".into(), "base.toml:41:8: not TOML: duplicate key\nbase.toml:42:1: not TOML: duplicate key"),
        (
            format!("x = {}{}\n", "[".repeat(30), "]".repeat(30)),
            "base.toml:1:1: brackets are nested deeper than 24 levels\n    No part of a pack needs this; check for a stray bracket.",
        ),
    ]);
}

#[test]
fn unknown_and_missing_keys_are_named_with_the_nearest() {
    assert_says(&[
        ("[ordr.x]\n".into(), "base.toml:41:2: `ordr` is no key of a pack file\n    Did you mean `order`?"),
        (duty("du = { from = \"on\" }"), "base.toml:47:1: `du` is no key of a duty\n    Did you mean `due`?"),
        (
            "[[duty.bare]]\ntitle = \"Bare\"\n".into(),
            "base.toml:41:1: this duty lacks `section`\n    Where it stands.\n\
             base.toml:41:1: this duty lacks `each`\n    Each of these raises one instance.\n\
             base.toml:41:1: this duty lacks `owed`\n    By whom, to whom.\n\
             base.toml:41:1: this duty lacks `done`\n    What discharges it: every part.",
        ),
        (
            "[duty.bare]\ntitle = \"Bare\"\n".into(),
            "base.toml:41:1: expected versions written as [[duty.NAME]] with two brackets, found a table",
        ),
        ("[words.\"two words\"]\nname = \"two\"\n".into(), "base.toml:41:8: `two words` is no name: use small letters, digits and hyphens"),
    ]);
}

#[test]
fn words_that_nobody_knows_are_named_with_the_nearest() {
    assert_says(&[
        (duty("ends = [{ fact = \"dischargd\" }]"), "base.toml:47:18: `dischargd` is no fact\n    Did you mean `discharged`?"),
        (duty("ends = [{ event = \"startd\" }]"), "base.toml:47:19: `startd` is no word here\n    Did you mean `started`?"),
        (duty("while = { running = [\"hald\"] }"), "base.toml:47:22: no order is called `hald` in this pack\n    Did you mean `hold`?"),
        (
            duty("ends = [{ fact = \"left\", by = \"docter\" }]"),
            "base.toml:47:31: no role or body is called `docter` in this pack\n    Did you mean `doctor`?",
        ),
        (duty("ends = [{ fact = \"left\", how = \"alone\" }]"), "base.toml:47:32: no word is called `alone` in this pack"),
        (order("x", "serves = [\"un-1\"]"), "base.toml:46:11: no safeguard is called `un-1` in this pack"),
        (order("x", "source = \"mad-up\""), "base.toml:46:10: no source is called `mad-up` in this pack\n    Did you mean `made-up`?"),
        (
            order("x", "needs = [{ id = \"a\", states_all = [\"ground-b\"] }]"),
            "base.toml:46:36: no criterion is called `ground-b` in this pack\n    Did you mean `ground-a`?",
        ),
        (
            order("x", "version = { amendment = \"latr\" }"),
            "base.toml:46:25: no amendment is called `latr` in this pack\n    Did you mean `later`?",
        ),
        (
            order("x", "renewed_by = { instrument = \"application\", at = \"signd\" }"),
            "base.toml:46:49: `signd` is no word here\n    Did you mean `signed`?",
        ),
        (
            order("x", "status = \"kept\"").replace("status = \"held\"\n", ""),
            "base.toml:45:10: `kept` is no word here\n    One of held, community.",
        ),
    ]);
}

#[test]
fn a_word_defined_in_two_files_is_named() {
    let other = PackFile { name: "other.toml".to_owned(), text: "format = 1\n[words]\ninformal = { name = \"again\" }\n".to_owned() };
    let problems = load(&[files("").remove(0), other], None).expect_err("the word is there twice");
    assert_eq!(printed(&problems), "other.toml:3:1: the word `informal` is defined twice in this pack");
}

#[test]
fn values_of_the_wrong_shape_say_what_was_expected() {
    assert_says(&[
        (duty("any_part = \"yes\""), "base.toml:47:12: expected true or false, found \"yes\""),
        (
            order("x", "version = { from = \"2001-01-01\" }"),
            "base.toml:46:20: expected a date such as 2008-11-03, or \"\" for open, found \"2001-01-01\"",
        ),
        (
            order("x", "rests_on = [{ instrument = \"application\", count = 0 }]"),
            "base.toml:46:51: expected a whole number from 1 to 10, found 0",
        ),
        (order("x", "rests_on = { instrument = \"application\" }"), "base.toml:46:12: expected a list in square brackets, found a table"),
        (order("x", "lasts = \"28 days\""), "base.toml:46:9: expected a table (period), found \"28 days\""),
    ]);
}

#[test]
fn periods_that_cannot_be_counted_say_why() {
    assert_says(&[
        (
            duty("due = { from = \"on\", length = \"1 day\", count = \"day-incl\" }"),
            "base.toml:47:48: `day-incl` is no counting rule\n    Did you mean `days-incl`?",
        ),
        (
            duty("due = { from = \"on\", length = \"1 month\", count = \"days-incl\" }"),
            "base.toml:47:7: the rule days-incl does not count in months: write days or weeks",
        ),
        (
            duty("due = { from = \"on\", length = \"1 fortnight\", count = \"days-incl\" }"),
            "base.toml:47:31: expected a length such as \"28 days\", found \"1 fortnight\"\n    cannot read \"1 fortnight\" as a length: at \
             character 3, expected minutes, hours, days, weeks, months or years",
        ),
        (
            duty("due = { from = \"on\", length = \"0 days\", count = \"days-incl\" }"),
            "base.toml:47:31: expected a length such as \"28 days\", found \"0 days\"\n    a length of 0 is out of bounds: write 1 to 10000",
        ),
        (
            duty("due = { from = \"on\", length = \"1 day\" }"),
            "base.toml:47:7: a period needs `length` and `count` together, or `from` alone, or `earliest`, or `latest`",
        ),
        (
            duty(
                "due = { from = \"on\", length = \"1 day\", count = \"days-incl\", plus = { length = \"1 days\", count = \"days-ending\" } }",
            ),
            "base.toml:47:68: a period that follows another is counted forwards",
        ),
        (
            duty("due = { from = \"on\", length = \"1 hours\", count = \"hours\", roll = \"next-open-day\" }"),
            "base.toml:47:7: a period counted by hours cannot roll to the next open day",
        ),
        (
            duty("due = { from = \"on\", length = \"1 day\", count = \"days-incl\", roll = \"next-day\" }"),
            "base.toml:47:68: `next-day` is no roll rule\n    Did you mean `next-open-day`?",
        ),
        (
            duty("due = { from = \"on\", length = \"1 day\", count = \"days-incl\", calendar = \"none\" }"),
            "base.toml:47:72: no calendar is called `none` in this pack",
        ),
        (duty("repeats = { every = \"1 day\" }"), "base.toml:47:11: `every` and `count` go together: one of them is missing"),
        (
            "[[limit.l]]\ntitle = \"L\"\nsection = \"5\"\ncap = { orders = [\"hold\"], length = \"1 day\" }\n".into(),
            "base.toml:44:7: `length` and `count` go together: one of them is missing",
        ),
        (
            order("x", "ladder = [{ length = \"1 day\" }]\nrenewed_by = { instrument = \"application\", at = \"signed\" }"),
            "base.toml:46:11: this rung has no `count`, and the order's own period has none to take over",
        ),
    ]);
}

#[test]
fn anchors_and_windows_say_what_may_stand_there() {
    let said = says(&duty("due = { from = \"onn.day\", length = \"1 day\", count = \"days-incl\" }"));
    assert!(said.starts_with("base.toml:47:16: `onn.day` is no anchor\n    An anchor is one of on, start, joined, "), "{said}");
    assert!(said.ends_with("each alone or with .day or .next-day. Did you mean `on`?"), "{said}");
    assert_says(&[
        (
            duty("due = { from = \"clock.none\", length = \"1 day\", count = \"days-incl\" }"),
            "base.toml:47:16: no clock is called `none` in this pack",
        ),
        (
            order("x", "needs = [{ id = \"a\", fact = \"left\", window = { from = \"on\", length = \"1 day\" } }]"),
            "base.toml:46:46: a window needs `length` and `count` together",
        ),
        (
            order(
                "x",
                "needs = [{ id = \"a\", fact = \"left\", window = { ending = \"on\", length = \"1 day\", count = \"days-incl\" } }]",
            ),
            "base.toml:46:46: `days-incl` does not count towards this side of a window\n    With `ending` use days-ending, months-ending, \
             days-elapsed or hours; with `from` a rule that counts forwards.",
        ),
    ]);
}

#[test]
fn patterns_needs_and_actions_that_say_too_little_or_too_much_are_refused() {
    assert_says(&[
        (
            duty("ends = [{ by = \"doctor\" }]"),
            "base.toml:47:9: this pattern names neither a fact nor an event nor an instrument\n    Say `fact = …`, `event = …` or `instrument = …`.",
        ),
        (duty("ends = [{ fact = \"left\", event = \"started\" }]"), "base.toml:47:9: a pattern looks at a fact or at an event, not both"),
        (
            order("x", "needs = [{ id = \"a\" }]"),
            "base.toml:46:10: this need asks nothing\n    Say what must be so: a fact, states_any, holds, apart, designated …",
        ),
        (
            order("x", "needs = [{ id = \"a\", states_all = [\"ground-a\"] }, { id = \"a\", states_any = [\"ground-a\"] }]"),
            "base.toml:46:51: two needs of this provision are called `a`",
        ),
        (
            order("x", "needs = [{ id = \"a\", states_all = [\"ground-a\"], defect = \"nul\" }]"),
            "base.toml:46:58: `nul` is no defect\n    One of void, ends, curable, for-decision, irregular, reason-wanted.",
        ),
        (
            order("x", "needs = [{ id = \"a\", states_all = [\"ground-a\"], defect = \"for-decision:cort\" }]"),
            "base.toml:46:58: no body is called `cort` in this pack\n    Did you mean `court`?",
        ),
        (
            order("x", "needs = [{ id = \"a\", states_all = [\"ground-a\"], defect = \"for-decision\" }]"),
            "base.toml:46:58: expected for-decision:BODY, naming who decides, found \"for-decision\"",
        ),
        (
            "[[effect.e]]\ntitle = \"E\"\nsection = \"5\"\non = [{ fact = \"left\" }]\ndo = [{ end = [\"hold\"], start = \"hold\" }]\n"
                .into(),
            "base.toml:45:7: an action has exactly one key\n    Write several actions as several items of `do`.",
        ),
        (
            "[[safeguard.s]]\ntitle = \"S\"\nsection = \"5\"\n".into(),
            "base.toml:41:1: a safeguard either asks something of a person's case (`each`) or is about places (`place = true`)",
        ),
    ]);
}

#[test]
fn a_pack_has_one_head() {
    let none = [PackFile { name: "a.toml".to_owned(), text: "format = 1\n[words]\nx = { name = \"x\" }\n".to_owned() }];
    let said = printed(&load(&none, None).expect_err("no head"));
    assert_eq!(said, "a.toml:1:1: no file of this pack has a [pack] table\n    One file holds the pack's head: id, title, zone, as_at.");
    let head = BASE.lines().take(11).collect::<Vec<_>>().join("\n");
    let second = PackFile { name: "second.toml".to_owned(), text: head.replace("source = \"made-up\"\n", "") };
    let said = printed(&load(&[files("").remove(0), second], None).expect_err("two heads"));
    assert_eq!(said, "second.toml:2:1: a pack has one [pack] table; this is a second one");
}

#[test]
fn every_problem_of_every_file_is_reported_in_order() {
    let other = PackFile { name: "another.toml".to_owned(), text: "format = 1\n[words]\nx = { nam = \"x\" }\n".to_owned() };
    let mut all = files(&duty("ends = [{ fact = \"dischargd\" }]\nlate = \"bad\""));
    all.push(other);
    let places: Vec<String> = load(&all, None)
        .expect_err("three problems")
        .iter()
        .map(|problem| format!("{}:{}:{}", problem.place.file, problem.place.line, problem.place.column))
        .collect();
    assert_eq!(places, ["another.toml:3:5", "another.toml:3:7", "base.toml:47:18", "base.toml:48:8"]);
}

fn spans(pack: &Pack, name: &str) -> Vec<(Option<String>, Option<String>)> {
    let order = pack.orders.iter().find(|order| order.id == name).expect("the order");
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    order.versions.iter().map(|version| (day(version.head.from), day(version.head.until))).collect()
}

#[test]
fn versions_may_not_overlap_and_gaps_must_be_declared() {
    assert_says(&[
        (two("until = 2010-01-01", "from = 2009-01-01"), "base.toml:47:1: two versions of order.x overlap from 2009-01-01 to 2010-01-01"),
        (
            two("from = 2001-01-01", "from = 2009-01-01"),
            "base.toml:47:1: two versions of order.x are in force from 2009-01-01\n    Give the earlier version its `until`, or name the \
             amendment that brings this one.",
        ),
        (
            two("until = 2010-01-01", "from = 2011-01-01"),
            "base.toml:47:1: order.x has no text from 2010-01-01 to 2011-01-01\n    Declare the gap in [pack].gaps with its reason, or close it.",
        ),
    ]);
    // Written in any order, they stand in the order of their days.
    let pack = loaded(&two("from = 2010-01-01", "until = 2010-01-01"));
    let (first, second) = ((Some("2000-01-01".into()), Some("2010-01-01".into())), (Some("2010-01-01".into()), None));
    assert_eq!(spans(&pack, "x"), [first, second]);
}

#[test]
fn a_declared_gap_has_no_text_and_its_neighbours_have_one() {
    let gap = "gaps = [{ provision = \"order.x\", from = 2010-01-01, until = 2011-01-01, why = \"repealed and made anew\" }]\n";
    let text = format!("{BASE}{}", two("until = 2010-01-01", "from = 2011-01-01"))
        .replace("free = [\"informal\"]\n", &format!("free = [\"informal\"]\n{gap}"));
    let pack = load(&[PackFile { name: "base.toml".to_owned(), text }], None).unwrap_or_else(|problems| panic!("{}", printed(&problems)));
    let order = pack.orders.iter().find(|order| order.id == "x").expect("the order");
    let on = |day: &str| order.on(day.parse().expect("a day")).is_some();
    let days = ["1999-12-31", "2000-01-01", "2009-12-31", "2010-01-01", "2010-12-31", "2011-01-01"];
    assert_eq!(days.map(on), [false, true, true, false, false, true]);
}

#[test]
fn an_amendment_sleeps_until_it_commences_and_then_ends_the_text_before_it() {
    let added = format!("{}{}", order("x", ""), order("x", "version = { amendment = \"later\" }"));
    let pack = loaded(&added);
    let before = (Some("2000-01-01".to_owned()), None);
    assert_eq!(spans(&pack, "x"), [before.clone(), (None, None)]);
    let commence = Commencements::from([("later".to_owned(), "2027-03-01".parse().expect("a day"))]);
    let pack = load_with(&files(&added), None, &commence).expect("it loads");
    assert_eq!(spans(&pack, "x"), [(before.0, Some("2027-03-01".to_owned())), (Some("2027-03-01".to_owned()), None)]);
    let repealed = format!(
        "{}{}",
        order("x", ""),
        "[[order.x]]\ntitle = \"Gone\"\nsection = \"4\"\nversion = { amendment = \"later\", repeals = true }\n"
    );
    let pack = load_with(&files(&repealed), None, &commence).unwrap_or_else(|problems| panic!("{}", printed(&problems)));
    let order = pack.orders.iter().find(|order| order.id == "x").expect("the order");
    assert!(order.on("2027-02-28".parse().expect("a day")).is_some());
    assert!(order.on("2027-03-01".parse().expect("a day")).is_none());
    let unknown = Commencements::from([("latter".to_owned(), "2027-03-01".parse().expect("a day"))]);
    let said = printed(&load_with(&files(&added), None, &unknown).expect_err("no such amendment"));
    assert_eq!(said, "base.toml:1:1: this pack has no amendment called `latter`\n    Did you mean `later`?");
}

#[test]
fn two_variations_for_the_same_case_are_refused_and_others_lie_over_the_text() {
    let same = "variations = [{ when = { age_under = 18 }, set = { only_if_defect = \"void\" } }, { when = { age_under = 18 }, set = { only_if_defect = \"irregular\" } }]";
    assert_eq!(
        says(&order("x", same)),
        "base.toml:41:1: two variations of order `x` are for the same case\n    One of them must say more exactly for whom it is, or go."
    );
    let north = "{ when = { age_under = 18, region = \"north\" }, set = { lasts = { from = \"start\", length = \"2 hours\", count = \"hours\" } } }";
    let pack =
        loaded(&order("x", &format!("variations = [{{ when = {{ age_under = 18 }}, set = {{ status = \"community\" }} }}, {north}]")));
    let version = &pack.orders.iter().find(|order| order.id == "x").expect("the order").versions[0];
    let weights: Vec<usize> = version.variations.iter().map(|(condition, _)| condition.weight()).collect();
    assert_eq!(weights, [1, 2]);
    let texts: Vec<_> = version.variations.iter().map(|(_, order)| (order.status, order.lasts.is_some(), order.starts.len())).collect();
    use openward_law::pack::Status::{Community, Held};
    assert_eq!((version.body.status, texts), (Held, vec![(Community, false, 1), (Held, true, 1)]));
}

/// An order with variations, each a condition and the hours it lasts.
fn varied(variations: &[(&str, u32)]) -> String {
    let one = |(when, hours): &(&str, u32)| {
        format!("  {{ when = {{ {when} }}, set = {{ lasts = {{ from = \"start\", length = \"{hours} hours\", count = \"hours\" }} }} }},\n")
    };
    order("x", &format!("variations = [\n{}]", variations.iter().map(one).collect::<String>()))
}

#[test]
fn two_variations_that_can_both_fit_and_of_which_neither_wins_are_refused() {
    let (young, north, held) = ("age_under = 18", "region = \"north\"", "running = \"hold\"");
    let said = |first: u32, second: u32| {
        format!(
            "base.toml:{second}:3: this variation of order `x` and the one in line {first} can both fit at once, and neither wins\n    \
             Add one that asks for what both ask for and says which text holds then, or let one deny what the other asks for."
        )
    };
    let line = 47;
    let rivals: &[(&str, &str)] = &[
        (young, north),
        (north, held),
        ("age_under = 18", "age_under = 16"),
        ("inpatient = true", "absent = true"),
        ("happened = [{ fact = \"admitted\" }]", "happened = [{ fact = \"left\" }]"),
        ("running = [\"hold\"], not_running = [\"x\"]", "running = [\"hold\"], age_under = 18"),
    ];
    for (one, other) in rivals {
        assert_eq!(says(&varied(&[(one, 1), (other, 2)])), said(line, line + 1), "{one} beside {other}");
        // Where they say the same, it does not matter which is taken.
        loaded(&varied(&[(one, 1), (other, 1)]));
    }
    // A third that asks for what both ask for wins over both, wherever it stands.
    let both = format!("{young}, {north}");
    loaded(&varied(&[(young, 1), (north, 2), (&both, 3)]));
    loaded(&varied(&[(&both, 3), (young, 1), (north, 2)]));
    assert_eq!(says(&varied(&[(young, 1), (north, 2), (held, 1), (&both, 3)])), said(line + 1, line + 2));
    // What the one asks for, the other denies.
    for (one, other) in [
        ("inpatient = true", "inpatient = false"),
        ("absent = true", "absent = false"),
        (held, "not_running = [\"hold\", \"x\"]"),
        ("status = \"held\"", "not_status = \"held\""),
        ("happened = [{ fact = \"admitted\" }]", "not_happened = [{ fact = \"admitted\" }]"),
    ] {
        loaded(&varied(&[(one, 1), (other, 2)]));
        loaded(&varied(&[(other, 1), (one, 2)]));
    }
    // Of held orders one does not count: both can be so.
    assert_eq!(says(&varied(&[("status = \"held\"", 1), ("not_status = \"held\", not_other_than = \"hold\"", 2)])), said(line, line + 1));
}

#[test]
fn a_condition_on_a_word_that_the_pack_never_declares_is_refused() {
    let asks = [
        ("sex = \"informaly\"", "word is called `informaly`", "informal"),
        ("emergency = \"informaly\"", "word is called `informaly`", "informal"),
        ("region = \"norht\"", "region is called `norht`", "north"),
        ("running = \"hodl\"", "order is called `hodl`", "hold"),
        ("not_running = \"hodl\"", "order is called `hodl`", "hold"),
        ("not_status = \"held\", not_other_than = \"hodl\"", "order is called `hodl`", "hold"),
        ("happened = [{ fact = \"decided\", outcome = \"informaly\" }]", "word is called `informaly`", "informal"),
        ("not_happened = [{ fact = \"left\", kind = \"informaly\" }]", "word is called `informaly`", "informal"),
        ("happened = [{ fact = \"told\", how = \"informaly\" }]", "word is called `informaly`", "informal"),
        ("happened = [{ fact = \"told\", by = \"docter\" }]", "role or body is called `docter`", "doctor"),
        ("happened = [{ instrument = \"aplication\" }]", "instrument is called `aplication`", "application"),
        ("happened = [{ fact = \"signed\", states = \"ground-b\" }]", "criterion is called `ground-b`", "ground-a"),
    ];
    for (condition, wrong, nearest) in asks {
        for added in [
            order("x", &format!("only_if = {{ {condition} }}")),
            order("x", &format!("variations = [{{ when = {{ {condition} }}, set = {{ status = \"community\" }} }}]")),
        ] {
            let said = says(&added);
            let end = format!(": no {wrong} in this pack\n    Did you mean `{nearest}`?");
            assert!(said.ends_with(&end), "{condition}:\n{said}\nand not\n{end}");
        }
    }
}

#[test]
fn calendars_that_cannot_be_worked_out_say_why() {
    assert_says(&[
        (calendar("{ name = \"A\" }"), "base.toml:46:13: a holiday has exactly one of `date`, `nth`, `last`, `easter`"),
        (
            calendar("{ name = \"A\", date = \"01-01\", easter = \"-2\" }"),
            "base.toml:46:13: a holiday has exactly one of `date`, `nth`, `last`, `easter`",
        ),
        (calendar("{ name = \"A\", date = \"1 January\" }"), "base.toml:46:13: this holiday lacks a date as MM-DD"),
        (calendar("{ name = \"A\", nth = 1 }"), "base.toml:46:13: this holiday lacks `weekday` and `month` beside `nth`"),
        (
            calendar("{ name = \"A\", easter = \"soon\" }"),
            "base.toml:46:13: this holiday lacks a number of days such as -2 or +1 in `easter`",
        ),
        (calendar("{ name = \"A\", date = \"02-30\" }"), "base.toml:41:1: calendar, A: that date does not exist"),
        (calendar("").replace("[\"sunday\"]", "[\"satday\"]"), "base.toml:45:12: `satday` is no word here\n    Did you mean `saturday`?"),
        (
            format!("{}removed = [{{ name = \"A\", on = 2020-01-02 }}]\n", calendar("{ name = \"A\", date = \"01-01\" }")),
            "base.toml:41:1: calendar, A: no holiday of that name stands on that day in the years covered",
        ),
    ]);
}

#[test]
fn a_calendar_knows_its_holidays() {
    // Good Friday fell on 10 April 2020 and 2 April 2021. 25 December 2020 was a Friday; in 2021 it was a Saturday, and as Sunday is
    // no open day the substitute is Monday the 27th.
    let added = calendar("{ name = \"G\", easter = \"-2\" }, { name = \"C\", date = \"12-25\", substitute_if = [\"saturday\"] }");
    let pack = loaded(&added);
    let found: Vec<String> = pack.calendars.iter().flat_map(Calendar::holidays).map(|(day, name)| format!("{day} {name}")).collect();
    assert_eq!(found, ["2020-04-10 G", "2020-12-25 C", "2021-04-02 G", "2021-12-25 C", "2021-12-27 C (substitute day)"]);
}

/// A pack file's TOML as JSON, dates as texts.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text.as_str()),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Float(number) => Value::from(*number),
        toml::Value::Boolean(yes) => Value::from(*yes),
        toml::Value::Datetime(day) => Value::from(day.to_string()),
        toml::Value::Array(list) => list.iter().map(as_json).collect(),
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), as_json(value))).collect(),
    }
}

#[test]
fn the_published_schema_accepts_every_real_pack_file_and_refuses_a_wrong_one() {
    let schema = jsonschema::validator_for(&schema()).expect("the schema is a schema");
    for name in law::COUNTRIES.iter().copied().chain(["un-1991"]) {
        for file in law::files(name) {
            let toml: toml::Value = toml::from_str(&file.text).expect("a pack file is TOML");
            let wrong: Vec<String> =
                schema.iter_errors(&as_json(&toml)).map(|error| format!("{} at {}", error, error.instance_path())).collect();
            assert!(wrong.is_empty(), "{name}/{}:\n{}", file.name, wrong.join("\n"));
        }
    }
    for added in [duty("due = { from = \"on\", length = \"1 day\", count = \"day-incl\" }"), duty("du = 1"), duty("any_part = \"yes\"")] {
        let toml: toml::Value = toml::from_str(&format!("{BASE}{added}")).expect("TOML");
        assert!(!schema.is_valid(&as_json(&toml)), "accepted\n{added}");
    }
}

#[test]
fn the_real_packs_have_one_text_on_every_day_of_their_provisions() {
    for name in law::COUNTRIES {
        let pack = law::pack(name);
        for order in &pack.orders {
            for pair in order.versions.windows(2) {
                let (Some(_), Some(next)) = (pair[0].head.from, pair[1].head.from) else { continue };
                let until = pair[0].head.until.expect("an earlier version ends");
                let declared = |gap: &(String, _, _)| gap.0 == format!("order.{}", order.id) && gap.1 == until && gap.2 == next;
                assert!(until == next || pack.gaps.iter().any(declared), "{name} {}: {until} to {next}", order.id);
            }
        }
    }
}
