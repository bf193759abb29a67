//! What can be wrong with a file: each kind with its place, its stable code and its sentence.
//!
//! Deliberately absent: who did it. A chain shows what, never who.

use std::fmt;

use crate::chain::{FileTag, PARTS_MAX};

/// One thing that is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// These numbers are missing, and later ones are there.
    Gap {
        /// The first that is missing.
        from: u64,
        /// The last that is missing.
        to: u64,
    },
    /// The newest entries are missing: somebody outside knows of them.
    NewestMissing {
        /// The first that is missing.
        from: u64,
        /// The last that is known of.
        to: u64,
    },
    /// Two entries have this number: one was inserted.
    Twice {
        /// The number.
        n: u64,
    },
    /// This entry stands after one of a higher number.
    OutOfOrder {
        /// The number.
        n: u64,
        /// The highest number before it.
        after: u64,
    },
    /// An entry of another file stands here.
    OtherFile {
        /// The number it says it has.
        n: u64,
        /// The file it says it is of.
        other: FileTag,
    },
    /// Number, link, or the list of parts is not what the entry's hash says.
    Changed {
        /// The number.
        n: u64,
    },
    /// The bytes or the salt of a part are not what its hash says.
    PartChanged {
        /// The number.
        n: u64,
        /// Which part; 0 is the header.
        part: usize,
    },
    /// The entry was written after another one than the one that now stands before it.
    Unlinked {
        /// The number.
        n: u64,
    },
    /// The entry agrees with itself, but another one was vouched for under this number.
    NotAsKnown {
        /// The number.
        n: u64,
    },
    /// The entry was vouched for under another number: it was moved.
    Moved {
        /// The number it has now.
        n: u64,
        /// The number it had.
        was: u64,
    },
    /// The entry has no parts or more than are allowed.
    PartCount {
        /// The number.
        n: u64,
        /// How many it has.
        count: usize,
    },
}

impl Fault {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Gap { .. } => "OW-SEAL-010",
            Self::NewestMissing { .. } => "OW-SEAL-011",
            Self::Twice { .. } => "OW-SEAL-012",
            Self::OutOfOrder { .. } => "OW-SEAL-013",
            Self::OtherFile { .. } => "OW-SEAL-014",
            Self::Changed { .. } => "OW-SEAL-015",
            Self::PartChanged { .. } => "OW-SEAL-016",
            Self::Unlinked { .. } => "OW-SEAL-017",
            Self::NotAsKnown { .. } => "OW-SEAL-018",
            Self::Moved { .. } => "OW-SEAL-019",
            Self::PartCount { .. } => "OW-SEAL-020",
        }
    }

    /// The first number that the fault touches.
    #[must_use]
    pub const fn n(&self) -> u64 {
        match *self {
            Self::Gap { from, .. } | Self::NewestMissing { from, .. } => from,
            Self::Twice { n }
            | Self::OutOfOrder { n, .. }
            | Self::OtherFile { n, .. }
            | Self::Changed { n }
            | Self::PartChanged { n, .. }
            | Self::Unlinked { n }
            | Self::NotAsKnown { n }
            | Self::Moved { n, .. }
            | Self::PartCount { n, .. } => n,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.code())?;
        match self {
            Self::Gap { from, to } if from == to => write!(f, "entry {from} is missing"),
            Self::Gap { from, to } => write!(f, "entries {from} to {to} are missing"),
            Self::NewestMissing { from, to } if from == to => write!(f, "the newest entry, {from}, is missing"),
            Self::NewestMissing { from, to } => write!(f, "the newest entries, {from} to {to}, are missing"),
            Self::Twice { n } => write!(f, "two entries have the number {n}: one was inserted"),
            Self::OutOfOrder { n, after } => write!(f, "entry {n} stands after entry {after}"),
            Self::OtherFile { n, other } => write!(f, "an entry of the file {other} stands here as entry {n}"),
            Self::Changed { n } => write!(f, "entry {n} was changed: it does not agree with its own hash"),
            Self::PartChanged { n, part } => write!(f, "part {part} of entry {n} was changed"),
            Self::Unlinked { n } => write!(f, "entry {n} was written after another entry than the one before it now"),
            Self::NotAsKnown { n } => write!(f, "entry {n} is not the one that was vouched for: it was replaced or inserted"),
            Self::Moved { n, was } => write!(f, "entry {n} was entry {was} when it was vouched for"),
            Self::PartCount { n, count } => write!(f, "entry {n} has {count} parts; 1 to {PARTS_MAX} are allowed"),
        }
    }
}
