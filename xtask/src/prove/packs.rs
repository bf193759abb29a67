//! `cargo xtask prove packs`: every datum of every pack is changed, one at a time, and some scenario must fail.
//!
//! A full proof takes minutes and runs in a release build; a sample takes seconds and runs as it is built. Deliberately absent:
//! any judgment which survivor matters. Each is a datum of law that nothing holds fast.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::known;
use super::mutants::{Mutant, mutants};
use super::trial::{Fate, Trial};
use crate::book::{BENCHMARK, Book, all_scenarios};
use crate::scenarios::untouched;
use crate::steps::{End, Steps};

/// What is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    packs: Vec<String>,
    /// Only so many mutants of each pack, and none that is known to survive.
    sample: Option<usize>,
    /// From which the sample is drawn; from the pack's digest where none is given.
    seed: Option<u64>,
    /// Write the survivors down.
    keep: bool,
    /// Only what has this text in it: `order.s2`, `needs[2]`.
    only: Option<String>,
}

/// How the trial of a pack went.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The pack.
    pub(super) pack: String,
    /// How many mutants were tried.
    pub(super) tried: usize,
    /// How many of them the loader refused.
    pub(super) refused: usize,
    /// How many of them a scenario noticed.
    pub(super) killed: usize,
    /// What nothing noticed, as the list of the known has it.
    pub(super) survivors: BTreeSet<String>,
    /// How many scenarios were asked.
    pub(super) scenarios: usize,
    /// Scenarios that do not hold as it is.
    pub(super) failing: usize,
}

/// Takes one step for each pack, and says how each went.
pub(super) fn run(steps: &mut Steps, arguments: &[&str]) -> Result<Vec<Outcome>, String> {
    let asked = read(arguments)?;
    if asked.sample.is_none() && cfg!(debug_assertions) {
        // The same proof takes ten times as long unoptimised.
        let call = ["run", "--release", "--quiet", "--package", "xtask", "--", "prove", "packs"];
        steps.cargo(&[&call, arguments].concat(), &[]);
        return Ok(Vec::new());
    }
    let book = Book::open(steps.root())?;
    let names: Vec<String> = book.names().map(str::to_owned).collect();
    if let Some(wrong) = asked.packs.iter().find(|pack| !names.contains(pack)) {
        return Err(format!("there is no pack `{wrong}`; there are {}.", names.join(", ")));
    }
    let mut outcomes = Vec::new();
    for pack in names.iter().filter(|name| asked.packs.is_empty() || asked.packs.contains(name)) {
        steps.step(&format!("prove packs: {pack}"), |root| match prove(root, &book, pack, &asked) {
            Ok(outcome) => {
                let end = if outcome.survivors.is_empty() && outcome.failing == 0 { End::Ok } else { End::Failed };
                outcomes.push(outcome);
                end
            }
            Err(wrong) => {
                println!("{wrong}");
                End::Failed
            }
        });
    }
    if asked.keep {
        let packs: Vec<&str> = outcomes.iter().map(|outcome| outcome.pack.as_str()).collect();
        let survivors: BTreeSet<String> = outcomes.iter().flat_map(|outcome| outcome.survivors.iter().cloned()).collect();
        known::write(steps.root(), &packs, &survivors)?;
        println!("\n{} survivors are written to {}.", survivors.len(), known::LIST);
    }
    Ok(outcomes)
}

fn read(arguments: &[&str]) -> Result<Asked, String> {
    let mut asked = Asked::default();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut number =
            || words.next().and_then(|word| word.parse::<u64>().ok()).ok_or_else(|| format!("{word} asks for a whole number."));
        match *word {
            "--sample" => asked.sample = Some(usize::try_from(number()?).map_err(|error| error.to_string())?),
            "--seed" => asked.seed = Some(number()?),
            "--keep" => asked.keep = true,
            "--only" => asked.only = Some((*words.next().ok_or("--only asks for a text, such as `order.s2`.")?).to_owned()),
            word if word.starts_with('-') => {
                return Err(format!("`{word}` says nothing here: PACK, --sample N, --seed S, --only TEXT, --keep."));
            }
            pack => asked.packs.push(pack.to_owned()),
        }
    }
    if asked.keep && (asked.only.is_some() || asked.sample.is_some()) {
        return Err("--keep writes the whole list, and asks for the whole proof: neither --only nor --sample goes with it.".to_owned());
    }
    Ok(asked)
}

