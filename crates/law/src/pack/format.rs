//! The pack format: every table and key that a law pack may hold.
//!
//! This is the one source of the format. `openward schema pack` prints it as JSON Schema, the loader checks against it,
//! and the proof that no datum is dead walks it. Deliberately absent: how a value acts (`crate::engine`).

use super::shape::{Key, Shape, TableShape, Target, opt, req};
use Shape::{
    Anchor, AnyRef, Count, Date, Defect, Fact, Free, Length, List, Many, Name, Named, Number, One, OpenDate, Paragraph, Ref, Roll, Section,
    Table, Text, Versioned, YesNo, Zone,
};

const ORDERS: Shape = Ref(Target::Order);
const PARTY: Shape = AnyRef(&[Target::Role, Target::Body]);
const WORD: Shape = Ref(Target::Word);

/// A whole pack file. Several files of one folder make a pack.
pub static FILE: TableShape = TableShape {
    name: "pack file",
    meaning: "One file of a law pack: a part of an Act, or the pack's head and vocabulary.",
    keys: &[&[
        opt("format", Number(1, 1), "Version of this format; always 1."),
        opt("pack", Table(&PACK), "The head of the pack; in exactly one file."),
        opt("sources", Named(&SOURCE), "Where the law was read."),
        opt("amendments", Named(&AMENDMENT), "Acts that change this law, by a name that versions refer to."),
        opt("regions", Named(&LABEL), "Regions within the pack's country where the law differs."),
        opt("roles", Named(&ROLE), "The roles of this law: who may act and who must be told."),
        opt("bodies", Named(&ROLE), "Bodies that decide; they are roles too."),
        opt("criteria", Named(&CRITERION), "Criteria that signers affirm and bodies answer."),
        opt("words", Named(&LABEL), "Other words that entries under this law may use: kinds, relations, outcomes, contents."),
        opt("calendars", Named(&CALENDAR), "Calendars that a counting rule of this pack uses."),
        opt("instrument", Versioned(&INSTRUMENT), "Signed papers with legal effect."),
        opt("order", Versioned(&ORDER), "Grounds on which a person may be held, or is under the law's control."),
        opt("duty", Versioned(&DUTY), "What must be done, by whom, by when."),
        opt("entitlement", Versioned(&ENTITLEMENT), "What a person may do, and in what window."),
        opt("limit", Versioned(&LIMIT), "What may not be done, or not for longer."),
        opt("clock", Versioned(&CLOCK), "Named days that outlive the order that set them."),
        opt("effect", Versioned(&EFFECT), "What follows when something happens."),
        opt("outcome", Versioned(&OUTCOME), "What a body may decide, what it must answer, what follows."),
        opt("safeguard", Versioned(&SAFEGUARD), "A paragraph of an international standard; sets no number."),
    ]],
};

static PACK: TableShape = TableShape {
    name: "pack",
    meaning: "The head of a law pack.",
    keys: &[&[
        req("id", Name, "The pack's name, by which entries and commands call it."),
        req("title", Text, "What the law is called, in English."),
        opt("zone", Zone, "Time zone of the jurisdiction, where a facility's file gives none."),
        req("as_at", Date, "The day on which the text was as the pack says."),
        opt("default_defect", Defect, "What an unmet need does when its line is silent."),
        opt("from", Date, "First day of provisions whose version is silent."),
        opt("source", Ref(Target::Source), "Source of provisions that name none."),
        opt("sure", One(SURE), "How sure, where a provision is silent."),
        opt("free", Many(&WORD), "Words in `under` by which a person is in care of their own choice."),
        opt("gaps", List(&Table(&GAP)), "Spans in which a provision had no text, declared so that they are not taken for a mistake."),
        opt("benchmark", YesNo, "Whether this is an international standard: safeguards only."),
    ]],
};

/// How sure a provision is.
pub const SURE: &[&str] = &["V", "K", "U"];

static GAP: TableShape = TableShape {
    name: "gap",
    meaning: "A declared span without text.",
    keys: &[&[req("provision", Text, "kind.name of the provision."), req("from", Date, "First day."), req("until", Date, "First day after."), req("why", Text, "Why.")]],
};

static SOURCE: TableShape = TableShape {
    name: "source",
    meaning: "Where the law was read.",
    keys: &[&[req("title", Text, "What it is."), opt("read_on", Date, "When it was read."), opt("where", Text, "Where it can be found.")]],
};

