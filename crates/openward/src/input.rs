//! What is read from outside: case files, and the times of the call.
//!
//! Here, and only here, the clock is read. Deliberately absent: what is in a case file (`openward_law::casefile`).

use std::io::Read;

use jiff::Timestamp;
use openward_law::casefile::{CaseFile, limits};
use openward_law::time::{When, Zone};

use crate::failure::{Failure, machine_words};

/// A case file larger than this is refused unread: it could hold no more entries than the reader takes.
const BYTES_MAX: u64 = 512 << 20;

/// Reads the case file of that name; `-` is the standard input.
pub(crate) fn case_file(name: &str) -> Result<CaseFile, Failure> {
    let said = if name == "-" { "the standard input" } else { name };
    let mut bytes = Vec::new();
    let read = if name == "-" {
        std::io::stdin().lock().take(BYTES_MAX + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(name).and_then(|file| file.take(BYTES_MAX + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::Machine(format!("{said} cannot be read: {}", machine_words(&error))))?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(Failure::content(format!("{said} is larger than {} MiB; split it", BYTES_MAX >> 20)));
    }
    parse(said, &bytes)
}

/// Reads a case file from its bytes.
pub(crate) fn parse(name: &str, bytes: &[u8]) -> Result<CaseFile, Failure> {
    CaseFile::read_bytes(bytes).map_err(|problems| Failure::Content(problems.iter().map(|problem| format!("{name}, {problem}")).collect()))
}

/// A time of the call in the zone of the case; a date alone is its first instant.
pub(crate) fn instant(option: &str, text: &str, zone: &Zone) -> Result<Timestamp, Failure> {
    let wrong = |why: String| Failure::call(format!("{option} {text}: {why}"));
    let when = When::parse(text).map_err(|error| wrong(reason(text, &error.to_string())))?;
    if !limits::YEARS.contains(&when.written_day().year()) {
        return Err(wrong(far()));
    }
    when.moment(zone).map(|moment| moment.earliest()).map_err(|error| wrong(error.to_string()))
}

/// Why a time cannot be read, and what it may be: a year of more than four digits is only too far away.
fn reason(text: &str, why: &str) -> String {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    if digits > 4 && text.chars().nth(digits) == Some('-') { far() } else { why.to_owned() }
}

fn far() -> String {
    format!("the year is too far away; write a year from {} to {}", limits::YEARS.start(), limits::YEARS.end())
}

/// Now, to the second: what a person would say.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}
