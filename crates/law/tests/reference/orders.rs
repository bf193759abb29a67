//! How orders start, are renewed, end, run out, rest and outlive their end: FORMAT.md, "Orders".

use openward_law::entry::FactKind;
use openward_law::pack::anchor::{Anchor, Base, Grain};
use openward_law::pack::{AppliesTo, Defect, Event, Others, Period, PeriodShape, Status, TakesEffect};
use openward_law::time::Roll;

use super::Reference;
use super::days::Point;
use super::papers::{Basis, weight};
use super::sight::Instance;
use super::state::{Doubt, Failing, Fault, Found, Frame, Run, Sight, Stretch, Till, Weight, Where};

impl<'p, 'e> Reference<'p, 'e> {
    /// Starts the orders of which a pattern fits.
    pub(crate) fn start_orders(&mut self, sight: Sight) {
        // Outer orders first, then those inside them.
        let mut all: Vec<usize> = (0..self.pack.orders.len()).collect();
        all.sort_by_key(|order| self.outer_orders(*order).len());
        for order in all {
            let provision = &self.pack.orders[order];
            let (by, at) = self.behind(sight);
            let Some((version, body)) = self.text(provision, at) else {
                let any = provision.versions.iter().any(|version| self.any(&version.body.starts, sight, None));
                if any && provision.versions.iter().any(|version| version.head.from.is_some()) {
                    self.no_law.push((Some(order), at, by));
                }
                continue;
            };
            let unsaid = match self.any_may(&body.starts, sight) {
                Ok(false) => continue,
                Ok(true) => None,
                Err(word) => Some(word),
            };
            // What runs already is not begun anew, unless it is not shown to be good and this act rests on another paper.
            let running = self.runs.iter().position(|run| run.open && run.order == order && !run.void);
            let anew = |run: usize| {
                let mut basis = Basis::default();
                let frame = Frame { start: Some(at), ..Frame::act(at, by) };
                self.rests(&body.rests_on, &version.head, &frame, Some(by), 0, &mut basis);
                let same = |other: &Run<'p>| other.open && other.order == order && other.paper == basis.paper;
                !self.is_good(run) && basis.paper.is_some() && !self.runs.iter().any(same)
            };
            if running.is_some_and(|run| !anew(run)) {
                self.found.push(Found {
                    provision: format!("order.{}", provision.id),
                    kind: "no-effect",
                    what: "running".to_owned(),
                    at,
                    by,
                });
                continue;
            }
            let mut basis = Basis::default();
            let mut fault = |missing: &str, failing| {
                basis.faults.push(Fault::new(&version.head, "only-if", missing, failing, weight(body.only_if_defect), vec![by]));
            };
            if let Some(word) = unsaid {
                fault(word, Failing::Missing);
            }
            match body.only_if.as_ref().map_or(Ok(true), |condition| self.so(condition)) {
                Ok(true) => {}
                Ok(false) => fault("only-if", Failing::Unmet),
                Err(word) => fault(word, Failing::Missing),
            }
            let asked = body.only_if.iter().chain(body.starts.iter().filter_map(|pattern| pattern.if_.as_deref()));
            let needed: Vec<usize> =
                asked.flat_map(|condition| &condition.running).chain(&body.joins).map(|order| usize::from(*order)).collect();
            if self.straddles(at, &needed) {
                basis.faults.push(Fault::new(&version.head, "time", "time", Failing::Time, Weight::Void, vec![by]));
            }
            let on_two_readings = self.runs.iter().filter(|run| run.open && !run.void && needed.contains(&run.order)).find_map(|run| {
                let between = run.till.sure <= at.last && at.first < run.till.latest;
                match &run.till.doubt {
                    Doubt::Reading(id, decides) if between => Some((id.clone(), *decides)),
                    _ => None,
                }
            });
            if let Some((id, decides)) = on_two_readings {
                let fault = Fault::new(&version.head, &id, &id, Failing::Reading, weight(body.only_if_defect), vec![by]);
                basis.faults.push(Fault { decides, ..fault });
            }
            basis.faults.extend(self.taken_over(&body.no_better_than, at, &version.head, by));
            let new = self.runs.len();
            self.begin(order, at, at, by, basis, true);
            if let Some(old) = running
                && self.is_good(new)
            {
                // Beyond the end of the one in whose place it came it is no better than that one.
                let (till, first) = (self.runs[old].till.clone(), &self.runs[old].stretches);
                let faults: Vec<Fault> = first.iter().flat_map(|stretch| &stretch.faults).filter(|fault| fault.weighs()).cloned().collect();
                if till.sure < self.runs[new].till.sure {
                    let from = Point { first: till.sure, last: till.latest.max(till.sure) };
                    let own = self.runs[new].till.clone();
                    if let Some(first) = self.runs[new].stretches.last_mut() {
                        first.till = till;
                    }
                    self.runs[new].stretches.push(Stretch { from, by, till: own, faults, relied: Vec::new() });
                }
                self.close(old, at, by);
                self.runs[old].ended_by = Some(new);
            }
        }
    }

