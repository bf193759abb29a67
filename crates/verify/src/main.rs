//! `openward-verify`: checks receipts, checkpoints, public logs and exports without the register, and says what is proved and what is not.
//!
//! It uses `openward-seal` and nothing else, opens no connection, writes no file, and needs only what the register gives to everybody:
//! its public key, a receipt, a checkpoint from a paper or a friend, a copy of the public log. Deliberately absent: anything that needs
//! the register's word at the time of checking. Exit codes stand in [`report::Exit`].

mod args;
mod export;
mod folder;
mod help;
mod log;
mod receipt;
mod report;
mod time;

use std::io::Write as _;
use std::process::ExitCode;

use args::{Args, Command};
use report::{Exit, Report};

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let report = match args::read(&words) {
        Ok(Some(args)) => check(&args).unwrap_or_else(|failed| failed),
        Ok(None) => {
            print(Exit::Proved, help::HELP);
            return ExitCode::from(Exit::Proved as u8);
        }
        Err(wrong) => Report::usage(wrong),
    };
    print(report.exit(), &report.to_string());
    ExitCode::from(report.exit() as u8)
}

fn check(args: &Args) -> Result<Report, Report> {
    let unreadable = unreadable(args);
    if !unreadable.is_empty() {
        return Err(Report::several(Exit::Unreadable, unreadable));
    }
    match &args.command {
        Command::Receipt(path) => receipt::receipt(args, path),
        Command::Checkpoint(path) => receipt::checkpoint(args, path),
        Command::Log(path) => log::check(args, path),
        Command::Export(path) => export::check(args, path),
    }
}

/// Every file of the call that cannot be read: whoever mends one should not find the next only then.
fn unreadable(args: &Args) -> Vec<String> {
    let log = match &args.command {
        Command::Log(path) => Some(path),
        Command::Receipt(_) | Command::Checkpoint(_) | Command::Export(_) => args.log.as_ref(),
    };
    let own = match &args.command {
        Command::Receipt(path) | Command::Checkpoint(path) => Some(path.clone()),
        // The files of an export are larger than notes, and read one after another.
        Command::Log(_) | Command::Export(_) => None,
    };
    let notes = own.into_iter().chain(log.map(|log| log.join("checkpoint")));
    let notes = notes.chain([&args.older, &args.consistency, &args.receipts].into_iter().flatten().cloned());
    let failed = notes.filter_map(|path| folder::read(&path, folder::NOTE_MAX).err().map(|error| format!("{}: {error}", path.display())));
    let mut all = args.unreadable.clone();
    all.extend(failed);
    all
}

/// What was not understood goes where no script mistakes it for a finding. A reader that went away is no fault of what was checked.
fn print(exit: Exit, text: &str) {
    let _ = match exit {
        Exit::Usage => std::io::stderr().lock().write_all(text.as_bytes()),
        Exit::Proved | Exit::Wrong | Exit::Unreadable | Exit::Partly => std::io::stdout().lock().write_all(text.as_bytes()),
    };
}
