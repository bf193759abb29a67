//! `--why`: the working of each date, and each need of each order, met or lacking.
//!
//! Deliberately absent: any counting. The sums are the engine's own (`EndShown::counted`); the needs are the pack's.

use jiff::civil::Date;
use openward_law::pack::{Need, heads};
use openward_law::standing::{EndShown, FlawShown, OrderShown, StretchShown};
use openward_law::time::When;

use super::authority::{entry_in_full, flaw_words};
use super::text::{Subject, closing, entry};
use super::{ends, findings};
use crate::failure::Failure;
use crate::names::suggestion;
use crate::page::{Page, Text, Tone};
use crate::words::{self, section};

/// A provision named in the call: `order.s2`, or `s2` of any kind.
struct Wanted<'w> {
    kind: Option<&'w str>,
    id: &'w str,
}

impl Wanted<'_> {
    fn is(&self, kind: &str, id: &str) -> bool {
        self.id == id && self.kind.is_none_or(|wanted| wanted == kind)
    }
}

/// The working of everything.
pub(super) fn everything(page: &mut Page, subject: &Subject<'_>) {
    page.heading("Why");
    say(page, subject, Extent::Dated, |_, _| true);
}

/// The working of one provision, and nothing else.
pub(super) fn one(page: &mut Page, subject: &Subject<'_>, provision: &str) -> Result<(), Failure> {
    let (kind, id) = provision.split_once('.').map_or((None, provision), |(kind, id)| (Some(kind), id));
    let wanted = Wanted { kind, id };
    let mut known = Vec::new();
    heads(&subject.law.pack, |head| known.push((head.kind.word(), head.id.as_str())));
    if !known.iter().any(|(kind, id)| wanted.is(kind, id)) {
        let near = suggestion(id, known.iter().map(|(_, id)| *id));
        return Err(Failure::call(format!("--why {provision}: the law {} has no such provision.{near}", subject.law.pack.id)));
    }
    let standing = &subject.standing;
    page.hang(
        0,
        2,
        Text::new(format!("Why: {provision}"), Tone::Strong).then(format!(
            " for {} at {}",
            standing.file,
            subject.clock().at(&standing.at)
        )),
    );
    findings::not_followed(page, subject);
    if say(page, subject, Extent::All, |kind, id| wanted.is(kind, id)) == 0 {
        page.put(2, "By then nothing on this file has raised it.");
    }
    closing(page, subject);
    Ok(())
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Orders, and whatever has a date.
    Dated,
    /// Also what has none.
    All,
}

/// Says what is wanted; how many things that were.
fn say(page: &mut Page, subject: &Subject<'_>, extent: Extent, wanted: impl Fn(&str, &str) -> bool) -> usize {
    let standing = &subject.standing;
    let mut said = 0;
    for order in standing.orders.iter().filter(|order| wanted("order", &order.order)) {
        said += 1;
        say_order(page, subject, order);
    }
    for duty in standing.duties.iter().filter(|duty| wanted("duty", &duty.duty) && (extent == Extent::All || duty.due.is_some())) {
        said += 1;
        titled(
            page,
            &duty.title,
            &duty.section,
            &format!("duty.{}, {}, raised by {}", duty.duty, words::plain(&duty.state), entry(&duty.raised_by)),
        );
        match &duty.due {
            Some(due) => counted(page, subject, "Due by", due),
            None => page.put(
                4,
                format!("As soon as can be; owed {}. There is no date to count.", subject.since(&duty.since, Some(&duty.raised_by))),
            ),
        }
    }
    for right in standing
        .entitlements
        .iter()
        .filter(|right| wanted("entitlement", &right.entitlement) && (extent == Extent::All || right.closes.is_some()))
    {
        said += 1;
        titled(
            page,
            &right.title,
            &right.section,
            &format!("entitlement.{}, {}, raised by {}", right.entitlement, words::plain(&right.state), entry(&right.raised_by)),
        );
        page.put(4, format!("Opens {}.", subject.at(&right.opens, Some(&right.raised_by))));
        match &right.closes {
            Some(closes) => counted(page, subject, "Closes at", closes),
            None => page.put(4, "It has no day on which it closes."),
        }
    }
    for named in standing.clocks.iter().filter(|named| wanted("clock", &named.clock)) {
        said += 1;
        titled(page, &named.title, &named.section, &format!("clock.{}", named.clock));
        page.put(4, format!("The day is {}, set by {}.", words::date(&named.day), entry(&named.set_by)));
    }
    for finding in standing.findings.iter().filter(|finding| {
        finding.provision.split_once('.').is_some_and(|(kind, id)| extent == Extent::All && kind != "order" && wanted(kind, id))
    }) {
        said += 1;
        titled(page, &finding.title, &finding.section, &format!("{}, {}", finding.provision, words::plain(&finding.finding)));
        page.put(4, format!("Found {}, by {}.", subject.at(&finding.at, Some(&finding.entry)), entry(&finding.entry)));
    }
    said
}

