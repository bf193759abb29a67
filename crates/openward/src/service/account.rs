//! `openward account`: who may sign in.
//!
//! Deliberately absent: a way to read a password, and one to delete an account. What was done under it bears its name.

use clap::{Args, Subcommand};
use openward_office::who::{NewAccount, Role};

use super::{no, open};
use crate::failure::Failure;
use crate::packs::Packs;
use crate::page::{Console, Text, Tone, clean};
use crate::register::Place;

/// The call `openward account`.
#[derive(Debug, Args)]
pub(crate) struct AccountCall {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an account, and print its first password and the secret of its codes, once.
    Add {
        /// The name to sign in with.
        login: String,
        /// The person's name.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// What they do: `ward-staff`.
        #[arg(long, value_name = "ROLE", default_value = "ward-staff")]
        role: String,
        /// The file of the facility that they work for, such as `fac_elm`.
        #[arg(long, value_name = "FILE_ID")]
        organisation: String,
        /// Their own file, such as `pro_ash`: it stands in the record of what they open.
        #[arg(long, value_name = "FILE_ID")]
        file: String,
    },
    /// List the accounts.
    List,
    /// End an account: it is signed out everywhere and cannot sign in again.
    End {
        /// The name to sign in with.
        login: String,
    },
}

/// Does what was asked.
pub(crate) fn run(asked: &AccountCall, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let (office, _) = open(&asked.place, packs)?;
    let mut page = console.page();
    match &asked.command {
        Command::Add { login, name, role, organisation, file } => {
            let known: Vec<&str> = Role::ALL.iter().map(|(_, word)| *word).collect();
            let role = Role::from_word(role)
                .ok_or_else(|| Failure::call(format!("there is no role `{}`; there are: {}", clean(role), known.join(", "))))?;
            let new = NewAccount {
                login: login.clone(),
                name: name.clone(),
                role,
                organisation: organisation.clone(),
                file: file.clone(),
                password: None,
            };
            let first = office.add_account(&new).map_err(no)?;
            page.put(0, Text::new("An account was made", Tone::Good).then(". What follows is not kept and will not be shown again."));
            page.put(2, format!("First password: {}", first.password));
            page.put(2, format!("Secret of the codes, for an authenticator: {}", first.codes));
            page.put(0, "Give both to the person by two different ways. The password must be changed at the first sign-in.");
        }
        Command::List => {
            let all = office.accounts().map_err(no)?;
            if all.is_empty() {
                page.put(0, "There are no accounts. Make one with `openward account add`.");
            }
            for one in all {
                let ended = if one.ended { ", ended" } else { "" };
                page.hang(0, 4, format!("{}: {}, {} of {}{ended}", clean(&one.login), clean(&one.name), one.role.word(), one.organisation));
            }
        }
        Command::End { login } => {
            office.end_account(login).map_err(no)?;
            page.put(0, Text::new("The account was ended", Tone::Good).then(" and signed out everywhere."));
        }
    }
    console.show(&page)
}
