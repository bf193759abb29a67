//! A witness outside: what it remembers of a log, and how it answers. The protocol is C2SP tlog-witness, without a network.
//!
//! A witness needs no register: a key of its own, the log's public key, and one file for each log. INVARIANT: what the file holds never goes
//! backwards, and is on the disk before the signature is given away. Deliberately absent: any decision on whom to trust.

mod key;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use openward_seal::checkpoint::{Trust, Vouched};
use openward_seal::note::Note;
use openward_seal::note::key::{KeyKind, PublicKey, WitnessKey};
use openward_seal::tiles::whole::Head;
use openward_seal::witness::{Refusal, Request};

pub use key::{KeyFileError, make_key, read_key};

use crate::disk;

/// How the file begins.
const BEGINNING: &str = "openward witness 1\nlog ";

/// The most that is read of it: a note and the line of the key.
const BYTES_MAX: u64 = 1 << 20;

/// So many requests that speak against a log are kept. More of them say nothing more.
const KEPT_MAX: usize = 100;

/// What a witness remembers of one log. It is locked as long as this lives, so that requests are answered one after the other.
pub struct Watch {
    path: PathBuf,
    log: PublicKey,
    last: Option<Note>,
    // Held, not read: the lock ends with it.
    _lock: File,
}

/// Why a witness cannot answer at all.
#[derive(Debug)]
pub enum WatchError {
    /// The file is there already.
    Exists(PathBuf),
    /// There is no such file: this log is not followed, or what was signed of it is lost.
    Missing(PathBuf),
    /// The file was changed, or is not of this witness.
    Damaged(&'static str),
    /// The key is not that of a log.
    Key,
    /// The file could not be read or written.
    Io(io::Error),
}

impl fmt::Display for WatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(path) => write!(f, "OW-REG-110 {} is there already; a witness never begins anew with a log", path.display()),
            Self::Missing(path) => write!(
                f,
                "OW-REG-111 there is no {}; `openward witness follow` begins with a log. If it was lost, make a new key for the witness and say \
                 so: with this one it might sign two histories",
                path.display()
            ),
            Self::Damaged(what) => write!(
                f,
                "OW-REG-112 what the witness remembers cannot be used: {what}. Do not put an older copy back; make a new key for the witness"
            ),
            Self::Key => f.write_str("OW-REG-113 this is not the public key of a log"),
            Self::Io(error) => write!(f, "OW-REG-114 what the witness remembers: {error}; nothing was signed"),
        }
    }
}

impl std::error::Error for WatchError {}

impl From<io::Error> for WatchError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The answer to one request, as the protocol has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status number: 200 where the witness signed.
    pub status: u16,
    /// The body: the line of the signature, or the size last signed, or nothing.
    pub body: String,
    /// Why it did not sign.
    pub refusal: Option<Refusal>,
}

impl Answer {
    fn refused(refusal: Refusal) -> Self {
        Self { status: refusal.status(), body: refusal.body().unwrap_or_default(), refusal: Some(refusal) }
    }
}

impl Watch {
    /// Begins to follow a log, of which nothing was signed yet.
    ///
    /// # Errors
    /// A file that is there already, a key that is not that of a log, or a disk that does not take it.
    pub fn begin(path: &Path, log: &PublicKey) -> Result<(), WatchError> {
        if log.kind() != KeyKind::Log {
            return Err(WatchError::Key);
        }
        match disk::write_new(path, text(log, None).as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(WatchError::Exists(path.to_owned())),
            done => Ok(done?),
        }
    }

