//! Accounts, and the people behind them.
//!
//! An account belongs to one person and one organisation; what it may do follows from its role and the ties of its organisation. Deliberately
//! absent: names of patients, who sign in with a card and not here.

use openward_law::entry::FileKind;
use openward_register::accounts::Account;
use openward_register::store::ActId;
use serde::{Deserialize, Serialize};

use crate::door::{Codes, Password, random_id, random_word};
use crate::{Office, Refusal};

/// How often a change is tried anew when somebody else changed the account meanwhile.
const TRIES: usize = 16;

/// The form of an account's content.
const VERSION: u32 = 1;

/// The longest name that is typed at the door, and the longest name of a person.
const NAME_MAX: usize = 120;

/// What somebody does in their organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Works on a ward: sees the people of the facility.
    WardStaff,
}

impl Role {
    /// Every role with its word.
    pub const ALL: &'static [(Role, &'static str)] = &[(Role::WardStaff, "ward-staff")];

    /// The role of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Role> {
        Role::ALL.iter().find(|(_, name)| *name == word).map(|(role, _)| *role)
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Role::ALL.iter().find(|(role, _)| *role == self).map_or("", |(_, word)| word)
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The account.
    pub account: ActId,
    /// The person's name, for those who work with them.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// The file of their organisation, such as a facility's.
    pub organisation: String,
    /// Their own file.
    pub file: String,
    /// The language they read, if they have chosen one.
    pub language: Option<String>,
    /// Whether they must choose a password of their own before anything else.
    pub must_choose: bool,
}

/// What is kept of an account, under a key of its own.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Content {
    pub(crate) v: u32,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) organisation: String,
    pub(crate) file: String,
    pub(crate) password: Password,
    pub(crate) codes: Codes,
    pub(crate) must_choose: bool,
    pub(crate) language: Option<String>,
    pub(crate) ended: bool,
}

impl Content {
    pub(crate) fn who(&self, account: ActId) -> Who {
        Who {
            account,
            name: self.name.clone(),
            role: self.role,
            organisation: self.organisation.clone(),
            file: self.file.clone(),
            language: self.language.clone(),
            must_choose: self.must_choose,
        }
    }
}

/// A new account, as somebody asks for it.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What is typed at the door.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// The file of their organisation.
    pub organisation: String,
    /// Their own file.
    pub file: String,
    /// The password, if the person has chosen one; else a first one is made, which they must change.
    pub password: Option<String>,
}

/// What the person is told once, and nobody again.
pub struct FirstSecrets {
    /// The first password. It must be changed at the first sign-in.
    pub password: String,
    /// The secret of the codes, as an authenticator takes it.
    pub codes: String,
}

/// An account in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What is typed at the door.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// The file of their organisation.
    pub organisation: String,
    /// Whether it was ended.
    pub ended: bool,
}

/// A name at the door in the one form in which it is kept: without spaces around it, in small letters.
pub(crate) fn login(typed: &str) -> String {
    typed.trim().to_lowercase()
}

impl Office {
    /// Makes an account, with a first password and the secret of its codes.
    ///
    /// # Errors
    /// A name that is taken or no name, files of the wrong kind, or a register that cannot write.
    pub fn add_account(&self, new: &NewAccount) -> Result<FirstSecrets, Refusal> {
        let login = login(&new.login);
        let is_name = |text: &str| !text.trim().is_empty() && text.len() <= NAME_MAX && !text.chars().any(char::is_control);
        if !is_name(&login) || login.contains(char::is_whitespace) {
            return Err(Refusal::Account("a name to sign in with has no spaces and at most 120 bytes"));
        }
        if !is_name(&new.name) {
            return Err(Refusal::Account("say the person's name, in at most 120 bytes"));
        }
        if !matches!(FileKind::of(&new.organisation), Some(FileKind::Facility | FileKind::Organisation)) {
            return Err(Refusal::Account("the organisation is the file of a facility (fac_…) or an organisation (org_…)"));
        }
        if FileKind::of(&new.file) != Some(FileKind::Professional) {
            return Err(Refusal::Account("the person's own file is that of a professional (pro_…)"));
        }
        if self.register.account_of(&login)?.is_some() {
            return Err(Refusal::Account("an account has this name already; choose another one"));
        }
        let must_choose = new.password.is_none();
        let password = new.password.clone().map_or_else(random_word, Ok)?;
        let codes = Codes::new()?;
        let first = FirstSecrets { password: password.clone(), codes: codes.secret() };
        let content = Content {
            v: VERSION,
            login,
            name: new.name.trim().to_owned(),
            role: new.role,
            organisation: new.organisation.clone(),
            file: new.file.clone(),
            password: Password::of(&password)?,
            codes,
            must_choose,
            language: None,
            ended: false,
        };
        self.keep(random_id()?, &content)?;
        Ok(first)
    }

