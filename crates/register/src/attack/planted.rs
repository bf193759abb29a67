//! Planted words looked for on the whole disk and in everything the process says, in every dress they could wear.
//!
//! A child process keeps a register with names, texts and diagnoses in it, runs into as many errors as it can, and dies without closing
//! anything, so that the write-ahead log and whatever it left behind are there to be searched. Deliberately absent: its memory.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::documents::Documents;
use crate::history::AsOf;
use crate::keys::Chance;
use crate::reads::Reader;
use crate::store::sqlite::Sqlite;
use crate::store::{Derived as _, Micros};
use crate::testing::{Place, act_of, id};
use crate::verify;
use crate::writer::Refused;

/// Names, ids and texts that stand nowhere else.
const PLANTED: &[&str] = &[
    "Órla Quillfeather",
    "quillfeather",
    "per_quillfeather_orla",
    "pro_hortensius",
    "fac_marmaladehill",
    "schizotypal-canary",
    "wept through the vespertine hour",
    "letter to Grandmother Periwinkle",
    "paper about the xylophone",
    "1931-02-03",
    "visit because of perspicacity",
    "wrong about the marzipan",
];

/// Words of the program that are in boxes too: what an entry is made of.
const WORDS: &[&str] = &["\"fact\":\"admitted\"", "rights-explained", "\"documents\":", "\"capacity\":", "\"timeline\":"];

