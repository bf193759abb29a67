//! What is printed about ids, words, times and texts of a wrong form.

use super::shows;

#[test]
fn a_file_of_an_unknown_kind_is_refused() {
    shows(
        r#"{"file":"perr_ada","at":"2024-03-01","fact":"left"}"#,
        r#"line 1, column 9: OW-CASE-017 The file's prefix is not known.
  in:       field `file`
  found:    `perr_ada`
  expected: an id that begins with `per_`, `fac_`, `pro_`, `org_` or `law_`
  nearest:  `per_ada`
  do:       Begin the id with the prefix of what the file is about."#,
    );
}

#[test]
fn an_id_with_capitals_is_offered_small() {
    shows(
        r#"{"file":"per_Ada Ash","at":"2024-03-01","fact":"left"}"#,
        r#"line 1, column 9: OW-CASE-018 The id is not well formed.
  in:       field `file`
  found:    `per_Ada Ash`
  expected: the prefix, then 1 to 64 small letters, digits, hyphens and underscores
  nearest:  `per_ada-ash`
  do:       After the prefix use only small letters a to z, digits, hyphens and underscores."#,
    );
}

#[test]
fn an_id_with_a_control_character_is_refused() {
    shows(
        r#"{"file":"per_a\u0000da","at":"2024-03-01","fact":"left"}"#,
        r#"line 1, column 2: OW-CASE-030 The text holds a control character.
  in:       field `file`
  found:    `per_a\u{0}da`
  expected: the prefix, then 1 to 64 small letters, digits, hyphens and underscores
  do:       Remove it; line breaks and tabs are allowed in free texts."#,
    );
}

#[test]
fn a_word_with_capitals_is_offered_as_one() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left","how":"Own_Wish"}"#,
        r#"line 1, column 57: OW-CASE-019 The word is not well formed.
  in:       per_ada, field `how`
  found:    `Own_Wish`
  expected: a word of at most 100 small letters, digits and single hyphens
  nearest:  `own-wish`
  do:       Use small letters a to z and digits, with single hyphens between them."#,
    );
}

#[test]
fn a_paragraph_with_a_space_is_offered_without() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"applied","under":"66(1) (b)"}"#,
        r#"line 1, column 62: OW-CASE-020 The name of the order or paragraph is not well formed.
  in:       per_ada, field `under`
  found:    `66(1) (b)`
  expected: at most 100 letters, digits and the signs ( ) . - / :, such as `66(1)(b)`
  nearest:  `66(1)(b)`
  do:       Write it as the law pack does, without spaces."#,
    );
}

#[test]
fn a_time_that_cannot_be_read() {
    shows(
        r#"{"file":"per_ada","at":"1 March 2024","fact":"left"}"#,
        r#"line 1, column 24: OW-CASE-021 The time cannot be read.
  in:       per_ada, field `at`
  found:    `1 March 2024`
  expected: a date, or a date and time with or without offset, such as `2024-03-01`, `2024-03-01T10:15` or `2024-03-01T10:15:00Z`
  do:       Write a date, or a date and time."#,
    );
}

#[test]
fn a_day_that_does_not_exist() {
    shows(
        r#"{"file":"per_ada","at":"2023-02-29","fact":"left"}"#,
        r#"line 1, column 24: OW-CASE-021 The time cannot be read.
  in:       per_ada, field `at`
  found:    `2023-02-29`
  expected: a date, or a date and time with or without offset, such as `2024-03-01`, `2024-03-01T10:15` or `2024-03-01T10:15:00Z`; there is no 2023-02-29: that month has 28 days
  do:       Write a date, or a date and time."#,
    );
}

#[test]
fn a_date_of_birth_that_does_not_exist() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"described","born":"1980-02-30"}"#,
        r#"line 1, column 63: OW-CASE-022 The date cannot be read.
  in:       per_ada, field `born`
  found:    `1980-02-30`
  expected: a date such as `2024-03-01`; there is no 1980-02-30: that month has 29 days
  do:       Write year, month and day, and check that the day exists."#,
    );
}

#[test]
fn a_year_far_away_is_a_slip() {
    shows(
        r#"{"file":"per_ada","at":"0204-03-01","fact":"left"}"#,
        r#"line 1, column 24: OW-CASE-023 The year is too far away.
  in:       per_ada, field `at`
  found:    `0204-03-01`
  expected: a year from 1800 to 2200
  do:       Check the year."#,
    );
}

#[test]
fn a_length_that_cannot_be_read() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"signed","instrument":"order","length":"three months"}"#,
        r#"line 1, column 83: OW-CASE-024 The length cannot be read.
  in:       per_ada, field `length`
  found:    `three months`
  expected: a whole number and a unit, such as `72 hours`, `14 days` or `3 months`
  do:       Write a whole number and a unit."#,
    );
}

#[test]
fn a_zone_gets_the_nearest_one() {
    shows(
        r#"{"openward":"case-file","version":1,"zone":"Europe/Dubln"}
{"file":"per_ada","at":"2024-03-01","fact":"left"}"#,
        r#"line 1, column 44: OW-CASE-025 No such time zone is known.
  in:       field `zone`
  found:    `Europe/Dubln`
  expected: a name such as `Europe/Dublin`
  nearest:  `Europe/Dublin`
  do:       Use a name of the IANA time-zone database."#,
    );
}

#[test]
fn recording_needs_an_offset() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","recorded":"2024-03-01T11:00","fact":"left"}"#,
        r#"line 1, column 48: OW-CASE-026 The moment of recording cannot be read.
  in:       per_ada, field `recorded`
  found:    `2024-03-01T11:00`
  expected: a date and time with its offset, such as `2024-03-01T11:00:00Z`
  do:       Write date, time and offset; the register always knows all three."#,
    );
}

#[test]
fn an_empty_list_says_nothing() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"notified","to":[]}"#,
        r#"line 1, column 55: OW-CASE-027 The value is empty.
  in:       per_ada, field `to`
  found:    an empty list
  expected: a file id or role word, or a list of them
  do:       Leave the field out if nothing is known."#,
    );
}

#[test]
fn an_empty_text_says_nothing() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left","note":"  "}"#,
        r#"line 1, column 58: OW-CASE-027 The value is empty.
  in:       per_ada, field `note`
  found:    a text of 2 characters
  expected: a text
  do:       Leave the field out if nothing is known."#,
    );
}

#[test]
fn a_control_character_in_a_text_is_refused_without_repeating_the_text() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left","note":"she said\u0007"}"#,
        r#"line 1, column 51: OW-CASE-030 The text holds a control character.
  in:       per_ada, field `note`
  found:    a text of 9 characters
  expected: a text without control characters
  do:       Remove it; line breaks and tabs are allowed in free texts."#,
    );
}
