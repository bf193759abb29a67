//! `openward law test`: the scenarios of a pack, each held against the engine.
//!
//! Deliberately absent: what a scenario may say (`openward_law::scenario`).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use openward_law::engine::Law;
use openward_law::pack::Commencements;
use openward_law::scenario::{Laws, parse, run as run_one};

use crate::failure::Failure;
use crate::packs::{BENCHMARK, Packs};
use crate::page::{Console, Text, Tone};
use crate::words::count;

/// Laws by name and rehearsed amendments, each read once.
struct Shelf<'p> {
    packs: &'p Packs,
    benchmark: Law,
    read: RefCell<BTreeMap<(String, Commencements), Arc<Law>>>,
}

impl Laws for Shelf<'_> {
    fn law(&self, name: &str, commence: &Commencements) -> Result<Arc<Law>, String> {
        let key = (name.to_owned(), commence.clone());
        if let Some(law) = self.read.borrow().get(&key) {
            return Ok(Arc::clone(law));
        }
        let law = Arc::new(self.packs.law(name, &self.benchmark, commence).map_err(|failure| failure.messages().join("; "))?);
        self.read.borrow_mut().insert(key, Arc::clone(&law));
        Ok(law)
    }

    fn benchmark(&self) -> Option<&Law> {
        Some(&self.benchmark)
    }
}

/// Runs them all; each failure is printed with its file and line.
pub(super) fn run(packs: &Packs, name: &str, console: &mut Console) -> Result<(), Failure> {
    // A pack that does not load would fail every scenario with the same problems.
    super::load(packs, name)?;
    let shelf = Shelf { packs, benchmark: packs.benchmark()?, read: RefCell::new(BTreeMap::new()) };
    let files = packs.scenarios(name)?;
    if files.is_empty() && name == BENCHMARK {
        return Err(Failure::call(format!(
            "{name} is an international standard and has no scenarios of its own: those of each law try it. Choose one of {}",
            packs.laws().join(", ")
        )));
    }
    if files.is_empty() {
        return Err(Failure::content(format!("{name} has no scenarios: they are files that end in .scn in its folder `scenarios`")));
    }
    let (mut scenarios, mut problems) = (0, Vec::new());
    for file in &files {
        match parse(&file.text) {
            Err(error) => problems.push(format!("{}:{}: {}", file.name, error.line, error.message)),
            Ok(list) => {
                scenarios += list.len();
                for scenario in &list {
                    let failures = run_one(scenario, name, &shelf);
                    problems.extend(
                        failures
                            .iter()
                            .map(|failure| format!("{}:{}: {}\n  in: {}", file.name, failure.line, failure.message, scenario.name)),
                    );
                }
            }
        }
    }
    if !problems.is_empty() {
        return Err(Failure::Content(problems));
    }
    let mut page = console.page();
    page.put(
        0,
        Text::new("All hold", Tone::Good).then(format!(
            ": {} in {}.",
            count(scenarios, "scenario", "scenarios"),
            count(files.len(), "file", "files")
        )),
    );
    console.show(&page)
}
