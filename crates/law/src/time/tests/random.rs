//! Random cases: the fast count against the slow one, and what must hold of every zone and every start.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::holidays::england;
use super::slow::{self, Slow};
use super::{day, zone};
use crate::time::{Calendar, Count, Direction, Gap, Length, Moment, Period, Roll, Unit, When, Zone};

/// Read once: a property runs thousands of cases.
static ENGLAND: LazyLock<Calendar> = LazyLock::new(england);

fn any_date(years: core::ops::RangeInclusive<i16>) -> impl Strategy<Value = Date> {
    (years, 1i8..=12, 1i8..=31).prop_map(|(year, month, day)| {
        let last = Date::new(year, month, 1).unwrap().days_in_month();
        Date::new(year, month, day.min(last)).unwrap()
    })
}

fn any_zone() -> impl Strategy<Value = Zone> {
    proptest::sample::select(Zone::names()).prop_map(|name| Zone::named(&name).unwrap())
}

fn any_count() -> impl Strategy<Value = Count> {
    proptest::sample::select(Count::ALL.to_vec())
}

/// Any rule that counts, in any of its units.
fn any_period(n: core::ops::RangeInclusive<u16>) -> impl Strategy<Value = Period> {
    (any_count(), n, any::<prop::sample::Index>()).prop_filter("counts", |(count, ..)| !count.units().is_empty()).prop_map(
        |(count, n, unit)| {
            let unit = *unit.get(count.units());
            Period::new(count, Length::new(n, unit).unwrap()).unwrap()
        },
    )
}

