//! What every provision carries, and its versions in time.

use jiff::civil::Date;

use super::Condition;
use crate::pack::node::Place;

/// A word of the pack, as a number. Words an entry uses that no pack knows have no symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sym(pub u32);

/// The nine kinds of provision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A signed paper with legal effect.
    Instrument,
    /// A ground for holding or control.
    Order,
    /// What must be done.
    Duty,
    /// What a person may do.
    Entitlement,
    /// What may not be done.
    Limit,
    /// A named day.
    Clock,
    /// What follows from an event.
    Effect,
    /// What a body may decide.
    Outcome,
    /// A paragraph of an international standard.
    Safeguard,
}

impl Kind {
    /// Every kind, in the order in which a pack is shown.
    pub const ALL: &'static [Kind] = &[
        Kind::Order,
        Kind::Instrument,
        Kind::Duty,
        Kind::Entitlement,
        Kind::Limit,
        Kind::Clock,
        Kind::Effect,
        Kind::Outcome,
        Kind::Safeguard,
    ];

    /// The word in a pack file.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Instrument => "instrument",
            Kind::Order => "order",
            Kind::Duty => "duty",
            Kind::Entitlement => "entitlement",
            Kind::Limit => "limit",
            Kind::Clock => "clock",
            Kind::Effect => "effect",
            Kind::Outcome => "outcome",
            Kind::Safeguard => "safeguard",
        }
    }
}

/// What the span of a version is matched against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppliesTo {
    /// Instances that started (were signed, arose) in the span.
    StartedInSpan,
    /// Acts done in the span, whatever they touch.
    ActsInSpan,
    /// Also what was already running on the first day.
    Running,
    /// Always, as when a court says what the law has been.
    DeclaredAlways,
}

/// What every provision carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The name within its kind.
    pub id: String,
    /// Its kind.
    pub kind: Kind,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub section: String,
    /// First day, `None` while not in force.
    pub from: Option<Date>,
    /// First day on which it no longer applies.
    pub until: Option<Date>,
    /// What the span is matched against.
    pub applies_to: AppliesTo,
    /// The Act that brings this text, if another than the pack's own.
    pub amendment: Option<String>,
    /// The version says that the provision is no more.
    pub repeals: bool,
    /// Safeguards served.
    pub serves: Vec<String>,
    /// Researched facts carried (its needs' and parts' included).
    pub facts: Vec<String>,
    /// Where it was read.
    pub source: Option<String>,
    /// How sure: `V`, `K` or `U`.
    pub sure: String,
    /// What a reader should know.
    pub note: Option<String>,
    /// Where it stands in the pack's files.
    pub place: Place,
}

/// One version of a provision: its text, and the variations of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Version<T> {
    /// What every provision carries.
    pub head: Head,
    /// The text.
    pub body: T,
    /// Variations, each with its condition.
    pub variations: Vec<(Condition, T)>,
}

/// A provision with all its versions, in order of their first day (those not in force last).
#[derive(Debug, Clone, PartialEq)]
pub struct Provision<T> {
    /// The name.
    pub id: String,
    /// The versions.
    pub versions: Vec<Version<T>>,
}

impl<T> Provision<T> {
    /// The version whose span holds a day, with its place in the list.
    pub fn on(&self, day: Date) -> Option<&Version<T>> {
        let always =
            self.versions.iter().find(|version| version.head.applies_to == AppliesTo::DeclaredAlways && version.head.from.is_some());
        always
            .or_else(|| {
                self.versions
                    .iter()
                    .rev()
                    .find(|version| version.head.from.is_some_and(|from| from <= day) && version.head.until.is_none_or(|until| day < until))
            })
            .filter(|version| !version.head.repeals)
    }
}
