//! Reading texts line by line, strictly: every error says on which line, what stands there, and what was expected.
//!
//! Deliberately absent: skipping, trimming, guessing. A text that is not exactly in its format is refused whole.

use std::fmt;

use crate::digest::NodeHash;
use crate::text;

/// A text that is not in its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The line, from 1.
    pub line: usize,
    /// What stands there, made safe to show; empty where the text ends.
    pub found: String,
    /// What was expected.
    pub expected: &'static str,
}

impl Malformed {
    pub(crate) fn new(line: usize, found: &str, expected: &'static str) -> Self {
        Self { line, found: text::shown(found), expected }
    }

    /// The same fault, in a text of which this one is a part that begins after so many lines.
    pub(crate) fn after(mut self, lines: usize) -> Self {
        self.line += lines;
        self
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OW-SEAL-030 line {}: found `{}`, expected {}", self.line, self.found, self.expected)
    }
}

impl std::error::Error for Malformed {}

/// A place in a text.
pub(crate) struct Lines<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Lines<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { rest: text, line: 0 }
    }

    /// The number of the line that was read last.
    pub(crate) const fn line(&self) -> usize {
        self.line
    }

    /// What was not read yet.
    pub(crate) const fn rest(&self) -> &'a str {
        self.rest
    }

    /// The next line without its end; an error where there is none, or where its end is missing.
    pub(crate) fn next(&mut self, expected: &'static str) -> Result<&'a str, Malformed> {
        self.line += 1;
        let (line, rest) = self.rest.split_once('\n').ok_or_else(|| Malformed::new(self.line, self.rest, expected))?;
        self.rest = rest;
        Ok(line)
    }

    /// The next line, not moving on.
    pub(crate) fn peek(&self) -> Option<&'a str> {
        self.rest.split_once('\n').map(|(line, _)| line)
    }

    /// An error about the line that was read last.
    pub(crate) fn wrong(&self, found: &str, expected: &'static str) -> Malformed {
        Malformed::new(self.line, found, expected)
    }

    /// A line that must be this one.
    pub(crate) fn exactly(&mut self, line: &str, expected: &'static str) -> Result<(), Malformed> {
        let found = self.next(expected)?;
        if found == line { Ok(()) } else { Err(self.wrong(found, expected)) }
    }

    /// What follows a word and a space.
    pub(crate) fn after(&mut self, word: &str, expected: &'static str) -> Result<&'a str, Malformed> {
        let line = self.next(expected)?;
        line.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')).ok_or_else(|| self.wrong(line, expected))
    }

    /// The end of the text.
    pub(crate) fn end(&self, expected: &'static str) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed::new(self.line + 1, self.rest.lines().next().unwrap_or(""), expected)) }
    }

    /// Hashes in base64, one a line, up to an empty line, which is read too.
    pub(crate) fn hashes(&mut self) -> Result<Vec<NodeHash>, Malformed> {
        const EXPECTED: &str = "a hash in base64, or an empty line";
        let mut hashes = Vec::new();
        loop {
            let line = self.next(EXPECTED)?;
            if line.is_empty() {
                return Ok(hashes);
            }
            if hashes.len() == crate::merkle::PROOF_MAX {
                return Err(self.wrong(line, "an empty line: no proof has more than 63 hashes"));
            }
            hashes.push(NodeHash::from_base64(line).ok_or_else(|| self.wrong(line, EXPECTED))?);
        }
    }
}

/// The text of these bytes, or where they are no text.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        Malformed::new(line, "", "UTF-8 text")
    })
}
