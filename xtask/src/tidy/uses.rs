//! Rule: who may use whom among our own crates. The one table of arrows stands here.
//!
//! Deliberately absent: libraries of others; `dependencies` looks at those.

use super::manifest::{Member, members};
use super::tree::Tree;
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "who may use whom",
    why: "Law and seal must be readable, testable and verifiable alone; an arrow the wrong way ends that without anybody noticing.",
    check,
};

/// The arrows of the house: each crate by its folder, and what of ours it may use. A crate has its row before it has its first line.
const MAY_USE: &[(&str, &[&str])] = &[
    ("crates/law", &[]),
    ("crates/seal", &[]),
    ("crates/verify", &["crates/seal"]),
    ("crates/register", &["crates/law", "crates/seal"]),
    ("crates/access", &["crates/law", "crates/seal"]),
    ("crates/papers", &["crates/law", "crates/seal"]),
    ("crates/office", &["crates/law", "crates/seal", "crates/register", "crates/access", "crates/papers"]),
    ("crates/web", &["crates/law", "crates/seal", "crates/register", "crates/access", "crates/papers", "crates/office"]),
    ("crates/openward", &["crates/law", "crates/seal", "crates/register", "crates/access", "crates/papers", "crates/office", "crates/web"]),
];

/// The crate that may use all of the others, because nothing of it reaches the people who run Openward.
const CHORES: &str = "xtask";

fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::default();
    let members = members(tree);
    for member in members.iter().filter(|member| member.folder != CHORES) {
        let Some((_, may_use)) = MAY_USE.iter().find(|(folder, _)| *folder == member.folder) else {
            findings.fail(
                &member.file.path,
                0,
                format!("`{}` has no row in the table of arrows.", member.folder),
                "Add a row to MAY_USE in xtask/src/tidy/uses.rs and an arrow to ARCHITECTURE.md, or take the crate out of the workspace.",
            );
            continue;
        };
        for used in ours(&members, member).filter(|used| !may_use.contains(&used.folder.as_str())) {
            findings.fail(
                &member.file.path,
                member.file.line_of_key(&used.name),
                format!("`{}` uses `{}`.", member.folder, used.folder),
                match may_use {
                    [] => "This crate may use nothing of ours. Pass what it needs as an argument, or move the code to a crate above it."
                        .to_owned(),
                    list => format!("It may use only {}. Pass a value instead, or move the code to a crate above it.", list.join(", ")),
                },
            );
        }
    }
    findings
}

fn ours<'a>(members: &'a [Member<'a>], of: &'a Member<'a>) -> impl Iterator<Item = &'a Member<'a>> {
    members.iter().filter(|member| of.needs.iter().any(|need| need.name == member.name))
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    const ROOT: (&str, &str) = ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\", \"xtask\"]\n");

    fn manifest(name: &str, uses: &str) -> String {
        format!("[package]\nname = \"{name}\"\n[dependencies]\n{uses}")
    }

    #[test]
    fn law_that_uses_a_crate_of_ours_is_found_at_its_line() {
        let law = manifest("openward-law", "serde.workspace = true\nopenward-seal.workspace = true\n");
        let tree = of(&[ROOT, ("crates/law/Cargo.toml", &law), ("crates/seal/Cargo.toml", &manifest("openward-seal", ""))]);
        assert_eq!(check(&tree).lines(), ["crates/law/Cargo.toml:5: `crates/law` uses `crates/seal`."]);
    }

    #[test]
    fn the_arrows_of_the_table_and_all_of_xtask_are_allowed() {
        let uses = "openward-law.workspace = true\n";
        let tree = of(&[
            ROOT,
            ("crates/law/Cargo.toml", &manifest("openward-law", "")),
            ("crates/openward/Cargo.toml", &manifest("openward", uses)),
            ("xtask/Cargo.toml", &manifest("xtask", "openward-law.workspace = true\nopenward.workspace = true\n")),
        ]);
        assert!(check(&tree).lines().is_empty());
    }

    #[test]
    fn a_test_dependency_is_an_arrow_too() {
        let law = "[package]\nname = \"openward-law\"\n[dev-dependencies]\nopenward.workspace = true\n";
        let tree = of(&[ROOT, ("crates/law/Cargo.toml", law), ("crates/openward/Cargo.toml", &manifest("openward", ""))]);
        assert_eq!(check(&tree).lines(), ["crates/law/Cargo.toml:4: `crates/law` uses `crates/openward`."]);
    }

    #[test]
    fn a_crate_without_a_row_is_found() {
        let tree = of(&[ROOT, ("crates/extra/Cargo.toml", &manifest("extra", ""))]);
        assert_eq!(check(&tree).lines(), ["crates/extra/Cargo.toml: `crates/extra` has no row in the table of arrows."]);
    }

    #[test]
    fn the_table_has_no_circle() {
        for (index, (folder, may_use)) in MAY_USE.iter().enumerate() {
            let earlier: Vec<&str> = MAY_USE[..index].iter().map(|(earlier, _)| *earlier).collect();
            assert!(may_use.iter().all(|used| earlier.contains(used)), "{folder} uses a crate that stands below it");
        }
    }
}
