//! `openward backup` and `openward restore`: a whole register, out and back.

use std::path::PathBuf;

use clap::Args;
use openward_register::house::{About, Restore};
use serde_json::{Value, json};

use super::place::{MasterFrom, note_of, outside, text_of};
use super::{Place, failed, print_json};
use crate::args::Format;
use crate::failure::Failure;
use crate::page::{Console, Page, Text, Tone};
use crate::words::count;

/// The call `openward backup`.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    place: Place,
    /// The new folder of the backup.
    to: PathBuf,
    /// Write the keys to this new file, apart from the rest.
    #[arg(long, value_name = "FILE")]
    keys_to: Option<PathBuf>,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The call `openward restore`.
#[derive(Debug, Args)]
pub(crate) struct RestoreCall {
    /// The folder of the backup.
    backup: PathBuf,
    /// The new folder of the register, empty or not there yet.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// The newest list of destroyed keys, as `openward keys destroyed` wrote it.
    #[arg(long, value_name = "FILE")]
    destroyed: PathBuf,
    /// The backup of the keys, where it was kept apart.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// A checkpoint that was kept elsewhere, the newest that you have: it tells how much is lost. May be given several times.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    #[command(flatten)]
    master: MasterFrom,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Backs up.
pub(crate) fn backup(asked: &Backup, console: &mut Console) -> Result<(), Failure> {
    let house = asked.place.house()?;
    std::iter::once(&asked.to).chain(&asked.keys_to).try_for_each(|path| outside(path, &house))?;
    let keys = house.keys(&asked.place.master()?).map_err(failed)?;
    let made = house.back_up(&keys, &asked.to, asked.keys_to.as_deref()).map_err(failed)?;
    match asked.format {
        Format::Json => {
            let mut answer = about(&made.about, "openward-backup", made.checkpoint.as_deref());
            if let Value::Object(answer) = &mut answer {
                answer.insert("folder".to_owned(), json!(asked.to.display().to_string()));
                answer.insert("keys".to_owned(), json!(made.keys.display().to_string()));
                answer.insert("findings".to_owned(), json!(made.findings));
            }
            print_json(&answer, console)?;
        }
        Format::Text => {
            let mut page = console.page();
            page.hang(
                0,
                2,
                Text::new("A backup was made", Tone::Good).then(format!(" in {}, read back, and verified.", asked.to.display())),
            );
            holds(&mut page, &made.about);
            let keys = made.keys.display();
            page.put(0, format!("The keys are in {keys}, their checksum in {keys}.sha256. Keep these two together, apart from the rest."));
            page.put(0, "What is acknowledged from now on is not in it.");
            console.show(&page)?;
        }
    }
    if made.findings.is_empty() { Ok(()) } else { Err(Failure::Found(made.findings)) }
}

/// Restores.
pub(crate) fn restore(asked: &RestoreCall, console: &mut Console) -> Result<(), Failure> {
    let master = asked.master.source()?.read()?;
    let list = text_of(&asked.destroyed)?;
    let outside = asked.checkpoint.iter().map(|path| note_of(path).map(|(bytes, _)| bytes)).collect::<Result<Vec<_>, _>>()?;
    let restore =
        Restore { backup: &asked.backup, keys_apart: asked.keys.as_deref(), master: &master, destroyed: &list, outside: &outside };
    let (_, done) = restore.to(&asked.to).map_err(failed)?;
    match asked.format {
        Format::Json => {
            let mut answer = about(&done.about, "openward-restore", done.checkpoint.as_deref());
            if let Value::Object(answer) = &mut answer {
                answer.insert("folder".to_owned(), json!(asked.to.display().to_string()));
                answer.insert("lost".to_owned(), if asked.checkpoint.is_empty() { Value::Null } else { json!(done.lost) });
                answer.insert("destroyed_again".to_owned(), json!(done.destroyed));
                answer.insert("findings".to_owned(), json!(done.findings));
            }
            print_json(&answer, console)?;
        }
        Format::Text => {
            let mut page = console.page();
            page.hang(0, 2, Text::new("The register is restored", Tone::Good).then(format!(" in {}, and verified.", asked.to.display())));
            holds(&mut page, &done.about);
            page.put(0, format!("What was acknowledged after {} is not in it.", second(&done.about.taken_at)));
            if done.lost > 0 {
                let lost = number(done.lost, "entry", "entries");
                page.put(0, Text::new(format!("By the checkpoints that you gave, at least {lost} of the log are gone."), Tone::Bad));
                page.put(
                    0,
                    "Whoever holds a newer checkpoint or receipt will find that. Say it before they do, and enter again what is on paper.",
                );
            } else if asked.checkpoint.is_empty() {
                page.put(0, "How much that is, a newer checkpoint tells: from a paper, a receipt, a witness. Give it with `--checkpoint`.");
            }
            if done.destroyed > 0 {
                page.put(0, format!("{} destroyed again, as the list says.", count(done.destroyed, "name was", "names were")));
            }
            console.show(&page)?;
        }
    }
    if done.findings.is_empty() { Ok(()) } else { Err(Failure::Found(done.findings)) }
}

/// An instant to the second, which is as much as a person needs.
fn second(text: &str) -> String {
    let at = text.parse::<jiff::Timestamp>().ok().and_then(|at| jiff::Timestamp::from_second(at.as_second()).ok());
    at.map_or_else(|| text.to_owned(), |at| at.to_string())
}

fn number(n: u64, one: &str, many: &str) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), one, many)
}

fn about(about: &About, format: &str, checkpoint: Option<&str>) -> Value {
    json!({
        "format": format, "version": 1, "taken_at": about.taken_at, "last_recorded": about.last_recorded, "files": about.files,
        "entries": about.entries, "log": about.log, "waiting": about.waiting, "documents": about.documents, "checkpoint": checkpoint,
    })
}

fn holds(page: &mut Page, about: &About) {
    let files = number(about.files, "file", "files");
    let documents = number(about.documents, "document", "documents");
    page.put(0, format!("It holds {} in {files}, and {documents}.", number(about.entries, "entry", "entries")));
    if let Some(last) = &about.last_recorded {
        page.put(0, format!("The newest entry was recorded at {}.", second(last)));
    }
    let waiting =
        if about.waiting > 0 { format!("; {} for the log", number(about.waiting, "entry waits", "entries wait")) } else { String::new() };
    page.put(0, format!("It reaches the checkpoint of {}{waiting}.", number(about.log, "entry", "entries")));
}
