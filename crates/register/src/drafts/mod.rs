//! Drafts: what somebody has begun to write about a file and not yet put on it. Encrypted, their writer's alone, and gone after a while.
//!
//! A draft is closed with the key of the file that it is about, so that destroying that key destroys it too: its box is noise from then on, and its
//! row goes when it runs out. Deliberately absent: any place of a draft in the record. It is no entry, nobody relies on it, and nobody is told of it.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use openward_law::entry::FileKind;
use zeroize::Zeroizing;

use crate::history::{self, HistoryError};
use crate::keys::{FileKey, Keys, Place, Pseudonym};
use crate::store::{ActId, Micros, Store};
use crate::writer::{Refused, Register};

/// The longest draft: a form with its texts. What is longer is a document.
pub const DRAFT_BYTES_MAX: usize = 1 << 20;

/// The longest life of a draft, ninety days: what was not finished by then was not meant to be.
pub const LIFE_MAX: Micros = 90 * 24 * 3600 * 1_000_000;

/// Which draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Made by the client, at random.
    pub id: ActId,
    /// Whose: the id of their own file.
    pub who: String,
    /// The file that it is about.
    pub about: String,
}

impl Draft {
    fn key(&self, keys: &Keys) -> Result<Arc<FileKey>, HistoryError> {
        let kind = FileKind::of(&self.about).ok_or(HistoryError::NoFile)?;
        Ok(keys.file_key(history::domain_of(kind), keys.pseudonym(&self.about))?)
    }

    /// Writer, id and end are bound to the box: it opens for nobody else, under no other id, and lives no longer.
    fn extra(&self, who: Pseudonym, until: Micros) -> Vec<u8> {
        [self.id.as_slice(), who.as_bytes(), &until.to_be_bytes()].concat()
    }
}

fn place<'a>(about: Pseudonym, extra: &'a [u8]) -> Place<'a> {
    Place { table: "draft", file: about, n: 0, i: 0, extra }
}

impl<S: Store + 'static> Register<S> {
    /// Keeps a draft until an instant, in the place of what it was before. `now` is the caller's clock.
    ///
    /// # Errors
    /// A draft that is too long or would live too long, an id that is somebody else's, or a register that cannot write.
    pub fn put_draft(&self, draft: &Draft, now: Micros, until: Micros, content: &[u8]) -> Result<(), Refused> {
        if content.len() > DRAFT_BYTES_MAX {
            return Err(Refused::Form("a draft of more than a mebibyte; keep it as a document"));
        }
        if until <= now || until - now > LIFE_MAX {
            return Err(Refused::Form("a draft lives until an instant within the next ninety days"));
        }
        let key = draft.key(self.keys())?;
        let (who, about) = (self.keys().pseudonym(&draft.who), self.keys().pseudonym(&draft.about));
        let boxed = key.seal(&place(about, &draft.extra(who, until)), content);
        let boxed = boxed.map_err(|error| HistoryError::Box { n: 0, i: 0, error })?;
        let (id, taken) = (draft.id, Arc::new(AtomicBool::new(false)));
        let seen = Arc::clone(&taken);
        self.work(move |core| {
            // What has run out goes with each write: nobody else comes by to throw it away.
            core.store.drop_draft(&id, who.as_bytes(), now)?;
            core.store.put_draft(&id, who.as_bytes(), until, &boxed)?;
            // The store leaves another's draft as it is.
            seen.store(core.store.draft(&id, who.as_bytes(), now)?.is_none_or(|(_, kept)| kept != boxed), Ordering::Relaxed);
            Ok(())
        })?;
        if taken.load(Ordering::Relaxed) { Err(Refused::Form("another draft has this id")) } else { Ok(()) }
    }

    /// A draft for its writer; none where there is none, where it has run out, or where it is another's.
    ///
    /// # Errors
    /// The store, or a box that does not open.
    pub fn draft(&self, draft: &Draft, now: Micros) -> Result<Option<Zeroizing<Vec<u8>>>, HistoryError> {
        let (who, about) = (self.keys().pseudonym(&draft.who), self.keys().pseudonym(&draft.about));
        let Some((until, boxed)) = self.reader()?.draft(&draft.id, who.as_bytes(), now)? else { return Ok(None) };
        let key = draft.key(self.keys())?;
        let opened = key.open(&place(about, &draft.extra(who, until)), &boxed);
        opened.map(Some).map_err(|error| HistoryError::Box { n: 0, i: 0, error })
    }

    /// Throws a draft of this writer away, and every draft that has run out.
    ///
    /// # Errors
    /// A register that cannot write.
    pub fn drop_draft(&self, draft: &Draft, now: Micros) -> Result<(), Refused> {
        let (id, who) = (draft.id, self.keys().pseudonym(&draft.who));
        self.work(move |core| Ok(core.store.drop_draft(&id, who.as_bytes(), now)?))
    }
}
