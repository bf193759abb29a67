//! What a standing says beside its answers: words of the wrong kind, entries of another law, why there are two ends, why a duty lapsed,
//! orders that only measure or have failed, ids that outlive corrections, and the next change.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that meets what it does not expect stops there")]

mod support;

use openward_law::casefile::CaseFile;
use openward_law::engine::Law;
use openward_law::standing::{Question, Reach, Standing, standing};
use support::law;

const PLACES: &str = r#"{"file":"fac_oak","at":"2010-01-01","fact":"facility-designated","kind":"hospital","law":"gb-eaw","region":"england"}
{"file":"fac_elm","at":"2010-01-01","fact":"facility-designated","kind":"approved-centre","law":"ie"}
"#;

/// The standing of `per_ada` at an instant (universal time), by these entries after the two places.
fn stands(law: &Law, reach: Reach, at: &str, entries: &str) -> Standing {
    let case = CaseFile::read(&format!("{PLACES}{entries}")).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let file = case.file("per_ada").expect("she has a file");
    let at = at.parse().expect("an instant");
    standing(&case, file, Question { law, benchmark: None, at, known_at: None, reach }).expect("the times can be read")
}

fn english() -> Law {
    Law::new(law::pack("gb-eaw"))
}

const SECTION_3: &str = r#"{"file":"per_ada","at":"2024-03-01T10:00","fact":"admitted","under":"s3","place":"fac_oak"}
"#;

#[test]
fn a_word_of_the_wrong_kind_is_not_read_and_the_nearest_of_its_own_kind_is_named() {
    let entries = r#"{"file":"per_ada","at":"2024-03-01T09:00","fact":"signed","by":"nurze","instrument":"s2"}
{"file":"per_ada","at":"2024-03-01T10:00","fact":"admitted","by":"nurse","as":"s3-a","under":"nurse","place":"fac_oak"}
{"file":"per_ada","at":"2024-03-01T11:00","fact":"signed","by":"nurse","instrument":"application-s2","states":["nurse"]}
{"file":"per_ada","at":"2024-03-02T11:00","fact":"applied","by":"person","under":"66(1)(a)","to":"tribunal"}
{"file":"per_ada","at":"2024-03-02T12:00","fact":"admitted","under":"informal","place":"fac_oak"}
"#;
    let shown = stands(&english(), Reach::All, "2024-03-03T00:00:00Z", entries);
    let found: Vec<(u32, &str, &str)> = shown.unread.iter().map(|word| (word.n, word.field.as_str(), word.word.as_str())).collect();
    // `s2` is an order and no paper, `s3-a` a criterion and no role, `nurse` a role and neither order nor criterion. The last two entries,
    // with a paragraph and a word for care of one's own choice, are read.
    assert_eq!(found, [(1, "by", "nurze"), (1, "instrument", "s2"), (2, "as", "s3-a"), (2, "under", "nurse"), (3, "states", "nurse")]);
    assert_eq!(shown.unread[0].nearest.as_deref(), Some("nurse"));
}

#[test]
fn entries_of_another_law_are_counted_and_named() {
    let entries = r#"{"file":"per_ada","at":"2024-03-01T10:00","fact":"admitted","under":"s3","place":"fac_oak"}
{"file":"per_ada","at":"2024-03-02T10:00","fact":"left"}
{"file":"per_ada","at":"2024-04-01T10:00","fact":"admitted","under":"voluntary","place":"fac_elm"}
{"file":"per_ada","at":"2024-04-02T10:00","fact":"left"}
"#;
    let law = english();
    let by_place = stands(&law, Reach::ByPlace, "2024-05-01T00:00:00Z", entries);
    let others: Vec<(&str, &[u32])> = by_place.other_laws.iter().map(|other| (other.law.as_str(), other.entries.as_slice())).collect();
    // The second leaving names no place: it is of the place last named, which is Irish.
    assert_eq!(others, [("ie", [3, 4].as_slice())]);
    assert!(stands(&law, Reach::All, "2024-05-01T00:00:00Z", entries).other_laws.is_empty());
}

