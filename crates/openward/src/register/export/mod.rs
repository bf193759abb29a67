//! `openward export`: one file, whole, for the person it is about and those who act for them; or the whole register, encrypted, to move it.
//!
//! Reading order: this file (the call), `page` (what people read of it), `standing` (the part of it that the law makes). Deliberately
//! absent: what is given out and how it is sealed (`openward_register::export`), and who may ask.

mod page;
mod standing;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use openward_law::casefile::{CaseFile, Header};
use openward_law::engine::{Context, Law};
use openward_law::standing::{Question, Reach, laws_of, zone_of_file};
use openward_register::derived::Laws;
use openward_register::export::{Asked, Contents, ExportError, Reads};
use openward_register::house::HouseError;
use openward_register::reads::Reader;
use serde_json::json;

use super::place::{checkpoint_of, outside};
use super::shelf::Shelf;
use super::{Place, failed, moves, print_json, refused};
use crate::args::Format;
use crate::failure::Failure;
use crate::packs::Packs;
use crate::page::{Console, Text, Tone, clean};
use crate::standing::with_next;
use crate::words::{count, unstopped};

/// The call `openward export`.
#[derive(Debug, Args)]
#[command(override_usage = "openward export [OPTIONS] --out <DIR> --reader <WHO> --capacity <WORD> --purpose <TEXT> <FILE_ID>
       openward export --all --recipient <AGE1> --out <FILE>
       openward export --take-back <ORIGIN>")]
pub(crate) struct Export {
    #[command(flatten)]
    place: Place,
    /// The file, such as `per_ann`.
    #[arg(value_name = "FILE_ID", required_unless_present_any = ["all", "take_back"])]
    file: Option<String>,
    /// The folder to make; with `--all` the file. It must not be there yet.
    #[arg(long, value_name = "DIR", required_unless_present = "take_back")]
    out: Option<PathBuf>,
    /// Who opens the file: the id of their own file, such as `pro_ash`, or `person`. It is recorded, and shown to the person.
    #[arg(long, value_name = "WHO", required_unless_present_any = ["all", "take_back"])]
    reader: Option<String>,
    /// In which capacity: `person`, `counsel`, `review-body`.
    #[arg(long, value_name = "WORD", required_unless_present_any = ["all", "take_back"])]
    capacity: Option<String>,
    /// For what.
    #[arg(long, value_name = "TEXT", required_unless_present_any = ["all", "take_back"])]
    purpose: Option<String>,
    /// Leave out who opened the file: for a copy that goes to anybody but the person and those who act for them.
    #[arg(long)]
    without_reads: bool,
    /// Withhold a free text or document of an entry, such as `3:note` or `3:document-1`. The copy says so, and still checks. May be repeated.
    #[arg(long, value_name = "ENTRY:PART")]
    withhold: Vec<String>,
    /// Move the whole register to another place: into one file, encrypted for a recipient there. Nothing is written here from then on.
    #[arg(long, requires = "recipient", conflicts_with_all = ["file", "reader", "capacity", "purpose", "without_reads", "withhold", "checkpoint"])]
    all: bool,
    /// Who may open the move: what `openward keys new-identity` printed at the new place. May be repeated.
    #[arg(long, value_name = "AGE1", requires = "all")]
    recipient: Vec<String>,
    /// Say that a move was never taken in and never will be, with this register's origin: work goes on here.
    #[arg(long, value_name = "ORIGIN", conflicts_with_all = ["file", "all", "out", "reader", "capacity", "purpose", "without_reads", "withhold"])]
    take_back: Option<String>,
    /// Prove by this checkpoint of the register, such as one that a witness signed, instead of the newest. What came after it, this opening
    /// too, is given out without a proof.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The call for one file.
struct One<'a> {
    place: &'a Place,
    file: &'a str,
    out: &'a Path,
    without_reads: bool,
    checkpoint: Option<&'a Path>,
    format: Format,
}

