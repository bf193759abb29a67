//! The fold: a person's entries in order, one pass, to a forecast.
//!
//! Here lives the loop and what it holds. Each entry goes through the same steps; what the engine itself brings about (an order
//! starts, runs out, a duty is met) is queued and goes through the same lists. What the steps do is in the sibling modules.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Law;
use super::context::Context;
use super::forecast::{End, Forecast, Happened, NotFollowed, Presence, Whereabout};
use super::item::{Item, ItemNo, Items};
use super::lookup::Found;
use super::open::OpenDuties;
use crate::entry::{FactKind, Whereabouts};
use crate::pack::{Action, Event, Pack, Pattern, Period, Provision, Status, Version};
use crate::time::Moment;

/// What goes through the lists of the index.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Occurrence {
    /// An entry.
    Entry(ItemNo),
    /// The engine's own event.
    Event(Happened),
}

/// An order kept in force until something happens.
pub(crate) struct HeldOpen<'p> {
    pub(crate) run: usize,
    pub(crate) action: &'p Action,
    pub(crate) then: Option<&'p Period>,
    /// The end it would have had.
    pub(crate) own_end: End<'p>,
}

/// An end that a decision named for a later day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Release<'p> {
    pub(crate) run: usize,
    pub(crate) end: End<'p>,
    pub(crate) item: ItemNo,
}

/// The fold at work.
pub(crate) struct Fold<'p, 'e> {
    pub(crate) law: &'p Law,
    pub(crate) pack: &'p Pack,
    pub(crate) context: &'e Context,
    pub(crate) items: &'e Items<'e>,
    pub(crate) out: Forecast<'p>,
    pub(crate) presence: Presence,
    /// Presence before leave or absence, to come back to.
    pub(crate) before: Presence,
    /// Since when the person is absent, and the entry.
    pub(crate) absent: Option<(Moment, ItemNo)>,
    /// The first item of the present stay.
    pub(crate) stay: usize,
    /// The last admission read.
    pub(crate) last_admitted: Option<usize>,
    /// Items up to here have been read: conditions look back from it.
    pub(crate) read: usize,
    pub(crate) queue: VecDeque<Occurrence>,
    pub(crate) held_open: Vec<HeldOpen<'p>>,
    /// Ends that decisions named for later days.
    pub(crate) releases: Vec<Release<'p>>,
    /// How often an order began, ended, rested, came back or got another end so far.
    pub(crate) changes: usize,
    /// The place last named.
    pub(crate) place: Option<&'e str>,
    /// The present point in time.
    pub(crate) now: Moment,
    /// The last instant asked for its day, and the answer: most questions of one step are about one instant.
    last_day: Cell<(Timestamp, Date)>,
    /// Orders in being, in the order in which they started.
    pub(crate) open_orders: Vec<usize>,
    /// Orders that the start of another ended, and that carry on where that other is not shown to be good.
    pub(crate) carried: Vec<usize>,
    /// Duties neither met nor lapsed.
    pub(crate) open_duties: OpenDuties,
    /// Entitlements that have not fallen away.
    pub(crate) open_entitlements: Vec<usize>,
    /// How many of the versions that reach what is running have been taken up.
    pub(crate) versions_taken: usize,
    /// How many rungs there are in the file.
    pub(crate) rungs: usize,
    /// How far each "has happened" pattern was looked for, and whether it was found: what has happened stays so.
    pub(crate) looked: RefCell<Vec<(*const Pattern, usize, bool)>>,
    /// For each pattern that counts, the entries that fitted it when they were read.
    pub(crate) fitted: RefCell<Vec<(*const Pattern, ItemNo)>>,
    /// What the register does not say of the person or the place, and a condition asked.
    pub(crate) unsaid: RefCell<Vec<&'static str>>,
    /// What fits a pattern or is a paper of a link, in a long file.
    pub(crate) found: Found,
    /// How many papers were followed.
    pub(crate) papers_followed: Cell<usize>,
    /// The act from which on papers were not followed any more.
    pub(crate) papers_cut: Cell<Option<ItemNo>>,
}

