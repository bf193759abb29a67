//! Orders begun on a day on which something whose hour is not known may have ended them.
//!
//! Such a fact is read before the order begins, and so ends nothing; whether it came later that day, the register does not say. Deliberately
//! absent: ends by what is known to come after (`super::orders`), and acts that leave unsaid whether they end an order.

use jiff::SignedDuration;

use super::fold::{Fold, Occurrence};
use super::item::ItemNo;
use crate::pack::Status;
use crate::time::Moment;

impl<'p, 'e> Fold<'p, 'e> {
    /// Leaves in doubt a run that may be over already by a fact of its own day. Where that fact carries a good order of its own, there is
    /// authority all that day in either order of the two, and the doubt begins when the day is over.
    pub(crate) fn perhaps_over_that_day(&mut self, number: usize) {
        let Some(run) = self.out.orders.get(number).filter(|run| !run.void) else { return };
        let begun = run.since;
        let mut acts = self.begun_without_an_hour(number);
        acts.extend(self.enders_without_an_hour(number));
        let from = |(at, item): &(Moment, ItemNo)| if self.carries(*item) { at.latest() } else { begun.earliest() };
        let Some((from, item)) = acts.iter().map(|act| (from(act), act.1)).min_by_key(|(from, _)| *from) else { return };
        self.leave_in_doubt(number, Moment::at(from), "time", item);
    }

    /// Orders in being whose start ends such orders, and may have come after.
    fn begun_without_an_hour(&self, number: usize) -> Vec<(Moment, ItemNo)> {
        let Some(run) = self.out.orders.get(number) else { return Vec::new() };
        let open = self.open_orders.iter().filter_map(|other| self.out.orders.get(*other));
        open.filter(|other| !other.void && other.item != run.item && may_follow(&other.since, &run.since))
            .filter(|other| other.body.ends_others.iter().any(|others| others.orders.contains(&run.order)))
            .map(|other| (other.since, other.item))
            .collect()
    }

    /// Entries that would have ended the run, and may have come after.
    fn enders_without_an_hour(&self, number: usize) -> Vec<(Moment, ItemNo)> {
        let Some(run) = self.out.orders.get(number) else { return Vec::new() };
        let oldest =
            !self.open_orders.iter().any(|open| *open != number && self.out.orders.get(*open).is_some_and(|o| o.order == run.order));
        // No day without an hour is longer than this.
        let days = run.since.earliest() - SignedDuration::from_hours(50);
        let earlier = self.items.list.iter().enumerate().take(self.read).rev().take_while(|(_, item)| item.at.earliest() >= days);
        let mut found = Vec::new();
        for (at, item) in earlier.filter(|(_, item)| may_follow(&item.at, &run.since)) {
            let Ok(at) = ItemNo::try_from(at) else { continue };
            let instance = self.instance(Occurrence::Entry(at), oldest, || self.items_of(number));
            let ends = || {
                run.body.ends_on.iter().any(|pattern| pattern.nth.is_none() && self.fits(pattern, Occurrence::Entry(at), Some(&instance)))
            };
            if at != run.item && ends() {
                found.push((item.at, at));
            }
        }
        found.reverse();
        found
    }

    /// Whether an act began an order that is in being and shown to be good.
    fn carries(&self, item: ItemNo) -> bool {
        let begun = |number: &usize| self.out.orders.get(*number).is_some_and(|run| run.item == item && run.body.status == Status::Held);
        self.open_orders.iter().any(|number| begun(number) && self.is_good(*number))
    }
}

/// Whether something read before may have come after, since its hour is not known.
fn may_follow(at: &Moment, begun: &Moment) -> bool {
    !at.is_exact() && at.latest() > begun.earliest()
}
