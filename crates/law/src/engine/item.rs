//! Entries made ready for the fold: words as symbols of the pack, people as numbers, times as moments, in the order in which
//! they happened.

use std::cell::OnceCell;

use jiff::Timestamp;
use jiff::civil::Date;

use super::context::Context;
use super::lookup::{ByFact, ByNumber};
use crate::casefile::FileEntries;
use crate::entry::{Details, Entry, FactKind, FileKind};
use crate::pack::{Pack, Sym};
use crate::time::{Moment, Zone};

/// The number of an item in the fold's order.
pub type ItemNo = u16;

/// A person fold reads at most this many entries; a longer file is refused by the reader already.
pub const ITEMS_MAX: usize = 10_000;

/// From more than so many on, entries that one names are found faster in order.
const MANY: usize = 16;

/// An entry made ready.
#[derive(Debug, Clone)]
pub struct Item<'e> {
    /// The entry.
    pub entry: &'e Entry,
    /// The number under which it first came to the register: its own, or that of the entry which it replaces in the end.
    pub root: u32,
    /// When it happened.
    pub at: Moment,
    /// Who acted, as a number in this fold; 0 where nobody is named.
    pub by: u16,
    /// In which role.
    pub role: Option<Sym>,
    /// The instrument, its own or that of the paper it is about.
    pub instrument: Option<Sym>,
    /// The order or paragraph.
    pub under: Option<Sym>,
    /// The outcome.
    pub outcome: Option<Sym>,
    /// The kind.
    pub kind: Option<Sym>,
    /// Recipients.
    pub to: Vec<Sym>,
    /// Manners.
    pub how: Vec<Sym>,
    /// Contents.
    pub contents: Vec<Sym>,
    /// Criteria affirmed.
    pub states: Vec<Sym>,
    /// Entries this one is about, as items.
    pub of: Vec<ItemNo>,
    /// The same in order, where there are many.
    of_sorted: Vec<ItemNo>,
    /// Entries this one is founded on, as items.
    pub on: Vec<ItemNo>,
    /// When the signer examined the person, as the paper says.
    pub examined: Option<Moment>,
    /// The item that withdrew it.
    pub withdrawn: Option<ItemNo>,
}

impl Item<'_> {
    /// The fact's word.
    pub fn fact(&self) -> FactKind {
        self.entry.fact
    }

    /// Whether it is about another entry.
    pub(crate) fn is_about(&self, other: ItemNo) -> bool {
        if self.of_sorted.is_empty() { self.of.contains(&other) } else { self.of_sorted.binary_search(&other).is_ok() }
    }

    /// What was written about it.
    pub fn details(&self) -> &Details {
        &self.entry.details
    }
}

/// An entry whose time cannot be read in its zone, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadTime {
    /// The entry's number.
    pub n: u32,
    /// Why.
    pub why: String,
}

/// A person's entries made ready, with what is known of the person.
#[derive(Debug, Clone)]
pub struct Items<'e> {
    /// The items, in order.
    pub list: Vec<Item<'e>>,
    /// Date of birth.
    pub born: Option<Date>,
    /// Sex.
    pub sex: Option<Sym>,
    /// The person's file.
    pub file: &'e str,
    /// The zone in which days are counted.
    pub zone: Zone,
    /// The day of what is known: a holiday declared later is an ordinary day. None: everything ever declared counts.
    pub known_on: Option<Date>,
    /// The signed and court-ordered papers among the items.
    pub papers: Vec<ItemNo>,
    /// Where the person left: items after it belong to a later stay.
    pub departures: Vec<ItemNo>,
    /// The items of each fact.
    pub(crate) by_fact: ByFact,
}

