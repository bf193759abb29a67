//! The statute book: packs compiled in, packs in a folder that take their place, and the one folder that the call itself may name.
//!
//! INVARIANT: what a case file or a scenario says names a pack and is never a path: only the words of the call choose what is read.
//! Deliberately absent: what is in a pack. Only the packs asked for are read, for reading one takes longer than folding a file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use openward_law::engine::Law;
use openward_law::pack::{Commencements, Pack, PackFile, load_with, nearest};

use crate::failure::Failure;
use crate::page::clean;
use crate::words;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../law");

/// The international standard that every law is held against.
pub(crate) const BENCHMARK: &str = "un-1991";

/// The folder of a pack that holds its scenarios.
const SCENARIOS: &str = "scenarios";
/// The file that every pack has.
const HEAD: &str = "pack.toml";
/// No more text than this is read of a pack: the loader takes no more of its law, and its scenarios are smaller.
const BYTES_MAX: u64 = 8 << 20;

/// The packs at hand.
#[derive(Debug)]
pub(crate) struct Packs {
    folder: Option<PathBuf>,
    names: BTreeSet<String>,
    /// The built-in packs whose place one of the folder takes.
    replaced: Vec<String>,
    /// A folder that the call names as its law.
    named: Option<String>,
}

impl Packs {
    /// The packs compiled in, and those of a folder: the one of the call, else of `OPENWARD_LAW_DIR`. `law` is the law that the call
    /// names, which may be the path of a folder.
    pub(crate) fn open(folder: Option<&Path>, law: Option<&str>) -> Result<Packs, Failure> {
        let from_environment = || std::env::var_os("OPENWARD_LAW_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
        let folder = folder.map(Path::to_path_buf).or_else(from_environment);
        let built_in = BUILT_IN.dirs().filter(|dir| dir.get_file(dir.path().join(HEAD)).is_some());
        let mut names: BTreeSet<String> = built_in.filter_map(|dir| name_of(dir.path())).collect();
        let mut replaced = Vec::new();
        if let Some(folder) = &folder {
            let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
            for entry in entries {
                let path = entry.map_err(|error| unreadable(folder, &error))?.path();
                let Some(name) = name_of(&path).filter(|_| path.join(HEAD).is_file()) else { continue };
                if names.contains(&name) {
                    replaced.push(name);
                } else {
                    names.insert(name);
                }
            }
        }
        replaced.sort();
        let named = law.filter(|law| !names.contains(*law) && Path::new(law).is_dir()).map(str::to_owned);
        Ok(Packs { folder, names, replaced, named })
    }

    /// Which built-in packs are not the ones read, said so that nobody takes another text for the law.
    pub(crate) fn said_to_be_replaced(&self) -> Option<String> {
        let folder = self.folder.as_ref().filter(|_| !self.replaced.is_empty())?;
        let are = if self.replaced.len() == 1 { "is" } else { "are" };
        Some(format!("{} {are} read from {}, not as built in.", words::and(&self.replaced), folder.display()))
    }

    /// The names of all packs, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The names of the packs that can say how a person stands.
    pub(crate) fn laws(&self) -> Vec<&str> {
        self.names().filter(|name| *name != BENCHMARK).collect()
    }

    /// The text files of a pack, by name or folder, which end in `.ending`.
    fn files(&self, name: &str, within: Option<&str>, ending: &str) -> Result<Vec<PackFile>, Failure> {
        if let Some(folder) = self.folder_of(name) {
            return in_folder(&within.map_or_else(|| folder.clone(), |within| folder.join(within)), ending);
        }
        if !self.names.contains(name) {
            return Err(self.unknown(name));
        }
        let path = within.map_or_else(|| PathBuf::from(name), |within| Path::new(name).join(within));
        let files = BUILT_IN.get_dir(path).into_iter().flat_map(Dir::files).filter(|file| has_ending(file.path(), ending));
        let mut files: Vec<PackFile> =
            files.filter_map(|file| Some(PackFile { name: name_of(file.path())?, text: file.contents_utf8()?.to_owned() })).collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(files)
    }

    /// Where a pack lies, if it is not a built-in one.
    fn folder_of(&self, name: &str) -> Option<PathBuf> {
        if self.names.contains(name) {
            return self.folder.as_ref().map(|folder| folder.join(name)).filter(|path| path.join(HEAD).is_file());
        }
        self.named.as_deref().filter(|named| *named == name).map(PathBuf::from)
    }

    /// The scenario files of a pack.
    pub(crate) fn scenarios(&self, name: &str) -> Result<Vec<PackFile>, Failure> {
        match self.folder_of(name) {
            Some(folder) if !folder.join(SCENARIOS).is_dir() => Ok(Vec::new()),
            _ => self.files(name, Some(SCENARIOS), "scn"),
        }
    }

    /// The text of one file of a pack.
    pub(crate) fn source(&self, name: &str, file: &str) -> Option<String> {
        self.files(name, None, "toml").ok()?.into_iter().find(|source| source.name == file).map(|source| source.text)
    }

    /// Reads a pack, with the international standard whose safeguards it names.
    pub(crate) fn load(&self, name: &str, benchmark: Option<&Pack>, commence: &Commencements) -> Result<Pack, Failure> {
        let files = self.files(name, None, "toml")?;
        if files.is_empty() {
            return Err(Failure::content(format!("{name} holds no file that ends in .toml, so it is no pack")));
        }
        load_with(&files, benchmark, commence)
            .map_err(|problems| Failure::Content(problems.iter().map(|problem| format!("{name}/{problem}")).collect()))
    }

    /// Says no to a rehearsal of an amendment that the law does not have.
    pub(crate) fn check_commence(&self, name: &str, benchmark: &Law, commence: &Commencements) -> Result<(), Failure> {
        if commence.is_empty() {
            return Ok(());
        }
        let pack = self.load(name, Some(&benchmark.pack), &Commencements::new())?;
        let known: Vec<&str> = pack.amendments.iter().map(|amendment| amendment.id.as_str()).collect();
        let Some(unknown) = commence.keys().find(|id| !known.contains(&id.as_str())) else { return Ok(()) };
        let all = if known.is_empty() { "It has none.".to_owned() } else { format!("It has: {}.", known.join(", ")) };
        let near = nearest(unknown, known.iter().copied()).map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
        Err(Failure::call(format!("--commence {}: the law {name} has no such amendment.{near} {all}", clean(unknown))))
    }

    /// Reads the international standard.
    pub(crate) fn benchmark(&self) -> Result<Law, Failure> {
        self.load(BENCHMARK, None, &Commencements::new()).map(Law::new)
    }

    /// Reads a law, ready for folding.
    pub(crate) fn law(&self, name: &str, benchmark: &Law, commence: &Commencements) -> Result<Law, Failure> {
        let pack = self.load(name, Some(&benchmark.pack), commence)?;
        if pack.benchmark {
            return Err(Failure::call(format!(
                "`{name}` is an international standard and no country's law; choose one of {}",
                self.laws().join(", ")
            )));
        }
        Ok(Law::new(pack))
    }

    /// Says no to a name that no pack has.
    pub(crate) fn unknown(&self, name: &str) -> Failure {
        let near = nearest(name, self.names()).map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
        let all: Vec<&str> = self.names().collect();
        Failure::call(format!("there is no law pack called `{}`.{near} There are: {}", clean(name), all.join(", ")))
    }
}

/// Laws that were read, each once.
#[derive(Debug)]
pub(crate) struct Library<'p> {
    packs: &'p Packs,
    commence: Commencements,
    pub(crate) benchmark: Law,
    read: BTreeMap<String, Law>,
}

