//! What can be computed again: each file's forecasts under the laws of its places, what they rely on, and whether they still hold.
//!
//! A forecast says what the law makes of a file if nothing more happens, seen from the instant at which its last entry was recorded: so the
//! same entries give the same rows. It is kept in the transaction of the act. [`check`] computes all again and compares.
//! Deliberately absent: views of the past, which fold entries and never look here.

mod cache;
pub mod check;
mod compute;
pub mod ties;

pub use cache::{Cache, Had, Loaded};
pub use compute::{Computed, One, compute, context_now, digest_of, name_of};
pub(crate) use compute::{named, named_in};

use std::sync::Arc;

use openward_law::engine::Law;

use crate::history::{self, HistoryError};
use crate::keys::{FileKey, Keys, Place, Pseudonym};
use crate::store::{FileRow, ForecastRow, OwedRow, SpanRow, Store};

/// Where laws come from: the packs compiled in, those of a folder, those of a test.
pub trait Laws: Send + Sync {
    /// The law of this id, if there is one.
    fn law(&self, id: &str) -> Option<Arc<Law>>;
    /// The law of files whose places name none.
    fn usual(&self) -> Option<Arc<Law>>;
}

/// Codes of the five answers on authority.
pub const AUTHORITY: &[&str] = &["shown", "contested", "not-shown", "none", "not-needed"];

/// Codes of whether a person is held.
pub const HELD: &[&str] = &["yes", "no", "cannot-tell"];

/// Codes of the states of a duty.
pub const STATES: &[&str] = &["open", "met", "met-late", "late", "lapsed", "waiting", "cannot-tell"];

/// Where the box of a forecast belongs. What stands beside it in the clear is bound to it.
fn place<'a>(file: &FileRow, length: u64, extra: &'a [u8]) -> Place<'a> {
    Place { table: "forecast", file: Pseudonym::from_bytes(file.name), n: length, i: 0, extra }
}

/// All that stands beside the box in the clear, but the mark: other files set that.
fn extra(row: &ForecastRow) -> Vec<u8> {
    let ForecastRow { law, digest, context, next_change, spans, owed, length: _, stale: _, boxed: _ } = row;
    let mut bytes = [digest.as_slice(), context.as_slice()].concat();
    let mut number = |number: Option<i64>| {
        bytes.push(u8::from(number.is_some()));
        bytes.extend_from_slice(&number.unwrap_or(0).to_be_bytes());
    };
    number(*next_change);
    number(i64::try_from(spans.len()).ok());
    for SpanRow { held, authority, begins, until } in spans {
        [Some(i64::from(*held)), Some(i64::from(*authority)), Some(*begins), *until].into_iter().for_each(&mut number);
    }
    number(i64::try_from(owed.len()).ok());
    for OwedRow { state, since, due } in owed {
        [Some(i64::from(*state)), Some(*since), *due].into_iter().for_each(&mut number);
    }
    bytes.extend_from_slice(law.as_bytes());
    bytes
}

/// Computes a file's forecasts anew and keeps them, in the same transaction.
///
/// # Errors
/// The store, the keys, or a part that does not open.
pub fn refold<S: Store>(store: &mut S, keys: &Keys, laws: &dyn Laws, cache: &mut Cache, file: &FileRow) -> Result<(), HistoryError> {
    refold_all(store, keys, laws, cache, std::slice::from_ref(file))
}

/// The same of several files: read one after another, folded and closed side by side, kept one after another.
///
/// # Errors
/// As [`refold`]: the first that failed.
pub fn refold_all<S: Store>(store: &mut S, keys: &Keys, laws: &dyn Laws, cache: &mut Cache, files: &[FileRow]) -> Result<(), HistoryError> {
    let person = history::kind_code(openward_law::entry::FileKind::Person);
    let mut gathered = Vec::with_capacity(files.len());
    for file in files.iter().filter(|file| file.kind == person) {
        gathered.push(compute::gather(store, keys, cache, file)?);
    }
    let done = crate::spread::over(&gathered, |gathered| close(&gathered.key, &gathered.row, compute::fold(cache, laws, gathered)));
    for (gathered, rows) in gathered.into_iter().zip(done) {
        let (file, name) = (gathered.row.id, gathered.row.name);
        let rows = rows?;
        let ties = compute::tied(cache, keys, laws, &name, rows.iter().map(|row| row.law.as_str()));
        let had = cache.get(&name).and_then(|loaded| loaded.had.as_ref());
        store.put_forecasts(file, &rows, had.map(|had| had.forecasts.as_slice()))?;
        store.put_ties(file, &ties, had.map(|had| had.ties.as_slice()))?;
        store.put_relies_on(file, &gathered.relies_on, had.map(|had| had.relies_on.as_slice()))?;
        let forecasts = rows.into_iter().map(|row| ForecastRow { boxed: Vec::new(), ..row }).collect();
        cache.has(&name, Had { forecasts, relies_on: gathered.relies_on, ties });
    }
    Ok(())
}

/// Closes the boxes of a file's forecasts.
fn close(key: &FileKey, file: &FileRow, forecasts: Vec<One>) -> Result<Vec<ForecastRow>, HistoryError> {
    let close = |one: One| {
        let boxed = key.seal(&place(file, one.row.length, &extra(&one.row)), &one.plain);
        let boxed = boxed.map_err(|error| HistoryError::Box { n: one.row.length, i: 0, error })?;
        Ok(ForecastRow { boxed, ..one.row })
    };
    forecasts.into_iter().map(close).collect()
}

/// Marks what relies on a file that has just grown.
///
/// # Errors
/// The store.
pub fn mark<S: Store>(store: &mut S, file: &FileRow) -> Result<(), HistoryError> {
    // A declared emergency may touch anybody.
    if file.kind == history::kind_code(openward_law::entry::FileKind::Law) {
        store.mark_all()?;
    }
    store.mark_dependents(&file.name)?;
    Ok(())
}

/// Opens what is not clear of a forecast: names of orders and duties, as JSON.
///
/// # Errors
/// A box that does not open: it was changed, or something beside it was.
pub fn open(keys: &Keys, file: &FileRow, row: &ForecastRow) -> Result<serde_json::Value, HistoryError> {
    let key = history::key_of(keys, file)?;
    let extra = extra(row);
    let place = place(file, row.length, &extra);
    let plain = key.open(&place, &row.boxed).map_err(|error| HistoryError::Box { n: row.length, i: 0, error })?;
    serde_json::from_slice(&plain)
        .map_err(|_| HistoryError::Unreadable { n: row.length, error: crate::entry::Unreadable::Form("forecast") })
}
