//! Tiles: what a log keeps at every size, proofs from them, going on after a stop, and what a check of the whole finds.

use std::collections::BTreeMap;

use openward_seal::digest::EntryHash;
use openward_seal::merkle::prove::{Tree, consistency, inclusion, root};
use openward_seal::merkle::verify::ProofError;
use openward_seal::merkle::{EMPTY_ROOT, leaf};
use openward_seal::tiles::whole::{self, Head, Wrong};
use openward_seal::tiles::{Log, LogError, Tile, TileError, Writer, bundle};
use proptest::prelude::*;

use crate::given::{kept, record};

/// Sizes at which tiles begin, fill up or get a level above.
const EDGES: &[u64] = &[255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000];

fn tree(size: u64) -> Tree {
    let mut tree = Tree::new();
    (0..size).for_each(|index| tree.push(leaf(&record(index))));
    tree
}

fn paths(size: u64) -> Vec<String> {
    kept(size).tiles.keys().map(|tile| tile.path()).collect()
}

#[test]
fn a_log_keeps_the_tiles_that_the_format_names() {
    assert_eq!(paths(0), Vec::<String>::new());
    assert_eq!(paths(1), ["tile/0/000.p/1"]);
    assert_eq!(paths(255), ["tile/0/000.p/255"]);
    assert_eq!(paths(256), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(paths(257), ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]);
    // The example of the format: 273 full tiles and one of 112 at level 0, one full and one of 17 at level 1, one of 1 at level 2.
    let seventy_thousand = paths(70_000);
    assert_eq!(seventy_thousand.iter().filter(|path| path.starts_with("tile/0/") && !path.contains(".p/")).count(), 273);
    assert_eq!(&seventy_thousand[273..], ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
}

#[test]
fn proofs_from_tiles_are_those_of_the_whole_tree_at_every_small_size() {
    let tree = tree(70);
    for size in 1..=70 {
        let kept = kept(size);
        let log = Log::new(&kept.tiles, size, kept.head.root);
        assert_eq!(Ok(kept.head.root), root(&tree, size));
        for index in 0..size {
            let path = inclusion(&tree, index, size).unwrap().unwrap();
            assert_eq!(log.inclusion(index).unwrap(), (leaf(&record(index)), path));
            let old = index + 1;
            let proof = consistency(&tree, old, size).unwrap().unwrap();
            assert_eq!(log.consistency(old, &root(&tree, old).unwrap()).unwrap(), proof);
        }
        assert_eq!(log.consistency(0, &EMPTY_ROOT), Ok(Vec::new()));
    }
}

#[test]
fn proofs_from_tiles_are_right_where_tiles_begin_and_end() {
    let tree = tree(66_000);
    for size in EDGES {
        let kept = kept(*size);
        let log = Log::new(&kept.tiles, *size, kept.head.root);
        for at in EDGES.iter().chain(&[1, 2, 300, 1000, 65_000]).filter(|at| *at <= size) {
            let path = inclusion(&tree, at - 1, *size).unwrap().unwrap();
            assert_eq!(log.inclusion(at - 1).unwrap().1, path, "{at} of {size}");
            let proof = consistency(&tree, *at, *size).unwrap().unwrap();
            assert_eq!(log.consistency(*at, &root(&tree, *at).unwrap()).unwrap(), proof, "{at} to {size}");
            assert_eq!(log.root_at(*at), Ok(root(&tree, *at).unwrap()));
        }
    }
}

#[test]
fn an_older_log_is_read_from_the_tiles_of_a_newer_one() {
    let old = kept(300);
    let mut tiles = kept(70_000).tiles;
    // The partial tiles of the older log are gone, as the format allows; the full ones stand in.
    let log = Log::new(&tiles, 300, old.head.root);
    assert_eq!(log.inclusion(299).unwrap().0, leaf(&record(299)));
    tiles.remove(&Tile::hashes(0, 1, 256).unwrap());
    let log = Log::new(&tiles, 300, old.head.root);
    assert_eq!(log.inclusion(299), Err(LogError::Tile(TileError::Missing(Tile::hashes(0, 1, 44).unwrap()))));
}

#[test]
fn no_proof_is_given_that_does_not_check() {
    let mut damaged = kept(300);
    damaged.tiles.get_mut(&Tile::hashes(0, 1, 44).unwrap()).unwrap()[0] ^= 1;
    let log = Log::new(&damaged.tiles, 300, damaged.head.root);
    assert_eq!(log.inclusion(299), Err(LogError::Proof(ProofError::Root)));
    assert_eq!(log.inclusion(300), Err(LogError::Proof(ProofError::NoSuchLeaf { index: 300, size: 300 })));
    let other = kept(200).head.root;
    assert_eq!(log.consistency(199, &other), Err(LogError::Proof(ProofError::OldRoot)));
    assert_eq!(log.consistency(301, &other), Err(LogError::Proof(ProofError::OldIsLarger { old: 301, new: 300 })));
}

#[test]
fn a_writer_goes_on_from_any_size() {
    for size in (0..=70).chain([255, 256, 257, 65_535, 65_536, 65_537]) {
        let kept = kept(size);
        let mut writer = Writer::resume(&kept.tiles, size).unwrap();
        assert_eq!((writer.size(), writer.root()), (size, kept.head.root), "{size}");
        let mut all = kept.tiles;
        (size..size + 300).for_each(|index| assert_eq!(writer.append(&record(index)), index));
        all.extend(writer.take());
        let whole = crate::given::kept(size + 300);
        assert_eq!(writer.root(), whole.head.root);
        // The tiles that were partial in between are kept beside the rest.
        assert!(whole.tiles.iter().all(|(tile, bytes)| all.get(tile) == Some(bytes)), "{size}");
        assert_eq!(whole::check(&all, whole.head, &[kept.head], |_, _| {}), Ok(()));
    }
}

#[test]
fn a_writer_does_not_go_on_without_its_tiles() {
    let mut kept = kept(300);
    let tile = Tile::hashes(0, 1, 44).unwrap();
    kept.tiles.get_mut(&tile).unwrap().push(0);
    assert_eq!(Writer::resume(&kept.tiles, 300), Err(TileError::Length(tile, 44 * 32 + 1)));
    kept.tiles.remove(&tile);
    assert_eq!(Writer::resume(&kept.tiles, 300), Err(TileError::Missing(tile)));
}

#[test]
fn a_check_of_the_whole_shows_every_leaf_and_names_what_is_wrong() {
    let good = kept(70_000);
    let olders: Vec<Head> = [0, 1, 256, 300, 65_536, 70_000].map(|size| kept(size).head).to_vec();
    let mut next = 0;
    let seen = |index, hash| {
        assert_eq!((index, hash), (next, leaf(&record(next))));
        next += 1;
    };
    assert_eq!(whole::check(&good.tiles, good.head, &olders, seen), Ok(()));
    assert_eq!(next, 70_000);
    let check = |tiles: &BTreeMap<_, _>, head, older: &[Head]| whole::check(tiles, head, older, |_, _| {});

    // Leaf 1000 lies in the fourth tile of leaves, which covers 768 to 1023.
    let mut bad = good.clone();
    bad.tiles.get_mut(&Tile::hashes(0, 3, 256).unwrap()).unwrap()[(1000 - 768) * 32] ^= 1;
    let above = Tile::hashes(1, 0, 256).unwrap();
    assert_eq!(check(&bad.tiles, bad.head, &[]), Err(Wrong::Leaves { tile: above, from: 768, to: 1023 }));

    // In the last partial tile no tile above speaks; the root does.
    let mut bad = good.clone();
    bad.tiles.get_mut(&Tile::hashes(0, 273, 112).unwrap()).unwrap()[0] ^= 1;
    assert_eq!(check(&bad.tiles, bad.head, &[]), Err(Wrong::Root { size: 70_000 }));

    // A log that was grown from another beginning is consistent in itself, and an older head finds it.
    let other = Head { size: 300, root: kept(299).head.root };
    assert_eq!(check(&good.tiles, good.head, &[other]), Err(Wrong::Older { size: 300 }));
    let empty = Head { size: 0, root: other.root };
    assert_eq!(check(&good.tiles, good.head, &[empty]), Err(Wrong::Older { size: 0 }));
    let shorter = kept(300);
    assert_eq!(check(&shorter.tiles, shorter.head, &[good.head]), Err(Wrong::Shrunk { older: 70_000, size: 300 }));
}

#[test]
fn bundles_hold_the_records_of_the_leaves() {
    let mut kept = kept(300);
    let records: Vec<EntryHash> = (0..300).map(record).collect();
    let last = Tile::entries(1, 44).unwrap();
    kept.tiles.insert(Tile::entries(0, 256).unwrap(), bundle(&records[..256]));
    assert_eq!(whole::check_bundles(&kept.tiles, 300), Err(Wrong::Tile(TileError::Missing(last))));
    kept.tiles.insert(last, bundle(&records[256..]));
    assert_eq!(whole::check_bundles(&kept.tiles, 300), Ok(()));
    let whole = kept.tiles.insert(last, bundle(&records[256..299])).unwrap();
    assert_eq!(whole::check_bundles(&kept.tiles, 300), Err(Wrong::Tile(TileError::Length(last, 43 * 34))));
    kept.tiles.insert(last, whole);
    kept.tiles.get_mut(&last).unwrap()[2 + 34] ^= 1;
    assert_eq!(whole::check_bundles(&kept.tiles, 300), Err(Wrong::Record { bundle: last, index: 257 }));
}

proptest! {
    // A quarter of the usual number, which `PROPTEST_CASES` sets: each case builds a whole log.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 4))]

    #[test]
    fn every_flipped_bit_in_a_tile_is_found(size in 1u64..1200, pick in any::<usize>(), bit in any::<usize>()) {
        let mut kept = kept(size);
        let tile = *kept.tiles.keys().nth(pick % kept.tiles.len()).unwrap();
        let bytes = kept.tiles.get_mut(&tile).unwrap();
        let at = bit % (bytes.len() * 8);
        bytes[at / 8] ^= 1 << (at % 8);
        let found = whole::check(&kept.tiles, kept.head, &[], |_, _| {});
        prop_assert!(found.is_err());
    }

    #[test]
    fn every_removed_tile_is_found(size in 1u64..1200, pick in any::<usize>()) {
        let mut kept = kept(size);
        let tile = *kept.tiles.keys().nth(pick % kept.tiles.len()).unwrap();
        kept.tiles.remove(&tile);
        prop_assert_eq!(whole::check(&kept.tiles, kept.head, &[], |_, _| {}), Err(Wrong::Tile(TileError::Missing(tile))));
    }
}
