//! Runs the scenarios of the statute book, and says which provisions no scenario speaks of.
//!
//! The tests below are the whole of it in `cargo test`: one for each pack, one for the scenarios that stand apart. Deliberately
//! absent: how a scenario is read and held against a standing; `openward_law::scenario` does that.

use std::collections::BTreeSet;

use openward_law::pack::{Head, Pack, heads};
use openward_law::scenario::Scenario;

use crate::book::ScenarioFile;

/// What the scenarios of a pack speak of: sections they cite, and words in what they expect and are given.
#[derive(Default)]
struct Spoken {
    sections: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl Spoken {
    /// Adds what a scenario speaks of.
    fn add(&mut self, scenario: &Scenario) {
        self.sections.extend(sections(&scenario.cites).map(str::to_owned));
        for then in &scenario.thens {
            self.words.extend(then.words.iter().flat_map(|word| word.split(':')).map(str::to_owned));
        }
        let given = scenario.facts.iter().flat_map(|fact| ["instrument", "under"].into_iter().filter_map(|key| fact.entry.get(key)));
        self.words.extend(given.flat_map(|value| match value {
            serde_json::Value::Array(items) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
            value => value.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>(),
        }));
    }

    /// Whether a scenario names the provision, or cites its section or a part of it.
    fn touches(&self, head: &Head) -> bool {
        self.words.contains(&head.id) || sections(&head.section).any(|section| self.cites(section))
    }

    fn cites(&self, section: &str) -> bool {
        let deeper = |cited: &String| cited.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('('));
        self.sections.range(section.to_owned()..).take_while(|cited| cited.starts_with(section)).any(deeper)
    }
}

/// The sections of a citation such as `2(4), 5(1)`.
pub(crate) fn sections(cited: &str) -> impl Iterator<Item = &str> {
    cited.split([',', ';']).map(str::trim).filter(|section| !section.is_empty())
}

/// The provisions of a pack that no scenario touches, as `kind.name (section)`. Under the benchmark every scenario runs.
pub(crate) fn untouched(pack: &Pack, files: &[ScenarioFile]) -> Vec<String> {
    let mut spoken = Spoken::default();
    for file in files {
        let runs_here = |scenario: &&Scenario| pack.benchmark || scenario.law.as_deref().unwrap_or(&file.pack) == pack.id;
        file.scenarios.iter().filter(runs_here).for_each(|scenario| spoken.add(scenario));
    }
    let mut found = Vec::new();
    heads(pack, |head| {
        if !spoken.touches(head) {
            found.push(format!("{}.{} ({})", head.kind.word(), head.id, head.section));
        }
    });
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use openward_law::scenario::run;

    use super::*;
    use crate::book::{BENCHMARK, Book, all_scenarios, repository, scenarios};

    /// Packs of which every provision must be touched by a scenario.
    const COMPLETE: &[&str] = &[];

    /// Packs that have a test below.
    const TESTED: &[&str] = &["au-vic", "gb-eaw", "gb-sct", "ie", "in", "it", "nl", "nz", "ua", BENCHMARK, "za"];

    /// Every expectation that did not come true, as `file:line: scenario: what`.
    fn failures(book: &Book, files: &[ScenarioFile]) -> Vec<String> {
        let mut failures = Vec::new();
        for file in files {
            for scenario in &file.scenarios {
                for failure in run(scenario, &file.pack, book) {
                    failures.push(format!("{}:{}: {}: {}", file.path, failure.line, scenario.name, failure.message));
                }
            }
        }
        failures
    }

    fn hold(pack: &str) {
        let root = repository();
        let book = Book::open(&root).unwrap_or_else(|wrong| panic!("{wrong}"));
        if !pack.is_empty() {
            book.pack(pack).unwrap_or_else(|wrong| panic!("{wrong}"));
        }
        let files = scenarios(&root, pack).unwrap_or_else(|wrong| panic!("{wrong}"));
        let failures = failures(&book, &files);
        assert!(failures.is_empty(), "{} expectations failed:\n{}", failures.len(), failures.join("\n"));
    }

    #[test]
    fn the_scenarios_of_gb_eaw_hold() {
        hold("gb-eaw");
    }

    #[test]
    fn the_scenarios_of_ie_hold() {
        hold("ie");
    }

    #[test]
    fn the_scenarios_of_in_hold() {
        hold("in");
    }

    #[test]
    fn the_scenarios_of_au_vic_hold() {
        hold("au-vic");
    }

    #[test]
    fn the_scenarios_of_gb_sct_hold() {
        hold("gb-sct");
    }

    #[test]
    fn the_scenarios_of_it_hold() {
        hold("it");
    }

    #[test]
    fn the_scenarios_of_nl_hold() {
        hold("nl");
    }

    #[test]
    fn the_scenarios_of_nz_hold() {
        hold("nz");
    }

    #[test]
    fn the_scenarios_of_ua_hold() {
        hold("ua");
    }

    #[test]
    fn the_scenarios_of_za_hold() {
        hold("za");
    }

    #[test]
    fn the_scenarios_of_un_1991_hold() {
        hold(BENCHMARK);
    }

    #[test]
    fn the_scenarios_that_stand_apart_hold() {
        hold("");
    }

    #[test]
    fn every_pack_has_its_test() {
        let book = Book::open(&repository()).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!(book.names().collect::<Vec<_>>(), TESTED);
    }

    #[test]
    fn every_provision_of_a_complete_pack_is_touched() {
        let root = repository();
        let book = Book::open(&root).unwrap_or_else(|wrong| panic!("{wrong}"));
        let files = all_scenarios(&root, &book).unwrap_or_else(|wrong| panic!("{wrong}"));
        let mut wanting = Vec::new();
        for name in book.names() {
            let law = book.pack(name).unwrap_or_else(|wrong| panic!("{wrong}"));
            let found = untouched(&law.pack, &files);
            println!("{name}: {} provisions that no scenario touches\n    {}", found.len(), found.join("\n    "));
            if COMPLETE.contains(&name) {
                wanting.extend(found.into_iter().map(|provision| format!("{name} {provision}")));
            }
        }
        assert!(wanting.is_empty(), "no scenario touches:\n{}", wanting.join("\n"));
    }

    #[test]
    fn a_section_is_touched_by_itself_and_by_its_parts_alone() {
        let mut spoken = Spoken::default();
        let file =
            openward_law::scenario::parse("scenario: x\n cites 2(4), 20\n then at 2024-01-01 duty rights open\n").expect("a scenario");
        file.iter().for_each(|scenario| spoken.add(scenario));
        for (section, touched) in [("2(4)", true), ("2", true), ("2(4)(a)", false), ("20", true), ("2(", false), ("200", false)] {
            assert_eq!(spoken.cites(section), touched, "{section}");
        }
        assert!(spoken.words.contains("rights"));
    }
}