    /// Whether nothing weighs against any stretch of a run.
    pub(crate) fn is_good(&self, run: usize) -> bool {
        self.runs.get(run).is_some_and(|run| !run.stretches.iter().flat_map(|stretch| &stretch.faults).any(Fault::weighs))
    }

    /// Whether one of these orders ends on the day of an act without an hour, so that it cannot be told which was first.
    pub(crate) fn straddles(&self, at: Point, orders: &[usize]) -> bool {
        let needed = self.runs.iter().filter(|run| run.open && !run.void && orders.contains(&run.order));
        let ends_within = |run: &Run<'_>| !at.exact() && run.till.sure > at.first && run.till.sure <= at.last;
        let perhaps_over = |run: &Run<'_>| run.till.doubt == Doubt::Time && run.till.sure <= at.last && run.till.latest > at.first;
        needed.into_iter().any(|run| ends_within(run) || perhaps_over(run))
    }

    /// Begins an order; `own_papers` where it asks for its own and does not take over another's.
    pub(crate) fn begin(&mut self, order: usize, at: Point, start: Point, by: usize, mut basis: Basis, own_papers: bool) {
        let Some((version, body)) = self.text(&self.pack.orders[order], at) else { return };
        let head = &version.head;
        basis.paper = None;
        basis.relied.push(by);
        // What lives inside another order is no better than that order.
        let is_outer = |run: &Run<'p>| run.open && body.inside.is_some_and(|outer| usize::from(outer) == run.order);
        let within = self.runs.iter().rposition(is_outer);
        if let Some(outer) = within {
            basis.faults.extend(self.runs[outer].stretches.iter().flat_map(|stretch| stretch.faults.clone()));
        }
        let mut frame = Frame { start: Some(start), ..Frame::act(at, by) };
        if own_papers {
            frame.founded = self.rests(&body.rests_on, head, &frame.clone(), Some(by), 0, &mut basis);
        }
        let carried = basis.paper;
        // A paper that carried an order which is over is spent.
        if own_papers && self.runs.iter().any(|run| run.order == order && !run.open && run.paper.is_some() && run.paper == carried) {
            let spent = carried.into_iter().collect();
            basis.faults.push(Fault::new(head, "spent", "spent", Failing::Unmet, Weight::Void, spent));
        }
        // An order made by signing has that paper for its own.
        frame.paper = basis.paper.or(self.knows_instrument(by).then_some(by));
        if own_papers {
            for need in &body.needs {
                self.need(need, head, frame.paper.unwrap_or(by), &frame, &mut basis);
            }
        }
        // One that an act ended before its time, in the same stay, still counts until that time.
        let in_time = |run: &Run<'p>| run.till.latest >= at.first && run.by >= self.stay;
        let in_line = |run: &&Run<'p>| run.open || run.ended == Some(at) || in_time(run);
        let last_of = |joins: &u16| self.runs.iter().rfind(|run| run.order == usize::from(*joins));
        let joined = body.joins.iter().filter_map(last_of).find(in_line).map_or(start, |run| run.joined);
        // At an unknown hour it may have begun before what it joins.
        let before = Point { first: joined.first.min(start.first), last: joined.last.min(start.last) };
        let joined = if start.exact() { joined } else { before };
        let run = self.runs.len();
        self.changed = true;
        self.runs.push(Run {
            order,
            body,
            start,
            joined,
            since: at,
            by,
            paper: carried,
            stretches: Vec::new(),
            till: Till::open(),
            own_till: None,
            ended: None,
            ended_by: None,
            freed: None,
            within,
            open: true,
            void: false,
            rests: Vec::new(),
            stopped: false,
            lingers: false,
            rung: 0,
            kept: false,
        });
        frame.run = Some(run);
        let mut till = Till::open();
        if let Some(period) = &body.lasts {
            match self.till(period, &frame) {
                Some(counted) => till = counted,
                None => basis.faults.push(Fault::new(head, "lasts", self.uncounted(period), Failing::Missing, Weight::Void, vec![by])),
            }
            self.check_paper(period, &frame, head, by, &mut basis);
        }
        till = self.cap(order, run, till, &mut basis);
        let void = basis.faults.iter().any(|fault| fault.failing == Failing::Unmet && fault.weight == Weight::Void);
        let new = &mut self.runs[run];
        (new.void, new.till) = (void, till.clone());
        new.stretches.push(Stretch { from: at, by, till, faults: basis.faults, relied: basis.relied });
        self.perhaps_over_that_day(run);
        // A community order moves nobody; whoever comes back comes back into an order under which they are held.
        if body.status == Status::Held {
            match self.whereabouts {
                Where::Leave | Where::Absent => self.was = Where::Held,
                _ => self.be(Where::Held, at),
            }
        }
        self.happen(Event::Started, order, run, at, by);
    }

