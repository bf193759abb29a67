//! Checking a whole register against checkpoints: every leaf, every chain, every part, and that each belongs to the other.
//!
//! Each finding names the file and the entry where that can be told. With keys the parts are opened too. Checkpoints from outside are what
//! shows an older database put back, or all of it written anew by somebody with the signing key. Deliberately absent: repair.

mod files;
mod moment;
mod one;
mod tally;
#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::fmt;

use openward_seal::checkpoint::Trust;
use openward_seal::digest::NodeHash;
use openward_seal::merkle::leaf;
use openward_seal::tiles::whole::{self, Head, Wrong};
use openward_seal::tiles::{self, Tile, WIDTH};

use crate::history::HistoryError;
use crate::keys::{Keys, Pseudonym};
use crate::sealer::{self, Tiles, name_at, names_from};
use crate::store::{FileName, Store};

use tally::Tally;

/// The most findings that are kept; the rest is counted.
pub const FINDINGS_MAX: usize = 1000;

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file's pseudonym, where it can be told.
    pub file: Option<FileName>,
    /// The entry, where it can be told.
    pub n: Option<u64>,
    /// What is wrong, with its code.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = self.file {
            write!(f, "file {}: ", Pseudonym::from_bytes(file))?;
        }
        f.write_str(&self.what)
    }
}

/// What a check of a whole register found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many files there are.
    pub files: u64,
    /// How many entries.
    pub entries: u64,
    /// How many parts were opened and checked.
    pub parts: u64,
    /// How many entries wait to be put into the log.
    pub waiting: u64,
    /// The size of the log.
    pub log: u64,
    /// The first findings.
    pub findings: Vec<Finding>,
    /// How many there are in all.
    pub count: u64,
}

impl Report {
    /// Whether nothing was found.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.count == 0
    }

    /// Adds what another found, after what was found so far.
    fn join(&mut self, other: Self) {
        let Self { files, entries, parts, waiting: _, log: _, findings, count } = other;
        self.files += files;
        self.entries += entries;
        self.parts += parts;
        self.count += count;
        let room = FINDINGS_MAX.saturating_sub(self.findings.len());
        self.findings.extend(findings.into_iter().take(room));
    }

    fn say(&mut self, file: Option<FileName>, n: Option<u64>, what: impl Into<String>) {
        self.count += 1;
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding { file, n, what: what.into() });
        }
    }
}

/// Checks a whole register, in one moment of it. `outside` are checkpoints that were kept elsewhere: printed, sent, co-signed by a witness.
///
/// # Errors
/// Trouble of the store or of the keys. What was changed is no error but a finding.
pub fn register<S: Store>(store: &S, keys: Option<&Keys>, trust: &Trust, outside: &[Vec<u8>]) -> Result<Report, HistoryError> {
    let others = moment::readers(store)?;
    let report = with(store, others, keys, trust, outside);
    store.end_reading()?;
    report
}

/// The same within a transaction of the caller's, by one thread.
#[cfg(test)]
pub(crate) fn within<S: Store>(store: &S, keys: Option<&Keys>, trust: &Trust, outside: &[Vec<u8>]) -> Result<Report, HistoryError> {
    with(store, Vec::new(), keys, trust, outside)
}

fn with<S: Store>(store: &S, readers: Vec<S>, keys: Option<&Keys>, trust: &Trust, outside: &[Vec<u8>]) -> Result<Report, HistoryError> {
    let mut report = Report::default();
    let mut own = Vec::new();
    for row in store.checkpoints()? {
        let wrong = match trust.open(&row.note).map(|vouched| vouched.head()) {
            Ok(head) if head.size == row.size => {
                own.push(head);
                continue;
            }
            Ok(_) => "it is of another size".to_owned(),
            Err(error) => error.to_string(),
        };
        report.say(None, None, format!("OW-REG-060 the checkpoint of {} entries: {wrong}", row.size));
    }
    asked(store, &mut report)?;
    let newest = own.iter().copied().max_by_key(|head| head.size);
    let head = newest.unwrap_or(Head { size: 0, root: openward_seal::merkle::EMPTY_ROOT });
    report.log = head.size;
    match store.meta("origin")? {
        Some(origin) if origin == trust.origin().as_bytes() => {}
        None if head.size == 0 => {}
        Some(_) | None => {
            report.say(None, None, "OW-REG-117 the register names another origin of its log than the key it is checked with, or none")
        }
    }
    let mut others = Vec::new();
    for note in outside {
        match trust.open(note).map(|vouched| vouched.head()) {
            Ok(older) => others.push(older),
            Err(error) => report.say(None, None, outside_wrong(&error)),
        }
    }
    let mut tally = log(store, keys, head, &own, &others, &mut report);
    files::check(store, readers, keys, &mut tally, &mut report)?;
    for first in tally.differing() {
        for place in first..head.size.min(first + WIDTH) {
            at_place(store, keys, place, head.size, &mut report)?;
        }
    }
    if let Some(keys) = keys {
        names(store, keys, head.size, &tally, &mut report)?;
    }
    extent(store, head.size, &mut report)?;
    Ok(report)
}

