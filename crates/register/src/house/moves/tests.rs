//! Moves: there and complete, torn, changed, hostile, and what the old place is afterwards. `OPENWARD_MOVES` sets how many cuts and flips.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::keyring::{Identities, Recipients};
use super::*;
use crate::drafts::Draft;
use crate::history::{AsOf, HistoryError};
use crate::house::{DATABASE, HouseError, KEYS, Opened};
use crate::keys::{Chance, KeyError, Master};
use crate::reads::Reader;
use crate::testing::{act, act_of, id, laws};
use crate::verify;
use crate::writer::Refused;

struct Scene {
    outer: tempfile::TempDir,
    house: House,
    master: Master,
    new_master: Master,
    identities: Identities,
    recipients: Recipients,
}

fn reader() -> Reader {
    Reader { who: "pro_ash".to_owned(), capacity: "doctor".to_owned(), purpose: "care".to_owned(), view: "whole".to_owned() }
}

fn draft() -> Draft {
    Draft { id: id(70), who: "pro_ash".to_owned(), about: "per_ada".to_owned() }
}

const PEOPLE: &[&str] = &["per_ada", "per_ben", "per_cat", "fac_oak"];

impl Scene {
    fn new() -> Self {
        let outer = tempfile::tempdir().expect("a folder");
        let make = || Master::generate(&Chance::system()).expect("random bytes");
        let (master, new_master) = (make(), make());
        let house = House::create(&outer.path().join("old"), "register.example/care", Some("ie".to_owned()), &master, &Chance::system())
            .expect("made");
        let key = outer.path().join("identity");
        let recipient = Identities::write_new(&key).expect("an identity");
        let identities = Identities::read(&key).expect("read again");
        Self { outer, house, master, new_master, identities, recipients: Recipients::parse(&[recipient]).expect("a recipient") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.outer.path().join(name)
    }

    fn open(&self) -> Opened {
        self.house.open(&self.master, laws()).expect("opened")
    }

    /// People, a facility, a document, an opening, a message, a draft, and a file whose keys are destroyed. Gives the receipts.
    fn told(&self) -> Vec<(&'static str, String)> {
        let opened = self.open();
        let register = &opened.register;
        let designated = r#"{"at":"2010-01-01","fact":"facility-designated","kind":"approved-centre","law":"ie"}"#;
        let admitted = r#"{"at":"2024-03-01T10:00","fact":"admitted","under":"voluntary","place":"fac_oak"}"#;
        let mut receipts = Vec::new();
        for (number, file) in (1..).zip(PEOPLE) {
            let line = if file.starts_with("fac") { designated } else { admitted };
            let mut act = act_of(id(number), file, 0, &[line]);
            act.documents = vec![(0, opened.documents.put(&vec![7; 5000][..], 1 << 20).expect("stored"))];
            act.outbox = vec![(0, b"a letter".to_vec())];
            receipts.extend(register.append(act).expect("kept").receipts.into_iter().map(|receipt| (*file, receipt)));
        }
        register.append(act(id(50), "per_gone", 0, 2)).expect("kept");
        register.read("per_ada", AsOf::Now, &reader()).expect("read");
        register.put_draft(&draft(), 0, 100, b"begun").expect("kept");
        register.destroy("per_gone").expect("destroyed");
        opened.register.close();
        receipts
    }

    fn move_out(&self, name: &str) -> Result<MovedOut, MoveError> {
        self.house.move_out(&self.master, laws(), &self.recipients, &self.path(name))
    }

    fn taking<'a>(&'a self, file: &'a Path) -> Taking<'a> {
        let (identities, master) = (&self.identities, &self.new_master);
        Taking { file, identities, master, key: None, outside: &[], destroyed: None, laws: &|_| Ok(laws()) }
    }

    fn names(&self) -> BTreeSet<String> {
        std::fs::read_dir(self.outer.path())
            .expect("listed")
            .map(|entry| entry.expect("one").file_name().to_string_lossy().into_owned())
            .collect()
    }

    /// Bytes that must not be taken in, with nothing left of them.
    #[track_caller]
    fn refuses(&self, bytes: &[u8], what: &str) -> MoveError {
        let file = self.path("hostile");
        std::fs::write(&file, bytes).expect("written");
        let before = self.names();
        let refused = self.taking(&file).to(&self.path("new")).expect_err(what);
        assert_eq!(self.names(), before, "{what}: {refused}");
        refused
    }
}

fn heads(house: &House) -> Vec<(crate::store::FileName, u64, openward_seal::digest::EntryHash)> {
    let store = house.store().expect("the store");
    store.files_after(0, 999).expect("read").into_iter().map(|file| (file.name, file.length, file.head)).collect()
}

fn trust(house: &House) -> openward_seal::checkpoint::Trust {
    openward_seal::checkpoint::Trust::new(vec![house.public_key().expect("a key")]).expect("one key")
}

#[test]
fn a_register_that_is_moved_is_the_same_register_under_another_master() {
    let scene = Scene::new();
    let receipts = scene.told();
    let before = heads(&scene.house);
    let file = scene.path("move");
    let out = scene.move_out("move").expect("moved out");
    assert_eq!((out.findings.as_slice(), out.about.documents), (&[][..], 4));
    assert_eq!(scene.names(), ["identity", "move", "old"].map(str::to_owned).into(), "nothing else is left");

    let key = scene.house.public_key().expect("a key");
    let outside = [out.checkpoint.clone().expect("there is one").into_bytes()];
    let taking = Taking { key: Some(&key), outside: &outside, ..scene.taking(&file) };
    let (house, taken) = taking.to(&scene.path("new")).expect("taken in");
    assert_eq!((taken.about, taken.key, taken.checkpoint), (out.about, key.to_string(), out.checkpoint));
    assert_eq!(scene.names(), ["identity", "move", "new", "old"].map(str::to_owned).into());
    assert_eq!(heads(&house), before, "every file with its length and its last hash");
    assert!(
        matches!(house.open(&scene.master, laws()), Err(HouseError::Keys(KeyError::WrongMaster { .. }))),
        "the old master stays behind"
    );

    let opened = House::at(&scene.path("new")).and_then(|house| house.open(&scene.new_master, laws())).expect("opened");
    for (file, first) in &receipts {
        let receipt = opened.register.receipt(file, first).expect("read").expect("in the log");
        assert!(receipt.check(&trust(&scene.house)).is_ok(), "{file}: an old receipt holds under the old key");
    }
    assert_eq!(opened.register.openings("per_ada").expect("read").len(), 1, "who opened a file");
    assert_eq!(opened.register.outbox(1, 99).expect("read").ready.len(), 4, "what is to be sent");
    assert_eq!(opened.register.draft(&draft(), 0).expect("read").map(|words| words.to_vec()), Some(b"begun".to_vec()));
    assert!(matches!(opened.register.history("per_gone", AsOf::Now), Err(HistoryError::Key(KeyError::Destroyed { .. }))));
    let ada = opened.register.history("per_ada", AsOf::Now).expect("read");
    let reference = crate::documents::Reference::from_bytes(&ada[0].documents[0]).expect("a reference");
    assert_eq!(opened.documents.bytes(&reference, 1 << 20).expect("read").len(), 5000);
    opened.register.append(act(id(60), "per_ada", 1, 1)).expect("work goes on");
    opened.register.close();
    let keys = house.keys(&scene.new_master).expect("the keys");
    let store = House::at(&scene.path("new")).and_then(|house| house.store()).expect("the store");
    assert!(verify::register(&store, Some(&keys), &trust(&scene.house), &outside).expect("checked").is_clean());
    assert!(crate::derived::check::fsck(&store, &keys, laws().as_ref()).expect("checked").is_clean());
}

#[test]
fn nothing_is_written_at_the_old_place_from_the_beginning_of_a_move_until_it_is_taken_back() {
    let scene = Scene::new();
    scene.told();
    let running = scene.open();
    let gone = |refused: &Refused| matches!(refused, Refused::History(HistoryError::Away));
    assert!(matches!(scene.house.take_back(), Err(MoveError::NotAway)));
    scene.move_out("move").expect("moved out");
    // A process that ran before the move, and one that begins now.
    let acts = [act(id(61), "per_ada", 1, 1), act(id(62), "per_new", 0, 1)];
    assert!(acts.into_iter().all(|act| running.register.append(act).is_err_and(|refused| gone(&refused))));
    assert!(running.register.destroy("per_ada").is_err_and(|refused| gone(&refused)));
    assert!(
        running.register.read("per_ada", AsOf::Now, &Reader { view: "again".to_owned(), ..reader() }).is_err_and(|refused| gone(&refused))
    );
    assert!(running.register.put_draft(&draft(), 0, 100, b"").is_err_and(|refused| gone(&refused)));
    running.register.close();
    assert!(matches!(scene.house.open(&scene.master, laws()), Err(HouseError::History(HistoryError::Away))));
    assert!(matches!(scene.move_out("again"), Err(MoveError::House(error)) if matches!(*error, HouseError::History(HistoryError::Away))));
    scene.house.take_back().expect("taken back");
    assert!(!scene.house.is_away().expect("asked"));
    scene.open().register.append(act(id(63), "per_ada", 1, 1)).expect("kept");
}

#[test]
fn a_move_that_cannot_be_written_leaves_the_register_as_it_was() {
    let scene = Scene::new();
    scene.told();
    std::fs::write(scene.path("there"), "mine").expect("written");
    assert!(matches!(scene.move_out("there"), Err(MoveError::Exists(_))));
    assert!(scene.move_out("there/move").is_err(), "no folder can be made within a file");
    // A register that does not verify is not sent away.
    let db = rusqlite::Connection::open(scene.house.database()).expect("opened");
    db.execute("UPDATE entry SET recorded = recorded - 1 WHERE n = 1", []).expect("changed");
    drop(db);
    assert!(matches!(scene.move_out("move"), Err(MoveError::House(error)) if matches!(*error, HouseError::Found(_))));
    assert!(!scene.house.is_away().expect("asked"));
    assert_eq!(scene.names(), ["identity", "old", "there"].map(str::to_owned).into());
}

#[test]
fn a_move_opens_for_its_recipient_alone_and_only_into_an_empty_place() {
    let scene = Scene::new();
    scene.told();
    scene.move_out("move").expect("moved out");
    let (file, key) = (scene.path("move"), scene.path("other"));
    Identities::write_new(&key).expect("another");
    assert!(matches!(Identities::write_new(&key), Err(MoveError::Exists(_))));
    let other = Identities::read(&key).expect("read");
    let taking = Taking { identities: &other, ..scene.taking(&file) };
    assert!(matches!(taking.to(&scene.path("new")), Err(MoveError::NotForYou)));
    let wrong = openward_seal::note::key::SecretKey::from_seed("register.example/care", &[9; 32]).expect("a key");
    let taking = Taking { key: Some(wrong.public()), ..scene.taking(&file) };
    assert!(matches!(taking.to(&scene.path("new")), Err(MoveError::Key(_))));
    let over = scene.taking(&file).to(&scene.path("old"));
    assert!(matches!(over, Err(MoveError::House(error)) if matches!(*error, HouseError::NotEmpty(_))), "never over a register");
    assert!(!scene.path("new").exists());
    // A list of destroyed keys that is newer than the move is honoured.
    scene.house.take_back().expect("taken back");
    let opened = scene.open();
    opened.register.destroy("per_ben").expect("destroyed");
    opened.register.close();
    let list = scene.house.keys(&scene.master).expect("the keys").destroyed_text().expect("the list");
    let taking = Taking { destroyed: Some(&list), ..scene.taking(&file) };
    let (house, _) = taking.to(&scene.path("new")).expect("taken in");
    let opened = house.open(&scene.new_master, laws()).expect("opened");
    assert!(matches!(opened.register.history("per_ben", AsOf::Now), Err(HistoryError::Key(KeyError::Destroyed { .. }))));
}

#[test]
fn recipients_and_identities_that_are_none_are_named_and_never_repeated() {
    let scene = Scene::new();
    let parse = |texts: &[&str]| Recipients::parse(texts).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(parse(&[]).starts_with("OW-REG-122"));
    assert!(parse(&["age1qqq"]).contains("recipient 1 is none"));
    let text = std::fs::read_to_string(scene.path("identity")).expect("read");
    let secret = text.lines().last().expect("a line");
    let said = parse(&[secret]);
    assert!(said.starts_with("OW-REG-130") && !said.contains(secret), "{said}");
    let written = |name: &str, text: &str| {
        let path = scene.path(name);
        crate::disk::write_new(&path, text.as_bytes()).expect("written");
        Identities::read(&path).expect_err(name).to_string()
    };
    assert!(written("empty", "# nothing\n").contains("there is none in it"));
    let said = written("changed", &text.replace("SECRET-KEY-1", "SECRET-KEY-1Q"));
    assert!(said.starts_with("OW-REG-123") && said.contains("line 2") && !said.contains(&secret[20..40]), "{said}");
    assert!(Identities::read(&scene.path("missing")).is_err());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(scene.path("identity"), std::fs::Permissions::from_mode(0o644)).expect("set");
        assert!(Identities::read(&scene.path("identity")).expect_err("others may read it").to_string().contains("chmod 600"));
    }
}

