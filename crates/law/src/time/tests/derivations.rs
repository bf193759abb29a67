//! Explanations, word for word, and their JSON.

use super::holidays::england;
use super::{moment, period, ts, zone};
use crate::time::{Derivation, Moment, Roll, say_moment};

fn explain(count: &str, length: &str, from: &str) -> String {
    let london = zone("Europe/London");
    let england = england();
    period(count, length).explain("", &moment(from, &london), &london, Some(england.days())).unwrap().to_string()
}

#[test]
fn every_rule_says_how_it_counted() {
    for (count, length, from, text) in [
        (
            "days-incl",
            "28 days",
            "2024-03-01T10:15",
            "28 days beginning with Friday 1 March 2024 (day 1): day 28 is Thursday 28 March 2024; ends at the end of that day",
        ),
        (
            "days-clear",
            "5 days",
            "2024-03-01",
            "beginning with Friday 1 March 2024, until 5 days clear of it have passed: clear day 1 is Saturday 2 March 2024, clear day 5 is Wednesday 6 March 2024; ends at the end of that day",
        ),
        (
            "days-excl",
            "7 days",
            "2024-03-01",
            "7 days after Friday 1 March 2024 (not counted): day 1 is Saturday 2 March 2024, day 7 is Friday 8 March 2024; ends at the end of that day",
        ),
        (
            "days-from-next",
            "3 days",
            "2024-03-01",
            "3 days counted from the day after Friday 1 March 2024: day 1 is Saturday 2 March 2024, day 3 is Monday 4 March 2024; ends at the end of that day",
        ),
        (
            "weeks-after",
            "3 weeks",
            "2024-03-01",
            "3 weeks after Friday 1 March 2024: the same weekday is Friday 22 March 2024, which is counted; ends at the end of that day",
        ),
        (
            "working-days-incl",
            "3 days",
            "2024-03-29",
            "3 working days beginning with Friday 29 March 2024: working day 1 is Tuesday 2 April 2024, working day 3 is Thursday 4 April 2024; left out: Friday 29 March 2024 (Good Friday), Saturday 30 March 2024 (weekend), Sunday 31 March 2024 (weekend), Monday 1 April 2024 (Easter Monday); ends at the end of that day",
        ),
        (
            "working-days-after",
            "1 day",
            "2024-03-29",
            "1 working day after Friday 29 March 2024 (not counted): working day 1 is Tuesday 2 April 2024, working day 1 is Tuesday 2 April 2024; left out: Saturday 30 March 2024 (weekend), Sunday 31 March 2024 (weekend), Monday 1 April 2024 (Easter Monday); ends at the end of that day",
        ),
        (
            "working-days-before",
            "2 days",
            "2024-03-05",
            "at least 2 working days before Tuesday 5 March 2024 (not counted): the last day in time is Friday 1 March 2024; left out: Saturday 2 March 2024 (weekend), Sunday 3 March 2024 (weekend); the time for it ends at the end of that day",
        ),
        (
            "months-incl",
            "6 months",
            "2024-03-01",
            "6 months beginning with Friday 1 March 2024: the last day is Saturday 31 August 2024, the day before the same-numbered day 6 months later; ends at the end of that day",
        ),
        (
            "months-incl",
            "6 months",
            "2024-08-31",
            "6 months beginning with Saturday 31 August 2024: that month has no day 31, so the last day is Friday 28 February 2025; ends at the end of that day",
        ),
        (
            "years-incl",
            "1 year",
            "2024-02-29",
            "1 year beginning with Thursday 29 February 2024: that month has no day 29, so the last day is Friday 28 February 2025; ends at the end of that day",
        ),
        (
            "months-after",
            "3 months",
            "2024-03-14",
            "3 months after Thursday 14 March 2024, starting on Friday 15 March 2024: the last day is Friday 14 June 2024, the day before the same-numbered day 3 months later; ends at the end of that day",
        ),
        (
            "months-same-day",
            "1 month",
            "2024-01-31",
            "1 month from Wednesday 31 January 2024: that month has no day 31, so the last day is Thursday 29 February 2024; ends at the end of that day",
        ),
        (
            "months-same-day",
            "1 month",
            "2024-01-15",
            "1 month from Monday 15 January 2024: the last day is the same-numbered Thursday 15 February 2024; ends at the end of that day",
        ),
        (
            "days-ending",
            "14 days",
            "2024-03-14",
            "14 days ending with Thursday 14 March 2024 (day 14): day 1 is Friday 1 March 2024; the window opens at the start of that day",
        ),
        (
            "months-ending",
            "2 months",
            "2024-08-31",
            "2 months ending with Saturday 31 August 2024: the first day is Monday 1 July 2024; the window opens at the start of that day",
        ),
        (
            "days-elapsed",
            "5 days",
            "2024-03-01",
            "not more than 5 days between Friday 1 March 2024 and the other day, neither counted: the last day in time is Thursday 7 March 2024; ends at the end of that day",
        ),
        (
            "hours",
            "72 hours",
            "2024-03-01T10:15",
            "72 hours from 10:15 on Friday 1 March 2024 (UTC): ends at 10:15 on Monday 4 March 2024 (UTC)",
        ),
        (
            "hours",
            "72 hours",
            "2024-03-29T10:15",
            "72 hours from 10:15 on Friday 29 March 2024 (UTC): ends at 11:15 on Monday 1 April 2024 (UTC+01:00); the clocks go forward 60 minutes, to 02:00 on Sunday 31 March 2024 (UTC+01:00)",
        ),
        (
            "hours",
            "6 hours",
            "2024-03-01",
            "6 hours from an unknown time on Friday 1 March 2024: ends between 06:00 on Friday 1 March 2024 (UTC) and 05:59:59.999999999 on Saturday 2 March 2024 (UTC)",
        ),
        (
            "end-of-day-or-hours",
            "4 hours",
            "2024-03-01T10:15",
            "by the end of the day, which is at least 4 hours after 10:15 on Friday 1 March 2024 (UTC): ends at 00:00 on Saturday 2 March 2024 (UTC)",
        ),
        (
            "end-of-day-or-hours",
            "4 hours",
            "2024-03-01T21:00",
            "4 hours from 21:00 on Friday 1 March 2024 (UTC), as the end of the day is nearer than that: ends at 01:00 on Saturday 2 March 2024 (UTC)",
        ),
    ] {
        assert_eq!(explain(count, length, from), text, "{count}");
    }
}