/// Limits that no real file comes near; they keep a hostile one from running on. What they leave out is said in the forecast.
pub mod limits {
    /// Orders in one file: one a fortnight for twenty years.
    pub const ORDERS: usize = 500;
    /// Stretches of all orders of one file.
    pub const RUNGS: usize = 1000;
    /// Open instances of one duty: fifty years of half-yearly renewals without one notice recorded.
    pub const OPEN_OF_ONE_DUTY: u16 = 100;
    /// Open instances of all entitlements.
    pub const OPEN_ENTITLEMENTS: usize = 400;
    /// Papers followed for all orders of one file: five hundred orders that each rest on four. An act may name two hundred papers, and
    /// each of these two hundred others.
    pub const PAPERS: usize = 2_000;
    /// Earlier acts that a limit of the law looks back to.
    pub const OPENERS: usize = 64;
}

/// Folds a person's entries under a law.
pub fn fold<'p, 'e>(law: &'p Law, items: &'e Items<'e>, context: &'e Context) -> Forecast<'p> {
    let mut fold = Fold {
        law,
        pack: &law.pack,
        context,
        items,
        out: Forecast::default(),
        presence: Presence::Out,
        before: Presence::Out,
        absent: None,
        stay: 0,
        last_admitted: None,
        read: 0,
        queue: VecDeque::new(),
        held_open: Vec::new(),
        releases: Vec::new(),
        changes: 0,
        place: None,
        now: Moment::at(Timestamp::MIN),
        last_day: Cell::new((Timestamp::MIN, Date::MIN)),
        open_orders: Vec::new(),
        carried: Vec::new(),
        open_duties: OpenDuties::of(law.pack.duties.len()),
        open_entitlements: Vec::new(),
        versions_taken: 0,
        rungs: 0,
        looked: RefCell::new(Vec::new()),
        fitted: RefCell::new(Vec::new()),
        unsaid: RefCell::new(Vec::new()),
        found: Found::default(),
        papers_followed: Cell::new(0),
        papers_cut: Cell::new(None),
    };
    for (number, item) in items.list.iter().enumerate() {
        let number = ItemNo::try_from(number).unwrap_or(ItemNo::MAX);
        fold.advance(item.at.earliest());
        fold.entry(number, item);
    }
    fold.advance(Timestamp::MAX);
    if let Some(from) = fold.papers_cut.get() {
        fold.leave_out(NotFollowed::Papers(from));
    }
    fold.out.unsaid = fold.unsaid.into_inner();
    fold.out.unsaid.sort_unstable();
    fold.out
}

impl<'p, 'e> Fold<'p, 'e> {
    pub(crate) fn item(&self, number: ItemNo) -> Option<&'e Item<'e>> {
        self.items.list.get(usize::from(number))
    }

    /// One entry, through every step.
    fn entry(&mut self, number: ItemNo, item: &'e Item<'e>) {
        self.read = usize::from(number) + 1;
        self.now = item.at;
        if item.fact() == FactKind::Admitted {
            self.last_admitted = Some(usize::from(number));
        }
        if let Some(place) = item.details().place.as_deref() {
            self.place = Some(place);
        }
        let enters = matches!(item.fact().whereabouts(), Whereabouts::In | Whereabouts::Held | Whereabouts::Stopped);
        if self.presence == Presence::Out && enters {
            self.stay = usize::from(number);
        }
        let lists = self.law.index.fact(item.fact());
        let occurrence = Occurrence::Entry(number);
        let changes = self.changes;
        self.limits(&lists.limits, number, item);
        for order in &lists.order_starts {
            self.start_on(*order, occurrence);
        }
        self.drain();
        if enters && !item.under.is_some_and(|under| self.pack.free.contains(&under)) {
            self.before_the_law(number, item);
        }
        self.move_person(number, item);
        self.touch_duties(&lists.duties_touched, occurrence);
        self.use_entitlements(&lists.entitlements_used, number, item);
        self.drain();
        self.release_held_open(number, item);
        self.renew(number, item);
        self.drain();
        self.follow(&lists.effects, occurrence);
        for order in &lists.order_ends {
            self.end_on(*order, occurrence);
        }
        self.drain();
        if self.changes == changes {
            self.released_nothing(number, item);
        }
        self.set_clocks(&lists.clocks, occurrence);
        self.raise_duties(&lists.duties_raised, occurrence);
        self.open_entitlements(&lists.entitlements_opened, occurrence);
        self.drain();
        self.recheck();
        self.drain();
    }

