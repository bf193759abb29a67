//! The sealer: puts committed entries into one log, in one order, without gaps, and signs its head.
//!
//! One sealer at a time, by a lease. Deliberately absent: a thread of its own. With one file as database the writer's thread does it
//! between acts, for two that write would only wait for each other.

mod asked;
mod proof;

pub(crate) use asked::is_signed_once;
pub use asked::{ASKED_MAX, asked};
pub use proof::{Tiles, inclusion, keep_cosignature, newest, receipt, receipt_under, request};

use std::sync::Arc;

use openward_seal::checkpoint::{Checkpoint, Trust};
use openward_seal::note::key::SecretKey;
use openward_seal::tiles::whole::Head;
use openward_seal::tiles::{WIDTH, Writer};

use crate::history::HistoryError;
use crate::keys::{Domain, Keys, Place, Pseudonym};
use crate::store::{ActId, CheckpointRow, Micros, Store, StoreError, Trouble, Waiting};

/// The most entries of one step.
const STEP: usize = 4096;

/// How long a lease lasts. Whoever dies with it holds the log up for no longer; whoever seals steadily renews it each time.
pub const LEASE: Micros = 1_000_000;

/// So many times another's lease is waited for while the log does not grow. Whoever seals makes it longer; a lease that is only made new again and
/// again holds nobody off. Two that seal at once do no harm: each step is one transaction, and begins where the newest checkpoint ends.
pub(crate) const HELD_MAX: u32 = 3;

/// What the process does after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// It stays, and keeps the lease for a while.
    GoesOn,
    /// It ends.
    Ends,
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing waits any more.
    Done,
    /// More may wait.
    More,
    /// Another process has the lease, until then.
    Held(Micros),
}

/// Bytes of one name in a bundle of names: pseudonym and number.
const NAME: usize = 24;

/// Seals what waits.
pub struct Sealer {
    key: Arc<SecretKey>,
    holder: ActId,
    writer: Option<Writer>,
    /// How long the log was when another's lease was met, and how often that was so since.
    held: (u64, u32),
}

fn damaged(text: impl Into<String>) -> HistoryError {
    HistoryError::Store(StoreError::new(Trouble::Damaged, text))
}

impl Sealer {
    /// With the log's key, under an id that no other sealer has.
    #[must_use]
    pub const fn new(key: Arc<SecretKey>, holder: ActId) -> Self {
        Self { key, holder, writer: None, held: (0, 0) }
    }

    /// Seals the entries that wait, up to a number, in one transaction: their places, tiles, names, and a checkpoint. A process that ends
    /// lets go of the lease in the same transaction, so that nobody waits for it.
    ///
    /// # Errors
    /// The store, or a log that does not belong to its newest checkpoint. The caller rolls back.
    pub fn step<S: Store>(&mut self, store: &mut S, keys: &Keys, now: Micros, after: After) -> Result<Step, HistoryError> {
        let done = self.try_step(store, keys, now, after);
        if done.is_err() {
            self.writer = None;
        }
        done
    }

    fn try_step<S: Store>(&mut self, store: &mut S, keys: &Keys, now: Micros, after: After) -> Result<Step, HistoryError> {
        // Most often nothing waits, and then nothing is written.
        if store.waiting(1)?.is_empty() && store.newest_checkpoint()?.is_some() {
            return Ok(Step::Done);
        }
        self.locked(store, keys, now, after)
    }

