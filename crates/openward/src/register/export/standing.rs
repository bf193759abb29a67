//! A standing on the page of an export: the words of `openward standing --why`, set as a document instead of lines.
//!
//! Nothing is worded anew here, so that the page cannot say less than the command does. Deliberately absent: the drawing of the timeline,
//! for which the page has a table.

use openward_law::standing::Authority;

use crate::page::{Block, Page, Text, Tone};
use crate::standing::{Subject, in_full};
use crate::words::{date, plain};

/// One standing.
pub(super) struct Stood {
    pub(super) law: String,
    pub(super) sections: Vec<Section>,
    pub(super) spans: Vec<Span>,
}

/// What stands under a heading; the first section has none.
#[derive(Default)]
pub(super) struct Section {
    pub(super) heading: Option<String>,
    pub(super) items: Vec<Item>,
}

/// A paragraph, a point with what belongs to it, or a name with what is said of it.
pub(super) enum Item {
    Paragraph(Vec<Run>),
    Points(Vec<(Vec<Run>, Vec<Vec<Run>>)>),
    Pairs(Vec<(String, Vec<Run>)>),
}

/// Words that are meant alike.
pub(super) struct Run {
    pub(super) words: String,
    /// `strong`, `quiet`, `alarm`, or nothing.
    pub(super) class: &'static str,
}

/// A stretch of the timeline.
pub(super) struct Span {
    pub(super) from: String,
    pub(super) until: String,
    pub(super) held: String,
    pub(super) authority: String,
}

/// A page wide enough that nothing is cut short on it.
const WIDTH: usize = 400;

pub(super) fn stood(subject: &Subject<'_>) -> Stood {
    let standing = &subject.standing;
    let mut page = Page::new(WIDTH, false);
    in_full(&mut page, subject);
    let clock = subject.clock();
    let spans = standing.timeline.iter().map(|span| Span {
        from: clock.at(&span.from),
        until: span.until.as_deref().map_or_else(|| "no end is known".to_owned(), |until| clock.at(until)),
        held: match span.held.as_str() {
            "yes" => "held".to_owned(),
            "no" => "not held".to_owned(),
            _ => "it cannot be told".to_owned(),
        },
        authority: match &span.authority {
            Authority::NotNeeded => "not needed".to_owned(),
            other => plain(other.word()),
        },
    });
    Stood {
        law: format!("{}, as at {}", standing.law.title, date(&standing.law.as_at)),
        sections: sections(page.blocks()),
        spans: spans.collect(),
    }
}

fn sections(blocks: &[Block]) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    for block in blocks {
        if let Block::Heading(text) = block {
            sections.push(Section { heading: Some(text.words()), items: Vec::new() });
            continue;
        }
        let Some(Section { items, .. }) = sections.last_mut() else { continue };
        match block {
            Block::Heading(_) => {}
            Block::Beside(name, text) => match items.last_mut() {
                Some(Item::Pairs(pairs)) => pairs.push((name.clone(), runs(text))),
                _ => items.push(Item::Pairs(vec![(name.clone(), runs(text))])),
            },
            Block::Paragraph(0, text) => items.push(Item::Paragraph(runs(text))),
            Block::Paragraph(indent, text) => match items.last_mut() {
                Some(Item::Points(points)) => match points.last_mut() {
                    Some((_, under)) if *indent > 2 => under.push(runs(text)),
                    _ => points.push((runs(text), Vec::new())),
                },
                _ => items.push(Item::Points(vec![(runs(text), Vec::new())])),
            },
        }
    }
    sections.retain(|section| !section.items.is_empty());
    sections
}

fn runs(text: &Text) -> Vec<Run> {
    let class = |tone| match tone {
        Tone::Plain | Tone::Good | Tone::Doubt => "",
        Tone::Strong => "strong",
        Tone::Faint => "quiet",
        Tone::Bad => "alarm",
    };
    let runs = text.runs().into_iter().map(|(words, tone)| Run { words, class: class(tone) });
    runs.collect()
}
