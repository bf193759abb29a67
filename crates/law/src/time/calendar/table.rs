//! Works a calendar's rules out into a sorted table of holidays, each with the days between which it was known.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::{Date, Weekday};

use super::easter::easter_sunday;
use super::rules::{CalendarRules, DayRule, Fixed, HolidayRule, NthWeekday, WeekdayName};
use crate::time::error::TimeError;
use crate::time::wire::Day;

/// No calendar covers more years: the table stays small and every walk over it short.
const YEARS_MAX: i32 = 500;

/// One holiday of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holiday {
    pub(super) day: Date,
    pub(super) name: Arc<str>,
    /// Known from this day on; none means always.
    known_from: Option<Date>,
    /// No longer a holiday from this day of knowledge on.
    known_until: Until,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// It stands.
    Stands,
    /// It was taken away, and that was known from this day on; none means always.
    Removed(Option<Date>),
}

impl Holiday {
    fn new(day: Date, name: &str, known_from: Option<Day>) -> Self {
        Self { day, name: Arc::from(name), known_from: known_from.map(|day| day.0), known_until: Until::Stands }
    }

    /// Whether it is a holiday to one who knows what was known on that day; `None` knows all.
    pub(super) fn is_known_on(&self, known_on: Option<Date>) -> bool {
        let Some(on) = known_on else {
            return self.known_until == Until::Stands;
        };
        let declared = self.known_from.is_none_or(|from| from <= on);
        let removed = match self.known_until {
            Until::Stands => false,
            Until::Removed(from) => from.is_none_or(|from| from <= on),
        };
        declared && !removed
    }
}

/// The table of all holidays in the years covered.
pub(super) fn work_out(rules: &CalendarRules) -> Result<Vec<Holiday>, TimeError> {
    check(rules)?;
    let yearly = yearly_days(rules);
    let mut holidays: Vec<Holiday> = yearly.iter().map(|(day, rule)| Holiday::new(*day, &rule.name, None)).collect();
    holidays.extend(substitutes(rules, &yearly)?);
    for moved in &rules.moved {
        remove(&mut holidays, &moved.name, moved.from, moved.declared_on)?;
        holidays.push(Holiday::new(moved.to.0, &moved.name, moved.declared_on));
    }
    for removed in &rules.removed {
        remove(&mut holidays, &removed.name, removed.on, removed.declared_on)?;
    }
    for declared in &rules.declared {
        holidays.push(Holiday::new(declared.on.0, &declared.name, declared.declared_on));
    }
    holidays.retain(|holiday| rules.covers.holds(holiday.day));
    // Stable: of two holidays on one day the one written first names it.
    holidays.sort_by_key(|holiday| holiday.day);
    Ok(holidays)
}

fn fault(at: &str, why: &'static str) -> TimeError {
    TimeError::CalendarFault { at: at.to_owned(), why }
}

fn check(rules: &CalendarRules) -> Result<(), TimeError> {
    let (from, until) = (i32::from(rules.covers.from), i32::from(rules.covers.until));
    if from < 1 || until > 9998 || until < from {
        return Err(fault("covers", "write a first and a last year, in order"));
    }
    if until.saturating_sub(from) >= YEARS_MAX {
        return Err(fault("covers", "a calendar covers at most 500 years"));
    }
    let all_closed = [
        WeekdayName::Monday,
        WeekdayName::Tuesday,
        WeekdayName::Wednesday,
        WeekdayName::Thursday,
        WeekdayName::Friday,
        WeekdayName::Saturday,
        WeekdayName::Sunday,
    ]
    .into_iter()
    .all(|name| rules.is_weekend(name.weekday()));
    if all_closed {
        return Err(fault("weekend", "at least one weekday must be open"));
    }
    rules.holidays.iter().try_for_each(check_holiday)
}

