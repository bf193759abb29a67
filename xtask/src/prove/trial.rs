//! The trial of a pack's mutants: each must be refused by the loader or make a scenario fail.
//!
//! Facts of scenarios are read once. Those that name the provision or cite its section are asked first, and before them those that
//! failed for an earlier mutant of the same provision. Deliberately absent: which mutants there are (`super::mutants`).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use openward_law::engine::Law;
use openward_law::pack::Commencements;
use openward_law::scenario::{Laws, Ready, Scenario};

use super::mutants::Mutant;
use crate::book::{BENCHMARK, Book, ScenarioFile};
use crate::scenarios::sections;

/// The cores that a trial takes.
const THREADS: usize = 2;
/// Neighbours share a provision, and so the scenario that fails: each thread takes so many of them at a time.
const RUN: usize = 16;
/// Where nobody watches, a progress line is written each time so many more are done.
const PROGRESS: usize = 125 * RUN;

/// What became of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The loader would not have it.
    Refused,
    /// A scenario failed.
    Killed,
    /// Nothing noticed.
    Survived,
    /// The engine broke off, which it must not do on any pack.
    BrokeOff,
}

/// A scenario ready to be asked.
struct Story<'s> {
    ready: Ready<'s>,
    /// Every word in it, to see what it speaks of.
    words: String,
    cites: Vec<&'s str>,
}

/// A pack's scenarios, all of which hold before anything is changed.
pub(crate) struct Trial<'b> {
    book: &'b Book,
    pack: &'b str,
    stories: Vec<Story<'b>>,
    /// Scenarios that do not hold as the pack stands. They can prove nothing.
    pub(crate) failing: Vec<String>,
}

