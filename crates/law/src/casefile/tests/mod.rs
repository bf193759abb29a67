//! Tests of the case-file reader: what each problem says, how a case file is read, corrected and written, and what holds
//! for every input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod corrections;
mod form;
mod generate;
mod lines;
mod properties;
mod reading;
mod relations;
mod schema;

use crate::casefile::{CaseFile, Problem};

/// The case file that a text must be.
fn read(text: &str) -> CaseFile {
    CaseFile::read(text).unwrap_or_else(|problems| panic!("{}", printed(&problems)))
}

/// The problems that a text must have.
fn problems(text: &str) -> Vec<Problem> {
    CaseFile::read(text).expect_err("the case file has a problem")
}

fn printed(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// Asserts what is printed about a case file with problems.
#[track_caller]
fn shows(text: &str, expected: &str) {
    assert_eq!(printed(&problems(text)), expected);
}
