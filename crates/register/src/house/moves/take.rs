//! A move taken in: read once from end to end, every name and length expected, and built beside until all of it is verified.
//!
//! A move may come from anybody who knows the recipient. So nothing in it is believed that is not checked against the seal, and who sent it
//! is told by the register's public key alone. Deliberately absent: taking in a part, and over a register.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::sync::Arc;

use openward_seal::checkpoint::Trust;
use openward_seal::note::key::PublicKey;
use serde::de::DeserializeOwned;
use sha2::Digest as _;
use zeroize::Zeroizing;

use super::keyring::Identities;
use super::{ABOUT, About, END, End, MASTER, MoveError, SMALL, VERSION, is_away, mark};
use crate::derived::{Laws, check};
use crate::disk;
use crate::house::{DATABASE, DOCUMENTS, House, HouseError, KEYS, PUBLIC_KEY, papers};
use crate::keys::{Chance, Keys, Master, Pseudonym};
use crate::verify;
use crate::writer::settle;

/// The longest beginning of an age file: a hundred recipients fit well.
const HEADER_MAX: usize = 64 << 10;

/// The laws at hand, by the name of the usual one; or why it is not among them.
pub type LawsOf<'a> = dyn Fn(Option<&str>) -> Result<Arc<dyn Laws>, String> + 'a;

/// What a move is taken in with.
pub struct Taking<'a> {
    /// The file.
    pub file: &'a Path,
    /// What opens it.
    pub identities: &'a Identities,
    /// The master of the register at the new place.
    pub master: &'a Master,
    /// The register's public key, from a place that the sender of the move cannot change.
    pub key: Option<&'a PublicKey>,
    /// Checkpoints that were kept elsewhere.
    pub outside: &'a [Vec<u8>],
    /// A list of destroyed keys that may be newer than the move.
    pub destroyed: Option<&'a str>,
    /// The laws of the new place. Which of them is usual, the register itself says.
    pub laws: &'a LawsOf<'a>,
}

/// A register that was taken in.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What the move says of itself, and what was found to be so.
    pub about: About,
    /// The register's public key.
    pub key: String,
    /// The newest checkpoint.
    pub checkpoint: Option<String>,
    /// Documents that entries name and that were missing or damaged at the old place.
    pub findings: Vec<String>,
}

/// What was read so far.
struct Held {
    about: About,
    way: Master,
    keys: String,
    register: String,
    documents: u64,
}

