//! Versions that reach what is already running: FORMAT.md, "Every provision", `applies_to = "running"`.
//!
//! On their first day an order in being, or a duty still owed, gets its new text. The first period of an order is counted anew
//! from its own start; a renewal keeps the length it was made for.

use jiff::Timestamp;

use super::Reference;
use super::days::Point;
use super::state::{Frame, Stretch};

impl<'p, 'e> Reference<'p, 'e> {
    /// The new text of an order reaches its runs in being.
    pub(crate) fn reach_orders(&mut self, order: usize, from: Timestamp) {
        let at = Point::at(from);
        let Some((_, body)) = self.text(&self.pack.orders[order], at) else { return };
        for number in 0..self.runs.len() {
            let run = &self.runs[number];
            if !run.open || run.order != order {
                continue;
            }
            let (by, renewed) = (run.by, run.rung > 0);
            let frame = Frame { run: Some(number), ..Frame::act(run.start, by) };
            let till = body.lasts.as_ref().filter(|_| !renewed).and_then(|period| self.till(period, &frame));
            let run = &mut self.runs[number];
            run.body = body;
            if let Some(till) = till {
                run.till = till.clone();
                run.stretches.push(Stretch { from: at, by, till, faults: Vec::new(), relied: vec![by] });
            }
        }
    }

    /// The new text of a duty reaches its instances still owed, unless it has other parts.
    pub(crate) fn reach_duties(&mut self, duty: usize, from: Timestamp) {
        let Some((_, body)) = self.text(&self.pack.duties[duty], Point::at(from)) else { return };
        for number in 0..self.owed.len() {
            let owed = &self.owed[number];
            let open = owed.duty == duty && owed.met.is_none() && owed.lapsed.is_none();
            if !open || owed.parts.len() != body.done.len() {
                continue;
            }
            let frame = Frame { run: owed.run, ..Frame::act(owed.raised, owed.by) };
            let due = body.due.as_ref().and_then(|period| self.till(period, &frame));
            let owed = &mut self.owed[number];
            owed.dues.push((Some(Point::at(from)), due.clone()));
            (owed.body, owed.due) = (body, due);
        }
    }
}
