//! Any entry of a case file comes back from its parts as it went in.

use jiff::Timestamp;
use openward_law::casefile::CaseFile;
use openward_law::entry::{Correction, CorrectionKind, Details, Entry, FactKind, Field, FieldType, Origin};
use proptest::prelude::*;

use super::{Draft, Kept, Unreadable, slot};

/// A value of any field of this type. Where it ends in a list, the choice says how many items.
fn value(kind: FieldType, choice: u16) -> openward_seal::canon::Value {
    use openward_seal::canon::Value;
    let pick = |of: &[&str]| slot::text(of[usize::from(choice) % of.len()]);
    let some = |item: Value, other: Value| if choice.is_multiple_of(2) { Value::List(vec![item]) } else { Value::List(vec![item, other]) };
    match kind {
        FieldType::Party | FieldType::Word | FieldType::Paragraph | FieldType::Zone => pick(&["person", "pro_ash", "a-b", "Europe/Dublin"]),
        FieldType::Parties | FieldType::Words | FieldType::Paragraphs => some(pick(&["pro_ash", "s2", "a"]), slot::text("66(1)(b)")),
        FieldType::Entries => some(slot::number(1), slot::number(u32::MAX)),
        // Out of alphabetical order on purpose: the order in which answers were given must last.
        FieldType::Answers => {
            some(Value::List(vec![slot::text("z"), slot::text("met")]), Value::List(vec![slot::text("a"), slot::text("not-met")]))
        }
        FieldType::YesNo => Value::Truth(choice.is_multiple_of(2)),
        FieldType::Length => pick(&["72 hours", "14 days", "3 months", "1 year"]),
        FieldType::When => pick(&["2024-03-01", "2024-02-29T10:15", "2024-10-27T01:30:00+01:00", "1999-12-31T23:59:59"]),
        FieldType::Date => pick(&["1980-02-29", "1800-01-01"]),
        FieldType::Text => pick(&["a reason", "two\nlines\t\"quoted\" \\ /", "ünï\u{1F60A}", " ", "\u{0}"]),
    }
}

fn entry() -> impl Strategy<Value = Entry> {
    let choices = prop::collection::vec((any::<bool>(), any::<u16>()), Field::ALL.len());
    (prop::sample::select(FactKind::ALL), choices, 1..10_000u32, 0..4usize, any::<Option<bool>>(), any::<Option<i32>>()).prop_map(
        |(fact, choices, n, origin, corrects, said)| {
            let mut details = Details::default();
            for (field, (there, choice)) in Field::ALL.iter().zip(choices) {
                if there {
                    slot::put(&mut details, *field, value(field.field_type(), choice)).expect("a value of the field");
                }
            }
            Entry {
                file: "per_ada".to_owned(),
                n,
                at: ["2024-03-01", "2024-02-29T10:15", "2024-10-27T01:30:00+01:00"][origin % 3].parse().expect("a time"),
                recorded: said.map(|said| Timestamp::from_nanosecond(i128::from(said) * 1_000_000_007).expect("in reach")),
                origin: Origin::ALL[origin].0,
                stay: corrects.map(|_| "b".to_owned()),
                fact,
                details,
                corrects: corrects.map(|strikes| Correction {
                    n: 1,
                    kind: if strikes { CorrectionKind::WithdrawnInError } else { CorrectionKind::Replaced },
                    why: "wrong day".to_owned(),
                }),
            }
        },
    )
}

fn there_and_back(entry: &Entry, documents: Vec<Vec<u8>>) -> Kept {
    let draft = Draft::of(entry, documents).expect("random bytes");
    let header = draft.header(1_700_000_000_123_456, "00").expect("random bytes");
    let bytes: Vec<&[u8]> = std::iter::once(&header).chain(&draft.parts).map(|part| part.bytes.as_slice()).collect();
    Kept::read(entry.n, &bytes).expect("our own parts are readable")
}

proptest! {
    #[test]
    fn any_entry_comes_back_equal(entry in entry(), documents in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..3)) {
        let kept = there_and_back(&entry, documents.clone());
        prop_assert_eq!(kept.as_brought(), entry);
        prop_assert_eq!(kept.documents, documents);
        prop_assert_eq!(kept.entry.recorded.map(|at| at.as_microsecond()), Some(1_700_000_000_123_456));
    }

    #[test]
    fn any_bytes_are_read_or_refused(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..5)) {
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        prop_assert!(Kept::read(1, &parts).is_err());
    }
}

/// Every fact there is goes through, each with every field it can carry: a new fact or field needs no change here.
#[test]
fn every_fact_with_all_its_fields_comes_back() {
    for fact in FactKind::ALL {
        for choice in 0..6 {
            let mut details = Details::default();
            for field in fact.required().iter().chain(fact.optional()).chain(Field::COMMON) {
                slot::put(&mut details, *field, value(field.field_type(), choice)).expect("a value of the field");
            }
            let at = "2024-03-01".parse().expect("a day");
            let entry = Entry {
                file: "per_ada".into(),
                n: 2,
                at,
                recorded: None,
                origin: Origin::Reported,
                stay: None,
                fact: *fact,
                details,
                corrects: None,
            };
            assert_eq!(there_and_back(&entry, Vec::new()).as_brought(), entry, "{}", fact.word());
        }
    }
}

#[test]
fn a_case_file_that_went_through_parts_is_written_the_same() {
    let text = concat!(
        r#"{"openward":"case-file","version":1}"#,
        "\n",
        r#"{"file":"per_ada","n":1,"at":"2024-03-01T10:15","fact":"decided","by":"org_board","outcome":"affirmed","#,
        r#""answers":{"risk":"met","disorder":"not-met"},"note":"heard in private"}"#,
        "\n",
        r#"{"file":"per_ada","n":2,"at":"2024-03-02","fact":"left","corrects":{"n":1,"how":"replaced","why":"wrong fact"}}"#,
        "\n"
    );
    let mut case = CaseFile::read(text).expect("the case is in its form");
    for entry in case.files.iter_mut().flat_map(|file| &mut file.entries) {
        *entry = there_and_back(entry, Vec::new()).as_brought();
    }
    assert_eq!(case.write(), text);
}

#[test]
fn a_newer_header_and_missing_parts_are_said() {
    let entry =
        CaseFile::read(r#"{"file":"per_ada","at":"2024-03-02","fact":"left","note":"x"}"#).expect("in form").files[0].entries[0].clone();
    let draft = Draft::of(&entry, Vec::new()).expect("random bytes");
    let header = draft.header(0, "00").expect("random bytes").bytes;
    let parts: Vec<&[u8]> = std::iter::once(header.as_slice()).chain(draft.parts.iter().map(|part| part.bytes.as_slice())).collect();
    assert_eq!(Kept::read(1, &parts[..2]), Err(Unreadable::Parts));
    let newer = String::from_utf8(header.to_vec()).expect("text").replace("\"v\":1", "\"v\":2");
    assert_eq!(Kept::read(1, &[newer.as_bytes(), parts[1], parts[2]]), Err(Unreadable::Version));
}

#[test]
fn equal_entries_have_different_hashes_under_their_salts() {
    let entry = CaseFile::read(r#"{"file":"per_ada","at":"2024-03-02","fact":"left"}"#).expect("in form").files[0].entries[0].clone();
    let [one, other] = [0, 1].map(|_| Draft::of(&entry, Vec::new()).expect("random bytes").parts.remove(0));
    assert_eq!(one.bytes, other.bytes);
    assert_ne!(one.hash(), other.hash());
}
