//! The values of one entry's fields, each read by the type that the registry gives it.
//!
//! Deliberately absent: which field may stand with which fact, and what the entry's own keys say (`line`).

use super::json::{Pairs, Raw, column, quoted, repeated, showable};
use super::limits::{ENTRIES_PER_FILE_MAX, LIST_ITEMS_MAX};
use super::problem::{Code, Problem, Problems};
use super::times;
use super::words::{self, Misformed};
use crate::entry::{Details, Field, FieldType, Slot, slot};
use std::borrow::Cow;

/// The line being read, with what is known of its entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'l> {
    pub(super) number: usize,
    pub(super) text: &'l str,
    pub(super) file: Option<&'l str>,
    pub(super) n: Option<u32>,
}

impl Line<'_> {
    pub(super) fn problem(&self, code: Code, found: impl Into<String>, expected: impl Into<String>) -> Problem {
        let problem = Problem::new(code, self.number, found, expected);
        match self.file {
            Some(file) => problem.in_entry(file, self.n),
            None => Problem { n: self.n, ..problem },
        }
    }
}

/// One place in a line: a key, perhaps inside another, perhaps one item of its list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'s> {
    pub(super) line: Line<'s>,
    /// The key that holds this one, such as `corrects`.
    pub(super) outer: Option<&'s str>,
    pub(super) key: &'s Cow<'s, str>,
    /// The item's place in its list, from 0.
    pub(super) item: Option<usize>,
}

impl<'s> Spot<'s> {
    pub(super) fn new(line: Line<'s>, key: &'s Cow<'s, str>) -> Spot<'s> {
        Spot { line, outer: None, key, item: None }
    }

    /// The field's path as it is printed.
    pub(super) fn path(&self) -> String {
        let key = showable(self.key);
        let outer = self.outer.map(|outer| format!("{outer}.")).unwrap_or_default();
        let item = self.item.map(|item| format!("[{}]", item + 1)).unwrap_or_default();
        format!("{outer}{key}{item}")
    }

    /// A problem with the key.
    pub(super) fn key_problem(&self, code: Code, found: impl Into<String>, expected: impl Into<String>) -> Problem {
        let problem = self.line.problem(code, found, expected).in_field(self.path());
        Problem { column: column(self.line.text, self.key), ..problem }
    }

    /// A problem with the value: the column is that of a text, else that of the key.
    pub(super) fn problem(&self, code: Code, raw: &Raw, expected: impl Into<String>) -> Problem {
        let problem = self.key_problem(code, raw.shown(), expected);
        let at = if let Raw::Text(text) = raw { column(self.line.text, text) } else { None };
        Problem { column: at.or(problem.column), ..problem }
    }

    fn misformed(&self, raw: &Raw, why: Misformed) -> Problem {
        Problem { nearest: why.nearest, ..self.problem(why.code, raw, why.expected) }
    }
}

/// Reads one field of an entry into its place.
pub(super) fn read_field(spot: Spot, field: Field, raw: &Raw, details: &mut Details, problems: &mut Problems) {
    let kind = field.field_type();
    match slot(details, field) {
        Slot::One(to) => *to = read_text(spot, kind, raw, problems),
        Slot::Many(to) => read_list(spot, kind, raw, problems, to, |spot, raw, problems| read_text(spot, kind, raw, problems)),
        Slot::Entries(to) => read_list(spot, kind, raw, problems, to, read_number),
        Slot::Answers(to) => read_answers(spot, raw, problems, to),
        Slot::YesNo(to) => *to = read_yes_no(spot, raw, problems),
        Slot::Length(to) => *to = read_parsed(spot, kind, raw, problems, times::length),
        Slot::When(to) => *to = read_parsed(spot, kind, raw, problems, times::when),
        Slot::Date(to) => *to = read_parsed(spot, kind, raw, problems, times::date),
    }
}

/// What a value of this type looks like.
pub(super) const fn shape(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Party => "a file id such as `pro_ash`, or a role word",
        FieldType::Parties => "a file id or role word, or a list of them",
        FieldType::Word => "a word",
        FieldType::Words => "a word or a list of words",
        FieldType::Paragraph => "the name of an order or paragraph, such as `informal` or `66(1)(b)`",
        FieldType::Paragraphs => "the name of a paragraph, or a list of them",
        FieldType::Entries => "the number of an entry of this file, or a list of numbers",
        FieldType::Answers => "an object from each criterion to its answer, such as {\"necessary\":\"met\"}",
        FieldType::YesNo => "true or false, without quotes",
        FieldType::Length => times::LENGTH_FORMS,
        FieldType::When => times::WHEN_FORMS,
        FieldType::Date => times::DATE_FORM,
        FieldType::Zone => "the name of a time zone, such as `Europe/Dublin`",
        FieldType::Text => "a text",
    }
}

