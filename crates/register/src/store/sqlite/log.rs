//! The tables of the log: who waits, who stands where, tiles, names, checkpoints, the lease.
//!
//! Deliberately absent: hashing. What is kept here was computed above.

use openward_seal::digest::EntryHash;
use openward_seal::tiles::{Tile, TileKind};
use rusqlite::{Row, params};

use super::{Sqlite, most, number, size};
use crate::store::{ActId, Answer, CheckpointRow, Log, Micros, Waiting};

/// The level under which bundles of records would be kept. Ours has none; the number only keeps the two kinds apart.
const ENTRIES: i64 = -1;

fn level(tile: Tile) -> i64 {
    match tile.kind() {
        TileKind::Hashes(level) => i64::from(level),
        TileKind::Entries => ENTRIES,
    }
}

fn checkpoint_of(row: &Row<'_>) -> rusqlite::Result<CheckpointRow> {
    Ok(CheckpointRow { size: size(row, 0)?, note: row.get(1)? })
}

impl Log for Sqlite {
    fn waiting(&self, count: usize) -> Answer<Vec<Waiting>> {
        self.all("SELECT at, file, n, hash FROM waiting ORDER BY at LIMIT ?1", [most(count)], |row| {
            Ok(Waiting { at: row.get(0)?, file: row.get(1)?, n: size(row, 2)?, hash: EntryHash::from_bytes(row.get(3)?) })
        })
    }

    fn add_to_log(&mut self, from: u64, entries: &[Waiting]) -> Answer<()> {
        for (place, entry) in (from..).zip(entries) {
            self.run("INSERT INTO log (place, file, n) VALUES (?1, ?2, ?3)", params![number(place), entry.file, number(entry.n)])?;
            self.run("DELETE FROM waiting WHERE at = ?1", [entry.at])?;
        }
        Ok(())
    }

    fn places_of(&self, file: i64) -> Answer<Vec<(u64, u64)>> {
        self.all("SELECT n, place FROM log WHERE file = ?1 ORDER BY n", [file], |row| Ok((size(row, 0)?, size(row, 1)?)))
    }

    fn place_of(&self, file: i64, n: u64) -> Answer<Option<u64>> {
        self.one("SELECT place FROM log WHERE file = ?1 AND n = ?2", params![file, number(n)], |row| size(row, 0))
    }

    fn at_place(&self, place: u64) -> Answer<Option<(i64, u64)>> {
        self.one("SELECT file, n FROM log WHERE place = ?1", [number(place)], |row| Ok((row.get(0)?, size(row, 1)?)))
    }

    fn log_rows(&self) -> Answer<[u64; 3]> {
        let sql = "SELECT (SELECT count(*) FROM log), (SELECT count(*) FROM tile), (SELECT count(*) FROM names)";
        Ok(self.one(sql, [], |row| Ok([size(row, 0)?, size(row, 1)?, size(row, 2)?]))?.unwrap_or_default())
    }

    fn tile(&self, tile: Tile) -> Answer<Option<Vec<u8>>> {
        let values = params![level(tile), number(tile.index()), tile.width()];
        self.one("SELECT bytes FROM tile WHERE level = ?1 AND place = ?2 AND width = ?3", values, |row| row.get(0))
    }

    fn put_tile(&mut self, tile: Tile, bytes: &[u8]) -> Answer<()> {
        let values = params![level(tile), number(tile.index()), tile.width()];
        self.run("DELETE FROM tile WHERE level = ?1 AND place = ?2 AND width < ?3", values)?;
        let values = params![level(tile), number(tile.index()), tile.width(), bytes];
        self.run(
            "INSERT INTO tile (level, place, width, bytes) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
            values,
        )?;
        Ok(())
    }

    fn names(&self, place: u64) -> Answer<Option<(u16, Vec<u8>)>> {
        self.one("SELECT width, box FROM names WHERE place = ?1", [number(place)], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn put_names(&mut self, place: u64, width: u16, boxed: &[u8]) -> Answer<()> {
        let sql = "INSERT INTO names (place, width, box) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET width = excluded.width, box = excluded.box";
        self.run(sql, params![number(place), width, boxed])?;
        Ok(())
    }

    fn newest_checkpoint(&self) -> Answer<Option<CheckpointRow>> {
        self.one("SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1", [], checkpoint_of)
    }

    fn checkpoints(&self) -> Answer<Vec<CheckpointRow>> {
        self.all("SELECT size, note FROM checkpoint ORDER BY size", [], checkpoint_of)
    }

    fn put_checkpoint(&mut self, checkpoint: &CheckpointRow) -> Answer<()> {
        let sql = "INSERT INTO checkpoint (size, note) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET note = excluded.note";
        self.run(sql, params![number(checkpoint.size), checkpoint.note])?;
        Ok(())
    }

    fn drop_checkpoint(&mut self, size: u64) -> Answer<()> {
        self.run("DELETE FROM checkpoint WHERE size = ?1", [number(size)])?;
        Ok(())
    }

    fn take_lease(&mut self, name: &str, holder: &ActId, now: Micros, until: Micros) -> Answer<bool> {
        let sql = "INSERT INTO lease (name, holder, until) VALUES (?1, ?2, ?4) ON CONFLICT DO UPDATE
                   SET holder = excluded.holder, until = excluded.until
                   WHERE holder = excluded.holder OR until <= ?3 OR until > excluded.until";
        Ok(self.run(sql, params![name, holder, now, until])? == 1)
    }

    fn lease_end(&self, name: &str) -> Answer<Option<Micros>> {
        self.one("SELECT until FROM lease WHERE name = ?1", [name], |row| row.get(0))
    }
}
