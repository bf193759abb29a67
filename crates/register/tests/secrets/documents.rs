//! Documents: kept, found, read back; and every change to what is stored is named.

use std::fs;
use std::io::{self, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use object_store::memory::InMemory;
use openward_register::documents::{
    Address, DOCUMENT_BYTES_MAX, Damage, DocumentError, Documents, REFERENCE_BYTES, Reference, stored_bytes,
};
use openward_register::keys::Chance;
use sha2::{Digest as _, Sha256};

use super::{all_bytes, chance};

const PIECE: usize = 65536 + 16;
const MIB: u64 = 1 << 20;

fn documents(folder: &Path) -> Documents {
    Documents::open(&folder.join("documents"), Chance::system()).unwrap()
}

/// Bytes that do not repeat in step with pieces.
fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8 ^ (at / 251) as u8).collect()
}

fn path_of(folder: &Path, address: Address) -> PathBuf {
    let text = address.to_string();
    folder.join("documents").join(&text[..2]).join(&text[2..])
}

fn damage(result: Result<impl Sized, DocumentError>) -> Damage {
    match result.map(|_| ()) {
        Err(DocumentError::Damaged(_, damage)) => damage,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_document_of_any_length_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Documents::over(Arc::new(InMemory::new()), chance(3));
    for documents in [&documents(folder.path()), &memory] {
        for length in [0, 1, 4087, 4088, 4089, 65_527, 65_528, 65_529, 65_536, 65_537, 131_072, 300_000, 9 << 20, 20_000_001] {
            let plain = content(length);
            let reference = documents.put(Cursor::new(&plain), 64 * MIB).unwrap();
            assert_eq!(reference.bytes(), length as u64);
            assert!(*documents.bytes(&reference, 64 * MIB).unwrap() == plain, "{length}");
            assert_eq!(documents.verify(reference.address()).unwrap(), stored_bytes(length as u64), "{length}");
            // In crumbs it is the same.
            let mut reader = documents.read(&reference).unwrap();
            let mut some = [0; 777];
            let mut read = Vec::new();
            loop {
                let count = reader.read(&mut some).unwrap();
                if count == 0 {
                    break;
                }
                read.extend_from_slice(&some[..count]);
            }
            assert!(read == plain);
        }
    }
}

#[test]
fn the_address_is_the_hash_of_what_is_stored_and_two_copies_share_none() {
    let folder = tempfile::tempdir().unwrap();
    let documents = documents(folder.path());
    let (one, two) = (documents.put(&b"one page"[..], MIB).unwrap(), documents.put(&b"one page"[..], MIB).unwrap());
    assert_ne!(one.address(), two.address());
    let stored = fs::read(path_of(folder.path(), one.address())).unwrap();
    assert_eq!(<[u8; 32]>::from(Sha256::digest(&stored)), *one.address().as_bytes());
    assert_eq!(Address::parse(&one.address().to_string()), Some(one.address()));
}

/// Header 8, then the padded content and 16 for each piece. 4096 is the least; 4089 + 8 = 4097 goes up by 4096/8 = 512 to 4608. At 65536 the
/// step is 8192: 65529 + 8 = 65537 goes up to 73728, which is two pieces.
#[test]
fn stored_sizes_go_up_in_steps() {
    assert_eq!([0, 1, 4088].map(stored_bytes), [8 + 4096 + 16; 3]);
    assert_eq!(stored_bytes(4089), 8 + 4608 + 16);
    assert_eq!(stored_bytes(65_528), 8 + 65_536 + 16);
    assert_eq!(stored_bytes(65_529), 8 + 73_728 + 32);
}

#[test]
fn a_reference_survives_its_box_and_shows_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let documents = documents(folder.path());
    let reference = documents.put(&b"one page"[..], MIB).unwrap();
    let bytes = reference.to_bytes();
    assert_eq!(bytes.len(), REFERENCE_BYTES);
    let again = Reference::from_bytes(&bytes).unwrap();
    assert_eq!(&**documents.bytes(&again, MIB).unwrap(), b"one page");
    assert_eq!(format!("{reference:?} {reference:#?}"), format!("Reference({0}) Reference({0})", reference.address()));
    assert_eq!(format!("{:?}", documents.read(&reference).unwrap()), format!("Reader({})", reference.address()));
    for length in 0..bytes.len() {
        assert!(matches!(Reference::from_bytes(&bytes[..length]), Err(DocumentError::Reference)));
    }
    let mut other = bytes.to_vec();
    other[0] = 2;
    assert!(Reference::from_bytes(&other).is_err());
    other[0] = 1;
    other[65..73].copy_from_slice(&(DOCUMENT_BYTES_MAX + 1).to_be_bytes());
    assert!(Reference::from_bytes(&other).is_err());
}

