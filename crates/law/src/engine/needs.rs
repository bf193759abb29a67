//! The chain behind an act: which papers it rests on, what each of them needs, and what is missing or not as it must be.
//!
//! What is not on the register is missing; what is there and does not fit is unmet. The two never turn into each other here.

use super::context::Held;
use super::fold::Fold;
use super::forecast::{Failing, Flaw};
use super::item::{Item, ItemNo};
use super::matching::fits_item;
use super::when::Scope;
use crate::entry::FactKind;
use crate::pack::{Asks, BySigner, Defect, Founded, Head, Instrument, Need, Pattern, Provision, Rectify, Sym, Who};
use crate::time::Moment;

/// What a chain comes to.
#[derive(Debug, Default)]
pub(crate) struct Chain<'p> {
    pub(crate) flaws: Vec<Flaw<'p>>,
    pub(crate) relied: Vec<ItemNo>,
    /// The first paper it rests on.
    pub(crate) paper: Option<ItemNo>,
}

/// What answering a question gave.
enum Answer<'p> {
    Met,
    Fails { failing: Failing, missing: &'p str, items: Vec<ItemNo> },
}

impl Answer<'_> {
    fn missing(missing: &str) -> Answer<'_> {
        Answer::Fails { failing: Failing::Missing, missing, items: Vec::new() }
    }
    fn unmet(item: ItemNo) -> Answer<'static> {
        Answer::Fails { failing: Failing::Unmet, missing: "", items: vec![item] }
    }
    fn time_unknown(item: ItemNo) -> Answer<'static> {
        Answer::Fails { failing: Failing::TimeUnknown, missing: "time", items: vec![item] }
    }
}

/// Papers founding papers founding papers: the law's deepest chain (order, application, recommendation) has three.
const DEPTH_MAX: usize = 4;

impl<'p, 'e> Fold<'p, 'e> {
    /// Follows what an act rests on, paper by paper.
    pub(crate) fn chain(
        &self,
        founded: &'p [Founded],
        head: &'p Head,
        scope: &Scope<'_, 'p>,
        from: Option<ItemNo>,
        depth: usize,
        chain: &mut Chain<'p>,
    ) -> Vec<ItemNo> {
        let mut all = Vec::new();
        if depth >= DEPTH_MAX {
            return all;
        }
        for link in founded {
            if link.unless.as_ref().is_some_and(|condition| self.holds(condition)) {
                continue;
            }
            let section = link.section.as_deref().unwrap_or(&head.section);
            let papers = self.papers(link, scope, from);
            let wanted = link.count as usize;
            if papers.len() < wanted {
                let name = link
                    .instruments
                    .first()
                    .and_then(|number| self.pack.instruments.get(usize::from(*number)))
                    .map_or("", |instrument| instrument.id.as_str());
                chain.flaws.push(Flaw {
                    head,
                    what: name,
                    missing: name,
                    section,
                    failing: Failing::Missing,
                    defect: link.defect,
                    items: papers.clone(),
                    decides: None,
                    cure_until: None,
                    mended: None,
                    as_if_always: false,
                });
            }
            for paper in &papers {
                self.paper(*paper, link, head, section, scope, from, depth, chain);
            }
            all.extend(papers);
        }
        all
    }

