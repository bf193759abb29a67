//! Orders in being: how they end, run out, rest, come back, and outlive their end. How they begin stands in `super::begin`.

use super::fold::{Fold, Occurrence, limits};
use super::forecast::{Failing, Flaw, NotFollowed, Rung};
use super::item::ItemNo;
use super::matching::{fits_item, unsaid};
use super::when::Scope;
use crate::pack::{Defect, Event, Head, Others, Pattern};
use crate::time::Moment;

impl<'p, 'e> Fold<'p, 'e> {
    /// The entry behind an occurrence, and when it was.
    pub(crate) fn cause(&self, occurrence: Occurrence) -> Option<(ItemNo, Moment)> {
        match occurrence {
            Occurrence::Entry(number) => Some((number, self.item(number)?.at)),
            Occurrence::Event(happened) => Some((happened.item, happened.at)),
        }
    }

    /// What a start does to other orders, once its own event has been through the lists.
    pub(crate) fn after_start(&mut self, happened: super::forecast::Happened) {
        let Some(body) = self.out.orders.get(happened.run).map(|run| run.body) else { return };
        // What has no effect ends and pauses nothing.
        if self.is_void(happened.run) {
            return;
        }
        for others in &body.ends_others {
            for number in 0..self.out.orders.len() {
                let is_one =
                    number != happened.run && self.out.orders.get(number).is_some_and(|run| run.open && others.orders.contains(&run.order));
                if is_one {
                    self.close(number, happened.at, happened.item);
                    self.carry_on(number, happened.run);
                }
            }
        }
        for others in &body.pauses {
            self.pause(others, happened.at, Some(happened.run));
        }
    }

    /// Whether a run is without effect from its beginning.
    pub(crate) fn is_void(&self, run: usize) -> bool {
        self.out.orders.get(run).is_some_and(|run| run.void)
    }

    /// Lets orders rest.
    pub(crate) fn pause(&mut self, others: &Others, at: Moment, except: Option<usize>) {
        for (number, run) in self.out.orders.iter_mut().enumerate() {
            let rests = run.pauses.last().is_some_and(|(_, until)| until.is_none());
            if Some(number) != except && run.open && others.orders.contains(&run.order) && !rests {
                run.pauses.push((at, None));
                run.stopped = others.clock_stopped;
            }
        }
    }

    /// Lets the orders come back that rested because of a run that is over, unless their own time ran out meanwhile.
    fn unpause(&mut self, by: usize, at: Moment) {
        let Some(body) = self.out.orders.get(by).filter(|run| !run.void).map(|run| run.body) else { return };
        // What another order still pauses goes on resting.
        let still: Vec<u16> = self
            .open_orders
            .iter()
            .filter(|number| **number != by)
            .filter_map(|number| self.out.orders.get(*number))
            .filter(|run| !run.void)
            .flat_map(|run| run.body.pauses.iter().flat_map(|others| others.orders.iter().copied()))
            .collect();
        for others in &body.pauses {
            let rests = |order: &u16| others.orders.contains(order) && !still.contains(order);
            for run in self.out.orders.iter_mut().filter(|run| run.open && rests(&run.order)) {
                // An order whose own time stood still comes back only by an act that says so.
                if let Some((_, until @ None)) = run.pauses.last_mut()
                    && !run.stopped
                {
                    *until = Some(at);
                }
            }
        }
    }

    /// Says once that a limit left something out.
    pub(crate) fn leave_out(&mut self, what: NotFollowed) {
        let same = |known: &NotFollowed| match (known, &what) {
            (NotFollowed::Duty(one, _), NotFollowed::Duty(other, _))
            | (NotFollowed::Entitlement(one, _), NotFollowed::Entitlement(other, _)) => one == other,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        };
        if !self.out.not_followed.iter().any(same) {
            self.out.not_followed.push(what);
        }
    }

    /// An order is no longer in being.
    fn shut(&mut self, number: usize) {
        if let Some(run) = self.out.orders.get_mut(number) {
            run.open = false;
        }
        self.open_orders.retain(|open| *open != number);
        self.held_open.retain(|held| held.run != number);
    }

    /// Ends an order by an act, and whatever lives inside it.
    pub(crate) fn close(&mut self, number: usize, at: Moment, item: ItemNo) {
        let Some(run) = self.out.orders.get_mut(number).filter(|run| run.open) else { return };
        run.ended = Some((at, item));
        self.changes += 1;
        let order = run.order;
        self.shut(number);
        self.unpause(number, at);
        self.happen(Event::Ended, order, number, at, item);
        self.close_inner(order, at, item);
    }

