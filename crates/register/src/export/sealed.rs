//! The lines that prove what an export holds: canonical JSON, one entry a line, with hashes, salts, bytes, and the way to the log's root.
//!
//! `docs/seal-formats.md` has the form. Deliberately absent: checking it, which `openward-verify` does with the seal alone.

use std::collections::BTreeMap;

use openward_seal::base64;
use openward_seal::canon::{Number, Value, write};
use openward_seal::digest::{EntryHash, NodeHash, PartHash};

use super::Stream;
use crate::entry::Part;

/// The version of the form.
pub const VERSION: u32 = 1;

/// Which stage of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    First,
    Second,
}

/// One entry.
pub(crate) struct Sealed {
    pub(crate) n: u64,
    pub(crate) prev: EntryHash,
    pub(crate) hash: EntryHash,
    pub(crate) parts: Vec<SealedPart>,
    /// Its place in the log and the way to the root; none as long as it waits.
    pub(crate) proof: Option<(u64, Vec<NodeHash>)>,
}

/// One part; withheld where there is nothing but the hash.
pub(crate) struct SealedPart {
    pub(crate) hash: PartHash,
    pub(crate) opened: Option<Part>,
    /// Where the document lies that this part seals.
    pub(crate) document: Option<String>,
}

/// The lines of a stream.
pub(crate) fn lines(stream: &Stream, origin: &str) -> Vec<u8> {
    let head = object([
        ("export", Some(text("openward-export"))),
        ("file", Some(text(stream.file.to_string()))),
        ("length", number(stream.entries.len() as u64)),
        ("origin", Some(text(origin))),
        ("stream", Some(text(stream.name))),
        ("version", number(u64::from(VERSION))),
    ]);
    let lines = std::iter::once(head).chain(stream.entries.iter().map(line));
    lines.flat_map(|line| (write(&line) + "\n").into_bytes()).collect()
}

fn line(entry: &Sealed) -> Value {
    let proof = entry.proof.as_ref();
    object([
        ("entry", Some(text(entry.hash.to_string()))),
        ("index", proof.and_then(|(index, _)| number(*index))),
        ("n", number(entry.n)),
        ("parts", Some(Value::List(entry.parts.iter().map(part).collect()))),
        ("path", proof.map(|(_, path)| Value::List(path.iter().map(|node| text(node.to_string())).collect()))),
        ("prev", Some(text(entry.prev.to_string()))),
    ])
}

/// A part that is text stands as text, so that people can read it here too.
fn part(part: &SealedPart) -> Value {
    let opened = part.opened.as_ref();
    let words = opened.and_then(|opened| std::str::from_utf8(&opened.bytes).ok()).filter(|_| part.document.is_none());
    let bytes = opened.filter(|_| words.is_none());
    object([
        ("bytes", bytes.map(|opened| text(base64(&opened.bytes)))),
        ("document", part.document.as_ref().map(text)),
        ("hash", Some(text(part.hash.to_string()))),
        ("salt", opened.map(|opened| text(base64(opened.salt.as_bytes())))),
        ("text", words.map(text)),
    ])
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn number(value: u64) -> Option<Value> {
    i64::try_from(value).ok().and_then(Number::new).map(Value::Number)
}

fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(members.collect::<BTreeMap<_, _>>())
}