/// What the slow count makes of a period of days; `None` for the rules that end at an instant.
fn slow_day(period: &Period, from: Slow, open: impl Fn(Slow) -> bool) -> Option<Slow> {
    let length = period.length();
    let n = u32::from(length.n());
    let days = if length.unit() == Unit::Weeks { n * 7 } else { n };
    let months = if length.unit() == Unit::Years { n * 12 } else { n };
    Some(match period.count() {
        Count::DaysIncl => slow::days_incl(from, days),
        Count::DaysClear | Count::DaysExcl | Count::DaysFromNext | Count::WeeksAfter => slow::steps_on(from, days),
        Count::DaysElapsed => slow::steps_on(from, days).next(),
        Count::WorkingDaysIncl => slow::working_days(from, n, open),
        Count::WorkingDaysAfter => slow::working_days(from.next(), n, open),
        Count::WorkingDaysBefore => slow::working_days_before(from, n, open),
        Count::MonthsIncl | Count::YearsIncl => slow::months_incl(from, months),
        Count::MonthsAfter => slow::months_incl(from.next(), months),
        Count::MonthsSameDay => slow::months_same_day(from, months),
        Count::DaysEnding => slow::steps_back(from, days - 1),
        Count::MonthsEnding => slow::months_ending(from, months),
        Count::Hours | Count::EndOfDayOrHours | Count::AsSoonAs => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_fast_count_of_days_equals_the_slow_one(
        period in any_period(1..=40),
        start in any_date(2012..=2020),
        roll in proptest::sample::select(Roll::ALL.to_vec()),
    ) {
        let zone = zone("Europe/London");
        // Rules of years would run past a calendar's cover when they roll; the calendar's own tests hold its edge.
        let roll = if period.length().unit() == Unit::Years { Roll::None } else { roll };
        let period = period.with_roll(roll).unwrap_or(period);
        let england = &*ENGLAND;
        let holidays: Vec<Slow> = england.holidays().map(|(day, _)| Slow::of(day)).collect();
        let open = |day: Slow| !day.is_weekend() && !holidays.contains(&day);
        let Some(mut expected) = slow_day(&period, Slow::of(start), open) else { return Ok(()) };
        let from = Moment::on_day(start, &zone).unwrap();
        let days = Some(england.days());
        let found = match period.count().direction() {
            Direction::Backward => period.back(&from, &zone, days).unwrap().day.unwrap(),
            _ => {
                while period.roll() == Roll::NextOpenDay && !open(expected) {
                    expected = expected.next();
                }
                period.reckon(&from, &zone, days).unwrap().last_day.unwrap()
            }
        };
        prop_assert_eq!(Slow::of(found), expected);
    }

    #[test]
    fn the_listed_offsets_are_the_library_s(
        zone in any_zone(),
        date in any_date(1890..=2210),
        second in 0i64..200_000,
        near_a_change in any::<bool>(),
        nano in -1i64..=1,
    ) {
        let tz = jiff::tz::TimeZone::get(zone.name()).unwrap();
        let day = tz.to_timestamp(date.at(0, 0, 0, 0)).unwrap();
        let change = tz.following(day).next().filter(|_| near_a_change).map(|change| change.timestamp());
        let at = change.unwrap_or(day) + SignedDuration::from_secs(second - 100_000) * i32::from(!near_a_change || second % 3 == 0);
        let at = at + SignedDuration::from_nanos(nano);
        prop_assert_eq!(zone.offset(at), tz.to_offset(at));
        prop_assert_eq!(zone.local(at), tz.to_datetime(at));
        let local = tz.to_datetime(at);
        prop_assert_eq!(zone.offset_at(local), tz.to_ambiguous_timestamp(local).offset());
    }

    #[test]
    fn a_day_starts_and_ends_where_the_clocks_on_the_wall_say(
        zone in any_zone(),
        date in any_date(1900..=2100),
    ) {
        let nano = SignedDuration::from_nanos(1);
        let start = zone.day_start(date).unwrap();
        prop_assert!(zone.day_of(start) >= date);
        prop_assert!(zone.day_of(start.checked_sub(nano).unwrap()) < date);
        if let Ok(moment) = Moment::on_day(date, &zone) {
            prop_assert_eq!(moment.day(&zone), Some(date));
            prop_assert_eq!(moment.earliest(), start);
            prop_assert!(zone.day_of(moment.latest().checked_add(nano).unwrap()) > date);
        }
    }

    #[test]
    fn a_period_of_days_ends_as_its_last_day_ends(
        zone in any_zone(),
        date in any_date(1900..=2100),
        n in 1u16..=400,
    ) {
        let Ok(from) = Moment::on_day(date, &zone) else { return Ok(()) };
        let period = Period::new(Count::DaysIncl, Length::new(n, Unit::Days).unwrap()).unwrap();
        let reckoned = period.reckon(&from, &zone, None).unwrap();
        let last = reckoned.last_day.unwrap();
        prop_assert!(reckoned.end.is_exact());
        prop_assert!(zone.day_of(reckoned.end.earliest()) > last);
        let just_before = reckoned.end.earliest().checked_sub(SignedDuration::from_nanos(1)).unwrap();
        prop_assert!(zone.day_of(just_before) <= last);
    }

    #[test]
    fn an_uncertain_start_gives_an_end_that_holds_every_certain_one(
        period in any_period(1..=30),
        seconds in 1_262_304_000i64..=2_000_000_000,
        hours in 0i64..=60,
        share in 0.0f64..=1.0,
    ) {
        let zone = zone("Europe/London");
        let england = &*ENGLAND;
        let days = Some(england.days());
        let first = Timestamp::from_second(seconds).unwrap();
        let last = first.checked_add(SignedDuration::from_hours(hours)).unwrap();
        let inside = first
            .checked_add(SignedDuration::from_secs((share * 3600.0 * hours as f64) as i64))
            .unwrap();
        let unsure = Moment::between(first, last).unwrap();
        let sure = Moment::at(inside);
        let (wide, narrow) = match period.count().direction() {
            Direction::Backward => {
                let (wide, narrow) = (period.back(&unsure, &zone, days), period.back(&sure, &zone, days));
                // The calendar begins in 2010.
                let (Ok(wide), Ok(narrow)) = (wide, narrow) else { return Ok(()) };
                (wide.start, narrow.start)
            }
            _ => (
                period.reckon(&unsure, &zone, days).unwrap().end,
                period.reckon(&sure, &zone, days).unwrap().end,
            ),
        };
        prop_assert!(narrow.is_exact());
        prop_assert!(wide.earliest() <= narrow.earliest() && narrow.latest() <= wide.latest());
    }

    #[test]
    fn the_explanation_reaches_the_day_that_was_counted(
        period in any_period(1..=40),
        start in any_date(2012..=2020),
    ) {
        let zone = zone("Europe/London");
        let england = &*ENGLAND;
        let from = Moment::on_day(start, &zone).unwrap();
        let derivation = period.explain("a start", &from, &zone, Some(england.days())).unwrap();
        let counted = match period.count().direction() {
            Direction::Backward => period.back(&from, &zone, Some(england.days())).unwrap().day,
            _ => period.reckon(&from, &zone, Some(england.days())).unwrap().last_day,
        };
        prop_assert_eq!(derivation.cases.first().map(|case| case.day), counted);
        prop_assert!(!derivation.to_string().is_empty());
    }

    #[test]
    fn the_gap_between_two_days_is_what_one_walks_over(
        one in any_date(2000..=2003),
        steps in 0u32..=900,
    ) {
        let zone = zone("Europe/Dublin");
        let mut other = one;
        let mut between = 0u32;
        for step in 0..steps {
            other = other.tomorrow().unwrap();
            between = step;
        }
        let gap = Gap::between(&Moment::on_day(one, &zone).unwrap(), &Moment::on_day(other, &zone).unwrap(), &zone);
        prop_assert_eq!((gap.least, gap.most), (between, between));
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,40}") {
        let _ = When::parse(&text);
        let _ = text.parse::<Length>();
        let _ = Zone::named(&text);
    }

    #[test]
    fn a_text_near_a_time_is_read_back_as_printed(
        text in "[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9})?)?(Z|[+-][0-2][0-9]:[0-5][0-9])?)?",
    ) {
        if let Ok(when) = When::parse(&text) {
            prop_assert_eq!(When::parse(&when.to_string()), Ok(when));
        }
    }

    #[test]
    fn no_period_panics_however_far_it_lies(
        period in any_period(1..=10_000),
        zone in any_zone(),
        at in Timestamp::MIN.as_second()..=Timestamp::MAX.as_second(),
        width in 0i64..=10_000_000_000,
    ) {
        let first = Timestamp::from_second(at).unwrap();
        let last = first.checked_add(SignedDuration::from_secs(width)).unwrap_or(Timestamp::MAX);
        let moment = Moment::between(first, last.max(first)).unwrap();
        let england = &*ENGLAND;
        let days = Some(england.days());
        let _ = period.reckon(&moment, &zone, days);
        let _ = period.back(&moment, &zone, days);
        if let Ok(derivation) = period.explain("far", &moment, &zone, days) {
            prop_assert!(!derivation.to_string().is_empty());
        }
    }
}

#[test]
fn the_slow_count_knows_its_own_weekdays() {
    // Friday 1 March 2024 is six days after a Saturday.
    assert_eq!(Slow::of(day("2024-03-01")).weekday(), 6);
    assert!(Slow::of(day("2024-03-02")).is_weekend());
}
