//! Versions that reach what is already running: FORMAT.md, "Every provision", `applies_to = "running"`.
//!
//! On their first day an order in being, or a duty still owed, gets its new text. The first period of an order is counted anew
//! from its own start; a renewal keeps the length it was made for. And what lies before any text: a holding of which no law is known.

use jiff::Timestamp;
use openward_law::pack::AppliesTo;

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

    /// The orders inside which an order lives, one around the other.
    pub(crate) fn outer_orders(&self, order: usize) -> Vec<usize> {
        let mut all = Vec::new();
        let mut at = order;
        while all.len() < self.pack.orders.len() {
            let texts = self.pack.orders[at].versions.iter();
            let mut bodies =
                texts.flat_map(|version| std::iter::once(&version.body).chain(version.variations.iter().map(|(_, body)| body)));
            let Some(outer) = bodies.find_map(|body| body.inside) else { break };
            at = usize::from(outer);
            all.push(at);
        }
        all
    }

    /// Held under an order without text on that day; or under none, when the pack has no order at all yet.
    pub(crate) fn no_law_yet(&mut self, entry: usize) {
        let (at, under) = (self.told[entry].at, self.told[entry].details().under.clone());
        if under.as_ref().is_some_and(|under| self.pack.free.iter().any(|sym| self.pack.words.text(*sym) == under)) {
            return;
        }
        let day = self.days.day(at.first);
        let order = (0..self.pack.orders.len()).find(|order| Some(&self.pack.orders[*order].id) == under.as_ref());
        let heads = |order: usize| self.pack.orders[order].versions.iter().map(|version| &version.head).filter(|head| head.from.is_some());
        let unwritten = match order {
            Some(order) => {
                let text = self.text(&self.pack.orders[order], at);
                text.is_none() && heads(order).next().is_some()
            }
            None => {
                let mut all = (0..self.pack.orders.len()).flat_map(heads).peekable();
                all.peek().is_some()
                    && all.all(|head| head.applies_to != AppliesTo::DeclaredAlways && head.from.is_some_and(|from| day < from))
            }
        };
        if unwritten && !self.no_law.contains(&(order, at, entry)) {
            self.no_law.push((order, at, entry));
        }
    }
}