    /// Takes the engine's own events through the lists until none is left.
    pub(crate) fn drain(&mut self) {
        // Each event can bring about only finitely many others, because an order starts at most once for an occurrence; the bound
        // keeps a pack whose effects chase each other from running on.
        const STEPS_MAX: usize = 4096;
        for _ in 0..STEPS_MAX {
            let Some(occurrence) = self.queue.pop_front() else { return };
            let Occurrence::Event(happened) = occurrence else { continue };
            let lists = self.law.index.event(happened.event);
            // The start of an order without effect sets nothing going; what is owed to a person who is held all the same is owed.
            let inert = happened.event == Event::Started && self.out.orders.get(happened.run).is_some_and(|run| run.void);
            if !inert {
                self.set_clocks(&lists.clocks, occurrence);
            }
            self.touch_duties(&lists.duties_touched, occurrence);
            self.raise_duties(&lists.duties_raised, occurrence);
            self.open_entitlements(&lists.entitlements_opened, occurrence);
            if inert {
                continue;
            }
            if happened.event == Event::Started {
                self.after_start(happened);
            }
            for order in &lists.order_starts {
                self.start_on(*order, occurrence);
            }
            self.follow(&lists.effects, occurrence);
            for order in &lists.order_ends {
                self.end_on(*order, occurrence);
            }
        }
        self.queue.clear();
    }

    pub(crate) fn happen(&mut self, event: Event, number: u16, run: usize, at: Moment, item: ItemNo) {
        let happened = Happened { at, event, number, run, item };
        self.out.happened.push(happened);
        self.queue.push_back(Occurrence::Event(happened));
    }

    /// Lets time pass to an instant: new law reaches what runs, orders run out.
    pub(crate) fn advance(&mut self, to: Timestamp) {
        self.take_up_versions(to);
        self.run_out_until(to);
    }

    /// Lets the orders run out whose time is over by an instant.
    pub(crate) fn run_out_until(&mut self, to: Timestamp) {
        // Every step closes an order, moves its end once for an absence or takes note that a duty is late, so this is enough.
        let most = self
            .open_orders
            .len()
            .saturating_mul(2)
            .saturating_add(self.open_duties.all().len())
            .saturating_add(self.releases.len())
            .saturating_add(64);
        for _ in 0..most {
            let open = self.open_orders.iter().filter_map(|number| self.out.orders.get(*number).map(|run| (*number, run)));
            let due = open
                .filter(|(_, run)| !run.stopped && !run.held_open && run.end.latest <= to && run.end.latest < Timestamp::MAX)
                .min_by_key(|(number, run)| (run.end.latest, *number))
                .map(|(number, run)| (run.end.latest, number));
            let late = self.next_late().filter(|(at, _)| *at <= to);
            // A release on a day that a decision named comes before everything else of its instant.
            let release = self.next_release().filter(|(at, _)| *at <= to);
            if let Some((at, release)) = release
                && due.is_none_or(|(end, _)| at <= end)
                && late.is_none_or(|(late, _)| at <= late)
            {
                self.release(release);
                self.drain();
                self.recheck();
                self.drain();
                continue;
            }
            match (due, late) {
                (None, None) => return,
                (Some((end, run)), late) if late.is_none_or(|(at, _)| end <= at) => self.run_out(run),
                (_, Some((_, duty))) => self.leave(duty),
                (Some((_, run)), None) => self.run_out(run),
            }
            self.drain();
            self.recheck();
            self.drain();
        }
    }

