//! What the tests of the engine share: laws read from the workspace, seeded choices, random case files.
//!
//! Deliberately absent: any expectation. Nothing here knows what an answer should be.

#![allow(dead_code, reason = "every test crate uses a part of this")]

pub(crate) mod draft;
pub(crate) mod effort;
pub(crate) mod generate;
pub(crate) mod hostile;
pub(crate) mod law;
pub(crate) mod numbers;
pub(crate) mod papers;
pub(crate) mod random;
pub(crate) mod vocabulary;

/// How many case files a property looks at: `OPENWARD_CASES`, else the number given.
pub(crate) fn cases(usual: u64) -> u64 {
    std::env::var("OPENWARD_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// The first seed: `OPENWARD_SEED`, else 1. A failure prints the seed that made it.
pub(crate) fn first_seed() -> u64 {
    std::env::var("OPENWARD_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Does so many cases, from the first seed on: on all cores where they are many, so that a long proof takes half as long. In what order
/// they are done must not matter.
pub(crate) fn each_case(count: u64, one: impl Fn(u64) + Sync) {
    const MANY: u64 = 10_000;
    let first = first_seed();
    let cores = if count < MANY { 1 } else { std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64) };
    std::thread::scope(|scope| {
        for core in 0..cores {
            let one = &one;
            scope.spawn(move || (first + core..first + count).step_by(usize::try_from(cores).unwrap_or(1)).for_each(one));
        }
    });
}
