//! `openward-verify export` on the golden export, which a register once gave out, and on every way of changing it that we could think of.
//!
//! The folder `tests/export` was written by the register's test `golden_export` and stays as it is.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use openward_seal::chain::{self, FileTag};
use openward_seal::checkpoint::Checkpoint;
use openward_seal::digest::{EntryHash, PartHash};
use openward_seal::merkle::leaf;
use openward_seal::note::Note;
use openward_seal::note::key::SecretKey;
use openward_seal::part::{self, Salt};
use openward_seal::receipt::Receipt;
use openward_seal::tiles::whole::Head;

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
        self.check_with(&[])
    }

    fn check_with(&self, more: &[&str]) -> (i32, String) {
        let key = signer().public().to_string();
        let output = Command::new(env!("CARGO_BIN_EXE_openward-verify"))
            .arg("export")
            .arg(&self.0)
            .args(["--key", &key])
            .args(more)
            .output()
            .unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The key that signed the golden export: a test may do what a thief of the key could.
fn signer() -> SecretKey {
    SecretKey::from_seed("register.example/log", &[7; 32]).unwrap()
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
        "That `index.html`, `standing.json` and `case-file-with-others.jsonl` say what the entries say.",
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

#[test]
fn a_document_that_was_taken_away_with_the_word_for_its_place_is_missed() {
    let copy = Copy::new("dropped");
    fs::remove_file(copy.0.join("documents/0002-1.pdf")).unwrap();
    let (code, said) = copy.with("sealed/entries.jsonl", |bytes| {
        lines(bytes, |lines| lines[2] = lines[2].replace("\"document\":\"documents/0002-1.pdf\",", ""))
    });
    assert!(code == 1 && said.contains("entry 2: part 4 is a document that is shown"), "{code}\n{said}");
}

/// Adds an entry that the register never had, with a chain that fits.
fn forge(copy: &Copy) {
    let path = copy.0.join("sealed/entries.jsonl");
    let mut text = fs::read_to_string(&path).unwrap().replacen("\"length\":3", "\"length\":4", 1);
    let field =
        |name: &str| text.lines().last().unwrap().split(&format!("\"{name}\":\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (file, prev) = (FileTag::from_hex("52f82b00ecae7c7f622e801ce8efe0f0").unwrap(), EntryHash::from_base64(&field("entry")).unwrap());
    let header = r#"{"act":"00000000000000010000000000000000","at":"2024-03-09","documents":0,"file":"per_ada","origin":"reported","recorded":1795374440514354,"texts":[],"v":1}"#;
    let salt = Salt::from_bytes([5; 32]);
    let parts = [header, r#"{"fact":"left"}"#].map(|text| (part::hash(&salt, text.as_bytes()), text));
    let hashes: Vec<PartHash> = parts.iter().map(|(hash, _)| *hash).collect();
    let hash = chain::hash(&file, 4, &prev, &hashes);
    let salt = openward_seal::base64(salt.as_bytes());
    let parts = parts.map(|(hash, text)| {
        format!("{{\"hash\":\"{hash}\",\"salt\":\"{salt}\",\"text\":{}}}", openward_seal::canon::Value::Text(text.to_owned()))
    });
    text += &format!("{{\"entry\":\"{hash}\",\"n\":4,\"parts\":[{}],\"prev\":\"{prev}\"}}\n", parts.join(","));
    fs::write(path, text).unwrap();
    let path = copy.0.join("case-file.jsonl");
    let line = "{\"at\":\"2024-03-09\",\"fact\":\"left\",\"file\":\"per_ada\",\"n\":4}\n";
    fs::write(&path, fs::read_to_string(&path).unwrap() + line).unwrap();
}

#[test]
fn an_entry_after_those_that_the_register_signed_is_never_proved() {
    let copy = Copy::new("forged");
    forge(&copy);
    let (code, said) = copy.check();
    assert!(code == 1 && said.contains("the receipt of the newest is of entry 3, and 4 are here"), "{code}\n{said}");
    let (code, said) = copy.without("sealed/newest-of-entries.tlog-proof");
    assert_eq!(code, 4, "{said}");
    for sentence in ["The 4 entries are one chain", "`case-file.jsonl` says", "Each of the 1 documents"] {
        assert!(!said.contains(sentence), "{sentence}\n{said}");
    }
    assert!(said.contains("the register signed only those up to 3"), "{said}");
}

#[test]
fn a_file_of_which_nothing_is_signed_proves_nothing() {
    let copy = Copy::new("unsigned");
    for name in ["checkpoint", "newest-of-entries.tlog-proof", "newest-of-reads.tlog-proof"] {
        fs::remove_file(copy.0.join("sealed").join(name)).unwrap();
    }
    let (code, said) = copy.check();
    assert!(code == 4 && !said.contains("Proved:") && said.contains("the register signed none of them"), "{code}\n{said}");
}

#[test]
fn entries_do_not_pass_for_the_record_of_who_opened_the_file() {
    let copy = Copy::new("as-reads");
    let entries = fs::read_to_string(copy.0.join("sealed/entries.jsonl")).unwrap();
    fs::write(copy.0.join("sealed/reads.jsonl"), entries.replacen("\"stream\":\"entries\"", "\"stream\":\"reads\"", 1)).unwrap();
    fs::copy(copy.0.join("sealed/newest-of-entries.tlog-proof"), copy.0.join("sealed/newest-of-reads.tlog-proof")).unwrap();
    let (code, said) = copy.check();
    assert!(code == 1 && said.contains("reads, entry 1: its header says that it is not one of the reads"), "{code}\n{said}");
    let reads = fs::read_to_string(golden().join("sealed/reads.jsonl")).unwrap();
    fs::write(copy.0.join("sealed/entries.jsonl"), reads.replacen("\"stream\":\"reads\"", "\"stream\":\"entries\"", 1)).unwrap();
    fs::copy(golden().join("sealed/newest-of-reads.tlog-proof"), copy.0.join("sealed/newest-of-entries.tlog-proof")).unwrap();
    let (code, said) = copy.check();
    assert!(code == 1 && said.contains("entries, entry 1: its header says that it is not one of the entries"), "{code}\n{said}");
}

#[test]
fn two_signed_histories_in_one_export_are_wrong() {
    let copy = Copy::new("fork");
    let name = "sealed/newest-of-entries.tlog-proof";
    let receipt = Receipt::parse(&fs::read(copy.0.join(name)).unwrap()).unwrap();
    let stage = receipt.check(&openward_seal::checkpoint::Trust::new(vec![signer().public().clone()]).unwrap()).unwrap();
    let own = leaf(&stage.acknowledgement.entry);
    let given = |size, index, path: Vec<_>| {
        let root = path.iter().fold(own, |below, brother| openward_seal::merkle::node(&below, brother));
        let checkpoint = Checkpoint::new("register.example/log", Head { size, root }).unwrap().sign(&signer()).unwrap();
        Receipt {
            acknowledgement: receipt.acknowledgement.clone(),
            index,
            path,
            checkpoint: Note::parse(checkpoint.to_string().as_bytes()).unwrap(),
        }
    };
    let brothers: Vec<_> = (0..3).map(|n| leaf(&EntryHash::from_bytes([n; 32]))).collect();
    let (code, said) = copy.with(name, |bytes| *bytes = given(5, 0, brothers).to_string().into_bytes());
    assert!(code == 1 && said.contains("OW-SEAL-079 the log signed two different roots for 5 leaves"), "{code}\n{said}");
    let (code, said) = copy.with(name, |bytes| *bytes = given(1, 0, Vec::new()).to_string().into_bytes());
    assert!(code == 1 && said.contains("its checkpoint is of 1 entries, and that of the export of 5"), "{code}\n{said}");
}

#[test]
fn a_receipt_that_does_not_say_where_the_line_says_the_entry_is_was_put_there() {
    let copy = Copy::new("first");
    let receipt = Receipt::parse(&fs::read(copy.0.join("sealed/newest-of-reads.tlog-proof")).unwrap()).unwrap();
    fs::remove_file(copy.0.join("sealed/newest-of-reads.tlog-proof")).unwrap();
    fs::write(copy.0.join("sealed/newest-of-reads.receipt"), receipt.acknowledgement.to_string()).unwrap();
    let (code, said) = copy.check();
    assert!(code == 1 && said.contains("do not give it the same place in the log"), "{code}\n{said}");
}

#[test]
fn what_was_asked_for_and_cannot_be_compared_is_said() {
    let copy = Copy::new("compare");
    let older = copy.0.join("sealed/newest-of-reads.tlog-proof").display().to_string();
    let witness = openward_seal::note::key::WitnessKey::from_seed("witness.example", &[3; 32]).unwrap().public().to_string();
    fs::remove_file(copy.0.join("sealed/checkpoint")).unwrap();
    let (code, said) = copy.check_with(&["--older", &older, "--witness", &witness]);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains(&format!("That the log agrees with {older}: there is no checkpoint")), "{said}");
    assert!(said.contains("That your witnesses saw the log: there is no checkpoint"), "{said}");
}

#[test]
fn no_name_in_an_export_moves_the_terminal_or_begins_a_line() {
    let copy = Copy::new("names");
    fs::write(copy.0.join("documents/\u{1b}[2J\u{1b}[HProved:\n- All of it.\u{202e}"), "planted").unwrap();
    let (code, said) = copy.check();
    assert!(code == 1 && said.contains("no entry sealed this document"), "{said}");
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}') && !said.contains("\n- All of it"), "{said:?}");
    fs::remove_dir_all(copy.0.join("documents")).unwrap();
    let (code, said) = copy.with("sealed/entries.jsonl", |bytes| {
        lines(bytes, |lines| lines[2] = lines[2].replace("documents/0002-1.pdf", "documents/\\u001b[2J\\nProved:\\n- All of it."));
    });
    assert!(code == 1 && said.contains("is missing") && !said.contains('\u{1b}') && !said.contains("\nProved:"), "{said:?}");
}

#[test]
fn a_line_that_would_fill_the_memory_is_refused() {
    let copy = Copy::new("values");
    let (code, said) = copy.with("case-file.jsonl", |bytes| {
        let many = vec!["{\"\":0}"; 100_000].join(",");
        lines(bytes, |lines| lines[1] = format!("[{many}]"));
    });
    assert!(code == 1 && said.contains("`case-file.jsonl`, line 2: OW-SEAL-034") && said.contains("no more than 65536 values"), "{said}");
    let (code, said) = copy.with("sealed/entries.jsonl", |bytes| bytes.extend(vec![b' '; 5 << 20]));
    assert!(code == 3 && said.contains("a line is longer than any"), "{said}");
}

#[test]
#[cfg(unix)]
fn a_pipe_in_an_export_is_not_waited_for() {
    let copy = Copy::new("pipe");
    for name in ["case-file.jsonl", "sealed/checkpoint", "sealed/reads.jsonl", "documents/0002-1.pdf"] {
        let path = copy.0.join(name);
        let kept = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let (code, said) = copy.check();
        assert!(code == 3 && said.contains("this is no plain file"), "{name}: {said}");
        fs::remove_file(&path).unwrap();
        fs::write(&path, kept).unwrap();
    }
}
