//! Calendars: the bank holidays of England and Wales and the public holidays of Ireland, against published lists.

use super::{day, last_day_in};
use crate::time::{Calendar, CalendarRules, Closed, Roll, TimeError};

const ENGLAND: &str = r#"
name = "England and Wales bank holidays"
weekend = ["saturday", "sunday"]
covers = { from = 2010, until = 2040 }

[[holiday]]
name = "New Year's Day"
on = { fixed = { month = 1, day = 1, substitute-if = ["saturday", "sunday"] } }
[[holiday]]
name = "Good Friday"
on = { easter = { days = -2 } }
[[holiday]]
name = "Easter Monday"
on = { easter = { days = 1 } }
[[holiday]]
name = "Early May bank holiday"
on = { nth = { nth = 1, weekday = "monday", month = 5 } }
[[holiday]]
name = "Spring bank holiday"
on = { last = { weekday = "monday", month = 5 } }
[[holiday]]
name = "Summer bank holiday"
on = { last = { weekday = "monday", month = 8 } }
[[holiday]]
name = "Christmas Day"
on = { fixed = { month = 12, day = 25, substitute-if = ["saturday", "sunday"] } }
[[holiday]]
name = "Boxing Day"
on = { fixed = { month = 12, day = 26, substitute-if = ["saturday", "sunday"] } }

[[moved]]
name = "Spring bank holiday"
from = 2012-05-28
to = 2012-06-04
[[moved]]
name = "Early May bank holiday"
from = 2020-05-04
to = 2020-05-08
declared-on = 2019-06-07
[[moved]]
name = "Spring bank holiday"
from = "2022-05-30"
to = "2022-06-02"

[[declared]]
name = "Royal wedding"
on = 2011-04-29
[[declared]]
name = "Diamond Jubilee"
on = 2012-06-05
[[declared]]
name = "Platinum Jubilee"
on = 2022-06-03
[[declared]]
name = "State Funeral"
on = 2022-09-19
declared-on = 2022-09-10
[[declared]]
name = "Coronation"
on = 2023-05-08
declared-on = 2022-11-06
"#;

const IRELAND: &str = r#"
name = "Ireland public holidays"
weekend = ["saturday", "sunday"]
covers = { from = 2020, until = 2040 }

[[holiday]]
name = "New Year's Day"
on = { fixed = { month = 1, day = 1 } }
[[holiday]]
name = "Saint Brigid's Day"
on = { nth = { nth = 1, weekday = "monday", month = 2, unless = { day = 1, is = "friday" } } }
from = 2023
[[holiday]]
name = "Saint Patrick's Day"
on = { fixed = { month = 3, day = 17 } }
[[holiday]]
name = "Easter Monday"
on = { easter = { days = 1 } }
[[holiday]]
name = "May holiday"
on = { nth = { nth = 1, weekday = "monday", month = 5 } }
[[holiday]]
name = "June holiday"
on = { nth = { nth = 1, weekday = "monday", month = 6 } }
[[holiday]]
name = "August holiday"
on = { nth = { nth = 1, weekday = "monday", month = 8 } }
[[holiday]]
name = "October holiday"
on = { last = { weekday = "monday", month = 10 } }
[[holiday]]
name = "Christmas Day"
on = { fixed = { month = 12, day = 25 } }
[[holiday]]
name = "Saint Stephen's Day"
on = { fixed = { month = 12, day = 26 } }

[[declared]]
name = "Day of Remembrance"
on = 2022-03-18
"#;

pub(super) fn england() -> Calendar {
    toml::from_str(ENGLAND).unwrap()
}

fn ireland() -> Calendar {
    toml::from_str(IRELAND).unwrap()
}

fn holidays_of(calendar: &Calendar, year: i16) -> Vec<String> {
    let days = calendar.days();
    calendar
        .holidays()
        .map(|(day, _)| day)
        .filter(|day| day.year() == year && !matches!(days.closed(*day), Ok(Some(Closed::Weekend(_)))))
        .map(|day| format!("{:02}-{:02}", day.month(), day.day()))
        .collect()
}

