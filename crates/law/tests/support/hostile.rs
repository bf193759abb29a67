//! Long runs of facts that the patterns of a pack see, at any times: no story, only load.

use openward_law::casefile::{CaseFile, FileEntries, Header, limits};
use openward_law::engine::Law;
use openward_law::entry::{Details, Entry, FactKind, FileKind, Origin};
use openward_law::time::When;

use super::generate::PERSON;
use super::random::Random;
use super::vocabulary::Vocabulary;

/// A case file of one person with these entries.
pub(crate) fn case_of(entries: Vec<Entry>) -> CaseFile {
    CaseFile { header: Header::default(), files: vec![FileEntries { id: PERSON.to_owned(), kind: FileKind::Person, entries }] }
}

/// Facts that the pack's patterns see, one after another.
pub(crate) fn facts(law: &Law, most: usize, mut when: impl FnMut(usize, &mut Random) -> When) -> Vec<Entry> {
    let words = Vocabulary::of(&law.pack);
    let mut random = Random::new(7);
    let text = |random: &mut Random, list: &[openward_law::pack::Sym]| random.some(list).map(|sym| law.pack.words.text(*sym).to_owned());
    (0..most)
        .map(|at| {
            let pattern = *random.one(&words.movers);
            let facts: Vec<FactKind> = FactKind::ALL.iter().copied().filter(|fact| pattern.looks_at(*fact)).collect();
            let details = Details {
                by: Some("pro_a".to_owned()),
                role: text(&mut random, &pattern.by),
                under: text(&mut random, &pattern.under),
                instrument: text(&mut random, &pattern.instrument),
                outcome: text(&mut random, &pattern.outcome),
                kind: text(&mut random, &pattern.kind),
                ..Details::default()
            };
            Entry {
                file: PERSON.to_owned(),
                n: u32::try_from(at + 1).expect("small"),
                at: when(at, &mut random),
                recorded: None,
                origin: Origin::Reported,
                stay: None,
                fact: *random.some(&facts).unwrap_or(&FactKind::CommentInserted),
                details,
                corrects: None,
            }
        })
        .collect()
}

/// The longest file, each entry of which names as many others as an entry may, in both lists.
pub(crate) fn crowded(law: &Law, when: impl FnMut(usize, &mut Random) -> When) -> Vec<Entry> {
    let mut entries = facts(law, limits::ENTRIES_PER_FILE_MAX, when);
    let (count, most) = (u32::try_from(entries.len()).expect("small"), u32::try_from(limits::LIST_ITEMS_MAX).expect("small"));
    for entry in &mut entries {
        let n = entry.n;
        let others = |step: u32| (1..count).map(move |turn| (n + turn * step) % count + 1).filter(move |other| *other != n);
        entry.details.of = others(31).take(most as usize).collect();
        entry.details.on = others(47).take(most as usize).collect();
    }
    entries
}
