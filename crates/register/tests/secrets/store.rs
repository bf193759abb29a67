//! The key store: what is made, found again, rotated, destroyed, backed up and restored.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use openward_register::keys::{Chance, Destroyed, Domain, KeyError, Keys, Place, Pseudonym};

use super::{all_bytes, at, chance, created, holds, master};

const PLACE: Place<'static> = Place { table: "part", file: Pseudonym::from_bytes([0; 16]), n: 1, i: 0, extra: b"" };

fn opened(folder: &Path) -> Keys {
    Keys::open(&folder.join("keys.db"), &master(1), Chance::system()).unwrap()
}

/// The message of what was refused.
fn refusal<T>(result: Result<T, KeyError>) -> String {
    result.map(|_| ()).unwrap_err().to_string()
}

#[test]
fn a_key_is_found_again_by_another_process_and_after_closing() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (created(folder.path()), opened(folder.path()));
    let file = one.pseudonym("per_1");
    assert!(two.existing_file_key(Domain::Care, file).unwrap().is_none());
    let boxed = one.file_key(Domain::Care, file).unwrap().seal(&PLACE, b"a note").unwrap();
    assert_eq!(&**two.file_key(Domain::Care, file).unwrap().open(&PLACE, &boxed).unwrap(), b"a note");
    one.close().unwrap();
    two.close().unwrap();
    let three = opened(folder.path());
    assert_eq!(&**three.existing_file_key(Domain::Care, file).unwrap().unwrap().open(&PLACE, &boxed).unwrap(), b"a note");
    assert!(three.existing_file_key(Domain::Review, file).unwrap().is_none());
}

#[test]
fn pseudonyms_stay_and_differ_by_kind_and_register() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (keys, other) = (created(here.path()), created(there.path()));
    let file = keys.pseudonym("per_1");
    assert_eq!(opened(here.path()).pseudonym("per_1"), file);
    assert_ne!(keys.pseudonym("per_2"), file);
    assert_ne!(keys.pseudonym_of("health-number", "per_1"), file);
    assert_ne!(keys.pseudonym_of("a", "bc"), keys.pseudonym_of("ab", "c"));
    assert_ne!(other.pseudonym("per_1"), file);
    assert_eq!(Pseudonym::parse(&file.to_string()), Some(file));
    assert_eq!(
        Pseudonym::parse(&file.to_string().to_uppercase()),
        Some(file).filter(|_| file.to_string() == file.to_string().to_uppercase())
    );
}

#[test]
fn a_wrong_master_is_named_and_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    drop(created(folder.path()));
    let said = refusal(Keys::open(&folder.path().join("keys.db"), &master(2), Chance::system()));
    assert!(said.starts_with("OW-KEYS-021") && said.contains(&master(1).id()) && said.contains(&master(2).id()), "{said}");
}

#[test]
fn nothing_is_written_over_and_nothing_is_made_by_opening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.db");
    assert!(matches!(Keys::open(&path, &master(1), Chance::system()), Err(KeyError::Missing)));
    assert!(!path.exists());
    drop(created(folder.path()));
    let before = fs::read(&path).unwrap();
    assert!(matches!(Keys::create(&path, &master(2), Chance::system()), Err(KeyError::Exists)));
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::write(folder.path().join("text"), "this is a text and no database at all, long enough to be asked").unwrap();
    assert!(refusal(Keys::open(&folder.path().join("text"), &master(1), Chance::system())).starts_with("OW-KEYS-024"));
}

#[test]
fn a_batch_makes_what_is_missing_and_keeps_the_order() {
    let folder = tempfile::tempdir().unwrap();
    let keys = created(folder.path());
    let files: Vec<_> = (0..50).map(|number| (Domain::Care, keys.pseudonym(&number.to_string()))).collect();
    keys.file_key(Domain::Care, files[7].1).unwrap();
    keys.destroy(files[9].1, at(5)).unwrap();
    let found = keys.file_keys(&files).unwrap();
    for (place, ((_, file), key)) in files.iter().zip(&found).enumerate() {
        match key {
            Ok(key) => assert_eq!(key.file(), *file),
            Err(error) => assert!(place == 9 && matches!(error, KeyError::Destroyed { at: when } if *when == at(5))),
        }
    }
    assert_eq!(found.iter().filter(|key| key.is_ok()).count(), 49);
    assert_eq!(keys.check().unwrap().file_keys, 49);
    // Asked twice in one batch it is made once.
    let twice = (Domain::Review, files[0].1);
    let found: Vec<Arc<_>> = keys.file_keys(&[twice, twice]).unwrap().into_iter().map(Result::unwrap).collect();
    let boxed = found[0].seal(&PLACE, b"x").unwrap();
    assert!(found[1].open(&PLACE, &boxed).is_ok());
}

