//! One file for the person it is about and those who act for them: all of it, in a folder that can be read and checked without us.
//!
//! In reading order: [`Contents`] what is given out, [`Register::export`] the one way to it (the opening is recorded before a byte is written),
//! `sealed` the lines that `openward-verify` checks, `folder` how the folder comes to be there whole or not at all. Deliberately absent: who
//! may have it, the page that people read (the caller makes it), and more than one file.

mod folder;
mod gather;
mod others;
mod sealed;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use openward_law::casefile::{CaseFile, FileEntries};
use openward_law::entry::Entry;
use openward_seal::chain::FileTag;
use openward_seal::tiles::whole::Head;

use crate::documents::{DocumentError, Documents, Reference};
use crate::history::HistoryError;
use crate::reads::{Opening, Reader};
use crate::store::Store;
use crate::writer::{Refused, Register};

pub use sealed::VERSION;

/// Whether the record of who opened the file goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// It does: the copy is for the person, or for whoever acts for them.
    Shown,
    /// It does not: the copy is for somebody else.
    LeftOut,
}

/// What is asked for.
pub struct Asked<'a> {
    /// The file's id.
    pub file: &'a str,
    /// Who asks, and why. The view says that it was an export.
    pub reader: &'a Reader,
    /// Whether the reads go with it.
    pub reads: Reads,
    /// What is withheld: the number of an entry and the name of one of its free texts or documents, as [`part_names`] has them.
    ///
    /// [`part_names`]: crate::entry::part_names
    pub withheld: &'a BTreeSet<(u32, String)>,
    /// A checkpoint of this log to prove by, such as one that a witness signed; none: the newest. Entries that it does not cover wait.
    pub checkpoint: Option<&'a [u8]>,
}

/// An entry as it is given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As it was brought; without free texts that are withheld.
    pub entry: Entry,
    /// When the register recorded it.
    pub recorded: Timestamp,
    /// Its documents.
    pub documents: Vec<Paper>,
    /// The names of what is withheld.
    pub withheld: Vec<String>,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its path in the folder; none where it is withheld.
    pub path: Option<String>,
    /// How many bytes it has; none where it is withheld.
    pub bytes: Option<u64>,
}

/// What is given out, for whoever makes a page of it.
pub struct Contents {
    /// The file's id.
    pub file: String,
    /// Its tag in chain and log.
    pub tag: FileTag,
    /// When the register recorded that it was given out.
    pub at: Timestamp,
    /// The entries, first to last.
    pub lines: Vec<Line>,
    /// Who opened the file, this time too; none where that is left out.
    pub openings: Option<Vec<Opening>>,
    /// The log's newest checkpoint: how many entries it covers, and its root. None in a register without one.
    pub head: Option<Head>,
    /// How many entries are not in the log yet. Their proofs come later.
    pub waiting: usize,
    /// The file with what the law reads in those that it names: what a standing rests on. Texts that are withheld are not in it.
    pub context: CaseFile,
}

impl Contents {
    /// The entries as a case file: they say what was imported, if nothing is withheld.
    #[must_use]
    pub fn case_file(&self) -> Option<CaseFile> {
        let kind = openward_law::entry::FileKind::of(&self.file)?;
        let entries = self.lines.iter().map(|line| line.entry.clone()).collect();
        Some(CaseFile {
            header: openward_law::casefile::Header::default(),
            files: vec![FileEntries { id: self.file.clone(), kind, entries }],
        })
    }
}

/// What stands in a stream, ready to be written.
pub(crate) struct Stream {
    pub(crate) name: &'static str,
    pub(crate) file: FileTag,
    pub(crate) entries: Vec<sealed::Sealed>,
    /// The receipt of the newest entry, of the second stage where it is in the log.
    pub(crate) receipt: Option<(String, sealed::Stage)>,
}

/// A document to be copied.
pub(crate) struct Copy {
    pub(crate) n: u64,
    pub(crate) part: usize,
    pub(crate) path: String,
    pub(crate) reference: Reference,
}

/// Why nothing was given out.
#[derive(Debug)]
pub enum ExportError {
    /// Something is there already.
    Exists(PathBuf),
    /// The disk.
    Io(PathBuf, std::io::Error),
    /// The opening was not recorded.
    Refused(Refused),
    /// The file cannot be read.
    History(HistoryError),
    /// A document cannot be read.
    Document(u64, DocumentError),
    /// What is to be withheld is not there.
    NoPart(u32, String),
    /// The page was not made.
    Page(String),
    /// The checkpoint is none of this log.
    Checkpoint(String),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(path) => {
                write!(f, "OW-REG-102 {} is there already; nothing is written over. Name a folder that is not there", path.display())
            }
            Self::Io(path, error) => write!(f, "OW-REG-103 {} cannot be written: {error}; nothing was given out", path.display()),
            Self::Refused(error) => write!(f, "OW-REG-104 the opening of the file was not recorded, so nothing was given out: {error}"),
            Self::History(error) => error.fmt(f),
            Self::Document(n, error) => write!(f, "entry {n}: {error}; nothing was given out"),
            Self::NoPart(n, part) => write!(
                f,
                "OW-REG-105 entry {n} has no `{part}` that could be withheld; only `note`, `reason` and `document-1` on can be; nothing was given \
                 out, and no opening recorded"
            ),
            Self::Checkpoint(why) => {
                write!(f, "OW-REG-140 the checkpoint is none of this register's log: {why}; nothing was given out, and no opening recorded")
            }
            Self::Page(why) => write!(f, "{why}; nothing was given out"),
        }
    }
}

impl std::error::Error for ExportError {}

impl From<HistoryError> for ExportError {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}

impl From<crate::store::StoreError> for ExportError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::History(error.into())
    }
}

impl<S: Store + 'static> Register<S> {
    /// Writes one file into a folder that is not there yet. `page` gives what people read: names of files and their bytes.
    ///
    /// # Errors
    /// As [`ExportError`] says. Then the folder is not there; the opening may have been recorded all the same.
    pub fn export(
        &self,
        documents: &Documents,
        asked: &Asked<'_>,
        to: &Path,
        page: impl FnOnce(&Contents) -> Result<Vec<(&'static str, Vec<u8>)>, String>,
    ) -> Result<Contents, ExportError> {
        if to.try_exists().map_err(|error| ExportError::Io(to.to_owned(), error))? {
            return Err(ExportError::Exists(to.to_owned()));
        }
        self.file(asked.file)?;
        // What can be told to fail is told first: an opening is recorded where something may be given out.
        gather::check_withheld(self, asked)?;
        if let Some(note) = asked.checkpoint {
            self.trust().open(note).map_err(|error| ExportError::Checkpoint(error.to_string()))?;
        }
        let folder = folder::Begun::beside(to)?;
        let recorded = self.record_opening(asked.file, asked.reader).map_err(ExportError::Refused)?;
        let gathered = gather::gather(self, documents, asked, recorded)?;
        let pages = page(&gathered.contents).map_err(ExportError::Page)?;
        folder.write(to, &gathered, documents, pages, self.trust().origin())?;
        Ok(gathered.contents)
    }
}
