//! What a witness signs, refuses, and remembers.

use openward_seal::checkpoint::Checkpoint;
use openward_seal::digest::EntryHash;
use openward_seal::note::Signature;
use openward_seal::note::key::SecretKey;
use openward_seal::tiles::{self, Tile, Writer};

use super::*;
use crate::keys::Chance;

const NOW: u64 = 1_700_000_000;

fn log_key() -> SecretKey {
    SecretKey::from_seed("register.example/log", &[7; 32]).expect("a key")
}

/// A log in memory.
#[derive(Default)]
struct Kept {
    tiles: std::collections::BTreeMap<Tile, Vec<u8>>,
    head: Option<Head>,
}

impl tiles::Source for Kept {
    type Error = std::convert::Infallible;
    fn read(&self, tile: Tile) -> Result<Option<Vec<u8>>, Self::Error> {
        Ok(self.tiles.get(&tile).cloned())
    }
}

/// A log of so many entries; `twist` makes another one of the same size.
fn log(size: u64, twist: u8) -> Kept {
    let mut writer = Writer::new();
    let mut kept = Kept::default();
    for n in 0..size {
        writer.append(&EntryHash::from_bytes([u8::try_from(n % 200).expect("small") ^ twist; 32]));
    }
    kept.tiles.extend(writer.take());
    kept.head = Some(Head { size, root: writer.root() });
    kept
}

fn request(kept: &Kept, old: u64) -> Vec<u8> {
    let head = kept.head.expect("a head");
    let log = tiles::Log::new(kept, head.size, head.root);
    let proof = log.consistency(old, &log.root_at(old).expect("a root")).expect("a proof");
    let checkpoint = Checkpoint::new("register.example/log", head).and_then(|head| head.sign(&log_key())).expect("signed");
    Request { old, proof, checkpoint }.to_string().into_bytes()
}

struct Scene {
    outer: tempfile::TempDir,
    key: WitnessKey,
}

impl Scene {
    fn new() -> Self {
        let outer = tempfile::tempdir().expect("a folder");
        let key = make_key(&outer.path().join("key"), "witness.example", &Chance::system()).expect("a key");
        Watch::begin(&outer.path().join("log"), log_key().public()).expect("begun");
        Self { outer, key }
    }

    fn path(&self) -> PathBuf {
        self.outer.path().join("log")
    }

    fn ask(&self, request: &[u8]) -> Answer {
        Watch::open(&self.path()).expect("opened").answer(request, &self.key, NOW).expect("answered")
    }

    fn size(&self) -> u64 {
        let watch = Watch::open(&self.path()).expect("opened");
        watch.last(self.key.public()).expect("believed").map_or(0, |vouched| vouched.head().size)
    }
}

#[test]
fn a_log_that_only_grew_is_signed_and_remembered() {
    let scene = Scene::new();
    assert_eq!(scene.size(), 0);
    for (old, new) in [(0, 3), (3, 3), (3, 300), (300, 301)] {
        let request = request(&log(new, 0), old);
        let answer = scene.ask(&request);
        assert_eq!((answer.status, answer.refusal), (200, None));
        let line = answer.body.strip_suffix('\n').expect("a whole line");
        let mut note = Request::parse(&request).expect("a request").checkpoint;
        note.add(Signature::parse(line).expect("a signature"));
        let trust =
            Trust::new(vec![log_key().public().clone()]).and_then(|trust| trust.with_witnesses(vec![scene.key.public().clone()], 1));
        assert_eq!(trust.expect("trust").open_note(&note).expect("it is signed").witnesses()[0].at, NOW);
        assert_eq!(scene.size(), new);
    }
}

