//! A register in a folder that is gone afterwards, with the packs of the repository.
//!
//! Deliberately absent: acts, and anything measured.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use openward_law::engine::Law;
use openward_register::derived::Laws;
use openward_register::keys::{Chance, Keys, Master};
use openward_register::store::Store as _;
use openward_register::store::sqlite::Sqlite;
use openward_register::writer::{Parts, Register};
use openward_seal::checkpoint::Trust;
use openward_seal::note::key::SecretKey;

use crate::bench::PACK;
use crate::book::Book;

/// Says an error in words.
pub(super) fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

struct OnePack(Arc<Law>);

impl Laws for OnePack {
    fn law(&self, id: &str) -> Option<Arc<Law>> {
        (id == PACK).then(|| Arc::clone(&self.0))
    }
    fn usual(&self) -> Option<Arc<Law>> {
        Some(Arc::clone(&self.0))
    }
}

/// The folder of a register.
pub(super) struct Place {
    folder: PathBuf,
    is_kept: bool,
    keys: Arc<Keys>,
    laws: Arc<dyn Laws>,
}

fn signer() -> Result<SecretKey, String> {
    SecretKey::from_seed("bench.example/log", &[7; 32]).map_err(said)
}

impl Place {
    /// A new one, gone when dropped.
    pub(super) fn new(folder: &Path, book: &Book) -> Result<Self, String> {
        std::fs::create_dir_all(folder).map_err(said)?;
        let master = Master::generate(&Chance::system()).map_err(said)?;
        std::fs::write(folder.join("master"), master.text().as_bytes()).map_err(said)?;
        let keys = Keys::create(&folder.join("keys.db"), &master, Chance::system()).map_err(said)?;
        Ok(Self { folder: folder.to_owned(), is_kept: false, keys: Arc::new(keys), laws: Arc::new(OnePack(book.pack(PACK)?)) })
    }

    /// One that is there already, and stays.
    pub(super) fn open(folder: &Path, book: &Book) -> Result<Self, String> {
        let text = std::fs::read_to_string(folder.join("master")).map_err(said)?;
        let master = Master::parse(&text).map_err(said)?;
        let keys = Keys::open(&folder.join("keys.db"), &master, Chance::system()).map_err(said)?;
        Ok(Self { folder: folder.to_owned(), is_kept: true, keys: Arc::new(keys), laws: Arc::new(OnePack(book.pack(PACK)?)) })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The register's database.
    pub(super) fn database(&self) -> PathBuf {
        self.folder.join("register.db")
    }

    /// The keys.
    pub(super) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The register at work.
    pub(super) fn register(&self) -> Result<Register<Sqlite>, String> {
        let store = Sqlite::open(&self.database()).map_err(said)?;
        Register::open(store, Parts::new(Arc::clone(&self.keys), Arc::clone(&self.laws), signer()?)).map_err(said)
    }

    /// A connection that reads.
    pub(super) fn reader(&self) -> Result<Sqlite, String> {
        Sqlite::open(&self.database()).and_then(|store| store.reader()).map_err(said)
    }

    /// Whom to trust for its log.
    pub(super) fn trust(&self) -> Result<Trust, String> {
        Trust::new(vec![signer()?.public().clone()]).map_err(said)
    }

    /// Bytes of its files on the disk.
    pub(super) fn bytes(&self) -> Result<u64, String> {
        let entries = std::fs::read_dir(&self.folder).map_err(said)?;
        Ok(entries.filter_map(|entry| entry.ok()?.metadata().ok()).map(|found| found.len()).sum())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.is_kept {
            // What is left behind in the folder for such files is no loss.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}
