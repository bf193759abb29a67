//! `openward verify`: the whole register against its own checkpoints and those from outside; `openward accept-clock`.
//!
//! Deliberately absent: repair. `openward-verify` does what can be done without the register.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use openward_register::house::{HouseError, papers};
use openward_register::keys::{Keys, Pseudonym};
use openward_register::store::Store;
use openward_register::verify::Report;
use openward_register::{history, verify, writer};
use openward_seal::checkpoint::{Trust, Witnessed};
use openward_seal::note::key::{KeyKind, PublicKey};
use serde_json::json;

use super::place::{checkpoint_of, key_of, text_of};
use super::{Place, failed, keys_failed, print_json, refused};
use crate::args::Format;
use crate::failure::Failure;
use crate::packs::Packs;
use crate::page::{Console, Page, Text, Tone, clean};
use crate::words::count;

/// The call `openward verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    place: Place,
    /// A checkpoint that was kept elsewhere: printed, sent, co-signed. May be given several times.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// The public key of a witness, or the file that holds it: says up to where the witness signed. May be given several times.
    #[arg(long, value_name = "KEY")]
    witness: Vec<String>,
    /// The register's public key, or the file that holds it, from a place that the register cannot change; default: `register.vkey`.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// The newest list of destroyed keys that was kept apart (`openward keys destroyed`): no key of a file on it may be here again.
    #[arg(long, value_name = "LIST", conflicts_with = "without_master")]
    destroyed: Option<PathBuf>,
    /// Check chains and log alone; parts, names and documents stay closed.
    #[arg(long)]
    without_master: bool,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The call `openward accept-clock`.
#[derive(Debug, Args)]
pub(crate) struct AcceptClock {
    #[command(flatten)]
    place: Place,
}

/// So many files are named by their ids; more of them do not help anybody to look.
const NAMED_MAX: usize = 50;

/// The newest checkpoint that a witness signed.
struct Seen {
    witness: String,
    newest: Option<(u64, u64)>,
}

