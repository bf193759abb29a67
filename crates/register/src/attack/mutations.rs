//! Rows changed, taken away, added, exchanged, dated anew, chained anew: each is found, and found where it is.
//!
//! Every table and column of the database is tried: a new one is tried from the day it is there. What no check can find is listed in
//! [`unfound`] with its reason, and docs/register.md says the same. `OPENWARD_MUTATIONS` sets how many, `OPENWARD_SEED` the seed.

use std::collections::BTreeMap;

use openward_seal::chain;
use openward_seal::chain::FileTag;
use openward_seal::digest::{EntryHash, PartHash};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::{Dice, FILES, GONE, TILE, asked, read, trust, whole};
use crate::derived::check;
use crate::keys::Pseudonym;
use crate::store::sqlite::Sqlite;
use crate::testing::Place;

/// Why a mutation may go unfound: nothing reads what it changed, or it is no evidence. None where it must be found.
fn unfound(kind: &str, table: &str, column: &str) -> Option<&'static str> {
    match (kind, table, column) {
        (_, "account" | "session" | "guess", _) => {
            Some("who may sign in is not on the register; a changed account does not open, a changed session lets nobody in")
        }
        (_, "draft", _) => Some("a draft is not on the register; its writer finds a changed one when it does not open"),
        (_, "lease", _) => Some("who seals just now; a lease that nobody can have taken is void"),
        ("delete" | "truncate", "checkpoint", _) => {
            Some("an older checkpoint says nothing that the newest does not; a witness keeps its own")
        }
        ("flip in the line of a witness", ..) => Some("under a name that nobody knows, a line is that of an unknown witness"),
        ("insert", "meta", _) => Some("a value that no program of ours looks for"),
        ("insert" | "flip", "mark", _) => Some("a mark too many: something is made anew that need not be"),
        ("delete" | "truncate", "meta", _) | ("flip", "meta", "name") => Some("the list of destroyed keys, which the key store has too"),
        ("insert" | "swap", "waiting", _) | ("flip", "waiting", "at") => Some("in which order entries go into the log, of those that wait"),
        _ => None,
    }
}

/// What of a file whose keys were destroyed can be changed unseen: what it was held against is noise.
fn is_noise(table: &str, column: &str) -> bool {
    matches!((table, column), ("entry", "recorded") | ("part", "box") | ("file", "kind" | "domain"))
}

pub(super) struct Column {
    pub(super) name: String,
    is_key: bool,
}

pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

impl Table {
    fn keys(&self) -> Vec<&str> {
        self.columns.iter().filter(|column| column.is_key).map(|column| column.name.as_str()).collect()
    }

    pub(super) fn count(&self, db: &Connection) -> usize {
        db.query_row(&format!("SELECT count(*) FROM {}", self.name), [], |row| row.get::<_, i64>(0))
            .map(|count| count as usize)
            .expect("counted")
    }

    /// A row's values, in the order of the columns.
    pub(super) fn row(&self, db: &Connection, at: usize) -> Vec<Value> {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let sql = format!("SELECT {} FROM {} ORDER BY {} LIMIT 1 OFFSET {at}", names.join(", "), self.name, self.keys().join(", "));
        let width = self.columns.len();
        db.query_row(&sql, [], |row| (0..width).map(|i| row.get(i)).collect()).expect("a row")
    }

    /// The words that find a row by its keys; values begin at `from`.
    fn here(&self, from: usize) -> String {
        let terms: Vec<String> = self.keys().iter().enumerate().map(|(i, key)| format!("{key} = ?{}", from + i)).collect();
        terms.join(" AND ")
    }

    fn key_values(&self, row: &[Value]) -> Vec<Value> {
        self.columns.iter().zip(row).filter(|(column, _)| column.is_key).map(|(_, value)| value.clone()).collect()
    }

    pub(super) fn set(&self, db: &Connection, row: &[Value], column: &str, value: Value) -> bool {
        let sql = format!("UPDATE OR REPLACE {} SET {column} = ?1 WHERE {}", self.name, self.here(2));
        let values = std::iter::once(value).chain(self.key_values(row));
        db.execute(&sql, params_from_iter(values)).is_ok_and(|count| count == 1)
    }

