//! Random case files under a pack: plausible chains mixed with noise, corrections, dates without times and late recording.
//!
//! Driven by the pack's own patterns, so that a new provision is told about without a change here.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, ToSpan};
use openward_law::casefile::{CaseFile, FileEntries, Header};
use openward_law::entry::{Correction, CorrectionKind, Details, Entry, FactKind, FileKind, Origin};
use openward_law::pack::Pack;
use openward_law::time::When;

use super::draft::Draft;
use super::random::Random;
use super::vocabulary::Vocabulary;

/// The one person of a generated case file.
pub(crate) const PERSON: &str = "per_someone";

const PEOPLE: &[&str] = &["pro_a", "pro_b", "pro_c", "pro_d", "pro_e", "org_trust"];
/// Zones of places: now and then one is not the law's own.
const ZONES: &[&str] = &["Europe/London", "Europe/Dublin", "Asia/Kolkata", "America/New_York"];
const PLACES: &[&str] = &["fac_elm", "fac_oak"];

/// Days on which law or clocks change, months end, or the year is a leap year.
const EDGES: &[&str] = &[
    "2006-11-01",
    "2008-11-02",
    "2012-02-29",
    "2016-01-31",
    "2017-12-10",
    "2018-10-07",
    "2019-03-31",
    "2020-02-28",
    "2020-12-31",
    "2024-02-27",
    "2024-03-30",
    "2024-10-26",
    "2025-03-09",
    "2025-12-24",
    "2026-02-17",
];

/// A story in the making.
pub(crate) struct Story<'p> {
    pub(crate) pack: &'p Pack,
    pub(crate) words: &'p Vocabulary<'p>,
    pub(crate) random: Random,
    pub(crate) drafts: Vec<Draft>,
    /// So many facts at most.
    pub(crate) most: usize,
    /// Where it happens.
    pub(crate) place: String,
    /// Orders begun, with the time.
    pub(crate) begun: Vec<(usize, DateTime)>,
    /// Facts of other files: file, day, fact, details.
    context: Vec<(String, Date, FactKind, Details)>,
    /// The present point of the story.
    now: DateTime,
}

/// A random case file under a pack: the same seed gives the same file.
pub(crate) fn case_file(pack: &Pack, words: &Vocabulary<'_>, seed: u64) -> CaseFile {
    let mut random = Random::new(seed);
    let day = match random.chance(35) {
        true => random.one(EDGES).parse().expect("a day"),
        false => jiff::civil::date(2006, 11, 1).checked_add(random.between(0, 7300).days()).expect("a day in reach"),
    };
    let time = jiff::civil::time(i8::try_from(random.below(24)).expect("small"), *random.one(&[0, 15, 59, 30]), 0, 0);
    let most = match random.below(10) {
        0 => 1 + random.below(3),
        1..=6 => 4 + random.below(14),
        _ => 12 + random.below(29),
    };
    let place = (*random.one(PLACES)).to_owned();
    let mut story = Story {
        pack,
        words,
        random,
        drafts: Vec::new(),
        most: most.min(40),
        place,
        begun: Vec::new(),
        context: Vec::new(),
        now: day.to_datetime(time),
    };
    story.tell_all();
    story.mend();
    story.case()
}

impl<'p> Story<'p> {
    /// Puts a draft into the story.
    pub(crate) fn tell(&mut self, mut draft: Draft) -> usize {
        draft.day_only = self.random.chance(10);
        draft.with_offset = self.random.chance(10);
        draft.late = match self.random.below(10) {
            0 => self.random.between(1, 40) * 1440,
            1 | 2 => self.random.between(1, 2000),
            _ => self.random.between(0, 30),
        };
        draft.fit_to_fact();
        self.drafts.push(draft);
        self.drafts.len() - 1
    }

    pub(crate) fn someone(&mut self) -> String {
        (*self.random.one(PEOPLE)).to_owned()
    }

    pub(crate) fn role(&mut self) -> String {
        (*self.random.one(&self.words.roles)).to_owned()
    }

