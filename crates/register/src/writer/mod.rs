//! The register at work: acts in, acknowledgements out, one thread that writes and as many that read.
//!
//! [`Register`] is the way in for everything that runs. Deliberately absent: who may do what, and any network.

mod act;
mod batch;
#[cfg(test)]
mod beside;
pub mod clock;
mod core;
#[cfg(test)]
mod crash;
mod destroy;
#[cfg(test)]
mod histories;
mod marks;
pub(crate) mod outbox;
#[cfg(test)]
mod tests;

pub use self::core::Logged;
pub use self::outbox::Due;
pub use act::{Acknowledged, Act, Numbered, Refused};
pub use destroy::{Gone, not_destroyed, returned, settle};

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use openward_law::casefile::file_kinds;
use openward_law::entry::{Entry, FileKind};
use openward_seal::chain::FileTag;
use openward_seal::checkpoint::Trust;
use openward_seal::digest::EntryHash;
use openward_seal::note::key::SecretKey;
use openward_seal::receipt::{Acknowledgement, Receipt};

use self::act::Order;
use self::clock::{Clock, Jumped, Machine, Time};
use self::core::Job;
pub(crate) use self::core::{Core, crash_point, random_id};
use crate::derived::{self, Laws, check};
use crate::entry::{Draft, Kept};
use crate::history::{self, AsOf, HistoryError};
use crate::house::moves::is_away;
use crate::keys::{Domain, KeyError, Keys, Pseudonym};
use crate::sealer::{self, Sealer};
use crate::store::{FileRow, ForecastRow, Micros, OutboxPlace, PartRow, Store, StoreError, Trouble};

/// So many files whose forecasts are marked are refolded in one transaction.
const REFOLDED: usize = 64;

/// So many acts may wait; the next is told to come again.
const QUEUE: usize = 1024;

/// What the register is opened with.
pub struct Parts {
    /// The keys.
    pub keys: Arc<Keys>,
    /// The laws.
    pub laws: Arc<dyn Laws>,
    /// The log's key; its name is the log's origin.
    pub signer: SecretKey,
    /// The clocks.
    pub clock: Box<dyn Clock>,
}

impl Parts {
    /// With the clocks of this machine.
    #[must_use]
    pub fn new(keys: Arc<Keys>, laws: Arc<dyn Laws>, signer: SecretKey) -> Self {
        Self { keys, laws, signer, clock: Box::new(Machine::new()) }
    }
}

/// A register that is open for writing. Share it among threads.
pub struct Register<S: Store + 'static> {
    jobs: SyncSender<Job<S>>,
    writer: Option<JoinHandle<Logged>>,
    keys: Arc<Keys>,
    laws: Arc<dyn Laws>,
    signer: Arc<SecretKey>,
    trust: Trust,
    pub(crate) recent: crate::reads::Recent,
    reader: std::sync::Mutex<S>,
}

