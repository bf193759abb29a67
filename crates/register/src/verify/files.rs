//! Every file's chain, its parts, what it sends, and what its entries say of their places in the log.
//!
//! Deliberately absent: the log itself, which the tally was told before.

use std::collections::BTreeMap;

use openward_law::entry::FileKind;
use openward_seal::check::{Check, Entry, Known, Opened};
use openward_seal::digest::EntryHash;
use openward_seal::merkle::leaf;

use super::{Report, Tally};
use crate::entry::{Part, clear_in, file_in, sends_in};
use crate::history::{self, HistoryError};
use crate::keys::{FileKey, KeyError, Keys, Pseudonym};
use crate::store::{ActRow, EntryRow, FileRow, Micros, Store, StoreError, Trouble};
use crate::writer::{clock, outbox};

/// Entries read at once.
const PAGE: u64 = 256;

/// The most entries that wait and are held against the others: some sixty bytes each. A register that is open writes them into the log ten times a
/// second; where more wait, nobody has sealed for long, and that must be done first.
const WAITING_MAX: usize = 1 << 20;

/// What waits for the log, as far as it is held against the entries.
struct Queue {
    hashes: BTreeMap<(i64, u64), EntryHash>,
    /// Whether there is more.
    is_cut: bool,
}

impl Queue {
    fn read<S: Store>(store: &S, most: usize, report: &mut Report) -> Result<Self, HistoryError> {
        let rows = store.waiting(most.saturating_add(1))?;
        let is_cut = rows.len() > most;
        if is_cut {
            let what = format!(
                "OW-REG-140 more than {most} entries wait for the log: open the register, so that they are sealed, and verify again"
            );
            report.say(None, None, what);
        }
        report.waiting = rows.len() as u64;
        Ok(Self { hashes: rows.into_iter().take(most).map(|entry| ((entry.file, entry.n), entry.hash)).collect(), is_cut })
    }
}