/// How many cuts and flips.
fn count() -> usize {
    std::env::var("OPENWARD_MOVES").ok().and_then(|text| text.parse().ok()).unwrap_or(40)
}

fn seed() -> u64 {
    let seed = std::env::var("OPENWARD_SEED").ok().and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from_be_bytes(Chance::system().bytes().expect("random bytes")));
    println!("OPENWARD_SEED={seed}");
    seed | 1
}

fn below(state: &mut u64, end: usize) -> usize {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    usize::try_from(state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).expect("small") % end
}

#[test]
fn a_torn_or_changed_move_is_refused_whole() {
    let scene = Scene::new();
    scene.told();
    scene.move_out("move").expect("moved out");
    let whole = std::fs::read(scene.path("move")).expect("read");
    let mut state = seed();
    // Within the beginning, at each border of the encryption's pieces and beside it, at the end, and anywhere.
    let begins = whole.windows(5).position(|bytes| bytes == b"\n--- ").expect("there") + 5 + 43 + 1 + 16;
    let borders = (begins..whole.len()).step_by((64 << 10) + 16).flat_map(|at| [at - 1, at, at + 1]);
    let cuts: BTreeSet<usize> = (0..begins)
        .step_by(9)
        .chain(borders)
        .chain([whole.len() - 1])
        .chain((0..count()).map(|_| below(&mut state, whole.len())))
        .collect();
    for cut in cuts.into_iter().filter(|cut| *cut < whole.len()) {
        let refused = scene.refuses(&whole[..cut], &format!("cut at {cut}"));
        assert!(matches!(refused, MoveError::File(_)), "cut at {cut}: {refused}");
    }
    for _ in 0..count() {
        let (at, bit) = (below(&mut state, whole.len()), below(&mut state, 8));
        let mut changed = whole.clone();
        changed[at] ^= 1 << bit;
        let refused = scene.refuses(&changed, &format!("bit {bit} of byte {at}"));
        assert!(matches!(refused, MoveError::File(_) | MoveError::NotForYou), "bit {bit} of byte {at}: {refused}");
    }
    scene.refuses(&[&whole[..], b"more"].concat(), "more at the end");
    scene.refuses(&[&whole[..], &whole[..]].concat(), "twice");
    scene.refuses(b"", "nothing");
    scene.refuses(&[b"age-encryption.org/v1\n-> X25519 ".as_slice(), &vec![b'a'; 1 << 20]].concat(), "a beginning without end");
    let file = scene.path("move");
    assert!(scene.taking(&file).to(&scene.path("new")).is_ok(), "as it was written it is taken in");
}

