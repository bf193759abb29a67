//! What the reference engine keeps while it works: runs of orders, duties owed, rights, named days, findings.

use jiff::Timestamp;
use openward_law::pack::{Duty, Entitlement, Event, Head, Order, Period, Sym};

use super::days::Point;

/// Why an end is not certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It is.
    None,
    /// A time of day is not known.
    Time,
    /// Two readings: name, and who decides.
    Reading(String, Option<Sym>),
}

/// The end of something: the first instant after, on the earliest and on the latest view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Till {
    /// It may have ended.
    pub(crate) sure: Timestamp,
    /// It has ended.
    pub(crate) latest: Timestamp,
    /// Why they differ.
    pub(crate) doubt: Doubt,
}

impl Till {
    /// No end in sight.
    pub(crate) fn open() -> Till {
        Till { sure: Timestamp::MAX, latest: Timestamp::MAX, doubt: Doubt::None }
    }

    /// A known point, or one whose time is not known.
    pub(crate) fn at(point: Point) -> Till {
        Till { sure: point.first, latest: point.last, doubt: if point.exact() { Doubt::None } else { Doubt::Time } }
    }

    /// Both ends as a point; nothing without an end.
    pub(crate) fn point(&self) -> Option<Point> {
        (self.sure != Timestamp::MAX).then(|| Point { first: self.sure, last: self.latest.max(self.sure) })
    }
}

/// How something fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failing {
    /// On the register, and not as it must be.
    Unmet,
    /// Not on the register.
    Missing,
    /// A time is not known well enough.
    Time,
    /// So on one reading, not on the other.
    Reading,
}

/// What a failure does, with the body that decides written as its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// No effect.
    Void,
    /// Ends it.
    Ends,
    /// Can be mended.
    Curable,
    /// For this body.
    For(Sym),
    /// Only a finding.
    Irregular,
    /// A reason is wanted.
    Reason,
}

/// A failure of something an order rests on.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// Provision that asks.
    pub(crate) provision: String,
    /// The need.
    pub(crate) what: String,
    /// What is missing.
    pub(crate) missing: String,
    /// How.
    pub(crate) failing: Failing,
    /// What it does.
    pub(crate) weight: Weight,
    /// Entries concerned.
    pub(crate) items: Vec<usize>,
    /// Who settles or mends it.
    pub(crate) decides: Option<Sym>,
    /// Until when it can be mended.
    pub(crate) cure: Option<Till>,
    /// When it was mended or settled.
    pub(crate) mended: Option<Point>,
    /// Mended as if it had never been.
    pub(crate) always: bool,
}

impl Fault {
    /// A failure that nothing mends yet.
    pub(crate) fn new(head: &Head, what: &str, missing: &str, failing: Failing, weight: Weight, items: Vec<usize>) -> Fault {
        Fault {
            provision: format!("{}.{}", head.kind.word(), head.id),
            what: what.to_owned(),
            missing: if missing.is_empty() { what.to_owned() } else { missing.to_owned() },
            failing,
            weight,
            items,
            decides: None,
            cure: None,
            mended: None,
            always: false,
        }
    }
}

impl Fault {
    /// Whether it keeps an act from being shown to be good.
    pub(crate) fn weighs(&self) -> bool {
        self.mended.is_none() && !matches!(self.weight, Weight::Irregular | Weight::Reason)
    }
}

/// A stretch of an order.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    /// From.
    pub(crate) from: Point,
    /// By which entry.
    pub(crate) by: usize,
    /// Until.
    pub(crate) till: Till,
    /// What it lacks.
    pub(crate) faults: Vec<Fault>,
    /// What it relies on.
    pub(crate) relied: Vec<usize>,
}

/// An order as it ran.
#[derive(Debug, Clone)]
pub(crate) struct Run<'p> {
    /// Which.
    pub(crate) order: usize,
    /// Its text.
    pub(crate) body: &'p Order,
    /// When it started.
    pub(crate) start: Point,
    /// What it joins on to.
    pub(crate) joined: Point,
    /// In being under this name since.
    pub(crate) since: Point,
    /// The entry that started it.
    pub(crate) by: usize,
    /// The paper that carries it.
    pub(crate) paper: Option<usize>,
    /// Its stretches.
    pub(crate) stretches: Vec<Stretch>,
    /// The present end.
    pub(crate) till: Till,
    /// The end it would have but for an absence.
    pub(crate) own_till: Option<Till>,
    /// Ended by an act.
    pub(crate) ended: Option<Point>,
    /// Ended by the start of this run.
    pub(crate) ended_by: Option<usize>,
    /// Ended for its own part, or perhaps, after that.
    pub(crate) freed: Option<Timestamp>,
    /// The run inside which it lives.
    pub(crate) within: Option<usize>,
    /// In being.
    pub(crate) open: bool,
    /// No effect from its beginning.
    pub(crate) void: bool,
    /// Rests.
    pub(crate) rests: Vec<(Point, Option<Point>)>,
    /// Its own time stands still while it rests.
    pub(crate) stopped: bool,
    /// Lives on because the person is absent.
    pub(crate) lingers: bool,
    /// Renewals so far since the ladder began.
    pub(crate) rung: usize,
    /// Kept in force until something happens.
    pub(crate) kept: bool,
}

