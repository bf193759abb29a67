//! The register.

pub mod entry;
