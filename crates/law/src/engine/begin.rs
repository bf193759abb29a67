//! How orders begin: which act starts one, when another stands in its way, what it rests on and how long it lasts.
//!
//! Deliberately absent: renewals (`super::renewal`), and how orders end, rest and come back (`super::orders`).

use super::fold::{Fold, Occurrence, limits};
use super::forecast::{Doubt, End, Failing, Finding, FindingKind, Flaw, NoLaw, NotFollowed, OrderRun, Presence, Rung};
use super::item::{Item, ItemNo};
use super::matching::{Truth, fits_item};
use super::needs::Chain;
use super::orders::{flaw, nth};
use super::when::Scope;
use crate::pack::{Counted, Defect, Event, Head, Order, Period, PeriodShape, Reading, Status};
use crate::time::Moment;

/// What a new run is made from.
pub(crate) struct Beginning<'p> {
    pub(crate) order: u16,
    pub(crate) at: Moment,
    /// The day counted from, where a conversion keeps an earlier one.
    pub(crate) start: Moment,
    pub(crate) item: ItemNo,
    /// Flaws that the act bringing it about carries.
    pub(crate) flaws: Vec<Flaw<'p>>,
    /// Entries that act relies on.
    pub(crate) relied: Vec<ItemNo>,
    /// Whether the order's own papers are asked for: not where another order turned into it.
    pub(crate) own_papers: bool,
}

impl<'p, 'e> Fold<'p, 'e> {
    /// Starts an order if one of its patterns fits.
    pub(crate) fn start_on(&mut self, order: u16, occurrence: Occurrence) {
        let Some((item, at)) = self.cause(occurrence) else { return };
        let Some(provision) = self.pack.orders.get(usize::from(order)) else { return };
        let Some((version, body)) = self.text(provision, &at) else {
            // The entry may speak of an order on a day for which the pack has no text: that is said, not guessed.
            let any =
                provision.versions.iter().any(|version| version.body.starts.iter().any(|pattern| self.fits(pattern, occurrence, None)));
            if any && provision.versions.iter().any(|version| version.head.from.is_some()) {
                self.out.no_law.push(NoLaw { order: Some(order), at, item });
            }
            return;
        };
        let fitting = body.starts.iter().map(|pattern| self.fitting(pattern, occurrence, None));
        let unsaid = match fitting.fold(Truth::No, Truth::or) {
            Truth::No => return,
            Truth::Yes => None,
            Truth::Unknown(word) => Some(word),
        };
        let (head, section) = (&version.head, version.head.section.as_str());
        // What runs already is not begun anew by the same kind of entry: its time goes on.
        let replaced = match self.running(order) {
            Some(run) if !self.is_another(run, body, head, &at, item) => {
                let defect = Defect::Irregular;
                self.out.findings.push(Finding { head, kind: FindingKind::NoEffect, what: "running", section, at, item, defect });
                return;
            }
            running => running,
        };
        let mut flaws = Vec::new();
        let missing = |word| flaw(head, "only-if", word, section, Failing::Missing, body.only_if_defect, vec![item]);
        flaws.extend(unsaid.map(missing));
        match body.only_if.as_ref().map(|condition| self.truth(condition)) {
            None | Some(Truth::Yes) => {}
            Some(Truth::No) => {
                flaws.push(flaw(head, "only-if", "only-if", section, Failing::Unmet, body.only_if_defect, vec![item]));
            }
            Some(Truth::Unknown(word)) => flaws.push(missing(word)),
        }
        let asked = body.only_if.iter().chain(body.starts.iter().filter_map(|pattern| pattern.if_.as_deref()));
        let needed: Vec<u16> = asked.flat_map(|condition| condition.running.iter().copied()).chain(body.joins.iter().copied()).collect();
        if self.straddles(&at, &needed) {
            flaws.push(flaw(head, "time", "time", section, Failing::TimeUnknown, Defect::Void, vec![item]));
        }
        if let Some(reading) = self.ended_on_a_reading(&at, &needed) {
            let read = flaw(head, &reading.id, &reading.id, section, Failing::Reading, body.only_if_defect, vec![item]);
            flaws.push(Flaw { decides: reading.decides, ..read });
        }
        flaws.extend(self.taken_over(&body.no_better_than, &at, head, item));
        let begun = self.out.orders.len();
        self.begin(Beginning { order, at, start: at, item, flaws, relied: Vec::new(), own_papers: true });
        if let Some(old) = replaced
            && self.is_good(begun)
        {
            self.outlives(old, begun);
            self.close(old, at, item);
            self.carry_on(old, begun);
        }
    }

