//! Drills: a backup while others write, a restore, and what must be found on the way (promise 8).
//!
//! `OPENWARD_DRILLS` sets how many rounds; `OPENWARD_SEED` repeats one.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use super::*;
use crate::history::AsOf;
use crate::keys::KeyError;
use crate::store::Log as _;
use crate::testing::{act, act_of, id, laws};
use crate::verify;

struct Scene {
    outer: tempfile::TempDir,
    house: House,
    master: Master,
}

impl Scene {
    fn new() -> Self {
        let outer = tempfile::tempdir().expect("a folder");
        let master = Master::generate(&Chance::system()).expect("random bytes");
        let folder = outer.path().join("register");
        master.write_new(&outer.path().join("master.txt")).expect("written");
        let house = House::create(&folder, "register.example/care", None, &master, &Chance::system()).expect("made");
        Self { outer, house, master }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.outer.path().join(name)
    }

    fn open(&self) -> Opened {
        self.house.open(&self.master, laws()).expect("opened")
    }

    fn back_up(&self, name: &str) -> Backup {
        let keys = self.house.keys(&self.master).expect("the keys");
        self.house.back_up(&keys, &self.path(name), None).expect("a backup")
    }

    fn list(&self) -> String {
        self.house.keys(&self.master).expect("the keys").destroyed_text().expect("the list")
    }

    fn restore(&self, from: &str, to: &str, outside: &[Vec<u8>]) -> Result<(House, Restored), HouseError> {
        let list = self.list();
        let (backup, folder) = (self.path(from), self.path(to));
        Restore { backup: &backup, keys_apart: None, master: &self.master, destroyed: &list, outside }.to(&folder)
    }

    fn newest(&self) -> Vec<u8> {
        self.house.store().expect("the store").newest_checkpoint().expect("read").expect("there is one").note
    }
}

/// A document of an entry, so that there is something in every part of the register.
fn with_document(opened: &Opened, number: u64, file: &str) -> openward_seal::digest::EntryHash {
    let reference = opened.documents.put(&vec![7; 5000][..], 1 << 20).expect("stored");
    let mut act = act(id(number), file, 0, 1);
    act.documents = vec![(0, reference)];
    opened.register.append(act).expect("kept").entries[0].hash
}

fn seed() -> u64 {
    let seed =
        crate::testing::asked("OPENWARD_SEED").unwrap_or_else(|| u64::from_be_bytes(Chance::system().bytes().expect("random bytes")));
    println!("OPENWARD_SEED={seed}");
    seed
}

/// A small generator, so that a seed repeats a run: xorshift64*.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).expect("small") % end
    }
}

/// Not a test of its own: the process that writes until it is killed. Without its folder in the environment it has nothing to do.
#[test]
fn child() {
    let Ok(folder) = std::env::var("OPENWARD_DRILL_FOLDER") else { return };
    let round: u64 = std::env::var("OPENWARD_DRILL_ROUND").expect("a round").parse().expect("a number");
    let folder = PathBuf::from(folder);
    let master = Master::from_file(&folder.with_file_name("master.txt")).expect("the master");
    let opened = House::at(&folder).and_then(|house| house.open(&master, laws())).expect("opened");
    std::thread::scope(|scope| {
        for client in 0..3_u64 {
            let register = &opened.register;
            scope.spawn(move || {
                let file = format!("per_c{round}x{client}");
                for n in 0_u64.. {
                    let kept = register.append(act(id(2 + (round << 40) + (client << 32) + n), &file, n, 1)).expect("kept");
                    println!("ack {file} {} {}", n + 1, kept.entries[0].hash);
                }
            });
        }
    });
}

/// What a client was told: file, number, hash.
type Acknowledged = BTreeSet<(String, u64, String)>;

