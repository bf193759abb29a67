//! docs/proofs.md: what the long proofs found, on what text, when.
//!
//! Written whole by `cargo xtask prove`, survivors and failures included. Deliberately absent: anything about the machine but its
//! cores and its system.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use super::known;
use super::long::Run;
use super::packs::Outcome;

/// Where the page stands, from the top of the repository.
const PAGE: &str = "docs/proofs.md";

/// On what, when and where the proofs were taken.
struct Ground {
    commit: String,
    date: String,
    cores: usize,
    system: &'static str,
}

/// Writes the page.
pub(super) fn write(root: &Path, outcomes: &[Outcome], runs: &[Run]) -> Result<(), String> {
    let ground = Ground {
        commit: commit(root),
        date: jiff::Zoned::now().date().to_string(),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        system: std::env::consts::OS,
    };
    std::fs::write(root.join(PAGE), page(&ground, outcomes, runs)).map_err(|error| format!("{PAGE} cannot be written: {error}"))?;
    println!("\n{PAGE} is written.");
    Ok(())
}

/// The commit, and whether the tree was as the commit has it.
fn commit(root: &Path) -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(root).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return "not known".to_owned() };
    match git(&["status", "--porcelain"]) {
        Some(changes) if changes.is_empty() => commit,
        _ => format!("{commit}, with changes since"),
    }
}

fn page(ground: &Ground, outcomes: &[Outcome], runs: &[Run]) -> String {
    let Ground { commit, date, cores, system } = ground;
    let mut text = format!(
        "# Proofs\n\nWritten by `cargo xtask prove`, whatever it finds. Nothing is written here by hand.\n\n\
         Commit {commit}. {date}. {cores} cores, {system}.\n\n\
         ## No datum of a pack is dead\n\n\
         Each datum of each pack was changed, one at a time: numbers, units, counting rules, rolls, anchors, facts, references, defects,\n\
         flags, days of versions; items of lists and needs were taken away. A change counts as noticed when the loader refuses the pack\n\
         or a scenario fails. What survived stands in [{}](unproved.txt).\n\n\
         | pack | changes | refused | a scenario failed | survived | scenarios |\n|---|---:|---:|---:|---:|---:|\n",
        known::LIST
    );
    for Outcome { pack, tried, refused, killed, survivors, scenarios, .. } in outcomes {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {pack} | {tried} | {refused} | {killed} | {} | {scenarios} |", survivors.len());
    }
    text.push_str(
        "\n## Laws that hold of generated files\n\n\
         The tests of `crates/law/tests/`, in release. Each test took so many generated cases, beginning with the seed.\n\n\
         | tests | cases each | seed | all held | seconds |\n|---|---:|---:|---|---:|\n",
    );
    for Run { name, cases, seed, held, seconds } in runs {
        let held = if *held { "yes" } else { "**no**" };
        let _ = writeln!(text, "| {name} | {cases} | {seed} | {held} | {seconds} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn survivors_and_failures_are_written_as_they_are() {
        let ground = Ground { commit: "abc".to_owned(), date: "2026-01-02".to_owned(), cores: 4, system: "linux" };
        let outcome = Outcome {
            pack: "x".to_owned(),
            tried: 10,
            refused: 1,
            killed: 7,
            survivors: BTreeSet::from(["a".to_owned(), "b".to_owned()]),
            scenarios: 5,
            ..Outcome::default()
        };
        let run = Run { name: "properties".to_owned(), cases: 9, seed: 1, held: false, seconds: 3 };
        let page = page(&ground, &[outcome], &[run]);
        assert!(page.contains("Commit abc. 2026-01-02. 4 cores, linux."), "{page}");
        assert!(page.contains("| x | 10 | 1 | 7 | 2 | 5 |\n"), "{page}");
        assert!(page.ends_with("| properties | 9 | 1 | **no** | 3 |\n"), "{page}");
    }
}
