//! A law pack as the engine reads it: names resolved to numbers, words to symbols, texts kept for the reader.
//!
//! Deliberately absent: how it is read from files (`super::load`) and what it does (`crate::engine`).

use jiff::civil::Date;

use super::anchor::Anchor;
use super::node::Place;
use crate::entry::FactKind;
use crate::time::{self, Calendar, Zone};

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
    pub const ALL: &'static [Kind] =
        &[Kind::Order, Kind::Instrument, Kind::Duty, Kind::Entitlement, Kind::Limit, Kind::Clock, Kind::Effect, Kind::Outcome, Kind::Safeguard];

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
#[derive(Debug, Clone)]
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

/// What an unmet need does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Defect {
    /// The act has no effect.
    Void,
    /// What it carries ends when the failure comes about.
    Ends,
    /// It can be mended as the paper's `rectify` says.
    Curable,
    /// Only this body can weigh it.
    ForDecision(Sym),
    /// It does not touch validity.
    Irregular,
    /// A reason is wanted.
    ReasonWanted,
}

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
        matches!(self.looks, Looks::Entries(set) if set & fact_bit(fact) != 0)
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
            + [!self.running.is_empty(), !self.not_running.is_empty(), !self.status.is_empty(), !self.not_status.is_empty()].iter().filter(|given| **given).count()
            + [!self.sex.is_empty(), !self.region.is_empty(), !self.emergency.is_empty()].iter().filter(|given| **given).count()
            + self.happened.len()
            + self.not_happened.len()
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

/// Whom a need asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The signer of the paper.
    Signer,
    /// The signers of the founding papers.
    Founded,
    /// Both.
    All,
}

/// Who must have done what a need looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BySigner {
    /// The signer.
    Signer,
    /// Each signer of a founding paper.
    FoundedSigner,
    /// Somebody other than the signer.
    NotSigner,
}

/// One thing a need asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Asks {
    /// A fact on the register (or none such).
    Fact {
        /// What to look for.
        pattern: Pattern,
        /// None may be there.
        none: bool,
        /// By whom, seen from the paper.
        by_signer: Option<BySigner>,
        /// How many, by different people.
        count: u32,
    },
    /// All of these affirmed.
    StatesAll(Vec<Sym>),
    /// One of these affirmed.
    StatesAny(Vec<Sym>),
    /// An authorisation in force.
    Holds {
        /// Who.
        who: Who,
        /// Each of them, or any.
        each: bool,
        /// One of these.
        kinds: Vec<Sym>,
    },
    /// No two stand in one of these relations.
    Apart {
        /// Who.
        who: Who,
        /// Relations.
        kinds: Vec<Sym>,
    },
    /// None stands in one of these relations to the person in care.
    Unrelated {
        /// Who.
        who: Who,
        /// Relations.
        kinds: Vec<Sym>,
    },
    /// They are different people.
    Different {
        /// Who.
        who: Who,
    },
    /// The examinations lie no further apart.
    ExaminedWithin(time::Period),
    /// Each founding paper signed on or before.
    FoundedSignedBy(Anchor),
    /// The place is designated.
    Designated(Vec<Sym>),
}

/// Something that must be so, and what its failure does.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// Name.
    pub id: String,
    /// Where it stands.
    pub section: Option<String>,
    /// What its failure does.
    pub defect: Defect,
    /// Asked only while this holds.
    pub if_: Option<Condition>,
    /// A reason answers it.
    pub if_practicable: bool,
    /// What it asks: every one.
    pub asks: Vec<Asks>,
    /// Safeguards served.
    pub serves: Vec<String>,
}

/// Papers that something rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Founded {
    /// Which.
    pub instruments: Vec<u16>,
    /// How many, by different people.
    pub count: u32,
    /// Must still be good.
    pub good: bool,
    /// What a paper that is not good does.
    pub defect: Defect,
    /// Where it stands.
    pub section: Option<String>,
    /// Not asked while this holds.
    pub unless: Option<Condition>,
}

/// How a curable defect is mended.
#[derive(Debug, Clone, PartialEq)]
pub struct Rectify {
    /// Where it stands.
    pub section: String,
    /// Who may.
    pub by: Vec<Sym>,
    /// Whose consent.
    pub consent: Option<Sym>,
    /// Until when.
    pub window: Period,
}

/// Protects who acts in good faith.
#[derive(Debug, Clone, PartialEq)]
pub struct Shield {
    /// Where it stands.
    pub section: String,
    /// Whom.
    pub for_: Sym,
    /// What it does and does not do.
    pub note: String,
}

