//! A file's forecasts out of its entries and those of the files that it names.
//!
//! Deliberately absent: keeping them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use openward_law::casefile::{CaseFile, FileEntries, Header};
use openward_law::engine::{Context, Law};
use openward_law::entry::{Entry, FileKind};
use openward_law::standing::{Question, Reach, Standing, laws_of, standing_in};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{AUTHORITY, Cache, HELD, Laws, Loaded, STATES};
use crate::history::HistoryError;
use crate::keys::{KeyError, Keys};
use crate::store::{FileName, FileRow, ForecastRow, Micros, OwedRow, SpanRow, Store};

/// What a file's forecasts are now.
pub struct Computed {
    /// One for each law of its places.
    pub forecasts: Vec<One>,
    /// The files that they rely on, those that are not there yet too.
    pub relies_on: Vec<FileName>,
}

/// One forecast.
pub struct One {
    /// Its row; the box is empty.
    pub row: ForecastRow,
    /// What goes into the box.
    pub plain: Vec<u8>,
}

/// The pseudonym of a file.
#[must_use]
pub fn name_of(keys: &Keys, id: &str) -> FileName {
    *keys.pseudonym(id).as_bytes()
}

/// The ids of files that an entry names.
fn named(entry: &Entry) -> impl Iterator<Item = &str> {
    let details = &entry.details;
    let one = [&details.by, &details.place, &details.with].into_iter().flatten();
    let parties = one.chain(&details.to).chain(&details.members).map(String::as_str);
    parties.filter(|id| FileKind::of(id).is_some())
}

/// Computes a file's forecasts.
///
/// # Errors
/// The store, the keys, or a part that does not open.
pub fn compute<S: Store>(store: &S, keys: &Keys, laws: &dyn Laws, cache: &mut Cache, file: &FileRow) -> Result<Computed, HistoryError> {
    let own = cache.take(store, keys, file)?;
    let ids: BTreeSet<&str> = own.entries.iter().flat_map(|own| &own.entries).flat_map(named).collect();
    let mut relies_on: BTreeSet<FileName> = ids.iter().map(|id| name_of(keys, id)).collect();
    relies_on.remove(&file.name);
    let mut names = relies_on.clone();
    names.extend(cache.law_files(store)?);
    let mut others = Vec::new();
    for name in &names {
        if let Some(row) = store.file(name)? {
            match cache.take(store, keys, &row) {
                // A file whose keys were destroyed says nothing any more; what names it goes on as if it were not there.
                Err(HistoryError::Key(KeyError::Destroyed { .. })) => {}
                taken => others.push(taken?),
            }
        }
    }

    let mut digest = Sha256::new();
    for row in std::iter::once(file).chain(others.iter().map(|other| &other.row)) {
        digest.update(row.name);
        digest.update(row.length.to_be_bytes());
        digest.update(row.head.as_bytes());
    }
    let context: [u8; 32] = digest.finalize().into();
    let all: Vec<Loaded> = std::iter::once(own).chain(others).collect();
    let (rows, entries): (Vec<FileRow>, Vec<Option<FileEntries>>) = all.into_iter().map(|loaded| (loaded.row, loaded.entries)).unzip();
    let id = entries.first().and_then(Option::as_ref).map(|own| own.id.clone()).unwrap_or_default();
    let mut files: Vec<FileEntries> = entries.into_iter().flatten().collect();
    files.sort_by(|a, b| a.id.cmp(&b.id));
    let case = CaseFile { header: Header::default(), files };
    let forecasts = case.file(&id).map(|own| forecasts(&case, own, laws, context)).unwrap_or_default();

    // What was taken out of the cache goes back, whole.
    let by_name = |id: &str| name_of(keys, id);
    let mut entries: Vec<(FileName, FileEntries)> = case.files.into_iter().map(|file| (by_name(&file.id), file)).collect();
    for row in rows {
        let at = entries.iter().position(|(name, _)| *name == row.name);
        let entries = at.map(|at| entries.swap_remove(at).1);
        cache.put(Loaded { row, entries });
    }
    Ok(Computed { forecasts, relies_on: relies_on.into_iter().collect() })
}

fn forecasts(case: &CaseFile, own: &FileEntries, laws: &dyn Laws, context_digest: [u8; 32]) -> Vec<One> {
    let context = Context::of(case, None);
    let named = laws_of(case, own);
    let mut found: Vec<_> =
        if named.is_empty() { laws.usual().into_iter().collect() } else { named.iter().filter_map(|id| laws.law(id)).collect() };
    found.sort_by(|a, b| a.pack.id.cmp(&b.pack.id));
    found.iter().map(|law| forecast(case, own, &context, law, context_digest)).collect()
}

fn forecast(case: &CaseFile, own: &FileEntries, context: &Context, law: &Law, context_digest: [u8; 32]) -> One {
    let at = own.entries.last().and_then(|entry| entry.recorded).unwrap_or(Timestamp::UNIX_EPOCH);
    let question = Question { law, benchmark: None, at, known_at: None, reach: Reach::ByPlace };
    let standing = standing_in(case, own, context, question);
    let (next_change, spans, owed, plain) = match &standing {
        Ok(standing) => {
            let next = standing.next_change_at.as_deref().and_then(instant);
            let plain = json!({ "timeline": standing.timeline, "duties": standing.duties });
            (next, spans(standing), owed(standing), plain)
        }
        // Times that the clocks skipped or showed twice: somebody must say which was meant.
        Err(bad) => (None, Vec::new(), Vec::new(), json!({ "unreadable-times": bad.len() })),
    };
    let row = ForecastRow {
        law: law.pack.id.clone(),
        digest: digest_of(law),
        length: own.entries.len() as u64,
        context: context_digest,
        next_change,
        stale: false,
        boxed: Vec::new(),
        spans,
        owed,
    };
    One { row, plain: plain.to_string().into_bytes() }
}

/// The digest of a pack as forecasts keep it.
#[must_use]
pub fn digest_of(law: &Law) -> [u8; 32] {
    Sha256::digest(law.pack.digest.as_bytes()).into()
}

fn instant(text: &str) -> Option<Micros> {
    text.parse::<Timestamp>().ok().map(|at| at.as_microsecond())
}

/// The place of a word in its list. A word that the list does not know gets the number after the last.
fn code(words: &[&str], word: &str) -> u8 {
    u8::try_from(words.iter().position(|known| *known == word).unwrap_or(words.len())).unwrap_or(u8::MAX)
}

fn spans(standing: &Standing) -> Vec<SpanRow> {
    let spans = standing.timeline.iter().map(|span| SpanRow {
        held: code(HELD, &span.held),
        authority: code(AUTHORITY, span.authority.word()),
        begins: instant(&span.from).unwrap_or(Micros::MIN),
        until: span.until.as_deref().and_then(instant),
    });
    spans.collect()
}

fn owed(standing: &Standing) -> Vec<OwedRow> {
    let duties = standing.duties.iter().map(|duty| OwedRow {
        state: code(STATES, &duty.state),
        since: instant(&duty.since).unwrap_or(Micros::MIN),
        due: duty.due.as_ref().and_then(|due| instant(&due.until)),
    });
    duties.collect()
}
