//! Duties: raised, discharged part by part, made needless, brought back, waiting, lapsing, coming again.

use super::fold::{Fold, Occurrence};
use super::forecast::{DutyRun, End};
use super::item::ItemNo;
use super::matching::Instance;
use super::when::Scope;
use crate::pack::{Duty, Event, Head};
use crate::time::Moment;

impl<'p, 'e> Fold<'p, 'e> {
    /// Raises the duties that an occurrence raises.
    pub(crate) fn raise_duties(&mut self, duties: &[u16], occurrence: Occurrence) {
        for number in duties {
            let Some((item, at)) = self.cause(occurrence) else { return };
            let Some(provision) = self.pack.duties.get(usize::from(*number)) else { continue };
            let Some((version, body)) = self.text(provision, &at) else { continue };
            let raised = body.each.iter().any(|pattern| self.fits(pattern, occurrence, None));
            if raised && body.only_if.as_ref().is_none_or(|condition| self.holds(condition)) {
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

    fn raise(&mut self, duty: u16, head: &'p Head, body: &'p Duty, at: Moment, item: ItemNo, run: Option<usize>) {
        let of = self.item(item).and_then(|item| item.of.first().copied());
        let scope = Scope { run, paper: of.or(Some(item)), ..Scope::at(at, Some(item)) };
        let raised = body.raised_at.and_then(|anchor| self.moment(anchor, &scope)).unwrap_or(at);
        let due = body.due.as_ref().and_then(|period| self.end(period, &scope));
        let occurrence = self.out.duties.iter().filter(|other| other.duty == duty && other.item == item).count();
        let mut new = DutyRun {
            duty,
            head,
            body,
            raised,
            item,
            run,
            due,
            parts: vec![None; body.done.len()],
            met: None,
            lapsed: None,
            stoppers: Vec::new(),
            waits: Vec::new(),
            occurrence: u16::try_from(occurrence).unwrap_or(u16::MAX),
        };
        // What stops a duty may have happened before it was raised, where the law counts from an earlier day.
        for pattern in body.not_if_any.iter().filter(|pattern| pattern.since.is_some()) {
            let earlier = (0..self.read).filter_map(|number| ItemNo::try_from(number).ok()).filter(|number| *number < item);
            for number in earlier.collect::<Vec<_>>() {
                if self.stops(pattern, number, &scope, due.as_ref()) {
                    new.stoppers.push(number);
                }
            }
        }
        self.out.duties.push(new);
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
        for number in 0..self.out.duties.len() {
            let Some(run) = self.out.duties.get(number) else { continue };
            let (duty, body) = (run.duty, run.body);
            if !duties.contains(&duty) || run.raised.after(&at) == Some(true) {
                continue;
            }
            if matches!(occurrence, Occurrence::Entry(_))
                && let Some((on, after_due)) = &body.reopens
                && !run.stoppers.is_empty()
                && run.lapsed.is_none()
                && self.fits(on, occurrence, None)
                && self.names_stopper(number, item)
            {
                self.reopen(number, *after_due, item, at);
                continue;
            }
            if run.met.is_some() || run.lapsed.is_some() {
                continue;
            }
            let oldest = !seen.contains(&duty);
            seen.push(duty);
            let own = self.items_of_duty(number);
            let instance = Instance { items: &own, oldest };
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
    fn items_of_duty(&self, number: usize) -> Vec<ItemNo> {
        let Some(run) = self.out.duties.get(number) else { return Vec::new() };
        let mut items = vec![run.item];
        if let Some(item) = self.item(run.item) {
            items.extend(item.of.iter().copied());
        }
        if let Some(order) = run.run {
            items.extend(self.items_of(order));
        }
        items
    }

    fn discharge(&mut self, number: usize, body: &'p Duty, occurrence: Occurrence, instance: &Instance<'_>, item: ItemNo, at: Moment) {
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
        if let Some(repeats) = &body.repeats {
            let from = if repeats.from_done { at } else { run.due.map_or(at, |due| Moment::at(due.sure)) };
            let (order, item_of, due) = (run.run, run.item, repeats.every.reckon(&from, &self.items.zone, None).ok());
            self.raise(duty, head, body, at, item_of, order);
            if let Some(new) = self.out.duties.last_mut() {
                new.due = due.map(|due| End {
                    sure: due.end.earliest(),
                    latest: due.end.latest(),
                    doubt: super::forecast::Doubt::None,
                    worked: None,
                });
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
        self.raise(duty, head, body, at, item, order);
        if let Some(new) = self.out.duties.last_mut() {
            new.due = None;
            new.stoppers.clear();
        }
    }

    /// A duty lapses.
    pub(crate) fn lapse(&mut self, number: usize, at: Moment) {
        let Some(run) = self.out.duties.get_mut(number).filter(|run| run.met.is_none() && run.lapsed.is_none()) else { return };
        run.lapsed = Some(at);
        let (duty, item) = (run.duty, run.item);
        self.happen(Event::Lapsed, duty, number, at, item);
    }

    /// Looks again at what lasts only while something holds.
    pub(crate) fn recheck(&mut self) {
        let now = self.now;
        for number in 0..self.out.duties.len() {
            let Some(run) = self.out.duties.get(number).filter(|run| run.met.is_none() && run.lapsed.is_none()) else { continue };
            let body = run.body;
            if body.while_.as_ref().is_some_and(|condition| !self.holds(condition)) {
                self.lapse(number, now);
                continue;
            }
            let Some(condition) = &body.waits else { continue };
            let waits = self.holds(condition);
            let Some(run) = self.out.duties.get_mut(number) else { continue };
            match (waits, run.waits.last_mut()) {
                (true, None | Some((_, Some(_)))) => run.waits.push((now, None)),
                (false, Some((since, until @ None))) => {
                    *until = Some(now);
                    // Due while it waited: due again from the end of the wait, as soon as can be.
                    if run.due.is_some_and(|due| due.sure > since.earliest() && due.sure <= now.latest()) {
                        run.due = None;
                    }
                }
                _ => {}
            }
        }
        for number in 0..self.out.entitlements.len() {
            let Some(run) = self.out.entitlements.get(number).filter(|run| run.ended.is_none()) else { continue };
            if run.body.while_.as_ref().is_some_and(|condition| !self.holds(condition))
                && let Some(run) = self.out.entitlements.get_mut(number)
            {
                run.ended = Some(now);
            }
        }
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
            let stands = through.is_empty() || self.out.orders.iter().any(|order| order.open && through.contains(&order.order));
            if !stands && let Some(run) = self.out.clocks.get_mut(number) {
                run.fell = Some(now);
            }
        }
    }
}
