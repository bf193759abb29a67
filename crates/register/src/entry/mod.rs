//! An entry and its parts: header, fact, each free text, each document. Out to canonical JSON with a salt each, and back again.
//!
//! What a part says is decided here and nowhere else. The header says who, in which capacity, where and when; the fact what happened; a
//! free text stands alone, so that a copy without it still verifies. Deliberately absent: where parts are kept and how they are encrypted.

mod slot;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use openward_law::entry::{Correction, CorrectionKind, Details, Entry, FactKind, Field, Origin};
use openward_seal::canon::{self, Number, Value};
use openward_seal::digest::PartHash;
use openward_seal::part::{self, SALT_BYTES, Salt};
use zeroize::Zeroizing;

/// The version of the header. Another form gets another number.
const VERSION: u32 = 1;

/// Fields that stand in the header, since they say who and where whatever the fact.
const HEADER_FIELDS: &[Field] = &[Field::By, Field::As, Field::Place];

/// The name in the header under which stands how many messages are to be sent.
const SENDS: &str = "sends";

/// The free texts of an entry, in the order of their parts: their names in the header.
const TEXTS: &[&str] = &["reason", "note", "why", "name"];

/// A part as it is hashed: a salt and bytes. Neither is ever written in the clear.
pub struct Part {
    /// Its salt.
    pub salt: Salt,
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl Part {
    /// A part of these bytes with a salt drawn from the system.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub fn new(bytes: Vec<u8>) -> Result<Self, NoRandom> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| NoRandom)?;
        Ok(Self { salt: Salt::from_bytes(salt), bytes: Zeroizing::new(bytes) })
    }

    /// Its hash.
    #[must_use]
    pub fn hash(&self) -> PartHash {
        part::hash(&self.salt, &self.bytes)
    }

    /// Salt and bytes as one, as they go into a box.
    #[must_use]
    pub fn joined(&self) -> Zeroizing<Vec<u8>> {
        let mut joined = Zeroizing::new(Vec::with_capacity(SALT_BYTES + self.bytes.len()));
        joined.extend_from_slice(self.salt.as_bytes());
        joined.extend_from_slice(&self.bytes);
        joined
    }

    /// The part of what [`Self::joined`] gave; none where it is shorter than a salt.
    #[must_use]
    pub fn split(joined: &[u8]) -> Option<Self> {
        let (salt, bytes) = joined.split_first_chunk::<SALT_BYTES>()?;
        Some(Self { salt: Salt::from_bytes(*salt), bytes: Zeroizing::new(bytes.to_vec()) })
    }
}

/// The system gave no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRandom;

impl fmt::Display for NoRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OW-REG-001 the system gives no random bytes")
    }
}

impl std::error::Error for NoRandom {}

/// Why parts are no entry of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A part that must be there is not, or there are more than the header names.
    Parts,
    /// A part is not canonical JSON, or not the object it must be.
    Form(&'static str),
    /// The header is of a version that this program does not know.
    Version,
    /// A field does not hold what it must.
    Field(Field),
    /// A name that is no field.
    Unknown(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parts => f.write_str("OW-REG-010 the parts are not those that the header names"),
            Self::Form(what) => write!(f, "OW-REG-011 the {what} is not in its form"),
            Self::Version => f.write_str("OW-REG-012 the entry was written by a newer program: its header has another version"),
            Self::Field(field) => write!(f, "OW-REG-013 the field `{}` does not hold what it must", field.name()),
            Self::Unknown(name) => write!(f, "OW-REG-014 `{name}` is no field that this program knows"),
        }
    }
}

impl std::error::Error for Unreadable {}

/// An entry on its way into the register: everything but the instant at which the register records it.
pub struct Draft {
    header: BTreeMap<String, Value>,
    /// The parts after the header.
    pub parts: Vec<Part>,
}

