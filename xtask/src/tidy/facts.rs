//! Rule: every researched fact has one id, used once, in the FACTS.md of its pack.
//!
//! Deliberately absent: whether a provision carries the fact; the coverage of the pack shows that.

use std::collections::BTreeMap;

use super::tree::Tree;
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "every fact has one id",
    why: "A provision is tied to its fact by the id; two facts of one id leave open which of them was followed.",
    check,
};

fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::default();
    for file in tree.ending("/FACTS.md").filter(|file| file.path.starts_with("law/")) {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, line) in file.text.lines().enumerate() {
            let Some(id) = id(line) else { continue };
            if let Some(earlier) = first.get(id) {
                findings.fail(
                    &file.path,
                    index + 1,
                    format!("the id `{id}` is used before, on line {earlier}."),
                    "Give the later fact an id of its own, and look which of the two the provisions mean.",
                );
            } else {
                first.insert(id, index + 1);
            }
        }
        if first.is_empty() {
            findings.fail(
                &file.path,
                0,
                "holds no fact with an id.",
                "Begin each fact with its id: `- [s2-period] …`, or `| [s2-period] | …`.",
            );
        }
    }
    findings
}

/// The id with which a list item or a table row begins.
fn id(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let rest = ["- [", "* [", "| [", "|["].iter().find_map(|mark| line.strip_prefix(mark))?;
    let (id, after) = rest.split_once(']')?;
    let is_plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c));
    // A link has its address directly after the bracket, and is no id.
    (is_plain && !after.starts_with('(')).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    #[test]
    fn an_id_that_is_used_twice_is_found_in_lists_and_tables() {
        let text = "- [s2-period] a, see [s3-period].\n- [s3-period] b\n\n| [s4-form] | c |\n| [s2-period] | d |\n  - [s4-form] e\n";
        let lines = check(&of(&[("law/xx/FACTS.md", text)])).lines();
        assert_eq!(
            lines,
            [
                "law/xx/FACTS.md:5: the id `s2-period` is used before, on line 1.",
                "law/xx/FACTS.md:6: the id `s4-form` is used before, on line 4.",
            ]
        );
    }

    #[test]
    fn two_packs_may_use_the_same_id() {
        let text = "- [s2-period] a\n- [link](b.md)\n- [link](c.md)\n";
        assert!(check(&of(&[("law/xx/FACTS.md", text), ("law/yy/FACTS.md", text)])).lines().is_empty());
    }

    #[test]
    fn a_page_of_facts_without_ids_is_found() {
        assert_eq!(check(&of(&[("law/xx/FACTS.md", "Some facts.\n")])).lines(), ["law/xx/FACTS.md: holds no fact with an id."]);
    }
}
