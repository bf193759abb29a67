//! What the second engine says: each run, duty, right, named day and finding as a line, and the two answers for an instant.

use jiff::Timestamp;
use openward_law::entry::FactKind;
use openward_law::pack::{Status, Sym};

use super::Reference;
use super::days::Point;
use super::state::{Doubt, Failing, Fault, Run, Stretch, Till, Weight, Where};

/// How good an order is, best first, with what is in question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Good {
    /// Shown.
    Shown,
    /// Contested: what, and who decides.
    Contested(String, Option<String>),
    /// Not shown: what is missing.
    NotShown(String),
    /// None: what failed.
    None(String),
}

impl Good {
    fn badness(&self) -> u8 {
        match self {
            Good::Shown => 0,
            Good::Contested(..) => 1,
            Good::NotShown(_) => 2,
            Good::None(_) => 3,
        }
    }
}

/// The worse of two; the first where they are as good.
fn worse(one: Good, other: Good) -> Good {
    if other.badness() > one.badness() { other } else { one }
}

/// A moment as the lines print it.
pub(crate) fn moment(first: Timestamp, last: Timestamp) -> String {
    if first == last { first.to_string() } else { format!("{first}..{last}") }
}

impl<'p, 'e> Reference<'p, 'e> {
    fn at(&self, point: Point) -> String {
        moment(point.first, point.last)
    }

    fn till_line(&self, till: &Till) -> String {
        if till.sure == Timestamp::MAX {
            return "open".to_owned();
        }
        let doubt = match &till.doubt {
            _ if till.sure == till.latest => String::new(),
            Doubt::None => String::new(),
            Doubt::Time => " time".to_owned(),
            Doubt::Reading(id, _) => format!(" {id}"),
        };
        format!("{}{doubt}", moment(till.sure, till.latest))
    }

    fn n(&self, entry: usize) -> u32 {
        self.told[entry].entry.n
    }

    fn word(&self, sym: Option<Sym>) -> String {
        sym.map_or("-", |sym| self.pack.words.text(sym)).to_owned()
    }

    fn fault_line(&self, fault: &Fault) -> String {
        let failing = match fault.failing {
            Failing::Unmet => "unmet",
            Failing::Missing => "missing",
            Failing::Time => "time-unknown",
            Failing::Reading => "reading",
        };
        let weight = match fault.weight {
            Weight::Void => "void".to_owned(),
            Weight::Ends => "ends".to_owned(),
            Weight::Curable => "curable".to_owned(),
            Weight::For(body) => format!("for-{}", self.pack.words.text(body)),
            Weight::Irregular => "irregular".to_owned(),
            Weight::Reason => "reason-wanted".to_owned(),
        };
        let cure = fault.cure.as_ref().map_or("-".to_owned(), |till| self.till_line(till));
        let mended = fault.mended.map_or("-".to_owned(), |at| self.at(at));
        // What is missing concerns no entry in particular.
        let items: Vec<u32> = fault.items.iter().filter(|_| fault.failing != Failing::Missing).map(|item| self.n(*item)).collect();
        format!(
            "{} {} {failing} {} {weight} {} cure {cure} mended {mended} {} {items:?}",
            fault.provision,
            fault.what,
            fault.missing,
            self.word(fault.decides),
            fault.always
        )
    }

