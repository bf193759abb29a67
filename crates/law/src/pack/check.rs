//! Checks a pack file against the format: every problem is collected, with its place and the nearest valid word.

use std::collections::{BTreeMap, BTreeSet};

use super::anchor::{self, Written};
use super::format::FILE;
use super::node::{Node, Place, Table, Value};
use super::problem::Problem;
use super::shape::{Key, Shape, TableShape, Target};
use crate::entry::FactKind;
use crate::time::{Count, Length, Roll, Zone};

/// What a pack's files define and refer to, with everything wrong that was seen on the way.
#[derive(Debug, Default)]
pub struct Findings {
    /// Problems so far.
    pub problems: Vec<Problem>,
    /// Names defined, by what they can be the target of.
    pub defined: BTreeMap<Target, BTreeSet<String>>,
    /// References to be resolved when all files are read.
    references: Vec<(Place, &'static [Target], String)>,
}

/// Which tables of a pack file define names, and of what kind.
const DEFINES: &[(&str, &[Target])] = &[
    ("sources", &[Target::Source]),
    ("amendments", &[Target::Amendment]),
    ("regions", &[Target::Region]),
    ("roles", &[Target::Role]),
    ("bodies", &[Target::Body, Target::Role]),
    ("criteria", &[Target::Criterion]),
    ("words", &[Target::Word]),
    ("calendars", &[Target::Calendar]),
    ("instrument", &[Target::Instrument]),
    ("order", &[Target::Order]),
    ("duty", &[Target::Duty]),
    ("entitlement", &[Target::Entitlement]),
    ("clock", &[Target::Clock]),
    ("safeguard", &[Target::Safeguard]),
];

/// Checks one file. Call [`Findings::resolve`] when all files of the pack (and its benchmark) were checked.
pub fn check_file(file: &Node, findings: &mut Findings) {
    let Some(table) = file.table() else { return };
    for (key, targets) in DEFINES {
        let Some(names) = table.get(key).and_then(Node::table) else { continue };
        for (name, place, _) in &names.0 {
            for target in *targets {
                let versioned = super::KINDS.contains(key);
                if !findings.defined.entry(*target).or_default().insert(name.clone()) && !versioned {
                    findings
                        .problems
                        .push(Problem::new(place.clone(), format!("the {} `{name}` is defined twice in this pack", target.name())));
                }
            }
        }
    }
    check_table(table, &file.place, &FILE, findings);
}

impl Findings {
    /// Reports every reference that points at nothing.
    pub fn resolve(&mut self) {
        for (place, targets, name) in std::mem::take(&mut self.references) {
            let known = |target: &Target| self.defined.get(target).is_some_and(|names| names.contains(&name));
            if targets.iter().any(known) {
                continue;
            }
            let what = targets.iter().map(|target| target.name()).collect::<Vec<_>>().join(" or ");
            let valid = targets.iter().filter_map(|target| self.defined.get(target)).flatten().map(String::as_str);
            let problem = Problem::new(place, format!("no {what} is called `{name}` in this pack")).nearest(&name, valid);
            self.problems.push(problem);
        }
        self.problems.sort_by(|a, b| (&a.place.file, a.place.line, a.place.column).cmp(&(&b.place.file, b.place.line, b.place.column)));
        self.problems.dedup();
    }

