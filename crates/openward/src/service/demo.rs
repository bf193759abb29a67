//! `openward demo`: the service over a register of fictional people, which is gone when it ends.
//!
//! The people are the files in the folder `people` of this crate, with days counted from today. Deliberately absent: anything that the service
//! does not do for a real register; only the first accounts are made here, with sign-ins that everybody may know.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::BufRead as _;
use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use include_dir::{Dir, include_dir};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use openward_law::casefile::CaseFile;
use openward_office::Office;
use openward_office::door::Codes;
use openward_office::who::{NewAccount, Role};
use openward_register::derived::Laws;
use openward_register::house::{House, HouseError};
use openward_register::import::{NoPlan, gather};
use openward_register::keys::{Chance, Master};
use openward_register::store::sqlite::Sqlite;
use openward_register::writer::Register;
use openward_web::settings::Settings;

use super::serve::{languages, listen, run_house};
use super::{no, office};
use crate::failure::{Failure, machine_words};
use crate::input;
use crate::packs::Packs;
use crate::page::{Console, Text, Tone};
use crate::register::shelf::Shelf;
use crate::register::{failed, refused};

static PEOPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/people");

/// How many people a facility has.
const PEOPLE_EACH: usize = 66;

/// The password of every account of the demo.
const PASSWORD: &str = "nobody here is real";

/// The call `openward demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The port of this machine to listen at; 0 takes one that is free.
    #[arg(long, value_name = "PORT", default_value = "8080")]
    port: u16,
}

/// Makes the register and serves it.
pub(crate) fn run(asked: &Demo, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let folder = tempfile::tempdir().map_err(|error| Failure::Machine(machine_words(&error)))?;
    let master = Master::generate(&Chance::system()).map_err(|error| Failure::Machine(error.to_string()))?;
    let house =
        House::create(&folder.path().join("register"), "demo.example/register", None, &master, &Chance::system()).map_err(failed)?;
    let shelf = Arc::new(Shelf::open(packs, None)?);
    let opened = house.open(&master, Arc::clone(&shelf) as Arc<dyn Laws>).map_err(failed)?;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let people = people(today)?;
    let count = people.person_files().count();
    fill(&opened.register, people)?;
    let office = office(opened, shelf, packs)?;
    let accounts = accounts(&office)?;

    let listener = listen(SocketAddr::from(([127, 0, 0, 1], asked.port)))?;
    let local = listener.local_addr().map_err(|error| Failure::Machine(machine_words(&error)))?;
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    let settings = Settings::local(local.port(), zone);
    tell(&settings.address, count, &accounts, console)?;
    on_return(accounts);
    run_house(&openward_web::House::new(office, languages()?, settings), listener)
}

/// The text of a file of people.
fn text(path: &str) -> &'static str {
    PEOPLE.get_file(path).and_then(include_dir::File::contents_utf8).unwrap_or_default()
}

/// Every person of the demo, with the places and professionals.
fn people(today: Date) -> Result<CaseFile, Failure> {
    let names: Vec<&str> = text("names.txt").lines().filter(|line| !line.is_empty()).collect();
    let mut lines = String::new();
    let mut number = 0;
    for folder in PEOPLE.dirs() {
        let law = folder.path().to_string_lossy();
        let places = text(&format!("{law}/places.jsonl"));
        lines.push_str(places);
        let stories: BTreeMap<_, &str> = folder
            .files()
            .filter(|file| !file.path().ends_with("places.jsonl"))
            .filter_map(|file| Some((file.path(), file.contents_utf8()?)))
            .collect();
        let stories: Vec<&str> = stories.into_values().collect();
        let named: BTreeSet<&str> = places.split('"').filter(|word| word.starts_with("fac_")).collect();
        for place in named {
            for which in 0..PEOPLE_EACH {
                // Most people are there as they should be; the first story of each law is the sound one.
                let story = if which % 3 == 0 { stories.get((which / 3) % stories.len().max(1)) } else { stories.first() };
                let name = names.get(number % names.len().max(1)).copied().unwrap_or("Example");
                number += 1;
                person(&mut lines, number, name, place, story.copied().unwrap_or_default(), today)?;
            }
        }
    }
    input::parse("people", lines.as_bytes())
}

