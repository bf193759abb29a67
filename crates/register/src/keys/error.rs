//! Why the key store could not do what it was asked. No message holds a key, a name or the id of a file in clear.

use std::fmt;

use jiff::Timestamp;

use super::{BoxError, MasterError, NoChance};

/// Why the key store could not do what it was asked.
#[derive(Debug)]
pub enum KeyError {
    /// The file's keys were destroyed, on purpose and for ever. Not a fault.
    Destroyed {
        /// When.
        at: Timestamp,
    },
    /// The master given is not the one that this store was closed with.
    WrongMaster {
        /// The id of the one it needs, as [`super::Master::id`] shows it.
        needed: String,
        /// The id of the one given.
        given: String,
    },
    /// The master could not be had.
    Master(MasterError),
    /// There is already something at that path; nothing is written over.
    Exists,
    /// There is no key store at that path.
    Missing,
    /// It is no key store, or of a version not known here, or does not hold what it must. What exactly, in plain words.
    Damaged(&'static str),
    /// The list of destroyed keys was changed, or belongs to another register.
    List(&'static str),
    /// A box of the store does not open.
    Box(BoxError),
    /// An earlier write failed in a way that leaves open what is on the disk. Nothing more is written until the store is opened again.
    Stopped,
    /// The store is held by another for too long.
    Busy,
    /// The disk is full.
    Full,
    /// No file can be made beside the key store, which reading needs too.
    Beside,
    /// The database refused, with its words.
    Database(rusqlite::Error),
    /// A file could not be read or written.
    Io(std::io::Error),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Destroyed { at } => {
                write!(f, "OW-KEYS-020 the keys of this file were destroyed at {at}; what they closed cannot be read")
            }
            Self::WrongMaster { needed, given } => write!(
                f,
                "OW-KEYS-021 wrong master key: the key store needs the one with id {needed}, and was given {given}; look among the older \
                 ones, or restore the key store that belongs to this one"
            ),
            Self::Master(error) => error.fmt(f),
            Self::Exists => f.write_str(
                "OW-KEYS-022 there is already a file at the path for the key store, or the log of one (-wal) beside it; nothing is written \
                 over: move it away first",
            ),
            Self::Missing => f.write_str("OW-KEYS-023 there is no key store at the path; restore its backup, or make a new register"),
            Self::Damaged(what) => write!(f, "OW-KEYS-024 the key store is damaged: {what}; restore its backup"),
            Self::List(what) => write!(f, "OW-KEYS-025 the list of destroyed keys cannot be used: {what}"),
            Self::Box(error) => error.fmt(f),
            Self::Stopped => f.write_str(
                "OW-KEYS-026 an earlier write to the key store failed and may be lost; stop, look at the disk, and open the store again",
            ),
            Self::Busy => f.write_str("OW-KEYS-027 another program holds the key store; try again when it is done"),
            Self::Full => f.write_str("OW-KEYS-028 the disk of the key store is full; make room and try again"),
            Self::Beside => f.write_str(
                "OW-KEYS-052 no file can be made or written beside the key store: the disk is full, or this user may only read it; reading \
                 needs that too. Make room, or copy the whole folder to a disk with room and work on the copy",
            ),
            Self::Database(error) => write!(f, "OW-KEYS-029 the key store: {error}"),
            Self::Io(error) => write!(f, "OW-KEYS-030 a file of the key store: {error}"),
        }
    }
}

impl std::error::Error for KeyError {}

impl From<NoChance> for KeyError {
    fn from(_: NoChance) -> Self {
        Self::Box(BoxError::Chance)
    }
}

impl From<BoxError> for KeyError {
    fn from(error: BoxError) -> Self {
        Self::Box(error)
    }
}

impl From<MasterError> for KeyError {
    fn from(error: MasterError) -> Self {
        Self::Master(error)
    }
}

impl From<std::io::Error> for KeyError {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull { Self::Full } else { Self::Io(error) }
    }
}

impl From<rusqlite::Error> for KeyError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        // The number with the cause in it: the file of shared memory beside a database could not grow, be opened, or be mapped.
        const SHARED: [i32; 3] = [10 | (19 << 8), 10 | (18 << 8), 10 | (21 << 8)];
        let cause = error.sqlite_error().map(|error| error.extended_code);
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            _ if cause.is_some_and(|cause| SHARED.contains(&cause)) => Self::Beside,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => Self::Beside,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::NotADatabase) => Self::Damaged("it is no database"),
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged("its pages do not fit together"),
            _ => Self::Database(error),
        }
    }
}
