//! Forms for programs, exit codes, packs in a folder, and readers that go away.
#![allow(clippy::expect_used, clippy::panic, missing_docs, reason = "a test may fail loudly")]

mod common;

use std::process::Stdio;

use common::{code, err, openward, out, run, run_with_input, tests};
use serde_json::Value;

fn json(words: &[&str]) -> Value {
    let output = run(words);
    assert_eq!(err(&output), "");
    serde_json::from_str(&out(&output)).expect("the output is JSON")
}

fn standing_schema() -> jsonschema::Validator {
    jsonschema::validator_for(&json(&["schema", "standing"])).expect("the schema is a schema")
}

#[test]
fn one_person_is_an_object_of_the_published_form() {
    let schema = standing_schema();
    let calls = [
        ("section-2.jsonl", "2024-03-15T10:00", "shown"),
        ("section-2.jsonl", "2024-03-29", "none"),
        ("section-2.jsonl", "2024-02-01", "not-needed"),
        ("section-2-approval-not-recorded.jsonl", "2024-03-15T10:00", "not-shown"),
        ("notice-late.jsonl", "2024-05-02T14:05", "contested"),
    ];
    for (case, at, answer) in calls {
        let standing = json(&["standing", "--format", "json", "--at", at, case]);
        let wrong: Vec<String> = schema.iter_errors(&standing).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{case} at {at}: {wrong:?}");
        assert_eq!(standing["authority"]["answer"], answer, "{case} at {at}");
        assert_eq!(standing["version"], 1);
    }
}

#[test]
fn a_form_that_is_not_a_standing_is_refused_by_the_schema() {
    let mut standing = json(&["standing", "--format", "json", "--at", "2024-03-15T10:00", "section-2.jsonl"]);
    standing["authority"]["answer"] = "perhaps".into();
    assert!(!standing_schema().is_valid(&standing));
}

#[test]
fn several_people_are_a_list_and_one_of_them_an_object() {
    let schema = standing_schema();
    let all = json(&["standing", "--format", "json", "--at", "2024-03-31T04:00", "two-people.jsonl"]);
    let all = all.as_array().expect("a list");
    assert_eq!(all.iter().map(|standing| standing["file"].as_str()).collect::<Vec<_>>(), [Some("per_ada"), Some("per_ben")]);
    assert!(all.iter().all(|standing| schema.is_valid(standing)));
    let one = json(&["standing", "--format", "json", "--at", "2024-03-31T04:00", "--file", "per_ben", "two-people.jsonl"]);
    assert_eq!(one["file"], "per_ben");
}

#[test]
fn the_standard_input_is_a_case_file() {
    let input = std::fs::read(tests().join("cases/section-2.jsonl")).expect("the case is there");
    let piped = run_with_input(&["standing", "--at", "2024-03-15T10:00", "-"], &input);
    assert_eq!(out(&piped), out(&run(&["standing", "--at", "2024-03-15T10:00", "section-2.jsonl"])));
}

#[test]
fn the_word_after_why_may_be_the_case_file() {
    let before = run(&["standing", "--at", "2024-03-05", "--why", "section-2.jsonl"]);
    let after = run(&["standing", "--at", "2024-03-05", "section-2.jsonl", "--why"]);
    assert_eq!((code(&before), out(&before)), (0, out(&after)));
    assert!(out(&before).contains("\nWhy\n"));
}

#[test]
fn fail_on_breach_ends_with_four_and_still_says_all() {
    let at = |when: &str, case: &str| run(&["standing", "--fail-on", "breach", "--at", when, case]);
    let in_order = at("2024-03-13T10:00", "section-2.jsonl");
    assert_eq!((code(&in_order), err(&in_order)), (0, String::new()));
    let late = at("2024-03-15T10:00", "section-2.jsonl");
    assert_eq!(code(&late), 4, "the hearing was due by the end of 14 March");
    assert!(out(&late).contains("a breach") && err(&late).contains("one breach"));
    let unfounded = at("2024-03-31T08:00", "nurse-ran-out.jsonl");
    assert_eq!(code(&unfounded), 4, "held with no authority");
    let not_shown = at("2024-03-02T10:00", "section-2-approval-not-recorded.jsonl");
    assert_eq!(code(&not_shown), 4, "held with none shown");
}

