//! What an export holds and when there is none. Whether it checks is the business of `openward-verify`, whose golden export is made here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Asked, Contents, ExportError, Reads};
use crate::documents::Documents;
use crate::history::HistoryError;
use crate::keys::Chance;
use crate::reads::Reader;
use crate::store::sqlite::Sqlite;
use crate::testing::{Place, act_of, id};
use crate::writer::Register;

const PAPER: &[u8] = b"%PDF-1.7 a made-up paper";

fn reader() -> Reader {
    let said = |text: &str| text.to_owned();
    Reader { who: said("person"), capacity: said("person"), purpose: said("my own copy"), view: said("export") }
}

struct Given {
    folder: tempfile::TempDir,
    register: Register<Sqlite>,
    documents: Documents,
}

impl Given {
    /// Three entries; the second has two texts and two documents.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let register = place.register();
        let documents = Documents::open(&folder.path().join("documents"), Chance::system()).expect("a folder");
        let lines = [
            r#"{"at":"2024-03-01T10:15","fact":"described","born":"1980-01-01"}"#,
            concat!(
                r#"{"at":"2024-03-02","fact":"report-filed","by":"pro_ash","as":"counsel","origin":"brought-in","#,
                r#""recorded":"2024-03-02T10:00:00Z","reason":"a reason","note":"a note\nof two lines"}"#
            ),
            r#"{"at":"2024-03-03T09:00","fact":"described","sex":"f","corrects":{"n":1,"how":"replaced","why":"the wrong form"}}"#,
        ];
        let mut act = act_of(id(1), "per_ada", 0, &lines);
        let paper = |bytes: &[u8]| documents.put(bytes, 1 << 20).expect("it is stored");
        act.documents = vec![(1, paper(PAPER)), (1, paper(b"plain words"))];
        register.append(act).expect("it is kept");
        register.append(act_of(id(2), "per_ben", 0, &lines[..1])).expect("it is kept");
        Self { folder, register, documents }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn export(&self, to: &Path, reads: Reads, withheld: &[(u32, &str)]) -> Result<Contents, ExportError> {
        let withheld: BTreeSet<_> = withheld.iter().map(|(n, part)| (*n, (*part).to_owned())).collect();
        let asked = Asked { file: "per_ada", reader: &reader(), reads, withheld: &withheld, checkpoint: None };
        self.register.export(&self.documents, &asked, to, |_| Ok(vec![("index.html", b"<!DOCTYPE html>\n".to_vec())]))
    }
}

/// Every file of a folder, and what it holds.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("readable").flatten() {
        if entry.path().is_dir() {
            let within = files(&entry.path()).into_iter();
            found.extend(within.map(|(name, bytes)| (format!("{}/{name}", entry.file_name().to_string_lossy()), bytes)));
        } else {
            found.push((entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).expect("readable")));
        }
    }
    found.sort();
    found
}

#[test]
fn an_export_is_whole_and_only_its_owner_may_look_into_it() {
    let given = Given::new();
    let to = given.path("out");
    let contents = given.export(&to, Reads::Shown, &[]).expect("it is given out");
    let names: Vec<_> = files(&to).into_iter().map(|(name, _)| name).collect();
    let expected = [
        "case-file.jsonl",
        "documents/0002-1.pdf",
        "documents/0002-2.bin",
        "index.html",
        "sealed/checkpoint",
        "sealed/entries.jsonl",
        "sealed/newest-of-entries.tlog-proof",
        "sealed/newest-of-reads.tlog-proof",
        "sealed/reads.jsonl",
    ];
    assert_eq!(names, expected);
    assert_eq!(std::fs::read(to.join("documents/0002-1.pdf")).expect("readable"), PAPER);
    assert_eq!((contents.lines.len(), contents.waiting), (3, 0));
    assert_eq!(contents.openings.expect("the reads").last().map(|opening| opening.reader.clone()), Some(reader()), "this opening too");
    #[cfg(unix)]
    for (path, mode) in [(to.clone(), 0o700), (to.join("sealed"), 0o700), (to.join("case-file.jsonl"), 0o600)] {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(path.metadata().expect("it is there").permissions().mode() & 0o777, mode, "{}", path.display());
    }
}

