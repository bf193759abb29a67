//! A register in one SQLite database: write-ahead log, every commit synced to the disk, one connection that writes.
//!
//! Here lives the opening, checking and migrating; the tables are in `entries`, `log` and `derived`. Deliberately absent: another thread's
//! use of one connection. Each thread has its own ([`Store::reader`]).

mod accounts;
mod derived;
mod entries;
mod log;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row};

use super::{Answer, Store, StoreError, Trouble};

/// Marks a database as a register of ours: `OWRG`.
const APPLICATION: i32 = 0x4F57_5247;

/// Every step from one form of the tables to the next, the first first. A step that was released never changes.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql"), include_str!("migrations/0002.sql")];

/// The version of the tables that this program makes, and brings older ones to.
pub const TABLES_VERSION: usize = MIGRATIONS.len();

/// The write-ahead log is written back once it has so many pages (of 4 KiB).
const PAGES_MAX: i64 = 4096;

/// Pages of the connection that writes, kept in memory.
const CACHE: &str = "-32768";

/// So many commits go by between two looks at the write-ahead log.
const COMMITS_BETWEEN: u32 = 64;

/// How long a connection waits for another that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection to a register's database.
pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
    commits: u32,
    pages_max: i64,
    commits_between: u32,
}

impl Sqlite {
    /// Opens the register's database, making it and bringing its tables up to date where need be.
    ///
    /// # Errors
    /// No database of a register, one of a newer program, or settings that do not hold (then nothing would be safe to acknowledge).
    pub fn open(path: &Path) -> Answer<Self> {
        let connection = Connection::open(path).map_err(trouble)?;
        connection.busy_timeout(PATIENCE).map_err(trouble)?;
        connection.set_prepared_statement_cache_capacity(128);
        keep_plans(&connection)?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(trouble)?;
        let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(trouble)?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(trouble)?;
        let ours = application == APPLICATION || (tables == 0 && application == 0);
        let known = usize::try_from(version).ok().filter(|version| *version <= MIGRATIONS.len());
        let Some(version) = known.filter(|_| ours) else {
            let text = format!(
                "application {application:#x}, tables of version {version}; this program knows versions up to {}",
                MIGRATIONS.len()
            );
            return Err(StoreError::new(Trouble::Version, text));
        };
        let mut store = Self::over(connection, path);
        store.settings()?;
        store.migrate(version)?;
        if let Some(text) = store.foreign_tables()? {
            return Err(StoreError::new(Trouble::Damaged, text));
        }
        // By now the log beside it has been made; without its name every act in it would be lost. SQLite syncs the folder too, and passes
        // over a failure of that.
        crate::disk::sync_name(path).map_err(|error| StoreError::new(Trouble::Io, error.to_string()))?;
        Ok(store)
    }

    /// Whether this user may only read the database, or its disk takes no writing.
    ///
    /// # Errors
    /// Trouble of the database.
    pub fn is_read_only(&self) -> Answer<bool> {
        self.connection.is_readonly("main").map_err(trouble)
    }

    fn over(connection: Connection, path: &Path) -> Self {
        Self { connection, path: path.to_owned(), commits: 0, pages_max: PAGES_MAX, commits_between: COMMITS_BETWEEN }
    }

    /// Has the write-ahead log written back once it has so many pages, looked at once in so many commits: for a small disk, or a test.
    pub const fn write_back_after(&mut self, pages: i64, commits: u32) {
        self.pages_max = pages;
        self.commits_between = commits;
    }

    /// Sets what durability rests on and reads it back: a setting that does not hold must stop the program, not the register's promise.
    fn settings(&self) -> Answer<()> {
        self.set("journal_mode", "wal", "wal")?;
        self.set("synchronous", "FULL", "2")?;
        self.set("foreign_keys", "ON", "1")?;
        // Housekeeping writes back at a moment of our own, so that an error of it is seen.
        self.set("wal_autocheckpoint", "0", "0")?;
        // What was deleted is overwritten: a withdrawn draft or forecast must not linger in free pages.
        self.set("secure_delete", "ON", "1")?;
        // Sorting and the like must leave nothing on the disk.
        self.set("temp_store", "MEMORY", "2")?;
        self.set("trusted_schema", "OFF", "0")?;
        // In KiB, where it is below zero: what a transaction of many acts changes stays in memory until it is written once.
        self.set("cache_size", CACHE, CACHE)?;
        Ok(())
    }

    fn set(&self, name: &str, value: &str, wanted: &str) -> Answer<()> {
        // Some settings answer with a row, some with none.
        self.connection.pragma_update(None, name, value).or_else(|error| match error {
            rusqlite::Error::ExecuteReturnedResults => Ok(()),
            error => Err(trouble(error)),
        })?;
        let found: rusqlite::types::Value = self.connection.pragma_query_value(None, name, |row| row.get(0)).map_err(trouble)?;
        let found = match found {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            _ => String::new(),
        };
        if found == wanted { Ok(()) } else { Err(StoreError::new(Trouble::Other, format!("{name} is {found} and must be {wanted}"))) }
    }

