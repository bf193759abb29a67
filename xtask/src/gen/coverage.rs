//! The coverage of a pack: each researched fact with the provisions that carry it, or with the reason why none does.
//!
//! A fact with neither is a gap and fails, as do a provision's fact that FACTS.md does not have and a reason that fits no fact.
//! Deliberately absent: whether a provision carries its fact rightly. The scenarios show that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use openward_law::pack::{Pack, heads};

/// A fact of FACTS.md: the heading above it, and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    heading: String,
    id: String,
}

/// A reason of READING.md: the id, or with a star the beginning of the ids, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LeftOut {
    ids: String,
    why: String,
}

/// The page, and what is wrong with what it was made from.
pub(super) struct Coverage {
    pub(super) page: String,
    pub(super) wrong: Vec<String>,
}

/// The facts of a FACTS.md: list items and rows of tables that begin with an id in square brackets.
pub(super) fn facts(text: &str) -> Vec<Fact> {
    let mut heading = String::new();
    let mut facts = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            heading = title.trim().to_owned();
        }
        let Some(rest) = ["- [", "| ["].iter().find_map(|start| line.strip_prefix(start)) else { continue };
        // What is followed by an address is a link.
        if let Some((id, rest)) = rest.split_once(']')
            && openward_law::pack::is_name(id)
            && !rest.starts_with('(')
        {
            facts.push(Fact { heading: heading.clone(), id: id.to_owned() });
        }
    }
    facts
}

/// The reasons of a READING.md: the rows of every table headed `facts` and `why not modelled`.
pub(super) fn left_out(text: &str) -> Vec<LeftOut> {
    let mut within = false;
    let mut found = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        match cells.as_slice() {
            ["", "facts", "why not modelled", ""] => within = true,
            ["", ids, why @ .., ""] if within && !ids.starts_with("---") => {
                let why = why.join("|");
                let ids = ids.split([',', ' ', '`']).filter(|id| !id.is_empty());
                found.extend(ids.map(|ids| LeftOut { ids: ids.to_owned(), why: why.clone() }));
            }
            ["", ..] if within && line.starts_with('|') => {}
            _ => within = false,
        }
    }
    found
}

impl LeftOut {
    fn fits(&self, id: &str) -> bool {
        match self.ids.strip_suffix('*') {
            Some(start) => id.starts_with(start),
            None => self.ids == id,
        }
    }
}

/// The provisions that carry each fact, with their sections, in the order of the pack.
fn carried(pack: &Pack) -> BTreeMap<String, Vec<String>> {
    let mut carried: BTreeMap<String, Vec<String>> = BTreeMap::new();
    heads(pack, |head| {
        let provision = format!("{}.{} ({})", head.kind.word(), head.id, head.section);
        for fact in &head.facts {
            let provisions = carried.entry(fact.clone()).or_default();
            if !provisions.contains(&provision) {
                provisions.push(provision.clone());
            }
        }
    });
    carried
}

/// Sets the facts against the pack.
pub(super) fn coverage(pack: &Pack, facts: &[Fact], left_out: &[LeftOut]) -> Coverage {
    let carried = carried(pack);
    let known: BTreeSet<&str> = facts.iter().map(|fact| fact.id.as_str()).collect();
    let mut wrong: Vec<String> = Vec::new();
    let strangers = carried.iter().filter(|(id, _)| !known.contains(id.as_str()));
    wrong.extend(
        strangers.map(|(id, provisions)| format!("{} carries the fact `{id}`, which FACTS.md does not have.", provisions.join(", "))),
    );
    let idle = left_out.iter().filter(|reason| !facts.iter().any(|fact| reason.fits(&fact.id)));
    wrong.extend(idle.map(|reason| format!("READING.md gives a reason for `{}`, and no fact has such an id.", reason.ids)));

    let (mut rows, mut gaps) = (String::new(), Vec::new());
    let (mut heading, mut with, mut without) = ("", 0, 0);
    for fact in facts {
        if fact.heading != heading {
            heading = &fact.heading;
            // Writing to a string cannot fail.
            let _ = write!(rows, "\n## {heading}\n\n| fact | provisions |\n|---|---|\n");
        }
        let cell = match (carried.get(&fact.id), left_out.iter().find(|reason| reason.fits(&fact.id))) {
            (Some(provisions), _) => {
                with += 1;
                provisions.join(", ")
            }
            (None, Some(reason)) => {
                without += 1;
                format!("not modelled: {}", reason.why)
            }
            (None, None) => {
                gaps.push(fact.id.as_str());
                "**gap**".to_owned()
            }
        };
        let _ = writeln!(rows, "| `{}` | {cell} |", fact.id);
    }
    wrong.extend(gaps.iter().map(|id| format!("no provision carries the fact `{id}`, and READING.md does not say why.")));
    let mut page = format!(
        "# {}: facts and provisions\n\nMade by `cargo xtask gen` from [FACTS.md](FACTS.md), [READING.md](READING.md) and the pack. \
         Nothing is written here by hand.\n\n{} facts: {with} carried by a provision, {without} not modelled, {} gaps.\n",
        pack.id,
        facts.len(),
        gaps.len()
    );
    page.push_str(&rows);
    if !gaps.is_empty() {
        let _ = write!(page, "\n## Gaps\n\n{}\n", gaps.iter().map(|id| format!("- `{id}`")).collect::<Vec<_>>().join("\n"));
    }
    Coverage { page, wrong }
}

