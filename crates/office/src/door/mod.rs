//! The door: passwords, codes, sessions, and how fast anybody may guess.
//!
//! Signing in takes a password and a code. No answer says whether a name exists, and both answers take the same work. Deliberately absent: a
//! way in with one secret alone, and any lock that keeps the right person out for long.

mod secret;
#[cfg(test)]
mod tests;

pub use secret::{Codes, Password, random_word};
pub(crate) use secret::{random_code, random_id, token};

use openward_register::accounts::{Session, Stage};
use openward_register::store::Micros;
use openward_register::store::sqlite::Sqlite;
use openward_register::writer::Register;

use crate::refusal::PasswordFault;
use crate::who::{self, Who};
use crate::{Office, Refusal};

const MINUTE: Micros = 60_000_000;

/// A session that is not used for so long ends.
pub const IDLE: Micros = 30 * MINUTE;
/// No session lasts longer.
pub const LONGEST: Micros = 12 * 60 * MINUTE;
/// Between password and code no more time may go by.
const HALF: Micros = 5 * MINUTE;
/// A session is said to be used once in so long.
const USED_EVERY: Micros = MINUTE;

/// Guesses are counted over so long.
const SPAN: Micros = 15 * MINUTE;
/// So many may be made for one name.
const GUESSES: u32 = 10;
/// So many may come from one address: a whole ward may sit behind it.
const GUESSES_FROM: u32 = 100;
/// A day.
const DAY: Micros = 24 * 60 * MINUTE;
/// So much may be asked with a card in a day.
const ASKED_A_DAY: u32 = 40;
/// So many cards may be tried from one address: there are 2^60 codes.
const GUESSES_AT_CARDS: u32 = 300;

/// What came of an attempt to sign in: the secret of the session that the other side now keeps.
pub struct Entered {
    /// The session's secret.
    pub token: String,
}

impl Office {
    /// The first half: name and password. `from` is the address it came from.
    ///
    /// # Errors
    /// Wrong, without saying what; too many attempts; or a register that cannot write.
    pub fn knock(&self, typed: &str, password: &str, from: &str) -> Result<Entered, Refusal> {
        let login = who::login(typed);
        self.guess(&login, from)?;
        let found = self.content_of(&login)?.filter(|(_, content)| !content.ended);
        let kept = found.as_ref().map_or(&self.nobody, |(_, content)| &content.password);
        // The work is done whoever is asked for.
        let is_right = kept.is(password);
        match found {
            Some((id, _)) if is_right => self.begin(id, Stage::Half),
            _ => Err(Refusal::Wrong),
        }
    }

    /// The second half: the code. The session gets a new secret, so that nobody can lay a known one under another's hand.
    ///
    /// # Errors
    /// As [`Office::knock`]; or no first half.
    pub fn enter(&self, token: &str, code: &str, from: &str) -> Result<Entered, Refusal> {
        let session = self.half(token)?.ok_or(Refusal::SignedOut)?;
        let content = self.content(&session.account)?.filter(|content| !content.ended).ok_or(Refusal::SignedOut)?;
        self.guess(&content.login, from)?;
        let seconds = u64::try_from(self.now().as_second()).unwrap_or(0);
        // Which code was used is kept before anybody is let in: none opens twice, however many come at once.
        self.change(session.account, |content| {
            if content.ended {
                return Err(Refusal::SignedOut);
            }
            if content.codes.take(code, seconds) { Ok(()) } else { Err(Refusal::Wrong) }
        })?;
        self.register.forget_guesses(&name_guess(&content.login), self.micros(), SPAN)?;
        self.register.end_session(token)?;
        self.begin(session.account, Stage::In)
    }

    /// Who is signed in under a session's secret.
    ///
    /// # Errors
    /// Nobody, or not any more; or a register that cannot be read.
    pub fn who(&self, token: &str) -> Result<Who, Refusal> {
        let session = self.register.session(token)?.filter(|session| session.stage == Stage::In).ok_or(Refusal::SignedOut)?;
        let now = self.micros();
        if is_over(&session, now) {
            self.register.end_session(token)?;
            return Err(Refusal::SignedOut);
        }
        // A card's session is nobody's here: its content is another.
        let content = self.content(&session.account)?.filter(|content| !content.ended).ok_or(Refusal::SignedOut)?;
        used(&self.register, token, &session, now)?;
        Ok(content.who(session.account))
    }

