//! The five answers to the question of authority, in words, with the chain of entries each rests on.
//!
//! Deliberately absent: folding two answers into one. Each has its own words.

use openward_law::standing::{Authority, EntryShown, FlawShown, OrderShown, ShieldShown, Standing, StretchShown};

use super::text::{COLUMN, Subject};
use super::{ends, missing};
use crate::page::{Page, Text, Tone};
use crate::words::{self, section};

/// Says the answer.
pub(super) fn say(page: &mut Page, subject: &Subject<'_>) {
    page.beside("Authority?", COLUMN, answer(subject));
    let Some((order, stretch)) = spoken_of(&subject.standing) else { return };
    if let Authority::Contested { defect, .. } = &subject.standing.authority {
        why_contested(page, stretch, defect, subject);
    }
    lacking(page, subject, order);
    chain(page, subject, &stretch.relies_on);
    if matches!(subject.standing.authority, Authority::None { .. } | Authority::NotShown { .. }) {
        unfounded(page);
    }
}

/// The answer in one paragraph, without its chain.
pub(crate) fn authority_in_words(subject: &Subject<'_>) -> String {
    answer(subject).words()
}

fn answer(subject: &Subject<'_>) -> Text {
    let (clock, names) = (subject.clock(), subject.names());
    match &subject.standing.authority {
        Authority::Shown { order, section: at, until, .. } => {
            let end = spoken_of(&subject.standing).and_then(|(_, stretch)| stretch.end.as_ref());
            // The two ends of a stretch are said where the answer runs to one of them.
            let both = end.filter(|end| end.or_until.is_some() && [Some(&end.until), end.or_until.as_ref()].contains(&until.as_ref()));
            let until = both.map_or_else(|| clock.until(until.as_deref()), |end| ends::runs_until(&clock, end));
            Text::new("Shown", Tone::Good).then(format!(": {}, {}, {until}.", names.order(order), section(at)))
        }
        Authority::Contested { order, defect, section: at, decides, until } => {
            let curable = spoken_of(&subject.standing).is_some_and(|(run, _)| is_curable(run, defect));
            let who = match decides {
                Some(body) if curable => format!("it can still be mended, with the consent of {}", names.word(body)),
                Some(body) => format!("to be settled by {}", names.word(body)),
                None => "it can still be mended".to_owned(),
            };
            let matter = if is_reading(subject, defect) {
                format!("how {} is to be read", section(at))
            } else {
                format!("{} ({})", names.matter(defect), section(at))
            };
            let past = until.as_deref().is_some_and(|until| ends::is_past(until, &subject.standing.at));
            let runs = if past { "On the stricter reading it ran" } else { "As matters stand it runs" };
            let until = clock.until(until.as_deref());
            Text::new("Contested", Tone::Doubt).then(format!(": {}. In question is {matter}; {who}. {runs} {until}.", names.order(order)))
        }
        Authority::NotShown { order, missing, section: at, until } => {
            let lead = order.as_ref().map_or_else(String::new, |order| format!("{}. ", names.order(order)));
            let place = if at.is_empty() { String::new() } else { format!(" ({})", section(at)) };
            let end = until.as_ref().map(|until| if_shown(subject, until)).unwrap_or_default();
            let missing = missing_words(subject, missing, order.is_some());
            let missing = if lead.is_empty() { missing } else { words::capital(&missing) };
            Text::new("Not shown", Tone::Bad).then(format!(": {lead}{missing}{place}.{end}"))
        }
        Authority::None { since, because, order, section: at } => {
            let place = at.as_ref().filter(|at| !at.is_empty()).map(|at| format!(" ({})", section(at))).unwrap_or_default();
            let reason = reason(subject, because, order.as_deref());
            Text::new("None", Tone::Bad).then(format!(" {}: {reason}{place}.", subject.since(since, None)))
        }
        Authority::NotNeeded => match subject.standing.held.whereabouts.as_str() {
            "free" => "Not needed: the person is free to leave.".into(),
            "asked" => "Not needed, as far as the register shows: the person may leave unless somebody stops them.".into(),
            _ => "Not needed: the person is not held.".into(),
        },
    }
}

/// What it would be worth if the register showed it.
fn if_shown(subject: &Subject<'_>, until: &str) -> String {
    let end = subject.clock().end(until);
    if ends::is_past(until, &subject.standing.at) {
        format!(" Even if it were shown, it ran until {end}.")
    } else {
        format!(" If it were shown, it would run until {end}.")
    }
}

