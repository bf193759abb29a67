//! The same work on many things, spread over the machine's processors, answers in the order of the things.
//!
//! Deliberately absent: threads that outlive the call, and anything that writes.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Fewer things than this are not worth a thread.
const SHARE: usize = 4;

/// More threads than this are of no use: what comes before and after is done by one.
const THREADS_MAX: usize = 8;

/// Does the work on each thing.
pub(crate) fn over<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX).min(things.len() / SHARE);
    if threads < 2 {
        return things.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let share = || {
        let mut done = Vec::new();
        while let (number, Some(thing)) = take(&next, things) {
            done.push((number, work(thing)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        // Where the system gives no thread, those that there are do all of it.
        let others: Vec<_> = (1..threads).filter_map(|_| thread::Builder::new().spawn_scoped(scope, share).ok()).collect();
        let mut done = share();
        for other in others {
            match other.join() {
                Ok(share) => done.extend(share),
                // What went wrong there goes wrong here, as if it had been done here.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, answer)| answer).collect()
}

fn take<'t, T>(next: &AtomicUsize, things: &'t [T]) -> (usize, Option<&'t T>) {
    let number = next.fetch_add(1, Ordering::Relaxed);
    (number, things.get(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thing_is_worked_on_once_and_answers_keep_their_order() {
        for count in [0, 1, 3, 8, 257] {
            let things: Vec<usize> = (0..count).collect();
            assert_eq!(over(&things, |thing| thing * 2), things.iter().map(|thing| thing * 2).collect::<Vec<_>>());
        }
    }
}
