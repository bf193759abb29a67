//! Rule: words that must not stand anywhere in the tree: marks of unfinished work, and paths of one machine.
//!
//! The words are put together from halves here, so that this file does not hold them. Deliberately absent: style in prose.

use super::tree::Tree;
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "no forbidden words",
    why: "Unfinished work that lands is forgotten, a test that is off is off on the day it matters, and a machine's path works nowhere else.",
    check,
};

/// A word that stands alone, or after which anything may follow.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("#[ig", "nore"),
];

/// Beginnings of paths that only one machine has.
const MACHINE: &[&str] = &[concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/")];

fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::default();
    for file in tree.files() {
        for (index, line) in file.text.lines().enumerate() {
            for word in UNFINISHED.iter().filter(|word| stands(line, word)) {
                findings.fail(
                    &file.path,
                    index + 1,
                    format!("holds `{word}`."),
                    "Finish it, or leave it out and say in the page on status that it is not there.",
                );
            }
            for path in MACHINE.iter().filter(|path| begins(line, path)) {
                findings.fail(
                    &file.path,
                    index + 1,
                    format!("holds a path of a machine, `{path}`."),
                    "Use a path from the top of the repository.",
                );
            }
        }
    }
    findings
}

/// Whether the word stands in the line and is not a part of a longer one.
fn stands(line: &str, word: &str) -> bool {
    let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let opens = word.starts_with(char::is_alphanumeric);
    let closes = word.ends_with(char::is_alphanumeric);
    line.match_indices(word).any(|(at, _)| {
        let runs_on_before = opens && in_word(line[..at].chars().next_back());
        let runs_on_after = closes && in_word(line[at + word.len()..].chars().next());
        !runs_on_before && !runs_on_after
    })
}

/// Whether a path begins so; the same letters within an address of the web are no such path.
fn begins(line: &str, path: &str) -> bool {
    let before = |at: usize| line[..at].chars().next_back();
    line.match_indices(path).any(|(at, _)| !before(at).is_some_and(|c| c.is_alphanumeric() || "._-~*".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    fn found(text: &str) -> usize {
        check(&of(&[("a.md", text)])).failures.len()
    }

    #[test]
    fn every_forbidden_word_is_found() {
        for word in UNFINISHED {
            assert_eq!(check(&of(&[("a.md", &format!("x\n// {word} y\n"))])).lines(), [format!("a.md:2: holds `{word}`.")]);
        }
        for path in MACHINE {
            assert_eq!(found(&format!("see {path}x")), 1, "{path}");
            assert_eq!(found(&format!("\"{path}x\"")), 1, "{path}");
        }
    }

    #[test]
    fn a_test_that_is_off_with_a_reason_is_found_too() {
        assert_eq!(found(concat!("#[ig", "nore = \"slow\"]")), 1);
    }

    #[test]
    fn parts_of_longer_words_and_addresses_are_allowed() {
        assert_eq!(found(concat!("MAS", "TO", "DON x", "XX", "XX")), 0);
        assert_eq!(found(concat!("https://example.org/ho", "me/x and law", "/wo", "rk/y")), 0);
        assert_eq!(found(concat!("to", "do = \"warn\"")), 0);
    }
}
