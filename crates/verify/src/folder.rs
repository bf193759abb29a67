//! A public log in a folder: `checkpoint`, `tile/…`, and the reading of files within limits.
//!
//! Deliberately absent: trust in what is in the folder, and writing to it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use openward_seal::tiles::{Source, Tile};

/// More than any note, receipt or proof has.
pub(crate) const NOTE_MAX: u64 = 1024 * 1024;

/// More than any tile or bundle has: 256 records with their lengths.
const TILE_MAX: u64 = 256 * 34;

/// A folder with a copy of a public log.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    /// The bytes of its checkpoint.
    pub(crate) fn checkpoint(&self) -> io::Result<Vec<u8>> {
        read(&self.0.join("checkpoint"), NOTE_MAX)
    }

    /// Whether it publishes the records beside the hashes.
    pub(crate) fn has_bundles(&self) -> bool {
        self.0.join("tile").join("entries").is_dir()
    }
}

impl Source for Folder {
    type Error = io::Error;

    fn read(&self, tile: Tile) -> Result<Option<Vec<u8>>, io::Error> {
        match read(&self.0.join(tile.path()), TILE_MAX) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A file that is there as a file. A pipe or a device in a folder that somebody gave would be waited for without end.
pub(crate) fn plain(path: &Path) -> io::Result<File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is no plain file"));
    }
    File::open(path)
}

/// The bytes of a plain file that has at most so many.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    all(plain(path)?, most)
}

/// The same of a path that may as well be a pipe of the caller's.
pub(crate) fn read_any(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    all(File::open(path)?, most)
}

fn all(file: File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("the file has more than {most} bytes")));
    }
    Ok(bytes)
}
