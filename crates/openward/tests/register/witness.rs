//! `openward witness` and `openward checkpoint`: a register, a witness outside, and what goes between them on files.

use crate::common::{code, err, openward, out, run, run_with_input};
use crate::{Kept, flat, word};

struct Outside {
    folder: tempfile::TempDir,
    public: String,
}

impl Outside {
    /// A witness that follows the register's log.
    fn of(kept: &Kept) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let made = run(&["witness", "keygen", "court.example/witness", "--key-file", word(&folder.path().join("key"))]);
        assert_eq!((code(&made), err(&made)), (0, String::new()));
        let public = out(&made).split_whitespace().find(|word| word.starts_with("court.example/witness+")).expect("its key").to_owned();
        let log = kept.folder().join("register.vkey");
        let followed = run(&["witness", "follow", "--log", word(&log), "--state", word(&folder.path().join("state"))]);
        assert_eq!((code(&followed), err(&followed)), (0, String::new()));
        Self { folder, public }
    }

    fn cosign(&self, request: &str) -> std::process::Output {
        let (key, state) = (self.folder.path().join("key"), self.folder.path().join("state"));
        run_with_input(&["witness", "cosign", "--key-file", word(&key), "--state", word(&state)], request.as_bytes())
    }
}

/// Gives the answer of a witness to the register.
fn keep(kept: &Kept, outside: &Outside, answer: &str) -> std::process::Output {
    let path = kept.path("answer");
    std::fs::write(&path, answer).expect("written");
    kept.run(&["witness", "keep", "--witness", &outside.public, word(&path)])
}

#[test]
fn a_witness_signs_what_only_grew_and_the_register_keeps_it() {
    let kept = Kept::new();
    let outside = Outside::of(&kept);
    kept.put("per_ada", 2);
    assert!(kept.ends(5, &["verify", "--witness", &outside.public]).contains("OW-REG-086"));
    for file in ["per_ben", "per_cat"] {
        let request = kept.well(&["witness", "request", "--witness", &outside.public]);
        let answer = outside.cosign(&request);
        assert_eq!((code(&answer), err(&answer)), (0, String::new()));
        assert_eq!(code(&keep(&kept, &outside, &out(&answer))), 0);
        kept.put(file, 1);
    }
    let said = kept.well(&["verify", "--witness", &outside.public]);
    assert!(flat(&said).contains("The witness court.example/witness has signed up to 3 entries, at 2"), "{said}");
    let signed = kept.well(&["checkpoint", "--size", "3"]);
    assert_eq!(signed.lines().filter(|line| line.starts_with("\u{2014} ")).count(), 2, "{signed}");
    let printed = kept.path("printed");
    std::fs::write(&printed, &signed).expect("written");
    kept.well(&["verify", "--checkpoint", word(&printed), "--witness", &outside.public]);
    assert!(kept.ends(2, &["checkpoint", "--size", "77"]).contains("no such checkpoint"));
}

#[test]
fn an_answer_is_kept_though_the_register_went_on_meanwhile() {
    let kept = Kept::new();
    let outside = Outside::of(&kept);
    kept.put("per_ada", 2);
    let answer = outside.cosign(&kept.well(&["witness", "request", "--witness", &outside.public]));
    assert_eq!((code(&answer), err(&answer)), (0, String::new()));
    for file in ["per_ben", "per_cat", "per_dan"] {
        kept.put(file, 1);
    }
    let said = keep(&kept, &outside, &out(&answer));
    assert_eq!((code(&said), err(&said)), (0, String::new()));
    assert!(flat(&out(&said)).contains("the checkpoint of 2 entries"), "{}", out(&said));
    kept.well(&["verify", "--witness", &outside.public]);
    // The next request begins where the witness is, so that it signs again.
    let next = outside.cosign(&kept.well(&["witness", "request", "--witness", &outside.public]));
    assert_eq!((code(&next), err(&next)), (0, String::new()));
    kept.put("per_eve", 1);
    assert_eq!(code(&keep(&kept, &outside, &out(&next))), 0);
    assert!(flat(&kept.well(&["verify", "--witness", &outside.public])).contains("has signed up to 5 entries"));
}

