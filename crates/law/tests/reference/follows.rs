//! What follows from what happens: FORMAT.md, "Effects and outcomes".

use openward_law::pack::{Action, KeepStart, LadderAgain, Period};

use super::Reference;
use super::days::Point;
use super::papers::Basis;
use super::state::{Failing, Found, Frame, Kept, Sight, Stretch, Till, Weight};

impl<'p, 'e> Reference<'p, 'e> {
    /// Lets everything follow that follows. All conditions are judged before anything follows.
    pub(crate) fn follow(&mut self, sight: Sight) {
        let (by, at) = self.behind(sight);
        let (mut called, mut perhaps) = (Vec::new(), Vec::new());
        for provision in &self.pack.effects {
            let Some((version, body)) = self.text(provision, at) else { continue };
            let so = body.only_if.as_ref().is_none_or(|condition| self.holds(condition));
            if so && self.any(&body.on, sight, None) {
                called.push((version, body));
            } else if so {
                // It would end an order, but for what it leaves unsaid.
                for action in &body.actions {
                    if let Action::End(orders) = action {
                        perhaps.extend(self.open_of(orders).into_iter().map(|run| (run, body.on.as_slice())));
                    }
                }
            }
        }
        for (run, on) in perhaps {
            self.perhaps_over(run, on, sight);
        }
        for (version, body) in called {
            let head = &version.head;
            let found =
                |kind, what: &str| Found { provision: format!("{}.{}", head.kind.word(), head.id), kind, what: what.to_owned(), at, by };
            for criterion in &body.answers {
                let criterion = self.pack.words.text(*criterion);
                if !self.told[by].details().answers.iter().any(|(name, _)| name == criterion) {
                    self.found.push(found("unanswered", criterion));
                }
            }
            // A criterion that must be answered `met`: answered otherwise, nothing follows; not answered, what follows is not shown.
            let answer = |criterion: &str| {
                let answers = &self.told[by].details().answers;
                answers.iter().find(|(name, _)| name == criterion).map(|(_, answer)| answer.clone())
            };
            let met: Vec<(&str, Option<String>)> =
                body.met.iter().map(|sym| self.pack.words.text(*sym)).map(|word| (word, answer(word))).collect();
            if let Some((criterion, _)) = met.iter().find(|(_, answer)| answer.as_ref().is_some_and(|answer| answer != "met")) {
                self.found.push(found("contradicted", criterion));
                continue;
            }
            let frame = Frame { paper: Some(by), ..Frame::act(at, by) };
            let mut basis = Basis { faults: self.taken_over(&body.no_better_than, at, head, by), ..Basis::default() };
            let taken = basis.faults.len();
            for need in &body.needs {
                self.need(need, head, by, &frame, &mut basis);
            }
            for (criterion, _) in met.iter().filter(|(_, answer)| answer.is_none()) {
                basis.faults.push(super::state::Fault::new(head, criterion, criterion, Failing::Missing, Weight::Void, vec![by]));
            }
            for fault in &basis.faults[taken..] {
                self.found.push(found(if fault.failing == Failing::Unmet { "defect" } else { "not-shown" }, &fault.what));
            }
            if basis.faults[taken..].iter().any(|fault| fault.failing == Failing::Unmet && fault.weight == Weight::Void) {
                continue;
            }
            for action in &body.actions {
                self.act(action, at, by, &basis);
            }
        }
    }

    fn open_of(&self, orders: &[u16]) -> Vec<usize> {
        let named = |order: usize| orders.iter().any(|number| usize::from(*number) == order);
        (0..self.runs.len()).filter(|run| self.runs[*run].open && named(self.runs[*run].order)).collect()
    }

