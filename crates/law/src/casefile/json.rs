//! One line of JSON as it was written: keys in order, twice where they stand twice, texts borrowed from the line.
//!
//! `serde_json::Value` would lose what is needed here: it keeps only the last of two equal keys, and copies every text.
//! As texts are borrowed, where they stand in the line says in which column. Deliberately absent: what the keys mean.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// The pairs of an object, in the order written.
pub(super) type Pairs<'a> = Vec<(Cow<'a, str>, Raw<'a>)>;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw<'a> {
    Null,
    YesNo(bool),
    /// A whole number from 0.
    Whole(u64),
    /// Any other number.
    Number(f64),
    Text(Cow<'a, str>),
    List(Vec<Raw<'a>>),
    Object(Pairs<'a>),
}

impl Raw<'_> {
    /// What was found, for a message: short, in one line, harmless on a terminal.
    pub(super) fn shown(&self) -> String {
        match self {
            Raw::Null => "null".to_owned(),
            Raw::YesNo(answer) => format!("{answer} without quotes"),
            Raw::Whole(number) => format!("the number {number}"),
            // A number with more digits than were kept is not shown as though these were all of them.
            Raw::Number(number) if number.abs() >= 1e15 => format!("a number of about {number:e}"),
            Raw::Number(number) => format!("the number {number:?}"),
            Raw::Text(text) => quoted(text),
            Raw::List(items) if items.is_empty() => "an empty list".to_owned(),
            Raw::List(items) => format!("a list of {}", items.len()),
            Raw::Object(pairs) if pairs.is_empty() => "an empty object".to_owned(),
            Raw::Object(_) => "an object".to_owned(),
        }
    }
}

/// A text from the input between back quotes, made fit to show.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", showable(text))
}

/// A text from the input, shortened, with everything unprintable spelt out.
pub(super) fn showable(text: &str) -> String {
    const SHOWN_CHARS_MAX: usize = 60;
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == SHOWN_CHARS_MAX {
            shown.push('…');
            break;
        }
        // The marks that turn the direction of writing can make a message lie about what it quotes.
        if c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}') {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// What stops a line from being JSON, in the words of somebody who writes case files.
pub(super) fn plainly(message: &str, at_the_end: bool) -> String {
    if at_the_end {
        return "the end of the line in the middle of a value".to_owned();
    }
    let plain = match message {
        "expected value" | "expected ident" => {
            "here something else than a text in straight quotes, a number, true, false, a list or an object"
        }
        "key must be a string" => "here a key without straight quotes around it; quotes may be curly or missing",
        "trailing comma" => "here a comma with nothing after it",
        "trailing characters" => "here something after the closing bracket",
        "expected `:`" => "here no colon between a key and its value",
        "invalid escape" | "lone leading surrogate in hex escape" | "unexpected end of hex escape" => {
            "here a backslash that does not begin a sign that JSON knows"
        }
        "invalid number" | "number out of range" => "here a number that is not written as JSON writes one; put a date in quotes",
        "recursion limit exceeded" => "here lists or objects nested too deeply",
        _ if message.starts_with("control character") => "here a tab, line break or other control character within a text",
        // `expected `,` or `}`` and its like: two values stand side by side.
        _ if message.starts_with("expected `,`") => "here a comma or a closing bracket is missing, or a quote within a text is not escaped",
        _ => "here something that is not JSON",
    };
    plain.to_owned()
}

/// The column, in characters from 1, of a text borrowed from the line, its opening quote included.
/// A text that was copied, as one with an escape is, lies elsewhere in memory and has none.
pub(super) fn column(line: &str, part: &str) -> Option<usize> {
    let at = (part.as_ptr() as usize).checked_sub(line.as_ptr() as usize)?;
    line.get(..at).map(|before| before.chars().count())
}

/// The keys that stand a second time, each as written there.
pub(super) fn repeated<'p, 'a>(pairs: &'p [(Cow<'a, str>, Raw<'a>)]) -> Vec<&'p Cow<'a, str>> {
    // Nearly every object is short; only a hostile one is worth a set.
    if pairs.len() <= 24 {
        let stands_before = |at: usize, key: &str| pairs.iter().take(at).any(|(before, _)| before == key);
        return pairs.iter().enumerate().filter(|(at, (key, _))| stands_before(*at, key)).map(|(_, (key, _))| key).collect();
    }
    let mut seen = BTreeSet::new();
    pairs.iter().filter_map(|(key, _)| (!seen.insert(key.as_ref())).then_some(key)).collect()
}

impl<'de> Deserialize<'de> for Raw<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw<'de>, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Raw<'de>, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw<'de>, E> {
        Ok(Raw::YesNo(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw<'de>, E> {
        Ok(Raw::Whole(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw<'de>, E> {
        Ok(u64::try_from(value).map_or(Raw::Number(value as f64), Raw::Whole))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw<'de>, E> {
        Ok(Raw::Number(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw<'de>, E> {
        Ok(Raw::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw<'de>, A::Error> {
        // An entry has about this many fields.
        let mut pairs = Vec::with_capacity(8);
        while let Some((Key(key), value)) = access.next_entry()? {
            pairs.push((key, value));
        }
        Ok(Raw::Object(pairs))
    }
}

/// A key, borrowed where it holds no escape. (`Cow` itself never borrows when it is deserialised.)
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key<'de>, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(value.to_owned())))
    }
}