#[test]
fn a_witness_says_where_it_was_and_what_it_does_not_sign() {
    let kept = Kept::new();
    let outside = Outside::of(&kept);
    kept.put("per_ada", 2);
    let first = kept.well(&["witness", "request"]);
    assert_eq!(code(&outside.cosign(&first)), 0);
    let again = outside.cosign(&first);
    assert_eq!((code(&again), out(&again)), (6, "2\n".to_owned()), "it begins elsewhere: the size last signed is the body");
    assert!(err(&again).contains("status 409"));
    let nonsense = outside.cosign("nonsense");
    assert_eq!((code(&nonsense), out(&nonsense)), (6, String::new()));
    assert!(err(&nonsense).contains("status 400"));
    let other = Kept::new();
    other.put("per_ada", 1);
    assert!(err(&outside.cosign(&other.well(&["witness", "request"]))).contains("status 403"), "the same name and another key");
}

#[test]
fn a_register_put_back_from_an_older_copy_is_not_signed_and_the_request_is_kept() {
    let kept = Kept::new();
    let outside = Outside::of(&kept);
    kept.put("per_ada", 2);
    let (backup, list, restored) = (kept.path("backup"), kept.path("list"), kept.path("restored"));
    kept.well(&["backup", word(&backup)]);
    std::fs::write(&list, kept.well(&["keys", "destroyed"])).expect("written");
    kept.put("per_ben", 3);
    assert_eq!(code(&outside.cosign(&kept.well(&["witness", "request"]))), 0);
    kept.well(&["restore", word(&backup), "--destroyed", word(&list), "--to", word(&restored)]);
    let behind = outside.cosign(&kept.well(&["witness", "request", "--register", word(&restored)]));
    assert_eq!((code(&behind), out(&behind)), (6, "5\n".to_owned()));
    let again = Kept { outer: tempfile::tempdir().expect("a folder") };
    std::fs::rename(&restored, again.folder()).expect("moved");
    std::fs::copy(kept.master(), again.master()).expect("copied");
    again.put("per_cat", 4);
    let request = again.well(&["witness", "request", "--old", "5"]);
    let refused = outside.cosign(&request);
    assert_eq!((code(&refused), out(&refused)), (5, String::new()));
    assert!(err(&refused).contains("status 422") && err(&refused).contains("evidence"), "{}", err(&refused));
}

#[test]
fn what_is_no_signature_of_the_witness_is_not_kept() {
    let kept = Kept::new();
    let outside = Outside::of(&kept);
    let stranger = Outside::of(&kept);
    kept.put("per_ada", 1);
    let answer = out(&stranger.cosign(&kept.well(&["witness", "request"])));
    let before = kept.newest_checkpoint();
    let said = keep(&kept, &outside, &answer);
    assert_eq!(code(&said), 3);
    assert!(flat(&err(&said)).contains("write a new request"), "{}", err(&said));
    assert_eq!(code(&keep(&kept, &outside, "nonsense\n")), 3);
    assert_eq!(kept.newest_checkpoint(), before);
    let answer = out(&outside.cosign(&kept.well(&["witness", "request"])));
    assert_eq!((code(&keep(&kept, &outside, &answer)), code(&keep(&kept, &outside, &answer))), (0, 0), "twice is once");
    let text = String::from_utf8(kept.newest_checkpoint()).expect("text");
    assert_eq!(text.lines().filter(|line| line.starts_with('\u{2014}')).count(), 2);
}

#[test]
fn a_witness_needs_no_register_and_takes_no_secret_key_for_a_public_one() {
    let kept = Kept::new();
    let outside = Outside::of(&kept);
    let key = outside.folder.path().join("key");
    let state = outside.folder.path().join("other");
    let wrong = openward(&["witness", "follow", "--log", word(&key), "--state", word(&state)]).output().expect("the program starts");
    assert_eq!(code(&wrong), 2);
    assert!(err(&wrong).contains("secret key"));
    let wrong = run(&["witness", "follow", "--log", &outside.public, "--state", word(&state)]);
    assert!(err(&wrong).contains("not the public key of a log"));
    assert!(!state.exists());
}
