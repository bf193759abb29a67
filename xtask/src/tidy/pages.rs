//! Rule: the pages that everybody needs exist, and no link between pages leads nowhere.
//!
//! Deliberately absent: links to other sites, because a test must not need a network.

use super::tree::{File, Tree};
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "pages exist and links resolve",
    why: "A person who looks for what is owed to them, or for how to mend a fault, must not end at nothing.",
    check,
};

const PAGES: &[&str] =
    &["README.md", "ARCHITECTURE.md", "RIGHTS.md", "GLOSSARY.md", "STYLE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE"];

fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::default();
    for page in PAGES {
        match tree.get(page) {
            None => findings.fail(page, 0, "does not exist.", "Write it."),
            Some(file) if file.text.trim().is_empty() => findings.fail(page, 0, "is empty.", "Write it."),
            Some(_) => {}
        }
    }
    for file in tree.ending(".md") {
        for (line, link) in links(&file.text) {
            if let Some(wrong) = broken(tree, file, &link) {
                findings.fail(&file.path, line, format!("links to `{link}`: {wrong}"), "Mend the link, or take it out.");
            }
        }
    }
    findings
}

/// What is wrong with a link, if anything.
fn broken(tree: &Tree, from: &File, link: &str) -> Option<&'static str> {
    let has_scheme =
        link.split_once(':').is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric()));
    if has_scheme || link.starts_with("//") {
        return None;
    }
    let (path, part) = link.split_once('#').unwrap_or((link, ""));
    let path = if path.is_empty() { Some(from.path.clone()) } else { resolve(&from.path, path) };
    let Some(path) = path else {
        return Some("it leaves the repository.");
    };
    match tree.get(&path) {
        None if path.is_empty() || tree.has_folder(&path) => None,
        None => Some("there is no such file or folder."),
        Some(file) if part.is_empty() || !path.ends_with(".md") || anchors(&file.text).iter().any(|anchor| anchor == part) => None,
        Some(_) => Some("that page has no such heading."),
    }
}

/// The path from the top; none where it leads out.
fn resolve(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = if link.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The targets of the links of a page, with their lines; what is shown as code is no link.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (line, shown) in prose(text) {
        let spoken: String = shown.split('`').step_by(2).collect::<Vec<_>>().join("``");
        for (at, _) in spoken.match_indices("](") {
            let target = spoken[at + 2..].split([')', ' ']).next().unwrap_or_default();
            found.push((line, target.trim_matches(['<', '>']).to_owned()));
        }
        if let Some((_, target)) = spoken.strip_prefix('[').and_then(|rest| rest.split_once("]: ")) {
            found.push((line, target.split_whitespace().next().unwrap_or_default().to_owned()));
        }
    }
    found
}

/// The lines outside fenced blocks.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let is_fence = line.trim_start().starts_with("```");
        fenced ^= is_fence;
        (!fenced && !is_fence).then_some((index + 1, line))
    })
}

/// The anchors of a page's headings, as sites that show Markdown make them.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for (_, line) in prose(text) {
        let Some(heading) = line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#')) else {
            continue;
        };
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let base: String = kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect();
        let mut anchor = base.clone();
        let mut again = 0;
        while anchors.contains(&anchor) {
            again += 1;
            anchor = format!("{base}-{again}");
        }
        anchors.push(anchor);
    }
    anchors
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    fn link_failures(files: &[(&str, &str)]) -> Vec<String> {
        check(&of(files)).lines().into_iter().filter(|line| line.contains("links to")).collect()
    }

    #[test]
    fn a_page_that_is_missing_or_empty_is_found() {
        let pages: Vec<(&str, &str)> = PAGES.iter().filter(|page| **page != "RIGHTS.md").map(|page| (*page, "x")).collect();
        assert_eq!(check(&of(&pages)).lines(), ["RIGHTS.md: does not exist."]);
        let mut pages = pages;
        pages.push(("RIGHTS.md", " \n"));
        assert_eq!(check(&of(&pages)).lines(), ["RIGHTS.md: is empty."]);
    }

    #[test]
    fn a_link_to_nothing_is_found() {
        let files = [("docs/a.md", "x\n[b](b.md) [c](../c.md) [out](../../d.md)\n\n[e]: e.md\n"), ("docs/b.md", "# B\n")];
        assert_eq!(
            link_failures(&files),
            [
                "docs/a.md:2: links to `../c.md`: there is no such file or folder.",
                "docs/a.md:2: links to `../../d.md`: it leaves the repository.",
                "docs/a.md:4: links to `e.md`: there is no such file or folder.",
            ]
        );
    }

    #[test]
    fn a_link_to_a_heading_needs_the_heading() {
        let files = [("a.md", "# The person's file\n## Same\n## Same\n[x](#the-persons-file) [y](#same-1) [z](#same-2)\n")];
        assert_eq!(link_failures(&files), ["a.md:4: links to `#same-2`: that page has no such heading."]);
    }

    #[test]
    fn other_sites_folders_and_code_are_left_alone() {
        let text = "[a](https://example.org/x) [b](mailto:a@example.org) [c](docs/) [d](docs) `[e](nothing.md)`\n\
                    ```\n[f](nothing.md)\n```\n- [fact-id] (text)\n";
        assert!(link_failures(&[("a.md", text), ("docs/b.md", "x")]).is_empty());
    }
}
