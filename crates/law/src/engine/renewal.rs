//! Renewals: the act that renews an order, when it may be done, and which step of the ladder it takes.

use super::fold::{Fold, limits};
use super::forecast::{Doubt, End, Failing, Finding, FindingKind, Flaw, NotFollowed, Rung};
use super::item::{Item, ItemNo};
use super::matching::reaches;
use super::needs::Chain;
use super::orders::flaw;
use super::when::{Scope, moment_of};
use crate::entry::FactKind;
use crate::pack::{AppliesTo, Defect, Event, Head, Order, Provision, RenewedBy, TakesEffect, Version};

impl<'p, 'e> Fold<'p, 'e> {
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
            let Some(number) = self.run_meant(*order, item_no, item) else { continue };
            let Some(provision) = self.pack.orders.get(usize::from(*order)) else { continue };
            let Some((version, body)) = self.renewal_text(provision, number, item) else { continue };
            let Some(renewed_by) = &body.renewed_by else { continue };
            let fits = renewed_by.at == effect
                && renewed_by.instruments.iter().any(|named| self.names(*named, instrument))
                && (renewed_by.by.is_empty()
                    || item.role.is_none_or(|role| renewed_by.by.contains(&role))
                    || effect != TakesEffect::Signed);
            // What went to somebody else has not been furnished, and what is not signed yet cannot be: the paper renews nothing.
            let early = item.of.first().and_then(|paper| self.item(*paper)).is_some_and(|paper| item.at.before(&paper.at) == Some(true));
            let idle = match (reaches(&renewed_by.reaches, item), early && effect != TakesEffect::Signed) {
                (false, _) => Some("receiver"),
                (true, true) => Some("signed-before"),
                (true, false) => None,
            };
            if let Some(what) = idle.filter(|_| fits) {
                let (head, section) = (&version.head, renewed_by.section.as_deref().unwrap_or(&version.head.section));
                let (kind, defect) = (FindingKind::NoEffect, Defect::Irregular);
                self.out.findings.push(Finding { head, kind, what, section, at: item.at, item: item_no, defect });
            } else if fits {
                self.renew_run(number, item_no, item, &version.head, body, renewed_by);
            }
        }
    }

    /// The run that a renewal means: the one whose entries it names, else the last in being with effect, else the last.
    fn run_meant(&self, order: u16, item_no: ItemNo, item: &Item<'_>) -> Option<usize> {
        let runs = || {
            (0..self.out.orders.len())
                .rev()
                .filter(|number| self.out.orders.get(*number).is_some_and(|run| run.order == order && run.item != item_no))
        };
        let named = |number: &usize| self.items_of(*number).any(|own| item.is_about(own) || item.on.contains(&own));
        let good = |number: &usize| self.out.orders.get(*number).is_some_and(|run| run.open && !run.void);
        let by_name = if item.of.is_empty() && item.on.is_empty() { None } else { runs().find(named) };
        by_name.or_else(|| runs().find(good)).or_else(|| runs().next())
    }

    /// The text that governs a renewal: of the day of the act where the version speaks of acts, else of the order's own start.
    fn renewal_text(&self, provision: &'p Provision<Order>, run: usize, item: &Item<'_>) -> Option<(&'p Version<Order>, &'p Order)> {
        let of_act = self.text(provision, &item.at);
        let start = self.out.orders.get(run)?.start;
        match of_act {
            Some((version, _)) if version.head.applies_to != AppliesTo::StartedInSpan => of_act,
            _ => self.text(provision, &start),
        }
    }

    fn renew_run(
        &mut self,
        number: usize,
        item_no: ItemNo,
        item: &'e Item<'e>,
        head: &'p Head,
        body: &'p Order,
        renewed_by: &'p RenewedBy,
    ) {
        let Some(run) = self.out.orders.get(number) else { return };
        let (open, next, end) = (run.open, run.next_rung, run.end);
        if self.rungs >= limits::RUNGS {
            return self.leave_out(NotFollowed::Renewals(item_no));
        }
        let section = renewed_by.section.as_deref().unwrap_or(&head.section);
        let mut scope = Scope { run: Some(number), ..Scope::at(item.at, Some(item_no)) };
        // The paper is the entry itself, or the one a furnishing or receipt is about.
        let paper =
            item.of.first().copied().filter(|_| !matches!(item.fact(), FactKind::Signed | FactKind::CourtOrdered)).unwrap_or(item_no);
        scope.paper = Some(paper);
        let mut flaws = Vec::new();
        if !renewed_by.by.is_empty() && item.role.is_none() && renewed_by.at == TakesEffect::Signed {
            flaws.push(flaw(head, "signed-by", "signer", section, Failing::Missing, Defect::Void, vec![item_no]));
        }
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
            _ if open && self.straddles(&item.at, &[self.out.orders.get(number).map_or(u16::MAX, |run| run.order)]) => {
                flaws.push(flaw(head, "late", "time", section, Failing::TimeUnknown, renewed_by.late, vec![item_no]));
            }
            Doubt::Reading(_) | Doubt::Time | Doubt::None => {}
        }
        let mut chain = Chain { flaws, relied: vec![item_no], paper: None };
        let link_instruments = &renewed_by.instruments;
        let provision = link_instruments
            .iter()
            .filter_map(|named| self.pack.instruments.get(usize::from(*named)))
            .find(|provision| item.instrument.is_some_and(|word| provision.id == self.pack.words.text(word)));
        let at_paper = self.item(paper).map_or(item.at, |paper| paper.at);
        let text = provision.map(|provision| (provision, self.text(provision, &at_paper)));
        if let Some((provision, None)) = text {
            chain.flaws.push(flaw(head, &provision.id, "law", section, Failing::Missing, Defect::Void, vec![paper]));
        }
        if let Some((_, Some((version, instrument)))) = text {
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
        let counted = self.end(&rung.period, &scope);
        if counted.is_none() {
            // A point that the new period is counted from is not on the register: nothing can be counted, and nothing is shown.
            chain.flaws.push(flaw(head, "lasts", self.lacks(&rung.period), section, Failing::Missing, Defect::Void, vec![item_no]));
        }
        let mut until = counted.unwrap_or(End::OPEN);
        self.paper_flaws(&rung.period, &scope, head, item_no, &mut chain);
        until = self.capped(self.out.orders.get(number).map_or(0, |run| run.order), number, until, &mut chain);
        let from = if open && !between { moment_of(&end).unwrap_or(item.at) } else { item.at };
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
