//! A register out of a backup: every byte checked on the way, what was destroyed since destroyed again, and all of it verified before the
//! folder becomes a register's.
//!
//! Deliberately absent: a restore over a register, and one without the list of destroyed keys.

use std::path::Path;

use openward_seal::checkpoint::Trust;

use super::backup::{ABOUT, About, CHECKPOINT, VERSION, copy, sync_all};
use super::sums::{Sums, names};
use super::{DATABASE, DOCUMENTS, House, HouseError, KEYS, PUBLIC_KEY, config, papers};
use crate::disk;
use crate::keys::{Chance, Keys, Master};
use crate::verify;
use crate::writer::settle;

/// What a restore starts from.
pub struct Restore<'a> {
    /// The folder of the backup.
    pub backup: &'a Path,
    /// The backup of the keys, where it was kept apart.
    pub keys_apart: Option<&'a Path>,
    /// The master of the time of the backup.
    pub master: &'a Master,
    /// The newest list of destroyed keys.
    pub destroyed: &'a str,
    /// Checkpoints that were kept elsewhere.
    pub outside: &'a [Vec<u8>],
}

/// A register that was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// What the backup says of itself.
    pub about: About,
    /// The newest checkpoint of the restored log.
    pub checkpoint: Option<String>,
    /// How many entries of the log are gone, by the newest checkpoint from outside: at least so many.
    pub lost: u64,
    /// How many files were destroyed again, their streams of reads counted by themselves.
    pub destroyed: usize,
    /// Documents that entries name and that were missing or damaged when the backup was made.
    pub findings: Vec<String>,
}

