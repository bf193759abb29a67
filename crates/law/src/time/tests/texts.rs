//! Reading and printing: times, lengths, counting rules, zones; every error says where and what.

use super::{day, moment, ts, zone};
use crate::time::{Count, Direction, LENGTH_MAX, Length, Moment, Roll, TimeError, Unit, When, Zone};

fn when_error(text: &str) -> String {
    When::parse(text).unwrap_err().to_string()
}

#[test]
fn the_three_shapes_are_read_and_printed_back() {
    for (written, printed) in [
        ("2024-03-01", "2024-03-01"),
        ("2024-03-01T10:15", "2024-03-01T10:15"),
        ("2024-03-01T10:15:00", "2024-03-01T10:15"),
        ("2024-03-01T10:15:07", "2024-03-01T10:15:07"),
        ("2024-03-01T10:15:07.250", "2024-03-01T10:15:07.25"),
        ("2024-03-01T10:15Z", "2024-03-01T10:15:00Z"),
        ("2024-03-01T10:15:00+00:00", "2024-03-01T10:15:00Z"),
        ("2024-03-01T10:15:00-00:00", "2024-03-01T10:15:00Z"),
        ("2024-03-01T10:15+05:30", "2024-03-01T10:15:00+05:30"),
        ("2024-02-29T23:59:59.999999999-03:30", "2024-02-29T23:59:59.999999999-03:30"),
        ("0001-01-01", "0001-01-01"),
    ] {
        let when = When::parse(written).unwrap();
        assert_eq!(when.to_string(), printed);
        assert_eq!(When::parse(printed).unwrap(), when);
    }
}

