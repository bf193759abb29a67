//! How a case file is read: its forms, its limits, and what is not reported twice.

use super::{printed, problems, read};
use crate::casefile::limits::{ENTRIES_PER_FILE_MAX, LINE_BYTES_MAX, LINES_MAX, LIST_ITEMS_MAX, PROBLEMS_MAX, TEXT_CHARS_MAX};
use crate::casefile::{CaseFile, Code, Header};
use crate::entry::{CorrectionKind, FactKind, FileKind, Origin};

const LEFT: &str = r#"{"file":"per_ada","at":"2024-03-01","fact":"left"}"#;

fn codes(text: &str) -> Vec<Code> {
    problems(text).iter().map(|problem| problem.code).collect()
}

#[test]
fn an_entry_is_read_with_everything_it_says() {
    let case = read(
        r#"{"openward":"case-file","version":1,"law":"ie","zone":"Europe/Dublin"}
{"file":"per_ada","n":2,"at":"2024-03-01T10:15","recorded":"2024-03-01T11:00:00Z","origin":"performed","stay":"a","fact":"signed","instrument":"renewal-order","by":"pro_ash","as":"consultant","place":"fac_elm","on":[1],"states":["s3-a","s3-b"],"length":"3 months","to":"person","note":"late"}
{"file":"per_ada","n":3,"at":"2024-03-02","fact":"decided","outcome":"affirmed","answers":{"s3-b":"met","s3-a":"not-met"},"corrects":{"n":2,"how":"withdrawn-in-error","why":"another person"}}
{"file":"per_ada","n":1,"at":"2024-02-29","fact":"examined","by":"pro_ash"}"#,
    );
    assert_eq!(case.header, Header { law: Some("ie".into()), zone: Some("Europe/Dublin".into()) });
    let file = case.file("per_ada").expect("the file");
    assert_eq!((file.kind, file.entries.len()), (FileKind::Person, 3));
    let [first, second, third] = file.entries.as_slice() else { panic!("three entries") };
    assert_eq!((first.n, first.fact, first.origin), (1, FactKind::Examined, Origin::Reported));
    assert_eq!(first.recorded, None);
    assert_eq!((second.n, second.origin, second.stay.as_deref()), (2, Origin::Performed, Some("a")));
    assert_eq!(second.at, "2024-03-01T10:15".parse().expect("a time"));
    assert_eq!(second.recorded, Some("2024-03-01T11:00:00Z".parse().expect("an instant")));
    assert_eq!(second.details.by.as_deref(), Some("pro_ash"));
    assert_eq!(second.details.role.as_deref(), Some("consultant"));
    assert_eq!(second.details.place.as_deref(), Some("fac_elm"));
    assert_eq!(second.details.on, [1]);
    assert_eq!(second.details.to, ["person"]);
    assert_eq!(second.details.states, ["s3-a", "s3-b"]);
    assert_eq!(second.details.length, Some("3 months".parse().expect("a length")));
    assert_eq!(second.details.note.as_deref(), Some("late"));
    let answers = [("s3-b".to_owned(), "met".to_owned()), ("s3-a".to_owned(), "not-met".to_owned())];
    assert_eq!(third.details.answers, answers);
    let correction = third.corrects.as_ref().expect("a correction");
    assert_eq!((correction.n, correction.kind, correction.why.as_str()), (2, CorrectionKind::WithdrawnInError, "another person"));
}

#[test]
fn the_canonical_lines_are_minimal_and_in_one_order() {
    let text = r#"{ "fact":"notified", "to":["person"], "origin":"reported", "at":"2024-03-01", "how":["in-writing","by-hand"], "file":"per_ada" }"#;
    assert_eq!(
        read(text).write(),
        r#"{"openward":"case-file","version":1}
{"file":"per_ada","n":1,"at":"2024-03-01","fact":"notified","to":"person","how":["in-writing","by-hand"]}
"#
    );
}

