//! What is asked of the register, and its two answers.
//!
//! Deliberately absent: who may ask.

use std::fmt;

use openward_law::entry::Entry;
use openward_seal::chain::FileTag;
use openward_seal::digest::EntryHash;

use super::clock::Jumped;
use crate::documents::Reference;
use crate::entry::{Draft, Kept};
use crate::history::HistoryError;
use crate::store::{ActId, Micros, PartRow, StoreError};

/// One act: entries that go into one file together, or not at all.
pub struct Act {
    /// Made by the client, at random; the same for every attempt of the same act.
    pub id: ActId,
    /// The file's id, such as `per_ada`.
    pub file: String,
    /// How many entries the writer of the act has seen in the file. If there are others by now, the act is refused with those added since.
    pub after: u64,
    /// The entries, numbered from `after + 1`. They were read by `openward_law::casefile`, which checks their form.
    pub entries: Vec<Entry>,
    /// References of documents, each with the place of its entry in the act.
    pub documents: Vec<(usize, Reference)>,
    /// What is to be sent once the act is kept: from when, and what.
    pub outbox: Vec<(Micros, Vec<u8>)>,
}

/// An entry that is kept and durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Its number.
    pub n: u64,
    /// Its hash.
    pub hash: EntryHash,
}

/// The act is kept: the disk has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// The file's tag in chain and log.
    pub tag: FileTag,
    /// Its entries.
    pub entries: Vec<Numbered>,
    /// When they were recorded.
    pub recorded: Micros,
    /// Whether it had been kept before: this was another attempt.
    pub again: bool,
    /// The first stage of a receipt for each entry, signed.
    pub receipts: Vec<String>,
}

/// Nothing of the act was kept.
pub enum Refused {
    /// Somebody else wrote to the file first.
    Conflict {
        /// How many entries it has now.
        length: u64,
        /// Those that the writer of the act has not seen.
        since: Vec<Kept>,
    },
    /// An act of this id was kept, and it was another one.
    OtherAct,
    /// The act is not in its form.
    Form(&'static str),
    /// The clock jumped. Nothing is recorded until somebody says that it is right.
    Clock(Jumped),
    /// No space is left. It may be tried again.
    Full,
    /// Too many acts wait, or another process holds the database. It may be tried again.
    Busy,
    /// Keys or store.
    History(HistoryError),
    /// The register has stopped for good: an earlier write failed, and what the disk has is not known. Whether this act was kept is not
    /// known either where the failure was its own commit; it can be asked by its id when the register is open again.
    Stopped(String),
}

/// As people see it: what was added since holds texts, which must not get into a log by way of a debugger's print.
impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refused({self})")
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { length, since } => {
                write!(f, "OW-REG-050 the file has {length} entries by now, {} of them not seen by this act; nothing was kept", since.len())
            }
            Self::OtherAct => f.write_str("OW-REG-051 another act was kept under this id; nothing was kept"),
            Self::Form(what) => write!(f, "OW-REG-052 the act is not in its form: {what}; nothing was kept"),
            Self::Clock(jumped) => jumped.fmt(f),
            Self::Full => f.write_str("OW-REG-054 no space is left; nothing was kept, and it can be tried again"),
            Self::Busy => f.write_str("OW-REG-055 too much is waiting; nothing was kept, and it can be tried again"),
            Self::History(error) => write!(f, "nothing was kept: {error}"),
            Self::Stopped(why) => {
                write!(f, "OW-REG-056 the register has stopped, for an earlier write failed and the disk may not have it: {why}")
            }
        }
    }
}

impl std::error::Error for Refused {}

impl From<HistoryError> for Refused {
    fn from(error: HistoryError) -> Self {
        if let HistoryError::Clock(jumped) = error { Self::Clock(jumped) } else { Self::History(error) }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::History(HistoryError::Store(error))
    }
}

/// What the writer gets: an act of the law, or one line of a stream of reads.
pub(crate) struct Order {
    pub(crate) id: ActId,
    /// What the pseudonym is made of.
    pub(crate) name: crate::keys::Pseudonym,
    pub(crate) kind: u8,
    pub(crate) domain: crate::keys::Domain,
    /// None: at the end, wherever that is.
    pub(crate) after: Option<u64>,
    pub(crate) drafts: Vec<Draft>,
    /// The parts of each draft, closed already for their places; empty where that was not done.
    pub(crate) closed: Vec<Vec<PartRow>>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) outbox: Vec<(Micros, Vec<u8>)>,
}
