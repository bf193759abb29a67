//! What a fold gives: everything the law makes of a person's entries if nothing more happens.
//!
//! Every value keeps the items it rests on and the provision it comes from, so that a view can cite and explain it.
//! Deliberately absent: any instant at which it is looked at (`crate::standing`).

use jiff::Timestamp;

use super::item::ItemNo;
use crate::pack::{Counted, Defect, Duty, Entitlement, Event, Head, Order, Reading, Sym};
use crate::time::Moment;

/// Why an end is not certain.
#[derive(Debug, Clone, Copy)]
pub enum Doubt<'p> {
    /// It is certain.
    None,
    /// The time of day of a fact is not known.
    Time,
    /// The law can be read in two ways.
    Reading(&'p Reading),
}

/// When something ends.
#[derive(Debug, Clone, Copy)]
pub struct End<'p> {
    /// The first instant at which it may have ended: what prompts go by.
    pub sure: Timestamp,
    /// The first instant at which it has certainly ended.
    pub latest: Timestamp,
    /// Why the two differ.
    pub doubt: Doubt<'p>,
    /// How it was counted: the period, and the moment it was counted from.
    pub worked: Option<(&'p Counted, Moment)>,
    /// The period before it, where it was counted from the end of another.
    pub first: Option<(&'p Counted, Moment)>,
}

impl End<'_> {
    /// No end in sight.
    pub const OPEN: End<'static> = End { sure: Timestamp::MAX, latest: Timestamp::MAX, doubt: Doubt::None, worked: None, first: None };

    /// Whether there is no end in sight.
    pub fn is_open(&self) -> bool {
        self.sure == Timestamp::MAX
    }
}

/// Where a person is, as far as the entries say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Nothing is known yet, or the person has left.
    Out,
    /// In a facility of their own choice.
    Free,
    /// Held: in a facility under an order, or in somebody's hands.
    Held,
    /// In a facility of their own choice and stopped from leaving.
    Stopped,
    /// Asked to leave; what followed is not on the register.
    Asked,
    /// On leave.
    OnLeave,
    /// Absent without leave.
    Absent,
}

/// A change of presence.
#[derive(Debug, Clone, Copy)]
pub struct Whereabout {
    /// When.
    pub at: Moment,
    /// To what.
    pub presence: Presence,
    /// By which entry.
    pub item: ItemNo,
}

/// Whether a thing is missing, or there and not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    /// It is on the register and does not fit.
    Unmet,
    /// It is not on the register.
    Missing,
    /// It is on the register, but a time is not known well enough.
    TimeUnknown,
    /// It is so on one reading of the law and not on another.
    Reading,
}

/// Something that keeps an order, or an act, from being shown to be good.
#[derive(Debug, Clone)]
pub struct Flaw<'p> {
    /// The provision that asks: the order, or the paper.
    pub head: &'p Head,
    /// The need's name, or the name of what is missing.
    pub what: &'p str,
    /// What is missing, as a word for people: an instrument, a fact, a role.
    pub missing: &'p str,
    /// Where the law asks for it.
    pub section: &'p str,
    /// How it fails.
    pub failing: Failing,
    /// What that does.
    pub defect: Defect,
    /// The entries concerned.
    pub items: Vec<ItemNo>,
    /// Of several papers wanted from different people: how many there are, how many it takes.
    pub papers: Option<(u32, u32)>,
    /// Who can settle or mend it, where the pack says.
    pub decides: Option<Sym>,
    /// A curable defect: until when it may be mended.
    pub cure_until: Option<End<'p>>,
    /// When it was mended or settled.
    pub mended: Option<(Moment, ItemNo)>,
    /// Whether a mended defect counts as if it had never been.
    pub as_if_always: bool,
}

impl Flaw<'_> {
    /// Whether it keeps what it stands in from being shown: unmended, and more than an irregularity.
    pub(crate) fn weighs(&self) -> bool {
        self.mended.is_none() && !matches!(self.defect, Defect::Irregular | Defect::ReasonWanted)
    }
}

