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
    verify_with(folder, kept, &[])
}

fn verify_with(folder: &Path, kept: &Kept, more: &[&str]) -> (i32, String) {
    let mut call = Command::new(env!("CARGO"));
    call.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    call.args(["run", "--quiet", "--offline", "-p", "openward-verify", "--", "export"]).arg(folder);
    let output = call.arg("--key-file").arg(kept.folder().join("register.vkey")).args(more).output().expect("it starts");
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
    let output = kept.run(&["import", &put(&kept, "twice.jsonl", &twice)]);
    assert_eq!(crate::common::code(&output), 0);
    assert!(
        crate::flat(&crate::common::err(&output)).contains("per_dan, entry 2: 2024-10-27T01:30:00 existed twice"),
        "it is said at once"
    );
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
    assert!(!output.status.success() && said.contains("OW-KEYS-053"), "{said}");
    assert!(!said.contains(key.trim().trim_start_matches("OPENWARD-MASTER-1-")), "the key is said");
}

/// A person's file with harm in it: the story of the demo, with one paper mistyped.
fn story() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories/gb-eaw");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("the story is there");
    ["facility.jsonl", "professionals.jsonl", "person.jsonl"].map(read).concat()
}

fn export_of(kept: &Kept, file: &str, name: &str) -> std::path::PathBuf {
    let to = kept.path(name);
    kept.run(&["export", file, "--out", word(&to), "--reader", "person", "--capacity", "person", "--purpose", "my copy"]);
    to
}

fn json_of(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).expect("it is there")).expect("JSON")
}

#[test]
fn the_page_of_an_export_leaves_out_nothing_that_the_standing_says() {
    let kept = Kept::new();
    let case = put(&kept, "mara.jsonl", &story());
    assert_eq!(crate::common::code(&kept.run(&["import", &case])), 0);
    let to = export_of(&kept, "per_mara", "given");
    let page = std::fs::read_to_string(to.join("index.html")).expect("a page");
    let standing = json_of(&to.join("standing.json"));
    let standing = standing.get(0).expect("one law");
    let said = |text: &str| page.contains(&text.trim_end_matches('.').replace('&', "&#38;").replace('\'', "&#39;"));
    let lists = ["duties", "findings", "shortfalls", "entitlements"];
    let mut told = 0;
    for list in lists {
        for one in standing.get(list).and_then(serde_json::Value::as_array).into_iter().flatten() {
            let title = one.get("says").or_else(|| one.get("title")).and_then(serde_json::Value::as_str).expect("a title");
            // What is not owed yet, and what is open no longer, is left to `standing.json`, as the command leaves it out.
            let state = one.get("state").and_then(serde_json::Value::as_str);
            if state == Some("waiting") || (list == "entitlements" && state != Some("open")) {
                continue;
            }
            assert!(said(title), "{list}: {title}");
            told += 1;
        }
    }
    assert!(told > 10, "{told}");
    for words in ["Time held so far without shown authority", "2 h 45 min", "too late", "a breach", "Timeline", "Beside the law"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains("How things stood at") && page.contains("(Europe/London)"), "times have their zone");
}

#[test]
fn words_that_no_law_reads_stand_first_on_the_page_and_are_said_at_import() {
    let kept = Kept::new();
    let case = put(&kept, "mara.jsonl", &story().replace("\"application-s2\"", "\"aplication-s2\""));
    for words in [["import", "--dry-run", &case], ["import", "--format=text", &case]] {
        let output = kept.run(&words);
        let said = crate::flat(&crate::common::err(&output));
        assert!(said.contains("does not know `aplication-s2`. The nearest it knows is `application-s2`."), "{said}");
        assert_eq!(crate::common::code(&output), 0);
    }
    let page = std::fs::read_to_string(export_of(&kept, "per_mara", "given").join("index.html")).expect("a page");
    let (word, title) = (page.find("Not read:").expect("said"), page.find("<h1>").expect("a title"));
    assert!(word < title && page.contains("this law does not know"), "{word} {title}");
}

#[test]
fn a_law_that_nobody_knows_is_said_at_import_and_mended_by_a_correction() {
    let kept = Kept::new();
    let wrong =
        CASE.replace("\"law\":\"ie\",\"file\"", "\"law\":\"iee\",\"file\"").replace("centre\",\"law\":\"ie\"", "centre\",\"law\":\"iee\"");
    let output = kept.run(&["import", &put(&kept, "wrong.jsonl", &wrong)]);
    let said = crate::flat(&crate::common::err(&output));
    assert!(said.contains("a header: no law at hand is called `iee`. The nearest is `ie`."), "{said}");
    assert!(said.contains("fac_elm, entry 1: no law at hand is called `iee`."), "{said}");
    let mended = "{\"file\":\"fac_elm\",\"at\":\"2006-11-01\",\"fact\":\"facility-designated\",\"kind\":\"approved-centre\",\"law\":\"ie\",\
                  \"corrects\":{\"n\":1,\"how\":\"replaced\",\"why\":\"mistyped\"}}\n";
    let facility = wrong.lines().nth(1).expect("a line").to_owned() + "\n" + mended;
    assert_eq!(crate::common::code(&kept.run(&["import", &put(&kept, "mended.jsonl", &facility)])), 0);
    let said = kept.well(&["fsck"]);
    assert!(said.contains("What is kept is what is computed.") && !said.contains("wait"), "{said}");
}

