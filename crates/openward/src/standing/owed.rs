//! Duties and entitlements in words: what is late, what is due next, what is open, what was met; and what may be done now.

use openward_law::standing::{DutyShown, EndShown, EntitlementShown};

use super::text::{Subject, entry};
use crate::page::{Page, Text, Tone};
use crate::words::{self, section};

/// Says the duties, in groups.
pub(super) fn duties(page: &mut Page, subject: &Subject<'_>) {
    let all = &subject.standing.duties;
    let of = |states: &[&str], dated: Option<bool>| -> Vec<&DutyShown> {
        let fits = |duty: &&DutyShown| states.contains(&duty.state.as_str()) && dated.is_none_or(|dated| dated == duty.due.is_some());
        let mut group: Vec<&DutyShown> = all.iter().filter(fits).collect();
        group.sort_by(|a, b| due(a).cmp(&due(b)));
        group
    };
    let groups = [
        ("Late", of(&["late"], None), Tone::Bad),
        ("It cannot be told whether in time", of(&["cannot-tell"], None), Tone::Doubt),
        ("Due next", of(&["open"], Some(true)), Tone::Plain),
        ("Open, as soon as can be", of(&["open"], Some(false)), Tone::Plain),
        ("Waiting", of(&["waiting"], None), Tone::Plain),
        ("Met late", of(&["met-late"], None), Tone::Doubt),
        ("Met", of(&["met"], None), Tone::Good),
    ];
    if all.is_empty() {
        return;
    }
    page.heading("Duties");
    for (name, group, tone) in groups {
        if !group.is_empty() {
            page.put(0, Text::new(format!("{name} ({})", group.len()), tone));
            group.into_iter().for_each(|duty| say(page, subject, duty));
        }
    }
    let lapsed = all.iter().filter(|duty| duty.state == "lapsed").count();
    if lapsed > 0 {
        page.put(0, Text::new(format!("Lapsed or needless: {lapsed}"), Tone::Faint));
    }
}

fn due(duty: &DutyShown) -> (bool, &str, &str) {
    (duty.due.is_none(), duty.due.as_ref().map_or(duty.since.as_str(), |due| due.until.as_str()), duty.duty.as_str())
}

fn say(page: &mut Page, subject: &Subject<'_>, duty: &DutyShown) {
    let (clock, names) = (subject.clock(), subject.names());
    page.hang(2, 6, Text::from(format!("{} ", words::unstopped(&duty.title))).and(format!("({})", section(&duty.section)), Tone::Faint));
    let owed = if duty.owed_by.is_empty() { "owed".to_owned() } else { format!("by {}", words::or(&names.each(&duty.owed_by))) };
    let to = if duty.owed_to.is_empty() { String::new() } else { format!(", to {}", words::and(&names.each(&duty.owed_to))) };
    page.hang(6, 8, format!("{owed}{to}; {}.", when(subject, duty)));
    if let Some(due) = &duty.due
        && let (Some(other), Some(why), None) = (&due.or_until, &due.why_two, &duty.met_at)
    {
        page.hang(6, 8, Text::new(format!("Or by {}: {why}", clock.end(other)), Tone::Faint));
    }
    if !duty.to_do.is_empty() {
        page.hang(6, 8, format!("Still to do: {}.", words::and(&duty.to_do.iter().map(|part| words::plain(part)).collect::<Vec<_>>())));
    }
    page.hang(6, 8, Text::new(format!("Raised by {}.{}", entry(&duty.raised_by), sureness(&duty.sure)), Tone::Faint));
}

fn when(subject: &Subject<'_>, duty: &DutyShown) -> String {
    let clock = subject.clock();
    let since = || clock.at(&duty.since);
    match (duty.state.as_str(), &duty.due, &duty.met_at) {
        ("met", Some(due), Some(met)) => format!("met at {}; due by {}", clock.at(met), clock.end(&due.until)),
        ("met-late", Some(due), Some(met)) => {
            format!("met at {}, too late: due by {}{}", clock.at(met), clock.end(&due.until), breach(duty))
        }
        (_, _, Some(met)) => format!("met at {}, {} after it was owed", clock.at(met), words::long(duty.delay_minutes)),
        ("late", Some(due), None) => format!("due by {}; late by {}{}", clock.end(&due.until), late_by(subject, due), breach(duty)),
        (_, Some(due), None) => format!("due by {}", clock.end(&due.until)),
        (_, None, None) => format!("owed since {}, for {} so far", since(), words::long(duty.delay_minutes)),
    }
}

fn breach(duty: &DutyShown) -> &'static str {
    if duty.breach { "; a breach" } else { "" }
}

/// How long ago the latest end passed.
fn late_by(subject: &Subject<'_>, due: &EndShown) -> String {
    let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let end = instant(due.or_until.as_deref().unwrap_or(&due.until));
    let minutes = instant(&subject.standing.at).zip(end).map(|(now, end)| now.duration_since(end).as_secs() / 60);
    words::long(minutes.unwrap_or(0).max(0))
}

/// What a reader must know of a provision that was not read in its source.
fn sureness(sure: &str) -> &'static str {
    match sure {
        "K" => " The provision was not read in its source.",
        "U" => " The provision is not sure.",
        _ => "",
    }
}

/// Says what may be done now, and what later.
pub(super) fn entitlements(page: &mut Page, subject: &Subject<'_>) {
    let of = |state: &str| subject.standing.entitlements.iter().filter(|right| right.state == state).collect::<Vec<&EntitlementShown>>();
    let (open, later) = (of("open"), of("not-yet"));
    if open.is_empty() && later.is_empty() {
        return;
    }
    let (clock, names) = (subject.clock(), subject.names());
    let who = |right: &EntitlementShown| words::or(&names.each(&right.may));
    page.heading("What may be done");
    if !open.is_empty() {
        page.put(0, format!("Now ({})", open.len()));
    }
    for right in open {
        page.hang(
            2,
            6,
            Text::from(format!("{} ", words::unstopped(&right.title))).and(format!("({})", section(&right.section)), Tone::Faint),
        );
        let other = |close: &EndShown| {
            close.or_until.as_ref().map(|other| format!(", or, read otherwise, until {}", clock.end(other))).unwrap_or_default()
        };
        let close = right.closes.as_ref().map(|close| format!("; until {}{}", clock.end(&close.until), other(close))).unwrap_or_default();
        page.hang(6, 8, format!("by {}{close}.", who(right)));
    }
    if !later.is_empty() {
        page.put(0, format!("Later ({})", later.len()));
    }
    for right in later {
        page.hang(
            2,
            6,
            Text::from(format!("{} ", words::unstopped(&right.title))).and(format!("({})", section(&right.section)), Tone::Faint),
        );
        page.hang(6, 8, format!("by {}; from {}.", who(right), clock.at(&right.opens)));
    }
}
