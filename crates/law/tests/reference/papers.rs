//! What an act rests on, paper by paper, and the needs of each: FORMAT.md, "Instruments" and "Needs".

use openward_law::entry::FactKind;
use openward_law::pack::anchor::Grain;
use openward_law::pack::{Asks, BySigner, Defect, Founded, Head, Need, Pattern, Rectify, Sym, Wanted, Who};
use openward_law::time::Roll;

use super::Reference;
use super::days::Point;
use super::state::{Failing, Fault, Frame, Weight};
use super::told::{Holds, Told};

/// What was found on the way through a chain.
#[derive(Debug, Clone, Default)]
pub(crate) struct Basis {
    /// What fails.
    pub(crate) faults: Vec<Fault>,
    /// What is relied on.
    pub(crate) relied: Vec<usize>,
    /// The first paper.
    pub(crate) paper: Option<usize>,
}

/// An answer: met, or how it fails, what is missing and the entries concerned.
type Answer = Result<(), (Failing, String, Vec<usize>)>;

fn missing(what: &str) -> Answer {
    Err((Failing::Missing, what.to_owned(), Vec::new()))
}

fn unmet(entries: Vec<usize>) -> Answer {
    Err((Failing::Unmet, String::new(), entries))
}

fn untold(entry: usize) -> Answer {
    Err((Failing::Time, "time".to_owned(), vec![entry]))
}

/// A pack's defect.
pub(crate) fn weight(defect: Defect) -> Weight {
    match defect {
        Defect::Void => Weight::Void,
        Defect::Ends => Weight::Ends,
        Defect::Curable => Weight::Curable,
        Defect::ForDecision(body) => Weight::For(body),
        Defect::Irregular => Weight::Irregular,
        Defect::ReasonWanted => Weight::Reason,
    }
}

const DEPTH_MAX: usize = 4;

impl<'p, 'e> Reference<'p, 'e> {
    fn is_paper_of(&self, told: &Told<'_>, instruments: &[u16]) -> bool {
        let signed = matches!(told.fact(), FactKind::Signed | FactKind::CourtOrdered);
        signed && instruments.iter().any(|number| Some(&self.pack.instruments[usize::from(*number)].id) == told.instrument.as_ref())
    }

    /// The papers that a link speaks of: those that the act names, else the latest signed before it, by different people.
    fn papers(&self, link: &Founded, on: Point, from: Option<usize>) -> Vec<usize> {
        if let Some(from) = from {
            let mut named: Vec<usize> = Vec::new();
            for at in self.told[from].on.iter().copied().filter(|at| self.is_paper_of(&self.told[*at], &link.instruments)) {
                if !named.contains(&at) {
                    named.push(at);
                }
            }
            // A paper that is named and not on the register is missing; no other stands in for it.
            if !named.is_empty() || self.told[from].details().on.len() > self.told[from].on.len() {
                return named;
            }
        }
        let earliest = self.stay.min(self.after_leaving(from));
        let mut papers: Vec<usize> = Vec::new();
        for at in (earliest..self.told.len()).rev() {
            let told = &self.told[at];
            let by = told.details().by.as_ref();
            let again = by.is_some() && papers.iter().any(|paper| self.told[*paper].details().by.as_ref() == by);
            if papers.len() < link.count as usize && self.is_paper_of(told, &link.instruments) && on.before(told.at) != Some(true) && !again
            {
                papers.push(at);
            }
        }
        papers.reverse();
        papers
    }

    /// The first entry after the person last left before an act.
    fn after_leaving(&self, act: Option<usize>) -> usize {
        let before = act.unwrap_or(self.read);
        self.told[..before].iter().rposition(|told| told.fact() == FactKind::Left).map_or(0, |at| at + 1)
    }

