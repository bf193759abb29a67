//! The right edge of a growing tree: one hash for each whole subtree that no other covers. Enough to append and to know the root.
//!
//! Deliberately absent: proofs, which need the nodes inside.

use super::{EMPTY_ROOT, node};
use crate::digest::NodeHash;

/// A tree by its size and the roots of its largest whole subtrees, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<NodeHash>,
}

impl Frontier {
    /// A tree without leaves.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, peaks: Vec::new() }
    }

    /// A tree of this size with these subtrees; none where their number does not fit the size.
    #[must_use]
    pub fn resume(size: u64, peaks: Vec<NodeHash>) -> Option<Self> {
        (peaks.len() == size.count_ones() as usize).then_some(Self { size, peaks })
    }

    /// How many leaves it has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of its largest whole subtrees, the largest first: one for each binary digit 1 of the size.
    #[must_use]
    pub fn peaks(&self) -> &[NodeHash] {
        &self.peaks
    }

    /// Appends a leaf. A tree of 2^64 - 1 leaves is full and stays as it is.
    pub fn push(&mut self, leaf: NodeHash) {
        let Some(size) = self.size.checked_add(1) else { return };
        let mut grown = leaf;
        // Each trailing 1 of the old size is a subtree as large as the one that grows: the two become one.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                grown = node(&left, &grown);
            }
        }
        self.peaks.push(grown);
        self.size = size;
        // INVARIANT: one peak for each binary digit 1 of the size.
        debug_assert_eq!(self.peaks.len(), self.size.count_ones() as usize);
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> NodeHash {
        let mut peaks = self.peaks.iter().rev();
        let Some(smallest) = peaks.next() else { return EMPTY_ROOT };
        peaks.fold(*smallest, |right, left| node(left, &right))
    }
}