    fn act(&mut self, action: &'p Action, at: Point, by: usize, basis: &Basis) {
        // A decision that is not shown to be good settles nothing and lets nothing lapse.
        if matches!(action, Action::Cure(_) | Action::Lapse(_)) && basis.faults.iter().any(super::state::Fault::weighs) {
            return;
        }
        match action {
            Action::End(orders) => {
                let later = self.later_end(at, by);
                for run in self.runs.iter_mut().filter(|run| run.ended_by.is_some() && run.freed.is_none()) {
                    if orders.iter().any(|order| usize::from(*order) == run.order) {
                        run.freed = Some(later.as_ref().map_or(at.first, |till| till.sure));
                    }
                }
                for run in self.open_of(orders) {
                    let Some(till) = later.clone() else {
                        self.close(run, at, by);
                        continue;
                    };
                    self.changed = true;
                    self.releases.push((till.clone(), run, by));
                    // On the later day that the decision names, unless its own end comes first.
                    if till.sure < self.runs[run].till.sure {
                        self.runs[run].till = till.clone();
                        self.runs[run].stretches.push(Stretch { from: at, by, till, faults: Vec::new(), relied: vec![by] });
                    }
                }
            }
            Action::Start(order) => self.begin(usize::from(*order), at, at, by, basis.clone(), true),
            Action::Turn(orders, into, keep) => {
                // The one that started last, where several could become the other.
                let Some(old) = self.open_of(orders).pop() else { return };
                let start = if *keep == KeepStart::Kept { self.runs[old].start } else { at };
                let mut taken = basis.clone();
                for stretch in &self.runs[old].stretches {
                    taken.faults.extend(stretch.faults.clone());
                    taken.relied.extend(&stretch.relied);
                }
                self.close(old, at, by);
                self.begin(usize::from(*into), at, start, by, taken, false);
            }
            Action::Pause(others) => self.pause(others, at, None),
            Action::Resume(orders, lasts, again) => self.again(orders, lasts.as_ref(), *again, at, by, basis, true),
            Action::Restart(orders, lasts, again) => self.again(orders, lasts.as_ref(), *again, at, by, basis, false),
            Action::HoldOpen { orders, until, until_event, then } => {
                // All new ends are counted before any end moves.
                let tills: Vec<Option<Till>> = self
                    .open_of(orders)
                    .into_iter()
                    .map(|run| match until {
                        Some(period) => self.till(period, &Frame { run: Some(run), ..Frame::act(at, by) }),
                        None => Some(Till::open()),
                    })
                    .collect();
                for (run, till) in self.open_of(orders).into_iter().zip(tills) {
                    let now = self.runs[run].till.clone();
                    let own = self.kept.iter().rfind(|kept| kept.run == run).map_or(now.clone(), |kept| kept.own.clone());
                    let Some(till) = till else { continue };
                    // Never shorter than it was.
                    if till.sure > now.sure {
                        let from = now.point().unwrap_or(at);
                        self.runs[run].till = till.clone();
                        self.runs[run].stretches.push(Stretch { from, by, till, faults: basis.faults.clone(), relied: vec![by] });
                    }
                    if !until_event.is_empty() {
                        self.runs[run].kept = true;
                        self.kept.push(Kept { run, until: until_event, then: then.as_ref(), own });
                    }
                }
            }
            Action::Move { duty, by: length, paper, to } => {
                let of = self.told[by].of.clone();
                let about = |number: &usize| {
                    let owed = &self.owed[*number];
                    let own = owed.run.is_some_and(|run| self.entries_of(run).iter().any(|entry| of.contains(entry)));
                    of.is_empty() || of.contains(&owed.by) || own
                };
                let open = |number: &usize| {
                    let owed = &self.owed[*number];
                    owed.duty == usize::from(*duty) && owed.met.is_none() && owed.lapsed.is_none()
                };
                let Some(number) = (0..self.owed.len()).filter(open).find(about) else { return };
                let Some(due) = self.owed[number].due.clone() else { return };
                let moved = match (to, length) {
                    (Some(period), _) => self.till(period, &Frame { due: Some(due), run: self.owed[number].run, ..Frame::act(at, by) }),
                    (None, Some(rule)) => self.moved(&due, rule, self.told[by].details().length.filter(|_| *paper)),
                    (None, None) => None,
                };
                if let Some(moved) = moved {
                    self.owed[number].dues.push((Some(at), Some(moved.clone())));
                    self.owed[number].due = Some(moved);
                }
            }
            Action::Cure(orders) => self.cure(orders, at, by),
            Action::Lapse(duties) => {
                for number in 0..self.owed.len() {
                    if duties.iter().any(|duty| usize::from(*duty) == self.owed[number].duty) {
                        self.lapse(number, at);
                    }
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one action with all it may say")]
    fn again(
        &mut self,
        orders: &[u16],
        lasts: Option<&'p Period>,
        again: LadderAgain,
        at: Point,
        by: usize,
        basis: &Basis,
        resting_only: bool,
    ) {
        let runs = self.open_of(orders);
        let new: Vec<Option<Till>> =
            runs.iter().map(|run| lasts.and_then(|period| self.till(period, &Frame { run: Some(*run), ..Frame::act(at, by) }))).collect();
        for (number, new) in runs.into_iter().zip(new) {
            let run = &self.runs[number];
            let since = run.rests.last().filter(|(_, back)| back.is_none()).map(|(since, _)| *since);
            if resting_only && since.is_none() {
                continue;
            }
            let till = match (lasts, since.filter(|_| run.stopped)) {
                (Some(_), _) => new,
                // What was left when its time stood still is left now.
                (None, Some(since)) => {
                    let rest = at.first.duration_since(since.first);
                    let later = |end: jiff::Timestamp| end.checked_add(rest).unwrap_or(jiff::Timestamp::MAX);
                    Some(Till { sure: later(run.till.sure), latest: later(run.till.latest), doubt: run.till.doubt.clone() })
                }
                (None, None) => Some(run.till.clone()),
            };
            let Some(till) = till else { continue };
            let run = &mut self.runs[number];
            if since.is_some()
                && let Some(last) = run.rests.last_mut()
            {
                last.1 = Some(at);
            }
            run.stopped = false;
            run.till = till.clone();
            if again == LadderAgain::FromFirst {
                run.rung = 0;
            }
            run.stretches.push(Stretch { from: at, by, till, faults: basis.faults.clone(), relied: vec![by] });
        }
    }

    /// The later day that a decision names for its effect.
    fn later_end(&self, at: Point, by: usize) -> Option<Till> {
        use openward_law::entry::FactKind::{AppealDecided, Decided};
        let told = &self.told[by];
        let until = told.details().until.as_ref().filter(|_| matches!(told.fact(), Decided | AppealDecided))?;
        let mut till = Till::at(self.days.point(until)?);
        if till.sure != till.latest {
            till.latest += jiff::SignedDuration::from_nanos(1);
        }
        (till.sure > at.last).then_some(till)
    }

    /// What an order was kept in force for has happened.
    pub(crate) fn let_go(&mut self, entry: usize) {
        let at = self.told[entry].at;
        let (over, on): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.kept).into_iter().partition(|kept| self.any(kept.until, Sight::Entry(entry), None));
        self.kept = on;
        for kept in over {
            let frame = Frame { run: Some(kept.run), ..Frame::act(at, entry) };
            let till = kept.then.and_then(|period| self.till(period, &frame)).unwrap_or(Till {
                sure: at.first,
                latest: at.last,
                doubt: super::state::Doubt::None,
            });
            let till = if till.sure < kept.own.sure { kept.own } else { till };
            // Another application may still keep it in force.
            if self.kept.iter().any(|other| other.run == kept.run) {
                continue;
            }
            let run = &mut self.runs[kept.run];
            run.kept = false;
            run.till = till.clone();
            run.stretches.push(Stretch { from: at, by: entry, till, faults: Vec::new(), relied: vec![entry] });
        }
    }

    /// The body has settled what only it could weigh: of the stretch the decision is about, or of the last one where it names none.
    fn cure(&mut self, orders: &[u16], at: Point, by: usize) {
        let of = self.told[by].of.clone();
        for run in self.runs.iter_mut().filter(|run| orders.iter().any(|order| usize::from(*order) == run.order)) {
            if of.is_empty() && !run.open {
                continue;
            }
            let count = run.stretches.len();
            for (number, stretch) in run.stretches.iter_mut().enumerate() {
                let named = of.contains(&stretch.by) || stretch.relied.iter().any(|relied| of.contains(relied));
                if if of.is_empty() { number + 1 == count } else { named } {
                    let for_body =
                        stretch.faults.iter_mut().filter(|fault| matches!(fault.weight, Weight::For(_)) && fault.failing == Failing::Unmet);
                    for_body.filter(|fault| fault.mended.is_none()).for_each(|fault| fault.mended = Some(at));
                }
            }
        }
    }
}
