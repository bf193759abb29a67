//! A file's forecasts out of its entries and those of the files that it names.
//!
//! Deliberately absent: keeping them.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use openward_law::casefile::FileEntries;
use openward_law::engine::{Context, Law};
use openward_law::entry::{Entry, FileKind};
use openward_law::standing::{Outlook, Question, Reach, laws_in, outlook};
use openward_law::time::Zone;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::ties;
use super::{AUTHORITY, Cache, HELD, Laws, STATES};
use crate::history::{HistoryError, key_of, kind_code};
use crate::keys::{FileKey, KeyError, Keys};
use crate::store::{FileName, FileRow, ForecastRow, Micros, OwedRow, SpanRow, Store, TieRow};

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
pub(crate) fn named(entry: &Entry) -> impl Iterator<Item = &str> {
    let details = &entry.details;
    let one = [&details.by, &details.place, &details.with].into_iter().flatten();
    let parties = one.chain(&details.to).chain(&details.members).map(String::as_str);
    parties.filter(|id| FileKind::of(id).is_some())
}

/// What a fold needs, once it is in the cache.
pub(super) struct Gathered {
    /// The file.
    pub row: FileRow,
    /// What its forecasts rely on, those that are not there yet too.
    pub relies_on: Vec<FileName>,
    /// The files that are looked at with it.
    others: Vec<FileName>,
    context: [u8; 32],
    /// Its key.
    pub key: Arc<FileKey>,
}

/// Brings a file and those that it names into the cache.
///
/// # Errors
/// The store, the keys, or a part that does not open.
pub(super) fn gather<S: Store>(store: &S, keys: &Keys, cache: &mut Cache, file: &FileRow) -> Result<Gathered, HistoryError> {
    // First of all, for nothing of a file whose key was destroyed may be used any more.
    let key = key_of(keys, file)?;
    if cache.get(&file.name).is_none_or(|loaded| loaded.row != *file) {
        cache.forget(&file.name);
        cache.load(store, keys, &file.name)?;
    }
    let relies_on: Vec<FileName> = cache.get(&file.name).map(|own| own.named.iter().copied().collect()).unwrap_or_default();
    let mut others: BTreeSet<FileName> = relies_on.iter().copied().collect();
    others.extend(cache.law_files(store)?);
    for name in &others {
        cache.load(store, keys, name)?;
    }
    others.retain(|name| cache.get(name).is_some_and(|other| !other.is_destroyed));
    let context = context_of(std::iter::once(file).chain(others.iter().filter_map(|name| cache.get(name)).map(|other| &other.row)));
    Ok(Gathered { row: file.clone(), relies_on, others: others.into_iter().collect(), context, key })
}

/// A digest over the heads of a file and of those that it relies on.
fn context_of<'r>(rows: impl Iterator<Item = &'r FileRow>) -> [u8; 32] {
    let mut digest = Sha256::new();
    for row in rows {
        digest.update(row.name);
        digest.update(row.length.to_be_bytes());
        digest.update(row.head.as_bytes());
    }
    digest.finalize().into()
}

/// The digest as it is now of what a file's forecasts rely on: where a forecast has another, it must be computed again.
///
/// # Errors
/// The store, or the key store.
pub fn context_now<S: Store>(store: &S, keys: &Keys, file: &FileRow) -> Result<[u8; 32], HistoryError> {
    let mut names: BTreeSet<FileName> = store.relies_on(file.id)?.into_iter().collect();
    names.extend(store.files_of_kind(kind_code(FileKind::Law))?);
    let mut rows = vec![file.clone()];
    for name in &names {
        let Some(row) = store.file(name)? else { continue };
        match key_of(keys, &row) {
            Err(HistoryError::Key(KeyError::Destroyed { .. })) => {}
            _ => rows.push(row),
        }
    }
    Ok(context_of(rows.iter()))
}