/// Names and bytes of the files in a move.
type Files = Vec<(String, Vec<u8>)>;

/// The files in a move, opened with its identity.
fn unpacked(scene: &Scene, bytes: &[u8]) -> Files {
    let decryptor = age::Decryptor::new_buffered(bytes).expect("an age file");
    let all = scene.identities.0.iter().map(|identity| identity as &dyn age::Identity);
    let mut archive = tar::Archive::new(decryptor.decrypt(all).expect("ours"));
    let entries = archive.entries().expect("an archive").map(|entry| {
        let mut entry = entry.expect("a file");
        let name = entry.path().expect("a name").to_str().expect("text").to_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("read");
        (name, bytes)
    });
    entries.collect()
}

fn sealed(scene: &Scene, archive: &[u8]) -> Vec<u8> {
    let all = scene.recipients.0.iter().map(|recipient| recipient as &dyn age::Recipient);
    let mut stream = age::Encryptor::with_recipients(all).expect("recipients").wrap_output(Vec::new()).expect("begun");
    stream.write_all(archive).expect("written");
    stream.finish().expect("ended")
}

fn header(name: &[u8], kind: tar::EntryType, bytes: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_cksum();
    header
}

/// An archive of these files, whatever their names are, encrypted for the scene's recipient.
fn packed(scene: &Scene, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        archive.append(&header(name.as_bytes(), tar::EntryType::Regular, bytes.len() as u64), Cursor::new(bytes)).expect("appended");
    }
    sealed(scene, &archive.into_inner().expect("ended"))
}

