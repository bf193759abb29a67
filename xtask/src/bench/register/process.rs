//! What the system says of this process: its processor time and its memory.
//!
//! Read from `/proc`; on a system without it the figures are none. Deliberately absent: what is measured.

use std::time::Duration;

/// Ticks of a second in `/proc`. Linux shows a hundred to programs whatever it counts itself.
const TICKS: u64 = 100;

/// Processor time of all threads of this process, those that ended too.
pub(super) fn cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets may hold anything; what is wanted stands behind it.
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1000 / TICKS)
}

/// Memory of a process in bytes: what it holds now, and the most that it held.
pub(super) fn memory(process: u32) -> Option<(u64, u64)> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
    };
    Some((field("VmRSS:")?, field("VmHWM:")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_where_the_system_says_so() {
        if let Some((now, most)) = memory(std::process::id()) {
            assert!(now > 0 && most >= now);
        }
    }
}
