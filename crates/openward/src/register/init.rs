//! `openward init`: a new register, and what its keeper must do next.

use std::path::Path;

use clap::Args;
use openward_register::house::House;
use openward_register::keys::{Chance, Master};
use serde_json::json;

use super::place::{Source, is_within, within};
use super::{Place, failed, print_json};
use crate::args::Format;
use crate::failure::Failure;
use crate::packs::Packs;
use crate::page::{Console, Page, Text, Tone};

/// The call `openward init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    #[command(flatten)]
    place: Place,
    /// The name under which the register signs, for ever: who keeps it and which register, such as `rights.example/care`. No spaces.
    #[arg(long, value_name = "NAME")]
    origin: String,
    /// The law, by name, of files whose places name none.
    #[arg(long, value_name = "PACK")]
    law: Option<String>,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Whether the master key was there before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    New,
    Given,
}

/// Makes a register.
pub(crate) fn run(asked: &Init, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let folder = asked.place.folder()?;
    let source = asked.place.master.source()?;
    if let Some(law) = asked.law.as_deref()
        && !packs.laws().contains(&law)
    {
        return Err(packs.unknown(law));
    }
    let (master, came) = master(&source, &folder)?;
    let made = House::create(&folder, &asked.origin, asked.law.clone(), &master, &Chance::system());
    if made.is_err() {
        unmake(&source, came);
    }
    let house = made.map_err(failed)?;
    let key = house.public_key().map_err(failed)?.to_string();
    match asked.format {
        Format::Json => {
            let master = json!({ "id": master.id(), "where": source.said(), "new": came == Came::New });
            let answer = json!({
                "format": "openward-init", "version": 1, "folder": folder.display().to_string(), "origin": asked.origin,
                "public_key": key, "master": master,
            });
            print_json(&answer, console)
        }
        Format::Text => {
            let mut page = console.page();
            page.hang(0, 2, Text::new("A register was made", Tone::Good).then(format!(" in {}.", folder.display())));
            page.put(0, format!("It signs as {}. Its public key, for everybody:", asked.origin));
            page.drawn(Text::from(format!("  {key}")));
            let is = if came == Came::New { "was made and is in" } else { "is the one in" };
            page.put(0, format!("Its master key {is} {} (id {}).", source.said(), master.id()));
            next(&mut page, &folder, &source);
            console.show(&page)
        }
    }
}

/// The master of the call. Where its file is not there yet, it is made.
pub(super) fn master(source: &Source, folder: &Path) -> Result<(Master, Came), Failure> {
    let Some(path) = source.file() else { return Ok((source.read()?, Came::Given)) };
    if is_within(path, folder) {
        return Err(within());
    }
    if path.exists() {
        return Ok((source.read()?, Came::Given));
    }
    Ok((super::keys::new_master(path)?, Came::New))
}

/// Takes a new master away again, where no register was made for it to open.
pub(super) fn unmake(source: &Source, came: Came) {
    if came == Came::New
        && let Some(path) = source.file()
    {
        let _ = std::fs::remove_file(path);
    }
}

/// What a keeper must do while there is still nothing to lose.
fn next(page: &mut Page, folder: &Path, source: &Source) {
    page.heading("Do these three things now");
    let print = if source.file().is_some() { "Print the master key" } else { "Make sure that the master key is on paper" };
    let steps = [
        format!(
            "{print}, seal it in two envelopes, and give them to two people who are not in one building. Without it nobody can read the \
             register, and nobody can help."
        ),
        format!(
            "Back up, and keep the backups apart: `openward backup DEST --keys-to FILE --register {}`. Whoever has the register, its keys and \
             the master reads everything.",
            folder.display()
        ),
        "Give the public key to somebody outside, and find a witness there: `openward witness --help`. Only somebody outside can find that a \
         whole register was written anew."
            .to_owned(),
    ];
    for (number, step) in (1..).zip(steps) {
        page.hang(2, 5, format!("{number}. {step}"));
    }
}
