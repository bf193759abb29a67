//! `openward-verify export` on the golden export, which a register once gave out, and on every way of changing it that we could think of.
//!
//! The folder `tests/export` was written by the register's test `golden_export` and stays as it is.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use openward_seal::note::key::SecretKey;

/// A copy of the golden export, removed at the end.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str) -> Self {
        let to = std::env::temp_dir().join(format!("openward-verify-export-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&to);
        for (path, bytes) in files() {
            let path = to.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Self(to)
    }

    /// Exit code and what is said, after a file was changed; then it is as it was.
    fn with(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> (i32, String) {
        let path = self.0.join(name);
        let kept = fs::read(&path).unwrap();
        let mut bytes = kept.clone();
        change(&mut bytes);
        fs::write(&path, bytes).unwrap();
        let answer = self.check();
        fs::write(&path, kept).unwrap();
        answer
    }

    fn without(&self, name: &str) -> (i32, String) {
        let (path, aside) = (self.0.join(name), self.0.join("aside"));
        fs::rename(&path, &aside).unwrap();
        let answer = self.check();
        fs::rename(aside, path).unwrap();
        answer
    }

    fn check(&self) -> (i32, String) {
        let key = SecretKey::from_seed("register.example/log", &[7; 32]).unwrap().public().to_string();
        let output = Command::new(env!("CARGO_BIN_EXE_openward-verify")).arg("export").arg(&self.0).args(["--key", &key]).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export")
}

fn files() -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for folder in ["", "sealed", "documents"] {
        for entry in fs::read_dir(golden().join(folder)).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            found.push((Path::new(folder).join(entry.file_name()), fs::read(entry.path()).unwrap()));
        }
    }
    found.sort();
    found
}

fn lines(bytes: &mut Vec<u8>, change: impl FnOnce(&mut Vec<String>)) {
    let mut lines: Vec<String> = std::str::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect();
    change(&mut lines);
    *bytes = lines.into_iter().flat_map(|line| (line + "\n").into_bytes()).collect();
}

#[test]
fn the_golden_export_is_proved_and_what_is_withheld_is_said() {
    let (code, said) = Copy::new("golden").check();
    assert_eq!(code, 0, "{said}");
    for sentence in [
        "The 3 entries are one chain without a gap, and each of their 9 parts is the one that was sealed.",
        "Each of the entries is in the log that the checkpoint covers.",
        "The 1 reads are one chain",
        "Each of the 1 documents is the one that was sealed.",
        "`case-file.jsonl` says what the 3 sealed entries say, and nothing else.",
        "2 parts of the entries are withheld",
        "That `index.html` and `standing.json` say what the entries say.",
    ] {
        assert!(said.contains(sentence), "{sentence}\n{said}");
    }
}

#[test]
fn no_byte_of_the_evidence_can_be_changed_unseen() {
    let copy = Copy::new("flips");
    for (path, bytes) in files() {
        let name = path.to_str().unwrap();
        if name == "index.html" {
            continue;
        }
        // A step that shares no factor with lines or base64, so that all kinds of places are hit.
        for at in (0..bytes.len()).step_by(if bytes.len() > 600 { 23 } else { 5 }) {
            let (code, said) = copy.with(name, |bytes| bytes[at] ^= 1);
            assert!(code == 1 || code == 3, "{name}, byte {at}: {code}\n{said}");
        }
    }
}

#[test]
fn a_file_that_is_gone_is_never_taken_for_proved() {
    let copy = Copy::new("gone");
    for (path, _) in files() {
        let name = path.to_str().unwrap();
        let (code, said) = copy.without(name);
        let expected = match name {
            // It is no evidence.
            "index.html" => 0,
            // The reads may be left out, and then that is said.
            "sealed/reads.jsonl" => 0,
            "sealed/checkpoint" | "sealed/newest-of-entries.tlog-proof" | "sealed/newest-of-reads.tlog-proof" => 4,
            "case-file.jsonl" | "sealed/entries.jsonl" => 3,
            _ => 1,
        };
        assert_eq!(code, expected, "{name}\n{said}");
    }
    assert!(copy.without("sealed/reads.jsonl").1.contains("The record of that is not in this copy"));
}

#[test]
fn entries_taken_away_added_or_exchanged_are_named() {
    let copy = Copy::new("lines");
    let sealed = "sealed/entries.jsonl";
    let wrong = |change: fn(&mut Vec<String>), says: &str| {
        let (code, said) = copy.with(sealed, |bytes| lines(bytes, change));
        assert!(code == 1 && said.contains(says), "{says}: {code}\n{said}");
    };
    wrong(|lines| _ = lines.pop(), "OW-SEAL-011 the newest entry, 3, is missing");
    wrong(|lines| _ = lines.remove(2), "OW-SEAL-010 entry 2 is missing");
    wrong(|lines| lines.swap(2, 3), "OW-SEAL-013 entry 2 stands after entry 3");
    wrong(|lines| lines.push(lines[3].clone()), "OW-SEAL-012 two entries have the number 3");
    wrong(|lines| lines[0] = lines[0].replace("\"length\":3", "\"length\":4"), "OW-SEAL-011");
    wrong(|lines| lines[3] = lines[3].replace("\"n\":3", "\"n\":3,\"o\":1"), "line 4: expected an entry");
    wrong(|lines| lines[2] = lines[2].replace("documents/0002-1.pdf", "documents/../index.html"), "line 3: expected an entry");
    wrong(|lines| lines[2] = lines[2].replace("documents/0002-1.pdf", "documents/0002-9.pdf"), "the document of entry 2 is missing");
}

#[test]
fn a_case_file_that_says_less_more_or_something_else_is_found() {
    let copy = Copy::new("plain");
    let plain = "case-file.jsonl";
    let wrong = |change: fn(&mut Vec<String>), says: &str| {
        let (code, said) = copy.with(plain, |bytes| lines(bytes, change));
        assert!(code == 1 && said.contains(says), "{says}: {code}\n{said}");
    };
    wrong(|lines| _ = lines.pop(), "`case-file.jsonl` ends before entry 3");
    wrong(|lines| lines.push(lines[3].clone()), "`case-file.jsonl` goes on after entry 3");
    wrong(|lines| lines[2] = lines[2].replace("\"note\":\"a note", "\"note\":\"another note"), "something else than the sealed entry 2");
    wrong(|lines| lines[2] = lines[2].replacen('{', "{\"reason\":\"a made-up reason\",", 1), "something else than the sealed entry 2");
    wrong(|lines| lines[1] = lines[1].replace("1980", "1981"), "something else than the sealed entry 1");
    wrong(|lines| lines[3] = lines[3].replace("the wrong form", "no reason"), "something else than the sealed entry 3");
    wrong(|lines| lines[0] = lines[0].replace("case-file\"", "case-file\",\"law\":\"ie\""), "not the header");
}

#[test]
fn a_document_that_nobody_sealed_is_named() {
    let copy = Copy::new("extra");
    fs::write(copy.0.join("documents/0003-1.pdf"), "planted").unwrap();
    let (code, said) = copy.check();
    assert!(code == 1 && said.contains("documents/0003-1.pdf: no entry sealed this document"), "{said}");
}

#[test]
fn the_key_of_another_register_proves_nothing() {
    let copy = Copy::new("key");
    let key = SecretKey::from_seed("register.example/log", &[8; 32]).unwrap().public().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_openward-verify")).arg("export").arg(&copy.0).args(["--key", &key]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}
