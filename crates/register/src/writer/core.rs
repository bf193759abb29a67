//! The one thread that writes: many acts in one transaction, each whole or not at all, acknowledged only when the disk has them.
//!
//! After a write that failed below the database nothing more is acknowledged, ever, by this process: a second sync that succeeds says nothing
//! about what the first one lost. Deliberately absent: a retry.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use openward_law::casefile::FileEntries;
use openward_seal::chain::{BEFORE_FIRST, Chain, FileTag};

use super::act::{Acknowledged, Numbered, Order, Refused};
use super::clock::{self, Time};
use super::outbox;
use crate::derived::{self, Cache, Laws};
use crate::entry::{Kept, Part};
use crate::history::{self, AsOf, HistoryError, place_of_part};
use crate::keys::{FileKey, KeyError, Keys};
use crate::sealer::{After, LEASE, Sealer, Step};
use crate::store::{ActId, ActRow, EntryRow, FileRow, Micros, PartRow, Store, StoreError, Trouble};

/// The most acts of one transaction. More would make the first of them wait too long.
const BATCH: usize = 256;

/// How long the sealer lets entries wait while acts keep coming.
const SEAL_EVERY: Duration = Duration::from_millis(100);

/// How long it waits when nothing comes, so that acts close together share a checkpoint.
const SEAL_IDLE: Duration = Duration::from_millis(20);

/// How often a process that ends waits for the lease. What still waits then is sealed by whoever opens the register next.
const LAST_TRIES: u32 = 4;

/// Work of another kind, in a transaction of its own.
pub(crate) type Work<S> = Box<dyn FnOnce(&mut Core<S>) -> Result<(), HistoryError> + Send>;

/// An act with whom to answer.
type Asked = (Box<Order>, SyncSender<Result<Acknowledged, Refused>>);

/// What comes to the writer.
pub(crate) enum Job<S: Store> {
    Act(Box<Order>, SyncSender<Result<Acknowledged, Refused>>),
    Work(Work<S>, SyncSender<Result<(), Refused>>),
    AcceptClock(SyncSender<Result<Micros, Refused>>),
    Close,
}

/// What the writer holds.
pub(crate) struct Core<S: Store> {
    pub(crate) store: S,
    pub(crate) keys: Arc<Keys>,
    pub(crate) laws: Arc<dyn Laws>,
    pub(crate) time: Time,
    pub(crate) cache: Cache,
    pub(crate) sealer: Sealer,
    sealed: Duration,
    /// Before this another process has the lease of the sealer.
    held: Duration,
    waiting: bool,
    stopped: Option<String>,
}

/// What kind of end an error is.
fn is_final(error: &StoreError) -> bool {
    !matches!(error.trouble, Trouble::Full | Trouble::Busy | Trouble::Rule)
}

impl<S: Store> Core<S> {
    pub(crate) fn new(store: S, keys: Arc<Keys>, laws: Arc<dyn Laws>, time: Time, sealer: Sealer) -> Self {
        let sealed = time.steady();
        Self { store, keys, laws, time, cache: Cache::default(), sealer, sealed, held: Duration::ZERO, waiting: true, stopped: None }
    }

    pub(crate) fn run(mut self, jobs: &Receiver<Job<S>>) {
        loop {
            let patience = if self.waiting { SEAL_IDLE.max(self.until_free()) } else { Duration::from_secs(3600) };
            let first = match jobs.recv_timeout(patience) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let idle = first.is_none();
            let mut batch = Vec::new();
            let mut next = first;
            let mut after = None;
            while let Some(job) = next {
                match job {
                    Job::Act(order, reply) => batch.push((order, reply)),
                    other => {
                        after = Some(other);
                        break;
                    }
                }
                next = if batch.len() < BATCH { jobs.try_recv().ok() } else { None };
            }
            if !batch.is_empty() {
                self.batch(batch);
            }
            match after {
                Some(Job::Close) => break,
                Some(Job::Work(work, reply)) => {
                    let done = self.work(work);
                    let _ = reply.send(done);
                }
                Some(Job::AcceptClock(reply)) => {
                    let done = self.accept_clock();
                    let _ = reply.send(done);
                }
                Some(Job::Act(..)) | None => {}
            }
            let is_time = idle || self.time.steady().saturating_sub(self.sealed) >= SEAL_EVERY;
            if self.waiting && is_time && self.until_free().is_zero() {
                self.seal(After::GoesOn);
            }
        }
        // What was acknowledged goes into the log before the end, if it can. Another process that has the lease takes it along, or lets go.
        for _ in 0..LAST_TRIES {
            while self.waiting && self.stopped.is_none() && self.until_free().is_zero() {
                self.seal(After::Ends);
            }
            if !self.waiting || self.stopped.is_some() {
                break;
            }
            std::thread::sleep(self.until_free());
        }
    }

