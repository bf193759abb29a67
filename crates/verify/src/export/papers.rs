//! The documents of an export: each is the one that its part sealed, none is missing, and none lies there that no entry sealed.
//!
//! Deliberately absent: what is in them.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use openward_seal::document::{Compare, Stated};

use super::Faults;
use super::lines::Line;
use super::plain::Headed;
use crate::folder::plain;
use crate::report::Report;

/// The documents that entries named so far.
pub(super) struct Papers<'a> {
    folder: &'a Path,
    named: BTreeSet<PathBuf>,
}

impl<'a> Papers<'a> {
    pub(super) const fn of(folder: &'a Path) -> Self {
        Self { folder, named: BTreeSet::new() }
    }

    pub(super) fn count(&self) -> usize {
        self.named.len()
    }

    /// Looks at the documents of an entry. Its header says how many there are: one that is shown and not there was taken away.
    pub(super) fn look(&mut self, name: &str, line: &Line, headed: &Headed, faults: &mut Faults) -> Result<(), Report> {
        let from = headed.documents_from;
        if from.checked_add(headed.documents) != Some(line.hashes.len()) {
            faults.add(format!("{name}, entry {}: it has {} parts, and its header says another number", line.n, line.hashes.len()));
            return Ok(());
        }
        for part in 0..line.hashes.len() {
            match (line.document(part), line.bytes(part)) {
                (Some(path), bytes) if part >= from => self.one(name, line.n, part, path, bytes, faults)?,
                (Some(_), _) => faults.add(format!("{name}, entry {}: part {part} is not the part of a document", line.n)),
                (None, Some(_)) if part >= from => {
                    faults.add(format!(
                        "{name}, entry {}: part {part} is a document that is shown, and the line does not say where it lies",
                        line.n
                    ));
                }
                (None, _) => {}
            }
        }
        Ok(())
    }

    fn one(&mut self, name: &str, n: u64, part: usize, path: &Path, bytes: Option<&[u8]>, faults: &mut Faults) -> Result<(), Report> {
        self.named.insert(path.to_owned());
        let Some(stated) = bytes.and_then(Stated::of) else {
            faults.add(format!("{name}, entry {n}: part {part} is not the part of a document"));
            return Ok(());
        };
        match is_same(&self.folder.join(path), stated) {
            Ok(true) => {}
            Ok(false) => faults.add(format!("{}: this is not the document that entry {n} sealed", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                faults.add(format!("{}: the document of entry {n} is missing", path.display()));
            }
            Err(error) => return Err(Report::unreadable(format!("{}: {error}", path.display()))),
        }
        Ok(())
    }

    /// A document that no entry names was put there by somebody else.
    pub(super) fn unnamed(&self, faults: &mut Faults) -> Result<(), Report> {
        let folder = self.folder.join("documents");
        let unreadable = |error| Report::unreadable(format!("{}: {error}", folder.display()));
        let names = match std::fs::read_dir(&folder) {
            Ok(names) => names,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(unreadable(error)),
        };
        for name in names {
            let path = Path::new("documents").join(name.map_err(unreadable)?.file_name());
            if !self.named.contains(&path) {
                faults.add(format!("{}: no entry sealed this document", path.display()));
            }
        }
        Ok(())
    }
}

/// Whether the file is the document that was sealed.
fn is_same(path: &Path, stated: Stated) -> std::io::Result<bool> {
    let mut compare = Compare::with(stated);
    // One byte more than there should be is enough to see that it is another one.
    let mut from = plain(path)?.take(stated.bytes.saturating_add(1));
    let mut some = [0; 8192];
    loop {
        let read = from.read(&mut some)?;
        match some.get(..read) {
            Some(read) if !read.is_empty() => compare.take(read),
            _ => return Ok(compare.is_same()),
        }
    }
}
