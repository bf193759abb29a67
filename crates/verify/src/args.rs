//! The command line: words in, what is asked for out.
//!
//! Deliberately absent: a library for it. This program is to be read whole by whoever wants to trust it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use openward_seal::note::key::PublicKey;

/// What to check.
#[derive(Debug)]
pub(crate) enum Command {
    /// A receipt.
    Receipt(PathBuf),
    /// A checkpoint.
    Checkpoint(PathBuf),
    /// A copy of the public log.
    Log(PathBuf),
    /// An export of one file.
    Export(PathBuf),
}

/// Everything that was asked for.
#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) command: Command,
    pub(crate) keys: Vec<PublicKey>,
    pub(crate) witnesses: Vec<PublicKey>,
    pub(crate) witnesses_min: Option<usize>,
    pub(crate) older: Vec<PathBuf>,
    pub(crate) consistency: Vec<PathBuf>,
    pub(crate) log: Option<PathBuf>,
    pub(crate) receipts: Vec<PathBuf>,
    /// Key files that could not be read, and why.
    pub(crate) unreadable: Vec<String>,
}

/// Reads the words; none where help is asked for.
pub(crate) fn read(words: &[OsString]) -> Result<Option<Args>, String> {
    if words.first().is_none_or(|word| word == "help") || words.iter().any(|word| word == "--help" || word == "-h") {
        return Ok(None);
    }
    let mut words = words.iter();
    let name = words.next().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
    let mut args = Args {
        command: Command::Log(PathBuf::new()),
        keys: Vec::new(),
        witnesses: Vec::new(),
        witnesses_min: None,
        older: Vec::new(),
        consistency: Vec::new(),
        log: None,
        receipts: Vec::new(),
        unreadable: Vec::new(),
    };
    let mut what: Option<PathBuf> = None;
    while let Some(word) = words.next() {
        let option = word.to_string_lossy();
        if !option.starts_with("--") {
            if what.replace(word.into()).is_some() {
                return Err(format!("`{}` is one file or folder too many.", shown(word)));
            }
            continue;
        }
        let value = words.next().ok_or_else(|| format!("`{}` needs a value after it.", shown(word)))?;
        set(&mut args, &option, value)?;
    }
    let what = what.ok_or("Say which file or folder to check.")?;
    args.command = match name.as_str() {
        "receipt" => Command::Receipt(what),
        "checkpoint" => Command::Checkpoint(what),
        "log" => Command::Log(what),
        "export" => Command::Export(what),
        _ => return Err(format!("`{}` is no command: `receipt`, `checkpoint`, `log` and `export` are.", shown(OsStr::new(&name)))),
    };
    check(&args)?;
    Ok(Some(args))
}

fn set(args: &mut Args, option: &str, value: &OsStr) -> Result<(), String> {
    match option {
        "--key" => args.keys.push(key(&value.to_string_lossy())?),
        "--key-file" => {
            if let Some(text) = first_line(args, Path::new(value))? {
                args.keys.push(key(&text)?);
            }
        }
        "--witness" => args.witnesses.push(key(&value.to_string_lossy())?),
        "--witness-file" => {
            if let Some(text) = first_line(args, Path::new(value))? {
                args.witnesses.push(key(&text)?);
            }
        }
        "--witnesses-min" => {
            let number = value.to_str().and_then(|text| text.parse().ok());
            args.witnesses_min = Some(number.ok_or_else(|| format!("`{}` is no number of witnesses.", shown(value)))?);
        }
        "--older" => args.older.push(value.into()),
        "--consistency" => args.consistency.push(value.into()),
        "--log" => args.log = Some(value.into()),
        "--receipt" => args.receipts.push(value.into()),
        _ => return Err(format!("`{}` is no option.", shown(OsStr::new(option)))),
    }
    Ok(())
}

/// What makes no sense together is refused: a check that was asked for and silently left out would read as a proof.
fn check(args: &Args) -> Result<(), String> {
    // What could not be read may have been what is missing here.
    if args.keys.is_empty() && args.unreadable.is_empty() {
        return Err("Give the register's public key with `--key` or `--key-file`: without it nothing can be proved.".to_owned());
    }
    if args.witnesses_min.is_some() && args.witnesses.is_empty() && args.unreadable.is_empty() {
        return Err("`--witnesses-min` needs the keys of the witnesses.".to_owned());
    }
    match args.command {
        Command::Log(_) if args.log.is_some() || !args.consistency.is_empty() => {
            Err("`log` reads the whole log; it takes no `--log` and no `--consistency`.".to_owned())
        }
        Command::Receipt(_) | Command::Checkpoint(_) | Command::Export(_) if !args.receipts.is_empty() => {
            Err("`--receipt` belongs to the command `log`.".to_owned())
        }
        Command::Receipt(_) | Command::Checkpoint(_) | Command::Export(_) if args.older.is_empty() && !args.consistency.is_empty() => {
            Err("`--consistency` leads to a checkpoint: give that with `--older`.".to_owned())
        }
        Command::Receipt(_) | Command::Checkpoint(_) | Command::Log(_) | Command::Export(_) => Ok(()),
    }
}

fn key(text: &str) -> Result<PublicKey, String> {
    // A secret key typed by mistake must not be repeated, and must be taken out of use.
    if text.trim_start().starts_with("PRIVATE+KEY+") {
        return Err("This is a secret key. Nobody but the signer may have it: if you got it from somebody, tell the register.".to_owned());
    }
    PublicKey::parse(text).map_err(|error| error.to_string())
}

/// The line of a key file. A file that cannot be read is kept in mind, so that all of them can be named together.
fn first_line(args: &mut Args, path: &Path) -> Result<Option<String>, String> {
    let bytes = match crate::folder::read_any(path, crate::folder::NOTE_MAX) {
        Ok(bytes) => bytes,
        Err(error) => {
            args.unreadable.push(format!("{}: {error}", path.display()));
            return Ok(None);
        }
    };
    let text = String::from_utf8(bytes).map_err(|_| format!("{}: this is no text", path.display()))?;
    Ok(Some(text.strip_suffix('\n').unwrap_or(&text).to_owned()))
}

/// A word of the command line without what could move a terminal.
fn shown(word: &OsStr) -> String {
    word.to_string_lossy().escape_debug().to_string()
}
