//! The rules that count hours, days, weeks and working days: the day before, the day, the day after.

use super::holidays::england;
use super::{back, day, last_day, last_day_in, moment, period, reckon, ts, zone};
use crate::time::{Count, Length, Moment, Period, Roll, Rolled, TimeError};

#[test]
fn twenty_eight_days_beginning_with_1_march_end_with_28_march() {
    // 1 March is day 1, so day 28 is 1 + 27 = 28 March; a leap day before it changes nothing.
    assert_eq!(last_day("days-incl", "28 days", "2024-03-01"), "2024-03-28");
    // 1 February 2024 + 27 = 28 February; 2 February + 27 = 29 February in a leap year, 1 March in another.
    assert_eq!(last_day("days-incl", "28 days", "2024-02-01"), "2024-02-28");
    assert_eq!(last_day("days-incl", "28 days", "2024-02-02"), "2024-02-29");
    assert_eq!(last_day("days-incl", "28 days", "2023-02-02"), "2023-03-01");
    assert_eq!(last_day("days-incl", "1 day", "2024-12-31"), "2024-12-31");
    assert_eq!(last_day("days-incl", "2 days", "2024-12-31"), "2025-01-01");
}

#[test]
fn a_period_of_days_ends_at_the_end_of_its_last_day() {
    let london = zone("Europe/London");
    let reckoned = reckon("days-incl", "28 days", "2024-03-01T23:59", &london);
    // 28 March 2024 is still winter time.
    let end = Moment::at(ts("2024-03-29T00:00:00Z"));
    assert_eq!(reckoned.end, end);
    for (text, inside) in [("2024-03-28T23:59:59.999999999", true), ("2024-03-29T00:00", false)] {
        assert_eq!(moment(text, &london).before(&end), Some(inside));
    }
}

#[test]
fn a_date_alone_gives_a_rule_of_days_an_exact_end() {
    let london = zone("Europe/London");
    let by_date = reckon("days-incl", "28 days", "2024-03-01", &london);
    assert!(by_date.end.is_exact());
    for time in ["2024-03-01T00:00", "2024-03-01T10:15", "2024-03-01T23:59:59"] {
        assert_eq!(reckon("days-incl", "28 days", time, &london), by_date);
    }
}

#[test]
fn one_week_beginning_with_a_day_is_seven_days() {
    assert_eq!(last_day("days-incl", "1 week", "2024-03-01"), "2024-03-07");
    assert_eq!(last_day("days-incl", "7 days", "2024-03-01"), "2024-03-07");
}

#[test]
fn days_from_after_and_clear_end_one_day_later_than_days_beginning_with() {
    for count in ["days-clear", "days-excl", "days-from-next"] {
        assert_eq!(last_day(count, "5 days", "2024-02-26"), "2024-03-02");
        assert_eq!(last_day(count, "1 day", "2023-02-28"), "2023-03-01");
    }
    assert_eq!(last_day("days-incl", "5 days", "2024-02-26"), "2024-03-01");
}

#[test]
fn weeks_after_end_with_the_same_weekday() {
    // 1 March 2024 is a Friday, and so is 22 March.
    assert_eq!(last_day("weeks-after", "3 weeks", "2024-03-01"), "2024-03-22");
}

#[test]
fn seventy_two_hours_end_at_the_same_time_three_days_on() {
    let london = zone("Europe/London");
    let reckoned = reckon("hours", "72 hours", "2024-03-01T10:15", &london);
    assert_eq!(reckoned.end, Moment::at(ts("2024-03-04T10:15:00Z")));
    assert_eq!(reckoned.last_day, None);
    let minutes = reckon("hours", "15 minutes", "2024-03-01T23:50", &london);
    assert_eq!(minutes.end, Moment::at(ts("2024-03-02T00:05:00Z")));
}

#[test]
fn hours_from_a_date_alone_end_at_an_unknown_time() {
    let london = zone("Europe/London");
    let reckoned = reckon("hours", "24 hours", "2024-03-01", &london);
    assert_eq!(reckoned.end.earliest(), ts("2024-03-02T00:00:00Z"));
    assert_eq!(reckoned.end.latest(), ts("2024-03-02T23:59:59.999999999Z"));
    // Before the earliest end it certainly runs, after the latest it certainly does not, between nobody can tell.
    for (text, before_end) in [("2024-03-01T23:59", Some(true)), ("2024-03-02T12:00", None), ("2024-03-03T00:00", Some(false))] {
        assert_eq!(moment(text, &london).before(&reckoned.end), before_end, "{text}");
    }
}

