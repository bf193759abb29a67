//! The way out: the canonical lines of a case file.
//!
//! Canonical means: one order of keys, nothing that goes without saying, a list of one as its one item. Deliberately
//! absent: the order and wording of the lines that were read; two inputs that say the same are written the same.

use super::slots::value;
use super::{CaseFile, Header};
use crate::entry::{Correction, CorrectionKind, Entry, Field, Origin};
use serde_json::{Map, Value};

impl CaseFile {
    /// Writes the case file as JSON Lines: the header, then each file's entries by number.
    ///
    /// Reading what was written gives an equal case file. Lines may come out slightly longer than they were read, as each
    /// names its file and number; only a line at the very limit of length can become too long for that.
    pub fn write(&self) -> String {
        let entries = self.files.iter().flat_map(|file| &file.entries).map(entry_line);
        let mut text = String::new();
        for line in std::iter::once(header_line(&self.header)).chain(entries) {
            text.push_str(&Value::Object(line).to_string());
            text.push('\n');
        }
        text
    }
}

fn header_line(header: &Header) -> Map<String, Value> {
    let mut line = Map::new();
    put(&mut line, "openward", Some("case-file"));
    put(&mut line, "version", Some(1));
    put(&mut line, "law", header.law.as_deref());
    put(&mut line, "zone", header.zone.as_deref());
    line
}

fn entry_line(entry: &Entry) -> Map<String, Value> {
    let mut line = Map::new();
    put(&mut line, "file", Some(entry.file.as_str()));
    put(&mut line, "n", Some(entry.n));
    put(&mut line, "at", Some(entry.at.to_string()));
    put(&mut line, "recorded", entry.recorded.map(|at| at.to_string()));
    put(&mut line, "origin", Some(entry.origin).filter(|origin| *origin != Origin::default()).map(|origin| word(Origin::ALL, origin)));
    put(&mut line, "stay", entry.stay.as_deref());
    put(&mut line, "fact", Some(entry.fact.word()));
    for &field in Field::ALL {
        put(&mut line, field.name(), value(&entry.details, field));
    }
    put(&mut line, "corrects", entry.corrects.as_ref().map(correction));
    line
}

fn correction(correction: &Correction) -> Value {
    let mut object = Map::new();
    put(&mut object, "n", Some(correction.n));
    put(&mut object, "how", Some(word(CorrectionKind::ALL, correction.kind)));
    put(&mut object, "why", Some(correction.why.as_str()));
    Value::Object(object)
}

fn put(line: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        line.insert(key.to_owned(), value.into());
    }
}

fn word<T: Copy + PartialEq>(all: &[(T, &'static str)], value: T) -> &'static str {
    all.iter().find(|(found, _)| *found == value).map_or("", |(_, word)| word)
}
