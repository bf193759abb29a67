//! `openward keys`: the drills of docs/keys.md, each as one command.
//!
//! Deliberately absent: showing a key. The master is written to a file when it is made, and nowhere else.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use openward_register::keys::{Chance, Domain, Keys, Master};

use super::place::Source;
use super::{Place, failed, keys_failed, refused};
use crate::failure::Failure;
use crate::packs::Packs;
use crate::page::{Console, Page, Text, Tone};
use crate::words;

/// The call `openward keys`.
#[derive(Debug, Args)]
pub(crate) struct KeysCall {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Drill,
}

/// The drills.
#[derive(Debug, Subcommand)]
enum Drill {
    /// Try every key and the list of destroyed keys.
    Check,
    /// Make a master key in a new file. It opens nothing until the register is rotated to it.
    NewMaster {
        /// The file, which may not be there yet.
        file: PathBuf,
    },
    /// Make an identity in a new file, for taking a register in here that is moved out elsewhere. Prints its recipient.
    NewIdentity {
        /// The file, which may not be there yet.
        file: PathBuf,
    },
    /// Close the register's keys with another master key, which is made if its file is not there.
    RotateMaster {
        /// The file of the new master key.
        #[arg(long, value_name = "FILE")]
        new_master_file: PathBuf,
    },
    /// Begin a new register key, of one domain or of all. Files that come from now on are closed with it.
    NewEpoch {
        /// care, review, complaints, counsel, network; default: all.
        #[arg(value_parser = domain)]
        domain: Option<Domain>,
    },
    /// Close all file keys with the newest register key, and remove the older ones.
    Retire {
        /// care, review, complaints, counsel, network; default: all.
        #[arg(value_parser = domain)]
        domain: Option<Domain>,
    },
    /// Destroy the keys of a file and of its reads, for ever. Nobody can read it again.
    Destroy {
        /// The file's id, such as `per_ada`.
        file: String,
        /// The same id again, instead of typing it when asked.
        #[arg(long, value_name = "ID")]
        yes_destroy: Option<String>,
    },
    /// Write the list of files whose keys were destroyed, to be kept with every backup and apart from the key store.
    Destroyed,
    /// Copy the key store while everything runs, with a checksum beside it.
    Backup {
        /// The new file.
        to: PathBuf,
    },
    /// Put a backup in the place of a key store that was lost.
    Restore {
        /// The backup; its checksum lies beside it.
        backup: PathBuf,
        /// The newest list of destroyed keys.
        #[arg(long, value_name = "FILE")]
        destroyed: PathBuf,
    },
}

fn domain(word: &str) -> Result<Domain, String> {
    let known = Domain::ALL.into_iter().find(|domain| domain.word() == word);
    known.ok_or_else(|| format!("a domain is one of {}", Domain::ALL.map(Domain::word).join(", ")))
}

/// Does the drill.
pub(crate) fn run(asked: &KeysCall, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let place = &asked.place;
    let keys = || -> Result<Keys, Failure> { place.house()?.keys(&place.master()?).map_err(failed) };
    let mut page = console.page();
    match &asked.command {
        Drill::Check => check(&mut page, &keys()?)?,
        Drill::NewMaster { file } => {
            // It needs no register; where one is named, the master stays out of it.
            if let Ok(folder) = place.folder()
                && super::place::is_within(file, &folder)
            {
                return Err(super::place::within());
            }
            let master = new_master(file)?;
            page.put(
                0,
                format!("A master key (id {}) was made and is in {}. Print it; it opens nothing yet.", master.id(), file.display()),
            );
        }
        Drill::NewIdentity { file } => super::moves::new_identity(&mut page, file)?,
        Drill::RotateMaster { new_master_file } => rotate(&mut page, place, keys()?, new_master_file)?,
        Drill::NewEpoch { domain } => {
            let keys = keys()?;
            for domain in domain.map_or_else(|| Domain::ALL.to_vec(), |one| vec![one]) {
                let epoch = keys.new_epoch(domain).map_err(|error| keys_failed(&error))?;
                page.put(0, format!("{domain}: epoch {epoch} has begun."));
            }
            page.put(0, "Older epochs still open what they closed. `openward keys retire` ends them. Then back up the keys anew.");
        }
        Drill::Retire { domain } => {
            let keys = keys()?;
            for domain in domain.map_or_else(|| Domain::ALL.to_vec(), |one| vec![one]) {
                let moved = keys.retire_epochs(domain).map_err(|error| keys_failed(&error))?;
                page.put(0, format!("{domain}: {} closed anew; older epochs are gone.", counted(moved, "file key was", "file keys were")));
            }
            page.put(0, "Back up the keys anew.");
        }
        Drill::Destroy { file, yes_destroy } => destroy(&mut page, place, packs, file, yes_destroy.as_deref())?,
        Drill::Destroyed => {
            let text = keys()?.destroyed_text().map_err(|error| keys_failed(&error))?;
            return console.print_lines(&text);
        }
        Drill::Backup { to } => {
            super::place::outside(to, &place.house()?)?;
            let checked = keys()?.backup(to).map_err(|error| keys_failed(&error))?;
            page.put(0, Text::new("The keys are backed up", Tone::Good).then(format!(" to {}, and every one was tried.", to.display())));
            page.put(0, said(&checked));
        }
        Drill::Restore { backup, destroyed } => restore(&mut page, place, backup, destroyed)?,
    }
    console.show(&page)
}

