//! Acts: what somebody puts on a person's file. Filled in, looked at with the standing that it would give, signed.
//!
//! One act writes one file. Between looking and signing it is a draft, closed with the key of the file, so that nothing of it lies in a browser.
//! The standing before signing is that of the one engine over the entries with the unsigned ones added. Modules: [`form`] what may be filled in,
//! [`typed`] from what was filled in to entries. Deliberately absent: a second set of rules, and any refusal of a fact for being unlawful.

pub mod form;
#[cfg(test)]
pub(crate) mod tests;
pub mod typed;

use jiff::Timestamp;
use openward_law::casefile::{CaseFile, FileEntries, Header};
use openward_law::entry::{Entry, FactKind, FileKind, Origin};
use openward_register::drafts::Draft;
use openward_register::history::{AsOf, HistoryError};
use openward_register::store::ActId;
use openward_register::writer::{Acknowledged, Act, Refused};
use serde::{Deserialize, Serialize};

use crate::door::random_id;
use crate::file::Shown;
use crate::who::Who;
use crate::{Office, Refusal};

pub use typed::{Fault, Typed};

/// So long an act that was looked at may wait for its signature: until the end of a shift, and no longer.
const WAITS: i64 = 12 * 3600 * 1_000_000;

/// An act that was looked at and not signed yet.
pub struct Look {
    /// The file. A new one has its id already.
    pub file: String,
    /// The draft: what is signed is this, and nothing that a browser sends.
    pub draft: ActId,
    /// The entries that would be added, with their numbers.
    pub entries: Vec<Entry>,
    /// The file as it stands.
    pub before: Shown,
    /// The file as it would stand.
    pub after: Shown,
}

/// An act that was signed and is kept.
pub struct Signed {
    /// The file.
    pub file: String,
    /// The numbers of its entries.
    pub numbers: Vec<u64>,
    /// When they were recorded.
    pub recorded: Option<Timestamp>,
    /// A receipt for each entry.
    pub receipts: Vec<String>,
}

/// What came of signing.
pub enum Outcome {
    /// It is kept.
    Kept(Signed),
    /// Somebody else wrote to the file first: nothing was kept, and it must be looked at again.
    Changed,
    /// It was kept before, by another attempt.
    Again,
}

/// What is kept of an act between looking and signing.
#[derive(Serialize, Deserialize)]
struct Waiting {
    v: u32,
    /// How many entries the file had.
    after: u64,
    /// The added entries, as lines of a case file.
    added: String,
}

impl Office {
    /// Looks at an act: what would stand on the file, and what the law would make of it. Keeps it as a draft until it is signed.
    /// `file` is none for a person who has no file yet.
    ///
    /// # Errors
    /// What was filled in is not in its form, said of each field; or it is not this person's to do.
    pub fn look(&self, who: &Who, file: Option<&str>, typed: &[Typed]) -> Result<Result<Look, Vec<Fault>>, Refusal> {
        let (file, before) = match file {
            Some(file) => (file.to_owned(), self.entries_of(who, file)?),
            None => (new_file()?, Vec::new()),
        };
        for one in typed {
            self.may_do(who, &file, one.fact, before.is_empty())?;
        }
        let case = match typed::add(&file, &before, typed) {
            Ok(case) => case,
            Err(faults) => return Ok(Err(faults)),
        };
        let whole = case.file(&file).map(|file| file.entries.clone()).unwrap_or_default();
        let added: Vec<Entry> = whole.iter().skip(before.len()).cloned().collect();
        if before.is_empty() && !comes_to(&added, who) {
            let says = "Somebody new comes to your own place. Choose it.".to_owned();
            return Ok(Err(vec![Fault { at: typed.len().saturating_sub(1), field: Some("place".to_owned()), missing: true, says }]));
        }
        // What somebody does here and now is done by them and by nobody else.
        let of_another =
            |one: &(usize, &Entry)| one.1.origin == Origin::Performed && one.1.details.by.as_deref() != Some(who.file.as_str());
        if let Some((at, _)) = added.iter().enumerate().find(of_another) {
            let says = "What you do here and now is done by you. Choose yourself, or report what another did.".to_owned();
            return Ok(Err(vec![Fault { at, field: Some("by".to_owned()), missing: false, says }]));
        }
        self.wait(who, file, before, &case, added).map(Ok)
    }

