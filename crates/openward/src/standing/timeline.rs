//! The way of it as a drawing: a row for each order and one for authority, scaled to the width, the present instant marked.
//!
//! A column stands for a span of time and shows the worst answer in it, so that a short lapse in a long stay is never lost.

use jiff::Timestamp;
use openward_law::standing::{Authority, OrderShown, Span};

use super::text::Subject;
use super::{ends, later};
use crate::page::{Page, Text, Tone};
use crate::words;

/// Columns before the drawing, at least; more where the names of orders are longer.
const LABEL: usize = 12;
/// And at most: a longer name is cut in the middle, for names differ at both ends.
const LABEL_MAX: usize = 24;
/// More orders than this are not drawn: the last ones are.
const ROWS_MAX: usize = 12;

/// The letters of a drawing.
struct Signs {
    shown: char,
    contested: char,
    not_shown: char,
    none: char,
    free: char,
    first: char,
    run: char,
    last: char,
    open: char,
    void: char,
    now: char,
    tick: char,
}

const DRAWN: Signs = Signs {
    shown: '█',
    contested: '▓',
    not_shown: '░',
    none: '╳',
    free: '·',
    first: '├',
    run: '─',
    last: '┤',
    open: '→',
    void: '╌',
    now: '▼',
    tick: '│',
};
const PLAIN: Signs = Signs {
    shown: '=',
    contested: '~',
    not_shown: '?',
    none: 'X',
    free: '.',
    first: '[',
    run: '-',
    last: ']',
    open: '>',
    void: ':',
    now: 'v',
    tick: '|',
};

/// Time laid over columns.
struct Scale {
    from: i64,
    until: i64,
    columns: usize,
    /// Columns before the drawing.
    label: usize,
}

impl Scale {
    fn column(&self, at: i64) -> usize {
        let wide = i128::from(self.until - self.from).max(1);
        let along = i128::from(at - self.from).clamp(0, wide) * self.columns as i128 / wide;
        usize::try_from(along).unwrap_or(0).min(self.columns.saturating_sub(1))
    }
}

fn seconds(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_second)
}

/// Draws it, if there is anything to draw.
pub(super) fn draw(page: &mut Page, subject: &Subject<'_>) {
    let standing = &subject.standing;
    let Some(now) = seconds(&standing.at) else { return };
    let Some(scale) = scale(page, subject, now) else { return };
    let signs = if page.is_ascii() { &PLAIN } else { &DRAWN };
    page.heading(if later::entries(subject).is_empty() {
        "Timeline, and what follows from it if nothing more happens"
    } else {
        "Timeline, with the later entries read too"
    });
    let mark = scale.column(now);
    let label = scale.label;
    page.drawn(Text::from(" ".repeat(label + mark)).and(signs.now.to_string(), Tone::Strong));
    let skipped = drawn(subject).count().saturating_sub(ROWS_MAX);
    for order in drawn(subject).skip(skipped) {
        row(page, (&order.order, label), order_row(order, &scale, signs), mark, signs);
    }
    row(page, ("Authority", label), authority_row(&standing.timeline, &scale, signs), mark, signs);
    dates(page, subject, &scale);
    legend(page, subject, signs, label);
    if skipped > 0 {
        page.key(label, format!("{} not drawn.", words::count(skipped, "earlier order is", "earlier orders are")));
    }
    for order in standing.orders.iter().filter(|order| order.measures_only && order.state == "paused") {
        let until = order.end.as_ref().map(|end| format!(", {}", ends::runs_until(&subject.clock(), end))).unwrap_or_default();
        page.hang(
            label,
            label,
            format!("Not drawn, for it gives no authority and only measures time: {}{until}.", subject.names().order(&order.order)),
        );
    }
}

/// The orders that give, or gave, authority: one that only measures time has no place in the drawing.
fn drawn<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = &'s OrderShown> {
    subject.standing.orders.iter().filter(|order| !order.measures_only)
}

/// From the first thing known to a little after the last, the present instant within.
fn scale(page: &Page, subject: &Subject<'_>, now: i64) -> Option<Scale> {
    let standing = &subject.standing;
    let starts = drawn(subject).map(|order| &order.start).chain(standing.timeline.iter().map(|span| &span.from));
    let from = starts.filter_map(|text| seconds(text)).min()?.min(now);
    let ends = drawn(subject).filter_map(|order| order.ended_at.as_ref().or(order.end.as_ref().map(|end| &end.until)));
    let last = ends.chain(standing.timeline.iter().map(|span| &span.from)).filter_map(|text| seconds(text)).max()?.max(now);
    let skipped = drawn(subject).count().saturating_sub(ROWS_MAX);
    let longest = drawn(subject).skip(skipped).map(|order| order.order.chars().count()).max().unwrap_or(0);
    // At least half of a narrow page is for the drawing.
    let label = (longest + 1).clamp(LABEL, LABEL_MAX.min(page.width() / 2));
    // A margin shows what comes after the last end.
    let margin = ((last - from) / 16).max(3600);
    Some(Scale { from, until: last + margin, columns: page.width().saturating_sub(label + 1), label })
}