fn titled(page: &mut Page, title: &str, at: &str, about: &str) {
    page.hang(2, 4, Text::from(words::unstopped(title)).then(format!(" ({})", section(at))).and(format!("  {about}"), Tone::Faint));
}

/// A date and how it was reached, on both readings where there are two.
fn counted(page: &mut Page, subject: &Subject<'_>, lead: &str, end: &EndShown) {
    let clock = subject.clock();
    page.hang(4, 6, format!("{lead} {}.", clock.end(&end.until)));
    if let Some(sum) = &end.counted {
        page.hang(6, 8, Text::new("Counted ", Tone::Faint).then(format!("{}.", words::unstopped(sum))));
    }
    if let Some(other) = &end.or_until {
        page.hang(6, 8, format!("Or {}; the sum above is that of the earlier.", clock.end(other)));
    }
    if let Some(why) = ends::why_two(end) {
        page.hang(6, 8, format!("Two readings: {why}"));
    }
}

fn say_order(page: &mut Page, subject: &Subject<'_>, order: &OrderShown) {
    let measures = order.measures_only && order.state == "paused";
    let state = if measures { "measuring".to_owned() } else { words::plain(&order.state) };
    titled(page, &order.title, &order.section, &format!("order.{}, {state}", order.order));
    if order.measures_only {
        page.put(4, "It gives no authority at any time: it only measures a time from which something follows.");
    }
    for (number, stretch) in order.stretches.iter().enumerate() {
        if stretch.by_time {
            by_time(page, subject, stretch);
            continue;
        }
        let name = if number == 0 { "Began" } else { "Went on" };
        let from = subject.at(&stretch.from, Some(&stretch.by));
        page.hang(4, 6, format!("{name} {from}, by {} ({}).", entry(&stretch.by), section(&stretch.section)));
        // A stretch that an act brought may set another end than the one before it had.
        let later = order.stretches.iter().skip(number + 1).find(|later| !later.by_time);
        let cut = |end: &EndShown| later.is_some_and(|later| !ends::is_past(&end.until, &later.from));
        match &stretch.end {
            Some(end) if cut(end) => counted(page, subject, "Was to run until", end),
            Some(end) => counted(page, subject, lead(subject, order, end), end),
            None if later.is_some() => page.put(4, "Was to run until an act ended it."),
            None if order.state == "no-effect" => page.put(4, "Would have run until an act ended it."),
            None if order.measures_only => page.put(4, "Measures until an act ends it."),
            None => page.put(4, "Runs until an act ends it."),
        }
        needs(page, subject, order, stretch);
    }
    if let Some(ended) = &order.ended_at {
        page.hang(4, 6, format!("Ended by an act {}.", subject.at(ended, None)));
    }
    if let Some(failed) = &order.failed_at {
        page.hang(4, 6, format!("Without effect {}: a defect in it took its effect.", subject.since(failed, None)));
    }
}

/// A stretch that time alone brought: what became late, and what that does. Its needs and its end are those of the stretch before.
fn by_time(page: &mut Page, subject: &Subject<'_>, stretch: &StretchShown) {
    let clock = subject.clock();
    for flaw in &stretch.lacks {
        let duty = subject.standing.duties.iter().find(|duty| {
            duty.due.as_ref().is_some_and(|due| due.until == stretch.from) && flaw.entries.iter().any(|entry| entry.n == duty.raised_by.n)
        });
        let what = duty.map_or_else(String::new, |duty| format!(" `{}` was not done in time", words::unstopped(&duty.title)));
        let does = match flaw.defect.as_str() {
            "void" | "ends" => "without effect",
            "irregular" | "reason-wanted" => "irregular",
            _ => "contested",
        };
        let mended = flaw.mended_at.as_ref().map(|at| format!("; mended or settled {}", subject.at(at, None))).unwrap_or_default();
        let colon = if what.is_empty() { " by lateness" } else { ":" };
        page.hang(4, 6, format!("From {} {does}{colon}{what} ({}){mended}.", clock.at(&stretch.from), section(&flaw.section)));
    }
}

