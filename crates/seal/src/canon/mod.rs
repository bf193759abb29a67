//! JSON that can be written in one way only: RFC 8785, with texts, whole numbers, truth values, lists and objects.
//!
//! Entries are written so before they are hashed, so that the same contents are the same bytes. What is stored is never written again to
//! be checked: the stored bytes are what is hashed. Deliberately absent: fractions and `null`. Ours have neither, and they are where
//! writers differ.

mod read;
mod write;

pub use read::{ReadError, read, read_in_any_order};
pub use write::write;

use std::collections::BTreeMap;
use std::fmt;

/// The largest whole number, and the smallest with a minus: what every reader of JSON holds exactly.
pub const NUMBER_MAX: i64 = (1 << 53) - 1;

/// How deep lists and objects may stand in each other.
pub const DEPTH_MAX: usize = 64;

/// How many values one text may hold, all that stand in each other counted. An entry has far fewer; an empty object of two bytes takes hundreds
/// in memory, so a short text could otherwise fill it.
pub const VALUES_MAX: usize = 1 << 16;

/// A whole number between minus and plus [`NUMBER_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(i64);

impl Number {
    /// The number; none where it is too large to be exact everywhere.
    #[must_use]
    pub const fn new(value: i64) -> Option<Self> {
        if value >= -NUMBER_MAX && value <= NUMBER_MAX { Some(Self(value)) } else { None }
    }

    /// Its value.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// A value that has one text only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// True or false.
    Truth(bool),
    /// A whole number.
    Number(Number),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Names with values, each name once.
    Object(BTreeMap<String, Value>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write(self))
    }
}
