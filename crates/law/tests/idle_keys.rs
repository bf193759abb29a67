//! Keys that a pack may write and that nothing would read where they stand: the loader refuses each, with its place and what to do.
#![expect(clippy::expect_used, reason = "a test that meets what it does not expect stops there")]

use openward_law::pack::{PackFile, Problem, load};

/// A pack that loads, which each case adds to.
const BASE: &str = include_str!("made-up/made-up.toml");

/// What the loader says of an addition, each problem in one line.
fn says(added: &str) -> Vec<String> {
    let text = format!("{BASE}{added}");
    let problems = load(&[PackFile { name: "p".to_owned(), text }], None).expect_err(added);
    let first = u32::try_from(BASE.lines().count()).expect("a short file");
    assert!(problems.iter().all(|problem| problem.place.line > first), "what stood there before is sound");
    problems.iter().map(|Problem { message, help, .. }| format!("{message}. {}", help.as_deref().unwrap_or("-"))).collect()
}

fn provision(kind: &str, lines: &str) -> String {
    let needed = match kind {
        "order" => "status = \"held\"\n",
        "duty" => "owed = { by = \"doctor\" }\n",
        "entitlement" => "may = \"person\"\n",
        _ => "",
    };
    let mut text = format!("[[{kind}.x]]\ntitle = \"X\"\nsection = \"99\"\n{needed}{lines}\n");
    for (key, value) in [
        ("starts", "[{ fact = \"taken\", under = \"x\" }]"),
        ("each", "[{ fact = \"taken\" }]"),
        ("done", "[{ fact = \"notified\" }]"),
        ("used_by", "[{ fact = \"applied\" }]"),
        ("set", "[{ fact = \"taken\" }]"),
        ("on", "[{ fact = \"taken\" }]"),
        ("do", "[{ end = \"z-stay\" }]"),
    ] {
        let wants = match kind {
            "order" => key == "starts",
            "duty" => matches!(key, "each" | "done"),
            "entitlement" => matches!(key, "each" | "used_by"),
            "clock" => key == "set",
            "effect" => matches!(key, "on" | "do"),
            _ => false,
        };
        if wants && !lines.lines().any(|line| line.starts_with(&format!("{key} ="))) {
            text.push_str(&format!("{key} = {value}\n"));
        }
    }
    text
}

#[test]
fn what_is_read_is_taken() {
    for (kind, lines) in [
        ("order", "starts = [{ fact = \"taken\", under = \"x\", nth = 2 }]\nends_on = [{ fact = \"discharged\", of = \"instance\" }]"),
        ("duty", "done = [{ event = \"ended\", order = \"z-stay\" }]\nwhile = { not_happened = [{ fact = \"left\" }] }"),
        ("limit", "forbids = [{ fact = \"taken\", nth = 2 }]\nafter = [{ fact = \"left\" }]\nunless = [{ fact = \"returned\" }]"),
        ("limit", "forbids = [{ fact = \"taken\" }]\nvariations = [{ when = { region = \"north\" }, set = { breach = \"irregular\" } }]"),
    ] {
        let text = format!("{BASE}{}", provision(kind, lines));
        let problems = load(&[PackFile { name: "p".to_owned(), text }], None).err().unwrap_or_default();
        assert!(problems.is_empty(), "{}", problems[0]);
    }
}