    /// Follows what an act rests on; gives the papers.
    pub(crate) fn rests(
        &self,
        founded: &'p [Founded],
        head: &'p Head,
        frame: &Frame,
        from: Option<usize>,
        depth: usize,
        basis: &mut Basis,
    ) -> Vec<usize> {
        let mut all = Vec::new();
        for link in founded.iter().filter(|_| depth < DEPTH_MAX) {
            if link.unless.as_ref().is_some_and(|condition| self.holds(condition)) {
                continue;
            }
            // Who names papers, and none of those asked for, rests on no others.
            let on = from.map_or(&[][..], |from| self.told[from].on.as_slice());
            let asked = |paper: &usize| founded.iter().any(|link| self.is_paper_of(&self.told[*paper], &link.instruments));
            let papers = match on {
                // An act that is itself such a paper names what it rests on in its turn.
                [_, ..] if !on.iter().chain(&from).any(asked) => Vec::new(),
                _ => self.papers(link, frame.on.unwrap_or(self.now), from),
            };
            let says_why = from.is_some_and(|from| self.told[from].details().reason.is_some());
            if papers.len() < link.count as usize && !(link.defect == Defect::ReasonWanted && says_why) {
                let name = link.instruments.first().map_or("", |number| &self.pack.instruments[usize::from(*number)].id);
                basis.faults.push(Fault::new(head, name, name, Failing::Missing, weight(link.defect), papers.clone()));
            }
            for paper in &papers {
                self.paper(*paper, link, head, frame, from, depth, basis);
            }
            all.extend(papers);
        }
        all
    }

    #[expect(clippy::too_many_arguments, reason = "a paper with all it stands in")]
    fn paper(
        &self,
        paper: usize,
        link: &'p Founded,
        asking: &'p Head,
        frame: &Frame,
        founding: Option<usize>,
        depth: usize,
        basis: &mut Basis,
    ) {
        basis.relied.push(paper);
        basis.paper.get_or_insert(paper);
        let told = &self.told[paper];
        let named = |number: &&u16| Some(&self.pack.instruments[usize::from(**number)].id) == told.instrument.as_ref();
        let Some(provision) = link.instruments.iter().find(named).map(|number| &self.pack.instruments[usize::from(*number)]) else {
            return;
        };
        let Some((version, body)) = self.text(provision, told.at) else {
            basis.faults.push(Fault::new(asking, &provision.id, "law", Failing::Missing, weight(link.defect), vec![paper]));
            return;
        };
        let (head, before) = (&version.head, basis.faults.len());
        let mut own = Frame { on: Some(told.at), act: Some(paper), paper: Some(paper), founded: Vec::new(), founding, ..frame.clone() };
        own.founded = self.rests(&body.founded_on, head, &own, Some(paper), depth + 1, basis);
        // A paper signed after the act carries nothing.
        if depth == 0 && frame.on.unwrap_or(self.now).before(told.at) == Some(true) {
            Self::note(asking, "signed-before", Defect::Void, unmet(vec![paper]), basis);
        }
        self.signed_by(&body.signed_by, paper, head, link.defect, basis);
        for need in &body.needs {
            self.need(need, head, paper, &own, basis);
        }
        if link.good
            && let Some(period) = &body.good_for
        {
            let on = frame.on.unwrap_or(self.now);
            let answer = match self.till(period, &own) {
                None => missing("examined"),
                Some(till) if on.last < till.sure => Ok(()),
                Some(till) if on.first >= till.latest => unmet(vec![paper]),
                Some(_) => untold(paper),
            };
            Self::note(asking, "good-for", link.defect, answer, basis);
        }
        if let Some(rectify) = &body.rectify {
            self.mend(rectify, paper, &own, before, basis);
        }
    }

    /// Whether a paper is signed by one who may.
    pub(crate) fn signed_by(&self, may: &[Sym], paper: usize, head: &'p Head, defect: Defect, basis: &mut Basis) {
        if may.is_empty() {
            return;
        }
        let answer = match &self.told[paper].role {
            None => missing("signer"),
            Some(role) if may.iter().any(|sym| self.pack.words.text(*sym) == role) => Ok(()),
            Some(_) => unmet(vec![paper]),
        };
        Self::note(head, "signed-by", defect, answer, basis);
    }

    fn note(head: &'p Head, what: &str, defect: Defect, answer: Answer, basis: &mut Basis) {
        if let Err((failing, missing, entries)) = answer {
            basis.faults.push(Fault::new(head, what, &missing, failing, weight(defect), entries));
        }
    }

