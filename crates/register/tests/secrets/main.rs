//! What keys and documents promise, tested from outside: boxes, masters, the key store, crashes, documents, planted words.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failure is what they are for")]

mod boxes;
mod crash;
mod documents;
mod golden;
mod master;
mod planted;
mod store;

use jiff::Timestamp;
use openward_register::keys::{Chance, Keys, Master};
use std::path::Path;

/// The same bytes in every run: the digits of a counter, mixed. No secret is made of them outside tests.
fn chance(seed: u64) -> Chance {
    let mut state = seed;
    Chance::from_source(move |bytes| {
        for byte in bytes {
            // SplitMix64.
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = (mixed >> 56) as u8;
        }
        Ok(())
    })
}

fn master(seed: u64) -> Master {
    Master::generate(&chance(seed)).unwrap()
}

fn created(folder: &Path) -> Keys {
    Keys::create(&folder.join("keys.db"), &master(1), Chance::system()).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// All bytes of all files under a folder, with their paths.
fn all_bytes(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_bytes(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
