//! Who looks on from outside: given the last checkpoint it signed, a new one and a proof, a witness signs or says why not.
//!
//! Requests, the order of checks and the status numbers are those of C2SP tlog-witness. Deliberately absent: keeping what was signed. The
//! caller keeps the new head durably before it gives the signature away, and handles one request of a log at a time.

use std::fmt;

use crate::checkpoint::{CheckpointError, Disagreement, Trust};
use crate::digest::NodeHash;
use crate::lines::{Lines, Malformed, utf8};
use crate::merkle::verify::{self, ProofError};
use crate::note::key::WitnessKey;
use crate::note::{BYTES_MAX, Note, NoteError, Signature};
use crate::text;
use crate::tiles::whole::Head;

/// A checkpoint with the proof that it follows an older one. The same text serves as a proof of consistency for anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The size of the older log.
    pub old: u64,
    /// The proof.
    pub proof: Vec<NodeHash>,
    /// The new checkpoint.
    pub checkpoint: Note,
}

/// What a witness gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The line to add to the checkpoint.
    pub signature: Signature,
    /// What the witness must keep, durably, before it gives the line away.
    pub seen: Head,
}

/// Why a witness does not sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request is not in its format.
    Malformed(Malformed),
    /// The witness does not know this log.
    UnknownLog,
    /// No key of the log that the witness knows has signed this, or one has a wrong signature.
    NotSigned(CheckpointError),
    /// The older size is larger than the new.
    OldIsLarger {
        /// The older size as requested.
        old: u64,
        /// The new size.
        new: u64,
    },
    /// The witness last signed another size. Send the proof from there.
    NotFromHere {
        /// The size that it last signed.
        size: u64,
    },
    /// The log has signed two roots for one size. The witness should keep the request: it is proof.
    TwoRoots {
        /// The size.
        size: u64,
    },
    /// The proof does not show that the log only grew. The witness should keep the request: it may be proof.
    NotGrown(ProofError),
}

impl Refusal {
    /// The status number of the protocol.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) | Self::OldIsLarger { .. } => 400,
            Self::NotSigned(_) => 403,
            Self::UnknownLog => 404,
            Self::NotFromHere { .. } | Self::TwoRoots { .. } => 409,
            Self::NotGrown(_) => 422,
        }
    }

    /// The body that the protocol asks for: the size last signed, where the request began elsewhere or disagrees with it.
    #[must_use]
    pub fn body(&self) -> Option<String> {
        match self {
            Self::NotFromHere { size } | Self::TwoRoots { size } => Some(format!("{size}\n")),
            Self::Malformed(_) | Self::UnknownLog | Self::NotSigned(_) | Self::OldIsLarger { .. } | Self::NotGrown(_) => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => error.fmt(f),
            Self::UnknownLog => f.write_str("OW-SEAL-090 this witness does not know the log"),
            Self::NotSigned(error) => error.fmt(f),
            Self::OldIsLarger { old, new } => ProofError::OldIsLarger { old: *old, new: *new }.fmt(f),
            Self::NotFromHere { size } => write!(f, "OW-SEAL-091 this witness last signed {size} leaves: send the proof from there"),
            Self::TwoRoots { size } => Disagreement::TwoRoots { size: *size }.fmt(f),
            Self::NotGrown(error) => write!(f, "the log is not shown to have only grown: {error}"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Request {
    /// Reads a request.
    ///
    /// # Errors
    /// Where it is not in its format.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        const OLD: &str = "`old` and the size of the older log";
        const LARGE: &str = "a request of at most 512 KiB";
        if bytes.len() > 2 * BYTES_MAX {
            return Err(Malformed::new(1, "", LARGE));
        }
        let mut lines = Lines::new(utf8(bytes)?);
        let old = lines.after("old", OLD)?;
        let old = text::decimal(old).ok_or_else(|| lines.wrong(old, OLD))?;
        let proof = lines.hashes()?;
        let checkpoint = Note::parse(lines.rest().as_bytes()).map_err(|error| match error {
            NoteError::Malformed(error) => error.after(lines.line()),
            NoteError::TooLarge(_) | NoteError::WrongSignature { .. } | NoteError::NobodyKnown => {
                Malformed::new(lines.line() + 1, "", LARGE)
            }
        })?;
        Ok(Self { old, proof, checkpoint })
    }

    /// The log that the request says it is of, to look up whom to trust for it. It is proved by nothing yet.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.checkpoint.unchecked_text().lines().next().unwrap_or_default()
    }

    /// Signs or refuses. `seen` is what the witness last signed of this log, none if nothing; `now` is the second since 1970.
    ///
    /// # Errors
    /// The reason not to sign, in the order of the protocol.
    pub fn consider(&self, trust: &Trust, seen: Option<Head>, key: &WitnessKey, now: u64) -> Result<Cosigned, Refusal> {
        if self.origin() != trust.origin() {
            return Err(Refusal::UnknownLog);
        }
        let vouched = trust.open_note(&self.checkpoint).map_err(Refusal::NotSigned)?;
        let new = vouched.head();
        if self.old > new.size {
            return Err(Refusal::OldIsLarger { old: self.old, new: new.size });
        }
        let last = seen.unwrap_or(Head { size: 0, root: crate::merkle::EMPTY_ROOT });
        if self.old != last.size {
            return Err(Refusal::NotFromHere { size: last.size });
        }
        if new.size == last.size && new.root != last.root {
            return Err(Refusal::TwoRoots { size: new.size });
        }
        verify::consistency(last.size, &last.root, new.size, &new.root, &self.proof).map_err(Refusal::NotGrown)?;
        Ok(Cosigned { signature: self.checkpoint.cosignature(key, now), seen: new })
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
