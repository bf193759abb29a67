//! Entry numbers: giving a file's entries other numbers, taking entries away, and standings without numbers.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use openward_law::casefile::{CaseFile, FileEntries};
use openward_law::entry::{Details, Entry};
use openward_law::time::Zone;
use serde_json::Value;

use super::generate::PERSON;

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

/// The entries that are kept, under the numbers they had: what named one that is gone names it still, as it did on the register.
pub(crate) fn cut(entries: &[Entry], keep: impl Fn(&Entry) -> bool) -> Vec<Entry> {
    entries.iter().filter(|entry| keep(entry)).cloned().collect()
}

/// The entries that are kept, numbered without gaps.
pub(crate) fn kept(entries: &[Entry], keep: impl Fn(&Entry) -> bool) -> Vec<Entry> {
    let kept: Vec<Entry> = entries.iter().filter(|entry| keep(entry)).cloned().collect();
    let new = kept.iter().zip(1..).map(|(entry, n)| (entry.n, n)).collect();
    renumbered(kept, &new)
}

/// Another order of arrival, without recorded times: a correction still comes after what it corrects, and of several the last stays the last.
///
/// The order follows from the seed and what each entry says, so that it stays the same when other entries are taken away. Gives the
/// entries, and for each new number the old one.
pub(crate) fn shuffled(entries: &[Entry], seed: u64) -> (Vec<Entry>, BTreeMap<u32, u32>) {
    let key = |entry: &Entry| {
        let mut hasher = std::hash::DefaultHasher::new();
        (seed, entry.at, entry.fact, &entry.details.by, &entry.details.under, &entry.details.instrument).hash(&mut hasher);
        (hasher.finish(), Reverse(entry.n))
    };
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by_key(|entry| key(entry));
    let mut new: BTreeMap<u32, u32> = sorted.iter().zip(1..).map(|(entry, place)| (entry.n, place)).collect();
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

/// For each number the least number of an entry that says the same of the same time: which of twins is meant, nobody can tell.
pub(crate) fn twins(entries: &[Entry], zone: &Zone) -> BTreeMap<u32, u32> {
    let says = |entry: &Entry| {
        let details = Details { of: Vec::new(), on: Vec::new(), note: None, ..entry.details.clone() };
        (entry.at.moment(zone).ok(), entry.fact, details)
    };
    let least = |entry: &Entry| entries.iter().filter(|other| says(other) == says(entry)).map(|other| other.n).min().unwrap_or(entry.n);
    entries.iter().map(|entry| (entry.n, least(entry))).collect()
}

/// A standing's JSON with other numbers, without the ids made from them and without the way in which an entry's time was written.
pub(crate) fn told_as(value: &Value, old: &BTreeMap<u32, u32>) -> Value {
    match value {
        Value::Object(map) => {
            let is_part = ["stretches", "level", "uses", "may"].iter().any(|key| map.contains_key(*key));
            let is_entry = map.len() == 3 && map.contains_key("n");
            let mut out = serde_json::Map::new();
            for (key, inner) in map {
                if (key == "id" && is_part) || (key == "at" && is_entry) {
                    continue;
                }
                let number = inner.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|_| key == "n");
                let inner = number.map_or_else(|| told_as(inner, old), |n| Value::from(old.get(&n).copied().unwrap_or(n)));
                out.insert(key.clone(), inner);
            }
            Value::Object(out)
        }
        Value::Array(list) => {
            let mut list: Vec<Value> = list.iter().map(|inner| told_as(inner, old)).collect();
            // Chains and words are listed by number, and of twins either may come first.
            list.sort_by_cached_key(Value::to_string);
            if list.iter().all(|inner| inner.get("fact").is_some()) {
                list.dedup();
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
