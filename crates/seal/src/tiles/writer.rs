//! Making tiles as the log grows: full ones once, partial ones at each checkpoint.
//!
//! Deliberately absent: keeping them. The caller keeps what [`Writer::take`] gives, in that order, and signs a checkpoint only after.

use crate::digest::{EntryHash, NodeHash};
use crate::merkle::{Frontier, leaf};

use super::{Source, Tile, TileError, WIDTH, hashes, levels, partial, root_of};

/// The right edge of a log, with the tiles that are not full yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writer {
    frontier: Frontier,
    /// For each level the hashes after its last full tile: never a full tile.
    rows: Vec<Vec<NodeHash>>,
    made: Vec<(Tile, Vec<u8>)>,
}

impl Writer {
    /// An empty log.
    #[must_use]
    pub const fn new() -> Self {
        Self { frontier: Frontier::new(), rows: Vec::new(), made: Vec::new() }
    }

    /// A log of this size, from its partial tiles. Compare [`Self::root`] with the checkpoint before you append.
    ///
    /// # Errors
    /// A tile that cannot be had.
    pub fn resume<S: Source>(source: &S, size: u64) -> Result<Self, TileError<S::Error>> {
        let mut rows = Vec::new();
        for level in levels(size) {
            rows.push(match partial(level, size) {
                Some(tile) => hashes(source, tile)?,
                None => Vec::new(),
            });
        }
        // Each binary digit 1 of a row's width is a whole subtree of the log; the highest row holds the largest.
        let mut peaks = Vec::new();
        for row in rows.iter().rev() {
            let mut rest = row.as_slice();
            while !rest.is_empty() {
                let (whole, after) = rest.split_at(1 << (usize::BITS - 1 - rest.len().leading_zeros()));
                peaks.push(root_of(whole));
                rest = after;
            }
        }
        let frontier = Frontier::resume(size, peaks).unwrap_or_default();
        // INVARIANT: the widths of the partial tiles are the digits of the size, so the peaks fit.
        debug_assert_eq!(frontier.size(), size);
        Ok(Self { frontier, rows, made: Vec::new() })
    }

    /// How many leaves the log has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root of the log.
    #[must_use]
    pub fn root(&self) -> NodeHash {
        self.frontier.root()
    }

    /// The right edge alone.
    #[must_use]
    pub const fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// Appends an entry and gives its index.
    pub fn append(&mut self, record: &EntryHash) -> u64 {
        self.append_leaf(leaf(record))
    }

    /// Appends a leaf that was hashed before, and gives its index.
    pub fn append_leaf(&mut self, leaf: NodeHash) -> u64 {
        let index = self.frontier.size();
        self.frontier.push(leaf);
        let mut hash = leaf;
        for level in 0u8.. {
            let at = usize::from(level);
            if self.rows.len() == at {
                self.rows.push(Vec::new());
            }
            let Some(row) = self.rows.get_mut(at) else { break };
            row.push(hash);
            if row.len() as u64 != WIDTH {
                break;
            }
            hash = root_of(row);
            let bytes = joined(row);
            row.clear();
            // The tile just filled is the last full one of its level.
            let filled = (index + 1) >> (super::HEIGHT * (u32::from(level) + 1));
            if let Some(tile) = Tile::hashes(level, filled - 1, row_width()) {
                self.made.push((tile, bytes));
            }
        }
        index
    }

    /// The tiles that were filled since the last call, then the partial tiles as they are now. Keep them in this order.
    pub fn take(&mut self) -> Vec<(Tile, Vec<u8>)> {
        let mut tiles = std::mem::take(&mut self.made);
        for (level, row) in levels(self.size()).zip(&self.rows) {
            if let Some(tile) = partial(level, self.size()) {
                tiles.push((tile, joined(row)));
            }
        }
        tiles
    }

    /// The tiles that were filled since the last call, without the partial ones.
    pub fn take_full(&mut self) -> Vec<(Tile, Vec<u8>)> {
        std::mem::take(&mut self.made)
    }
}

fn joined(row: &[NodeHash]) -> Vec<u8> {
    row.iter().flat_map(|hash| hash.as_bytes()).copied().collect()
}

/// The width of a full tile, as tiles count it.
const fn row_width() -> u16 {
    WIDTH as u16
}
