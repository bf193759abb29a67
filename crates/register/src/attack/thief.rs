//! A stolen disk: what the columns say that are not encrypted, said of each and shown by exchange.
//!
//! Two registers are told one story, in one of them with two people exchanged: their ids, their texts, who signed for them, what they have.
//! Seen without the keys the two are the same, row by row. [`COLUMNS`] says of every column what a thief learns from it, docs/stolen-disk.md says it
//! to people, and a column that is in neither fails here. Deliberately absent: strings looked for in files (`planted`).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::mutations::{Table, tables};
use crate::accounts::Stage;
use crate::documents::Documents;
use crate::keys::Chance;
use crate::reads::Reader;
use crate::store::sqlite::Sqlite;
use crate::store::{Derived as _, Log as _, Micros};
use crate::testing::{self, Place, act_of, id};
use crate::writer::clock::Clock;
use crate::writer::{Parts, Register};

/// How a column is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shows {
    /// As it stands.
    Clear,
    /// Bytes that mean nothing by themselves: their length, and where the same ones stand again.
    Random,
    /// A box: its size.
    Box,
}
use Shows::{Box as Boxed, Clear, Random};

/// Every column of `register.db`, and what a thief learns from it.
const COLUMNS: &[(&str, &str, Shows, &str)] = &[
    ("account", "id", Random, "nothing: drawn at random; how many accounts there are"),
    ("account", "login", Random, "nothing without the master"),
    ("account", "box", Boxed, "about how long what is kept of an account is"),
    ("act", "id", Random, "nothing: drawn at random"),
    ("act", "file", Clear, "to which numbered file an act belongs"),
    ("act", "first", Clear, "with which entry it begins"),
    ("act", "last", Clear, "with which it ends: how much was recorded at once"),
    ("checkpoint", "size", Clear, "how many entries the log had; public"),
    ("checkpoint", "note", Random, "the log's public name and its root; public"),
    ("draft", "id", Random, "nothing: drawn at random"),
    ("draft", "who", Random, "how many drafts one unnamed person has"),
    ("draft", "until", Clear, "when a draft runs out, so about when it was last kept"),
    ("draft", "box", Boxed, "about how long it is"),
    ("entry", "file", Clear, "to which numbered file an entry belongs"),
    ("entry", "n", Clear, "its number there"),
    ("entry", "recorded", Clear, "when it was recorded, to the microsecond: when the people of a place are at work"),
    ("entry", "prev", Random, "nothing: a hash over random salts"),
    ("entry", "hash", Random, "nothing, unless the thief has a receipt: then which row it is of"),
    ("entry", "act", Random, "which entries came together"),
    ("file", "id", Clear, "in which order files were made"),
    ("file", "pseudonym", Random, "nothing without the master; the same file is seen to be the same in two copies of the disk"),
    ("file", "kind", Clear, "whether it is of a person, facility, professional, organisation, the law, a stream of reads or of the clock"),
    ("file", "domain", Clear, "nothing more: it follows from the kind"),
    ("file", "tag", Random, "nothing, unless the thief has a receipt: then which file it is of"),
    ("file", "length", Clear, "how many entries it has"),
    ("file", "head", Random, "nothing: the hash of its last entry"),
    ("forecast", "file", Clear, "of which numbered file it is"),
    ("forecast", "law", Clear, "which country's law applies"),
    ("forecast", "digest", Clear, "which version of the pack"),
    ("forecast", "length", Clear, "how many entries it was made of"),
    ("forecast", "context", Random, "nothing: a hash over pseudonyms and heads"),
    ("forecast", "next_change", Clear, "when something about that file next changes by itself"),
    ("forecast", "box", Boxed, "about how much there is to say of the person's timeline and duties"),
    ("guess", "who", Random, "of how many unnamed names and addresses wrong guesses came"),
    ("guess", "since", Clear, "when the first of them came"),
    ("guess", "count", Clear, "how many"),
    ("lease", "name", Clear, "nothing: a word of the program"),
    ("lease", "holder", Random, "nothing: drawn at random for each process"),
    ("lease", "until", Clear, "when the log was last written to"),
    ("log", "place", Clear, "the place of an entry in the log"),
    ("log", "file", Clear, "of which file that entry is: whoever has the public log too learns which leaf is of which unnamed file"),
    ("log", "n", Clear, "and which entry"),
    ("mark", "other", Random, "which unnamed file has changed, until those that rely on it are made anew"),
    ("mark", "done", Clear, "how many of them are made anew"),
    ("meta", "name", Clear, "nothing: words of the program"),
    (
        "meta",
        "value",
        Clear,
        "the name of the log, which is public; which unnamed files' keys were destroyed, and when; when the register was moved away; \
         how long the log was when witnesses were asked",
    ),
    ("names", "place", Clear, "nothing more than the log"),
    ("names", "width", Clear, "nothing more than the log"),
    ("names", "box", Boxed, "nothing more than the log"),
    ("outbox", "file", Clear, "about which numbered file messages are sent"),
    ("outbox", "n", Clear, "because of which entry"),
    ("outbox", "i", Clear, "how many because of one act"),
    ("outbox", "due", Clear, "from when a message may go"),
    ("outbox", "state", Clear, "whether it has gone"),
    ("outbox", "box", Boxed, "about how long it is"),
    ("owed", "file", Clear, "about which numbered file something is owed"),
    ("owed", "law", Clear, "under which country's law"),
    ("owed", "i", Clear, "how many duties there are"),
    ("owed", "state", Clear, "whether one is open, met, late or lapsed"),
    ("owed", "since", Clear, "since when it is owed"),
    ("owed", "due", Clear, "by when: the lengths of periods let a reader of the law guess which duty it is"),
    ("part", "file", Clear, "to which numbered file a part belongs"),
    ("part", "n", Clear, "to which entry"),
    ("part", "i", Clear, "how many texts and documents an entry has"),
    ("part", "hash", Random, "nothing: a hash over a random salt that is in the box"),
    ("part", "box", Boxed, "the size of a text in steps: a word, a paragraph or pages"),
    ("relies_on", "file", Clear, "which numbered file"),
    ("relies_on", "other", Random, "names which other unnamed one, so also how many people one facility or professional has"),
    ("session", "token", Random, "nothing: it opens nothing"),
    ("session", "account", Random, "which unnamed account is signed in"),
    ("session", "stage", Clear, "whether with one secret or with both"),
    ("session", "since", Clear, "since when"),
    ("session", "seen", Clear, "when it last did something, to the minute"),
    ("session", "proof", Random, "nothing"),
    ("span", "file", Clear, "that a numbered file has a timeline"),
    ("span", "law", Clear, "under which country's law"),
    ("span", "i", Clear, "of how many spans"),
    ("span", "held", Clear, "whether that unnamed person was held, was not, or it cannot be told"),
    ("span", "authority", Clear, "which of the five answers on authority there was"),
    ("span", "begins", Clear, "from when"),
    ("span", "until", Clear, "until when: lengths let a reader of the law guess the kind of order"),
    ("tie", "file", Clear, "to which numbered file somebody is tied"),
    ("tie", "who", Random, "who unnamed it is, so also how many people one counsel, facility or practitioner has"),
    ("tie", "tie", Clear, "as what: counsel, nominee, interpreter, member, who acts, the place"),
    ("tie", "since", Clear, "from when"),
    ("tie", "until", Clear, "until when"),
    ("tile", "level", Clear, "nothing more than the public log"),
    ("tile", "place", Clear, "nothing more than the public log"),
    ("tile", "width", Clear, "nothing more than the public log"),
    ("tile", "bytes", Random, "nothing: hashes, which are published"),
    ("waiting", "at", Clear, "which entries are so new that they are not in the log yet"),
    ("waiting", "file", Clear, "of which numbered file"),
    ("waiting", "n", Clear, "which entry"),
    ("waiting", "hash", Random, "nothing more than the entry"),
];

