//! The registry of fields: every name that may stand in an entry beside `fact`, with the kind of value it takes.
//!
//! Deliberately absent: which value is right in law. A field says only what shape a value has.

/// The shape of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// A file id or a role word.
    Party,
    /// A list of file ids or role words (one may stand alone).
    Parties,
    /// A kebab-case word.
    Word,
    /// A list of words (one may stand alone).
    Words,
    /// A word that may hold brackets, dots and capitals: the name of an order or a paragraph, such as `66(1)(b)`.
    Paragraph,
    /// A list of paragraphs.
    Paragraphs,
    /// A list of entry numbers of the same file (one may stand alone).
    Entries,
    /// An object from criterion to answer.
    Answers,
    /// `true` or `false`.
    YesNo,
    /// A length such as `3 months`.
    Length,
    /// An instant or a date.
    When,
    /// A calendar date.
    Date,
    /// An IANA time-zone name.
    Zone,
    /// Free text.
    Text,
}

macro_rules! fields {
    ($( $variant:ident $name:literal $kind:ident $meaning:literal; )*) => {
        /// A field of an entry's fact.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Field { $( #[doc = $meaning] $variant ),* }
        impl Field {
            /// Every field there is.
            pub const ALL: &'static [Field] = &[$(Field::$variant),*];
            /// The name as it stands in a case file.
            pub const fn name(self) -> &'static str { match self { $(Field::$variant => $name),* } }
            /// The shape of the value.
            pub const fn field_type(self) -> FieldType { match self { $(Field::$variant => FieldType::$kind),* } }
            /// What the field says, in one sentence.
            pub const fn meaning(self) -> &'static str { match self { $(Field::$variant => $meaning),* } }
            /// The field a name names, if it names one.
            pub fn from_name(name: &str) -> Option<Field> { match name { $($name => Some(Field::$variant),)* _ => None } }
        }
    };
}

fields! {
    By "by" Party "Who acted.";
    As "as" Word "In which capacity: a role of the law pack.";
    Place "place" Party "Where: the facility's file.";
    On "on" Entries "The entries this one is founded on.";
    Of "of" Entries "The entries this one is about.";
    Under "under" Paragraph "The order, or the paragraph of the right.";
    Instrument "instrument" Word "The instrument.";
    To "to" Parties "To whom.";
    With "with" Party "The other party.";
    Kind "kind" Word "A word that narrows the fact.";
    Outcome "outcome" Word "What came of it.";
    Answers "answers" Answers "Each criterion with its answer.";
    States "states" Words "The criteria that the signer affirms.";
    How "how" Words "In what manner.";
    Contents "contents" Paragraphs "What it contained.";
    Members "members" Parties "Who sat.";
    Language "language" Word "Language tag, such as fr or uk.";
    Understood "understood" YesNo "Whether it was understood.";
    Consent "consent" YesNo "Whether a needed consent was given.";
    Length "length" Length "How long, as the paper says.";
    Until "until" When "Until when, as the paper says.";
    From "from" When "From when, where not from the entry's own day.";
    Examined "examined" When "When the signer examined the person, as the paper says.";
    Name "name" Text "What the person, the place or the professional is called.";
    Born "born" Date "Date of birth.";
    Sex "sex" Word "Sex as registered.";
    Law "law" Word "The law pack.";
    Region "region" Word "A region of the law pack.";
    Zone "zone" Zone "Time zone.";
    Reason "reason" Text "A reason that the law asks for.";
    Note "note" Text "Free text.";
}

impl Field {
    /// The fields that may stand with any fact.
    pub const COMMON: &'static [Field] = &[Field::By, Field::As, Field::Place, Field::On, Field::Of, Field::Reason, Field::Note];
}