    /// How long the lease is another's.
    fn until_free(&self) -> Duration {
        self.held.saturating_sub(self.time.steady())
    }

    /// Stops for good.
    fn stop(&mut self, error: &StoreError) {
        self.cache.clear();
        self.stopped.get_or_insert(error.to_string());
    }

    /// Ends a transaction that failed, and says what that means.
    fn fail(&mut self, error: StoreError) -> Refused {
        self.cache.clear();
        if let Err(worse) = self.store.rollback() {
            self.stop(&worse);
        }
        if is_final(&error) {
            self.stop(&error);
        }
        match (&self.stopped, error.trouble) {
            (Some(why), _) => Refused::Stopped(why.clone()),
            (None, Trouble::Full) => Refused::Full,
            (None, Trouble::Busy) => Refused::Busy,
            (None, _) => error.into(),
        }
    }

    fn batch(&mut self, batch: Vec<Asked>) {
        let (orders, replies): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        let answers = match self.transaction(&orders) {
            Ok(answers) => answers,
            Err(error) => {
                let first = self.fail(error);
                let again = |refused: &Refused| match refused {
                    Refused::Full => Refused::Full,
                    Refused::Stopped(why) => Refused::Stopped(why.clone()),
                    _ => Refused::Busy,
                };
                let rest: Vec<_> = replies.iter().skip(1).map(|_| Err(again(&first))).collect();
                std::iter::once(Err(first)).chain(rest).collect()
            }
        };
        for (answer, reply) in answers.into_iter().zip(replies) {
            // Whoever asked may have gone; the act stands all the same.
            let _ = reply.send(answer);
        }
    }

    /// All acts of a batch. An error is that of the whole transaction.
    fn transaction(&mut self, orders: &[Box<Order>]) -> Result<Vec<Result<Acknowledged, Refused>>, StoreError> {
        if let Some(why) = &self.stopped {
            return Ok(orders.iter().map(|_| Err(Refused::Stopped(why.clone()))).collect());
        }
        let now = match self.time.now() {
            Ok(now) => now,
            Err(jumped) => return Ok(orders.iter().map(|_| Err(Refused::Clock(jumped))).collect()),
        };
        // Keys of new files are made durable in one go, before anything that they close.
        let wanted: Vec<_> = orders.iter().map(|order| (order.domain, order.name)).collect();
        let keys = match self.keys.file_keys(&wanted) {
            Ok(keys) => keys,
            Err(error) => {
                return Ok(orders.iter().map(|_| Err(without_keys(&error))).collect());
            }
        };
        self.store.begin()?;
        let mut answers = Vec::with_capacity(orders.len());
        for (order, key) in orders.iter().zip(keys) {
            self.store.mark()?;
            let answer = match key {
                Ok(key) => self.one(order, &key, now),
                Err(error) => Err(Refused::History(error.into())),
            };
            match &answer {
                Ok(_) => self.store.keep()?,
                Err(Refused::History(HistoryError::Store(error))) if error.trouble != Trouble::Rule => return Err(error.clone()),
                Err(_) => {
                    self.cache.clear();
                    self.store.undo()?;
                }
            }
            answers.push(answer);
        }
        if answers.iter().any(|answer| answer.as_ref().is_ok_and(|done| !done.again)) {
            crash_point("before-commit");
            self.store.commit()?;
            crash_point("after-commit");
            self.waiting = true;
        } else {
            self.store.rollback()?;
        }
        // The acts are durable; an error from here on stops what comes, and takes nothing back.
        if let Err(error) = self.store.housekeeping()
            && is_final(&error)
        {
            self.stop(&error);
        }
        Ok(answers)
    }