/// What is missing, in words. Without an order it is the name under which the person is said to be held.
fn missing_words(subject: &Subject<'_>, missing: &str, has_order: bool) -> String {
    match (missing, has_order) {
        ("law", _) => "this law has no text for that day".to_owned(),
        ("time", _) => "the register does not show the time of day on which it turns".to_owned(),
        (other, true) => missing::clause(subject, other, &silent_entries(subject, other)),
        (other, false) => format!("the person is said to be held under `{other}`, and the register does not show that it began"),
    }
}

/// The entries that leave it out, of the order that the answer speaks of.
fn silent_entries(subject: &Subject<'_>, missing: &str) -> Vec<EntryShown> {
    let order = spoken_of(&subject.standing).map(|(order, _)| order);
    let flaws = order.into_iter().flat_map(|order| &order.stretches).flat_map(|stretch| &stretch.lacks);
    flaws.filter(|flaw| flaw.missing == missing).flat_map(|flaw| flaw.entries.clone()).collect()
}

/// Why there is none.
fn reason(subject: &Subject<'_>, because: &str, order: Option<&str>) -> String {
    let Some(order) = order.map(|order| subject.names().order(order)) else {
        return "no order is on the register".to_owned();
    };
    match because {
        "ran-out" => format!("{order} ran out, and the register shows nothing after it"),
        "ended" => format!("{order} was ended, and the register shows nothing after it"),
        "rests" => format!("{order} rests, and the register shows nothing in its place"),
        "not-begun" => format!("{order} did not begin"),
        need => format!("{order} has no effect; it fails on {}", subject.names().matter(need)),
    }
}

/// The order that the answer speaks of, with its last stretch begun by then. Without one, the last order that was to hold.
fn spoken_of(standing: &Standing) -> Option<(&OrderShown, &StretchShown)> {
    let wanted = match &standing.authority {
        Authority::Shown { order, .. } | Authority::Contested { order, .. } | Authority::NotShown { order: Some(order), .. } => {
            Some(order.as_str())
        }
        Authority::None { order, .. } => order.as_deref(),
        Authority::NotShown { order: None, .. } | Authority::NotNeeded => None,
    }?;
    let order = standing.orders.iter().rev().find(|order| order.order == wanted && order.state == "running");
    let order = order.or_else(|| standing.orders.iter().rev().find(|order| order.order == wanted))?;
    let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let begun = order.stretches.iter().rev().find(|stretch| instant(&stretch.from) <= instant(&standing.at));
    Some((order, begun.or_else(|| order.stretches.first())?))
}

/// Whether what is in question is the reading of a text, rather than a need.
fn is_reading(subject: &Subject<'_>, defect: &str) -> bool {
    spoken_of(&subject.standing)
        .is_some_and(|(order, _)| !order.stretches.iter().flat_map(|stretch| &stretch.lacks).any(|flaw| flaw.need == defect))
}

/// Whether what is in question is a defect that can be mended, rather than one for a body to weigh.
fn is_curable(order: &OrderShown, need: &str) -> bool {
    order.stretches.iter().flat_map(|stretch| &stretch.lacks).any(|flaw| flaw.need == need && flaw.defect == "curable")
}

/// The two readings of a text, where that is what stands in question.
fn why_contested(page: &mut Page, stretch: &StretchShown, defect: &str, subject: &Subject<'_>) {
    let Some(end) = &stretch.end else { return };
    if let (Some(why), Some(later), true) = (&end.why_two, &end.or_until, is_reading(subject, defect)) {
        let clock = subject.clock();
        page.put(
            COLUMN,
            format!(
                "The text can be read in two ways. {why} On one reading it ended at {}, on the other it ends at {}.",
                clock.end(&end.until),
                clock.end(later)
            ),
        );
    }
}

/// What the order lacks, one line each, over all its stretches: a renewal mends nothing.
fn lacking(page: &mut Page, subject: &Subject<'_>, order: &OrderShown) {
    let mut said: Vec<&FlawShown> = Vec::new();
    for flaw in order.stretches.iter().flat_map(|stretch| &stretch.lacks) {
        if said.contains(&flaw) {
            continue;
        }
        said.push(flaw);
        page.hang(COLUMN, COLUMN + 2, Text::new("- ", Tone::Plain).then(flaw_words(subject, flaw)));
    }
    let mut shields: Vec<&ShieldShown> = Vec::new();
    for shield in order.stretches.iter().flat_map(|stretch| &stretch.shields) {
        if shields.contains(&shield) {
            continue;
        }
        shields.push(shield);
        let whom = subject.names().word(&shield.protects);
        let at = section(&shield.section);
        let text = format!("The law ({at}) may protect {whom}, who acted on entry {}. It is no authority. {}", shield.paper.n, shield.says);
        page.hang(COLUMN, COLUMN + 2, Text::new("- ", Tone::Plain).and(text, Tone::Faint));
    }
}

