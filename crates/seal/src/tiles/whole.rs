//! Checking a whole log: every leaf, every tile above, the root, and the roots of older heads.
//!
//! Deliberately absent: what the leaves are of. The caller gets each leaf and compares it with the entries it has.

use std::fmt;

use crate::digest::NodeHash;
use crate::merkle::{EMPTY_ROOT, leaf};

use super::{Source, Tile, TileError, TileKind, WIDTH, Writer, hashes, read_bundle};

/// A size and root that somebody vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: NodeHash,
}

/// What is wrong with a log, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong<E> {
    /// A tile cannot be had.
    Tile(TileError<E>),
    /// The leaves below a tile do not hash to what it holds: one of those leaves or the tile was changed.
    Leaves {
        /// The tile above.
        tile: Tile,
        /// The first leaf below the first hash that differs.
        from: u64,
        /// The last leaf below it.
        to: u64,
    },
    /// The leaves do not lead to the root of the checkpoint.
    Root {
        /// The size of the checkpoint.
        size: u64,
    },
    /// An older head is not the beginning of this log: what it covered was changed, removed, inserted or reordered.
    Older {
        /// The size of the older head.
        size: u64,
    },
    /// An older head covers more than the whole log: the newest leaves are gone.
    Shrunk {
        /// The size of the older head.
        older: u64,
        /// The size of the log.
        size: u64,
    },
    /// A bundle holds another record than the leaf is of.
    Record {
        /// The bundle.
        bundle: Tile,
        /// The leaf.
        index: u64,
    },
}

impl<E> Wrong<E> {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Tile(error) => error.code(),
            Self::Leaves { .. } => "OW-SEAL-053",
            Self::Root { .. } => "OW-SEAL-054",
            Self::Older { .. } => "OW-SEAL-055",
            Self::Shrunk { .. } => "OW-SEAL-056",
            Self::Record { .. } => "OW-SEAL-057",
        }
    }
}

impl<E: fmt::Display> fmt::Display for Wrong<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Tile(error) = self {
            return error.fmt(f);
        }
        write!(f, "{} ", self.code())?;
        match self {
            Self::Tile(_) => Ok(()),
            Self::Leaves { tile, from, to } => {
                write!(f, "leaves {from} to {to} and {} do not agree: one of them was changed", tile.path())
            }
            Self::Root { size } => write!(f, "the {size} leaves do not lead to the root of the checkpoint"),
            Self::Older { size } => write!(f, "the log of {size} leaves that was vouched for is not the beginning of this one"),
            Self::Shrunk { older, size } => {
                write!(f, "a log of {older} leaves was vouched for, and this one has {size}: the newest are gone")
            }
            Self::Record { bundle, index } => write!(f, "{} holds another record than leaf {index} is of", bundle.path()),
        }
    }
}

impl<E: fmt::Display + fmt::Debug> std::error::Error for Wrong<E> {}

/// Checks a whole log against its head and against older heads, and shows each leaf to the caller in order.
///
/// # Errors
/// The first thing that is wrong. Leaves that were shown before are then not yet proved.
pub fn check<S: Source>(source: &S, head: Head, older: &[Head], mut on_leaf: impl FnMut(u64, NodeHash)) -> Result<(), Wrong<S::Error>> {
    let mut older: Vec<Head> = older.to_vec();
    older.sort_by_key(|head| head.size);
    if let Some(last) = older.last().filter(|last| last.size > head.size) {
        return Err(Wrong::Shrunk { older: last.size, size: head.size });
    }
    let mut older = older.into_iter().peekable();
    while let Some(old) = older.next_if(|old| old.size == 0) {
        if old.root != EMPTY_ROOT {
            return Err(Wrong::Older { size: 0 });
        }
    }
    let mut writer = Writer::new();
    while writer.size() < head.size {
        let at = writer.size();
        let width = u16::try_from((head.size - at).min(WIDTH)).unwrap_or(1);
        let Some(tile) = Tile::hashes(0, at / WIDTH, width) else { break };
        for leaf in hashes(source, tile).map_err(Wrong::Tile)? {
            on_leaf(writer.append_leaf(leaf), leaf);
            while let Some(old) = older.next_if(|old| old.size == writer.size()) {
                if old.root != writer.root() {
                    return Err(Wrong::Older { size: old.size });
                }
            }
        }
        for (tile, bytes) in writer.take_full() {
            compare(source, tile, &bytes)?;
        }
    }
    for (tile, bytes) in writer.take() {
        compare(source, tile, &bytes)?;
    }
    if writer.root() == head.root { Ok(()) } else { Err(Wrong::Root { size: head.size }) }
}

/// Compares a tile with what it should hold. Tiles of leaves were read from the same place, so there is nothing to compare.
fn compare<S: Source>(source: &S, tile: Tile, bytes: &[u8]) -> Result<(), Wrong<S::Error>> {
    let level = match tile.kind() {
        TileKind::Hashes(level) if level > 0 => u32::from(level),
        TileKind::Hashes(_) | TileKind::Entries => return Ok(()),
    };
    let found = hashes(source, tile).map_err(Wrong::Tile)?;
    let differs = super::split(bytes).zip(found).position(|(computed, found)| computed != found);
    let Some(at) = differs else { return Ok(()) };
    let below = super::HEIGHT * level;
    let first = (tile.index() * WIDTH + at as u64) << below;
    Err(Wrong::Leaves { tile, from: first, to: first + (1 << below) - 1 })
}

/// Checks that every bundle holds the records that the leaves are of. Logs need not publish bundles; call this where they do.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_bundles<S: Source>(source: &S, size: u64) -> Result<(), Wrong<S::Error>> {
    let mut at = 0;
    while at < size {
        let width = u16::try_from((size - at).min(WIDTH)).unwrap_or(1);
        let (Some(tile), Some(bundle)) = (Tile::hashes(0, at / WIDTH, width), Tile::entries(at / WIDTH, width)) else { break };
        let leaves = hashes(source, tile).map_err(Wrong::Tile)?;
        let failed = |error| Wrong::Tile(TileError::Source(bundle, error));
        let mut read = source.read(bundle).map_err(failed)?;
        if read.is_none() && bundle.is_partial() {
            read = source.read(bundle.full()).map_err(failed)?;
        }
        let bytes = read.ok_or(Wrong::Tile(TileError::Missing(bundle)))?;
        let records = read_bundle(&bytes).filter(|records| records.len() >= leaves.len());
        let records = records.ok_or(Wrong::Tile(TileError::Length(bundle, bytes.len())))?;
        if let Some(wrong) = records.iter().zip(&leaves).position(|(record, expected)| leaf(record) != *expected) {
            return Err(Wrong::Record { bundle, index: at + wrong as u64 });
        }
        at += WIDTH;
    }
    Ok(())
}