#[test]
fn an_unreadable_time_names_the_place_and_what_should_stand_there() {
    for (text, at, expected) in [
        ("", 1, "a year of four digits"),
        ("24-03-01", 3, "a year of four digits"),
        ("2024/03/01", 5, "a hyphen, then the month"),
        ("2024-3-1", 7, "a month from 01 to 12"),
        ("2024-13-01", 6, "a month from 01 to 12"),
        ("2024-03-00", 9, "a day from 01 to 31"),
        ("2024-03-01 10:15", 11, "T and a time"),
        ("2024-03-01T", 12, "an hour from 00 to 23"),
        ("2024-03-01T24:00", 12, "midnight at a day's end is 00:00 of the next day"),
        ("2024-03-01T10", 14, "a colon, then the minutes"),
        ("2024-03-01T10:60", 15, "minutes from 00 to 59"),
        ("2024-03-01T10:15:60", 18, "seconds from 00 to 59"),
        ("2024-03-01T10:15:00.", 21, "digits of a second"),
        ("2024-03-01T10:15:00.1234567890", 30, "no more than nine digits"),
        ("2024-03-01T10:15 ", 17, "an offset such as Z or +01:00"),
        ("2024-03-01T10:15+1", 19, "an offset's hours"),
        ("2024-03-01T10:15+0100", 20, "a colon, then the offset's minutes"),
        ("2024-03-01T10:15+24:00", 18, "an offset's hours from 00 to 23"),
        ("2024-03-01T10:15ZZ", 18, "nothing more"),
        ("2024-03-01T10:15:00[Europe/London]", 20, "an offset such as Z"),
        ("２０２４-03-01", 1, "a year of four digits"),
    ] {
        let error = when_error(text);
        assert!(error.contains(&format!("character {at},")), "{text}: {error}");
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn a_date_that_never_was_is_told_from_one_that_cannot_be_read() {
    assert_eq!(when_error("2023-02-29"), "there is no 2023-02-29: that month has 28 days");
    assert_eq!(when_error("2024-04-31T10:00"), "there is no 2024-04-31: that month has 30 days");
    assert!(When::parse("2024-02-29").is_ok());
    assert!(When::parse("1900-02-29").is_err());
}

#[test]
fn a_hostile_text_is_cut_in_the_error() {
    let error = when_error(&"9".repeat(100_000));
    assert!(error.len() < 300, "{}", error.len());
}

#[test]
fn an_instant_at_the_edge_of_time_is_an_error_and_no_panic() {
    assert_eq!(When::parse("9999-12-31T23:59:59-23:59"), Err(TimeError::TooFar));
    let zone = zone("Pacific/Kiritimati");
    assert_eq!(When::parse("9999-12-31").unwrap().moment(&zone), Err(TimeError::TooFar));
}

#[test]
fn a_local_time_the_clocks_skipped_is_an_error_that_says_so() {
    let error = When::parse("2024-03-31T01:30").unwrap().moment(&zone("Europe/London")).unwrap_err();
    assert!(matches!(error, TimeError::TimeSkipped { .. }));
    assert_eq!(
        error.to_string(),
        "2024-03-31T01:30:00 did not exist in Europe/London: the clocks went forward over it (UTC became UTC+01:00); check the time, or write it with its offset"
    );
}

#[test]
fn a_local_time_that_came_twice_is_an_error_that_offers_both() {
    let london = zone("Europe/London");
    let error = When::parse("2024-10-27T01:30").unwrap().moment(&london).unwrap_err();
    assert_eq!(
        error.to_string(),
        "2024-10-27T01:30:00 existed twice in Europe/London, as the clocks went back: write 2024-10-27T01:30:00+01:00 for the first or 2024-10-27T01:30:00Z for the second"
    );
    // What the error offers can be read, and the two lie one hour apart.
    let first = moment("2024-10-27T01:30:00+01:00", &london);
    let second = moment("2024-10-27T01:30:00Z", &london);
    assert_eq!(first.before(&second), Some(true));
    assert_eq!(first.earliest().duration_until(second.earliest()).as_hours(), 1);
}

#[test]
fn a_local_time_at_the_edges_of_a_clock_change_is_plain() {
    let london = zone("Europe/London");
    for (local, utc) in [
        ("2024-03-31T00:59:59", "2024-03-31T00:59:59Z"),
        ("2024-03-31T02:00", "2024-03-31T01:00:00Z"),
        ("2024-10-27T00:59:59", "2024-10-26T23:59:59Z"),
        ("2024-10-27T02:00", "2024-10-27T02:00:00Z"),
    ] {
        assert_eq!(moment(local, &london), Moment::at(ts(utc)));
    }
}

#[test]
fn the_written_day_is_that_of_the_written_offset() {
    let when = When::parse("2024-03-01T23:30:00-05:00").unwrap();
    assert_eq!(when.written_day(), day("2024-03-01"));
}

#[test]
fn lengths_are_read_and_printed_back() {
    for text in ["28 days", "1 year", "6 months", "72 hours", "15 minutes", "3 weeks", "10000 days"] {
        let length: Length = text.parse().unwrap();
        assert_eq!(length.to_string(), text);
    }
    let one: Length = "1 days".parse().unwrap();
    assert_eq!(one.to_string(), "1 day");
    assert_eq!((one.n(), one.unit()), (1, Unit::Days));
}

#[test]
fn a_wrong_length_says_why() {
    for (text, expected) in [
        ("days", "character 1, expected a whole number"),
        ("", "character 1, expected a whole number"),
        ("028 days", "character 1, expected a whole number"),
        ("-3 days", "character 1, expected a whole number"),
        ("28days", "character 3, expected one space"),
        ("28", "character 3, expected one space"),
        ("28  days", "character 4, expected minutes, hours"),
        ("28 fortnights", "character 4, expected minutes, hours"),
        ("0 days", "a length of 0 is out of bounds"),
        ("10001 days", "a length of 10001 is out of bounds"),
        ("99999999999999999999999 days", "out of bounds: write 1 to 10000"),
    ] {
        let error = text.parse::<Length>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    assert!(Length::new(0, Unit::Days).is_err());
    assert!(Length::new(LENGTH_MAX + 1, Unit::Days).is_err());
}

#[test]
fn every_rule_and_roll_is_found_by_its_name_and_by_serde() {
    for count in Count::ALL {
        assert_eq!(Count::from_name(count.name()), Some(count));
        let json = serde_json::to_string(&count).unwrap();
        assert_eq!(json, format!("\"{}\"", count.name()));
        assert_eq!(serde_json::from_str::<Count>(&json).unwrap(), count);
        assert_eq!(count.units().is_empty(), count.direction() == Direction::Neither);
    }
    for roll in Roll::ALL {
        assert_eq!(Roll::from_name(roll.name()), Some(roll));
        let json = serde_json::to_string(&roll).unwrap();
        assert_eq!(json, format!("\"{}\"", roll.name()));
    }
    assert_eq!(Count::from_name("days_incl"), None);
    assert_eq!(Roll::default(), Roll::None);
}

#[test]
fn zones_are_found_by_name_whatever_the_capitals() {
    assert_eq!(Zone::named("europe/london").unwrap().name(), "Europe/London");
    assert_eq!(Zone::named("UTC").unwrap(), Zone::utc());
    assert_eq!(Zone::utc().name(), "UTC");
    for wrong in ["", "Europe/Londn", "Etc/Unknown", "../etc/passwd", "GMT+25"] {
        assert_eq!(Zone::named(wrong), Err(TimeError::ZoneUnknown { name: wrong.to_owned() }));
    }
}

#[test]
fn every_name_the_zone_data_list_can_be_looked_up() {
    let names = Zone::names();
    assert!(names.len() > 400, "{}", names.len());
    assert!(names.is_sorted());
    for name in names {
        assert!(Zone::named(&name).is_ok(), "{name}");
    }
}

#[test]
fn values_go_over_the_wire_as_their_texts() {
    let when: When = serde_json::from_str("\"2024-03-01T10:15\"").unwrap();
    assert_eq!(serde_json::to_string(&when).unwrap(), "\"2024-03-01T10:15\"");
    let length: Length = serde_json::from_str("\"28 days\"").unwrap();
    assert_eq!(serde_json::to_string(&length).unwrap(), "\"28 days\"");
    let zone: Zone = serde_json::from_str("\"Europe/Dublin\"").unwrap();
    assert_eq!(serde_json::to_string(&zone).unwrap(), "\"Europe/Dublin\"");
    let error = serde_json::from_str::<When>("\"2024-3-1\"").unwrap_err();
    assert!(error.to_string().contains("a month from 01 to 12"), "{error}");
}
