//! What was found by the instant, and what a limit of the engine left out.

use super::model::{FindingShown, NotFollowedShown};
use super::view::View;
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
        for run in self.forecast.orders.iter().filter(|run| run.since.earliest() <= self.at) {
            for rung in run.rungs.iter().filter(|rung| self.known_rung(rung)) {
                for flaw in &rung.flaws {
                    found.push(FindingShown {
                        id: self.finding_id(flaw.head, rung.item, &run.head.id, flaw.what),
                        provision: format!("{}.{}", flaw.head.kind.word(), flaw.head.id),
                        of_order: Some(run.head.id.clone()),
                        title: flaw.head.title.clone(),
                        section: flaw.section.to_owned(),
                        finding: flaw_finding(flaw.failing).to_owned(),
                        what: flaw.what.to_owned(),
                        level: "domestic".to_owned(),
                        breach: false,
                        at: Self::instant(rung.from.earliest()),
                        entry: self.entry(flaw.items.first().copied().unwrap_or(rung.item)),
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
