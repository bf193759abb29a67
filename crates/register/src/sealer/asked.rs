//! Which checkpoints a request to a witness was written for: those stay until an answer comes, though the log has gone on.
//!
//! A witness answers with nothing but its signature, minutes or days later; without the text that it signed there would be nothing to keep it
//! with. Deliberately absent: who was asked, which the register is not told.

use openward_seal::note::Note;

use super::damaged;
use crate::history::HistoryError;
use crate::store::{Answer, CheckpointRow, Store};

/// The name of the list in the register's own values.
const ASKED: &str = "asked";

/// So many requests may be without an answer; with one more the oldest is let go. Each costs a checkpoint of some hundred bytes.
pub const ASKED_MAX: usize = 16;

/// The sizes of the checkpoints that somebody was asked about and that have no answer yet, the oldest request first.
///
/// # Errors
/// The store, or a list that no program of ours wrote.
pub fn asked<S: Store>(store: &S) -> Result<Vec<u64>, HistoryError> {
    let bytes = store.meta(ASKED)?.unwrap_or_default();
    let (sizes, []) = bytes.as_chunks::<8>() else {
        return Err(damaged("the list of checkpoints that witnesses were asked about is of no known form"));
    };
    Ok(sizes.iter().map(|size| u64::from_be_bytes(*size)).collect())
}

fn keep<S: Store>(store: &mut S, sizes: &[u64]) -> Answer<()> {
    let bytes: Vec<u8> = sizes.iter().flat_map(|size| size.to_be_bytes()).collect();
    store.set_meta(ASKED, &bytes)
}

/// Notes that somebody is asked about a checkpoint.
pub(super) fn note<S: Store>(store: &mut S, size: u64) -> Result<(), HistoryError> {
    let mut sizes = asked(store)?;
    sizes.retain(|known| *known != size);
    sizes.push(size);
    while sizes.len() > ASKED_MAX {
        let oldest = sizes.remove(0);
        let newest = store.newest_checkpoint()?.map(|row| row.size);
        let row = store.checkpoints()?.into_iter().find(|row| row.size == oldest);
        if row.is_some_and(|row| newest != Some(row.size) && is_signed_once(&row)) {
            store.drop_checkpoint(oldest)?;
        }
    }
    Ok(keep(store, &sizes)?)
}

/// Notes that the answer came: its signature keeps the checkpoint from now on.
pub(super) fn answered<S: Store>(store: &mut S, size: u64) -> Result<(), HistoryError> {
    let before = asked(store)?;
    let sizes: Vec<u64> = before.iter().copied().filter(|known| *known != size).collect();
    if sizes.len() < before.len() {
        keep(store, &sizes)?;
    }
    Ok(())
}

/// Whether nobody but the log signed a checkpoint. Then the next one says all that it says; what a witness signed is kept.
pub(crate) fn is_signed_once(checkpoint: &CheckpointRow) -> bool {
    Note::parse(&checkpoint.note).is_ok_and(|note| note.signatures().len() == 1)
}
