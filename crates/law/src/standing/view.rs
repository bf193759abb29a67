//! A forecast looked at from an instant: the standing put together from its tables, and the small things each of them says.
//!
//! The forecast knows the whole known history and the future if nothing more happens; a view cuts it at one instant. The tables are
//! in the sibling modules: `authority`, `orders`, `duties`, `rights`, `findings`, and `next` for what changes next.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::model::*;
use super::timeline::{Answer, Held, Quality, Stretch, timeline};
use super::words::{held_word, label, presence_word};
use crate::engine::forecast::{Doubt, End, Forecast, Presence};
use crate::engine::{ItemNo, Items, Law};
use crate::pack::{Counted, Head, Sym};
use crate::time::Moment;

/// What a standing says beside the forecast.
pub(super) struct Beside<'b> {
    /// The international standard.
    pub(super) benchmark: Option<&'b Law>,
    /// What was recorded later is left out.
    pub(super) known_at: Option<Timestamp>,
    /// Words that the law does not know.
    pub(super) unread: Vec<Unread>,
    /// Entries that are left to another law.
    pub(super) other_laws: Vec<OtherLaw>,
}

/// Looking at a forecast.
#[derive(Clone, Copy)]
pub(super) struct View<'v, 'p, 'e> {
    pub(super) law: &'p Law,
    pub(super) items: &'e Items<'e>,
    pub(super) forecast: &'v Forecast<'p>,
    pub(super) at: Timestamp,
}

impl<'v, 'p, 'e> View<'v, 'p, 'e> {
    pub(super) fn entry(&self, item: ItemNo) -> EntryShown {
        match self.items.list.get(usize::from(item)) {
            Some(item) => EntryShown { n: item.entry.n, fact: item.fact().word().to_owned(), at: item.entry.at.to_string() },
            None => EntryShown { n: 0, fact: String::new(), at: String::new() },
        }
    }

    pub(super) fn word(&self, sym: Sym) -> String {
        self.law.pack.words.text(sym).to_owned()
    }

    pub(super) fn words(&self, syms: &[Sym]) -> Vec<String> {
        syms.iter().map(|sym| self.word(*sym)).collect()
    }

    /// A name that stays the same however often the file is folded again and whichever text of the provision is in force.
    pub(super) fn id(&self, head: &Head, item: ItemNo, occurrence: u16) -> String {
        let n = self.items.list.get(usize::from(item)).map_or(0, |item| item.root);
        hash(&format!("{}|{}.{}|{n}|{occurrence}", self.items.file, head.kind.word(), head.id))
    }

    /// The same for a finding: also by what it is about.
    pub(super) fn finding_id(&self, head: &Head, item: ItemNo, kind: &str, what: &str) -> String {
        hash(&format!("{}|{kind}|{what}", self.id(head, item, 0)))
    }

    /// A moment, by its first instant.
    pub(super) fn instant(at: Timestamp) -> String {
        at.to_string()
    }

    pub(super) fn last_day(&self, end: &End<'_>) -> Option<String> {
        let by_day = end.worked.is_none_or(|(counted, _)| !counted.rule.count().ends_at_instant());
        let before = end.sure.checked_sub(jiff::SignedDuration::from_nanos(1)).ok()?;
        let day = self.items.zone.day_of(before);
        let is_midnight = self.items.zone.day_end(day).ok()? == end.sure;
        (by_day && is_midnight).then(|| day.to_string())
    }

    pub(super) fn end(&self, end: &End<'p>) -> Option<EndShown> {
        if end.is_open() {
            return None;
        }
        let two = end.latest != end.sure;
        let (doubt, why) = match end.doubt {
            Doubt::None | Doubt::Time => ("time", "the time of day of a fact is not on the register"),
            Doubt::Reading(reading) => ("reading", reading.why.as_str()),
        };
        Some(EndShown {
            until: Self::instant(end.sure),
            last_day: self.last_day(end),
            or_until: (two && end.latest < Timestamp::MAX).then(|| Self::instant(end.latest)),
            doubt: two.then(|| doubt.to_owned()),
            why_two: two.then(|| why.to_owned()),
            counted: self.counted(end),
        })
    }

    /// How an end was counted, leg by leg.
    fn counted(&self, end: &End<'p>) -> Option<String> {
        let leg = |(counted, from): (&'p Counted, Moment)| {
            let calendar = counted.calendar.and_then(|calendar| self.law.pack.calendars.get(usize::from(calendar)));
            let days =
                calendar.map(|calendar| self.items.known_on.map_or_else(|| calendar.days(), |known_on| calendar.days_known_on(known_on)));
            counted.rule.explain(label(counted.from.base), &from, &self.items.zone, days).ok().map(|derivation| derivation.to_string())
        };
        match (end.first.and_then(leg), end.worked.and_then(leg)) {
            (Some(first), Some(then)) => Some(format!("{first}; then {then}")),
            (first, then) => first.or(then),
        }
    }

