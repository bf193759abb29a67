//! Entitlements, clocks and limits: what a person may do and when, named days, and what may not be done.

use super::fold::{Fold, Occurrence, limits};
use super::forecast::{ClockRun, End, EntitlementRun, Finding, FindingKind, NotFollowed};
use super::item::{Item, ItemNo};
use super::matching::{Truth, fits_item};
use super::orders::nth;
use super::when::Scope;
use crate::pack::{Defect, Event, Pattern};

impl<'p, 'e> Fold<'p, 'e> {
    /// Opens the entitlements that an occurrence opens.
    pub(crate) fn open_entitlements(&mut self, entitlements: &[u16], occurrence: Occurrence) {
        for number in entitlements {
            let Some((item, at)) = self.cause(occurrence) else { return };
            let Some(provision) = self.pack.entitlements.get(usize::from(*number)) else { continue };
            let Some((version, body)) = self.text(provision, &at) else { continue };
            // A right that a person has if something is so is not kept from them because the register does not say.
            let opened = body.each.iter().any(|pattern| self.fitting(pattern, occurrence, None) != Truth::No);
            if !opened || body.only_if.as_ref().is_some_and(|condition| self.truth(condition) == Truth::No) {
                continue;
            }
            let run = match occurrence {
                Occurrence::Event(happened)
                    if matches!(happened.event, Event::Started | Event::Renewed | Event::Ended | Event::Expired | Event::ReturnedLate) =>
                {
                    Some(happened.run)
                }
                _ => None,
            };
            let scope = Scope { run, ..Scope::at(at, Some(item)) };
            let opens = body.opens.as_ref().and_then(|period| self.end(period, &scope));
            let opens = opens.and_then(|end| crate::time::Moment::between(end.sure, end.latest).ok()).unwrap_or(at);
            let scope = Scope { opened: Some(opens), ..scope };
            let closes = body.closes.as_ref().and_then(|period| self.end(period, &scope)).unwrap_or(End::OPEN);
            if self.open_entitlements.len() >= limits::OPEN_ENTITLEMENTS {
                self.leave_out(NotFollowed::Entitlement(*number, item));
                continue;
            }
            let occurrence = nth(self.out.entitlements.iter().map(|run| (run.entitlement, run.item)), (*number, item));
            self.open_entitlements.push(self.out.entitlements.len());
            self.out.entitlements.push(EntitlementRun {
                entitlement: *number,
                head: &version.head,
                body,
                raised: at,
                item,
                occurrence,
                run,
                opens,
                closes,
                ended: None,
                uses: Vec::new(),
            });
        }
    }

    /// Lets an entry use the entitlement it names; a use outside every open one is a finding.
    pub(crate) fn use_entitlements(&mut self, entitlements: &[u16], number: ItemNo, item: &'e Item<'e>) {
        let (mut used, mut refused) = (None, None);
        for entitlement in entitlements {
            let Some(provision) = self.pack.entitlements.get(usize::from(*entitlement)) else { continue };
            let Some((version, body)) = self.text(provision, &item.at) else { continue };
            // Apart from the instance it names, does the entry speak of this right at all?
            let speaks = body.used_by.iter().any(|pattern| fits_item(pattern, item));
            if !speaks {
                continue;
            }
            let open = self.open_entitlements.iter().copied().find(|run| self.may_use(*run, *entitlement, number, item));
            match open {
                Some(run) => used = used.or(Some(run)),
                None => refused = Some(&version.head),
            }
        }
        if let Some(run) = used {
            if let Some(run) = self.out.entitlements.get_mut(run) {
                run.uses.push(number);
            }
            let entitlement = self.out.entitlements.get(run).map_or(0, |run| run.entitlement);
            self.happen(Event::Used, entitlement, run, item.at, number);
        } else if let Some(head) = refused {
            self.out.findings.push(Finding {
                head,
                kind: FindingKind::OutOfTime,
                what: "out-of-time",
                section: &head.section,
                at: item.at,
                item: number,
                defect: Defect::Irregular,
            });
        }
    }

    /// Whether an entry uses an open entitlement: in its window, not too often, and about that instance where the law says so.
    fn may_use(&self, number: usize, entitlement: u16, item_no: ItemNo, item: &Item<'_>) -> bool {
        let Some(run) = self.out.entitlements.get(number).filter(|run| run.entitlement == entitlement && run.ended.is_none()) else {
            return false;
        };
        let paper = self.item(run.item).into_iter().flat_map(|item| item.of.iter().copied());
        let order = run.run.into_iter().flat_map(|order| self.items_of(order));
        let items = || std::iter::once(run.item).chain(paper).chain(order);
        let instance = self.instance(Occurrence::Entry(item_no), true, items);
        item.at.latest() >= run.opens.earliest()
            && item.at.earliest() < run.closes.latest
            && run.body.times.is_none_or(|times| self.counted_uses(run) < times as usize)
            && run.body.used_by.iter().any(|pattern| self.fits(pattern, Occurrence::Entry(item_no), Some(&instance)))
    }

