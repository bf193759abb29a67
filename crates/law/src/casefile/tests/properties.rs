//! What holds for every input: nothing panics, what is written is read again, and the order of lines means nothing.

use super::generate::{Choices, case_file};
use super::{printed, read};
use crate::casefile::limits::PROBLEMS_MAX;
use crate::casefile::{CaseFile, Problem, effective};
use crate::entry::{Field, FileKind};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::Value;

fn choices() -> impl Strategy<Value = Choices> + use<> {
    prop::collection::vec(any::<u16>(), 0..400).prop_map(Choices::new)
}

impl std::fmt::Debug for Choices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a row of choices")
    }
}

/// Any JSON value, with a liking for what a case file holds.
fn value() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec!["per_ada", "admitted", "left", "2024-03-01", "3 months", "replaced", "s2", "", "\u{0}"]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4u32).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..8).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    let own = ["file", "n", "at", "recorded", "origin", "stay", "fact", "corrects", "how", "why", "openward", "version", "law"];
    let known: Vec<String> = own.into_iter().chain(Field::ALL.iter().map(|field| field.name())).map(str::to_owned).collect();
    prop_oneof![9 => prop::sample::select(known), 1 => any::<String>()]
}

/// Whatever the reader answers must hold together.
fn holds_together(answer: Result<CaseFile, Vec<Problem>>) {
    match answer {
        Ok(case) => assert_eq!(read(&case.write()), case),
        Err(problems) => {
            assert!(!problems.is_empty() && problems.len() <= PROBLEMS_MAX + 1);
            assert!(problems.is_sorted_by_key(|problem| problem.line), "{}", printed(&problems));
            for problem in &problems {
                assert!(!problem.found.is_empty() && !problem.expected.is_empty() && !problem.advice.is_empty());
                assert!(problem.to_string().lines().count() <= 6, "a value from the input breaks the message:\n{problem}");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        holds_together(CaseFile::read_bytes(&bytes));
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        holds_together(CaseFile::read(&text));
    }

    #[test]
    fn any_json_is_read_or_refused(lines in prop::collection::vec(prop::collection::vec((key(), value()), 0..8), 1..5)) {
        let line = |pairs: &Vec<(String, Value)>| Value::Object(pairs.iter().cloned().collect()).to_string();
        // Half of the lines name their file and fact, so that the reader comes as far as their fields.
        let whole = |pairs: &Vec<(String, Value)>| line(pairs).replacen('{', r#"{"file":"per_ada","fact":"signed","at":"2024-03-01","#, 1);
        let text: Vec<String> = lines.iter().flat_map(|pairs| [line(pairs), whole(pairs)]).collect();
        holds_together(CaseFile::read(&text.join("\n")));
    }

    #[test]
    fn a_damaged_case_file_is_read_or_refused(mut choices in choices(), cuts in prop::collection::vec((any::<u16>(), any::<u8>()), 1..4)) {
        let mut bytes = case_file(&mut choices).write().into_bytes();
        for (at, byte) in cuts {
            let at = usize::from(at) % bytes.len();
            bytes[at] = byte;
        }
        holds_together(CaseFile::read_bytes(&bytes));
    }

    #[test]
    fn what_is_written_is_read_again(mut choices in choices()) {
        let case = case_file(&mut choices);
        let text = case.write();
        prop_assert_eq!(read(&text), case);
        prop_assert_eq!(read(&text).write(), text);
    }

    #[test]
    fn the_order_of_lines_means_nothing(mut choices in choices(), keys in prop::collection::vec(any::<u16>(), 24)) {
        let case = case_file(&mut choices);
        let text = case.write();
        let (header, rest) = text.split_once('\n').expect("a header");
        let mut lines: Vec<(u16, &str)> = keys.into_iter().chain(std::iter::repeat(0)).zip(rest.lines()).collect();
        lines.sort_unstable();
        let shuffled: Vec<&str> = std::iter::once(header).chain(lines.into_iter().map(|(_, line)| line)).collect();
        prop_assert_eq!(read(&shuffled.join("\r\n")), case);
    }

    #[test]
    fn what_is_known_at_a_moment_is_the_file_cut_there(mut choices in choices(), cut in 0..6usize) {
        let mut case = case_file(&mut choices);
        for file in &mut case.files {
            for entry in &mut file.entries {
                entry.recorded = Some(moment(i64::from(entry.n)));
            }
            let now = moment(i64::try_from(cut).expect("a small number"));
            let mut earlier = file.clone();
            earlier.entries.truncate(cut);
            let whole = effective(file, Some(now), |_| None);
            prop_assert_eq!(whole, effective(&earlier, None, |_| None));
        }
    }

    #[test]
    fn of_each_corrected_fact_at_most_one_account_is_in_force(mut choices in choices()) {
        for file in case_file(&mut choices).files {
            let in_force = effective(&file, None, |_| None);
            prop_assert!(in_force.is_sorted_by_key(|entry| entry.n));
            // The first entry of a row of corrections is the fact that all of them are about.
            let root = |mut n: u32| {
                while let Some(correction) = file.entries.get(n as usize - 1).and_then(|entry| entry.corrects.as_ref()) {
                    n = correction.n;
                }
                n
            };
            let mut roots: Vec<u32> = in_force.iter().map(|entry| root(entry.n)).collect();
            let count = roots.len();
            roots.sort_unstable();
            roots.dedup();
            prop_assert_eq!(roots.len(), count);
        }
    }
}

fn moment(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).expect("an instant")
}

#[test]
fn the_generator_makes_every_kind_of_file() {
    let row = |seed: u16| (0..400u16).map(move |at| at.wrapping_mul(31).wrapping_add(seed.wrapping_mul(77)) ^ (at >> 2)).collect();
    let kinds = |seed| case_file(&mut Choices::new(row(seed))).files.into_iter().map(|file| file.kind);
    let made: std::collections::BTreeSet<FileKind> = (0..200).flat_map(kinds).collect();
    assert_eq!(made.len(), FileKind::ALL.len());
}
