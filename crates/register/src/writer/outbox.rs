//! What is to be sent: one box for each message, bound to its place, its instant, and to whether it has gone.
//!
//! The header of the act's first entry says how many there are, so that one that is taken away is missed by `crate::verify`.
//! Deliberately absent: sending.

use zeroize::Zeroizing;

use crate::history::{self, HistoryError};
use crate::keys::{FileKey, Keys, Place, Pseudonym};
use crate::store::{FileRow, Micros, OutboxPlace, OutboxRow, Store, StoreError, Trouble};

/// What may go.
#[derive(Debug, Default)]
pub struct Due {
    /// Each with its place and what it holds.
    pub ready: Vec<(OutboxPlace, Vec<u8>)>,
    /// Those that cannot be read, and why: `verify` says more.
    pub broken: Vec<(OutboxPlace, HistoryError)>,
}

/// Waits.
const WAITS: u8 = 0;

/// Has gone.
const GONE: u8 = 1;

fn extra(due: Micros, state: u8) -> [u8; 9] {
    let mut extra = [state; 9];
    if let Some(instant) = extra.first_chunk_mut::<8>() {
        *instant = due.to_be_bytes();
    }
    extra
}

fn place_of<'a>(file: &FileRow, at: OutboxPlace, extra: &'a [u8]) -> Place<'a> {
    Place { table: "outbox", file: Pseudonym::from_bytes(file.name), n: at.n, i: at.i, extra }
}

fn seal(key: &FileKey, file: &FileRow, at: OutboxPlace, (due, state): (Micros, u8), plain: &[u8]) -> Result<Vec<u8>, HistoryError> {
    key.seal(&place_of(file, at, &extra(due, state)), plain).map_err(|error| HistoryError::Box { n: at.n, i: at.i, error })
}

/// A row that waits.
///
/// # Errors
/// A message that is too long for a box.
pub(super) fn row(key: &FileKey, file: &FileRow, (n, i): (u64, u32), due: Micros, plain: &[u8]) -> Result<OutboxRow, HistoryError> {
    let place = OutboxPlace { file: file.id, n, i };
    Ok(OutboxRow { place, due, state: WAITS, boxed: seal(key, file, place, (due, WAITS), plain)? })
}

/// What a row holds.
///
/// # Errors
/// A box that does not open: it, its instant or its state was changed, or it stands elsewhere.
pub(crate) fn open(key: &FileKey, file: &FileRow, row: &OutboxRow) -> Result<Zeroizing<Vec<u8>>, HistoryError> {
    let opened = key.open(&place_of(file, row.place, &extra(row.due, row.state)), &row.boxed);
    opened.map_err(|error| StoreError::new(Trouble::Damaged, format!("a message that is to be sent: {error}")).into())
}

/// Keeps that a message has gone.
pub(super) fn done<S: Store>(store: &mut S, keys: &Keys, place: OutboxPlace) -> Result<(), HistoryError> {
    let Some(row) = store.outbox_at(place)? else { return Ok(()) };
    let file = store.file_by_id(place.file)?.ok_or(HistoryError::NoFile)?;
    let key = history::key_of(keys, &file)?;
    let plain = open(&key, &file, &row)?;
    store.outbox_done(place, &seal(&key, &file, place, (row.due, GONE), &plain)?)?;
    Ok(())
}
