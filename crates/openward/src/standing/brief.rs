//! `--brief`: a person in one line, for a list of many. It is wrapped only where the page is too narrow for it.
//!
//! Deliberately absent: anything that the whole page does not say with its section and entries.

use openward_law::standing::{Authority, Standing};

use super::text::Subject;
use super::{ends, findings};
use crate::page::{Page, Text, Tone};
use crate::words;

/// File; held; authority with its end; how much is late; the next date.
pub(super) fn line(page: &mut Page, subject: &Subject<'_>) {
    let (standing, clock) = (&subject.standing, subject.clock());
    let held = match standing.held.answer.as_str() {
        "yes" => "held",
        "no" => "not held",
        _ => "held? cannot tell",
    };
    let (authority, tone) = authority(subject);
    let late = standing.duties.iter().filter(|duty| duty.state == "late").count();
    let next = standing.next_change_at.as_ref().map_or_else(|| "nothing".to_owned(), |at| clock.short(at));
    let (files, words) = findings::unread_counts(standing);
    let unread = if words == 0 { String::new() } else { format!("; {} not read", words::count(words, "word", "words")) };
    let absent = if files == 0 { String::new() } else { format!("; {} not here", words::count(files, "file", "files")) };
    let left_out = if standing.not_followed.is_empty() { String::new() } else { format!("; {}", not_followed(standing)) };
    let text = Text::new(&standing.file, Tone::Strong)
        .then(format!("  {held}; "))
        .and(authority, tone)
        .then("; ")
        .and(format!("{late} late"), if late > 0 { Tone::Bad } else { Tone::Plain })
        .then(format!("; next: {next}{unread}{absent}{left_out}"));
    page.hang(0, 4, text);
}

/// What a limit of the engine left out, and from which entry on.
fn not_followed(standing: &Standing) -> String {
    let each: Vec<String> = standing.not_followed.iter().map(|left| format!("{} from entry {} on", left.what, left.from.n)).collect();
    format!("not followed: {}", words::and(&each))
}

fn authority(subject: &Subject<'_>) -> (String, Tone) {
    let clock = subject.clock();
    let end = |until: &Option<String>| until.as_ref().map(|until| format!(" until {}", clock.short(until))).unwrap_or_default();
    let standing: &Standing = &subject.standing;
    match &standing.authority {
        Authority::Shown { order, until, .. } => (format!("{order} shown{}", end(until)), Tone::Good),
        Authority::Contested { order, until: Some(until), .. } if ends::is_past(until, &standing.at) => {
            (format!("{order} contested, on the stricter reading it ran until {}", clock.short(until)), Tone::Doubt)
        }
        Authority::Contested { order, until, .. } => (format!("{order} contested{}", end(until)), Tone::Doubt),
        Authority::NotShown { order, .. } => (format!("{} not shown", order.as_deref().unwrap_or("authority")), Tone::Bad),
        Authority::None { since, .. } => {
            let since = subject.day_alone(since, None).map_or_else(|| clock.short(since), |_| clock.day(since));
            (format!("no authority since {since}"), Tone::Bad)
        }
        Authority::NotNeeded => ("no authority needed".to_owned(), Tone::Plain),
    }
}