#[test]
fn each_failure_has_its_number() {
    assert_eq!(code(&run(&["standing", "nowhere.jsonl"])), 1);
    assert_eq!(code(&run(&["standing"])), 2);
    assert_eq!(code(&run(&["standings"])), 2);
    assert_eq!(code(&run(&["standing", "--law", "un-1991", "section-2.jsonl"])), 2);
    assert_eq!(code(&run(&["standing", "--commence", "mha-2025", "section-2.jsonl"])), 2);
    assert_eq!(code(&run(&["standing", "--commence", "mha-2052=2027-01-01", "--at", "2024-03-05", "section-2.jsonl"])), 2);
    assert_eq!(code(&run(&["standing", "broken.jsonl"])), 3);
    assert_eq!(code(&run(&["law", "lint", "../law-wrong/zz-wrong"])), 3);
    assert_eq!(code(&run(&["law", "show", "gb-eaw", "nothing-such"])), 2);
    assert_eq!(code(&run(&["story", "fr"])), 2);
    assert_eq!(code(&run(&["--law-dir", "nowhere", "law", "list"])), 1);
    assert_eq!(code(&run(&["--help"])), 0);
    assert_eq!(code(&run(&["--version"])), 0);
}

#[test]
fn help_says_the_numbers() {
    let help = out(&run(&["--help"]));
    for words in ["0  all is well", "1  a fault", "2  the words", "3  the case file", "4  --fail-on"] {
        assert!(help.contains(words), "{words}");
    }
}

#[test]
fn what_is_known_then_leaves_out_what_was_recorded_later() {
    let late = br#"{"file":"fac_oak","at":"2010-01-01","fact":"facility-designated","kind":"hospital","law":"gb-eaw"}
{"file":"per_gus","at":"2024-03-01T10:00","recorded":"2024-03-01T10:05:00Z","fact":"admitted","under":"informal","place":"fac_oak"}
{"file":"per_gus","at":"2024-03-02T10:00","recorded":"2024-03-05T10:00:00Z","fact":"kept"}
"#;
    let held = |known: &str| {
        let output = run_with_input(&["standing", "--format", "json", "--at", "2024-03-03T10:00", "--known-at", known, "-"], late);
        let standing: Value = serde_json::from_str(&out(&output)).expect("JSON");
        standing["held"]["answer"].as_str().map(str::to_owned)
    };
    assert_eq!(held("2024-03-04").as_deref(), Some("no"));
    assert_eq!(held("2024-03-06").as_deref(), Some("yes"));
}

#[test]
fn a_rehearsed_amendment_changes_the_answer() {
    let before = json(&["standing", "--format", "json", "--at", "2024-03-15", "section-2.jsonl"]);
    let after = json(&["standing", "--format", "json", "--at", "2024-03-15", "--commence", "mha-2025=2024-01-01", "section-2.jsonl"]);
    assert_eq!(before["authority"]["answer"], "shown");
    assert_ne!(after["authority"], before["authority"], "the recommendations affirm the old grounds only");
}

#[test]
fn the_laws_are_listed_shown_and_in_order() {
    let list = out(&run(&["law", "list"]));
    for words in ["gb-eaw", "ie", "in", "un-1991", "How sure:", "provisions in"] {
        assert!(list.contains(words), "{words}");
    }
    for law in ["gb-eaw", "ie", "in", "un-1991"] {
        assert!(out(&run(&["law", "lint", law])).starts_with("In order: "), "{law}");
        let shown = run(&["law", "show", law]);
        assert_eq!((code(&shown), err(&shown)), (0, String::new()));
    }
    let shown = out(&run(&["law", "show", "gb-eaw", "--width", "200"]));
    assert!(shown.contains("Lasts 6 hours, from the start."), "numbers are in words");
    assert!(out(&run(&["law", "show", "un-1991"])).contains("Principle 12(1)"));
}

