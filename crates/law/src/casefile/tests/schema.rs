//! The published schema says what the reader does.

use crate::casefile::line::{HEADER_KEYS, OWN_KEYS};
use crate::casefile::schema;
use crate::entry::{FactKind, Field};
use serde_json::Value;
use std::collections::BTreeSet;

fn names(object: &Value) -> BTreeSet<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn words(list: &Value) -> BTreeSet<&str> {
    list.as_array().expect("a list").iter().map(|word| word.as_str().expect("a word")).collect()
}

#[test]
fn a_header_and_an_entry_have_the_fields_that_the_reader_knows() {
    let schema = schema();
    assert_eq!(names(&schema["$defs"]["header"]["properties"]), HEADER_KEYS.iter().copied().collect());
    let fields = Field::ALL.iter().map(|field| field.name());
    assert_eq!(names(&schema["$defs"]["entry"]["properties"]), OWN_KEYS.iter().copied().chain(fields).collect());
}

#[test]
fn each_fact_has_its_meaning_and_its_fields() {
    let schema = schema();
    let facts = schema["$defs"]["entry"]["allOf"].as_array().expect("a list");
    assert_eq!(facts.len(), FactKind::ALL.len());
    for (rule, fact) in facts.iter().zip(FactKind::ALL) {
        assert_eq!(rule["if"]["properties"]["fact"]["const"], fact.word());
        assert_eq!(rule["then"]["description"], fact.meaning());
        assert_eq!(words(&rule["then"]["required"]), fact.required().iter().map(|field| field.name()).collect());
        let own = fact.required().iter().chain(fact.optional()).chain(Field::COMMON).map(|field| field.name());
        assert_eq!(words(&rule["then"]["propertyNames"]["enum"]), OWN_KEYS.iter().copied().chain(own).collect());
    }
}

#[test]
fn a_patients_fact_is_written_in_a_persons_file() {
    let schema = schema();
    let facts = schema["$defs"]["entry"]["allOf"].as_array().expect("a list");
    let admitted = facts.iter().find(|rule| rule["if"]["properties"]["fact"]["const"] == "admitted").expect("the fact");
    assert_eq!(admitted["then"]["properties"]["file"]["pattern"], "^(per_)[a-z0-9-]{1,64}$");
}

#[test]
fn every_reference_leads_to_a_definition_and_every_definition_is_used() {
    fn references<'s>(value: &'s Value, found: &mut BTreeSet<&'s str>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str));
                object.values().for_each(|inner| references(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }
    let schema = schema();
    let mut found = BTreeSet::new();
    references(&schema, &mut found);
    let defined: BTreeSet<String> = names(&schema["$defs"]).iter().map(|name| format!("#/$defs/{name}")).collect();
    assert_eq!(found, defined.iter().map(String::as_str).collect());
}