#[test]
fn a_start_on_one_of_two_days_gives_two_ends() {
    let london = zone("Europe/London");
    let night = Moment::between(ts("2024-03-01T22:00:00Z"), ts("2024-03-02T06:00:00Z")).unwrap();
    let reckoned = period("days-incl", "28 days").reckon(&night, &london, None).unwrap();
    assert_eq!(reckoned.last_day, None);
    assert_eq!(reckoned.end.earliest(), ts("2024-03-29T00:00:00Z"));
    assert_eq!(reckoned.end.latest(), ts("2024-03-30T00:00:00Z"));
}

#[test]
fn the_end_of_the_day_counts_if_it_is_four_hours_away_or_more() {
    let london = zone("Europe/London");
    for (from, end) in [
        ("2024-03-01T09:00", "2024-03-02T00:00:00Z"),
        ("2024-03-01T19:59", "2024-03-02T00:00:00Z"),
        // Exactly four hours before midnight: both say midnight.
        ("2024-03-01T20:00", "2024-03-02T00:00:00Z"),
        ("2024-03-01T20:01", "2024-03-02T00:01:00Z"),
        ("2024-03-01T23:59", "2024-03-02T03:59:00Z"),
    ] {
        let reckoned = reckon("end-of-day-or-hours", "4 hours", from, &london);
        assert_eq!(reckoned.end, Moment::at(ts(end)), "{from}");
    }
    let by_date = reckon("end-of-day-or-hours", "4 hours", "2024-03-01", &london);
    assert_eq!(by_date.end.earliest(), ts("2024-03-02T00:00:00Z"));
    assert_eq!(by_date.end.latest(), ts("2024-03-02T03:59:59.999999999Z"));
}

#[test]
fn the_last_day_within_five_elapsed_days_of_1_march_is_7_march() {
    assert_eq!(last_day("days-elapsed", "5 days", "2024-03-01"), "2024-03-07");
    assert_eq!(back("days-elapsed", "5 days", "2024-03-07", None), "2024-03-01");
}

#[test]
fn fourteen_days_ending_with_a_day_hold_that_day() {
    // Day 14 is 14 March, day 1 is 1 March.
    assert_eq!(back("days-ending", "14 days", "2024-03-14", None), "2024-03-01");
    assert_eq!(back("days-ending", "1 day", "2024-03-14", None), "2024-03-14");
    assert_eq!(back("days-ending", "2 days", "2024-03-01", None), "2024-02-29");
    assert_eq!(back("days-ending", "1 week", "2024-03-07", None), "2024-03-01");
}

#[test]
fn a_window_opens_at_the_start_of_its_first_day() {
    let london = zone("Europe/London");
    let back = period("days-ending", "14 days").back(&moment("2024-03-14T10:00", &london), &london, None).unwrap();
    assert_eq!(back.start, Moment::at(ts("2024-03-01T00:00:00Z")));
    assert_eq!(back.end, Moment::at(ts("2024-03-02T00:00:00Z")));
}

#[test]
fn three_working_days_over_easter_2024_leave_out_four_days() {
    let england = england();
    let days = england.days();
    // Good Friday 29 March to Easter Monday 1 April 2024 are closed: 2, 3 and 4 April count.
    let count = |from| last_day_in("working-days-incl", "3 days", from, Roll::None, days);
    assert_eq!(count("2024-03-29"), "2024-04-04");
    assert_eq!(count("2024-04-01"), "2024-04-04");
    assert_eq!(count("2024-04-02"), "2024-04-04");
    assert_eq!(count("2024-04-03"), "2024-04-05");
    // Thursday 28 March counts itself, then 2 and 3 April.
    assert_eq!(count("2024-03-28"), "2024-04-03");
    let after = |from| last_day_in("working-days-after", "3 days", from, Roll::None, days);
    assert_eq!(after("2024-03-28"), "2024-04-04");
    assert_eq!(after("2024-03-29"), "2024-04-04");
}