impl Restore<'_> {
    /// Makes a register of a backup in a folder that is empty or not there.
    ///
    /// # Errors
    /// A folder that holds something; a backup that is not as it was written, with all that differs; another master; a list of another
    /// register; or a register that does not verify. Then the folder is as it was.
    pub fn to(&self, folder: &Path) -> Result<(House, Restored), HouseError> {
        if !disk::is_free(folder).map_err(HouseError::io(folder))? {
            return Err(HouseError::NotEmpty(folder.to_owned()));
        }
        let was_there = folder.try_exists().map_err(HouseError::io(folder))?;
        let done = self.fill(folder);
        if done.is_err() {
            clear(folder);
            if !was_there {
                let _ = std::fs::remove_dir(folder);
            }
        }
        done
    }

    fn fill(&self, folder: &Path) -> Result<(House, Restored), HouseError> {
        let mut problems = Vec::new();
        let sums = Sums::read(self.backup, &mut problems)?;
        for name in names(self.backup)?.into_iter().filter(|name| !sums.0.contains_key(name)) {
            problems.push(format!("{name} was not in the backup when it was made"));
        }
        let inside = self.backup.join(KEYS);
        let keys_from = self.keys_apart.unwrap_or(&inside);
        if !keys_from.is_file() {
            let path = keys_from.to_owned();
            return Err(if self.keys_apart.is_some() { HouseError::NoKeysThere(path) } else { HouseError::NoKeys(self.backup.to_owned()) });
        }
        disk::make_folder(&folder.join(DOCUMENTS)).map_err(HouseError::io(folder))?;
        disk::keep_private(folder).map_err(HouseError::io(folder))?;
        for (name, sum) in &sums.0 {
            // Keys that were moved apart after the backup was made, as is best, are checked where they are now.
            if self.keys_apart.is_some() && is_of_keys(name) && !self.backup.join(name).exists() {
                continue;
            }
            if self.take(folder, name)?.as_ref() != Some(sum) {
                problems.push(format!("{name} is missing, or not as it was written"));
            }
        }
        if !problems.is_empty() {
            return Err(HouseError::Backup(problems));
        }
        let about = self.about()?;
        let house = House { folder: folder.to_owned(), config: about.register.clone() };
        let list_before = {
            let keys = Keys::restore(keys_from, &house.keys_path(), self.master, self.destroyed, Chance::system())?;
            let mut store = house.store()?;
            settle(&mut store, &keys)?;
            keys.close()?;
            self.destroyed_then()?
        };
        let keys = house.keys(self.master)?;
        let trust =
            Trust::new(vec![house.signer(&keys)?.public().clone()]).map_err(|_| HouseError::Mixed("its key is not that of a log"))?;
        let destroyed = keys.destroyed()?.len().saturating_sub(list_before);
        let (older, lost, problems) = self.outside(&trust, about.log);
        if !problems.is_empty() {
            return Err(HouseError::Found(problems));
        }
        let store = house.store()?;
        house.check_law(&store, &keys)?;
        let report = verify::register(&store, Some(&keys), &trust, &older)?;
        if !report.is_clean() {
            return Err(HouseError::Found(report.findings.iter().map(ToString::to_string).collect()));
        }
        if (report.log, report.entries) != (about.log, about.entries) {
            return Err(HouseError::Backup(vec![format!("{ABOUT} names other numbers of entries than the database holds")]));
        }
        let findings = papers::check(&store, &keys, &house.documents()?)?.findings;
        let checkpoint = crate::sealer::newest(&store, &trust)?.and_then(|(row, _)| String::from_utf8(row.note).ok());
        drop(store);
        keys.close()?;
        sync_all(folder)?;
        house.finish()?;
        Ok((house, Restored { about, checkpoint, lost, destroyed, findings }))
    }

    /// Copies a file of the backup to where it belongs, if it belongs anywhere; gives its checksum, none where it is not there.
    fn take(&self, folder: &Path, name: &str) -> Result<Option<String>, HouseError> {
        let from = self.backup.join(name);
        if !from.is_file() {
            return Ok(None);
        }
        let document = name.strip_prefix(DOCUMENTS).and_then(|name| name.strip_prefix('/'));
        if document.is_none() && !matches!(name, DATABASE | PUBLIC_KEY) {
            let file = std::fs::File::open(&from).map_err(HouseError::io(&from))?;
            let (sum, _) = disk::sum(file, std::io::sink()).map_err(HouseError::io(&from))?;
            return Ok(Some(sum));
        }
        let to = folder.join(name);
        if let Some(parent) = to.parent() {
            disk::make_folder(parent).map_err(HouseError::io(parent))?;
        }
        copy(&from, &to).map(Some)
    }

    fn about(&self) -> Result<About, HouseError> {
        let path = self.backup.join(ABOUT);
        let bytes = disk::read(&path, config::BYTES_MAX).map_err(HouseError::io(&path))?;
        let text = String::from_utf8_lossy(&bytes);
        let version = toml::from_str::<toml::Table>(&text).ok().and_then(|table| table.get("version").and_then(toml::Value::as_integer));
        match version {
            Some(found) if found != i64::from(VERSION) => Err(HouseError::Version(found)),
            _ => toml::from_str(&text).map_err(|error| HouseError::Backup(vec![format!("{ABOUT}: {}", error.message())])),
        }
    }

    /// How many were on the list when the backup was made.
    fn destroyed_then(&self) -> Result<usize, HouseError> {
        let path = self.backup.join(super::backup::DESTROYED);
        let text = String::from_utf8_lossy(&disk::read(&path, 1 << 30).map_err(HouseError::io(&path))?).into_owned();
        Ok(text.lines().count().saturating_sub(3))
    }

    /// The checkpoints from outside that the backup reaches, how many entries are lost by the others, and those that are none of this log.
    fn outside(&self, trust: &Trust, log: u64) -> (Vec<Vec<u8>>, u64, Vec<String>) {
        let (mut older, mut lost, mut problems) = (Vec::new(), 0, Vec::new());
        let own = std::fs::read(self.backup.join(CHECKPOINT)).ok();
        for note in self.outside.iter().chain(&own) {
            match trust.open(note).map(|vouched| vouched.head().size) {
                Ok(size) if size > log => lost = lost.max(size - log),
                Ok(_) => older.push(note.clone()),
                Err(error) => problems.push(verify::outside_wrong(&error)),
            }
        }
        (older, lost, problems)
    }
}

/// Whether a file of a backup is that of the keys, or the checksum beside it.
fn is_of_keys(name: &str) -> bool {
    name.strip_prefix(KEYS).is_some_and(|rest| matches!(rest, "" | ".sha256"))
}

/// Empties a folder that was empty before.
fn clear(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        // What cannot be removed stays; without its last file the folder is no register.
        let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
    }
}
