//! Checking what a register gave out of one file: every part, the chain, the places in the log, the documents, and the case file for reading.
//!
//! In reading order: this file (what is checked and said), `stream` (one chain with its receipt, and how far it is signed or logged), `papers`
//! (documents), `lines` (how the sealed lines are read), `plain` (whether the case file says what the parts say). Deliberately absent: what the
//! entries mean.

mod lines;
mod papers;
mod plain;
mod stream;

use std::path::Path;

use openward_seal::checkpoint::{Trust, Vouched};

use self::papers::Papers;
use self::plain::Plain;
use self::stream::{Stream, Streams};
use crate::args::Args;
use crate::receipt::{file, older, trust, witnesses};
use crate::report::{Exit, Report};
use crate::time::utc;

/// The most faults that are said; one who wrote everything anew should not hide the first among thousands.
const FAULTS_MAX: usize = 100;

/// What is wrong.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn add(&mut self, what: impl Into<String>) {
        if self.0.len() < FAULTS_MAX {
            self.0.push(what.into());
        }
    }
}

/// `openward-verify export`
pub(crate) fn check(args: &Args, folder: &Path) -> Result<Report, Report> {
    let trust = trust(args)?;
    let log_alone = Trust::new(args.keys.clone()).map_err(Report::usage)?;
    let checkpoint = folder.join("sealed").join("checkpoint");
    let vouched = if is_there(&checkpoint)? { Some(trust.open(&file(&checkpoint)?).map_err(Report::wrong)?) } else { None };
    let (mut faults, mut papers) = (Faults::default(), Papers::of(folder));
    let mut plain = Plain::open(&folder.join("case-file.jsonl"))?;
    let mut streams = Streams { folder, trust: &log_alone, vouched: vouched.as_ref(), faults: &mut faults, papers: &mut papers };
    let (entries, called) = streams.read("entries", Some(&mut plain))?;
    let reads = if is_there(&folder.join("sealed").join("reads.jsonl"))? { Some(streams.read("reads", None)?) } else { None };
    if called.len() > 1 || reads.as_ref().is_some_and(|(_, of)| *of != called) {
        faults.add("the entries do not all say that they are of the same file");
    }
    papers.unnamed(&mut faults)?;
    let said = plain.end().unwrap_or_else(|fault| {
        faults.add(fault);
        0
    });
    if !faults.0.is_empty() {
        return Err(Report::several(Exit::Wrong, faults.0));
    }
    let mut report = Report::new();
    match &vouched {
        Some(vouched) => report.prove(format!("The log `{}` signed that it had {} entries.", trust.origin(), vouched.head().size)),
        None => report.miss("That the entries are in the log: there is no checkpoint in the export."),
    }
    say(&mut report, &entries);
    match &reads {
        Some((reads, _)) => say(&mut report, reads),
        None => report.leave("Who opened the file. The record of that is not in this copy."),
    }
    beside(&mut report, &entries, said, papers.count());
    against_others(&mut report, args, vouched.as_ref(), &log_alone)?;
    report.leave(
        "That `index.html`, `standing.json` and `case-file-with-others.jsonl` say what the entries say. The entries are the evidence.",
    );
    report.leave("That what the entries say is true, or that everything that happened was put on the register.");
    Ok(report)
}

fn is_there(path: &Path) -> Result<bool, Report> {
    path.try_exists().map_err(|error| Report::unreadable(format!("{}: {error}", path.display())))
}

/// What a stream proves: as far as the register signed it, or put it into its log. Each entry holds the hash of the one before, so the last that is
/// signed or logged carries all before it. What comes after anybody may have written.
fn say(report: &mut Report, stream: &Stream) {
    let Stream { name, count, carried, logged, opened, withheld, signed } = stream;
    if *count == 0 {
        report.miss(format!("That there were no {name}: none are here, and nothing that the register signed says so."));
        return;
    }
    if carried == count {
        let each = format!("The {count} {name} are one chain without a gap, and each of their {opened} parts is the one that was sealed.");
        report.prove(each);
    } else {
        let from = if *carried == 0 { "none of them".to_owned() } else { format!("only those up to {carried}") };
        report.miss(format!(
            "That the {count} {name} are what the register sealed: the register signed {from}, or put {from} into its log, as far as this copy \
             shows. The others fit each other, which anybody can bring about."
        ));
    }
    match signed {
        Some(at) => {
            let at = utc(*at);
            report.prove(format!("The register signed the hash of the newest of the {name}, of {at}."));
            report.leave(format!("That there are no later {name}. The newest here is of {at}; ask the register for another export."));
        }
        None => report.miss(format!("That the {name} reach to the newest one: their receipt is not in the export.")),
    }
    if *withheld > 0 {
        report.leave(format!("{withheld} parts of the {name} are withheld: their hashes are here, and what they say is not."));
    }
    if logged == count {
        report.prove(format!("Each of the {name} is in the log that the checkpoint covers."));
    } else {
        let left = count - logged;
        report
            .miss(format!("That {left} of the {name} are in the log: there is no proof of it here. Ask the register for another export."));
    }
}

/// The case file and the documents prove no more than the entries that they belong to.
fn beside(report: &mut Report, entries: &Stream, said: u64, papers: usize) {
    if entries.carried < entries.count {
        report.miss(
            "That `case-file.jsonl` and the documents are what was sealed: they fit the entries here, and no more is shown of those.",
        );
        return;
    }
    report.prove(format!("`case-file.jsonl` says what the {said} sealed entries say, and nothing else."));
    if papers > 0 {
        report.prove(format!("Each of the {papers} documents is the one that was sealed."));
    }
}

/// Witnesses, and checkpoints from another time or hand. Without a checkpoint there is nothing to compare, and that is said.
fn against_others(report: &mut Report, args: &Args, vouched: Option<&Vouched>, log_alone: &Trust) -> Result<(), Report> {
    let Some(vouched) = vouched else {
        for path in &args.older {
            report.miss(format!("That the log agrees with {}: there is no checkpoint in the export.", path.display()));
        }
        if !args.witnesses.is_empty() {
            report.miss("That your witnesses saw the log: there is no checkpoint in the export.");
        }
        return Ok(());
    };
    witnesses(report, args, vouched);
    older(report, args, vouched, log_alone)
}
