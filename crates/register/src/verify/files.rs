//! Every file, on as many threads as there are connections; then what concerns all of them: acts, what waits, parts of nothing.
//!
//! Deliberately absent: what is checked of one file (`one`), and the log itself, which the tally was told before.

use std::sync::{Mutex, PoisonError};

use super::one::{self, WAITING_MAX, Waiting};
use super::{Report, Tally};
use crate::history::HistoryError;
use crate::keys::Keys;
use crate::store::{FileRow, Store, StoreError, Trouble};

/// Files taken at once; fewer in tests, so that their registers have pages for several threads.
const PAGE: usize = if cfg!(test) { 2 } else { 256 };

/// What one thread found.
pub(super) struct Share {
    pub(super) tally: Tally,
    /// How many acts entries came with.
    pub(super) acts: u64,
    /// What waits for the log and was met.
    pub(super) met: Vec<(i64, u64)>,
    /// Counts of all pages, and the findings of those with any, by their number.
    report: Report,
    found: Vec<(usize, Report)>,
    failed: Option<(usize, HistoryError)>,
}

/// Where the next page of files begins, and its number.
struct Next {
    after: i64,
    page: usize,
}

/// Checks every file, and tells the tally what its entries say of their places. The other connections read the same moment.
pub(super) fn check<S: Store>(
    store: &S,
    others: Vec<S>,
    keys: Option<&Keys>,
    tally: &mut Tally,
    report: &mut Report,
) -> Result<(), HistoryError> {
    let mut waiting = Waiting::read(store, WAITING_MAX, report)?;
    let next = Mutex::new(Next { after: i64::MIN, page: 0 });
    let fresh = |tally: &Tally| Share {
        tally: tally.another(),
        acts: 0,
        met: Vec::new(),
        report: Report::default(),
        found: Vec::new(),
        failed: None,
    };
    let mut shares = std::thread::scope(|scope| {
        let (next, waiting) = (&next, &waiting);
        // Where the system gives no thread, those that there are do all of it.
        let spawn = |other: S| {
            let mut share = fresh(tally);
            let work = move || {
                share.work(&other, keys, next, waiting);
                share
            };
            std::thread::Builder::new().spawn_scoped(scope, work).ok()
        };
        let threads: Vec<_> = others.into_iter().filter_map(spawn).collect();
        let mut own = fresh(tally);
        own.work(store, keys, next, waiting);
        let mut shares = vec![own];
        for thread in threads {
            match thread.join() {
                Ok(share) => shares.push(share),
                // What went wrong there goes wrong here, as if it had been done here.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        shares
    });
    if let Some((_, error)) = shares.iter_mut().filter_map(|share| share.failed.take()).min_by_key(|(page, _)| *page) {
        return Err(error);
    }
    let (mut found, mut came) = (Vec::new(), 0);
    for share in shares {
        tally.join(&share.tally);
        came += share.acts;
        for entry in &share.met {
            waiting.hashes.remove(entry);
        }
        report.join(share.report);
        found.extend(share.found);
    }
    found.sort_unstable_by_key(|(page, _)| *page);
    found.into_iter().for_each(|(_, page)| report.join(page));
    acts(store, tally, came, report)?;
    for (file, n) in waiting.hashes.into_keys() {
        let name = store.file_by_id(file)?.map(|file| file.name);
        report.say(name, Some(n), format!("OW-REG-083 entry {n} waits for the log, and is not there or is in it"));
    }
    for (file, n) in store.orphans()? {
        let name = store.file_by_id(file)?.map(|file| file.name);
        report.say(name, Some(n), format!("OW-REG-070 parts are kept of entry {n}, which is not there"));
    }
    Ok(())
}

impl Share {
    /// Takes page after page until there are no more.
    fn work<S: Store>(&mut self, store: &S, keys: Option<&Keys>, next: &Mutex<Next>, waiting: &Waiting) {
        loop {
            let (page, files) = match take(store, next) {
                Ok((_, files)) if files.is_empty() => return,
                Ok(taken) => taken,
                Err((page, error)) => return self.failed = Some((page, error.into())),
            };
            let mut report = Report::default();
            for file in files {
                if let Err(error) = one::check(store, keys, &file, waiting, self, &mut report) {
                    // Nobody needs the rest.
                    next.lock().unwrap_or_else(PoisonError::into_inner).after = i64::MAX;
                    return self.failed = Some((page, error));
                }
            }
            if report.is_clean() {
                self.report.join(report);
            } else {
                self.found.push((page, report));
            }
        }
    }
}

/// The next files, and the number of the page.
fn take<S: Store>(store: &S, next: &Mutex<Next>) -> Result<(usize, Vec<FileRow>), (usize, StoreError)> {
    // A thread that failed while it held this left nothing half done: both numbers are set after the answer.
    let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
    let page = next.page;
    let files = store.files_after(next.after, PAGE).map_err(|error| (page, error))?;
    if let Some(last) = files.last() {
        *next = Next { after: last.id, page: page + 1 };
    }
    Ok((page, files))
}

/// The acts that are kept are those that entries came with.
fn acts<S: Store>(store: &S, tally: &mut Tally, came: u64, report: &mut Report) -> Result<(), HistoryError> {
    let kept = match store.acts(&mut |id, act| tally.act_kept(id, act)) {
        // A row that no program of ours wrote: what is wrong is said below, with the file where that can be told.
        Err(error) if error.trouble == Trouble::Damaged => None,
        kept => Some(kept?),
    };
    if kept != Some(came) {
        let kept = kept.map_or("not all that can be read".to_owned(), |kept| kept.to_string());
        report.say(None, None, format!("OW-REG-082 acts that are kept: {kept}; the entries came with {came}"));
    }
    if kept.is_some() && tally.acts_agree() {
        return Ok(());
    }
    let mut after = i64::MIN;
    loop {
        let files = store.files_after(after, PAGE)?;
        let Some(last) = files.last() else { return Ok(()) };
        after = last.id;
        files.iter().try_for_each(|file| one::look_up_acts(store, file, report))?;
    }
}