    /// What weighs against orders in being on which something rests, and whether they may have been over by then.
    pub(crate) fn taken_over(&self, orders: &[u16], at: &Moment, head: &'p Head, item: ItemNo) -> Vec<Flaw<'p>> {
        let open = self.open_orders.iter().filter_map(|number| self.out.orders.get(*number));
        let runs: Vec<&OrderRun<'p>> = open.filter(|run| orders.contains(&run.order) && !run.void).collect();
        let rungs = runs.iter().flat_map(|run| &run.rungs);
        let mut flaws: Vec<Flaw<'p>> = rungs.flat_map(|rung| rung.flaws.iter().filter(|flaw| flaw.weighs()).cloned()).collect();
        // An act of that day whose hour is not known, and which is read only later, may have ended one of them before.
        let later = || self.items.list.get(self.read..).unwrap_or(&[]).iter();
        let that_day = |other: &&Item<'_>| !other.at.is_exact() && other.at.earliest() <= at.latest() && other.at.latest() >= at.earliest();
        let ends = |run: &&OrderRun<'p>| later().filter(that_day).any(|other| run.body.ends_on.iter().any(|ends| fits_item(ends, other)));
        if self.straddles(at, orders) || runs.iter().any(ends) {
            flaws.push(flaw(head, "time", "time", &head.section, Failing::TimeUnknown, Defect::Void, vec![item]));
        }
        if let Some(reading) = self.ended_on_a_reading(at, orders) {
            let read = flaw(head, &reading.id, &reading.id, &head.section, Failing::Reading, Defect::Void, vec![item]);
            flaws.push(Flaw { decides: reading.decides, ..read });
        }
        flaws
    }

    /// A run that took the place of one not shown to be good: had that one been good, this one would have begun nothing. So beyond the end of
    /// the first it is no better than the first.
    fn outlives(&mut self, old: usize, begun: usize) {
        let Some(first) = self.out.orders.get(old) else { return };
        let (end, flaws) =
            (first.end, first.rungs.iter().flat_map(|rung| rung.flaws.iter().filter(|flaw| flaw.weighs()).cloned()).collect());
        let Some(new) = self.out.orders.get_mut(begun).filter(|new| end.sure < new.end.sure) else { return };
        let Ok(from) = Moment::between(end.sure, end.latest.max(end.sure)) else { return };
        let (item, until, section) = (new.item, new.end, new.head.section.as_str());
        if let Some(own) = new.rungs.last_mut() {
            own.end = end;
        }
        new.rungs.push(Rung { from, item, end: until, flaws, relied: Vec::new(), section });
    }

    /// The run of an order that is in being, if one is.
    fn running(&self, order: u16) -> Option<usize> {
        self.open_orders.iter().copied().find(|number| self.out.orders.get(*number).is_some_and(|run| run.order == order && !run.void))
    }

    /// Whether an act that would begin an order is another act than the one by which the order runs: that one is not shown to be good, and
    /// this one is founded on another paper.
    fn is_another(&self, run: usize, body: &'p Order, head: &'p Head, at: &Moment, item: ItemNo) -> bool {
        if self.is_good(run) {
            return false;
        }
        let mut chain = Chain::default();
        self.chain(&body.rests_on, head, &Scope { start: Some(*at), ..Scope::at(*at, Some(item)) }, Some(item), 0, &mut chain);
        let order = self.out.orders.get(run).map(|run| run.order);
        let mut open = self.open_orders.iter().filter_map(|number| self.out.orders.get(*number)).filter(|run| Some(run.order) == order);
        chain.paper.is_some() && open.all(|run| run.paper != chain.paper)
    }

    /// Whether nothing unmended weighs against any stretch of a run.
    pub(crate) fn is_good(&self, run: usize) -> bool {
        self.out.orders.get(run).is_some_and(|run| run.rungs.iter().all(|rung| !rung.flaws.iter().any(Flaw::weighs)))
    }

    /// Whether, of an act of which only the date is known, it cannot be told if one of these orders still ran: it may come before or after
    /// its end.
    pub(crate) fn straddles(&self, at: &Moment, orders: &[u16]) -> bool {
        let ends_within = |run: &OrderRun<'_>| !at.is_exact() && run.end.sure > at.earliest() && run.end.sure <= at.latest();
        // Nor can it be told where the order itself began at an unknown hour, and may have ended by then.
        let may_have_ended =
            |run: &OrderRun<'_>| matches!(run.end.doubt, Doubt::Time) && run.end.sure <= at.latest() && run.end.latest > at.earliest();
        let open = self.open_orders.iter().filter_map(|number| self.out.orders.get(*number));
        open.filter(|run| orders.contains(&run.order) && !run.void).any(|run| ends_within(run) || may_have_ended(run))
    }

    /// Where one of these orders had ended on one reading and runs on the other: that reading.
    fn ended_on_a_reading(&self, at: &Moment, orders: &[u16]) -> Option<&'p Reading> {
        let open = self.open_orders.iter().filter_map(|number| self.out.orders.get(*number));
        let between = |run: &&OrderRun<'p>| orders.contains(&run.order) && !run.void && run.end.sure <= at.latest();
        open.filter(between).find_map(|run| match run.end.doubt {
            Doubt::Reading(reading) if at.earliest() < run.end.latest => Some(reading),
            _ => None,
        })
    }

