//! What one evaluation may hold in memory, on the longest and worst files that the reader lets through: 64 MB beside the file itself.
//!
//! One test, alone in its program: the measure is of the whole program. Deliberately absent: time, which `hostile` looks at.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use openward_law::casefile::{CaseFile, limits};
use openward_law::engine::Law;
use openward_law::standing::{Question, Reach, standing};
use openward_law::time::When;
use peak_alloc::PeakAlloc;
use support::generate::PERSON;
use support::hostile::{case_of, crowded, facts};
use support::law;
use support::random::Random;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The promise, in megabytes.
const MOST: f32 = 64.0;

fn evaluation(law: &Law, case: &CaseFile) -> f32 {
    let before = MEMORY.current_usage_as_mb();
    MEMORY.reset_peak_usage();
    let at = "2030-01-01T00:00:00Z".parse().expect("an instant");
    let file = case.file(PERSON).expect("the person's file");
    let answer = standing(case, file, Question { law, benchmark: None, at, known_at: None, reach: Reach::All });
    let most = MEMORY.peak_usage_as_mb() - before;
    assert!(answer.is_ok(), "the times can be read");
    most
}

#[test]
fn no_evaluation_holds_more_than_64_megabytes() {
    let at = |text: &str| When::parse(text).expect("a time");
    let one_instant = |_: usize, _: &mut Random| at("2024-03-31T12:00:00Z");
    let seconds = |n: usize, _: &mut Random| at(&format!("2024-01-01T{:02}:{:02}:{:02}Z", n / 3600, n / 60 % 60, n % 60));
    let days = |n: usize, _: &mut Random| at(&format!("{}-{:02}-{:02}", 2005 + n / 500, 1 + n % 12, 1 + n % 28));
    for law in law::laws() {
        let longest = limits::ENTRIES_PER_FILE_MAX;
        let files = [
            ("one instant", facts(&law, longest, one_instant)),
            ("seconds", facts(&law, longest, seconds)),
            ("days", facts(&law, longest, days)),
            ("crowded lists", crowded(&law, seconds)),
        ];
        for (what, entries) in files {
            let most = evaluation(&law, &case_of(entries));
            assert!(most > 0.0, "nothing was measured");
            assert!(most <= MOST, "{what} under {}: {most} MB", law.pack.id);
        }
    }
}
