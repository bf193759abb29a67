//! Instants, days, sections and lists in words.
//!
//! Deliberately absent: the names that a law gives to roles and papers (`names`).

use jiff::Timestamp;
use jiff::civil::Date;
use openward_law::time::{When, Zone, say_date, say_date_only, say_offset};

/// An instant of a standing, which always parses; if it ever did not, it is shown as it is.
fn read(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// How instants are said in one zone.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    pub(crate) zone: Zone,
}

impl Clock {
    /// `10:15 on Friday 1 March 2024`; with the offset on a day on which the clocks change.
    pub(crate) fn at(&self, text: &str) -> String {
        let Some(at) = read(text) else { return text.to_owned() };
        let day = say_date(self.zone.day_of(at));
        if self.is_last_moment(at) { format!("some time on {day}") } else { format!("{} on {day}", self.time(at)) }
    }

    /// Whether an instant is the last of its day: up to there an unknown time of day is waited for, and nothing happened at it.
    fn is_last_moment(&self, at: Timestamp) -> bool {
        let next = at.checked_add(jiff::SignedDuration::from_nanos(1));
        next.is_ok_and(|next| self.zone.day_of(next) != self.zone.day_of(at))
    }

    /// `Tuesday 3 June 2025` where an instant is the first of the day.
    pub(crate) fn day_that_begins(&self, text: &str) -> Option<Date> {
        let at = read(text)?;
        let day = self.zone.day_of(at);
        (self.zone.day_start(day).ok()? == at).then_some(day)
    }

    /// `10:15`; with the offset on a day on which the clocks change.
    pub(crate) fn time(&self, at: Timestamp) -> String {
        let local = self.zone.local(at);
        let seconds = if local.second() == 0 { String::new() } else { format!(":{:02}", local.second()) };
        let day = local.date();
        let bounds = self.zone.day_start(day).ok().zip(self.zone.day_end(day).ok());
        let changes = bounds.is_some_and(|(start, end)| self.zone.offset(start) != self.zone.offset(end));
        let offset = if changes { format!(" ({})", say_offset(self.zone.offset(at))) } else { String::new() };
        format!("{:02}:{:02}{seconds}{offset}", local.hour(), local.minute())
    }

    /// `the end of Thursday 28 March 2024` where an instant is the first of a day, else `10:15 on …`.
    pub(crate) fn end(&self, text: &str) -> String {
        let Some(at) = read(text) else { return text.to_owned() };
        match self.day_that_ends(at) {
            Some(day) => format!("the end of {}", say_date(day)),
            None => self.at(text),
        }
    }

    /// `end of 28 March 2024`, `1 March 2024, 10:15`: for a list.
    pub(crate) fn short(&self, text: &str) -> String {
        let Some(at) = read(text) else { return text.to_owned() };
        match self.day_that_ends(at) {
            Some(day) => format!("end of {}", say_date_only(day)),
            None if self.is_last_moment(at) => format!("some time on {}", self.day(text)),
            None => format!("{}, {}", self.day(text), self.time(at)),
        }
    }

    /// `until the end of Thursday 28 March 2024`, or until an act ends it.
    pub(crate) fn until(&self, text: Option<&str>) -> String {
        text.map_or_else(|| "until an act ends it".to_owned(), |text| format!("until {}", self.end(text)))
    }

    /// The day whose end an instant is, if it is one.
    fn day_that_ends(&self, at: Timestamp) -> Option<Date> {
        let day = self.zone.day_of(at);
        (self.zone.day_start(day).ok()? == at).then(|| day.yesterday().ok()).flatten()
    }

    /// `1 March 2024`.
    pub(crate) fn day(&self, text: &str) -> String {
        read(text).map_or_else(|| text.to_owned(), |at| say_date_only(self.zone.day_of(at)).to_string())
    }

    /// `Friday 1 March 2024`.
    pub(crate) fn weekday(&self, at: Timestamp) -> String {
        say_date(self.zone.day_of(at)).to_string()
    }

    /// An entry's time as it was written: `1 March 2024, 10:15`, or the date alone.
    pub(crate) fn written(&self, text: &str) -> String {
        match When::parse(text) {
            Ok(When::Day(day)) => format!("{} (time not known)", say_date_only(day)),
            Ok(When::Local(local)) => format!("{}, {:02}:{:02}", say_date_only(local.date()), local.hour(), local.minute()),
            Ok(When::Instant { at, .. }) => format!("{}, {}", say_date_only(self.zone.day_of(at)), self.time(at)),
            Err(_) => text.to_owned(),
        }
    }
}

/// A date as the law packs write it: `28 March 2024`.
pub(crate) fn date(text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), |day| say_date_only(day).to_string())
}

/// A section as it is cited: `s.2(4)`, `ss.2(4), 6(2)`; a citation that names its own statute stays as it is.
pub(crate) fn section(text: &str) -> String {
    let starts_plainly = |part: &str| {
        let part = part.trim_start();
        let digits = part.chars().take_while(char::is_ascii_digit).count();
        // Four digits and a space are the year of another Act.
        digits > 0 && !(digits == 4 && part.chars().nth(4) == Some(' '))
    };
    if text.is_empty() || !starts_plainly(text) {
        return text.to_owned();
    }
    let many = text.split(',').skip(1).any(starts_plainly);
    format!("{}{text}", if many { "ss." } else { "s." })
}

/// A paragraph of the UN Principles: `Principle 16(1)`, `Principles 16(1) and 20(3)`.
pub(crate) fn principle(paragraph: &str) -> String {
    let all: Vec<String> = paragraph.split(", ").map(str::to_owned).collect();
    format!("{} {}", if all.len() > 1 { "Principles" } else { "Principle" }, and(&all))
}

/// A word as it would be spoken: `saw-person` is `saw person`.
pub(crate) fn plain(word: &str) -> String {
    word.replace('-', " ")
}

/// What the register does not say of a person or place, named by the field.
pub(crate) fn of_the_person(field: &str) -> &str {
    match field {
        "born" => "when the person was born",
        "sex" => "the person's sex",
        "region" => "in which region the place lies",
        other => other,
    }
}

/// `1, 2 and 5`.
pub(crate) fn and(list: &[String]) -> String {
    joined(list, "and")
}

/// `the one or the other`.
pub(crate) fn or(list: &[String]) -> String {
    joined(list, "or")
}

fn joined(list: &[String], word: &str) -> String {
    match list {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// `duties`, `orders`.
pub(crate) fn plural(word: &str) -> String {
    word.strip_suffix('y').map_or_else(|| format!("{word}s"), |stem| format!("{stem}ies"))
}

/// `1 entry`, `3 entries`.
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// A length of time for people: `2 days 3 h`, `4 h 10 min`, `0`.
pub(crate) fn long(minutes: i64) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes % 1440 / 60, minutes % 60);
    let day = |n: i64| count(usize::try_from(n).unwrap_or(0), "day", "days");
    match (days, hours, rest) {
        (0, 0, 0) => "0".to_owned(),
        (0, 0, rest) => format!("{rest} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, rest) => format!("{hours} h {rest} min"),
        (days, 0, 0) => day(days),
        (days, 0, rest) => format!("{} {rest} min", day(days)),
        (days, hours, 0) => format!("{} {hours} h", day(days)),
        (days, hours, rest) => format!("{} {hours} h {rest} min", day(days)),
    }
}

/// The first letter made a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The text without a full stop at its end, so that one can be added.
pub(crate) fn unstopped(text: &str) -> &str {
    text.strip_suffix('.').unwrap_or(text)
}
