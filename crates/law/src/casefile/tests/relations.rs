//! What is printed about entries that do not fit together.

use super::shows;

#[test]
fn a_correction_of_an_unknown_kind() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left"}
{"file":"per_ada","at":"2024-03-01","fact":"left","corrects":{"n":1,"how":"replace","why":"wrong day"}}"#,
        r#"line 2, column 75: OW-CASE-031 No such kind of correction is known.
  in:       per_ada, field `corrects.how`
  found:    `replace`
  expected: `replaced` or `withdrawn-in-error`
  nearest:  `replaced`
  do:       Use one of the expected words."#,
    );
}

#[test]
fn a_correction_says_why() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left"}
{"file":"per_ada","at":"2024-03-01","fact":"left","corrects":{"n":1,"how":"replaced","wy":"wrong day"}}"#,
        r#"line 2, column 86: OW-CASE-011 No such field is known.
  in:       per_ada, field `corrects.wy`
  found:    `wy`
  expected: in a correction `n`, `how` or `why`
  nearest:  `why`
  do:       Correct the name, or leave the field out.
line 2, column 51: OW-CASE-013 A field is missing.
  in:       per_ada, field `corrects.why`
  found:    no `why`
  expected: the reason in words
  do:       Add the field."#,
    );
}

#[test]
fn entry_numbers_begin_at_one() {
    shows(
        r#"{"file":"per_ada","n":0,"at":"2024-03-01","fact":"left"}"#,
        r#"line 1, column 19: OW-CASE-032 The entry number is out of range.
  in:       per_ada, field `n`
  found:    the number 0
  expected: a whole number from 1 to 10000
  do:       Number the entries of each file 1, 2, 3 and so on."#,
    );
}

#[test]
fn some_numbered_and_some_not() {
    shows(
        r#"{"file":"per_ada","n":1,"at":"2024-03-01","fact":"left"}
{"file":"per_ada","at":"2024-03-01","fact":"left"}
{"file":"per_ada","n":3,"at":"2024-03-01","fact":"left"}"#,
        r#"line 2: OW-CASE-033 Some entries of the file have a number and some have none.
  in:       per_ada, field `n`
  found:    1 of 3 entries without a number; this is the first
  expected: a number on every entry of the file, or on none
  do:       Number all entries of the file, or none."#,
    );
}

#[test]
fn two_entries_of_one_number() {
    shows(
        r#"{"file":"per_ada","n":1,"at":"2024-03-01","fact":"left"}
{"file":"per_ada","n":1,"at":"2024-03-01","fact":"left"}"#,
        r#"line 2: OW-CASE-034 Two entries of one file have the same number.
  in:       per_ada, entry 1, field `n`
  found:    1, which line 1 has already
  expected: a number of its own
  do:       Give each entry its own number."#,
    );
}

#[test]
fn numbers_left_out_are_named() {
    shows(
        r#"{"file":"per_ada","n":5,"at":"2024-03-01","fact":"left"}
{"file":"per_ada","n":2,"at":"2024-03-01","fact":"left"}"#,
        r#"line 1: OW-CASE-035 An entry number is left out.
  in:       per_ada, entry 5, field `n`
  found:    no entries 3 to 4
  expected: entry 3 before entry 5
  do:       Add what is missing, or renumber; entries are never removed from a file.
line 2: OW-CASE-035 An entry number is left out.
  in:       per_ada, entry 2, field `n`
  found:    no entry 1
  expected: entry 1 before entry 2
  do:       Add what is missing, or renumber; entries are never removed from a file."#,
    );
}

#[test]
fn an_entry_that_does_not_exist_cannot_be_named() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left","on":[2,7]}
{"file":"per_ada","at":"2024-03-01","fact":"left"}"#,
        r#"line 1: OW-CASE-036 The entry named does not exist in this file.
  in:       per_ada, entry 1, field `on[2]`
  found:    the number 7
  expected: a number of this file, from 1 to 2
  do:       Name an entry of the same file by its number."#,
    );
}