/// A duty as it was owed.
#[derive(Debug, Clone)]
pub(crate) struct Owed<'p> {
    /// Which.
    pub(crate) duty: usize,
    /// Its text.
    pub(crate) body: &'p Duty,
    /// Since.
    pub(crate) raised: Point,
    /// By which entry.
    pub(crate) by: usize,
    /// Of which run.
    pub(crate) run: Option<usize>,
    /// By when.
    pub(crate) due: Option<Till>,
    /// By when it was due, from when on: a later end does not undo that it was late before.
    pub(crate) dues: Vec<(Option<Point>, Option<Till>)>,
    /// Its lateness has done what it does.
    pub(crate) left: bool,
    /// Parts done.
    pub(crate) parts: Vec<Option<(Point, usize)>>,
    /// Discharged.
    pub(crate) met: Option<Point>,
    /// Lapsed.
    pub(crate) lapsed: Option<Point>,
    /// Made needless by these.
    pub(crate) stoppers: Vec<usize>,
    /// Waits.
    pub(crate) waits: Vec<(Point, Option<Point>)>,
}

/// A right as it stood open.
#[derive(Debug, Clone)]
pub(crate) struct Right<'p> {
    /// Which.
    pub(crate) entitlement: usize,
    /// Its text.
    pub(crate) body: &'p Entitlement,
    /// Since.
    pub(crate) raised: Point,
    /// By which entry.
    pub(crate) by: usize,
    /// Of which run.
    pub(crate) run: Option<usize>,
    /// From when.
    pub(crate) opens: Point,
    /// Until when.
    pub(crate) closes: Till,
    /// Fell away.
    pub(crate) ended: Option<Point>,
    /// Uses.
    pub(crate) uses: Vec<usize>,
    /// Its time is over.
    pub(crate) gone: bool,
}

/// A named day.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// Which clock.
    pub(crate) clock: usize,
    /// When.
    pub(crate) at: Point,
    /// By which entry.
    pub(crate) by: usize,
    /// Fell.
    pub(crate) fell: Option<Point>,
}

/// Something found.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// The provision.
    pub(crate) provision: String,
    /// What kind of finding.
    pub(crate) kind: &'static str,
    /// About what.
    pub(crate) what: String,
    /// When.
    pub(crate) at: Point,
    /// Which entry.
    pub(crate) by: usize,
}

/// Where the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    /// Nowhere known.
    Out,
    /// In of their own choice.
    Free,
    /// Held.
    Held,
    /// Stopped from leaving.
    Stopped,
    /// Asked to leave.
    Asked,
    /// On leave.
    Leave,
    /// Away without leave.
    Absent,
}

/// Something that the law itself brings about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Happening {
    /// What.
    pub(crate) event: Event,
    /// Of which provision.
    pub(crate) number: usize,
    /// Of which instance.
    pub(crate) instance: usize,
    /// When.
    pub(crate) at: Point,
    /// Behind it.
    pub(crate) by: usize,
}

/// What is looked at: an entry or a happening.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sight {
    /// An entry.
    Entry(usize),
    /// A happening.
    Event(Happening),
}

/// An order kept in force: its run, the patterns that let it go, the time after it, and the end it would have had.
#[derive(Debug, Clone)]
pub(crate) struct Kept<'p> {
    /// Which run.
    pub(crate) run: usize,
    /// What lets it go.
    pub(crate) until: &'p [openward_law::pack::Pattern],
    /// So much longer.
    pub(crate) then: Option<&'p Period>,
    /// Its own end.
    pub(crate) own: Till,
}

/// What a period or window is counted within.
#[derive(Debug, Clone, Default)]
pub(crate) struct Frame {
    /// The act's time.
    pub(crate) on: Option<Point>,
    /// Whether that is the end of another period.
    pub(crate) follows: bool,
    /// The act.
    pub(crate) act: Option<usize>,
    /// The order's run.
    pub(crate) run: Option<usize>,
    /// The start of an order that has no run yet.
    pub(crate) start: Option<Point>,
    /// The paper.
    pub(crate) paper: Option<usize>,
    /// What founds it.
    pub(crate) founded: Vec<usize>,
    /// What it founds.
    pub(crate) founding: Option<usize>,
    /// A duty's end.
    pub(crate) due: Option<Till>,
    /// A right's opening.
    pub(crate) opened: Option<Point>,
}

impl Frame {
    /// Of an act.
    pub(crate) fn act(at: Point, act: usize) -> Frame {
        Frame { on: Some(at), act: Some(act), ..Frame::default() }
    }
}
