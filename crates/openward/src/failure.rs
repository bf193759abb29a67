//! What can go wrong, and the number the program ends with.
//!
//! The numbers are a promise to scripts (docs/command-line.md). Deliberately absent: findings of law, which are no failures;
//! only `--fail-on` turns one into a number.

use std::process::ExitCode;

/// Why the program ends with another number than 0.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A fault of ours or of the machine: a file cannot be read or written.
    Machine(String),
    /// The words of the call are wrong.
    Call(String),
    /// The case file, the pack or the scenarios are not in order; each problem.
    Content(Vec<String>),
    /// `--fail-on breach` found one; how many.
    Breach(usize),
}

impl Failure {
    /// A problem of the case file or pack that stands alone.
    pub(crate) fn content(text: impl Into<String>) -> Failure {
        Failure::Content(vec![text.into()])
    }

    /// A mistake in the call.
    pub(crate) fn call(text: impl Into<String>) -> Failure {
        Failure::Call(text.into())
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Failure::Machine(_) => 1,
            Failure::Call(_) => 2,
            Failure::Content(_) => 3,
            Failure::Breach(_) => 4,
        })
    }

    /// Everything to say about it.
    pub(crate) fn messages(&self) -> Vec<String> {
        match self {
            Failure::Machine(text) | Failure::Call(text) => vec![text.clone()],
            Failure::Content(problems) => problems.clone(),
            Failure::Breach(1) => vec!["one breach was found (--fail-on breach)".to_owned()],
            Failure::Breach(found) => vec![format!("{found} breaches were found (--fail-on breach)")],
        }
    }
}
