//! Periods: a counting rule with its length, and what it makes of a start.
//!
//! The way in to counting; the arithmetic of days is in `reckon`, its explanation in `explain`. Deliberately absent: a roll
//! that nobody asked for. Nothing here allocates unless it fails.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::calendar::OpenDays;
use super::count::{Count, Direction, Roll};
use super::error::TimeError;
use super::length::{Length, Unit};
use super::moment::Moment;
use super::reckon;
use super::zone::Zone;

/// A period as a law writes it: a counting rule, a length in a unit that rule counts in, and a roll if the law says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    // INVARIANT: the length's unit is one of count.units(); the roll is NextOpenDay only where rolls(count).
    count: Count,
    length: Length,
    roll: Roll,
}

/// What a forward rule gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reckoned {
    /// The end, not included: the first instant that no longer belongs to the period. Its two ends are equal when it is
    /// certain.
    pub end: Moment,
    /// The last day, of which the whole belongs to the period. `None` for a rule that ends at an instant, and where the
    /// start leaves it open.
    pub last_day: Option<Date>,
    /// The roll, if the last day is known and was moved.
    pub rolled: Option<Rolled>,
}

/// A last day that was not open and moved to the next open day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rolled {
    /// The day before the roll.
    pub from: Date,
    /// The open day.
    pub to: Date,
}

/// What a backward rule gives: a day counted back from another.
///
/// For `days-ending` and `months-ending` the first day of the window, so `start` is where the window opens. For
/// `working-days-before` the last day to act, so `end` is where the time for it runs out. For `days-elapsed` the first
/// day within the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Back {
    /// The day; `None` where the moment counted from leaves it open.
    pub day: Option<Date>,
    /// The first instant of that day.
    pub start: Moment,
    /// The end of that day, not included.
    pub end: Moment,
}

impl Period {
    /// A period without a roll.
    ///
    /// # Errors
    /// [`TimeError::UnitMismatch`] if the rule does not count in that unit; `as-soon-as` counts in none.
    pub fn new(count: Count, length: Length) -> Result<Self, TimeError> {
        if !count.units().contains(&length.unit()) {
            return Err(TimeError::UnitMismatch { count, unit: length.unit() });
        }
        Ok(Self { count, length, roll: Roll::None })
    }

    /// The same period with this roll.
    ///
    /// # Errors
    /// [`TimeError::CannotRoll`] for a rule that ends at an instant or counts backwards only.
    pub fn with_roll(self, roll: Roll) -> Result<Self, TimeError> {
        if roll != Roll::None && !rolls(self.count) {
            return Err(TimeError::CannotRoll { count: self.count });
        }
        Ok(Self { roll, ..self })
    }

    /// The counting rule.
    pub const fn count(&self) -> Count {
        self.count
    }

    /// The length.
    pub const fn length(&self) -> Length {
        self.length
    }

    /// The roll.
    pub const fn roll(&self) -> Roll {
        self.roll
    }

    /// When the period ends that starts at this moment.
    ///
    /// # Counts
    /// As [`Count`] says for the rule, in the local days of the zone. A rule of days ends at 24:00 local of its last day,
    /// which is the first instant of the next; a rule of hours ends at an instant.
    ///
    /// # Unknowns
    /// A start of which only the date is known gives an exact end under a rule of days and an interval under a rule of
    /// hours.
    ///
    /// # Errors
    /// [`TimeError::CountHasNoEnd`] for a rule that only counts backwards; [`TimeError::CalendarNeeded`] and
    /// [`TimeError::CalendarSilent`] where open days are needed and not known; [`TimeError::TooFar`].
    pub fn reckon(&self, from: &Moment, zone: &Zone, days: Option<OpenDays<'_>>) -> Result<Reckoned, TimeError> {
        match self.count.direction() {
            Direction::Forward | Direction::Both => {}
            Direction::Backward | Direction::Neither => {
                return Err(TimeError::CountHasNoEnd { count: self.count });
            }
        }
        if self.count.ends_at_instant() {
            let earliest = self.instant_end(from.earliest(), zone)?;
            let latest = if from.is_exact() { earliest } else { self.instant_end(from.latest(), zone)? };
            return Ok(Reckoned { end: Moment::between(earliest, latest)?, last_day: None, rolled: None });
        }
        let (first, last) = local_days(from, zone);
        let one = reckon::last_day(self, first, days)?;
        let end = zone.day_end(one.day)?;
        if first == last {
            return Ok(Reckoned { end: Moment::at(end), last_day: Some(one.day), rolled: one.rolled });
        }
        let other = reckon::last_day(self, last, days)?;
        let same = one.day == other.day;
        Ok(Reckoned {
            end: Moment::between(end, zone.day_end(other.day)?)?,
            last_day: same.then_some(one.day),
            rolled: if same { one.rolled.or(other.rolled) } else { None },
        })
    }

