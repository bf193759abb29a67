//! One person's file, as somebody may see it at an instant: the standing under each law of its places, and its entries.
//!
//! Deliberately absent: any second set of rules. What is shown is what the engine says.

use jiff::Timestamp;
use openward_law::casefile::CaseFile;
use openward_law::entry::Entry;
use openward_law::standing::{Question, Reach, Standing, laws_of, standing};
use openward_register::history::AsOf;

use crate::ward::{name_in, reader};
use crate::who::Who;
use crate::{Office, Refusal};

/// A person's file as it is shown.
pub struct Shown {
    /// The file's id.
    pub file: String,
    /// The person's name, if the register has one.
    pub name: Option<String>,
    /// The instant in question.
    pub at: Timestamp,
    /// One standing for each law of the person's places.
    pub standings: Vec<Standing>,
    /// Laws of the places that this register does not have.
    pub unknown_laws: Vec<String>,
    /// Entries whose local time does not exist or exists twice, so that no standing can be said.
    pub bad_times: Vec<u32>,
    /// The entries, first to last.
    pub entries: Vec<Entry>,
}

impl Office {
    /// A person's file at an instant, with everything that is recorded by now. The opening is recorded before anything is given.
    ///
    /// # Errors
    /// Nothing there that this person may see, or a register that cannot be read or cannot record the opening.
    pub fn file(&self, who: &Who, file: &str, at: Timestamp) -> Result<Shown, Refusal> {
        self.may_see(who, file)?;
        let kept = self.register.read(file, AsOf::Now, &reader(who, "the file"))?;
        let entries: Vec<Entry> = kept.into_iter().map(|kept| kept.entry).collect();
        let case = self.register.case(file, entries.clone(), AsOf::Now)?;
        Ok(self.standing_of(&case, file, entries, at))
    }

    /// What is shown of entries within their case.
    pub(crate) fn standing_of(&self, case: &CaseFile, file: &str, entries: Vec<Entry>, at: Timestamp) -> Shown {
        let mut shown = Shown {
            file: file.to_owned(),
            name: name_in(&entries),
            at,
            standings: Vec::new(),
            unknown_laws: Vec::new(),
            bad_times: Vec::new(),
            entries,
        };
        self.stand(case, &mut shown);
        shown
    }

    fn stand(&self, case: &CaseFile, shown: &mut Shown) {
        let Some(file) = case.file(&shown.file) else { return };
        let named = laws_of(case, file);
        let mut laws = Vec::new();
        for name in &named {
            match self.laws.law(name) {
                Some(law) => laws.push(law),
                None => shown.unknown_laws.push(name.clone()),
            }
        }
        if named.is_empty() {
            laws.extend(self.laws.usual());
        }
        for law in laws {
            let question = Question { law: &law, benchmark: Some(&self.benchmark), at: shown.at, known_at: None, reach: Reach::ByPlace };
            match standing(case, file, question) {
                Ok(standing) => shown.standings.push(standing),
                Err(bad) => shown.bad_times.extend(bad.iter().map(|bad| bad.n)),
            }
        }
    }
}
