//! `openward standing`: a case file and a law in, and out how each person in it stands.
//!
//! Here the question is put together; `text` and its siblings say the answer. Deliberately absent: the answer itself
//! (`openward_law::standing`).

mod authority;
mod brief;
pub(crate) mod ends;
mod findings;
mod later;
mod missing;
mod next;
mod owed;
mod text;
mod timeline;
mod why;

pub(crate) use authority::{authority_in_words, entry_in_full};
pub(crate) use findings::{is_slip, kind, unread_counts};
use text::whole;
pub(crate) use text::{Subject, closing, ending, in_full};

use jiff::Timestamp;
use openward_law::casefile::{CaseFile, FileEntries};
use openward_law::engine::{Context, Law};
use openward_law::pack::{Commencements, nearest};
use openward_law::standing::{Authority, Question, Reach, Standing, laws_of, standing, zone_of_file};
use openward_law::time::Zone;

use crate::args::{FailOn, Format, Standing as Asked};
use crate::failure::Failure;
use crate::input;
use crate::packs::{Library, Packs};
use crate::page::{Console, clean};
use crate::words;

/// Answers the call.
pub(crate) fn run(asked: &Asked, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let (name, why) = case_and_why(asked)?;
    let commence = commencements(&asked.commence)?;
    let case = input::case_file(name)?;
    let files = files(&case, asked.file.as_deref())?;
    let now = input::now();
    let mut library = Library::open(packs, commence)?;
    let mut wanted = Vec::new();
    for file in files {
        for (law, reach) in laws(&case, file, asked.law.as_deref(), packs)? {
            library.fetch(&law)?;
            wanted.push((file, law, reach));
        }
    }
    let mut shown = Vec::new();
    for (file, law, reach) in &wanted {
        shown.push(one(&case, file, library.law(law)?, *reach, &library.benchmark, asked, now)?);
    }
    match asked.format {
        Format::Json => print_json(&shown, console)?,
        Format::Text if asked.brief => {
            let mut page = console.page();
            shown.iter().for_each(|subject| brief::line(&mut page, subject));
            console.show(&page)?;
        }
        Format::Text => print_text(&shown, why, console)?,
    }
    let breaches: Vec<String> = shown.iter().flat_map(breaches).collect();
    match asked.fail_on {
        Some(FailOn::Breach) if !breaches.is_empty() => Err(Failure::Breach(breaches)),
        Some(FailOn::Breach) | None => Ok(()),
    }
}

/// What `--why` asks for: everything, or one provision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why<'a> {
    /// Not asked.
    No,
    /// Every date and order.
    Everything,
    /// One provision.
    Of(&'a str),
}

/// The case file and what `--why` asks for. `--why` takes the next word as a provision, so a lone word after it is the case file.
fn case_and_why(asked: &Asked) -> Result<(&str, Why<'_>), Failure> {
    match (&asked.casefile, &asked.why) {
        (Some(case), None) => Ok((case, Why::No)),
        (Some(case), Some(None)) => Ok((case, Why::Everything)),
        (Some(case), Some(Some(provision))) => Ok((case, Why::Of(provision))),
        (None, Some(Some(case))) => Ok((case, Why::Everything)),
        (None, None | Some(None)) => {
            Err(Failure::call("name a case file, or `-` for the standard input. `openward standing --help` says more."))
        }
    }
}

/// The days given with `--commence`.
fn commencements(given: &[String]) -> Result<Commencements, Failure> {
    let mut all = Commencements::new();
    for text in given {
        let wrong = || Failure::call(format!("--commence {text}: write AMENDMENT=DATE, for example mha-2025=2027-01-01"));
        let (name, day) = text.split_once('=').ok_or_else(wrong)?;
        all.insert(name.to_owned(), day.parse().map_err(|_| wrong())?);
    }
    Ok(all)
}

/// The files of the people asked about.
fn files<'c>(case: &'c CaseFile, wanted: Option<&str>) -> Result<Vec<&'c FileEntries>, Failure> {
    let people: Vec<&FileEntries> = case.person_files().collect();
    let ids = || people.iter().map(|file| file.id.as_str());
    if people.is_empty() {
        return Err(Failure::content("the case file holds no file about a person; their ids begin with per_"));
    }
    let Some(wanted) = wanted else { return Ok(people) };
    match people.iter().find(|file| file.id == wanted) {
        Some(file) => Ok(vec![file]),
        None => {
            let near = nearest(wanted, ids()).map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
            Err(Failure::call(format!(
                "--file {wanted}: the case file holds no such person.{near} It holds: {}",
                ids().collect::<Vec<_>>().join(", ")
            )))
        }
    }
}

