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

/// The bytes of a file that has at most so many.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut limited = File::open(path)?.take(most + 1);
    limited.read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("the file has more than {most} bytes")));
    }
    Ok(bytes)
}
