//! Plausible chains: the papers an order rests on, with what their needs ask for, now and then left out or a little wrong.

use jiff::ToSpan;
use jiff::civil::DateTime;
use openward_law::entry::{Details, FactKind};
use openward_law::pack::{Asks, BySigner, Founded, Looks, Need, Order, Pattern, PeriodShape, Sym, Wanted, Who};

use super::draft::Draft;
use super::generate::Story;

/// How deep papers may found papers.
const DEPTH_MAX: usize = 4;

impl<'p> Story<'p> {
    /// A fact that a pattern would see, with some of what it leaves open filled in.
    pub(crate) fn fitting(&mut self, pattern: &Pattern, at: DateTime) -> Draft {
        let facts: Vec<FactKind> = FactKind::ALL.iter().copied().filter(|fact| pattern.looks_at(*fact)).collect();
        let fact = self.random.some(&facts).copied().unwrap_or(FactKind::CommentInserted);
        let mut draft = Draft::new(at, fact);
        let word = |story: &mut Self, syms: &[Sym]| {
            let sym = story.random.some(syms).copied();
            sym.map(|sym| story.pack.words.text(sym).to_owned())
        };
        let all = |story: &Self, syms: &[Sym]| syms.iter().map(|sym| story.pack.words.text(*sym).to_owned()).collect::<Vec<_>>();
        draft.details = Details {
            role: word(self, &pattern.by),
            instrument: word(self, &pattern.instrument),
            under: word(self, &pattern.under),
            outcome: word(self, &pattern.outcome),
            kind: word(self, &pattern.kind),
            to: all(self, &pattern.to),
            how: all(self, &pattern.how),
            contents: all(self, &pattern.contents),
            states: word(self, &pattern.states).into_iter().collect(),
            understood: pattern.understood,
            ..Details::default()
        };
        draft.details.by = match &draft.details.role {
            Some(role) if role == "person" => Some("person".to_owned()),
            Some(_) => Some(self.someone()),
            None if self.random.chance(60) => Some(self.someone()),
            None => None,
        };
        draft
    }

    /// Signs a paper of an instrument, with its founding papers and what they need, at or before a time; gives its draft.
    pub(crate) fn paper(&mut self, instrument: u16, at: DateTime, depth: usize) -> Option<usize> {
        let provision = self.pack.instruments.get(usize::from(instrument))?;
        let body = &provision.on(at.date()).or_else(|| provision.versions.first())?.body;
        let mut draft = Draft::new(at, FactKind::Signed);
        let role = self.random.some(&body.signed_by).map(|role| self.pack.words.text(*role).to_owned());
        if role.as_ref().is_some_and(|role| self.pack.bodies.iter().any(|body| body.word == *role)) && self.random.chance(70) {
            draft.fact = FactKind::CourtOrdered;
        }
        let signer = self.someone();
        draft.details.role = if self.random.chance(4) { Some(self.role()) } else { role };
        draft.details.by = if self.random.chance(97) { Some(signer.clone()) } else { None };
        draft.details.instrument = Some(provision.id.clone());
        draft.details.place = self.random.chance(30).then(|| self.place.clone());
        if depth < DEPTH_MAX {
            let founded = self.founding(&body.founded_on, at, depth);
            if self.random.chance(60) {
                draft.on = founded;
            }
        }
        for need in &body.needs {
            self.answer(need, &mut draft, &signer, at);
        }
        self.length(&mut draft, at);
        Some(self.tell(draft))
    }

    /// The papers that something rests on.
    pub(crate) fn founding(&mut self, founded: &[Founded], at: DateTime, depth: usize) -> Vec<usize> {
        let mut papers = Vec::new();
        for link in founded {
            for _ in 0..link.count {
                if self.drafts.len() > self.most || self.random.chance(4) {
                    continue;
                }
                let Some(instrument) = self.random.some(&link.instruments).copied() else { continue };
                let before = self.a_little_before(at);
                papers.extend(self.paper(instrument, before, depth + 1));
            }
        }
        papers
    }

