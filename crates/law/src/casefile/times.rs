//! Times, lengths and dates as a case file writes them.
//!
//! Only the form is checked here. Whether a local time exists is known when the zone is, and is not asked here.

use super::limits::YEARS;
use super::problem::Code;
use super::words::Misformed;
use crate::time::{Day, Length, TimeError, When};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// What a moment may look like.
pub(super) const WHEN_FORMS: &str =
    "a date, or a date and time with or without offset, such as `2024-03-01`, `2024-03-01T10:15` or `2024-03-01T10:15:00Z`";
/// What a length may look like.
pub(super) const LENGTH_FORMS: &str = "a whole number and a unit, such as `72 hours`, `14 days` or `3 months`";
/// What a date may look like.
pub(super) const DATE_FORM: &str = "a date such as `2024-03-01`";
/// What a moment of recording may look like.
pub(super) const INSTANT_FORM: &str = "a date and time with its offset, such as `2024-03-01T11:00:00Z`";

/// What every length looks like to a schema.
pub(super) const LENGTH_PATTERN: &str = "^[1-9][0-9]* (minute|hour|day|week|month|year)s?$";
/// What every moment looks like to a schema.
pub(super) const WHEN_PATTERN: &str =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$";
/// What every moment of recording looks like to a schema.
pub(super) const INSTANT_PATTERN: &str =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$";

/// Reads a moment or a date.
pub(super) fn when(text: &str) -> Result<When, Misformed> {
    let when = When::parse(text).map_err(|error| misformed(Code::WrongTime, &error, WHEN_FORMS))?;
    near(when.written_day()).map(|()| when)
}

/// Reads a length.
pub(super) fn length(text: &str) -> Result<Length, Misformed> {
    text.parse().map_err(|error| misformed(Code::WrongLength, &error, LENGTH_FORMS))
}

/// Reads a date.
pub(super) fn date(text: &str) -> Result<Date, Misformed> {
    let Day(date) = text.parse().map_err(|error| misformed(Code::WrongDate, &error, DATE_FORM))?;
    near(date).map(|()| date)
}

/// Reads a moment of recording.
pub(super) fn instant(text: &str) -> Result<Timestamp, Misformed> {
    match When::parse(text) {
        // It is written back in universal time, so that is the date that counts.
        Ok(When::Instant { at, .. }) => near(Offset::UTC.to_datetime(at).date()).map(|()| at),
        Ok(When::Local(_) | When::Day(_)) => Err(Misformed::new(Code::WrongInstant, INSTANT_FORM)),
        Err(error) => Err(misformed(Code::WrongInstant, &error, INSTANT_FORM)),
    }
}

fn misformed(code: Code, error: &TimeError, forms: &str) -> Misformed {
    let expected = match error {
        // Without even a year, what was written is no time in any of the forms.
        TimeError::Unreadable { at: 1..=4, .. } => forms.to_owned(),
        TimeError::Unreadable { at, expected, .. } => format!("{forms}; here, at its character {at}, {expected}"),
        other => format!("{forms}; {other}"),
    };
    Misformed::new(code, expected)
}

fn near(date: Date) -> Result<(), Misformed> {
    if YEARS.contains(&date.year()) {
        return Ok(());
    }
    Err(Misformed::new(Code::FarDate, format!("a year from {} to {}", YEARS.start(), YEARS.end())))
}
