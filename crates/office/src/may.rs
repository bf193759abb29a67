//! What somebody may see.
//!
//! Whoever may not see a file is told what they would be told if there were none. Deliberately absent: exceptions.

use openward_law::entry::{FactKind, FileKind, Tie};
use openward_register::derived::ties::{holds, tie_of};
use openward_register::keys::Pseudonym;

use crate::who::{Role, Who};
use crate::{Office, Refusal};

/// So long after somebody left may those of the place still open the file: a fortnight, in microseconds.
const AFTER: i64 = 14 * 24 * 3600 * 1_000_000;

impl Office {
    /// Whether somebody may see a person's file now: staff of the facility where the person stays, or stayed until lately.
    pub(crate) fn may_see(&self, who: &Who, file: &str) -> Result<(), Refusal> {
        if FileKind::of(file) != Some(FileKind::Person) {
            return Err(Refusal::NotFound);
        }
        let wanted = match who.role {
            Role::WardStaff => Tie::Facility,
        };
        let organisation: Pseudonym = self.register.keys().pseudonym(&who.organisation);
        let (now, ties) = (self.micros(), self.register.ties(file)?);
        let is_tied = ties.iter().any(|row| {
            // What is left to do when somebody has left is done by those who were there, and so is the mending of a mistaken leaving.
            let lately = row.since <= now && row.until.is_some_and(|until| now < until.saturating_add(AFTER));
            tie_of(row.tie) == Some(wanted) && row.who == *organisation.as_bytes() && (holds(row, now) || lately)
        });
        if is_tied { Ok(()) } else { Err(Refusal::NotFound) }
    }

    /// Whether somebody may put a fact on a person's file now. `is_new`: the file is made by this act.
    pub(crate) fn may_do(&self, who: &Who, file: &str, fact: FactKind, is_new: bool) -> Result<(), Refusal> {
        let begins = matches!(fact, FactKind::Described | FactKind::Admitted | FactKind::Held | FactKind::Taken);
        match who.role {
            Role::WardStaff if is_new => {
                if begins {
                    Ok(())
                } else {
                    Err(Refusal::NotFound)
                }
            }
            Role::WardStaff => self.may_see(who, file),
        }
    }
}
