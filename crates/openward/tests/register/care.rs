//! Keys, checks, backups: each drill of docs/keys.md as its command. Entries are put in through the library.

use serde_json::Value;

use crate::{Kept, word};

#[test]
fn a_master_is_rotated_and_the_old_one_opens_nothing() {
    let kept = Kept::new();
    let new = kept.path("new.txt");
    let said = kept.well(&["keys", "rotate-master", "--new-master-file", word(&new)]);
    assert!(said.contains("is out of use"), "{said}");
    assert!(kept.ends(2, &["keys", "check"]).contains("OW-KEYS-021"));
    kept.well(&["keys", "check", "--master-file", word(&new)]);
    let same = kept.ends(2, &["keys", "rotate-master", "--new-master-file", word(&new), "--master-file", word(&new)]);
    assert!(same.contains("is the one in use"), "{same}");
    let within = kept.folder().join("new.txt");
    kept.ends(2, &["keys", "rotate-master", "--new-master-file", word(&within), "--master-file", word(&new)]);
    assert!(!within.exists());
}

#[test]
fn a_master_that_was_made_is_in_its_file_and_nowhere_else() {
    let kept = Kept::new();
    let new = kept.path("new.txt");
    let said = kept.well(&["keys", "new-master", word(&new)]);
    let text = std::fs::read_to_string(&new).expect("it is there");
    assert!(text.starts_with("OPENWARD-MASTER-1-") && !said.contains(text.trim_end()));
    assert!(kept.ends(1, &["keys", "new-master", word(&new)]).contains("OW-KEYS-051"), "nothing is written over");
    assert_eq!(std::fs::read_to_string(&new).expect("it is there"), text);
}

#[test]
fn epochs_begin_and_end_in_one_domain_or_in_all() {
    let kept = Kept::new();
    assert!(kept.well(&["keys", "new-epoch", "care"]).starts_with("care: epoch 2 has begun."));
    let all = kept.well(&["keys", "new-epoch"]);
    assert!(all.contains("care: epoch 3") && all.contains("counsel: epoch 2"), "{all}");
    kept.put("per_ada", 2);
    let retired = kept.well(&["keys", "retire"]);
    assert!(retired.contains("care: "), "{retired}");
    kept.well(&["keys", "check"]);
    assert!(kept.ends(2, &["keys", "retire", "cares"]).contains("a domain is one of"));
}

#[test]
fn a_file_is_destroyed_only_when_it_is_named_twice() {
    let kept = Kept::new();
    kept.put("per_ada", 2);
    assert!(kept.ends(2, &["keys", "destroy", "per_ada"]).contains("--yes-destroy"));
    assert!(kept.ends(2, &["keys", "destroy", "per_ada", "--yes-destroy", "per_adda"]).contains("the two ids differ"));
    assert!(kept.ends(2, &["keys", "destroy", "per_ben", "--yes-destroy", "per_ben"]).contains("OW-REG-030"));
    assert_eq!(kept.well(&["keys", "destroyed"]).lines().count(), 3, "nothing was destroyed");
    let said = kept.well(&["keys", "destroy", "per_ada", "--yes-destroy", "per_ada"]);
    assert!(said.contains("gone for ever"), "{said}");
    let list = kept.well(&["keys", "destroyed"]);
    assert_eq!(list.lines().count(), 5, "the file and its reads: {list}");
    assert!(!list.contains("per_ada"));
    kept.well(&["verify"]);
    kept.well(&["fsck"]);
    kept.well(&["keys", "check"]);
}

#[test]
fn keys_are_backed_up_and_restored_with_the_list_and_a_key_that_was_destroyed_stays_so() {
    let kept = Kept::new();
    kept.put("per_ada", 1);
    kept.put("per_ben", 1);
    let copy = kept.path("keys-copy.db");
    kept.well(&["keys", "backup", word(&copy)]);
    kept.well(&["keys", "destroy", "per_ada", "--yes-destroy", "per_ada"]);
    let list = kept.path("list.txt");
    std::fs::write(&list, kept.well(&["keys", "destroyed"])).expect("written");
    std::fs::remove_file(kept.folder().join("keys.db")).expect("removed");
    assert!(kept.ends(5, &["keys", "check"]).contains("OW-KEYS-023"));
    let log = kept.folder().join("keys.db-wal");
    std::fs::write(&log, "the log of the lost store").expect("written");
    assert!(kept.ends(2, &["keys", "restore", word(&copy), "--destroyed", word(&list)]).contains("OW-KEYS-022"), "it would be written in");
    std::fs::remove_file(&log).expect("removed");
    kept.well(&["keys", "restore", word(&copy), "--destroyed", word(&list)]);
    assert!(kept.ends(2, &["keys", "restore", word(&copy), "--destroyed", word(&list)]).contains("OW-KEYS-022"));
    assert_eq!(kept.well(&["keys", "destroyed"]), std::fs::read_to_string(&list).expect("the list"));
    kept.well(&["verify"]);
}

