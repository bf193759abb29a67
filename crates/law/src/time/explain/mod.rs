//! Explanations: how a date was reached, step by step, for people and for programs.
//!
//! A [`Derivation`] serialises to JSON and prints in plain English. It is made apart from the counting, which must be
//! fast; its result is taken from the counting itself, so the two cannot differ. Deliberately absent: the law's section.

mod steps;
mod words;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::calendar::OpenDays;
use super::count::{Count, Direction, Roll};
use super::error::TimeError;
use super::length::Length;
use super::moment::Moment;
use super::period::{Period, local_days};
use super::wire;
use super::zone::Zone;

/// No derivation lists more clock changes: a period of years meets two a year, and only hours need them.
const CLOCK_CHANGES_MAX: usize = 8;

/// How a date was reached.
///
/// # Unknowns
/// A start that may lie on several days gives two cases, the first and the last of those days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Derivation {
    /// What the period is counted from, in the caller's words, such as `admission`; may be empty.
    pub label: String,
    /// The counting rule.
    pub rule: Count,
    /// The length.
    pub length: Length,
    /// The roll the law asks for.
    pub roll: Roll,
    /// The zone of the place.
    pub zone: Zone,
    /// The moment counted from.
    pub from: SaidMoment,
    /// The steps in days: none for a rule that ends at an instant, one as a rule, two if the start may lie on several days.
    pub cases: Vec<DayCase>,
    /// For `end-of-day-or-hours` with a known start: whether the end of the day was what counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_end_of_day: Option<bool>,
    /// The changes of the zone's offset from the start to the end, the first eight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clock_changes: Vec<ClockChange>,
    /// What came out.
    pub result: SaidResult,
}

/// A moment as it is said: both its ends, and its local day if that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SaidMoment {
    /// The first instant it may be.
    #[serde(serialize_with = "wire::instant")]
    pub earliest: Timestamp,
    /// The last instant it may be.
    #[serde(serialize_with = "wire::instant")]
    pub latest: Timestamp,
    /// Its local day, if certain.
    #[serde(serialize_with = "wire::optional_date", skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
}

impl SaidMoment {
    fn new(moment: &Moment, zone: &Zone) -> Self {
        Self { earliest: moment.earliest(), latest: moment.latest(), day: moment.day(zone) }
    }
}

/// What a rule gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SaidResult {
    /// The end of a period, not included, with its last day for a rule of days.
    End {
        /// The first instant that no longer belongs to the period, at the earliest.
        #[serde(serialize_with = "wire::instant")]
        earliest: Timestamp,
        /// The same, at the latest.
        #[serde(serialize_with = "wire::instant")]
        latest: Timestamp,
        /// The last day, if the rule has one and it is certain.
        #[serde(serialize_with = "wire::optional_date", skip_serializing_if = "Option::is_none")]
        last_day: Option<Date>,
    },
    /// A day counted back, with the instants at which it starts.
    Day {
        /// The first instant of the day, at the earliest.
        #[serde(serialize_with = "wire::instant")]
        earliest: Timestamp,
        /// The same, at the latest.
        #[serde(serialize_with = "wire::instant")]
        latest: Timestamp,
        /// The day, if certain.
        #[serde(serialize_with = "wire::optional_date", skip_serializing_if = "Option::is_none")]
        day: Option<Date>,
    },
}

/// The steps of a rule of days, from one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayCase {
    /// The day of the start event; for a backward rule the day counted back from.
    #[serde(serialize_with = "wire::date")]
    pub anchor: Date,
    /// The day that is counted as day 1.
    #[serde(serialize_with = "wire::date")]
    pub day_one: Date,
    /// The day the count reaches, before any roll.
    #[serde(serialize_with = "wire::date")]
    pub reached: Date,
    /// Whether that month has no same-numbered day, so that its last day was taken.
    pub clamped: bool,
    /// The closed days left out by a rule of working days, the first 31.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// How many closed days were left out in all.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out_days: u32,
    /// The closed days the roll passed over; empty if nothing rolled.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rolled_over: Vec<LeftOut>,
    /// The day in the end, after any roll.
    #[serde(serialize_with = "wire::date")]
    pub day: Date,
}

/// A closed day and why it was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The day.
    #[serde(serialize_with = "wire::date")]
    pub day: Date,
    /// The holiday's name, or `weekend`.
    pub why: String,
}

/// A change of the zone's offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ClockChange {
    /// The instant of the change.
    #[serde(serialize_with = "wire::instant")]
    pub at: Timestamp,
    /// By how many minutes the clocks go forward; negative is back.
    pub forward_minutes: i32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Period {
    /// How the end, or for a backward rule the day, was reached. `label` names what it is counted from.
    ///
    /// For `days-elapsed`, which counts either way, the way forward is explained.
    ///
    /// # Errors
    /// As [`Period::reckon`] and [`Period::back`].
    pub fn explain(&self, label: &str, from: &Moment, zone: &Zone, days: Option<OpenDays<'_>>) -> Result<Derivation, TimeError> {
        let (result, until) = self.said_result(from, zone, days)?;
        let cases = if self.count().ends_at_instant() {
            Vec::new()
        } else {
            let (first, last) = local_days(from, zone);
            let mut cases = vec![steps::day_case(self, first, days)?];
            if last != first {
                cases.push(steps::day_case(self, last, days)?);
            }
            cases
        };
        let by_end_of_day = if self.count() == Count::EndOfDayOrHours && from.is_exact() {
            Some(until == zone.day_end(zone.day_of(from.earliest()))?)
        } else {
            None
        };
        let clock_changes = zone
            .changes(from.earliest(), until)
            .take(CLOCK_CHANGES_MAX)
            .map(|(at, before, after)| ClockChange {
                at,
                forward_minutes: after.seconds().saturating_sub(before.seconds()).wrapping_div(60),
            })
            .collect();
        Ok(Derivation {
            label: label.to_owned(),
            rule: self.count(),
            length: self.length(),
            roll: self.roll(),
            zone: zone.clone(),
            from: SaidMoment::new(from, zone),
            cases,
            by_end_of_day,
            clock_changes,
            result,
        })
    }

    /// The result by counting, and the last instant the derivation speaks of.
    fn said_result(&self, from: &Moment, zone: &Zone, days: Option<OpenDays<'_>>) -> Result<(SaidResult, Timestamp), TimeError> {
        match self.count().direction() {
            Direction::Forward | Direction::Both | Direction::Neither => {
                let reckoned = self.reckon(from, zone, days)?;
                let (earliest, latest) = (reckoned.end.earliest(), reckoned.end.latest());
                let result = SaidResult::End { earliest, latest, last_day: reckoned.last_day };
                Ok((result, latest))
            }
            Direction::Backward => {
                let back = self.back(from, zone, days)?;
                let result = SaidResult::Day { earliest: back.start.earliest(), latest: back.start.latest(), day: back.day };
                // Counting back meets no clock change that matters: its result is a day.
                Ok((result, from.earliest()))
            }
        }
    }
}
