//! What may be filled in for a fact: its fields, each with the words that the law of the place looks at.
//!
//! Deliberately absent: any list of its own. Fields come from the registry of facts, words from the pack.

use std::sync::Arc;

use jiff::civil::Date;
use openward_law::casefile::CaseFile;
use openward_law::engine::Law;
use openward_law::entry::{Entry, FactKind, Field, FieldType, FileKind};
use openward_law::pack::offers::{Offered, Paper, offers, paper, papers};
use openward_law::standing::laws_of;
use openward_register::history::{AsOf, HistoryError};

use crate::who::Who;
use crate::{Office, Refusal};

/// At most so many professionals are offered by name; beyond them an id is typed.
const PROFESSIONALS_MAX: usize = 200;

/// A form for one fact.
pub struct Form {
    /// The fact.
    pub fact: FactKind,
    /// The law by which words are offered.
    pub law: Option<String>,
    /// The day it is today where the law is.
    pub today: Date,
    /// The time of day there, to the minute.
    pub now: String,
    /// The paper that was chosen.
    pub paper: Option<Paper>,
    /// Its fields, those that must be filled in first.
    pub fields: Vec<Ask>,
    /// The entries of the file, to point at.
    pub entries: Vec<Entry>,
    /// Professionals whose files are on the register: id and name.
    pub professionals: Vec<(String, String)>,
}

/// A field of a form.
pub struct Ask {
    /// The field.
    pub field: Field,
    /// Whether it must be filled in.
    pub is_required: bool,
    /// The words that the law looks at; none where it looks at none.
    pub offered: Vec<Offered>,
}

impl Office {
    /// The form for a fact, with the words of the law of the person's place, or of one's own where the person is new. `with` is the paper
    /// that was chosen.
    ///
    /// # Errors
    /// A file that is not there for this person, or a register that cannot be read.
    pub fn form(&self, who: &Who, file: Option<&str>, fact: FactKind, with: Option<&str>) -> Result<Form, Refusal> {
        let entries = match file {
            Some(file) => self.entries_of(who, file)?,
            None => Vec::new(),
        };
        let law = self.law_for(who, file, &entries)?;
        let zone = law
            .as_ref()
            .map_or(jiff::tz::TimeZone::UTC, |law| jiff::tz::TimeZone::get(law.pack.zone.name()).unwrap_or(jiff::tz::TimeZone::UTC));
        let local = self.now().to_zoned(zone);
        let today = local.date();
        let pack = law.as_ref().map(|law| &law.pack);
        let paper = pack.and_then(|pack| paper(pack, with?, today));
        let ask = |field: Field, is_required: bool| {
            let offered = pack.map(|pack| offered_for(pack, paper.as_ref(), fact, field, today)).unwrap_or_default();
            Ask { field, is_required, offered }
        };
        let required = fact.required().iter().map(|field| ask(*field, true));
        let (place, texts) = (Field::COMMON.iter(), [Field::Reason, Field::Note]);
        let common = place.filter(|field| !texts.contains(field) && !fact.required().contains(field));
        let optional = fact.optional().iter().filter(|field| fits(fact, **field, paper.as_ref())).map(|field| ask(*field, false));
        let fields =
            required.chain(optional).chain(common.map(|field| ask(*field, false))).chain(texts.map(|field| ask(field, false))).collect();
        Ok(Form {
            fact,
            law: law.as_ref().map(|law| law.pack.id.clone()),
            today,
            now: local.strftime("%H:%M").to_string(),
            paper,
            fields,
            entries,
            professionals: self.professionals()?,
        })
    }

    /// The papers of the law of a person's place, or of one's own.
    ///
    /// # Errors
    /// As [`Office::form`].
    pub fn papers(&self, who: &Who, file: &str) -> Result<Vec<Paper>, Refusal> {
        let entries = self.entries_of(who, file)?;
        let law = self.law_for(who, Some(file), &entries)?;
        let today = self.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        Ok(law.map(|law| papers(&law.pack, today)).unwrap_or_default())
    }

    /// The law of the place where a person is; that of one's own place for somebody new.
    fn law_for(&self, who: &Who, file: Option<&str>, entries: &[Entry]) -> Result<Option<Arc<Law>>, Refusal> {
        let named = match file {
            Some(file) => {
                let case = self.register.case(file, entries.to_vec(), AsOf::Now)?;
                case.file(file).map(|own| laws_of(&case, own)).unwrap_or_default()
            }
            None => Vec::new(),
        };
        let named = match named.last() {
            Some(law) => Some(law.clone()),
            None => self.law_of_place(&who.organisation)?,
        };
        Ok(named.and_then(|law| self.laws.law(&law)).or_else(|| self.laws.usual()))
    }

    fn law_of_place(&self, place: &str) -> Result<Option<String>, Refusal> {
        if FileKind::of(place) != Some(FileKind::Facility) {
            return Ok(None);
        }
        let case: CaseFile = self.register.case(place, self.plain_history(place)?, AsOf::Now)?;
        let entries = case.file(place).map(|own| own.entries.as_slice()).unwrap_or_default();
        Ok(entries.iter().rev().find_map(|entry| entry.details.law.clone()))
    }

    /// Entries of a file that is no person's; an empty list where there is none.
    fn plain_history(&self, file: &str) -> Result<Vec<Entry>, Refusal> {
        match self.register.history(file, AsOf::Now) {
            Ok(kept) => Ok(kept.into_iter().map(|kept| kept.entry).collect()),
            Err(HistoryError::NoFile) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// Professionals with their names, by name.
    fn professionals(&self) -> Result<Vec<(String, String)>, Refusal> {
        let files = self.register.listed(FileKind::Professional, PROFESSIONALS_MAX)?;
        let mut all: Vec<(String, String)> = files
            .into_iter()
            .map(|file| (crate::ward::name_in(&file.entries).unwrap_or_default(), file.id))
            .map(|(name, id)| (id, name))
            .collect();
        all.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
        Ok(all)
    }
}

/// A paper that says for itself what its signer affirms needs no other field of that kind.
fn fits(fact: FactKind, field: Field, paper: Option<&Paper>) -> bool {
    !(fact == FactKind::Signed && field == Field::States && paper.is_some_and(|paper| paper.affirms.is_empty()))
}

fn offered_for(pack: &openward_law::pack::Pack, paper: Option<&Paper>, fact: FactKind, field: Field, today: Date) -> Vec<Offered> {
    match (field, paper) {
        (Field::States, Some(paper)) => paper.affirms.clone(),
        (Field::As, Some(paper)) if !paper.signed_by.is_empty() => paper.signed_by.clone(),
        (Field::Instrument, _) => papers(pack, today).into_iter().map(|paper| paper.paper).collect(),
        (Field::Answers, _) => {
            let named = |label: &openward_law::pack::Label| Offered {
                word: label.word.clone(),
                name: label.name.clone(),
                section: label.section.clone().unwrap_or_default(),
            };
            pack.criteria.iter().map(named).collect()
        }
        _ if matches!(field.field_type(), FieldType::Text | FieldType::Entries | FieldType::Date) => Vec::new(),
        _ => offers(pack, fact, field, today),
    }
}
