//! Orders as they stood at the instant: their state, their stretches, and what each of those lacks.

use jiff::Timestamp;

use super::model::{FlawShown, OrderShown, PapersShown, ShieldShown, StretchShown};
use super::timeline::{Quality, segments};
use super::view::View;
use super::words::{defect_word, failing_word};
use crate::engine::ItemNo;
use crate::engine::forecast::{Flaw, OrderRun, Rung};
use crate::entry::FactKind;
use crate::pack::{Defect, Kind, Status};

impl<'p> View<'_, 'p, '_> {
    /// The orders begun by then.
    pub(super) fn orders(&self) -> Vec<OrderShown> {
        let begun = self.forecast.orders.iter().enumerate().filter(|(_, run)| run.since.earliest() <= self.at);
        begun.map(|(number, run)| self.order(number, run)).collect()
    }

    fn order(&self, number: usize, run: &OrderRun<'p>) -> OrderShown {
        let ended = run.ended.filter(|(at, _)| at.earliest() <= self.at);
        let end = self.known_rungs(run).last().map_or(run.end, |rung| rung.end);
        let failed = self.failed(number, run);
        OrderShown {
            id: self.id(run.head, run.item, run.occurrence),
            order: run.head.id.clone(),
            title: run.head.title.clone(),
            section: run.head.section.clone(),
            state: self.order_state(number, run).to_owned(),
            status: if run.body.status == Status::Held { "held" } else { "community" }.to_owned(),
            measures_only: measures_only(run),
            start: Self::instant(run.start.earliest()),
            by: self.entry(run.item),
            end: self.end(&end),
            ended_at: ended.map(|(at, _)| Self::instant(at.earliest())),
            failed_at: failed.map(Self::instant),
            stretches: self.known_rungs(run).map(|rung| self.stretch(rung)).collect(),
            sure: run.head.sure.clone(),
        }
    }

    /// The word for how it stood.
    pub(super) fn order_state(&self, number: usize, run: &OrderRun<'p>) -> &'static str {
        let ended = run.ended.is_some_and(|(at, _)| at.earliest() <= self.at);
        let end = self.known_rungs(run).last().map_or(run.end, |rung| rung.end);
        let resting =
            run.pauses.iter().any(|(from, until)| from.earliest() <= self.at && until.is_none_or(|until| until.earliest() > self.at));
        // What only measures time rests for good, and its time runs out all the same.
        let runs_out = !resting || measures_only(run);
        if ended {
            "ended"
        } else if runs_out && end.sure <= self.at && !self.goes_on(run) {
            "expired"
        } else if run.void {
            "no-effect"
        } else if resting {
            "paused"
        } else if self.failed(number, run).is_some() {
            "failed"
        } else {
            "running"
        }
    }

    /// Since when a defect has taken its effect from an order that had some: its time for mending passed, or the defect ended it.
    fn failed(&self, number: usize, run: &OrderRun<'p>) -> Option<Timestamp> {
        // Nearly every order lacks nothing that could do this.
        if run.void || (run.within.is_none() && run.rungs.iter().all(|rung| rung.flaws.is_empty())) {
            return None;
        }
        let mut found = Vec::new();
        segments(self.forecast, number, &mut found);
        let mut since = None;
        let mut reached = Timestamp::MIN;
        for segment in found.iter().filter(|segment| segment.from <= self.at) {
            let none = matches!(segment.quality, Quality::None { .. });
            since = if none { since.filter(|_| reached == segment.from).or(Some(segment.from)) } else { None };
            reached = segment.until;
        }
        since.filter(|_| self.at < reached)
    }

    /// The stretches that the acts done by then had brought: the first, and each later one.
    pub(super) fn known_rungs<'r>(&self, run: &'r OrderRun<'p>) -> impl Iterator<Item = &'r Rung<'p>> {
        run.rungs.iter().enumerate().filter(|(number, rung)| *number == 0 || self.known_rung(rung)).map(|(_, rung)| rung)
    }

    /// Whether the act that brought a stretch had happened by then: a renewal furnished today counts today, though it begins tomorrow.
    pub(super) fn known_rung(&self, rung: &Rung<'p>) -> bool {
        // What only time brings about is known when it has come.
        let has_come = || rung.from.earliest() <= self.at || rung.flaws.iter().all(|flaw| flaw.head.kind != Kind::Duty);
        self.items.list.get(usize::from(rung.item)).is_some_and(|item| item.at.earliest() <= self.at && has_come())
    }

    /// Whether the order lives on past the end of the stretch that was known then (only an absence does that without an act).
    fn goes_on(&self, run: &OrderRun<'p>) -> bool {
        run.rungs.iter().enumerate().any(|(number, rung)| {
            let next = run.rungs.get(number + 1).map_or(Timestamp::MAX, |next| next.from.earliest());
            rung.from.earliest() <= self.at && self.at < rung.end.sure.min(next)
        })
    }

    fn stretch(&self, rung: &Rung<'p>) -> StretchShown {
        let mut relied = rung.relied.clone();
        relied.sort_unstable();
        relied.dedup();
        StretchShown {
            from: Self::instant(rung.from.earliest()),
            end: self.end(&rung.end),
            section: rung.section.to_owned(),
            by: self.entry(rung.item),
            by_time: rung.flaws.iter().any(|flaw| flaw.head.kind == Kind::Duty),
            relies_on: relied.iter().map(|item| self.entry(*item)).collect(),
            lacks: rung.flaws.iter().map(|flaw| self.flaw(flaw)).collect(),
            shields: if !rung.flaws.iter().any(Flaw::weighs) {
                Vec::new()
            } else {
                relied.iter().filter_map(|item| self.shield(*item)).collect()
            },
        }
    }

    /// Whom the law protects for having acted on a paper.
    fn shield(&self, number: ItemNo) -> Option<ShieldShown> {
        let item = self.items.list.get(usize::from(number))?;
        let paper = matches!(item.fact(), FactKind::Signed | FactKind::CourtOrdered).then_some(item.instrument).flatten()?;
        let provision = self.law.pack.instruments.iter().find(|instrument| instrument.id == self.law.pack.words.text(paper))?;
        let shield = provision.on(self.items.zone.day_of(item.at.earliest()))?.body.shield.as_ref()?;
        let (section, protects, says) = (shield.section.clone(), self.word(shield.for_), shield.note.clone());
        Some(ShieldShown { section, protects, says, paper: self.entry(number) })
    }

    fn flaw(&self, flaw: &Flaw<'p>) -> FlawShown {
        let decides = match flaw.defect {
            Defect::ForDecision(body) => Some(body),
            _ => flaw.decides,
        };
        FlawShown {
            need: flaw.what.to_owned(),
            failing: failing_word(flaw.failing).to_owned(),
            missing: flaw.missing.to_owned(),
            papers: flaw.papers.map(|(found, wanted)| PapersShown { found, wanted }),
            section: flaw.section.to_owned(),
            defect: defect_word(flaw.defect).to_owned(),
            decides: decides.map(|body| self.word(body)),
            mend_until: flaw.cure_until.filter(|end| !end.is_open()).map(|end| Self::instant(end.sure)),
            mended_at: flaw.mended.map(|(at, _)| Self::instant(at.earliest())),
            entries: flaw.items.iter().map(|item| self.entry(*item)).collect(),
        }
    }
}

/// Whether a run gives no authority at any time: it rests from its first moment and never comes back. The packs let such orders
/// measure a time from which something follows.
pub(super) fn measures_only(run: &OrderRun<'_>) -> bool {
    run.pauses.first().is_some_and(|(from, until)| from.earliest() <= run.since.earliest() && until.is_none())
}
