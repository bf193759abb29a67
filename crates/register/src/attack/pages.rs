//! Bytes changed in the database's file itself, below its tables: whatever is read of it is as it was, or it is said that it is not.
//!
//! `OPENWARD_FLIPS` sets how many, `OPENWARD_SEED` the seed. Deliberately absent: which table a byte is of.

use super::{Dice, TILE, asked, trust, whole};
use crate::derived::check;
use crate::store::sqlite::Sqlite;

/// Every row of every table, as text; none where it cannot be read.
fn all_rows(store: &Sqlite) -> Option<Vec<String>> {
    let db = store.raw();
    let mut names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").ok()?;
    let names: Vec<String> = names.query_map([], |row| row.get(0)).ok()?.collect::<Result<_, _>>().ok()?;
    let mut rows = Vec::new();
    for name in names.iter().filter(|name| !["lease", "draft"].contains(&name.as_str())) {
        let mut statement = db.prepare(&format!("SELECT * FROM {name}")).ok()?;
        let width = statement.column_count();
        let read =
            statement.query_map([], |row| (0..width).map(|i| row.get::<_, rusqlite::types::Value>(i)).collect::<Result<Vec<_>, _>>());
        for row in read.ok()? {
            rows.push(format!("{name} {:?}", row.ok()?));
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
    let rows = all_rows(&Sqlite::open(&clean).expect("it opens")).expect("rows");
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
            if checked {
                idle += 1;
                assert!(all_rows(&store).as_ref() == Some(&rows), "seed {seed}: bit {bit} of byte {at} was not found, and rows differ");
            }
        }
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.path().join(format!("flipped-{number}.db{ending}")));
        }
    }
    println!("{wanted} flips in {} bytes; {idle} were of nothing that is read", bytes.len());
    assert!(idle * 2 < wanted, "most of the file is in use");
}