#[test]
fn a_window_whose_month_is_short_says_so() {
    assert_eq!(
        explain("months-ending", "6 months", "2023-08-30"),
        "6 months ending with Wednesday 30 August 2023: the first day is Tuesday 28 February 2023, its month's last day, as it has no day of the number looked for; the window opens at the start of that day"
    );
}

fn rolled() -> Derivation {
    let london = zone("Europe/London");
    let england = england();
    period("days-incl", "14 days")
        .with_roll(Roll::NextOpenDay)
        .unwrap()
        .explain("admission", &moment("2018-03-17T09:00", &london), &london, Some(england.days()))
        .unwrap()
}

#[test]
fn a_roll_names_every_closed_day_it_passed() {
    assert_eq!(
        rolled().to_string(),
        "from admission: 14 days beginning with Saturday 17 March 2018 (day 1): day 14 is Friday 30 March 2018; closed on Friday 30 March 2018 (Good Friday), Saturday 31 March 2018 (weekend), Sunday 1 April 2018 (weekend), Monday 2 April 2018 (Easter Monday), so it moves to the next open day, Tuesday 3 April 2018; ends at the end of that day"
    );
}

#[test]
fn a_derivation_is_json_that_a_program_can_check() {
    let json = serde_json::to_value(rolled()).unwrap();
    let expected = serde_json::json!({
        "label": "admission",
        "rule": "days-incl",
        "length": "14 days",
        "roll": "next-open-day",
        "zone": "Europe/London",
        "from": {
            "earliest": "2018-03-17T09:00:00Z",
            "latest": "2018-03-17T09:00:00Z",
            "day": "2018-03-17"
        },
        "cases": [{
            "anchor": "2018-03-17",
            "day_one": "2018-03-17",
            "reached": "2018-03-30",
            "clamped": false,
            "rolled_over": [
                { "day": "2018-03-30", "why": "Good Friday" },
                { "day": "2018-03-31", "why": "weekend" },
                { "day": "2018-04-01", "why": "weekend" },
                { "day": "2018-04-02", "why": "Easter Monday" }
            ],
            "day": "2018-04-03"
        }],
        "clock_changes": [{ "at": "2018-03-25T01:00:00Z", "forward_minutes": 60 }],
        "result": {
            "end": {
                "earliest": "2018-04-03T23:00:00Z",
                "latest": "2018-04-03T23:00:00Z",
                "last_day": "2018-04-03"
            }
        }
    });
    assert_eq!(json, expected);
}

