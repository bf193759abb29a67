//! The small tables: versions, conditions, periods, windows, patterns, needs.

use super::vocabulary::SURE;
use crate::pack::shape::{Key, Shape, TableShape, Target, opt, req};
use Shape::{
    Anchor, AnyRef, Count, Defect, Fact, Free, Length, List, Many, Name, Number, One, OpenDate, Paragraph, Ref, Roll, Section, Table, Text,
    YesNo,
};

const ORDERS: Shape = Ref(Target::Order);
const PARTY: Shape = AnyRef(&[Target::Role, Target::Body]);
const WORD: Shape = Ref(Target::Word);

pub(super) static COMMON: [Key; 9] = [
    req("title", Text, "What it is called, in plain words."),
    req("section", Section, "Where it stands."),
    opt("version", Table(&VERSION), "Which span of time this text covers."),
    opt("serves", Many(&Ref(Target::Safeguard)), "Safeguards it serves."),
    opt("facts", Many(&Name), "Ids of the researched facts (FACTS.md) that it carries."),
    opt("source", Ref(Target::Source), "Where the text was read."),
    opt("sure", One(SURE), "V text read, K known, U unsure."),
    opt("note", Text, "What a reader should know: what was assumed, what else it could mean."),
    opt("variations", List(&Table(&VARIATION)), "Where the law differs by region, age, sex or emergency."),
];

pub(super) static VERSION: TableShape = TableShape {
    name: "version",
    meaning: "The span of a provision's text and how it reaches what is already running.",
    keys: &[&[
        opt("from", OpenDate, "First day; empty while not in force."),
        opt("until", OpenDate, "First day on which it no longer applies; empty while open."),
        opt("applies_to", One(APPLIES_TO), "What the span is matched against."),
        opt("amendment", Ref(Target::Amendment), "The Act that brings this text; its day of commencement is `from` where none is given."),
        opt("repeals", YesNo, "This version says only that the provision is no more."),
    ]],
};

/// How a version applies to what is running.
pub const APPLIES_TO: &[&str] = &["started-in-span", "acts-in-span", "running", "declared-always"];

pub(super) static VARIATION: TableShape = TableShape {
    name: "variation",
    meaning: "A change of the provision for some people or places; the most specific wins.",
    keys: &[&[
        req("when", Table(&CONDITION), "For whom or where."),
        opt("section", Section, "Where it stands."),
        req("set", Free, "The keys that differ."),
    ]],
};

/// Something that must be so at a moment.
pub static CONDITION: TableShape = TableShape {
    name: "condition",
    meaning: "What must be so at that moment; every key given must hold.",
    keys: &[&[
        opt("running", Many(&ORDERS), "One of these orders is in being."),
        opt("not_running", Many(&ORDERS), "None of these orders is in being."),
        opt("status", Many(&One(STATUS)), "An order of one of these statuses is in being."),
        opt("not_status", Many(&One(STATUS)), "No order of these statuses is in being."),
        opt("not_other_than", Many(&ORDERS), "With not_status: orders that do not count."),
        opt("inpatient", YesNo, "The person is, or is not, in a facility."),
        opt("absent", YesNo, "The person is, or is not, absent without leave."),
        opt("age_under", Number(1, 120), "The person is younger than this."),
        opt("sex", Many(&WORD), "Sex as registered."),
        opt("region", Many(&Ref(Target::Region)), "The place lies in one of these regions."),
        opt("emergency", Many(&WORD), "An emergency of this kind is declared."),
        opt("happened", List(&Table(&PATTERN)), "Each of these has happened before."),
        opt("not_happened", List(&Table(&PATTERN)), "None of these has happened before."),
    ]],
};

/// The status that an order gives.
pub const STATUS: &[&str] = &["held", "community"];

pub(super) static READING: TableShape = TableShape {
    name: "reading",
    meaning: "The text can be read in another way. Prompts use the reading that protects liberty; between the two, the matter is contested.",
    keys: &[&[
        req("id", Name, "A name for the question."),
        req("also", Table(&PERIOD), "The period on the other reading."),
        opt("decides", PARTY, "Who can settle it."),
        req("why", Text, "The two readings in plain words."),
        opt("section", Section, "The words that are open."),
    ]],
};

/// A period of time.
pub static PERIOD: TableShape = TableShape {
    name: "period",
    meaning: "A start, a length and a counting rule; or the earliest or latest of several.",
    keys: &[&[
        opt("from", Anchor, "Where it starts."),
        opt("length", Length, "How long."),
        opt("count", Count, "How it is counted."),
        opt("roll", Roll, "What becomes of a last day on which nothing can be done."),
        opt("calendar", Ref(Target::Calendar), "The calendar, where the count or the roll needs one."),
        opt("paper", YesNo, "The paper itself says how long; `length` caps it and the excess is void."),
        opt("earliest", List(&Table(&PERIOD)), "The first of these to end."),
        opt("latest", List(&Table(&PERIOD)), "The last of these to end."),
        opt("plus", Table(&PERIOD), "A second period that starts where the first ends."),
        opt("section", Section, "Where the period stands, if elsewhere than the provision."),
        opt("reading", Table(&READING), "Another way to read it."),
    ]],
};

pub(super) static WINDOW: TableShape = TableShape {
    name: "window",
    meaning: "A span in which something must lie: forward from a point, or backward ending with one.",
    keys: &[&[
        opt("from", Anchor, "Where it opens (or, with a length, the point it is counted from)."),
        opt("until", Anchor, "Where it closes; that day or instant still counts. Beside `ending`: the earlier of both."),
        opt("ending", Anchor, "With a length: the day or instant with which it ends."),
        opt("length", Length, "How long."),
        opt("count", Count, "How it is counted."),
        opt("calendar", Ref(Target::Calendar), "The calendar, where the count needs one."),
    ]],
};

