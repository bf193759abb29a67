//! The figures as a page: each beside its aim, with the floor of the same run where there is one.
//!
//! Deliberately absent: measuring.

use std::time::Duration;

use super::append::{Found, Round};
use super::grown::Grown;
use crate::bench::measure::{median, shown};

/// One line.
pub(super) struct Line {
    what: String,
    found: String,
    floor: String,
    ratio: String,
    aim: &'static str,
}

/// The figure of the middle round.
fn middle(rounds: &[Round], of: impl Fn(&Round) -> f64) -> f64 {
    let mut figures: Vec<f64> = rounds.iter().map(of).collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

fn ms(time: Duration) -> String {
    format!("{} ms", shown(time.as_secs_f64() * 1e3))
}

/// The time that so many of a hundred stay below.
fn percentile(times: &[Duration], percent: usize) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// Acts.
pub(super) fn acts(found: &Found) -> Vec<Line> {
    let writers = found.writers;
    let (rate, floor) = (middle(&found.product, |round| round.rate), middle(&found.floor, |round| round.rate));
    // Each round beside the floor's round after it: what slows the machine for a while slows both.
    let mut ratios: Vec<f64> = found.product.iter().zip(&found.floor).map(|(one, other)| one.rate / other.rate).collect();
    ratios.sort_by(f64::total_cmp);
    let (cpu, floor_cpu) = (middle(&found.product, |round| round.cpu), middle(&found.floor, |round| round.cpu));
    vec![
        Line {
            what: format!("durable acts a second, {writers} at once"),
            found: format!("{} /s", shown(rate)),
            floor: format!("{} /s", shown(floor)),
            ratio: shown(ratios.get(ratios.len() / 2).copied().unwrap_or_default()),
            aim: "≥ 0.5 of the floor",
        },
        Line {
            what: format!("processor time of an act, {writers} at once"),
            found: format!("{} µs", shown(cpu)),
            floor: format!("{} µs", shown(floor_cpu)),
            ratio: shown(cpu / floor_cpu),
            aim: "",
        },
    ]
}

/// One client alone.
pub(super) fn idle(product: &[Duration], floor: &[Duration]) -> Vec<Line> {
    let line = |name: &str, percent, aim| {
        let (found, bare) = (percentile(product, percent), percentile(floor, percent));
        Line {
            what: format!("one client, pauses between: {name}"),
            found: ms(found),
            floor: ms(bare),
            ratio: shown(found.as_secs_f64() / bare.as_secs_f64()),
            aim,
        }
    };
    vec![line("half of the acts within", 50, "≤ 1 ms, ≤ 3 × the floor"), line("99 of 100 within", 99, "≤ 5 ms")]
}

/// A register that has grown.
pub(super) fn grown(found: &Grown) -> Vec<Line> {
    let plain = |what: String, found: String, aim| Line { what, found, floor: String::new(), ratio: String::new(), aim };
    #[expect(clippy::cast_precision_loss, reason = "figures are shown with three digits")]
    let entries = shown(found.entries as f64);
    let [without, with, bare] = found.verified;
    let [made, linked, checked, also] = &found.proofs;
    let (dependents, many, alone) = found.marked;
    let rate = |what: &str, rate: f64, aim| Line {
        what: format!("check of all {entries} entries, {what}"),
        found: format!("{} /s", shown(rate)),
        floor: format!("{} /s", shown(bare)),
        ratio: shown(rate / bare),
        aim,
    };
    vec![
        Line {
            what: format!("from the start of the process to the first answer, after a kill, {entries} entries"),
            found: ms(median(found.ready.clone())),
            floor: ms(median(found.bare.clone())),
            ratio: String::new(),
            aim: "≤ 1 s",
        },
        plain(
            format!("the most memory while it starts, writes and reads, {entries} entries"),
            found.memory.map_or_else(|| "not known here".to_owned(), |bytes| format!("{} MB", bytes / 1_000_000)),
            "≤ 200 MB",
        ),
        plain("bytes on the disk for each entry, with keys, forecasts and log".to_owned(), shown(found.bytes_each), ""),
        plain("making a proof of inclusion: 99 of 100 within".to_owned(), ms(percentile(made, 99)), "≤ 5 ms"),
        plain("making a proof of consistency: 99 of 100 within".to_owned(), ms(percentile(linked, 99)), "≤ 5 ms"),
        plain("checking one of inclusion: 99 of 100 within".to_owned(), ms(percentile(checked, 99)), "≤ 1 ms"),
        plain("checking one of consistency: 99 of 100 within".to_owned(), ms(percentile(also, 99)), "≤ 1 ms"),
        rate("chains and log", without, "≥ 250,000 /s, ≥ 0.6 of the floor"),
        rate("and every part opened with its key", with, ""),
        Line {
            what: format!("an act in a file on which {dependents} others rely, beside one on which none do"),
            found: ms(many),
            floor: ms(alone),
            ratio: shown(many.as_secs_f64() / alone.as_secs_f64()),
            aim: "",
        },
    ]
}

/// The table.
pub(super) fn table(lines: &[Line]) -> String {
    let mut text = String::from("| what | found | floor | ratio | aim |\n|---|---:|---:|---:|---|\n");
    for Line { what, found, floor, ratio, aim } in lines {
        text.push_str(&format!("| {what} | {found} | {floor} | {ratio} | {aim} |\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_the_middle_of_the_rounds_ratios() {
        let rounds = |rates: [f64; 3]| rates.map(|rate| Round { rate, cpu: 1.0 }).to_vec();
        let found = Found { writers: 8, product: rounds([10.0, 50.0, 30.0]), floor: rounds([20.0, 60.0, 300.0]) };
        let text = table(&acts(&found));
        assert!(text.contains("| durable acts a second, 8 at once | 30.0 /s | 60.0 /s | 0.500 | ≥ 0.5 of the floor |"), "{text}");
    }

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!([50, 99, 100].map(|percent| percentile(&times, percent)), [51, 100, 100].map(Duration::from_millis));
        assert_eq!(percentile(&[], 50), Duration::ZERO);
    }
}