/// A signed paper.
#[derive(Debug, Clone)]
pub struct Instrument {
    /// Form numbers.
    pub forms: Vec<String>,
    /// Who may sign.
    pub signed_by: Vec<Sym>,
    /// To whom it goes.
    pub given_to: Option<Sym>,
    /// What it rests on.
    pub founded_on: Vec<Founded>,
    /// How long it may be acted on.
    pub good_for: Option<Period>,
    /// What must be so.
    pub needs: Vec<Need>,
    /// How it is mended.
    pub rectify: Option<Rectify>,
    /// Whom it protects.
    pub shield: Option<Shield>,
}

/// One step of a ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct Rung {
    /// Its period.
    pub period: Period,
    /// Serves for all later ones.
    pub repeat: bool,
}

/// When a renewal takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakesEffect {
    /// When signed.
    Signed,
    /// When furnished.
    Furnished,
    /// When received.
    Received,
}

/// The act that renews.
#[derive(Debug, Clone, PartialEq)]
pub struct RenewedBy {
    /// The paper.
    pub instruments: Vec<u16>,
    /// When it takes effect.
    pub at: TakesEffect,
    /// Who may.
    pub by: Vec<Sym>,
    /// When it may be done.
    pub window: Option<Window>,
    /// Too early.
    pub early: Defect,
    /// Too late.
    pub late: Defect,
    /// Where it stands.
    pub section: Option<String>,
}

/// What an order does to others.
#[derive(Debug, Clone, PartialEq)]
pub struct Others {
    /// Which.
    pub orders: Vec<u16>,
    /// For a pause: their time stands still.
    pub clock_stopped: bool,
    /// Where it stands.
    pub section: Option<String>,
}

/// What absence does.
#[derive(Debug, Clone, PartialEq)]
pub struct Absence {
    /// Where it stands.
    pub section: String,
    /// Absent on the last day or so long before.
    pub within: Option<time::Period>,
    /// Until when the person may be brought back.
    pub retake: Option<Period>,
    /// Lasts at least so long after return.
    pub after_return: Option<Period>,
}

/// A ground for holding or control.
#[derive(Debug, Clone)]
pub struct Order {
    /// The status it gives.
    pub status: Status,
    /// What starts it.
    pub starts: Vec<Pattern>,
    /// It can start only while this holds.
    pub only_if: Option<Condition>,
    /// What it does if not.
    pub only_if_defect: Defect,
    /// What it rests on.
    pub rests_on: Vec<Founded>,
    /// What must be so.
    pub needs: Vec<Need>,
    /// How long.
    pub lasts: Option<Period>,
    /// Orders it joins on to.
    pub joins: Vec<u16>,
    /// Renewals.
    pub ladder: Vec<Rung>,
    /// The renewing act.
    pub renewed_by: Option<RenewedBy>,
    /// What ends it.
    pub ends_on: Vec<Pattern>,
    /// What it ends.
    pub ends_others: Vec<Others>,
    /// What it pauses.
    pub pauses: Vec<Others>,
    /// Within which it lives.
    pub inside: Option<u16>,
    /// What absence does.
    pub absence: Option<Absence>,
}

/// How a duty comes again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Repeats {
    /// At most so long apart.
    pub every: time::Period,
    /// Counted from the day it was done (else from the day it was due).
    pub from_done: bool,
}

/// What lateness is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lateness {
    /// A breach.
    Breach,
    /// The act, if late, is void.
    Void,
    /// Only a prompt.
    Prompt,
}

/// What must be done.
#[derive(Debug, Clone)]
pub struct Duty {
    /// What raises it.
    pub each: Vec<Pattern>,
    /// Raised only while.
    pub only_if: Option<Condition>,
    /// Lapses when no longer.
    pub while_: Option<Condition>,
    /// Lapses on.
    pub ends: Vec<Pattern>,
    /// Who must.
    pub owed_by: Vec<Sym>,
    /// To whom.
    pub owed_to: Vec<Sym>,
    /// By when.
    pub due: Option<Period>,
    /// From when owed.
    pub raised_at: Option<Anchor>,
    /// What discharges it.
    pub done: Vec<Pattern>,
    /// One part is enough.
    pub any_part: bool,
    /// What makes it needless.
    pub not_if_any: Vec<Pattern>,
    /// What brings it back, and whether only after it would have been due.
    pub reopens: Option<(Pattern, bool)>,
    /// It waits while.
    pub waits: Option<Condition>,
    /// It comes again.
    pub repeats: Option<Repeats>,
    /// What lateness is.
    pub late: Lateness,
}