    /// The step itself, under the lease.
    fn locked<S: Store>(&mut self, store: &mut S, keys: &Keys, now: Micros, after: After) -> Result<Step, HistoryError> {
        let names = keys.pseudonym_of("log", "names");
        let key = keys.file_key(Domain::Network, names)?;
        store.begin()?;
        if !store.take_lease("sealer", &self.holder, now, now.saturating_add(LEASE))? {
            self.writer = None;
            let until = store.lease_end("sealer")?.unwrap_or(now);
            let size = store.newest_checkpoint()?.map_or(0, |newest| newest.size);
            self.held = (size, if self.held.0 == size { self.held.1 + 1 } else { 1 });
            // At the instant at which the other's lease ends it is free for anybody.
            if self.held.1 <= HELD_MAX || !store.take_lease("sealer", &self.holder, until, until.max(now).saturating_add(LEASE))? {
                store.rollback()?;
                return Ok(Step::Held(until));
            }
        }
        self.held = (0, 0);
        let waiting = store.waiting(STEP)?;
        let newest = store.newest_checkpoint()?;
        // Another process may have sealed what waited before this one had the lease. What a witness has signed since is not signed over.
        if waiting.is_empty() && newest.is_some() {
            store.rollback()?;
            return Ok(Step::Done);
        }
        let mut writer = match self.writer.take() {
            Some(writer) if newest.as_ref().is_some_and(|newest| newest.size == writer.size()) => writer,
            _ => self.resume(store)?,
        };
        let from = writer.size();
        for entry in &waiting {
            writer.append(&entry.hash);
        }
        store.add_to_log(from, &waiting)?;
        for (tile, bytes) in writer.take() {
            store.put_tile(tile, &bytes)?;
        }
        self.put_names(store, &key, names, from, &waiting)?;
        let head = Head { size: writer.size(), root: writer.root() };
        let note = Checkpoint::new(self.key.public().name(), head).and_then(|checkpoint| checkpoint.sign(&self.key));
        let note = note.map_err(|error| damaged(error.to_string()))?;
        store.put_checkpoint(&CheckpointRow { size: head.size, note: note.to_string().into_bytes() })?;
        let is_idle = |old: &CheckpointRow| old.size < head.size && is_signed_once(old);
        if let Some(old) = newest.filter(is_idle)
            && !asked(store)?.contains(&old.size)
        {
            store.drop_checkpoint(old.size)?;
        }
        if after == After::Ends {
            store.take_lease("sealer", &self.holder, now, now)?;
        }
        crate::writer::crash_point("within-seal");
        store.commit()?;
        self.writer = Some(writer);
        Ok(if waiting.len() == STEP { Step::More } else { Step::Done })
    }

    /// The right edge of the log as it is kept, if it belongs to the newest checkpoint. A log that does not is never signed again.
    fn resume<S: Store>(&self, store: &S) -> Result<Writer, HistoryError> {
        let Some(newest) = store.newest_checkpoint()? else { return Ok(Writer::new()) };
        let trust = Trust::new(vec![self.key.public().clone()]).map_err(|error| damaged(error.to_string()))?;
        let head = trust.open(&newest.note).map_err(|error| damaged(format!("the newest checkpoint: {error}")))?.head();
        let writer = Writer::resume(&Tiles(store), head.size).map_err(|error| damaged(error.to_string()))?;
        if head.size != newest.size || writer.root() != head.root {
            return Err(damaged(format!("the log's tiles do not belong to the checkpoint of {} entries", head.size)));
        }
        Ok(writer)
    }

    /// Keeps, encrypted, which entry stands in which place: so that it can be said which files are touched where rows are gone.
    fn put_names<S: Store>(
        &self,
        store: &mut S,
        key: &crate::keys::FileKey,
        own: Pseudonym,
        from: u64,
        entries: &[Waiting],
    ) -> Result<(), HistoryError> {
        let mut rest = entries;
        let mut at = from;
        let mut files: std::collections::HashMap<i64, [u8; 16]> = std::collections::HashMap::new();
        while !rest.is_empty() {
            let (place, begun) = (at / WIDTH, at % WIDTH);
            let (now, later) = rest.split_at(rest.len().min(usize::try_from(WIDTH - begun).unwrap_or(1)));
            let mut bytes = match store.names(place)?.filter(|_| begun > 0) {
                Some((width, boxed)) => open_names(key, own, place, width, &boxed)?.to_vec(),
                None => Vec::new(),
            };
            for entry in now {
                let name = match files.get(&entry.file) {
                    Some(name) => *name,
                    None => {
                        store.file_by_id(entry.file)?.map(|file| file.name).ok_or_else(|| damaged("an entry waits whose file is gone"))?
                    }
                };
                files.insert(entry.file, name);
                bytes.extend_from_slice(&name);
                bytes.extend_from_slice(&entry.n.to_be_bytes());
            }
            let width = u16::try_from(bytes.len() / NAME).unwrap_or(0);
            let boxed = key.seal(&place_of_names(own, place, width), &bytes).map_err(|error| damaged(error.to_string()))?;
            store.put_names(place, width, &boxed)?;
            at += now.len() as u64;
            rest = later;
        }
        Ok(())
    }
}