impl Draft {
    /// From an entry and the bytes of its documents' references.
    ///
    /// What the entry says of when it was recorded is kept as what was *said*: it is the word of whoever brought it.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub fn of(entry: &Entry, documents: Vec<Vec<u8>>) -> Result<Self, NoRandom> {
        let mut details = entry.details.clone();
        let mut header = BTreeMap::new();
        let mut set = |name: &str, value: Option<Value>| value.map(|value| header.insert(name.to_owned(), value));
        set("v", Some(slot::number(VERSION)));
        set("file", Some(slot::text(entry.file.as_str())));
        set("at", Some(slot::text(entry.at.to_string())));
        set("said", entry.recorded.map(|said| slot::text(said.to_string())));
        set("origin", word(Origin::ALL, entry.origin).map(slot::text));
        set("stay", entry.stay.clone().map(slot::text));
        for field in HEADER_FIELDS {
            set(field.name(), slot::take(&mut details, *field));
        }
        let why = entry.corrects.as_ref().map(|correction| correction.why.clone());
        let texts = [details.reason.take(), details.note.take(), why, details.name.take()];
        if let Some(correction) = &entry.corrects {
            let how = word(CorrectionKind::ALL, correction.kind).map(slot::text);
            let pair = how.into_iter().map(|how| ("how".to_owned(), how)).chain([("n".to_owned(), slot::number(correction.n))]);
            set("corrects", Some(Value::Object(pair.collect())));
        }
        let names = TEXTS.iter().zip(&texts).filter(|(_, text)| text.is_some()).map(|(name, _)| slot::text(*name));
        set("texts", Some(Value::List(names.collect())));
        set("documents", u32::try_from(documents.len()).ok().map(slot::number));

        let mut fact = BTreeMap::from([("fact".to_owned(), slot::text(entry.fact.word()))]);
        for field in Field::ALL {
            if let Some(value) = slot::take(&mut details, *field) {
                fact.insert(field.name().to_owned(), value);
            }
        }
        let fact = canon::write(&Value::Object(fact)).into_bytes();
        let after = texts.into_iter().flatten().map(String::into_bytes).chain(documents);
        let parts = std::iter::once(fact).chain(after).map(Part::new).collect::<Result<_, _>>()?;
        Ok(Self { header, parts })
    }

    /// A draft of another stream, with a header of its own and no fact of the law.
    #[must_use]
    pub fn raw(header: BTreeMap<String, Value>, parts: Vec<Part>) -> Self {
        Self { header, parts }
    }

    /// Says in the header how many messages are to be sent because of the entry's act, so that one that is taken away is missed.
    pub fn sends(&mut self, count: usize) {
        if let Some(count) = u32::try_from(count).ok().filter(|count| *count > 0) {
            self.header.insert(SENDS.to_owned(), slot::number(count));
        }
    }

    /// The header, once the register knows when it records the entry and in which act.
    ///
    /// # Errors
    /// Where the system gives no random bytes.
    pub fn header(&self, recorded: i64, act: &str) -> Result<Part, NoRandom> {
        let mut header = self.header.clone();
        if let Some(number) = Number::new(recorded) {
            header.insert("recorded".to_owned(), Value::Number(number));
        }
        header.insert("act".to_owned(), slot::text(act));
        Part::new(canon::write(&Value::Object(header)).into_bytes())
    }
}

