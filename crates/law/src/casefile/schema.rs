//! The published form of a line: JSON Schema 2020-12, made from the registry.
//!
//! A schema cannot say everything: that numbers are gapless, that an entry named exists, or that a day does. The reader
//! checks those. Deliberately absent: any word of a law pack.

use super::limits::{ENTRIES_PER_FILE_MAX, ID_CHARS_MAX, LIST_ITEMS_MAX, TEXT_CHARS_MAX, WORD_CHARS_MAX};
use super::line::{HEADER_KEYS, OWN_KEYS, fields_of};
use super::places::{file_kinds, name};
use super::values::shape;
use crate::entry::{CorrectionKind, FactKind, Field, FieldType, FileKind, Origin};
use serde_json::{Map, Value, json};

/// The JSON Schema of one line of a case file, with the header and the entry as its definitions `header` and `entry`.
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of an Openward case file",
        "description": "A case file is JSON Lines: one object a line. The first line may be a header; every other line is an entry.",
        "type": "object",
        "if": { "required": ["openward"] },
        "then": { "$ref": "#/$defs/header" },
        "else": { "$ref": "#/$defs/entry" },
        "$defs": definitions(),
    })
}

fn definitions() -> Value {
    let mut all = Map::new();
    all.insert("header".to_owned(), header());
    all.insert("entry".to_owned(), entry());
    all.insert("correction".to_owned(), correction());
    all.insert("file-id".to_owned(), file_id(FileKind::ALL.iter().map(|(kind, _)| *kind)));
    for kind in TYPES {
        all.insert(key(*kind).to_owned(), described(shape(*kind), form(*kind)));
    }
    all.insert("entry-number".to_owned(), json!({ "type": "integer", "minimum": 1, "maximum": ENTRIES_PER_FILE_MAX }));
    all.insert(
        "instant".to_owned(),
        described(super::times::INSTANT_FORM, json!({ "type": "string", "pattern": super::times::INSTANT_PATTERN })),
    );
    Value::Object(all)
}

fn header() -> Value {
    // The keys are those the reader knows; a test holds the two together.
    json!({
        "description": "What holds for all entries. It may stand in the first line only.",
        "type": "object",
        "required": ["openward", "version"],
        "additionalProperties": false,
        "properties": {
            "openward": { "const": "case-file" },
            "version": { "const": 1 },
            "law": described("The law pack to read the case under.", reference("word")),
            "zone": described("The time zone of times written without an offset.", reference("zone")),
            "file": described("The file of entries that name none.", reference("file-id")),
        },
        "propertyNames": { "enum": HEADER_KEYS },
    })
}

fn entry() -> Value {
    let facts: Vec<&str> = FactKind::ALL.iter().map(|fact| fact.word()).collect();
    let origins: Vec<&str> = Origin::ALL.iter().map(|(_, word)| *word).collect();
    let own = [
        ("file", described("The file's id. It may be left out where the header names the file.", reference("file-id"))),
        (
            "n",
            described("The entry's number in its file: gapless from 1, or left out on all entries of the file.", reference("entry-number")),
        ),
        ("at", described("When it happened.", reference("when"))),
        ("recorded", described("When it was put on the register; it never goes backwards with the number.", reference("instant"))),
        ("origin", json!({ "description": "How the fact came to the register; `reported` if left out.", "enum": origins })),
        ("stay", described("The stay it belongs to, where there is more than one.", reference("word"))),
        ("fact", json!({ "description": "What happened.", "enum": facts })),
        ("corrects", described("The earlier entry of the same file that this one corrects.", reference("correction"))),
    ];
    let own = own.into_iter().map(|(key, schema)| (key.to_owned(), schema));
    let fields = Field::ALL.iter().map(|field| (field.name().to_owned(), described(field.meaning(), reference(key(field.field_type())))));
    let properties: Map<String, Value> = own.chain(fields).collect();
    let facts: Vec<Value> = FactKind::ALL.iter().map(|fact| of_fact(*fact)).collect();
    json!({
        "description": "One fact on one file.",
        "type": "object",
        "required": ["at", "fact"],
        "properties": properties,
        "additionalProperties": false,
        "allOf": facts,
    })
}

/// What an entry of one fact must and may hold, and in whose file.
fn of_fact(fact: FactKind) -> Value {
    let required: Vec<&str> = fact.required().iter().map(|field| field.name()).collect();
    let allowed: Vec<&str> = OWN_KEYS.iter().copied().chain(fields_of(fact).map(Field::name)).collect();
    json!({
        "if": { "properties": { "fact": { "const": fact.word() } }, "required": ["fact"] },
        "then": {
            "description": fact.meaning(),
            "required": required,
            "propertyNames": { "enum": allowed },
            "properties": { "file": file_id(file_kinds(fact).iter().copied()) },
        },
    })
}

