//! `cargo xtask prove`: the long proofs. `prove packs` shows that no datum of a pack is dead, `prove NAME` runs one test with its full
//! count, `prove` alone takes all of them. Each writes its row of docs/proofs.md.
//!
//! Reading order: `spots` (every value and its place), `changes` and `anchors` (what it may become), `mutants` (the changed texts),
//! `trial` (whether a scenario notices), `packs` (the proof), `known` (the survivors that are known), `long` (tests with many more
//! cases), `others` (proofs checked in another language), `page` (what was found). Deliberately absent: the scenarios and the tests themselves.

mod anchors;
mod changes;
mod known;
mod long;
mod mutants;
mod others;
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
        ["packs", rest @ ..] => {
            let ground = page::Ground::of(steps.root());
            let outcomes = packs::run(steps, rest)?;
            // A row is that of a whole proof, which is what `--keep` asks for.
            if rest.contains(&"--keep") { page::write_packs(steps.root(), &ground, &outcomes) } else { Ok(()) }
        }
        _ if cfg!(debug_assertions) => {
            long::read(arguments)?;
            let call = ["run", "--release", "--quiet", "--package", "xtask", "--", "prove"];
            steps.cargo(&[&call, arguments].concat(), &[]);
            Ok(())
        }
        _ => {
            let asked = long::read(arguments)?;
            let ground = page::Ground::of(steps.root());
            if asked.is_all() {
                let outcomes = packs::run(steps, &["--keep"])?;
                page::write_packs(steps.root(), &ground, &outcomes)?;
            }
            long::run(steps, &asked, |steps, run| page::write_run(steps.root(), &ground, &run))
        }
    }
}