impl<S: Store + 'static> Register<S> {
    /// Opens a register: the store's connection goes to the writer's thread.
    ///
    /// # Errors
    /// Trouble of the store, a register whose log has another origin than the key's name, or one that was moved away.
    pub fn open(mut store: S, parts: Parts) -> Result<Self, HistoryError> {
        let damaged = |text: String| StoreError::new(Trouble::Damaged, text);
        let origin = parts.signer.public().name().as_bytes().to_vec();
        match store.meta("origin")? {
            Some(found) if found != origin => {
                return Err(damaged("the key's name is not the origin of this register's log".to_owned()).into());
            }
            Some(_) => {}
            None => store.set_meta("origin", &origin)?,
        }
        if is_away(&store)? {
            return Err(HistoryError::Away);
        }
        let trust = Trust::new(vec![parts.signer.public().clone()]).map_err(|error| damaged(error.to_string()))?;
        let reader = std::sync::Mutex::new(store.reader()?);
        let time = Time::new(parts.clock, store.last_recorded()?, clock::jumps(&store, &parts.keys)?.pop());
        let signer = Arc::new(parts.signer);
        let holder = random_id().map_err(|_| damaged("no random bytes".to_owned()))?;
        let core = Core::new(store, Arc::clone(&parts.keys), Arc::clone(&parts.laws), time, Sealer::new(Arc::clone(&signer), holder));
        let (jobs, queue) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new().name("register".to_owned()).spawn(move || core.run(&queue));
        let writer = Some(thread.map_err(|error| StoreError::new(Trouble::Other, error.to_string()))?);
        Ok(Self { jobs, writer, keys: parts.keys, laws: parts.laws, signer, trust, recent: crate::reads::Recent::default(), reader })
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Whom to trust for this register's log: its own key.
    #[must_use]
    pub const fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Another connection that reads.
    ///
    /// # Errors
    /// Trouble of the store.
    pub fn reader(&self) -> Result<S, HistoryError> {
        Ok(self.shared()?.reader()?)
    }

    fn shared(&self) -> Result<std::sync::MutexGuard<'_, S>, HistoryError> {
        self.reader.lock().map_err(|_| StoreError::new(Trouble::Other, "a thread that read has failed").into())
    }

    fn ask<T>(&self, job: impl FnOnce(SyncSender<Result<T, Refused>>) -> Job<S>) -> Result<T, Refused> {
        let (reply, answer) = sync_channel(1);
        self.jobs.try_send(job(reply)).map_err(|error| match error {
            TrySendError::Full(_) => Refused::Busy,
            TrySendError::Disconnected(_) => Refused::Stopped("its writer is gone".to_owned()),
        })?;
        answer.recv().map_err(|_| Refused::Stopped("its writer is gone".to_owned()))?
    }

    /// Keeps an act. When it returns, the disk has it.
    ///
    /// # Errors
    /// Nothing of the act was kept; [`Refused`] says why.
    pub fn append(&self, act: Act) -> Result<Acknowledged, Refused> {
        self.order(self.order_of(act)?)
    }

    fn order_of(&self, act: Act) -> Result<Order, Refused> {
        let kind = FileKind::of(&act.file).ok_or(Refused::Form("the file's id has no known prefix"))?;
        check_form(&act, kind)?;
        let mut documents: Vec<Vec<Vec<u8>>> = act.entries.iter().map(|_| Vec::new()).collect();
        for (at, reference) in act.documents {
            documents.get_mut(at).ok_or(Refused::Form("a document of no entry"))?.push(reference.to_bytes().to_vec());
        }
        let drafts = act.entries.iter().zip(documents).map(|(entry, documents)| Draft::of(entry, documents)).collect::<Result<Vec<_>, _>>();
        let mut drafts = drafts.map_err(|_| Refused::Form("no random bytes"))?;
        if let Some(first) = drafts.first_mut() {
            first.sends(act.outbox.len());
        }
        let (name, domain) = (self.keys.pseudonym(&act.file), history::domain_of(kind));
        let closed = self.closed(domain, name, act.after, &drafts)?;
        Ok(Order {
            id: act.id,
            name,
            kind: history::kind_code(kind),
            domain,
            after: Some(act.after),
            closed,
            drafts,
            entries: act.entries,
            outbox: act.outbox,
        })
    }

    /// What of an act can be closed here, so that the thread that writes need not: all but the headers. Nothing where the file has no key
    /// yet, or none that can be had: what that means is for the writer to say. Their numbers are right, or the act is refused.
    fn closed(&self, domain: Domain, name: Pseudonym, after: u64, drafts: &[Draft]) -> Result<Vec<Vec<PartRow>>, Refused> {
        let Ok(Some(key)) = self.keys.existing_file_key(domain, name) else { return Ok(Vec::new()) };
        let closed = (after.saturating_add(1)..).zip(drafts).map(|(n, draft)| batch::close(&key, name, n, 1, draft.parts.iter()));
        Ok(closed.collect::<Result<_, _>>()?)
    }

    pub(crate) fn order(&self, order: Order) -> Result<Acknowledged, Refused> {
        let mut done = self.ask(|reply| Job::Act(Box::new(order), reply))?;
        // Signing is slow and needs nobody to wait: it is done here, not on the thread that writes.
        for entry in &done.entries {
            let note = self.sign(done.tag, entry.n, entry.hash, done.recorded)?;
            done.receipts.push(note);
        }
        Ok(done)
    }

    /// The first stage of a receipt, signed.
    pub(crate) fn sign(&self, file: FileTag, n: u64, entry: EntryHash, recorded: Micros) -> Result<String, Refused> {
        let at = u64::try_from(recorded / 1_000_000).unwrap_or(0);
        let note = Acknowledgement { origin: self.trust.origin().to_owned(), file, n, entry, at }.sign(&self.signer);
        Ok(note.map_err(|_| Refused::Form("the log's key has another name"))?.to_string())
    }

    /// The second stage of a receipt, from the first: none as long as the entry is not in the log.
    ///
    /// # Errors
    /// A first stage that this log did not sign, or trouble of the store.
    pub fn receipt(&self, file: &str, first: &str) -> Result<Option<Receipt>, HistoryError> {
        let damaged = |text: String| StoreError::new(Trouble::Damaged, text);
        let stage = Acknowledgement::open(first.as_bytes(), &self.trust).map_err(|error| damaged(error.to_string()))?;
        // The sealer takes a narrower tile away when it writes the wider one: place, checkpoint and tiles are those of one moment.
        self.shared()?.at_once(|store| {
            let row = store.file(self.keys.pseudonym(file).as_bytes())?.ok_or(HistoryError::NoFile)?;
            sealer::receipt(store, &self.trust, row.id, stage.n, first)
        })
    }

    /// A file's row.
    ///
    /// # Errors
    /// Trouble of the store, or no such file.
    pub fn file(&self, id: &str) -> Result<FileRow, HistoryError> {
        self.shared()?.file(self.keys.pseudonym(id).as_bytes())?.ok_or(HistoryError::NoFile)
    }

    /// A file's entries up to a point. What people read goes through [`Self::read`], which is recorded.
    ///
    /// # Errors
    /// As [`HistoryError`] says.
    pub fn history(&self, id: &str, as_of: AsOf) -> Result<Vec<Kept>, HistoryError> {
        let file = self.file(id)?;
        history::kept(&*self.shared()?, &self.keys, &file, 0, as_of)
    }

    /// A file's forecasts, refolded first where something that they rely on has changed, or the pack has.
    ///
    /// # Errors
    /// As [`HistoryError`] says, or a register that cannot write.
    pub fn forecasts(&self, id: &str) -> Result<Vec<ForecastRow>, Refused> {
        // Length, context, boxes, spans and duties are those of one moment: a box opens only beside the spans it was closed with.
        let (file, mut kept, context) = self.shared()?.at_once(|store| {
            let file = store.file(self.keys.pseudonym(id).as_bytes())?.ok_or(HistoryError::NoFile)?;
            let context = derived::context_now(store, &self.keys, &file)?;
            let kept = store.forecasts(file.id)?;
            Ok::<_, HistoryError>((file, kept, context))
        })?;
        // A mark says where to look; whether a forecast still holds is told by what it was computed from.
        for row in &mut kept {
            let of_law = self.laws.law(&row.law).is_some_and(|law| derived::digest_of(&law) == row.digest);
            row.stale = !of_law || row.context != context || row.length != file.length;
        }
        // No place had said its law when the file was folded: one may have done so since.
        let is_destroyed = || matches!(history::key_of(&self.keys, &file), Err(HistoryError::Key(KeyError::Destroyed { .. })));
        let none_yet = kept.is_empty() && file.kind == history::kind_code(FileKind::Person) && !is_destroyed();
        if !none_yet && kept.iter().all(|row| !row.stale) {
            return Ok(kept);
        }
        self.refold(file.id)?;
        let fresh = self.shared()?.at_once(|store| store.forecasts(file.id)).map_err(HistoryError::Store)?;
        Ok(fresh.into_iter().map(|row| ForecastRow { stale: false, ..row }).collect())
    }

    /// Refolds files whose forecasts are marked, up to a number. Gives how many. No transaction holds more than a few, so that acts go on. The
    /// writer does the same by itself when nothing has come for a second.
    ///
    /// # Errors
    /// As [`Self::forecasts`].
    pub fn refold_marked(&self, most: usize) -> Result<usize, Refused> {
        let mut done = 0;
        while done < most {
            let count = REFOLDED.min(most - done);
            let now = Arc::new(AtomicUsize::new(0));
            let here = Arc::clone(&now);
            self.work(move |core| {
                here.store(core.refold_marked(count)?, Ordering::Relaxed);
                Ok(())
            })?;
            match now.load(Ordering::Relaxed) {
                0 => break,
                some => done += some,
            }
        }
        Ok(done)
    }

    fn refold(&self, file: i64) -> Result<(), Refused> {
        self.work(move |core| {
            let row = core.store.file_by_id(file)?.ok_or(HistoryError::NoFile)?;
            derived::refold(&mut core.store, &core.keys, core.laws.as_ref(), &mut core.cache, &row)
        })
    }

    pub(crate) fn work(&self, work: impl FnOnce(&mut Core<S>) -> Result<(), HistoryError> + Send + 'static) -> Result<(), Refused> {
        self.ask(|reply| Job::Work(Box::new(work), reply))
    }

    /// Computes every forecast again.
    ///
    /// # Errors
    /// As [`check::rebuild`]; then nothing was changed.
    pub fn rebuild(&self) -> Result<(), Refused> {
        self.work(|core| check::rebuild(&mut core.store, &core.keys, core.laws.as_ref()).map(|_| ()))
    }

    /// Whether the clock is where it should be; if not, how far from there. Acts are refused then.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn clock_jumped(&self) -> Result<Option<Jumped>, Refused> {
        let (send, receive) = sync_channel(1);
        self.work(move |core| {
            let _ = send.send(core.time.now().err());
            Ok(())
        })?;
        receive.recv().map_err(|_| Refused::Stopped("its writer is gone".to_owned()))
    }

    /// Says that the clock is right after it jumped. Gives how far it had jumped, in microseconds; that is kept.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn accept_clock(&self) -> Result<Micros, Refused> {
        self.ask(Job::AcceptClock)
    }

    /// What waits to be sent and may go, up to a number of messages that open. One that was changed keeps no other back.
    ///
    /// # Errors
    /// As [`HistoryError`] says.
    pub fn outbox(&self, at: Micros, most: usize) -> Result<Due, HistoryError> {
        let store = self.shared()?;
        let mut count = most;
        loop {
            let rows = store.outbox_due(at, count)?;
            let is_all = rows.len() < count;
            let mut due = Due::default();
            for row in rows {
                let opened = (|| {
                    let file = store.file_by_id(row.place.file)?.ok_or(HistoryError::NoFile)?;
                    outbox::open(&*history::key_of(&self.keys, &file)?, &file, &row)
                })();
                match opened {
                    Ok(content) => due.ready.push((row.place, content.to_vec())),
                    Err(error) => due.broken.push((row.place, error)),
                }
            }
            // Those that do not open take nobody's place in the row.
            if is_all || due.ready.len() >= most {
                due.ready.truncate(most);
                return Ok(due);
            }
            count = most.saturating_add(due.broken.len());
        }
    }

    /// Says that it went. Said again it changes nothing.
    ///
    /// # Errors
    /// A register that cannot write, or a row that was changed.
    pub fn sent(&self, place: OutboxPlace) -> Result<(), Refused> {
        self.work(move |core| outbox::done(&mut core.store, &core.keys, place))
    }

    /// The jumps of the clock that somebody said were right: when, and how far, in microseconds. They stand in a stream of their own.
    ///
    /// # Errors
    /// As [`HistoryError`] says.
    pub fn clock_jumps(&self) -> Result<Vec<(Micros, Micros)>, HistoryError> {
        clock::jumps(&*self.shared()?, &self.keys)
    }

    pub(crate) fn order_of_reads(&self, name: Pseudonym, draft: Draft) -> Result<Order, Refused> {
        let id = random_id()?;
        Ok(Order {
            id,
            name,
            kind: history::READS,
            domain: Domain::Care,
            after: None,
            drafts: vec![draft],
            closed: Vec::new(),
            entries: Vec::new(),
            outbox: Vec::new(),
        })
    }

    /// Writes what waits into the log and ends. Says whether all of it is there: a foreign lease or a full disk may hold it off.
    #[allow(clippy::must_use_candidate, reason = "most who close have nothing to say about it")]
    pub fn close(mut self) -> Logged {
        self.end()
    }

    fn end(&mut self) -> Logged {
        let _ = self.jobs.send(Job::Close);
        self.writer.take().and_then(|writer| writer.join().ok()).unwrap_or(Logged::NotAll)
    }
}

impl<S: Store + 'static> Drop for Register<S> {
    fn drop(&mut self) {
        self.end();
    }
}

/// What can be told of an act without the file.
fn check_form(act: &Act, kind: FileKind) -> Result<(), Refused> {
    let is_right = |(n, entry): (u64, &Entry)| {
        entry.file == act.file
            && u64::from(entry.n) == n
            && file_kinds(entry.fact).contains(&kind)
            && entry.corrects.as_ref().is_none_or(|correction| correction.n > 0 && correction.n < entry.n)
    };
    if act.entries.is_empty() {
        return Err(Refused::Form("an act without entries"));
    }
    let first = act.after.saturating_add(1);
    if (first..).zip(&act.entries).all(is_right) {
        Ok(())
    } else {
        Err(Refused::Form("an entry of another file, with a number that is not next, or whose fact does not belong in this kind of file"))
    }
}