    fn close_inner(&mut self, order: u16, at: Moment, item: ItemNo) {
        let inner: Vec<usize> = self
            .out
            .orders
            .iter()
            .enumerate()
            .filter(|(_, run)| run.open && run.body.inside == Some(order))
            .map(|(number, _)| number)
            .collect();
        for number in inner {
            self.close(number, at, item);
        }
    }

    /// Ends the open runs of an order if one of its patterns fits.
    pub(crate) fn end_on(&mut self, order: u16, occurrence: Occurrence) {
        let Some((item, at)) = self.cause(occurrence) else { return };
        let mut oldest = true;
        for number in self.open_orders.clone() {
            let Some(run) = self.out.orders.get(number).filter(|run| run.open && run.order == order) else { continue };
            // An entry that starts an order does not end that same run.
            if run.item == item {
                continue;
            }
            let body = run.body;
            let may = match occurrence {
                Occurrence::Entry(entry) => {
                    self.item(entry).is_some_and(|entry| body.ends_on.iter().any(|pattern| fits_item(pattern, entry)))
                }
                Occurrence::Event(_) => true,
            };
            if !may {
                if let Occurrence::Entry(entry) = occurrence {
                    self.perhaps_ended(number, &body.ends_on, entry, at);
                }
                oldest = false;
                continue;
            }
            let instance = self.instance(occurrence, oldest, || self.items_of(number));
            if body.ends_on.iter().any(|pattern| self.fits(pattern, occurrence, Some(&instance))) {
                self.close(number, at, item);
            }
            oldest = false;
        }
        if let Occurrence::Entry(entry) = occurrence {
            self.let_go_on(order, entry, at);
        }
    }

    /// An order that the start of another ended carries on where that other is not shown to be good.
    pub(crate) fn carry_on(&mut self, number: usize, by: usize) {
        let Some(run) = self.out.orders.get_mut(number) else { return };
        run.ended_by = Some(by);
        self.carried.push(number);
    }

    /// What carries on beside the order that ended it does so no longer once an act would have ended it, or may have.
    fn let_go_on(&mut self, order: u16, entry: ItemNo, at: Moment) {
        let occurrence = Occurrence::Entry(entry);
        let is_one = |run: &&usize| self.out.orders.get(**run).is_some_and(|run| run.order == order && run.item != entry);
        for number in self.carried.iter().filter(is_one).copied().collect::<Vec<_>>() {
            let (Some(run), Some(item)) = (self.out.orders.get(number), self.item(entry)) else { continue };
            let body = run.body;
            let instance = self.instance(occurrence, true, || self.items_of(number));
            let may = |pattern: &Pattern| {
                let silent = || unsaid(pattern, item).is_some() && pattern.if_.as_deref().is_none_or(|condition| self.holds(condition));
                (fits_item(pattern, item) && self.fits(pattern, occurrence, Some(&instance))) || silent()
            };
            if run.ended.is_some_and(|(_, by)| by != entry) && body.ends_on.iter().any(may) {
                self.let_go(number, at.earliest());
            }
        }
    }

    /// From then on.
    pub(crate) fn let_go(&mut self, number: usize, from: jiff::Timestamp) {
        self.carried.retain(|carried| *carried != number);
        if let Some(run) = self.out.orders.get_mut(number) {
            run.let_go = Some(from);
        }
    }

    /// An entry that would end an order but for what it leaves unsaid: from then on authority is not shown. Silence may keep an order from
    /// beginning; it never keeps a release from being seen.
    pub(crate) fn perhaps_ended(&mut self, number: usize, patterns: &'p [Pattern], entry: ItemNo, at: Moment) {
        let Some(item) = self.item(entry) else { return };
        let silent = |pattern: &&'p Pattern| pattern.if_.as_deref().is_none_or(|condition| self.holds(condition));
        let Some(missing) = patterns.iter().filter(silent).find_map(|pattern| unsaid(pattern, item)) else { return };
        self.leave_in_doubt(number, at, missing, entry);
    }

    /// From then on an order in being is not shown to go on. The entry carries nothing; it only leaves in doubt what the others carry.
    pub(crate) fn leave_in_doubt(&mut self, number: usize, from: Moment, missing: &'p str, entry: ItemNo) {
        if self.rungs >= limits::RUNGS {
            return self.leave_out(NotFollowed::Renewals(entry));
        }
        let Some(run) = self.out.orders.get_mut(number).filter(|run| run.open) else { return };
        self.rungs += 1;
        // A renewal made early begins only later: the doubt begins in the stretch that runs, and weighs on those that follow.
        let place = run.rungs.iter().rposition(|rung| rung.from.earliest() <= from.earliest()).unwrap_or(0) + 1;
        let place = place.min(run.rungs.len());
        let runs = place.checked_sub(1).and_then(|runs| run.rungs.get(runs));
        let section = runs.map_or(run.head.section.as_str(), |rung| rung.section);
        let end = runs.filter(|_| place < run.rungs.len()).map_or(run.end, |rung| rung.end);
        let flaws = vec![flaw(run.head, "release", missing, section, Failing::Missing, Defect::Void, vec![entry])];
        run.rungs.insert(place, Rung { from, item: entry, end, flaws, relied: Vec::new(), section });
    }

