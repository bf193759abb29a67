//! The fields of a form as a page shows them: which control each gets, what it offers, what was typed, what is wrong.
//!
//! A field whose words the law looks at is offered as a choice, with a line for another word. Deliberately absent: checks; the reader of case
//! files makes them.

use openward_law::entry::{Entry, FactKind, Field, FieldType, Whereabouts};
use openward_law::pack::offers::Offered;
use openward_office::act::Fault;
use openward_office::act::form::{Ask, Form};
use openward_office::who::Who;

use crate::language::Language;

/// At most so many entries are offered to point at, the newest.
const ENTRIES_MAX: usize = 40;

/// What a browser sent, or an address says.
pub(super) struct Given(pub(super) Vec<(String, String)>);

impl Given {
    /// What an address says: names of fields, as a duty names them.
    pub(super) fn of_address(given: Vec<(String, String)>) -> Given {
        let known = |(name, value): (String, String)| {
            let is_field = Field::from_name(&name).is_some();
            (if is_field { format!("f-{name}") } else { name }, value)
        };
        Given(given.into_iter().map(known).collect())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    pub(super) fn one(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    fn all<'g>(&'g self, name: &str) -> impl Iterator<Item = &'g str> {
        let name = name.to_owned();
        self.0.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The values of a field: what was chosen and what was typed beside it; where there can be one, what was typed wins.
    pub(super) fn values(&self, prefix: &str, field: Field) -> Vec<String> {
        let name = field.name();
        let typed: Vec<&str> = self.all(&format!("{prefix}o-{name}")).collect();
        let chosen: Vec<&str> = self.all(&format!("{prefix}f-{name}")).collect();
        if is_many(field) || typed.is_empty() {
            chosen.into_iter().chain(typed).map(str::to_owned).collect()
        } else {
            typed.into_iter().map(str::to_owned).collect()
        }
    }
}

fn is_many(field: Field) -> bool {
    matches!(field.field_type(), FieldType::Parties | FieldType::Words | FieldType::Paragraphs | FieldType::Entries | FieldType::Answers)
}

/// One choice.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) section: String,
    pub(super) is_chosen: bool,
}

/// A field, ready for a page.
pub(super) struct Control {
    pub(super) id: String,
    /// The name under which what was typed beside the choices is sent.
    pub(super) other: String,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) is_required: bool,
    /// `choose`, `check`, `yes-no`, `day`, `lines`, `party` or `line`.
    pub(super) kind: &'static str,
    pub(super) choices: Vec<Choice>,
    pub(super) value: String,
    pub(super) fault: Option<String>,
    /// Seldom needed: kept out of the way.
    pub(super) is_aside: bool,
}

/// A fault in the reader's language, with what the reader of case files says.
pub(super) fn says(t: &Language, fault: &Fault) -> String {
    let key = if fault.missing { "fault-missing" } else { "fault-form" };
    if fault.missing { t.say(key) } else { format!("{} {}", t.say(key), fault.says) }
}

/// What is asked of somebody who has no file yet.
pub(super) fn described(t: &Language, given: &Given, faults: &[Fault]) -> Vec<Control> {
    let own: Vec<&Fault> = faults.iter().filter(|fault| fault.at == 0).collect();
    [Field::Name, Field::Born, Field::Sex, Field::Language].map(|field| plain(t, "d", field, given, &own)).into()
}

fn plain(t: &Language, prefix: &str, field: Field, given: &Given, faults: &[&Fault]) -> Control {
    let name = field.name();
    let fault = faults.iter().find(|fault| fault.field.as_deref().is_some_and(|found| is_of(found, name)));
    let hint = format!("hint-{name}");
    Control {
        id: format!("{prefix}f-{name}"),
        other: format!("{prefix}o-{name}"),
        label: t.say(&format!("field-{name}")),
        hint: if t.has(&hint) { t.say(&hint) } else { String::new() },
        is_required: false,
        kind: match field.field_type() {
            FieldType::Date => "day",
            FieldType::YesNo => "yes-no",
            FieldType::Text if field != Field::Name => "lines",
            _ => "line",
        },
        choices: Vec::new(),
        value: given.values(prefix, field).join(", "),
        fault: fault.map(|fault| says(t, fault)),
        is_aside: false,
    }
}

/// Whether a problem's path, such as `states[2]`, is of this field.
fn is_of(found: &str, name: &str) -> bool {
    found.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
}

