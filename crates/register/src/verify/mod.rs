//! Checking a whole register against checkpoints: every leaf, every chain, every part, and that each belongs to the other.
//!
//! Each finding names the file and the entry where that can be told. With keys the parts are opened too. Checkpoints from outside are what
//! shows an older database put back, or all of it written anew by somebody with the signing key. Deliberately absent: repair.

mod files;
#[cfg(test)]
mod tests;

use std::fmt;

use openward_seal::checkpoint::Trust;
use openward_seal::digest::NodeHash;
use openward_seal::tiles::WIDTH;
use openward_seal::tiles::whole::{self, Head, Wrong};

use crate::history::HistoryError;
use crate::keys::{Keys, Pseudonym};
use crate::sealer::{Tiles, name_at, names_from};
use crate::store::{FileName, Store};

/// The most findings that are kept; the rest is counted.
pub const FINDINGS_MAX: usize = 1000;

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file's pseudonym, where it can be told.
    pub file: Option<FileName>,
    /// The entry, where it can be told.
    pub n: Option<u64>,
    /// What is wrong, with its code.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = self.file {
            write!(f, "file {}: ", Pseudonym::from_bytes(file))?;
        }
        f.write_str(&self.what)
    }
}

/// What a check of a whole register found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many files there are.
    pub files: u64,
    /// How many entries.
    pub entries: u64,
    /// How many parts were opened and checked.
    pub parts: u64,
    /// How many entries wait to be put into the log.
    pub waiting: u64,
    /// The size of the log.
    pub log: u64,
    /// The first findings.
    pub findings: Vec<Finding>,
    /// How many there are in all.
    pub count: u64,
}

impl Report {
    /// Whether nothing was found.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.count == 0
    }

    fn say(&mut self, file: Option<FileName>, n: Option<u64>, what: impl Into<String>) {
        self.count += 1;
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding { file, n, what: what.into() });
        }
    }
}

/// Checks a whole register, in one moment of it. `outside` are checkpoints that were kept elsewhere: printed, sent, co-signed by a witness.
///
/// # Errors
/// Trouble of the store or of the keys. What was changed is no error but a finding.
pub fn register<S: Store>(store: &S, keys: Option<&Keys>, trust: &Trust, outside: &[Vec<u8>]) -> Result<Report, HistoryError> {
    store.begin_reading()?;
    let report = within(store, keys, trust, outside);
    store.end_reading()?;
    report
}

fn within<S: Store>(store: &S, keys: Option<&Keys>, trust: &Trust, outside: &[Vec<u8>]) -> Result<Report, HistoryError> {
    let mut report = Report::default();
    let mut heads = Vec::new();
    for row in store.checkpoints()? {
        match trust.open(&row.note).map(|vouched| vouched.head()) {
            Ok(head) if head.size == row.size => heads.push(head),
            Ok(_) => report.say(None, None, format!("OW-REG-060 the checkpoint of {} entries is of another size", row.size)),
            Err(error) => report.say(None, None, format!("OW-REG-060 the checkpoint of {} entries: {error}", row.size)),
        }
    }
    let newest = heads.iter().copied().max_by_key(|head| head.size);
    let head = newest.unwrap_or(Head { size: 0, root: openward_seal::merkle::EMPTY_ROOT });
    report.log = head.size;
    let mut others = Vec::new();
    for note in outside {
        match trust.open(note).map(|vouched| vouched.head()) {
            Ok(older) => others.push(older),
            Err(error) => report.say(None, None, format!("OW-REG-061 a checkpoint from outside: {error}")),
        }
    }
    let leaves = leaves(store, keys, head, &heads, &others, &mut report);
    let places = files::check(store, keys, &leaves, &mut report)?;
    for (place, known) in (0..).zip(&places) {
        if !known {
            gone(store, keys, place, &mut report);
        }
    }
    if let Some(keys) = keys {
        names(store, keys, head.size, &mut report)?;
    }
    let rows = store.log_rows()?;
    if rows > head.size {
        report.say(
            None,
            None,
            format!("OW-REG-062 {rows} entries have a place in the log, and its newest checkpoint covers {}", head.size),
        );
    }
    Ok(report)
}