#[test]
fn after_rotation_the_new_master_opens_all_and_the_old_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.db");
    let mut keys = created(folder.path());
    let file = keys.pseudonym("per_1");
    let boxed = keys.file_key(Domain::Care, file).unwrap().seal(&PLACE, b"a note").unwrap();
    let old = fs::read(&path).unwrap();
    keys.rotate_master(&master(2)).unwrap();
    // This process goes on, also with what needs the new master.
    keys.new_epoch(Domain::Care).unwrap();
    keys.file_key(Domain::Care, keys.pseudonym("per_2")).unwrap();
    keys.check().unwrap();
    keys.close().unwrap();
    assert!(matches!(Keys::open(&path, &master(1), Chance::system()), Err(KeyError::WrongMaster { .. })));
    let keys = Keys::open(&path, &master(2), Chance::system()).unwrap();
    assert_eq!(keys.pseudonym("per_1"), file);
    assert_eq!(&**keys.file_key(Domain::Care, file).unwrap().open(&PLACE, &boxed).unwrap(), b"a note");
    keys.close().unwrap();
    // Boxes that the old master opens were overwritten: no run of sixteen bytes of an old register key's box is left.
    let rows = register_boxes_of(&old, folder.path());
    assert_eq!(rows.len(), 6);
    for (path, bytes) in all_bytes(folder.path()).into_iter().filter(|(path, _)| !path.ends_with("old.db")) {
        assert!(rows.iter().all(|boxed| !holds(&bytes, &boxed[25..41])), "{}", path.display());
    }
}

/// The wrapped register keys in the bytes of a store.
fn register_boxes_of(store: &[u8], folder: &Path) -> Vec<Vec<u8>> {
    let path = folder.join("old.db");
    fs::write(&path, store).unwrap();
    let db = rusqlite::Connection::open(&path).unwrap();
    let mut rows = db.prepare("SELECT box FROM register_key").unwrap();
    rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn another_process_goes_on_after_a_rotation_and_learns_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut one, mut two) = (created(folder.path()), opened(folder.path()));
    one.rotate_master(&master(2)).unwrap();
    // What it has open stays open: patients' files do not close because an administrator turns a key.
    two.file_key(Domain::Care, two.pseudonym("per_1")).unwrap();
    assert!(matches!(two.new_epoch(Domain::Care), Err(KeyError::WrongMaster { .. })));
    assert!(matches!(two.rotate_master(&master(3)), Err(KeyError::WrongMaster { .. })));
    one.new_epoch(Domain::Care).unwrap();
    assert!(matches!(two.file_key(Domain::Care, two.pseudonym("per_2")), Err(KeyError::WrongMaster { .. })));
    assert!(one.check().is_ok());
}

