//! Drafts: kept, taken back, and closed to everybody else.

use rusqlite::Connection;

use super::{DRAFT_BYTES_MAX, Draft, LIFE_MAX};
use crate::history::HistoryError;
use crate::keys::{Domain, KeyError};
use crate::store::Derived as _;
use crate::testing::{Place, act, id};
use crate::writer::Refused;

fn draft(number: u64, who: &str, about: &str) -> Draft {
    Draft { id: id(number), who: who.to_owned(), about: about.to_owned() }
}

fn place() -> (tempfile::TempDir, Place) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::create(folder.path());
    (folder, place)
}

#[test]
fn a_draft_is_its_writers_until_it_runs_out_or_is_thrown_away() {
    let (_folder, place) = place();
    let register = place.register();
    let own = draft(1, "pro_ash", "per_ada");
    register.put_draft(&own, 0, 100, b"one").expect("kept");
    register.put_draft(&own, 1, 200, b"two").expect("kept in its place");
    let read = |draft: &Draft, now| register.draft(draft, now).expect("readable").map(|content| content.to_vec());
    assert_eq!((read(&own, 199), read(&own, 200)), (Some(b"two".to_vec()), None));
    let other = draft(1, "pro_elm", "per_ada");
    assert!(matches!(register.put_draft(&other, 0, 100, b"mine"), Err(Refused::Form("another draft has this id"))));
    register.drop_draft(&other, 0).expect("asked");
    assert_eq!((read(&other, 0), read(&own, 0)), (None, Some(b"two".to_vec())));
    register.drop_draft(&own, 0).expect("dropped");
    assert_eq!(read(&own, 0), None);
}

#[test]
fn a_draft_opens_under_no_other_file_and_is_gone_with_the_key_of_its_file() {
    let (_folder, place) = place();
    let register = place.register();
    register.append(act(id(1), "per_ada", 0, 1)).expect("kept");
    let own = draft(2, "pro_ash", "per_ada");
    register.put_draft(&own, 0, 100, b"words").expect("kept");
    assert!(matches!(register.draft(&draft(2, "pro_ash", "per_ben"), 0), Err(HistoryError::Box { .. })));
    place.keys.destroy(place.keys.pseudonym("per_ada"), jiff::Timestamp::UNIX_EPOCH).expect("destroyed");
    assert!(matches!(register.draft(&own, 0), Err(HistoryError::Key(KeyError::Destroyed { .. }))));
}

#[test]
fn a_draft_that_was_given_a_longer_life_behind_the_registers_back_does_not_open() {
    let (_folder, place) = place();
    let register = place.register();
    let own = draft(1, "pro_ash", "per_ada");
    register.put_draft(&own, 0, 100, b"words").expect("kept");
    Connection::open(place.path()).expect("opened").execute("UPDATE draft SET until = 1000", []).expect("written");
    assert!(matches!(register.draft(&own, 500), Err(HistoryError::Box { .. })));
}

#[test]
fn a_draft_has_limits() {
    let (_folder, place) = place();
    let register = place.register();
    let own = draft(1, "pro_ash", "per_ada");
    for (until, content) in [(10, vec![]), (9, vec![]), (11 + LIFE_MAX, vec![]), (20, vec![0; DRAFT_BYTES_MAX + 1])] {
        assert!(matches!(register.put_draft(&own, 10, until, &content), Err(Refused::Form(_))), "{until}");
    }
    register.put_draft(&own, 10, 10 + LIFE_MAX, &vec![0; DRAFT_BYTES_MAX]).expect("the largest, the longest");
}

#[test]
fn a_draft_about_a_destroyed_file_is_noise_and_what_its_person_wrote_elsewhere_is_gone() {
    let (_folder, place) = place();
    let register = place.register();
    for (number, file) in [(1, "per_ada"), (2, "per_ben")] {
        register.append(act(id(number), file, 0, 1)).expect("kept");
    }
    let (about, by) = (draft(3, "pro_ash", "per_ada"), draft(4, "per_ada", "per_ben"));
    let other = draft(5, "pro_ash", "per_ben");
    for (draft, words) in [(&about, b"about ada".as_slice()), (&by, b"by ada"), (&other, b"about ben")] {
        register.put_draft(draft, 0, 100, words).expect("kept");
    }
    let (_, boxed) = place.store().draft(&about.id, place.keys.pseudonym("pro_ash").as_bytes(), 0).expect("read").expect("there");
    let extra = about.extra(place.keys.pseudonym("pro_ash"), 100);
    let at = super::place(place.keys.pseudonym("per_ada"), &extra);
    let opens_with = |domain, file| {
        let key = place.keys.existing_file_key(domain, place.keys.pseudonym(file)).expect("read");
        key.is_some_and(|key| key.open(&at, &boxed).is_ok())
    };
    assert!(opens_with(Domain::Care, "per_ada"), "the key of the file that it is about");
    assert!(!opens_with(Domain::Care, "per_ben") && !opens_with(Domain::Network, "pro_ash"), "and no other");

    register.destroy("per_ada").expect("destroyed");
    assert!(matches!(register.draft(&about, 0), Err(HistoryError::Key(KeyError::Destroyed { .. }))));
    let refused = register.put_draft(&about, 0, 100, b"once more").expect_err("nothing is closed with that key any more");
    assert!(matches!(refused, Refused::History(HistoryError::Key(KeyError::Destroyed { .. }))), "{refused}");
    let rows = |who: &str| {
        let who = place.keys.pseudonym(who);
        let sql = "SELECT count(*) FROM draft WHERE who = ?1";
        place.store().raw().query_row(sql, [who.as_bytes()], |row| row.get::<_, i64>(0)).expect("counted")
    };
    assert_eq!((rows("per_ada"), rows("pro_ash")), (0, 2));
    assert_eq!(register.draft(&other, 0).expect("readable").map(|words| words.to_vec()), Some(b"about ben".to_vec()));
    // When it has run out its row goes too, with the next draft of anybody.
    register.put_draft(&draft(6, "pro_elm", "per_ben"), 100, 200, b"").expect("kept");
    assert_eq!((rows("pro_ash"), rows("pro_elm")), (0, 1));
}
