//! The pack format as JSON Schema (2020-12), made from the same table that the loader checks against.

use serde_json::{Map, Value, json};

use super::check::DEFECTS;
use super::format::FILE;
use super::shape::{Shape, TableShape, Target};
use crate::entry::FactKind;
use crate::time::{Count, Roll};

/// The JSON Schema of a pack file (the TOML read as JSON; dates as strings).
pub fn schema() -> Value {
    let mut definitions = Map::new();
    let root = table(&FILE, &mut definitions);
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!("Openward law pack file, format 1"));
    if let Value::Object(root) = root {
        schema.extend(root);
    }
    schema.insert("$defs".into(), Value::Object(definitions));
    Value::Object(schema)
}

fn table(shape: &TableShape, definitions: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for key in shape.all_keys() {
        let mut value = value(&key.shape, definitions);
        if let Value::Object(object) = &mut value {
            object.insert("description".into(), json!(key.meaning));
        }
        properties.insert(key.name.into(), value);
    }
    let required: Vec<&str> = shape.all_keys().filter(|key| key.required).map(|key| key.name).collect();
    let mut schema = json!({ "type": "object", "description": shape.meaning, "properties": properties, "additionalProperties": false });
    if let Value::Object(schema) = &mut schema {
        if shape.key("version").is_some() {
            // A version that only says that the provision is no more needs its title and section.
            let repeals = json!({ "properties": { "repeals": { "const": true } }, "required": ["repeals"] });
            schema.insert("required".into(), json!(["title", "section"]));
            schema.insert("if".into(), json!({ "properties": { "version": repeals }, "required": ["version"] }));
            schema.insert("else".into(), json!({ "required": required }));
        } else {
            schema.insert("required".into(), json!(required));
        }
    }
    schema
}

fn reference(shape: &'static TableShape, definitions: &mut Map<String, Value>) -> Value {
    let name = shape.name.replace(' ', "-");
    if !definitions.contains_key(&name) {
        // The name is taken first, so that a table that holds itself (a period in a period) ends here.
        definitions.insert(name.clone(), Value::Null);
        let made = table(shape, definitions);
        definitions.insert(name.clone(), made);
    }
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn words<'a>(list: impl Iterator<Item = &'a str>) -> Value {
    json!({ "enum": list.collect::<Vec<_>>() })
}

fn value(shape: &Shape, definitions: &mut Map<String, Value>) -> Value {
    const DAY: &str = r"^\d{4}-\d{2}-\d{2}$";
    const NAME: &str = "^[a-z0-9-]{1,64}$";
    match shape {
        Shape::Text | Shape::Section | Shape::Paragraph | Shape::Zone | Shape::Anchor => json!({ "type": "string", "minLength": 1 }),
        Shape::Name => json!({ "type": "string", "pattern": NAME }),
        Shape::Number(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::YesNo => json!({ "type": "boolean" }),
        Shape::Date => json!({ "type": "string", "pattern": DAY }),
        Shape::OpenDate => json!({ "type": "string", "pattern": format!("^$|{DAY}") }),
        Shape::Length => json!({ "type": "string", "pattern": r"^\d+ (minute|hour|day|week|month|year)s?$" }),
        Shape::Count => words(Count::ALL.iter().map(|count| count.name())),
        Shape::Roll => words(Roll::ALL.iter().map(|roll| roll.name())),
        Shape::Fact => words(FactKind::ALL.iter().map(|fact| fact.word())),
        Shape::One(list) => words(list.iter().copied()),
        Shape::Defect => json!({ "type": "string", "pattern": format!("^({})(:[a-z0-9-]+)?$", DEFECTS.join("|")) }),
        Shape::Ref(target) => refers(&[*target]),
        Shape::AnyRef(targets) => refers(targets),
        Shape::Many(inner) => {
            let one = value(inner, definitions);
            json!({ "anyOf": [one, { "type": "array", "items": one }] })
        }
        Shape::List(inner) => json!({ "type": "array", "items": value(inner, definitions) }),
        Shape::Table(inner) => reference(inner, definitions),
        Shape::Named(inner) => json!({ "type": "object", "additionalProperties": reference(inner, definitions) }),
        Shape::Versioned(inner) => {
            json!({ "type": "object", "additionalProperties": { "type": "array", "items": reference(inner, definitions) } })
        }
        Shape::Free => json!({ "type": "object" }),
    }
}

fn refers(targets: &[Target]) -> Value {
    let names = targets.iter().map(|target| target.name()).collect::<Vec<_>>().join(" or ");
    json!({ "type": "string", "minLength": 1, "$comment": format!("the name of a {names}") })
}
