//! Patterns over entries and events, conditions, periods and windows: the small words of a pack.

use super::Sym;
use crate::entry::FactKind;
use crate::pack::anchor::Anchor;
use crate::time;

/// Something the engine itself brings about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// An order started.
    Started,
    /// An order was renewed.
    Renewed,
    /// An order was ended by an act.
    Ended,
    /// An order ran out.
    Expired,
    /// A duty was discharged.
    Met,
    /// An entitlement was used.
    Used,
    /// A duty lapsed or became needless.
    Lapsed,
    /// The person came back when, but for the absence, the order would have run out.
    ReturnedLate,
}

/// What a pattern looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looks {
    /// Entries with one of these facts (a bit for each fact).
    Entries(u128),
    /// The engine's own events about these provisions (all of them where empty).
    Events(Event, Vec<u16>),
}

/// A pattern over entries and events.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// What it looks at.
    pub looks: Looks,
    /// One of these instruments.
    pub instrument: Vec<Sym>,
    /// One of these orders or paragraphs.
    pub under: Vec<Sym>,
    /// One of these roles.
    pub by: Vec<Sym>,
    /// All of these recipients.
    pub to: Vec<Sym>,
    /// One of these recipients, or none named.
    pub reaches: Vec<Sym>,
    /// One of these outcomes.
    pub outcome: Vec<Sym>,
    /// One of these kinds.
    pub kind: Vec<Sym>,
    /// All of these manners.
    pub how: Vec<Sym>,
    /// All of these contents.
    pub contents: Vec<Sym>,
    /// One of these criteria affirmed.
    pub states: Vec<Sym>,
    /// Understood or not.
    pub understood: Option<bool>,
    /// About the instance that raised the provision.
    pub of_instance: bool,
    /// Only the nth.
    pub nth: Option<u32>,
    /// Only while this holds.
    pub if_: Option<Box<Condition>>,
    /// Not while this holds.
    pub unless: Option<Box<Condition>>,
    /// Counted from here.
    pub since: Option<Anchor>,
    /// `Some(false)`: a withdrawn one does not count.
    pub withdrawn: Option<bool>,
    /// When it must lie.
    pub window: Option<Window>,
    /// What this part is called.
    pub name: Option<String>,
    /// Where it stands.
    pub section: Option<String>,
}

impl Pattern {
    /// Whether the pattern looks at entries with this fact.
    pub fn looks_at(&self, fact: FactKind) -> bool {
        self.facts() & fact_bit(fact) != 0
    }

    /// The facts at which it looks, a bit for each; none where it looks at events.
    pub fn facts(&self) -> u128 {
        match self.looks {
            Looks::Entries(set) => set,
            Looks::Events(..) => 0,
        }
    }
}

/// The bit of a fact in a set of facts.
pub const fn fact_bit(fact: FactKind) -> u128 {
    1 << (fact as u8)
}

/// The status an order gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// May be kept in.
    Held,
    /// Lives outside under conditions.
    Community,
}

/// What must be so at a moment; every part given must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Condition {
    /// One of these orders in being.
    pub running: Vec<u16>,
    /// None of these in being.
    pub not_running: Vec<u16>,
    /// An order of one of these statuses in being.
    pub status: Vec<Status>,
    /// No order of these statuses in being.
    pub not_status: Vec<Status>,
    /// Orders that do not count for `not_status`.
    pub not_other_than: Vec<u16>,
    /// In a facility or not.
    pub inpatient: Option<bool>,
    /// Absent without leave or not.
    pub absent: Option<bool>,
    /// Younger than.
    pub age_under: Option<u32>,
    /// Sex.
    pub sex: Vec<Sym>,
    /// Region of the place.
    pub region: Vec<Sym>,
    /// Declared emergency.
    pub emergency: Vec<Sym>,
    /// Each has happened.
    pub happened: Vec<Pattern>,
    /// None has happened.
    pub not_happened: Vec<Pattern>,
}

impl Condition {
    /// How many things it asks: the most specific variation wins.
    pub fn weight(&self) -> usize {
        usize::from(self.age_under.is_some())
            + usize::from(self.inpatient.is_some())
            + usize::from(self.absent.is_some())
            + [!self.running.is_empty(), !self.not_running.is_empty(), !self.status.is_empty(), !self.not_status.is_empty()]
                .iter()
                .filter(|given| **given)
                .count()
            + [!self.sex.is_empty(), !self.region.is_empty(), !self.emergency.is_empty()].iter().filter(|given| **given).count()
            + self.happened.len()
            + self.not_happened.len()
    }

