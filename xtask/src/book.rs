//! The statute book on disk: the packs of `law/`, and every scenario of `law/*/scenarios/` and of `scenarios/`.
//!
//! Loaded packs are kept, with and without amendments taken to be in force. Deliberately absent: what is done with them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use openward_law::engine::Law;
use openward_law::pack::{Commencements, PackFile, Problem, load_with};
use openward_law::scenario::{self, Laws, Scenario};

/// The international standard that every law is held against.
pub(crate) const BENCHMARK: &str = "un-1991";

/// The folder of the packs.
const LAW: &str = "law";
/// The folder of scenarios that stand apart from any pack, and the folder of that name within a pack.
const SCENARIOS: &str = "scenarios";

/// A pack by its name and the amendments taken to be in force.
type Asked = (String, Commencements);

/// The packs at hand.
pub(crate) struct Book {
    packs: BTreeMap<String, Vec<PackFile>>,
    benchmark: Arc<Law>,
    loaded: Mutex<BTreeMap<Asked, Result<Arc<Law>, String>>>,
}

/// One file of scenarios.
pub(crate) struct ScenarioFile {
    /// Where it stands, from the top of the repository.
    pub(crate) path: String,
    /// The pack of its folder, under which a scenario runs that names none; empty where the folder is no pack's.
    pub(crate) pack: String,
    /// Its scenarios.
    pub(crate) scenarios: Vec<Scenario>,
}

impl Book {
    /// Reads the packs' files, and loads the benchmark.
    pub(crate) fn open(root: &Path) -> Result<Book, String> {
        let mut packs = BTreeMap::new();
        for folder in folders(&root.join(LAW))? {
            let files = pack_files(root, &folder)?;
            if !files.is_empty() {
                packs.insert(name(&folder), files);
            }
        }
        let files = packs.get(BENCHMARK).ok_or_else(|| format!("there is no pack {LAW}/{BENCHMARK}"))?;
        let benchmark = load_with(files, None, &Commencements::new()).map_err(|problems| told(&problems))?;
        Ok(Book { packs, benchmark: Arc::new(Law::new(benchmark)), loaded: Mutex::default() })
    }

    /// The names of the packs, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.packs.keys().map(String::as_str)
    }

    /// The files of a pack.
    pub(crate) fn files(&self, pack: &str) -> &[PackFile] {
        self.packs.get(pack).map_or(&[], Vec::as_slice)
    }

    /// A pack as it stands.
    pub(crate) fn pack(&self, name: &str) -> Result<Arc<Law>, String> {
        self.law(name, &Commencements::new())
    }

    /// A pack from other texts than those on disk.
    pub(crate) fn load(&self, pack: &str, files: &[PackFile], commence: &Commencements) -> Result<Law, String> {
        let benchmark = (pack != BENCHMARK).then_some(&self.benchmark.pack);
        load_with(files, benchmark, commence).map(Law::new).map_err(|problems| told(&problems))
    }
}

impl Laws for Book {
    fn law(&self, name: &str, commence: &Commencements) -> Result<Arc<Law>, String> {
        if name == BENCHMARK && commence.is_empty() {
            return Ok(Arc::clone(&self.benchmark));
        }
        let Some(files) = self.packs.get(name) else { return Err(format!("there is no pack `{name}`")) };
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = (name.to_owned(), commence.clone());
        loaded.entry(asked).or_insert_with(|| self.load(name, files, commence).map(Arc::new)).clone()
    }

    fn benchmark(&self) -> Option<&Law> {
        Some(&self.benchmark)
    }
}

/// The scenarios of a pack's folder, or with an empty name those that stand apart.
///
/// Every file that cannot be read is in the error, with its line.
pub(crate) fn scenarios(root: &Path, pack: &str) -> Result<Vec<ScenarioFile>, String> {
    let top = if pack.is_empty() { root.join(SCENARIOS) } else { root.join(LAW).join(pack).join(SCENARIOS) };
    let (mut files, mut wrong) = (Vec::new(), Vec::new());
    for path in below(&top)?.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "scn")) {
        let shown = shown(root, &path);
        match scenario::parse(&text(&path)?) {
            Ok(scenarios) => files.push(ScenarioFile { path: shown, pack: pack.to_owned(), scenarios }),
            Err(error) => wrong.push(format!("{shown}:{}: {}", error.line, error.message)),
        }
    }
    if wrong.is_empty() { Ok(files) } else { Err(wrong.join("\n")) }
}

/// The scenarios of all packs and those that stand apart.
pub(crate) fn all_scenarios(root: &Path, book: &Book) -> Result<Vec<ScenarioFile>, String> {
    let mut files = Vec::new();
    for pack in book.names().chain([""]) {
        files.extend(scenarios(root, pack)?);
    }
    Ok(files)
}

fn pack_files(root: &Path, folder: &Path) -> Result<Vec<PackFile>, String> {
    let paths = entries(folder)?.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.map(|path| Ok(PackFile { name: shown(root, &path), text: text(&path)? })).collect()
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, String> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// Every file below a folder, in order; none where there is no folder.
fn below(folder: &Path) -> Result<Vec<PathBuf>, String> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() { files.extend(below(&path)?) } else { files.push(path) }
    }
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let cannot = |error: std::io::Error| format!("{} cannot be read: {error}", folder.display());
    let mut paths = fs::read_dir(folder)
        .map_err(cannot)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(cannot)?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn told(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// The repository that holds these sources, for tests.
#[cfg(test)]
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(1).map(Path::to_path_buf).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_loaded_once_for_each_rehearsal() {
        let book = Book::open(&repository()).expect("the statute book");
        let first = book.pack(BENCHMARK).expect("the benchmark");
        let again = book.pack(BENCHMARK).expect("the benchmark");
        assert!(Arc::ptr_eq(&first, &again));
        assert!(first.pack.benchmark);
    }

    #[test]
    fn a_pack_that_is_not_there_is_said_to_be_missing() {
        let book = Book::open(&repository()).expect("the statute book");
        assert_eq!(book.pack("atlantis").err(), Some("there is no pack `atlantis`".to_owned()));
    }

    #[test]
    fn a_folder_without_scenarios_has_none() {
        assert!(scenarios(Path::new("/nowhere"), "atlantis").is_ok_and(|files| files.is_empty()));
    }
}