fn prove(root: &Path, book: &Book, pack: &str, asked: &Asked) -> Result<Outcome, String> {
    let law = book.pack(pack)?;
    let files = all_scenarios(root, book)?;
    let trial = Trial::new(book, pack, &files);
    if !trial.failing.is_empty() {
        println!("{} scenarios do not hold as it is and prove nothing:\n    {}", trial.failing.len(), trial.failing.join("\n    "));
    }
    let untouched = untouched(&law.pack, &files);
    if !untouched.is_empty() {
        println!("{pack}: no scenario touches {} of its provisions:\n    {}", untouched.len(), untouched.join("\n    "));
    }
    let mut all = mutants(book.files(pack), if pack == BENCHMARK { &[] } else { book.files(BENCHMARK) })?;
    all.retain(|mutant| asked.only.as_ref().is_none_or(|only| mutant.what.contains(only)));
    let tried: Vec<&Mutant> = match asked.sample {
        None => all.iter().collect(),
        Some(size) => {
            let known = known::read(root)?;
            let seed = asked.seed.unwrap_or_else(|| u64::from_str_radix(law.pack.digest.get(..16).unwrap_or("1"), 16).unwrap_or(1));
            println!("{pack}: a sample of {size}, seed {seed}");
            sample(all.iter().filter(|mutant| !known.contains(&line(pack, mutant))).collect(), size, seed)
        }
    };
    let fates = trial.run(&tried);
    let mut outcome = Outcome {
        pack: pack.to_owned(),
        tried: tried.len(),
        scenarios: trial.scenarios(),
        failing: trial.failing.len(),
        ..Outcome::default()
    };
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for (mutant, fate) in tried.iter().zip(&fates) {
        let file = book.files(pack).get(mutant.file).map_or("", |file| file.name.as_str());
        match fate {
            Fate::Refused => outcome.refused += 1,
            Fate::Killed => outcome.killed += 1,
            Fate::Survived | Fate::BrokeOff => {
                let broke = if *fate == Fate::BrokeOff { " (the engine broke off)" } else { "" };
                println!("{file}:{}: {}{broke}", mutant.line, mutant.what);
                *groups.entry(&mutant.group).or_default() += 1;
                outcome.survivors.insert(line(pack, mutant));
            }
        }
    }
    print!("{}", summary(&outcome, groups));
    Ok(outcome)
}

fn summary(outcome: &Outcome, groups: BTreeMap<&str, usize>) -> String {
    let Outcome { pack, tried, refused, killed, survivors, scenarios, .. } = outcome;
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let groups: Vec<String> = groups.iter().map(|(group, count)| format!("{group} {count}")).collect();
    let by = if groups.is_empty() { String::new() } else { format!("{pack}: survivors by what was changed: {}\n", groups.join(", ")) };
    format!(
        "{by}{pack}: {tried} mutants, {} killed ({refused} by the loader), {} survived, under {scenarios} scenarios\n",
        killed + refused,
        survivors.len()
    )
}

/// How a survivor stands in the list of those known.
fn line(pack: &str, mutant: &Mutant) -> String {
    format!("{pack} {}", mutant.what)
}

/// So many of them, the same for the same seed, in their order.
fn sample<T>(all: Vec<T>, size: usize, seed: u64) -> Vec<T> {
    let mut state = seed;
    let mut drawn: Vec<(u64, usize, T)> = all.into_iter().enumerate().map(|(at, item)| (next(&mut state), at, item)).collect();
    drawn.sort_by_key(|(lot, at, _)| (*lot, *at));
    drawn.truncate(size);
    drawn.sort_by_key(|(_, at, _)| *at);
    drawn.into_iter().map(|(_, _, item)| item).collect()
}

/// The next number of a well-spread row (SplitMix64): good enough to draw lots, and the same on every machine.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_the_same_for_the_same_seed_and_keeps_the_order() {
        let first = sample((0..1000).collect(), 20, 7);
        assert_eq!(first, sample((0..1000).collect(), 20, 7));
        assert_ne!(first, sample((0..1000).collect(), 20, 8));
        assert_eq!(first.len(), 20);
        assert!(first.is_sorted());
    }

    #[test]
    fn a_sample_larger_than_all_is_all() {
        assert_eq!(sample(vec!["a", "b"], 5, 1), ["a", "b"]);
    }

    #[test]
    fn what_may_follow_is_read_and_nothing_else() {
        let asked = read(&["x", "--sample", "200", "--seed", "9"]).expect("arguments");
        assert_eq!(asked, Asked { packs: vec!["x".to_owned()], sample: Some(200), seed: Some(9), keep: false, only: None });
        assert!(read(&["--sample"]).is_err());
        assert!(read(&["--sample", "many"]).is_err());
        assert!(read(&["--fast"]).is_err());
        assert_eq!(read(&["--only", "order.s2"]).expect("arguments").only.as_deref(), Some("order.s2"));
        assert!(read(&["--only", "order.s2", "--keep"]).is_err(), "a part is not written over the whole list");
    }
}
