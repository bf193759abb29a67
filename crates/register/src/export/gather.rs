//! Everything that goes into an export, read in one moment of the register.
//!
//! Deliberately absent: writing. One person's file fits in memory; its documents do not have to.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use openward_law::casefile::{CaseFile, Header};
use openward_law::entry::Entry;
use openward_seal::tiles::whole::Head;

use super::sealed::{Sealed, SealedPart, Stage};
use super::{Asked, Contents, Copy, ExportError, Line, Paper, Reads, Stream, folder, others};
use crate::derived;
use crate::documents::{DocumentError, Documents, Reference};
use crate::entry::{Kept, Part, part_names};
use crate::history::{self, AsOf, HistoryError};
use crate::reads;
use crate::sealer;
use crate::store::{CheckpointRow, FileRow, Micros, Store};
use crate::writer::Register;

/// How long an export waits for its newest entries to be put into the log. It takes a fifth of a second as a rule.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long it waits before it looks again.
const PAUSE: Duration = Duration::from_millis(10);

/// All of it.
pub(crate) struct Gathered {
    pub(crate) contents: Contents,
    pub(crate) streams: Vec<Stream>,
    pub(crate) copies: Vec<Copy>,
    pub(crate) checkpoint: Option<CheckpointRow>,
}

pub(super) fn gather<S: Store + 'static>(
    register: &Register<S>,
    documents: &Documents,
    asked: &Asked<'_>,
    recorded: Micros,
) -> Result<Gathered, ExportError> {
    let store = register.reader()?;
    wait_for_the_log(register, &store, asked.file)?;
    store.begin_reading()?;
    let gathered = within(register, documents, &store, asked, recorded);
    store.end_reading()?;
    gathered
}

/// The opening that was just recorded is an entry too; an export that proves it says more than one that does not. It is no fault if the log
/// takes longer: then the export says so.
fn wait_for_the_log<S: Store + 'static>(register: &Register<S>, store: &S, file: &str) -> Result<(), ExportError> {
    let begun = Instant::now();
    let names = [register.keys().pseudonym(file), reads::stream(register.keys(), file)];
    loop {
        let mut waits = false;
        for name in &names {
            let Some(row) = store.file(name.as_bytes())? else { continue };
            waits |= row.length > 0 && store.place_of(row.id, row.length)?.is_none();
        }
        if !waits || begun.elapsed() > PATIENCE {
            return Ok(());
        }
        std::thread::sleep(PAUSE);
    }
}

fn within<S: Store + 'static>(
    register: &Register<S>,
    papers: &Documents,
    store: &S,
    asked: &Asked<'_>,
    recorded: Micros,
) -> Result<Gathered, ExportError> {
    let newest = match asked.checkpoint {
        Some(note) => Some(given(register, note)?),
        None => sealer::newest(store, register.trust())?,
    };
    let head = newest.as_ref().map(|(_, head)| *head);
    let own = store.file(register.keys().pseudonym(asked.file).as_bytes())?.ok_or(HistoryError::NoFile)?;
    let mut missing: BTreeSet<(u32, String)> = asked.withheld.clone();
    let mut copies = Vec::new();
    let mut lines = Vec::new();
    let stream = stream(register, store, &own, "entries", newest.as_ref(), |n, parts| {
        let names = names(n, parts)?;
        let withheld: Vec<String> = names.iter().skip(2).filter(|name| missing.remove(&(n_of(n), (*name).clone()))).cloned().collect();
        lines.push(line(n, parts, &names, &withheld, papers, &mut copies)?);
        Ok(names.iter().map(|name| withheld.contains(name)).collect())
    })?;
    if let Some((n, part)) = missing.into_iter().next() {
        return Err(ExportError::NoPart(n, part));
    }
    let mut streams = vec![with_copies(stream, &copies)];
    let openings = match (asked.reads, store.file(reads::stream(register.keys(), asked.file).as_bytes())?) {
        (Reads::Shown, Some(row)) => {
            streams.push(self::stream(register, store, &row, "reads", newest.as_ref(), |_, parts| Ok(vec![false; parts.len()]))?);
            Some(reads::openings_of(store, register.keys(), &row)?)
        }
        (Reads::Shown, None) => Some(Vec::new()),
        (Reads::LeftOut, _) => None,
    };
    let waiting = streams.iter().flat_map(|stream| &stream.entries).filter(|entry| entry.proof.is_none()).count();
    let contents = Contents {
        file: asked.file.to_owned(),
        tag: own.tag,
        at: Timestamp::from_microsecond(recorded).unwrap_or_default(),
        lines,
        openings,
        head,
        waiting,
        context: context(register, store, &own, asked.withheld)?,
    };
    Ok(Gathered { contents, streams, copies, checkpoint: newest.map(|(row, _)| row) })
}