    /// What a fact does to where the person is.
    fn move_person(&mut self, number: ItemNo, item: &'e Item<'e>) {
        let to = match item.fact().whereabouts() {
            Whereabouts::Unmoved => None,
            Whereabouts::In => {
                Some(if item.under.is_some_and(|under| self.pack.free.contains(&under)) { Presence::Free } else { Presence::Held })
            }
            Whereabouts::Held => Some(Presence::Held),
            Whereabouts::Stopped => Some(Presence::Stopped),
            // A person who is held and asks to leave is still held.
            Whereabouts::Asked => (self.presence == Presence::Free).then_some(Presence::Asked),
            Whereabouts::Stays => Some(Presence::Free),
            Whereabouts::OnLeave => Some(Presence::OnLeave),
            Whereabouts::Absent => Some(Presence::Absent),
            Whereabouts::Back => Some(match self.presence {
                Presence::OnLeave | Presence::Absent => self.before,
                // Brought back after leaving: into an order that is in being, or else it cannot be told to what they came back.
                Presence::Out if self.may_be_held() => Presence::Held,
                Presence::Out => Presence::Asked,
                other => other,
            }),
            Whereabouts::Gone => Some(Presence::Out),
        };
        let Some(to) = to else { return };
        if to == Presence::Out && self.came_after(number, item) {
            return;
        }
        // Left by date, and come in at an hour of that day: which was first is not known, so whether the person is there cannot be told.
        let came_that_day = self.out.whereabouts.last().is_some_and(|change| change.at.earliest() > item.at.earliest());
        let to = if to == Presence::Out && !item.at.is_exact() && came_that_day { Presence::Asked } else { to };
        let was = self.presence;
        if !matches!(was, Presence::OnLeave | Presence::Absent) {
            self.before = was;
        }
        self.be(to, item.at, number);
        match (to, self.absent) {
            (Presence::Absent, None) => self.absent = Some((item.at, number)),
            (Presence::Absent, Some(_)) => {}
            (_, Some(_)) => {
                self.come_back(number, item.at);
                self.absent = None;
            }
            (_, None) => {}
        }
    }

    /// Whether an order under which a person is held is in being and does not rest.
    fn may_be_held(&self) -> bool {
        let mut open = self.open_orders.iter().filter_map(|number| self.out.orders.get(*number));
        open.any(|run| run.body.status == Status::Held && run.pauses.last().is_none_or(|(_, until)| until.is_some()))
    }

    /// Whether somebody who was there came in again on the day, or at the very instant, of a leaving: then they left before that, and are there.
    fn came_after(&self, number: ItemNo, left: &Item<'_>) -> bool {
        let since = self.items.list.get(self.stay + 1..usize::from(number)).unwrap_or(&[]);
        since.iter().any(|item| {
            matches!(item.fact().whereabouts(), Whereabouts::In | Whereabouts::Held)
                && item.at.latest() >= left.at.earliest()
                && (item.at == left.at || !item.at.is_exact() || !left.at.is_exact())
        })
    }

    /// The person is now there.
    pub(crate) fn be(&mut self, presence: Presence, at: Moment, item: ItemNo) {
        if self.presence != presence {
            self.presence = presence;
            self.out.whereabouts.push(Whereabout { at, presence, item });
        }
    }

    /// The day of a moment in the fold's zone, by its earliest instant.
    pub(crate) fn day(&self, at: &Moment) -> Date {
        let (instant, day) = self.last_day.get();
        if instant == at.earliest() {
            return day;
        }
        let day = self.items.zone.day_of(at.earliest());
        self.last_day.set((at.earliest(), day));
        day
    }

    /// The version in force on the day of a moment, and its text for this person and place: the general one where the register does not say
    /// whether a variation is theirs.
    pub(crate) fn text<B>(&self, provision: &'p Provision<B>, at: &Moment) -> Option<(&'p Version<B>, &'p B)> {
        let version = provision.on(self.day(at))?;
        let mut best: Option<(usize, &'p B)> = None;
        for (condition, body) in &version.variations {
            if self.holds(condition) && best.is_none_or(|(weight, _)| condition.weight() > weight) {
                best = Some((condition.weight(), body));
            }
        }
        Some((version, best.map_or(&version.body, |(_, body)| body)))
    }
}
