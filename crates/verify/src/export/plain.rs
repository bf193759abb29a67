//! Whether the case file that lies beside the sealed lines says what they say, line for line.
//!
//! Only the form is known here: the names of the header move over, `said` becomes `recorded`, a list of one becomes its item. Deliberately
//! absent: what any field means, and what may stand in it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use openward_seal::canon::{self, Number, Value};

use super::lines::{Line, next_line};
use crate::folder;
use crate::report::Report;

/// The first line of a case file that names no law and no zone.
const HEADER: &[u8] = br#"{"openward":"case-file","version":1}"#;

/// Names of a header that are not in a case file.
const OURS: &[&str] = &["v", "texts", "documents", "recorded", "act", "sends"];

/// A case file that is being compared.
pub(super) struct Plain {
    from: BufReader<File>,
    count: u64,
    fault: Option<String>,
}

impl Plain {
    pub(super) fn open(path: &Path) -> Result<Self, Report> {
        let unreadable = |error| Report::unreadable(format!("{}: {error}", path.display()));
        let mut from = BufReader::new(folder::plain(path).map_err(unreadable)?);
        let first = next_line(&mut from).map_err(unreadable)?;
        let fault =
            (first.as_deref() != Some(HEADER)).then(|| "`case-file.jsonl`: the first line is not the header of a case file".to_owned());
        Ok(Self { from, count: 0, fault })
    }

    /// Compares the next line. Only the first fault is kept: after it, lines and entries may not stand side by side.
    pub(super) fn compare(&mut self, line: &Line) -> Result<(), Report> {
        if self.fault.is_some() {
            return Ok(());
        }
        self.count += 1;
        let bytes = next_line(&mut self.from).map_err(|error| Report::unreadable(format!("case-file.jsonl: {error}")))?;
        let Some(bytes) = bytes else {
            self.fault = Some(format!("`case-file.jsonl` ends before entry {}", line.n));
            return Ok(());
        };
        let read = match canon::read_in_any_order(&bytes) {
            Ok(read) => read,
            Err(error) => {
                self.fault = Some(format!("`case-file.jsonl`, line {}: {error}", self.count + 1));
                return Ok(());
            }
        };
        let is_same = matches!((read, said(line)), (Value::Object(read), Some(said)) if read == said);
        if !is_same {
            self.fault = Some(format!("`case-file.jsonl` says something else than the sealed entry {}", line.n));
        }
        Ok(())
    }

    /// How many lines said the same.
    pub(super) fn end(mut self) -> Result<u64, String> {
        let more = matches!(next_line(&mut self.from), Ok(Some(_)));
        match self.fault {
            Some(fault) => Err(fault),
            None if more => Err(format!("`case-file.jsonl` goes on after entry {}, the last that was sealed", self.count)),
            None => Ok(self.count),
        }
    }
}

/// What the header of an entry says that this program needs.
pub(super) struct Headed {
    /// Of which file it is.
    pub(super) file: String,
    /// Of which stream beside the file's own entries, if of any.
    pub(super) stream: Option<String>,
    /// From which part on documents stand.
    pub(super) documents_from: usize,
    /// How many of them there are.
    pub(super) documents: usize,
}

/// Reads the header; none where it is not here, or does not say of what file it is.
pub(super) fn headed(line: &Line) -> Option<Headed> {
    let mut header = object(line, 0)?;
    let Value::Text(file) = header.remove("file")? else { return None };
    let stream = match header.remove("stream") {
        None => None,
        Some(Value::Text(stream)) => Some(stream),
        Some(_) => return None,
    };
    let texts = match header.remove("texts") {
        None => 0,
        Some(Value::List(names)) => names.len(),
        Some(_) => return None,
    };
    let documents = match header.remove("documents") {
        None => 0,
        Some(Value::Number(count)) => usize::try_from(count.get()).ok()?,
        Some(_) => return None,
    };
    Some(Headed { file, stream, documents_from: texts.checked_add(2)?, documents })
}

fn object(line: &Line, part: usize) -> Option<BTreeMap<String, Value>> {
    if let Ok(Value::Object(object)) = canon::read(line.bytes(part)?) { Some(object) } else { None }
}

/// What the line of a case file must say of an entry.
fn said(line: &Line) -> Option<BTreeMap<String, Value>> {
    let mut header = object(line, 0)?;
    let texts = texts(&mut header, line)?;
    OURS.iter().for_each(|name| _ = header.remove(*name));
    let mut said: BTreeMap<String, Value> = object(line, 1)?.into_iter().map(|(name, value)| (name, plain(value))).collect();
    for (name, value) in header {
        let name = if name == "said" { "recorded".to_owned() } else { name };
        said.insert(name, value);
    }
    // What goes without saying is not written.
    if said.get("origin") == Some(&Value::Text("reported".to_owned())) {
        said.remove("origin");
    }
    said.insert("n".to_owned(), Value::Number(Number::new(i64::try_from(line.n).ok()?)?));
    for (name, text) in texts {
        match (name.as_str(), said.get_mut("corrects")) {
            ("why", Some(Value::Object(corrects))) => _ = corrects.insert(name, text),
            _ => _ = said.insert(name, text),
        }
    }
    Some(said)
}

/// The free texts that are here, by name.
fn texts(header: &mut BTreeMap<String, Value>, line: &Line) -> Option<Vec<(String, Value)>> {
    let Value::List(names) = header.remove("texts")? else { return None };
    let mut texts = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let Value::Text(name) = name else { return None };
        if let Some(bytes) = line.bytes(at + 2) {
            texts.push((name, Value::Text(String::from_utf8(bytes.to_vec()).ok()?)));
        }
    }
    Some(texts)
}

/// A list of one as its item; pairs of texts as an object.
fn plain(value: Value) -> Value {
    let Value::List(items) = value else { return value };
    let pairs = items.iter().map(|item| match item {
        Value::List(pair) => match pair.as_slice() {
            [Value::Text(name), answer @ Value::Text(_)] => Some((name.clone(), answer.clone())),
            _ => None,
        },
        _ => None,
    });
    if let Some(pairs) = pairs.collect::<Option<BTreeMap<_, _>>>().filter(|pairs| !pairs.is_empty()) {
        return Value::Object(pairs);
    }
    match items.as_slice() {
        [one] => one.clone(),
        _ => Value::List(items),
    }
}