#[test]
fn nothing_of_another_person_is_in_it() {
    let given = Given::new();
    let to = given.path("out");
    given.export(&to, Reads::Shown, &[]).expect("it is given out");
    let ben = given.register.file("per_ben").expect("it is there").tag.to_string();
    for (name, bytes) in files(&to) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("per_ben") && !text.contains(&ben), "{name}");
    }
}

#[test]
fn what_is_withheld_is_not_in_it_and_said_to_be_withheld() {
    let given = Given::new();
    let to = given.path("out");
    let contents = given.export(&to, Reads::LeftOut, &[(2, "note"), (2, "document-1")]).expect("it is given out");
    assert!(contents.openings.is_none() && !to.join("sealed/reads.jsonl").exists());
    for (name, bytes) in files(&to) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("of two lines") && !text.contains("made-up paper"), "{name}");
    }
    let line = contents.lines.get(1).expect("three entries");
    assert_eq!(line.withheld, ["note", "document-1"]);
    assert_eq!(line.entry.details.note, None);
    assert_eq!(line.entry.details.reason.as_deref(), Some("a reason"));
    assert_eq!(given.register.openings("per_ada").expect("readable").len(), 1, "the opening is recorded, shown or not");
}

#[test]
fn what_cannot_be_withheld_is_refused_and_nothing_is_left_behind() {
    let given = Given::new();
    for (n, part) in [(2, "document-3"), (2, "header"), (2, "fact"), (3, "why"), (4, "note"), (1, "note")] {
        let to = given.path("out");
        let refused = given.export(&to, Reads::Shown, &[(n, part)]).map(|_| ());
        assert!(matches!(refused, Err(ExportError::NoPart(at, _)) if at == n), "{n} {part}: {refused:?}");
    }
    let left: Vec<_> = files(given.folder.path()).into_iter().filter(|(name, _)| name.starts_with("out")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(given.register.openings("per_ada").expect("readable").is_empty(), "nothing was opened");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_made_is_no_opening() {
    let given = Given::new();
    let to = given.path("no-such-folder\0").join("out");
    assert!(matches!(given.export(&to, Reads::Shown, &[]), Err(ExportError::Io(..))));
    assert!(given.register.openings("per_ada").expect("readable").is_empty());
}

#[test]
fn nothing_is_written_over_and_then_no_opening_is_recorded() {
    let given = Given::new();
    let to = given.path("out");
    std::fs::create_dir(&to).expect("made");
    assert!(matches!(given.export(&to, Reads::Shown, &[]), Err(ExportError::Exists(_))), "an empty folder too");
    assert!(given.register.openings("per_ada").expect("readable").is_empty());
    let asked = Asked { file: "per_nobody", reader: &reader(), reads: Reads::Shown, withheld: &BTreeSet::new(), checkpoint: None };
    let none = given.register.export(&given.documents, &asked, &given.path("none"), |_| Ok(Vec::new()));
    assert!(matches!(none, Err(ExportError::History(HistoryError::NoFile))));
}

#[test]
fn an_opening_is_recorded_although_the_export_fails_later() {
    let given = Given::new();
    let address = given.documents.list().expect("readable").first().expect("two documents").address;
    given.documents.remove(address).expect("removed");
    let failed = given.export(&given.path("out"), Reads::Shown, &[]).map(|_| ());
    assert!(matches!(failed, Err(ExportError::Document(2, _))), "{failed:?}");
    assert_eq!(given.register.openings("per_ada").expect("readable").len(), 1);
    assert!(!given.path("out").exists());
}

#[test]
fn two_exports_within_fifteen_minutes_are_two_openings() {
    let given = Given::new();
    given.export(&given.path("one"), Reads::Shown, &[]).expect("it is given out");
    given.export(&given.path("two"), Reads::Shown, &[]).expect("it is given out");
    assert_eq!(given.register.openings("per_ada").expect("readable").len(), 2);
}

/// Writes the golden export of `openward-verify` where `OPENWARD_GOLDEN_EXPORT` names a folder that is not there:
/// `OPENWARD_GOLDEN_EXPORT=$PWD/crates/verify/tests/export cargo test -p openward-register golden_export`. It was made once and stays.
#[test]
fn the_golden_export_can_be_made() {
    let given = Given::new();
    let to = std::env::var_os("OPENWARD_GOLDEN_EXPORT").map_or_else(|| given.path("out"), PathBuf::from);
    given.export(&to, Reads::Shown, &[(2, "reason"), (2, "document-2")]).expect("it is given out");
    assert_eq!(files(&to).len(), 8);
}
