//! A file's entries read back from the store: all of them, or those there were at a number or an instant.
//!
//! As-of views are folded from what is read here, never from derived rows. Deliberately absent: who may read, and the record that
//! somebody did (`crate::reads`).

use std::fmt;
use std::sync::Arc;

use openward_law::casefile::FileEntries;
use openward_law::entry::FileKind;
use openward_seal::chain::{self, BEFORE_FIRST};

use crate::entry::{Kept, Part, Unreadable, file_in};
use crate::keys::{BoxError, Domain, FileKey, KeyError, Keys, Place, Pseudonym};
use crate::store::{EntryRow, FileRow, Micros, Store, StoreError};
use crate::writer::clock::Jumped;

/// The code of a stream of reads among the kinds of file.
pub const READS: u8 = 9;

/// The code of the stream of accepted jumps of the clock.
pub const CLOCK: u8 = 8;

/// The code of a kind of file.
#[must_use]
pub const fn kind_code(kind: FileKind) -> u8 {
    match kind {
        FileKind::Person => 1,
        FileKind::Facility => 2,
        FileKind::Professional => 3,
        FileKind::Organisation => 4,
        FileKind::Law => 5,
    }
}

/// The kind of a code; none for a stream that holds no facts of the law.
#[must_use]
pub fn kind_of(code: u8) -> Option<FileKind> {
    FileKind::ALL.iter().map(|(kind, _)| *kind).find(|kind| kind_code(*kind) == code)
}

/// Whose keys open a kind of file.
#[must_use]
pub const fn domain_of(kind: FileKind) -> Domain {
    match kind {
        FileKind::Person => Domain::Care,
        FileKind::Facility | FileKind::Professional | FileKind::Organisation | FileKind::Law => Domain::Network,
    }
}

/// Up to where a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// All of it.
    Now,
    /// Entries up to this number.
    Number(u64),
    /// Entries recorded at or before this instant.
    Recorded(Micros),
}

/// Why a file cannot be read.
#[derive(Debug)]
pub enum HistoryError {
    /// The store.
    Store(StoreError),
    /// The keys: among other things, that the file's key was destroyed.
    Key(KeyError),
    /// The register has no such file.
    NoFile,
    /// The register was moved to another place; nothing is written here any more.
    Away,
    /// The clock jumped, and what was asked for would have been given its time.
    Clock(Jumped),
    /// The key store has no key of this file: it is older than the register, or of another one.
    NoKey,
    /// A part does not open: it was changed or moved.
    Box {
        /// The entry.
        n: u64,
        /// The part.
        i: u32,
        /// What the box says.
        error: BoxError,
    },
    /// A part is not what its hash says.
    Hash {
        /// The entry.
        n: u64,
        /// The part.
        i: u32,
    },
    /// The rows of a file are not a chain: an entry is missing, was changed, or stands elsewhere.
    Broken {
        /// The entry.
        n: u64,
    },
    /// The parts are no entry.
    Unreadable {
        /// The entry.
        n: u64,
        /// Why.
        error: Unreadable,
    },
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Key(error) => error.fmt(f),
            Self::Clock(jumped) => jumped.fmt(f),
            Self::Away => f.write_str(
                "OW-REG-120 this register was moved to another place, and nothing is written to it here any more. Work goes on there. If the move \
                 was never taken in and never will be: `openward export --take-back ORIGIN`",
            ),
            Self::NoFile => f.write_str("OW-REG-030 the register has no such file"),
            Self::NoKey => {
                f.write_str("OW-REG-032 the key store has no key of this file: it is older than the register, or of another one")
            }
            Self::Box { n, i, error } => write!(f, "entry {n}, part {i}: {error}"),
            Self::Hash { n, i } => write!(f, "OW-REG-031 entry {n}, part {i} is not what its hash says"),
            Self::Broken { n } => write!(f, "OW-REG-033 entry {n} is missing, or was changed: run `verify`, which says what was done"),
            Self::Unreadable { n, error } => write!(f, "entry {n}: {error}"),
        }
    }
}

impl std::error::Error for HistoryError {}

impl From<StoreError> for HistoryError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<KeyError> for HistoryError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

/// Where the box of a part belongs. Its hash, which stands beside it in the clear, is bound to it too.
#[must_use]
pub fn place_of_part<'a>(file: &FileRow, n: u64, i: u32, hash: &'a [u8; 32]) -> Place<'a> {
    place_in(Pseudonym::from_bytes(file.name), n, i, hash)
}

/// The same where only the file's pseudonym is known.
pub(crate) const fn place_in(file: Pseudonym, n: u64, i: u32, hash: &[u8; 32]) -> Place<'_> {
    Place { table: "part", file, n, i, extra: hash }
}

/// Opens one part and checks it against its hash.
///
/// # Errors
/// A box that does not open, or a part that is not what its hash says.
pub fn open_part(key: &FileKey, file: &FileRow, n: u64, part: &crate::store::PartRow) -> Result<Part, HistoryError> {
    let i = part.i;
    let joined =
        key.open(&place_of_part(file, n, i, part.hash.as_bytes()), &part.boxed).map_err(|error| HistoryError::Box { n, i, error })?;
    let opened = Part::split(&joined).filter(|opened| opened.hash() == part.hash);
    opened.ok_or(HistoryError::Hash { n, i })
}

