//! Who opened a file, in which capacity, for what: a stream beside each file, with a chain and a key of its own.
//!
//! The first opening is durable before the first byte is given. Further views by the same reader, of the same thing and for the same
//! purpose, extend it as long as no fifteen minutes go by between two. Deliberately absent: who may read, and who may see the reads.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use openward_seal::canon::{self, Value};

use crate::entry::{Draft, Kept};
use crate::history::{self, AsOf, HistoryError};
use crate::keys::{Keys, Pseudonym};
use crate::store::{FileRow, Micros, Store, StoreError, Trouble};
use crate::writer::{Refused, Register};

/// How long after a view another one extends it.
pub const EXTENDS: Duration = Duration::from_secs(15 * 60);

/// The most openings that are remembered; then they are written anew, which says too much rather than too little.
const REMEMBERED: usize = 100_000;

/// Who reads, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reader {
    /// The reader's file, such as `pro_ash`.
    pub who: String,
    /// In which capacity.
    pub capacity: String,
    /// For what.
    pub purpose: String,
    /// What is looked at.
    pub view: String,
}

/// One opening as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Who and why.
    pub reader: Reader,
    /// When it was recorded.
    pub at: Micros,
}

/// Openings of the last fifteen minutes.
#[derive(Default)]
pub(crate) struct Recent(Mutex<HashMap<(Pseudonym, Reader), Instant>>);

/// The pseudonym of a file's stream of reads.
pub(crate) fn stream(keys: &Keys, file: &str) -> Pseudonym {
    keys.pseudonym_of("reads", file)
}

impl<S: Store + 'static> Register<S> {
    /// A file's entries for somebody who reads them: the opening is on the disk before this returns anything.
    ///
    /// # Errors
    /// An opening that could not be recorded: then nothing is given. Or a file that cannot be read.
    pub fn read(&self, file: &str, as_of: AsOf, reader: &Reader) -> Result<Vec<Kept>, Refused> {
        self.file(file)?;
        self.opened(file, reader)?;
        Ok(self.history(file, as_of)?)
    }

    /// Records that a file was opened, unless this extends an opening of the last fifteen minutes. Says whether it wrote one.
    ///
    /// # Errors
    /// An opening that could not be recorded.
    pub fn opened(&self, file: &str, reader: &Reader) -> Result<bool, Refused> {
        let name = stream(self.keys(), file);
        let key = (name, reader.clone());
        let failed = |_| Refused::from(StoreError::new(Trouble::Other, "a thread that read has failed"));
        let now = Instant::now();
        {
            let mut recent = self.recent.0.lock().map_err(failed)?;
            if let Some(last) = recent.get_mut(&key).filter(|last| now.duration_since(**last) < EXTENDS) {
                *last = now;
                return Ok(false);
            }
        }
        self.record_opening(file, reader)?;
        // Remembered only once it is durable: an opening that failed must be tried again.
        let mut recent = self.recent.0.lock().map_err(failed)?;
        if recent.len() >= REMEMBERED {
            recent.clear();
        }
        recent.insert(key, now);
        Ok(true)
    }

    /// Records an opening, whenever the last one was, and says when. For what leaves the register as a whole.
    pub(crate) fn record_opening(&self, file: &str, reader: &Reader) -> Result<Micros, Refused> {
        let text = |text: &str| Value::Text(text.to_owned());
        let header = BTreeMap::from([("file".to_owned(), text(file)), ("stream".to_owned(), text("reads"))]);
        let Reader { who, capacity, purpose, view } = reader;
        let fields = [("who", who), ("capacity", capacity), ("purpose", purpose), ("view", view)];
        let fields = fields.map(|(name, value)| (name.to_owned(), text(value)));
        let opening = canon::write(&Value::Object(fields.into_iter().collect())).into_bytes();
        let part = crate::entry::Part::new(opening).map_err(|_| Refused::Form("no random bytes"))?;
        let order = self.order_of_reads(stream(self.keys(), file), Draft::raw(header, vec![part]))?;
        Ok(self.order(order)?.recorded)
    }

    /// Who opened a file, first to last.
    ///
    /// # Errors
    /// As [`HistoryError`] says.
    pub fn openings(&self, file: &str) -> Result<Vec<Opening>, HistoryError> {
        let store = self.reader()?;
        let Some(row) = store.file(stream(self.keys(), file).as_bytes())? else { return Ok(Vec::new()) };
        openings_of(&store, self.keys(), &row)
    }
}

/// The openings of a stream of reads.
pub(crate) fn openings_of<S: Store>(store: &S, keys: &Keys, row: &FileRow) -> Result<Vec<Opening>, HistoryError> {
    let key = history::key_of(keys, row)?;
    let wrong = |n| HistoryError::Unreadable { n, error: crate::entry::Unreadable::Form("opening") };
    let mut openings = Vec::new();
    for entry in history::rows(store, row, 0, row.length)? {
        let part = entry.parts.get(1).ok_or_else(|| wrong(entry.n))?;
        let part = history::open_part(&key, row, entry.n, part)?;
        let Ok(Value::Object(mut fields)) = canon::read(&part.bytes) else { return Err(wrong(entry.n)) };
        let mut field = |name: &str| match fields.remove(name) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(wrong(entry.n)),
        };
        let reader = Reader { who: field("who")?, capacity: field("capacity")?, purpose: field("purpose")?, view: field("view")? };
        openings.push(Opening { reader, at: entry.recorded });
    }
    Ok(openings)
}
