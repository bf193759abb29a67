//! The power goes at any instant: everything that was acknowledged by then is there afterwards, whole, and nothing is half there.
//!
//! A busy register runs once while the disk writes down all that reaches it; then each seed is an instant, with a choice of what was lost of
//! all that had not been synced. `OPENWARD_POWER_CUTS` sets how many. A recording in which a cut did harm is kept, and
//! `OPENWARD_RECORDING` with its path cuts it again.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use openward_register::documents::{Documents, Reference};
use openward_register::history::AsOf;
use openward_register::keys::{Chance, Domain, KeyError, Keys};
use openward_register::reads::Reader;
use openward_register::store::sqlite::Sqlite;
use openward_register::store::{ActId, Log as _};
use openward_register::verify;
use openward_register::writer::Register;

use crate::disk;
use crate::recording::{Loss, Recording};
use crate::{Dice, house};

/// So many cuts share a recording.
const CUTS_OF_ONE: u64 = 100;

/// How many clients act at once.
const CLIENTS: u64 = 4;

/// How many acts each brings to each opening.
const ACTS: u64 = 8;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

/// A busy register, opened twice. Each client says what was acknowledged, at the moment it was.
fn busy(folder: &Path) {
    for half in 0..2_u64 {
        let keys = if half == 0 { house::create_keys(folder) } else { house::open_keys(folder) };
        disk::mark("keys");
        let documents = Documents::open(&folder.join("documents"), Chance::system()).unwrap();
        let mut store = Sqlite::open(&house::register_at(folder)).unwrap();
        store.write_back_after(24, 9);
        let register = Register::open(store, house::parts(&keys)).unwrap();
        disk::mark("open");
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                let register = &register;
                scope.spawn(move || acts(register, half, client));
            }
            scope.spawn(|| {
                for size in [0, 3_000, 20_000] {
                    let reference = documents.put(vec![b'd'; size].as_slice(), 100_000).unwrap();
                    disk::mark(&format!("document {} {size}", hex(&reference.to_bytes())));
                }
            });
        });
        let gone = keys.pseudonym(&format!("per_gone{half}"));
        keys.file_key(Domain::Care, gone).unwrap();
        keys.destroy(gone, Timestamp::UNIX_EPOCH).unwrap();
        disk::mark(&format!("destroyed per_gone{half}"));
        register.close();
    }
}

fn acts(register: &Register<Sqlite>, half: u64, client: u64) {
    for at in 0..ACTS {
        let number = half << 32 | client << 16 | at;
        // A new file now and then: its key must be on the disk before the entry that it closes.
        let file = format!("per_c{client}_{}", (half * ACTS + at) / 3);
        let after = register.file(&file).map_or(0, |row| row.length);
        let done = register.append(house::act(number, &file, after, 1 + usize::try_from(at % 3).unwrap())).unwrap();
        let (first, last, hash) = house::written_down(&done);
        disk::mark(&format!("act {number} {first} {last} {hash}"));
        if at % 4 == 3 {
            let reader = Reader { who: format!("pro_{client}"), capacity: "nurse".into(), purpose: "care".into(), view: "file".into() };
            register.read(&file, AsOf::Now, &reader).unwrap();
            disk::mark(&format!("opened {file}"));
            if let Some(newest) = register.reader().unwrap().newest_checkpoint().unwrap() {
                disk::mark(&format!("checkpoint {}", hex(&newest.note)));
            }
        }
    }
}

/// What was said by the time the power went.
#[derive(Default)]
struct Said {
    has_keys: bool,
    is_open: bool,
    acts: Vec<(ActId, (u64, u64, String))>,
    documents: Vec<(Reference, usize)>,
    destroyed: Vec<String>,
    checkpoints: Vec<Vec<u8>>,
    opened: Vec<String>,
}