#[test]
fn every_change_to_what_is_stored_is_named_and_no_false_byte_is_given_out() {
    let folder = tempfile::tempdir().unwrap();
    let documents = documents(folder.path());
    let plain = content(300_000);
    let (one, two) = (documents.put(&plain[..], MIB).unwrap(), documents.put(&plain[..], MIB).unwrap());
    let whole = fs::read(path_of(folder.path(), one.address())).unwrap();
    let other = fs::read(path_of(folder.path(), two.address())).unwrap();
    let piece = |from: &[u8], number: usize| from[8 + number * PIECE..8 + (number + 1) * PIECE].to_vec();
    let with = |number: usize, other: &[u8]| {
        let mut changed = whole.clone();
        changed[8 + number * PIECE..8 + (number + 1) * PIECE].copy_from_slice(other);
        changed
    };
    let last = whole.len() - 1;
    let mut changes: Vec<(String, Vec<u8>)> = vec![
        ("pieces swapped".into(), {
            let mut changed = with(1, &piece(&whole, 2));
            changed[8 + 2 * PIECE..8 + 3 * PIECE].copy_from_slice(&piece(&whole, 1));
            changed
        }),
        ("a piece twice".into(), with(1, &piece(&whole, 0))),
        ("a piece of another document".into(), with(1, &piece(&other, 1))),
        ("another document".into(), other.clone()),
    ];
    for place in (0..whole.len()).step_by(4999).chain([0, 7, 8, last - 16, last - 15, last]) {
        let mut changed = whole.clone();
        changed[place] ^= 1 << (place % 8);
        changes.push((format!("bit in byte {place}"), changed));
    }
    for (what, changed) in changes {
        fs::write(path_of(folder.path(), one.address()), &changed).unwrap();
        assert_eq!(damage(documents.bytes(&one, MIB)), Damage::Changed, "{what}");
        assert_eq!(damage(documents.verify(one.address())), Damage::Changed, "{what}");
        let mut given = Vec::new();
        if let Ok(mut reader) = documents.read(&one) {
            let error = reader.read_to_end(&mut given).unwrap_err();
            assert!(matches!(DocumentError::of(&error), Some(DocumentError::Damaged(address, _)) if *address == one.address()), "{what}");
            // It does not go on after a failure.
            assert!(reader.read(&mut [0; 8]).is_err());
        }
        assert!(plain.starts_with(&given), "{what}");
    }
    // Cut or made longer anywhere, also exactly between pieces.
    for length in [0, 7, 8, 9, 8 + PIECE, 8 + 2 * PIECE, whole.len() - PIECE, last] {
        fs::write(path_of(folder.path(), one.address()), &whole[..length]).unwrap();
        let found = Damage::Size { found: length as u64, needed: whole.len() as u64 };
        assert_eq!(damage(documents.read(&one)), found);
    }
    fs::write(path_of(folder.path(), one.address()), [&whole[..], &[0]].concat()).unwrap();
    assert!(matches!(damage(documents.read(&one)), Damage::Size { .. }));
    fs::write(path_of(folder.path(), one.address()), &whole).unwrap();
    assert!(*documents.bytes(&one, MIB).unwrap() == plain);
}

#[test]
fn a_wrong_reference_is_told_from_a_damaged_document() {
    let folder = tempfile::tempdir().unwrap();
    let documents = documents(folder.path());
    let reference = documents.put(&content(70_000)[..], MIB).unwrap();
    let bytes = reference.to_bytes();
    // The key, a length of another padded size, one of the same padded size (70008 bytes and 70009 both go up to 73728), the hash.
    for (place, value) in [(33, bytes[33] ^ 1), (70, bytes[70] ^ 1), (72, bytes[72] ^ 1), (104, bytes[104] ^ 1)] {
        let mut wrong = bytes.to_vec();
        wrong[place] = value;
        let wrong = Reference::from_bytes(&wrong).unwrap();
        assert_eq!(damage(documents.bytes(&wrong, DOCUMENT_BYTES_MAX)), Damage::Reference, "{place}");
    }
    let said = damage(documents.bytes(
        &{
            let mut wrong = bytes.to_vec();
            wrong[33] ^= 1;
            Reference::from_bytes(&wrong).unwrap()
        },
        MIB,
    ));
    assert!(said.to_string().contains("the entry that names it"));
}