    fn migrate(&mut self, from: usize) -> Answer<()> {
        for (version, step) in MIGRATIONS.iter().enumerate().skip(from) {
            self.connection.execute_batch("BEGIN IMMEDIATE").map_err(trouble)?;
            let after = version + 1;
            let ends = format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {after}; COMMIT");
            let done = self.connection.execute_batch(step).and_then(|()| self.connection.execute_batch(&ends));
            if let Err(error) = done {
                self.rollback()?;
                return Err(trouble(error));
            }
        }
        Ok(())
    }

    /// What of the tables is not as this program makes them. A trigger that was added could lose what is acknowledged.
    fn foreign_tables(&self) -> Answer<Option<String>> {
        let made = Connection::open_in_memory().map_err(trouble)?;
        MIGRATIONS.iter().try_for_each(|step| made.execute_batch(step)).map_err(trouble)?;
        let (made, found) = (schema(&made).map_err(trouble)?, schema(&self.connection).map_err(trouble)?);
        if made == found {
            return Ok(None);
        }
        let odd = made.symmetric_difference(&found).map(|(kind, name, _)| format!("{kind} {name}"));
        // The names of what somebody added are theirs: only those that this program knows are said.
        let known: std::collections::BTreeSet<String> =
            odd.filter(|odd| made.iter().any(|(kind, name, _)| *odd == format!("{kind} {name}"))).collect();
        let names: Vec<String> = known.into_iter().collect();
        Ok(Some(match names.as_slice() {
            [] => "something was added to its tables: a table, an index, a view or a trigger".to_owned(),
            names => format!("its tables were changed: {}", names.join(", ")),
        }))
    }

    /// Opens a database that only rests, such as a backup, and changes nothing of it.
    ///
    /// # Errors
    /// No database of a register of this program's version.
    pub fn open_reading(path: &Path) -> Answer<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(trouble)?;
        let store = Self::over(connection, path);
        store.set("temp_store", "MEMORY", "2")?;
        let number = |name: &str| store.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(trouble);
        let found = (number("application_id")?, number("user_version")?);
        let wanted = (i64::from(APPLICATION), most(MIGRATIONS.len()));
        if found != wanted {
            return Err(StoreError::new(Trouble::Version, format!("{found:?} where {wanted:?} is needed")));
        }
        match store.foreign_tables()? {
            Some(text) => Err(StoreError::new(Trouble::Damaged, text)),
            None => Ok(store),
        }
    }

    /// Writes a whole copy of the database to a new file while the register runs.
    ///
    /// # Errors
    /// Trouble of the database, or a file that is there already.
    pub fn backup(&self, to: &Path) -> Answer<()> {
        // Made before, so that nobody else can ever read it.
        crate::disk::make_private(to).map_err(|error| StoreError::new(Trouble::Other, error.to_string()))?;
        self.connection.execute("VACUUM INTO ?1", [to.to_string_lossy()]).map_err(trouble)?;
        let file = std::fs::File::open(to).and_then(|file| file.sync_all());
        file.map_err(|error| StoreError::new(Trouble::Io, error.to_string()))
    }

    /// The connection itself, for whoever plays the attacker.
    #[cfg(test)]
    pub(crate) const fn raw(&self) -> &Connection {
        &self.connection
    }

    fn one<T>(&self, sql: &str, values: impl rusqlite::Params, read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>) -> Answer<Option<T>> {
        let mut statement = self.connection.prepare_cached(sql).map_err(trouble)?;
        let mut rows = statement.query(values).map_err(trouble)?;
        rows.next().map_err(trouble)?.map(read).transpose().map_err(trouble)
    }

    fn all<T>(&self, sql: &str, values: impl rusqlite::Params, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Answer<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql).map_err(trouble)?;
        let rows = statement.query_map(values, read).map_err(trouble)?;
        rows.collect::<rusqlite::Result<Vec<T>>>().map_err(trouble)
    }

    fn run(&self, sql: &str, values: impl rusqlite::Params) -> Answer<usize> {
        self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).map_err(trouble)
    }

    fn word(&self, sql: &str) -> Answer<()> {
        self.connection.execute_batch(sql).map_err(trouble)
    }
}

/// Plans do not depend on the values of parameters. Else SQLite prepares many statements anew each time they are used.
fn keep_plans(connection: &Connection) -> Answer<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(|_| ()).map_err(trouble)
}

