//! What an import would keep and no law at hand could read: said before it is kept, for an entry stays for ever.
//!
//! These are notes and no refusals: a register keeps what happened as it was written down. Deliberately absent: what a file's standing is.

use std::collections::BTreeMap;

use openward_law::casefile::{CaseFile, FileEntries, Header};
use openward_law::entry::{Entry, FactKind, FileKind};
use openward_law::pack::nearest;
use openward_law::standing::{Question, Reach, laws_in, standing_in};
use openward_law::{engine::Context, standing::Unread};
use openward_register::derived::Laws;
use openward_register::history::{AsOf, HistoryError};
use openward_register::keys::KeyError;
use openward_register::store::sqlite::Sqlite;
use openward_register::writer::Register;

use super::Shelf;
use crate::input::now;
use crate::page::clean;
use crate::standing::is_slip;
use crate::words::count;

/// More notes than this help nobody.
const NOTES_MAX: usize = 30;

/// The law that each header names, by the file of a person that it stands over.
pub(super) fn headers(cases: &[CaseFile]) -> BTreeMap<String, String> {
    let of_case = |case: &CaseFile| {
        let law = case.header.law.clone();
        let ids: Vec<String> = case.person_files().map(|file| file.id.clone()).collect();
        ids.into_iter().filter_map(move |id| Some((id, law.clone()?)))
    };
    cases.iter().flat_map(of_case).collect()
}

/// What is to be said about files that are to be kept.
pub(super) fn notes(
    files: &[FileEntries],
    headers: &BTreeMap<String, String>,
    register: &Register<Sqlite>,
    shelf: &Shelf,
) -> Result<Vec<String>, HistoryError> {
    let mut notes = Vec::new();
    let unknown = |law: &str| -> String {
        let near = nearest(law, shelf.names()).map(|near| format!(" The nearest is `{near}`.")).unwrap_or_default();
        format!("no law at hand is called `{}`.{near}", clean(law))
    };
    for law in headers.values().filter(|law| shelf.law(law).is_none()).collect::<std::collections::BTreeSet<_>>() {
        notes.push(format!("a header: {}", unknown(law)));
    }
    for (file, entry, law) in designations(files).filter(|(.., law)| shelf.law(law).is_none()) {
        notes.push(format!(
            "{}, entry {}: {} Whoever is there has no standing until a correction names another.",
            file.id,
            entry.n,
            unknown(law)
        ));
    }
    let case = with_those_kept(files, register)?;
    let context = Context::of(&case, None);
    let mut words: BTreeMap<(String, String, String), (Unread, String, usize)> = BTreeMap::new();
    for file in case.person_files().filter(|file| files.iter().any(|new| new.id == file.id)) {
        let named = laws_in(&context, file);
        let header = headers.get(&file.id);
        let usual = shelf.usual();
        if named.is_empty() && (usual.is_none() || header.is_some_and(|law| usual.as_ref().is_none_or(|usual| usual.pack.id != *law))) {
            notes.push(no_law(&file.id, header, usual.as_ref().map(|law| law.pack.id.as_str())));
        }
        let laws: Vec<_> =
            if named.is_empty() { usual.into_iter().collect() } else { named.iter().filter_map(|law| shelf.law(law)).collect() };
        for law in laws {
            let question = Question { law: &law, benchmark: None, at: now(), known_at: None, reach: Reach::ByPlace };
            match standing_in(&case, file, &context, question) {
                Ok(standing) => {
                    for word in standing.unread.into_iter().filter(is_to_be_said) {
                        let key = (law.pack.id.clone(), word.field.clone(), word.word.clone());
                        let at = word.file.clone().unwrap_or_else(|| file.id.clone());
                        words.entry(key).or_insert((word, at, 0)).2 += 1;
                    }
                }
                Err(bad) => notes.extend(bad.iter().map(|bad| format!("{}, entry {}: {}", file.id, bad.n, bad.why))),
            }
        }
    }
    notes.extend(words.into_iter().map(|((law, ..), (word, file, times))| not_read(&law, &word, &file, times)));
    let more = notes.len().saturating_sub(NOTES_MAX);
    notes.truncate(NOTES_MAX);
    if more > 0 {
        notes.push(format!("{} like these.", count(more, "more note", "more notes")));
    }
    Ok(notes)
}

/// Whether a word is said here: a file that is not there yet may come later, and only one that looks like another is a slip.
fn is_to_be_said(word: &Unread) -> bool {
    FileKind::of(&word.word).is_none() || word.nearest.as_ref().is_some_and(|near| is_slip(&word.word, near))
}

fn not_read(law: &str, word: &Unread, file: &str, times: usize) -> String {
    let times = if times > 1 { format!(" (and {})", count(times - 1, "other time", "other times")) } else { String::new() };
    let lead = format!("{file}, entry {}{times}, field `{}`", word.n, word.field);
    let near = |what: &str| word.nearest.as_ref().map(|near| format!(" {what} `{near}`.")).unwrap_or_default();
    if FileKind::of(&word.word).is_some() {
        return format!("{lead}: there is no file `{}`.{}", clean(&word.word), near("Was another meant? There is"));
    }
    format!("{lead}: the law {law} does not know `{}`.{}", clean(&word.word), near("The nearest it knows is"))
}

fn no_law(file: &str, header: Option<&String>, usual: Option<&str>) -> String {
    let lead = format!("{file}: no place that its entries name has said its law");
    let header =
        header.map(|law| format!("; the header says {}, and a register keeps entries, not headers", clean(law))).unwrap_or_default();
    match usual {
        Some(usual) => format!("{lead}{header}. It is read under the usual law of this register, {usual}."),
        None => format!("{lead}{header}. It has no standing until the file of its facility says one."),
    }
}

/// Each law that a place is said to be under.
fn designations(files: &[FileEntries]) -> impl Iterator<Item = (&FileEntries, &Entry, &str)> {
    let all = files.iter().flat_map(|file| file.entries.iter().map(move |entry| (file, entry)));
    let designated = all.filter(|(_, entry)| entry.fact == FactKind::FacilityDesignated);
    designated.filter_map(|(file, entry)| Some((file, entry, entry.details.law.as_deref()?)))
}

/// The files with those that they name and the register has already.
fn with_those_kept(files: &[FileEntries], register: &Register<Sqlite>) -> Result<CaseFile, HistoryError> {
    let mut all: BTreeMap<String, FileEntries> = files.iter().map(|file| (file.id.clone(), file.clone())).collect();
    for entry in files.iter().filter(|file| file.kind == FileKind::Person).flat_map(|file| &file.entries) {
        let details = &entry.details;
        for id in [&details.place, &details.by, &details.with].into_iter().flatten().filter(|id| !all.contains_key(*id)).collect::<Vec<_>>()
        {
            let Some(kind) = FileKind::of(id).filter(|kind| *kind != FileKind::Person) else { continue };
            match register.history(id, AsOf::Now) {
                Ok(kept) => {
                    let entries = kept.into_iter().map(|kept| kept.entry).collect();
                    all.insert(id.clone(), FileEntries { id: id.clone(), kind, entries });
                }
                Err(HistoryError::NoFile | HistoryError::Key(KeyError::Destroyed { .. })) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(CaseFile { header: Header::default(), files: all.into_values().collect() })
}
