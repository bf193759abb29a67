//! `openward import` and `openward export`, as somebody calls them.

use std::path::Path;
use std::process::Command;

use crate::common::{out, snapshot, tests};
use crate::{Kept, word};

const CASE: &str = r#"{"openward":"case-file","version":1,"law":"ie","file":"per_dan"}
{"file":"fac_elm","at":"2006-11-01","fact":"facility-designated","kind":"approved-centre","law":"ie"}
{"file":"pro_yew","at":"2006-11-01","fact":"professional-authorised","kind":"specialist-psychiatry"}
{"at":"2024-05-01T10:00","fact":"signed","by":"spouse","as":"spouse","instrument":"application-kin"}
{"at":"2024-05-02T12:00","fact":"admitted","under":"admission","place":"fac_elm","note":"one"}
{"at":"2024-05-03T09:00","fact":"comment-inserted","by":"person","note":"أنا لا أوافق.\nI do not agree."}
"#;

fn put(kept: &Kept, name: &str, text: &str) -> String {
    let path = kept.path(name);
    std::fs::write(&path, text).expect("written");
    word(&path).to_owned()
}

/// `openward-verify`, which is a program of its own and stands on the seal alone.
fn verify(folder: &Path, kept: &Kept) -> (i32, String) {
    let mut call = Command::new(env!("CARGO"));
    call.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    call.args(["run", "--quiet", "--offline", "-p", "openward-verify", "--", "export"]).arg(folder);
    let output = call.arg("--key-file").arg(kept.folder().join("register.vkey")).output().expect("it starts");
    (output.status.code().expect("it ends"), out(&output))
}

#[test]
fn what_is_imported_is_counted_and_a_second_time_adds_nothing() {
    let kept = Kept::new();
    let case = put(&kept, "case.jsonl", CASE);
    assert_eq!(kept.well(&["import", "--dry-run", &case]), "Would be kept: 5 new entries in 3 files.\n");
    assert_eq!(kept.well(&["import", &case]), "Kept: 5 new entries in 3 files.\n");
    assert_eq!(kept.well(&["import", &case]), "Nothing was new: the register keeps all of it already.\n");
    let longer = put(&kept, "longer.jsonl", &(CASE.to_owned() + "{\"at\":\"2024-05-04\",\"fact\":\"left\"}\n"));
    assert_eq!(kept.well(&["import", &case, &longer]), "Kept: 1 new entry in 1 file.\n2 files had nothing new.\n");
    let json: serde_json::Value = serde_json::from_str(&kept.well(&["import", "--format", "json", &longer])).expect("JSON");
    assert_eq!((&json["entries"], &json["unchanged"]), (&0.into(), &3.into()));
    assert_eq!(kept.well(&["fsck"]).lines().next(), Some("1 person's file was computed again."));
}

#[test]
fn the_standard_input_is_read_too_and_once() {
    let kept = Kept::new();
    assert!(kept.ends(2, &["import", "-", "-"]).contains("name `-` once"));
    let mut call = crate::common::openward(&["import", "-"]);
    call.env("OPENWARD_REGISTER", kept.folder()).env("OPENWARD_MASTER_FILE", kept.master());
    let case = std::fs::File::open(put(&kept, "case.jsonl", CASE)).expect("it is there");
    let output = call.stdin(case).output().expect("it starts");
    assert_eq!(out(&output), "Kept: 5 new entries in 3 files.\n");
}

#[test]
fn the_problems_of_all_inputs_are_said_and_nothing_is_kept() {
    let kept = Kept::new();
    let good = put(&kept, "good.jsonl", CASE);
    let one = put(&kept, "one.jsonl", "{\"file\":\"per_a\",\"at\":\"2024-02-30\",\"fact\":\"left\"}\n");
    let two = put(&kept, "two.jsonl", "{\"file\":\"per_b\",\"at\":\"2024-02-01\",\"fact\":\"lefd\"}\n");
    let said = kept.ends(3, &["import", &one, &good, &two]).replace("\n  ", " ");
    assert!(said.contains("one.jsonl") && said.contains("two.jsonl") && said.contains("2 problems."), "{said}");
    assert_eq!(kept.well(&["import", &good]), "Kept: 5 new entries in 3 files.\n");
    let other = put(&kept, "other.jsonl", &CASE.replace("\"note\":\"one\"", "\"note\":\"two\""));
    let said = kept.ends(6, &["import", &other]).replace("\n  ", " ");
    assert!(said.contains("OW-REG-101 per_dan, entry 2:"), "{said}");
    let said = kept.ends(3, &["import", &good, &other]).replace("\n  ", " ");
    assert!(said.contains("OW-REG-100 per_dan, entry 2: inputs 1 and 2"), "{said}");
}

