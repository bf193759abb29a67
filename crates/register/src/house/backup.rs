//! A backup of a whole register while it works: database, documents, keys, list of destroyed keys, checkpoint, checksums.
//!
//! It gets its name when it has been read back and verified. The database is of one moment; documents and keys are copied after it, so that
//! nothing that it names is missing. Deliberately absent: backups of only what changed, and the master.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use openward_seal::checkpoint::Trust;
use serde::{Deserialize, Serialize};

use super::sums::{SUMS, Sums};
use super::{Config, DATABASE, DOCUMENTS, House, HouseError, KEYS, PUBLIC_KEY, papers};
use crate::disk;
use crate::documents::Documents;
use crate::keys::{Chance, KeyError, Keys};
use crate::sealer;
use crate::store::Entries as _;
use crate::store::sqlite::Sqlite;
use crate::verify;

/// What a backup says of itself.
pub(super) const ABOUT: &str = "backup.toml";
/// The newest checkpoint in it.
pub(super) const CHECKPOINT: &str = "checkpoint";
/// The list of destroyed keys as of then.
pub(super) const DESTROYED: &str = "destroyed.txt";

/// The version of the backup's layout.
pub(super) const VERSION: u32 = 1;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    pub(super) version: u32,
    /// When it was begun, in universal time.
    pub taken_at: String,
    /// How many files are in it.
    pub files: u64,
    /// How many entries.
    pub entries: u64,
    /// The size of the log at its newest checkpoint.
    pub log: u64,
    /// How many entries wait for the log.
    pub waiting: u64,
    /// When the newest entry was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_recorded: Option<String>,
    /// How many documents are in it.
    pub documents: u64,
    pub(super) register: Config,
}

/// A backup that was made.
#[derive(Clone, Debug)]
pub struct Backup {
    /// What it holds.
    pub about: About,
    /// Its newest checkpoint, where the log has one.
    pub checkpoint: Option<String>,
    /// Where the keys are.
    pub keys: PathBuf,
    /// Documents that are missing or damaged in the register, and so not in the backup.
    pub findings: Vec<String>,
}

impl House {
    /// Writes a backup to a folder that is not there yet. The keys go into it, or apart.
    ///
    /// # Errors
    /// A path where something is, a disk that does not take it, or a register that does not verify: then neither folder nor keys are there afterwards.
    pub fn back_up(&self, keys: &Keys, to: &Path, keys_apart: Option<&Path>) -> Result<Backup, HouseError> {
        let sum = keys_apart.map(Keys::sum_of);
        for path in std::iter::once(to).chain(keys_apart).chain(sum.as_deref()) {
            if path.try_exists().map_err(HouseError::io(path))? {
                return Err(HouseError::NotEmpty(path.to_owned()));
            }
        }
        let chance = Chance::system();
        let id = crate::keys::Pseudonym::from_bytes(chance.bytes().map_err(crate::keys::KeyError::from)?);
        let new = disk::ending(to, &format!(".new-{id}"));
        let made = self.fill(keys, &new, keys_apart).and_then(|backup| {
            std::fs::rename(&new, to).and_then(|()| disk::sync_name(to)).map_err(HouseError::io(to))?;
            let keys = keys_apart.map_or_else(|| to.join(KEYS), Path::to_owned);
            Ok(Backup { keys, ..backup })
        });
        if made.is_err() {
            // Its name says that it is not finished; where it cannot be removed either, that must do.
            let _ = std::fs::remove_dir_all(&new);
        }
        // Keys apart have their names as soon as they are whole; without the rest they would only bar the way of the next attempt.
        if let (Err(error), Some(path)) = (&made, keys_apart)
            && !matches!(error, HouseError::Keys(KeyError::Exists))
        {
            Keys::discard_backup(path);
        }
        made
    }