    /// Puts what a need asks for on the paper, the register or a professional's file; seldom not, or not quite.
    pub(crate) fn answer(&mut self, need: &Need, draft: &mut Draft, signer: &str, at: DateTime) {
        if self.random.chance(4) {
            return;
        }
        if need.if_practicable && self.random.chance(20) {
            draft.details.reason = Some("no time".to_owned());
            return;
        }
        for asks in &need.asks {
            match asks {
                Asks::StatesAll(criteria) => {
                    let keep = if self.random.chance(4) { criteria.len().saturating_sub(1) } else { criteria.len() };
                    let words: Vec<String> = criteria.iter().take(keep).map(|sym| self.pack.words.text(*sym).to_owned()).collect();
                    draft.details.states.extend(words);
                }
                Asks::StatesAny(criteria) => {
                    let word = self.random.some(criteria).map(|sym| self.pack.words.text(*sym).to_owned());
                    draft.details.states.extend(word);
                }
                Asks::Fact { pattern, wanted, by_signer, count } => {
                    if *wanted != Wanted::There && self.random.chance(90) {
                        continue;
                    }
                    if matches!(by_signer, Some(BySigner::Signer)) && pattern.looks_at(FactKind::Examined) && self.random.chance(15) {
                        let examined = self.a_little_before(at);
                        draft.details.examined = Some(openward_law::time::When::Day(examined.date()));
                        continue;
                    }
                    for _ in 0..*count {
                        self.need_fact(pattern, *by_signer, signer, at);
                    }
                }
                Asks::Holds { kinds, who, .. } => {
                    if let Some(kind) = self.random.some(kinds).map(|sym| self.pack.words.text(*sym).to_owned()) {
                        let whom = if *who == Who::Signer { signer.to_owned() } else { self.someone() };
                        self.authorise(whom, kind, at);
                    }
                }
                Asks::Designated(kinds) => {
                    if let Some(kind) = self.random.some(kinds).map(|sym| self.pack.words.text(*sym).to_owned()) {
                        self.designate(kind, at);
                    }
                }
                Asks::Apart { .. }
                | Asks::Unrelated { .. }
                | Asks::Different { .. }
                | Asks::Reaches(_)
                | Asks::ExaminedWithin(_)
                | Asks::FoundedSignedBy(_) => {}
            }
        }
        draft.details.states.sort_unstable();
        draft.details.states.dedup();
    }

    fn need_fact(&mut self, pattern: &Pattern, by_signer: Option<BySigner>, signer: &str, at: DateTime) {
        if self.drafts.len() > self.most {
            return;
        }
        let when = match &pattern.window {
            Some(window) if window.ending.is_some() => self.days_before(at, 10),
            _ => self.a_little_before(at),
        };
        if pattern.looks_at(FactKind::Signed) {
            let named: Vec<u16> = self.numbers_of(&pattern.instrument);
            if let Some(instrument) = self.random.some(&named).copied() {
                self.paper(instrument, when, DEPTH_MAX - 1);
            }
            return;
        }
        let mut draft = self.fitting(pattern, when);
        match by_signer {
            Some(BySigner::Signer | BySigner::FoundedSigner) => draft.details.by = Some(signer.to_owned()),
            Some(BySigner::NotSigner) | None => {}
        }
        self.tell(draft);
    }