/// The process that writes, and what it says it was acknowledged.
fn writing(scene: &Scene, round: u64) -> (std::process::Child, std::sync::mpsc::Receiver<(String, u64, String)>) {
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "house::drills::child", "--nocapture", "--test-threads=1"])
        .env("OPENWARD_DRILL_FOLDER", scene.house.folder())
        .env("OPENWARD_DRILL_ROUND", round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let (send, receive) = std::sync::mpsc::channel();
    let out = child.stdout.take().expect("piped");
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let words: Vec<&str> = line.split(' ').collect();
            if let ["ack", file, n, hash] = words[..] {
                let _ = send.send((file.to_owned(), n.parse().expect("a number"), hash.to_owned()));
            }
        }
    });
    (child, receive)
}

#[track_caller]
fn holds(opened: &Opened, acknowledged: &Acknowledged) {
    for (file, n, hash) in acknowledged {
        let row = opened.register.file(file).expect("the file is there");
        let entries = opened.register.reader().and_then(|store| Ok(store.entries(row.id, *n, *n)?)).expect("read");
        assert_eq!(entries.first().map(|entry| entry.hash.to_string()).as_ref(), Some(hash), "{file} {n} was acknowledged");
    }
}

#[test]
fn a_backup_beside_a_process_that_writes_and_is_killed_holds_all_that_was_acknowledged_before_it() {
    let rounds = crate::testing::asked("OPENWARD_DRILLS").unwrap_or(3);
    for round in 0..rounds {
        // A new register each time: the longer a backup takes, the more is written beside it, and rounds would grow without end.
        let scene = Scene::new();
        let opened = scene.open();
        with_document(&opened, 1, "per_first");
        opened.register.close();
        let (mut child, acks) = writing(&scene, round);
        let mut before: Acknowledged = acks.iter().take(20).collect();
        before.extend(acks.try_iter());
        let backup = scene.back_up("backup");
        let mut after: Acknowledged = acks.iter().take(20).collect();
        child.kill().expect("killed");
        child.wait().expect("ended");
        after.extend(acks.iter());
        assert_eq!(backup.findings, Vec::<String>::new());
        let (house, restored) = scene.restore("backup", "restored", &[]).expect("restored");
        assert_eq!((restored.about.entries, restored.lost, restored.destroyed), (backup.about.entries, 0, 0));
        let again = house.open(&scene.master, laws()).expect("it opens");
        holds(&again, &before);
        let kept = again.register.history("per_first", AsOf::Now).expect("read");
        let reference = crate::documents::Reference::from_bytes(&kept[0].documents[0]).expect("a reference");
        assert_eq!(again.documents.bytes(&reference, 1 << 20).expect("the document").as_slice(), [7; 5000]);
        again.register.append(act(id(1 << 60), "per_after", 0, 1)).expect("it goes on");
        // The register that was written to when the process was killed has all of it, too.
        let opened = scene.open();
        holds(&opened, &before);
        holds(&opened, &after);
        opened.register.close();
    }
}

#[test]
fn a_flipped_bit_anywhere_in_a_backup_is_always_reported_and_nothing_is_left() {
    let scene = Scene::new();
    let opened = scene.open();
    with_document(&opened, 1, "per_ada");
    opened.register.append(act(id(2), "per_ben", 0, 3)).expect("kept");
    opened.register.close();
    scene.back_up("backup");
    let mut dice = Dice(seed() | 1);
    let mut files = sums::names(&scene.path("backup")).expect("listed");
    files.push(sums::SUMS.to_owned());
    assert!(files.len() >= 9, "{files:?}");
    for name in files.iter().cycle().take(files.len() * 4) {
        let path = scene.path("backup").join(name);
        let whole = std::fs::read(&path).expect("read");
        let mut changed = whole.clone();
        let at = dice.below(changed.len());
        changed[at] ^= 1 << dice.below(8);
        std::fs::write(&path, &changed).expect("written");
        let said = scene.restore("backup", "restored", &[]).expect_err("it is found");
        assert!(matches!(&said, HouseError::Backup(problems) if !problems.is_empty()), "{name} byte {at}: {said}");
        assert!(!scene.path("restored").exists(), "nothing is left of it");
        std::fs::write(&path, &whole).expect("written");
    }
    scene.restore("backup", "restored", &[]).expect("it was the bits");
}

