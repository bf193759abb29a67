//! The key store: its own SQLite file beside the register, with its own backup. It holds wrapped keys and the list of destroyed ones.
//!
//! Master → register keys (one for each domain and epoch, and one for pseudonyms) → file keys. A key is durable before anything is
//! closed with it. Deliberately absent: the master, and anything else that would open a box.

mod care;
mod list;
mod signing;
mod sql;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rusqlite::{Connection, TransactionBehavior};
use sha2::Sha256;

use super::boxes;
use super::chance::Secret;
use super::{Chance, Domain, FileKey, KeyError, Master, Place, Pseudonym};

pub use care::Checked;
pub use list::Applied;

/// How many file keys are kept open in memory. A busy register works on fewer files at a time; when it is full it starts afresh.
const OPEN_KEYS_MAX: usize = 16_384;

/// The code of the register key that makes pseudonyms. It is of no domain and has one epoch.
const INDEX: u8 = 0;

/// The keys of a register. One is shared by all threads of a process; several processes may open the same store.
pub struct Keys {
    path: PathBuf,
    chance: Chance,
    /// The id of the register. It binds each wrapped key to this store.
    register: Pseudonym,
    pseudonyms: Secret,
    list: Secret,
    inner: Mutex<Inner>,
}

struct Inner {
    db: Connection,
    wrapping: Secret,
    master: String,
    register_keys: BTreeMap<(u8, u32), Secret>,
    open: HashMap<(Domain, Pseudonym), Arc<FileKey>>,
    /// Changes when another connection wrote to the store.
    seen: i64,
    /// Whether a write failed so that nobody knows what is on the disk.
    is_stopped: bool,
}

impl Keys {
    /// Makes a new key store with an index key and one register key for each domain. The file is there whole or not at all.
    ///
    /// # Errors
    /// A path where something is already, or a disk that does not take it.
    pub fn create(path: &Path, master: &Master, chance: Chance) -> Result<Self, KeyError> {
        sql::is_free(path)?;
        let new = sql::beside(path, "new", &chance)?;
        crate::disk::make_private(&new)?;
        let made = Self::fill(&new, master, &chance);
        if let Err(error) = made.and_then(|()| sql::publish(&new, path)) {
            sql::discard(&new);
            return Err(error);
        }
        Self::open(path, master, chance)
    }

    fn fill(path: &Path, master: &Master, chance: &Chance) -> Result<(), KeyError> {
        let mut db = sql::connect(path)?;
        let register = Pseudonym(chance.bytes()?);
        let wrapping = master.wrapping();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        sql::create_tables(&tx)?;
        sql::set_meta(&tx, sql::REGISTER, register.as_bytes())?;
        sql::set_meta(&tx, sql::MASTER, master.id().as_bytes())?;
        let rows = Domain::ALL.into_iter().map(|domain| (domain.code(), 1)).chain([(INDEX, 1)]);
        for (code, epoch) in rows {
            let boxed = wrap_register_key(&wrapping, &chance.secret()?, register, code, epoch, chance)?;
            sql::put_register_key(&tx, code, epoch, &boxed)?;
        }
        tx.commit()?;
        sql::empty_log(&db)?;
        sql::close(db)
    }

    /// Opens a key store with its master, and checks that it is whole: its settings, its register keys, its list of destroyed keys.
    ///
    /// # Errors
    /// A store that is not there or damaged, or another master.
    pub fn open(path: &Path, master: &Master, chance: Chance) -> Result<Self, KeyError> {
        if !path.try_exists()? {
            return Err(KeyError::Missing);
        }
        let db = sql::connect(path)?;
        sql::check_format(&db)?;
        let register = sql::meta(&db, sql::REGISTER)?;
        let register = Pseudonym::from_slice(&register).ok_or(KeyError::Damaged("the id of the register has another length"))?;
        let mut inner = Inner {
            seen: sql::data_version(&db)?,
            db,
            wrapping: master.wrapping(),
            master: master.id(),
            register_keys: BTreeMap::new(),
            open: HashMap::new(),
            is_stopped: false,
        };
        inner.load_register_keys(register)?;
        let index = inner.register_keys.get(&(INDEX, 1)).ok_or(KeyError::Damaged("the key of pseudonyms is missing"))?;
        let keys = Self {
            path: path.to_owned(),
            chance,
            register,
            pseudonyms: derived(index, b"openward pseudonyms 1")?,
            list: derived(index, b"openward destroyed keys 1")?,
            inner: Mutex::new(inner),
        };
        keys.destroyed()?;
        // By now the log beside it has been made; without its name what it takes in would be lost.
        crate::disk::sync_name(path)?;
        Ok(keys)
    }

    /// The id of the register. It stands in clear, is random, and says nothing.
    #[must_use]
    pub const fn register(&self) -> Pseudonym {
        self.register
    }