#[test]
fn ten_working_days_before_an_expiry_over_christmas() {
    let england = england();
    // Before Tuesday 7 January 2025: 6, 3, 2 January (1st closed), 31, 30 December, 27, 24, 23, 20, 19 December.
    assert_eq!(back("working-days-before", "10 days", "2025-01-07", Some(england.days())), "2024-12-19");
    // The day itself is never counted: one working day before Monday is Friday.
    assert_eq!(back("working-days-before", "1 day", "2024-03-04", Some(england.days())), "2024-03-01");
}

#[test]
fn a_deadline_rolls_only_where_the_law_says_so() {
    let england = england();
    let days = england.days();
    // Fourteen days beginning with Friday 16 March 2018 end with Thursday 29 March: open, so nothing moves.
    let filing = |from, roll| last_day_in("days-incl", "14 days", from, roll, days);
    assert_eq!(filing("2018-03-16", Roll::NextOpenDay), "2018-03-29");
    // One day later they end with Good Friday; the next open day is Tuesday 3 April.
    assert_eq!(filing("2018-03-17", Roll::NextOpenDay), "2018-04-03");
    assert_eq!(filing("2018-03-17", Roll::None), "2018-03-30");
}

#[test]
fn a_roll_says_from_which_day_to_which() {
    let london = zone("Europe/London");
    let england = england();
    let period = period("days-from-next", "3 days").with_roll(Roll::NextOpenDay).unwrap();
    // Thursday 29 February: day 3 is Sunday 3 March 2024, the next open day Monday 4 March.
    let reckoned = period.reckon(&moment("2024-02-29", &london), &london, Some(england.days())).unwrap();
    assert_eq!(reckoned.rolled, Some(Rolled { from: day("2024-03-03"), to: day("2024-03-04") }));
    assert_eq!(reckoned.end, Moment::at(ts("2024-03-05T00:00:00Z")));
}

#[test]
fn a_rule_refuses_what_it_cannot_count() {
    let london = zone("Europe/London");
    let start = moment("2024-03-01", &london);
    let length = |text: &str| text.parse::<Length>().unwrap();
    assert_eq!(
        Period::new(Count::DaysIncl, length("72 hours")).unwrap_err().to_string(),
        "the rule days-incl does not count in hours: write days or weeks"
    );
    for unit in ["1 minute", "1 hour", "1 day", "1 week", "1 month", "1 year"] {
        assert!(Period::new(Count::AsSoonAs, length(unit)).is_err());
    }
    assert_eq!(period("days-ending", "14 days").reckon(&start, &london, None), Err(TimeError::CountHasNoEnd { count: Count::DaysEnding }));
    assert_eq!(period("days-incl", "14 days").back(&start, &london, None), Err(TimeError::CountHasNoEnd { count: Count::DaysIncl }));
    assert_eq!(
        period("working-days-incl", "3 days").reckon(&start, &london, None),
        Err(TimeError::CalendarNeeded { count: Count::WorkingDaysIncl })
    );
    for count in ["hours", "end-of-day-or-hours"] {
        assert!(period(count, "4 hours").with_roll(Roll::NextOpenDay).is_err());
    }
    assert!(period("days-ending", "4 days").with_roll(Roll::NextOpenDay).is_err());
}

#[test]
fn dates_too_far_away_are_errors_and_no_panic() {
    let london = zone("Europe/London");
    for (count, length) in [
        ("days-incl", "10000 days"),
        ("days-incl", "10000 weeks"),
        ("months-incl", "10000 years"),
        ("months-same-day", "10000 months"),
        ("years-incl", "10000 years"),
        ("hours", "10000 hours"),
        ("end-of-day-or-hours", "10000 hours"),
        ("weeks-after", "10000 weeks"),
        ("days-elapsed", "10000 days"),
    ] {
        for from in ["9999-12-30T21:00:00Z", "9999-12-29T10:00:00Z"] {
            let reckoned = period(count, length).reckon(&moment(from, &london), &london, None);
            assert_eq!(reckoned, Err(TimeError::TooFar), "{count} {length} {from}");
        }
    }
    let early = Moment::at(jiff::Timestamp::MIN);
    for (count, length) in [("days-ending", "10000 days"), ("months-ending", "10000 years")] {
        assert_eq!(period(count, length).back(&early, &london, None), Err(TimeError::TooFar));
    }
}
