//! What a person takes home: at once the log's signature over an entry's hash, and soon after the proof that the entry is in the log.
//!
//! The first stage is a signed note of six lines. The second is a C2SP tlog-proof that carries the first as its extra data, so one file
//! proves both. Deliberately absent: the contents of the entry. Whoever has its parts computes the hash ([`crate::check`]).

use std::fmt;

use crate::chain::FileTag;
use crate::checkpoint::{CheckpointError, HeadError, Trust, Vouched, signed};
use crate::digest::{EntryHash, NodeHash};
use crate::lines::{Lines, Malformed, utf8};
use crate::merkle::leaf;
use crate::merkle::verify::{self, ProofError};
use crate::note::key::{SecretKey, is_name};
use crate::note::{BYTES_MAX, Note, NoteError};
use crate::text;

/// How the first stage begins. It holds spaces, so no checkpoint of any log begins so, and one key may sign both.
pub const FIRST_LINE: &str = "openward receipt v1";

/// How the second stage begins.
pub const PROOF_LINE: &str = "c2sp.org/tlog-proof@v1";

/// The first stage: the log says that it has this entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Which log.
    pub origin: String,
    /// Which file.
    pub file: FileTag,
    /// Which entry of the file.
    pub n: u64,
    /// The hash of the entry.
    pub entry: EntryHash,
    /// The second since 1970 at which the log says it had the entry.
    pub at: u64,
}

impl Acknowledgement {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { origin, file, n, entry, at } = self;
        format!("{FIRST_LINE}\n{origin}\nfile {file}\nnumber {n}\nentry {entry}\nat {at}\n")
    }

    /// Signs it as the log.
    ///
    /// # Errors
    /// A key of another name.
    pub fn sign(&self, key: &SecretKey) -> Result<Note, HeadError> {
        signed(&self.origin, self.text(), key)
    }

    /// Reads the text of a note.
    ///
    /// # Errors
    /// Where it is not in its format.
    pub fn parse_text(text: &str) -> Result<Self, Malformed> {
        const ORIGIN: &str = "the origin of a log: a name without spaces or plus";
        const FILE: &str = "`file` and thirty-two small hexadecimal letters";
        const NUMBER: &str = "`number` and the number of the entry, from 1";
        const ENTRY: &str = "`entry` and a hash in base64";
        const AT: &str = "`at` and a whole number of seconds since 1970";
        let mut lines = Lines::new(text);
        lines.exactly(FIRST_LINE, "`openward receipt v1`")?;
        let origin = lines.next(ORIGIN)?;
        if !is_name(origin) {
            return Err(lines.wrong(origin, ORIGIN));
        }
        let file = lines.after("file", FILE)?;
        let file = FileTag::from_hex(file).ok_or_else(|| lines.wrong(file, FILE))?;
        let n = lines.after("number", NUMBER)?;
        let n = text::decimal(n).filter(|n| *n > 0).ok_or_else(|| lines.wrong(n, NUMBER))?;
        let entry = lines.after("entry", ENTRY)?;
        let entry = EntryHash::from_base64(entry).ok_or_else(|| lines.wrong(entry, ENTRY))?;
        let at = lines.after("at", AT)?;
        let at = text::decimal(at).ok_or_else(|| lines.wrong(at, AT))?;
        lines.end("the end of the receipt")?;
        Ok(Self { origin: origin.to_owned(), file, n, entry, at })
    }

    /// Reads a first stage that this log has signed.
    ///
    /// # Errors
    /// Malformed, not or wrongly signed, or of another log.
    pub fn open(bytes: &[u8], trust: &Trust) -> Result<Self, ReceiptError> {
        Self::open_note(&Note::parse(bytes)?, trust)
    }

    fn open_note(note: &Note, trust: &Trust) -> Result<Self, ReceiptError> {
        let opened = note.open(trust.keys())?;
        // A witness signs checkpoints only; its name under a receipt says nothing.
        if opened.signed.iter().all(|signed| signed.at.is_some()) {
            return Err(NoteError::NobodyKnown.into());
        }
        let acknowledgement = Self::parse_text(opened.text).map_err(NoteError::Malformed)?;
        if acknowledgement.origin != trust.origin() {
            return Err(ReceiptError::Checkpoint(CheckpointError::OtherLog { found: acknowledgement.origin }));
        }
        Ok(acknowledgement)
    }
}

