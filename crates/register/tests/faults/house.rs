//! A register in a folder, acts on it, and what must hold of it after anything at all.
//!
//! Deliberately absent: any fault.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use openward_law::casefile::CaseFile;
use openward_law::engine::Law;
use openward_law::pack::{Pack, PackFile, load};
use openward_register::derived::{Laws, check};
use openward_register::keys::{Chance, Keys, Master};
use openward_register::store::sqlite::Sqlite;
use openward_register::store::{ActId, Entries as _, Micros};
use openward_register::verify;
use openward_register::writer::clock::{Clock, Machine};
use openward_register::writer::{Acknowledged, Act, Parts, Register};
use openward_seal::checkpoint::Trust;
use openward_seal::note::key::SecretKey;

/// The one law of these tests.
struct Irish(Arc<Law>);

impl Laws for Irish {
    fn law(&self, id: &str) -> Option<Arc<Law>> {
        (id == "ie").then(|| Arc::clone(&self.0))
    }
    fn usual(&self) -> Option<Arc<Law>> {
        self.law("ie")
    }
}

fn pack(name: &str, benchmark: Option<&Pack>) -> Pack {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../law").join(name);
    let mut files: Vec<PackFile> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| PackFile {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            text: std::fs::read_to_string(&path).unwrap(),
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    load(&files, benchmark).unwrap_or_else(|problems| panic!("{name}: {}", problems[0]))
}

pub(crate) fn laws() -> Arc<dyn Laws> {
    static LAWS: OnceLock<Arc<Irish>> = OnceLock::new();
    let laws = LAWS.get_or_init(|| Arc::new(Irish(Arc::new(Law::new(pack("ie", Some(&pack("un-1991", None))))))));
    Arc::clone(laws) as Arc<dyn Laws>
}

pub(crate) fn signer() -> SecretKey {
    SecretKey::from_seed("register.example/log", &[7; 32]).unwrap()
}

pub(crate) fn trust() -> Trust {
    Trust::new(vec![signer().public().clone()]).unwrap()
}

/// Always the same master: a fault must never be one of chance.
pub(crate) fn master() -> Master {
    let mut next = 0_u8;
    let chance = Chance::from_source(move |bytes| {
        for byte in bytes {
            next = next.wrapping_mul(167).wrapping_add(13);
            *byte = next;
        }
        Ok(())
    });
    Master::generate(&chance).unwrap()
}

pub(crate) fn keys_at(folder: &Path) -> PathBuf {
    folder.join("keys.db")
}

pub(crate) fn register_at(folder: &Path) -> PathBuf {
    folder.join("register.db")
}

pub(crate) fn create_keys(folder: &Path) -> Arc<Keys> {
    Arc::new(Keys::create(&keys_at(folder), &master(), Chance::system()).unwrap())
}

pub(crate) fn open_keys(folder: &Path) -> Arc<Keys> {
    Arc::new(Keys::open(&keys_at(folder), &master(), Chance::system()).unwrap())
}

pub(crate) fn parts(keys: &Arc<Keys>) -> Parts {
    Parts::new(Arc::clone(keys), laws(), signer())
}

/// The clock of the machine, so many hours ahead: the lease of whoever had the register before is over.
struct Later(Machine, Micros);

impl Clock for Later {
    fn wall(&self) -> Micros {
        self.0.wall() + self.1
    }
    fn steady(&self) -> Duration {
        self.0.steady()
    }
}

/// As in use, some hours later.
pub(crate) fn parts_later(keys: &Arc<Keys>, hours: u32) -> Parts {
    Parts { clock: Box::new(Later(Machine::new(), Micros::from(hours) * 3_600_000_000)), ..parts(keys) }
}

pub(crate) fn open(folder: &Path, keys: &Arc<Keys>) -> Register<Sqlite> {
    Register::open(Sqlite::open(&register_at(folder)).unwrap(), parts(keys)).unwrap()
}

pub(crate) fn id(number: u64) -> ActId {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    id
}

/// The file of an act by a small number: people, and one place that some of them name.
pub(crate) fn file(number: u64) -> String {
    if number % 5 == 4 { "fac_elm".to_owned() } else { format!("per_p{}", number % 5) }
}

/// An act of so many entries; what they say follows from the number.
pub(crate) fn act(number: u64, file: &str, after: u64, entries: usize) -> Act {
    let mut text = String::new();
    for at in 0..entries {
        let fact = match (file.starts_with("fac"), (number + at as u64) % 3) {
            (true, _) => r#""at":"2020-01-01","fact":"facility-designated","kind":"approved-centre","law":"ie","zone":"Europe/Dublin""#,
            (_, 0) => r#""at":"2024-03-01T10:15","fact":"admitted","under":"s15","place":"fac_elm","by":"pro_ash""#,
            (_, 1) => r#""at":"2024-03-02T09:00","fact":"rights-explained","by":"pro_ash","to":"person""#,
            (..) => r#""at":"2024-03-03T11:30","fact":"described","born":"1980-01-01","note":"a plain note, and a little longer""#,
        };
        text.push_str(&format!("{{\"file\":\"{file}\",{fact}}}\n"));
    }
    let mut case = CaseFile::read(&text).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let mut entries = case.files.remove(0).entries;
    for entry in &mut entries {
        entry.n += u32::try_from(after).unwrap();
    }
    let outbox = if number % 4 == 1 { vec![(0, format!("letter {number}").into_bytes())] } else { Vec::new() };
    Act { id: id(number), file: file.to_owned(), after, entries, documents: Vec::new(), outbox }
}

/// Numbers and hash of the last entry, as the client wrote them down.
pub(crate) fn written_down(done: &Acknowledged) -> (u64, u64, String) {
    let (first, last) = (done.entries.first().unwrap(), done.entries.last().unwrap());
    (first.n, last.n, last.hash.to_string())
}

/// An act that was acknowledged is there, whole, as it was acknowledged.
pub(crate) fn is_there(store: &Sqlite, id: ActId, (first, last, hash): &(u64, u64, String)) -> Result<(), String> {
    let act = store.act(&id).map_err(|error| error.to_string())?.ok_or(format!("an acknowledged act is lost: {first} to {last}"))?;
    let entries = store.entries(act.file, act.first, act.last).map_err(|error| error.to_string())?;
    let found = (act.first, act.last, entries.last().map(|entry| entry.hash.to_string()).unwrap_or_default());
    let wanted = (*first, *last, hash.clone());
    let whole = entries.len() as u64 == last + 1 - first;
    if found == wanted && whole { Ok(()) } else { Err(format!("acknowledged {wanted:?}, found {found:?}")) }
}

/// Chain, log, boxes and forecasts hold.
pub(crate) fn is_clean(store: &Sqlite, keys: &Keys) -> Result<(), String> {
    let report = verify::register(store, Some(keys), &trust(), &[]).map_err(|error| error.to_string())?;
    if !report.is_clean() {
        return Err(format!("{:#?}", report.findings));
    }
    let checked = check::fsck(store, keys, laws().as_ref()).map_err(|error| error.to_string())?;
    if checked.wrong.is_empty() { Ok(()) } else { Err(format!("{:#?}", checked.wrong)) }
}
