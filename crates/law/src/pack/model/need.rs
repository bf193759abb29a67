//! Needs: what must be so for an act to be good, what its failure does, and how it is mended.

use super::{Condition, Pattern, Period, Sym};
use crate::pack::anchor::Anchor;
use crate::time;

/// What an unmet need does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Defect {
    /// The act has no effect.
    Void,
    /// What it carries ends when the failure comes about.
    Ends,
    /// It can be mended as the paper's `rectify` says.
    Curable,
    /// Only this body can weigh it.
    ForDecision(Sym),
    /// It does not touch validity.
    Irregular,
    /// A reason is wanted.
    ReasonWanted,
}

/// Whom a need asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The signer of the paper.
    Signer,
    /// The signers of the founding papers.
    Founded,
    /// Both.
    All,
}

/// Who must have done what a need looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BySigner {
    /// The signer.
    Signer,
    /// Each signer of a founding paper.
    FoundedSigner,
    /// Somebody other than the signer.
    NotSigner,
}

/// Whether a fact must be on the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// It must be there.
    There,
    /// There must be none.
    None,
    /// There must be none besides the act or paper that is asked about.
    NoOther,
}

/// One thing a need asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Asks {
    /// A fact on the register (or none such).
    Fact {
        /// What to look for.
        pattern: Box<Pattern>,
        /// Whether it must be there, or must not.
        wanted: Wanted,
        /// By whom, seen from the paper.
        by_signer: Option<BySigner>,
        /// How many, by different people.
        count: u32,
    },
    /// All of these affirmed.
    StatesAll(Vec<Sym>),
    /// One of these affirmed.
    StatesAny(Vec<Sym>),
    /// An authorisation in force.
    Holds {
        /// Who.
        who: Who,
        /// Each of them, or any.
        each: bool,
        /// One of these.
        kinds: Vec<Sym>,
    },
    /// No two stand in one of these relations.
    Apart {
        /// Who.
        who: Who,
        /// Relations.
        kinds: Vec<Sym>,
    },
    /// None stands in one of these relations to the person in care.
    Unrelated {
        /// Who.
        who: Who,
        /// Relations.
        kinds: Vec<Sym>,
    },
    /// They are different people.
    Different {
        /// Who.
        who: Who,
    },
    /// The act itself went to one of these, or names nobody.
    Reaches(Vec<Sym>),
    /// The examinations lie no further apart.
    ExaminedWithin(time::Period),
    /// Each founding paper signed on or before.
    FoundedSignedBy(Anchor),
    /// The place is designated.
    Designated(Vec<Sym>),
}

/// Something that must be so, and what its failure does.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// Name.
    pub id: String,
    /// Where it stands.
    pub section: Option<String>,
    /// What its failure does.
    pub defect: Defect,
    /// Asked only while this holds.
    pub if_: Option<Condition>,
    /// A reason answers it.
    pub if_practicable: bool,
    /// What it asks: every one.
    pub asks: Vec<Asks>,
    /// Safeguards served.
    pub serves: Vec<String>,
}

/// Papers that something rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Founded {
    /// Which.
    pub instruments: Vec<u16>,
    /// How many, by different people.
    pub count: u32,
    /// Must still be good.
    pub good: bool,
    /// What a paper that is not good does.
    pub defect: Defect,
    /// Where it stands.
    pub section: Option<String>,
    /// Not asked while this holds.
    pub unless: Option<Condition>,
}

/// How a curable defect is mended.
#[derive(Debug, Clone, PartialEq)]
pub struct Rectify {
    /// Where it stands.
    pub section: String,
    /// Who may.
    pub by: Vec<Sym>,
    /// Whose consent.
    pub consent: Option<Sym>,
    /// Until when.
    pub window: Period,
}

/// Protects who acts in good faith.
#[derive(Debug, Clone, PartialEq)]
pub struct Shield {
    /// Where it stands.
    pub section: String,
    /// Whom.
    pub for_: Sym,
    /// What it does and does not do.
    pub note: String,
}
