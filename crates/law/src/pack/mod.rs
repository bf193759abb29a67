//! Law packs: a country's law as data, read from TOML files, checked, and made ready for the engine.
//!
//! Reading order: `format` (what may stand where), `check` (what is wrong), `idle` (what would be read by nobody), `build` (tables to
//! provisions), `model` (what the engine reads), `load` (a folder's files to a pack), `offers` (what a form may offer). Deliberately absent:
//! files and folders (the caller hands over texts), and what a provision does (`crate::engine`).

pub mod anchor;
mod build;
mod calendar;
mod check;
pub mod format;
mod idle;
mod load;
pub mod model;
pub mod node;
pub mod offers;
mod problem;
mod schema;
pub mod shape;
mod words;

pub use check::{Findings, check_file, is_name, is_paragraph};
pub use load::{Commencements, PackFile, load, load_with};
pub use model::*;
pub use problem::{Problem, nearest};
pub use schema::schema;
pub use words::Words;

/// The tables of a pack file that hold versions of provisions.
pub const KINDS: &[&str] = &["instrument", "order", "duty", "entitlement", "limit", "clock", "effect", "outcome", "safeguard"];

/// Calls `see` with the head of every version of every provision of a pack, kind by kind.
pub fn heads<'p>(pack: &'p Pack, mut see: impl FnMut(&'p Head)) {
    fn each<'p, B>(provisions: &'p [Provision<B>], see: &mut impl FnMut(&'p Head)) {
        provisions.iter().flat_map(|provision| &provision.versions).for_each(|version| see(&version.head));
    }
    each(&pack.orders, &mut see);
    each(&pack.instruments, &mut see);
    each(&pack.duties, &mut see);
    each(&pack.entitlements, &mut see);
    each(&pack.limits, &mut see);
    each(&pack.clocks, &mut see);
    each(&pack.effects, &mut see);
    each(&pack.safeguards, &mut see);
}