fn shows(table: &str, column: &str) -> Shows {
    let found = COLUMNS.iter().find(|(of, name, ..)| *of == table && *name == column).map(|(_, _, shows, _)| *shows);
    found.unwrap_or_else(|| {
        panic!("{table}.{column} is new: say in COLUMNS and in docs/stolen-disk.md what a thief of the disk learns from it")
    })
}

/// What a thief sees: each row by its clear columns, the sizes of its boxes, and for what is random where else the same bytes stand.
fn seen(db: &Connection) -> Vec<String> {
    let tables = tables(db);
    let rows = |table: &Table| (0..table.count(db)).map(|at| table.row(db, at)).collect::<Vec<_>>();
    let rows: Vec<(&Table, Vec<Vec<Value>>)> = tables.iter().map(|table| (table, rows(table))).collect();
    let clear = |table: &Table, row: &[Value]| {
        let mut text = table.name.clone();
        for (column, value) in table.columns.iter().zip(row) {
            let _ = match (shows(&table.name, &column.name), value) {
                (Clear, value) => write!(text, " {}={value:?}", column.name),
                (Boxed, Value::Blob(bytes)) => write!(text, " {} of {}", column.name, bytes.len()),
                (Random, Value::Blob(bytes)) => write!(text, " {} of {}", column.name, bytes.len()),
                (shows, other) => panic!("{}.{} is {shows:?} and holds {other:?}", table.name, column.name),
            };
        }
        text
    };
    // Random bytes by the places where they stand.
    let mut places: BTreeMap<&[u8], Vec<String>> = BTreeMap::new();
    for (table, rows) in &rows {
        for row in rows {
            for (column, value) in table.columns.iter().zip(row) {
                if let (Random, Value::Blob(bytes)) = (shows(&table.name, &column.name), value) {
                    places.entry(bytes).or_default().push(format!("{} as {}", clear(table, row), column.name));
                }
            }
        }
    }
    let mut all = Vec::new();
    for (table, rows) in &rows {
        for row in rows {
            let mut text = clear(table, row);
            for (column, value) in table.columns.iter().zip(row) {
                if let (Random, Value::Blob(bytes)) = (shows(&table.name, &column.name), value) {
                    let mut also = places.get(bytes.as_slice()).cloned().unwrap_or_default();
                    also.sort();
                    let _ = write!(text, "\n  {} stands in {also:?}", column.name);
                }
            }
            all.push(text);
        }
    }
    all.sort();
    all
}

