//! A whole register to another place: `openward export --all`, `openward import --move`, and taking a move back.
//!
//! Deliberately absent: what is in a move and how it is checked (`openward_register::house::moves`).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use openward_register::derived::Laws;
use openward_register::house::moves::keyring::{Identities, Recipients};
use openward_register::house::moves::{MoveError, MovedOut, Taken, Taking};
use openward_seal::note::key::KeyKind;
use serde_json::json;

use super::place::{Source, bytes_of, key_of, text_of};
use super::shelf::Shelf;
use super::{Place, failed, init, print_json};
use crate::args::Format;
use crate::failure::Failure;
use crate::packs::Packs;
use crate::page::{Console, Page, Text, Tone};
use crate::words::count;

fn moved(error: MoveError) -> Failure {
    let text = error.to_string();
    match error {
        MoveError::House(error) => failed(*error),
        MoveError::Exists(_)
        | MoveError::Recipient(_)
        | MoveError::Secret
        | MoveError::Identity(..)
        | MoveError::NotAway
        | MoveError::Law(_) => Failure::Call(text),
        MoveError::Waiting => Failure::Refused(text),
        MoveError::NotForYou | MoveError::File(_) | MoveError::Key(_) => Failure::Found(vec![text]),
        MoveError::Version(_) => Failure::Machine(text),
    }
}

fn number(n: u64, one: &str, many: &str) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), one, many)
}

/// Moves the register out.
pub(super) fn out(
    place: &Place,
    recipients: &[String],
    to: &Path,
    format: Format,
    packs: &Packs,
    console: &mut Console,
) -> Result<(), Failure> {
    let recipients = Recipients::parse(recipients).map_err(moved)?;
    let house = place.house()?;
    let shelf = Arc::new(Shelf::open(packs, house.config().law.as_deref())?);
    let out = house.move_out(&place.master()?, shelf, &recipients, to).map_err(moved)?;
    out.findings.iter().for_each(|finding| console.note(finding));
    let MovedOut { about, bytes, checkpoint, .. } = &out;
    if format == Format::Json {
        let answer = json!({
            "format": "openward-move", "version": 1, "file": to.display().to_string(), "bytes": bytes, "files": about.files,
            "entries": about.entries, "documents": about.documents, "log": about.log, "checkpoint": checkpoint, "findings": out.findings,
        });
        return print_json(&answer, console);
    }
    let mut page = console.page();
    let what = format!(
        ": {} in {}, {}; {} bytes in {}.",
        number(about.entries, "entry", "entries"),
        number(about.files, "file", "files"),
        number(about.documents, "document", "documents"),
        bytes,
        to.display()
    );
    page.hang(0, 2, Text::new("The register was moved out", Tone::Good).then(what));
    page.put(
        0,
        Text::new("From now on nothing is written to it here.", Tone::Strong).then(" No act, no opening of a file, no key destroyed."),
    );
    steps(
        &mut page,
        "Do this now",
        &[
            "Bring the file to the new place, with the public key (register.vkey) and this checkpoint by another way.".to_owned(),
            "There: `openward import --move FILE --identity KEYFILE --key VKEY --checkpoint FILE --register NEW --master-file FILE`."
                .to_owned(),
            format!(
                "When it was taken in and verified there: destroy the file, the identity, and this folder with its keys, its master and its \
                 backups. If it never was and never will be, and nobody has the file: `openward export --take-back {}`.",
                about.origin()
            ),
        ],
    );
    if let Some(note) = checkpoint {
        page.heading("The checkpoint");
        note.lines().for_each(|line| page.drawn(Text::from(line.to_owned())));
    }
    console.show(&page)
}

fn steps(page: &mut Page, heading: &str, steps: &[String]) {
    page.heading(heading);
    for (number, step) in (1..).zip(steps) {
        page.hang(2, 5, format!("{number}. {step}"));
    }
}

/// Says that a move was never taken in and never will be.
pub(super) fn take_back(place: &Place, origin: &str, console: &mut Console) -> Result<(), Failure> {
    let house = place.house()?;
    if house.config().origin != origin {
        return Err(Failure::call("nothing was changed: give the origin of this register, to say that it is this one that is meant"));
    }
    house.take_back().map_err(moved)?;
    let mut page = console.page();
    page.put(0, Text::new("Work goes on here.", Tone::Good).then(" Destroy the file of the move and every copy of it now."));
    page.put(0, "If somebody takes it in all the same, two registers sign one log, and everybody who compares checkpoints will see it.");
    console.show(&page)
}

