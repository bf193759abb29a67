//! From the texts of a pack's files to a pack, or to every problem they have.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::build::{Builder, Defaults, T};
use super::calendar;
use super::check::{Findings, check_file};
use super::model::*;
use super::node::{self, Node, Place, Value};
use super::problem::Problem;
use super::shape::Target;
use super::words::Words;
use crate::time::Zone;

/// One file of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFile {
    /// Its name, as it shall stand in messages.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Days on which amendments not in force are taken to commence, for rehearsal: amendment, day.
pub type Commencements = BTreeMap<String, Date>;

/// A pack's files are refused above this size in all: the largest real pack is far below it.
const SIZE_MAX: usize = 8 << 20;
/// No more versions than this in all: ids are 16-bit numbers, and a statute book of this size is a mistake.
const PROVISIONS_MAX: usize = 10_000;

/// Reads a pack. `benchmark` is the international standard whose safeguards it may name.
///
/// # Errors
/// Every problem of every file, in order; nothing is read by halves.
pub fn load(files: &[PackFile], benchmark: Option<&Pack>) -> Result<Pack, Vec<Problem>> {
    load_with(files, benchmark, &Commencements::new())
}

/// Reads a pack with amendments taken to be in force from given days.
///
/// # Errors
/// As [`load`]; also when a named amendment is not in the pack.
pub fn load_with(files: &[PackFile], benchmark: Option<&Pack>, commencements: &Commencements) -> Result<Pack, Vec<Problem>> {
    let start = Place { file: files.first().map_or("pack", |file| file.name.as_str()).into(), line: 1, column: 1 };
    if files.iter().map(|file| file.text.len()).sum::<usize>() > SIZE_MAX {
        return Err(vec![Problem::new(start, format!("the pack is larger than {} MiB", SIZE_MAX >> 20))]);
    }
    let mut problems = Vec::new();
    let mut trees = Vec::new();
    for file in files {
        match node::read(&file.name, &file.text) {
            Ok(tree) => trees.push(tree),
            Err(wrong) => problems.extend(wrong),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut findings = Findings::default();
    if let Some(benchmark) = benchmark {
        let names = benchmark.safeguards.iter().map(|safeguard| safeguard.id.clone());
        findings.defined.entry(Target::Safeguard).or_default().extend(names);
    }
    trees.iter().for_each(|tree| check_file(tree, &mut findings));
    findings.resolve();
    if findings.problems.is_empty() {
        findings.problems = trees.iter().flat_map(super::idle::idle).collect();
        findings.resolve();
    }
    if !findings.problems.is_empty() {
        return Err(findings.problems);
    }
    Assembly { trees: &trees, start, commencements }.assemble(digest(files))
}

/// The digest that names the law exactly: of names and texts, in name order.
fn digest(files: &[PackFile]) -> String {
    let mut sorted: Vec<&PackFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut hasher = Sha256::new();
    for file in sorted {
        for part in [&file.name, &file.text] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Assembly<'a> {
    trees: &'a [Node],
    start: Place,
    commencements: &'a Commencements,
}

/// The versions of the provisions of one kind, by name, in the order of the names.
type Texts<'a> = BTreeMap<&'a str, Vec<&'a Node>>;

impl<'a> Assembly<'a> {
    fn assemble(&self, digest: String) -> Result<Pack, Vec<Problem>> {
        let heads: Vec<&Node> = self.trees.iter().filter_map(|tree| T::of(tree).get("pack")).collect();
        let head = match heads.as_slice() {
            [head] => T::of(head),
            [] => {
                return Err(vec![
                    Problem::new(self.start.clone(), "no file of this pack has a [pack] table")
                        .help("One file holds the pack's head: id, title, zone, as_at."),
                ]);
            }
            [_, second, ..] => return Err(vec![Problem::new(second.place.clone(), "a pack has one [pack] table; this is a second one")]),
        };
        let amendments = self.amendments();
        let mut problems: Vec<Problem> = self
            .commencements
            .keys()
            .filter(|name| !amendments.iter().any(|amendment| amendment.id == **name))
            .map(|name| {
                Problem::new(self.start.clone(), format!("this pack has no amendment called `{name}`"))
                    .nearest(name, amendments.iter().map(|amendment| amendment.id.as_str()))
            })
            .collect();
        let mut builder = Builder {
            words: Words::default(),
            names: super::KINDS.iter().map(|kind| (*kind, self.numbering(kind))).collect(),
            calendars: BTreeMap::new(),
            defaults: Defaults {
                defect: head.get("default_defect").cloned(),
                from: head.date("from"),
                source: head.string("source"),
                sure: head.string("sure").unwrap_or_else(|| "U".to_owned()),
            },
            commenced: amendments.iter().map(|amendment| (amendment.id.clone(), amendment.commenced)).collect(),
            problems: Vec::new(),
            outcomes: std::collections::BTreeSet::new(),
        };
        let mut calendars = Vec::new();
        for (name, node) in self.named("calendars") {
            match calendar::build(node) {
                Ok(calendar) => {
                    builder.calendars.insert(name.to_owned(), u16::try_from(calendars.len()).unwrap_or(u16::MAX));
                    calendars.push(calendar);
                }
                Err(problem) => problems.push(problem),
            }
        }
        for kind in ["order", "instrument"] {
            for name in self.texts(kind).keys() {
                builder.words.intern(name);
            }
        }
        let mut labels = |table: &str| self.labels(table, &mut builder.words);
        let (mut roles, bodies) = (labels("roles"), labels("bodies"));
        let (criteria, words, regions) = (labels("criteria"), labels("words"), labels("regions"));
        roles.extend(bodies.iter().cloned());
        let free = head.texts("free").map(|word| builder.words.intern(word)).collect();
        let total: usize = super::KINDS.iter().map(|kind| self.texts(kind).values().map(Vec::len).sum::<usize>()).sum();
        if total > PROVISIONS_MAX {
            return Err(vec![Problem::new(
                self.start.clone(),
                format!("the pack has {total} provisions; at most {PROVISIONS_MAX} are read"),
            )]);
        }
        let gaps: Vec<(String, Date, Date)> = head
            .items("gaps")
            .iter()
            .map(T::of)
            .filter_map(|gap| Some((gap.string("provision")?, gap.date("from")?, gap.date("until")?)))
            .collect();
        let mut effects = self.provisions(Kind::Effect, &mut builder, &gaps, Builder::effect);
        effects.extend(self.provisions(Kind::Outcome, &mut builder, &gaps, Builder::effect));
        let pack = Pack {
            id: head.string("id").unwrap_or_default(),
            title: head.string("title").unwrap_or_default(),
            zone: head.text("zone").and_then(|name| Zone::named(name).ok()).unwrap_or_else(Zone::utc),
            as_at: head.date("as_at").unwrap_or(Date::ZERO),
            digest,
            benchmark: head.flag("benchmark").unwrap_or(false),
            free,
            instruments: self.provisions(Kind::Instrument, &mut builder, &gaps, Builder::instrument),
            orders: self.provisions(Kind::Order, &mut builder, &gaps, Builder::order),
            duties: self.provisions(Kind::Duty, &mut builder, &gaps, Builder::duty),
            entitlements: self.provisions(Kind::Entitlement, &mut builder, &gaps, Builder::entitlement),
            limits: self.provisions(Kind::Limit, &mut builder, &gaps, Builder::limit),
            clocks: self.provisions(Kind::Clock, &mut builder, &gaps, Builder::clock),
            effects,
            safeguards: self.provisions(Kind::Safeguard, &mut builder, &gaps, Builder::safeguard),
            outcomes: std::mem::take(&mut builder.outcomes).into_iter().collect(),
            words: std::mem::take(&mut builder.words),
            roles,
            bodies,
            criteria,
            labels: words,
            regions,
            sources: self.sources(),
            amendments,
            calendars,
            gaps,
        };
        problems.append(&mut builder.problems);
        if problems.is_empty() { Ok(pack) } else { Err(problems) }
    }

    /// All items of a named table over all files, in order.
    fn named(&self, table: &str) -> Vec<(&'a str, &'a Node)> {
        self.trees.iter().filter_map(|tree| T::of(tree).get(table)).filter_map(Node::table).flat_map(|table| table.iter()).collect()
    }

    fn texts(&self, kind: &str) -> Texts<'a> {
        let mut texts = Texts::new();
        for (name, versions) in self.named(kind) {
            texts.entry(name).or_default().extend(versions.items());
        }
        texts
    }

    fn numbering(&self, kind: &str) -> BTreeMap<String, u16> {
        self.texts(kind).keys().enumerate().map(|(at, name)| ((*name).to_owned(), u16::try_from(at).unwrap_or(u16::MAX))).collect()
    }

    fn amendments(&self) -> Vec<Amendment> {
        self.named("amendments")
            .into_iter()
            .map(|(id, node)| {
                let table = T::of(node);
                Amendment {
                    id: id.to_owned(),
                    title: table.string("title").unwrap_or_default(),
                    commenced: self.commencements.get(id).copied().or_else(|| table.date("commenced")),
                    note: table.string("note"),
                }
            })
            .collect()
    }

    fn sources(&self) -> Vec<Source> {
        self.named("sources")
            .into_iter()
            .map(|(id, node)| {
                let table = T::of(node);
                Source { id: id.to_owned(), title: table.string("title").unwrap_or_default(), found_at: table.string("where") }
            })
            .collect()
    }

    fn labels(&self, table: &str, words: &mut Words) -> Vec<Label> {
        self.named(table)
            .into_iter()
            .map(|(word, node)| {
                words.intern(word);
                let table = T::of(node);
                Label {
                    word: word.to_owned(),
                    name: table.string("name").unwrap_or_default(),
                    neutral: table.string("neutral"),
                    section: table.string("section"),
                }
            })
            .collect()
    }

    fn provisions<B: PartialEq>(
        &self,
        kind: Kind,
        builder: &mut Builder,
        gaps: &[(String, Date, Date)],
        build: impl Fn(&mut Builder, &Node) -> B,
    ) -> Vec<Provision<B>> {
        self.texts(kind.word())
            .into_iter()
            .map(|(id, nodes)| {
                let mut versions: Vec<Version<B>> = nodes.into_iter().map(|node| version(kind, id, node, builder, &build)).collect();
                versions.sort_by_key(|version| (version.head.from.is_none(), version.head.from));
                close_spans(&mut versions, gaps, &mut builder.problems);
                Provision { id: id.to_owned(), versions }
            })
            .collect()
    }
}

fn version<B: PartialEq>(
    kind: Kind,
    id: &str,
    node: &Node,
    builder: &mut Builder,
    build: &impl Fn(&mut Builder, &Node) -> B,
) -> Version<B> {
    let head = builder.head(kind, id, node);
    let body = build(builder, node);
    let variations = T::of(node)
        .items("variations")
        .iter()
        .map(|variation| {
            let table = T::of(variation);
            let condition = table.get("when").map(|when| builder.condition(when)).unwrap_or_default();
            let mut laid = node.clone();
            if let (Value::Table(base), Some(set)) = (&mut laid.value, table.get("set").and_then(Node::table)) {
                base.lay_over(set);
            }
            (condition, build(builder, &laid))
        })
        .collect::<Vec<_>>();
    unordered(kind, id, node, &variations, &mut builder.problems);
    Version { head, body, variations }
}

/// Refuses variations of which two can fit at once, say otherwise, and none wins: the first in the file would win without a word.
fn unordered<B: PartialEq>(kind: Kind, id: &str, node: &Node, variations: &[(Condition, B)], problems: &mut Vec<Problem>) {
    let nodes = T::of(node).items("variations");
    for (at, (condition, body)) in variations.iter().enumerate() {
        let place = |at: usize| nodes.get(at).map_or(&node.place, |variation| &variation.place).clone();
        let earlier = || variations.iter().take(at).enumerate();
        if earlier().any(|(_, (earlier, _))| earlier == condition) {
            let problem = Problem::new(node.place.clone(), format!("two variations of {} `{id}` are for the same case", kind.word()));
            problems.push(problem.help("One of them must say more exactly for whom it is, or go."));
            continue;
        }
        let settled = |other: &Condition| {
            variations.iter().any(|(third, _)| third.weight() > condition.weight() && third.follows_from(condition, other))
        };
        let is_rival = |(_, (other, text)): &(usize, &(Condition, B))| {
            other.weight() == condition.weight() && text != body && !other.excludes(condition) && !settled(other)
        };
        if let Some((rival, _)) = earlier().find(is_rival) {
            let line = place(rival).line;
            let what =
                format!("this variation of {} `{id}` and the one in line {line} can both fit at once, and neither wins", kind.word());
            let help = "Add one that asks for what both ask for and says which text holds then, or let one deny what the other asks for.";
            problems.push(Problem::new(place(at), what).help(help));
        }
    }
}

/// Checks the spans of a provision's versions: no overlap ever, no gap unless declared. A version that an amendment brings
/// closes the one before it on its first day.
fn close_spans<B>(versions: &mut [Version<B>], gaps: &[(String, Date, Date)], problems: &mut Vec<Problem>) {
    for at in 1..versions.len() {
        let Some((earlier, later)) = versions.split_at_mut_checked(at).and_then(|(left, right)| Some((left.last_mut()?, right.first()?)))
        else {
            continue;
        };
        let (Some(_), Some(next)) = (earlier.head.from, later.head.from) else { continue };
        if earlier.head.applies_to == AppliesTo::DeclaredAlways || later.head.applies_to == AppliesTo::DeclaredAlways {
            continue;
        }
        let name = format!("{}.{}", later.head.kind.word(), later.head.id);
        match earlier.head.until {
            None if later.head.amendment.is_some() => earlier.head.until = Some(next),
            None => problems.push(
                Problem::new(later.head.place.clone(), format!("two versions of {name} are in force from {next}"))
                    .help("Give the earlier version its `until`, or name the amendment that brings this one."),
            ),
            Some(until) if until > next && later.head.amendment.is_some() => earlier.head.until = Some(next),
            Some(until) if until > next => {
                problems.push(Problem::new(later.head.place.clone(), format!("two versions of {name} overlap from {next} to {until}")));
            }
            Some(until) if until < next && !gaps.iter().any(|gap| gap.0 == name && gap.1 == until && gap.2 == next) => problems.push(
                Problem::new(later.head.place.clone(), format!("{name} has no text from {until} to {next}"))
                    .help("Declare the gap in [pack].gaps with its reason, or close it."),
            ),
            Some(_) => {}
        }
    }
}
