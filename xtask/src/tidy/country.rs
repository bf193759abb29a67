//! Rule: no country's law in Rust. Its names come from the packs themselves: orders, instruments, roles, bodies, the pack.
//!
//! Looks at code and quoted texts outside tests. Deliberately absent: comments, which may show by example what a word means, and
//! bare numbers, which only a reader can tell apart.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::rust::{Rust, is_test, read, test_paths};
use super::tree::Tree;
use super::{Findings, Rule};

pub(super) const RULE: Rule = Rule {
    name: "no country's law in Rust",
    why: "Law in Rust cannot be checked by a lawyer or changed on a date, and the next country does not fit it.",
    check,
};

/// The story that is told as an example may name the law it is told under.
const EXAMPLES: &[&str] = &["crates/openward/src/story/", "crates/openward/src/service/demo.rs"];

/// The neutral words for roles, which any pack may use: they are no country's own.
const NEUTRAL: &str = "practitioner second-practitioner nurse responsible-clinician facility review-body monitor representative counsel \
    interpreter family applicant court police person authority commission";

/// Names that packs use and that are plain English.
const PLAIN: &str = "admission application approval assessment carer certificate clinician committee conditional constable consultant \
    correspondent custody decision detention direction discharge doctor emergency examination extension friend guardian guardianship \
    hospital in inspector it judge lawyer leave legal-representative manager managers minister neighbour notice order parent patient physician \
    prison psychiatrist psychologist recall recommendation referral registrar regulator relative remand removal renewal report \
    restriction return revocation secretary solicitor service spouse staff statement supervision transfer tribunal voluntary ward warrant witness za";

/// Units in which a law counts.
const UNITS: &[&str] = &["minute", "hour", "day", "week", "month", "year"];

fn check(tree: &Tree) -> Findings {
    let mut findings = Findings::default();
    let names = by_first_word(names(tree));
    let tests = test_paths(tree, "crates/");
    for file in tree.ending(".rs") {
        let path = file.path.as_str();
        let in_source =
            path.strip_prefix("crates/").and_then(|rest| rest.split_once('/')).is_some_and(|(_, rest)| rest.starts_with("src/"));
        let is_example = EXAMPLES.iter().any(|example| path == *example || (example.ends_with('/') && path.starts_with(example)));
        if !in_source || is_example || is_test(&tests, path) {
            continue;
        }
        let mut found = foreign(&read(&file.text), &names);
        found.sort();
        found.dedup();
        for (line, what) in found {
            findings.fail(
                path,
                line,
                what,
                "Let the pack say it, or use a neutral word of GLOSSARY.md. If the word is plain English, add it to PLAIN in \
                 xtask/src/tidy/country.rs.",
            );
        }
    }
    findings
}

/// What of a country's law this file names, with lines.
fn foreign(rust: &Rust, names: &Names) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, line) in rust.spoken.lines().enumerate() {
        for name in named(line, names) {
            found.push((index + 1, format!("`{name}` is a word of a law pack.")));
        }
    }
    for (first, text) in &rust.quoted {
        for (ahead, line) in text.lines().enumerate() {
            found.extend(citation(line).map(|cited| (first + ahead, format!("`{cited}` cites a law."))));
        }
        if is_length(text) {
            found.push((*first, format!("`{text}` is a length of time.")));
        }
    }
    found
}

/// The names that the packs declare and that are no plain English. Benchmarks belong to no country.
fn names(tree: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in tree.folders_in("law") {
        let start = format!("law/{folder}/");
        let files: Vec<Table> =
            tree.ending(".toml").filter(|file| file.path.starts_with(&start)).filter_map(|file| file.text.parse().ok()).collect();
        let heads: Vec<&Value> = files.iter().filter_map(|file| file.get("pack")).collect();
        if heads.iter().any(|head| head.get("benchmark").and_then(Value::as_bool) == Some(true)) {
            continue;
        }
        for head in heads {
            names.extend(["id", "title"].iter().filter_map(|key| head.get(key).and_then(Value::as_str)).map(str::to_owned));
        }
        for kind in ["order", "instrument", "roles", "bodies"] {
            let declared = files.iter().filter_map(|file| file.get(kind).and_then(Value::as_table));
            names.extend(declared.flat_map(Table::keys).cloned());
        }
    }
    let common: BTreeSet<&str> = NEUTRAL.split_whitespace().chain(PLAIN.split_whitespace()).collect();
    names.retain(|name| !common.contains(name.as_str()));
    names
}

/// A name of a pack and its words.
struct Name {
    name: String,
    words: Vec<String>,
}

/// The names by their first word, so that a line is compared only with those that may stand in it.
type Names = BTreeMap<String, Vec<Name>>;

fn by_first_word(names: BTreeSet<String>) -> Names {
    let mut index = Names::new();
    for name in names {
        let words: Vec<String> = words(&name).into_iter().map(|word| word.text).collect();
        if let Some(first) = words.first() {
            index.entry(first.clone()).or_default().push(Name { words, name });
        }
    }
    index
}

/// The names that stand in this line, however their words are joined: `nearest-relative`, `nearest_relative`, `NearestRelative`.
fn named<'a>(line: &str, names: &'a Names) -> Vec<&'a str> {
    let words = words(line);
    let mut found = Vec::new();
    for (at, first) in words.iter().enumerate() {
        for Name { name, words: wanted } in names.get(&first.text).into_iter().flatten() {
            let Some(run) = words.get(at..at + wanted.len()) else { continue };
            let is_joined = run.iter().skip(1).all(|word| word.joined);
            if is_joined && run.iter().zip(wanted).all(|(word, wanted)| word.text == *wanted) {
                found.push(name.as_str());
            }
        }
    }
    found
}

