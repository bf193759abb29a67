//! Many acts in one transaction: first what each is to leave is made ready, then it is written, then forecasts are folded, all at once.
//!
//! INVARIANT: an act is refused before anything of it is written. Where one fails later, the whole transaction is undone and each act gets
//! one of its own, so that no act takes another with it. Deliberately absent: answering, and what a failure means for the register (`core`).

use std::sync::Arc;

use openward_law::entry::Entry;
use openward_seal::chain::{BEFORE_FIRST, Chain, FileTag};

use super::act::{Acknowledged, Numbered, Order, Refused};
use super::core::{Core, crash_point, without_keys};
use super::outbox;
use crate::derived;
use crate::entry::{Kept, Part};
use crate::history::{self, AsOf, HistoryError, place_in};
use crate::keys::{FileKey, KeyError, Pseudonym};
use crate::store::{ActRow, EntryRow, FileRow, Micros, PartRow, Store, StoreError, Trouble};

/// The key of each act's file.
type KeysOf = Vec<Result<Arc<FileKey>, KeyError>>;

/// What an act is to leave.
struct Ready {
    /// The file as it is; its number is 0 where it is new.
    before: FileRow,
    rows: Vec<EntryRow>,
    after: FileRow,
}

/// An act that was looked at.
enum Looked {
    /// It comes a second time.
    Again(Acknowledged),
    Ready(Ready),
}

/// Closes parts of an entry, numbered from `first` on.
pub(super) fn close<'p>(
    key: &FileKey,
    file: Pseudonym,
    n: u64,
    first: u32,
    parts: impl Iterator<Item = &'p Part>,
) -> Result<Vec<PartRow>, HistoryError> {
    let close = |(i, part): (u32, &Part)| {
        let hash = part.hash();
        let boxed = key.seal(&place_in(file, n, i, hash.as_bytes()), &part.joined());
        Ok(PartRow { i, hash, boxed: boxed.map_err(|error| HistoryError::Box { n, i, error })? })
    };
    (first..).zip(parts).map(close).collect()
}

impl<S: Store> Core<S> {
    /// All acts of a batch, durable when this returns. None: one of several failed after it had begun to write; nothing of any was kept, and
    /// each is to be tried by itself. An error is that of the whole transaction.
    pub(super) fn together(
        &mut self,
        orders: &[Box<Order>],
        now: Micros,
    ) -> Result<Option<Vec<Result<Acknowledged, Refused>>>, StoreError> {
        // Keys of new files are made durable in one go, before anything that they close.
        let wanted: Vec<_> = orders.iter().map(|order| (order.domain, order.name)).collect();
        let keys = match self.keys.file_keys(&wanted) {
            Ok(keys) => keys,
            Err(error) => return Ok(Some(orders.iter().map(|_| Err(without_keys(&error))).collect())),
        };
        self.store.begin()?;
        match self.within(orders, keys, now) {
            Ok(answers) => {
                if answers.iter().any(|answer| answer.as_ref().is_ok_and(|done| !done.again)) {
                    crash_point("before-commit");
                    let started = self.time.steady();
                    self.store.commit()?;
                    self.last.1 = self.time.steady().saturating_sub(started);
                    crash_point("after-commit");
                    self.wait_for_log();
                } else {
                    self.store.rollback()?;
                }
                Ok(Some(answers))
            }
            Err(Refused::History(HistoryError::Store(error))) if error.trouble != Trouble::Rule => Err(error),
            Err(refused) => {
                self.cache.clear();
                self.store.rollback()?;
                Ok((orders.len() == 1).then(|| vec![Err(refused)]))
            }
        }
    }

    /// An error is one after which nothing may be kept.
    fn within(&mut self, orders: &[Box<Order>], keys: KeysOf, now: Micros) -> Result<Vec<Result<Acknowledged, Refused>>, Refused> {
        self.cache.begin(&self.store, &self.keys)?;
        self.still_here()?;
        let mut answers = Vec::with_capacity(orders.len());
        let mut grown: Vec<FileRow> = Vec::new();
        for (order, key) in orders.iter().zip(keys) {
            let looked = match key {
                Ok(key) => self.look(order, &key, now).map(|looked| (looked, key)),
                Err(error) => Err(Refused::History(error.into())),
            };
            match looked {
                Ok((Looked::Again(done), _)) => answers.push(Ok(done)),
                Ok((Looked::Ready(ready), key)) => {
                    let (done, file) = self.write(order, &key, ready, now)?;
                    grown.retain(|other| other.id != file.id);
                    grown.push(file);
                    answers.push(Ok(done));
                }
                Err(Refused::History(HistoryError::Store(error))) if error.trouble != Trouble::Rule => return Err(error.into()),
                Err(refused) => answers.push(Err(refused)),
            }
        }
        // Forecasts and marks, in the same transaction.
        for file in &grown {
            derived::mark(&mut self.store, file)?;
        }
        derived::refold_all(&mut self.store, &self.keys, self.laws.as_ref(), &mut self.cache, &grown)?;
        Ok(answers)
    }

