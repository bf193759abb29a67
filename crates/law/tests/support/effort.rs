//! How much of a processor something took: a bound on effort that a busy machine does not break.
//!
//! Deliberately absent: speed, which only benchmarks measure.

use std::time::{Duration, Instant};

/// Work that has begun.
pub(crate) struct Effort {
    processor: Option<Duration>,
    wall: Instant,
}

impl Effort {
    /// Begins to count on this thread.
    pub(crate) fn begin() -> Effort {
        Effort { processor: processor(), wall: Instant::now() }
    }

    /// What this thread took of a processor since; where the system does not say, the time that went by.
    pub(crate) fn spent(&self) -> Duration {
        match (self.processor, processor()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => self.wall.elapsed(),
        }
    }
}

/// The first number of a thread's account with the scheduler of Linux: nanoseconds on a processor.
fn processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
