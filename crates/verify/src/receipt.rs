//! Checking a receipt or a checkpoint, alone and against checkpoints from other times and hands.
//!
//! Deliberately absent: the whole log; see [`crate::log`].

use std::path::Path;

use openward_seal::checkpoint::{Trust, Vouched};
use openward_seal::note::key::PublicKey;
use openward_seal::receipt::{self, Acknowledgement, Stage};
use openward_seal::tiles::{Log, LogError};
use openward_seal::witness::Request;

use crate::args::Args;
use crate::folder::{self, Folder, NOTE_MAX};
use crate::report::Report;
use crate::time::utc;

/// Whom the caller trusts. How many witnesses are there is counted and said, so that a missing one does not look like a wrong one.
pub(crate) fn trust(args: &Args) -> Result<Trust, Report> {
    let trust = Trust::new(args.keys.clone()).map_err(Report::usage)?;
    trust.clone().with_witnesses(args.witnesses.clone(), wanted(args)).map_err(Report::usage)?;
    trust.with_witnesses(args.witnesses.clone(), 0).map_err(Report::usage)
}

/// How many witnesses must have signed.
fn wanted(args: &Args) -> usize {
    let mut names: Vec<&str> = args.witnesses.iter().map(PublicKey::name).collect();
    names.sort_unstable();
    names.dedup();
    args.witnesses_min.unwrap_or(names.len())
}

pub(crate) fn file(path: &Path) -> Result<Vec<u8>, Report> {
    folder::read(path, NOTE_MAX).map_err(|error| Report::unreadable(format!("{}: {error}", path.display())))
}

/// A checkpoint, or the one within a receipt of the second stage.
pub(crate) fn vouched(path: &Path, trust: &Trust) -> Result<Vouched, Report> {
    let bytes = file(path)?;
    let named = |error: &dyn std::fmt::Display| Report::wrong(format!("{}: {error}", path.display()));
    if bytes.starts_with(receipt::PROOF_LINE.as_bytes()) {
        return receipt::Receipt::open(&bytes, trust).map(|proved| proved.checkpoint).map_err(|error| named(&error));
    }
    trust.open(&bytes).map_err(|error| named(&error))
}

/// `openward-verify receipt`
pub(crate) fn receipt(args: &Args, path: &Path) -> Result<Report, Report> {
    let trust = trust(args)?;
    // A checkpoint from another time need not have the witnesses that are asked for here.
    let log_alone = Trust::new(args.keys.clone()).map_err(Report::usage)?;
    let mut report = Report::new();
    match receipt::open(&file(path)?, &trust).map_err(Report::wrong)? {
        Stage::Acknowledged(acknowledgement) => {
            acknowledged(&mut report, &acknowledgement);
            report.miss("That the entry is in the log. This is the first stage of a receipt: ask the register for the second.");
            if !args.older.is_empty() {
                report.miss("That the log agrees with your older checkpoint: the first stage holds no checkpoint.");
            }
            if !args.witnesses.is_empty() {
                report.miss("That your witnesses saw the log: the first stage holds no checkpoint.");
            }
        }
        Stage::Logged(proved) => {
            acknowledged(&mut report, &proved.acknowledgement);
            let size = proved.checkpoint.head().size;
            report.prove(format!("The entry is in the log, as leaf {} of {size}.", proved.index));
            witnesses(&mut report, args, &proved.checkpoint);
            older(&mut report, args, &proved.checkpoint, &log_alone)?;
        }
    }
    report.leave("What the entry says. A receipt holds its hash; the entry itself comes with a copy of your file.");
    report.leave("That what the entry says is true, or that everything that happened was put on the register.");
    report.leave("That the register's clock was right. The time in a receipt is the register's own word.");
    Ok(report)
}