/// How the end of a stretch is spoken of: one of an order without effect never runs, and a past one ran.
fn lead(subject: &Subject<'_>, order: &OrderShown, end: &EndShown) -> &'static str {
    let past = ends::is_past(end.or_until.as_ref().unwrap_or(&end.until), &subject.standing.at);
    match order.state.as_str() {
        "no-effect" => "Without effect from its beginning; would have run until",
        "ended" | "failed" => "Was to run until",
        _ if order.measures_only && past => "Measured until",
        _ if order.measures_only => "Measures until",
        _ if past => "Ran until",
        _ => "Runs until",
    }
}

/// Each need of the order and of the papers it rests on.
fn needs(page: &mut Page, subject: &Subject<'_>, order: &OrderShown, stretch: &StretchShown) {
    let names = subject.names();
    let started = stretch.from.parse().ok().map_or(Date::ZERO, |from| subject.zone.day_of(from));
    let mut told: Vec<String> = Vec::new();
    let mut told_of = |of: &Asked<'_>, needs: &[Need]| told.extend(list(page, subject, stretch, needs, of));
    told_of(&Asked { by: None, name: "the order", section: &order.section }, names.needs_of_order(&order.order, started));
    for shown in &stretch.relies_on {
        let Some(entry) = subject.file.entries.iter().find(|entry| entry.n == shown.n) else { continue };
        let Some(paper) = entry.details.instrument.as_deref() else { continue };
        let day = When::parse(&shown.at).map_or(started, |when| when.written_day());
        let head = format!("entry {}, {}", shown.n, entry_in_full(subject, shown));
        told_of(&Asked { by: Some(shown.n), name: &head, section: &order.section }, names.needs_of_paper(paper, day));
    }
    for flaw in stretch.lacks.iter().filter(|flaw| !told.contains(&flaw.need)) {
        page.hang(6, 8, Text::new("lacking  ", Tone::Bad).then(flaw_words(subject, flaw)));
    }
}

/// Who asks: the order, or a paper.
struct Asked<'a> {
    /// The paper's entry.
    by: Option<u32>,
    name: &'a str,
    section: &'a str,
}

/// The needs of one paper, or of the order itself; the names of those that are lacking.
fn list(page: &mut Page, subject: &Subject<'_>, stretch: &StretchShown, needs: &[Need], of: &Asked<'_>) -> Vec<String> {
    let mut lacking = Vec::new();
    if needs.is_empty() {
        return lacking;
    }
    page.hang(4, 6, format!("Needs of {}:", of.name));
    for need in needs {
        let at = need.section.as_deref().unwrap_or(of.section);
        match stretch.lacks.iter().find(|flaw| flaw.need == need.id && flaw.section == at && concerns(flaw, of.by, stretch)) {
            Some(flaw) => {
                lacking.push(need.id.clone());
                page.hang(6, 15, Text::new("lacking  ", Tone::Bad).then(flaw_words(subject, flaw)));
            }
            None => {
                let asked = if need.if_.is_some() { ", or not asked here" } else { "" };
                page.hang(
                    6,
                    15,
                    Text::new("met      ", Tone::Good).then(format!("{} ({}){asked}", subject.names().matter(&need.id), section(at))),
                );
            }
        }
    }
    lacking
}

/// Whether a flaw is of this paper: two papers of one kind have needs of the same name, and a flaw names its entries.
fn concerns(flaw: &FlawShown, paper: Option<u32>, stretch: &StretchShown) -> bool {
    let names = |n: u32| flaw.entries.iter().any(|entry| entry.n == n);
    let names_another = stretch.relies_on.iter().any(|shown| shown.fact == "signed" && names(shown.n));
    paper.is_none_or(|n| names(n) || !names_another)
}
