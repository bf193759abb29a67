//! Marks worked off: forecasts that rely on a file which changed are folded again, some on request, the rest when nothing else is to do.
//!
//! Who reads a forecast never waits for this: what is read is folded first. Deliberately absent: setting marks (`crate::derived`).

use std::time::Duration;

use super::core::Core;
use super::{REFOLDED, Refused};
use crate::derived;
use crate::history::{self, HistoryError};
use crate::keys::KeyError;
use crate::store::Store;

/// How long nothing must have come before marks are worked off: the next act is more urgent.
pub(super) const QUIET: Duration = Duration::from_secs(1);

/// How long the writer listens between two steps.
const STEP: Duration = Duration::from_millis(20);

impl<S: Store> Core<S> {
    /// Refolds the next few files under a mark, in a transaction that is open. Gives how many; 0 where there is no mark.
    pub(super) fn refold_marked(&mut self, count: usize) -> Result<usize, HistoryError> {
        let Some(marked) = self.store.next_marked(count)? else { return Ok(0) };
        let mut rows = Vec::with_capacity(marked.files.len());
        for file in &marked.files {
            let row = self.store.file_by_id(*file)?.ok_or(HistoryError::NoFile)?;
            // Nothing is foretold of a file whose key was destroyed.
            if !matches!(history::key_of(&self.keys, &row), Err(HistoryError::Key(KeyError::Destroyed { .. }))) {
                rows.push(row);
            }
        }
        derived::refold_all(&mut self.store, &self.keys, self.laws.as_ref(), &mut self.cache, &rows)?;
        self.store.unmark(&marked.other, marked.files.last().copied().filter(|_| marked.files.len() == count))?;
        Ok(marked.files.len().max(1))
    }

    /// One step while nothing else is to do. Gives how long to listen before the next; none where no mark is left, or where it failed: then
    /// the next act brings it back.
    pub(super) fn while_quiet(&mut self) -> Option<Duration> {
        if !self.store.next_marked(1).is_ok_and(|marked| marked.is_some()) {
            return None;
        }
        let done: Result<(), Refused> = self.work(Box::new(|core| core.refold_marked(REFOLDED).map(|_| ())));
        done.is_ok().then_some(STEP)
    }
}
