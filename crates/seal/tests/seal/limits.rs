//! The limits of every format, and what a log or a witness might sign that must not be taken.

use std::cell::RefCell;
use std::collections::BTreeMap;

use ed25519_dalek::{Signer as _, SigningKey};
use openward_seal::checkpoint::{Checkpoint, CheckpointError, Trust};
use openward_seal::note::key::{SecretKey, WitnessKey};
use openward_seal::note::{BYTES_MAX, Note, NoteError, SIGNATURES_MAX, Signature};
use openward_seal::receipt::{Acknowledgement, Receipt, ReceiptError};
use openward_seal::tiles::{Log, Source, Tile};
use openward_seal::witness::Request;

use crate::given::{AT, ORIGIN, acknowledgement, kept, log_key, signed, strict, trust, witness_key};

fn witness(name: &str, seed: u8) -> WitnessKey {
    WitnessKey::from_seed(name, &[seed; 32]).unwrap()
}

/// A note of this text that the log has signed.
fn said(text: &str) -> Note {
    let mut note = Note::new(text).unwrap();
    note.sign(&log_key());
    note
}

#[test]
fn a_note_has_only_so_many_signatures_and_bytes() {
    let mut note = signed(kept(3).head);
    for number in 1..SIGNATURES_MAX {
        note.sign(&SecretKey::from_seed(&format!("other.example/{number}"), &[9; 32]).unwrap());
    }
    assert!(trust().open(note.to_string().as_bytes()).is_ok());
    note.sign(&SecretKey::from_seed("other.example/more", &[9; 32]).unwrap());
    // Three lines of text, an empty one, and the signature after the sixty-fourth.
    let Err(CheckpointError::Note(NoteError::Malformed(error))) = trust().open(note.to_string().as_bytes()) else { panic!() };
    assert_eq!(error.line, 4 + SIGNATURES_MAX + 1);

    let length = said("x\n").to_string().len() - 1;
    let largest = said(&format!("{}\n", "x".repeat(BYTES_MAX - length))).to_string();
    assert_eq!(largest.len(), BYTES_MAX);
    assert!(Note::parse(largest.as_bytes()).is_ok());
    let larger = said(&format!("{}\n", "x".repeat(BYTES_MAX - length + 1))).to_string();
    assert_eq!(Note::parse(larger.as_bytes()), Err(NoteError::TooLarge(BYTES_MAX + 1)));
}

/// The first line says what is wrong, before anything else is read.
#[test]
fn a_receipt_and_a_request_have_only_so_many_bytes() {
    let large = vec![b'x'; 2 * BYTES_MAX + 1];
    assert_eq!(Receipt::parse(&large), Err(ReceiptError::TooLarge(large.len())));
    assert_eq!(Request::parse(&large).map_err(|error| error.expected), Err("a request of at most 512 KiB"));
    let most = &large[1..];
    assert!(matches!(Receipt::parse(most), Err(ReceiptError::Malformed(_))));
    assert_eq!(Request::parse(most).map_err(|error| error.expected), Err("`old` and the size of the older log"));
}

#[test]
fn a_signature_holds_more_than_the_id_of_its_key() {
    assert!(Signature::parse("— a.example AAAAAAA=").is_ok());
    assert!(Signature::parse("— a.example AAAAAA==").is_err());
    assert!(Signature::parse("— a.example AAA=").is_err());
}

/// The format of witnesses counts time with sign.
#[test]
fn a_witness_cannot_state_a_time_beyond_the_format() {
    let text = Checkpoint::new(ORIGIN, kept(3).head).unwrap().text();
    let line = |at: u64| {
        let signature = SigningKey::from_bytes(&[2; 32]).sign(format!("cosignature/v1\ntime {at}\n{text}").as_bytes());
        let bytes = [&witness_key().public().id()[..], &at.to_be_bytes(), &signature.to_bytes()].concat();
        use base64ct::{Base64, Encoding as _};
        Signature::parse(&format!("— witness.example/one {}", Base64::encode_string(&bytes))).unwrap()
    };
    let mut note = signed(kept(3).head);
    note.add(line((1 << 63) - 1));
    assert!(strict().open_note(&note).is_ok());
    let mut note = signed(kept(3).head);
    note.add(line(1 << 63));
    let wrong = NoteError::WrongSignature { name: "witness.example/one".to_owned() };
    assert_eq!(strict().open_note(&note), Err(CheckpointError::Note(wrong)));
    assert_eq!(signed(kept(3).head).cosignature(&witness_key(), u64::MAX), line((1 << 63) - 1));
}

#[test]
fn a_witness_with_two_keys_counts_once_and_its_latest_time_is_shown() {
    let keys = [witness("witness.example/one", 2), witness("witness.example/one", 3), witness("witness.example/two", 4)];
    let public = keys.iter().map(|key| key.public().clone()).collect();
    let two = trust().with_witnesses(public, 2).unwrap();
    let mut note = signed(kept(3).head);
    for (key, at) in keys.iter().zip([AT, AT + 7]).take(2) {
        let signature = note.cosignature(key, at);
        note.add(signature);
    }
    assert_eq!(two.open_note(&note), Err(CheckpointError::TooFewWitnesses { found: 1, wanted: 2 }));
    let signature = note.cosignature(&keys[2], AT + 1);
    note.add(signature);
    let times: Vec<u64> = two.open_note(&note).unwrap().witnesses().iter().map(|witness| witness.at).collect();
    assert_eq!(times, [AT + 7, AT + 1]);
}

