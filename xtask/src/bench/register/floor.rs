//! The floor: the rows of a tape written by bare inserts and commits, on one thread, with the register's tables, indexes and settings.
//!
//! As many transactions as the register makes: one for each batch, one for new keys before it, one for the log every tenth of a second.
//! Deliberately absent: hashing, encryption, law, checks, anybody to answer.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::place::said;
use super::tape::{Row, Tape, Written};

/// The register seals so often under load.
const SEAL_EVERY: Duration = Duration::from_millis(100);
/// The register looks at its write-ahead log once in so many commits, and writes it back from so many bytes on.
const COMMITS_BETWEEN: u32 = 64;
const LOG_BYTES: u64 = 4096 * 4096;
/// Bytes of a signed checkpoint, and of the name of an entry in the log.
const NOTE: usize = 220;
const NAME: usize = 24;
/// Leaves of a tile.
const WIDTH: u64 = 256;

/// A bare database.
pub(super) struct Floor<'t> {
    tape: &'t Tape,
    path: PathBuf,
    db: Connection,
    keys: Connection,
    inserts: Vec<String>,
    deletes: Vec<String>,
    commits: u32,
    sealed: Instant,
    waiting: Vec<(i64, i64)>,
    next: i64,
    log: u64,
}

impl<'t> Floor<'t> {
    /// In a new folder.
    pub(super) fn new(folder: &Path, tape: &'t Tape) -> Result<Self, String> {
        std::fs::create_dir_all(folder).map_err(said)?;
        let path = folder.join("floor.db");
        let open = |path: &Path| -> Result<Connection, String> {
            let db = Connection::open(path).map_err(said)?;
            db.set_prepared_statement_cache_capacity(128);
            db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).map_err(said)?;
            let settings = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;
                            PRAGMA cache_size = -32768;";
            db.execute_batch(settings).map_err(said)?;
            db.query_row("PRAGMA secure_delete = ON", [], |_| Ok(())).map_err(said)?;
            Ok(db)
        };
        let (db, keys) = (open(&path)?, open(&folder.join("floor-keys.db"))?);
        db.query_row("PRAGMA wal_autocheckpoint = 0", [], |_| Ok(())).map_err(said)?;
        db.execute_batch(&tape.schema.join(";\n")).map_err(said)?;
        // Only the rows of files are written, so what they refer to is left out.
        keys.execute_batch("PRAGMA foreign_keys = OFF").and_then(|()| keys.execute_batch(&tape.key_schema)).map_err(said)?;
        let inserts = tape.tables.iter().map(|table| {
            let marks = vec!["?"; table.columns.len()].join(", ");
            let set: Vec<String> = table.columns.iter().skip(table.key).map(|name| format!("{name} = excluded.{name}")).collect();
            let also = if set.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", set.join(", ")) };
            let (name, columns) = (&table.name, table.columns.join(", "));
            match name.as_str() {
                "entry" | "part" | "act" => format!("INSERT INTO {name} ({columns}) VALUES ({marks})"),
                _ => format!("INSERT INTO {name} ({columns}) VALUES ({marks}) ON CONFLICT DO {also}"),
            }
        });
        let deletes = tape.tables.iter().map(|table| {
            let keys: Vec<String> = table.columns.iter().take(table.key).map(|name| format!("{name} = ?")).collect();
            format!("DELETE FROM {} WHERE {}", table.name, keys.join(" AND "))
        });
        let (inserts, deletes) = (inserts.collect(), deletes.collect());
        let sealed = Instant::now();
        let mut floor = Self { tape, path, db, keys, inserts, deletes, commits: 0, sealed, waiting: Vec::new(), next: 1, log: 0 };
        floor.batch(&tape.wards.iter().collect::<Vec<_>>())?;
        Ok(floor)
    }

    /// One batch: what must be durable before it, then all of it.
    pub(super) fn batch(&mut self, batch: &[&Written]) -> Result<(), String> {
        if batch.iter().any(|written| written.key.is_some()) {
            let db = &self.keys;
            db.execute_batch("BEGIN IMMEDIATE").map_err(said)?;
            for key in batch.iter().filter_map(|written| written.key.as_ref()) {
                run(db, "INSERT INTO file_key (file, domain, epoch, box) VALUES (?, ?, ?, ?)", key)?;
            }
            db.execute_batch("COMMIT").map_err(said)?;
        }
        self.db.execute_batch("BEGIN IMMEDIATE").map_err(said)?;
        for written in batch {
            for row in &written.gone {
                run(&self.db, self.sql(&self.deletes, row)?, &row.values)?;
            }
            for row in &written.rows {
                run(&self.db, self.sql(&self.inserts, row)?, &row.values)?;
                if self.tape.tables.get(row.table).is_some_and(|table| table.name == "entry")
                    && let [Value::Integer(file), Value::Integer(n), _, _, hash, ..] = row.values.as_slice()
                {
                    let mut insert = self.db.prepare_cached("INSERT INTO waiting (file, n, hash) VALUES (?1, ?2, ?3)").map_err(said)?;
                    insert.execute(params![file, n, hash]).map_err(said)?;
                    self.waiting.push((*file, *n));
                }
            }
        }
        self.commit()?;
        if self.sealed.elapsed() >= SEAL_EVERY { self.seal() } else { Ok(()) }
    }

    fn sql<'a>(&self, list: &'a [String], row: &Row) -> Result<&'a str, String> {
        list.get(row.table).map(String::as_str).ok_or_else(|| "a row of no table".to_owned())
    }

    fn commit(&mut self) -> Result<(), String> {
        self.db.execute_batch("COMMIT").map_err(said)?;
        self.commits += 1;
        if self.commits >= COMMITS_BETWEEN {
            self.commits = 0;
            if std::fs::metadata(self.path.with_file_name("floor.db-wal")).is_ok_and(|found| found.len() >= LOG_BYTES) {
                let mut statement = self.db.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)").map_err(said)?;
                statement.query_row([], |_| Ok(())).map_err(said)?;
            }
        }
        Ok(())
    }

    /// Writes what the log needs for the entries that wait: their places, the tiles, the names, a checkpoint.
    pub(super) fn seal(&mut self) -> Result<(), String> {
        self.db.execute_batch("BEGIN IMMEDIATE").map_err(said)?;
        let one = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> Result<(), String> {
            self.db.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).map(|_| ()).map_err(said)
        };
        let first = self.log / WIDTH;
        for (file, n) in &self.waiting {
            one("INSERT INTO log (place, file, n) VALUES (?1, ?2, ?3)", &[&self.log, file, n])?;
            one("DELETE FROM waiting WHERE at = ?1", &[&self.next])?;
            self.next += 1;
            self.log += 1;
        }
        for place in first..=self.log / WIDTH {
            let width = (self.log - place * WIDTH).min(WIDTH);
            if width > 0 {
                one("DELETE FROM tile WHERE level = 0 AND place = ?1", &[&place])?;
                let bytes = vec![1_u8; usize::try_from(width).unwrap_or(0) * 32];
                one("INSERT INTO tile (level, place, width, bytes) VALUES (0, ?1, ?2, ?3)", &[&place, &width, &bytes])?;
                let names = vec![1_u8; (usize::try_from(width).unwrap_or(0) * NAME + 45).next_multiple_of(64)];
                let sql = "INSERT INTO names (place, width, box) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET width = excluded.width, box = excluded.box";
                one(sql, &[&place, &width, &names])?;
            }
        }
        one("DELETE FROM tile WHERE level = 1", &[])?;
        let upper = vec![1_u8; usize::try_from(self.log / WIDTH % WIDTH).unwrap_or(0).max(1) * 32];
        one("INSERT INTO tile (level, place, width, bytes) VALUES (1, 0, 1, ?1)", &[&upper])?;
        one("INSERT INTO checkpoint (size, note) VALUES (?1, ?2) ON CONFLICT DO NOTHING", &[&self.log, &vec![1_u8; NOTE]])?;
        one("DELETE FROM checkpoint WHERE size < ?1", &[&self.log])?;
        let lease =
            "INSERT INTO lease (name, holder, until) VALUES ('sealer', zeroblob(16), ?1) ON CONFLICT DO UPDATE SET until = excluded.until";
        one(lease, &[&self.log])?;
        self.waiting.clear();
        self.sealed = Instant::now();
        self.commit()
    }
}

fn run(db: &Connection, sql: &str, values: &[Value]) -> Result<(), String> {
    db.prepare_cached(sql).and_then(|mut statement| statement.execute(params_from_iter(values))).map(|_| ()).map_err(said)
}
