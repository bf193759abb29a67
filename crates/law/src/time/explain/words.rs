//! A derivation in plain English, as one sentence a person can check by hand.

use core::fmt;

use super::{ClockChange, DayCase, Derivation, LeftOut, SaidResult};
use crate::time::count::Count;
use crate::time::moment::Moment;
use crate::time::period::days_of;
use crate::time::say::{say_date, say_instant, say_moment};

impl fmt::Display for Derivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.label.is_empty() {
            write!(f, "from {}: ", self.label)?;
        }
        match self.cases.as_slice() {
            [] => self.say_instants(f),
            [case] => self.say_case(f, case),
            [first, others @ ..] => {
                write!(f, "if it was on {}: ", say_date(first.anchor))?;
                self.say_case(f, first)?;
                for case in others {
                    write!(f, "; if it was on {}: ", say_date(case.anchor))?;
                    self.say_case(f, case)?;
                }
                Ok(())
            }
        }
    }
}

impl Derivation {
    fn say_instants(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (earliest, latest) = match self.result {
            SaidResult::End { earliest, latest, .. } | SaidResult::Day { earliest, latest, .. } => (earliest, latest),
        };
        let from = Moment::between(self.from.earliest, self.from.latest).map_err(|_| fmt::Error)?;
        let from = say_moment(&from, &self.zone);
        match (self.rule, self.by_end_of_day) {
            (Count::EndOfDayOrHours, None) => {
                write!(f, "by the end of the day if it is at least {} away from {from}, otherwise within {}", self.length, self.length)?
            }
            (_, Some(true)) => write!(f, "by the end of the day, which is at least {} after {from}", self.length)?,
            (_, Some(false)) => write!(f, "{} from {from}, as the end of the day is nearer than that", self.length)?,
            (_, None) => write!(f, "{} from {from}", self.length)?,
        }
        if earliest == latest {
            write!(f, ": ends at {}", say_instant(earliest, &self.zone))?;
        } else {
            write!(f, ": ends between {} and {}", say_instant(earliest, &self.zone), say_instant(latest, &self.zone))?;
        }
        for change in &self.clock_changes {
            self.say_change(f, change)?;
        }
        Ok(())
    }

    fn say_change(&self, f: &mut fmt::Formatter<'_>, change: &ClockChange) -> fmt::Result {
        let way = if change.forward_minutes < 0 { "back" } else { "forward" };
        write!(f, "; the clocks go {way} {} minutes, to {}", change.forward_minutes.unsigned_abs(), say_instant(change.at, &self.zone))
    }

    fn say_case(&self, f: &mut fmt::Formatter<'_>, case: &DayCase) -> fmt::Result {
        let (length, n) = (self.length, days_of(self.length));
        let (anchor, one) = (say_date(case.anchor), say_date(case.day_one));
        let reached = say_date(case.reached);
        match self.rule {
            Count::DaysIncl => write!(f, "{length} beginning with {anchor} (day 1): day {n} is {reached}")?,
            Count::DaysClear => write!(
                f,
                "beginning with {anchor}, until {length} clear of it have passed: clear day 1 is {one}, clear day {n} is {reached}"
            )?,
            Count::DaysExcl => write!(f, "{length} after {anchor} (not counted): day 1 is {one}, day {n} is {reached}")?,
            Count::DaysFromNext => write!(f, "{length} counted from the day after {anchor}: day 1 is {one}, day {n} is {reached}")?,
            Count::WeeksAfter => write!(f, "{length} after {anchor}: the same weekday is {reached}, which is counted")?,
            Count::WorkingDaysIncl => {
                write!(f, "{n} working {} beginning with {anchor}: working day 1 is {one}, working day {n} is {reached}", plural(n))?
            }
            Count::WorkingDaysAfter => {
                write!(f, "{n} working {} after {anchor} (not counted): working day 1 is {one}, working day {n} is {reached}", plural(n))?
            }
            Count::WorkingDaysBefore => {
                write!(f, "at least {n} working {} before {anchor} (not counted): the last day in time is {reached}", plural(n))?
            }
            Count::MonthsIncl | Count::YearsIncl => {
                write!(f, "{length} beginning with {anchor}: ")?;
                self.say_months(f, case, case.anchor.day())?;
            }
            Count::MonthsAfter => {
                write!(f, "{length} after {anchor}, starting on {one}: ")?;
                self.say_months(f, case, case.day_one.day())?;
            }
            Count::MonthsSameDay if case.clamped => {
                write!(f, "{length} from {anchor}: that month has no day {}, so the last day is {reached}", case.anchor.day())?
            }
            Count::MonthsSameDay => write!(f, "{length} from {anchor}: the last day is the same-numbered {reached}")?,
            Count::DaysEnding => write!(f, "{length} ending with {anchor} (day {n}): day 1 is {reached}")?,
            Count::MonthsEnding => {
                write!(f, "{length} ending with {anchor}: the first day is {reached}")?;
                if case.clamped {
                    f.write_str(", its month's last day, as it has no day of the number looked for")?;
                }
            }
            Count::DaysElapsed => {
                write!(f, "not more than {length} between {anchor} and the other day, neither counted: the last day in time is {reached}")?
            }
            // These have no days to say.
            Count::Hours | Count::EndOfDayOrHours | Count::AsSoonAs => {}
        }
        say_left_out(f, case)?;
        self.say_end(f, case)
    }

    fn say_months(&self, f: &mut fmt::Formatter<'_>, case: &DayCase, number: i8) -> fmt::Result {
        let reached = say_date(case.reached);
        if case.clamped {
            write!(f, "that month has no day {number}, so the last day is {reached}")
        } else {
            write!(f, "the last day is {reached}, the day before the same-numbered day {} later", self.length)
        }
    }

    fn say_end(&self, f: &mut fmt::Formatter<'_>, case: &DayCase) -> fmt::Result {
        match self.result {
            SaidResult::Day { .. } if self.rule == Count::WorkingDaysBefore => f.write_str("; the time for it ends at the end of that day"),
            SaidResult::Day { .. } => f.write_str("; the window opens at the start of that day"),
            SaidResult::End { .. } if case.rolled_over.is_empty() => f.write_str("; ends at the end of that day"),
            SaidResult::End { .. } => {
                f.write_str("; closed on ")?;
                say_closed(f, &case.rolled_over)?;
                write!(f, ", so it moves to the next open day, {}; ends at the end of that day", say_date(case.day))
            }
        }
    }
}

fn plural(n: i32) -> &'static str {
    if n == 1 { "day" } else { "days" }
}

fn say_left_out(f: &mut fmt::Formatter<'_>, case: &DayCase) -> fmt::Result {
    if case.left_out.is_empty() {
        return Ok(());
    }
    f.write_str("; left out: ")?;
    say_closed(f, &case.left_out)?;
    let listed = u32::try_from(case.left_out.len()).unwrap_or(u32::MAX);
    let more = case.left_out_days.saturating_sub(listed);
    if more > 0 {
        write!(f, " and {more} more")?;
    }
    Ok(())
}

fn say_closed(f: &mut fmt::Formatter<'_>, days: &[LeftOut]) -> fmt::Result {
    for (i, closed) in days.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{} ({})", say_date(closed.day), closed.why)?;
    }
    Ok(())
}