    /// The entries a run is known by: what started and renewed it, and the papers it relies on.
    pub(crate) fn items_of(&self, run: usize) -> impl Iterator<Item = ItemNo> + '_ {
        let rungs = self.out.orders.get(run).into_iter().flat_map(|run| &run.rungs);
        rungs.flat_map(|rung| rung.relied.iter().copied().chain(std::iter::once(rung.item)))
    }

    /// An order's time is over: it ends, or lives on because the person is absent.
    pub(crate) fn run_out(&mut self, number: usize) {
        let Some(run) = self.out.orders.get(number) else { return };
        let (end, order, body, item) = (run.end, run.order, run.body, run.item);
        if let (Some(absence), Some((since, by)), false) = (&body.absence, self.absent, run.lingering)
            && since.earliest() < end.latest
            && let Some(retake) = &absence.retake
        {
            let until = self.end(retake, &Scope { run: Some(number), ..Scope::at(since, Some(by)) });
            if let (Some(until), Some(run)) = (until, self.out.orders.get_mut(number)) {
                run.lingering = true;
                if until.latest > end.latest {
                    run.own_end.get_or_insert(end);
                    run.end = until;
                    run.rungs.push(Rung {
                        from: Moment::at(end.latest),
                        item: by,
                        end: until,
                        flaws: Vec::new(),
                        relied: vec![by],
                        section: &absence.section,
                    });
                    return;
                }
            }
        }
        let at = Moment::between(end.sure, end.latest).unwrap_or(Moment::at(end.latest));
        self.shut(number);
        self.now = at;
        self.unpause(number, at);
        self.happen(Event::Expired, order, number, at, item);
        self.close_inner(order, at, item);
    }

    /// The person came back: orders that would otherwise have ended, or are about to, last a little longer where the law says so.
    pub(crate) fn come_back(&mut self, item: ItemNo, at: Moment) {
        for number in self.open_orders.clone() {
            let Some(run) = self.out.orders.get(number).filter(|run| run.open) else { continue };
            let (body, lingering, order) = (run.body, run.lingering, run.order);
            let Some(absence) = &body.absence else { continue };
            let scope = Scope { run: Some(number), ..Scope::at(at, Some(item)) };
            let in_time = || {
                let Some(rule) = absence.within.as_ref() else { return Some(true) };
                let expiry = self.moment(
                    crate::pack::anchor::Anchor { base: crate::pack::anchor::Base::Expiry, grain: crate::pack::anchor::Grain::Day },
                    &scope,
                )?;
                let opens = rule.back(&expiry, &self.items.zone, None).ok()?;
                Some(at.latest() >= opens.start.earliest())
            };
            if !lingering && in_time() != Some(true) {
                continue;
            }
            let Some(until) = absence.after_return.as_ref().and_then(|period| self.end(period, &scope)) else { continue };
            let Some(run) = self.out.orders.get_mut(number) else { continue };
            if lingering || until.sure > run.end.sure {
                run.own_end.get_or_insert(run.end);
                run.end = until;
                run.rungs.push(Rung { from: at, item, end: until, flaws: Vec::new(), relied: vec![item], section: &absence.section });
            }
            if lingering {
                run.lingering = false;
                self.happen(Event::ReturnedLate, order, number, at, item);
            }
        }
    }
}

/// How many of some instances are of a provision and an entry.
pub(crate) fn nth(instances: impl Iterator<Item = (u16, ItemNo)>, one: (u16, ItemNo)) -> u16 {
    u16::try_from(instances.filter(|other| *other == one).count()).unwrap_or(u16::MAX)
}

/// A flaw that no paper's window mends.
pub(crate) fn flaw<'p>(
    head: &'p Head,
    what: &'p str,
    missing: &'p str,
    section: &'p str,
    failing: Failing,
    defect: Defect,
    items: Vec<ItemNo>,
) -> Flaw<'p> {
    Flaw {
        head,
        what,
        missing,
        section,
        failing,
        defect,
        items,
        papers: None,
        decides: None,
        cure_until: None,
        mended: None,
        as_if_always: false,
    }
}