fn check_holiday(rule: &HolidayRule) -> Result<(), TimeError> {
    let wrong = |why| Err(fault(&rule.name, why));
    if let (Some(from), Some(until)) = (rule.from, rule.until)
        && until < from
    {
        return wrong("its last year is before its first");
    }
    match &rule.on {
        // 2024 is a leap year, so that 29 February may be written.
        DayRule::Fixed(fixed) if Date::new(2024, fixed.month, fixed.day).is_err() => wrong("that date does not exist"),
        DayRule::Nth(nth) if !(1..=4).contains(&nth.nth) => wrong("nth is 1 to 4; for the last of a month write last"),
        DayRule::Nth(NthWeekday { month, .. }) if !(1..=12).contains(month) => wrong("a month is 1 to 12"),
        DayRule::Nth(NthWeekday { month, unless: Some(unless), .. }) if Date::new(2024, *month, unless.day).is_err() => {
            wrong("that date does not exist")
        }
        DayRule::Last(last) if !(1..=12).contains(&last.month) => wrong("a month is 1 to 12"),
        DayRule::Easter(easter) if !(-90..=250).contains(&easter.days) => {
            wrong("a day counted from Easter lies in the same year: -90 to 250")
        }
        DayRule::Fixed(_) | DayRule::Nth(_) | DayRule::Last(_) | DayRule::Easter(_) => Ok(()),
    }
}

/// Every yearly holiday with its rule, in order of days; one year more at each end, as a substitute may cross it.
fn yearly_days(rules: &CalendarRules) -> Vec<(Date, &HolidayRule)> {
    let first = rules.covers.from.saturating_sub(1);
    let last = rules.covers.until.saturating_add(1);
    let mut days: Vec<(Date, &HolidayRule)> = (first..=last)
        .flat_map(|year| {
            rules
                .holidays
                .iter()
                .filter(move |rule| rule.from.is_none_or(|from| from <= year) && rule.until.is_none_or(|until| year <= until))
                .filter_map(move |rule| day_of(&rule.on, year).map(|day| (day, rule)))
        })
        .collect();
    days.sort_by_key(|(day, _)| *day);
    days
}

fn day_of(rule: &DayRule, year: i16) -> Option<Date> {
    match rule {
        DayRule::Fixed(fixed) => Date::new(year, fixed.month, fixed.day).ok(),
        DayRule::Nth(nth) => {
            let instead = nth
                .unless
                .as_ref()
                .and_then(|unless| Date::new(year, nth.month, unless.day).ok().filter(|day| day.weekday() == unless.is.weekday()));
            instead.or_else(|| nth_weekday(year, nth.month, nth.nth, nth.weekday.weekday()))
        }
        DayRule::Last(last) => nth_weekday(year, last.month, -1, last.weekday.weekday()),
        DayRule::Easter(easter) => easter_sunday(year)?.checked_add(jiff::Span::new().try_days(easter.days).ok()?).ok(),
    }
}

fn nth_weekday(year: i16, month: i8, nth: i8, weekday: Weekday) -> Option<Date> {
    Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
}

/// The substitute days: for each date that falls on a weekday that gives one, the next day that is neither a weekend
/// day, nor a yearly holiday, nor already a substitute. Earlier dates choose first.
fn substitutes(rules: &CalendarRules, yearly: &[(Date, &HolidayRule)]) -> Result<Vec<Holiday>, TimeError> {
    let mut taken: BTreeSet<Date> = yearly.iter().map(|(day, _)| *day).collect();
    let mut found = Vec::new();
    for (day, rule) in yearly {
        let DayRule::Fixed(Fixed { substitute_if, .. }) = &rule.on else {
            continue;
        };
        let weekday = day.weekday();
        if !substitute_if.iter().any(|name| name.weekday() == weekday) {
            continue;
        }
        let substitute =
            free_day_after(*day, rules, &taken).ok_or_else(|| fault(&rule.name, "no free day within a month to stand in for it"))?;
        taken.insert(substitute);
        let name = format!("{} (substitute day)", rule.name);
        found.push(Holiday::new(substitute, &name, None));
    }
    Ok(found)
}

fn free_day_after(day: Date, rules: &CalendarRules, taken: &BTreeSet<Date>) -> Option<Date> {
    let mut candidate = day;
    // A month is far more than any run of holidays and weekends.
    for _ in 0..31 {
        candidate = candidate.tomorrow().ok()?;
        if !rules.is_weekend(candidate.weekday()) && !taken.contains(&candidate) {
            return Some(candidate);
        }
    }
    None
}

fn remove(holidays: &mut [Holiday], name: &str, on: Day, declared_on: Option<Day>) -> Result<(), TimeError> {
    let holiday = holidays
        .iter_mut()
        .find(|holiday| holiday.day == on.0 && &*holiday.name == name && holiday.known_until == Until::Stands)
        .ok_or_else(|| fault(name, "no holiday of that name stands on that day in the years covered"))?;
    holiday.known_until = Until::Removed(declared_on.map(|day| day.0));
    Ok(())
}