#[test]
fn a_new_epoch_closes_new_files_and_old_ones_stay_readable_until_it_is_retired() {
    let folder = tempfile::tempdir().unwrap();
    let keys = created(folder.path());
    let boxed: Vec<_> = (0..5)
        .map(|number| {
            let file = keys.pseudonym(&number.to_string());
            (file, keys.file_key(Domain::Care, file).unwrap().seal(&PLACE, &[number as u8]).unwrap())
        })
        .collect();
    let other = keys.file_key(Domain::Review, keys.pseudonym("0")).unwrap().seal(&PLACE, b"y").unwrap();
    assert_eq!(keys.new_epoch(Domain::Care).unwrap(), 2);
    assert_eq!(keys.new_epoch(Domain::Care).unwrap(), 3);
    keys.file_key(Domain::Care, keys.pseudonym("new")).unwrap();
    assert_eq!(epochs(folder.path()), [(1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 3), (2, 1)]);
    assert_eq!(keys.check().unwrap().register_keys, 8);
    // The one of the new epoch stays where it is.
    assert_eq!(keys.retire_epochs(Domain::Care).unwrap(), 5);
    assert_eq!(epochs(folder.path()), [(1, 3), (1, 3), (1, 3), (1, 3), (1, 3), (1, 3), (2, 1)]);
    assert_eq!(keys.check().unwrap().register_keys, 6);
    for keys in [&keys, &opened(folder.path())] {
        for (number, (file, boxed)) in boxed.iter().enumerate() {
            assert_eq!(&**keys.file_key(Domain::Care, *file).unwrap().open(&PLACE, boxed).unwrap(), &[number as u8]);
        }
        assert!(keys.file_key(Domain::Review, keys.pseudonym("0")).unwrap().open(&PLACE, &other).is_ok());
    }
}

/// Domain and epoch of every file key.
fn epochs(folder: &Path) -> Vec<(u8, u32)> {
    let db = rusqlite::Connection::open(folder.join("keys.db")).unwrap();
    let mut rows = db.prepare("SELECT domain, epoch FROM file_key ORDER BY domain, epoch").unwrap();
    rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_destroyed_key_is_gone_everywhere_and_is_never_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (keys, other) = (created(folder.path()), opened(folder.path()));
    let files: Vec<_> = (0..300).map(|number| keys.pseudonym(&number.to_string())).collect();
    for chunk in files.chunks(7) {
        keys.file_keys(&chunk.iter().map(|file| (Domain::Care, *file)).collect::<Vec<_>>()).unwrap();
    }
    keys.file_key(Domain::Counsel, files[0]).unwrap();
    let gone = &files[..150];
    // The other process has them open; that must not keep them alive.
    other.file_key(Domain::Care, files[0]).unwrap();
    let boxes = file_boxes(folder.path(), gone);
    assert_eq!(boxes.len(), 151);
    for (second, file) in (100..).zip(gone) {
        keys.destroy(*file, at(second)).unwrap();
    }
    for keys in [&keys, &other, &opened(folder.path())] {
        for domain in Domain::ALL {
            assert!(matches!(keys.file_key(domain, files[0]), Err(KeyError::Destroyed { at: when }) if when == at(100)));
            assert!(matches!(keys.existing_file_key(domain, files[0]), Err(KeyError::Destroyed { .. })));
        }
        assert_eq!(keys.destroyed().unwrap().len(), 150);
        assert_eq!(keys.check().unwrap().file_keys, 150);
    }
    // Wrapped as they were, they are nowhere in the store or its log.
    for (path, bytes) in all_bytes(folder.path()) {
        assert!(boxes.iter().all(|boxed| !holds(&bytes, &boxed[1..25]) && !holds(&bytes, &boxed[60..76])), "{}", path.display());
    }
    // Done again, it keeps the first time.
    assert_eq!(keys.destroy(files[0], at(900)).unwrap(), Destroyed { file: files[0], at: at(100) });
    assert_eq!(keys.destroyed().unwrap().len(), 150);
}

fn file_boxes(folder: &Path, files: &[Pseudonym]) -> Vec<Vec<u8>> {
    let db = rusqlite::Connection::open(folder.join("keys.db")).unwrap();
    let mut rows = db.prepare("SELECT file, box FROM file_key").unwrap();
    let rows = rows.query_map([], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, Vec<u8>>(1)?))).unwrap();
    rows.map(Result::unwrap).filter(|(file, _)| files.contains(&Pseudonym::from_bytes(*file))).map(|(_, boxed)| boxed).collect()
}

