//! What changed between two standings, in words.
//!
//! Everything here is found by comparing; nothing is known of the story. Deliberately absent: what did not change.

use openward_law::standing::{Authority, DutyShown, EndShown, EntitlementShown, Standing};

use crate::page::Tone;
use crate::standing::{Subject, authority_in_words, ends, kind};
use crate::words::{self, section};

/// One change: a word to lead with, the rest, and the sum behind it.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) lead: String,
    pub(super) tone: Tone,
    pub(super) text: String,
    pub(super) why: Option<String>,
}

impl Change {
    fn new(lead: &str, tone: Tone, text: String) -> Change {
        Change { lead: lead.to_owned(), tone, text, why: None }
    }

    fn because(self, now: &Subject<'_>, end: Option<&EndShown>) -> Change {
        Change { why: end.and_then(|end| ends::sum(&now.clock(), end)), ..self }
    }
}

/// All changes, the weightiest first.
pub(super) fn between(before: Option<&Standing>, now: &Subject<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    held(before, now, &mut found);
    authority(before, now, &mut found);
    mended(before, now, &mut found);
    duties(before, now, &mut found);
    entitlements(before, now, &mut found);
    findings(before, now, &mut found);
    shortfalls(before, now, &mut found);
    found
}

fn held(before: Option<&Standing>, now: &Subject<'_>, found: &mut Vec<Change>) {
    let (was, is) = (before.map_or("no", |before| before.held.answer.as_str()), now.standing.held.answer.as_str());
    if was != is {
        found.push(match is {
            "yes" => Change::new("Held", Tone::Strong, " from now on.".to_owned()),
            "no" => Change::new("Not held", Tone::Strong, " from now on.".to_owned()),
            _ => Change::new("Held?", Tone::Doubt, " It cannot be told: the register does not say what followed.".to_owned()),
        });
    }
}

fn authority(before: Option<&Standing>, now: &Subject<'_>, found: &mut Vec<Change>) {
    let is = &now.standing.authority;
    let was = before.map_or(&Authority::NotNeeded, |before| &before.authority);
    if was == is {
        return;
    }
    let tone = match is {
        Authority::Shown { .. } => Tone::Good,
        Authority::Contested { .. } => Tone::Doubt,
        Authority::NotShown { .. } | Authority::None { .. } => Tone::Bad,
        Authority::NotNeeded => Tone::Plain,
    };
    let order = match is {
        Authority::Shown { order, .. } | Authority::Contested { order, .. } => {
            now.standing.orders.iter().rev().find(|run| run.order == *order)
        }
        Authority::NotShown { .. } | Authority::None { .. } | Authority::NotNeeded => None,
    };
    let end = order.and_then(|order| order.stretches.last()).and_then(|stretch| stretch.end.as_ref());
    found.push(Change::new("Authority", tone, format!(": {}", authority_in_words(now))).because(now, end));
}

/// Defects that were mended or settled since.
fn mended(before: Option<&Standing>, now: &Subject<'_>, found: &mut Vec<Change>) {
    let all = |standing: &Standing| -> Vec<(String, String, String)> {
        let flaws = standing
            .orders
            .iter()
            .flat_map(|order| order.stretches.iter().flat_map(move |stretch| stretch.lacks.iter().map(move |flaw| (order, flaw))));
        flaws
            .filter(|(_, flaw)| flaw.mended_at.is_some())
            .map(|(order, flaw)| (order.title.clone(), flaw.need.clone(), flaw.section.clone()))
            .collect()
    };
    let old = before.map(all).unwrap_or_default();
    for (title, need, at) in all(&now.standing).into_iter().filter(|flaw| !old.contains(flaw)) {
        found.push(Change::new(
            "Mended or settled",
            Tone::Good,
            format!(": {} ({}), of `{}`.", now.names().matter(&need), section(&at), words::unstopped(&title)),
        ));
    }
}

fn duties(before: Option<&Standing>, now: &Subject<'_>, found: &mut Vec<Change>) {
    for duty in &now.standing.duties {
        let old = before.and_then(|before| before.duties.iter().find(|old| old.id == duty.id));
        match old {
            Some(old) if old.state == duty.state => {}
            Some(_) => found.extend(turned(now, duty)),
            None if matches!(duty.state.as_str(), "met" | "lapsed") => {}
            None => found.push(raised(now, duty)),
        }
    }
}

fn named(duty: &DutyShown) -> String {
    format!("{} ({})", words::unstopped(&duty.title), section(&duty.section))
}

