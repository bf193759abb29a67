//! Whether a pattern fits an occurrence, and whether a condition holds at the fold's present point.

use super::fold::{Fold, Occurrence};
use super::forecast::{OrderRun, Presence};
use super::item::{Item, ItemNo};
use crate::entry::FactKind;
use crate::pack::{Condition, Looks, Pattern, Status, Sym};

/// What a question about the register comes to: the third answer names what is not on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    Unknown(&'static str),
}

impl Truth {
    fn of(known: Option<bool>, word: &'static str) -> Truth {
        known.map_or(Truth::Unknown(word), Truth::from)
    }

    /// Both: what is certainly not so settles it, whatever else is unknown.
    fn and(self, other: impl FnOnce() -> Truth) -> Truth {
        match self {
            Truth::No => Truth::No,
            Truth::Yes => other(),
            Truth::Unknown(_) => match other() {
                Truth::No => Truth::No,
                Truth::Yes | Truth::Unknown(_) => self,
            },
        }
    }

    /// Either: what is certainly so settles it.
    pub(crate) fn or(self, other: Truth) -> Truth {
        self.not().and(|| other.not()).not()
    }

    fn not(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown(word) => Truth::Unknown(word),
        }
    }
}

impl From<bool> for Truth {
    fn from(yes: bool) -> Truth {
        if yes { Truth::Yes } else { Truth::No }
    }
}

/// What an instance is known by, for patterns that say `of = "instance"`.
pub(crate) struct Instance {
    /// Whether the occurrence is about it: an entry that names one of its entries, or names none while this is the oldest open one.
    about: bool,
}

impl<'p, 'e> Fold<'p, 'e> {
    /// What an instance is to an occurrence, by its own entries, which are asked for only where they decide.
    pub(crate) fn instance<I: Iterator<Item = ItemNo>>(&self, occurrence: Occurrence, oldest: bool, own: impl FnOnce() -> I) -> Instance {
        let item = match occurrence {
            Occurrence::Entry(number) => self.item(number),
            Occurrence::Event(_) => None,
        };
        let about = |item: &Item<'_>| if item.details().of.is_empty() { oldest } else { own().any(|own| item.is_about(own)) };
        Instance { about: item.is_some_and(about) }
    }

    /// Whether a pattern certainly fits an occurrence, its `if` and `unless` included.
    pub(crate) fn fits(&self, pattern: &Pattern, occurrence: Occurrence, instance: Option<&Instance>) -> bool {
        self.fitting(pattern, occurrence, instance) == Truth::Yes
    }

    /// Whether a pattern fits an occurrence, its `if` and `unless` included.
    pub(crate) fn fitting(&self, pattern: &Pattern, occurrence: Occurrence, instance: Option<&Instance>) -> Truth {
        let fits = match occurrence {
            Occurrence::Entry(number) => self
                .item(number)
                .is_some_and(|item| fits_item(pattern, item) && (!pattern.of_instance || instance.is_some_and(|instance| instance.about))),
            Occurrence::Event(happened) => {
                let concerns = |numbers: &[u16]| numbers.is_empty() || numbers.contains(&happened.number);
                matches!(&pattern.looks, Looks::Events(event, numbers) if *event == happened.event && concerns(numbers))
            }
        };
        let truth = Truth::from(fits)
            .and(|| pattern.if_.as_deref().map_or(Truth::Yes, |condition| self.truth(condition)))
            .and(|| pattern.unless.as_deref().map_or(Truth::Yes, |condition| self.truth(condition).not()));
        match (pattern.nth, occurrence) {
            (Some(nth), Occurrence::Entry(number)) if truth != Truth::No && self.nth_in_stay(pattern, number) != nth => Truth::No,
            _ => truth,
        }
    }

