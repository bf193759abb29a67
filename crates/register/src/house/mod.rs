//! The register's folder on disk: what lies where, how it is made, and how it is opened.
//!
//! A folder is a register's from the moment it holds `openward.toml`, which is written last; what an interrupted attempt left is never
//! taken for one. [`moves`] brings the
//! whole of it to another place. Deliberately absent: the master, which is never kept here.

mod backup;
mod config;
#[cfg(test)]
mod drills;
mod error;
pub mod moves;
pub mod papers;
mod publish;
mod restore;
mod sums;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use openward_seal::note::key::{PublicKey, SecretKey, is_name};

pub use backup::{About, Backup};
pub use config::Config;
pub use error::HouseError;
pub use publish::{Published, publish};
pub use restore::{Restore, Restored};

use crate::derived::Laws;
use crate::disk;
use crate::documents::Documents;
use crate::keys::{Chance, Keys, Master, Pseudonym};
use crate::store::Entries as _;
use crate::store::sqlite::Sqlite;
use crate::writer::{Parts, Register, settle};

/// What makes a folder a register's.
pub const CONFIG: &str = "openward.toml";
/// The database.
pub const DATABASE: &str = "register.db";
/// The key store.
pub const KEYS: &str = "keys.db";
/// The documents.
pub const DOCUMENTS: &str = "documents";
/// The public key of the log, for everybody.
pub const PUBLIC_KEY: &str = "register.vkey";

/// The name under which the register keeps the law that it was made with.
const LAW: &str = "law";

/// A register's folder.
#[derive(Clone, Debug)]
pub struct House {
    folder: PathBuf,
    config: Config,
}

/// A register that is open: entries and documents.
pub struct Opened {
    /// The register.
    pub register: Register<Sqlite>,
    /// Its documents.
    pub documents: Documents,
}

impl House {
    /// Makes a register: its keys, closed with the master, an empty database, and the key of its log.
    ///
    /// # Errors
    /// A folder that holds something, a name that cannot be an origin, or a disk that does not take it.
    pub fn create(folder: &Path, origin: &str, law: Option<String>, master: &Master, chance: &Chance) -> Result<Self, HouseError> {
        if !is_name(origin) {
            return Err(HouseError::Origin);
        }
        if !disk::is_free(folder).map_err(HouseError::io(folder))? {
            return Err(HouseError::NotEmpty(folder.to_owned()));
        }
        disk::make_folder(folder).map_err(HouseError::io(folder))?;
        // A folder that was there, and empty, may have been open to others.
        disk::keep_private(folder).map_err(HouseError::io(folder))?;
        let house = Self { folder: folder.to_owned(), config: Config::new(origin.to_owned(), law) };
        let keys = Keys::create(&house.keys_path(), master, chance.clone())?;
        let signer = keys.make_signing_key(origin)?;
        disk::make_private(&house.database()).map_err(HouseError::io(&house.database()))?;
        let mut store = Sqlite::open(&house.database())?;
        store.set_meta("origin", origin.as_bytes())?;
        store.set_meta(LAW, house.law(&keys).as_bytes())?;
        drop(store);
        Documents::open(&house.documents_path(), chance.clone())?;
        let public = house.folder.join(PUBLIC_KEY);
        disk::write_new(&public, format!("{}\n", signer.public()).as_bytes()).map_err(HouseError::io(&public))?;
        keys.close()?;
        house.finish()?;
        Ok(house)
    }

    /// Makes the folder a register's.
    pub(crate) fn finish(&self) -> Result<(), HouseError> {
        let config = self.folder.join(CONFIG);
        disk::sync_folder(&self.folder).map_err(HouseError::io(&self.folder))?;
        disk::write_new(&config, self.config.write()?.as_bytes()).map_err(HouseError::io(&config))?;
        disk::sync_name(&self.folder).map_err(HouseError::io(&self.folder))
    }

    /// The register of a folder.
    ///
    /// # Errors
    /// No register there, or one of a newer program.
    pub fn at(folder: &Path) -> Result<Self, HouseError> {
        let path = folder.join(CONFIG);
        let bytes = match disk::read(&path, config::BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(HouseError::NotThere(folder.to_owned())),
            Err(error) => return Err(HouseError::Io { path, error }),
        };
        let text = String::from_utf8(bytes).map_err(|_| HouseError::Config("it is no text".to_owned()))?;
        Ok(Self { folder: folder.to_owned(), config: Config::read(&text)? })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the folder says of itself.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Where the database is.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }

