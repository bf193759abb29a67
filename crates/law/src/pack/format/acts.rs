//! The nine kinds of provision.

use super::parts::*;
use crate::pack::shape::{Shape, TableShape, Target, opt, req};
use Shape::{Anchor, AnyRef, Count, Defect, Length, List, Many, Name, Number, One, Ref, Section, Table, Text, YesNo};

const ORDERS: Shape = Ref(Target::Order);
const PARTY: Shape = AnyRef(&[Target::Role, Target::Body]);

pub(super) static FOUNDED: TableShape = TableShape {
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

pub(super) static RECTIFY: TableShape = TableShape {
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

pub(super) static SHIELD: TableShape = TableShape {
    name: "shield",
    meaning: "Protects a person who acts in good faith; it is no authority.",
    keys: &[&[
        req("section", Section, "Where it stands."),
        req("for", PARTY, "Whom it protects."),
        opt("facts", Many(&Name), "Researched facts."),
        req("note", Text, "What it does and does not do."),
    ]],
};

pub(super) static INSTRUMENT: TableShape = TableShape {
    name: "instrument",
    meaning: "A signed paper with legal effect.",
    keys: &[
        &COMMON,
        &[
            opt("forms", Many(&Text), "Statutory form numbers."),
            opt("signed_by", Many(&PARTY), "Roles that may sign."),
            opt("founded_on", List(&Table(&FOUNDED)), "Papers it rests on."),
            opt("good_for", Table(&PERIOD), "How long it may be acted on."),
            opt("needs", List(&Table(&NEED)), "What must be so."),
            opt("rectify", Table(&RECTIFY), "How curable defects are mended."),
            opt("shield", Table(&SHIELD), "Whom it protects."),
        ],
    ],
};

pub(super) static RUNG: TableShape = TableShape {
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

pub(super) static RENEWED_BY: TableShape = TableShape {
    name: "renewed_by",
    meaning: "The act that renews the order.",
    keys: &[&[
        req("instrument", Many(&Ref(Target::Instrument)), "The paper."),
        req("at", One(&["signed", "furnished", "received"]), "When it takes effect."),
        opt("by", Many(&PARTY), "Who may."),
        opt("reaches", Many(&PARTY), "Whom it must reach: to another it renews nothing."),
        opt("window", Table(&WINDOW), "When it may be done."),
        opt("early", Defect, "What doing it too early does."),
        opt("late", Defect, "What doing it too late does."),
        opt("section", Section, "Where it stands."),
    ]],
};

pub(super) static OTHERS: TableShape = TableShape {
    name: "others",
    meaning: "What this order does to others when it starts.",
    keys: &[&[
        req("orders", Many(&ORDERS), "Which orders."),
        opt("clock", One(&["stopped", "running"]), "For a pause: whether their own time stands still."),
        opt("section", Section, "Where it stands."),
        opt("facts", Many(&Name), "Researched facts."),
    ]],
};

pub(super) static ABSENCE: TableShape = TableShape {
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

pub(super) static ORDER: TableShape = TableShape {
    name: "order",
    meaning: "A legal ground on which a person may be held, or is under the law's control.",
    keys: &[
        &COMMON,
        &[
            req("status", One(STATUS), "held: may be kept in; community: lives outside under conditions."),
            req("starts", List(&Table(&ENDING)), "What starts it."),
            opt("only_if", Table(&CONDITION), "It can start only while this holds."),
            opt("only_if_defect", Defect, "What it does if that does not hold."),
            opt("no_better_than", Many(&ORDERS), "Orders in being whose flaws and doubts it takes over when it starts."),
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

pub(super) static OWED: TableShape = TableShape {
    name: "owed",
    meaning: "Who owes the duty to whom.",
    keys: &[&[req("by", Many(&PARTY), "Who must act."), opt("to", Many(&PARTY), "To whom it is owed.")]],
};

pub(super) static PART: TableShape = TableShape {
    name: "done",
    meaning: "One part of what discharges the duty.",
    keys: &[
        MATCH,
        &[
            opt("name", Text, "What this part is."),
            opt("window", Table(&WINDOW), "When it must lie."),
            opt("section", Section, "Where it stands."),
        ],
    ],
};

pub(super) static REPEATS: TableShape = TableShape {
    name: "repeats",
    meaning: "The duty comes again.",
    keys: &[&[
        req("every", Length, "At most this long apart."),
        opt("count", Count, "How it is counted."),
        opt("from", One(&["due", "done"]), "Whether the next is counted from the day it was due or done."),
        opt("section", Section, "Where it stands."),
    ]],
};

pub(super) static REOPENS: TableShape = TableShape {
    name: "reopens",
    meaning: "What brings back a duty that had become needless.",
    keys: &[&[
        req("on", Table(&PATTERN), "What brings it back."),
        opt("after_due", YesNo, "Only after it would have been due."),
        opt("section", Section, "Where it stands."),
    ]],
};

pub(super) static LATE_LEAVES: TableShape = TableShape {
    name: "late_leaves",
    meaning: "What lateness does to the authority of the stretch of an order whose paper or act raised the duty.",
    keys: &[&[
        req("orders", Many(&Ref(Target::Order)), "Orders in being."),
        req("defect", Defect, "The defect it has from when the duty is late."),
        opt("section", Section, "Where it stands."),
    ]],
};

pub(super) static DUTY: TableShape = TableShape {
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
            opt("late", One(&["breach", "prompt"]), "What lateness is: a breach, or only a prompt."),
            opt("late_leaves", Table(&LATE_LEAVES), "What lateness does to an order."),
        ],
    ],
};

pub(super) static ENTITLEMENT: TableShape = TableShape {
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

pub(super) static CAP: TableShape = TableShape {
    name: "cap",
    meaning: "A total over several instances.",
    keys: &[&[
        req("orders", Many(&ORDERS), "Time under these is added up."),
        req("length", Length, "At most."),
        opt("count", Count, "How it is counted."),
    ]],
};

pub(super) static LIMIT: TableShape = TableShape {
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
            opt("breach", One(&["breach", "irregular"]), "What passing it is: a breach, or only an irregularity."),
        ],
    ],
};

pub(super) static CLOCK_SET: TableShape = TableShape {
    name: "set",
    meaning: "What sets the clock.",
    keys: &[
        MATCH,
        &[
            opt("unless", Table(&CONDITION), "Not while this holds."),
            opt("if", Table(&CONDITION), "Only while this holds."),
            opt("section", Section, "Where it stands."),
        ],
    ],
};

pub(super) static CLOCK: TableShape = TableShape {
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

pub(super) static TURN: TableShape = TableShape {
    name: "turn",
    meaning: "One order becomes another.",
    keys: &[&[
        req("order", Many(&ORDERS), "Which."),
        req("into", ORDERS, "What it becomes."),
        req("start", One(&["kept", "new"]), "Whether the first one's start is kept."),
    ]],
};

pub(super) static MOVE: TableShape = TableShape {
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

pub(super) static HOLD_OPEN: TableShape = TableShape {
    name: "hold_open",
    meaning: "An order stays in force past its end.",
    keys: &[&[
        req("orders", Many(&ORDERS), "Which."),
        opt("until", Table(&PERIOD), "Until the end of this; until something ends it, where absent."),
        opt("until_event", List(&Table(&PATTERN)), "Until one of these."),
        opt("then", Table(&PERIOD), "After that event, this much longer."),
    ]],
};

pub(super) static RESUME: TableShape = TableShape {
    name: "resume",
    meaning: "A paused order comes back.",
    keys: &[&[
        req("orders", Many(&ORDERS), "Which."),
        opt("lasts", Table(&PERIOD), "A new period; what was left of the old one, where absent."),
        opt("ladder", One(&["from-first", "kept"]), "Whether the ladder starts again."),
    ]],
};

pub(super) static ACTION: TableShape = TableShape {
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
    ]],
};

pub(super) static EFFECT: TableShape = TableShape {
    name: "effect",
    meaning: "What follows when something happens.",
    keys: &[
        &COMMON,
        &[
            req("on", List(&Table(&ENDING)), "When one of these happens."),
            opt("only_if", Table(&CONDITION), "Only while this holds."),
            opt("no_better_than", Many(&ORDERS), "Orders in being whose flaws and doubts are those of what follows."),
            opt("needs", List(&Table(&NEED)), "What must be so for the effect to follow."),
            req("do", List(&Table(&ACTION)), "What follows, in order."),
        ],
    ],
};

pub(super) static OUTCOME: TableShape = TableShape {
    name: "outcome",
    meaning: "What a body may decide.",
    keys: &[
        &COMMON,
        &[
            req("on", List(&Table(&ENDING)), "The decision."),
            opt("only_if", Table(&CONDITION), "Only while this holds."),
            opt("answers", Many(&Ref(Target::Criterion)), "Criteria that the decision must answer."),
            opt("met", Many(&Ref(Target::Criterion)), "Criteria that it must answer `met` for anything to follow."),
            opt("needs", List(&Table(&NEED)), "What must be so."),
            opt("do", List(&Table(&ACTION)), "What follows, in order."),
        ],
    ],
};

pub(super) static SAFEGUARD: TableShape = TableShape {
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
