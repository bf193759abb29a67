//! `cargo xtask tidy`: the rules of the house that a tool can check, each a function from a tree of files to findings.
//!
//! A rule sees only the tree it is given, so its tests give it a small one. The rules stand in `RULES`, one file for each.
//! Deliberately absent: what only a reader can judge. STYLE.md holds that.

mod architecture;
mod codes;
mod country;
mod dependencies;
mod facts;
mod manifest;
mod pages;
mod pure;
mod rust;
mod shape;
mod tree;
mod uses;
mod words;

use crate::no_arguments;
use crate::steps::{End, Steps};
use tree::Tree;

/// One rule of the house.
struct Rule {
    /// What must hold, in a few words.
    name: &'static str,
    /// Why it is a rule.
    why: &'static str,
    /// Finds where it does not hold.
    check: fn(&Tree) -> Findings,
}

const RULES: &[Rule] = &[
    uses::RULE,
    pure::RULE,
    shape::RULE,
    country::RULE,
    architecture::RULE,
    pages::RULE,
    words::RULE,
    dependencies::RULE,
    facts::RULE,
    codes::RULE,
];

/// What a rule found.
#[derive(Default)]
struct Findings {
    failures: Vec<Finding>,
    /// What is worth a look and fails nothing.
    notes: Vec<Finding>,
}

/// One place where a rule does not hold.
struct Finding {
    path: String,
    /// The line, from 1; 0 where the finding is about the whole file.
    line: usize,
    /// What is wrong.
    what: String,
    /// What to do about it.
    mend: String,
}

impl Findings {
    fn fail(&mut self, path: &str, line: usize, what: impl Into<String>, mend: impl Into<String>) {
        self.failures.push(Finding { path: path.to_owned(), line, what: what.into(), mend: mend.into() });
    }

    fn note(&mut self, path: &str, line: usize, what: impl Into<String>, mend: impl Into<String>) {
        self.notes.push(Finding { path: path.to_owned(), line, what: what.into(), mend: mend.into() });
    }

    /// The failures as `path:line what`, as the tests compare them.
    #[cfg(test)]
    fn lines(&self) -> Vec<String> {
        self.failures.iter().map(|found| format!("{}: {}", found.place(), found.what)).collect()
    }
}

impl Finding {
    fn place(&self) -> String {
        match self.line {
            0 => self.path.clone(),
            line => format!("{}:{line}", self.path),
        }
    }
}

/// Takes one step for each rule.
pub(crate) fn run(steps: &mut Steps, arguments: &[&str]) -> Result<(), String> {
    no_arguments(arguments)?;
    let tree = tree::read(steps.root())?;
    for rule in RULES {
        steps.step(&format!("tidy: {}", rule.name), |_| {
            let findings = (rule.check)(&tree);
            print!("{}", report(rule, &findings));
            if findings.failures.is_empty() { End::Ok } else { End::Failed }
        });
    }
    Ok(())
}

fn report(rule: &Rule, findings: &Findings) -> String {
    let mut text = String::new();
    for found in &findings.failures {
        text.push_str(&format!(
            "{}: {}\n    rule: {}\n    why:  {}\n    do:   {}\n",
            found.place(),
            found.what,
            rule.name,
            rule.why,
            found.mend
        ));
    }
    for found in &findings.notes {
        text.push_str(&format!("note: {}: {} {}\n", found.place(), found.what, found.mend));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_place_the_rule_the_reason_and_the_remedy() {
        let mut findings = Findings::default();
        findings.fail("a.rs", 7, "a tab.", "Use spaces.");
        findings.note("b.rs", 0, "long.", "Perhaps split it.");
        let rule = Rule { name: "no tabs", why: "They shift.", check: |_| Findings::default() };
        let text = report(&rule, &findings);
        assert_eq!(
            text,
            "a.rs:7: a tab.\n    rule: no tabs\n    why:  They shift.\n    do:   Use spaces.\nnote: b.rs: long. Perhaps split it.\n"
        );
    }
}
