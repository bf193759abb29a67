//! What the register promises when something fails: the disk, the power, the space, the clock, the way between it and who asks.
//!
//! In reading order: `house` a register in a folder, `disk` a disk that fails on demand (`disk.c`), `points` a fault at each call that reaches
//! the disk, `recording` and `power` a power cut at any instant, `full` no space, `again` acts that come more than once, `clock` a clock that
//! jumps, `golden` registers of older versions. Each file says which environment variable sets its full count. The disk that fails needs
//! Linux; elsewhere its tests are not there. Deliberately absent: kills, which need to be inside an act and so live with the writer.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a failure is what they are for")]

mod again;
mod clock;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod full;
mod golden;
mod house;
#[cfg(target_os = "linux")]
mod points;
#[cfg(target_os = "linux")]
mod power;
#[cfg(target_os = "linux")]
mod recording;

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

/// Says with which seed a trial can be had again, if it fails.
struct Trial(&'static str, u64);

impl Drop for Trial {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("OPENWARD_SEED={} {}=1", self.1, self.0);
        }
    }
}

/// Numbers that look like chance and follow from a seed: SplitMix64.
struct Dice(u64);

impl Dice {
    /// Each seed has numbers of its own.
    fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below another.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}
