//! `cargo xtask prove`: the long proofs. `prove packs` shows that no datum of a pack is dead; `prove` alone takes all of them and
//! writes docs/proofs.md.
//!
//! Reading order: `spots` (every value and its place), `changes` and `anchors` (what it may become), `mutants` (the changed texts),
//! `trial` (whether a scenario notices), `packs` (the proof), `known` (the survivors that are known), `long` (tests with many more
//! cases), `page` (what was found). Deliberately absent: the scenarios and the tests themselves.

mod anchors;
mod changes;
mod known;
mod long;
mod mutants;
mod packs;
mod page;
mod spots;
#[cfg(test)]
mod tests;
mod trial;

use crate::steps::Steps;

/// Takes the proofs asked for.
pub(crate) fn run(steps: &mut Steps, arguments: &[&str]) -> Result<(), String> {
    match arguments {
        ["packs", rest @ ..] => packs::run(steps, rest).map(|_| ()),
        _ if cfg!(debug_assertions) => {
            long::read(arguments)?;
            let call = ["run", "--release", "--quiet", "--package", "xtask", "--", "prove"];
            steps.cargo(&[&call, arguments].concat(), &[]);
            Ok(())
        }
        _ => {
            let asked = long::read(arguments)?;
            let outcomes = packs::run(steps, &["--keep"])?;
            let runs = long::run(steps, &asked)?;
            page::write(steps.root(), &outcomes, &runs)
        }
    }
}