/// Opens an entry of the law's facts.
///
/// # Errors
/// Where a part does not open or the parts are no entry.
pub fn open_entry(key: &FileKey, file: &FileRow, row: &EntryRow) -> Result<Kept, HistoryError> {
    let parts = row.parts.iter().map(|part| open_part(key, file, row.n, part)).collect::<Result<Vec<_>, _>>()?;
    let bytes: Vec<&[u8]> = parts.iter().map(|part| part.bytes.as_slice()).collect();
    let unreadable = |error| HistoryError::Unreadable { n: row.n, error };
    let n = u32::try_from(row.n).map_err(|_| unreadable(Unreadable::Form("number")))?;
    let kept = Kept::read(n, &bytes).map_err(unreadable)?;
    // The instant in the clear column is the one in the header, or somebody dated the entry anew.
    let is_dated = kept.entry.recorded.is_some_and(|recorded| recorded.as_microsecond() == row.recorded);
    if is_dated { Ok(kept) } else { Err(HistoryError::Broken { n: row.n }) }
}

/// The key of a file that is there.
///
/// # Errors
/// Trouble of the key store, or a key that was destroyed.
pub fn key_of(keys: &Keys, file: &FileRow) -> Result<Arc<FileKey>, HistoryError> {
    let domain =
        Domain::of_code(file.domain).ok_or_else(|| StoreError::new(crate::store::Trouble::Damaged, "a file of no known domain"))?;
    keys.existing_file_key(domain, Pseudonym::from_bytes(file.name))?.ok_or(HistoryError::NoKey)
}

/// A file's rows after a number and up to another, if they are a chain without gaps that ends where the file's row says.
///
/// So no read gives less than was kept, or something else, without an error. What was removed together with the file's own length and head
/// is found against the log.
///
/// # Errors
/// The store, or the first entry that does not fit.
pub fn rows<S: Store>(store: &S, file: &FileRow, after: u64, to: u64) -> Result<Vec<EntryRow>, HistoryError> {
    let rows = store.entries(file.id, after.saturating_add(1), to)?;
    let mut before = (after == 0).then_some(BEFORE_FIRST);
    let mut wanted = after;
    for row in &rows {
        wanted += 1;
        let parts: Vec<_> = row.parts.iter().map(|part| part.hash).collect();
        let is_numbered = row.n == wanted && (0..).zip(&row.parts).all(|(i, part)| part.i == i);
        let is_linked = before.is_none_or(|before| row.prev == before) && chain::hash(&file.tag, row.n, &row.prev, &parts) == row.hash;
        if !is_numbered || !is_linked {
            return Err(HistoryError::Broken { n: wanted });
        }
        before = Some(row.hash);
    }
    if wanted < to || (to == file.length && before.is_some_and(|head| head != file.head)) {
        return Err(HistoryError::Broken { n: to.min(wanted + 1) });
    }
    Ok(rows)
}

/// A file's entries, opened, after a number and up to a point.
///
/// # Errors
/// As [`HistoryError`] says.
pub fn kept<S: Store>(store: &S, keys: &Keys, file: &FileRow, after: u64, as_of: AsOf) -> Result<Vec<Kept>, HistoryError> {
    let to = match as_of {
        AsOf::Now => file.length,
        AsOf::Number(n) => n.min(file.length),
        AsOf::Recorded(at) => return recorded(store, keys, file, after, at),
    };
    if after >= to {
        // A length that somebody wrote as nothing must not make a file look empty.
        let is_empty = file.length > 0 || file.head == BEFORE_FIRST;
        return if is_empty { Ok(Vec::new()) } else { Err(HistoryError::Broken { n: 1 }) };
    }
    let key = key_of(keys, file)?;
    rows(store, file, after, to)?.iter().map(|row| open_entry(&key, file, row)).collect()
}

/// Entries recorded at or before an instant. The clear column says how many; the header of the first one after must agree.
fn recorded<S: Store>(store: &S, keys: &Keys, file: &FileRow, after: u64, at: Micros) -> Result<Vec<Kept>, HistoryError> {
    let to = store.length_at(file.id, at)?.min(file.length);
    let with_next = to.saturating_add(1).min(file.length);
    if after >= with_next {
        return Ok(Vec::new());
    }
    let mut kept = kept(store, keys, file, after, AsOf::Number(with_next))?;
    if with_next > to
        && let Some(next) = kept.pop()
        && next.entry.recorded.is_none_or(|recorded| recorded.as_microsecond() <= at)
    {
        return Err(HistoryError::Broken { n: with_next });
    }
    Ok(kept)
}

/// The file of a person, facility, professional, organisation or the law, as the law engine reads it.
///
/// # Errors
/// As [`HistoryError`] says.
pub fn file_entries<S: Store>(store: &S, keys: &Keys, file: &FileRow, as_of: AsOf) -> Result<Option<FileEntries>, HistoryError> {
    let Some(kind) = kind_of(file.kind) else { return Ok(None) };
    let entries: Vec<_> = kept(store, keys, file, 0, as_of)?.into_iter().map(|kept| kept.entry).collect();
    Ok(entries.first().map(|first| first.file.clone()).map(|id| FileEntries { id, kind, entries }))
}

/// The id of a file, from the header of its first entry.
///
/// # Errors
/// As [`HistoryError`] says.
pub fn id_of<S: Store>(store: &S, keys: &Keys, file: &FileRow) -> Result<Option<String>, HistoryError> {
    let key = key_of(keys, file)?;
    let Some(first) = store.entries(file.id, 1, 1)?.into_iter().next() else { return Ok(None) };
    let Some(header) = first.parts.first() else { return Ok(None) };
    Ok(file_in(&open_part(&key, file, 1, header)?.bytes))
}
