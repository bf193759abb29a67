//! The page of an export: the whole file in plain words, in one document that needs no script and no network.
//!
//! Here words are put together; the template (`templates/export.html`) says where they stand and escapes each. Deliberately absent: anything
//! that is not in the export.

#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]
mod tests;

use askama::Template;
use openward_law::casefile::{CaseFile, FileEntries, Header};
use openward_law::entry::{CorrectionKind, FactKind, Field, FieldType, FileKind};
use openward_law::time::Zone;
use openward_register::export::{Contents, Line};
use openward_register::reads::Reader;
use serde_json::Value;

use crate::names::Names;
use crate::page::{clean, clean_lines};
use crate::standing::Subject;
use crate::words::{Clock, capital, count, plain, unstopped};

use super::standing::{Item, Stood, stood};

#[derive(Template)]
#[template(path = "export.html")]
struct Page<'a> {
    file: String,
    origin: &'a str,
    tag: String,
    at: String,
    zone: String,
    reader: Shown,
    entries: Vec<Told>,
    documents: usize,
    comments: Vec<String>,
    corrections: Vec<String>,
    standings: Vec<Stood>,
    /// Why no standing was worked out, where one should have been.
    unsaid: Vec<String>,
    /// How many words of the file no law could read.
    unread: usize,
    reads: Option<Vec<Shown>>,
    withheld: Vec<String>,
    log: String,
}

/// An opening in words.
struct Shown {
    at: String,
    who: String,
    capacity: String,
    purpose: String,
    view: String,
}

