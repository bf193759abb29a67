//! Where each field of the registry lives in [`Details`], for all that move values in and out of an entry field by field.
//!
//! Deliberately absent: the form of the values in any format.

use super::{Details, Field};
use crate::time::{Length, When};
use jiff::civil::Date;

/// The place of one field in the details of an entry.
pub enum Slot<'d> {
    /// One text.
    One(&'d mut Option<String>),
    /// Several texts.
    Many(&'d mut Vec<String>),
    /// Numbers of entries.
    Entries(&'d mut Vec<u32>),
    /// Criteria with their answers.
    Answers(&'d mut Vec<(String, String)>),
    /// Yes, no, or silence.
    YesNo(&'d mut Option<bool>),
    /// A length of time.
    Length(&'d mut Option<Length>),
    /// A time, or a day.
    When(&'d mut Option<When>),
    /// A day.
    Date(&'d mut Option<Date>),
}

/// The place of a field. One match for whoever reads and whoever writes, so that a field cannot be kept and lost on the way back.
pub fn slot(details: &mut Details, field: Field) -> Slot<'_> {
    match field {
        Field::By => Slot::One(&mut details.by),
        Field::As => Slot::One(&mut details.role),
        Field::Place => Slot::One(&mut details.place),
        Field::On => Slot::Entries(&mut details.on),
        Field::Of => Slot::Entries(&mut details.of),
        Field::Under => Slot::One(&mut details.under),
        Field::Instrument => Slot::One(&mut details.instrument),
        Field::To => Slot::Many(&mut details.to),
        Field::With => Slot::One(&mut details.with),
        Field::Kind => Slot::One(&mut details.kind),
        Field::Outcome => Slot::One(&mut details.outcome),
        Field::Answers => Slot::Answers(&mut details.answers),
        Field::States => Slot::Many(&mut details.states),
        Field::How => Slot::Many(&mut details.how),
        Field::Contents => Slot::Many(&mut details.contents),
        Field::Members => Slot::Many(&mut details.members),
        Field::Language => Slot::One(&mut details.language),
        Field::Understood => Slot::YesNo(&mut details.understood),
        Field::Consent => Slot::YesNo(&mut details.consent),
        Field::Length => Slot::Length(&mut details.length),
        Field::Until => Slot::When(&mut details.until),
        Field::From => Slot::When(&mut details.from),
        Field::Examined => Slot::When(&mut details.examined),
        Field::Born => Slot::Date(&mut details.born),
        Field::Sex => Slot::One(&mut details.sex),
        Field::Law => Slot::One(&mut details.law),
        Field::Region => Slot::One(&mut details.region),
        Field::Zone => Slot::One(&mut details.zone),
        Field::Name => Slot::One(&mut details.name),
        Field::Reason => Slot::One(&mut details.reason),
        Field::Note => Slot::One(&mut details.note),
    }
}
