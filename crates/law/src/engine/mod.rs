//! The engine: a person's entries and a law pack to a forecast, in one pass.
//!
//! Reading order: `forecast` (what comes out), `item` and `context` (what goes in), `fold` (the loop), then what its steps do:
//! `begin`, `orders`, `doubt`, `renewal`, `needs`, `questions`, `duties`, `rights`, `effects`; `matching`, `lookup`, `open` and `when` serve them
//! all. Deliberately absent: any country's law, the instant at which a person looks at it (`crate::standing`), files and clocks.

mod begin;
mod context;
mod doubt;
mod duties;
mod effects;
mod fold;
pub mod forecast;
mod index;
mod item;
mod lookup;
mod matching;
mod needs;
mod open;
mod orders;
mod questions;
mod renewal;
mod rights;
mod running;
mod when;

pub use context::{Context, Held};
pub use fold::{fold, limits};
pub use item::{BadTime, ITEMS_MAX, Item, ItemNo, Items, prepare};

use crate::pack::Pack;

/// A pack with what the fold needs to find its way in it.
#[derive(Debug, Clone)]
pub struct Law {
    /// The pack.
    pub pack: Pack,
    pub(crate) index: index::Index,
}

impl Law {
    /// Makes a pack ready for folding.
    pub fn new(pack: Pack) -> Law {
        let index = index::Index::of(&pack);
        Law { pack, index }
    }
}
