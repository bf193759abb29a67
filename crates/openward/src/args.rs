//! The words of a call.
//!
//! Deliberately absent: what they do. Dates and names are only kept here as written; they are read where the zone and the law
//! are known.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::register::backup::{Backup, RestoreCall};
use crate::register::derived::{Fsck, Rebuild};
use crate::register::export::Export;
use crate::register::import::Import;
use crate::register::init::Init;
use crate::register::keys::KeysCall;
use crate::register::publish::Publish;
use crate::register::verify::{AcceptClock, Verify};
use crate::register::witness::{Checkpoint, Witness};
use crate::service::account::AccountCall;
use crate::service::demo::Demo;
use crate::service::serve::Serve;

const EXIT_CODES: &str = "\
The program ends with
  0  all is well
  1  a fault of ours or of the machine: a file cannot be read
  2  the words of the call are wrong
  3  the case file, the pack or a scenario is not in order
  4  --fail-on found what it looks for
  5  a check found something changed, missing or of another register
  6  the register said no, and nothing was changed

This is not legal advice.";

/// A person's rights in mental health care: is the person held, is there authority, until when, what is owed to whom, what is late; and
/// the register that keeps it.
#[derive(Debug, Parser)]
#[command(name = "openward", version, after_help = EXIT_CODES, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) look: Look,
    /// A folder of law packs; a pack in it takes the place of the built-in one of that name. Also OPENWARD_LAW_DIR.
    #[arg(long, global = true, value_name = "DIR", help_heading = "Law")]
    pub(crate) law_dir: Option<PathBuf>,
}

/// How the output looks.
#[derive(Debug, ClapArgs)]
pub(crate) struct Look {
    /// Colour: on a terminal only, always, or never. NO_COLOR is respected.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN", help_heading = "Look")]
    pub(crate) color: Colour,
    /// Draw with plain letters instead of box characters.
    #[arg(long, global = true, help_heading = "Look")]
    pub(crate) ascii: bool,
    /// Columns to write in; default: the terminal's width, at most 110, else 80.
    #[arg(long, global = true, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=400), help_heading = "Look")]
    pub(crate) width: Option<u16>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say how a person stands at an instant, with every section, entry and sum.
    Standing(Standing),
    /// Look at the law packs: list, show, words, lint, test.
    Law(Law),
    /// Print a published JSON Schema.
    Schema {
        /// Of what.
        #[arg(value_enum)]
        what: Schema,
    },
    /// Try the service: a register of fictional people on this machine, with an address and a sign-in; it is gone afterwards.
    Demo(Demo),
    /// Tell the story of one fictional person under a law, day by day.
    Story(Story),
    /// Serve the pages of a register.
    Serve(Serve),
    /// Care for the accounts of a register: add, list, end.
    Account(AccountCall),
    /// Make a register: a folder for entries, keys and documents.
    Init(Init),
    /// Bring case files into a register; the same import again adds nothing.
    Import(Import),
    /// Give out one file, whole: to read, to keep, and to check without the register.
    Export(Export),
    /// Check a whole register: chains, log, parts, documents, checkpoints from outside.
    Verify(Verify),
    /// Copy a whole register while it works, and verify the copy.
    Backup(Backup),
    /// Make a register of a backup.
    Restore(RestoreCall),
    /// Care for the keys: check, rotate, renew, destroy, back up, restore.
    Keys(KeysCall),
    /// Write the public log to a folder: hashes and a checkpoint, nothing else.
    Publish(Publish),
    /// Have somebody outside sign that the log only grew: at the witness, and at the register.
    Witness(Witness),
    /// Write the newest checkpoint of the log, to be printed or sent.
    Checkpoint(Checkpoint),
    /// Say that the clock of this machine is right after it jumped.
    AcceptClock(AcceptClock),
    /// Compute every forecast of a register again and compare; nothing is written.
    Fsck(Fsck),
    /// Compute every forecast of a register again and keep it.
    Rebuild(Rebuild),
}

/// The call `openward standing`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Standing {
    /// The case file; `-` reads the standard input.
    pub(crate) casefile: Option<String>,
    /// The law pack, by name or folder; default: the case file's header, else the law of the facility.
    #[arg(long, value_name = "PACK")]
    pub(crate) law: Option<String>,
    /// The instant in question: a date, or a date and time; default: now. A date alone means its first instant.
    #[arg(long, value_name = "WHEN")]
    pub(crate) at: Option<String>,
    /// Leave out what was recorded later.
    #[arg(long, value_name = "WHEN")]
    pub(crate) known_at: Option<String>,
    /// Show the working of each date and what each order needs; of one provision, if named.
    #[arg(long, value_name = "PROVISION", num_args = 0..=1)]
    pub(crate) why: Option<Option<String>>,
    /// One line for each person: held or not, authority and until when, how much is late, the next date.
    #[arg(long, conflicts_with_all = ["why", "format"])]
    pub(crate) brief: bool,
    /// Only this person's file.
    #[arg(long, value_name = "ID")]
    pub(crate) file: Option<String>,
    /// Text for people, or JSON for programs.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    /// End with 4 if there is a breach, or a person is held without authority or with none shown.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) fail_on: Option<FailOn>,
    /// Take an amendment to be in force from a day (rehearsal). May be given several times.
    #[arg(long, value_name = "AMENDMENT=DATE")]
    pub(crate) commence: Vec<String>,
}

