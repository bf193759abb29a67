//! Gaps: how many days have elapsed between two days, neither of them counted.

use jiff::civil::Date;

use super::count::Count;
use super::error::TimeError;
use super::length::Length;
use super::moment::Moment;
use super::period::{Period, days_of};
use super::zone::Zone;

/// How many days have elapsed between two days, at least and at most.
///
/// # Counts
/// Whole local days between the two; neither of the two days is counted, and their order does not matter. 1 March and
/// 7 March have five days between them (2, 3, 4, 5, 6); two following days have none, and so has one day with itself.
/// So "not more than five days must have elapsed between the days of two examinations" holds for 1 and 7 March, and
/// fails for 1 and 8 March.
///
/// # Unknowns
/// A moment that may lie on several days gives a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Gap {
    /// The fewest days that may have elapsed.
    pub least: u32,
    /// The most days that may have elapsed.
    pub most: u32,
}

impl Gap {
    /// The gap between two moments, in the local days of a zone.
    pub fn between(one: &Moment, other: &Moment, zone: &Zone) -> Self {
        let days = |moment: &Moment| {
            let first = zone.day_of(moment.earliest());
            let last = if moment.is_exact() { first } else { zone.day_of(moment.latest()) };
            (first, last)
        };
        let (a_first, a_last) = days(one);
        let (b_first, b_last) = days(other);
        let overlap = a_first <= b_last && b_first <= a_last;
        let least = if overlap { 0 } else { days_elapsed(a_last, b_first).min(days_elapsed(a_first, b_last)) };
        let most = days_elapsed(a_first, b_last).max(days_elapsed(a_last, b_first));
        Self { least, most }
    }

    /// Whether not more than this many days have elapsed; `None` if it cannot be told.
    ///
    /// # Errors
    /// [`TimeError::UnitMismatch`] for a length not in days or weeks.
    pub fn at_most(&self, limit: Length) -> Result<Option<bool>, TimeError> {
        let period = Period::new(Count::DaysElapsed, limit)?;
        let limit = u32::try_from(days_of(period.length())).unwrap_or(u32::MAX);
        Ok(if self.most <= limit {
            Some(true)
        } else if self.least > limit {
            Some(false)
        } else {
            None
        })
    }
}

/// How many days lie between two days, neither counted.
fn days_elapsed(one: Date, other: Date) -> u32 {
    let apart = one.duration_until(other).as_hours().unsigned_abs() / 24;
    u32::try_from(apart.saturating_sub(1)).unwrap_or(u32::MAX)
}