    /// A number that changes when another process has written to the store: destroyed a key, made one, rotated something.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub fn version(&self) -> Result<i64, KeyError> {
        let mut inner = self.lock()?;
        inner.refresh(self.register)?;
        Ok(inner.seen)
    }

    /// The pseudonym of a file: the same for the life of the register, whatever is rotated.
    #[must_use]
    pub fn pseudonym(&self, file: &str) -> Pseudonym {
        self.pseudonym_of("file", file)
    }

    /// The pseudonym of another exact identifier, such as a health number. The caller writes it in one form only.
    /// Texts of different kinds have different pseudonyms even where they are equal.
    #[must_use]
    pub fn pseudonym_of(&self, kind: &str, text: &str) -> Pseudonym {
        let mut short = [0; 16];
        // INVARIANT: HMAC takes keys of any length, so there is always a hash.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.pseudonyms.bytes()) {
            mac.update(&(kind.len() as u64).to_be_bytes());
            mac.update(kind.as_bytes());
            mac.update(text.as_bytes());
            short.iter_mut().zip(mac.finalize().into_bytes()).for_each(|(into, from)| *into = from);
        }
        Pseudonym(short)
    }

    /// The key of a file. It is made on first use, and is on the disk before it is returned.
    ///
    /// # Errors
    /// `Destroyed` where it was destroyed: it is never made anew. Otherwise a store that cannot be read or written.
    pub fn file_key(&self, domain: Domain, file: Pseudonym) -> Result<Arc<FileKey>, KeyError> {
        self.file_keys(&[(domain, file)])?.pop().unwrap_or(Err(KeyError::Damaged("a key was asked for and none came")))
    }

    /// The keys of several files, in the order asked. What must be made is made in one transaction, so that a batch waits for the disk once.
    /// A destroyed file is an error in its own place and no hindrance to the others.
    ///
    /// # Errors
    /// A store that cannot be read or written. Then no key is returned.
    pub fn file_keys(&self, wanted: &[(Domain, Pseudonym)]) -> Result<Vec<Result<Arc<FileKey>, KeyError>>, KeyError> {
        let mut inner = self.lock()?;
        inner.refresh(self.register)?;
        let mut found = Vec::with_capacity(wanted.len());
        for (domain, file) in wanted {
            found.push(self.look_up(&mut inner, *domain, *file)?);
        }
        if found.iter().any(Option::is_none) {
            let made = self.make(&mut inner, wanted)?;
            return Ok(made);
        }
        Ok(found.into_iter().flatten().collect())
    }

    /// The key of a file if it has one; none is made. For reads.
    ///
    /// # Errors
    /// As [`Self::file_key`].
    pub fn existing_file_key(&self, domain: Domain, file: Pseudonym) -> Result<Option<Arc<FileKey>>, KeyError> {
        let mut inner = self.lock()?;
        inner.refresh(self.register)?;
        self.look_up(&mut inner, domain, file)?.transpose()
    }

    /// The outer error is the store's, the inner one the file's; none where there is no key yet.
    fn look_up(&self, inner: &mut Inner, domain: Domain, file: Pseudonym) -> Result<Option<Result<Arc<FileKey>, KeyError>>, KeyError> {
        if let Some(key) = inner.open.get(&(domain, file)) {
            return Ok(Some(Ok(Arc::clone(key))));
        }
        if let Some(at) = sql::destroyed_at(&inner.db, file)? {
            return Ok(Some(Err(KeyError::Destroyed { at })));
        }
        let Some((epoch, boxed)) = sql::file_key(&inner.db, domain.code(), file)? else {
            return Ok(None);
        };
        let with = inner.register_key(domain.code(), epoch)?;
        let secret = unwrap_file_key(with, self.register, domain.code(), epoch, file, &boxed)?;
        let key = Arc::new(FileKey::new(domain, file, secret, self.chance.clone()));
        inner.remember(&key);
        Ok(Some(Ok(key)))
    }

    fn make(&self, inner: &mut Inner, wanted: &[(Domain, Pseudonym)]) -> Result<Vec<Result<Arc<FileKey>, KeyError>>, KeyError> {
        inner.write(|tx, register_keys| {
            for (domain, file) in wanted {
                // Another process may have made or destroyed it since; inside the transaction nobody can.
                if sql::destroyed_at(tx, *file)?.is_some() || sql::file_key(tx, domain.code(), *file)?.is_some() {
                    continue;
                }
                let epoch = sql::newest_epoch(tx, domain.code())?;
                let with = register_keys.get(&(domain.code(), epoch)).ok_or(KeyError::Busy)?;
                let boxed = wrap_file_key(with, &self.chance.secret()?, self.register, domain.code(), epoch, *file, &self.chance)?;
                sql::put_file_key(tx, domain.code(), epoch, *file, &boxed)?;
            }
            Ok(())
        })?;
        let mut made = Vec::with_capacity(wanted.len());
        for (domain, file) in wanted {
            made.push(self.look_up(inner, *domain, *file)?.unwrap_or(Err(KeyError::Damaged("a key that was written is not there"))));
        }
        Ok(made)
    }

    fn lock(&self) -> Result<MutexGuard<'_, Inner>, KeyError> {
        // A thread that panicked held the lock; what it left half done is not known.
        self.inner.lock().map_err(|_| KeyError::Stopped)
    }
}