/// The names that are kept beside the log are those of its places.
fn names<S: Store>(store: &S, keys: &Keys, size: u64, report: &mut Report) -> Result<(), HistoryError> {
    for first in (0..size).step_by(usize::try_from(WIDTH).unwrap_or(1)) {
        let end = size.min(first + WIDTH);
        let Some(named) = names_from(store, keys, first).filter(|named| named.len() as u64 == end - first) else {
            report.say(None, None, format!("OW-REG-067 the names of places {first} to {} are gone or were changed", end - 1));
            continue;
        };
        for (place, (name, n)) in (first..end).zip(named) {
            // Where the row is gone, that has been said.
            let Some((file, found)) = store.at_place(place)? else { continue };
            if found != n || store.file_by_id(file)?.is_none_or(|file| file.name != name) {
                report.say(
                    Some(name),
                    Some(n),
                    format!("OW-REG-068 place {place} of the log was given to entry {n} of this file, and has another now"),
                );
            }
        }
    }
    Ok(())
}

/// A leaf that no entry claims.
fn gone<S: Store>(store: &S, keys: Option<&Keys>, place: u64, report: &mut Report) {
    match keys.and_then(|keys| name_at(store, keys, place)) {
        Some((file, n)) => {
            report.say(Some(file), Some(n), format!("OW-REG-063 entry {n} is in the log at place {place}, and gone from the register"))
        }
        None => report.say(None, None, format!("OW-REG-064 the entry at place {place} of the log is gone from the register")),
    }
}

/// Every leaf of the log, after checking tiles, root, and older checkpoints, each by itself so that one says where the others do not.
fn leaves<S: Store>(store: &S, keys: Option<&Keys>, head: Head, own: &[Head], outside: &[Head], report: &mut Report) -> Vec<NodeHash> {
    let mut leaves = Vec::new();
    let tiles = Tiles(store);
    if let Err(wrong) = whole::check(&tiles, head, own, |_, leaf| leaves.push(leaf)) {
        say_wrong(store, keys, &wrong, report);
        // Every leaf is wanted below, also of a log that does not lead to its root.
        leaves.clear();
        let _ = whole::check(&tiles, head, &[], |_, leaf| leaves.push(leaf));
    }
    let mut good = 0;
    let mut outside = outside.to_vec();
    outside.sort_by_key(|older| older.size);
    for older in outside {
        match whole::check(&tiles, head, &[older], |_, _| {}) {
            Ok(()) => good = older.size,
            Err(Wrong::Shrunk { older, size }) => {
                let lost = older - size;
                let from = match keys.filter(|_| size > 0).and_then(|keys| name_at(store, keys, size - 1)) {
                    Some((file, n)) => format!("; the last that is still here is entry {n} of file {}", Pseudonym::from_bytes(file)),
                    None => String::new(),
                };
                let what = "OW-SEAL-056 a checkpoint from outside covers";
                report.say(None, None, format!("{what} {older} entries, and this register has {size}: the newest {lost} are gone{from}"));
            }
            Err(Wrong::Older { size }) => {
                report.say(None, None, format!("OW-SEAL-055 the first {size} entries are not those of a checkpoint from outside"));
                // Whatever is between the last checkpoint that agrees and this one may have been changed: these are the files concerned.
                for place in good..size {
                    if let Ok(Some((file, n))) = store.at_place(place)
                        && let Ok(Some(row)) = store.file_by_id(file)
                    {
                        report.say(
                            Some(row.name),
                            Some(n),
                            format!("OW-REG-065 entry {n} stands at place {place}, which was changed or whose neighbours were"),
                        );
                    }
                }
            }
            Err(wrong) => say_wrong(store, keys, &wrong, report),
        }
    }
    leaves
}

fn say_wrong<S: Store, E: fmt::Display>(store: &S, keys: Option<&Keys>, wrong: &Wrong<E>, report: &mut Report) {
    report.say(None, None, wrong.to_string());
    if let Wrong::Leaves { from, to, .. } = wrong {
        for place in *from..=*to {
            if let Some((file, n)) = keys.and_then(|keys| name_at(store, keys, place)) {
                report.say(Some(file), Some(n), format!("OW-REG-066 entry {n} is at place {place}, among those where log and tile differ"));
            }
        }
    }
}
