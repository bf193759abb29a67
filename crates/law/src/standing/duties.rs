//! Duties as they stood at the instant: open, met, late, waiting, lapsed and why.

use super::model::{DutyShown, EntryShown, LapsedShown};
use super::view::View;
use super::words::part_name;
use crate::engine::forecast::{DutyRun, End};
use crate::engine::{Item, ItemNo};
use crate::pack::{Event, Lateness};

/// Of the entries of one moment so many are named at most: enough to find it in the file.
const ENTRIES_NAMED: usize = 8;

impl<'p, 'e> View<'_, 'p, 'e> {
    /// A duty raised by then.
    pub(super) fn duty(&self, run: &DutyRun<'p>) -> Option<DutyShown> {
        let state = self.duty_state(run)?;
        let until = run.met.filter(|met| met.earliest() <= self.at).map_or(self.at, |met| met.earliest());
        let parts = run.body.done.iter().zip(&run.parts);
        let open = parts.filter(|(_, done)| done.is_none_or(|(at, _)| at.earliest() > self.at));
        let met = state == "met" || state == "met-late";
        Some(DutyShown {
            id: self.id(run.head, run.item, run.occurrence),
            duty: run.head.id.clone(),
            title: run.head.title.clone(),
            section: run.head.section.clone(),
            state: state.to_owned(),
            level: "domestic".to_owned(),
            breach: matches!(state, "late" | "met-late") && run.body.late == Lateness::Breach,
            owed_by: self.words(&run.body.owed_by),
            owed_to: self.words(&run.body.owed_to),
            since: Self::instant(run.raised.earliest()),
            due: self.due(run).as_ref().and_then(|due| self.end(due)),
            met_at: run.met.filter(|met| met.earliest() <= self.at).map(|met| Self::instant(met.earliest())),
            delay_minutes: until.duration_since(run.raised.earliest()).as_secs().div_euclid(60),
            to_do: if met || run.body.any_part && run.met.is_some() {
                Vec::new()
            } else {
                open.map(|(part, _)| part_name(part, &self.law.pack.words)).collect()
            },
            lapsed: if met { None } else { self.lapsed(run) },
            raised_by: self.entry(run.item),
            sure: run.head.sure.clone(),
        })
    }

    /// The due end of a duty as it was at the instant.
    pub(super) fn due(&self, run: &DutyRun<'p>) -> Option<End<'p>> {
        match run.dues.iter().rev().find(|(from, _)| from.earliest() <= self.at) {
            Some((_, due)) => *due,
            None => run.first_due,
        }
    }

    /// The state of a duty at the instant, or nothing if it was not yet raised.
    pub(super) fn duty_state(&self, run: &DutyRun<'p>) -> Option<&'static str> {
        if run.raised.earliest() > self.at {
            return None;
        }
        let due = self.due(run);
        if let Some(met) = run.met.filter(|met| met.earliest() <= self.at) {
            return Some(match due {
                Some(due) if met.earliest() >= due.latest => "met-late",
                Some(due) if met.latest() >= due.sure => "cannot-tell",
                _ => "met",
            });
        }
        if self.stoppers(run).next().is_some() {
            return Some("lapsed");
        }
        if let Some(lapsed) = run.lapsed.filter(|lapsed| lapsed.earliest() <= self.at) {
            return Some(if due.is_some_and(|due| lapsed.earliest() >= due.latest) && run.body.late == Lateness::Breach {
                "late"
            } else {
                "lapsed"
            });
        }
        if run.waits.iter().any(|(from, until)| from.earliest() <= self.at && until.is_none_or(|until| until.earliest() > self.at)) {
            return Some("waiting");
        }
        Some(match due {
            Some(due) if self.at >= due.latest => "late",
            Some(due) if self.at >= due.sure => "cannot-tell",
            _ => "open",
        })
    }

    /// The entries that made a duty needless and still do.
    fn stoppers(&self, run: &DutyRun<'p>) -> impl Iterator<Item = ItemNo> {
        let due = self.due(run);
        let falls = run.body.not_if_any.iter().any(|pattern| pattern.withdrawn == Some(false));
        run.stoppers.iter().copied().filter(move |number| {
            let item = self.items.list.get(usize::from(*number));
            item.is_some_and(|item| item.at.earliest() <= self.at && !(falls && self.was_withdrawn(item, due)))
        })
    }

    /// Whether a stopper was withdrawn before the duty was due, as far as known at the instant.
    fn was_withdrawn(&self, item: &Item<'_>, due: Option<End<'_>>) -> bool {
        let by = item.withdrawn.and_then(|by| self.items.list.get(usize::from(by)));
        by.is_some_and(|by| by.at.earliest() <= self.at && due.is_none_or(|due| by.at.earliest() < due.sure))
    }

    /// Why a duty is owed no longer: entries made it needless, or what it lasted with was over.
    fn lapsed(&self, run: &DutyRun<'p>) -> Option<LapsedShown> {
        let stoppers: Vec<ItemNo> = self.stoppers(run).collect();
        let instant = |number: &ItemNo| self.items.list.get(usize::from(*number)).map(|item| item.at.earliest());
        if let Some(first) = stoppers.iter().filter_map(instant).min() {
            let by = stoppers.iter().take(ENTRIES_NAMED).map(|number| self.entry(*number)).collect();
            return Some(LapsedShown { at: Self::instant(first), because: "needless".to_owned(), by, orders: Vec::new() });
        }
        let lapsed = run.lapsed.filter(|lapsed| lapsed.earliest() <= self.at)?;
        let of_then = self.items.list.iter().enumerate().filter(|(_, item)| item.at == lapsed);
        let by: Vec<EntryShown> =
            of_then.filter_map(|(number, _)| ItemNo::try_from(number).ok()).map(|number| self.entry(number)).take(ENTRIES_NAMED).collect();
        let ran_out = self.forecast.happened.iter().filter(|happened| happened.event == Event::Expired && happened.at == lapsed);
        let mut orders: Vec<String> =
            ran_out.filter_map(|happened| self.law.pack.orders.get(usize::from(happened.number))).map(|order| order.id.clone()).collect();
        orders.dedup();
        Some(LapsedShown { at: Self::instant(lapsed.earliest()), because: "over".to_owned(), by, orders })
    }
}