impl Said {
    fn of<'a>(marks: impl Iterator<Item = &'a str>) -> Self {
        let mut said = Self::default();
        for mark in marks {
            let words: Vec<&str> = mark.split(' ').collect();
            match words[..] {
                ["keys"] => said.has_keys = true,
                ["open"] => said.is_open = true,
                ["act", number, first, last, hash] => {
                    let down = (first.parse().unwrap(), last.parse().unwrap(), hash.to_owned());
                    said.acts.push((house::id(number.parse().unwrap()), down));
                }
                ["document", reference, size] => {
                    said.documents.push((Reference::from_bytes(&unhex(reference)).unwrap(), size.parse().unwrap()));
                }
                ["destroyed", file] => said.destroyed.push(file.to_owned()),
                ["checkpoint", note] => said.checkpoints.push(unhex(note)),
                ["opened", file] => said.opened.push(file.to_owned()),
                _ => panic!("{mark} is nothing that a client says"),
            }
        }
        said
    }

    fn judge(&self, folder: &Path) -> Result<(), String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let keys = match Keys::open(&house::keys_at(folder), &house::master(), Chance::system()) {
            Err(KeyError::Missing) if !self.has_keys => return Ok(()),
            other => Arc::new(other.map_err(|error| text(&error))?),
        };
        let documents = Documents::open(&folder.join("documents"), Chance::system()).map_err(|error| text(&error))?;
        for (reference, size) in &self.documents {
            let bytes = documents.bytes(reference, 100_000).map_err(|error| format!("a document: {error}"))?;
            if bytes.len() != *size || bytes.iter().any(|byte| *byte != b'd') {
                return Err("a document is not what was put".to_owned());
            }
        }
        for file in &self.destroyed {
            let found = keys.existing_file_key(Domain::Care, keys.pseudonym(file));
            if !matches!(found, Err(KeyError::Destroyed { .. })) {
                return Err("a destroyed key is there again".to_owned());
            }
        }
        if self.is_open && !house::register_at(folder).exists() {
            return Err("the register is gone".to_owned());
        }
        let store = Sqlite::open(&house::register_at(folder)).map_err(|error| text(&error))?;
        for (id, down) in &self.acts {
            house::is_there(&store, *id, down)?;
        }
        let report = verify::register(&store, Some(&keys), &house::trust(), &self.checkpoints).map_err(|error| text(&error))?;
        if !report.is_clean() {
            return Err(format!("{:#?}", report.findings));
        }
        house::is_clean(&store, &keys)?;
        let register = Register::open(store, house::parts_later(&keys, 1)).map_err(|error| text(&error))?;
        for file in &self.opened {
            if register.openings(file).map_err(|error| text(&error))?.is_empty() {
                return Err("an opening that was recorded is lost".to_owned());
            }
        }
        for (number, file) in (1 << 48..).zip(["per_c0_0", "per_new"]) {
            let after = register.file(file).map_or(0, |row| row.length);
            register.append(house::act(number, file, after, 1)).map_err(|error| format!("it does not go on: {error}"))?;
        }
        register.close();
        Ok(())
    }
}

fn record(to: &Path) -> Recording {
    let folder = disk::folder();
    disk::watch(folder.path());
    disk::record();
    busy(folder.path());
    disk::stop(to);
    Recording::read(&std::fs::read(to).unwrap())
}

#[test]
fn a_power_cut_at_any_instant_loses_nothing_that_was_acknowledged() {
    disk::on_it("power::a_power_cut_at_any_instant_loses_nothing_that_was_acknowledged", || {
        let (seed, cuts) = (crate::seed(), crate::count("OPENWARD_POWER_CUTS", 200));
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("recording-{}", std::process::id()));
        let given = std::env::var_os("OPENWARD_RECORDING").map(|path| Recording::read(&std::fs::read(path).unwrap()));
        let (mut recording, mut calls, mut acts) = (Recording::read(&[]), 0, 0);
        for cut in 0..cuts {
            if cut % CUTS_OF_ONE == 0 && given.is_none() {
                recording = record(&kept);
            }
            let recording = given.as_ref().unwrap_or(&recording);
            let mut dice = Dice::new(seed + cut);
            let loss = Loss::EACH[usize::try_from(dice.below(4)).unwrap()];
            let instant = recording.instant(&mut dice);
            let folder = disk::folder();
            recording.leave(instant, loss, &mut dice, folder.path());
            let said = Said::of(recording.marks(instant));
            if let Err(error) = said.judge(folder.path()) {
                panic!(
                    "OPENWARD_SEED={} OPENWARD_POWER_CUTS=1 OPENWARD_RECORDING={}: cut after {instant} of {} calls, {loss:?} lost: {error}",
                    seed + cut,
                    kept.display(),
                    recording.len()
                );
            }
            calls += instant;
            acts += said.acts.len();
        }
        disk::say(&format!("{cuts} cuts, after {calls} calls in all; {acts} acknowledged acts were looked for and found"));
        assert!(acts > usize::try_from(cuts).unwrap(), "the cuts came before anything was acknowledged");
        let _ = std::fs::remove_file(kept);
    });
}

#[test]
fn a_disk_that_only_says_that_it_synced_is_found_out() {
    disk::on_it("power::a_disk_that_only_says_that_it_synced_is_found_out", || {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("lie-{}", std::process::id()));
        record(&kept);
        let bytes = std::fs::read(&kept).unwrap();
        let judge = |recording: &Recording, acts: usize| {
            let instant = recording.after_marks("act", acts);
            let folder = disk::folder();
            recording.leave(instant, Loss::All, &mut Dice::new(1), folder.path());
            Said::of(recording.marks(instant)).judge(folder.path())
        };
        assert!((1..=12).all(|acts| judge(&Recording::read(&bytes), acts) == Ok(())));
        // Each of the two must be on the disk before an act is acknowledged: the entry, and the key that opens it.
        for name in ["register.db-wal", "keys.db-wal"] {
            let lied = (1..=12).any(|acts| judge(&Recording::read(&bytes).without_syncs_of(name), acts).is_err());
            assert!(lied, "nothing was missed although {name} was never synced");
        }
        let _ = std::fs::remove_file(kept);
    });
}
