//! A pack file as a tree of values that remember where they stand.
//!
//! Deliberately absent: what may stand where (`super::format`) and what it means.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use toml::de::{DeTable, DeValue};

use super::problem::Problem;

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's name.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands.
    pub place: Place,
}

/// A TOML value as packs use it. Floats and times of day have no use in a pack.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    YesNo(bool),
    /// A date.
    Date(Date),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
    /// Something no key of a pack takes.
    Other(&'static str),
}

impl Value {
    /// What kind of value it is, for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "text",
            Value::Number(_) => "a number",
            Value::YesNo(_) => "true or false",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(kind) => kind,
        }
    }
}

/// A table, in the order written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table(pub Vec<(String, Place, Node)>);

impl Table {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.0.iter().find(|(name, _, _)| name == key).map(|(_, _, node)| node)
    }

    /// Keys and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.0.iter().map(|(name, _, node)| (name.as_str(), node))
    }

    /// Lays another table over this one: its keys replace this one's.
    pub fn lay_over(&mut self, other: &Table) {
        for (name, place, node) in &other.0 {
            match self.0.iter_mut().find(|(own, _, _)| own == name) {
                Some(slot) => slot.2 = node.clone(),
                None => self.0.push((name.clone(), place.clone(), node.clone())),
            }
        }
    }
}

impl Node {
    /// The text, if it is text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The table, if it is one.
    pub fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The items of a list; a value that is no list counts as a list of one.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }
}

/// Nesting deeper than this is refused; the format itself needs about eight levels.
const DEPTH_MAX: usize = 24;

/// Reads one file.
///
/// # Errors
/// Every syntax error with its place; nothing is returned then.
pub fn read(file: &str, text: &str) -> Result<Node, Vec<Problem>> {
    let name: Arc<str> = Arc::from(file);
    let lines = Lines::new(text, Arc::clone(&name));
    if deepest_bracket(text) > DEPTH_MAX {
        let message = format!("brackets are nested deeper than {DEPTH_MAX} levels");
        return Err(vec![Problem::new(lines.place(0..0), message).help("No part of a pack needs this; check for a stray bracket.")]);
    }
    let (tree, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors
            .iter()
            .map(|error| Problem::new(lines.place(error.span().unwrap_or(0..0)), format!("not TOML: {}", error.message().trim())))
            .collect());
    }
    let span = tree.span();
    Ok(Node { place: lines.place(span), value: Value::Table(lines.table(tree.get_ref())) })
}

/// An upper bound of the nesting, counted on the raw text so that no parser recursion is entered on hostile input.
fn deepest_bracket(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for line in text.lines() {
        let mut quoted = None;
        for byte in line.bytes() {
            match (byte, quoted) {
                (b'"' | b'\'', None) => quoted = Some(byte),
                (mark, Some(open)) if mark == open => quoted = None,
                (b'#', None) => break,
                (b'[' | b'{', None) => depth += 1,
                (b']' | b'}', None) => depth = depth.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(depth);
        }
    }
    deepest
}

struct Lines {
    starts: Vec<usize>,
    name: Arc<str>,
}

impl Lines {
    fn new(text: &str, name: Arc<str>) -> Lines {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
        Lines { starts, name }
    }

    fn place(&self, span: Range<usize>) -> Place {
        let line = self.starts.partition_point(|start| *start <= span.start);
        let start = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied().unwrap_or(0);
        Place {
            file: Arc::clone(&self.name),
            line: line.try_into().unwrap_or(u32::MAX),
            column: (span.start - start + 1).try_into().unwrap_or(u32::MAX),
        }
    }

    fn table(&self, table: &DeTable<'_>) -> Table {
        Table(
            table
                .iter()
                .map(|(key, value)| (key.get_ref().to_string(), self.place(key.span()), self.node(value.get_ref(), value.span())))
                .collect(),
        )
    }

    fn node(&self, value: &DeValue<'_>, span: Range<usize>) -> Node {
        let place = self.place(span);
        let value = match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Other("a number too large"), Value::Number)
            }
            DeValue::Float(_) => Value::Other("a fraction"),
            DeValue::Boolean(yes) => Value::YesNo(*yes),
            DeValue::Datetime(when) => date_of(when).map_or(Value::Other("a time"), Value::Date),
            DeValue::Array(items) => Value::List(items.iter().map(|item| self.node(item.get_ref(), item.span())).collect()),
            DeValue::Table(table) => Value::Table(self.table(table)),
        };
        Node { value, place }
    }
}

/// A TOML date without a time of day.
fn date_of(when: &toml::value::Datetime) -> Option<Date> {
    let (Some(date), None, None) = (when.date, when.time, when.offset) else { return None };
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
}
