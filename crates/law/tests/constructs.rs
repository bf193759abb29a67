//! Constructs that no country's pack uses, or hardly: what they do is told here under a made-up law (`made-up/made-up.toml`), which the
//! random files of the other tests are folded under as well.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that meets what it does not expect stops there")]

mod support;

use openward_law::casefile::CaseFile;
use openward_law::engine::Law;
use openward_law::standing::{Authority, Question, Reach, Standing, standing};
use support::law;

/// What other files say, and what everybody in these stories has behind them: a good paper.
const OTHERS: &str = r#"{"file":"fac_oak","at":"2010-01-01","fact":"facility-designated","kind":"hospital","law":"made-up","region":"north"}
"#;
const PAPER: &str = "2024-03-01T09:00 signed by:pro_a as:doctor instrument:paper states:ground";

/// One fact line as in a scenario: `WHEN FACT field:value …`.
fn line(text: &str) -> String {
    let mut words = text.split(' ');
    let (at, fact) = (words.next().expect("a time"), words.next().expect("a fact"));
    let mut entry = serde_json::json!({ "file": "per_ada", "at": at, "fact": fact });
    for word in words {
        let (field, value) = word.split_once(':').expect("field:value");
        entry[field] = match value.parse::<u32>() {
            Ok(number) if field == "of" || field == "on" => number.into(),
            _ => value.into(),
        };
    }
    entry.to_string()
}