/// Folds what was gathered. It looks at nothing but the cache, so that several threads may do it at once.
#[must_use]
pub(super) fn fold(cache: &Cache, laws: &dyn Laws, gathered: &Gathered) -> Vec<One> {
    let entries = |name: &FileName| cache.get(name).and_then(|loaded| loaded.entries.as_ref());
    let Some(own) = entries(&gathered.row.name) else { return Vec::new() };
    let context = Context::from_files(std::iter::once(own).chain(gathered.others.iter().filter_map(entries)), None);
    let named = laws_in(&context, own);
    let mut found: Vec<_> =
        if named.is_empty() { laws.usual().into_iter().collect() } else { named.iter().filter_map(|id| laws.law(id)).collect() };
    found.sort_by(|a, b| a.pack.id.cmp(&b.pack.id));
    found.iter().map(|law| forecast(own, &context, law, gathered.context)).collect()
}

/// Who is tied to a file that is in the cache. Times without an offset are read in the zone of the first of its laws.
pub(super) fn tied<'l>(
    cache: &Cache,
    keys: &Keys,
    laws: &dyn Laws,
    file: &FileName,
    mut names: impl Iterator<Item = &'l str>,
) -> Vec<TieRow> {
    let zone = names.next().and_then(|law| laws.law(law)).map_or_else(Zone::utc, |law| law.pack.zone.clone());
    let own = cache.get(file).and_then(|loaded| loaded.entries.as_ref());
    own.map(|own| ties::ties(keys, own, &zone)).unwrap_or_default()
}

/// The pseudonyms of the files that a file names.
pub(crate) fn named_in<'a>(keys: &'a Keys, file: &'a FileEntries) -> impl Iterator<Item = FileName> + 'a {
    file.entries.iter().flat_map(named).map(|id| name_of(keys, id))
}

/// Computes a file's forecasts.
///
/// # Errors
/// The store, the keys, or a part that does not open.
pub fn compute<S: Store>(store: &S, keys: &Keys, laws: &dyn Laws, cache: &mut Cache, file: &FileRow) -> Result<Computed, HistoryError> {
    let gathered = gather(store, keys, cache, file)?;
    Ok(Computed { forecasts: fold(cache, laws, &gathered), relies_on: gathered.relies_on })
}

fn forecast(own: &FileEntries, context: &Context, law: &Law, context_digest: [u8; 32]) -> One {
    let at = own.entries.last().and_then(|entry| entry.recorded).unwrap_or(Timestamp::UNIX_EPOCH);
    let question = Question { law, benchmark: None, at, known_at: None, reach: Reach::ByPlace };
    let (next_change, spans, owed, plain) = match outlook(own, context, question) {
        Ok(outlook) => (outlook.next_change_at.map(Timestamp::as_microsecond), spans(&outlook), owed(&outlook), plain(&outlook)),
        // Times that the clocks skipped or showed twice: somebody must say which was meant.
        Err(bad) => (None, Vec::new(), Vec::new(), json!({ "unreadable-times": bad.len() }).to_string().into_bytes()),
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
    One { row, plain }
}

/// What goes into the box: an object of two lists. It is written piece by piece, for the whole as one value would be built only to be read once.
fn plain(outlook: &Outlook) -> Vec<u8> {
    let mut bytes = b"{\"timeline\":".to_vec();
    // INVARIANT: lists of structs with texts and numbers can always be written to memory.
    let _ = serde_json::to_writer(&mut bytes, &outlook.timeline);
    bytes.extend_from_slice(b",\"duties\":");
    let _ = serde_json::to_writer(&mut bytes, &outlook.duties);
    bytes.push(b'}');
    bytes
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

fn spans(standing: &Outlook) -> Vec<SpanRow> {
    let spans = standing.timeline.iter().map(|span| SpanRow {
        held: code(HELD, &span.held),
        authority: code(AUTHORITY, span.authority.word()),
        begins: instant(&span.from).unwrap_or(Micros::MIN),
        until: span.until.as_deref().and_then(instant),
    });
    spans.collect()
}

fn owed(standing: &Outlook) -> Vec<OwedRow> {
    let duties = standing.duties.iter().map(|duty| OwedRow {
        state: code(STATES, &duty.state),
        since: instant(&duty.since).unwrap_or(Micros::MIN),
        due: duty.due.as_ref().and_then(|due| instant(&due.until)),
    });
    duties.collect()
}
