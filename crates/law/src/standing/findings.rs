//! What was found by the instant, and what a limit of the engine left out.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{FindingShown, NotFollowedShown};
use super::view::{View, hash};
use super::words::{finding_word, flaw_finding};
use crate::engine::forecast::{FindingKind, NotFollowed};
use crate::pack::Defect;

impl<'p> View<'_, 'p, '_> {
    pub(super) fn findings(&self) -> Vec<FindingShown> {
        let mut found: Vec<FindingShown> = self
            .forecast
            .findings
            .iter()
            .filter(|finding| finding.at.earliest() <= self.at)
            .map(|finding| FindingShown {
                id: self.finding_id(finding.head, finding.item, finding_word(finding.kind), finding.what),
                provision: format!("{}.{}", finding.head.kind.word(), finding.head.id),
                of_order: None,
                title: finding.head.title.clone(),
                section: finding.section.to_owned(),
                finding: finding_word(finding.kind).to_owned(),
                what: finding.what.to_owned(),
                level: "domestic".to_owned(),
                breach: finding.kind == FindingKind::Forbidden && finding.defect != Defect::Irregular,
                at: Self::instant(finding.at.earliest()),
                entry: self.entry(finding.item),
            })
            .collect();
        // One entry may be found to do the same thing twice.
        let mut times: BTreeMap<String, u32> = BTreeMap::new();
        for finding in &mut found {
            let before = times.entry(finding.id.clone()).or_default();
            if *before > 0 {
                finding.id = hash(&format!("{}|{before}", finding.id));
            }
            *before += 1;
        }
        let mut told: BTreeSet<String> = BTreeSet::new();
        for run in self.forecast.orders.iter().filter(|run| run.since.earliest() <= self.at) {
            for rung in run.rungs.iter().filter(|rung| self.known_rung(rung)) {
                for flaw in &rung.flaws {
                    let about = flaw.items.first().copied().unwrap_or(rung.item);
                    let order = self.id(run.head, run.item, run.occurrence);
                    let id = self.finding_id(flaw.head, about, &order, &format!("{}|{}", flaw.what, flaw.missing));
                    // A later stretch of the order may lack the same.
                    if !told.insert(id.clone()) {
                        continue;
                    }
                    found.push(FindingShown {
                        id,
                        provision: format!("{}.{}", flaw.head.kind.word(), flaw.head.id),
                        of_order: Some(run.head.id.clone()),
                        title: flaw.head.title.clone(),
                        section: flaw.section.to_owned(),
                        finding: flaw_finding(flaw.failing).to_owned(),
                        what: flaw.what.to_owned(),
                        level: "domestic".to_owned(),
                        breach: false,
                        at: Self::instant(rung.from.earliest()),
                        entry: self.entry(about),
                    });
                }
            }
        }
        found
    }

    pub(super) fn not_followed(&self) -> Vec<NotFollowedShown> {
        let pack = &self.law.pack;
        let name = |what: &NotFollowed| match what {
            NotFollowed::Orders(item) => ("orders".to_owned(), *item),
            NotFollowed::Renewals(item) => ("renewals".to_owned(), *item),
            NotFollowed::Papers(item) => ("papers".to_owned(), *item),
            NotFollowed::Duty(duty, item) => {
                (pack.duties.get(usize::from(*duty)).map_or(String::new(), |duty| format!("duty.{}", duty.id)), *item)
            }
            NotFollowed::Entitlement(right, item) => {
                (pack.entitlements.get(usize::from(*right)).map_or(String::new(), |right| format!("entitlement.{}", right.id)), *item)
            }
        };
        self.forecast.not_followed.iter().map(name).map(|(what, item)| NotFollowedShown { what, from: self.entry(item) }).collect()
    }
}