pub(super) const MATCH: &[Key] = &[
    opt("fact", Many(&Fact), "One of these facts."),
    opt("event", One(EVENTS), "Something the engine itself brings about."),
    opt("order", Many(&ORDERS), "The order that the event is about."),
    opt("duty", Many(&Ref(Target::Duty)), "The duty that the event is about."),
    opt("entitlement", Many(&Ref(Target::Entitlement)), "The entitlement that the event is about."),
    opt("instrument", Many(&Ref(Target::Instrument)), "About one of these instruments."),
    opt("under", Many(&Paragraph), "Under one of these orders or paragraphs."),
    opt("by", Many(&PARTY), "By somebody in one of these roles."),
    opt("to", Many(&PARTY), "To all of these."),
    opt("reaches", Many(&PARTY), "To one of these, or to nobody named; of what was received, by one of them or by nobody named."),
    opt("outcome", Many(&WORD), "With one of these outcomes."),
    opt("kind", Many(&WORD), "Of one of these kinds."),
    opt("how", Many(&WORD), "In all of these manners."),
    opt("contents", Many(&Paragraph), "With all of these contents."),
    opt("states", Many(&Ref(Target::Criterion)), "Affirming one of these criteria."),
    opt("understood", YesNo, "Understood, or not."),
    opt("of", One(&["instance"]), "About the very thing that raised the provision."),
    opt("nth", Number(1, 20), "Only the nth such entry since the provision was raised (or in the stay)."),
];

/// What the engine itself brings about.
pub const EVENTS: &[&str] = &["started", "renewed", "ended", "expired", "met", "used", "lapsed", "returned-late"];

/// A pattern over the person's entries and the engine's own events.
pub static PATTERN: TableShape =
    TableShape { name: "pattern", meaning: "Something that happens; every key given must fit.", keys: &[MATCH] };

pub(super) static ENDING: TableShape = TableShape {
    name: "ending",
    meaning: "Something that ends the thing.",
    keys: &[MATCH, &[opt("section", Section, "Where it stands."), opt("if", Table(&CONDITION), "Only while this holds.")]],
};

pub(super) static STOPPER: TableShape = TableShape {
    name: "stopper",
    meaning: "Something that, having happened in time, makes the duty needless.",
    keys: &[
        MATCH,
        &[
            opt("since", Anchor, "Counted from here."),
            opt("withdrawn", YesNo, "false: one that was withdrawn does not count."),
            opt("if", Table(&CONDITION), "Only if this held when it happened."),
            opt("section", Section, "Where it stands."),
        ],
    ],
};

pub(super) const NEED_MATCH: &[Key] = &[
    opt("fact", Many(&Fact), "A fact that must be on the register."),
    opt("none", YesNo, "true: no such fact may be on the register."),
    opt("no_other", YesNo, "true: no such fact may be on the register besides the act or paper itself."),
    opt("by", Many(&AnyRef(&[Target::Role, Target::Body])), "By somebody in one of these roles."),
    opt(
        "by_signer",
        One(&["signer", "founded-signer", "not-signer"]),
        "By the signer, by each signer of a founding paper, or by another than the signer.",
    ),
    opt("kind", Many(&WORD), "Of one of these kinds."),
    opt("to", Many(&PARTY), "To all of these."),
    opt(
        "reaches",
        Many(&PARTY),
        "To one of these, or to nobody named; of what was received, by one of them or by nobody named. Without `fact`: the act itself.",
    ),
    opt("outcome", Many(&WORD), "With one of these outcomes."),
    opt("under", Many(&Paragraph), "Under one of these."),
    opt("instrument", Many(&Ref(Target::Instrument)), "About one of these instruments."),
    opt("states", Many(&Ref(Target::Criterion)), "Affirming one of these criteria."),
    opt("window", Table(&WINDOW), "When it must lie."),
    opt("count", Number(1, 20), "How many, by different people."),
];

pub(super) static NEED: TableShape = TableShape {
    name: "need",
    meaning: "Something that must be so for the act to be good, and what its failure does.",
    keys: &[
        &[
            req("id", Name, "A name, unique in its provision."),
            opt("section", Section, "Where it stands, if elsewhere than the provision."),
            opt("defect", Defect, "What its failure does; the pack's default where silent."),
            opt("facts", Many(&Name), "Researched facts it carries."),
            opt("serves", Many(&Ref(Target::Safeguard)), "Safeguards it serves."),
            opt("if", Table(&CONDITION), "Asked only while this holds."),
            opt("if_practicable", YesNo, "The law asks it only where practicable: a reason on the paper answers it."),
        ],
        NEED_MATCH,
        &[
            opt("states_all", Many(&Ref(Target::Criterion)), "The paper affirms all of these."),
            opt("states_any", Many(&Ref(Target::Criterion)), "The paper affirms one of these at least."),
            opt("quantifier", One(&["any", "each"]), "With holds: any or each."),
            opt("who", One(&["signer", "founded-signers", "all-signers"]), "Whom holds, apart and unrelated ask about."),
            opt("holds", Many(&WORD), "An authorisation in force on the day of signing."),
            opt("apart", Many(&WORD), "No two of them stand in one of these relations."),
            opt("unrelated", Many(&WORD), "None of them stands in one of these relations to the person in care."),
            opt("different", YesNo, "They are different people."),
            opt("examined_within", Length, "The founding examinations lie no further apart than this."),
            opt("examined_count", Count, "How that gap is counted."),
            opt("founded_signed_by", Anchor, "Each founding paper was signed on or before this."),
            opt("designated", Many(&WORD), "The place is designated as one of these on the day."),
        ],
    ],
};
