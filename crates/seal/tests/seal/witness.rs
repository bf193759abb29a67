//! Witnesses and heads: what is signed, what is refused and with which status, and how a split view shows.

use openward_seal::checkpoint::{Checkpoint, CheckpointError, Disagreement, HeadError, Trust, TrustError};
use openward_seal::merkle::verify::ProofError;
use openward_seal::note::NoteError;
use openward_seal::note::key::{SecretKey, WitnessKey};
use openward_seal::receipt::{Acknowledgement, ReceiptError};
use openward_seal::tiles::Log;
use openward_seal::tiles::whole::Head;
use openward_seal::witness::{Refusal, Request};
use proptest::prelude::*;

use crate::given::{AT, Kept, ORIGIN, acknowledgement, kept, log_key, receipt, record, signed, strict, trust, witness_key};

fn request(kept: &Kept, old: u64) -> Request {
    let log = Log::new(&kept.tiles, kept.head.size, kept.head.root);
    let proof = log.consistency(old, &log.root_at(old).unwrap()).unwrap();
    Request { old, proof, checkpoint: signed(kept.head) }
}

fn consider(request: &Request, seen: Option<Head>) -> Result<Head, Refusal> {
    let again = Request::parse(request.to_string().as_bytes()).unwrap();
    assert_eq!(again, *request);
    again.consider(&trust(), seen, &witness_key(), AT).map(|cosigned| cosigned.seen)
}

#[test]
fn a_log_that_only_grew_is_signed_with_the_time() {
    let (old, new) = (kept(3), kept(8));
    let cosigned = request(&new, 3).consider(&trust(), Some(old.head), &witness_key(), AT).unwrap();
    assert_eq!(cosigned.seen, new.head);
    let mut checkpoint = signed(new.head);
    checkpoint.add(cosigned.signature);
    let vouched = strict().open(checkpoint.to_string().as_bytes()).unwrap();
    assert_eq!(vouched.witnesses()[0].at, AT);
    // The first of a log, and the same once more.
    assert_eq!(consider(&request(&new, 0), None), Ok(new.head));
    assert_eq!(consider(&request(&new, 8), Some(new.head)), Ok(new.head));
}

#[test]
fn every_refusal_has_its_reason_and_status() {
    let (old, new) = (kept(3), kept(8));
    let good = request(&new, 3);
    let status = |result: Result<Head, Refusal>| result.map_err(|refusal| (refusal.status(), refusal.body()));

    let mut wrong = good.clone();
    wrong.old = 9;
    assert_eq!(status(consider(&wrong, Some(old.head))), Err((400, None)));
    assert_eq!(status(consider(&good, None)), Err((409, Some("0\n".to_owned()))));
    assert_eq!(status(consider(&good, Some(kept(4).head))), Err((409, Some("4\n".to_owned()))));
    let other = Head { size: 8, root: kept(7).head.root };
    assert_eq!(consider(&request(&new, 8), Some(other)), Err(Refusal::TwoRoots { size: 8 }));
    assert_eq!(status(consider(&request(&new, 8), Some(other))), Err((409, Some("8\n".to_owned()))));
    let rewritten = Head { size: 3, root: kept(2).head.root };
    assert_eq!(consider(&good, Some(rewritten)), Err(Refusal::NotGrown(ProofError::OldRoot)));
    assert_eq!(status(consider(&good, Some(rewritten))), Err((422, None)));

    let stranger = SecretKey::from_seed(ORIGIN, &[9; 32]).unwrap();
    let mut unsigned = good.clone();
    unsigned.checkpoint = Checkpoint::new(ORIGIN, new.head).unwrap().sign(&stranger).unwrap();
    assert_eq!(status(consider(&unsigned, Some(old.head))), Err((403, None)));
    let elsewhere = SecretKey::from_seed("other.example/log", &[1; 32]).unwrap();
    unsigned.checkpoint = Checkpoint::new("other.example/log", new.head).unwrap().sign(&elsewhere).unwrap();
    assert_eq!(status(consider(&unsigned, Some(old.head))), Err((404, None)));
}