    /// The papers a link speaks of: those the act names, else the latest signed before it, by different people.
    fn papers(&self, link: &Founded, scope: &Scope<'_, 'p>, from: Option<ItemNo>) -> Vec<ItemNo> {
        let is_one = |item: &Item<'_>| {
            matches!(item.fact(), FactKind::Signed | FactKind::CourtOrdered)
                && item.instrument.is_some_and(|word| link.instruments.iter().any(|number| self.names(*number, word)))
        };
        let mut papers: Vec<ItemNo> = Vec::new();
        let named = from.and_then(|from| self.item(from)).into_iter().flat_map(|item| item.on.iter().copied());
        papers.extend(named.filter(|paper| self.item(*paper).is_some_and(is_one)));
        // What an act names and the register does not have is missing; other papers do not stand in for it.
        let names_unknown = from.and_then(|from| self.item(from)).is_some_and(|item| item.details().on.len() > item.on.len());
        if !papers.is_empty() || names_unknown {
            return papers;
        }
        // A paper may be signed on the day of the act it founds and recorded by date alone, so only what is certainly later is left out.
        let from = self.stay.min(self.first_of_stay(from));
        for number in self.items.papers.iter().rev().copied().take_while(|number| usize::from(*number) >= from) {
            let Some(item) = self.item(number) else { continue };
            if !is_one(item) || scope.on.before(&item.at) == Some(true) {
                continue;
            }
            let same_signer = papers.iter().filter_map(|paper| self.item(*paper)).any(|paper| paper.by != 0 && paper.by == item.by);
            if !same_signer {
                papers.push(number);
            }
            if papers.len() >= link.count as usize {
                break;
            }
        }
        papers.reverse();
        papers
    }

    /// Papers from before the person last left belong to an earlier stay.
    fn first_of_stay(&self, from: Option<ItemNo>) -> usize {
        let upto = from.map_or(self.read, usize::from);
        let left = self.items.departures.iter().rev().find(|left| usize::from(**left) < upto);
        left.map_or(0, |left| usize::from(*left) + 1)
    }

    /// Whether a word is the name of an instrument.
    pub(crate) fn names(&self, instrument: u16, word: Sym) -> bool {
        self.pack.instruments.get(usize::from(instrument)).is_some_and(|provision| provision.id == self.pack.words.text(word))
    }

    #[expect(clippy::too_many_arguments, reason = "one step of the chain with all it stands in")]
    fn paper(
        &self,
        paper: ItemNo,
        link: &'p Founded,
        asking: &'p Head,
        section: &'p str,
        scope: &Scope<'_, 'p>,
        founding: Option<ItemNo>,
        depth: usize,
        chain: &mut Chain<'p>,
    ) {
        chain.relied.push(paper);
        chain.paper = chain.paper.or(Some(paper));
        let Some(item) = self.item(paper) else { return };
        let provision = link
            .instruments
            .iter()
            .filter_map(|number| self.pack.instruments.get(usize::from(*number)))
            .find(|provision| item.instrument.is_some_and(|word| provision.id == self.pack.words.text(word)));
        let Some(provision) = provision else { return };
        let Some((version, body)) = self.text(provision, &item.at) else {
            chain.flaws.push(Flaw {
                head: asking,
                what: &provision.id,
                missing: "law",
                section,
                failing: Failing::Missing,
                defect: link.defect,
                items: vec![paper],
                decides: None,
                cure_until: None,
                mended: None,
                as_if_always: false,
            });
            return;
        };
        let own = Scope { on: item.at, item: Some(paper), paper: Some(paper), founded: &[], founding, ..*scope };
        let before = chain.flaws.len();
        let founded = self.chain(&body.founded_on, &version.head, &own, Some(paper), depth + 1, chain);
        let own = Scope { founded: &founded, ..own };
        let head = &version.head;
        if !body.signed_by.is_empty() {
            let answer = match item.role {
                None => Answer::missing("signer"),
                Some(role) if body.signed_by.contains(&role) => Answer::Met,
                Some(_) => Answer::unmet(paper),
            };
            self.note(head, "signed-by", &head.section, link.defect, answer, chain);
        }
        for need in &body.needs {
            self.need(need, head, paper, &own, chain);
        }
        if link.good
            && let Some(period) = &body.good_for
        {
            let answer = match self.end(period, &own) {
                None => Answer::missing("examined"),
                Some(end) if scope.on.latest() < end.sure => Answer::Met,
                Some(end) if scope.on.earliest() >= end.latest => Answer::unmet(paper),
                Some(_) => Answer::time_unknown(paper),
            };
            self.note(asking, "good-for", section, link.defect, answer, chain);
        }
        if let Some(rectify) = &body.rectify {
            self.rectify(rectify, paper, &own, before, chain);
        }
    }

    /// Asks every question of a need and notes what fails.
    pub(crate) fn need(&self, need: &'p Need, head: &'p Head, paper: ItemNo, scope: &Scope<'_, 'p>, chain: &mut Chain<'p>) {
        if need.if_.as_ref().is_some_and(|condition| !self.holds(condition)) {
            return;
        }
        let section = need.section.as_deref().unwrap_or(&head.section);
        for asks in &need.asks {
            let answer = self.ask(asks, paper, scope, chain);
            let excused = need.if_practicable && self.item(paper).is_some_and(|item| item.details().reason.is_some());
            if !excused {
                self.note(head, &need.id, section, need.defect, answer, chain);
            }
        }
    }

    fn note(&self, head: &'p Head, what: &'p str, section: &'p str, defect: Defect, answer: Answer<'p>, chain: &mut Chain<'p>) {
        let Answer::Fails { failing, missing, items } = answer else { return };
        let missing = if missing.is_empty() { what } else { missing };
        chain.flaws.push(Flaw {
            head,
            what,
            missing,
            section,
            failing,
            defect,
            items,
            decides: None,
            cure_until: None,
            mended: None,
            as_if_always: false,
        });
    }

    fn ask(&self, asks: &'p Asks, paper: ItemNo, scope: &Scope<'_, 'p>, chain: &mut Chain<'p>) -> Answer<'p> {
        let Some(item) = self.item(paper) else { return Answer::missing("paper") };
        match asks {
            Asks::Fact { pattern, none, by_signer, count } => self.ask_fact(pattern, *none, *by_signer, *count, paper, item, scope, chain),
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
                // The applicant signed the paper that this one founds, or the one at the root of what founds this one.
                let signer = |paper: ItemNo| self.item(paper).and_then(|item| item.details().by.as_deref());
                let root = scope.founded.first().map(|founded| self.root(*founded, 0));
                let papers = [scope.founding, root, Some(paper)];
                for (_, person) in self.people(*who, paper, scope) {
                    let applicants = papers.iter().flatten().filter_map(|paper| signer(*paper)).filter(|applicant| *applicant != person);
                    let mut others = [Some(self.items.file), place].into_iter().flatten().chain(applicants);
                    if others.any(|other| self.related(person, other, kinds, &item.at)) {
                        return Answer::unmet(paper);
                    }
                }
                Answer::Met
            }
            Asks::Different { who } => {
                let people = self.people(*who, paper, scope);
                for (at, one) in people.iter().enumerate() {
                    if let Some(other) = people.iter().skip(at + 1).find(|other| other.1 == one.1) {
                        return Answer::Fails { failing: Failing::Unmet, missing: "", items: vec![one.0, other.0] };
                    }
                }
                Answer::Met
            }
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
        none: bool,
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
                    self.ask_fact(pattern, none, Some(BySigner::Signer), count, *founded, signed, scope, chain)
                {
                    return answer;
                }
            }
            return Answer::Met;
        }
        if by_signer.is_some() && item.by == 0 {
            return Answer::missing("signer");
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
        let recorded = self.items.list.iter().enumerate().skip(from).filter(|(_, other)| fits_item(pattern, other) && whose(other));
        let recorded = recorded.map(|(number, other)| (ItemNo::try_from(number).unwrap_or(ItemNo::MAX), other.at, other.by));
        for (number, at, by) in said.map(|at| (paper, at, item.by)).into_iter().chain(recorded) {
            match lies(&at) {
                Some(true) => {
                    if none {
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
        match (none, unsure, outside) {
            (_, Some(number), _) => Answer::time_unknown(number),
            (true, None, _) => Answer::Met,
            (false, None, Some(number)) if pattern.window.is_some() => Answer::unmet(number),
            (false, None, _) => {
                let fact = FactKind::ALL.iter().find(|fact| pattern.looks_at(**fact)).map_or("fact", |fact| fact.word());
                Answer::missing(fact)
            }
        }
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

    /// The paper at the root of a chain: the one that rests on no other.
    fn root(&self, paper: ItemNo, depth: usize) -> ItemNo {
        let Some(item) = self.item(paper).filter(|_| depth < DEPTH_MAX) else { return paper };
        let is_its = |provision: &&Provision<Instrument>| item.instrument.is_some_and(|word| provision.id == self.pack.words.text(word));
        let body = self.pack.instruments.iter().find(is_its).and_then(|provision| self.text(provision, &item.at)).map(|(_, body)| body);
        let scope = Scope::at(item.at, Some(paper));
        let founded =
            body.and_then(|body| body.founded_on.first()).and_then(|link| self.papers(link, &scope, Some(paper)).first().copied());
        founded.map_or(paper, |founded| self.root(founded, depth + 1))
    }

    fn related(&self, one: &str, other: &str, kinds: &[Sym], at: &Moment) -> bool {
        let day = self.day(at);
        kinds.iter().any(|kind| self.context.related(one, other, self.pack.words.text(*kind), day))
    }

    /// Gives the curable flaws of a paper their window, and mends those that were mended in it.
    fn rectify(&self, rectify: &'p Rectify, paper: ItemNo, scope: &Scope<'_, 'p>, from: usize, chain: &mut Chain<'p>) {
        let until = self.end(&rectify.window, scope);
        let Some(flaws) = chain.flaws.get_mut(from..) else { return };
        for flaw in flaws.iter_mut().filter(|flaw| flaw.defect == Defect::Curable && flaw.cure_until.is_none()) {
            flaw.cure_until = until;
            flaw.decides = rectify.consent.or(rectify.by.first().copied());
            let mends = |item: &Item<'_>| {
                item.fact() == FactKind::Rectified
                    && (item.of.contains(&paper) || flaw.items.iter().any(|of| item.of.contains(of)))
                    && item.kind.is_none_or(|kind| self.pack.words.text(kind) == flaw.what)
                    && (rectify.by.is_empty() || item.role.is_some_and(|role| rectify.by.contains(&role)))
                    && (rectify.consent.is_none() || item.details().consent == Some(true))
                    && until.is_none_or(|until| item.at.latest() < until.sure)
            };
            let found = self.items.list.iter().enumerate().find(|(_, item)| mends(item));
            if let Some((number, item)) = found {
                flaw.mended = Some((item.at, ItemNo::try_from(number).unwrap_or(ItemNo::MAX)));
                flaw.as_if_always = true;
            }
        }
    }
}
