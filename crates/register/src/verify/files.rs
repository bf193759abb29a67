//! Every file's chain, its parts, and its places in the log.
//!
//! Deliberately absent: the log itself; its leaves come from the caller.

use std::collections::BTreeMap;

use openward_seal::check::{Check, Entry, Known, Opened};
use openward_seal::digest::NodeHash;
use openward_seal::merkle::leaf;

use super::Report;
use crate::entry::{Part, clear_in};
use crate::history::{self, HistoryError};
use crate::keys::{FileKey, KeyError, Keys, Pseudonym};
use crate::store::{ActRow, EntryRow, FileRow, Micros, Store};

/// Entries read at once.
const PAGE: u64 = 256;

/// Checks every file; gives for each leaf whether an entry claims it.
pub(super) fn check<S: Store>(store: &S, keys: Option<&Keys>, leaves: &[NodeHash], report: &mut Report) -> Result<Vec<bool>, HistoryError> {
    let mut claimed = vec![false; leaves.len()];
    let waiting = store.waiting(usize::MAX)?;
    report.waiting = waiting.len() as u64;
    let waiting: BTreeMap<(i64, u64), _> = waiting.into_iter().map(|entry| ((entry.file, entry.n), entry.hash)).collect();
    let mut after = 0;
    loop {
        let files = store.files_after(after, 256)?;
        let Some(last) = files.last() else { break };
        after = last.id;
        for file in files {
            let key = match keys.map(|keys| history::key_of(keys, &file)) {
                Some(Ok(key)) => Some(key),
                // Erased on purpose: chain and log are checked all the same.
                Some(Err(HistoryError::Key(KeyError::Destroyed { .. }))) | None => None,
                Some(Err(error)) => return Err(error),
            };
            let mut one = One { store, file: &file, key: key.as_deref(), report, before: Micros::MIN, acts: BTreeMap::new() };
            one.check(leaves, &mut claimed, &waiting)?;
            report.files += 1;
        }
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
    key: Option<&'a FileKey>,
    report: &'a mut Report,
    before: Micros,
    acts: BTreeMap<[u8; 16], Option<ActRow>>,
}

impl<S: Store> One<'_, S> {
    fn say(&mut self, n: u64, what: impl Into<String>) {
        self.report.say(Some(self.file.name), Some(n), what);
    }

    fn check(&mut self, leaves: &[NodeHash], claimed: &mut [bool], waiting: &BTreeMap<(i64, u64), openward_seal::digest::EntryHash>) -> Result<(), HistoryError> {
        let mut places: BTreeMap<u64, u64> = self.store.places_of(self.file.id)?.into_iter().collect();
        let known = Known { length_min: self.file.length, ..Known::default() };
        let mut check = Check::new(self.file.tag, &known);
        let mut from = 1;
        loop {
            // The end is asked of the rows, not of the file's length, so that what was inserted after it is seen.
            let entries = self.store.entries(self.file.id, from, from.saturating_add(PAGE - 1))?;
            for row in &entries {
                self.entry(row, &mut check)?;
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
        Ok(())
    }

    /// One entry with its parts.
    fn entry(&mut self, row: &EntryRow, check: &mut Check<'_>) -> Result<(), HistoryError> {
        let n = row.n;
        let hashes: Vec<_> = row.parts.iter().map(|part| part.hash).collect();
        let mut opened: Vec<(usize, Part)> = Vec::new();
        for (at, part) in row.parts.iter().enumerate() {
            if part.i as usize != at {
                self.say(n, format!("OW-REG-072 entry {n}: part {at} is missing"));
            }
            let Some(key) = self.key else { continue };
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
        self.act(row)?;
        let opened: Vec<Opened<'_>> = opened.iter().map(|(at, part)| Opened { part: *at, salt: part.salt, bytes: &part.bytes }).collect();
        check.entry(&Entry { file: self.file.tag, n, prev: row.prev, hash: row.hash, parts: &hashes, opened: &opened });
        Ok(())
    }

    /// The act's row names this entry.
    fn act(&mut self, row: &EntryRow) -> Result<(), HistoryError> {
        let act = match self.acts.get(&row.act) {
            Some(act) => *act,
            None => {
                let act = self.store.act(&row.act)?;
                self.acts.insert(row.act, act);
                act
            }
        };
        let names = act.is_some_and(|act| act.file == self.file.id && act.first <= row.n && row.n <= act.last && act.last <= self.file.length);
        if !names {
            self.say(row.n, format!("OW-REG-077 the act of entry {} is not kept as it was", row.n));
        }
        Ok(())
    }

    /// The entry stands in the log, or waits.
    fn place(
        &mut self,
        row: &EntryRow,
        place: Option<u64>,
        leaves: &[NodeHash],
        claimed: &mut [bool],
        waiting: &BTreeMap<(i64, u64), openward_seal::digest::EntryHash>,
    ) {
        let n = row.n;
        let Some(place) = place else {
            match waiting.get(&(self.file.id, n)) {
                Some(hash) if *hash == row.hash => {}
                Some(_) => self.say(n, format!("OW-REG-078 entry {n} waits for the log under another hash")),
                None => self.say(n, format!("OW-REG-079 entry {n} is neither in the log nor waiting: it was inserted, or its place was removed")),
            }
            return;
        };
        let at = usize::try_from(place).unwrap_or(usize::MAX);
        match (leaves.get(at), claimed.get_mut(at)) {
            (Some(found), Some(claim)) => {
                let first = !std::mem::replace(claim, true);
                if *found != leaf(&row.hash) || !first {
                    self.say(n, format!("OW-REG-080 entry {n} is not the one at its place {place} in the log: it was changed, moved or replaced"));
                }
            }
            _ => self.say(n, format!("OW-REG-081 entry {n} has place {place}, beyond the newest checkpoint")),
        }
    }
}
