//! The counting rules: every way in which a law turns a start and a length into a day or an instant.
//!
//! Only the rules and their names; [`Period`](super::Period) does the counting. Deliberately absent: which law uses
//! which rule (a pack says so) and composite ends such as "the earlier of" (the pack combines two periods).

use core::fmt;

use serde::{Deserialize, Serialize};

use super::length::Unit;

/// A way of counting. In what follows D is the local day of the start event and L the day a window ends on.
///
/// # Counts
/// Each rule says which day is counted first. Rules that end on a day end at 24:00 of that local day.
///
/// # Unknowns
/// A start known only as an interval gives an interval, unless every start in it gives the same end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Count {
    /// `hours`: n elapsed hours or minutes from the instant, whatever the clocks do; ends at that instant.
    Hours,
    /// `days-incl`: n days beginning with D. D is day 1; the last day is D + n - 1.
    DaysIncl,
    /// `days-clear`: begins with D and ends when n clear days have passed after it. D + 1 is clear day 1; the last day is D + n.
    DaysClear,
    /// `days-excl`: n days from or after D. D is left out, D + 1 is day 1; the last day is D + n.
    DaysExcl,
    /// `days-from-next`: n days counted from the day after D, which is day 1; the last day is D + n. The arithmetic of
    /// `days-excl`, kept apart because the law says it in other words and adds its own roll.
    DaysFromNext,
    /// `working-days-incl`: n working days beginning with D. Each day that is not open is left out, D itself as well; the
    /// last day is the n-th open day. For "beginning with the expiry" D is the day after the last day of the other period.
    WorkingDaysIncl,
    /// `working-days-after`: n working days after D. D is left out; the last day is the n-th open day after it.
    WorkingDaysAfter,
    /// `working-days-before`: at least n working days before L. L is left out; the answer is the n-th open day before it,
    /// the last day on which the act is still in time. (If a law means n *clear* working days, the day is one open day
    /// earlier: the pack writes n + 1 and says why.)
    WorkingDaysBefore,
    /// `weeks-after`: n weeks after D: the last day is the same weekday n weeks later.
    WeeksAfter,
    /// `months-incl`: n months beginning with D. The last day is the day before the same-numbered day n months later; where
    /// that month has no such day, it is that month's last day. Years are twelve months each.
    MonthsIncl,
    /// `months-after`: n months after D, starting on the next day: as `months-incl` from D + 1.
    MonthsAfter,
    /// `months-same-day`: n months from D, ending with the same-numbered day (the corresponding date); where that month has
    /// no such day, with its last day.
    MonthsSameDay,
    /// `years-incl`: n years beginning with D, as `months-incl` with twelve months a year.
    YearsIncl,
    /// `days-ending`: the window of n days ending with L, which is day n. The answer is the first day, L - n + 1.
    DaysEnding,
    /// `months-ending`: the window of n months ending with L. The answer is the first day: the day after L, n months
    /// earlier; where that month has no such day, its last day (the wider window).
    MonthsEnding,
    /// `days-elapsed`: not more than n days have elapsed between two days, neither of them counted. 1 March and 7 March
    /// have five days between them. Forwards the answer is the last day at the limit, D + n + 1; backwards the first,
    /// D - n - 1. [`Gap`](super::Gap) measures two days that are both known.
    DaysElapsed,
    /// `end-of-day-or-hours`: by the end of the local day if that is at least n hours away, otherwise within n hours.
    EndOfDayOrHours,
    /// `as-soon-as`: as soon as practicable, forthwith, at once. There is no date to compute.
    AsSoonAs,
}

/// Which way a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From a start to an end.
    Forward,
    /// From a last day back to a first one.
    Backward,
    /// Either way, from one day to the furthest other.
    Both,
    /// Neither: there is no date.
    Neither,
}

const SHORT: &[Unit] = &[Unit::Hours, Unit::Minutes];
const DAYS: &[Unit] = &[Unit::Days, Unit::Weeks];
const WORKING: &[Unit] = &[Unit::Days];
const WEEKS: &[Unit] = &[Unit::Weeks];
const MONTHS: &[Unit] = &[Unit::Months, Unit::Years];
const YEARS: &[Unit] = &[Unit::Years];

impl Count {
    /// Whether the day of the start is left out. Counted from the end of another period, such a rule starts from that period's last
    /// day; one that begins with the day of its start begins with the day after.
    pub const fn leaves_out_the_first_day(self) -> bool {
        match self {
            Self::DaysClear
            | Self::DaysExcl
            | Self::DaysFromNext
            | Self::WorkingDaysAfter
            | Self::WeeksAfter
            | Self::MonthsAfter
            | Self::MonthsSameDay
            | Self::DaysElapsed => true,
            Self::Hours
            | Self::DaysIncl
            | Self::WorkingDaysIncl
            | Self::WorkingDaysBefore
            | Self::MonthsIncl
            | Self::YearsIncl
            | Self::DaysEnding
            | Self::MonthsEnding
            | Self::EndOfDayOrHours
            | Self::AsSoonAs => false,
        }
    }

