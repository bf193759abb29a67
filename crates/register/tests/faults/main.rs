//! What the register promises when something fails: the disk, the power, the space, the clock, the network between it and who asks.
//!
//! In reading order: `house` a register in a folder and a session of acts, `disk` a disk that fails on demand (`disk.c`), `points` a fault at
//! each call that reaches the disk, `power` a power cut at any instant, `full` no space, `again` acts that come more than once, `clock` a
//! clock that jumps. Each file says which environment variable sets its full count. Deliberately absent: kills, which need to be inside
//! an act and so live with the writer.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a failure is what they are for")]

#[cfg(target_os = "linux")]
mod disk;
mod house;
#[cfg(target_os = "linux")]
mod points;

/// A number from the environment, or the short form.
fn count(name: &str, short: u64) -> u64 {
    std::env::var(name).map_or(short, |text| text.parse().unwrap_or_else(|_| panic!("{name} asks for a whole number")))
}

/// The seed of this run; it is printed so that a failure can be had again.
fn seed() -> u64 {
    let seed = count("OPENWARD_SEED", 1);
    println!("OPENWARD_SEED={seed}");
    seed
}
