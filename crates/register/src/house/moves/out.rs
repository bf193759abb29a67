//! A register moved out: marked, copied at rest, checked, and streamed into one encrypted file.
//!
//! What lies on the disk on the way is closed: boxes under file keys, keys under a master that is only in memory and in the encrypted file.
//! Deliberately absent: the register's own master, which does not travel.

use std::fs::File;
use std::io::{BufWriter, Read};
use std::path::Path;
use std::sync::Arc;

use openward_seal::checkpoint::Trust;

use super::keyring::Recipients;
use super::{ABOUT, About, END, End, MASTER, MoveError, VERSION};
use crate::derived::Laws;
use crate::disk;
use crate::house::{DATABASE, DOCUMENTS, House, HouseError, KEYS, PUBLIC_KEY};
use crate::keys::{Chance, Keys, Master, Pseudonym};
use crate::store::sqlite::Sqlite;
use crate::verify;

/// A register that was moved out.
#[derive(Clone, Debug)]
pub struct MovedOut {
    /// What is in the file.
    pub about: About,
    /// How long the file is.
    pub bytes: u64,
    /// The newest checkpoint, to be compared at the new place.
    pub checkpoint: Option<String>,
    /// Documents that are missing or damaged here, and so do not go along.
    pub findings: Vec<String>,
}

/// The stream: an archive, encrypted, in a file.
type Stream = tar::Builder<age::stream::StreamWriter<BufWriter<File>>>;

impl House {
    /// Moves the register out into a file that is not there yet. From the beginning on nothing more is written to the register; if the file
    /// is not made, it is as before.
    ///
    /// # Errors
    /// A file that is there already, a register that does not verify, that another program writes to, or that was moved away before.
    pub fn move_out(&self, master: &Master, laws: Arc<dyn Laws>, recipients: &Recipients, to: &Path) -> Result<MovedOut, MoveError> {
        if to.try_exists().map_err(MoveError::io(to))? {
            return Err(MoveError::Exists(to.to_owned()));
        }
        // Opened as for work, so that all that waits goes into the log.
        self.open(master, laws)?.register.close();
        let keys = self.keys(master)?;
        let id = Pseudonym::from_bytes(Chance::system().bytes()?);
        let work = disk::ending(to, &format!(".new-{id}"));
        self.leave()?;
        let made = self.write_out(&keys, recipients, &work).and_then(|out| {
            let ready = work.join("move");
            std::fs::rename(&ready, to).and_then(|()| disk::sync_name(to)).map_err(MoveError::io(to))?;
            Ok(out)
        });
        // What cannot be removed is closed with keys that are no more.
        let _ = std::fs::remove_dir_all(&work);
        if made.is_err() {
            let _ = std::fs::remove_file(to);
            self.take_back()?;
        }
        made
    }