#[test]
fn an_entry_cannot_name_itself() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left","of":1}"#,
        r#"line 1: OW-CASE-037 The entry names itself.
  in:       per_ada, entry 1, field `of`
  found:    1, the entry's own number
  expected: the number of another entry
  do:       Name another entry of the same file."#,
    );
}

#[test]
fn a_correction_comes_after_what_it_corrects() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left","corrects":{"n":2,"how":"replaced","why":"wrong day"}}
{"file":"per_ada","at":"2024-03-01","fact":"left"}"#,
        r#"line 1: OW-CASE-038 A correction must come after the entry it corrects.
  in:       per_ada, entry 1, field `corrects.n`
  found:    the number 2
  expected: a number below 1
  do:       Let the later entry correct the earlier one."#,
    );
}

#[test]
fn recording_never_goes_backwards() {
    shows(
        r#"{"file":"per_ada","n":2,"at":"2024-03-01","recorded":"2024-03-01T11:00:00Z","fact":"left"}
{"file":"per_ada","n":1,"at":"2024-03-01","recorded":"2024-03-01T12:30:00+01:00","fact":"left"}"#,
        r#"line 1: OW-CASE-039 The entry is recorded before the entry it follows.
  in:       per_ada, entry 2, field `recorded`
  found:    2024-03-01T11:00:00Z
  expected: 2024-03-01T11:30:00Z or later, when entry 1 in line 2 was recorded
  do:       Check both moments of recording, or the order of the numbers."#,
    );
}

#[test]
fn a_fact_about_a_person_is_not_put_in_a_facilitys_file() {
    shows(
        r#"{"file":"fac_elm","at":"2024-03-01","fact":"admitted","under":"s2"}"#,
        r#"line 1, column 44: OW-CASE-040 The fact does not belong in this kind of file.
  in:       fac_elm, field `fact`
  found:    `admitted` in a facility's file
  expected: `admitted` in a person's file
  do:       Put the entry in the file of whom or what it is about."#,
    );
}

#[test]
fn nothing_at_all_is_a_problem_with_an_example() {
    shows(
        r#""#,
        r#"line 1: OW-CASE-001 The case file holds no entry.
  found:    an empty input
  expected: at least one entry
  do:       Write one JSON object a line, for example {"file":"per_ada","at":"2024-03-01","fact":"admitted","under":"informal"}."#,
    );
}

#[test]
fn a_header_alone_is_not_a_case() {
    shows(
        r#"{"openward":"case-file","version":1}"#,
        r#"line 1: OW-CASE-001 The case file holds no entry.
  found:    a header and nothing else
  expected: at least one entry
  do:       Write one JSON object a line, for example {"file":"per_ada","at":"2024-03-01","fact":"admitted","under":"informal"}."#,
    );
}

#[test]
fn all_problems_are_told_in_the_order_of_lines() {
    shows(
        r#"{"file":"per_ada","n":1,"at":"2024-03-01","fact":"left","of":1}
{"file":"per_bob","n":1,"at":"2024-03-01","fact":"lefft"}
{"file":"per_ada","n":2,"at":"2024-03-01","fact":"left","on":3}"#,
        r#"line 1: OW-CASE-037 The entry names itself.
  in:       per_ada, entry 1, field `of`
  found:    1, the entry's own number
  expected: the number of another entry
  do:       Name another entry of the same file.
line 2, column 50: OW-CASE-015 No such fact is known.
  in:       per_bob, entry 1, field `fact`
  found:    `lefft`
  expected: the word of a fact, such as `admitted`
  nearest:  `left`
  do:       Use a fact of the registry; `openward schema entry` prints them all.
line 3: OW-CASE-036 The entry named does not exist in this file.
  in:       per_ada, entry 2, field `on`
  found:    the number 3
  expected: a number of this file, from 1 to 2
  do:       Name an entry of the same file by its number."#,
    );
}
