//! Registers of every version that there was: they open, verify, hold what was brought, and are folded as the same entries are today.
//!
//! Each folder of `tests/golden/` is a register that was made by the program of that version, with invented people, and is never changed. The
//! folder of the version that is new is made with `OPENWARD_GOLDEN=1 cargo test -p openward-register --test faults golden`, once.

use std::path::{Path, PathBuf};
use std::time::Duration;

use openward_law::casefile::CaseFile;
use openward_law::standing::{Question, Reach, standing};
use openward_register::derived;
use openward_register::history::AsOf;
use openward_register::store::Micros;
use openward_register::store::sqlite::{Sqlite, TABLES_VERSION};
use openward_register::writer::clock::Clock;
use openward_register::writer::{Act, Parts, Register};

use crate::house;

const CASE: &str = "case.jsonl";

/// What was brought, one act for each file.
const STORY: &str = r#"{"file":"fac_elm","at":"2020-01-01","fact":"facility-designated","kind":"approved-centre","law":"ie","zone":"Europe/Dublin"}
{"file":"per_ada","at":"2024-03-01T10:15","fact":"admitted","under":"s15","place":"fac_elm","by":"pro_ash"}
{"file":"per_ada","at":"2024-03-02T09:00","fact":"rights-explained","by":"pro_ash","to":"person"}
{"file":"per_ada","at":"2024-03-02","fact":"described","born":"1980-01-01","note":"a plain note"}
{"file":"per_bob","at":"2024-03-05","fact":"asked-to-leave","place":"fac_elm","note":"at the door"}
{"file":"per_bob","at":"2024-03-05T18:00","fact":"left"}
"#;

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// A clock in June 2024, before that of any machine which opens what is made.
struct InJune;

impl Clock for InJune {
    fn wall(&self) -> Micros {
        1_717_236_000_000_000
    }
    fn steady(&self) -> Duration {
        Duration::ZERO
    }
}

fn make(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let keys = house::create_keys(folder);
    let parts = Parts { clock: Box::new(InJune), ..house::parts(&keys) };
    let register = Register::open(Sqlite::open(&house::register_at(folder)).unwrap(), parts).unwrap();
    let case = CaseFile::read(STORY).unwrap_or_else(|problems| panic!("{}", problems[0]));
    for (number, file) in (1..).zip(case.files) {
        let act = Act { id: house::id(number), file: file.id, after: 0, entries: file.entries, documents: Vec::new(), outbox: Vec::new() };
        register.append(act).unwrap();
    }
    register.close();
    std::fs::write(folder.join(CASE), STORY).unwrap();
}

fn holds(folder: &Path) {
    let case = std::fs::read_to_string(folder.join(CASE)).unwrap();
    let case = CaseFile::read(&case).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let keys = house::open_keys(folder);
    house::is_clean(&Sqlite::open(&house::register_at(folder)).unwrap(), &keys).unwrap();
    let register = house::open(folder, &keys);
    for file in &case.files {
        let kept = register.history(&file.id, AsOf::Now).unwrap();
        assert_eq!(kept.iter().map(openward_register::entry::Kept::as_brought).collect::<Vec<_>>(), file.entries, "{}", file.id);
    }
    for file in case.person_files() {
        let at = register.history(&file.id, AsOf::Now).unwrap().last().and_then(|kept| kept.entry.recorded).unwrap();
        let rows = register.forecasts(&file.id).unwrap();
        assert!(!rows.is_empty(), "{} has no forecast", file.id);
        for row in rows {
            let law = house::laws().law(&row.law).unwrap();
            let today = standing(&case, file, Question { law: &law, benchmark: None, at, known_at: None, reach: Reach::ByPlace }).unwrap();
            let opened = derived::open(register.keys(), &register.file(&file.id).unwrap(), &row).unwrap();
            assert_eq!(opened["timeline"], serde_json::to_value(&today.timeline).unwrap(), "{}", file.id);
            assert_eq!(opened["duties"], serde_json::to_value(&today.duties).unwrap(), "{}", file.id);
        }
    }
    register.close();
}

#[test]
fn a_register_of_every_version_opens_verifies_and_is_folded_as_its_entries_are_today() {
    let newest = golden().join(format!("v{TABLES_VERSION}"));
    if std::env::var("OPENWARD_GOLDEN").is_ok() && !newest.exists() {
        make(&newest);
    }
    assert!(newest.exists(), "there is no register of the newest version: make it as the head of this file says");
    for entry in std::fs::read_dir(golden()).unwrap() {
        let (from, into) = (entry.unwrap().path(), tempfile::tempdir().unwrap());
        for file in std::fs::read_dir(&from).unwrap() {
            let path = file.unwrap().path();
            std::fs::copy(&path, into.path().join(path.file_name().unwrap())).unwrap();
        }
        println!("{}", from.display());
        holds(into.path());
    }
}
