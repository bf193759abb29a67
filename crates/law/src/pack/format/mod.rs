//! The pack format: every table and key that a law pack may hold.
//!
//! This is the one source of the format. `openward schema pack` prints it as JSON Schema, the loader checks against it,
//! and the proof that no datum is dead walks it. Deliberately absent: how a value acts (`crate::engine`).

mod acts;
mod parts;
mod vocabulary;

pub use parts::{APPLIES_TO, CONDITION, EVENTS, PATTERN, PERIOD, STATUS};
pub use vocabulary::{FILE, SURE, WEEKDAYS};