    /// Held under an order that the pack has no text for on that day, or from before the pack's first day: the law of that day is not known
    /// here, and nothing is said by a later one.
    pub(crate) fn before_the_law(&mut self, number: ItemNo, item: &Item<'_>) {
        let day = self.day(&item.at);
        let of = |order: u16| self.pack.orders.get(usize::from(order));
        let named = item.under.and_then(|under| self.pack.orders.iter().position(|order| order.id == self.pack.words.text(under)));
        let order = named.and_then(|order| u16::try_from(order).ok());
        let is_gap = match order.and_then(of) {
            Some(order) => order.on(day).is_none() && order.versions.iter().any(|version| version.head.from.is_some()),
            None => self.law.index.first_day.is_some_and(|first| day < first),
        };
        if is_gap && !self.out.no_law.iter().any(|gap| gap.item == number && gap.order == order) {
            self.out.no_law.push(NoLaw { order, at: item.at, item: number });
        }
    }

    /// Begins a run.
    pub(crate) fn begin(&mut self, beginning: Beginning<'p>) {
        let Beginning { order, at, start, item, flaws, relied, own_papers } = beginning;
        let Some(provision) = self.pack.orders.get(usize::from(order)) else { return };
        let Some((version, body)) = self.text(provision, &at) else { return };
        if self.out.orders.len() >= limits::ORDERS {
            return self.leave_out(NotFollowed::Orders(item));
        }
        let head = &version.head;
        let mut chain = Chain { flaws, relied, paper: None };
        chain.relied.push(item);
        // What lives inside another order is no better than that order: not at its start, and (see the timeline) at no time after.
        let is_outer = |number: &usize| self.out.orders.get(*number).is_some_and(|run| Some(run.order) == body.inside);
        let within = self.open_orders.iter().rev().copied().find(is_outer);
        if let Some(outer) = within.and_then(|outer| self.out.orders.get(outer)) {
            chain.flaws.extend(outer.rungs.iter().flat_map(|rung| rung.flaws.iter().cloned()));
        }
        let mut scope = Scope { start: Some(start), ..Scope::at(at, Some(item)) };
        let founded = if own_papers { self.chain(&body.rests_on, head, &scope, Some(item), 0, &mut chain) } else { Vec::new() };
        // The starting entry is itself the paper where an order is made by signing one.
        let signed_itself = self.item(item).is_some_and(|item| item.instrument.is_some());
        let paper = chain.paper.or(signed_itself.then_some(item));
        // A paper that carried an order which is over is spent: it carries no second one.
        let spent = |run: &OrderRun<'_>| run.order == order && !run.open && run.paper.is_some() && run.paper == chain.paper;
        if own_papers && self.out.orders.iter().any(spent) {
            chain.flaws.push(flaw(head, "spent", "spent", &head.section, Failing::Unmet, Defect::Void, chain.paper.into_iter().collect()));
        }
        scope.paper = paper;
        scope.founded = &founded;
        if own_papers {
            for need in &body.needs {
                self.need(need, head, paper.unwrap_or(item), &scope, &mut chain);
            }
        }
        let joined = body
            .joins
            .iter()
            .filter_map(|joins| self.out.orders.iter().rev().find(|run| run.order == *joins))
            .filter(|run| {
                // One that an act ended before its time, in the same stay, still counts until that time.
                let in_time = run.end.latest >= at.earliest() && usize::from(run.item) >= self.stay;
                run.open || run.ended.is_some_and(|(ended, _)| ended == at) || in_time
            })
            .map(|run| run.joined)
            .next()
            // Begun at an unknown hour, it may have begun before the one that it joins: then its own start counts.
            .map(|joined| if start.is_exact() { joined } else { joined.earlier_of(&start) })
            .unwrap_or(start);
        let run = self.out.orders.len();
        let occurrence = nth(self.out.orders.iter().map(|run| (run.order, run.item)), (order, item));
        self.out.orders.push(OrderRun {
            order,
            head,
            body,
            start,
            joined,
            since: at,
            item,
            occurrence,
            paper: chain.paper,
            rungs: Vec::new(),
            end: End::OPEN,
            own_end: None,
            void: false,
            ended: None,
            ended_by: None,
            let_go: None,
            within,
            open: true,
            pauses: Vec::new(),
            stopped: false,
            lingering: false,
            next_rung: 0,
            held_open: false,
        });
        self.open_orders.push(run);
        self.changes += 1;
        self.rungs += 1;
        scope.run = Some(run);
        let mut end = End::OPEN;
        if let Some(period) = &body.lasts {
            match self.end(period, &scope) {
                Some(counted) => end = counted,
                // A point the period is counted from is not on the register: nothing can be counted, and nothing is shown.
                None => {
                    chain.flaws.push(flaw(head, "lasts", self.lacks(period), &head.section, Failing::Missing, Defect::Void, vec![item]))
                }
            }
            self.paper_flaws(period, &scope, head, item, &mut chain);
        }
        end = self.capped(order, run, end, &mut chain);
        let rung = Rung { from: at, item, end, flaws: chain.flaws, relied: chain.relied, section: &head.section };
        let void = rung.flaws.iter().any(|flaw| flaw.failing == Failing::Unmet && flaw.defect == Defect::Void);
        if let Some(new) = self.out.orders.get_mut(run) {
            new.end = end;
            new.void = void;
            new.rungs.push(rung);
        }
        self.perhaps_over_that_day(run);
        if body.status == Status::Held && !matches!(self.presence, Presence::OnLeave | Presence::Absent) {
            self.be(Presence::Held, at, item);
        }
        // Nobody has left because a community order starts: that they left, or stayed of their own choice, is a fact of its own.
        if body.status == Status::Held && matches!(self.presence, Presence::OnLeave | Presence::Absent) {
            // Whoever comes back comes back into this order.
            self.before = Presence::Held;
        }
        self.happen(Event::Started, order, run, at, item);
    }