    fn knows_instrument(&self, entry: usize) -> bool {
        self.told[entry].instrument.is_some()
    }

    /// A paper that says how long: silent, not shown; too long, the excess is void.
    fn check_paper(&mut self, period: &Period, frame: &Frame, head: &'p openward_law::pack::Head, by: usize, basis: &mut Basis) {
        let PeriodShape::Counted(counted) = &period.shape else { return };
        let Some(from) = self.starts(counted, frame).filter(|_| counted.paper) else { return };
        let Some(says) = self.paper_says(counted, from, frame) else {
            basis.faults.push(Fault::new(head, "length", "length", Failing::Missing, Weight::Void, vec![by]));
            return;
        };
        if self.longest(counted, from).is_some_and(|longest| says.first > longest.last) {
            let provision = format!("{}.{}", head.kind.word(), head.id);
            self.found.push(Found { provision, kind: "excess", what: "length".to_owned(), at: frame.on.unwrap_or(self.now), by });
        }
    }

    /// Cuts an end where the time under some orders together is over.
    fn cap(&mut self, order: usize, run: usize, till: Till, basis: &mut Basis) -> Till {
        let (mut till, since, by) = (till, self.runs[run].since, self.runs[run].by);
        for limit in &self.pack.limits {
            let Some((version, body)) = self.text(limit, since) else { continue };
            let Some((orders, rule)) = &body.cap else { continue };
            let capped = |number: usize| orders.iter().any(|order| usize::from(*order) == number);
            if !capped(order) {
                continue;
            }
            // From the start of the unbroken chain of such orders, each begun by the end of the one before.
            let mut first = self.runs[run].start;
            for earlier in self.runs[..run].iter().rev().filter(|earlier| capped(earlier.order) && !earlier.void) {
                if earlier.ended.map_or(earlier.till.latest, |ended| ended.last) < first.first {
                    break;
                }
                first = Point { first: first.first.min(earlier.start.first), last: first.last.min(earlier.start.last) };
            }
            let Some(end) = self.days.after(rule.count(), rule.length(), rule.roll(), first, None) else { continue };
            if end.first >= till.sure {
                till.latest = till.latest.min(end.last.max(till.sure));
            } else {
                till = Till { sure: end.first, latest: end.last, doubt: till.doubt };
                basis.relied.push(by);
                let provision = format!("limit.{}", version.head.id);
                self.found.push(Found { provision, kind: "excess", what: "cap".to_owned(), at: since, by });
            }
        }
        till
    }

