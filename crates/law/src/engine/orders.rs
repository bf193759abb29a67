//! Orders: how they start, are renewed, end, run out, rest, come back, and outlive their end.

use super::fold::{Fold, Occurrence, limits};
use super::forecast::{Doubt, End, Failing, Finding, FindingKind, Flaw, NotFollowed, OrderRun, Presence, Rung};
use super::item::{Item, ItemNo};
use super::matching::{Instance, fits_item};
use super::needs::Chain;
use super::when::Scope;
use crate::entry::FactKind;
use crate::pack::{Counted, Defect, Event, Head, Others, Period, PeriodShape, Status, TakesEffect};
use crate::time::Moment;

/// What a new run is made from.
pub(crate) struct Beginning<'p> {
    pub(crate) order: u16,
    pub(crate) at: Moment,
    /// The day counted from, where a conversion keeps an earlier one.
    pub(crate) start: Moment,
    pub(crate) item: ItemNo,
    /// Flaws that the act bringing it about carries.
    pub(crate) flaws: Vec<Flaw<'p>>,
    /// Entries that act relies on.
    pub(crate) relied: Vec<ItemNo>,
    /// Whether the order's own papers are asked for: not where another order turned into it.
    pub(crate) own_papers: bool,
}

impl<'p, 'e> Fold<'p, 'e> {
    /// The entry behind an occurrence, and when it was.
    pub(crate) fn cause(&self, occurrence: Occurrence) -> Option<(ItemNo, Moment)> {
        match occurrence {
            Occurrence::Entry(number) => Some((number, self.item(number)?.at)),
            Occurrence::Event(happened) => Some((happened.item, happened.at)),
        }
    }

    /// Starts an order if one of its patterns fits.
    pub(crate) fn start_on(&mut self, order: u16, occurrence: Occurrence) {
        let Some((item, at)) = self.cause(occurrence) else { return };
        let Some(provision) = self.pack.orders.get(usize::from(order)) else { return };
        let Some((version, body)) = self.text(provision, &at) else {
            // The entry may speak of an order on a day for which the pack has no text: that is said, not guessed.
            let any =
                provision.versions.iter().any(|version| version.body.starts.iter().any(|pattern| self.fits(pattern, occurrence, None)));
            if any && provision.versions.iter().any(|version| version.head.from.is_some()) {
                self.out.no_law.push(super::forecast::NoLaw { order, at, item });
            }
            return;
        };
        if body.starts.iter().any(|pattern| self.fits(pattern, occurrence, None)) {
            let mut flaws = Vec::new();
            if let Some(condition) = &body.only_if
                && !self.holds(condition)
            {
                flaws.push(flaw(
                    &version.head,
                    "only-if",
                    "only-if",
                    &version.head.section,
                    Failing::Unmet,
                    body.only_if_defect,
                    vec![item],
                ));
            }
            self.begin(Beginning { order, at, start: at, item, flaws, relied: Vec::new(), own_papers: true });
        }
    }