static AMENDMENT: TableShape = TableShape {
    name: "amendment",
    meaning: "An Act that changes this law.",
    keys: &[&[
        req("title", Text, "What it is called."),
        opt("commenced", OpenDate, "The day it came into force; empty or absent while it has not."),
        opt("note", Text, "What is known about its commencement."),
    ]],
};

static LABEL: TableShape =
    TableShape { name: "word", meaning: "A word with its name for people.", keys: &[&[req("name", Text, "What people call it."), opt("section", Section, "Where the law uses it.")]] };

static ROLE: TableShape = TableShape {
    name: "role",
    meaning: "A role under this law.",
    keys: &[&[
        req("name", Text, "What this law calls it."),
        opt("neutral", Name, "The neutral word for the role, the same in every pack."),
        opt("section", Section, "Where the law defines it."),
    ]],
};

static CRITERION: TableShape = TableShape {
    name: "criterion",
    meaning: "A criterion of this law.",
    keys: &[&[req("name", Text, "The criterion in plain words."), req("section", Section, "Where it stands."), opt("serves", Many(&Ref(Target::Safeguard)), "Safeguards it serves.")]],
};

static CALENDAR: TableShape = TableShape {
    name: "calendar",
    meaning: "Which days are working days, computed from rules where the rule is law.",
    keys: &[&[
        req("name", Text, "What it is called."),
        opt("section", Section, "Where the days are fixed."),
        req("from_year", Number(1800, 2200), "First year it speaks of."),
        req("until_year", Number(1800, 2200), "Last year it speaks of."),
        req("weekend", Many(&One(WEEKDAYS)), "Days of the week that are never working days."),
        opt("holidays", List(&Table(&HOLIDAY)), "Days that come back each year."),
        opt("declared", List(&Table(&DECLARED)), "Single days that somebody declared."),
        opt("moved", List(&Table(&MOVED)), "Days moved in one year."),
        opt("removed", List(&Table(&DECLARED)), "Days left out in one year."),
    ]],
};

/// The weekdays by name.
pub const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

static HOLIDAY: TableShape = TableShape {
    name: "holiday",
    meaning: "A day that comes back each year: exactly one of date, nth, last, easter.",
    keys: &[&[
        req("name", Text, "What the day is called."),
        opt("date", Text, "A fixed day of the year, MM-DD."),
        opt("substitute_if", Many(&One(WEEKDAYS)), "Weekdays on which a fixed day gets the next ordinary day in its stead."),
        opt("nth", Number(1, 4), "The nth such weekday of the month."),
        opt("last", YesNo, "The last such weekday of the month."),
        opt("weekday", One(WEEKDAYS), "The weekday."),
        opt("month", Number(1, 12), "The month."),
        opt("unless_day", Number(1, 31), "With nth: this day of the month instead …"),
        opt("unless_is", One(WEEKDAYS), "… in years in which it falls on this weekday."),
        opt("easter", Text, "Days from Easter Sunday, such as -2 or +1."),
        opt("from_year", Number(1800, 2200), "First year of the rule."),
        opt("until_year", Number(1800, 2200), "Last year of the rule."),
    ]],
};

static DECLARED: TableShape = TableShape {
    name: "declared day",
    meaning: "One day, declared or left out by somebody.",
    keys: &[&[req("name", Text, "What it is called."), req("on", Date, "The day."), opt("declared_on", Date, "From when it could be known.")]],
};

static MOVED: TableShape = TableShape {
    name: "moved day",
    meaning: "A holiday moved in one year.",
    keys: &[&[
        req("name", Text, "What it is called."),
        req("from", Date, "The day it would have been."),
        req("to", Date, "The day it was."),
        opt("declared_on", Date, "From when it could be known."),
    ]],
};

