//! The answer on authority: which of the five it is in a stretch of the timeline, of which order, and since when there is none.
//!
//! Deliberately absent: folding two answers into one.

use jiff::Timestamp;

use super::model::Authority;
use super::orders::measures_only;
use super::timeline::{Answer, Held, Quality, Stretch};
use super::view::View;
use crate::engine::forecast::{OrderRun, Rung};
use crate::pack::Status;
use crate::time::Moment;

impl<'v, 'p> View<'v, 'p, '_> {
    pub(super) fn here<'s>(&self, stretches: &'s [Stretch<'p>]) -> Option<(usize, &'s Stretch<'p>)> {
        stretches.iter().enumerate().find(|(_, stretch)| stretch.from <= self.at && self.at < stretch.until)
    }

    pub(super) fn authority_at(&self, stretches: &[Stretch<'p>]) -> Authority {
        match self.here(stretches) {
            Some((number, _)) => self.authority(stretches, number),
            None => Authority::NotNeeded,
        }
    }

    pub(super) fn authority(&self, stretches: &[Stretch<'p>], number: usize) -> Authority {
        let Some(stretch) = stretches.get(number) else { return Authority::NotNeeded };
        match stretch.answer {
            Answer::NotNeeded => Authority::NotNeeded,
            Answer::NoLaw(gap) => {
                let order = self
                    .forecast
                    .no_law
                    .get(gap)
                    .and_then(|gap| self.law.pack.orders.get(usize::from(gap.order?)))
                    .map(|order| order.id.clone());
                Authority::NotShown { order, missing: "law".to_owned(), section: String::new(), until: None }
            }
            Answer::None => self.none(stretches, number),
            Answer::Order(run, quality) => self.by_order(run, quality, stretches, number),
        }
    }

    fn by_order(&self, run: usize, quality: Quality<'p>, stretches: &[Stretch<'p>], number: usize) -> Authority {
        let (Some(run), Some(stretch)) = (self.forecast.orders.get(run), stretches.get(number)) else { return Authority::NotNeeded };
        let order = self.law.pack.orders.get(usize::from(run.order)).map(|order| order.id.clone()).unwrap_or_default();
        // A renewal already made carries the answer on without a break, if it is as good: authority lasts until its end.
        let carries = |rung: &&Rung<'p>| rung.from.earliest() < stretch.until && self.known_rung(rung);
        let last = |run: &'v OrderRun<'p>| run.rungs.iter().rev().find(carries).or_else(|| run.rungs.first());
        let end_of = |run: &'v OrderRun<'p>| last(run).map_or(run.end, |rung| rung.end);
        let rung = last(run);
        // What lives inside another order ends with it at the latest.
        let around = std::iter::successors(Some(run), |run| self.forecast.orders.get(run.within?));
        let end = around.map(end_of).min_by_key(|end| end.sure).unwrap_or(run.end);
        let until = (!end.is_open()).then(|| Self::instant(end.sure));
        match quality {
            Quality::Shown => Authority::Shown {
                order,
                section: rung.map_or(run.head.section.as_str(), |rung| rung.section).to_owned(),
                until,
                last_day: self.last_day(&end),
            },
            Quality::Contested { what, section, decides } => Authority::Contested {
                order,
                defect: what.to_owned(),
                section: section.to_owned(),
                decides: decides.map(|body| self.word(body)),
                until,
            },
            Quality::NotShown { missing, section } => {
                Authority::NotShown { order: Some(order), missing: missing.to_owned(), section: section.to_owned(), until }
            }
            Quality::None { what, section } => Authority::None {
                since: Self::instant(self.none_since(stretches, number)),
                because: what.to_owned(),
                order: Some(order),
                section: Some(section.to_owned()),
            },
        }
    }

    /// Since when there has been no authority without a break, whatever the reasons on the way.
    fn none_since(&self, stretches: &[Stretch<'p>], number: usize) -> Timestamp {
        let is_none = |number: &usize| {
            stretches.get(*number).is_some_and(|stretch| match stretch.answer {
                Answer::Order(_, Quality::None { .. }) => stretch.held == Held::Yes,
                Answer::None => stretch.held == Held::Yes && !self.is_named(stretches, *number),
                _ => false,
            })
        };
        let first = (0..number).rev().take_while(is_none).last().unwrap_or(number);
        stretches.get(first).map_or(self.at, |stretch| stretch.from)
    }

    /// Held, and nothing in force: since when, and what came to an end.
    fn none(&self, stretches: &[Stretch<'p>], number: usize) -> Authority {
        let since = stretches.get(number).map_or(self.at, |stretch| stretch.from);
        let name = |run: &OrderRun<'p>| self.law.pack.orders.get(usize::from(run.order)).map(|order| order.id.clone()).unwrap_or_default();
        // Only what was over after the present holding began can be why it has no authority now.
        let holding = stretches.get(number).and_then(|stretch| stretch.whereabout).and_then(|change| self.forecast.whereabouts.get(change));
        let began = holding.map_or(Timestamp::MIN, |change| change.at.earliest());
        let ended = |run: &&OrderRun<'p>| run.ended.map_or(run.end.sure, |(at, _)| at.latest()) >= began;
        let held = self.forecast.orders.iter().filter(|run| run.body.status == Status::Held && !measures_only(run)).filter(ended);
        // What lives inside another ends because that one does.
        let held = held.filter(|run| {
            let outer = run.within.and_then(|outer| self.forecast.orders.get(outer));
            !outer.is_some_and(|outer| !outer.open && outer.ended.map_or(outer.end.latest, |(at, _)| at.latest()) <= since)
        });
        let rest = |run: &OrderRun<'p>| {
            let rests =
                |(from, back): &&(Moment, Option<Moment>)| from.earliest() <= since && back.is_none_or(|back| since < back.earliest());
            run.pauses.iter().find(rests).map(|(from, _)| from.earliest())
        };
        let over = held.filter_map(|run| match run.ended {
            Some((at, _)) if at.earliest() <= since => Some((at.earliest(), name(run), "ended", run.head.section.clone())),
            Some(_) => None,
            None if run.end.sure <= since && rest(run).is_none() => Some((run.end.sure, name(run), "ran-out", run.head.section.clone())),
            None => None,
        });
        let resting = self.forecast.orders.iter().filter(|run| run.body.status == Status::Held && !measures_only(run));
        let resting = resting.filter(|run| run.ended.is_none_or(|(at, _)| at.earliest() > since));
        let resting = resting.filter_map(|run| Some((rest(run)?, name(run), "rests", run.head.section.clone())));
        match over.chain(resting).max_by_key(|(at, ..)| *at) {
            Some((_, order, because, section)) => {
                Authority::None { since: Self::instant(since), because: because.to_owned(), order: Some(order), section: Some(section) }
            }
            None => self.nothing_shown(stretches, number, since),
        }
    }

    /// Held under an order that the register names and the engine could not find begun: not shown. Held under nothing: none.
    fn nothing_shown(&self, stretches: &[Stretch<'p>], number: usize, since: Timestamp) -> Authority {
        let change = stretches.get(number).and_then(|stretch| stretch.whereabout).and_then(|change| self.forecast.whereabouts.get(change));
        let item = change.and_then(|change| self.items.list.get(usize::from(change.item)));
        // An order the law knows, by somebody whose role is on the register, and yet it did not begin: then it has no authority.
        let known = item
            .and_then(|item| item.under.zip(item.role))
            .map(|(under, _)| self.word(under))
            .filter(|under| self.law.pack.orders.iter().any(|order| order.id == *under));
        if let Some(order) = known {
            return Authority::None { since: Self::instant(since), because: "not-begun".to_owned(), order: Some(order), section: None };
        }
        match item.and_then(|item| item.details().under.clone()) {
            Some(under) => Authority::NotShown { order: None, missing: under, section: String::new(), until: None },
            None => Authority::None { since: Self::instant(since), because: "no-order".to_owned(), order: None, section: None },
        }
    }

    /// Held under something named that did not begin: which of the two it is decides the column.
    pub(super) fn is_named(&self, stretches: &[Stretch<'p>], number: usize) -> bool {
        matches!(self.authority(stretches, number), Authority::NotShown { .. })
    }
}