/// What is said of a move that is to be taken in.
pub(super) struct In<'a> {
    pub(super) file: &'a Path,
    pub(super) identity: Option<&'a Path>,
    pub(super) key: Option<&'a str>,
    pub(super) checkpoint: &'a [PathBuf],
    pub(super) destroyed: Option<&'a Path>,
    pub(super) format: Format,
}

/// Takes a move in.
pub(super) fn take(place: &Place, asked: &In<'_>, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let folder = place.folder()?;
    let identity = asked.identity.ok_or_else(|| Failure::call("say what opens the move: `--identity KEYFILE`"))?;
    let identities = Identities::read(identity).map_err(moved)?;
    let key = asked.key.map(|given| key_of(given, KeyKind::Log)).transpose()?;
    let outside = asked.checkpoint.iter().map(|path| bytes_of(path)).collect::<Result<Vec<_>, _>>()?;
    let destroyed = asked.destroyed.map(text_of).transpose()?;
    let source = place.master.source()?;
    let (master, came) = init::master(&source, &folder)?;
    let laws = |usual: Option<&str>| match Shelf::open(packs, usual) {
        Ok(shelf) => Ok(Arc::new(shelf) as Arc<dyn Laws>),
        Err(failure) => Err(failure.messages().join("; ")),
    };
    let taking = Taking {
        file: asked.file,
        identities: &identities,
        master: &master,
        key: key.as_ref(),
        outside: &outside,
        destroyed: destroyed.as_deref(),
        laws: &laws,
    };
    let done = taking.to(&folder).map_err(moved);
    if done.is_err() {
        init::unmake(&source, came);
    }
    let (_, taken) = done?;
    taken.findings.iter().for_each(|finding| console.note(finding));
    say(asked, &folder, &source, &taken, console)
}

fn say(asked: &In<'_>, folder: &Path, source: &Source, taken: &Taken, console: &mut Console) -> Result<(), Failure> {
    let about = &taken.about;
    if asked.format == Format::Json {
        let answer = json!({
            "format": "openward-taken", "version": 1, "folder": folder.display().to_string(), "origin": about.origin(), "public_key": taken.key,
            "made_at": about.made_at, "files": about.files, "entries": about.entries, "documents": about.documents, "log": about.log,
            "checkpoint": taken.checkpoint, "findings": taken.findings,
        });
        return print_json(&answer, console);
    }
    let mut page = console.page();
    let what = format!(
        ": {} in {}, {}, in {}.",
        number(about.entries, "entry", "entries"),
        number(about.files, "file", "files"),
        number(about.documents, "document", "documents"),
        folder.display()
    );
    page.hang(0, 2, Text::new("The register was taken in and verified", Tone::Good).then(what));
    page.put(0, format!("It was moved out at {} and signs as {}. Its public key:", about.made_at, about.origin()));
    page.drawn(Text::from(format!("  {}", taken.key)));
    if asked.key.is_none() {
        let doubt = Text::new("No key was given to hold it against.", Tone::Doubt);
        page.put(0, doubt.then(" Whoever knows the recipient can send a register of their own: compare the key with one from elsewhere."));
    }
    page.put(0, format!("Its master key is in {}. The old one opens nothing here.", source.said()));
    let next = [
        "Print the master key and put it away, and back up: `openward backup DEST --keys-to FILE`.".to_owned(),
        "At the old place: destroy folder, keys, master and backups, so that no second register can sign this log.".to_owned(),
        "Destroy the file of the move and the identity. If somebody may have had the old keys: `openward keys new-epoch`, then \
         `openward keys retire`."
            .to_owned(),
    ];
    steps(&mut page, "Do these three things now", &next);
    console.show(&page)
}

/// `openward keys new-identity`.
pub(super) fn new_identity(page: &mut Page, file: &Path) -> Result<(), Failure> {
    let recipient = Identities::write_new(file).map_err(moved)?;
    page.put(
        0,
        format!(
            "An identity for taking a register in was made and is in {}. It stays here. Its recipient, for the old place:",
            file.display()
        ),
    );
    page.drawn(Text::from(format!("  {recipient}")));
    Ok(())
}
