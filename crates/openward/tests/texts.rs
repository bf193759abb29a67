//! The texts that people read, held against snapshots.
#![allow(clippy::expect_used, clippy::panic, missing_docs, reason = "a test may fail loudly")]

mod common;

use common::{code, err, openward, out, run, snapshot};

#[track_caller]
fn reads(name: &str, words: &[&str]) {
    let output = run(words);
    assert_eq!(err(&output), "", "{name} complains");
    assert_eq!(code(&output), 0);
    let text = out(&output);
    assert!(!text.contains('\u{1b}'), "{name} is coloured though nobody looks");
    snapshot(name, &text);
}

#[track_caller]
fn complains(name: &str, number: i32, words: &[&str]) {
    let output = run(words);
    assert_eq!(out(&output), "", "{name} writes something all the same");
    assert_eq!(code(&output), number);
    assert!(!err(&output).contains('\u{1b}'));
    snapshot(name, &err(&output));
}

#[test]
fn a_section_2_in_force_on_a_wide_page() {
    reads("section-2-wide", &["standing", "--at", "2024-03-15T10:00", "--width", "100", "section-2.jsonl"]);
}

#[test]
fn a_section_2_in_force_on_a_narrow_page() {
    reads("section-2-narrow", &["standing", "--at", "2024-03-15T10:00", "--width", "60", "section-2.jsonl"]);
}

#[test]
fn the_working_of_a_section_2() {
    reads("section-2-why", &["standing", "--at", "2024-03-05", "--why", "--width", "100", "section-2.jsonl"]);
}

#[test]
fn the_working_of_one_order_only() {
    reads("section-2-why-order", &["standing", "--at", "2024-03-05", "--why", "order.s2", "--width", "100", "section-2.jsonl"]);
}

#[test]
fn an_approval_that_is_not_recorded_is_not_shown() {
    reads("approval-not-recorded", &["standing", "--at", "2024-03-15T10:00", "--width", "100", "section-2-approval-not-recorded.jsonl"]);
}

#[test]
fn a_hold_that_ran_out_over_the_clock_change_in_plain_letters() {
    reads("nurse-ran-out", &["standing", "--at", "2024-03-31T08:00", "--ascii", "--width", "60", "nurse-ran-out.jsonl"]);
}

#[test]
fn a_person_who_asked_to_leave_and_words_not_read() {
    reads("asked-to-leave", &["standing", "--at", "2024-03-07T10:00", "asked-to-leave.jsonl"]);
}

#[test]
fn a_text_with_two_readings_is_contested_between_them() {
    reads("two-readings", &["standing", "--at", "2024-05-02T14:05", "--width", "100", "notice-late.jsonl"]);
}

#[test]
fn late_duties_come_first() {
    reads("notice-late", &["standing", "--at", "2024-05-05T14:00", "--width", "60", "notice-late.jsonl"]);
}

#[test]
fn two_people_follow_one_another() {
    reads(
        "two-people",
        &[
            "standing",
            "--at",
            "2024-03-31T02:00",
            "--law",
            "gb-eaw",
            "--width",
            "100",
            "--known-at",
            "2024-03-31T03:00",
            "two-people.jsonl",
        ],
    );
}

#[test]
fn a_provision_with_all_its_texts() {
    reads("law-show-provision", &["law", "show", "gb-eaw", "order.s5-4", "--width", "100"]);
}

#[test]
fn the_story_under_english_law() {
    reads("story-gb-eaw", &["story", "gb-eaw", "--width", "100"]);
}

#[test]
fn the_story_under_irish_law() {
    reads("story-ie", &["story", "ie", "--width", "100"]);
}

#[test]
fn every_problem_of_a_case_file_is_reported() {
    complains("error-broken", 3, &["standing", "--law", "gb-eaw", "broken.jsonl"]);
}

#[test]
fn an_hour_that_the_clocks_skipped() {
    complains("error-skipped-hour", 3, &["standing", "--law", "gb-eaw", "skipped-hour.jsonl"]);
}

#[test]
fn no_law_is_named() {
    complains("error-no-law", 2, &["standing", "skipped-hour.jsonl"]);
}

#[test]
fn a_law_that_there_is_not() {
    complains("error-unknown-law", 2, &["standing", "--law", "gb-ewa", "section-2.jsonl"]);
}

#[test]
fn a_person_who_is_not_in_the_file() {
    complains("error-unknown-person", 2, &["standing", "--file", "per_adda", "section-2.jsonl"]);
}

#[test]
fn a_provision_that_there_is_not() {
    complains("error-unknown-provision", 2, &["standing", "--at", "2024-03-05", "--why", "order.s22", "section-2.jsonl"]);
}

#[test]
fn a_time_that_cannot_be_read() {
    complains("error-time", 2, &["standing", "--at", "last tuesday", "section-2.jsonl"]);
}

#[test]
fn colour_is_for_those_who_look_or_ask() {
    let words = ["standing", "--at", "2024-03-15T10:00", "section-2.jsonl"];
    let asked: Vec<&str> = words.into_iter().chain(["--color", "always"]).collect();
    assert!(out(&run(&asked)).contains("\u{1b}["));
    let quiet = openward(&words).env("NO_COLOR", "1").output().expect("the program starts");
    assert!(!out(&quiet).contains('\u{1b}'));
    let mut plain = out(&run(&asked));
    while let Some(at) = plain.find('\u{1b}') {
        let end = plain[at..].find('m').expect("a colour ends") + at;
        plain.replace_range(at..=end, "");
    }
    assert_eq!(plain, out(&run(&words)), "colour changes the words");
}

#[test]
fn no_line_is_wider_than_the_page() {
    for width in [60, 100] {
        let page = out(&run(&["standing", "--at", "2024-03-15T10:00", "--why", "--width", &width.to_string(), "section-2.jsonl"]));
        let longest = page.lines().map(|line| line.chars().count()).max();
        assert!(longest.is_some_and(|longest| longest <= width), "{longest:?} of {width}");
    }
}
