//! A standing in words: who, when, held or not, by what authority, and then section by section.
//!
//! Deliberately absent: advice to leave. Where authority is none or not shown, the text says what the register does not show.

use openward_law::casefile::FileEntries;
use openward_law::engine::Law;
use openward_law::standing::{EntryShown, Standing};
use openward_law::time::{When, Zone, say_date};

use super::{authority, findings, later, next, owed, timeline};
use crate::names::Names;
use crate::page::{Page, Text, Tone};
use crate::words::{self, Clock, plain};

/// The column beside the names of the first answers.
pub(super) const COLUMN: usize = 12;

/// A standing with what is needed to say it.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) standing: Standing,
    pub(crate) law: &'a Law,
    pub(crate) file: &'a FileEntries,
    pub(crate) zone: Zone,
    /// The standing at the next change, where it is wanted.
    pub(crate) next: Option<Standing>,
}

impl Subject<'_> {
    pub(crate) fn clock(&self) -> Clock {
        Clock { zone: self.zone.clone() }
    }

    /// `since 10:15 on Friday 1 March 2024`; the day alone where an entry that gives no time of day brought it.
    pub(crate) fn since(&self, at: &str, by: Option<&EntryShown>) -> String {
        self.day_alone(at, by).map_or_else(|| format!("since {}", self.clock().at(at)), |day| format!("since {day}"))
    }

    /// `at 10:15 on Friday 1 March 2024`; `on Friday 1 March 2024` where an entry that gives no time of day brought it.
    pub(crate) fn at(&self, at: &str, by: Option<&EntryShown>) -> String {
        self.day_alone(at, by).map_or_else(|| format!("at {}", self.clock().at(at)), |day| format!("on {day}"))
    }

    /// The day of an instant, where that is all that the register says: an entry that gives no time of day may have happened at the first
    /// instant of its day, and its first instant stands for it. Where the entry is not known, any of that day will do.
    pub(super) fn day_alone(&self, at: &str, by: Option<&EntryShown>) -> Option<String> {
        let day = self.clock().day_that_begins(at)?;
        let written = |text: &str| When::parse(text) == Ok(When::Day(day));
        let is_alone = match by {
            Some(by) => written(&by.at),
            None => self.file.entries.iter().any(|entry| entry.at == When::Day(day)),
        };
        is_alone.then(|| say_date(day).to_string())
    }

    pub(crate) fn names(&self) -> Names<'_> {
        Names { pack: &self.law.pack }
    }
}

/// Everything but the working and the closing line.
pub(crate) fn whole(page: &mut Page, subject: &Subject<'_>) {
    head(page, subject);
    findings::not_followed(page, subject);
    findings::unread(page, subject);
    answers(page, subject);
    authority::say(page, subject);
    timeline::draw(page, subject);
    owed::duties(page, subject);
    owed::entitlements(page, subject);
    findings::findings(page, subject);
    findings::unsaid(page, subject);
    findings::shortfalls(page, subject);
    next::say(page, subject);
    findings::minutes(page, subject);
}

/// Everything, with the working of each date and the chain behind each order.
pub(crate) fn in_full(page: &mut Page, subject: &Subject<'_>) {
    whole(page, subject);
    super::why::everything(page, subject);
    closing(page, subject);
}

/// How it stood at the end of a story: the two answers, the drawing, the three columns.
pub(crate) fn ending(page: &mut Page, subject: &Subject<'_>) {
    head(page, subject);
    findings::not_followed(page, subject);
    answers(page, subject);
    authority::say(page, subject);
    timeline::draw(page, subject);
    findings::minutes(page, subject);
}

fn head(page: &mut Page, subject: &Subject<'_>) {
    let (standing, clock) = (&subject.standing, subject.clock());
    page.hang(0, 2, Text::new(&standing.file, Tone::Strong).then(format!(" at {} ({})", clock.at(&standing.at), standing.zone)));
    if let Some(known) = &standing.known_at {
        page.hang(0, 2, format!("As known at {}; what was recorded later is left out.", clock.at(known)));
    }
    findings::other_laws(page, subject);
    if let Some(sentence) = later::sentence(subject) {
        page.hang(0, 2, Text::new(sentence, Tone::Doubt));
    }
}

/// The first of the two answers; the other is the authority's own.
fn answers(page: &mut Page, subject: &Subject<'_>) {
    page.blank();
    page.beside("Held?", COLUMN, held(subject));
}

fn held(subject: &Subject<'_>) -> Text {
    let held = &subject.standing.held;
    let since = held.since.as_ref().map(|since| format!(" {}", subject.since(since, held.entry.as_ref()))).unwrap_or_default();
    let by = held.entry.as_ref().map(|shown| format!(" ({})", entry(shown))).unwrap_or_default();
    match held.answer.as_str() {
        "yes" => {
            let how = if held.whereabouts == "stopped" { "yes: stopped from leaving" } else { "yes" };
            Text::new(words::capital(how), Tone::Strong).then(format!(",{since}{by}."))
        }
        "cannot-tell" => {
            let missing = match held.missing.as_deref() {
                Some("left-or-kept") => "the person asked to leave, and the register does not say what followed".to_owned(),
                Some("time") | None => "the time of day of an entry is not on the register".to_owned(),
                Some(other) => format!("the register does not show: {}", plain(other)),
            };
            Text::new("It cannot be told", Tone::Doubt).then(format!("{since}{by}: {missing}."))
        }
        _ => {
            let place = match held.whereabouts.as_str() {
                "free" => "in the facility of their own choice",
                "on-leave" => "on leave",
                "absent" => "absent without leave",
                _ => "as far as the register shows, not in a facility",
            };
            let since = if since.is_empty() { String::new() } else { format!(",{since}{by}") };
            Text::new("No", Tone::Strong).then(format!("{since}: {place}."))
        }
    }
}

/// An entry in a few words: `entry 7, admitted`.
pub(super) fn entry(shown: &EntryShown) -> String {
    format!("entry {}, {}", shown.n, plain(&shown.fact))
}

/// The law, its day, and its digest.
pub(crate) fn closing(page: &mut Page, subject: &Subject<'_>) {
    let law = &subject.standing.law;
    let digest: String = law.digest.chars().take(12).collect();
    page.blank();
    let line = format!("Law: {} ({}), text as at {}, digest {digest}. Not legal advice.", law.title, law.id, words::date(&law.as_at));
    page.hang(0, 5, Text::new(line, Tone::Faint));
}
