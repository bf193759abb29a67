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
    /// `--fail-on breach` found some: each in words.
    Breach(Vec<String>),
    /// A check found that something is not as it must be: changed, missing, or of another register; each finding.
    Found(Vec<String>),
    /// The register says no, and nothing was changed.
    Refused(String),
}

/// Why a file cannot be read, without the machine's own number.
pub(crate) fn machine_words(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        ErrorKind::NotADirectory => "it is not a folder".to_owned(),
        ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_owned()
        }
    }
}

impl Failure {
    /// A problem of the case file or pack that stands alone.
    pub(crate) fn content(text: impl Into<String>) -> Failure {
        Failure::Content(vec![text.into()])
    }

    /// A mistake in the call, in the words of an error.
    pub(crate) fn call_of(error: impl std::fmt::Display) -> Failure {
        Failure::Call(error.to_string())
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
            Failure::Found(_) => 5,
            Failure::Refused(_) => 6,
        })
    }

    /// Everything to say about it.
    pub(crate) fn messages(&self) -> Vec<String> {
        match self {
            Failure::Machine(text) | Failure::Call(text) | Failure::Refused(text) => vec![text.clone()],
            Failure::Content(problems) | Failure::Found(problems) => problems.clone(),
            Failure::Breach(found) => {
                let lead = match found.len() {
                    1 => "one breach was found".to_owned(),
                    many => format!("{many} breaches were found"),
                };
                let each: String = found.iter().map(|breach| format!("\n  - {breach}")).collect();
                vec![format!("{lead} (--fail-on breach):{each}")]
            }
        }
    }
}
