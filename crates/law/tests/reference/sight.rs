//! Whether a pattern fits, and whether a condition holds: FORMAT.md, "Patterns" and "Conditions". Everything is scanned anew.

use jiff::civil::Date;
use openward_law::entry::FactKind;
use openward_law::pack::{Condition, Looks, Pattern, Provision, Sym, Version};

use super::Reference;
use super::days::Point;
use super::state::{Run, Sight, Where};
use super::told::Told;

/// What an instance is known by.
pub(crate) struct Instance {
    /// Its entries.
    pub(crate) entries: Vec<usize>,
    /// Whether it is the oldest open one.
    pub(crate) oldest: bool,
}

impl<'p, 'e> Reference<'p, 'e> {
    fn text_of(&self, sym: &Sym) -> &'p str {
        self.pack.words.text(*sym)
    }

    /// Whether an entry shows what a pattern asks for, apart from instance, count and conditions.
    pub(crate) fn shows(&self, pattern: &Pattern, told: &Told<'_>) -> bool {
        let details = told.details();
        let one = |wanted: &[Sym], given: Option<&String>| {
            wanted.is_empty() || given.is_some_and(|given| wanted.iter().any(|sym| self.text_of(sym) == given))
        };
        let all = |wanted: &[Sym], given: &[String]| wanted.iter().all(|sym| given.iter().any(|given| self.text_of(sym) == given));
        pattern.looks_at(told.fact())
            && one(&pattern.instrument, told.instrument.as_ref())
            && one(&pattern.under, details.under.as_ref())
            && one(&pattern.by, told.role.as_ref())
            && one(&pattern.outcome, details.outcome.as_ref())
            && one(&pattern.kind, details.kind.as_ref())
            && all(&pattern.to, &details.to)
            && self.arrives(&pattern.reaches, told)
            && all(&pattern.how, &details.how)
            && all(&pattern.contents, &details.contents)
            && (pattern.states.is_empty() || pattern.states.iter().any(|sym| details.states.iter().any(|given| self.text_of(sym) == given)))
            && (pattern.understood.is_none() || pattern.understood == details.understood)
    }

    /// Whether an act went where it should, as far as it says where; what somebody received went to them.
    pub(crate) fn arrives(&self, wanted: &[Sym], told: &Told<'_>) -> bool {
        let to: Vec<&String> = match told.fact() {
            FactKind::Received => told.role.iter().collect(),
            _ => told.details().to.iter().collect(),
        };
        let mut known = to.into_iter().filter(|word| self.pack.words.find(word).is_some()).peekable();
        wanted.is_empty() || known.peek().is_none() || known.any(|word| wanted.iter().any(|sym| self.text_of(sym) == word))
    }

    /// What keeps an entry from showing what a pattern asks for, if it is only silence: the field that it leaves out.
    pub(crate) fn unsaid(&self, pattern: &Pattern, entry: usize) -> Option<&'static str> {
        let (told, details) = (&self.told[entry], self.told[entry].details());
        let asked = [
            ("by", &pattern.by, told.role.as_ref(), details.role.is_none()),
            ("under", &pattern.under, details.under.as_ref(), details.under.is_none()),
            ("outcome", &pattern.outcome, details.outcome.as_ref(), details.outcome.is_none()),
            ("kind", &pattern.kind, details.kind.as_ref(), details.kind.is_none()),
        ];
        let silent = |asked: &(&'static str, &Vec<Sym>, Option<&String>, bool)| !asked.1.is_empty() && asked.2.is_none() && asked.3;
        let first = asked.iter().find(|asked| silent(asked)).map(|asked| asked.0)?;
        // With what is left unsaid out of the way, everything else must fit.
        let mut rest = pattern.clone();
        for asked in asked.iter().filter(|asked| silent(asked)) {
            match asked.0 {
                "by" => rest.by.clear(),
                "under" => rest.under.clear(),
                "outcome" => rest.outcome.clear(),
                _ => rest.kind.clear(),
            }
        }
        self.shows(&rest, told).then_some(first)
    }

    /// Whether a pattern certainly fits what is seen, with everything it says.
    pub(crate) fn fits(&self, pattern: &Pattern, sight: Sight, instance: Option<&Instance>) -> bool {
        self.fitting(pattern, sight, instance) == Ok(true)
    }

    /// Whether a pattern fits what is seen; an error names what the register does not say.
    pub(crate) fn fitting(&self, pattern: &Pattern, sight: Sight, instance: Option<&Instance>) -> Result<bool, &'static str> {
        let fits = match sight {
            Sight::Entry(entry) => {
                let told = &self.told[entry];
                let about = || match instance {
                    None => false,
                    Some(instance) if told.details().of.is_empty() => instance.oldest,
                    Some(instance) => told.of.iter().any(|of| instance.entries.contains(of)),
                };
                self.shows(pattern, told) && (!pattern.of_instance || about())
            }
            Sight::Event(happening) => match &pattern.looks {
                Looks::Events(event, numbers) => {
                    *event == happening.event
                        && (numbers.is_empty() || numbers.iter().any(|number| usize::from(*number) == happening.number))
                }
                Looks::Entries(_) => false,
            },
        };
        if !fits {
            return Ok(false);
        }
        let if_ = pattern.if_.as_ref().map(|condition| self.so(condition));
        let unless = pattern.unless.as_ref().map(|condition| self.so(condition).map(|holds| !holds));
        let all = all_of(&[if_, unless].into_iter().flatten().collect::<Vec<_>>());
        if let (Some(nth), Sight::Entry(entry)) = (pattern.nth, sight)
            && all != Ok(false)
        {
            // Counted are those of this stay that fitted when they were read.
            let key = std::ptr::from_ref(pattern) as usize;
            let mut counted = self.counted_as.borrow_mut();
            counted.insert((key, entry));
            if counted.range((key, self.stay)..=(key, usize::MAX)).count() != nth as usize {
                return Ok(false);
            }
        }
        all
    }

    /// Whether any of some patterns fits; an error where none certainly does and one may.
    pub(crate) fn any_may(&self, patterns: &[Pattern], sight: Sight) -> Result<bool, &'static str> {
        let answers: Vec<_> = patterns.iter().map(|pattern| self.fitting(pattern, sight, None)).collect();
        if answers.contains(&Ok(true)) {
            return Ok(true);
        }
        answers.into_iter().find(Result::is_err).unwrap_or(Ok(false))
    }

    /// Whether any of some patterns fits.
    pub(crate) fn any(&self, patterns: &[Pattern], sight: Sight, instance: Option<&Instance>) -> bool {
        patterns.iter().any(|pattern| self.fits(pattern, sight, instance))
    }

    /// Whether a condition certainly holds now.
    pub(crate) fn holds(&self, condition: &Condition) -> bool {
        self.so(condition) == Ok(true)
    }

    /// Whether a condition holds now; an error names what the register does not say.
    pub(crate) fn so(&self, condition: &Condition) -> Result<bool, &'static str> {
        let in_being: Vec<&Run<'p>> = self.runs.iter().filter(|run| run.open && !run.void).collect();
        let running = |orders: &[u16]| in_being.iter().any(|run| orders.iter().any(|order| usize::from(*order) == run.order));
        let exempt = |run: &Run<'_>| condition.not_other_than.iter().any(|order| usize::from(*order) == run.order);
        let resting = |run: &Run<'_>| run.rests.iter().any(|(_, back)| back.is_none());
        let status = |wanted: &[openward_law::pack::Status]| {
            in_being.iter().any(|run| wanted.contains(&run.body.status) && !exempt(run) && !resting(run))
        };
        let happened = |pattern: &Pattern| self.told[..self.read].iter().any(|told| self.shows(pattern, told));
        let inside = matches!(self.whereabouts, Where::Free | Where::Held | Where::Stopped | Where::Asked);
        let word = |wanted: &[Sym], given: Option<&str>, name: &'static str| {
            let fits = |given: &str| wanted.iter().any(|sym| self.text_of(sym) == given);
            if wanted.is_empty() { Ok(true) } else { given.map(fits).ok_or(name) }
        };
        let day = self.days.day(self.now.first);
        let younger = |years: u32| self.born.map(|born| birthday(born, years).is_none_or(|day_of| day < day_of)).ok_or("born");
        let certain = [
            condition.running.is_empty() || running(&condition.running),
            condition.not_running.is_empty() || !running(&condition.not_running),
            condition.status.is_empty() || status(&condition.status),
            condition.not_status.is_empty() || !status(&condition.not_status),
            condition.inpatient.is_none_or(|wanted| wanted == inside),
            condition.absent.is_none_or(|wanted| wanted == (self.whereabouts == Where::Absent)),
            condition.happened.iter().all(happened),
            !condition.not_happened.iter().any(happened),
        ];
        let place = self.place.as_deref();
        let emergencies: Vec<_> = condition.emergency.iter().map(|kind| self.files.emergency(self.text_of(kind), place, day)).collect();
        let emergency = match emergencies.iter().find(|answer| **answer == Ok(true)).or(emergencies.iter().find(|answer| answer.is_err())) {
            Some(answer) => *answer,
            None => Ok(emergencies.is_empty()),
        };
        all_of(&[
            Ok(certain.iter().all(|holds| *holds)),
            condition.age_under.map_or(Ok(true), younger),
            word(&condition.sex, self.sex.as_deref(), "sex"),
            word(&condition.region, place.and_then(|place| self.files.region(place, day)), "region"),
            emergency,
        ])
    }

    /// The text of a provision for an act: the version of the day, in the most specific variation that holds.
    pub(crate) fn text<B>(&self, provision: &'p Provision<B>, at: Point) -> Option<(&'p Version<B>, &'p B)> {
        let day = self.days.day(at.first);
        let in_force =
            |version: &&Version<B>| version.head.from.is_some_and(|from| from <= day) && version.head.until.is_none_or(|until| until > day);
        let always =
            |version: &&Version<B>| version.head.applies_to == openward_law::pack::AppliesTo::DeclaredAlways && version.head.from.is_some();
        let version = provision.versions.iter().find(always).or_else(|| provision.versions.iter().rfind(in_force))?;
        if version.head.repeals {
            return None;
        }
        let mut best: Option<&(Condition, B)> = None;
        for variation in version.variations.iter().filter(|(condition, _)| self.holds(condition)) {
            if best.is_none_or(|best| best.0.weight() < variation.0.weight()) {
                best = Some(variation);
            }
        }
        Some((version, best.map_or(&version.body, |(_, body)| body)))
    }

    /// The entry behind what is seen, and when it was.
    pub(crate) fn behind(&self, sight: Sight) -> (usize, Point) {
        match sight {
            Sight::Entry(entry) => (entry, self.told[entry].at),
            Sight::Event(happening) => (happening.by, happening.at),
        }
    }
}

/// All of some answers: one that is certainly not so settles it.
fn all_of(answers: &[Result<bool, &'static str>]) -> Result<bool, &'static str> {
    if answers.contains(&Ok(false)) {
        return Ok(false);
    }
    answers.iter().copied().find(Result::is_err).unwrap_or(Ok(true))
}

/// The day on which a person is so many years old: the birthday, or 1 March where the year has no such day.
fn birthday(born: Date, years: u32) -> Option<Date> {
    let year = born.year().checked_add(i16::try_from(years).ok()?)?;
    Date::new(year, born.month(), born.day()).or_else(|_| Date::new(year, 3, 1)).ok()
}
