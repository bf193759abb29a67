//! A law pack as the engine reads it: names resolved to numbers, words to symbols, texts kept for the reader.
//!
//! Deliberately absent: how it is read from files (`super::load`) and what it does (`crate::engine`).

mod acts;
mod need;
mod pattern;
mod provision;

pub use acts::*;
pub use need::*;
pub use pattern::*;
pub use provision::*;

use jiff::civil::Date;

use crate::time::{Calendar, Zone};

/// A word with its name for people.
#[derive(Debug, Clone)]
pub struct Label {
    /// The word.
    pub word: String,
    /// What people call it.
    pub name: String,
    /// The neutral word of a role.
    pub neutral: Option<String>,
    /// Where the law uses it.
    pub section: Option<String>,
}

/// Where the law was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// Key.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Where it can be found.
    pub found_at: Option<String>,
}

/// An Act that changes the law.
#[derive(Debug, Clone)]
pub struct Amendment {
    /// Key.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// When it came into force.
    pub commenced: Option<Date>,
    /// What is known.
    pub note: Option<String>,
}

/// A law pack.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Its name.
    pub id: String,
    /// What the law is called.
    pub title: String,
    /// Time zone.
    pub zone: Zone,
    /// As at.
    pub as_at: Date,
    /// SHA-256 of its files, in hexadecimal: names a standing's law exactly.
    pub digest: String,
    /// An international standard.
    pub benchmark: bool,
    /// Words in `under` by which a person is in care of their own choice.
    pub free: Vec<Sym>,
    /// Every word, by symbol.
    pub words: super::Words,
    /// Roles and bodies with their names.
    pub roles: Vec<Label>,
    /// Bodies among the roles.
    pub bodies: Vec<Label>,
    /// Criteria.
    pub criteria: Vec<Label>,
    /// Other words.
    pub labels: Vec<Label>,
    /// Regions.
    pub regions: Vec<Label>,
    /// Sources.
    pub sources: Vec<Source>,
    /// Amendments.
    pub amendments: Vec<Amendment>,
    /// Calendars.
    pub calendars: Vec<Calendar>,
    /// Declared gaps: `kind.name`, first day, first day after.
    pub gaps: Vec<(String, Date, Date)>,
    /// Instruments.
    pub instruments: Vec<Provision<Instrument>>,
    /// Orders.
    pub orders: Vec<Provision<Order>>,
    /// Duties.
    pub duties: Vec<Provision<Duty>>,
    /// Entitlements.
    pub entitlements: Vec<Provision<Entitlement>>,
    /// Limits.
    pub limits: Vec<Provision<Limit>>,
    /// Clocks.
    pub clocks: Vec<Provision<Clock>>,
    /// Outcomes at which some text of the law looks.
    pub outcomes: Vec<Sym>,
    /// Effects and outcomes.
    pub effects: Vec<Provision<Effect>>,
    /// Safeguards.
    pub safeguards: Vec<Provision<Safeguard>>,
}
