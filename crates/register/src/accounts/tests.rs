//! Accounts: theirs alone, gone when they are ended, and counted one after the other.

use super::{ACCOUNT_BYTES_MAX, Stage};
use crate::testing::{Place, id};
use crate::writer::Refused;

fn place() -> (tempfile::TempDir, Place) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::create(folder.path());
    (folder, place)
}

#[test]
fn an_account_is_found_by_the_name_it_was_last_given() {
    let (_folder, place) = place();
    let register = place.register();
    register.put_account(id(1), "ada", b"one").expect("kept");
    register.put_account(id(2), "ben", b"two").expect("kept");
    assert!(matches!(register.put_account(id(2), "ada", b"two"), Err(Refused::Form("another account has this name"))));
    assert!(matches!(register.put_account(id(3), "ada", b"two"), Err(Refused::Form("another account has this name"))));
    register.put_account(id(1), "eve", b"renamed").expect("kept");
    let of = |login: &str| register.account_of(login).expect("read").map(|account| (account.id, account.content.to_vec()));
    assert_eq!(of("ada"), None);
    assert_eq!(of("eve"), Some((id(1), b"renamed".to_vec())));
    assert_eq!(register.account(&id(2)).expect("read").expect("there").content.to_vec(), b"two");
    let mut all: Vec<_> = register.accounts().expect("read").into_iter().map(|account| account.id).collect();
    all.sort_unstable();
    assert_eq!(all, {
        let mut both = vec![id(1), id(2)];
        both.sort_unstable();
        both
    });
    assert!(matches!(register.put_account(id(4), "long", &vec![0; ACCOUNT_BYTES_MAX + 1]), Err(Refused::Form(_))));
}

#[test]
fn an_accounts_box_opens_under_no_other_account_and_no_other_name() {
    let (_folder, place) = place();
    let register = place.register();
    register.put_account(id(1), "ada", b"one").expect("kept");
    register.put_account(id(2), "ben", b"two").expect("kept");
    let disk = rusqlite::Connection::open(place.path()).expect("opened");
    disk.execute("UPDATE account SET box = (SELECT box FROM account WHERE id = ?1) WHERE id = ?2", [id(1), id(2)]).expect("changed");
    assert!(register.account(&id(2)).is_err());
    let other = *place.keys.pseudonym_of("login", "cat").as_bytes();
    disk.execute("UPDATE account SET login = ?1 WHERE id = ?2", [other, id(1)]).expect("changed");
    assert!(register.account_of("cat").is_err());
}

#[test]
fn a_session_is_known_by_its_secret_and_ends_for_good() {
    let (_folder, place) = place();
    let register = place.register();
    register.begin_session("secret", id(1), Stage::Half, 10).expect("begun");
    register.begin_session("other", id(1), Stage::In, 20).expect("begun");
    let session = register.session("secret").expect("read").expect("there");
    assert_eq!((session.account, session.stage, session.since, session.seen), (id(1), Stage::Half, 10, 10));
    assert_eq!(register.session("guess").expect("read"), None);
    register.session_used("secret", &session, 30).expect("kept");
    assert_eq!(register.session("secret").expect("read").map(|session| session.seen), Some(30));
    register.end_session("secret").expect("ended");
    register.session_used("secret", &session, 40).expect("asked");
    assert_eq!(register.session("secret").expect("read"), None);
    register.end_sessions_of(id(1)).expect("ended");
    assert_eq!(register.session("other").expect("read"), None);
}

#[test]
fn a_session_that_was_changed_on_the_disk_lets_nobody_in() {
    let (_folder, place) = place();
    let register = place.register();
    let disk = rusqlite::Connection::open(place.path()).expect("opened");
    for change in ["account = zeroblob(16)", "stage = 1", "since = 11", "proof = zeroblob(16)"] {
        register.begin_session("secret", id(1), Stage::Half, 10).expect("begun");
        assert!(register.session("secret").expect("read").is_some());
        disk.execute(&format!("UPDATE session SET {change}"), []).expect("changed");
        assert_eq!(register.session("secret").expect("read"), None, "{change}");
        register.end_session("secret").expect("ended");
    }
}

#[test]
fn sessions_end_when_they_are_old_or_were_not_used() {
    let (_folder, place) = place();
    let register = place.register();
    for (secret, since) in [("a", 10), ("b", 20), ("c", 30)] {
        register.begin_session(secret, id(1), Stage::In, since).expect("begun");
    }
    let used = register.session("a").expect("read").expect("there");
    register.session_used("a", &used, 100).expect("kept");
    register.end_old_sessions(5, 20).expect("ended");
    let there = |secret: &str| register.session(secret).expect("read").is_some();
    assert_eq!((there("a"), there("b"), there("c")), (true, false, true));
    register.end_old_sessions(10, 0).expect("ended");
    assert_eq!((there("a"), there("c")), (false, true));
}

#[test]
fn guesses_run_out_and_come_back_with_time_or_with_a_right_one() {
    let (_folder, place) = place();
    let register = place.register();
    let take = |who: &str, now| register.take_guess(who, now, 100, 2).expect("counted");
    assert_eq!((take("ada", 0), take("ada", 50), take("ada", 60), take("ben", 60)), (true, true, false, true));
    assert!(take("ada", 100), "the span is over");
    assert!(take("ada", 101) && !take("ada", 102));
    register.forget_guesses("ada", 103, 100).expect("forgotten");
    assert!(take("ada", 104));
    assert!(take("ada", 3), "a clock that was set back locks nobody out");
}

#[test]
fn many_who_guess_at_once_get_no_more_guesses() {
    let (_folder, place) = place();
    let register = place.register();
    let taken: usize = std::thread::scope(|scope| {
        let asked: Vec<_> =
            (0..8).map(|_| scope.spawn(|| (0..8).filter(|_| register.take_guess("ada", 1, 100, 10).expect("counted")).count())).collect();
        asked.into_iter().map(|thread| thread.join().expect("it ran")).sum()
    });
    assert_eq!(taken, 10);
}
