//! What an entry says and the law cannot read: nothing that was written is passed over in silence.
//!
//! Words that the pack does not know as what the field wants (a role, a paper, an order …), in the person's file and in the files of the
//! places and people it names; ids that have no file but look like one that has; entries about a paper that name something else.

use std::collections::HashMap;

use super::model::Unread;
use crate::casefile::CaseFile;
use crate::engine::{Item, Items};
use crate::entry::{Details, Entry, FactKind, FileKind};
use crate::pack::{Label, Pack, nearest};

/// Every such word, by entry.
pub(super) fn unread(case: &CaseFile, items: &Items<'_>, pack: &Pack) -> Vec<Unread> {
    let mut found = Vec::new();
    let mut named: Vec<&str> = Vec::new();
    let mut known = Known { pack, asked: HashMap::new() };
    for item in &items.list {
        let details = item.details();
        words(&mut known, item.entry, None, &mut found);
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
        file.entries.iter().for_each(|entry| words(&mut known, entry, Some(&file.id), &mut found));
    }
    found
}

/// What a field of an entry may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    /// Somebody who acts or is told: a role or a body.
    Role,
    /// A paper.
    Instrument,
    /// An order, a paragraph, or a word by which a person is in care of their own choice.
    Under,
    /// A criterion.
    Criterion,
    /// A region.
    Region,
    /// The outcome of a decision: one at which some text of the law looks.
    Outcome,
    /// A kind, a manner: any word that is not the name of something else.
    Word,
    /// A paragraph or word that a notice contains.
    Content,
}

/// The words of one entry that the pack does not know, or knows as something else.
fn words<'e>(known: &mut Known<'_, 'e>, entry: &'e Entry, file: Option<&str>, found: &mut Vec<Unread>) {
    let details: &'e Details = &entry.details;
    let mut look = |field: &str, kind: Kind, word: &'e str| {
        if let Asked::Unknown(nearest) = known.ask(kind, word) {
            let nearest = nearest.clone();
            found.push(Unread { file: file.map(str::to_owned), n: entry.n, field: field.to_owned(), word: word.to_owned(), nearest });
        }
    };
    // What is mended is called by the name of a need.
    let of_kind = if entry.fact == FactKind::Rectified { Kind::Content } else { Kind::Word };
    let decides = matches!(entry.fact, FactKind::Decided | FactKind::AppealDecided);
    let of_outcome = if decides { Kind::Outcome } else { Kind::Word };
    let single = [
        ("by", Kind::Role, &details.by),
        ("with", Kind::Role, &details.with),
        ("as", Kind::Role, &details.role),
        ("under", Kind::Under, &details.under),
        ("instrument", Kind::Instrument, &details.instrument),
        ("outcome", of_outcome, &details.outcome),
        ("kind", of_kind, &details.kind),
        ("sex", Kind::Word, &details.sex),
        ("region", Kind::Region, &details.region),
    ];
    for (field, kind, word) in single {
        if let Some(word) = word {
            look(field, kind, word);
        }
    }
    let lists = [
        ("to", Kind::Role, &details.to),
        ("members", Kind::Role, &details.members),
        ("how", Kind::Word, &details.how),
        ("contents", Kind::Content, &details.contents),
        ("states", Kind::Criterion, &details.states),
    ];
    for (field, kind, words) in lists {
        words.iter().for_each(|word| look(field, kind, word));
    }
    details.answers.iter().for_each(|(criterion, _)| look("answers", Kind::Criterion, criterion));
}

/// Whether a word was known.
#[derive(Debug)]
enum Asked {
    Known,
    /// With the nearest word of that kind.
    Unknown(Option<String>),
}

/// What was asked of a pack's words already: entries say the same few words again and again.
struct Known<'p, 'e> {
    pack: &'p Pack,
    asked: HashMap<(Kind, &'e str), Asked>,
}

impl<'e> Known<'_, 'e> {
    fn ask(&mut self, kind: Kind, word: &'e str) -> &Asked {
        let pack = self.pack;
        self.asked.entry((kind, word)).or_insert_with(|| {
            if FileKind::of(word).is_some() || is_known(pack, kind, word) {
                return Asked::Known;
            }
            let alike = pack.words.all().filter(|other| is_known(pack, kind, other));
            Asked::Unknown(nearest(word, alike).map(str::to_owned))
        })
    }
}

/// Whether a pack knows a word as something of a kind. Paragraphs have no list of their own: they are what is no other name.
fn is_known(pack: &Pack, kind: Kind, word: &str) -> bool {
    let is_one = |labels: &[Label]| labels.iter().any(|label| label.word == word);
    let is_role = || is_one(&pack.roles);
    let is_paper = || pack.instruments.iter().any(|paper| paper.id == word);
    let is_order = || pack.orders.iter().any(|order| order.id == word);
    let is_criterion = || is_one(&pack.criteria);
    let is_paragraph = |sym| {
        let other = is_role() || is_paper() || is_criterion() || is_one(&pack.labels) || is_one(&pack.regions);
        is_order() || pack.free.contains(sym) || !other
    };
    let Some(sym) = pack.words.find(word) else { return false };
    match kind {
        Kind::Role => is_role(),
        Kind::Instrument => is_paper(),
        Kind::Under => is_paragraph(&sym),
        Kind::Criterion => is_criterion(),
        Kind::Region => is_one(&pack.regions),
        Kind::Outcome => pack.outcomes.contains(&sym),
        Kind::Word => is_one(&pack.labels),
        Kind::Content => true,
    }
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
