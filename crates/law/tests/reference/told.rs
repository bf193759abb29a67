//! What was told: entries in force, in the order in which they are read, with their links; and what the other files say.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use openward_law::casefile::{CaseFile, FileEntries};
use openward_law::entry::{CorrectionKind, Details, Entry, FactKind, FileKind};
use openward_law::pack::Pack;

use super::days::{Days, Point};

/// An entry as it is read.
#[derive(Debug, Clone)]
pub(crate) struct Told<'e> {
    /// The entry.
    pub(crate) entry: &'e Entry,
    /// When.
    pub(crate) at: Point,
    /// The role, from `as` or from a role word in `by`.
    pub(crate) role: Option<String>,
    /// The instrument, its own or that of the paper it is about.
    pub(crate) instrument: Option<String>,
    /// About which, by place in the order of reading.
    pub(crate) of: Vec<usize>,
    /// Founded on which.
    pub(crate) on: Vec<usize>,
    /// When the paper says its signer examined the person.
    pub(crate) examined: Option<Point>,
    /// Withdrawn by which.
    pub(crate) withdrawn: Option<usize>,
}

impl Told<'_> {
    /// The fact.
    pub(crate) fn fact(&self) -> FactKind {
        self.entry.fact
    }

    /// What was written.
    pub(crate) fn details(&self) -> &Details {
        &self.entry.details
    }
}

fn withdraws(entry: &Entry) -> bool {
    entry.corrects.as_ref().is_some_and(|correction| correction.kind == CorrectionKind::WithdrawnInError)
}

/// What stands in the place of an entry that was corrected: the last of its corrections that was not itself withdrawn, or what
/// replaced that one.
fn successor(file: &FileEntries, n: u32) -> Option<&Entry> {
    let corrections = file.entries.iter().rev().filter(|entry| entry.corrects.as_ref().is_some_and(|correction| correction.n == n));
    for correction in corrections {
        match successor(file, correction.n) {
            Some(other) if withdraws(other) => {}
            other => return Some(other.unwrap_or(correction)),
        }
    }
    None
}

/// The entries in force.
fn in_force(file: &FileEntries) -> Vec<&Entry> {
    let roots = file.entries.iter().filter(|entry| entry.corrects.is_none());
    let mut all: Vec<&Entry> = roots.map(|root| successor(file, root.n).unwrap_or(root)).filter(|entry| !withdraws(entry)).collect();
    all.sort_by_key(|entry| entry.n);
    all
}

/// Facts that act on what is running are read at the end of a day of which only the date is known.
fn reading(fact: FactKind, at: Point) -> Timestamp {
    const LATE: &[&str] = &[
        "signed",
        "court-ordered",
        "furnished",
        "received",
        "rectified",
        "retained",
        "stayed",
        "returned",
        "transferred",
        "order-ended",
        "discharged",
        "discharge-ordered",
        "withdrawn",
        "decided",
        "appeal-decided",
        "left",
        "died",
    ];
    if LATE.contains(&fact.word()) { at.last } else { at.first }
}