    /// Begins an order by one of its own patterns, with what it rests on; gives the draft that starts it.
    pub(crate) fn begin(&mut self, order: usize, at: DateTime) -> Option<usize> {
        let provision = self.pack.orders.get(order)?;
        let body: &'p Order = &provision.on(at.date()).or_else(|| provision.versions.first())?.body;
        let starts: Vec<&Pattern> = body.starts.iter().filter(|pattern| matches!(pattern.looks, Looks::Entries(_))).collect();
        let pattern = *self.random.some(&starts)?;
        let before = self.a_little_before(at);
        let named = self.numbers_of(&pattern.instrument);
        let signs = pattern.looks_at(FactKind::Signed);
        let mut papers = Vec::new();
        if !signs {
            papers = self.founding(&body.rests_on, before, 0);
        }
        let started = if signs {
            let instrument = self.random.some(&named).copied()?;
            self.paper(instrument, at, 0)?
        } else {
            let mut draft = self.fitting(pattern, at);
            draft.details.place = self.random.chance(85).then(|| self.place.clone());
            if !named.is_empty() {
                draft.of = papers.last().copied().into_iter().collect();
            } else if self.random.chance(55) {
                draft.on = papers;
            }
            if draft.of.is_empty() && self.random.chance(50) {
                draft.of.extend(self.drafts.len().checked_sub(1));
            }
            let signer = draft.details.by.clone().unwrap_or_else(|| self.someone());
            for need in &body.needs {
                self.answer(need, &mut draft, &signer, at);
            }
            self.length(&mut draft, at);
            self.tell(draft)
        };
        self.begun.push((order, at));
        Some(started)
    }

    /// Renews an order by its paper, around an end.
    pub(crate) fn renew(&mut self, order: usize, at: DateTime) {
        let Some(provision) = self.pack.orders.get(order) else { return };
        let Some(version) = provision.on(at.date()).or_else(|| provision.versions.first()) else { return };
        let Some(renewed_by) = &version.body.renewed_by else { return };
        let Some(instrument) = self.random.some(&renewed_by.instruments).copied() else { return };
        let Some(paper) = self.paper(instrument, at, 0) else { return };
        let passes_on = match renewed_by.at {
            openward_law::pack::TakesEffect::Signed => None,
            openward_law::pack::TakesEffect::Furnished => Some(FactKind::Furnished),
            openward_law::pack::TakesEffect::Received => Some(FactKind::Received),
        };
        if let Some(fact) = passes_on {
            let later = self.a_little_after(at);
            let mut draft = Draft::new(later, fact);
            if self.random.chance(90) {
                draft.of.push(paper);
            } else {
                draft.details.instrument = self.drafts[paper].details.instrument.clone();
            }
            self.tell(draft);
        }
    }

    /// About how long an order lasts at first, in days: for telling things around its end.
    pub(crate) fn days_of(&self, order: usize) -> i64 {
        let Some(body) = self.pack.orders.get(order).and_then(|order| order.versions.first()).map(|version| &version.body) else {
            return 30;
        };
        let Some(PeriodShape::Counted(counted)) = body.lasts.as_ref().map(|period| &period.shape) else { return 30 };
        use openward_law::time::Unit;
        let length = counted.rule.length();
        let n = i64::from(length.n());
        match length.unit() {
            Unit::Minutes => 0,
            Unit::Hours => n / 24,
            Unit::Days => n,
            Unit::Weeks => n * 7,
            Unit::Months => n * 61 / 2,
            Unit::Years => n * 365,
        }
    }

    fn numbers_of(&self, names: &[Sym]) -> Vec<u16> {
        let number = |sym: &Sym| {
            let at = self.pack.instruments.iter().position(|instrument| instrument.id == self.pack.words.text(*sym));
            at.and_then(|at| u16::try_from(at).ok())
        };
        names.iter().filter_map(number).collect()
    }

    /// Now and then a paper says how long.
    fn length(&mut self, draft: &mut Draft, at: DateTime) {
        let lengths = ["12 hours", "14 days", "28 days", "21 days", "1 month", "3 months", "6 months", "12 months", "1 year", "100 days"];
        if self.random.chance(70) {
            draft.details.length = self.random.one(&lengths).parse().ok();
        } else if self.random.chance(20) {
            let days = self.random.between(1, 200);
            let until = at.checked_add(days.days()).unwrap_or(at).date();
            draft.details.until = Some(openward_law::time::When::Day(until));
        }
    }
}
