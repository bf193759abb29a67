//! The tables of what can be computed again, and of what is on its way.
//!
//! Deliberately absent: computing it (`crate::derived`).

use rusqlite::{Row, params};

use super::{Sqlite, most, number, size};
use crate::store::{
    ActId, Answer, Derived, EVERYBODY, FileName, ForecastRow, Marked, Micros, OutboxPlace, OutboxRow, OwedRow, SpanRow, TieRow,
};

const OUTBOX: &str = "SELECT file, n, i, due, state, box FROM outbox";

/// The tables of what is computed about people's files, and what a row of another file is.
const COMPUTED: &[(&str, &str)] = &[
    ("forecast", "a forecast of a file that is no person's"),
    ("span", "a span of a file that is no person's"),
    ("owed", "a duty of a file that is no person's"),
    ("tie", "somebody is tied to a file that is no person's"),
    ("relies_on", "a file that is no person's is said to rely on another"),
];

/// Yes or no. A third number would be neither to whoever asks for one of the two.
fn flag(row: &Row<'_>, column: usize) -> rusqlite::Result<bool> {
    match row.get(column)? {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(rusqlite::Error::IntegralValueOutOfRange(column, other)),
    }
}

fn outbox_of(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    let place = OutboxPlace { file: row.get(0)?, n: size(row, 1)?, i: row.get(2)? };
    Ok(OutboxRow { place, due: row.get(3)?, state: row.get(4)?, boxed: row.get(5)? })
}

fn tie_of(row: &rusqlite::Row<'_>, from: usize) -> rusqlite::Result<TieRow> {
    Ok(TieRow { who: row.get(from)?, tie: row.get(from + 1)?, since: row.get(from + 2)?, until: row.get(from + 3)? })
}

impl Sqlite {
    fn spans(&self, file: i64, law: &str) -> Answer<Vec<SpanRow>> {
        self.all("SELECT held, authority, begins, until FROM span WHERE file = ?1 AND law = ?2 ORDER BY i", params![file, law], |row| {
            Ok(SpanRow { held: row.get(0)?, authority: row.get(1)?, begins: row.get(2)?, until: row.get(3)? })
        })
    }

    fn owed(&self, file: i64, law: &str) -> Answer<Vec<OwedRow>> {
        self.all("SELECT state, since, due FROM owed WHERE file = ?1 AND law = ?2 ORDER BY i", params![file, law], |row| {
            Ok(OwedRow { state: row.get(0)?, since: row.get(1)?, due: row.get(2)? })
        })
    }

    /// The spans and duties of a forecast in the place of those it had.
    fn put_rows(&self, file: i64, forecast: &ForecastRow, spans: &[SpanRow], owed: &[OwedRow]) -> Answer<()> {
        let law = &forecast.law;
        for (i, span) in (0_i64..).zip(&forecast.spans).filter(|(i, span)| spans.get(*i as usize) != Some(span)) {
            let sql =
                "INSERT INTO span (file, law, i, held, authority, begins, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE
                       SET held = excluded.held, authority = excluded.authority, begins = excluded.begins, until = excluded.until";
            self.run(sql, params![file, law, i, span.held, span.authority, span.begins, span.until])?;
        }
        if spans.len() > forecast.spans.len() {
            self.run("DELETE FROM span WHERE file = ?1 AND law = ?2 AND i >= ?3", params![file, law, forecast.spans.len() as i64])?;
        }
        for (i, duty) in (0_i64..).zip(&forecast.owed).filter(|(i, duty)| owed.get(*i as usize) != Some(duty)) {
            let sql = "INSERT INTO owed (file, law, i, state, since, due) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE
                       SET state = excluded.state, since = excluded.since, due = excluded.due";
            self.run(sql, params![file, law, i, duty.state, duty.since, duty.due])?;
        }
        if owed.len() > forecast.owed.len() {
            self.run("DELETE FROM owed WHERE file = ?1 AND law = ?2 AND i >= ?3", params![file, law, forecast.owed.len() as i64])?;
        }
        Ok(())
    }
}

