//! Hostile input: case files and packs made to break the engine. It must answer, within bounds, or say what is wrong.
//!
//! Deliberately absent: whether the answer is right; that is asked elsewhere.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use openward_law::casefile::{CaseFile, limits};
use openward_law::engine::forecast::NotFollowed;
use openward_law::engine::{Context, Law, fold, prepare};
use openward_law::entry::{Details, Entry, FactKind, Origin};
use openward_law::pack::{PackFile, Problem, load};
use openward_law::standing::{Question, Reach, standing};
use openward_law::time::When;
use support::effort::Effort;
use support::generate::{PERSON, case_file};
use support::hostile::{case_of, crowded, facts};
use support::law;
use support::random::Random;
use support::vocabulary::Vocabulary;
use support::{cases, each_case};

/// What one evaluation may take of a processor. Unoptimised the bound is far wider than the promise; optimised it is the promise itself with
/// room for a slow machine. How long a machine lets a thread wait is not counted.
const LONGEST: Duration = if cfg!(debug_assertions) { Duration::from_secs(20) } else { Duration::from_millis(400) };

/// Small laws are quick: so many of them for each damaged law of a country, which makes five million in the long proof.
const SMALL_LAWS_A_CASE: u64 = 250;

fn timed(law: &Law, case: &CaseFile, what: &str) {
    let file = case.file(PERSON).expect("the person's file");
    let start = Effort::begin();
    let question =
        Question { law, benchmark: None, at: "2030-01-01T00:00:00Z".parse().expect("an instant"), known_at: None, reach: Reach::All };
    let answer = standing(case, file, question).is_ok();
    let took = start.spent();
    assert!(took < LONGEST, "{what}: {} entries under {} took {took:?} ({answer})", file.entries.len(), law.pack.id);
}

#[test]
fn a_thousand_facts_of_one_instant() {
    for law in law::laws() {
        let at = When::parse("2024-03-31T12:00:00Z").expect("a time");
        timed(&law, &case_of(facts(&law, 1_000, |_, _| at)), "one instant");
    }
}

#[test]
fn dates_without_times_over_many_years() {
    for law in law::laws() {
        let day =
            |at: usize, _: &mut Random| When::parse(&format!("{}-{:02}-{:02}", 2005 + at / 60, 1 + at % 12, 1 + at % 28)).expect("a day");
        timed(&law, &case_of(facts(&law, 1_000, day)), "dates");
    }
}

#[test]
fn the_farthest_dates_that_can_be_written() {
    for law in law::laws() {
        let far = ["1800-01-01", "2200-12-31", "2200-12-31T23:59", "1800-01-01T00:00", "2199-02-28T00:00:00Z"];
        let when = |_: usize, random: &mut Random| When::parse(random.one::<&str>(&far)).expect("a time");
        timed(&law, &case_of(facts(&law, 300, when)), "far dates");
        // Further than any case file may go, an engine that is given them all the same must not break.
        let beyond = ["0001-01-01", "9999-12-30", "9999-12-31", "9999-12-30T21:59:59Z", "0001-01-02T00:00"];
        let when = |_: usize, random: &mut Random| When::parse(random.one::<&str>(&beyond)).expect("a time");
        timed(&law, &case_of(facts(&law, 200, when)), "beyond");
    }
}

#[test]
fn facts_that_name_one_another_in_a_ring() {
    for law in law::laws() {
        let at = |at: usize, _: &mut Random| When::parse(&format!("2024-03-{:02}T10:00:00Z", 1 + at % 28)).expect("a time");
        let mut entries = facts(&law, 400, at);
        let count = u32::try_from(entries.len()).expect("small");
        for entry in &mut entries {
            entry.details.of = vec![entry.n % count + 1];
            entry.details.on = (1..=count).filter(|n| n % 7 == entry.n % 7 && *n != entry.n).collect();
        }
        timed(&law, &case_of(entries), "rings");
    }
}