    /// Ends an account and whatever is open under it. Its name stays taken, so that nobody else can sign in under it.
    ///
    /// # Errors
    /// No such account, or a register that cannot write.
    pub fn end_account(&self, typed: &str) -> Result<(), Refusal> {
        let (id, _) = self.content_of(typed)?.ok_or(Refusal::Account("no account has this name"))?;
        self.change(id, |content| {
            content.ended = true;
            Ok(())
        })?;
        Ok(self.register.end_sessions_of(id)?)
    }

    /// Every account, by name.
    ///
    /// # Errors
    /// A register that cannot be read.
    pub fn accounts(&self) -> Result<Vec<Listed>, Refusal> {
        let all = self.register.accounts()?;
        let contents = all.iter().filter(|account| !is_card(account)).map(read).collect::<Result<Vec<_>, _>>()?;
        let listed = |content: Content| {
            let Content { login, name, role, organisation, ended, .. } = content;
            Listed { login, name, role, organisation, ended }
        };
        let mut all: Vec<Listed> = contents.into_iter().map(listed).collect();
        all.sort_by(|a, b| a.login.cmp(&b.login));
        Ok(all)
    }

    pub(crate) fn content_of(&self, typed: &str) -> Result<Option<(ActId, Content)>, Refusal> {
        let Some(account) = self.register.account_of(&login(typed))?.filter(|account| !is_card(account)) else { return Ok(None) };
        Ok(Some((account.id, read(&account)?)))
    }

    pub(crate) fn content(&self, id: &ActId) -> Result<Option<Content>, Refusal> {
        self.register.account(id)?.filter(|account| !is_card(account)).map(|account| read(&account)).transpose()
    }

    /// Changes an account over what it is at that very instant: what somebody else changes meanwhile is looked at first. So none is brought back that
    /// was ended, and no code is good twice.
    pub(crate) fn change<T>(&self, id: ActId, mut how: impl FnMut(&mut Content) -> Result<T, Refusal>) -> Result<T, Refusal> {
        for _ in 0..TRIES {
            let account = self.register.account(&id)?.filter(|account| !is_card(account)).ok_or(Refusal::SignedOut)?;
            let mut content = read(&account)?;
            let done = how(&mut content)?;
            let bytes = zeroize::Zeroizing::new(serde_json::to_vec(&content).map_err(|_| Refusal::Machine)?);
            if self.register.change_account(&account, &content.login, &bytes)? {
                return Ok(done);
            }
        }
        Err(Refusal::Register(openward_register::writer::Refused::Busy))
    }

    fn keep(&self, id: ActId, content: &Content) -> Result<(), Refusal> {
        let bytes = zeroize::Zeroizing::new(serde_json::to_vec(content).map_err(|_| Refusal::Machine)?);
        Ok(self.register.put_account(id, &content.login, &bytes)?)
    }
}

/// A person's card lies beside the accounts of those who work here, and is none.
fn is_card(account: &Account) -> bool {
    #[derive(Deserialize)]
    struct Card {
        #[serde(rename = "card")]
        _version: u32,
    }
    serde_json::from_slice::<Card>(&account.content).is_ok()
}

fn read(account: &Account) -> Result<Content, Refusal> {
    let content: Content = serde_json::from_slice(&account.content).map_err(|_| Refusal::Account("an account is not in its form"))?;
    if content.v == VERSION { Ok(content) } else { Err(Refusal::Account("an account was written by a newer program")) }
}
