//! The questions a need may ask of the register, each with its answer: met, unmet, missing, or a time not known well enough.

use std::rc::Rc;

use super::context::Held;
use super::fold::Fold;
use super::forecast::Failing;
use super::item::{Item, ItemNo};
use super::matching::{fits_item, reaches};
use super::needs::Chain;
use super::when::Scope;
use crate::entry::FactKind;
use crate::pack::{Asks, BySigner, Pattern, Sym, Wanted, Who};
use crate::time::Moment;

/// What answering a question gave.
pub(crate) enum Answer<'p> {
    Met,
    Fails { failing: Failing, missing: &'p str, items: Vec<ItemNo> },
}

impl Answer<'_> {
    pub(crate) fn missing(missing: &str) -> Answer<'_> {
        Answer::Fails { failing: Failing::Missing, missing, items: Vec::new() }
    }
    pub(crate) fn unmet(item: ItemNo) -> Answer<'static> {
        Answer::Fails { failing: Failing::Unmet, missing: "", items: vec![item] }
    }
    pub(crate) fn time_unknown(item: ItemNo) -> Answer<'static> {
        Answer::Fails { failing: Failing::TimeUnknown, missing: "time", items: vec![item] }
    }
}

impl<'p, 'e> Fold<'p, 'e> {
    pub(crate) fn ask(&self, asks: &'p Asks, paper: ItemNo, scope: &Scope<'_, 'p>, chain: &mut Chain<'p>) -> Answer<'p> {
        let Some(item) = self.item(paper) else { return Answer::missing("paper") };
        match asks {
            Asks::Fact { pattern, wanted, by_signer, count } => {
                self.ask_fact(pattern, *wanted, *by_signer, *count, paper, item, scope, chain)
            }
            Asks::StatesAll(criteria) => match item.states.as_slice() {
                [] => Answer::missing("criteria"),
                states if criteria.iter().all(|criterion| states.contains(criterion)) => Answer::Met,
                _ => Answer::unmet(paper),
            },
            Asks::StatesAny(criteria) => match item.states.as_slice() {
                [] => Answer::missing("criteria"),
                states if criteria.iter().any(|criterion| states.contains(criterion)) => Answer::Met,
                _ => Answer::unmet(paper),
            },
            Asks::Holds { who, each, kinds } => self.ask_holds(*who, *each, kinds, paper, scope),
            Asks::Apart { who, kinds } => {
                let people = self.people(*who, paper, scope);
                let pairs = people.iter().enumerate().flat_map(|(at, one)| people.iter().skip(at + 1).map(move |other| (one, other)));
                for (one, other) in pairs {
                    if self.related(one.1, other.1, kinds, &item.at) {
                        return Answer::Fails { failing: Failing::Unmet, missing: "", items: vec![one.0, other.0] };
                    }
                }
                Answer::Met
            }
            Asks::Unrelated { who, kinds } => {
                let place = item.details().place.as_deref().or(self.place);
                for (named_by, person) in self.people(*who, paper, scope) {
                    let mut others = [Some(self.items.file), place].into_iter().flatten();
                    if others.any(|other| self.related(person, other, kinds, &item.at)) {
                        return Answer::unmet(named_by);
                    }
                }
                Answer::Met
            }
            Asks::Different { who } => {
                let people = self.people(*who, paper, scope);
                let papers = match who {
                    Who::Signer => 1,
                    Who::Founded => scope.founded.len(),
                    Who::All => scope.founded.len() + 1,
                };
                if people.len() < papers {
                    return Answer::missing("signer");
                }
                for (at, one) in people.iter().enumerate() {
                    if let Some(other) = people.iter().skip(at + 1).find(|other| other.1 == one.1) {
                        return Answer::Fails { failing: Failing::Unmet, missing: "", items: vec![one.0, other.0] };
                    }
                }
                Answer::Met
            }
            Asks::Reaches(wanted) => match scope.item.and_then(|act| self.item(act).map(|item| (act, item))) {
                Some((act, item)) if !reaches(wanted, item) => Answer::unmet(act),
                _ => Answer::Met,
            },
            Asks::ExaminedWithin(rule) => match self.examinations(scope) {
                None => Answer::missing("examined"),
                Some((first, last)) => match rule.reckon(&first, &self.items.zone, None) {
                    Ok(limit) => match last.before(&limit.end) {
                        Some(true) => Answer::Met,
                        Some(false) => Answer::Fails { failing: Failing::Unmet, missing: "", items: scope.founded.to_vec() },
                        None => Answer::time_unknown(paper),
                    },
                    Err(_) => Answer::missing("examined"),
                },
            },
            Asks::FoundedSignedBy(anchor) => {
                let Some(limit) = self.moment(*anchor, scope) else { return Answer::missing("signed") };
                let end = match anchor.grain {
                    crate::pack::anchor::Grain::Instant => limit,
                    _ => match self.items.zone.day_end(self.day(&limit)) {
                        Ok(end) => Moment::at(end - jiff::SignedDuration::from_nanos(1)),
                        Err(_) => limit,
                    },
                };
                for founded in scope.founded {
                    match self.item(*founded).and_then(|founded| founded.at.at_or_before(&end)) {
                        Some(true) => {}
                        Some(false) => return Answer::unmet(*founded),
                        None => return Answer::time_unknown(*founded),
                    }
                }
                Answer::Met
            }
            Asks::Designated(kinds) => {
                let place = item
                    .details()
                    .place
                    .as_deref()
                    .or_else(|| scope.item.and_then(|item| self.item(item)).and_then(|item| item.details().place.as_deref()));
                let Some(place) = place.or(self.place) else { return Answer::missing("place") };
                let day = self.day(&scope.on);
                let mut found = Held::NotRecorded;
                for kind in kinds {
                    match self.context.designated(place, self.pack.words.text(*kind), day) {
                        Held::Yes(_) => return Answer::Met,
                        Held::NotThen(n) => found = Held::NotThen(n),
                        Held::NotRecorded => {}
                    }
                }
                if found == Held::NotRecorded { Answer::missing("designation") } else { Answer::unmet(paper) }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one question with all that it may ask; splitting it would only hide that")]
    fn ask_fact(
        &self,
        pattern: &'p Pattern,
        wanted: Wanted,
        by_signer: Option<BySigner>,
        count: u32,
        paper: ItemNo,
        item: &Item<'_>,
        scope: &Scope<'_, 'p>,
        chain: &mut Chain<'p>,
    ) -> Answer<'p> {
        if by_signer == Some(BySigner::FoundedSigner) {
            for founded in scope.founded {
                let Some(signed) = self.item(*founded) else { continue };
                if let answer @ Answer::Fails { .. } =
                    self.ask_fact(pattern, wanted, Some(BySigner::Signer), count, *founded, signed, scope, chain)
                {
                    return answer;
                }
            }
            return Answer::Met;
        }
        if by_signer.is_some() && item.by == 0 {
            return Answer::missing("signer");
        }
        // An order that never began has no span: nothing that must not be lies in it.
        if wanted != Wanted::There && pattern.window.as_ref().is_some_and(|window| self.never_opens(window)) {
            return Answer::Met;
        }
        let whose = |other: &Item<'_>| match by_signer {
            None => true,
            Some(BySigner::Signer) | Some(BySigner::FoundedSigner) => other.by == item.by,
            Some(BySigner::NotSigner) => other.by != 0 && other.by != item.by,
        };
        // What the paper itself says of the examination counts as the fact.
        let said = (pattern.looks_at(FactKind::Examined) && matches!(by_signer, Some(BySigner::Signer))).then_some(item.examined).flatten();
        let lies = |at: &Moment| match &pattern.window {
            Some(window) => self.within(window, at, scope),
            None => at.at_or_before(&scope.on),
        };
        let mut people: Vec<u16> = Vec::new();
        let (mut unsure, mut outside) = (None, None);
        let from = if pattern.window.is_some() { 0 } else { self.first_of_stay(scope.item) };
        let known = self.is_long().then(|| self.fitting_items(pattern));
        let known = known.as_deref().unwrap_or(&[]);
        let known = known.get(known.partition_point(|number| usize::from(*number) < from)..).unwrap_or(&[]).iter().copied();
        let walked = self.items.by_fact.among(if self.is_long() { 0 } else { pattern.facts() }, from..self.items.list.len());
        let walked = walked.filter(|number| self.item(*number).is_some_and(|other| fits_item(pattern, other)));
        let recorded = known.chain(walked).filter_map(|number| self.item(number).map(|other| (number, other)));
        let recorded = recorded.filter(|(_, other)| whose(other));
        // The latest that fits is the one relied on.
        let recorded = recorded.rev().map(|(number, other)| (number, other.at, other.by));
        let recorded = recorded.filter(|(number, ..)| wanted != Wanted::NoOther || (*number != paper && Some(*number) != scope.item));
        for (number, at, by) in said.map(|at| (paper, at, item.by)).into_iter().chain(recorded) {
            match lies(&at) {
                Some(true) => {
                    if wanted != Wanted::There {
                        return Answer::unmet(number);
                    }
                    if !people.contains(&by) {
                        people.push(by);
                        chain.relied.push(number);
                    }
                }
                Some(false) => outside = outside.or(Some(number)),
                None => unsure = unsure.or(Some(number)),
            }
            if people.len() >= count as usize {
                return Answer::Met;
            }
        }
        match (wanted == Wanted::There, unsure, outside) {
            (_, Some(_), _) if pattern.window.as_ref().is_some_and(|window| self.lacks_admission(window)) => Answer::missing("admitted"),
            (_, Some(number), _) => Answer::time_unknown(number),
            (false, None, _) => Answer::Met,
            (true, None, Some(number)) if pattern.window.is_some() => Answer::unmet(number),
            (true, None, _) => {
                let fact = FactKind::ALL.iter().find(|fact| pattern.looks_at(**fact)).map_or("fact", |fact| fact.word());
                Answer::missing(fact)
            }
        }
    }

