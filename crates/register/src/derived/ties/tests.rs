//! Ties that facts make, end and lend again, in a register.

use openward_law::entry::Tie;

use super::{code_of, holds};
use crate::derived::check::fsck;
use crate::derived::name_of;
use crate::store::{Derived as _, Entries as _, Micros, TieRow};
use crate::testing::{Place, act_of, id};

fn at(text: &str) -> Micros {
    text.parse::<jiff::Timestamp>().expect("an instant").as_microsecond()
}

/// The ties of one file after these entries, as kept, and whether what is kept is what is computed.
fn ties(lines: &[&str]) -> (tempfile::TempDir, Place, Vec<TieRow>) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::create(folder.path());
    let register = place.register();
    register.append(act_of(id(1), "per_ada", 0, lines)).expect("it is kept");
    let rows = register.ties("per_ada").expect("readable");
    register.close();
    assert!(fsck(&place.store(), &place.keys, &*place.laws).expect("checked").is_clean());
    (folder, place, rows)
}

/// At which of these instants somebody is tied so.
fn held(place: &Place, rows: &[TieRow], who: &str, tie: Tie, instants: &[&str]) -> Vec<bool> {
    let own: Vec<_> = rows.iter().filter(|row| row.who == name_of(&place.keys, who) && row.tie == code_of(tie)).collect();
    instants.iter().map(|instant| own.iter().any(|row| holds(row, at(instant)))).collect()
}

#[test]
fn counsel_whom_the_person_chooses_takes_the_place_of_all_counsel_before() {
    let (_folder, place, rows) = ties(&[
        r#"{"at":"2024-03-01T10:00:00Z","fact":"counsel-assigned","to":"pro_one"}"#,
        r#"{"at":"2024-03-02T10:00:00Z","fact":"counsel-chosen","to":["pro_two","pro_three"]}"#,
        r#"{"at":"2024-03-03T10:00:00Z","fact":"counsel-assigned","to":"pro_four"}"#,
    ]);
    let days = ["2024-03-01T09:59:59Z", "2024-03-01T10:00:00Z", "2024-03-02T09:59:59Z", "2024-03-02T10:00:00Z", "2024-03-04T00:00:00Z"];
    assert_eq!(held(&place, &rows, "pro_one", Tie::AssignedCounsel, &days), [false, true, true, false, false]);
    for who in ["pro_two", "pro_three"] {
        assert_eq!(held(&place, &rows, who, Tie::ChosenCounsel, &days), [false, false, false, true, true]);
    }
    assert_eq!(held(&place, &rows, "pro_four", Tie::AssignedCounsel, &days[4..]), [true]);
}

#[test]
fn the_place_of_the_stay_and_those_who_acted_are_tied_until_the_person_leaves() {
    let (_folder, place, rows) = ties(&[
        r#"{"at":"2024-03-01T10:00:00Z","fact":"admitted","under":"admission","place":"fac_elm","by":"pro_ash"}"#,
        r#"{"at":"2024-03-02T10:00:00Z","fact":"transferred","to":"fac_oak"}"#,
        r#"{"at":"2024-03-03T10:00:00Z","fact":"nominated","to":["pro_sister","spouse"]}"#,
        r#"{"at":"2024-03-04T10:00:00Z","fact":"left"}"#,
    ]);
    let days = ["2024-03-01T12:00:00Z", "2024-03-02T12:00:00Z", "2024-03-03T12:00:00Z", "2024-03-04T12:00:00Z"];
    assert_eq!(held(&place, &rows, "fac_elm", Tie::Facility, &days), [true, false, false, false]);
    assert_eq!(held(&place, &rows, "fac_oak", Tie::Facility, &days), [false, true, true, false]);
    assert_eq!(held(&place, &rows, "pro_ash", Tie::Actor, &days), [true, true, true, false]);
    assert_eq!(held(&place, &rows, "pro_sister", Tie::Nominee, &days), [false, false, true, true]);
    assert_eq!(rows.len(), 4, "a word is nobody whose file could be opened");
}