fn raised(now: &Subject<'_>, duty: &DutyShown) -> Change {
    let names = now.names();
    let by = if duty.owed_by.is_empty() { String::new() } else { format!(", by {}", words::or(&names.each(&duty.owed_by))) };
    let due = duty.due.as_ref().map_or_else(|| "as soon as can be".to_owned(), |due| ends::due_by(&now.clock(), due));
    Change::new("Owed", Tone::Plain, format!(": {}{by}; {due}.", named(duty))).because(now, duty.due.as_ref())
}

fn turned(now: &Subject<'_>, duty: &DutyShown) -> Option<Change> {
    let text = format!(": {}.", named(duty));
    Some(match duty.state.as_str() {
        "met" if duty.due.is_none() => Change::new("Done", Tone::Good, text),
        "met" => Change::new("Done in time", Tone::Good, text),
        "met-late" => Change::new("Done too late", Tone::Doubt, text),
        "late" => {
            let due = duty.due.as_ref().map(|due| ends::due_by(&now.clock(), due));
            let lead = if duty.breach { "Late, a breach" } else { "Late" };
            let text = format!(": {} was due {}.", named(duty), due.unwrap_or_default());
            Change::new(lead, Tone::Bad, text).because(now, duty.due.as_ref())
        }
        "cannot-tell" => {
            let why = duty.due.as_ref().and_then(|due| due.why_two.clone()).unwrap_or_default();
            Change::new("Perhaps late", Tone::Doubt, format!(": {}. {why}", named(duty)))
        }
        "lapsed" => Change::new("No longer owed", Tone::Faint, text),
        "waiting" => Change::new("Waits", Tone::Faint, text),
        _ => Change::new("Owed again", Tone::Plain, text),
    })
}

fn entitlements(before: Option<&Standing>, now: &Subject<'_>, found: &mut Vec<Change>) {
    for right in &now.standing.entitlements {
        let old = before.and_then(|before| before.entitlements.iter().find(|old| old.id == right.id)).map(|old| old.state.as_str());
        let lead = match (old, right.state.as_str()) {
            (old, new) if old == Some(new) => continue,
            (_, "open") => "May now",
            (_, "not-yet") => "May later",
            (Some("open"), "used") => "Used",
            (Some(_), "closed") => "May no longer",
            (..) => continue,
        };
        found.push(change_of_right(now, right, lead));
    }
}

fn change_of_right(now: &Subject<'_>, right: &EntitlementShown, lead: &str) -> Change {
    let who = words::or(&now.names().each(&right.may));
    let until = match (&right.closes, right.state.as_str()) {
        (Some(close), "open") => format!(", {}", ends::open_until(&now.clock(), close)),
        (_, "not-yet") => format!(", from {}", now.clock().at(&right.opens)),
        _ => String::new(),
    };
    let change =
        Change::new(lead, Tone::Plain, format!(", {who}: {} ({}){until}.", words::unstopped(&right.title), section(&right.section)));
    if right.state == "open" { change.because(now, right.closes.as_ref()) } else { change }
}

fn findings(before: Option<&Standing>, now: &Subject<'_>, found: &mut Vec<Change>) {
    for finding in &now.standing.findings {
        let is_old = before.is_some_and(|before| {
            before
                .findings
                .iter()
                .any(|old| old.provision == finding.provision && old.what == finding.what && old.entry.n == finding.entry.n)
        });
        if !is_old {
            let (lead, tone) = if finding.breach { ("A breach", Tone::Bad) } else { ("Found", Tone::Doubt) };
            let what = format!(
                ": {}, `{}` ({}): {}, entry {}.",
                words::unstopped(&finding.title),
                now.names().word(&finding.what),
                section(&finding.section),
                kind(finding),
                finding.entry.n
            );
            found.push(Change::new(lead, tone, what));
        }
    }
}

fn shortfalls(before: Option<&Standing>, now: &Subject<'_>, found: &mut Vec<Change>) {
    let old = before.map_or(&[][..], |before| before.shortfalls.as_slice());
    for short in now.standing.shortfalls.iter().filter(|short| !old.iter().any(|old| old.safeguard == short.safeguard)) {
        found.push(Change::new("Beside the law", Tone::Faint, format!(", below {}: {}", words::principle(&short.paragraph), short.says)));
    }
    for short in old.iter().filter(|short| !now.standing.shortfalls.iter().any(|new| new.safeguard == short.safeguard)) {
        found.push(Change::new("Beside the law", Tone::Faint, format!(", no longer below {}.", words::principle(&short.paragraph))));
    }
}
