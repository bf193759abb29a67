//! `cargo xtask prove`: the long proofs. `prove packs` shows that no datum of a pack is dead.
//!
//! Reading order: `spots` (every value and its place), `changes` and `anchors` (what it may become), `mutants` (the changed texts),
//! `trial` (whether a scenario notices), `known` (the survivors that are known). Deliberately absent: the scenarios themselves.

mod anchors;
mod changes;
mod known;
mod mutants;
mod packs;
mod spots;
#[cfg(test)]
mod tests;
mod trial;

use crate::steps::Steps;

/// Takes the proofs asked for.
pub(crate) fn run(steps: &mut Steps, arguments: &[&str]) -> Result<(), String> {
    match arguments {
        ["packs", rest @ ..] => packs::run(steps, rest),
        [other, ..] => Err(format!("there is no proof `{other}`; say `packs`.")),
        [] => packs::run(steps, &[]),
    }
}