    /// What a start does to others: an order without effect does nothing.
    pub(crate) fn after_start(&mut self, run: usize, at: Point, by: usize) {
        if self.runs[run].void {
            return;
        }
        let body = self.runs[run].body;
        for others in &body.ends_others {
            for other in 0..self.runs.len() {
                let named = others.orders.iter().any(|order| usize::from(*order) == self.runs[other].order);
                if other != run && named && self.runs[other].open {
                    self.close(other, at, by);
                    self.runs[other].ended_by = Some(run);
                }
            }
        }
        for others in &body.pauses {
            self.pause(others, at, Some(run));
        }
    }

    /// Lets orders rest.
    pub(crate) fn pause(&mut self, others: &Others, at: Point, except: Option<usize>) {
        for number in 0..self.runs.len() {
            let run = &mut self.runs[number];
            let resting = run.rests.last().is_some_and(|(_, back)| back.is_none());
            if Some(number) != except && run.open && !resting && others.orders.iter().any(|order| usize::from(*order) == run.order) {
                run.rests.push((at, None));
                run.stopped = others.clock_stopped;
            }
        }
    }

    /// An order is over: those it made rest come back, unless their time stood still; those inside it end with it.
    fn over(&mut self, number: usize, event: Event, at: Point, by: usize) {
        self.runs[number].open = false;
        self.kept.retain(|kept| kept.run != number);
        let (body, void) = (self.runs[number].body, self.runs[number].void);
        // What another order still makes rest goes on resting.
        let others_in_being = self.runs.iter().filter(|run| run.open && !run.void);
        let still: Vec<u16> = others_in_being.flat_map(|run| run.body.pauses.iter().flat_map(|others| others.orders.clone())).collect();
        for others in body.pauses.iter().filter(|_| !void) {
            for run in self.runs.iter_mut().filter(|run| run.open && !run.stopped) {
                if others.orders.iter().any(|order| usize::from(*order) == run.order && !still.contains(order))
                    && let Some((_, back @ None)) = run.rests.last_mut()
                {
                    *back = Some(at);
                }
            }
        }
        let order = self.runs[number].order;
        self.happen(event, order, number, at, by);
        let inside: Vec<usize> = (0..self.runs.len())
            .filter(|run| self.runs[*run].open && self.runs[*run].body.inside.is_some_and(|outer| usize::from(outer) == order))
            .collect();
        for inner in inside {
            self.close(inner, at, by);
        }
    }

    /// Ends an order by an act.
    pub(crate) fn close(&mut self, number: usize, at: Point, by: usize) {
        if self.runs[number].open {
            self.runs[number].ended = Some(at);
            self.changed = true;
            self.over(number, Event::Ended, at, by);
        }
    }

    /// The entries by which a run is known.
    pub(crate) fn entries_of(&self, run: usize) -> Vec<usize> {
        self.runs[run].stretches.iter().flat_map(|stretch| stretch.relied.iter().copied().chain([stretch.by])).collect()
    }

    /// Ends the open runs of orders of which a pattern fits.
    pub(crate) fn end_orders(&mut self, sight: Sight) {
        let (by, at) = self.behind(sight);
        for order in 0..self.pack.orders.len() {
            let mut oldest = true;
            for number in 0..self.runs.len() {
                let run = &self.runs[number];
                if !run.open || run.order != order || run.by == by {
                    continue;
                }
                let instance = Instance { entries: self.entries_of(number), oldest };
                let ends_on = &run.body.ends_on;
                if self.any(ends_on, sight, Some(&instance)) {
                    self.close(number, at, by);
                } else {
                    self.perhaps_over(number, ends_on, sight);
                }
                oldest = false;
            }
            self.free_carried(order, sight);
        }
    }

    /// An entry that would end an order but for what it leaves unsaid: from then on it is not shown that the order goes on.
    pub(crate) fn perhaps_over(&mut self, number: usize, patterns: &'p [openward_law::pack::Pattern], sight: Sight) {
        let Sight::Entry(entry) = sight else { return };
        if patterns.iter().any(|pattern| self.shows(pattern, &self.told[entry])) {
            return;
        }
        let asked = patterns.iter().filter(|pattern| pattern.if_.as_deref().is_none_or(|condition| self.holds(condition)));
        let Some(missing) = asked.clone().find_map(|pattern| self.unsaid(pattern, entry)) else { return };
        if self.runs[number].open {
            self.leave_in_doubt(number, self.told[entry].at, missing, entry);
        }
    }

