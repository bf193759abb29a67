//! The folder of an export: written beside its name, made durable, and renamed when it is whole.
//!
//! Deliberately absent: going on after a failure. What was begun is removed.

use std::fs;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use super::gather::Gathered;
use super::sealed::{self, Stage};
use super::{Copy, ExportError};
use crate::disk;
use crate::documents::{DocumentError, Documents};
use crate::keys::{Chance, Pseudonym};

/// Begins of documents that have a usual ending; any other is `bin`, which no program opens by itself.
const ENDINGS: &[(&[u8], &str)] = &[(b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg")];

/// Where the sealed lines lie.
const SEALED: &str = "sealed";

/// A folder beside the name that it is to have. Until it has that name it is removed, whatever happens.
pub(super) struct Begun {
    new: PathBuf,
}

impl Begun {
    pub(super) fn beside(to: &Path) -> Result<Self, ExportError> {
        let mut beside = [0; 16];
        Chance::system().fill(&mut beside).map_err(|_| ExportError::Io(to.to_owned(), io::Error::other("no random bytes")))?;
        let begun = Self { new: disk::ending(to, &format!(".{}.new", Pseudonym::from_bytes(beside))) };
        disk::make_folder(&begun.new).map_err(io_at(to))?;
        Ok(begun)
    }

    pub(super) fn write(
        self,
        to: &Path,
        gathered: &Gathered,
        documents: &Documents,
        pages: Vec<(&'static str, Vec<u8>)>,
        origin: &str,
    ) -> Result<(), ExportError> {
        fill(&self.new, gathered, documents, pages, origin)?;
        publish(&self.new, to).map_err(io_at(to))
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        // Nothing of a person's file may be left behind. After the renaming there is nothing here.
        let _ = fs::remove_dir_all(&self.new);
    }
}

fn io_at(path: &Path) -> impl Fn(io::Error) -> ExportError {
    let path: PathBuf = path.to_owned();
    move |error| ExportError::Io(path.clone(), error)
}

fn fill(
    folder: &Path,
    gathered: &Gathered,
    documents: &Documents,
    pages: Vec<(&'static str, Vec<u8>)>,
    origin: &str,
) -> Result<(), ExportError> {
    let sealed = folder.join(SEALED);
    disk::make_folder(&sealed).map_err(io_at(&sealed))?;
    if !gathered.copies.is_empty() {
        let papers = folder.join("documents");
        disk::make_folder(&papers).map_err(io_at(&papers))?;
        for copy in &gathered.copies {
            document(folder, documents, copy)?;
        }
        disk::sync_folder(&papers).map_err(io_at(&papers))?;
    }
    let put = |path: PathBuf, bytes: &[u8]| one(&path, bytes).map_err(io_at(&path));
    for stream in &gathered.streams {
        put(sealed.join(format!("{}.jsonl", stream.name)), &sealed::lines(stream, origin))?;
        if let Some((receipt, stage)) = &stream.receipt {
            let ending = if *stage == Stage::Second { "tlog-proof" } else { "receipt" };
            put(sealed.join(format!("newest-of-{}.{ending}", stream.name)), receipt.as_bytes())?;
        }
    }
    if let Some(checkpoint) = &gathered.checkpoint {
        put(sealed.join("checkpoint"), &checkpoint.note)?;
    }
    if let Some(case) = gathered.contents.case_file() {
        put(folder.join("case-file.jsonl"), case.write().as_bytes())?;
    }
    for (name, bytes) in pages {
        put(folder.join(name), &bytes)?;
    }
    disk::sync_folder(&sealed).and_then(|()| disk::sync_folder(folder)).map_err(io_at(folder))
}

/// A file that was not there.
fn one(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = disk::make_private(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Copies a document in clear, in pieces.
fn document(folder: &Path, documents: &Documents, copy: &Copy) -> Result<(), ExportError> {
    let path = folder.join(&copy.path);
    let refused = |error| ExportError::Document(copy.n, error);
    let mut from = documents.read(&copy.reference).map_err(refused)?;
    let mut into = disk::make_private(&path).map_err(io_at(&path))?;
    let mut some = zeroize::Zeroizing::new(vec![0; 1 << 16]);
    loop {
        let read = from.read(&mut some).map_err(|error| refused(DocumentError::from_io(error, DocumentError::Folder)))?;
        let Some(piece) = some.get(..read).filter(|piece| !piece.is_empty()) else { break };
        into.write_all(piece).map_err(io_at(&path))?;
    }
    into.sync_all().map_err(io_at(&path))
}

/// The usual ending for a document that begins so.
pub(super) fn ending(begins: &[u8]) -> &'static str {
    ENDINGS.iter().find(|(magic, _)| begins.starts_with(magic)).map_or("bin", |(_, ending)| ending)
}

fn publish(new: &Path, to: &Path) -> io::Result<()> {
    if to.try_exists()? {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists));
    }
    fs::rename(new, to)?;
    disk::sync_name(to)
}
