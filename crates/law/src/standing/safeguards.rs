//! What an international standard asks of a case, beyond the country's own law, and what the case does not show.
//!
//! The standard's patterns speak in neutral roles; the country's pack says which of its roles is which. A safeguard sets no number.

use jiff::Timestamp;

use super::model::Shortfall;
use super::view::View;
use crate::engine::forecast::{Happened, Presence};
use crate::engine::{Item, ItemNo, Law};
use crate::pack::{Looks, Pack, Pattern, Safeguard, Status, Sym, Version};

/// The safeguards that a case raises and does not answer by the view's instant.
pub(super) fn shortfalls(view: &View<'_, '_, '_>, benchmark: &Law) -> Vec<Shortfall> {
    let neutral = Neutral { view, standard: &benchmark.pack };
    let mut found = Vec::new();
    for provision in &benchmark.pack.safeguards {
        for version in &provision.versions {
            found.extend(neutral.ask(version));
        }
    }
    found
}

/// The instants from the view's own up to another at which a later entry, or what time brings, may raise or answer a safeguard.
pub(super) fn turns(view: &View<'_, '_, '_>, benchmark: &Law, until: Timestamp) -> Vec<Timestamp> {
    let neutral = Neutral { view, standard: &benchmark.pack };
    let bodies = || benchmark.pack.safeguards.iter().flat_map(|provision| &provision.versions).map(|version| &version.body);
    let ahead = |at: Timestamp| at > view.at && at < until;
    let entries = view.items.list.iter().filter(|entry| ahead(entry.at.earliest()));
    let fits = |entry: &&Item<'_>| bodies().any(|body| body.each.iter().chain(&body.done).any(|pattern| neutral.fits(pattern, entry)));
    let events = view.forecast.happened.iter().filter(|happened| ahead(happened.at.earliest()));
    let raises = |happened: &&Happened| bodies().any(|body| body.each.iter().any(|pattern| neutral.is_event(pattern, happened)));
    let events = events.filter(raises).map(|happened| happened.at.earliest());
    entries.filter(fits).map(|entry| entry.at.earliest()).chain(events).collect()
}

struct Neutral<'a, 'v, 'p, 'e> {
    view: &'a View<'v, 'p, 'e>,
    standard: &'a Pack,
}

impl Neutral<'_, '_, '_, '_> {
    fn ask(&self, version: &Version<Safeguard>) -> Option<Shortfall> {
        let body = &version.body;
        if body.place || body.done.is_empty() {
            return None;
        }
        // The latest time the question came up is the one that counts: each case asks it again.
        let (at, item) = self.raised(body).max_by_key(|(at, item)| (*at, *item))?;
        let answered = |pattern: &Pattern| {
            let lies = |entry: &&Item<'_>| {
                let known = entry.at.earliest() <= self.view.at;
                known && if body.before { entry.at.earliest() <= at } else { entry.at.latest() >= at }
            };
            let fitting = self.view.items.list.iter().filter(lies).filter(|entry| self.fits(pattern, entry));
            match pattern.nth {
                None => fitting.count() > 0,
                // The nth means so many, by different people.
                Some(nth) => {
                    let mut people: Vec<u16> = fitting.map(|entry| entry.by).filter(|by| *by != 0).collect();
                    people.sort_unstable();
                    people.dedup();
                    people.len() >= nth as usize
                }
            }
        };
        let answered = if body.any_part { body.done.iter().any(answered) } else { body.done.iter().all(answered) };
        if answered {
            return None;
        }
        Some(Shortfall {
            safeguard: version.head.id.clone(),
            title: version.head.title.clone(),
            paragraph: version.head.section.clone(),
            says: body.short.clone().unwrap_or_else(|| version.head.title.clone()),
            served_by: served_by(&self.view.law.pack, &version.head.id),
            raised_by: self.view.entry(item),
        })
    }

    /// When the question came up, by entries and by the engine's own events.
    fn raised<'s>(&'s self, body: &'s Safeguard) -> impl Iterator<Item = (Timestamp, ItemNo)> + 's {
        let by_entry =
            self.view.items.list.iter().enumerate().filter(move |(_, entry)| body.each.iter().any(|pattern| self.fits(pattern, entry)));
        let by_entry = by_entry.map(|(number, entry)| (entry.at.earliest(), ItemNo::try_from(number).unwrap_or(ItemNo::MAX)));
        let by_event =
            self.view.forecast.happened.iter().filter(move |happened| body.each.iter().any(|pattern| self.is_event(pattern, happened)));
        let by_event = by_event.map(|happened| (happened.at.earliest(), happened.item));
        by_entry.chain(by_event).filter(move |(at, _)| *at <= self.view.at && self.concerns(body, *at))
    }

    fn is_event(&self, pattern: &Pattern, happened: &Happened) -> bool {
        matches!(&pattern.looks, Looks::Events(event, _) if *event == happened.event)
    }

    /// Whether the safeguard's own condition held then: only what a standard can know, the status and whether the person was in a facility.
    fn concerns(&self, body: &Safeguard, at: Timestamp) -> bool {
        let Some(condition) = &body.only_if else { return true };
        let running = |status: &Status| {
            self.view.forecast.orders.iter().any(|run| {
                run.body.status == *status
                    && run.since.earliest() <= at
                    && run.ended.is_none_or(|(ended, _)| ended.earliest() > at)
                    && run.end.latest > at
            })
        };
        let presence = self
            .view
            .forecast
            .whereabouts
            .iter()
            .rev()
            .find(|change| change.at.earliest() <= at)
            .map_or(Presence::Out, |change| change.presence);
        let inpatient = matches!(presence, Presence::Free | Presence::Held | Presence::Stopped | Presence::Asked);
        (condition.status.is_empty() || condition.status.iter().any(running))
            && !condition.not_status.iter().any(running)
            && condition.inpatient.is_none_or(|wanted| wanted == inpatient)
    }

    /// Whether an entry fits a pattern in neutral words.
    fn fits(&self, pattern: &Pattern, entry: &Item<'_>) -> bool {
        let details = entry.details();
        let one = |wanted: &[Sym], given: Option<&str>| wanted.is_empty() || given.is_some_and(|given| self.is_one(wanted, given));
        let all = |wanted: &[Sym], given: &[String]| wanted.iter().all(|word| given.iter().any(|given| self.is_one(&[*word], given)));
        pattern.looks_at(entry.fact())
            && one(&pattern.by, details.role.as_deref().or(details.by.as_deref()))
            && one(&pattern.kind, details.kind.as_deref())
            && one(&pattern.outcome, details.outcome.as_deref())
            && all(&pattern.to, &details.to)
            && all(&pattern.how, &details.how)
            && pattern.understood.is_none_or(|wanted| details.understood == Some(wanted))
    }

    /// A word of the country's pack against neutral words: itself, or as the pack translates the role.
    fn is_one(&self, wanted: &[Sym], given: &str) -> bool {
        let neutral = self.view.law.pack.roles.iter().find(|role| role.word == given).and_then(|role| role.neutral.as_deref());
        wanted.iter().any(|word| {
            let word = self.standard.words.text(*word);
            word == given || Some(word) == neutral
        })
    }
}

/// The provisions of a pack that serve a safeguard, as `kind.name`.
pub fn served_by(pack: &Pack, safeguard: &str) -> Vec<String> {
    let mut served = Vec::new();
    crate::pack::heads(pack, |head| {
        if head.from.is_some() && head.serves.iter().any(|serves| serves == safeguard) {
            served.push(format!("{}.{}", head.kind.word(), head.id));
        }
    });
    served.dedup();
    served
}
