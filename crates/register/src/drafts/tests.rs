//! Drafts: kept, taken back, and closed to everybody else.

use rusqlite::Connection;

use super::{DRAFT_BYTES_MAX, Draft, LIFE_MAX};
use crate::history::HistoryError;
use crate::keys::KeyError;
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
