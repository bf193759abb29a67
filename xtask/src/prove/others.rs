//! Proofs and checkpoints checked in another language, by code that others wrote: PyPI's `pymerkle` and `cryptography`, in a Python
//! environment of their own under the target folder.
//!
//! Only the long proofs do this. Where there is no Python, or its packages cannot be had, that is said and the row on the page says it too.
//! Deliberately absent: what is checked, which stands in `crates/seal/tests/independent/check.py`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The packages, pinned.
const PACKAGES: &[&str] = &["pymerkle==7.0.0", "cryptography==50.0.2"];

/// The program, from the top of the repository.
const PROGRAM: &str = "crates/seal/tests/independent/check.py";

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// All was taken.
    Took,
    /// Something was not.
    Refused,
    /// There is no Python, or no packages.
    Absent,
}

/// Where the proofs are written for it.
pub(super) fn proofs(root: &Path) -> PathBuf {
    folder(root).join("proofs.jsonl")
}

fn folder(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("others")
}

/// Makes the folder for the proofs.
pub(super) fn ready(root: &Path) -> Result<(), String> {
    let folder = folder(root);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))
}

/// Checks what was written.
pub(super) fn check(root: &Path) -> Others {
    let python = folder(root).join("python/bin/python");
    if !python.is_file()
        && let Err(why) = made(&folder(root).join("python"), &python)
    {
        println!("not run: proofs were not checked in another language: {why}");
        return Others::Absent;
    }
    let ran = Command::new(&python).arg(root.join(PROGRAM)).arg(proofs(root)).stdin(Stdio::null()).status();
    if ran.is_ok_and(|status| status.success()) { Others::Took } else { Others::Refused }
}

/// An environment with the packages; nothing of it is left where it is not whole.
fn made(folder: &Path, python: &Path) -> Result<(), String> {
    let run = |command: &mut Command| {
        let ran = command.stdin(Stdio::null()).status().map_err(|error| error.to_string())?;
        if ran.success() { Ok(()) } else { Err(format!("{command:?}: {ran}")) }
    };
    let whole = run(Command::new("python3").args(["-m", "venv"]).arg(folder))
        .and_then(|()| run(Command::new(python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES)));
    if whole.is_err() {
        let _ = std::fs::remove_dir_all(folder);
    }
    whole
}