/// What SQLite says, in the register's words.
fn trouble(error: rusqlite::Error) -> StoreError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Trouble::Full,
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly) => Trouble::Io,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Trouble::Busy,
        Some(ErrorCode::ConstraintViolation) => Trouble::Rule,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Trouble::Damaged,
        None if !matches!(error, rusqlite::Error::SqliteFailure(..)) => Trouble::Damaged,
        Some(_) | None => Trouble::Other,
    };
    StoreError::new(kind, error.to_string())
}

/// Everything that a database is made of: kind, name, and the words that made it.
fn schema(connection: &Connection) -> rusqlite::Result<std::collections::BTreeSet<(String, String, String)>> {
    let mut statement = connection.prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
}

/// A column that holds a number that is never negative.
fn size(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

/// A number as SQLite keeps it. No register has more than 2^63 of anything.
fn number(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn most(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Store for Sqlite {
    fn reader(&self) -> Answer<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags).map_err(trouble)?;
        connection.busy_timeout(PATIENCE).map_err(trouble)?;
        connection.set_prepared_statement_cache_capacity(64);
        keep_plans(&connection)?;
        let reader = Self::over(connection, &self.path);
        reader.set("temp_store", "MEMORY", "2")?;
        Ok(reader)
    }

    fn damage(&self) -> Answer<Vec<String>> {
        let mut found: Vec<String> = self.foreign_tables()?.into_iter().collect();
        let pages: Vec<String> = self.all("PRAGMA integrity_check(100)", [], |row| row.get(0))?;
        found.extend(pages.into_iter().filter(|said| said != "ok"));
        let sql = "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2";
        found.extend(self.all(sql, [], |row| {
            let (table, parent, count): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("{count} rows of {table} belong to no row of {parent}"))
        })?);
        Ok(found)
    }

    fn version(&self) -> Answer<i64> {
        self.one("PRAGMA data_version", [], |row| row.get(0))?.ok_or_else(|| StoreError::new(Trouble::Other, "no data version"))
    }

    fn begin(&mut self) -> Answer<()> {
        self.word("BEGIN IMMEDIATE")
    }

    fn begin_reading(&self) -> Answer<()> {
        self.word("BEGIN")
    }

    fn end_reading(&self) -> Answer<()> {
        self.word("COMMIT")
    }

    fn commit(&mut self) -> Answer<()> {
        self.word("COMMIT")?;
        self.commits += 1;
        Ok(())
    }

    fn rollback(&mut self) -> Answer<()> {
        // Some errors have ended the transaction already.
        if self.connection.is_autocommit() { Ok(()) } else { self.word("ROLLBACK") }
    }

    fn housekeeping(&mut self) -> Answer<()> {
        if self.commits < self.commits_between {
            return Ok(());
        }
        self.commits = 0;
        let wal = self.path.with_file_name(format!("{}-wal", self.path.file_name().unwrap_or_default().to_string_lossy()));
        let pages = std::fs::metadata(wal).map_or(0, |found| number(found.len() / 4096));
        if pages < self.pages_max {
            return Ok(());
        }
        let mut statement = self.connection.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)").map_err(trouble)?;
        statement.query_row([], |_| Ok(())).map_err(trouble)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Entries, conformance};

    fn fresh() -> (tempfile::TempDir, Sqlite) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Sqlite::open(&folder.path().join("register.db")).expect("a new register");
        (folder, store)
    }

    #[test]
    fn it_is_a_store() {
        conformance::all(|| {
            let (folder, store) = fresh();
            (store, folder)
        });
    }

    #[test]
    fn what_durability_rests_on_is_set_and_read_back() {
        let (_folder, store) = fresh();
        assert!(store.settings().is_ok());
        let error = store.set("synchronous", "OFF", "2").expect_err("it is not what it must be");
        assert!(error.to_string().contains("synchronous is 0 and must be 2"), "{error}");
    }

    #[test]
    fn a_database_of_something_else_or_of_a_newer_program_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("other.db");
        Connection::open(&path).and_then(|other| other.execute_batch("CREATE TABLE mine (x)")).expect("another database");
        assert_eq!(Sqlite::open(&path).err().map(|error| error.trouble), Some(Trouble::Version));
        let path = folder.path().join("newer.db");
        Sqlite::open(&path).and_then(|store| store.word("PRAGMA user_version = 99")).expect("a register");
        assert_eq!(Sqlite::open(&path).err().map(|error| error.trouble), Some(Trouble::Version));
        std::fs::write(folder.path().join("text"), "no database ".repeat(1000)).expect("written");
        assert_eq!(Sqlite::open(&folder.path().join("text")).err().map(|error| error.trouble), Some(Trouble::Damaged));
    }

    #[test]
    fn a_register_opened_again_is_the_same() {
        let (folder, mut store) = fresh();
        store.set_meta("origin", b"example").expect("kept");
        drop(store);
        let store = Sqlite::open(&folder.path().join("register.db")).expect("opened again");
        assert_eq!(store.meta("origin").expect("read").as_deref(), Some(b"example".as_slice()));
    }
}
