//! The register attacked: everything that somebody with the disk, or with a key, can do to it, and whether it shows.
//!
//! [`clean`] is the register that nobody touched, [`destroyed`] one that forgot a file; [`mutations`] change rows, [`pages`] change bytes of
//! the files, [`thief`] reads the columns, [`planted`] looks for words everywhere. Here lives what they share: a register in which every
//! table has rows. Deliberately absent: crashes, which are no attack (`crate::writer`).

mod clean;
mod destroyed;
mod mutations;
mod pages;
mod planted;
mod thief;

use std::path::Path;
use std::sync::Arc;

use openward_law::entry::{Correction, CorrectionKind};
use openward_seal::checkpoint::Trust;
use openward_seal::note::Note;
use openward_seal::note::key::WitnessKey;
use rusqlite::Connection;

use crate::accounts::Stage;
use crate::reads::Reader;
use crate::store::sqlite::Sqlite;
use crate::store::{CheckpointRow, Derived as _, Entries as _, Log as _, Micros};
use crate::testing::{self, Place, act_of, id};
use crate::writer::clock::Clock;
use crate::writer::{Parts, Register};

const ADMITTED: &str =
    r#"{"at":"2024-03-01T10:15","fact":"admitted","under":"admission","place":"fac_elm","by":"pro_ash","note":"a note"}"#;
const SIGNED: &str = concat!(
    r#"{"at":"2024-03-01T10:00","fact":"signed","instrument":"admission-order","states":["s3-a"],"#,
    r#""as":"consultant","place":"fac_elm","by":"pro_ash"}"#
);
const EXPLAINED: &str = r#"{"at":"2024-03-02","fact":"rights-explained","by":"pro_ash"}"#;
const DESIGNATED: &str = r#"{"at":"2020-01-01","fact":"facility-designated","kind":"approved-centre","law":"ie"}"#;

/// As many entries as a tile has.
const TILE: usize = 256;

/// The files of the register by their ids, but for streams.
const FILES: &[&str] = &["per_ada", "per_bob", "per_eve", "per_zoe", "fac_elm", "pro_ash"];

/// A file whose keys are destroyed.
const GONE: &str = "per_gone";

/// The numbers of a test: the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end.max(1) as u64).expect("small")
    }
}

/// A number from the environment.
fn asked(name: &str, usual: u64) -> u64 {
    testing::asked(name).unwrap_or(usual)
}

/// A clock that an hour is taken from once.
struct Jumps(std::sync::atomic::AtomicI64);

impl Clock for Jumps {
    fn wall(&self) -> Micros {
        // The first look is that of the opening.
        let looks = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        1_700_000_000_000_000 - if looks == 0 { 0 } else { 3_600_000_000 }
    }
    fn steady(&self) -> std::time::Duration {
        std::time::Duration::ZERO
    }
}

fn witness() -> WitnessKey {
    WitnessKey::from_seed("witness.example", &[42; 32]).expect("a key")
}

/// Whom the tests trust: the log, and a witness where it signed.
fn trust(place: &Place) -> Trust {
    place.trust().with_witnesses(vec![witness().public().clone()], 0).expect("a witness")
}

