//! What may be done, and the named days, as they stood at the instant.

use super::model::{ClockShown, EntitlementShown};
use super::view::View;
use crate::engine::ItemNo;
use crate::engine::forecast::{ClockRun, EntitlementRun};

impl<'p> View<'_, 'p, '_> {
    /// A right that had come about by then.
    pub(super) fn entitlement(&self, run: &EntitlementRun<'p>) -> Option<EntitlementShown> {
        let state = self.right_state(run)?;
        Some(EntitlementShown {
            id: self.id(run.head, run.item, run.occurrence),
            entitlement: run.head.id.clone(),
            title: run.head.title.clone(),
            section: run.head.section.clone(),
            state: state.to_owned(),
            may: self.words(&run.body.may),
            opens: Self::instant(run.opens.earliest()),
            closes: self.end(&run.closes),
            raised_by: self.entry(run.item),
            uses: self.uses(run).map(|item| self.entry(item)).collect(),
        })
    }

    /// The state of a right at the instant, or nothing if it had not yet come about.
    pub(super) fn right_state(&self, run: &EntitlementRun<'p>) -> Option<&'static str> {
        if run.raised.earliest() > self.at {
            return None;
        }
        let counted = self.uses(run).filter(|used| run.body.withdrawn_counts || !self.withdrawn_by_now(*used)).count();
        Some(if run.body.times.is_some_and(|times| counted >= times as usize) {
            "used"
        } else if run.ended.is_some_and(|at| at.earliest() <= self.at) || self.at >= run.closes.latest {
            "closed"
        } else if self.at < run.opens.earliest() {
            "not-yet"
        } else {
            "open"
        })
    }

    /// The uses by then.
    pub(super) fn uses(&self, run: &EntitlementRun<'p>) -> impl Iterator<Item = ItemNo> {
        let by_now = |item: &ItemNo| self.items.list.get(usize::from(*item)).is_some_and(|item| item.at.earliest() <= self.at);
        run.uses.iter().copied().filter(by_now)
    }

    fn withdrawn_by_now(&self, item: ItemNo) -> bool {
        let by = self.items.list.get(usize::from(item)).and_then(|item| item.withdrawn).and_then(|by| self.items.list.get(usize::from(by)));
        by.is_some_and(|by| by.at.earliest() <= self.at)
    }

    /// The named days that stood.
    pub(super) fn clocks(&self) -> Vec<ClockShown> {
        let standing = self.forecast.clocks.iter().filter(|run| self.stands(run));
        standing
            .map(|run| ClockShown {
                clock: run.head.id.clone(),
                title: run.head.title.clone(),
                section: run.head.section.clone(),
                day: self.items.zone.day_of(run.at.earliest()).to_string(),
                set_by: self.entry(run.item),
            })
            .collect()
    }

    /// Whether a named day stood.
    pub(super) fn stands(&self, run: &ClockRun<'p>) -> bool {
        run.at.earliest() <= self.at && run.fell.is_none_or(|fell| fell.earliest() > self.at)
    }
}
