//! What a form may offer: for a fact under a law, the words that some provision looks at in each field; for a paper, who may sign it and what
//! its signer must affirm.
//!
//! A form follows the pack in this way and has no list of its own. Deliberately absent: which word is right for a person, which only the fold
//! can say, and any refusal of another word.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Asks, Instrument, Label, Need, Pack, Pattern, Provision, Sym};
use crate::entry::{FactKind, Field, Whereabouts};

/// A word that a form may offer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offered {
    /// The word.
    pub word: String,
    /// What the law calls it; the word itself where it has no name.
    pub name: String,
    /// Where it stands.
    pub section: String,
}

/// A paper as a form shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its word, title and section.
    pub paper: Offered,
    /// Numbers of the statutory forms.
    pub forms: Vec<String>,
    /// Who may sign.
    pub signed_by: Vec<Offered>,
    /// What a signer must affirm, all of it or one of several.
    pub affirms: Vec<Offered>,
    /// The papers that it is founded on.
    pub founded_on: Vec<Offered>,
}

/// A fact with what it must say in its fields.
pub type Doing = (FactKind, Vec<(Field, Vec<String>)>);

/// The words that provisions in force on a day look at in one field of a fact, in the order of their names. Whoever comes under an order may
/// come under each.
pub fn offers(pack: &Pack, fact: FactKind, field: Field, day: Date) -> Vec<Offered> {
    let mut found: BTreeSet<Sym> = BTreeSet::new();
    let own: &[Sym] = if fact == FactKind::Admitted && field == Field::Under { &pack.free } else { &[] };
    found.extend(own);
    patterns(pack, day, &mut |pattern| {
        if pattern.looks_at(fact) {
            found.extend(in_field(pattern, field));
        }
    });
    let moves = matches!(fact.whereabouts(), Whereabouts::In | Whereabouts::Held);
    if moves && field == Field::Under {
        found.extend(pack.orders.iter().filter(|order| order.on(day).is_some()).filter_map(|order| pack.words.find(&order.id)));
    }
    if field == Field::As {
        found.extend(pack.roles.iter().filter_map(|role| pack.words.find(&role.word)));
    }
    let mut all: Vec<Offered> = found.iter().map(|sym| offered(pack, pack.words.text(*sym), day)).collect();
    all.sort_by(|a, b| (a.name.to_lowercase(), &a.word).cmp(&(b.name.to_lowercase(), &b.word)));
    all
}

/// The papers in force on a day, in the order of the law's text.
pub fn papers(pack: &Pack, day: Date) -> Vec<Paper> {
    pack.instruments.iter().filter_map(|paper| self::paper(pack, &paper.id, day)).collect()
}

/// One paper, where it is in force on a day.
pub fn paper(pack: &Pack, word: &str, day: Date) -> Option<Paper> {
    let provision = pack.instruments.iter().find(|paper| paper.id == word)?;
    let Instrument { forms, signed_by, needs, founded_on, .. } = &provision.on(day)?.body;
    let named = |sym: &Sym| offered(pack, pack.words.text(*sym), day);
    let affirmed = |need: &Need| need.asks.iter().flat_map(affirmed).copied().collect::<Vec<_>>();
    let mut seen = BTreeSet::new();
    let affirms = needs.iter().flat_map(affirmed).filter(|sym| seen.insert(*sym)).map(|sym| named(&sym)).collect();
    let other = |at: &u16| pack.instruments.get(usize::from(*at)).map(|other| offered(pack, &other.id, day));
    Some(Paper {
        paper: offered(pack, word, day),
        forms: forms.clone(),
        signed_by: signed_by.iter().map(named).collect(),
        affirms,
        founded_on: founded_on.iter().flat_map(|founded| &founded.instruments).filter_map(other).collect(),
    })
}

/// What a person in care may do by themselves without anybody's help.
const ALONE: &[FactKind] = &[
    FactKind::Applied,
    FactKind::Appealed,
    FactKind::Nominated,
    FactKind::CounselChosen,
    FactKind::ComplaintMade,
    FactKind::ReportRequested,
    FactKind::AttendanceRequested,
    FactKind::NoticeObjected,
];

