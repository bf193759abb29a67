//! The head of a log as a signed note, C2SP tlog-checkpoint. [`Trust`] says whom to believe for it, [`Vouched`] whether two agree.
//!
//! Deliberately absent: a time. A log cannot prove when it signed; a witness says when it saw ([`crate::note::Signed::at`]).

mod trust;

pub use trust::{CheckpointError, Disagreement, Trust, TrustError, Vouched, Witnessed};

use std::fmt;

use crate::digest::NodeHash;
use crate::lines::{Lines, Malformed};
use crate::merkle::EMPTY_ROOT;
use crate::note::Note;
use crate::note::key::{SecretKey, is_name};
use crate::text;
use crate::tiles::whole::Head;

/// The largest size of a log. Others count with signed numbers.
pub const SIZE_MAX: u64 = (1 << 63) - 1;

/// The head of a log at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    head: Head,
    extensions: Vec<String>,
}

/// Why there is no such checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadError {
    /// The origin is empty, too long, or holds a space, a plus or a control character.
    Origin,
    /// The size is larger than [`SIZE_MAX`], or 0 with a root that is not that of an empty log.
    Size,
    /// The key has another name than the origin.
    Key,
}

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Origin => "OW-SEAL-070 the origin is empty, too long, or holds a space, a plus or a control character",
            Self::Size => "OW-SEAL-071 there is no log of this size and root",
            Self::Key => "OW-SEAL-072 the key that signs must have the name of the log",
        })
    }
}

impl std::error::Error for HeadError {}

/// A text of a log as a note signed with that log's key.
pub(crate) fn signed(origin: &str, text: String, key: &SecretKey) -> Result<Note, HeadError> {
    if key.public().name() != origin {
        return Err(HeadError::Key);
    }
    let mut note = Note::new(text).map_err(|_| HeadError::Origin)?;
    note.sign(key);
    Ok(note)
}

impl Checkpoint {
    /// A head of a log.
    ///
    /// # Errors
    /// A wrong origin or size.
    pub fn new(origin: &str, head: Head) -> Result<Self, HeadError> {
        if !is_name(origin) {
            return Err(HeadError::Origin);
        }
        if head.size > SIZE_MAX || (head.size == 0 && head.root != EMPTY_ROOT) {
            return Err(HeadError::Size);
        }
        Ok(Self { origin: origin.to_owned(), head, extensions: Vec::new() })
    }

    /// Which log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Its size and root.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// Further lines. Ours has none; those of others are kept, and mean nothing here.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.head.size, self.head.root);
        self.extensions.iter().for_each(|line| text.extend([line.as_str(), "\n"]));
        text
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
        const SIZE: &str = "a size: a whole number without leading zeros, below 2^63";
        const ROOT: &str = "a root: a hash in base64, for a log without leaves that of nothing";
        let mut lines = Lines::new(text);
        let origin = lines.next(ORIGIN)?;
        if !is_name(origin) {
            return Err(lines.wrong(origin, ORIGIN));
        }
        let size = lines.next(SIZE)?;
        let size = text::decimal(size).filter(|size| *size <= SIZE_MAX).ok_or_else(|| lines.wrong(size, SIZE))?;
        let root = lines.next(ROOT)?;
        let hash = NodeHash::from_base64(root).ok_or_else(|| lines.wrong(root, ROOT))?;
        let mut checkpoint = Self::new(origin, Head { size, root: hash }).map_err(|_| lines.wrong(root, ROOT))?;
        while lines.peek().is_some() {
            let line = lines.next("a further line")?;
            if line.is_empty() {
                return Err(lines.wrong(line, "a further line that is not empty"));
            }
            checkpoint.extensions.push(line.to_owned());
        }
        lines.end("the end of the text")?;
        Ok(checkpoint)
    }
}