/// Which checkpoints are kept though the log went on is what the register says of requests to witnesses.
fn asked<S: Store>(store: &S, report: &mut Report) -> Result<(), HistoryError> {
    let mut fail =
        |what: &str| report.say(None, None, format!("OW-REG-119 {what}: ask the witnesses anew, with `openward witness request`"));
    let Ok(asked) = sealer::asked(store) else {
        fail("the list of checkpoints that witnesses were asked about is of no known form");
        return Ok(());
    };
    let rows = store.checkpoints()?;
    if asked
        .iter()
        .enumerate()
        .any(|(at, size)| asked.iter().take(at).any(|other| other == size) || rows.iter().all(|row| row.size != *size))
    {
        fail("a checkpoint that a witness was asked about is gone, or none was asked about");
    }
    let older = rows.split_last().map_or(&[][..], |(_, older)| older);
    if older.iter().any(|row| sealer::is_signed_once(row) && !asked.contains(&row.size)) {
        fail("an older checkpoint is kept that no witness signed and none was asked about");
    }
    Ok(())
}

/// What a checkpoint from outside that is none of this log is told as.
pub(crate) fn outside_wrong(error: &impl fmt::Display) -> String {
    format!("OW-REG-061 a checkpoint from outside: {error}")
}

/// An entry that the log has and the register has not.
fn gone(n: u64, place: u64) -> String {
    format!("OW-REG-063 entry {n} is in the log at place {place}, and gone from the register")
}

/// As many rows of log, tiles and names as a log of this size has.
fn extent<S: Store>(store: &S, size: u64, report: &mut Report) -> Result<(), HistoryError> {
    let [rows, tiles, names] = store.log_rows()?;
    if rows > size {
        let what = "entries have a place in the log, and its newest checkpoint covers";
        report.say(None, None, format!("OW-REG-062 {rows} {what} {size}"));
    }
    let (mut wanted, mut row) = (0, size);
    while row > 0 {
        wanted += row.div_ceil(WIDTH);
        row /= WIDTH;
    }
    for (found, wanted, what) in [(tiles, wanted, "tiles"), (names, size.div_ceil(WIDTH), "bundles of names")] {
        if found > wanted {
            report.say(None, None, format!("OW-REG-118 {found} {what} are kept, and a log of {size} entries has {wanted}"));
        }
    }
    Ok(())
}

/// The names that are kept beside the log are those of its places.
fn names<S: Store>(store: &S, keys: &Keys, size: u64, tally: &Tally, report: &mut Report) -> Result<(), HistoryError> {
    for first in (0..size).step_by(usize::try_from(WIDTH).unwrap_or(1)) {
        let end = size.min(first + WIDTH);
        let Some(named) = names_from(store, keys, first).filter(|named| named.len() as u64 == end - first) else {
            report.say(None, None, format!("OW-REG-067 the names of places {first} to {} are gone or were changed", end - 1));
            continue;
        };
        if tally.has_names(first, &named) {
            continue;
        }
        for (place, (name, n)) in (first..end).zip(named) {
            // Where the row is gone, that has been said.
            let Some((file, found)) = store.at_place(place)? else { continue };
            if found != n || store.file_by_id(file)?.is_none_or(|file| file.name != name) {
                let what = format!("OW-REG-068 place {place} of the log was given to entry {n} of this file, and has another now");
                report.say(Some(name), Some(n), what);
            }
        }
    }
    Ok(())
}