/// Numbers of entries have 32 bits wherever the law reads them.
fn n_of(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn names(n: u64, parts: &[Part]) -> Result<Vec<String>, ExportError> {
    let header = parts.first().map(|part| part.bytes.as_slice()).unwrap_or_default();
    part_names(header).filter(|names| names.len() == parts.len()).ok_or_else(|| unreadable(n))
}

fn unreadable(n: u64) -> ExportError {
    HistoryError::Unreadable { n, error: crate::entry::Unreadable::Parts }.into()
}

/// An entry for people, and its documents for copying.
fn line(
    n: u64,
    parts: &[Part],
    names: &[String],
    withheld: &[String],
    papers: &Documents,
    copies: &mut Vec<Copy>,
) -> Result<Line, ExportError> {
    let bytes: Vec<&[u8]> = parts.iter().map(|part| part.bytes.as_slice()).collect();
    let kept = Kept::read(n_of(n), &bytes).map_err(|error| HistoryError::Unreadable { n, error })?;
    let recorded = kept.entry.recorded.unwrap_or_default();
    let mut entry: Entry = kept.as_brought();
    let is_withheld = |name: &str| withheld.iter().any(|known| known == name);
    if is_withheld("note") {
        entry.details.note = None;
    }
    if is_withheld("reason") {
        entry.details.reason = None;
    }
    let mut documents = Vec::new();
    for (part, name) in names.iter().enumerate().filter(|(_, name)| name.starts_with("document-")) {
        if is_withheld(name) {
            documents.push(Paper { path: None, bytes: None });
            continue;
        }
        let reference = parts.get(part).map(|part| Reference::from_bytes(&part.bytes)).ok_or_else(|| unreadable(n))?;
        let reference = reference.map_err(|error| ExportError::Document(n, error))?;
        let ending = folder::ending(&beginning(papers, &reference).map_err(|error| ExportError::Document(n, error))?);
        let path = format!("documents/{n:04}-{}.{ending}", name.trim_start_matches("document-"));
        documents.push(Paper { path: Some(path.clone()), bytes: Some(reference.bytes()) });
        copies.push(Copy { n, part, path, reference });
    }
    Ok(Line { entry, recorded, documents, withheld: withheld.to_vec() })
}

/// The first bytes of a document.
fn beginning(papers: &Documents, reference: &Reference) -> Result<Vec<u8>, DocumentError> {
    let mut begins = Vec::new();
    let mut some = papers.read(reference)?.take(16);
    some.read_to_end(&mut begins).map_err(|error| DocumentError::from_io(error, DocumentError::Folder))?;
    Ok(begins)
}

fn with_copies(mut stream: Stream, copies: &[Copy]) -> Stream {
    for copy in copies {
        let entry = stream.entries.iter_mut().find(|entry| entry.n == copy.n);
        if let Some(part) = entry.and_then(|entry| entry.parts.get_mut(copy.part)) {
            part.document = Some(copy.path.clone());
        }
    }
    stream
}

/// A stream with every part opened; `look` says of each part whether it is withheld.
fn stream<S: Store + 'static>(
    register: &Register<S>,
    store: &S,
    row: &FileRow,
    name: &'static str,
    checkpoint: Option<&(CheckpointRow, Head)>,
    mut look: impl FnMut(u64, &[Part]) -> Result<Vec<bool>, ExportError>,
) -> Result<Stream, ExportError> {
    let key = history::key_of(register.keys(), row)?;
    let places: std::collections::BTreeMap<u64, u64> = store.places_of(row.id)?.into_iter().collect();
    let mut entries = Vec::new();
    let mut last = 0;
    for entry in history::rows(store, row, 0, row.length)? {
        let n = entry.n;
        let parts: Vec<Part> = entry.parts.iter().map(|part| history::open_part(&key, row, n, part)).collect::<Result<_, _>>()?;
        let withheld = look(n, &parts)?;
        let parts = entry.parts.iter().zip(parts).zip(withheld);
        let parts =
            parts.map(|((kept, part), withheld)| SealedPart { hash: kept.hash, opened: (!withheld).then_some(part), document: None });
        let proof = match (places.get(&n), checkpoint) {
            (Some(place), Some((_, head))) if *place < head.size => Some((*place, sealer::inclusion(store, *head, *place)?)),
            _ => None,
        };
        last = entry.recorded;
        entries.push(Sealed { n, prev: entry.prev, hash: entry.hash, parts: parts.collect(), proof });
    }
    let receipt = match entries.last() {
        Some(newest) => {
            let first = register.sign(row.tag, newest.n, newest.hash, last).map_err(ExportError::Refused)?;
            let second = match checkpoint {
                Some(checkpoint) => sealer::receipt_under(store, checkpoint, row.id, newest.n, &first)?,
                None => None,
            };
            match second {
                Some(second) => Some((second.to_string(), Stage::Second)),
                None => Some((first, Stage::First)),
            }
        }
        None => None,
    };
    Ok(Stream { name, file: row.tag, entries, receipt })
}

