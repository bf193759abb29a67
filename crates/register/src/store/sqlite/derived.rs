//! The tables of what can be computed again, and of what is on its way.
//!
//! Deliberately absent: computing it (`crate::derived`).

use rusqlite::params;

use super::{Sqlite, most, number, size};
use crate::store::{ActId, Answer, Derived, FileName, ForecastRow, Micros, OutboxRow, OwedRow, SpanRow};

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

    fn add_outbox(&mut self, file: i64, due: Micros, boxed: &[u8]) -> Answer<i64> {
        self.run("INSERT INTO outbox (file, due, state, box) VALUES (?1, ?2, 0, ?3)", params![file, due, boxed])?;
        Ok(self.connection.last_insert_rowid())
    }

    fn outbox_due(&self, at: Micros, count: usize) -> Answer<Vec<OutboxRow>> {
        let sql = "SELECT id, file, due, state, box FROM outbox WHERE state = 0 AND due <= ?1 ORDER BY due, id LIMIT ?2";
        self.all(sql, params![at, most(count)], |row| {
            Ok(OutboxRow { id: row.get(0)?, file: row.get(1)?, due: row.get(2)?, state: row.get(3)?, boxed: row.get(4)? })
        })
    }

    fn outbox_done(&mut self, id: i64) -> Answer<()> {
        self.run("UPDATE outbox SET state = 1 WHERE id = ?1", [id])?;
        Ok(())
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