    fn moved(at: DateTime, minutes: i64) -> DateTime {
        at.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(at)
    }

    pub(crate) fn a_little_before(&mut self, at: DateTime) -> DateTime {
        let minutes = match self.random.below(10) {
            0 | 1 => 0,
            2..=6 => self.random.between(1, 600),
            7 | 8 => self.random.between(600, 4000),
            _ => self.random.between(0, 22) * 1440,
        };
        Self::moved(at, -minutes)
    }

    pub(crate) fn a_little_after(&mut self, at: DateTime) -> DateTime {
        let minutes = match self.random.below(6) {
            0 => 0,
            1..=4 => self.random.between(1, 900),
            _ => self.random.between(1, 12) * 1440,
        };
        Self::moved(at, minutes)
    }

    pub(crate) fn days_before(&mut self, at: DateTime, most: i64) -> DateTime {
        let days = self.random.between(0, most);
        let at = Self::moved(at, -days * 1440);
        self.a_little_before(at)
    }

    /// A professional's file says that they are authorised: mostly from before, now and then not yet or no more.
    pub(crate) fn authorise(&mut self, who: String, kind: String, at: DateTime) {
        if !who.starts_with("pro_") && !who.starts_with("org_") {
            return;
        }
        let from = if self.random.chance(95) { at.date().checked_sub(400.days()) } else { at.date().checked_add(1.days()) };
        let until = self.random.chance(5).then(|| When::Day(at.date()));
        let details = Details { kind: Some(kind), until, ..Details::default() };
        self.context.push((who, from.unwrap_or(at.date()), FactKind::ProfessionalAuthorised, details));
    }

    /// The place's file says that it is designated.
    pub(crate) fn designate(&mut self, kind: String, at: DateTime) {
        let from = if self.random.chance(95) { at.date().checked_sub(1000.days()) } else { at.date().checked_add(2.days()) };
        let region = self.random.some(&self.pack.regions).map(|region| region.word.clone());
        let region = region.filter(|_| self.random.chance(50));
        let place = self.place.clone();
        let zone = self.random.chance(4).then(|| (*self.random.one(ZONES)).to_owned());
        let details = Details { kind: Some(kind), region, zone, ..Details::default() };
        self.context.push((place, from.unwrap_or(at.date()), FactKind::FacilityDesignated, details));
    }

    fn tell_all(&mut self) {
        if self.random.chance(30) {
            self.describe();
        }
        if self.random.chance(10) {
            self.relate();
        }
        self.declare();
        let mut steps = 0;
        while self.drafts.len() < self.most && steps < 80 {
            steps += 1;
            self.step();
        }
        self.drafts.truncate(40);
        let kept = self.drafts.len();
        for draft in &mut self.drafts {
            draft.of.retain(|of| *of < kept);
            draft.on.retain(|on| *on < kept);
            draft.fit_to_fact();
        }
    }

    fn describe(&mut self) {
        let mut draft = Draft::new(self.now, FactKind::Described);
        let years = self.random.between(10, 80);
        let born = self.now.date().checked_sub((years * 365).days()).unwrap_or(self.now.date());
        draft.details.born = Some(born);
        self.tell(draft);
    }

    /// An emergency that some rule asks for is declared, for everywhere or for a region.
    fn declare(&mut self) {
        let Some(kind) = self.random.some(&self.words.emergencies).copied() else { return };
        if !self.random.chance(50) {
            return;
        }
        let region = self.random.some(&self.pack.regions).map(|region| region.word.clone()).filter(|_| self.random.chance(60));
        let from = self.now.date().checked_sub(self.random.between(0, 90).days()).unwrap_or(self.now.date());
        let until = self.random.chance(40).then(|| When::Day(self.now.date()));
        let details = Details { kind: Some(self.pack.words.text(kind).to_owned()), region, until, ..Details::default() };
        self.context.push(("law_register".to_owned(), from, FactKind::EmergencyDeclared, details));
    }

