//! The commands that keep a register: what they share, and one file for each.
//!
//! Reading order: `place` (where the register is and what opens it), `shelf` (the laws it folds under), then the commands. Deliberately
//! absent: how anything is kept (`openward_register`).

pub(crate) mod backup;
pub(crate) mod derived;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod keys;
mod moves;
pub(crate) mod place;
pub(crate) mod publish;
pub(crate) mod shelf;
pub(crate) mod verify;
pub(crate) mod witness;

use openward_register::history::HistoryError;
use openward_register::house::HouseError;
use openward_register::keys::KeyError;
use openward_register::store::Trouble;
use openward_register::writer::Refused;

use crate::failure::Failure;
use crate::page::Console;

pub(crate) use place::Place;

/// What a folder, key store or database that cannot be used means for the call.
pub(crate) fn failed(error: HouseError) -> Failure {
    let (text, each) = (error.to_string(), error.each());
    match error {
        HouseError::NotThere(_) | HouseError::NotEmpty(_) | HouseError::Origin | HouseError::NoKeys(_) | HouseError::NoKeysThere(_) => {
            Failure::Call(text)
        }
        HouseError::Backup(_) | HouseError::Found(_) => Failure::Found(each),
        HouseError::Config(_) | HouseError::Missing(_) | HouseError::Mixed(_) => Failure::Found(vec![text]),
        HouseError::Keys(error) | HouseError::History(HistoryError::Key(error)) => keys_failed(&error),
        HouseError::History(HistoryError::NoFile) => Failure::Call(text),
        HouseError::History(HistoryError::Clock(_) | HistoryError::Away) => Failure::Refused(text),
        HouseError::Store(error) | HouseError::History(HistoryError::Store(error)) => match error.trouble {
            Trouble::Damaged => Failure::Found(vec![text]),
            Trouble::Busy | Trouble::Full => Failure::Refused(text),
            Trouble::Io | Trouble::Rule | Trouble::Version | Trouble::Other => Failure::Machine(text),
        },
        // Whatever else is said of a file: it was changed, or is not whole.
        HouseError::History(_) => Failure::Found(vec![text]),
        HouseError::Documents(_) | HouseError::ReadOnly(_) | HouseError::Version(_) | HouseError::Io { .. } => Failure::Machine(text),
    }
}

/// The same of the key store alone.
pub(crate) fn keys_failed(error: &KeyError) -> Failure {
    let text = error.to_string();
    match error {
        KeyError::WrongMaster { .. } | KeyError::Exists | KeyError::List(_) => Failure::Call(text),
        KeyError::Missing | KeyError::Damaged(_) | KeyError::Box(_) => Failure::Found(vec![text]),
        KeyError::Destroyed { .. } | KeyError::Busy => Failure::Refused(text),
        KeyError::Master(_) | KeyError::Stopped | KeyError::Full | KeyError::Beside | KeyError::Database(_) | KeyError::Io(_) => {
            Failure::Machine(text)
        }
    }
}

/// What a refusal of the register means for the call.
pub(crate) fn refused(refused: Refused) -> Failure {
    let text = refused.to_string();
    match refused {
        Refused::Stopped(_) => Failure::Machine(text),
        Refused::History(error) => failed(HouseError::History(error)),
        Refused::Conflict { .. } | Refused::OtherAct | Refused::Form(_) | Refused::Clock(_) | Refused::Full | Refused::Busy => {
            Failure::Refused(text)
        }
    }
}

/// Writes an answer for programs: laid out on a terminal, one line elsewhere.
pub(crate) fn print_json(value: &serde_json::Value, console: &mut Console) -> Result<(), Failure> {
    let text = if console.is_terminal() { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    let text = text.map_err(|error| Failure::Machine(format!("the answer cannot be written as JSON: {error}")))?;
    console.print_json(&format!("{text}\n"))
}