/// A clock that stands, so that instants are the same in both registers.
struct Stands;

impl Clock for Stands {
    fn wall(&self) -> Micros {
        // After all that is told, so that duties have come up.
        1_800_000_000_000_000
    }
    fn steady(&self) -> Duration {
        Duration::ZERO
    }
}

/// What is exchanged.
struct Person {
    id: &'static str,
    doctor: &'static str,
    criterion: &'static str,
    diagnosis: &'static str,
    born: &'static str,
    paper: &'static [u8],
}

const ONE: Person = Person {
    id: "per_ada",
    doctor: "pro_ash",
    criterion: "s3-a",
    diagnosis: "hears voices at night",
    born: "1980-02-29",
    paper: b"a letter from Ada's mother",
};
const OTHER: Person = Person {
    id: "per_bob",
    doctor: "pro_elm",
    criterion: "s3-b",
    diagnosis: "low mood since the spring",
    born: "1931-12-01",
    paper: b"a short note",
};

/// A register that was told of two people, in this order.
fn told(folder: &Path, people: [&Person; 2]) -> Place {
    let place = Place::create(folder);
    let parts = Parts { clock: Box::new(Stands), ..Parts::new(Arc::clone(&place.keys), testing::laws(), testing::signer()) };
    let running: Register<Sqlite> = Register::open(place.store(), parts).expect("it runs");
    let documents = Documents::open(&folder.join("documents"), Chance::system()).expect("a folder");
    let mut number = 0;
    let mut tell = |file: &str, lines: &[String], letter: Option<&str>, paper: Option<&[u8]>| {
        number += 1;
        let after = running.file(file).map_or(0, |file| file.length);
        let mut act = act_of(id(number), file, after, &lines.iter().map(String::as_str).collect::<Vec<_>>());
        act.outbox = letter.iter().map(|letter| (5, letter.as_bytes().to_vec())).collect();
        act.documents = paper.iter().map(|paper| (0, documents.put(*paper, 1000).expect("stored"))).collect();
        running.append(act).unwrap_or_else(|refused| panic!("{refused}"));
    };
    tell("fac_elm", &[super::DESIGNATED.to_owned()], None, None);
    for person in people {
        let Person { id, doctor, criterion, diagnosis, born, paper } = person;
        let signed = super::SIGNED.replace("pro_ash", doctor).replace("s3-a", criterion);
        let admitted = super::ADMITTED.replace("pro_ash", doctor).replace("a note", diagnosis);
        let described = format!(r#"{{"at":"2024-03-01","fact":"described","born":"{born}"}}"#);
        tell(id, &[signed, admitted, described], Some(diagnosis), Some(paper));
    }
    for person in people {
        let reader = Reader { who: person.doctor.into(), capacity: "doctor".into(), purpose: person.diagnosis.into(), view: "file".into() };
        running.opened(person.id, &reader).expect("recorded");
    }
    for (number, person) in (1..).zip(people) {
        running.put_account(id(number), person.doctor, b"what is kept of an account").expect("kept");
        running.begin_session(&format!("secret {number}"), id(number), Stage::In, 9).expect("begun");
        running.take_guess(&format!("guess {number}"), 9, 1, 9).expect("counted");
    }
    running.close();
    let who = *place.keys.pseudonym(people[0].doctor).as_bytes();
    let mut store = place.store();
    store.put_draft(&[7; 16], &who, 9, b"a box").expect("kept");
    store.take_lease("sealer", &[9; 16], 0, 9).expect("taken");
    place
}

fn sizes(folder: &Path) -> Vec<u64> {
    let stored = Documents::open(folder, Chance::system()).and_then(|documents| documents.list()).expect("listed");
    let mut sizes: Vec<u64> = stored.iter().map(|found| found.bytes).collect();
    sizes.sort_unstable();
    sizes
}

#[test]
fn two_registers_with_exchanged_people_differ_in_no_clear_column() {
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    let one = told(folders[0].path(), [&ONE, &OTHER]);
    let other = told(folders[1].path(), [&OTHER, &ONE]);
    let (one_seen, other_seen) = (seen(one.store().raw()), seen(other.store().raw()));
    assert!(one_seen.len() > 60, "{one_seen:?}");
    for (one, other) in one_seen.iter().zip(&other_seen) {
        assert_eq!(one, other);
    }
    assert_eq!(one_seen.len(), other_seen.len());
    assert_eq!(sizes(&folders[0].path().join("documents")), sizes(&folders[1].path().join("documents")));
}

/// Whatever column something were to leak into, the comparison would show it.
#[test]
fn the_comparison_sees_a_leak_in_every_column() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = told(folder.path(), [&ONE, &OTHER]);
    let store = place.store();
    let db = store.raw();
    db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").expect("off");
    db.execute("INSERT INTO waiting (file, n, hash) VALUES (1, 9, ?1), (2, 9, ?2)", [[1_u8; 32], [2; 32]]).expect("they wait");
    db.execute("INSERT INTO mark (other, done) VALUES (?1, 1), (?2, 2)", [[1_u8; 16], [2; 16]]).expect("marked");
    let clean = seen(db);
    let mut tried = 0;
    for table in tables(db) {
        for column in &table.columns {
            db.execute_batch("BEGIN").expect("begun");
            let count = table.count(db);
            assert!(count > 0, "{} has no row: nothing is shown of it", table.name);
            let row = table.row(db, count - 1);
            let value = table.value(&row, &column.name).expect("a value").clone();
            let leak = match (shows(&table.name, &column.name), value) {
                (Clear, Value::Integer(number)) => Value::Integer(number + 25),
                (Clear, Value::Null) => Value::Integer(25),
                (Clear, Value::Text(text)) => Value::Text(text + "low"),
                (Clear, Value::Blob(bytes)) => Value::Blob([bytes, b"low".to_vec()].concat()),
                (Boxed, Value::Blob(bytes)) => Value::Blob([bytes, vec![0; 64]].concat()),
                // The same bytes in a second place: two rows that belong together. Where there is one row, those of another column.
                (Random, Value::Blob(bytes)) if count > 1 && !unique(&table.name, &column.name) => {
                    let first = table.row(db, 0);
                    let same = table.value(&first, &column.name).expect("a value").clone();
                    if same == Value::Blob(bytes.clone()) { Value::Blob(vec![3; bytes.len()]) } else { same }
                }
                (Random, Value::Blob(bytes)) => Value::Blob([bytes, vec![1]].concat()),
                (shows, value) => panic!("{}.{}: {shows:?} {value:?}", table.name, column.name),
            };
            assert!(table.set(db, &row, &column.name, leak), "{}.{}", table.name, column.name);
            assert_ne!(seen(db), clean, "{}.{}", table.name, column.name);
            db.execute_batch("ROLLBACK").expect("rolled back");
            tried += 1;
        }
    }
    assert_eq!(tried, COLUMNS.len(), "COLUMNS names a column that is not there");
}

