//! The second engine: slow, plain, and written from law/FORMAT.md.
//!
//! It works a case file out under a pack by scanning every provision and every instance at every step, and answers for an instant by
//! looking at every stretch anew. It shares the pack's model and the entries with the library, and nothing that counts, matches or
//! folds: its days are walked one by one. Reading order: `told` (what goes in), `state`, `sight` (patterns and conditions), `points`
//! (anchors, periods, windows), `papers`, `orders`, `owed`, `follows`, `answer` (what comes out).
//!
//! Where FORMAT.md leaves open what is looked at first of several things that one entry does, the order is: what is forbidden,
//! what starts, where the person is, what is discharged and used, what is renewed, what follows, what ends, what is raised and opened.

#![allow(dead_code, reason = "not every test crate asks for all that the second engine says")]

pub(crate) mod answer;
pub(crate) mod days;
mod follows;
mod orders;
mod owed;
mod papers;
mod points;
mod reach;
mod sight;
pub(crate) mod state;
pub(crate) mod told;

use std::collections::VecDeque;

use jiff::Timestamp;
use jiff::civil::Date;
use openward_law::casefile::{CaseFile, FileEntries};
use openward_law::entry::{FactKind, Whereabouts};
use openward_law::pack::{AppliesTo, Event, Pack};

use days::{Days, Point};
use state::{Found, Happening, Kept, Named, Owed, Right, Run, Sight, Where};
use told::{Files, Told};

/// The second engine at work, and what it found.
pub(crate) struct Reference<'p, 'e> {
    pub(crate) pack: &'p Pack,
    pub(crate) days: Days,
    pub(crate) told: Vec<Told<'e>>,
    pub(crate) files: Files<'e>,
    pub(crate) person: &'e str,
    pub(crate) born: Option<Date>,
    pub(crate) sex: Option<String>,
    pub(crate) runs: Vec<Run<'p>>,
    pub(crate) owed: Vec<Owed<'p>>,
    pub(crate) rights: Vec<Right<'p>>,
    pub(crate) named: Vec<Named>,
    pub(crate) found: Vec<Found>,
    /// Orders on days without text: order, when, by which entry.
    pub(crate) no_law: Vec<(usize, Point, usize)>,
    /// Entries that fitted a pattern with `nth` when they were read, by the pattern's place in memory.
    pub(crate) counted_as: std::cell::RefCell<std::collections::BTreeSet<(usize, usize)>>,
    /// Changes of where the person is.
    pub(crate) moves: Vec<(Point, Where)>,
    pub(crate) whereabouts: Where,
    /// Where the person was before leave or absence.
    pub(crate) was: Where,
    /// Since when absent, and by which entry.
    pub(crate) absent: Option<(Point, usize)>,
    /// The first entry of this stay.
    pub(crate) stay: usize,
    /// So many entries have been read.
    pub(crate) read: usize,
    pub(crate) now: Point,
    pub(crate) place: Option<String>,
    pub(crate) kept: Vec<Kept<'p>>,
    /// Versions that reach what is already running and have not come into force yet: first day, whether of a duty, which provision.
    reaching: VecDeque<(Date, bool, usize)>,
    queue: VecDeque<Happening>,
}

/// Works a person's file out; nothing where a time in it cannot be read.
pub(crate) fn work_out<'p, 'e>(pack: &'p Pack, case: &'e CaseFile, file: &'e FileEntries) -> Option<Reference<'p, 'e>> {
    let days = Days::of(case.header.zone.as_deref().unwrap_or(pack.zone.name()));
    let told = told::told(file, pack, &days)?;
    let by_number = {
        let mut all: Vec<&Told<'_>> = told.iter().filter(|told| told.fact() == FactKind::Described).collect();
        all.sort_by_key(|told| told.entry.n);
        all
    };
    let born = by_number.iter().rev().find_map(|told| told.details().born);
    let sex = by_number.iter().rev().find_map(|told| told.details().sex.clone());
    let mut reference = Reference {
        pack,
        days,
        files: Files::of(case),
        person: &file.id,
        born,
        sex,
        told,
        runs: Vec::new(),
        owed: Vec::new(),
        rights: Vec::new(),
        named: Vec::new(),
        found: Vec::new(),
        no_law: Vec::new(),
        counted_as: std::cell::RefCell::default(),
        moves: Vec::new(),
        whereabouts: Where::Out,
        was: Where::Out,
        absent: None,
        stay: 0,
        read: 0,
        now: Point::at(Timestamp::MIN),
        place: None,
        kept: Vec::new(),
        reaching: reaching(pack),
        queue: VecDeque::new(),
    };
    for entry in 0..reference.told.len() {
        reference.pass_to(reference.told[entry].at.first);
        reference.read_entry(entry);
    }
    reference.pass_to(Timestamp::MAX);
    Some(reference)
}

/// The versions of orders and duties that reach what is already running, by their first day.
fn reaching(pack: &Pack) -> VecDeque<(Date, bool, usize)> {
    let reaches = |head: &openward_law::pack::Head| head.from.filter(|_| head.applies_to == AppliesTo::Running);
    let mut all: Vec<(Date, bool, usize)> = Vec::new();
    for (number, order) in pack.orders.iter().enumerate() {
        all.extend(order.versions.iter().filter_map(|version| Some((reaches(&version.head)?, false, number))));
    }
    for (number, duty) in pack.duties.iter().enumerate() {
        all.extend(duty.versions.iter().filter_map(|version| Some((reaches(&version.head)?, true, number))));
    }
    all.sort();
    all.into()
}

