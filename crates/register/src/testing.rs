//! What the tests of this crate share: a register in a folder, acts, the packs of the workspace.
//!
//! Deliberately absent: any expectation.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use openward_law::casefile::CaseFile;
use openward_law::engine::Law;
use openward_law::pack::{PackFile, load};
use openward_seal::checkpoint::Trust;
use openward_seal::note::key::SecretKey;

use crate::derived::Laws;
use crate::keys::{Chance, Keys, Master};
use crate::store::ActId;
use crate::store::sqlite::Sqlite;
use crate::writer::{Act, Parts, Register};

fn pack(name: &str, benchmark: Option<&openward_law::pack::Pack>) -> openward_law::pack::Pack {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../law").join(name);
    let mut files: Vec<PackFile> = std::fs::read_dir(&folder)
        .expect("the pack's folder is there")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| PackFile {
            name: path.file_name().expect("a name").to_string_lossy().into_owned(),
            text: std::fs::read_to_string(&path).expect("readable"),
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    load(&files, benchmark).unwrap_or_else(|problems| panic!("{name}: {}", problems[0]))
}

struct Packs(HashMap<String, Arc<Law>>);

impl Laws for Packs {
    fn law(&self, id: &str) -> Option<Arc<Law>> {
        self.0.get(id).cloned()
    }
    fn usual(&self) -> Option<Arc<Law>> {
        self.law("ie")
    }
}

pub(crate) fn laws() -> Arc<dyn Laws> {
    static PACKS: OnceLock<Arc<Packs>> = OnceLock::new();
    let packs = PACKS.get_or_init(|| {
        let benchmark = pack("un-1991", None);
        let law = |name: &str| (name.to_owned(), Arc::new(Law::new(pack(name, Some(&benchmark)))));
        Arc::new(Packs([law("ie"), law("gb-eaw")].into_iter().collect()))
    });
    Arc::clone(packs) as Arc<dyn Laws>
}

/// The same laws, none of them for files whose places name none.
pub(crate) fn laws_without_usual() -> Arc<dyn Laws> {
    struct Named(Arc<dyn Laws>);
    impl Laws for Named {
        fn law(&self, id: &str) -> Option<Arc<Law>> {
            self.0.law(id)
        }
        fn usual(&self) -> Option<Arc<Law>> {
            None
        }
    }
    Arc::new(Named(laws()))
}

const MASTER: &str = "master.txt";

/// A register's folder.
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) keys: Arc<Keys>,
    pub(crate) laws: Arc<dyn Laws>,
}

pub(crate) fn signer() -> SecretKey {
    SecretKey::from_seed("register.example/log", &[7; 32]).expect("a key")
}

impl Place {
    pub(crate) fn create(folder: &Path) -> Self {
        let master = Master::generate(&Chance::system()).expect("random bytes");
        std::fs::write(folder.join(MASTER), master.text().as_bytes()).expect("written");
        let keys = Keys::create(&folder.join("keys.db"), &master, Chance::system()).expect("a key store");
        Self { folder: folder.to_owned(), keys: Arc::new(keys), laws: laws() }
    }

    pub(crate) fn open(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join(MASTER)).expect("read");
        let master = Master::parse(&text).expect("a master");
        let keys = Keys::open(&folder.join("keys.db"), &master, Chance::system()).expect("the key store");
        Self { folder: folder.to_owned(), keys: Arc::new(keys), laws: laws() }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("register.db")
    }

    pub(crate) fn store(&self) -> Sqlite {
        Sqlite::open(&self.path()).expect("the register opens")
    }

    pub(crate) fn register(&self) -> Register<Sqlite> {
        let parts = Parts::new(Arc::clone(&self.keys), Arc::clone(&self.laws), signer());
        Register::open(self.store(), parts).expect("the register runs")
    }

    pub(crate) fn trust(&self) -> Trust {
        Trust::new(vec![signer().public().clone()]).expect("one key")
    }
}

/// A number from the environment, where it is given. A word that is none must not pass for the short form of a test.
pub(crate) fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} asks for a whole number, and is `{text}`")))
}

pub(crate) fn id(number: u64) -> ActId {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    id
}

/// Entries of a case file as an act on one file, numbered from where it is.
pub(crate) fn act_of(id: ActId, file: &str, after: u64, lines: &[&str]) -> Act {
    let text: String = lines.iter().map(|line| line.replacen('{', &format!("{{\"file\":\"{file}\","), 1) + "\n").collect();
    let mut case = CaseFile::read(&text).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let mut entries = case.files.remove(0).entries;
    for entry in &mut entries {
        entry.n += u32::try_from(after).expect("small");
    }
    Act { id, file: file.to_owned(), after, entries, documents: Vec::new(), outbox: Vec::new() }
}

pub(crate) fn act(id: ActId, file: &str, after: u64, count: usize) -> Act {
    act_of(id, file, after, &vec![r#"{"at":"2024-03-01T10:15","fact":"described","born":"1980-01-01","note":"a plain note"}"#; count])
}
