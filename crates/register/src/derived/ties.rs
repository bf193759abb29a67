//! Who is tied to a person's file, as what, from when until when: out of the entries in force.
//!
//! The registry of facts says which fact makes which tie (`openward_law::entry::Tie`). Deliberately absent: what a tie entitles to.

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use openward_law::casefile::{FileEntries, effective};
use openward_law::entry::{Entry, FileKind, Tie, Whereabouts};
use openward_law::time::Zone;

use super::name_of;
use crate::history::{self, HistoryError};
use crate::keys::Keys;
use crate::store::{Micros, Store, TieRow};
use crate::writer::Register;

/// The code of a tie: its place in the list.
#[must_use]
pub fn code_of(tie: Tie) -> u8 {
    let at = Tie::ALL.iter().position(|(known, _)| *known == tie);
    // INVARIANT: the list has every tie and is short.
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

/// The tie of a code.
#[must_use]
pub fn tie_of(code: u8) -> Option<Tie> {
    Tie::ALL.get(usize::from(code)).map(|(tie, _)| *tie)
}

/// A tie that is being followed.
struct Running {
    tie: Tie,
    who: String,
    since: Timestamp,
    until: Option<Timestamp>,
}

/// The ties of a file. Times without an offset are read in the zone; a date alone counts from its first instant to its last.
pub(super) fn ties(keys: &Keys, file: &FileEntries, zone: &Zone) -> Vec<TieRow> {
    let earliest = |entry: &Entry| entry.at.moment(zone).ok().map(|moment| moment.earliest());
    let mut entries: Vec<(Timestamp, &Entry)> =
        effective(file, None, earliest).into_iter().filter_map(|entry| Some((earliest(entry)?, entry))).collect();
    entries.sort_by_key(|(at, entry)| (*at, entry.fact, entry.n));
    let mut all: Vec<Running> = Vec::new();
    for (at, entry) in entries {
        let over = entry.at.moment(zone).map_or(at, |moment| moment.latest());
        step(&mut all, entry, at, over);
    }
    let mut rows: Vec<TieRow> = all
        .into_iter()
        .map(|Running { tie, who, since, until }| TieRow {
            who: name_of(keys, &who),
            tie: code_of(tie),
            since: since.as_microsecond(),
            until: until.map(|at| at.as_microsecond()),
        })
        .collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn step(all: &mut Vec<Running>, entry: &Entry, at: Timestamp, over: Timestamp) {
    let made = entry.fact.ties(&entry.details);
    let made = || made.iter().filter(|(_, who)| FileKind::of(who).is_some());
    for running in all.iter_mut().filter(|running| running.until.is_none()) {
        let goes_on = made().any(|(tie, who)| *tie == running.tie && *who == running.who);
        let replaced = made().any(|(tie, _)| tie.replaces().contains(&running.tie));
        if replaced && !goes_on {
            running.until = Some(over);
        }
    }
    for (tie, who) in made() {
        // One that ended and began again at one instant never ended.
        let goes_on =
            |running: &&mut Running| running.tie == *tie && running.who == *who && (running.until.is_none() || running.since == at);
        match all.iter_mut().find(goes_on) {
            Some(running) => running.until = None,
            None => all.push(Running { tie: *tie, who: (*who).to_owned(), since: at, until: None }),
        }
    }
    if entry.fact.whereabouts() == Whereabouts::Gone {
        all.iter_mut()
            .filter(|running| running.until.is_none() && running.tie.ends_with_stay())
            .for_each(|running| running.until = Some(over));
    }
}

/// Whether a tie holds at an instant.
#[must_use]
pub fn holds(row: &TieRow, at: Micros) -> bool {
    row.since <= at && row.until.is_none_or(|until| at < until)
}

/// A file that somebody is tied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tied {
    /// The file's id.
    pub file: String,
    /// The store's number of it: where the next page begins.
    pub number: i64,
    /// As what, and from when until when.
    pub ties: Vec<TieRow>,
}

/// The most files of one page of a list.
pub const PAGE_MAX: usize = 100;

impl<S: Store + 'static> Register<S> {
    /// Who is tied to a person's file, by the pseudonyms of their own files.
    ///
    /// # Errors
    /// As [`HistoryError`] says.
    pub fn ties(&self, file: &str) -> Result<Vec<TieRow>, HistoryError> {
        let row = self.file(file)?;
        Ok(self.reader()?.ties(row.id)?)
    }

    /// The files that somebody is tied to at an instant, a page at a time. A file whose keys were destroyed has no ties.
    ///
    /// # Errors
    /// As [`HistoryError`] says.
    pub fn tied(&self, who: &str, at: Micros, after: i64) -> Result<Vec<Tied>, HistoryError> {
        let store = self.reader()?;
        let mut found: Vec<Tied> = Vec::new();
        for (number, tie) in store.ties_of(&name_of(self.keys(), who), at, after, PAGE_MAX)? {
            if let Some(last) = found.last_mut().filter(|last| last.number == number) {
                last.ties.push(tie);
                continue;
            }
            let row = store.file_by_id(number)?.ok_or(HistoryError::NoFile)?;
            let file = history::id_of(&store, self.keys(), &row)?.ok_or(HistoryError::NoFile)?;
            found.push(Tied { file, number, ties: vec![tie] });
        }
        Ok(found)
    }
}
