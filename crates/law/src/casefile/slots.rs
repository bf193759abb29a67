//! Where each field of the registry lives in [`Details`], once for writing into it and once for reading from it.
//!
//! Deliberately absent: the form of the values.

use crate::entry::{Details, Field};
use crate::time::{Length, When};
use jiff::civil::Date;
use serde_json::Value;

/// The place of one field in the details of an entry.
pub(super) enum Slot<'d> {
    One(&'d mut Option<String>),
    Many(&'d mut Vec<String>),
    Entries(&'d mut Vec<u32>),
    Answers(&'d mut Vec<(String, String)>),
    YesNo(&'d mut Option<bool>),
    Length(&'d mut Option<Length>),
    When(&'d mut Option<When>),
    Date(&'d mut Option<Date>),
}

/// The place of a field.
pub(super) fn slot(details: &mut Details, field: Field) -> Slot<'_> {
    match field {
        Field::By => Slot::One(&mut details.by),
        Field::As => Slot::One(&mut details.role),
        Field::Place => Slot::One(&mut details.place),
        Field::On => Slot::Entries(&mut details.on),
        Field::Of => Slot::Entries(&mut details.of),
        Field::Under => Slot::One(&mut details.under),
        Field::Instrument => Slot::One(&mut details.instrument),
        Field::To => Slot::Many(&mut details.to),
        Field::With => Slot::One(&mut details.with),
        Field::Kind => Slot::One(&mut details.kind),
        Field::Outcome => Slot::One(&mut details.outcome),
        Field::Answers => Slot::Answers(&mut details.answers),
        Field::States => Slot::Many(&mut details.states),
        Field::How => Slot::Many(&mut details.how),
        Field::Contents => Slot::Many(&mut details.contents),
        Field::Members => Slot::Many(&mut details.members),
        Field::Language => Slot::One(&mut details.language),
        Field::Understood => Slot::YesNo(&mut details.understood),
        Field::Consent => Slot::YesNo(&mut details.consent),
        Field::Length => Slot::Length(&mut details.length),
        Field::Until => Slot::When(&mut details.until),
        Field::From => Slot::When(&mut details.from),
        Field::Examined => Slot::When(&mut details.examined),
        Field::Born => Slot::Date(&mut details.born),
        Field::Sex => Slot::One(&mut details.sex),
        Field::Law => Slot::One(&mut details.law),
        Field::Region => Slot::One(&mut details.region),
        Field::Zone => Slot::One(&mut details.zone),
        Field::Reason => Slot::One(&mut details.reason),
        Field::Note => Slot::One(&mut details.note),
    }
}

/// The value of a field as a case file writes it; nothing where the field says nothing.
pub(super) fn value(details: &Details, field: Field) -> Option<Value> {
    match field {
        Field::By => one(&details.by),
        Field::As => one(&details.role),
        Field::Place => one(&details.place),
        Field::On => many(&details.on),
        Field::Of => many(&details.of),
        Field::Under => one(&details.under),
        Field::Instrument => one(&details.instrument),
        Field::To => many(&details.to),
        Field::With => one(&details.with),
        Field::Kind => one(&details.kind),
        Field::Outcome => one(&details.outcome),
        Field::Answers => answers(&details.answers),
        Field::States => many(&details.states),
        Field::How => many(&details.how),
        Field::Contents => many(&details.contents),
        Field::Members => many(&details.members),
        Field::Language => one(&details.language),
        Field::Understood => details.understood.map(Value::from),
        Field::Consent => details.consent.map(Value::from),
        Field::Length => printed(&details.length),
        Field::Until => printed(&details.until),
        Field::From => printed(&details.from),
        Field::Examined => printed(&details.examined),
        Field::Born => printed(&details.born),
        Field::Sex => one(&details.sex),
        Field::Law => one(&details.law),
        Field::Region => one(&details.region),
        Field::Zone => one(&details.zone),
        Field::Reason => one(&details.reason),
        Field::Note => one(&details.note),
    }
}

fn one(text: &Option<String>) -> Option<Value> {
    text.as_deref().map(Value::from)
}

/// A list of one is written as its one item.
fn many<T: Clone + Into<Value>>(items: &[T]) -> Option<Value> {
    match items {
        [] => None,
        [only] => Some(only.clone().into()),
        items => Some(items.iter().cloned().map(Into::into).collect::<Vec<Value>>().into()),
    }
}

fn answers(pairs: &[(String, String)]) -> Option<Value> {
    let object: serde_json::Map<String, Value> = pairs.iter().map(|(key, answer)| (key.clone(), answer.as_str().into())).collect();
    Some(object).filter(|object| !object.is_empty()).map(Value::Object)
}

fn printed<T: ToString>(value: &Option<T>) -> Option<Value> {
    value.as_ref().map(|value| value.to_string().into())
}