    /// Whether a code is asked for under this secret.
    ///
    /// # Errors
    /// A register that cannot be read.
    pub fn is_half_in(&self, token: &str) -> Result<bool, Refusal> {
        Ok(self.half(token)?.is_some())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn leave(&self, token: &str) -> Result<(), Refusal> {
        Ok(self.register.end_session(token)?)
    }

    /// Chooses a password of one's own. Every other session of the account ends, and this one gets a new secret.
    ///
    /// # Errors
    /// The old password is wrong, the new one no good, or a register that cannot write.
    pub fn choose_password(&self, token: &str, old: &str, new: &str, from: &str) -> Result<Entered, Refusal> {
        let who = self.who(token)?;
        let content = self.content(&who.account)?.ok_or(Refusal::SignedOut)?;
        self.guess(&content.login, from)?;
        if !content.password.is(old) {
            return Err(Refusal::Wrong);
        }
        check(&content.login, old, new)?;
        let password = Password::of(new)?;
        self.change(who.account, |now| {
            if now.ended {
                return Err(Refusal::SignedOut);
            }
            // Somebody else chose another one meanwhile: the old one is not the old one any more.
            if !now.password.is_same(&content.password) {
                return Err(Refusal::Wrong);
            }
            (now.password, now.must_choose) = (password.clone(), false);
            Ok(())
        })?;
        self.register.forget_guesses(&name_guess(&content.login), self.micros(), SPAN)?;
        self.register.end_sessions_of(who.account)?;
        self.begin(who.account, Stage::In)
    }

    /// Keeps the language that somebody reads.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn choose_language(&self, who: &Who, language: &str) -> Result<(), Refusal> {
        self.change(who.account, |content| {
            content.language = Some(language.to_owned());
            Ok(())
        })
    }

    /// Ends the sessions whose time is over.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn end_old_sessions(&self) -> Result<(), Refusal> {
        let now = self.micros();
        Ok(self.register.end_old_sessions(now - LONGEST, now - IDLE)?)
    }

    fn half(&self, token: &str) -> Result<Option<Session>, Refusal> {
        let now = self.micros();
        let session = self.register.session(token)?;
        Ok(session.filter(|session| session.stage == Stage::Half && !is_over(session, now) && now - session.since < HALF))
    }

    fn begin(&self, account: openward_register::store::ActId, stage: Stage) -> Result<Entered, Refusal> {
        let token = token()?;
        self.register.begin_session(&token, account, stage, self.micros())?;
        Ok(Entered { token })
    }

    /// Counts what a card asks for: a person may say much in a day, and nobody who found a card may fill their file.
    pub(crate) fn count_asked(&self, file: &str) -> Result<(), Refusal> {
        let left = self.register.take_guess(&format!("asked by {file}"), self.micros(), DAY, ASKED_A_DAY)?;
        if left { Ok(()) } else { Err(Refusal::Slow { minutes: u32::try_from(DAY / MINUTE).unwrap_or(1440) }) }
    }

    /// Takes one of the guesses at cards that an address has.
    pub(crate) fn guess_card(&self, from: &str) -> Result<(), Refusal> {
        let left = self.register.take_guess(&format!("card from {from}"), self.micros(), SPAN, GUESSES_AT_CARDS)?;
        if left { Ok(()) } else { Err(Refusal::Slow { minutes: u32::try_from(SPAN / MINUTE).unwrap_or(15) }) }
    }

    /// Takes one of the guesses that a name has, and one of those that an address has.
    fn guess(&self, login: &str, from: &str) -> Result<(), Refusal> {
        let now = self.micros();
        let slow = Refusal::Slow { minutes: u32::try_from(SPAN / MINUTE).unwrap_or(15) };
        let left = self.register.take_guess(&format!("from {from}"), now, SPAN, GUESSES_FROM)?
            && self.register.take_guess(&name_guess(login), now, SPAN, GUESSES)?;
        if left { Ok(()) } else { Err(slow) }
    }
}

fn name_guess(login: &str) -> String {
    format!("name {login}")
}

/// Says that a session was used, once in a while.
pub(crate) fn used(register: &Register<Sqlite>, token: &str, session: &Session, now: Micros) -> Result<(), Refusal> {
    if now - session.seen >= USED_EVERY {
        register.session_used(token, session, now)?;
    }
    Ok(())
}

/// A clock that was set back must not make a session last: one that begins in the future is over.
pub(crate) fn is_over(session: &Session, now: Micros) -> bool {
    let ahead = session.since > now + MINUTE;
    ahead || now - session.since >= LONGEST || now - session.seen >= IDLE
}

fn check(login: &str, old: &str, new: &str) -> Result<(), Refusal> {
    let mut letters = new.chars();
    let first = letters.next();
    let fault = if new.chars().count() < 12 {
        PasswordFault::Short
    } else if new.len() > 1000 {
        PasswordFault::Long
    } else if letters.all(|letter| Some(letter) == first) || who::login(new).contains(login) {
        PasswordFault::Simple
    } else if new == old {
        PasswordFault::Same
    } else {
        return Ok(());
    };
    Err(Refusal::Password(fault))
}