impl Derived for Sqlite {
    fn forecasts(&self, file: i64) -> Answer<Vec<ForecastRow>> {
        let sql = "SELECT law, digest, length, context, next_change,
                   EXISTS (SELECT 1 FROM mark WHERE done < ?1 AND other = zeroblob(16))
                   OR EXISTS (SELECT 1 FROM relies_on JOIN mark USING (other) WHERE relies_on.file = ?1 AND mark.done < ?1),
                   box FROM forecast WHERE file = ?1 ORDER BY law";
        let mut forecasts = self.all(sql, [file], |row| {
            Ok(ForecastRow {
                law: row.get(0)?,
                digest: row.get(1)?,
                length: size(row, 2)?,
                context: row.get(3)?,
                next_change: row.get(4)?,
                stale: flag(row, 5)?,
                boxed: row.get(6)?,
                spans: Vec::new(),
                owed: Vec::new(),
            })
        })?;
        for forecast in &mut forecasts {
            forecast.spans = self.spans(file, &forecast.law)?;
            forecast.owed = self.owed(file, &forecast.law)?;
        }
        Ok(forecasts)
    }

    fn put_forecasts(&mut self, file: i64, forecasts: &[ForecastRow], had: Option<&[ForecastRow]>) -> Answer<()> {
        let laws: Vec<String> = match had {
            Some(had) => had.iter().map(|row| row.law.clone()).collect(),
            None => self.all("SELECT law FROM forecast WHERE file = ?1", [file], |row| row.get(0))?,
        };
        for law in laws.iter().filter(|law| forecasts.iter().all(|forecast| forecast.law != **law)) {
            for table in ["span", "owed", "forecast"] {
                self.run(&format!("DELETE FROM {table} WHERE file = ?1 AND law = ?2"), params![file, law])?;
            }
        }
        for forecast in forecasts {
            let ForecastRow { law, digest, length, context, next_change, stale: _, boxed, spans: _, owed: _ } = forecast;
            let sql = "INSERT INTO forecast (file, law, digest, length, context, next_change, box) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                       ON CONFLICT DO UPDATE SET digest = excluded.digest, length = excluded.length, context = excluded.context,
                       next_change = excluded.next_change, box = excluded.box";
            self.run(sql, params![file, law, digest, number(*length), context, next_change, boxed])?;
            // Most of it stays as it was from act to act, and what stays is not written.
            match had.and_then(|had| had.iter().find(|row| row.law == *law)) {
                Some(had) => self.put_rows(file, forecast, &had.spans, &had.owed)?,
                None if laws.contains(law) => self.put_rows(file, forecast, &self.spans(file, law)?, &self.owed(file, law)?)?,
                None => self.put_rows(file, forecast, &[], &[])?,
            }
        }
        Ok(())
    }

    fn relies_on(&self, file: i64) -> Answer<Vec<FileName>> {
        self.all("SELECT other FROM relies_on WHERE file = ?1 ORDER BY other", [file], |row| row.get(0))
    }

    fn put_relies_on(&mut self, file: i64, others: &[FileName], had: Option<&[FileName]>) -> Answer<()> {
        let had = had.map_or_else(|| self.relies_on(file), |had| Ok(had.to_vec()))?;
        for other in had.iter().filter(|other| !others.contains(other)) {
            self.run("DELETE FROM relies_on WHERE file = ?1 AND other = ?2", params![file, other])?;
        }
        for other in others.iter().filter(|other| !had.contains(other)) {
            self.run("INSERT INTO relies_on (file, other) VALUES (?1, ?2) ON CONFLICT DO NOTHING", params![file, other])?;
        }
        Ok(())
    }

    fn ties(&self, file: i64) -> Answer<Vec<TieRow>> {
        self.all("SELECT who, tie, since, until FROM tie WHERE file = ?1 ORDER BY who, tie, since, until", [file], |row| tie_of(row, 0))
    }

    fn put_ties(&mut self, file: i64, ties: &[TieRow], had: Option<&[TieRow]>) -> Answer<()> {
        let had = had.map_or_else(|| self.ties(file), |had| Ok(had.to_vec()))?;
        for TieRow { who, tie, since, until: _ } in had.iter().filter(|row| !ties.contains(row)) {
            self.run("DELETE FROM tie WHERE file = ?1 AND who = ?2 AND tie = ?3 AND since = ?4", params![file, who, tie, since])?;
        }
        for row in ties.iter().filter(|row| !had.contains(row)) {
            let TieRow { who, tie, since, until } = row;
            let sql = "INSERT INTO tie (file, who, tie, since, until) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT DO UPDATE SET until = excluded.until";
            self.run(sql, params![file, who, tie, since, until])?;
        }
        Ok(())
    }

