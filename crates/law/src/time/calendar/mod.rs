//! Calendars: which days an office is open.
//!
//! [`CalendarRules`] is what a pack writes; [`Calendar`] is the same, worked out day by day for the years it covers;
//! [`OpenDays`] is the calendar as someone knew it on a given day. Deliberately absent: any country's holidays.

mod easter;
mod rules;
mod table;

use core::fmt;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

pub use rules::{
    CalendarRules, Covers, DayRule, DeclaredDay, Fixed, FromEaster, HolidayRule, LastWeekday, MovedDay, NthWeekday, RemovedDay,
    UnlessFixed, WeekdayName,
};
use table::Holiday;

use super::error::TimeError;

/// A calendar worked out for the years it covers.
///
/// # Unknowns
/// Of a year outside its cover it says nothing: [`TimeError::CalendarSilent`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "CalendarRules")]
pub struct Calendar {
    rules: CalendarRules,
    // INVARIANT: sorted by day; of one day the first entry that is known names it.
    holidays: Vec<Holiday>,
}

impl Calendar {
    /// Works a calendar out from its rules.
    ///
    /// # Errors
    /// [`TimeError::CalendarFault`] where rules contradict themselves: no open weekday, a date that never exists,
    /// a removal of a day that is no holiday, too many years.
    pub fn build(rules: CalendarRules) -> Result<Self, TimeError> {
        let holidays = table::work_out(&rules)?;
        Ok(Self { rules, holidays })
    }

    /// The calendar's name.
    pub fn name(&self) -> &str {
        &self.rules.name
    }

    /// The rules it was worked out from.
    pub fn rules(&self) -> &CalendarRules {
        &self.rules
    }

    /// The calendar with all that was ever declared.
    pub fn days(&self) -> OpenDays<'_> {
        OpenDays { calendar: self, known_on: None }
    }

    /// The calendar as it was known on a day: a holiday declared later is still an ordinary day, one abolished later
    /// still a holiday. A declaration is known from its own day on.
    pub fn days_known_on(&self, known_on: Date) -> OpenDays<'_> {
        OpenDays { calendar: self, known_on: Some(known_on) }
    }

    /// Every holiday with its name, in order, as known with all that was ever declared; also those on weekends.
    pub fn holidays(&self) -> impl Iterator<Item = (Date, &str)> {
        self.holidays.iter().filter(|holiday| holiday.is_known_on(None)).map(|holiday| (holiday.day, &*holiday.name))
    }
}

impl TryFrom<CalendarRules> for Calendar {
    type Error = TimeError;

    fn try_from(rules: CalendarRules) -> Result<Self, TimeError> {
        Self::build(rules)
    }
}

/// Why a day is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed<'a> {
    /// A holiday of this name.
    Holiday(&'a str),
    /// A weekday on which the calendar is never open.
    Weekend(Weekday),
}

impl fmt::Display for Closed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holiday(name) => f.write_str(name),
            Self::Weekend(_) => f.write_str("weekend"),
        }
    }
}

/// A calendar seen with a given knowledge. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct OpenDays<'a> {
    calendar: &'a Calendar,
    known_on: Option<Date>,
}

impl<'a> OpenDays<'a> {
    /// Why this day is closed; `None` if it is open.
    ///
    /// # Errors
    /// [`TimeError::CalendarSilent`] outside the years covered.
    pub fn closed(&self, day: Date) -> Result<Option<Closed<'a>>, TimeError> {
        if !self.calendar.rules.covers.holds(day) {
            return Err(TimeError::CalendarSilent { day });
        }
        if let Some(name) = self.holiday(day) {
            return Ok(Some(Closed::Holiday(name)));
        }
        let weekday = day.weekday();
        let weekend = self.calendar.rules.is_weekend(weekday);
        Ok(weekend.then_some(Closed::Weekend(weekday)))
    }

    /// Whether this day is open: neither a weekend day nor a holiday.
    ///
    /// # Errors
    /// [`TimeError::CalendarSilent`] outside the years covered.
    pub fn open(&self, day: Date) -> Result<bool, TimeError> {
        self.closed(day).map(|closed| closed.is_none())
    }

    /// The first open day on or after this one.
    ///
    /// # Errors
    /// [`TimeError::CalendarSilent`] if the years covered end before an open day.
    pub fn next_open(&self, from: Date) -> Result<Date, TimeError> {
        let mut day = from;
        // Ends: every calendar has an open weekday, and outside its cover `open` fails.
        while !self.open(day)? {
            day = day.tomorrow().map_err(|_| TimeError::TooFar)?;
        }
        Ok(day)
    }

    /// The last open day on or before this one.
    ///
    /// # Errors
    /// [`TimeError::CalendarSilent`] if the years covered begin after an open day.
    pub fn last_open(&self, from: Date) -> Result<Date, TimeError> {
        let mut day = from;
        while !self.open(day)? {
            day = day.yesterday().map_err(|_| TimeError::TooFar)?;
        }
        Ok(day)
    }

    /// The name of the holiday on this day; `None` if it is none, or the calendar says nothing about it.
    pub fn name_of(&self, day: Date) -> Option<&'a str> {
        self.calendar.rules.covers.holds(day).then(|| self.holiday(day)).flatten()
    }

    fn holiday(&self, day: Date) -> Option<&'a str> {
        let from = self.calendar.holidays.partition_point(|h| h.day < day);
        self.calendar.holidays.iter().skip(from).take_while(|h| h.day == day).find(|h| h.is_known_on(self.known_on)).map(|h| &*h.name)
    }
}
