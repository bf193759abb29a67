//! A fact before it has a number: refers to others by their place among the drafts.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use openward_law::entry::{CorrectionKind, Details, FactKind, Field};
use openward_law::time::When;

/// A fact of a story.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// When, on the wall.
    pub(crate) at: DateTime,
    /// Only the date is known.
    pub(crate) day_only: bool,
    /// Written with its offset.
    pub(crate) with_offset: bool,
    /// What.
    pub(crate) fact: FactKind,
    /// With what.
    pub(crate) details: Details,
    /// About which drafts.
    pub(crate) of: Vec<usize>,
    /// Founded on which.
    pub(crate) on: Vec<usize>,
    /// Corrects which.
    pub(crate) corrects: Option<(usize, CorrectionKind)>,
    /// Put on the register so many minutes after it happened.
    pub(crate) late: i64,
}

impl Draft {
    /// A fact at a time.
    pub(crate) fn new(at: DateTime, fact: FactKind) -> Draft {
        Draft {
            at,
            day_only: false,
            with_offset: false,
            fact,
            details: Details::default(),
            of: Vec::new(),
            on: Vec::new(),
            corrects: None,
            late: 0,
        }
    }

    /// The time as a case file writes it: a wall time that the clocks skipped or showed twice is written with its offset.
    pub(crate) fn when(&self, zone: &TimeZone) -> When {
        if self.day_only {
            return When::Day(self.at.date());
        }
        let ambiguous = zone.to_ambiguous_timestamp(self.at).offset();
        if !self.with_offset && matches!(ambiguous, jiff::tz::AmbiguousOffset::Unambiguous { .. }) {
            return When::Local(self.at);
        }
        let zoned = self.at.to_zoned(zone.clone()).expect("a time in reach");
        When::Instant { at: zoned.timestamp(), offset: zoned.offset() }
    }

    /// Takes away what may not stand with the fact, and gives what must.
    pub(crate) fn fit_to_fact(&mut self) {
        let may = |field: Field| {
            let own = self.fact.required().contains(&field) || self.fact.optional().contains(&field);
            own || Field::COMMON.contains(&field)
        };
        let all: Vec<Field> = Field::ALL.iter().copied().filter(|field| !may(*field)).collect();
        for field in all {
            clear(&mut self.details, field);
            match field {
                Field::Of => self.of.clear(),
                Field::On => self.on.clear(),
                _ => {}
            }
        }
        let details = &mut self.details;
        for field in self.fact.required() {
            match field {
                Field::By => fill(&mut details.by, "pro_a"),
                Field::Under => fill(&mut details.under, "none"),
                Field::Instrument => fill(&mut details.instrument, "none"),
                Field::Outcome => fill(&mut details.outcome, "none"),
                Field::Kind => fill(&mut details.kind, "none"),
                Field::With => fill(&mut details.with, "pro_b"),
                Field::Law => fill(&mut details.law, "none"),
                Field::To if details.to.is_empty() => details.to.push("person".to_owned()),
                _ => {}
            }
        }
        // A fact that must be about another, and names none, is a note instead.
        if self.fact.required().contains(&Field::Of) && self.of.is_empty() {
            *self = Draft { day_only: self.day_only, late: self.late, ..Draft::new(self.at, FactKind::CommentInserted) };
        }
    }
}

fn fill(slot: &mut Option<String>, word: &str) {
    slot.get_or_insert_with(|| word.to_owned());
}

fn clear(details: &mut Details, field: Field) {
    match field {
        Field::By => details.by = None,
        Field::As => details.role = None,
        Field::Place => details.place = None,
        Field::On => details.on.clear(),
        Field::Of => details.of.clear(),
        Field::Under => details.under = None,
        Field::Instrument => details.instrument = None,
        Field::To => details.to.clear(),
        Field::With => details.with = None,
        Field::Kind => details.kind = None,
        Field::Outcome => details.outcome = None,
        Field::Answers => details.answers.clear(),
        Field::States => details.states.clear(),
        Field::How => details.how.clear(),
        Field::Contents => details.contents.clear(),
        Field::Members => details.members.clear(),
        Field::Language => details.language = None,
        Field::Name => details.name = None,
        Field::Understood => details.understood = None,
        Field::Consent => details.consent = None,
        Field::Length => details.length = None,
        Field::Until => details.until = None,
        Field::From => details.from = None,
        Field::Examined => details.examined = None,
        Field::Born => details.born = None,
        Field::Sex => details.sex = None,
        Field::Law => details.law = None,
        Field::Region => details.region = None,
        Field::Zone => details.zone = None,
        Field::Reason => details.reason = None,
        Field::Note => details.note = None,
    }
}