/// The form of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What ends with 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// A breach.
    Breach,
}

/// The call `openward law`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Law {
    #[command(subcommand)]
    pub(crate) command: LawCommand,
}

/// The commands about law.
#[derive(Debug, Subcommand)]
pub(crate) enum LawCommand {
    /// Every pack: name, title, day, how many provisions, how sure.
    List,
    /// What a pack says: every provision, or all of one.
    Show {
        /// The pack, by name or folder.
        pack: String,
        /// A provision such as `order.s2` or `s2`, or a criterion, role or other word.
        provision: Option<String>,
    },
    /// The words of a pack, with their names and sections: papers, orders, paragraphs, roles, bodies, criteria, outcomes, words, regions.
    Words {
        /// The pack, by name or folder.
        pack: String,
        /// Only these.
        #[arg(value_enum)]
        kind: Option<WordKind>,
    },
    /// Check a pack and print every problem.
    Lint {
        /// The pack, by name or folder.
        pack: String,
    },
    /// Run the scenarios of a pack.
    Test {
        /// The pack, by name or folder.
        pack: String,
    },
}

impl LawCommand {
    /// The pack that the call names.
    pub(crate) fn pack(&self) -> Option<&str> {
        match self {
            LawCommand::List => None,
            LawCommand::Show { pack, .. } | LawCommand::Words { pack, .. } | LawCommand::Lint { pack } | LawCommand::Test { pack } => {
                Some(pack)
            }
        }
    }
}

/// The kinds of words of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WordKind {
    /// What is signed: for `instrument`.
    Papers,
    /// What holds a person: for `under`.
    Orders,
    /// Other words for `under`: paragraphs of the law, and the word for care of one's own choice.
    Paragraphs,
    /// Who acts: for `as`, `to`, `role`.
    Roles,
    /// Who decides.
    Bodies,
    /// What a paper states: for `states`.
    Criteria,
    /// What came of it: for `outcome`.
    Outcomes,
    /// Kinds, outcomes, ways and contents.
    Words,
    /// Regions of the law.
    Regions,
}

/// The call `openward story`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Story {
    /// The law; default: every law that has a story.
    pub(crate) law: Option<String>,
    /// Wait so many seconds before each day; default: do not wait.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u8).range(0..=60))]
    pub(crate) pace: Option<u8>,
}

/// The published forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Schema {
    /// One line of a case file.
    Entry,
    /// One file of a law pack.
    Pack,
    /// A standing as `--format json` prints it.
    Standing,
}

/// Reads the call. Help and version end with 0, a wrong call with 2.
pub(crate) fn read() -> Result<Args, ExitCode> {
    read_from(std::env::args_os())
}

fn read_from(call: impl IntoIterator<Item = OsString>) -> Result<Args, ExitCode> {
    let call: Vec<OsString> = call.into_iter().collect();
    Args::try_parse_from(&call).map_err(|error| {
        // A reader that went away (help piped into `head`) is no reason to complain.
        if !error.use_stderr() {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        let said = error.render().to_string();
        let said = said.strip_prefix("error: ").unwrap_or(&said).trim_end();
        let text = format!("openward: {said}\n{}", hint(&error, &call).map(|hint| format!("\n{hint}\n")).unwrap_or_default());
        let _ = std::io::stderr().lock().write_all(crate::page::clean_lines(&text).as_bytes());
        ExitCode::from(2)
    })
}

/// What may have been meant by a word too many: the hour of a time written with a space, or a second case file.
fn hint(error: &clap::Error, call: &[OsString]) -> Option<String> {
    if error.kind() != clap::error::ErrorKind::UnknownArgument {
        return None;
    }
    let words: Vec<&str> = call.iter().filter_map(|word| word.to_str()).collect();
    let is_hour = |word: &str| word.contains(':') && word.chars().all(|letter| letter.is_ascii_digit() || letter == ':');
    let split = words.windows(3).find_map(|three| match three {
        [option @ ("--at" | "--known-at"), day, hour] if is_hour(hour) => Some(format!("{option} {day}T{hour}")),
        _ => None,
    });
    let too_many = error.get(clap::error::ContextKind::InvalidArg).is_some_and(|word| !word.to_string().starts_with('-'));
    let of_standing = words.get(1..).is_some_and(|rest| rest.contains(&"standing"));
    split
        .map(|written| format!("A time is one word: write `{written}`."))
        .or_else(|| (too_many && of_standing).then(|| "`standing` reads one case file: write one call for each.".to_owned()))
}
