//! What is owed for the people of a facility: every duty that is open or late, the most urgent first.
//!
//! It is drawn from the forecasts, and lateness from the time that has passed since. Deliberately absent: duties that are met, and whose fault it is.

use jiff::Timestamp;
use openward_law::entry::FileKind;
use openward_register::derived;
use openward_register::derived::ties::PAGE_MAX;
use serde_json::Value;

use crate::ward::reader;
use crate::who::Who;
use crate::{Office, Refusal};

/// At most so many duties are given at once.
pub const ROWS_MAX: usize = 100;

/// A duty that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// The person's file.
    pub file: String,
    /// The person's name, if the register has one.
    pub name: Option<String>,
    /// What the law calls the duty.
    pub title: String,
    /// Where it stands.
    pub section: String,
    /// Who must act, in the law's words.
    pub by: Vec<String>,
    /// `late`, `open` or `cannot-tell`.
    pub state: &'static str,
    /// The first instant after the time for it; none: as soon as can be.
    pub due: Option<Timestamp>,
    /// The last day for it, where the law counts in days.
    pub last_day: Option<String>,
    /// Its parts still to be done.
    pub to_do: Vec<String>,
}

/// One page of what is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// The duties, at most [`ROWS_MAX`].
    pub owed: Vec<Owed>,
    /// How many more there are for these people after the last.
    pub more: usize,
    /// Where the next page of people begins, if there are more.
    pub next: Option<i64>,
}

impl Office {
    /// What is owed for a page of the people of somebody's facility, without the first so many duties. Each opening is recorded before anything is given.
    ///
    /// # Errors
    /// As [`Office::ward`].
    pub fn desk(&self, who: &Who, after: i64, skip: usize) -> Result<Desk, Refusal> {
        let now = self.now();
        let tied = self.register.tied(&who.organisation, self.micros(), after)?;
        let next = tied.last().map(|last| last.number).filter(|_| tied.len() >= PAGE_MAX);
        let mut owed = Vec::new();
        for one in tied.iter().filter(|one| FileKind::of(&one.file) == Some(FileKind::Person)) {
            if self.may_see(who, &one.file).is_ok() {
                self.owed_for(who, &one.file, now, &mut owed)?;
            }
        }
        owed.sort_by(|a, b| urgency(a).cmp(&urgency(b)));
        let more = owed.len().saturating_sub(skip.saturating_add(ROWS_MAX));
        Ok(Desk { owed: owed.into_iter().skip(skip).take(ROWS_MAX).collect(), more, next })
    }

    fn owed_for(&self, who: &Who, file: &str, now: Timestamp, into: &mut Vec<Owed>) -> Result<(), Refusal> {
        self.register.opened(file, &reader(who, "what is owed"))?;
        let name = self.name_of(file)?;
        let row = self.register.file(file)?;
        for forecast in self.register.forecasts(file)? {
            let opened = derived::open(self.register.keys(), &row, &forecast)?;
            let duties = opened.get("duties").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            into.extend(duties.iter().filter_map(|duty| owed(file, name.as_deref(), duty, now)));
        }
        Ok(())
    }
}

/// The late first, by how long; then what is due as soon as can be; then by when it is due.
fn urgency(owed: &Owed) -> (bool, Timestamp, &str, &str) {
    (owed.state != "late", owed.due.unwrap_or(Timestamp::MIN), owed.name.as_deref().unwrap_or_default(), &owed.title)
}

fn owed(file: &str, name: Option<&str>, duty: &Value, now: Timestamp) -> Option<Owed> {
    let text = |key: &str| duty.get(key).and_then(Value::as_str).map(str::to_owned);
    let list = |key: &str| {
        let all = duty.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let of_due = |key: &str| duty.get("due").and_then(|due| due.get(key)).and_then(Value::as_str);
    let due: Option<Timestamp> = of_due("until").and_then(|until| until.parse().ok());
    let since: Option<Timestamp> = text("since").and_then(|since| since.parse().ok());
    let state = match text("state")?.as_str() {
        "late" => "late",
        // The state is as of the last entry; time has passed since.
        "open" if due.is_some_and(|due| due <= now) => "late",
        "open" => "open",
        "cannot-tell" => "cannot-tell",
        _ => return None,
    };
    // What is owed only from a later day on is not open yet.
    if since.is_some_and(|since| since > now) {
        return None;
    }
    Some(Owed {
        file: file.to_owned(),
        name: name.map(str::to_owned),
        title: text("title")?,
        section: text("section").unwrap_or_default(),
        by: list("owed_by"),
        state,
        due,
        last_day: of_due("last_day").map(str::to_owned),
        to_do: list("to_do"),
    })
}
