//! The office: who is there, what they may, what the register and the law say to them, and the acts they do.
//!
//! Modules in reading order: [`who`] accounts and the people behind them, [`door`] how they sign in, [`may`] what they may see,
//! [`ward`] the people of a facility, [`desk`] what is owed for them, [`mod@file`] one person's file, [`act`] what is put on it, [`card`] what a
//! person does with a rights card, [`refusal`] every no. It is the only place that joins access, law and register. Deliberately absent: HTTP
//! and HTML (`openward-web`), SQL (`openward-register`), any rule of law (`openward-law`).

pub mod act;
pub mod card;
pub mod desk;
pub mod door;
pub mod file;
pub mod may;
pub mod refusal;
pub mod ward;
pub mod who;

use std::sync::Arc;

use jiff::Timestamp;
use openward_law::engine::Law;
use openward_register::derived::Laws;
use openward_register::store::Micros;
use openward_register::store::sqlite::Sqlite;
use openward_register::writer::Register;

pub use refusal::Refusal;

/// What time it is, as the office sees it. Tests bring their own.
pub type Now = Box<dyn Fn() -> Timestamp + Send + Sync>;

/// An office at work over one register. Share it among threads.
pub struct Office {
    register: Register<Sqlite>,
    laws: Arc<dyn Laws>,
    benchmark: Arc<Law>,
    now: Now,
    nobody: door::Password,
}

impl Office {
    /// An office over an open register. `laws` are those that the register folds under; `benchmark` is the international standard.
    ///
    /// # Errors
    /// No random bytes.
    pub fn new(register: Register<Sqlite>, laws: Arc<dyn Laws>, benchmark: Arc<Law>, now: Now) -> Result<Office, Refusal> {
        // Whoever types a name that nobody has waits as long as anybody else.
        let nobody = door::Password::of(&door::random_word()?)?;
        Ok(Office { register, laws, benchmark, now, nobody })
    }

    /// The register, for the program that holds both.
    #[must_use]
    pub const fn register(&self) -> &Register<Sqlite> {
        &self.register
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    fn micros(&self) -> Micros {
        self.now().as_microsecond()
    }
}
