//! Rule: the shape of a Rust file: it opens by saying what lives in it, and it can be read on a screen.
//!
//! Deliberately absent: how code is laid out within a line. The formatter does that.

use super::tree::Tree;
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "the shape of Rust files",
    why: "A reader who must scroll, or guess what a file is for, will not check the law in it.",
    check,
};

const LINES_MAX: usize = 600;
const LINES_NOTED: usize = 300;
const COLUMNS_MAX: usize = 160;

/// Fewer words than this say nothing that the file's name does not.
const OPENING_WORDS_MIN: usize = 4;

fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::default();
    for file in tree.ending(".rs") {
        let (path, text) = (&file.path, &file.text);
        let opening: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).flat_map(str::split_whitespace).collect();
        if opening.len() < OPENING_WORDS_MIN {
            let what = if opening.is_empty() { "does not open with `//!`." } else { "opens with `//!`, but says next to nothing." };
            findings.fail(path, 1, what, "Say in the first line what lives here, then what is deliberately absent.");
        }
        let lines = text.lines().count();
        if lines > LINES_MAX {
            findings.fail(
                path,
                0,
                format!("has {lines} lines; {LINES_MAX} are allowed."),
                "Split it where a reader would look for a part by its name.",
            );
        } else if lines > LINES_NOTED {
            findings.note(path, 0, format!("has {lines} lines, more than {LINES_NOTED}."), "Could a part of it have a name of its own?");
        }
        for (index, line) in text.lines().enumerate() {
            if line.contains('\t') {
                findings.fail(path, index + 1, "holds a tab.", "Use spaces; in a quoted text write \\t.");
            }
            let columns = line.chars().count();
            // An expected text stands whole in its test, so that it can be compared by eye.
            if columns > COLUMNS_MAX && !path.contains("/tests/") {
                findings.fail(
                    path,
                    index + 1,
                    format!("has {columns} characters; {COLUMNS_MAX} are allowed."),
                    "Break the line, or name a part of it.",
                );
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    const OPENING: &str = "//! What lives in here.\n";

    fn found(text: &str) -> Vec<String> {
        check(&of(&[("a.rs", text)])).lines()
    }

    #[test]
    fn a_file_must_open_by_saying_something() {
        assert_eq!(found("fn main() {}\n"), ["a.rs:1: does not open with `//!`."]);
        assert_eq!(found("\n//! What lives in here.\n"), ["a.rs:1: does not open with `//!`."]);
        assert_eq!(found("//! Helpers.\n"), ["a.rs:1: opens with `//!`, but says next to nothing."]);
        assert!(found(OPENING).is_empty());
    }

    #[test]
    fn a_file_is_noted_over_three_hundred_lines_and_fails_over_six_hundred() {
        let of_lines = |lines: usize| format!("{OPENING}{}", "\n".repeat(lines - 1));
        for (lines, failures, notes) in [(300, 0, 0), (301, 0, 1), (600, 0, 1), (601, 1, 0)] {
            let findings = check(&of(&[("a.rs", &of_lines(lines))]));
            assert_eq!((findings.failures.len(), findings.notes.len()), (failures, notes), "{lines} lines");
        }
    }

    #[test]
    fn tabs_and_long_lines_are_found() {
        assert_eq!(found(&format!("{OPENING}\tx\n")), ["a.rs:2: holds a tab."]);
        assert!(found(&format!("{OPENING}{}\n", "é".repeat(160))).is_empty());
        assert_eq!(found(&format!("{OPENING}{}\n", "é".repeat(161))), ["a.rs:2: has 161 characters; 160 are allowed."]);
    }

    #[test]
    fn only_rust_files_have_this_shape() {
        assert!(check(&of(&[("a.md", "\tno opening")])).lines().is_empty());
    }
}
