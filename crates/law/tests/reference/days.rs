//! Counting by walking: one day after another on jiff's civil dates, with zone look-ups for where a day begins.
//!
//! Shares nothing with the library's own counting. Slow on purpose; the longest count of a pack is some thousand steps.

use jiff::civil::{Date, Time, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use openward_law::time::{Calendar, CalendarRules, Count, DayRule, Length, Roll, Unit, When};

/// A point in time as far as it is known: from its first possible instant to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    /// First possible instant.
    pub(crate) first: Timestamp,
    /// Last possible instant.
    pub(crate) last: Timestamp,
}

impl Point {
    /// Known to the instant.
    pub(crate) fn at(at: Timestamp) -> Point {
        Point { first: at, last: at }
    }

    /// Whether the instant is known.
    pub(crate) fn exact(self) -> bool {
        self.first == self.last
    }

    /// Certainly before, certainly not, or not to be told.
    pub(crate) fn before(self, other: Point) -> Option<bool> {
        match (self.last < other.first, self.first >= other.last) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }

    /// Certainly not after, certainly after, or not to be told.
    pub(crate) fn by(self, other: Point) -> Option<bool> {
        match (self.last <= other.first, self.first > other.last) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

/// The days of a zone.
#[derive(Debug, Clone)]
pub(crate) struct Days {
    zone: TimeZone,
}

const NANO: SignedDuration = SignedDuration::from_nanos(1);

impl Days {
    /// Of the zone of this name.
    pub(crate) fn of(name: &str) -> Days {
        Days { zone: TimeZone::get(name).expect("a zone") }
    }

    /// The date on the wall.
    pub(crate) fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// The first instant of a day.
    pub(crate) fn start(&self, day: Date) -> Option<Timestamp> {
        day.to_datetime(Time::midnight()).to_zoned(self.zone.clone()).ok().map(|zoned| zoned.timestamp())
    }

    /// The first instant after a day.
    pub(crate) fn end(&self, day: Date) -> Option<Timestamp> {
        self.start(day.tomorrow().ok()?)
    }

    /// When something written happened; nothing where the clocks skipped or doubled it.
    pub(crate) fn point(&self, when: &When) -> Option<Point> {
        match when {
            When::Instant { at, .. } => Some(Point::at(*at)),
            When::Local(local) => self.zone.to_ambiguous_timestamp(*local).unambiguous().ok().map(Point::at),
            When::Day(day) => Some(Point { first: self.start(*day)?, last: self.end(*day)? - NANO }),
        }
    }

    /// When a period of a rule ends that begins at a point: the first instant after.
    pub(crate) fn after(&self, count: Count, length: Length, roll: Roll, from: Point, open: Option<&Calendar>) -> Option<Point> {
        let one = |at: Timestamp| -> Option<Timestamp> {
            let elapsed = match length.unit() {
                Unit::Minutes => SignedDuration::from_mins(length.n().into()),
                _ => SignedDuration::from_hours(length.n().into()),
            };
            match count {
                Count::Hours => at.checked_add(elapsed).ok(),
                Count::EndOfDayOrHours => Some(at.checked_add(elapsed).ok()?.max(self.end(self.day(at))?)),
                _ => {
                    let last = last_day(count, length, self.day(at), open)?;
                    let last = if roll == Roll::NextOpenDay { on_or_after(last, open?)? } else { last };
                    self.end(last)
                }
            }
        };
        Some(Point { first: one(from.first)?, last: one(from.last)? })
    }

    /// The day counted back from a point, from its first instant to the end of it: as two points, its start and its end.
    pub(crate) fn back(&self, count: Count, length: Length, from: Point, open: Option<&Calendar>) -> Option<(Point, Point)> {
        let one = |at: Timestamp| first_day(count, length, self.day(at), open);
        let (first, last) = (one(from.first)?, one(from.last)?);
        let starts = Point { first: self.start(first)?, last: self.start(last)? };
        Some((starts, Point { first: self.end(first)?, last: self.end(last)? }))
    }
}

fn steps(from: Date, n: i32) -> Option<Date> {
    (0..n).try_fold(from, |day, _| day.tomorrow().ok())
}

fn steps_back(from: Date, n: i32) -> Option<Date> {
    (0..n).try_fold(from, |day, _| day.yesterday().ok())
}

fn in_days(length: Length) -> i32 {
    i32::from(length.n()) * if length.unit() == Unit::Weeks { 7 } else { 1 }
}

fn in_months(length: Length) -> i32 {
    i32::from(length.n()) * if length.unit() == Unit::Years { 12 } else { 1 }
}

/// The first day of the month so many months on.
fn month_on(from: Date, months: i32) -> Option<Date> {
    let (mut day, mut passed) = (from, 0);
    while passed < months {
        day = day.tomorrow().ok()?;
        passed += i32::from(day.day() == 1);
    }
    Some(if months == 0 { date(from.year(), from.month(), 1) } else { day })
}

/// The day of that number in a month given by its first day, or its last day where it has none; and whether it has one.
fn numbered(first: Date, number: i8) -> Option<(Date, bool)> {
    let mut day = first;
    while day.day() < number {
        let next = day.tomorrow().ok()?;
        if next.month() != first.month() {
            return Some((day, false));
        }
        day = next;
    }
    Some((day, true))
}

/// The last day of a period that begins on a day.
fn last_day(count: Count, length: Length, from: Date, open: Option<&Calendar>) -> Option<Date> {
    let n = in_days(length);
    let months_incl = |from: Date| {
        let (day, there) = numbered(month_on(from, in_months(length))?, from.day())?;
        if there { day.yesterday().ok() } else { Some(day) }
    };
    match count {
        Count::DaysIncl => steps(from, n - 1),
        Count::DaysClear | Count::DaysExcl | Count::DaysFromNext => steps(from, n),
        Count::WeeksAfter => steps(from, n),
        Count::DaysElapsed => steps(from, n + 1),
        Count::MonthsIncl | Count::YearsIncl => months_incl(from),
        Count::MonthsAfter => months_incl(from.tomorrow().ok()?),
        Count::MonthsSameDay => numbered(month_on(from, in_months(length))?, from.day()).map(|(day, _)| day),
        Count::WorkingDaysIncl => nth_open(from, n, open?),
        Count::WorkingDaysAfter => nth_open(from.tomorrow().ok()?, n, open?),
        Count::Hours | Count::EndOfDayOrHours | Count::AsSoonAs => None,
        Count::WorkingDaysBefore | Count::DaysEnding | Count::MonthsEnding => None,
    }
}

/// The first day of a period that ends with a day.
fn first_day(count: Count, length: Length, last: Date, open: Option<&Calendar>) -> Option<Date> {
    let n = in_days(length);
    match count {
        Count::DaysEnding => steps_back(last, n - 1),
        Count::DaysElapsed => steps_back(last, n + 1),
        Count::MonthsEnding => {
            let after = last.tomorrow().ok()?;
            let mut first = date(after.year(), after.month(), 1);
            for _ in 0..in_months(length) {
                let before = first.yesterday().ok()?;
                first = date(before.year(), before.month(), 1);
            }
            numbered(first, after.day()).map(|(day, _)| day)
        }
        Count::WorkingDaysBefore => {
            let (mut day, mut found) = (last, 0);
            while found < n {
                day = day.yesterday().ok()?;
                found += i32::from(is_open(day, open?)?);
            }
            Some(day)
        }
        _ => None,
    }
}

fn nth_open(from: Date, n: i32, open: &Calendar) -> Option<Date> {
    let (mut day, mut found) = (from, 0);
    loop {
        found += i32::from(is_open(day, open)?);
        if found >= n {
            return Some(day);
        }
        day = day.tomorrow().ok()?;
    }
}

fn on_or_after(from: Date, open: &Calendar) -> Option<Date> {
    let mut day = from;
    while !is_open(day, open)? {
        day = day.tomorrow().ok()?;
    }
    Some(day)
}

/// Whether a day is neither a weekend day nor a holiday; nothing outside the years that the calendar speaks of.
fn is_open(day: Date, calendar: &Calendar) -> Option<bool> {
    let rules = calendar.rules();
    if day.year() < rules.covers.from || day.year() > rules.covers.until {
        return None;
    }
    let declared = rules.declared.iter().any(|declared| declared.on.0 == day) || rules.moved.iter().any(|moved| moved.to.0 == day);
    Some(!weekend(rules, day) && !declared && !yearly(rules, day))
}

fn weekend(rules: &CalendarRules, day: Date) -> bool {
    rules.weekend.iter().any(|name| name.weekday() == day.weekday())
}

/// Whether a yearly holiday, or the substitute of one, falls on a day, and is neither moved away nor left out.
fn yearly(rules: &CalendarRules, day: Date) -> bool {
    let away = |name: &str| {
        rules.moved.iter().any(|moved| moved.name == name && moved.from.0 == day)
            || rules.removed.iter().any(|removed| removed.name == name && removed.on.0 == day)
    };
    // A substitute lies at most a week after its date.
    let years = [day.year() - 1, day.year()];
    let held =
        |year: i16, from: Option<i16>, until: Option<i16>| from.is_none_or(|from| from <= year) && until.is_none_or(|until| year <= until);
    years.into_iter().any(|year| {
        let of_year = rules.holidays.iter().filter(|holiday| held(year, holiday.from, holiday.until));
        of_year.clone().any(|holiday| days_of(rules, &holiday.on, year).contains(&day) && !away(&holiday.name))
            || substitutes(rules, year).iter().any(|(name, on)| *on == day && !away(name))
    })
}

/// The day of a yearly holiday in a year, without substitutes.
fn days_of(_rules: &CalendarRules, rule: &DayRule, year: i16) -> Vec<Date> {
    let month_days = |month: i8| {
        let first = date(year, month, 1);
        (0..31).filter_map(move |n| steps(first, n)).take_while(move |day| day.month() == month).collect::<Vec<_>>()
    };
    let weekdays =
        |month: i8, weekday: Weekday| month_days(month).into_iter().filter(move |day| day.weekday() == weekday).collect::<Vec<_>>();
    let one = match rule {
        DayRule::Fixed(fixed) => month_days(fixed.month).into_iter().find(|day| day.day() == fixed.day),
        DayRule::Nth(nth) => {
            let other = nth.unless.as_ref().and_then(|unless| {
                month_days(nth.month).into_iter().find(|day| day.day() == unless.day && day.weekday() == unless.is.weekday())
            });
            other.or_else(|| weekdays(nth.month, nth.weekday.weekday()).get(usize::try_from(nth.nth - 1).ok()?).copied())
        }
        DayRule::Last(last) => weekdays(last.month, last.weekday.weekday()).last().copied(),
        DayRule::Easter(easter) => {
            let sunday = easter_sunday(year);
            if easter.days < 0 { steps_back(sunday, i32::from(-easter.days)) } else { steps(sunday, i32::from(easter.days)) }
        }
    };
    one.into_iter().collect()
}

/// Substitutes of a year: the next day that is neither a weekend day nor a yearly holiday nor another's substitute.
fn substitutes(rules: &CalendarRules, year: i16) -> Vec<(String, Date)> {
    let all: Vec<Date> = rules.holidays.iter().flat_map(|holiday| days_of(rules, &holiday.on, year)).collect();
    let next_year: Vec<Date> = rules.holidays.iter().flat_map(|holiday| days_of(rules, &holiday.on, year + 1)).collect();
    let mut given: Vec<(String, Date)> = Vec::new();
    let mut wanting: Vec<(&str, Date)> = Vec::new();
    for holiday in &rules.holidays {
        let DayRule::Fixed(fixed) = &holiday.on else { continue };
        let wants = |day: &Date| fixed.substitute_if.iter().any(|name| name.weekday() == day.weekday());
        wanting.extend(days_of(rules, &holiday.on, year).into_iter().filter(wants).map(|day| (holiday.name.as_str(), day)));
    }
    wanting.sort_by_key(|(_, day)| *day);
    for (name, day) in wanting {
        let mut on = day;
        while weekend(rules, on) || all.contains(&on) || next_year.contains(&on) || given.iter().any(|(_, known)| *known == on) {
            on = on.tomorrow().expect("a day in reach");
        }
        given.push((name.to_owned(), on));
    }
    given
}

/// Easter Sunday from the tables of the church: golden number, epact, then the Sunday after the full moon.
fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let golden = y % 19 + 1;
    let century = y / 100 + 1;
    let solar = 3 * century / 4 - 12;
    let lunar = (8 * century + 5) / 25 - 5;
    let mut epact = (11 * golden + 20 + lunar - solar).rem_euclid(30);
    if epact == 24 || (epact == 25 && golden > 11) {
        epact += 1;
    }
    let moon = if epact < 24 { 44 - epact } else { 74 - epact };
    // The moon's day counted from 1 March; then on to the next Sunday.
    let mut day = steps(date(year, 3, 1), moon - 1).expect("a day in reach").tomorrow().expect("a day in reach");
    while day.weekday() != Weekday::Sunday {
        day = day.tomorrow().expect("a day in reach");
    }
    day
}
