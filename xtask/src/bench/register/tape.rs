//! What an act leaves in the tables, taken down row by row from a register at work, so that the floor can write the same.
//!
//! Only what changed is on the tape: a row that stays as it was costs the floor nothing. Deliberately absent: writing it (`floor`).

use std::path::Path;
use std::sync::Mutex;

use openward_register::writer::Act;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use super::place::{Place, said};

/// Tables with rows for each file, and the column that names it; in an order that keeps references.
const BY_FILE: &[(&str, &str)] = &[
    ("file", "id"),
    ("act", "file"),
    ("entry", "file"),
    ("part", "file"),
    ("relies_on", "file"),
    ("forecast", "file"),
    ("span", "file"),
    ("owed", "file"),
    ("tie", "file"),
];

/// So many take acts down at once, each those of its own people: one alone would wait for the disk most of the time.
const AT_ONCE: usize = 16;

/// One row as it is after the act.
#[derive(Clone)]
pub(super) struct Row {
    /// Its table, as a place in [`Tape::tables`].
    pub(super) table: usize,
    /// Its columns.
    pub(super) values: Vec<Value>,
}

/// What an act leaves.
#[derive(Clone, Default)]
pub(super) struct Written {
    /// Rows that are new or changed.
    pub(super) rows: Vec<Row>,
    /// Rows that are gone: table and key.
    pub(super) gone: Vec<Row>,
    /// The row of a new key, where the act made one.
    pub(super) key: Option<Vec<Value>>,
    /// How many entries came with it.
    pub(super) entries: u64,
}

/// A table of the register.
pub(super) struct Table {
    /// Its name.
    pub(super) name: String,
    /// Its columns.
    pub(super) columns: Vec<String>,
    /// How many of them, from the first, are its key.
    pub(super) key: usize,
}

/// Acts taken down.
pub(super) struct Tape {
    /// What makes the register's tables and indexes.
    pub(super) schema: Vec<String>,
    /// The table of file keys.
    pub(super) key_schema: String,
    /// Its tables.
    pub(super) tables: Vec<Table>,
    /// What makes the wards known.
    pub(super) wards: Vec<Written>,
    /// The acts in order, person by person.
    pub(super) acts: Vec<Vec<Written>>,
}

type Known = Vec<Vec<Vec<Value>>>;

impl Tape {
    /// Carries the acts out one by one in a register of their own, and takes down what each leaves.
    pub(super) fn take(place: &Place, wards: Vec<Act>, people: Vec<Vec<Act>>) -> Result<Self, String> {
        let register = place.register()?;
        let db = read_only(&place.database())?;
        let keys = read_only(&place.folder().join("keys.db"))?;
        let schema = texts(&db, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, rowid")?;
        let key_schema = texts(&keys, "SELECT sql FROM sqlite_schema WHERE name = 'file_key'")?.concat();
        let tables = BY_FILE.iter().map(|(name, _)| table(&db, name)).collect::<Result<Vec<_>, _>>()?;
        let mut tape = Self { schema, key_schema, tables, wards: Vec::new(), acts: Vec::new() };
        let connect = || Ok::<_, String>((read_only(&place.database())?, read_only(&place.folder().join("keys.db"))?));
        let take = |(db, keys): &(Connection, Connection), act: Act, known: &mut Known| -> Result<Written, String> {
            let name = register.keys().pseudonym(&act.file);
            let entries = act.entries.len() as u64;
            let is_new = act.after == 0;
            register.append(act).map_err(said)?;
            let id: i64 = db.query_row("SELECT id FROM file WHERE pseudonym = ?1", [name.as_bytes()], |row| row.get(0)).map_err(said)?;
            let mut written = tape.changed(db, id, known)?;
            written.entries = entries;
            if is_new {
                let sql = "SELECT file, domain, epoch, box FROM file_key WHERE file = ?1";
                written.key = rows(keys, sql, &Value::Blob(name.as_bytes().to_vec()))?.pop();
            }
            Ok(written)
        };
        let fresh = || vec![Vec::new(); BY_FILE.len()];
        let connections = connect()?;
        let wards = wards.into_iter().map(|act| take(&connections, act, &mut fresh())).collect::<Result<Vec<_>, _>>()?;
        let waiting = Mutex::new(people.into_iter().enumerate());
        let next = || waiting.lock().map_err(said).map(|mut waiting| waiting.next());
        let share = || -> Result<Vec<(usize, Vec<Written>)>, String> {
            let connections = connect()?;
            let mut done = Vec::new();
            while let Some((number, acts)) = next()? {
                let mut known = fresh();
                done.push((number, acts.into_iter().map(|act| take(&connections, act, &mut known)).collect::<Result<_, _>>()?));
            }
            Ok(done)
        };
        let mut all = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(share)).collect();
            let shares = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("taking down failed".to_owned())));
            shares.collect::<Result<Vec<_>, _>>()
        })?
        .concat();
        all.sort_unstable_by_key(|(number, _)| *number);
        drop(register);
        tape.wards = wards;
        tape.acts = all.into_iter().map(|(_, acts)| acts).collect();
        Ok(tape)
    }

    fn changed(&self, db: &Connection, file: i64, known: &mut Known) -> Result<Written, String> {
        let mut written = Written::default();
        for (at, ((name, column), known)) in BY_FILE.iter().zip(known).enumerate() {
            let now = rows(db, &format!("SELECT * FROM {name} WHERE {column} = ?1"), &Value::Integer(file))?;
            let key = self.tables.get(at).map_or(0, |table| table.key);
            let of = |row: &Vec<Value>| row.iter().take(key).cloned().collect::<Vec<_>>();
            let gone = known.iter().map(of).filter(|old| !now.iter().any(|row| of(row) == *old));
            written.gone.extend(gone.map(|values| Row { table: at, values }));
            let new = now.iter().filter(|row| !known.contains(row)).cloned();
            written.rows.extend(new.map(|values| Row { table: at, values }));
            *known = now;
        }
        Ok(written)
    }
}

fn read_only(path: &Path) -> Result<Connection, String> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(said)
}

fn texts(db: &Connection, sql: &str) -> Result<Vec<String>, String> {
    let mut statement = db.prepare(sql).map_err(said)?;
    let rows = statement.query_map([], |row| row.get(0)).map_err(said)?;
    rows.collect::<Result<_, _>>().map_err(said)
}

fn table(db: &Connection, name: &str) -> Result<Table, String> {
    let columns = texts(db, &format!("SELECT name FROM pragma_table_info('{name}') ORDER BY cid"))?;
    let key = texts(db, &format!("SELECT name FROM pragma_table_info('{name}') WHERE pk > 0"))?.len();
    Ok(Table { name: name.to_owned(), columns, key })
}

fn rows(db: &Connection, sql: &str, value: &Value) -> Result<Vec<Vec<Value>>, String> {
    let mut statement = db.prepare_cached(sql).map_err(said)?;
    let columns = statement.column_count();
    let rows = statement.query_map([value], |row| (0..columns).map(|column| row.get(column)).collect()).map_err(said)?;
    rows.collect::<Result<_, _>>().map_err(said)
}