/// The most characters of a word about the reader: it is kept with every opening.
const SAID_MAX: usize = 200;

/// Gives one file out, or the whole.
pub(crate) fn run(asked: &Export, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    if let Some(origin) = &asked.take_back {
        return moves::take_back(&asked.place, origin, console);
    }
    let lacks = |what: &str| Failure::call(format!("{what} is missing: see `openward export --help`"));
    let out = asked.out.as_deref().ok_or_else(|| lacks("--out"))?;
    if asked.all {
        return moves::out(&asked.place, &asked.recipient, out, asked.format, packs, console);
    }
    let file = asked.file.as_deref().ok_or_else(|| lacks("the file"))?;
    let [who, capacity, purpose] = [("--reader", &asked.reader), ("--capacity", &asked.capacity), ("--purpose", &asked.purpose)]
        .map(|(option, text)| text.clone().ok_or_else(|| lacks(option)));
    let reader = Reader { who: who?, capacity: capacity?, purpose: purpose?, view: "export of the whole file".to_owned() };
    let one = One {
        place: &asked.place,
        file,
        out,
        without_reads: asked.without_reads,
        checkpoint: asked.checkpoint.as_deref(),
        format: asked.format,
    };
    give(&one, &reader, &withheld(&asked.withhold)?, packs, console)
}

fn give(asked: &One<'_>, reader: &Reader, withheld: &BTreeSet<(u32, String)>, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let said = [("--reader", &reader.who), ("--capacity", &reader.capacity), ("--purpose", &reader.purpose)];
    for (option, text) in said {
        if text.trim().is_empty() || text.chars().count() > SAID_MAX || text.chars().any(char::is_control) {
            return Err(Failure::call(format!("{option} is kept with the file and shown to the person: write 1 to {SAID_MAX} letters")));
        }
    }
    let (house, opened) = asked.place.open(packs)?;
    outside(asked.out, &house)?;
    let shelf = Shelf::open(packs, house.config().law.as_deref())?;
    let benchmark = packs.benchmark()?;
    let reads = if asked.without_reads { Reads::LeftOut } else { Reads::Shown };
    let checkpoint = asked.checkpoint.map(|path| checkpoint_of(path, &house.config().origin)).transpose()?;
    let wanted = Asked { file: asked.file, reader, reads, withheld, checkpoint: checkpoint.as_deref() };
    let origin = &house.config().origin;
    let mut unsaid = Vec::new();
    let pages = |contents: &Contents| pages(contents, reader, origin, &shelf, &benchmark, &mut unsaid);
    let contents = opened.register.export(&opened.documents, &wanted, asked.out, pages).map_err(|error| {
        let text = error.to_string();
        match error {
            ExportError::Exists(_) | ExportError::NoPart(..) | ExportError::Checkpoint(_) => Failure::Call(text),
            ExportError::Refused(why) => refused(why),
            ExportError::History(error) => failed(HouseError::History(error)),
            ExportError::Document(..) => Failure::Found(vec![text]),
            ExportError::Io(..) | ExportError::Page(_) => Failure::Machine(text),
        }
    })?;
    opened.register.close();
    say(asked, &contents, &unsaid, console)
}

/// `3:note` as the number of an entry and the name of a part.
fn withheld(given: &[String]) -> Result<BTreeSet<(u32, String)>, Failure> {
    let one = |text: &String| {
        let (n, part) = text.split_once(':')?;
        Some((n.parse().ok()?, part.to_owned()))
    };
    let wrong = |text: &String| Failure::call(format!("--withhold {text}: write ENTRY:PART, for example 3:note or 3:document-1"));
    given.iter().map(|text| one(text).ok_or_else(|| wrong(text))).collect()
}

