//! The words of a pack as facts that its patterns would see: what a random story is told with.

use openward_law::entry::FactKind;
use openward_law::pack::{Action, Asks, Condition, Looks, Need, Pack, Pattern, Provision, Sym, Version};

/// What a story of a pack is told with.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary<'p> {
    /// Patterns that begin or end something, raise or open it.
    pub(crate) movers: Vec<&'p Pattern>,
    /// Patterns that discharge, stop or use something.
    pub(crate) answers: Vec<&'p Pattern>,
    /// Patterns that only forbid or look back.
    pub(crate) others: Vec<&'p Pattern>,
    /// Words for roles.
    pub(crate) roles: Vec<&'p str>,
    /// Words for kinds, outcomes, manners.
    pub(crate) words: Vec<&'p str>,
    /// Criteria.
    pub(crate) criteria: Vec<&'p str>,
    /// Names of orders.
    pub(crate) orders: Vec<&'p str>,
    /// Names of instruments.
    pub(crate) instruments: Vec<&'p str>,
    /// Authorisations and designations that some need asks for.
    pub(crate) holds: Vec<&'p str>,
    /// Designations.
    pub(crate) designations: Vec<&'p str>,
    /// Relations.
    pub(crate) relations: Vec<&'p str>,
    /// Emergencies that some condition asks for, with whose words they are.
    pub(crate) emergencies: Vec<Sym>,
}

/// Every text of a provision: its versions and their variations.
pub(crate) fn bodies<B>(provision: &Provision<B>) -> impl Iterator<Item = &B> {
    let of = |version: &Version<B>| std::iter::once(0).chain(1..=version.variations.len()).collect::<Vec<_>>();
    provision
        .versions
        .iter()
        .flat_map(move |version| of(version).into_iter().map(move |at| if at == 0 { &version.body } else { &version.variations[at - 1].1 }))
}

impl<'p> Vocabulary<'p> {
    /// The words of a pack.
    pub(crate) fn of(pack: &'p Pack) -> Vocabulary<'p> {
        let mut words = Vocabulary {
            roles: pack.roles.iter().map(|label| label.word.as_str()).collect(),
            words: pack.labels.iter().map(|label| label.word.as_str()).collect(),
            criteria: pack.criteria.iter().map(|label| label.word.as_str()).collect(),
            orders: pack.orders.iter().map(|order| order.id.as_str()).collect(),
            instruments: pack.instruments.iter().map(|instrument| instrument.id.as_str()).collect(),
            ..Vocabulary::default()
        };
        for order in pack.orders.iter().flat_map(bodies) {
            words.move_by(&order.starts);
            words.move_by(&order.ends_on);
            order.only_if.iter().for_each(|condition| words.look_back(condition));
            order.needs.iter().for_each(|need| words.need(pack, need));
        }
        for instrument in pack.instruments.iter().flat_map(bodies) {
            instrument.needs.iter().for_each(|need| words.need(pack, need));
        }
        for duty in pack.duties.iter().flat_map(bodies) {
            words.move_by(&duty.each);
            for list in [&duty.done, &duty.ends, &duty.not_if_any] {
                words.answers.extend(list);
            }
            words.answers.extend(duty.reopens.iter().map(|(pattern, _)| pattern));
            [&duty.only_if, &duty.while_, &duty.waits].into_iter().flatten().for_each(|condition| words.look_back(condition));
        }
        for entitlement in pack.entitlements.iter().flat_map(bodies) {
            words.move_by(&entitlement.each);
            words.answers.extend(&entitlement.used_by);
        }
        for limit in pack.limits.iter().flat_map(bodies) {
            for list in [&limit.forbids, &limit.after, &limit.unless] {
                words.others.extend(list);
            }
            limit.if_.iter().for_each(|condition| words.look_back(condition));
        }
        for clock in pack.clocks.iter().flat_map(bodies) {
            words.move_by(&clock.set);
        }
        for effect in pack.effects.iter().flat_map(bodies) {
            words.move_by(&effect.on);
            effect.only_if.iter().for_each(|condition| words.look_back(condition));
            effect.needs.iter().for_each(|need| words.need(pack, need));
            for action in &effect.actions {
                if let Action::HoldOpen { until_event, .. } = action {
                    words.answers.extend(until_event);
                }
            }
        }
        let is_fact = |pattern: &&Pattern| matches!(pattern.looks, Looks::Entries(_));
        words.movers.retain(is_fact);
        words.answers.retain(is_fact);
        words.others.retain(is_fact);
        for list in [&mut words.holds, &mut words.designations, &mut words.relations] {
            list.sort_unstable();
            list.dedup();
        }
        words
    }

    fn move_by(&mut self, patterns: &'p [Pattern]) {
        for pattern in patterns {
            self.movers.push(pattern);
            [&pattern.if_, &pattern.unless].into_iter().flatten().for_each(|condition| self.look_back(condition));
        }
    }

    fn look_back(&mut self, condition: &'p Condition) {
        self.others.extend(condition.happened.iter().chain(&condition.not_happened));
        self.emergencies.extend(&condition.emergency);
    }

    fn need(&mut self, pack: &'p Pack, need: &'p Need) {
        need.if_.iter().for_each(|condition| self.look_back(condition));
        let texts = |syms: &'p [Sym]| syms.iter().map(move |sym| pack.words.text(*sym));
        for asks in &need.asks {
            match asks {
                Asks::Fact { pattern, .. } => self.others.push(pattern),
                Asks::Holds { kinds, .. } => self.holds.extend(texts(kinds)),
                Asks::Designated(kinds) => self.designations.extend(texts(kinds)),
                Asks::Apart { kinds, .. } | Asks::Unrelated { kinds, .. } => self.relations.extend(texts(kinds)),
                Asks::StatesAll(_)
                | Asks::StatesAny(_)
                | Asks::Different { .. }
                | Asks::Reaches(_)
                | Asks::ExaminedWithin(_)
                | Asks::FoundedSignedBy(_) => {}
            }
        }
    }

    /// Whether any pattern of the pack looks at a fact.
    pub(crate) fn looks_at(&self, fact: FactKind) -> bool {
        self.movers.iter().chain(&self.answers).chain(&self.others).any(|pattern| pattern.looks_at(fact))
    }
}
