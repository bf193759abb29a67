//! Corrections, and what was known when.

use super::read;
use crate::casefile::{CaseFile, effective};
use crate::entry::Entry;
use crate::time::Zone;
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

/// A case of one person. Each entry is recorded on the day of its number in March 2024 and corrects as told.
fn case(corrections: &[Option<(u32, &str)>]) -> CaseFile {
    let lines = corrections.iter().zip(1..).map(|(correction, n)| {
        let corrects = match correction {
            Some((n, how)) => format!(r#","corrects":{{"n":{n},"how":"{how}","why":"a slip"}}"#),
            None => String::new(),
        };
        format!(r#"{{"file":"per_ada","at":"2024-02-01","recorded":"2024-03-0{n}T12:00:00Z","fact":"stayed"{corrects}}}"#)
    });
    read(&lines.collect::<Vec<_>>().join("\n"))
}

/// The numbers in force, as known on a day of March 2024 or in the end.
fn in_force(case: &CaseFile, day: Option<i8>) -> Vec<u32> {
    let evening = day.map(|day| date(2024, 3, day).at(20, 0, 0, 0).to_zoned(TimeZone::UTC).expect("a time").timestamp());
    let file = case.file("per_ada").expect("the file");
    effective(file, evening, |_| None).iter().map(|entry| entry.n).collect()
}

const REPLACED: &str = "replaced";
const WITHDRAWN: &str = "withdrawn-in-error";

#[test]
fn without_corrections_all_entries_are_in_force() {
    assert_eq!(in_force(&case(&[None, None, None]), None), [1, 2, 3]);
}

#[test]
fn a_replacement_stands_in_the_place_of_the_other() {
    assert_eq!(in_force(&case(&[None, None, Some((1, REPLACED))]), None), [2, 3]);
}

#[test]
fn a_withdrawal_strikes_the_other_out_and_is_not_read_itself() {
    assert_eq!(in_force(&case(&[None, None, Some((1, WITHDRAWN))]), None), [2]);
}

#[test]
fn a_correction_counts_from_the_day_it_was_recorded() {
    let case = case(&[None, None, Some((1, REPLACED)), Some((2, WITHDRAWN))]);
    assert_eq!(in_force(&case, Some(1)), [1]);
    assert_eq!(in_force(&case, Some(2)), [1, 2]);
    assert_eq!(in_force(&case, Some(3)), [2, 3]);
    assert_eq!(in_force(&case, Some(4)), [3]);
}

#[test]
fn of_two_corrections_the_later_recorded_wins() {
    let case = case(&[None, Some((1, REPLACED)), Some((1, REPLACED))]);
    assert_eq!(in_force(&case, Some(2)), [2]);
    assert_eq!(in_force(&case, Some(3)), [3]);
    assert_eq!(in_force(&self::case(&[None, Some((1, REPLACED)), Some((1, WITHDRAWN))]), None), [0u32; 0]);
    assert_eq!(in_force(&self::case(&[None, Some((1, WITHDRAWN)), Some((1, REPLACED))]), None), [3]);
}

#[test]
fn a_replacement_that_is_replaced_hands_its_place_on() {
    assert_eq!(in_force(&case(&[None, Some((1, REPLACED)), Some((2, REPLACED))]), None), [3]);
    assert_eq!(in_force(&case(&[None, Some((1, WITHDRAWN)), Some((2, REPLACED))]), None), [3]);
}

#[test]
fn a_correction_that_is_withdrawn_has_had_no_effect() {
    assert_eq!(in_force(&case(&[None, Some((1, REPLACED)), Some((2, WITHDRAWN))]), None), [1]);
    assert_eq!(in_force(&case(&[None, Some((1, WITHDRAWN)), Some((2, WITHDRAWN))]), None), [1]);
    // The withdrawal is itself withdrawn: the replacement holds after all.
    assert_eq!(in_force(&case(&[None, Some((1, REPLACED)), Some((2, WITHDRAWN)), Some((3, WITHDRAWN))]), None), [2]);
}

#[test]
fn an_entry_that_does_not_say_when_it_was_recorded_is_known_from_its_earliest_moment() {
    let case = read(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"stayed"}
{"file":"per_ada","at":"2024-03-02","fact":"stayed"}"#,
    );
    let file = case.file("per_ada").expect("the file");
    let second_day: Timestamp = "2024-03-02T00:00:00Z".parse().expect("an instant");
    let earliest = |entry: &Entry| entry.at.moment(&Zone::utc()).ok().map(|moment| moment.earliest());
    let known = |at: Timestamp| effective(file, Some(at), earliest).len();
    assert_eq!(known(second_day), 2);
    assert_eq!(known(second_day - jiff::SignedDuration::from_secs(1)), 1);
}

#[test]
fn an_entry_whose_moment_cannot_be_told_is_not_hidden() {
    let case = read(r#"{"file":"per_ada","at":"2024-03-31T01:30","fact":"stayed"}"#);
    let file = case.file("per_ada").expect("the file");
    let london = Zone::named("Europe/London").expect("a zone");
    // The clocks skipped this time.
    let earliest = |entry: &Entry| entry.at.moment(&london).ok().map(|moment| moment.earliest());
    assert_eq!(effective(file, Some(Timestamp::MIN), earliest).len(), 1);
}

#[test]
fn what_a_known_entry_corrects_was_on_the_register() {
    let case = read(
        r#"{"file":"per_ada","at":"2024-02-01","fact":"stayed"}
{"file":"per_ada","at":"2024-05-01","fact":"stayed","corrects":{"n":1,"how":"replaced","why":"a slip"}}
{"file":"per_ada","at":"2024-02-01","recorded":"2024-03-01T12:00:00Z","fact":"stayed","corrects":{"n":2,"how":"replaced","why":"a slip"}}"#,
    );
    let file = case.file("per_ada").expect("the file");
    let march: Timestamp = "2024-03-01T12:00:00Z".parse().expect("an instant");
    let earliest = |entry: &Entry| entry.at.moment(&Zone::utc()).ok().map(|moment| moment.earliest());
    let known: Vec<u32> = effective(file, Some(march), earliest).iter().map(|entry| entry.n).collect();
    assert_eq!(known, [3]);
}