    /// Everything that can be told of an act without writing.
    fn look(&mut self, order: &Order, key: &FileKey, now: Micros) -> Result<Looked, Refused> {
        let name = *order.name.as_bytes();
        let found = self.cache.row(&self.store, &name)?;
        if let Some(act) = self.store.act(&order.id)? {
            return Ok(Looked::Again(self.again(order, found, act)?));
        }
        let before = match found {
            Some(file) if (file.kind, file.domain) == (order.kind, order.domain.code()) => file,
            Some(_) => return Err(Refused::Form("the file is of another kind")),
            None => new_file(order)?,
        };
        if let Some(after) = order.after.filter(|after| *after != before.length) {
            let since = history::kept(&self.store, &self.keys, &before, after, AsOf::Now)?;
            return Err(Refused::Conflict { length: before.length, since });
        }
        let mut chain = Chain::resume(before.tag, before.length, before.head);
        let act = Pseudonym::from_bytes(order.id).to_string();
        let mut rows = Vec::with_capacity(order.drafts.len());
        for (at, draft) in order.drafts.iter().enumerate() {
            let n = chain.length() + 1;
            let header = draft.header(now, &act).map_err(|_| Refused::Form("no random bytes"))?;
            let mut parts = close(key, order.name, n, 0, std::iter::once(&header))?;
            match order.closed.get(at).filter(|_| order.after.is_some()) {
                Some(closed) => parts.extend(closed.iter().cloned()),
                None => parts.extend(close(key, order.name, n, 1, draft.parts.iter())?),
            }
            let hashes: Vec<_> = parts.iter().map(|part| part.hash).collect();
            let appended = chain.append(&hashes).map_err(|_| Refused::Form("no parts, too many, or a file that is full"))?;
            rows.push(EntryRow { n, recorded: now, prev: appended.prev, hash: appended.hash, act: order.id, parts });
        }
        // What was there before is read now: after the act is written there is more.
        if before.length > 0 && history::kind_of(order.kind).is_some() {
            self.cache.load(&self.store, &self.keys, &name)?;
        }
        let after = FileRow { length: chain.length(), head: chain.head(), ..before.clone() };
        Ok(Looked::Ready(Ready { before, rows, after }))
    }

    /// Writes what is ready. An error is one after which nothing may be kept.
    fn write(&mut self, order: &Order, key: &FileKey, ready: Ready, now: Micros) -> Result<(Acknowledged, FileRow), Refused> {
        let Ready { before, rows, after } = ready;
        let id = if before.id == 0 { self.store.add_file(&before)? } else { before.id };
        if before.id == 0 {
            self.cache.made(before.kind);
        }
        let (before, file) = (FileRow { id, ..before }, FileRow { id, ..after });
        for row in &rows {
            self.store.add_entry(id, row)?;
            crash_point("within-act");
        }
        if !self.store.grow_file(id, before.length, file.length, &file.head)? {
            return Err(Refused::Busy);
        }
        self.store.add_act(&order.id, &ActRow { file: id, first: before.length + 1, last: file.length })?;
        for (i, (due, plain)) in (0..).zip(&order.outbox) {
            self.store.add_outbox(&outbox::row(key, &before, (before.length + 1, i), *due, plain)?)?;
        }
        match history::kind_of(order.kind) {
            Some(kind) => {
                let recorded = jiff::Timestamp::from_microsecond(now).ok();
                let entries = order.entries.iter().map(|entry| Entry { recorded, ..entry.clone() }).collect();
                self.cache.grow(&self.keys, &file, kind, entries);
                if before.length == 0 {
                    // Nothing was computed of a file that is new.
                    self.cache.has(&file.name, derived::Had::default());
                }
            }
            None => self.cache.forget(&file.name),
        }
        let entries = rows.into_iter().map(|row| Numbered { n: row.n, hash: row.hash }).collect();
        Ok((Acknowledged { tag: file.tag, entries, recorded: now, again: false, receipts: Vec::new() }, file))
    }

    /// An act that comes a second time.
    fn again(&self, order: &Order, found: Option<FileRow>, act: ActRow) -> Result<Acknowledged, Refused> {
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
}

/// The row of a file that this act begins. It has no number yet.
fn new_file(order: &Order) -> Result<FileRow, Refused> {
    let mut tag = [0; 16];
    getrandom::fill(&mut tag).map_err(|_| Refused::Form("no random bytes"))?;
    let (name, domain) = (*order.name.as_bytes(), order.domain.code());
    Ok(FileRow { id: 0, name, kind: order.kind, domain, tag: FileTag::from_bytes(tag), length: 0, head: BEFORE_FIRST })
}
