//! One line of a case file: the header, or an entry with its own keys and the fields of its fact.
//!
//! Deliberately absent: whatever needs more than this one line (`check`).

use super::json::{Pairs, Raw, quoted};
use super::limits::ENTRIES_PER_FILE_MAX;
use super::places::{file_kinds, name};
use super::problem::{Code, Problem, Problems};
use super::times;
use super::values::{Line, Spot, read_field, read_number, read_parsed, read_text, report_repeated};
use super::words::{self, listed, nearest};
use super::{Header, places};
use crate::entry::{Correction, CorrectionKind, Details, Entry, FactKind, Field, FieldType, FileKind, Origin};
use crate::time::When;
use jiff::Timestamp;
use std::borrow::Cow;

/// The keys that belong to every entry, whatever its fact.
pub(super) const OWN_KEYS: &[&str] = &["file", "n", "at", "recorded", "origin", "stay", "fact", "corrects"];
/// The keys of a header.
pub(super) const HEADER_KEYS: &[&str] = &["openward", "version", "law", "zone", "file"];

/// The number of an entry, as far as its line says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// The line gives none.
    Absent,
    /// The line gives one that cannot be read.
    Unreadable,
    Given(u32),
}

/// An entry as far as it could be read. It becomes an [`Entry`] only when the whole case file is right.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) line: usize,
    pub(super) n: Number,
    pub(super) at: Option<When>,
    pub(super) recorded: Option<Timestamp>,
    pub(super) origin: Origin,
    pub(super) stay: Option<String>,
    pub(super) fact: Option<FactKind>,
    pub(super) details: Details,
    /// The number that `corrects` names, even where the rest of it cannot be read.
    pub(super) corrects_n: Option<u32>,
    pub(super) corrects: Option<Correction>,
}

impl Draft {
    /// The entry, if everything it needs was read.
    pub(super) fn into_entry(self, file: &str, n: u32) -> Option<Entry> {
        Some(Entry {
            file: file.to_owned(),
            n,
            at: self.at?,
            recorded: self.recorded,
            origin: self.origin,
            stay: self.stay,
            fact: self.fact?,
            details: self.details,
            corrects: self.corrects,
        })
    }
}

/// Whether a line's pairs are those of a header.
pub(super) fn is_header(pairs: &Pairs) -> bool {
    get(pairs, "openward").is_some()
}

/// Reads the header; gives with it the file of entries that name none.
pub(super) fn read_header(line: Line, pairs: &Pairs, problems: &mut Problems) -> (Header, Option<(String, FileKind)>) {
    let mut header = Header::default();
    let mut file = None;
    report_repeated(line, None, pairs, problems);
    for (key, raw) in pairs {
        let spot = Spot::new(line, key);
        match key.as_ref() {
            "openward" if *raw == Raw::Text(Cow::Borrowed("case-file")) => {}
            "openward" => problems.push(spot.problem(Code::WrongHeader, raw, "`case-file`")),
            "version" if *raw == Raw::Whole(1) => {}
            "version" => problems.push(spot.problem(Code::WrongVersion, raw, "the number 1")),
            "law" => header.law = read_text(spot, FieldType::Word, raw, problems),
            "zone" => header.zone = read_text(spot, FieldType::Zone, raw, problems),
            "file" => file = read_file(spot, raw, problems),
            _ => {
                let near = nearest(key, HEADER_KEYS.iter().copied()).map(str::to_owned);
                let problem = spot.key_problem(Code::UnknownField, quoted(key), format!("in a header {}", listed(HEADER_KEYS)));
                problems.push(Problem { nearest: near, ..problem });
            }
        }
    }
    if get(pairs, "version").is_none() {
        problems.push(line.problem(Code::MissingField, "no `version`", "the number 1").in_field("version"));
    }
    (header, file)
}

/// Reads the id of a file and tells its kind.
pub(super) fn read_file(spot: Spot, raw: &Raw, problems: &mut Problems) -> Option<(String, FileKind)> {
    read_parsed(spot, FieldType::Party, raw, problems, |text| words::id(text).map(|kind| (text.to_owned(), kind)))
}

/// The first value under a key.
pub(super) fn get<'p, 'a>(pairs: &'p Pairs<'a>, key: &str) -> Option<(&'p Cow<'a, str>, &'p Raw<'a>)> {
    pairs.iter().find(|(found, _)| found == key).map(|(key, raw)| (key, raw))
}

