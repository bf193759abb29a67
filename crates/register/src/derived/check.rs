//! Computing every forecast again: to compare with what is kept (`fsck`), or to put it in its place (`rebuild`).
//!
//! Deliberately absent: the entries themselves; whether those are as they were is the seal's question (`crate::verify`).

use std::fmt;

use super::compute::tied;
use super::{Cache, Laws, compute, open, refold};
use crate::history::{HistoryError, kind_code};
use crate::keys::{KeyError, Keys};
use crate::store::{FileName, FileRow, Store, StoreError, Trouble};

/// Something in derived rows that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The file's pseudonym.
    pub file: FileName,
    /// The law, where it is one forecast.
    pub law: Option<String>,
    /// What is wrong.
    pub what: &'static str,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = crate::keys::Pseudonym::from_bytes(self.file);
        let law = self.law.as_deref().map(|law| format!(" under {law}")).unwrap_or_default();
        write!(f, "OW-REG-040 file {name}{law}: {}", self.what)
    }
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many files were computed again.
    pub files: u64,
    /// How many forecasts wait to be refolded, as they should.
    pub marked: u64,
    /// What is wrong.
    pub wrong: Vec<Wrong>,
    /// What the database itself finds wrong: pages, indexes, tables that are not this program's.
    pub damage: Vec<String>,
}

impl Checked {
    /// Whether nothing was found.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.wrong.is_empty() && self.damage.is_empty()
    }

    /// All that was found, as texts with their codes. `rebuild` mends what is computed; damage asks for a backup.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        let damage = self.damage.iter().map(|what| format!("OW-REG-041 the database is damaged, restore it from a backup: {what}"));
        self.wrong.iter().map(ToString::to_string).chain(damage).collect()
    }
}

/// Goes through all files of people, in one moment of the store.
fn people<S: Store>(store: &S, mut with: impl FnMut(FileRow) -> Result<(), HistoryError>) -> Result<u64, HistoryError> {
    let (mut after, mut count) = (i64::MIN, 0);
    loop {
        let files = store.files_after(after, 256)?;
        let Some(last) = files.last() else { return Ok(count) };
        after = last.id;
        for file in files.into_iter().filter(|file| file.kind == kind_code(openward_law::entry::FileKind::Person)) {
            match with(file) {
                // Nothing is foretold of a file whose key was destroyed.
                Err(HistoryError::Key(KeyError::Destroyed { .. })) => {}
                done => {
                    done?;
                    count += 1;
                }
            }
        }
    }
}

/// Compares every kept forecast with what is computed now, in one moment of the register.
///
/// # Errors
/// The store, the keys, or an entry that cannot be read: then the entries must be looked at first.
pub fn fsck<S: Store>(store: &S, keys: &Keys, laws: &dyn Laws) -> Result<Checked, HistoryError> {
    store.begin_reading()?;
    let checked = within(store, keys, laws);
    store.end_reading()?;
    checked
}

