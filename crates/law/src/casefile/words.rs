//! The forms of short texts: ids, words, paragraph names, free texts, zones; and the nearest valid word to a wrong one.
//!
//! Deliberately absent: which words a law pack knows.

use super::limits::{ID_CHARS_MAX, TEXT_CHARS_MAX, WORD_CHARS_MAX};
use super::problem::Code;
use crate::entry::{FieldType, FileKind};
use crate::time::Zone;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Why a text does not have its form.
#[derive(Debug, PartialEq)]
pub(super) struct Misformed {
    pub(super) code: Code,
    pub(super) expected: String,
    pub(super) nearest: Option<String>,
}

impl Misformed {
    pub(super) fn new(code: Code, expected: impl Into<String>) -> Misformed {
        Misformed { code, expected: expected.into(), nearest: None }
    }
}

/// Checks a text that stands in a field of this type. Types that are not kept as texts take any.
pub(super) fn check(kind: FieldType, text: &str) -> Result<(), Misformed> {
    match kind {
        FieldType::Party | FieldType::Parties if text.contains('_') => id(text).map(|_| ()),
        FieldType::Party | FieldType::Parties | FieldType::Word | FieldType::Words => word(text),
        FieldType::Paragraph | FieldType::Paragraphs => paragraph(text),
        FieldType::Text => free_text(text),
        FieldType::Zone => zone(text),
        FieldType::Entries | FieldType::Answers | FieldType::YesNo | FieldType::Length | FieldType::When | FieldType::Date => Ok(()),
    }
}

/// Checks a file's id and tells the kind of file.
pub(super) fn id(text: &str) -> Result<FileKind, Misformed> {
    let Some(kind) = FileKind::of(text) else {
        let prefixes: Vec<&str> = FileKind::ALL.iter().map(|(_, prefix)| *prefix).collect();
        let (start, rest) = text.split_once('_').unwrap_or((text, ""));
        let starts = prefixes.iter().map(|prefix| prefix.trim_end_matches('_'));
        let near = nearest(start, starts).map(|start| format!("{start}_{rest}"));
        let expected = format!("an id that begins with {}", listed(&prefixes));
        return Err(Misformed { nearest: near.filter(|id| is_id(id)), ..Misformed::new(Code::UnknownFileKind, expected) });
    };
    if is_id(text) {
        return Ok(kind);
    }
    let expected = format!("the prefix, then 1 to {ID_CHARS_MAX} small letters, digits, hyphens and underscores");
    if text.contains(char::is_control) {
        return Err(Misformed::new(Code::ControlCharacter, expected));
    }
    let (prefix, rest) = text.split_once('_').unwrap_or((text, ""));
    let mended = format!("{prefix}_{}", hyphenated(rest));
    Err(Misformed { nearest: Some(mended).filter(|id| is_id(id)), ..Misformed::new(Code::WrongId, expected) })
}

fn is_id(text: &str) -> bool {
    let rest = FileKind::ALL.iter().find_map(|(_, prefix)| text.strip_prefix(prefix));
    rest.is_some_and(|rest| {
        (1..=ID_CHARS_MAX).contains(&rest.len())
            && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
    })
}

/// Checks a kebab-case word.
pub(super) fn word(text: &str) -> Result<(), Misformed> {
    if is_word(text) {
        return Ok(());
    }
    if text.is_empty() {
        return Err(Misformed::new(Code::Empty, "a word"));
    }
    let expected = format!("a word of at most {WORD_CHARS_MAX} small letters, digits and single hyphens");
    if text.contains(char::is_control) {
        return Err(Misformed::new(Code::ControlCharacter, expected));
    }
    let nearest = Some(hyphenated(text)).filter(|word| is_word(word));
    Err(Misformed { nearest, ..Misformed::new(Code::WrongWord, expected) })
}

fn is_word(text: &str) -> bool {
    // A hyphen may stand only between two other characters.
    let mut before = b'-';
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' => {}
            b'-' if before != b'-' => {}
            _ => return false,
        }
        before = byte;
    }
    before != b'-' && text.len() <= WORD_CHARS_MAX
}

/// The text as a word: small letters, and one hyphen for whatever stands between them.
fn hyphenated(text: &str) -> String {
    let small = text.to_ascii_lowercase();
    let parts = small.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

fn paragraph(text: &str) -> Result<(), Misformed> {
    if text.is_empty() {
        return Err(Misformed::new(Code::Empty, "the name of an order or paragraph"));
    }
    let is_right = |text: &str| {
        text.len() <= WORD_CHARS_MAX
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'(' | b')' | b'.' | b'-' | b'/' | b':'))
    };
    if is_right(text) {
        return Ok(());
    }
    let nearest = Some(text.replace(' ', "")).filter(|text| is_right(text) && !text.is_empty());
    let expected = format!("at most {WORD_CHARS_MAX} letters, digits and the signs ( ) . - / :, such as `66(1)(b)`");
    Err(Misformed { nearest, ..Misformed::new(Code::WrongParagraph, expected) })
}

/// Checks a free text.
pub(super) fn free_text(text: &str) -> Result<(), Misformed> {
    if text.trim().is_empty() {
        return Err(Misformed::new(Code::Empty, "a text"));
    }
    // The length in bytes is never below that in characters, and is known without counting.
    if text.len() > TEXT_CHARS_MAX && text.chars().count() > TEXT_CHARS_MAX {
        return Err(Misformed::new(Code::TextTooLong, format!("at most {TEXT_CHARS_MAX} characters")));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Misformed::new(Code::ControlCharacter, "a text without control characters"));
    }
    Ok(())
}

/// The names of all zones, which are compiled in and never change.
static ZONES: LazyLock<Vec<String>> = LazyLock::new(Zone::names);

/// Checks the name of a time zone.
pub(super) fn zone(text: &str) -> Result<(), Misformed> {
    if Zone::named(text).is_ok_and(|zone| zone.name() == text) {
        return Ok(());
    }
    let near = nearest(text, ZONES.iter().map(String::as_str)).map(str::to_owned);
    Err(Misformed { nearest: near, ..Misformed::new(Code::WrongZone, "a name such as `Europe/Dublin`") })
}

/// The valid word nearest to a wrong one, where one is near enough to be what was meant.
pub(super) fn nearest<'w>(wrong: &str, valid: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    // Beyond this length nothing is near, and the comparison would cost its square.
    if wrong.len() > WORD_CHARS_MAX {
        return None;
    }
    let wrong = folded(wrong);
    let wrong_chars = wrong.chars().count();
    let near = valid.into_iter().filter_map(|word| {
        // One slip in three letters, and never a word of which nothing is left.
        let far = (word.len() / 3).max(1).min(word.len().saturating_sub(1));
        // Most words are too short or too long to be near; that is seen without comparing letters.
        let worth_comparing = wrong_chars.abs_diff(word.len()) <= far;
        let distance = worth_comparing.then(|| strsim::damerau_levenshtein(&wrong, &folded(word)));
        distance.filter(|distance| *distance <= far).map(|distance| (distance, word))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// A word in small letters and with hyphens, so that only slips of the pen count.
fn folded(word: &str) -> Cow<'_, str> {
    if word.contains(|c: char| c.is_uppercase() || matches!(c, '_' | ' ')) {
        Cow::Owned(word.to_lowercase().replace(['_', ' '], "-"))
    } else {
        Cow::Borrowed(word)
    }
}

/// Words in back quotes with `or` before the last.
pub(super) fn listed(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => format!("`{one}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", first.join(", "))
        }
    }
}
