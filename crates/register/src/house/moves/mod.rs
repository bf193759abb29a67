//! A whole register moved to another place: out into one encrypted file, and in again under a new master.
//!
//! The file is an age file for the recipient at the new place; within it is a tar archive, so that both formats are published ones. Reading
//! order: this file (what is in it, and what the old place is from then on), [`keyring`] for whom, `out`, `take`. INVARIANT: from the moment
//! when a move is begun nobody writes at the old place, or two registers would sign one log. Deliberately absent: a move of a part.

mod error;
pub mod keyring;
mod out;
mod take;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use error::MoveError;
pub use out::MovedOut;
pub use take::{LawsOf, Taken, Taking};

use super::{Config, House};
use crate::store::{Answer, Entries, Log as _, Store};

/// What a move says of itself: the first in it.
const ABOUT: &str = "move.toml";
/// The master that closes the keys on the way, made for this move alone.
const MASTER: &str = "master.txt";
/// The last in it: what was written before, so that nothing is missing.
const END: &str = "end.toml";
/// The version of the layout.
const VERSION: u32 = 1;
/// The most that is read of a small file in it.
const SMALL: u64 = 64 << 10;

/// Under this name a register keeps that it was moved away.
const AWAY: &str = "away";

/// What a move holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    version: u32,
    /// When it was made, in universal time.
    pub made_at: String,
    /// How many files are in it.
    pub files: u64,
    /// How many entries.
    pub entries: u64,
    /// The size of the log.
    pub log: u64,
    /// How many documents.
    pub documents: u64,
    register: Config,
}

impl About {
    /// The origin of the register's log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.register.origin
    }
}

/// The last file of a move.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    /// Documents that were written.
    documents: u64,
    /// The checksum of the database.
    register: String,
    /// The checksum of the key store.
    keys: String,
}

/// Whether a register was moved away. Then nothing is written to it any more.
///
/// # Errors
/// Trouble of the store.
pub(crate) fn is_away<S: Entries>(store: &S) -> Answer<bool> {
    Ok(store.meta(AWAY)?.is_some_and(|mark| !mark.is_empty()))
}

/// Sets or takes away the mark, in a transaction of its own.
fn mark<S: Store>(store: &mut S, mark: &[u8]) -> Answer<()> {
    store.begin()?;
    match store.set_meta(AWAY, mark).and_then(|()| store.commit()) {
        Ok(()) => Ok(()),
        Err(error) => {
            store.rollback()?;
            Err(error)
        }
    }
}

impl House {
    /// Marks the register as moved away. Everything must be in the log by now: the log cannot grow here afterwards.
    fn leave(&self) -> Result<(), MoveError> {
        let mut store = self.store()?;
        store.begin()?;
        let waits = store.waiting(1).map(|waiting| !waiting.is_empty());
        let at = jiff::Timestamp::now().as_microsecond().to_string();
        let done = match waits {
            Ok(true) => Err(MoveError::Waiting),
            Ok(false) => store.set_meta(AWAY, at.as_bytes()).and_then(|()| store.commit()).map_err(MoveError::from),
            Err(error) => Err(error.into()),
        };
        if done.is_err() {
            store.rollback()?;
        }
        done
    }

    /// Whether this register was moved away.
    ///
    /// # Errors
    /// A database that cannot be read.
    pub fn is_away(&self) -> Result<bool, MoveError> {
        Ok(is_away(&self.store()?)?)
    }

    /// Says that a move was never taken in and never will be: work goes on here. The caller has asked a person.
    ///
    /// # Errors
    /// A register that was not moved away, or a database that cannot be written.
    pub fn take_back(&self) -> Result<(), MoveError> {
        let mut store = self.store()?;
        if is_away(&store)? { Ok(mark(&mut store, b"")?) } else { Err(MoveError::NotAway) }
    }
}
