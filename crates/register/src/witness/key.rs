//! The key of a witness: made once, and kept in a file that only its owner can read.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use openward_seal::note::key::{KeyError, WitnessKey};
use zeroize::Zeroizing;

use crate::disk;
use crate::keys::{Chance, NoChance};

/// The most that is read of it.
const BYTES_MAX: u64 = 1024;

/// Why there is no key of a witness. It never repeats what was read.
#[derive(Debug)]
pub enum KeyFileError {
    /// The file cannot be read or written.
    Io(PathBuf, io::Error),
    /// Others on the machine may read or change it.
    Mode(PathBuf),
    /// It holds no key of a witness, or the name cannot be one.
    Key(KeyError),
    /// There are no random bytes.
    Chance(NoChance),
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "OW-REG-115 the file of the witness's key, {}: {error}", path.display()),
            Self::Mode(path) => write!(
                f,
                "OW-REG-116 others may read or change {}; let only its owner: chmod 600, then make a new key if somebody may have read it",
                path.display()
            ),
            Self::Key(error) => error.fmt(f),
            Self::Chance(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for KeyFileError {}

/// Makes a key in a new file.
///
/// # Errors
/// A file that is there already, or a name that no key can have.
pub fn make_key(path: &Path, name: &str, chance: &Chance) -> Result<WitnessKey, KeyFileError> {
    let seed = chance.secret().map_err(KeyFileError::Chance)?;
    let key = WitnessKey::from_seed(name, seed.bytes()).map_err(KeyFileError::Key)?;
    let mut line = Zeroizing::new(String::with_capacity(512));
    line.push_str(&key.text());
    line.push('\n');
    disk::write_new(path, line.as_bytes()).map_err(|error| KeyFileError::Io(path.to_owned(), error))?;
    Ok(key)
}

/// Reads it.
///
/// # Errors
/// A file that is not there, that others may read, or that holds something else.
pub fn read_key(path: &Path) -> Result<WitnessKey, KeyFileError> {
    let failed = |error| KeyFileError::Io(path.to_owned(), error);
    if !disk::is_private(path).map_err(failed)? {
        return Err(KeyFileError::Mode(path.to_owned()));
    }
    let bytes = Zeroizing::new(disk::read(path, BYTES_MAX).map_err(failed)?);
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    WitnessKey::parse(text.trim_end()).map_err(KeyFileError::Key)
}
