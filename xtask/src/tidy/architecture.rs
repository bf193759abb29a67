//! Rule: ARCHITECTURE.md is a true map. What it names exists, and what exists at the top is named in it.
//!
//! Deliberately absent: whether what it says is right.

use std::collections::BTreeSet;

use super::manifest::members;
use super::tree::{File, Tree};
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "ARCHITECTURE.md is a true map",
    why: "Nobody can guard a rule of the house who was sent to a room that is not there, or never told of one that is.",
    check,
};

pub(super) const MAP: &str = "ARCHITECTURE.md";

/// Ends of names that make a word in backticks a file.
const ENDS: &[&str] = &[".rs", ".md", ".toml", ".scn", ".json", ".jsonl", ".ftl", ".sql", ".cedar", ".lock"];

fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::default();
    // A missing page is the business of the rule on pages.
    let Some(map) = tree.get(MAP) else {
        return findings;
    };
    named_but_absent(tree, map, &mut findings);
    present_but_unnamed(tree, map, &mut findings);
    findings
}

fn named_but_absent(tree: &Tree, map: &File, findings: &mut Findings) {
    let ours: BTreeSet<String> = members(tree).into_iter().map(|member| member.name).collect();
    let tops = tree.folders_in("");
    for (index, line) in map.text.lines().enumerate() {
        // Every second part lies between backticks. What a build makes is there or not, as it happens.
        for word in line.split('`').skip(1).step_by(2) {
            let is_plain =
                !word.is_empty() && !word.starts_with("target/") && word.chars().all(|c| c.is_ascii_alphanumeric() || "._/*-".contains(c));
            let begins_at_top = word.split_once('/').is_some_and(|(first, _)| tops.contains(&first));
            let is_path = is_plain && (begins_at_top || word.ends_with('/') || ENDS.iter().any(|end| word.ends_with(end)));
            let is_crate = is_plain && word.starts_with("openward-") && !word.contains('/');
            if is_path && !stands(tree, word) {
                findings.fail(
                    MAP,
                    index + 1,
                    format!("names `{word}`, which does not exist."),
                    "Name the file or folder as it is, or leave it out.",
                );
            } else if is_crate && !is_path && !ours.contains(word) && !stands(tree, word) {
                findings.fail(
                    MAP,
                    index + 1,
                    format!("names the crate `{word}`, which does not exist."),
                    "Name the crate as it is, or leave it out.",
                );
            }
        }
    }
}

/// Whether a file or folder of this name exists: from the top, or within any folder; `*` stands for any one name.
fn stands(tree: &Tree, word: &str) -> bool {
    let wanted: Vec<&str> = word.trim_end_matches('/').split('/').collect();
    tree.files().any(|file| {
        let path: Vec<&str> = file.path.split('/').collect();
        path.windows(wanted.len()).enumerate().any(|(at, run)| {
            // A word with an end such as `.rs` is a file and closes the path; any other may be a folder on the way.
            let closes = at + wanted.len() == path.len() || !ENDS.iter().any(|end| word.ends_with(end));
            closes && run.iter().zip(&wanted).all(|(name, wanted)| fits(name, wanted))
        })
    })
}

fn fits(name: &str, wanted: &str) -> bool {
    match wanted.split_once('*') {
        None => name == wanted,
        Some((start, end)) => name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end),
    }
}

fn present_but_unnamed(tree: &Tree, map: &File, findings: &mut Findings) {
    let folders = tree.folders_in("").into_iter().filter(|folder| !folder.starts_with('.')).map(str::to_owned);
    let crates = members(tree).into_iter().map(|member| member.folder);
    let places: BTreeSet<String> = folders.chain(crates).collect();
    for place in places {
        let last = place.rsplit('/').next().unwrap_or(&place);
        // In a drawn tree a crate stands under `crates/` by its last name alone.
        let is_named = [format!("{place}/"), format!("`{place}`"), format!(" {last}/"), format!("`{last}/`")]
            .iter()
            .any(|form| map.text.contains(form))
            || map.text.lines().any(|line| line.starts_with(&format!("{last}/")) || line.ends_with(&place));
        if !is_named {
            findings.fail(
                MAP,
                0,
                format!("does not name `{place}/`, which exists."),
                "Say in the map of the code what lives there, and why.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    fn found(map: &str) -> Vec<String> {
        check(&of(&[
            (MAP, map),
            (".ci/run", ""),
            ("Cargo.toml", "[workspace]\nmembers = [\"crates/law\"]\n"),
            ("crates/law/Cargo.toml", "[package]\nname = \"openward-law\"\n"),
            ("crates/law/src/time/count.rs", ""),
            ("docs/proofs.md", ""),
        ]))
        .lines()
    }

    #[test]
    fn what_is_named_must_exist() {
        let map = "`crates/law/` and `docs/`.\n`crates/seal/src`, `time/days.rs`, `openward-seal`, `law.md`\n";
        assert_eq!(
            found(map),
            [
                "ARCHITECTURE.md:2: names `crates/seal/src`, which does not exist.",
                "ARCHITECTURE.md:2: names `time/days.rs`, which does not exist.",
                "ARCHITECTURE.md:2: names the crate `openward-seal`, which does not exist.",
                "ARCHITECTURE.md:2: names `law.md`, which does not exist.",
            ]
        );
    }

    #[test]
    fn a_name_may_be_short_or_hold_a_star_and_other_words_are_no_names() {
        let map = "`crates/law/` `docs/` `time/count.rs` `count.rs` `crates/*/src` \
                    `docs/*.md` `openward-law` `.ci/run` `a/b` `target/doc/` `None { since }` `Cargo.toml`\n";
        assert!(found(map).is_empty(), "{:?}", found(map));
    }

    #[test]
    fn what_exists_at_the_top_must_be_named() {
        assert_eq!(
            found("Nothing much.\n"),
            [
                "ARCHITECTURE.md: does not name `crates/`, which exists.",
                "ARCHITECTURE.md: does not name `crates/law/`, which exists.",
                "ARCHITECTURE.md: does not name `docs/`, which exists.",
            ]
        );
        assert!(found("    docs/     pages\n    crates/\n      law/    the engine\n").is_empty());
    }
}
