//! Care of the key store: rotating the master, new epochs, checking, backup and restore.

use std::path::Path;

use super::{INDEX, Keys, signing, sql, unwrap_file_key, unwrap_register_key, wrap_file_key, wrap_register_key};
use crate::disk;
use crate::keys::{Chance, Destroyed, Domain, KeyError, Master};

/// What a check of the whole store found, when all of it is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// How many register keys there are, the one of pseudonyms included.
    pub register_keys: u64,
    /// How many file keys.
    pub file_keys: u64,
    /// How many files are on the list of destroyed keys.
    pub destroyed: u64,
}

impl Keys {
    /// Closes the register's keys with a new master instead of the old, in one transaction: after a crash one of the two opens the store.
    /// File keys and boxes stay as they are. A copy of the old store still opens with the old master: see `docs/keys.md`.
    ///
    /// # Errors
    /// A store that cannot be written; the old master still opens it then.
    pub fn rotate_master(&mut self, new: &Master) -> Result<(), KeyError> {
        let register = self.register;
        let chance = self.chance.clone();
        let wrapping = new.wrapping();
        let mut inner = self.lock()?;
        inner.refresh(register)?;
        let (ours, old) = (inner.master.clone(), inner.wrapping_copy()?);
        inner.write(|tx, keys| {
            still_ours(tx, ours)?;
            // INVARIANT: every register key in the store is closed anew. One left with the old master would be lost with it.
            if !sql::register_keys(tx)?.iter().map(|(code, epoch, _)| (*code, *epoch)).eq(keys.keys().copied()) {
                return Err(KeyError::Busy);
            }
            for ((code, epoch), key) in keys {
                let boxed = wrap_register_key(&wrapping, key, register, *code, *epoch, &chance)?;
                sql::put_register_key(tx, *code, *epoch, &boxed)?;
            }
            for row in sql::signing_keys(tx)? {
                let text = signing::unwrap(&old, register, &row)?;
                let boxed = signing::wrap(&wrapping, register, row.0, &row.1, &text, &chance)?;
                sql::put_signing_key(tx, row.0, &row.1, &boxed)?;
            }
            sql::set_meta(tx, sql::MASTER, new.id().as_bytes())
        })?;
        inner.wrapping = wrapping;
        inner.master = new.id();
        sql::empty_log(&inner.db)
    }

