//! What can be wrong with a case file: one registry of codes, and the problem as it is shown.
//!
//! Codes are never reused and never change their meaning. Deliberately absent: the finding of problems, and what was
//! written in a free text, which no message repeats.

use super::limits::{PROBLEMS_COUNTED_MAX, PROBLEMS_MAX};
use std::fmt;

macro_rules! codes {
    ($( $variant:ident $id:literal $sentence:literal $advice:literal; )*) => {
        /// The stable code of a problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $( #[doc = $sentence] $variant ),* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The code as it is printed.
            pub const fn id(self) -> &'static str { match self { $(Code::$variant => $id),* } }

            /// What is wrong, in one plain sentence.
            pub const fn sentence(self) -> &'static str { match self { $(Code::$variant => $sentence),* } }

            /// What to do about it, where the problem itself does not know better.
            pub const fn advice(self) -> &'static str { match self { $(Code::$variant => $advice),* } }
        }
    };
}

codes! {
    NoEntries "OW-CASE-001" "The case file holds no entry."
        "Write one JSON object a line, for example {\"file\":\"per_ada\",\"at\":\"2024-03-01\",\"fact\":\"admitted\",\"under\":\"informal\"}.";
    NotUtf8 "OW-CASE-002" "The input is not UTF-8 text." "Save the file as UTF-8.";
    TooManyLines "OW-CASE-003" "The input has too many lines." "Split the case file; the lines from here on were not read.";
    LineTooLong "OW-CASE-004" "The line is too long." "Shorten its texts, or keep them as documents outside the case file.";
    NotJson "OW-CASE-005" "The line is not JSON." "Write one whole JSON object on this one line.";
    NotAnObject "OW-CASE-006" "The line is JSON but not an object." "Put the entry's fields between { and }.";
    DuplicateKey "OW-CASE-007" "A key stands twice in one object." "Keep the one that is meant.";
    WrongHeader "OW-CASE-008" "The header does not say that this is a case file." "Write {\"openward\":\"case-file\",\"version\":1}.";
    WrongVersion "OW-CASE-009" "This version of the case-file format cannot be read." "Write \"version\":1, or use a reader of that version.";
    MisplacedHeader "OW-CASE-010" "A header stands after the first line."
        "Keep case files apart, each with its header first. To put them into one, write its own \"file\" into each entry, then leave the later headers out.";
    UnknownField "OW-CASE-011" "No such field is known." "Correct the name, or leave the field out.";
    FieldNotOfFact "OW-CASE-012" "The field does not belong to this fact." "Leave the field out, or choose the fact that is meant.";
    MissingField "OW-CASE-013" "A field is missing." "Add the field.";
    WrongType "OW-CASE-014" "The value is of the wrong type." "Write the value as expected; leave the field out if nothing is known.";
    UnknownFact "OW-CASE-015" "No such fact is known." "Use a fact of the registry; `openward schema entry` prints them all.";
    UnknownOrigin "OW-CASE-016" "No such origin is known." "Use one of the expected words.";
    UnknownFileKind "OW-CASE-017" "The file's prefix is not known." "Begin the id with the prefix of what the file is about.";
    WrongId "OW-CASE-018" "The id is not well formed." "After the prefix use only small letters a to z, digits, hyphens and underscores.";
    WrongWord "OW-CASE-019" "The word is not well formed." "Use small letters a to z and digits, with single hyphens between them.";
    WrongParagraph "OW-CASE-020" "The name of the order or paragraph is not well formed." "Write it as the law pack does, without spaces.";
    WrongTime "OW-CASE-021" "The time cannot be read." "Write a date, or a date and time.";
    WrongDate "OW-CASE-022" "The date cannot be read." "Write year, month and day, and check that the day exists.";
    FarDate "OW-CASE-023" "The year is too far away." "Check the year.";
    WrongLength "OW-CASE-024" "The length cannot be read." "Write a whole number and a unit.";
    WrongZone "OW-CASE-025" "No such time zone is known." "Use a name of the IANA time-zone database.";
    WrongInstant "OW-CASE-026" "The moment of recording cannot be read." "Write date, time and offset; the register always knows all three.";
    Empty "OW-CASE-027" "The value is empty." "Leave the field out if nothing is known.";
    TooManyItems "OW-CASE-028" "The list is too long." "Split the entry.";
    TextTooLong "OW-CASE-029" "The text is too long." "Shorten it, or keep it as a document outside the case file.";
    ControlCharacter "OW-CASE-030" "The text holds a control character." "Remove it; line breaks and tabs are allowed in free texts.";
    UnknownCorrection "OW-CASE-031" "No such kind of correction is known." "Use one of the expected words.";
    WrongNumber "OW-CASE-032" "The entry number is out of range." "Number the entries of each file 1, 2, 3 and so on.";
    PartlyNumbered "OW-CASE-033" "Some entries of the file have a number and some have none." "Number all entries of the file, or none.";
    NumberTwice "OW-CASE-034" "Two entries of one file have the same number." "Give each entry its own number.";
    NumberGap "OW-CASE-035" "An entry number is left out." "Add what is missing, or renumber; entries are never removed from a file.";
    NoSuchEntry "OW-CASE-036" "The entry named does not exist in this file." "Name an entry of the same file by its number.";
    NamesItself "OW-CASE-037" "The entry names itself." "Name another entry of the same file.";
    CorrectsLater "OW-CASE-038" "A correction must come after the entry it corrects." "Let the later entry correct the earlier one.";
    RecordedBackwards "OW-CASE-039" "The entry is recorded before the entry it follows." "Check both moments of recording, or the order of the numbers.";
    WrongFileForFact "OW-CASE-040" "The fact does not belong in this kind of file." "Put the entry in the file of whom or what it is about.";
    TooManyEntries "OW-CASE-041" "The file has too many entries." "Check whether one file was used for several people.";
    MoreProblems "OW-CASE-099" "There are more problems." "Mend these first, then read the case file again.";
}

