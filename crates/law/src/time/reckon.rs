//! The arithmetic of days: from the day of a start event to the last day, and from a last day back to the first.
//!
//! Works on dates alone; zones and instants are the caller's. Deliberately absent: hours.

use jiff::Span;
use jiff::civil::Date;

use super::calendar::OpenDays;
use super::count::{Count, Roll};
use super::error::TimeError;
use super::period::{Period, Rolled, days_of, months_of};

/// A last day, and the roll that moved it.
pub(super) struct LastDay {
    pub(super) day: Date,
    pub(super) rolled: Option<Rolled>,
}

/// The last day of a period whose start event fell on this day.
pub(super) fn last_day(period: &Period, start: Date, days: Option<OpenDays<'_>>) -> Result<LastDay, TimeError> {
    let day = last_day_unrolled(period, start, days)?;
    let settled = LastDay { day, rolled: None };
    match period.roll() {
        Roll::None => Ok(settled),
        Roll::NextOpenDay => {
            let to = calendar(period, days)?.next_open(day)?;
            if to == day {
                return Ok(settled);
            }
            Ok(LastDay { day: to, rolled: Some(Rolled { from: day, to }) })
        }
    }
}

fn last_day_unrolled(period: &Period, start: Date, days: Option<OpenDays<'_>>) -> Result<Date, TimeError> {
    let n = days_of(period.length());
    match period.count() {
        Count::DaysIncl => plus_days(start, n.saturating_sub(1)),
        Count::DaysClear | Count::DaysExcl | Count::DaysFromNext | Count::WeeksAfter => plus_days(start, n),
        Count::DaysElapsed => plus_days(start, n.saturating_add(1)),
        Count::WorkingDaysIncl => nth_open(calendar(period, days)?, start, n),
        Count::WorkingDaysAfter => nth_open(calendar(period, days)?, next(start)?, n),
        Count::MonthsIncl | Count::YearsIncl => months_incl(start, months_of(period.length())),
        Count::MonthsAfter => months_incl(next(start)?, months_of(period.length())),
        Count::MonthsSameDay => plus_months(start, months_of(period.length())),
        Count::Hours | Count::EndOfDayOrHours | Count::WorkingDaysBefore | Count::DaysEnding | Count::MonthsEnding | Count::AsSoonAs => {
            Err(TimeError::CountHasNoEnd { count: period.count() })
        }
    }
}

/// The day counted back from this last day.
pub(super) fn first_day(period: &Period, last: Date, days: Option<OpenDays<'_>>) -> Result<Date, TimeError> {
    let n = days_of(period.length());
    match period.count() {
        Count::DaysEnding => plus_days(last, 1_i32.saturating_sub(n)),
        Count::DaysElapsed => plus_days(last, (-1_i32).saturating_sub(n)),
        Count::MonthsEnding => plus_months(next(last)?, months_of(period.length()).saturating_neg()),
        Count::WorkingDaysBefore => nth_open_before(calendar(period, days)?, last, n),
        Count::Hours
        | Count::DaysIncl
        | Count::DaysClear
        | Count::DaysExcl
        | Count::DaysFromNext
        | Count::WorkingDaysIncl
        | Count::WorkingDaysAfter
        | Count::WeeksAfter
        | Count::MonthsIncl
        | Count::MonthsAfter
        | Count::MonthsSameDay
        | Count::YearsIncl
        | Count::EndOfDayOrHours
        | Count::AsSoonAs => Err(TimeError::CountHasNoEnd { count: period.count() }),
    }
}

fn calendar<'a>(period: &Period, days: Option<OpenDays<'a>>) -> Result<OpenDays<'a>, TimeError> {
    days.ok_or(TimeError::CalendarNeeded { count: period.count() })
}

/// This day plus so many days.
pub(super) fn plus_days(day: Date, n: i32) -> Result<Date, TimeError> {
    Span::new().try_days(n).and_then(|span| day.checked_add(span)).map_err(|_| TimeError::TooFar)
}

/// The same-numbered day so many months on, or that month's last day where it has no such number.
pub(super) fn plus_months(day: Date, n: i32) -> Result<Date, TimeError> {
    Span::new().try_months(n).and_then(|span| day.checked_add(span)).map_err(|_| TimeError::TooFar)
}

/// The last day of so many months beginning with this day.
fn months_incl(start: Date, n: i32) -> Result<Date, TimeError> {
    let same_day = plus_months(start, n)?;
    if same_day.day() == start.day() {
        same_day.yesterday().map_err(|_| TimeError::TooFar)
    } else {
        // The month has no such day, so the period lasts to that month's last day.
        Ok(same_day)
    }
}

/// The day after this one.
pub(super) fn next(day: Date) -> Result<Date, TimeError> {
    day.tomorrow().map_err(|_| TimeError::TooFar)
}

/// The n-th open day from this day on, this day included. The calendar's cover bounds the walk.
fn nth_open(days: OpenDays<'_>, from: Date, n: i32) -> Result<Date, TimeError> {
    let mut day = days.next_open(from)?;
    for _ in 1..n {
        day = days.next_open(next(day)?)?;
    }
    Ok(day)
}

/// The n-th open day before this day, this day not included.
fn nth_open_before(days: OpenDays<'_>, before: Date, n: i32) -> Result<Date, TimeError> {
    let mut day = before;
    for _ in 0..n {
        day = days.last_open(day.yesterday().map_err(|_| TimeError::TooFar)?)?;
    }
    Ok(day)
}
