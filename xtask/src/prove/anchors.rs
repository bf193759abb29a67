//! Other anchors for an anchor: a finer or coarser grain, and another point.
//!
//! Deliberately absent: what an anchor points at; the engine finds that.

use openward_law::time::{Length, Unit};

/// The grains, as they are written behind the point.
const GRAINS: &[&str] = &["", ".day", ".next-day"];

/// For each point with a name of its own, one that lies elsewhere in nearly every case.
const POINTS: &[(&str, &str)] = &[
    ("on", "expiry"),
    ("start", "expiry"),
    ("joined", "expiry"),
    ("expiry", "start"),
    ("signed", "examined.first"),
    ("founding.signed", "examined.first"),
    ("examined.first", "examined.last"),
    ("examined.last", "examined.first"),
    ("admitted", "expiry"),
    ("absent", "start"),
    ("due", "opened"),
    ("opened", "due"),
    ("of", "on"),
];

/// The other anchors to try. With a length in days or longer the instant and its day count alike, so one is not tried for the other.
pub(super) fn others(text: &str, length: Option<Length>) -> Vec<String> {
    let (point, grain) = split(text);
    let by_day = length.is_some_and(|length| !matches!(length.unit(), Unit::Hours | Unit::Minutes));
    // An end alone is an instant, and of a period of days that instant is the first of the next day. Nothing here says what the end was
    // counted in, so the change is not tried for hours either.
    let end_alone = |other: &str| length.is_none() && is_end(point) && grain.is_empty() && other == ".next-day";
    let by_instant = |other: &str| by_day && !is_end(point) && other != ".next-day" && grain != ".next-day";
    let alike = |other: &str| end_alone(other) || by_instant(other);
    let mut others: Vec<String> =
        GRAINS.iter().filter(|other| **other != grain && !alike(other)).map(|other| format!("{point}{other}")).collect();
    others.extend(elsewhere(point).map(|point| format!("{point}{grain}")));
    others
}

fn split(text: &str) -> (&str, &str) {
    let grain = GRAINS.iter().copied().filter(|grain| !grain.is_empty()).find(|grain| text.ends_with(grain)).unwrap_or("");
    (text.strip_suffix(grain).unwrap_or(text), grain)
}

/// The end of a day: as an instant it is the first instant after that day, and so another day.
fn is_end(point: &str) -> bool {
    point == "expiry" || point == "due" || point.ends_with(".due") || point.ends_with(".end")
}

fn elsewhere(point: &str) -> Option<String> {
    if let Some((_, other)) = POINTS.iter().find(|(word, _)| *word == point) {
        return Some((*other).to_owned());
    }
    if let Some(order) = point.strip_prefix("order.") {
        return order
            .strip_suffix(".start")
            .map(|name| format!("order.{name}.end"))
            .or_else(|| order.strip_suffix(".end").map(|name| format!("order.{name}.start")));
    }
    (point.starts_with("clock.") || point.starts_with("duty.")).then(|| "expiry".to_owned())
}

#[cfg(test)]
mod tests {
    use openward_law::pack::anchor;

    use super::*;

    #[test]
    fn an_instant_and_its_day_are_apart_in_hours_and_alike_in_days() {
        let hours = "72 hours".parse().ok();
        let days = "28 days".parse().ok();
        assert_eq!(others("start", hours), ["start.day", "start.next-day", "expiry"]);
        assert_eq!(others("start", days), ["start.next-day", "expiry"]);
        assert_eq!(others("start.next-day", days), ["start", "start.day", "expiry.next-day"]);
        assert_eq!(others("expiry.day", days), ["expiry", "expiry.next-day", "start.day"]);
        assert_eq!(others("on.day", None), ["on", "on.next-day", "expiry.day"]);
    }

    #[test]
    fn a_point_of_another_provision_has_another() {
        assert_eq!(others("order.s2.end", None), ["order.s2.end.day", "order.s2.start"]);
        assert_eq!(others("clock.relevant.day", None), ["clock.relevant", "clock.relevant.next-day", "expiry.day"]);
    }

    #[test]
    fn every_point_of_the_format_has_another_of_the_format() {
        for (word, other) in POINTS {
            assert!(anchor::read(word).is_ok() && anchor::read(other).is_ok(), "{word}");
            assert_ne!(word, other);
        }
    }
}