impl Taking<'_> {
    /// Makes a register of the move in a folder that is empty or not there.
    ///
    /// # Errors
    /// A folder that holds something, a move that is torn, changed, of another register or for somebody else, or a register that does not
    /// verify. Then nothing is left at the new place.
    pub fn to(&self, folder: &Path) -> Result<(House, Taken), MoveError> {
        if !disk::is_free(folder).map_err(MoveError::io(folder))? {
            return Err(HouseError::NotEmpty(folder.to_owned()).into());
        }
        let id = Pseudonym::from_bytes(Chance::system().bytes()?);
        let new = disk::ending(folder, &format!(".new-{id}"));
        let done = self.build(&new).and_then(|(house, taken)| {
            std::fs::rename(&new, folder).and_then(|()| disk::sync_name(folder)).map_err(MoveError::io(folder))?;
            Ok((House { folder: folder.to_owned(), config: house.config }, taken))
        });
        if done.is_err() {
            // Its name says that it is not finished; where it cannot be removed either, that must do.
            let _ = std::fs::remove_dir_all(&new);
        }
        done
    }

    fn build(&self, new: &Path) -> Result<(House, Taken), MoveError> {
        disk::make_folder(&new.join(DOCUMENTS)).map_err(MoveError::io(new))?;
        let read = self.read(new)?;
        let house = House { folder: new.to_owned(), config: read.about.register.clone() };
        let mut keys = Keys::open(&house.keys_path(), &read.way, Chance::system())?;
        keys.rotate_master(self.master)?;
        if let Some(list) = self.destroyed {
            let list = keys.read_destroyed(list)?;
            keys.apply_destroyed(&list)?;
        }
        let mut store = house.store()?;
        settle(&mut store, &keys)?;
        if is_away(&store)? {
            mark(&mut store, b"")?;
        }
        let key = house.signer(&keys)?.public().clone();
        if self.key.is_some_and(|given| *given != key) {
            return Err(MoveError::Key(key.to_string()));
        }
        keys.check()?;
        let trust = Trust::new(vec![key.clone()]).map_err(|_| HouseError::Mixed("its key is not that of a log"))?;
        let report = verify::register(&store, Some(&keys), &trust, self.outside)?;
        if !report.is_clean() {
            return Err(HouseError::Found(report.findings.iter().map(ToString::to_string).collect()).into());
        }
        let about = read.about;
        if (report.files, report.entries, report.log) != (about.files, about.entries, about.log) {
            return Err(MoveError::file("it names other numbers of files and entries than are in it"));
        }
        let papers = papers::check(&store, &keys, &house.documents()?)?;
        let laws = (self.laws)(house.config.law.as_deref()).map_err(MoveError::Law)?;
        check::rebuild(&mut store, &keys, laws.as_ref())?;
        let checkpoint = crate::sealer::newest(&store, &trust)?.and_then(|(row, _)| String::from_utf8(row.note).ok());
        drop(store);
        keys.close()?;
        crate::house::backup::sync_all(new)?;
        house.finish()?;
        Ok((house, Taken { about, key: key.to_string(), checkpoint, findings: papers.findings }))
    }

    /// Reads the whole file. Nothing of it is believed before its end was reached.
    fn read(&self, new: &Path) -> Result<Held, MoveError> {
        let mut archive = tar::Archive::new(self.open()?);
        let mut entries = archive.entries().map_err(MoveError::file)?.raw(true);
        let mut next = || -> Result<(String, Entry<'_>), MoveError> {
            let entry = entries.next().ok_or_else(|| MoveError::file("its end is missing"))?.map_err(MoveError::file)?;
            if !matches!(entry.header().entry_type(), tar::EntryType::Regular) {
                return Err(MoveError::file("it holds something else than files"));
            }
            let name = String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| MoveError::file("a name in it is no text"))?;
            Ok((name, entry))
        };
        let about = about_of(&small(next()?, ABOUT)?)?;
        let way = small(next()?, MASTER)?;
        let way = std::str::from_utf8(&way).ok().and_then(|text| Master::parse(text).ok());
        let way = way.ok_or_else(|| MoveError::file("the key of its keys cannot be read"))?;
        let public = small(next()?, PUBLIC_KEY)?;
        disk::write_new(&new.join(PUBLIC_KEY), &public).map_err(MoveError::io(new))?;
        let mut sums = [const { String::new() }; 2];
        for (sum, wanted) in sums.iter_mut().zip([KEYS, DATABASE]) {
            let (name, mut entry) = next()?;
            expect(&name, wanted)?;
            *sum = pour(&mut entry, &new.join(wanted))?;
        }
        let mut documents = 0;
        let end: End = loop {
            let (name, mut entry) = next()?;
            let Some(address) = name.strip_prefix(DOCUMENTS).and_then(|rest| rest.strip_prefix('/')) else {
                break of_toml(&small((name, entry), END)?)?;
            };
            document(new, address, &mut entry)?;
            documents += 1;
        };
        let [keys, register] = sums;
        let read = Held { about, way, keys, register, documents };
        if (end.documents, read.about.documents) != (read.documents, read.documents)
            || (&end.keys, &end.register) != (&read.keys, &read.register)
        {
            return Err(MoveError::file("what is in it is not what its end names"));
        }
        to_the_end(archive.into_inner())?;
        Ok(read)
    }

    /// Opens the encryption.
    fn open(&self) -> Result<age::stream::StreamReader<BufReader<File>>, MoveError> {
        let file = File::open(self.file).map_err(MoveError::io(self.file))?;
        if !file.metadata().map_err(MoveError::io(self.file))?.is_file() {
            return Err(MoveError::file("it is no plain file"));
        }
        let mut file = BufReader::with_capacity(HEADER_MAX, file);
        // A beginning without an end would be read into memory as far as it goes.
        let begins = file.fill_buf().map_err(MoveError::io(self.file))?;
        if !begins.starts_with(b"age-encryption.org/") || !begins.windows(5).any(|bytes| bytes == b"\n--- ") {
            return Err(MoveError::file("it does not begin as an age file does"));
        }
        let decryptor =
            age::Decryptor::new_buffered(file).map_err(|_| MoveError::file("its beginning was changed, or it was cut there"))?;
        let all = self.identities.0.iter().map(|identity| identity as &dyn age::Identity);
        decryptor.decrypt(all).map_err(|error| match error {
            age::DecryptError::NoMatchingKeys | age::DecryptError::DecryptionFailed => MoveError::NotForYou,
            age::DecryptError::Io(error) => MoveError::file(error),
            _ => MoveError::file("its beginning was changed"),
        })
    }
}

