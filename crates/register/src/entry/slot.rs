//! How each kind of value is written in canonical JSON, field by field.
//!
//! Deliberately absent: whether a value is in its form. The reader of case files has checked that before an entry comes here.

use openward_law::entry::{Details, Field, Slot, slot};
use openward_seal::canon::{Number, Value};

use super::Unreadable;

/// A text as a value.
pub(super) fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// A whole number as a value. Numbers of entries are far below the limit of canonical JSON.
pub(super) fn number(value: u32) -> Value {
    // INVARIANT: 32 bits always fit.
    Number::new(i64::from(value)).map_or(Value::Truth(false), Value::Number)
}

/// Takes the value of a field out of the details; nothing where the field says nothing.
pub(super) fn take(details: &mut Details, field: Field) -> Option<Value> {
    match slot(details, field) {
        Slot::One(one) => one.take().map(text),
        Slot::Many(many) => list(std::mem::take(many).into_iter().map(text)),
        Slot::Entries(entries) => list(std::mem::take(entries).into_iter().map(number)),
        // A list of pairs, for an object of canonical JSON would lose the order in which the answers were given.
        Slot::Answers(pairs) => list(std::mem::take(pairs).into_iter().map(|(key, answer)| Value::List(vec![text(key), text(answer)]))),
        Slot::YesNo(answer) => answer.take().map(Value::Truth),
        Slot::Length(length) => length.take().map(|length| text(length.to_string())),
        Slot::When(when) => when.take().map(|when| text(when.to_string())),
        Slot::Date(date) => date.take().map(|date| text(date.to_string())),
    }
}

fn list(items: impl Iterator<Item = Value>) -> Option<Value> {
    Some(items.collect::<Vec<Value>>()).filter(|items| !items.is_empty()).map(Value::List)
}

/// Puts a value back into its field.
pub(super) fn put(details: &mut Details, field: Field, value: Value) -> Result<(), Unreadable> {
    let wrong = Unreadable::Field(field);
    match slot(details, field) {
        Slot::One(one) => *one = Some(as_text(value).ok_or(wrong)?),
        Slot::Many(many) => *many = as_list(value).and_then(|items| items.into_iter().map(as_text).collect()).ok_or(wrong)?,
        Slot::Entries(entries) => {
            *entries = as_list(value).and_then(|items| items.into_iter().map(as_number).collect()).ok_or(wrong)?;
        }
        Slot::Answers(pairs) => *pairs = as_list(value).and_then(|items| items.into_iter().map(as_pair).collect()).ok_or(wrong)?,
        Slot::YesNo(answer) => *answer = Some(as_truth(value).ok_or(wrong)?),
        Slot::Length(length) => *length = Some(as_text(value).and_then(|text| text.parse().ok()).ok_or(wrong)?),
        Slot::When(when) => *when = Some(as_text(value).and_then(|text| text.parse().ok()).ok_or(wrong)?),
        Slot::Date(date) => *date = Some(as_text(value).and_then(|text| text.parse().ok()).ok_or(wrong)?),
    }
    Ok(())
}

/// The text, if it is one.
pub(super) fn as_text(value: Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

/// The number of an entry, if it is one.
pub(super) fn as_number(value: Value) -> Option<u32> {
    if let Value::Number(number) = value { u32::try_from(number.get()).ok() } else { None }
}

fn as_truth(value: Value) -> Option<bool> {
    if let Value::Truth(truth) = value { Some(truth) } else { None }
}

/// The items, if it is a list.
pub(super) fn as_list(value: Value) -> Option<Vec<Value>> {
    if let Value::List(items) = value { Some(items) } else { None }
}

fn as_pair(value: Value) -> Option<(String, String)> {
    let [key, answer] = <[Value; 2]>::try_from(as_list(value)?).ok()?;
    Some((as_text(key)?, as_text(answer)?))
}
