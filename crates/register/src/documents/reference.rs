//! What an entry keeps of a document: where it is, its key, its length, the hash of what it says. Secret as a whole, because the key is in it.
//!
//! The hash is what seals the document itself: whoever has part and document checks one against the other without the register. Deliberately
//! absent: a name, a kind, a date.

use std::fmt;

use openward_seal::document::{self, Stated};
use zeroize::Zeroizing;

use super::DocumentError;
use crate::keys::chance::Secret;

/// How many bytes a reference has.
pub const REFERENCE_BYTES: usize = openward_seal::document::REFERENCE_BYTES;

/// Where a document is: the SHA-256 of what is stored. It says nothing of what is in it, because the key is random.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address([u8; 32]);

impl Address {
    /// From bytes that a table kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, for a column.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From its sixty-four hexadecimal letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// What is needed to read a document. An entry keeps its bytes in a box; with the file's key the document's key dies too.
pub struct Reference {
    address: Address,
    key: Secret,
    stated: Stated,
}

impl Reference {
    pub(super) const fn new(address: Address, key: Secret, stated: Stated) -> Self {
        Self { address, key, stated }
    }

    /// Where the document is.
    #[must_use]
    pub const fn address(&self) -> Address {
        self.address
    }

    /// How long it is, unencrypted.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.stated.bytes
    }

    /// The SHA-256 of the document, unencrypted.
    #[must_use]
    pub const fn sha256(&self) -> &[u8; 32] {
        &self.stated.sha256
    }

    pub(super) const fn key(&self) -> &Secret {
        &self.key
    }

    /// As bytes, for a box. They hold the key.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(REFERENCE_BYTES));
        bytes.push(document::VERSION);
        bytes.extend_from_slice(&self.address.0);
        bytes.extend_from_slice(self.key.bytes());
        bytes.extend_from_slice(&self.stated.bytes.to_be_bytes());
        bytes.extend_from_slice(&self.stated.sha256);
        bytes
    }

    /// From the bytes of [`Self::to_bytes`].
    ///
    /// # Errors
    /// Other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DocumentError> {
        let wrong = || DocumentError::Reference;
        let stated = Stated::of(bytes).filter(|stated| stated.bytes <= super::DOCUMENT_BYTES_MAX).ok_or_else(wrong)?;
        let (_, rest) = bytes.split_first().ok_or_else(wrong)?;
        let (address, rest) = rest.split_first_chunk::<32>().ok_or_else(wrong)?;
        let (key, _) = rest.split_first_chunk::<32>().ok_or_else(wrong)?;
        Ok(Self { address: Address(*address), key: Secret::copied(key).ok_or_else(wrong)?, stated })
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reference({})", self.address)
    }
}
