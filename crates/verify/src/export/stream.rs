//! One chain of an export with its receipt, and how far the register itself signed it or put it into its log.
//!
//! A chain that fits itself proves nothing: anybody can write one. Its receipt, or the place of an entry in the log, carries that entry and all before
//! it. Deliberately absent: what is said of it ([`super`]).

use std::collections::BTreeSet;
use std::path::Path;

use openward_seal::check::{Check, Entry, Known, Opened};
use openward_seal::checkpoint::{Trust, Vouched};
use openward_seal::merkle::{leaf, verify};
use openward_seal::receipt::{self, Acknowledgement, Stage};

use super::lines::{Line, Lines, Stated};
use super::papers::Papers;
use super::plain::{self, Plain};
use super::{Faults, is_there};
use crate::receipt::file;
use crate::report::Report;

/// What was found of one chain without a fault.
pub(super) struct Stream {
    /// `entries` or `reads`.
    pub(super) name: &'static str,
    pub(super) count: u64,
    /// Up to which entry the register signed the chain or put it into its log.
    pub(super) carried: u64,
    /// How many have a proof of their place in the log.
    pub(super) logged: u64,
    pub(super) opened: u64,
    pub(super) withheld: u64,
    /// When the register signed the newest.
    pub(super) signed: Option<u64>,
}

/// What both chains are read with.
pub(super) struct Streams<'a, 'b> {
    pub(super) folder: &'a Path,
    pub(super) trust: &'a Trust,
    pub(super) vouched: Option<&'a Vouched>,
    pub(super) faults: &'a mut Faults,
    pub(super) papers: &'a mut Papers<'b>,
}

/// A receipt of the newest entry.
struct Newest {
    acknowledgement: Acknowledgement,
    /// Where it is in the log, if the receipt is of the second stage.
    place: Option<u64>,
}

impl Streams<'_, '_> {
    /// Reads one chain whole; gives also what its headers call the file.
    pub(super) fn read(&mut self, name: &'static str, mut plain: Option<&mut Plain>) -> Result<(Stream, BTreeSet<String>), Report> {
        let path = self.folder.join("sealed").join(format!("{name}.jsonl"));
        let (mut lines, stated) = Lines::open(&path, name)?;
        if stated.origin != self.trust.origin() {
            return Err(Report::wrong(format!("{}: this is of another log, `{}`", path.display(), stated.origin)));
        }
        let newest = self.newest(name, &stated)?;
        let mut known = Known { length_min: stated.length, ..Known::default() };
        if let Some(newest) = &newest {
            known.add(newest.acknowledgement.n, newest.acknowledgement.entry);
        }
        let mut check = Check::new(stated.file, &known);
        let (mut called, mut place) = (BTreeSet::new(), None);
        let mut found = Stream { name, count: 0, carried: 0, logged: 0, opened: 0, withheld: 0, signed: None };
        while let Some(line) = lines.next()? {
            found.count += 1;
            let opened: Vec<Opened<'_>> = line.opened().collect();
            check.entry(&Entry { file: stated.file, n: line.n, prev: line.prev, hash: line.entry, parts: &line.hashes, opened: &opened });
            place = self.place(name, &line);
            if place.is_some() {
                found.logged += 1;
                found.carried = line.n;
            }
            self.look_into(name, &line, &mut called, plain.as_deref_mut())?;
        }
        let report = check.finish();
        (found.opened, found.withheld) = (report.parts_opened, report.parts_withheld);
        report.faults.iter().for_each(|fault| self.faults.add(format!("{name}: {fault}")));
        if found.count != stated.length {
            self.faults.add(format!("{name}: {} entries are here, and the first line says {}", found.count, stated.length));
        }
        if let Some(newest) = newest {
            self.ends_with(name, found.count, place, &newest);
            found.carried = found.carried.max(newest.acknowledgement.n);
            found.signed = Some(newest.acknowledgement.at);
        }
        Ok((found, called))
    }

    /// The place of an entry in the log, if its way to the root is there and right.
    fn place(&mut self, name: &str, line: &Line) -> Option<u64> {
        let (head, (index, way)) = (self.vouched?.head(), line.proof.as_ref()?);
        match verify::inclusion(&leaf(&line.entry), *index, head.size, way, &head.root) {
            Ok(()) => Some(*index),
            Err(error) => {
                self.faults.add(format!("{name}, entry {}: {error}", line.n));
                None
            }
        }
    }

    /// A register signs the newest entry when it gives an export, under the checkpoint that it gives with it. Anything else was put together.
    fn ends_with(&mut self, name: &str, count: u64, place: Option<u64>, newest: &Newest) {
        let n = newest.acknowledgement.n;
        if n < count {
            self.faults
                .add(format!("{name}: the receipt of the newest is of entry {n}, and {count} are here: nobody signed those after it"));
        } else if self.vouched.is_some() && newest.place != place {
            self.faults.add(format!("{name}: the receipt and the line of entry {n} do not give it the same place in the log"));
        }
    }

    /// The receipt of the newest entry, which says how long the chain is.
    fn newest(&mut self, name: &str, stated: &Stated) -> Result<Option<Newest>, Report> {
        let second = self.folder.join("sealed").join(format!("newest-of-{name}.tlog-proof"));
        let first = self.folder.join("sealed").join(format!("newest-of-{name}.receipt"));
        let path = if is_there(&second)? { second } else { first };
        if !is_there(&path)? {
            return Ok(None);
        }
        let stage = receipt::open(&file(&path)?, self.trust).map_err(|error| Report::wrong(format!("{}: {error}", path.display())))?;
        let newest = match stage {
            Stage::Acknowledged(acknowledgement) => Newest { acknowledgement, place: None },
            Stage::Logged(proved) => {
                self.same_log(&path, &proved.checkpoint);
                Newest { acknowledgement: proved.acknowledgement, place: Some(proved.index) }
            }
        };
        if newest.acknowledgement.file != stated.file {
            self.faults.add(format!("{}: the receipt is of another file", path.display()));
            return Ok(None);
        }
        Ok(Some(newest))
    }

    /// Two signed heads in one export must be one: else it was put together from two, or the log was shown in two ways.
    fn same_log(&mut self, path: &Path, other: &Vouched) {
        let Some(vouched) = self.vouched else { return };
        let (this, that) = (vouched.head(), other.head());
        if this.size != that.size {
            let what = format!("{}: its checkpoint is of {} entries, and that of the export of {}", path.display(), that.size, this.size);
            self.faults.add(what);
        } else if let Err(error) = vouched.follows(other, &[]) {
            self.faults.add(format!("{} and the checkpoint of the export: {error}", path.display()));
        }
    }

    fn look_into(&mut self, name: &str, line: &Line, called: &mut BTreeSet<String>, plain: Option<&mut Plain>) -> Result<(), Report> {
        match plain::headed(line) {
            Some(headed) => {
                // A line of one stream in the place of the other would hide who opened the file, or show an opening as a fact.
                if headed.stream.as_deref() != (name != "entries").then_some(name) {
                    self.faults.add(format!("{name}, entry {}: its header says that it is not one of the {name}", line.n));
                }
                self.papers.look(name, line, &headed, self.faults)?;
                called.insert(headed.file);
            }
            None => self.faults.add(format!("{name}, entry {}: its header does not say of which file it is", line.n)),
        }
        if let Some(plain) = plain {
            plain.compare(line)?;
        }
        Ok(())
    }
}
