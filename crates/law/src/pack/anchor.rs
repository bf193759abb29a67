//! Anchors: the named points in time that periods and windows in a pack are counted from.

use super::problem::nearest;

/// Which point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Base {
    /// The entry or event that raised the provision, or the act being judged.
    On,
    /// The start of the order in question.
    Start,
    /// The start of the order that this one joins on to, or its own start.
    Joined,
    /// The present end of the order in question.
    Expiry,
    /// When the paper in question was signed.
    Signed,
    /// When the application or order that a paper founds was signed.
    FoundingSigned,
    /// The first of the examinations behind the paper.
    ExaminedFirst,
    /// The last of the examinations behind the paper.
    ExaminedLast,
    /// When the person was admitted in this stay.
    Admitted,
    /// The first day of the absence.
    AbsentFrom,
    /// The due end of the duty in question.
    Due,
    /// When the thing in question opened.
    Opened,
    /// A clock.
    Clock(u16),
    /// The due end of a named duty's latest instance.
    DutyDue(u16),
    /// The start of a named order's latest instance.
    OrderStart(u16),
    /// The end of a named order's latest instance.
    OrderEnd(u16),
    /// When the entry `of` which the act speaks happened.
    Of,
}

/// As an instant, as its local day, or as the day after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grain {
    /// The instant.
    Instant,
    /// The local day.
    Day,
    /// The local day after.
    NextDay,
}

/// A named point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Anchor {
    /// Which point.
    pub base: Base,
    /// How finely.
    pub grain: Grain,
}

/// An anchor as written, before names are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written<'a> {
    /// A point with a fixed name.
    Fixed(Base, Grain),
    /// `clock.NAME`.
    Clock(&'a str, Grain),
    /// `duty.NAME.due`.
    DutyDue(&'a str, Grain),
    /// `order.NAME.start`.
    OrderStart(&'a str, Grain),
    /// `order.NAME.end`.
    OrderEnd(&'a str, Grain),
}

const FIXED: &[(&str, Base)] = &[
    ("on", Base::On),
    ("start", Base::Start),
    ("joined", Base::Joined),
    ("expiry", Base::Expiry),
    ("signed", Base::Signed),
    ("founding.signed", Base::FoundingSigned),
    ("examined.first", Base::ExaminedFirst),
    ("examined.last", Base::ExaminedLast),
    ("admitted", Base::Admitted),
    ("absent", Base::AbsentFrom),
    ("due", Base::Due),
    ("opened", Base::Opened),
    ("of", Base::Of),
];

/// Reads an anchor.
///
/// # Errors
/// A sentence that says what may stand there.
pub fn read(text: &str) -> Result<Written<'_>, String> {
    let (name, grain) = match text.strip_suffix(".next-day") {
        Some(name) => (name, Grain::NextDay),
        None => match text.strip_suffix(".day") {
            Some(name) => (name, Grain::Day),
            None => (text, Grain::Instant),
        },
    };
    if let Some((_, base)) = FIXED.iter().find(|(word, _)| *word == name) {
        return Ok(Written::Fixed(*base, grain));
    }
    if let Some(clock) = name.strip_prefix("clock.") {
        return Ok(Written::Clock(clock, grain));
    }
    if let Some(duty) = name.strip_prefix("duty.").and_then(|rest| rest.strip_suffix(".due")) {
        return Ok(Written::DutyDue(duty, grain));
    }
    if let Some(order) = name.strip_prefix("order.") {
        if let Some(order) = order.strip_suffix(".start") {
            return Ok(Written::OrderStart(order, grain));
        }
        if let Some(order) = order.strip_suffix(".end") {
            return Ok(Written::OrderEnd(order, grain));
        }
    }
    let words = FIXED.iter().map(|(word, _)| *word);
    let near = nearest(name, words.clone()).map(|word| format!(" Did you mean `{word}`?")).unwrap_or_default();
    Err(format!(
        "An anchor is one of {}, clock.NAME, duty.NAME.due, order.NAME.start, order.NAME.end, each alone or with .day or .next-day.{near}",
        words.collect::<Vec<_>>().join(", ")
    ))
}
