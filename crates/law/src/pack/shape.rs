//! Shapes: what may stand where in a pack file, as one table that the checker, the JSON Schema and the mutation proof all read.
//!
//! Here lives the language in which the tables of `super::format` are written. Deliberately absent: the tables themselves,
//! and the meaning of any value in law.

/// What a name in a pack file points at. Every reference is checked after all files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// A role in `[roles]`.
    Role,
    /// A criterion in `[criteria]`.
    Criterion,
    /// A body in `[bodies]` (bodies are roles too).
    Body,
    /// A calendar in `[calendars]`.
    Calendar,
    /// A kind of authorisation, designation, relation or another word in `[words]`.
    Word,
    /// An order.
    Order,
    /// A duty.
    Duty,
    /// An entitlement.
    Entitlement,
    /// An instrument.
    Instrument,
    /// A clock.
    Clock,
    /// A source in `[sources]`.
    Source,
    /// A safeguard of the benchmark pack.
    Safeguard,
    /// A region in `[regions]`.
    Region,
    /// An amendment in `[amendments]`.
    Amendment,
}

impl Target {
    /// What to call it in a message.
    pub const fn name(self) -> &'static str {
        match self {
            Target::Role => "role",
            Target::Criterion => "criterion",
            Target::Body => "body",
            Target::Calendar => "calendar",
            Target::Word => "word",
            Target::Order => "order",
            Target::Duty => "duty",
            Target::Entitlement => "entitlement",
            Target::Instrument => "instrument",
            Target::Clock => "clock",
            Target::Source => "source",
            Target::Safeguard => "safeguard",
            Target::Region => "region",
            Target::Amendment => "amendment",
        }
    }
}

/// The shape of a value in a pack file.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Text for people.
    Text,
    /// A section or article reference.
    Section,
    /// A name made here: kebab-case.
    Name,
    /// The name of a paragraph, such as `66(1)(b)`, matched against the field `under` of an entry.
    Paragraph,
    /// A whole number within bounds.
    Number(u32, u32),
    /// `true` or `false`.
    YesNo,
    /// A TOML date.
    Date,
    /// A TOML date, or the empty string for "open".
    OpenDate,
    /// A length such as `28 days`.
    Length,
    /// A counting rule.
    Count,
    /// What becomes of a last day on which nobody is there.
    Roll,
    /// A named point in time, such as `start.day`.
    Anchor,
    /// An IANA time zone.
    Zone,
    /// A fact of the registry.
    Fact,
    /// One of these words.
    One(&'static [&'static str]),
    /// A defect: what an unmet need does; `for-decision:BODY` names the body.
    Defect,
    /// A reference.
    Ref(Target),
    /// A reference to any of these.
    AnyRef(&'static [Target]),
    /// A list of values; one may stand alone.
    Many(&'static Shape),
    /// A list of values.
    List(&'static Shape),
    /// An inline or full table.
    Table(&'static TableShape),
    /// A table whose keys are names made here.
    Named(&'static TableShape),
    /// A table whose keys are names made here, each holding a list of versions.
    Versioned(&'static TableShape),
    /// Any table: a variation's `set`, checked when laid over its provision.
    Free,
}

/// One key of a table.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// What may stand there.
    pub shape: Shape,
    /// Whether it must stand there.
    pub required: bool,
    /// What it says, in one sentence.
    pub meaning: &'static str,
}

/// The shape of a table.
#[derive(Debug)]
pub struct TableShape {
    /// What to call it in a message and in the schema.
    pub name: &'static str,
    /// What it says, in one sentence.
    pub meaning: &'static str,
    /// Its keys, in groups so that shared groups are written once.
    pub keys: &'static [&'static [Key]],
}

impl TableShape {
    /// All keys, in order.
    pub fn all_keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.keys.iter().flat_map(|group| group.iter())
    }

    /// The key of that name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.all_keys().find(|key| key.name == name)
    }
}

/// A key that may be left out.
pub const fn opt(name: &'static str, shape: Shape, meaning: &'static str) -> Key {
    Key { name, shape, required: false, meaning }
}

/// A key that must stand.
pub const fn req(name: &'static str, shape: Shape, meaning: &'static str) -> Key {
    Key { name, shape, required: true, meaning }
}