fn place_of_names(own: Pseudonym, place: u64, width: u16) -> Place<'static> {
    Place { table: "names", file: own, n: place, i: u32::from(width), extra: &[] }
}

fn open_names(
    key: &crate::keys::FileKey,
    own: Pseudonym,
    place: u64,
    width: u16,
    boxed: &[u8],
) -> Result<zeroize::Zeroizing<Vec<u8>>, HistoryError> {
    let opened = key.open(&place_of_names(own, place, width), boxed);
    opened.map_err(|error| damaged(format!("the names of places {} on: {error}", place * WIDTH)))
}

/// Which entries the register said it put in 256 places from this one on: pseudonym and number. None where that is not kept or does not open.
pub fn names_from<S: Store>(store: &S, keys: &Keys, first: u64) -> Option<Vec<([u8; 16], u64)>> {
    let own = keys.pseudonym_of("log", "names");
    let key = keys.existing_file_key(Domain::Network, own).ok()??;
    let (width, boxed) = store.names(first / WIDTH).ok()??;
    let bytes = open_names(&key, own, first / WIDTH, width, &boxed).ok()?;
    let name =
        |bytes: &[u8; NAME]| bytes.split_first_chunk::<16>().and_then(|(name, n)| Some((*name, u64::from_be_bytes(n.try_into().ok()?))));
    bytes.as_chunks::<NAME>().0.iter().map(name).collect()
}

