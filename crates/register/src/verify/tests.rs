//! What was done to a register is found, and where; and a stolen disk tells little.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use openward_law::entry::{Correction, CorrectionKind};
use rusqlite::Connection;

use super::{Report, register};
use crate::derived::check::fsck;
use crate::keys::Pseudonym;
use crate::reads::Reader;
use crate::store::sqlite::Sqlite;
use crate::store::{Log as _, Micros};
use crate::testing::{self, Place, act, act_of, id};
use crate::writer::clock::Clock;
use crate::writer::{Parts, Register};

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

/// Every byte column and every number of every table that is sealed or computed, in several rows: one bit or one more.
#[test]
fn every_flip_is_found() {
    let (_folder, place) = told();
    let blobs = [
        ("file", "pseudonym"),
        ("file", "tag"),
        ("file", "head"),
        ("act", "id"),
        ("entry", "prev"),
        ("entry", "hash"),
        ("entry", "act"),
        ("part", "hash"),
        ("part", "box"),
        ("tile", "bytes"),
        ("names", "box"),
        ("checkpoint", "note"),
        ("forecast", "digest"),
        ("forecast", "context"),
        ("forecast", "box"),
        ("relies_on", "other"),
    ];
    let numbers = [
        ("file", "kind"),
        ("file", "domain"),
        ("file", "length"),
        ("act", "file"),
        ("act", "first"),
        ("act", "last"),
        ("entry", "n"),
        ("entry", "recorded"),
        ("part", "n"),
        ("part", "i"),
        ("log", "place"),
        ("log", "n"),
        ("names", "width"),
        ("forecast", "length"),
        ("span", "begins"),
        ("span", "held"),
        ("span", "authority"),
        ("owed", "state"),
        ("owed", "since"),
    ];
    let db = Connection::open(place.path()).expect("opened");
    let mut seed = 12_345_u64;
    let mut next = |end: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % end
    };
    let rounds: u64 = std::env::var("OPENWARD_FLIPS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let mut done = 0;
    for ((table, column), is_blob) in blobs.iter().map(|at| (at, true)).chain(numbers.iter().map(|at| (at, false))) {
        let count: u64 = db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).expect("counted");
        for _ in 0..rounds.min(count) {
            let row = next(count);
            let pick = format!("({column}) IN (SELECT {column} FROM {table} LIMIT 1 OFFSET {row})");
            let sql = if is_blob {
                let bytes: Vec<u8> =
                    db.query_row(&format!("SELECT {column} FROM {table} LIMIT 1 OFFSET {row}"), [], |row| row.get(0)).expect("read");
                let bit = usize::try_from(next(8 * bytes.len() as u64)).expect("small");
                let mut flipped = bytes.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
                format!("UPDATE OR REPLACE {table} SET {column} = x'{}' WHERE {column} = x'{}'", hex(&flipped), hex(&bytes))
            } else {
                format!("UPDATE OR REPLACE {table} SET {column} = {column} + 1 WHERE {pick}")
            };
            let copy = tampered(&place, &sql);
            let opened = Sqlite::open(&copy).expect("it opens");
            let found = register(&opened, Some(&place.keys), &place.trust(), &[]).map_or(true, |report| !report.is_clean());
            let derived = fsck(&opened, &place.keys, place.laws.as_ref()).map_or(true, |checked| !checked.wrong.is_empty());
            assert!(found || derived, "{table}.{column}: {sql}");
            done += 1;
        }
    }
    assert!(done >= 60, "{done} flips");
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

