//! One file: its chain, its parts, what it sends, and what its entries say of their places in the log.
//!
//! Deliberately absent: the other files, and the log itself.

use std::collections::BTreeMap;

use openward_law::entry::FileKind;
use openward_seal::check::{Check, Entry, Known, Opened};
use openward_seal::digest::EntryHash;
use openward_seal::merkle::leaf;

use super::files::Share;
use super::{Report, Tally};
use crate::entry::{Part, said_in};
use crate::history::{self, HistoryError};
use crate::keys::{FileKey, KeyError, Keys, Pseudonym};
use crate::store::{ActId, ActRow, Boxes, EntryRow, FileRow, Micros, Store, StoreError, Trouble};
use crate::writer::{clock, outbox};

/// Entries read at once.
const PAGE: usize = 256;

/// The most entries that wait and are held against the others: some sixty bytes each. A register that is open writes them into the log ten times a
/// second; where more wait, nobody has sealed for long, and that must be done first.
pub(super) const WAITING_MAX: usize = 1 << 20;

/// What waits for the log, as far as it is held against the entries.
pub(super) struct Waiting {
    pub(super) hashes: BTreeMap<(i64, u64), EntryHash>,
    /// Whether there is more.
    pub(super) is_cut: bool,
}

impl Waiting {
    pub(super) fn read<S: Store>(store: &S, most: usize, report: &mut Report) -> Result<Self, HistoryError> {
        let rows = store.waiting(most.saturating_add(1))?;
        let is_cut = rows.len() > most;
        if is_cut {
            let what = format!(
                "OW-REG-144 more than {most} entries wait for the log: open the register, so that they are sealed, and verify again"
            );
            report.say(None, None, what);
        }
        report.waiting = rows.len() as u64;
        Ok(Self { hashes: rows.into_iter().take(most).map(|entry| ((entry.file, entry.n), entry.hash)).collect(), is_cut })
    }
}

/// All entries of a file, page by page. Where they are is asked of the rows, not of the file's length: neither what was inserted far beyond
/// it is missed, nor does a length that somebody wrote there keep this going for ever.
fn each_page<S: Store>(store: &S, file: i64, boxes: Boxes, mut each: impl FnMut(&[EntryRow])) -> Result<(), HistoryError> {
    let mut from = 0;
    loop {
        let entries = store.entries_from(file, from, PAGE, boxes)?;
        each(&entries);
        match entries.last().and_then(|last| last.n.checked_add(1)) {
            Some(next) if entries.len() == PAGE => from = next,
            Some(_) | None => return Ok(()),
        }
    }
}

/// Checks a file; adds what was found to a share of the work.
///
/// # Errors
/// Trouble of the store or of the keys.
pub(super) fn check<S: Store>(
    store: &S,
    keys: Option<&Keys>,
    file: &FileRow,
    waiting: &Waiting,
    share: &mut Share,
    report: &mut Report,
) -> Result<(), HistoryError> {
    let mut is_destroyed = false;
    let key = match keys.map(|keys| history::key_of(keys, file)) {
        Some(Ok(key)) => Some(key),
        // Erased on purpose: chain and log are checked all the same.
        Some(Err(HistoryError::Key(KeyError::Destroyed { .. }))) => {
            is_destroyed = true;
            None
        }
        None => None,
        Some(Err(error @ (HistoryError::NoKey | HistoryError::Store(StoreError { trouble: Trouble::Damaged, .. })))) => {
            report.say(Some(file.name), None, error.to_string());
            None
        }
        Some(Err(error)) => return Err(error),
    };
    let keys = keys.zip(key.as_deref());
    let (tally, met) = (&mut share.tally, &mut share.met);
    let (acts, sends) = (BTreeMap::new(), BTreeMap::new());
    let mut one = One { store, file, keys, report, tally, waiting, met, before: Micros::MIN, acts, sends, is_destroyed };
    match one.check() {
        Ok(count) => share.acts += count,
        // Rows that cannot even be read were written by no program of ours. The other files are checked all the same.
        Err(HistoryError::Store(error)) if error.trouble == Trouble::Damaged => report.say(Some(file.name), None, error.to_string()),
        Err(error) => return Err(error),
    }
    report.files += 1;
    Ok(())
}

