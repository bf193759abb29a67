//! Why a register is not moved. No message holds a key, nor anything of the record.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::history::HistoryError;
use crate::house::HouseError;
use crate::keys::{KeyError, NoChance};
use crate::store::StoreError;

/// Why a register was not moved out or taken in. At the new place nothing is left of it then.
#[derive(Debug)]
pub enum MoveError {
    /// Something is where the move is to be written.
    Exists(PathBuf),
    /// A recipient that is none; its place among those given, from 1.
    Recipient(usize),
    /// An identity was given where a recipient belongs.
    Secret,
    /// The file of identities cannot be used: why.
    Identity(PathBuf, String),
    /// None of the identities opens it.
    NotForYou,
    /// It is no move, or not as it was written: why.
    File(String),
    /// It is of a newer program.
    Version(i64),
    /// It is of a register with this public key, and that of another was given.
    Key(String),
    /// The register was not moved away.
    NotAway,
    /// The law that the register names is not at hand: why.
    Law(String),
    /// Entries wait for the log.
    Waiting,
    /// Whatever goes wrong with a register's folder.
    House(Box<HouseError>),
}

impl MoveError {
    /// With the path that the system's error lacks.
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::House(Box::new(HouseError::Io { path, error }))
    }

    /// A file that is not as it was written.
    pub(super) fn file(why: impl fmt::Display) -> Self {
        Self::File(why.to_string())
    }
}

impl fmt::Display for MoveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(path) => {
                write!(f, "OW-REG-121 {} is there already, and nothing is written over; give a file that is not there yet", path.display())
            }
            Self::Recipient(at) => write!(
                f,
                "OW-REG-122 recipient {at} is none: a recipient begins with age1, has 62 letters and digits, and is what `openward keys \
                 new-identity` prints at the new place. Copy it whole"
            ),
            Self::Secret => f.write_str(
                "OW-REG-130 this is a secret identity, and a recipient is asked for, which begins with age1. The identity stays at the new \
                 place; as it was typed here, make another",
            ),
            Self::Identity(path, why) => write!(f, "OW-REG-123 {} holds no identity that can be used: {why}", path.display()),
            Self::NotForYou => {
                f.write_str("OW-REG-124 no identity in the file opens this move: it was made for another recipient. Nothing was taken in")
            }
            Self::File(why) => write!(
                f,
                "OW-REG-125 this is not a whole move as it was written: {why}. Nothing was taken in; have it copied again, and compare its \
                 length with that at the old place"
            ),
            Self::Version(found) => {
                write!(f, "OW-REG-126 the move is of version {found}, which this program does not know; use a newer one")
            }
            Self::Key(key) => write!(
                f,
                "OW-REG-127 the move is of a register with another public key than the one given: {key}. Somebody else may have sent it. \
                 Nothing was taken in"
            ),
            Self::NotAway => f.write_str("OW-REG-128 this register was not moved away; there is nothing to take back"),
            Self::Waiting => f.write_str(
                "OW-REG-129 another program writes to the register, and entries wait for the log; end it and try again. Nothing was changed",
            ),
            Self::Law(why) => write!(f, "OW-REG-131 the register's law is not at hand here, and nothing was taken in: {why}"),
            Self::House(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for MoveError {}

impl From<HouseError> for MoveError {
    fn from(error: HouseError) -> Self {
        Self::House(Box::new(error))
    }
}

impl From<StoreError> for MoveError {
    fn from(error: StoreError) -> Self {
        HouseError::from(error).into()
    }
}

impl From<KeyError> for MoveError {
    fn from(error: KeyError) -> Self {
        HouseError::from(error).into()
    }
}

impl From<HistoryError> for MoveError {
    fn from(error: HistoryError) -> Self {
        HouseError::from(error).into()
    }
}

impl From<NoChance> for MoveError {
    fn from(error: NoChance) -> Self {
        KeyError::from(error).into()
    }
}
