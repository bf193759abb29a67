//! Reading a document: each piece is checked before a byte of it is given out, and the whole against its address at the end.
//!
//! Deliberately absent: reading from the middle. Whoever shows a document has seen all of it.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;

use futures_executor::{BlockingStream, block_on, block_on_stream};
use object_store::{GetResultPayload, ObjectStoreExt as _};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use super::chunks::{self, End};
use super::store::{Documents, key_of};
use super::{Address, Damage, DocumentError, Reference, stored_bytes};
use crate::keys::chance::Secret;

type Pieces = Pin<Box<dyn futures_core::Stream<Item = object_store::Result<bytes::Bytes>> + Send>>;

/// What is stored, as a plain reader.
pub(super) enum Stored {
    File(File),
    Stream { pieces: BlockingStream<Pieces>, rest: bytes::Bytes },
}

impl Read for Stored {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::Stream { pieces, rest } => {
                while rest.is_empty() {
                    match pieces.next() {
                        Some(next) => *rest = next.map_err(|error| io::Error::from(DocumentError::Store(error)))?,
                        None => return Ok(0),
                    }
                }
                let now = rest.split_to(into.len().min(rest.len()));
                into.iter_mut().zip(&now).for_each(|(into, from)| *into = *from);
                Ok(now.len())
            }
        }
    }
}

/// Opens what is stored at an address; with its size.
pub(super) fn stored(documents: &Documents, address: Address) -> Result<(Stored, u64), DocumentError> {
    let got = block_on(documents.store().get(&key_of(&address))).map_err(|error| DocumentError::store(address, error))?;
    let size = got.meta.size;
    Ok(match got.payload {
        GetResultPayload::File(file, _) => (Stored::File(file), size),
        GetResultPayload::Stream(pieces) => (Stored::Stream { pieces: block_on_stream(pieces), rest: bytes::Bytes::new() }, size),
    })
}

/// A document on its way out. Its end is reached only if all of it is as it was stored: whoever needs certainty reads to the end first.
pub struct Reader {
    address: Address,
    key: Secret,
    from: Stored,
    hash: Sha256,
    /// The piece that is being given out.
    piece: Zeroizing<Vec<u8>>,
    /// How many bytes of it were given out.
    given: usize,
    /// The number of the next piece.
    number: u64,
    /// How many bytes within the pieces are still to come.
    within: u64,
    /// How many bytes of the document are in pieces to come.
    left: u64,
    length: u64,
    /// Over what is given out, and what it must be.
    plain: Sha256,
    sha256: [u8; 32],
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    Done,
    /// With what is wrong; none where the store could not be read.
    Failed(Option<Damage>),
}

impl Reader {
    pub(super) fn new(documents: &Documents, reference: &Reference) -> Result<Self, DocumentError> {
        let address = reference.address();
        let (mut from, found) = stored(documents, address)?;
        let needed = stored_bytes(reference.bytes());
        if found != needed {
            // A wrong length in the reference looks the same from outside; the address tells the two apart.
            let damage = if is_as_stored(&mut from, Sha256::new(), address)? { Damage::Reference } else { Damage::Size { found, needed } };
            return Err(DocumentError::Damaged(address, damage));
        }
        let mut reader = Self {
            address,
            key: Secret::copied(reference.key().bytes()).ok_or(DocumentError::Reference)?,
            from,
            hash: Sha256::new(),
            piece: Zeroizing::new(Vec::with_capacity(chunks::PLAIN + chunks::TAG)),
            given: 0,
            number: 0,
            within: chunks::padded(reference.bytes()),
            left: reference.bytes(),
            length: reference.bytes(),
            plain: Sha256::new(),
            sha256: *reference.sha256(),
            state: State::Reading,
        };
        let mut header = chunks::HEADER;
        reader.fetch(&mut header)?;
        if header == chunks::HEADER { Ok(reader) } else { Err(reader.fail()?) }
    }

    /// Reads so many stored bytes.
    fn fetch(&mut self, into: &mut [u8]) -> Result<(), DocumentError> {
        match self.from.read_exact(into) {
            Ok(()) => {
                self.hash.update(into);
                Ok(())
            }
            // It was cut between the opening and now.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(DocumentError::Damaged(self.address, Damage::Changed)),
            Err(error) => Err(DocumentError::from_io(error, DocumentError::Folder)),
        }
    }