pub(crate) fn within<S: Store>(store: &S, keys: &Keys, laws: &dyn Laws) -> Result<Checked, HistoryError> {
    let mut cache = Cache::default();
    let mut checked = Checked::default();
    let files = people(store, |file| {
        cache.begin(store, keys)?;
        let computed = compute(store, keys, laws, &mut cache, &file);
        let is_destroyed = matches!(computed, Err(HistoryError::Key(KeyError::Destroyed { .. })));
        let is_empty = store.forecasts(file.id)?.is_empty() && store.relies_on(file.id)?.is_empty() && store.ties(file.id)?.is_empty();
        if is_destroyed && !is_empty {
            let what = "something computed is kept of a file whose keys were destroyed";
            checked.wrong.push(Wrong { file: file.name, law: None, what });
        }
        let computed = computed?;
        let mut say = |law: Option<&str>, what| checked.wrong.push(Wrong { file: file.name, law: law.map(str::to_owned), what });
        // A number that no program of ours writes cannot be read. That is said of this file, and the others are looked at.
        let unread = |error: &StoreError| error.trouble == Trouble::Damaged;
        match store.relies_on(file.id) {
            Ok(found) if found == computed.relies_on => {}
            Err(error) if !unread(&error) => return Err(error.into()),
            Ok(_) | Err(_) => say(None, "what its forecasts rely on is not what its entries name"),
        }
        let mut kept = match store.forecasts(file.id) {
            Err(error) if unread(&error) => {
                say(None, "rows of its forecasts hold what cannot be");
                return Ok(());
            }
            kept => kept?,
        };
        // Entries are those of the file alone; the zone is that of the forecasts that are kept, marked or not.
        let ties = tied(&cache, keys, laws, &file.name, kept.iter().map(|row| row.law.as_str()));
        match store.ties(file.id) {
            Ok(found) if found == ties => {}
            Err(error) if !unread(&error) => return Err(error.into()),
            Ok(_) | Err(_) => say(None, "who is tied to it is not what its entries say"),
        }
        // A place that said its law, or mended it, after the person's entries: their forecasts wait like any that is marked.
        let waits = store.is_marked(file.id)?;
        for one in &computed.forecasts {
            let law = Some(one.row.law.as_str());
            let Some(at) = kept.iter().position(|row| row.law == one.row.law) else {
                if waits {
                    checked.marked += 1;
                } else {
                    say(law, "the forecast is missing");
                }
                continue;
            };
            let row = kept.swap_remove(at);
            let opened = open(keys, &file, &row);
            let plain = opened.as_ref().map(|value| value.to_string().into_bytes());
            // Also of a forecast that waits to be refolded: what was kept must still be what was closed then.
            if opened.is_err() {
                say(law, "the box does not open: it, or what stands beside it, was changed");
            } else if row.stale && row.context != one.row.context && row.length == one.row.length {
                checked.marked += 1;
            } else if row.context != one.row.context || row.length != one.row.length {
                say(law, "a file that it relies on has changed, and it is not marked");
            } else if row.digest != one.row.digest {
                // Made under an older text of the pack: it is refolded when it is next read.
                checked.marked += 1;
            } else if row.next_change != one.row.next_change {
                say(law, "the instant of its next change is not what is computed");
            } else if row.spans != one.row.spans {
                say(law, "its spans are not what is computed");
            } else if row.owed != one.row.owed {
                say(law, "its duties are not what is computed");
            } else if plain.ok().as_deref() != Some(one.plain.as_slice()) {
                say(law, "the box does not hold what is computed");
            }
        }
        for row in kept {
            if open(keys, &file, &row).is_err() {
                say(Some(&row.law), "the box does not open: it, or what stands beside it, was changed");
            } else if !waits {
                say(Some(&row.law), "no place of the file is under this law");
            }
        }
        Ok(())
    })?;
    for (id, what) in store.strays(kind_code(openward_law::entry::FileKind::Person))? {
        let file = store.file_by_id(id)?.map_or([0; 16], |file| file.name);
        checked.wrong.push(Wrong { file, law: None, what });
    }
    Ok(Checked { files, damage: store.damage()?, ..checked })
}

/// Computes every forecast again and keeps it. Gives how many files were done. The caller's transaction holds all of it.
///
/// # Errors
/// As [`fsck`].
pub fn rebuild<S: Store>(store: &mut S, keys: &Keys, laws: &dyn Laws) -> Result<u64, HistoryError> {
    let mut cache = Cache::default();
    let mut files = Vec::new();
    people(store, |file| {
        files.push(file);
        Ok(())
    })?;
    let mut count = 0;
    for file in files {
        cache.begin(store, keys)?;
        match refold(store, keys, laws, &mut cache, &file) {
            Err(HistoryError::Key(KeyError::Destroyed { .. })) => {
                store.put_forecasts(file.id, &[], None)?;
                store.put_relies_on(file.id, &[], None)?;
                store.put_ties(file.id, &[], None)?;
            }
            done => {
                done?;
                count += 1;
            }
        }
    }
    Ok(count)
}
