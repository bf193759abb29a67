//! Which register is meant, and where its master key comes from: words of the call first, then the environment.
//!
//! Deliberately absent: a default for either. A register is never opened, and no master read, that nobody named.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use openward_register::house::{House, Opened};
use openward_register::keys::Master;
use openward_seal::note::Note;
use openward_seal::note::key::{KeyKind, PublicKey};

use super::failed;
use super::shelf::Shelf;
use crate::failure::{Failure, machine_words};
use crate::packs::Packs;
use crate::page::clean;

/// The variable that names the folder.
const FOLDER: &str = "OPENWARD_REGISTER";
/// The variable that holds the master.
const MASTER: &str = "OPENWARD_MASTER";
/// The variable that names the file of the master.
const MASTER_FILE: &str = "OPENWARD_MASTER_FILE";

/// The most that is read of a list of destroyed keys, the longest of the small files.
const SMALL: u64 = 128 << 20;

/// Which register, and what opens it.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The register's folder. Also OPENWARD_REGISTER.
    #[arg(long, global = true, value_name = "DIR", help_heading = "Register")]
    pub(crate) register: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) master: MasterFrom,
}

/// Where a master key comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct MasterFrom {
    /// The file that holds the master key. Also OPENWARD_MASTER_FILE; OPENWARD_MASTER may hold the key itself.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "master_command", help_heading = "Register")]
    pub(crate) master_file: Option<PathBuf>,
    /// A program that writes the master key, with its arguments. It is split at spaces; there are no quotes and no shell.
    #[arg(long, global = true, value_name = "PROGRAM", help_heading = "Register")]
    pub(crate) master_command: Option<String>,
}

/// A place where a master key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A file.
    File(PathBuf),
    /// What a program writes.
    Command(String),
    /// The variable.
    Variable,
}

impl Place {
    /// The folder that is meant.
    pub(crate) fn folder(&self) -> Result<PathBuf, Failure> {
        let from_environment = || set(FOLDER).map(PathBuf::from);
        self.register
            .clone()
            .or_else(from_environment)
            .ok_or_else(|| Failure::call(format!("say which register is meant: `--register DIR`, or the variable {FOLDER}")))
    }

    /// The register that is meant.
    pub(crate) fn house(&self) -> Result<House, Failure> {
        House::at(&self.folder()?).map_err(failed)
    }

    /// Its master key.
    pub(crate) fn master(&self) -> Result<Master, Failure> {
        let source = self.master.source()?;
        if source.file().is_some_and(|file| self.folder().is_ok_and(|folder| is_within(file, &folder))) {
            return Err(within());
        }
        source.read()
    }

    /// The register, open for work under the laws at hand.
    pub(crate) fn open(&self, packs: &Packs) -> Result<(House, Opened), Failure> {
        let house = self.house()?;
        let shelf = Arc::new(Shelf::open(packs, house.config().law.as_deref())?);
        let opened = house.open(&self.master()?, shelf).map_err(failed)?;
        Ok((house, opened))
    }
}

impl MasterFrom {
    /// Where the call, or else the environment, says that the master is.
    pub(crate) fn source(&self) -> Result<Source, Failure> {
        let given = self.master_file.clone().map(Source::File).or_else(|| self.master_command.clone().map(Source::Command));
        if let Some(given) = given {
            return Ok(given);
        }
        match (set(MASTER_FILE), set(MASTER)) {
            (Some(_), Some(_)) => {
                Err(Failure::call(format!("both {MASTER_FILE} and {MASTER} are set; unset one, so that it is clear which master is meant")))
            }
            (Some(file), None) => Ok(Source::File(file.into())),
            (None, Some(_)) => Ok(Source::Variable),
            (None, None) => Err(Failure::call(format!(
                "say where the master key is: `--master-file FILE`, `--master-command PROGRAM`, or the variable {MASTER_FILE} or {MASTER}"
            ))),
        }
    }
}

impl Source {
    /// Reads the master from here.
    pub(crate) fn read(&self) -> Result<Master, Failure> {
        let read = match self {
            Source::File(path) => Master::from_file(path),
            Source::Variable => Master::from_env(MASTER),
            Source::Command(line) => {
                let mut words = line.split_whitespace();
                let program = words.next().ok_or_else(|| Failure::call("--master-command names no program"))?;
                Master::from_command(program, &words.collect::<Vec<_>>())
            }
        };
        read.map_err(|error| Failure::Machine(error.to_string()))
    }

    /// The file, where it is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        if let Source::File(path) = self { Some(path) } else { None }
    }

    /// It in words. Arguments of a program may be secret.
    pub(crate) fn said(&self) -> String {
        match self {
            Source::File(path) => path.display().to_string(),
            Source::Variable => format!("the variable {MASTER}"),
            Source::Command(line) => format!("what the program {} writes", line.split_whitespace().next().unwrap_or_default()),
        }
    }
}