#[test]
fn a_missing_document_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let documents = documents(folder.path());
    let reference = documents.put(&b"one page"[..], MIB).unwrap();
    documents.remove(reference.address()).unwrap();
    let said = documents.read(&reference).map(|_| ()).unwrap_err().to_string();
    assert!(said.starts_with("OW-DOCS-001") && said.contains(&reference.address().to_string()), "{said}");
    assert!(matches!(documents.verify(reference.address()), Err(DocumentError::Missing(address)) if address == reference.address()));
    assert!(matches!(documents.remove(reference.address()), Err(DocumentError::Missing(_))));
}

#[test]
fn what_is_too_long_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let documents = documents(folder.path());
    assert!(matches!(documents.put(&[0; 101][..], 100), Err(DocumentError::TooLong { allowed: 100 })));
    assert!(matches!(documents.put(io::repeat(0), 20 * MIB), Err(DocumentError::TooLong { .. })));
    assert!(documents.put(&[0; 100][..], 100).is_ok());
    let reference = documents.put(&[0; 100][..], 100).unwrap();
    assert!(matches!(documents.bytes(&reference, 99), Err(DocumentError::TooLong { allowed: 99 })));
    assert_eq!((documents.list().unwrap().len(), documents.unfinished(Timestamp::MAX).unwrap().len()), (2, 0));
}

#[test]
fn a_source_that_fails_leaves_nothing_and_a_failed_writer_does_not_finish() {
    struct Failing(usize);
    impl Read for Failing {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0 += into.len();
            if self.0 > 10 << 20 { Err(io::Error::other("the line broke")) } else { Ok(into.len()) }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let documents = documents(folder.path());
    assert!(matches!(documents.put(Failing(0), 64 * MIB), Err(DocumentError::Source(_))));
    let mut writer = documents.write(10).unwrap();
    assert!(writer.write_all(&[0; 11]).is_err() && writer.write_all(&[0]).is_err());
    assert!(writer.finish().is_err());
    assert!(all_bytes(folder.path()).is_empty());
}

#[test]
fn orphans_are_what_no_entry_names_and_are_old_enough() {
    let folder = tempfile::tempdir().unwrap();
    let documents = documents(folder.path());
    let kept: Vec<_> = (0..5).map(|number: u8| documents.put(&[number; 10][..], MIB).unwrap().address()).collect();
    let later = Timestamp::now().checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
    let mut found: Vec<_> = documents.list().unwrap().iter().map(|found| found.address).collect();
    let mut expected = kept.clone();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let orphans = documents.orphans(later, |address| kept[1..].contains(address)).unwrap();
    assert_eq!(orphans.iter().map(|found| found.address).collect::<Vec<_>>(), kept[..1]);
    // One that was written a moment ago may belong to an act that is not finished yet.
    assert!(documents.orphans(super::at(0), |_| false).unwrap().is_empty());
}

#[test]
fn what_a_crash_left_is_found_by_its_name_and_is_no_document() {
    let folder = tempfile::tempdir().unwrap();
    let store = documents(folder.path());
    // Forgotten as a killed process forgets it: nothing is dropped.
    let mut writer = store.write(64 * MIB).unwrap();
    writer.write_all(&content(20 << 20)).unwrap();
    std::mem::forget(writer);
    // Stored whole, and killed before it got its address.
    fs::write(folder.path().join("documents/new/0123456789abcdef0123456789abcdef"), b"whole").unwrap();
    let again = documents(folder.path());
    assert!(again.list().unwrap().is_empty());
    let left = again.unfinished(Timestamp::MAX).unwrap();
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(again.remove_unfinished(super::at(0)).unwrap(), 0);
    assert_eq!(again.remove_unfinished(Timestamp::MAX).unwrap(), 2);
    assert!(all_bytes(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_folder_that_does_not_take_it_is_an_error_and_not_a_document() {
    let folder = tempfile::tempdir().unwrap();
    let documents = documents(folder.path());
    // A file where a folder must be: this fails for every user, where permissions would not.
    fs::remove_dir(folder.path().join("documents/new")).unwrap();
    fs::write(folder.path().join("documents/new"), b"").unwrap();
    assert!(matches!(documents.put(&b"one page"[..], MIB), Err(DocumentError::Store(_))));
    assert!(documents.list().unwrap().is_empty());
}
