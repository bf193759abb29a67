//! `openward init`, and the words that every command of a register shares.

use serde_json::Value;

use crate::common::{code, err, openward, out, run};
use crate::{Kept, word};

#[test]
fn a_new_register_says_its_public_key_where_the_master_is_and_what_to_do_next() {
    let kept = Kept { outer: tempfile::tempdir().expect("a folder") };
    let text = kept.well(&["init", "--origin", "rights.example/care"]);
    let key = std::fs::read_to_string(kept.folder().join("register.vkey")).expect("the public key is there");
    assert!(key.starts_with("rights.example/care+") && text.contains(key.trim_end()), "{text}");
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(joined.contains("was made and is in") && joined.contains("master.txt"), "{text}");
    for step in ["Print the master key", "keep the backups apart", "find a witness"] {
        assert!(joined.contains(step), "{step}");
    }
    let master = std::fs::read_to_string(kept.master()).expect("the master is there");
    assert!(!joined.contains(master.trim_end()), "the master itself is never shown");
    kept.well(&["fsck"]);
    kept.well(&["rebuild"]);
}

#[test]
fn the_answer_for_programs_says_the_same() {
    let kept = Kept { outer: tempfile::tempdir().expect("a folder") };
    let answer: Value = serde_json::from_str(&kept.well(&["init", "--origin", "a.example", "--format", "json"])).expect("JSON");
    assert_eq!((&answer["origin"], &answer["master"]["new"]), (&"a.example".into(), &true.into()));
    let key = std::fs::read_to_string(kept.folder().join("register.vkey")).expect("the public key is there");
    assert_eq!(answer["public_key"], key.trim_end());
}

#[test]
fn nothing_is_written_over_and_nothing_is_left_behind() {
    let kept = Kept::new();
    assert!(kept.ends(2, &["init", "--origin", "other.example"]).contains("OW-REG-091"));
    let other = kept.path("other.txt");
    assert!(kept.ends(2, &["init", "--origin", "other.example", "--master-file", word(&other)]).contains("OW-REG-091"));
    assert!(!other.exists(), "a master that opens nothing stays nowhere");
    let free = kept.path("free");
    assert!(kept.ends(2, &["init", "--origin", "two words", "--register", word(&free)]).contains("OW-REG-096"));
    assert!(kept.ends(2, &["init", "--origin", "a.example", "--law", "fr", "--register", word(&free)]).contains("no law pack"));
    assert!(!free.exists());
}

#[test]
fn a_master_within_the_register_is_refused() {
    let kept = Kept { outer: tempfile::tempdir().expect("a folder") };
    let within = kept.folder().join("master.txt");
    let said = kept.ends(2, &["init", "--origin", "a.example", "--master-file", word(&within)]);
    assert!(said.contains("may not lie in the register's folder"), "{said}");
    assert!(!kept.folder().exists());
}

#[test]
fn a_register_or_master_that_nobody_named_is_asked_for() {
    let kept = Kept::new();
    let said = run(&["fsck"]);
    assert_eq!(code(&said), 2);
    assert!(err(&said).contains("OPENWARD_REGISTER"));
    let said = run(&["fsck", "--register", word(&kept.folder())]);
    assert_eq!(code(&said), 2);
    assert!(err(&said).contains("OPENWARD_MASTER_FILE"));
    let both = openward(&["fsck", "--register", word(&kept.folder())])
        .env("OPENWARD_MASTER", "x")
        .env("OPENWARD_MASTER_FILE", kept.master())
        .output()
        .expect("the program starts");
    assert_eq!(code(&both), 2);
    assert!(err(&both).contains("both"));
    assert!(kept.ends(2, &["fsck", "--register", word(kept.outer.path())]).contains("OW-REG-090"));
}

#[test]
fn the_master_comes_from_a_file_the_environment_or_a_program() {
    let kept = Kept::new();
    let text = std::fs::read_to_string(kept.master()).expect("the master is there");
    let from = |words: &[&str], variable: Option<&str>| {
        let mut call = openward(words);
        call.env("OPENWARD_REGISTER", kept.folder());
        variable.map(|value| call.env("OPENWARD_MASTER", value));
        call.output().expect("the program starts")
    };
    assert_eq!(code(&from(&["fsck"], Some(&text))), 0);
    assert_eq!(code(&from(&["fsck", "--master-file", word(&kept.master())], None)), 0);
    let command = format!("cat {}", word(&kept.master()));
    assert_eq!(code(&from(&["fsck", "--master-command", &command], None)), 0);
    let wrong = from(&["fsck", "--master-command", "echo nothing"], None);
    assert_eq!((code(&wrong), out(&wrong)), (1, String::new()));
    assert!(err(&wrong).contains("OW-KEYS-048"));
}

#[test]
fn another_registers_master_is_named_by_its_id() {
    let (one, two) = (Kept::new(), Kept::new());
    let said = one.ends(2, &["fsck", "--master-file", word(&two.master())]);
    assert!(said.contains("OW-KEYS-021"), "{said}");
}