fn correction() -> Value {
    let kinds: Vec<&str> = CorrectionKind::ALL.iter().map(|(_, word)| *word).collect();
    json!({
        "type": "object",
        "required": ["n", "how", "why"],
        "additionalProperties": false,
        "properties": {
            "n": described("The number of the corrected entry, below this entry's own.", reference("entry-number")),
            "how": {
                "description": "`replaced`: this entry stands in its place. `withdrawn-in-error`: it is struck out, and this entry's fact not read.",
                "enum": kinds,
            },
            "why": described("Why, in the writer's words.", reference("text")),
        },
    })
}

fn file_id(kinds: impl Iterator<Item = FileKind>) -> Value {
    let kinds: Vec<FileKind> = kinds.collect();
    let names: Vec<&str> = kinds.iter().map(|kind| name(*kind)).collect();
    let known = FileKind::ALL.iter().filter(|(kind, _)| kinds.contains(kind));
    let prefixes: Vec<&str> = known.map(|(_, prefix)| *prefix).collect();
    json!({
        "description": format!("The id of {}.", names.join(" or ")),
        "type": "string",
        "pattern": format!("^({})[a-z0-9-]{{1,{ID_CHARS_MAX}}}$", prefixes.join("|")),
    })
}

/// Every type of field, for its definition.
const TYPES: &[FieldType] = &[
    FieldType::Party,
    FieldType::Parties,
    FieldType::Word,
    FieldType::Words,
    FieldType::Paragraph,
    FieldType::Paragraphs,
    FieldType::Entries,
    FieldType::Answers,
    FieldType::YesNo,
    FieldType::Length,
    FieldType::When,
    FieldType::Date,
    FieldType::Zone,
    FieldType::Text,
];

/// The name of a type's definition.
const fn key(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Party => "party",
        FieldType::Parties => "parties",
        FieldType::Word => "word",
        FieldType::Words => "words",
        FieldType::Paragraph => "paragraph",
        FieldType::Paragraphs => "paragraphs",
        FieldType::Entries => "entries",
        FieldType::Answers => "answers",
        FieldType::YesNo => "yes-no",
        FieldType::Length => "length",
        FieldType::When => "when",
        FieldType::Date => "date",
        FieldType::Zone => "zone",
        FieldType::Text => "text",
    }
}

fn form(kind: FieldType) -> Value {
    match kind {
        FieldType::Party => json!({ "anyOf": [reference("file-id"), reference("word")] }),
        FieldType::Parties => one_or_many("party"),
        FieldType::Word => json!({ "type": "string", "maxLength": WORD_CHARS_MAX, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" }),
        FieldType::Words => one_or_many("word"),
        FieldType::Paragraph => json!({ "type": "string", "maxLength": WORD_CHARS_MAX, "pattern": "^[A-Za-z0-9().:/-]+$" }),
        FieldType::Paragraphs => one_or_many("paragraph"),
        FieldType::Entries => one_or_many("entry-number"),
        FieldType::Answers => json!({
            "type": "object",
            "minProperties": 1,
            "maxProperties": LIST_ITEMS_MAX,
            "propertyNames": reference("word"),
            "additionalProperties": reference("word"),
        }),
        FieldType::YesNo => json!({ "type": "boolean" }),
        FieldType::Length => json!({ "type": "string", "pattern": super::times::LENGTH_PATTERN }),
        FieldType::When => json!({ "type": "string", "pattern": super::times::WHEN_PATTERN }),
        FieldType::Date => json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        FieldType::Zone => json!({ "type": "string", "pattern": "^[A-Za-z0-9_+/-]+$" }),
        FieldType::Text => json!({ "type": "string", "maxLength": TEXT_CHARS_MAX, "pattern": "\\S" }),
    }
}

fn one_or_many(item: &str) -> Value {
    let many = json!({ "type": "array", "minItems": 1, "maxItems": LIST_ITEMS_MAX, "items": reference(item) });
    json!({ "anyOf": [reference(item), many] })
}

fn reference(definition: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{definition}") })
}

fn described(meaning: &str, mut schema: Value) -> Value {
    if let Value::Object(object) = &mut schema {
        object.insert("description".to_owned(), meaning.into());
    }
    schema
}