#[test]
fn an_order_that_only_measures_says_so_and_its_time_runs_out() {
    let entries = format!(
        "{SECTION_3}{}",
        r#"{"file":"per_ada","at":"2024-04-05T09:00","fact":"discharge-ordered","by":"nearest-relative","as":"nearest-relative","under":"s3"}"#
    );
    let law = english();
    let notice = |at: &str| {
        let shown = stands(&law, Reach::All, at, &entries);
        let order = shown.orders.iter().find(|order| order.order == "s25-notice").expect("it measures").clone();
        (order.state, order.measures_only, shown.next_change_at)
    };
    // Nine in the morning is eight in universal time; seventy-two hours later it is the 8th.
    assert_eq!(notice("2024-04-06T00:00:00Z"), ("paused".to_owned(), true, Some("2024-04-08T08:00:00Z".to_owned())));
    assert_eq!(notice("2024-04-08T08:00:00Z").0, "expired");
    let section_3 = stands(&law, Reach::All, "2024-04-06T00:00:00Z", &entries).orders.first().expect("section 3").clone();
    assert!(!section_3.measures_only && section_3.state == "running");
}

/// Section 2 on two recommendations, one of which affirms only one of the two grounds; nobody mends it.
const ONE_GROUND: &str = r#"{"file":"pro_ash","at":"2016-01-01","fact":"professional-authorised","kind":"approval-s12"}
{"file":"per_ada","at":"2024-02-28T10:00","fact":"examined","by":"pro_ash","as":"doctor"}
{"file":"per_ada","at":"2024-02-28T10:30","fact":"signed","by":"pro_ash","as":"doctor","instrument":"medical-recommendation-s2","states":["s2-a","s2-b"]}
{"file":"per_ada","at":"2024-02-29T11:00","fact":"examined","by":"pro_birch","as":"doctor"}
{"file":"per_ada","at":"2024-02-29T11:30","fact":"signed","by":"pro_birch","as":"doctor","instrument":"medical-recommendation-s2","states":["s2-a"]}
{"file":"per_ada","at":"2024-02-29T14:00","fact":"saw-person","by":"pro_may","as":"amhp"}
{"file":"per_ada","at":"2024-02-29T15:00","fact":"signed","by":"pro_may","as":"amhp","instrument":"application-s2","states":["s13-2"],"on":[2,4]}
{"file":"per_ada","at":"2024-03-01T10:00","fact":"admitted","under":"s2","place":"fac_oak"}
"#;

#[test]
fn an_order_that_could_no_longer_be_mended_has_failed() {
    let law = english();
    let section_2 = |at: &str| {
        let shown = stands(&law, Reach::All, at, ONE_GROUND);
        let order = shown.orders.into_iter().find(|order| order.order == "s2").expect("it began");
        (order.state, order.failed_at, shown.authority.word())
    };
    // Fourteen days beginning with 1 March end with the 14th; England is on universal time until the 31st.
    assert_eq!(section_2("2024-03-14T23:59:59Z"), ("running".to_owned(), None, "contested"));
    assert_eq!(section_2("2024-03-15T00:00:00Z"), ("failed".to_owned(), Some("2024-03-15T00:00:00Z".to_owned()), "none"));
    assert_eq!(section_2("2024-03-20T00:00:00Z").1, Some("2024-03-15T00:00:00Z".to_owned()));
    // Twenty-eight days beginning with 1 March end with the 28th.
    assert_eq!(section_2("2024-03-29T00:00:00Z").0, "expired");
}

