//! Many proofs and many split views: what others wrote takes each proof, and whoever holds one older checkpoint finds each second history.
//!
//! `OPENWARD_PROOFS` sets how many, `OPENWARD_SEED` the seed. With `OPENWARD_PROOFS_TO` the proofs are written there as JSON lines, so that a
//! program in another language can check them too (`cargo xtask prove`). Deliberately absent: formats, which `golden` holds.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use openward_seal::checkpoint::Disagreement;
use openward_seal::digest::NodeHash;
use openward_seal::merkle::{leaf, verify};
use openward_seal::tiles::whole::Head;
use openward_seal::tiles::{Log, Tile, Writer};
use openward_seal::witness::{Refusal, Request};
use tlog_tiles::Hash;

use crate::given::{AT, Kept, kept, record, signed, trust, witness_key, witnessed};

/// All leaves of two levels of tiles: every smaller log is in these tiles too.
const LEAVES: u64 = 65_536;

struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    /// A size up to a limit, small ones as often as large ones.
    fn size(&mut self, end: u64) -> u64 {
        let below = self.below(u64::from(end.ilog2()) + 1);
        1 + self.below((end >> below).max(1))
    }
}

fn asked(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} asks for a whole number")))
}

fn theirs(path: &[NodeHash]) -> Vec<Hash> {
    path.iter().map(|hash| Hash(*hash.as_bytes())).collect()
}