    /// Looks at striking out an entry that was made in error: it stays on the file, and no law reads it any more.
    ///
    /// # Errors
    /// No such entry that could be struck out, no reason, or it is not this person's to do.
    pub fn strike(&self, who: &Who, file: &str, n: u32, why: &str) -> Result<Result<Look, Vec<Fault>>, Refusal> {
        let before = self.entries_of(who, file)?;
        let entry = before.iter().find(|entry| entry.n == n).ok_or(Refusal::NotFound)?;
        self.may_do(who, file, entry.fact, false)?;
        let case = match typed::strike(file, &before, entry, why) {
            Ok(case) => case,
            Err(faults) => return Ok(Err(faults)),
        };
        let whole = case.file(file).map(|file| file.entries.clone()).unwrap_or_default();
        let added: Vec<Entry> = whole.into_iter().skip(before.len()).collect();
        self.wait(who, file.to_owned(), before, &case, added).map(Ok)
    }

    /// Keeps an act as a draft, with the standings without and with it.
    fn wait(&self, who: &Who, file: String, before: Vec<Entry>, case: &CaseFile, added: Vec<Entry>) -> Result<Look, Refusal> {
        let after = u64::try_from(before.len()).unwrap_or(u64::MAX);
        let whole = case.file(&file).map(|file| file.entries.clone()).unwrap_or_default();
        let draft = random_id()?;
        let lines = case.write();
        let skip = lines.lines().count().saturating_sub(added.len());
        let waiting = Waiting { v: 1, after, added: lines.lines().skip(skip).map(|line| format!("{line}\n")).collect() };
        let bytes = zeroize::Zeroizing::new(serde_json::to_vec(&waiting).map_err(|_| Refusal::Machine)?);
        let now = self.micros();
        self.register.put_draft(&self.draft(who, &file, draft), now, now + WAITS, &bytes)?;
        let at = self.now();
        Ok(Look { draft, entries: added, before: self.shown(&file, before, at)?, after: self.shown(&file, whole, at)?, file })
    }

    /// Signs an act that was looked at. Signed again, it is the same act, and kept once.
    ///
    /// # Errors
    /// No such draft of this person's, or it waited too long; it is not theirs to do any more; or a register that does not take it.
    pub fn sign(&self, who: &Who, file: &str, draft: ActId) -> Result<Outcome, Refusal> {
        let kept = self.register.draft(&self.draft(who, file, draft), self.micros())?.ok_or(Refusal::Gone)?;
        let waiting: Waiting = serde_json::from_slice(&kept).map_err(|_| Refusal::Gone)?;
        let before = if waiting.after == 0 { Vec::new() } else { self.entries_of(who, file)? };
        let before: Vec<Entry> = before.into_iter().take(usize::try_from(waiting.after).unwrap_or(usize::MAX)).collect();
        let entries = typed::again(file, &before, &waiting.added).ok_or(Refusal::Gone)?;
        if waiting.after == 0 && !comes_to(&entries, who) {
            return Err(Refusal::NotFound);
        }
        for entry in &entries {
            self.may_do(who, file, entry.fact, waiting.after == 0)?;
        }
        let act = Act { id: draft, file: file.to_owned(), after: waiting.after, entries, documents: Vec::new(), outbox: Vec::new() };
        match self.register.append(act) {
            Ok(kept) => Ok(Outcome::Kept(signed(file, kept))),
            Err(Refused::Conflict { .. }) => Ok(Outcome::Changed),
            Err(refused) => Err(refused.into()),
        }
    }

    /// The entries of a file that somebody may see. The opening is recorded first.
    fn entries_of(&self, who: &Who, file: &str) -> Result<Vec<Entry>, Refusal> {
        self.may_see(who, file)?;
        let kept = self.register.read(file, AsOf::Now, &crate::ward::reader(who, "an act"))?;
        Ok(kept.into_iter().map(|kept| kept.entry).collect())
    }