fn counted(n: u64, one: &str, many: &str) -> String {
    words::count(usize::try_from(n).unwrap_or(usize::MAX), one, many)
}

fn said(checked: &openward_register::keys::store::Checked) -> String {
    format!(
        "{}, {}; {} on the list of destroyed keys.",
        counted(checked.register_keys, "register key", "register keys"),
        counted(checked.file_keys, "file key", "file keys"),
        counted(checked.destroyed, "name is", "names are"),
    )
}

fn check(page: &mut Page, keys: &Keys) -> Result<(), Failure> {
    let checked = keys.check().map_err(|error| keys_failed(&error))?;
    page.put(0, Text::new("Every key opens.", Tone::Good));
    page.put(0, said(&checked));
    Ok(())
}

/// A master key in a new file.
pub(super) fn new_master(file: &Path) -> Result<Master, Failure> {
    let master = Master::generate(&Chance::system()).map_err(|error| Failure::Machine(error.to_string()))?;
    master.write_new(file).map_err(|error| Failure::Machine(error.to_string()))?;
    Ok(master)
}

fn rotate(page: &mut Page, place: &Place, mut keys: Keys, file: &Path) -> Result<(), Failure> {
    let folder = place.folder()?;
    if super::place::is_within(file, &folder) {
        return Err(super::place::within());
    }
    let new = if file.exists() { Source::File(file.to_owned()).read()? } else { new_master(file)? };
    let old = place.master()?.id();
    if old == new.id() {
        return Err(Failure::call("the new master key is the one in use; give a file with another, or one that is not there yet"));
    }
    keys.rotate_master(&new).map_err(|error| keys_failed(&error))?;
    page.put(
        0,
        Text::new("The master key was changed", Tone::Good).then(format!(": {old} is out of use, {} opens the register.", new.id())),
    );
    page.put(0, format!("It is in {}. Print it, put it where the old one is read from, and back up the keys anew.", file.display()));
    page.put(0, "Keep the old one as long as you keep backups that need it. An older copy of the keys still opens with it.");
    Ok(())
}

fn destroy(page: &mut Page, place: &Place, packs: &Packs, file: &str, again: Option<&str>) -> Result<(), Failure> {
    let (_, opened) = place.open(packs)?;
    confirm(file, again)?;
    let gone = opened.register.destroy(file).map_err(refused)?;
    opened.register.close();
    page.put(
        0,
        Text::new("The keys of this file and of its reads are gone for ever", Tone::Strong).then(format!(", since {}.", gone.file.at)),
    );
    page.put(0, format!("On the list it is {}.", gone.file.file));
    if gone.is_traced {
        page.put(0, Text::new("Another program was reading: a trace may be left in the log of the key store.", Tone::Doubt));
        page.put(0, "Call this again when it has ended.");
    }
    page.put(
        0,
        "Keep the new list with every backup: `openward keys destroyed > LIST`. Backups of the keys from before can bring these back.",
    );
    Ok(())
}

/// Whoever destroys says twice what.
fn confirm(file: &str, again: Option<&str>) -> Result<(), Failure> {
    let typed = match again {
        Some(typed) => typed.to_owned(),
        None if std::io::stdin().is_terminal() => {
            eprint!("This cannot be undone. Type the file's id again to destroy its keys: ");
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).map_err(|error| Failure::Machine(error.to_string()))?;
            line.trim().to_owned()
        }
        None => return Err(Failure::call("nothing was destroyed: give the file's id again with `--yes-destroy ID`")),
    };
    if typed == file { Ok(()) } else { Err(Failure::call("nothing was destroyed: the two ids differ")) }
}

fn restore(page: &mut Page, place: &Place, backup: &Path, destroyed: &Path) -> Result<(), Failure> {
    let (house, list) = (place.house()?, super::place::text_of(destroyed)?);
    let keys = Keys::restore(backup, &house.keys_path(), &place.master()?, &list, Chance::system()).map_err(|error| keys_failed(&error))?;
    let checked = keys.check().map_err(|error| keys_failed(&error))?;
    page.put(0, Text::new("The keys are restored", Tone::Good).then(", and what the list names is destroyed in them."));
    page.put(0, said(&checked));
    page.put(0, "Files that were made after the backup have no key in it: `openward verify` names them.");
    Ok(())
}
