//! Case files into the register: what is new in them is kept as acts, what is there already adds nothing, and what contradicts is refused.
//!
//! In reading order: [`gather`] puts several inputs together, [`Register::plan`] holds them against what is kept, [`Register::carry_out`] keeps
//! what is new. A second attempt is known for one by what is kept, never by the id of an act: an id that came from what the act holds would stay when
//! the file's key is destroyed, and let whoever has the register's keys try out what the file said. Deliberately absent: the form of case files
//! (`openward_law::casefile`), and any judgment of what is in them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use openward_law::casefile::{CaseFile, FileEntries};
use openward_law::entry::{Entry, FileKind};

use crate::history::{AsOf, HistoryError};
use crate::keys::KeyError;
use crate::store::Store;
use crate::writer::{Act, Refused, Register, random_id};

/// How many files are under way at once. They share transactions, and so the waits for the disk.
const AT_ONCE: usize = 16;

/// Two that do not agree about an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The file.
    pub file: String,
    /// The first entry that differs.
    pub n: u32,
    /// Which two.
    pub between: Between,
}

/// Which two do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Between {
    /// Two inputs, by their numbers in the order given.
    Inputs(usize, usize),
    /// An input and the register.
    Kept,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, n, between } = self;
        match between {
            Between::Inputs(first, second) => write!(
                f,
                "OW-REG-100 {file}, entry {n}: inputs {} and {} say different things; import the one that is right, and correct it with an \
                 entry that says `corrects`",
                first + 1,
                second + 1
            ),
            Between::Kept => write!(
                f,
                "OW-REG-101 {file}, entry {n}: the register keeps another entry under this number. Nothing kept is ever changed: put what is \
                 right at the end of the file, with an entry that says `corrects`"
            ),
        }
    }
}

/// Puts inputs together. A file that several hold is taken from the longest, if the others are its beginning.
///
/// # Errors
/// Every file about which two inputs do not agree.
pub fn gather(inputs: Vec<CaseFile>) -> Result<Vec<FileEntries>, Vec<Contradiction>> {
    let mut files: BTreeMap<String, (usize, FileEntries)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (number, input) in inputs.into_iter().enumerate() {
        for file in input.files {
            let Some((first, found)) = files.get_mut(&file.id) else {
                files.insert(file.id.clone(), (number, file));
                continue;
            };
            match first_difference(&found.entries, &file.entries) {
                Some(n) => wrong.push(Contradiction { file: file.id, n, between: Between::Inputs(*first, number) }),
                None if file.entries.len() > found.entries.len() => (*first, *found) = (number, file),
                None => {}
            }
        }
    }
    if wrong.is_empty() { Ok(files.into_values().map(|(_, file)| file).collect()) } else { Err(wrong) }
}

/// The number of the first entry that both have and that differs.
fn first_difference(one: &[Entry], other: &[Entry]) -> Option<u32> {
    one.iter().zip(other).find(|(one, other)| one != other).map(|(one, _)| one.n)
}

/// What is to be kept of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The file.
    pub file: String,
    kind: FileKind,
    /// How many entries of it are kept already.
    pub kept: u64,
    /// Those that are new.
    pub new: Vec<Entry>,
}

/// What an import would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files with something new: those of the law, facilities, professionals and organisations first, so that forecasts are right at once.
    pub steps: Vec<Step>,
    /// How many files have nothing new.
    pub unchanged: usize,
}

impl Plan {
    /// How many entries are new.
    #[must_use]
    pub fn new_entries(&self) -> usize {
        self.steps.iter().map(|step| step.new.len()).sum()
    }
}

/// Why nothing can be imported.
#[derive(Debug)]
pub enum NoPlan {
    /// The register cannot be read.
    History(HistoryError),
    /// What does not agree with what is kept, and files whose keys were destroyed: each in a sentence.
    Refused(Vec<String>),
}

/// How far an import came.
#[derive(Debug)]
pub struct Stopped {
    /// How many files were kept before.
    pub files: usize,
    /// The file that was refused, and why.
    pub file: String,
    /// Why.
    pub why: Refused,
}