#[test]
fn a_byte_order_mark_carriage_returns_and_blank_lines_are_accepted() {
    let text = format!("\u{feff}\r\n{LEFT}\r\n  \r\n{LEFT}\r\n\r\n");
    assert_eq!(read(&text), read(&format!("{LEFT}\n{LEFT}")));
}

#[test]
fn a_line_keeps_its_number_behind_blank_lines_and_its_column_behind_wide_letters() {
    let found = problems("\n\n{\"note\":\"äöü\",\"file\":\"per_ada\",\"at\":\"2024-03-01\",\"fact\":\"lefft\"}");
    assert_eq!(found.iter().map(|problem| (problem.line, problem.column)).collect::<Vec<_>>(), [(3, Some(57))]);
}

#[test]
fn a_header_names_the_file_of_entries_that_name_none() {
    let text = r#"{"openward":"case-file","version":1,"file":"per_ada"}
{"at":"2024-03-01","fact":"left"}
{"file":"per_bob","at":"2024-03-01","fact":"left"}"#;
    let case = read(text);
    let ids: Vec<&str> = case.person_files().map(|file| file.id.as_str()).collect();
    assert_eq!(ids, ["per_ada", "per_bob"]);
    assert_eq!(case.file("per_eve"), None);
}

#[test]
fn only_files_of_people_are_person_files() {
    let case = read(
        r#"{"file":"fac_elm","at":"2024-03-01","fact":"facility-designated","kind":"approved-centre"}
{"file":"per_ada","at":"2024-03-01","fact":"left"}
{"file":"law_ie","at":"2024-03-01","fact":"pack-adopted","law":"ie"}"#,
    );
    assert_eq!(case.files.len(), 3);
    assert_eq!(case.person_files().map(|file| file.id.as_str()).collect::<Vec<_>>(), ["per_ada"]);
}

#[test]
fn nothing_is_half_read() {
    assert!(CaseFile::read(&format!("{LEFT}\n{LEFT}\n{{}}")).is_err());
}

