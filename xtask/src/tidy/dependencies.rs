//! Rule: every library is named once for the whole workspace, is used, and has a line that says what it is for.
//!
//! Deliberately absent: licences and advisories, which need more than the tree.

use super::manifest::{members, shared};
use super::tree::Tree;
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "every library has its reason",
    why: "Whoever controls a library can change a standing, so each must be known, wanted and in use.",
    check,
};

const TABLE: &str = "Cargo.toml";
const PAGE: &str = "docs/dependencies.md";

fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::default();
    let (Some(table), members, shared) = (tree.get(TABLE), members(tree), shared(tree)) else {
        return findings;
    };
    let lines: Vec<(usize, &str)> = tree.get(PAGE).map(|page| listed(&page.text)).unwrap_or_default();
    if tree.get(PAGE).is_none() {
        findings.fail(PAGE, 0, "does not exist.", "Write it: a table with one line for each library, its name in backticks first.");
    }
    for row in &shared {
        let line = table.line_of_key(&row.name);
        if !members.iter().any(|member| member.needs.iter().any(|need| need.name == row.name)) {
            findings.fail(
                TABLE,
                line,
                format!("no member uses `{}`.", row.name),
                "Take it out; it can come back with the code that needs it.",
            );
        }
        if !row.ours && !lines.iter().any(|(_, name)| *name == row.name) {
            findings.fail(TABLE, line, format!("`{}` has no line in {PAGE}.", row.name), "Add the line: what it is for, and its licence.");
        }
    }
    for (line, name) in lines.iter().filter(|(_, name)| !shared.iter().any(|row| row.name == *name)) {
        findings.fail(PAGE, *line, format!("`{name}` is not in [workspace.dependencies]."), "Take the line out.");
    }
    for member in &members {
        for need in member.needs.iter().filter(|need| !need.shared) {
            findings.fail(
                &member.file.path,
                member.file.line_of_key(&need.name),
                format!("`{}` does not come from the workspace.", need.name),
                "Name it in [workspace.dependencies] of the top Cargo.toml, and write `NAME.workspace = true` here.",
            );
        }
    }
    findings
}

/// The libraries that the page lists: rows of a table whose first cell is a name in backticks.
fn listed(page: &str) -> Vec<(usize, &str)> {
    let name = |line: &'_ str| line.strip_prefix("| `").and_then(|rest| rest.find("` |").map(|end| 3..3 + end));
    page.lines().enumerate().filter_map(|(index, line)| name(line).map(|range| (index + 1, &line[range]))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    const ROOT: &str = "[workspace]\nmembers = [\"crates/law\"]\n[workspace.dependencies]\n\
        openward-law = { path = \"crates/law\" }\nserde = \"1\"\ntoml = \"1\"\n";
    const MEMBER: &str = "[package]\nname = \"openward-law\"\n[dependencies]\n\
        serde.workspace = true\ntoml = { workspace = true }\nopenward-law.workspace = true\n";
    const LISTED: &str = "| library | what for |\n|---|---|\n| `serde` | reading |\n| `toml` | packs |\n";

    fn found(root: &str, member: &str, page: &str) -> Vec<String> {
        check(&of(&[(TABLE, root), ("crates/law/Cargo.toml", member), (PAGE, page)])).lines()
    }

    #[test]
    fn a_library_that_is_listed_and_used_is_in_order() {
        assert!(found(ROOT, MEMBER, LISTED).is_empty());
    }

    #[test]
    fn a_library_without_a_line_is_found() {
        let page = LISTED.replace("| `toml` | packs |\n", "We also use `toml`.\n");
        assert_eq!(found(ROOT, MEMBER, &page), ["Cargo.toml:6: `toml` has no line in docs/dependencies.md."]);
    }

    #[test]
    fn a_library_that_nobody_uses_is_found() {
        let member = MEMBER.replace("toml = { workspace = true }\n", "");
        assert_eq!(found(ROOT, &member, LISTED), ["Cargo.toml:6: no member uses `toml`."]);
    }

    #[test]
    fn a_line_about_a_library_that_is_gone_is_found() {
        let page = format!("{LISTED}| `rand` | chance |\n");
        assert_eq!(found(ROOT, MEMBER, &page), ["docs/dependencies.md:5: `rand` is not in [workspace.dependencies]."]);
    }

    #[test]
    fn a_library_that_one_crate_names_for_itself_is_found() {
        let member = format!("{MEMBER}rand = \"1\"\n");
        assert_eq!(found(ROOT, &member, LISTED), ["crates/law/Cargo.toml:7: `rand` does not come from the workspace."]);
    }
}
