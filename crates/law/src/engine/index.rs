//! Which provisions can care about a fact or an event, worked out once for a pack so that a fold asks only those.

use crate::entry::FactKind;
use jiff::civil::Date;

use crate::pack::{Action, AppliesTo, Event, Kind, Looks, Pack, Pattern, Provision, Sym, Version};

/// The provisions, by number, whose patterns look at one fact or one event.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    pub(crate) order_starts: Vec<u16>,
    pub(crate) order_ends: Vec<u16>,
    pub(crate) effects: Vec<u16>,
    pub(crate) clocks: Vec<u16>,
    pub(crate) duties_raised: Vec<u16>,
    pub(crate) duties_touched: Vec<u16>,
    pub(crate) entitlements_opened: Vec<u16>,
    pub(crate) entitlements_used: Vec<u16>,
    pub(crate) limits: Vec<u16>,
}

/// A pack's provisions by what wakes them.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    facts: Vec<Lists>,
    events: Vec<Lists>,
    /// Orders with a renewing act.
    pub(crate) renewable: Vec<u16>,
    /// The word for each instrument, where the pack has one.
    pub(crate) instruments: Vec<Option<Sym>>,
    /// Outcomes of decisions that end some order.
    pub(crate) releasing: Vec<Sym>,
    /// The first day on which the pack has any order; none where an order was declared to have been the law always.
    pub(crate) first_day: Option<Date>,
    /// Whether the lateness of any duty does something to an order.
    pub(crate) lateness_matters: bool,
    /// Versions that reach what is already running: the order or duty, and the first day.
    pub(crate) reaches: Vec<Reaches>,
}

/// A version that reaches what is already running.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reaches {
    pub(crate) from: Date,
    pub(crate) kind: Kind,
    pub(crate) number: u16,
}

const EVENTS: usize = 8;

fn event_number(event: Event) -> usize {
    match event {
        Event::Started => 0,
        Event::Renewed => 1,
        Event::Ended => 2,
        Event::Expired => 3,
        Event::Met => 4,
        Event::Used => 5,
        Event::Lapsed => 6,
        Event::ReturnedLate => 7,
    }
}

/// Every text of a provision: its versions and their variations.
fn bodies<B>(version: &Version<B>) -> impl Iterator<Item = &B> {
    std::iter::once(&version.body).chain(version.variations.iter().map(|(_, body)| body))
}