#[test]
fn a_lost_line_does_not_make_others_wrong() {
    // Line 2 could be any entry of any file: that entry 2 is missing cannot be told, nor that the file was not named.
    let text = r#"{"file":"per_ada","n":1,"at":"2024-03-01","fact":"left","on":2}
{"file":"per_ada","n":2,"at":
{"file":"per_ada","n":3,"at":"2024-03-01","fact":"left"}"#;
    assert_eq!(codes(text), [Code::NotJson]);
    assert_eq!(codes("{\"openward\":\n{\"at\":\"2024-03-01\",\"fact\":\"left\"}"), [Code::NotJson]);
}

#[test]
fn a_wrong_entry_still_counts_for_the_numbers_of_its_file() {
    let text = r#"{"file":"per_ada","n":1,"at":"2024-03-01","fact":"left","on":2}
{"file":"per_ada","n":2,"at":"2024-03-01","fact":"lefft"}"#;
    assert_eq!(codes(text), [Code::UnknownFact]);
}

#[test]
fn one_wrong_moment_of_recording_is_one_problem() {
    let line = |day: u32| format!(r#"{{"file":"per_ada","at":"2024-03-01","recorded":"2024-03-{day:02}T10:00:00Z","fact":"left"}}"#);
    let text: Vec<String> = [1, 20, 3, 4].into_iter().map(line).collect();
    let found = problems(&text.join("\n"));
    assert_eq!(found.iter().map(|problem| (problem.code, problem.line)).collect::<Vec<_>>(), [(Code::RecordedBackwards, 3)]);
}

#[test]
fn bytes_that_are_not_utf8_name_their_line() {
    let found = CaseFile::read_bytes(b"{}\n{\"a\":\"\xff\"}").expect_err("no UTF-8");
    assert_eq!(
        printed(&found),
        "line 2: OW-CASE-002 The input is not UTF-8 text.\n  found:    the byte 0xFF\n  expected: UTF-8 text\n  do:       Save the file as UTF-8."
    );
}

#[test]
fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
    let line = |length: usize| format!("{LEFT}{}", " ".repeat(length - LEFT.len()));
    read(&line(LINE_BYTES_MAX));
    assert_eq!(
        printed(&problems(&line(LINE_BYTES_MAX + 1))),
        "line 1: OW-CASE-004 The line is too long.\n  found:    65537 bytes\n  expected: at most 65536 bytes in one line\n  do:       Shorten its texts, or keep them as documents outside the case file."
    );
}

#[test]
fn an_input_may_have_as_many_lines_as_the_limit_and_no_more() {
    let text = format!("{LEFT}{}", "\n".repeat(LINES_MAX));
    read(&text);
    assert_eq!(
        printed(&problems(&format!("{text}\n{LEFT}"))),
        "line 1000001: OW-CASE-003 The input has too many lines.\n  found:    line 1000001\n  expected: at most 1000000 lines\n  do:       Split the case file; the lines from here on were not read."
    );
}

#[test]
fn a_file_may_have_as_many_entries_as_the_limit_and_no_more() {
    let text = vec![LEFT; ENTRIES_PER_FILE_MAX].join("\n");
    read(&text);
    assert_eq!(
        printed(&problems(&format!("{text}\n{LEFT}\n{LEFT}"))),
        "line 10001: OW-CASE-041 The file has too many entries.\n  in:       per_ada\n  found:    entry 10001 of the file\n  expected: at most 10000 entries in one file\n  do:       Check whether one file was used for several people."
    );
}

#[test]
fn a_list_may_have_as_many_items_as_the_limit_and_no_more() {
    let line = |count: usize| {
        let list = vec!["\"person\""; count].join(",");
        format!(r#"{{"file":"per_ada","at":"2024-03-01","fact":"notified","to":[{list}]}}"#)
    };
    read(&line(LIST_ITEMS_MAX));
    assert_eq!(
        printed(&problems(&line(LIST_ITEMS_MAX + 1))),
        "line 1, column 55: OW-CASE-028 The list is too long.\n  in:       per_ada, field `to`\n  found:    a list of 201\n  expected: at most 200 items\n  do:       Split the entry."
    );
}

#[test]
fn a_text_may_have_as_many_characters_as_the_limit_and_no_more() {
    let line = |count: usize| format!(r#"{{"file":"per_ada","at":"2024-03-01","fact":"left","note":"{}"}}"#, "ü".repeat(count));
    read(&line(TEXT_CHARS_MAX));
    assert_eq!(
        printed(&problems(&line(TEXT_CHARS_MAX + 1))),
        "line 1, column 58: OW-CASE-029 The text is too long.\n  in:       per_ada, field `note`\n  found:    a text of 20001 characters\n  expected: at most 20000 characters\n  do:       Shorten it, or keep it as a document outside the case file."
    );
}

#[test]
fn ids_have_sixty_four_characters_and_words_a_hundred() {
    let line = |id: usize, word: usize| {
        format!(r#"{{"file":"per_{}","at":"2024-03-01","fact":"left","how":"{}"}}"#, "a".repeat(id), "b".repeat(word))
    };
    read(&line(64, 100));
    assert_eq!(codes(&line(65, 100)), [Code::WrongId]);
    assert_eq!(codes(&line(64, 101)), [Code::WrongWord]);
    assert_eq!(codes(&line(0, 100)), [Code::WrongId]);
}

#[test]
fn words_have_single_hyphens_between_small_letters_and_digits() {
    let line = |word: &str| format!(r#"{{"file":"per_ada","at":"2024-03-01","fact":"left","how":"{word}"}}"#);
    for right in ["a", "7", "a-b", "2nd-a-3"] {
        read(&line(right));
    }
    for wrong in ["-a", "a-", "a--b", "A", "ä", "a b", "a.b"] {
        assert_eq!(codes(&line(wrong)), [Code::WrongWord], "{wrong}");
    }
    assert_eq!(codes(&line("")), [Code::Empty]);
}

#[test]
fn a_party_is_a_file_or_a_role() {
    let line = |by: &str| format!(r#"{{"file":"per_ada","at":"2024-03-01","fact":"left","by":"{by}"}}"#);
    read(&line("pro_ash"));
    read(&line("next-of-kin"));
    assert_eq!(codes(&line("pro_Ash")), [Code::WrongId]);
    assert_eq!(codes(&line("doc_ash")), [Code::UnknownFileKind]);
    assert_eq!(codes(&line("Doctor")), [Code::WrongWord]);
}

#[test]
fn years_from_1800_to_2200_are_near() {
    let line = |at: &str| format!(r#"{{"file":"per_ada","at":"{at}","fact":"left"}}"#);
    read(&line("1800-01-01"));
    read(&line("2200-12-31T23:59"));
    for far in ["1799-12-31", "2201-01-01", "1799-12-31T23:59", "2201-01-01T00:00:00Z"] {
        assert_eq!(codes(&line(far)), [Code::FarDate], "{far}");
    }
}

#[test]
fn a_date_in_another_form_is_no_date() {
    for born in ["19800101", "1980-1-1", "1980-01-01T00:00", "+001980-01-01", "", "1980-02-30"] {
        let text = format!(r#"{{"file":"per_ada","at":"2024-03-01","fact":"described","born":"{born}"}}"#);
        assert_eq!(codes(&text), [Code::WrongDate], "{born}");
    }
}

#[test]
fn very_many_problems_are_cut_and_counted() {
    let text = vec![r#"{"file":"per_ada","at":"2024-03-01","fact":"lefft"}"#; 5000].join("\n");
    let found = problems(&text);
    assert_eq!(found.len(), PROBLEMS_MAX + 1);
    assert!(found.iter().take(PROBLEMS_MAX).zip(1..).all(|(problem, line)| problem.line == line));
    assert_eq!(
        found.last().map(ToString::to_string).as_deref(),
        Some(
            "line 200: OW-CASE-099 There are more problems.\n  found:    and 4800 more\n  expected: no problem at all; the first 200 are shown\n  do:       Mend these first, then read the case file again."
        )
    );
}

#[test]
fn an_input_with_thousands_of_problems_is_not_read_to_its_end() {
    let text = vec![r#"{"file":"per_ada","at":"2024-03-01","fact":"lefft"}"#; 10_001].join("\n");
    let found = problems(&text);
    assert_eq!(found.last().map(|problem| problem.found.as_str()), Some("and 9800 more; from line 10001 on nothing was read"));
}

#[test]
fn a_key_repeated_in_a_very_long_object_is_found() {
    let keys: Vec<String> = (0..60).map(|at| format!("\"k{at}\":1")).collect();
    let text = format!("{{{},\"k7\":1}}", keys.join(","));
    assert_eq!(codes(&text).iter().filter(|code| **code == Code::DuplicateKey).count(), 1);
}

#[test]
fn every_code_has_a_case_that_shows_it() {
    let cases = [include_str!("lines.rs"), include_str!("form.rs"), include_str!("relations.rs"), include_str!("reading.rs")].concat();
    for code in Code::ALL {
        assert!(cases.contains(&format!(": {} {}", code.id(), code.sentence())), "{}", code.id());
    }
}

#[test]
fn every_code_has_its_own_id_and_words() {
    let mut ids: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert!(ids.is_sorted());
    ids.dedup();
    assert_eq!(ids.len(), Code::ALL.len());
    for code in Code::ALL {
        assert!(code.sentence().ends_with('.') && code.advice().ends_with('.'), "{}", code.id());
    }
}