fn word<T: Copy + PartialEq>(all: &[(T, &'static str)], value: T) -> Option<&'static str> {
    all.iter().find(|(found, _)| *found == value).map(|(_, word)| *word)
}

fn of_word<T: Copy>(all: &[(T, &'static str)], text: &str) -> Option<T> {
    all.iter().find(|(_, word)| *word == text).map(|(value, _)| *value)
}

/// An entry as it is kept: what was brought, and when the register recorded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The entry; `recorded` is the register's own instant.
    pub entry: Entry,
    /// When the entry was recorded elsewhere, in the word of whoever brought it.
    pub said: Option<Timestamp>,
    /// The references of its documents, as bytes.
    pub documents: Vec<Vec<u8>>,
}

impl Kept {
    /// The entry as it was brought, with what it said of when it was recorded.
    #[must_use]
    pub fn as_brought(&self) -> Entry {
        Entry { recorded: self.said, ..self.entry.clone() }
    }

    /// From the bytes of all its parts, in order.
    ///
    /// # Errors
    /// Where they are not an entry of ours.
    pub fn read(n: u32, parts: &[&[u8]]) -> Result<Self, Unreadable> {
        let [header, fact, rest @ ..] = parts else { return Err(Unreadable::Parts) };
        let mut header = object(header, "header")?;
        let wrong = Unreadable::Form("header");
        if header.remove("v").and_then(slot::as_number) != Some(VERSION) {
            return Err(Unreadable::Version);
        }
        let mut details = Details::default();
        for field in HEADER_FIELDS {
            if let Some(value) = header.remove(field.name()) {
                slot::put(&mut details, *field, value)?;
            }
        }
        let mut text_of = |name: &str| header.remove(name).and_then(slot::as_text);
        let file = text_of("file").ok_or_else(|| wrong.clone())?;
        let at = text_of("at").and_then(|text| text.parse().ok()).ok_or_else(|| wrong.clone())?;
        let said = text_of("said").map(|text| text.parse::<Timestamp>()).transpose().map_err(|_| wrong.clone())?;
        let origin = text_of("origin").and_then(|text| of_word(Origin::ALL, &text)).ok_or_else(|| wrong.clone())?;
        let stay = text_of("stay");
        let recorded = recorded_of(header.remove("recorded")).ok_or_else(|| wrong.clone())?;

        let names = header.remove("texts").and_then(slot::as_list).ok_or_else(|| wrong.clone())?;
        let names: Vec<String> = names.into_iter().map(slot::as_text).collect::<Option<_>>().ok_or_else(|| wrong.clone())?;
        let count = header.remove("documents").and_then(slot::as_number).ok_or_else(|| wrong.clone())?;
        if rest.len() as u64 != names.len() as u64 + u64::from(count) {
            return Err(Unreadable::Parts);
        }
        let (texts, documents) = rest.split_at(names.len());
        let mut why = None;
        for (name, bytes) in names.iter().zip(texts) {
            let text = String::from_utf8(bytes.to_vec()).map_err(|_| Unreadable::Form("free text"))?;
            match name.as_str() {
                "reason" => details.reason = Some(text),
                "note" => details.note = Some(text),
                "name" => details.name = Some(text),
                "why" => why = Some(text),
                _ => return Err(Unreadable::Unknown(name.clone())),
            }
        }
        let corrects = header.remove("corrects").map(|value| correction(value, why).ok_or_else(|| wrong.clone())).transpose()?;

        let mut fact = object(fact, "fact")?;
        let kind = fact.remove("fact").and_then(slot::as_text).and_then(|word| FactKind::from_word(&word));
        let kind = kind.ok_or(Unreadable::Form("fact"))?;
        for (name, value) in fact {
            let field = Field::from_name(&name).ok_or(Unreadable::Unknown(name))?;
            slot::put(&mut details, field, value)?;
        }
        let documents = documents.iter().map(|bytes| bytes.to_vec()).collect();
        let entry = Entry { file, n, at, recorded: Some(recorded), origin, stay, fact: kind, details, corrects };
        Ok(Self { entry, said, documents })
    }
}

fn correction(value: Value, why: Option<String>) -> Option<Correction> {
    let Value::Object(mut pair) = value else { return None };
    let n = pair.remove("n").and_then(slot::as_number)?;
    let kind = pair.remove("how").and_then(slot::as_text).and_then(|word| of_word(CorrectionKind::ALL, &word))?;
    Some(Correction { n, kind, why: why? })
}

fn recorded_of(value: Option<Value>) -> Option<Timestamp> {
    if let Some(Value::Number(number)) = value { Timestamp::from_microsecond(number.get()).ok() } else { None }
}

/// What a header says that stands elsewhere too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// When its entry was recorded, in microseconds since 1970, and in which act.
    pub clear: Option<(i64, String)>,
    /// How many messages are to be sent because of its act.
    pub sends: u32,
    /// The file.
    pub file: Option<String>,
}

/// What a header says that stands elsewhere too; nothing where it is none of ours.
#[must_use]
pub fn said_in(header: &[u8]) -> Said {
    let Ok(mut header) = object(header, "header") else { return Said::default() };
    let mut text = |name: &str| header.remove(name).and_then(slot::as_text);
    let (act, file) = (text("act"), text("file"));
    let recorded = header.remove("recorded").and_then(|value| if let Value::Number(number) = value { Some(number.get()) } else { None });
    let sends = header.remove(SENDS).and_then(slot::as_number).unwrap_or(0);
    Said { clear: recorded.zip(act), sends, file }
}

/// The file that a header names.
#[must_use]
pub fn file_in(header: &[u8]) -> Option<String> {
    object(header, "header").ok()?.remove("file").and_then(slot::as_text)
}

/// The names of an entry's parts in their order, from its header: `header`, `fact`, each free text, then `document-1` on.
#[must_use]
pub fn part_names(header: &[u8]) -> Option<Vec<String>> {
    let mut header = object(header, "header").ok()?;
    let texts = header.remove("texts").and_then(slot::as_list)?.into_iter().map(slot::as_text);
    let documents = header.remove("documents").and_then(slot::as_number)?;
    let first = ["header", "fact"].map(|name| Some(name.to_owned()));
    let documents = (1..=documents).map(|number| Some(format!("document-{number}")));
    // No entry has more parts; a header that says so is not believed.
    first.into_iter().chain(texts).chain(documents).take(openward_seal::chain::PARTS_MAX).collect()
}

fn object(bytes: &[u8], what: &'static str) -> Result<BTreeMap<String, Value>, Unreadable> {
    match canon::read(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) | Err(_) => Err(Unreadable::Form(what)),
    }
}
