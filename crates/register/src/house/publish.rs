//! The public log as a folder: tiles under their paths, and the checkpoint, written last. Whoever serves files can serve it.
//!
//! A folder that is there is made longer, never shorter, and never made another log. Deliberately absent: entries, names, and anything else
//! that is not public.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use openward_seal::checkpoint::Trust;
use openward_seal::tiles::whole::Head;
use openward_seal::tiles::{HEIGHT, Log, Tile, WIDTH};

use super::HouseError;
use crate::disk;
use crate::sealer::{self, Tiles};
use crate::store::Store;

/// The file of the checkpoint.
const CHECKPOINT: &str = "checkpoint";

/// What was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// How many entries the log in the folder had.
    pub before: u64,
    /// How many it has.
    pub size: u64,
    /// How many tiles were written.
    pub tiles: u64,
}

/// Writes the log as of its newest checkpoint.
///
/// # Errors
/// A folder with a log that is not the beginning of this one, trouble of the store, or a disk that does not take it.
pub fn publish<S: Store>(store: &S, trust: &Trust, to: &Path) -> Result<Published, HouseError> {
    store.begin_reading()?;
    let done = within(store, trust, to);
    store.end_reading()?;
    done
}

fn within<S: Store>(store: &S, trust: &Trust, to: &Path) -> Result<Published, HouseError> {
    let Some((row, head)) = sealer::newest(store, trust)? else {
        return Err(HouseError::Found(vec!["the log has no checkpoint yet; nothing was published".to_owned()]));
    };
    let tiles = Tiles(store);
    let log = Log::new(&tiles, head.size, head.root);
    let before = there(trust, to)?;
    if let Some(older) = before {
        let grown = log.consistency(older.size, &older.root);
        grown.map_err(|error| HouseError::Found(vec![format!("the log in {} is not the beginning of this one: {error}", to.display())]))?;
    }
    let before = before.map_or(0, |older| older.size);
    let mut written = 0;
    let mut folders = BTreeSet::new();
    for level in 0..=u8::try_from((u64::BITS - 1) / HEIGHT).unwrap_or(0) {
        let wide = |size: u64| size.checked_shr(HEIGHT * u32::from(level)).unwrap_or(0);
        // Full tiles never change. Those of the older checkpoint should be there; a disk that was copied in part, or lost power, may lack some.
        for index in 0..=wide(head.size) / WIDTH {
            let width = u16::try_from((wide(head.size) - index * WIDTH).min(WIDTH)).unwrap_or(0);
            if let Some(tile) = Tile::hashes(level, index, width) {
                written += u64::from(put(store, tile, to)?);
                folders.extend(folders_of(tile, to));
            }
        }
    }
    // The disk has every name on the way to every tile before it has the checkpoint that needs them, whoever made the folders, and when.
    for folder in &folders {
        disk::sync_folder(folder).map_err(HouseError::io(folder))?;
    }
    let path = to.join(CHECKPOINT);
    public(&path, &row.note).map_err(HouseError::io(&path))?;
    Ok(Published { before, size: head.size, tiles: written })
}

/// The head of the log that is in the folder.
fn there(trust: &Trust, to: &Path) -> Result<Option<Head>, HouseError> {
    let path = to.join(CHECKPOINT);
    match disk::read(&path, 1 << 20) {
        Ok(note) => match trust.open(&note) {
            Ok(vouched) => Ok(Some(vouched.head())),
            Err(error) => Err(HouseError::Found(vec![format!("{}: {error}", path.display())])),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(HouseError::Io { path, error }),
    }
}

/// The folders that hold a tile's name and theirs: from the one in which the log's folder stands down to the tile's own.
fn folders_of(tile: Tile, to: &Path) -> Vec<PathBuf> {
    let within = Path::new(&tile.path()).ancestors().skip(1).map(|folder| to.join(folder)).collect::<Vec<_>>();
    within.into_iter().chain(to.parent().map(Path::to_owned)).collect()
}

/// Writes a tile unless it is there whole; says whether it did.
fn put<S: Store>(store: &S, tile: Tile, to: &Path) -> Result<bool, HouseError> {
    let path = to.join(tile.path());
    match std::fs::metadata(&path) {
        Ok(found) if found.len() == u64::from(tile.width()) * 32 => return Ok(false),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(HouseError::Io { path, error }),
        Ok(_) | Err(_) => {}
    }
    let bytes = store.tile(tile)?.ok_or_else(|| HouseError::Found(vec![format!("{} is missing from the register", tile.path())]))?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(HouseError::io(folder))?;
    }
    public(&path, &bytes).map_err(HouseError::io(&path))?;
    Ok(true)
}