/// Columns in which no two rows can be the same.
fn unique(table: &str, column: &str) -> bool {
    matches!(
        (table, column),
        ("file", "pseudonym" | "tag")
            | ("account", "id" | "login")
            | ("session", "token")
            | ("guess", "who")
            | ("act" | "draft", "id")
            | ("relies_on" | "mark", "other")
            | ("tie", "who")
    )
}

/// A long text and a short one, a long id and a short one, differ in the sizes of boxes, and in nothing else.
#[test]
fn of_a_text_only_its_size_in_steps_can_be_told() {
    let long = Person {
        id: "per_bartholomew_who_lives_far_beyond_the_second_hill",
        diagnosis: "a long history that fills more than one step of sixty-four bytes, told by three people over many years",
        ..OTHER
    };
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    let told_of = |people: [&Person; 2], folder: &tempfile::TempDir| seen(told(folder.path(), people).store().raw());
    let seen = [told_of([&ONE, &OTHER], &folders[0]), told_of([&ONE, &long], &folders[1])];
    let without = |text: &str| {
        let words: Vec<&str> = text.split("box of ").collect();
        words.iter().map(|word| word.trim_start_matches(|letter: char| letter.is_ascii_digit())).collect::<String>()
    };
    assert_ne!(seen[0], seen[1]);
    let mut plain = seen.iter().map(|seen| {
        let mut plain: Vec<String> = seen.iter().map(|row| without(row)).collect();
        plain.sort();
        plain
    });
    assert_eq!(plain.next(), plain.next());
}

/// docs/stolen-disk.md says of every column what is said here, in these words.
#[test]
fn people_are_told_what_a_thief_learns() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/stolen-disk.md")).expect("read");
    let mut wanted = String::new();
    for (table, column, shows, what) in COLUMNS {
        let how = match shows {
            Clear => "clear",
            Random => "random",
            Boxed => "box",
        };
        let _ = writeln!(wanted, "| `{table}.{column}` | {how} | {what} |");
    }
    let missing: Vec<&str> = wanted.lines().filter(|line| !page.contains(*line)).collect();
    assert!(missing.is_empty(), "docs/stolen-disk.md lacks:\n{}", missing.join("\n"));
}
