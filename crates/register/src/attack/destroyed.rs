//! After the keys of a file were destroyed: with all that is left, keys and master included, no byte of it can be read, and all still stands.
//!
//! Deliberately absent: backups from before, which hold the keys of their time (docs/keys.md).

use openward_seal::tiles::whole;

use super::{ADMITTED, DESIGNATED, EXPLAINED};
use crate::derived::check::fsck;
use crate::documents::Documents;
use crate::history::{self, AsOf};
use crate::keys::{Chance, Domain, FileKey, Pseudonym};
use crate::reads::Reader;
use crate::sealer::{self, Tiles};
use crate::store::sqlite::Sqlite;
use crate::store::{Derived as _, Entries as _};
use crate::testing::{Place, act_of, id};
use crate::verify;

const CANARY: &str = "canary of the vespertine hour";

/// Every file key that the key store of now gives to whoever has the master.
fn keys_left(place: &Place, store: &Sqlite) -> Vec<std::sync::Arc<FileKey>> {
    let files = store.files_after(i64::MIN, 1000).expect("read");
    let key = |domain, name| place.keys.existing_file_key(domain, Pseudonym::from_bytes(name)).ok().flatten();
    let mut keys: Vec<_> = Domain::ALL.into_iter().flat_map(|domain| files.iter().filter_map(move |file| key(domain, file.name))).collect();
    let names = place.keys.pseudonym_of("log", "names");
    keys.extend(place.keys.existing_file_key(Domain::Network, names).ok().flatten());
    keys
}

/// How many parts of these files any of these keys opens, each tried in its right place, and how often one was tried.
fn readable(store: &Sqlite, keys: &[std::sync::Arc<FileKey>], files: &[[u8; 16]]) -> (usize, usize) {
    let (mut opened, mut tried) = (0, 0);
    for name in files {
        let file = store.file(name).expect("read").expect("its rows are there");
        for row in store.entries(file.id, 1, file.length).expect("read") {
            for (part, key) in row.parts.iter().flat_map(|part| keys.iter().map(move |key| (part, key))) {
                tried += 1;
                opened += usize::from(history::open_part(key, &file, row.n, part).is_ok());
            }
        }
    }
    (opened, tried)
}

/// Where these bytes stand under a folder.
fn stands_in(folder: &std::path::Path, wanted: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(stands_in(&path, wanted));
        } else if std::fs::read(&path).expect("read").windows(wanted.len()).any(|window| window == wanted) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// The wrapped keys of a file as the key store keeps them.
fn wrapped(path: &std::path::Path, name: &[u8; 16]) -> Vec<Vec<u8>> {
    let db = rusqlite::Connection::open(path).expect("opened");
    let mut statement = db.prepare("SELECT box FROM file_key WHERE file = ?1").expect("read");
    let boxes = statement.query_map([name], |row| row.get(0)).expect("read");
    boxes.collect::<Result<_, _>>().expect("boxes")
}

#[test]
fn nothing_of_a_destroyed_file_is_readable_and_tree_and_chain_still_verify() {
    let outer = tempfile::tempdir().expect("a folder");
    let folder = outer.path().join("register");
    std::fs::create_dir(&folder).expect("made");
    let place = Place::create(&folder);
    let running = place.register();
    let documents = Documents::open(&folder.join("documents"), Chance::system()).expect("a folder");
    let admitted = ADMITTED.replace("a note", CANARY);
    running.append(act_of(id(1), "fac_elm", 0, &[DESIGNATED])).expect("kept");
    for (number, person) in [(2, "per_ada"), (3, "per_bob")] {
        let mut act = act_of(id(number), person, 0, &[&admitted, EXPLAINED]);
        act.outbox.push((0, CANARY.as_bytes().to_vec()));
        act.documents.push((0, documents.put(CANARY.as_bytes(), 1000).expect("stored")));
        running.append(act).expect("kept");
        let reader = Reader { who: "pro_ash".into(), capacity: "doctor".into(), purpose: CANARY.into(), view: "file".into() };
        running.read(person, AsOf::Now, &reader).expect("given");
    }
    let names = |person: &str| [*place.keys.pseudonym(person).as_bytes(), *place.keys.pseudonym_of("reads", person).as_bytes()];
    let before = keys_left(&place, &place.store());
    let (opened, _) = readable(&place.store(), &before, &names("per_ada"));
    assert!(opened >= 7, "the same look finds what is there: {opened}");
    let keys_of = |name: &[u8; 16]| wrapped(&folder.join("keys.db"), name);
    let old: Vec<Vec<u8>> = names("per_ada").iter().flat_map(keys_of).collect();
    assert_eq!(old.len(), 2);
    assert!(old.iter().all(|wrapped| !stands_in(&folder, wrapped).is_empty()));

    assert!(!running.destroy("per_ada").expect("destroyed").is_traced);
    drop(before);
    running.append(act_of(id(9), "per_bob", 2, &[EXPLAINED])).expect("the others go on");
    running.close();
    place.store().backup(&folder.join("backup.db")).expect("copied");
    place.keys.backup(&folder.join("backup-keys.db")).expect("copied");

    let store = place.store();
    let left = keys_left(&place, &store);
    assert!(left.len() >= 4, "the keys of the others are there");
    let (opened, tried) = readable(&store, &left, &names("per_ada"));
    assert!(opened == 0 && tried > 20, "{opened} of {tried}");
    let ada = store.file(&names("per_ada")[0]).expect("read").expect("its rows stay");
    assert!(history::kept(&store, &place.keys, &ada, 0, AsOf::Now).is_err());
    assert!(store.forecasts(ada.id).expect("read").is_empty() && store.outbox_of(ada.id).expect("read").is_empty());
    for wrapped in &old {
        assert_eq!(stands_in(&folder, wrapped), Vec::<String>::new(), "the wrapped key is gone from every file");
    }
    assert_eq!(stands_in(&folder, CANARY.as_bytes()), Vec::<String>::new());

    // The tree by itself, the whole register, what is computed: all stands, and the other person's file is as it was.
    let (_, head) = sealer::newest(&store, &place.trust()).expect("read").expect("a checkpoint");
    whole::check(&Tiles(&store), head, &[], |_, _| {}).expect("the tree stands");
    let report = verify::register(&store, Some(&place.keys), &place.trust(), &[]).expect("checked");
    assert_eq!((report.findings.as_slice(), report.entries), ([].as_slice(), 8));
    assert!(fsck(&store, &place.keys, place.laws.as_ref()).expect("checked").is_clean());
    let bob = store.file(&names("per_bob")[0]).expect("read").expect("there");
    assert_eq!(history::kept(&store, &place.keys, &bob, 0, AsOf::Now).expect("read").len(), 3);
}
