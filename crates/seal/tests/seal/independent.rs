//! Agreement in both directions with readers that others wrote: what we write they accept, and what they write we accept.
//!
//! `tlog_tiles` and `signed_note` are ports of the first writers' own code. They share nothing with ours but the published formats.

use std::collections::BTreeMap;

use openward_seal::checkpoint::{Checkpoint, Trust};
use openward_seal::digest::NodeHash;
use openward_seal::merkle::{leaf, verify};
use openward_seal::note::Note;
use openward_seal::note::key::{PublicKey, SecretKey};
use openward_seal::tiles::whole::Head;
use openward_seal::tiles::{Log, Tile};
use signed_note::{Signer as _, StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::{Error, Hash, HashReader, TileHashReader, TileReader};

use crate::given::{ORIGIN, kept, log_key, record, signed, trust};

const SIZES: &[u64] = &[1, 2, 3, 7, 8, 70, 255, 256, 257, 300, 511, 512, 513, 1000];
const LARGE: &[u64] = &[65_535, 65_536, 65_537, 70_000];

/// Our tiles, read by their code under their names.
struct Ours<'a>(&'a BTreeMap<Tile, Vec<u8>>);

impl TileReader for Ours<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, Error> {
        tiles.iter().map(|tile| self.0.get(&ours(tile)).cloned().ok_or(Error::InvalidTile)).collect()
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

/// Their paths hold the height of a tile, which is fixed in the published format and left out there.
fn ours(tile: &tlog_tiles::Tile) -> Tile {
    Tile::parse(&tile.path().replace("tile/8/", "tile/")).unwrap()
}

fn theirs(hash: &NodeHash) -> Hash {
    Hash(*hash.as_bytes())
}

fn their_path(path: &[NodeHash]) -> Vec<Hash> {
    path.iter().map(theirs).collect()
}

fn our_path(path: &[Hash]) -> Vec<NodeHash> {
    path.iter().map(|hash| NodeHash::from_bytes(hash.0)).collect()
}

#[test]
fn their_reader_takes_our_tiles_and_each_side_takes_the_others_proofs() {
    for size in SIZES.iter().chain(LARGE) {
        let kept = kept(*size);
        let root = theirs(&kept.head.root);
        let tiles = Ours(&kept.tiles);
        // Their reader checks every tile that it uses against the root.
        let reader = TileHashReader::new(*size, root, &tiles);
        assert_eq!(tlog_tiles::tree_hash(*size, &reader).unwrap(), root, "{size}");
        let log = Log::new(&kept.tiles, *size, kept.head.root);
        let step = (*size / 50).max(1);
        for index in (0..*size).step_by(usize::try_from(step).unwrap()).chain([*size - 1]) {
            let (own, path) = log.inclusion(index).unwrap();
            assert_eq!(own, leaf(&record(index)));
            tlog_tiles::check_record(&their_path(&path), *size, root, index, tlog_tiles::record_hash(record(index).as_bytes())).unwrap();
            let proof = tlog_tiles::prove_record(*size, index, &reader).unwrap();
            assert_eq!(verify::inclusion(&own, index, *size, &our_path(&proof), &kept.head.root), Ok(()), "{index} of {size}");

            let old = index + 1;
            let old_root = log.root_at(old).unwrap();
            let path = log.consistency(old, &old_root).unwrap();
            let proof = tlog_tiles::prove_tree(*size, old, &reader).unwrap();
            // RFC 9162 has an empty proof between equal trees, and so have both of us.
            tlog_tiles::check_tree(&their_path(&path), *size, root, old, theirs(&old_root)).unwrap();
            assert_eq!(verify::consistency(old, &old_root, *size, &kept.head.root, &our_path(&proof)), Ok(()), "{old} to {size}");
        }
    }
}

#[test]
fn both_name_the_same_tiles_for_every_size() {
    for size in SIZES.iter().chain(LARGE) {
        let mut names: Vec<Tile> = tlog_tiles::Tile::new_tiles(8, 0, *size).iter().map(ours).collect();
        names.sort();
        let own: Vec<Tile> = kept(*size).tiles.into_keys().collect();
        assert_eq!(own, names, "{size}");
    }
}

/// The hashes of a log as their code keeps them, grown by their code.
#[derive(Default)]
struct Theirs(Vec<Hash>);

impl HashReader for Theirs {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        indexes.iter().map(|at| self.0.get(usize::try_from(*at).unwrap()).copied().ok_or(Error::IndexesNotInTree)).collect()
    }
}

