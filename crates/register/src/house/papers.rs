//! The documents that entries name, held against those that are there.
//!
//! Deliberately absent: removing anything, and what is in a document.

use std::collections::BTreeMap;

use crate::documents::{Address, DocumentError, Documents, Reference};
use crate::history::{self, AsOf, HistoryError};
use crate::keys::{KeyError, Keys, Pseudonym};
use crate::store::{FileName, Store};

/// Entries read at once.
const PAGE: u64 = 256;

/// What a look at the documents found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Papers {
    /// How many documents entries name.
    pub named: u64,
    /// How many of those that are there no entry names, as far as keys tell: left over, still on their way, or of a file that was destroyed.
    pub unnamed: u64,
    /// What is missing or damaged, with its file.
    pub findings: Vec<String>,
}

/// Every document that an entry names, with the file and number of one entry that does.
///
/// # Errors
/// Trouble of the store or the keys. A file whose keys were destroyed, and entries that were changed, name nothing.
pub(super) fn named<S: Store>(store: &S, keys: &Keys) -> Result<BTreeMap<Address, (FileName, u64)>, HistoryError> {
    let mut named = BTreeMap::new();
    let mut after = 0;
    loop {
        let files = store.files_after(after, 256)?;
        let Some(last) = files.last() else { return Ok(named) };
        after = last.id;
        for file in files.into_iter().filter(|file| history::kind_of(file.kind).is_some()) {
            let mut from = 0;
            while from < file.length {
                let to = from.saturating_add(PAGE).min(file.length);
                let kept = match history::kept(store, keys, &file, from, AsOf::Number(to)) {
                    Err(HistoryError::Key(KeyError::Destroyed { .. })) => break,
                    Err(error @ (HistoryError::Store(_) | HistoryError::Key(_))) => return Err(error),
                    // What is wrong with entries that do not read is for `crate::verify` to say.
                    Err(_) => Vec::new(),
                    Ok(kept) => kept,
                };
                for one in kept {
                    for bytes in &one.documents {
                        if let Ok(reference) = Reference::from_bytes(bytes) {
                            named.insert(reference.address(), (file.name, u64::from(one.entry.n)));
                        }
                    }
                }
                from = to;
            }
        }
    }
}

/// Reads every document, and says which are missing or not as they were stored.
///
/// # Errors
/// Trouble of the stores.
pub fn check<S: Store>(store: &S, keys: &Keys, documents: &Documents) -> Result<Papers, super::HouseError> {
    // The names first: a document is stored before the entry that names it, so each of them is there when the documents are listed.
    let mut named = named(store, keys)?;
    let there = documents.list()?;
    let mut papers = Papers { named: named.len() as u64, ..Papers::default() };
    for found in there {
        let by = named.remove(&found.address);
        papers.unnamed += u64::from(by.is_none());
        match documents.verify(found.address) {
            Ok(_) => {}
            Err(error @ (DocumentError::Damaged(..) | DocumentError::Missing(_))) => papers.findings.push(said(&error, by)),
            Err(error) => return Err(error.into()),
        }
    }
    papers.findings.extend(named.into_iter().map(|(address, by)| said(&DocumentError::Missing(address), Some(by))));
    Ok(papers)
}

fn said(error: &DocumentError, by: Option<(FileName, u64)>) -> String {
    match by {
        Some((file, n)) => format!("file {}, entry {n}: {error}", Pseudonym::from_bytes(file)),
        None => error.to_string(),
    }
}