    fn delete(&self, db: &Connection, row: &[Value]) {
        db.execute(&format!("DELETE FROM {} WHERE {}", self.name, self.here(1)), params_from_iter(self.key_values(row))).expect("deleted");
    }

    fn insert(&self, db: &Connection, row: Vec<Value>) -> bool {
        let marks: Vec<String> = (1..=row.len()).map(|i| format!("?{i}")).collect();
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", self.name, names.join(", "), marks.join(", "));
        db.execute(&sql, params_from_iter(row)).is_ok()
    }

    pub(super) fn value<'a>(&self, row: &'a [Value], column: &str) -> Option<&'a Value> {
        self.columns.iter().zip(row).find(|(found, _)| found.name == column).map(|(_, value)| value)
    }
}

pub(super) fn tables(db: &Connection) -> Vec<Table> {
    let mut statement =
        db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").expect("read");
    let names: Vec<String> = statement.query_map([], |row| row.get(0)).expect("read").collect::<Result<_, _>>().expect("names");
    let table = |name: String| {
        let mut columns = db.prepare(&format!("PRAGMA table_info({name})")).expect("read");
        let columns = columns.query_map([], |row| Ok(Column { name: row.get(1)?, is_key: row.get::<_, i64>(5)? > 0 })).expect("read");
        Table { columns: columns.collect::<Result<_, _>>().expect("columns"), name }
    };
    names.into_iter().map(table).collect()
}

/// What was done: its kind, where, and which file and entry it touched where one is meant.
struct Done {
    kind: &'static str,
    table: String,
    column: String,
    place: Option<([u8; 16], Option<u64>)>,
    /// Whether the file can be named.
    is_named: bool,
}

impl Done {
    fn new(kind: &'static str, table: &str, column: &str) -> Self {
        Self { kind, table: table.to_owned(), column: column.to_owned(), place: None, is_named: false }
    }
}

/// A value with one bit changed, or something where there was nothing.
fn flipped(value: &Value, dice: &mut Dice) -> Value {
    let bit = |bytes: &[u8], dice: &mut Dice| {
        let mut bytes = bytes.to_vec();
        let at = dice.below(8 * bytes.len());
        if let Some(byte) = bytes.get_mut(at / 8) {
            *byte ^= 1 << (at % 8);
        }
        bytes
    };
    match value {
        Value::Null => Value::Integer(1 << dice.below(60)),
        Value::Integer(number) => Value::Integer(number ^ (1_i64 << dice.below(64))),
        Value::Blob(bytes) => Value::Blob(bit(bytes, dice)),
        // Letters stay letters, so that the text stays a text.
        Value::Text(text) => Value::Text(text.char_indices().map(|(i, letter)| if i == 0 { other(letter) } else { letter }).collect()),
        Value::Real(_) => unreachable!("no column holds one"),
    }
}

fn other(letter: char) -> char {
    if letter == 'x' { 'y' } else { 'x' }
}