    /// From then on an order is not shown to go on. The entry carries nothing; it only leaves in doubt what the others carry.
    pub(crate) fn leave_in_doubt(&mut self, number: usize, from: Point, missing: &str, entry: usize) {
        let provision = format!("order.{}", self.pack.orders[self.runs[number].order].id);
        let fault = Fault {
            provision,
            what: "release".to_owned(),
            missing: missing.to_owned(),
            failing: Failing::Missing,
            weight: Weight::Void,
            items: vec![entry],
            decides: None,
            cure: None,
            mended: None,
            always: false,
        };
        let run = &mut self.runs[number];
        // Before the stretches that begin only later, whose renewals were made early.
        let count = run.stretches.len();
        let only_later = |at: &usize| run.stretches[*at..].iter().all(|stretch| stretch.from.first > from.first);
        let at = (1..=count).find(only_later).unwrap_or(count);
        let till = if at < count { run.stretches[at - 1].till.clone() } else { run.till.clone() };
        run.stretches.insert(at, Stretch { from, by: entry, till, faults: vec![fault], relied: Vec::new() });
    }

    /// Time has passed beyond the end of an order: it runs out, or lives on because the person is absent.
    pub(crate) fn run_out(&mut self, number: usize) {
        let run = &self.runs[number];
        let (till, by) = (run.till.clone(), run.by);
        if let (Some(absence), Some((since, act)), false) = (&run.body.absence, self.absent, run.lingers)
            && since.first < till.latest
            && let Some(retake) = &absence.retake
            && let Some(until) = self.till(retake, &Frame { run: Some(number), ..Frame::act(since, act) })
        {
            self.runs[number].lingers = true;
            if until.latest > till.latest {
                let run = &mut self.runs[number];
                run.own_till.get_or_insert(till.clone());
                run.till = until.clone();
                run.stretches.push(Stretch { from: Point::at(till.latest), by: act, till: until, faults: Vec::new(), relied: vec![act] });
                return;
            }
        }
        let at = till.point().unwrap_or(Point::at(till.latest));
        self.now = at;
        self.over(number, Event::Expired, at, by);
    }

    /// The person is back: an order that would have ended, or is about to, lasts a little longer where the law says so.
    pub(crate) fn come_back(&mut self, act: usize, at: Point) {
        for number in 0..self.runs.len() {
            let run = &self.runs[number];
            let Some(absence) = run.body.absence.as_ref().filter(|_| run.open) else { continue };
            let frame = Frame { run: Some(number), ..Frame::act(at, act) };
            let near = || {
                let Some(rule) = absence.within.as_ref() else { return Some(true) };
                let last = self.point(Anchor { base: Base::Expiry, grain: Grain::Day }, &frame)?;
                let (opens, _) = self.days.back(rule.count(), rule.length(), last, None)?;
                Some(at.last >= opens.first)
            };
            let lingers = run.lingers;
            if !lingers && near() != Some(true) {
                continue;
            }
            let Some(until) = absence.after_return.as_ref().and_then(|period| self.till(period, &frame)) else { continue };
            let run = &mut self.runs[number];
            if lingers || until.sure > run.till.sure {
                run.own_till.get_or_insert(run.till.clone());
                run.till = until.clone();
                run.stretches.push(Stretch { from: at, by: act, till: until, faults: Vec::new(), relied: vec![act] });
            }
            if lingers {
                run.lingers = false;
                let order = run.order;
                self.happen(Event::ReturnedLate, order, number, at, act);
            }
        }
    }