#[cfg(test)]
mod tests {
    use openward_law::pack::{PackFile, load};

    use super::*;

    const FACTS: &str = "\
        # F\n\n| a | b |\n|---|---|\n| `x` | see [not-a-fact] |\n\n\
        ## Section 1\n\n- [s1-a] One.\n- [s1-b] Two.\n- [link](FACTS.md)\n\n\
        ## Section 2\n\n| [s2-a] | three |\n- [s2-b] Four.\n";
    const READING: &str = "\
        | other | why |\n|---|---|\n| `s1-a` | no |\n\n\
        | facts | why not modelled |\n|---|---|\n| `s1-b`, `s2-*` | nobody | \n\n\
        Text.\n| `s1-a` | no |\n";

    fn pack(facts: &str) -> Pack {
        let text = format!(
            "[pack]\nid = \"x\"\ntitle = \"X\"\nas_at = 2024-01-01\nfrom = 2000-01-01\n[roles]\nperson = {{ name = \"P\" }}\n\
             [[duty.tell]]\ntitle = \"T\"\nsection = \"1\"\nfacts = [{facts}]\neach = [{{ fact = \"admitted\" }}]\n\
             owed = {{ by = \"person\" }}\ndone = [{{ fact = \"informed\" }}]\n"
        );
        load(&[PackFile { name: "x.toml".to_owned(), text }], None).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    #[test]
    fn facts_begin_a_list_item_or_a_row() {
        let found = facts(FACTS);
        let shown: Vec<_> = found.iter().map(|fact| (fact.heading.as_str(), fact.id.as_str())).collect();
        assert_eq!(shown, [("Section 1", "s1-a"), ("Section 1", "s1-b"), ("Section 2", "s2-a"), ("Section 2", "s2-b")]);
    }

    #[test]
    fn reasons_are_read_from_their_own_table_alone() {
        let found = left_out(READING);
        let shown: Vec<_> = found.iter().map(|reason| (reason.ids.as_str(), reason.why.as_str())).collect();
        assert_eq!(shown, [("s1-b", "nobody"), ("s2-*", "nobody")]);
    }

    #[test]
    fn each_fact_is_carried_or_left_out_with_a_reason() {
        let made = coverage(&pack("\"s1-a\""), &facts(FACTS), &left_out(READING));
        assert!(made.wrong.is_empty(), "{:?}", made.wrong);
        assert!(made.page.contains("4 facts: 1 carried by a provision, 3 not modelled, 0 gaps."), "{}", made.page);
        assert!(made.page.contains("| `s1-a` | duty.tell (1) |\n| `s1-b` | not modelled: nobody |\n"), "{}", made.page);
        assert!(!made.page.contains("Gaps"), "{}", made.page);
    }

    #[test]
    fn a_fact_with_neither_is_a_gap_and_what_fits_no_fact_is_wrong() {
        let reasons = [LeftOut { ids: "s1-b".to_owned(), why: "x".to_owned() }, LeftOut { ids: "s9-*".to_owned(), why: "x".to_owned() }];
        let made = coverage(&pack("\"s1-a\", \"s2-b\", \"s7\""), &facts(FACTS), &reasons);
        assert_eq!(
            made.wrong,
            [
                "duty.tell (1) carries the fact `s7`, which FACTS.md does not have.",
                "READING.md gives a reason for `s9-*`, and no fact has such an id.",
                "no provision carries the fact `s2-a`, and READING.md does not say why.",
            ]
        );
        assert!(made.page.ends_with("## Gaps\n\n- `s2-a`\n"), "{}", made.page);
    }
}