/// Not a test of its own: the process that is searched. Without its folder in the environment it has nothing to do.
#[test]
fn child() {
    let Ok(folder) = std::env::var("OPENWARD_PLANT_FOLDER") else { return };
    let folder = PathBuf::from(folder);
    let place = Place::create(&folder);
    let running = place.register();
    let documents = Documents::open(&folder.join("documents"), Chance::system()).expect("a folder");
    let admitted = r#"{"at":"2024-03-01T10:15","fact":"admitted","under":"admission","place":"fac_marmaladehill","by":"pro_hortensius",
        "note":"Órla Quillfeather, schizotypal-canary, wept through the vespertine hour"}"#
        .replace('\n', "");
    let described = r#"{"at":"2024-03-01","fact":"described","born":"1931-02-03","note":"Órla Quillfeather"}"#;
    let file = "per_quillfeather_orla";
    let mut act = act_of(id(1), file, 0, &[&admitted, described]);
    act.outbox.push((0, b"letter to Grandmother Periwinkle".to_vec()));
    act.documents.push((0, documents.put(&b"paper about the xylophone of Quillfeather"[..], 1000).expect("stored")));
    running.append(act).expect("kept");
    let mut corrects = act_of(id(2), file, 2, &[r#"{"at":"2024-03-02","fact":"rights-explained","by":"pro_hortensius"}"#]);
    let kind = openward_law::entry::CorrectionKind::Replaced;
    corrects.entries[0].corrects = Some(openward_law::entry::Correction { n: 2, kind, why: "wrong about the marzipan".to_owned() });
    running.append(corrects).expect("kept");
    let reader = Reader {
        who: "pro_hortensius".into(),
        capacity: "schizotypal-canary".into(),
        purpose: "visit because of perspicacity".into(),
        view: "Órla Quillfeather".into(),
    };
    running.read(file, AsOf::Now, &reader).expect("given");
    running.outbox(Micros::MAX, 9).expect("read");
    running.forecasts(file).expect("given");
    running.rebuild().expect("rebuilt");
    place.store().backup(&folder.join("backup.db")).expect("copied");
    place.keys.backup(&folder.join("backup-keys.db")).expect("copied");
    bring_and_give(&running, &documents, &folder, &reader);
    complain(&place, &running, &folder, &reader);
    // Waits for the log: the last checkpoint is not written, and nothing is closed.
    running.append(act_of(id(9), file, 3, &[described])).expect("kept");
    let _ = std::io::stdout().flush();
    std::process::exit(7);
}

/// An import, an export, and two that fail: before a byte is written, and after most of it is.
fn bring_and_give(running: &crate::writer::Register<Sqlite>, documents: &Documents, folder: &Path, reader: &Reader) {
    let line = r#"{"file":"per_quillfeather_two","at":"2024-03-01","fact":"described","born":"1931-02-03","note":"Órla Quillfeather"}"#;
    let case = openward_law::casefile::CaseFile::read(&format!("{line}\n")).expect("a case file");
    let plan = running.plan(crate::import::gather(vec![case]).expect("gathered")).expect("a plan");
    running.carry_out(&plan, &|_| {}).unwrap_or_else(|stopped| panic!("{}", stopped.why));
    let nothing = std::collections::BTreeSet::new();
    let file = "per_quillfeather_orla";
    let asked = crate::export::Asked { file, reader, reads: crate::export::Reads::Shown, withheld: &nothing, checkpoint: None };
    let clear = folder.with_file_name("clear");
    let page = |name: &'static str| Ok(vec![(name, b"a page about Quillfeather".to_vec())]);
    running.export(documents, &asked, &clear.join("whole"), |_| page("index.html")).unwrap_or_else(|error| panic!("{error}"));
    for failed in [
        running.export(documents, &asked, &clear.join("no-page"), |_| Err("the page was not made".to_owned())),
        running.export(documents, &asked, &clear.join("torn"), |_| page("no/such/folder/index.html")),
        running.export(documents, &asked, &clear.join("whole"), |_| page("index.html")),
    ] {
        println!("export: {}", failed.err().expect("it fails"));
    }
}

/// Says every error that it can bring about, as people would see it and as a program would print it.
fn complain(place: &Place, running: &crate::writer::Register<Sqlite>, folder: &Path, reader: &Reader) {
    let file = "per_quillfeather_orla";
    let say = |what: &str, text: String| {
        println!("{what}: {text}");
        eprintln!("{what}: {text}");
    };
    let refuse = |what: &str, refused: Refused| {
        say(what, refused.to_string());
        say(what, format!("{refused:?}"));
    };
    let described = r#"{"at":"2024-03-05","fact":"described","born":"1931-02-03","note":"Órla Quillfeather"}"#;
    refuse("conflict", running.append(act_of(id(3), file, 0, &[described])).expect_err("others were first"));
    refuse("other act", running.append(act_of(id(1), file, 3, &[described])).expect_err("the id is taken"));
    let mut strange = act_of(id(4), file, 3, &[described]);
    strange.file = "per_quillfeather_other".to_owned();
    refuse("form", running.append(strange).expect_err("it is of another file"));
    refuse("no file", running.read("per_quillfeather_nobody", AsOf::Now, reader).expect_err("nobody"));
    // A copy in which rows were changed, so that the checks have something to say.
    let copy = folder.join("changed.db");
    place.store().backup(&copy).expect("copied");
    let store = Sqlite::open(&copy).expect("opened");
    let sql = "UPDATE part SET box = zeroblob(length(box)) WHERE i = 1; UPDATE entry SET recorded = recorded - 5 WHERE n = 2;
               DELETE FROM outbox; UPDATE span SET held = 2; UPDATE names SET box = zeroblob(200); UPDATE file SET head = zeroblob(32)";
    store.raw().execute_batch(sql).expect("changed");
    let report = verify::register(&store, Some(&place.keys), &place.trust(), &[]).expect("checked");
    assert!(report.findings.len() > 5, "{report:?}");
    report.findings.iter().for_each(|finding| say("finding", format!("{finding} {finding:?}")));
    match crate::derived::check::fsck(&store, &place.keys, place.laws.as_ref()) {
        Ok(checked) => say("fsck", format!("{:?} {checked:?}", checked.findings())),
        Err(error) => say("fsck", format!("{error} {error:?}")),
    }
    say("outbox", format!("{:?}", store.outbox_due(Micros::MAX, 9)));
    let strange = crate::store::FileRow { tag: openward_seal::chain::FileTag::from_bytes([0; 16]), ..running.file(file).expect("there") };
    let broken = crate::history::kept(&place.store(), &place.keys, &strange, 0, AsOf::Now).expect_err("another tag");
    say("broken", format!("{broken} {broken:?}"));
    say("keys", format!("{:?}", place.keys));
}

fn base64(bytes: &[u8], letters: &[u8; 64]) -> Vec<u8> {
    let group = |three: &[u8]| {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| letters[bits >> shift & 63])
    };
    bytes.chunks_exact(3).flat_map(group).collect()
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const FOR_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A text as it might stand somewhere: name of the dress, and bytes.
fn dresses(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = Vec::new();
    let backwards: String = text.chars().rev().collect();
    for text in [text.to_owned(), text.to_lowercase(), text.to_uppercase(), backwards] {
        let bytes = text.as_bytes();
        all.push(("UTF-8", bytes.to_vec()));
        all.push(("UTF-16, low byte first", text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
        all.push(("UTF-16, high byte first", text.encode_utf16().flat_map(u16::to_be_bytes).collect()));
        all.push(("hexadecimal", bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()));
        all.push(("HEXADECIMAL", bytes.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()).collect()));
        all.push(("bytes backwards", bytes.iter().rev().copied().collect()));
        all.push(("escaped", text.escape_default().to_string().into_bytes()));
        if let Ok(latin) = text.chars().map(|letter| u8::try_from(u32::from(letter))).collect() {
            all.push(("Latin 1", latin));
        }
        // In base64 a text looks in three ways, after where it begins; its inner letters are the same in each.
        for skip in 0..3 {
            let whole = &bytes[skip..];
            let whole = &whole[..whole.len() / 3 * 3];
            all.push(("base64", base64(whole, STANDARD)));
            all.push(("base64 for URLs", base64(whole, FOR_URLS)));
        }
    }
    all
}

/// Looks for many words in one pass, because the disk holds many megabytes.
struct Search(HashMap<[u8; 3], Vec<(String, Vec<u8>)>>);

impl Search {
    fn new() -> Self {
        let mut words: HashMap<[u8; 3], Vec<(String, Vec<u8>)>> = HashMap::new();
        for text in PLANTED.iter().chain(WORDS) {
            for (dress, bytes) in dresses(text) {
                let start = *bytes.first_chunk::<3>().expect("long enough");
                words.entry(start).or_default().push((format!("{text} in {dress}"), bytes));
            }
        }
        Self(words)
    }

    fn finds(&self, bytes: &[u8]) -> Option<&str> {
        (0..bytes.len()).find_map(|at| {
            let rest = &bytes[at..];
            let words = rest.first_chunk::<3>().and_then(|start| self.0.get(start))?;
            words.iter().find(|(_, word)| rest.starts_with(word)).map(|(what, _)| what.as_str())
        })
    }
}

/// All files under a folder with their bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).expect("listed").map(|entry| entry.expect("an entry").path());
    let all = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![(path.clone(), std::fs::read(&path).expect("read"))] });
    all.collect()
}

