//! Effects and outcomes: what follows when something happens, action by action, in order.

use jiff::Timestamp;

use super::begin::Beginning;
use super::fold::{Fold, HeldOpen, Occurrence, Release};
use super::forecast::{Doubt, End, Failing, Finding, FindingKind, Flaw, Rung};
use super::item::{Item, ItemNo};
use super::needs::Chain;
use super::orders::flaw;
use super::when::{Scope, after_end, moment_of};
use crate::entry::FactKind;
use crate::pack::{Action, Defect, KeepStart, LadderAgain, Period, Status, Sym};
use crate::time::Moment;

impl<'p, 'e> Fold<'p, 'e> {
    /// Lets what follows from an occurrence follow.
    pub(crate) fn follow(&mut self, effects: &[u16], occurrence: Occurrence) {
        // Every condition is judged before anything follows, so that what follows from one cannot unmake another.
        let mut called = Vec::new();
        for number in effects {
            let Some((item, at)) = self.cause(occurrence) else { return };
            let Some(provision) = self.pack.effects.get(usize::from(*number)) else { continue };
            let Some((version, body)) = self.text(provision, &at) else { continue };
            let fits = body.on.iter().any(|pattern| self.fits(pattern, occurrence, None));
            let so = body.only_if.as_ref().is_none_or(|condition| self.holds(condition));
            if fits && so {
                called.push((version, body, item, at));
            } else if let Occurrence::Entry(entry) = occurrence
                && so
            {
                for action in &body.actions {
                    if let Action::End(orders) = action {
                        for number in self.open_runs(orders) {
                            self.perhaps_ended(number, &body.on, entry, at);
                        }
                    }
                }
            }
        }
        for (version, body, item, at) in called {
            let head = &version.head;
            if let Some(entry) = self.item(item) {
                let answered = |criterion: &crate::pack::Sym| {
                    entry.details().answers.iter().any(|(name, _)| self.pack.words.find(name) == Some(*criterion))
                };
                for criterion in body.answers.iter().filter(|criterion| !answered(criterion)) {
                    let what = self.law.pack.words.text(*criterion);
                    self.out.findings.push(Finding {
                        head,
                        kind: FindingKind::Unanswered,
                        what,
                        section: &head.section,
                        at,
                        item,
                        defect: Defect::Irregular,
                    });
                }
            }
            if let Some(what) = self.contradicted(&body.met, item) {
                self.out.findings.push(Finding {
                    head,
                    kind: FindingKind::Contradicted,
                    what,
                    section: &head.section,
                    at,
                    item,
                    defect: Defect::Irregular,
                });
                continue;
            }
            let scope = Scope { paper: Some(item), ..Scope::at(at, Some(item)) };
            let mut chain = Chain { flaws: self.taken_over(&body.no_better_than, &at, head, item), ..Chain::default() };
            let own = chain.flaws.len();
            for need in &body.needs {
                self.need(need, head, item, &scope, &mut chain);
            }
            // An answer that is not on the register is missing: what follows is not shown.
            for criterion in body.met.iter().filter(|criterion| self.answer_to(**criterion, item).is_none()) {
                let what = self.law.pack.words.text(*criterion);
                chain.flaws.push(flaw(head, what, what, &head.section, Failing::Missing, Defect::Void, vec![item]));
            }
            for flaw in chain.flaws.iter().skip(own) {
                let kind = if flaw.failing == Failing::Unmet { FindingKind::Defect } else { FindingKind::NotShown };
                self.out.findings.push(Finding { head, kind, what: flaw.what, section: flaw.section, at, item, defect: flaw.defect });
            }
            if chain.flaws.iter().skip(own).any(|flaw| flaw.failing == Failing::Unmet && flaw.defect == Defect::Void) {
                continue;
            }
            for action in &body.actions {
                self.act(action, at, item, &head.section, &chain);
            }
        }
    }