/// One stretch of an order: its first period, or a renewal, conversion or resumption of it.
#[derive(Debug, Clone)]
pub struct Rung<'p> {
    /// From when.
    pub from: Moment,
    /// By which entry.
    pub item: ItemNo,
    /// Until when.
    pub end: End<'p>,
    /// What keeps it from being shown to be good.
    pub flaws: Vec<Flaw<'p>>,
    /// The entries it relies on.
    pub relied: Vec<ItemNo>,
    /// Where the law gives it.
    pub section: &'p str,
}

/// An order as it ran.
#[derive(Debug, Clone)]
pub struct OrderRun<'p> {
    /// The order's number in the pack.
    pub order: u16,
    /// What the provision carries.
    pub head: &'p Head,
    /// Its text.
    pub body: &'p Order,
    /// When it started (a converted order keeps its day).
    pub start: Moment,
    /// When it joined on to another, else its start.
    pub joined: Moment,
    /// From when it was in being under this name.
    pub since: Moment,
    /// The entry that started it.
    pub item: ItemNo,
    /// How many runs of the order that entry had started before.
    pub occurrence: u16,
    /// The first paper it rests on.
    pub paper: Option<ItemNo>,
    /// Its stretches.
    pub rungs: Vec<Rung<'p>>,
    /// The present end.
    pub end: End<'p>,
    /// The end it would have but for an absence, while an absence lengthens it.
    pub(crate) own_end: Option<End<'p>>,
    /// Without effect from its beginning.
    pub void: bool,
    /// Ended by an act.
    pub ended: Option<(Moment, ItemNo)>,
    /// The run whose start ended it: where that one is not shown, nor is it shown that this one is over.
    pub ended_by: Option<usize>,
    /// From when on it does not carry on beside that run either: an act that would have ended it, or may have.
    pub let_go: Option<jiff::Timestamp>,
    /// The run inside which it lives: it is never better than that one.
    pub within: Option<usize>,
    /// Whether it is in being at the fold's present point.
    pub open: bool,
    /// Spans in which it rested.
    pub pauses: Vec<(Moment, Option<Moment>)>,
    /// Whether its own time stands still while it rests.
    pub(crate) stopped: bool,
    /// It outlives its end because the person is absent.
    pub(crate) lingering: bool,
    /// Which rung of the ladder comes next.
    pub(crate) next_rung: usize,
    /// Kept in force until an event: the patterns' effect, and what follows it.
    pub(crate) held_open: bool,
}

/// A duty as it was owed.
#[derive(Debug, Clone)]
pub struct DutyRun<'p> {
    /// The duty's number in the pack.
    pub duty: u16,
    /// What the provision carries.
    pub head: &'p Head,
    /// Its text.
    pub body: &'p Duty,
    /// From when it is owed.
    pub raised: Moment,
    /// The entry that raised it (or that brought about the event that did).
    pub item: ItemNo,
    /// The order's run it belongs to.
    pub run: Option<usize>,
    /// By when; `None`: as soon as can be.
    pub due: Option<End<'p>>,
    /// By when it was due at first.
    pub first_due: Option<End<'p>>,
    /// Later due ends, from when: an extension does not undo that it was late before.
    pub dues: Vec<(Moment, Option<End<'p>>)>,
    /// Whether its lateness has done to its order what the law says.
    pub(crate) left: bool,
    /// For each part, when it was done and by which entry.
    pub parts: Vec<Option<(Moment, ItemNo)>>,
    /// When it was discharged.
    pub met: Option<Moment>,
    /// When it lapsed.
    pub lapsed: Option<Moment>,
    /// Entries that made it needless.
    pub stoppers: Vec<ItemNo>,
    /// Spans in which it waited.
    pub waits: Vec<(Moment, Option<Moment>)>,
    /// Which instance this is of those raised by the same entry.
    pub occurrence: u16,
}

impl DutyRun<'_> {
    /// Whether it is neither met nor lapsed.
    pub(crate) fn is_open(&self) -> bool {
        self.met.is_none() && self.lapsed.is_none()
    }
}

/// An entitlement as it stood open.
#[derive(Debug, Clone)]
pub struct EntitlementRun<'p> {
    /// The entitlement's number in the pack.
    pub entitlement: u16,
    /// What the provision carries.
    pub head: &'p Head,
    /// Its text.
    pub body: &'p Entitlement,
    /// When it came about.
    pub raised: Moment,
    /// The entry that opened it.
    pub item: ItemNo,
    /// How many instances of the right that entry had opened before.
    pub occurrence: u16,
    /// The order's run it belongs to.
    pub run: Option<usize>,
    /// From when it may be used.
    pub opens: Moment,
    /// Until when.
    pub closes: End<'p>,
    /// When it fell away.
    pub ended: Option<Moment>,
    /// Uses.
    pub uses: Vec<ItemNo>,
}