/// The zones in which the places of a file lie, each once.
pub(crate) fn zones(file: &FileEntries, files: &Files<'_>) -> Vec<String> {
    let mut all: Vec<String> = in_force(file).into_iter().filter_map(|entry| files.zone(entry)).map(str::to_owned).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A person's entries in the order of reading; nothing where a time cannot be read.
pub(crate) fn told<'e>(file: &'e FileEntries, pack: &Pack, days: &Days, files: &Files<'_>) -> Option<Vec<Told<'e>>> {
    let entries = in_force(file);
    let mut list = Vec::new();
    for entry in &entries {
        let known = |word: &String| pack.words.find(word).map(|_| word.clone());
        let there = files.zone(entry).map(Days::of);
        let clock = there.as_ref().unwrap_or(days);
        let by_role = entry.details.by.as_ref().filter(|by| FileKind::of(by).is_none()).and_then(known);
        list.push(Told {
            entry,
            at: clock.point(&entry.at)?,
            role: entry.details.role.as_ref().and_then(known).or(by_role),
            instrument: entry.details.instrument.as_ref().and_then(known),
            of: Vec::new(),
            on: Vec::new(),
            examined: entry.details.examined.as_ref().and_then(|when| clock.point(when)),
            withdrawn: None,
        });
    }
    let key = |told: &Told<'_>| (reading(told.fact(), told.at), told.at.first, told.at.last, told.fact());
    list.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| says(a.entry, b.entry, &entries)).then(a.entry.n.cmp(&b.entry.n)));
    // What was said about a replaced entry is said about the one in its place.
    let mut place: BTreeMap<u32, usize> = list.iter().enumerate().map(|(at, told)| (told.entry.n, at)).collect();
    for entry in &file.entries {
        if let Some(at) = successor(file, entry.n).and_then(|right| place.get(&right.n).copied()) {
            place.entry(entry.n).or_insert(at);
        }
    }
    for told in &mut list {
        told.of = told.entry.details.of.iter().filter_map(|n| place.get(n).copied()).collect();
        told.on = told.entry.details.on.iter().filter_map(|n| place.get(n).copied()).collect();
    }
    for at in 0..list.len() {
        if list[at].instrument.is_none() {
            list[at].instrument = list[at].of.first().and_then(|of| list[*of].instrument.clone());
        }
        if list[at].fact() == FactKind::Withdrawn {
            for of in list[at].of.clone() {
                list[of].withdrawn.get_or_insert(at);
            }
        }
    }
    Some(list)
}

/// Two facts of one kind and time, by what they say: only so that the order of arrival never matters.
fn says(a: &Entry, b: &Entry, all: &[&Entry]) -> Ordering {
    let named = |numbers: &[u32]| {
        let one = |n: &u32| all.iter().find(|entry| entry.n == *n).map(|entry| (entry.at.to_string(), entry.fact));
        let mut named: Vec<_> = numbers.iter().map(one).collect();
        named.sort_unstable();
        named
    };
    let text = |entry: &Entry| {
        let details = Details { of: Vec::new(), on: Vec::new(), note: None, ..entry.details.clone() };
        format!("{details:?} {:?} {:?}", named(&entry.details.of), named(&entry.details.on))
    };
    let first = |entry: &Entry| {
        let details = entry.details.clone();
        let fields = [details.by, details.instrument, details.kind, details.under, details.outcome, details.place, details.with];
        (fields, details.to.into_iter().next())
    };
    first(a).cmp(&first(b)).then_with(|| text(a).cmp(&text(b)))
}

/// A line of another file that holds on some days.
struct Line<'e> {
    file: &'e str,
    entry: &'e Entry,
    from: Date,
    until: Option<Date>,
}

/// What the other files say.
pub(crate) struct Files<'e> {
    lines: Vec<Line<'e>>,
}

/// Whether something holds on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// It does.
    Yes,
    /// It is recorded, but not for that day.
    NotThen,
    /// Nothing is recorded.
    Unrecorded,
}

impl<'e> Files<'e> {
    /// Of a case file.
    pub(crate) fn of(case: &'e CaseFile) -> Files<'e> {
        let mut lines: Vec<Line<'e>> = Vec::new();
        for file in &case.files {
            for entry in in_force(file) {
                let day = entry.at.written_day();
                let ends = match entry.fact {
                    FactKind::AuthorisationEnded => Some(FactKind::ProfessionalAuthorised),
                    FactKind::DesignationEnded => Some(FactKind::FacilityDesignated),
                    FactKind::EmploymentEnded => Some(FactKind::Employed),
                    _ => None,
                };
                if let Some(ends) = ends {
                    let same = |line: &&mut Line<'_>| {
                        let (old, new) = (&line.entry.details, &entry.details);
                        line.file == file.id
                            && line.entry.fact == ends
                            && (new.kind.is_none() || new.kind == old.kind)
                            && (new.with.is_none() || new.with == old.with)
                    };
                    let holds = |line: &&mut Line<'_>| line.from <= day && line.until.is_none_or(|until| day < until);
                    lines.iter_mut().filter(same).filter(holds).for_each(|line| line.until = Some(day));
                    continue;
                }
                let from = entry.details.from.as_ref().map_or(day, |from| from.written_day());
                lines.push(Line { file: &file.id, entry, from, until: entry.details.until.as_ref().map(|until| until.written_day()) });
            }
        }
        Files { lines }
    }

