//! The one thread that writes: what waits is taken together, and acknowledged only when the disk has it.
//!
//! After a write that failed below the database nothing more is acknowledged, ever, by this process: a second sync that succeeds says nothing
//! about what the first one lost. Deliberately absent: a retry.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use super::act::{Acknowledged, Order, Refused};
use super::clock::{self, Time};
use super::marks::QUIET;
use crate::derived::{Cache, Laws};
use crate::history::HistoryError;
use crate::house::moves::is_away;
use crate::keys::{KeyError, Keys};
use crate::sealer::{After, HELD_MAX, LEASE, Sealer, Step};
use crate::store::{ActId, Micros, Store, StoreError, Trouble};

/// The most acts of one transaction. More would make the first of them wait too long.
const BATCH: usize = 256;

/// How long the sealer lets entries wait while acts keep coming.
const SEAL_EVERY: Duration = Duration::from_millis(100);

/// How long it waits when nothing comes, so that acts close together share a checkpoint.
const SEAL_IDLE: Duration = Duration::from_millis(20);

/// How often a process that ends tries: once more than another's lease is waited for. What still waits then is sealed by whoever opens the register
/// next.
const LAST_TRIES: u32 = HELD_MAX + 2;

/// Whether what was acknowledged is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logged {
    /// All of it.
    All,
    /// Something waits for it: until it is in the log, somebody who can write the database can take it away, and only its receipt shows it.
    NotAll,
}

/// So long at a time the thread waits for those whom it answered just now, when there were several: with many at once most come back with
/// their next act, and one sync for all of them takes less of everybody's time than two. In all it waits no longer than the last sync took,
/// so that where the disk is fast nobody waits.
const GATHER: Duration = Duration::from_micros(250);

/// Nor longer than this.
const GATHER_MAX: Duration = Duration::from_millis(5);

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
    /// How many acts the last transaction held, and how long its commit took.
    pub(super) last: (usize, Duration),
    /// Before this another process has the lease of the sealer.
    held: Duration,
    waiting: bool,
    /// Forecasts may be marked: how long nothing must have come before they are folded again.
    marked: Option<Duration>,
    stopped: Option<String>,
}

/// What kind of end an error is.
fn is_final(error: &StoreError) -> bool {
    !matches!(error.trouble, Trouble::Full | Trouble::Busy | Trouble::Rule)
}

impl<S: Store> Core<S> {
    pub(crate) fn new(store: S, keys: Arc<Keys>, laws: Arc<dyn Laws>, time: Time, sealer: Sealer) -> Self {
        let sealed = time.steady();
        Self {
            store,
            keys,
            laws,
            time,
            cache: Cache::default(),
            sealer,
            sealed,
            last: (0, Duration::ZERO),
            held: Duration::ZERO,
            waiting: true,
            marked: Some(QUIET),
            stopped: None,
        }
    }

