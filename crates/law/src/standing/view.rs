//! A forecast looked at from an instant: what is running, owed, open and found, in plain values.
//!
//! The forecast knows the whole known history and the future if nothing more happens; a view cuts it at one instant.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::model::*;
use super::timeline::{Answer, Held, Quality, Stretch, timeline};
use super::words::{defect_word, failing_word, finding_word, flaw_finding, held_word, label, part_name, presence_word};
use crate::engine::forecast::{Doubt, DutyRun, End, EntitlementRun, FindingKind, Flaw, Forecast, NotFollowed, OrderRun, Presence, Rung};
use crate::engine::{ItemNo, Items, Law};
use crate::pack::{Counted, Defect, Head, Lateness, Status, Sym};
use crate::time::Moment;

/// Looking at a forecast.
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

    fn word(&self, sym: Sym) -> String {
        self.law.pack.words.text(sym).to_owned()
    }

    fn words(&self, syms: &[Sym]) -> Vec<String> {
        syms.iter().map(|sym| self.word(*sym)).collect()
    }

    /// A name that stays the same however often the file is folded again and whichever text of the provision is in force.
    pub(super) fn id(&self, head: &Head, item: ItemNo, occurrence: u16) -> String {
        let n = self.items.list.get(usize::from(item)).map_or(0, |item| item.root);
        let mut hasher = Sha256::new();
        hasher.update(format!("{}|{}.{}|{n}|{occurrence}", self.items.file, head.kind.word(), head.id));
        hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The same for a finding: also by what it is about.
    fn finding_id(&self, head: &Head, item: ItemNo, kind: &str, what: &str) -> String {
        let base = self.id(head, item, 0);
        let mut hasher = Sha256::new();
        hasher.update(format!("{base}|{kind}|{what}"));
        hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// A moment, by its first instant.
    pub(super) fn instant(at: Timestamp) -> String {
        at.to_string()
    }

    fn last_day(&self, end: &End<'_>) -> Option<String> {
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
        let why = match end.doubt {
            Doubt::None => None,
            Doubt::Time => Some("the time of day of a fact is not on the register".to_owned()),
            Doubt::Reading(reading) => Some(reading.why.clone()),
        };
        Some(EndShown {
            until: Self::instant(end.sure),
            last_day: self.last_day(end),
            or_until: (two && end.latest < Timestamp::MAX).then(|| Self::instant(end.latest)),
            why_two: if two { why } else { None },
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

    pub(super) fn standing(&self, benchmark: Option<&Law>, known_at: Option<Timestamp>, unread: Vec<Unread>) -> Standing {
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
            orders: self.forecast.orders.iter().filter(|run| run.since.earliest() <= self.at).map(|run| self.order(run)).collect(),
            duties: self.forecast.duties.iter().filter_map(|run| self.duty(run)).collect(),
            entitlements: self.forecast.entitlements.iter().filter_map(|run| self.entitlement(run)).collect(),
            clocks: self.clocks(),
            findings: self.findings(),
            shortfalls: benchmark.map(|benchmark| super::safeguards::shortfalls(self, benchmark)).unwrap_or_default(),
            unread,
            not_followed: self.not_followed(),
            next_change_at: self.next_change(&stretches).map(Self::instant),
        }
    }

    fn here<'s>(&self, stretches: &'s [Stretch<'p>]) -> Option<(usize, &'s Stretch<'p>)> {
        stretches.iter().enumerate().find(|(_, stretch)| stretch.from <= self.at && self.at < stretch.until)
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

    fn authority_at(&self, stretches: &[Stretch<'p>]) -> Authority {
        match self.here(stretches) {
            Some((number, _)) => self.authority(stretches, number),
            None => Authority::NotNeeded,
        }
    }

    fn authority(&self, stretches: &[Stretch<'p>], number: usize) -> Authority {
        let Some(stretch) = stretches.get(number) else { return Authority::NotNeeded };
        match stretch.answer {
            Answer::NotNeeded => Authority::NotNeeded,
            Answer::NoLaw(gap) => {
                let order = self
                    .forecast
                    .no_law
                    .get(gap)
                    .and_then(|gap| self.law.pack.orders.get(usize::from(gap.order)))
                    .map(|order| order.id.clone());
                Authority::NotShown { order, missing: "law".to_owned(), section: String::new(), until: None }
            }
            Answer::None => self.none(stretches, number),
            Answer::Order(run, quality) => self.by_order(run, quality, stretches, number),
        }
    }

    fn by_order(&self, run: usize, quality: Quality<'p>, stretches: &[Stretch<'p>], number: usize) -> Authority {
        let (Some(run), Some(stretch)) = (self.forecast.orders.get(run), stretches.get(number)) else { return Authority::NotNeeded };
        let order = self.law.pack.orders.get(usize::from(run.order)).map(|order| order.id.clone()).unwrap_or_default();
        // A renewal already made carries the answer on without a break, if it is as good: authority lasts until its end.
        let carries = |rung: &&Rung<'p>| rung.from.earliest() < stretch.until && self.known_rung(rung);
        let rung = run.rungs.iter().rev().find(carries).or_else(|| run.rungs.first());
        let end = rung.map_or(run.end, |rung| rung.end);
        let until = (!end.is_open()).then(|| Self::instant(end.sure));
        match quality {
            Quality::Shown => Authority::Shown {
                order,
                section: rung.map_or(run.head.section.as_str(), |rung| rung.section).to_owned(),
                until,
                last_day: self.last_day(&end),
            },
            Quality::Contested { what, section, decides } => Authority::Contested {
                order,
                defect: what.to_owned(),
                section: section.to_owned(),
                decides: decides.map(|body| self.word(body)),
                until,
            },
            Quality::NotShown { missing, section } => {
                Authority::NotShown { order: Some(order), missing: missing.to_owned(), section: section.to_owned(), until }
            }
            Quality::None { what, section } => Authority::None {
                since: Self::instant(self.none_since(stretches, number)),
                because: what.to_owned(),
                order: Some(order),
                section: Some(section.to_owned()),
            },
        }
    }

    /// Since when there has been no authority without a break, whatever the reasons on the way.
    fn none_since(&self, stretches: &[Stretch<'p>], number: usize) -> Timestamp {
        let is_none = |number: &usize| {
            stretches.get(*number).is_some_and(|stretch| match stretch.answer {
                Answer::Order(_, Quality::None { .. }) => stretch.held == Held::Yes,
                Answer::None => stretch.held == Held::Yes && !self.is_named(stretches, *number),
                _ => false,
            })
        };
        let first = (0..number).rev().take_while(is_none).last().unwrap_or(number);
        stretches.get(first).map_or(self.at, |stretch| stretch.from)
    }

    /// Held, and nothing in force: since when, and what came to an end.
    fn none(&self, stretches: &[Stretch<'p>], number: usize) -> Authority {
        let since = stretches.get(number).map_or(self.at, |stretch| stretch.from);
        let name = |run: &OrderRun<'p>| self.law.pack.orders.get(usize::from(run.order)).map(|order| order.id.clone()).unwrap_or_default();
        // Only what was over after the present holding began can be why it has no authority now.
        let holding = stretches.get(number).and_then(|stretch| stretch.whereabout).and_then(|change| self.forecast.whereabouts.get(change));
        let began = holding.map_or(Timestamp::MIN, |change| change.at.earliest());
        let ended = |run: &&OrderRun<'p>| run.ended.map_or(run.end.sure, |(at, _)| at.latest()) >= began;
        let held = self.forecast.orders.iter().filter(|run| run.body.status == Status::Held).filter(ended);
        let over = held.filter_map(|run| match run.ended {
            Some((at, _)) if at.earliest() <= since => Some((at.earliest(), name(run), "ended", run.head.section.clone())),
            Some(_) => None,
            None if run.end.sure <= since => Some((run.end.sure, name(run), "ran-out", run.head.section.clone())),
            None => None,
        });
        match over.max_by_key(|(at, ..)| *at) {
            Some((_, order, because, section)) => {
                Authority::None { since: Self::instant(since), because: because.to_owned(), order: Some(order), section: Some(section) }
            }
            None => self.nothing_shown(stretches, number, since),
        }
    }

    /// Held under an order that the register names and the engine could not find begun: not shown. Held under nothing: none.
    fn nothing_shown(&self, stretches: &[Stretch<'p>], number: usize, since: Timestamp) -> Authority {
        let change = stretches.get(number).and_then(|stretch| stretch.whereabout).and_then(|change| self.forecast.whereabouts.get(change));
        let item = change.and_then(|change| self.items.list.get(usize::from(change.item)));
        // An order the law knows, by somebody whose role is on the register, and yet it did not begin: then it has no authority.
        let known = item
            .and_then(|item| item.under.zip(item.role))
            .map(|(under, _)| self.word(under))
            .filter(|under| self.law.pack.orders.iter().any(|order| order.id == *under));
        if let Some(order) = known {
            return Authority::None { since: Self::instant(since), because: "not-begun".to_owned(), order: Some(order), section: None };
        }
        match item.and_then(|item| item.details().under.clone()) {
            Some(under) => Authority::NotShown { order: None, missing: under, section: String::new(), until: None },
            None => Authority::None { since: Self::instant(since), because: "no-order".to_owned(), order: None, section: None },
        }
    }

    /// Held under something named that did not begin: which of the two it is decides the column.
    fn is_named(&self, stretches: &[Stretch<'p>], number: usize) -> bool {
        matches!(self.authority(stretches, number), Authority::NotShown { .. })
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

    fn span(&self, stretches: &[Stretch<'p>], number: usize) -> Span {
        let stretch = stretches.get(number);
        Span {
            from: stretch.map(|stretch| Self::instant(stretch.from)).unwrap_or_default(),
            until: stretch.filter(|stretch| stretch.until < Timestamp::MAX).map(|stretch| Self::instant(stretch.until)),
            held: stretch.map_or("no", |stretch| held_word(stretch.held)).to_owned(),
            authority: self.authority(stretches, number),
            to_come: stretch.is_some_and(|stretch| stretch.from > self.at),
        }
    }

    fn flaw(&self, flaw: &Flaw<'p>) -> FlawShown {
        let decides = match flaw.defect {
            Defect::ForDecision(body) => Some(body),
            _ => flaw.decides,
        };
        FlawShown {
            need: flaw.what.to_owned(),
            failing: failing_word(flaw.failing).to_owned(),
            missing: flaw.missing.to_owned(),
            papers: flaw.papers.map(|(found, wanted)| PapersShown { found, wanted }),
            section: flaw.section.to_owned(),
            defect: defect_word(flaw.defect).to_owned(),
            decides: decides.map(|body| self.word(body)),
            mend_until: flaw.cure_until.filter(|end| !end.is_open()).map(|end| Self::instant(end.sure)),
            mended_at: flaw.mended.map(|(at, _)| Self::instant(at.earliest())),
            entries: flaw.items.iter().map(|item| self.entry(*item)).collect(),
        }
    }

    fn order(&self, run: &OrderRun<'p>) -> OrderShown {
        let ended = run.ended.filter(|(at, _)| at.earliest() <= self.at);
        let rungs = || run.rungs.iter().enumerate().filter(|(number, rung)| *number == 0 || self.known_rung(rung));
        let end = rungs().next_back().map_or(run.end, |(_, rung)| rung.end);
        let resting =
            run.pauses.iter().any(|(from, until)| from.earliest() <= self.at && until.is_none_or(|until| until.earliest() > self.at));
        let state = if ended.is_some() {
            "ended"
        } else if !resting && end.sure <= self.at && run.ended.is_none_or(|(at, _)| at.earliest() > self.at) && !self.goes_on(run) {
            "expired"
        } else if run.void {
            "no-effect"
        } else if resting {
            "paused"
        } else {
            "running"
        };
        OrderShown {
            id: self.id(run.head, run.item, 0),
            order: run.head.id.clone(),
            title: run.head.title.clone(),
            section: run.head.section.clone(),
            state: state.to_owned(),
            status: if run.body.status == Status::Held { "held" } else { "community" }.to_owned(),
            start: Self::instant(run.start.earliest()),
            by: self.entry(run.item),
            end: self.end(&end),
            ended_at: ended.map(|(at, _)| Self::instant(at.earliest())),
            stretches: rungs()
                .map(|(_, rung)| {
                    let mut relied = rung.relied.clone();
                    relied.sort_unstable();
                    relied.dedup();
                    StretchShown {
                        from: Self::instant(rung.from.earliest()),
                        end: self.end(&rung.end),
                        section: rung.section.to_owned(),
                        by: self.entry(rung.item),
                        relies_on: relied.iter().map(|item| self.entry(*item)).collect(),
                        lacks: rung.flaws.iter().map(|flaw| self.flaw(flaw)).collect(),
                    }
                })
                .collect(),
            sure: run.head.sure.clone(),
        }
    }

    /// Whether the act that brought a stretch had happened by then: a renewal furnished today counts today, though it begins tomorrow.
    fn known_rung(&self, rung: &Rung<'p>) -> bool {
        self.items.list.get(usize::from(rung.item)).is_some_and(|item| item.at.earliest() <= self.at)
    }

    /// Whether the order lives on past the end of the stretch that was known then (only an absence does that without an act).
    fn goes_on(&self, run: &OrderRun<'p>) -> bool {
        run.rungs.iter().enumerate().any(|(number, rung)| {
            let next = run.rungs.get(number + 1).map_or(Timestamp::MAX, |next| next.from.earliest());
            rung.from.earliest() <= self.at && self.at < rung.end.sure.min(next)
        })
    }

    /// The due end of a duty as it was at the instant.
    fn due(&self, run: &DutyRun<'p>) -> Option<End<'p>> {
        match run.dues.iter().rev().find(|(from, _)| from.earliest() <= self.at) {
            Some((_, due)) => *due,
            None => run.first_due,
        }
    }

    /// The state of a duty at the instant, or nothing if it was not yet raised.
    fn duty_state(&self, run: &DutyRun<'p>) -> Option<&'static str> {
        if run.raised.earliest() > self.at {
            return None;
        }
        let due = self.due(run);
        if let Some(met) = run.met.filter(|met| met.earliest() <= self.at) {
            return Some(match due {
                Some(due) if met.earliest() >= due.latest => "met-late",
                Some(due) if met.latest() >= due.sure => "cannot-tell",
                _ => "met",
            });
        }
        let stopped = run.stoppers.iter().filter_map(|item| self.items.list.get(usize::from(*item))).any(|item| {
            item.at.earliest() <= self.at
                && !(run.body.not_if_any.iter().any(|pattern| pattern.withdrawn == Some(false)) && self.was_withdrawn(item, due))
        });
        if stopped {
            return Some("lapsed");
        }
        if let Some(lapsed) = run.lapsed.filter(|lapsed| lapsed.earliest() <= self.at) {
            return Some(if due.is_some_and(|due| lapsed.earliest() >= due.latest) && run.body.late == Lateness::Breach {
                "late"
            } else {
                "lapsed"
            });
        }
        if run.waits.iter().any(|(from, until)| from.earliest() <= self.at && until.is_none_or(|until| until.earliest() > self.at)) {
            return Some("waiting");
        }
        Some(match due {
            Some(due) if self.at >= due.latest => "late",
            Some(due) if self.at >= due.sure => "cannot-tell",
            _ => "open",
        })
    }

    /// Whether a stopper was withdrawn before the duty was due, as far as known at the instant.
    fn was_withdrawn(&self, item: &crate::engine::Item<'_>, due: Option<End<'_>>) -> bool {
        let by = item.withdrawn.and_then(|by| self.items.list.get(usize::from(by)));
        by.is_some_and(|by| by.at.earliest() <= self.at && due.is_none_or(|due| by.at.earliest() < due.sure))
    }

    fn duty(&self, run: &DutyRun<'p>) -> Option<DutyShown> {
        let state = self.duty_state(run)?;
        let until = run.met.filter(|met| met.earliest() <= self.at).map_or(self.at, |met| met.earliest());
        let parts = run.body.done.iter().zip(&run.parts);
        let open = parts.filter(|(_, done)| done.is_none_or(|(at, _)| at.earliest() > self.at));
        let met = state == "met" || state == "met-late";
        Some(DutyShown {
            id: self.id(run.head, run.item, run.occurrence),
            duty: run.head.id.clone(),
            title: run.head.title.clone(),
            section: run.head.section.clone(),
            state: state.to_owned(),
            level: "domestic".to_owned(),
            breach: matches!(state, "late" | "met-late") && run.body.late == Lateness::Breach,
            owed_by: self.words(&run.body.owed_by),
            owed_to: self.words(&run.body.owed_to),
            since: Self::instant(run.raised.earliest()),
            due: self.due(run).as_ref().and_then(|due| self.end(due)),
            met_at: run.met.filter(|met| met.earliest() <= self.at).map(|met| Self::instant(met.earliest())),
            delay_minutes: until.duration_since(run.raised.earliest()).as_secs().div_euclid(60),
            to_do: if met || run.body.any_part && run.met.is_some() {
                Vec::new()
            } else {
                open.map(|(part, _)| part_name(part, &self.law.pack.words)).collect()
            },
            raised_by: self.entry(run.item),
            sure: run.head.sure.clone(),
        })
    }

    fn entitlement(&self, run: &EntitlementRun<'p>) -> Option<EntitlementShown> {
        if run.raised.earliest() > self.at {
            return None;
        }
        let uses: Vec<ItemNo> = run
            .uses
            .iter()
            .copied()
            .filter(|item| self.items.list.get(usize::from(*item)).is_some_and(|item| item.at.earliest() <= self.at))
            .collect();
        let counted = uses.iter().filter(|used| run.body.withdrawn_counts || !self.withdrawn_by_now(**used)).count();
        let state = if run.body.times.is_some_and(|times| counted >= times as usize) {
            "used"
        } else if run.ended.is_some_and(|at| at.earliest() <= self.at) || self.at >= run.closes.latest {
            "closed"
        } else if self.at < run.opens.earliest() {
            "not-yet"
        } else {
            "open"
        };
        Some(EntitlementShown {
            id: self.id(run.head, run.item, 0),
            entitlement: run.head.id.clone(),
            title: run.head.title.clone(),
            section: run.head.section.clone(),
            state: state.to_owned(),
            may: self.words(&run.body.may),
            opens: Self::instant(run.opens.earliest()),
            closes: self.end(&run.closes),
            raised_by: self.entry(run.item),
            uses: uses.iter().map(|item| self.entry(*item)).collect(),
        })
    }

    fn withdrawn_by_now(&self, item: ItemNo) -> bool {
        let by = self.items.list.get(usize::from(item)).and_then(|item| item.withdrawn).and_then(|by| self.items.list.get(usize::from(by)));
        by.is_some_and(|by| by.at.earliest() <= self.at)
    }

    fn not_followed(&self) -> Vec<NotFollowedShown> {
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

    fn clocks(&self) -> Vec<ClockShown> {
        let standing =
            self.forecast.clocks.iter().filter(|run| run.at.earliest() <= self.at && run.fell.is_none_or(|fell| fell.earliest() > self.at));
        standing
            .map(|run| ClockShown {
                clock: run.head.id.clone(),
                title: run.head.title.clone(),
                section: run.head.section.clone(),
                day: self.items.zone.day_of(run.at.earliest()).to_string(),
                set_by: self.entry(run.item),
            })
            .collect()
    }

    fn findings(&self) -> Vec<FindingShown> {
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

    /// The next instant at which an answer, a duty or an entitlement changes: by time alone, or by what is already on the register.
    fn next_change(&self, stretches: &[Stretch<'p>]) -> Option<Timestamp> {
        let ahead = |at: Option<Moment>| at.is_none_or(|at| at.earliest() > self.at);
        let duties = self.forecast.duties.iter().filter(|run| run.raised.earliest() <= self.at && ahead(run.met) && ahead(run.lapsed));
        let dues = duties.filter_map(|run| self.due(run)).flat_map(|due| [due.sure, due.latest]);
        let rights = self.forecast.entitlements.iter().filter(|run| run.raised.earliest() <= self.at && ahead(run.ended));
        let windows = rights.flat_map(|run| [run.opens.earliest(), run.opens.latest(), run.closes.sure, run.closes.latest]);
        let turns = stretches.iter().map(|stretch| stretch.from);
        turns.chain(dues).chain(windows).filter(|at| *at > self.at && *at < Timestamp::MAX).min()
    }
}