/// One file of the archive.
type Entry<'a> = tar::Entry<'a, age::stream::StreamReader<BufReader<File>>>;

fn expect(found: &str, wanted: &str) -> Result<(), MoveError> {
    // A name in a hostile file is not repeated.
    if found == wanted { Ok(()) } else { Err(MoveError::file(format_args!("{wanted} is not where it belongs in it"))) }
}

/// A small file under the name that is due.
fn small((name, entry): (String, Entry<'_>), wanted: &str) -> Result<Zeroizing<Vec<u8>>, MoveError> {
    expect(&name, wanted)?;
    let size = entry.size();
    if size > SMALL {
        return Err(MoveError::file(format_args!("{wanted} in it is too long")));
    }
    let mut bytes = Zeroizing::new(Vec::new());
    entry.take(SMALL).read_to_end(&mut bytes).map_err(MoveError::file)?;
    if bytes.len() as u64 == size { Ok(bytes) } else { Err(MoveError::file(format_args!("it was cut within {wanted}"))) }
}

fn of_toml<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, MoveError> {
    let text = std::str::from_utf8(bytes).map_err(|_| MoveError::file("a text in it is none"))?;
    toml::from_str(text).map_err(|_| MoveError::file("what it says of itself cannot be read"))
}

/// What it says of itself. The version is asked first: a newer form may have other fields.
fn about_of(bytes: &[u8]) -> Result<About, MoveError> {
    let table: toml::Table = of_toml(bytes)?;
    match table.get("version").and_then(toml::Value::as_integer) {
        Some(version) if version == i64::from(VERSION) => of_toml(bytes),
        Some(version) => Err(MoveError::Version(version)),
        None => Err(MoveError::file("it names no version")),
    }
}

/// Writes a file of the archive to a new file; gives its checksum. It is on the disk afterwards.
fn pour(entry: &mut Entry<'_>, to: &Path) -> Result<String, MoveError> {
    let mut file = disk::make_private(to).map_err(MoveError::io(to))?;
    let size = entry.size();
    let (mut hash, mut some, mut length) = (sha2::Sha256::new(), Zeroizing::new(vec![0; 1 << 16]), 0);
    loop {
        let read = entry.read(&mut some).map_err(MoveError::file)?;
        let Some(read) = some.get(..read).filter(|read| !read.is_empty()) else { break };
        hash.update(read);
        length += read.len() as u64;
        file.write_all(read).map_err(MoveError::io(to))?;
    }
    if length != size {
        return Err(MoveError::file("it was cut within a file"));
    }
    file.sync_all().map_err(MoveError::io(to))?;
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A document, under the address that its bytes have.
fn document(new: &Path, address: &str, entry: &mut Entry<'_>) -> Result<(), MoveError> {
    let is_hex = |text: &str| text.bytes().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f'));
    let (folder, name) = address
        .split_once('/')
        .filter(|(folder, name)| folder.len() == 2 && name.len() == 62 && is_hex(folder) && is_hex(name))
        .ok_or_else(|| MoveError::file("a document in it has no address"))?;
    let folder_path = new.join(DOCUMENTS).join(folder);
    disk::make_folder(&folder_path).map_err(MoveError::io(&folder_path))?;
    let path = folder_path.join(name);
    if path.try_exists().map_err(MoveError::io(&path))? {
        return Err(MoveError::file("a document is in it twice"));
    }
    if pour(entry, &path)? == format!("{folder}{name}") {
        Ok(())
    } else {
        Err(MoveError::file("a document in it is not the one of its address"))
    }
}

/// Reads on to the end of the encryption, which alone says that nothing was cut. An archive ends in zeros.
fn to_the_end(mut rest: impl Read) -> Result<(), MoveError> {
    let mut some = vec![0; 1 << 16];
    loop {
        let read = rest.read(&mut some).map_err(MoveError::file)?;
        match some.get(..read) {
            Some(read) if !read.is_empty() => {
                if read.iter().any(|byte| *byte != 0) {
                    return Err(MoveError::file("something follows its end"));
                }
            }
            _ => return Ok(()),
        }
    }
}
