//! The acts that are measured: people with twelve entries each, on wards with their facility and professionals.
//!
//! The same number always gives the same acts. Deliberately absent: keeping them.

use openward_law::casefile::CaseFile;
use openward_law::entry::FileKind;
use openward_register::writer::Act;
use sha2::{Digest as _, Sha256};

use crate::bench::files::Stay;

/// How the twelve entries of a person come: so many in each act.
const ACTS: &[usize] = &[2, 2, 3, 1, 1, 1, 1, 1];

/// Entries of a person.
pub(super) const ENTRIES: usize = 12;

/// Acts of a person.
pub(super) const ACTS_EACH: usize = ACTS.len();

/// The ids of the scenario that each ward has of its own.
const OF_A_WARD: &[&str] = &["fac_oak", "pro_ash", "pro_ac", "pro_birch", "pro_may", "pro_clerk", "pro_rc"];

/// What a free text costs counts too: an examination has one of this length.
const NOTE: usize = 240;

/// Makes acts.
pub(super) struct People<'s> {
    stay: &'s Stay,
    wards: usize,
}

impl<'s> People<'s> {
    /// On so many wards.
    pub(super) fn on(stay: &'s Stay, wards: usize) -> Self {
        Self { stay, wards }
    }

    /// How many wards there are.
    pub(super) const fn wards_count(&self) -> usize {
        self.wards
    }

    /// The acts that make the wards known: one for each facility and professional.
    pub(super) fn wards(&self) -> Result<Vec<Act>, String> {
        let mut acts = Vec::new();
        for ward in 0..self.wards {
            let case = read(&of_ward(&self.stay.others()?, ward))?;
            for file in case.files {
                let id = id_of(&format!("{} {}", file.id, 0));
                acts.push(act(id, &file.id, 0, file.entries));
            }
        }
        Ok(acts)
    }

    /// The id of a person.
    pub(super) fn name(number: usize) -> String {
        format!("per_bench-{number}")
    }

    /// The acts of a person, in order.
    pub(super) fn person(&self, number: usize) -> Result<Vec<Act>, String> {
        let name = Self::name(number);
        let note = format!("\"fact\":\"examined\",\"note\":\"{}\"", "as seen today ".repeat(NOTE / 14));
        let text = of_ward(&self.stay.person(&name, ENTRIES)?, number % self.wards).replace("\"fact\":\"examined\"", &note);
        let mut entries =
            read(&text)?.files.into_iter().find(|file| file.kind == FileKind::Person).map(|file| file.entries).unwrap_or_default();
        let mut acts = Vec::with_capacity(ACTS.len());
        let mut after = 0;
        for count in ACTS {
            let rest = entries.split_off((*count).min(entries.len()));
            acts.push(act(id_of(&format!("{name} {after}")), &name, after as u64, std::mem::replace(&mut entries, rest)));
            after += count;
        }
        Ok(acts)
    }
}

/// One act.
pub(super) fn act(id: [u8; 16], file: &str, after: u64, entries: Vec<openward_law::entry::Entry>) -> Act {
    Act { id, file: file.to_owned(), after, entries, documents: Vec::new(), outbox: Vec::new() }
}

/// An id that is spread as a random one is.
pub(super) fn id_of(text: &str) -> [u8; 16] {
    let mut id = [0; 16];
    id.iter_mut().zip(Sha256::digest(text)).for_each(|(into, from)| *into = from);
    id
}

fn of_ward(lines: &str, ward: usize) -> String {
    OF_A_WARD.iter().fold(lines.to_owned(), |lines, id| lines.replace(&format!("\"{id}\""), &format!("\"{id}-{ward}\"")))
}

/// Reads a case file.
pub(super) fn read(text: &str) -> Result<CaseFile, String> {
    CaseFile::read(text).map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::repository;

    #[test]
    fn a_person_has_twelve_entries_in_acts_of_one_to_three_and_is_of_one_ward() {
        let stay = Stay::read(&repository()).expect("the scenarios");
        let people = People::on(&stay, 3);
        let acts = people.person(4).expect("acts");
        assert_eq!(acts.len(), ACTS_EACH);
        assert_eq!(acts.iter().map(|act| act.entries.len()).sum::<usize>(), ENTRIES);
        assert!(acts.iter().all(|act| (1..=3).contains(&act.entries.len())));
        let first = acts.first().and_then(|act| act.entries.first()).expect("an entry");
        assert_eq!(first.details.by.as_deref(), Some("pro_ash-1"));
        assert!(first.details.note.is_some());
        assert_eq!(people.wards().expect("acts").len(), 9);
    }
}