/// Which entry the register said it put in one place.
pub fn name_at<S: Store>(store: &S, keys: &Keys, place: u64) -> Option<([u8; 16], u64)> {
    let at = usize::try_from(place % WIDTH).ok()?;
    names_from(store, keys, place - place % WIDTH)?.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Entries as _, Log as _};
    use crate::testing::{Place, act, id};
    use crate::writer::Logged;

    fn now() -> Micros {
        jiff::Timestamp::now().as_microsecond()
    }

    #[test]
    fn a_process_that_ends_waits_for_the_lease_of_another_that_died_and_leaves_nothing_unsealed() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let register = place.register();
        let mut store = place.store();
        assert!(store.take_lease("sealer", &[9; 16], now(), now() + LEASE / 4).expect("asked"));
        register.append(act(id(1), "per_ada", 0, 3)).expect("kept");
        register.close();
        assert!(store.waiting(9).expect("read").is_empty());
        assert_eq!(store.newest_checkpoint().expect("read").map(|row| row.size), Some(3));
        assert!(store.take_lease("sealer", &[8; 16], now(), now() + LEASE).expect("asked"), "it let go of the lease when it ended");
    }

    #[test]
    fn a_step_under_anothers_lease_changes_nothing_and_says_until_when() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        place.register().append(act(id(1), "per_ada", 0, 1)).expect("kept");
        let mut store = place.store();
        let before = store.newest_checkpoint().expect("read");
        store.begin().and_then(|()| store.add_entry(1, &waiting())).and_then(|()| store.commit()).expect("it waits");
        let (begins, until) = (now() + LEASE, now() + 2 * LEASE);
        assert!(store.take_lease("sealer", &[9; 16], begins, until).expect("asked"), "the register ended, and its lease with it");
        let mut sealer = Sealer::new(Arc::new(crate::testing::signer()), [7; 16]);
        assert_eq!(sealer.step(&mut store, &place.keys, until - 1, After::GoesOn).expect("asked"), Step::Held(until));
        assert_eq!(store.newest_checkpoint().expect("read"), before);
        assert_eq!(sealer.step(&mut store, &place.keys, until, After::GoesOn).expect("asked"), Step::Done);
        assert_ne!(store.newest_checkpoint().expect("read"), before);
    }

    #[test]
    fn what_another_process_sealed_meanwhile_and_a_witness_signed_is_not_signed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        place.register().append(act(id(1), "per_ada", 0, 1)).expect("kept");
        let mut store = place.store();
        let newest = store.newest_checkpoint().expect("read").expect("there");
        let witness = openward_seal::note::key::WitnessKey::from_seed("witness.example", &[42; 32]).expect("a key");
        let mut note = openward_seal::note::Note::parse(&newest.note).expect("a note");
        note.add(note.cosignature(&witness, 1_700_000_000));
        let signed = CheckpointRow { size: newest.size, note: note.to_string().into_bytes() };
        store.put_checkpoint(&signed).expect("kept");
        let mut sealer = Sealer::new(Arc::new(crate::testing::signer()), [7; 16]);
        let later = now() + 9 * LEASE;
        assert_eq!(sealer.locked(&mut store, &place.keys, later, After::GoesOn).expect("asked"), Step::Done);
        assert_eq!(store.newest_checkpoint().expect("read"), Some(signed));
    }

    #[test]
    fn a_lease_that_is_made_new_while_nothing_is_sealed_holds_nobody_off_for_long() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        place.register().append(act(id(1), "per_ada", 0, 1)).expect("kept");
        let mut store = place.store();
        store.begin().and_then(|()| store.add_entry(1, &waiting())).and_then(|()| store.commit()).expect("it waits");
        let mut sealer = Sealer::new(Arc::new(crate::testing::signer()), [7; 16]);
        let mut at = now() + LEASE;
        for _ in 0..HELD_MAX {
            assert!(store.take_lease("sealer", &[9; 16], at, at + LEASE / 2).expect("asked"), "nobody else has it");
            assert_eq!(sealer.step(&mut store, &place.keys, at, After::GoesOn).expect("asked"), Step::Held(at + LEASE / 2));
            at += LEASE / 2;
        }
        assert!(store.take_lease("sealer", &[9; 16], at, at + LEASE / 2).expect("asked"), "nobody else has it");
        assert_eq!(sealer.step(&mut store, &place.keys, at, After::GoesOn).expect("asked"), Step::Done);
        assert!(store.waiting(9).expect("read").is_empty());
    }

    #[test]
    fn a_process_that_ends_leaves_nothing_unsealed_though_a_lease_is_made_new_again_and_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let register = place.register();
        let (stop, asked) = std::sync::mpsc::channel::<()>();
        let (begun, begins) = std::sync::mpsc::channel();
        let mut other = place.store();
        let holder = std::thread::spawn(move || {
            while asked.recv_timeout(std::time::Duration::from_millis(20)).is_err() {
                let at = now();
                // Nobody asks who had it: whoever can write the database can write this.
                let taken =
                    other.lease_end("sealer").and_then(|until| other.take_lease("sealer", &[9; 16], until.unwrap_or(at), at + LEASE / 2));
                taken.expect("written");
                let _ = begun.send(());
            }
        });
        begins.recv().expect("it is held");
        register.append(act(id(1), "per_ada", 0, 3)).expect("kept");
        assert_eq!(register.close(), Logged::All);
        stop.send(()).expect("it runs");
        holder.join().expect("it ended");
        assert!(place.store().waiting(9).expect("read").is_empty());
    }

    fn waiting() -> crate::store::EntryRow {
        let hash = openward_seal::digest::EntryHash::from_bytes([5; 32]);
        crate::store::EntryRow { n: 9, recorded: 0, prev: hash, hash, act: [5; 16], parts: Vec::new() }
    }

    /// An export may be proved by the checkpoint that a witness signed, and tiles grow after it.
    #[test]
    fn every_entry_is_proved_by_every_checkpoint_that_covers_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let mut rows = Vec::new();
        for (number, count) in [(1, 3), (2, 251), (3, 4), (4, 300)] {
            let register = place.register();
            register.append(crate::testing::act(crate::testing::id(number), &format!("per_{number}"), 0, count)).expect("kept");
            register.close();
            // The register itself lets go of those that nobody else signed.
            rows.extend(place.store().newest_checkpoint().expect("read"));
        }
        let (store, trust) = (place.store(), place.trust());
        assert!(rows.len() == 4 && rows.last().is_some_and(|row| row.size > 512), "{}", rows.len());
        for row in rows {
            let head = trust.open(&row.note).expect("signed").head();
            for at in [0, 2, 250, 255, 256, 257, head.size.saturating_sub(1)].into_iter().filter(|at| *at < head.size) {
                inclusion(&store, head, at).unwrap_or_else(|error| panic!("{at} of {}: {error}", head.size));
            }
        }
    }
}
