//! One part of an entry and its hash: the header, the fact, a free text, a document.
//!
//! A part is hashed with a salt of its own, so that its hash alone tells nothing about short contents, and any part can be withheld
//! while the rest is still checked. Deliberately absent: what the bytes mean, and where salts come from.

use sha2::{Digest as _, Sha256};

use crate::digest::PartHash;

/// What every hashed part begins with. Sixteen bytes; no other kind of hash begins so.
pub const TAG: &[u8; 16] = b"openward/part/1\n";

/// Length of a salt.
pub const SALT_BYTES: usize = 32;

/// Thirty-two random bytes that keep the contents of a part from being guessed. The caller draws them, one for each part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; SALT_BYTES]);

impl Salt {
    /// From bytes that nobody can guess and that are used for one part only.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; SALT_BYTES]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; SALT_BYTES] {
        &self.0
    }
}

impl std::fmt::Debug for Salt {
    // A salt that reaches a log undoes what it is for.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// `SHA-256(tag ‖ salt ‖ bytes)`, over the bytes as they are kept.
#[must_use]
pub fn hash(salt: &Salt, bytes: &[u8]) -> PartHash {
    let mut hasher = Sha256::new();
    hasher.update(TAG);
    hasher.update(salt.as_bytes());
    hasher.update(bytes);
    PartHash::from_bytes(hasher.finalize().into())
}

/// The hash of a part that comes in pieces, such as a large document.
pub struct Hasher(Sha256);

impl Hasher {
    /// Begins a part.
    #[must_use]
    pub fn new(salt: &Salt) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(TAG);
        hasher.update(salt.as_bytes());
        Self(hasher)
    }

    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The hash of all pieces together.
    #[must_use]
    pub fn finish(self) -> PartHash {
        PartHash::from_bytes(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_hash_like_the_whole() {
        let salt = Salt::from_bytes([7; 32]);
        let mut hasher = Hasher::new(&salt);
        hasher.update(b"one ");
        hasher.update(b"");
        hasher.update(b"two");
        assert_eq!(hasher.finish(), hash(&salt, b"one two"));
    }

    #[test]
    fn the_same_bytes_under_another_salt_have_another_hash() {
        assert_ne!(hash(&Salt::from_bytes([1; 32]), b"yes"), hash(&Salt::from_bytes([2; 32]), b"yes"));
    }

    #[test]
    fn a_salt_is_not_shown() {
        assert_eq!(format!("{:?}", Salt::from_bytes([65; 32])), "Salt(…)");
    }
}
