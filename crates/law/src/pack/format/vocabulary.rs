//! The file, the head and the vocabulary of a pack.

use super::acts::*;
use crate::pack::shape::{Shape, TableShape, Target, opt, req};
use Shape::{Date, Defect, List, Many, Name, Named, Number, One, OpenDate, Ref, Section, Table, Text, Versioned, YesNo, Zone};

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

pub(super) static PACK: TableShape = TableShape {
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

pub(super) static GAP: TableShape = TableShape {
    name: "gap",
    meaning: "A declared span without text.",
    keys: &[&[
        req("provision", Text, "kind.name of the provision."),
        req("from", Date, "First day."),
        req("until", Date, "First day after."),
        req("why", Text, "Why."),
    ]],
};

pub(super) static SOURCE: TableShape = TableShape {
    name: "source",
    meaning: "Where the law was read.",
    keys: &[&[req("title", Text, "What it is."), opt("read_on", Date, "When it was read."), opt("where", Text, "Where it can be found.")]],
};

pub(super) static AMENDMENT: TableShape = TableShape {
    name: "amendment",
    meaning: "An Act that changes this law.",
    keys: &[&[
        req("title", Text, "What it is called."),
        opt("commenced", OpenDate, "The day it came into force; empty or absent while it has not."),
        opt("note", Text, "What is known about its commencement."),
    ]],
};

pub(super) static LABEL: TableShape = TableShape {
    name: "word",
    meaning: "A word with its name for people.",
    keys: &[&[req("name", Text, "What people call it."), opt("section", Section, "Where the law uses it.")]],
};

pub(super) static ROLE: TableShape = TableShape {
    name: "role",
    meaning: "A role under this law.",
    keys: &[&[
        req("name", Text, "What this law calls it."),
        opt("neutral", Name, "The neutral word for the role, the same in every pack."),
        opt("section", Section, "Where the law defines it."),
    ]],
};

pub(super) static CRITERION: TableShape = TableShape {
    name: "criterion",
    meaning: "A criterion of this law.",
    keys: &[&[
        req("name", Text, "The criterion in plain words."),
        req("section", Section, "Where it stands."),
        opt("serves", Many(&Ref(Target::Safeguard)), "Safeguards it serves."),
    ]],
};

pub(super) static CALENDAR: TableShape = TableShape {
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

pub(super) static HOLIDAY: TableShape = TableShape {
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

pub(super) static DECLARED: TableShape = TableShape {
    name: "declared day",
    meaning: "One day, declared or left out by somebody.",
    keys: &[&[
        req("name", Text, "What it is called."),
        req("on", Date, "The day."),
        opt("declared_on", Date, "From when it could be known."),
    ]],
};

pub(super) static MOVED: TableShape = TableShape {
    name: "moved day",
    meaning: "A holiday moved in one year.",
    keys: &[&[
        req("name", Text, "What it is called."),
        req("from", Date, "The day it would have been."),
        req("to", Date, "The day it was."),
        opt("declared_on", Date, "From when it could be known."),
    ]],
};
