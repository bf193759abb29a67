//! The register.

pub mod derived;
pub mod entry;
pub mod history;
pub mod keys;
pub mod store;
