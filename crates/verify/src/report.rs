//! What a check found, in plain words: proved, not proved, wrong.
//!
//! Deliberately absent: a verdict in one word. Who reads it must see what was not checked.

use std::fmt;

/// The exit codes of the program. They never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Everything that was asked for is proved.
    Proved = 0,
    /// Something is wrong.
    Wrong = 1,
    /// The command was not understood.
    Usage = 2,
    /// A file could not be read.
    Unreadable = 3,
    /// Nothing is wrong, but not everything that was asked for could be checked.
    Partly = 4,
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Report {
    proved: Vec<String>,
    missing: Vec<String>,
    not_proved: Vec<String>,
    failure: Option<(Exit, Vec<String>)>,
}

impl Report {
    pub(crate) const fn new() -> Self {
        Self { proved: Vec::new(), missing: Vec::new(), not_proved: Vec::new(), failure: None }
    }

    /// Something is wrong.
    pub(crate) fn wrong(what: impl fmt::Display) -> Self {
        Self { failure: Some((Exit::Wrong, vec![what.to_string()])), ..Self::new() }
    }

    /// Several things are wrong, or several files cannot be read.
    pub(crate) fn several(exit: Exit, what: Vec<String>) -> Self {
        Self { failure: Some((exit, what)), ..Self::new() }
    }

    /// A file could not be read.
    pub(crate) fn unreadable(what: impl fmt::Display) -> Self {
        Self { failure: Some((Exit::Unreadable, vec![what.to_string()])), ..Self::new() }
    }

    /// The command asks for what cannot be.
    pub(crate) fn usage(what: impl fmt::Display) -> Self {
        Self { failure: Some((Exit::Usage, vec![what.to_string()])), ..Self::new() }
    }

    pub(crate) fn prove(&mut self, what: impl Into<String>) {
        self.proved.push(what.into());
    }

    /// It was asked for and could not be checked.
    pub(crate) fn miss(&mut self, what: impl Into<String>) {
        self.missing.push(what.into());
    }

    /// No check of this kind can prove it, or it was not asked for.
    pub(crate) fn leave(&mut self, what: impl Into<String>) {
        self.not_proved.push(what.into());
    }

    pub(crate) fn exit(&self) -> Exit {
        match &self.failure {
            Some((exit, _)) => *exit,
            None if self.missing.is_empty() => Exit::Proved,
            None => Exit::Partly,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((exit, what)) = &self.failure {
            let head = match exit {
                Exit::Wrong => "WRONG",
                Exit::Unreadable => "Could not be checked",
                Exit::Proved | Exit::Usage | Exit::Partly => "Not understood",
            };
            let more = if *exit == Exit::Usage { "\nSee `openward-verify --help`." } else { "" };
            if let [one] = what.as_slice() {
                return writeln!(f, "{head}: {}{more}", shown(one));
            }
            writeln!(f, "{head}:")?;
            return what.iter().try_for_each(|one| writeln!(f, "- {}", shown(one)));
        }
        for (head, lines) in
            [("Proved", &self.proved), ("Asked for, and not checked", &self.missing), ("Not proved by this", &self.not_proved)]
        {
            if !lines.is_empty() {
                writeln!(f, "{head}:")?;
                lines.iter().try_for_each(|line| writeln!(f, "- {}", shown(line)))?;
            }
        }
        Ok(())
    }
}

/// A sentence on one line. Names of files and texts in them may come from anybody: what could move a terminal, begin a line that looks like
/// ours, or turn the direction of writing is shown as its number.
fn shown(line: &str) -> String {
    let moves = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let each = line.chars().map(|c| if moves(c) { c.escape_unicode().to_string() } else { c.to_string() });
    each.collect()
}
