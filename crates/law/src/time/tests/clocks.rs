//! Clock changes: hours are elapsed hours, days are local days however long they were.

use super::{day, moment, reckon, ts, zone};
use crate::time::{Moment, TimeError, When};

#[test]
fn seventy_two_hours_over_the_spring_change_end_an_hour_later_on_the_clock() {
    for name in ["Europe/London", "Europe/Dublin"] {
        let zone = zone(name);
        let end = reckon("hours", "72 hours", "2024-03-29T10:15", &zone).end;
        assert_eq!(end, Moment::at(ts("2024-04-01T11:15:00+01:00")), "{name}");
        assert_eq!(end, moment("2024-04-01T11:15", &zone));
    }
}

#[test]
fn seventy_two_hours_over_the_autumn_change_end_an_hour_earlier_on_the_clock() {
    for name in ["Europe/London", "Europe/Dublin"] {
        let zone = zone(name);
        let end = reckon("hours", "72 hours", "2024-10-25T10:15", &zone).end;
        assert_eq!(end, moment("2024-10-28T09:15", &zone), "{name}");
    }
}

#[test]
fn six_hours_begun_in_the_hour_that_came_twice_count_from_the_one_meant() {
    let london = zone("Europe/London");
    let first = reckon("hours", "6 hours", "2024-10-27T01:30:00+01:00", &london);
    let second = reckon("hours", "6 hours", "2024-10-27T01:30:00Z", &london);
    assert_eq!(first.end, moment("2024-10-27T06:30", &london));
    assert_eq!(second.end, moment("2024-10-27T07:30", &london));
}

fn hours_in(date: &str, zone_name: &str) -> (i64, i64) {
    let zone = zone(zone_name);
    let day = moment(date, &zone);
    let length = day.earliest().duration_until(day.latest()).as_secs() + 1;
    (length / 3600, length % 3600 / 60)
}

#[test]
fn a_local_day_has_the_hours_it_had() {
    for (date, zone, length) in [
        ("2024-03-30", "Europe/London", (24, 0)),
        ("2024-03-31", "Europe/London", (23, 0)),
        ("2024-10-27", "Europe/London", (25, 0)),
        ("2024-03-31", "Europe/Dublin", (23, 0)),
        ("2024-10-27", "Europe/Dublin", (25, 0)),
        // Lord Howe Island moves by half an hour.
        ("2024-04-07", "Australia/Lord_Howe", (24, 30)),
        ("2024-10-06", "Australia/Lord_Howe", (23, 30)),
        ("2024-03-31", "Asia/Kolkata", (24, 0)),
        // Cairo changes at midnight.
        ("2024-04-26", "Africa/Cairo", (23, 0)),
        ("2024-10-31", "Africa/Cairo", (25, 0)),
        ("2024-11-01", "Africa/Cairo", (24, 0)),
        // St John's changed at a minute past midnight, so that the last hour of the day before came again.
        ("2010-11-06", "America/St_Johns", (25, 0)),
    ] {
        assert_eq!(hours_in(date, zone), length, "{date} {zone}");
    }
}

#[test]
fn a_half_hour_change_moves_hours_by_half_an_hour() {
    let lord_howe = zone("Australia/Lord_Howe");
    let end = reckon("hours", "24 hours", "2024-04-06T10:00", &lord_howe).end;
    assert_eq!(end, moment("2024-04-07T09:30", &lord_howe));
    let end = reckon("hours", "24 hours", "2024-10-05T10:00", &lord_howe).end;
    assert_eq!(end, moment("2024-10-06T10:30", &lord_howe));
}

#[test]
fn days_in_a_half_hour_zone_are_its_own() {
    let kolkata = zone("Asia/Kolkata");
    // 20:00 in universal time is already the next day there.
    let reckoned = reckon("days-incl", "3 days", "2024-03-01T20:00:00Z", &kolkata);
    assert_eq!(reckoned.last_day, Some(day("2024-03-04")));
    assert_eq!(reckoned.end, Moment::at(ts("2024-03-04T18:30:00Z")));
}

