//! The value of each field of the registry as a case file writes it. Where a field lives for writing into it stands in `crate::entry`.
//!
//! Deliberately absent: the form of the values.

use crate::entry::{Details, Field};
use serde_json::Value;

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
        Field::Name => one(&details.name),
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
