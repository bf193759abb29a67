//! The sealed lines of an export: one canonical JSON object a line, read one at a time.
//!
//! Deliberately absent: whether they are true. A line that is not in its form is an error with its number.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::{Component, Path, PathBuf};

use openward_seal::canon::{self, Value};
use openward_seal::chain::FileTag;
use openward_seal::check::Opened;
use openward_seal::digest::{EntryHash, NodeHash, PartHash};
use openward_seal::from_base64;
use openward_seal::part::Salt;

use crate::folder::plain;
use crate::report::Report;

/// More than the line of any entry: a thousand parts, and what a line of sixty-four thousand bytes brings with it in texts.
const LINE_MAX: u64 = 4 << 20;

/// What the first line says.
pub(super) struct Stated {
    pub(super) origin: String,
    pub(super) file: FileTag,
    pub(super) length: u64,
}

/// The lines after the first.
pub(super) struct Lines {
    name: String,
    number: u64,
    from: BufReader<File>,
}

/// One entry.
pub(super) struct Line {
    pub(super) n: u64,
    pub(super) entry: EntryHash,
    pub(super) prev: EntryHash,
    pub(super) hashes: Vec<PartHash>,
    pub(super) proof: Option<(u64, Vec<NodeHash>)>,
    parts: Vec<Part>,
}

#[derive(Default)]
struct Part {
    opened: Option<(Salt, Vec<u8>)>,
    document: Option<PathBuf>,
}

impl Line {
    /// The parts whose bytes are here.
    pub(super) fn opened(&self) -> impl Iterator<Item = Opened<'_>> {
        let each = self.parts.iter().enumerate();
        each.filter_map(|(part, one)| one.opened.as_ref().map(|(salt, bytes)| Opened { part, salt: *salt, bytes }))
    }

    /// The bytes of a part, if they are here.
    pub(super) fn bytes(&self, part: usize) -> Option<&[u8]> {
        self.parts.get(part)?.opened.as_ref().map(|(_, bytes)| bytes.as_slice())
    }

    /// Where the document lies that a part says it is of.
    pub(super) fn document(&self, part: usize) -> Option<&PathBuf> {
        self.parts.get(part)?.document.as_ref()
    }
}

impl Lines {
    /// Opens a stream and reads what its first line says.
    pub(super) fn open(path: &Path, stream: &str) -> Result<(Self, Stated), Report> {
        let name = path.display().to_string();
        let from = plain(path).map_err(|error| Report::unreadable(format!("{name}: {error}")))?;
        let mut lines = Self { name, number: 0, from: BufReader::new(from) };
        let first = lines.object()?.and_then(|object| stated(object, stream));
        let stated = first.ok_or_else(|| lines.wrong("the first line of an export of version 1"))?;
        Ok((lines, stated))
    }

    fn wrong(&self, expected: &str) -> Report {
        Report::wrong(format!("{}, line {}: expected {expected}", self.name, self.number))
    }

    /// The next entry.
    pub(super) fn next(&mut self) -> Result<Option<Line>, Report> {
        let Some(object) = self.object()? else { return Ok(None) };
        line(object).map(Some).ok_or_else(|| self.wrong("an entry as docs/seal-formats.md has it"))
    }

    fn object(&mut self) -> Result<Option<Fields>, Report> {
        self.number += 1;
        let Some(bytes) = next_line(&mut self.from).map_err(|error| Report::unreadable(format!("{}: {error}", self.name)))? else {
            return Ok(None);
        };
        match canon::read(&bytes) {
            Ok(Value::Object(object)) => Ok(Some(Fields(object))),
            Ok(_) => Err(self.wrong("an object")),
            Err(error) => Err(Report::wrong(format!("{}, line {}: {error}", self.name, self.number))),
        }
    }
}

/// The next line without its end; none at the end. A last line without an end was cut.
pub(super) fn next_line(from: &mut BufReader<File>) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(LINE_MAX).read_until(b'\n', &mut bytes)?;
    match bytes.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(bytes)),
        Some(_) => Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "its last line was cut, or a line is longer than any")),
    }
}

/// The members of an object, each taken once.
pub(super) struct Fields(std::collections::BTreeMap<String, Value>);

impl Fields {
    fn text(&mut self, name: &str) -> Option<String> {
        if let Some(Value::Text(text)) = self.0.remove(name) { Some(text) } else { None }
    }

    fn number(&mut self, name: &str) -> Option<u64> {
        if let Some(Value::Number(number)) = self.0.remove(name) { u64::try_from(number.get()).ok() } else { None }
    }

    fn list(&mut self, name: &str) -> Option<Vec<Value>> {
        if let Some(Value::List(list)) = self.0.remove(name) { Some(list) } else { None }
    }

    /// Nothing may be left over: what is not known cannot be checked.
    fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

fn stated(mut first: Fields, stream: &str) -> Option<Stated> {
    let is_ours = first.text("export")? == "openward-export" && first.number("version")? == 1 && first.text("stream")? == stream;
    let stated = Stated { origin: first.text("origin")?, file: FileTag::from_hex(&first.text("file")?)?, length: first.number("length")? };
    first.end()?;
    is_ours.then_some(stated)
}

fn line(mut object: Fields) -> Option<Line> {
    let (n, entry, prev) = (object.number("n")?, object.text("entry")?, object.text("prev")?);
    let proof = match (object.number("index"), object.list("path")) {
        (Some(index), Some(path)) => {
            let path = path.iter().map(|node| if let Value::Text(node) = node { NodeHash::from_base64(node) } else { None });
            Some((index, path.collect::<Option<Vec<_>>>()?))
        }
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return None,
    };
    let (mut hashes, mut parts) = (Vec::new(), Vec::new());
    for value in object.list("parts")? {
        let Value::Object(members) = value else { return None };
        let (hash, part) = part(Fields(members))?;
        hashes.push(hash);
        parts.push(part);
    }
    object.end()?;
    Some(Line { n, entry: EntryHash::from_base64(&entry)?, prev: EntryHash::from_base64(&prev)?, hashes, proof, parts })
}

fn part(mut object: Fields) -> Option<(PartHash, Part)> {
    let hash = PartHash::from_base64(&object.text("hash")?)?;
    let bytes = match (object.text("text"), object.text("bytes")) {
        (Some(text), None) => Some(text.into_bytes()),
        (None, Some(bytes)) => Some(from_base64(&bytes)?),
        (None, None) => None,
        (Some(_), Some(_)) => return None,
    };
    let opened = match (object.text("salt"), bytes) {
        (Some(salt), Some(bytes)) => Some((Salt::from_bytes(from_base64(&salt)?.try_into().ok()?), bytes)),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return None,
    };
    let document = object.text("document").map(PathBuf::from);
    object.end()?;
    // A path that leads elsewhere would have this program read there.
    document.as_ref().is_none_or(|path| is_within(path)).then_some((hash, Part { opened, document }))
}

/// `documents/` and one plain name.
fn is_within(path: &Path) -> bool {
    let mut parts = path.components();
    let begins = parts.next() == Some(Component::Normal("documents".as_ref()));
    begins && matches!(parts.next(), Some(Component::Normal(_))) && parts.next().is_none()
}
