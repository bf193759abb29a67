//! Where documents are: a local folder, or any object store. Finished ones lie under their address, unfinished ones in `new/`.
//!
//! Deliberately absent: which documents an entry names. Whoever asks for orphans says so.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_executor::{block_on, block_on_stream};
use jiff::Timestamp;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _};
use zeroize::Zeroizing;

use super::{Address, DocumentError, Reader, Reference, Writer, reader};
use crate::keys::{Chance, NoChance, Pseudonym};

/// Where unfinished documents lie.
const NEW: &str = "new";

/// A store of documents. Cheap to share between threads.
pub struct Documents {
    store: Arc<dyn ObjectStore>,
    /// The folder, where it is one: an interrupted write leaves names there that the object store's own list leaves out.
    folder: Option<PathBuf>,
    chance: Chance,
}

/// A stored document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub address: Address,
    /// How many bytes are stored.
    pub bytes: u64,
    /// When it was written, by the clock of the store.
    pub written_at: Timestamp,
}

/// What an interrupted write left, or a write that still goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Its name in `new/`.
    pub name: String,
    /// When it was last written to, by the clock of the store.
    pub written_at: Timestamp,
}

impl Documents {
    /// The documents of a folder. It is made where it is not there yet; on Unix only its owner may look into it then.
    ///
    /// # Errors
    /// A folder that cannot be made or read.
    pub fn open(folder: &Path, chance: Chance) -> Result<Self, DocumentError> {
        make_folder(folder).and_then(|()| make_folder(&folder.join(NEW))).map_err(DocumentError::Folder)?;
        // Without it a finished document might be gone after a power cut.
        let store = LocalFileSystem::new_with_prefix(folder).map_err(DocumentError::Store)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: Some(folder.to_owned()), chance })
    }

    /// The documents of an object store. It must make what it acknowledges durable.
    #[must_use]
    pub const fn over(store: Arc<dyn ObjectStore>, chance: Chance) -> Self {
        Self { store, folder: None, chance }
    }

    pub(super) fn store(&self) -> &dyn ObjectStore {
        &*self.store
    }

    pub(super) const fn chance(&self) -> &Chance {
        &self.chance
    }

    /// Begins a document of at most so many bytes.
    ///
    /// # Errors
    /// A system without random bytes.
    pub fn write(&self, allowed: u64) -> Result<Writer<'_>, DocumentError> {
        Writer::new(self, allowed)
    }

    /// Keeps all that a reader gives, which may be at most so many bytes. It is durable when this returns.
    ///
    /// # Errors
    /// A reader that fails or gives more, or a store that does not take it.
    pub fn put(&self, mut from: impl Read, allowed: u64) -> Result<Reference, DocumentError> {
        let mut writer = self.write(allowed)?;
        let mut some = Zeroizing::new(vec![0; 1 << 16]);
        loop {
            let read = match from.read(&mut some) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(DocumentError::Source(error)),
            };
            match some.get(..read) {
                Some(read) if !read.is_empty() => {
                    io::Write::write_all(&mut writer, read).map_err(|error| DocumentError::from_io(error, DocumentError::Folder))?;
                }
                _ => return writer.finish(),
            }
        }
    }

    /// Opens a document for reading from its beginning.
    ///
    /// # Errors
    /// One that is missing, or that has another size than when it was stored.
    pub fn read(&self, reference: &Reference) -> Result<Reader, DocumentError> {
        Reader::new(self, reference)
    }

    /// A whole document in memory, checked to its end before a byte is returned.
    ///
    /// # Errors
    /// One that is missing, damaged, or longer than allowed.
    pub fn bytes(&self, reference: &Reference, allowed: u64) -> Result<Zeroizing<Vec<u8>>, DocumentError> {
        let length = usize::try_from(reference.bytes()).ok().filter(|_| reference.bytes() <= allowed);
        let length = length.ok_or(DocumentError::TooLong { allowed })?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
        self.read(reference)?.read_to_end(&mut bytes).map_err(|error| DocumentError::from_io(error, DocumentError::Folder))?;
        Ok(bytes)
    }

    /// Checks a stored document against its address, without any key. Returns how many bytes are stored.
    ///
    /// # Errors
    /// One that is missing or damaged.
    pub fn verify(&self, address: Address) -> Result<u64, DocumentError> {
        reader::verify(self, address)
    }

    /// Every finished document.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub fn list(&self) -> Result<Vec<Found>, DocumentError> {
        let mut found = Vec::new();
        for meta in block_on_stream(self.store.list(None)) {
            let meta = meta.map_err(DocumentError::Store)?;
            if let Some(address) = address_of(&meta.location) {
                let written_at = Timestamp::from_microsecond(meta.last_modified.timestamp_micros()).unwrap_or(Timestamp::MAX);
                found.push(Found { address, bytes: meta.size, written_at });
            }
        }
        found.sort_by_key(|found| found.address);
        Ok(found)
    }

    /// Finished documents that no entry names, written before an instant. It must be earlier than any act still under way, because a
    /// document is stored before the entry that names it. Nothing is removed.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub fn orphans(&self, before: Timestamp, is_named: impl Fn(&Address) -> bool) -> Result<Vec<Found>, DocumentError> {
        let mut found = self.list()?;
        found.retain(|found| found.written_at < before && !is_named(&found.address));
        Ok(found)
    }

    /// Removes a finished document for ever.
    ///
    /// # Errors
    /// One that is not there, or a store that refuses.
    pub fn remove(&self, address: Address) -> Result<(), DocumentError> {
        block_on(self.store.delete(&key_of(&address))).map_err(|error| DocumentError::store(address, error))
    }

    /// What interrupted writes left, last written to before an instant.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub fn unfinished(&self, before: Timestamp) -> Result<Vec<Unfinished>, DocumentError> {
        let mut left = match &self.folder {
            Some(folder) => names_in(&folder.join(NEW)).map_err(DocumentError::Folder)?,
            None => self.names_in_store()?,
        };
        left.retain(|left| left.written_at < before);
        left.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(left)
    }

    fn names_in_store(&self) -> Result<Vec<Unfinished>, DocumentError> {
        block_on_stream(self.store.list(Some(&Key::from(NEW))))
            .map(|meta| {
                let meta = meta.map_err(DocumentError::Store)?;
                let written_at = Timestamp::from_microsecond(meta.last_modified.timestamp_micros()).unwrap_or(Timestamp::MAX);
                Ok(Unfinished { name: meta.location.filename().unwrap_or_default().to_owned(), written_at })
            })
            .collect()
    }

    /// Removes what interrupted writes left, last written to before an instant; it must be earlier than any write still under way.
    /// Returns how many.
    ///
    /// # Errors
    /// A store that refuses.
    pub fn remove_unfinished(&self, before: Timestamp) -> Result<usize, DocumentError> {
        let left = self.unfinished(before)?;
        for Unfinished { name, .. } in &left {
            match &self.folder {
                Some(folder) => std::fs::remove_file(folder.join(NEW).join(name)).map_err(DocumentError::Folder)?,
                None => block_on(self.store.delete(&Key::from(NEW).join(name.as_str()))).map_err(DocumentError::Store)?,
            }
        }
        Ok(left.len())
    }
}