#[test]
fn the_longest_file_there_may_be() {
    let law = Law::new(law::pack("gb-eaw"));
    let day = |at: usize, _: &mut Random| {
        When::parse(&format!("2024-01-01T{:02}:{:02}:{:02}Z", at / 3600, at / 60 % 60, at % 60)).expect("a time")
    };
    let mut entries = facts(&law, limits::ENTRIES_PER_FILE_MAX, day);
    // Ten thousand facts of a stay are notes, observations and treatment; every tenth moves something.
    for entry in entries.iter_mut().filter(|entry| entry.n % 10 != 0) {
        entry.fact = FactKind::Observed;
        entry.details = Details::default();
    }
    let case = case_of(entries);
    let file = case.file(PERSON).expect("the person's file");
    let context = Context::of(&case, None);
    let entries: Vec<&Entry> = file.entries.iter().collect();
    let start = Effort::begin();
    let items = prepare(&entries, file, &law.pack, &context, &law.pack.zone).expect("readable times");
    let forecast = fold(&law, &items, &context);
    assert!(forecast.orders.len() <= entries.len() * 4, "{} orders", forecast.orders.len());
    let took = start.spent();
    assert!(took < LONGEST * 25, "the longest file took {took:?}");
}

#[test]
fn the_longest_file_whose_lists_are_as_long_as_they_may_be() {
    for name in law::COUNTRIES {
        let law = Law::new(law::pack(name));
        let second = |at: usize, _: &mut Random| {
            When::parse(&format!("2024-01-01T{:02}:{:02}:{:02}Z", at / 3600, at / 60 % 60, at % 60)).expect("a time")
        };
        let case = case_of(crowded(&law, second));
        let file = case.file(PERSON).expect("the person's file");
        let context = Context::of(&case, None);
        let entries: Vec<&Entry> = file.entries.iter().collect();
        let start = Effort::begin();
        let items = prepare(&entries, file, &law.pack, &context, &law.pack.zone).expect("readable times");
        let forecast = fold(&law, &items, &context);
        let took = start.spent();
        assert!(took < LONGEST * 25, "crowded lists under {name} took {took:?}");
        // Whatever was left out is said, and an order whose papers were not followed is not taken for good.
        for run in &forecast.orders {
            let cut = run.rungs.iter().flat_map(|rung| &rung.flaws).any(|flaw| flaw.what == "papers");
            let said = forecast.not_followed.iter().any(|what| matches!(what, NotFollowed::Papers(_)));
            assert!(!cut || said, "an order of entry {} whose papers are cut off without a word", run.item);
        }
        assert!(!forecast.not_followed.is_empty(), "{name}: nothing was left out");
    }
}

/// A pack's files with some mistakes in one of them.
fn mutated(files: &[PackFile], random: &mut Random) -> Vec<PackFile> {
    let mut files = files.to_vec();
    let which = random.below(files.len());
    let text = &mut files[which].text;
    for _ in 0..1 + random.below(3) {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (one, other) = (random.below(lines.len()), random.below(lines.len()));
        match random.below(7) {
            0 => {
                lines.remove(one);
            }
            1 => lines.swap(one, other),
            2 => {
                let copy = lines[one].clone();
                lines.insert(other, copy);
            }
            3 => {
                // One line's value under another line's key.
                if let (Some((key, _)), Some((_, value))) = (lines[one].split_once(" = "), lines[other].split_once(" = ")) {
                    lines[one] = format!("{key} = {value}");
                }
            }
            4 => {
                let bytes = lines[one].clone().into_bytes();
                if !bytes.is_empty() {
                    let mut bytes = bytes;
                    let at = random.below(bytes.len());
                    bytes[at] = u8::try_from(32 + random.below(95)).expect("printable");
                    lines[one] = String::from_utf8_lossy(&bytes).into_owned();
                }
            }
            5 => {
                let numbers = ["0", "1", "2", "7", "9999", "10000", "65535", "4294967296", "-1"];
                let new = *random.one(&numbers);
                lines[one] =
                    lines[one].chars().map(|letter| if letter.is_ascii_digit() { new.to_owned() } else { letter.to_string() }).collect();
            }
            _ => {
                let words = [
                    ("start", "expiry"),
                    ("days-incl", "days-excl"),
                    ("held", "community"),
                    ("s2", "s3"),
                    ("signed", "admitted"),
                    ("on", "due"),
                    ("running", "not_running"),
                ];
                let (from, to) = *random.one(&words);
                lines[one] = lines[one].replace(from, to);
            }
        }
        *text = lines.join("\n");
    }
    files
}