/// A field of a fact's form.
pub(super) fn control(t: &Language, form: &Form, ask: &Ask, given: &Given, faults: &[&Fault], who: &Who) -> Control {
    let mut control = plain(t, "", ask.field, given, faults);
    control.is_required = ask.is_required;
    control.is_aside = is_aside(form, ask) && control.fault.is_none();
    let chosen = given.values("", ask.field);
    match ask.field {
        Field::By => by(t, form, &mut control, &chosen, who, given.one("origin") == "performed"),
        Field::Place => place(t, form, &mut control, &chosen, who),
        Field::Of | Field::On => {
            control.kind = "check";
            control.choices = entries(t, form, &chosen);
        }
        Field::Answers => {
            control.kind = "answers";
            control.choices = ask.offered.iter().map(|offered| choice(offered, &[])).collect();
        }
        _ if !ask.offered.is_empty() => {
            control.kind = if is_many(ask.field) { "check" } else { "choose" };
            control.choices = ask.offered.iter().map(|offered| choice(offered, &chosen)).collect();
        }
        _ => {}
    }
    if matches!(control.kind, "check" | "choose" | "party") {
        let other = |value: &&String| !control.choices.iter().any(|choice| choice.value == **value);
        control.value = chosen.iter().filter(other).cloned().collect::<Vec<_>>().join(", ");
    }
    control
}

/// What is seldom asked for stands aside: other entries, reasons, places of what moves nobody.
fn is_aside(form: &Form, ask: &Ask) -> bool {
    let moves = form.fact.whereabouts() != Whereabouts::Unmoved || form.fact == FactKind::Arrived;
    let papers = matches!(form.fact, FactKind::Received | FactKind::Furnished | FactKind::Rectified | FactKind::NoticeGiven);
    match ask.field {
        _ if ask.is_required => false,
        Field::Of => !papers,
        Field::On => form.paper.as_ref().is_none_or(|paper| paper.founded_on.is_empty()),
        Field::Place => !moves,
        Field::Reason | Field::Length | Field::Until | Field::Examined | Field::From => true,
        Field::By
        | Field::As
        | Field::Note
        | Field::Understood
        | Field::Consent
        | Field::Name
        | Field::Born
        | Field::Sex
        | Field::Language => false,
        _ => ask.offered.is_empty(),
    }
}

fn choice(offered: &Offered, chosen: &[String]) -> Choice {
    Choice {
        value: offered.word.clone(),
        name: offered.name.clone(),
        section: offered.section.clone(),
        is_chosen: chosen.contains(&offered.word),
    }
}

fn by(t: &Language, form: &Form, control: &mut Control, chosen: &[String], who: &Who, is_performed: bool) {
    control.kind = "choose";
    let named = |id: &str, name: String| Choice {
        value: id.to_owned(),
        name,
        section: String::new(),
        // Whoever does something here and now does it themselves.
        is_chosen: chosen.iter().any(|value| value == id) || (chosen.is_empty() && id == who.file && is_performed),
    };
    control.choices.push(named(&who.file, t.with("by-me", "name", who.name.as_str())));
    control.choices.push(named("person", t.say("by-person")));
    let others = form.professionals.iter().filter(|(id, _)| *id != who.file);
    let titled = |(id, name): &(String, String)| if name.is_empty() { id.clone() } else { name.clone() };
    control.choices.extend(others.map(|one| named(&one.0, titled(one))));
}

fn place(t: &Language, form: &Form, control: &mut Control, chosen: &[String], who: &Who) {
    control.kind = "choose";
    let begins = matches!(form.fact.whereabouts(), Whereabouts::In | Whereabouts::Held);
    let is_chosen = chosen.contains(&who.organisation) || (chosen.is_empty() && begins);
    control.choices.push(Choice { value: who.organisation.clone(), name: t.say("place-here"), section: String::new(), is_chosen });
}

fn entries(t: &Language, form: &Form, chosen: &[String]) -> Vec<Choice> {
    let one = |entry: &Entry| Choice {
        value: entry.n.to_string(),
        name: format!(
            "{} · {}{}",
            entry.n,
            t.say(&format!("fact-{}", entry.fact.word())),
            entry.details.instrument.as_ref().or(entry.details.under.as_ref()).map(|word| format!(" · {word}")).unwrap_or_default()
        ),
        section: entry.at.to_string(),
        is_chosen: chosen.contains(&entry.n.to_string()),
    };
    form.entries.iter().rev().take(ENTRIES_MAX).map(one).collect()
}
