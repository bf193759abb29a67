//! What registers keep of a standing is what the standing says: one computation, read two ways.
//!
//! `OPENWARD_CASES` and `OPENWARD_SEED` choose how many and from where; a failure prints the seed.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use jiff::Timestamp;
use openward_law::engine::Context;
use openward_law::standing::{Question, Reach, outlook, standing_in};
use support::generate::case_file;
use support::numbers::person;
use support::random::Random;
use support::vocabulary::Vocabulary;
use support::{cases, first_seed, law};

#[test]
fn an_outlook_is_the_part_of_the_standing_that_it_names() {
    let laws = law::laws();
    let (mut duties, mut changes) = (0, 0);
    for seed in (0..cases(1_000)).map(|number| first_seed() + number) {
        let law = &laws[usize::try_from(seed).expect("small") % laws.len()];
        let case = case_file(&law.pack, &Vocabulary::of(&law.pack), seed);
        let file = person(&case);
        let context = Context::of(&case, None);
        let turns: Vec<Timestamp> = file.entries.iter().filter_map(|entry| entry.at.to_string().parse().ok()).collect();
        let mut random = Random::new(seed);
        let random = usize::try_from(random.next() % 1_000).expect("small");
        let at = turns.get(random % turns.len().max(1)).copied().unwrap_or(Timestamp::MAX);
        let question = Question { law, benchmark: None, at, known_at: None, reach: Reach::ByPlace };
        match (standing_in(&case, file, &context, question), outlook(file, &context, question)) {
            (Ok(standing), Ok(outlook)) => {
                let next = outlook.next_change_at.map(|at| at.to_string());
                let same = (&standing.timeline, &standing.duties, &standing.next_change_at) == (&outlook.timeline, &outlook.duties, &next);
                assert!(same, "seed {seed}, at {at}");
                duties += outlook.duties.len();
                changes += usize::from(next.is_some());
            }
            (Err(one), Err(other)) => assert_eq!(one.len(), other.len(), "seed {seed}"),
            _ => panic!("seed {seed}: one can be read and the other cannot"),
        }
    }
    assert!(duties > 0 && changes > 0, "{duties} duties, {changes} changes: the cases say nothing");
}
