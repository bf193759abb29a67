//! The chain of one file: each entry's hash holds the file, its number, the hash of the entry before it, and its parts.
//!
//! Deliberately absent: looking for what was changed ([`crate::check`]), and who may append.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::digest::{EntryHash, PartHash};
use crate::text;

/// What every hashed entry begins with. Sixteen bytes; no other kind of hash begins so.
pub const TAG: &[u8; 16] = b"openward/entry/1";

/// What stands for the entry before the first.
pub const BEFORE_FIRST: EntryHash = EntryHash::from_bytes([0; 32]);

/// The most parts of one entry. An act with more documents is more than one entry; and a hostile copy must cost little.
pub const PARTS_MAX: usize = 1000;

/// A random name of a file, drawn when the file is made. It says nothing about what the file is of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileTag([u8; 16]);

impl FileTag {
    /// From sixteen random bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// From thirty-two small hexadecimal letters.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        text::from_hex(text)?.try_into().ok().map(Self)
    }
}

impl fmt::Display for FileTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::hex(&self.0))
    }
}

impl fmt::Debug for FileTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileTag({self})")
    }
}

/// `SHA-256(tag ‖ file-tag ‖ n ‖ prev ‖ parts)`, with `n` as eight bytes, the highest first. All pieces but the last have a fixed length.
#[must_use]
pub fn hash(file: &FileTag, n: u64, prev: &EntryHash, parts: &[PartHash]) -> EntryHash {
    let mut hasher = Sha256::new();
    hasher.update(TAG);
    hasher.update(file.as_bytes());
    hasher.update(n.to_be_bytes());
    hasher.update(prev.as_bytes());
    for part in parts {
        hasher.update(part.as_bytes());
    }
    EntryHash::from_bytes(hasher.finalize().into())
}

/// The end of a file's chain: all that is needed to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    file: FileTag,
    length: u64,
    head: EntryHash,
}

/// An entry that was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Its number in the file; the first is 1.
    pub n: u64,
    /// The hash of the entry before it.
    pub prev: EntryHash,
    /// Its own hash, the record for the log.
    pub hash: EntryHash,
}

/// Why nothing was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendError {
    /// An entry has at least its header.
    NoParts,
    /// More than [`PARTS_MAX`].
    TooManyParts(usize),
    /// There is no number after the last.
    Full,
}

impl fmt::Display for AppendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoParts => f.write_str("OW-SEAL-001 an entry without parts cannot be appended"),
            Self::TooManyParts(count) => write!(f, "OW-SEAL-002 an entry has {count} parts; at most {PARTS_MAX} are allowed"),
            Self::Full => f.write_str("OW-SEAL-003 the file has no further number"),
        }
    }
}

impl std::error::Error for AppendError {}

impl Chain {
    /// A file without entries.
    #[must_use]
    pub const fn new(file: FileTag) -> Self {
        Self { file, length: 0, head: BEFORE_FIRST }
    }

    /// A file that has `length` entries, of which the last has the hash `head`.
    #[must_use]
    pub const fn resume(file: FileTag, length: u64, head: EntryHash) -> Self {
        Self { file, length, head }
    }

    /// Whose chain it is.
    #[must_use]
    pub const fn file(&self) -> FileTag {
        self.file
    }

    /// How many entries it has.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// The hash of the last entry.
    #[must_use]
    pub const fn head(&self) -> EntryHash {
        self.head
    }

    /// Appends an entry of these parts.
    ///
    /// # Errors
    /// No parts, too many, or no number left; the chain is then as before.
    pub fn append(&mut self, parts: &[PartHash]) -> Result<Appended, AppendError> {
        match parts.len() {
            0 => return Err(AppendError::NoParts),
            count if count > PARTS_MAX => return Err(AppendError::TooManyParts(count)),
            _ => {}
        }
        let n = self.length.checked_add(1).ok_or(AppendError::Full)?;
        let prev = self.head;
        let hash = hash(&self.file, n, &prev, parts);
        self.length = n;
        self.head = hash;
        Ok(Appended { n, prev, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: FileTag = FileTag::from_bytes([9; 16]);

    fn part(byte: u8) -> PartHash {
        PartHash::from_bytes([byte; 32])
    }

    #[test]
    fn entries_are_numbered_from_one_and_each_names_the_one_before() {
        let mut chain = Chain::new(FILE);
        let first = chain.append(&[part(1)]).unwrap();
        let second = chain.append(&[part(1)]).unwrap();
        assert_eq!((first.n, first.prev), (1, BEFORE_FIRST));
        assert_eq!((second.n, second.prev), (2, first.hash));
        assert_ne!(first.hash, second.hash);
        assert_eq!(Chain::resume(FILE, 2, second.hash), chain);
    }

    #[test]
    fn every_piece_of_an_entry_changes_its_hash() {
        let base = hash(&FILE, 1, &BEFORE_FIRST, &[part(1), part(2)]);
        let others = [
            hash(&FileTag::from_bytes([8; 16]), 1, &BEFORE_FIRST, &[part(1), part(2)]),
            hash(&FILE, 2, &BEFORE_FIRST, &[part(1), part(2)]),
            hash(&FILE, 1, &EntryHash::from_bytes([1; 32]), &[part(1), part(2)]),
            hash(&FILE, 1, &BEFORE_FIRST, &[part(2), part(1)]),
            hash(&FILE, 1, &BEFORE_FIRST, &[part(1)]),
            hash(&FILE, 1, &BEFORE_FIRST, &[part(1), part(2), part(3)]),
        ];
        assert!(others.iter().all(|other| *other != base));
    }

    #[test]
    fn an_entry_without_parts_or_with_too_many_is_refused_and_leaves_the_chain_alone() {
        let mut chain = Chain::new(FILE);
        assert_eq!(chain.append(&[]), Err(AppendError::NoParts));
        assert_eq!(chain.append(&vec![part(1); PARTS_MAX + 1]), Err(AppendError::TooManyParts(PARTS_MAX + 1)));
        assert_eq!(chain, Chain::new(FILE));
        assert!(chain.append(&vec![part(1); PARTS_MAX]).is_ok());
        assert_eq!(Chain::resume(FILE, u64::MAX, BEFORE_FIRST).append(&[part(1)]), Err(AppendError::Full));
    }

    #[test]
    fn a_file_tag_is_read_as_it_is_written() {
        assert_eq!(FileTag::from_hex(&FILE.to_string()), Some(FILE));
        assert_eq!(FileTag::from_hex("0909"), None);
    }
}