    /// A paper that says how long: silent, authority is not shown; too long, the excess is void.
    pub(crate) fn paper_flaws(&mut self, period: &'p Period, scope: &Scope<'_, 'p>, head: &'p Head, item: ItemNo, chain: &mut Chain<'p>) {
        let PeriodShape::Counted(counted) = &period.shape else { return };
        if !counted.paper {
            return;
        }
        let section = period.section.as_deref().unwrap_or(&head.section);
        let Some(from) = self.counted_from(counted, scope) else { return };
        match self.paper_says(counted, &from, scope) {
            None => chain.flaws.push(flaw(head, "length", "length", section, Failing::Missing, Defect::Void, vec![item])),
            Some(says) => {
                if let Some(longest) = self.longest(counted, &from)
                    && says.earliest() > longest
                {
                    self.out.findings.push(Finding {
                        head,
                        kind: FindingKind::Excess,
                        what: "length",
                        section,
                        at: scope.on,
                        item,
                        defect: Defect::Irregular,
                    });
                }
            }
        }
    }

    fn longest(&self, counted: &Counted, from: &Moment) -> Option<jiff::Timestamp> {
        counted.rule.reckon(from, &self.items.zone, None).ok().map(|reckoned| reckoned.end.latest())
    }

    /// Cuts an end at the caps of the pack: time under the capped orders counts from the first one's start.
    pub(crate) fn capped(&mut self, order: u16, run: usize, end: End<'p>, chain: &mut Chain<'p>) -> End<'p> {
        let mut end = end;
        let Some(at) = self.out.orders.get(run).map(|run| run.since) else { return end };
        for limit in &self.law.pack.limits {
            let Some((version, body)) = self.text(limit, &at) else { continue };
            let Some((orders, rule)) = &body.cap else { continue };
            if !orders.contains(&order) {
                continue;
            }
            let first = self.chain_start(orders, run);
            let Some(limit) = first.and_then(|first| rule.reckon(&first, &self.items.zone, None).ok()) else { continue };
            if limit.end.earliest() >= end.sure {
                // The time for which it may have run on is cut as well.
                end.latest = end.latest.min(limit.end.latest().max(end.sure));
            } else {
                end = End { sure: limit.end.earliest(), latest: limit.end.latest(), doubt: end.doubt, worked: None, first: None };
                let item = self.out.orders.get(run).map_or(0, |run| run.item);
                chain.relied.push(item);
                self.out.findings.push(Finding {
                    head: &version.head,
                    kind: FindingKind::Excess,
                    what: "cap",
                    section: &version.head.section,
                    at,
                    item,
                    defect: body.breach,
                });
            }
        }
        end
    }

    /// The start of the unbroken chain of orders, each begun by the end of the one before, to which a run belongs.
    fn chain_start(&self, orders: &[u16], run: usize) -> Option<Moment> {
        let mut start = self.out.orders.get(run)?.start;
        for earlier in self.out.orders.iter().take(run).rev().filter(|earlier| orders.contains(&earlier.order) && !earlier.void) {
            let over = earlier.ended.map_or(earlier.end.latest, |(at, _)| at.latest());
            if over < start.earliest() {
                break;
            }
            start = start.earlier_of(&earlier.start);
        }
        Some(start)
    }
}
