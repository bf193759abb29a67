//! Duties and entitlements in words: what is late, what is due next, what is open, what was met, what lapsed
//! and why; and what may be done now.

use openward_law::entry::{FactKind, Field};
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
            say_all(page, &group.iter().map(|duty| told(subject, duty)).collect::<Vec<_>>());
        }
    }
    let lapsed = of(&["lapsed"], None);
    if !lapsed.is_empty() {
        page.put(0, Text::new(format!("Lapsed or needless ({})", lapsed.len()), Tone::Faint));
        say_all_lapsed(page, subject, &lapsed);
    }
}

/// A duty as it is said, but for what raised it.
struct Told {
    title: String,
    section: String,
    lines: Vec<Text>,
    raised_by: String,
    sureness: &'static str,
}

impl Told {
    fn reads_like(&self, other: &Told) -> bool {
        let lines = |told: &Told| told.lines.iter().map(Text::words).collect::<Vec<_>>();
        (&self.title, &self.section, self.sureness) == (&other.title, &other.section, other.sureness) && lines(self) == lines(other)
    }
}

/// Says duties, those that read alike once.
fn say_all(page: &mut Page, all: &[Told]) {
    for (number, duty) in all.iter().enumerate() {
        if all.iter().take(number).any(|before| before.reads_like(duty)) {
            continue;
        }
        page.hang(2, 6, Text::from(format!("{} ", duty.title)).and(format!("({})", duty.section), Tone::Faint));
        duty.lines.iter().for_each(|line| page.hang(6, 8, line.clone()));
        let raisers: Vec<&str> = all.iter().filter(|other| other.reads_like(duty)).map(|other| other.raised_by.as_str()).collect();
        page.hang(6, 8, Text::new(format!("Raised {}.{}", raised(&raisers), duty.sureness), Tone::Faint));
    }
}

/// `by entry 3`, `3 times, by entry 3 and entry 5`.
fn raised(raisers: &[&str]) -> String {
    let mut distinct: Vec<String> = Vec::new();
    for raiser in raisers {
        if !distinct.iter().any(|other| other == raiser) {
            distinct.push((*raiser).to_owned());
        }
    }
    let times = if raisers.len() > 1 { format!("{} times, ", raisers.len()) } else { String::new() };
    format!("{times}by {}", words::and(&distinct))
}

/// Says the duties that are owed no longer, and why, those that read alike once.
fn say_all_lapsed(page: &mut Page, subject: &Subject<'_>, all: &[&DutyShown]) {
    let why = |duty: &DutyShown| duty.lapsed.as_ref().map(|lapsed| format!(": {}", why_lapsed(subject, lapsed))).unwrap_or_default();
    let said: Vec<(String, String, String)> =
        all.iter().map(|duty| (words::unstopped(&duty.title).to_owned(), section(&duty.section), why(duty))).collect();
    for (number, line) in said.iter().enumerate() {
        if said.iter().take(number).any(|before| before == line) {
            continue;
        }
        let same = all.iter().zip(&said).filter(|(_, other)| *other == line);
        let raisers: Vec<String> = same.map(|(duty, _)| raiser(subject, &duty.raised_by)).collect();
        let raisers: Vec<&str> = raisers.iter().map(String::as_str).collect();
        let (title, at, why) = line;
        let text = Text::from(title.as_str()).and(format!(" ({at})"), Tone::Faint).then(why);
        page.hang(2, 6, text.and(format!("; raised {}.", raised(&raisers)), Tone::Faint));
    }
}

fn why_lapsed(subject: &Subject<'_>, lapsed: &LapsedShown) -> String {
    let by: Vec<String> = lapsed.by.iter().map(entry).collect();
    let clock = subject.clock();
    let at = subject.at(&lapsed.at, lapsed.by.first());
    if lapsed.because == "needless" {
        return format!("needless {}, by {}", subject.since(&lapsed.at, lapsed.by.first()), words::and(&by));
    }
    let orders: Vec<String> = lapsed.orders.iter().map(|order| subject.names().order(order)).collect();
    match (by.is_empty(), orders.is_empty()) {
        (false, _) => format!("over {at}, with {}", words::and(&by)),
        (true, false) => format!("over at {}, when {} ran out", clock.end(&lapsed.at), words::and(&orders)),
        (true, true) => format!("over {at}"),
    }
}