    /// Renews orders by the paper of an entry.
    pub(crate) fn renew_orders(&mut self, act: usize) {
        let told = &self.told[act];
        let effect = match told.fact() {
            FactKind::Signed | FactKind::CourtOrdered => TakesEffect::Signed,
            FactKind::Furnished => TakesEffect::Furnished,
            FactKind::Received => TakesEffect::Received,
            _ => return,
        };
        let (Some(instrument), role, at) = (told.instrument.clone(), told.role.clone(), told.at) else { return };
        for order in 0..self.pack.orders.len() {
            let Some(number) = self.run_meant(order, act) else { continue };
            let provision = &self.pack.orders[order];
            // A version that speaks of acts is judged by the day of the act; else the order keeps the text under which it started.
            let of_act = self.text(provision, at).filter(|(version, _)| version.head.applies_to != AppliesTo::StartedInSpan);
            let Some((version, body)) = of_act.or_else(|| self.text(provision, self.runs[number].start)) else { continue };
            let Some(renewed_by) = &body.renewed_by else { continue };
            let names = renewed_by.instruments.iter().any(|named| self.pack.instruments[usize::from(*named)].id == instrument);
            let may = |role: &String| renewed_by.by.iter().any(|sym| self.pack.words.text(*sym) == role);
            let signer = renewed_by.by.is_empty() || effect != TakesEffect::Signed || role.as_ref().is_none_or(may);
            // Nothing is furnished by giving it to another, nor before there is a paper.
            let reached = self.arrives(&renewed_by.reaches, &self.told[act]);
            let paper = self.told[act].of.first().map(|paper| self.told[*paper].at);
            let unsigned = effect != TakesEffect::Signed && paper.is_some_and(|signed| at.before(signed) == Some(true));
            if renewed_by.at == effect && names && signer && (!reached || unsigned) {
                let provision = format!("order.{}", self.pack.orders[order].id);
                let what = if reached { "signed-before" } else { "receiver" }.to_owned();
                self.found.push(Found { provision, kind: "no-effect", what, at, by: act });
            } else if renewed_by.at == effect && names && signer {
                self.renew(number, act, &version.head, body, renewed_by);
            }
        }
    }

    /// The run that a renewal means: the one whose entries it names, else the last in being with effect, else the last.
    fn run_meant(&self, order: usize, act: usize) -> Option<usize> {
        let runs: Vec<usize> =
            (0..self.runs.len()).rev().filter(|run| self.runs[*run].order == order && self.runs[*run].by != act).collect();
        let names: Vec<usize> = self.told[act].of.iter().chain(&self.told[act].on).copied().collect();
        let named = runs.iter().find(|run| self.entries_of(**run).iter().any(|entry| names.contains(entry)));
        let good = runs.iter().find(|run| self.runs[**run].open && !self.runs[**run].void);
        named.or(good).or(runs.first()).copied()
    }