#[test]
fn a_start_on_one_of_two_days_is_explained_both_ways() {
    let london = zone("Europe/London");
    let night = Moment::between(ts("2024-03-01T22:00:00Z"), ts("2024-03-02T06:00:00Z")).unwrap();
    let derivation = period("days-incl", "2 days").explain("removal", &night, &london, None).unwrap();
    assert_eq!(
        derivation.to_string(),
        "from removal: if it was on Friday 1 March 2024: 2 days beginning with Friday 1 March 2024 (day 1): day 2 is Saturday 2 March 2024; ends at the end of that day; if it was on Saturday 2 March 2024: 2 days beginning with Saturday 2 March 2024 (day 1): day 2 is Sunday 3 March 2024; ends at the end of that day"
    );
    let hours = period("end-of-day-or-hours", "4 hours").explain("", &night, &london, None).unwrap();
    assert_eq!(
        hours.to_string(),
        "by the end of the day if it is at least 4 hours away from an unknown time between 22:00 on Friday 1 March 2024 (UTC) and 06:00 on Saturday 2 March 2024 (UTC), otherwise within 4 hours: ends between 02:00 on Saturday 2 March 2024 (UTC) and 00:00 on Sunday 3 March 2024 (UTC)"
    );
}

#[test]
fn a_long_list_of_days_left_out_is_cut_and_counted() {
    let text = explain("working-days-incl", "100 days", "2024-01-01");
    // 1 January to 23 May 2024 are 31 + 29 + 31 + 30 + 23 = 144 days. In them lie 20 whole weekends (40 days) and four
    // holidays: 1 January, 29 March, 1 April, 6 May. That leaves 100; of the 44 left out 31 are named.
    assert!(text.contains("working day 100 is Thursday 23 May 2024"), "{text}");
    assert!(text.contains(" and 13 more; ends"), "{text}");
}

#[test]
fn a_day_is_said_as_a_day() {
    let london = zone("Europe/London");
    let said = |text| say_moment(&moment(text, &london), &london).to_string();
    assert_eq!(said("2024-03-01"), "an unknown time on Friday 1 March 2024");
    assert_eq!(said("2024-07-01T09:05"), "09:05 on Monday 1 July 2024 (UTC+01:00)");
    assert_eq!(said("2024-07-01T09:05:07.5"), "09:05:07.5 on Monday 1 July 2024 (UTC+01:00)");
    let until = Moment::between(ts("2024-03-01T12:00:00Z"), ts("2024-03-01T23:59:59.999999999Z")).unwrap();
    assert_eq!(
        say_moment(&until, &london).to_string(),
        "an unknown time between 12:00 on Friday 1 March 2024 (UTC) and the end of Friday 1 March 2024"
    );
}