/// One change of one row or of several. None where the dice hit something that changes nothing.
fn mutate(db: &Connection, tables: &[Table], dice: &mut Dice) -> Option<Done> {
    let table = &tables[dice.below(tables.len())];
    let count = table.count(db);
    assert!(count > 0, "{} has no row: the test shows nothing of it", table.name);
    let column = &table.columns[dice.below(table.columns.len())];
    let (one, two) = (dice.below(count), dice.below(count));
    let row = table.row(db, one);
    let mut done = Done::new("flip", &table.name, &column.name);
    match dice.below(20) {
        0..10 => {
            let value = table.value(&row, &column.name)?;
            done.is_named = !column.is_key && !["kind", "domain", "pseudonym"].contains(&column.name.as_str());
            done.place = place_of(db, table, &row);
            let new = flipped(value, dice);
            if column.name == "note" && is_of_a_witness(value, &new) {
                done.kind = "flip in the line of a witness";
            }
            table.set(db, &row, &column.name, new).then_some(done)
        }
        10 | 11 => {
            table.delete(db, &row);
            Some(Done { kind: "delete", place: place_of(db, table, &row), is_named: true, ..done })
        }
        12 | 13 => {
            let key = table.columns.iter().position(|column| column.is_key)?;
            let mut copy = row.clone();
            let at = if dice.below(2) == 0 { key } else { table.columns.iter().rposition(|column| column.is_key)? };
            copy[at] = flipped(&copy[at], dice);
            // Every other value that must be one of its kind gets another bit too.
            for (i, column) in table.columns.iter().enumerate() {
                if matches!((table.name.as_str(), column.name.as_str()), ("file", "pseudonym" | "tag")) {
                    copy[i] = flipped(&copy[i], dice);
                }
            }
            table.insert(db, copy).then_some(Done { kind: "insert", ..done })
        }
        14 | 15 => {
            let other = table.row(db, two);
            let (a, b) = (table.value(&row, &column.name)?.clone(), table.value(&other, &column.name)?.clone());
            if column.is_key || one == two || a == b {
                return None;
            }
            // Through a third value, for some columns are unique.
            let third = flipped(&flipped(&a, dice), dice);
            let all =
                table.set(db, &row, &column.name, third) && table.set(db, &other, &column.name, a) && table.set(db, &row, &column.name, b);
            all.then_some(Done { kind: "swap", place: place_of(db, table, &row), ..done })
        }
        16 => {
            let from = if dice.below(4) == 0 { 0 } else { one };
            for at in (from..count).rev() {
                table.delete(db, &table.row(db, at));
            }
            Some(Done { kind: "truncate", ..done })
        }
        17 => dated_anew(db, dice),
        18 => chained_anew(db, dice),
        _ => moved_in_the_log(db, dice),
    }
}

/// Whether two notes differ only after the log's own signature.
fn is_of_a_witness(one: &Value, other: &Value) -> bool {
    let (Value::Blob(one), Value::Blob(other)) = (one, other) else { return false };
    let dashes: Vec<usize> = one.windows(4).enumerate().filter(|(_, four)| *four == "\n\u{2014}".as_bytes()).map(|(at, _)| at).collect();
    dashes.get(1).is_some_and(|second| one.get(..*second) == other.get(..*second))
}

/// Whose row it is, as far as the row says.
fn place_of(db: &Connection, table: &Table, row: &[Value]) -> Option<([u8; 16], Option<u64>)> {
    let id = match table.value(row, if table.name == "file" { "id" } else { "file" })? {
        Value::Integer(id) => *id,
        _ => return None,
    };
    let name = db.query_row("SELECT pseudonym FROM file WHERE id = ?1", [id], |row| row.get(0)).ok()?;
    // An act is named with its first entry; a row of the log or of what waits with its own.
    let n = table.value(row, if table.name == "act" { "first" } else { "n" });
    Some((name, n.and_then(|n| if let Value::Integer(n) = n { u64::try_from(*n).ok() } else { None })))
}

