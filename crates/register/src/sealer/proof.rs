//! Proofs out of the store's tiles, and the second stage of receipts.
//!
//! Deliberately absent: trust. What is given here is checked by whoever gets it.

use openward_seal::checkpoint::Trust;
use openward_seal::digest::NodeHash;
use openward_seal::note::Note;
use openward_seal::receipt::Receipt;
use openward_seal::tiles::whole::Head;
use openward_seal::tiles::{self, Tile};

use super::damaged;
use crate::history::HistoryError;
use crate::store::{CheckpointRow, Store, StoreError};

/// The store's tiles as a source of proofs.
pub struct Tiles<'a, S>(pub &'a S);

impl<S: Store> tiles::Source for Tiles<'_, S> {
    type Error = StoreError;

    fn read(&self, tile: Tile) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.tile(tile)
    }
}

/// The newest checkpoint with its head.
///
/// # Errors
/// The store, or a checkpoint that this key did not sign.
pub fn newest<S: Store>(store: &S, trust: &Trust) -> Result<Option<(CheckpointRow, Head)>, HistoryError> {
    let Some(row) = store.newest_checkpoint()? else { return Ok(None) };
    let vouched = trust.open(&row.note).map_err(|error| damaged(error.to_string()))?;
    Ok(Some((row, vouched.head())))
}

/// The path from one place of the log to the root of its newest checkpoint.
///
/// # Errors
/// The store, or tiles that do not lead to the root.
pub fn inclusion<S: Store>(store: &S, head: Head, place: u64) -> Result<Vec<NodeHash>, HistoryError> {
    let log = tiles::Log::new(&Tiles(store), head.size, head.root).inclusion(place).map(|(_, path)| path);
    log.map_err(|error| damaged(error.to_string()))
}

/// The second stage of a receipt: none as long as the entry waits.
///
/// # Errors
/// The store, a first stage that is none, or tiles that do not lead to the root.
pub fn receipt<S: Store>(store: &S, trust: &Trust, file: i64, n: u64, first: &str) -> Result<Option<Receipt>, HistoryError> {
    let Some(place) = store.place_of(file, n)? else { return Ok(None) };
    let Some((row, head)) = newest(store, trust)? else { return Ok(None) };
    if place >= head.size {
        return Ok(None);
    }
    let path = inclusion(store, head, place)?;
    let note = |bytes: &[u8]| Note::parse(bytes).map_err(|error| damaged(error.to_string()));
    Ok(Some(Receipt { acknowledgement: note(first.as_bytes())?, index: place, path, checkpoint: note(&row.note)? }))
}