/// Reads an entry whose file is known or not; every problem of the line is reported.
pub(super) fn read_entry(line: Line, kind: Option<FileKind>, pairs: &Pairs, problems: &mut Problems) -> Draft {
    let n = match get(pairs, "n") {
        None => Number::Absent,
        Some((key, raw)) => read_number(Spot::new(line, key), raw, problems).map_or(Number::Unreadable, Number::Given),
    };
    let line = Line { n: if let Number::Given(n) = n { Some(n) } else { None }, ..line };
    report_repeated(line, None, pairs, problems);
    let mut draft = Draft {
        line: line.number,
        n,
        at: None,
        recorded: None,
        origin: Origin::default(),
        stay: None,
        fact: read_fact(line, kind, pairs, problems),
        details: Details::default(),
        corrects_n: None,
        corrects: None,
    };
    for (key, raw) in pairs {
        let spot = Spot::new(line, key);
        match key.as_ref() {
            "file" | "n" | "fact" => {}
            "at" => draft.at = read_parsed(spot, FieldType::When, raw, problems, times::when),
            "recorded" => draft.recorded = read_recorded(spot, raw, problems),
            "origin" => draft.origin = read_one_of(spot, Origin::ALL, Code::UnknownOrigin, raw, problems).unwrap_or_default(),
            "stay" => draft.stay = read_text(spot, FieldType::Word, raw, problems),
            "corrects" => read_correction(spot, raw, &mut draft, problems),
            name => match Field::from_name(name) {
                Some(field) => {
                    report_foreign(spot, kind, draft.fact, field, raw, problems);
                    read_field(spot, field, raw, &mut draft.details, problems);
                }
                None => problems.push(unknown_field(spot, draft.fact)),
            },
        }
    }
    report_missing(line, draft.fact, pairs, problems);
    draft
}

fn read_recorded(spot: Spot, raw: &Raw, problems: &mut Problems) -> Option<Timestamp> {
    if !matches!(raw, Raw::Text(_)) {
        problems.push(spot.problem(Code::WrongType, raw, times::INSTANT_FORM));
        return None;
    }
    read_parsed(spot, FieldType::When, raw, problems, times::instant)
}

fn read_fact(line: Line, kind: Option<FileKind>, pairs: &Pairs, problems: &mut Problems) -> Option<FactKind> {
    let (key, raw) = get(pairs, "fact")?;
    let spot = Spot::new(line, key);
    let expected = "the word of a fact, such as `admitted`";
    let Raw::Text(word) = raw else {
        problems.push(spot.problem(Code::WrongType, raw, expected));
        return None;
    };
    let Some(fact) = FactKind::from_word(word) else {
        let near = nearest(word, FactKind::ALL.iter().map(|fact| fact.word())).map(str::to_owned);
        problems.push(Problem { nearest: near, ..spot.problem(Code::UnknownFact, raw, expected) });
        return None;
    };
    if let Some(kind) = kind.filter(|kind| !file_kinds(fact).contains(kind)) {
        let right: Vec<&str> = file_kinds(fact).iter().map(|kind| places::name(*kind)).collect();
        let found = format!("`{word}` in {}", name(kind));
        let problem = spot.problem(Code::WrongFileForFact, raw, format!("`{word}` in {}", right.join(" or ")));
        problems.push(Problem { found, ..problem });
    }
    Some(fact)
}

/// Reads a word out of a closed list.
fn read_one_of<T: Copy>(spot: Spot, all: &[(T, &str)], code: Code, raw: &Raw, problems: &mut Problems) -> Option<T> {
    let words: Vec<&str> = all.iter().map(|(_, word)| *word).collect();
    let Raw::Text(text) = raw else {
        problems.push(spot.problem(Code::WrongType, raw, listed(&words)));
        return None;
    };
    let found = all.iter().find(|(_, word)| word == text).map(|(value, _)| *value);
    if found.is_none() {
        let near = nearest(text, words.iter().copied()).map(str::to_owned);
        problems.push(Problem { nearest: near, ..spot.problem(code, raw, listed(&words)) });
    }
    found
}