impl<S: Store + 'static> Register<S> {
    /// Holds files against what is kept. Nothing is written.
    ///
    /// # Errors
    /// A register that cannot be read, or every file that contradicts it.
    pub fn plan(&self, files: Vec<FileEntries>) -> Result<Plan, NoPlan> {
        let mut plan = Plan::default();
        let mut refused = Vec::new();
        for file in files {
            let kept = match self.history(&file.id, AsOf::Now) {
                Ok(kept) => kept,
                Err(HistoryError::NoFile) => Vec::new(),
                Err(HistoryError::Key(error @ KeyError::Destroyed { .. })) => {
                    refused.push(format!("{}: {error}", file.id));
                    continue;
                }
                Err(error) => return Err(NoPlan::History(error)),
            };
            let brought: Vec<Entry> = kept.iter().map(crate::entry::Kept::as_brought).collect();
            if let Some(n) = first_difference(&brought, &file.entries) {
                refused.push(Contradiction { file: file.id, n, between: Between::Kept }.to_string());
                continue;
            }
            let new = file.entries.get(brought.len()..).unwrap_or_default().to_vec();
            if new.is_empty() {
                plan.unchanged += 1;
            } else {
                plan.steps.push(Step { file: file.id, kind: file.kind, kept: brought.len() as u64, new });
            }
        }
        if !refused.is_empty() {
            return Err(NoPlan::Refused(refused));
        }
        plan.steps.sort_by_key(|step| (order(step.kind), step.file.clone()));
        Ok(plan)
    }

    /// Keeps what is new, one act for each file, and gives how many entries that were. `done` is told how many files are kept, from several threads.
    ///
    /// # Errors
    /// The first file that was refused. Those before it are kept; the same call again goes on where this one ended.
    pub fn carry_out(&self, plan: &Plan, done: &(dyn Fn(usize) + Sync)) -> Result<usize, Stopped> {
        let count = Count::default();
        let first_person = plan.steps.partition_point(|step| step.kind != FileKind::Person);
        let (ground, people) = plan.steps.split_at(first_person);
        // The ground stands before anybody does who stands on it.
        self.keep_all(ground, &count, done)?;
        self.keep_all(people, &count, done)?;
        Ok(count.entries.into_inner())
    }

    fn keep_all(&self, steps: &[Step], count: &Count, done: &(dyn Fn(usize) + Sync)) -> Result<(), Stopped> {
        let next = AtomicUsize::new(0);
        let stopped: Mutex<Option<Stopped>> = Mutex::new(None);
        let work = || {
            while stopped.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
                let Some(step) = steps.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                match self.keep(step) {
                    Ok(entries) => {
                        count.entries.fetch_add(entries, Ordering::Relaxed);
                        done(count.files.fetch_add(1, Ordering::Relaxed) + 1);
                    }
                    Err(why) => {
                        let mut stopped = stopped.lock().unwrap_or_else(PoisonError::into_inner);
                        stopped.get_or_insert(Stopped { files: 0, file: step.file.clone(), why });
                    }
                }
            }
        };
        std::thread::scope(|threads| (0..AT_ONCE.min(steps.len())).for_each(|_| _ = threads.spawn(work)));
        let stopped = stopped.into_inner().unwrap_or_else(PoisonError::into_inner);
        stopped.map_or(Ok(()), |stopped| Err(Stopped { files: count.files.load(Ordering::Relaxed), ..stopped }))
    }

    /// Keeps what is new of one file; gives how many entries that were. What another import kept meanwhile is not kept again.
    fn keep(&self, step: &Step) -> Result<usize, Refused> {
        let (mut after, mut new) = (step.kept, step.new.as_slice());
        loop {
            let entries = new.to_vec();
            let act = Act { id: random_id()?, file: step.file.clone(), after, entries, documents: Vec::new(), outbox: Vec::new() };
            match self.append(act) {
                Ok(_) => return Ok(new.len()),
                Err(Refused::Conflict { length, since }) => {
                    let brought: Vec<Entry> = since.iter().map(crate::entry::Kept::as_brought).collect();
                    if brought.is_empty() || first_difference(&brought, new).is_some() {
                        return Err(Refused::Conflict { length, since });
                    }
                    new = new.get(brought.len()..).unwrap_or_default();
                    after = length;
                    if new.is_empty() {
                        return Ok(0);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// How much was kept so far.
#[derive(Default)]
struct Count {
    files: AtomicUsize,
    entries: AtomicUsize,
}

/// The law file first: it may touch all; then those whom people's files name.
const fn order(kind: FileKind) -> u8 {
    match kind {
        FileKind::Law => 0,
        FileKind::Facility => 1,
        FileKind::Professional => 2,
        FileKind::Organisation => 3,
        FileKind::Person => 4,
    }
}

#[cfg(test)]
mod tests {
    use openward_law::casefile;

    use super::*;
    use crate::store::Entries as _;
    use crate::testing::Place;

    fn files(fact: &str) -> Vec<FileEntries> {
        let text = format!(
            "{{\"openward\":\"case-file\",\"version\":1}}\n{{\"file\":\"per_bob\",\"n\":1,\"at\":\"2024-03-01\",\"fact\":\"{fact}\",\"note\":\"words\"}}\n"
        );
        gather(vec![CaseFile::read(&text).expect("a case file")]).expect("one file")
    }

    fn ids(place: &Place) -> Vec<Vec<u8>> {
        let store = place.store();
        let row = store.file(place.keys.pseudonym("per_bob").as_bytes()).expect("read").expect("there");
        store.entries(row.id, 0, 9).expect("read").into_iter().map(|entry| entry.act.to_vec()).collect()
    }

    #[test]
    fn nothing_that_outlives_a_files_key_is_made_of_what_the_file_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let register = place.register();
        let plan = register.plan(files("left")).expect("new");
        assert_eq!(register.carry_out(&plan, &|_| ()).expect("kept"), 1);
        register.close();
        let kept = ids(&place);
        // The same entries with the same keys elsewhere: whoever guesses right must not see it.
        let text = casefile::CaseFile { header: casefile::Header::default(), files: files("left") }.write();
        let guess = place.keys.pseudonym_of("import", &format!("0\n{text}"));
        assert!(kept.iter().all(|id| id.as_slice() != guess.as_bytes()));
    }

    #[test]
    fn two_imports_of_one_file_at_once_keep_it_once_and_say_how_much_each_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let register = place.register();
        let (one, two) = (register.plan(files("left")).expect("new"), register.plan(files("left")).expect("new"));
        let other = register.plan(files("discharged")).expect("new");
        assert_eq!(register.carry_out(&one, &|_| ()).expect("kept"), 1);
        assert_eq!(register.carry_out(&two, &|_| ()).expect("there already"), 0);
        assert!(matches!(register.carry_out(&other, &|_| ()), Err(Stopped { why: Refused::Conflict { length: 1, .. }, .. })));
        assert_eq!(register.history("per_bob", AsOf::Now).expect("read").len(), 1);
    }
}