#[test]
fn each_refusal_has_the_status_of_the_protocol_and_changes_nothing() {
    let scene = Scene::new();
    scene.ask(&request(&log(5, 0), 0));
    let before = std::fs::read(scene.path()).expect("read");
    let mut foreign = String::from_utf8(request(&log(8, 0), 5)).expect("text");
    foreign = foreign.replace("register.example/log\n", "other.example/log\n");
    let mut larger = String::from_utf8(request(&log(8, 0), 5)).expect("text");
    larger = larger.replacen("old 5", "old 9", 1);
    let mut unproved = String::from_utf8(request(&log(8, 0), 5)).expect("text");
    unproved.replace_range(6..7, if &unproved[6..7] == "A" { "B" } else { "A" });
    let unsigned = String::from_utf8(request(&log(8, 0), 5)).expect("text").replace("\n8\n", "\n9\n");
    let cases: [(&[u8], u16, &str); 8] = [
        (b"nonsense", 400, ""),
        (larger.as_bytes(), 400, ""),
        (unsigned.as_bytes(), 403, ""),
        (foreign.as_bytes(), 404, ""),
        (&request(&log(8, 0), 3), 409, "5\n"),
        (&request(&log(3, 0), 3), 409, "5\n"),
        (&request(&log(5, 1), 5), 409, "5\n"),
        (unproved.as_bytes(), 422, ""),
    ];
    for (at, (request, status, body)) in cases.iter().enumerate() {
        let answer = scene.ask(request);
        assert_eq!((answer.status, answer.body.as_str()), (*status, *body), "case {at}: {:?}", answer.refusal);
        assert_eq!(std::fs::read(scene.path()).expect("read"), before, "case {at}");
    }
    let evidence = Watch::open(&scene.path()).expect("opened").evidence();
    assert_eq!(std::fs::read_dir(evidence).expect("kept").count(), 2, "two roots, and a proof that proves nothing");
}

#[test]
fn a_rewritten_log_is_never_signed_also_by_a_witness_that_was_started_anew() {
    let scene = Scene::new();
    scene.ask(&request(&log(5, 0), 0));
    let answer = scene.ask(&request(&log(9, 1), 5));
    assert_eq!(answer.status, 422);
    assert_eq!(scene.size(), 5);
    assert!(matches!(Watch::begin(&scene.path(), log_key().public()), Err(WatchError::Exists(_))));
    std::fs::remove_file(scene.path()).expect("removed");
    assert!(matches!(Watch::open(&scene.path()), Err(WatchError::Missing(_))), "what is lost is not begun again by itself");
}

#[test]
fn a_memory_that_somebody_changed_is_not_believed() {
    let scene = Scene::new();
    scene.ask(&request(&log(5, 0), 0));
    let whole = std::fs::read_to_string(scene.path()).expect("read");
    let cut = whole.lines().next().expect("a line").to_owned() + "\n" + whole.lines().nth(1).expect("a line") + "\n";
    for changed in [whole.replace("\n5\n", "\n4\n"), whole.replace("openward", "upward"), whole.trim_end().to_owned(), String::new()] {
        std::fs::write(scene.path(), &changed).expect("written");
        let asked = Watch::open(&scene.path()).and_then(|mut watch| watch.answer(&request(&log(9, 0), 5), &scene.key, NOW));
        assert!(matches!(asked, Err(WatchError::Damaged(_))), "{changed}");
    }
    // What nothing inside can show: all of what was signed taken away. The pages say never to put an older copy back.
    std::fs::write(scene.path(), &cut).expect("written");
    assert_eq!(scene.size(), 0);
    std::fs::write(scene.path(), &whole).expect("written");
    let other = make_key(&scene.outer.path().join("other"), "other.example", &Chance::system()).expect("a key");
    let asked = Watch::open(&scene.path()).expect("opened").answer(&request(&log(9, 0), 5), &other, NOW);
    assert!(matches!(asked, Err(WatchError::Damaged(_))), "it is another witness's");
}

#[test]
fn requests_at_once_are_answered_one_after_the_other() {
    let scene = Scene::new();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let asked: Vec<_> = (1..=8)
            .map(|size| {
                scope.spawn({
                    let scene = &scene;
                    move || scene.ask(&request(&log(size, 0), 0)).status
                })
            })
            .collect();
        asked.into_iter().map(|one| one.join().expect("answered")).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| matches!(status, 200 | 409)), "{answers:?}");
    assert!((1..=8).contains(&scene.size()));
}

#[test]
fn a_key_is_read_back_and_only_where_nobody_else_can_read_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key");
    let key = make_key(&path, "witness.example", &Chance::system()).expect("a key");
    assert_eq!(read_key(&path).expect("read").public(), key.public());
    assert!(matches!(make_key(&path, "witness.example", &Chance::system()), Err(KeyFileError::Io(..))));
    assert!(matches!(make_key(&folder.path().join("b"), "two words", &Chance::system()), Err(KeyFileError::Key(_))));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
        assert!(matches!(read_key(&path), Err(KeyFileError::Mode(_))));
    }
}
