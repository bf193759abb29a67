//! Checking what a register gave out of one file: every part, the chain, the places in the log, the documents, and the case file for reading.
//!
//! In reading order: this file (what is checked and said), `lines` (how the sealed lines are read), `plain` (whether the case file says what the
//! parts say). Deliberately absent: what the entries mean.

mod lines;
mod plain;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use openward_seal::check::{Check, Entry, Known, Opened};
use openward_seal::checkpoint::Trust;
use openward_seal::document::{Compare, Stated};
use openward_seal::merkle::{leaf, verify};
use openward_seal::receipt::{self, Stage};
use openward_seal::tiles::whole::Head;

use self::lines::{Line, Lines};
use self::plain::Plain;
use crate::args::Args;
use crate::receipt::{file, older, trust, witnesses};
use crate::report::Report;
use crate::time::utc;

/// The most faults that are said; one who wrote everything anew should not hide the first among thousands.
const FAULTS_MAX: usize = 100;

/// What was found in one export.
struct Found<'a> {
    folder: &'a Path,
    report: Report,
    faults: Vec<String>,
    /// Documents that a part names.
    named: BTreeSet<PathBuf>,
    /// What the headers call the file.
    called: BTreeSet<String>,
}

/// `openward-verify export`
pub(crate) fn check(args: &Args, folder: &Path) -> Result<Report, Report> {
    let trust = trust(args)?;
    let log_alone = Trust::new(args.keys.clone()).map_err(Report::usage)?;
    let mut found = Found { folder, report: Report::new(), faults: Vec::new(), named: BTreeSet::new(), called: BTreeSet::new() };
    let checkpoint = folder.join("sealed").join("checkpoint");
    let vouched = if checkpoint.exists() { Some(trust.open(&file(&checkpoint)?).map_err(Report::wrong)?) } else { None };
    let head = vouched.as_ref().map(|vouched| vouched.head());
    match head {
        Some(head) => found.report.prove(format!("The log `{}` signed that it had {} entries.", trust.origin(), head.size)),
        None => found.report.miss("That the entries are in the log: there is no checkpoint in the export."),
    }
    let mut plain = Plain::open(&folder.join("case-file.jsonl"))?;
    found.stream("entries", &log_alone, head, Some(&mut plain))?;
    if folder.join("sealed").join("reads.jsonl").exists() {
        found.stream("reads", &log_alone, head, None)?;
    } else {
        found.report.leave("Who opened the file. The record of that is not in this copy.");
    }
    if found.called.len() > 1 {
        found.fault("the entries do not all say that they are of the same file");
    }
    found.unnamed()?;
    match plain.end() {
        Ok(count) => found.report.prove(format!("`case-file.jsonl` says what the {count} sealed entries say, and nothing else.")),
        Err(fault) => found.fault(fault),
    }
    if !found.faults.is_empty() {
        return Err(Report::wrong(found.faults.join("\n- ")));
    }
    let Found { mut report, .. } = found;
    if let Some(vouched) = &vouched {
        witnesses(&mut report, args, vouched);
        older(&mut report, args, vouched, &log_alone)?;
    }
    report
        .leave("That `index.html` and `standing.json` say what the entries say. They are made for reading; the entries are the evidence.");
    report.leave("That what the entries say is true, or that everything that happened was put on the register.");
    Ok(report)
}

