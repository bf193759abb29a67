//! Destroying the keys of a file, and the list that every later restore honours.

use jiff::Timestamp;

use super::{Keys, sql};
use crate::keys::destroyed::{self, Destroyed};
use crate::keys::{KeyError, Pseudonym};

/// What applying a list did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// How many files of the list were not yet destroyed here.
    pub newly: usize,
    /// How many already were.
    pub known: usize,
}

impl Keys {
    /// Destroys the keys of a file in every domain, for ever. What they closed can never be read again, by anyone.
    ///
    /// Done again it changes nothing, gives the first time, and wipes what traces an earlier call had to leave.
    ///
    /// # Errors
    /// A store that cannot be written. `Busy` where another program reads just now: the key is gone then, but a trace may be left in the
    /// log of the store until this is called again.
    pub fn destroy(&self, file: Pseudonym, at: Timestamp) -> Result<Destroyed, KeyError> {
        self.destroy_all(&[Destroyed { file, at }])?;
        let at = sql::destroyed_at(&self.lock()?.db, file)?.ok_or(KeyError::Damaged("a row of the list is not there"))?;
        Ok(Destroyed { file, at })
    }

    /// Every file whose keys are gone, in the order of destruction here.
    ///
    /// # Errors
    /// A list that somebody changed without the master.
    pub fn destroyed(&self) -> Result<Vec<Destroyed>, KeyError> {
        let inner = self.lock()?;
        let rows = sql::destroyed_rows(&inner.db)?;
        let mut before = [0; 32];
        for (n, (row, mac)) in (1..).zip(&rows) {
            let expected = destroyed::row(&self.list, &before, n, row).ok_or(KeyError::List("it cannot be hashed"))?;
            // What is compared stands in the open beside its key's owner; the time it takes tells nobody anything.
            if mac != &expected {
                return Err(KeyError::List("a row in the key store was added, changed or taken out by somebody without the master key"));
            }
            before = expected;
        }
        Ok(rows.into_iter().map(|(row, _)| row).collect())
    }

    /// The list as a text, to be kept with every backup of the register and apart from the key store.
    ///
    /// # Errors
    /// As [`Self::destroyed`].
    pub fn destroyed_text(&self) -> Result<String, KeyError> {
        destroyed::write(&self.list, &self.register, &self.destroyed()?)
    }

    /// Reads such a text.
    ///
    /// # Errors
    /// A text that was changed, cut, or is of another register.
    pub fn read_destroyed(&self, text: &str) -> Result<Vec<Destroyed>, KeyError> {
        destroyed::read(&self.list, &self.register, text)
    }

    /// Destroys here what was destroyed elsewhere: after an older key store was restored. The times stay as they are in the list.
    ///
    /// # Errors
    /// As [`Self::destroy`].
    pub fn apply_destroyed(&self, list: &[Destroyed]) -> Result<Applied, KeyError> {
        self.destroy_all(list)
    }

    fn destroy_all(&self, list: &[Destroyed]) -> Result<Applied, KeyError> {
        // The chain is checked before it is made longer, so that a false row is never built upon.
        self.destroyed()?;
        let mut inner = self.lock()?;
        let applied = inner.write(|tx, _| {
            // Somebody may have put a trigger there since the store was opened: it could keep what is deleted here.
            sql::check_format(tx)?;
            let mut applied = Applied { newly: 0, known: 0 };
            let (mut n, mut before) = sql::last_destroyed(tx)?;
            for row in list {
                if sql::destroyed_at(tx, row.file)?.is_some() {
                    applied.known += 1;
                    continue;
                }
                n += 1;
                before = destroyed::row(&self.list, &before, n, row).ok_or(KeyError::List("it cannot be hashed"))?;
                sql::delete_file_keys(tx, row.file)?;
                sql::put_destroyed(tx, n, row, &before)?;
                applied.newly += 1;
            }
            // Nothing is said to be gone that is still there.
            if sql::has_keys_of_destroyed(tx)? {
                return Err(KeyError::Damaged("a key that was destroyed is still there"));
            }
            Ok(applied)
        })?;
        inner.open.retain(|(_, file), _| !list.iter().any(|row| row.file == *file));
        sql::empty_log(&inner.db)?;
        Ok(applied)
    }
}
