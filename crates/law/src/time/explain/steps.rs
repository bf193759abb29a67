//! The steps of one count in days: which day is day 1, what was left out, what the roll passed over.

use jiff::civil::Date;

use super::{DayCase, LeftOut};
use crate::time::calendar::OpenDays;
use crate::time::count::{Count, Direction, Roll};
use crate::time::error::TimeError;
use crate::time::period::Period;
use crate::time::reckon::{self, next};

/// No case lists more left-out days; it counts them all.
const LEFT_OUT_MAX: usize = 31;

/// The steps from one day.
pub(super) fn day_case(period: &Period, anchor: Date, days: Option<OpenDays<'_>>) -> Result<DayCase, TimeError> {
    let (reached, day) = match period.count().direction() {
        Direction::Backward => {
            let day = reckon::first_day(period, anchor, days)?;
            (day, day)
        }
        Direction::Forward | Direction::Both | Direction::Neither => {
            let last = reckon::last_day(period, anchor, days)?;
            (last.rolled.map_or(last.day, |rolled| rolled.from), last.day)
        }
    };
    let mut left_out = Vec::new();
    let mut left_out_days: u32 = 0;
    if period.count().needs_calendar()
        && let Some(days) = days
    {
        let (from, until) = walked(period.count(), anchor, reached)?;
        for closed in closed_days(days, from, until) {
            let closed = closed?;
            left_out_days = left_out_days.saturating_add(1);
            if left_out.len() < LEFT_OUT_MAX {
                left_out.push(closed);
            }
        }
    }
    let rolled_over = match (period.roll(), days) {
        (Roll::NextOpenDay, Some(days)) if reached != day => closed_days(days, reached, day).collect::<Result<_, _>>()?,
        (Roll::NextOpenDay | Roll::None, _) => Vec::new(),
    };
    Ok(DayCase {
        anchor,
        day_one: day_one(period.count(), anchor, reached, days)?,
        reached,
        clamped: clamped(period.count(), anchor, reached)?,
        left_out,
        left_out_days,
        rolled_over,
        day,
    })
}

/// The stretch of days a rule of working days walked over, both ends included.
fn walked(count: Count, anchor: Date, reached: Date) -> Result<(Date, Date), TimeError> {
    match count.direction() {
        Direction::Backward => Ok((reached, previous(anchor)?)),
        Direction::Forward | Direction::Both | Direction::Neither => {
            if count == Count::WorkingDaysAfter {
                Ok((next(anchor)?, reached))
            } else {
                Ok((anchor, reached))
            }
        }
    }
}

fn closed_days<'a>(days: OpenDays<'a>, from: Date, until: Date) -> impl Iterator<Item = Result<LeftOut, TimeError>> + 'a {
    from.series(jiff::Span::new().days(1)).take_while(move |day| *day <= until).filter_map(move |day| match days.closed(day) {
        Ok(None) => None,
        Ok(Some(closed)) => Some(Ok(LeftOut { day, why: closed.to_string() })),
        Err(error) => Some(Err(error)),
    })
}

fn day_one(count: Count, anchor: Date, reached: Date, days: Option<OpenDays<'_>>) -> Result<Date, TimeError> {
    match count {
        Count::DaysIncl | Count::MonthsIncl | Count::YearsIncl => Ok(anchor),
        Count::DaysClear
        | Count::DaysExcl
        | Count::DaysFromNext
        | Count::WeeksAfter
        | Count::MonthsAfter
        | Count::MonthsSameDay
        | Count::DaysElapsed => next(anchor),
        Count::WorkingDaysIncl => open_from(days, anchor, Count::WorkingDaysIncl),
        Count::WorkingDaysAfter => open_from(days, next(anchor)?, Count::WorkingDaysAfter),
        Count::WorkingDaysBefore => {
            let days = days.ok_or(TimeError::CalendarNeeded { count })?;
            days.last_open(previous(anchor)?)
        }
        Count::DaysEnding | Count::MonthsEnding => Ok(reached),
        Count::Hours | Count::EndOfDayOrHours | Count::AsSoonAs => Err(TimeError::CountHasNoEnd { count }),
    }
}

fn open_from(days: Option<OpenDays<'_>>, from: Date, count: Count) -> Result<Date, TimeError> {
    days.ok_or(TimeError::CalendarNeeded { count })?.next_open(from)
}

fn previous(day: Date) -> Result<Date, TimeError> {
    day.yesterday().map_err(|_| TimeError::TooFar)
}

/// Whether the month reached has no day of the number looked for.
fn clamped(count: Count, anchor: Date, reached: Date) -> Result<bool, TimeError> {
    match count {
        // The last day is the one before the same-numbered day, unless there was none.
        Count::MonthsIncl | Count::YearsIncl => Ok(next(reached)?.day() != anchor.day()),
        Count::MonthsAfter => Ok(next(reached)?.day() != next(anchor)?.day()),
        Count::MonthsSameDay => Ok(reached.day() != anchor.day()),
        Count::MonthsEnding => Ok(reached.day() != next(anchor)?.day()),
        Count::Hours
        | Count::DaysIncl
        | Count::DaysClear
        | Count::DaysExcl
        | Count::DaysFromNext
        | Count::WorkingDaysIncl
        | Count::WorkingDaysAfter
        | Count::WorkingDaysBefore
        | Count::WeeksAfter
        | Count::DaysEnding
        | Count::DaysElapsed
        | Count::EndOfDayOrHours
        | Count::AsSoonAs => Ok(false),
    }
}
