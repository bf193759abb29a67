//! Measuring: the median of many repetitions, so that a busy machine moves it little.
//!
//! Deliberately absent: what is measured, and any assertion on time.

use std::time::{Duration, Instant};

/// The median time of one call, in microseconds, from `rounds` rounds of `calls` calls each.
pub(super) fn micros(rounds: usize, calls: u32, mut work: impl FnMut()) -> f64 {
    // The first round warms caches and is not counted.
    let times = (0..=rounds).map(|_| {
        let started = Instant::now();
        (0..calls).for_each(|_| work());
        started.elapsed() / calls
    });
    median(times.skip(1).collect()).as_secs_f64() * 1e6
}

/// The middle of these times; of an even number the later of the two.
pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A figure as it is shown: three digits that say something.
pub(super) fn shown(figure: f64) -> String {
    match figure {
        figure if figure >= 10_000.0 => grouped(figure),
        figure if figure >= 100.0 => format!("{figure:.0}"),
        figure if figure >= 10.0 => format!("{figure:.1}"),
        figure if figure >= 1.0 => format!("{figure:.2}"),
        figure => format!("{figure:.3}"),
    }
}

/// A large number with its thousands apart.
fn grouped(figure: f64) -> String {
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        let times = [5, 1, 9, 2, 3].map(Duration::from_secs).to_vec();
        assert_eq!(median(times), Duration::from_secs(3));
        assert_eq!(median(Vec::new()), Duration::ZERO);
    }

    #[test]
    fn work_is_done_as_often_as_said_and_once_more_to_warm_up() {
        let mut done = 0;
        micros(3, 5, || done += 1);
        assert_eq!(done, 20);
    }

    #[test]
    fn figures_are_shown_with_three_digits_or_grouped() {
        assert_eq!([0.1234, 1.234, 12.34, 123.4].map(shown), ["0.123", "1.23", "12.3", "123"]);
        assert_eq!([12_345.0, 1_234_567.0].map(shown), ["12,345", "1,234,567"]);
    }
}
