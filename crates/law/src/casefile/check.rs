//! What holds between the entries of one file: numbers, entries that name others, and the order of recording.
//!
//! Deliberately absent: anything between two files. An entry may name a file that this case file does not hold.

use super::line::{Draft, Number};
use super::problem::{Code, Problem, Problems};
use crate::entry::Entry;

/// A draft under its number, given or counted.
struct Numbered<'d> {
    n: u32,
    draft: &'d Draft,
}

impl Numbered<'_> {
    fn problem(&self, id: &str, code: Code, found: impl Into<String>, expected: impl Into<String>) -> Problem {
        Problem::new(code, self.draft.line, found, expected).in_entry(id, Some(self.n))
    }
}

/// Reports what is wrong between the entries of a file. `whole` says that no line of the file was lost in reading;
/// where one was, nothing can be said about numbers that nobody carries.
pub(super) fn check(id: &str, drafts: &[Draft], whole: bool, problems: &mut Problems) {
    let absent = drafts.iter().filter(|draft| draft.n == Number::Absent).count();
    let counted = absent == drafts.len();
    if absent > 0 && !counted {
        report_partly(id, drafts, absent, problems);
        return;
    }
    let mut numbered: Vec<Numbered> = drafts.iter().zip(1..).filter_map(|(draft, place)| number(draft, place)).collect();
    numbered.sort_by_key(|entry| entry.n);
    report_backwards(id, &numbered, problems);
    let whole = whole && numbered.len() == drafts.len();
    // Counted numbers shift with every lost line, so that no entry knows its own.
    if counted && !whole {
        return;
    }
    report_twice(id, &numbered, problems);
    if whole {
        report_gaps(id, &numbered, problems);
    }
    for entry in &numbered {
        report_named(id, entry, whole.then_some(&numbered), problems);
    }
}

/// The entries of a file that has no problem, sorted by number.
pub(super) fn entries(id: &str, drafts: Vec<Draft>) -> Vec<Entry> {
    let numbered = drafts.into_iter().zip(1..).filter_map(|(draft, place)| {
        let n = number(&draft, place)?.n;
        draft.into_entry(id, n)
    });
    let mut entries: Vec<Entry> = numbered.collect();
    entries.sort_by_key(|entry| entry.n);
    entries
}

fn number(draft: &Draft, place: u32) -> Option<Numbered<'_>> {
    match draft.n {
        Number::Absent => Some(Numbered { n: place, draft }),
        Number::Given(n) => Some(Numbered { n, draft }),
        Number::Unreadable => None,
    }
}

fn report_partly(id: &str, drafts: &[Draft], absent: usize, problems: &mut Problems) {
    let line = drafts.iter().find(|draft| draft.n == Number::Absent).map_or(1, |draft| draft.line);
    let found = format!("{absent} of {} entries without a number; this is the first", drafts.len());
    let problem = Problem::new(Code::PartlyNumbered, line, found, "a number on every entry of the file, or on none");
    problems.push(problem.in_entry(id, None).in_field("n"));
}

fn report_backwards(id: &str, numbered: &[Numbered], problems: &mut Problems) {
    let mut recorded = numbered.iter().filter_map(|entry| entry.draft.recorded.map(|at| (entry, at)));
    let Some(mut before) = recorded.next() else { return };
    for (entry, at) in recorded {
        let (earlier, earlier_at) = before;
        if at < earlier_at {
            let expected = format!("{earlier_at} or later, when entry {} in line {} was recorded", earlier.n, earlier.draft.line);
            problems.push(entry.problem(id, Code::RecordedBackwards, format!("{at}"), expected).in_field("recorded"));
        }
        // Compared with its neighbour only: one wrong moment is reported once.
        before = (entry, at);
    }
}

fn report_twice(id: &str, numbered: &[Numbered], problems: &mut Problems) {
    for pair in numbered.windows(2) {
        if let [first, second] = pair
            && first.n == second.n
        {
            let found = format!("{}, which line {} has already", second.n, first.draft.line);
            problems.push(second.problem(id, Code::NumberTwice, found, "a number of its own").in_field("n"));
        }
    }
}

fn report_gaps(id: &str, numbered: &[Numbered], problems: &mut Problems) {
    let mut next = 1;
    for entry in numbered {
        if entry.n > next {
            let last = entry.n - 1;
            let left_out = if last == next { format!("no entry {next}") } else { format!("no entries {next} to {last}") };
            let problem = entry.problem(id, Code::NumberGap, left_out, format!("entry {next} before entry {}", entry.n));
            problems.push(problem.in_field("n"));
        }
        next = entry.n + 1;
    }
}

/// Reports wrong numbers of other entries. `all` are the entries of the file, where they are known to be all.
fn report_named(id: &str, entry: &Numbered, all: Option<&Vec<Numbered>>, problems: &mut Problems) {
    let Draft { details, corrects_n, .. } = entry.draft;
    let named = [("on", details.on.as_slice()), ("of", details.of.as_slice()), ("corrects.n", corrects_n.as_slice())];
    for (field, numbers) in named {
        for (at, &n) in numbers.iter().enumerate() {
            let path = if numbers.len() > 1 { format!("{field}[{}]", at + 1) } else { field.to_owned() };
            let missing = all.is_some_and(|all| all.binary_search_by_key(&n, |entry| entry.n).is_err());
            let problem = if n == entry.n {
                entry.problem(id, Code::NamesItself, format!("{n}, the entry's own number"), "the number of another entry")
            } else if missing {
                let last = all.and_then(|all| all.last()).map_or(1, |entry| entry.n);
                entry.problem(id, Code::NoSuchEntry, format!("the number {n}"), format!("a number of this file, from 1 to {last}"))
            } else if field == "corrects.n" && n > entry.n {
                entry.problem(id, Code::CorrectsLater, format!("the number {n}"), format!("a number below {}", entry.n))
            } else {
                continue;
            };
            problems.push(problem.in_field(path));
        }
    }
}