/// The second stage: the first, the entry's place in the log, the path to the root, and the checkpoint. Not checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The first stage as it was signed.
    pub acknowledgement: Note,
    /// The leaf, from 0.
    pub index: u64,
    /// The path from the leaf to the root, from the bottom up.
    pub path: Vec<NodeHash>,
    /// The checkpoint, with the signatures of witnesses.
    pub checkpoint: Note,
}

/// What a second stage proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// The first stage.
    pub acknowledgement: Acknowledgement,
    /// The leaf, from 0.
    pub index: u64,
    /// The checkpoint that covers it.
    pub checkpoint: Vouched,
}

/// Why a receipt proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptError {
    /// It is not in its format.
    Malformed(Malformed),
    /// It is too large.
    TooLarge(usize),
    /// The signed text in it is not to be believed.
    Note(NoteError),
    /// The checkpoint in it is not to be believed.
    Checkpoint(CheckpointError),
    /// The entry is not proved to be in the log.
    Proof(ProofError),
}

impl fmt::Display for ReceiptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => error.fmt(f),
            Self::TooLarge(bytes) => write!(f, "OW-SEAL-080 the receipt has {bytes} bytes, more than any receipt"),
            Self::Note(error) => write!(f, "in the receipt's first stage: {error}"),
            Self::Checkpoint(error) => write!(f, "in the receipt's checkpoint: {error}"),
            Self::Proof(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReceiptError {}

impl From<Malformed> for ReceiptError {
    fn from(error: Malformed) -> Self {
        Self::Malformed(error)
    }
}

impl From<NoteError> for ReceiptError {
    fn from(error: NoteError) -> Self {
        Self::Note(error)
    }
}

impl Receipt {
    /// Reads a second stage.
    ///
    /// # Errors
    /// Where it is not in its format.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        const EXTRA: &str = "`extra` and the first stage of the receipt in base64";
        const INDEX: &str = "`index` and the number of the leaf, from 0";
        if bytes.len() > 2 * BYTES_MAX {
            return Err(ReceiptError::TooLarge(bytes.len()));
        }
        let mut lines = Lines::new(utf8(bytes)?);
        lines.exactly(PROOF_LINE, "`c2sp.org/tlog-proof@v1`")?;
        let extra = lines.after("extra", EXTRA)?;
        let extra = text::from_base64(extra).ok_or_else(|| lines.wrong(extra, EXTRA))?;
        let acknowledgement = Note::parse(&extra)?;
        let index = lines.after("index", INDEX)?;
        let index = text::decimal(index).ok_or_else(|| lines.wrong(index, INDEX))?;
        let path = lines.hashes()?;
        let checkpoint = Note::parse(lines.rest().as_bytes()).map_err(|error| match error {
            NoteError::Malformed(error) => ReceiptError::Malformed(error.after(lines.line())),
            error => ReceiptError::Checkpoint(error.into()),
        })?;
        Ok(Self { acknowledgement, index, path, checkpoint })
    }

    /// Checks everything that it says.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, trust: &Trust) -> Result<Proved, ReceiptError> {
        let acknowledgement = Acknowledgement::open_note(&self.acknowledgement, trust)?;
        let checkpoint = trust.open_note(&self.checkpoint).map_err(ReceiptError::Checkpoint)?;
        let head = checkpoint.head();
        let leaf = leaf(&acknowledgement.entry);
        verify::inclusion(&leaf, self.index, head.size, &self.path, &head.root).map_err(ReceiptError::Proof)?;
        Ok(Proved { acknowledgement, index: self.index, checkpoint })
    }

    /// Reads and checks.
    ///
    /// # Errors
    /// As [`Self::parse`] and [`Self::check`].
    pub fn open(bytes: &[u8], trust: &Trust) -> Result<Proved, ReceiptError> {
        Self::parse(bytes)?.check(trust)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra = text::base64(self.acknowledgement.to_string().as_bytes());
        writeln!(f, "{PROOF_LINE}\nextra {extra}\nindex {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// A receipt of either stage, told apart by its first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The log says it has the entry.
    Acknowledged(Acknowledgement),
    /// The entry is proved to be in the log.
    Logged(Proved),
}

/// Reads and checks a receipt of either stage.
///
/// # Errors
/// The first thing that is wrong.
pub fn open(bytes: &[u8], trust: &Trust) -> Result<Stage, ReceiptError> {
    if bytes.starts_with(PROOF_LINE.as_bytes()) {
        Receipt::open(bytes, trust).map(Stage::Logged)
    } else {
        Acknowledgement::open(bytes, trust).map(Stage::Acknowledged)
    }
}