#[test]
fn a_folder_takes_the_place_of_a_built_in_pack_and_its_problems_are_named() {
    let wrong = run(&["law", "lint", "../law-wrong/zz-wrong"]);
    assert!(err(&wrong).contains("pack.toml:"), "{}", err(&wrong));
    let listed = openward(&["law", "list"]).env("OPENWARD_LAW_DIR", tests().join("law")).output().expect("the program starts");
    assert!(out(&listed).contains("A law for tests") && out(&listed).contains("un-1991"));
    let own = ["--law-dir", "../law", "law", "test", "zz-test"];
    assert_eq!(out(&run(&own)), "All hold: 1 scenario in 1 file.\n");
}

#[test]
fn a_scenario_that_does_not_hold_is_named_with_its_line() {
    let output = run(&["--law-dir", "../law-wrong", "law", "test", "zz-fails"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("hold.scn:6"), "{}", err(&output));
}

#[test]
fn schemas_are_schemas() {
    for what in ["entry", "pack", "standing"] {
        let schema = json(&["schema", what]);
        assert!(jsonschema::meta::is_valid(&schema), "{what}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = openward(&["law", "show", "gb-eaw", "--width", "40"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((code(&output), err(&output)), (0, String::new()));
}

#[test]
fn no_control_character_reaches_the_terminal() {
    let input = "{\"file\":\"per_a\\u001b[31m\",\"at\":\"2024-03-01\",\"fact\":\"left\\u009b\\u202e\"}\n\u{1b}]0;title\u{7}\n";
    let output = run_with_input(&["standing", "--law", "gb-eaw", "-"], input.as_bytes());
    assert_eq!(code(&output), 3);
    let bad = |letter: char| (letter.is_control() && letter != '\n') || letter == '\u{202e}';
    assert!(!err(&output).contains(bad), "{:?}", err(&output));
    let named = run(&["standing", "no\u{1b}[31msuch\u{202e}"]);
    assert!(!err(&named).contains(bad), "{:?}", err(&named));
}

/// A folder of its own for a test, empty.
fn folder(name: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("openward-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder can be made");
    path
}

#[test]
fn a_case_file_names_a_law_and_never_a_path() {
    let line = r#"{"file":"per_gus","at":"2024-03-01T10:00","fact":"admitted","under":"informal","place":"fac_oak"}"#;
    let dir = folder("own-law");
    std::fs::create_dir_all(dir.join("mylaw")).expect("a folder can be made");
    std::fs::copy(tests().join("law/zz-test/pack.toml"), dir.join("mylaw/pack.toml")).expect("the pack is there");
    let headed = format!("{{\"openward\":\"case-file\",\"version\":1,\"law\":\"mylaw\"}}\n{line}\n");
    let placed = format!(
        "{{\"file\":\"fac_oak\",\"at\":\"2010-01-01\",\"fact\":\"facility-designated\",\"kind\":\"hospital\",\"law\":\"mylaw\"}}\n{line}\n"
    );
    for (name, text) in [("headed", headed), ("placed", placed)] {
        std::fs::write(dir.join("case.jsonl"), text).expect("a case can be written");
        let by_file = openward(&["standing", "case.jsonl"]).current_dir(&dir).output().expect("the program starts");
        assert_eq!(code(&by_file), 2, "{name}: {}", out(&by_file));
        assert!(err(&by_file).contains("there is no law pack called `mylaw`"), "{name}: {}", err(&by_file));
        // Named by the call, the same folder is a law.
        let by_call = openward(&["standing", "--law", "mylaw", "case.jsonl"]).current_dir(&dir).output().expect("the program starts");
        assert_eq!((code(&by_call), err(&by_call)), (0, String::new()), "{name}");
    }
    // Nor does a law folder open what lies beside it.
    let beside = format!("{{\"openward\":\"case-file\",\"version\":1,\"law\":\"../law/zz-test\"}}\n{line}\n");
    let output = run_with_input(&["--law-dir", "../law", "standing", "-"], beside.as_bytes());
    assert!(matches!(code(&output), 2 | 3), "{}", out(&output));
    std::fs::remove_dir_all(&dir).expect("it was made here");
}

#[test]
fn a_built_in_pack_that_a_folder_replaces_is_named() {
    let dir = folder("replaced");
    for name in ["un-1991", "zz-test"] {
        std::fs::create_dir_all(dir.join(name)).expect("a folder can be made");
    }
    let own = tests().join("../../../law/un-1991");
    for file in std::fs::read_dir(own).expect("the standard is there").flatten().map(|file| file.path()) {
        if file.extension().is_some_and(|ending| ending == "toml") {
            std::fs::copy(&file, dir.join("un-1991").join(file.file_name().expect("a file has a name"))).expect("it can be copied");
        }
    }
    std::fs::copy(tests().join("law/zz-test/pack.toml"), dir.join("zz-test/pack.toml")).expect("the pack is there");
    let output = openward(&["law", "lint", "ie"]).env("OPENWARD_LAW_DIR", &dir).output().expect("the program starts");
    assert_eq!(code(&output), 0);
    let said = err(&output);
    assert!(said.contains("un-1991 is read from") && !said.contains("zz-test") && said.contains("not as built in"), "{said}");
    assert!(!out(&output).contains("built in"), "the answer itself stays as it is");
    std::fs::remove_dir_all(&dir).expect("it was made here");
}

#[test]
#[cfg(unix)]
fn what_is_no_plain_file_or_too_large_is_refused_unread() {
    let dir = folder("no-file");
    std::fs::write(dir.join("pack.toml"), "").expect("a file can be written");
    std::os::unix::fs::symlink("/dev/zero", dir.join("more.toml")).expect("a link can be made");
    let lint = |dir: &std::path::Path| run(&["--width", "400", "law", "lint", dir.to_str().expect("a plain name")]);
    let device = lint(&dir);
    assert_eq!(code(&device), 1);
    assert!(err(&device).contains("more.toml cannot be read: it is not a plain file"), "{}", err(&device));
    std::fs::remove_file(dir.join("more.toml")).expect("it was made here");
    // Sparse: it takes no room, and says that it is large.
    let large = std::fs::File::create(dir.join("large.toml")).expect("a file can be written");
    large.set_len(3 << 30).expect("a length can be set");
    let large = lint(&dir);
    assert_eq!(code(&large), 3);
    assert!(err(&large).contains("larger than 8 MiB"), "{}", err(&large));
    std::fs::remove_dir_all(&dir).expect("it was made here");
}

/// A person from whom so many packets were withheld that the duty to tell of it is not followed any further.
fn too_many() -> String {
    let mut case = String::from(
        "{\"file\":\"fac_oak\",\"at\":\"2010-01-01\",\"fact\":\"facility-designated\",\"kind\":\"hospital\",\"law\":\"gb-eaw\"}\n\
         {\"file\":\"per_gus\",\"at\":\"2024-01-01T09:00\",\"fact\":\"admitted\",\"under\":\"s3\",\"place\":\"fac_oak\"}\n",
    );
    for minute in 0..101 {
        let at = format!("2024-01-02T{:02}:{:02}", 9 + minute / 60, minute % 60);
        case.push_str(&format!("{{\"file\":\"per_gus\",\"at\":\"{at}\",\"fact\":\"withheld\",\"kind\":\"packet-out\"}}\n"));
    }
    case
}

#[test]
fn what_is_not_followed_is_said_on_every_page() {
    let case = too_many();
    let say = |words: &[&str]| {
        let call: Vec<&str> = ["standing", "--width", "400", "--at", "2024-01-03"].iter().chain(words).copied().chain(["-"]).collect();
        out(&run_with_input(&call, case.as_bytes()))
    };
    // One hundred open instances are followed; the hundred and first is entry 102.
    for words in [&[][..], &["--why"], &["--why", "order.s3"]] {
        let page = say(words);
        assert!(page.contains("From entry 102 on (withheld): further instances of the duty"), "{words:?}: {page}");
    }
    let brief = say(&["--brief"]);
    assert!(brief.contains("not followed: duty.notice-of-withholding from entry 102 on"), "{brief}");
    let json: Value = serde_json::from_str(&say(&["--format", "json"])).expect("JSON");
    assert_eq!(json["not_followed"][0]["from"]["n"], 102);
}

#[test]
fn entries_left_to_another_law_are_said() {
    let case = r#"{"file":"fac_oak","at":"2010-01-01","fact":"facility-designated","kind":"hospital","law":"gb-eaw"}
{"file":"fac_elm","at":"2010-01-01","fact":"facility-designated","kind":"approved-centre","law":"ie"}
{"file":"per_gus","at":"2024-03-01T10:00","fact":"admitted","under":"s3","place":"fac_oak"}
{"file":"per_gus","at":"2024-03-02T10:00","fact":"left"}
{"file":"per_gus","at":"2024-04-01T10:00","fact":"admitted","under":"voluntary","place":"fac_elm"}
"#;
    let both = out(&run_with_input(&["standing", "--width", "200", "--at", "2024-05-01", "-"], case.as_bytes()));
    assert!(both.contains("1 entry is not read here, of places under another law (ie): Entry 3."), "{both}");
    assert!(both.contains("2 entries are not read here, of places under another law (gb-eaw): Entries 1 and 2."), "{both}");
}

#[test]
fn no_hidden_letter_reaches_the_terminal_as_json() {
    let case = "{\"file\":\"per_gus\",\"at\":\"2024-03-01\",\"fact\":\"admitted\",\"under\":\"in\u{200b}formal\u{61c}\"}\n";
    let output = run_with_input(&["standing", "--law", "ie", "--format", "json", "--at", "2024-03-02", "-"], case.as_bytes());
    let said = format!("{}{}", out(&output), err(&output));
    assert!(!said.contains(['\u{200b}', '\u{61c}']), "{said}");
    assert!(said.contains("200b"), "it is shown as its number: {said}");
}

#[test]
fn the_words_of_a_law_are_listed_and_explained() {
    let regions = out(&run(&["law", "words", "gb-eaw", "regions"]));
    assert!(regions.contains("england") && !regions.contains("amhp"), "{regions}");
    assert!(out(&run(&["law", "words", "gb-eaw"])).contains("amhp"));
    assert!(out(&run(&["law", "show", "gb-eaw", "s2-a"])).contains("s.2(2)(a)"));
}

#[test]
fn one_broken_pack_does_not_hide_the_others() {
    let listed = out(&run(&["--law-dir", "../law-wrong", "law", "list"]));
    assert!(listed.contains("zz-wrong  broken") && listed.contains("ie  Mental Health Act 2001"), "{listed}");
}

#[test]
fn scenarios_of_a_pack_that_does_not_load_are_not_tried() {
    let tried = err(&run(&["--law-dir", "../law-wrong", "law", "test", "zz-wrong"]));
    let checked = err(&run(&["--law-dir", "../law-wrong", "law", "lint", "zz-wrong"]));
    assert_eq!(tried, checked);
}

#[test]
fn a_line_for_each_person() {
    let brief = out(&run(&["standing", "--brief", "--width", "200", "--at", "2024-03-15T10:00", "section-2.jsonl"]));
    assert!(brief.starts_with("per_ada  held; s2 shown until end of 28 March 2024; 1 late; next: end of 28 March 2024"), "{brief}");
    assert_eq!(brief.lines().count(), 1);
}

#[test]
fn entries_that_happened_later_are_named_unless_they_are_left_out() {
    let at = ["standing", "--at", "2024-03-01T11:00", "section-2.jsonl"];
    let all = out(&run(&at));
    assert!(all.contains("Entries 9 and 10 happened later") && all.contains("with the later entries read too"), "{all}");
    let known: Vec<&str> = at.into_iter().chain(["--known-at", "2024-03-01T11:00"]).collect();
    let cut = out(&run(&known));
    assert!(!cut.contains("happened later") && cut.contains("if nothing more happens"), "{cut}");
}

#[test]
fn what_fails_is_named() {
    let late = err(&run(&["standing", "--fail-on", "breach", "--at", "2024-03-15T10:00", "section-2.jsonl"]));
    assert!(late.contains("per_ada: The hearing of an application under section 2"), "{late}");
    let unknown = err(&run(&["standing", "--commence", "mha-2052=2027-01-01", "--at", "2024-03-05", "section-2.jsonl"]));
    assert!(unknown.contains("mha-2025"), "{unknown}");
    assert!(!err(&run(&["standing", "nowhere.jsonl"])).contains("os error"));
}

#[test]
fn a_right_with_two_ends_is_never_shown_a_day_short() {
    let story = out(&run(&["story", "ie", "--width", "200"]));
    let appeal = story.lines().find(|line| line.contains("May now") && line.contains("Circuit Court")).expect("an appeal opens");
    assert!(appeal.contains("until the end of Monday 3 June 2024 (or, read otherwise, until the end of Sunday 2 June 2024)"), "{appeal}");
}

/// An admission on a day without an hour, after the file of `section-2.jsonl`'s shape: what it raised has no hour either.
#[test]
fn a_day_without_an_hour_is_not_given_one() {
    let case = std::fs::read_to_string(tests().join("cases/section-2.jsonl")).expect("the case is there");
    let case: String =
        case.lines().map(|line| if line.contains("\"admitted\"") { without_hour(line) } else { line.to_owned() } + "\n").collect();
    let text = out(&run_with_input(&["standing", "--at", "2024-03-15T10:00", "-"], case.as_bytes()));
    assert!(text.contains("since some time on"), "{text}");
    assert!(!text.contains("23:59:59") && !text.contains("since 00:00"), "{text}");
}

fn without_hour(line: &str) -> String {
    let at = line.find("\"at\":\"").map_or(0, |at| at + "\"at\":\"".len() + "2024-03-01".len());
    let end = line.get(at..).and_then(|rest| rest.find('"')).map_or(at, |long| at + long);
    format!("{}{}", line.get(..at).unwrap_or_default(), line.get(end..).unwrap_or_default())
}

#[test]
fn a_time_written_as_two_words_is_explained_with_the_common_prefix() {
    let output = run(&["standing", "--at", "2024-03-15", "10:00", "section-2.jsonl"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).starts_with("openward: ") && err(&output).contains("--at 2024-03-15T10:00"), "{}", err(&output));
    let output = run(&["standing", "section-2.jsonl", "two-people.jsonl"]);
    assert!(err(&output).contains("reads one case file"), "{}", err(&output));
}

#[test]
fn a_section_is_found_by_its_number_and_words_by_their_kind() {
    for section in ["s132", "132"] {
        assert!(out(&run(&["law", "show", "gb-eaw", section])).contains("duty.further-information"), "{section}");
    }
    for (kind, word) in
        [("papers", "application-s2"), ("orders", "s2  "), ("paragraphs", "informal"), ("outcomes", "conditional-discharge")]
    {
        assert!(out(&run(&["law", "words", "gb-eaw", kind])).contains(word), "{kind}");
    }
}
