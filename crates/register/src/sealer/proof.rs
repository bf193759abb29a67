//! Proofs out of the store's tiles, the second stage of receipts, and what goes to and comes from a witness.
//!
//! Deliberately absent: trust. What is given here is checked by whoever gets it.

use openward_seal::checkpoint::Trust;
use openward_seal::digest::NodeHash;
use openward_seal::note::key::PublicKey;
use openward_seal::note::{Note, Signature};
use openward_seal::receipt::Receipt;
use openward_seal::tiles::whole::Head;
use openward_seal::tiles::{self, Tile, TileKind};
use openward_seal::witness::Request;

use super::damaged;
use crate::history::HistoryError;
use crate::store::{CheckpointRow, Store, StoreError};

/// The bytes of one hash in a tile.
const HASH: usize = 32;

/// The store's tiles as a source of proofs.
pub struct Tiles<'a, S>(pub &'a S);

impl<S: Store> tiles::Source for Tiles<'_, S> {
    type Error = StoreError;

    fn read(&self, tile: Tile) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.tile(tile)
    }
}

/// The same for a log of an earlier size: where a tile has grown since, its first hashes are those of then.
struct Earlier<'a, S> {
    store: &'a S,
    /// The size by now.
    size: u64,
}

impl<S: Store> tiles::Source for Earlier<'_, S> {
    type Error = StoreError;

    fn read(&self, tile: Tile) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.store.tile(tile)?;
        match (&found, self.grown(tile)) {
            (None, Some(grown)) => {
                let bytes = self.store.tile(grown)?;
                Ok(bytes.and_then(|bytes| bytes.get(..usize::from(tile.width()) * HASH).map(<[u8]>::to_vec)))
            }
            _ => Ok(found),
        }
    }
}

impl<S> Earlier<'_, S> {
    /// The tile in the same place as it is by now, if it is wider.
    fn grown(&self, tile: Tile) -> Option<Tile> {
        let TileKind::Hashes(level) = tile.kind() else { return None };
        let row = self.size.checked_shr(u32::from(level) * tiles::HEIGHT)?;
        let width = row.checked_sub(tile.index().checked_mul(tiles::WIDTH)?)?.min(tiles::WIDTH);
        Tile::hashes(level, tile.index(), u16::try_from(width).ok()?).filter(|grown| grown.width() > tile.width())
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

/// The path from one place of the log to the root of a checkpoint of it, the newest or an earlier one.
///
/// # Errors
/// The store, or tiles that do not lead to the root.
pub fn inclusion<S: Store>(store: &S, head: Head, place: u64) -> Result<Vec<NodeHash>, HistoryError> {
    let source = Earlier { store, size: store.newest_checkpoint()?.map_or(head.size, |row| row.size) };
    let log = tiles::Log::new(&source, head.size, head.root).inclusion(place).map(|(_, path)| path);
    log.map_err(|error| damaged(error.to_string()))
}

/// The second stage of a receipt: none as long as the entry waits.
///
/// # Errors
/// The store, a first stage that is none, or tiles that do not lead to the root.
pub fn receipt<S: Store>(store: &S, trust: &Trust, file: i64, n: u64, first: &str) -> Result<Option<Receipt>, HistoryError> {
    match newest(store, trust)? {
        Some(checkpoint) => receipt_under(store, &checkpoint, file, n, first),
        None => Ok(None),
    }
}

/// The same under a checkpoint that is already opened.
///
/// # Errors
/// As [`receipt`].
pub fn receipt_under<S: Store>(
    store: &S,
    checkpoint: &(CheckpointRow, Head),
    file: i64,
    n: u64,
    first: &str,
) -> Result<Option<Receipt>, HistoryError> {
    let (row, head) = checkpoint;
    let Some(place) = store.place_of(file, n)?.filter(|place| *place < head.size) else { return Ok(None) };
    let path = inclusion(store, *head, place)?;
    let note = |bytes: &[u8]| Note::parse(bytes).map_err(|error| damaged(error.to_string()));
    Ok(Some(Receipt { acknowledgement: note(first.as_bytes())?, index: place, path, checkpoint: note(&row.note)? }))
}

/// What a witness that last signed so many entries is asked: the newest checkpoint, and the proof that it follows. None where there is none
/// so large. That checkpoint is kept until the answer comes, or [`super::ASKED_MAX`] newer requests were written.
///
/// # Errors
/// The store, or tiles that do not lead to the root.
pub fn request<S: Store>(store: &mut S, trust: &Trust, old: u64) -> Result<Option<Request>, HistoryError> {
    store.begin()?;
    let made = request_within(store, trust, old);
    match made {
        Ok(Some(_)) => store.commit()?,
        Ok(None) | Err(_) => store.rollback()?,
    }
    made
}

fn request_within<S: Store>(store: &mut S, trust: &Trust, old: u64) -> Result<Option<Request>, HistoryError> {
    let Some((row, head)) = newest(store, trust)?.filter(|(_, head)| head.size >= old) else { return Ok(None) };
    let tiles = Tiles(store);
    let log = tiles::Log::new(&tiles, head.size, head.root);
    let proof = log.root_at(old).and_then(|root| log.consistency(old, &root)).map_err(|error| damaged(error.to_string()))?;
    let checkpoint = Note::parse(&row.note).map_err(|error| damaged(error.to_string()))?;
    super::asked::note(store, head.size)?;
    Ok(Some(Request { old, proof, checkpoint }))
}

/// Keeps the answer of a witness, lines of its signature, with the checkpoint that it signed; gives the size of that. None where it is no
/// signature of this witness under any checkpoint here. `log` and `witness` are their keys.
///
/// # Errors
/// The store.
pub fn keep_cosignature<S: Store>(store: &mut S, log: &Trust, witness: &PublicKey, answer: &str) -> Result<Option<u64>, HistoryError> {
    let is_its = |signature: &Signature| signature.name() == witness.name() && signature.id() == witness.id();
    let signatures: Vec<Signature> = answer.lines().filter_map(|line| Signature::parse(line).ok()).filter(is_its).collect();
    let Ok(both) = log.clone().with_witnesses(vec![witness.clone()], 1) else { return Ok(None) };
    if signatures.is_empty() {
        return Ok(None);
    }
    store.begin()?;
    let kept = (|| {
        for row in store.checkpoints()?.into_iter().rev() {
            let Ok(mut note) = Note::parse(&row.note) else { continue };
            // The text, without the signatures that others have put under it.
            let text = note.to_string().rsplit_once("\n\n").map(|(text, _)| format!("{text}\n"));
            let Some(mut alone) = text.and_then(|text| Note::new(text).ok()) else { continue };
            let of_the_log = note.signatures().iter().filter(|signature| signature.name() == log.origin());
            of_the_log.chain(&signatures).for_each(|signature| alone.add(signature.clone()));
            if both.open_note(&alone).is_err() {
                continue;
            }
            // One signature of a witness under one checkpoint is enough.
            if both.open_note(&note).is_err() {
                signatures.iter().for_each(|signature| note.add(signature.clone()));
                store.put_checkpoint(&CheckpointRow { note: note.to_string().into_bytes(), ..row.clone() })?;
            }
            super::asked::answered(store, row.size)?;
            return Ok(Some(row.size));
        }
        Ok(None)
    })();
    match kept {
        Ok(Some(_)) => store.commit()?,
        Ok(None) | Err(_) => store.rollback()?,
    }
    kept
}