    /// Two of those concerned stand in a relation that some need may ask about.
    fn relate(&mut self) {
        let Some(kind) = self.random.some(&self.words.relations).map(|kind| (*kind).to_owned()) else { return };
        let (who, with) = (self.someone(), self.random.one(&[PERSON, "pro_a", "pro_b", "fac_elm"]).to_string());
        let from = self.now.date().checked_sub(100.days()).unwrap_or(self.now.date());
        if who != with {
            let details = Details { kind: Some(kind), with: Some(with), ..Details::default() };
            self.context.push((who, from, FactKind::Related, details));
        }
    }

    fn step(&mut self) {
        match self.random.below(20) {
            0..=4 => {
                let order = self.random.below(self.pack.orders.len());
                let now = self.now;
                self.begin(order, now);
            }
            5 | 6 => self.around_an_end(),
            7 => self.absence(),
            8..=13 => self.answering(),
            14 => self.apply(),
            15 | 16 => self.move_person(),
            17 => self.looking_back(),
            _ => self.noise(),
        }
        let minutes = match self.random.below(10) {
            0 | 1 => 0,
            2..=4 => self.random.between(1, 1440),
            5..=7 => self.random.between(1, 15) * 1440 + self.random.between(-60, 60),
            8 => self.random.between(15, 100) * 1440,
            _ => self.random.between(1, 3) * 61 * 1440,
        };
        self.now = Self::moved(self.now, minutes);
    }

    /// A renewal, or an end, a few days before or after an order's time is over.
    fn around_an_end(&mut self) {
        let Some((order, at)) = self.random.some(&self.begun).copied() else { return };
        let days = self.days_of(order) + self.random.one(&[-60, -30, -8, -7, -3, -2, -1, 0, 1, 2]);
        let mut when = Self::moved(at, days * 1440);
        if self.random.chance(40) {
            let edge = *self.random.one(&[jiff::civil::time(0, 0, 0, 0), jiff::civil::time(23, 59, 0, 0)]);
            when = when.date().to_datetime(edge);
        }
        if self.random.chance(75) {
            self.renew(order, when);
        } else if let Some(pattern) =
            self.pack.orders.get(order).and_then(|order| order.versions.first()).and_then(|version| version.body.ends_on.first())
        {
            let draft = self.fitting(pattern, when);
            self.tell(draft);
        }
        self.now = self.now.max(when);
    }

    fn absence(&mut self) {
        let from = match self.random.some(&self.begun).copied() {
            Some((order, at)) => {
                let days = self.days_of(order) - self.random.between(0, 9);
                Self::moved(at, days.max(0) * 1440 + self.random.between(0, 600))
            }
            None => self.now,
        };
        let away = *self.random.one(&[FactKind::Absent, FactKind::LeaveGranted, FactKind::Imprisoned]);
        self.tell(Draft::new(from, away));
        if self.random.chance(80) {
            let back = Self::moved(from, self.random.between(0, 40) * 1440 + self.random.between(1, 900));
            self.tell(Draft::new(back, FactKind::Returned));
            self.now = self.now.max(back);
        }
    }

    /// Something a duty, a right or an effect waits for.
    fn answering(&mut self) {
        let lists = [&self.words.answers, &self.words.movers];
        let list = *self.random.one(&lists);
        let Some(pattern) = self.random.some(list).copied() else { return };
        let now = self.now;
        let mut draft = self.fitting(pattern, now);
        if pattern.of_instance || self.random.chance(30) {
            draft.of = self.about(draft.details.instrument.as_deref());
        }
        if self.random.chance(20) {
            draft.details.place = Some(self.place.clone());
        }
        if self.random.chance(5) {
            draft.details.role = Some(self.role());
        }
        if draft.fact == FactKind::Decided {
            let criteria: Vec<String> = self.words.criteria.iter().map(|word| (*word).to_owned()).collect();
            for _ in 0..self.random.below(4) {
                let criterion = self.random.one(&criteria).clone();
                if draft.details.answers.iter().all(|(known, _)| *known != criterion) {
                    draft.details.answers.push((criterion, "met".to_owned()));
                }
            }
        }
        self.tell(draft);
    }

