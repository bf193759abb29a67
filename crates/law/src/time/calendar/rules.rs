//! What a pack writes to describe a calendar: weekend days, holiday rules, and days declared, moved or removed.
//!
//! Every struct refuses fields it does not know. Deliberately absent: any date; the table works them out.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::time::wire::Day;

/// A calendar as a pack writes it.
///
/// ```toml
/// name = "Example bank holidays"
/// weekend = ["saturday", "sunday"]
/// covers = { from = 2010, until = 2040 }
///
/// [[holiday]]
/// name = "Christmas Day"
/// on = { fixed = { month = 12, day = 25, substitute-if = ["saturday", "sunday"] } }
///
/// [[holiday]]
/// name = "Good Friday"
/// on = { easter = { days = -2 } }
///
/// [[holiday]]
/// name = "Spring holiday"
/// on = { last = { weekday = "monday", month = 5 } }
///
/// [[moved]]
/// name = "Spring holiday"
/// from = 2022-05-30
/// to = 2022-06-02
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CalendarRules {
    /// What the calendar is called.
    pub name: String,
    /// The weekdays that are never open.
    pub weekend: Vec<WeekdayName>,
    /// The years it speaks of.
    pub covers: Covers,
    /// The holidays that come back each year.
    #[serde(default, rename = "holiday")]
    pub holidays: Vec<HolidayRule>,
    /// Single holidays declared by someone.
    #[serde(default)]
    pub declared: Vec<DeclaredDay>,
    /// Holidays moved to another day in one year.
    #[serde(default)]
    pub moved: Vec<MovedDay>,
    /// Holidays left out in one year.
    #[serde(default)]
    pub removed: Vec<RemovedDay>,
}

impl CalendarRules {
    /// Whether a weekday is never open.
    pub fn is_weekend(&self, weekday: Weekday) -> bool {
        self.weekend.iter().any(|name| name.weekday() == weekday)
    }
}

/// The years a calendar speaks of, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Covers {
    /// The first year.
    pub from: i16,
    /// The last year.
    pub until: i16,
}

impl Covers {
    /// Whether a day lies in these years.
    pub fn holds(&self, day: Date) -> bool {
        (self.from..=self.until).contains(&day.year())
    }
}

/// A holiday that comes back each year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HolidayRule {
    /// The holiday's name.
    pub name: String,
    /// How its day is found.
    pub on: DayRule,
    /// The first year it is held; none means ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i16>,
    /// The last year it is held; none means still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i16>,
}

/// How the day of a yearly holiday is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum DayRule {
    /// The same date each year.
    Fixed(Fixed),
    /// The first, second, third or fourth of a weekday in a month.
    Nth(NthWeekday),
    /// The last of a weekday in a month.
    Last(LastWeekday),
    /// So many days from Easter Sunday.
    Easter(FromEaster),
}

/// The same date each year, with a substitute day where the law gives one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fixed {
    /// The month, 1 to 12.
    pub month: i8,
    /// The day of the month. 29 February is held in leap years only.
    pub day: i8,
    /// The weekdays on which the date gets a substitute: the next day that is neither a weekend day nor itself a
    /// yearly holiday. None at all unless written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitute_if: Vec<WeekdayName>,
}

/// The n-th of a weekday in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NthWeekday {
    /// 1 to 4.
    pub nth: i8,
    /// The weekday.
    pub weekday: WeekdayName,
    /// The month, 1 to 12.
    pub month: i8,
    /// A date of that month that takes its place in the years in which it falls on a given weekday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless: Option<UnlessFixed>,
}

/// A date that takes the place of an n-th weekday when it falls on a given weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UnlessFixed {
    /// The day of the month.
    pub day: i8,
    /// The weekday it must fall on.
    pub is: WeekdayName,
}

/// The last of a weekday in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LastWeekday {
    /// The weekday.
    pub weekday: WeekdayName,
    /// The month, 1 to 12.
    pub month: i8,
}

/// So many days from Easter Sunday: -2 is Good Friday, 1 Easter Monday, 39 Ascension Day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FromEaster {
    /// The number of days; negative is before.
    pub days: i16,
}

/// A single holiday that someone declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeclaredDay {
    /// The holiday's name.
    pub name: String,
    /// The day itself.
    pub on: Day,
    /// The day from which it could be known; none means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_on: Option<Day>,
}

/// A holiday moved to another day in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MovedDay {
    /// The holiday's name, as its rule has it.
    pub name: String,
    /// The day it would have been.
    pub from: Day,
    /// The day it was.
    pub to: Day,
    /// The day from which it could be known; none means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_on: Option<Day>,
}

/// A holiday left out in one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RemovedDay {
    /// The holiday's name, as its rule has it.
    pub name: String,
    /// The day it would have been.
    pub on: Day,
    /// The day from which it could be known; none means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_on: Option<Day>,
}

/// A weekday as a pack writes it: `monday`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeekdayName {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl WeekdayName {
    /// The weekday.
    pub const fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }
}
