//! What a document's part says of the document: how long it is, and its hash. The document itself lies beside the entry.
//!
//! The part is the register's reference to the document; this reads the two fields of it that seal the document. Deliberately absent: the
//! other two, where the register keeps it and under which key.

use sha2::{Digest as _, Sha256};

/// The first byte of a reference.
pub const VERSION: u8 = 1;

/// How many bytes a reference has: version, place, key, length, hash.
pub const REFERENCE_BYTES: usize = 1 + 32 + 32 + 8 + 32;

/// What a reference says of its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated {
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

impl Stated {
    /// Reads the bytes of a document's part; none where they are not in the format.
    #[must_use]
    pub fn of(part: &[u8]) -> Option<Self> {
        let (version, rest) = part.split_first()?;
        let (rest, sha256) = rest.split_last_chunk::<32>()?;
        let (place_and_key, bytes) = rest.split_last_chunk::<8>()?;
        (*version == VERSION && place_and_key.len() == 64).then_some(Self { bytes: u64::from_be_bytes(*bytes), sha256: *sha256 })
    }
}

/// A document that is being compared with what a part says of it, piece by piece.
#[derive(Clone, Debug)]
pub struct Compare {
    stated: Stated,
    seen: u64,
    hash: Sha256,
}

impl Compare {
    /// Begins.
    #[must_use]
    pub fn with(stated: Stated) -> Self {
        Self { stated, seen: 0, hash: Sha256::new() }
    }

    /// Takes the next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.seen = self.seen.saturating_add(bytes.len() as u64);
        self.hash.update(bytes);
    }

    /// Whether the document is the one that was sealed.
    #[must_use]
    pub fn is_same(self) -> bool {
        self.seen == self.stated.bytes && <[u8; 32]>::from(self.hash.finalize()) == self.stated.sha256
    }
}