/// The same without those that fall on a Saturday or Sunday, which the published list leaves out.
fn weekday_holidays_of(calendar: &Calendar, year: i16) -> String {
    holidays_of(calendar, year)
        .into_iter()
        .filter(|text| day(&format!("{year}-{text}")).weekday().to_monday_zero_offset() < 5)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The bank holidays of England and Wales, 2010 to 2026, as the government published them: month and day.
const ENGLAND_LIST: [(i16, &str); 17] = [
    (2010, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
    (2011, "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27"),
    (2012, "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"),
    (2013, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
    (2014, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
    (2015, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
    (2016, "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27"),
    (2017, "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26"),
    (2018, "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26"),
    (2019, "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26"),
    (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
    (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
    (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
    (2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
    (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
    (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
    (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
];

#[test]
fn the_bank_holidays_of_england_and_wales_are_those_published() {
    let england = england();
    for (year, list) in ENGLAND_LIST {
        assert_eq!(weekday_holidays_of(&england, year), list, "{year}");
    }
}

/// The public holidays of Ireland, 2020 to 2027: month and day, weekends as well. Saint Brigid's Day begins in 2023.
const IRELAND_LIST: [(i16, &str); 8] = [
    (2020, "01-01 03-17 04-13 05-04 06-01 08-03 10-26 12-25 12-26"),
    (2021, "01-01 03-17 04-05 05-03 06-07 08-02 10-25 12-25 12-26"),
    (2022, "01-01 03-17 03-18 04-18 05-02 06-06 08-01 10-31 12-25 12-26"),
    (2023, "01-01 02-06 03-17 04-10 05-01 06-05 08-07 10-30 12-25 12-26"),
    (2024, "01-01 02-05 03-17 04-01 05-06 06-03 08-05 10-28 12-25 12-26"),
    (2025, "01-01 02-03 03-17 04-21 05-05 06-02 08-04 10-27 12-25 12-26"),
    (2026, "01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25 12-26"),
    (2027, "01-01 02-01 03-17 03-29 05-03 06-07 08-02 10-25 12-25 12-26"),
];

#[test]
fn the_public_holidays_of_ireland_are_those_published() {
    let ireland = ireland();
    for (year, list) in IRELAND_LIST {
        assert_eq!(holidays_of(&ireland, year).join(" "), list, "{year}");
    }
}

#[test]
fn saint_brigids_day_is_1_february_when_that_is_a_friday() {
    let ireland = ireland();
    let days = ireland.days();
    // 1 February 2030 is a Friday; the first Monday, the 4th, is then an ordinary day.
    assert_eq!(days.name_of(day("2030-02-01")), Some("Saint Brigid's Day"));
    assert_eq!(days.open(day("2030-02-04")), Ok(true));
    assert_eq!(days.open(day("2022-02-07")), Ok(true));
}

#[test]
fn easter_falls_where_the_tables_put_it() {
    let calendar = |from, until| -> Calendar {
        toml::from_str(&format!(
            "name = 'Easter'\nweekend = []\ncovers = {{ from = {from}, until = {until} }}\n[[holiday]]\nname = 'Easter Sunday'\non = {{ easter = {{ days = 0 }} }}"
        ))
        .unwrap()
    };
    // The earliest and the latest possible, the two exceptions of the tables (1954, 1981) and some common years.
    for date in [
        "1818-03-22",
        "1886-04-25",
        "1913-03-23",
        "1943-04-25",
        "1954-04-18",
        "1961-04-02",
        "1976-04-18",
        "1981-04-19",
        "2000-04-23",
        "2008-03-23",
        "2019-04-21",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2038-04-25",
        "2049-04-18",
        "2076-04-19",
        "2285-03-22",
    ] {
        let date = day(date);
        let calendar = calendar(date.year(), date.year());
        assert_eq!(calendar.holidays().collect::<Vec<_>>(), [(date, "Easter Sunday")]);
    }
}

#[test]
fn christmas_on_a_weekend_and_boxing_day_have_a_substitute_each() {
    let england = england();
    let days = england.days();
    // 2021: Saturday and Sunday, so Monday 27 and Tuesday 28.
    assert_eq!(days.name_of(day("2021-12-25")), Some("Christmas Day"));
    assert_eq!(days.name_of(day("2021-12-27")), Some("Christmas Day (substitute day)"));
    assert_eq!(days.name_of(day("2021-12-28")), Some("Boxing Day (substitute day)"));
    // 2022: Sunday and Monday. Boxing Day stays; Christmas Day's substitute comes after it.
    assert_eq!(days.name_of(day("2022-12-26")), Some("Boxing Day"));
    assert_eq!(days.name_of(day("2022-12-27")), Some("Christmas Day (substitute day)"));
    assert_eq!(days.open(day("2022-12-28")), Ok(true));
}

#[test]
fn a_substitute_may_cross_into_the_next_year() {
    let calendar: Calendar = toml::from_str(
        "name = 'Year ends'\nweekend = ['saturday', 'sunday']\ncovers = { from = 2023, until = 2023 }\n\
         [[holiday]]\nname = 'Last day'\non = { fixed = { month = 12, day = 31, substitute-if = ['saturday', 'sunday'] } }\n\
         [[holiday]]\nname = 'First Monday'\non = { nth = { nth = 1, weekday = 'monday', month = 1 } }",
    )
    .unwrap();
    // 31 December 2022 was a Saturday; Monday 2 January 2023 is taken, so its substitute is Tuesday the 3rd.
    assert_eq!(calendar.days().name_of(day("2023-01-03")), Some("Last day (substitute day)"));
}

#[test]
fn a_date_may_have_a_substitute_for_sunday_alone() {
    let calendar: Calendar = toml::from_str(
        "name = 'Sundays'\nweekend = ['saturday', 'sunday']\ncovers = { from = 2021, until = 2022 }\n\
         [[holiday]]\nname = 'A day'\non = { fixed = { month = 12, day = 25, substitute-if = ['sunday'] } }",
    )
    .unwrap();
    assert_eq!(calendar.days().open(day("2021-12-27")), Ok(true));
    assert_eq!(calendar.days().open(day("2022-12-26")), Ok(false));
}

#[test]
fn a_day_declared_late_is_a_holiday_only_for_those_who_know() {
    let england = england();
    let funeral = day("2022-09-19");
    for (known_on, open) in [("2022-09-09", true), ("2022-09-10", false), ("2022-09-19", false)] {
        let days = england.days_known_on(day(known_on));
        assert_eq!(days.open(funeral), Ok(open), "{known_on}");
    }
    // One working day after Friday 16 September 2022, as known before the declaration and after it.
    let count = |known_on| {
        let days = england.days_known_on(day(known_on));
        last_day_in("working-days-after", "1 day", "2022-09-16", Roll::None, days)
    };
    assert_eq!(count("2022-09-08"), "2022-09-19");
    assert_eq!(count("2022-09-16"), "2022-09-20");
}

#[test]
fn a_holiday_moved_late_stands_where_it_was_until_it_is_known() {
    let england = england();
    let (monday, friday) = (day("2020-05-04"), day("2020-05-08"));
    let before = england.days_known_on(day("2019-06-06"));
    assert_eq!((before.open(monday), before.open(friday)), (Ok(false), Ok(true)));
    let after = england.days_known_on(day("2019-06-07"));
    assert_eq!((after.open(monday), after.open(friday)), (Ok(true), Ok(false)));
    assert_eq!(after.name_of(friday), Some("Early May bank holiday"));
}

#[test]
fn the_next_open_day_is_found_over_a_long_weekend() {
    let england = england();
    let days = england.days();
    assert_eq!(days.next_open(day("2024-03-28")), Ok(day("2024-03-28")));
    assert_eq!(days.next_open(day("2024-03-29")), Ok(day("2024-04-02")));
    assert_eq!(days.last_open(day("2024-04-01")), Ok(day("2024-03-28")));
    assert_eq!(days.closed(day("2024-03-29")), Ok(Some(Closed::Holiday("Good Friday"))));
}

#[test]
fn of_a_year_it_does_not_cover_a_calendar_says_nothing() {
    let england = england();
    let days = england.days();
    assert_eq!(days.open(day("2009-12-31")), Err(TimeError::CalendarSilent { day: day("2009-12-31") }));
    assert_eq!(days.open(day("2010-01-04")), Ok(true));
    assert_eq!(days.name_of(day("2041-01-01")), None);
    assert!(days.next_open(day("2041-01-01")).is_err());
    assert!(days.last_open(day("2010-01-03")).is_err());
}

#[test]
fn rules_that_contradict_themselves_are_refused() {
    let head = "name = 'A'\nweekend = ['sunday']\ncovers = { from = 2020, until = 2021 }\n";
    for (text, expected) in [
        (head.replace("2021", "2019"), "a first and a last year, in order"),
        (head.replace("2021", "2520"), "at most 500 years"),
        (head.replace("2021", "9999"), "a first and a last year"),
        (
            head.replace("'sunday'", "'monday','tuesday','wednesday','thursday','friday','saturday','sunday'"),
            "at least one weekday must be open",
        ),
        (format!("{head}[[holiday]]\nname='B'\non={{fixed={{month=2,day=30}}}}"), "does not exist"),
        (format!("{head}[[holiday]]\nname='B'\non={{nth={{nth=5,weekday='monday',month=2}}}}"), "nth is 1 to 4"),
        (format!("{head}[[holiday]]\nname='B'\non={{nth={{nth=1,weekday='monday',month=13}}}}"), "a month is 1 to 12"),
        (format!("{head}[[holiday]]\nname='B'\non={{last={{weekday='monday',month=0}}}}"), "a month is 1 to 12"),
        (format!("{head}[[holiday]]\nname='B'\non={{easter={{days=300}}}}"), "-90 to 250"),
        (format!("{head}[[holiday]]\nname='B'\nfrom=2021\nuntil=2020\non={{easter={{days=1}}}}"), "before its first"),
        (format!("{head}[[removed]]\nname='B'\non=2020-05-04"), "no holiday of that name"),
        (format!("{head}[[moved]]\nname='B'\nfrom=2020-05-04\nto=2020-05-05"), "no holiday of that name"),
        (format!("{head}[[declared]]\nname='B'\non=2020-05-04T10:00:00"), "nothing more"),
        (format!("{head}[[declared]]\nname='B'\non='2020-02-30'"), "that month has 29 days"),
        (format!("{head}[[declared]]\nname='B'\non=7"), "a date such as 2024-03-01"),
        (format!("{head}[[declared]]\nname='B'\non=2020-05-04\ndeclared=2020-05-04"), "unknown field"),
        (format!("{head}[[holiday]]\nname='B'\non={{fixed={{month=2,day=3,weekday='monday'}}}}"), "unknown field"),
        (format!("{head}colour='red'"), "unknown field"),
    ] {
        let error = toml::from_str::<Calendar>(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}\n{error}");
    }
}

#[test]
fn a_holiday_removed_in_one_year_stands_in_the_others() {
    let calendar: Calendar = toml::from_str(
        "name = 'A'\nweekend = []\ncovers = { from = 2020, until = 2021 }\n\
         [[holiday]]\nname = 'B'\non = { fixed = { month = 5, day = 1 } }\n\
         [[removed]]\nname = 'B'\non = 2020-05-01",
    )
    .unwrap();
    assert_eq!(calendar.days().open(day("2020-05-01")), Ok(true));
    assert_eq!(calendar.days_known_on(day("2000-01-01")).open(day("2020-05-01")), Ok(true));
    assert_eq!(calendar.days().open(day("2021-05-01")), Ok(false));
}

#[test]
fn the_rules_of_a_calendar_are_written_as_they_were_read() {
    let rules: CalendarRules = toml::from_str(ENGLAND).unwrap();
    let again: CalendarRules = toml::from_str(&toml::to_string(&rules).unwrap()).unwrap();
    assert_eq!(again, rules);
    let calendar = Calendar::build(rules.clone()).unwrap();
    assert_eq!(calendar.rules(), &rules);
    assert_eq!(calendar.name(), "England and Wales bank holidays");
}