#[test]
fn a_file_that_is_missing_or_too_many_is_reported_by_its_name() {
    let scene = Scene::new();
    scene.open().register.append(act(id(1), "per_ada", 0, 1)).expect("kept");
    scene.back_up("backup");
    std::fs::write(scene.path("backup").join("extra"), "x").expect("written");
    std::fs::rename(scene.path("backup").join(PUBLIC_KEY), scene.path("away")).expect("moved");
    let Err(HouseError::Backup(problems)) = scene.restore("backup", "restored", &[]) else { panic!("it is found") };
    assert_eq!(problems, ["extra was not in the backup when it was made", "register.vkey is missing, or not as it was written"]);
}

#[test]
fn nothing_is_written_over_and_keys_may_be_kept_apart() {
    let scene = Scene::new();
    scene.open().register.append(act(id(1), "per_ada", 0, 1)).expect("kept");
    let keys = scene.house.keys(&scene.master).expect("the keys");
    let backup = scene.house.back_up(&keys, &scene.path("backup"), Some(&scene.path("apart.db"))).expect("a backup");
    assert_eq!(backup.keys, scene.path("apart.db"));
    assert!(!scene.path("backup").join(KEYS).exists());
    assert!(matches!(scene.house.back_up(&keys, &scene.path("backup"), None), Err(HouseError::NotEmpty(_))));
    let list = scene.list();
    let (from, apart) = (scene.path("backup"), scene.path("apart.db"));
    let restore = Restore { backup: &from, keys_apart: Some(&apart), master: &scene.master, destroyed: &list, outside: &[] };
    assert!(matches!(restore.to(scene.house.folder()), Err(HouseError::NotEmpty(_))));
    restore.to(&scene.path("restored")).expect("restored");
}

#[test]
fn what_was_destroyed_since_is_destroyed_again_and_without_the_right_list_nothing_is_restored() {
    let scene = Scene::new();
    let opened = scene.open();
    opened.register.append(act(id(1), "per_ada", 0, 1)).expect("kept");
    scene.back_up("backup");
    opened.register.destroy("per_ada").expect("destroyed");
    let (house, restored) = scene.restore("backup", "restored", &[]).expect("restored");
    assert_eq!(restored.destroyed, 2, "the file and its reads");
    let again = house.open(&scene.master, laws()).expect("opened");
    assert!(matches!(again.register.history("per_ada", AsOf::Now), Err(crate::history::HistoryError::Key(KeyError::Destroyed { .. }))));
    assert!(again.register.forecasts("per_ada").expect("none").is_empty());
    let other = Scene::new();
    let (from, list) = (scene.path("backup"), other.list());
    let wrong = Restore { backup: &from, keys_apart: None, master: &scene.master, destroyed: &list, outside: &[] };
    assert!(matches!(wrong.to(&scene.path("wrong")), Err(HouseError::Keys(KeyError::List(_)))));
    assert!(!scene.path("wrong").exists());
}