    /// An earlier fact to be about: one with that instrument, else any.
    fn about(&mut self, instrument: Option<&str>) -> Vec<usize> {
        let papers: Vec<usize> = (0..self.drafts.len())
            .filter(|at| instrument.is_some() && self.drafts[*at].details.instrument.as_deref() == instrument)
            .collect();
        let any: Vec<usize> = (0..self.drafts.len()).collect();
        let from = if papers.is_empty() || self.random.chance(10) { &any } else { &papers };
        self.random.some(from).copied().into_iter().collect()
    }

    fn apply(&mut self) {
        let applied = |pattern: &&&openward_law::pack::Pattern| pattern.looks_at(FactKind::Applied);
        let list: Vec<_> = self.words.answers.iter().filter(applied).copied().collect();
        let Some(pattern) = self.random.some(&list).copied() else { return };
        let now = self.now;
        let draft = self.fitting(pattern, now);
        let application = self.tell(draft);
        if self.random.chance(35) {
            let later = self.a_little_after(now);
            let mut draft = Draft::new(later, FactKind::Withdrawn);
            draft.of.push(application);
            self.tell(draft);
        }
    }

    fn move_person(&mut self) {
        let facts = [
            FactKind::Left,
            FactKind::AskedToLeave,
            FactKind::Stayed,
            FactKind::Kept,
            FactKind::Retained,
            FactKind::Discharged,
            FactKind::LeaveGranted,
            FactKind::LeaveRevoked,
            FactKind::Returned,
            FactKind::Admitted,
            FactKind::Held,
            FactKind::Taken,
            FactKind::OrderEnded,
            FactKind::Transferred,
            FactKind::Died,
        ];
        let fact = *self.random.one(&facts);
        let mut draft = Draft::new(self.now, fact);
        let free: Vec<&str> = self.pack.free.iter().map(|sym| self.pack.words.text(*sym)).collect();
        draft.details.under = match self.random.below(4) {
            0 => self.random.some(&free).map(|word| (*word).to_owned()),
            1 => None,
            _ => {
                let begun: Vec<usize> = self.begun.iter().map(|(order, _)| *order).collect();
                let order = self.random.some(&begun).copied().unwrap_or(0);
                self.pack.orders.get(order).map(|order| order.id.clone())
            }
        };
        draft.details.role = self.random.chance(60).then(|| self.role());
        draft.details.by = self.random.chance(60).then(|| self.someone());
        draft.details.place = self.random.chance(30).then(|| (*self.random.one(PLACES)).to_owned());
        self.tell(draft);
    }

    fn looking_back(&mut self) {
        let Some(pattern) = self.random.some(&self.words.others).copied() else { return };
        let now = self.now;
        let mut draft = self.fitting(pattern, now);
        draft.of = if self.random.chance(30) { self.about(None) } else { Vec::new() };
        self.tell(draft);
    }

    /// Any fact of a person's file, with any words.
    fn noise(&mut self) {
        let facts: Vec<FactKind> = FactKind::ALL
            .iter()
            .copied()
            .filter(|fact| openward_law::casefile::file_kinds(*fact) == [FileKind::Person] && *fact != FactKind::FileJoined)
            .collect();
        let mut draft = Draft::new(self.now, *self.random.one(&facts));
        let word = (*self.random.one(&self.words.words)).to_owned();
        let instrument = (*self.random.one(&self.words.instruments)).to_owned();
        let order = (*self.random.one(&self.words.orders)).to_owned();
        let role = self.role();
        draft.details = Details {
            by: Some(self.someone()),
            role: Some(role.clone()),
            kind: self.random.chance(40).then(|| word.clone()),
            outcome: self.random.chance(40).then(|| word.clone()),
            instrument: self.random.chance(60).then_some(instrument),
            under: Some(order),
            to: vec![role],
            contents: vec![word],
            ..Details::default()
        };
        draft.of = if self.random.chance(40) { self.about(None) } else { Vec::new() };
        self.tell(draft);
    }