#[test]
fn the_list_of_destroyed_keys_only_grows_and_shows_what_was_done_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let keys = created(folder.path());
    for number in 0..5 {
        keys.destroy(keys.pseudonym(&number.to_string()), at(number)).unwrap();
    }
    keys.close().unwrap();
    let whole = fs::read(folder.path().join("keys.db")).unwrap();
    let after = |sql: &str| {
        fs::write(folder.path().join("keys.db"), &whole).unwrap();
        let db = rusqlite::Connection::open(folder.path().join("keys.db")).unwrap();
        let triggers: Vec<String> = {
            let mut rows = db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").unwrap();
            rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        db.execute_batch(sql).map_err(|error| error.to_string())?;
        // Whoever changes the list puts back what kept it from being changed, or the store is not opened at all.
        if !sql.ends_with("DROP TRIGGER never_again") {
            triggers.iter().for_each(|trigger| drop(db.execute_batch(trigger)));
        }
        drop(db);
        Keys::open(&folder.path().join("keys.db"), &master(1), Chance::system()).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(after("SELECT 1"), Ok(()));
    for by_hand in ["DELETE FROM destroyed WHERE n = 2", "UPDATE destroyed SET at = 7 WHERE n = 2"] {
        assert_eq!(after(by_hand).unwrap_err(), "the list only grows");
    }
    for tables in ["DROP TRIGGER never_again", "CREATE TRIGGER mine AFTER DELETE ON file_key BEGIN SELECT 1; END", "CREATE TABLE mine (x)"]
    {
        assert!(after(tables).unwrap_err().starts_with("OW-KEYS-024"), "{tables}");
    }
    let free = "DROP TRIGGER destroyed_stays; DROP TRIGGER destroyed_is_fixed;";
    for by_hand in [
        "DELETE FROM destroyed WHERE n = 2",
        "DELETE FROM destroyed WHERE n = 1",
        "UPDATE destroyed SET at = 7 WHERE n = 2",
        "UPDATE destroyed SET file = zeroblob(16) WHERE n = 5",
        "INSERT INTO destroyed VALUES (6, zeroblob(16), 0, zeroblob(32))",
        "DELETE FROM destroyed WHERE n = 2; UPDATE destroyed SET n = n - 1 WHERE n > 2",
    ] {
        assert!(after(&format!("{free}{by_hand}")).unwrap_err().starts_with("OW-KEYS-025"), "{by_hand}");
    }
}

#[test]
fn a_restored_older_store_honours_the_newer_list() {
    let folder = tempfile::tempdir().unwrap();
    let keys = created(folder.path());
    let files: Vec<_> = (0..6).map(|number| keys.pseudonym(&number.to_string())).collect();
    let boxed: Vec<_> = files.iter().map(|file| keys.file_key(Domain::Care, *file).unwrap().seal(&PLACE, b"x").unwrap()).collect();
    keys.destroy(files[0], at(1)).unwrap();
    let backup = folder.path().join("backup.db");
    assert_eq!(keys.backup(&backup).unwrap().file_keys, 5);
    // After the backup two more are destroyed, one of a file that the backup does not know.
    keys.destroy(files[3], at(2)).unwrap();
    keys.destroy(keys.pseudonym("later"), at(3)).unwrap();
    let list = keys.destroyed_text().unwrap();
    let expected = keys.destroyed().unwrap();
    let to = folder.path().join("restored.db");
    let restored = Keys::restore(&backup, &to, &master(1), &list, Chance::system()).unwrap();
    assert_eq!(restored.destroyed().unwrap(), expected);
    for (number, file) in files.iter().enumerate() {
        match restored.file_key(Domain::Care, *file) {
            Ok(key) => assert!(key.open(&PLACE, &boxed[number]).is_ok()),
            Err(error) => assert!([0, 3].contains(&number) && matches!(error, KeyError::Destroyed { .. })),
        }
    }
    assert!(matches!(restored.file_key(Domain::Care, restored.pseudonym("later")), Err(KeyError::Destroyed { .. })));
    // A store that is open already can be given the list too, in any order and more than once.
    let again = restored.apply_destroyed(&expected.into_iter().rev().collect::<Vec<_>>()).unwrap();
    assert_eq!((again.newly, again.known), (0, 3));
    drop(restored);
    assert!(matches!(Keys::restore(&backup, &to, &master(1), &list, Chance::system()), Err(KeyError::Exists)));
}

#[test]
fn a_list_that_was_changed_or_is_of_another_register_is_refused() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (keys, other) = (created(here.path()), created(there.path()));
    for number in 0..3 {
        keys.destroy(keys.pseudonym(&number.to_string()), at(number)).unwrap();
    }
    let text = keys.destroyed_text().unwrap();
    assert_eq!(keys.read_destroyed(&text).unwrap(), keys.destroyed().unwrap());
    assert!(refusal(other.read_destroyed(&text)).contains("another register"));
    for place in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[place] ^= 1;
        assert!(keys.read_destroyed(&String::from_utf8(changed).unwrap()).is_err(), "{place}");
        assert!(keys.read_destroyed(&text[..place]).is_err(), "cut to {place}");
    }
    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(3);
    assert!(refusal(keys.read_destroyed(&format!("{}\n", lines.join("\n")))).contains("changed"));
}

