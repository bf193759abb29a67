//! Duties: raised, discharged part by part, made needless, brought back, waiting, lapsing, coming again.

use super::fold::{Fold, Occurrence, limits};
use jiff::Timestamp;

use super::forecast::{DutyRun, End, EntitlementRun, Failing, NotFollowed, Rung};
use super::item::ItemNo;
use super::matching::{Instance, Truth, fits_item};
use super::open::Looked;
use super::orders::{flaw, nth};
use super::when::{Scope, after_end};
use crate::pack::{Duty, Entitlement, Event, Head, Looks};
use crate::time::Moment;

impl<'p, 'e> Fold<'p, 'e> {
    /// Raises the duties that an occurrence raises.
    pub(crate) fn raise_duties(&mut self, duties: &[u16], occurrence: Occurrence) {
        for number in duties {
            let Some((item, at)) = self.cause(occurrence) else { return };
            let Some(provision) = self.pack.duties.get(usize::from(*number)) else { continue };
            let Some((version, body)) = self.text(provision, &at) else { continue };
            // What is owed if something is so is owed where the register does not say.
            let raised = body.each.iter().any(|pattern| self.fitting(pattern, occurrence, None) != Truth::No);
            if raised && body.only_if.as_ref().is_none_or(|condition| self.truth(condition) != Truth::No) {
                let run = match occurrence {
                    Occurrence::Event(happened)
                        if matches!(
                            happened.event,
                            Event::Started | Event::Renewed | Event::Ended | Event::Expired | Event::ReturnedLate
                        ) =>
                    {
                        Some(happened.run)
                    }
                    Occurrence::Event(happened) if matches!(happened.event, Event::Met | Event::Lapsed) => {
                        self.out.duties.get(happened.run).and_then(|duty| duty.run)
                    }
                    _ => None,
                };
                self.raise(*number, &version.head, body, at, item, run);
            }
        }
    }

    /// A duty is owed. Raised by a fact of which only the date is known, it may have been discharged by what was read before that fact.
    fn raise(&mut self, duty: u16, head: &'p Head, body: &'p Duty, at: Moment, item: ItemNo, run: Option<usize>) {
        let owed = self.out.duties.len();
        self.owe(duty, head, body, at, item, run);
        if let Some(raised) = self.out.duties.get(owed).map(|run| run.raised).filter(|raised| !raised.is_exact()) {
            self.catch_up(owed, body, item, &raised);
        }
    }

    fn owe(&mut self, duty: u16, head: &'p Head, body: &'p Duty, at: Moment, item: ItemNo, run: Option<usize>) {
        if self.open_duties.count(duty) >= limits::OPEN_OF_ONE_DUTY {
            return self.leave_out(NotFollowed::Duty(duty, item));
        }
        let occurrence = nth(self.open_duties.raised.iter().copied(), (duty, item));
        let of = self.item(item).and_then(|item| item.of.first().copied());
        let scope = Scope { run, paper: of.or(Some(item)), ..Scope::at(at, Some(item)) };
        let raised = body.raised_at.and_then(|anchor| self.moment(anchor, &scope)).unwrap_or(at);
        let due = body.due.as_ref().and_then(|period| self.end(period, &scope));
        let mut new = DutyRun {
            duty,
            head,
            body,
            raised,
            item,
            run,
            due,
            first_due: due,
            dues: Vec::new(),
            left: false,
            parts: vec![None; body.done.len()],
            met: None,
            lapsed: None,
            stoppers: Vec::new(),
            waits: Vec::new(),
            occurrence,
        };
        // What stops a duty may have happened before it was raised, where the law counts from an earlier day.
        for pattern in body.not_if_any.iter().filter(|pattern| pattern.since.is_some()) {
            let earlier = self.items.by_fact.among(pattern.facts(), 0..self.read.min(usize::from(item)));
            for number in earlier.collect::<Vec<_>>() {
                if self.stops(pattern, number, &scope, due.as_ref()) {
                    new.stoppers.push(number);
                }
            }
        }
        self.open_duties.add(duty, item, looked(body));
        self.out.duties.push(new);
    }

