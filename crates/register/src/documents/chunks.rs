//! The pieces of a stored document: each closed for its number and for whether it is the last.
//!
//! So a piece that is left out, moved, repeated, or taken from another document does not open, and a document that was cut has no last.

use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};

use crate::keys::chance::Secret;

/// What every stored document begins with: its format, and the size of pieces as a power of two. It is bound to each piece.
pub(super) const HEADER: [u8; 8] = *b"OWdoc\x01\x10\x00";
/// How many bytes of a document are in a piece.
pub(super) const PLAIN: usize = 1 << 16;
pub(super) const TAG: usize = 16;
/// The last eight bytes within are the length of the document.
pub(super) const LENGTH: u64 = 8;
/// The smallest size within: a page of text and a blank one look alike.
const PADDED_MIN: u64 = 4096;

/// Whether a piece is the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Last,
    More,
}

/// The length of a document within its pieces: eight steps to each doubling.
pub(super) const fn padded(bytes: u64) -> u64 {
    let bytes = bytes + LENGTH;
    if bytes <= PADDED_MIN {
        return PADDED_MIN;
    }
    let step = 1 << (bytes.ilog2() - 3);
    bytes.div_ceil(step) * step
}

/// Number and end are the nonce. The key is random and closes one document only, so no nonce is used twice.
fn nonce(number: u64, end: End) -> XNonce {
    let mut nonce = [0; 24];
    let (_, tail) = nonce.split_at_mut(15);
    if let Some((number_bytes, end_byte)) = tail.split_first_chunk_mut::<8>() {
        *number_bytes = number.to_be_bytes();
        end_byte.fill(u8::from(end == End::Last));
    }
    XNonce::from(nonce)
}

/// Closes a piece in its place and gives its tag.
pub(super) fn seal(key: &Secret, number: u64, end: End, piece: &mut [u8]) -> Option<[u8; TAG]> {
    let cipher = XChaCha20Poly1305::new(key.bytes().into());
    cipher.encrypt_inout_detached(&nonce(number, end), &HEADER, piece.into()).ok().map(Into::into)
}

/// Opens a piece in its place; none where it is not the piece of this number, end and key.
pub(super) fn open(key: &Secret, number: u64, end: End, piece: &mut [u8], tag: &[u8; TAG]) -> Option<()> {
    let cipher = XChaCha20Poly1305::new(key.bytes().into());
    cipher.decrypt_inout_detached(&nonce(number, end), &HEADER, piece.into(), &Tag::from(*tag)).ok()
}