impl<'p> Library<'p> {
    /// A library with the international standard in it.
    pub(crate) fn open(packs: &'p Packs, commence: Commencements) -> Result<Library<'p>, Failure> {
        Ok(Library { packs, commence, benchmark: packs.benchmark()?, read: BTreeMap::new() })
    }

    /// Reads a law unless it was read already.
    pub(crate) fn fetch(&mut self, name: &str) -> Result<(), Failure> {
        if !self.read.contains_key(name) {
            self.packs.check_commence(name, &self.benchmark, &self.commence)?;
            let law = self.packs.law(name, &self.benchmark, &self.commence)?;
            self.read.insert(name.to_owned(), law);
        }
        Ok(())
    }

    /// A law that was read.
    pub(crate) fn law(&self, name: &str) -> Result<&Law, Failure> {
        self.read.get(name).ok_or_else(|| self.packs.unknown(name))
    }
}

fn name_of(path: &Path) -> Option<String> {
    path.file_name().and_then(|name| name.to_str()).map(str::to_owned)
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found == ending)
}

fn in_folder(folder: &Path, ending: &str) -> Result<Vec<PackFile>, Failure> {
    let mut files = Vec::new();
    let mut room = BYTES_MAX;
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if has_ending(&path, ending) {
            let text = read(&path, room)?;
            room = room.saturating_sub(text.len() as u64);
            files.extend(name_of(&path).map(|name| PackFile { name, text }));
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// Reads a file of a pack. What is no plain file is not even opened, for a pipe or a device would be waited for without end.
fn read(path: &Path, room: u64) -> Result<String, Failure> {
    if !fs::metadata(path).map_err(|error| unreadable(path, &error))?.is_file() {
        return Err(Failure::Machine(format!("{} cannot be read: it is not a plain file", path.display())));
    }
    let mut text = String::new();
    let file = fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let read = file.take(room + 1).read_to_string(&mut text);
    // A file cut in the middle of a letter is too large, whatever else is wrong with it.
    let size = fs::metadata(path).map_or(0, |about| about.len()).max(text.len() as u64);
    if size > room {
        let folder = path.parent().unwrap_or(path).display();
        return Err(Failure::content(format!(
            "{}: the files of {folder} are larger than {} MiB together",
            path.display(),
            BYTES_MAX >> 20
        )));
    }
    read.map_err(|error| unreadable(path, &error))?;
    Ok(text)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Machine(format!("{} cannot be read: {}", path.display(), crate::failure::machine_words(error)))
}
