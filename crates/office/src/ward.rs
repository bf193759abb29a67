//! A facility's register at a glance: every person there, whether authority is shown, and what comes next.
//!
//! It is drawn from the forecasts, which are folded anew where they no longer hold. Deliberately absent: people who are not there now, and a list
//! over several facilities.

use jiff::Timestamp;
use openward_law::entry::{Entry, FactKind, FileKind};
use openward_register::derived::{AUTHORITY, HELD, STATES};
use openward_register::history::{AsOf, HistoryError};
use openward_register::reads::Reader;
use openward_register::store::{ForecastRow, Micros};
use openward_register::writer::Refused;

use crate::who::Who;
use crate::{Office, Refusal};

/// One person of a facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// The file.
    pub file: String,
    /// The person's name, if the register has one.
    pub name: Option<String>,
    /// Whether held: `yes`, `no` or `cannot-tell`; none where no law says anything.
    pub held: Option<&'static str>,
    /// The answer on authority.
    pub authority: Option<&'static str>,
    /// The first instant after which that answer is another.
    pub until: Option<Timestamp>,
    /// The law's id.
    pub law: Option<String>,
    /// How many duties are late.
    pub late: usize,
    /// How many are open.
    pub open: usize,
    /// When the next one is due.
    pub next_due: Option<Timestamp>,
    /// Why nothing can be said.
    pub closed: bool,
}

/// One page of a facility's register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ward {
    /// What the facility is called, if its file says.
    pub name: Option<String>,
    /// Its people.
    pub stays: Vec<Stay>,
    /// Where the next page begins, if there is more.
    pub next: Option<i64>,
}

impl Office {
    /// A page of the register of somebody's facility. Each person's file is opened, and each opening recorded, before anything is given.
    ///
    /// # Errors
    /// An opening that cannot be recorded; then nothing is given. Or a register that cannot be read.
    pub fn ward(&self, who: &Who, after: i64) -> Result<Ward, Refusal> {
        let now = self.micros();
        let tied = self.register.tied(&who.organisation, now, after)?;
        let next = tied.last().map(|last| last.number).filter(|_| tied.len() >= openward_register::derived::ties::PAGE_MAX);
        let mut stays = Vec::with_capacity(tied.len());
        for one in tied.iter().filter(|one| FileKind::of(&one.file) == Some(FileKind::Person)) {
            if self.may_see(who, &one.file).is_ok() {
                stays.push(self.stay(who, &one.file, now)?);
            }
        }
        stays.sort_by(|a, b| urgency(a).cmp(&urgency(b)).then_with(|| a.name.cmp(&b.name)).then_with(|| a.file.cmp(&b.file)));
        Ok(Ward { name: self.name_of(&who.organisation)?, stays, next })
    }

    fn stay(&self, who: &Who, file: &str, now: Micros) -> Result<Stay, Refusal> {
        self.register.opened(file, &reader(who, "the ward's register"))?;
        let forecasts = self.register.forecasts(file)?;
        let name = self.name_of(file)?;
        Ok(stay(file, name, &forecasts, now))
    }

    /// The name that a file says last, if it says one.
    pub(crate) fn name_of(&self, file: &str) -> Result<Option<String>, Refusal> {
        match self.register.history(file, AsOf::Now) {
            Ok(kept) => Ok(name_in(&kept.into_iter().map(|kept| kept.entry).collect::<Vec<_>>())),
            Err(HistoryError::NoFile) => Ok(None),
            Err(error) => Err(Refused::from(error).into()),
        }
    }
}

/// The name that entries say last, of those in force.
pub(crate) fn name_in(entries: &[Entry]) -> Option<String> {
    let struck: Vec<u32> = entries.iter().filter_map(|entry| entry.corrects.as_ref().map(|by| by.n)).collect();
    let names = |fact| matches!(fact, FactKind::Described | FactKind::FacilityDesignated | FactKind::ProfessionalAuthorised);
    let said = entries.iter().filter(|entry| names(entry.fact) && !struck.contains(&entry.n));
    said.filter_map(|entry| entry.details.name.clone()).next_back()
}

/// Who reads, as it is recorded and shown to the person.
pub(crate) fn reader(who: &Who, view: &str) -> Reader {
    Reader { who: who.file.clone(), capacity: who.role.word().to_owned(), purpose: "care".to_owned(), view: view.to_owned() }
}

/// What is worst comes first: no authority, not shown, contested, something late, then by the next date.
fn urgency(stay: &Stay) -> (usize, bool, Option<Timestamp>) {
    let is_held = stay.held != Some("no");
    let rank = match stay.authority {
        Some("none") if is_held => 0,
        Some("not-shown") if is_held => 1,
        Some("contested") if is_held => 2,
        _ => 3,
    };
    let next = stay.until.into_iter().chain(stay.next_due).min();
    (rank, stay.late == 0, next.or(Some(Timestamp::MAX)))
}

fn instant(micros: Micros) -> Option<Timestamp> {
    Timestamp::from_microsecond(micros).ok()
}

fn stay(file: &str, name: Option<String>, forecasts: &[ForecastRow], now: Micros) -> Stay {
    let mut stay = Stay {
        file: file.to_owned(),
        name,
        held: None,
        authority: None,
        until: None,
        law: None,
        late: 0,
        open: 0,
        next_due: None,
        closed: forecasts.is_empty(),
    };
    for forecast in forecasts {
        let now_in = forecast.spans.iter().find(|span| span.begins <= now && span.until.is_none_or(|until| now < until));
        if let Some(span) = now_in.filter(|_| stay.authority.is_none()) {
            stay.held = HELD.get(usize::from(span.held)).copied();
            stay.authority = AUTHORITY.get(usize::from(span.authority)).copied();
            stay.until = span.until.and_then(instant);
            stay.law = Some(forecast.law.clone());
        }
        // States are as of the last entry. Lateness needs nobody: it follows from the time that has passed since.
        for owed in forecast.owed.iter().filter(|owed| owed.since <= now) {
            let state = STATES.get(usize::from(owed.state)).copied().unwrap_or_default();
            let is_past = owed.due.is_some_and(|due| due <= now);
            match state {
                "late" => stay.late += 1,
                "open" if is_past => stay.late += 1,
                "open" | "cannot-tell" => {
                    stay.open += 1;
                    stay.next_due = [stay.next_due, owed.due.and_then(instant)].into_iter().flatten().min();
                }
                _ => {}
            }
        }
    }
    stay
}