/// Two letters of the address make a folder, so that none holds too many.
pub(super) fn key_of(address: &Address) -> Key {
    let text = address.to_string();
    let (folder, name) = text.split_at(2);
    Key::from_iter([folder, name])
}

fn address_of(key: &Key) -> Option<Address> {
    let mut parts = key.parts();
    let (folder, name) = (parts.next()?, parts.next()?);
    if parts.next().is_some() || folder.as_ref().len() != 2 {
        return None;
    }
    Address::parse(&format!("{}{}", folder.as_ref(), name.as_ref()))
}

/// A name that nothing else has.
pub(super) fn unfinished_key(chance: &Chance) -> Result<Key, NoChance> {
    Ok(Key::from_iter([NEW.to_owned(), Pseudonym::from_bytes(chance.bytes()?).to_string()]))
}

fn names_in(folder: &Path) -> io::Result<Vec<Unfinished>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // It may have been finished since the folder was read.
        let Some(meta) = entry.metadata().ok().filter(std::fs::Metadata::is_file) else {
            continue;
        };
        let written_at = meta.modified().ok().and_then(|at| Timestamp::try_from(at).ok()).unwrap_or(Timestamp::MAX);
        names.push(Unfinished { name: entry.file_name().to_string_lossy().into_owned(), written_at });
    }
    Ok(names)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    crate::disk::sync_name(folder)
}

impl fmt::Debug for Documents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Documents({})", self.store)
    }
}
