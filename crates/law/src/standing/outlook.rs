//! The part of a standing that registers keep for every file: its timeline, its duties, and when they next change.
//!
//! A register folds a file at each act; what nobody asked for is left out here, so that an act costs less. Deliberately absent: any other
//! reading of the forecast. Both ways go through the same view.

use jiff::Timestamp;

use super::model::{DutyShown, Span};
use super::timeline::timeline;
use super::{Question, look};
use crate::casefile::{CaseFile, FileEntries, Header};
use crate::engine::{BadTime, Context};

/// What a register keeps of a standing.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The spans, first to last.
    pub timeline: Vec<Span>,
    /// The duties.
    pub duties: Vec<DutyShown>,
    /// When anything that a standing shows next changes by time alone.
    pub next_change_at: Option<Timestamp>,
}

/// The timeline, the duties and the next change of [`super::standing_in`], and nothing else.
///
/// # Errors
/// As [`super::standing`].
pub fn outlook(file: &FileEntries, context: &Context, question: Question<'_>) -> Result<Outlook, Vec<BadTime>> {
    let none = CaseFile { header: Header::default(), files: Vec::new() };
    look(&none, file, context, question, |view, _| {
        let stretches = timeline(view.forecast);
        Outlook {
            timeline: stretches.iter().enumerate().map(|(number, _)| view.span(&stretches, number)).collect(),
            duties: view.forecast.duties.iter().filter_map(|run| view.duty(run)).collect(),
            next_change_at: view.next_change(&stretches, question.benchmark),
        }
    })
}
