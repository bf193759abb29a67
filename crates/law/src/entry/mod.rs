//! Entries: facts put on the register about a person, a facility or a professional, and never changed or removed.
//!
//! Here lives the shape of an entry as the law engine reads it. Deliberately absent: how entries are kept, sealed or encrypted,
//! and the reading of case files (`crate::casefile`).

mod facts;
mod field;
mod slot;
mod ties;

pub use facts::{FactKind, Whereabouts};
pub use field::{Field, FieldType};
pub use slot::{Slot, slot};
pub use ties::Tie;

use crate::time::{Length, When};
use jiff::Timestamp;
use jiff::civil::Date;

/// The kinds of file an entry may stand in. The prefix of a file's id says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// `per_`: a person in care.
    Person,
    /// `fac_`: a facility.
    Facility,
    /// `pro_`: a professional (practitioner, counsel, interpreter, member).
    Professional,
    /// `org_`: an organisation.
    Organisation,
    /// `law_`: the register's one law file.
    Law,
}

impl FileKind {
    /// Every kind with its prefix.
    pub const ALL: &'static [(FileKind, &'static str)] = &[
        (FileKind::Person, "per_"),
        (FileKind::Facility, "fac_"),
        (FileKind::Professional, "pro_"),
        (FileKind::Organisation, "org_"),
        (FileKind::Law, "law_"),
    ];

    /// The kind that an id's prefix names, if any.
    pub fn of(id: &str) -> Option<FileKind> {
        FileKind::ALL.iter().find(|(_, prefix)| id.starts_with(prefix)).map(|(kind, _)| *kind)
    }
}

/// How a fact came to the register. Only a performed act can ever be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Origin {
    /// An office act done in the register itself.
    Performed,
    /// It happened, on paper or elsewhere, and is reported.
    #[default]
    Reported,
    /// Brought in when the register went live.
    BroughtIn,
    /// Imported from another system.
    Imported,
}

impl Origin {
    /// Every origin with its word.
    pub const ALL: &'static [(Origin, &'static str)] = &[
        (Origin::Performed, "performed"),
        (Origin::Reported, "reported"),
        (Origin::BroughtIn, "brought-in"),
        (Origin::Imported, "imported"),
    ];
}

/// What a correction does to the entry it names. It mends the register; a legal rectification is the fact `rectified`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CorrectionKind {
    /// This entry stands in the place of the other.
    Replaced,
    /// The other entry is struck out; this entry's own fact is not read.
    WithdrawnInError,
}

impl CorrectionKind {
    /// Every kind with its word.
    pub const ALL: &'static [(CorrectionKind, &'static str)] =
        &[(CorrectionKind::Replaced, "replaced"), (CorrectionKind::WithdrawnInError, "withdrawn-in-error")];
}

/// A correction of an earlier entry of the same file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The number of the corrected entry.
    pub n: u32,
    /// What the correction does.
    pub kind: CorrectionKind,
    /// Why, in the writer's words.
    pub why: String,
}

/// One fact with everything that was written about it.
///
/// Which fields may stand with which fact is the registry's matter ([`FactKind::required`], [`FactKind::optional`]);
/// a reader that made this value has checked them. Words are kebab-case and kept as written; their meaning is the pack's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// Who acted: a file id (`pro_…`, `org_…`, `per_…`) or a word such as `person`.
    pub by: Option<String>,
    /// In which capacity, a role word of the pack.
    pub role: Option<String>,
    /// Where: a facility's file id.
    pub place: Option<String>,
    /// Entries this one is founded on, by number.
    pub on: Vec<u32>,
    /// Entries this one is about, by number.
    pub of: Vec<u32>,
    /// The order or the paragraph of a right.
    pub under: Option<String>,
    /// The instrument.
    pub instrument: Option<String>,
    /// Recipients: role words or file ids.
    pub to: Vec<String>,
    /// The other party of a relation, employment or joining.
    pub with: Option<String>,
    /// A word that narrows the fact.
    pub kind: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
    /// Criteria answered by a body, with `met` or `not-met`, or another word.
    pub answers: Vec<(String, String)>,
    /// Criteria affirmed by a signer.
    pub states: Vec<String>,
    /// In what manner.
    pub how: Vec<String>,
    /// What a notice contained.
    pub contents: Vec<String>,
    /// Who sat.
    pub members: Vec<String>,
    /// Language tag.
    pub language: Option<String>,
    /// Whether it was understood.
    pub understood: Option<bool>,
    /// Whether a needed consent was given.
    pub consent: Option<bool>,
    /// How long the paper itself says.
    pub length: Option<Length>,
    /// Until when the paper itself says.
    pub until: Option<When>,
    /// From when, where not from the day of the entry.
    pub from: Option<When>,
    /// When the signer examined the person, as the paper says.
    pub examined: Option<When>,
    /// What the person, the place or the professional is called.
    pub name: Option<String>,
    /// Date of birth.
    pub born: Option<Date>,
    /// Sex as registered.
    pub sex: Option<String>,
    /// Law pack.
    pub law: Option<String>,
    /// Region of the law pack.
    pub region: Option<String>,
    /// Time zone, IANA name.
    pub zone: Option<String>,
    /// A reason that the law asks for.
    pub reason: Option<String>,
    /// Free text.
    pub note: Option<String>,
}

/// An entry: one fact on one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The file's id.
    pub file: String,
    /// Number in the file, from 1 without gaps.
    pub n: u32,
    /// When it happened, as written.
    pub at: When,
    /// When it was put on the register; `None` where the case file does not say.
    pub recorded: Option<Timestamp>,
    /// How it came to the register.
    pub origin: Origin,
    /// The stay it belongs to, where there is more than one.
    pub stay: Option<String>,
    /// The fact's word.
    pub fact: FactKind,
    /// Everything written about it.
    pub details: Details,
    /// The entry it corrects.
    pub corrects: Option<Correction>,
}
