//! The texts of the nine kinds of provision.

use super::{Condition, Defect, Founded, Need, Pattern, Period, Rectify, Shield, Status, Sym, Window};
use crate::pack::anchor::Anchor;
use crate::time;

/// A signed paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Form numbers.
    pub forms: Vec<String>,
    /// Who may sign.
    pub signed_by: Vec<Sym>,
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
    /// Whom it must reach.
    pub reaches: Vec<Sym>,
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
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The status it gives.
    pub status: Status,
    /// What starts it.
    pub starts: Vec<Pattern>,
    /// It can start only while this holds.
    pub only_if: Option<Condition>,
    /// What it does if not.
    pub only_if_defect: Defect,
    /// Orders whose flaws and doubts it takes over when it starts.
    pub no_better_than: Vec<u16>,
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
    /// Only a prompt.
    Prompt,
}

/// What must be done.
#[derive(Debug, Clone, PartialEq)]
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
    /// What lateness does to the stretch of an order whose entry raised it.
    pub late_leaves: Option<LateLeaves>,
}

/// What the lateness of a duty does to an order.
#[derive(Debug, Clone, PartialEq)]
pub struct LateLeaves {
    /// Which orders.
    pub orders: Vec<u16>,
    /// The defect from then on.
    pub defect: Defect,
    /// Where it stands, if elsewhere than the duty.
    pub section: Option<String>,
}

/// What a person may do.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// When.
    pub on: Vec<Pattern>,
    /// Only while.
    pub only_if: Option<Condition>,
    /// Orders whose flaws and doubts are those of what follows.
    pub no_better_than: Vec<u16>,
    /// What must be so.
    pub needs: Vec<Need>,
    /// Criteria a decision must answer (an outcome).
    pub answers: Vec<Sym>,
    /// Criteria a decision must answer `met` for anything to follow.
    pub met: Vec<Sym>,
    /// What follows.
    pub actions: Vec<Action>,
}

/// A paragraph of an international standard.
#[derive(Debug, Clone, PartialEq)]
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
