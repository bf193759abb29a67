//! The seal: what makes a change to the record visible to anybody who holds a receipt or a checkpoint. Pure.
//!
//! Modules in reading order: [`digest`] the three kinds of hash, [`part`] and [`chain`] seal entries into files, [`check`] finds what was
//! done to a file, [`document`] what a part says of a document, [`canon`] writes JSON in one way only, [`merkle`] the log over all entries,
//! [`tiles`] how the log is kept and published, [`note`] signed texts and keys, [`checkpoint`] the log's head, [`receipt`] what a person
//! takes home, [`witness`] who looks on from outside. Every format is written out byte by byte in `docs/seal-formats.md`.
//!
//! Deliberately absent: files, clocks, randomness, the network (instants, salts and keys are arguments), encryption, and every word about
//! patients. This crate builds alone and is all that an independent verifier needs.

pub mod canon;
pub mod chain;
pub mod check;
pub mod checkpoint;
pub mod digest;
pub mod document;
pub mod lines;
pub mod merkle;
pub mod note;
pub mod part;
pub mod receipt;
pub mod tiles;
pub mod witness;

mod text;

pub use text::{base64, from_base64};
