//! Tests of time, by subject. `slow` counts day by day with arithmetic of its own; `random` holds the fast count to it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that cannot go on must fail"
)]

mod clocks;
mod counts;
mod derivations;
mod holidays;
mod moments;
mod months;
mod random;
mod slow;
mod texts;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Count, Length, Moment, OpenDays, Period, Reckoned, Roll, When, Zone};

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn day(text: &str) -> Date {
    match When::parse(text).unwrap() {
        When::Day(day) => day,
        other => panic!("{other} is not a date"),
    }
}

/// The instant of an RFC 3339 text.
fn ts(text: &str) -> Timestamp {
    match When::parse(text).unwrap() {
        When::Instant { at, .. } => at,
        other => panic!("{other} is not an instant"),
    }
}

/// A moment as a person writes it, in a zone.
fn moment(text: &str, zone: &Zone) -> Moment {
    When::parse(text).unwrap().moment(zone).unwrap()
}

fn period(count: &str, length: &str) -> Period {
    let length: Length = length.parse().unwrap();
    Period::new(Count::from_name(count).unwrap(), length).unwrap()
}

fn reckon(count: &str, length: &str, from: &str, zone: &Zone) -> Reckoned {
    period(count, length).reckon(&moment(from, zone), zone, None).unwrap()
}

/// The last day of a rule of days, in London, without a calendar.
fn last_day(count: &str, length: &str, from: &str) -> String {
    let reckoned = reckon(count, length, from, &zone("Europe/London"));
    reckoned.last_day.unwrap().to_string()
}

/// The last day of a rule of days with a calendar.
fn last_day_in(count: &str, length: &str, from: &str, roll: Roll, days: OpenDays<'_>) -> String {
    let zone = zone("Europe/London");
    let reckoned = period(count, length).with_roll(roll).unwrap().reckon(&moment(from, &zone), &zone, Some(days)).unwrap();
    reckoned.last_day.unwrap().to_string()
}

/// The day counted back, in London.
fn back(count: &str, length: &str, from: &str, days: Option<OpenDays<'_>>) -> String {
    let zone = zone("Europe/London");
    let back = period(count, length).back(&moment(from, &zone), &zone, days).unwrap();
    back.day.unwrap().to_string()
}
