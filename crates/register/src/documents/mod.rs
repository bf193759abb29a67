//! Documents: papers, pictures and recordings, each encrypted under a random key of its own and found by the hash of what is stored.
//!
//! In reading order: [`Reference`] what an entry keeps of a document, [`Documents`] the folder or object store, [`Writer`] and [`Reader`]
//! streams that never hold more than a piece in memory. `docs/keys.md` has the format byte by byte.
//! Deliberately absent: names, kinds and dates of documents, which stand in entries; and removing what an entry still names.

mod chunks;
mod error;
mod reader;
mod reference;
mod store;
mod writer;

pub use error::{Damage, DocumentError};
pub use reader::Reader;
pub use reference::{Address, REFERENCE_BYTES, Reference};
pub use store::{Documents, Found, Unfinished};
pub use writer::Writer;

/// The longest document, two gibibytes: an hour of a hearing in pictures and sound. Callers set lower limits for papers.
pub const DOCUMENT_BYTES_MAX: u64 = 2 << 30;

/// How many bytes are stored for a document of this length: the only thing that the store tells about what is in it.
#[must_use]
pub const fn stored_bytes(bytes: u64) -> u64 {
    let plain = chunks::padded(bytes);
    chunks::HEADER.len() as u64 + plain + plain.div_ceil(chunks::PLAIN as u64) * chunks::TAG as u64
}
