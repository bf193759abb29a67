//! A box opens in its place, with its key, unchanged; and in no other way.

use std::sync::{Arc, LazyLock};

use openward_register::keys::boxes::{CONTENT_BYTES_MAX, boxed_bytes};
use openward_register::keys::{BoxError, Domain, FileKey, Place, Pseudonym};
use proptest::prelude::*;

use super::{chance, created};

/// Three keys: of one file in two domains, and of another file.
static KEYS: LazyLock<[Arc<FileKey>; 3]> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let keys = created(folder.path());
    let (one, two) = (keys.pseudonym("per_1"), keys.pseudonym("per_2"));
    [(Domain::Care, one), (Domain::Counsel, one), (Domain::Care, two)].map(|(domain, file)| keys.file_key(domain, file).unwrap())
});

const TABLES: [&str; 4] = ["part", "par", "partx", ""];

#[derive(Clone, Debug, PartialEq)]
struct Where {
    table: usize,
    file: [u8; 16],
    n: u64,
    i: u32,
    extra: Vec<u8>,
}

impl Where {
    fn place(&self) -> Place<'_> {
        Place { table: TABLES[self.table], file: Pseudonym::from_bytes(self.file), n: self.n, i: self.i, extra: &self.extra }
    }
}

fn anywhere() -> impl Strategy<Value = Where> {
    // Few values for each field, so that two places often differ in one field alone.
    (
        0..TABLES.len(),
        0_u8..3,
        prop_oneof![0_u64..3, any::<u64>()],
        prop_oneof![0_u32..3, any::<u32>()],
        prop::collection::vec(0_u8..3, 0..4),
    )
        .prop_map(|(table, file, n, i, extra)| Where { table, file: [file; 16], n, i, extra })
}

