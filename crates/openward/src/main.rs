//! The command line: what the law makes of a case file, what the law packs say, and the care of a register.
//!
//! Reading order: `args` (what may be asked), `standing` (the main job), `law` (the statute book), `story` (one told from
//! computed standings), `service` (the pages), `register` (the commands that keep one), `page` and `words` (how it is written). Deliberately
//! absent: any judgment of law (`openward-law` makes them all) and any word about a person that does not come from the case file.

mod args;
mod failure;
mod input;
mod law;
mod names;
mod packs;
mod page;
mod register;
mod schema;
mod service;
mod standing;
mod story;
mod words;

use std::process::ExitCode;

use args::{Args, Command};
use failure::Failure;
use packs::Packs;
use page::Console;

fn main() -> ExitCode {
    let args = match args::read() {
        Ok(args) => args,
        Err(code) => return code,
    };
    let mut console = Console::new(&args.look);
    match run(&args, &mut console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console.complain(&failure);
            failure.exit_code()
        }
    }
}

fn run(args: &Args, console: &mut Console) -> Result<(), Failure> {
    let law = match &args.command {
        Command::Standing(asked) => asked.law.as_deref(),
        Command::Law(asked) => asked.command.pack(),
        _ => None,
    };
    // What needs no law reads none.
    let packs = |console: &mut Console| -> Result<Packs, Failure> {
        let packs = Packs::open(args.law_dir.as_deref(), law)?;
        if let Some(replaced) = packs.said_to_be_replaced() {
            console.note(&replaced);
        }
        Ok(packs)
    };
    match &args.command {
        Command::Standing(asked) => standing::run(asked, &packs(console)?, console),
        Command::Law(asked) => law::run(asked, &packs(console)?, console),
        Command::Schema { what } => schema::run(*what, console),
        Command::Demo(asked) => service::demo::run(asked, &packs(console)?, console),
        Command::Story(asked) => story::run(asked, &packs(console)?, console),
        Command::Serve(asked) => service::serve::run(asked, &packs(console)?, console),
        Command::Account(asked) => service::account::run(asked, &packs(console)?, console),
        Command::Import(asked) => register::import::run(asked, &packs(console)?, console),
        Command::Export(asked) => register::export::run(asked, &packs(console)?, console),
        Command::Init(asked) => register::init::run(asked, &packs(console)?, console),
        Command::Verify(asked) => register::verify::run(asked, console),
        Command::Fsck(asked) => register::derived::fsck(asked, &packs(console)?, console),
        Command::Rebuild(asked) => register::derived::rebuild(asked, &packs(console)?, console),
        Command::Backup(asked) => register::backup::backup(asked, console),
        Command::Restore(asked) => register::backup::restore(asked, console),
        Command::Keys(asked) => register::keys::run(asked, &packs(console)?, console),
        Command::Publish(asked) => register::publish::run(asked, console),
        Command::Witness(asked) => register::witness::run(asked, console),
        Command::Checkpoint(asked) => register::witness::checkpoint(asked, console),
        Command::AcceptClock(asked) => register::verify::accept_clock(asked, &packs(console)?, console),
    }
}
