//! Making proofs: which nodes a proof holds, from the definition in RFC 6962, section 2.1.1 and 2.1.2.
//!
//! Deliberately absent: checking them. [`super::verify`] counts in another way, so that one mistake cannot hide in both.

use super::{EMPTY_ROOT, node};
use crate::digest::NodeHash;

/// The nodes of a tree: node `index` of `level` covers the `2^level` leaves from `index * 2^level` on. Only whole subtrees are asked for.
pub trait Nodes {
    /// Why a node cannot be had.
    type Error;

    /// One node.
    ///
    /// # Errors
    /// Where the node cannot be had.
    fn node(&self, level: u32, index: u64) -> Result<NodeHash, Self::Error>;
}

/// The root of the tree's first `size` leaves.
///
/// # Errors
/// Where a node cannot be had.
pub fn root<N: Nodes>(nodes: &N, size: u64) -> Result<NodeHash, N::Error> {
    if size == 0 { Ok(EMPTY_ROOT) } else { range(nodes, 0, size) }
}

/// The path from leaf `index` to the root of the tree of `size` leaves, from the bottom up; none where there is no such leaf.
///
/// # Errors
/// Where a node cannot be had.
pub fn inclusion<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Option<Vec<NodeHash>>, N::Error> {
    if index >= size {
        return Ok(None);
    }
    let mut path = Vec::new();
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            path.push(range(nodes, middle, to)?);
            to = middle;
        } else {
            path.push(range(nodes, from, middle)?);
            from = middle;
        }
    }
    path.reverse();
    Ok(Some(path))
}

/// The proof that the tree of `old` leaves is the beginning of the tree of `new` leaves; none where `old` is larger.
///
/// # Errors
/// Where a node cannot be had.
pub fn consistency<N: Nodes>(nodes: &N, old: u64, new: u64) -> Result<Option<Vec<NodeHash>>, N::Error> {
    if old > new {
        return Ok(None);
    }
    // Nothing is to be shown about an empty tree, or about the same tree.
    if old == 0 || old == new {
        return Ok(Some(Vec::new()));
    }
    let mut path = Vec::new();
    let (mut from, mut to) = (0, new);
    // INVARIANT: from < old <= to.
    while old < to {
        let middle = from + split(to - from);
        if old <= middle {
            path.push(range(nodes, middle, to)?);
            to = middle;
        } else {
            path.push(range(nodes, from, middle)?);
            from = middle;
        }
    }
    // The old tree's own root is known to who checks; any other subtree must be told.
    if from != 0 {
        path.push(range(nodes, from, to)?);
    }
    path.reverse();
    Ok(Some(path))
}

/// The largest power of two that is smaller than the number of leaves, which is at least two.
const fn split(leaves: u64) -> u64 {
    1 << (u64::BITS - 1 - (leaves - 1).leading_zeros())
}

/// The root of the leaves `from..to`; `from` is a multiple of the largest power of two within the range, as it is for every subtree.
fn range<N: Nodes>(nodes: &N, from: u64, to: u64) -> Result<NodeHash, N::Error> {
    let mut whole = Vec::new();
    let mut at = from;
    while at < to {
        let level = u64::BITS - 1 - (to - at).leading_zeros();
        whole.push(nodes.node(level, at >> level)?);
        at += 1 << level;
    }
    let mut parts = whole.iter().rev();
    let Some(last) = parts.next() else { return Ok(EMPTY_ROOT) };
    Ok(parts.fold(*last, |right, left| node(left, &right)))
}

/// A tree whose every node is in memory: for small logs, tests and measurements.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    levels: Vec<Vec<NodeHash>>,
}

/// A node that the tree does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoNode;

impl Tree {
    /// A tree without leaves.
    #[must_use]
    pub const fn new() -> Self {
        Self { levels: Vec::new() }
    }

    /// How many leaves it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Appends a leaf.
    pub fn push(&mut self, leaf: NodeHash) {
        let mut grown = leaf;
        let mut level = 0;
        loop {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let Some(row) = self.levels.get_mut(level) else { return };
            row.push(grown);
            let [.., left, right] = row.as_slice() else { return };
            if row.len() % 2 == 1 {
                return;
            }
            grown = node(left, right);
            level += 1;
        }
    }
}

impl Nodes for Tree {
    type Error = NoNode;

    fn node(&self, level: u32, index: u64) -> Result<NodeHash, NoNode> {
        let row = self.levels.get(level as usize).ok_or(NoNode)?;
        usize::try_from(index).ok().and_then(|index| row.get(index)).copied().ok_or(NoNode)
    }
}