proptest! {
    #[test]
    fn a_box_opens_in_its_place_and_in_no_other(here in anywhere(), there in anywhere(), plain in prop::collection::vec(any::<u8>(), 0..300)) {
        let boxed = KEYS[0].seal(&here.place(), &plain).unwrap();
        prop_assert_eq!(&**KEYS[0].open(&here.place(), &boxed).unwrap(), &plain);
        let opened = KEYS[0].open(&there.place(), &boxed).map(|plain| plain.to_vec());
        prop_assert_eq!(opened, if here == there { Ok(plain) } else { Err(BoxError::Opens) });
    }

    #[test]
    fn no_field_of_the_place_can_be_changed(here in anywhere(), bit in 0_usize..128, byte in any::<u8>()) {
        let boxed = KEYS[0].seal(&here.place(), b"kept").unwrap();
        let mut moved = vec![here.clone(); 6];
        moved[0].table = (here.table + 1) % TABLES.len();
        moved[1].file[bit / 8] ^= 1 << (bit % 8);
        moved[2].n ^= 1 << (bit % 64);
        moved[3].i ^= 1 << (bit % 32);
        moved[4].extra.push(byte);
        moved[5].extra.insert(0, byte);
        for there in moved {
            prop_assert_eq!(KEYS[0].open(&there.place(), &boxed).map(|_| ()), Err(BoxError::Opens));
        }
    }

    #[test]
    fn letters_do_not_slip_from_one_field_into_the_next(letters in "[a-c]{1,6}", cut in 0_usize..6) {
        // `table` and `extra` are the two fields of free length; shifting bytes between them must not give the same place.
        let cut = cut.min(letters.len());
        let (front, back) = letters.split_at(cut);
        let whole: &'static str = Box::leak(letters.clone().into_boxed_str());
        let part: &'static str = Box::leak(front.to_owned().into_boxed_str());
        let file = Pseudonym::from_bytes([0; 16]);
        let boxed = KEYS[0].seal(&Place { table: whole, file, n: 0, i: 0, extra: b"" }, b"kept").unwrap();
        let opened = KEYS[0].open(&Place { table: part, file, n: 0, i: 0, extra: back.as_bytes() }, &boxed);
        prop_assert_eq!(opened.is_ok(), cut == letters.len());
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_found() {
    let here = Where { table: 0, file: [7; 16], n: 3, i: 1, extra: vec![1, 2] };
    let boxed = KEYS[0].seal(&here.place(), b"a short note").unwrap();
    for bit in 0..boxed.len() * 8 {
        let mut flipped = boxed.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let expected = if bit < 8 { BoxError::Format } else { BoxError::Opens };
        assert_eq!(KEYS[0].open(&here.place(), &flipped).map(|_| ()), Err(expected), "bit {bit}");
    }
    for length in 0..boxed.len() {
        assert!(KEYS[0].open(&here.place(), &boxed[..length]).is_err(), "cut to {length}");
    }
    let mut longer = boxed.clone();
    longer.push(0);
    assert_eq!(KEYS[0].open(&here.place(), &longer).map(|_| ()), Err(BoxError::Opens));
}

#[test]
fn a_key_of_another_file_or_domain_opens_nothing() {
    let here = Where { table: 0, file: [7; 16], n: 3, i: 1, extra: Vec::new() };
    for (of, key) in KEYS.iter().enumerate() {
        let boxed = key.seal(&here.place(), b"a note").unwrap();
        for (with, other) in KEYS.iter().enumerate() {
            assert_eq!(other.open(&here.place(), &boxed).is_ok(), of == with);
        }
    }
}

#[test]
fn the_same_content_twice_gives_two_boxes_that_share_no_run_of_bytes() {
    let here = Where { table: 0, file: [7; 16], n: 3, i: 1, extra: Vec::new() };
    let (one, two) = (KEYS[0].seal(&here.place(), &[0; 64]).unwrap(), KEYS[0].seal(&here.place(), &[0; 64]).unwrap());
    assert!(one[1..].windows(8).all(|run| !super::holds(&two, run)));
}

/// A box is 1 (version) + 24 (nonce) + padded (4 + content) + 16 (tag) bytes. With 4 + content up to 64 the padded size is 64, so 105 in all;
/// 4 + 61 = 65 goes up to 128, so 169. At 1024 steps become 128: 4 + 1021 = 1025 goes up to 1152, so 1193.
#[test]
fn sizes_go_up_in_steps() {
    assert_eq!([0, 1, 60].map(boxed_bytes), [105, 105, 105]);
    assert_eq!([61, 124].map(boxed_bytes), [169, 169]);
    assert_eq!([1020, 1021, 1148].map(boxed_bytes), [1065, 1193, 1193]);
    let here = Where { table: 0, file: [7; 16], n: 3, i: 1, extra: Vec::new() };
    for content in [0, 1, 60, 61, 500, 1020, 1021, 5000, 70_000] {
        assert_eq!(KEYS[0].seal(&here.place(), &vec![1; content]).unwrap().len(), boxed_bytes(content));
    }
    // Never more than an eighth is wasted on a long text, and sizes never go down.
    for content in 1024..20_000 {
        assert!(boxed_bytes(content) <= (content + 4) * 9 / 8 + 1 + 41 && boxed_bytes(content) >= boxed_bytes(content - 1), "{content}");
    }
}

#[test]
fn what_is_too_long_is_refused_and_not_cut() {
    let here = Where { table: 0, file: [7; 16], n: 3, i: 1, extra: Vec::new() };
    assert_eq!(KEYS[0].seal(&here.place(), &vec![0; CONTENT_BYTES_MAX + 1]).map(|_| ()), Err(BoxError::TooLong));
}

#[test]
fn without_random_bytes_nothing_is_closed() {
    use openward_register::keys::{Chance, Keys, NoChance};
    let folder = tempfile::tempdir().unwrap();
    let mut left = 40;
    let source = chance(5);
    let failing = Chance::from_source(move |bytes| {
        left -= 1;
        if left < 0 { Err(NoChance) } else { source.fill(bytes) }
    });
    let keys = Keys::create(&folder.path().join("keys.db"), &super::master(1), failing).unwrap();
    let key = keys.file_key(Domain::Care, keys.pseudonym("per_1")).unwrap();
    let here = Where { table: 0, file: [7; 16], n: 3, i: 1, extra: Vec::new() };
    let refused = (0..40).filter(|_| key.seal(&here.place(), b"x") == Err(BoxError::Chance)).count();
    assert!(refused > 0 && key.seal(&here.place(), b"x") == Err(BoxError::Chance));
}

#[test]
fn no_secret_type_prints_a_byte_of_its_secret() {
    let folder = tempfile::tempdir().unwrap();
    let keys = created(folder.path());
    let master = super::master(1);
    let shown = [
        format!("{master:?} {master:#?}"),
        format!("{:?} {:#?}", KEYS[0], KEYS[0]),
        format!("{keys:?} {keys:#?}"),
        format!("{:?}", openward_register::keys::Chance::system()),
    ];
    // What may be shown is the master's id, a domain, and pseudonyms.
    assert_eq!(shown[0], format!("Master({0}) Master({0})", master.id()));
    assert_eq!(shown[1], format!("FileKey(care, {0}) FileKey(care, {0})", KEYS[0].file()));
    assert_eq!(shown[2], format!("Keys({0}) Keys({0})", keys.register()));
    assert_eq!(shown[3], "Chance(system)");
    assert!(!master.text().contains(&master.id().to_uppercase()));
}
