//! The folder: made, opened, refused.

use super::*;
use crate::testing;

fn made() -> (tempfile::TempDir, PathBuf, Master) {
    let outer = tempfile::tempdir().expect("a folder");
    let folder = outer.path().join("register");
    let master = Master::generate(&Chance::system()).expect("random bytes");
    House::create(&folder, "register.example/care", Some("ie".to_owned()), &master, &Chance::system()).expect("made");
    (outer, folder, master)
}

#[test]
fn a_register_is_made_opened_and_written_to() {
    let (_outer, folder, master) = made();
    let house = House::at(&folder).expect("a register");
    assert_eq!((house.config().origin.as_str(), house.config().law.as_deref()), ("register.example/care", Some("ie")));
    let opened = house.open(&master, testing::laws()).expect("opened");
    let done = opened.register.append(testing::act(testing::id(1), "per_ada", 0, 2)).expect("kept");
    opened.register.close();
    let opened = house.open(&master, testing::laws()).expect("opened again");
    assert_eq!(opened.register.file("per_ada").expect("there").length, 2);
    let receipt = opened.register.receipt("per_ada", &done.receipts[0]).expect("read").expect("it was sealed before the end");
    assert_eq!(receipt.index, 0);
    assert_eq!(opened.register.trust().origin(), house.public_key().expect("a key").name());
}

#[test]
fn nothing_is_written_over() {
    let (outer, folder, master) = made();
    let again = |folder: &Path| House::create(folder, "other.example", None, &master, &Chance::system());
    assert!(matches!(again(&folder), Err(HouseError::NotEmpty(_))));
    let other = outer.path().join("other");
    std::fs::create_dir(&other).expect("made");
    std::fs::write(other.join("mine"), "x").expect("written");
    assert!(matches!(again(&other), Err(HouseError::NotEmpty(_))));
    assert_eq!(std::fs::read_dir(&other).expect("read").count(), 1);
}

#[test]
fn a_folder_without_its_last_file_is_no_register() {
    let (_outer, folder, _) = made();
    std::fs::remove_file(folder.join(CONFIG)).expect("removed");
    assert!(matches!(House::at(&folder), Err(HouseError::NotThere(_))));
}

#[test]
fn a_missing_database_is_said_and_never_made_anew() {
    let (_outer, folder, master) = made();
    std::fs::remove_file(folder.join(DATABASE)).expect("removed");
    let house = House::at(&folder).expect("a register");
    assert!(matches!(house.open(&master, testing::laws()), Err(HouseError::Missing(_))));
    assert!(!folder.join(DATABASE).exists());
}

#[test]
fn parts_of_two_registers_do_not_open_together() {
    let (_one, folder, master) = made();
    let (_two, other, other_master) = made();
    let house = House::at(&folder).expect("a register");
    assert!(matches!(house.open(&other_master, testing::laws()), Err(HouseError::Keys(crate::keys::KeyError::WrongMaster { .. }))));
    std::fs::copy(other.join(PUBLIC_KEY), folder.join(PUBLIC_KEY)).expect("copied");
    assert!(matches!(house.open(&master, testing::laws()), Err(HouseError::Mixed(_))));
}

#[test]
fn a_config_of_another_version_or_with_an_unknown_word_is_refused() {
    let (_outer, folder, _) = made();
    let write = |text: &str| std::fs::write(folder.join(CONFIG), text).expect("written");
    write("version = 2\norigin = \"a\"\nplaces = []\n");
    assert!(matches!(House::at(&folder), Err(HouseError::Version(2))));
    write("version = 1\norigin = \"a\"\nkeys = \"elsewhere\"\n");
    assert!(matches!(House::at(&folder), Err(HouseError::Config(_))));
    write("origin = \"a\"\n");
    assert!(matches!(House::at(&folder), Err(HouseError::Config(_))));
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_look_into_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_outer, folder, master) = made();
    let opened = House::at(&folder).expect("a register").open(&master, testing::laws()).expect("opened");
    opened.register.append(testing::act(testing::id(1), "per_ada", 0, 1)).expect("kept");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for entry in std::fs::read_dir(&folder).expect("read") {
        let path = entry.expect("there").path();
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), wanted, "{}", path.display());
    }
}

#[test]
fn a_rotated_master_opens_the_signing_key_too() {
    let (_outer, folder, master) = made();
    let house = House::at(&folder).expect("a register");
    let new = Master::generate(&Chance::system()).expect("random bytes");
    let mut keys = house.keys(&master).expect("opened");
    keys.rotate_master(&new).expect("rotated");
    keys.check().expect("all is well");
    drop(keys);
    assert!(house.open(&master, testing::laws()).is_err());
    let opened = house.open(&new, testing::laws()).expect("opened");
    opened.register.append(testing::act(testing::id(1), "per_ada", 0, 1)).expect("kept");
}

