//! The second engine: slow, plain, and written from law/FORMAT.md.
//!
//! It works a case file out under a pack by scanning every provision and every instance at every step, and answers for an instant by
//! looking at every stretch anew. It shares the pack's model and the entries with the library, and nothing that counts, matches or
//! folds: its days are walked one by one. Reading order: `told` (what goes in), `state`, `sight` (patterns and conditions), `points`
//! (anchors, periods, windows), `papers`, `orders`, `doubt`, `owed`, `follows`, `answer` (what comes out).
//!
//! Where FORMAT.md leaves open what is looked at first of several things that one entry does, the order is: what is forbidden,
//! what starts, where the person is, what is discharged and used, what is renewed, what follows, what ends, what is raised and opened.

#![allow(dead_code, reason = "not every test crate asks for all that the second engine says")]

pub(crate) mod answer;
pub(crate) mod days;
mod doubt;
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
use openward_law::pack::{AppliesTo, Event, Pack, Status};

use days::{Days, Point};
use state::{Found, Happening, Kept, Named, Owed, Right, Run, Sight, Till, Where};
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
    pub(crate) no_law: Vec<(Option<usize>, Point, usize)>,
    /// Ends that decisions named for later days: when, of which run, by which entry.
    pub(crate) releases: Vec<(Till, usize, usize)>,
    /// Whether the entry being read began, ended or shortened an order.
    pub(crate) changed: bool,
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
    let files = Files::of(case);
    let elsewhere = told::zones(file, &files);
    let zone = match elsewhere.as_slice() {
        [only] => only,
        _ => case.header.zone.as_deref().unwrap_or(pack.zone.name()),
    };
    let days = Days::of(zone);
    let told = told::told(file, pack, &days, &files)?;
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
        files,
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
        releases: Vec::new(),
        changed: false,
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
            let release = (0..self.releases.len()).min_by_key(|number| (self.releases[*number].0.latest, *number));
            let release = release.filter(|number| {
                let at = self.releases[*number].0.latest;
                at <= to && order_end.is_none_or(|(end, _)| at <= end) && late.is_none_or(|(late, _)| at <= late)
            });
            if let Some(number) = release {
                let (till, run, by) = self.releases.remove(number);
                let at = till.point().unwrap_or(Point::at(till.latest));
                self.now = at;
                self.close(run, at, by);
                self.settle();
                self.look_again();
                self.settle();
                continue;
            }
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
        self.changed = false;
        self.forbid(entry);
        self.start_orders(sight);
        self.settle();
        if enters {
            self.no_law_yet(entry);
        }
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
        if !self.changed {
            self.released_nothing(entry);
        }
        self.set_clocks(sight);
        self.raise_duties(sight);
        self.open_rights(sight);
        self.settle();
        self.look_again();
        self.settle();
    }

    /// A release that changed nothing while somebody is held is found; unless it names an order in being, authority is not shown from then on.
    fn released_nothing(&mut self, entry: usize) {
        let told = &self.told[entry];
        let open = |run: &Run<'p>| run.open && !run.void && run.stretches.iter().all(|stretch| stretch.by != entry);
        let id = |run: &Run<'p>| &self.pack.orders[run.order].id;
        let missing = match told.fact() {
            FactKind::OrderEnded => None,
            FactKind::Discharged => {
                let under = told.details().under.as_ref().filter(|under| self.pack.words.find(under).is_some());
                let names_one = under.is_some_and(|under| self.runs.iter().any(|run| open(run) && id(run) == under));
                (!names_one).then_some("under")
            }
            FactKind::Decided | FactKind::AppealDecided => {
                let Some(outcome) = &told.details().outcome else { return };
                if !self.ends_some_order(outcome) {
                    return;
                }
                let body = told.role.as_ref().is_some_and(|role| self.pack.bodies.iter().any(|body| body.word == *role));
                body.then_some("outcome")
            }
            _ => return,
        };
        let resting = |run: &Run<'p>| run.rests.last().is_some_and(|(_, back)| back.is_none());
        let held = |run: &Run<'p>| open(run) && run.body.status == Status::Held && !resting(run);
        let held: Vec<usize> = (0..self.runs.len()).filter(|run| held(&self.runs[*run])).collect();
        let Some(first) = held.first() else { return };
        let (at, provision) = (told.at, format!("order.{}", id(&self.runs[*first])));
        self.found.push(Found { provision, kind: "no-effect", what: "release".to_owned(), at, by: entry });
        let Some(missing) = missing else { return };
        for run in held {
            let begun = self.runs[run].stretches.first().map_or(at.first, |stretch| stretch.from.last);
            let from = Point::at(at.first.max(begun));
            self.leave_in_doubt(run, from, missing, entry);
        }
    }

    /// Whether a decision with this outcome ends some order, under any text of the law.
    fn ends_some_order(&self, outcome: &str) -> bool {
        let says = |patterns: &[openward_law::pack::Pattern]| {
            patterns.iter().any(|pattern| {
                let decides = pattern.looks_at(FactKind::Decided) || pattern.looks_at(FactKind::AppealDecided);
                decides && pattern.outcome.iter().any(|sym| self.pack.words.text(*sym) == outcome)
            })
        };
        let orders = self.pack.orders.iter().flat_map(|order| &order.versions);
        let by_order = orders.flat_map(|version| std::iter::once(&version.body).chain(version.variations.iter().map(|(_, body)| body)));
        let effects = self.pack.effects.iter().flat_map(|effect| &effect.versions);
        let by_effect = effects.flat_map(|version| std::iter::once(&version.body).chain(version.variations.iter().map(|(_, body)| body)));
        let ends = |action: &openward_law::pack::Action| matches!(action, openward_law::pack::Action::End(_));
        by_order.into_iter().any(|order| says(&order.ends_on))
            || by_effect.into_iter().any(|effect| effect.actions.iter().any(ends) && says(&effect.on))
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
            // Who had left is held again where an order to hold them goes on; else nobody can say.
            Whereabouts::Back if self.whereabouts == Where::Out => {
                let holds = |run: &state::Run<'_>| {
                    let resting = run.rests.last().is_some_and(|(_, back)| back.is_none());
                    run.open && !resting && run.body.status == openward_law::pack::Status::Held
                };
                if self.runs.iter().any(holds) { Where::Held } else { Where::Asked }
            }
            Whereabouts::Back => self.whereabouts,
            Whereabouts::Gone => Where::Out,
        };
        // Who came in again on the day of the leaving, or at its very instant, left before that.
        let again = |other: usize| {
            let came = &self.told[other];
            let enters = matches!(came.fact().whereabouts(), Whereabouts::In | Whereabouts::Held);
            enters && came.at.last >= at.first && (came.at == at || !came.at.exact() || !at.exact())
        };
        if to == Where::Out && (self.stay + 1..entry).any(again) {
            return;
        }
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