/// One thing that is lacking: what, where the law asks, what it does, until when it can be mended.
pub(super) fn flaw_words(subject: &Subject<'_>, flaw: &FlawShown) -> String {
    let names = subject.names();
    let what = names.matter(&flaw.need);
    let how = match flaw.failing.as_str() {
        "missing" if flaw.missing == "law" => missing::no_text(&names, &flaw.need).to_owned(),
        "missing" => missing::clause(subject, &flaw.missing, &flaw.entries),
        "time-unknown" => "it turns on a time of day that is not on the register".to_owned(),
        _ => "not as the law asks".to_owned(),
    };
    let does = match (flaw.failing.as_str(), flaw.defect.as_str()) {
        (_, "irregular") => "it does not touch the authority".to_owned(),
        (_, "reason-wanted") => "a reason is wanted".to_owned(),
        ("unmet", "void") => "the order has no effect".to_owned(),
        ("unmet", "ends") => "it ends the order".to_owned(),
        ("unmet", "curable") => {
            flaw.mend_until.as_ref().map_or_else(|| "it can be mended".to_owned(), |until| mendable(subject, flaw, until))
        }
        ("unmet", _) => {
            flaw.decides.as_ref().map_or_else(|| "it is for a decision".to_owned(), |body| format!("for {} to weigh", names.word(body)))
        }
        (..) => "authority is not shown without it".to_owned(),
    };
    let mended = flaw.mended_at.as_ref().map(|at| {
        let later = if ends::is_past(at, &subject.standing.at) { "" } else { "later, " };
        format!("; mended or settled {later}{}", subject.at(at, None))
    });
    let mended = mended.unwrap_or_default();
    // A clause that names the entries need not name them twice.
    let names_them = how.starts_with("entr");
    let entries: Vec<String> = flaw.entries.iter().map(|entry| entry.n.to_string()).collect();
    let of = match entries.as_slice() {
        _ if names_them => String::new(),
        [] => String::new(),
        [one] => format!(" [entry {one}]"),
        many => format!(" [entries {}]", words::and(many)),
    };
    format!("{what} ({}): {how}{of}; {does}{mended}.", section(&flaw.section))
}

/// Until when it can be mended, or could be.
fn mendable(subject: &Subject<'_>, flaw: &FlawShown, until: &str) -> String {
    let end = subject.clock().end(until);
    match (ends::is_past(until, &subject.standing.at), flaw.mended_at.is_some()) {
        (false, false) => format!("it can be mended until {end}"),
        (true, false) => format!("it could be mended until {end}, and the register does not show that it was"),
        (_, true) => format!("it could be mended until {end}"),
    }
}

/// The chain of entries, by number.
fn chain(page: &mut Page, subject: &Subject<'_>, entries: &[EntryShown]) {
    if entries.is_empty() {
        return;
    }
    let clock = subject.clock();
    page.put(COLUMN, if matches!(subject.standing.authority, Authority::None { .. }) { "It rested on:" } else { "It rests on:" });
    for shown in entries {
        let line = Text::new(format!("{:>3}  ", shown.n), Tone::Strong)
            .and(format!("{}  ", clock.written(&shown.at)), Tone::Faint)
            .then(entry_in_full(subject, shown));
        page.hang(COLUMN, COLUMN + 5, line);
    }
}

/// What an entry says, in a few words: the fact, the paper or order, and in which capacity.
pub(crate) fn entry_in_full(subject: &Subject<'_>, shown: &EntryShown) -> String {
    let fact = words::capital(&words::plain(&shown.fact));
    let Some(entry) = subject.file.entries.iter().find(|entry| entry.n == shown.n) else { return fact };
    let (details, names) = (&entry.details, subject.names());
    let what = details.instrument.as_deref().map(|paper| format!(": {}{}", names.word(paper), names.forms(paper, entry.at.written_day())));
    let is_order = |under: &str| subject.law.pack.orders.iter().any(|order| order.id == under);
    let under = || {
        details.under.as_deref().map(|under| if is_order(under) { format!(": {}", names.word(under)) } else { format!(" under {under}") })
    };
    let by =
        details.role.as_deref().or(details.by.as_deref().filter(|by| !by.contains('_'))).map(|role| format!(", by {}", names.word(role)));
    format!("{fact}{}{}", what.or_else(under).unwrap_or_default(), by.unwrap_or_default())
}

/// What can be said where authority is none or not shown: whom to ask, and never to walk out.
fn unfounded(page: &mut Page) {
    let limits = "This is what the register shows, and it may not hold everything.";
    let next = "Put it to those in charge and to the review body now, and to counsel, who can say what follows from it.";
    page.put(COLUMN, format!("{limits} {next}"));
}