impl Found<'_> {
    fn fault(&mut self, what: impl Into<String>) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(what.into());
        }
    }

    /// One chain of entries with its receipt.
    fn stream(&mut self, name: &str, trust: &Trust, head: Option<Head>, mut plain: Option<&mut Plain>) -> Result<(), Report> {
        let path = self.folder.join("sealed").join(format!("{name}.jsonl"));
        let (mut lines, stated) = Lines::open(&path, name)?;
        if stated.origin != trust.origin() {
            return Err(Report::wrong(format!("{}: this is of another log, `{}`", path.display(), stated.origin.escape_debug())));
        }
        let (known, signed) = self.receipt(name, trust, &stated)?;
        let mut check = Check::new(stated.file, &known);
        let (mut count, mut logged) = (0_u64, 0_u64);
        while let Some(line) = lines.next()? {
            count += 1;
            let opened: Vec<Opened<'_>> = line.opened().collect();
            check.entry(&Entry { file: stated.file, n: line.n, prev: line.prev, hash: line.entry, parts: &line.hashes, opened: &opened });
            if let (Some(head), Some((index, way))) = (head, &line.proof) {
                match verify::inclusion(&leaf(&line.entry), *index, head.size, way, &head.root) {
                    Ok(()) => logged += 1,
                    Err(error) => self.fault(format!("{name}, entry {}: {error}", line.n)),
                }
            }
            self.look_into(name, &line, plain.as_deref_mut())?;
        }
        let found = check.finish();
        found.faults.iter().for_each(|fault| self.fault(format!("{name}: {fault}")));
        if count != stated.length {
            self.fault(format!("{name}: {count} entries are here, and the first line says {}", stated.length));
        }
        self.say(name, count, logged, found.parts_opened, found.parts_withheld, signed);
        Ok(())
    }

    /// The receipt of the newest entry, which says how long the chain is.
    fn receipt(&mut self, name: &str, trust: &Trust, stated: &lines::Stated) -> Result<(Known, Option<u64>), Report> {
        let mut known = Known { length_min: stated.length, ..Known::default() };
        let second = self.folder.join("sealed").join(format!("newest-of-{name}.tlog-proof"));
        let first = self.folder.join("sealed").join(format!("newest-of-{name}.receipt"));
        let Some(path) = [second, first].into_iter().find(|path| path.exists()) else {
            self.report.miss(format!("That the {name} reach to the newest one: their receipt is not in the export."));
            return Ok((known, None));
        };
        let stage = receipt::open(&file(&path)?, trust).map_err(|error| Report::wrong(format!("{}: {error}", path.display())))?;
        let acknowledgement = match stage {
            Stage::Acknowledged(acknowledgement) => acknowledgement,
            Stage::Logged(proved) => proved.acknowledgement,
        };
        if acknowledgement.file != stated.file {
            self.fault(format!("{}: the receipt is of another file", path.display()));
            return Ok((known, None));
        }
        known.add(acknowledgement.n, acknowledgement.entry);
        Ok((known, Some(acknowledgement.at)))
    }

    fn look_into(&mut self, name: &str, line: &Line, plain: Option<&mut Plain>) -> Result<(), Report> {
        match plain::called(line) {
            Some(called) => _ = self.called.insert(called),
            None => self.fault(format!("{name}, entry {}: its header does not say of which file it is", line.n)),
        }
        for (part, document) in line.documents() {
            let Some(path) = document.path else { continue };
            self.named.insert(path.clone());
            let Some(stated) = document.bytes.and_then(Stated::of) else {
                self.fault(format!("{name}, entry {}: part {part} is not the part of a document", line.n));
                continue;
            };
            match is_same(&self.folder.join(path), stated) {
                Ok(true) => {}
                Ok(false) => self.fault(format!("{}: this is not the document that entry {} sealed", path.display(), line.n)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    self.fault(format!("{}: the document of entry {} is missing", path.display(), line.n));
                }
                Err(error) => return Err(Report::unreadable(format!("{}: {error}", path.display()))),
            }
        }
        if let Some(plain) = plain {
            plain.compare(line)?;
        }
        Ok(())
    }

    fn say(&mut self, name: &str, count: u64, logged: u64, opened: u64, withheld: u64, signed: Option<u64>) {
        let each = format!("The {count} {name} are one chain without a gap, and each of their {opened} parts is the one that was sealed.");
        self.report.prove(each);
        if let Some(at) = signed {
            self.report.prove(format!("The register signed the hash of the newest of the {name}, of {}.", utc(at)));
        }
        if withheld > 0 {
            let each = format!("{withheld} parts of the {name} are withheld: their hashes are here, and what they say is not.");
            self.report.leave(each);
        }
        if count > 0 && logged == count {
            self.report.prove(format!("Each of the {name} is in the log that the checkpoint covers."));
        } else if logged < count {
            let left = count - logged;
            self.report.miss(format!(
                "That {left} of the {name} are in the log: there is no proof of it here. Ask the register for another export."
            ));
        }
    }

    /// A document that no entry names was put there by somebody else.
    fn unnamed(&mut self) -> Result<(), Report> {
        let folder = self.folder.join("documents");
        let names = match std::fs::read_dir(&folder) {
            Ok(names) => names,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Report::unreadable(format!("{}: {error}", folder.display()))),
        };
        for name in names {
            let name = name.map_err(|error| Report::unreadable(format!("{}: {error}", folder.display())))?.file_name();
            let path = Path::new("documents").join(&name);
            if !self.named.contains(&path) {
                self.fault(format!("{}: no entry sealed this document", path.display()));
            }
        }
        if !self.named.is_empty() {
            self.report.prove(format!("Each of the {} documents is the one that was sealed.", self.named.len()));
        }
        Ok(())
    }
}

/// Whether the file is the document that was sealed.
fn is_same(path: &Path, stated: Stated) -> std::io::Result<bool> {
    let mut compare = Compare::with(stated);
    // One byte more than there should be is enough to see that it is another one.
    let mut from = File::open(path)?.take(stated.bytes.saturating_add(1));
    let mut some = [0; 8192];
    loop {
        let read = from.read(&mut some)?;
        match some.get(..read) {
            Some(read) if !read.is_empty() => compare.take(read),
            _ => return Ok(compare.is_same()),
        }
    }
}
