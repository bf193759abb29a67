//! Looking for what was done to a file's entries: a gap, a change, a removal of the newest, an insertion, another order.
//!
//! A chain alone proves only that its entries belong together. What it cannot show by itself (all entries from one on written anew, the
//! newest removed) shows against what is *known* from outside: hashes vouched for by receipts, the log, or an older copy. Deliberately
//! absent: where entries and known hashes are kept.

mod fault;

pub use fault::Fault;

use std::collections::BTreeMap;
use std::fmt;

use crate::chain::{self, BEFORE_FIRST, FileTag, PARTS_MAX};
use crate::digest::{EntryHash, PartHash};
use crate::part::{self, Salt};

/// The most faults that are kept; the rest is counted.
pub const FAULTS_MAX: usize = 100;

/// An entry as it is kept or copied. A part that is withheld, or whose text was erased, is not among the `opened`; its hash stays.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The file that it says it is of.
    pub file: FileTag,
    /// The number that it says it has.
    pub n: u64,
    /// The hash that it says the entry before it has.
    pub prev: EntryHash,
    /// The hash that it says it has itself.
    pub hash: EntryHash,
    /// The hashes of all its parts, in order.
    pub parts: &'a [PartHash],
    /// The parts whose bytes are here.
    pub opened: &'a [Opened<'a>],
}

/// A part whose bytes are here.
#[derive(Clone, Copy, Debug)]
pub struct Opened<'a> {
    /// Which part; 0 is the header.
    pub part: usize,
    /// Its salt.
    pub salt: Salt,
    /// Its bytes as they are kept.
    pub bytes: &'a [u8],
}

/// What somebody outside knows about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The file has at least so many entries.
    pub length_min: u64,
    /// Hashes of entries by number.
    pub hashes: BTreeMap<u64, EntryHash>,
}

impl Known {
    /// Adds one vouched-for entry, such as that of a receipt.
    pub fn add(&mut self, n: u64, hash: EntryHash) {
        self.length_min = self.length_min.max(n);
        self.hashes.insert(n, hash);
    }
}

/// What a check of one file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Which file.
    pub file: FileTag,
    /// The highest number seen.
    pub length: u64,
    /// The hash of that entry.
    pub head: EntryHash,
    /// The first [`FAULTS_MAX`] faults, in the order of the file.
    pub faults: Vec<Fault>,
    /// How many faults there are in all.
    pub fault_count: u64,
    /// How many parts were checked against their bytes.
    pub parts_opened: u64,
    /// How many parts were here by their hash alone.
    pub parts_withheld: u64,
}

impl Report {
    /// Whether nothing was found.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.fault_count == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_clean() {
            return write!(f, "file {}: {} entries, no fault", self.file, self.length);
        }
        write!(f, "file {}: {} faults", self.file, self.fault_count)?;
        for fault in &self.faults {
            write!(f, "\nfile {}: {fault}", self.file)?;
        }
        Ok(())
    }
}

/// A check of one file, entry by entry, so that a file need not fit in memory.
pub struct Check<'a> {
    known: &'a Known,
    numbers: BTreeMap<EntryHash, u64>,
    report: Report,
}

impl<'a> Check<'a> {
    /// Begins with the first entry of a file.
    #[must_use]
    pub fn new(file: FileTag, known: &'a Known) -> Self {
        let numbers = known.hashes.iter().map(|(n, hash)| (*hash, *n)).collect();
        let report = Report { file, length: 0, head: BEFORE_FIRST, faults: Vec::new(), fault_count: 0, parts_opened: 0, parts_withheld: 0 };
        Self { known, numbers, report }
    }

    /// Takes the next entry in the order in which they are kept.
    pub fn entry(&mut self, entry: &Entry<'_>) {
        if entry.file != self.report.file {
            self.fault(Fault::OtherFile { n: entry.n, other: entry.file });
            return;
        }
        let agrees = self.itself(entry);
        self.against_known(entry, agrees);
        self.place(entry);
    }

    /// Ends the check.
    #[must_use]
    pub fn finish(mut self) -> Report {
        let (have, known) = (self.report.length, self.known.length_min);
        if have < known {
            self.fault(Fault::NewestMissing { from: have + 1, to: known });
        }
        self.report
    }

    /// Whether the entry agrees with itself.
    fn itself(&mut self, entry: &Entry<'_>) -> bool {
        let n = entry.n;
        let before = self.report.fault_count;
        if entry.parts.is_empty() || entry.parts.len() > PARTS_MAX {
            self.fault(Fault::PartCount { n, count: entry.parts.len() });
        }
        if chain::hash(&entry.file, n, &entry.prev, entry.parts) != entry.hash {
            self.fault(Fault::Changed { n });
        }
        for opened in entry.opened {
            if entry.parts.get(opened.part) != Some(&part::hash(&opened.salt, opened.bytes)) {
                self.fault(Fault::PartChanged { n, part: opened.part });
            }
        }
        let opened = entry.opened.len() as u64;
        self.report.parts_opened += opened;
        self.report.parts_withheld += (entry.parts.len() as u64).saturating_sub(opened);
        self.report.fault_count == before
    }

    fn against_known(&mut self, entry: &Entry<'_>, agrees: bool) {
        let n = entry.n;
        match (self.known.hashes.get(&n), self.numbers.get(&entry.hash)) {
            (Some(known), _) if *known == entry.hash => {}
            (_, Some(was)) => {
                let was = *was;
                self.fault(Fault::Moved { n, was });
            }
            // An entry that was changed in place has said so already, unless its hash was changed with it.
            (Some(_), None) if agrees => self.fault(Fault::NotAsKnown { n }),
            (Some(_) | None, None) => {}
        }
    }

    fn place(&mut self, entry: &Entry<'_>) {
        let (n, last) = (entry.n, self.report.length);
        if n == last && n > 0 {
            self.fault(Fault::Twice { n });
            return;
        }
        if n <= last {
            self.fault(Fault::OutOfOrder { n, after: last });
            return;
        }
        if n - last > 1 {
            self.fault(Fault::Gap { from: last + 1, to: n - 1 });
        } else if entry.prev != self.report.head {
            self.fault(Fault::Unlinked { n });
        }
        self.report.length = n;
        self.report.head = entry.hash;
    }

    fn fault(&mut self, fault: Fault) {
        self.report.fault_count += 1;
        if self.report.faults.len() < FAULTS_MAX {
            self.report.faults.push(fault);
        }
    }
}