    fn wrong(&mut self, node: &Node, expected: &str) {
        self.problems.push(Problem::new(node.place.clone(), format!("expected {expected}, found {}", describe(node))));
    }
}

/// What a value is, for a message.
fn describe(node: &Node) -> String {
    match &node.value {
        Value::Text(text) if text.chars().count() <= 60 => format!("\"{text}\""),
        Value::Number(number) => number.to_string(),
        value => value.kind().to_owned(),
    }
}

fn check_table(table: &Table, place: &Place, shape: &TableShape, findings: &mut Findings) {
    for (name, key_place, node) in &table.0 {
        match shape.key(name) {
            Some(key) => check_value(node, &key.shape, findings),
            None => {
                let problem = Problem::new(key_place.clone(), format!("`{name}` is no key of a {}", shape.name));
                let problem =
                    problem.help(format!("Its keys are {}.", shape.all_keys().map(|key| key.name).collect::<Vec<_>>().join(", ")));
                findings.problems.push(problem.nearest(name, shape.all_keys().map(|key| key.name)));
            }
        }
    }
    for set in table.get("variations").map_or(&[][..], Node::items).iter().filter_map(|one| one.table()?.get("set")?.table()) {
        check_set(set, shape, findings);
    }
    // A version that only says that the provision is no more has nothing else to say.
    let repeals = table
        .get("version")
        .and_then(Node::table)
        .and_then(|version| version.get("repeals"))
        .is_some_and(|node| node.value == Value::YesNo(true));
    let wanted = |key: &&Key| key.required && (!repeals || matches!(key.name, "title" | "section"));
    for key in shape.all_keys().filter(wanted).filter(|key| table.get(key.name).is_none()) {
        let problem = Problem::new(place.clone(), format!("this {} lacks `{}`", shape.name, key.name));
        findings.problems.push(problem.help(key.meaning));
    }
}

/// What a variation cannot change: it is said of the provision as a whole.
const OF_THE_PROVISION: &[&str] = &["title", "section", "version", "serves", "source", "sure", "note", "variations"];

/// What a variation sets is laid over its provision, so its keys are keys of that.
fn check_set(set: &Table, shape: &TableShape, findings: &mut Findings) {
    for (name, place, node) in &set.0 {
        let problem = Problem::new(place.clone(), format!("`{name}` is no key that a variation of a {} can set", shape.name));
        match shape.key(name) {
            Some(_) if OF_THE_PROVISION.contains(&name.as_str()) => {
                findings.problems.push(problem.help("A variation has its own `section`; the rest is said of the provision as a whole."));
            }
            Some(key) => check_value(node, &key.shape, findings),
            None => findings.problems.push(problem.nearest(name, shape.all_keys().map(|key| key.name))),
        }
    }
}

/// Checks one value against one shape.
fn check_value(node: &Node, shape: &Shape, findings: &mut Findings) {
    match shape {
        Shape::Text | Shape::Section | Shape::Paragraph => match node.text() {
            Some(text) if !text.trim().is_empty() => {}
            _ => findings.wrong(node, "text"),
        },
        Shape::Name => match node.text() {
            Some(text) if is_name(text) => {}
            _ => findings.wrong(node, "a name in small letters, digits and hyphens"),
        },
        Shape::Number(least, most) => match node.value {
            Value::Number(number) if (i64::from(*least)..=i64::from(*most)).contains(&number) => {}
            _ => findings.wrong(node, &format!("a whole number from {least} to {most}")),
        },
        Shape::YesNo => {
            if !matches!(node.value, Value::YesNo(_)) {
                findings.wrong(node, "true or false");
            }
        }
        Shape::Date => {
            if !matches!(node.value, Value::Date(_)) {
                findings.wrong(node, "a date such as 2008-11-03, without quotes");
            }
        }
        Shape::OpenDate => {
            if !matches!(&node.value, Value::Date(_)) && node.text() != Some("") {
                findings.wrong(node, "a date such as 2008-11-03, or \"\" for open");
            }
        }
        Shape::Length => check_parsed(node, findings, "a length such as \"28 days\"", |text| {
            text.parse::<Length>().map(|_| ()).map_err(|error| error.to_string())
        }),
        Shape::Zone => check_parsed(node, findings, "a time zone such as \"Europe/London\"", |text| {
            Zone::named(text).map(|_| ()).map_err(|error| error.to_string())
        }),
        Shape::Count => check_word(node, findings, "counting rule", Count::ALL.iter().map(|count| count.name())),
        Shape::Roll => check_word(node, findings, "roll rule", Roll::ALL.iter().map(|roll| roll.name())),
        Shape::Fact => check_word(node, findings, "fact", FactKind::ALL.iter().map(|fact| fact.word())),
        Shape::One(words) => check_word(node, findings, "word here", words.iter().copied()),
        Shape::Anchor => check_anchor(node, findings),
        Shape::Defect => check_defect(node, findings),
        Shape::Ref(target) => check_reference(node, one_target(*target), findings),
        Shape::AnyRef(targets) => check_reference(node, targets, findings),
        Shape::Many(inner) => node.items().iter().for_each(|item| check_value(item, inner, findings)),
        Shape::List(inner) => match &node.value {
            Value::List(items) => items.iter().for_each(|item| check_value(item, inner, findings)),
            _ => findings.wrong(node, "a list in square brackets"),
        },
        Shape::Table(inner) => match node.table() {
            Some(table) => check_table(table, &node.place, inner, findings),
            None => findings.wrong(node, &format!("a table ({})", inner.name)),
        },
        Shape::Named(inner) => check_named(node, findings, |item, findings| check_value(item, &Shape::Table(inner), findings)),
        Shape::Versioned(inner) => check_named(node, findings, |item, findings| match &item.value {
            Value::List(versions) => versions.iter().for_each(|version| check_value(version, &Shape::Table(inner), findings)),
            _ => findings.wrong(item, &format!("versions written as [[{}.NAME]] with two brackets", inner.name)),
        }),
        Shape::Free => {
            if node.table().is_none() {
                findings.wrong(node, "a table");
            }
        }
    }
}

fn check_named(node: &Node, findings: &mut Findings, each: impl Fn(&Node, &mut Findings)) {
    let Some(table) = node.table() else { return findings.wrong(node, "a table of names") };
    for (name, place, item) in &table.0 {
        if !is_name(name) && !is_paragraph(name) {
            findings.problems.push(Problem::new(place.clone(), format!("`{name}` is no name: use small letters, digits and hyphens")));
        }
        each(item, findings);
    }
}

fn check_parsed(node: &Node, findings: &mut Findings, expected: &str, parse: impl Fn(&str) -> Result<(), String>) {
    match node.text().map(parse) {
        Some(Ok(())) => {}
        Some(Err(why)) => {
            findings.problems.push(Problem::new(node.place.clone(), format!("expected {expected}, found {}", describe(node))).help(why))
        }
        None => findings.wrong(node, expected),
    }
}

fn check_word<'a>(node: &Node, findings: &mut Findings, what: &str, words: impl Iterator<Item = &'a str> + Clone) {
    let Some(text) = node.text() else { return findings.wrong(node, &format!("a {what}")) };
    if words.clone().any(|word| word == text) {
        return;
    }
    let list = words.clone().collect::<Vec<_>>();
    let shown = if list.len() <= 24 { format!("One of {}.", list.join(", ")) } else { "`openward schema entry` lists them.".to_owned() };
    findings.problems.push(Problem::new(node.place.clone(), format!("`{text}` is no {what}")).help(shown).nearest(text, words));
}

