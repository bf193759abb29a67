//! Why a register's folder cannot be made, opened, backed up or restored. No message holds anything of the record.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::documents::DocumentError;
use crate::history::HistoryError;
use crate::keys::KeyError;
use crate::store::StoreError;

/// Why a folder is not, or does not become, a register's.
#[derive(Debug)]
pub enum HouseError {
    /// There is no register in the folder.
    NotThere(PathBuf),
    /// The folder holds something already.
    NotEmpty(PathBuf),
    /// The file that says what the folder is cannot be read as one: why.
    Config(String),
    /// The folder is of a newer program.
    Version(i64),
    /// A part of the register is not in its folder.
    Missing(PathBuf),
    /// Two parts of the folder are not of one register: which.
    Mixed(&'static str),
    /// A backup is not as it was written: each thing that differs.
    Backup(Vec<String>),
    /// This user may only read the database.
    ReadOnly(PathBuf),
    /// A backup holds no keys, and none were given.
    NoKeys(PathBuf),
    /// The backup of the keys is not where the call says.
    NoKeysThere(PathBuf),
    /// The register does not verify: each finding.
    Found(Vec<String>),
    /// The origin cannot be one.
    Origin,
    /// The key store.
    Keys(KeyError),
    /// The database.
    Store(StoreError),
    /// A file of it.
    History(HistoryError),
    /// The documents.
    Documents(DocumentError),
    /// A file or folder.
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

impl HouseError {
    /// With the path that the system's error lacks.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, error }
    }
}

impl HouseError {
    /// What it says, one text for each thing found.
    #[must_use]
    pub fn each(&self) -> Vec<String> {
        let (lead, found) = match self {
            Self::Backup(problems) => (NOT_AS_WRITTEN, problems),
            Self::Found(findings) => (NOT_VERIFIED, findings),
            other => return vec![other.to_string()],
        };
        // Names of files in a backup may come from anybody; none begins a line of ours.
        found.iter().map(|one| format!("{lead}: {}", on_one_line(one))).collect()
    }
}

/// What could begin a line or move a terminal is shown as its number.
fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

const NOT_AS_WRITTEN: &str = "OW-REG-098 the backup is not as it was written; take another";
const NOT_VERIFIED: &str = "OW-REG-099 the register does not verify";

impl fmt::Display for HouseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere(path) => write!(
                f,
                "OW-REG-090 {} is no register: it has no openward.toml; give the register's folder, or make one with `openward init`",
                path.display()
            ),
            Self::NotEmpty(path) => write!(
                f,
                "OW-REG-091 {} holds something already, and nothing is written over; name another place. What is there may be a register, a \
                 backup, or what an interrupted `init` or `restore` left: remove nothing before you know which",
                path.display()
            ),
            Self::Config(why) => write!(f, "OW-REG-092 openward.toml of the register cannot be used: {why}; restore it from a backup"),
            Self::Version(found) => {
                write!(f, "OW-REG-093 the register's folder is of version {found}, which this program does not know; use a newer one")
            }
            Self::Missing(path) => write!(f, "OW-REG-094 {} is missing from the register; restore a backup", path.display()),
            Self::Mixed(what) => write!(f, "OW-REG-095 the folder holds parts of two registers: {what}; restore what belongs together"),
            Self::ReadOnly(path) => write!(
                f,
                "OW-REG-143 {} can only be read, by this user or on this disk, and nothing was written; see to the rights of the folder and \
                 its files (register.md, \"Rights of files\")",
                path.display()
            ),
            Self::NoKeys(path) => write!(
                f,
                "OW-REG-141 the backup {} holds no keys.db: its keys were kept apart; name the file they are in with `--keys`",
                path.display()
            ),
            Self::NoKeysThere(path) => {
                write!(f, "OW-REG-142 there is no file {}; name the backup of the keys, with its .sha256 beside it", path.display())
            }
            Self::Backup(problems) => write!(f, "{NOT_AS_WRITTEN}: {}", on_one_line(&problems.join("; "))),
            Self::Found(findings) => write!(f, "{NOT_VERIFIED}: {}", findings.join("; ")),
            Self::Origin => f.write_str(
                "OW-REG-096 the origin must be a name of 1 to 255 bytes without space, plus or control character, such as \
                 register.example/care",
            ),
            Self::Keys(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::History(error) => error.fmt(f),
            Self::Documents(error) => error.fmt(f),
            Self::Io { path, error } => write!(f, "OW-REG-097 {}: {error}", path.display()),
        }
    }
}

impl std::error::Error for HouseError {}

impl From<KeyError> for HouseError {
    fn from(error: KeyError) -> Self {
        Self::Keys(error)
    }
}

impl From<StoreError> for HouseError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<HistoryError> for HouseError {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}

impl From<DocumentError> for HouseError {
    fn from(error: DocumentError) -> Self {
        Self::Documents(error)
    }
}
