//! Duties and entitlements in words: what is late, what is due next, what is open, what was met, what lapsed
//! and why; and what may be done now.

use openward_law::standing::{DutyShown, EndShown, EntitlementShown, EntryShown, LapsedShown};

use super::ends;
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
    let lapsed = of(&["lapsed"], None);
    if !lapsed.is_empty() {
        page.put(0, Text::new(format!("Lapsed or needless ({})", lapsed.len()), Tone::Faint));
        lapsed.into_iter().for_each(|duty| say_lapsed(page, subject, duty));
    }
}

/// A duty that is owed no longer, and why.
fn say_lapsed(page: &mut Page, subject: &Subject<'_>, duty: &DutyShown) {
    let why = duty.lapsed.as_ref().map(|lapsed| format!(": {}", why_lapsed(subject, lapsed))).unwrap_or_default();
    let text = Text::from(words::unstopped(&duty.title)).and(format!(" ({})", section(&duty.section)), Tone::Faint).then(why);
    page.hang(2, 6, text.and(format!("; raised by {}.", raiser(subject, &duty.raised_by)), Tone::Faint));
}

fn why_lapsed(subject: &Subject<'_>, lapsed: &LapsedShown) -> String {
    let by: Vec<String> = lapsed.by.iter().map(entry).collect();
    let clock = subject.clock();
    let at = clock.at(&lapsed.at);
    if lapsed.because == "needless" {
        return format!("needless since {at}, by {}", words::and(&by));
    }
    let orders: Vec<String> = lapsed.orders.iter().map(|order| subject.names().order(order)).collect();
    match (by.is_empty(), orders.is_empty()) {
        (false, _) => format!("over at {at}, with {}", words::and(&by)),
        (true, false) => format!("over at {}, when {} ran out", clock.end(&lapsed.at), words::and(&orders)),
        (true, true) => format!("over at {at}"),
    }
}

fn due(duty: &DutyShown) -> (bool, &str, &str) {
    (duty.due.is_none(), duty.due.as_ref().map_or(duty.since.as_str(), |due| due.until.as_str()), duty.duty.as_str())
}

fn say(page: &mut Page, subject: &Subject<'_>, duty: &DutyShown) {
    let names = subject.names();
    page.hang(2, 6, Text::from(format!("{} ", words::unstopped(&duty.title))).and(format!("({})", section(&duty.section)), Tone::Faint));
    let owed = if duty.owed_by.is_empty() { "owed".to_owned() } else { format!("by {}", words::or(&names.each(&duty.owed_by))) };
    let to = if duty.owed_to.is_empty() { String::new() } else { format!(", to {}", words::and(&names.each(&duty.owed_to))) };
    page.hang(6, 8, format!("{owed}{to}; {}.", when(subject, duty)));
    if let (Some(why), None) = (duty.due.as_ref().and_then(ends::why_two), &duty.met_at) {
        page.hang(6, 8, Text::new(format!("Two readings: {why}"), Tone::Faint));
    }
    if !duty.to_do.is_empty() {
        page.hang(
            6,
            8,
            format!("Still to do: {}.", words::and(&duty.to_do.iter().map(|part| part_words(subject, part)).collect::<Vec<_>>())),
        );
    }
    page.hang(6, 8, Text::new(format!("Raised by {}.{}", raiser(subject, &duty.raised_by), sureness(&duty.sure)), Tone::Faint));
}

/// A part still to be done: `notified to:nearest-relative` is `notified, to nearest relative`.
fn part_words(subject: &Subject<'_>, part: &str) -> String {
    let names = subject.names();
    let mut said = String::new();
    for word in part.split(' ') {
        match word.split_once(':') {
            Some((label, value)) if !label.is_empty() && label.chars().all(|letter| letter.is_ascii_lowercase()) => {
                said.push_str(&format!(", {} {}", label_words(label), names.word(value)));
            }
            _ => said.push_str(&format!("{}{}", if said.is_empty() { "" } else { " " }, words::plain(word))),
        }
    }
    said
}

/// How the field of a part is spoken of.
fn label_words(label: &str) -> &str {
    match label {
        "kind" => "about",
        "contents" => "contents:",
        "instrument" => "of the paper",
        other => other,
    }
}