/// Reads a text of the given type.
pub(super) fn read_text(spot: Spot, kind: FieldType, raw: &Raw, problems: &mut Problems) -> Option<String> {
    let Raw::Text(text) = raw else {
        problems.push(spot.problem(Code::WrongType, raw, shape(kind)));
        return None;
    };
    match words::check(kind, text) {
        Ok(()) => Some(text.as_ref().to_owned()),
        Err(why) => {
            let mut problem = spot.misformed(raw, why);
            // What somebody wrote of a person in their own words is never repeated in a message.
            if kind == FieldType::Text {
                problem.found = format!("a text of {} characters", text.chars().count());
            }
            problems.push(problem);
            None
        }
    }
}

/// Reads a text with a parser of its own.
pub(super) fn read_parsed<T>(
    spot: Spot,
    kind: FieldType,
    raw: &Raw,
    problems: &mut Problems,
    parse: fn(&str) -> Result<T, Misformed>,
) -> Option<T> {
    let Raw::Text(text) = raw else {
        problems.push(spot.problem(Code::WrongType, raw, shape(kind)));
        return None;
    };
    parse(text).map_err(|why| problems.push(spot.misformed(raw, why))).ok()
}

/// Reads the number of an entry.
pub(super) fn read_number(spot: Spot, raw: &Raw, problems: &mut Problems) -> Option<u32> {
    let expected = format!("a whole number from 1 to {ENTRIES_PER_FILE_MAX}");
    let &Raw::Whole(number) = raw else {
        let written = if let Raw::Text(text) = raw { text.trim().parse::<u32>().ok() } else { None };
        let problem = spot.problem(Code::WrongType, raw, expected);
        problems.push(Problem { nearest: written.map(|number| number.to_string()), ..problem });
        return None;
    };
    let in_range = u32::try_from(number).ok().filter(|number| (1..=ENTRIES_PER_FILE_MAX).contains(&(*number as usize)));
    if in_range.is_none() {
        problems.push(spot.problem(Code::WrongNumber, raw, expected));
    }
    in_range
}

fn read_yes_no(spot: Spot, raw: &Raw, problems: &mut Problems) -> Option<bool> {
    if let Raw::YesNo(answer) = raw {
        return Some(*answer);
    }
    let meant = match raw {
        Raw::Text(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some("true"),
            "false" | "no" => Some("false"),
            _ => None,
        },
        _ => None,
    };
    let problem = spot.problem(Code::WrongType, raw, shape(FieldType::YesNo));
    problems.push(Problem { nearest: meant.map(str::to_owned), ..problem });
    None
}

/// Reads a list, or the one item that stands for a list of one.
fn read_list<T>(
    spot: Spot,
    kind: FieldType,
    raw: &Raw,
    problems: &mut Problems,
    to: &mut Vec<T>,
    read: impl Fn(Spot, &Raw, &mut Problems) -> Option<T>,
) {
    let Raw::List(items) = raw else {
        // A wrong type gets the words of the whole list, not those of one item.
        if matches!(raw, Raw::Null | Raw::Object(_)) {
            problems.push(spot.problem(Code::WrongType, raw, shape(kind)));
        } else {
            to.extend(read(spot, raw, problems));
        }
        return;
    };
    if items.is_empty() {
        problems.push(spot.problem(Code::Empty, raw, shape(kind)));
    }
    if items.len() > LIST_ITEMS_MAX {
        problems.push(spot.problem(Code::TooManyItems, raw, format!("at most {LIST_ITEMS_MAX} items")));
        return;
    }
    for (at, item) in items.iter().enumerate() {
        to.extend(read(Spot { item: Some(at), ..spot }, item, problems));
    }
}

fn read_answers(spot: Spot, raw: &Raw, problems: &mut Problems, to: &mut Vec<(String, String)>) {
    let Raw::Object(pairs) = raw else {
        problems.push(spot.problem(Code::WrongType, raw, shape(FieldType::Answers)));
        return;
    };
    if pairs.is_empty() {
        problems.push(spot.problem(Code::Empty, raw, shape(FieldType::Answers)));
    }
    if pairs.len() > LIST_ITEMS_MAX {
        problems.push(spot.problem(Code::TooManyItems, raw, format!("at most {LIST_ITEMS_MAX} answers")));
        return;
    }
    report_repeated(spot.line, Some(spot.key), pairs, problems);
    for (key, answer) in pairs {
        let inner = Spot { outer: Some(spot.key), key, ..spot };
        if let Err(why) = words::word(key) {
            let problem = inner.key_problem(why.code, quoted(key), format!("a criterion: {}", why.expected));
            problems.push(Problem { nearest: why.nearest, ..problem });
        }
        if let Some(answer) = read_text(inner, FieldType::Word, answer, problems) {
            to.push((key.as_ref().to_owned(), answer));
        }
    }
}

/// Reports the keys that stand twice in an object.
pub(super) fn report_repeated(line: Line, outer: Option<&str>, pairs: &Pairs, problems: &mut Problems) {
    for key in repeated(pairs) {
        let spot = Spot { line, outer, key, item: None };
        problems.push(spot.key_problem(Code::DuplicateKey, format!("{} a second time", quoted(key)), "each key once"));
    }
}
