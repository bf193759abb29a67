//! Case files: entries as JSON Lines, one entry a line, for import, export, tests and the command line.
//!
//! Here lives the whole way in and out: [`CaseFile::read`] checks every line and reports every [`Problem`] it finds,
//! [`CaseFile::write`] gives the canonical lines back, [`effective`] applies corrections, and [`schema`] publishes the form.
//! Deliberately absent: any judgment whether a fact was lawful. A case file is refused for its form alone, never because
//! something in it should not have happened. Absent too: any reading of files from a disk.

mod check;
mod effective;
mod json;
mod line;
mod places;
mod problem;
mod read;
mod schema;
mod slots;
#[cfg(test)]
mod tests;
mod times;
mod values;
mod words;
mod write;

pub use effective::effective;
pub use places::file_kinds;
pub use problem::{Code, Problem};
pub use schema::schema;

use crate::entry::{Entry, FileKind};

/// The limits on a case file. Each keeps a hostile or broken input from costing more than it can be worth.
pub mod limits {
    use std::ops::RangeInclusive;

    /// Bytes in one line: far more than any entry needs, small enough to hold and show.
    pub const LINE_BYTES_MAX: usize = 64 * 1024;
    /// Lines in one input, blank ones included: a large register, still readable in memory.
    pub const LINES_MAX: usize = 1_000_000;
    /// Entries in one file: decades of a stay with several facts each day.
    pub const ENTRIES_PER_FILE_MAX: usize = 10_000;
    /// Items in one list of an entry.
    pub const LIST_ITEMS_MAX: usize = 200;
    /// Characters in one free text: about seven printed pages; longer ones are documents of their own.
    pub const TEXT_CHARS_MAX: usize = 20_000;
    /// Characters in one word or paragraph name.
    pub const WORD_CHARS_MAX: usize = 100;
    /// Characters of an id after its prefix.
    pub const ID_CHARS_MAX: usize = 64;
    /// Years an entry may name: a year outside is a slip of the pen.
    pub const YEARS: RangeInclusive<i16> = 1800..=2200;
    /// Problems reported in full; the last line says how many more there are.
    pub const PROBLEMS_MAX: usize = 200;
    /// Problems counted; after the line that reaches this many no further line is read.
    pub const PROBLEMS_COUNTED_MAX: usize = 10_000;
}

/// What the first line of a case file may say about all its entries.
///
/// The header's `file` is not kept: once read, each entry names its own file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// The law pack to read the case under.
    pub law: Option<String>,
    /// The IANA time zone of times written without an offset.
    pub zone: Option<String>,
}

/// The entries of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntries {
    /// The file's id, such as `per_ada`.
    pub id: String,
    /// What the id's prefix says the file is about.
    pub kind: FileKind,
    /// Sorted by number. A case file that was read has them gapless from 1.
    pub entries: Vec<Entry>,
}

/// A case file that was read whole: every line was right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseFile {
    /// What the first line said.
    pub header: Header,
    /// Sorted by id, so that the order of lines does not matter.
    pub files: Vec<FileEntries>,
}

impl CaseFile {
    /// The files about people in care, in the order of their ids.
    pub fn person_files(&self) -> impl Iterator<Item = &FileEntries> {
        self.files.iter().filter(|file| file.kind == FileKind::Person)
    }

    /// The file with this id, if the case file holds it.
    pub fn file(&self, id: &str) -> Option<&FileEntries> {
        let found = self.files.binary_search_by(|file| file.id.as_str().cmp(id));
        found.ok().and_then(|at| self.files.get(at))
    }
}
