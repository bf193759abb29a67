//! The steps of a chore: each is run, timed and remembered, and the end of the run shows one line for each.
//!
//! A failed step does not stop the steps after it, because one run should show everything that is wrong.
//! Deliberately absent: which steps there are.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The steps taken so far, and the folder in which they are taken.
pub(crate) struct Steps {
    root: PathBuf,
    started: Instant,
    taken: Vec<Taken>,
}

/// One step that was taken.
struct Taken {
    name: String,
    time: Duration,
    end: End,
}

/// How a step ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// All is as it should be.
    Ok,
    /// Something is wrong; the step has said what.
    Failed,
}

impl Steps {
    /// No step yet, in the repository that holds the current folder.
    pub(crate) fn start() -> Result<Self, String> {
        let here = std::env::current_dir().map_err(|error| format!("the current folder cannot be read: {error}"))?;
        let root = here.ancestors().find(|folder| folder.join("xtask/Cargo.toml").is_file());
        let root = root.ok_or_else(|| format!("{} is not inside the repository.", here.display()))?;
        Ok(Self { root: root.to_owned(), started: Instant::now(), taken: Vec::new() })
    }

    /// The top folder of the repository.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Takes one step that is done here, in this process.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce(&Path) -> End) -> End {
        println!("\n== {name}");
        self.take(name, work)
    }

    /// Takes one step by running cargo; its lines go straight through.
    pub(crate) fn cargo(&mut self, arguments: &[&str], environment: &[(&str, &str)]) -> End {
        let name = format!("cargo {}", arguments.join(" "));
        println!("\n== {name}");
        self.take(&name, |root| {
            // Cargo names itself to what it runs, so that one toolchain is used throughout.
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let mut command = Command::new(cargo);
            command.args(arguments).current_dir(root).stdin(Stdio::null()).envs(environment.iter().copied());
            if std::env::var_os("CI").is_some_and(|value| value == "true") {
                command.env("CARGO_TERM_COLOR", "never");
            }
            ended(&name, command.status())
        })
    }

    fn take(&mut self, name: &str, work: impl FnOnce(&Path) -> End) -> End {
        let started = Instant::now();
        let end = work(&self.root);
        self.taken.push(Taken { name: name.to_owned(), time: started.elapsed(), end });
        end
    }

    /// Prints one line for each step; true where every step went well.
    pub(crate) fn finish(self, chore: &str) -> bool {
        print!("{}", self.closing(chore, self.started.elapsed()));
        self.all_ok()
    }

    fn all_ok(&self) -> bool {
        self.taken.iter().all(|step| step.end == End::Ok)
    }

    fn closing(&self, chore: &str, time: Duration) -> String {
        let width = self.taken.iter().map(|step| step.name.chars().count()).max().unwrap_or(0);
        let mut text = String::from("\n");
        for step in &self.taken {
            let end = match step.end {
                End::Ok => "ok    ",
                End::Failed => "failed",
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{end}  {:width$}  {:>7.1} s", step.name, step.time.as_secs_f64());
        }
        let end = if self.all_ok() { "ok" } else { "failed" };
        let _ = writeln!(text, "\ncargo xtask {chore}: {end}, {:.1} s", time.as_secs_f64());
        text
    }
}

/// How a command ended; says why where it did not end well.
fn ended(name: &str, status: std::io::Result<ExitStatus>) -> End {
    match status {
        Ok(status) if status.success() => End::Ok,
        Ok(status) => {
            println!("{name}: {status}");
            End::Failed
        }
        Err(error) => {
            println!("{name} could not be started: {error}");
            End::Failed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none_taken() -> Steps {
        Steps { root: PathBuf::from("."), started: Instant::now(), taken: Vec::new() }
    }

    #[test]
    fn a_failed_step_does_not_stop_the_next_and_fails_the_whole() {
        let mut steps = none_taken();
        steps.step("first", |_| End::Failed);
        let mut reached = false;
        steps.step("second", |_| {
            reached = true;
            End::Ok
        });
        assert!(reached);
        assert!(!steps.all_ok());
        let text = steps.closing("test", Duration::from_millis(1500));
        assert!(text.contains("failed  first "), "{text}");
        assert!(text.contains("ok      second "), "{text}");
        assert!(text.ends_with("cargo xtask test: failed, 1.5 s\n"), "{text}");
    }

    #[test]
    fn steps_that_all_went_well_are_ok() {
        let mut steps = none_taken();
        steps.step("only", |_| End::Ok);
        assert!(steps.all_ok());
        assert!(steps.closing("tidy", Duration::ZERO).ends_with("cargo xtask tidy: ok, 0.0 s\n"));
    }

    #[test]
    fn a_command_that_cannot_be_started_has_failed() {
        assert_eq!(ended("cargo", Err(std::io::ErrorKind::NotFound.into())), End::Failed);
        assert_eq!(ended("cargo", Ok(ExitStatus::default())), End::Ok);
    }
}
