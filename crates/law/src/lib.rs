//! The law engine: entries and law packs in, a person's standing out.
pub mod entry;
pub mod pack;
pub mod time;
