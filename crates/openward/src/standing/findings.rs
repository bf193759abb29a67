//! Whatever else was found, what the UN Principles ask beyond it, words not read, what changes next, and the three columns.

use openward_law::standing::{Authority, FindingShown, Standing};

use super::text::{Subject, entry};
use crate::page::{Page, Text, Tone};
use crate::words::{self, section};

/// Says the findings of domestic law.
pub(super) fn findings(page: &mut Page, subject: &Subject<'_>) {
    let found = &subject.standing.findings;
    if found.is_empty() {
        return;
    }
    page.heading(format!("Findings ({})", found.len()));
    for finding in found {
        let tone = if finding.breach { Tone::Bad } else { Tone::Plain };
        let breach = if finding.breach { ", a breach" } else { "" };
        let text = Text::new(format!("{}{breach}: ", words::capital(kind(finding))), tone)
            .then(format!("{}{}{} ", words::unstopped(&finding.title), matter(subject, finding), weighs_on(subject, finding)))
            .and(format!("({}; {})", section(&finding.section), entry(&finding.entry)), Tone::Faint);
        page.hang(2, 6, text);
    }
}

fn kind(finding: &FindingShown) -> &str {
    match finding.finding.as_str() {
        "forbidden" => "not allowed",
        "defect" => "not as the law asks",
        "not-shown" => "not shown",
        "unanswered" => "not answered",
        "out-of-time" => "out of time",
        "excess" => "more than the law allows",
        other => other,
    }
}

/// The need or criterion, where it says more than the title.
fn matter(subject: &Subject<'_>, finding: &FindingShown) -> String {
    let is_provision = finding.provision.split_once('.').is_some_and(|(_, id)| id == finding.what);
    if finding.what.is_empty() || is_provision { String::new() } else { format!(": {}", subject.names().word(&finding.what)) }
}

/// The order whose papers it is about.
fn weighs_on(subject: &Subject<'_>, finding: &FindingShown) -> String {
    finding.of_order.as_ref().map(|order| format!(", for {}", subject.names().order(order))).unwrap_or_default()
}

/// Says what the UN Principles ask and the file does not show, apart from the country's own law.
pub(super) fn shortfalls(page: &mut Page, subject: &Subject<'_>) {
    let found = &subject.standing.shortfalls;
    if found.is_empty() {
        return;
    }
    page.heading(format!("Beside the law: the UN Principles of 1991 ({})", found.len()));
    let lawful = match &subject.standing.authority {
        Authority::Shown { section: at, .. } => format!("Lawful under {}; below", section(at)),
        _ => "Below".to_owned(),
    };
    page.put(2, "Authority does not turn on these.");
    for short in found {
        let text = Text::new(format!("{lawful} {}: ", words::principle(&short.paragraph)), Tone::Doubt).then(&short.says);
        page.hang(2, 6, text);
        let served = if short.served_by.is_empty() {
            "This law has no provision that serves it.".to_owned()
        } else {
            format!("Served in this law by {}.", words::and(&some(&short.served_by)))
        };
        page.hang(6, 8, Text::new(format!("Raised by {}. {served}", entry(&short.raised_by)), Tone::Faint));
    }
}

/// The first few of a long list.
fn some(list: &[String]) -> Vec<String> {
    const SHOWN: usize = 4;
    let mut first: Vec<String> = list.iter().take(SHOWN).cloned().collect();
    if list.len() > SHOWN {
        first.push(format!("{} more", list.len() - SHOWN));
    }
    first
}

/// Says the words that this law does not know.
pub(super) fn unread(page: &mut Page, subject: &Subject<'_>) {
    let found = &subject.standing.unread;
    if found.is_empty() {
        return;
    }
    page.heading(format!("Not read ({})", found.len()));
    for word in found {
        let near = word.nearest.as_ref().map(|near| format!(" The nearest it knows is `{near}`.")).unwrap_or_default();
        page.hang(2, 6, format!("Entry {}, field `{}`: this law does not know `{}`.{near}", word.n, word.field, word.word));
    }
}

/// Says when something changes by time alone, and what.
pub(super) fn next_change(page: &mut Page, subject: &Subject<'_>) {
    let standing = &subject.standing;
    page.heading("What changes next");
    let Some(at) = &standing.next_change_at else {
        page.put(2, "Nothing changes by time alone.");
        return;
    };
    page.put(2, format!("At {}, as things stand:", subject.clock().at(at)));
    let changes = changes(subject, standing, at);
    if changes.is_empty() {
        page.hang(2, 4, "- another reading of a date, or the last moment of an unknown time, is reached.");
    }
    changes.into_iter().for_each(|change| page.hang(2, 4, format!("- {change}.")));
}

fn changes(subject: &Subject<'_>, standing: &Standing, at: &String) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(span) = standing.timeline.iter().find(|span| span.from == *at) {
        found.push(match &span.authority {
            Authority::None { .. } => "there is no authority any more".to_owned(),
            Authority::NotNeeded => "no authority is needed".to_owned(),
            other => format!("authority is {}", words::plain(other.word())),
        });
    }
    for duty in standing.duties.iter().filter(|duty| duty.met_at.is_none()) {
        let Some(due) = &duty.due else { continue };
        let what = format!("`{}` ({})", words::unstopped(&duty.title), section(&duty.section));
        if due.or_until.as_ref() == Some(at) || (due.until == *at && due.or_until.is_none()) {
            found.push(format!("{what} becomes late"));
        } else if due.until == *at {
            found.push(format!("{what} may be late: on one reading of the law, or of an unknown time"));
        }
    }
    for right in &standing.entitlements {
        let what = format!("`{}` ({})", words::unstopped(&right.title), section(&right.section));
        if right.opens == *at {
            found.push(format!("{what} opens"));
        } else if right.closes.as_ref().is_some_and(|close| close.until == *at) {
            found.push(format!("{what} closes, or may"));
        }
    }
    found.extend(
        standing
            .orders
            .iter()
            .filter(|order| order.end.as_ref().is_some_and(|end| end.until == *at))
            .map(|order| format!("{} runs out", subject.names().order(&order.order))),
    );
    found
}

/// Says the three columns, which are never added up.
pub(super) fn minutes(page: &mut Page, subject: &Subject<'_>) {
    let held = subject.standing.held_without_authority;
    page.heading("Time held so far without shown authority, in three columns that are never added up");
    let cell = |minutes: i64| Text::new(words::long(minutes), if minutes == 0 { Tone::Plain } else { Tone::Bad });
    page.beside("  none", 14, cell(held.none));
    page.beside("  contested", 14, cell(held.contested));
    page.beside("  not shown", 14, cell(held.not_shown));
}