/// What kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingKind {
    /// Something was done that may not be done.
    Forbidden,
    /// A need of an act was not as it must be.
    Defect,
    /// A need of an act is not shown.
    NotShown,
    /// A decision left a criterion unanswered.
    Unanswered,
    /// A right was used outside its window, or too often.
    OutOfTime,
    /// An act was done too early to have effect.
    Early,
    /// An act was done too late to have effect.
    Late,
    /// A paper says longer than the law allows; the excess has no effect.
    Excess,
    /// An entry that would have begun something began nothing: it runs already.
    NoEffect,
    /// A decision says one thing and its answers another; what it says does not follow.
    Contradicted,
}

/// Something found that is no order, duty or entitlement.
#[derive(Debug, Clone)]
pub struct Finding<'p> {
    /// The provision.
    pub head: &'p Head,
    /// What kind.
    pub kind: FindingKind,
    /// The need, or what it is about.
    pub what: &'p str,
    /// Where the law says so.
    pub section: &'p str,
    /// When.
    pub at: Moment,
    /// The entry.
    pub item: ItemNo,
    /// What it does to validity, if anything.
    pub defect: Defect,
}

/// A clock as it was set.
#[derive(Debug, Clone)]
pub struct ClockRun<'p> {
    /// The clock's number in the pack.
    pub clock: u16,
    /// What the provision carries.
    pub head: &'p Head,
    /// The moment whose day it names.
    pub at: Moment,
    /// The entry that set it.
    pub item: ItemNo,
    /// When it fell.
    pub fell: Option<Moment>,
}

/// Something the engine brought about, in order: for follow-up provisions and for the safeguards.
#[derive(Debug, Clone, Copy)]
pub struct Happened {
    /// When.
    pub at: Moment,
    /// What.
    pub event: Event,
    /// The provision's number.
    pub number: u16,
    /// The run concerned (of orders, duties or entitlements, as the event is).
    pub run: usize,
    /// The entry behind it.
    pub item: ItemNo,
}

/// An order that entries speak of on a day for which the pack has no text; or a holding from before the pack's first day.
#[derive(Debug, Clone, Copy)]
pub struct NoLaw {
    /// The order's number, where one is named.
    pub order: Option<u16>,
    /// The day in question.
    pub at: Moment,
    /// The entry.
    pub item: ItemNo,
}

/// Something that a limit of the engine left out: said, never silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotFollowed {
    /// More orders than are followed in one file; from this entry on.
    Orders(ItemNo),
    /// More renewals than are followed in one file; from this entry on.
    Renewals(ItemNo),
    /// More papers than are followed in one file; from this act on, what an order rests on is not shown.
    Papers(ItemNo),
    /// More open instances of one duty than are followed; from this entry on.
    Duty(u16, ItemNo),
    /// More open instances of one entitlement than are followed; from this entry on.
    Entitlement(u16, ItemNo),
}

/// What the law makes of a person's entries if nothing more happens.
#[derive(Debug, Clone, Default)]
pub struct Forecast<'p> {
    /// Orders, in the order in which they started.
    pub orders: Vec<OrderRun<'p>>,
    /// Duties.
    pub duties: Vec<DutyRun<'p>>,
    /// Entitlements.
    pub entitlements: Vec<EntitlementRun<'p>>,
    /// Clocks.
    pub clocks: Vec<ClockRun<'p>>,
    /// Other findings.
    pub findings: Vec<Finding<'p>>,
    /// Whereabouts.
    pub whereabouts: Vec<Whereabout>,
    /// The engine's own events.
    pub happened: Vec<Happened>,
    /// Orders on days without text.
    pub no_law: Vec<NoLaw>,
    /// What a limit left out.
    pub not_followed: Vec<NotFollowed>,
    /// What a condition asked and the register does not say: `born`, `sex`, `region`.
    pub unsaid: Vec<&'static str>,
}
