//! The name of a tile: level, place in the level, width; and the path under which it is published.
//!
//! Deliberately absent: what is in a tile.

use crate::text;

use super::WIDTH;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Hashes of the tree at a level; level 0 are the leaves.
    Hashes(u8),
    /// The records themselves, here entry hashes.
    Entries,
}

/// One tile. It has at least one hash, and at most [`WIDTH`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    kind: TileKind,
    index: u64,
    width: u16,
}

/// No tree has more levels of tiles.
const LEVEL_MAX: u8 = 63;

impl Tile {
    /// The first tile that a log has.
    pub const FIRST: Self = Self { kind: TileKind::Hashes(0), index: 0, width: 1 };

    /// A tile of hashes; none where level or width is out of range.
    #[must_use]
    pub const fn hashes(level: u8, index: u64, width: u16) -> Option<Self> {
        if level > LEVEL_MAX { None } else { Self::of(TileKind::Hashes(level), index, width) }
    }

    /// A bundle of records; none where the width is out of range.
    #[must_use]
    pub const fn entries(index: u64, width: u16) -> Option<Self> {
        Self::of(TileKind::Entries, index, width)
    }

    const fn of(kind: TileKind, index: u64, width: u16) -> Option<Self> {
        if width == 0 || width as u64 > WIDTH { None } else { Some(Self { kind, index, width }) }
    }

    /// What it holds.
    #[must_use]
    pub const fn kind(self) -> TileKind {
        self.kind
    }

    /// Its place in its level.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.index
    }

    /// How many hashes or records it holds.
    #[must_use]
    pub const fn width(self) -> u16 {
        self.width
    }

    /// Whether it is not full.
    #[must_use]
    pub const fn is_partial(self) -> bool {
        (self.width as u64) < WIDTH
    }

    /// The full tile in the same place.
    #[must_use]
    pub const fn full(self) -> Self {
        Self { kind: self.kind, index: self.index, width: WIDTH as u16 }
    }

    /// The path: `tile/0/x001/x234/067`, `tile/1/000.p/3`, `tile/entries/000`.
    #[must_use]
    pub fn path(self) -> String {
        let kind = match self.kind {
            TileKind::Hashes(level) => level.to_string(),
            TileKind::Entries => "entries".to_owned(),
        };
        let mut index = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            index = format!("x{:03}/{index}", rest % 1000);
            rest /= 1000;
        }
        let partial = if self.is_partial() { format!(".p/{}", self.width) } else { String::new() };
        format!("tile/{kind}/{index}{partial}")
    }

    /// The tile of this path; none unless it is written as [`Self::path`] writes it.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, u16::try_from(text::decimal(width)?).ok()?),
            None => (rest, u16::try_from(WIDTH).ok()?),
        };
        let mut number: u64 = 0;
        for element in index.split('/') {
            let digits = element.strip_prefix('x').unwrap_or(element);
            let value: u64 = digits.parse().ok()?;
            number = number.checked_mul(1000)?.checked_add(value)?;
        }
        let tile = match kind {
            "entries" => Self::entries(number, width)?,
            level => Self::hashes(u8::try_from(text::decimal(level)?).ok()?, number, width)?,
        };
        // INVARIANT: one path for one tile. This refuses signs, missing or needless zeros, and a `.p/256`.
        (tile.path() == path).then_some(tile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_published_format() {
        // The index 1234067 is the example of C2SP tlog-tiles.
        let cases = [
            (Tile::hashes(0, 0, 256), "tile/0/000"),
            (Tile::hashes(0, 1_234_067, 256), "tile/0/x001/x234/067"),
            (Tile::hashes(3, 999, 1), "tile/3/999.p/1"),
            (Tile::hashes(63, 1000, 255), "tile/63/x001/000.p/255"),
            (Tile::entries(1000, 7), "tile/entries/x001/000.p/7"),
            (Tile::hashes(0, u64::MAX, 256), "tile/0/x018/x446/x744/x073/x709/x551/615"),
        ];
        for (tile, path) in cases {
            assert_eq!(tile.map(Tile::path).as_deref(), Some(path));
            assert_eq!(Tile::parse(path), tile);
        }
    }

    #[test]
    fn a_path_that_is_written_otherwise_is_refused() {
        for wrong in [
            "",
            "tile/0/0",
            "tile/0/0000",
            "tile/00/000",
            "tile/64/000",
            "tile/0/x000/000",
            "tile/0/001/000",
            "tile/0/x001",
            "tile/0/+01",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/0/000/",
            "/tile/0/000",
            "tile/data/000",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
        ] {
            assert_eq!(Tile::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_tile_is_never_empty_and_never_wider_than_full() {
        assert_eq!(Tile::hashes(0, 0, 0), None);
        assert_eq!(Tile::hashes(0, 0, 257), None);
        assert_eq!(Tile::hashes(64, 0, 1), None);
    }
}
