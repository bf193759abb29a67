//! The case files that are measured, made from the scenarios of `xtask/bench/stay.scn`.
//!
//! The long file is the short one with what comes again each week. Deliberately absent: measuring (`super`).

use std::path::Path;

use jiff::civil::{Date, DateTime};
use openward_law::scenario::{FactLine, Scenario, parse};
use serde_json::{Map, Value, json};

use crate::book::text;

/// Where the scenarios stand, from the top of the repository.
pub(super) const STAY: &str = "xtask/bench/stay.scn";

/// What the measured files are made from.
pub(super) struct Stay {
    /// The person's first twelve entries, and everything about others.
    pub(super) first: Scenario,
    week: Scenario,
}

impl Stay {
    /// Reads the two scenarios.
    pub(super) fn read(root: &Path) -> Result<Stay, String> {
        let scenarios = parse(&text(&root.join(STAY))?).map_err(|error| format!("{STAY}:{}: {}", error.line, error.message))?;
        let [first, week] =
            <[Scenario; 2]>::try_from(scenarios).map_err(|found| format!("{STAY} holds {} scenarios; two are needed", found.len()))?;
        Ok(Stay { first, week })
    }

    /// The lines of a file about this person with so many entries; after the first, week follows week.
    pub(super) fn person(&self, person: &str, entries: usize) -> Result<String, String> {
        let weeks = (0..).flat_map(|week| self.week.facts.iter().map(move |fact| (week * 7, fact)));
        let facts = self.first.facts.iter().map(|fact| (0, fact)).chain(weeks).take(entries);
        facts.map(|(days, fact)| line(fact, Some(person), days)).collect()
    }

    /// The lines about facilities and professionals.
    pub(super) fn others(&self) -> Result<String, String> {
        self.first.context.iter().map(|fact| line(fact, None, 0)).collect()
    }

    /// The day after the last entry of such a file.
    pub(super) fn after(&self, entries: usize) -> Result<Date, String> {
        let weeks = entries.saturating_sub(self.first.facts.len()).div_ceil(self.week.facts.len().max(1));
        let last = self.week.facts.last().ok_or("the week is empty")?;
        let days = i64::try_from(weeks).unwrap_or_default() * 7;
        let at = moved(last.entry.get("at"), days)?;
        at.date().tomorrow().map_err(|error| error.to_string())
    }
}

fn line(fact: &FactLine, person: Option<&str>, days: i64) -> Result<String, String> {
    let mut entry: Map<String, Value> = fact.entry.clone();
    if let Some(person) = person {
        entry.insert("file".to_owned(), json!(person));
    }
    if days > 0 {
        entry.insert("at".to_owned(), json!(moved(fact.entry.get("at"), days)?.strftime("%Y-%m-%dT%H:%M").to_string()));
    }
    Ok(Value::Object(entry).to_string() + "\n")
}

fn moved(at: Option<&Value>, days: i64) -> Result<DateTime, String> {
    let at: DateTime = at.and_then(Value::as_str).unwrap_or_default().parse().map_err(|error: jiff::Error| error.to_string())?;
    at.checked_add(jiff::Span::new().days(days)).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use openward_law::casefile::CaseFile;
    use openward_law::scenario::run;

    use super::*;
    use crate::book::{Book, repository};

    #[test]
    fn what_is_measured_finds_its_answers() {
        let root = repository();
        let book = Book::open(&root).unwrap_or_else(|wrong| panic!("{wrong}"));
        let stay = Stay::read(&root).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!(stay.first.facts.len(), 12);
        for scenario in [&stay.first, &stay.week] {
            assert_eq!(run(scenario, super::super::PACK, &book), [], "{}", scenario.name);
        }
    }

    #[test]
    fn a_long_file_has_as_many_entries_as_asked_for_in_order() {
        let stay = Stay::read(&repository()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let text = stay.person("per_long", 200).expect("lines") + &stay.others().expect("lines");
        let case = CaseFile::read(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
        let file = case.file("per_long").expect("the file");
        assert_eq!(file.entries.len(), 200);
        assert!(file.entries.iter().map(|entry| entry.at.written_day()).is_sorted());
        assert!(file.entries.iter().all(|entry| entry.at.written_day() < stay.after(200).expect("a day")));
    }
}
