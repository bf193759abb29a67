//! The case files that the page on writing case files shows: they run, and answer what the page says.
#![allow(clippy::expect_used, clippy::panic, missing_docs, dead_code, reason = "a test may fail loudly; not every helper is used here")]

mod common;

use common::{code, err, out, run_with_input};

/// Each block of entries with what is said after it: the instant asked about, and the answer.
fn examples(page: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for part in page.split("```jsonl\n").skip(1) {
        let (block, after) = part.split_once("```").expect("a block ends");
        let at = after.split("`--at ").nth(1).and_then(|rest| rest.split('`').next()).expect("the page says when");
        let answer = after.split("authority is `").nth(1).and_then(|rest| rest.split('`').next()).expect("the page says what");
        found.push((block.to_owned(), at.to_owned(), answer.to_owned()));
    }
    found
}

#[test]
fn every_example_of_the_page_runs_and_answers_what_the_page_says() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/case-files.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let examples = examples(&page);
    assert_eq!(examples.len(), 2, "an English and an Irish one");
    for (block, at, answer) in examples {
        let output = run_with_input(&["standing", "--format", "json", "--at", &at, "-"], block.as_bytes());
        assert_eq!((code(&output), err(&output)), (0, String::new()), "{block}");
        let standing: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
        assert_eq!(standing["authority"]["answer"], answer.as_str(), "{block}");
        assert_eq!(standing["held"]["answer"], "yes");
    }
}
