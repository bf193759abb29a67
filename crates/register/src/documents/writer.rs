//! Writing a document: pieces are closed as bytes come, and the address is known at the end.
//!
//! Until it is finished it lies under a name in `new/` that no entry has. Deliberately absent: going on after a failure.

use std::fmt;
use std::io::{self, Write};

use futures_executor::block_on;
use object_store::{MultipartUpload, ObjectStoreExt as _, PutPayload, path::Path as Key};
use openward_seal::document::Stated;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::chunks::{self, End};
use super::store::{Documents, key_of, unfinished_key};
use super::{Address, DOCUMENT_BYTES_MAX, DocumentError, Reference};
use crate::keys::chance::Secret;

/// What is sent to the store at once. Object stores want at least five mebibytes for each part but the last.
const PART: usize = 8 << 20;

/// A document on its way into the store. Dropped before it is finished, it leaves nothing.
pub struct Writer<'a> {
    documents: &'a Documents,
    key: Secret,
    at: Key,
    allowed: u64,
    /// How many bytes were given.
    length: u64,
    /// The piece that is being filled. It is closed when the next byte comes, because only then is it known not to be the last.
    piece: Zeroizing<Vec<u8>>,
    /// The number of that piece.
    number: u64,
    /// Closed pieces that were not yet sent.
    part: Vec<u8>,
    hash: Sha256,
    /// Over what was given, unencrypted.
    plain: Sha256,
    upload: Option<Box<dyn MultipartUpload>>,
    has_failed: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(documents: &'a Documents, allowed: u64) -> Result<Self, DocumentError> {
        Ok(Self {
            documents,
            key: documents.chance().secret()?,
            at: unfinished_key(documents.chance())?,
            allowed: allowed.min(DOCUMENT_BYTES_MAX),
            length: 0,
            piece: Zeroizing::new(Vec::with_capacity(chunks::PLAIN)),
            number: 0,
            part: chunks::HEADER.to_vec(),
            hash: Sha256::new(),
            plain: Sha256::new(),
            upload: None,
            has_failed: false,
        })
    }

    /// Closes the last piece, makes the document durable, and gives it its address.
    ///
    /// # Errors
    /// A store that does not take it. Then it is not there.
    pub fn finish(mut self) -> Result<Reference, DocumentError> {
        if self.has_failed {
            return Err(DocumentError::Folder(io::Error::other("an earlier write of this document failed")));
        }
        let padding = chunks::padded(self.length) - chunks::LENGTH - self.length;
        let zeros = [0; 4096];
        let mut left = padding;
        while left > 0 {
            let some = zeros.get(..usize::try_from(left).unwrap_or(zeros.len())).unwrap_or(&zeros);
            self.feed(some)?;
            left -= some.len() as u64;
        }
        self.feed(&self.length.to_be_bytes())?;
        self.close_piece(End::Last)?;
        let rest = std::mem::take(&mut self.part);
        self.hash.update(&rest);
        match &mut self.upload {
            Some(upload) => {
                block_on(upload.put_part(PutPayload::from(rest))).map_err(DocumentError::Store)?;
                block_on(upload.complete()).map_err(DocumentError::Store)?;
            }
            None => {
                block_on(self.documents.store().put(&self.at, PutPayload::from(rest))).map_err(DocumentError::Store)?;
            }
        }
        self.upload = None;
        let address = Address::from_bytes(std::mem::take(&mut self.hash).finalize().into());
        block_on(self.documents.store().rename(&self.at, &key_of(&address))).map_err(DocumentError::Store)?;
        let key = std::mem::replace(&mut self.key, Secret::empty());
        let sha256 = std::mem::take(&mut self.plain).finalize().into();
        Ok(Reference::new(address, key, Stated { bytes: self.length, sha256 }))
    }

    /// Takes bytes in, whatever they mean.
    fn feed(&mut self, mut bytes: &[u8]) -> Result<(), DocumentError> {
        while !bytes.is_empty() {
            if self.piece.len() == chunks::PLAIN {
                self.close_piece(End::More)?;
            }
            let room = chunks::PLAIN - self.piece.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn close_piece(&mut self, end: End) -> Result<(), DocumentError> {
        let tag = chunks::seal(&self.key, self.number, end, &mut self.piece).ok_or(DocumentError::TooLong { allowed: self.allowed })?;
        self.part.extend_from_slice(&self.piece);
        self.part.extend_from_slice(&tag);
        self.piece.clear();
        self.number += 1;
        if end == End::More && self.part.len() >= PART { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> Result<(), DocumentError> {
        let part = std::mem::take(&mut self.part);
        self.hash.update(&part);
        let upload = match &mut self.upload {
            Some(upload) => upload,
            none => none.insert(block_on(self.documents.store().put_multipart(&self.at)).map_err(DocumentError::Store)?),
        };
        block_on(upload.put_part(PutPayload::from(part))).map_err(DocumentError::Store)
    }
}

impl Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.has_failed {
            return Err(io::Error::other("an earlier write of this document failed"));
        }
        let length = self.length + bytes.len() as u64;
        let fed = if length > self.allowed { Err(DocumentError::TooLong { allowed: self.allowed }) } else { self.feed(bytes) };
        // INVARIANT: after a failure some of the bytes may be in; nothing more is taken, and it is never finished.
        self.has_failed = fed.is_err();
        fed?;
        self.plain.update(bytes);
        self.length = length;
        Ok(bytes.len())
    }

    /// Sends nothing: pieces go to the store as they become full, and are durable when the document is finished.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        if let Some(upload) = &mut self.upload {
            // What cannot be removed now is found later by its name.
            let _ = block_on(upload.abort());
        }
    }
}

impl fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Writer({} bytes)", self.length)
    }
}
