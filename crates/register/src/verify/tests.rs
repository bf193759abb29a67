//! What was done to a register is found, and where. Many more such deeds stand in `crate::attack`.

use std::path::{Path, PathBuf};

use openward_law::entry::{Correction, CorrectionKind};
use rusqlite::Connection;

use super::{Report, register};
use crate::derived::check::fsck;
use crate::keys::Pseudonym;
use crate::reads::Reader;
use crate::store::Log as _;
use crate::store::sqlite::Sqlite;
use crate::testing::{Place, act, act_of, id};

const ADMITTED: &str = r#"{"at":"2024-03-01T10:15","fact":"admitted","under":"s15","place":"fac_elm","by":"pro_ash","note":"a note"}"#;

/// A register with three people, two other files and a stream of reads, closed.
fn told() -> (tempfile::TempDir, Place) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::create(folder.path());
    let running = place.register();
    let mut number = 0;
    let mut tell = |file: &str, after, lines: &[&str]| {
        number += 1;
        running.append(act_of(id(number), file, after, lines)).unwrap_or_else(|refused| panic!("{refused}"));
    };
    for person in ["per_ada", "per_bob", "per_eve"] {
        tell(person, 0, &[ADMITTED, r#"{"at":"2024-03-02","fact":"rights-explained","by":"pro_ash"}"#]);
        tell(person, 2, &[r#"{"at":"2024-03-03T09:00","fact":"asked-to-leave","note":"wants to go"}"#]);
    }
    tell("fac_elm", 0, &[r#"{"at":"2020-01-01","fact":"facility-designated","kind":"approved-centre","law":"ie"}"#]);
    for (number, person) in (50..).zip(["per_ada", "per_bob", "per_eve"]) {
        let mut corrects = act_of(id(number), person, 3, &[r#"{"at":"2024-03-04","fact":"left"}"#]);
        let why = "heard wrong".to_owned();
        corrects.entries[0].corrects = Some(Correction { n: 3, kind: CorrectionKind::Replaced, why });
        running.append(corrects).expect("kept");
    }
    let reader = Reader { who: "pro_ash".into(), capacity: "doctor".into(), purpose: "care".into(), view: "file".into() };
    running.opened("per_ada", &reader).expect("recorded");
    running.refold_marked(99).expect("refolded");
    running.close();
    (folder, place)
}

fn check(place: &Place, path: &Path, outside: &[Vec<u8>]) -> (Report, usize) {
    let store = Sqlite::open(path).expect("it opens");
    let report = register(&store, Some(&place.keys), &place.trust(), outside).expect("checked");
    // Where entries cannot be read, nothing can be computed from them; that is found too.
    let derived = fsck(&store, &place.keys, place.laws.as_ref()).map_or(1, |checked| checked.wrong.len());
    (report, derived)
}

/// A copy on which these statements were run, with the rules of the tables off.
fn tampered(place: &Place, sql: &str) -> PathBuf {
    let copy = place.folder.join("tampered.db");
    let _ = std::fs::remove_file(&copy);
    place.store().backup(&copy).expect("copied");
    let db = Connection::open(&copy).expect("opened");
    db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").expect("off");
    db.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    copy
}

#[test]
fn a_register_that_nobody_touched_is_clean() {
    let (_folder, place) = told();
    let (report, derived) = check(&place, &place.path(), &[]);
    assert_eq!((report.findings.as_slice(), derived), ([].as_slice(), 0));
    assert_eq!((report.files, report.entries, report.log), (5, 14, 14));
    assert!(register(&place.store(), None, &place.trust(), &[]).expect("without keys").is_clean());
}

#[test]
fn what_was_done_to_a_file_is_named_with_its_place() {
    let (_folder, place) = told();
    let ada = *place.keys.pseudonym("per_ada").as_bytes();
    let of = "file = (SELECT id FROM file WHERE pseudonym = x'ADA')".replace("ADA", &Pseudonym::from_bytes(ada).to_string());
    let cases = [
        (2, "DELETE FROM entry WHERE OF AND n = 2"),
        (2, "DELETE FROM entry WHERE OF AND n = 2; DELETE FROM part WHERE OF AND n = 2; DELETE FROM log WHERE OF AND n = 2"),
        (3, "DELETE FROM part WHERE OF AND n = 3 AND i = 2"),
        (1, "UPDATE part SET box = (SELECT box FROM part WHERE OF AND n = 2 AND i = 0) WHERE OF AND n = 1 AND i = 0"),
        (2, "UPDATE entry SET recorded = recorded - 60000000 WHERE OF AND n = 2"),
        (2, "UPDATE entry SET n = 100 WHERE OF AND n = 2; UPDATE entry SET n = 2 WHERE OF AND n = 3; UPDATE entry SET n = 3 WHERE OF AND n = 100;
             UPDATE part SET n = 100 WHERE OF AND n = 2; UPDATE part SET n = 2 WHERE OF AND n = 3; UPDATE part SET n = 3 WHERE OF AND n = 100"),
        (5, "INSERT INTO entry SELECT file, 5, recorded, hash, prev, act FROM entry WHERE OF AND n = 4"),
        (1, "UPDATE log SET place = -1 WHERE place = 0; UPDATE log SET place = 0 WHERE place = 1; UPDATE log SET place = 1 WHERE place = -1"),
    ];
    for (n, sql) in cases {
        let (report, _) = check(&place, &tampered(&place, &sql.replace("OF", &of)), &[]);
        let named = report.findings.iter().any(|finding| finding.file == Some(ada) && finding.n == Some(n));
        assert!(named, "{sql}:\n{:#?}", report.findings);
    }
}

/// Whoever removes the newest entry with everything that is computed from it, and mends length and head, is found all the same.
#[test]
fn the_newest_entry_removed_with_all_its_rows_is_named() {
    let (_folder, place) = told();
    let ada = *place.keys.pseudonym("per_ada").as_bytes();
    let of = "file = (SELECT id FROM file WHERE pseudonym = x'ADA')".replace("ADA", &Pseudonym::from_bytes(ada).to_string());
    let sql = "DELETE FROM act WHERE OF AND last = 4; DELETE FROM entry WHERE OF AND n = 4; DELETE FROM part WHERE OF AND n = 4;
               DELETE FROM log WHERE OF AND n = 4; DELETE FROM forecast WHERE OF; DELETE FROM span WHERE OF; DELETE FROM owed WHERE OF;
               UPDATE file SET length = 3, head = (SELECT hash FROM entry WHERE OF AND n = 3) WHERE pseudonym = x'ADA'";
    let sql = sql.replace("OF", &of).replace("ADA", &Pseudonym::from_bytes(ada).to_string());
    let (report, _) = check(&place, &tampered(&place, &sql), &[]);
    assert!(report.findings.iter().any(|finding| finding.file == Some(ada) && finding.n == Some(4)), "{:#?}", report.findings);
    // Without keys it is found and cannot be named.
    let blind = register(&Sqlite::open(&place.folder.join("tampered.db")).expect("opens"), None, &place.trust(), &[]).expect("checked");
    assert!(blind.findings.iter().any(|finding| finding.what.starts_with("OW-REG-064")), "{:#?}", blind.findings);
}

#[test]
fn last_weeks_database_under_a_running_log_is_found_by_an_older_checkpoint_kept_outside() {
    let (_folder, place) = told();
    let old = place.folder.join("last-week.db");
    place.store().backup(&old).expect("copied");
    let middle = place.store().newest_checkpoint().expect("read").expect("there").note;
    let running = place.register();
    running.append(act(id(100), "per_ada", 4, 2)).expect("kept");
    running.close();
    let newer = place.store().newest_checkpoint().expect("read").expect("there").note;
    assert!(check(&place, &place.path(), &[middle.clone(), newer.clone()]).0.is_clean());

    for file in ["register.db-wal", "register.db-shm"] {
        let _ = std::fs::remove_file(place.folder.join(file));
    }
    std::fs::copy(&old, place.path()).expect("restored");
    assert!(check(&place, &place.path(), std::slice::from_ref(&middle)).0.is_clean(), "alone it agrees with itself");
    let (report, _) = check(&place, &place.path(), &[middle.clone(), newer.clone()]);
    assert!(report.findings.iter().any(|finding| finding.what.contains("the newest 2 are gone")), "{:#?}", report.findings);

    // It runs on, with the right key: another history from there.
    let bob = *place.keys.pseudonym("per_bob").as_bytes();
    let running = place.register();
    running.append(act(id(200), "per_bob", 4, 3)).expect("kept");
    running.close();
    let (report, _) = check(&place, &place.path(), &[middle, newer]);
    assert!(report.findings.iter().any(|finding| finding.file == Some(bob) && finding.n == Some(5)), "{:#?}", report.findings);
    assert!(report.findings.iter().all(|finding| finding.file.is_none_or(|file| file == bob)), "{:#?}", report.findings);
}