#[test]
fn no_planted_string_is_anywhere_on_the_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::create(folder.path());
    let running = place.register();
    let line = r#"{"at":"2024-03-01T10:15","fact":"admitted","under":"s15","place":"fac_plantedgreen","by":"pro_plantedblue","note":"Planted Red"}"#;
    let mut planted = act_of(id(1), "per_plantedgrey", 0, &[line]);
    planted.outbox.push((0, b"Planted Red".to_vec()));
    running.append(planted).expect("kept");
    let reader = Reader { who: "pro_plantedblue".into(), capacity: "doctor".into(), purpose: "Planted Red".into(), view: "file".into() };
    running.opened("per_plantedgrey", &reader).expect("recorded");
    let backup = folder.path().join("backup.db");
    place.store().backup(&backup).expect("copied");
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut wanted: Vec<Vec<u8>> = Vec::new();
    for text in ["Planted Red", "planted red", "plantedgreen", "plantedblue", "plantedgrey", "admitted", "\"under\""] {
        wanted.push(text.as_bytes().to_vec());
        wanted.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        wanted.push(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        wanted.push(hex(text.as_bytes()).into_bytes());
        // In base64 a text looks in three ways, after where it begins; its inner letters are the same in each.
        for skip in 0..3 {
            let whole = &text.as_bytes()[skip..];
            wanted.push(base64(&whole[..whole.len() / 3 * 3]).into_bytes());
        }
    }
    let mut looked = 0;
    for file in std::fs::read_dir(folder.path()).expect("listed").map(|file| file.expect("a file").path()) {
        let bytes = std::fs::read(&file).expect("read");
        for text in &wanted {
            let found = bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text));
            assert!(!found, "{} in {}", String::from_utf8_lossy(text), file.display());
        }
        looked += 1;
    }
    // Database, write-ahead log and its index, backup, key store, master.
    assert!(looked >= 5, "{looked} files");
    drop(running);
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(LETTERS[bits >> shift & 63]))
    };
    bytes.chunks_exact(3).flat_map(group).collect()
}

/// A clock that stands, so that instants are the same in both registers.
struct Stands;

impl Clock for Stands {
    fn wall(&self) -> Micros {
        1_700_000_000_000_000
    }
    fn steady(&self) -> Duration {
        Duration::ZERO
    }
}

/// What a thief sees of a register and is not random: columns that are no hash, no tag and no pseudonym; sizes of boxes.
fn seen(place: &Place) -> Vec<String> {
    let db = Connection::open(place.path()).expect("opened");
    let views = [
        "SELECT kind || ' ' || domain || ' ' || length FROM file ORDER BY id",
        "SELECT file || ' ' || n || ' ' || recorded FROM entry ORDER BY file, n",
        "SELECT file || ' ' || n || ' ' || i || ' ' || length(box) FROM part ORDER BY file, n, i",
        "SELECT file || ' ' || first || ' ' || last FROM act ORDER BY file, first",
        "SELECT file || ' ' || law || ' ' || hex(digest) || ' ' || length || ' ' || coalesce(next_change, '') || ' ' || length(box)
         FROM forecast ORDER BY file, law",
        "SELECT file || ' ' || i || ' ' || held || ' ' || authority || ' ' || begins || ' ' || coalesce(until, '') FROM span ORDER BY file, i",
        "SELECT file || ' ' || i || ' ' || state || ' ' || since || ' ' || coalesce(due, '') FROM owed ORDER BY file, i",
        "SELECT file || ' ' || count(*) FROM relies_on GROUP BY file ORDER BY file",
        "SELECT file || ' ' || n FROM log ORDER BY place",
        "SELECT place || ' ' || width || ' ' || length(box) FROM names ORDER BY place",
        "SELECT file || ' ' || due || ' ' || state || ' ' || length(box) FROM outbox ORDER BY file, n, i",
    ];
    let read = |sql: &&str| {
        let mut statement = db.prepare(sql).expect("a view");
        let rows: Vec<String> = statement.query_map([], |row| row.get(0)).expect("read").collect::<Result<_, _>>().expect("rows");
        rows
    };
    views.iter().flat_map(read).collect()
}

#[test]
fn two_registers_with_exchanged_people_differ_in_no_clear_column() {
    let people = [("per_ada", "pro_ash", "hears voices at night"), ("per_bartholomew", "pro_elm", "low mood since the spring")];
    let tell = |swap: bool| {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let parts = Parts { clock: Box::new(Stands), ..Parts::new(Arc::clone(&place.keys), testing::laws(), testing::signer()) };
        let running: Register<Sqlite> = Register::open(place.store(), parts).expect("it runs");
        for (number, turn) in [0_usize, 1].into_iter().enumerate() {
            let (file, who, note) = people[if swap { 1 - turn } else { turn }];
            let line = ADMITTED.replace("pro_ash", who).replace("a note", note);
            running.append(act_of(id(number as u64), file, 0, &[&line])).expect("kept");
        }
        running.close();
        let seen = seen(&place);
        (folder, seen)
    };
    let (one, other) = (tell(false), tell(true));
    assert!(one.1.len() > 20, "{:?}", one.1);
    assert_eq!(one.1, other.1);
}
