//! `openward law`: the statute book, listed, shown, checked and tried.
//!
//! Deliberately absent: what a pack does to a person's file (`crate::standing`).

mod list;
mod listed;
mod numbers;
mod said;
mod show;
mod test;

use openward_law::engine::Law as Ready;
use openward_law::pack::{Commencements, Pack};

use crate::args::{Law, LawCommand};
use crate::failure::Failure;
use crate::packs::{BENCHMARK, Packs};
use crate::page::{Console, Text, Tone};
use crate::words::count;

/// Answers the call.
pub(crate) fn run(asked: &Law, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    match &asked.command {
        LawCommand::List => list::run(packs, console),
        LawCommand::Show { pack, provision } => show::run(packs, pack, provision.as_deref(), console),
        LawCommand::Words { pack, kind } => listed::run(packs, pack, *kind, console),
        LawCommand::Lint { pack } => lint(packs, pack, console),
        LawCommand::Test { pack } => test::run(packs, pack, console),
    }
}

/// Reads a pack with the standard beside it; the standard itself stands alone.
fn load(packs: &Packs, name: &str) -> Result<Pack, Failure> {
    if name == BENCHMARK {
        return packs.load(name, None, &Commencements::new());
    }
    let benchmark: Ready = packs.benchmark()?;
    packs.load(name, Some(&benchmark.pack), &Commencements::new())
}

/// Says that a pack is in order; every problem is a failure and is printed as such.
fn lint(packs: &Packs, name: &str, console: &mut Console) -> Result<(), Failure> {
    let pack = load(packs, name)?;
    let tally = list::Tally::of(&pack);
    let mut page = console.page();
    page.put(
        0,
        Text::new("In order", Tone::Good).then(format!(
            ": {}, {} in {}.",
            pack.id,
            count(tally.provisions, "provision", "provisions"),
            count(tally.versions, "version", "versions")
        )),
    );
    console.show(&page)
}