    /// Begins a run.
    pub(crate) fn begin(&mut self, beginning: Beginning<'p>) {
        let Beginning { order, at, start, item, flaws, relied, own_papers } = beginning;
        let Some(provision) = self.pack.orders.get(usize::from(order)) else { return };
        let Some((version, body)) = self.text(provision, &at) else { return };
        if self.out.orders.len() >= limits::ORDERS {
            return self.leave_out(NotFollowed::Orders(item));
        }
        let head = &version.head;
        let mut chain = Chain { flaws, relied, paper: None };
        chain.relied.push(item);
        // What lives inside another order is no better than that order.
        if let Some(outer) = body.inside
            && let Some(run) =
                self.open_orders.iter().rev().filter_map(|number| self.out.orders.get(*number)).find(|run| run.order == outer)
        {
            chain.flaws.extend(run.rungs.iter().flat_map(|rung| rung.flaws.iter().cloned()));
        }
        let mut scope = Scope { start: Some(start), ..Scope::at(at, Some(item)) };
        let founded = if own_papers { self.chain(&body.rests_on, head, &scope, Some(item), 0, &mut chain) } else { Vec::new() };
        // The starting entry is itself the paper where an order is made by signing one.
        let signed_itself = self.item(item).is_some_and(|item| item.instrument.is_some());
        let paper = chain.paper.or(signed_itself.then_some(item));
        scope.paper = paper;
        scope.founded = &founded;
        if own_papers {
            for need in &body.needs {
                self.need(need, head, paper.unwrap_or(item), &scope, &mut chain);
            }
        }
        let joined = body
            .joins
            .iter()
            .filter_map(|joins| self.out.orders.iter().rev().find(|run| run.order == *joins))
            .filter(|run| run.open || run.ended.is_some_and(|(ended, _)| ended == at) || run.end.latest >= at.earliest())
            .map(|run| run.joined)
            .next()
            .unwrap_or(start);
        let run = self.out.orders.len();
        self.out.orders.push(OrderRun {
            order,
            head,
            body,
            start,
            joined,
            since: at,
            item,
            rungs: Vec::new(),
            end: End::OPEN,
            own_end: None,
            void: false,
            ended: None,
            open: true,
            pauses: Vec::new(),
            stopped: false,
            lingering: false,
            next_rung: 0,
            held_open: false,
        });
        self.open_orders.push(run);
        self.rungs += 1;
        scope.run = Some(run);
        let mut end = End::OPEN;
        if let Some(period) = &body.lasts {
            match self.end(period, &scope) {
                Some(counted) => end = counted,
                // A point the period is counted from is not on the register: nothing can be counted, and nothing is shown.
                None => chain.flaws.push(flaw(head, "lasts", "period", &head.section, Failing::Missing, Defect::Void, vec![item])),
            }
            self.paper_flaws(period, &scope, head, item, &mut chain);
        }
        end = self.capped(order, run, end, &mut chain);
        let rung = Rung { from: at, item, end, flaws: chain.flaws, relied: chain.relied, section: &head.section };
        let void = rung.flaws.iter().any(|flaw| flaw.failing == Failing::Unmet && flaw.defect == Defect::Void);
        if let Some(new) = self.out.orders.get_mut(run) {
            new.end = end;
            new.void = void;
            new.rungs.push(rung);
        }
        if body.status == Status::Held && !matches!(self.presence, Presence::OnLeave | Presence::Absent) {
            self.be(Presence::Held, at, item);
        }
        if body.status == Status::Community && self.presence == Presence::Held && !self.is_void(run) {
            // Somebody under a community order is not held by it; whether they have left the ward is another fact.
            self.be(Presence::Free, at, item);
        }
        self.happen(Event::Started, order, run, at, item);
    }

    /// A paper that says how long: silent, authority is not shown; too long, the excess is void.
    fn paper_flaws(&mut self, period: &'p Period, scope: &Scope<'_, 'p>, head: &'p Head, item: ItemNo, chain: &mut Chain<'p>) {
        let PeriodShape::Counted(counted) = &period.shape else { return };
        if !counted.paper {
            return;
        }
        let section = period.section.as_deref().unwrap_or(&head.section);
        let Some(from) = self.moment(counted.from, scope) else { return };
        match self.paper_says(counted, &from, scope) {
            None => chain.flaws.push(flaw(head, "length", "length", section, Failing::Missing, Defect::Void, vec![item])),
            Some(says) => {
                if let Some(longest) = self.longest(counted, &from)
                    && says.earliest() > longest
                {
                    self.out.findings.push(Finding {
                        head,
                        kind: FindingKind::Excess,
                        what: "length",
                        section,
                        at: scope.on,
                        item,
                        defect: Defect::Irregular,
                    });
                }
            }
        }
    }

    fn longest(&self, counted: &Counted, from: &Moment) -> Option<jiff::Timestamp> {
        counted.rule.reckon(from, &self.items.zone, None).ok().map(|reckoned| reckoned.end.latest())
    }