fn when(subject: &Subject<'_>, duty: &DutyShown) -> String {
    let clock = subject.clock();
    let since = || clock.at(&duty.since);
    match (duty.state.as_str(), &duty.due, &duty.met_at) {
        ("met", Some(due), Some(met)) => format!("met at {}; due {}", clock.at(met), ends::due_by(&clock, due)),
        ("met-late", Some(due), Some(met)) => {
            format!("met at {}, too late: due {}{}", clock.at(met), ends::due_by(&clock, due), breach(duty))
        }
        (_, _, Some(met)) => format!("met at {}, {} after it was owed", clock.at(met), words::long(duty.delay_minutes)),
        ("late", Some(due), None) => format!("due {}; {}{}", ends::due_by(&clock, due), late_by(subject, due), breach(duty)),
        (_, Some(due), None) => format!("due {}", ends::due_by(&clock, due)),
        (_, None, None) => format!("owed since {}, for {} so far", since(), words::long(duty.delay_minutes)),
    }
}

fn breach(duty: &DutyShown) -> &'static str {
    if duty.breach { "; a breach" } else { "" }
}

/// How long ago it became late beyond doubt: at the later of two ends.
fn late_by(subject: &Subject<'_>, due: &EndShown) -> String {
    let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let end = instant(due.or_until.as_deref().unwrap_or(&due.until));
    let minutes = instant(&subject.standing.at).zip(end).map(|(now, end)| now.duration_since(end).as_secs() / 60);
    let from = if due.or_until.is_some() { ", counted from the later" } else { "" };
    format!("late by {}{from}", words::long(minutes.unwrap_or(0).max(0)))
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
    page.heading("What may be done");
    for (lead, group) in [("Now", open), ("Later", later)] {
        let lines = merged(subject, &group);
        if !lines.is_empty() {
            page.put(0, format!("{lead} ({})", lines.len()));
        }
        for line in &lines {
            page.hang(2, 6, Text::from(format!("{} ", line.title)).and(format!("({})", line.section), Tone::Faint));
            page.hang(6, 8, format!("{}.", line.window));
            if let Some(why) = &line.why_two {
                page.hang(6, 8, Text::new(format!("Two readings: {why}"), Tone::Faint));
            }
            let of_that_name = lines.iter().filter(|other| other.title == line.title).count();
            if of_that_name > 1 || line.raised_by.len() > 1 {
                page.hang(6, 8, Text::new(format!("Raised by {}.", words::and(&line.raised_by)), Tone::Faint));
            }
        }
    }
}

/// A right as it is said: rights that read alike are one line.
struct Line {
    title: String,
    section: String,
    window: String,
    why_two: Option<String>,
    raised_by: Vec<String>,
}

/// The rights of a group, those with the same name, holder and window in one.
fn merged(subject: &Subject<'_>, group: &[&EntitlementShown]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for right in group {
        let (title, at, window) = (words::unstopped(&right.title).to_owned(), section(&right.section), window(subject, right));
        let by = raiser(subject, &right.raised_by);
        match lines.iter_mut().find(|line| line.title == title && line.section == at && line.window == window) {
            Some(line) if line.raised_by.contains(&by) => {}
            Some(line) => line.raised_by.push(by),
            None => {
                let why_two = right.closes.as_ref().filter(|_| right.state == "open").and_then(ends::why_two);
                lines.push(Line { title, section: at, window, why_two, raised_by: vec![by] });
            }
        }
    }
    lines
}

/// Who may, and from or until when.
fn window(subject: &Subject<'_>, right: &EntitlementShown) -> String {
    let (clock, names) = (subject.clock(), subject.names());
    let who = words::or(&names.each(&right.may));
    match (&right.closes, right.state.as_str()) {
        (_, "not-yet") => format!("by {who}; from {}", clock.at(&right.opens)),
        (Some(close), _) => format!("by {who}; {}", ends::open_until(&clock, close)),
        (None, _) => format!("by {who}"),
    }
}

/// The entry that raised something, with the order it began or the paper it signed.
fn raiser(subject: &Subject<'_>, shown: &EntryShown) -> String {
    let details = subject.file.entries.iter().find(|other| other.n == shown.n).map(|entry| &entry.details);
    let orders = || subject.standing.orders.iter();
    let order = orders().find(|order| order.by.n == shown.n).map(|order| order.order.clone());
    let about = order.or_else(|| details.and_then(|details| details.instrument.clone().or_else(|| details.under.clone())));
    about.map_or_else(|| entry(shown), |about| format!("{} ({about})", entry(shown)))
}