    /// Opens what is remembered of a log. Waits while another process has it open.
    ///
    /// # Errors
    /// A file that is not there, or was changed.
    pub fn open(path: &Path) -> Result<Self, WatchError> {
        let lock = disk::lock(&disk::ending(path, ".lock"))?;
        let bytes = match disk::read(path, BYTES_MAX) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(WatchError::Missing(path.to_owned())),
            read => read?,
        };
        let damaged = || WatchError::Damaged("the file is not in its form");
        let text = std::str::from_utf8(&bytes).map_err(|_| damaged())?;
        let (log, note) = text.strip_prefix(BEGINNING).and_then(|rest| rest.split_once('\n')).ok_or_else(damaged)?;
        let log = PublicKey::parse(log).ok().filter(|key| key.kind() == KeyKind::Log).ok_or_else(damaged)?;
        let last = match note {
            "" => None,
            note => Some(note.strip_prefix('\n').and_then(|note| Note::parse(note.as_bytes()).ok()).ok_or_else(damaged)?),
        };
        Ok(Self { path: path.to_owned(), log, last, _lock: lock })
    }

    /// The key of the log.
    #[must_use]
    pub const fn log(&self) -> &PublicKey {
        &self.log
    }

    /// The checkpoint that this witness last signed, proved to be so.
    ///
    /// # Errors
    /// One that the log or the witness did not sign.
    pub fn last(&self, witness: &PublicKey) -> Result<Option<Vouched>, WatchError> {
        let Some(note) = &self.last else { return Ok(None) };
        let trust = self.trust().ok().and_then(|trust| trust.with_witnesses(vec![witness.clone()], 1).ok()).ok_or(WatchError::Key)?;
        let vouched = trust.open_note(note);
        vouched.map(Some).map_err(|_| WatchError::Damaged("the checkpoint in it was not signed by the log and by this witness"))
    }

    fn trust(&self) -> Result<Trust, WatchError> {
        Trust::new(vec![self.log.clone()]).map_err(|_| WatchError::Key)
    }

    /// Answers a request. What is signed is remembered, durably, before the answer is given.
    ///
    /// # Errors
    /// What is remembered cannot be believed or kept: then nothing is signed. In the protocol that is the status 500.
    pub fn answer(&mut self, request: &[u8], key: &WitnessKey, now: u64) -> Result<Answer, WatchError> {
        let seen = self.last(key.public())?.map(|vouched| vouched.head());
        let request = match Request::parse(request) {
            Ok(request) => request,
            Err(malformed) => return Ok(Answer::refused(Refusal::Malformed(malformed))),
        };
        let cosigned = match request.consider(&self.trust()?, seen, key, now) {
            Ok(cosigned) => cosigned,
            Err(refusal) => {
                if matches!(refusal, Refusal::TwoRoots { .. } | Refusal::NotGrown(_)) {
                    self.keep_evidence(&request)?;
                }
                return Ok(Answer::refused(refusal));
            }
        };
        let body = format!("{}\n", cosigned.signature);
        // INVARIANT: what is remembered never goes backwards; `consider` signs nothing smaller than what was seen.
        if seen.is_some_and(|seen: Head| cosigned.seen.size < seen.size) {
            return Err(WatchError::Damaged("it would go backwards"));
        }
        let mut note = request.checkpoint;
        note.add(cosigned.signature);
        disk::replace(&self.path, text(&self.log, Some(&note)).as_bytes())?;
        self.last = Some(note);
        Ok(Answer { status: 200, body, refusal: None })
    }

    /// Where requests that speak against the log are kept.
    #[must_use]
    pub fn evidence(&self) -> PathBuf {
        disk::ending(&self.path, ".evidence")
    }

    fn keep_evidence(&self, request: &Request) -> Result<(), WatchError> {
        let folder = self.evidence();
        disk::make_folder(&folder)?;
        if std::fs::read_dir(&folder)?.count() >= KEPT_MAX {
            return Ok(());
        }
        let text = request.to_string();
        let (sum, _) = disk::sum(text.as_bytes(), io::sink())?;
        match disk::write_new(&folder.join(sum), text.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn text(log: &PublicKey, last: Option<&Note>) -> String {
    let last = last.map(|note| format!("\n{note}")).unwrap_or_default();
    format!("{BEGINNING}{log}\n{last}")
}