fn set(variable: &str) -> Option<OsString> {
    std::env::var_os(variable).filter(|value| !value.is_empty())
}

/// Whether a file would lie in a folder.
pub(super) fn is_within(path: &Path, folder: &Path) -> bool {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // Links above the file, where there are some, are followed.
    let parent = whole(path).parent().map(|parent| parent.canonicalize().unwrap_or_else(|_| parent.to_owned())).unwrap_or_default();
    parent.starts_with(folder.canonicalize().unwrap_or_else(|_| whole(folder)))
}

/// That nothing is put into the register's folder which belongs apart from it: a copy in it is lost with it, and leaves it with it.
pub(super) fn outside(path: &Path, house: &House) -> Result<(), Failure> {
    if is_within(path, house.folder()) || path.canonicalize().is_ok_and(|path| house.folder().canonicalize().is_ok_and(|own| own == path)) {
        return Err(Failure::call(format!(
            "{} is in the register's folder, where only the register's own files may lie; name a place apart from it",
            path.display()
        )));
    }
    Ok(())
}

/// The refusal of a master there.
pub(super) fn within() -> Failure {
    Failure::call("the master key may not lie in the register's folder: whoever copies the folder could read everything")
}

/// The bytes of a small file: a checkpoint, a key, a list.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(SMALL + 1).read_to_end(&mut bytes));
    read.map_err(|error| Failure::Machine(format!("{} cannot be read: {}", path.display(), machine_words(&error))))?;
    if bytes.len() as u64 > SMALL {
        return Err(Failure::content(format!("{} is larger than {} MiB", path.display(), SMALL >> 20)));
    }
    Ok(bytes)
}

/// A signed note from a file, and its first line.
pub(super) fn note_of(path: &Path) -> Result<(Vec<u8>, Option<String>), Failure> {
    let bytes = bytes_of(path)?;
    let Ok(note) = Note::parse(&bytes) else {
        return Err(Failure::call(format!("{}: this is no checkpoint; `openward checkpoint` writes one", path.display())));
    };
    let first = note.to_string().lines().next().map(str::to_owned);
    Ok((bytes, first))
}

/// A checkpoint of a log from a file. A file that holds none, or that of another log, is a mistake of the call and says nothing about the
/// register; whether the checkpoint is true is found when it is checked.
pub(super) fn checkpoint_of(path: &Path, origin: &str) -> Result<Vec<u8>, Failure> {
    let (bytes, found) = note_of(path)?;
    match found {
        Some(found) if found != origin => Err(Failure::call(format!(
            "{}: this is a checkpoint of {}, and the register is {}",
            path.display(),
            clean(&found),
            clean(origin)
        ))),
        _ => Ok(bytes),
    }
}

/// The same as text.
pub(super) fn text_of(path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes_of(path)?).map_err(|_| Failure::content(format!("{}: it is not UTF-8 text", path.display())))
}

/// The key in a text: the one line that it is, or that is indented among other words, as `witness keygen` shows it.
fn key_in(text: &str) -> Result<PublicKey, String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        [one] => PublicKey::parse(one).map_err(|error| error.to_string()),
        [] => Err("there is no public key in it; it is one line, NAME+NUMBER+KEY".to_owned()),
        many => match many.iter().filter_map(|line| PublicKey::parse(line).ok()).collect::<Vec<_>>().as_slice() {
            [key] => Ok(key.clone()),
            [] => Err("none of its lines is a public key; it is one line, NAME+NUMBER+KEY".to_owned()),
            _ => Err("it holds several public keys; keep each in a file of its own".to_owned()),
        },
    }
}

/// A public key, given as its text or as the file that holds it.
pub(super) fn key_of(given: &str, kind: KeyKind) -> Result<PublicKey, Failure> {
    // A secret key typed by mistake must not be repeated.
    let is_secret = |text: &str| text.trim_start().starts_with("PRIVATE+KEY+");
    let text = if is_secret(given) || PublicKey::parse(given).is_ok() { given.to_owned() } else { text_of(Path::new(given))? };
    if is_secret(&text) {
        return Err(Failure::call("this is a secret key, and a public one is asked for; nobody but the signer may have it"));
    }
    let key = key_in(&text).map_err(|why| {
        let said = if text == given { "the public key".to_owned() } else { Path::new(given).display().to_string() };
        Failure::call(format!("{said}: {why}"))
    })?;
    let wanted = if kind == KeyKind::Log { "a log" } else { "a witness" };
    if key.kind() == kind { Ok(key) } else { Err(Failure::call(format!("this is not the public key of {wanted}"))) }
}
