//! The failing disk: builds `disk.c` with the compiler that SQLite is built with, runs a test again on top of it, and speaks to it.
//!
//! The disk is a library put before the C library of a process. The process asks it something by opening a path that begins with
//! `/.openward-disk/`: what to watch, which call is to fail, what has happened. Deliberately absent: what a fault may do to a register.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Says to a process that it runs on the failing disk.
const HERE: &str = "OPENWARD_TEST_DISK";

/// Kinds of calls, as in `disk.c`.
pub(crate) const WRITES: u32 = 2;
pub(crate) const GROWS: u32 = 128;
/// All calls that reach the disk.
pub(crate) const ALL: u32 = 127;

/// Runs a test on the failing disk: in another process, or here if this is it.
pub(crate) fn on_it(test: &str, body: impl FnOnce()) {
    if std::env::var_os(HERE).is_some() {
        return body();
    }
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("LD_PRELOAD", library())
        .env(HERE, "1")
        .output()
        .unwrap();
    // Through `print!`, so that it is shown with the test that it belongs to.
    print!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "on the failing disk: {}", done.status);
    assert!(String::from_utf8_lossy(&done.stdout).contains("1 passed"), "{test} is not the name of a test");
}

/// A folder for one trial. In memory where the system has such a place: what a sync costs is no part of these tests, and there are many.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn library() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let (new, built) = (folder.join(format!("disk-{}.so", std::process::id())), folder.join("disk.so"));
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/faults/disk.c");
        let done = Command::new(&compiler).args(["-shared", "-fPIC", "-O2", "-pthread", "-o"]).arg(&new).arg(&source).status();
        assert!(done.is_ok_and(|status| status.success()), "{compiler} builds SQLite and could not build {}", source.display());
        std::fs::rename(&new, &built).unwrap();
        built
    })
}

fn ask(words: &str) -> String {
    std::fs::read_to_string(format!("/.openward-disk/{words}")).unwrap()
}

/// Watches a folder from now on, and nothing else. Nothing fails.
pub(crate) fn watch(folder: &Path) {
    ask(&format!("watch{}", folder.display()));
}

/// A fault: how, of which calls, from which on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The call fails and does nothing.
    Error,
    /// A write takes half, and says so.
    Short,
    /// A write takes half, and fails.
    Torn,
    /// There is no space, this once.
    NoSpace,
    /// There is no space until it is lifted. What does not grow still goes.
    Full,
    /// Nothing works any more until it is lifted.
    Dead,
}

impl Fault {
    pub(crate) const EACH: [Self; 6] = [Self::Error, Self::Short, Self::Torn, Self::NoSpace, Self::Full, Self::Dead];

    const fn letter(self) -> char {
        match self {
            Self::Error => 'e',
            Self::Short => 's',
            Self::Torn => 't',
            Self::NoSpace => 'f',
            Self::Full => 'F',
            Self::Dead => 'd',
        }
    }

    /// Which calls it can befall.
    const fn mask(self) -> u32 {
        match self {
            Self::Error | Self::Dead => ALL,
            Self::Short | Self::Torn => WRITES,
            Self::NoSpace | Self::Full => GROWS,
        }
    }
}

/// The n-th call that this fault can befall will. With 0 none does, and they are counted.
pub(crate) fn fail(fault: Fault, n: u64) {
    ask(&format!("fail/{}/{n}/{}", fault.mask(), fault.letter()));
}

/// Nothing fails from now on.
pub(crate) fn lift() {
    ask("lift");
}

/// What has happened since a fault was asked for.
pub(crate) struct Told {
    /// So many calls that it could have befallen.
    pub(crate) seen: u64,
    /// The call that it befell, as `write register.db-wal`.
    pub(crate) fired: Option<String>,
}

pub(crate) fn told() -> Told {
    let text = ask("told");
    let mut words = text.splitn(3, ' ');
    let seen = words.next().unwrap().parse().unwrap();
    let fired = (words.next() == Some("1")).then(|| words.next().unwrap().to_owned());
    Told { seen, fired }
}

/// Says something on the terminal at once, for a run that takes long.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// Writes down everything that reaches the watched folder from now on.
pub(crate) fn record() {
    ask("record");
}

/// Writes down, among the calls, what a client says at this moment.
pub(crate) fn mark(text: &str) {
    ask(&format!("mark/{text}"));
}

/// Ends the recording and saves it.
pub(crate) fn stop(to: &Path) {
    assert_eq!(ask(&format!("stop{}", to.display())), "done");
}
