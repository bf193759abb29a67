//! Whatever else was found, what the UN Principles ask beyond it, words not read, what changes next, and the three columns.

use openward_law::standing::{Authority, FindingShown, Standing, Unread};

use super::later;
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
        let text = Text::new(format!("{}: ", words::capital(&kind(finding))), tone)
            .then(format!("{}{}{} ", words::unstopped(&finding.title), matter(subject, finding), weighs_on(subject, finding)))
            .and(format!("({}; {})", section(&finding.section), entry(&finding.entry)), Tone::Faint);
        page.hang(2, 6, text);
    }
}

/// What sort of finding it is, so that the title can follow: the title of a limit is the rule itself.
pub(crate) fn kind(finding: &FindingShown) -> String {
    let is_rule = finding.provision.starts_with("limit.");
    let sort = match finding.finding.as_str() {
        "forbidden" | "excess" if is_rule && finding.breach => return "was not allowed, a breach of the rule".to_owned(),
        "forbidden" | "excess" | "irregular" if is_rule => return "an irregularity under the rule".to_owned(),
        "forbidden" if finding.breach => "was not allowed",
        "forbidden" | "irregular" => "an irregularity",
        "defect" => "not as the law asks",
        "not-shown" => "not shown",
        "unanswered" => "not answered",
        "out-of-time" => "out of time",
        "excess" => "more than the law allows",
        other => other,
    };
    format!("{sort}{}", if finding.breach { ", a breach" } else { "" })
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

/// Says the words that this law does not know, by entry. They come first: an entry half read can make an answer wrong.
pub(super) fn unread(page: &mut Page, subject: &Subject<'_>) {
    let mut found: Vec<_> = subject.standing.unread.iter().collect();
    if found.is_empty() {
        return;
    }
    found.sort_by(|a, b| (&a.file, a.n).cmp(&(&b.file, b.n)));
    let only_ids = found.iter().all(|word| is_id(&word.word));
    let lead = if only_ids { "Files that are not here" } else { "Not read: mend these first, what follows may be wrong" };
    let distinct: std::collections::BTreeSet<_> = found.iter().map(|word| (&word.file, &word.word)).collect();
    page.heading(format!("{lead} ({})", distinct.len()));
    let mut said: Vec<&Unread> = Vec::new();
    for word in &found {
        if said.iter().any(|other| other.file == word.file && other.word == word.word) {
            continue;
        }
        said.push(word);
        let same = found.iter().filter(|other| other.file == word.file && other.word == word.word);
        let mut numbers: Vec<u32> = same.map(|other| other.n).collect();
        numbers.dedup();
        let which = later::named(&numbers);
        let file = word.file.as_ref().map(|file| format!(" of {file}")).unwrap_or_default();
        let text = if is_id(&word.word) {
            let near = word.nearest.as_ref().filter(|near| is_slip(&word.word, near)).map(|near| format!(" Was `{near}` meant?"));
            format!("{which}{file}: no file of `{}` is here, so nothing of theirs is shown.{}", word.word, near.unwrap_or_default())
        } else {
            let near = word.nearest.as_ref().map(|near| format!(" The nearest it knows is `{near}`.")).unwrap_or_default();
            format!("{which}{file}, field `{}`: this law does not know `{}`.{near}", word.field, word.word)
        };
        page.hang(2, 6, text);
    }
}

/// Whether a word names another file rather than something in the law.
fn is_id(word: &str) -> bool {
    word.contains('_')
}

/// Whether one id is the other with a letter or two wrong. Any id is the nearest of few; most are no slip.
fn is_slip(word: &str, near: &str) -> bool {
    let same =
        |one: &mut dyn Iterator<Item = char>, other: &mut dyn Iterator<Item = char>| one.zip(other).take_while(|(a, b)| a == b).count();
    let head = same(&mut word.chars(), &mut near.chars());
    let tail = same(&mut word.chars().rev(), &mut near.chars().rev());
    head + tail + 2 >= word.chars().count().max(near.chars().count())
}

/// Says when something changes by time alone, and what.
pub(super) fn next_change(page: &mut Page, subject: &Subject<'_>) {
    let standing = &subject.standing;
    page.heading("What changes next");
    let read_later = !later::entries(subject).is_empty();
    let Some(at) = &standing.next_change_at else {
        page.put(2, if read_later { "Nothing more changes." } else { "Nothing changes by time alone." });
        return;
    };
    let how = if read_later { "by time or by the later entries" } else { "by time alone" };
    page.put(2, format!("At {}, {how}:", subject.clock().at(at)));
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
        } else if let Some(close) = &right.closes {
            if close.or_until.as_ref().unwrap_or(&close.until) == at {
                found.push(format!("{what} closes"));
            } else if close.until == *at {
                found.push(format!("{what} may close: on one reading of the law, or of an unknown time"));
            }
        }
    }
    found.extend(
        standing.orders.iter().filter(|order| order.state == "running" && order.end.as_ref().is_some_and(|end| end.until == *at)).map(
            |order| match order.end.as_ref().and_then(|end| end.or_until.as_ref()) {
                Some(_) => format!("{} runs out on one reading of the law, or of an unknown time", subject.names().order(&order.order)),
                None => format!("{} runs out", subject.names().order(&order.order)),
            },
        ),
    );
    found
}

/// Says the three columns, which are never added up.
pub(super) fn minutes(page: &mut Page, subject: &Subject<'_>) {
    let held = subject.standing.held_without_authority;
    page.heading("Time held so far without shown authority, in three sums that are never added up");
    let cell = |minutes: i64| Text::new(words::long(minutes), if minutes == 0 { Tone::Plain } else { Tone::Bad });
    page.beside("  none", 14, cell(held.none));
    page.beside("  contested", 14, cell(held.contested));
    page.beside("  not shown", 14, cell(held.not_shown));
}