#[test]
fn a_pattern_says_nothing_that_is_not_read_where_it_stands() {
    let count = "Nothing is counted here: count in `starts`, `each`, `on` or `forbids`.";
    let about = "There is nothing yet that an entry could be about: leave it out.";
    let entries = "Only entries are looked at here: name a fact.";
    let event = "An event is known by its order, duty or entitlement, and by `if`.";
    for (kind, lines, expected) in [
        (
            "limit",
            "forbids = [{ fact = \"taken\" }]\nafter = [{ fact = \"left\", nth = 2 }]",
            format!("`nth` is not read in `after`. {count}"),
        ),
        (
            "limit",
            "forbids = [{ fact = \"taken\" }]\nafter = [{ fact = \"left\" }]\nunless = [{ fact = \"returned\", nth = 1 }]",
            format!("`nth` is not read in `unless` of a limit. {count}"),
        ),
        ("order", "only_if = { happened = [{ fact = \"left\", nth = 2 }] }", format!("`nth` is not read in `happened`. {count}")),
        ("duty", "waits = { not_happened = [{ fact = \"left\", nth = 2 }] }", format!("`nth` is not read in `happened`. {count}")),
        ("order", "only_if = { happened = [{ event = \"started\" }] }", format!("`event` is not read in `happened`. {entries}")),
        ("order", "starts = [{ fact = \"taken\", of = \"instance\" }]", format!("`of` is not read in `starts`. {about}")),
        ("duty", "each = [{ fact = \"taken\", of = \"instance\" }]", format!("`of` is not read in `each`. {about}")),
        ("duty", "not_if_any = [{ event = \"started\" }]", format!("`event` is not read in `not_if_any`. {entries}")),
        ("duty", "each = [{ event = \"started\", by = \"doctor\" }]", format!("`by` is not read of an event. {event}")),
        ("clock", "set = [{ event = \"started\", nth = 2 }]", format!("`nth` is not read of an event. {event}")),
        ("entitlement", "used_by = [{ event = \"met\" }]", format!("`event` is not read in `used_by`. {entries}")),
        (
            "effect",
            "on = [{ fact = \"taken\", order = \"z-stay\" }]",
            "`order` is not read without `event`. Say `event = …` beside it, or leave it out; `under` is what an entry says.".to_owned(),
        ),
        (
            "effect",
            "do = [{ hold_open = { orders = \"z-stay\", until_event = [{ event = \"met\" }] } }]",
            format!("`event` is not read in `until_event`. {entries}"),
        ),
    ] {
        assert_eq!(says(&provision(kind, lines)), [expected], "for {lines}");
    }
}

#[test]
fn a_condition_a_need_and_a_window_say_nothing_that_is_not_read() {
    let need = |text: &str| format!("needs = [{{ id = \"n\", {text} }}]");
    let window = |text: &str| need(&format!("fact = \"left\", window = {{ {text} }}"));
    for (lines, expected) in [
        (
            "only_if = { not_other_than = \"z-stay\" }".to_owned(),
            "`not_other_than` is not read without `status` or `not_status`. Say which status is asked about.",
        ),
        (
            need("states_any = \"ground\", window = { until = \"start\" }"),
            "`window` is not read without `fact`. Say which fact must be, or must not be, on the register.",
        ),
        (
            need("fact = \"left\", none = true, count = 2"),
            "`count` is not read of facts that must not be there. One is too many: leave it out.",
        ),
        (need("fact = \"left\", none = true, no_other = true"), "`none` is not read beside `no_other`. Say one of the two."),
        (need("different = true, quantifier = \"any\""), "`quantifier` is not read without `holds`. Say which authorisation is asked for."),
        (
            need("fact = \"left\", who = \"signer\""),
            "`who` is not read of this need. It goes with `holds`, `apart`, `unrelated` or `different`.",
        ),
        (
            window("length = \"2 days\", count = \"days-incl\""),
            "this window has neither `from` nor `until` nor `ending`. Say from where, or until when.",
        ),
        (
            window("from = \"start\", length = \"2 days\", count = \"days-incl\", until = \"on\""),
            "`until` is not read beside `length`. The length says where it closes.",
        ),
        (
            window("from = \"start\", ending = \"on\", length = \"2 hours\", count = \"hours\""),
            "`from` is not read beside `ending` and `length`. The length says where it opens.",
        ),
        (window("ending = \"on\", until = \"on\""), "`until` is not read beside `ending`. Both say where it closes: say one of them."),
    ] {
        assert_eq!(says(&provision("order", &lines)), [expected], "for {lines}");
    }
}

#[test]
fn a_period_says_nothing_that_is_not_read_and_lacks_nothing_to_be_counted() {
    let open = "open days are counted here, and no `calendar` is named. Name the calendar, or count in days.";
    let none = "open days cannot be counted here: no calendar can be named. Count in days, or use a period with a `calendar`.";
    for (kind, lines, expected) in [
        (
            "order",
            "lasts = { from = \"start\", paper = true }",
            "`paper` is not read without `length` and `count`. A period that ends at a point is not counted.",
        ),
        (
            "order",
            "lasts = { earliest = [{ from = \"start\" }], from = \"on\" }",
            "`from` is not read beside `earliest`. Each of the periods says its own.",
        ),
        ("order", "lasts = { from = \"start\", length = \"2 days\", count = \"working-days-after\" }", open),
        ("order", "lasts = { from = \"start\", length = \"2 days\", count = \"days-excl\", roll = \"next-open-day\" }", open),
        (
            "order",
            "lasts = { from = \"start\", length = \"2 days\", count = \"days-incl\", calendar = \"offices\" }",
            "`calendar` is not read by this count. Only working days and a roll ask which days are open.",
        ),
        ("duty", "repeats = { every = \"2 days\", count = \"working-days-after\" }", none),
        ("limit", "cap = { orders = \"z-stay\", length = \"2 days\", count = \"working-days-incl\" }", none),
    ] {
        assert_eq!(says(&provision(kind, lines)), [expected], "for {lines}");
    }
}

