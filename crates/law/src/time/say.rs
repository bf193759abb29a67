//! Dates and instants in plain English: `Friday 1 March 2024`, `10:15 on Friday 1 March 2024`.
//!
//! Only the words of a derivation and of errors; pages and papers take theirs from the word lists.

use core::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::Offset;

use super::error::Suffix;
use super::moment::Moment;
use super::zone::Zone;

/// The weekday's English name, with a capital.
pub(super) fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    usize::try_from(month).ok().and_then(|m| m.checked_sub(1)).and_then(|m| NAMES.get(m)).copied().unwrap_or("?")
}

/// A date in words: `Friday 1 March 2024`.
pub fn say_date(date: Date) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(f, "{} {} {} {}", weekday_name(date.weekday()), date.day(), month_name(date.month()), date.year()))
}

/// A date in words without its weekday: `1 March 2024`.
pub fn say_date_only(date: Date) -> impl fmt::Display {
    fmt::from_fn(move |f| write!(f, "{} {} {}", date.day(), month_name(date.month()), date.year()))
}

/// An offset from universal time in words: `UTC+01:00`, or `UTC` alone.
pub fn say_offset(offset: Offset) -> impl fmt::Display {
    fmt::from_fn(move |f| if offset.seconds() == 0 { f.write_str("UTC") } else { write!(f, "UTC{}", Suffix(offset)) })
}

/// An instant in local words with its offset: `10:15 on Friday 1 March 2024 (UTC+01:00)`.
///
/// The last nanosecond of a day is said as `the end of Friday 1 March 2024`: an instant like that only ever stands
/// for a day of which no time is known.
pub fn say_instant(at: Timestamp, zone: &Zone) -> impl fmt::Display {
    let local = zone.local(at);
    let offset = zone.offset(at);
    fmt::from_fn(move |f| {
        if local.time() == Time::MAX {
            return write!(f, "the end of {}", say_date(local.date()));
        }
        write!(f, "{:02}:{:02}", local.hour(), local.minute())?;
        if local.second() != 0 || local.subsec_nanosecond() != 0 {
            write!(f, ":{:02}", local.second())?;
        }
        if local.subsec_nanosecond() != 0 {
            let digits = format!("{:09}", local.subsec_nanosecond());
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        write!(f, " on {} ({})", say_date(local.date()), say_offset(offset))
    })
}

/// A moment in words: an instant, `an unknown time on Friday 1 March 2024`, or an interval.
pub fn say_moment(moment: &Moment, zone: &Zone) -> impl fmt::Display {
    let whole_day = moment.day(zone).filter(|day| Moment::on_day(*day, zone).as_ref() == Ok(moment));
    fmt::from_fn(move |f| match whole_day {
        Some(day) => write!(f, "an unknown time on {}", say_date(day)),
        None if moment.is_exact() => write!(f, "{}", say_instant(moment.earliest(), zone)),
        None => write!(f, "an unknown time between {} and {}", say_instant(moment.earliest(), zone), say_instant(moment.latest(), zone)),
    })
}
