//! Months and years: the day before the same-numbered day, and months that have no such day.

use super::{back, last_day};

#[test]
fn six_months_beginning_with_1_march_end_with_31_august() {
    assert_eq!(last_day("months-incl", "6 months", "2024-03-01"), "2024-08-31");
    assert_eq!(last_day("months-incl", "6 months", "2024-03-15"), "2024-09-14");
}

#[test]
fn two_months_beginning_with_18_december_2025_end_with_17_february_2026() {
    // The Mental Health Act 2025 was passed on 18 December; its two-month provisions came into force on 18 February.
    assert_eq!(last_day("months-incl", "2 months", "2025-12-18"), "2026-02-17");
}

#[test]
fn six_months_beginning_at_the_end_of_august_end_with_the_end_of_february() {
    for (from, year_before_leap, leap) in [
        ("08-28", "2023-02-27", "2024-02-27"),
        // 29 February exists in 2024 alone: the last day is then the day before it.
        ("08-29", "2023-02-28", "2024-02-28"),
        ("08-30", "2023-02-28", "2024-02-29"),
        ("08-31", "2023-02-28", "2024-02-29"),
        ("09-01", "2023-02-28", "2024-02-29"),
    ] {
        let in_2023 = last_day("months-incl", "6 months", &format!("2022-{from}"));
        assert_eq!(in_2023, year_before_leap, "2022-{from}");
        let in_2024 = last_day("months-incl", "6 months", &format!("2023-{from}"));
        assert_eq!(in_2024, leap, "2023-{from}");
    }
}

#[test]
fn six_months_beginning_with_31_october_end_with_30_april() {
    assert_eq!(last_day("months-incl", "6 months", "2023-10-31"), "2024-04-30");
    // Six months *after* 30 October start on the 31st and end the same.
    assert_eq!(last_day("months-after", "6 months", "2023-10-30"), "2024-04-30");
}

#[test]
fn a_year_beginning_with_the_leap_day_ends_with_28_february() {
    for count in ["months-incl", "years-incl"] {
        assert_eq!(last_day(count, "1 year", "2024-02-29"), "2025-02-28");
        assert_eq!(last_day(count, "4 years", "2024-02-29"), "2028-02-28");
        assert_eq!(last_day(count, "1 year", "2024-03-01"), "2025-02-28");
        assert_eq!(last_day(count, "1 year", "2023-03-01"), "2024-02-29");
        assert_eq!(last_day(count, "1 year", "2023-02-28"), "2024-02-27");
    }
    assert_eq!(last_day("months-incl", "12 months", "2024-02-29"), "2025-02-28");
}

#[test]
fn months_after_a_day_start_on_the_next_day() {
    assert_eq!(last_day("months-after", "3 months", "2024-03-14"), "2024-06-14");
    // 1 October to 31 January, all of it: the rule's own day is the 1st, not the 30th.
    assert_eq!(last_day("months-after", "4 months", "2023-09-30"), "2024-01-31");
}

#[test]
fn months_to_the_same_numbered_day_end_with_the_corresponding_date() {
    assert_eq!(last_day("months-same-day", "4 months", "2023-09-30"), "2024-01-30");
    assert_eq!(last_day("months-same-day", "1 month", "2024-01-31"), "2024-02-29");
    assert_eq!(last_day("months-same-day", "1 month", "2023-01-31"), "2023-02-28");
    assert_eq!(last_day("months-same-day", "1 year", "2024-02-29"), "2025-02-28");
}

#[test]
fn two_months_ending_with_a_day_begin_two_months_before_the_next() {
    // The day after 31 August is 1 September; two months earlier is 1 July.
    assert_eq!(back("months-ending", "2 months", "2024-08-31", None), "2024-07-01");
    assert_eq!(back("months-ending", "2 months", "2024-08-30", None), "2024-06-30");
    assert_eq!(back("months-ending", "2 months", "2024-09-14", None), "2024-07-15");
    assert_eq!(back("months-ending", "2 months", "2024-02-29", None), "2024-01-01");
    assert_eq!(back("months-ending", "1 year", "2024-02-29", None), "2023-03-01");
}

#[test]
fn a_window_of_months_takes_the_last_day_of_a_short_month() {
    // The day after 30 April is 1 May; but after 30 August comes the 31st, and February has none.
    assert_eq!(back("months-ending", "2 months", "2024-04-30", None), "2024-03-01");
    assert_eq!(back("months-ending", "6 months", "2023-08-30", None), "2023-02-28");
    assert_eq!(back("months-ending", "6 months", "2024-08-30", None), "2024-02-29");
    assert_eq!(back("months-ending", "2 months", "2024-12-30", None), "2024-10-31");
    assert_eq!(back("months-ending", "2 months", "2024-08-29", None), "2024-06-30");
}
