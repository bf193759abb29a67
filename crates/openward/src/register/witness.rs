//! `openward witness`: somebody outside signs that the log only grew; and the register's side of it. `openward checkpoint`.
//!
//! Requests and answers are those of C2SP tlog-witness, on files and pipes. Deliberately absent: a network.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use openward_register::house::HouseError;
use openward_register::keys::Chance;
use openward_register::sealer;
use openward_register::store::{Log as _, Store as _};
use openward_register::witness::{KeyFileError, Watch, WatchError, make_key, read_key};
use openward_seal::checkpoint::Trust;
use openward_seal::note::key::{KeyKind, PublicKey};
use openward_seal::witness::Refusal;

use super::place::{bytes_of, key_of};
use super::{Place, failed};
use crate::failure::{Failure, machine_words};
use crate::page::{Console, Text, Tone};

/// The call `openward witness`.
#[derive(Debug, Args)]
pub(crate) struct Witness {
    #[command(subcommand)]
    command: Part,
}

/// What a witness and a register do.
#[derive(Debug, Subcommand)]
enum Part {
    /// At the witness: make its key.
    Keygen {
        /// The name of the witness, such as `court.example/witness`. No spaces.
        name: String,
        /// The new file of the secret key.
        #[arg(long, value_name = "FILE")]
        key_file: PathBuf,
    },
    /// At the witness: begin to follow the log of a register.
    Follow {
        /// The public key of the register, or the file that holds it, from a place that you trust.
        #[arg(long, value_name = "KEY")]
        log: String,
        /// The new file in which the witness remembers what it signed of this log.
        #[arg(long, value_name = "FILE")]
        state: PathBuf,
    },
    /// At the witness: answer a request. The signature goes to the standard output.
    Cosign {
        /// The request; default: the standard input.
        request: Option<PathBuf>,
        /// The file of the witness's secret key.
        #[arg(long, value_name = "FILE")]
        key_file: PathBuf,
        /// The file in which the witness remembers what it signed of this log.
        #[arg(long, value_name = "FILE")]
        state: PathBuf,
    },
    /// At the register: write a request for a witness to the standard output. Its checkpoint is kept until the answer comes.
    Request {
        #[command(flatten)]
        place: Place,
        /// The size that the witness signed last; default: by its signatures in the register, else 0.
        #[arg(long, value_name = "SIZE")]
        old: Option<u64>,
        /// The public key of the witness, or the file that holds it.
        #[arg(long, value_name = "KEY")]
        witness: Option<String>,
    },
    /// At the register: keep the signature of a witness with its checkpoint.
    Keep {
        #[command(flatten)]
        place: Place,
        /// The answer of the witness; default: the standard input.
        answer: Option<PathBuf>,
        /// The public key of the witness, or the file that holds it.
        #[arg(long, value_name = "KEY")]
        witness: String,
    },
}

/// The call `openward checkpoint`.
#[derive(Debug, Args)]
pub(crate) struct Checkpoint {
    #[command(flatten)]
    place: Place,
    /// The one of this size; default: the newest.
    #[arg(long, value_name = "SIZE")]
    size: Option<u64>,
}

/// Does it.
pub(crate) fn run(asked: &Witness, console: &mut Console) -> Result<(), Failure> {
    match &asked.command {
        Part::Keygen { name, key_file } => keygen(name, key_file, console),
        Part::Follow { log, state } => follow(log, state, console),
        Part::Cosign { request, key_file, state } => cosign(request.as_deref(), key_file, state, console),
        Part::Request { place, old, witness } => request(place, *old, witness.as_deref(), console),
        Part::Keep { place, answer, witness } => keep(place, answer.as_deref(), witness, console),
    }
}

fn keygen(name: &str, file: &Path, console: &mut Console) -> Result<(), Failure> {
    let key = make_key(file, name, &Chance::system()).map_err(|error| key_failed(&error))?;
    let mut page = console.page();
    page.put(0, Text::new("The witness has a key", Tone::Good).then(format!(" in {}. Its public key, for everybody:", file.display())));
    page.drawn(Text::from(format!("  {}", key.public())));
    page.put(0, "Copy that line alone into a file of its own, such as witness.vkey: this is what `--witness` asks for.");
    page.put(0, "Tell the register, and whoever is to rely on this witness. Never put an older copy of what the witness remembers back.");
    console.show(&page)
}

fn follow(log: &str, state: &Path, console: &mut Console) -> Result<(), Failure> {
    let log = key_of(log, KeyKind::Log)?;
    Watch::begin(state, &log).map_err(|error| watch_failed(&error))?;
    let mut page = console.page();
    page.put(0, Text::new("The witness follows", Tone::Good).then(format!(" {}, and remembers it in {}.", log.name(), state.display())));
    console.show(&page)
}