    fn write_out(&self, keys: &Keys, recipients: &Recipients, work: &Path) -> Result<MovedOut, MoveError> {
        disk::make_folder(work).map_err(MoveError::io(work))?;
        let (database, store) = (work.join(DATABASE), work.join(KEYS));
        self.store()?.backup(&database)?;
        let way = Master::generate(&Chance::system())?;
        keys.copy_for(&store, &way)?;
        // A register that does not verify cannot be taken in: that is said while there is still one.
        let copy = Sqlite::open_reading(&database)?;
        let trust = Trust::new(vec![self.public_key()?]).map_err(|_| HouseError::Mixed("its key is not that of a log"))?;
        let report = verify::register(&copy, Some(keys), &trust, &[])?;
        if !report.is_clean() {
            return Err(HouseError::Found(report.findings.iter().map(ToString::to_string).collect()).into());
        }
        let checkpoint = crate::sealer::newest(&copy, &trust)?.and_then(|(row, _)| String::from_utf8(row.note).ok());
        drop(copy);

        let documents = self.documents()?;
        let (mut whole, mut findings) = (Vec::new(), Vec::new());
        for found in documents.list().map_err(HouseError::from)? {
            match documents.verify(found.address) {
                Ok(_) => whole.push(found.address),
                Err(error) => findings.push(error.to_string()),
            }
        }
        let about = About {
            version: VERSION,
            made_at: jiff::Timestamp::now().to_string(),
            files: report.files,
            entries: report.entries,
            log: report.log,
            documents: whole.len() as u64,
            register: self.config().clone(),
        };
        let path = work.join("move");
        let mut stream = begin(&path, recipients)?;
        let text = |text: Result<String, toml::ser::Error>| text.map_err(|error| HouseError::Config(error.to_string()));
        put_small(&mut stream, ABOUT, text(toml::to_string(&about))?.as_bytes())?;
        put_small(&mut stream, MASTER, way.text().as_bytes())?;
        put_small(&mut stream, PUBLIC_KEY, format!("{}\n", self.public_key()?).as_bytes())?;
        let keys = put_file(&mut stream, KEYS, &store)?;
        let register = put_file(&mut stream, DATABASE, &database)?;
        for address in &whole {
            let (folder, name) = parts(&address.to_string());
            let from = self.documents_path().join(&folder).join(&name);
            put_file(&mut stream, &format!("{DOCUMENTS}/{folder}/{name}"), &from)?;
        }
        let end = End { documents: about.documents, register, keys };
        put_small(&mut stream, END, text(toml::to_string(&end))?.as_bytes())?;
        let bytes = finish(stream, &path)?;
        Ok(MovedOut { about, bytes, checkpoint, findings })
    }
}

/// The folder and the name of a document, by its address.
fn parts(address: &str) -> (String, String) {
    let (folder, name) = address.split_at_checked(2).unwrap_or((address, ""));
    (folder.to_owned(), name.to_owned())
}

fn begin(path: &Path, recipients: &Recipients) -> Result<Stream, MoveError> {
    let file = disk::make_private(path).map_err(MoveError::io(path))?;
    let all = recipients.0.iter().map(|recipient| recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(all).map_err(|_| MoveError::Recipient(1))?;
    let stream = encryptor.wrap_output(BufWriter::new(file)).map_err(MoveError::io(path))?;
    Ok(tar::Builder::new(stream))
}

/// Ends archive and encryption, and waits until the disk has the file. Gives its length.
fn finish(stream: Stream, path: &Path) -> Result<u64, MoveError> {
    let done = (|| {
        let file = stream.into_inner()?.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    })();
    done.map_err(MoveError::io(path))
}

fn header(bytes: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(0);
    header.set_entry_type(tar::EntryType::Regular);
    header
}

fn put_small(stream: &mut Stream, name: &str, bytes: &[u8]) -> Result<(), MoveError> {
    stream.append_data(&mut header(bytes.len() as u64), name, bytes).map_err(MoveError::io(Path::new(name)))
}

/// Writes a file; gives the checksum of what was written.
fn put_file(stream: &mut Stream, name: &str, from: &Path) -> Result<String, MoveError> {
    let done = (|| {
        let file = File::open(from)?;
        let bytes = file.metadata()?.len();
        let mut counted = Counted { from: file.take(bytes), hash: sha2::Digest::new(), bytes: 0 };
        stream.append_data(&mut header(bytes), name, &mut counted)?;
        if counted.bytes == bytes {
            Ok(counted.sum())
        } else {
            Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it became shorter while it was read"))
        }
    })();
    done.map_err(MoveError::io(from))
}

/// What is read, with its length and checksum.
struct Counted<R> {
    from: R,
    hash: sha2::Sha256,
    bytes: u64,
}

impl<R> Counted<R> {
    fn sum(self) -> String {
        let hash: [u8; 32] = sha2::Digest::finalize(self.hash).into();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(buffer)?;
        sha2::Digest::update(&mut self.hash, buffer.get(..read).unwrap_or_default());
        self.bytes += read as u64;
        Ok(read)
    }
}
