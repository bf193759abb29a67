//! What may have ended an order on the very day on which it began: FORMAT.md, "Order of events", facts of which only the date is known;
//! and what an order or effect takes over from orders that it is no better than.

use openward_law::pack::{Pattern, Status};

use super::Reference;
use super::days::Point;
use super::sight::Instance;
use super::state::{Doubt, Failing, Fault, Sight, Weight};

impl<'p, 'e> Reference<'p, 'e> {
    /// What keeps orders in being from being good is taken over, and whether they were still in being.
    pub(crate) fn taken_over(&self, orders: &[u16], at: Point, head: &openward_law::pack::Head, by: usize) -> Vec<Fault> {
        let orders: Vec<usize> = orders.iter().map(|order| usize::from(*order)).collect();
        let mut faults = Vec::new();
        let (mut over, mut reading) = (self.straddles(at, &orders), None);
        for run in self.runs.iter().filter(|run| run.open && !run.void && orders.contains(&run.order)) {
            faults.extend(run.stretches.iter().flat_map(|stretch| &stretch.faults).filter(|fault| fault.weighs()).cloned());
            over |= self.told[self.read..].iter().any(|told| {
                let same_day = !told.at.exact() && told.at.first <= at.last && at.first <= told.at.last;
                same_day && run.body.ends_on.iter().any(|ends| self.shows(ends, told))
            });
            let between = run.till.sure <= at.last && at.first < run.till.latest;
            if let (Doubt::Reading(id, decides), true, None) = (&run.till.doubt, between, &reading) {
                reading = Some((id.clone(), *decides));
            }
        }
        if over {
            faults.push(Fault::new(head, "time", "time", Failing::Time, Weight::Void, vec![by]));
        }
        if let Some((id, decides)) = reading {
            faults.push(Fault { decides, ..Fault::new(head, &id, &id, Failing::Reading, Weight::Void, vec![by]) });
        }
        faults
    }

    /// Of something that was read before an order began, and whose hour is not known, it cannot be told that it did not end that order: from
    /// the beginning on the order is not shown, or, where that something carries a good order, once its day is over.
    pub(crate) fn perhaps_over_that_day(&mut self, number: usize) {
        let run = &self.runs[number];
        if run.void {
            return;
        }
        let (since, by, order) = (run.since, run.by, run.order);
        let later = |at: Point, act: usize| act != by && !at.exact() && at.last > since.first;
        let ends_such = |other: &super::state::Run<'p>| {
            other.body.ends_others.iter().any(|others| others.orders.iter().any(|ended| usize::from(*ended) == order))
        };
        let mut acts: Vec<(Point, usize)> = Vec::new();
        for other in self.runs.iter().filter(|other| other.open && !other.void) {
            if later(other.since, other.by) && ends_such(other) {
                acts.push((other.since, other.by));
            }
        }
        let oldest = self.runs.iter().enumerate().all(|(other, run)| other == number || !run.open || run.order != order);
        let instance = Instance { entries: self.entries_of(number), oldest };
        for act in (0..self.read).filter(|act| later(self.told[*act].at, *act)) {
            let mut ends_on = run.body.ends_on.iter().filter(|pattern| pattern.nth.is_none());
            if ends_on.any(|pattern| self.fits(pattern, Sight::Entry(act), Some(&instance))) {
                acts.push((self.told[act].at, act));
            }
        }
        let carried = |act: usize| {
            (0..self.runs.len()).any(|other| {
                let run = &self.runs[other];
                run.open && run.by == act && run.body.status == Status::Held && self.is_good(other)
            })
        };
        let doubts: Vec<_> = acts.iter().map(|(at, act)| (if carried(*act) { at.last } else { since.first }, *act)).collect();
        let Some(first) = doubts.iter().map(|(from, _)| *from).min() else { return };
        if let Some((_, act)) = doubts.iter().find(|(from, _)| *from == first) {
            self.leave_in_doubt(number, Point::at(first), "time", *act);
        }
    }

    /// An entry that would end an order, or may, ends it for its own part too where the start of another had ended it before.
    pub(crate) fn free_carried(&mut self, order: usize, sight: Sight) {
        let Sight::Entry(entry) = sight else { return };
        for number in 0..self.runs.len() {
            let run = &self.runs[number];
            // That which began or ended it says nothing more of it.
            let apart = run.by != entry && run.ended_by.is_some_and(|other| self.runs[other].by != entry);
            if run.order != order || run.ended_by.is_none() || run.freed.is_some() || !apart {
                continue;
            }
            let instance = Instance { entries: self.entries_of(number), oldest: true };
            let holds = |pattern: &&Pattern| pattern.if_.as_deref().is_none_or(|condition| self.holds(condition));
            let silent = || run.body.ends_on.iter().filter(holds).any(|pattern| self.unsaid(pattern, entry).is_some());
            if self.any(&run.body.ends_on, sight, Some(&instance)) || silent() {
                self.runs[number].freed = Some(self.told[entry].at.first);
            }
        }
    }
}