    fn catch_up(&mut self, number: usize, body: &'p Duty, by: ItemNo, raised: &Moment) {
        for earlier in (0..by).rev() {
            let Some(at) = self.item(earlier).map(|item| item.at) else { return };
            if at.latest() < raised.earliest() {
                return;
            }
            let instance = self.instance(Occurrence::Entry(earlier), true, || self.items_of_duty(number));
            if self.out.duties.get(number).is_some_and(|run| run.met.is_none()) {
                self.discharge(number, body, Occurrence::Entry(earlier), &instance, earlier, at);
            }
        }
    }

    /// Whether an entry stops a duty: it fits, lies after `since` and before the due end.
    fn stops(&self, pattern: &crate::pack::Pattern, number: ItemNo, scope: &Scope<'_, 'p>, due: Option<&End<'_>>) -> bool {
        let Some(item) = self.item(number) else { return false };
        let since = pattern.since.is_none_or(|anchor| self.moment(anchor, scope).is_some_and(|since| item.at.before(&since) != Some(true)));
        since && due.is_none_or(|due| item.at.earliest() < due.latest) && self.fits(pattern, Occurrence::Entry(number), None)
    }

    /// Lets an occurrence discharge, stop, end or bring back the duties it can touch.
    pub(crate) fn touch_duties(&mut self, duties: &[u16], occurrence: Occurrence) {
        if duties.is_empty() || self.out.duties.is_empty() {
            return;
        }
        let Some((item, at)) = self.cause(occurrence) else { return };
        let mut seen: Vec<u16> = Vec::new();
        let mut concerned: Vec<(*const Duty, bool)> = Vec::new();
        for number in self.open_of(duties) {
            let Some(run) = self.out.duties.get(number) else { continue };
            let (duty, body) = (run.duty, run.body);
            if run.met.is_some() || run.lapsed.is_some() || run.raised.after(&at) == Some(true) {
                continue;
            }
            let key = std::ptr::from_ref(body);
            let known = concerned.iter().find(|(known, _)| std::ptr::eq(*known, key)).map(|(_, concerns)| *concerns);
            let concerns = known.unwrap_or_else(|| {
                let concerns = self.concerns(body, occurrence);
                concerned.push((key, concerns));
                concerns
            });
            if !concerns {
                continue;
            }
            if matches!(occurrence, Occurrence::Entry(_))
                && let Some((on, after_due)) = &body.reopens
                && !run.stoppers.is_empty()
                && self.fits(on, occurrence, None)
                && self.names_stopper(number, item)
            {
                self.reopen(number, *after_due, item, at);
                continue;
            }
            let oldest = !seen.contains(&duty);
            if oldest {
                seen.push(duty);
            }
            let instance = self.instance(occurrence, oldest, || self.items_of_duty(number));
            self.discharge(number, body, occurrence, &instance, item, at);
            let Some(run) = self.out.duties.get(number) else { continue };
            if run.met.is_some() {
                continue;
            }
            let due = run.due;
            let scope = self.scope_of_duty(number);
            if let Occurrence::Entry(entry) = occurrence
                && body.not_if_any.iter().any(|pattern| self.stops(pattern, entry, &scope, due.as_ref()))
                && let Some(run) = self.out.duties.get_mut(number)
                && !run.stoppers.contains(&entry)
            {
                run.stoppers.push(entry);
            }
            if body.ends.iter().any(|pattern| self.fits(pattern, occurrence, Some(&instance)))
                && self.raised_otherwise(number, item, occurrence)
            {
                self.lapse(number, at);
            }
        }
    }

    /// Whether any pattern of a duty can fit an occurrence, whichever instance is asked.
    fn concerns(&self, body: &Duty, occurrence: Occurrence) -> bool {
        let reopens = body.reopens.as_ref().map(|(on, _)| on);
        let mut patterns = body.done.iter().chain(&body.not_if_any).chain(&body.ends).chain(reopens);
        match occurrence {
            Occurrence::Entry(number) => self.item(number).is_some_and(|item| patterns.any(|pattern| fits_item(pattern, item))),
            Occurrence::Event(happened) => {
                patterns.any(|pattern| matches!(&pattern.looks, Looks::Events(event, _) if *event == happened.event))
            }
        }
    }