/// Looks up each act that a file's entries came with: where sums over all acts differ, this says where.
///
/// # Errors
/// Trouble of the store.
pub(super) fn look_up_acts<S: Store>(store: &S, file: &FileRow, report: &mut Report) -> Result<(), HistoryError> {
    let mut acts: BTreeMap<ActId, (u64, u64)> = BTreeMap::new();
    let mut look = || -> Result<(), HistoryError> {
        each_page(store, file.id, Boxes::Left, |entries| entries.iter().for_each(|row| came(&mut acts, row)))?;
        for (id, (first, last)) in std::mem::take(&mut acts) {
            if store.act(&id)? != Some(ActRow { file: file.id, first, last }) {
                let what = format!("OW-REG-077 the act of entries {first} to {last} is not kept as it was");
                report.say(Some(file.name), Some(first), what);
            }
        }
        Ok(())
    };
    match look() {
        // An act's row that cannot be read; rows of the file that cannot were said before.
        Err(HistoryError::Store(error)) if error.trouble == Trouble::Damaged => report.say(Some(file.name), None, error.to_string()),
        done => done?,
    }
    Ok(())
}

/// An entry came with its act.
fn came(acts: &mut BTreeMap<ActId, (u64, u64)>, row: &EntryRow) {
    let act = acts.entry(row.act).or_insert((row.n, row.n));
    *act = (act.0.min(row.n), act.1.max(row.n));
}

/// One file that is being checked.
struct One<'a, S> {
    store: &'a S,
    file: &'a FileRow,
    keys: Option<(&'a Keys, &'a FileKey)>,
    report: &'a mut Report,
    tally: &'a mut Tally,
    waiting: &'a Waiting,
    met: &'a mut Vec<(i64, u64)>,
    before: Micros,
    /// The first and last entry of each act, as the entries say.
    acts: BTreeMap<[u8; 16], (u64, u64)>,
    /// How many messages are to be sent because of the act that began with an entry, as its header says.
    sends: BTreeMap<u64, u32>,
    /// Whether the keys of the file were destroyed; then nothing of it is to be sent.
    is_destroyed: bool,
}