/// Writes one person's lines: the story with its days, place and file put in.
fn person(lines: &mut String, number: usize, name: &str, place: &str, story: &str, today: Date) -> Result<(), Failure> {
    let wrong = |_| Failure::Machine("the demo's people cannot be dated".to_owned());
    let file = format!("per_demo{number:03}");
    let year = 1950 + (number * 7) % 55;
    let _ = writeln!(
        lines,
        r#"{{"file":"{file}","at":"{}","fact":"described","name":"{name} {number} (fictional)","born":"{year}-{:02}-{:02}"}}"#,
        today.checked_sub(40.days()).map_err(wrong)?,
        1 + number % 12,
        1 + number % 28
    );
    for line in story.lines().filter(|line| !line.is_empty()) {
        let Some((before, after)) = line.split_once("\"D-") else { continue };
        let Some((days, rest)) = after.split_once('T') else { continue };
        let days: i64 = days.parse().map_err(|_| Failure::Machine("the demo's people cannot be dated".to_owned()))?;
        let day = today.checked_sub(days.days()).map_err(wrong)?;
        let line = format!("{before}\"{day}T{rest}").replace("\"PLACE\"", &format!("\"{place}\""));
        let _ = writeln!(lines, "{}", line.replacen('{', &format!("{{\"file\":\"{file}\","), 1));
    }
    Ok(())
}

fn fill(register: &Register<Sqlite>, people: CaseFile) -> Result<(), Failure> {
    let files = gather(vec![people]).map_err(|wrong| Failure::Content(wrong.iter().map(ToString::to_string).collect()))?;
    let plan = register.plan(files).map_err(|error| match error {
        NoPlan::History(error) => failed(HouseError::History(error)),
        NoPlan::Refused(wrong) => Failure::Refused(wrong.join("\n")),
    })?;
    register.carry_out(&plan, &|_| {}).map(drop).map_err(|stopped| refused(stopped.why))
}

/// An account of the demo.
struct Account {
    login: &'static str,
    place: &'static str,
    codes: Codes,
}

fn accounts(office: &Office) -> Result<Vec<Account>, Failure> {
    let wanted = [
        ("examplewood", "Ward of Examplewood", "fac_examplewood", "pro_dale"),
        ("samplefield", "Ward of Samplefield", "fac_samplefield", "pro_elm"),
        ("placeholdermore", "Ward of Placeholdermore", "fac_placeholdermore", "pro_fern"),
    ];
    let made = wanted.into_iter().map(|(login, name, place, file)| {
        let new = NewAccount {
            login: login.to_owned(),
            name: format!("{name} (fictional)"),
            role: Role::WardStaff,
            organisation: place.to_owned(),
            file: file.to_owned(),
            password: Some(PASSWORD.to_owned()),
        };
        let first = office.add_account(&new).map_err(no)?;
        Ok(Account { login, place, codes: Codes::of(&first.codes) })
    });
    made.collect()
}

fn tell(address: &str, count: usize, accounts: &[Account], console: &mut Console) -> Result<(), Failure> {
    let mut page = console.page();
    page.put(
        0,
        Text::new("Openward is open", Tone::Good)
            .then(format!(" at {address} with {count} fictional people. It is gone when you stop it with Ctrl-C.")),
    );
    page.put(0, format!("Sign in with one of these names, the password “{PASSWORD}”, and the code beside the name:"));
    for account in accounts {
        page.put(2, format!("{:16} {}  ({})", account.login, code(account), account.place));
    }
    page.put(0, "A code is good for about a minute, and once. Press Enter here for new ones.");
    console.show(&page)
}

fn code(account: &Account) -> String {
    let seconds = u64::try_from(Timestamp::now().as_second()).unwrap_or(0);
    account.codes.code(seconds).unwrap_or_default()
}

/// Writes new codes whenever somebody presses Enter.
fn on_return(accounts: Vec<Account>) {
    std::thread::spawn(move || {
        for _ in std::io::stdin().lock().lines().map_while(Result::ok) {
            let line: Vec<String> = accounts.iter().map(|account| format!("{} {}", account.login, code(account))).collect();
            anstream::println!("  {}", line.join("   "));
        }
    });
}
