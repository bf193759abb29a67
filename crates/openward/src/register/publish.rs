//! `openward publish`: the public log as a folder, for whoever serves files, and for `openward-verify log`.

use std::path::PathBuf;

use clap::Args;
use openward_register::house;
use openward_register::store::Store as _;
use openward_seal::checkpoint::Trust;

use super::place::outside;
use super::{Place, failed};
use crate::failure::Failure;
use crate::page::{Console, Text, Tone};
use crate::words::count;

/// The call `openward publish`.
#[derive(Debug, Args)]
pub(crate) struct Publish {
    #[command(flatten)]
    place: Place,
    /// The folder. One that holds this log is made longer.
    to: PathBuf,
}

/// Publishes.
pub(crate) fn run(asked: &Publish, console: &mut Console) -> Result<(), Failure> {
    let house = asked.place.house()?;
    outside(&asked.to, &house)?;
    let trust = Trust::new(vec![house.public_key().map_err(failed)?]).map_err(Failure::call_of)?;
    let store = house.store().and_then(|store| Ok(store.reader()?)).map_err(failed)?;
    let done = house::publish(&store, &trust, &asked.to).map_err(failed)?;
    let n = |n: u64, one, many| count(usize::try_from(n).unwrap_or(usize::MAX), one, many);
    let mut page = console.page();
    page.hang(0, 2, Text::new("The log is published", Tone::Good).then(format!(" in {}.", asked.to.display())));
    let entries = n(done.size, "entry", "entries");
    page.put(0, format!("It has {entries}; before it had {}. {} written.", done.before, n(done.tiles, "tile was", "tiles were")));
    console.show(&page)
}
