//! Running the program, and holding what it wrote against a file.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The crate's folder `tests`.
pub(crate) fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The program, called in the folder of the case files, with nothing of the outside world but the words of the call.
pub(crate) fn openward(words: &[&str]) -> Command {
    let mut call = Command::new(env!("CARGO_BIN_EXE_openward"));
    call.current_dir(tests().join("cases")).args(words).stdin(Stdio::null());
    let ours = ["OPENWARD_LAW_DIR", "OPENWARD_REGISTER", "OPENWARD_MASTER", "OPENWARD_MASTER_FILE"];
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"].into_iter().chain(ours) {
        call.env_remove(name);
    }
    call
}

/// What it wrote and ended with.
pub(crate) fn run(words: &[&str]) -> Output {
    openward(words).output().expect("the program starts")
}

/// What it wrote when given that input.
#[allow(dead_code, reason = "each test file is a program of its own and uses what it needs")]
pub(crate) fn run_with_input(words: &[&str], input: &[u8]) -> Output {
    let mut child =
        openward(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    child.stdin.take().expect("there is an input").write_all(input).expect("it reads");
    child.wait_with_output().expect("it ends")
}

/// What it wrote to the standard output.
pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the output is UTF-8")
}

/// What it complained of.
pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("the output is UTF-8")
}

/// The number it ended with.
pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

/// Holds a text against its snapshot. The digest of a pack changes with every word of it, so it is left out.
#[allow(dead_code, reason = "each test file is a program of its own and uses what it needs")]
pub(crate) fn snapshot(name: &str, text: &str) {
    let path = tests().join("snapshots").join(format!("{name}.txt"));
    let found = without_digest(text);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &found).expect("the snapshot can be written");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some((at, (was, is))) =
        expected.lines().chain(std::iter::repeat("(nothing)")).zip(found.lines()).enumerate().find(|(_, (was, is))| was != is)
    {
        panic!("{name}, line {}:\n  kept:  {was}\n  found: {is}\nUPDATE_SNAPSHOTS=1 keeps what was found; read it first.", at + 1);
    }
    assert_eq!(expected.lines().count(), found.lines().count(), "{name}: lines are missing at the end");
}

fn without_digest(text: &str) -> String {
    let is_digest = |word: &str| word.len() == 12 && word.chars().all(|letter| letter.is_ascii_hexdigit() && !letter.is_ascii_uppercase());
    let line = |line: &str| {
        line.split(' ')
            .map(|word| if is_digest(word.trim_end_matches(['.', ','])) { "(digest)." } else { word })
            .collect::<Vec<_>>()
            .join(" ")
    };
    text.lines().map(|text| line(text) + "\n").collect()
}
