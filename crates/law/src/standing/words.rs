//! The words of the published form, one for each value of the engine's.

use super::timeline::Held;
use crate::engine::forecast::{Failing, FindingKind, Presence};
use crate::entry::FactKind;
use crate::pack::anchor::Base;
use crate::pack::{Defect, Looks, Pattern, Sym, Words};

/// What a part of a duty asks, in words a clerk can act on: its name, the facts that do it, and what they must say as `field:word`.
pub(super) fn part_name(part: &Pattern, words: &Words) -> String {
    let Looks::Entries(_) = &part.looks else { return part.name.clone().unwrap_or_else(|| "follows by itself".to_owned()) };
    let facts: Vec<&str> = FactKind::ALL.iter().filter(|fact| part.looks_at(**fact)).map(|fact| fact.word()).collect();
    let mut said = facts.join(" or ");
    let list = |syms: &[Sym], between: &str| syms.iter().map(|sym| words.text(*sym)).collect::<Vec<_>>().join(between);
    for (label, syms, between) in [
        ("instrument", &part.instrument, " or "),
        ("under", &part.under, " or "),
        ("as", &part.by, " or "),
        ("kind", &part.kind, " or "),
        ("outcome", &part.outcome, " or "),
        ("to", &part.to, " and "),
        ("how", &part.how, " and "),
        ("contents", &part.contents, " and "),
        ("states", &part.states, " or "),
    ] {
        if !syms.is_empty() {
            said.push_str(&format!(" {label}:{}", list(syms, between)));
        }
    }
    part.name.as_ref().map_or_else(|| said.clone(), |name| format!("{name}: {said}"))
}

pub(super) fn held_word(held: Held) -> &'static str {
    match held {
        Held::Yes => "yes",
        Held::No => "no",
        Held::CannotTell => "cannot-tell",
    }
}

pub(super) fn presence_word(presence: Presence) -> &'static str {
    match presence {
        Presence::Out => "out",
        Presence::Free => "free",
        Presence::Held => "held",
        Presence::Stopped => "stopped",
        Presence::Asked => "asked",
        Presence::OnLeave => "on-leave",
        Presence::Absent => "absent",
    }
}

pub(super) fn failing_word(failing: Failing) -> &'static str {
    match failing {
        Failing::Unmet => "unmet",
        Failing::Missing => "missing",
        Failing::TimeUnknown => "time-unknown",
        Failing::Reading => "reading",
    }
}

pub(super) fn defect_word(defect: Defect) -> &'static str {
    match defect {
        Defect::Void => "void",
        Defect::Ends => "ends",
        Defect::Curable => "curable",
        Defect::ForDecision(_) => "for-decision",
        Defect::Irregular => "irregular",
        Defect::ReasonWanted => "reason-wanted",
    }
}

pub(super) fn finding_word(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Forbidden => "forbidden",
        FindingKind::Defect => "defect",
        FindingKind::NotShown => "not-shown",
        FindingKind::Unanswered => "unanswered",
        FindingKind::OutOfTime => "out-of-time",
        FindingKind::Early => "early",
        FindingKind::Late => "late",
        FindingKind::Excess => "excess",
        FindingKind::NoEffect => "no-effect",
        FindingKind::Contradicted => "contradicted",
    }
}

/// What a point in time is called in a sum.
pub(super) fn label(base: Base) -> &'static str {
    match base {
        Base::On => "the act",
        Base::Start | Base::OrderStart(_) => "the start",
        Base::Joined => "the start of the order it joins on to",
        Base::Expiry | Base::OrderEnd(_) => "the end before",
        Base::Signed => "the signing",
        Base::FoundingSigned => "the signing of the application",
        Base::ExaminedFirst => "the first examination",
        Base::ExaminedLast => "the last examination",
        Base::Admitted => "the admission",
        Base::AbsentFrom => "the first day of absence",
        Base::Due | Base::DutyDue(_) => "the day it was due",
        Base::Opened => "the opening",
        Base::Clock(_) => "the day the law counts from",
        Base::Of => "the act in question",
    }
}

/// What kind of finding a flaw is.
pub(super) fn flaw_finding(failing: Failing) -> &'static str {
    match failing {
        Failing::Unmet => "defect",
        Failing::Reading => "reading",
        Failing::Missing | Failing::TimeUnknown => "not-shown",
    }
}