/// The file with what the law reads in those that it names and in those of the law.
fn context<S: Store + 'static>(
    register: &Register<S>,
    store: &S,
    own: &FileRow,
    withheld: &BTreeSet<(u32, String)>,
) -> Result<CaseFile, ExportError> {
    let keys = register.keys();
    let Some(entries) = history::file_entries(store, keys, own, AsOf::Now)? else { return Ok(CaseFile::default()) };
    let mut names: BTreeSet<_> = derived::named_in(keys, &entries).collect();
    names.extend(store.files_of_kind(history::kind_code(openward_law::entry::FileKind::Law))?);
    names.remove(&own.name);
    let mut files = Vec::new();
    for name in names {
        let Some(row) = store.file(&name)? else { continue };
        match history::file_entries(store, keys, &row, AsOf::Now) {
            Ok(found) => files.extend(found.and_then(|found| others::read_by_the_law(&entries, &found))),
            // What was destroyed is not there for anybody.
            Err(HistoryError::Key(crate::keys::KeyError::Destroyed { .. })) => {}
            Err(error) => return Err(error.into()),
        }
    }
    files.push(others::without(entries, withheld));
    files.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(CaseFile { header: Header::default(), files })
}

/// A checkpoint that the call gave, such as one with the signatures of witnesses.
fn given<S: Store + 'static>(register: &Register<S>, note: &[u8]) -> Result<(CheckpointRow, Head), ExportError> {
    let vouched = register.trust().open(note).map_err(|error| ExportError::Checkpoint(error.to_string()))?;
    let head = vouched.head();
    Ok((CheckpointRow { size: head.size, note: note.to_vec() }, head))
}

/// That all that is to be withheld is there, looked at before anything is recorded.
pub(super) fn check_withheld<S: Store + 'static>(register: &Register<S>, asked: &Asked<'_>) -> Result<(), ExportError> {
    let mut missing = asked.withheld.clone();
    if let Some((n, part)) = missing.iter().find(|(_, part)| !is_withholdable(part)) {
        return Err(ExportError::NoPart(*n, part.clone()));
    }
    if missing.is_empty() {
        return Ok(());
    }
    let store = register.reader()?;
    let row = store.file(register.keys().pseudonym(asked.file).as_bytes())?.ok_or(HistoryError::NoFile)?;
    let key = history::key_of(register.keys(), &row)?;
    for entry in history::rows(&store, &row, 0, row.length)? {
        let parts: Vec<Part> = entry.parts.iter().map(|part| history::open_part(&key, &row, entry.n, part)).collect::<Result<_, _>>()?;
        for name in names(entry.n, &parts)? {
            missing.remove(&(n_of(entry.n), name));
        }
    }
    missing.into_iter().next().map_or(Ok(()), |(n, part)| Err(ExportError::NoPart(n, part)))
}

/// Header and fact say what happened, and the reason of a correction belongs to the correction.
fn is_withholdable(part: &str) -> bool {
    matches!(part, "note" | "reason") || part.starts_with("document-")
}