/// The act by which a person uses an entitlement, in force on a day, with what it must say: the first that the law names of those that need
/// nobody else. None where there is no such act.
pub fn use_of(pack: &Pack, entitlement: &str, day: Date) -> Option<Doing> {
    let right = &pack.entitlements.iter().find(|right| right.id == entitlement)?.on(day)?.body;
    let (pattern, fact) = right.used_by.iter().find_map(|pattern| Some((pattern, *ALONE.iter().find(|fact| pattern.looks_at(**fact))?)))?;
    let text = |sym: &Sym| pack.words.text(*sym).to_owned();
    let first = |syms: &[Sym]| syms.first().map(text).into_iter().collect::<Vec<_>>();
    let all = |syms: &[Sym]| syms.iter().map(text).collect::<Vec<_>>();
    let to = if pattern.to.is_empty() { first(&pattern.reaches) } else { all(&pattern.to) };
    let fields = [
        (Field::Under, first(&pattern.under)),
        (Field::To, to),
        (Field::Kind, first(&pattern.kind)),
        (Field::How, all(&pattern.how)),
        (Field::Contents, all(&pattern.contents)),
    ];
    Some((fact, fields.into_iter().filter(|(_, words)| !words.is_empty()).collect()))
}

fn affirmed(asks: &Asks) -> &[Sym] {
    match asks {
        Asks::StatesAll(all) | Asks::StatesAny(all) => all,
        _ => &[],
    }
}

/// A word with its name, looked for where names are: labels, then provisions.
fn offered(pack: &Pack, word: &str, day: Date) -> Offered {
    let lists: [&[Label]; 5] = [&pack.criteria, &pack.roles, &pack.bodies, &pack.labels, &pack.regions];
    let label = lists.into_iter().flatten().find(|label| label.word == word);
    let (name, section) = match label {
        Some(label) => (label.name.clone(), label.section.clone().unwrap_or_default()),
        None => head(&pack.orders, word, day)
            .or_else(|| head(&pack.instruments, word, day))
            .or_else(|| head(&pack.entitlements, word, day))
            .unwrap_or_else(|| (word.to_owned(), String::new())),
    };
    Offered { word: word.to_owned(), name, section }
}

fn head<T>(list: &[Provision<T>], word: &str, day: Date) -> Option<(String, String)> {
    let head = &list.iter().find(|provision| provision.id == word)?.on(day)?.head;
    Some((head.title.clone(), head.section.clone()))
}

fn in_field(pattern: &Pattern, field: Field) -> Vec<Sym> {
    match field {
        Field::Instrument => pattern.instrument.clone(),
        Field::Under => pattern.under.clone(),
        Field::As => pattern.by.clone(),
        Field::To => [pattern.to.as_slice(), &pattern.reaches].concat(),
        Field::Outcome => pattern.outcome.clone(),
        Field::Kind => pattern.kind.clone(),
        Field::How => pattern.how.clone(),
        Field::Contents => pattern.contents.clone(),
        Field::States => pattern.states.clone(),
        _ => Vec::new(),
    }
}

fn bodies<T>(list: &[Provision<T>], day: Date) -> impl Iterator<Item = &T> {
    list.iter().filter_map(move |provision| provision.on(day)).map(|version| &version.body)
}

fn of_needs<'p>(needs: impl IntoIterator<Item = &'p Need>, see: &mut dyn FnMut(&Pattern)) {
    for asks in needs.into_iter().flat_map(|need| &need.asks) {
        if let Asks::Fact { pattern, .. } = asks {
            see(pattern);
        }
    }
}

/// Every pattern of the law in force on a day.
fn patterns(pack: &Pack, day: Date, see: &mut dyn FnMut(&Pattern)) {
    for order in bodies(&pack.orders, day) {
        order.starts.iter().chain(&order.ends_on).for_each(&mut *see);
        of_needs(&order.needs, see);
    }
    for paper in bodies(&pack.instruments, day) {
        of_needs(&paper.needs, see);
    }
    for duty in bodies(&pack.duties, day) {
        duty.each.iter().chain(&duty.done).chain(&duty.ends).chain(&duty.not_if_any).for_each(&mut *see);
    }
    for right in bodies(&pack.entitlements, day) {
        right.each.iter().chain(&right.used_by).for_each(&mut *see);
    }
    for limit in bodies(&pack.limits, day) {
        limit.forbids.iter().chain(&limit.after).chain(&limit.unless).for_each(&mut *see);
    }
    bodies(&pack.clocks, day).flat_map(|clock| &clock.set).for_each(&mut *see);
    bodies(&pack.effects, day).flat_map(|effect| &effect.on).for_each(see);
}