    fn one(&mut self, order: &Order, key: &FileKey, now: Micros) -> Result<Acknowledged, Refused> {
        let name = *order.name.as_bytes();
        let found = self.store.file(&name)?;
        if let Some(act) = self.store.act(&order.id)? {
            return self.again(order, found, act);
        }
        let before = match found {
            Some(file) if (file.kind, file.domain) == (order.kind, order.domain.code()) => file,
            Some(_) => return Err(Refused::Form("the file is of another kind")),
            None => self.new_file(order)?,
        };
        if let Some(after) = order.after.filter(|after| *after != before.length) {
            let since = history::kept(&self.store, &self.keys, &before, after, AsOf::Now)?;
            return Err(Refused::Conflict { length: before.length, since });
        }
        let mut chain = Chain::resume(before.tag, before.length, before.head);
        let mut entries = Vec::with_capacity(order.drafts.len());
        let act = crate::keys::Pseudonym::from_bytes(order.id).to_string();
        for draft in &order.drafts {
            let header = draft.header(now, &act).map_err(|_| Refused::Form("no random bytes"))?;
            let parts: Vec<&Part> = std::iter::once(&header).chain(&draft.parts).collect();
            let hashes: Vec<_> = parts.iter().map(|part| part.hash()).collect();
            let appended = chain.append(&hashes).map_err(|_| Refused::Form("no parts, too many, or a file that is full"))?;
            let mut rows = Vec::with_capacity(parts.len());
            for ((i, part), hash) in (0..).zip(parts).zip(hashes) {
                let boxed = key.seal(&place_of_part(&before, appended.n, i, hash.as_bytes()), &part.joined());
                let boxed = boxed.map_err(|error| HistoryError::Box { n: appended.n, i, error })?;
                rows.push(PartRow { i, hash, boxed });
            }
            let row = EntryRow { n: appended.n, recorded: now, prev: appended.prev, hash: appended.hash, act: order.id, parts: rows };
            self.store.add_entry(before.id, &row)?;
            crash_point("within-act");
            entries.push(Numbered { n: appended.n, hash: appended.hash });
        }
        if !self.store.grow_file(before.id, before.length, chain.length(), &chain.head())? {
            return Err(Refused::Busy);
        }
        self.store.add_act(&order.id, &ActRow { file: before.id, first: before.length + 1, last: chain.length() })?;
        for (i, (due, plain)) in (0..).zip(&order.outbox) {
            self.store.add_outbox(&outbox::row(key, &before, (before.length + 1, i), *due, plain)?)?;
        }
        let file = FileRow { length: chain.length(), head: chain.head(), ..before.clone() };
        self.derive(order, &before, &file, now)?;
        Ok(Acknowledged { tag: file.tag, entries, recorded: now, again: false, receipts: Vec::new() })
    }

    fn new_file(&mut self, order: &Order) -> Result<FileRow, Refused> {
        let mut tag = [0; 16];
        getrandom::fill(&mut tag).map_err(|_| Refused::Form("no random bytes"))?;
        let (name, domain) = (*order.name.as_bytes(), order.domain.code());
        let file = FileRow { id: 0, name, kind: order.kind, domain, tag: FileTag::from_bytes(tag), length: 0, head: BEFORE_FIRST };
        let id = self.store.add_file(&file)?;
        self.cache.made();
        Ok(FileRow { id, ..file })
    }

    /// Forecasts and marks, in the same transaction.
    fn derive(&mut self, order: &Order, before: &FileRow, file: &FileRow, now: Micros) -> Result<(), HistoryError> {
        let Some(kind) = history::kind_of(order.kind) else { return Ok(()) };
        let mut loaded = self.cache.take(&self.store, &self.keys, before)?;
        let recorded = jiff::Timestamp::from_microsecond(now).ok();
        let id = order.entries.first().map(|entry| entry.file.clone()).unwrap_or_default();
        let own = loaded.entries.get_or_insert_with(|| FileEntries { id, kind, entries: Vec::new() });
        own.entries.extend(order.entries.iter().map(|entry| openward_law::entry::Entry { recorded, ..entry.clone() }));
        loaded.row = file.clone();
        self.cache.put(loaded);
        derived::mark(&mut self.store, file)?;
        derived::refold(&mut self.store, &self.keys, self.laws.as_ref(), &mut self.cache, file)
    }