    /// Works until the end; says whether all that was acknowledged is in the log then.
    pub(crate) fn run(mut self, jobs: &Receiver<Job<S>>) -> Logged {
        loop {
            let quiet = self.marked.unwrap_or(Duration::from_secs(3600));
            let patience = if self.waiting { SEAL_IDLE.max(self.until_free()) } else { quiet };
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
                if after.is_none() {
                    after = self.gather(&mut batch, jobs);
                }
                self.last.0 = batch.len();
                self.batch(batch);
            }
            match after {
                Some(Job::Close) => break,
                Some(Job::Work(work, reply)) => {
                    let done = self.work(work);
                    self.marked = Some(QUIET);
                    let _ = reply.send(done);
                }
                Some(Job::AcceptClock(reply)) => {
                    let done = self.accept_clock();
                    let _ = reply.send(done);
                }
                Some(Job::Act(..)) | None => {}
            }
            if idle && !self.waiting && self.marked.is_some() {
                self.marked = self.while_quiet();
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
        // What was refused for good is not known to be there; what waits is.
        if self.store.waiting(1).is_ok_and(|waiting| waiting.is_empty()) { Logged::All } else { Logged::NotAll }
    }

    /// Takes along who comes within moments, as long as fewer are here than were answered last, and somebody comes. Whoever comes alone is
    /// never kept waiting. Gives what is no act, if that came.
    fn gather(&self, batch: &mut Vec<Asked>, jobs: &Receiver<Job<S>>) -> Option<Job<S>> {
        let (answered, synced) = self.last;
        let mut patience = synced.min(GATHER_MAX);
        while batch.len() < answered && patience >= GATHER {
            patience -= GATHER;
            std::thread::sleep(GATHER);
            let before = batch.len();
            while batch.len() < BATCH {
                match jobs.try_recv() {
                    Ok(Job::Act(order, reply)) => batch.push((order, reply)),
                    Ok(other) => return Some(other),
                    Err(_) => break,
                }
            }
            if batch.len() == before {
                break;
            }
        }
        None
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

    pub(super) fn batch(&mut self, batch: Vec<Asked>) {
        let (orders, replies): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        let answers = match self.transaction(&orders) {
            Ok(Some(answers)) => answers,
            Ok(None) => orders.iter().map(|order| self.alone(std::slice::from_ref(order))).collect(),
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

    /// One act in a transaction of its own.
    fn alone(&mut self, order: &[Box<Order>]) -> Result<Acknowledged, Refused> {
        match self.transaction(order) {
            Ok(answers) => answers.and_then(|mut answers| answers.pop()).unwrap_or(Err(Refused::Busy)),
            Err(error) => Err(self.fail(error)),
        }
    }

    /// All acts of a batch, as [`Self::together`] says.
    fn transaction(&mut self, orders: &[Box<Order>]) -> Result<Option<Vec<Result<Acknowledged, Refused>>>, StoreError> {
        if let Some(why) = &self.stopped {
            return Ok(Some(orders.iter().map(|_| Err(Refused::Stopped(why.clone()))).collect()));
        }
        let now = match self.time.now() {
            Ok(now) => now,
            Err(jumped) => return Ok(Some(orders.iter().map(|_| Err(Refused::Clock(jumped))).collect())),
        };
        let answers = self.together(orders, now)?;
        // The acts are durable; an error from here on stops what comes, and takes nothing back.
        if let Err(error) = self.store.housekeeping()
            && is_final(&error)
        {
            self.stop(&error);
        }
        Ok(answers)
    }

    /// Two places that write one register would sign two logs. Asked within each transaction: another process may have moved it away.
    pub(super) fn still_here(&self) -> Result<(), HistoryError> {
        if is_away(&self.store)? { Err(HistoryError::Away) } else { Ok(()) }
    }

    /// Something waits for the log.
    pub(super) const fn wait_for_log(&mut self) {
        self.waiting = true;
        self.marked = Some(QUIET);
    }

    /// Other work, in a transaction of its own.
    pub(super) fn work(&mut self, work: Work<S>) -> Result<(), Refused> {
        if let Some(why) = &self.stopped {
            return Err(Refused::Stopped(why.clone()));
        }
        if let Err(error) = self.store.begin() {
            return Err(self.fail(error));
        }
        match self.cache.begin(&self.store, &self.keys).and_then(|()| self.still_here()).and_then(|()| work(self)) {
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
        let kept = clock::order(&self.keys, at, jump).and_then(|order| self.alone(&[Box::new(order)]));
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
pub(super) fn without_keys(error: &KeyError) -> Refused {
    match error {
        KeyError::Full => Refused::Full,
        KeyError::Busy => Refused::Busy,
        other => StoreError::new(Trouble::Other, other.to_string()).into(),
    }
}

/// A place where the crash test ends the process, to see what is left of an act. Without its environment variable nothing happens.
pub(crate) fn crash_point(place: &str) {
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
