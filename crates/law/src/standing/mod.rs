//! Standing: a forecast looked at from an instant, with every citation and sum.
//!
//! [`standing`] is the way in for a case file. Deliberately absent: texts for people (the pages, papers and the command line
//! write those from these values).

mod authority;
mod duties;
mod findings;
mod model;
mod next;
mod orders;
mod outlook;
mod rights;
mod safeguards;
pub mod timeline;
mod unread;
mod view;
mod words;

pub use model::*;
pub use outlook::{Outlook, outlook};
pub use safeguards::served_by;

use jiff::Timestamp;

use crate::casefile::{CaseFile, FileEntries, effective};
use crate::engine::{BadTime, Context, Law, fold, prepare};
use crate::entry::Entry;
use crate::time::Zone;

/// What is asked of a file.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The law.
    pub law: &'q Law,
    /// The international standard beside it.
    pub benchmark: Option<&'q Law>,
    /// The instant in question.
    pub at: Timestamp,
    /// Entries recorded later are left out.
    pub known_at: Option<Timestamp>,
    /// Which entries the law is asked about.
    pub reach: Reach,
}

/// Which entries of a file a law is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those of places under this law, and of places of which the register says nothing.
    ByPlace,
    /// All, whatever the places' own law: somebody asked for this law by name.
    All,
}

/// The standing of one person's file at an instant.
///
/// # Errors
/// Every entry whose local time does not exist, or exists twice, in the zone of its place.
pub fn standing(case: &CaseFile, file: &FileEntries, question: Question<'_>) -> Result<Standing, Vec<BadTime>> {
    let context = Context::of(case, question.known_at);
    standing_in(case, file, &context, question)
}

/// As [`standing`], with the context already made: for many files of one register.
///
/// # Errors
/// As [`standing`].
pub fn standing_in(case: &CaseFile, file: &FileEntries, context: &Context, question: Question<'_>) -> Result<Standing, Vec<BadTime>> {
    look(case, file, context, question, |view, other_laws| {
        let unread = unread::unread(case, view.items, &question.law.pack);
        view.standing(view::Beside { benchmark: question.benchmark, known_at: question.known_at, unread, other_laws })
    })
}

/// Folds a file and looks at it.
fn look<T>(
    case: &CaseFile,
    file: &FileEntries,
    context: &Context,
    question: Question<'_>,
    see: impl FnOnce(&view::View<'_, '_, '_>, Vec<OtherLaw>) -> T,
) -> Result<T, Vec<BadTime>> {
    let zone = zone_of(case, question.law);
    let entries = effective(file, question.known_at, |entry| entry.at.moment(&zone).ok().map(|moment| moment.earliest()));
    let (entries, other_laws) = match question.reach {
        Reach::All => (entries, Vec::new()),
        Reach::ByPlace => under(&question.law.pack.id, entries, context, &zone),
    };
    let zone = one_zone(entries.iter().copied(), context, question).unwrap_or(zone);
    let mut items = prepare(&entries, file, &question.law.pack, context, &zone)?;
    items.known_on = question.known_at.map(|known_at| zone.day_of(known_at));
    let forecast = fold(question.law, &items, context);
    Ok(see(&view::View { law: question.law, items: &items, forecast: &forecast, at: question.at }, other_laws))
}

/// The entries that happened at places under a law, and those left to the law of another place. An entry that names no place belongs to
/// the place last named before it.
fn under<'e>(law: &str, entries: Vec<&'e Entry>, context: &Context, zone: &Zone) -> (Vec<&'e Entry>, Vec<OtherLaw>) {
    let of = |entry: &Entry| entry.details.place.as_deref().and_then(|place| context.law_of(place, entry.at.written_day()));
    if entries.iter().all(|entry| of(entry).is_none_or(|found| found == law)) {
        return (entries, Vec::new());
    }
    let mut in_time = entries;
    in_time.sort_by_key(|entry| (entry.at.moment(zone).map(|moment| moment.earliest()).unwrap_or(Timestamp::MIN), entry.n));
    let first = in_time.iter().find_map(|entry| of(entry));
    let mut now = first;
    let mut others: Vec<OtherLaw> = Vec::new();
    in_time.retain(|entry| {
        now = of(entry).or(now);
        let Some(other) = now.filter(|now| *now != law) else { return true };
        match others.iter_mut().find(|known| known.law == other) {
            Some(known) => known.entries.push(entry.n),
            None => others.push(OtherLaw { law: other.to_owned(), entries: vec![entry.n] }),
        }
        false
    });
    others.iter_mut().for_each(|other| other.entries.sort_unstable());
    (in_time, others)
}

/// The laws of the places that a file's entries name, in the order in which they first come up.
pub fn laws_of(case: &CaseFile, file: &FileEntries) -> Vec<String> {
    laws_in(&Context::of(case, None), file)
}

/// As [`laws_of`], with the context already made.
pub fn laws_in(context: &Context, file: &FileEntries) -> Vec<String> {
    let mut laws: Vec<String> = Vec::new();
    for entry in &file.entries {
        let law = entry.details.place.as_deref().and_then(|place| context.law_of(place, entry.at.written_day()));
        if let Some(law) = law.filter(|law| !laws.iter().any(|known| known == law)) {
            laws.push(law.to_owned());
        }
    }
    laws
}

/// The zone in which the days of a person's file are counted and times without an offset are read: that of its places where they lie in one
/// zone, else the case file's, else the law's.
pub fn zone_of_file(case: &CaseFile, file: &FileEntries, context: &Context, question: Question<'_>) -> Zone {
    let entries = effective(file, None, |_| None);
    one_zone(entries.into_iter(), context, question).unwrap_or_else(|| zone_of(case, question.law))
}

/// The zone of all places named that say one, if it is the same; those under another law do not count.
fn one_zone<'e>(entries: impl Iterator<Item = &'e Entry>, context: &Context, question: Question<'_>) -> Option<Zone> {
    let zone_at = |entry: &Entry| {
        let (place, day) = (entry.details.place.as_deref()?, entry.at.written_day());
        let asked = question.reach == Reach::All || context.law_of(place, day).is_none_or(|law| law == question.law.pack.id);
        context.zone_of(place, day).filter(|_| asked)
    };
    let mut zones = entries.filter_map(zone_at);
    let first = zones.next()?;
    if zones.all(|zone| zone == first) { Zone::named(first).ok() } else { None }
}

/// The zone of a case file: its header's, else the law's.
pub fn zone_of(case: &CaseFile, law: &Law) -> Zone {
    case.header.zone.as_deref().and_then(|name| Zone::named(name).ok()).unwrap_or_else(|| law.pack.zone.clone())
}

/// The JSON Schema of a standing.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Standing).to_value()
}
