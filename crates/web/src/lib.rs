//! The pages: what people open in a browser. Rendered here whole, usable without script, by keyboard, in the reader's language.
//!
//! Modules in reading order: [`settings`] where it runs, [`language`] texts and dates, [`guard`] headers, cookies and forged requests,
//! `visit` who asks and in which language, `pages` one module for each page, [`serve`] the server. Deliberately absent: any rule of law or of
//! access (the office decides), and any text (`words/`).

#![expect(clippy::result_large_err, reason = "the answer to a request that goes no further is the error here")]

pub mod guard;
pub mod language;
mod pages;
pub mod serve;
pub mod settings;
mod visit;

use std::sync::Arc;

use openward_office::Office;

use crate::language::Languages;
use crate::settings::Settings;

/// What every page needs.
pub struct House {
    /// The office.
    pub office: Office,
    /// The languages.
    pub languages: Languages,
    /// Where it runs.
    pub settings: Settings,
    /// So many passwords may be worked on at once: each takes memory and a processor.
    pub(crate) passwords: Arc<tokio::sync::Semaphore>,
}

impl House {
    /// A house around an office.
    #[must_use]
    pub fn new(office: Office, languages: Languages, settings: Settings) -> Arc<House> {
        Arc::new(House { office, languages, settings, passwords: Arc::new(tokio::sync::Semaphore::new(2)) })
    }
}
