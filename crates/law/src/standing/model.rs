//! A standing as it is shown and printed: plain values with every citation, entry and sum, and nothing left to compute.
//!
//! The JSON form is published (`openward schema standing`). Instants are RFC 3339 in UTC; `until` is the first instant after;
//! `last_day` the last day itself, where the law counts in days.

use schemars::JsonSchema;
use serde::Serialize;

/// Version of the JSON form. It changes only with a note in the changelog.
pub const FORMAT_VERSION: u32 = 1;

/// What the law makes of a person's entries at an instant.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Standing {
    /// Always `openward-standing`.
    pub format: String,
    /// Version of this form.
    pub version: u32,
    /// The person's file.
    pub file: String,
    /// The instant in question.
    pub at: String,
    /// Entries recorded later are left out; absent: everything recorded counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_at: Option<String>,
    /// The zone in which days are counted.
    pub zone: String,
    /// The law.
    pub law: LawShown,
    /// Whether the person is held.
    pub held: HeldShown,
    /// Whether authority to hold is shown.
    pub authority: Authority,
    /// Time held so far without shown authority, in three columns that are never added up.
    pub held_without_authority: Minutes,
    /// The way of it, first to last; the future as it will be if nothing more happens.
    pub timeline: Vec<Span>,
    /// Orders.
    pub orders: Vec<OrderShown>,
    /// Duties raised by then.
    pub duties: Vec<DutyShown>,
    /// What may be done.
    pub entitlements: Vec<EntitlementShown>,
    /// Named days.
    pub clocks: Vec<ClockShown>,
    /// Whatever else was found.
    pub findings: Vec<FindingShown>,
    /// What the international standard asks and this case does not show.
    pub shortfalls: Vec<Shortfall>,
    /// Words in entries that this law does not know.
    pub unread: Vec<Unread>,
    /// Entries that happened at places under another law, and are left to that law. Empty where the law was named.
    pub other_laws: Vec<OtherLaw>,
    /// What the register does not say of the person or the place and some rule of this law asks: `born`, `sex`, `region`. What is owed or open
    /// under such a rule is shown; elsewhere the general rule was taken.
    pub unsaid: Vec<String>,
    /// What a limit of the engine left out, each with the first entry concerned. Empty for every file a person could have.
    pub not_followed: Vec<NotFollowedShown>,
    /// The next instant at which something shown here changes, sums of time apart: by time alone, or by what is already on the register
    /// and happened later. Absent: nothing changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_change_at: Option<String>,
}

/// The law a standing was made under.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LawShown {
    /// Pack.
    pub id: String,
    /// What the law is called.
    pub title: String,
    /// The text as at this day.
    pub as_at: String,
    /// SHA-256 of the pack.
    pub digest: String,
}

/// An entry relied on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct EntryShown {
    /// Its number in the file.
    pub n: u32,
    /// Its fact.
    pub fact: String,
    /// When, as written.
    pub at: String,
}

/// Whether the person is held.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct HeldShown {
    /// `yes`, `no` or `cannot-tell`.
    pub answer: String,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// What is missing, where it cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// Where the person is: `out`, `free`, `held`, `stopped`, `asked`, `on-leave`, `absent`.
    pub whereabouts: String,
    /// The entry that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryShown>,
}

/// The five answers to the question of authority.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Authority {
    /// An order is shown to hold the person, until then.
    Shown {
        /// The order.
        order: String,
        /// Where the law gives it.
        section: String,
        /// The first instant after; absent: until an act ends it.
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<String>,
        /// The last day.
        #[serde(skip_serializing_if = "Option::is_none")]
        last_day: Option<String>,
    },
    /// There is an order, and a question about it that somebody else must settle.
    Contested {
        /// The order.
        order: String,
        /// The need that is not as it must be, or the reading in question.
        defect: String,
        /// Where the law asks for it.
        section: String,
        /// Who decides.
        #[serde(skip_serializing_if = "Option::is_none")]
        decides: Option<String>,
        /// Until when, as matters stand.
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<String>,
    },
    /// Something the law asks for is not on the register.
    NotShown {
        /// The order, if one is spoken of.
        #[serde(skip_serializing_if = "Option::is_none")]
        order: Option<String>,
        /// What is missing.
        missing: String,
        /// Where the law asks for it.
        section: String,
        /// Until when, as matters stand.
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<String>,
    },
    /// There is no authority.
    None {
        /// Since when.
        since: String,
        /// Why: the need that failed, `ran-out`, `ended`, `rests`, `not-begun`, or `no-order`.
        because: String,
        /// The order that had no effect, ran out or was ended.
        #[serde(skip_serializing_if = "Option::is_none")]
        order: Option<String>,
        /// Where the law says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        section: Option<String>,
    },
    /// The person is free to leave.
    NotNeeded,
}

