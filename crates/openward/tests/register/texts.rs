//! What the commands of a register say, held against snapshots. Names that differ each time are put out of the way.

use crate::common::{code, err, openward, out, snapshot};
use crate::{Kept, word};

/// Every word that differs from run to run, by its shape.
fn steady(text: &str) -> String {
    let hex = |word: &str, long: usize| word.len() == long && word.bytes().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f'));
    let is_instant = |word: &str| word.len() > 18 && word.starts_with("20") && word.contains('T') && word.ends_with('Z');
    let steady = |word: &str| {
        let bare = word.trim_matches(|letter: char| ",.;:()".contains(letter));
        let name = match bare {
            _ if bare.contains('/') && bare.matches('+').count() >= 2 => "KEY",
            _ if hex(bare, 16) => "ID",
            _ if hex(bare, 32) => "PSEUDONYM",
            _ if hex(bare, 64) => "SUM",
            _ if is_instant(bare) => "INSTANT",
            _ => return word.to_owned(),
        };
        word.replace(bare, name)
    };
    text.lines().map(|line| line.split(' ').map(steady).collect::<Vec<_>>().join(" ").trim_end().to_owned() + "\n").collect()
}

/// Calls the program in the folder beside the register, so that no path differs.
#[track_caller]
fn says(kept: &Kept, name: &str, number: i32, words: &[&str]) {
    let mut call = openward(words);
    call.current_dir(kept.outer.path()).env("OPENWARD_REGISTER", "register").env("OPENWARD_MASTER_FILE", "master.txt");
    let output = call.args(["--width", "100"]).output().expect("the program starts");
    assert_eq!(code(&output), number, "{}{}", out(&output), err(&output));
    let complaint = if err(&output).is_empty() { String::new() } else { format!("--\n{}", err(&output)) };
    snapshot(&format!("register-{name}"), &steady(&format!("{}{complaint}", out(&output))));
}

#[test]
fn a_register_from_its_making_to_its_restore() {
    let kept = Kept { outer: tempfile::tempdir().expect("a folder") };
    says(&kept, "init", 0, &["init", "--origin", "rights.example/care"]);
    kept.put("per_ada", 3);
    kept.put("per_ben", 1);
    says(&kept, "verify", 0, &["verify"]);
    says(&kept, "verify-without-master", 0, &["verify", "--without-master"]);
    says(&kept, "fsck", 0, &["fsck"]);
    says(&kept, "rebuild", 0, &["rebuild"]);
    says(&kept, "backup", 0, &["backup", "backup", "--keys-to", "keys-apart.db"]);
    kept.put("per_cat", 2);
    std::fs::write(kept.path("newer"), kept.newest_checkpoint()).expect("written");
    says(&kept, "destroy", 0, &["keys", "destroy", "per_ben", "--yes-destroy", "per_ben"]);
    std::fs::write(kept.path("list"), kept.well(&["keys", "destroyed"])).expect("written");
    let restore = ["restore", "backup", "--keys", "keys-apart.db", "--destroyed", "list", "--to", "restored", "--checkpoint", "newer"];
    says(&kept, "restore", 0, &restore);
    says(&kept, "verify-older", 5, &["verify", "--register", "restored", "--checkpoint", "newer"]);
    let flipped = kept.path("backup").join("register.db");
    let mut bytes = std::fs::read(&flipped).expect("read");
    bytes[5000] ^= 1;
    std::fs::write(&flipped, &bytes).expect("written");
    let again = ["restore", "backup", "--keys", "keys-apart.db", "--destroyed", "list", "--to", "again"];
    says(&kept, "restore-flipped", 5, &again);
}

#[test]
fn keys_in_words() {
    let kept = Kept::new();
    says(&kept, "keys-check", 0, &["keys", "check"]);
    says(&kept, "keys-new-epoch", 0, &["keys", "new-epoch"]);
    says(&kept, "keys-retire", 0, &["keys", "retire", "care"]);
    says(&kept, "keys-rotate", 0, &["keys", "rotate-master", "--new-master-file", "new.txt"]);
    says(&kept, "keys-wrong-master", 2, &["keys", "check"]);
    says(&kept, "keys-no-file", 2, &["keys", "destroy", "per_nobody", "--yes-destroy", "per_nobody", "--master-file", "new.txt"]);
    says(&kept, "accept-clock", 0, &["accept-clock", "--master-file", "new.txt"]);
}

#[test]
fn a_witness_in_words() {
    let kept = Kept::new();
    says(&kept, "witness-keygen", 0, &["witness", "keygen", "court.example/witness", "--key-file", "court.key"]);
    says(&kept, "witness-follow", 0, &["witness", "follow", "--log", "register/register.vkey", "--state", "state"]);
    kept.put("per_ada", 1);
    std::fs::write(kept.path("request"), kept.well(&["witness", "request"])).expect("written");
    let cosign = ["witness", "cosign", "--key-file", "court.key", "--state", "state", "request"];
    let signed = openward(&cosign).current_dir(kept.outer.path()).output().expect("the program starts");
    assert_eq!(code(&signed), 0);
    says(&kept, "witness-elsewhere", 6, &cosign);
    says(&kept, "witness-no-state", 2, &["witness", "cosign", "--key-file", "court.key", "--state", "none", word(&kept.path("request"))]);
    says(&kept, "publish", 0, &["publish", "public"]);
}