impl<'b> Trial<'b> {
    /// Gathers the scenarios that run under the pack; under the benchmark, all.
    pub(crate) fn new(book: &'b Book, pack: &'b str, files: &'b [ScenarioFile]) -> Trial<'b> {
        let (mut stories, mut failing) = (Vec::new(), Vec::new());
        for file in files {
            for scenario in &file.scenarios {
                let Ok(ready) = Ready::new(scenario, &file.pack) else {
                    failing.push(format!("{}:{}: {}", file.path, scenario.line, scenario.name));
                    continue;
                };
                if pack != BENCHMARK && ready.law() != pack {
                    continue;
                }
                if ready.fails(book) {
                    failing.push(format!("{}:{}: {}", file.path, scenario.line, scenario.name));
                } else {
                    stories.push(Story { ready, words: words(scenario), cites: sections(&scenario.cites).collect() });
                }
            }
        }
        Trial { book, pack, stories, failing }
    }

    /// How many scenarios are asked.
    pub(crate) fn scenarios(&self) -> usize {
        self.stories.len()
    }

    /// Tries the mutants, and gives the fate of each, in their order.
    pub(crate) fn run(&self, mutants: &[&Mutant]) -> Vec<Fate> {
        let (next, survived) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let fates = Mutex::new(vec![Fate::Survived; mutants.len()]);
        std::thread::scope(|scope| {
            for _ in 0..THREADS.min(mutants.len()) {
                scope.spawn(|| {
                    let mut order = Order::default();
                    loop {
                        let start = next.fetch_add(RUN, Ordering::Relaxed);
                        let Some(run) = mutants.get(start..(start + RUN).min(mutants.len())).filter(|run| !run.is_empty()) else { break };
                        let found: Vec<Fate> = run.iter().map(|mutant| self.fate(mutant, &mut order)).collect();
                        survived.fetch_add(found.iter().filter(|fate| **fate == Fate::Survived).count(), Ordering::Relaxed);
                        let mut fates = fates.lock().unwrap_or_else(PoisonError::into_inner);
                        fates.iter_mut().skip(start).zip(found).for_each(|(slot, fate)| *slot = fate);
                        drop(fates);
                        progress(self.pack, start + run.len(), mutants.len(), survived.load(Ordering::Relaxed));
                    }
                });
            }
        });
        fates.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn fate(&self, mutant: &Mutant, order: &mut Order) -> Fate {
        let Some(changed) = Changed::new(self.book, self.pack, mutant) else { return Fate::Refused };
        let provision = order.provisions.entry(mutant.provision.clone()).or_insert_with(|| self.order(mutant));
        for at in 0..provision.len() {
            let Some(story) = provision.get(at).and_then(|number| self.stories.get(*number)) else { continue };
            match catch_unwind(AssertUnwindSafe(|| story.ready.fails(&changed))) {
                Ok(false) => {}
                Ok(true) => {
                    // What failed once is likely to fail for the next change of the same provision.
                    provision[..=at].rotate_right(1);
                    return Fate::Killed;
                }
                Err(_) => return Fate::BrokeOff,
            }
        }
        Fate::Survived
    }

    /// The scenarios by how likely they are to notice a change of the provision.
    fn order(&self, mutant: &Mutant) -> Vec<usize> {
        let name = mutant.provision.split_once('.').map_or("", |(_, name)| name);
        let within = |story: &Story<'_>| !name.is_empty() && story.words.contains(name);
        let cited = |story: &Story<'_>| sections(&mutant.section).any(|section| story.cites.iter().any(|cited| cited.starts_with(section)));
        let mut order: Vec<usize> = (0..self.stories.len()).collect();
        order.sort_by_key(|number| self.stories.get(*number).map(|story| (!within(story), !cited(story))));
        order
    }
}

/// The order in which scenarios are asked, for each provision met so far.
#[derive(Default)]
struct Order {
    provisions: BTreeMap<String, Vec<usize>>,
}

fn words(scenario: &Scenario) -> String {
    let thens = scenario.thens.iter().flat_map(|then| then.words.iter().cloned());
    let facts = scenario.facts.iter().map(|fact| serde_json::Value::Object(fact.entry.clone()).to_string());
    thens.chain(facts).collect::<Vec<_>>().join(" ")
}

fn progress(pack: &str, done: usize, all: usize, survived: usize) {
    let line = format!("{pack}: {done} of {all} tried, {survived} survived");
    if std::io::stderr().is_terminal() {
        eprint!("\r{line}\x1b[K{}", if done == all { "\n" } else { "" });
        // A progress line that cannot be shown is no loss.
        let _ = std::io::stderr().flush();
    } else if done.is_multiple_of(PROGRESS) || done == all {
        eprintln!("{line}");
    }
}

/// The statute book with one pack changed.
struct Changed<'b> {
    book: &'b Book,
    pack: &'b str,
    mutant: &'b Mutant,
    benchmark: Option<Law>,
    /// Under each set of amendments taken to be in force, loaded when first asked for.
    loaded: RefCell<BTreeMap<Commencements, Result<Arc<Law>, String>>>,
}

impl<'b> Changed<'b> {
    /// None where the loader refuses it.
    fn new(book: &'b Book, pack: &'b str, mutant: &'b Mutant) -> Option<Changed<'b>> {
        let changed = Changed { book, pack, mutant, benchmark: None, loaded: RefCell::default() };
        let none = Commencements::new();
        let law = changed.load(&none).ok()?;
        if pack == BENCHMARK {
            return Some(Changed { benchmark: Some(law), ..changed });
        }
        changed.loaded.borrow_mut().insert(none, Ok(Arc::new(law)));
        Some(changed)
    }

    fn load(&self, commence: &Commencements) -> Result<Law, String> {
        self.book.load(self.pack, &self.mutant.files(self.book.files(self.pack)), commence)
    }
}

impl Laws for Changed<'_> {
    fn law(&self, name: &str, commence: &Commencements) -> Result<Arc<Law>, String> {
        if name != self.pack || self.pack == BENCHMARK {
            return self.book.law(name, commence);
        }
        self.loaded.borrow_mut().entry(commence.clone()).or_insert_with(|| self.load(commence).map(Arc::new)).clone()
    }

    fn benchmark(&self) -> Option<&Law> {
        self.benchmark.as_ref().or_else(|| self.book.benchmark())
    }
}
