//! Whether the log and the entries are of each other, without holding either in memory: a sum for each 256 places.
//!
//! Each side adds a keyed fingerprint of what it has at a place; where the two sums of a tile are equal, so are the places. The key is drawn
//! anew for each check, so nobody can prepare two different things with one sum. Where sums differ the caller looks at each place.
//! Acts are compared by one sum over all. Sums of several threads are added up. Deliberately absent: what is compared.

use std::hash::{BuildHasher as _, RandomState};

use openward_seal::digest::NodeHash;
use openward_seal::tiles::WIDTH;

use crate::store::{ActId, ActRow, FileName};

/// 128 bits: two fingerprints under two keys.
type Sum = [u64; 2];

/// The sums of every tile of a log. About 32 bytes for 256 places.
pub(super) struct Tally {
    keys: [RandomState; 2],
    /// Leaves of the log less those of the entries.
    leaves: Vec<Sum>,
    /// Names of the entries' places.
    names: Vec<Sum>,
    /// Acts as entries came with them, less those that are kept.
    acts: Sum,
    size: u64,
}

fn tile_of(place: u64) -> usize {
    usize::try_from(place / WIDTH).unwrap_or(usize::MAX)
}

impl Tally {
    /// For a log of this size.
    pub(super) fn new(size: u64) -> Self {
        let tiles = usize::try_from(size.div_ceil(WIDTH)).unwrap_or(0);
        let keys = [RandomState::new(), RandomState::new()];
        Self { keys, leaves: vec![[0; 2]; tiles], names: vec![[0; 2]; tiles], acts: [0; 2], size }
    }

    /// One with the same keys that was told nothing, for another thread.
    pub(super) fn another(&self) -> Self {
        let zeros = vec![[0; 2]; self.leaves.len()];
        Self { keys: self.keys.clone(), leaves: zeros.clone(), names: zeros, acts: [0; 2], size: self.size }
    }

    /// Adds what another was told.
    pub(super) fn join(&mut self, other: &Self) {
        let add = |sums: &mut [Sum], others: &[Sum]| sums.iter_mut().zip(others).for_each(|(sum, other)| *sum = plus(*sum, *other));
        add(&mut self.leaves, &other.leaves);
        add(&mut self.names, &other.names);
        self.acts = plus(self.acts, other.acts);
    }

    /// Entries came with this act.
    pub(super) fn act_came(&mut self, id: &ActId, act: &ActRow) {
        self.acts = plus(self.acts, self.fingerprint(&(id, act.file, act.first, act.last)));
    }

    /// This act is kept.
    pub(super) fn act_kept(&mut self, id: &ActId, act: &ActRow) {
        self.acts = minus(self.acts, self.fingerprint(&(id, act.file, act.first, act.last)));
    }

    /// Whether the acts that are kept are those that entries came with.
    pub(super) fn acts_agree(&self) -> bool {
        self.acts == [0; 2]
    }

    fn fingerprint(&self, what: &impl std::hash::Hash) -> Sum {
        self.keys.each_ref().map(|key| key.hash_one(what))
    }

    /// Begins anew with the leaves of the log.
    pub(super) fn forget_leaves(&mut self) {
        self.leaves.fill([0; 2]);
    }

    /// The log has this leaf at this place.
    pub(super) fn log_has(&mut self, place: u64, leaf: &NodeHash) {
        let print = self.fingerprint(&(place, leaf.as_bytes()));
        if let Some(sum) = self.leaves.get_mut(tile_of(place)) {
            *sum = plus(*sum, print);
        }
    }

    /// An entry of this leaf says that it stands at this place. False where the log has no such place.
    pub(super) fn entry_has(&mut self, place: u64, leaf: &NodeHash, name: &FileName, n: u64) -> bool {
        if place >= self.size {
            return false;
        }
        let (print, named) = (self.fingerprint(&(place, leaf.as_bytes())), self.fingerprint(&(place, name, n)));
        let at = tile_of(place);
        if let (Some(sum), Some(names)) = (self.leaves.get_mut(at), self.names.get_mut(at)) {
            *sum = minus(*sum, print);
            *names = plus(*names, named);
        }
        true
    }

    /// The first places of the tiles in which log and entries differ.
    pub(super) fn differing(&self) -> impl Iterator<Item = u64> {
        (0..).step_by(usize::try_from(WIDTH).unwrap_or(1)).zip(&self.leaves).filter(|(_, sum)| **sum != [0; 2]).map(|(first, _)| first)
    }

    /// Whether these are the names of the entries that stand in the tile from this place on.
    pub(super) fn has_names(&self, first: u64, named: &[(FileName, u64)]) -> bool {
        let sum = (first..).zip(named).fold([0; 2], |sum, (place, (name, n))| plus(sum, self.fingerprint(&(place, name, *n))));
        self.names.get(tile_of(first)) == Some(&sum)
    }
}

fn plus(a: Sum, b: Sum) -> Sum {
    [a[0].wrapping_add(b[0]), a[1].wrapping_add(b[1])]
}

fn minus(a: Sum, b: Sum) -> Sum {
    [a[0].wrapping_sub(b[0]), a[1].wrapping_sub(b[1])]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(byte: u8) -> NodeHash {
        NodeHash::from_bytes([byte; 32])
    }

    #[test]
    fn what_two_were_told_is_what_one_is_told() {
        let (row, other) = (ActRow { file: 1, first: 2, last: 3 }, ActRow { file: 1, first: 2, last: 4 });
        let mut tally = Tally::new(300);
        (0..300).for_each(|place| tally.log_has(place, &hash(1)));
        let mut second = tally.another();
        (0..150).for_each(|place| assert!(tally.entry_has(place, &hash(1), &[1; 16], place)));
        (150..300).for_each(|place| assert!(second.entry_has(place, &hash(1), &[1; 16], place)));
        second.act_came(&[1; 16], &row);
        assert!(tally.differing().next().is_some() && tally.acts_agree());
        tally.join(&second);
        assert!(tally.differing().next().is_none() && !tally.acts_agree());
        tally.act_kept(&[1; 16], &other);
        assert!(!tally.acts_agree());
        tally.act_came(&[1; 16], &other);
        tally.act_kept(&[1; 16], &row);
        assert!(tally.acts_agree());
    }

    #[test]
    fn two_that_changed_places_two_of_one_and_one_that_is_missing_differ() {
        let told = |entries: &[(u64, u8)]| {
            let mut tally = Tally::new(300);
            (0..300).for_each(|place| tally.log_has(place, &hash(place as u8)));
            entries.iter().for_each(|(place, byte)| assert!(tally.entry_has(*place, &hash(*byte), &[*byte; 16], 1)));
            tally.differing().collect::<Vec<_>>()
        };
        let all: Vec<(u64, u8)> = (0..300).map(|place| (place, place as u8)).collect();
        assert_eq!(told(&all), [0; 0]);
        let mut swapped = all.clone();
        (swapped[3].1, swapped[4].1) = (all[4].1, all[3].1);
        assert_eq!(told(&swapped), [0]);
        assert_eq!(told(&all[..299]), [256]);
        assert_eq!(told(&[all.as_slice(), &all[..1]].concat()), [0]);
        let mut tally = Tally::new(300);
        assert!(!tally.entry_has(300, &hash(0), &[0; 16], 1));
        assert!(tally.entry_has(299, &hash(0), &[7; 16], 1));
        assert!(!tally.has_names(256, &[([7; 16], 1)]));
        let mut named = vec![([0; 16], 0); 43];
        named.push(([7; 16], 1));
        assert!(!tally.has_names(256, &named));
    }
}