#[test]
fn a_malformed_request_says_on_which_line() {
    let text = request(&kept(8), 3).to_string();
    let line = |text: &str| Request::parse(text.as_bytes()).unwrap_err().line;
    assert_eq!(line(&text.replace("old 3", "old 03")), 1);
    let mut lines: Vec<&str> = text.lines().collect();
    lines[2] = "short";
    assert_eq!(line(&lines.join("\n")), 3);
    // The note begins after the empty line; its signature is its fifth line.
    let note_at = text.lines().position(str::is_empty).unwrap() + 1;
    assert_eq!(line(&text.replace("— ", "- ")), note_at + 5);
    let long = format!("old 3\n{}\n{}", format!("{}\n", kept(1).head.root).repeat(64), signed(kept(8).head));
    assert_eq!(line(&long), 65);
}

/// A log that shows one history to some and another to others: whoever compares two heads finds it.
#[test]
fn a_split_view_is_found_by_comparing_heads() {
    let left = kept(100);
    let mut right = kept(99);
    let mut writer = openward_seal::tiles::Writer::resume(&right.tiles, 99).unwrap();
    writer.append(&record(12_345));
    right.head = Head { size: 100, root: writer.root() };
    right.tiles.extend(writer.take());
    let open = |head: Head| trust().open(signed(head).to_string().as_bytes()).unwrap();
    assert_eq!(open(left.head).follows(&open(right.head), &[]), Err(Disagreement::TwoRoots { size: 100 }));
    // No proof leads from one branch to the other.
    let longer = kept(200);
    let log = Log::new(&longer.tiles, 200, longer.head.root);
    assert!(log.consistency(100, &right.head.root).is_err());
    let proof = log.consistency(100, &left.head.root).unwrap();
    assert_eq!(open(longer.head).follows(&open(left.head), &proof), Ok(()));
    assert_eq!(open(longer.head).follows(&open(right.head), &proof), Err(Disagreement::Proof(ProofError::OldRoot)));
}

#[test]
fn heads_of_different_logs_say_nothing_about_each_other() {
    let name = "other.example/log";
    let key = SecretKey::from_seed(name, &[8; 32]).unwrap();
    let note = Checkpoint::new(name, kept(3).head).unwrap().sign(&key).unwrap();
    let other = Trust::new(vec![key.public().clone()]).unwrap().open_note(&note).unwrap();
    let ours = trust().open_note(&signed(kept(3).head)).unwrap();
    assert_eq!(ours.follows(&other, &[]), Err(Disagreement::OtherLog));
    assert_eq!(trust().open_note(&note), Err(CheckpointError::Note(NoteError::NobodyKnown)));
    // The log's own key under a head of another name: signed, and still not of this log.
    let mut strange = openward_seal::note::Note::new(Checkpoint::new(name, kept(3).head).unwrap().text()).unwrap();
    strange.sign(&log_key());
    assert_eq!(trust().open_note(&strange), Err(CheckpointError::OtherLog { found: name.to_owned() }));
}

#[test]
fn while_keys_change_either_key_of_the_log_is_taken() {
    let next = SecretKey::from_seed(ORIGIN, &[7; 32]).unwrap();
    let both = Trust::new(vec![log_key().public().clone(), next.public().clone()]).unwrap();
    let mut note = Checkpoint::new(ORIGIN, kept(3).head).unwrap().sign(&next).unwrap();
    assert!(both.open_note(&note).is_ok());
    assert_eq!(trust().open_note(&note), Err(CheckpointError::Note(NoteError::NobodyKnown)));
    note.sign(&log_key());
    assert!(trust().open_note(&note).is_ok());
}

