//! The next instant at which anything that a standing shows is shown otherwise: by time alone, or by what is on the register and
//! happened later.
//!
//! INVARIANT: from the instant in question up to the one found here, nothing changes but sums of time. Each thing shown is asked at
//! each instant at which it may turn; the first at which it is shown otherwise counts.

use jiff::Timestamp;

use super::safeguards;
use super::timeline::Stretch;
use super::view::View;
use crate::engine::forecast::{ClockRun, DutyRun, End, EntitlementRun, OrderRun};
use crate::engine::{ItemNo, Law};

/// So many turns of one thing are looked at; where none of them shows a change, the next one is given as an instant to look again.
/// No real order or duty has as many ahead of it.
const LOOKED_AT: usize = 64;

impl<'p> View<'_, 'p, '_> {
    /// The next change, if there is one.
    pub(super) fn next_change(&self, stretches: &[Stretch<'p>], benchmark: Option<&Law>) -> Option<Timestamp> {
        let turns = stretches.iter().map(|stretch| stretch.from).filter(|from| *from > self.at).min();
        let orders = self.forecast.orders.iter().enumerate().filter_map(|(number, run)| self.order_turns(number, run));
        let duties = self.forecast.duties.iter().filter_map(|run| self.duty_turns(run));
        let rights = self.forecast.entitlements.iter().filter_map(|run| self.right_turns(run));
        let clocks = self.forecast.clocks.iter().filter_map(|run| self.clock_turns(run));
        let found = self.forecast.findings.iter().map(|finding| finding.at.earliest()).filter(|at| *at > self.at);
        let next = turns.into_iter().chain(orders).chain(duties).chain(rights).chain(clocks).chain(found).min();
        let beside = benchmark.and_then(|benchmark| self.shortfall_turns(benchmark, next.unwrap_or(Timestamp::MAX)));
        next.into_iter().chain(beside).min()
    }

    /// The same forecast looked at from another instant.
    fn then(&self, at: Timestamp) -> Self {
        Self { at, ..*self }
    }

    /// The first of these instants, all ahead, at which something is shown otherwise than now.
    fn first<T: PartialEq>(&self, turns: impl Iterator<Item = Timestamp>, most: usize, shown: impl Fn(&Self) -> T) -> Option<Timestamp> {
        let mut ahead: Vec<Timestamp> = turns.filter(|at| *at > self.at && *at < Timestamp::MAX).collect();
        if ahead.is_empty() {
            return None;
        }
        ahead.sort_unstable();
        ahead.dedup();
        let now = shown(self);
        let differs = ahead.iter().take(most).copied().find(|at| shown(&self.then(*at)) != now);
        differs.or_else(|| ahead.get(most).copied())
    }

    fn order_turns(&self, number: usize, run: &OrderRun<'p>) -> Option<Timestamp> {
        let spans = run.pauses.iter().flat_map(|(from, until)| [Some(*from), *until]).flatten();
        let acts = std::iter::once(run.since).chain(run.ended.map(|(at, _)| at)).chain(spans).map(|at| at.earliest());
        let rungs = run.rungs.iter().flat_map(|rung| [Some(rung.from.earliest()), self.instant_of(rung.item), Some(rung.end.sure)]);
        let flaws = || run.rungs.iter().flat_map(|rung| rung.flaws.iter());
        let windows = flaws().flat_map(|flaw| [flaw.cure_until.map(|end| end.sure), flaw.mended.map(|(at, _)| at.earliest())]);
        let turns = acts.chain(std::iter::once(run.end.sure)).chain(rungs.chain(windows).flatten());
        self.first(turns, LOOKED_AT, |view| {
            let begun = run.since.earliest() <= view.at;
            // Whether a flaw can be mended, could be or was is said of each.
            let passed = |end: &End<'_>| end.sure <= view.at;
            let said = flaws().map(|flaw| {
                (flaw.cure_until.as_ref().is_some_and(passed), flaw.mended.is_some_and(|(mended, _)| mended.earliest() <= view.at))
            });
            begun.then(|| {
                (view.order_state(number, run), run.rungs.iter().filter(|rung| view.known_rung(rung)).count(), said.collect::<Vec<_>>())
            })
        })
    }

    fn duty_turns(&self, run: &DutyRun<'p>) -> Option<Timestamp> {
        let dues = run.dues.iter().filter_map(|(_, due)| *due).chain(run.first_due).flat_map(|due| [due.sure, due.latest]);
        let moved = run.dues.iter().map(|(from, _)| *from);
        let done = run.parts.iter().flatten().map(|(at, _)| *at);
        let waits = run.waits.iter().flat_map(|(from, until)| [Some(*from), *until]).flatten();
        let acts = std::iter::once(run.raised).chain(run.met).chain(run.lapsed).chain(moved).chain(done).chain(waits);
        // What stops a duty that is done, or lapsed for good, changes nothing any more.
        let settled = [run.met, run.lapsed].into_iter().flatten().any(|at| at.earliest() <= self.at);
        let stoppers =
            run.stoppers.iter().filter(|_| !settled).flat_map(|stopper| [self.instant_of(*stopper), self.withdrawal_of(*stopper)]);
        let turns = dues.chain(acts.map(|at| at.earliest())).chain(stoppers.flatten());
        self.first(turns, LOOKED_AT, |view| {
            let due = view.due(run).map(|due| (due.sure, due.latest));
            let done = run.parts.iter().flatten().filter(|(at, _)| at.earliest() <= view.at).count();
            let lapsed = run.lapsed.is_some_and(|at| at.earliest() <= view.at);
            view.duty_state(run).map(|state| (state, due, done, lapsed))
        })
    }

    fn right_turns(&self, run: &EntitlementRun<'p>) -> Option<Timestamp> {
        let acts = std::iter::once(run.raised).chain(run.ended).map(|at| at.earliest());
        let window = [run.opens.earliest(), run.opens.latest(), run.closes.sure, run.closes.latest];
        let uses = run.uses.iter().flat_map(|used| [self.instant_of(*used), self.withdrawal_of(*used)]).flatten();
        self.first(acts.chain(window).chain(uses), LOOKED_AT, |view| {
            let state = view.right_state(run)?;
            // A window that may be open, or may be over, is a change while the right can still be used.
            let usable = matches!(state, "open" | "not-yet");
            let sides = usable.then(|| (view.at >= run.opens.latest(), view.at >= run.closes.sure));
            Some((state, view.uses(run).count(), sides))
        })
    }

    fn clock_turns(&self, run: &ClockRun<'p>) -> Option<Timestamp> {
        let turns = std::iter::once(run.at).chain(run.fell).map(|at| at.earliest());
        self.first(turns, LOOKED_AT, |view| view.stands(run))
    }

    /// What the standard asks is asked again by later entries and by what time brings; only instants before `most` matter.
    fn shortfall_turns(&self, benchmark: &Law, most: Timestamp) -> Option<Timestamp> {
        // Asking is slow where there are many entries.
        const ASKED: usize = 16;
        let turns = safeguards::turns(self, benchmark, most);
        self.first(turns.into_iter(), ASKED, |view| safeguards::shortfalls(view, benchmark))
    }

    fn instant_of(&self, number: ItemNo) -> Option<Timestamp> {
        self.items.list.get(usize::from(number)).map(|item| item.at.earliest())
    }

    fn withdrawal_of(&self, number: ItemNo) -> Option<Timestamp> {
        self.items.list.get(usize::from(number)).and_then(|item| item.withdrawn).and_then(|by| self.instant_of(by))
    }
}
