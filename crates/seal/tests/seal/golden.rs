//! The golden files: every format byte for byte, written by `golden/make.py` without any code of ours.
//!
//! A format that was in use never changes. A test here that fails says that it did.

use std::collections::BTreeMap;

use openward_seal::canon;
use openward_seal::chain::{Chain, FileTag};
use openward_seal::check::{Check, Entry, Known, Opened};
use openward_seal::checkpoint::{Checkpoint, Trust};
use openward_seal::digest::{EntryHash, NodeHash, PartHash};
use openward_seal::merkle::{leaf, leaf_of, prove};
use openward_seal::note::key::{PublicKey, SecretKey, WitnessKey};
use openward_seal::part::{self, Salt};
use openward_seal::receipt::{Acknowledgement, Receipt, Stage};
use openward_seal::tiles::{Tile, Writer, bundle, read_bundle};
use openward_seal::witness::Request;
use sha2::{Digest as _, Sha256};

use crate::given::{AT, ORIGIN};

const KEYS: &str = include_str!("../golden/keys.txt");
const CHAIN: &str = include_str!("../golden/chain.txt");
const OLDER: &str = include_str!("../golden/checkpoint-older.txt");
const CHECKPOINT: &str = include_str!("../golden/checkpoint.txt");
const WITNESSED: &str = include_str!("../golden/checkpoint-witnessed.txt");
const FIRST: &str = include_str!("../golden/receipt-first.txt");
const RECEIPT: &str = include_str!("../golden/receipt.tlog-proof");
const CONSISTENCY: &str = include_str!("../golden/consistency.txt");

fn record(index: u64) -> EntryHash {
    EntryHash::from_bytes(Sha256::digest(format!("golden entry {index}")).into())
}

/// A seed of thirty-two bytes, which the golden files make of a name.
fn seed(name: &str) -> [u8; 32] {
    Sha256::digest(name).into()
}

fn log_key() -> SecretKey {
    SecretKey::from_seed(ORIGIN, &seed("golden log key")).unwrap()
}

fn witness_key() -> WitnessKey {
    WitnessKey::from_seed("witness.example/one", &seed("golden witness key")).unwrap()
}

fn trust() -> Trust {
    Trust::new(vec![log_key().public().clone()]).unwrap().with_witnesses(vec![witness_key().public().clone()], 1).unwrap()
}

/// The log of the golden receipt: eight leaves, of which number 5 is the third entry of the golden chain.
fn log() -> prove::Tree {
    let mut tree = prove::Tree::new();
    (0..8).for_each(|index| tree.push(leaf(&if index == 5 { entry() } else { record(index) })));
    tree
}

fn entry() -> EntryHash {
    let text = CHAIN.lines().find_map(|line| line.strip_prefix("entry 3 ")).unwrap();
    EntryHash::from_base64(text).unwrap()
}

#[test]
fn keys_are_written_and_read_so() {
    let [public, secret, witness, witness_secret] = KEYS.lines().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(log_key().public().to_string(), public);
    assert_eq!(*log_key().text(), secret);
    assert_eq!(witness_key().public().to_string(), witness);
    assert_eq!(*witness_key().text(), witness_secret);
    assert_eq!(PublicKey::parse(witness).as_ref(), Ok(witness_key().public()));
    assert_eq!(SecretKey::parse(secret).unwrap().public(), log_key().public());
    assert_eq!(WitnessKey::parse(witness_secret).unwrap().public(), witness_key().public());
}

#[test]
fn parts_and_entries_hash_so() {
    let mut lines = CHAIN.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let file = FileTag::from_hex(lines.next().unwrap()[1]).unwrap();
    let mut chain = Chain::new(file);
    let known = Known::default();
    let mut check = Check::new(file, &known);
    let mut parts: Vec<(Salt, Vec<u8>, PartHash)> = Vec::new();
    for line in lines {
        match *line.as_slice() {
            ["part", _, index, salt, bytes, hash] => {
                let salt = Salt::from_bytes(*NodeHash::from_base64(salt).unwrap().as_bytes());
                let bytes = decoded(bytes);
                assert_eq!(part::hash(&salt, &bytes), PartHash::from_base64(hash).unwrap());
                assert_eq!(index.parse(), Ok(parts.len()));
                parts.push((salt, bytes, PartHash::from_base64(hash).unwrap()));
            }
            ["entry", n, hash] => {
                let hashes: Vec<PartHash> = parts.iter().map(|(_, _, hash)| *hash).collect();
                let appended = chain.append(&hashes).unwrap();
                assert_eq!((Ok(appended.n), Some(appended.hash)), (n.parse(), EntryHash::from_base64(hash)));
                let opened: Vec<Opened<'_>> =
                    parts.iter().enumerate().map(|(part, (salt, bytes, _))| Opened { part, salt: *salt, bytes }).collect();
                let (prev, hash) = (appended.prev, appended.hash);
                check.entry(&Entry { file, n: appended.n, prev, hash, parts: &hashes, opened: &opened });
                parts.clear();
            }
            _ => panic!("{line:?}"),
        }
    }
    let report = check.finish();
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.length, report.parts_opened), (3, 7));
}

fn decoded(text: &str) -> Vec<u8> {
    use base64ct::{Base64, Encoding as _};
    Base64::decode_vec(text).unwrap()
}

