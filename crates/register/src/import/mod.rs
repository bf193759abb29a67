//! Case files into the register: what is new in them is kept as acts, what is there already adds nothing, and what contradicts is refused.
//!
//! In reading order: [`gather`] puts several inputs together, [`Register::plan`] holds them against what is kept, [`Register::carry_out`] keeps
//! what is new. The id of an act comes from what it holds, so that a second attempt is known for one. Deliberately absent: the form of case
//! files (`openward_law::casefile`), and any judgment of what is in them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use openward_law::casefile::{CaseFile, FileEntries, Header};
use openward_law::entry::{Entry, FileKind};

use crate::history::{AsOf, HistoryError};
use crate::keys::KeyError;
use crate::store::{ActId, Store};
use crate::writer::{Act, Refused, Register};

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

    /// Keeps what is new, one act for each file. `done` is told how many files are kept, from several threads.
    ///
    /// # Errors
    /// The first file that was refused. Those before it are kept; the same call again goes on where this one ended.
    pub fn carry_out(&self, plan: &Plan, done: &(dyn Fn(usize) + Sync)) -> Result<(), Stopped> {
        let count = AtomicUsize::new(0);
        let first_person = plan.steps.partition_point(|step| step.kind != FileKind::Person);
        let (ground, people) = plan.steps.split_at(first_person);
        // The ground stands before anybody does who stands on it.
        self.keep_all(ground, &count, done)?;
        self.keep_all(people, &count, done)
    }

    fn keep_all(&self, steps: &[Step], count: &AtomicUsize, done: &(dyn Fn(usize) + Sync)) -> Result<(), Stopped> {
        let next = AtomicUsize::new(0);
        let stopped: Mutex<Option<Stopped>> = Mutex::new(None);
        let work = || {
            while stopped.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
                let Some(step) = steps.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                match self.append(self.act_of(step)) {
                    Ok(_) => done(count.fetch_add(1, Ordering::Relaxed) + 1),
                    Err(why) => {
                        let mut stopped = stopped.lock().unwrap_or_else(PoisonError::into_inner);
                        stopped.get_or_insert(Stopped { files: 0, file: step.file.clone(), why });
                    }
                }
            }
        };
        std::thread::scope(|threads| (0..AT_ONCE.min(steps.len())).for_each(|_| _ = threads.spawn(work)));
        let stopped = stopped.into_inner().unwrap_or_else(PoisonError::into_inner);
        stopped.map_or(Ok(()), |stopped| Err(Stopped { files: count.load(Ordering::Relaxed), ..stopped }))
    }

    fn act_of(&self, step: &Step) -> Act {
        let Step { file, kept, new, .. } = step;
        Act { id: self.act_id(step), file: file.clone(), after: *kept, entries: new.clone(), documents: Vec::new(), outbox: Vec::new() }
    }

    /// The same for the same entries at the same place, and keyed, so that nobody can try out what an act may hold.
    fn act_id(&self, step: &Step) -> ActId {
        let file = FileEntries { id: step.file.clone(), kind: step.kind, entries: step.new.clone() };
        let text = CaseFile { header: Header::default(), files: vec![file] }.write();
        *self.keys().pseudonym_of("import", &format!("{}\n{text}", step.kept)).as_bytes()
    }
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