#[test]
fn a_checkpoint_that_is_malformed_is_refused_at_its_line_even_if_the_log_signed_it() {
    let root = kept(3).head.root;
    let empty = openward_seal::merkle::EMPTY_ROOT;
    let cases = [
        (format!("two words\n3\n{root}\n"), 1),
        (format!("{ORIGIN}\n03\n{root}\n"), 2),
        (format!("{ORIGIN}\n9223372036854775808\n{root}\n"), 2),
        (format!("{ORIGIN}\n-1\n{root}\n"), 2),
        (format!("{ORIGIN}\n3\n{root}x\n"), 3),
        (format!("{ORIGIN}\n0\n{root}\n"), 3),
        (format!("{ORIGIN}\n3\n"), 3),
        (format!("{ORIGIN}\n3\n{root}\n\nafter an empty line\n"), 4),
    ];
    for (text, line) in cases {
        let Err(CheckpointError::Note(NoteError::Malformed(error))) = trust().open_note(&said(&text)) else { panic!("{text:?}") };
        assert_eq!(error.line, line, "{text:?}");
    }
    assert_eq!(trust().open_note(&said(&format!("{ORIGIN}\n0\n{empty}\n"))).unwrap().head().size, 0);
    assert!(trust().open_note(&said(&format!("{ORIGIN}\n9223372036854775807\n{root}\n"))).is_ok());
    // Further lines belong to the text and are kept.
    let more = trust().open_note(&said(&format!("{ORIGIN}\n3\n{root}\nmore\n"))).unwrap();
    assert_eq!(more.checkpoint().extensions(), ["more"]);
    assert_eq!(more.checkpoint().text(), format!("{ORIGIN}\n3\n{root}\nmore\n"));
}

#[test]
fn a_first_stage_that_is_malformed_is_refused_at_its_line_even_if_the_log_signed_it() {
    let good = acknowledgement(4).text();
    let cases = [
        (good.replace("openward receipt v1", "openward receipt v2"), 1),
        (good.replace(ORIGIN, "two words"), 2),
        (good.replace("file 03", "file 3"), 3),
        (good.replace("number 5", "number 0"), 4),
        (good.replace("number 5", "number"), 4),
        (good.replace("entry ", "entry  "), 5),
        (good.replace("at 1", "at 01"), 6),
        (format!("{good}more\n"), 7),
    ];
    assert!(Acknowledgement::open(said(&good).to_string().as_bytes(), &trust()).is_ok());
    for (text, line) in cases {
        assert_ne!(text, good);
        let opened = Acknowledgement::open(said(&text).to_string().as_bytes(), &trust());
        let Err(ReceiptError::Note(NoteError::Malformed(error))) = opened else { panic!("{text:?}") };
        assert_eq!(error.line, line, "{text:?}");
    }
    let elsewhere = said(&good.replace(ORIGIN, "other.example/log")).to_string();
    let other = CheckpointError::OtherLog { found: "other.example/log".to_owned() };
    assert_eq!(Acknowledgement::open(elsewhere.as_bytes(), &trust()), Err(ReceiptError::Checkpoint(other)));
}

#[test]
fn a_receipt_that_only_a_witness_signed_is_no_receipt() {
    let mut note = Note::new(acknowledgement(4).text()).unwrap();
    let signature = note.cosignature(&witness_key(), AT);
    note.add(signature);
    let opened = Acknowledgement::open(note.to_string().as_bytes(), &strict());
    assert_eq!(opened, Err(ReceiptError::Note(NoteError::NobodyKnown)));
}

#[test]
fn a_text_that_is_no_note_is_not_signed() {
    for text in ["", "no end", "a\tb\n", "a\u{0}b\n"] {
        assert!(Note::new(text).is_err(), "{text:?}");
    }
    assert_eq!(Trust::new(vec![log_key().public().clone()]).unwrap().origin(), ORIGIN);
}

/// Counts how often each tile is read.
struct Counted<'a>(&'a BTreeMap<Tile, Vec<u8>>, RefCell<BTreeMap<Tile, u32>>);

impl Source for Counted<'_> {
    type Error = std::convert::Infallible;

    fn read(&self, tile: Tile) -> Result<Option<Vec<u8>>, Self::Error> {
        *self.1.borrow_mut().entry(tile).or_default() += 1;
        self.0.read(tile)
    }
}

#[test]
fn tiles_are_read_once_for_many_proofs_and_not_kept_without_end() {
    let kept = kept(70_000);
    let counted = Counted(&kept.tiles, RefCell::default());
    let log = Log::new(&counted, 70_000, kept.head.root);
    let first = Tile::hashes(0, 0, 256).unwrap();
    (0..256).for_each(|index| _ = log.inclusion(index).unwrap());
    assert_eq!(counted.1.borrow()[&first], 1);
    // All 274 tiles of leaves are more than are kept: the first must be read again.
    (0..70_000).step_by(256).for_each(|index| _ = log.inclusion(index).unwrap());
    log.inclusion(0).unwrap();
    assert_eq!(counted.1.borrow()[&first], 2);
}
