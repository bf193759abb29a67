//! The chain behind an act: which papers it rests on, what each of them needs, and what is missing or not as it must be.
//!
//! What is not on the register is missing; what is there and does not fit is unmet. The two never turn into each other here.

use super::fold::{Fold, limits};
use super::forecast::{Failing, Flaw};
use super::item::{Item, ItemNo};
use super::matching::Truth;
use super::orders::flaw;
use super::questions::Answer;
use super::when::Scope;
use crate::entry::FactKind;
use crate::pack::{Defect, Founded, Head, Need, Rectify, Sym};

/// What a chain comes to.
#[derive(Debug, Default)]
pub(crate) struct Chain<'p> {
    pub(crate) flaws: Vec<Flaw<'p>>,
    pub(crate) relied: Vec<ItemNo>,
    /// The first paper it rests on.
    pub(crate) paper: Option<ItemNo>,
}

/// Papers founding papers founding papers: the law's deepest chain (order, application, recommendation) has three.
pub(crate) const DEPTH_MAX: usize = 4;

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
        // An act that names papers, and none that the law asks for here, does not rest on others that it does not name.
        let on = from.and_then(|from| self.item(from)).map(|item| item.on.as_slice()).unwrap_or(&[]);
        let asked = |paper: &ItemNo| founded.iter().any(|link| self.is_paper_of(*paper, link));
        // Where the act is itself such a paper, it names what that paper rests on.
        let names_another = !on.is_empty() && !on.iter().chain(&from).any(asked);
        for link in founded {
            if link.unless.as_ref().is_some_and(|condition| self.holds(condition)) {
                continue;
            }
            let section = link.section.as_deref().unwrap_or(&head.section);
            let papers = if names_another { Vec::new() } else { self.papers(link, scope, from) };
            let wanted = link.count as usize;
            if papers.len() < wanted && !(link.defect == Defect::ReasonWanted && self.gives_reason(from)) {
                let name = link
                    .instruments
                    .first()
                    .and_then(|number| self.pack.instruments.get(usize::from(*number)))
                    .map_or("", |instrument| instrument.id.as_str());
                let counted = (wanted > 1).then_some((u32::try_from(papers.len()).unwrap_or(u32::MAX), link.count));
                let lacking = flaw(head, name, name, section, Failing::Missing, link.defect, papers.clone());
                chain.flaws.push(Flaw { papers: counted, ..lacking });
            }
            for paper in &papers {
                if !self.follows_another() {
                    chain.flaws.push(flaw(head, "papers", "papers", section, Failing::Missing, Defect::Void, Vec::new()));
                    break;
                }
                self.paper(*paper, link, head, section, scope, from, depth, chain);
            }
            all.extend(papers);
        }
        all
    }

    /// Whether one more paper may be followed; where not, the entry being read is kept as the first of which that is so.
    fn follows_another(&self) -> bool {
        let followed = self.papers_followed.get();
        if followed >= limits::PAPERS {
            let reading = ItemNo::try_from(self.read.saturating_sub(1)).ok();
            self.papers_cut.set(self.papers_cut.get().or(reading));
            return false;
        }
        self.papers_followed.set(followed + 1);
        true
    }

    /// The papers a link speaks of: those the act names, else the latest signed before it, by different people.
    pub(crate) fn papers(&self, link: &Founded, scope: &Scope<'_, 'p>, from: Option<ItemNo>) -> Vec<ItemNo> {
        let mut papers: Vec<ItemNo> = Vec::new();
        let named = from.and_then(|from| self.item(from)).into_iter().flat_map(|item| item.on.iter().copied());
        for paper in named.filter(|paper| self.is_paper_of(*paper, link)) {
            if !papers.contains(&paper) {
                papers.push(paper);
            }
        }
        // What an act names and the register does not have is missing; other papers do not stand in for it.
        let names_unknown = from.and_then(|from| self.item(from)).is_some_and(|item| item.details().on.len() > item.on.len());
        if !papers.is_empty() || names_unknown {
            return papers;
        }
        // A paper may be signed on the day of the act it founds and recorded by date alone, so only what is certainly later is left out.
        let from = self.stay.min(self.first_of_stay(from));
        let of_link = || self.items.papers.iter().copied().filter(|paper| self.is_paper_of(*paper, link)).collect();
        let known = self.is_long().then(|| self.found.of(link, of_link));
        let all = known.as_deref().unwrap_or(&self.items.papers);
        for number in all.iter().rev().copied().take_while(|number| usize::from(*number) >= from) {
            let Some(item) = self.item(number) else { continue };
            if !self.is_paper_of(number, link) || scope.on.before(&item.at) == Some(true) {
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

    /// Whether an entry is a paper of which a link speaks.
    fn is_paper_of(&self, paper: ItemNo, link: &Founded) -> bool {
        self.item(paper).is_some_and(|item| {
            item.instrument.is_some_and(|word| link.instruments.iter().any(|number| self.names(*number, word)))
                && matches!(item.fact(), FactKind::Signed | FactKind::CourtOrdered)
        })
    }

    /// Papers from before the person last left belong to an earlier stay.
    pub(crate) fn first_of_stay(&self, from: Option<ItemNo>) -> usize {
        let upto = from.map_or(self.read, usize::from);
        let left = self.items.departures.iter().rev().find(|left| usize::from(**left) < upto);
        left.map_or(0, |left| usize::from(*left) + 1)
    }

    /// Whether a word is the name of an instrument.
    pub(crate) fn names(&self, instrument: u16, word: Sym) -> bool {
        self.law.index.instruments.get(usize::from(instrument)).is_some_and(|own| *own == Some(word))
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
            chain.flaws.push(flaw(asking, &provision.id, "law", section, Failing::Missing, link.defect, vec![paper]));
            return;
        };
        let own = Scope { on: item.at, item: Some(paper), paper: Some(paper), founded: &[], founding, ..*scope };
        let before = chain.flaws.len();
        let founded = self.chain(&body.founded_on, &version.head, &own, Some(paper), depth + 1, chain);
        let own = Scope { founded: &founded, ..own };
        let head = &version.head;
        // A paper signed after the act carries nothing; one of the same day without an hour is taken to come before what relies on it.
        if depth == 0 && item.at.after(&scope.on) == Some(true) {
            self.note(asking, "signed-before", section, Defect::Void, Answer::unmet(paper), chain);
        }
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
        // Where the register does not say whether the law asks for it, it is asked for; that it is not met is then not certain either.
        let unsaid = match need.if_.as_ref().map_or(Truth::Yes, |condition| self.truth(condition)) {
            Truth::No => return,
            Truth::Yes => None,
            Truth::Unknown(word) => Some(word),
        };
        let section = need.section.as_deref().unwrap_or(&head.section);
        for asks in &need.asks {
            let answer = match (self.ask(asks, paper, scope, chain), unsaid) {
                (Answer::Fails { items, .. }, Some(missing)) => Answer::Fails { failing: Failing::Missing, missing, items },
                (answer, _) => answer,
            };
            // The reason may stand on the paper, or on the act whose own need it is.
            let says_why = || self.gives_reason(Some(paper)) || self.gives_reason(scope.item);
            let excused = (need.if_practicable || need.defect == Defect::ReasonWanted) && says_why();
            if !excused {
                self.note(head, &need.id, section, need.defect, answer, chain);
            }
        }
    }

    /// Whether a paper or act says why.
    fn gives_reason(&self, number: Option<ItemNo>) -> bool {
        number.and_then(|number| self.item(number)).is_some_and(|item| item.details().reason.is_some())
    }

    fn note(&self, head: &'p Head, what: &'p str, section: &'p str, defect: Defect, answer: Answer<'p>, chain: &mut Chain<'p>) {
        let Answer::Fails { failing, missing, items } = answer else { return };
        let missing = if missing.is_empty() { what } else { missing };
        chain.flaws.push(flaw(head, what, missing, section, failing, defect, items));
    }

    /// Gives the curable flaws of a paper their window, and mends those that were mended in it.
    fn rectify(&self, rectify: &'p Rectify, paper: ItemNo, scope: &Scope<'_, 'p>, from: usize, chain: &mut Chain<'p>) {
        let until = self.end(&rectify.window, scope);
        let Some(flaws) = chain.flaws.get_mut(from..) else { return };
        // Only what is there and not as it must be can be mended; what is missing must be put on the register.
        let curable = |flaw: &&mut Flaw<'p>| flaw.defect == Defect::Curable && flaw.failing == Failing::Unmet && flaw.cure_until.is_none();
        for flaw in flaws.iter_mut().filter(curable) {
            flaw.cure_until = until;
            flaw.decides = rectify.consent.or(rectify.by.first().copied());
            let mends = |item: &Item<'_>| {
                (item.of.contains(&paper) || flaw.items.iter().any(|of| item.of.contains(of)))
                    && item.kind.is_none_or(|kind| self.pack.words.text(kind) == flaw.what)
                    && (rectify.by.is_empty() || item.role.is_some_and(|role| rectify.by.contains(&role)))
                    && (rectify.consent.is_none() || item.details().consent == Some(true))
                    && item.withdrawn.is_none()
                    && until.is_some_and(|until| item.at.latest() < until.sure)
            };
            let rectified = self.items.by_fact.items(FactKind::Rectified).iter();
            let found = rectified.filter_map(|number| self.item(*number).map(|item| (*number, item))).find(|(_, item)| mends(item));
            if let Some((number, item)) = found {
                flaw.mended = Some((item.at, number));
                flaw.as_if_always = true;
            }
        }
    }
}
