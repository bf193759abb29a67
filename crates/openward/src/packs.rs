//! The statute book: packs compiled in, and packs in a folder that take their place.
//!
//! Deliberately absent: what is in a pack. Only the packs asked for are read, for reading one takes longer than folding a file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use openward_law::engine::Law;
use openward_law::pack::{Commencements, Pack, PackFile, load_with, nearest};

use crate::failure::Failure;
use crate::page::clean;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../law");

/// The international standard that every law is held against.
pub(crate) const BENCHMARK: &str = "un-1991";

/// The folder of a pack that holds its scenarios.
const SCENARIOS: &str = "scenarios";

/// The packs at hand.
#[derive(Debug)]
pub(crate) struct Packs {
    folder: Option<PathBuf>,
    names: BTreeSet<String>,
}

impl Packs {
    /// The packs compiled in, and those of a folder: the one of the call, else of `OPENWARD_LAW_DIR`.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Packs, Failure> {
        let from_environment = || std::env::var_os("OPENWARD_LAW_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
        let folder = folder.map(Path::to_path_buf).or_else(from_environment);
        let built_in = BUILT_IN.dirs().filter(|dir| dir.get_file(dir.path().join("pack.toml")).is_some());
        let mut names: BTreeSet<String> = built_in.filter_map(|dir| name_of(dir.path())).collect();
        if let Some(folder) = &folder {
            let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
            for entry in entries {
                let path = entry.map_err(|error| unreadable(folder, &error))?.path();
                if path.join("pack.toml").is_file() {
                    names.extend(name_of(&path));
                }
            }
        }
        Ok(Packs { folder, names })
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
        let in_law_dir = self.folder.as_ref().map(|folder| folder.join(name)).filter(|path| path.join("pack.toml").is_file());
        in_law_dir.or_else(|| {
            let path = PathBuf::from(name);
            let is_path = !self.names.contains(name) && path.is_dir();
            is_path.then_some(path)
        })
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

    fn unknown(&self, name: &str) -> Failure {
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
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if has_ending(&path, ending) {
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            files.extend(name_of(&path).map(|name| PackFile { name, text }));
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Machine(format!("{} cannot be read: {}", path.display(), crate::failure::machine_words(error)))
}
