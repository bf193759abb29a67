//! What is printed about lines, headers, fields and types.

use super::shows;

#[test]
fn a_line_that_is_not_json_names_its_column() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":}"#,
        r#"line 1, column 44: OW-CASE-005 The line is not JSON.
  found:    here something else than a text in straight quotes, a number, true, false, a list or an object
  expected: one JSON object
  do:       Write one whole JSON object on this one line."#,
    );
}

#[test]
fn an_object_over_several_lines_is_not_json() {
    shows(
        r#"{"file":"per_ada","#,
        r#"line 1, column 18: OW-CASE-005 The line is not JSON.
  found:    the end of the line in the middle of a value
  expected: one JSON object
  do:       Close the object on this line; an entry may not run over several lines."#,
    );
}

#[test]
fn two_objects_on_one_line_are_one_too_many() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left"} {"file":"per_ada","at":"2024-03-01","fact":"left"}"#,
        r#"line 1, column 52: OW-CASE-005 The line is not JSON.
  found:    here something after the closing bracket
  expected: one JSON object
  do:       Write one entry a line, with nothing after its closing }."#,
    );
}

#[test]
fn a_list_is_no_entry() {
    shows(
        r#"[{"file":"per_ada","at":"2024-03-01","fact":"left"}]"#,
        r#"line 1: OW-CASE-006 The line is JSON but not an object.
  found:    a list of 1
  expected: an object
  do:       Write the entries one a line, without [ ] around them and without commas between them."#,
    );
}

#[test]
fn a_number_is_no_entry() {
    shows(
        r#"7"#,
        r#"line 1: OW-CASE-006 The line is JSON but not an object.
  found:    the number 7
  expected: an object
  do:       Put the entry's fields between { and }."#,
    );
}

#[test]
fn a_key_that_stands_twice_is_found() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left","at":"2024-03-02"}"#,
        r#"line 1, column 51: OW-CASE-007 A key stands twice in one object.
  in:       per_ada, field `at`
  found:    `at` a second time
  expected: each key once
  do:       Keep the one that is meant."#,
    );
}

#[test]
fn a_criterion_answered_twice_is_found() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"decided","outcome":"affirmed","answers":{"s3-a":"met","s3-a":"not-met"}}"#,
        r#"line 1, column 99: OW-CASE-007 A key stands twice in one object.
  in:       per_ada, field `answers.s3-a`
  found:    `s3-a` a second time
  expected: each key once
  do:       Keep the one that is meant."#,
    );
}

#[test]
fn a_header_must_say_case_file() {
    shows(
        r#"{"openward":"casefile","version":1}
{"file":"per_ada","at":"2024-03-01","fact":"left"}"#,
        r#"line 1, column 13: OW-CASE-008 The header does not say that this is a case file.
  in:       field `openward`
  found:    `casefile`
  expected: `case-file`
  do:       Write {"openward":"case-file","version":1}."#,
    );
}

#[test]
fn a_header_of_another_version_is_not_read() {
    shows(
        r#"{"openward":"case-file","version":2}
{"file":"per_ada","at":"2024-03-01","fact":"left"}"#,
        r#"line 1, column 25: OW-CASE-009 This version of the case-file format cannot be read.
  in:       field `version`
  found:    the number 2
  expected: the number 1
  do:       Write "version":1, or use a reader of that version."#,
    );
}

#[test]
fn a_header_has_a_version() {
    shows(
        r#"{"openward":"case-file"}
{"file":"per_ada","at":"2024-03-01","fact":"left"}"#,
        r#"line 1: OW-CASE-013 A field is missing.
  in:       field `version`
  found:    no `version`
  expected: the number 1
  do:       Add the field."#,
    );
}

#[test]
fn a_header_has_only_its_own_fields() {
    shows(
        r#"{"openward":"case-file","version":1,"Zones":"Europe/Dublin"}
{"file":"per_ada","at":"2024-03-01","fact":"left"}"#,
        r#"line 1, column 37: OW-CASE-011 No such field is known.
  in:       field `Zones`
  found:    `Zones`
  expected: in a header `openward`, `version`, `law`, `zone` or `file`
  nearest:  `zone`
  do:       Correct the name, or leave the field out."#,
    );
}

#[test]
fn a_header_stands_first() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left"}
{"openward":"case-file","version":1}"#,
        r#"line 2: OW-CASE-010 A header stands after the first line.
  in:       field `openward`
  found:    a header
  expected: an entry
  do:       Keep case files apart, each with its header first. To put them into one, write its own "file" into each entry, then leave the later headers out."#,
    );
}

#[test]
fn an_unknown_field_gets_the_nearest_one() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left","plase":"fac_elm"}"#,
        r#"line 1, column 51: OW-CASE-011 No such field is known.
  in:       per_ada, field `plase`
  found:    `plase`
  expected: a field of `left`
  nearest:  `place`
  do:       Correct the name, or leave the field out."#,
    );
}

#[test]
fn an_unknown_field_far_from_all_gets_none() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left","diagnosis-code":"x"}"#,
        r#"line 1, column 51: OW-CASE-011 No such field is known.
  in:       per_ada, field `diagnosis-code`
  found:    `diagnosis-code`
  expected: a field of `left`
  do:       Correct the name, or leave the field out."#,
    );
}

#[test]
fn a_field_of_another_fact_says_which_facts_carry_it() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"admitted","under":"s2","born":"1980-01-01"}"#,
        r#"line 1, column 75: OW-CASE-012 The field does not belong to this fact.
  in:       per_ada, field `born`
  found:    `born` with the fact `admitted`
  expected: `admitted` carries `under`, `kind` and `language`; `born` stands with `described`
  do:       Leave the field out, or choose the fact that is meant."#,
    );
}

