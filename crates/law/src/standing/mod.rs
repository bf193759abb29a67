//! Standing: a forecast looked at from an instant, with every citation and sum.
//!
//! [`standing`] is the way in for a case file. Deliberately absent: texts for people (the pages, papers and the command line
//! write those from these values).

mod model;
mod safeguards;
pub mod timeline;
mod unread;
mod view;
mod words;

pub use model::*;
pub use safeguards::served_by;

use jiff::Timestamp;

use crate::casefile::{CaseFile, FileEntries, effective};
use crate::engine::{BadTime, Context, Law, fold, prepare};
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
    let zone = zone_of(case, question.law);
    let entries = effective(file, question.known_at, |entry| entry.at.moment(&zone).ok().map(|moment| moment.earliest()));
    let items = prepare(&entries, &file.id, &question.law.pack, context, &zone)?;
    let forecast = fold(question.law, &items, context);
    let view = view::View { law: question.law, items: &items, forecast: &forecast, at: question.at };
    Ok(view.standing(question.benchmark, question.known_at))
}

/// The zone of a case file: its header's, else the law's.
pub fn zone_of(case: &CaseFile, law: &Law) -> Zone {
    case.header.zone.as_deref().and_then(|name| Zone::named(name).ok()).unwrap_or_else(|| law.pack.zone.clone())
}

/// The JSON Schema of a standing.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Standing).to_value()
}