static COMMON: [Key; 9] = [
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

static VERSION: TableShape = TableShape {
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

static VARIATION: TableShape = TableShape {
    name: "variation",
    meaning: "A change of the provision for some people or places; the most specific wins.",
    keys: &[&[req("when", Table(&CONDITION), "For whom or where."), opt("section", Section, "Where it stands."), req("set", Free, "The keys that differ.")]],
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

static READING: TableShape = TableShape {
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

static WINDOW: TableShape = TableShape {
    name: "window",
    meaning: "A span in which something must lie: forward from a point, or backward ending with one.",
    keys: &[&[
        opt("from", Anchor, "Where it opens (or, with a length, the point it is counted from)."),
        opt("until", Anchor, "Where it closes; that day or instant still counts."),
        opt("ending", Anchor, "With a length: the day or instant with which it ends."),
        opt("length", Length, "How long."),
        opt("count", Count, "How it is counted."),
        opt("calendar", Ref(Target::Calendar), "The calendar, where the count needs one."),
    ]],
};

const MATCH: &[Key] = &[
    opt("fact", Many(&Fact), "One of these facts."),
    opt("event", One(EVENTS), "Something the engine itself brings about."),
    opt("order", Many(&ORDERS), "The order that the event is about."),
    opt("duty", Many(&Ref(Target::Duty)), "The duty that the event is about."),
    opt("entitlement", Many(&Ref(Target::Entitlement)), "The entitlement that the event is about."),
    opt("instrument", Many(&Ref(Target::Instrument)), "About one of these instruments."),
    opt("under", Many(&Paragraph), "Under one of these orders or paragraphs."),
    opt("by", Many(&PARTY), "By somebody in one of these roles."),
    opt("to", Many(&PARTY), "To all of these."),
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
pub static PATTERN: TableShape = TableShape { name: "pattern", meaning: "Something that happens; every key given must fit.", keys: &[MATCH] };

static ENDING: TableShape = TableShape {
    name: "ending",
    meaning: "Something that ends the thing.",
    keys: &[MATCH, &[opt("section", Section, "Where it stands."), opt("if", Table(&CONDITION), "Only while this holds.")]],
};

static STOPPER: TableShape = TableShape {
    name: "stopper",
    meaning: "Something that, having happened in time, makes the duty needless.",
    keys: &[MATCH, &[opt("since", Anchor, "Counted from here."), opt("withdrawn", YesNo, "false: one that was withdrawn does not count."), opt("if", Table(&CONDITION), "Only if this held when it happened."), opt("section", Section, "Where it stands.")]],
};

const NEED_MATCH: &[Key] = &[
    opt("fact", Many(&Fact), "A fact that must be on the register."),
    opt("none", YesNo, "true: no such fact may be on the register."),
    opt("by", Many(&AnyRef(&[Target::Role, Target::Body])), "By somebody in one of these roles."),
    opt("by_signer", One(&["signer", "founded-signer", "not-signer"]), "By the signer, by each signer of a founding paper, or by another than the signer."),
    opt("kind", Many(&WORD), "Of one of these kinds."),
    opt("to", Many(&PARTY), "To all of these."),
    opt("outcome", Many(&WORD), "With one of these outcomes."),
    opt("under", Many(&Paragraph), "Under one of these."),
    opt("instrument", Many(&Ref(Target::Instrument)), "About one of these instruments."),
    opt("window", Table(&WINDOW), "When it must lie."),
    opt("count", Number(1, 20), "How many, by different people."),
];

static NEED: TableShape = TableShape {
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

static FOUNDED: TableShape = TableShape {
    name: "founded_on",
    meaning: "Papers that this one rests on.",
    keys: &[&[
        req("instrument", Many(&Ref(Target::Instrument)), "Which papers."),
        opt("count", Number(1, 10), "How many, by different people."),
        opt("good", YesNo, "Whether the paper must still be good on that day."),
        opt("defect", Defect, "What their lack does, where a paper is on the register but is not good."),
        opt("section", Section, "Where it stands."),
        opt("facts", Many(&Name), "Researched facts it carries."),
        opt("unless", Table(&CONDITION), "Not asked while this holds."),
    ]],
};

static RECTIFY: TableShape = TableShape {
    name: "rectify",
    meaning: "How a curable defect of the paper may be mended.",
    keys: &[&[
        req("section", Section, "Where it stands."),
        opt("by", Many(&PARTY), "Who may mend it."),
        opt("consent", PARTY, "Whose consent it takes."),
        req("window", Table(&PERIOD), "Until when."),
        opt("facts", Many(&Name), "Researched facts it carries."),
    ]],
};

static SHIELD: TableShape = TableShape {
    name: "shield",
    meaning: "Protects a person who acts in good faith; it is no authority.",
    keys: &[&[req("section", Section, "Where it stands."), req("for", PARTY, "Whom it protects."), opt("facts", Many(&Name), "Researched facts."), req("note", Text, "What it does and does not do.")]],
};

static INSTRUMENT: TableShape = TableShape {
    name: "instrument",
    meaning: "A signed paper with legal effect.",
    keys: &[
        &COMMON,
        &[
            opt("forms", Many(&Text), "Statutory form numbers."),
            opt("signed_by", Many(&PARTY), "Roles that may sign."),
            opt("given_to", PARTY, "To whom it goes."),
            opt("founded_on", List(&Table(&FOUNDED)), "Papers it rests on."),
            opt("good_for", Table(&PERIOD), "How long it may be acted on."),
            opt("needs", List(&Table(&NEED)), "What must be so."),
            opt("rectify", Table(&RECTIFY), "How curable defects are mended."),
            opt("shield", Table(&SHIELD), "Whom it protects."),
        ],
    ],
};

static RUNG: TableShape = TableShape {
    name: "rung",
    meaning: "One step of a ladder of renewals.",
    keys: &[&[
        req("length", Length, "How long."),
        opt("count", Count, "How it is counted; the order's own count where silent."),
        opt("from", Anchor, "Where it starts; the day after expiry where silent."),
        opt("paper", YesNo, "The paper says how long; this caps it."),
        opt("repeat", YesNo, "This rung serves for all later renewals."),
        opt("section", Section, "Where it stands."),
        opt("facts", Many(&Name), "Researched facts."),
        opt("reading", Table(&READING), "Another way to read it."),
    ]],
};

static RENEWED_BY: TableShape = TableShape {
    name: "renewed_by",
    meaning: "The act that renews the order.",
    keys: &[&[
        req("instrument", Many(&Ref(Target::Instrument)), "The paper."),
        req("at", One(&["signed", "furnished", "received"]), "When it takes effect."),
        opt("by", Many(&PARTY), "Who may."),
        opt("window", Table(&WINDOW), "When it may be done."),
        opt("early", Defect, "What doing it too early does."),
        opt("late", Defect, "What doing it too late does."),
        opt("section", Section, "Where it stands."),
    ]],
};

static OTHERS: TableShape = TableShape {
    name: "others",
    meaning: "What this order does to others when it starts.",
    keys: &[&[
        req("orders", Many(&ORDERS), "Which orders."),
        opt("clock", One(&["stopped", "running"]), "For a pause: whether their own time stands still."),
        opt("section", Section, "Where it stands."),
        opt("facts", Many(&Name), "Researched facts."),
    ]],
};

static ABSENCE: TableShape = TableShape {
    name: "absence",
    meaning: "What absence without leave does to the order's end.",
    keys: &[&[
        req("section", Section, "Where it stands."),
        opt("within", Length, "Absent on the last day or within this long ending with it."),
        opt("count", Count, "How that is counted."),
        opt("retake", Table(&PERIOD), "Until when the person may be brought back."),
        opt("after_return", Table(&PERIOD), "Once back, the order lasts at least until the end of this."),
        opt("facts", Many(&Name), "Researched facts."),
    ]],
};

static ORDER: TableShape = TableShape {
    name: "order",
    meaning: "A legal ground on which a person may be held, or is under the law's control.",
    keys: &[
        &COMMON,
        &[
            req("status", One(STATUS), "held: may be kept in; community: lives outside under conditions."),
            req("starts", List(&Table(&ENDING)), "What starts it."),
            opt("only_if", Table(&CONDITION), "It can start only while this holds."),
            opt("only_if_defect", Defect, "What it does if that does not hold."),
            opt("rests_on", List(&Table(&FOUNDED)), "Papers it rests on."),
            opt("needs", List(&Table(&NEED)), "What must be so."),
            opt("lasts", Table(&PERIOD), "How long; until an act ends it, where absent."),
            opt("joins", Many(&ORDERS), "Orders whose start counts as this one's, where it follows on (anchor `joined`)."),
            opt("ladder", List(&Table(&RUNG)), "The renewals, in order."),
            opt("renewed_by", Table(&RENEWED_BY), "How it is renewed."),
            opt("ends_on", List(&Table(&ENDING)), "What ends it before its time."),
            opt("ends_others", List(&Table(&OTHERS)), "Orders that end when it starts."),
            opt("pauses", List(&Table(&OTHERS)), "Orders that rest while it runs."),
            opt("inside", ORDERS, "An order within which alone it can live."),
            opt("absence", Table(&ABSENCE), "What absence does."),
        ],
    ],
};

static OWED: TableShape =
    TableShape { name: "owed", meaning: "Who owes the duty to whom.", keys: &[&[req("by", Many(&PARTY), "Who must act."), opt("to", Many(&PARTY), "To whom it is owed.")]] };

static PART: TableShape = TableShape {
    name: "done",
    meaning: "One part of what discharges the duty.",
    keys: &[MATCH, &[opt("name", Text, "What this part is."), opt("window", Table(&WINDOW), "When it must lie."), opt("section", Section, "Where it stands.")]],
};

static REPEATS: TableShape = TableShape {
    name: "repeats",
    meaning: "The duty comes again.",
    keys: &[&[
        req("every", Length, "At most this long apart."),
        opt("count", Count, "How it is counted."),
        opt("from", One(&["due", "done"]), "Whether the next is counted from the day it was due or done."),
        opt("section", Section, "Where it stands."),
    ]],
};

static REOPENS: TableShape = TableShape {
    name: "reopens",
    meaning: "What brings back a duty that had become needless.",
    keys: &[&[req("on", Table(&PATTERN), "What brings it back."), opt("after_due", YesNo, "Only after it would have been due."), opt("section", Section, "Where it stands.")]],
};

static DUTY: TableShape = TableShape {
    name: "duty",
    meaning: "What somebody must do.",
    keys: &[
        &COMMON,
        &[
            req("each", List(&Table(&ENDING)), "Each of these raises one instance."),
            opt("only_if", Table(&CONDITION), "Raised only while this holds."),
            opt("while", Table(&CONDITION), "Lapses when this no longer holds."),
            opt("ends", List(&Table(&ENDING)), "Lapses on one of these."),
            req("owed", Table(&OWED), "By whom, to whom."),
            opt("due", Table(&PERIOD), "By when; as soon as can be, where absent."),
            opt("raised_at", Anchor, "The moment from which it is owed; that of the event where absent."),
            req("done", List(&Table(&PART)), "What discharges it: every part."),
            opt("any_part", YesNo, "One part is enough."),
            opt("not_if_any", List(&Table(&STOPPER)), "Needless if one of these happened in time."),
            opt("reopens", Table(&REOPENS), "What brings it back."),
            opt("waits", Table(&CONDITION), "It waits while this holds."),
            opt("repeats", Table(&REPEATS), "It comes again."),
            opt("late", One(&["breach", "void", "prompt"]), "What lateness is: a breach, or only a prompt."),
        ],
    ],
};

static ENTITLEMENT: TableShape = TableShape {
    name: "entitlement",
    meaning: "What a person may do.",
    keys: &[
        &COMMON,
        &[
            req("each", List(&Table(&ENDING)), "Each of these opens one instance."),
            opt("only_if", Table(&CONDITION), "Opened only while this holds."),
            opt("while", Table(&CONDITION), "Closes when this no longer holds."),
            req("may", Many(&PARTY), "Who may."),
            req("used_by", List(&Table(&PATTERN)), "The act that uses it."),
            opt("opens", Table(&PERIOD), "From when; from the event where absent."),
            opt("closes", Table(&PERIOD), "Until when; while the rest holds, where absent."),
            opt("times", Number(1, 100), "How often."),
            opt("withdrawn_counts", YesNo, "Whether a withdrawn use counts."),
        ],
    ],
};

static CAP: TableShape = TableShape {
    name: "cap",
    meaning: "A total over several instances.",
    keys: &[&[req("orders", Many(&ORDERS), "Time under these is added up."), req("length", Length, "At most."), opt("count", Count, "How it is counted.")]],
};

static LIMIT: TableShape = TableShape {
    name: "limit",
    meaning: "What may not be done, or not for longer.",
    keys: &[
        &COMMON,
        &[
            opt("forbids", List(&Table(&PATTERN)), "What may not be done."),
            opt("if", Table(&CONDITION), "While this holds."),
            opt("after", List(&Table(&PATTERN)), "After one of these."),
            opt("for", Table(&PERIOD), "For this long after it."),
            opt("cap", Table(&CAP), "A total that may not be passed."),
            opt("unless", List(&Table(&PATTERN)), "Unless one of these has happened since."),
            opt("breach", One(&["breach", "irregular", "void"]), "What passing it is."),
        ],
    ],
};

static CLOCK_SET: TableShape = TableShape {
    name: "set",
    meaning: "What sets the clock.",
    keys: &[MATCH, &[opt("unless", Table(&CONDITION), "Not while this holds."), opt("if", Table(&CONDITION), "Only while this holds."), opt("section", Section, "Where it stands.")]],
};

static CLOCK: TableShape = TableShape {
    name: "clock",
    meaning: "A named day that outlives the order that set it.",
    keys: &[
        &COMMON,
        &[
            req("set", List(&Table(&CLOCK_SET)), "What sets it."),
            opt("keeps", One(&["first", "last"]), "Whether a later setting moves it."),
            opt("through", Many(&ORDERS), "It stands while one of these is in being, and falls when none is."),
        ],
    ],
};

static TURN: TableShape = TableShape {
    name: "turn",
    meaning: "One order becomes another.",
    keys: &[&[req("order", Many(&ORDERS), "Which."), req("into", ORDERS, "What it becomes."), req("start", One(&["kept", "new"]), "Whether the first one's start is kept.")]],
};

static MOVE: TableShape = TableShape {
    name: "move",
    meaning: "A duty's due day moves.",
    keys: &[&[
        req("duty", Ref(Target::Duty), "Which duty."),
        opt("by", Length, "By how long."),
        opt("count", Count, "How that is counted, from the day after the old last day."),
        opt("paper", YesNo, "The decision says by how long; `by` caps it."),
        opt("to", Table(&PERIOD), "To the end of this period."),
    ]],
};

static HOLD_OPEN: TableShape = TableShape {
    name: "hold_open",
    meaning: "An order stays in force past its end.",
    keys: &[&[
        req("orders", Many(&ORDERS), "Which."),
        opt("until", Table(&PERIOD), "Until the end of this; until something ends it, where absent."),
        opt("until_event", List(&Table(&PATTERN)), "Until one of these."),
        opt("then", Table(&PERIOD), "After that event, this much longer."),
    ]],
};

static RESUME: TableShape = TableShape {
    name: "resume",
    meaning: "A paused order comes back.",
    keys: &[&[req("orders", Many(&ORDERS), "Which."), opt("lasts", Table(&PERIOD), "A new period; what was left of the old one, where absent."), opt("ladder", One(&["from-first", "kept"]), "Whether the ladder starts again.")]],
};

static ACTION: TableShape = TableShape {
    name: "action",
    meaning: "One thing that follows; exactly one key.",
    keys: &[&[
        opt("end", Many(&ORDERS), "These orders end."),
        opt("start", ORDERS, "This order starts."),
        opt("turn", Table(&TURN), "One order becomes another."),
        opt("pause", Table(&OTHERS), "These orders rest."),
        opt("resume", Table(&RESUME), "These orders come back."),
        opt("hold_open", Table(&HOLD_OPEN), "These orders stay in force past their end."),
        opt("restart", Table(&RESUME), "These orders start their period again."),
        opt("move", Table(&MOVE), "A duty's due day moves."),
        opt("cure", Many(&ORDERS), "Defects of these orders that were for this body are settled."),
        opt("lapse", Many(&Ref(Target::Duty)), "These duties lapse."),
        opt("bar", Many(&Ref(Target::Duty)), "These duties are not raised by the entry named."),
    ]],
};

static EFFECT: TableShape = TableShape {
    name: "effect",
    meaning: "What follows when something happens.",
    keys: &[
        &COMMON,
        &[
            req("on", List(&Table(&ENDING)), "When one of these happens."),
            opt("only_if", Table(&CONDITION), "Only while this holds."),
            opt("needs", List(&Table(&NEED)), "What must be so for the effect to follow."),
            req("do", List(&Table(&ACTION)), "What follows, in order."),
        ],
    ],
};

static OUTCOME: TableShape = TableShape {
    name: "outcome",
    meaning: "What a body may decide.",
    keys: &[
        &COMMON,
        &[
            req("on", List(&Table(&ENDING)), "The decision."),
            opt("only_if", Table(&CONDITION), "Only while this holds."),
            opt("answers", Many(&Ref(Target::Criterion)), "Criteria that the decision must answer."),
            opt("needs", List(&Table(&NEED)), "What must be so."),
            opt("do", List(&Table(&ACTION)), "What follows, in order."),
        ],
    ],
};

static SAFEGUARD: TableShape = TableShape {
    name: "safeguard",
    meaning: "A paragraph of an international standard.",
    keys: &[
        &COMMON,
        &[
            opt("each", List(&Table(&ENDING)), "Each of these asks the question about one case."),
            opt("only_if", Table(&CONDITION), "Asked only while this holds."),
            opt("done", List(&Table(&PART)), "What answers it: every part."),
            opt("any_part", YesNo, "One part is enough."),
            opt("before", YesNo, "It must have happened before the event."),
            opt("short", Text, "What to say of a case in which it is not shown."),
            opt("place", YesNo, "It is about facilities or the country, not shown in a person's file."),
        ],
    ],
};