    /// A criterion that a decision must answer `met` for anything to follow from it, and answers otherwise.
    fn contradicted(&self, met: &[Sym], item: ItemNo) -> Option<&'p str> {
        met.iter()
            .find(|criterion| self.answer_to(**criterion, item).is_some_and(|answer| answer != "met"))
            .map(|criterion| self.law.pack.words.text(*criterion))
    }

    /// What a decision answers to a criterion.
    fn answer_to(&self, criterion: Sym, item: ItemNo) -> Option<&'e str> {
        let answers = self.item(item).map(|item| item.details().answers.as_slice()).unwrap_or(&[]);
        answers.iter().find(|(name, _)| self.pack.words.find(name) == Some(criterion)).map(|(_, answer)| answer.as_str())
    }

    /// The day that a decision names for its effect, if it lies ahead.
    fn deferred(&self, at: Moment, item: ItemNo) -> Option<End<'p>> {
        let entry = self.item(item).filter(|entry| matches!(entry.fact(), FactKind::Decided | FactKind::AppealDecided))?;
        let until = entry.details().until.as_ref()?.moment(&self.items.zone).ok()?;
        let doubt = if until.is_exact() { Doubt::None } else { Doubt::Time };
        let latest = until.latest().checked_add(jiff::SignedDuration::from_nanos(i64::from(!until.is_exact()))).ok()?;
        (until.earliest() > at.latest()).then_some(End { sure: until.earliest(), latest, doubt, worked: None, first: None })
    }

    /// An order ends on a later day that the decision names, unless its own end comes first. No renewal and no absence outlives that day.
    fn end_later(&mut self, number: usize, end: End<'p>, at: Moment, item: ItemNo, section: &'p str) {
        self.changes += 1;
        self.releases.push(Release { run: number, end, item });
        let Some(run) = self.out.orders.get_mut(number).filter(|run| end.sure < run.end.sure) else { return };
        run.end = end;
        run.rungs.push(Rung { from: at, item, end, flaws: Vec::new(), relied: vec![item], section });
    }

    /// The next day on which a decision let an order end, and which release it is.
    pub(crate) fn next_release(&self) -> Option<(Timestamp, usize)> {
        self.releases.iter().enumerate().map(|(number, release)| (release.end.latest, number)).min()
    }

    /// The day has come.
    pub(crate) fn release(&mut self, number: usize) {
        let Release { run, end, item } = self.releases.remove(number);
        self.now = moment_of(&end).unwrap_or(Moment::at(end.latest));
        self.close(run, self.now, item);
    }

    /// A release that changed nothing while somebody is held: it is said. Where a discharge names no order in being, or a body decided what
    /// ends other orders, what it was to end is not known, and authority is not shown from then on.
    pub(crate) fn released_nothing(&mut self, number: ItemNo, item: &Item<'e>) {
        let is_open =
            |run: &&usize| self.out.orders.get(**run).is_some_and(|run| !run.void && run.rungs.iter().all(|rung| rung.item != number));
        let open: Vec<usize> = self.open_orders.iter().filter(is_open).copied().collect();
        let order = |run: usize| self.out.orders.get(run);
        let rests = |run: usize| order(run).is_some_and(|run| run.pauses.last().is_some_and(|(_, until)| until.is_none()));
        let held: Vec<usize> =
            open.iter().copied().filter(|run| order(*run).is_some_and(|run| run.body.status == Status::Held) && !rests(*run)).collect();
        let id = |run: usize| order(run).and_then(|run| self.pack.orders.get(usize::from(run.order))).map(|order| order.id.as_str());
        let named = |under: Sym| open.iter().any(|run| id(*run) == Some(self.pack.words.text(under)));
        let is_body = |role: Sym| self.pack.bodies.iter().any(|body| body.word == self.pack.words.text(role));
        let missing = match item.fact() {
            FactKind::OrderEnded => None,
            FactKind::Discharged => (!item.under.is_some_and(named)).then_some("under"),
            FactKind::Decided | FactKind::AppealDecided => match item.outcome {
                Some(outcome) if self.law.index.releasing.contains(&outcome) => item.role.is_some_and(is_body).then_some("outcome"),
                _ => return,
            },
            _ => return,
        };
        let Some(run) = held.first().and_then(|run| order(*run)) else { return };
        let (head, section) = (run.head, run.head.section.as_str());
        let (kind, defect) = (FindingKind::NoEffect, Defect::Irregular);
        self.out.findings.push(Finding { head, kind, what: "release", section, at: item.at, item: number, defect });
        let Some(missing) = missing else { return };
        for run in held {
            // From the first instant at which it may have been, but not before it is certain that the order had begun.
            let first = self.out.orders.get(run).and_then(|run| run.rungs.first());
            let begun = first.map_or(item.at.earliest(), |rung| rung.from.latest());
            self.leave_in_doubt(run, Moment::at(item.at.earliest().max(begun)), missing, number);
        }
    }

    fn open_runs(&self, orders: &[u16]) -> Vec<usize> {
        let is_one = |number: &usize| self.out.orders.get(*number).is_some_and(|run| orders.contains(&run.order));
        self.open_orders.iter().copied().filter(is_one).collect()
    }

    fn act(&mut self, action: &'p Action, at: Moment, item: ItemNo, section: &'p str, chain: &Chain<'p>) {
        // A decision that is not shown to be good settles nothing and lets nothing lapse.
        if matches!(action, Action::Cure(_) | Action::Lapse(_)) && chain.flaws.iter().any(Flaw::weighs) {
            return;
        }
        match action {
            Action::End(orders) => {
                let deferred = self.deferred(at, item);
                let is_one = |number: &usize| self.out.orders.get(*number).is_some_and(|run| orders.contains(&run.order));
                for number in self.carried.iter().copied().filter(is_one).collect::<Vec<_>>() {
                    self.let_go(number, deferred.map_or(at.earliest(), |end| end.sure));
                }
                for number in self.open_runs(orders) {
                    match deferred {
                        Some(end) => self.end_later(number, end, at, item, section),
                        None => self.close(number, at, item),
                    }
                }
            }
            Action::Start(order) => {
                self.begin(Beginning {
                    order: *order,
                    at,
                    start: at,
                    item,
                    flaws: chain.flaws.clone(),
                    relied: chain.relied.clone(),
                    own_papers: true,
                });
            }
            Action::Turn(orders, into, keep) => self.turn(orders, *into, *keep, at, item, chain),
            Action::Pause(others) => self.pause(others, at, None),
            Action::Resume(orders, lasts, again) => self.again(orders, lasts.as_ref(), *again, at, item, section, chain, true),
            Action::Restart(orders, lasts, again) => self.again(orders, lasts.as_ref(), *again, at, item, section, chain, false),
            Action::HoldOpen { orders, until, until_event, then } => {
                self.hold_open(action, orders, until.as_ref(), !until_event.is_empty(), then.as_ref(), at, item, section, chain)
            }
            Action::Move { duty, by, paper, to } => self.move_due(*duty, by.as_ref(), *paper, to.as_ref(), at, item),
            Action::Cure(orders) => self.cure(orders, at, item),
            Action::Lapse(duties) => {
                for number in self.open_of(duties) {
                    self.lapse(number, at);
                }
            }
        }
    }

    /// One order becomes another: the first ends, the second begins, with the first one's papers behind it.
    fn turn(&mut self, orders: &[u16], into: u16, keep: KeepStart, at: Moment, item: ItemNo, chain: &Chain<'p>) {
        let Some(number) = self.open_runs(orders).pop() else { return };
        let Some(old) = self.out.orders.get(number) else { return };
        let start = if keep == KeepStart::Kept { old.start } else { at };
        let mut flaws = chain.flaws.clone();
        let mut relied = chain.relied.clone();
        for rung in &old.rungs {
            flaws.extend(rung.flaws.iter().cloned());
            relied.extend(rung.relied.iter().copied());
        }
        self.close(number, at, item);
        self.begin(Beginning { order: into, at, start, item, flaws, relied, own_papers: false });
    }

    #[expect(clippy::too_many_arguments, reason = "one action with all it may say")]
    fn again(
        &mut self,
        orders: &[u16],
        lasts: Option<&'p Period>,
        again: LadderAgain,
        at: Moment,
        item: ItemNo,
        section: &'p str,
        chain: &Chain<'p>,
        resume: bool,
    ) {
        let counted = |number: usize| lasts.and_then(|period| self.end(period, &Scope { run: Some(number), ..Scope::at(at, Some(item)) }));
        let ends: Vec<(usize, Option<End<'p>>)> = self.open_runs(orders).into_iter().map(|number| (number, counted(number))).collect();
        for (number, counted) in ends {
            let Some(run) = self.out.orders.get(number) else { continue };
            let resting = run.pauses.last().filter(|(_, until)| until.is_none()).map(|(since, _)| *since);
            if resume && resting.is_none() {
                continue;
            }
            let end = match lasts {
                Some(_) => counted,
                None => {
                    // What was left when the rest began is left now, if the order's time stood still.
                    let shift = resting.filter(|_| run.stopped).map(|since| at.earliest().duration_since(since.earliest()));
                    shift
                        .map(|shift| End {
                            sure: later(run.end.sure, shift),
                            latest: later(run.end.latest, shift),
                            doubt: run.end.doubt,
                            worked: None,
                            first: None,
                        })
                        .or(Some(run.end))
                }
            };
            let Some(end) = end else { continue };
            let Some(run) = self.out.orders.get_mut(number) else { continue };
            if let Some((_, until @ None)) = run.pauses.last_mut() {
                *until = Some(at);
            }
            run.stopped = false;
            run.end = end;
            if again == LadderAgain::FromFirst {
                run.next_rung = 0;
            }
            run.rungs.push(Rung { from: at, item, end, flaws: chain.flaws.clone(), relied: vec![item], section });
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one action with all it may say")]
    fn hold_open(
        &mut self,
        action: &'p Action,
        orders: &[u16],
        until: Option<&'p Period>,
        until_event: bool,
        then: Option<&'p Period>,
        at: Moment,
        item: ItemNo,
        section: &'p str,
        chain: &Chain<'p>,
    ) {
        // Each order's new end is counted from how things stood before, so that it does not matter which of them is named first.
        let ends: Vec<(usize, End<'p>)> = self
            .open_runs(orders)
            .into_iter()
            .filter_map(|number| {
                let scope = Scope { run: Some(number), ..Scope::at(at, Some(item)) };
                let end = until.map_or(Some(End::OPEN), |period| self.end(period, &scope));
                end.map(|end| (number, end))
            })
            .collect();
        for (number, end) in ends {
            let Some(run) = self.out.orders.get_mut(number) else { continue };
            let own_end = self.held_open.iter().rev().find(|held| held.run == number).map_or(run.end, |held| held.own_end);
            // Held open means never shorter than it was.
            if end.sure > run.end.sure {
                let from = Moment::between(run.end.sure, run.end.latest).unwrap_or(at);
                run.end = end;
                run.rungs.push(Rung { from, item, end, flaws: chain.flaws.clone(), relied: vec![item], section });
            }
            if until_event {
                run.held_open = true;
                self.held_open.push(HeldOpen { run: number, action, then, own_end });
            }
        }
    }

    /// What an order was kept in force for has happened.
    pub(crate) fn release_held_open(&mut self, number: ItemNo, item: &'e Item<'e>) {
        if self.held_open.is_empty() {
            return;
        }
        let held_open = std::mem::take(&mut self.held_open);
        let (over, on): (Vec<_>, Vec<_>) = held_open.into_iter().partition(|held: &HeldOpen<'p>| {
            let Action::HoldOpen { until_event, .. } = held.action else { return false };
            until_event.iter().any(|pattern| self.fits(pattern, Occurrence::Entry(number), None))
        });
        self.held_open = on;
        for held in over {
            let scope = Scope { run: Some(held.run), ..Scope::at(item.at, Some(number)) };
            let end = held.then.and_then(|period| self.end(period, &scope));
            let end =
                end.unwrap_or(End { sure: item.at.earliest(), latest: item.at.latest(), doubt: Doubt::None, worked: None, first: None });
            let end = if end.sure < held.own_end.sure { held.own_end } else { end };
            // Another application may still keep it in force.
            if self.held_open.iter().any(|other| other.run == held.run) {
                continue;
            }
            let Some(run) = self.out.orders.get_mut(held.run) else { continue };
            run.held_open = false;
            run.end = end;
            let section = run.rungs.last().map_or(run.head.section.as_str(), |rung| rung.section);
            run.rungs.push(Rung { from: item.at, item: number, end, flaws: Vec::new(), relied: vec![number], section });
        }
    }

    fn move_due(&mut self, duty: u16, by: Option<&'p crate::time::Period>, paper: bool, to: Option<&'p Period>, at: Moment, item: ItemNo) {
        let of: &[ItemNo] = self.item(item).map(|item| item.of.as_slice()).unwrap_or(&[]);
        let open = self.out.duties.iter().enumerate().filter(|(_, run)| run.duty == duty && run.met.is_none() && run.lapsed.is_none());
        let number = open
            .filter(|(number, _)| {
                of.is_empty()
                    || self.out.duties.get(*number).is_some_and(|run| {
                        of.contains(&run.item) || run.run.is_some_and(|run| self.items_of(run).any(|own| of.contains(&own)))
                    })
            })
            .map(|(number, _)| number)
            .next();
        let Some(number) = number else { return };
        let Some(due) = self.out.duties.get(number).and_then(|run| run.due) else { return };
        let zone = &self.items.zone;
        let moved = match (by, to) {
            (_, Some(period)) => self.end(
                period,
                &Scope { due: Some(due), run: self.out.duties.get(number).and_then(|run| run.run), ..Scope::at(at, Some(item)) },
            ),
            (Some(rule), None) => {
                let says = paper.then(|| self.item(item)).flatten().and_then(|item| item.details().length);
                let shorter = says.and_then(|length| crate::time::Period::new(rule.count(), length).ok());
                let one = |due: jiff::Timestamp| {
                    let from = after_end(rule, Moment::at(due));
                    let longest = rule.reckon(&from, zone, None).ok()?.end.earliest();
                    let said = shorter.and_then(|rule| rule.reckon(&from, zone, None).ok()).map(|reckoned| reckoned.end.earliest());
                    Some(said.map_or(longest, |said| said.min(longest)))
                };
                one(due.sure).zip(one(due.latest)).map(|(sure, latest)| End { sure, latest, doubt: due.doubt, worked: None, first: None })
            }
            (None, None) => None,
        };
        if let (Some(moved), Some(run)) = (moved, self.out.duties.get_mut(number)) {
            run.due = Some(moved);
            run.dues.push((at, Some(moved)));
        }
    }

    /// The body has settled what only it could weigh.
    fn cure(&mut self, orders: &[u16], at: Moment, item: ItemNo) {
        let of: Vec<ItemNo> = self.item(item).map(|item| item.of.clone()).unwrap_or_default();
        for run in self.out.orders.iter_mut().filter(|run| orders.contains(&run.order)) {
            if of.is_empty() && !run.open {
                continue;
            }
            // A decision about one order or renewal settles nothing about another stretch; one that names none is about the last.
            let last = run.rungs.len().saturating_sub(1);
            let concerned = run.rungs.iter_mut().enumerate().filter(|(number, rung)| {
                if of.is_empty() {
                    *number == last
                } else {
                    of.contains(&rung.item) || rung.relied.iter().any(|relied| of.contains(relied))
                }
            });
            for flaw in concerned.flat_map(|(_, rung)| rung.flaws.iter_mut()) {
                if matches!(flaw.defect, Defect::ForDecision(_)) && flaw.failing == Failing::Unmet && flaw.mended.is_none() {
                    flaw.mended = Some((at, item));
                }
            }
        }
    }
}

/// An instant so much later, or the furthest there is.
fn later(at: jiff::Timestamp, by: jiff::SignedDuration) -> jiff::Timestamp {
    at.checked_add(by).unwrap_or(jiff::Timestamp::MAX)
}
