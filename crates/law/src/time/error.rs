//! What can go wrong when time is read or counted, in words that say what to do next.
//!
//! A wrong date of a person's is no error here: only what cannot be read, does not exist or cannot be counted.

use core::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::count::Count;
use super::length::{LENGTH_MAX, Unit};
use super::say::{say_date, say_offset};

/// Why a time could not be read or a period not be counted.
///
/// # Unknowns
/// [`TimeError::CalendarSilent`] is the one that means *cannot tell* rather than *wrong*: the calendar says nothing
/// about that year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeError {
    /// A text is not of the expected shape.
    Unreadable {
        /// What was being read, such as `date or time`.
        what: &'static str,
        /// The text, cut to its first 64 characters.
        text: String,
        /// The position of the first wrong character, counted from 1.
        at: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// The calendar has no such date, such as 30 February.
    NoSuchDate {
        /// The year as written.
        year: i16,
        /// The month as written, 1 to 12.
        month: i8,
        /// The day as written.
        day: i8,
        /// How many days that month has.
        month_days: i8,
    },
    /// No zone of that name is in the zone data.
    ZoneUnknown {
        /// The name as written, cut to its first 64 characters.
        name: String,
    },
    /// The clocks went forward over this local time: it did not exist.
    TimeSkipped {
        /// The local time as written.
        local: DateTime,
        /// The zone's name.
        zone: String,
        /// The offset before the change.
        before: Offset,
        /// The offset after the change.
        after: Offset,
    },
    /// The clocks went back over this local time: it existed twice, so the offset must be written.
    TimeTwice {
        /// The local time as written.
        local: DateTime,
        /// The zone's name.
        zone: String,
        /// The offset of the first time.
        first: Offset,
        /// The offset of the second time.
        second: Offset,
    },
    /// The zone left this whole day out when it crossed the date line.
    DaySkipped {
        /// The day that did not exist.
        day: Date,
        /// The zone's name.
        zone: String,
    },
    /// The first instant of a moment is later than its last.
    Backwards,
    /// The result lies outside the years that can be counted (-9999 to 9999).
    TooFar,
    /// A length of nothing, or one over [`LENGTH_MAX`].
    LengthOutOfBounds {
        /// The number as written.
        n: u64,
    },
    /// This counting rule does not count in this unit.
    UnitMismatch {
        /// The counting rule.
        count: Count,
        /// The unit it was given.
        unit: Unit,
    },
    /// The rule names no date (`as-soon-as`), or counts the other way.
    CountHasNoEnd {
        /// The counting rule.
        count: Count,
    },
    /// The rule leaves out closed days, or rolls, and no calendar was given.
    CalendarNeeded {
        /// The counting rule.
        count: Count,
    },
    /// Rolling to an open day has no meaning for a rule that ends at an instant or counts backwards.
    CannotRoll {
        /// The counting rule.
        count: Count,
    },
    /// The calendar says nothing about that year: whether the day is open cannot be told.
    CalendarSilent {
        /// The day that was asked for.
        day: Date,
    },
    /// A calendar's rules contradict themselves.
    CalendarFault {
        /// The name of the holiday or field at fault.
        at: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { what, text, at, expected } => {
                write!(f, "cannot read {text:?} as a {what}: at character {at}, expected {expected}")
            }
            Self::NoSuchDate { year, month, day, month_days } => {
                write!(f, "there is no {year:04}-{month:02}-{day:02}: that month has {month_days} days")
            }
            Self::ZoneUnknown { name } => write!(f, "no time zone is called {name:?}: write a name such as Europe/London"),
            Self::TimeSkipped { local, zone, before, after } => write!(
                f,
                "{local} did not exist in {zone}: the clocks went forward over it ({} became {}); check the time, or write it with its offset",
                say_offset(*before),
                say_offset(*after)
            ),
            Self::TimeTwice { local, zone, first, second } => write!(
                f,
                "{local} existed twice in {zone}, as the clocks went back: write {local}{} for the first or {local}{} for the second",
                Suffix(*first),
                Suffix(*second)
            ),
            Self::DaySkipped { day, zone } => {
                write!(f, "{} did not exist in {zone}: the zone skipped that day", say_date(*day))
            }
            Self::Backwards => write!(f, "the first instant of a moment is later than its last"),
            Self::TooFar => write!(f, "the date lies too far away to be counted"),
            Self::LengthOutOfBounds { n } => {
                write!(f, "a length of {n} is out of bounds: write 1 to {LENGTH_MAX}")
            }
            Self::UnitMismatch { count, unit } => {
                write!(f, "the rule {count} does not count in {unit}: write ")?;
                for (i, unit) in count.units().iter().enumerate() {
                    if i > 0 {
                        f.write_str(" or ")?;
                    }
                    write!(f, "{unit}")?;
                }
                if count.units().is_empty() {
                    f.write_str("no length at all")?;
                }
                Ok(())
            }
            Self::CountHasNoEnd { count } => {
                write!(f, "the rule {count} gives no date of the kind asked for")
            }
            Self::CalendarNeeded { count } => write!(f, "a calendar is needed to count by {count} and to roll to the next open day"),
            Self::CannotRoll { count } => {
                write!(f, "a period counted by {count} cannot roll to the next open day")
            }
            Self::CalendarSilent { day } => {
                write!(f, "the calendar says nothing about the year of {}, so whether it was open cannot be told", say_date(*day))
            }
            Self::CalendarFault { at, why } => write!(f, "calendar, {at}: {why}"),
        }
    }
}

impl core::error::Error for TimeError {}

/// An offset as it is written after a local time: `Z` or `+01:00`.
pub(super) struct Suffix(pub(super) Offset);

impl fmt::Display for Suffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.seconds();
        if seconds == 0 {
            return f.write_str("Z");
        }
        let sign = if seconds < 0 { '-' } else { '+' };
        let size = seconds.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", size / 3600, size / 60 % 60)?;
        // Zones before about 1930 kept local mean time, whose offset has seconds.
        if !size.is_multiple_of(60) {
            write!(f, ":{:02}", size % 60)?;
        }
        Ok(())
    }
}

/// The first 64 characters of a text: an error must not carry a whole hostile file.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(64).collect()
}