/// The laws of a person's file: that of the call, else the header's, else those of the facilities it names.
fn laws(case: &CaseFile, file: &FileEntries, asked: Option<&str>, packs: &Packs) -> Result<Vec<(String, Reach)>, Failure> {
    if let Some(law) = asked.or(case.header.law.as_deref()) {
        return Ok(vec![(law.to_owned(), Reach::All)]);
    }
    let found = laws_of(case, file);
    if found.is_empty() {
        return Err(Failure::call(format!(
            "no law is named for {}: say --law PACK, or let the case file's header or the facility's file name one. There are: {}",
            clean(&file.id),
            packs.laws().join(", ")
        )));
    }
    Ok(found.into_iter().map(|law| (law, Reach::ByPlace)).collect())
}

/// The standing of one person under one law.
fn one<'a>(
    case: &CaseFile,
    file: &'a FileEntries,
    law: &'a Law,
    reach: Reach,
    benchmark: &'a Law,
    asked: &Asked,
    now: Timestamp,
) -> Result<Subject<'a>, Failure> {
    let anywhen = Question { law, benchmark: Some(benchmark), at: now, known_at: None, reach };
    let zone = zone_of_file(case, file, &Context::of(case, None), anywhen);
    let at = asked.at.as_deref().map_or(Ok(now), |text| input::instant("--at", text, &zone))?;
    let known_at = asked.known_at.as_deref().map(|text| input::instant("--known-at", text, &zone)).transpose()?;
    let question = Question { at, known_at, ..anywhen };
    // Only the whole page says what changes next.
    if asked.format == Format::Text && !asked.brief {
        with_next(case, file, law, question, zone)
    } else {
        of(case, file, law, question, zone)
    }
}

/// The same with the standing at the next change.
pub(crate) fn with_next<'a>(
    case: &CaseFile,
    file: &'a FileEntries,
    law: &'a Law,
    question: Question<'_>,
    zone: Zone,
) -> Result<Subject<'a>, Failure> {
    let subject = of(case, file, law, question, zone.clone())?;
    let Some(next) = subject.standing.next_change_at.as_ref().and_then(|next| next.parse().ok()) else { return Ok(subject) };
    let then = of(case, file, law, Question { at: next, ..question }, zone)?.standing;
    Ok(Subject { next: Some(then), ..subject })
}

/// The standing of one person's file, with what is needed to say it.
pub(crate) fn of<'a>(
    case: &CaseFile,
    file: &'a FileEntries,
    law: &'a Law,
    question: Question<'_>,
    zone: Zone,
) -> Result<Subject<'a>, Failure> {
    let standing = standing(case, file, question)
        .map_err(|bad| Failure::Content(bad.iter().map(|bad| format!("{}, entry {}: {}", file.id, bad.n, bad.why)).collect()))?;
    Ok(Subject { standing, law, file, zone, next: None })
}

/// Each breach a standing shows. Held with no authority, or with none shown, raises the same alarm as a breach.
fn breaches(subject: &Subject<'_>) -> Vec<String> {
    let standing = &subject.standing;
    let unfounded = standing.held.answer == "yes" && matches!(standing.authority, Authority::None { .. } | Authority::NotShown { .. });
    let authority = unfounded.then(|| format!("held, and authority is: {}", authority_in_words(subject)));
    let duties = standing.duties.iter().filter(|duty| duty.breach);
    let duties =
        duties.map(|duty| format!("{} ({}), {}", words::unstopped(&duty.title), words::section(&duty.section), words::plain(&duty.state)));
    let findings = standing.findings.iter().filter(|finding| finding.breach);
    let findings = findings.map(|finding| {
        format!("{}: {} ({}), entry {}", kind(finding), words::unstopped(&finding.title), words::section(&finding.section), finding.entry.n)
    });
    authority.into_iter().chain(duties).chain(findings).map(|text| format!("{}: {text}", standing.file)).collect()
}

/// One standing as an object; several as a list.
fn print_json(shown: &[Subject<'_>], console: &mut Console) -> Result<(), Failure> {
    let standings: Vec<&Standing> = shown.iter().map(|subject| &subject.standing).collect();
    let pretty = console.is_terminal();
    let text = match standings.as_slice() {
        [one] => json(one, pretty),
        many => json(&many, pretty),
    };
    let text = text.map_err(|error| Failure::Machine(format!("the standing cannot be written as JSON: {error}")))?;
    console.print_json(&format!("{text}\n"))
}

fn json(value: &impl serde::Serialize, pretty: bool) -> serde_json::Result<String> {
    if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) }
}

fn print_text(shown: &[Subject<'_>], why: Why<'_>, console: &mut Console) -> Result<(), Failure> {
    for (number, subject) in shown.iter().enumerate() {
        let mut page = console.page();
        if number > 0 {
            page.put(0, if page.is_ascii() { "-" } else { "─" }.repeat(page.width()));
        }
        match why {
            Why::Of(provision) => why::one(&mut page, subject, provision)?,
            Why::Everything => in_full(&mut page, subject),
            Why::No => {
                whole(&mut page, subject);
                closing(&mut page, subject);
            }
        }
        console.show(&page)?;
    }
    Ok(())
}
