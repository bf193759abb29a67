//! Every language says everything that English says, with the same arguments, and every key that the pages ask for is there.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use openward_law::entry::{FactKind, Field};
use openward_office::act::GROUPS;
use openward_web::language::{Languages, SOURCE};

/// The five answers on authority, and the three on whether somebody is held.
const AUTHORITY: &[&str] = &["shown", "contested", "not-shown", "none", "not-needed"];
const HELD: &[&str] = &["yes", "no", "cannot-tell"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The keys of a language, each with its arguments.
fn keys(language: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in std::fs::read_dir(language).expect("a folder").filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        if file.extension().is_none_or(|ending| ending != "ftl") {
            continue;
        }
        let mut key = String::new();
        for line in std::fs::read_to_string(&file).expect("readable").lines() {
            let is_new = line.starts_with(|letter: char| letter.is_ascii_lowercase());
            if is_new && let Some((name, _)) = line.split_once(" =") {
                key = name.to_owned();
                assert!(keys.insert(key.clone(), BTreeSet::new()).is_none(), "{}: {key} stands twice", file.display());
            }
            for word in line.split("{ $").skip(1) {
                let name: String = word.chars().take_while(|letter| letter.is_ascii_alphanumeric()).collect();
                keys.entry(key.clone()).or_default().insert(name);
            }
        }
    }
    keys
}

#[test]
fn every_language_has_every_key_with_the_same_arguments() {
    let words = root().join("words");
    let source = keys(&words.join(SOURCE));
    for folder in std::fs::read_dir(&words).expect("a folder").filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        if !folder.is_dir() {
            continue;
        }
        let found = keys(&folder);
        let missing: Vec<_> = source.keys().filter(|key| !found.contains_key(*key)).collect();
        let added: Vec<_> = found.keys().filter(|key| !source.contains_key(*key)).collect();
        assert!(missing.is_empty() && added.is_empty(), "{}: missing {missing:?}, not in English {added:?}", folder.display());
        for (key, arguments) in &source {
            assert_eq!(&found[key], arguments, "{}: the arguments of {key}", folder.display());
        }
    }
}

#[test]
fn every_key_that_a_page_asks_for_is_there() {
    let languages = Languages::built_in().expect("the texts are in their form");
    let english = languages.get(SOURCE).expect("English");
    let mut asked = BTreeSet::new();
    for folder in ["crates/web/src", "crates/web/src/pages", "crates/web/src/pages/act", "crates/web/templates"] {
        for file in std::fs::read_dir(root().join(folder)).expect("a folder").filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            for call in ["say(\"", "with(\"", "with_all(\"", "t.with(\n", " all(\""] {
                for after in text.split(call).skip(1) {
                    let is_key = |key: &&str| key.bytes().all(|letter| letter == b'-' || letter.is_ascii_alphanumeric());
                    asked.extend(after.split('"').next().filter(is_key).map(str::to_owned));
                }
            }
        }
    }
    assert!(asked.len() > 40, "the pages' keys were found: {}", asked.len());
    let words = ["held-yes", "held-no", "held-cannot-tell", "state-open", "state-met", "state-met-late", "state-late", "state-lapsed"];
    asked.extend(words.map(str::to_owned));
    asked.extend(FactKind::ALL.iter().map(|fact| format!("fact-{}", fact.word())));
    asked.extend(AUTHORITY.iter().map(|answer| format!("authority-{answer}")));
    asked.extend(HELD.iter().map(|held| format!("held-{held}")));
    asked.extend(Field::ALL.iter().map(|field| format!("field-{}", field.name())));
    asked.extend(GROUPS.iter().map(|(name, _)| format!("group-{name}")));
    for answer in AUTHORITY.iter().filter(|answer| **answer != "not-needed").chain(&["free", "cannot-tell"]) {
        asked.extend([format!("mine-{answer}"), format!("mine-{answer}-why")]);
    }
    let missing: Vec<_> = asked.iter().filter(|key| !key.is_empty() && !english.has(key)).collect();
    assert!(missing.is_empty(), "no text for {missing:?}");
}

#[test]
fn numbers_of_people_follow_the_plurals_of_each_language() {
    let languages = Languages::built_in().expect("the texts are in their form");
    let say = |tag: &str, count: u32| languages.get(tag).expect("there").with("ward-count", "count", count);
    assert_ne!(say("uk", 2), say("uk", 5).replace('5', "2"));
    assert_ne!(say("ar", 2), say("ar", 3));
    assert_ne!(say("en", 1), say("en", 2));
}

#[test]
fn a_reader_gets_the_best_language_of_those_wished_for() {
    let languages = Languages::built_in().expect("the texts are in their form");
    let best = |header: &str| languages.choose([header]).expect("one").tag.clone();
    assert_eq!(best("uk-UA,uk;q=0.9,en;q=0.8"), "uk");
    assert_eq!(best("de,fr;q=0.5,en;q=0.9"), "en");
    assert_eq!(best("ar"), "ar");
    assert_eq!(best("xx;q=1, fr;q=0"), "en");
    assert_eq!(best(""), "en");
}

#[test]
fn days_and_instants_are_written_as_the_language_writes_them() {
    let languages = Languages::built_in().expect("the texts are in their form");
    let day = jiff::civil::date(2024, 3, 28);
    let of = |tag: &str| languages.get(tag).expect("there").day(day);
    assert_eq!(of("fr"), "jeudi 28 mars 2024");
    assert!(of("uk").contains("березня"), "{}", of("uk"));
    assert!(of("ar").contains("مارس"), "{}", of("ar"));
    let zone = jiff::tz::TimeZone::get("Europe/Dublin").expect("a zone");
    let instant = languages.get("fr").expect("there").instant("2024-07-01T12:30:00Z".parse().expect("an instant"), &zone);
    assert!(instant.contains("13:30"), "{instant}");
}
