//! Bytes changed in the database's file itself, below its tables: whatever is read of it is as it was, or it is said that it is not.
//!
//! `OPENWARD_FLIPS` sets how many, `OPENWARD_SEED` the seed. Deliberately absent: which table a byte is of.

use rusqlite::types::Value;

use super::{Dice, TILE, asked, trust, whole};
use crate::derived::check;
use crate::history::{HistoryError, key_of};
use crate::keys::{KeyError, Keys};
use crate::store::sqlite::Sqlite;
use crate::store::{Entries as _, FileRow};

/// Every row of every table, as text; none where it cannot be read. The boxes of files whose keys were destroyed open for nobody: nothing is read
/// of them, and nothing tells whether they are as they were. Left out is what is not on the register: drafts, the lease, and who may sign in.
fn all_rows(store: &Sqlite, keys: &Keys) -> Option<Vec<String>> {
    let db = store.raw();
    let files = store.files_after(0, 1000).ok()?;
    let is_gone = |file: &&FileRow| matches!(key_of(keys, file), Err(HistoryError::Key(KeyError::Destroyed { .. })));
    let gone: Vec<Value> = files.iter().filter(is_gone).map(|file| Value::Integer(file.id)).collect();
    let mut names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").ok()?;
    let names: Vec<String> = names.query_map([], |row| row.get(0)).ok()?.collect::<Result<_, _>>().ok()?;
    let mut rows = Vec::new();
    for name in names.iter().filter(|name| !["lease", "draft", "account", "session", "guess"].contains(&name.as_str())) {
        let mut statement = db.prepare(&format!("SELECT * FROM {name}")).ok()?;
        let width = statement.column_count();
        let read = statement.query_map([], |row| (0..width).map(|i| row.get::<_, Value>(i)).collect::<Result<Vec<_>, _>>());
        for row in read.ok()? {
            let mut row = row.ok()?;
            if name == "part" && row.first().is_some_and(|file| gone.contains(file)) {
                row.pop();
            }
            rows.push(format!("{name} {row:?}"));
        }
    }
    Some(rows)
}

#[test]
fn a_byte_changed_in_the_file_is_found_or_was_of_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = whole(folder.path(), TILE);
    let clean = folder.path().join("clean.db");
    place.store().backup(&clean).expect("copied");
    let bytes = std::fs::read(&clean).expect("read");
    let rows = all_rows(&Sqlite::open(&clean).expect("it opens"), &place.keys).expect("rows");
    let (seed, wanted) = (asked("OPENWARD_SEED", 1), asked("OPENWARD_FLIPS", 300));
    let mut dice = Dice(seed);
    let mut idle = 0;
    for number in 0..wanted {
        let (at, bit) = (dice.below(bytes.len()), dice.below(8));
        let path = folder.path().join(format!("flipped-{number}.db"));
        let mut changed = bytes.clone();
        changed[at] ^= 1 << bit;
        std::fs::write(&path, &changed).expect("written");
        if let Ok(store) = Sqlite::open(&path) {
            let verified = crate::verify::register(&store, Some(&place.keys), &trust(&place), &[]).is_ok_and(|report| report.is_clean());
            let checked = verified && check::fsck(&store, &place.keys, place.laws.as_ref()).is_ok_and(|checked| checked.is_clean());
            // What is looked at whenever a register is opened or verified from outside.
            let checked = checked && crate::writer::returned(&store, &place.keys).is_ok_and(|came_back| came_back.is_empty());
            if checked {
                idle += 1;
                assert!(
                    all_rows(&store, &place.keys).as_ref() == Some(&rows),
                    "seed {seed}: bit {bit} of byte {at} was not found, and rows differ"
                );
            }
        }
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.path().join(format!("flipped-{number}.db{ending}")));
        }
    }
    println!("{wanted} flips in {} bytes; {idle} were of nothing that is read", bytes.len());
    assert!(idle * 2 < wanted, "most of the file is in use");
}