#[test]
fn a_hostile_move_is_refused_and_writes_nowhere() {
    let scene = Scene::new();
    scene.told();
    scene.move_out("move").expect("moved out");
    let good = unpacked(&scene, &std::fs::read(scene.path("move")).expect("read"));
    let with = |edit: &dyn Fn(&mut Files)| {
        let mut files = good.clone();
        edit(&mut files);
        packed(&scene, &files)
    };
    let is_file = |bytes: &[u8], what: &str| {
        let refused = scene.refuses(bytes, what);
        assert!(matches!(refused, MoveError::File(_)), "{what}: {refused}");
    };
    let document = good.iter().position(|(name, _)| name.starts_with("documents/")).expect("one");
    let find = |name: &str| good.iter().position(|(found, _)| found == name).expect("there");
    let last = good.len() - 1;
    for name in
        ["../planted", "/tmp/planted", "documents/../../planted", "documents/aa/../../../planted", "openward.toml", "documents/aa/bb", ""]
    {
        is_file(&with(&|files| files[document].0 = name.to_owned()), name);
        is_file(&with(&|files| files[3].0 = name.to_owned()), name);
    }
    is_file(&with(&|files| drop(files.remove(document))), "a document is missing");
    is_file(&with(&|files| files.insert(document, files[document].clone())), "a document twice");
    is_file(&with(&|files| files[document].1[9] ^= 1), "another document under its address");
    is_file(&with(&|files| drop(files.pop())), "no end");
    is_file(&with(&|files| files.swap(0, 1)), "another order");
    is_file(&with(&|files| files.push(("more".to_owned(), vec![1]))), "more after the end");
    is_file(&with(&|files| files[0].1.extend_from_slice(b"\nmore = 1\n")), "a field too many");
    is_file(&with(&|files| files[0].1 = vec![b'#'; 70_000]), "a long beginning");
    is_file(&with(&|files| files[1].1[30] ^= 1), "another key of its keys");
    is_file(&with(&|files| files[find(KEYS)].1.push(0)), "a key store that its end does not name");
    is_file(&packed(&scene, &[]), "nothing in it");
    is_file(&sealed(&scene, b"no archive at all"), "no archive");
    let newer = scene.refuses(&with(&|files| files[0].1 = b"version = 2\n".to_vec()), "a newer one");
    assert!(matches!(newer, MoveError::Version(2)));

    // Links, devices, and names longer than memory.
    for kind in
        [tar::EntryType::Symlink, tar::EntryType::Link, tar::EntryType::Directory, tar::EntryType::Fifo, tar::EntryType::GNULongName]
    {
        let mut archive = header(ABOUT.as_bytes(), kind, u64::MAX >> 20).as_bytes().to_vec();
        archive.extend_from_slice(&[0; 4096]);
        is_file(&sealed(&scene, &archive), &format!("{kind:?}"));
    }
    let mut huge = header(ABOUT.as_bytes(), tar::EntryType::Regular, 1 << 40).as_bytes().to_vec();
    huge.extend_from_slice(&[b'#'; 4096]);
    is_file(&sealed(&scene, &huge), "a length that is not there");

    // Rows changed, with everything else as it must be: the seal finds it.
    let changed = |sql: &str, which: &str| {
        let path = scene.path("changed.db");
        let at = find(which);
        std::fs::write(&path, &good[at].1).expect("written");
        let db = rusqlite::Connection::open(&path).expect("opened");
        let _: String = db.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0)).expect("set");
        db.execute_batch(sql).expect("changed");
        drop(db);
        let mut files = good.clone();
        files[at].1 = std::fs::read(&path).expect("read");
        std::fs::remove_file(&path).expect("removed");
        let mut end: End = toml::from_str(std::str::from_utf8(&files[last].1).expect("text")).expect("an end");
        let (sum, _) = crate::disk::sum(&files[at].1[..], std::io::sink()).expect("summed");
        *(if which == KEYS { &mut end.keys } else { &mut end.register }) = sum;
        files[last].1 = toml::to_string(&end).expect("text").into_bytes();
        let refused = scene.refuses(&packed(&scene, &files), sql);
        assert!(matches!(refused, MoveError::House(_)), "{sql}: {refused}");
    };
    changed("UPDATE entry SET recorded = recorded - 1 WHERE n = 1", DATABASE);
    changed("DELETE FROM entry WHERE n = 1 AND file = 1; DELETE FROM part WHERE n = 1 AND file = 1", DATABASE);
    changed("UPDATE meta SET value = x'61' WHERE name = 'origin'", DATABASE);
    changed("CREATE TRIGGER mine AFTER INSERT ON entry BEGIN DELETE FROM entry; END", DATABASE);
    changed("DROP TRIGGER destroyed_stays; DELETE FROM destroyed WHERE n = 1", KEYS);
    changed("UPDATE file_key SET box = zeroblob(length(box))", KEYS);
    changed("DELETE FROM file_key", KEYS);
    changed("DELETE FROM signing_key", KEYS);
    let file = scene.path("hostile");
    std::fs::write(&file, packed(&scene, &good)).expect("written");
    assert!(scene.taking(&file).to(&scene.path("new")).is_ok(), "packed again as it was it is taken in");
}
