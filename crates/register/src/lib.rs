//! The register: files and entries kept so that nothing acknowledged is lost, and a stolen disk tells little about anyone.
//!
//! Modules in reading order: [`keys`] who holds which key and what a box is, [`documents`] papers and pictures, each under a key of its own.
//!
//! Deliberately absent: what the law makes of entries (`openward-law`), and who may see them.

pub mod documents;
pub mod keys;
