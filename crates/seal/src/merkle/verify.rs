//! Checking proofs: RFC 9162, sections 2.1.3.2 and 2.1.4.2.
//!
//! Deliberately absent: nodes. Whoever checks has a proof and two heads, nothing else.

use std::fmt;

use super::{EMPTY_ROOT, node};
use crate::digest::NodeHash;

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// The leaf is not within the tree.
    NoSuchLeaf {
        /// The leaf.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The old tree is larger than the new.
    OldIsLarger {
        /// The size of the old tree.
        old: u64,
        /// The size of the new tree.
        new: u64,
    },
    /// The proof is longer or shorter than one between these sizes.
    Length {
        /// How many hashes it has.
        found: usize,
    },
    /// The path does not lead to the root.
    Root,
    /// The path does not lead to the root of the old tree.
    OldRoot,
    /// The path does not lead to the root of the new tree.
    NewRoot,
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchLeaf { index, size } => write!(f, "OW-SEAL-040 leaf {index} is not within a log of {size} leaves"),
            Self::OldIsLarger { old, new } => write!(f, "OW-SEAL-041 the older log has {old} leaves, more than the {new} of the newer"),
            Self::Length { found } => write!(f, "OW-SEAL-042 no proof between these sizes has {found} hashes"),
            Self::Root => f.write_str("OW-SEAL-043 the path does not lead to the root of the log"),
            Self::OldRoot => f.write_str("OW-SEAL-044 the proof does not lead to the root of the older log"),
            Self::NewRoot => f.write_str("OW-SEAL-045 the proof does not lead to the root of the newer log"),
        }
    }
}

impl std::error::Error for ProofError {}

/// Whether the leaf stands at `index` in the tree of this size and root.
///
/// # Errors
/// Where the path does not prove it.
pub fn inclusion(leaf: &NodeHash, index: u64, size: u64, path: &[NodeHash], root: &NodeHash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::NoSuchLeaf { index, size });
    }
    let wrong_length = ProofError::Length { found: path.len() };
    let (mut at, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for step in path {
        if last == 0 {
            return Err(wrong_length);
        }
        if at % 2 == 1 || at == last {
            hash = node(step, &hash);
            // A node at the right edge has no brother: it is carried up until it is a right child.
            while at % 2 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, step);
        }
        at >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Whether the tree of size `old` is the beginning of the tree of size `new`.
///
/// # Errors
/// Where the proof does not show it.
pub fn consistency(old: u64, old_root: &NodeHash, new: u64, new_root: &NodeHash, path: &[NodeHash]) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::OldIsLarger { old, new });
    }
    let wrong_length = ProofError::Length { found: path.len() };
    if old == 0 || old == new {
        if !path.is_empty() {
            return Err(wrong_length);
        }
        if old == 0 && *old_root != EMPTY_ROOT {
            return Err(ProofError::OldRoot);
        }
        return if old == new && old_root != new_root { Err(ProofError::NewRoot) } else { Ok(()) };
    }
    // Where the old tree is one whole subtree, its root begins the path, and the proof leaves it out.
    let mut steps = path.iter();
    let first = if old.is_power_of_two() { old_root } else { steps.next().ok_or(wrong_length)? };
    let (mut at, mut last) = (old - 1, new - 1);
    while at % 2 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (*first, *first);
    for step in steps {
        if last == 0 {
            return Err(wrong_length);
        }
        if at % 2 == 1 || at == last {
            old_hash = node(step, &old_hash);
            new_hash = node(step, &new_hash);
            while at % 2 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node(&new_hash, step);
        }
        at >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if old_hash != *old_root {
        return Err(ProofError::OldRoot);
    }
    if new_hash == *new_root { Ok(()) } else { Err(ProofError::NewRoot) }
}