    /// A new register key for the files of a domain that come from now on. Returns its epoch. The older ones still open what they closed.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub fn new_epoch(&self, domain: Domain) -> Result<u32, KeyError> {
        let mut inner = self.lock()?;
        inner.refresh(self.register)?;
        let key = self.chance.secret()?;
        let wrapping = inner.wrapping_copy()?;
        let ours = inner.master.clone();
        let epoch = inner.write(|tx, _| {
            still_ours(tx, ours)?;
            let epoch = sql::newest_epoch(tx, domain.code())?.checked_add(1).ok_or(KeyError::Damaged("there are too many epochs"))?;
            let boxed = wrap_register_key(&wrapping, &key, self.register, domain.code(), epoch, &self.chance)?;
            sql::put_register_key(tx, domain.code(), epoch, &boxed)?;
            Ok(epoch)
        })?;
        inner.register_keys.insert((domain.code(), epoch), key);
        Ok(epoch)
    }

    /// Closes all file keys of a domain with its newest register key, and removes the older register keys. Returns how many file keys moved.
    /// After it, what a thief has of an older epoch opens nothing in this store.
    ///
    /// # Errors
    /// A store that cannot be written; nothing has changed then.
    pub fn retire_epochs(&self, domain: Domain) -> Result<u64, KeyError> {
        let code = domain.code();
        let mut inner = self.lock()?;
        inner.refresh(self.register)?;
        let (moved, newest) = inner.write(|tx, keys| {
            let newest = sql::newest_epoch(tx, code)?;
            // Not known here is one that another process has just begun.
            let with = keys.get(&(code, newest)).ok_or(KeyError::Busy)?;
            let mut moved = 0;
            for (file, epoch, boxed) in sql::file_keys_before(tx, code, newest)? {
                let old = keys.get(&(code, epoch)).ok_or(KeyError::Damaged("the register key of an epoch is missing"))?;
                let key = unwrap_file_key(old, self.register, code, epoch, file, &boxed)?;
                let boxed = wrap_file_key(with, &key, self.register, code, newest, file, &self.chance)?;
                sql::put_file_key(tx, code, newest, file, &boxed)?;
                moved += 1;
            }
            sql::delete_register_keys_before(tx, code, newest)?;
            Ok((moved, newest))
        })?;
        inner.register_keys.retain(|(of, epoch), _| *of != code || *epoch >= newest);
        sql::empty_log(&inner.db)?;
        Ok(moved)
    }

    /// Checks the whole store: its pages, every wrapped key, the list of destroyed keys, and that no destroyed file has a key.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<Checked, KeyError> {
        let destroyed = self.destroyed()?.len() as u64;
        let mut inner = self.lock()?;
        inner.refresh(self.register)?;
        sql::check_pages(&inner.db)?;
        let mut register_keys = 0;
        let is_ours = sql::meta(&inner.db, sql::MASTER)? == inner.master.as_bytes();
        for (code, epoch, boxed) in sql::register_keys(&inner.db)? {
            if code != INDEX && Domain::of_code(code).is_none() {
                return Err(KeyError::Damaged("a register key is of no known domain"));
            }
            if is_ours {
                unwrap_register_key(&inner.wrapping, self.register, code, epoch, &boxed)?;
            }
            register_keys += 1;
        }
        if is_ours {
            for row in sql::signing_keys(&inner.db)? {
                inner.open_signing_key(self.register, &row)?;
            }
        }
        let file_keys = sql::for_each_file_key(&inner.db, |code, epoch, file, boxed| {
            unwrap_file_key(inner.register_key(code, epoch)?, self.register, code, epoch, file, boxed).map(drop)
        })?;
        if sql::has_keys_of_destroyed(&inner.db)? {
            return Err(KeyError::Damaged("a file on the list of destroyed keys has a key"));
        }
        Ok(Checked { register_keys, file_keys, destroyed })
    }

    /// Writes a copy of the store that holds nothing but what is in use, with a checksum beside it (`NAME.sha256`), and checks the copy.
    /// Others may go on meanwhile. The copy opens with the master of now.
    ///
    /// # Errors
    /// A path where something is already, a disk that does not take it, or a copy that is not well.
    pub fn backup(&self, to: &Path) -> Result<Checked, KeyError> {
        if to.try_exists()? || sql::sum_path(to).try_exists()? {
            return Err(KeyError::Exists);
        }
        let new = sql::beside(to, "new", &self.chance)?;
        disk::make_private(&new)?;
        let copied = (|| {
            let inner = self.lock()?;
            sql::copy_into(&inner.db, &new)?;
            let copy = self.twin(&inner, &new)?;
            drop(inner);
            let checked = copy.check()?;
            copy.close()?;
            disk::sync_file(&new)?;
            // The checksum first: a copy without one is not finished.
            sql::write_sum(&new, to)?;
            sql::publish(&new, to)?;
            Ok(checked)
        })();
        if copied.is_err() {
            sql::discard(&new);
        }
        copied
    }

    /// Writes a copy of the store that another master opens, and this one's does not: for a move. Every key in it is tried.
    ///
    /// # Errors
    /// A path where something is already, a disk that does not take it, or keys that do not open.
    pub fn copy_for(&self, to: &Path, master: &Master) -> Result<Checked, KeyError> {
        disk::make_private(to)?;
        let mut copy = {
            let inner = self.lock()?;
            sql::copy_into(&inner.db, to)?;
            self.twin(&inner, to)?
        };
        copy.rotate_master(master)?;
        let checked = copy.check()?;
        copy.close()?;
        disk::sync_file(to)?;
        Ok(checked)
    }

    /// Where the checksum of a backup stands.
    #[must_use]
    pub fn sum_of(backup: &Path) -> std::path::PathBuf {
        sql::sum_path(backup)
    }

    /// Removes a backup that belongs to nothing, with its checksum.
    pub(crate) fn discard_backup(backup: &Path) {
        sql::discard(backup);
        let _ = std::fs::remove_file(sql::sum_path(backup));
    }

    /// This store's keys over another file of the same register.
    fn twin(&self, inner: &super::Inner, path: &Path) -> Result<Self, KeyError> {
        let lost = || KeyError::Stopped;
        let copied = |key: &crate::keys::chance::Secret| crate::keys::chance::Secret::copied(key.bytes()).ok_or_else(lost);
        let db = sql::connect(path)?;
        let mut twin = super::Inner {
            seen: sql::data_version(&db)?,
            db,
            wrapping: copied(&inner.wrapping)?,
            master: inner.master.clone(),
            register_keys: std::collections::BTreeMap::new(),
            open: std::collections::HashMap::new(),
            is_stopped: false,
        };
        for (place, key) in &inner.register_keys {
            twin.register_keys.insert(*place, copied(key)?);
        }
        Ok(Self {
            path: path.to_owned(),
            chance: self.chance.clone(),
            register: self.register,
            pseudonyms: copied(&self.pseudonyms)?,
            list: copied(&self.list)?,
            inner: std::sync::Mutex::new(twin),
        })
    }

    /// Puts a backup in place of a lost key store, and destroys in it what the list says was destroyed since. The list is the text of
    /// [`Self::destroyed_text`], as it was kept apart; without one the keys of files that were to be forgotten would come back.
    /// The store is at its path only when all of that is done.
    ///
    /// # Errors
    /// A backup that was changed or has no checksum, another master, a list of another register, a path where something is already.
    pub fn restore(backup: &Path, to: &Path, master: &Master, list: &str, chance: Chance) -> Result<Self, KeyError> {
        sql::is_free(to)?;
        let new = sql::beside(to, "restored", &chance)?;
        disk::make_private(&new)?;
        let restored = (|| {
            sql::copy_with_sum(backup, &new)?;
            let keys = Self::open(&new, master, chance.clone())?;
            let list: Vec<Destroyed> = keys.read_destroyed(list)?;
            keys.apply_destroyed(&list)?;
            keys.check()?;
            keys.close()?;
            disk::sync_file(&new)?;
            sql::publish(&new, to)
        })();
        if let Err(error) = restored {
            sql::discard(&new);
            return Err(error);
        }
        Self::open(to, master, chance)
    }

    /// Where the store is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Closes the store; its log is gone afterwards unless another program has it open.
    ///
    /// # Errors
    /// A disk that does not take what is left to write.
    pub fn close(self) -> Result<(), KeyError> {
        sql::close(self.inner.into_inner().map_err(|_| KeyError::Stopped)?.db)
    }
}

/// Another process may have rotated the master since we looked: a key closed with the old one would be lost.
pub(super) fn still_ours(db: &rusqlite::Connection, ours: String) -> Result<(), KeyError> {
    let needed = sql::meta(db, sql::MASTER)?;
    if needed == ours.as_bytes() {
        return Ok(());
    }
    Err(KeyError::WrongMaster { needed: String::from_utf8_lossy(&needed).into_owned(), given: ours })
}
