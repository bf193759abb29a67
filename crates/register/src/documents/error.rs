//! Why a document could not be kept or read. Each names the document by its address, which says nothing of what is in it.

use std::fmt;
use std::io;

use super::Address;

/// What is wrong with a stored document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It is shorter or longer than it was.
    Size {
        /// How many bytes are stored.
        found: u64,
        /// How many were.
        needed: u64,
    },
    /// It has the right size and other bytes.
    Changed,
    /// It is as it was stored, and the reference has another key or length: the entry is wrong, not the store.
    Reference,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { found, needed } => write!(f, "it has {found} bytes where {needed} were stored; restore it from a backup"),
            Self::Changed => f.write_str("its bytes are not those that were stored; restore it from a backup"),
            Self::Reference => f.write_str("it is as it was stored, but the entry that names it has another key or length"),
        }
    }
}

/// Why a document could not be kept or read.
#[derive(Debug)]
pub enum DocumentError {
    /// It is not in the store.
    Missing(Address),
    /// It is there, and not as it was.
    Damaged(Address, Damage),
    /// It is longer than allowed.
    TooLong {
        /// How many bytes are allowed.
        allowed: u64,
    },
    /// There were no random bytes for a key.
    Chance,
    /// The bytes are no reference to a document.
    Reference,
    /// What was to be kept could not be read from where it came.
    Source(io::Error),
    /// The store refused, in its words.
    Store(object_store::Error),
    /// The folder refused, in the system's words.
    Folder(io::Error),
}

impl DocumentError {
    /// The error within one that came out of a [`super::Reader`] or [`super::Writer`].
    #[must_use]
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    pub(crate) fn from_io(error: io::Error, otherwise: fn(io::Error) -> Self) -> Self {
        error.downcast::<Self>().unwrap_or_else(otherwise)
    }

    pub(super) fn store(address: Address, error: object_store::Error) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) { Self::Missing(address) } else { Self::Store(error) }
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(address) => write!(f, "OW-DOCS-001 the document {address} is not in the store; restore it from a backup"),
            Self::Damaged(address, damage) => write!(f, "OW-DOCS-002 the document {address} is damaged: {damage}"),
            Self::TooLong { allowed } => {
                write!(f, "OW-DOCS-003 the document is longer than {allowed} bytes; split it, or send it in a shorter form")
            }
            Self::Chance => crate::keys::NoChance.fmt(f),
            Self::Reference => f.write_str("OW-DOCS-004 this is no reference to a document, or one of a newer version of the program"),
            Self::Source(error) => write!(f, "OW-DOCS-005 the document could not be read from where it came: {error}"),
            Self::Store(error) => write!(f, "OW-DOCS-006 the store of documents: {error}"),
            Self::Folder(error) => write!(f, "OW-DOCS-007 the folder of documents: {error}"),
        }
    }
}

impl std::error::Error for DocumentError {}

impl From<crate::keys::NoChance> for DocumentError {
    fn from(_: crate::keys::NoChance) -> Self {
        Self::Chance
    }
}

impl From<DocumentError> for io::Error {
    fn from(error: DocumentError) -> Self {
        let kind = match &error {
            DocumentError::Missing(_) => io::ErrorKind::NotFound,
            DocumentError::Damaged(..) => io::ErrorKind::InvalidData,
            DocumentError::TooLong { .. } => io::ErrorKind::FileTooLarge,
            DocumentError::Source(error) | DocumentError::Folder(error) => error.kind(),
            DocumentError::Chance | DocumentError::Reference | DocumentError::Store(_) => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}