#[test]
fn a_header_that_would_change_what_times_mean_is_refused() {
    let kept = Kept::new();
    let zone = |zone: &str| {
        CASE.replace("\"law\":\"ie\",\"file\":\"per_dan\"", &format!("\"law\":\"ie\",\"zone\":\"{zone}\",\"file\":\"per_dan\""))
    };
    let said = kept.ends(3, &["import", &put(&kept, "far.jsonl", &zone("Asia/Tokyo"))]);
    assert!(said.contains("Asia/Tokyo"), "{said}");
    assert_eq!(kept.well(&["import", &put(&kept, "near.jsonl", &zone("Europe/Dublin"))]), "Kept: 5 new entries in 3 files.\n");
}

#[test]
fn an_export_is_checked_without_the_register_and_imported_elsewhere_as_the_same_bytes() {
    let kept = Kept::new();
    kept.well(&["import", &put(&kept, "case.jsonl", CASE)]);
    let reader = ["--reader", "pro_yew", "--capacity", "counsel", "--purpose", "to prepare the hearing"];
    let export = |kept: &Kept, name: &str, more: &[&str]| {
        let to = kept.path(name);
        (kept.well(&[&["export", "per_dan", "--out", word(&to)], &reader[..], more].concat()), to)
    };
    let (said, to) = export(&kept, "given", &[]);
    assert!(said.starts_with("Given out: 3 entries and 0 documents, in "), "{said}");
    let (code, said) = verify(&to, &kept);
    assert_eq!(code, 0, "{said}");
    let page = std::fs::read_to_string(to.join("index.html")).expect("a page");
    assert!(page.contains("to prepare the hearing") && page.contains("أنا لا أوافق.\nI do not agree."), "{page}");

    let case = std::fs::read_to_string(to.join("case-file.jsonl")).expect("a case file");
    let other = Kept::new();
    other.well(&["import", word(&to.join("case-file.jsonl"))]);
    let again = export(&other, "given", &[]).1;
    assert_eq!(std::fs::read_to_string(again.join("case-file.jsonl")).expect("a case file"), case);

    let (said, to) = export(&kept, "less", &["--without-reads", "--withhold", "3:note"]);
    assert!(said.contains("Withheld, and said to be: 1 text or document."), "{said}");
    assert_eq!(verify(&to, &kept).0, 0);
    let page = std::fs::read_to_string(to.join("index.html")).expect("a page");
    assert!(!page.contains("I do not agree") && page.contains("<strong>Withheld:</strong> note"), "{page}");
    kept.ends(2, &["export", "per_dan", "--out", word(&to), "--reader", "a", "--capacity", "b", "--purpose", "c"]);
}

#[test]
fn what_import_and_export_say_of_themselves() {
    for command in ["import", "export"] {
        snapshot(&format!("help-{command}"), &out(&crate::common::run(&["--width", "100", command, "--help"])));
    }
    assert!(tests().join("snapshots").join("help-import.txt").exists());
}

