//! The tests that work with generated case files and packs, run in release with many more of them than in `cargo test`.
//!
//! Each file of `crates/law/tests/` reads `OPENWARD_CASES` and `OPENWARD_SEED`. Deliberately absent: what they assert.

use std::time::Instant;

use crate::steps::{End, Steps};

/// Where the tests stand, from the top of the repository.
const TESTS: &str = "crates/law/tests";

/// Generated cases for each test of a file that is not named below.
const CASES: u64 = 100_000;

/// Files whose tests take more or fewer cases, because the promise says how many or because each case takes long.
const CASES_OF: &[(&str, u64)] = &[("agreement", 1_000_000), ("hostile", 20_000)];

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// So many cases in every file.
    cases: Option<u64>,
    seed: u64,
}

/// How a file of tests went.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Its name.
    pub(super) name: String,
    /// Generated cases for each of its tests.
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
    let mut asked = Asked { cases: None, seed: 1 };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let number = words.next().and_then(|word| word.parse::<u64>().ok());
        match (*word, number) {
            ("--cases", Some(number)) => asked.cases = Some(number),
            ("--seed", Some(number)) => asked.seed = number,
            ("--cases" | "--seed", None) => return Err(format!("`{word}` asks for a whole number.")),
            (other, _) => return Err(format!("`{other}` says nothing here: packs, --cases N, --seed S.")),
        }
    }
    Ok(asked)
}

/// Takes one step for each file of tests.
pub(super) fn run(steps: &mut Steps, asked: &Asked) -> Result<Vec<Run>, String> {
    let folder = steps.root().join(TESTS);
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{TESTS} cannot be read: {error}"))?;
    let paths = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let mut names: Vec<String> = paths.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect();
    names.sort();
    let mut runs = Vec::new();
    for name in names {
        let usual = CASES_OF.iter().find(|(of, _)| *of == name).map_or(CASES, |(_, cases)| *cases);
        let cases = asked.cases.unwrap_or(usual);
        let started = Instant::now();
        let environment = [("OPENWARD_CASES", &*cases.to_string()), ("OPENWARD_SEED", &*asked.seed.to_string())];
        let end = steps.cargo(&["test", "--release", "--quiet", "--package", "openward-law", "--test", &name], &environment);
        runs.push(Run { name, cases, seed: asked.seed, held: end == End::Ok, seconds: started.elapsed().as_secs() });
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_cases_and_the_seed_may_be_given() {
        assert_eq!(read(&[]), Ok(Asked { cases: None, seed: 1 }));
        assert_eq!(read(&["--seed", "7", "--cases", "10"]), Ok(Asked { cases: Some(10), seed: 7 }));
        assert!(read(&["--seed"]).is_err());
        assert!(read(&["packages"]).is_err());
    }
}
