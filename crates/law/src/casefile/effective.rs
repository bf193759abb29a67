//! Which entries of a file are in force: those known by a moment, with corrections applied.
//!
//! Deliberately absent: legal rectification. The fact `rectified` is an entry like any other and corrects nothing here.

use super::FileEntries;
use crate::entry::{CorrectionKind, Entry};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The entries of a file in force, sorted by number.
///
/// With `known_at`, only entries recorded at or before it count. An entry that does not say when it was recorded counts as
/// recorded when it happened, at the earliest moment it can have: `earliest` gives that, for it alone needs the zone. Where
/// even that cannot be told, as for a time that the clocks skipped, the entry counts: a fact is never hidden for its form.
/// An entry that a known one corrects is known too: it must have been on the register by then.
///
/// A correction that replaces stands in the place of the entry it names; one that withdraws strikes that entry out, and
/// its own fact is not read. Of two corrections of one entry the later number wins, which is the one recorded later.
/// A correction may itself be corrected: one that is replaced hands its place on; one that is withdrawn has had no effect,
/// so that the entry it named is in force again.
pub fn effective(file: &FileEntries, known_at: Option<Timestamp>, earliest: impl Fn(&Entry) -> Option<Timestamp>) -> Vec<&Entry> {
    let by_then = |entry: &Entry| {
        let Some(limit) = known_at else { return true };
        entry.recorded.or_else(|| earliest(entry)).is_none_or(|at| at <= limit)
    };
    // Nearly every file has no correction at all.
    if file.entries.iter().all(|entry| entry.corrects.is_none()) {
        return file.entries.iter().filter(|entry| by_then(entry)).collect();
    }
    let mut in_force = Vec::with_capacity(file.entries.len());
    // Numbers that known entries correct, and for each number the entry that came into its place in the end.
    let mut named: BTreeSet<u32> = BTreeSet::new();
    let mut successor: BTreeMap<u32, &Entry> = BTreeMap::new();
    // INVARIANT: a correction names a smaller number. From the last entry down, whatever corrects an entry was seen before it.
    for entry in file.entries.iter().rev() {
        if !by_then(entry) && !named.contains(&entry.n) {
            continue;
        }
        let corrected = successor.get(&entry.n).copied();
        let last = corrected.unwrap_or(entry);
        match entry.corrects.as_ref().filter(|correction| correction.n < entry.n) {
            Some(correction) => {
                named.insert(correction.n);
                let was_withdrawn = corrected.is_some_and(withdraws);
                if !was_withdrawn {
                    // The first to claim the place has the highest number.
                    successor.entry(correction.n).or_insert(last);
                }
            }
            None if withdraws(last) => {}
            None => in_force.push(last),
        }
    }
    in_force.sort_by_key(|entry| entry.n);
    in_force
}

fn withdraws(entry: &Entry) -> bool {
    entry.corrects.as_ref().is_some_and(|correction| correction.kind == CorrectionKind::WithdrawnInError)
}
