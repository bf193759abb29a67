//! How the log is kept and published: C2SP tlog-tiles. Rows of 256 hashes in files that never change once they are full.
//!
//! [`Tile`] and its path, [`Source`] where tiles come from, [`Log`] makes proofs from them, [`Writer`] makes them, [`whole`] checks all of
//! them. Deliberately absent: files and addresses; a source is whatever the caller has.

mod bundle;
mod log;
mod path;
pub mod whole;
mod writer;

pub use bundle::{bundle, read_bundle};
pub use log::{Log, LogError};
pub use path::{Tile, TileKind};
pub use writer::Writer;

use crate::digest::NodeHash;
use crate::merkle::Frontier;

/// Hashes of a full tile.
pub const WIDTH: u64 = 256;

/// Levels of the tree that one tile spans: `2^8 = 256`.
pub const HEIGHT: u32 = 8;

/// Bytes of one hash in a tile.
const HASH_BYTES: usize = 32;

/// Where tiles come from: a folder, a table, memory.
pub trait Source {
    /// Why a tile cannot be had, other than that it is not there.
    type Error;

    /// The bytes of a tile or bundle; none where it is not there.
    ///
    /// # Errors
    /// Where it cannot be known whether it is there, or it cannot be read.
    fn read(&self, tile: Tile) -> Result<Option<Vec<u8>>, Self::Error>;
}

impl Source for std::collections::BTreeMap<Tile, Vec<u8>> {
    type Error = std::convert::Infallible;

    fn read(&self, tile: Tile) -> Result<Option<Vec<u8>>, Self::Error> {
        Ok(self.get(&tile).cloned())
    }
}

/// Why a tile is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TileError<E> {
    /// The source failed.
    Source(Tile, E),
    /// It is not there.
    Missing(Tile),
    /// It has another length than its name says.
    Length(Tile, usize),
}

impl<E> TileError<E> {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Source(..) => "OW-SEAL-050",
            Self::Missing(_) => "OW-SEAL-051",
            Self::Length(..) => "OW-SEAL-052",
        }
    }
}

impl<E: std::fmt::Display> std::fmt::Display for TileError<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ", self.code())?;
        match self {
            Self::Source(tile, error) => write!(f, "{} cannot be read: {error}", tile.path()),
            Self::Missing(tile) => write!(f, "{} is missing", tile.path()),
            Self::Length(tile, found) => write!(f, "{} has {found} bytes, which does not fit its name", tile.path()),
        }
    }
}

impl<E: std::fmt::Display + std::fmt::Debug> std::error::Error for TileError<E> {}

/// The hashes of a tile. Where a partial one is gone because it filled up, those of the full one that took its place.
/// They are proved by nothing yet.
///
/// # Errors
/// A tile that is missing, has another length, or cannot be read.
pub fn hashes<S: Source>(source: &S, tile: Tile) -> Result<Vec<NodeHash>, TileError<S::Error>> {
    let failed = |error| TileError::Source(tile, error);
    let mut wanted = tile;
    let mut bytes = source.read(tile).map_err(failed)?;
    if bytes.is_none() && tile.is_partial() {
        wanted = tile.full();
        bytes = source.read(wanted).map_err(failed)?;
    }
    let bytes = bytes.ok_or(TileError::Missing(tile))?;
    if bytes.len() != usize::from(wanted.width()) * HASH_BYTES {
        return Err(TileError::Length(wanted, bytes.len()));
    }
    Ok(split(&bytes).take(usize::from(tile.width())).collect())
}

/// The hashes in the bytes of a tile.
fn split(bytes: &[u8]) -> impl Iterator<Item = NodeHash> + '_ {
    bytes.as_chunks::<HASH_BYTES>().0.iter().map(|hash| NodeHash::from_bytes(*hash))
}

/// The root of these hashes as leaves of a small tree.
fn root_of(hashes: &[NodeHash]) -> NodeHash {
    let mut frontier = Frontier::new();
    for hash in hashes {
        frontier.push(*hash);
    }
    frontier.root()
}

/// The tile of `level` that ends a log of this size at the right, if there is a partial one.
fn partial(level: u8, size: u64) -> Option<Tile> {
    let row = size.checked_shr(HEIGHT * u32::from(level)).unwrap_or(0);
    Tile::hashes(level, row / WIDTH, u16::try_from(row % WIDTH).ok()?)
}

/// The levels that a log of this size has.
fn levels(size: u64) -> impl Iterator<Item = u8> {
    (0..u8::try_from(u64::BITS / HEIGHT).unwrap_or(0)).take_while(move |level| size >> (HEIGHT * u32::from(*level)) > 0)
}