#[test]
fn a_flipped_bit_in_a_backup_is_always_reported() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::create(&folder.path().join("keys.db"), &master(1), chance(9)).unwrap();
    keys.file_key(Domain::Care, keys.pseudonym("per_1")).unwrap();
    let (backup, to) = (folder.path().join("backup.db"), folder.path().join("to.db"));
    keys.backup(&backup).unwrap();
    let list = keys.destroyed_text().unwrap();
    let whole = fs::read(&backup).unwrap();
    for place in (0..whole.len()).step_by(97) {
        let mut flipped = whole.clone();
        flipped[place] ^= 1 << (place % 8);
        fs::write(&backup, &flipped).unwrap();
        assert!(refusal(Keys::restore(&backup, &to, &master(1), &list, Chance::system())).contains("checksum differs"));
        assert!(!to.exists());
    }
    fs::write(&backup, &whole).unwrap();
    assert!(Keys::restore(&backup, &to, &master(1), &list, Chance::system()).is_ok());
    fs::remove_file(folder.path().join("backup.db.sha256")).unwrap();
    assert!(refusal(Keys::restore(&backup, &folder.path().join("b"), &master(1), &list, Chance::system())).contains("no checksum"));
    // Nothing unfinished is left of what was refused.
    assert!(all_bytes(folder.path()).iter().all(|(path, _)| !path.to_string_lossy().contains("restored-")));
}

#[test]
fn a_wrapped_key_does_not_open_in_another_row_or_store() {
    let folder = tempfile::tempdir().unwrap();
    let keys = created(folder.path());
    for name in ["per_1", "per_2"] {
        keys.file_key(Domain::Care, keys.pseudonym(name)).unwrap();
        keys.file_key(Domain::Review, keys.pseudonym(name)).unwrap();
    }
    keys.new_epoch(Domain::Care).unwrap();
    keys.close().unwrap();
    let whole = fs::read(folder.path().join("keys.db")).unwrap();
    for by_hand in [
        "UPDATE file_key SET box = (SELECT box FROM file_key AS f WHERE f.domain = file_key.domain AND f.file <> file_key.file)",
        "UPDATE file_key SET box = (SELECT box FROM file_key AS f WHERE f.domain <> file_key.domain AND f.file = file_key.file)",
        "UPDATE file_key SET epoch = 2 WHERE domain = 1",
        "UPDATE register_key SET box = (SELECT box FROM register_key AS r WHERE r.domain = 2) WHERE domain = 1",
        "UPDATE register_key SET box = (SELECT box FROM register_key AS r WHERE r.domain = 1 AND r.epoch = 2) WHERE domain = 1 AND epoch = 1",
        "UPDATE meta SET value = zeroblob(16) WHERE name = 'register'",
    ] {
        fs::write(folder.path().join("keys.db"), &whole).unwrap();
        let db = rusqlite::Connection::open(folder.path().join("keys.db")).unwrap();
        db.execute_batch(by_hand).unwrap();
        drop(db);
        let checked = Keys::open(&folder.path().join("keys.db"), &master(1), Chance::system()).and_then(|keys| keys.check());
        assert!(matches!(checked, Err(KeyError::Damaged(_))), "{by_hand}: {checked:?}");
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_store_its_log_and_its_backup() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let keys = created(folder.path());
    keys.file_key(Domain::Care, keys.pseudonym("per_1")).unwrap();
    keys.backup(&folder.path().join("backup.db")).unwrap();
    let files = all_bytes(folder.path());
    assert!(files.len() >= 4, "store, log, backup, checksum");
    for (path, _) in files {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
}