/// A register in which every table has rows: files of each kind, reads, a jump of the clock, messages that wait and that went, a checkpoint
/// that a witness signed, one of which a witness was asked, a file whose keys were destroyed,
/// forecasts that are marked, entries that wait for the log, a draft. Closed.
/// One file has so many descriptions of a person; with more than [`TILE`] the log has two levels.
fn whole(folder: &Path, descriptions: usize) -> Place {
    let place = Place::create(folder);
    let jumps = Box::new(Jumps(std::sync::atomic::AtomicI64::new(0)));
    let parts = Parts { clock: jumps, ..Parts::new(Arc::clone(&place.keys), Arc::clone(&place.laws), testing::signer()) };
    let running: Register<Sqlite> = Register::open(place.store(), parts).expect("it runs");
    running.accept_clock().expect("accepted");
    running.close();

    let mut number = 0;
    let mut tell = |running: &Register<Sqlite>, file: &str, lines: &[&str], letters: usize| {
        number += 1;
        let after = running.file(file).map_or(0, |file| file.length);
        let mut act = act_of(id(number), file, after, lines);
        act.outbox = (0..letters).map(|letter| (letter as i64, format!("letter {letter}").into_bytes())).collect();
        if file == "per_eve" && after == 4 {
            act.entries[0].corrects = Some(Correction { n: 4, kind: CorrectionKind::Replaced, why: "heard wrong".to_owned() });
        }
        running.append(act).unwrap_or_else(|refused| panic!("{refused}"));
    };
    let running = place.register();
    tell(&running, "fac_elm", &[DESIGNATED], 0);
    for person in ["per_ada", "per_bob", "per_eve"] {
        tell(&running, person, &[SIGNED, ADMITTED, EXPLAINED], 2);
        tell(&running, person, &[r#"{"at":"2024-03-03T09:00","fact":"asked-to-leave","note":"wants to go"}"#], 1);
    }
    tell(&running, "per_eve", &[r#"{"at":"2024-03-04","fact":"left"}"#], 0);
    tell(&running, GONE, &[EXPLAINED, EXPLAINED], 1);
    let reader = |who: &str| Reader { who: who.into(), capacity: "doctor".into(), purpose: "care".into(), view: "file".into() };
    for who in ["pro_ash", "pro_elm", "pro_oak"] {
        running.opened("per_ada", &reader(who)).expect("recorded");
    }
    let (letter, _) = running.outbox(0, 1).expect("read").ready.pop().expect("a letter");
    running.sent(letter).expect("said");
    running.destroy(GONE).expect("destroyed");
    running.refold_marked(99).expect("refolded");
    running.close();
    // One checkpoint of which a witness was asked and that has no answer, one that a witness signed, and the newest.
    crate::sealer::request(&mut place.store(), &place.trust(), 0).expect("asked").expect("there is a checkpoint");
    let running = place.register();
    tell(&running, "per_ada", &[EXPLAINED], 0);
    running.close();
    cosign(&place);
    let running = place.register();
    let line = r#"{"at":"2024-03-01T10:15","fact":"described","born":"1980-01-01"}"#;
    tell(&running, "per_zoe", &vec![line; descriptions], 0);
    running.close();

    let old = folder.join("old.db");
    place.store().backup(&old).expect("copied");
    let running = place.register();
    tell(&running, "pro_ash", &[r#"{"at":"2019-01-01","fact":"professional-authorised","kind":"medical-register"}"#], 0);
    tell(&running, "per_bob", &[EXPLAINED], 1);
    running.put_account([3; 16], "ada", b"an account").expect("kept");
    running.begin_session("secret", [3; 16], Stage::In, 9).expect("begun");
    running.take_guess("ada", 9, 1, 9).expect("counted");
    running.close();
    wait_again(&place, &old);
    place.store().take_lease("sealer", &[9; 16], 0, 9).expect("taken");
    // A writer that had nothing to do for long enough has worked the mark off.
    place.store().mark_dependents(place.keys.pseudonym("pro_ash").as_bytes()).expect("marked");
    place.store().put_draft(&[7; 16], &[8; 16], 9, b"a box").expect("kept");
    place
}

/// The newest checkpoint gets the signature of a witness, so that it stays.
fn cosign(place: &Place) {
    let mut store = place.store();
    let newest = store.newest_checkpoint().expect("read").expect("there");
    let mut note = Note::parse(&newest.note).expect("a note");
    let signature = note.cosignature(&witness(), 1_700_000_000);
    note.add(signature);
    store.put_checkpoint(&CheckpointRow { size: newest.size, note: note.to_string().into_bytes() }).expect("kept");
}

/// Takes the log back to what it was in an older copy; what came since waits, as in the moment after an act.
fn wait_again(place: &Place, old: &Path) {
    let db = Connection::open(place.path()).expect("opened");
    db.execute("ATTACH DATABASE ?1 AS old", [old.to_str().expect("text")]).expect("attached");
    for table in ["log", "tile", "names", "checkpoint", "lease"] {
        db.execute_batch(&format!("DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM old.{table}")).expect("taken back");
    }
    let sql = "INSERT INTO waiting (file, n, hash) SELECT entry.file, entry.n, entry.hash FROM entry LEFT JOIN log USING (file, n)
               WHERE log.place IS NULL ORDER BY entry.recorded";
    assert!(db.execute(sql, []).expect("they wait") >= 2);
    db.execute_batch("DETACH DATABASE old").expect("detached");
    std::fs::remove_file(old).expect("removed");
}

/// What people would read: every entry of every file, reads, messages. None where reading says that something is wrong.
fn read(place: &Place, store: &Sqlite, id: &str) -> Option<String> {
    let file = store.file(place.keys.pseudonym(id).as_bytes()).ok()??;
    let kept = crate::history::kept(store, &place.keys, &file, 0, crate::history::AsOf::Now).ok()?;
    Some(format!("{kept:?}"))
}