#[test]
fn a_key_store_put_back_from_before_a_destruction_is_found_and_emptied_at_the_next_opening() {
    let kept = Kept::new();
    kept.put("per_ada", 1);
    let copy = kept.path("keys-copy.db");
    kept.well(&["keys", "backup", word(&copy)]);
    kept.well(&["keys", "destroy", "per_ada", "--yes-destroy", "per_ada"]);
    for name in ["keys.db", "keys.db-wal", "keys.db-shm"] {
        let _ = std::fs::remove_file(kept.folder().join(name));
    }
    std::fs::copy(&copy, kept.folder().join("keys.db")).expect("put back");
    assert!(kept.ends(5, &["verify"]).contains("OW-REG-085"));
    kept.well(&["rebuild"]);
    kept.well(&["verify"]);
    assert_eq!(kept.well(&["keys", "destroyed"]).lines().count(), 5);
}

#[test]
fn verify_says_what_it_did_not_show_and_finds_a_changed_row() {
    let kept = Kept::new();
    kept.put("per_ada", 3);
    let said = kept.well(&["verify"]);
    assert!(said.contains("3 entries in 1 file were checked.") && said.contains("Not shown by this"), "{said}");
    let bare = kept.well(&["verify", "--without-master"]);
    assert!(bare.contains("No part was opened"), "{bare}");
    let answer: Value = serde_json::from_str(&kept.well(&["verify", "--format", "json"])).expect("JSON");
    assert_eq!((&answer["entries"], &answer["log"], &answer["findings"]), (&3.into(), &3.into(), &serde_json::json!([])));
    kept.change("UPDATE entry SET recorded = recorded + 1 WHERE n = 2");
    let found = kept.ends(5, &["verify"]);
    assert!(found.contains("OW-REG-074"), "{found}");
    assert!(crate::common::out(&kept.run(&["verify"])).contains(" is per_ada."), "whose file it is");
}

#[test]
fn a_changed_forecast_is_found_and_put_right() {
    let kept = Kept::new();
    kept.put("per_ada", 3);
    kept.change("UPDATE forecast SET next_change = 1");
    assert!(kept.ends(5, &["fsck"]).contains("OW-REG-040"));
    kept.well(&["rebuild"]);
    kept.well(&["fsck"]);
}

#[test]
fn a_backup_is_restored_and_an_older_one_is_found_by_a_newer_checkpoint() {
    let kept = Kept::new();
    kept.put("per_ada", 2);
    let (backup, list, restored) = (kept.path("backup"), kept.path("list.txt"), kept.path("restored"));
    let said = kept.well(&["backup", word(&backup)]);
    assert!(said.contains("It holds 2 entries in 1 file, and 0 documents.") && said.contains("checkpoint of 2 entries"), "{said}");
    kept.put("per_ben", 3);
    let newer = kept.path("newer.txt");
    std::fs::write(&newer, kept.newest_checkpoint()).expect("written");
    std::fs::write(&list, kept.well(&["keys", "destroyed"])).expect("written");
    let call = |to: &str, more: &[&str]| {
        let mut words = vec!["restore", word(&backup), "--destroyed", word(&list), "--to", to];
        words.extend(more);
        kept.run(&words)
    };
    let done = call(word(&restored), &["--checkpoint", word(&newer)]);
    let said = crate::common::out(&done);
    assert!(said.contains("at least 3 entries of the log are gone"), "{said}{}", crate::common::err(&done));
    assert_eq!(crate::common::code(&call(word(&kept.folder()), &[])), 2, "never over a register");
    let register = ["--register", word(&restored)];
    kept.well(&[&["verify"], register.as_slice()].concat());
    let found = kept.ends(5, &[&["verify", "--checkpoint", word(&newer)], register.as_slice()].concat());
    assert!(found.contains("OW-SEAL-056"), "{found}");
    assert!(kept.ends(2, &["backup", word(&backup)]).contains("OW-REG-091"));
    assert!(kept.ends(2, &["verify", "--register", word(&backup)]).contains("OW-REG-090"), "a backup is not worked on");
}

#[test]
fn a_clock_that_is_right_is_left_alone_and_one_behind_is_accepted_once() {
    let kept = Kept::new();
    kept.put("per_ada", 1);
    assert!(kept.well(&["accept-clock"]).contains("nothing was changed"));
    // An hour on, by the register's last record; its header is left as it was, so only the clock is of interest here.
    kept.change("UPDATE entry SET recorded = recorded + 3600000000");
    assert!(kept.ends(6, &["keys", "destroy", "per_ada", "--yes-destroy", "per_ada"]).contains("OW-REG-053"));
    assert!(kept.well(&["accept-clock"]).contains("accepted as it is"));
    kept.well(&["keys", "destroy", "per_ada", "--yes-destroy", "per_ada"]);
}