    /// What to say of a piece that does not open: the hash of the whole tells whether the store or the reference is wrong.
    fn fail(&mut self) -> Result<DocumentError, DocumentError> {
        let hash = std::mem::take(&mut self.hash);
        let damage = if is_as_stored(&mut self.from, hash, self.address)? { Damage::Reference } else { Damage::Changed };
        self.state = State::Failed(Some(damage));
        Ok(DocumentError::Damaged(self.address, damage))
    }

    /// Opens the next piece; after the last one, checks the whole.
    fn next(&mut self) -> Result<(), DocumentError> {
        let plain = self.within.min(chunks::PLAIN as u64);
        let end = if plain == self.within { End::Last } else { End::More };
        let size = usize::try_from(plain).unwrap_or(chunks::PLAIN);
        let mut piece = std::mem::take(&mut self.piece);
        piece.zeroize();
        piece.resize(size + chunks::TAG, 0);
        let taken = self.fetch(&mut piece);
        self.piece = piece;
        taken?;
        let opened = self
            .piece
            .split_last_chunk_mut::<{ chunks::TAG }>()
            .and_then(|(piece, tag)| chunks::open(&self.key, self.number, end, piece, tag));
        if opened.is_none() {
            self.piece.zeroize();
            return Err(self.fail()?);
        }
        self.piece.truncate(size);
        self.given = 0;
        self.number += 1;
        self.within -= plain;
        if end == End::Last {
            self.check_end()?;
        }
        let content = usize::try_from(self.left.min(plain)).unwrap_or(size);
        let is_padded =
            self.piece.get(content..size.saturating_sub(if end == End::Last { 8 } else { 0 })).unwrap_or(&[]).iter().all(|byte| *byte == 0);
        if !is_padded {
            return Err(self.fail()?);
        }
        self.piece.truncate(content);
        self.plain.update(&self.piece);
        if end == End::Last && <[u8; 32]>::from(std::mem::take(&mut self.plain).finalize()) != self.sha256 {
            // All of it opened, so the store has it as it was written.
            self.state = State::Failed(Some(Damage::Reference));
            self.piece.zeroize();
            return Err(DocumentError::Damaged(self.address, Damage::Reference));
        }
        self.left -= content as u64;
        Ok(())
    }

    /// The length within must be the one of the reference, and the whole must have the address it was asked for by.
    fn check_end(&mut self) -> Result<(), DocumentError> {
        let is_length = self.piece.ends_with(&self.length.to_be_bytes());
        let hash = self.hash.clone();
        let damage = match (is_as_stored(&mut self.from, hash, self.address)?, is_length) {
            (true, true) => return Ok(()),
            (true, false) => Damage::Reference,
            (false, _) => Damage::Changed,
        };
        self.state = State::Failed(Some(damage));
        self.piece.zeroize();
        Err(DocumentError::Damaged(self.address, damage))
    }
}

/// Reads to the end and compares with the address.
fn is_as_stored(from: &mut Stored, mut hash: Sha256, address: Address) -> Result<bool, DocumentError> {
    let mut some = [0; 8192];
    loop {
        let read = from.read(&mut some).map_err(|error| DocumentError::from_io(error, DocumentError::Folder))?;
        match some.get(..read) {
            Some(read) if !read.is_empty() => hash.update(read),
            _ => return Ok(<[u8; 32]>::from(hash.finalize()) == *address.as_bytes()),
        }
    }
}

/// The size of a stored document, if it has its address. No key is needed.
pub(super) fn verify(documents: &Documents, address: Address) -> Result<u64, DocumentError> {
    let (mut from, size) = stored(documents, address)?;
    if is_as_stored(&mut from, Sha256::new(), address)? { Ok(size) } else { Err(DocumentError::Damaged(address, Damage::Changed)) }
}

impl Read for Reader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        while self.given >= self.piece.len() {
            match self.state {
                State::Done => return Ok(0),
                State::Failed(Some(damage)) => return Err(DocumentError::Damaged(self.address, damage).into()),
                State::Failed(None) => return Err(io::Error::other("an earlier read of this document failed")),
                State::Reading if self.within == 0 => {
                    self.state = State::Done;
                    return Ok(0);
                }
                State::Reading => {
                    self.given = 0;
                    if let Err(error) = self.next() {
                        // INVARIANT: after a failure no byte of the piece is given out, now or later.
                        self.piece.zeroize();
                        if self.state == State::Reading {
                            self.state = State::Failed(None);
                        }
                        return Err(error.into());
                    }
                }
            }
        }
        let some = self.piece.get(self.given..).unwrap_or(&[]);
        let count = some.len().min(into.len());
        into.iter_mut().zip(some).for_each(|(into, from)| *into = *from);
        self.given += count;
        Ok(count)
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reader({})", self.address)
    }
}
