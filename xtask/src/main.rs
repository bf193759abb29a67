//! The project's chores: `cargo xtask WORD`. This file holds the table of chores and calls the one asked for.
//!
//! To add a chore, write its module and give it a row in `CHORES`. A row with `in_test` is also a part of `cargo xtask test`.
//! Deliberately absent: what any chore does. Each has its own file.

// A test that meets what it does not expect stops there; nothing else may.
#![cfg_attr(test, allow(clippy::expect_used, clippy::panic))]

mod bench;
mod book;
mod browser;
mod r#gen;
mod prove;
mod scenarios;
mod steps;
mod test;
mod tidy;

use std::process::ExitCode;

use steps::Steps;

/// One chore: a word on the command line and what it does.
struct Chore {
    /// The word by which it is called.
    name: &'static str,
    /// What may follow the word; empty where nothing may.
    arguments: &'static str,
    /// What it does, in one sentence.
    what: &'static str,
    /// The arguments with which `test` runs it too; none where `test` leaves it out.
    in_test: Option<&'static [&'static str]>,
    /// Takes its steps. An error means that the arguments were wrong, and that nothing was done.
    run: fn(&mut Steps, &[&str]) -> Result<(), String>,
}

const CHORES: &[Chore] = &[
    Chore {
        name: "test",
        arguments: "",
        what: "Checks everything that must hold before a change is handed in.",
        in_test: None,
        run: test::run,
    },
    Chore { name: "tidy", arguments: "", what: "Checks the rules of the house that a tool can check.", in_test: Some(&[]), run: tidy::run },
    Chore {
        name: "gen",
        arguments: "[--check]",
        what: "Writes the pages that are made from something else: the coverage of each pack, the schemas.",
        in_test: Some(&["--check"]),
        run: r#gen::run,
    },
    Chore {
        name: "bench",
        arguments: "[law | register] [--entries N] [--write]",
        what: "Measures a fold, the reader, the program and a register, each beside a floor measured in the same run.",
        in_test: None,
        run: bench::run,
    },
    Chore {
        name: "prove",
        arguments: "[packs [PACK] [--sample N] [--keep] | NAME...] [--cases N] [--seed S]",
        what: "Takes the long proofs and writes docs/proofs.md; with `packs` or names only those.",
        in_test: Some(&["packs", "--sample", "200"]),
        run: prove::run,
    },
];

/// The exit code for a wrong word, so that a script can tell it from a failed step (1).
const WRONG_WORD: u8 = 2;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some((name, arguments)) = words.split_first() else {
        eprint!("{}", list());
        return ExitCode::from(WRONG_WORD);
    };
    if matches!(*name, "help" | "--help" | "-h") {
        print!("{}", list());
        return ExitCode::SUCCESS;
    }
    let Some(chore) = CHORES.iter().find(|chore| chore.name == *name) else {
        eprint!("There is no chore `{name}`.\n\n{}", list());
        return ExitCode::from(WRONG_WORD);
    };
    match carry_out(chore, arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(wrong) => {
            eprintln!("cargo xtask {name}: {wrong}");
            ExitCode::from(WRONG_WORD)
        }
    }
}

/// Runs one chore and says how it went; true where every step went well.
fn carry_out(chore: &Chore, arguments: &[&str]) -> Result<bool, String> {
    let mut steps = Steps::start()?;
    println!("cargo xtask {}: {}", chore.name, chore.what);
    (chore.run)(&mut steps, arguments)?;
    Ok(steps.finish(chore.name))
}

/// The refusal of a chore that takes no arguments.
fn no_arguments(arguments: &[&str]) -> Result<(), String> {
    match arguments.first() {
        None => Ok(()),
        Some(word) => Err(format!("nothing may follow, but `{word}` does.")),
    }
}

/// What `cargo xtask` alone prints.
fn list() -> String {
    let call = |chore: &Chore| format!("cargo xtask {} {}", chore.name, chore.arguments).trim_end().to_owned();
    let width = CHORES.iter().map(|chore| call(chore).len()).max().unwrap_or(0);
    let mut text = String::from("The chores:\n\n");
    for chore in CHORES {
        text.push_str(&format!("    {:width$}   {}\n", call(chore), chore.what));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_every_chore_once() {
        let text = list();
        for chore in CHORES {
            assert_eq!(text.matches(chore.what).count(), 1, "{}", chore.name);
            assert_eq!(CHORES.iter().filter(|other| other.name == chore.name).count(), 1, "{}", chore.name);
        }
    }

    #[test]
    fn a_chore_without_arguments_refuses_one() {
        assert_eq!(no_arguments(&[]), Ok(()));
        assert_eq!(no_arguments(&["--fix"]), Err("nothing may follow, but `--fix` does.".to_owned()));
    }

    #[test]
    fn the_chores_within_test_do_not_call_test_again() {
        assert!(CHORES.iter().all(|chore| chore.name != "test" || chore.in_test.is_none()));
    }
}
