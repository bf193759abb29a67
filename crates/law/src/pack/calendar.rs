//! A pack's calendar tables as calendars that can be counted with.

use jiff::civil::Date;

use super::build::T;
use super::node::Node;
use super::problem::Problem;
use crate::time::{
    Calendar, CalendarRules, Covers, Day, DayRule, DeclaredDay, Fixed, FromEaster, HolidayRule, LastWeekday, MovedDay, NthWeekday,
    RemovedDay, UnlessFixed, WeekdayName,
};

/// Builds one calendar.
pub(super) fn build(node: &Node) -> Result<Calendar, Problem> {
    let table = T::of(node);
    let year = |key: &str| table.number(key).and_then(|year| i16::try_from(year).ok()).unwrap_or_default();
    let rules = CalendarRules {
        name: table.string("name").unwrap_or_default(),
        weekend: table.texts("weekend").filter_map(weekday).collect(),
        covers: Covers { from: year("from_year"), until: year("until_year") },
        holidays: table.items("holidays").iter().map(holiday).collect::<Result<_, _>>()?,
        declared: table
            .items("declared")
            .iter()
            .map(|node| named_day(node, "on", |name, on, declared_on| DeclaredDay { name, on, declared_on }))
            .collect(),
        moved: table
            .items("moved")
            .iter()
            .map(|node| {
                let to = Day(T::of(node).date("to").unwrap_or(Date::ZERO));
                named_day(node, "from", |name, from, declared_on| MovedDay { name, from, to, declared_on })
            })
            .collect(),
        removed: table
            .items("removed")
            .iter()
            .map(|node| named_day(node, "on", |name, on, declared_on| RemovedDay { name, on, declared_on }))
            .collect(),
    };
    Calendar::build(rules).map_err(|error| Problem::new(node.place.clone(), error.to_string()))
}

fn named_day<D>(node: &Node, key: &str, make: impl Fn(String, Day, Option<Day>) -> D) -> D {
    let table = T::of(node);
    make(table.string("name").unwrap_or_default(), Day(table.date(key).unwrap_or(Date::ZERO)), table.date("declared_on").map(Day))
}

fn holiday(node: &Node) -> Result<HolidayRule, Problem> {
    let table = T::of(node);
    let small = |key: &str| table.number(key).and_then(|number| i8::try_from(number).ok());
    let by_weekday = || table.text("weekday").and_then(weekday).zip(small("month"));
    let missing = |what: &str| Problem::new(node.place.clone(), format!("this holiday lacks {what}"));
    let rules: Vec<DayRule> = [
        table.text("date").map(|date| fixed(date, &table).map(DayRule::Fixed).ok_or_else(|| missing("a date as MM-DD"))),
        small("nth").map(|nth| {
            let (weekday, month) = by_weekday().ok_or_else(|| missing("`weekday` and `month` beside `nth`"))?;
            let unless = small("unless_day").zip(table.text("unless_is").and_then(self::weekday)).map(|(day, is)| UnlessFixed { day, is });
            Ok(DayRule::Nth(NthWeekday { nth, weekday, month, unless }))
        }),
        (table.flag("last") == Some(true)).then(|| {
            let (weekday, month) = by_weekday().ok_or_else(|| missing("`weekday` and `month` beside `last`"))?;
            Ok(DayRule::Last(LastWeekday { weekday, month }))
        }),
        table.text("easter").map(|days| {
            let days = days.trim_start_matches('+').parse().map_err(|_| missing("a number of days such as -2 or +1 in `easter`"))?;
            Ok(DayRule::Easter(FromEaster { days }))
        }),
    ]
    .into_iter()
    .flatten()
    .collect::<Result<_, Problem>>()?;
    let mut rules = rules.into_iter();
    let (Some(on), None) = (rules.next(), rules.next()) else {
        return Err(Problem::new(node.place.clone(), "a holiday has exactly one of `date`, `nth`, `last`, `easter`"));
    };
    let year = |key: &str| table.number(key).and_then(|year| i16::try_from(year).ok());
    Ok(HolidayRule { name: table.string("name").unwrap_or_default(), on, from: year("from_year"), until: year("until_year") })
}

fn fixed(date: &str, table: &T<'_>) -> Option<Fixed> {
    let (month, day) = date.split_once('-')?;
    Some(Fixed {
        month: month.parse().ok()?,
        day: day.parse().ok()?,
        substitute_if: table.texts("substitute_if").filter_map(weekday).collect(),
    })
}

fn weekday(name: &str) -> Option<WeekdayName> {
    Some(match name {
        "monday" => WeekdayName::Monday,
        "tuesday" => WeekdayName::Tuesday,
        "wednesday" => WeekdayName::Wednesday,
        "thursday" => WeekdayName::Thursday,
        "friday" => WeekdayName::Friday,
        "saturday" => WeekdayName::Saturday,
        "sunday" => WeekdayName::Sunday,
        _ => return None,
    })
}
