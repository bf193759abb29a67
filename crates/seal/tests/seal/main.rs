//! The promises of the seal: golden files of every format, every flipped bit found, agreement with readers that others wrote.
//!
//! Deliberately absent: keeping and serving; those belong to the register.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may fail loudly")]

mod canon;
mod files;
mod flips;
mod given;
mod golden;
mod independent;
mod limits;
mod many;
mod tiles;
mod trees;
mod witness;
