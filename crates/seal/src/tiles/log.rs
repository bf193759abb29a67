//! A log read through its tiles: proofs for any entry and any two sizes, never handed out unless they check.
//!
//! Deliberately absent: trust in the tiles. A proof from a damaged tile is an error here, not a wrong proof there.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use crate::digest::NodeHash;
use crate::merkle::prove::{self, Nodes};
use crate::merkle::verify::{self, ProofError};

use super::{HEIGHT, Source, Tile, TileError, WIDTH, hashes, root_of};

/// Tiles that are kept while proofs are made, so that a run of proofs reads each tile once: at most 2 MiB.
const KEPT_MAX: usize = 256;

/// A log of a size and root that the caller trusts, such as those of a checkpoint.
pub struct Log<'a, S> {
    source: &'a S,
    size: u64,
    root: NodeHash,
    kept: RefCell<BTreeMap<Tile, Vec<NodeHash>>>,
}

/// Why a proof cannot be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogError<E> {
    /// A tile cannot be had.
    Tile(TileError<E>),
    /// The tiles do not belong to this root, or the request is out of range.
    Proof(ProofError),
}

impl<E: fmt::Display> fmt::Display for LogError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tile(error) => error.fmt(f),
            Self::Proof(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Display + fmt::Debug> std::error::Error for LogError<E> {}

impl<'a, S: Source> Log<'a, S> {
    /// The log of this size and root in this source.
    #[must_use]
    pub const fn new(source: &'a S, size: u64, root: NodeHash) -> Self {
        Self { source, size, root, kept: RefCell::new(BTreeMap::new()) }
    }

    /// The leaf of a record and the path from it to the root.
    ///
    /// # Errors
    /// No such leaf, a tile that cannot be had, or tiles that do not lead to the root.
    pub fn inclusion(&self, index: u64) -> Result<(NodeHash, Vec<NodeHash>), LogError<S::Error>> {
        let missing = LogError::Proof(ProofError::NoSuchLeaf { index, size: self.size });
        let path = prove::inclusion(self, index, self.size).map_err(LogError::Tile)?.ok_or(missing)?;
        let leaf = self.node(0, index).map_err(LogError::Tile)?;
        verify::inclusion(&leaf, index, self.size, &path, &self.root).map_err(LogError::Proof)?;
        Ok((leaf, path))
    }

    /// The proof that an older log of this size and root is the beginning of this one.
    ///
    /// # Errors
    /// A tile that cannot be had, or tiles that do not lead to both roots: then the older log is not the beginning of this one, or a tile
    /// is damaged. [`super::whole`] tells which.
    pub fn consistency(&self, old: u64, old_root: &NodeHash) -> Result<Vec<NodeHash>, LogError<S::Error>> {
        let larger = LogError::Proof(ProofError::OldIsLarger { old, new: self.size });
        let path = prove::consistency(self, old, self.size).map_err(LogError::Tile)?.ok_or(larger)?;
        verify::consistency(old, old_root, self.size, &self.root, &path).map_err(LogError::Proof)?;
        Ok(path)
    }

    /// The root of the first `size` leaves, as the tiles have it. It is proved by nothing yet.
    ///
    /// # Errors
    /// More leaves than there are, or a tile that cannot be had.
    pub fn root_at(&self, size: u64) -> Result<NodeHash, LogError<S::Error>> {
        if size > self.size {
            return Err(LogError::Proof(ProofError::OldIsLarger { old: size, new: self.size }));
        }
        prove::root(self, size).map_err(LogError::Tile)
    }

    /// The tile that holds this hash of its level, as wide as it is in a log of this size.
    fn tile_of(&self, level: u8, at: u64) -> Option<Tile> {
        let row = self.size.checked_shr(HEIGHT * u32::from(level)).unwrap_or(0);
        let index = at / WIDTH;
        Tile::hashes(level, index, u16::try_from(row.checked_sub(index * WIDTH)?.min(WIDTH)).ok()?)
    }
}

impl<S: Source> Nodes for Log<'_, S> {
    type Error = TileError<S::Error>;

    fn node(&self, level: u32, index: u64) -> Result<NodeHash, Self::Error> {
        // The node covers 2^within hashes of a row of tiles, which lie side by side in one tile.
        let (row, within) = (level / HEIGHT, level % HEIGHT);
        let first = index << within;
        let tile = u8::try_from(row).ok().and_then(|row| self.tile_of(row, first)).ok_or(TileError::Missing(Tile::FIRST))?;
        let mut kept = self.kept.borrow_mut();
        if !kept.contains_key(&tile) {
            if kept.len() >= KEPT_MAX {
                kept.clear();
            }
            kept.insert(tile, hashes(self.source, tile)?);
        }
        let start = usize::try_from(first % WIDTH).unwrap_or(0);
        let span = kept.get(&tile).and_then(|hashes| hashes.get(start..start + (1 << within)));
        span.map(root_of).ok_or(TileError::Missing(tile))
    }
}
