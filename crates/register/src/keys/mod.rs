//! Keys: which there are, what each protects, and what a box is. `docs/keys.md` says it for administrators, byte by byte.
//!
//! In reading order: [`chance`] random bytes, [`master`] the one secret that a person keeps, [`boxes`] what is encrypted and where it
//! belongs, [`store`] the key store `keys.db`, [`destroyed`] the list of files whose keys are gone for ever.
//! Deliberately absent: who may read what, and passwords of people.

pub mod boxes;
pub mod chance;
pub mod destroyed;
mod error;
pub mod master;
pub mod store;

use std::fmt;

pub use boxes::{BoxError, FileKey, Place};
pub use chance::{Chance, NoChance};
pub use destroyed::Destroyed;
pub use error::KeyError;
pub use master::{Master, MasterError};
pub use store::Keys;

/// Which part of the register a key opens. Keys of different domains never open each other's boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Domain {
    /// People's files: what the ward and the review body work with.
    Care,
    /// What review bodies keep to themselves.
    Review,
    /// Complaints, which the facility complained of must not know of.
    Complaints,
    /// What passes between a person and their counsel.
    Counsel,
    /// Facilities, professionals, organisations, and the law file.
    Network,
}

impl Domain {
    /// Every domain, in the order of its codes.
    pub const ALL: [Self; 5] = [Self::Care, Self::Review, Self::Complaints, Self::Counsel, Self::Network];

    /// Its small code in tables. Codes are never used again for something else.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Care => 1,
            Self::Review => 2,
            Self::Complaints => 3,
            Self::Counsel => 4,
            Self::Network => 5,
        }
    }

    /// The domain of a code.
    #[must_use]
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|domain| domain.code() == code)
    }

    /// Its word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Care => "care",
            Self::Review => "review",
            Self::Complaints => "complaints",
            Self::Counsel => "counsel",
            Self::Network => "network",
        }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What stands in clear columns in place of an id: a keyed hash of it. Without the master it says nothing of what it stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym([u8; 16]);

impl Pseudonym {
    /// From bytes that a table kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// From a column; none where it has another length.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes, for a column.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// From its thirty-two hexadecimal letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        if text.len() != 32 || !text.bytes().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonym({self})")
    }
}
