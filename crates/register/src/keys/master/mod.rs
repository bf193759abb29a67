//! The master key: the one secret that a person keeps. It wraps the keys of the register, and is never in the store.
//!
//! It comes from a file, from the environment, or from the output of a program (a vault, a token, a service). Its text is made to be
//! printed and typed: letters that look alike are read alike, and a slip is found.
//! Deliberately absent: passwords that people choose, and any place where the program would keep the master itself.

mod sources;
mod text;

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::chance::{Chance, NoChance, Secret};

pub use sources::SOURCE_BYTES_MAX;

/// The master key. It is wiped from memory when dropped, and never shown by `Debug`.
pub struct Master(Secret);

impl Master {
    /// A new one.
    ///
    /// # Errors
    /// Where there are no random bytes.
    pub fn generate(chance: &Chance) -> Result<Self, NoChance> {
        chance.secret().map(Self)
    }

    /// From its text. Spaces, line ends and the case of letters do not matter.
    ///
    /// # Errors
    /// Where it is no such text, or a letter was lost or changed.
    pub fn parse(given: &str) -> Result<Self, MasterError> {
        text::read(given).map(Self)
    }

    /// Its text, for paper or a vault. Whoever reads it reads the register.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        text::write(&self.0)
    }

    /// Writes its text, with a line end, to a new file that only its owner can read.
    ///
    /// # Errors
    /// A file that is there already, or a disk that does not take it.
    pub fn write_new(&self, path: &std::path::Path) -> Result<(), MasterError> {
        let mut line = Zeroizing::new(String::with_capacity(128));
        line.push_str(&self.text());
        line.push('\n');
        crate::disk::write_new(path, line.as_bytes()).map_err(|error| MasterError::NotWritten { path: path.to_owned(), error })
    }

    /// A short name by which people tell masters apart. It gives nothing of the key away, and stands in clear in the key store.
    #[must_use]
    pub fn id(&self) -> String {
        let mut id = [0; 8];
        self.derive(b"openward master id 1", &mut id);
        id.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The key that wraps the register's keys. The master itself encrypts nothing.
    pub(super) fn wrapping(&self) -> Secret {
        let mut key = Secret::empty();
        self.derive(b"openward master wraps register keys 1", key.bytes_mut());
        key
    }

    fn derive(&self, purpose: &[u8], into: &mut [u8]) {
        // INVARIANT: HKDF-SHA-256 fails only beyond 255 × 32 bytes, and no caller asks for more than 32.
        let done = Hkdf::<Sha256>::new(None, self.0.bytes()).expand(purpose, into);
        debug_assert!(done.is_ok());
    }
}

impl fmt::Debug for Master {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Master({})", self.id())
    }
}

/// Why there is no master key. It never repeats what was read.
#[derive(Debug)]
pub enum MasterError {
    /// The file cannot be read.
    File {
        /// The path, as it was given.
        path: std::path::PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The file cannot be written, or is there already.
    NotWritten {
        /// The path, as it was given.
        path: std::path::PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The key itself was given where the path of its file belongs.
    Typed,
    /// It is a folder, a device or a pipe.
    NotAFile(std::path::PathBuf),
    /// Others on the machine may read or write it.
    Mode {
        /// The path, as it was given.
        path: std::path::PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The variable is not set, or is no text.
    Variable(String),
    /// The program cannot be started, or its output not read.
    Command {
        /// Its name. Its arguments may be secret and are not repeated.
        program: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The program ended with an error.
    CommandFailed {
        /// Its name.
        program: String,
        /// Its exit code, where it had one.
        code: Option<i32>,
    },
    /// The program did not end in time, and was ended.
    CommandSlow {
        /// Its name.
        program: String,
        /// How long it was given, in seconds.
        seconds: u64,
    },
    /// There is more than a master key in it.
    TooLong,
    /// It does not begin as a master key does, or has letters that none has.
    Format,
    /// It is too short or too long by so many letters: a part was lost, or something else was copied with it.
    Length {
        /// How many letters follow the beginning.
        found: usize,
        /// How many must.
        needed: usize,
    },
    /// A letter was changed.
    Checksum,
}

impl fmt::Display for MasterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, error } => write!(f, "OW-KEYS-040 the file of the master key, {}, cannot be read: {error}", path.display()),
            Self::NotWritten { path, error } => {
                write!(f, "OW-KEYS-051 the master key cannot be written to {}: {error}; nothing is ever written over", path.display())
            }
            Self::Typed => f.write_str(
                "OW-KEYS-053 this is a master key, and the path of the file that holds it is asked for. It stands in the terminal and in the shell's \
                 history now: make a new one with `openward keys rotate-master`",
            ),
            Self::NotAFile(path) => write!(f, "OW-KEYS-041 {} is no plain file; a master key is read from one", path.display()),
            Self::Mode { path, mode } => write!(
                f,
                "OW-KEYS-042 others may read or change {} (mode {mode:04o}); let only its owner: chmod 600, then make a new master key if \
                 somebody may have read it",
                path.display()
            ),
            Self::Variable(name) => write!(f, "OW-KEYS-043 the environment variable {name} is not set, or is no text"),
            Self::Command { program, error } => write!(f, "OW-KEYS-044 the program {program} could not be run: {error}"),
            Self::CommandFailed { program, code } => {
                let ended = code.map_or_else(|| "was ended".to_owned(), |code| format!("ended with code {code}"));
                write!(f, "OW-KEYS-045 the program {program} {ended} and gave no master key")
            }
            Self::CommandSlow { program, seconds } => {
                write!(f, "OW-KEYS-046 the program {program} gave no master key within {seconds} seconds and was ended")
            }
            Self::TooLong => f.write_str("OW-KEYS-047 there is more than a master key here; give its line alone"),
            Self::Format => {
                write!(f, "OW-KEYS-048 this is no master key: it begins with {} and goes on in letters and digits", text::BEGINNING)
            }
            Self::Length { found, needed } => {
                write!(f, "OW-KEYS-049 the master key has {found} letters after its beginning where {needed} are needed")
            }
            Self::Checksum => f.write_str("OW-KEYS-050 the master key was copied wrongly: its last letters do not fit the others"),
        }
    }
}

impl std::error::Error for MasterError {}