    /// Whether this is so wherever two others are so both: each thing it asks for, one of them asks for.
    pub fn follows_from(&self, one: &Condition, other: &Condition) -> bool {
        let both = [one, other];
        let of = |is: &dyn Fn(&Condition) -> bool| both.iter().any(|condition| is(condition));
        let not_status = |of: &Condition| of.not_status == self.not_status && of.not_other_than == self.not_other_than;
        (self.running.is_empty() || of(&|of| of.running == self.running))
            && (self.not_running.is_empty() || of(&|of| of.not_running == self.not_running))
            && (self.status.is_empty() || of(&|of| of.status == self.status))
            && (self.not_status.is_empty() || of(&not_status))
            && (self.inpatient.is_none() || of(&|of| of.inpatient == self.inpatient))
            && (self.absent.is_none() || of(&|of| of.absent == self.absent))
            && (self.age_under.is_none() || of(&|of| of.age_under == self.age_under))
            && (self.sex.is_empty() || of(&|of| of.sex == self.sex))
            && (self.region.is_empty() || of(&|of| of.region == self.region))
            && (self.emergency.is_empty() || of(&|of| of.emergency == self.emergency))
            && self.happened.iter().all(|pattern| of(&|of| of.happened.contains(pattern)))
            && self.not_happened.iter().all(|pattern| of(&|of| of.not_happened.contains(pattern)))
    }

    /// Whether this and another can never be so at once, as far as their words alone say. Two ages, two emergencies and two happenings can.
    pub fn excludes(&self, other: &Condition) -> bool {
        let apart = |one: &[Sym], two: &[Sym]| !one.is_empty() && !two.is_empty() && !one.iter().any(|word| two.contains(word));
        let differ = |one: Option<bool>, two: Option<bool>| one.is_some() && two.is_some() && one != two;
        self.denies(other)
            || other.denies(self)
            || apart(&self.sex, &other.sex)
            || apart(&self.region, &other.region)
            || differ(self.inpatient, other.inpatient)
            || differ(self.absent, other.absent)
    }

    /// Whether this says that something is not so which the other asks for.
    fn denies(&self, other: &Condition) -> bool {
        let of_orders = !other.running.is_empty() && other.running.iter().all(|order| self.not_running.contains(order));
        let of_status = !other.status.is_empty()
            && self.not_other_than.is_empty()
            && other.status.iter().all(|status| self.not_status.contains(status));
        of_orders || of_status || other.happened.iter().any(|pattern| self.not_happened.contains(pattern))
    }
}

/// A period of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// How it is made up.
    pub shape: PeriodShape,
    /// A second period that starts where this ends.
    pub plus: Option<Box<Period>>,
    /// Another way to read it.
    pub reading: Option<Box<Reading>>,
    /// Where it stands, if elsewhere than the provision.
    pub section: Option<String>,
}

/// How a period is made up.
#[derive(Debug, Clone, PartialEq)]
pub enum PeriodShape {
    /// From a point, by a count.
    Counted(Counted),
    /// The first of these to end.
    Earliest(Vec<Period>),
    /// The last of these to end.
    Latest(Vec<Period>),
    /// Ends at the point itself.
    At(Anchor),
}

/// A start, a length and a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// Where it starts.
    pub from: Anchor,
    /// How long, how counted, how rolled.
    pub rule: time::Period,
    /// Calendar.
    pub calendar: Option<u16>,
    /// The paper says how long; `length` caps it.
    pub paper: bool,
}

/// Another way to read a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Name of the question.
    pub id: String,
    /// The other period.
    pub also: Period,
    /// Who can settle it.
    pub decides: Option<Sym>,
    /// The two readings in words.
    pub why: String,
}

/// A span in which something must lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Where it opens, or is counted from.
    pub from: Option<Anchor>,
    /// Where it closes.
    pub until: Option<Anchor>,
    /// With what it ends.
    pub ending: Option<Anchor>,
    /// Length and rule.
    pub length: Option<time::Period>,
    /// Calendar.
    pub calendar: Option<u16>,
}
