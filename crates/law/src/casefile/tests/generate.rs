//! Case files made from a row of choices, for the property tests: every fact, every field, every form of value.

use crate::casefile::line::fields_of;
use crate::casefile::{CaseFile, FileEntries, Header, file_kinds};
use crate::entry::{Correction, CorrectionKind, Details, Entry, FactKind, Field, FieldType, FileKind, Origin, Slot, slot};
use jiff::{SignedDuration, Timestamp};
use std::str::FromStr;

/// A row of choices. Where it ends, the first of everything is chosen, so that a shorter row makes a simpler case.
pub(super) struct Choices(std::vec::IntoIter<u16>);

impl Choices {
    pub(super) fn new(row: Vec<u16>) -> Choices {
        Choices(row.into_iter())
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % end
    }

    pub(super) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn parsed<T: FromStr>(&mut self, of: &[&str]) -> T {
        let text = self.one(of);
        text.parse().unwrap_or_else(|_| panic!("{text} is a value"))
    }
}

const WORDS: &[&str] = &["person", "s3-a", "a", "2nd-opinion", "next-of-kin"];
const TEXTS: &[&str] = &["a reason", "two\nlines\tand a \"quote\"", "ünï\u{1F60A} \\ /", " spaces around "];
const WHENS: &[&str] = &["2024-03-01", "2024-02-29T10:15", "1999-12-31T23:59:59", "2024-10-27T01:30:00Z", "2024-10-27T01:30:00+01:00"];

/// A case file of up to four files, each with two to six entries.
pub(super) fn case_file(choices: &mut Choices) -> CaseFile {
    let header = Header {
        law: choices.one(&[None, Some("ie")]).map(str::to_owned),
        zone: choices.one(&[None, Some("Europe/Dublin")]).map(str::to_owned),
    };
    let ids: &[&str] = &["fac_elm", "law_ie", "org_firm-1", "per_ada", "per_bob", "pro_ash"];
    let count = 1 + choices.below(4);
    let mut chosen: Vec<&str> = (0..count).map(|_| choices.one(ids)).collect();
    chosen.sort_unstable();
    chosen.dedup();
    CaseFile { header, files: chosen.into_iter().map(|id| file(id, choices)).collect() }
}

fn file(id: &str, choices: &mut Choices) -> FileEntries {
    let kind = FileKind::of(id).expect("the id has a prefix");
    let last = 2 + u32::try_from(choices.below(5)).expect("a small number");
    let mut recorded = Timestamp::from_str("2024-03-01T11:00:00Z").expect("an instant");
    let entries = (1..=last).map(|n| {
        recorded += SignedDuration::from_millis(choices.one(&[0, 1, 86_400_000]));
        Entry { recorded: choices.one(&[Some(recorded), None]), ..entry(id, kind, n, last, choices) }
    });
    FileEntries { id: id.to_owned(), kind, entries: entries.collect() }
}

fn entry(id: &str, kind: FileKind, n: u32, last: u32, choices: &mut Choices) -> Entry {
    let facts: Vec<FactKind> = FactKind::ALL.iter().copied().filter(|fact| file_kinds(*fact).contains(&kind)).collect();
    let fact = choices.one(&facts);
    let mut details = Details::default();
    for field in fields_of(fact) {
        if fact.required().contains(&field) || choices.below(3) == 1 {
            fill(&mut details, field, n, last, choices);
        }
    }
    let corrects = (n > 1 && choices.below(4) == 1).then(|| Correction {
        n: 1 + u32::try_from(choices.below((n - 1) as usize)).expect("a small number"),
        kind: choices.one(&[CorrectionKind::Replaced, CorrectionKind::WithdrawnInError]),
        why: choices.one(TEXTS).to_owned(),
    });
    Entry {
        file: id.to_owned(),
        n,
        at: choices.parsed(WHENS),
        recorded: None,
        origin: choices.one(&[Origin::Reported, Origin::Performed, Origin::BroughtIn, Origin::Imported]),
        stay: choices.one(&[None, Some("b")]).map(str::to_owned),
        fact,
        details,
        corrects,
    }
}

fn fill(details: &mut Details, field: Field, n: u32, last: u32, choices: &mut Choices) {
    let kind = field.field_type();
    let count = 1 + choices.below(3);
    match slot(details, field) {
        Slot::One(to) => *to = Some(text(kind, choices)),
        Slot::Many(to) => to.extend((0..count).map(|_| text(kind, choices))),
        Slot::Entries(to) => {
            let others: Vec<u32> = (1..=last).filter(|other| *other != n).collect();
            to.extend((0..count).map(|_| choices.one(&others)));
        }
        Slot::Answers(to) => to.extend(WORDS.iter().take(count).map(|key| ((*key).to_owned(), choices.one(WORDS).to_owned()))),
        Slot::YesNo(to) => *to = Some(choices.one(&[true, false])),
        Slot::Length(to) => *to = Some(choices.parsed(&["72 hours", "1 day", "14 days", "3 months", "1 year"])),
        Slot::When(to) => *to = Some(choices.parsed(WHENS)),
        Slot::Date(to) => *to = Some(choices.parsed(&["1980-02-29", "1800-01-01", "2200-12-31"])),
    }
}

fn text(kind: FieldType, choices: &mut Choices) -> String {
    let of: &[&str] = match kind {
        FieldType::Party | FieldType::Parties => &["person", "pro_ash", "org_firm-1"],
        FieldType::Word | FieldType::Words => WORDS,
        FieldType::Paragraph | FieldType::Paragraphs => &["66(1)(b)", "s2", "L3212.1/a:b"],
        FieldType::Text => TEXTS,
        FieldType::Zone => &["Europe/Dublin", "America/Port-au-Prince"],
        FieldType::Entries | FieldType::Answers | FieldType::YesNo | FieldType::Length | FieldType::When | FieldType::Date => {
            panic!("{kind:?} is not kept as a text")
        }
    };
    choices.one(of).to_owned()
}
