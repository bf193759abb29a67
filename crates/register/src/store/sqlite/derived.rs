//! The tables of what can be computed again, and of what is on its way.
//!
//! Deliberately absent: computing it (`crate::derived`).

use rusqlite::{Row, params};

use super::{Sqlite, most, number, size};
use crate::store::{ActId, Answer, Derived, FileName, ForecastRow, Micros, OutboxPlace, OutboxRow, OwedRow, SpanRow};

const OUTBOX: &str = "SELECT file, n, i, due, state, box FROM outbox";

/// The tables of what is computed about people's files, and what a row of another file is.
const COMPUTED: &[(&str, &str)] = &[
    ("forecast", "a forecast of a file that is no person's"),
    ("span", "a span of a file that is no person's"),
    ("owed", "a duty of a file that is no person's"),
    ("relies_on", "a file that is no person's is said to rely on another"),
];

fn outbox_of(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    let place = OutboxPlace { file: row.get(0)?, n: size(row, 1)?, i: row.get(2)? };
    Ok(OutboxRow { place, due: row.get(3)?, state: row.get(4)?, boxed: row.get(5)? })
}

impl Derived for Sqlite {
    fn forecasts(&self, file: i64) -> Answer<Vec<ForecastRow>> {
        let sql = "SELECT law, digest, length, context, next_change, stale, box FROM forecast WHERE file = ?1 ORDER BY law";
        let mut forecasts = self.all(sql, [file], |row| {
            Ok(ForecastRow {
                law: row.get(0)?,
                digest: row.get(1)?,
                length: size(row, 2)?,
                context: row.get(3)?,
                next_change: row.get(4)?,
                stale: row.get(5)?,
                boxed: row.get(6)?,
                spans: Vec::new(),
                owed: Vec::new(),
            })
        })?;
        for forecast in &mut forecasts {
            let sql = "SELECT held, authority, begins, until FROM span WHERE file = ?1 AND law = ?2 ORDER BY i";
            forecast.spans = self.all(sql, params![file, forecast.law], |row| {
                Ok(SpanRow { held: row.get(0)?, authority: row.get(1)?, begins: row.get(2)?, until: row.get(3)? })
            })?;
            let sql = "SELECT state, since, due FROM owed WHERE file = ?1 AND law = ?2 ORDER BY i";
            forecast.owed =
                self.all(sql, params![file, forecast.law], |row| Ok(OwedRow { state: row.get(0)?, since: row.get(1)?, due: row.get(2)? }))?;
        }
        Ok(forecasts)
    }

    fn put_forecasts(&mut self, file: i64, forecasts: &[ForecastRow]) -> Answer<()> {
        self.run("DELETE FROM span WHERE file = ?1", [file])?;
        self.run("DELETE FROM owed WHERE file = ?1", [file])?;
        self.run("DELETE FROM forecast WHERE file = ?1", [file])?;
        for forecast in forecasts {
            let ForecastRow { law, digest, length, context, next_change, stale, boxed, spans, owed } = forecast;
            let sql = "INSERT INTO forecast (file, law, digest, length, context, next_change, stale, box) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            self.run(sql, params![file, law, digest, number(*length), context, next_change, stale, boxed])?;
            for (i, span) in (0_i64..).zip(spans) {
                let sql = "INSERT INTO span (file, law, i, held, authority, begins, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
                self.run(sql, params![file, law, i, span.held, span.authority, span.begins, span.until])?;
            }
            for (i, owed) in (0_i64..).zip(owed) {
                let sql = "INSERT INTO owed (file, law, i, state, since, due) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                self.run(sql, params![file, law, i, owed.state, owed.since, owed.due])?;
            }
        }
        Ok(())
    }

    fn relies_on(&self, file: i64) -> Answer<Vec<FileName>> {
        self.all("SELECT other FROM relies_on WHERE file = ?1 ORDER BY other", [file], |row| row.get(0))
    }

    fn put_relies_on(&mut self, file: i64, others: &[FileName]) -> Answer<()> {
        // Most acts name nobody new.
        if self.relies_on(file)? == others {
            return Ok(());
        }
        self.run("DELETE FROM relies_on WHERE file = ?1", [file])?;
        for other in others {
            self.run("INSERT INTO relies_on (file, other) VALUES (?1, ?2)", params![file, other])?;
        }
        Ok(())
    }

    fn mark_dependents(&mut self, other: &FileName) -> Answer<u64> {
        let sql = "UPDATE forecast SET stale = 1 WHERE stale = 0 AND file IN (SELECT file FROM relies_on WHERE other = ?1)";
        Ok(self.run(sql, [other])? as u64)
    }

