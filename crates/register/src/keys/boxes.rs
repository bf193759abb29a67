//! Boxes: bytes encrypted under one key for one place. A box that was changed, or that lies in another place, does not open.
//!
//! XChaCha20-Poly1305 with a random nonce; the place is associated data. Contents are padded to steps, so that a size tells little.
//! Deliberately absent: long contents. What may be long is a document.

use std::fmt;

use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::chance::{Chance, NoChance, Secret};
use super::{Domain, Pseudonym};

/// The longest content of a box: a long free text is a hundredth of it. What is longer is a document.
pub const CONTENT_BYTES_MAX: usize = 16 << 20;

/// The first byte of every box.
const VERSION: u8 = 1;
const NONCE: usize = 24;
const TAG: usize = 16;
/// Version and nonce stand in front.
const FRONT: usize = 1 + NONCE;
/// The length of the content stands before it, encrypted.
const LENGTH: usize = 4;
/// The smallest step of sizes.
const STEP: usize = 64;

/// Where a box belongs. Each field is bound to the box: in any other place it does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table and what it holds there, such as `part`. One word has one meaning for ever.
    pub table: &'static str,
    /// The file it belongs to.
    pub file: Pseudonym,
    /// The number of the entry in its file, or another number of the row.
    pub n: u64,
    /// The part within the entry, or another number of the column.
    pub i: u32,
    /// Whatever else must not change unseen: a hash in clear beside the box, the id of the register.
    pub extra: &'a [u8],
}

impl Place<'_> {
    /// What is authenticated beside the content. Every field has a length or is fixed, so no two places have the same bytes.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.table.len() + self.extra.len());
        bytes.extend_from_slice(b"openward box");
        bytes.push(VERSION);
        bytes.extend_from_slice(&(self.table.len() as u64).to_be_bytes());
        bytes.extend_from_slice(self.table.as_bytes());
        bytes.extend_from_slice(self.file.as_bytes());
        bytes.extend_from_slice(&self.n.to_be_bytes());
        bytes.extend_from_slice(&self.i.to_be_bytes());
        bytes.extend_from_slice(&(self.extra.len() as u64).to_be_bytes());
        bytes.extend_from_slice(self.extra);
        bytes
    }
}

/// Why a box did not close or open. It says nothing of what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoxError {
    /// The content is longer than a box may hold.
    TooLong,
    /// There were no random bytes for the nonce.
    Chance,
    /// It is too short, or its first byte is of a version not known here.
    Format,
    /// It was changed, it belongs to another place, or it was closed with another key. Which of the three cannot be told.
    Opens,
}

impl fmt::Display for BoxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chance => return NoChance.fmt(f),
            Self::TooLong => "OW-KEYS-010 the content is too long for a box; keep it as a document",
            Self::Format => "OW-KEYS-011 this is no box, or one of a newer version of the program",
            Self::Opens => "OW-KEYS-012 the box does not open: it was changed, moved to another place, or closed with another key",
        })
    }
}

impl std::error::Error for BoxError {}

impl From<NoChance> for BoxError {
    fn from(_: NoChance) -> Self {
        Self::Chance
    }
}

/// The key of one file in one domain. It is wiped from memory when dropped, and never shown.
pub struct FileKey {
    domain: Domain,
    file: Pseudonym,
    key: Secret,
    chance: Chance,
}

impl FileKey {
    pub(super) const fn new(domain: Domain, file: Pseudonym, key: Secret, chance: Chance) -> Self {
        Self { domain, file, key, chance }
    }

    /// The domain it is of.
    #[must_use]
    pub const fn domain(&self) -> Domain {
        self.domain
    }

    /// The file it is of.
    #[must_use]
    pub const fn file(&self) -> Pseudonym {
        self.file
    }

    /// Closes a box for a place.
    ///
    /// # Errors
    /// A content that is too long, or a system without random bytes.
    pub fn seal(&self, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, BoxError> {
        seal(&self.key, place, plain, &self.chance)
    }

    /// Opens the box of a place.
    ///
    /// # Errors
    /// A box that was changed, moved, or closed with another key.
    pub fn open(&self, place: &Place<'_>, boxed: &[u8]) -> Result<Zeroizing<Vec<u8>>, BoxError> {
        open(&self.key, place, boxed)
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileKey({}, {})", self.domain, self.file)
    }
}

/// The size in bytes of the box around a content of this length: the only thing that a box tells about what is in it.
#[must_use]
pub const fn boxed_bytes(content: usize) -> usize {
    FRONT + padded(LENGTH + content) + TAG
}

/// The next size up: multiples of 64 bytes to 1024, after that eight steps to each doubling.
pub(crate) const fn padded(bytes: usize) -> usize {
    let eighth = if bytes < 8 * STEP { STEP } else { 1 << (bytes.ilog2() - 3) };
    bytes.div_ceil(eighth) * eighth
}

pub(super) fn seal(key: &Secret, place: &Place<'_>, plain: &[u8], chance: &Chance) -> Result<Vec<u8>, BoxError> {
    if plain.len() > CONTENT_BYTES_MAX {
        return Err(BoxError::TooLong);
    }
    let length = u32::try_from(plain.len()).map_err(|_| BoxError::TooLong)?;
    let nonce: [u8; NONCE] = chance.bytes()?;
    let mut boxed = Vec::with_capacity(boxed_bytes(plain.len()));
    boxed.push(VERSION);
    boxed.extend_from_slice(&nonce);
    boxed.extend_from_slice(&length.to_be_bytes());
    boxed.extend_from_slice(plain);
    boxed.resize(boxed_bytes(plain.len()) - TAG, 0);
    let (_, content) = boxed.split_at_mut(FRONT);
    let tag = cipher(key).encrypt_inout_detached(&XNonce::from(nonce), &place.bytes(), content.into()).map_err(|_| BoxError::TooLong)?;
    boxed.extend_from_slice(&tag);
    Ok(boxed)
}

pub(super) fn open(key: &Secret, place: &Place<'_>, boxed: &[u8]) -> Result<Zeroizing<Vec<u8>>, BoxError> {
    let (&version, rest) = boxed.split_first().ok_or(BoxError::Format)?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(BoxError::Format)?;
    let (content, tag) = rest.split_last_chunk::<TAG>().ok_or(BoxError::Format)?;
    if version != VERSION || content.len() < LENGTH || content.len() > padded(LENGTH + CONTENT_BYTES_MAX) {
        return Err(BoxError::Format);
    }
    let mut content = Zeroizing::new(content.to_vec());
    cipher(key)
        .decrypt_inout_detached(&XNonce::from(*nonce), &place.bytes(), content.as_mut_slice().into(), &Tag::from(*tag))
        .map_err(|_| BoxError::Opens)?;
    let (length, _) = content.split_first_chunk::<LENGTH>().ok_or(BoxError::Format)?;
    let end = LENGTH + u32::from_be_bytes(*length) as usize;
    if end > content.len() {
        return Err(BoxError::Format);
    }
    content.truncate(end);
    content.drain(..LENGTH);
    Ok(content)
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.bytes().into())
}