fn cosign(from: Option<&Path>, key_file: &Path, state: &Path, console: &mut Console) -> Result<(), Failure> {
    let key = read_key(key_file).map_err(|error| key_failed(&error))?;
    let bytes = input(from)?;
    let mut watch = Watch::open(state).map_err(|error| watch_failed(&error))?;
    let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or(0);
    let answer = watch.answer(&bytes, &key, now).map_err(|error| watch_failed(&error))?;
    console.print_lines(&answer.body)?;
    let Some(refusal) = answer.refusal else { return Ok(()) };
    let said = format!("status {}: {refusal}", answer.status);
    match refusal {
        Refusal::TwoRoots { .. } | Refusal::NotGrown(_) => {
            let kept = format!("the request is kept in {}; it may be evidence", watch.evidence().display());
            Err(Failure::Found(vec![said, kept]))
        }
        Refusal::Malformed(_) | Refusal::OldIsLarger { .. } | Refusal::UnknownLog | Refusal::NotSigned(_) | Refusal::NotFromHere { .. } => {
            Err(Failure::Refused(said))
        }
    }
}

fn request(place: &Place, old: Option<u64>, witness: Option<&str>, console: &mut Console) -> Result<(), Failure> {
    let house = place.house()?;
    let log = house.public_key().map_err(failed)?;
    let mut store = house.store().map_err(failed)?;
    let old = match (old, witness) {
        (Some(old), _) => old,
        (None, Some(witness)) => {
            let trust = both(&log, &key_of(witness, KeyKind::Witness)?)?;
            let rows = store.checkpoints().map_err(|error| failed(error.into()))?;
            rows.iter().rev().find(|row| trust.open(&row.note).is_ok()).map_or(0, |row| row.size)
        }
        (None, None) => 0,
    };
    let trust = Trust::new(vec![log]).map_err(Failure::call_of)?;
    let request = sealer::request(&mut store, &trust, old).map_err(|error| failed(HouseError::History(error)))?;
    let none = || match old {
        0 => "the log has no checkpoint yet".to_owned(),
        old => format!("the log has no checkpoint of {old} entries or more"),
    };
    let request = request.ok_or_else(|| Failure::call(none()))?;
    console.print_lines(&request.to_string())
}

fn keep(place: &Place, from: Option<&Path>, witness: &str, console: &mut Console) -> Result<(), Failure> {
    let house = place.house()?;
    let log = Trust::new(vec![house.public_key().map_err(failed)?]).map_err(Failure::call_of)?;
    let witness = key_of(witness, KeyKind::Witness)?;
    let answer = String::from_utf8(input(from)?).map_err(|_| Failure::content("the answer of the witness is no text"))?;
    let mut store = house.store().map_err(failed)?;
    let kept = sealer::keep_cosignature(&mut store, &log, &witness, &answer).map_err(|error| failed(HouseError::History(error)))?;
    let size = kept.ok_or_else(|| Failure::content(unknown_answer()))?;
    let mut page = console.page();
    let entries = crate::words::count(usize::try_from(size).unwrap_or(usize::MAX), "entry", "entries");
    page.put(0, Text::new("The signature is kept", Tone::Good).then(format!(" with the checkpoint of {entries}.")));
    console.show(&page)
}

/// Why an answer is not kept, and what to do.
fn unknown_answer() -> String {
    format!(
        "this is not a signature of that witness under a checkpoint that this register keeps: the newest, those that a witness signed, and those of \
         the last {} requests that have no answer. Is it the answer to a request of this register, and the whole of it? If so write a new request: \
         `openward witness request`, with `--old` and the size that the witness says it signed last",
        sealer::ASKED_MAX
    )
}

/// Writes a checkpoint, to be printed or sent.
pub(crate) fn checkpoint(asked: &Checkpoint, console: &mut Console) -> Result<(), Failure> {
    let house = asked.place.house()?;
    let store = house.store().and_then(|store| Ok(store.reader()?)).map_err(failed)?;
    let rows = store.checkpoints().map_err(|error| failed(error.into()))?;
    let row = rows.iter().rev().find(|row| asked.size.is_none_or(|size| size == row.size));
    let row = row.ok_or_else(|| Failure::call("the log has no such checkpoint"))?;
    let text = std::str::from_utf8(&row.note).map_err(|_| Failure::Found(vec!["the checkpoint is no text".to_owned()]))?;
    console.print_lines(text)
}

fn both(log: &PublicKey, witness: &PublicKey) -> Result<Trust, Failure> {
    Trust::new(vec![log.clone()]).and_then(|trust| trust.with_witnesses(vec![witness.clone()], 1)).map_err(Failure::call_of)
}

/// A file of the call, or the standard input.
fn input(from: Option<&Path>) -> Result<Vec<u8>, Failure> {
    /// More than any request or answer has.
    const MOST: u64 = 1 << 20;
    let Some(path) = from.filter(|path| *path != Path::new("-")) else {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(MOST).read_to_end(&mut bytes);
        read.map_err(|error| Failure::Machine(format!("the standard input cannot be read: {}", machine_words(&error))))?;
        return Ok(bytes);
    };
    bytes_of(path)
}

fn key_failed(error: &KeyFileError) -> Failure {
    match error {
        KeyFileError::Key(_) => Failure::Call(error.to_string()),
        KeyFileError::Io(..) | KeyFileError::Mode(_) | KeyFileError::Chance(_) => Failure::Machine(error.to_string()),
    }
}

fn watch_failed(error: &WatchError) -> Failure {
    let text = error.to_string();
    match error {
        WatchError::Exists(_) | WatchError::Missing(_) | WatchError::Key => Failure::Call(text),
        WatchError::Damaged(_) => Failure::Found(vec![text]),
        WatchError::Io(_) => Failure::Machine(text),
    }
}