    /// The day counted back from this moment.
    ///
    /// # Counts
    /// As [`Count`] says for the rule, in the local days of the zone.
    ///
    /// # Errors
    /// [`TimeError::CountHasNoEnd`] for a rule that only counts forwards; otherwise as [`Period::reckon`].
    pub fn back(&self, from: &Moment, zone: &Zone, days: Option<OpenDays<'_>>) -> Result<Back, TimeError> {
        match self.count.direction() {
            Direction::Backward | Direction::Both => {}
            Direction::Forward | Direction::Neither => {
                return Err(TimeError::CountHasNoEnd { count: self.count });
            }
        }
        let (first, last) = local_days(from, zone);
        let one = reckon::first_day(self, first, days)?;
        let (start, end) = (zone.day_start(one)?, zone.day_end(one)?);
        if first == last {
            return Ok(Back { day: Some(one), start: Moment::at(start), end: Moment::at(end) });
        }
        let other = reckon::first_day(self, last, days)?;
        Ok(Back {
            day: (one == other).then_some(one),
            start: Moment::between(start, zone.day_start(other)?)?,
            end: Moment::between(end, zone.day_end(other)?)?,
        })
    }

    /// The end under a rule that ends at an instant, for one instant of start.
    pub(super) fn instant_end(&self, from: Timestamp, zone: &Zone) -> Result<Timestamp, TimeError> {
        let hence = from.checked_add(elapsed(self.length)).map_err(|_| TimeError::TooFar)?;
        match self.count {
            // Later of the two: the day's end if it is n hours away or more, else n hours.
            Count::EndOfDayOrHours => Ok(hence.max(zone.day_end(zone.day_of(from))?)),
            Count::Hours
            | Count::DaysIncl
            | Count::DaysClear
            | Count::DaysExcl
            | Count::DaysFromNext
            | Count::WorkingDaysIncl
            | Count::WorkingDaysAfter
            | Count::WorkingDaysBefore
            | Count::WeeksAfter
            | Count::MonthsIncl
            | Count::MonthsAfter
            | Count::MonthsSameDay
            | Count::YearsIncl
            | Count::DaysEnding
            | Count::MonthsEnding
            | Count::DaysElapsed
            | Count::AsSoonAs => Ok(hence),
        }
    }
}

/// Whether a rule has a last day that could roll.
fn rolls(count: Count) -> bool {
    match count.direction() {
        Direction::Forward | Direction::Both => !count.ends_at_instant(),
        Direction::Backward | Direction::Neither => false,
    }
}

/// The first and the last local day on which a moment may lie.
pub(super) fn local_days(moment: &Moment, zone: &Zone) -> (Date, Date) {
    let first = zone.day_of(moment.earliest());
    if moment.is_exact() {
        return (first, first);
    }
    (first, zone.day_of(moment.latest()))
}

/// A length in elapsed time. Days and longer are not elapsed time; no rule that gets here counts in them.
fn elapsed(length: Length) -> SignedDuration {
    let n = i64::from(length.n());
    match length.unit() {
        Unit::Minutes => SignedDuration::from_mins(n),
        Unit::Hours | Unit::Days | Unit::Weeks | Unit::Months | Unit::Years => SignedDuration::from_hours(n),
    }
}

/// A length in days or weeks, in days.
pub(super) fn days_of(length: Length) -> i32 {
    let n = i32::from(length.n());
    match length.unit() {
        Unit::Weeks => n.saturating_mul(7),
        Unit::Minutes | Unit::Hours | Unit::Days | Unit::Months | Unit::Years => n,
    }
}

/// A length in months or years, in months.
pub(super) fn months_of(length: Length) -> i32 {
    let n = i32::from(length.n());
    match length.unit() {
        Unit::Years => n.saturating_mul(12),
        Unit::Minutes | Unit::Hours | Unit::Days | Unit::Weeks | Unit::Months => n,
    }
}
