//! Files and folders that only their owner may read, that are there whole or not at all, and that outlive a power cut.
//!
//! Deliberately absent: what is in them.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// Makes an empty file that only its owner can read. One that is there already is an error.
pub(crate) fn make_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Takes a folder away from everybody but its owner.
pub(crate) fn keep_private(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Makes a folder, and those above it, that only its owner can look into. One that is there stays as it is.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Waits until the disk has a file.
pub(crate) fn sync_file(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Waits until the disk has the names of a folder.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Waits until the disk has the name of a path.
pub(crate) fn sync_name(path: &Path) -> io::Result<()> {
    sync_folder(path.parent().unwrap_or(Path::new("")))
}

/// The path with more letters after its name.
pub(crate) fn ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Writes a file that only its owner can read. It is there whole or not at all, and nothing is written over.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = ending(path, ".new");
    // What an interrupted write left is of no use to anybody.
    let _ = std::fs::remove_file(&new);
    let mut file = make_private(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    // A link, unlike a new name, does not take the place of what is there. Some file systems have none.
    let named = match std::fs::hard_link(&new, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.try_exists()? => return finish(&new, path),
        linked => linked,
    };
    std::fs::remove_file(&new)?;
    named?;
    sync_name(path)
}

/// Puts a file in the place of the one that is there: a reader sees the old one or the new one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = ending(path, ".new");
    let _ = std::fs::remove_file(&new);
    let mut file = make_private(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    finish(&new, path)
}

fn finish(new: &Path, path: &Path) -> io::Result<()> {
    std::fs::rename(new, path)?;
    sync_name(path)
}

/// Waits for a lock on a file, which is made if it is not there, and holds it as long as the file is open.
pub(crate) fn lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    file.lock()?;
    Ok(file)
}

/// Whether nobody but its owner may read or change a file.
pub(crate) fn is_private(path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        Ok(std::fs::metadata(path)?.permissions().mode() & 0o077 == 0)
    }
    #[cfg(not(unix))]
    {
        std::fs::metadata(path).map(|_| true)
    }
}

/// Whether a folder is not there, or has nothing in it.
pub(crate) fn is_free(folder: &Path) -> io::Result<bool> {
    match std::fs::read_dir(folder) {
        Ok(mut names) => Ok(names.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Reads a file of at most so many bytes. A pipe or a device is none: it would be waited for without end.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is no plain file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {most} bytes")));
    }
    Ok(bytes)
}

/// The SHA-256 of what a reader gives, in hexadecimal letters, and how long it is; all of it is written on.
pub(crate) fn sum(mut from: impl Read, mut into: impl io::Write) -> io::Result<(String, u64)> {
    let mut hash = Sha256::new();
    let mut some = vec![0; 1 << 16];
    let mut length = 0;
    loop {
        let read = match from.read(&mut some) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let Some(read) = some.get(..read).filter(|read| !read.is_empty()) else {
            return Ok((hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), length));
        };
        hash.update(read);
        length += read.len() as u64;
        into.write_all(read)?;
    }
}