    /// The open instances of some duties, in the order in which they were raised.
    pub(crate) fn open_of(&mut self, duties: &[u16]) -> Vec<usize> {
        let runs = &self.out.duties;
        self.open_duties.of_duties(duties, |number| runs.get(number).is_some_and(DutyRun::is_open))
    }

    /// An instance is neither open nor owed any more.
    fn settled(&mut self, number: usize) {
        if let Some(run) = self.out.duties.get(number) {
            self.open_duties.over(run.duty);
        }
    }

    /// An entry does not end what it raised itself, unless it is the engine's later event.
    fn raised_otherwise(&self, number: usize, item: ItemNo, occurrence: Occurrence) -> bool {
        matches!(occurrence, Occurrence::Event(_)) || self.out.duties.get(number).is_some_and(|run| run.item != item)
    }

    fn scope_of_duty(&self, number: usize) -> Scope<'p, 'p> {
        let Some(run) = self.out.duties.get(number) else { return Scope::at(self.now, None) };
        let paper = self.item(run.item).and_then(|item| item.of.first().copied()).or(Some(run.item));
        Scope { run: run.run, paper, due: run.due, ..Scope::at(run.raised, Some(run.item)) }
    }

    /// The entries an instance is known by: what raised it, the paper that is about, and its order's.
    pub(crate) fn items_of_duty(&self, number: usize) -> impl Iterator<Item = ItemNo> + '_ {
        let run = self.out.duties.get(number);
        let paper = run.and_then(|run| self.item(run.item)).into_iter().flat_map(|item| item.of.iter().copied());
        let order = run.and_then(|run| run.run).into_iter().flat_map(|order| self.items_of(order));
        run.map(|run| run.item).into_iter().chain(paper).chain(order)
    }

    fn discharge(&mut self, number: usize, body: &'p Duty, occurrence: Occurrence, instance: &Instance, item: ItemNo, at: Moment) {
        for (part, pattern) in body.done.iter().enumerate() {
            let open = self.out.duties.get(number).and_then(|run| run.parts.get(part)).is_some_and(Option::is_none);
            if !open || !self.fits(pattern, occurrence, Some(instance)) {
                continue;
            }
            let scope = self.scope_of_duty(number);
            if pattern.window.as_ref().is_some_and(|window| self.within(window, &at, &scope) == Some(false)) {
                continue;
            }
            if let Some(slot) = self.out.duties.get_mut(number).and_then(|run| run.parts.get_mut(part)) {
                *slot = Some((at, item));
            }
        }
        let Some(run) = self.out.duties.get_mut(number) else { return };
        let done = if body.any_part {
            run.parts.iter().any(Option::is_some)
        } else {
            !run.parts.is_empty() && run.parts.iter().all(Option::is_some)
        };
        if !done {
            return;
        }
        run.met = Some(at);
        let (duty, head) = (run.duty, run.head);
        self.settled(number);
        let Some(run) = self.out.duties.get(number) else { return };
        if let Some(repeats) = &body.repeats {
            let after = |due: End<'_>| after_end(&repeats.every, Moment::at(due.sure));
            let from = if repeats.from_done { at } else { run.due.map_or(at, after) };
            let (order, item_of, due) = (run.run, run.item, repeats.every.reckon(&from, &self.items.zone, None).ok());
            // What discharged this instance, or was read before that, does not discharge the next.
            let next = self.out.duties.len();
            self.owe(duty, head, body, at, item_of, order);
            if let Some(new) = self.out.duties.get_mut(next) {
                new.due = due.map(|due| End {
                    sure: due.end.earliest(),
                    latest: due.end.latest(),
                    doubt: super::forecast::Doubt::None,
                    worked: None,
                    first: None,
                });
                new.first_due = new.due;
            }
        }
        self.happen(Event::Met, duty, number, at, item);
    }

    fn names_stopper(&self, number: usize, item: ItemNo) -> bool {
        let Some(run) = self.out.duties.get(number) else { return false };
        self.item(item).is_some_and(|item| item.of.is_empty() || item.of.iter().any(|of| run.stoppers.contains(of)))
    }

    /// A stopper fell away. Before the duty would have been due it never counted (the view sees that); afterwards the duty is owed
    /// again, at once, unless another stopper still stands.
    fn reopen(&mut self, number: usize, after_due: bool, item: ItemNo, at: Moment) {
        let Some(run) = self.out.duties.get(number) else { return };
        let of = self.item(item).map(|item| item.of.as_slice()).unwrap_or(&[]);
        let stands = |stopper: &ItemNo| {
            !of.is_empty() && !of.contains(stopper) && self.item(*stopper).is_some_and(|stopper| stopper.withdrawn.is_none())
        };
        let passed = run.due.is_some_and(|due| at.earliest() >= due.sure);
        if run.stoppers.iter().any(stands) || (after_due && !passed) {
            return;
        }
        let (duty, head, body, order) = (run.duty, run.head, run.body, run.run);
        if let Some(run) = self.out.duties.get_mut(number) {
            run.lapsed = Some(at);
        }
        self.settled(number);
        let again = self.out.duties.len();
        self.raise(duty, head, body, at, item, order);
        if let Some(new) = self.out.duties.get_mut(again) {
            new.due = None;
            new.first_due = None;
            new.stoppers.clear();
        }
    }

    /// A duty lapses.
    pub(crate) fn lapse(&mut self, number: usize, at: Moment) {
        let Some(run) = self.out.duties.get_mut(number).filter(|run| run.met.is_none() && run.lapsed.is_none()) else { return };
        run.lapsed = Some(at);
        let (duty, item) = (run.duty, run.item);
        self.settled(number);
        self.happen(Event::Lapsed, duty, number, at, item);
    }

    /// The duty whose lateness comes next and does something to an order, and when it is late: on the earlier of two readings.
    pub(crate) fn next_late(&self) -> Option<(Timestamp, usize)> {
        if !self.law.index.lateness_matters {
            return None;
        }
        let open = self.open_duties.leaving().iter().filter_map(|number| self.out.duties.get(*number).map(|run| (*number, run)));
        let owed = open.filter(|(_, run)| run.met.is_none() && run.lapsed.is_none() && run.stoppers.is_empty());
        let waits = |run: &DutyRun<'_>| run.waits.last().is_some_and(|(_, until)| until.is_none());
        let leaves = owed.filter(|(_, run)| run.body.late_leaves.is_some() && !run.left && !waits(run));
        leaves.filter_map(|(number, run)| Some((run.due?.sure, number))).min()
    }

    /// A duty is late: the stretch of an order whose entry raised it has a defect from then on.
    pub(crate) fn leave(&mut self, number: usize) {
        let Some(run) = self.out.duties.get_mut(number) else { return };
        run.left = true;
        let (Some(due), Some(leaves)) = (run.due, &run.body.late_leaves) else { return };
        let (head, raised_by, section) = (run.head, run.item, leaves.section.as_deref().unwrap_or(&run.head.section));
        for open in 0..self.open_orders.len() {
            let Some(order) = self.open_orders.get(open).and_then(|order| self.out.orders.get_mut(*order)) else { continue };
            let raised = |rung: &&Rung<'p>| rung.item == raised_by || rung.relied.contains(&raised_by);
            let Some(stretch) = order.rungs.iter().rev().find(raised).filter(|_| leaves.orders.contains(&order.order)) else { continue };
            let from = Timestamp::max(due.sure, stretch.from.earliest());
            // A renewal made early begins only later: what is late is said in the stretch that runs then, and weighs on those that follow.
            let Some(place) = order.rungs.iter().rposition(|rung| rung.from.earliest() <= from) else { continue };
            let Some(runs) = order.rungs.get(place) else { continue };
            let late = flaw(head, "late", "late", section, Failing::Unmet, leaves.defect, vec![raised_by]);
            let (item, relied) = (stretch.item, stretch.relied.clone());
            let worse = Rung { from: Moment::at(from), item, end: runs.end, flaws: vec![late], relied, section: runs.section };
            order.rungs.insert(place + 1, worse);
            self.rungs += 1;
        }
    }

    /// Looks again at what lasts only while something holds.
    pub(crate) fn recheck(&mut self) {
        let now = self.now;
        let runs = &self.out.duties;
        self.open_duties.sweep(|number| runs.get(number).is_some_and(DutyRun::is_open));
        // A condition is about the person, not the instance: it is asked once for each text.
        let mut asked: Vec<(*const Duty, bool, bool)> = Vec::new();
        for at_open in 0..self.open_duties.rechecked().len() {
            let Some(number) = self.open_duties.rechecked().get(at_open).copied() else { continue };
            let Some(body) = self.out.duties.get(number).map(|run| run.body) else { continue };
            if body.while_.is_none() && body.waits.is_none() {
                continue;
            }
            let key = std::ptr::from_ref(body);
            let known = asked.iter().find(|(known, ..)| std::ptr::eq(*known, key)).map(|(_, over, waits)| (*over, *waits));
            let (over, waits) = known.unwrap_or_else(|| {
                let over = body.while_.as_ref().is_some_and(|condition| self.truth(condition) == Truth::No);
                let waits = body.waits.as_ref().is_some_and(|condition| self.holds(condition));
                asked.push((key, over, waits));
                (over, waits)
            });
            if over {
                self.lapse(number, now);
            } else if body.waits.is_some() {
                self.wait(number, waits, now);
            }
        }
        let mut asked: Vec<(*const Entitlement, bool)> = Vec::new();
        for at_open in 0..self.open_entitlements.len() {
            let Some(number) = self.open_entitlements.get(at_open).copied() else { continue };
            let Some(body) = self.out.entitlements.get(number).map(|run| run.body) else { continue };
            let key = std::ptr::from_ref(body);
            let known = asked.iter().find(|(known, _)| std::ptr::eq(*known, key)).map(|(_, over)| *over);
            let over = known.unwrap_or_else(|| {
                let over = body.while_.as_ref().is_some_and(|condition| self.truth(condition) == Truth::No);
                asked.push((key, over));
                over
            });
            if over && let Some(run) = self.out.entitlements.get_mut(number) {
                run.ended = Some(now);
            }
        }
        let open = |run: &EntitlementRun<'_>| run.ended.is_none() && run.closes.latest > now.earliest();
        self.open_entitlements.retain(|number| self.out.entitlements.get(*number).is_some_and(open));
        for number in 0..self.out.clocks.len() {
            let Some(run) = self.out.clocks.get(number).filter(|run| run.fell.is_none()) else { continue };
            let Some(through) = self
                .pack
                .clocks
                .get(usize::from(run.clock))
                .and_then(|provision| self.text(provision, &run.at))
                .map(|(_, body)| &body.through)
            else {
                continue;
            };
            let mut open = self.open_orders.iter().filter_map(|number| self.out.orders.get(*number));
            let stands = through.is_empty() || open.any(|order| through.contains(&order.order));
            if !stands && let Some(run) = self.out.clocks.get_mut(number) {
                run.fell = Some(now);
            }
        }
    }

    /// A duty begins to wait, or its wait is over.
    fn wait(&mut self, number: usize, waits: bool, now: Moment) {
        let Some(run) = self.out.duties.get_mut(number) else { return };
        match (waits, run.waits.last_mut()) {
            (true, None | Some((_, Some(_)))) => run.waits.push((now, None)),
            (false, Some((since, until @ None))) => {
                *until = Some(now);
                // Due while it waited: due again from the end of the wait, as soon as can be.
                if run.due.is_some_and(|due| due.sure > since.earliest() && due.sure <= now.latest()) {
                    run.dues.push((now, None));
                    run.due = None;
                }
            }
            _ => {}
        }
    }
}

/// What must be looked at in an open instance with this text.
pub(crate) fn looked(body: &Duty) -> Looked {
    Looked { again: body.while_.is_some() || body.waits.is_some(), when_late: body.late_leaves.is_some() }
}
