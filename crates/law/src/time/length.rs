//! Lengths: `28 days`, `1 year`, `72 hours`. A number and a unit; what a unit means is told by the counting rule.
//!
//! Deliberately absent: conversion between units. Seven days and 168 hours are different lengths in law.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::{TimeError, cut};

/// The largest number a length may hold: no law counts further, and a bound keeps every sum and loop small.
pub const LENGTH_MAX: u16 = 10_000;

/// A unit in which a law counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Elapsed minutes.
    Minutes,
    /// Elapsed hours.
    Hours,
    /// Local days, or working days where the counting rule says so.
    Days,
    /// Weeks of seven local days.
    Weeks,
    /// Calendar months.
    Months,
    /// Calendar years, each of twelve calendar months.
    Years,
}

impl Unit {
    /// Every unit, the smallest first.
    pub const ALL: [Self; 6] = [Self::Minutes, Self::Hours, Self::Days, Self::Weeks, Self::Months, Self::Years];

    /// The unit's name for more than one: `days`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
        }
    }

    /// The unit's name for one: `day`.
    pub const fn name_of_one(self) -> &'static str {
        match self {
            Self::Minutes => "minute",
            Self::Hours => "hour",
            Self::Days => "day",
            Self::Weeks => "week",
            Self::Months => "month",
            Self::Years => "year",
        }
    }

    /// The unit of this name, in the form for one or for more; `None` if there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name || unit.name_of_one() == name)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A length of time as a law writes it: 1 to [`LENGTH_MAX`] of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Length {
    // INVARIANT: 1 <= n <= LENGTH_MAX.
    n: u16,
    unit: Unit,
}

impl Length {
    /// A length of `n` units.
    ///
    /// # Errors
    /// [`TimeError::LengthOutOfBounds`] for none at all or more than [`LENGTH_MAX`].
    pub fn new(n: u16, unit: Unit) -> Result<Self, TimeError> {
        if n == 0 || n > LENGTH_MAX {
            return Err(TimeError::LengthOutOfBounds { n: n.into() });
        }
        Ok(Self { n, unit })
    }

    /// How many units.
    pub const fn n(&self) -> u16 {
        self.n
    }

    /// The unit.
    pub const fn unit(&self) -> Unit {
        self.unit
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.n == 1 { self.unit.name_of_one() } else { self.unit.name() };
        write!(f, "{} {unit}", self.n)
    }
}

impl FromStr for Length {
    type Err = TimeError;

    /// Reads `28 days`: a whole number without leading zeros, one space, a unit.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = |at: usize, expected| TimeError::Unreadable { what: "length", text: cut(text), at, expected };
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = text.split_at_checked(digits).unwrap_or(("", text));
        if number.is_empty() || (number.len() > 1 && number.starts_with('0')) {
            return Err(wrong(1, "a whole number, such as the 28 of \"28 days\""));
        }
        let Some(unit) = rest.strip_prefix(' ') else {
            return Err(wrong(digits.saturating_add(1), "one space, then the unit"));
        };
        let Some(unit) = Unit::from_name(unit) else {
            return Err(wrong(digits.saturating_add(2), "minutes, hours, days, weeks, months or years"));
        };
        // More digits than a u64 holds are out of bounds as well, and said so with the largest number.
        let n: u64 = number.parse().unwrap_or(u64::MAX);
        u16::try_from(n).map_err(|_| TimeError::LengthOutOfBounds { n }).and_then(|n| Self::new(n, unit))
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(de::Error::custom)
    }
}