/// A place in a tile where log and entries differ: says what is wrong with it, if anything is.
fn at_place<S: Store>(store: &S, keys: Option<&Keys>, place: u64, size: u64, report: &mut Report) -> Result<(), HistoryError> {
    let found = match store.at_place(place)? {
        Some((file, n)) => store.file_by_id(file)?.map(|file| (file, n)),
        None => None,
    };
    let entry = match &found {
        Some((file, n)) => store.entries(file.id, *n, *n)?.pop(),
        None => None,
    };
    match (found, entry) {
        // That an entry is gone whose row in the log is here was said with its file.
        (Some(_), None) => {}
        (Some((file, n)), Some(entry)) => {
            let leaves = leaves_from(store, place - place % WIDTH, size);
            let found = usize::try_from(place % WIDTH).ok().and_then(|at| leaves.get(at));
            if found != Some(&leaf(&entry.hash)) {
                let what =
                    format!("OW-REG-080 entry {n} is not the one at its place {place} in the log: it was changed, moved or replaced");
                report.say(Some(file.name), Some(n), what);
            }
        }
        (None, _) => match keys.and_then(|keys| name_at(store, keys, place)) {
            Some((file, n)) => {
                report.say(Some(file), Some(n), gone(n, place));
            }
            None => report.say(None, None, format!("OW-REG-064 the entry at place {place} of the log is gone from the register")),
        },
    }
    Ok(())
}

/// The leaves of one tile, from the place where it begins, as they are kept; none where they cannot be had.
fn leaves_from<S: Store>(store: &S, first: u64, size: u64) -> Vec<NodeHash> {
    let tile = u16::try_from((size - first).min(WIDTH)).ok().and_then(|width| Tile::hashes(0, first / WIDTH, width));
    tile.and_then(|tile| tiles::hashes(&Tiles(store), tile).ok()).unwrap_or_default()
}

/// The leaves of the log, after checking tiles, root, and older checkpoints. Only where these do not agree is each checked by itself, so
/// that one says where the others do not.
fn log<S: Store>(store: &S, keys: Option<&Keys>, head: Head, own: &[Head], outside: &[Head], report: &mut Report) -> Tally {
    let mut tally = Tally::new(head.size);
    let tiles = Tiles(store);
    let all: Vec<Head> = own.iter().chain(outside).copied().collect();
    if whole::check(&tiles, head, &all, |place, leaf| tally.log_has(place, &leaf)).is_ok() {
        return tally;
    }
    if let Err(wrong) = whole::check(&tiles, head, own, |_, _| {}) {
        say_wrong(store, keys, &wrong, report);
    }
    // Every leaf is wanted below, also of a log that does not lead to its root.
    tally.forget_leaves();
    for first in (0..head.size).step_by(usize::try_from(WIDTH).unwrap_or(1)) {
        for (place, leaf) in (first..).zip(leaves_from(store, first, head.size)) {
            tally.log_has(place, &leaf);
        }
    }
    let mut good = 0;
    let mut outside = outside.to_vec();
    outside.sort_by_key(|older| older.size);
    for older in outside {
        match whole::check(&tiles, head, &[older], |_, _| {}) {
            Ok(()) => good = older.size,
            Err(Wrong::Shrunk { older, size }) => shrunk(store, keys, older, size, report),
            Err(Wrong::Older { size }) => {
                let code = Wrong::<Infallible>::Older { size }.code();
                report.say(None, None, format!("{code} the first {size} entries are not those of a checkpoint from outside"));
                // Whatever is between the last checkpoint that agrees and this one may have been changed: these are the files concerned.
                for place in good..size {
                    if let Ok(Some((file, n))) = store.at_place(place)
                        && let Ok(Some(row)) = store.file_by_id(file)
                    {
                        let what = format!("OW-REG-065 entry {n} stands at place {place}, which was changed or whose neighbours were");
                        report.say(Some(row.name), Some(n), what);
                    }
                }
            }
            Err(wrong) => say_wrong(store, keys, &wrong, report),
        }
    }
    tally
}

/// A checkpoint from outside covers more than there is.
fn shrunk<S: Store>(store: &S, keys: Option<&Keys>, older: u64, size: u64, report: &mut Report) {
    let lost = older - size;
    let from = match keys.filter(|_| size > 0).and_then(|keys| name_at(store, keys, size - 1)) {
        Some((file, n)) => format!("; the last that is still here is entry {n} of file {}", Pseudonym::from_bytes(file)),
        None => String::new(),
    };
    let what = format!("{} a checkpoint from outside covers", Wrong::<Infallible>::Shrunk { older, size }.code());
    report.say(None, None, format!("{what} {older} entries, and this register has {size}: the newest {lost} are gone{from}"));
}

fn say_wrong<S: Store, E: fmt::Display>(store: &S, keys: Option<&Keys>, wrong: &Wrong<E>, report: &mut Report) {
    report.say(None, None, wrong.to_string());
    if let Wrong::Leaves { from, to, .. } = wrong {
        for place in *from..=*to {
            if let Some((file, n)) = keys.and_then(|keys| name_at(store, keys, place)) {
                report.say(Some(file), Some(n), format!("OW-REG-066 entry {n} is at place {place}, among those where log and tile differ"));
            }
        }
    }
}
