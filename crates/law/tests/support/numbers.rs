//! Entry numbers: giving a file's entries other numbers, taking entries away, and standings without numbers.

use std::collections::BTreeMap;

use openward_law::casefile::{CaseFile, FileEntries};
use openward_law::entry::Entry;
use serde_json::Value;

use super::generate::PERSON;
use super::random::Random;

/// The person's file.
pub(crate) fn person(case: &CaseFile) -> &FileEntries {
    case.file(PERSON).expect("the person's file")
}

/// The case with the person's entries changed.
pub(crate) fn with_entries(case: &CaseFile, entries: Vec<Entry>) -> CaseFile {
    let mut case = case.clone();
    for file in case.files.iter_mut().filter(|file| file.id == PERSON) {
        file.entries = entries.clone();
    }
    case
}

/// Entries under new numbers; what is named and gone is no longer named. Sorted by the new numbers.
pub(crate) fn renumbered(entries: Vec<Entry>, new: &BTreeMap<u32, u32>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = entries
        .into_iter()
        .map(|mut entry| {
            entry.n = new[&entry.n];
            for list in [&mut entry.details.of, &mut entry.details.on] {
                *list = list.iter().filter_map(|n| new.get(n).copied()).collect();
            }
            entry.corrects = entry.corrects.take().and_then(|mut correction| {
                correction.n = *new.get(&correction.n)?;
                Some(correction)
            });
            entry
        })
        .collect();
    entries.sort_by_key(|entry| entry.n);
    entries
}

/// The entries that are kept, numbered without gaps.
pub(crate) fn kept(entries: &[Entry], keep: impl Fn(&Entry) -> bool) -> Vec<Entry> {
    let kept: Vec<Entry> = entries.iter().filter(|entry| keep(entry)).cloned().collect();
    let new = kept.iter().zip(1..).map(|(entry, n)| (entry.n, n)).collect();
    renumbered(kept, &new)
}

/// A random order of arrival without recorded times: a correction still comes after what it corrects, and of several the last stays the last.
/// Gives the entries, and for each new number the old one.
pub(crate) fn shuffled(entries: &[Entry], random: &mut Random) -> (Vec<Entry>, BTreeMap<u32, u32>) {
    let mut places: Vec<u32> = entries.iter().map(|entry| entry.n).collect();
    random.shuffle(&mut places);
    let mut new: BTreeMap<u32, u32> = entries.iter().zip(&places).map(|(entry, place)| (entry.n, *place)).collect();
    // Entries that correct one another keep their order among the places they got.
    let root = |mut n: u32| {
        while let Some(correction) = entries.iter().find(|entry| entry.n == n).and_then(|entry| entry.corrects.as_ref()) {
            n = correction.n;
        }
        n
    };
    let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in entries {
        groups.entry(root(entry.n)).or_default().push(entry.n);
    }
    for group in groups.values().filter(|group| group.len() > 1) {
        let mut got: Vec<u32> = group.iter().map(|n| new[n]).collect();
        got.sort_unstable();
        new.extend(group.iter().copied().zip(got));
    }
    let old = new.iter().map(|(old, new)| (*new, *old)).collect();
    let silent = entries.iter().cloned().map(|entry| Entry { recorded: None, ..entry }).collect();
    (renumbered(silent, &new), old)
}

/// A standing's JSON with other numbers and without the ids made from them.
pub(crate) fn told_as(value: &Value, old: Option<&BTreeMap<u32, u32>>) -> Value {
    match value {
        Value::Object(map) => {
            let is_part = map.contains_key("stretches") || map.contains_key("level") || map.contains_key("uses") || map.contains_key("may");
            let mut out = serde_json::Map::new();
            for (key, inner) in map {
                if key == "id" && is_part {
                    continue;
                }
                let number = inner.as_u64().and_then(|n| u32::try_from(n).ok());
                match (key.as_str(), number, old) {
                    ("n", Some(n), Some(old)) => out.insert(key.clone(), Value::from(old.get(&n).copied().unwrap_or(n))),
                    ("n", Some(_), None) => continue,
                    _ => out.insert(key.clone(), told_as(inner, old)),
                };
            }
            Value::Object(out)
        }
        Value::Array(list) => {
            let mut list: Vec<Value> = list.iter().map(|inner| told_as(inner, old)).collect();
            // Chains are sets of entries: listed by number, compared without it.
            if list.iter().all(|inner| inner.get("fact").is_some()) || list.iter().all(|inner| inner.get("word").is_some()) {
                list.sort_by_key(Value::to_string);
            }
            Value::Array(list)
        }
        other => other.clone(),
    }
}

/// The first place at which two JSON values differ, with both.
pub(crate) fn difference(one: &Value, other: &Value, path: &str) -> Option<String> {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            keys.into_iter().find_map(|key| {
                difference(a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), &format!("{path}.{key}"))
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(at, (a, b))| difference(a, b, &format!("{path}[{at}]")))
        }
        (a, b) if a == b => None,
        (a, b) => Some(format!("{path}: {a} / {b}")),
    }
}
