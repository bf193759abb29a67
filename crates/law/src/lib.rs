//! The law engine: entries and law packs in, a person's standing out. Pure.
//!
//! Modules in reading order: [`time`] counts, [`entry`] says what a fact is, [`casefile`] reads and writes them, [`pack`] reads a
//! country's law, [`engine`] folds entries under it. Deliberately absent: files, clocks, randomness, the network, and every
//! country's name.

pub mod casefile;
pub mod engine;
pub mod entry;
pub mod pack;
pub mod scenario;
pub mod standing;
pub mod time;
