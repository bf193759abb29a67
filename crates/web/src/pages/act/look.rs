//! What an unsigned act would change, beside the standing as it would be.
//!
//! Deliberately absent: anything that the two standings do not say.

use jiff::tz::TimeZone;
use openward_office::act::Look;

use crate::language::Language;
use crate::pages::said::{Duty, Line, Stood, Titled, entries, stood};

/// An act as it is looked at.
pub(super) struct Looked {
    pub(super) lines: Vec<Line>,
    pub(super) laws: Vec<Changed>,
    pub(super) troubles: Vec<String>,
}

/// What changes under one law.
pub(super) struct Changed {
    pub(super) stood: Stood,
    /// The answer on authority before, where it is another.
    pub(super) was: Option<String>,
    pub(super) owed: Vec<Duty>,
    pub(super) done: Vec<Duty>,
    pub(super) found: Vec<Titled>,
}

pub(super) fn looked(t: &Language, look: &Look, zone: &TimeZone) -> Looked {
    let laws = look.after.standings.iter().map(|after| {
        let before = look.before.standings.iter().find(|before| before.law.id == after.law.id).map(|before| stood(t, before));
        changed(before.as_ref(), stood(t, after))
    });
    let mut troubles: Vec<String> = look.after.bad_times.iter().map(|n| t.with("person-bad-time", "n", *n)).collect();
    if look.after.standings.is_empty() && troubles.is_empty() {
        troubles.push(t.say("person-no-law"));
    }
    Looked { lines: entries(t, &look.entries, zone), laws: laws.collect(), troubles }
}

fn changed(before: Option<&Stood>, stood: Stood) -> Changed {
    let duties = before.map(|before| before.duties.as_slice()).unwrap_or_default();
    let is_open = |duty: &Duty| matches!(duty.state.as_str(), "open" | "late" | "cannot-tell");
    let was = |duty: &Duty| duties.iter().find(|known| known.id == duty.id);
    let owed = stood.duties.iter().filter(|duty| is_open(duty) && !was(duty).is_some_and(is_open)).cloned().collect();
    let done = stood.duties.iter().filter(|duty| !is_open(duty) && was(duty).is_some_and(is_open)).cloned().collect();
    let known = |found: &Titled| before.is_some_and(|before| before.findings.contains(found));
    let found = stood.findings.iter().filter(|found| !known(found)).cloned().collect();
    Changed { was: before.filter(|before| before.answer != stood.answer).map(|before| before.authority.clone()), owed, done, found, stood }
}
