//! Canonical JSON: one text for one value, read and written alike, and nothing else is read.

use openward_seal::canon::{DEPTH_MAX, NUMBER_MAX, Number, VALUES_MAX, Value, read, write};
use proptest::prelude::*;

fn number(value: i64) -> Value {
    Value::Number(Number::new(value).unwrap())
}

#[test]
fn numbers_stay_where_every_reader_is_exact() {
    assert_eq!(write(&number(NUMBER_MAX)), "9007199254740991");
    assert_eq!(write(&number(-NUMBER_MAX)), "-9007199254740991");
    assert_eq!(Number::new(NUMBER_MAX + 1), None);
    assert_eq!(Number::new(-NUMBER_MAX - 1), None);
    assert_eq!(Number::new(i64::MIN), None);
}

#[test]
fn what_could_be_written_otherwise_is_not_read() {
    let wrong = [
        "",
        " true",
        "true ",
        "null",
        "1.0",
        "1e3",
        "-0",
        "01",
        "+1",
        "9007199254740992",
        "-9007199254740992",
        "99999999999999999999",
        "[1, 2]",
        "[1,]",
        "[",
        "{",
        "{\"a\"}",
        "{\"b\":1,\"a\":2}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,}",
        "\"\\u0041\"",
        "\"\\/\"",
        "\"\\u000A\"",
        "\"\\u000a\"",
        "\"\n\"",
        "\"",
        "\"\\",
        "\"\\u",
        "\"\\u12",
        "\"\\u00é\"",
        "\"\\ud800\"",
        "'a'",
        "truefalse",
        "[1][2]",
        "tru",
        "-",
        "\u{feff}1",
    ];
    for text in wrong {
        assert!(read(text.as_bytes()).is_err(), "{text:?}");
    }
    assert_eq!(read(b"\"\xff\"").unwrap_err().at, 1);
    assert_eq!(read(b"[true,flase]").unwrap_err().at, 6);
    assert_eq!(read(b"\"\\u000b\""), Ok(Value::Text("\u{b}".to_owned())));
}

#[test]
fn lists_and_objects_stand_in_each_other_only_so_deep() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(nested(DEPTH_MAX + 1).as_bytes()).is_ok());
    assert!(read(nested(DEPTH_MAX + 2).as_bytes()).is_err());
    assert!(read("[".repeat(1_000_000).as_bytes()).is_err());
}

#[test]
fn a_text_holds_only_so_many_values() {
    // The list is a value itself.
    let many = |count: usize| format!("[{}]", vec!["[]"; count].join(","));
    assert!(read(many(VALUES_MAX - 1).as_bytes()).is_ok());
    assert!(read(many(VALUES_MAX).as_bytes()).is_err());
}

fn values() -> impl Strategy<Value = Value> {
    let single = prop_oneof![
        any::<bool>().prop_map(Value::Truth),
        (-NUMBER_MAX..=NUMBER_MAX).prop_map(number),
        any::<String>().prop_map(Value::Text),
    ];
    single.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(Value::Object),
        ]
    })
}

/// The same value as another library reads it.
fn elsewhere(value: &Value) -> serde_json::Value {
    match value {
        Value::Truth(truth) => (*truth).into(),
        Value::Number(number) => number.get().into(),
        Value::Text(text) => text.clone().into(),
        Value::List(items) => items.iter().map(elsewhere).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), elsewhere(value))).collect(),
    }
}

proptest! {
    #[test]
    fn every_value_is_read_as_it_was_written(value in values()) {
        let text = write(&value);
        prop_assert_eq!(read(text.as_bytes()), Ok(value.clone()));
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), elsewhere(&value));
    }

    #[test]
    fn whatever_is_read_is_written_as_it_was(text in "[\\[\\]{}:,\"a-c\\\\unt0-9tre\u{e9}-]{0,12}") {
        if let Ok(value) = read(text.as_bytes()) {
            prop_assert_eq!(write(&value), text);
        }
    }
}