impl Authority {
    /// The answer's word.
    pub fn word(&self) -> &'static str {
        match self {
            Authority::Shown { .. } => "shown",
            Authority::Contested { .. } => "contested",
            Authority::NotShown { .. } => "not-shown",
            Authority::None { .. } => "none",
            Authority::NotNeeded => "not-needed",
        }
    }
}

/// Minutes held without shown authority, begun minutes counted in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Minutes {
    /// With none.
    pub none: i64,
    /// With contested authority.
    pub contested: i64,
    /// With authority not shown.
    pub not_shown: i64,
}

/// A span of the timeline in which neither answer changes.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Span {
    /// From.
    pub from: String,
    /// The first instant after; absent: on and on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// `yes`, `no`, `cannot-tell`.
    pub held: String,
    /// The answer on authority.
    pub authority: Authority,
    /// Whether the span lies in the future of the instant in question.
    pub to_come: bool,
}

/// When something ends or is due.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct EndShown {
    /// The first instant after, on the reading that protects liberty.
    pub until: String,
    /// The last day, where the law counts in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    /// The latest instant on another reading, or as far as an unknown time leaves it open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub or_until: Option<String>,
    /// What makes two of it: `reading`, where the text can be read in two ways; `time`, where a time of day is not on the register.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
    /// Why there are two, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_two: Option<String>,
    /// How it was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted: Option<String>,
}

/// Something that an order lacks.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FlawShown {
    /// The need, or the paper.
    pub need: String,
    /// `unmet`, `missing`, `time-unknown` or `reading`.
    pub failing: String,
    /// What is missing.
    pub missing: String,
    /// Of several papers wanted from different people, how many there are and how many it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub papers: Option<PapersShown>,
    /// Where the law asks for it.
    pub section: String,
    /// What it does: `void`, `curable`, `for-decision`, `irregular`, `reason-wanted`, `ends`.
    pub defect: String,
    /// Who decides, where it is for a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decides: Option<String>,
    /// Until when it can be mended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend_until: Option<String>,
    /// When it was mended or settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mended_at: Option<String>,
    /// Entries concerned.
    pub entries: Vec<EntryShown>,
}

/// Papers found and wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PapersShown {
    /// How many there are.
    pub found: u32,
    /// How many it takes, by different people.
    pub wanted: u32,
}

/// One stretch of an order.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StretchShown {
    /// From.
    pub from: String,
    /// Until; absent: until an act ends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<EndShown>,
    /// Where the law gives it.
    pub section: String,
    /// The entry that brought it; where time brought it, the one that raised what is late.
    pub by: EntryShown,
    /// Time alone brought it: a duty that it depends on became late.
    pub by_time: bool,
    /// The chain of entries it relies on.
    pub relies_on: Vec<EntryShown>,
    /// What it lacks.
    pub lacks: Vec<FlawShown>,
    /// Who is protected, for having acted on its papers in good faith, where it lacks something. No shield is authority.
    pub shields: Vec<ShieldShown>,
}

/// A rule that protects a person who acted on a paper in good faith.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ShieldShown {
    /// Where it stands.
    pub section: String,
    /// Whom.
    pub protects: String,
    /// What it does and does not do.
    pub says: String,
    /// The paper.
    pub paper: EntryShown,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct OrderShown {
    /// Stable id.
    pub id: String,
    /// The order's name in the pack.
    pub order: String,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub section: String,
    /// `running`, `paused`, `ended`, `expired`; `no-effect`: it began, and was without effect from its beginning; or `failed`: a defect has
    /// taken its effect since, because it could no longer be mended or because it ended the order.
    pub state: String,
    /// `held` or `community`.
    pub status: String,
    /// It never gives authority: it rests from its first moment, and only measures a time from which something follows.
    pub measures_only: bool,
    /// When it started.
    pub start: String,
    /// The entry that started it.
    pub by: EntryShown,
    /// Its present end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<EndShown>,
    /// When an act ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Since when a defect has taken its effect, where its state is `failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<String>,
    /// Its stretches.
    pub stretches: Vec<StretchShown>,
    /// How sure the provision is.
    pub sure: String,
}

