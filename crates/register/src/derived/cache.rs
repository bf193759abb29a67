//! Files that were opened lately, kept in memory by the one thread that writes.
//!
//! INVARIANT: what is here is what the open transaction sees. After a rollback the whole cache is thrown away. Deliberately absent: a second
//! thread.

use std::collections::HashMap;
use std::sync::Arc;

use openward_law::casefile::FileEntries;

use crate::history::{self, AsOf, HistoryError};
use crate::keys::{FileKey, KeyError, Keys};
use crate::store::{FileName, FileRow, Store};

/// So many entries are kept at most; then all are thrown away, and those in use come back.
const ENTRIES_MAX: usize = 50_000;

/// A file as it was last seen.
pub struct Loaded {
    /// Its row.
    pub row: FileRow,
    /// Its entries, where it holds facts of the law.
    pub entries: Option<FileEntries>,
}

/// The cache.
#[derive(Default)]
pub struct Cache {
    files: HashMap<FileName, Loaded>,
    entries: usize,
    /// The files of the law, which every context holds. None: not looked for yet.
    law_files: Option<Vec<FileName>>,
}

impl Cache {
    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Forgets one file.
    pub fn forget(&mut self, name: &FileName) {
        self.files.remove(name);
    }

    /// The key of a file.
    ///
    /// # Errors
    /// Trouble of the key store.
    pub fn key(&self, keys: &Keys, file: &FileRow) -> Result<Arc<FileKey>, HistoryError> {
        // The key store keeps open keys itself, and knows when one was destroyed.
        history::key_of(keys, file)
    }

    /// Takes a file out, as long as its row is still this one; else reads it. Put it back with [`Self::put`].
    ///
    /// # Errors
    /// As of reading a history.
    pub fn take<S: Store>(&mut self, store: &S, keys: &Keys, row: &FileRow) -> Result<Loaded, HistoryError> {
        if let Some(loaded) = self.files.remove(&row.name) {
            self.entries = self.entries.saturating_sub(count(&loaded));
            if loaded.row == *row {
                // Another process may have destroyed the key since; then nothing of the file may be used any more.
                return match history::key_of(keys, row) {
                    Err(error @ HistoryError::Key(KeyError::Destroyed { .. })) => Err(error),
                    _ => Ok(loaded),
                };
            }
        }
        let entries = history::file_entries(store, keys, row, AsOf::Now)?;
        Ok(Loaded { row: row.clone(), entries })
    }

    /// Puts a file in.
    pub fn put(&mut self, loaded: Loaded) {
        if self.entries > ENTRIES_MAX {
            self.files.clear();
            self.entries = 0;
        }
        self.entries += count(&loaded);
        self.files.insert(loaded.row.name, loaded);
    }

    /// The files of the law.
    ///
    /// # Errors
    /// The store.
    pub fn law_files<S: Store>(&mut self, store: &S) -> Result<Vec<FileName>, HistoryError> {
        if let Some(names) = &self.law_files {
            return Ok(names.clone());
        }
        let names = store.files_of_kind(history::kind_code(openward_law::entry::FileKind::Law))?;
        self.law_files = Some(names.clone());
        Ok(names)
    }

    /// A file was made.
    pub fn made(&mut self) {
        self.law_files = None;
    }
}

fn count(loaded: &Loaded) -> usize {
    loaded.entries.as_ref().map_or(0, |entries| entries.entries.len())
}