fn told(others: &str, lines: &[&str]) -> CaseFile {
    let lines: Vec<String> = lines.iter().map(|text| line(text)).collect();
    CaseFile::read(&format!("{others}{}\n", lines.join("\n"))).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

/// The standing at an instant of universal time.
fn at(case: &CaseFile, law: &Law, at: &str) -> Standing {
    let question = Question { law, benchmark: None, at: at.parse().expect("an instant"), known_at: None, reach: Reach::ByPlace };
    standing(case, case.file("per_ada").expect("her file"), question).expect("times that can be read")
}

/// The answer on authority in a few words.
fn says(case: &CaseFile, law: &Law, when: &str) -> String {
    match at(case, law, when).authority {
        Authority::Shown { order, until, .. } => format!("shown {order} until {}", until.as_deref().unwrap_or("-")),
        Authority::Contested { order, defect, .. } => format!("contested {order} {defect}"),
        Authority::NotShown { order, missing, .. } => format!("not-shown {} {missing}", order.as_deref().unwrap_or("-")),
        Authority::None { because, .. } => format!("none {because}"),
        Authority::NotNeeded => "not-needed".to_owned(),
    }
}

/// The end of an order as the page says it: the first instant after.
fn until(case: &CaseFile, law: &Law, when: &str, order: &str) -> String {
    let standing = at(case, law, when);
    let order = standing.orders.iter().find(|shown| shown.order == order).expect("it began");
    order.end.as_ref().expect("it has an end").until.clone()
}

fn due(case: &CaseFile, law: &Law, when: &str, duty: &str) -> Option<String> {
    let standing = at(case, law, when);
    standing.duties.iter().rfind(|shown| shown.duty == duty).expect("it is owed").due.as_ref().map(|due| due.until.clone())
}

#[test]
fn an_order_inside_another_is_at_no_time_better_than_that_one() {
    let law = law::made_up();
    let decided = |hearing: &[&'static str]| {
        let mut lines =
            vec![PAPER, "2024-03-01T10:00 admitted under:z-stay place:fac_oak", "2024-03-05T10:00 restriction-imposed kind:room"];
        lines.extend(hearing);
        lines.push("2024-03-20T10:00 decided by:panel outcome:longer");
        told(OTHERS, &lines)
    };
    // 28 days from 1 March end with the 28th; the panel lets it go on for sixty days from 20 March, to 18 May, and the room with it.
    let heard = decided(&["2024-03-19T10:00 hearing-held"]);
    assert_eq!(says(&heard, &law, "2024-03-10T00:00:00Z"), "shown z-stay until 2024-03-29T00:00:00Z");
    assert_eq!(says(&heard, &law, "2024-04-10T00:00:00Z"), "shown z-stay until 2024-05-18T23:00:00Z");
    // Where no hearing is on the register it is not shown that the stay goes on, and the room gives no authority of its own.
    let unheard = decided(&[]);
    assert_eq!(says(&unheard, &law, "2024-03-28T23:59:59Z"), "shown z-stay until 2024-03-29T00:00:00Z");
    assert_eq!(says(&unheard, &law, "2024-03-29T00:00:00Z"), "not-shown z-stay hearing-held");
    // While the stay rests, the room lives on its own; it ends with the stay at the latest.
    let nothing_more =
        told(OTHERS, &[PAPER, "2024-03-01T10:00 admitted under:z-stay place:fac_oak", "2024-03-05T10:00 restriction-imposed kind:room"]);
    assert_eq!(says(&nothing_more, &law, "2024-03-28T12:00:00Z"), "shown z-stay until 2024-03-29T00:00:00Z");
    assert_eq!(says(&nothing_more, &law, "2024-03-29T00:00:00Z"), "none ran-out");
}

#[test]
fn of_orders_that_one_entry_starts_the_outer_one_comes_first() {
    let law = law::made_up();
    // No paper: the stay is not shown, and so neither is the room, though it comes first in the alphabet.
    let case = told(OTHERS, &["2024-03-01T10:00 admitted under:z-stay kind:room place:fac_oak"]);
    let shown = at(&case, &law, "2024-03-02T00:00:00Z");
    let lacks: Vec<(&str, usize)> = shown.orders.iter().map(|order| (order.order.as_str(), order.stretches[0].lacks.len())).collect();
    assert_eq!(lacks, [("z-stay", 1), ("a-room", 1)]);
    assert!(says(&case, &law, "2024-03-02T00:00:00Z").starts_with("not-shown"), "{}", says(&case, &law, "2024-03-02T00:00:00Z"));
}

#[test]
fn a_community_order_moves_nobody() {
    let law = law::made_up();
    let start = [PAPER, "2024-03-01T10:00 admitted under:z-stay place:fac_oak"];
    let with = |more: &[&'static str]| told(OTHERS, &[&start, more].concat());
    // Nobody wrote that she left: she is held, and while the stay rests there is no authority for it.
    let on_paper = with(&["2024-03-10T10:00 discharged under:8"]);
    assert_eq!(at(&on_paper, &law, "2024-03-11T00:00:00Z").held.answer, "yes");
    assert_eq!(says(&on_paper, &law, "2024-03-11T00:00:00Z"), "none rests");
    let left = with(&["2024-03-10T10:00 discharged under:8", "2024-03-10T15:00 left"]);
    assert_eq!(at(&left, &law, "2024-03-11T00:00:00Z").held.answer, "no");
    assert_eq!(says(&left, &law, "2024-03-11T00:00:00Z"), "not-needed");
    // Nor does one make her free who was away when it started and is brought back.
    let back = with(&["2024-03-09T10:00 absent", "2024-03-10T10:00 discharged under:8", "2024-03-11T10:00 returned"]);
    assert_eq!(at(&back, &law, "2024-03-10T12:00:00Z").held.answer, "no");
    assert_eq!(at(&back, &law, "2024-03-12T00:00:00Z").held.answer, "yes");
    // Begun by the entry that admits her, it frees her as little.
    let at_once = told(OTHERS, &[PAPER, "2024-03-01T10:00 admitted under:z-stay kind:both place:fac_oak"]);
    assert_eq!(at(&at_once, &law, "2024-03-02T00:00:00Z").held.answer, "yes");
}

#[test]
fn before_the_first_day_of_the_law_nothing_is_said_by_it() {
    let law = law::made_up();
    // Under an order of the law, by one whose role is known; under something else; and still there when the law begins.
    for under in ["z-stay", "b-first", "some-older-order"] {
        let entry = format!("2007-06-01T10:00 held under:{under} by:pro_a as:doctor place:fac_oak");
        let case = told(OTHERS, &[&entry]);
        for when in ["2007-06-02T00:00:00Z", "2009-01-01T00:00:00Z"] {
            assert!(says(&case, &law, when).ends_with(" law"), "{under}: {}", says(&case, &law, when));
        }
    }
    // From its first day on the law has an answer.
    let case = told(OTHERS, &["2008-01-01T00:00 held under:some-older-order by:pro_a as:doctor place:fac_oak"]);
    assert_eq!(says(&case, &law, "2008-01-02T00:00:00Z"), "not-shown - some-older-order");
    // Free care is free before as well.
    let free = told(OTHERS, &["2007-06-01T10:00 admitted under:informal place:fac_oak"]);
    assert_eq!(says(&free, &law, "2007-06-02T00:00:00Z"), "not-needed");
}

#[test]
fn two_orders_kept_in_force_together_are_counted_from_how_things_stood() {
    let law = law::made_up();
    let case =
        told(OTHERS, &["2024-03-01T10:00 held under:b-first by:pro_a place:fac_oak", "2024-03-02T10:00 decided by:panel outcome:both"]);
    // The first ends with 5 March; ten days after it is the 15th, for both.
    assert_eq!(until(&case, &law, "2024-03-03T00:00:00Z", "b-first"), "2024-03-16T00:00:00Z");
    assert_eq!(until(&case, &law, "2024-03-03T00:00:00Z", "c-second"), "2024-03-16T00:00:00Z");
}

#[test]
fn an_emergency_in_a_region_reaches_only_the_places_in_it() {
    let law = law::made_up();
    let declared =
        |region: &str| format!(r#"{{"file":"law_register","at":"2024-02-01","fact":"emergency-declared","kind":"flood"{region}}}"#) + "\n";
    let held = ["2024-03-01T10:00 held under:f-flood by:pro_a place:fac_oak"];
    let answer = |others: &str| says(&told(others, &held), &law, "2024-03-01T12:00:00Z");
    let (north, south) = (r#","region":"north""#, r#","region":"south""#);
    assert_eq!(answer(&format!("{OTHERS}{}", declared(""))), "shown f-flood until 2024-03-01T22:00:00Z");
    assert_eq!(answer(&format!("{OTHERS}{}", declared(north))), "shown f-flood until 2024-03-01T22:00:00Z");
    assert_eq!(answer(&format!("{OTHERS}{}", declared(south))), "none only-if");
    // Of a place whose region is not on the register it cannot be told.
    let nowhere = OTHERS.replace(r#","region":"north""#, "");
    assert_eq!(answer(&format!("{nowhere}{}", declared(south))), "not-shown f-flood region");
    assert_eq!(answer(&format!("{nowhere}{}", declared(""))), "shown f-flood until 2024-03-01T22:00:00Z");
    assert_eq!(answer(OTHERS), "none only-if");
}

#[test]
fn a_period_after_another_counts_from_that_ones_last_day() {
    let law = law::made_up();
    let next = [
        "2024-02-28T10:00 kept place:fac_oak",
        "2024-02-28T11:00 examined by:pro_a as:doctor",
        "2024-02-28T12:00 retained under:e-next by:pro_a as:doctor place:fac_oak",
    ];
    let case = told(OTHERS, &next);
    // Three days beginning with Wednesday 28 February 2024 end with Friday 1 March. Two working days after it are Monday the 4th and
    // Tuesday the 5th.
    assert_eq!(until(&case, &law, "2024-02-29T00:00:00Z", "e-next"), "2024-03-06T00:00:00Z");
    // Fourteen days after the last day, the 5th, end with the 19th; a month after that ends with 19 April, but forty days beginning with
    // 28 February end with 7 April.
    let renewed = [next.as_slice(), &["2024-03-04T10:00 signed by:pro_a as:doctor instrument:renewal length:14_days"]].concat();
    let renewed: Vec<String> = renewed.iter().map(|text| line(text).replace("14_days", "14 days")).collect();
    let twice = format!("{}\n{}", renewed.join("\n"), line("2024-03-18T10:00 signed by:pro_a as:doctor instrument:renewal"));
    let read = |text: &str| CaseFile::read(&format!("{OTHERS}{text}\n")).unwrap_or_else(|problems| panic!("{}", problems[0]));
    assert_eq!(until(&read(&renewed.join("\n")), &law, "2024-03-05T00:00:00Z", "e-next"), "2024-03-20T00:00:00Z");
    // Summer time began on 31 March.
    assert_eq!(until(&read(&twice), &law, "2024-03-19T00:00:00Z", "e-next"), "2024-04-07T23:00:00Z");
}

#[test]
fn a_duty_that_comes_again_counts_from_the_day_on_which_it_was_due() {
    let law = law::made_up();
    let start = ["2024-02-28T10:00 kept place:fac_oak", "2024-02-28T12:00 retained under:e-next by:pro_a as:doctor place:fac_oak"];
    // Seven days beginning with 28 February end with Tuesday 5 March; a week after it is Tuesday the 12th.
    let case = told(OTHERS, &[start.as_slice(), &["2024-03-01T10:00 examined by:pro_a as:doctor"]].concat());
    assert_eq!(due(&case, &law, "2024-02-29T00:00:00Z", "look-again").as_deref(), Some("2024-03-06T00:00:00Z"));
    assert_eq!(due(&case, &law, "2024-03-02T00:00:00Z", "look-again").as_deref(), Some("2024-03-13T00:00:00Z"));
}

#[test]
fn a_fact_without_an_hour_discharges_a_duty_that_comes_again_only_once() {
    let law = law::made_up();
    let lines =
        ["2024-02-28 kept place:fac_oak", "2024-02-28 examined by:pro_a as:doctor", "2024-02-28 retained under:e-next by:pro_a as:doctor"];
    let shown = at(&told(OTHERS, &lines), &law, "2024-03-02T00:00:00Z");
    let states: Vec<&str> = shown.duties.iter().filter(|duty| duty.duty == "look-again").map(|duty| duty.state.as_str()).collect();
    assert_eq!(states, ["met", "open"]);
}

#[test]
fn a_due_day_counted_on_or_moved_leaves_out_the_last_day_before() {
    let law = law::made_up();
    let applied = "2024-03-01T10:00 applied by:person under:13";
    // Ten days beginning with 1 March end with the 10th; a month after it starts on the 11th and ends with 10 April (summer time).
    let case = told(OTHERS, &[applied]);
    assert_eq!(due(&case, &law, "2024-03-02T00:00:00Z", "answer").as_deref(), Some("2024-04-10T23:00:00Z"));
    // Five days after 10 April end with the 15th.
    let moved = told(OTHERS, &[applied, "2024-03-05T10:00 adjourned"]);
    assert_eq!(due(&moved, &law, "2024-03-06T00:00:00Z", "answer").as_deref(), Some("2024-04-15T23:00:00Z"));
}

#[test]
fn the_reason_on_the_act_that_starts_an_order_answers_its_own_need() {
    let law = law::made_up();
    let findings = |entry: &str| {
        let text = line(entry).replace("away", "she was asleep");
        let case = CaseFile::read(&format!("{OTHERS}{text}\n")).unwrap_or_else(|problems| panic!("{}", problems[0]));
        let shown = at(&case, &law, "2024-02-28T13:00:00Z");
        shown.orders[0].stretches[0].lacks.iter().map(|flaw| flaw.need.clone()).collect::<Vec<_>>()
    };
    assert_eq!(findings("2024-02-28T10:00 kept place:fac_oak"), ["told"]);
    assert!(findings("2024-02-28T10:00 kept reason:away place:fac_oak").is_empty());
}

#[test]
fn where_no_admission_is_on_the_register_nothing_stands_in_for_it() {
    let law = law::made_up();
    // Begun by an admission, the days are counted from it.
    let case = told(OTHERS, &[PAPER, "2024-03-01T10:00 admitted under:z-stay place:fac_oak"]);
    assert_eq!(until(&case, &law, "2024-03-02T00:00:00Z", "z-stay"), "2024-03-29T00:00:00Z");
    // What asks for a span from the admission cannot be answered where she was only kept; it is not counted from that, nor from an
    // admission of an earlier stay.
    let kept = ["2024-01-01T10:00 admitted under:z-stay place:fac_oak", "2024-01-02T10:00 left", "2024-02-28T10:00 kept place:fac_oak"];
    let case = told(OTHERS, &[kept.as_slice(), &["2024-02-28T12:00 retained under:e-next by:pro_a as:doctor place:fac_oak"]].concat());
    assert_eq!(says(&case, &law, "2024-02-29T12:00:00Z"), "not-shown e-next admitted");
}

#[test]
fn the_instant_at_which_the_start_of_another_ends_an_order_belongs_to_it() {
    let law = law::made_up();
    // The entry that starts the next order is itself what must lie before the hold is over, and lies on its last instant.
    let case =
        told(OTHERS, &["2024-02-28T10:00 kept place:fac_oak", "2024-02-28T12:00 retained under:e-next by:pro_a as:doctor place:fac_oak"]);
    assert_eq!(says(&case, &law, "2024-02-28T13:00:00Z"), "shown e-next until 2024-03-06T00:00:00Z");
}

#[test]
fn days_are_counted_in_the_zone_of_the_place() {
    let law = law::made_up();
    let abroad = OTHERS.replace("\"region\"", "\"zone\":\"Asia/Kolkata\",\"region\"");
    // Whichever entry names the place: ten in the morning is 04:30 in universal time, and a day there begins at 18:30.
    let case =
        told(&abroad, &["2024-03-01T10:00 held under:b-first by:pro_a place:fac_oak", "2024-03-02T10:00 decided by:panel outcome:both"]);
    let shown = at(&case, &law, "2024-03-01T04:30:00Z");
    assert_eq!((shown.held.answer.as_str(), shown.held.since.as_deref()), ("yes", Some("2024-03-01T04:30:00Z")));
    assert_eq!(until(&case, &law, "2024-03-01T05:00:00Z", "b-first"), "2024-03-05T18:30:00Z");
    assert_eq!(until(&case, &law, "2024-03-02T04:30:00Z", "b-first"), "2024-03-15T18:30:00Z");
    // A day without an hour is one day there, and not parts of two.
    let by_date = told(&abroad, &["2024-03-01 held under:b-first by:pro_a place:fac_oak"]);
    assert_eq!(until(&by_date, &law, "2024-03-03T00:00:00Z", "b-first"), "2024-03-05T18:30:00Z");
}