    /// Uses that count against the number of times: a withdrawn one does not, unless the law says so.
    fn counted_uses(&self, run: &EntitlementRun<'_>) -> usize {
        run.uses
            .iter()
            .filter(|used| {
                run.body.withdrawn_counts
                    || self.item(**used).is_some_and(|item| item.withdrawn.is_none_or(|by| usize::from(by) >= self.read))
            })
            .count()
    }

    /// Sets clocks.
    pub(crate) fn set_clocks(&mut self, clocks: &[u16], occurrence: Occurrence) {
        for number in clocks {
            let Some((item, at)) = self.cause(occurrence) else { return };
            let Some(provision) = self.pack.clocks.get(usize::from(*number)) else { continue };
            let Some((version, body)) = self.text(provision, &at) else { continue };
            if !body.set.iter().any(|pattern| self.fits(pattern, occurrence, None)) {
                continue;
            }
            // A started order's clock counts from the order's own day, which a conversion may have kept.
            let at = match occurrence {
                Occurrence::Event(happened) if happened.event == Event::Started => {
                    self.out.orders.get(happened.run).map_or(at, |run| run.start)
                }
                _ => at,
            };
            let standing = self.out.clocks.iter_mut().rev().find(|run| run.clock == *number && run.fell.is_none());
            match standing {
                Some(_) if body.keeps_first => {}
                Some(run) => {
                    run.fell = Some(at);
                    self.out.clocks.push(ClockRun { clock: *number, head: &version.head, at, item, fell: None });
                }
                None => self.out.clocks.push(ClockRun { clock: *number, head: &version.head, at, item, fell: None }),
            }
        }
    }

    /// Finds what an entry does that may not be done, before it is read for anything else.
    pub(crate) fn limits(&mut self, limits: &[u16], number: ItemNo, item: &'e Item<'e>) {
        for limit in limits {
            let Some(provision) = self.pack.limits.get(usize::from(*limit)) else { continue };
            let Some((version, body)) = self.text(provision, &item.at) else { continue };
            if !body.forbids.iter().any(|pattern| self.fits(pattern, Occurrence::Entry(number), None)) {
                continue;
            }
            let (kind, what) = match body.if_.as_ref().map_or(Truth::Yes, |condition| self.truth(condition)) {
                Truth::Yes => (FindingKind::Forbidden, "forbidden"),
                Truth::Unknown(word) => (FindingKind::NotShown, word),
                Truth::No => continue,
            };
            let after = body.after.is_empty() || self.lies_after(body, number, item);
            if after {
                self.out.findings.push(Finding {
                    head: &version.head,
                    kind,
                    what,
                    section: &version.head.section,
                    at: item.at,
                    item: number,
                    defect: body.breach,
                });
            }
        }
    }

    /// Whether an entry lies in the span that an earlier one opened and nothing has lifted.
    fn lies_after(&self, body: &'p crate::pack::Limit, number: ItemNo, item: &Item<'_>) -> bool {
        let seen = |patterns: &[Pattern]| patterns.iter().fold(0, |facts, pattern| facts | pattern.facts());
        let fits = |patterns: &[Pattern], number: ItemNo| {
            self.item(number).is_some_and(|item| patterns.iter().any(|pattern| fits_item(pattern, item)))
        };
        let upto = usize::from(number);
        let openers = self.items.by_fact.among(seen(&body.after), 0..upto).rev().filter(|number| fits(&body.after, *number));
        // What lifts it, the latest there is: an opener before that one is lifted, whichever it is.
        let lifted = self.items.by_fact.among(seen(&body.unless), 0..upto).rev().find(|number| fits(&body.unless, *number));
        openers.take(limits::OPENERS).filter_map(|number| self.item(number).map(|item| (number, item))).any(|(opener, one)| {
            body.for_
                .as_ref()
                .is_none_or(|period| self.end(period, &Scope::at(one.at, Some(opener))).is_some_and(|end| item.at.earliest() < end.sure))
                && lifted.is_none_or(|lifted| lifted <= opener)
        })
    }
}
