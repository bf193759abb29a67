//! A slow count, day by day, with a calendar of its own: nothing here uses the arithmetic it is compared with.

use jiff::civil::Date;

/// A date of the Gregorian calendar, counted by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slow {
    pub(super) year: i32,
    pub(super) month: u32,
    pub(super) day: u32,
}

fn month_days(year: i32, month: u32) -> u32 {
    let leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

impl Slow {
    pub(super) fn of(date: Date) -> Self {
        Self { year: date.year().into(), month: u32::try_from(date.month()).unwrap(), day: u32::try_from(date.day()).unwrap() }
    }

    pub(super) fn next(self) -> Self {
        if self.day < month_days(self.year, self.month) {
            return Self { day: self.day + 1, ..self };
        }
        if self.month < 12 {
            return Self { month: self.month + 1, day: 1, ..self };
        }
        Self { year: self.year + 1, month: 1, day: 1 }
    }

    pub(super) fn previous(self) -> Self {
        if self.day > 1 {
            return Self { day: self.day - 1, ..self };
        }
        let (year, month) = if self.month > 1 { (self.year, self.month - 1) } else { (self.year - 1, 12) };
        Self { year, month, day: month_days(year, month) }
    }

    /// 0 is Saturday; found by walking from Saturday 2 January 2016.
    pub(super) fn weekday(self) -> u32 {
        let mut at = Self { year: 2016, month: 1, day: 2 };
        let mut weekday = 0;
        while at < self {
            at = at.next();
            weekday = (weekday + 1) % 7;
        }
        while at > self {
            at = at.previous();
            weekday = (weekday + 6) % 7;
        }
        weekday
    }

    pub(super) fn is_weekend(self) -> bool {
        self.weekday() < 2
    }
}

/// The day reached by taking so many steps forward.
pub(super) fn steps_on(from: Slow, n: u32) -> Slow {
    (0..n).fold(from, |at, _| at.next())
}

/// The day reached by taking so many steps back.
pub(super) fn steps_back(from: Slow, n: u32) -> Slow {
    (0..n).fold(from, |at, _| at.previous())
}

/// n days beginning with a day: tick them off one by one.
pub(super) fn days_incl(from: Slow, n: u32) -> Slow {
    let mut at = from;
    let mut ticked = 1;
    while ticked < n {
        at = at.next();
        ticked += 1;
    }
    at
}

/// n months beginning with a day: walk to the month n months on, then to the day before the same number or the month's end.
pub(super) fn months_incl(from: Slow, n: u32) -> Slow {
    let mut at = from;
    let mut months = 0;
    while months < n {
        let before = at;
        at = at.next();
        if at.month != before.month {
            months += 1;
        }
    }
    let month = at.month;
    let mut before = at.previous();
    while at.month == month && at.day != from.day {
        before = at;
        at = at.next();
    }
    before
}

/// The same-numbered day n months on, or the last day walked in that month.
pub(super) fn months_same_day(from: Slow, n: u32) -> Slow {
    let end = months_incl(from, n);
    if end.next().day == from.day { end.next() } else { end }
}

/// The first day of n months ending with a day: walk back n months from the day after it.
pub(super) fn months_ending(last: Slow, n: u32) -> Slow {
    let after = last.next();
    let mut at = after;
    let mut months = 0;
    while months < n {
        let before = at;
        at = at.previous();
        if at.month != before.month {
            months += 1;
        }
    }
    // At the last day of the month looked for: walk on back to the number, or stay if it has none.
    while at.day > after.day {
        at = at.previous();
    }
    at
}

/// The n-th open day from a day on.
pub(super) fn working_days(from: Slow, n: u32, open: impl Fn(Slow) -> bool) -> Slow {
    let mut at = from;
    let mut found = 0;
    loop {
        if open(at) {
            found += 1;
        }
        if found == n {
            return at;
        }
        at = at.next();
    }
}

/// The n-th open day before a day.
pub(super) fn working_days_before(from: Slow, n: u32, open: impl Fn(Slow) -> bool) -> Slow {
    let mut at = from;
    let mut found = 0;
    while found < n {
        at = at.previous();
        if open(at) {
            found += 1;
        }
    }
    at
}
