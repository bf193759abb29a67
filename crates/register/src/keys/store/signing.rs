//! The key that signs the log: made here, closed with the master, opened for whoever seals.
//!
//! Rows are never changed in what they hold, so that a register whose log gets a second key can say which signed what. Deliberately
//! absent: signing.

use openward_seal::note::key::SecretKey;
use zeroize::Zeroizing;

use super::{Inner, Keys, care::still_ours, sql};
use crate::keys::chance::Secret;
use crate::keys::{Chance, KeyError, Place, Pseudonym, boxes};

/// One signing key as it is kept: its number, its public half, its box.
pub(super) type Row = (u32, String, Vec<u8>);

impl Keys {
    /// Makes the key of the register's log, whose name is the log's origin. It is on the disk when this returns.
    ///
    /// # Errors
    /// A store that has one, a name that cannot be an origin, or a store that cannot be written.
    pub fn make_signing_key(&self, origin: &str) -> Result<SecretKey, KeyError> {
        let seed = self.chance.secret()?;
        let key = SecretKey::from_seed(origin, seed.bytes()).map_err(|_| KeyError::Damaged("this name cannot be an origin"))?;
        let public = key.public().to_string();
        let mut inner = self.lock()?;
        inner.refresh(self.register)?;
        let (ours, wrapping) = (inner.master.clone(), inner.wrapping_copy()?);
        inner.write(|tx, _| {
            still_ours(tx, ours)?;
            if !sql::signing_keys(tx)?.is_empty() {
                return Err(KeyError::Exists);
            }
            let boxed = wrap(&wrapping, self.register, 1, &public, key.text().as_bytes(), &self.chance)?;
            sql::put_signing_key(tx, 1, &public, &boxed)
        })?;
        Ok(key)
    }

    /// The key that signs the log.
    ///
    /// # Errors
    /// A store without one, one that was changed, or a master that was rotated since this store was opened.
    pub fn signing_key(&self) -> Result<SecretKey, KeyError> {
        let inner = self.lock()?;
        still_ours(&inner.db, inner.master.clone())?;
        let row = sql::signing_keys(&inner.db)?.pop().ok_or(KeyError::Damaged("it holds no signing key"))?;
        inner.open_signing_key(self.register, &row)
    }
}

impl Inner {
    pub(super) fn open_signing_key(&self, register: Pseudonym, row: &Row) -> Result<SecretKey, KeyError> {
        let wrong = KeyError::Damaged("a signing key is not the one that its public half says");
        let text = unwrap(&self.wrapping, register, row)?;
        let key =
            SecretKey::parse(std::str::from_utf8(&text).unwrap_or_default()).map_err(|_| KeyError::Damaged("a signing key is none"))?;
        if key.public().to_string() == row.1 { Ok(key) } else { Err(wrong) }
    }

    pub(super) fn wrapping_copy(&self) -> Result<Secret, KeyError> {
        Secret::copied(self.wrapping.bytes()).ok_or(KeyError::Stopped)
    }
}

const fn place(register: Pseudonym, n: u32, public: &str) -> Place<'_> {
    Place { table: "signing_key", file: register, n: n as u64, i: 0, extra: public.as_bytes() }
}

pub(super) fn wrap(with: &Secret, register: Pseudonym, n: u32, public: &str, text: &[u8], chance: &Chance) -> Result<Vec<u8>, KeyError> {
    Ok(boxes::seal(with, &place(register, n, public), text, chance)?)
}

pub(super) fn unwrap(with: &Secret, register: Pseudonym, row: &Row) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let (n, public, boxed) = row;
    boxes::open(with, &place(register, *n, public), boxed).map_err(|_| KeyError::Damaged("a signing key does not open"))
}
