//! The log as a Merkle tree: RFC 6962, section 2.1, and RFC 9162, section 2.1, with SHA-256.
//!
//! The record of a leaf is an entry hash and nothing else. [`prove`] makes proofs from nodes, [`verify`] checks them by another way of
//! counting, [`Frontier`] grows a tree without keeping it. Deliberately absent: where nodes are kept ([`crate::tiles`]).

mod frontier;
pub mod prove;
pub mod verify;

pub use frontier::Frontier;

use sha2::{Digest as _, Sha256};

use crate::digest::{EntryHash, NodeHash};

/// The most hashes of a proof: a tree of 2^63 leaves has no longer path.
pub const PROOF_MAX: usize = 63;

/// The root of a tree without leaves: `SHA-256("")`.
pub const EMPTY_ROOT: NodeHash = NodeHash::from_bytes([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
    0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

/// `SHA-256(0x00 ‖ entry hash)`.
#[must_use]
pub fn leaf(record: &EntryHash) -> NodeHash {
    leaf_of(record.as_bytes())
}

/// `SHA-256(0x00 ‖ record)` for any record. The logs of others hold other things than entry hashes.
#[must_use]
pub fn leaf_of(record: &[u8]) -> NodeHash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(record);
    NodeHash::from_bytes(hasher.finalize().into())
}

/// `SHA-256(0x01 ‖ left ‖ right)`.
#[must_use]
pub fn node(left: &NodeHash, right: &NodeHash) -> NodeHash {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left.as_bytes());
    hasher.update(right.as_bytes());
    NodeHash::from_bytes(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_root_is_the_hash_of_nothing() {
        assert_eq!(EMPTY_ROOT.as_bytes(), &<[u8; 32]>::from(Sha256::digest(b"")));
    }
}