/// Makes entries ready under a pack. `entries` are those of the file that are in force (corrections applied).
///
/// # Errors
/// Every entry whose local time does not exist, or exists twice, in its zone.
pub fn prepare<'e>(
    entries: &[&'e Entry],
    file: &'e FileEntries,
    pack: &Pack,
    context: &Context,
    zone: &Zone,
) -> Result<Items<'e>, Vec<BadTime>> {
    let roots = roots(file);
    let mut names: Vec<&'e str> = Vec::with_capacity(4);
    let mut bad = Vec::new();
    let mut list: Vec<Item<'e>> = Vec::with_capacity(entries.len());
    let mut items = Items {
        list: Vec::new(),
        born: None,
        sex: None,
        file: &file.id,
        zone: zone.clone(),
        known_on: None,
        papers: Vec::new(),
        departures: Vec::new(),
        by_fact: ByFact::default(),
    };
    for entry in entries.iter().take(ITEMS_MAX).copied() {
        // Where the places of a file lie in different zones, what happened at one is told in its own.
        let own = match entry.details.place.as_deref().and_then(|place| context.zone_of(place, entry.at.written_day())) {
            Some(name) if name != zone.name() => Zone::named(name).ok(),
            _ => None,
        };
        let told_in = own.as_ref().unwrap_or(zone);
        let at = match entry.at.moment(told_in) {
            Ok(at) => at,
            Err(error) => {
                bad.push(BadTime { n: entry.n, why: error.to_string() });
                continue;
            }
        };
        let details = &entry.details;
        if entry.fact == FactKind::Described {
            items.born = details.born.or(items.born);
            items.sex = details.sex.as_deref().and_then(|sex| pack.words.find(sex)).or(items.sex);
        }
        list.push(Item { root: root_of(&roots, entry.n), ..item(entry, at, pack, told_in, &mut names) });
    }
    if !bad.is_empty() {
        return Err(bad);
    }
    sort(&mut list, entries);
    link(&mut list, file, &roots);
    items.by_fact = ByFact::of(list.iter().map(Item::fact).collect());
    for (number, item) in list.iter().enumerate() {
        let number = ItemNo::try_from(number).unwrap_or(ItemNo::MAX);
        match item.fact() {
            FactKind::Signed | FactKind::CourtOrdered => items.papers.push(number),
            FactKind::Left => items.departures.push(number),
            _ => {}
        }
    }
    items.list = list;
    Ok(items)
}

fn item<'e>(entry: &'e Entry, at: Moment, pack: &Pack, zone: &Zone, names: &mut Vec<&'e str>) -> Item<'e> {
    let details = &entry.details;
    let word = |text: &Option<String>| text.as_deref().and_then(|text| pack.words.find(text));
    let words = |texts: &[String]| texts.iter().filter_map(|text| pack.words.find(text)).collect();
    let by = details.by.as_deref().map_or(0, |name| number_of(names, name));
    let role =
        word(&details.role).or_else(|| details.by.as_deref().filter(|by| FileKind::of(by).is_none()).and_then(|by| pack.words.find(by)));
    Item {
        entry,
        root: entry.n,
        at,
        by,
        role,
        instrument: word(&details.instrument),
        under: word(&details.under),
        outcome: word(&details.outcome),
        kind: word(&details.kind),
        to: words(&details.to),
        how: words(&details.how),
        contents: words(&details.contents),
        states: words(&details.states),
        of: Vec::new(),
        of_sorted: Vec::new(),
        on: Vec::new(),
        examined: details.examined.as_ref().and_then(|when| when.moment(zone).ok()),
        withdrawn: None,
    }
}

/// The number of a name in this fold, from 1. A role word is nobody in particular, but the same nobody.
fn number_of<'e>(names: &mut Vec<&'e str>, name: &'e str) -> u16 {
    let at = names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    });
    u16::try_from(at + 1).unwrap_or(u16::MAX)
}

/// When an entry is read. A fact of which only the date is known is read at the end of its day if it acts on what is running (a paper,
/// a decision, an end), else at its beginning: so that what it ends or needs has begun by then.
fn reading_time(item: &Item<'_>) -> Timestamp {
    if item.fact().acts_on_what_runs() { item.at.latest() } else { item.at.earliest() }
}

/// Sorts items into the order in which they are read: by time, then by the registry's order of facts, then by all that they say. The number
/// in the file comes last, so that it never matters in which order facts of one instant arrived.
fn sort(list: &mut [Item<'_>], entries: &[&Entry]) {
    let key = |item: &Item<'_>| (reading_time(item), item.at.earliest(), item.at.latest(), item.entry.fact);
    list.sort_by_key(key);
    let named: OnceCell<Named> = OnceCell::new();
    let mut from = 0;
    while from < list.len() {
        let Some(first) = list.get(from).map(key) else { return };
        let long = list.iter().skip(from).take_while(|item| key(item) == first).count().max(1);
        if long > 1
            && let Some(ties) = list.get_mut(from..from + long)
        {
            sort_ties(ties, || named.get_or_init(|| named_of(entries)));
        }
        from += long;
    }
}

/// What the entries of a file are, by their numbers: their places among all by time and fact, and by the words for these.
type Named = ByNumber<[u32; 2]>;

fn named_of(entries: &[&Entry]) -> Named {
    let all: Vec<(String, FactKind)> = entries.iter().map(|entry| (entry.at.to_string(), entry.fact)).collect();
    let words: Vec<String> = all.iter().map(|what| format!("{what:?}")).collect();
    let (by_fact, by_words) = (places(&all), places(&words));
    let places = by_fact.into_iter().zip(by_words).map(|(fact, words)| [fact, words]);
    ByNumber::of(entries.iter().map(|entry| entry.n).zip(places), entries.len())
}

/// The place of each of these among all, from 1; equal ones share a place.
fn places<T: Ord>(all: &[T]) -> Vec<u32> {
    let mut order: Vec<(&T, usize)> = all.iter().zip(0..).collect();
    order.sort_unstable();
    let mut places = vec![0; all.len()];
    let (mut place, mut before) = (0, None);
    for (what, at) in order {
        place += u32::from(before != Some(what));
        before = Some(what);
        if let Some(slot) = places.get_mut(at) {
            *slot = place;
        }
    }
    places
}

/// Sorts facts of one kind and time: by who did what to whom, which nearly always tells them apart, then by all that they say.
fn sort_ties<'n>(ties: &mut [Item<'_>], named: impl Fn() -> &'n Named) {
    ties.sort_by(|one, other| first_said(one.entry).cmp(&first_said(other.entry)));
    let mut from = 0;
    while from < ties.len() {
        let Some(first) = ties.get(from).map(|item| first_said(item.entry)) else { return };
        let long = ties.iter().skip(from).take_while(|item| first_said(item.entry) == first).count().max(1);
        if long > 1
            && let Some(alike) = ties.get_mut(from..from + long)
        {
            alike.sort_by_cached_key(|item| (said(item.entry, named()), item.entry.n));
        }
        from += long;
    }
}