#[test]
fn a_witness_is_no_log_and_a_log_no_witness() {
    let (log, witness) = (log_key().public().clone(), witness_key().public().clone());
    assert_eq!(Trust::new(vec![witness.clone()]).unwrap_err(), TrustError::LogKeys);
    assert_eq!(Trust::new(vec![]).unwrap_err(), TrustError::LogKeys);
    assert_eq!(trust().with_witnesses(vec![log], 1).unwrap_err(), TrustError::WitnessKeys);
    assert_eq!(trust().with_witnesses(vec![witness.clone(), witness], 2).unwrap_err(), TrustError::TooFew);
    assert!(WitnessKey::parse(&log_key().text()).is_err());
    // A checkpoint that a known witness signed and the log did not.
    let mut note = openward_seal::note::Note::new(Checkpoint::new(ORIGIN, kept(3).head).unwrap().text()).unwrap();
    let signature = note.cosignature(&witness_key(), AT);
    note.add(signature.clone());
    assert_eq!(strict().open_note(&note), Err(CheckpointError::Note(NoteError::NobodyKnown)));
    // The same witness twice counts once, and is asked for.
    let mut note = signed(kept(3).head);
    assert_eq!(strict().open_note(&note), Err(CheckpointError::TooFewWitnesses { found: 0, wanted: 1 }));
    note.add(signature);
    let later = note.cosignature(&witness_key(), AT + 5);
    note.add(later);
    assert_eq!(strict().open_note(&note).unwrap().witnesses().len(), 1);
}

/// A receipt and a checkpoint are signed by one key; neither can stand for the other.
#[test]
fn a_receipt_is_no_checkpoint_and_a_checkpoint_no_receipt() {
    let first = acknowledgement(1).sign(&log_key()).unwrap().to_string();
    assert!(trust().open(first.as_bytes()).is_err());
    let head = signed(kept(3).head).to_string();
    assert!(matches!(Acknowledgement::open(head.as_bytes(), &trust()), Err(ReceiptError::Note(NoteError::Malformed(_)))));
    assert_eq!(Checkpoint::new("openward receipt v1", kept(3).head), Err(HeadError::Origin));
    let stranger = SecretKey::from_seed("other.example/log", &[1; 32]).unwrap();
    assert_eq!(acknowledgement(1).sign(&stranger), Err(HeadError::Key));
}

#[test]
fn a_receipt_for_another_entry_does_not_fit() {
    let kept = kept(70);
    let mut swapped = receipt(&kept, 5);
    swapped.acknowledgement = acknowledgement(6).sign(&log_key()).unwrap();
    assert_eq!(swapped.check(&strict()), Err(ReceiptError::Proof(ProofError::Root)));
    let mut moved = receipt(&kept, 5);
    moved.index = 4;
    assert_eq!(moved.check(&strict()), Err(ReceiptError::Proof(ProofError::Root)));
}

proptest! {
    /// Two histories that part at any place and grow to any two sizes: no proof made from either joins their heads.
    #[test]
    fn every_split_view_is_found(fork in 0u64..300, left in 1u64..300, right in 1u64..300) {
        let mut writer = openward_seal::tiles::Writer::resume(&kept(fork).tiles, fork).unwrap();
        (0..right).for_each(|index| _ = writer.append(&record(1_000_000 + index)));
        let mut tiles = kept(fork).tiles;
        tiles.extend(writer.take());
        let branch = Kept { tiles, head: Head { size: fork + right, root: writer.root() } };
        let trunk = kept(fork + left);
        let open = |head: Head| trust().open(signed(head).to_string().as_bytes()).unwrap();
        for (newer, older) in [(&trunk, &branch), (&branch, &trunk)] {
            if older.head.size > newer.head.size {
                continue;
            }
            let log = Log::new(&newer.tiles, newer.head.size, newer.head.root);
            let joined = log.consistency(older.head.size, &older.head.root);
            prop_assert!(joined.is_err());
            let honest = log.consistency(older.head.size, &log.root_at(older.head.size).unwrap()).unwrap();
            let compared = open(newer.head).follows(&open(older.head), &honest);
            prop_assert!(compared.is_err());
        }
    }
}