    /// Where the key store is.
    #[must_use]
    pub fn keys_path(&self) -> PathBuf {
        self.folder.join(KEYS)
    }

    /// Where the documents are.
    #[must_use]
    pub fn documents_path(&self) -> PathBuf {
        self.folder.join(DOCUMENTS)
    }

    /// The public key of the log, as its file says. Whoever checks takes it from elsewhere.
    ///
    /// # Errors
    /// A file that is missing or no key.
    pub fn public_key(&self) -> Result<PublicKey, HouseError> {
        let path = self.folder.join(PUBLIC_KEY);
        let bytes = disk::read(&path, config::BYTES_MAX).map_err(HouseError::io(&path))?;
        let text = std::str::from_utf8(&bytes).unwrap_or_default().trim_end();
        let key = PublicKey::parse(text).map_err(|_| HouseError::Mixed("register.vkey holds no key"))?;
        if key.name() == self.config.origin { Ok(key) } else { Err(HouseError::Mixed("register.vkey has another name than openward.toml")) }
    }

    /// The keys.
    ///
    /// # Errors
    /// As of [`Keys::open`].
    pub fn keys(&self, master: &Master) -> Result<Keys, HouseError> {
        Ok(Keys::open(&self.keys_path(), master, Chance::system())?)
    }

    /// The key that signs the log. It must be the one whose public half lies in the folder.
    pub(crate) fn signer(&self, keys: &Keys) -> Result<SecretKey, HouseError> {
        let signer = keys.signing_key()?;
        if *signer.public() == self.public_key()? {
            Ok(signer)
        } else {
            Err(HouseError::Mixed("the key store signs with another key than register.vkey shows"))
        }
    }

    /// A connection to the database.
    ///
    /// # Errors
    /// A database that is not there, or that cannot be opened. None is made.
    pub fn store(&self) -> Result<Sqlite, HouseError> {
        let path = self.database();
        if !path.try_exists().map_err(HouseError::io(&path))? {
            return Err(HouseError::Missing(path));
        }
        let store = Sqlite::open(&path)?;
        match store.meta("origin")? {
            Some(origin) if origin == self.config.origin.as_bytes() => Ok(store),
            Some(_) => Err(HouseError::Mixed("register.db has another origin than openward.toml")),
            None => Err(HouseError::Mixed("register.db has no origin")),
        }
    }

    /// The law that `openward.toml` names, as the register keeps it: a keyed hash, which nobody writes without the keys.
    fn law(&self, keys: &Keys) -> Pseudonym {
        keys.pseudonym_of("law of the register", self.config.law.as_deref().unwrap_or_default())
    }

    /// Whether `openward.toml` names the law that the register was made with. Another one would change every standing of a file whose places
    /// name none.
    ///
    /// # Errors
    /// It does not.
    pub fn check_law(&self, store: &Sqlite, keys: &Keys) -> Result<(), HouseError> {
        match store.meta(LAW)? {
            Some(kept) if kept == self.law(keys).as_bytes() => Ok(()),
            Some(_) => Err(HouseError::Mixed("openward.toml does not name the law that the register was made with")),
            None => Err(HouseError::Mixed("register.db does not keep which law it was made with")),
        }
    }

    /// Whether nobody but its owner may look into the folder.
    ///
    /// # Errors
    /// A folder that cannot be asked.
    pub fn is_private(&self) -> Result<bool, HouseError> {
        disk::is_private(&self.folder).map_err(HouseError::io(&self.folder))
    }

    /// The documents.
    ///
    /// # Errors
    /// A folder that is not there or cannot be read.
    pub fn documents(&self) -> Result<Documents, HouseError> {
        let path = self.documents_path();
        if !path.try_exists().map_err(HouseError::io(&path))? {
            return Err(HouseError::Missing(path));
        }
        Ok(Documents::open(&path, Chance::system())?)
    }

    /// Opens the register for work.
    ///
    /// # Errors
    /// Whatever is missing, damaged, or of another register.
    pub fn open(&self, master: &Master, laws: Arc<dyn Laws>) -> Result<Opened, HouseError> {
        let keys = Arc::new(self.keys(master)?);
        let signer = self.signer(&keys)?;
        let documents = self.documents()?;
        let mut store = self.store()?;
        if store.is_read_only()? {
            return Err(HouseError::ReadOnly(self.database()));
        }
        self.check_law(&store, &keys)?;
        settle(&mut store, &keys)?;
        let register = Register::open(store, Parts::new(keys, laws, signer))?;
        Ok(Opened { register, documents })
    }
}