    fn renew(
        &mut self,
        number: usize,
        act: usize,
        head: &'p openward_law::pack::Head,
        body: &'p openward_law::pack::Order,
        renewed_by: &'p openward_law::pack::RenewedBy,
    ) {
        let at = self.told[act].at;
        let (open, till, rung) = (self.runs[number].open, self.runs[number].till.clone(), self.runs[number].rung);
        let provision = format!("{}.{}", head.kind.word(), head.id);
        let found = |kind, what: &str| Found { provision: provision.clone(), kind, what: what.to_owned(), at, by: act };
        let signs = matches!(self.told[act].fact(), FactKind::Signed | FactKind::CourtOrdered);
        let paper = if signs { act } else { self.told[act].of.first().copied().unwrap_or(act) };
        let frame = Frame { run: Some(number), paper: Some(paper), ..Frame::act(at, act) };
        let mut basis = Basis { relied: vec![act], ..Basis::default() };
        let fault = |what: &str, missing: &str, failing, defect| Fault::new(head, what, missing, failing, weight(defect), vec![act]);
        if !renewed_by.by.is_empty() && self.told[act].role.is_none() && renewed_by.at == TakesEffect::Signed {
            basis.faults.push(fault("signed-by", "signer", Failing::Missing, Defect::Void));
        }
        if !open {
            self.found.push(found("late", "late"));
            if renewed_by.late == Defect::Void || self.runs[number].ended.is_some() {
                return;
            }
            basis.faults.push(fault("late", "late", Failing::Unmet, renewed_by.late));
        }
        if let Some(window) = &renewed_by.window {
            match self.sides(window, at, &frame).0 {
                Some(true) => {}
                Some(false) => {
                    self.found.push(found("early", "early"));
                    if renewed_by.early == Defect::Void {
                        return;
                    }
                    basis.faults.push(fault("early", "early", Failing::Unmet, renewed_by.early));
                }
                None => basis.faults.push(fault("early", "time", Failing::Time, renewed_by.early)),
            }
        }
        let Some(step) = body.ladder.get(rung).or_else(|| body.ladder.last().filter(|step| step.repeat)) else {
            self.found.push(found("forbidden", "ladder"));
            return;
        };
        // Made after the end on one reading and before it on the other: so is the renewal.
        let between = open && at.last >= till.sure && at.first < till.latest;
        match &till.doubt {
            Doubt::Reading(id, decides) if between => {
                basis.faults.push(Fault { decides: *decides, ..fault(id, id, Failing::Reading, renewed_by.late) });
            }
            Doubt::Time if between => basis.faults.push(fault("late", "time", Failing::Time, renewed_by.late)),
            _ if open && self.straddles(at, &[self.runs[number].order]) => {
                basis.faults.push(fault("late", "time", Failing::Time, renewed_by.late))
            }
            _ => {}
        }
        self.renewal_paper(paper, act, renewed_by, head, &frame, &mut basis);
        basis.relied.push(paper);
        // An absence lengthens the old period, not the new one.
        if let Some(own) = self.runs[number].own_till.take() {
            self.runs[number].till = own;
        }
        let till = self.runs[number].till.clone();
        let counted = self.till(&step.period, &frame);
        if counted.is_none() {
            basis.faults.push(Fault::new(head, "lasts", self.uncounted(&step.period), Failing::Missing, Weight::Void, vec![act]));
        }
        let until = counted.unwrap_or_else(Till::open);
        self.check_paper(&step.period, &frame, head, act, &mut basis);
        let until = self.cap(self.runs[number].order, number, until, &mut basis);
        let from = if open && !between { till.point().unwrap_or(at) } else { at };
        let run = &mut self.runs[number];
        (run.open, run.lingers, run.till, run.rung) = (true, false, until.clone(), rung + 1);
        run.stretches.push(Stretch { from, by: act, till: until, faults: basis.faults, relied: basis.relied });
        let order = run.order;
        self.happen(Event::Renewed, order, number, at, act);
    }

    fn renewal_paper(
        &self,
        paper: usize,
        act: usize,
        renewed_by: &'p openward_law::pack::RenewedBy,
        head: &'p openward_law::pack::Head,
        frame: &Frame,
        basis: &mut Basis,
    ) {
        let instrument = self.told[act].instrument.as_ref();
        let named = renewed_by.instruments.iter().map(|number| &self.pack.instruments[usize::from(*number)]);
        let Some(provision) = named.clone().find(|provision| Some(&provision.id) == instrument) else { return };
        let at = self.told[paper].at;
        let Some((version, body)) = self.text(provision, at) else {
            basis.faults.push(Fault::new(head, &provision.id, "law", Failing::Missing, Weight::Void, vec![paper]));
            return;
        };
        let mut own = Frame { on: Some(at), act: Some(paper), ..frame.clone() };
        own.founded = self.rests(&body.founded_on, &version.head, &own, Some(paper), 1, basis);
        self.signed_by(&body.signed_by, paper, &version.head, Defect::Void, basis);
        for need in &body.needs {
            self.need(need, &version.head, paper, &own, basis);
        }
    }

    /// A length moved by so much from each side of an end.
    pub(crate) fn moved(&self, till: &Till, rule: &openward_law::time::Period, says: Option<openward_law::time::Length>) -> Option<Till> {
        let one = |at| {
            let from = Self::on_the_last_day(rule.count(), Point::at(at));
            let longest = self.days.after(rule.count(), rule.length(), rule.roll(), from, None)?.first;
            let said = says.filter(|length| rule.count().units().contains(&length.unit()));
            let said = said.and_then(|length| self.days.after(rule.count(), length, Roll::None, from, None));
            Some(said.map_or(longest, |said| said.first.min(longest)))
        };
        Some(Till { sure: one(till.sure)?, latest: one(till.latest)?, doubt: till.doubt.clone() })
    }
}