/// Checks.
pub(crate) fn run(asked: &Verify, console: &mut Console) -> Result<(), Failure> {
    let house = asked.place.house()?;
    let key = match &asked.key {
        Some(given) => key_of(given, KeyKind::Log)?,
        None => house.public_key().map_err(failed)?,
    };
    let trust = Trust::new(vec![key.clone()]).map_err(Failure::call_of)?;
    let witnesses = asked.witness.iter().map(|given| key_of(given, KeyKind::Witness)).collect::<Result<Vec<_>, _>>()?;
    let origin = &house.config().origin;
    if key.name() != origin {
        return Err(Failure::call(format!("--key: this is the key of {}, and the register is {}", clean(key.name()), clean(origin))));
    }
    let outside = asked.checkpoint.iter().map(|path| checkpoint_of(path, origin)).collect::<Result<Vec<_>, _>>()?;
    let keys = if asked.without_master { None } else { Some(house.keys(&asked.place.master()?).map_err(failed)?) };
    let store = house.store().and_then(|store| Ok(store.reader()?)).map_err(failed)?;
    let history = |error| failed(HouseError::History(error));
    let report = verify::register(&store, keys.as_ref(), &trust, &outside).map_err(history)?;
    let mut findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    let more = report.count.saturating_sub(report.findings.len() as u64);
    if more > 0 {
        findings.push(format!("and {more} more"));
    }
    let mut papers = None;
    if !house.is_private().map_err(failed)? {
        findings.push(
            "OW-REG-106 others on this machine may look into the register's folder, or change it; let only its owner: chmod 700, and ask who may have \
             been there"
                .to_owned(),
        );
    }
    if let Some(keys) = &keys {
        if let Err(error) = house.check_law(&store, keys) {
            findings.push(error.to_string());
        }
        if let Some(path) = &asked.destroyed {
            for file in writer::not_destroyed(keys, &text_of(path)?).map_err(|error| keys_failed(&error))? {
                findings.push(format!(
                    "OW-REG-107 file {file}: your list says that its keys were destroyed, and here they are not: an older copy of both stores was put \
                     back; put the newest back with that list, `openward restore --destroyed LIST`"
                ));
            }
        }
        for file in writer::returned(&store, keys).map_err(history)? {
            findings.push(format!(
                "OW-REG-085 file {file}: its keys were destroyed and are here again, for an older key store was put back; open the register \
                 once, and they are gone"
            ));
        }
        let found = papers::check(&store, keys, &house.documents().map_err(failed)?).map_err(failed)?;
        findings.extend(found.findings.iter().cloned());
        papers = Some(found);
    }
    let seen = seen(&store, &key, &witnesses, &outside)?;
    for nobody in seen.iter().filter(|seen| seen.newest.is_none()) {
        findings.push(format!("OW-REG-086 the witness {} has signed no checkpoint that is here", nobody.witness));
    }
    match asked.format {
        Format::Json => {
            let witnesses: Vec<_> = seen
                .iter()
                .map(|seen| json!({ "witness": seen.witness, "size": seen.newest.map(|(size, _)| size), "at": seen.newest.map(|(_, at)| at) }))
                .collect();
            let answer = json!({
                "format": "openward-verify", "version": 1, "files": report.files, "entries": report.entries, "parts": report.parts,
                "log": report.log, "waiting": report.waiting, "documents": papers.as_ref().map(|papers| papers.named),
                "unnamed_documents": papers.as_ref().map(|papers| papers.unnamed), "witnesses": witnesses, "findings": findings,
            });
            print_json(&answer, console)?;
        }
        Format::Text => {
            let mut page = console.page();
            tell(&mut page, asked, &report, papers.as_ref(), &seen, findings.is_empty());
            if let Some(keys) = &keys {
                names(&mut page, &store, keys, &report);
            }
            console.show(&page)?;
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(Failure::Found(findings)) }
}

/// Up to where each witness has signed, by the checkpoints in the register and those from outside.
fn seen(store: &impl Store, key: &PublicKey, witnesses: &[PublicKey], outside: &[Vec<u8>]) -> Result<Vec<Seen>, Failure> {
    let rows = store.checkpoints().map_err(|error| failed(error.into()))?;
    let notes: Vec<&[u8]> = rows.iter().map(|row| row.note.as_slice()).chain(outside.iter().map(Vec::as_slice)).collect();
    let mut seen = Vec::new();
    for witness in witnesses {
        let trust =
            Trust::new(vec![key.clone()]).and_then(|trust| trust.with_witnesses(vec![witness.clone()], 1)).map_err(Failure::call_of)?;
        let signed = notes.iter().filter_map(|note| trust.open(note).ok());
        let newest = signed.filter_map(|vouched| vouched.witnesses().first().map(|Witnessed { at, .. }| (vouched.head().size, *at))).max();
        seen.push(Seen { witness: witness.name().to_owned(), newest });
    }
    Ok(seen)
}

fn tell(page: &mut Page, asked: &Verify, report: &Report, papers: Option<&papers::Papers>, seen: &[Seen], is_clean: bool) {
    let n = |n: u64, one, many| count(usize::try_from(n).unwrap_or(usize::MAX), one, many);
    page.put(0, format!("{} in {} were checked.", n(report.entries, "entry", "entries"), n(report.files, "file", "files")));
    if asked.without_master {
        page.put(0, "No part was opened: what the entries say, who they are about, and their documents were not checked.");
    } else {
        page.put(0, format!("{} opened.", n(report.parts, "part was", "parts were")));
    }
    if let Some(papers) = papers {
        let unnamed = if papers.unnamed > 0 {
            format!("; {} that no readable entry names", n(papers.unnamed, "more", "more"))
        } else {
            String::new()
        };
        page.put(0, format!("{} are named by entries{unnamed}.", n(papers.named, "document", "documents")));
    }
    let waiting = if report.waiting > 0 { format!("; {} for it", n(report.waiting, "entry waits", "entries wait")) } else { String::new() };
    page.put(0, format!("The log has {}{waiting}.", n(report.log, "entry", "entries")));
    for Seen { witness, newest } in seen {
        if let Some((size, at)) = newest {
            let at = i64::try_from(*at).ok().and_then(|at| jiff::Timestamp::from_second(at).ok()).map(|at| at.to_string());
            let at = at.unwrap_or_else(|| "a time out of range".to_owned());
            page.put(0, format!("The witness {witness} has signed up to {}, at {at}.", n(*size, "entry", "entries")));
        }
    }
    if is_clean {
        page.put(0, Text::new("All of it belongs together.", Tone::Good));
    } else {
        page.put(0, Text::new("Not all of it is as it must be.", Tone::Bad).then(" Change nothing, and keep a copy: it is evidence."));
    }
    if asked.destroyed.is_none() && !asked.without_master {
        page.put(
            0,
            "Not shown by this: that no key which was destroyed is here again, where both stores were put back from before. That needs the newest \
             list: `--destroyed LIST`.",
        );
    }
    if asked.checkpoint.is_empty() {
        page.put(
            0,
            "Not shown by this: that the whole was not written anew, or put back from an older copy. That needs a checkpoint from another time \
             or hand: `--checkpoint FILE`.",
        );
    }
}

/// Which files the findings are about, by their ids, where those can still be read.
fn names(page: &mut Page, store: &impl Store, keys: &Keys, report: &Report) {
    let files: BTreeSet<_> = report.findings.iter().filter_map(|finding| finding.file).collect();
    for name in files.into_iter().take(NAMED_MAX) {
        let Ok(Some(row)) = store.file(&name) else { continue };
        if let Ok(Some(id)) = history::id_of(store, keys, &row) {
            page.put(0, format!("File {} is {id}.", Pseudonym::from_bytes(name)));
        }
    }
}

/// Accepts a clock that had jumped.
pub(crate) fn accept_clock(asked: &AcceptClock, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let (_, opened) = asked.place.open(packs)?;
    let mut page = console.page();
    match opened.register.clock_jumped().map_err(refused)? {
        None => page.put(0, "The clock is where it should be; nothing was changed."),
        Some(_) => {
            let jump = opened.register.accept_clock().map_err(refused)?;
            let seconds = jump / 1_000_000;
            page.put(
                0,
                Text::new("The clock is accepted as it is", Tone::Good).then(format!(", {seconds} s from the last record. That is kept.")),
            );
            page.put(0, "Until the clock has passed the last record, entries are recorded at the instant of that record.");
        }
    }
    opened.register.close();
    console.show(&page)
}