fn read_correction(spot: Spot, raw: &Raw, draft: &mut Draft, problems: &mut Problems) {
    let Raw::Object(pairs) = raw else {
        let expected = "an object such as {\"n\":2,\"how\":\"replaced\",\"why\":\"wrong day\"}";
        problems.push(spot.problem(Code::WrongType, raw, expected));
        return;
    };
    report_repeated(spot.line, Some(spot.key), pairs, problems);
    let (mut how, mut why) = (None, None);
    for (key, raw) in pairs {
        let inner = Spot { outer: Some(spot.key), key, ..spot };
        match key.as_ref() {
            "n" => draft.corrects_n = read_number(inner, raw, problems),
            "how" => how = read_one_of(inner, CorrectionKind::ALL, Code::UnknownCorrection, raw, problems),
            "why" => why = read_text(inner, FieldType::Text, raw, problems),
            _ => {
                let known = ["n", "how", "why"];
                let problem = inner.key_problem(Code::UnknownField, quoted(key), format!("in a correction {}", listed(&known)));
                problems.push(Problem { nearest: nearest(key, known).map(str::to_owned), ..problem });
            }
        }
    }
    let wanted = [("n", "the number of the corrected entry"), ("how", "what the correction does"), ("why", "the reason in words")];
    for (key, expected) in wanted.into_iter().filter(|(key, _)| get(pairs, key).is_none()) {
        let problem = spot.key_problem(Code::MissingField, format!("no `{key}`"), expected);
        problems.push(problem.in_field(format!("corrects.{key}")));
    }
    if let (Some(n), Some(kind), Some(why)) = (draft.corrects_n, how, why) {
        draft.corrects = Some(Correction { n, kind, why });
    }
}

/// The fields that may stand with a fact.
pub(super) fn fields_of(fact: FactKind) -> impl Iterator<Item = Field> + Clone {
    let all = Field::ALL.iter().copied();
    all.filter(move |field| carries(fact, *field))
}

fn carries(fact: FactKind, field: Field) -> bool {
    Field::COMMON.contains(&field) || fact.required().contains(&field) || fact.optional().contains(&field)
}

fn report_foreign(spot: Spot, kind: Option<FileKind>, fact: Option<FactKind>, field: Field, raw: &Raw, problems: &mut Problems) {
    const SHOWN_FACTS_MAX: usize = 8;
    let Some(fact) = fact.filter(|fact| !carries(*fact, field)) else { return };
    let fits = |fact: FactKind| kind.is_none_or(|kind| file_kinds(fact).contains(&kind));
    let carriers = FactKind::ALL.iter().copied().filter(|fact| carries(*fact, field) && fits(*fact));
    let carriers: Vec<&str> = carriers.map(FactKind::word).collect();
    let more = carriers.len().saturating_sub(SHOWN_FACTS_MAX);
    let shown: Vec<String> = carriers.iter().take(SHOWN_FACTS_MAX).map(|word| format!("`{word}`")).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let own: Vec<&str> = fields_of(fact).filter(|field| !Field::COMMON.contains(field)).map(Field::name).collect();
    let own = if own.is_empty() { "no fields of its own".to_owned() } else { listed(&own).replace(" or ", " and ") };
    let found = format!("`{}` with the fact `{}`", field.name(), fact.word());
    let shown = if shown.is_empty() { "no fact of this kind of file".to_owned() } else { shown.join(", ") };
    let expected = format!("`{}` carries {own}; `{}` stands with {shown}{more}", fact.word(), field.name());
    problems.push(Problem { found, ..spot.problem(Code::FieldNotOfFact, raw, expected) });
}

fn unknown_field(spot: Spot, fact: Option<FactKind>) -> Problem {
    let own = OWN_KEYS.iter().copied();
    let of_fact = fact.and_then(|fact| nearest(spot.key, own.clone().chain(fields_of(fact).map(Field::name))));
    // A field of another fact is better than none: the next message will say where it belongs.
    let near = of_fact.or_else(|| nearest(spot.key, own.chain(Field::ALL.iter().map(|field| field.name()))));
    let expected = match fact {
        Some(fact) => format!("a field of `{}`", fact.word()),
        None => "a field of the registry".to_owned(),
    };
    Problem { nearest: near.map(str::to_owned), ..spot.key_problem(Code::UnknownField, quoted(spot.key), expected) }
}

fn report_missing(line: Line, fact: Option<FactKind>, pairs: &Pairs, problems: &mut Problems) {
    let own = [("at", "when it happened"), ("fact", "what happened: the word of a fact")];
    for (key, expected) in own.into_iter().filter(|(key, _)| get(pairs, key).is_none()) {
        problems.push(line.problem(Code::MissingField, format!("no `{key}`"), expected).in_field(key));
    }
    let Some(fact) = fact else { return };
    for field in fact.required().iter().filter(|field| get(pairs, field.name()).is_none()) {
        let found = format!("no `{}` with the fact `{}`", field.name(), fact.word());
        let expected = format!("`{}`: {}", field.name(), super::values::shape(field.field_type()));
        problems.push(line.problem(Code::MissingField, found, expected).in_field(field.name()));
    }
}

/// The problem of a file with too many entries.
pub(super) fn too_many(line: Line) -> Problem {
    let found = format!("entry {} of the file", ENTRIES_PER_FILE_MAX + 1);
    line.problem(Code::TooManyEntries, found, format!("at most {ENTRIES_PER_FILE_MAX} entries in one file"))
}