fn check_anchor(node: &Node, findings: &mut Findings) {
    let Some(text) = node.text() else { return findings.wrong(node, "an anchor such as \"start.day\"") };
    match anchor::read(text) {
        Ok(Written::Fixed(..)) => {}
        Ok(Written::Clock(name, _)) => findings.references.push((node.place.clone(), &[Target::Clock], name.to_owned())),
        Ok(Written::DutyDue(name, _)) => findings.references.push((node.place.clone(), &[Target::Duty], name.to_owned())),
        Ok(Written::OrderStart(name, _) | Written::OrderEnd(name, _)) => {
            findings.references.push((node.place.clone(), &[Target::Order], name.to_owned()))
        }
        Err(why) => findings.problems.push(Problem::new(node.place.clone(), format!("`{text}` is no anchor")).help(why)),
    }
}

/// The words a defect may be, `for-decision` with a body behind a colon.
pub(super) const DEFECTS: &[&str] = &["void", "ends", "curable", "for-decision", "irregular", "reason-wanted"];

fn check_defect(node: &Node, findings: &mut Findings) {
    match node.text().and_then(|text| text.strip_prefix("for-decision:")) {
        Some(body) => findings.references.push((node.place.clone(), &[Target::Body], body.to_owned())),
        None if node.text() == Some("for-decision") => findings.wrong(node, "for-decision:BODY, naming who decides"),
        None => check_word(node, findings, "defect", DEFECTS.iter().copied()),
    }
}

fn check_reference(node: &Node, targets: &'static [Target], findings: &mut Findings) {
    match node.text() {
        Some(name) => findings.references.push((node.place.clone(), targets, name.to_owned())),
        None => findings.wrong(node, &format!("the name of a {}", targets.first().map_or("thing", |target| target.name()))),
    }
}

/// A slice of one target that lives for ever.
fn one_target(target: Target) -> &'static [Target] {
    const ALL: &[Target] = &[
        Target::Role,
        Target::Criterion,
        Target::Body,
        Target::Calendar,
        Target::Word,
        Target::Order,
        Target::Duty,
        Target::Entitlement,
        Target::Instrument,
        Target::Clock,
        Target::Source,
        Target::Safeguard,
        Target::Region,
        Target::Amendment,
    ];
    let at = ALL.iter().position(|known| *known == target).unwrap_or(0);
    ALL.get(at..=at).unwrap_or(&[])
}

/// Whether a text is a name: small letters, digits and hyphens, not empty, not over 64.
pub fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Whether a text can be a paragraph's name: letters, digits, brackets, dots, hyphens.
pub fn is_paragraph(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'(' | b')' | b'/'))
}
