//! `openward fsck` and `openward rebuild`: what was computed from the entries, held against what is computed now, or put in its place.
//!
//! Deliberately absent: the entries themselves, which `openward verify` checks.

use std::sync::Arc;

use clap::Args;
use openward_register::derived::check;
use openward_register::house::HouseError;
use openward_register::store::Store as _;
use serde_json::json;

use super::shelf::Shelf;
use super::{Place, failed, print_json, refused};
use crate::args::Format;
use crate::failure::Failure;
use crate::packs::Packs;
use crate::page::{Console, Text, Tone};
use crate::words::count;

/// The call `openward fsck`.
#[derive(Debug, Args)]
pub(crate) struct Fsck {
    #[command(flatten)]
    place: Place,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The call `openward rebuild`.
#[derive(Debug, Args)]
pub(crate) struct Rebuild {
    #[command(flatten)]
    place: Place,
}

/// Compares. Nothing is written.
pub(crate) fn fsck(asked: &Fsck, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let house = asked.place.house()?;
    let shelf = Arc::new(Shelf::open(packs, house.config().law.as_deref())?);
    let keys = house.keys(&asked.place.master()?).map_err(failed)?;
    let store = house.store().and_then(|store| Ok(store.reader()?)).map_err(failed)?;
    let checked = check::fsck(&store, &keys, &*shelf).map_err(|error| failed(HouseError::History(error)))?;
    let wrong = checked.findings();
    match asked.format {
        Format::Json => {
            let answer =
                json!({ "format": "openward-fsck", "version": 1, "files": checked.files, "marked": checked.marked, "wrong": wrong });
            print_json(&answer, console)?;
        }
        Format::Text => {
            let mut page = console.page();
            let files = count(usize::try_from(checked.files).unwrap_or(usize::MAX), "person's file was", "people's files were");
            page.put(0, format!("{files} computed again."));
            if checked.marked > 0 {
                let marked = count(usize::try_from(checked.marked).unwrap_or(usize::MAX), "forecast waits", "forecasts wait");
                page.put(0, format!("{marked} to be made anew at the next read, as they should."));
            }
            if wrong.is_empty() {
                page.put(0, Text::new("What is kept is what is computed.", Tone::Good));
            }
            if !checked.wrong.is_empty() {
                page.put(0, Text::new("What is kept is not what is computed.", Tone::Bad).then(" `openward rebuild` puts it right."));
            }
            if !checked.damage.is_empty() {
                page.put(0, Text::new("The database is damaged.", Tone::Bad).then(" Restore it from a backup."));
            }
            console.show(&page)?;
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::Found(wrong)) }
}

/// Computes everything again and keeps it.
pub(crate) fn rebuild(asked: &Rebuild, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let (_, opened) = asked.place.open(packs)?;
    opened.register.rebuild().map_err(refused)?;
    opened.register.close();
    let mut page = console.page();
    page.put(0, Text::new("Every forecast was computed again", Tone::Good).then(" from the entries, and kept."));
    console.show(&page)
}
