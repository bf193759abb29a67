//! Moments: when something happened, known to the instant or only to the day.
//!
//! Deliberately absent: a way to make an exact time out of a date. Whoever knows only the day gets an interval, and a
//! comparison that cannot be decided says so.

use jiff::Timestamp;
use jiff::civil::Date;

use super::error::TimeError;
use super::zone::Zone;

/// When something happened: at one instant, or at some unknown instant from `earliest` to `latest`, both included.
///
/// # Unknowns
/// Comparisons answer `None` where the interval leaves both answers open. Two facts of the same date are such a pair:
/// nothing is assumed about their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    // INVARIANT: earliest <= latest.
    earliest: Timestamp,
    latest: Timestamp,
}

impl Moment {
    /// Exactly at this instant.
    pub const fn at(at: Timestamp) -> Self {
        Self { earliest: at, latest: at }
    }

    /// At some unknown time from one instant to another, both included.
    ///
    /// # Errors
    /// [`TimeError::Backwards`] if the first is later than the last.
    pub fn between(earliest: Timestamp, latest: Timestamp) -> Result<Self, TimeError> {
        if earliest > latest {
            return Err(TimeError::Backwards);
        }
        Ok(Self { earliest, latest })
    }

    /// At some unknown time on this local day: from its first instant to its last nanosecond.
    ///
    /// # Counts
    /// The local day as it was: 23 or 25 hours on a day of a clock change, starting at 01:00 where midnight was skipped.
    ///
    /// # Errors
    /// [`TimeError::DaySkipped`] if the zone left that day out; [`TimeError::TooFar`] at the edge of the years that can be counted.
    pub fn on_day(day: Date, zone: &Zone) -> Result<Self, TimeError> {
        let earliest = zone.day_start(day)?;
        let latest = zone.day_last(day)?;
        if earliest > latest || zone.day_of(earliest) != day {
            return Err(TimeError::DaySkipped { day, zone: zone.name().to_owned() });
        }
        Ok(Self { earliest, latest })
    }

    /// The first instant at which it may have happened.
    pub const fn earliest(&self) -> Timestamp {
        self.earliest
    }

    /// The last instant at which it may have happened.
    pub const fn latest(&self) -> Timestamp {
        self.latest
    }

    /// Whether the instant is known.
    pub fn is_exact(&self) -> bool {
        self.earliest == self.latest
    }

    /// The local day on which it happened; `None` if it may have been one of several.
    pub fn day(&self, zone: &Zone) -> Option<Date> {
        let day = zone.day_of(self.earliest);
        (self.is_exact() || zone.day_of(self.latest) == day).then_some(day)
    }

    /// Whether this happened before the other; `None` if it cannot be told.
    pub fn before(&self, other: &Self) -> Option<bool> {
        if self.latest < other.earliest {
            Some(true)
        } else if self.earliest >= other.latest {
            Some(false)
        } else {
            None
        }
    }

    /// Whether this happened before the other or at the same instant; `None` if it cannot be told.
    pub fn at_or_before(&self, other: &Self) -> Option<bool> {
        if self.latest <= other.earliest {
            Some(true)
        } else if self.earliest > other.latest {
            Some(false)
        } else {
            None
        }
    }

    /// Whether this happened after the other; `None` if it cannot be told.
    pub fn after(&self, other: &Self) -> Option<bool> {
        other.before(self)
    }

    /// Whether this happened after the other or at the same instant; `None` if it cannot be told.
    pub fn at_or_after(&self, other: &Self) -> Option<bool> {
        other.at_or_before(self)
    }

    /// Whether both happened at one instant; `None` if it cannot be told.
    pub fn same_instant(&self, other: &Self) -> Option<bool> {
        if self.is_exact() && self == other {
            Some(true)
        } else if self.latest < other.earliest || other.latest < self.earliest {
            Some(false)
        } else {
            None
        }
    }

    /// Whether both happened on one local day; `None` if it cannot be told.
    pub fn same_day(&self, other: &Self, zone: &Zone) -> Option<bool> {
        let (first, last) = (zone.day_of(self.earliest), zone.day_of(self.latest));
        let (other_first, other_last) = (zone.day_of(other.earliest), zone.day_of(other.latest));
        if last < other_first || other_last < first {
            Some(false)
        } else if first == last && other_first == other_last {
            Some(true)
        } else {
            None
        }
    }

    /// The earlier of two moments, as far as it can be told: each end is the earlier of the two.
    ///
    /// For a period that ends at the earlier of two clocks.
    pub fn earlier_of(&self, other: &Self) -> Self {
        Self { earliest: self.earliest.min(other.earliest), latest: self.latest.min(other.latest) }
    }

    /// The later of two moments, as far as it can be told: each end is the later of the two.
    pub fn later_of(&self, other: &Self) -> Self {
        Self { earliest: self.earliest.max(other.earliest), latest: self.latest.max(other.latest) }
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self::at(at)
    }
}