impl Inner {
    /// What another process did since the last look: keys destroyed must not stay open here, and new epochs must be known.
    fn refresh(&mut self, register: Pseudonym) -> Result<(), KeyError> {
        let seen = sql::data_version(&self.db)?;
        if seen != self.seen {
            self.open.clear();
            self.load_register_keys(register)?;
            self.seen = seen;
        }
        Ok(())
    }

    fn load_register_keys(&mut self, register: Pseudonym) -> Result<(), KeyError> {
        let needed =
            String::from_utf8(sql::meta(&self.db, sql::MASTER)?).map_err(|_| KeyError::Damaged("the id of the master is no text"))?;
        let rows = sql::register_keys(&self.db)?;
        let mut keys = BTreeMap::new();
        for (code, epoch, boxed) in rows {
            // A key already open stays so: another process may have rotated the master, and the key within is the same.
            let key = match self.register_keys.remove(&(code, epoch)) {
                Some(key) => key,
                None if needed != self.master => return Err(KeyError::WrongMaster { needed, given: self.master.clone() }),
                None => unwrap_register_key(&self.wrapping, register, code, epoch, &boxed)?,
            };
            keys.insert((code, epoch), key);
        }
        self.register_keys = keys;
        Ok(())
    }

    fn register_key(&self, code: u8, epoch: u32) -> Result<&Secret, KeyError> {
        self.register_keys.get(&(code, epoch)).ok_or(KeyError::Damaged("the register key of an epoch is missing"))
    }

    fn remember(&mut self, key: &Arc<FileKey>) {
        if self.open.len() >= OPEN_KEYS_MAX {
            self.open.clear();
        }
        self.open.insert((key.domain(), key.file()), Arc::clone(key));
    }

    /// One transaction, on the disk when this returns. After a failure that leaves open what is on the disk, nothing more is written.
    fn write<T>(&mut self, act: impl FnOnce(&Connection, &BTreeMap<(u8, u32), Secret>) -> Result<T, KeyError>) -> Result<T, KeyError> {
        if self.is_stopped {
            return Err(KeyError::Stopped);
        }
        let done = (|| {
            let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = act(&tx, &self.register_keys)?;
            tx.commit()?;
            Ok(value)
        })();
        if let Err(KeyError::Database(error)) = &done {
            self.is_stopped = sql::is_io_failure(error);
        }
        done
    }
}

fn derived(index: &Secret, purpose: &[u8]) -> Result<Secret, KeyError> {
    let mut key = Secret::empty();
    Hkdf::<Sha256>::new(None, index.bytes())
        .expand(purpose, key.bytes_mut())
        .map_err(|_| KeyError::Damaged("no key can be derived from the key of pseudonyms"))?;
    Ok(key)
}

/// Where the wrapped key of a domain and epoch lies. The register's id stands in the place of the file.
const fn register_key_place(register: Pseudonym, code: u8, epoch: u32) -> Place<'static> {
    Place { table: "register_key", file: register, n: epoch as u64, i: code as u32, extra: &[] }
}

/// Where the wrapped key of a file lies.
const fn file_key_place(register: &Pseudonym, code: u8, epoch: u32, file: Pseudonym) -> Place<'_> {
    Place { table: "file_key", file, n: epoch as u64, i: code as u32, extra: register.as_bytes() }
}

fn wrap_register_key(
    wrapping: &Secret,
    key: &Secret,
    register: Pseudonym,
    code: u8,
    epoch: u32,
    chance: &Chance,
) -> Result<Vec<u8>, KeyError> {
    Ok(boxes::seal(wrapping, &register_key_place(register, code, epoch), key.bytes(), chance)?)
}

fn unwrap_register_key(wrapping: &Secret, register: Pseudonym, code: u8, epoch: u32, boxed: &[u8]) -> Result<Secret, KeyError> {
    let plain = boxes::open(wrapping, &register_key_place(register, code, epoch), boxed)
        .map_err(|_| KeyError::Damaged("a register key does not open"))?;
    Secret::copied(&plain).ok_or(KeyError::Damaged("a register key has another length"))
}

fn wrap_file_key(
    with: &Secret,
    key: &Secret,
    register: Pseudonym,
    code: u8,
    epoch: u32,
    file: Pseudonym,
    chance: &Chance,
) -> Result<Vec<u8>, KeyError> {
    Ok(boxes::seal(with, &file_key_place(&register, code, epoch, file), key.bytes(), chance)?)
}

fn unwrap_file_key(with: &Secret, register: Pseudonym, code: u8, epoch: u32, file: Pseudonym, boxed: &[u8]) -> Result<Secret, KeyError> {
    let plain = boxes::open(with, &file_key_place(&register, code, epoch, file), boxed)
        .map_err(|_| KeyError::Damaged("a file key does not open: its row was changed or moved"))?;
    Secret::copied(&plain).ok_or(KeyError::Damaged("a file key has another length"))
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.register)
    }
}