#[test]
fn no_planted_word_is_on_the_disk_or_in_what_is_said() {
    let outer = tempfile::tempdir().expect("a folder");
    let (folder, temporary, clear) = (outer.path().join("register"), outer.path().join("temporary"), outer.path().join("clear"));
    [&folder, &temporary, &clear].iter().for_each(|folder| std::fs::create_dir(folder).expect("made"));
    let mut child = Command::new(std::env::current_exe().expect("this test"));
    child.args(["--exact", "attack::planted::child", "--nocapture", "--test-threads=1"]).env("OPENWARD_PLANT_FOLDER", &folder);
    for name in ["TMPDIR", "SQLITE_TMPDIR", "TEMP", "TMP"] {
        child.env(name, &temporary);
    }
    let output = child.current_dir(&temporary).stdin(Stdio::null()).output().expect("it ran");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(7), "{said}{}", String::from_utf8_lossy(&output.stderr));
    for code in ["OW-REG-050", "OW-REG-051", "OW-REG-052", "OW-REG-030", "OW-REG-033", "OW-REG-07", "OW-REG-06"] {
        assert!(said.contains(code), "{code} was not said:\n{said}");
    }

    let search = Search::new();
    // An export in clear is the one place with words, and of those that failed nothing is left.
    let given: Vec<_> = std::fs::read_dir(&clear).expect("listed").map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(given, ["whole"]);
    assert!(files(&clear).iter().any(|(_, bytes)| search.finds(bytes).is_some()), "the export is one");
    std::fs::remove_dir_all(&clear).expect("removed");
    let found = files(outer.path());
    let names: Vec<String> = found.iter().map(|(path, _)| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    for name in ["register.db", "register.db-wal", "register.db-shm", "keys.db", "keys.db-wal", "backup.db", "backup-keys.db", "changed.db"]
    {
        assert!(names.iter().any(|found| found == name), "{name} is not among {names:?}");
    }
    assert!(found.len() > 10, "a document too: {names:?}");
    for (path, bytes) in &found {
        assert_eq!(search.finds(bytes), None, "in {}", path.display());
        assert_eq!(search.finds(path.strip_prefix(outer.path()).expect("within").as_os_str().as_encoded_bytes()), None, "as a name");
    }
    for (stream, bytes) in [("the output", &output.stdout), ("the errors", &output.stderr)] {
        assert_eq!(search.finds(bytes), None, "in {stream}: {said}");
    }

    // The search finds each word in each dress where it is put, in the middle of what was just searched.
    let middle = found.iter().find(|(path, _)| path.ends_with("register.db")).map(|(_, bytes)| &bytes[..4096]).expect("there");
    for text in PLANTED.iter().chain(WORDS) {
        for (dress, bytes) in dresses(text) {
            assert!(search.finds(&[middle, &bytes, middle].concat()).is_some(), "{text} in {dress}");
        }
    }
}
