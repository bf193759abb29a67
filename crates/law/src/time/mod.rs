//! Time as the law counts it: when something happened, how long a period lasts, which day is the last.
//!
//! Here live zones, moments, lengths, counting rules, calendars and the explanation of a date.
//! Deliberately absent: the clock (every instant comes in as an argument), the system's zones (the zone
//! data are compiled in), any number of days, any country's holidays: all these are data of a law pack.
//!
//! Reading order: [`Zone`] and [`Moment`], [`When`], [`Length`] and [`Count`], [`Calendar`], [`Period`],
//! [`Gap`], [`Derivation`].
//!
//! Three ideas hold it together:
//!
//! - A fact with a date and no time is an interval, never a guess; comparing two intervals may give no answer.
//! - Hours are elapsed hours. Days are local days and end at 24:00; a day may have 23 or 25 hours.
//! - Nothing rolls to the next open day unless the law says so, because most periods run against a person.

mod calendar;
mod count;
mod error;
mod explain;
mod gap;
mod length;
mod moment;
mod period;
mod reckon;
mod say;
#[cfg(test)]
mod tests;
mod when;
mod wire;
mod zone;

pub use calendar::{
    Calendar, CalendarRules, Closed, Covers, DayRule, DeclaredDay, Fixed, FromEaster, HolidayRule, LastWeekday, MovedDay, NthWeekday,
    OpenDays, RemovedDay, UnlessFixed, WeekdayName,
};
pub use count::{Count, Direction, Roll};
pub use error::TimeError;
pub use explain::{ClockChange, DayCase, Derivation, LeftOut, SaidMoment, SaidResult};
pub use gap::Gap;
pub use length::{LENGTH_MAX, Length, Unit};
pub use moment::Moment;
pub use period::{Back, Period, Reckoned, Rolled};
pub use say::{say_date, say_date_only, say_instant, say_moment, say_offset};
pub use when::When;
pub use wire::Day;
pub use zone::Zone;
