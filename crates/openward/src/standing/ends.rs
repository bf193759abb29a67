//! A date that has two readings, said in one way wherever it is said.
//!
//! Of the two, the one that protects liberty comes first for an order and for whoever owes something. A right is never shown
//! shorter than it may be: there the longer comes first. Deliberately absent: choosing between them.

use openward_law::standing::EndShown;

use crate::words::{self, Clock};

/// `by A (or, read otherwise, by B)`: what somebody owes.
pub(crate) fn due_by(clock: &Clock, due: &EndShown) -> String {
    two("by", &clock.end(&due.until), due.or_until.as_ref().map(|later| clock.end(later)), due)
}

/// `until B (or, read otherwise, until A)`: how long a right is open.
pub(crate) fn open_until(clock: &Clock, close: &EndShown) -> String {
    match &close.or_until {
        Some(later) => two("until", &clock.end(later), Some(clock.end(&close.until)), close),
        None => two("until", &clock.end(&close.until), None, close),
    }
}

/// `until A (or, read otherwise, until B)`: how long an order runs.
pub(crate) fn runs_until(clock: &Clock, end: &EndShown) -> String {
    two("until", &clock.end(&end.until), end.or_until.as_ref().map(|later| clock.end(later)), end)
}

fn two(lead: &str, first: &str, second: Option<String>, end: &EndShown) -> String {
    second.map_or_else(|| format!("{lead} {first}"), |second| format!("{lead} {first} (or, {}, {lead} {second})", otherwise(end)))
}

/// Why there is another: a text read in another way, or a time that is not known.
fn otherwise(end: &EndShown) -> &'static str {
    if end.doubt.as_deref() == Some("reading") { "read otherwise" } else { "as the time is not known" }
}

/// The reason for the two, as a sentence.
pub(crate) fn why_two(end: &EndShown) -> Option<String> {
    let why = end.or_until.as_ref().and(end.why_two.as_ref())?;
    Some(format!("{}.", words::capital(words::unstopped(why))))
}

/// The sum behind a date, said with the date it is the sum of where there are two.
pub(crate) fn sum(clock: &Clock, end: &EndShown) -> Option<String> {
    let sum = words::unstopped(end.counted.as_ref()?);
    Some(match &end.or_until {
        Some(_) => format!("{}: {sum}.", clock.end(&end.until)),
        None => format!("{sum}."),
    })
}

/// Whether an instant lies before another. Instants of a standing always parse; were one not to, it would not count as past.
pub(crate) fn is_past(text: &str, now: &str) -> bool {
    let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
    instant(text).zip(instant(now)).is_some_and(|(at, now)| at <= now)
}
