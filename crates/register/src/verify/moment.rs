//! Other connections that see the same moment of the register as the one that is checked, so that several threads may check it.
//!
//! Deliberately absent: what they do.

use crate::history::HistoryError;
use crate::store::Store;

/// More threads than this only wait for each other.
const THREADS_MAX: usize = 8;

/// So often another connection is tried while somebody else writes. Without it one thread fewer does the work.
const TRIES: usize = 20;

/// Begins to read, and gives other connections that read the same moment: one fewer than there are processors, or fewer still.
///
/// # Errors
/// Trouble of the store itself.
pub(super) fn readers<S: Store>(store: &S) -> Result<Vec<S>, HistoryError> {
    let wanted = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(THREADS_MAX) - 1;
    // A connection that cannot be had, of a database that is being checked, is no hindrance.
    let mut others: Vec<S> = (0..wanted).map_while(|_| store.reader().ok()).collect();
    for _ in 0..TRIES {
        if others.is_empty() {
            break;
        }
        if begin(store, &others)? {
            return Ok(others);
        }
        store.end_reading()?;
        // One that is still at another moment, or at none, is as good as new after this.
        others = (0..wanted).map_while(|_| store.reader().ok()).collect();
    }
    store.begin_reading()?;
    Ok(Vec::new())
}

/// Begins to read on all, and says whether all are at one moment: nobody wrote between the first look and the last.
fn begin<S: Store>(store: &S, others: &[S]) -> Result<bool, HistoryError> {
    let before: Vec<_> = others.iter().map(Store::version).collect();
    store.begin_reading()?;
    // A transaction sees the moment of its first look, not that of its beginning.
    store.version()?;
    Ok(others.iter().zip(before).all(|(other, before)| {
        let now = other.begin_reading().and_then(|()| other.version());
        matches!((before, now), (Ok(before), Ok(now)) if before == now)
    }))
}
