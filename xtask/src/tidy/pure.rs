//! Rule: pure crates take values and return values. They touch no file, network, environment, clock or chance.
//!
//! Deliberately absent: what the libraries do that a pure crate uses. docs/dependencies.md says which those may be.

use super::rust::{is_test, read, test_paths};
use super::tree::Tree;
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "pure crates stay pure",
    why: "A standing that depends on the machine, the hour or chance cannot be worked out again, and is no evidence.",
    check,
};

const PURE: &[&str] = &["crates/law", "crates/seal", "crates/access", "crates/papers"];

/// Paths that a pure crate may not name, whole or as the beginning of a longer path.
const PATHS: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::time::SystemTime",
    "std::time::Instant",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "rand",
    "tokio",
];

/// The word that makes a function wait for something outside.
const WAITS: &str = "async";

fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::default();
    for source in PURE.iter().map(|folder| format!("{folder}/src/")) {
        let tests = test_paths(tree, &source);
        for file in tree.ending(".rs").filter(|file| file.path.starts_with(&source) && !is_test(&tests, &file.path)) {
            for (line, name) in impure(&read(&file.text).code) {
                findings.fail(
                    &file.path,
                    line,
                    format!("`{name}` in a pure crate."),
                    "Take the value (bytes, instant, number) as an argument and fetch it in the crate that calls.",
                );
            }
        }
    }
    findings
}

/// What is impure in this code, with lines, each name once a line.
fn impure(code: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (line, path) in paths(code) {
        found.extend(PATHS.iter().filter(|impure| names(&path, impure)).map(|impure| (line, *impure)));
        if path == WAITS {
            found.push((line, WAITS));
        }
    }
    found.sort_unstable();
    found.dedup();
    // A longer name says it better than the shorter one within it.
    let longer = found.clone();
    found.retain(|(line, name)| !longer.iter().any(|(other, long)| other == line && long.len() > name.len() && long.ends_with(name)));
    found
}

/// Whether a path begins with this name, or holds it where the name is of several words that are written without their beginning.
fn names(path: &str, impure: &str) -> bool {
    let begins = |rest: &str| rest.strip_prefix(impure).is_some_and(|after| after.is_empty() || after.starts_with("::"));
    // `rand` and `tokio` are crates: only the first word of a path is one. A name alone may be a variable.
    if matches!(impure, "rand" | "tokio") {
        return path.strip_prefix(impure).is_some_and(|after| after.starts_with("::"));
    }
    begins(path) || path.match_indices("::").any(|(at, _)| begins(&path[at + 2..]))
}

/// Every path in the code with its line: `a::b::c`, and `a::{b, c::d}` as two paths.
fn paths(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut path = String::new();
    // The beginnings that the open braces stand for; empty for a brace that is not part of a path.
    let mut open: Vec<String> = Vec::new();
    let mut flush = |path: &mut String, open: &[String], line: usize| {
        if !path.is_empty() {
            let before = open.last().map_or("", String::as_str);
            found.push((line, format!("{before}{path}")));
            path.clear();
        }
    };
    for c in code.chars() {
        match c {
            '{' => {
                let before = open.last().cloned().unwrap_or_default();
                let beginning = if path.ends_with("::") { format!("{before}{path}") } else { String::new() };
                if beginning.is_empty() {
                    flush(&mut path, &open, line);
                }
                path.clear();
                open.push(beginning);
            }
            '}' => {
                flush(&mut path, &open, line);
                open.pop();
            }
            ':' => path.push(c),
            c if c.is_alphanumeric() || c == '_' => {
                // One colon is a type and not a path.
                if path.ends_with(':') && !path.ends_with("::") {
                    path.truncate(path.len() - 1);
                    flush(&mut path, &open, line);
                }
                path.push(c);
            }
            _ => flush(&mut path, &open, line),
        }
        if c == '\n' {
            line += 1;
        }
    }
    flush(&mut path, &open, line);
    found
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    fn found(text: &str) -> Vec<String> {
        check(&of(&[("crates/law/src/a.rs", text)])).lines()
    }

    #[test]
    fn a_file_a_clock_and_a_library_of_chance_are_found_at_their_lines() {
        let text = "//! x\nuse std::fs;\nfn a() { std::env::var(\"A\"); }\nfn b() -> Timestamp { jiff::Timestamp::now() }\nfn c() { rand::random() }\n";
        assert_eq!(
            found(text),
            [
                "crates/law/src/a.rs:2: `std::fs` in a pure crate.",
                "crates/law/src/a.rs:3: `std::env` in a pure crate.",
                "crates/law/src/a.rs:4: `Timestamp::now` in a pure crate.",
                "crates/law/src/a.rs:5: `rand` in a pure crate.",
            ]
        );
    }

    #[test]
    fn names_in_braces_are_found() {
        assert_eq!(found("use std::{collections::HashMap, net};\n"), ["crates/law/src/a.rs:1: `std::net` in a pure crate."]);
        let lines = found("use std::time::{\n    Duration,\n    Instant,\n};\n");
        assert_eq!(lines, ["crates/law/src/a.rs:3: `std::time::Instant` in a pure crate."]);
    }

    #[test]
    fn waiting_is_found() {
        assert_eq!(found("pub async fn a() {}\n"), ["crates/law/src/a.rs:1: `async` in a pure crate."]);
    }

    #[test]
    fn words_that_only_look_alike_are_allowed() {
        let text = "//! std::fs\nfn rand(operand: Instant) { let environment = \"std::env\"; let fs = 1; brand::x(); a: tokio }\n";
        assert!(found(text).is_empty(), "{:?}", found(text));
    }

    #[test]
    fn tests_and_other_crates_may_read_files() {
        assert!(found("#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n").is_empty());
        let tree = of(&[
            ("crates/openward/src/main.rs", "use std::fs;"),
            ("crates/law/tests/a.rs", "use std::fs;"),
            ("crates/law/src/lib.rs", "#[cfg(test)]\nmod given;"),
            ("crates/law/src/given.rs", "use std::fs;"),
        ]);
        assert!(check(&tree).lines().is_empty());
    }
}