    /// Corrections of earlier facts.
    fn mend(&mut self) {
        for _ in 0..2 {
            let told = self.drafts.len();
            if !self.random.chance(12) || told < 2 {
                continue;
            }
            let wrong = self.random.below(told);
            let kind = *self.random.one(&[CorrectionKind::Replaced, CorrectionKind::WithdrawnInError]);
            let mut right = self.drafts[wrong].clone();
            right.corrects = Some((wrong, kind));
            right.of.retain(|of| *of != told);
            right.late += 60;
            if kind == CorrectionKind::Replaced {
                right.at = Self::moved(right.at, self.random.between(-300, 300));
                right.day_only = false;
            }
            self.drafts.push(right);
        }
    }

    /// The story as a case file: numbered in the order of recording.
    fn case(mut self) -> CaseFile {
        let zone = jiff::tz::TimeZone::get(self.pack.zone.name()).expect("the pack's zone");
        let recorded = self.random.chance(60);
        let at = |draft: &Draft| draft.at.to_zoned(zone.clone()).expect("a time in reach").timestamp();
        let written = |draft: &Draft| at(draft) + SignedDuration::from_mins(draft.late);
        let mut order: Vec<usize> = (0..self.drafts.len()).collect();
        order.sort_by_key(|draft| (written(&self.drafts[*draft]), *draft));
        after_what_they_correct(&mut order, &self.drafts);
        let number = |draft: usize| u32::try_from(order.iter().position(|at| *at == draft).expect("it is numbered") + 1).expect("small");
        let mut latest = Timestamp::MIN;
        let entries = order.iter().zip(1..).map(|(place, n)| {
            let draft = &self.drafts[*place];
            latest = latest.max(written(draft));
            let mut details = draft.details.clone();
            details.of = draft.of.iter().filter(|of| *of != place).map(|of| number(*of)).collect();
            details.on = draft.on.iter().filter(|on| *on != place).map(|on| number(*on)).collect();
            Entry {
                file: PERSON.to_owned(),
                n,
                at: draft.when(&zone),
                recorded: recorded.then_some(latest),
                origin: Origin::Reported,
                stay: None,
                fact: draft.fact,
                details,
                corrects: draft.corrects.map(|(of, kind)| Correction { n: number(of), kind, why: "a slip".to_owned() }),
            }
        });
        let person = FileEntries { id: PERSON.to_owned(), kind: FileKind::Person, entries: entries.collect() };
        let mut files = context_files(&self.context);
        files.push(person);
        files.sort_by(|a, b| a.id.cmp(&b.id));
        CaseFile { header: Header::default(), files }
    }
}

/// A correction comes after what it corrects.
fn after_what_they_correct(order: &mut Vec<usize>, drafts: &[Draft]) {
    for (draft, told) in drafts.iter().enumerate() {
        let Some((of, _)) = told.corrects else { continue };
        let place = |wanted: usize, order: &[usize]| order.iter().position(|at| *at == wanted);
        if let (Some(one), Some(other)) = (place(draft, order), place(of, order))
            && one < other
        {
            order.remove(one);
            order.insert(other, draft);
        }
    }
}

fn context_files(context: &[(String, Date, FactKind, Details)]) -> Vec<FileEntries> {
    let mut ids: Vec<&String> = context.iter().map(|(id, ..)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    let file = |id: &String| {
        let entries = context.iter().filter(|(of, ..)| of == id).zip(1..).map(|((_, day, fact, details), n)| Entry {
            file: id.clone(),
            n,
            at: When::Day(*day),
            recorded: None,
            origin: Origin::Reported,
            stay: None,
            fact: *fact,
            details: details.clone(),
            corrects: None,
        });
        FileEntries { id: id.clone(), kind: FileKind::of(id).expect("a prefix"), entries: entries.collect() }
    };
    ids.into_iter().map(file).collect()
}
