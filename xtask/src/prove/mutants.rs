//! Mutants: the texts of a pack with one datum changed, each with a description that stays the same when lines move.
//!
//! Deliberately absent: what a value may be changed to (`super::changes`), and whether a scenario notices (`super::trial`).

use std::collections::BTreeMap;
use std::ops::Range;

use openward_law::pack::{Findings, PackFile, check_file, node};
use toml::de::DeTable;

use super::changes::{Change, Names, changes};
use super::spots::{Spot, walk};

/// One change of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mutant {
    /// Which file of the pack.
    pub(crate) file: usize,
    /// The line, from 1.
    pub(crate) line: usize,
    /// Where and what is changed, without line numbers: `order.s2 lasts.length: "28 days" -> "29 days"`.
    pub(crate) what: String,
    /// The kind of change, for counting: the key and the kind of its table.
    pub(crate) group: String,
    /// `kind.name` of the provision; empty in the head and the vocabulary.
    pub(crate) provision: String,
    /// The section of the provision.
    pub(crate) section: String,
    /// Spans of the text and what replaces them, in order.
    edits: Vec<(Range<usize>, String)>,
}

impl Mutant {
    /// The pack's files with the change made.
    pub(crate) fn files(&self, files: &[PackFile]) -> Vec<PackFile> {
        let mut files = files.to_vec();
        if let Some(file) = files.get_mut(self.file) {
            for (span, text) in self.edits.iter().rev() {
                file.text.replace_range(span.clone(), text);
            }
        }
        files
    }
}

/// Every mutant of a pack, in the order of its files. `benchmark`: the files of the pack it is held against, none for the benchmark itself.
pub(crate) fn mutants(files: &[PackFile], benchmark: &[PackFile]) -> Result<Vec<Mutant>, String> {
    let (mut trees, mut names, mut findings) = (Vec::new(), Names::default(), Findings::default());
    for file in files {
        let tree = DeTable::parse(&file.text).map_err(|error| format!("{}: {error}", file.name))?;
        names.add_used(tree.get_ref());
        trees.push(tree);
        let node = node::read(&file.name, &file.text).map_err(|problems| problems.iter().map(ToString::to_string).collect::<String>())?;
        check_file(&node, &mut findings);
    }
    names.defined = findings.defined;
    for file in benchmark {
        names.add_neutral(DeTable::parse(&file.text).map_err(|error| format!("{}: {error}", file.name))?.get_ref());
    }
    let mut mutants = Vec::new();
    for (at, (file, tree)) in files.iter().zip(&trees).enumerate() {
        walk(tree.get_ref(), &mut |spot| {
            mutants.extend(changes(spot, &names).into_iter().filter_map(|change| mutant(at, &file.text, spot, change)));
        });
    }
    tell_apart(&mut mutants);
    Ok(mutants)
}

fn mutant(file: usize, text: &str, spot: &Spot<'_, '_>, change: Change) -> Option<Mutant> {
    let span = spot.value.span();
    let was = text.get(span.clone())?;
    let (shown, edits) = match change {
        Change::To(new) => (new.clone(), vec![(span.clone(), new)]),
        Change::Day(new) => (new.clone(), days(spot, was, &new)),
        Change::Gone => ("(gone)".to_owned(), vec![(gone(text, spot)?, String::new())]),
    };
    let was = if was.len() > 60 || was.contains('\n') { "(all of it)" } else { was };
    Some(Mutant {
        file,
        line: text.get(..span.start)?.matches('\n').count() + 1,
        what: format!("{}: {was} -> {shown}", spot.path),
        group: format!("{} {}", spot.table_shape.name, spot.key.name),
        provision: spot.owner.map(|owner| owner.name.to_owned()).unwrap_or_default(),
        section: spot.owner.map(|owner| owner.section.to_owned()).unwrap_or_default(),
        edits,
    })
}

/// The end of a version and the beginning of the next move together.
fn days(spot: &Spot<'_, '_>, was: &str, new: &str) -> Vec<(Range<usize>, String)> {
    let mut edits = vec![(spot.value.span(), new.to_owned())];
    let versions = spot.owner.into_iter().flat_map(|owner| owner.versions.iter());
    for version in versions {
        let from = version.get_ref().get("version").and_then(|version| version.get_ref().get("from"));
        if let Some(from) = from.filter(|from| from.get_ref().as_datetime().is_some_and(|day| day.to_string() == was)) {
            edits.push((from.span(), new.to_owned()));
        }
    }
    edits.sort_by_key(|(span, _)| span.start);
    edits
}

/// The span to cut so that an item of a list, or a key with its value, is gone. A comma before it stays: TOML takes it as the last.
fn gone(text: &str, spot: &Spot<'_, '_>) -> Option<Range<usize>> {
    let mut span = spot.value.span();
    if spot.list.is_none() {
        let (key, _) = spot.table.get_key_value(spot.key.name)?;
        span.start = key.span().start;
    }
    let after = text.get(span.end..)?;
    if let Some(rest) = after.trim_start().strip_prefix(',') {
        span.end = text.len() - rest.len();
    }
    Some(span)
}

/// Numbers those that would be described alike, so that each can be named in a list.
fn tell_apart(mutants: &mut [Mutant]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for mutant in mutants {
        let times = seen.entry(mutant.what.clone()).or_default();
        *times += 1;
        if *times > 1 {
            mutant.what = format!("{} ({times})", mutant.what);
        }
    }
}