/// The outcomes with which a decision ends some order, under any text.
fn releasing(pack: &Pack) -> Vec<Sym> {
    let ends = pack.orders.iter().flat_map(|order| &order.versions).flat_map(bodies).flat_map(|order| &order.ends_on);
    let effects = pack.effects.iter().flat_map(|effect| &effect.versions).flat_map(bodies);
    let effects = effects.filter(|effect| effect.actions.iter().any(|action| matches!(action, Action::End(_))));
    let decides = |pattern: &&Pattern| pattern.looks_at(FactKind::Decided) || pattern.looks_at(FactKind::AppealDecided);
    let mut all: Vec<Sym> =
        ends.chain(effects.flat_map(|effect| &effect.on)).filter(decides).flat_map(|pattern| pattern.outcome.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn first_day(pack: &Pack) -> Option<Date> {
    let heads = || pack.orders.iter().flat_map(|order| &order.versions).map(|version| &version.head).filter(|head| head.from.is_some());
    if heads().any(|head| head.applies_to == AppliesTo::DeclaredAlways) {
        return None;
    }
    heads().filter_map(|head| head.from).min()
}

/// How many orders an order lives inside, one within the other: of those that one entry starts, the outer one starts first.
fn depth(pack: &Pack, order: u16) -> usize {
    let outer = |order: u16| pack.orders.get(usize::from(order))?.versions.iter().flat_map(bodies).find_map(|body| body.inside);
    // A ring of orders inside each other is no nesting; it is left where the pack has as many steps as orders.
    std::iter::successors(outer(order), |order| outer(*order)).take(pack.orders.len()).count()
}

impl Index {
    pub(crate) fn of(pack: &Pack) -> Index {
        let mut index = Index {
            facts: vec![Lists::default(); FactKind::ALL.len()],
            events: vec![Lists::default(); EVENTS],
            renewable: Vec::new(),
            instruments: pack.instruments.iter().map(|instrument| pack.words.find(&instrument.id)).collect(),
            releasing: releasing(pack),
            first_day: first_day(pack),
            lateness_matters: pack.duties.iter().flat_map(|duty| &duty.versions).flat_map(bodies).any(|duty| duty.late_leaves.is_some()),
            reaches: Vec::new(),
        };
        index.add(&pack.orders, |order| &order.starts, |lists| &mut lists.order_starts);
        index.add(&pack.orders, |order| &order.ends_on, |lists| &mut lists.order_ends);
        index.add(&pack.effects, |effect| &effect.on, |lists| &mut lists.effects);
        index.add(&pack.clocks, |clock| &clock.set, |lists| &mut lists.clocks);
        index.add(&pack.duties, |duty| &duty.each, |lists| &mut lists.duties_raised);
        index.add(&pack.duties, |duty| &duty.done, |lists| &mut lists.duties_touched);
        index.add(&pack.duties, |duty| &duty.ends, |lists| &mut lists.duties_touched);
        index.add(&pack.duties, |duty| &duty.not_if_any, |lists| &mut lists.duties_touched);
        index.add(
            &pack.duties,
            |duty| duty.reopens.as_ref().map_or(&[], |(on, _)| std::slice::from_ref(on)),
            |lists| &mut lists.duties_touched,
        );
        index.add(&pack.entitlements, |entitlement| &entitlement.each, |lists| &mut lists.entitlements_opened);
        index.add(&pack.entitlements, |entitlement| &entitlement.used_by, |lists| &mut lists.entitlements_used);
        index.add(&pack.limits, |limit| &limit.forbids, |lists| &mut lists.limits);
        for (number, order) in pack.orders.iter().enumerate() {
            if order.versions.iter().flat_map(bodies).any(|body| body.renewed_by.is_some()) {
                index.renewable.push(u16::try_from(number).unwrap_or(u16::MAX));
            }
        }
        for lists in index.facts.iter_mut().chain(&mut index.events) {
            lists.order_starts.sort_by_key(|order| (depth(pack, *order), *order));
        }
        index.reach(&pack.orders);
        index.reach(&pack.duties);
        index.reaches.sort_by_key(|reaches| reaches.from);
        index
    }

    fn reach<B>(&mut self, provisions: &[Provision<B>]) {
        for (number, provision) in provisions.iter().enumerate() {
            for head in provision.versions.iter().map(|version| &version.head) {
                if let (AppliesTo::Running, Some(from)) = (head.applies_to, head.from) {
                    self.reaches.push(Reaches { from, kind: head.kind, number: u16::try_from(number).unwrap_or(u16::MAX) });
                }
            }
        }
    }

    fn add<B>(&mut self, provisions: &[Provision<B>], patterns: impl Fn(&B) -> &[Pattern], list: impl Fn(&mut Lists) -> &mut Vec<u16>) {
        for (number, provision) in provisions.iter().enumerate() {
            let number = u16::try_from(number).unwrap_or(u16::MAX);
            for pattern in provision.versions.iter().flat_map(bodies).flat_map(&patterns) {
                let put = |lists: &mut Lists| {
                    let list = list(lists);
                    if list.last() != Some(&number) {
                        list.push(number);
                    }
                };
                match &pattern.looks {
                    Looks::Entries(_) => {
                        for (lists, fact) in self.facts.iter_mut().zip(FactKind::ALL) {
                            if pattern.looks_at(*fact) {
                                put(lists);
                            }
                        }
                    }
                    Looks::Events(event, _) => {
                        if let Some(lists) = self.events.get_mut(event_number(*event)) {
                            put(lists);
                        }
                    }
                }
            }
        }
    }

    pub(crate) fn fact(&self, fact: FactKind) -> &Lists {
        self.facts.get(fact as usize).unwrap_or(&NONE)
    }

    pub(crate) fn event(&self, event: Event) -> &Lists {
        self.events.get(event_number(event)).unwrap_or(&NONE)
    }
}

static NONE: Lists = Lists {
    order_starts: Vec::new(),
    order_ends: Vec::new(),
    effects: Vec::new(),
    clocks: Vec::new(),
    duties_raised: Vec::new(),
    duties_touched: Vec::new(),
    entitlements_opened: Vec::new(),
    entitlements_used: Vec::new(),
    limits: Vec::new(),
};