#[test]
fn an_entry_struck_out_ties_nobody_and_gives_back_what_it_took() {
    let (_folder, place, rows) = ties(&[
        r#"{"at":"2024-03-01T10:00:00Z","fact":"counsel-chosen","to":"pro_one"}"#,
        r#"{"at":"2024-03-02T10:00:00Z","fact":"counsel-chosen","to":"pro_two"}"#,
        r#"{"at":"2024-03-02T10:00:00Z","fact":"counsel-chosen","to":"pro_two","corrects":{"n":2,"how":"withdrawn-in-error","why":"another file"}}"#,
    ]);
    assert_eq!(held(&place, &rows, "pro_one", Tie::ChosenCounsel, &["2024-03-03T10:00:00Z"]), [true]);
    assert_eq!(held(&place, &rows, "pro_two", Tie::ChosenCounsel, &["2024-03-03T10:00:00Z"]), [false]);
}

#[test]
fn a_day_without_an_hour_ties_from_its_beginning_to_its_end() {
    let (_folder, place, rows) = ties(&[
        r#"{"at":"2024-01-02","fact":"admitted","under":"admission","place":"fac_elm"}"#,
        r#"{"at":"2024-01-04","fact":"left"}"#,
        r#"{"at":"2024-01-04","fact":"admitted","under":"admission","place":"fac_elm"}"#,
        r#"{"at":"2024-01-04","fact":"left"}"#,
    ]);
    let days = ["2024-01-01T23:59:59Z", "2024-01-02T00:00:00Z", "2024-01-04T23:59:59Z", "2024-01-05T00:00:00Z"];
    assert_eq!(held(&place, &rows, "fac_elm", Tie::Facility, &days), [false, true, true, false]);
}

#[test]
fn a_list_of_files_is_asked_by_who_is_tied_page_by_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::create(folder.path());
    let register = place.register();
    let count = super::PAGE_MAX + 20;
    for number in 0..count {
        let line = r#"{"at":"2024-03-01T10:00:00Z","fact":"signed","instrument":"recommendation","by":"pro_ash"}"#;
        let chosen = r#"{"at":"2024-03-01T11:00:00Z","fact":"counsel-chosen","to":"pro_ash"}"#;
        register.append(act_of(id(number as u64), &format!("per_{number:03}"), 0, &[line, chosen])).expect("it is kept");
    }
    let now = at("2024-03-02T00:00:00Z");
    let first = register.tied("pro_ash", now, 0).expect("listed");
    let rest = register.tied("pro_ash", now, first.last().expect("a page").number).expect("listed");
    let names: Vec<_> = first.iter().chain(&rest).map(|tied| tied.file.clone()).collect();
    assert_eq!((first.len(), names), (super::PAGE_MAX, (0..count).map(|number| format!("per_{number:03}")).collect()));
    assert!(first.iter().all(|tied| tied.ties.len() == 2));
    assert!(register.tied("pro_ash", at("2024-03-01T09:00:00Z"), 0).expect("listed").is_empty());
    assert!(register.tied("pro_oak", now, 0).expect("listed").is_empty());
}

#[test]
fn a_tie_that_somebody_wrote_or_took_away_is_found_and_put_right() {
    let (_folder, place, rows) = ties(&[r#"{"at":"2024-03-01T10:00:00Z","fact":"counsel-chosen","to":"pro_one"}"#]);
    let file = place.store().files_after(0, 9).expect("read").first().expect("a file").id;
    let planted = TieRow { who: [9; 16], tie: 0, since: 0, until: None };
    for wrong in [vec![], vec![planted], vec![TieRow { until: Some(1), ..rows[0] }]] {
        place.store().put_ties(file, &wrong, None).expect("written");
        let found = fsck(&place.store(), &place.keys, &*place.laws).expect("checked");
        assert!(found.wrong.iter().any(|wrong| wrong.what.contains("tied")), "{:?}", found.wrong);
        place.register().rebuild().expect("rebuilt");
        assert_eq!(place.store().ties(file).expect("read"), rows);
    }
}