/// What is read: the page, and the standings for programs.
fn pages(
    contents: &Contents,
    reader: &Reader,
    origin: &str,
    shelf: &Shelf,
    benchmark: &Law,
    unsaid: &mut Vec<String>,
) -> Result<Vec<(&'static str, Vec<u8>)>, String> {
    let mut case = CaseFile { header: Header::default(), files: contents.context.files.clone() };
    let named = case.file(&contents.file).map(|own| laws_of(&case, own)).unwrap_or_default();
    let mut laws: Vec<_> = named.iter().filter_map(|name| shelf.law(name)).collect();
    if named.is_empty() {
        laws.extend(shelf.usual());
        // Where no place says its law, the case file must: it goes where nobody knows the register's usual one.
        case.header.law = laws.first().map(|law| law.pack.id.clone());
    }
    let mut subjects = Vec::new();
    // An entry that no standing can be worked out with is on the register all the same, and the person gets it.
    let is_person = openward_law::entry::FileKind::of(&contents.file) == Some(openward_law::entry::FileKind::Person);
    for law in laws.iter().filter(|_| is_person) {
        let Some(own) = case.file(&contents.file) else { continue };
        let question = Question { law, benchmark: Some(benchmark), at: contents.at, known_at: None, reach: Reach::ByPlace };
        let zone = zone_of_file(&case, own, &Context::of(&case, None), question);
        match with_next(&case, own, law, question, zone) {
            Ok(subject) => subjects.push(subject),
            Err(failure) => unsaid.extend(failure.messages()),
        }
    }
    let standings: Vec<_> = subjects.iter().map(|subject| &subject.standing).collect();
    let json = serde_json::to_string_pretty(&standings).map_err(|error| error.to_string())?;
    let html = page::html(contents, reader, origin, &subjects, unsaid)?;
    let mut pages = vec![("index.html", html.into_bytes()), ("standing.json", (json + "\n").into_bytes())];
    if is_person {
        pages.push(("case-file-with-others.jsonl", case.write().into_bytes()));
    }
    Ok(pages)
}

fn say(asked: &One<'_>, contents: &Contents, unsaid: &[String], console: &mut Console) -> Result<(), Failure> {
    let documents = contents.lines.iter().flat_map(|line| &line.documents).filter(|paper| paper.path.is_some()).count();
    let withheld: usize = contents.lines.iter().map(|line| line.withheld.len()).sum();
    let reads = contents.openings.as_ref().map(Vec::len);
    if asked.format == Format::Json {
        let answer = json!({
            "format": "openward-export", "version": 1, "folder": asked.out.display().to_string(), "file": contents.file,
            "entries": contents.lines.len(), "documents": documents, "reads": reads, "withheld": withheld, "not_in_log": contents.waiting,
            "no_standing": unsaid,
        });
        return print_json(&answer, console);
    }
    let mut page = console.page();
    let entries = count(contents.lines.len(), "entry", "entries");
    let papers = count(documents, "document", "documents");
    page.hang(0, 2, Text::new("Given out", Tone::Good).then(format!(": {entries} and {papers}, in {}.", asked.out.display())));
    match reads {
        Some(reads) => page.put(0, format!("With who opened the file: {}, this one too.", count(reads, "time", "times"))),
        None => page.put(0, "Without who opened the file. This opening was recorded all the same."),
    }
    if withheld > 0 {
        page.put(0, format!("Withheld, and said to be: {}.", count(withheld, "text or document", "texts and documents")));
    }
    for why in unsaid {
        page.hang(
            0,
            2,
            Text::new("No standing was worked out", Tone::Doubt).then(format!(": {}. The copy says so.", unstopped(&clean(why)))),
        );
    }
    if contents.waiting > 0 {
        page.put(
            0,
            Text::new(format!("Not covered by the checkpoint: {}.", contents.waiting), Tone::Doubt)
                .then(" Export again later, or with a newer checkpoint, for their proofs."),
        );
    }
    page.put(0, "It is not encrypted. Open index.html to read it; `openward-verify export` checks it without the register.");
    console.show(&page)
}