#[test]
fn a_field_of_many_facts_names_the_first_of_them() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"died","kind":"natural"}"#,
        r#"line 1, column 58: OW-CASE-012 The field does not belong to this fact.
  in:       per_ada, field `kind`
  found:    `kind` with the fact `died`
  expected: `died` carries no fields of its own; `kind` stands with `related`, `alternatives-tried`, `consulted`, `objected`, `capacity-assessed`, `signed`, `rectified`, `arrived` and 36 more
  do:       Leave the field out, or choose the fact that is meant."#,
    );
}

#[test]
fn a_missing_field_of_the_fact_is_named() {
    shows(
        r#"{"file":"per_ada","n":1,"at":"2024-03-01","fact":"admitted"}"#,
        r#"line 1: OW-CASE-013 A field is missing.
  in:       per_ada, entry 1, field `under`
  found:    no `under` with the fact `admitted`
  expected: `under`: the name of an order or paragraph, such as `informal` or `66(1)(b)`
  do:       Add the field."#,
    );
}

#[test]
fn missing_time_and_fact_are_two_problems() {
    shows(
        r#"{"file":"per_ada","n":1}"#,
        r#"line 1: OW-CASE-013 A field is missing.
  in:       per_ada, entry 1, field `at`
  found:    no `at`
  expected: when it happened
  do:       Add the field.
line 1: OW-CASE-013 A field is missing.
  in:       per_ada, entry 1, field `fact`
  found:    no `fact`
  expected: what happened: the word of a fact
  do:       Add the field."#,
    );
}

#[test]
fn a_missing_file_is_named() {
    shows(
        r#"{"at":"2024-03-01","fact":"left"}"#,
        r#"line 1: OW-CASE-013 A field is missing.
  in:       field `file`
  found:    no `file`
  expected: the id of the file, such as `per_ada`, here or in the header
  do:       Add the field."#,
    );
}

#[test]
fn a_number_where_a_text_belongs() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left","by":7}"#,
        r#"line 1, column 51: OW-CASE-014 The value is of the wrong type.
  in:       per_ada, field `by`
  found:    the number 7
  expected: a file id such as `pro_ash`, or a role word
  do:       Write the value as expected; leave the field out if nothing is known."#,
    );
}

#[test]
fn null_says_nothing() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"left","by":null}"#,
        r#"line 1, column 51: OW-CASE-014 The value is of the wrong type.
  in:       per_ada, field `by`
  found:    null
  expected: a file id such as `pro_ash`, or a role word
  do:       Write the value as expected; leave the field out if nothing is known."#,
    );
}

#[test]
fn a_number_in_quotes_is_offered_without() {
    shows(
        r#"{"file":"per_ada","n":"1","at":"2024-03-01","fact":"left"}"#,
        r#"line 1, column 23: OW-CASE-014 The value is of the wrong type.
  in:       per_ada, field `n`
  found:    `1`
  expected: a whole number from 1 to 10000
  nearest:  `1`
  do:       Write the value as expected; leave the field out if nothing is known."#,
    );
}

#[test]
fn a_yes_in_quotes_is_offered_without() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"rights-explained","understood":"yes"}"#,
        r#"line 1, column 76: OW-CASE-014 The value is of the wrong type.
  in:       per_ada, field `understood`
  found:    `yes`
  expected: true or false, without quotes
  nearest:  `true`
  do:       Write the value as expected; leave the field out if nothing is known."#,
    );
}

#[test]
fn a_wrong_item_of_a_list_is_named_by_its_place() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"notified","to":["person",["a"],"Next Of Kin"]}"#,
        r#"line 1, column 55: OW-CASE-014 The value is of the wrong type.
  in:       per_ada, field `to[2]`
  found:    a list of 1
  expected: a file id or role word, or a list of them
  do:       Write the value as expected; leave the field out if nothing is known.
line 1, column 76: OW-CASE-019 The word is not well formed.
  in:       per_ada, field `to[3]`
  found:    `Next Of Kin`
  expected: a word of at most 100 small letters, digits and single hyphens
  nearest:  `next-of-kin`
  do:       Use small letters a to z and digits, with single hyphens between them."#,
    );
}

#[test]
fn an_object_is_no_list() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"notified","to":{"a":"b"}}"#,
        r#"line 1, column 55: OW-CASE-014 The value is of the wrong type.
  in:       per_ada, field `to`
  found:    an object
  expected: a file id or role word, or a list of them
  do:       Write the value as expected; leave the field out if nothing is known."#,
    );
}

#[test]
fn a_misspelt_fact_gets_the_nearest_one() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","fact":"admited","under":"s2"}"#,
        r#"line 1, column 44: OW-CASE-015 No such fact is known.
  in:       per_ada, field `fact`
  found:    `admited`
  expected: the word of a fact, such as `admitted`
  nearest:  `admitted`
  do:       Use a fact of the registry; `openward schema entry` prints them all."#,
    );
}

#[test]
fn a_misspelt_origin_gets_the_nearest_one() {
    shows(
        r#"{"file":"per_ada","at":"2024-03-01","origin":"brought_in","fact":"left"}"#,
        r#"line 1, column 46: OW-CASE-016 No such origin is known.
  in:       per_ada, field `origin`
  found:    `brought_in`
  expected: `performed`, `reported`, `brought-in` or `imported`
  nearest:  `brought-in`
  do:       Use one of the expected words."#,
    );
}