#[test]
fn an_older_database_under_a_running_log_is_found_by_any_newer_checkpoint_also_once_it_has_gone_on() {
    let scene = Scene::new();
    let opened = scene.open();
    opened.register.append(act(id(1), "per_ada", 0, 2)).expect("kept");
    opened.register.close();
    scene.back_up("backup");
    let opened = scene.open();
    opened.register.append(act(id(2), "per_ada", 2, 3)).expect("kept");
    opened.register.close();
    let newer = scene.newest();
    let (house, restored) = scene.restore("backup", "restored", std::slice::from_ref(&newer)).expect("restored");
    assert_eq!(restored.lost, 3, "the restore itself says how many are gone");
    let look = || {
        let keys = house.keys(&scene.master).expect("the keys");
        let trust = openward_seal::checkpoint::Trust::new(vec![house.public_key().expect("a key")]).expect("a log's key");
        verify::register(&house.store().expect("the store"), Some(&keys), &trust, std::slice::from_ref(&newer)).expect("checked")
    };
    assert!(look().findings.iter().any(|finding| finding.what.contains("OW-SEAL-056")), "it is shorter");
    let again = house.open(&scene.master, laws()).expect("opened");
    for n in 2..9 {
        again.register.append(act_of(id(n + 9), "per_ada", n, &[r#"{"at":"2024-05-01","fact":"left"}"#])).expect("it goes on");
    }
    again.register.close();
    assert!(look().findings.iter().any(|finding| finding.what.contains("OW-SEAL-055")), "it is another log");
}

#[test]
fn a_damaged_document_is_said_and_the_rest_is_backed_up() {
    let scene = Scene::new();
    let opened = scene.open();
    with_document(&opened, 1, "per_ada");
    with_document(&opened, 2, "per_ben");
    let address = opened.documents.list().expect("listed")[0].address.to_string();
    let path = scene.house.documents_path().join(&address[..2]).join(&address[2..]);
    let mut bytes = std::fs::read(&path).expect("read");
    bytes[100] ^= 1;
    std::fs::write(&path, &bytes).expect("written");
    let backup = scene.back_up("backup");
    assert_eq!(backup.about.documents, 1);
    assert!(backup.findings.iter().any(|finding| finding.contains(&address)), "{:?}", backup.findings);
    let (_, restored) = scene.restore("backup", "restored", &[]).expect("restored");
    assert!(restored.findings.iter().any(|finding| finding.contains("OW-DOCS-001") && finding.contains(&address)));
}

#[test]
fn a_register_that_does_not_verify_gives_no_backup() {
    let scene = Scene::new();
    scene.open().register.append(act(id(1), "per_ada", 0, 2)).expect("kept");
    let db = rusqlite::Connection::open(scene.house.database()).expect("opened");
    db.execute("UPDATE entry SET recorded = recorded + 1 WHERE n = 2", []).expect("changed");
    let keys = scene.house.keys(&scene.master).expect("the keys");
    let apart = scene.path("apart.db");
    for apart in [None, Some(apart.as_path()), Some(apart.as_path())] {
        assert!(matches!(scene.house.back_up(&keys, &scene.path("backup"), apart), Err(HouseError::Found(_))));
        assert_eq!(std::fs::read_dir(scene.outer.path()).expect("read").count(), 2, "nothing is left of it beside register and master");
    }
    db.execute("UPDATE entry SET recorded = recorded - 1 WHERE n = 2", []).expect("mended");
    std::fs::write(scene.path("apart.db.sha256"), "somebody's").expect("written");
    assert!(matches!(scene.house.back_up(&keys, &scene.path("backup"), Some(&apart)), Err(HouseError::NotEmpty(_))));
    assert_eq!(std::fs::read(scene.path("apart.db.sha256")).expect("it is left alone"), b"somebody's");
    std::fs::remove_file(scene.path("apart.db.sha256")).expect("removed");
    scene.house.back_up(&keys, &scene.path("backup"), Some(&apart)).expect("the next one is made");
}

#[test]
fn nothing_that_was_written_is_found_in_a_backup_a_restored_register_or_a_list() {
    const PLANTED: [&str; 3] = ["per_plantedperson", "Sorrowful Plantedname", "fac_plantedplace"];
    let scene = Scene::new();
    let opened = scene.open();
    let line =
        r#"{"at":"2024-03-01T10:00","fact":"admitted","under":"voluntary","place":"fac_plantedplace","note":"Sorrowful Plantedname"}"#;
    opened.register.append(act_of(id(1), PLANTED[0], 0, &[line])).expect("kept");
    opened.documents.put(PLANTED[1].as_bytes(), 1 << 20).expect("stored");
    opened.register.close();
    scene.back_up("backup");
    scene.open().register.destroy(PLANTED[0]).expect("destroyed");
    scene.restore("backup", "restored", &[]).expect("restored");
    std::fs::write(scene.path("list"), scene.list()).expect("written");
    let forms = |text: &str| {
        let sixteen: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        [text.as_bytes().to_vec(), text.to_lowercase().into_bytes(), sixteen, hex.into_bytes()]
    };
    let names = sums::names(scene.outer.path()).expect("listed");
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        let bytes = std::fs::read(scene.outer.path().join(&name)).expect("read");
        for form in PLANTED.into_iter().flat_map(forms) {
            assert!(!bytes.windows(form.len()).any(|window| window == form), "{name}");
        }
    }
}