/// One entry in words.
struct Told {
    n: u32,
    fact: String,
    meaning: &'static str,
    at: String,
    recorded: String,
    fields: Vec<(String, String)>,
    /// Free texts: name and words.
    texts: Vec<(String, String)>,
    documents: Vec<(String, String)>,
    withheld: Vec<String>,
    correction: Option<String>,
    /// The entries that correct this one: what each does, and its number.
    corrected: Vec<(&'static str, u32)>,
    /// The tag of the language of its texts, where the entry says it.
    language: Option<String>,
}

/// The page.
pub(super) fn html(
    contents: &Contents,
    reader: &Reader,
    origin: &str,
    subjects: &[Subject<'_>],
    unsaid: &[String],
) -> Result<String, String> {
    let clock = subjects.first().map_or_else(|| Clock { zone: Zone::utc() }, Subject::clock);
    let names = subjects.first().map(Subject::names);
    let instant = |at: jiff::Timestamp| clock.at(&at.to_string());
    let shown = |reader: &Reader, at: String| Shown {
        at,
        who: clean(&reader.who),
        capacity: clean(&reader.capacity),
        purpose: clean(&reader.purpose),
        view: clean(&reader.view),
    };
    let entries: Vec<Told> = contents.lines.iter().map(|line| told(line, &contents.lines, &clock, names)).collect();
    let of_kind = |kind: FactKind| contents.lines.iter().filter(move |line| line.entry.fact == kind).map(|line| line.entry.n.to_string());
    let page = Page {
        file: clean(&contents.file),
        origin,
        tag: contents.tag.to_string(),
        at: instant(contents.at),
        zone: clock.zone.name().to_owned(),
        reader: shown(reader, instant(contents.at)),
        documents: entries.iter().map(|entry| entry.documents.len()).sum(),
        comments: of_kind(FactKind::CommentInserted).collect(),
        corrections: contents.lines.iter().filter(|line| line.entry.corrects.is_some()).map(|line| line.entry.n.to_string()).collect(),
        unread: subjects.iter().map(|subject| crate::standing::unread_counts(&subject.standing).1).max().unwrap_or(0),
        standings: subjects.iter().map(stood).collect(),
        unsaid: unsaid.iter().map(|why| capital(unstopped(&clean(why)))).collect(),
        reads: contents.openings.as_ref().map(|openings| {
            let at = |at: i64| jiff::Timestamp::from_microsecond(at).map(instant).unwrap_or_default();
            openings.iter().map(|opening| shown(&opening.reader, at(opening.at))).collect()
        }),
        withheld: entries.iter().flat_map(|entry| entry.withheld.iter().map(|part| format!("entry {}: {part}", entry.n))).collect(),
        entries,
        log: log(contents),
    };
    page.render().map_err(|error| format!("the page cannot be made: {error}"))
}

fn log(contents: &Contents) -> String {
    let head = contents.head.map(|head| format!("The register's log had {} when this copy was made.", count_of(head.size)));
    let waits = (contents.waiting > 0)
        .then(|| format!("{} not in it yet.", count(contents.waiting, "of these entries is", "of these entries are")));
    let said: Vec<String> = head.into_iter().chain(waits).collect();
    if said.is_empty() { "The register's log has no checkpoint yet.".to_owned() } else { said.join(" ") }
}

fn count_of(size: u64) -> String {
    count(usize::try_from(size).unwrap_or(usize::MAX), "entry", "entries")
}

fn told(line: &Line, lines: &[Line], clock: &Clock, names: Option<Names<'_>>) -> Told {
    let entry = &line.entry;
    let mut fields = Vec::new();
    let mut texts = Vec::new();
    for (name, value) in written(line) {
        let Some(field) = Field::from_name(&name) else { continue };
        match (field.field_type(), &value) {
            // The name of a pack is a name; its hyphens are no spaces.
            (_, Value::String(text)) if field == Field::Law => fields.push((capital(&label(field)), clean(text))),
            (FieldType::Text, Value::String(text)) => texts.push((capital(&label(field)), clean_lines(text))),
            _ => fields.push((capital(&label(field)), in_words(field.field_type(), &value, clock, names))),
        }
    }
    if let Some(stay) = &entry.stay {
        fields.push(("Stay".to_owned(), clean(stay)));
    }
    let origin = match entry.origin {
        openward_law::entry::Origin::Performed => "done in the register",
        openward_law::entry::Origin::Reported => "reported",
        openward_law::entry::Origin::BroughtIn => "brought in when the register began",
        openward_law::entry::Origin::Imported => "imported from another system",
    };
    fields.push(("How it came to the register".to_owned(), origin.to_owned()));
    let said = entry.recorded.map(|said| format!("; said to have been recorded elsewhere at {}", clock.at(&said.to_string())));
    let papers = line.documents.iter().filter_map(|paper| Some((paper.path.clone()?, size(paper.bytes?))));
    Told {
        n: entry.n,
        fact: capital(&plain(entry.fact.word())),
        meaning: entry.fact.meaning(),
        at: clock.written(&entry.at.to_string()),
        recorded: format!("{}{}", clock.at(&line.recorded.to_string()), said.unwrap_or_default()),
        fields,
        texts,
        documents: papers.collect(),
        withheld: line.withheld.iter().map(|part| plain(part)).collect(),
        correction: entry.corrects.as_ref().map(|correction| {
            let does = match correction.kind {
                CorrectionKind::Replaced => "This entry stands in the place of entry",
                CorrectionKind::WithdrawnInError => "This entry strikes out entry",
            };
            format!("{does} {}, because: {}", correction.n, clean(&correction.why))
        }),
        corrected: corrected(entry.n, lines),
        language: entry.details.language.clone().filter(|tag| tag.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')),
    }
}

/// What later entries did to this one.
fn corrected(n: u32, lines: &[Line]) -> Vec<(&'static str, u32)> {
    let of_it = lines.iter().filter_map(|line| Some((line.entry.n, line.entry.corrects.as_ref().filter(|correction| correction.n == n)?)));
    let done = of_it.map(|(by, correction)| match correction.kind {
        CorrectionKind::Replaced => ("Replaced by", by),
        CorrectionKind::WithdrawnInError => ("Struck out by", by),
    });
    done.collect()
}

/// The fields of an entry as a case file writes them, in its order.
fn written(line: &Line) -> Vec<(String, Value)> {
    let Some(kind) = FileKind::of(&line.entry.file) else { return Vec::new() };
    let file = FileEntries { id: line.entry.file.clone(), kind, entries: vec![line.entry.clone()] };
    let text = CaseFile { header: Header::default(), files: vec![file] }.write();
    let object = text.lines().nth(1).and_then(|line| serde_json::from_str::<serde_json::Map<String, Value>>(line).ok());
    object.map(|object| object.into_iter().collect()).unwrap_or_default()
}

/// What a field is called on the page: some names are too short to be understood alone.
fn label(field: Field) -> String {
    match field {
        Field::As => "in which capacity".to_owned(),
        Field::On => "founded on entries".to_owned(),
        Field::Of => "about entries".to_owned(),
        Field::With => "other party".to_owned(),
        Field::Members => "who sat".to_owned(),
        other => plain(other.name()),
    }
}

fn in_words(kind: FieldType, value: &Value, clock: &Clock, names: Option<Names<'_>>) -> String {
    let word = |text: &str| names.map_or_else(|| plain(text), |names| names.word(text));
    match value {
        Value::String(text) => match kind {
            FieldType::When | FieldType::Date => clock.written(text),
            FieldType::Party | FieldType::Parties if FileKind::of(text).is_some() => clean(text),
            FieldType::Zone | FieldType::Length | FieldType::Text => clean(text),
            _ => clean(&word(text)),
        },
        Value::Array(items) => items.iter().map(|item| in_words(kind, item, clock, names)).collect::<Vec<_>>().join("; "),
        Value::Object(pairs) => {
            let each = pairs.iter().map(|(name, answer)| format!("{}: {}", word(name), in_words(kind, answer, clock, names)));
            clean(&each.collect::<Vec<_>>().join("; "))
        }
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null => String::new(),
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{} MiB", bytes.div_ceil(1_048_576)),
    }
}