#[test]
fn a_damaged_pack_is_refused_with_places_or_folds_without_harm() {
    let standard = law::benchmark();
    let originals: Vec<Vec<PackFile>> = law::COUNTRIES.iter().map(|name| law::files(name)).collect();
    let (refused, folded) = (AtomicU64::new(0), AtomicU64::new(0));
    each_case(cases(400), |seed| {
        let mut random = Random::new(seed);
        let files = mutated(random.one(&originals).clone().as_slice(), &mut random);
        match load(&files, Some(&standard)) {
            Err(problems) => {
                assert!(!problems.is_empty(), "seed {seed}: refused without a reason");
                for problem in &problems {
                    assert!(problem.place.line >= 1 && !problem.message.is_empty(), "seed {seed}: {problem}");
                    assert!(files.iter().any(|file| *file.name == *problem.place.file), "seed {seed}: {problem}");
                }
                refused.fetch_add(1, Ordering::Relaxed);
            }
            Ok(pack) => {
                let law = Law::new(pack);
                let words = Vocabulary::of(&law.pack);
                for story in 0..5 {
                    timed(&law, &case_file(&law.pack, &words, seed * 5 + story), &format!("seed {seed}, damaged pack"));
                }
                folded.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let (refused, folded) = (refused.into_inner(), folded.into_inner());
    assert!(refused > 0 && folded > 0, "refused {refused}, folded {folded}");
}

/// A small law with most of what the format can say, and some mistakes in it: a thousand times as quick to read as a country's.
#[test]
fn a_damaged_small_law_is_refused_with_places_or_folds_without_harm() {
    let whole = [PackFile { name: "small-law.toml".to_owned(), text: include_str!("support/small-law.toml").to_owned() }];
    load(&whole, None).unwrap_or_else(|problems| panic!("undamaged it loads:\n{}", problems[0]));
    let (refused, folded) = (AtomicU64::new(0), AtomicU64::new(0));
    each_case(cases(40) * SMALL_LAWS_A_CASE, |seed| {
        let files = mutated(&whole, &mut Random::new(seed));
        match load(&files, None) {
            Err(problems) => {
                refused.fetch_add(1, Ordering::Relaxed);
                let placed = |problem: &Problem| problem.place.line >= 1 && !problem.message.is_empty();
                assert!(!problems.is_empty() && problems.iter().all(placed), "seed {seed}: {problems:?}");
            }
            Ok(pack) => {
                folded.fetch_add(1, Ordering::Relaxed);
                let law = Law::new(pack);
                timed(&law, &case_file(&law.pack, &Vocabulary::of(&law.pack), seed), &format!("seed {seed}, damaged small law"));
            }
        }
    });
    let (refused, folded) = (refused.into_inner(), folded.into_inner());
    assert!(refused > 0 && folded > 0, "refused {refused}, folded {folded}");
}

#[test]
fn an_order_that_starts_itself_again_and_again_comes_to_rest() {
    let text = r#"
format = 1
[pack]
id = "ring"
title = "A law whose orders chase each other"
zone = "Europe/London"
as_at = 2024-01-01
from = 2000-01-01
default_defect = "void"
[sources.none]
title = "Made up"
[roles.person]
name = "person"
neutral = "person"
[[order.one]]
title = "One"
section = "1"
status = "held"
starts = [{ fact = "held", under = "one" }, { event = "ended", order = "two" }, { event = "expired", order = "two" }]
lasts = { from = "start", length = "1 minutes", count = "hours" }
ends_others = [{ orders = ["two"] }]
[[order.two]]
title = "Two"
section = "2"
status = "held"
starts = [{ event = "started", order = "one" }, { event = "expired", order = "one" }]
lasts = { from = "start", length = "1 minutes", count = "hours" }
ends_others = [{ orders = ["one"] }]
[[duty.again]]
title = "Again"
section = "3"
each = [{ event = "started" }, { event = "met", duty = "again" }]
owed = { by = "person" }
done = [{ event = "started" }, { event = "ended" }]
any_part = true
repeats = { every = "1 minutes", count = "hours" }
"#;
    let files = [PackFile { name: "ring.toml".to_owned(), text: text.to_owned() }];
    let pack = load(&files, None).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let law = Law::new(pack);
    let entry = Entry {
        file: PERSON.to_owned(),
        n: 1,
        at: When::parse("2024-03-01T10:00:00Z").expect("a time"),
        recorded: None,
        origin: Origin::Reported,
        stay: None,
        fact: FactKind::Held,
        details: Details { under: Some("one".to_owned()), ..Details::default() },
        corrects: None,
    };
    let case = case_of(vec![entry]);
    let at: Timestamp = "2024-03-01T10:00:30Z".parse().expect("an instant");
    let start = Effort::begin();
    let answer = standing(
        &case,
        case.file(PERSON).expect("the person's file"),
        Question { law: &law, benchmark: None, at, known_at: None, reach: Reach::All },
    );
    assert!(start.spent() < LONGEST, "orders that chase each other took {:?}", start.spent());
    assert_eq!(answer.expect("readable times").held.answer, "yes");
}