fn due(duty: &DutyShown) -> (bool, &str, &str) {
    (duty.due.is_none(), duty.due.as_ref().map_or(duty.since.as_str(), |due| due.until.as_str()), duty.duty.as_str())
}

fn told(subject: &Subject<'_>, duty: &DutyShown) -> Told {
    let names = subject.names();
    let owed = if duty.owed_by.is_empty() { "owed".to_owned() } else { format!("by {}", words::or(&names.each(&duty.owed_by))) };
    let to = if duty.owed_to.is_empty() { String::new() } else { format!(", to {}", words::and(&names.each(&duty.owed_to))) };
    let mut lines = vec![Text::from(format!("{owed}{to}; {}.", when(subject, duty)))];
    if let (Some(why), None) = (duty.due.as_ref().and_then(ends::why_two), &duty.met_at) {
        lines.push(Text::new(format!("Two readings: {why}"), Tone::Faint));
    }
    lines.extend(duty.to_do.iter().map(|part| Text::from(format!("Still to do: {}.", part_words(subject, part)))));
    Told {
        title: words::unstopped(&duty.title).to_owned(),
        section: section(&duty.section),
        lines,
        raised_by: raiser(subject, &duty.raised_by),
        sureness: sureness(&duty.sure),
    }
}

/// A part still to be done, and what to record of it: `in writing: given to:person` is `in writing; record \`given\`, \`to\` \`person\` (the patient)`.
fn part_words(subject: &Subject<'_>, part: &str) -> String {
    let (name, asked) = part.rsplit_once(": ").map_or((None, part), |(name, asked)| (Some(name), asked));
    let field = |word: &str| word.split_once(':').filter(|(field, _)| Field::from_name(field).is_some()).map(|(field, _)| field.to_owned());
    let mut said = String::new();
    let mut within = String::new();
    let mut any_fact = false;
    for word in asked.split(' ') {
        let value = match field(word) {
            Some(name) => {
                said.push_str(&format!(", `{name}`"));
                let value = word.get(name.len() + 1..).unwrap_or_default();
                within = name;
                value
            }
            None => word,
        };
        said.push(' ');
        if matches!(value, "or" | "and") || (within.is_empty() && FactKind::from_word(value).is_none()) {
            said.push_str(value);
        } else {
            any_fact |= within.is_empty();
            said.push_str(&format!("`{value}`{}", in_law(subject, value, &within)));
        }
    }
    let said = said.trim_start();
    match (name, any_fact) {
        (Some(name), _) => format!("{}; record {said}", words::plain(name)),
        (None, true) => format!("record {said}"),
        (None, false) => words::plain(said),
    }
}

/// What the law calls a word, where that says more than the word: ` (the patient)`.
fn in_law(subject: &Subject<'_>, word: &str, field: &str) -> String {
    let name = subject.names().word(word);
    if field.is_empty() || name == words::plain(word) { String::new() } else { format!(" ({name})") }
}

fn when(subject: &Subject<'_>, duty: &DutyShown) -> String {
    let clock = subject.clock();
    // Where the hour is not known, so much is counted from the first instant of the day.
    let most = if subject.day_alone(&duty.since, Some(&duty.raised_by)).is_some() { "at most " } else { "" };
    match (duty.state.as_str(), &duty.due, &duty.met_at) {
        ("met", Some(due), Some(met)) => format!("met {}; due {}", subject.at(met, None), ends::due_by(&clock, due)),
        ("met-late", Some(due), Some(met)) => {
            format!("met {}, too late: due {}{}", subject.at(met, None), ends::due_by(&clock, due), breach(duty))
        }
        (_, _, Some(met)) => format!("met {}, {}{} after it was owed", subject.at(met, None), most, words::long(duty.delay_minutes)),
        ("late", Some(due), None) => format!("due {}; {}{}", ends::due_by(&clock, due), late_by(subject, due), breach(duty)),
        (_, Some(due), None) => format!("due {}", ends::due_by(&clock, due)),
        (_, None, None) => {
            format!("owed {}, for {most}{} so far", subject.since(&duty.since, Some(&duty.raised_by)), words::long(duty.delay_minutes))
        }
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
        (_, "not-yet") => {
            let from = subject.day_alone(&right.opens, Some(&right.raised_by)).unwrap_or_else(|| clock.at(&right.opens));
            format!("by {who}; from {from}")
        }
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