fn some_file(db: &Connection, dice: &mut Dice) -> (i64, [u8; 16], u64) {
    let count: i64 = db.query_row("SELECT count(*) FROM file", [], |row| row.get(0)).expect("counted");
    let at = dice.below(count as usize) as i64;
    let sql = "SELECT id, tag, length FROM file ORDER BY id LIMIT 1 OFFSET ?1";
    db.query_row(sql, [at], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("a file")
}

/// Entries from one on are recorded at another instant, in order.
fn dated_anew(db: &Connection, dice: &mut Dice) -> Option<Done> {
    let (file, _, length) = some_file(db, dice);
    let from = 1 + dice.below(length as usize) as i64;
    let by = [-1_i64, 1, 60_000_000, -86_400_000_000, 31_536_000_000_000][dice.below(5)];
    db.execute("UPDATE entry SET recorded = recorded + ?3 WHERE file = ?1 AND n >= ?2", params![file, from, by]).expect("dated");
    let name = db.query_row("SELECT pseudonym FROM file WHERE id = ?1", [file], |row| row.get(0)).expect("a file");
    Some(Done { place: Some((name, Some(from as u64))), is_named: true, ..Done::new("re-date", "entry", "recorded") })
}

/// An entry is taken out, or gets another part, and all after it are chained anew; length and head are mended.
fn chained_anew(db: &Connection, dice: &mut Dice) -> Option<Done> {
    let (file, tag, length) = some_file(db, dice);
    let from = 1 + dice.below(length as usize) as u64;
    let hash_of = |n: u64| {
        db.query_row("SELECT hash FROM entry WHERE file = ?1 AND n = ?2", params![file, n as i64], |row| row.get::<_, [u8; 32]>(0))
    };
    let parts_of = |n: u64| {
        let mut statement = db.prepare("SELECT hash FROM part WHERE file = ?1 AND n = ?2 ORDER BY i").expect("read");
        let parts = statement.query_map(params![file, n as i64], |row| Ok(PartHash::from_bytes(row.get(0)?))).expect("read");
        parts.collect::<Result<Vec<_>, _>>().expect("parts")
    };
    let is_short = dice.below(2) == 0;
    if is_short {
        for table in ["entry", "part", "log", "waiting"] {
            db.execute(&format!("DELETE FROM {table} WHERE file = ?1 AND n = ?2"), params![file, from as i64]).expect("deleted");
            let sql = format!("UPDATE {table} SET n = n - 1 WHERE file = ?1 AND n = ?2");
            for n in from + 1..=length {
                db.execute(&sql, params![file, n as i64]).expect("moved");
            }
        }
    } else {
        let sql = "UPDATE part SET hash = ?3 WHERE file = ?1 AND n = ?2 AND i = 1";
        db.execute(sql, params![file, from as i64, [dice.below(256) as u8; 32]]).expect("changed");
    }
    let end = if is_short { length - 1 } else { length };
    let mut prev = if from == 1 { chain::BEFORE_FIRST } else { EntryHash::from_bytes(hash_of(from - 1).expect("there")) };
    for n in from..=end {
        let hash = chain::hash(&FileTag::from_bytes(tag), n, &prev, &parts_of(n));
        let values = params![file, n as i64, prev.as_bytes(), hash.as_bytes()];
        db.execute("UPDATE entry SET prev = ?3, hash = ?4 WHERE file = ?1 AND n = ?2", values).expect("chained");
        db.execute("UPDATE waiting SET hash = ?3 WHERE file = ?1 AND n = ?2", params![file, n as i64, hash.as_bytes()]).expect("chained");
        prev = hash;
    }
    db.execute("UPDATE file SET length = ?2, head = ?3 WHERE id = ?1", params![file, end as i64, prev.as_bytes()]).expect("mended");
    let name = db.query_row("SELECT pseudonym FROM file WHERE id = ?1", [file], |row| row.get(0)).expect("a file");
    Some(Done { place: Some((name, None)), is_named: true, ..Done::new("re-chain", "entry", "hash") })
}

/// Two entries, or a row of them, exchange their places in the log.
fn moved_in_the_log(db: &Connection, dice: &mut Dice) -> Option<Done> {
    let count: i64 = db.query_row("SELECT count(*) FROM log", [], |row| row.get(0)).expect("counted");
    let (from, by) = (dice.below(count as usize) as i64, 1 + dice.below(9) as i64);
    let end = (from + by).min(count - 1);
    if from >= end {
        return None;
    }
    db.execute("UPDATE log SET place = -1 - place WHERE place BETWEEN ?1 AND ?2", [from, end]).expect("moved");
    // Each one further, the last to the front.
    let sql = "UPDATE log SET place = CASE WHEN -1 - place = ?2 THEN ?1 ELSE -place END WHERE place < 0";
    db.execute(sql, [from, end]).expect("moved");
    Some(Done::new("move", "log", "place"))
}

/// What the checks find: texts, and the places that they name.
struct Found {
    texts: Vec<String>,
    places: Vec<([u8; 16], Option<u64>)>,
}

fn look(place: &Place, store: &Sqlite) -> Found {
    let mut found = Found { texts: Vec::new(), places: Vec::new() };
    match crate::verify::within(store, Some(&place.keys), &trust(place), &[]) {
        Ok(report) => {
            for finding in report.findings {
                found.texts.push(finding.to_string());
                found.places.extend(finding.file.map(|file| (file, finding.n)));
            }
        }
        Err(error) => found.texts.push(error.to_string()),
    }
    match crate::writer::returned(store, &place.keys) {
        Ok(back) => found.texts.extend(back.iter().map(|file| format!("{file} is back"))),
        Err(error) => found.texts.push(error.to_string()),
    }
    // What is computed takes longer to check, and is looked at where the rest says nothing.
    if found.texts.is_empty() {
        match check::within(store, &place.keys, place.laws.as_ref()) {
            Ok(checked) => {
                found.places.extend(checked.wrong.iter().map(|wrong| (wrong.file, None)));
                found.texts.extend(checked.findings());
            }
            Err(error) => found.texts.push(error.to_string()),
        }
    }
    found
}

#[test]
fn every_mutation_of_a_register_is_found_where_it_is() {
    let wanted = asked("OPENWARD_MUTATIONS", 1000);
    attacked(2, wanted - wanted / 50);
    // A log of two levels takes longer to check, and has one more thing that can be changed.
    attacked(TILE, wanted / 50);
}

fn attacked(descriptions: usize, wanted: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = whole(folder.path(), descriptions);
    let store = place.store();
    let db = store.raw();
    db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").expect("off");
    let tables = tables(db);
    assert!(look(&place, &store).texts.is_empty(), "{:?}", look(&place, &store).texts);
    let before: Vec<Option<String>> = FILES.iter().map(|id| read(&place, &store, id)).collect();
    assert!(before.iter().all(Option::is_some));

    let seed = asked("OPENWARD_SEED", 1);
    let gone = *place.keys.pseudonym(GONE).as_bytes();
    let mut dice = Dice(seed);
    let mut kinds: BTreeMap<&'static str, u64> = BTreeMap::new();
    let mut columns = std::collections::BTreeSet::new();
    let (mut done, mut named, mut meant) = (0, 0, 0_u64);
    let mut failures: Vec<String> = Vec::new();
    while done < wanted && failures.len() < 30 {
        db.execute_batch("BEGIN").expect("begun");
        if let Some(mutation) = mutate(db, &tables, &mut dice) {
            done += 1;
            *kinds.entry(mutation.kind).or_default() += 1;
            let Done { kind, table, column, place: at, is_named } = &mutation;
            columns.insert((table.clone(), column.clone()));
            // The checks are those of everybody: the rules of the tables are on again for whoever looks.
            db.execute_batch("PRAGMA ignore_check_constraints = OFF").expect("on again");
            let found = look(&place, &store);
            db.execute_batch("PRAGMA ignore_check_constraints = ON").expect("off");
            let at_file = at.map(|(file, n)| (Pseudonym::from_bytes(file), n));
            let mut fail = |what: String| failures.push(format!("mutation {done}, {kind} of {table}.{column} at {at_file:?}: {what}"));
            let is_of_gone = at.is_some_and(|(file, _)| file == gone);
            let is_exempt = unfound(kind, table, column).is_some() || is_of_gone && is_noise(table, column);
            if found.texts.is_empty() && !is_exempt {
                fail("not found".to_owned());
            }
            if let Some((file, n)) = at.filter(|_| *is_named && !is_exempt) {
                meant += 1;
                named += u64::from(n.is_none() || found.places.contains(&(file, n)));
                // A number below zero in a table that is read across files stops the reading before it is known whose it is.
                let is_unreadable = found.texts.iter().any(|text| text.contains("OW-REG-024"));
                if !is_unreadable && !found.places.iter().any(|(named, _)| *named == file) {
                    fail(format!("the file is not named in {:#?}", found.texts));
                }
            }
            // What people read is what was kept, or an error.
            for (id, before) in FILES.iter().zip(&before) {
                let now = read(&place, &store, id);
                if now.is_some() && now != *before && *kind != "re-chain" {
                    fail(format!("{id} reads otherwise"));
                }
            }
        }
        db.execute_batch("ROLLBACK").expect("rolled back");
    }
    assert!(failures.is_empty(), "seed {seed}:\n{}", failures.join("\n"));
    println!("{done} mutations of {} columns, {kinds:?}; the file was named in all of {meant}, the entry too in {named}", columns.len());
    assert!(look(&place, &store).texts.is_empty(), "what was rolled back left nothing");
}