    /// Cuts an end at the caps of the pack: time under the capped orders counts from the first one's start.
    fn capped(&mut self, order: u16, run: usize, end: End<'p>, chain: &mut Chain<'p>) -> End<'p> {
        let mut end = end;
        let Some(at) = self.out.orders.get(run).map(|run| run.since) else { return end };
        for limit in &self.law.pack.limits {
            let Some((version, body)) = self.text(limit, &at) else { continue };
            let Some((orders, rule)) = &body.cap else { continue };
            if !orders.contains(&order) {
                continue;
            }
            let first = self.out.orders.iter().filter(|run| orders.contains(&run.order)).map(|run| run.start).min_by_key(Moment::earliest);
            let Some(limit) = first.and_then(|first| rule.reckon(&first, &self.items.zone, None).ok()) else { continue };
            if limit.end.earliest() < end.sure {
                end = End { sure: limit.end.earliest(), latest: limit.end.latest(), doubt: end.doubt, worked: None, first: None };
                let item = self.out.orders.get(run).map_or(0, |run| run.item);
                chain.relied.push(item);
                self.out.findings.push(Finding {
                    head: &version.head,
                    kind: FindingKind::Excess,
                    what: "cap",
                    section: &version.head.section,
                    at,
                    item,
                    defect: body.breach,
                });
            }
        }
        end
    }

    /// What a start does to other orders, once its own event has been through the lists.
    pub(crate) fn after_start(&mut self, happened: super::forecast::Happened) {
        let Some(body) = self.out.orders.get(happened.run).map(|run| run.body) else { return };
        // What has no effect ends and pauses nothing.
        if self.is_void(happened.run) {
            return;
        }
        for others in &body.ends_others {
            for number in 0..self.out.orders.len() {
                let is_one =
                    number != happened.run && self.out.orders.get(number).is_some_and(|run| run.open && others.orders.contains(&run.order));
                if is_one {
                    self.close(number, happened.at, happened.item);
                }
            }
        }
        for others in &body.pauses {
            self.pause(others, happened.at, Some(happened.run));
        }
    }

    /// Whether a run is without effect from its beginning.
    fn is_void(&self, run: usize) -> bool {
        self.out.orders.get(run).is_some_and(|run| run.void)
    }

    /// Lets orders rest.
    pub(crate) fn pause(&mut self, others: &Others, at: Moment, except: Option<usize>) {
        for (number, run) in self.out.orders.iter_mut().enumerate() {
            let rests = run.pauses.last().is_some_and(|(_, until)| until.is_none());
            if Some(number) != except && run.open && others.orders.contains(&run.order) && !rests {
                run.pauses.push((at, None));
                run.stopped = others.clock_stopped;
            }
        }
    }

    /// Lets the orders come back that rested because of a run that is over, unless their own time ran out meanwhile.
    fn unpause(&mut self, by: usize, at: Moment) {
        let Some(body) = self.out.orders.get(by).map(|run| run.body) else { return };
        for others in &body.pauses {
            for run in self.out.orders.iter_mut().filter(|run| run.open && others.orders.contains(&run.order)) {
                // An order whose own time stood still comes back only by an act that says so.
                if let Some((_, until @ None)) = run.pauses.last_mut()
                    && !run.stopped
                {
                    *until = Some(at);
                }
            }
        }
    }

    /// Says once that a limit left something out.
    pub(crate) fn leave_out(&mut self, what: NotFollowed) {
        let same = |known: &NotFollowed| match (known, &what) {
            (NotFollowed::Duty(one, _), NotFollowed::Duty(other, _))
            | (NotFollowed::Entitlement(one, _), NotFollowed::Entitlement(other, _)) => one == other,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        };
        if !self.out.not_followed.iter().any(same) {
            self.out.not_followed.push(what);
        }
    }

    /// An order is no longer in being.
    fn shut(&mut self, number: usize) {
        if let Some(run) = self.out.orders.get_mut(number) {
            run.open = false;
        }
        self.open_orders.retain(|open| *open != number);
    }

    /// Ends an order by an act, and whatever lives inside it.
    pub(crate) fn close(&mut self, number: usize, at: Moment, item: ItemNo) {
        let Some(run) = self.out.orders.get_mut(number).filter(|run| run.open) else { return };
        run.ended = Some((at, item));
        let order = run.order;
        self.shut(number);
        self.unpause(number, at);
        self.happen(Event::Ended, order, number, at, item);
        self.close_inner(order, at, item);
    }

    fn close_inner(&mut self, order: u16, at: Moment, item: ItemNo) {
        let inner: Vec<usize> = self
            .out
            .orders
            .iter()
            .enumerate()
            .filter(|(_, run)| run.open && run.body.inside == Some(order))
            .map(|(number, _)| number)
            .collect();
        for number in inner {
            self.close(number, at, item);
        }
    }

    /// Ends the open runs of an order if one of its patterns fits.
    pub(crate) fn end_on(&mut self, order: u16, occurrence: Occurrence) {
        let Some((item, at)) = self.cause(occurrence) else { return };
        let mut oldest = true;
        for number in self.open_orders.clone() {
            let Some(run) = self.out.orders.get(number).filter(|run| run.open && run.order == order) else { continue };
            // An entry that starts an order does not end that same run.
            if run.item == item {
                continue;
            }
            let body = run.body;
            let may = match occurrence {
                Occurrence::Entry(entry) => {
                    self.item(entry).is_some_and(|entry| body.ends_on.iter().any(|pattern| fits_item(pattern, entry)))
                }
                Occurrence::Event(_) => true,
            };
            if !may {
                oldest = false;
                continue;
            }
            let own = self.items_of(number);
            let instance = Instance { items: &own, oldest };
            if body.ends_on.iter().any(|pattern| self.fits(pattern, occurrence, Some(&instance))) {
                self.close(number, at, item);
            }
            oldest = false;
        }
    }

    /// The entries a run is known by: what started and renewed it, and the papers it relies on.
    pub(crate) fn items_of(&self, run: usize) -> Vec<ItemNo> {
        self.out
            .orders
            .get(run)
            .map(|run| run.rungs.iter().flat_map(|rung| rung.relied.iter().copied().chain(std::iter::once(rung.item))).collect())
            .unwrap_or_default()
    }

    /// An order's time is over: it ends, or lives on because the person is absent.
    pub(crate) fn run_out(&mut self, number: usize) {
        let Some(run) = self.out.orders.get(number) else { return };
        let (end, order, body, item) = (run.end, run.order, run.body, run.item);
        if let (Some(absence), Some((since, by)), false) = (&body.absence, self.absent, run.lingering)
            && since.earliest() < end.latest
            && let Some(retake) = &absence.retake
        {
            let until = self.end(retake, &Scope { run: Some(number), ..Scope::at(since, Some(by)) });
            if let (Some(until), Some(run)) = (until, self.out.orders.get_mut(number)) {
                run.lingering = true;
                if until.latest > end.latest {
                    run.own_end.get_or_insert(end);
                    run.end = until;
                    run.rungs.push(Rung {
                        from: Moment::at(end.latest),
                        item: by,
                        end: until,
                        flaws: Vec::new(),
                        relied: vec![by],
                        section: &absence.section,
                    });
                    return;
                }
            }
        }
        let at = Moment::between(end.sure, end.latest).unwrap_or(Moment::at(end.latest));
        self.shut(number);
        self.now = at;
        self.unpause(number, at);
        self.happen(Event::Expired, order, number, at, item);
        self.close_inner(order, at, item);
    }

    /// The person came back: orders that would otherwise have ended, or are about to, last a little longer where the law says so.
    pub(crate) fn come_back(&mut self, item: ItemNo, at: Moment) {
        for number in self.open_orders.clone() {
            let Some(run) = self.out.orders.get(number).filter(|run| run.open) else { continue };
            let (body, lingering, order) = (run.body, run.lingering, run.order);
            let Some(absence) = &body.absence else { continue };
            let scope = Scope { run: Some(number), ..Scope::at(at, Some(item)) };
            let in_time = || {
                let rule = absence.within.as_ref()?;
                let expiry = self.moment(
                    crate::pack::anchor::Anchor { base: crate::pack::anchor::Base::Expiry, grain: crate::pack::anchor::Grain::Day },
                    &scope,
                )?;
                let opens = rule.back(&expiry, &self.items.zone, None).ok()?;
                Some(at.latest() >= opens.start.earliest())
            };
            if !lingering && in_time() != Some(true) {
                continue;
            }
            let Some(until) = absence.after_return.as_ref().and_then(|period| self.end(period, &scope)) else { continue };
            let Some(run) = self.out.orders.get_mut(number) else { continue };
            if lingering || until.sure > run.end.sure {
                run.own_end.get_or_insert(run.end);
                run.end = until;
                run.rungs.push(Rung { from: at, item, end: until, flaws: Vec::new(), relied: vec![item], section: &absence.section });
            }
            if lingering {
                run.lingering = false;
                self.happen(Event::ReturnedLate, order, number, at, item);
            }
        }
    }

    /// Renews orders by the paper of an entry.
    pub(crate) fn renew(&mut self, item_no: ItemNo, item: &'e Item<'e>) {
        let effect = match item.fact() {
            FactKind::Signed | FactKind::CourtOrdered => TakesEffect::Signed,
            FactKind::Furnished => TakesEffect::Furnished,
            FactKind::Received => TakesEffect::Received,
            _ => return,
        };
        let Some(instrument) = item.instrument else { return };
        for order in &self.law.index.renewable {
            let last = self.out.orders.iter().rposition(|run| run.order == *order && run.item != item_no);
            let Some(number) = last else { continue };
            let Some(provision) = self.pack.orders.get(usize::from(*order)) else { continue };
            let Some((version, body)) = self.renewal_text(provision, number, item) else { continue };
            let Some(renewed_by) = &body.renewed_by else { continue };
            let fits = renewed_by.at == effect
                && renewed_by.instruments.iter().any(|named| self.names(*named, instrument))
                && (renewed_by.by.is_empty()
                    || item.role.is_some_and(|role| renewed_by.by.contains(&role))
                    || effect != TakesEffect::Signed);
            if fits {
                self.renew_run(number, item_no, item, &version.head, body, renewed_by);
            }
        }
    }

    /// The text that governs a renewal: of the day of the act where the version speaks of acts, else of the order's own start.
    fn renewal_text(
        &self,
        provision: &'p crate::pack::Provision<crate::pack::Order>,
        run: usize,
        item: &Item<'_>,
    ) -> Option<(&'p crate::pack::Version<crate::pack::Order>, &'p crate::pack::Order)> {
        let of_act = self.text(provision, &item.at);
        let start = self.out.orders.get(run)?.start;
        match of_act {
            Some((version, _)) if version.head.applies_to != crate::pack::AppliesTo::StartedInSpan => of_act,
            _ => self.text(provision, &start),
        }
    }

    fn renew_run(
        &mut self,
        number: usize,
        item_no: ItemNo,
        item: &'e Item<'e>,
        head: &'p Head,
        body: &'p crate::pack::Order,
        renewed_by: &'p crate::pack::RenewedBy,
    ) {
        let Some(run) = self.out.orders.get(number) else { return };
        let (open, next, end) = (run.open, run.next_rung, run.end);
        if self.rungs >= limits::RUNGS {
            return self.leave_out(NotFollowed::Renewals(item_no));
        }
        let section = renewed_by.section.as_deref().unwrap_or(&head.section);
        let mut scope = Scope { run: Some(number), ..Scope::at(item.at, Some(item_no)) };
        // The paper is the entry itself, or the one a furnishing or receipt is about.
        let paper = item.of.first().copied().filter(|_| item.fact() != FactKind::Signed).unwrap_or(item_no);
        scope.paper = Some(paper);
        let mut flaws = Vec::new();
        if !open {
            self.out.findings.push(Finding {
                head,
                kind: FindingKind::Late,
                what: "late",
                section,
                at: item.at,
                item: item_no,
                defect: renewed_by.late,
            });
            if renewed_by.late == Defect::Void || run.ended.is_some() {
                return;
            }
            flaws.push(flaw(head, "late", "late", section, Failing::Unmet, renewed_by.late, vec![item_no]));
        }
        if let Some(window) = &renewed_by.window {
            match self.sides(window, &item.at, &scope).0 {
                Some(true) => {}
                Some(false) => {
                    self.out.findings.push(Finding {
                        head,
                        kind: FindingKind::Early,
                        what: "early",
                        section,
                        at: item.at,
                        item: item_no,
                        defect: renewed_by.early,
                    });
                    if renewed_by.early == Defect::Void {
                        return;
                    }
                    flaws.push(flaw(head, "early", "early", section, Failing::Unmet, renewed_by.early, vec![item_no]));
                }
                None => flaws.push(flaw(head, "early", "time", section, Failing::TimeUnknown, renewed_by.early, vec![item_no])),
            }
        }
        let rung = body.ladder.get(next).or_else(|| body.ladder.last().filter(|rung| rung.repeat));
        let Some(rung) = rung else {
            self.out.findings.push(Finding {
                head,
                kind: FindingKind::Forbidden,
                what: "ladder",
                section,
                at: item.at,
                item: item_no,
                defect: Defect::Void,
            });
            return;
        };
        // Made when the order had ended on one reading and ran on the other, or when its end is not known well enough: so is the renewal.
        let between = open && item.at.latest() >= end.sure && item.at.earliest() < end.latest;
        match end.doubt {
            Doubt::Reading(reading) if between => {
                let decides = reading.decides;
                flaws.push(Flaw {
                    decides,
                    ..flaw(head, &reading.id, &reading.id, section, Failing::Reading, renewed_by.late, vec![item_no])
                });
            }
            Doubt::Time if between => flaws.push(flaw(head, "late", "time", section, Failing::TimeUnknown, renewed_by.late, vec![item_no])),
            Doubt::Reading(_) | Doubt::Time | Doubt::None => {}
        }
        let mut chain = Chain { flaws, relied: vec![item_no], paper: None };
        let link_instruments = &renewed_by.instruments;
        let provision = link_instruments
            .iter()
            .filter_map(|named| self.pack.instruments.get(usize::from(*named)))
            .find(|provision| item.instrument.is_some_and(|word| provision.id == self.pack.words.text(word)));
        let at_paper = self.item(paper).map_or(item.at, |paper| paper.at);
        if let Some(provision) = provision
            && let Some((version, instrument)) = self.text(provision, &at_paper)
        {
            let own = Scope { on: at_paper, item: Some(paper), ..scope };
            let founded = self.chain(&instrument.founded_on, &version.head, &own, Some(paper), 1, &mut chain);
            let own = Scope { founded: &founded, ..own };
            if !instrument.signed_by.is_empty() {
                match self.item(paper).and_then(|paper| paper.role) {
                    None => chain.flaws.push(flaw(
                        &version.head,
                        "signed-by",
                        "signer",
                        &version.head.section,
                        Failing::Missing,
                        Defect::Void,
                        vec![paper],
                    )),
                    Some(role) if instrument.signed_by.contains(&role) => {}
                    Some(_) => chain.flaws.push(flaw(
                        &version.head,
                        "signed-by",
                        "signed-by",
                        &version.head.section,
                        Failing::Unmet,
                        Defect::Void,
                        vec![paper],
                    )),
                }
            }
            for need in &instrument.needs {
                self.need(need, &version.head, paper, &own, &mut chain);
            }
        }
        chain.relied.push(paper);
        let section = rung.period.section.as_deref().unwrap_or(section);
        // An absence lengthens the old period, not the new one: that is counted from the end there would have been.
        if let Some(run) = self.out.orders.get_mut(number)
            && let Some(own_end) = run.own_end.take()
        {
            run.end = own_end;
        }
        let end = self.out.orders.get(number).map_or(end, |run| run.end);
        let Some(mut until) = self.end(&rung.period, &scope) else { return };
        self.paper_flaws(&rung.period, &scope, head, item_no, &mut chain);
        until = self.capped(self.out.orders.get(number).map_or(0, |run| run.order), number, until, &mut chain);
        let from = if open && !between { Moment::between(end.sure, end.latest).unwrap_or(item.at) } else { item.at };
        let Some(run) = self.out.orders.get_mut(number) else { return };
        let was_open = run.open;
        run.open = true;
        run.lingering = false;
        run.end = until;
        run.next_rung = next.saturating_add(1);
        let order = run.order;
        run.rungs.push(Rung { from, item: item_no, end: until, flaws: chain.flaws, relied: chain.relied, section });
        if !was_open {
            self.open_orders.push(number);
        }
        self.rungs += 1;
        self.happen(Event::Renewed, order, number, item.at, item_no);
    }
}

/// A flaw that no paper's window mends.
pub(crate) fn flaw<'p>(
    head: &'p Head,
    what: &'p str,
    missing: &'p str,
    section: &'p str,
    failing: Failing,
    defect: Defect,
    items: Vec<ItemNo>,
) -> Flaw<'p> {
    Flaw { head, what, missing, section, failing, defect, items, decides: None, cure_until: None, mended: None, as_if_always: false }
}