fn hex(hash: &NodeHash) -> String {
    hash.as_bytes().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A proof with one bit of one hash changed; none where there is no hash.
fn bent(path: &[NodeHash], dice: &mut Dice) -> Option<Vec<NodeHash>> {
    let mut path = path.to_vec();
    let at = usize::try_from(dice.below(path.len() as u64)).unwrap();
    let hash = path.get_mut(at)?;
    let mut bytes = *hash.as_bytes();
    bytes[usize::try_from(dice.below(32)).unwrap()] ^= 1 << dice.below(8);
    *hash = NodeHash::from_bytes(bytes);
    Some(path)
}

#[test]
fn every_proof_is_taken_by_code_of_others_and_no_bent_one_is() {
    let (seed, wanted) = (asked("OPENWARD_SEED", 1), asked("OPENWARD_PROOFS", 300));
    let mut dice = Dice(seed);
    let all = kept(LEAVES);
    let mut lines = Vec::new();
    for number in 0..wanted {
        let size = dice.size(LEAVES);
        let (index, old) = (dice.below(size), 1 + dice.below(size));
        let context = format!("seed {seed}, proof {number}: {index} and {old} of {size}");
        let root = Log::new(&all.tiles, LEAVES, all.head.root).root_at(size).unwrap();
        let log = Log::new(&all.tiles, size, root);
        let (own, path) = log.inclusion(index).unwrap();
        let their_leaf = tlog_tiles::record_hash(record(index).as_bytes());
        let their_root = Hash(*root.as_bytes());
        tlog_tiles::check_record(&theirs(&path), size, their_root, index, their_leaf).unwrap_or_else(|_| panic!("{context}"));
        let old_root = log.root_at(old).unwrap();
        let proof = log.consistency(old, &old_root).unwrap();
        let their_old = Hash(*old_root.as_bytes());
        tlog_tiles::check_tree(&theirs(&proof), size, their_root, old, their_old).unwrap_or_else(|_| panic!("{context}"));

        if let Some(bent) = bent(&path, &mut dice) {
            assert!(tlog_tiles::check_record(&theirs(&bent), size, their_root, index, their_leaf).is_err(), "{context}");
            assert!(verify::inclusion(&own, index, size, &bent, &root).is_err(), "{context}");
        }
        if let Some(bent) = bent(&proof, &mut dice) {
            assert!(tlog_tiles::check_tree(&theirs(&bent), size, their_root, old, their_old).is_err(), "{context}");
            assert!(verify::consistency(old, &old_root, size, &root, &bent).is_err(), "{context}");
        }
        assert_eq!(own, leaf(&record(index)));
        lines.push(serde_json::json!({
            "index": index, "size": size, "record": record(index).to_string(), "root": hex(&root),
            "path": path.iter().map(hex).collect::<Vec<_>>(), "checkpoint": witnessed(Head { size, root }).to_string(),
        }));
    }
    if let Ok(path) = std::env::var("OPENWARD_PROOFS_TO") {
        let keys = serde_json::json!({
            "log": crate::given::log_key().public().to_string(), "witness": witness_key().public().to_string(), "at": AT,
            "records": (0..LEAVES).map(|index| record(index).to_string()).collect::<Vec<_>>(),
        });
        let text = std::iter::once(keys).chain(lines).fold(String::new(), |text, line| text + &line.to_string() + "\n");
        std::fs::write(path, text).unwrap();
    }
}

/// A second history from some place on, as long as whoever has the key likes.
fn forked(trunk: &Kept, fork: u64, grown: u64) -> Kept {
    let mut writer = Writer::resume(&kept(fork).tiles, fork).unwrap();
    (0..grown).for_each(|number| _ = writer.append(&record(1_000_000 + number)));
    let mut tiles: BTreeMap<Tile, Vec<u8>> = kept(fork).tiles;
    tiles.extend(writer.take());
    assert_ne!(writer.root(), trunk.head.root);
    Kept { tiles, head: Head { size: fork + grown, root: writer.root() } }
}

/// Every proof that whoever has key and database can think of, from one size to another: honest of either history, cut, bent, none.
fn tries(log: &Kept, other: &Kept, old: u64, dice: &mut Dice) -> Vec<Vec<NodeHash>> {
    let honest = |kept: &Kept, to: u64| {
        let whole = Log::new(&kept.tiles, kept.head.size, kept.head.root);
        let root = whole.root_at(old).ok()?;
        (to == kept.head.size).then(|| whole.consistency(old, &root).ok()).flatten()
    };
    let mut all: Vec<Vec<NodeHash>> = [honest(log, log.head.size), honest(other, other.head.size)].into_iter().flatten().collect();
    let more: Vec<Vec<NodeHash>> = all.iter().filter_map(|proof| bent(proof, dice)).collect();
    let cut = all.iter().filter_map(|proof| proof.split_last().map(|(_, rest)| rest.to_vec())).collect::<Vec<_>>();
    all.extend(more);
    all.extend(cut);
    all.push(Vec::new());
    all.push(vec![other.head.root]);
    all
}

/// The log's key and the database are stolen: one history for some, another for others. Somebody holds a checkpoint of the first, and a
/// witness signed it. Neither takes the second, whatever proof comes with it.
#[test]
fn every_split_view_is_found_by_an_older_checkpoint_and_by_a_witness() {
    let (seed, wanted) = (asked("OPENWARD_SEED", 1), asked("OPENWARD_VIEWS", 1000));
    let mut dice = Dice(seed);
    let (mut by_holder, mut by_witness) = (0, 0);
    for number in 0..wanted {
        let fork = dice.below(300);
        let seen = kept(fork + 1 + dice.below(200));
        let second = forked(&seen, fork, 1 + dice.below(300));
        let open = |head: Head| trust().open(signed(head).to_string().as_bytes()).unwrap();
        let proofs = tries(&second, &seen, seen.head.size.min(second.head.size), &mut dice);
        // Somebody compares the checkpoint on a paper with the one that others are shown.
        let (older, newer) = if seen.head.size <= second.head.size { (seen.head, second.head) } else { (second.head, seen.head) };
        let taken = proofs.iter().any(|proof| open(newer).follows(&open(older), proof).is_ok());
        assert!(!taken, "seed {seed}, view {number}: {fork}, {}, {}", seen.head.size, second.head.size);
        if older.size == newer.size {
            assert_eq!(open(newer).follows(&open(older), &[]), Err(Disagreement::TwoRoots { size: older.size }));
        }
        by_holder += 1;
        // The witness is asked to sign the second history after the first.
        for proof in proofs {
            for old in [seen.head.size, fork, 0] {
                let request = Request { old, proof: proof.clone(), checkpoint: signed(second.head) };
                let answer = request.consider(&trust(), Some(seen.head), &witness_key(), AT);
                let status = answer.as_ref().map_err(Refusal::status).err();
                assert!(matches!(status, Some(400 | 409 | 422)), "seed {seed}, view {number}: {answer:?}");
            }
        }
        by_witness += 1;
    }
    assert_eq!((by_holder, by_witness), (wanted, wanted));
}