fn row(page: &mut Page, (name, label): (&str, usize), cells: Vec<(char, Tone)>, mark: usize, signs: &Signs) {
    let name = fitted(name, label - 1, if page.is_ascii() { ".." } else { "…" });
    let mut text = Text::new(format!("{name:<label$}"), Tone::Plain);
    for (column, (sign, tone)) in cells.into_iter().enumerate() {
        text = if column == mark && sign == ' ' { text.and(signs.tick.to_string(), Tone::Faint) } else { text.and(sign.to_string(), tone) };
    }
    page.drawn(text);
}

/// A name in so many columns, cut in the middle where it is longer.
fn fitted(name: &str, room: usize, cut: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= room {
        return name.to_owned();
    }
    let left = room.saturating_sub(cut.chars().count());
    let (head, tail) = (left - left / 2, left / 2);
    let head: String = letters.iter().take(head).collect();
    let tail: String = letters.iter().skip(letters.len() - tail).collect();
    format!("{head}{cut}{tail}")
}

fn order_row(order: &OrderShown, scale: &Scale, signs: &Signs) -> Vec<(char, Tone)> {
    let mut cells = vec![(' ', Tone::Plain); scale.columns];
    let Some(start) = seconds(&order.start) else { return cells };
    let end = order.ended_at.as_ref().or(order.end.as_ref().map(|end| &end.until)).and_then(|end| seconds(end));
    let first = scale.column(start);
    // An end is the first instant after, so it belongs to the column before.
    let last = end.map_or(scale.columns.saturating_sub(1), |end| scale.column((end - 1).max(start)));
    let without_effect = order.state == "no-effect";
    for cell in cells.iter_mut().take(last + 1).skip(first) {
        *cell = if without_effect { (signs.void, Tone::Bad) } else { (signs.run, Tone::Plain) };
    }
    if without_effect {
        return cells;
    }
    // From the moment at which a defect took its effect, it is drawn as one without.
    let failed = order.failed_at.as_ref().and_then(|at| seconds(at)).map_or(usize::MAX, |at| scale.column(at));
    for cell in cells.iter_mut().take(last + 1).skip(failed) {
        *cell = (signs.void, Tone::Bad);
    }
    if failed <= first {
        return cells;
    }
    if let Some(cell) = cells.get_mut(last).filter(|_| failed > last) {
        *cell = (if end.is_some() { signs.last } else { signs.open }, Tone::Plain);
    }
    if let Some(cell) = cells.get_mut(first) {
        *cell = (signs.first, Tone::Plain);
    }
    cells
}

/// How bad an answer is: of several in one column the worst is drawn.
fn rank(answer: &Authority) -> usize {
    match answer {
        Authority::NotNeeded => 0,
        Authority::Shown { .. } => 1,
        Authority::Contested { .. } => 2,
        Authority::NotShown { .. } => 3,
        Authority::None { .. } => 4,
    }
}

fn sign(rank: usize, signs: &Signs) -> (char, Tone) {
    match rank {
        0 => (signs.free, Tone::Faint),
        1 => (signs.shown, Tone::Good),
        2 => (signs.contested, Tone::Doubt),
        3 => (signs.not_shown, Tone::Bad),
        _ => (signs.none, Tone::Bad),
    }
}

fn authority_row(spans: &[Span], scale: &Scale, signs: &Signs) -> Vec<(char, Tone)> {
    let mut ranks: Vec<Option<usize>> = vec![None; scale.columns];
    for span in spans {
        let Some(from) = seconds(&span.from) else { continue };
        let until = span.until.as_ref().and_then(|until| seconds(until)).unwrap_or(scale.until);
        let (first, last) = (scale.column(from), scale.column((until - 1).max(from)));
        for cell in ranks.iter_mut().take(last + 1).skip(first) {
            *cell = (*cell).max(Some(rank(&span.authority)));
        }
    }
    ranks.into_iter().map(|rank| rank.map_or((' ', Tone::Plain), |rank| sign(rank, signs))).collect()
}

/// The first day at the left, the last at the right.
fn dates(page: &mut Page, subject: &Subject<'_>, scale: &Scale) {
    let day = |at: i64| Timestamp::from_second(at).map(|at| subject.clock().day(&at.to_string())).unwrap_or_default();
    let (first, last) = (day(scale.from), day(scale.until));
    let gap = scale.columns.saturating_sub(first.len() + last.len());
    page.drawn(Text::new(format!("{}{first}{}{last}", " ".repeat(scale.label), " ".repeat(gap)), Tone::Faint));
}

/// Only the signs that were drawn.
fn legend(page: &mut Page, subject: &Subject<'_>, signs: &Signs, label: usize) {
    let drawn = |wanted: usize| subject.standing.timeline.iter().any(|span| rank(&span.authority) == wanted);
    let known = [(1, "shown"), (2, "contested"), (3, "not shown"), (4, "none"), (0, "not needed")];
    let mut text = Text::new(signs.now.to_string(), Tone::Strong).then(" the instant asked about");
    for (wanted, name) in known.into_iter().filter(|(wanted, _)| drawn(*wanted)) {
        let (letter, tone) = sign(wanted, signs);
        text = text.then("   ").and(letter.to_string(), tone).then(format!(" {name}"));
    }
    if subject.standing.orders.iter().any(|order| matches!(order.state.as_str(), "no-effect" | "failed")) {
        text = text.then("   ").and(signs.void.to_string(), Tone::Bad).then(" an order without effect");
    }
    page.key(label, text);
}
