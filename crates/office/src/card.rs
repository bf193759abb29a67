//! Rights cards: paper with a code, by which a person in care opens their own page on any phone.
//!
//! The card alone shows what the law makes of their file, and lets them do what only adds protection: use a right that is open, choose counsel,
//! complain. One card holds for a file; a new one ends the one before. Deliberately absent: what takes protection away or opens records, which asks for
//! more than a card.

use jiff::tz::TimeZone;
use openward_law::casefile::CaseFile;
use openward_law::entry::{Entry, FactKind, Field, Origin};
use openward_law::pack::offers::{Doing, use_of};
use openward_register::accounts::Stage;
use openward_register::history::AsOf;
use openward_register::keys::Pseudonym;
use openward_register::reads::Reader;
use openward_register::store::ActId;
use openward_register::writer::{Act, Refused};
use serde::{Deserialize, Serialize};

use crate::act::{Outcome, Typed, signed, typed};
use crate::door::{self, random_code, token};
use crate::file::Shown;
use crate::who::Who;
use crate::{Office, Refusal};

/// The form of a card's content.
const VERSION: u32 = 1;

/// How often an act that only adds protection is tried anew when somebody else wrote to the file meanwhile.
const TRIES: usize = 5;

/// What is kept of a card.
#[derive(Serialize, Deserialize)]
struct Content {
    card: u32,
    file: String,
    by: String,
    since: i64,
}

/// Whoever opened a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The file of the person whose card it is.
    pub file: String,
}

/// What a person may do with the card alone.
#[derive(Debug, Clone)]
pub enum Mine {
    /// Uses a right that is open, by the id of the entitlement in the standing.
    Use(String),
    /// Chooses counsel, in their own words.
    Counsel(String),
    /// Complains, in their own words.
    Complain(String),
}

impl Office {
    /// Makes a card for a person's file, which ends the one before. The code is given once and not kept.
    ///
    /// # Errors
    /// A file that is not there for this person, or a register that cannot write.
    pub fn issue_card(&self, who: &Who, file: &str) -> Result<String, Refusal> {
        self.may_see(who, file)?;
        let code = random_code()?;
        let content = Content { card: VERSION, file: file.to_owned(), by: who.file.clone(), since: self.micros() };
        let bytes = zeroize::Zeroizing::new(serde_json::to_vec(&content).map_err(|_| Refusal::Machine)?);
        let id = self.card_of(file);
        self.register.put_account(id, &login(&code), &bytes)?;
        self.register.end_sessions_of(id)?;
        Ok(code)
    }

    /// Opens a card by its code: the secret of the session that the other side now keeps. `from` is the address it came from.
    ///
    /// # Errors
    /// No such card, too many attempts, or a register that cannot write.
    pub fn open_card(&self, code: &str, from: &str) -> Result<String, Refusal> {
        self.guess_card(from)?;
        let account = self.register.account_of(&login(code))?.ok_or(Refusal::Wrong)?;
        let content: Content = serde_json::from_slice(&account.content).map_err(|_| Refusal::Wrong)?;
        self.register.opened(&content.file, &reader(&content.file))?;
        let token = token()?;
        self.register.begin_session(&token, account.id, Stage::In, self.micros())?;
        Ok(token)
    }

    /// Whose card was opened under a session's secret.
    ///
    /// # Errors
    /// None, or not any more; or a register that cannot be read.
    pub fn holder(&self, token: &str) -> Result<Holder, Refusal> {
        let session = self.register.session(token)?.ok_or(Refusal::SignedOut)?;
        let now = self.micros();
        if door::is_over(&session, now) {
            self.register.end_session(token)?;
            return Err(Refusal::SignedOut);
        }
        let account = self.register.account(&session.account)?.ok_or(Refusal::SignedOut)?;
        let content: Content = serde_json::from_slice(&account.content).map_err(|_| Refusal::SignedOut)?;
        door::used(&self.register, token, &session, now)?;
        Ok(Holder { file: content.file })
    }

    /// What the law makes of the person's file now. The opening is recorded, as every other.
    ///
    /// # Errors
    /// As [`Office::file`].
    pub fn mine(&self, holder: &Holder) -> Result<Shown, Refusal> {
        let kept = self.register.read(&holder.file, AsOf::Now, &reader(&holder.file))?;
        let entries = kept.into_iter().map(|kept| kept.entry).collect();
        self.shown(&holder.file, entries, self.now())
    }