impl<S: Store> One<'_, S> {
    fn say(&mut self, n: u64, what: impl Into<String>) {
        self.report.say(Some(self.file.name), Some(n), what);
    }

    fn check(&mut self) -> Result<u64, HistoryError> {
        let mut places: BTreeMap<u64, u64> = self.store.places_of(self.file.id)?.into_iter().collect();
        let known = Known { length_min: self.file.length, ..Known::default() };
        let mut check = Check::new(self.file.tag, &known);
        // Without a key nothing is opened.
        let boxes = if self.keys.is_some() { Boxes::Read } else { Boxes::Left };
        each_page(self.store, self.file.id, boxes, |entries| {
            for row in entries {
                self.entry(row, &mut check);
                self.place(row, places.remove(&row.n));
                self.report.entries += 1;
            }
        })?;
        let found = check.finish();
        for fault in &found.faults {
            self.say(fault.n(), fault.to_string());
        }
        if found.length != self.file.length || found.head != self.file.head {
            self.say(self.file.length, "OW-REG-071 length or last hash of the file are not those of its entries");
        }
        if found.length == 0 {
            self.say(0, "OW-REG-087 the file has no entry, and a file is made with its first");
        }
        for (n, place) in places {
            self.say(n, super::gone(n, place));
        }
        let acts = std::mem::take(&mut self.acts);
        for (id, (first, last)) in &acts {
            self.tally.act_came(id, &ActRow { file: self.file.id, first: *first, last: *last });
        }
        self.outbox()?;
        Ok(acts.len() as u64)
    }

    /// What is to be sent is what the headers say, each in its place. Without a key only what has no place can be told.
    fn outbox(&mut self) -> Result<(), HistoryError> {
        let mut wanted: Vec<(u64, u32)> = self.sends.iter().flat_map(|(n, count)| (0..*count).map(|i| (*n, i))).collect();
        for row in self.store.outbox_of(self.file.id)? {
            let (n, i) = (row.place.n, row.place.i);
            let at = wanted.iter().position(|place| *place == (n, i));
            let Some((_, key)) = self.keys else {
                if self.is_destroyed {
                    self.say(n, unsent(n, i));
                }
                continue;
            };
            match at {
                Some(at) => drop(wanted.swap_remove(at)),
                None => self.say(n, unsent(n, i)),
            }
            if outbox::open(key, self.file, &row).is_err() {
                self.say(n, format!("OW-REG-089 message {i} of entry {n} does not open: it, its instant or its state was changed"));
            }
        }
        for (n, i) in wanted {
            self.say(n, format!("OW-REG-069 message {i} of entry {n} is gone, and nothing says that it was sent"));
        }
        Ok(())
    }

    /// One entry with its parts.
    fn entry(&mut self, row: &EntryRow, check: &mut Check<'_>) {
        let n = row.n;
        let hashes: Vec<_> = row.parts.iter().map(|part| part.hash).collect();
        let mut opened: Vec<(usize, Part)> = Vec::new();
        for (at, part) in row.parts.iter().enumerate() {
            if part.i as usize != at {
                self.say(n, format!("OW-REG-072 entry {n}: part {at} is missing"));
            }
            let Some((_, key)) = self.keys else { continue };
            match history::open_part(key, self.file, n, part) {
                Ok(part) => opened.push((at, part)),
                Err(error) => self.say(n, error.to_string()),
            }
        }
        self.report.parts += opened.len() as u64;
        if row.recorded < self.before {
            self.say(n, format!("OW-REG-073 entry {n} is recorded before the one before it"));
        }
        self.before = self.before.max(row.recorded);
        if let Some((_, header)) = opened.iter().find(|(at, _)| *at == 0) {
            let said = said_in(&header.bytes);
            self.identity(n, said.file.as_deref());
            if said.sends > 0 {
                self.sends.insert(n, said.sends);
            }
            match said.clear {
                Some((recorded, in_act)) => {
                    if recorded != row.recorded {
                        self.say(n, format!("OW-REG-074 entry {n} was dated anew: its header names another instant"));
                    }
                    if in_act != Pseudonym::from_bytes(row.act).to_string() {
                        self.say(n, format!("OW-REG-075 entry {n} came with another act than the one beside it"));
                    }
                }
                None => self.say(n, format!("OW-REG-076 entry {n} has no header of ours")),
            }
        }
        came(&mut self.acts, row);
        let opened: Vec<Opened<'_>> = opened.iter().map(|(at, part)| Opened { part: *at, salt: part.salt, bytes: &part.bytes }).collect();
        check.entry(&Entry { file: self.file.tag, n, prev: row.prev, hash: row.hash, parts: &hashes, opened: &opened });
    }

    /// The file's row is of the file that the header names.
    fn identity(&mut self, n: u64, id: Option<&str>) {
        let (Some((keys, _)), Some(id)) = (self.keys, id) else { return };
        let (name, kind) = match self.file.kind {
            history::READS => (keys.pseudonym_of("reads", id), Some(history::READS)),
            history::CLOCK => (keys.pseudonym_of(clock::STREAM, id), Some(history::CLOCK)),
            _ => (keys.pseudonym(id), FileKind::of(id).map(history::kind_code)),
        };
        if *name.as_bytes() != self.file.name || kind != Some(self.file.kind) {
            self.say(n, format!("OW-REG-084 entry {n} names another file, or one of another kind"));
        }
    }

    /// The entry stands in the log, or waits.
    fn place(&mut self, row: &EntryRow, place: Option<u64>) {
        let n = row.n;
        let Some(place) = place else {
            let waits = self.waiting.hashes.get(&(self.file.id, n));
            if waits.is_some() {
                self.met.push((self.file.id, n));
            }
            match waits {
                Some(hash) if *hash == row.hash => {}
                None if self.waiting.is_cut => {}
                Some(_) => self.say(n, format!("OW-REG-078 entry {n} waits for the log under another hash")),
                None => self
                    .say(n, format!("OW-REG-079 entry {n} is neither in the log nor waiting: it was inserted, or its place was removed")),
            }
            return;
        };
        if !self.tally.entry_has(place, &leaf(&row.hash), &self.file.name, n) {
            self.say(n, format!("OW-REG-081 entry {n} has place {place}, beyond the newest checkpoint"));
        }
    }
}

fn unsent(n: u64, i: u32) -> String {
    format!("OW-REG-088 message {i} of entry {n} is one that its act did not send, or of a file that was destroyed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Place, act, id};

    #[test]
    fn no_more_of_what_waits_is_held_than_the_most_and_that_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        place.register().append(act(id(1), "per_ada", 0, 5)).expect("kept");
        let store = place.store();
        store
            .raw()
            .execute_batch("INSERT INTO waiting (file, n, hash) SELECT file, n, hash FROM entry; DELETE FROM log")
            .expect("they wait");
        for (most, wanted) in [(4, 1), (5, 0)] {
            let mut report = Report::default();
            let queue = Waiting::read(&store, most, &mut report).expect("read");
            assert_eq!((queue.is_cut, queue.hashes.len(), report.findings.len()), (wanted == 1, most, wanted));
        }
    }
}
