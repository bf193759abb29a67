//! What the files of facilities and professionals say: authorisations, relations, employments, designations, places' laws.
//!
//! Built once for a register or a case file; a fold only looks things up. A span without an end is open.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::casefile::{CaseFile, FileEntries};
use crate::entry::{Entry, FactKind, FileKind};

/// Days from the first to the one before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days {
    from: Date,
    until: Option<Date>,
}

impl Days {
    fn hold(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// One line of a file: something of a kind, perhaps with another party, for some days.
#[derive(Debug, Clone)]
struct Line {
    kind: String,
    with: Option<String>,
    days: Days,
    /// The entry's number in its file.
    n: u32,
}

/// The law of a place on some days.
#[derive(Debug, Clone)]
struct PlaceLaw {
    law: Option<String>,
    region: Option<String>,
    zone: Option<String>,
    days: Days,
}

/// Whether something recorded holds on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It holds; the entry that says so.
    Yes(u32),
    /// It is recorded, but not for that day; the entry.
    NotThen(u32),
    /// Nothing is recorded.
    NotRecorded,
}

/// What is known of facilities and professionals.
#[derive(Debug, Clone, Default)]
pub struct Context {
    authorised: HashMap<String, Vec<Line>>,
    designated: HashMap<String, Vec<Line>>,
    related: HashMap<String, Vec<Line>>,
    places: HashMap<String, Vec<PlaceLaw>>,
    /// Each with the region for which it was declared; none: for all.
    emergencies: Vec<(Line, Option<String>)>,
}

impl Context {
    /// What a case file's facility and professional files say, with corrections applied; `known_at` cuts the recorded axis.
    pub fn of(case: &CaseFile, known_at: Option<jiff::Timestamp>) -> Context {
        Context::from_files(&case.files, known_at)
    }

    /// The same of files that stand in no case file.
    pub fn from_files<'f>(files: impl IntoIterator<Item = &'f FileEntries>, known_at: Option<jiff::Timestamp>) -> Context {
        let mut context = Context::default();
        for file in files {
            let zone = crate::time::Zone::utc();
            for entry in
                crate::casefile::effective(file, known_at, |entry: &Entry| entry.at.moment(&zone).ok().map(|moment| moment.earliest()))
            {
                context.add(file.kind, entry);
            }
        }
        context
    }

    fn add(&mut self, file: FileKind, entry: &Entry) {
        let details = &entry.details;
        let days = Days {
            from: details.from.as_ref().map_or_else(|| entry.at.written_day(), crate::time::When::written_day),
            until: details.until.as_ref().map(crate::time::When::written_day),
        };
        let line = || Line { kind: details.kind.clone().unwrap_or_default(), with: details.with.clone(), days, n: entry.n };
        let ended = |lines: Option<&mut Vec<Line>>| {
            for line in lines.into_iter().flatten() {
                let same =
                    details.kind.as_ref().is_none_or(|kind| *kind == line.kind) && (details.with.is_none() || details.with == line.with);
                if same && line.days.hold(entry.at.written_day()) {
                    line.days.until = Some(entry.at.written_day());
                }
            }
        };
        match entry.fact {
            FactKind::ProfessionalAuthorised => self.authorised.entry(entry.file.clone()).or_default().push(line()),
            FactKind::AuthorisationEnded => ended(self.authorised.get_mut(&entry.file)),
            FactKind::FacilityDesignated => {
                self.designated.entry(entry.file.clone()).or_default().push(line());
                let law = PlaceLaw { law: details.law.clone(), region: details.region.clone(), zone: details.zone.clone(), days };
                self.places.entry(entry.file.clone()).or_default().push(law);
            }
            FactKind::DesignationEnded => ended(self.designated.get_mut(&entry.file)),
            FactKind::Related | FactKind::Employed => self.related.entry(entry.file.clone()).or_default().push(line()),
            FactKind::EmploymentEnded => ended(self.related.get_mut(&entry.file)),
            FactKind::EmergencyDeclared if file != FileKind::Person => self.emergencies.push((line(), details.region.clone())),
            _ => {}
        }
    }

    /// Whether a professional holds an authorisation on a day.
    pub fn authorised(&self, who: &str, kind: &str, day: Date) -> Held {
        held(self.authorised.get(who), |line| line.kind == kind, day)
    }

    /// Whether a place is designated on a day.
    pub fn designated(&self, place: &str, kind: &str, day: Date) -> Held {
        held(self.designated.get(place), |line| line.kind == kind, day)
    }

    /// Whether two parties stand in a relation on a day, whichever file says so.
    pub fn related(&self, one: &str, other: &str, kind: &str, day: Date) -> bool {
        let says = |a: &str, b: &str| {
            matches!(held(self.related.get(a), |line| line.kind == kind && line.with.as_deref() == Some(b), day), Held::Yes(_))
        };
        says(one, other) || says(other, one)
    }

    /// The regions for which an emergency of a kind is declared on a day; `None` is one for all of them.
    pub fn emergencies(&self, kind: &str, day: Date) -> impl Iterator<Item = Option<&str>> {
        let declared = self.emergencies.iter().filter(move |(line, _)| line.kind == kind && line.days.hold(day));
        declared.map(|(_, region)| region.as_deref())
    }

    /// What is said of a place on a day, by the last designation that says it.
    fn place<'c>(&'c self, place: &str, day: Date, says: impl Fn(&'c PlaceLaw) -> Option<&'c str>) -> Option<&'c str> {
        let laws = self.places.get(place)?;
        laws.iter().rev().filter(|law| law.days.hold(day)).find_map(says)
    }

    /// The law of a place on a day.
    pub fn law_of(&self, place: &str, day: Date) -> Option<&str> {
        self.place(place, day, |law| law.law.as_deref())
    }

    /// The region of a place on a day.
    pub fn region_of(&self, place: &str, day: Date) -> Option<&str> {
        self.place(place, day, |law| law.region.as_deref())
    }

    /// The time zone of a place on a day.
    pub fn zone_of(&self, place: &str, day: Date) -> Option<&str> {
        self.place(place, day, |law| law.zone.as_deref())
    }
}

fn held(lines: Option<&Vec<Line>>, fits: impl Fn(&Line) -> bool, day: Date) -> Held {
    let mut found = Held::NotRecorded;
    for line in lines.into_iter().flatten().filter(|line| fits(line)) {
        if line.days.hold(day) {
            return Held::Yes(line.n);
        }
        found = Held::NotThen(line.n);
    }
    found
}