    /// Everything that was worked out, line by line.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let on = |point: Option<Point>| point.map_or("-".to_owned(), |point| self.at(point));
        for run in &self.runs {
            let order = &self.pack.orders[run.order].id;
            let rests: Vec<String> = run.rests.iter().map(|(from, back)| format!("{}-{}", self.at(*from), on(*back))).collect();
            lines.push(format!(
                "order {order} by {} start {} joined {} since {} till {} ended {} void {} rests {rests:?}",
                self.n(run.by),
                self.at(run.start),
                self.at(run.joined),
                self.at(run.since),
                self.till_line(&run.till),
                on(run.ended),
                run.void
            ));
            for stretch in &run.stretches {
                let mut relied: Vec<u32> = stretch.relied.iter().map(|entry| self.n(*entry)).collect();
                relied.sort_unstable();
                relied.dedup();
                lines.push(format!(
                    "  stretch by {} from {} till {} relies {relied:?}",
                    self.n(stretch.by),
                    self.at(stretch.from),
                    self.till_line(&stretch.till)
                ));
                let mut faults: Vec<String> = stretch.faults.iter().map(|fault| format!("    lacks {}", self.fault_line(fault))).collect();
                faults.sort_unstable();
                lines.extend(faults);
            }
        }
        for owed in &self.owed {
            let duty = &self.pack.duties[owed.duty].id;
            let due = owed.due.as_ref().map_or("-".to_owned(), |till| self.till_line(till));
            let parts: Vec<u32> = owed.parts.iter().map(|part| part.map_or(0, |(_, by)| self.n(by))).collect();
            let stoppers: Vec<u32> = owed.stoppers.iter().map(|entry| self.n(*entry)).collect();
            let waits: Vec<String> = owed.waits.iter().map(|(from, until)| format!("{}-{}", self.at(*from), on(*until))).collect();
            lines.push(format!(
                "duty {duty} by {} raised {} due {due} parts {parts:?} met {} lapsed {} stoppers {stoppers:?} waits {waits:?}",
                self.n(owed.by),
                self.at(owed.raised),
                on(owed.met),
                on(owed.lapsed)
            ));
        }
        for right in &self.rights {
            let id = &self.pack.entitlements[right.entitlement].id;
            let uses: Vec<u32> = right.uses.iter().map(|entry| self.n(*entry)).collect();
            lines.push(format!(
                "right {id} by {} raised {} opens {} closes {} ended {} uses {uses:?}",
                self.n(right.by),
                self.at(right.raised),
                self.at(right.opens),
                self.till_line(&right.closes),
                on(right.ended)
            ));
        }
        for named in &self.named {
            lines.push(format!(
                "clock {} by {} at {} fell {}",
                self.pack.clocks[named.clock].id,
                self.n(named.by),
                self.at(named.at),
                on(named.fell)
            ));
        }
        for found in &self.found {
            lines.push(format!(
                "finding {} {} {} at {} by {}",
                found.provision,
                found.kind,
                found.what,
                self.at(found.at),
                self.n(found.by)
            ));
        }
        for (order, at, by) in &self.no_law {
            let order = order.map_or("-", |order| &self.pack.orders[order].id);
            lines.push(format!("no law {order} at {} by {}", self.at(*at), self.n(*by)));
        }
        for (at, there) in &self.moves {
            lines.push(format!("where {} from {}", format!("{there:?}").to_lowercase(), self.at(*at)));
        }
        lines
    }

    /// Whether the person is held at an instant, and the whereabouts behind it.
    pub(crate) fn held(&self, at: Timestamp) -> (&'static str, Option<Where>) {
        let says = |there: Where| match there {
            Where::Held | Where::Stopped => "yes",
            Where::Asked => "cannot-tell",
            Where::Out | Where::Free | Where::Leave | Where::Absent => "no",
        };
        let begun: Vec<&(Point, Where)> =
            self.moves.iter().take(self.moves.iter().rposition(|(from, _)| from.first <= at).map_or(0, |at| at + 1)).collect();
        let Some((point, there)) = begun.last() else { return ("no", None) };
        let before = begun.len().checked_sub(2).map_or("no", |at| says(begun[at].1));
        let unsure = point.last > at && before != says(*there);
        (if unsure { "cannot-tell" } else { says(*there) }, Some(*there))
    }

    /// What a fault makes of an order at an instant.
    fn weighed(&self, fault: &Fault, at: Timestamp) -> Good {
        let contested = |decides: Option<Sym>| Good::Contested(fault.what.clone(), decides.map(|sym| self.pack.words.text(sym).to_owned()));
        if fault.always || matches!(fault.weight, Weight::Irregular | Weight::Reason) {
            return Good::Shown;
        }
        match (fault.failing, fault.weight) {
            (Failing::Missing | Failing::Time, _) => Good::NotShown(fault.missing.clone()),
            (Failing::Reading, _) => contested(fault.decides),
            (Failing::Unmet, Weight::Curable) if fault.cure.as_ref().is_some_and(|till| at < till.sure) => contested(fault.decides),
            (Failing::Unmet, Weight::For(_)) if fault.mended.is_some_and(|settled| at >= settled.last) => Good::Shown,
            (Failing::Unmet, Weight::For(body)) => contested(Some(body)),
            (Failing::Unmet, _) => Good::None(fault.what.clone()),
        }
    }

    /// How good an order is at an instant, and how good but for what its beginning lacks; nothing where it is not in force. One inside
    /// another is never better than that other.
    fn good(&self, run: &Run<'_>, at: Timestamp) -> Option<(Good, Good)> {
        let own = self.good_alone(run, at)?;
        let outer = run.within.and_then(|outer| self.good(&self.runs[outer], at));
        let Some(outer) = outer else { return Some(own) };
        Some((worse(own.0, outer.0), worse(own.1, outer.1)))
    }

    fn good_alone(&self, run: &Run<'_>, at: Timestamp) -> Option<(Good, Good)> {
        let (over_first, over_last) = run.ended.map_or((Timestamp::MAX, Timestamp::MAX), |ended| (ended.first, ended.last));
        let rests = |(from, back): &(Point, Option<Point>)| from.first <= at && back.is_none_or(|back| at < back.last);
        if at < run.since.first || at >= over_last || run.rests.iter().any(rests) {
            return None;
        }
        let untold = Good::NotShown("time".to_owned());
        if at < run.since.last {
            return Some((untold.clone(), untold));
        }
        // The stretch in force is the last that has begun; one before it no longer counts.
        // A stretch that may begin only after the one before has ended, at an hour not known, is not shown in between.
        let unsure_start = |number: usize| {
            let stretch = &run.stretches[number];
            number > 0 && !stretch.from.exact() && run.stretches[number - 1].till.sure < stretch.from.first
        };
        let begun = |number: usize| match number {
            0 => run.since.last,
            _ if unsure_start(number) => run.stretches[number].from.last,
            _ => run.stretches[number].from.first,
        };
        let mut best: Option<(Good, Good)> = None;
        for (number, stretch) in run.stretches.iter().enumerate() {
            let next = run.stretches.get(number + 1).map_or(Timestamp::MAX, |next| next.from.first);
            let sure = stretch.till.sure.min(next).min(over_first);
            let latest = stretch.till.latest.min(next).min(over_last);
            let here = if unsure_start(number) && stretch.from.first <= at && at < stretch.from.last {
                (untold.clone(), untold.clone())
            } else if begun(number) <= at && at < sure {
                let worst = |stretches: &[Stretch]| {
                    stretches.iter().flat_map(|stretch| &stretch.faults).map(|fault| self.weighed(fault, at)).fold(Good::Shown, worse)
                };
                (worst(&run.stretches[..=number]), worst(&run.stretches[1..=number]))
            } else if sure <= at && at < latest {
                let doubt = match &stretch.till.doubt {
                    // Whether an act has ended it already is the harder question.
                    Doubt::Reading(id, decides) if at < over_first => {
                        Good::Contested(id.clone(), decides.map(|sym| self.pack.words.text(sym).to_owned()))
                    }
                    _ => untold.clone(),
                };
                (doubt.clone(), doubt)
            } else {
                continue;
            };
            if best.as_ref().is_none_or(|best| here.0.badness() < best.0.badness()) {
                best = Some(here);
            }
        }
        best
    }

    /// How good an order still is that the start of another ended, while that other is not shown to have begun well: it carries on to its
    /// own end, no better than what came after that beginning. One without a term of its own, or that the other joins on to, is spent when the other begins.
    fn carried(&self, run: &Run<'_>, at: Timestamp) -> Option<Good> {
        let (other, ended) = (&self.runs[run.ended_by?], run.ended?);
        let spent = run.till.sure == Timestamp::MAX || other.body.joins.iter().any(|joins| usize::from(*joins) == run.order);
        let until = run.freed.map_or(run.till.sure, |freed| freed.min(run.till.sure));
        let in_its_time = ended.last <= at && at < until && other.body.status == Status::Held;
        if spent || !in_its_time {
            return None;
        }
        let (whole, after) = self.good(other, at)?;
        let before = self.good(run, ended.last - jiff::SignedDuration::from_nanos(1))?.0;
        (after.badness() < whole.badness()).then(|| worse(before, after))
    }

    /// How long an order surely lasts: no longer than the one inside which it lives.
    fn last_sure(&self, run: &Run<'_>) -> Timestamp {
        run.within.map_or(run.till.sure, |outer| run.till.sure.min(self.last_sure(&self.runs[outer])))
    }

    /// The answer on authority at an instant: in words, with the order where one is spoken of.
    pub(crate) fn authority(&self, at: Timestamp) -> String {
        let (held, there) = self.held(at);
        let liable = held != "no" || matches!(there, Some(Where::Leave | Where::Absent));
        if !liable {
            return "not-needed".to_owned();
        }
        let of_hold = || self.runs.iter().filter(|run| run.body.status == Status::Held);
        let mut here: Vec<(Good, Timestamp, &Run<'p>)> =
            of_hold().filter_map(|run| Some((self.good(run, at)?.0, self.last_sure(run), run))).collect();
        here.extend(of_hold().filter_map(|run| Some((self.carried(run, at)?, self.last_sure(run), run))));
        here.sort_by(|a, b| a.0.badness().cmp(&b.0.badness()).then(b.1.cmp(&a.1)));
        if let Some((good, _, run)) = here.first() {
            let order = &self.pack.orders[run.order].id;
            return match good {
                Good::Shown => format!("shown {order}"),
                Good::Contested(what, decides) => format!("contested {order} {what} {}", decides.as_deref().unwrap_or("-")),
                Good::NotShown(missing) => format!("not-shown {order} {missing}"),
                Good::None(what) => format!("none {order} {what}"),
            };
        }
        if held == "no" || there == Some(Where::Asked) {
            return "not-needed".to_owned();
        }
        // Only a gap met since the present holding began says anything about it.
        let began = self.moves.iter().rfind(|(from, _)| from.first <= at).map_or(Timestamp::MIN, |(from, _)| from.first);
        if let Some((order, ..)) = self.no_law.iter().rfind(|(_, gap, _)| gap.first <= at && gap.last >= began) {
            return format!("not-shown {} law", order.map_or("-", |order| &self.pack.orders[order].id));
        }
        "none".to_owned()
    }

    /// The instants at which anything may change.
    pub(crate) fn boundaries(&self) -> Vec<Timestamp> {
        let mut all: Vec<Timestamp> = self.told.iter().flat_map(|told| [told.at.first, told.at.last]).collect();
        for run in &self.runs {
            all.extend(
                run.stretches.iter().flat_map(|stretch| [stretch.from.first, stretch.from.last, stretch.till.sure, stretch.till.latest]),
            );
            all.extend(run.stretches.iter().flat_map(|stretch| &stretch.faults).filter_map(|fault| Some(fault.cure.as_ref()?.sure)));
        }
        all.extend(self.owed.iter().filter_map(|owed| owed.due.as_ref()).flat_map(|due| [due.sure, due.latest]));
        all.extend(self.rights.iter().flat_map(|right| [right.opens.first, right.closes.sure, right.closes.latest]));
        all.retain(|at| *at != Timestamp::MAX && *at != Timestamp::MIN);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The state of each duty raised by an instant: `duty.NAME by N: state`.
    pub(crate) fn duty_states(&self, at: Timestamp) -> Vec<String> {
        let late_is_breach = |owed: &super::state::Owed<'_>| owed.body.late == openward_law::pack::Lateness::Breach;
        let mut states = Vec::new();
        for owed in self.owed.iter().filter(|owed| owed.raised.first <= at) {
            let known = |entry: &&usize| self.told[**entry].at.first <= at;
            let due = owed.dues.iter().rfind(|(from, _)| from.is_none_or(|from| from.first <= at)).and_then(|(_, due)| due.as_ref());
            let pattern_spares = owed.body.not_if_any.iter().any(|pattern| pattern.withdrawn == Some(false));
            let spared = |entry: &&usize| {
                let by = self.told[**entry].withdrawn.map(|by| self.told[by].at.first);
                pattern_spares && by.is_some_and(|by| by <= at && due.is_none_or(|due| by < due.sure))
            };
            let state = if let Some(met) = owed.met.filter(|met| met.first <= at) {
                match due {
                    Some(due) if met.first >= due.latest => "met-late",
                    Some(due) if met.last >= due.sure => "cannot-tell",
                    _ => "met",
                }
            } else if owed.stoppers.iter().filter(|entry| known(entry)).any(|entry| !spared(&entry)) {
                "lapsed"
            } else if let Some(lapsed) = owed.lapsed.filter(|lapsed| lapsed.first <= at) {
                if due.is_some_and(|due| lapsed.first >= due.latest) && late_is_breach(owed) { "late" } else { "lapsed" }
            } else if owed.waits.iter().any(|(from, until)| from.first <= at && until.is_none_or(|until| until.first > at)) {
                "waiting"
            } else {
                match due {
                    Some(due) if at >= due.latest => "late",
                    Some(due) if at >= due.sure => "cannot-tell",
                    _ => "open",
                }
            };
            states.push(format!("{} by {}: {state}", self.pack.duties[owed.duty].id, self.n(owed.by)));
        }
        states.sort_unstable();
        states
    }

    /// Whether anything in the file speaks of the person at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.told.iter().all(|told| told.fact() == FactKind::CommentInserted)
    }
}