    /// An act that comes a second time.
    fn again(&mut self, order: &Order, found: Option<FileRow>, act: ActRow) -> Result<Acknowledged, Refused> {
        let file = found.filter(|file| file.id == act.file).ok_or(Refused::OtherAct)?;
        let rows = self.store.entries(file.id, act.first, act.last)?;
        if rows.len() != order.drafts.len() {
            return Err(Refused::OtherAct);
        }
        if !order.entries.is_empty() {
            let key = history::key_of(&self.keys, &file)?;
            let kept = rows.iter().map(|row| history::open_entry(&key, &file, row)).collect::<Result<Vec<Kept>, _>>()?;
            if kept.iter().map(Kept::as_brought).ne(order.entries.iter().cloned()) {
                return Err(Refused::OtherAct);
            }
        }
        let recorded = rows.first().map_or(0, |row| row.recorded);
        let entries = rows.iter().map(|row| Numbered { n: row.n, hash: row.hash }).collect();
        Ok(Acknowledged { tag: file.tag, entries, recorded, again: true, receipts: Vec::new() })
    }

    /// Other work, in a transaction of its own.
    fn work(&mut self, work: Work<S>) -> Result<(), Refused> {
        if let Some(why) = &self.stopped {
            return Err(Refused::Stopped(why.clone()));
        }
        if let Err(error) = self.store.begin() {
            return Err(self.fail(error));
        }
        match work(self) {
            Ok(()) => self.store.commit().map_err(|error| self.fail(error)),
            Err(HistoryError::Store(error)) => Err(self.fail(error)),
            Err(error) => {
                self.cache.clear();
                match self.store.rollback() {
                    Ok(()) => Err(error.into()),
                    Err(error) => Err(self.fail(error)),
                }
            }
        }
    }

    fn accept_clock(&mut self) -> Result<Micros, Refused> {
        let judged = self.time.judged();
        let (at, jump) = self.time.accept();
        // As an entry of a stream of its own it is sealed like any other: nobody can take it away unseen.
        let kept = clock::order(&self.keys, at, jump).and_then(|order| {
            self.transaction(&[Box::new(order)]).map_err(|error| self.fail(error))?.into_iter().collect::<Result<Vec<_>, _>>()
        });
        // What was not kept was not said: the clock is refused as before.
        if kept.is_err() {
            self.time.judge_again(judged);
        }
        kept.map(|_| jump)
    }

    fn seal(&mut self, after: After) {
        self.sealed = self.time.steady();
        if self.stopped.is_some() {
            self.waiting = false;
            return;
        }
        match self.sealer.step(&mut self.store, &self.keys, self.time.wall(), after) {
            Ok(step) => {
                self.waiting = step != Step::Done;
                if let Step::Held(until) = step {
                    // No clock is trusted with a longer wait than a lease can last.
                    let wait = until.saturating_sub(self.time.wall()).clamp(0, LEASE);
                    self.held = self.sealed + Duration::from_micros(wait.unsigned_abs());
                }
            }
            Err(HistoryError::Store(error)) => {
                self.waiting = !is_final(&error);
                self.fail(error);
                self.held = self.sealed + SEAL_EVERY;
            }
            // No key could be made for the names of the log, and nothing was written: it is tried again.
            Err(HistoryError::Key(KeyError::Full | KeyError::Busy)) => self.held = self.sealed + SEAL_EVERY,
            Err(error) => {
                // A log that does not belong to its checkpoint: nothing more may be signed.
                self.stop(&StoreError::new(Trouble::Damaged, error.to_string()));
                self.waiting = false;
            }
        }
    }
}

/// The key store's trouble, for each of a batch: nothing of any act was written yet.
fn without_keys(error: &KeyError) -> Refused {
    match error {
        KeyError::Full => Refused::Full,
        KeyError::Busy => Refused::Busy,
        other => StoreError::new(Trouble::Other, other.to_string()).into(),
    }
}

/// A place where the crash test ends the process, to see what is left of an act. Without its environment variable nothing happens.
fn crash_point(place: &str) {
    #[cfg(test)]
    super::crash::here(place);
    #[cfg(not(test))]
    let _ = place;
}

/// An id that nobody else has.
pub(crate) fn random_id() -> Result<ActId, Refused> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(|_| Refused::Form("no random bytes"))?;
    Ok(id)
}
