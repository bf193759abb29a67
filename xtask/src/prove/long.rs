//! The tests that work with generated cases, run in release with many more of them than in `cargo test`.
//!
//! Each reads from the environment how many cases it takes, and `OPENWARD_SEED`. Deliberately absent: what they assert.

use std::time::Instant;

use super::others;
use crate::steps::{End, Steps};

/// A test, or a group of them, whose number of cases can be set.
#[derive(Debug)]
pub(super) struct Long {
    /// How it is asked for, and its row on the page.
    pub(super) name: &'static str,
    /// What one case is and what holds of each, for the page.
    pub(super) shows: &'static str,
    package: &'static str,
    /// Where cargo finds it, and which tests of that it is.
    call: &'static [&'static str],
    /// The variable that sets how many.
    counts: &'static str,
    /// How many the promise asks for.
    cases: u64,
}

/// All of them, in the order in which they are run.
pub(super) const LONG: &[Long] = &[
    Long {
        name: "agreement",
        shows: "case files on which the second engine agrees with the first",
        package: "openward-law",
        call: &["--test", "agreement"],
        counts: "OPENWARD_CASES",
        cases: 1_000_000,
    },
    Long {
        name: "properties",
        shows: "case files for each law that holds of all of them",
        package: "openward-law",
        call: &["--test", "properties"],
        counts: "OPENWARD_CASES",
        cases: 20_000,
    },
    Long {
        name: "hostile",
        shows: "damaged laws of a country, and 250 times as many damaged small laws: refused with a place, or folded without harm",
        package: "openward-law",
        call: &["--test", "hostile"],
        counts: "OPENWARD_CASES",
        cases: 20_000,
    },
    Long {
        name: "kills",
        shows: "kills inside an act: nothing acknowledged is lost, nothing is half there",
        package: "openward-register",
        call: &["--lib", "writer::crash"],
        counts: "OPENWARD_KILLS",
        cases: 1_000,
    },
    Long {
        name: "faults",
        shows: "at most so many calls of each kind that reach the disk fail, of six ways: acts acknowledged and there, or refused",
        package: "openward-register",
        call: &["--test", "faults", "points::"],
        counts: "OPENWARD_POINTS",
        cases: 100_000,
    },
    Long {
        name: "power",
        shows: "power cuts that lose, reorder and tear what was not synced: nothing acknowledged is lost",
        package: "openward-register",
        call: &["--test", "faults", "power::"],
        counts: "OPENWARD_POWER_CUTS",
        cases: 10_000,
    },
    Long {
        name: "full",
        shows: "no space at any call that needs some: acts refused whole, reads go on, kept again once there is space",
        package: "openward-register",
        call: &["--test", "faults", "full::"],
        counts: "OPENWARD_FULL",
        cases: 1_000,
    },
    Long {
        name: "again",
        shows: "deliveries of acts again, out of order, from eight sides, after openings anew: each kept once",
        package: "openward-register",
        call: &["--test", "faults", "again::"],
        counts: "OPENWARD_AGAIN",
        cases: 100_000,
    },
    Long {
        name: "clocks",
        shows: "clocks that jump, stand, run back, sleep: records never run backwards, a jump is refused until accepted",
        package: "openward-register",
        call: &["--test", "faults", "clock::"],
        counts: "OPENWARD_CLOCKS",
        cases: 5_000,
    },
    Long {
        name: "mutations",
        shows: "rows of a register changed, removed, added, exchanged, dated or chained anew: each found, and named where its file is known",
        package: "openward-register",
        call: &["--lib", "attack::mutations"],
        counts: "OPENWARD_MUTATIONS",
        cases: 100_000,
    },
    Long {
        name: "flips",
        shows: "bits of the database's file flipped: found, or nothing that is read is otherwise",
        package: "openward-register",
        call: &["--lib", "attack::pages"],
        counts: "OPENWARD_FLIPS",
        cases: 5_000,
    },
    Long {
        name: "clean",
        shows: "registers that nobody touched: no check says anything",
        package: "openward-register",
        call: &["--lib", "attack::clean"],
        counts: "OPENWARD_CLEAN",
        cases: 1_000,
    },
    Long {
        name: "views",
        shows: "second histories signed with the stolen key: none taken by who has an older checkpoint, nor by a witness",
        package: "openward-seal",
        call: &["--test", "seal", "many::every_split_view"],
        counts: "OPENWARD_VIEWS",
        cases: 10_000,
    },
    Long {
        name: "proofs",
        shows: "proofs of both kinds taken by `tlog_tiles`, and no bent one",
        package: "openward-seal",
        call: &["--test", "seal", "many::every_proof"],
        counts: "OPENWARD_PROOFS",
        cases: 10_000,
    },
    Long {
        name: "drills",
        shows: "backups under load, restored after a kill, verified and compared",
        package: "openward-register",
        call: &["--lib", "house::drills"],
        counts: "OPENWARD_DRILLS",
        cases: 50,
    },
];