/// One thing that is wrong with a case file, with all that is known of where, what and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub code: Code,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1, where it is known.
    pub column: Option<usize>,
    /// The field, such as `to[2]` or `corrects.n`.
    pub field: Option<String>,
    /// The file's id, where it is known.
    pub file: Option<String>,
    /// The entry's number, where it is known.
    pub n: Option<u32>,
    /// What was found. Free texts are never repeated here.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// The nearest valid word, where one is near enough.
    pub nearest: Option<String>,
    /// What to do.
    pub advice: String,
}

impl Problem {
    pub(super) fn new(code: Code, line: usize, found: impl Into<String>, expected: impl Into<String>) -> Problem {
        Problem {
            code,
            line,
            column: None,
            field: None,
            file: None,
            n: None,
            found: found.into(),
            expected: expected.into(),
            nearest: None,
            advice: code.advice().to_owned(),
        }
    }

    /// The problem with the field it is about.
    pub(super) fn in_field(mut self, field: impl Into<String>) -> Problem {
        self.field = Some(field.into());
        self
    }

    /// The problem with the file and entry it is about.
    pub(super) fn in_entry(mut self, file: &str, n: Option<u32>) -> Problem {
        self.file = Some(file.to_owned());
        self.n = n;
        self
    }
}

impl fmt::Display for Problem {
    /// Prints the problem over several lines, without one at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {} {}", self.code.id(), self.code.sentence())?;
        let entry = self.n.map(|n| format!("entry {n}"));
        let field = self.field.as_ref().map(|field| format!("field `{field}`"));
        let place: Vec<String> = [self.file.clone(), entry, field].into_iter().flatten().collect();
        if !place.is_empty() {
            write!(f, "\n  in:       {}", place.join(", "))?;
        }
        write!(f, "\n  found:    {}\n  expected: {}", self.found, self.expected)?;
        if let Some(nearest) = &self.nearest {
            write!(f, "\n  nearest:  `{nearest}`")?;
        }
        write!(f, "\n  do:       {}", self.advice)
    }
}

impl std::error::Error for Problem {}

/// Collects problems and keeps the first in line order, so that a hostile input cannot fill the memory with them.
#[derive(Debug, Default)]
pub(super) struct Problems {
    kept: Vec<Problem>,
    dropped: usize,
}

impl Problems {
    pub(super) fn push(&mut self, problem: Problem) {
        self.kept.push(problem);
        if self.kept.len() >= 4 * PROBLEMS_MAX {
            self.cut();
        }
    }

    /// Whether there are so many that reading on is of no use.
    pub(super) fn are_enough(&self) -> bool {
        self.dropped + self.kept.len() >= PROBLEMS_COUNTED_MAX
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The first problems in line order; a last one says how many more there are.
    /// `stopped_at` is the first line that was not read for them, if any.
    pub(super) fn finish(mut self, stopped_at: Option<usize>) -> Vec<Problem> {
        self.cut();
        if self.dropped > 0 {
            let line = self.kept.last().map_or(1, |problem| problem.line);
            let unread = stopped_at.map(|line| format!("; from line {line} on nothing was read")).unwrap_or_default();
            let found = format!("and {} more{unread}", self.dropped);
            let expected = format!("no problem at all; the first {PROBLEMS_MAX} are shown");
            self.kept.push(Problem::new(Code::MoreProblems, line, found, expected));
        }
        self.kept
    }

    fn cut(&mut self) {
        // A stable sort keeps the order in which the problems of one line were found.
        self.kept.sort_by_key(|problem| problem.line);
        self.dropped += self.kept.len().saturating_sub(PROBLEMS_MAX);
        self.kept.truncate(PROBLEMS_MAX);
    }
}
