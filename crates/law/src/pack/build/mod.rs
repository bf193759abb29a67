//! Turns checked tables into provisions: names become numbers, words become symbols.
//!
//! Here the names, words and heads; `parts` builds the small tables, `acts` the provisions.
//! Runs only on tables that `super::check` found sound; where a value is nevertheless not as expected, a default stands in,
//! because the check has already refused the pack.

mod acts;
mod parts;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::pack::anchor::{self, Anchor, Base, Written};
use crate::pack::check::is_name;
use crate::pack::model::*;
use crate::pack::node::{Node, Table, Value};
use crate::pack::problem::Problem;
use crate::pack::words::Words;
use crate::time::{Count, Length};

/// What the tables of a pack are built with.
pub(in crate::pack) struct Builder {
    pub(in crate::pack) words: Words,
    /// Provision names by kind word, in order; the number is the place.
    pub(in crate::pack) names: BTreeMap<&'static str, BTreeMap<String, u16>>,
    pub(in crate::pack) calendars: BTreeMap<String, u16>,
    pub(in crate::pack) defaults: Defaults,
    pub(in crate::pack) commenced: BTreeMap<String, Option<Date>>,
    pub(in crate::pack) problems: Vec<Problem>,
    /// Outcomes at which some pattern looks.
    pub(in crate::pack) outcomes: BTreeSet<Sym>,
}

/// What the head of a pack says for provisions that are silent.
#[derive(Debug, Clone)]
pub(in crate::pack) struct Defaults {
    pub(in crate::pack) defect: Option<Node>,
    pub(in crate::pack) from: Option<Date>,
    pub(in crate::pack) source: Option<String>,
    pub(in crate::pack) sure: String,
}

/// Reading a checked table.
pub(in crate::pack) struct T<'a>(pub(in crate::pack) &'a Table);

impl<'a> T<'a> {
    pub(in crate::pack) fn of(node: &'a Node) -> T<'a> {
        static EMPTY: Table = Table(Vec::new());
        T(node.table().unwrap_or(&EMPTY))
    }
    pub(in crate::pack) fn get(&self, key: &str) -> Option<&'a Node> {
        self.0.get(key)
    }
    pub(in crate::pack) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(Node::text)
    }
    pub(in crate::pack) fn string(&self, key: &str) -> Option<String> {
        self.text(key).map(str::to_owned)
    }
    pub(in crate::pack) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key).and_then(|node| match node.value {
            Value::YesNo(yes) => Some(yes),
            _ => None,
        })
    }
    pub(in crate::pack) fn number(&self, key: &str) -> Option<u32> {
        self.get(key).and_then(|node| match node.value {
            Value::Number(number) => u32::try_from(number).ok(),
            _ => None,
        })
    }
    pub(in crate::pack) fn date(&self, key: &str) -> Option<Date> {
        self.get(key).and_then(|node| match node.value {
            Value::Date(date) => Some(date),
            _ => None,
        })
    }
    pub(in crate::pack) fn items(&self, key: &str) -> &'a [Node] {
        self.get(key).map_or(&[], Node::items)
    }
    pub(in crate::pack) fn texts(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.items(key).iter().filter_map(Node::text)
    }
    pub(in crate::pack) fn strings(&self, key: &str) -> Vec<String> {
        self.texts(key).map(str::to_owned).collect()
    }
    pub(in crate::pack) fn length(&self, key: &str) -> Option<Length> {
        self.text(key).and_then(|text| text.parse().ok())
    }
    pub(in crate::pack) fn count(&self, key: &str) -> Option<Count> {
        self.text(key).and_then(Count::from_name)
    }
}

impl Builder {
    pub(in crate::pack) fn sym(&mut self, word: &str) -> Sym {
        self.words.intern(word)
    }

    pub(in crate::pack) fn syms(&mut self, table: &T<'_>, key: &str) -> Vec<Sym> {
        table.texts(key).map(|word| self.words.intern(word)).collect()
    }

    pub(in crate::pack) fn number_of(&self, kind: &str, name: &str) -> u16 {
        self.names.get(kind).and_then(|names| names.get(name)).copied().unwrap_or(u16::MAX)
    }

