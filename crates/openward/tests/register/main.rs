//! The commands that keep a register, as somebody calls them: each in a folder of its own, with nothing of the outside world.
#![allow(clippy::expect_used, clippy::panic, missing_docs, reason = "a test may fail loudly")]

#[path = "../common/mod.rs"]
mod common;
mod init;

use std::path::{Path, PathBuf};
use std::process::Output;

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
        common::err(&output)
    }
}

/// A path as a word of a call.
pub(crate) fn word(path: &Path) -> &str {
    path.to_str().expect("a temporary path is text")
}