/// Roots and paths are pymerkle's, proofs of consistency the definition's.
#[test]
fn roots_and_proofs_are_those_of_others() {
    for text in [include_str!("../golden/proofs-small.txt"), include_str!("../golden/proofs-large.txt")] {
        let mut tree = prove::Tree::new();
        (0..65_537).for_each(|index| tree.push(leaf(&record(index))));
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let number = |at: usize| words[at].parse::<u64>().unwrap();
            let path = match words[0] {
                "root" => {
                    assert_eq!(prove::root(&tree, number(1)).unwrap().to_string(), words[2], "{line}");
                    continue;
                }
                "inclusion" => prove::inclusion(&tree, number(1), number(2)),
                "consistency" => prove::consistency(&tree, number(1), number(2)),
                _ => panic!("{line}"),
            };
            let path = path.unwrap().unwrap();
            let bytes: Vec<u8> = path.iter().flat_map(|hash| *hash.as_bytes()).collect();
            assert_eq!(number(3), path.len() as u64, "{line}");
            assert_eq!(NodeHash::from_bytes(Sha256::digest(bytes).into()).to_string(), words[4], "{line}");
        }
    }
}

#[test]
fn checkpoints_are_written_signed_and_witnessed_so() {
    for (size, text) in [(3, OLDER), (8, CHECKPOINT)] {
        let head = openward_seal::tiles::whole::Head { size, root: prove::root(&log(), size).unwrap() };
        assert_eq!(Checkpoint::new(ORIGIN, head).unwrap().sign(&log_key()).unwrap().to_string(), text);
    }
    let mut note = openward_seal::note::Note::parse(CHECKPOINT.as_bytes()).unwrap();
    let signature = note.cosignature(&witness_key(), AT);
    note.add(signature);
    assert_eq!(note.to_string(), WITNESSED);
    let vouched = trust().open(WITNESSED.as_bytes()).unwrap();
    assert_eq!((vouched.head().size, vouched.witnesses()[0].at), (8, AT));
}

#[test]
fn receipts_of_both_stages_are_written_and_read_so() {
    let file = FileTag::from_bytes(std::array::from_fn(|index| index as u8));
    let acknowledgement = Acknowledgement { origin: ORIGIN.to_owned(), file, n: 3, entry: entry(), at: AT };
    let first = acknowledgement.sign(&log_key()).unwrap();
    assert_eq!(first.to_string(), FIRST);
    let path = prove::inclusion(&log(), 5, 8).unwrap().unwrap();
    let checkpoint = openward_seal::note::Note::parse(WITNESSED.as_bytes()).unwrap();
    assert_eq!(Receipt { acknowledgement: first, index: 5, path, checkpoint }.to_string(), RECEIPT);

    let Ok(Stage::Logged(proved)) = openward_seal::receipt::open(RECEIPT.as_bytes(), &trust()) else { panic!() };
    assert_eq!((proved.acknowledgement, proved.index), (acknowledgement.clone(), 5));
    assert_eq!(openward_seal::receipt::open(FIRST.as_bytes(), &trust()), Ok(Stage::Acknowledged(acknowledgement)));
}

#[test]
fn a_proof_of_consistency_and_a_request_to_a_witness_are_written_and_read_so() {
    let proof = prove::consistency(&log(), 3, 8).unwrap().unwrap();
    let checkpoint = openward_seal::note::Note::parse(CHECKPOINT.as_bytes()).unwrap();
    let request = Request { old: 3, proof, checkpoint };
    assert_eq!(request.to_string(), CONSISTENCY);
    assert_eq!(Request::parse(CONSISTENCY.as_bytes()).as_ref(), Ok(&request));
    let log_alone = Trust::new(vec![log_key().public().clone()]).unwrap();
    let (older, newer) = (log_alone.open(OLDER.as_bytes()).unwrap(), log_alone.open(CHECKPOINT.as_bytes()).unwrap());
    assert_eq!(newer.follows(&older, &request.proof), Ok(()));
}

#[test]
fn tiles_and_bundles_are_written_so() {
    let mut writer = Writer::new();
    (0..300).for_each(|index| _ = writer.append(&record(index)));
    let tiles: BTreeMap<String, Vec<u8>> = writer.take().into_iter().map(|(tile, bytes)| (tile.path(), bytes)).collect();
    let expected: [(&str, &[u8]); 3] = [
        ("tile/0/000", include_bytes!("../golden/tile-0-000.bin")),
        ("tile/0/001.p/44", include_bytes!("../golden/tile-0-001.p-44.bin")),
        ("tile/1/000.p/1", include_bytes!("../golden/tile-1-000.p-1.bin")),
    ];
    assert_eq!(tiles, expected.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect());
    let records: Vec<EntryHash> = (256..300).map(record).collect();
    let golden = include_bytes!("../golden/tile-entries-001.p-44.bin");
    assert_eq!(Tile::entries(1, 44).unwrap().path(), "tile/entries/001.p/44");
    assert_eq!(bundle(&records), golden);
    assert_eq!(read_bundle(golden), Some(records));
    assert_eq!(leaf(&record(0)), leaf_of(record(0).as_bytes()));
}

#[test]
fn canonical_json_is_written_and_read_so() {
    let golden = include_str!("../golden/canon.json");
    let value = canon::read(golden.as_bytes()).unwrap();
    assert_eq!(canon::write(&value), golden);
    // The order of the names is that of the sorting example in RFC 8785, section 3.2.3, with `list` among them.
    let canon::Value::Object(members) = value else { panic!() };
    let mut at: Vec<(usize, &String)> =
        members.keys().map(|name| (golden.find(&canon::write(&canon::Value::Text(name.clone()))).unwrap(), name)).collect();
    at.sort();
    let names: Vec<&str> = at.into_iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["\r", "1", "list", "\u{80}", "\u{f6}", "\u{20ac}", "\u{1f600}", "\u{fb33}"]);
}
