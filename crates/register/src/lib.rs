//! The register.

pub mod entry;
pub mod store;
