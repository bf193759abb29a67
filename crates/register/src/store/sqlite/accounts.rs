//! Accounts, sessions and wrong guesses, in SQLite. Deliberately absent: what an account is allowed.

use rusqlite::{Row, params};

use super::{Sqlite, most};
use crate::store::{AccountRow, Accounts, ActId, Answer, FileName, GuessRow, Micros, SessionRow};

fn account(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    Ok(AccountRow { id: row.get(0)?, login: row.get(1)?, boxed: row.get(2)? })
}

impl Accounts for Sqlite {
    fn account(&self, id: &ActId) -> Answer<Option<AccountRow>> {
        self.one("SELECT id, login, box FROM account WHERE id = ?1", [id], account)
    }

    fn account_of(&self, login: &FileName) -> Answer<Option<AccountRow>> {
        self.one("SELECT id, login, box FROM account WHERE login = ?1", [login], account)
    }

    fn accounts(&self, after: &ActId, at_most: usize) -> Answer<Vec<AccountRow>> {
        let sql = "SELECT id, login, box FROM account WHERE id > ?1 ORDER BY id LIMIT ?2";
        self.all(sql, params![after, most(at_most)], account)
    }

    fn put_account(&mut self, row: &AccountRow) -> Answer<bool> {
        let sql = "INSERT INTO account (id, login, box) VALUES (?1, ?2, ?3)
                   ON CONFLICT (id) DO UPDATE SET login = excluded.login, box = excluded.box
                   ON CONFLICT (login) DO NOTHING";
        let taken = self.account_of(&row.login)?.is_some_and(|other| other.id != row.id);
        Ok(!taken && self.run(sql, params![row.id, row.login, row.boxed])? == 1)
    }

    fn session(&self, token: &FileName) -> Answer<Option<SessionRow>> {
        self.one("SELECT token, account, stage, since, seen, proof FROM session WHERE token = ?1", [token], |row| {
            let (token, account, stage) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(SessionRow { token, account, stage, since: row.get(3)?, seen: row.get(4)?, proof: row.get(5)? })
        })
    }

    fn put_session(&mut self, row: &SessionRow) -> Answer<()> {
        let sql = "INSERT INTO session (token, account, stage, since, seen, proof) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT (token) DO UPDATE SET seen = max(seen, excluded.seen)";
        self.run(sql, params![row.token, row.account, row.stage, row.since, row.seen, row.proof])?;
        Ok(())
    }

    fn drop_session(&mut self, token: &FileName) -> Answer<()> {
        self.run("DELETE FROM session WHERE token = ?1", [token])?;
        Ok(())
    }

    fn drop_sessions_of(&mut self, account: &ActId) -> Answer<()> {
        self.run("DELETE FROM session WHERE account = ?1", [account])?;
        Ok(())
    }

    fn drop_sessions(&mut self, begun: Micros, seen: Micros) -> Answer<()> {
        self.run("DELETE FROM session WHERE since <= ?1 OR seen <= ?2", params![begun, seen])?;
        Ok(())
    }

    fn guesses(&self, who: &FileName) -> Answer<Option<GuessRow>> {
        self.one("SELECT since, count FROM guess WHERE who = ?1", [who], |row| Ok(GuessRow { since: row.get(0)?, count: row.get(1)? }))
    }

    fn put_guesses(&mut self, who: &FileName, row: GuessRow) -> Answer<()> {
        let sql = "INSERT INTO guess (who, since, count) VALUES (?1, ?2, ?3)
                   ON CONFLICT DO UPDATE SET since = excluded.since, count = excluded.count";
        self.run(sql, params![who, row.since, row.count])?;
        Ok(())
    }

    fn drop_guesses(&mut self, who: Option<&FileName>, since: Micros) -> Answer<()> {
        self.run("DELETE FROM guess WHERE who = ?1 OR since <= ?2", params![who, since])?;
        Ok(())
    }
}
