//! Moments: what can be told of two facts whose times are known or not, and how many days lie between them.

use super::{day, moment, ts, zone};
use crate::time::{Gap, Length, Moment, TimeError};

#[test]
fn two_exact_moments_are_always_in_order() {
    let (a, b) = (Moment::at(ts("2024-03-01T10:00:00Z")), Moment::at(ts("2024-03-01T10:00:01Z")));
    assert_eq!(a.before(&b), Some(true));
    assert_eq!(b.before(&a), Some(false));
    assert_eq!(a.before(&a), Some(false));
    assert_eq!(a.at_or_before(&a), Some(true));
    assert_eq!(a.after(&b), Some(false));
    assert_eq!(b.at_or_after(&a), Some(true));
    assert_eq!(a.same_instant(&a), Some(true));
    assert_eq!(a.same_instant(&b), Some(false));
}

#[test]
fn of_two_facts_of_one_date_the_order_cannot_be_told() {
    let london = zone("Europe/London");
    let (a, b) = (moment("2024-03-01", &london), moment("2024-03-01", &london));
    assert_eq!(a.before(&b), None);
    assert_eq!(a.at_or_before(&b), None);
    assert_eq!(a.after(&b), None);
    assert_eq!(a.same_instant(&b), None);
    assert_eq!(a.same_day(&b, &london), Some(true));
}

#[test]
fn a_date_and_a_time_on_it_cannot_be_ordered_but_the_days_around_it_can() {
    let london = zone("Europe/London");
    let date = moment("2024-03-01", &london);
    for (text, before) in [
        ("2024-02-29T23:59:59.999999999", Some(false)),
        // The first instant of the day itself: the fact is never before it.
        ("2024-03-01T00:00", Some(false)),
        ("2024-03-01T00:00:01", None),
        ("2024-03-01T23:59:59.999999999", None),
        ("2024-03-02T00:00", Some(true)),
    ] {
        assert_eq!(date.before(&moment(text, &london)), before, "{text}");
    }
}

#[test]
fn a_date_in_summer_is_the_local_day_not_the_day_of_universal_time() {
    let date = moment("2024-07-01", &zone("Europe/London"));
    assert_eq!(date.earliest(), ts("2024-06-30T23:00:00Z"));
    assert_eq!(date.latest(), ts("2024-07-01T22:59:59.999999999Z"));
}

#[test]
fn the_day_of_a_moment_is_unknown_when_it_straddles_midnight() {
    let london = zone("Europe/London");
    let night = Moment::between(ts("2024-03-01T22:00:00Z"), ts("2024-03-02T06:00:00Z")).unwrap();
    assert_eq!(night.day(&london), None);
    assert_eq!(night.day(&zone("Asia/Kolkata")), Some(day("2024-03-02")));
    assert_eq!(night.same_day(&night, &london), None);
    assert_eq!(night.same_day(&moment("2024-03-03", &london), &london), Some(false));
}

#[test]
fn an_interval_never_runs_backwards() {
    assert_eq!(Moment::between(ts("2024-03-02T00:00:00Z"), ts("2024-03-01T00:00:00Z")), Err(TimeError::Backwards));
}

#[test]
fn the_earlier_of_two_moments_keeps_what_is_unknown() {
    let london = zone("Europe/London");
    let date = moment("2024-03-01", &london);
    let noon = moment("2024-03-01T12:00", &london);
    assert_eq!(date.earlier_of(&noon), Moment::between(date.earliest(), noon.latest()).unwrap());
    assert_eq!(date.later_of(&noon), Moment::between(noon.earliest(), date.latest()).unwrap());
}

fn gap(one: &str, other: &str) -> Gap {
    let london = zone("Europe/London");
    Gap::between(&moment(one, &london), &moment(other, &london), &london)
}

#[test]
fn five_days_elapse_between_the_first_and_the_seventh_of_march() {
    let five: Length = "5 days".parse().unwrap();
    // 2, 3, 4, 5 and 6 March lie between; neither day of examination counts.
    for (other, elapsed, within) in [("2024-03-06", 4, true), ("2024-03-07", 5, true), ("2024-03-08", 6, false)] {
        for gap in [gap("2024-03-01", other), gap(other, "2024-03-01")] {
            assert_eq!((gap.least, gap.most), (elapsed, elapsed), "{other}");
            assert_eq!(gap.at_most(five).unwrap(), Some(within), "{other}");
        }
    }
}

#[test]
fn no_day_elapses_on_one_day_or_from_one_day_to_the_next() {
    assert_eq!(gap("2024-03-01", "2024-03-01"), Gap { least: 0, most: 0 });
    assert_eq!(gap("2024-03-01T23:59", "2024-03-02T00:01"), Gap { least: 0, most: 0 });
    // Over a leap day: 29 February alone.
    assert_eq!(gap("2024-02-28", "2024-03-01"), Gap { least: 1, most: 1 });
    assert_eq!(gap("2023-02-28", "2023-03-01"), Gap { least: 0, most: 0 });
}

#[test]
fn a_gap_from_an_uncertain_day_is_a_range() {
    let london = zone("Europe/London");
    let night = Moment::between(ts("2024-03-01T22:00:00Z"), ts("2024-03-02T06:00:00Z")).unwrap();
    let later = moment("2024-03-08", &london);
    let gap = Gap::between(&night, &later, &london);
    assert_eq!(gap, Gap { least: 5, most: 6 });
    assert_eq!(Gap::between(&later, &night, &london), gap);
    assert_eq!(gap.at_most("5 days".parse().unwrap()).unwrap(), None);
    assert_eq!(gap.at_most("6 days".parse().unwrap()).unwrap(), Some(true));
    assert_eq!(gap.at_most("4 days".parse().unwrap()).unwrap(), Some(false));
    assert!(gap.at_most("5 hours".parse().unwrap()).is_err());
    assert_eq!(Gap::between(&night, &night, &london), Gap { least: 0, most: 0 });
    // An interval that holds the other day may lie on it: from none to the three days between 5 and 9 March.
    let long = Moment::between(ts("2024-03-01T12:00:00Z"), ts("2024-03-09T12:00:00Z")).unwrap();
    assert_eq!(Gap::between(&long, &moment("2024-03-05", &london), &london), Gap { least: 0, most: 3 });
}