    fn mark_all(&mut self) -> Answer<u64> {
        Ok(self.run("UPDATE forecast SET stale = 1 WHERE stale = 0", [])? as u64)
    }

    fn files_to_look_at(&self, at: Micros, count: usize) -> Answer<Vec<i64>> {
        let sql =
            "SELECT file FROM forecast WHERE stale = 1 UNION SELECT file FROM forecast WHERE next_change <= ?1 ORDER BY file LIMIT ?2";
        self.all(sql, params![at, most(count)], |row| row.get(0))
    }

    fn forget(&mut self, file: i64, name: &FileName) -> Answer<()> {
        self.put_forecasts(file, &[])?;
        self.put_relies_on(file, &[])?;
        self.run("DELETE FROM outbox WHERE file = ?1", [file])?;
        self.run("DELETE FROM draft WHERE who = ?1", [name])?;
        Ok(())
    }

    fn add_outbox(&mut self, row: &OutboxRow) -> Answer<()> {
        let OutboxRow { place: OutboxPlace { file, n, i }, due, state, boxed } = row;
        let sql = "INSERT INTO outbox (file, n, i, due, state, box) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.run(sql, params![file, number(*n), i, due, state, boxed])?;
        Ok(())
    }

    fn outbox_due(&self, at: Micros, count: usize) -> Answer<Vec<OutboxRow>> {
        self.all(&format!("{OUTBOX} WHERE state = 0 AND due <= ?1 ORDER BY due, file, n, i LIMIT ?2"), params![at, most(count)], outbox_of)
    }

    fn outbox_of(&self, file: i64) -> Answer<Vec<OutboxRow>> {
        self.all(&format!("{OUTBOX} WHERE file = ?1 ORDER BY n, i"), [file], outbox_of)
    }

    fn outbox_at(&self, place: OutboxPlace) -> Answer<Option<OutboxRow>> {
        let OutboxPlace { file, n, i } = place;
        self.one(&format!("{OUTBOX} WHERE file = ?1 AND n = ?2 AND i = ?3 AND state = 0"), params![file, number(n), i], outbox_of)
    }

    fn outbox_done(&mut self, place: OutboxPlace, boxed: &[u8]) -> Answer<()> {
        let OutboxPlace { file, n, i } = place;
        self.run("UPDATE outbox SET state = 1, box = ?4 WHERE file = ?1 AND n = ?2 AND i = ?3", params![file, number(n), i, boxed])?;
        Ok(())
    }

    fn strays(&self, kind: u8) -> Answer<Vec<(i64, &'static str)>> {
        let mut strays = Vec::new();
        for (table, what) in COMPUTED {
            let sql = format!("SELECT DISTINCT file FROM {table} WHERE file NOT IN (SELECT id FROM file WHERE kind = ?1) LIMIT 1000");
            strays.extend(self.all(&sql, [kind], |row| Ok((row.get(0)?, *what)))?);
        }
        for (table, what) in [("span", "a span of no forecast"), ("owed", "a duty of no forecast")] {
            let sql =
                format!("SELECT DISTINCT file FROM {table} LEFT JOIN forecast USING (file, law) WHERE forecast.file IS NULL LIMIT 1000");
            strays.extend(self.all(&sql, [], |row| Ok((row.get(0)?, what)))?);
        }
        for (table, what) in [("span", "its spans are not numbered on"), ("owed", "its duties are not numbered on")] {
            let sql = format!(
                "SELECT DISTINCT file FROM (SELECT file FROM {table} GROUP BY file, law HAVING min(i) <> 0 OR max(i) <> count(*) - 1) LIMIT 1000"
            );
            strays.extend(self.all(&sql, [], |row| Ok((row.get(0)?, what)))?);
        }
        Ok(strays)
    }

    fn put_draft(&mut self, id: &ActId, who: &FileName, until: Micros, boxed: &[u8]) -> Answer<()> {
        let sql = "INSERT INTO draft (id, who, until, box) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT DO UPDATE SET until = excluded.until, box = excluded.box WHERE who = excluded.who";
        self.run(sql, params![id, who, until, boxed])?;
        Ok(())
    }

    fn draft(&self, id: &ActId, who: &FileName, now: Micros) -> Answer<Option<Vec<u8>>> {
        self.one("SELECT box FROM draft WHERE id = ?1 AND who = ?2 AND until > ?3", params![id, who, now], |row| row.get(0))
    }

    fn drop_draft(&mut self, id: &ActId, now: Micros) -> Answer<()> {
        self.run("DELETE FROM draft WHERE id = ?1 OR until <= ?2", params![id, now])?;
        Ok(())
    }
}
