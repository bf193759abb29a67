//! Rights cards: the person's own, one at a time, never a way in for anybody else.

use openward_law::entry::{FactKind, Field};

use super::Mine;
use crate::Refusal;
use crate::act::Outcome;
use crate::act::tests::{Place, entries, typed, ward};

fn kept(outcome: Outcome) -> Vec<u64> {
    match outcome {
        Outcome::Kept(signed) => signed.numbers,
        Outcome::Changed | Outcome::Again => panic!("it was kept"),
    }
}

#[test]
fn a_card_opens_ones_own_page_and_a_new_one_ends_it() {
    let place = Place::new();
    let who = ward("fac_elm", "pro_ward");
    let file = place.admit(&who, "s2");
    let code = place.office.issue_card(&who, &file).expect("made");
    assert_eq!(code.len(), 14, "twelve letters and two hyphens");
    let token = place.office.open_card(&code.to_uppercase().replace('-', " "), "here").expect("opened");
    let holder = place.office.holder(&token).expect("held");
    assert_eq!(holder.file, file);
    assert_eq!(place.office.mine(&holder).expect("shown").entries.len(), 2);
    let newer = place.office.issue_card(&who, &file).expect("made");
    assert!(matches!(place.office.holder(&token), Err(Refusal::SignedOut)), "whoever opened the old one is out");
    assert!(matches!(place.office.open_card(&code, "here"), Err(Refusal::Wrong)));
    place.office.open_card(&newer, "here").expect("opened");
}

#[test]
fn a_card_is_no_account_and_an_account_no_card() {
    let place = Place::new();
    let who = ward("fac_elm", "pro_ward");
    let file = place.admit(&who, "s2");
    let code = place.office.issue_card(&who, &file).expect("made");
    let token = place.office.open_card(&code, "here").expect("opened");
    assert!(matches!(place.office.who(&token), Err(Refusal::SignedOut)));
    assert!(matches!(place.office.knock(&format!("card {}", code.replace('-', "")), "any password", "here"), Err(Refusal::Wrong)));
    assert!(place.office.accounts().expect("listed").is_empty());
    let stranger = ward("fac_oak", "pro_far");
    assert!(matches!(place.office.issue_card(&stranger, &file), Err(Refusal::NotFound)));
}

#[test]
fn guesses_at_cards_run_out() {
    let place = Place::new();
    let last = (0..301).map(|_| place.office.open_card("aaaa-bbbb-cccc", "here").err()).last().flatten();
    assert!(matches!(last, Some(Refusal::Slow { .. })));
    assert!(matches!(place.office.open_card("aaaa-bbbb-cccc", "elsewhere"), Err(Refusal::Wrong)));
}

#[test]
fn a_right_that_is_open_is_used_in_one_step_and_once() {
    let place = Place::new();
    for (organisation, under) in [("fac_elm", "s2"), ("fac_oak", "admission")] {
        let who = ward(organisation, "pro_ward");
        let file = place.admit(&who, under);
        place.papers(&who, &file);
        let code = place.office.issue_card(&who, &file).expect("made");
        let holder = place.office.holder(&place.office.open_card(&code, "here").expect("opened")).expect("held");
        let shown = place.office.mine(&holder).expect("shown");
        let usable = place.office.usable(&shown);
        // Where review comes by itself, there is nothing to apply for.
        assert!(!usable.is_empty() || organisation == "fac_oak", "a right is open under {under}");
        for right in usable {
            let id = crate::door::random_id().expect("random");
            kept(place.office.ask(&holder, &Mine::Use(right.clone()), id).expect("asked"));
            let after = place.office.mine(&holder).expect("shown");
            let used = after.standings.iter().flat_map(|standing| &standing.entitlements).find(|one| one.id == right).expect("there");
            assert!(!used.uses.is_empty(), "{}: the law takes it for a use of the right", used.entitlement);
        }
        let id = crate::door::random_id().expect("random");
        let words = Mine::Counsel("Hana Notreal, 555 0100".to_owned());
        kept(place.office.ask(&holder, &words, id).expect("asked"));
        let count = entries(&place.office, &file).len();
        assert!(!matches!(place.office.ask(&holder, &words, id).expect("asked"), Outcome::Changed));
        assert_eq!(entries(&place.office, &file).len(), count, "the same act again is kept once");
        let mine = entries(&place.office, &file).pop().expect("one");
        assert_eq!((mine.fact, mine.details.by.as_deref()), (FactKind::CounselChosen, Some("person")));
        assert!(matches!(place.office.ask(&holder, &Mine::Use("no such right".to_owned()), id), Err(Refusal::NotFound)));
    }
}

#[test]
fn writing_of_others_keeps_nobody_from_a_right() {
    let place = Place::new();
    let who = ward("fac_elm", "pro_ward");
    let file = place.admit(&who, "s2");
    let code = place.office.issue_card(&who, &file).expect("made");
    let holder = place.office.holder(&place.office.open_card(&code, "here").expect("opened")).expect("held");
    std::thread::scope(|scope| {
        let busy = scope.spawn(|| {
            for _ in 0..6 {
                let look = place.look(&who, &file, typed(FactKind::Examined, &[(Field::By, "pro_ash")]));
                let _ = place.office.sign(&who, &file, look.draft).expect("answered");
            }
        });
        for word in ["one", "two", "three"] {
            let id = crate::door::random_id().expect("random");
            kept(place.office.ask(&holder, &Mine::Complain(word.to_owned()), id).expect("asked"));
        }
        busy.join().expect("it ran");
    });
}

#[test]
fn whoever_found_a_card_cannot_fill_the_file() {
    let place = Place::new();
    let who = ward("fac_elm", "pro_ward");
    let file = place.admit(&who, "s2");
    let code = place.office.issue_card(&who, &file).expect("made");
    let holder = place.office.holder(&place.office.open_card(&code, "here").expect("opened")).expect("held");
    let ask = || place.office.ask(&holder, &Mine::Complain("words ".repeat(1_300)), crate::door::random_id().expect("random"));
    let refused = (0..41).filter_map(|_| ask().err()).next_back();
    assert!(matches!(refused, Some(Refusal::Slow { .. })));
    // However much was said, the ward can still put on the file what happens.
    let look = place.look(&who, &file, typed(FactKind::Examined, &[(Field::By, "pro_ash")]));
    kept(place.office.sign(&who, &file, look.draft).expect("signed"));
}