/// A duty.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DutyShown {
    /// Stable id.
    pub id: String,
    /// The duty's name in the pack.
    pub duty: String,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub section: String,
    /// `open`, `met`, `met-late`, `late`, `lapsed`, `waiting` or `cannot-tell`.
    pub state: String,
    /// `domestic`: a question of the country's own law.
    pub level: String,
    /// Whether it is a breach.
    pub breach: bool,
    /// Who must act.
    pub owed_by: Vec<String>,
    /// To whom.
    pub owed_to: Vec<String>,
    /// Since when.
    pub since: String,
    /// By when; absent: as soon as can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<EndShown>,
    /// When it was discharged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met_at: Option<String>,
    /// Minutes from being owed to being discharged, or to the instant in question.
    pub delay_minutes: i64,
    /// Parts still to be done, each with its name where it has one, the facts that do it, and what they must say as `field:word`.
    pub to_do: Vec<String>,
    /// Why it is owed no longer, where it lapsed or became needless.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lapsed: Option<LapsedShown>,
    /// The entry that raised it.
    pub raised_by: EntryShown,
    /// How sure the provision is.
    pub sure: String,
}

/// Why a duty is owed no longer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LapsedShown {
    /// Since when.
    pub at: String,
    /// `needless`: entries made it so; `over`: what it was owed with, or for, was over.
    pub because: String,
    /// The entries that made it needless, or that happened at the moment at which it was over; the first of them where they are many.
    pub by: Vec<EntryShown>,
    /// The orders that ran out at that moment.
    pub orders: Vec<String>,
}

/// What a person may do.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct EntitlementShown {
    /// Stable id.
    pub id: String,
    /// The entitlement's name in the pack.
    pub entitlement: String,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub section: String,
    /// `not-yet`, `open`, `used` or `closed`.
    pub state: String,
    /// Who may.
    pub may: Vec<String>,
    /// From when.
    pub opens: String,
    /// Until when; absent: as long as the rest holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closes: Option<EndShown>,
    /// The entry that opened it.
    pub raised_by: EntryShown,
    /// Uses by then.
    pub uses: Vec<EntryShown>,
}

/// A named day.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClockShown {
    /// The clock's name in the pack.
    pub clock: String,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub section: String,
    /// The day.
    pub day: String,
    /// The entry that set it.
    pub set_by: EntryShown,
}

/// Something found.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FindingShown {
    /// Stable id.
    pub id: String,
    /// `kind.name` of the provision.
    pub provision: String,
    /// The order it weighs on, where it is about an order's papers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_order: Option<String>,
    /// What it is called.
    pub title: String,
    /// Where the law says so.
    pub section: String,
    /// `forbidden`, `defect`, `not-shown`, `unanswered`, `out-of-time`, `early`, `late`, `excess`,
    /// `no-effect`, `contradicted`, `reading`.
    pub finding: String,
    /// The need, criterion or matter.
    pub what: String,
    /// `domestic` or `principle`.
    pub level: String,
    /// Whether it is a breach.
    pub breach: bool,
    /// When.
    pub at: String,
    /// The entry.
    pub entry: EntryShown,
}

/// What an international standard asks and the case does not show.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Shortfall {
    /// The safeguard.
    pub safeguard: String,
    /// What it is called.
    pub title: String,
    /// The paragraph.
    pub paragraph: String,
    /// What to say of it.
    pub says: String,
    /// Provisions of the domestic law that serve the paragraph.
    pub served_by: Vec<String>,
    /// The entry that raised the question.
    pub raised_by: EntryShown,
}

/// A word the law does not know.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Unread {
    /// The file, where it is another than the person's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The entry.
    pub n: u32,
    /// The field.
    pub field: String,
    /// The word.
    pub word: String,
    /// The nearest word the law knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

/// Entries that are left to another law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OtherLaw {
    /// The law of their places.
    pub law: String,
    /// Their numbers.
    pub entries: Vec<u32>,
}

/// Something that a limit of the engine left out.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct NotFollowedShown {
    /// `orders`, `renewals`, `papers`, or `duty.NAME`, `entitlement.NAME`.
    pub what: String,
    /// From this entry on.
    pub from: EntryShown,
}
