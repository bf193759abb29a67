//! Entries that happened after the instant asked about. They are read too, and a reader must know it: a paper mended later counts
//! as it stands on the register, not as it stood then.

use openward_law::casefile::effective;
use openward_law::entry::Entry;

use super::text::Subject;
use crate::words;

/// The numbers of the entries in force that happened later and that `known_at` does not leave out.
pub(crate) fn entries(subject: &Subject<'_>) -> Vec<u32> {
    let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let Some(now) = instant(&subject.standing.at) else { return Vec::new() };
    let known_at = subject.standing.known_at.as_deref().and_then(instant);
    let earliest = |entry: &Entry| entry.at.moment(&subject.zone).ok().map(|moment| moment.earliest());
    let in_force = effective(subject.file, known_at, earliest);
    in_force.into_iter().filter(|entry| earliest(entry).is_some_and(|at| at > now)).map(|entry| entry.n).collect()
}

/// `Entries 23 to 27 happened later; they are read too.`, and how to leave them out.
pub(super) fn sentence(subject: &Subject<'_>) -> Option<String> {
    let later = entries(subject);
    let at = local(subject);
    let they = match later.as_slice() {
        [] => return None,
        [_] => "it is",
        _ => "they are",
    };
    let subjects = named(&later);
    Some(format!(
        "{subjects} happened later; {they} read too, so this is not how it looked then. With --known-at {at}, what was recorded later is left \
         out."
    ))
}

/// The instant asked about, as the call writes it.
fn local(subject: &Subject<'_>) -> String {
    let at = subject.standing.at.parse::<jiff::Timestamp>().ok();
    at.map_or_else(|| subject.standing.at.clone(), |at| subject.zone.local(at).strftime("%Y-%m-%dT%H:%M").to_string())
}

/// `Entry 3`, `Entries 3 and 5 to 9`.
pub(super) fn named(numbers: &[u32]) -> String {
    let word = if numbers.len() == 1 { "Entry" } else { "Entries" };
    format!("{word} {}", words::and(&ranges(numbers)))
}

/// `3`, `5 to 9`.
fn ranges(numbers: &[u32]) -> Vec<String> {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => found.push((*number, *number)),
        }
    }
    let said = found.into_iter().map(|(first, last)| match last - first {
        0 => vec![first.to_string()],
        1 => vec![first.to_string(), last.to_string()],
        _ => vec![format!("{first} to {last}")],
    });
    said.flatten().collect()
}
