//! Who may sign in, who is signed in, and who guessed wrong: kept beside the record, and no part of it.
//!
//! What an account holds is closed with a key of its own and opaque here; a session is known only by the pseudonym of a secret that the
//! register never keeps. So a stolen disk lets nobody in. Deliberately absent: what an account may do (`openward-access`), and how a
//! secret is checked (`openward-office`).

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};

use zeroize::Zeroizing;

use crate::history::HistoryError;
use crate::keys::{Domain, FileKey, Place, Pseudonym};
use crate::store::{AccountRow, ActId, GuessRow, Micros, SessionRow, Store, StoreError, Trouble};
use crate::writer::{Core, Refused, Register};

/// The longest content of an account.
pub const ACCOUNT_BYTES_MAX: usize = 64 << 10;

/// Who may sign in.
pub struct Account {
    /// Random, and the same for as long as the account is kept.
    pub id: ActId,
    /// What its keeper says of it.
    pub content: Zeroizing<Vec<u8>>,
    /// What stands on the disk: only over this may a change be kept.
    pub version: Vec<u8>,
}

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The first secret was right, and a second is asked for.
    Half,
    /// Signed in.
    In,
}

impl Stage {
    const fn code(self) -> u8 {
        match self {
            Stage::Half => 0,
            Stage::In => 1,
        }
    }
}

/// Somebody at the door, or in the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub account: ActId,
    /// How far it has come.
    pub stage: Stage,
    /// When it began.
    pub since: Micros,
    /// When it was last used.
    pub seen: Micros,
}

fn place(id: Pseudonym, login: &Pseudonym) -> Place<'_> {
    Place { table: "account", file: id, n: 0, i: 0, extra: login.as_bytes() }
}