/// Checks every file, and tells the tally what its entries say of their places.
pub(super) fn check<S: Store>(store: &S, keys: Option<&Keys>, tally: &mut Tally, report: &mut Report) -> Result<(), HistoryError> {
    let mut waiting = Queue::read(store, WAITING_MAX, report)?;
    let (mut after, mut acts) = (i64::MIN, 0);
    loop {
        let files = store.files_after(after, 256)?;
        let Some(last) = files.last() else { break };
        after = last.id;
        for file in files {
            let mut is_destroyed = false;
            let key = match keys.map(|keys| history::key_of(keys, &file)) {
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
            let mut one =
                One { store, file: &file, keys, report, before: Micros::MIN, acts: BTreeMap::new(), sends: BTreeMap::new(), is_destroyed };
            match one.check(tally, &mut waiting) {
                Ok(count) => acts += count,
                // Rows that cannot even be read were written by no program of ours. The other files are checked all the same.
                Err(HistoryError::Store(error)) if error.trouble == Trouble::Damaged => {
                    report.say(Some(file.name), None, error.to_string())
                }
                Err(error) => return Err(error),
            }
            report.files += 1;
        }
    }
    let rows = store.act_rows()?;
    if rows != acts {
        report.say(None, None, format!("OW-REG-082 {rows} acts are kept, and the entries came with {acts}"));
    }
    for (file, n) in waiting.hashes.into_keys() {
        let name = store.file_by_id(file)?.map(|file| file.name);
        report.say(name, Some(n), format!("OW-REG-083 entry {n} waits for the log, and is not there or is in it"));
    }
    for (file, n) in store.orphans()? {
        let name = store.file_by_id(file)?.map(|file| file.name);
        report.say(name, Some(n), format!("OW-REG-070 parts are kept of entry {n}, which is not there"));
    }
    Ok(())
}

struct One<'a, S> {
    store: &'a S,
    file: &'a FileRow,
    keys: Option<(&'a Keys, &'a FileKey)>,
    report: &'a mut Report,
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

    fn check(&mut self, tally: &mut Tally, waiting: &mut Queue) -> Result<u64, HistoryError> {
        let mut places: BTreeMap<u64, u64> = self.store.places_of(self.file.id)?.into_iter().collect();
        let known = Known { length_min: self.file.length, ..Known::default() };
        let mut check = Check::new(self.file.tag, &known);
        let (mut from, mut acts) = (0, 0);
        // Where entries are is asked of the rows, not of the file's length: neither what was inserted far beyond it is missed, nor does a
        // length that somebody wrote there keep this going for ever.
        while let Some(first) = self.store.next_entry(self.file.id, from)? {
            let entries = self.store.entries(self.file.id, first, first.saturating_add(PAGE - 1))?;
            for row in &entries {
                self.entry(row, &mut check);
                self.place(row, places.remove(&row.n), tally, waiting);
                self.report.entries += 1;
            }
            let Some(next) = entries.last().and_then(|last| last.n.checked_add(1)) else { break };
            from = next;
        }
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
        for (id, (first, last)) in std::mem::take(&mut self.acts) {
            if self.store.act(&id)? != Some(ActRow { file: self.file.id, first, last }) {
                self.say(first, format!("OW-REG-077 the act of entries {first} to {last} is not kept as it was"));
            }
            acts += 1;
        }
        self.outbox()?;
        Ok(acts)
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
            let act = Pseudonym::from_bytes(row.act).to_string();
            self.identity(n, &header.bytes);
            let sends = sends_in(&header.bytes);
            if sends > 0 {
                self.sends.insert(n, sends);
            }
            match clear_in(&header.bytes) {
                Some((recorded, in_act)) => {
                    if recorded != row.recorded {
                        self.say(n, format!("OW-REG-074 entry {n} was dated anew: its header names another instant"));
                    }
                    if in_act != act {
                        self.say(n, format!("OW-REG-075 entry {n} came with another act than the one beside it"));
                    }
                }
                None => self.say(n, format!("OW-REG-076 entry {n} has no header of ours")),
            }
        }
        let act = self.acts.entry(row.act).or_insert((n, n));
        *act = (act.0.min(n), act.1.max(n));
        let opened: Vec<Opened<'_>> = opened.iter().map(|(at, part)| Opened { part: *at, salt: part.salt, bytes: &part.bytes }).collect();
        check.entry(&Entry { file: self.file.tag, n, prev: row.prev, hash: row.hash, parts: &hashes, opened: &opened });
    }

    /// The file's row is of the file that the header names.
    fn identity(&mut self, n: u64, header: &[u8]) {
        let (Some((keys, _)), Some(id)) = (self.keys, file_in(header)) else { return };
        let (name, kind) = match self.file.kind {
            history::READS => (keys.pseudonym_of("reads", &id), Some(history::READS)),
            history::CLOCK => (keys.pseudonym_of(clock::STREAM, &id), Some(history::CLOCK)),
            _ => (keys.pseudonym(&id), FileKind::of(&id).map(history::kind_code)),
        };
        if *name.as_bytes() != self.file.name || kind != Some(self.file.kind) {
            self.say(n, format!("OW-REG-084 entry {n} names another file, or one of another kind"));
        }
    }

    /// The entry stands in the log, or waits.
    fn place(&mut self, row: &EntryRow, place: Option<u64>, tally: &mut Tally, waiting: &mut Queue) {
        let n = row.n;
        let Some(place) = place else {
            match waiting.hashes.remove(&(self.file.id, n)) {
                Some(hash) if hash == row.hash => {}
                None if waiting.is_cut => {}
                Some(_) => self.say(n, format!("OW-REG-078 entry {n} waits for the log under another hash")),
                None => self
                    .say(n, format!("OW-REG-079 entry {n} is neither in the log nor waiting: it was inserted, or its place was removed")),
            }
            return;
        };
        if !tally.entry_has(place, &leaf(&row.hash), &self.file.name, n) {
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
            let queue = Queue::read(&store, most, &mut report).expect("read");
            assert_eq!((queue.is_cut, queue.hashes.len(), report.findings.len()), (wanted == 1, most, wanted));
        }
    }
}