    pub(super) fn standing(&self, beside: Beside<'_>) -> Standing {
        let Beside { benchmark, known_at, unread, other_laws } = beside;
        let stretches = timeline(self.forecast);
        let pack = &self.law.pack;
        Standing {
            format: "openward-standing".to_owned(),
            version: FORMAT_VERSION,
            file: self.items.file.to_owned(),
            at: Self::instant(self.at),
            known_at: known_at.map(Self::instant),
            zone: self.items.zone.name().to_owned(),
            law: LawShown { id: pack.id.clone(), title: pack.title.clone(), as_at: pack.as_at.to_string(), digest: pack.digest.clone() },
            held: self.held(&stretches),
            authority: self.authority_at(&stretches),
            held_without_authority: self.minutes(&stretches),
            timeline: stretches.iter().enumerate().map(|(number, _)| self.span(&stretches, number)).collect(),
            orders: self.orders(),
            duties: self.forecast.duties.iter().filter_map(|run| self.duty(run)).collect(),
            entitlements: self.forecast.entitlements.iter().filter_map(|run| self.entitlement(run)).collect(),
            clocks: self.clocks(),
            findings: self.findings(),
            shortfalls: benchmark.map(|benchmark| super::safeguards::shortfalls(self, benchmark)).unwrap_or_default(),
            unread,
            other_laws,
            unsaid: self.forecast.unsaid.iter().map(|word| (*word).to_owned()).collect(),
            not_followed: self.not_followed(),
            next_change_at: self.next_change(&stretches, benchmark).map(Self::instant),
        }
    }

    fn held(&self, stretches: &[Stretch<'p>]) -> HeldShown {
        let here = self.here(stretches);
        let (held, whereabout) = here.map_or((Held::No, None), |(_, stretch)| (stretch.held, stretch.whereabout));
        let change = whereabout.and_then(|number| self.forecast.whereabouts.get(number));
        let since = here.map(|(number, stretch)| {
            let mut from = stretch.from;
            for earlier in stretches.iter().take(number).rev().take_while(|earlier| earlier.held == held) {
                from = earlier.from;
            }
            from
        });
        let presence = change.map_or(Presence::Out, |change| change.presence);
        let missing = (held == Held::CannotTell).then(|| if presence == Presence::Asked { "left-or-kept" } else { "time" }.to_owned());
        HeldShown {
            answer: held_word(held).to_owned(),
            since: since.map(Self::instant),
            missing,
            whereabouts: presence_word(presence).to_owned(),
            entry: change.map(|change| self.entry(change.item)),
        }
    }

    fn minutes(&self, stretches: &[Stretch<'p>]) -> Minutes {
        let mut seconds = (0_i64, 0_i64, 0_i64);
        for (number, stretch) in stretches.iter().enumerate().filter(|(_, stretch)| stretch.held == Held::Yes && stretch.from < self.at) {
            let long = stretch.until.min(self.at).duration_since(stretch.from).as_secs();
            match stretch.answer {
                Answer::Order(_, Quality::Shown) | Answer::NotNeeded => {}
                Answer::Order(_, Quality::Contested { .. }) => seconds.1 += long,
                Answer::Order(_, Quality::NotShown { .. }) | Answer::NoLaw(_) => seconds.2 += long,
                Answer::Order(_, Quality::None { .. }) => seconds.0 += long,
                Answer::None if self.is_named(stretches, number) => seconds.2 += long,
                Answer::None => seconds.0 += long,
            }
        }
        let begun = |seconds: i64| seconds.div_euclid(60) + i64::from(seconds.rem_euclid(60) != 0);
        Minutes { none: begun(seconds.0), contested: begun(seconds.1), not_shown: begun(seconds.2) }
    }

    pub(super) fn span(&self, stretches: &[Stretch<'p>], number: usize) -> Span {
        let stretch = stretches.get(number);
        Span {
            from: stretch.map(|stretch| Self::instant(stretch.from)).unwrap_or_default(),
            until: stretch.filter(|stretch| stretch.until < Timestamp::MAX).map(|stretch| Self::instant(stretch.until)),
            held: stretch.map_or("no", |stretch| held_word(stretch.held)).to_owned(),
            authority: self.authority(stretches, number),
            to_come: stretch.is_some_and(|stretch| stretch.from > self.at),
        }
    }
}

/// Sixteen hexadecimal digits that stand for a text.
pub(super) fn hash(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