    pub(in crate::pack) fn numbers(&self, kind: &str, table: &T<'_>, key: &str) -> Vec<u16> {
        table.texts(key).map(|name| self.number_of(kind, name)).collect()
    }

    pub(in crate::pack) fn defect(&mut self, node: Option<&Node>) -> Defect {
        let node = node.or(self.defaults.defect.as_ref());
        let Some(text) = node.and_then(Node::text).map(str::to_owned) else { return Defect::Void };
        match text.as_str() {
            "ends" => Defect::Ends,
            "curable" => Defect::Curable,
            "irregular" => Defect::Irregular,
            "reason-wanted" => Defect::ReasonWanted,
            other => match other.strip_prefix("for-decision:") {
                Some(body) => Defect::ForDecision(self.sym(body)),
                None => Defect::Void,
            },
        }
    }

    pub(in crate::pack) fn anchor(&mut self, node: &Node) -> Option<Anchor> {
        let (base, grain) = match anchor::read(node.text()?).ok()? {
            Written::Fixed(base, grain) => (base, grain),
            Written::Clock(name, grain) => (Base::Clock(self.number_of("clock", name)), grain),
            Written::DutyDue(name, grain) => (Base::DutyDue(self.number_of("duty", name)), grain),
            Written::OrderStart(name, grain) => (Base::OrderStart(self.number_of("order", name)), grain),
            Written::OrderEnd(name, grain) => (Base::OrderEnd(self.number_of("order", name)), grain),
        };
        Some(Anchor { base, grain })
    }

    pub(in crate::pack) fn anchor_at(&mut self, table: &T<'_>, key: &str) -> Option<Anchor> {
        table.get(key).and_then(|node| self.anchor(node))
    }

    pub(in crate::pack) fn head(&mut self, kind: Kind, id: &str, node: &Node) -> Head {
        let table = T::of(node);
        let version = table.get("version").map(T::of);
        let amendment = version.as_ref().and_then(|version| version.string("amendment"));
        let commenced = amendment.as_ref().map(|name| self.commenced.get(name).copied().flatten());
        let from = match version.as_ref().and_then(|version| version.get("from")) {
            Some(node) => match node.value {
                Value::Date(date) => Some(date),
                _ => None,
            },
            None => match commenced {
                Some(commenced) => commenced,
                None => self.defaults.from,
            },
        };
        let mut facts = Vec::new();
        gather_facts(node, &mut facts);
        Head {
            id: id.to_owned(),
            kind,
            title: table.string("title").unwrap_or_default(),
            section: table.string("section").unwrap_or_default(),
            from,
            until: version.as_ref().and_then(|version| version.date("until")),
            applies_to: match version.as_ref().and_then(|version| version.text("applies_to")) {
                Some("acts-in-span") => AppliesTo::ActsInSpan,
                Some("running") => AppliesTo::Running,
                Some("declared-always") => AppliesTo::DeclaredAlways,
                _ => AppliesTo::StartedInSpan,
            },
            amendment,
            repeals: version.as_ref().and_then(|version| version.flag("repeals")).unwrap_or(false),
            serves: table.strings("serves"),
            facts,
            source: table.string("source").or_else(|| self.defaults.source.clone()),
            sure: table.string("sure").unwrap_or_else(|| self.defaults.sure.clone()),
            note: table.string("note"),
            place: node.place.clone(),
        }
    }
}

pub(in crate::pack) fn status_of(word: &str) -> Status {
    if word == "community" { Status::Community } else { Status::Held }
}

/// Every id under a key `facts`, wherever it stands in the provision.
fn gather_facts(node: &Node, into: &mut Vec<String>) {
    match &node.value {
        Value::Table(table) => {
            for (key, value) in table.iter() {
                if key == "facts" {
                    into.extend(value.items().iter().filter_map(Node::text).filter(|text| is_name(text)).map(str::to_owned));
                } else {
                    gather_facts(value, into);
                }
            }
        }
        Value::List(items) => items.iter().for_each(|item| gather_facts(item, into)),
        _ => {}
    }
}
