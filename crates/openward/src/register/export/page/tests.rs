//! The page of an export made of known things, as a whole and with hostile words in every place.

use openward_law::casefile::CaseFile;
use openward_law::engine::Law;
use openward_law::pack::Commencements;
use openward_law::standing::{Question, Reach};
use openward_register::export::{Contents, Line, Paper};
use openward_register::reads::{Opening, Reader};
use openward_seal::chain::FileTag;

use super::html;
use crate::packs::Packs;
use crate::standing::with_next;

const CASE: &[&str] = &[
    r#"{"file":"per_dan","at":"2024-05-01T10:00","fact":"signed","by":"spouse","instrument":"application-kin","states":["one","two"]}"#,
    r#"{"file":"per_dan","at":"2024-05-02","fact":"decided","outcome":"upheld","answers":{"s3-a":"met"},"note":"NOTE","origin":"imported"}"#,
    r#"{"file":"per_dan","at":"2024-05-03T09:00","fact":"comment-inserted","corrects":{"n":1,"how":"replaced","why":"WHY"}}"#,
];

fn contents(word: &str) -> Contents {
    let escaped = serde_json::to_string(word).expect("JSON");
    let text = CASE.join("\n").replace("\"NOTE\"", &escaped).replace("\"WHY\"", &escaped);
    let case = CaseFile::read(&text).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let at = |second| jiff::Timestamp::from_second(second).expect("in reach");
    let entries = case.files.first().expect("one file").entries.clone();
    let papers = vec![Paper { path: Some("documents/0002-1.pdf".to_owned()), bytes: Some(2000) }, Paper { path: None, bytes: None }];
    let lines = entries.into_iter().map(|entry| {
        let (documents, withheld) =
            if entry.n == 2 { (papers.clone(), vec!["reason".to_owned(), "document-2".to_owned()]) } else { (Vec::new(), Vec::new()) };
        Line { entry, recorded: at(1_714_600_000), documents, withheld }
    });
    Contents {
        file: "per_dan".to_owned(),
        tag: FileTag::from_bytes([7; 16]),
        at: at(1_764_000_000),
        lines: lines.collect(),
        openings: Some(vec![Opening { reader: reader(word), at: 1_763_000_000_000_000 }]),
        head: None,
        waiting: 1,
        context: case,
    }
}

fn reader(word: &str) -> Reader {
    Reader { who: word.to_owned(), capacity: word.to_owned(), purpose: word.to_owned(), view: word.to_owned() }
}

#[test]
fn the_page_says_all_that_is_in_the_export() {
    let page = html(&contents("plain words"), &reader("counsel"), "rights.example/care", &[], &[]).expect("a page");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/export.html");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &page).expect("written");
    }
    assert_eq!(std::fs::read_to_string(path).expect("a snapshot; UPDATE_SNAPSHOTS=1 writes it"), page);
}

/// A story with harm in it: what the page says of a standing, whole. The digest of the pack changes with every word of it.
#[test]
fn the_page_says_all_that_the_law_makes_of_the_entries() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("stories/gb-eaw");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a story");
    let story = ["facility.jsonl", "professionals.jsonl", "person.jsonl"].map(read).concat();
    let mut case =
        CaseFile::read(&story.replace("\"application-s2\"", "\"aplication-s2\"")).unwrap_or_else(|problems| panic!("{}", problems[0]));
    case.header = openward_law::casefile::Header::default();
    let packs = Packs::open(None, None).expect("packs");
    let benchmark = packs.benchmark().expect("the benchmark");
    let law = Law::new(packs.load("gb-eaw", Some(&benchmark.pack), &Commencements::new()).expect("a pack"));
    let own = case.person_files().next().expect("one person");
    let at = "2024-03-08T10:00:00Z".parse().expect("an instant");
    let question = Question { law: &law, benchmark: Some(&benchmark), at, known_at: None, reach: Reach::ByPlace };
    let subject = with_next(&case, own, &law, question, law.pack.zone.clone()).expect("a standing");
    let contents = Contents { at, openings: None, ..contents("plain words") };
    let page = html(&contents, &reader("counsel"), "rights.example/care", std::slice::from_ref(&subject), &[]).expect("a page");
    let digest: String = subject.standing.law.digest.chars().take(12).collect();
    let page = page.replace(&digest, "(digest)");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/export-story.html");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &page).expect("written");
    }
    assert_eq!(std::fs::read_to_string(path).expect("a snapshot; UPDATE_SNAPSHOTS=1 writes it"), page);
}

#[test]
fn no_word_of_a_file_becomes_a_tag_a_script_or_an_address() {
    let words = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</style><svg onload=alert(1)>",
        "' onmouseover='alert(1)",
        "{{ tag }} {% for %}",
        "javascript:alert(1)",
        "&lt;b&gt;",
    ];
    let plain = html(&contents("plain"), &reader("plain"), "rights.example/care", &[], &[]).expect("a page");
    let count = |page: &str, what: &str| page.matches(what).count();
    for word in words {
        let page = html(&contents(word), &reader(word), "rights.example/care", &[], &[]).expect("a page");
        for what in ["<", ">", "\"", "href="] {
            assert_eq!(count(&page, what), count(&plain, what), "{word}: {what}");
        }
        assert!(!page.contains("<script"), "{word}");
    }
    let turned = html(&contents("a\u{202e}b"), &reader("a\u{202e}b"), "rights.example/care", &[], &[]).expect("a page");
    assert!(!turned.contains('\u{202e}'), "what turns the direction of writing is shown as its number");
}