#[test]
fn another_law_in_the_folders_file_is_found_before_anything_is_worked_out_under_it() {
    let (_outer, folder, master) = made();
    let path = folder.join(CONFIG);
    let kept = std::fs::read_to_string(&path).expect("read");
    for changed in [kept.replace("\"ie\"", "\"gb-eaw\""), kept.replace("law = \"ie\"\n", "")] {
        assert_ne!(changed, kept);
        std::fs::write(&path, &changed).expect("written");
        let house = House::at(&folder).expect("a register");
        assert!(matches!(house.open(&master, testing::laws()), Err(HouseError::Mixed(_))));
    }
    std::fs::write(&path, &kept).expect("written");
    let house = House::at(&folder).expect("a register");
    house.open(&master, testing::laws()).expect("as it was").register.close();
    rusqlite::Connection::open(house.database()).and_then(|db| db.execute("DELETE FROM meta WHERE name = 'law'", [])).expect("taken away");
    assert!(matches!(house.open(&master, testing::laws()), Err(HouseError::Mixed(_))));
}

#[test]
fn a_trigger_put_into_an_open_key_store_destroys_nothing_by_halves() {
    let (_outer, folder, master) = made();
    let house = House::at(&folder).expect("a register");
    let opened = house.open(&master, testing::laws()).expect("opened");
    opened.register.append(testing::act(testing::id(1), "per_ada", 0, 1)).expect("kept");
    let thief = rusqlite::Connection::open(house.keys_path()).expect("opened");
    thief.execute_batch("CREATE TRIGGER keep BEFORE DELETE ON file_key BEGIN SELECT RAISE(IGNORE); END").expect("planted");
    assert!(opened.register.destroy("per_ada").is_err(), "it is not said to be gone");
    assert!(opened.register.keys().destroyed().expect("the list").is_empty());
    drop(opened);
    assert!(house.open(&master, testing::laws()).is_err(), "it is not opened again");
    thief.execute_batch("DROP TRIGGER keep").expect("taken away");
    house.open(&master, testing::laws()).expect("opened").register.destroy("per_ada").expect("destroyed");
}

#[test]
#[cfg(unix)]
fn a_folder_that_was_open_to_others_is_closed_when_it_becomes_a_registers() {
    use std::os::unix::fs::PermissionsExt as _;
    let outer = tempfile::tempdir().expect("a folder");
    let folder = outer.path().join("register");
    std::fs::create_dir(&folder).expect("made");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).expect("opened to all");
    let master = Master::generate(&Chance::system()).expect("random bytes");
    let house = House::create(&folder, "register.example/care", None, &master, &Chance::system()).expect("made");
    assert!(house.is_private().expect("asked"));
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o750)).expect("opened to some");
    assert!(!house.is_private().expect("asked"));
}

#[test]
#[cfg(unix)]
fn a_pipe_in_the_place_of_the_public_key_is_not_waited_for() {
    let (_outer, folder, _) = made();
    let path = folder.join(PUBLIC_KEY);
    std::fs::remove_file(&path).expect("removed");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().expect("run").success());
    assert!(matches!(House::at(&folder).expect("a register").public_key(), Err(HouseError::Io { .. })));
}

#[test]
fn a_name_in_a_backup_begins_no_line_of_what_is_said() {
    let error = HouseError::Backup(vec!["documents/a\nProved: all\u{1b}[2J was not in the backup".to_owned()]);
    for said in error.each().into_iter().chain([error.to_string()]) {
        assert!(!said.contains(char::is_control), "{said:?}");
    }
}

#[test]
fn a_key_in_both_stores_from_before_is_found_by_the_list_kept_apart() {
    let (_outer, folder, master) = made();
    let house = House::at(&folder).expect("a register");
    let opened = house.open(&master, testing::laws()).expect("opened");
    opened.register.append(testing::act(testing::id(1), "per_ada", 0, 1)).expect("kept");
    let older = folder.join("older");
    opened.register.keys().backup(&older).expect("a copy");
    opened.register.destroy("per_ada").expect("destroyed");
    let list = opened.register.keys().destroyed_text().expect("the list");
    let name = opened.register.keys().pseudonym("per_ada");
    assert!(crate::writer::not_destroyed(opened.register.keys(), &list).expect("asked").is_empty());
    drop(opened);
    let keys = Keys::open(&older, &master, Chance::system()).expect("the older store");
    assert!(crate::writer::not_destroyed(&keys, &list).expect("asked").contains(&name));
}
