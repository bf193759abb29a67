//! Kill the process while it makes, rotates and destroys keys: what it acknowledged is there afterwards, and one master opens the store.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use openward_register::keys::{Chance, Domain, KeyError, Keys, Place, Pseudonym};

use super::{at, master};

/// Says to the process that it is the one to be killed, and where its store is.
const CHILD: &str = "OPENWARD_TEST_KEYS_TO_KILL";
const TRIALS: usize = 20;
const PLACE: Place<'static> = Place { table: "part", file: Pseudonym::from_bytes([0; 16]), n: 1, i: 0, extra: b"" };

/// The store, and which of the two masters opens it. Never both, never neither.
fn opened(folder: &Path) -> (Keys, u64) {
    let path = folder.join("keys.db");
    let mut found: Vec<(Keys, u64)> = Vec::new();
    for seed in [1, 2] {
        match Keys::open(&path, &master(seed), Chance::system()) {
            Ok(keys) => found.push((keys, seed)),
            Err(error) => assert!(matches!(error, KeyError::WrongMaster { .. }), "{error}"),
        }
    }
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// Makes, rotates, begins epochs and destroys without end, and says each thing when it is done.
fn work_until_killed(folder: &Path, first: u64) {
    let (mut keys, mut with) = opened(folder);
    let mut out = std::io::stdout().lock();
    for number in first.. {
        let name = number.to_string();
        let file = keys.pseudonym(&name);
        let boxed = keys.file_key(Domain::Care, file).unwrap().seal(&PLACE, name.as_bytes()).unwrap();
        let hex: String = boxed.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "\nmade {number} {hex}").unwrap();
        with = 3 - with;
        keys.rotate_master(&master(with)).unwrap();
        writeln!(out, "rotated {with} -").unwrap();
        if number % 3 == 0 {
            keys.destroy(file, at(7)).unwrap();
            writeln!(out, "destroyed {number} -").unwrap();
        }
        if number % 5 == 0 {
            keys.new_epoch(Domain::Care).unwrap();
            keys.retire_epochs(Domain::Care).unwrap();
        }
        out.flush().unwrap();
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_instant() {
    if let Ok(folder) = std::env::var(CHILD) {
        let (folder, first) = folder.rsplit_once(':').unwrap();
        work_until_killed(Path::new(folder), first.parse().unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    drop(super::created(folder.path()));
    let mut made = BTreeMap::new();
    let mut destroyed = Vec::new();
    for trial in 0..TRIALS {
        let first = 1000 * trial as u64;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::what_was_acknowledged_survives_a_kill_at_any_instant", "--nocapture"])
            .env(CHILD, format!("{}:{first}", folder.path().display()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // After so many lines it is killed, in the middle of what it does next; what it said until then is kept to.
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut is_killed = false;
        for (count, line) in lines.enumerate() {
            let line = line.unwrap();
            if let [what, number, rest] = line.split(' ').collect::<Vec<_>>()[..] {
                match what {
                    "made" => drop(made.insert(number.to_owned(), rest.to_owned())),
                    "destroyed" => destroyed.push(number.to_owned()),
                    _ => {}
                }
            }
            if count >= 6 + 7 * trial % 31 && !is_killed {
                child.kill().unwrap();
                is_killed = true;
            }
        }
        assert!(!child.wait().unwrap().success() && is_killed, "it was to be killed, not to end");
        let (keys, _) = opened(folder.path());
        keys.check().unwrap();
        let list = keys.destroyed().unwrap();
        for (number, hex) in &made {
            let file = keys.pseudonym(number);
            match keys.file_key(Domain::Care, file) {
                Ok(key) => {
                    assert!(!destroyed.contains(number), "{number} was destroyed and came back");
                    let boxed: Vec<u8> = (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect();
                    assert_eq!(&**key.open(&PLACE, &boxed).unwrap(), number.as_bytes());
                }
                // It may have been destroyed in the last moment, without a word.
                Err(KeyError::Destroyed { .. }) => assert!(list.iter().any(|row| row.file == file)),
                Err(error) => panic!("{number}: {error}"),
            }
        }
    }
    assert!(made.len() >= TRIALS && !destroyed.is_empty());
}
