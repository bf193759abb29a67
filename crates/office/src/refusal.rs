//! Every no of the office, each with a code, a plain sentence and what to do next.
//!
//! Deliberately absent: names, ids and texts. A refusal may be written to a log.

use std::fmt;

use openward_register::history::HistoryError;
use openward_register::writer::Refused;

/// Why something was not done. Nothing of it was kept.
#[derive(Debug)]
pub enum Refusal {
    /// Nobody is signed in, or not any more.
    SignedOut,
    /// The name, the password or the code is not right. It does not say which.
    Wrong,
    /// Too many wrong guesses: so many minutes must go by.
    Slow {
        /// Minutes to wait at most.
        minutes: u32,
    },
    /// The password is no good to keep.
    Password(PasswordFault),
    /// There is nothing there, or nothing that this person may know of.
    NotFound,
    /// What was to be signed is not there: it was another person's, or waited too long.
    Gone,
    /// An account cannot be made or changed so.
    Account(&'static str),
    /// The register did not take it, or cannot be read.
    Register(Refused),
    /// The machine gave no random bytes, or a secret could not be worked on.
    Machine,
}

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer than twelve characters.
    Short,
    /// More than a thousand bytes.
    Long,
    /// It is the name itself, or one character again and again.
    Simple,
    /// It is the one before.
    Same,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::SignedOut => "OW-OFF-001",
            Refusal::Wrong => "OW-OFF-002",
            Refusal::Slow { .. } => "OW-OFF-003",
            Refusal::Password(_) => "OW-OFF-004",
            Refusal::NotFound => "OW-OFF-005",
            Refusal::Account(_) => "OW-OFF-006",
            Refusal::Register(_) => "OW-OFF-007",
            Refusal::Machine => "OW-OFF-008",
            Refusal::Gone => "OW-OFF-010",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code();
        match self {
            Refusal::SignedOut => write!(f, "{code} nobody is signed in; sign in again"),
            Refusal::Wrong => write!(f, "{code} the name, the password or the code is not right; try again"),
            Refusal::Slow { minutes } => write!(f, "{code} too many wrong attempts; try again in {minutes} minutes"),
            Refusal::Password(PasswordFault::Short) => {
                write!(f, "{code} the password has fewer than twelve characters; choose a longer one")
            }
            Refusal::Password(PasswordFault::Long) => write!(f, "{code} the password is longer than 1000 bytes; choose a shorter one"),
            Refusal::Password(PasswordFault::Simple) => write!(f, "{code} the password is too easily guessed; choose another one"),
            Refusal::Password(PasswordFault::Same) => write!(f, "{code} this is the password of before; choose another one"),
            Refusal::NotFound => write!(f, "{code} there is nothing here that you may see"),
            Refusal::Gone => write!(f, "{code} there is nothing to sign any more; fill it in again"),
            Refusal::Account(what) => write!(f, "{code} {what}"),
            Refusal::Register(refused) => write!(f, "{code} {refused}"),
            Refusal::Machine => write!(f, "{code} the machine gave no random bytes; try again"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::History(error) => error.into(),
            refused => Refusal::Register(refused),
        }
    }
}

impl From<HistoryError> for Refusal {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::NoFile => Refusal::NotFound,
            error => Refusal::Register(error.into()),
        }
    }
}