#[test]
fn tiles_that_their_code_makes_are_byte_for_byte_ours() {
    let mut grown = Theirs::default();
    for size in 1..=600 {
        let hashes = tlog_tiles::stored_hashes(size - 1, record(size - 1).as_bytes(), &grown).unwrap();
        grown.0.extend(hashes);
        if size % 7 == 0 || (250..260).contains(&size) {
            let made: BTreeMap<Tile, Vec<u8>> =
                tlog_tiles::Tile::new_tiles(8, 0, size).iter().map(|tile| (ours(tile), tile.read_data(&grown).unwrap())).collect();
            assert_eq!(made, kept(size).tiles, "{size}");
        }
    }
}

#[test]
fn their_reader_takes_our_keys_notes_and_checkpoints() {
    let note = signed(kept(70).head).to_string();
    let read = signed_note::Note::from_bytes(note.as_bytes()).unwrap();
    let verifier = StandardVerifier::new(&log_key().public().to_string()).unwrap();
    let (by, unknown) = read.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((by.len(), unknown.len()), (1, 0));
    let checkpoint = tlog_tiles::Checkpoint::from_reader(&mut note.as_bytes(), false).unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size()), (ORIGIN, 70));
    assert_eq!(*checkpoint.hash(), theirs(&kept(70).head.root));

    // Their signer with our secret key makes the very same note.
    let signer = StandardSigner::new(&log_key().text()).unwrap();
    let mut again = signed_note::Note::new(read.text(), &[]).unwrap();
    again.add_sigs(&[&signer]).unwrap();
    assert_eq!(again.to_bytes(), note.as_bytes());
}

#[test]
fn we_take_their_keys_notes_and_checkpoints() {
    let size = 513;
    let kept = kept(size);
    let checkpoint = tlog_tiles::Checkpoint::new(ORIGIN, size, theirs(&kept.head.root), "").unwrap();
    let text = checkpoint.to_bytes();
    let signer = StandardSigner::new(&log_key().text()).unwrap();
    assert_eq!(signer.name(), ORIGIN);
    let mut note = signed_note::Note::new(&text, &[]).unwrap();
    note.add_sigs(&[&signer]).unwrap();
    let vouched = trust().open(&note.to_bytes()).unwrap();
    assert_eq!(vouched.head(), kept.head);

    // The id of a key, by their count: kind and bytes after the name.
    let public = log_key().public().clone();
    let bytes: Vec<u8> = std::iter::once(1).chain(public.to_bytes()).collect();
    assert_eq!(signed_note::key_id(ORIGIN, &bytes).to_be_bytes(), public.id());
    assert_eq!(PublicKey::parse(&public.to_string()), Ok(public));
}

#[test]
fn a_note_with_signatures_of_many_is_read_alike() {
    let head = Head { size: 1, root: kept(1).head.root };
    let mut note = Checkpoint::new(ORIGIN, head).unwrap().sign(&log_key()).unwrap();
    for number in 0..15u8 {
        let other = SecretKey::from_seed(&format!("other.example/{number}"), &[100 + number; 32]).unwrap();
        note.sign(&other);
    }
    let text = note.to_string();
    assert_eq!(Note::parse(text.as_bytes()).unwrap().signatures().len(), 16);
    let read = signed_note::Note::from_bytes(text.as_bytes()).unwrap();
    let verifier = StandardVerifier::new(&log_key().public().to_string()).unwrap();
    let (by, unknown) = read.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((by.len(), unknown.len()), (1, 15));
    assert!(Trust::new(vec![log_key().public().clone()]).unwrap().open(text.as_bytes()).is_ok());
}

/// Both refuse the same malformed notes.
#[test]
fn malformed_notes_are_refused_by_both() {
    let good = signed(kept(3).head).to_string();
    let line = good.lines().last().unwrap().to_owned();
    let cases = [
        String::new(),
        good.trim_end().to_owned(),
        good.replace("\n\n", "\n"),
        good.replace('—', "-"),
        good.replace('\u{2014}', "\u{2013}"),
        format!("{good}\n"),
        format!("{good}x\n"),
        good.replace(&line, &line.replace(ORIGIN, "")),
        good.replace(&line, &line.replace(ORIGIN, "a+b")),
        good.replace(&line, &format!("{line}=")),
        good.replace(ORIGIN, "a\tb"),
        good.replace(ORIGIN, "a\rb"),
    ];
    for case in cases {
        assert!(Note::parse(case.as_bytes()).is_err(), "{case:?}");
        assert!(signed_note::Note::from_bytes(case.as_bytes()).is_err(), "{case:?}");
    }
    assert!(Note::parse(&[0xff]).is_err());
}