/// Writes a file that everybody may read, whole or not at all.
fn public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = disk::ending(path, ".new");
    let mut file = std::fs::File::create(&new)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    disk::sync_name(path)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use openward_seal::tiles::{Source, whole};

    use super::*;
    use crate::testing::{Place, act, id};

    struct Folder(PathBuf);

    impl Source for Folder {
        type Error = io::Error;
        fn read(&self, tile: Tile) -> Result<Option<Vec<u8>>, io::Error> {
            let path = self.0.join(tile.path());
            if path.exists() { std::fs::read(path).map(Some) } else { Ok(None) }
        }
    }

    fn grown(place: &Place, acts: std::ops::Range<u64>) {
        let register = place.register();
        for n in acts {
            register.append(act(id(n), &format!("per_{n}"), 0, 100)).expect("kept");
        }
        register.close();
    }

    #[test]
    fn what_is_published_verifies_alone_and_only_grows() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let to = folder.path().join("public");
        let mut before = 0;
        for (acts, tiles) in [(0..1, 1), (1..4, 3), (4..4, 0)] {
            grown(&place, acts.clone());
            let done = publish(&place.store(), &place.trust(), &to).expect("published");
            assert_eq!(done, Published { before, size: acts.end * 100, tiles });
            before = done.size;
            let note = std::fs::read(to.join(CHECKPOINT)).expect("a checkpoint");
            let head = place.trust().open(&note).expect("signed").head();
            let mut leaves = 0;
            whole::check(&Folder(to.clone()), head, &[], |_, _| leaves += 1).expect("all of it fits");
            assert_eq!(leaves, done.size);
        }
    }

    #[test]
    fn a_tile_that_was_lost_or_cut_is_written_again_however_old_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let to = folder.path().join("public");
        grown(&place, 0..6);
        publish(&place.store(), &place.trust(), &to).expect("published");
        std::fs::remove_file(to.join("tile/0/000")).expect("removed");
        std::fs::write(to.join("tile/0/001"), [7; 31]).expect("cut");
        grown(&place, 6..7);
        let done = publish(&place.store(), &place.trust(), &to).expect("published");
        assert_eq!(done, Published { before: 600, size: 700, tiles: 3 }, "the two, and the new edge");
        let head = place.trust().open(&std::fs::read(to.join(CHECKPOINT)).expect("read")).expect("signed").head();
        whole::check(&Folder(to), head, &[], |_, _| {}).expect("all of it fits");
    }

    #[test]
    fn every_folder_on_the_way_to_a_tile_is_synced() {
        let tile = Tile::hashes(0, 1_234_067, 256).expect("a tile");
        let paths = ["log/tile/0/x001/x234", "log/tile/0/x001", "log/tile/0", "log/tile", "log", ""].map(PathBuf::from);
        assert_eq!(folders_of(tile, Path::new("log")).iter().map(|path| path.components().collect()).collect::<Vec<PathBuf>>(), paths);
    }

    #[test]
    fn a_log_that_is_not_the_beginning_of_this_one_is_not_written_over() {
        let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let (place, other) = (Place::create(one.path()), Place::create(two.path()));
        grown(&place, 0..1);
        grown(&other, 1..3);
        let to = one.path().join("public");
        publish(&other.store(), &other.trust(), &to).expect("published");
        let before = std::fs::read(to.join(CHECKPOINT)).expect("a checkpoint");
        assert!(matches!(publish(&place.store(), &place.trust(), &to), Err(HouseError::Found(_))));
        grown(&place, 1..4);
        assert!(matches!(publish(&place.store(), &place.trust(), &to), Err(HouseError::Found(_))));
        assert_eq!(std::fs::read(to.join(CHECKPOINT)).expect("a checkpoint"), before);
    }
}
