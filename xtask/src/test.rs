//! `cargo xtask test`: everything that must hold before a change is handed in, on any machine that has cargo.
//!
//! Deliberately absent: the long proofs and the measurements of speed, which are chores of their own.

use crate::steps::Steps;
use crate::{CHORES, browser, no_arguments};

/// Takes all steps. They share cargo's one target folder, so that nothing is compiled twice.
pub(crate) fn run(steps: &mut Steps, arguments: &[&str]) -> Result<(), String> {
    no_arguments(arguments)?;

    steps.cargo(&["fmt", "--all", "--check"], &[]);
    steps.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[]);
    for chore in CHORES {
        if let Some(arguments) = chore.in_test {
            (chore.run)(steps, arguments)?;
        }
    }
    // Without `--no-fail-fast` the first crate that fails would hide the failures of the others.
    // The mutations of a register are as many as the promise says.
    steps.cargo(&["test", "--workspace", "--no-fail-fast"], &[("OPENWARD_MUTATIONS", "10000")]);
    // The second engine on as many files as the promise says; unoptimised they would take minutes.
    steps.cargo(&["test", "--release", "--package", "openward-law", "--test", "agreement"], &[("OPENWARD_CASES", "20000")]);
    browser::run(steps);
    steps.cargo(&["doc", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")]);
    Ok(())
}