#[test]
fn two_ends_say_what_makes_two_of_them() {
    let law = english();
    // Held for six hours by a nurse, from an hour that is not known.
    let entries = r#"{"file":"per_ada","at":"2024-03-01","fact":"admitted","under":"informal","place":"fac_oak"}
{"file":"per_ada","at":"2024-03-05","fact":"signed","by":"nurse","as":"nurse","instrument":"record-s5-4","place":"fac_oak"}
"#;
    let of_time = stands(&law, Reach::All, "2024-03-05T12:00:00Z", entries);
    let ends = of_time.orders.iter().filter_map(|order| order.end.as_ref()).collect::<Vec<_>>();
    assert!(ends.iter().any(|end| end.doubt.as_deref() == Some("time") && end.or_until.is_some()), "{ends:?}");
    // A community order made on one day and in effect on another: the six months are counted from either.
    let entries = format!(
        "{SECTION_3}{}",
        r#"{"file":"per_ada","at":"2024-05-01T10:00","fact":"signed","by":"pro_rc","as":"responsible-clinician","instrument":"cto-order"}
{"file":"per_ada","at":"2024-05-04T11:00","fact":"discharged","under":"17A","by":"pro_rc","as":"responsible-clinician"}
"#
    );
    let of_text = stands(&law, Reach::All, "2024-05-05T12:00:00Z", &entries);
    let order = of_text.orders.iter().find(|order| order.order == "cto").expect("it began");
    let end = order.end.as_ref().expect("it has an end");
    assert_eq!((end.doubt.as_deref(), end.until.as_str()), (Some("reading"), "2024-11-01T00:00:00Z"));
    // Where nothing is in doubt, nothing is said of it.
    let plain = stands(&law, Reach::All, "2024-03-05T12:00:00Z", SECTION_3);
    assert_eq!(plain.orders[0].end.as_ref().expect("an end").doubt, None);
}

#[test]
fn a_community_order_that_runs_out_is_a_change() {
    let entries = format!(
        "{SECTION_3}{}",
        r#"{"file":"per_ada","at":"2024-05-01T10:00","fact":"signed","by":"pro_rc","as":"responsible-clinician","instrument":"cto-order"}
{"file":"per_ada","at":"2024-05-01T11:00","fact":"discharged","under":"17A","by":"pro_rc","as":"responsible-clinician"}
{"file":"per_ada","at":"2024-05-01T12:00","fact":"left"}
"#
    );
    let law = english();
    let mut at = "2024-10-01T00:00:00Z".to_owned();
    let mut seen = Vec::new();
    while let Some(next) = stands(&law, Reach::All, &at, &entries).next_change_at {
        seen.push(next.clone());
        at = next;
    }
    // Six months beginning with 1 May end with 31 October.
    assert!(seen.iter().any(|next| next == "2024-11-01T00:00:00Z"), "{seen:?}");
}

#[test]
fn a_lapsed_duty_says_what_made_it_so() {
    let law = english();
    let duty = |at: &str, entries: &str| {
        let shown = stands(&law, Reach::All, at, entries);
        let duty = shown.duties.iter().find(|duty| duty.duty == "refer-at-six-months").expect("it was raised");
        (duty.state.clone(), duty.lapsed.clone())
    };
    assert_eq!(duty("2024-03-02T00:00:00Z", SECTION_3), ("open".to_owned(), None));
    let left = format!(
        "{SECTION_3}{}",
        r#"{"file":"per_ada","at":"2024-03-10T10:00","fact":"discharged","under":"s3","by":"pro_rc","as":"responsible-clinician"}"#
    );
    let (state, lapsed) = duty("2024-03-11T00:00:00Z", &left);
    let lapsed = lapsed.expect("it says why");
    assert_eq!((state.as_str(), lapsed.at.as_str(), lapsed.because.as_str()), ("lapsed", "2024-03-10T10:00:00Z", "over"));
    assert_eq!(lapsed.by.iter().map(|entry| entry.n).collect::<Vec<_>>(), [2]);
}

#[test]
fn an_entry_corrected_twice_keeps_the_ids_made_from_it() {
    let law = english();
    let ids = |entries: &str| {
        let shown = stands(&law, Reach::All, "2024-03-05T00:00:00Z", entries);
        let mut ids: Vec<String> = shown.orders.iter().map(|order| order.id.clone()).collect();
        ids.extend(shown.duties.iter().map(|duty| duty.id.clone()));
        ids.extend(shown.entitlements.iter().map(|right| right.id.clone()));
        assert!(ids.len() > 3, "something follows from an admission");
        ids
    };
    let mut entries = SECTION_3.to_owned();
    let first = ids(&entries);
    for (n, hour) in [(1, 11), (2, 12)] {
        entries.push_str(&format!(
            r#"{{"file":"per_ada","at":"2024-03-01T{hour}:00","fact":"admitted","under":"s3","place":"fac_oak","corrects":{{"n":{n},"how":"replaced","why":"a slip"}}}}
"#
        ));
        assert_eq!(ids(&entries), first, "after correcting entry {n}");
    }
}
