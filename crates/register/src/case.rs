//! A file together with those that it names, as the law engine reads them.
//!
//! Deliberately absent: forecasts, which are kept ([`crate::derived`]); this is for a full look at one file, also at an earlier state of it.

use std::collections::BTreeSet;

use openward_law::casefile::{CaseFile, FileEntries, Header};
use openward_law::entry::{Entry, FileKind};

use crate::derived::named;
use crate::history::{self, AsOf, HistoryError, kind_code};
use crate::keys::KeyError;
use crate::store::Store;
use crate::writer::Register;

impl<S: Store + 'static> Register<S> {
    /// Entries of one file with the files that they name, and those of the law, each up to the same point of recording. A file whose keys were
    /// destroyed, or that is not there, is left out, as the forecasts leave it out.
    ///
    /// # Errors
    /// As [`HistoryError`] says.
    pub fn case(&self, id: &str, entries: Vec<Entry>, as_of: AsOf) -> Result<CaseFile, HistoryError> {
        let store = self.reader()?;
        let mut rows = Vec::new();
        let others: BTreeSet<&str> = entries.iter().flat_map(named).filter(|other| *other != id).collect();
        for other in others {
            rows.extend(store.file(self.keys().pseudonym(other).as_bytes())?);
        }
        for name in store.files_of_kind(kind_code(FileKind::Law))? {
            rows.extend(store.file(&name)?);
        }
        let mut files = Vec::new();
        for row in &rows {
            match history::file_entries(&store, self.keys(), row, as_of) {
                Ok(file) => files.extend(file),
                Err(HistoryError::Key(KeyError::Destroyed { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        if let Some(kind) = FileKind::of(id) {
            files.push(FileEntries { id: id.to_owned(), kind, entries });
        }
        files.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(CaseFile { header: Header::default(), files })
    }

    /// Files of one kind that are not of people, at most so many, as they stand. One whose keys were destroyed is left out.
    ///
    /// # Errors
    /// As [`HistoryError`] says. A kind whose files nobody may list is [`HistoryError::NoFile`].
    pub fn listed(&self, kind: FileKind, at_most: usize) -> Result<Vec<FileEntries>, HistoryError> {
        if !matches!(kind, FileKind::Professional | FileKind::Facility | FileKind::Organisation) {
            return Err(HistoryError::NoFile);
        }
        let store = self.reader()?;
        let mut files = Vec::new();
        for name in store.files_of_kind(kind_code(kind))?.iter().take(at_most) {
            let Some(row) = store.file(name)? else { continue };
            match history::file_entries(&store, self.keys(), &row, AsOf::Now) {
                Ok(file) => files.extend(file),
                Err(HistoryError::Key(KeyError::Destroyed { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(files)
    }
}