/// What a person may do.
#[derive(Debug, Clone)]
pub struct Entitlement {
    /// What opens it.
    pub each: Vec<Pattern>,
    /// Opened only while.
    pub only_if: Option<Condition>,
    /// Closes when no longer.
    pub while_: Option<Condition>,
    /// Who may.
    pub may: Vec<Sym>,
    /// The act that uses it.
    pub used_by: Vec<Pattern>,
    /// From when.
    pub opens: Option<Period>,
    /// Until when.
    pub closes: Option<Period>,
    /// How often.
    pub times: Option<u32>,
    /// A withdrawn use counts.
    pub withdrawn_counts: bool,
}

/// What may not be done.
#[derive(Debug, Clone)]
pub struct Limit {
    /// What.
    pub forbids: Vec<Pattern>,
    /// While.
    pub if_: Option<Condition>,
    /// After.
    pub after: Vec<Pattern>,
    /// For so long.
    pub for_: Option<Period>,
    /// A total.
    pub cap: Option<(Vec<u16>, time::Period)>,
    /// Unless.
    pub unless: Vec<Pattern>,
    /// What passing it is.
    pub breach: Defect,
}

/// A named day.
#[derive(Debug, Clone)]
pub struct Clock {
    /// What sets it.
    pub set: Vec<Pattern>,
    /// A later setting does not move it.
    pub keeps_first: bool,
    /// It stands while one of these is in being.
    pub through: Vec<u16>,
}

/// One thing that follows.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// These orders end.
    End(Vec<u16>),
    /// This order starts.
    Start(u16),
    /// One order becomes another; the flag keeps the start.
    Turn(Vec<u16>, u16, KeepStart),
    /// These rest.
    Pause(Others),
    /// These come back.
    Resume(Vec<u16>, Option<Period>, LadderAgain),
    /// These start their period again.
    Restart(Vec<u16>, Option<Period>, LadderAgain),
    /// These stay in force.
    HoldOpen {
        /// Which.
        orders: Vec<u16>,
        /// Until the end of this.
        until: Option<Period>,
        /// Until one of these.
        until_event: Vec<Pattern>,
        /// So much longer after it.
        then: Option<Period>,
    },
    /// A duty's due day moves.
    Move {
        /// Which.
        duty: u16,
        /// By.
        by: Option<time::Period>,
        /// The decision says by how long.
        paper: bool,
        /// To.
        to: Option<Period>,
    },
    /// Defects for this body are settled.
    Cure(Vec<u16>),
    /// These duties lapse.
    Lapse(Vec<u16>),
}

/// Whether a turned order keeps its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepStart {
    /// The start is kept.
    Kept,
    /// It starts anew.
    New,
}

/// Whether the ladder starts again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LadderAgain {
    /// From its first rung.
    FromFirst,
    /// Where it was.
    Kept,
}

/// What follows from an event.
#[derive(Debug, Clone)]
pub struct Effect {
    /// When.
    pub on: Vec<Pattern>,
    /// Only while.
    pub only_if: Option<Condition>,
    /// What must be so.
    pub needs: Vec<Need>,
    /// Criteria a decision must answer (an outcome).
    pub answers: Vec<Sym>,
    /// What follows.
    pub actions: Vec<Action>,
}

/// A paragraph of an international standard.
#[derive(Debug, Clone)]
pub struct Safeguard {
    /// What raises the question.
    pub each: Vec<Pattern>,
    /// Asked only while.
    pub only_if: Option<Condition>,
    /// What answers it.
    pub done: Vec<Pattern>,
    /// One part is enough.
    pub any_part: bool,
    /// Must have happened before.
    pub before: bool,
    /// What to say where it is not shown.
    pub short: Option<String>,
    /// About facilities or the country.
    pub place: bool,
}

/// One version of a provision: its text, and the variations of it.
#[derive(Debug, Clone)]
pub struct Version<T> {
    /// What every provision carries.
    pub head: Head,
    /// The text.
    pub body: T,
    /// Variations, each with its condition.
    pub variations: Vec<(Condition, T)>,
}

/// A provision with all its versions, in order of their first day (those not in force last).
#[derive(Debug, Clone)]
pub struct Provision<T> {
    /// The name.
    pub id: String,
    /// The versions.
    pub versions: Vec<Version<T>>,
}

impl<T> Provision<T> {
    /// The version whose span holds a day, with its place in the list.
    pub fn on(&self, day: Date) -> Option<&Version<T>> {
        let always = self.versions.iter().find(|version| version.head.applies_to == AppliesTo::DeclaredAlways && version.head.from.is_some());
        always
            .or_else(|| {
                self.versions.iter().rev().find(|version| {
                    version.head.from.is_some_and(|from| from <= day) && version.head.until.is_none_or(|until| day < until)
                })
            })
            .filter(|version| !version.head.repeals)
    }
}

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
    /// Effects and outcomes.
    pub effects: Vec<Provision<Effect>>,
    /// Safeguards.
    pub safeguards: Vec<Provision<Safeguard>>,
}