#[test]
fn a_person_who_comes_before_their_facility_is_in_the_tables_afterwards() {
    let kept = Kept::new();
    let person = "{\"file\":\"per_a\",\"at\":\"2024-03-01T10:00\",\"fact\":\"admitted\",\"under\":\"s2\",\"place\":\"fac_h\"}\n";
    let place = "{\"file\":\"fac_h\",\"at\":\"2020-01-01\",\"fact\":\"facility-designated\",\"kind\":\"hospital\",\"law\":\"gb-eaw\"}\n";
    for (name, text) in [("p.jsonl", person), ("f.jsonl", place)] {
        assert_eq!(crate::common::code(&kept.run(&["import", &put(&kept, name, text)])), 0);
    }
    let said = kept.well(&["fsck"]);
    assert!(said.contains("What is kept is what is computed.") && !said.contains("wait"), "{said}");
    let db = rusqlite::Connection::open(kept.folder().join("register.db")).expect("opened");
    let law: String = db.query_row("SELECT law FROM forecast", [], |row| row.get(0)).expect("one forecast");
    assert_eq!(law, "gb-eaw");
}

#[test]
fn a_standing_is_worked_out_from_a_copy_as_in_the_register() {
    let kept = Kept::new();
    kept.run(&["import", &put(&kept, "case.jsonl", CASE), &put(&kept, "mara.jsonl", &story())]);
    for file in ["per_dan", "per_mara"] {
        let to = export_of(&kept, file, file);
        let given = json_of(&to.join("standing.json"));
        let at = given.pointer("/0/at").and_then(serde_json::Value::as_str).expect("an instant");
        let copy = to.join("case-file-with-others.jsonl");
        let again = crate::common::run(&["standing", word(&copy), "--at", at, "--format", "json"]);
        let again: serde_json::Value = serde_json::from_str(&out(&again)).unwrap_or_else(|_| panic!("{}", crate::common::err(&again)));
        assert_eq!(Some(&again), given.get(0), "{file}");
        let text = std::fs::read_to_string(&copy).expect("read");
        assert!(file == "per_dan" || !text.contains("per_dan"), "nothing of anybody else");
    }
}

#[test]
fn what_is_refused_before_anything_is_given_is_no_opening() {
    let kept = Kept::new();
    kept.well(&["import", &put(&kept, "case.jsonl", CASE)]);
    let reader = ["--reader", "a", "--capacity", "b", "--purpose", "c"];
    let call = |to: &Path, more: &[&str]| {
        [&["export", "per_dan", "--out", word(to)], &reader[..], more].concat().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let ends = |code, words: &[String]| kept.ends(code, &words.iter().map(String::as_str).collect::<Vec<_>>());
    ends(2, &call(&kept.path("out"), &["--withhold", "9:note"]));
    ends(2, &call(&kept.path("out"), &["--withhold", "1:why"]));
    ends(2, &call(&kept.folder().join("out"), &[]));
    let note = put(&kept, "note.txt", "no checkpoint\n");
    assert!(ends(2, &call(&kept.path("out"), &["--checkpoint", &note])).contains("this is no checkpoint"));
    let to = export_of(&kept, "per_dan", "out");
    assert_eq!(std::fs::read_to_string(to.join("sealed/reads.jsonl")).expect("reads").lines().count(), 2, "a first line, and this opening");
}

#[test]
fn a_copy_carries_the_signature_of_a_witness() {
    let kept = Kept::new();
    kept.well(&["import", &put(&kept, "case.jsonl", CASE)]);
    let (key, state) = (kept.path("witness.key"), kept.path("state"));
    let said = out(&crate::common::run(&["witness", "keygen", "court.example/w", "--key-file", word(&key)]));
    // As somebody would who keeps the whole answer.
    let public = put(&kept, "court.vkey", &said);
    let log = kept.folder().join("register.vkey");
    crate::common::run(&["witness", "follow", "--log", word(&log), "--state", word(&state)]);
    let request = put(&kept, "request", &kept.well(&["witness", "request"]));
    let answer = out(&crate::common::run(&["witness", "cosign", &request, "--key-file", word(&key), "--state", word(&state)]));
    kept.well(&["witness", "keep", &put(&kept, "answer", &answer), "--witness", &public]);
    let signed = put(&kept, "signed", &kept.well(&["checkpoint"]));
    let to = kept.path("given");
    let said = kept.well(&[
        "export",
        "per_dan",
        "--out",
        word(&to),
        "--reader",
        "a",
        "--capacity",
        "b",
        "--purpose",
        "c",
        "--checkpoint",
        &signed,
    ]);
    assert!(said.contains("Not covered by the checkpoint: 1."), "the opening: {said}");
    let kept_note = std::fs::read_to_string(to.join("sealed/checkpoint")).expect("a checkpoint");
    assert!(kept_note.contains("court.example/w"), "{kept_note}");
    let (code, said) = verify_with(&to, &kept, &["--witness-file", &one_line(&kept, &public)]);
    assert!(matches!(code, 0 | 4) && said.contains("court.example/w"), "{code} {said}");
}

/// The indented line alone, as `openward-verify` reads it.
fn one_line(kept: &Kept, path: &str) -> String {
    let text = std::fs::read_to_string(path).expect("read");
    let line = text.lines().map(str::trim).find(|line| line.starts_with("court.example/w+")).expect("a key").to_owned();
    put(kept, "one.vkey", &(line + "\n"))
}
