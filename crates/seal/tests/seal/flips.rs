//! Every single bit of a receipt, a checkpoint, a key and a request counts: turn any one over, and it is found.
//!
//! A signature line of a key that the reader does not know is passed over, as the format asks; so what is asked for must be known.

use openward_seal::checkpoint::Trust;
use openward_seal::merkle::EMPTY_ROOT;
use openward_seal::note::key::{PublicKey, SecretKey};
use openward_seal::receipt::{self, Acknowledgement, Receipt, Stage};
use openward_seal::tiles::Log;
use openward_seal::tiles::whole::Head;
use openward_seal::witness::Request;
use proptest::prelude::*;

use crate::given::{AT, acknowledgement, kept, log_key, receipt, signed, strict, trust, witness_key, witnessed};

/// Every text that differs in one bit.
fn flips(text: &str) -> impl Iterator<Item = (usize, Vec<u8>)> {
    let bytes = text.as_bytes().to_vec();
    (0..bytes.len() * 8).map(move |bit| {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        (bit, flipped)
    })
}

#[test]
fn every_flipped_bit_of_a_first_stage_is_found() {
    let text = acknowledgement(5).sign(&log_key()).unwrap().to_string();
    assert_eq!(Acknowledgement::open(text.as_bytes(), &trust()), Ok(acknowledgement(5)));
    for (bit, flipped) in flips(&text) {
        assert!(receipt::open(&flipped, &trust()).is_err(), "bit {bit}");
    }
}

#[test]
fn every_flipped_bit_of_a_second_stage_is_found() {
    let text = receipt(&kept(70), 5).to_string();
    assert!(matches!(receipt::open(text.as_bytes(), &strict()), Ok(Stage::Logged(_))));
    for (bit, flipped) in flips(&text) {
        assert!(receipt::open(&flipped, &strict()).is_err(), "bit {bit}");
    }
}

/// Who does not ask for the witness may lose its signature to a flip, and nothing else.
#[test]
fn a_flip_that_is_passed_over_changes_nothing_that_is_proved() {
    let text = receipt(&kept(70), 5).to_string();
    let knows = trust().with_witnesses(vec![witness_key().public().clone()], 0).unwrap();
    let whole = Receipt::open(text.as_bytes(), &knows).unwrap();
    assert_eq!(whole.checkpoint.witnesses().len(), 1);
    let mut passed = 0;
    for (bit, flipped) in flips(&text) {
        if let Ok(proved) = Receipt::open(&flipped, &knows) {
            assert_eq!((&proved.acknowledgement, proved.index), (&whole.acknowledgement, whole.index), "bit {bit}");
            assert_eq!(proved.checkpoint.checkpoint(), whole.checkpoint.checkpoint(), "bit {bit}");
            assert!(proved.checkpoint.witnesses().is_empty(), "bit {bit}");
            passed += 1;
        }
    }
    assert!(passed > 0);
}

#[test]
fn every_flipped_bit_of_a_checkpoint_is_found() {
    let text = witnessed(kept(70).head).to_string();
    assert!(strict().open(text.as_bytes()).is_ok());
    for (bit, flipped) in flips(&text) {
        assert!(strict().open(&flipped).is_err(), "bit {bit}");
    }
}

#[test]
fn every_flipped_bit_of_a_key_is_found() {
    let public = log_key().public().to_string();
    for (bit, flipped) in flips(&public) {
        let key = String::from_utf8(flipped).ok().and_then(|text| PublicKey::parse(&text).ok());
        assert!(key.is_none(), "bit {bit}");
    }
    let secret = log_key().text();
    for (bit, flipped) in flips(&secret) {
        assert!(String::from_utf8(flipped).ok().is_none_or(|text| SecretKey::parse(&text).is_err()), "bit {bit}");
    }
}

#[test]
fn a_witness_signs_no_request_with_a_flipped_bit() {
    let kept = kept(70);
    let log = Log::new(&kept.tiles, 70, kept.head.root);
    let seen = Head { size: 5, root: log.root_at(5).unwrap() };
    let request = Request { old: 5, proof: log.consistency(5, &seen.root).unwrap(), checkpoint: signed(kept.head) };
    let text = request.to_string();
    let consider = |bytes: &[u8], trust: &Trust| {
        Request::parse(bytes).ok().and_then(|request| request.consider(trust, Some(seen), &witness_key(), AT).ok())
    };
    assert!(consider(text.as_bytes(), &trust()).is_some());
    for (bit, flipped) in flips(&text) {
        assert!(consider(&flipped, &trust()).is_none(), "bit {bit}");
    }
    assert_ne!(seen.root, EMPTY_ROOT);
}

#[test]
fn any_text_cut_short_or_made_longer_is_refused() {
    let text = receipt(&kept(70), 5).to_string();
    for length in 0..text.len() {
        assert!(receipt::open(&text.as_bytes()[..length], &strict()).is_err(), "{length}");
    }
    for more in ["\n", " ", "x", "x\n", "\u{0}"] {
        assert!(receipt::open(format!("{text}{more}").as_bytes(), &strict()).is_err(), "{more:?}");
        assert!(receipt::open(format!("{more}{text}").as_bytes(), &strict()).is_err(), "{more:?}");
    }
    assert!(receipt::open(text.replace('\n', "\r\n").as_bytes(), &strict()).is_err());
}

proptest! {
    /// Whole lines taken out, doubled, exchanged or put in: refused, or nothing that is proved changes (two signatures exchanged).
    #[test]
    fn any_edit_of_lines_is_refused_or_changes_nothing(edit in 0u8..4, a in any::<usize>(), b in any::<usize>(), put in "[ -~]{0,50}") {
        let text = receipt(&kept(70), 5).to_string();
        let whole = receipt::open(text.as_bytes(), &strict());
        let mut lines: Vec<&str> = text.lines().collect();
        let (a, b) = (a % lines.len(), b % lines.len());
        match edit {
            0 => _ = lines.remove(a),
            1 => lines.insert(b, lines[a]),
            2 => lines.swap(a, b),
            _ => lines.insert(a, &put),
        }
        let edited = format!("{}\n", lines.join("\n"));
        let found = receipt::open(edited.as_bytes(), &strict());
        prop_assert!(found.is_err() || found == whole);
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[ -~\n—]{0,300}") {
        for bytes in [bytes, text.into_bytes()] {
            prop_assert!(receipt::open(&bytes, &trust()).is_err());
            prop_assert!(trust().open(&bytes).is_err());
            let request = Request::parse(&[b"old 5\n\n", bytes.as_slice()].concat());
            prop_assert!(request.is_err());
            let proof = Receipt::parse(&[b"c2sp.org/tlog-proof@v1\n", bytes.as_slice()].concat());
            prop_assert!(proof.is_err());
        }
    }
}