/// `openward-verify checkpoint`
pub(crate) fn checkpoint(args: &Args, path: &Path) -> Result<Report, Report> {
    let trust = trust(args)?;
    let log_alone = Trust::new(args.keys.clone()).map_err(Report::usage)?;
    let mut report = Report::new();
    let vouched = vouched(path, &trust)?;
    let head = vouched.head();
    report.prove(format!("The log `{}` signed that it had {} entries with the root {}.", trust.origin(), head.size, head.root));
    witnesses(&mut report, args, &vouched);
    older(&mut report, args, &vouched, &log_alone)?;
    report.leave("When it was signed, but for what witnesses say. A checkpoint holds no time.");
    Ok(report)
}

fn acknowledged(report: &mut Report, acknowledgement: &Acknowledgement) {
    let Acknowledgement { origin, file, n, entry, at } = acknowledgement;
    report.prove(format!("The log `{origin}` signed that it had entry {n} of the file {file} at {}.", utc(*at)));
    report.prove(format!("The hash of the entry is {entry}. Nobody can change the entry and keep this hash."));
}

pub(crate) fn witnesses(report: &mut Report, args: &Args, vouched: &Vouched) {
    for witness in vouched.witnesses() {
        let at = utc(witness.at);
        report.prove(format!("The witness `{}` says that it saw this log at {at}, and that until then it had only grown.", witness.name));
    }
    let (found, wanted) = (vouched.witnesses().len(), wanted(args));
    if found < wanted {
        report.miss(format!("That your witnesses saw this log: {found} of your witnesses signed; {wanted} are asked for."));
    }
    if args.witnesses.is_empty() {
        report.leave("That others were shown the same log. Name a witness with `--witness`, or compare checkpoints with somebody.");
    }
}

/// Compares with each checkpoint from another time or hand.
pub(crate) fn older(report: &mut Report, args: &Args, this: &Vouched, log_alone: &Trust) -> Result<(), Report> {
    if args.older.is_empty() {
        report.leave("That the log was not written anew before this checkpoint. Give a checkpoint from another time with `--older`.");
        return Ok(());
    }
    let mut requests = Vec::new();
    for path in &args.consistency {
        let request = Request::parse(&file(path)?);
        requests.push(request.map_err(|error| Report::wrong(format!("{}: {error}", path.display())))?);
    }
    for path in &args.older {
        let other = vouched(path, log_alone)?;
        let (first, second) = if other.head().size <= this.head().size { (&other, this) } else { (this, &other) };
        let (old, new) = (first.head(), second.head());
        let name = path.display();
        if old.size == new.size || old.size == 0 {
            second.follows(first, &[]).map_err(|error| Report::wrong(format!("{name}: {error}")))?;
        } else if let Some(folder) = &args.log {
            through_folder(&Folder(folder.clone()), log_alone, &[first, second])?;
        } else {
            let fits = |request: &&Request| {
                let head = log_alone.open_note(&request.checkpoint).map(|vouched| vouched.head());
                request.old == old.size && head == Ok(new)
            };
            let Some(request) = requests.iter().find(fits) else {
                report.miss(format!("That the log agrees with {name}: no proof from {} to {} entries was given.", old.size, new.size));
                continue;
            };
            second.follows(first, &request.proof).map_err(|error| Report::wrong(format!("{name}: {error}")))?;
        }
        report.prove(format!("The log only grew from {} to {} entries: {name} and this agree.", old.size, new.size));
    }
    Ok(())
}

/// Both are beginnings of the log in the folder, and so one of the other.
fn through_folder(folder: &Folder, trust: &Trust, heads: &[&Vouched]) -> Result<(), Report> {
    let name = folder.0.display().to_string();
    let bytes = folder.checkpoint().map_err(|error| Report::unreadable(format!("{name}: {error}")))?;
    let newest = trust.open(&bytes).map_err(|error| Report::wrong(format!("{name}: {error}")))?.head();
    let log = Log::new(folder, newest.size, newest.root);
    for head in heads.iter().map(|vouched| vouched.head()) {
        log.consistency(head.size, &head.root).map_err(|error| match error {
            LogError::Tile(error) => Report::unreadable(format!("{name}: {error}")),
            LogError::Proof(error) => Report::wrong(format!("{name}, at {} entries: {error}", head.size)),
        })?;
    }
    Ok(())
}