struct Word {
    text: String,
    /// Whether it follows the word before it directly, or after one `_`, `-` or space.
    joined: bool,
}

/// The words of a line in small letters; `NearestRelative` is two.
fn words(line: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut gap = String::new();
    let mut last = ' ';
    for c in line.chars() {
        if !c.is_alphanumeric() {
            gap.push(c);
        } else {
            let begins = !last.is_alphanumeric() || (last.is_lowercase() && c.is_uppercase());
            if begins {
                words.push(Word { text: String::new(), joined: matches!(gap.as_str(), "" | "_" | "-" | " ") });
            }
            gap.clear();
            if let Some(word) = words.last_mut() {
                word.text.extend(c.to_lowercase());
            }
        }
        last = c;
    }
    words
}

/// The first citation in a quoted text: `section 2`, `s.5(4)`, `Act 1983`, `Form A1`, `Mental Health Act`.
fn citation(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let has_digit = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    for (index, word) in words.iter().enumerate() {
        let next = words.get(index + 1).copied().unwrap_or_default();
        let cites = match *word {
            "section" | "Section" | "sections" | "Sections" => next.starts_with(|c: char| c.is_ascii_digit()),
            "Act" => next.len() == 4 && next.chars().all(|c| c.is_ascii_digit()),
            "Form" => next.len() <= 3 && has_digit(next),
            _ => false,
        };
        if cites {
            return Some(format!("{word} {next}"));
        }
        if word.strip_prefix("s.").or_else(|| word.strip_prefix("ss.")).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            return Some((*word).to_owned());
        }
    }
    line.contains("Mental Health Act").then(|| "Mental Health Act".to_owned())
}

/// Whether a quoted text is a length of time and nothing else, such as `28 days`.
fn is_length(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(number, unit)| {
        !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) && UNITS.contains(&unit.strip_suffix('s').unwrap_or(unit))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    const PACK: (&str, &str) = (
        "law/xx-one/pack.toml",
        "[pack]\nid = \"xx-one\"\ntitle = \"Care Law\"\n[roles.nearest-relative]\nname = \"a\"\n[roles.doctor]\nname = \"b\"\n[roles.amhp]\nname = \"c\"\n",
    );
    const PART: (&str, &str) = ("law/xx-one/part-2.toml", "[[order.s2]]\ntitle = \"x\"\n[[instrument.application-s2]]\ntitle = \"y\"\n");

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&of(&[PACK, PART, (path, text)])).lines()
    }

    #[test]
    fn a_word_of_a_pack_is_found_however_it_is_joined() {
        for text in ["\"nearest-relative\"", "nearest_relative(x)", "Role::NearestRelative", "\"the nearest relative\""] {
            let lines = found("crates/law/src/a.rs", &format!("\nlet a = {text};\n"));
            assert_eq!(lines, ["crates/law/src/a.rs:2: `nearest-relative` is a word of a law pack."], "{text}");
        }
    }

    #[test]
    fn pack_order_instrument_title_and_abbreviation_are_found() {
        let lines = found("crates/openward/src/a.rs", "f(\"xx-one\");\nf(AMHP);\nf(\"Care Law\");\nf(\"application-s2\");\n");
        let words: Vec<&str> = lines.iter().filter_map(|line| line.split('`').nth(1)).collect();
        assert_eq!(words, ["xx-one", "amhp", "Care Law", "application-s2", "s2"]);
    }

    #[test]
    fn plain_english_and_words_in_other_company_are_allowed() {
        assert!(found("crates/law/src/a.rs", "let doctor = (nearest, relative); let relative = nearest(s20);\n").is_empty());
    }

    #[test]
    fn comments_tests_examples_and_other_folders_may_name_law() {
        let text = "// nearest-relative\n#[cfg(test)]\nmod tests {\n    const A: &str = \"s2\";\n}\n";
        assert!(found("crates/law/src/a.rs", text).is_empty());
        for path in ["crates/openward/src/service/demo.rs", "crates/openward/src/story/mod.rs", "crates/law/tests/a.rs", "xtask/src/a.rs"] {
            assert!(found(path, "let a = \"nearest-relative\";").is_empty(), "{path}");
        }
        assert_eq!(found("crates/openward/src/service/demonstrate.rs", "let a = \"s2\";").len(), 1);
    }

    #[test]
    fn a_citation_and_a_length_of_time_in_a_quoted_text_are_found() {
        for (text, cited) in
            [("under section 2", "section 2"), ("see s.5(4).", "s.5(4"), ("the Act 1983", "Act 1983"), ("on Form A1", "Form A1")]
        {
            let lines = found("crates/law/src/a.rs", &format!("let a = \"{text}\";"));
            assert_eq!(lines, [format!("crates/law/src/a.rs:1: `{cited}` cites a law.")]);
        }
        assert_eq!(found("crates/law/src/a.rs", "let a = \"28 days\";"), ["crates/law/src/a.rs:1: `28 days` is a length of time."]);
        assert!(found("crates/law/src/a.rs", "let a = \"{} days\"; let b = \"Act as of\"; let c = \"a section of text\";").is_empty());
    }

    #[test]
    fn a_benchmark_is_no_country() {
        let pack =
            ("law/un/pack.toml", "[pack]\nid = \"un-x\"\ntitle = \"Principles\"\nbenchmark = true\n[roles.overseer]\nname = \"a\"\n");
        assert!(check(&of(&[pack, ("crates/law/src/a.rs", "let overseer = \"un-x\";")])).lines().is_empty());
    }
}
