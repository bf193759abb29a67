//! From what somebody filled in to entries.
//!
//! What was filled in becomes a line of a case file and is read as every other: there is one way in, and it says of each field what is wrong with
//! it. Deliberately absent: any rule about which words are right.

use openward_law::casefile::{CaseFile, FileEntries, Header, Problem};
use openward_law::entry::{Entry, FactKind, Field, FieldType, FileKind, Origin};
use serde_json::{Map, Value};

/// One fact as somebody filled it in.
#[derive(Debug, Clone)]
pub struct Typed {
    /// The fact.
    pub fact: FactKind,
    /// Done here, or reported.
    pub origin: Origin,
    /// The day it happened, as `2026-03-28`.
    pub day: String,
    /// The time of day, as `14:30`; empty where it is not known.
    pub time: String,
    /// What was filled in. A field that was left empty is not among them.
    pub values: Vec<(Field, Vec<String>)>,
}

/// What is wrong with what was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Of which fact, by its place.
    pub at: usize,
    /// The name of the field; `at` for when it happened. None where it is the whole.
    pub field: Option<String>,
    /// Whether something is missing, rather than wrong.
    pub missing: bool,
    /// What is wrong and what was expected, in English.
    pub says: String,
}

/// The whole file with these facts added at its end.
///
/// # Errors
/// Every problem of what was filled in.
pub(crate) fn add(file: &str, before: &[Entry], typed: &[Typed]) -> Result<CaseFile, Vec<Fault>> {
    let mut text = if before.is_empty() { String::new() } else { whole(file, before).write() };
    let first = text.lines().count();
    for (number, one) in (before.len() + 1..).zip(typed) {
        text.push_str(&line(file, number, one).to_string());
        text.push('\n');
    }
    CaseFile::read(&text).map_err(|problems| problems.iter().map(|problem| fault(problem, first)).collect())
}

/// The added entries of an act that was looked at, read again after those that the file had then.
pub(super) fn again(file: &str, before: &[Entry], added: &str) -> Option<Vec<Entry>> {
    let mut text = if before.is_empty() { String::new() } else { whole(file, before).write() };
    text.push_str(added);
    let case = CaseFile::read(&text).ok()?;
    Some(case.file(file)?.entries.iter().skip(before.len()).cloned().collect())
}

fn whole(file: &str, entries: &[Entry]) -> CaseFile {
    let own = FileEntries { id: file.to_owned(), kind: FileKind::Person, entries: entries.to_vec() };
    CaseFile { header: Header::default(), files: vec![own] }
}

/// The whole file with an entry added that strikes out another.
///
/// # Errors
/// No reason was given, or the entry cannot be struck out.
pub(super) fn strike(file: &str, before: &[Entry], entry: &Entry, why: &str) -> Result<CaseFile, Vec<Fault>> {
    let mut text = whole(file, before).write();
    let first = text.lines().count();
    let mut lines = text.lines().filter_map(|line| serde_json::from_str::<Map<String, Value>>(line).ok());
    let own = lines.find(|line| line.get("n").and_then(Value::as_u64) == Some(u64::from(entry.n)));
    let mut line = own.unwrap_or_default();
    line.shift_remove("recorded");
    line.insert("n".to_owned(), (before.len() + 1).into());
    line.insert("corrects".to_owned(), serde_json::json!({ "n": entry.n, "how": "withdrawn-in-error", "why": why.trim() }));
    text.push_str(&Value::Object(line).to_string());
    text.push('\n');
    CaseFile::read(&text).map_err(|problems| problems.iter().map(|problem| fault(problem, first)).collect())
}

fn fault(problem: &Problem, first: usize) -> Fault {
    let missing = problem.code == openward_law::casefile::Code::MissingField;
    let says = format!("{} {}. {}", problem.code.sentence(), problem.expected, problem.advice);
    Fault { at: problem.line.saturating_sub(first + 1), field: problem.field.clone(), missing, says }
}

fn line(file: &str, number: usize, typed: &Typed) -> Value {
    let mut line = Map::new();
    let (day, time) = (typed.day.trim(), typed.time.trim());
    let at = if time.is_empty() { day.to_owned() } else { format!("{day}T{time}") };
    let origin = Origin::ALL.iter().find(|(origin, _)| *origin == typed.origin).map_or("reported", |(_, word)| *word);
    line.insert("file".to_owned(), file.into());
    line.insert("n".to_owned(), number.into());
    line.insert("at".to_owned(), at.into());
    line.insert("origin".to_owned(), origin.into());
    line.insert("fact".to_owned(), typed.fact.word().into());
    for (field, values) in &typed.values {
        let values: Vec<&str> = values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
        if let Some(value) = value(*field, &values) {
            line.insert(field.name().to_owned(), value);
        }
    }
    Value::Object(line)
}

/// A field's value as a case file writes it; none where it was left empty.
fn value(field: Field, values: &[&str]) -> Option<Value> {
    let first = (*values.first()?).to_owned();
    let parts = || values.iter().flat_map(|value| value.split([',', ';'])).map(str::trim).filter(|part| !part.is_empty());
    Some(match field.field_type() {
        FieldType::Parties | FieldType::Words | FieldType::Paragraphs => parts().collect::<Vec<_>>().into(),
        // What is no number is left as it is, so that the reader says what is wrong with it.
        FieldType::Entries => parts().map(|part| part.parse::<u32>().map_or_else(|_| part.into(), Value::from)).collect::<Vec<_>>().into(),
        FieldType::Answers => {
            let pairs = parts().filter_map(|part| part.split_once('=')).map(|(key, answer)| (key.to_owned(), answer.into()));
            Value::Object(pairs.collect())
        }
        FieldType::YesNo => match first.as_str() {
            "yes" => true.into(),
            "no" => false.into(),
            _ => first.into(),
        },
        FieldType::Text => values.join("\n").replace("\r\n", "\n").into(),
        FieldType::Party
        | FieldType::Word
        | FieldType::Paragraph
        | FieldType::Length
        | FieldType::When
        | FieldType::Date
        | FieldType::Zone => first.into(),
    })
}