    /// Asks all that a need asks.
    pub(crate) fn need(&self, need: &'p Need, head: &'p Head, paper: usize, frame: &Frame, basis: &mut Basis) {
        // Asked for as well where the register does not say whether the law asks for it.
        let unsaid = match need.if_.as_ref().map_or(Ok(true), |condition| self.so(condition)) {
            Ok(false) => return,
            Ok(true) => None,
            Err(word) => Some(word),
        };
        let asks_why = need.if_practicable || need.defect == Defect::ReasonWanted;
        let says_why = |entry: usize| self.told[entry].details().reason.is_some();
        let excused = asks_why && (says_why(paper) || frame.act.is_some_and(says_why));
        for asks in &need.asks {
            let answer = match (self.ask(asks, paper, frame, basis), unsaid) {
                (Err((_, _, entries)), Some(word)) => Err((Failing::Missing, word.to_owned(), entries)),
                (answer, _) => answer,
            };
            if !excused {
                Self::note(head, &need.id, need.defect, answer, basis);
            }
        }
    }

    fn states(&self, paper: usize) -> Vec<&'p str> {
        let known = |word: &String| self.pack.words.find(word).map(|sym| self.pack.words.text(sym));
        self.told[paper].details().states.iter().filter_map(known).collect()
    }

    /// The people a need is about, each with the paper that names them.
    fn people(&self, who: Who, paper: usize, frame: &Frame) -> Vec<(usize, &'e str)> {
        let papers: Vec<usize> = match who {
            Who::Signer => vec![paper],
            Who::Founded => frame.founded.clone(),
            Who::All => std::iter::once(paper).chain(frame.founded.iter().copied()).collect(),
        };
        papers.into_iter().filter_map(|paper| self.told[paper].entry.details.by.as_deref().map(|by| (paper, by))).collect()
    }

    fn related(&self, one: &str, other: &str, kinds: &[Sym], at: Point) -> bool {
        kinds.iter().any(|kind| self.files.related(one, other, self.pack.words.text(*kind), self.days.day(at.first)))
    }

    fn ask(&self, asks: &'p Asks, paper: usize, frame: &Frame, basis: &mut Basis) -> Answer {
        let told = &self.told[paper];
        match asks {
            Asks::Fact { pattern, wanted, by_signer, count } => {
                self.fact(pattern, *wanted, *by_signer, *count as usize, paper, frame, basis)
            }
            Asks::StatesAll(criteria) | Asks::StatesAny(criteria) => {
                let states = self.states(paper);
                let so = |sym: &Sym| states.contains(&self.pack.words.text(*sym));
                let met = if matches!(asks, Asks::StatesAll(_)) { criteria.iter().all(so) } else { criteria.iter().any(so) };
                if states.is_empty() {
                    return missing("criteria");
                }
                if met { Ok(()) } else { unmet(vec![paper]) }
            }
            Asks::Holds { who, each, kinds } => self.authorised(*who, *each, kinds, paper, frame),
            Asks::Apart { who, kinds } => {
                let people = self.people(*who, paper, frame);
                for (at, one) in people.iter().enumerate() {
                    for other in &people[at + 1..] {
                        if self.related(one.1, other.1, kinds, told.at) {
                            return unmet(vec![one.0, other.0]);
                        }
                    }
                }
                Ok(())
            }
            Asks::Unrelated { who, kinds } => {
                let place = told.details().place.as_deref().or(self.place.as_deref());
                for (named_by, person) in self.people(*who, paper, frame) {
                    let others = [Some(self.person), place];
                    if others.into_iter().flatten().any(|other| self.related(person, other, kinds, told.at)) {
                        return unmet(vec![named_by]);
                    }
                }
                Ok(())
            }
            Asks::Different { who } => {
                let people = self.people(*who, paper, frame);
                let papers = frame.founded.len() * usize::from(*who != Who::Signer) + usize::from(*who != Who::Founded);
                if people.len() < papers {
                    return missing("signer");
                }
                for (at, one) in people.iter().enumerate() {
                    if let Some(other) = people[at + 1..].iter().find(|other| other.1 == one.1) {
                        return unmet(vec![one.0, other.0]);
                    }
                }
                Ok(())
            }
            Asks::Reaches(wanted) => match frame.act {
                Some(act) if !self.arrives(wanted, &self.told[act]) => unmet(vec![act]),
                _ => Ok(()),
            },
            Asks::ExaminedWithin(rule) => {
                let Some((first, last)) = self.examinations(frame) else { return missing("examined") };
                let Some(limit) = self.days.after(rule.count(), rule.length(), rule.roll(), first, None) else {
                    return missing("examined");
                };
                match last.before(limit) {
                    Some(true) => Ok(()),
                    Some(false) => unmet(frame.founded.clone()),
                    None => untold(paper),
                }
            }
            Asks::FoundedSignedBy(anchor) => {
                let Some(limit) = self.point(*anchor, frame) else { return missing("signed") };
                // On that day is in time until the day's end.
                let end = match anchor.grain {
                    Grain::Instant => limit,
                    _ => {
                        self.days.end(self.days.day(limit.first)).map_or(limit, |end| Point::at(end - jiff::SignedDuration::from_nanos(1)))
                    }
                };
                for founded in &frame.founded {
                    match self.told[*founded].at.by(end) {
                        Some(true) => {}
                        Some(false) => return unmet(vec![*founded]),
                        None => return untold(*founded),
                    }
                }
                Ok(())
            }
            Asks::Designated(kinds) => {
                let act = frame.act.and_then(|act| self.told[act].details().place.as_deref());
                let Some(place) = told.details().place.as_deref().or(act).or(self.place.as_deref()) else { return missing("place") };
                let day = self.days.day(frame.on.unwrap_or(self.now).first);
                let answers: Vec<Holds> = kinds.iter().map(|kind| self.files.designated(place, self.pack.words.text(*kind), day)).collect();
                if answers.contains(&Holds::Yes) {
                    Ok(())
                } else if answers.contains(&Holds::NotThen) {
                    unmet(vec![paper])
                } else {
                    missing("designation")
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one question with all that it may ask")]
    fn fact(
        &self,
        pattern: &'p Pattern,
        wanted: Wanted,
        by: Option<BySigner>,
        count: usize,
        paper: usize,
        frame: &Frame,
        basis: &mut Basis,
    ) -> Answer {
        if by == Some(BySigner::FoundedSigner) {
            return frame
                .founded
                .iter()
                .try_for_each(|founded| self.fact(pattern, wanted, Some(BySigner::Signer), count, *founded, frame, basis));
        }
        let signer = self.told[paper].details().by.as_ref();
        if by.is_some() && signer.is_none() {
            return missing("signer");
        }
        // In no span of an order that never began does anything lie that must not.
        let never = |anchor: &openward_law::pack::anchor::Anchor| {
            use openward_law::pack::anchor::Base;
            let order = match anchor.base {
                Base::OrderStart(order) | Base::OrderEnd(order) => usize::from(order),
                _ => return false,
            };
            self.runs.iter().all(|run| run.order != order)
        };
        let spans = pattern.window.iter().flat_map(|window| [window.from, window.until, window.ending]);
        if wanted != Wanted::There && spans.flatten().any(|anchor| never(&anchor)) {
            return Ok(());
        }
        let theirs = |told: &Told<'_>| match by {
            None => true,
            Some(BySigner::NotSigner) => told.details().by.is_some() && told.details().by.as_ref() != signer,
            Some(_) => told.details().by.as_ref() == signer,
        };
        let mut seen: Vec<(usize, Point, Option<&String>)> = Vec::new();
        // What the paper says of the examination counts as the fact.
        if pattern.looks_at(FactKind::Examined) && by == Some(BySigner::Signer) {
            seen.extend(self.told[paper].examined.map(|at| (paper, at, signer)));
        }
        let from = if pattern.window.is_some() { 0 } else { self.after_leaving(frame.act) };
        // The latest that fits is the one relied on.
        let besides = |at: &usize| wanted != Wanted::NoOther || (*at != paper && Some(*at) != frame.act);
        let fitting =
            (from..self.told.len()).rev().filter(besides).filter(|at| self.shows(pattern, &self.told[*at]) && theirs(&self.told[*at]));
        seen.extend(fitting.map(|at| (at, self.told[at].at, self.told[at].details().by.as_ref())));
        let on = frame.on.unwrap_or(self.now);
        let lies = |at: Point| pattern.window.as_ref().map_or_else(|| at.by(on), |window| self.within(window, at, frame));
        let mut people: Vec<Option<&String>> = Vec::new();
        for (entry, at, who) in &seen {
            if lies(*at) == Some(true) {
                if wanted != Wanted::There {
                    return unmet(vec![*entry]);
                }
                if !people.contains(who) {
                    people.push(*who);
                    basis.relied.push(*entry);
                }
            }
            if people.len() >= count {
                return Ok(());
            }
        }
        if let Some((entry, ..)) = seen.iter().find(|(_, at, _)| lies(*at).is_none()) {
            if pattern.window.as_ref().is_some_and(|window| self.wants_admission(window)) {
                return missing("admitted");
            }
            return untold(*entry);
        }
        if wanted != Wanted::There {
            return Ok(());
        }
        match seen.iter().find(|(_, at, _)| lies(*at) == Some(false)) {
            Some((entry, ..)) if pattern.window.is_some() => unmet(vec![*entry]),
            _ => missing(FactKind::ALL.iter().find(|fact| pattern.looks_at(**fact)).map_or("fact", |fact| fact.word())),
        }
    }

    fn authorised(&self, who: Who, each: bool, kinds: &[Sym], paper: usize, frame: &Frame) -> Answer {
        let people = self.people(who, paper, frame);
        if people.is_empty() {
            return missing("signer");
        }
        let one = |(paper, person): &(usize, &str)| {
            let day = self.days.day(self.told[*paper].at.first);
            let answers: Vec<Holds> = kinds.iter().map(|kind| self.files.authorised(person, self.pack.words.text(*kind), day)).collect();
            let best = [Holds::Yes, Holds::NotThen].into_iter().find(|holds| answers.contains(holds)).unwrap_or(Holds::Unrecorded);
            (*paper, best)
        };
        let answers: Vec<(usize, Holds)> = people.iter().map(one).collect();
        let mut bad = answers.iter().filter(|(_, holds)| *holds == Holds::NotThen).map(|(paper, _)| *paper);
        let unknown = answers.iter().any(|(_, holds)| *holds == Holds::Unrecorded);
        if each {
            // Each of them: one who certainly was not authorised decides; then one of whom nothing is known.
            match bad.next_back() {
                Some(paper) => unmet(vec![paper]),
                None if unknown => missing("authorisation"),
                None => Ok(()),
            }
        } else if answers.iter().any(|(_, holds)| *holds == Holds::Yes) {
            Ok(())
        } else if unknown {
            // Any of them: one of whom nothing is known leaves it open.
            missing("authorisation")
        } else {
            let mut bad = answers.iter().map(|(paper, _)| *paper);
            unmet(bad.next().into_iter().collect())
        }
    }

    /// Gives what can be mended its window, and mends what was mended in it.
    fn mend(&self, rectify: &'p Rectify, paper: usize, frame: &Frame, from: usize, basis: &mut Basis) {
        let cure = self.till(&rectify.window, frame);
        // What is missing is not mended but put on the register.
        let curable = |fault: &&mut Fault| fault.weight == Weight::Curable && fault.failing == Failing::Unmet && fault.cure.is_none();
        for fault in basis.faults[from..].iter_mut().filter(curable) {
            fault.cure = cure.clone();
            fault.decides = rectify.consent.or(rectify.by.first().copied());
            let mends = |told: &&Told<'_>| {
                let about = told.of.contains(&paper) || fault.items.iter().any(|item| told.of.contains(item));
                let known = |kind: &&String| self.pack.words.find(kind).is_some();
                let which = told.details().kind.as_ref().filter(known).is_none_or(|kind| *kind == fault.what);
                let may = |role: &String| rectify.by.iter().any(|sym| self.pack.words.text(*sym) == role);
                let who = rectify.by.is_empty() || told.role.as_ref().is_some_and(may);
                let agreed = rectify.consent.is_none() || told.details().consent == Some(true);
                let in_time = told.withdrawn.is_none() && cure.as_ref().is_some_and(|till| told.at.last < till.sure);
                told.fact() == FactKind::Rectified && about && which && who && agreed && in_time
            };
            if let Some(told) = self.told.iter().find(mends) {
                fault.mended = Some(told.at);
                fault.always = true;
            }
        }
    }

    /// The longest that a rule allows from a point.
    pub(crate) fn longest(&self, counted: &openward_law::pack::Counted, from: Point) -> Option<Point> {
        self.days.after(counted.rule.count(), counted.rule.length(), Roll::None, from, None)
    }
}