    /// Does what a person asks, at once. The same `id` again is the same act, and kept once. Where somebody else writes to the file meanwhile it is
    /// tried anew: nobody's writing may keep a person from a right.
    ///
    /// # Errors
    /// A right that is not open, words that are not in their form, or a register that does not take it.
    pub fn ask(&self, holder: &Holder, mine: &Mine, id: ActId) -> Result<Outcome, Refusal> {
        self.count_asked(&holder.file)?;
        for _ in 0..TRIES {
            let shown = self.mine(holder)?;
            let typed = self.typed_of(&shown, mine)?;
            let after = u64::try_from(shown.entries.len()).unwrap_or(u64::MAX);
            let case: CaseFile =
                typed::add(&holder.file, &shown.entries, &[typed]).map_err(|_| Refusal::Account("say it in fewer words"))?;
            let added: Vec<Entry> =
                case.file(&holder.file).map(|file| file.entries.iter().skip(shown.entries.len()).cloned().collect()).unwrap_or_default();
            let act = Act { id, file: holder.file.clone(), after, entries: added, documents: Vec::new(), outbox: Vec::new() };
            match self.register.append(act) {
                Ok(kept) => return Ok(Outcome::Kept(signed(&holder.file, kept))),
                // Another attempt of an act that was kept has another number by now: it is there all the same.
                Err(Refused::OtherAct) => return Ok(Outcome::Again),
                Err(Refused::Conflict { .. }) => {}
                Err(refused) => return Err(refused.into()),
            }
        }
        Ok(Outcome::Changed)
    }

    fn typed_of(&self, shown: &Shown, mine: &Mine) -> Result<Typed, Refusal> {
        let zone = shown.standings.first().and_then(|standing| TimeZone::get(&standing.zone).ok()).unwrap_or(TimeZone::UTC);
        let local = self.now().to_zoned(zone);
        let own = || vec![(Field::By, vec!["person".to_owned()])];
        let with = |fact: FactKind, more: Vec<(Field, Vec<String>)>| Typed {
            fact,
            origin: Origin::Performed,
            day: local.date().to_string(),
            time: local.strftime("%H:%M:%S").to_string(),
            values: own().into_iter().chain(more).collect(),
        };
        match mine {
            Mine::Use(right) => {
                let (fact, fields) = self.used(shown, right).ok_or(Refusal::NotFound)?;
                Ok(with(fact, fields))
            }
            Mine::Counsel(words) => Ok(with(FactKind::CounselChosen, vec![(Field::Note, vec![words.clone()])])),
            Mine::Complain(words) => Ok(with(FactKind::ComplaintMade, vec![(Field::Note, vec![words.clone()])])),
        }
    }

    /// The act that uses a right which is open to the person.
    fn used(&self, shown: &Shown, right: &str) -> Option<Doing> {
        let (standing, right) = shown.standings.iter().find_map(|standing| {
            let open = standing.entitlements.iter().find(|one| one.id == right && is_open(one))?;
            Some((standing, open))
        })?;
        let law = self.laws.law(&standing.law.id)?;
        let day = shown.at.to_zoned(TimeZone::get(&standing.zone).ok()?).date();
        use_of(&law.pack, &right.entitlement, day)
    }

    /// The rights that are open to the person and that a card can use, by their ids.
    #[must_use]
    pub fn usable(&self, shown: &Shown) -> Vec<String> {
        let open = shown.standings.iter().flat_map(|standing| &standing.entitlements).filter(|right| is_open(right));
        open.filter(|right| self.used(shown, &right.id).is_some()).map(|right| right.id.clone()).collect()
    }

    /// One card for each file: its account is named after the file.
    fn card_of(&self, file: &str) -> ActId {
        let name: Pseudonym = self.register.keys().pseudonym_of("card", file);
        *name.as_bytes()
    }
}

fn is_open(right: &openward_law::standing::EntitlementShown) -> bool {
    right.state == "open" && right.may.iter().any(|who| who == "person")
}

/// A person reads their own file.
fn reader(file: &str) -> Reader {
    Reader { who: file.to_owned(), capacity: "person".to_owned(), purpose: "own rights".to_owned(), view: "my rights".to_owned() }
}

/// A code as it is kept: small letters and digits alone, so that it may be typed in any way.
fn login(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    format!("card {plain}")
}

#[cfg(test)]
#[path = "card_tests.rs"]
mod tests;
