//! How a version of a provision reaches what is already running: by the start, by the act, or on its first day.
//!
//! The packs here are made up: they hold nothing but the point in question.
#![expect(clippy::expect_used, reason = "a test that meets what it does not expect stops there")]

use openward_law::casefile::CaseFile;
use openward_law::engine::Law;
use openward_law::pack::{PackFile, load};
use openward_law::standing::{Question, Reach, Standing, standing};

/// A pack with one order of 28 days from 2020, and of so many days from 1 March 2024 on, applied as said; and a duty beside it.
fn law(days: u32, applies_to: &str) -> Law {
    let text = format!(
        r#"
[pack]
id = "made-up"
title = "A made-up law"
zone = "Europe/London"
as_at = 2024-01-01
sure = "V"

[roles.person]
name = "the patient"
[roles.managers]
name = "managers"

[[order.stay]]
title = "Stay"
section = "1"
version = {{ from = 2020-01-01, until = 2024-03-01 }}
status = "held"
starts = [{{ fact = "admitted", under = "stay" }}]
lasts = {{ from = "start.day", length = "28 days", count = "days-incl" }}

[[order.stay]]
title = "Stay"
section = "1 as amended"
version = {{ from = 2024-03-01, applies_to = "{applies_to}" }}
status = "held"
starts = [{{ fact = "admitted", under = "stay" }}]
lasts = {{ from = "start.day", length = "{days} days", count = "days-incl" }}

[[duty.tell]]
title = "Tell"
section = "2"
version = {{ from = 2020-01-01, until = 2024-03-01 }}
each = [{{ event = "started", order = "stay" }}]
owed = {{ by = "managers", to = "person" }}
due = {{ from = "on.day", length = "20 days", count = "days-incl" }}
done = [{{ fact = "notified" }}]

[[duty.tell]]
title = "Tell"
section = "2 as amended"
version = {{ from = 2024-03-01, applies_to = "{applies_to}" }}
each = [{{ event = "started", order = "stay" }}]
owed = {{ by = "managers", to = "person" }}
due = {{ from = "on.day", length = "{days} days", count = "days-incl" }}
done = [{{ fact = "notified" }}]
"#
    );
    let pack = load(&[PackFile { name: "made-up.toml".into(), text }], None).expect("the pack is sound");
    Law::new(pack)
}

/// The standing of one admitted on a day, at an instant.
fn admitted(law: &Law, day: &str, at: &str) -> Standing {
    let text = format!(r#"{{"file":"per_ada","at":"{day}T10:00","fact":"admitted","under":"stay"}}"#);
    let case = CaseFile::read(&text).expect("a sound case file");
    let file = case.file("per_ada").expect("the file");
    let at = at.parse().expect("an instant");
    standing(&case, file, Question { law, benchmark: None, at, known_at: None, reach: Reach::All }).expect("times that exist")
}

fn ends(standing: &Standing) -> String {
    standing.orders.iter().filter_map(|order| order.end.as_ref()).map(|end| end.until.clone()).collect()
}

fn due(standing: &Standing) -> String {
    standing.duties.iter().filter_map(|duty| duty.due.as_ref()).map(|due| due.until.clone()).collect()
}

/// Admitted on 20 February: under the old text the last day is 18 March, under a text of 14 days it is 4 March.
#[test]
fn a_version_judged_by_the_start_leaves_running_orders_alone() {
    let law = law(14, "started-in-span");
    let then = admitted(&law, "2024-02-20", "2024-03-02T12:00:00Z");
    assert_eq!(ends(&then), "2024-03-19T00:00:00Z");
    assert_eq!(due(&then), "2024-03-11T00:00:00Z");
}

#[test]
fn a_version_that_reaches_what_runs_counts_it_anew_from_its_own_start() {
    let law = law(14, "running");
    let before = admitted(&law, "2024-02-20", "2024-02-29T12:00:00Z");
    assert_eq!(before.authority.word(), "shown");
    let then = admitted(&law, "2024-02-20", "2024-03-02T12:00:00Z");
    assert_eq!(ends(&then), "2024-03-05T00:00:00Z");
    assert_eq!(due(&then), "2024-03-05T00:00:00Z");
    assert_eq!(admitted(&law, "2024-02-20", "2024-03-04T23:59:59Z").authority.word(), "shown");
    assert_eq!(admitted(&law, "2024-02-20", "2024-03-05T00:00:00Z").authority.word(), "none");
}

/// Admitted on 2 February: the 28 days end with 29 February, the day before the new text.
#[test]
fn a_version_that_reaches_what_runs_does_not_wake_what_is_over() {
    let law = law(60, "running");
    let then = admitted(&law, "2024-02-02", "2024-03-01T00:00:00Z");
    assert_eq!(then.authority.word(), "none");
}

/// Nothing before the first version: the register does not guess at older law.
#[test]
fn before_the_first_version_authority_is_not_shown_for_want_of_law() {
    let law = law(14, "started-in-span");
    let then = admitted(&law, "2019-12-31", "2020-01-01T12:00:00Z");
    assert_eq!(then.authority.word(), "not-shown");
}

/// A made-up law in which an act is due within three working days, and Wednesday 6 March 2024 was declared a holiday on the Tuesday.
#[test]
fn a_holiday_declared_late_counts_only_for_what_was_known_from_then_on() {
    let text = r#"
[pack]
id = "made-up"
title = "A made-up law"
zone = "Europe/London"
as_at = 2024-01-01
from = 2020-01-01
sure = "V"
[roles.person]
name = "the patient"
[calendars.here]
name = "Working days"
from_year = 2020
until_year = 2030
weekend = ["saturday", "sunday"]
declared = [{ name = "A day of mourning", on = 2024-03-06, declared_on = 2024-03-05 }]
[[order.stay]]
title = "Stay"
section = "1"
status = "held"
starts = [{ fact = "admitted", under = "stay" }]
[[duty.tell]]
title = "Tell"
section = "2"
each = [{ event = "started", order = "stay" }]
owed = { by = "person" }
due = { from = "on.day", length = "3 days", count = "working-days-incl", calendar = "here" }
done = [{ fact = "notified" }]
"#;
    let pack = load(&[PackFile { name: "made-up.toml".into(), text: text.into() }], None).expect("the pack is sound");
    let law = Law::new(pack);
    let entry = r#"{"file":"per_ada","at":"2024-03-04T10:00","recorded":"2024-03-04T10:00:00Z","fact":"admitted","under":"stay"}"#;
    let case = CaseFile::read(entry).expect("a sound case file");
    let ask = |known_at: Option<&str>| {
        let known_at = known_at.map(|known_at| known_at.parse().expect("an instant"));
        let at = "2024-03-04T12:00:00Z".parse().expect("an instant");
        let question = Question { law: &law, benchmark: None, at, known_at, reach: Reach::All };
        due(&standing(&case, case.file("per_ada").expect("the file"), question).expect("times that exist"))
    };
    // Monday 4, Tuesday 5, Wednesday 6; with the holiday Monday 4, Tuesday 5, Thursday 7.
    assert_eq!(ask(Some("2024-03-04T12:00:00Z")), "2024-03-07T00:00:00Z");
    assert_eq!(ask(Some("2024-03-05T12:00:00Z")), "2024-03-08T00:00:00Z");
    assert_eq!(ask(None), "2024-03-08T00:00:00Z");
}
