//! The way in: from text to a [`CaseFile`], or to every problem it has.
//!
//! Nothing is half read: one problem anywhere, and there is no case file. Deliberately absent: the form of one line
//! (`line`, `values`) and what holds between lines (`check`).

use super::check::{check, entries};
use super::json::{Pairs, Raw, plainly};
use super::limits::{ENTRIES_PER_FILE_MAX, LINE_BYTES_MAX, LINES_MAX};
use super::line::{Draft, get, is_header, read_entry, read_file, read_header, too_many};
use super::problem::{Code, Problem, Problems};
use super::values::{Line, Spot};
use super::{CaseFile, FileEntries, Header};
use crate::entry::FileKind;
use std::collections::BTreeMap;

impl CaseFile {
    /// Reads a case file. A byte-order mark, blank lines and line ends of either kind are accepted.
    ///
    /// # Errors
    /// Every problem of the input in the order of its lines, up to a limit; the last then says how many more there are.
    /// An input with thousands of problems is not read to its end.
    /// What depends on a line that could not be read is not reported: numbers left out, for one, while a line is lost.
    pub fn read(text: &str) -> Result<CaseFile, Vec<Problem>> {
        let mut reading = Reading::default();
        reading.lines(text);
        reading.finish()
    }

    /// Reads a case file from bytes as [`CaseFile::read`] does from text.
    ///
    /// # Errors
    /// As [`CaseFile::read`]; bytes that are not UTF-8 are a problem of the line they stand in, and the only one reported.
    pub fn read_bytes(bytes: &[u8]) -> Result<CaseFile, Vec<Problem>> {
        match std::str::from_utf8(bytes) {
            Ok(text) => CaseFile::read(text),
            Err(error) => {
                let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                let byte = bytes.get(error.valid_up_to()).map_or("a cut character".to_owned(), |byte| format!("the byte 0x{byte:02X}"));
                Err(vec![Problem::new(Code::NotUtf8, line, byte, "UTF-8 text")])
            }
        }
    }
}

/// The entries of one file as far as they could be read.
#[derive(Debug)]
struct FileDrafts {
    kind: FileKind,
    drafts: Vec<Draft>,
    /// Whether the file had more entries than are kept.
    overfull: bool,
}

#[derive(Debug, Default)]
struct Reading {
    header: Header,
    /// The file of entries that name none.
    default_file: Option<(String, FileKind)>,
    files: BTreeMap<String, FileDrafts>,
    problems: Problems,
    /// Whether a line that is not blank was seen.
    begun: bool,
    /// Whether a line that is no header was seen.
    entry_seen: bool,
    /// Whether some entry's file is not known, so that no file can be told to be whole.
    lost: bool,
    /// Whether the first line could not be read: it may have been a header that named the file.
    header_lost: bool,
    /// The first line that was not read, as there were problems enough.
    stopped_at: Option<usize>,
}

