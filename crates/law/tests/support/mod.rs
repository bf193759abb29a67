//! What the tests of the engine share: laws read from the workspace, seeded choices, random case files.
//!
//! Deliberately absent: any expectation. Nothing here knows what an answer should be.

#![allow(dead_code, reason = "every test crate uses a part of this")]

pub(crate) mod draft;
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
