//! docs/proofs.md: what the long proofs found, on what text, when.
//!
//! A proof that is run writes its own row, survivors and failures included; the rows of the others stay, each with the commit it was taken on.
//! Deliberately absent: anything about the machine but its cores and its system.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use super::known;
use super::long::{LONG, Run};
use super::packs::Outcome;
use crate::book::text;

/// Where the page stands, from the top of the repository.
const PAGE: &str = "docs/proofs.md";

/// On what, when and where a proof was taken: the last cells of its row.
pub(super) struct Ground {
    commit: String,
    date: String,
    cores: usize,
    system: &'static str,
}

impl Ground {
    /// The tree as it stands now. Ask before the proofs are taken, because a tree that changes while they run is not what they were taken on.
    pub(super) fn of(root: &Path) -> Self {
        Self {
            commit: commit(root),
            date: jiff::Zoned::now().date().to_string(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            system: std::env::consts::OS,
        }
    }

    fn cells(&self) -> String {
        let Self { commit, date, cores, system } = self;
        format!("{commit} | {date} | {cores} cores, {system}")
    }
}

/// Writes the rows of these packs.
pub(super) fn write_packs(root: &Path, ground: &Ground, outcomes: &[Outcome]) -> Result<(), String> {
    let rows = outcomes.iter().map(|Outcome { pack, tried, refused, killed, survivors, scenarios, .. }| {
        (pack.clone(), format!("{tried} | {refused} | {killed} | {} | {scenarios} | {}", survivors.len(), ground.cells()))
    });
    write(root, rows.collect())
}

/// Writes the row of a test.
pub(super) fn write_run(root: &Path, ground: &Ground, run: &Run) -> Result<(), String> {
    let Run { name, shows, cases, seed, held, seconds } = run;
    let held = if *held { "yes" } else { "**no**" };
    write(root, BTreeMap::from([((*name).to_owned(), format!("{cases} | {shows} | {seed} | {held} | {seconds} | {}", ground.cells()))]))
}

fn write(root: &Path, new: BTreeMap<String, String>) -> Result<(), String> {
    let path = root.join(PAGE);
    let mut rows = if path.exists() { rows(&text(&path)?) } else { BTreeMap::new() };
    rows.extend(new);
    std::fs::write(&path, page(&rows)).map_err(|error| format!("{PAGE} cannot be written: {error}"))?;
    println!("{PAGE} is written.");
    Ok(())
}

/// The commit, and whether the tree was as the commit has it. The page itself and the list of survivors do not count: proofs write them.
fn commit(root: &Path) -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(root).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return "not known".to_owned() };
    let [page, list] = [PAGE, known::LIST].map(|path| format!(":(exclude){path}"));
    match git(&["status", "--porcelain", "--", ".", &page, &list]) {
        Some(changes) if changes.is_empty() => commit,
        _ => format!("{commit}, with changes since"),
    }
}

/// The rows of a page: the first cell and the rest.
fn rows(page: &str) -> BTreeMap<String, String> {
    let cells = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    cells.filter(|(name, _)| !matches!(*name, "pack" | "proof")).map(|(name, rest)| (name.to_owned(), rest.to_owned())).collect()
}

fn page(rows: &BTreeMap<String, String>) -> String {
    let mut text = format!(
        "# Proofs\n\nWritten by `cargo xtask prove`, whatever it finds: each proof writes its own row. Nothing is written here by hand.\n\n\
         ## No datum of a pack is dead\n\n\
         Each datum of each pack was changed, one at a time: numbers, units, counting rules, rolls, anchors, facts, references, defects,\n\
         flags, days of versions; items of lists and needs were taken away. A change counts as noticed when the loader refuses the pack\n\
         or a scenario fails. What survived stands in [{}](unproved.txt).\n\n\
         | pack | changes | refused | a scenario failed | survived | scenarios | commit | date | machine |\n|---|---:|---:|---:|---:|---:|---|---|---|\n",
        known::LIST.trim_start_matches("docs/")
    );
    let of_tests = |name: &str| LONG.iter().any(|long| long.name == name);
    // Writing to a string cannot fail.
    for (name, rest) in rows.iter().filter(|(name, _)| !of_tests(name)) {
        let _ = writeln!(text, "| {name} | {rest} |");
    }
    text.push_str(
        "\n## Promises on generated cases\n\n\
         Tests of the crates, in release, beginning with the seed. A proof that has no row was not run.\n\n\
         | proof | cases | of what | seed | all held | seconds | commit | date | machine |\n|---|---:|---|---:|---|---:|---|---|---|\n",
    );
    for long in LONG {
        if let Some(rest) = rows.get(long.name) {
            let _ = writeln!(text, "| {} | {rest} |", long.name);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn ground() -> Ground {
        Ground { commit: "abc".to_owned(), date: "2026-01-02".to_owned(), cores: 4, system: "linux" }
    }

    #[test]
    fn survivors_and_failures_are_written_as_they_are_and_other_rows_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("docs")).expect("a folder");
        let outcome = Outcome {
            pack: "x".to_owned(),
            tried: 10,
            refused: 1,
            killed: 7,
            survivors: BTreeSet::from(["a".to_owned(), "b".to_owned()]),
            scenarios: 5,
            ..Outcome::default()
        };
        write_packs(folder.path(), &ground(), &[outcome]).expect("written");
        let mut run = Run { name: "properties", shows: "case files", cases: 9, seed: 1, held: false, seconds: 3 };
        write_run(folder.path(), &ground(), &run).expect("written");
        let read = || std::fs::read_to_string(folder.path().join(PAGE)).expect("a page");
        assert!(read().contains("| x | 10 | 1 | 7 | 2 | 5 | abc | 2026-01-02 | 4 cores, linux |\n"), "{}", read());
        assert!(read().ends_with("| properties | 9 | case files | 1 | **no** | 3 | abc | 2026-01-02 | 4 cores, linux |\n"), "{}", read());
        run.held = true;
        write_run(folder.path(), &ground(), &run).expect("written");
        assert!(read().contains("| x | 10 |") && !read().contains("**no**"), "{}", read());
        assert_eq!(page(&rows(&read())), read());
    }
}
