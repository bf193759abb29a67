//! The commands that keep a register, as somebody calls them: each in a folder of its own, with nothing of the outside world.
#![allow(clippy::expect_used, clippy::panic, missing_docs, reason = "a test may fail loudly")]

mod care;
#[path = "../common/mod.rs"]
mod common;
mod init;
mod round;
mod texts;
mod witness;

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;

use openward_law::casefile::CaseFile;
use openward_law::engine::Law;
use openward_register::derived::Laws;
use openward_register::house::House;
use openward_register::keys::Master;
use openward_register::writer::Act;

/// No law at all: what the entries mean is of no interest here.
struct NoLaws;

impl Laws for NoLaws {
    fn law(&self, _: &str) -> Option<Arc<Law>> {
        None
    }
    fn usual(&self) -> Option<Arc<Law>> {
        None
    }
}

/// A folder with a register in it and the master beside it.
pub(crate) struct Kept {
    pub(crate) outer: tempfile::TempDir,
}

impl Kept {
    /// A new register.
    pub(crate) fn new() -> Self {
        let kept = Self { outer: tempfile::tempdir().expect("a folder") };
        let made = kept.run(&["init", "--origin", "rights.example/care", "--law", "ie"]);
        assert_eq!(common::err(&made), "");
        assert_eq!(common::code(&made), 0);
        kept
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.outer.path().join(name)
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.path("register")
    }

    pub(crate) fn master(&self) -> PathBuf {
        self.path("master.txt")
    }

    /// Puts so many entries into a new file, through the library.
    pub(crate) fn put(&self, file: &str, count: u32) {
        let master = Master::from_file(&self.master()).expect("the master");
        let opened = House::at(&self.folder()).and_then(|house| house.open(&master, Arc::new(NoLaws))).expect("the register opens");
        let line = format!("{{\"file\":\"{file}\",\"at\":\"2024-03-01T10:15\",\"fact\":\"described\",\"born\":\"1980-01-01\"}}\n");
        let mut case = CaseFile::read(&line.repeat(usize::try_from(count).expect("small"))).expect("a case file");
        let entries = case.files.remove(0).entries;
        let mut id = [0; 16];
        id.iter_mut().zip(file.bytes()).for_each(|(into, from)| *into = from);
        let act = Act { id, file: file.to_owned(), after: 0, entries, documents: Vec::new(), outbox: Vec::new() };
        opened.register.append(act).expect("kept");
        opened.register.close();
        // Forecasts are made under the laws of the program.
        self.well(&["rebuild"]);
    }

    /// Changes the database behind the program's back.
    pub(crate) fn change(&self, sql: &str) {
        let db = rusqlite::Connection::open(self.folder().join("register.db")).expect("opened");
        assert!(db.execute(sql, []).expect("changed") > 0);
    }

    /// The newest checkpoint in the database.
    pub(crate) fn newest_checkpoint(&self) -> Vec<u8> {
        let db = rusqlite::Connection::open(self.folder().join("register.db")).expect("opened");
        db.query_row("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1", [], |row| row.get(0)).expect("there is one")
    }

    /// Calls the program on this register.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        common::openward(words)
            .env("OPENWARD_REGISTER", self.folder())
            .env("OPENWARD_MASTER_FILE", self.master())
            .output()
            .expect("the program starts")
    }

    /// What it wrote to the standard output; it must end well.
    #[track_caller]
    pub(crate) fn well(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!((common::code(&output), common::err(&output)), (0, String::new()), "{words:?}");
        common::out(&output)
    }

    /// What it complained of; it must end with this number.
    #[track_caller]
    pub(crate) fn ends(&self, code: i32, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!(common::code(&output), code, "{words:?}: {}{}", common::out(&output), common::err(&output));
        flat(&common::err(&output))
    }
}

/// A path as a word of a call.
pub(crate) fn word(path: &Path) -> &str {
    path.to_str().expect("a temporary path is text")
}

/// A text without its line ends, so that a test does not hang on where a path made a line break.
pub(crate) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
