//! Rule: a code of an error stands in one place of the source, so that it means one thing.
//!
//! Looks at quoted texts outside tests, and outside the chores. Deliberately absent: whether a page lists the code.

use std::collections::BTreeMap;

use super::rust::{is_test, read, test_paths};
use super::tree::Tree;
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "a code stands for one error",
    why: "Somebody looks up what the code in front of them means; two texts of one code drift apart and become two errors.",
    check,
};

const BEGINNING: &str = "OW-";

fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::default();
    let tests = test_paths(tree, "crates/");
    let mut first: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for file in tree.ending(".rs") {
        let path = file.path.as_str();
        let in_source =
            path.strip_prefix("crates/").and_then(|rest| rest.split_once('/')).is_some_and(|(_, rest)| rest.starts_with("src/"));
        if !in_source || is_test(&tests, path) {
            continue;
        }
        for (line, text) in read(&file.text).quoted {
            for (ahead, said) in text.lines().enumerate() {
                for code in codes(said) {
                    let line = line + ahead;
                    let Some((earlier, at)) = first.get(code) else {
                        first.insert(code.to_owned(), (path.to_owned(), line));
                        continue;
                    };
                    findings.fail(
                        path,
                        line,
                        format!("`{code}` stands in {earlier}:{at} too."),
                        "Take a number that is free, or let both places use the one error or function that says it.",
                    );
                }
            }
        }
    }
    findings
}

/// The codes in a text: `OW-`, the area in capitals, and three digits.
fn codes(text: &str) -> Vec<&str> {
    let ends = |rest: &str| {
        let area = rest.chars().take_while(char::is_ascii_uppercase).count();
        let number = rest.get(area..)?.strip_prefix('-')?;
        let digits = number.chars().take_while(char::is_ascii_digit).count();
        (area > 0 && digits == 3).then_some(area + 4)
    };
    let found = text.match_indices(BEGINNING).filter_map(|(at, _)| {
        let from = at + BEGINNING.len();
        ends(text.get(from..)?).and_then(|length| text.get(at..from + length))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    #[test]
    fn a_code_that_stands_twice_is_found_also_in_another_crate() {
        let one = "fn a() {\n    f(\"OW-KEYS-010 too long\");\n    g(\"x OW-KEYS-010 y\")\n}\n";
        let two = "fn b() {\n    f(\"OW-KEYS-011 a\n      OW-KEYS-010 b\")\n}\n";
        let lines = check(&of(&[("crates/a/src/lib.rs", one), ("crates/b/src/lib.rs", two)])).lines();
        assert_eq!(
            lines,
            [
                "crates/a/src/lib.rs:3: `OW-KEYS-010` stands in crates/a/src/lib.rs:2 too.",
                "crates/b/src/lib.rs:3: `OW-KEYS-010` stands in crates/a/src/lib.rs:2 too.",
            ]
        );
    }

    #[test]
    fn comments_tests_and_what_is_no_whole_code_are_not_looked_at() {
        let one = "// OW-KEYS-010\nfn a() { f(\"OW-KEYS-010\") }\n#[cfg(test)]\nmod tests {\n    fn b() { f(\"OW-KEYS-010\") }\n}\n";
        let tree = of(&[
            ("crates/a/src/lib.rs", one),
            ("crates/a/tests/b.rs", "fn b() { f(\"OW-KEYS-010\") }"),
            ("crates/a/src/c.rs", "fn c() { f(\"OW-KEYS-01 OW-keys-010 OW--010 OW-KEYS-0100\") }"),
            ("xtask/src/d.rs", "fn d() { f(\"OW-KEYS-010\") }"),
        ]);
        assert!(check(&tree).lines().is_empty());
    }
}