#[test]
fn a_register_moves_to_another_place_and_the_old_one_writes_no_more() {
    let kept = Kept::new();
    kept.well(&["import", &put(&kept, "case.jsonl", CASE)]);
    let (identity, file, new, master) = (kept.path("identity"), kept.path("move"), kept.path("new"), kept.path("new-master.txt"));
    let said = kept.well(&["keys", "new-identity", word(&identity)]);
    let recipient = said.split_whitespace().find(|word| word.starts_with("age1")).expect("a recipient").to_owned();
    assert!(kept.ends(2, &["export", "--all", "--recipient", "age1x", "--out", word(&file)]).contains("OW-REG-122"));
    assert!(kept.ends(2, &["export", "--all", "--out", word(&file)]).contains("--recipient"));
    assert!(kept.ends(2, &["export", "--out", word(&file)]).contains("FILE_ID"));
    assert!(kept.ends(2, &["import"]).contains("CASEFILE"));
    let said = kept.well(&["export", "--all", "--recipient", &recipient, "--out", word(&file)]);
    assert!(said.starts_with("The register was moved out: 5 entries in 3 files, 0 documents;"), "{said}");

    let longer = put(&kept, "longer.jsonl", &(CASE.to_owned() + "{\"at\":\"2024-05-04\",\"fact\":\"left\"}\n"));
    assert!(kept.ends(6, &["import", &longer]).contains("OW-REG-120"));
    kept.well(&["verify"]);

    let take = |more: &[&str]| {
        let words = ["import", "--move", word(&file), "--identity", word(&identity), "--format", "json"];
        let mut call = crate::common::openward(&[&words[..], more].concat());
        call.env("OPENWARD_REGISTER", &new).env("OPENWARD_MASTER_FILE", &master).output().expect("it starts")
    };
    let checkpoint = put(&kept, "checkpoint", &String::from_utf8(kept.newest_checkpoint()).expect("text"));
    let other = Kept::new();
    let refused = take(&["--key", word(&other.folder().join("register.vkey"))]);
    assert_eq!((refused.status.code(), new.exists(), master.exists()), (Some(5), false, false), "{}", crate::common::err(&refused));
    let taken = take(&["--key", word(&kept.folder().join("register.vkey")), "--checkpoint", &checkpoint]);
    let json: serde_json::Value = serde_json::from_str(&out(&taken)).expect("JSON");
    assert_eq!((&json["entries"], &json["origin"]), (&5.into(), &"rights.example/care".into()));
    let again = take(&[]);
    assert!(crate::flat(&crate::common::err(&again)).contains("OW-REG-091"), "never over a register");
    let call = |words: &[&str]| {
        let mut call = crate::common::openward(words);
        call.env("OPENWARD_REGISTER", &new).env("OPENWARD_MASTER_FILE", &master).output().expect("it starts")
    };
    assert_eq!(out(&call(&["import", &longer])), "Kept: 1 new entry in 1 file.\n2 files had nothing new.\n");
    assert_eq!(call(&["verify", "--checkpoint", &checkpoint]).status.code(), Some(0));
    assert_eq!(call(&["fsck"]).status.code(), Some(0));

    assert!(kept.ends(2, &["export", "--take-back", "another.example"]).contains("nothing was changed"));
    kept.well(&["export", "--take-back", "rights.example/care"]);
    assert!(kept.ends(2, &["export", "--take-back", "rights.example/care"]).contains("OW-REG-128"));
    kept.well(&["import", &longer]);
}

#[test]
fn a_file_whose_standing_cannot_be_worked_out_is_given_out_all_the_same() {
    let kept = Kept::new();
    let twice = CASE.replace("2024-05-02T12:00", "2024-10-27T01:30");
    kept.well(&["import", &put(&kept, "twice.jsonl", &twice)]);
    let to = kept.path("copy");
    let said = kept.well(&["export", "per_dan", "--reader", "person", "--capacity", "person", "--purpose", "my copy", "--out", word(&to)]);
    assert!(said.contains("Given out") && said.contains("No standing was worked out: per_dan, entry 2"), "{said}");
    let page = std::fs::read_to_string(to.join("index.html")).expect("a page");
    assert!(page.contains("No standing was worked out, because the entries do not say enough for it."), "{page}");
    let (code, said) = verify(&to, &kept);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_newer_list_of_destroyed_keys_finds_what_came_back() {
    let kept = Kept::new();
    kept.well(&["import", &put(&kept, "case.jsonl", CASE)]);
    let older = kept.path("older");
    std::fs::create_dir(&older).expect("made");
    for name in ["keys.db", "register.db"] {
        std::fs::copy(kept.folder().join(name), older.join(name)).expect("copied");
    }
    kept.well(&["keys", "destroy", "per_dan", "--yes-destroy", "per_dan"]);
    let list = put(&kept, "list", &kept.well(&["keys", "destroyed"]));
    kept.well(&["verify", "--destroyed", &list]);
    for name in ["keys.db", "register.db"] {
        for ending in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(kept.folder().join(format!("{name}{ending}")));
        }
        std::fs::copy(older.join(name), kept.folder().join(name)).expect("put back");
    }
    kept.well(&["verify"]);
    assert!(kept.ends(5, &["verify", "--destroyed", &list]).contains("OW-REG-107"));
}

#[test]
fn a_master_typed_in_the_place_of_its_path_is_not_said_again() {
    let kept = Kept::new();
    let key = std::fs::read_to_string(kept.master()).expect("a master");
    let folder = kept.folder();
    let output =
        crate::common::openward(&["verify", "--register", word(&folder), "--master-file", key.trim()]).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &out(&output);
    assert!(!output.status.success() && said.contains("OW-KEYS-052"), "{said}");
    assert!(!said.contains(key.trim().trim_start_matches("OPENWARD-MASTER-1-")), "the key is said");
}
