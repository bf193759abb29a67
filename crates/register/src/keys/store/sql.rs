//! Every SQL statement and file operation of the key store.
//!
//! SQLite in WAL mode with full sync. Deleted content is overwritten, and the log is emptied whenever a key must leave no trace.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, params};

use super::signing::Row;
use crate::disk::{self, ending};
use crate::keys::{Chance, Destroyed, KeyError, Pseudonym};

/// The id of the register.
pub(super) const REGISTER: &str = "register";
/// The id of the master that opens the store.
pub(super) const MASTER: &str = "master";

/// Says to SQLite's own tools whose file this is: `OWkk`.
const APPLICATION: i32 = 0x4F57_6B6B;
const FORMAT: i32 = 1;

/// How long a write waits for another program.
const PATIENCE: Duration = Duration::from_secs(10);

const TABLES: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE register_key (
    domain INTEGER NOT NULL, epoch INTEGER NOT NULL, box BLOB NOT NULL,
    PRIMARY KEY (domain, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE file_key (
    file BLOB NOT NULL CHECK (length(file) = 16), domain INTEGER NOT NULL, epoch INTEGER NOT NULL, box BLOB NOT NULL,
    PRIMARY KEY (file, domain),
    FOREIGN KEY (domain, epoch) REFERENCES register_key (domain, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE signing_key (n INTEGER PRIMARY KEY, public TEXT NOT NULL UNIQUE, box BLOB NOT NULL) STRICT;
CREATE TABLE destroyed (
    n INTEGER PRIMARY KEY, file BLOB NOT NULL UNIQUE CHECK (length(file) = 16), at INTEGER NOT NULL, mac BLOB NOT NULL
) STRICT;
CREATE TRIGGER destroyed_stays BEFORE DELETE ON destroyed BEGIN SELECT RAISE(ABORT, 'the list only grows'); END;
CREATE TRIGGER destroyed_is_fixed BEFORE UPDATE ON destroyed BEGIN SELECT RAISE(ABORT, 'the list only grows'); END;
CREATE TRIGGER never_again BEFORE INSERT ON file_key WHEN EXISTS (SELECT 1 FROM destroyed WHERE file = NEW.file)
    BEGIN SELECT RAISE(ABORT, 'the keys of this file were destroyed'); END;
";

pub(super) fn connect(path: &Path) -> Result<Connection, KeyError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(PATIENCE)?;
    // Plans do not depend on values, else SQLite prepares statements anew each time they are used.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let mode: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    // Temporary tables and sorts stay in memory, so that no key goes to a temporary file.
    db.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;")?;
    let _: i64 = db.query_row("PRAGMA secure_delete = ON", [], |row| row.get(0))?;
    let number = |name: &str| db.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let is_set = mode == "wal"
        && number("synchronous")? == 2
        && number("foreign_keys")? == 1
        && number("secure_delete")? == 1
        && number("temp_store")? == 2;
    if is_set { Ok(db) } else { Err(KeyError::Damaged("the database does not keep its settings")) }
}

pub(super) fn create_tables(db: &Connection) -> Result<(), KeyError> {
    db.execute_batch(TABLES)?;
    db.pragma_update(None, "application_id", APPLICATION)?;
    db.pragma_update(None, "user_version", FORMAT)?;
    Ok(())
}

pub(super) fn check_format(db: &Connection) -> Result<(), KeyError> {
    let application: i32 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let format: i32 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match (application, format) {
        (APPLICATION, FORMAT) => check_tables(db),
        (APPLICATION, _) => Err(KeyError::Damaged("it is of a version that this program does not know")),
        _ => Err(KeyError::Damaged("it is a database, and no key store")),
    }
}

/// Its tables must be those that this program makes. A trigger that was added could bring back what is destroyed.
fn check_tables(db: &Connection) -> Result<(), KeyError> {
    let made = Connection::open_in_memory()?;
    made.execute_batch(TABLES)?;
    let said = |db: &Connection| -> Result<std::collections::BTreeSet<(String, String, String)>, KeyError> {
        let mut rows = db.prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema")?;
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    if said(&made)? == said(db)? { Ok(()) } else { Err(KeyError::Damaged("its tables are not those that this program makes")) }
}

pub(super) fn data_version(db: &Connection) -> Result<i64, KeyError> {
    Ok(db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}

pub(super) fn meta(db: &Connection, name: &str) -> Result<Vec<u8>, KeyError> {
    db.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0))
        .optional()?
        .ok_or(KeyError::Damaged("an id is missing"))
}

pub(super) fn set_meta(db: &Connection, name: &str, value: &[u8]) -> Result<(), KeyError> {
    db.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", params![name, value])?;
    Ok(())
}

pub(super) fn register_keys(db: &Connection) -> Result<Vec<(u8, u32, Vec<u8>)>, KeyError> {
    let mut rows = db.prepare("SELECT domain, epoch, box FROM register_key ORDER BY domain, epoch")?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn put_register_key(db: &Connection, code: u8, epoch: u32, boxed: &[u8]) -> Result<(), KeyError> {
    db.execute(
        "INSERT INTO register_key (domain, epoch, box) VALUES (?1, ?2, ?3) ON CONFLICT (domain, epoch) DO UPDATE SET box = excluded.box",
        params![code, epoch, boxed],
    )?;
    Ok(())
}

/// The keys of the log, the oldest first.
pub(super) fn signing_keys(db: &Connection) -> Result<Vec<Row>, KeyError> {
    let mut rows = db.prepare("SELECT n, public, box FROM signing_key ORDER BY n")?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn put_signing_key(db: &Connection, n: u32, public: &str, boxed: &[u8]) -> Result<(), KeyError> {
    db.execute(
        "INSERT INTO signing_key (n, public, box) VALUES (?1, ?2, ?3) ON CONFLICT (n) DO UPDATE SET box = excluded.box",
        params![n, public, boxed],
    )?;
    Ok(())
}

pub(super) fn delete_register_keys_before(db: &Connection, code: u8, epoch: u32) -> Result<(), KeyError> {
    db.execute("DELETE FROM register_key WHERE domain = ?1 AND epoch < ?2", params![code, epoch])?;
    Ok(())
}

pub(super) fn newest_epoch(db: &Connection, code: u8) -> Result<u32, KeyError> {
    let newest: Option<u32> =
        db.prepare_cached("SELECT max(epoch) FROM register_key WHERE domain = ?1")?.query_row([code], |row| row.get(0))?;
    newest.ok_or(KeyError::Damaged("a domain has no register key"))
}

pub(super) fn file_key(db: &Connection, code: u8, file: Pseudonym) -> Result<Option<(u32, Vec<u8>)>, KeyError> {
    Ok(db
        .prepare_cached("SELECT epoch, box FROM file_key WHERE file = ?1 AND domain = ?2")?
        .query_row(params![file.as_bytes(), code], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

pub(super) fn put_file_key(db: &Connection, code: u8, epoch: u32, file: Pseudonym, boxed: &[u8]) -> Result<(), KeyError> {
    db.prepare_cached(
        "INSERT INTO file_key (file, domain, epoch, box) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (file, domain) DO UPDATE SET epoch = excluded.epoch, box = excluded.box",
    )?
    .execute(params![file.as_bytes(), code, epoch, boxed])?;
    Ok(())
}

/// The file keys of a domain that are not of its newest epoch.
pub(super) fn file_keys_before(db: &Connection, code: u8, epoch: u32) -> Result<Vec<(Pseudonym, u32, Vec<u8>)>, KeyError> {
    let mut rows = db.prepare("SELECT file, epoch, box FROM file_key WHERE domain = ?1 AND epoch < ?2")?;
    let rows = rows.query_map(params![code, epoch], |row| Ok((Pseudonym::from_bytes(row.get(0)?), row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn for_each_file_key(
    db: &Connection,
    mut each: impl FnMut(u8, u32, Pseudonym, &[u8]) -> Result<(), KeyError>,
) -> Result<u64, KeyError> {
    let mut statement = db.prepare("SELECT domain, epoch, file, box FROM file_key")?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let boxed: Vec<u8> = row.get(3)?;
        each(row.get(0)?, row.get(1)?, Pseudonym::from_bytes(row.get(2)?), &boxed)?;
        count += 1;
    }
    Ok(count)
}

pub(super) fn delete_file_keys(db: &Connection, file: Pseudonym) -> Result<(), KeyError> {
    db.execute("DELETE FROM file_key WHERE file = ?1", [file.as_bytes()])?;
    Ok(())
}

pub(super) fn destroyed_at(db: &Connection, file: Pseudonym) -> Result<Option<Timestamp>, KeyError> {
    db.prepare_cached("SELECT at FROM destroyed WHERE file = ?1")?
        .query_row([file.as_bytes()], |row| row.get(0))
        .optional()?
        .map(instant)
        .transpose()
}

pub(super) fn destroyed_rows(db: &Connection) -> Result<Vec<(Destroyed, [u8; 32])>, KeyError> {
    let mut rows = db.prepare("SELECT n, file, at, mac FROM destroyed ORDER BY n")?;
    let rows = rows.query_map([], |row| Ok((row.get::<_, u64>(0)?, row.get(1)?, row.get(2)?, row.get::<_, [u8; 32]>(3)?)))?;
    let mut list = Vec::new();
    for (expected, row) in (1..).zip(rows) {
        let (n, file, at, mac) = row?;
        if n != expected {
            return Err(KeyError::List("a row in the key store is missing"));
        }
        list.push((Destroyed { file: Pseudonym::from_bytes(file), at: instant(at)? }, mac));
    }
    Ok(list)
}

/// The number and keyed hash of the newest row; zeros before the first.
pub(super) fn last_destroyed(db: &Connection) -> Result<(u64, [u8; 32]), KeyError> {
    let last = db.query_row("SELECT n, mac FROM destroyed ORDER BY n DESC LIMIT 1", [], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(last.optional()?.unwrap_or((0, [0; 32])))
}

pub(super) fn put_destroyed(db: &Connection, n: u64, row: &Destroyed, mac: &[u8; 32]) -> Result<(), KeyError> {
    db.execute(
        "INSERT INTO destroyed (n, file, at, mac) VALUES (?1, ?2, ?3, ?4)",
        params![n, row.file.as_bytes(), row.at.as_microsecond(), mac],
    )?;
    Ok(())
}

pub(super) fn has_keys_of_destroyed(db: &Connection) -> Result<bool, KeyError> {
    Ok(db.query_row("SELECT EXISTS (SELECT 1 FROM file_key JOIN destroyed USING (file))", [], |row| row.get(0))?)
}

fn instant(at: i64) -> Result<Timestamp, KeyError> {
    Timestamp::from_microsecond(at).map_err(|_| KeyError::Damaged("a time is out of range"))
}

pub(super) fn check_pages(db: &Connection) -> Result<(), KeyError> {
    let said: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said == "ok" { Ok(()) } else { Err(KeyError::Damaged("its pages do not fit together")) }
}

/// Writes what is in the log into the store and cuts the log to nothing, so that no older content stays in it.
pub(super) fn empty_log(db: &Connection) -> Result<(), KeyError> {
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(KeyError::Busy) }
}

pub(super) fn close(db: Connection) -> Result<(), KeyError> {
    db.close().map_err(|(_, error)| error.into())
}

/// Whether the failure leaves open what is on the disk. A full disk does not: the transaction is undone.
pub(super) fn is_io_failure(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::CannotOpen))
}

/// A name beside a path that nothing else has. After a crash it says by its ending what it is.
pub(super) fn beside(path: &Path, what: &str, chance: &Chance) -> Result<PathBuf, KeyError> {
    let id = Pseudonym::from_bytes(chance.bytes()?);
    Ok(ending(path, &format!(".{what}-{id}")))
}

/// Nothing may be at the path, and no log of a store that was there: SQLite would write that into the new one.
pub(super) fn is_free(path: &Path) -> Result<(), KeyError> {
    let is_there = path.try_exists()? || ending(path, "-wal").try_exists()?;
    if is_there { Err(KeyError::Exists) } else { Ok(()) }
}

/// Gives a finished file its name, so that a crash leaves it there whole or not at all.
pub(super) fn publish(new: &Path, path: &Path) -> Result<(), KeyError> {
    is_free(path)?;
    std::fs::rename(new, path)?;
    Ok(disk::sync_name(path)?)
}

/// Removes an unfinished file. Where that fails too, its name says that it is not finished.
pub(super) fn discard(path: &Path) {
    for path in [path.to_owned(), ending(path, "-wal"), ending(path, "-shm")] {
        let _ = std::fs::remove_file(path);
    }
}

/// A copy that holds nothing but what is in use: no free pages, no remains.
pub(super) fn copy_into(db: &Connection, path: &Path) -> Result<(), KeyError> {
    let path = path.to_str().ok_or_else(|| std::io::Error::other("the path is no text"))?;
    db.execute("VACUUM INTO ?1", [path])?;
    Ok(())
}

pub(super) fn sum_path(path: &Path) -> PathBuf {
    ending(path, ".sha256")
}

/// Writes the checksum of a file under the name it will have, as the usual tools read it.
pub(super) fn write_sum(of: &Path, named: &Path) -> Result<(), KeyError> {
    let name = named.file_name().unwrap_or_default().to_string_lossy();
    let (sum, _) = disk::sum(File::open(of)?, std::io::sink())?;
    let mut file = disk::make_private(&sum_path(named))?;
    writeln!(file, "{sum}  {name}")?;
    file.sync_all()?;
    Ok(())
}

/// Copies a backup and checks on the way that it is the one that was written.
pub(super) fn copy_with_sum(from: &Path, to: &Path) -> Result<(), KeyError> {
    let written = match std::fs::read_to_string(sum_path(from)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(KeyError::Damaged("the backup has no checksum beside it"));
        }
        Err(error) => return Err(error.into()),
    };
    let mut into = OpenOptions::new().write(true).truncate(true).open(to)?;
    let (found, _) = disk::sum(File::open(from)?, &mut into)?;
    into.sync_all()?;
    if written.split_whitespace().next() == Some(found.as_str()) {
        Ok(())
    } else {
        Err(KeyError::Damaged("the backup is not as it was written: its checksum differs"))
    }
}