impl Reading {
    fn lines(&mut self, text: &str) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, text) in text.lines().enumerate() {
            let line = Line { number: at + 1, text, file: None, n: None };
            if line.number > LINES_MAX {
                self.lost = true;
                self.problems.push(line.problem(Code::TooManyLines, format!("line {}", line.number), format!("at most {LINES_MAX} lines")));
                return;
            }
            if text.trim().is_empty() {
                continue;
            }
            if self.problems.are_enough() {
                self.lost = true;
                self.stopped_at = Some(line.number);
                return;
            }
            self.line(line);
            self.begun = true;
        }
    }

    fn line(&mut self, line: Line) {
        let Some(pairs) = self.pairs(line) else {
            self.lost = true;
            self.entry_seen = true;
            self.header_lost |= !self.begun;
            return;
        };
        if !is_header(&pairs) {
            self.entry_seen = true;
            self.entry(line, &pairs);
        } else if self.begun {
            self.problems.push(line.problem(Code::MisplacedHeader, "a header", "an entry").in_field("openward"));
        } else {
            let (header, file) = read_header(line, &pairs, &mut self.problems);
            self.header_lost = file.is_none() && get(&pairs, "file").is_some();
            self.header = header;
            self.default_file = file;
        }
    }

    /// The keys and values of a line, if it is an object.
    fn pairs<'t>(&mut self, line: Line<'t>) -> Option<Pairs<'t>> {
        if line.text.len() > LINE_BYTES_MAX {
            let found = format!("{} bytes", line.text.len());
            self.problems.push(line.problem(Code::LineTooLong, found, format!("at most {LINE_BYTES_MAX} bytes in one line")));
            return None;
        }
        match serde_json::from_str(line.text) {
            Ok(Raw::Object(pairs)) => Some(pairs),
            Ok(other) => {
                let problem = line.problem(Code::NotAnObject, other.shown(), "an object");
                let list = "Write the entries one a line, without [ ] around them and without commas between them.";
                let advice = if matches!(other, Raw::List(_)) { list } else { Code::NotAnObject.advice() };
                self.problems.push(Problem { advice: advice.to_owned(), ..problem });
                None
            }
            Err(error) => {
                self.problems.push(not_json(line, &error));
                None
            }
        }
    }

    fn entry(&mut self, line: Line, pairs: &Pairs) {
        let named = get(pairs, "file");
        let own = named.and_then(|(key, raw)| read_file(Spot::new(line, key), raw, &mut self.problems));
        let file = if named.is_some() { own.as_ref() } else { self.default_file.as_ref() };
        let Some((id, kind)) = file else {
            self.lost = true;
            if named.is_none() && !self.header_lost {
                let expected = "the id of the file, such as `per_ada`, here or in the header";
                self.problems.push(line.problem(Code::MissingField, "no `file`", expected).in_field("file"));
            }
            // The rest of the line is read all the same: its problems are reported with the others.
            read_entry(line, None, pairs, &mut self.problems);
            return;
        };
        let line = Line { file: Some(id), ..line };
        let draft = read_entry(line, Some(*kind), pairs, &mut self.problems);
        if !self.files.contains_key(id) {
            self.files.insert(id.clone(), FileDrafts { kind: *kind, drafts: Vec::new(), overfull: false });
        }
        let Some(file) = self.files.get_mut(id) else { return };
        if file.drafts.len() < ENTRIES_PER_FILE_MAX {
            file.drafts.push(draft);
        } else if !file.overfull {
            file.overfull = true;
            self.problems.push(too_many(line));
        }
    }

    fn finish(mut self) -> Result<CaseFile, Vec<Problem>> {
        if !self.entry_seen {
            let found = if self.begun { "a header and nothing else" } else { "an empty input" };
            self.problems.push(Problem::new(Code::NoEntries, 1, found, "at least one entry"));
        }
        for (id, file) in &self.files {
            check(id, &file.drafts, !self.lost && !file.overfull, &mut self.problems);
        }
        if !self.problems.is_empty() {
            return Err(self.problems.finish(self.stopped_at));
        }
        let files = self.files.into_iter().map(|(id, file)| {
            let entries = entries(&id, file.drafts);
            FileEntries { id, kind: file.kind, entries }
        });
        Ok(CaseFile { header: self.header, files: files.collect() })
    }
}

fn not_json(line: Line, error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or_default().to_owned();
    let found = plainly(&message, error.is_eof());
    let advice = if error.is_eof() {
        "Close the object on this line; an entry may not run over several lines."
    } else if message == "trailing characters" {
        "Write one entry a line, with nothing after its closing }."
    } else {
        Code::NotJson.advice()
    };
    let column = line.text.get(..error.column()).map_or(error.column(), |before| before.chars().count());
    Problem { column: Some(column), advice: advice.to_owned(), ..line.problem(Code::NotJson, found, "one JSON object") }
}
