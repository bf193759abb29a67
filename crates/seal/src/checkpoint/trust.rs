//! Whom to trust for a log, what a checkpoint is worth under that trust, and whether two checkpoints are of one log that only grew.
//!
//! Deliberately absent: where keys come from. Whoever checks has them from a place that the log cannot change for them alone.

use std::fmt;

use super::Checkpoint;
use crate::digest::NodeHash;
use crate::merkle::verify::{self, ProofError};
use crate::note::key::{KeyKind, PublicKey};
use crate::note::{Note, NoteError, Signed};
use crate::text;
use crate::tiles::whole::Head;

/// Whom somebody trusts for a log: its keys (more than one while keys change), and witnesses.
#[derive(Clone, Debug)]
pub struct Trust {
    keys: Vec<PublicKey>,
    witnesses_min: usize,
}

/// Why these keys are no trust in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustError {
    /// A log needs a key, and all its keys have its name.
    LogKeys,
    /// A witness needs a key of a witness.
    WitnessKeys,
    /// More witnesses are asked for than are known.
    TooFew,
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LogKeys => "OW-SEAL-073 a log needs at least one key of a log, and all its keys must have one name",
            Self::WitnessKeys => "OW-SEAL-074 this is not the key of a witness",
            Self::TooFew => "OW-SEAL-075 more witnesses are asked for than there are keys of different witnesses",
        })
    }
}

impl std::error::Error for TrustError {}

impl Trust {
    /// Trust in a log by its own keys alone.
    ///
    /// # Errors
    /// No key, a key of a witness, or keys of different names.
    pub fn new(log: Vec<PublicKey>) -> Result<Self, TrustError> {
        let name = log.first().map(PublicKey::name).ok_or(TrustError::LogKeys)?;
        if log.iter().any(|key| key.kind() != KeyKind::Log || key.name() != name) {
            return Err(TrustError::LogKeys);
        }
        Ok(Self { keys: log, witnesses_min: 0 })
    }

    /// Asks that at least `min` of these witnesses have signed each checkpoint. Witnesses of one name count once.
    ///
    /// # Errors
    /// A key that is not of a witness, or fewer witnesses than are asked for.
    pub fn with_witnesses(mut self, witnesses: Vec<PublicKey>, min: usize) -> Result<Self, TrustError> {
        if witnesses.iter().any(|key| key.kind() != KeyKind::Witness) {
            return Err(TrustError::WitnessKeys);
        }
        let mut names: Vec<&str> = witnesses.iter().map(PublicKey::name).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() < min {
            return Err(TrustError::TooFew);
        }
        self.keys.extend(witnesses);
        self.witnesses_min = min;
        Ok(self)
    }

    /// The origin of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.keys.first().map_or("", PublicKey::name)
    }

    pub(crate) fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// Reads a checkpoint that this log has signed, and as many witnesses as are asked for.
    ///
    /// # Errors
    /// Malformed, signed by nobody known, wrongly signed, of another log, or with too few witnesses.
    pub fn open(&self, bytes: &[u8]) -> Result<Vouched, CheckpointError> {
        self.open_note(&Note::parse(bytes)?)
    }

    /// The same, of a note that was read before.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_note(&self, note: &Note) -> Result<Vouched, CheckpointError> {
        let opened = note.open(&self.keys)?;
        if !opened.signed.iter().any(|signed| signed.key.kind() == KeyKind::Log) {
            return Err(NoteError::NobodyKnown.into());
        }
        let checkpoint = Checkpoint::parse_text(opened.text).map_err(NoteError::Malformed)?;
        if checkpoint.origin != self.origin() {
            return Err(CheckpointError::OtherLog { found: checkpoint.origin });
        }
        let mut witnesses: Vec<Witnessed> = opened.signed.iter().filter_map(Witnessed::of).collect();
        witnesses.sort_by(|a, b| a.name.cmp(&b.name).then(b.at.cmp(&a.at)));
        witnesses.dedup_by(|a, b| a.name == b.name);
        if witnesses.len() < self.witnesses_min {
            return Err(CheckpointError::TooFewWitnesses { found: witnesses.len(), wanted: self.witnesses_min });
        }
        Ok(Vouched { checkpoint, witnesses })
    }
}

/// A witness that signed a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witnessed {
    /// Its name.
    pub name: String,
    /// The second since 1970 at which it says it saw the checkpoint.
    pub at: u64,
}

impl Witnessed {
    fn of(signed: &Signed<'_>) -> Option<Self> {
        signed.at.map(|at| Self { name: signed.key.name().to_owned(), at })
    }
}

/// A checkpoint that was opened under a [`Trust`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    checkpoint: Checkpoint,
    witnesses: Vec<Witnessed>,
}

/// Why a checkpoint is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointError {
    /// The note is not.
    Note(NoteError),
    /// It is of another log.
    OtherLog {
        /// The origin it names.
        found: String,
    },
    /// Fewer witnesses than are asked for.
    TooFewWitnesses {
        /// How many signed.
        found: usize,
        /// How many are asked for.
        wanted: usize,
    },
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note(error) => error.fmt(f),
            Self::OtherLog { found } => write!(f, "OW-SEAL-076 this is of another log, `{}`", text::shown(found)),
            Self::TooFewWitnesses { found, wanted } => {
                write!(f, "OW-SEAL-077 {found} of your witnesses signed; {wanted} are asked for")
            }
        }
    }
}

impl std::error::Error for CheckpointError {}

impl From<NoteError> for CheckpointError {
    fn from(error: NoteError) -> Self {
        Self::Note(error)
    }
}

/// Why two checkpoints do not belong to one log that only grew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disagreement {
    /// They are of different logs, and say nothing about each other.
    OtherLog,
    /// The log signed two roots for one size. The two notes together are proof of it for everybody.
    TwoRoots {
        /// The size.
        size: u64,
    },
    /// The proof does not show that the older is the beginning of the newer. This may be a wrong proof as well as a wrong log.
    Proof(ProofError),
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherLog => f.write_str("OW-SEAL-078 the two checkpoints are of different logs"),
            Self::TwoRoots { size } => {
                write!(f, "OW-SEAL-079 the log signed two different roots for {size} leaves: keep both checkpoints, they are proof of it")
            }
            Self::Proof(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Disagreement {}

impl Vouched {
    /// The checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Its size and root.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.checkpoint.head
    }

    /// The known witnesses that signed it, by name.
    #[must_use]
    pub fn witnesses(&self) -> &[Witnessed] {
        &self.witnesses
    }

    /// Whether the log of `self` began with the log of `older`. Where sizes are equal or the older log is empty, the proof is empty.
    ///
    /// # Errors
    /// Where it did not, or the proof does not show it.
    pub fn follows(&self, older: &Self, proof: &[NodeHash]) -> Result<(), Disagreement> {
        if self.checkpoint.origin != older.checkpoint.origin {
            return Err(Disagreement::OtherLog);
        }
        let (old, new) = (older.head(), self.head());
        if old.size == new.size && old.root != new.root {
            return Err(Disagreement::TwoRoots { size: new.size });
        }
        verify::consistency(old.size, &old.root, new.size, &new.root, proof).map_err(Disagreement::Proof)
    }
}
