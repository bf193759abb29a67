//! What changes next, and when: found by holding the standing at that instant against the one now.
//!
//! Deliberately absent: choosing the instant (`openward_law::standing` does).

use openward_law::standing::{Authority, DutyShown, EntitlementShown, OrderShown, Standing};

use super::later;
use super::text::Subject;
use crate::page::Page;
use crate::words::{self, section};

/// Says when something changes by time alone, and what.
pub(super) fn say(page: &mut Page, subject: &Subject<'_>) {
    page.heading("What changes next");
    let read_later = !later::entries(subject).is_empty();
    let Some(at) = &subject.standing.next_change_at else {
        page.put(2, if read_later { "Nothing more changes." } else { "Nothing changes by time alone." });
        return;
    };
    let how = if read_later { "by time or by the later entries" } else { "by time alone" };
    page.put(2, format!("{}, {how}:", words::capital(&subject.at(at, None))));
    let mut changes = subject.next.as_ref().map(|then| changes(subject, then, at)).unwrap_or_default();
    changes.dedup();
    if changes.is_empty() {
        page.hang(2, 4, "- another reading of a date, or the last moment of an unknown time, is reached.");
    }
    changes.into_iter().for_each(|change| page.hang(2, 4, format!("- {change}.")));
}

fn changes(subject: &Subject<'_>, then: &Standing, at: &str) -> Vec<String> {
    let now = &subject.standing;
    let mut found = Vec::new();
    if then.held.answer != now.held.answer {
        found.push(match then.held.answer.as_str() {
            "yes" => "the person is held".to_owned(),
            "no" => "the person is not held any more".to_owned(),
            _ => "whether the person is held cannot be told any more".to_owned(),
        });
    }
    found.extend(authority(subject, &now.authority, &then.authority));
    for order in &then.orders {
        let was = now.orders.iter().find(|was| was.id == order.id);
        let name = subject.names().order(&order.order);
        found.extend(of_order(was, order, at).map(|what| format!("{name} {what}")));
        found.extend(of_flaws(order, at).map(|what| format!("a defect in {name} {what}")));
    }
    for duty in &then.duties {
        let was = now.duties.iter().find(|was| was.id == duty.id);
        found.extend(of_duty(was, duty, at).map(|what| format!("`{}` ({}) {what}", words::unstopped(&duty.title), section(&duty.section))));
    }
    for right in &then.entitlements {
        let was = now.entitlements.iter().find(|was| was.id == right.id);
        let what = of_right(was, right, at);
        found.extend(what.map(|what| format!("`{}` ({}) {what}", words::unstopped(&right.title), section(&right.section))));
    }
    let stands = |standing: &Standing, id: &str, day: &str| standing.clocks.iter().any(|clock| clock.clock == id && clock.day == day);
    let fallen = now.clocks.iter().filter(|clock| !stands(then, &clock.clock, &clock.day));
    found.extend(fallen.map(|clock| format!("`{}` ({}) stands no longer", words::unstopped(&clock.title), section(&clock.section))));
    let set = then.clocks.iter().filter(|clock| !stands(now, &clock.clock, &clock.day));
    found.extend(set.map(|clock| format!("`{}` ({}) is set", words::unstopped(&clock.title), section(&clock.section))));
    if then.findings.len() > now.findings.len() {
        let more = then.findings.len() - now.findings.len();
        found.push(format!("{} made", words::count(more, "finding is", "findings are")));
    }
    if then.shortfalls != now.shortfalls {
        found.push("what the UN Principles ask beside the law is no longer the same".to_owned());
    }
    found
}

fn authority(subject: &Subject<'_>, now: &Authority, then: &Authority) -> Option<String> {
    let order = |authority: &Authority| match authority {
        Authority::Shown { order, .. } | Authority::Contested { order, .. } => Some(order.clone()),
        Authority::NotShown { order, .. } | Authority::None { order, .. } => order.clone(),
        Authority::NotNeeded => None,
    };
    if now.word() == then.word() {
        let other = order(then).filter(|then| Some(then) != order(now).as_ref())?;
        return Some(format!("authority is {} by another order: {}", words::plain(then.word()), subject.names().order(&other)));
    }
    Some(match then {
        Authority::None { .. } => "there is no authority any more".to_owned(),
        Authority::NotNeeded => "no authority is needed".to_owned(),
        other => format!("authority is {}", words::plain(other.word())),
    })
}

fn of_duty(was: Option<&DutyShown>, duty: &DutyShown, at: &str) -> Option<&'static str> {
    let Some(was) = was else { return Some("is owed") };
    if was.state == duty.state {
        return (was.due != duty.due).then_some("has another due day").or((was.to_do != duty.to_do).then_some("is done in part"));
    }
    Some(match duty.state.as_str() {
        "late" => "becomes late",
        "cannot-tell" if duty.due.as_ref().is_some_and(|due| due.until == at) => {
            "may be late: on one reading of the law, or of an unknown time"
        }
        "cannot-tell" => "may have been done too late",
        "met" => "is done",
        "met-late" => "is done, too late",
        "lapsed" => "is owed no longer",
        "waiting" => "waits",
        _ => "is owed again",
    })
}

fn of_right(was: Option<&EntitlementShown>, right: &EntitlementShown, at: &str) -> Option<&'static str> {
    let was = was.map(|was| was.state.as_str());
    match right.state.as_str() {
        state if was == Some(state) => {
            let may_close = right.closes.as_ref().is_some_and(|close| close.or_until.is_some() && close.until == at);
            may_close.then_some("may close: on one reading of the law, or of an unknown time")
        }
        "open" => Some("opens"),
        "not-yet" => Some("comes about, to open later"),
        "used" => Some("is used"),
        _ => Some("closes"),
    }
}

fn of_order(was: Option<&OrderShown>, order: &OrderShown, at: &str) -> Option<&'static str> {
    let Some(was) = was else { return Some("begins") };
    if was.state == order.state {
        return (was.stretches.len() != order.stretches.len()).then_some("goes on in another stretch");
    }
    Some(match order.state.as_str() {
        "expired" if order.measures_only => "has been measured to its end",
        "expired" if order.end.as_ref().is_some_and(|end| end.or_until.is_some() && end.until == at) => {
            "runs out on one reading of the law, or of an unknown time"
        }
        "expired" => "runs out",
        "ended" => "ends",
        "paused" => "rests",
        "failed" => "has no effect any more",
        _ => "comes back",
    })
}

fn of_flaws(order: &OrderShown, at: &str) -> Option<&'static str> {
    let mut flaws = order.stretches.iter().flat_map(|stretch| &stretch.lacks);
    flaws.find_map(|flaw| match (&flaw.mend_until, &flaw.mended_at) {
        (_, Some(mended)) if mended == at => Some("is mended or settled"),
        (Some(until), None) if until == at => Some("can no longer be mended"),
        _ => None,
    })
}
