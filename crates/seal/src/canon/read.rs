//! Reading, only what [`super::write()`] writes: anything else is an error that says at which byte.
//!
//! Deliberately absent: JSON at large. This reader is for texts that claim to be canonical.

use std::collections::BTreeMap;
use std::fmt;

use super::{DEPTH_MAX, Number, VALUES_MAX, Value, write};

/// Why a text is not canonical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The byte, from 0.
    pub at: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OW-SEAL-034 byte {}: expected {}", self.at, self.expected)
    }
}

impl std::error::Error for ReadError {}

/// Reads a canonical text whole.
///
/// # Errors
/// Where it is not canonical.
pub fn read(bytes: &[u8]) -> Result<Value, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|error| ReadError { at: error.valid_up_to(), expected: "UTF-8 text" })?;
    whole(Reader { text, at: 0, values: 0, order: Order::Canonical })
}

/// Reads a text that is canonical but for the order of names: what other writers of JSON without spaces give. Each name stands once.
///
/// # Errors
/// Where anything else is not canonical.
pub fn read_in_any_order(bytes: &[u8]) -> Result<Value, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|error| ReadError { at: error.valid_up_to(), expected: "UTF-8 text" })?;
    whole(Reader { text, at: 0, values: 0, order: Order::Any })
}

fn whole(mut reader: Reader<'_>) -> Result<Value, ReadError> {
    let value = reader.value(0)?;
    if reader.rest().is_empty() { Ok(value) } else { Err(reader.wrong("the end")) }
}

/// In which order names must stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Canonical,
    Any,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    values: usize,
    order: Order,
}

impl Reader<'_> {
    fn wrong(&self, expected: &'static str) -> ReadError {
        ReadError { at: self.at, expected }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn must(&mut self, word: &str, expected: &'static str) -> Result<(), ReadError> {
        if self.take(word) { Ok(()) } else { Err(self.wrong(expected)) }
    }

    fn value(&mut self, depth: usize) -> Result<Value, ReadError> {
        if depth > DEPTH_MAX {
            return Err(self.wrong("no more than 64 lists and objects in each other"));
        }
        self.values += 1;
        if self.values > VALUES_MAX {
            return Err(self.wrong("no more than 65536 values"));
        }
        match self.next() {
            Some('t') => self.must("true", "`true`").map(|()| Value::Truth(true)),
            Some('f') => self.must("false", "`false`").map(|()| Value::Truth(false)),
            Some('"') => self.text().map(Value::Text),
            Some('[') => self.list(depth),
            Some('{') => self.object(depth),
            Some('-' | '0'..='9') => self.number(),
            Some(_) | None => Err(self.wrong("a text, a whole number, `true`, `false`, a list or an object, without spaces")),
        }
    }

    fn number(&mut self) -> Result<Value, ReadError> {
        const EXPECTED: &str = "a whole number without leading zeros, between minus and plus 9007199254740991";
        let rest = self.rest();
        let digits = rest.strip_prefix('-').unwrap_or(rest);
        let length = rest.len() - digits.len() + digits.bytes().take_while(u8::is_ascii_digit).count();
        let found = rest.get(..length).unwrap_or_default();
        let number = found.parse::<i64>().ok().and_then(Number::new).filter(|number| number.get().to_string() == found);
        let number = number.ok_or_else(|| self.wrong(EXPECTED))?;
        self.at += length;
        Ok(Value::Number(number))
    }

    fn list(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.must("[", "a list")?;
        let mut items = Vec::new();
        if self.take("]") {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take("]") {
                return Ok(Value::List(items));
            }
            self.must(",", "a comma or the end of the list")?;
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.must("{", "an object")?;
        let mut members: BTreeMap<String, Value> = BTreeMap::new();
        let mut before: Option<String> = None;
        if self.take("}") {
            return Ok(Value::Object(members));
        }
        loop {
            let start = self.at;
            let name = self.text()?;
            if self.order == Order::Canonical
                && before.as_ref().is_some_and(|before| before.encode_utf16().cmp(name.encode_utf16()).is_ge())
            {
                return Err(ReadError { at: start, expected: "names in order, each once" });
            }
            before = Some(name.clone());
            self.must(":", "a colon")?;
            let value = self.value(depth + 1)?;
            if members.insert(name, value).is_some() {
                return Err(ReadError { at: start, expected: "each name once" });
            }
            if self.take("}") {
                return Ok(Value::Object(members));
            }
            self.must(",", "a comma or the end of the object")?;
        }
    }

    /// A quoted text. It is read with every escape that JSON has and then compared with how it would be written.
    fn text(&mut self) -> Result<String, ReadError> {
        const EXPECTED: &str = "a quoted text with no escape that is not needed";
        let start = self.at;
        let wrong = ReadError { at: start, expected: EXPECTED };
        self.must("\"", EXPECTED)?;
        let mut text = String::new();
        loop {
            let c = self.next().ok_or(wrong)?;
            self.at += c.len_utf8();
            match c {
                '"' => break,
                '\\' => text.push(self.escape().ok_or(wrong)?),
                c => text.push(c),
            }
        }
        let mut written = String::new();
        write::quote(&text, &mut written);
        if self.text.get(start..self.at) == Some(written.as_str()) { Ok(text) } else { Err(wrong) }
    }

    fn escape(&mut self) -> Option<char> {
        let c = self.next()?;
        self.at += c.len_utf8();
        match c {
            '"' | '\\' => Some(c),
            'b' => Some('\u{8}'),
            't' => Some('\t'),
            'n' => Some('\n'),
            'f' => Some('\u{c}'),
            'r' => Some('\r'),
            'u' => {
                let code = u32::from_str_radix(self.rest().get(..4)?, 16).ok()?;
                self.at += 4;
                char::from_u32(code)
            }
            _ => None,
        }
    }
}