    fn ties_of(&self, who: &FileName, at: Micros, after: i64, count: usize) -> Answer<Vec<(i64, TieRow)>> {
        let holds = "who = ?1 AND file > ?3 AND since <= ?2 AND (until IS NULL OR until > ?2)";
        let sql = format!(
            "SELECT file, who, tie, since, until FROM tie WHERE {holds}
             AND file IN (SELECT DISTINCT file FROM tie WHERE {holds} ORDER BY file LIMIT ?4) ORDER BY file, tie, since"
        );
        self.all(&sql, params![who, at, after, most(count)], |row| Ok((row.get(0)?, tie_of(row, 1)?)))
    }

    fn mark_dependents(&mut self, other: &FileName) -> Answer<()> {
        let sql = "INSERT INTO mark (other, done) SELECT ?1, 0 WHERE EXISTS (SELECT 1 FROM relies_on WHERE other = ?1)
                   ON CONFLICT DO UPDATE SET done = 0";
        self.run(sql, [other]).map(|_| ())
    }

    fn mark_all(&mut self) -> Answer<()> {
        let sql = "INSERT INTO mark (other, done) SELECT ?1, 0 WHERE EXISTS (SELECT 1 FROM forecast) ON CONFLICT DO UPDATE SET done = 0";
        self.run(sql, [EVERYBODY]).map(|_| ())
    }

    fn next_marked(&self, count: usize) -> Answer<Option<Marked>> {
        let mark = self.one("SELECT other, done FROM mark LIMIT 1", [], |row| Ok((row.get::<_, FileName>(0)?, row.get::<_, i64>(1)?)))?;
        let Some((other, done)) = mark else { return Ok(None) };
        let files = if other == EVERYBODY {
            let sql = "SELECT DISTINCT file FROM forecast WHERE file > ?1 ORDER BY file LIMIT ?2";
            self.all(sql, params![done, most(count)], |row| row.get(0))?
        } else {
            let sql = "SELECT file FROM relies_on WHERE other = ?1 AND file > ?2 ORDER BY file LIMIT ?3";
            self.all(sql, params![other, done, most(count)], |row| row.get(0))?
        };
        Ok(Some(Marked { other, files }))
    }

    fn is_marked(&self, file: i64) -> Answer<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM mark WHERE done < ?1 AND other = zeroblob(16))
                   OR EXISTS (SELECT 1 FROM relies_on JOIN mark USING (other) WHERE relies_on.file = ?1 AND mark.done < ?1)";
        Ok(self.one(sql, [file], |row| flag(row, 0))?.unwrap_or(false))
    }

    fn unmark(&mut self, other: &FileName, done: Option<i64>) -> Answer<()> {
        match done {
            Some(done) => self.run("UPDATE mark SET done = ?2 WHERE other = ?1", params![other, done]),
            None => self.run("DELETE FROM mark WHERE other = ?1", [other]),
        }
        .map(|_| ())
    }

    fn files_to_look_at(&self, at: Micros, count: usize) -> Answer<Vec<i64>> {
        let sql = "SELECT relies_on.file FROM mark JOIN relies_on USING (other) WHERE relies_on.file > mark.done
                   UNION SELECT forecast.file FROM mark JOIN forecast ON forecast.file > mark.done WHERE mark.other = zeroblob(16)
                   UNION SELECT file FROM forecast WHERE next_change <= ?1 ORDER BY file LIMIT ?2";
        self.all(sql, params![at, most(count)], |row| row.get(0))
    }

    fn forget(&mut self, file: i64, name: &FileName) -> Answer<()> {
        self.put_forecasts(file, &[], None)?;
        self.put_relies_on(file, &[], None)?;
        self.put_ties(file, &[], None)?;
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
        // Numbers that no program of ours writes cannot be read; they are for `verify` to find, and keep nothing else from going.
        let sql =
            format!("{OUTBOX} WHERE state = 0 AND due <= ?1 AND n > 0 AND i BETWEEN 0 AND 4294967295 ORDER BY due, file, n, i LIMIT ?2");
        self.all(&sql, params![at, most(count)], outbox_of)
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

    fn draft(&self, id: &ActId, who: &FileName, now: Micros) -> Answer<Option<(Micros, Vec<u8>)>> {
        let sql = "SELECT until, box FROM draft WHERE id = ?1 AND who = ?2 AND until > ?3";
        self.one(sql, params![id, who, now], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn drop_draft(&mut self, id: &ActId, who: &FileName, now: Micros) -> Answer<()> {
        self.run("DELETE FROM draft WHERE (id = ?1 AND who = ?2) OR until <= ?3", params![id, who, now])?;
        Ok(())
    }
}
