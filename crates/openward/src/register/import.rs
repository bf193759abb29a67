//! `openward import`: case files into a register, so that the same import again adds nothing.
//!
//! Every problem of every input is said before anything is written; what no law could read is said too (`check`). Deliberately absent: what
//! is new and what contradicts, which the register finds (`openward_register::import`).

mod check;

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use openward_law::casefile::{CaseFile, FileEntries};
use openward_law::standing::laws_of;
use openward_law::time::When;
use openward_register::derived::Laws;
use openward_register::house::HouseError;
use openward_register::import::{NoPlan, Plan, gather};
use openward_register::store::sqlite::Sqlite;
use openward_register::writer::{Logged, Register};
use serde_json::json;

use super::shelf::Shelf;
use super::{Place, failed, moves, print_json, refused};
use crate::args::Format;
use crate::failure::Failure;
use crate::input;
use crate::packs::Packs;
use crate::page::{Console, Text, Tone, clean};
use crate::words::count;

/// The call `openward import`.
#[derive(Debug, Args)]
#[command(override_usage = "openward import [OPTIONS] <CASEFILE>...
       openward import --move <FILE> --identity <KEYFILE> [--key <KEY>] --register <NEW>")]
pub(crate) struct Import {
    #[command(flatten)]
    place: Place,
    /// Case files; `-` reads the standard input.
    #[arg(required_unless_present = "taken", value_name = "CASEFILE")]
    inputs: Vec<String>,
    /// Say what would be kept, and keep nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take in a whole register that was moved out with `openward export --all`. `--register` is the new folder, and a new master key is made
    /// where its file is not there.
    #[arg(id = "taken", long = "move", value_name = "FILE", requires = "identity", conflicts_with_all = ["inputs", "dry_run"])]
    taken: Option<PathBuf>,
    /// The file of the identity that opens the move.
    #[arg(long, value_name = "KEYFILE", requires = "taken")]
    identity: Option<PathBuf>,
    /// The register's public key, or the file that holds it, from a place that the sender of the move cannot change.
    #[arg(long, value_name = "KEY", requires = "taken")]
    key: Option<String>,
    /// A checkpoint that was kept elsewhere. May be repeated.
    #[arg(long, value_name = "FILE", requires = "taken")]
    checkpoint: Vec<PathBuf>,
    /// A list of destroyed keys that may be newer than the move.
    #[arg(long, value_name = "LIST", requires = "taken")]
    destroyed: Option<PathBuf>,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Brings case files in.
pub(crate) fn run(asked: &Import, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    if let Some(file) = &asked.taken {
        let taking = moves::In {
            file,
            identity: asked.identity.as_deref(),
            key: asked.key.as_deref(),
            checkpoint: &asked.checkpoint,
            destroyed: asked.destroyed.as_deref(),
            format: asked.format,
        };
        return moves::take(&asked.place, &taking, packs, console);
    }
    if asked.inputs.iter().filter(|input| *input == "-").count() > 1 {
        return Err(Failure::call("the standard input can be read once; name `-` once"));
    }
    let cases = read(&asked.inputs)?;
    let (house, opened) = asked.place.open(packs)?;
    let shelf = Shelf::open(packs, house.config().law.as_deref())?;
    zones(&asked.inputs, &cases, &shelf)?;
    let headers = check::headers(&cases);
    let files = gather(cases).map_err(|wrong| Failure::Content(wrong.iter().map(ToString::to_string).collect()))?;
    let notes = check::notes(&files, &headers, &opened.register, &shelf).map_err(|error| failed(HouseError::History(error)))?;
    let plan = opened.register.plan(files).map_err(|error| match error {
        NoPlan::History(error) => failed(HouseError::History(error)),
        NoPlan::Refused(wrong) => Failure::Refused(wrong.join("\n")),
    })?;
    notes.iter().for_each(|note| console.note(note));
    let kept = if asked.dry_run {
        plan.new_entries()
    } else {
        let kept = keep(&opened.register, &plan)?;
        // Forecasts that waited for a file of this import, such as that of a facility.
        opened.register.refold_marked(usize::MAX).map_err(refused)?;
        kept
    };
    let logged = opened.register.close();
    say(asked, &plan, &notes, kept, logged, console)
}

/// Reads every input; the problems of all of them together.
fn read(inputs: &[String]) -> Result<Vec<CaseFile>, Failure> {
    let mut cases = Vec::new();
    let mut problems = Vec::new();
    for input in inputs {
        match input::case_file(input) {
            Ok(case) => cases.push(case),
            Err(Failure::Content(more)) => problems.extend(more),
            Err(other) => return Err(other),
        }
    }
    if problems.is_empty() { Ok(cases) } else { Err(Failure::Content(problems)) }
}

/// A register keeps entries, not headers. A header that would change what an entry's time means is refused.
fn zones(inputs: &[String], cases: &[CaseFile], shelf: &Shelf) -> Result<(), Failure> {
    let mut problems = Vec::new();
    for (input, case) in inputs.iter().zip(cases) {
        for file in case.person_files() {
            let mut laws = laws_of(case, file);
            if laws.is_empty() {
                laws.extend(case.header.law.clone().or(shelf.usual().map(|law| law.pack.id.clone())));
            }
            let Some(zone) = case.header.zone.as_deref().filter(|_| has_local_times(file)) else { continue };
            let zones: Vec<_> = laws.iter().map(|law| shelf.law(law).map(|law| law.pack.zone.name().to_owned())).collect();
            if zones.is_empty() || zones.iter().any(|found| found.as_deref() != Some(zone)) {
                problems.push(format!(
                    "{input}: {}: the header says that times are of the zone {}, and a register reads a time without an offset in the zone of its \
                     place or law; write the offset with each time (`2024-03-01T10:15+01:00`), or leave the zone out of the header",
                    clean(&file.id),
                    clean(zone)
                ));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure::Content(problems)) }
}

fn has_local_times(file: &FileEntries) -> bool {
    file.entries.iter().any(|entry| !matches!(entry.at, When::Instant { .. }))
}

/// Keeps what is new, with a bar where somebody is looking.
fn keep(register: &Register<Sqlite>, plan: &Plan) -> Result<usize, Failure> {
    let bar = ProgressBar::with_draw_target(Some(plan.steps.len() as u64), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} files, {eta} to go") {
        bar.set_style(style);
    }
    let kept = register.carry_out(plan, &|done| bar.set_position(done as u64));
    bar.finish_and_clear();
    kept.map_err(|stopped| {
        let before = count(stopped.files, "file was", "files were");
        let rest = format!("{before} kept before; the same import again goes on from there.");
        let file = clean(&stopped.file);
        match refused(stopped.why) {
            Failure::Machine(text) => Failure::Machine(format!("{file}: {text}. {rest}")),
            Failure::Found(texts) => Failure::Found(texts.into_iter().map(|text| format!("{file}: {text}. {rest}")).collect()),
            Failure::Refused(text) => Failure::Refused(format!("{file}: {text}. {rest}")),
            other => other,
        }
    })
}

fn say(asked: &Import, plan: &Plan, notes: &[String], entries: usize, logged: Logged, console: &mut Console) -> Result<(), Failure> {
    let files = plan.steps.len();
    if asked.format == Format::Json {
        let each: Vec<_> = plan.steps.iter().map(|step| json!({ "file": step.file, "before": step.kept, "new": step.new.len() })).collect();
        let answer = json!({
            "format": "openward-import", "version": 1, "kept": !asked.dry_run, "entries": entries, "files": each, "unchanged": plan.unchanged,
            "in_log": logged == Logged::All, "notes": notes,
        });
        return print_json(&answer, console);
    }
    let mut page = console.page();
    let is = |tone: &str| Text::new(tone, Tone::Good);
    let what = format!("{} in {}", count(entries, "new entry", "new entries"), count(files, "file", "files"));
    page.put(
        0,
        match (entries, asked.dry_run) {
            (0, _) => Text::new("Nothing was new", Tone::Good).then(": the register keeps all of it already."),
            (_, true) => is("Would be kept").then(format!(": {what}.")),
            (_, false) => is("Kept").then(format!(": {what}.")),
        },
    );
    if entries < plan.new_entries() {
        let more = count(plan.new_entries() - entries, "more was", "more were");
        page.put(0, format!("{more} kept by another import meanwhile."));
    }
    if logged == Logged::NotAll {
        page.put(
            0,
            Text::new("Not in the log yet", Tone::Doubt)
                .then(": something holds the log up. Until it is there, whoever can write the database can take it away unseen. Look who else uses the \
                       register, and run `openward verify`."),
        );
    }
    if plan.unchanged > 0 && entries > 0 {
        page.put(0, format!("{} had nothing new.", count(plan.unchanged, "file", "files")));
    }
    console.show(&page)
}
