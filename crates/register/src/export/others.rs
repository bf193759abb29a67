//! What the law reads in the files that a file names: places and their laws, who may do what, who works for whom, declared emergencies.
//!
//! A standing rests on these beside the file's own entries, so a copy without them could not be worked out again. Deliberately absent: all
//! else in those files, their free texts, and whatever is said there of somebody that this file does not name.

use std::collections::BTreeSet;

use openward_law::casefile::{FileEntries, effective};
use openward_law::entry::{Entry, FactKind, FileKind};
use openward_law::time::Zone;

/// What may be shown of a file that `own` names; none where it says nothing that the law reads. Entries are as corrected and numbered anew.
pub(super) fn read_by_the_law(own: &FileEntries, other: &FileEntries) -> Option<FileEntries> {
    let named: BTreeSet<&str> = own.entries.iter().flat_map(parties).chain([own.id.as_str()]).collect();
    let zone = Zone::utc();
    let entries = effective(other, None, |entry: &Entry| entry.at.moment(&zone).ok().map(|moment| moment.earliest()));
    let shown = entries.into_iter().filter(|entry| is_read(other.kind, entry, &own.id, &named));
    let entries: Vec<Entry> = (1..).zip(shown).map(|(n, entry)| plain(n, entry)).collect();
    (!entries.is_empty()).then(|| FileEntries { id: other.id.clone(), kind: other.kind, entries })
}

/// Whoever an entry names.
fn parties(entry: &Entry) -> impl Iterator<Item = &str> {
    let details = &entry.details;
    let one = [&details.by, &details.place, &details.with].into_iter().flatten();
    one.chain(&details.to).chain(&details.members).map(String::as_str)
}

fn is_read(kind: FileKind, entry: &Entry, own: &str, named: &BTreeSet<&str>) -> bool {
    let with = entry.details.with.as_deref();
    let concerns = with.is_none_or(|with| named.contains(with));
    match (kind, entry.fact) {
        // Of another person nothing but what ties them to this one.
        (FileKind::Person, FactKind::Related) => with == Some(own),
        (FileKind::Person, _) => false,
        (
            _,
            FactKind::ProfessionalAuthorised
            | FactKind::AuthorisationEnded
            | FactKind::FacilityDesignated
            | FactKind::DesignationEnded
            | FactKind::EmergencyDeclared,
        ) => true,
        (_, FactKind::Related | FactKind::Employed | FactKind::EmploymentEnded) => concerns,
        (_, _) => false,
    }
}

/// Without free texts, and with a number of this copy.
fn plain(n: u32, entry: &Entry) -> Entry {
    let mut plain = Entry { n, corrects: None, ..entry.clone() };
    plain.details.note = None;
    plain.details.reason = None;
    plain
}

/// A file's own entries without the texts that are withheld.
pub(super) fn without(mut own: FileEntries, withheld: &BTreeSet<(u32, String)>) -> FileEntries {
    for entry in &mut own.entries {
        let is_withheld = |name: &str| withheld.contains(&(entry.n, name.to_owned()));
        if is_withheld("note") {
            entry.details.note = None;
        }
        if is_withheld("reason") {
            entry.details.reason = None;
        }
    }
    own
}