#[test]
fn a_day_that_starts_at_one_in_the_morning_starts_there() {
    // In both places the clocks went from 00:00 to 01:00.
    for (date, name, start) in [
        ("2024-04-26", "Africa/Cairo", "2024-04-26T01:00:00+03:00"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T01:00:00-02:00"),
        ("2024-03-31", "Asia/Beirut", "2024-03-31T01:00:00+03:00"),
    ] {
        let zone = zone(name);
        assert_eq!(moment(date, &zone).earliest(), ts(start), "{name}");
        // A period whose last day is the day before ends at that very instant.
        let yesterday = day(date).yesterday().unwrap().to_string();
        let reckoned = reckon("days-incl", "1 day", &yesterday, &zone);
        assert_eq!(reckoned.end, Moment::at(ts(start)), "{name}");
    }
}

#[test]
fn a_gap_that_begins_before_midnight_starts_the_day_at_its_end() {
    // Toronto went from 23:30 on 30 March 1919 to 00:30 on the 31st.
    let toronto = zone("America/Toronto");
    assert_eq!(moment("1919-03-31", &toronto).earliest(), ts("1919-03-31T00:30:00-04:00"));
    assert_eq!(moment("1919-03-30", &toronto).latest(), ts("1919-03-30T23:29:59.999999999-05:00"));
}

#[test]
fn a_midnight_that_came_twice_ends_the_day_at_the_first() {
    // Havana went from 01:00 on 3 November 2024 back to 00:00.
    let havana = zone("America/Havana");
    let reckoned = reckon("days-incl", "1 day", "2024-11-02", &havana);
    assert_eq!(reckoned.end, Moment::at(ts("2024-11-03T00:00:00-04:00")));
    assert_eq!(moment("2024-11-02", &havana).latest(), ts("2024-11-02T23:59:59.999999999-04:00"));
    // St John's came back to the day before: the period ends at the first midnight, but a fact of that date may still
    // have happened in the hour that came again.
    let st_johns = zone("America/St_Johns");
    let reckoned = reckon("days-incl", "1 day", "2010-11-06", &st_johns);
    assert_eq!(reckoned.end, Moment::at(ts("2010-11-07T00:00:00-02:30")));
    assert_eq!(moment("2010-11-06", &st_johns).latest(), ts("2010-11-06T23:59:59.999999999-03:30"));
}

#[test]
fn a_day_the_zone_left_out_never_was_but_a_period_may_end_with_it() {
    // Samoa crossed the date line at the end of 29 December 2011.
    let apia = zone("Pacific/Apia");
    assert_eq!(
        When::parse("2011-12-30").unwrap().moment(&apia),
        Err(TimeError::DaySkipped { day: day("2011-12-30"), zone: "Pacific/Apia".to_owned() })
    );
    let reckoned = reckon("days-incl", "2 days", "2011-12-29", &apia);
    assert_eq!(reckoned.end, Moment::at(ts("2011-12-31T00:00:00+14:00")));
}

#[test]
fn days_over_a_clock_change_keep_their_number() {
    let london = zone("Europe/London");
    let spring = reckon("days-incl", "28 days", "2024-03-04", &london);
    // Day 28 is Sunday 31 March, the short day; it ends at midnight in summer time.
    assert_eq!(spring.last_day, Some(day("2024-03-31")));
    assert_eq!(spring.end, Moment::at(ts("2024-03-31T23:00:00Z")));
    let autumn = reckon("days-incl", "28 days", "2024-09-30", &london);
    assert_eq!(autumn.last_day, Some(day("2024-10-27")));
    assert_eq!(autumn.end, Moment::at(ts("2024-10-28T00:00:00Z")));
}

#[test]
fn the_end_of_a_short_day_is_four_real_hours_away() {
    // Cairo, the evening before the clocks skip midnight's hour: the day still ends at 24:00, which is 01:00.
    let cairo = zone("Africa/Cairo");
    for (from, end) in [("2024-04-25T20:00", "2024-04-26T01:00"), ("2024-04-25T20:30", "2024-04-26T01:30")] {
        let reckoned = reckon("end-of-day-or-hours", "4 hours", from, &cairo);
        assert_eq!(reckoned.end, moment(end, &cairo), "{from}");
    }
    // London's long day: 19:30 is four and a half hours from its end.
    let london = zone("Europe/London");
    let reckoned = reckon("end-of-day-or-hours", "24 hours", "2024-10-27T00:00", &london);
    assert_eq!(reckoned.end, moment("2024-10-28T00:00", &london));
}

#[test]
fn a_zone_far_in_the_future_keeps_its_rule() {
    let london = zone("Europe/London");
    // The last Sunday of March 2124 is the 26th.
    assert_eq!(hours_in("2124-03-26", "Europe/London"), (23, 0));
    let reckoned = reckon("days-incl", "1 day", "2124-03-25", &london);
    assert_eq!(reckoned.end, Moment::at(ts("2124-03-26T00:00:00Z")));
}