    /// Which one a fitting entry is of those of this stay that fitted when they were read.
    fn nth_in_stay(&self, pattern: &Pattern, number: ItemNo) -> u32 {
        let mut fitted = self.fitted.borrow_mut();
        let key = std::ptr::from_ref(pattern);
        if !fitted.contains(&(key, number)) {
            fitted.push((key, number));
        }
        let same = |one: &&(*const Pattern, ItemNo)| std::ptr::eq(one.0, key) && usize::from(one.1) >= self.stay;
        u32::try_from(fitted.iter().filter(same).count()).unwrap_or(u32::MAX)
    }

    /// Whether a condition certainly holds now.
    pub(crate) fn holds(&self, condition: &Condition) -> bool {
        self.truth(condition) == Truth::Yes
    }

    /// Whether a condition holds now, or may hold for all that the register says. What it does not say is noted.
    pub(crate) fn truth(&self, condition: &Condition) -> Truth {
        // What has no effect is not in being.
        let open = || self.open_orders.iter().filter_map(|number| self.out.orders.get(*number)).filter(|run| !run.void);
        let running = |number: &u16| open().any(|run| run.order == *number);
        // An order that rests gives no status.
        let rests = |run: &OrderRun<'_>| run.pauses.last().is_some_and(|(_, until)| until.is_none());
        let status = |status: &Status| {
            open().filter(|run| !rests(run)).any(|run| run.body.status == *status && !condition.not_other_than.contains(&run.order))
        };
        let inpatient = matches!(self.presence, Presence::Free | Presence::Held | Presence::Stopped | Presence::Asked);
        let happened = |pattern: &Pattern| self.has_happened(pattern);
        let certain = (condition.running.is_empty() || condition.running.iter().any(running))
            && !condition.not_running.iter().any(running)
            && (condition.status.is_empty() || condition.status.iter().any(status))
            && !condition.not_status.iter().any(status)
            && condition.inpatient.is_none_or(|wanted| wanted == inpatient)
            && condition.absent.is_none_or(|wanted| wanted == (self.presence == Presence::Absent))
            && condition.happened.iter().all(happened)
            && !condition.not_happened.iter().any(happened);
        let asks_more = [&condition.sex, &condition.region, &condition.emergency].iter().any(|asked| !asked.is_empty());
        if certain && condition.age_under.is_none() && !asks_more {
            return Truth::Yes;
        }
        let one_of = |wanted: &[Sym], given: Option<Sym>, word| {
            if wanted.is_empty() { Truth::Yes } else { Truth::of(given.map(|given| wanted.contains(&given)), word) }
        };
        let truth = Truth::from(certain)
            .and(|| condition.age_under.map_or(Truth::Yes, |years| Truth::of(self.younger_than(years), "born")))
            .and(|| one_of(&condition.sex, self.items.sex, "sex"))
            .and(|| one_of(&condition.region, self.region(), "region"))
            .and(|| if condition.emergency.is_empty() { Truth::Yes } else { self.emergency(&condition.emergency) });
        if let Truth::Unknown(word) = truth {
            let mut unsaid = self.unsaid.borrow_mut();
            if !unsaid.contains(&word) {
                unsaid.push(word);
            }
        }
        truth
    }

    /// Whether an entry read so far fits a pattern; each pattern looks at each entry once.
    fn has_happened(&self, pattern: &Pattern) -> bool {
        let mut looked = self.looked.borrow_mut();
        let key = std::ptr::from_ref(pattern);
        let known = looked.iter_mut().find(|(known, ..)| std::ptr::eq(*known, key));
        let (from, found) = known.as_ref().map_or((0, false), |known| (known.1, known.2));
        let found = found || self.items.list.get(from..self.read).unwrap_or(&[]).iter().any(|item| fits_item(pattern, item));
        match known {
            Some(known) => *known = (key, self.read, found),
            None => looked.push((key, self.read, found)),
        }
        found
    }

    /// Whether the person is younger than so many years on the present day; `None` where the register does not say when they were born.
    fn younger_than(&self, years: u32) -> Option<bool> {
        let (Some(born), Ok(years)) = (self.items.born, i16::try_from(years)) else { return None };
        let today = self.day(&self.now);
        let mut age = today.year() - born.year();
        if (today.month(), today.day()) < (born.month(), born.day()) {
            age -= 1;
        }
        Some(age < years)
    }