impl<'p, 'e> Reference<'p, 'e> {
    /// Time passes: new law reaches what then runs, and what has certainly run out by then runs out.
    fn pass_to(&mut self, to: Timestamp) {
        while let Some((day, duty, number)) = self.reaching.front().copied()
            && let Some(from) = self.days.start(day).filter(|from| *from <= to)
        {
            self.reaching.pop_front();
            self.run_out_until(from);
            if duty { self.reach_duties(number, from) } else { self.reach_orders(number, from) }
        }
        self.run_out_until(to);
    }

    /// What has certainly run out by an instant runs out, the earliest first.
    fn run_out_until(&mut self, to: Timestamp) {
        loop {
            let over = |run: &Run<'_>| run.open && !run.stopped && !run.kept && run.till.latest <= to && run.till.latest < Timestamp::MAX;
            let due = (0..self.runs.len()).filter(|run| over(&self.runs[*run])).min_by_key(|run| (self.runs[*run].till.latest, *run));
            let order_end = due.map(|run| (self.runs[run].till.latest, run));
            let late = self.late_duties().into_iter().filter(|(at, _)| *at <= to).min();
            match (order_end, late) {
                (None, None) => return,
                (Some((end, run)), Some((at, _))) if end <= at => self.run_out(run),
                (_, Some((_, duty))) => self.late_leaves(duty),
                (Some((_, run)), None) => self.run_out(run),
            }
            self.settle();
            self.look_again();
            self.settle();
        }
    }

    fn read_entry(&mut self, entry: usize) {
        let told = &self.told[entry];
        let (fact, at) = (told.fact(), told.at);
        self.read = entry + 1;
        self.now = at;
        self.place = told.details().place.clone().or(self.place.take());
        let enters = matches!(fact.whereabouts(), Whereabouts::In | Whereabouts::Held | Whereabouts::Stopped);
        if self.whereabouts == Where::Out && enters {
            self.stay = entry;
        }
        let sight = Sight::Entry(entry);
        self.forbid(entry);
        self.start_orders(sight);
        self.settle();
        self.move_person(entry);
        self.touch_duties(sight);
        self.use_rights(entry);
        self.settle();
        self.let_go(entry);
        self.renew_orders(entry);
        self.settle();
        self.follow(sight);
        self.end_orders(sight);
        self.settle();
        self.set_clocks(sight);
        self.raise_duties(sight);
        self.open_rights(sight);
        self.settle();
        self.look_again();
        self.settle();
    }

    /// Something happened by the law itself.
    pub(crate) fn happen(&mut self, event: Event, number: usize, instance: usize, at: Point, by: usize) {
        self.queue.push_back(Happening { event, number, instance, at, by });
    }

    /// What happened has its own consequences, until none is left.
    fn settle(&mut self) {
        while let Some(happening) = self.queue.pop_front() {
            let sight = Sight::Event(happening);
            // The start of an order without effect sets nothing going but what is owed to the person all the same.
            let inert = happening.event == Event::Started && self.runs[happening.instance].void;
            if !inert {
                self.set_clocks(sight);
            }
            self.touch_duties(sight);
            self.raise_duties(sight);
            self.open_rights(sight);
            if inert {
                continue;
            }
            if happening.event == Event::Started {
                self.after_start(happening.instance, happening.at, happening.by);
            }
            self.start_orders(sight);
            self.follow(sight);
            self.end_orders(sight);
        }
    }

    /// The person is now there.
    pub(crate) fn be(&mut self, there: Where, at: Point) {
        if self.whereabouts != there {
            self.whereabouts = there;
            self.moves.push((at, there));
        }
    }

    fn move_person(&mut self, entry: usize) {
        let told = &self.told[entry];
        let (fact, at) = (told.fact(), told.at);
        let free = told.details().under.as_ref().is_some_and(|under| self.pack.free.iter().any(|sym| self.pack.words.text(*sym) == under));
        let away = matches!(self.whereabouts, Where::Leave | Where::Absent);
        let to = match fact.whereabouts() {
            Whereabouts::Unmoved => return,
            Whereabouts::In if free => Where::Free,
            Whereabouts::In | Whereabouts::Held => Where::Held,
            Whereabouts::Stopped => Where::Stopped,
            Whereabouts::Asked if self.whereabouts == Where::Free => Where::Asked,
            Whereabouts::Asked => return,
            Whereabouts::Stays => Where::Free,
            Whereabouts::OnLeave => Where::Leave,
            Whereabouts::Absent => Where::Absent,
            Whereabouts::Back if away => self.was,
            Whereabouts::Back => self.whereabouts,
            Whereabouts::Gone => Where::Out,
        };
        // Left by date, and come in at an hour of that day: which was first is not known.
        let came_that_day = self.moves.last().is_some_and(|(came, _)| came.first > at.first);
        let to = if to == Where::Out && !at.exact() && came_that_day { Where::Asked } else { to };
        if !away {
            self.was = self.whereabouts;
        }
        self.be(to, at);
        if to == Where::Absent {
            self.absent.get_or_insert((at, entry));
        } else if self.absent.is_some() {
            self.come_back(entry, at);
            self.absent = None;
        }
    }
}