    fn holds(&self, fits: impl Fn(&Line<'_>) -> bool, day: Date) -> Holds {
        let fitting = || self.lines.iter().filter(|line| fits(line));
        if fitting().any(|line| line.from <= day && line.until.is_none_or(|until| day < until)) {
            return Holds::Yes;
        }
        if fitting().next().is_some() { Holds::NotThen } else { Holds::Unrecorded }
    }

    /// Whether a professional is authorised.
    pub(crate) fn authorised(&self, who: &str, kind: &str, day: Date) -> Holds {
        let fits = |line: &Line<'_>| {
            line.file == who
                && line.entry.fact == FactKind::ProfessionalAuthorised
                && line.entry.details.kind.as_deref().unwrap_or("") == kind
        };
        self.holds(fits, day)
    }

    /// Whether a place is designated.
    pub(crate) fn designated(&self, place: &str, kind: &str, day: Date) -> Holds {
        let fits = |line: &Line<'_>| {
            line.file == place
                && line.entry.fact == FactKind::FacilityDesignated
                && line.entry.details.kind.as_deref().unwrap_or("") == kind
        };
        self.holds(fits, day)
    }

    /// Whether two stand in a relation, or one works for the other, whichever file says so.
    pub(crate) fn related(&self, one: &str, other: &str, kind: &str, day: Date) -> bool {
        let fits = |line: &Line<'_>| {
            let details = &line.entry.details;
            let pair = (line.file == one && details.with.as_deref() == Some(other))
                || (line.file == other && details.with.as_deref() == Some(one));
            matches!(line.entry.fact, FactKind::Related | FactKind::Employed) && details.kind.as_deref().unwrap_or("") == kind && pair
        };
        self.holds(fits, day) == Holds::Yes
    }

    /// Whether an emergency is declared for everywhere, or for the region of a place; an error where that region is not known.
    pub(crate) fn emergency(&self, kind: &str, place: Option<&str>, day: Date) -> Result<bool, &'static str> {
        let here = place.and_then(|place| self.region(place, day));
        let declared = |where_: Option<&str>| {
            let fits = |line: &Line<'_>| {
                let details = &line.entry.details;
                !line.file.starts_with("per_")
                    && line.entry.fact == FactKind::EmergencyDeclared
                    && details.kind.as_deref().unwrap_or("") == kind
                    && match where_ {
                        Some(region) => details.region.as_deref() == Some(region),
                        None => details.region.is_none(),
                    }
            };
            self.holds(fits, day) == Holds::Yes
        };
        if declared(None) || here.is_some_and(|here| declared(Some(here))) {
            return Ok(true);
        }
        let somewhere = |line: &Line<'_>| {
            !line.file.starts_with("per_")
                && line.entry.fact == FactKind::EmergencyDeclared
                && line.entry.details.kind.as_deref().unwrap_or("") == kind
        };
        if here.is_none() && self.holds(somewhere, day) == Holds::Yes { Err("region") } else { Ok(false) }
    }

    /// The zone of the place that an entry names.
    fn zone(&self, entry: &Entry) -> Option<&str> {
        let (place, day) = (entry.details.place.as_deref()?, entry.at.written_day());
        let mine = self.lines.iter().filter(|line| line.file == place && line.entry.fact == FactKind::FacilityDesignated);
        let now = mine.rev().filter(|line| line.from <= day && line.until.is_none_or(|until| day < until));
        now.filter_map(|line| line.entry.details.zone.as_deref()).next()
    }

    /// The region of a place, as the last of its designations that hold says it.
    pub(crate) fn region(&self, place: &str, day: Date) -> Option<&str> {
        let mine = self.lines.iter().filter(|line| line.file == place && line.entry.fact == FactKind::FacilityDesignated);
        let now = mine.rev().filter(|line| line.from <= day && line.until.is_none_or(|until| day < until));
        now.filter_map(|line| line.entry.details.region.as_deref()).next()
    }
}