impl<S: Store + 'static> Register<S> {
    fn account_name(&self, id: &ActId) -> Pseudonym {
        self.keys().pseudonym_of("account", &Pseudonym::from_bytes(*id).to_string())
    }

    fn login_name(&self, login: &str) -> Pseudonym {
        self.keys().pseudonym_of("login", login)
    }

    fn token_name(&self, token: &str) -> Pseudonym {
        self.keys().pseudonym_of("session", token)
    }

    fn session_row(&self, token: &str, session: Session) -> SessionRow {
        let Session { account, stage, since, seen } = session;
        let bound = format!("{} {} {since} {token}", Pseudonym::from_bytes(account), stage.code());
        let proof = *self.keys().pseudonym_of("session of", &bound).as_bytes();
        SessionRow { token: *self.token_name(token).as_bytes(), account, stage: stage.code(), since, seen, proof }
    }

    fn account_in(&self, row: &AccountRow) -> Result<Account, HistoryError> {
        let name = self.account_name(&row.id);
        let login = Pseudonym::from_bytes(row.login);
        let key = self.keys().existing_file_key(Domain::Network, name)?.ok_or(HistoryError::NoKey)?;
        let content = key.open(&place(name, &login), &row.boxed).map_err(|error| HistoryError::Box { n: 0, i: 0, error })?;
        Ok(Account { id: row.id, content, version: row.boxed.clone() })
    }

    /// Keeps an account under the name that is typed at the door, in the place of what it was. The caller writes names in one form only.
    ///
    /// # Errors
    /// A name that another account has, content that is too long, or a register that cannot write.
    pub fn put_account(&self, id: ActId, login: &str, content: &[u8]) -> Result<(), Refused> {
        let row = self.account_row(id, login, content)?;
        if self.give(move |core| core.store.put_account(&row))? { Ok(()) } else { Err(Refused::Form("another account has this name")) }
    }

    /// Keeps a change of an account if nobody changed it since it was read; says whether it was kept.
    ///
    /// # Errors
    /// As [`Register::put_account`].
    pub fn change_account(&self, read: &Account, login: &str, content: &[u8]) -> Result<bool, Refused> {
        let (row, version) = (self.account_row(read.id, login, content)?, read.version.clone());
        self.give(move |core| {
            let is_as_read = core.store.account(&row.id)?.is_some_and(|now| now.boxed == version);
            if is_as_read { core.store.put_account(&row) } else { Ok(false) }
        })
    }

    fn account_row(&self, id: ActId, login: &str, content: &[u8]) -> Result<AccountRow, Refused> {
        if content.len() > ACCOUNT_BYTES_MAX {
            return Err(Refused::Form("an account of more than 64 KiB"));
        }
        let (name, login) = (self.account_name(&id), self.login_name(login));
        let key: Arc<FileKey> = self.keys().file_key(Domain::Network, name).map_err(HistoryError::from)?;
        let boxed = key.seal(&place(name, &login), content).map_err(|error| HistoryError::Box { n: 0, i: 0, error })?;
        Ok(AccountRow { id, login: *login.as_bytes(), boxed })
    }

    /// An account by its id.
    ///
    /// # Errors
    /// The store, the keys, or a box that does not open.
    pub fn account(&self, id: &ActId) -> Result<Option<Account>, HistoryError> {
        self.reader()?.account(id)?.map(|row| self.account_in(&row)).transpose()
    }

    /// The account of a name that was typed.
    ///
    /// # Errors
    /// As [`Register::account`].
    pub fn account_of(&self, login: &str) -> Result<Option<Account>, HistoryError> {
        let row = self.reader()?.account_of(self.login_name(login).as_bytes())?;
        row.map(|row| self.account_in(&row)).transpose()
    }

    /// Every account, in the order of their ids.
    ///
    /// # Errors
    /// As [`Register::account`].
    pub fn accounts(&self) -> Result<Vec<Account>, HistoryError> {
        let store = self.reader()?;
        let mut all = Vec::new();
        let mut after = [0; 16];
        loop {
            let page = store.accounts(&after, 256)?;
            let Some(last) = page.last() else { return Ok(all) };
            after = last.id;
            for row in &page {
                all.push(self.account_in(row)?);
            }
        }
    }

    /// Begins a session for whoever brings this secret.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn begin_session(&self, token: &str, account: ActId, stage: Stage, now: Micros) -> Result<(), Refused> {
        let row = self.session_row(token, Session { account, stage, since: now, seen: now });
        self.give(move |core| core.store.put_session(&row))
    }

    /// The session of a secret.
    ///
    /// # Errors
    /// The store.
    pub fn session(&self, token: &str) -> Result<Option<Session>, HistoryError> {
        let Some(row) = self.reader()?.session(self.token_name(token).as_bytes())? else { return Ok(None) };
        let stage = if row.stage == Stage::In.code() { Stage::In } else { Stage::Half };
        let session = Session { account: row.account, stage, since: row.since, seen: row.seen };
        // A row that somebody changed on the disk lets nobody in.
        Ok((self.session_row(token, session).proof == row.proof).then_some(session))
    }

    /// Says that a session was used now.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn session_used(&self, token: &str, session: &Session, now: Micros) -> Result<(), Refused> {
        let row = self.session_row(token, Session { seen: now, ..*session });
        // One that was ended in the meantime must not come back.
        self.give(move |core| if core.store.session(&row.token)?.is_some() { core.store.put_session(&row) } else { Ok(()) })
    }

    /// Ends a session.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn end_session(&self, token: &str) -> Result<(), Refused> {
        let token = *self.token_name(token).as_bytes();
        self.give(move |core| core.store.drop_session(&token))
    }

    /// Ends every session of an account.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn end_sessions_of(&self, account: ActId) -> Result<(), Refused> {
        self.give(move |core| core.store.drop_sessions_of(&account))
    }

    /// Ends the sessions that began at or before one instant, or were last used at or before another.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn end_old_sessions(&self, begun: Micros, seen: Micros) -> Result<(), Refused> {
        self.give(move |core| core.store.drop_sessions(begun, seen))
    }

    /// Takes one guess of those that this kind has in a span of time, before it is known whether it is right; says whether there was one left.
    /// Guesses made at once are counted one after the other, so that nobody gets more by hurrying.
    ///
    /// # Errors
    /// A register that cannot write: then nobody may guess.
    pub fn take_guess(&self, who: &str, now: Micros, span: Micros, at_most: u32) -> Result<bool, Refused> {
        let who = *self.keys().pseudonym_of("guess", who).as_bytes();
        self.give(move |core| {
            let fresh = GuessRow { since: now, count: 0 };
            // An instant ahead was written by a clock that has been set back since.
            let kept = core.store.guesses(&who)?.filter(|row| row.since > now.saturating_sub(span) && row.since <= now);
            let row = kept.unwrap_or(fresh);
            if row.count >= at_most {
                return Ok(false);
            }
            core.store.put_guesses(&who, GuessRow { count: row.count.saturating_add(1), ..row })?;
            Ok(true)
        })
    }

    /// Forgets the guesses of one kind, for one was right, and all that are older than a span of time.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn forget_guesses(&self, who: &str, now: Micros, span: Micros) -> Result<(), Refused> {
        let who = *self.keys().pseudonym_of("guess", who).as_bytes();
        self.give(move |core| core.store.drop_guesses(Some(&who), now.saturating_sub(span)))
    }

    /// Work on the thread that writes, with its answer.
    fn give<T: Send + 'static>(&self, work: impl FnOnce(&mut Core<S>) -> Result<T, StoreError> + Send + 'static) -> Result<T, Refused> {
        let answer = Arc::new(Mutex::new(None));
        let place = Arc::clone(&answer);
        self.work(move |core| {
            let done = work(core)?;
            if let Ok(mut place) = place.lock() {
                *place = Some(done);
            }
            Ok(())
        })?;
        let taken = answer.lock().ok().and_then(|mut answer| answer.take());
        taken.ok_or_else(|| StoreError::new(Trouble::Other, "a thread that wrote has failed").into())
    }
}
