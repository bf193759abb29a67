//! What an entry says and the law cannot read: nothing that was written is passed over in silence.
//!
//! Words that no pack knows, in the person's file and in the files of the places and people it names; ids that have no file but look
//! like one that has; entries about a paper that name something else.

use super::model::Unread;
use crate::casefile::CaseFile;
use crate::engine::{Item, Items};
use crate::entry::{Details, Entry, FactKind, FileKind};
use crate::pack::{Pack, nearest};

/// Every such word, by entry.
pub(super) fn unread(case: &CaseFile, items: &Items<'_>, pack: &Pack) -> Vec<Unread> {
    let mut found = Vec::new();
    let mut named: Vec<&str> = Vec::new();
    for item in &items.list {
        let details = item.details();
        words(pack, item.entry, None, &mut found);
        for (field, id) in [("place", &details.place), ("by", &details.by), ("with", &details.with)] {
            let Some(id) = id.as_deref().filter(|id| FileKind::of(id).is_some()) else { continue };
            if case.file(id).is_none() {
                strange(case, item.entry, field, id, &mut found);
            } else if !named.contains(&id) {
                named.push(id);
            }
        }
        about_no_paper(item, items, &mut found);
    }
    found.sort_by_key(|unread| unread.n);
    for file in named.into_iter().filter_map(|id| case.file(id)).filter(|file| file.kind != FileKind::Person) {
        file.entries.iter().for_each(|entry| words(pack, entry, Some(&file.id), &mut found));
    }
    found
}

/// The words of one entry that the pack does not know.
fn words(pack: &Pack, entry: &Entry, file: Option<&str>, found: &mut Vec<Unread>) {
    let details: &Details = &entry.details;
    let mut look = |field: &str, word: &str| {
        if FileKind::of(word).is_none() && pack.words.find(word).is_none() {
            let nearest = nearest(word, pack.words.all()).map(str::to_owned);
            found.push(Unread { file: file.map(str::to_owned), n: entry.n, field: field.to_owned(), word: word.to_owned(), nearest });
        }
    };
    let single = [
        ("as", &details.role),
        ("under", &details.under),
        ("instrument", &details.instrument),
        ("outcome", &details.outcome),
        ("kind", &details.kind),
        ("sex", &details.sex),
    ];
    for (field, word) in single {
        if let Some(word) = word {
            look(field, word);
        }
    }
    for (field, words) in [("to", &details.to), ("how", &details.how), ("contents", &details.contents), ("states", &details.states)] {
        words.iter().for_each(|word| look(field, word));
    }
    details.answers.iter().for_each(|(criterion, _)| look("answers", criterion));
}

/// An id without a file, where another id that has one is so near that a slip is likely.
fn strange(case: &CaseFile, entry: &Entry, field: &str, id: &str, found: &mut Vec<Unread>) {
    let same_kind = case.files.iter().filter(|file| Some(file.kind) == FileKind::of(id)).map(|file| file.id.as_str());
    if let Some(near) = nearest(id, same_kind) {
        let nearest = Some(near.to_owned());
        found.push(Unread { file: None, n: entry.n, field: field.to_owned(), word: id.to_owned(), nearest });
    }
}

/// A paper's later fact (furnished, received, rectified) that names an entry which is no paper.
fn about_no_paper(item: &Item<'_>, items: &Items<'_>, found: &mut Vec<Unread>) {
    if !matches!(item.fact(), FactKind::Furnished | FactKind::Rectified) || item.instrument.is_some() {
        return;
    }
    let before = |paper: &&Item<'_>| paper.at.earliest() <= item.at.latest();
    let last = items.papers.iter().rev().filter_map(|paper| items.list.get(usize::from(*paper))).find(before);
    for of in item.of.iter().filter_map(|of| items.list.get(usize::from(*of))).filter(|of| of.details().instrument.is_none()) {
        let nearest = last.and_then(|paper| paper.details().instrument.clone());
        found.push(Unread { file: None, n: item.entry.n, field: "of".to_owned(), word: of.fact().word().to_owned(), nearest });
    }
}
