//! The tables of files, acts and entries.
//!
//! Deliberately absent: the rule what may be appended. The writer decides; the unique keys only hold it to that.

use openward_seal::chain::FileTag;
use openward_seal::digest::{EntryHash, PartHash};
use rusqlite::{Row, params};

use super::{Sqlite, most, number, size, trouble};
use crate::store::{ActId, ActRow, Answer, Boxes, Entries, EntryRow, FileName, FileRow, Micros, PartRow, StoreError, Trouble};

const FILE: &str = "SELECT id, pseudonym, kind, domain, tag, length, head FROM file";

fn file_of(row: &Row<'_>) -> rusqlite::Result<FileRow> {
    Ok(FileRow {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: row.get(2)?,
        domain: row.get(3)?,
        tag: FileTag::from_bytes(row.get(4)?),
        length: size(row, 5)?,
        head: EntryHash::from_bytes(row.get(6)?),
    })
}

/// An entry, its parts left out.
fn entry_of(row: &Row<'_>) -> rusqlite::Result<EntryRow> {
    Ok(EntryRow {
        n: size(row, 0)?,
        recorded: row.get(1)?,
        prev: EntryHash::from_bytes(row.get(2)?),
        hash: EntryHash::from_bytes(row.get(3)?),
        act: row.get(4)?,
        parts: Vec::new(),
    })
}

impl Sqlite {
    /// Puts to entries of a file, given in order, their parts.
    fn with_parts(&self, file: i64, mut entries: Vec<EntryRow>, boxes: Boxes) -> Answer<Vec<EntryRow>> {
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(entries) };
        let range = params![file, number(first.n), number(last.n)];
        let part = |row: &Row<'_>, boxed| Ok((size(row, 0)?, PartRow { i: row.get(1)?, hash: PartHash::from_bytes(row.get(2)?), boxed }));
        let parts = match boxes {
            Boxes::Read => {
                let sql = "SELECT n, i, hash, box FROM part WHERE file = ?1 AND n BETWEEN ?2 AND ?3 ORDER BY n, i";
                self.all(sql, range, |row| part(row, row.get(3)?))?
            }
            Boxes::Left => {
                let sql = "SELECT n, i, hash FROM part WHERE file = ?1 AND n BETWEEN ?2 AND ?3 ORDER BY n, i";
                self.all(sql, range, |row| part(row, Vec::new()))?
            }
        };
        let mut parts = parts.into_iter().peekable();
        for entry in &mut entries {
            while parts.next_if(|(n, _)| *n < entry.n).is_some() {}
            while let Some((_, part)) = parts.next_if(|(n, _)| *n == entry.n) {
                entry.parts.push(part);
            }
        }
        Ok(entries)
    }
}