#[test]
fn a_provision_says_nothing_that_is_not_read() {
    let ladder = "ladder = [{ length = \"2 days\", count = \"days-incl\", repeat = true }, { length = \"2 days\", count = \"days-incl\" }]";
    let renewed = |more: &str| format!("renewed_by = {{ instrument = \"renewal\", at = \"signed\"{more} }}");
    let late = "What comes too late is what comes after the order's own end.";
    for (kind, lines, expected) in [
        (
            "order",
            "ends_others = [{ orders = \"z-stay\", clock = \"stopped\" }]".to_owned(),
            "`clock` is not read in `ends_others`. What ends has no time that could stand still; `pauses` has.".to_owned(),
        ),
        (
            "order",
            ladder.replace(", repeat = true", ""),
            "`ladder` is not read without `renewed_by`. Say by which paper the order is renewed.".to_owned(),
        ),
        (
            "order",
            format!("{ladder}\n{}", renewed("")),
            "`repeat` is not read of a rung before the last. Only the last rung can serve for all later renewals.".to_owned(),
        ),
        (
            "order",
            renewed(", window = { from = \"start\", until = \"on\" }"),
            format!("`until` is not read in the window of a renewal. {late}"),
        ),
        (
            "order",
            "absence = { section = \"1\", within = \"2 days\", count = \"days-ending\" }".to_owned(),
            "`within` is not read without `after_return`. It says when a return lengthens the order.".to_owned(),
        ),
        (
            "duty",
            "reopens = { on = { fact = \"withdrawn\" } }".to_owned(),
            "`reopens` is not read without `not_if_any`. Nothing makes this duty needless, so nothing can bring it back.".to_owned(),
        ),
        (
            "entitlement",
            "withdrawn_counts = true".to_owned(),
            "`withdrawn_counts` is not read without `times`. Say how often the right may be used, or leave it out.".to_owned(),
        ),
        (
            "limit",
            "forbids = [{ fact = \"taken\" }]\nunless = [{ fact = \"left\" }]".to_owned(),
            "`unless` is not read without `after`. Say what opens the span, or say it as `if`.".to_owned(),
        ),
        ("limit", "breach = \"irregular\"".to_owned(), "this limit has neither `forbids` nor `cap`. Say what may not be done.".to_owned()),
        (
            "effect",
            "do = [{ hold_open = { orders = \"z-stay\", then = { from = \"on\" } } }]".to_owned(),
            "`then` is not read without `until_event`. Say which event it comes after.".to_owned(),
        ),
        (
            "effect",
            "do = [{ move = { duty = \"answer\" } }]".to_owned(),
            "this `move` says neither `by` how long nor `to` which end. -".to_owned(),
        ),
    ] {
        assert_eq!(says(&provision(kind, &lines)), [expected], "for {lines}");
    }
    // An action of which nothing came is no action of the format any more.
    assert!(says(&provision("effect", "do = [{ bar = \"answer\" }]"))[0].starts_with("`bar` is no key of a action"));
}

#[test]
fn a_variation_sets_only_what_its_provision_reads() {
    let set = |text: &str| format!("variations = [{{ when = {{ region = \"north\" }}, set = {{ {text} }} }}]");
    assert_eq!(
        says(&provision("order", &set("lats = 1"))),
        ["`lats` is no key that a variation of a order can set. Did you mean `lasts`?"]
    );
    let whole = "A variation has its own `section`; the rest is said of the provision as a whole.";
    assert_eq!(
        says(&provision("order", &set("title = \"Y\""))),
        [format!("`title` is no key that a variation of a order can set. {whole}")]
    );
    assert_eq!(
        says(&provision("order", &set("joins = \"y-stay\"")))[0],
        "no order is called `y-stay` in this pack. Did you mean `z-stay`?"
    );
    assert_eq!(says(&provision("duty", &set("not_if_any = [{ fact = \"left\", of = \"instance\" }]"))).len(), 1);
}