    /// Whether what was looked for is kept: in a short file looking again is quicker.
    pub(crate) fn is_long(&self) -> bool {
        self.items.list.len() > 128
    }

    /// The items that fit a pattern, apart from instance, count and conditions, in order.
    fn fitting_items(&self, pattern: &'p Pattern) -> Rc<[ItemNo]> {
        self.found.of(pattern, || {
            let seen = self.items.by_fact.among(pattern.facts(), 0..self.items.list.len());
            seen.filter(|number| self.item(*number).is_some_and(|item| fits_item(pattern, item))).collect()
        })
    }

    fn ask_holds(&self, who: Who, each: bool, kinds: &[Sym], paper: ItemNo, scope: &Scope<'_, 'p>) -> Answer<'p> {
        let people = self.people(who, paper, scope);
        if people.is_empty() {
            return Answer::missing("signer");
        }
        let mut failed = None;
        for (number, person) in people {
            let day = self.item(number).map_or_else(|| self.day(&scope.on), |item| self.day(&item.at));
            let mut best = Held::NotRecorded;
            for kind in kinds {
                match self.context.authorised(person, self.pack.words.text(*kind), day) {
                    held @ Held::Yes(_) => best = held,
                    Held::NotThen(n) if best == Held::NotRecorded => best = Held::NotThen(n),
                    _ => {}
                }
            }
            match best {
                Held::Yes(_) if !each => return Answer::Met,
                Held::Yes(_) => {}
                Held::NotThen(_) if failed.is_none() || each => failed = Some(Answer::unmet(number)),
                Held::NotThen(_) => {}
                // Of several of whom any will do, one without a record leaves the question open.
                Held::NotRecorded if !each || failed.is_none() => failed = Some(Answer::missing("authorisation")),
                Held::NotRecorded => {}
            }
        }
        failed.unwrap_or(Answer::Met)
    }

    /// The people a need asks about, each with the paper that names them.
    fn people(&self, who: Who, paper: ItemNo, scope: &Scope<'_, 'p>) -> Vec<(ItemNo, &'e str)> {
        let named = |number: ItemNo| self.item(number).and_then(|item| item.details().by.as_deref()).map(|by| (number, by));
        let signer = named(paper).into_iter();
        let founded = scope.founded.iter().copied().filter_map(named);
        match who {
            Who::Signer => signer.collect(),
            Who::Founded => founded.collect(),
            Who::All => signer.chain(founded).collect(),
        }
    }

    fn related(&self, one: &str, other: &str, kinds: &[Sym], at: &Moment) -> bool {
        let day = self.day(at);
        kinds.iter().any(|kind| self.context.related(one, other, self.pack.words.text(*kind), day))
    }
}