/// What is shown where Python was there too.
const TAKEN: &str =
    "proofs of both kinds taken by `tlog_tiles`, those of inclusion with their checkpoints by `pymerkle` and `cryptography`; no bent one";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The names of those to run; all where there is none.
    names: Vec<&'static str>,
    /// So many cases in each.
    cases: Option<u64>,
    seed: u64,
}

impl Asked {
    /// Whether everything is asked for.
    pub(super) const fn is_all(&self) -> bool {
        self.names.is_empty()
    }
}

/// How a test went.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Its name.
    pub(super) name: &'static str,
    /// What it shows.
    pub(super) shows: &'static str,
    /// How many cases it took.
    pub(super) cases: u64,
    /// The seed of the first.
    pub(super) seed: u64,
    /// Whether all held.
    pub(super) held: bool,
    /// How long it took.
    pub(super) seconds: u64,
}

/// Reads what may follow `prove`.
pub(super) fn read(arguments: &[&str]) -> Result<Asked, String> {
    let mut asked = Asked { names: Vec::new(), cases: None, seed: 1 };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if let Some(long) = LONG.iter().find(|long| long.name == *word) {
            asked.names.push(long.name);
            continue;
        }
        let number = words.next().and_then(|word| word.parse::<u64>().ok());
        match (*word, number) {
            ("--cases", Some(number)) => asked.cases = Some(number),
            ("--seed", Some(number)) => asked.seed = number,
            ("--cases" | "--seed", None) => return Err(format!("`{word}` asks for a whole number.")),
            (other, _) => {
                let names: Vec<&str> = LONG.iter().map(|long| long.name).collect();
                return Err(format!("`{other}` says nothing here: packs, {}, --cases N, --seed S.", names.join(", ")));
            }
        }
    }
    Ok(asked)
}

/// Takes one step for each test that is asked for; gives its row as soon as it is done.
pub(super) fn run(steps: &mut Steps, asked: &Asked, mut done: impl FnMut(&Steps, Run) -> Result<(), String>) -> Result<(), String> {
    for long in LONG.iter().filter(|long| asked.is_all() || asked.names.contains(&long.name)) {
        let cases = asked.cases.unwrap_or(long.cases);
        let started = Instant::now();
        others::ready(steps.root())?;
        let proofs = others::proofs(steps.root());
        let (count, seed, to) = (cases.to_string(), asked.seed.to_string(), proofs.to_string_lossy());
        let environment = [(long.counts, &*count), ("OPENWARD_SEED", &*seed), ("OPENWARD_PROOFS_TO", &*to)];
        let call = ["test", "--release", "--quiet", "--package", long.package];
        let end = steps.cargo(&[&call, long.call].concat(), &environment);
        let mut run = Run { name: long.name, shows: long.shows, cases, seed: asked.seed, held: end == End::Ok, seconds: 0 };
        if long.name == "proofs" && run.held {
            let mut answer = others::Others::Absent;
            steps.step("proofs checked in another language", |root| {
                answer = others::check(root);
                if answer == others::Others::Refused { End::Failed } else { End::Ok }
            });
            (run.shows, run.held) = match answer {
                others::Others::Took => (TAKEN, true),
                others::Others::Refused => (TAKEN, false),
                others::Others::Absent => (run.shows, true),
            };
        }
        run.seconds = started.elapsed().as_secs();
        done(steps, run)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_the_number_of_cases_and_the_seed_may_be_given() {
        assert_eq!(read(&[]), Ok(Asked { names: Vec::new(), cases: None, seed: 1 }));
        assert_eq!(read(&["--seed", "7", "--cases", "10"]), Ok(Asked { names: Vec::new(), cases: Some(10), seed: 7 }));
        assert_eq!(read(&["agreement", "--seed", "7"]), Ok(Asked { names: vec!["agreement"], cases: None, seed: 7 }));
        assert!(read(&["--seed"]).is_err());
        assert!(read(&["packages"]).is_err_and(|wrong| wrong.contains("agreement")));
    }

    #[test]
    fn every_variable_is_read_by_some_test_of_its_package() {
        let root = crate::book::repository();
        for long in LONG {
            let folder = root.join("crates").join(long.package.trim_start_matches("openward-"));
            let mut files = vec![folder.join("src"), folder.join("tests")];
            let mut read = false;
            while let Some(path) = files.pop() {
                if path.is_dir() {
                    files.extend(std::fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    read |= std::fs::read_to_string(&path).expect("a text").contains(&format!("\"{}\"", long.counts));
                }
            }
            assert!(read, "nothing in {} reads {}", folder.display(), long.counts);
        }
        assert_eq!(LONG.iter().map(|long| long.name).collect::<BTreeSet<_>>().len(), LONG.len(), "a name stands twice");
    }
}