    fn fill(&self, keys: &Keys, new: &Path, keys_apart: Option<&Path>) -> Result<Backup, HouseError> {
        let taken_at = Timestamp::now();
        disk::make_folder(&new.join(DOCUMENTS)).map_err(HouseError::io(new))?;
        // The order matters: what the database names was stored before it, and is copied after it.
        self.store()?.backup(&new.join(DATABASE))?;
        let (documents, mut findings) = self.copy_documents(&new.join(DOCUMENTS))?;
        let write = |name: &str, text: &str| disk::write_new(&new.join(name), text.as_bytes()).map_err(HouseError::io(&new.join(name)));
        write(PUBLIC_KEY, &format!("{}\n", self.public_key()?))?;
        keys.backup(keys_apart.unwrap_or(&new.join(KEYS)))?;
        write(DESTROYED, &keys.destroyed_text()?)?;

        let copy = Sqlite::open_reading(&new.join(DATABASE))?;
        let trust = Trust::new(vec![self.public_key()?]).map_err(|_| HouseError::Mixed("register.vkey is not the key of a log"))?;
        let report = verify::register(&copy, Some(keys), &trust, &[])?;
        if !report.is_clean() {
            return Err(HouseError::Found(report.findings.iter().map(ToString::to_string).collect()));
        }
        let papers = papers::check(&copy, keys, &Documents::open(&new.join(DOCUMENTS), Chance::system())?)?;
        findings.extend(papers.findings);
        findings.sort();
        findings.dedup();
        let newest = sealer::newest(&copy, &trust)?;
        let checkpoint = newest.and_then(|(row, _)| String::from_utf8(row.note).ok());
        if let Some(note) = &checkpoint {
            write(CHECKPOINT, note)?;
        }
        let about = About {
            version: VERSION,
            taken_at: taken_at.to_string(),
            files: report.files,
            entries: report.entries,
            log: report.log,
            waiting: report.waiting,
            last_recorded: copy.last_recorded()?.and_then(|at| Timestamp::from_microsecond(at).ok()).map(|at| at.to_string()),
            documents,
            register: self.config.clone(),
        };
        drop(copy);
        // What the check of the documents made beside them.
        let _ = std::fs::remove_dir(new.join(DOCUMENTS).join("new"));
        write(ABOUT, &toml::to_string(&about).map_err(|error| HouseError::Config(error.to_string()))?)?;
        write(SUMS, &Sums::of(new)?.text())?;
        sync_all(new)?;
        Ok(Backup { about, checkpoint, keys: PathBuf::new(), findings })
    }

    /// Copies every finished document whose bytes are still those of its address. Gives how many, and what is wrong with the others.
    fn copy_documents(&self, to: &Path) -> Result<(u64, Vec<String>), HouseError> {
        let mut findings = Vec::new();
        let mut count = 0;
        for found in self.documents()?.list()? {
            let address = found.address.to_string();
            let (folder, name) = address.split_at(2);
            let from = self.documents_path().join(folder).join(name);
            let into = to.join(folder);
            disk::make_folder(&into).map_err(HouseError::io(&into))?;
            let path = into.join(name);
            let sum = copy(&from, &path)?;
            if sum == address {
                count += 1;
            } else {
                std::fs::remove_file(&path).map_err(HouseError::io(&path))?;
                let damage = crate::documents::Damage::Changed;
                findings.push(crate::documents::DocumentError::Damaged(found.address, damage).to_string());
            }
        }
        Ok((count, findings))
    }
}

/// Copies a file to a new one that only its owner can read; gives the checksum of what was read. It is on the disk afterwards.
pub(super) fn copy(from: &Path, to: &Path) -> Result<String, HouseError> {
    let source = std::fs::File::open(from).map_err(HouseError::io(from))?;
    let mut file = disk::make_private(to).map_err(HouseError::io(to))?;
    let (sum, _) = disk::sum(source, &mut file).map_err(HouseError::io(to))?;
    file.sync_all().map_err(HouseError::io(to))?;
    Ok(sum)
}

/// Waits until the disk has every name below a folder.
pub(super) fn sync_all(folder: &Path) -> Result<(), HouseError> {
    for entry in std::fs::read_dir(folder).map_err(HouseError::io(folder))? {
        let path = entry.map_err(HouseError::io(folder))?.path();
        if path.is_dir() {
            sync_all(&path)?;
        }
    }
    disk::sync_folder(folder).map_err(HouseError::io(folder))
}