    fn draft(&self, who: &Who, file: &str, id: ActId) -> Draft {
        Draft { id, who: who.file.clone(), about: file.to_owned() }
    }

    /// A person's file that nobody has opened for this, as it would be shown with these entries.
    pub(crate) fn shown(&self, file: &str, entries: Vec<Entry>, at: Timestamp) -> Result<Shown, Refusal> {
        let case = match self.register.case(file, entries.clone(), AsOf::Now) {
            Ok(case) => case,
            Err(HistoryError::NoFile) => CaseFile { header: Header::default(), files: vec![alone(file, &entries)] },
            Err(error) => return Err(error.into()),
        };
        Ok(self.standing_of(&case, file, entries, at))
    }
}

/// Whether somebody new comes to one's own place: every entry that names a place names that one, and the last does.
fn comes_to(entries: &[Entry], who: &Who) -> bool {
    let own = |entry: &Entry| entry.details.place.as_deref().map(|place| place == who.organisation);
    entries.last().and_then(own) == Some(true) && entries.iter().all(|entry| own(entry) != Some(false))
}

fn alone(file: &str, entries: &[Entry]) -> FileEntries {
    FileEntries { id: file.to_owned(), kind: FileKind::Person, entries: entries.to_vec() }
}

pub(crate) fn signed(file: &str, kept: Acknowledged) -> Signed {
    Signed {
        file: file.to_owned(),
        numbers: kept.entries.iter().map(|entry| entry.n).collect(),
        recorded: Timestamp::from_microsecond(kept.recorded).ok(),
        receipts: kept.receipts,
    }
}

/// An id for somebody new: random, so that it says nothing of them.
fn new_file() -> Result<String, Refusal> {
    let id = random_id()?;
    Ok(format!("per_{:032x}", u128::from_be_bytes(id)))
}

/// The facts that a form is offered for, in groups that follow a person's way through the law. Those of other files are not among them.
pub const GROUPS: &[(&str, &[FactKind])] = {
    use FactKind as F;
    &[
        ("coming", &[F::Arrived, F::Admitted, F::Held, F::Taken, F::Retained, F::Recalled, F::AskedToLeave, F::Kept, F::Stayed]),
        (
            "papers",
            &[
                F::Signed,
                F::CourtOrdered,
                F::SawPerson,
                F::Consulted,
                F::Objected,
                F::Examined,
                F::CapacityAssessed,
                F::AlternativesTried,
                F::Furnished,
                F::Received,
                F::Scrutinised,
                F::Rectified,
            ],
        ),
        (
            "rights",
            &[
                F::RightsExplained,
                F::NoticeGiven,
                F::Notified,
                F::SentCopy,
                F::NoticeObjected,
                F::Nominated,
                F::CounselChosen,
                F::CounselAssigned,
                F::InterpreterAssigned,
                F::Informed,
            ],
        ),
        (
            "review",
            &[
                F::Applied,
                F::Referred,
                F::Withdrawn,
                F::ReportRequested,
                F::ReportFiled,
                F::EvidenceFiled,
                F::Disclosed,
                F::Withheld,
                F::HearingListed,
                F::Adjourned,
                F::AttendanceRequested,
                F::AttendanceDecided,
                F::PublicityDecided,
                F::HearingHeld,
                F::Decided,
                F::Appealed,
                F::AppealDecided,
            ],
        ),
        ("away", &[F::LeaveGranted, F::LeaveRevoked, F::Absent, F::Returned, F::Transferred, F::Imprisoned]),
        (
            "care",
            &[
                F::Treated,
                F::TreatmentConsented,
                F::RestrictionImposed,
                F::RestrictionEnded,
                F::SeclusionStarted,
                F::Observed,
                F::SeclusionEnded,
                F::AccessRequested,
                F::AccessGiven,
                F::CommentInserted,
                F::ComplaintMade,
                F::WorkAgreed,
                F::WorkDone,
                F::WorkPaid,
            ],
        ),
        ("end", &[F::OrderEnded, F::Discharged, F::DischargeOrdered, F::DischargeBarred, F::Left, F::Died, F::Described, F::Related]),
    ]
};