    fn region(&self) -> Option<Sym> {
        self.pack.words.find(self.named_region()?)
    }

    /// The region of the place last named, in the words of its file.
    fn named_region(&self) -> Option<&'e str> {
        self.context.region_of(self.place?, self.day(&self.now))
    }

    /// Whether an emergency of one of these kinds is declared where the person is: one for a region reaches only the places in it.
    fn emergency(&self, kinds: &[Sym]) -> Truth {
        let (day, here) = (self.day(&self.now), self.named_region());
        let reaches = |region: Option<&str>| region.map_or(Truth::Yes, |region| Truth::of(here.map(|here| here == region), "region"));
        let declared = kinds.iter().flat_map(|kind| self.context.emergencies(self.pack.words.text(*kind), day));
        declared.map(reaches).fold(Truth::No, Truth::or)
    }
}

/// Whether an entry fits a pattern, apart from instance, count and conditions.
pub(crate) fn fits_item(pattern: &Pattern, item: &Item<'_>) -> bool {
    let one = |wanted: &[Sym], given: Option<Sym>| wanted.is_empty() || given.is_some_and(|given| wanted.contains(&given));
    let all = |wanted: &[Sym], given: &[Sym]| wanted.iter().all(|word| given.contains(word));
    pattern.looks_at(item.fact())
        && one(&pattern.instrument, item.instrument)
        && one(&pattern.under, item.under)
        && one(&pattern.by, item.role)
        && one(&pattern.outcome, item.outcome)
        && one(&pattern.kind, item.kind)
        && all(&pattern.to, &item.to)
        && reaches(&pattern.reaches, item)
        && all(&pattern.how, &item.how)
        && all(&pattern.contents, &item.contents)
        && (pattern.states.is_empty() || pattern.states.iter().any(|criterion| item.states.contains(criterion)))
        && pattern.understood.is_none_or(|wanted| item.details().understood == Some(wanted))
}

/// Whether an act went to one of these, or names nobody to whom it went. What was received went to who received it.
pub(crate) fn reaches(wanted: &[Sym], item: &Item<'_>) -> bool {
    let received = item.fact() == FactKind::Received;
    let to = if received { item.role.as_slice() } else { item.to.as_slice() };
    wanted.is_empty() || to.is_empty() || to.iter().any(|to| wanted.contains(to))
}

/// What keeps an entry from fitting a pattern, if it is only silence: the name of the field it leaves out. `None` where it fits, or where
/// something that it does say does not fit.
pub(crate) fn unsaid(pattern: &Pattern, item: &Item<'_>) -> Option<&'static str> {
    if !pattern.looks_at(item.fact()) {
        return None;
    }
    let details = item.details();
    let one = [
        ("by", &pattern.by, item.role, details.role.is_none()),
        ("under", &pattern.under, item.under, details.under.is_none()),
        ("outcome", &pattern.outcome, item.outcome, details.outcome.is_none()),
        ("kind", &pattern.kind, item.kind, details.kind.is_none()),
    ];
    let mut missing = None;
    for (name, wanted, given, silent) in one {
        match given {
            _ if wanted.is_empty() => {}
            Some(given) if wanted.contains(&given) => {}
            None if silent => missing = missing.or(Some(name)),
            _ => return None,
        }
    }
    let rest = (pattern.instrument.is_empty() || item.instrument.is_some_and(|instrument| pattern.instrument.contains(&instrument)))
        && pattern.to.iter().all(|word| item.to.contains(word))
        && reaches(&pattern.reaches, item)
        && pattern.how.iter().all(|word| item.how.contains(word))
        && pattern.contents.iter().all(|word| item.contents.contains(word))
        && (pattern.states.is_empty() || pattern.states.iter().any(|criterion| item.states.contains(criterion)))
        && pattern.understood.is_none_or(|wanted| details.understood == Some(wanted));
    missing.filter(|_| rest)
}