/// The fields by which facts of one kind and time nearly always differ.
fn first_said(entry: &Entry) -> [Option<&str>; 8] {
    let details = &entry.details;
    let fields = [&details.by, &details.instrument, &details.kind, &details.under, &details.outcome, &details.place, &details.with];
    let [by, instrument, kind, under, outcome, place, with] = fields.map(Option::as_deref);
    [by, instrument, kind, under, outcome, place, with, details.to.first().map(String::as_str)]
}

/// All that an entry says, with entries it names by what they are, not by their numbers. Only asked where two facts of a kind share an instant.
fn said(entry: &Entry, entries: &Named) -> (String, [Vec<u32>; 2]) {
    let named = |numbers: &[u32]| {
        let mut all: Vec<[u32; 2]> = numbers.iter().map(|n| entries.get(*n).unwrap_or_default()).collect();
        all.sort_unstable();
        // Of two lists of which one begins the other, the longer comes first.
        all.into_iter().map(|[_, words]| words).chain([u32::MAX]).collect()
    };
    let details = Details { of: Vec::new(), on: Vec::new(), note: None, ..entry.details.clone() };
    (format!("{details:?}"), [named(&entry.details.of), named(&entry.details.on)])
}

/// For each correction, in order of number, the entry that it mends in the end.
fn roots(file: &FileEntries) -> Vec<(u32, u32)> {
    let mut roots = Vec::new();
    for entry in &file.entries {
        if let Some(correction) = &entry.corrects {
            let root = root_of(&roots, correction.n);
            roots.push((entry.n, root));
        }
    }
    roots
}

fn root_of(roots: &[(u32, u32)], n: u32) -> u32 {
    roots.binary_search_by_key(&n, |(number, _)| *number).ok().and_then(|at| roots.get(at)).map_or(n, |(_, root)| *root)
}

/// Turns entry numbers into items, lets a paper's later facts (`furnished`, `received` …) name its instrument, and marks what was withdrawn.
fn link(list: &mut [Item<'_>], file: &FileEntries, roots: &[(u32, u32)]) {
    if list.iter().all(|item| item.details().of.is_empty() && item.details().on.is_empty()) {
        return;
    }
    let items = list.iter().enumerate().map(|(at, item)| (item.root, ItemNo::try_from(at).unwrap_or(ItemNo::MAX)));
    let items = ByNumber::of(items, file.entries.len());
    // What was said about a replaced entry, or about one that replaced it for a time, is said about the one in its place.
    let find = |n: &u32| items.get(if roots.is_empty() { *n } else { root_of(roots, *n) });
    for item in list.iter_mut() {
        item.of = item.entry.details.of.iter().filter_map(find).collect();
        if item.of.len() > MANY {
            item.of_sorted.clone_from(&item.of);
            item.of_sorted.sort_unstable();
        }
        item.on = item.entry.details.on.iter().filter_map(find).collect();
    }
    for at in 0..list.len() {
        let Some(item) = list.get(at) else { continue };
        let first = item.of.first().copied();
        if item.instrument.is_none() {
            let instrument = first.and_then(|of| list.get(usize::from(of))).and_then(|paper| paper.instrument);
            if let Some(item) = list.get_mut(at) {
                item.instrument = instrument;
            }
        }
        if list.get(at).is_some_and(|item| item.entry.fact == FactKind::Withdrawn) {
            for of in list.get(at).map(|item| item.of.clone()).unwrap_or_default() {
                if let Some(withdrawn) = list.get_mut(usize::from(of)) {
                    withdrawn.withdrawn.get_or_insert(ItemNo::try_from(at).unwrap_or(ItemNo::MAX));
                }
            }
        }
    }
}
