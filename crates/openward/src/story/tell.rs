//! Telling a case file from its first entry to what time brings after its last.
//!
//! At each moment only what was recorded by then counts, so the story knows no more than the register did.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use openward_law::casefile::{CaseFile, FileEntries};
use openward_law::engine::{Context, Law};
use openward_law::entry::{Entry, FileKind};
use openward_law::standing::{EntryShown, Question, Reach, Standing, zone_of_file};
use openward_law::time::Zone;

use super::changes;
use crate::failure::Failure;
use crate::page::{Console, Page, Text, Tone};
use crate::standing::{Subject, closing, ending, entry_in_full, of};

/// More moments than this are not told: a story is for reading.
const MOMENTS_MAX: usize = 400;
/// How long after the last entry the clocks are followed.
const AFTER_LAST: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Tells the story of each person in the case file.
pub(super) fn story(case: &CaseFile, law: &Law, benchmark: &Law, pace: Option<u8>, console: &mut Console) -> Result<(), Failure> {
    let context = Context::of(case, None);
    for file in case.person_files() {
        let anywhen = Question { law, benchmark: Some(benchmark), at: Timestamp::MIN, known_at: None, reach: Reach::ByPlace };
        let zone = zone_of_file(case, file, &context, anywhen);
        let arrivals = arrivals(case, file, &zone);
        let Some(mut now) = arrivals.keys().next().copied() else { continue };
        let end = arrivals.keys().next_back().map_or(now, |last| last.checked_add(AFTER_LAST).unwrap_or(*last));
        let mut before: Option<Standing> = None;
        let mut day = String::new();
        for _ in 0..MOMENTS_MAX {
            let question = Question { law, benchmark: Some(benchmark), at: now, known_at: Some(now), reach: Reach::ByPlace };
            let subject = of(case, file, law, question, zone.clone())?;
            let mut page = console.page();
            let today = subject.clock().weekday(now);
            let arrived = arrivals.get(&now).map_or(&[][..], Vec::as_slice);
            let found = changes::between(before.as_ref(), &subject);
            if today != day && !(arrived.is_empty() && found.is_empty()) {
                wait(pace);
                page.put(0, "");
                page.put(0, Text::new(&today, Tone::Strong));
                day = today;
            }
            moment(&mut page, &subject, now, arrived, &found);
            console.show(&page)?;
            let next = arrivals.range((std::ops::Bound::Excluded(now), std::ops::Bound::Unbounded)).next().map(|(at, _)| *at);
            let by_time = subject.standing.next_change_at.as_ref().and_then(|at| at.parse::<Timestamp>().ok()).filter(|at| *at <= end);
            let upcoming = next.into_iter().chain(by_time).min();
            match upcoming {
                Some(at) => {
                    before = Some(subject.standing);
                    now = at;
                }
                None => {
                    last_page(&subject, console)?;
                    break;
                }
            }
        }
    }
    Ok(())
}

/// The entries by the moment at which they came to the register: those of the person, and of others once the story has begun.
fn arrivals<'c>(case: &'c CaseFile, person: &'c FileEntries, zone: &Zone) -> BTreeMap<Timestamp, Vec<&'c Entry>> {
    let known = |entry: &Entry| entry.recorded.or_else(|| entry.at.moment(zone).ok().map(|moment| moment.earliest()));
    let mut found: BTreeMap<Timestamp, Vec<&Entry>> = BTreeMap::new();
    for entry in &person.entries {
        found.entry(known(entry).unwrap_or(Timestamp::MIN)).or_default().push(entry);
    }
    let first = found.keys().next().copied();
    for entry in case.files.iter().filter(|file| file.kind != FileKind::Person).flat_map(|file| &file.entries) {
        if let Some(at) = known(entry).filter(|at| first.is_some_and(|first| *at > first)) {
            found.entry(at).or_default().push(entry);
        }
    }
    found
}

fn wait(pace: Option<u8>) {
    if let Some(seconds) = pace {
        std::thread::sleep(Duration::from_secs(seconds.into()));
    }
}

/// One moment: what arrived, and what it changed.
fn moment(page: &mut Page, subject: &Subject<'_>, now: Timestamp, arrived: &[&Entry], found: &[changes::Change]) {
    let time = subject.clock().time(now);
    let mut label = time.as_str();
    for entry in arrived {
        page.beside(label, 7, fact(subject, entry));
        label = "";
        if let Some(note) = &entry.details.note {
            page.put(7, Text::new(note, Tone::Faint));
        }
    }
    if arrived.is_empty() && !found.is_empty() {
        page.beside(label, 7, Text::new("Nothing is recorded; the clock moves.", Tone::Faint));
    }
    for change in found {
        page.hang(
            9,
            11,
            Text::new(format!("{} ", if page.is_ascii() { ">" } else { "›" }), Tone::Faint)
                .and(&change.lead, change.tone)
                .then(&change.text),
        );
        if let Some(why) = &change.why {
            page.hang(11, 13, Text::new(format!("Why: {why}"), Tone::Faint));
        }
    }
}

/// What happened, in the words of the registry and of the law.
fn fact(subject: &Subject<'_>, entry: &Entry) -> Text {
    let shown = EntryShown { n: entry.n, fact: entry.fact.word().to_owned(), at: entry.at.to_string() };
    if entry.file != subject.file.id {
        let kind = entry.details.kind.as_deref().map(|kind| format!(": {}", subject.names().word(kind))).unwrap_or_default();
        return Text::from(format!("In the file of {}: {}{kind}.", entry.file, crate::words::plain(&shown.fact)));
    }
    let late = match entry.recorded {
        Some(_) => format!(" It happened on {}.", subject.clock().written(&shown.at)),
        None => String::new(),
    };
    Text::from(format!("{}.", entry_in_full(subject, &shown))).and(format!(" (entry {})", entry.n), Tone::Faint).then(late)
}

/// How it stands in the end.
fn last_page(subject: &Subject<'_>, console: &mut Console) -> Result<(), Failure> {
    let mut page = console.page();
    page.put(0, "");
    ending(&mut page, subject);
    closing(&mut page, subject);
    page.put(0, "");
    console.show(&page)
}
