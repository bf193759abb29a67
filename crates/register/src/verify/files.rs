//! Every file's chain, its parts, and its places in the log.
//!
//! Deliberately absent: the log itself; its leaves come from the caller.

use std::collections::BTreeMap;

use openward_law::entry::FileKind;
use openward_seal::check::{Check, Entry, Known, Opened};
use openward_seal::digest::{EntryHash, NodeHash};
use openward_seal::merkle::leaf;

use super::Report;
use crate::entry::{Part, clear_in, file_in};
use crate::history::{self, HistoryError};
use crate::keys::{FileKey, KeyError, Keys, Pseudonym};
use crate::store::{ActRow, EntryRow, FileRow, Micros, Store, StoreError, Trouble};

/// Entries read at once.
const PAGE: u64 = 256;

/// Checks every file; gives for each leaf whether an entry claims it.
pub(super) fn check<S: Store>(store: &S, keys: Option<&Keys>, leaves: &[NodeHash], report: &mut Report) -> Result<Vec<bool>, HistoryError> {
    let mut claimed = vec![false; leaves.len()];
    let waiting = store.waiting(usize::MAX)?;
    report.waiting = waiting.len() as u64;
    let mut waiting: BTreeMap<(i64, u64), _> = waiting.into_iter().map(|entry| ((entry.file, entry.n), entry.hash)).collect();
    let (mut after, mut acts) = (0, 0);
    loop {
        let files = store.files_after(after, 256)?;
        let Some(last) = files.last() else { break };
        after = last.id;
        for file in files {
            let key = match keys.map(|keys| history::key_of(keys, &file)) {
                Some(Ok(key)) => Some(key),
                // Erased on purpose: chain and log are checked all the same.
                Some(Err(HistoryError::Key(KeyError::Destroyed { .. }))) | None => None,
                Some(Err(error @ (HistoryError::NoKey | HistoryError::Store(StoreError { trouble: Trouble::Damaged, .. })))) => {
                    report.say(Some(file.name), None, error.to_string());
                    None
                }
                Some(Err(error)) => return Err(error),
            };
            let mut one = One { store, file: &file, keys: keys.zip(key.as_deref()), report, before: Micros::MIN, acts: BTreeMap::new() };
            acts += one.check(leaves, &mut claimed, &mut waiting)?;
            report.files += 1;
        }
    }
    let rows = store.act_rows()?;
    if rows != acts {
        report.say(None, None, format!("OW-REG-082 {rows} acts are kept, and the entries came with {acts}"));
    }
    for (file, n) in waiting.into_keys() {
        let name = store.file_by_id(file)?.map(|file| file.name);
        report.say(name, Some(n), format!("OW-REG-083 entry {n} waits for the log, and is not there or is in it"));
    }
    for (file, n) in store.orphans()? {
        let name = store.file_by_id(file)?.map(|file| file.name);
        report.say(name, Some(n), format!("OW-REG-070 parts are kept of entry {n}, which is not there"));
    }
    Ok(claimed)
}

struct One<'a, S> {
    store: &'a S,
    file: &'a FileRow,
    keys: Option<(&'a Keys, &'a FileKey)>,
    report: &'a mut Report,
    before: Micros,
    /// The first and last entry of each act, as the entries say.
    acts: BTreeMap<[u8; 16], (u64, u64)>,
}

impl<S: Store> One<'_, S> {
    fn say(&mut self, n: u64, what: impl Into<String>) {
        self.report.say(Some(self.file.name), Some(n), what);
    }

    fn check(
        &mut self,
        leaves: &[NodeHash],
        claimed: &mut [bool],
        waiting: &mut BTreeMap<(i64, u64), EntryHash>,
    ) -> Result<u64, HistoryError> {
        let mut places: BTreeMap<u64, u64> = self.store.places_of(self.file.id)?.into_iter().collect();
        let known = Known { length_min: self.file.length, ..Known::default() };
        let mut check = Check::new(self.file.tag, &known);
        let (mut from, mut acts) = (1, 0);
        loop {
            // The end is asked of the rows, not of the file's length, so that what was inserted after it is seen.
            let entries = self.store.entries(self.file.id, from, from.saturating_add(PAGE - 1))?;
            for row in &entries {
                self.entry(row, &mut check);
                self.place(row, places.remove(&row.n), leaves, claimed, waiting);
                self.report.entries += 1;
            }
            if entries.is_empty() && from > self.file.length {
                break;
            }
            from = from.saturating_add(PAGE);
        }
        let found = check.finish();
        for fault in &found.faults {
            self.say(fault.n(), fault.to_string());
        }
        if found.length != self.file.length || found.head != self.file.head {
            self.say(self.file.length, "OW-REG-071 length or last hash of the file are not those of its entries");
        }
        for (n, place) in places {
            if let Some(claim) = usize::try_from(place).ok().and_then(|place| claimed.get_mut(place)) {
                *claim = true;
            }
            self.say(n, format!("OW-REG-063 entry {n} is in the log at place {place}, and gone from the register"));
        }
        for (id, (first, last)) in std::mem::take(&mut self.acts) {
            if self.store.act(&id)? != Some(ActRow { file: self.file.id, first, last }) {
                self.say(first, format!("OW-REG-077 the act of entries {first} to {last} is not kept as it was"));
            }
            acts += 1;
        }
        Ok(acts)
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
        let is_reads = self.file.kind == history::READS;
        let name = if is_reads { keys.pseudonym_of("reads", &id) } else { keys.pseudonym(&id) };
        let kind = if is_reads { Some(history::READS) } else { FileKind::of(&id).map(history::kind_code) };
        if *name.as_bytes() != self.file.name || kind != Some(self.file.kind) {
            self.say(n, format!("OW-REG-084 entry {n} names another file, or one of another kind"));
        }
    }

    /// The entry stands in the log, or waits.
    fn place(
        &mut self,
        row: &EntryRow,
        place: Option<u64>,
        leaves: &[NodeHash],
        claimed: &mut [bool],
        waiting: &mut BTreeMap<(i64, u64), EntryHash>,
    ) {
        let n = row.n;
        let Some(place) = place else {
            match waiting.remove(&(self.file.id, n)) {
                Some(hash) if hash == row.hash => {}
                Some(_) => self.say(n, format!("OW-REG-078 entry {n} waits for the log under another hash")),
                None => self
                    .say(n, format!("OW-REG-079 entry {n} is neither in the log nor waiting: it was inserted, or its place was removed")),
            }
            return;
        };
        let at = usize::try_from(place).unwrap_or(usize::MAX);
        match (leaves.get(at), claimed.get_mut(at)) {
            (Some(found), Some(claim)) => {
                let first = !std::mem::replace(claim, true);
                if *found != leaf(&row.hash) || !first {
                    self.say(
                        n,
                        format!("OW-REG-080 entry {n} is not the one at its place {place} in the log: it was changed, moved or replaced"),
                    );
                }
            }
            _ => self.say(n, format!("OW-REG-081 entry {n} has place {place}, beyond the newest checkpoint")),
        }
    }
}
