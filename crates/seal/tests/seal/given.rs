//! What the tests start from: keys, logs and receipts with fixed bytes, so that every run is the same.

use std::collections::BTreeMap;

use openward_seal::chain::FileTag;
use openward_seal::checkpoint::{Checkpoint, Trust};
use openward_seal::digest::EntryHash;
use openward_seal::note::Note;
use openward_seal::note::key::{SecretKey, WitnessKey};
use openward_seal::receipt::{Acknowledgement, Receipt};
use openward_seal::tiles::whole::Head;
use openward_seal::tiles::{Log, Tile, Writer};

pub(crate) const ORIGIN: &str = "register.example/care";
pub(crate) const AT: u64 = 1_764_000_000;

pub(crate) fn log_key() -> SecretKey {
    SecretKey::from_seed(ORIGIN, &[1; 32]).unwrap()
}

pub(crate) fn witness_key() -> WitnessKey {
    WitnessKey::from_seed("witness.example/one", &[2; 32]).unwrap()
}

pub(crate) fn trust() -> Trust {
    Trust::new(vec![log_key().public().clone()]).unwrap()
}

/// Trust that asks for the witness too.
pub(crate) fn strict() -> Trust {
    trust().with_witnesses(vec![witness_key().public().clone()], 1).unwrap()
}

pub(crate) fn record(index: u64) -> EntryHash {
    let mut bytes = [0x5a; 32];
    bytes[..8].copy_from_slice(&index.to_be_bytes());
    EntryHash::from_bytes(bytes)
}

/// A log with its tiles, as a sealer keeps it that signs at the end.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) tiles: BTreeMap<Tile, Vec<u8>>,
    pub(crate) head: Head,
}

pub(crate) fn kept(size: u64) -> Kept {
    let mut writer = Writer::new();
    for index in 0..size {
        assert_eq!(writer.append(&record(index)), index);
    }
    let tiles = writer.take().into_iter().collect();
    Kept { tiles, head: Head { size, root: writer.root() } }
}

pub(crate) fn signed(head: Head) -> Note {
    Checkpoint::new(ORIGIN, head).unwrap().sign(&log_key()).unwrap()
}

pub(crate) fn witnessed(head: Head) -> Note {
    let mut note = signed(head);
    let signature = note.cosignature(&witness_key(), AT);
    note.add(signature);
    note
}

pub(crate) fn acknowledgement(index: u64) -> Acknowledgement {
    Acknowledgement { origin: ORIGIN.to_owned(), file: FileTag::from_bytes([3; 16]), n: index + 1, entry: record(index), at: AT }
}

/// A receipt of the second stage for the entry at this index.
pub(crate) fn receipt(kept: &Kept, index: u64) -> Receipt {
    let (_, path) = Log::new(&kept.tiles, kept.head.size, kept.head.root).inclusion(index).unwrap();
    let acknowledgement = acknowledgement(index).sign(&log_key()).unwrap();
    Receipt { acknowledgement, index, path, checkpoint: witnessed(kept.head) }
}