    /// The rule by which a length in some unit is counted where a paper may say how long: this one, or one that begins with the day of
    /// the start like it. `None` where the law counts that unit in no such way.
    pub fn in_unit(self, unit: Unit) -> Option<Self> {
        if self.units().contains(&unit) {
            return Some(self);
        }
        match (self, unit) {
            (Self::MonthsIncl | Self::YearsIncl, Unit::Days | Unit::Weeks) => Some(Self::DaysIncl),
            (Self::DaysIncl | Self::YearsIncl, Unit::Months | Unit::Years) => Some(Self::MonthsIncl),
            _ => None,
        }
    }

    /// Every rule, in the order of this page.
    pub const ALL: [Self; 18] = [
        Self::Hours,
        Self::DaysIncl,
        Self::DaysClear,
        Self::DaysExcl,
        Self::DaysFromNext,
        Self::WorkingDaysIncl,
        Self::WorkingDaysAfter,
        Self::WorkingDaysBefore,
        Self::WeeksAfter,
        Self::MonthsIncl,
        Self::MonthsAfter,
        Self::MonthsSameDay,
        Self::YearsIncl,
        Self::DaysEnding,
        Self::MonthsEnding,
        Self::DaysElapsed,
        Self::EndOfDayOrHours,
        Self::AsSoonAs,
    ];

    /// The rule's name in a pack: `days-incl`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::DaysIncl => "days-incl",
            Self::DaysClear => "days-clear",
            Self::DaysExcl => "days-excl",
            Self::DaysFromNext => "days-from-next",
            Self::WorkingDaysIncl => "working-days-incl",
            Self::WorkingDaysAfter => "working-days-after",
            Self::WorkingDaysBefore => "working-days-before",
            Self::WeeksAfter => "weeks-after",
            Self::MonthsIncl => "months-incl",
            Self::MonthsAfter => "months-after",
            Self::MonthsSameDay => "months-same-day",
            Self::YearsIncl => "years-incl",
            Self::DaysEnding => "days-ending",
            Self::MonthsEnding => "months-ending",
            Self::DaysElapsed => "days-elapsed",
            Self::EndOfDayOrHours => "end-of-day-or-hours",
            Self::AsSoonAs => "as-soon-as",
        }
    }

    /// The rule of this name; `None` if there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|count| count.name() == name)
    }

    /// Which way the rule counts.
    pub const fn direction(self) -> Direction {
        match self {
            Self::Hours
            | Self::DaysIncl
            | Self::DaysClear
            | Self::DaysExcl
            | Self::DaysFromNext
            | Self::WorkingDaysIncl
            | Self::WorkingDaysAfter
            | Self::WeeksAfter
            | Self::MonthsIncl
            | Self::MonthsAfter
            | Self::MonthsSameDay
            | Self::YearsIncl
            | Self::EndOfDayOrHours => Direction::Forward,
            Self::WorkingDaysBefore | Self::DaysEnding | Self::MonthsEnding => Direction::Backward,
            Self::DaysElapsed => Direction::Both,
            Self::AsSoonAs => Direction::Neither,
        }
    }

    /// The units in which the rule can be given, the usual one first; none for `as-soon-as`.
    pub const fn units(self) -> &'static [Unit] {
        match self {
            Self::Hours | Self::EndOfDayOrHours => SHORT,
            Self::DaysIncl | Self::DaysClear | Self::DaysExcl | Self::DaysFromNext | Self::DaysEnding | Self::DaysElapsed => DAYS,
            Self::WorkingDaysIncl | Self::WorkingDaysAfter | Self::WorkingDaysBefore => WORKING,
            Self::WeeksAfter => WEEKS,
            Self::MonthsIncl | Self::MonthsAfter | Self::MonthsSameDay | Self::MonthsEnding => MONTHS,
            Self::YearsIncl => YEARS,
            Self::AsSoonAs => &[],
        }
    }

    /// Whether the rule leaves out closed days, so that it cannot count without a calendar.
    pub const fn needs_calendar(self) -> bool {
        matches!(self, Self::WorkingDaysIncl | Self::WorkingDaysAfter | Self::WorkingDaysBefore)
    }

    /// Whether the rule ends at an instant counted from the start's own instant, not at the end of a day.
    pub const fn ends_at_instant(self) -> bool {
        matches!(self, Self::Hours | Self::EndOfDayOrHours)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What happens when the last day is not open. Never assumed: a pack that says nothing gets [`Roll::None`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Roll {
    /// `none`: the last day stays, open or not.
    #[default]
    None,
    /// `next-open-day`: the last day moves to the next open day of the calendar.
    NextOpenDay,
}

impl Roll {
    /// Both.
    pub const ALL: [Self; 2] = [Self::None, Self::NextOpenDay];

    /// The name in a pack: `next-open-day`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::NextOpenDay => "next-open-day",
        }
    }

    /// The roll of this name; `None` if there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|roll| roll.name() == name)
    }
}

impl fmt::Display for Roll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
