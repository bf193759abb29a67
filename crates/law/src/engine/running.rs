//! Versions that reach what is already running: on their first day, an order in being or a duty still owed gets its new text.
//!
//! Deliberately absent: versions that judge by the start or by the act; those are chosen when the order starts or the act is done.

use jiff::Timestamp;

use super::duties::looked;
use super::fold::Fold;
use super::forecast::Rung;
use super::index::Reaches;
use super::when::Scope;
use crate::pack::Kind;
use crate::time::Moment;

impl<'p, 'e> Fold<'p, 'e> {
    /// Takes up the versions whose first day lies between the last point reached and an instant.
    pub(crate) fn take_up_versions(&mut self, to: Timestamp) {
        while let Some((reaches, from)) = self.next_version(to) {
            self.versions_taken += 1;
            // Time passes up to that day first, so that only what then still runs is reached.
            self.run_out_until(from);
            match reaches.kind {
                Kind::Order => self.reach_orders(reaches, from),
                Kind::Duty => self.reach_duties(reaches, from),
                _ => {}
            }
        }
    }

    fn next_version(&self, to: Timestamp) -> Option<(Reaches, Timestamp)> {
        let reaches = *self.law.index.reaches.get(self.versions_taken)?;
        let from = self.items.zone.day_start(reaches.from).ok()?;
        (from <= to).then_some((reaches, from))
    }

    fn reach_orders(&mut self, reaches: Reaches, from: Timestamp) {
        let at = Moment::at(from);
        let Some((version, body)) = self.pack.orders.get(usize::from(reaches.number)).and_then(|order| self.text(order, &at)) else {
            return;
        };
        for number in self.open_orders.clone() {
            let Some(run) = self.out.orders.get(number).filter(|run| run.order == reaches.number) else { continue };
            let (item, start, renewed) = (run.item, run.start, run.next_rung > 0);
            let scope = Scope { run: Some(number), ..Scope::at(start, Some(item)) };
            // A renewal keeps the length it was made for; the first period is counted anew from its own start.
            let end = body.lasts.as_ref().filter(|_| !renewed).and_then(|period| self.end(period, &scope));
            let Some(run) = self.out.orders.get_mut(number) else { continue };
            run.head = &version.head;
            run.body = body;
            if let Some(end) = end {
                run.end = end;
                run.rungs.push(Rung { from: at, item, end, flaws: Vec::new(), relied: vec![item], section: &version.head.section });
            }
        }
    }

    fn reach_duties(&mut self, reaches: Reaches, from: Timestamp) {
        let at = Moment::at(from);
        let Some((version, body)) = self.pack.duties.get(usize::from(reaches.number)).and_then(|duty| self.text(duty, &at)) else { return };
        for number in self.open_of(&[reaches.number]) {
            let owed = self.out.duties.get(number).filter(|run| run.duty == reaches.number && run.met.is_none() && run.lapsed.is_none());
            // A text with other parts cannot take over what was done under the old one.
            let Some(run) = owed.filter(|run| run.parts.len() == body.done.len()) else { continue };
            let scope = Scope { run: run.run, ..Scope::at(run.raised, Some(run.item)) };
            let due = body.due.as_ref().and_then(|period| self.end(period, &scope));
            let Some(run) = self.out.duties.get_mut(number) else { continue };
            run.head = &version.head;
            run.body = body;
            run.due = due;
            run.dues.push((at, due));
            self.open_duties.look(number, looked(body));
        }
    }
}
