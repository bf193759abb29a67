//! What a person writes for a time: an instant with its offset, a local time, or a date alone.
//!
//! Deliberately absent: guessing. A local time that the clocks skipped or showed twice is an error that says so, and
//! a date alone stays a date.

use core::fmt;
use core::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::{Suffix, TimeError, cut};
use super::moment::Moment;
use super::zone::{Zone, instant};

/// A time as written, before it is known in which zone.
///
/// Three shapes are read, and printed back so that reading gives the same value:
/// `2024-03-01T10:15:00+01:00` or `...Z`, `2024-03-01T10:15` (seconds where they are not 00), `2024-03-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// An instant, written with its offset.
    Instant {
        /// The instant.
        at: Timestamp,
        /// The offset it was written with.
        offset: Offset,
    },
    /// A time on the wall of the place.
    Local(DateTime),
    /// A date, at a time nobody wrote down.
    Day(Date),
}

impl When {
    /// Reads one of the three shapes, and nothing else.
    ///
    /// # Errors
    /// [`TimeError::Unreadable`] with the place and what should stand there; [`TimeError::NoSuchDate`] for a date such
    /// as 30 February; [`TimeError::TooFar`] for an instant outside the years that can be counted.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let mut reader = Reader::new("date or time", text);
        let date = reader.date()?;
        if reader.is_done() {
            return Ok(Self::Day(date));
        }
        reader.letter(b'T', "T and a time such as 10:15, or nothing more")?;
        let local = date.to_datetime(reader.time()?);
        if reader.is_done() {
            return Ok(Self::Local(local));
        }
        let offset = reader.offset()?;
        reader.end()?;
        Ok(Self::Instant { at: instant(local, offset)?, offset })
    }

    /// When it happened, in the zone of the place. An instant needs no zone and keeps its own.
    ///
    /// # Unknowns
    /// A date alone gives the whole local day.
    ///
    /// # Errors
    /// [`TimeError::TimeSkipped`] for a local time the clocks jumped over; [`TimeError::TimeTwice`] for one they showed
    /// twice, with both offsets; [`TimeError::DaySkipped`] for a day the zone left out.
    pub fn moment(&self, zone: &Zone) -> Result<Moment, TimeError> {
        match *self {
            Self::Instant { at, .. } => Ok(Moment::at(at)),
            Self::Day(day) => Moment::on_day(day, zone),
            Self::Local(local) => match zone.offset_at(local) {
                AmbiguousOffset::Unambiguous { offset } => instant(local, offset).map(Moment::at),
                AmbiguousOffset::Gap { before, after } => {
                    Err(TimeError::TimeSkipped { local, zone: zone.name().to_owned(), before, after })
                }
                AmbiguousOffset::Fold { before, after } => {
                    Err(TimeError::TimeTwice { local, zone: zone.name().to_owned(), first: before, second: after })
                }
            },
        }
    }

    /// The date as written: for an instant, the date at its own offset.
    pub fn written_day(&self) -> Date {
        match *self {
            Self::Instant { at, offset } => offset.to_datetime(at).date(),
            Self::Local(local) => local.date(),
            Self::Day(day) => day,
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Instant { at, offset } => {
                write!(f, "{}{}", offset.to_datetime(at), Suffix(offset))
            }
            Self::Local(local) if local.second() == 0 && local.subsec_nanosecond() == 0 => {
                write!(f, "{}T{:02}:{:02}", local.date(), local.hour(), local.minute())
            }
            Self::Local(local) => write!(f, "{local}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

impl FromStr for When {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        Self::parse(text)
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// Reads `2024-03-01` and nothing more.
pub(super) fn read_date(text: &str) -> Result<Date, TimeError> {
    let mut reader = Reader::new("date", text);
    let date = reader.date()?;
    reader.end()?;
    Ok(date)
}

/// Reads a text from left to right. All that is accepted is ASCII, so a byte before `at` is a character.
struct Reader<'t> {
    what: &'static str,
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn new(what: &'static str, text: &'t str) -> Self {
        Self { what, text, at: 0 }
    }

    fn wrong_at(&self, at: usize, expected: &'static str) -> TimeError {
        TimeError::Unreadable { what: self.what, text: cut(self.text), at: at.saturating_add(1), expected }
    }

    fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    fn next_is(&self, letter: u8) -> bool {
        self.text.as_bytes().get(self.at) == Some(&letter)
    }

    fn skip(&mut self, letter: u8) -> bool {
        let found = self.next_is(letter);
        if found {
            self.at = self.at.saturating_add(1);
        }
        found
    }

    fn letter(&mut self, letter: u8, expected: &'static str) -> Result<(), TimeError> {
        if self.skip(letter) { Ok(()) } else { Err(self.wrong_at(self.at, expected)) }
    }

    fn end(&self) -> Result<(), TimeError> {
        if self.is_done() { Ok(()) } else { Err(self.wrong_at(self.at, "nothing more")) }
    }

    /// Exactly `n` digits whose value lies between two bounds.
    fn number(&mut self, n: usize, bounds: (i16, i16), expected: &'static str) -> Result<i16, TimeError> {
        let start = self.at;
        let mut value: i16 = 0;
        for _ in 0..n {
            let digit = self.text.as_bytes().get(self.at).filter(|b| b.is_ascii_digit()).ok_or_else(|| self.wrong_at(self.at, expected))?;
            value = value.saturating_mul(10).saturating_add(i16::from(digit.saturating_sub(b'0')));
            self.at = self.at.saturating_add(1);
        }
        if value < bounds.0 || value > bounds.1 {
            return Err(self.wrong_at(start, expected));
        }
        Ok(value)
    }

    /// Like [`Reader::number`], for the two-digit fields.
    fn two(&mut self, bounds: (i16, i16), expected: &'static str) -> Result<i8, TimeError> {
        let start = self.at;
        let value = self.number(2, bounds, expected)?;
        i8::try_from(value).map_err(|_| self.wrong_at(start, expected))
    }

    fn date(&mut self) -> Result<Date, TimeError> {
        let year = self.number(4, (1, 9999), "a year of four digits, such as 2024")?;
        self.letter(b'-', "a hyphen, then the month")?;
        let month = self.two((1, 12), "a month from 01 to 12")?;
        self.letter(b'-', "a hyphen, then the day")?;
        let day = self.two((1, 31), "a day from 01 to 31")?;
        Date::new(year, month, day).map_err(|_| TimeError::NoSuchDate {
            year,
            month,
            day,
            month_days: Date::new(year, month, 1).map_or(31, Date::days_in_month),
        })
    }

    fn time(&mut self) -> Result<Time, TimeError> {
        let start = self.at;
        let hour = self.two((0, 23), "an hour from 00 to 23 (midnight at a day's end is 00:00 of the next day)")?;
        self.letter(b':', "a colon, then the minutes")?;
        let minute = self.two((0, 59), "minutes from 00 to 59")?;
        let mut second = 0;
        let mut nanos = 0;
        if self.skip(b':') {
            second = self.two((0, 59), "seconds from 00 to 59")?;
            if self.skip(b'.') {
                nanos = self.fraction()?;
            }
        }
        Time::new(hour, minute, second, nanos).map_err(|_| self.wrong_at(start, "a time"))
    }

    /// One to nine digits after the point, as nanoseconds.
    fn fraction(&mut self) -> Result<i32, TimeError> {
        let mut nanos: i32 = 0;
        let mut unit: i32 = 100_000_000;
        let start = self.at;
        while let Some(digit) = self.text.as_bytes().get(self.at).filter(|b| b.is_ascii_digit()) {
            if unit == 0 {
                return Err(self.wrong_at(self.at, "no more than nine digits of a second"));
            }
            let value = i32::from(digit.saturating_sub(b'0'));
            nanos = nanos.saturating_add(value.saturating_mul(unit));
            unit = unit.wrapping_div(10);
            self.at = self.at.saturating_add(1);
        }
        if self.at == start {
            return Err(self.wrong_at(start, "digits of a second"));
        }
        Ok(nanos)
    }

    fn offset(&mut self) -> Result<Offset, TimeError> {
        const EXPECTED: &str = "an offset such as Z or +01:00, or nothing more";
        if self.skip(b'Z') {
            return Ok(Offset::UTC);
        }
        let start = self.at;
        let sign = if self.skip(b'+') {
            1
        } else if self.skip(b'-') {
            -1
        } else {
            return Err(self.wrong_at(start, EXPECTED));
        };
        let hours = self.two((0, 23), "an offset's hours from 00 to 23")?;
        self.letter(b':', "a colon, then the offset's minutes")?;
        let minutes = self.two((0, 59), "an offset's minutes from 00 to 59")?;
        let size = i32::from(hours).saturating_mul(3600).saturating_add(i32::from(minutes).saturating_mul(60));
        Offset::from_seconds(size.saturating_mul(sign)).map_err(|_| self.wrong_at(start, EXPECTED))
    }
}