impl Entries for Sqlite {
    fn meta(&self, name: &str) -> Answer<Option<Vec<u8>>> {
        self.one("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0))
    }

    fn set_meta(&mut self, name: &str, value: &[u8]) -> Answer<()> {
        self.run("INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value", params![name, value])?;
        Ok(())
    }

    fn file(&self, name: &FileName) -> Answer<Option<FileRow>> {
        let found = self.one(&format!("{FILE} WHERE pseudonym = ?1"), [name], file_of)?;
        // The index says where the row is. One that was changed must not give one person's file for another's.
        match found {
            Some(file) if file.name != *name => Err(StoreError::new(Trouble::Damaged, "the index of files leads to another file")),
            found => Ok(found),
        }
    }

    fn file_by_id(&self, id: i64) -> Answer<Option<FileRow>> {
        self.one(&format!("{FILE} WHERE id = ?1"), [id], file_of)
    }

    fn files_after(&self, id: i64, count: usize) -> Answer<Vec<FileRow>> {
        self.all(&format!("{FILE} WHERE id > ?1 ORDER BY id LIMIT ?2"), params![id, most(count)], file_of)
    }

    fn files_of_kind(&self, kind: u8) -> Answer<Vec<FileName>> {
        // Written out, for the index of law files is not used with a parameter, and the statement would be prepared anew each time.
        self.all(&format!("SELECT pseudonym FROM file WHERE kind = {kind} ORDER BY id"), [], |row| row.get(0))
    }

    fn add_file(&mut self, file: &FileRow) -> Answer<i64> {
        let values = params![file.name, file.kind, file.domain, file.tag.as_bytes(), number(file.length), file.head.as_bytes()];
        self.run("INSERT INTO file (pseudonym, kind, domain, tag, length, head) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", values)?;
        Ok(self.connection.last_insert_rowid())
    }

    fn grow_file(&mut self, id: i64, expected: u64, length: u64, head: &EntryHash) -> Answer<bool> {
        let values = params![id, number(expected), number(length), head.as_bytes()];
        Ok(self.run("UPDATE file SET length = ?3, head = ?4 WHERE id = ?1 AND length = ?2", values)? == 1)
    }

    fn add_entry(&mut self, file: i64, entry: &EntryRow) -> Answer<()> {
        let n = number(entry.n);
        let values = params![file, n, entry.recorded, entry.prev.as_bytes(), entry.hash.as_bytes(), entry.act];
        self.run("INSERT INTO entry (file, n, recorded, prev, hash, act) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", values)?;
        for part in &entry.parts {
            let values = params![file, n, part.i, part.hash.as_bytes(), part.boxed];
            self.run("INSERT INTO part (file, n, i, hash, box) VALUES (?1, ?2, ?3, ?4, ?5)", values)?;
        }
        self.run("INSERT INTO waiting (file, n, hash) VALUES (?1, ?2, ?3)", params![file, n, entry.hash.as_bytes()])?;
        Ok(())
    }

    fn entries(&self, file: i64, from: u64, to: u64) -> Answer<Vec<EntryRow>> {
        let sql = "SELECT n, recorded, prev, hash, act FROM entry WHERE file = ?1 AND n BETWEEN ?2 AND ?3 ORDER BY n";
        let entries = self.all(sql, params![file, number(from), number(to)], entry_of)?;
        self.with_parts(file, entries, Boxes::Read)
    }

    fn entries_from(&self, file: i64, from: u64, count: usize, boxes: Boxes) -> Answer<Vec<EntryRow>> {
        let sql = "SELECT n, recorded, prev, hash, act FROM entry WHERE file = ?1 AND n >= ?2 ORDER BY n LIMIT ?3";
        let entries = self.all(sql, params![file, number(from), most(count)], entry_of)?;
        self.with_parts(file, entries, boxes)
    }

    fn length_at(&self, file: i64, at: Micros) -> Answer<u64> {
        let sql = "SELECT n FROM entry WHERE file = ?1 AND recorded <= ?2 ORDER BY n DESC LIMIT 1";
        Ok(self.one(sql, params![file, at], |row| size(row, 0))?.unwrap_or(0))
    }

    fn orphans(&self) -> Answer<Vec<(i64, u64)>> {
        let sql =
            "SELECT DISTINCT part.file, part.n FROM part LEFT JOIN entry USING (file, n) WHERE entry.n IS NULL ORDER BY 1, 2 LIMIT 1000";
        self.all(sql, [], |row| Ok((row.get(0)?, size(row, 1)?)))
    }

    fn act(&self, id: &ActId) -> Answer<Option<ActRow>> {
        self.one("SELECT file, first, last FROM act WHERE id = ?1", [id], |row| {
            Ok(ActRow { file: row.get(0)?, first: size(row, 1)?, last: size(row, 2)? })
        })
    }

    fn acts(&self, each: &mut dyn FnMut(&ActId, &ActRow)) -> Answer<u64> {
        let mut statement = self.connection.prepare_cached("SELECT id, file, first, last FROM act").map_err(trouble)?;
        let mut rows = statement.query([]).map_err(trouble)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(trouble)? {
            let read = || Ok((row.get(0)?, ActRow { file: row.get(1)?, first: size(row, 2)?, last: size(row, 3)? }));
            let (id, act) = read().map_err(trouble)?;
            each(&id, &act);
            count += 1;
        }
        Ok(count)
    }

    fn add_act(&mut self, id: &ActId, act: &ActRow) -> Answer<()> {
        let values = params![id, act.file, number(act.first), number(act.last)];
        self.run("INSERT INTO act (id, file, first, last) VALUES (?1, ?2, ?3, ?4)", values)?;
        Ok(())
    }

    fn last_recorded(&self) -> Answer<Option<Micros>> {
        // Instants never run backwards, so the last one waits for the log, or stands at its end. No index is needed, and no look at every entry.
        let sql = "SELECT max(recorded) FROM (
            SELECT recorded FROM entry JOIN (SELECT file, n FROM waiting ORDER BY at DESC LIMIT 1) USING (file, n)
            UNION ALL SELECT recorded FROM entry JOIN (SELECT file, n FROM log ORDER BY place DESC LIMIT 1) USING (file, n))";
        Ok(self.one(sql, [], |row| row.get::<_, Option<Micros>>(0))?.flatten())
    }
}
