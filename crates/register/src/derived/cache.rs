//! Files that were opened lately, kept in memory by the one thread that writes.
//!
//! INVARIANT: what is here is what the open transaction sees. Each transaction begins with [`Cache::begin`], which throws all away where
//! another process has written; after a rollback the writer does. Deliberately absent: a second thread that writes.

use std::collections::{BTreeSet, HashMap};

use openward_law::casefile::FileEntries;
use openward_law::entry::{Entry, FileKind};

use super::compute::{name_of, named};
use crate::history::{self, AsOf, HistoryError};
use crate::keys::{KeyError, Keys};
use crate::store::{FileName, FileRow, ForecastRow, Store, TieRow};

/// So many entries are kept at most, and names of files that are not there; then all are thrown away, and those in use come back.
const ENTRIES_MAX: usize = 50_000;

/// A file as it was last seen.
pub struct Loaded {
    /// Its row.
    pub row: FileRow,
    /// Whether its key was destroyed. Then it says nothing any more; whoever names it goes on as if it were not there.
    pub is_destroyed: bool,
    /// Its entries, where it holds facts of the law.
    pub entries: Option<FileEntries>,
    /// The files that its entries name, itself left out, those that are not there too.
    pub named: BTreeSet<FileName>,
    /// What the store has of it that was computed; none where that is not known.
    pub had: Option<Had>,
}

/// What is kept that was computed of a file.
#[derive(Default)]
pub struct Had {
    /// Its forecasts, without what is in their boxes.
    pub forecasts: Vec<ForecastRow>,
    /// What they rely on.
    pub relies_on: Vec<FileName>,
    /// Who is tied to it.
    pub ties: Vec<TieRow>,
}

/// The cache.
#[derive(Default)]
pub struct Cache {
    /// None: there is no such file.
    files: HashMap<FileName, Option<Loaded>>,
    entries: usize,
    /// The files of the law, which every context holds. None: not looked for yet.
    law_files: Option<Vec<FileName>>,
    version: Option<(i64, i64)>,
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

    /// A transaction has begun: where another process changed entries or destroyed keys all is forgotten, and where it has become too much.
    ///
    /// # Errors
    /// The store, or the key store.
    pub fn begin<S: Store>(&mut self, store: &S, keys: &Keys) -> Result<(), HistoryError> {
        let version = Some((store.version()?, keys.version()?));
        if self.version != version || self.entries > ENTRIES_MAX {
            self.clear();
            self.version = version;
        }
        Ok(())
    }

    /// The row of a file.
    ///
    /// # Errors
    /// The store.
    pub fn row<S: Store>(&self, store: &S, name: &FileName) -> Result<Option<FileRow>, HistoryError> {
        match self.files.get(name) {
            Some(loaded) => Ok(loaded.as_ref().map(|loaded| loaded.row.clone())),
            None => Ok(store.file(name)?),
        }
    }

    /// Reads a file, unless it is here.
    ///
    /// # Errors
    /// As of reading a history.
    pub fn load<S: Store>(&mut self, store: &S, keys: &Keys, name: &FileName) -> Result<(), HistoryError> {
        if self.files.contains_key(name) {
            return Ok(());
        }
        let Some(row) = store.file(name)? else {
            self.put(*name, None);
            return Ok(());
        };
        let mut loaded = Loaded { row, is_destroyed: false, entries: None, named: BTreeSet::new(), had: None };
        let entries = match history::file_entries(store, keys, &loaded.row, AsOf::Now) {
            Err(HistoryError::Key(KeyError::Destroyed { .. })) => {
                loaded.is_destroyed = true;
                None
            }
            entries => entries?,
        };
        if let Some(entries) = entries {
            add_named(keys, &mut loaded, &entries.entries);
            loaded.entries = Some(entries);
        }
        self.put(*name, Some(loaded));
        Ok(())
    }

    /// A file that is here.
    #[must_use]
    pub fn get(&self, name: &FileName) -> Option<&Loaded> {
        self.files.get(name)?.as_ref()
    }

    /// A file has grown, or was made: its row as it is now, and what was added.
    pub fn grow(&mut self, keys: &Keys, row: &FileRow, kind: FileKind, entries: Vec<Entry>) {
        let Some(first) = entries.first() else { return self.forget(&row.name) };
        let fresh = || Loaded { row: row.clone(), is_destroyed: false, entries: None, named: BTreeSet::new(), had: None };
        let mut loaded = self.files.remove(&row.name).flatten().unwrap_or_else(fresh);
        self.entries = self.entries.saturating_sub(count(&loaded));
        add_named(keys, &mut loaded, &entries);
        let own = loaded.entries.get_or_insert_with(|| FileEntries { id: first.file.clone(), kind, entries: Vec::new() });
        own.entries.extend(entries);
        loaded.row = row.clone();
        self.put(row.name, Some(loaded));
    }

    /// Remembers what the store now has of a file that was computed.
    pub fn has(&mut self, name: &FileName, had: Had) {
        if let Some(Some(loaded)) = self.files.get_mut(name) {
            loaded.had = Some(had);
        }
    }

    fn put(&mut self, name: FileName, loaded: Option<Loaded>) {
        self.entries += loaded.as_ref().map_or(1, count);
        self.files.insert(name, loaded);
    }

    /// The files of the law.
    ///
    /// # Errors
    /// The store.
    pub fn law_files<S: Store>(&mut self, store: &S) -> Result<&[FileName], HistoryError> {
        if self.law_files.is_none() {
            self.law_files = Some(store.files_of_kind(history::kind_code(FileKind::Law))?);
        }
        Ok(self.law_files.as_deref().unwrap_or_default())
    }

    /// A file of a kind was made.
    pub fn made(&mut self, kind: u8) {
        if kind == history::kind_code(FileKind::Law) {
            self.law_files = None;
        }
    }
}

fn add_named(keys: &Keys, loaded: &mut Loaded, entries: &[Entry]) {
    let ids: BTreeSet<&str> = entries.iter().flat_map(named).collect();
    loaded.named.extend(ids.into_iter().map(|id| name_of(keys, id)));
    loaded.named.remove(&loaded.row.name);
}

fn count(loaded: &Loaded) -> usize {
    1 + loaded.entries.as_ref().map_or(0, |entries| entries.entries.len())
}
