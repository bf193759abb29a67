//! Files under attack: a gap, a change, a removal of the newest, an insertion, another order. Each is named, with its place.

use openward_seal::chain::{self, BEFORE_FIRST, Chain, FileTag, PARTS_MAX};
use openward_seal::check::{Check, Entry, FAULTS_MAX, Fault, Known, Opened, Report};
use openward_seal::digest::{EntryHash, PartHash};
use openward_seal::part::{self, Salt};
use proptest::prelude::*;

const FILE: FileTag = FileTag::from_bytes([4; 16]);

/// An entry as a register keeps it.
#[derive(Clone, Debug)]
struct Row {
    file: FileTag,
    n: u64,
    prev: EntryHash,
    hash: EntryHash,
    parts: Vec<PartHash>,
    contents: Vec<(Salt, Vec<u8>)>,
}

fn file(count: u64) -> Vec<Row> {
    grow(Chain::new(FILE), 1..=count, "")
}

fn grow(mut chain: Chain, numbers: impl Iterator<Item = u64>, mark: &str) -> Vec<Row> {
    numbers
        .map(|n| {
            let contents: Vec<(Salt, Vec<u8>)> =
                (0..=n % 3).map(|part| (Salt::from_bytes([n as u8 ^ part as u8; 32]), format!("{mark}{n} {part}").into_bytes())).collect();
            let parts: Vec<PartHash> = contents.iter().map(|(salt, bytes)| part::hash(salt, bytes)).collect();
            let appended = chain.append(&parts).unwrap();
            Row { file: chain.file(), n: appended.n, prev: appended.prev, hash: appended.hash, parts, contents }
        })
        .collect()
}

fn check(rows: &[Row], known: &Known) -> Report {
    let mut check = Check::new(FILE, known);
    for row in rows {
        let opened: Vec<Opened<'_>> =
            row.contents.iter().enumerate().map(|(part, (salt, bytes))| Opened { part, salt: *salt, bytes }).collect();
        check.entry(&Entry { file: row.file, n: row.n, prev: row.prev, hash: row.hash, parts: &row.parts, opened: &opened });
    }
    check.finish()
}

fn faults(rows: &[Row]) -> Vec<Fault> {
    check(rows, &Known::default()).faults
}

/// What receipts or the log vouch for: every entry.
fn known(rows: &[Row]) -> Known {
    let mut known = Known::default();
    rows.iter().for_each(|row| known.add(row.n, row.hash));
    known
}

#[test]
fn an_untouched_file_has_no_fault() {
    let rows = file(10);
    let report = check(&rows, &known(&rows));
    assert!(report.is_clean());
    assert_eq!((report.length, report.head), (10, rows[9].hash));
    assert_eq!(report.to_string(), format!("file {FILE}: 10 entries, no fault"));
    assert!(check(&[], &Known::default()).is_clean());
}

#[test]
fn a_part_that_is_withheld_leaves_the_rest_checkable() {
    let mut rows = file(5);
    // Number 5 has parts 0, 1 and 2.
    let mut opened: Vec<usize> = vec![0, 2];
    let row = rows.remove(4);
    let known = Known::default();
    let mut check = Check::new(FILE, &known);
    for row in &rows {
        check.entry(&Entry { file: row.file, n: row.n, prev: row.prev, hash: row.hash, parts: &row.parts, opened: &[] });
    }
    let some: Vec<Opened<'_>> =
        opened.drain(..).map(|part| Opened { part, salt: row.contents[part].0, bytes: &row.contents[part].1 }).collect();
    check.entry(&Entry { file: FILE, n: 5, prev: row.prev, hash: row.hash, parts: &row.parts, opened: &some });
    let report = check.finish();
    assert!(report.is_clean());
    // Numbers 1 to 4 have 2, 3, 1 and 2 parts, all withheld, and number 5 one.
    assert_eq!((report.parts_opened, report.parts_withheld), (2, 9));
}

#[test]
fn a_gap_is_named() {
    let mut rows = file(10);
    rows.drain(3..6);
    assert_eq!(faults(&rows), [Fault::Gap { from: 4, to: 6 }]);
    let mut rows = file(3);
    rows.remove(0);
    assert_eq!(faults(&rows), [Fault::Gap { from: 1, to: 1 }]);
}

#[test]
fn removal_of_the_newest_is_named_where_somebody_knows_of_them() {
    let rows = file(10);
    assert_eq!(faults(&rows[..7]), [], "the chain alone cannot know");
    assert_eq!(check(&rows[..7], &known(&rows)).faults, [Fault::NewestMissing { from: 8, to: 10 }]);
    assert_eq!(check(&[], &known(&rows)).faults, [Fault::NewestMissing { from: 1, to: 10 }]);
    let mut one = Known::default();
    one.add(9, rows[8].hash);
    let report = check(&rows[..7], &one);
    assert_eq!(report.to_string(), format!("file {FILE}: 1 faults\nfile {FILE}: OW-SEAL-011 the newest entries, 8 to 9, are missing"));
}

#[test]
fn a_changed_part_is_named() {
    let mut rows = file(5);
    rows[4].contents[2].1[0] ^= 1;
    assert_eq!(faults(&rows), [Fault::PartChanged { n: 5, part: 2 }]);
    let mut rows = file(5);
    rows[1].parts[1] = rows[0].parts[0];
    assert_eq!(faults(&rows), [Fault::Changed { n: 2 }, Fault::PartChanged { n: 2, part: 1 }]);
    let mut rows = file(5);
    rows[4].contents.push((Salt::from_bytes([0; 32]), b"more".to_vec()));
    assert_eq!(faults(&rows), [Fault::PartChanged { n: 5, part: 3 }]);
    let mut rows = file(1);
    rows[0].parts.clear();
    rows[0].contents.clear();
    assert_eq!(faults(&rows), [Fault::PartCount { n: 1, count: 0 }, Fault::Changed { n: 1 }]);
    rows[0].parts = vec![PartHash::from_bytes([0; 32]); PARTS_MAX + 1];
    assert_eq!(faults(&rows)[0], Fault::PartCount { n: 1, count: PARTS_MAX + 1 });
}

#[test]
fn an_entry_replaced_whole_breaks_the_link_after_it() {
    let good = file(5);
    let mut rows = good.clone();
    let replaced = grow(Chain::resume(FILE, 2, good[1].hash), 3..=3, "other ");
    rows[2] = replaced[0].clone();
    assert_eq!(faults(&rows), [Fault::Unlinked { n: 4 }]);
    assert_eq!(check(&rows, &known(&good)).faults, [Fault::NotAsKnown { n: 3 }, Fault::Unlinked { n: 4 }]);
}

#[test]
fn a_file_written_anew_from_one_entry_on_is_found_by_who_knows_a_hash() {
    let good = file(8);
    let mut rows = good[..3].to_vec();
    rows.extend(grow(Chain::resume(FILE, 3, good[2].hash), 4..=8, "other "));
    assert_eq!(faults(&rows), [], "it agrees with itself");
    let faults = check(&rows, &known(&good)).faults;
    assert_eq!(faults, (4..=8).map(|n| Fault::NotAsKnown { n }).collect::<Vec<_>>());
    // One receipt for a later entry is enough to know that something before it changed.
    let mut receipt = Known::default();
    receipt.add(6, good[5].hash);
    assert_eq!(check(&rows, &receipt).faults, [Fault::NotAsKnown { n: 6 }]);
}

#[test]
fn an_insertion_is_named() {
    let good = file(5);
    let mut rows = good.clone();
    rows.insert(3, grow(Chain::resume(FILE, 2, good[1].hash), 3..=3, "other ")[0].clone());
    assert_eq!(faults(&rows), [Fault::Twice { n: 3 }]);
    // Renumbered behind it, each with its own hash made to fit: the known ones have moved by one.
    let mut chain = Chain::resume(FILE, 3, good[2].hash);
    let mut rows = good[..3].to_vec();
    let parts = [vec![PartHash::from_bytes([1; 32])], good[3].parts.clone(), good[4].parts.clone()];
    for parts in parts {
        let appended = chain.append(&parts).unwrap();
        rows.push(Row { file: FILE, n: appended.n, prev: appended.prev, hash: appended.hash, parts, contents: Vec::new() });
    }
    assert_eq!(check(&rows, &known(&good)).faults, [Fault::NotAsKnown { n: 4 }, Fault::NotAsKnown { n: 5 }]);
    let mut foreign = good.clone();
    foreign.insert(2, grow(Chain::new(FileTag::from_bytes([5; 16])), 1..=1, "")[0].clone());
    assert_eq!(faults(&foreign), [Fault::OtherFile { n: 1, other: FileTag::from_bytes([5; 16]) }]);
}

#[test]
fn another_order_is_named() {
    let good = file(5);
    let mut rows = good.clone();
    rows.swap(2, 3);
    assert_eq!(faults(&rows), [Fault::Gap { from: 3, to: 3 }, Fault::OutOfOrder { n: 3, after: 4 }]);
    // With numbers exchanged too, the hashes no longer fit, and who knows them sees what was moved.
    let mut rows = good.clone();
    rows.swap(2, 3);
    (rows[2].n, rows[3].n) = (3, 4);
    let found = check(&rows, &known(&good)).faults;
    assert!(found.contains(&Fault::Changed { n: 3 }) && found.contains(&Fault::Changed { n: 4 }), "{found:?}");
    assert!(found.contains(&Fault::Moved { n: 3, was: 4 }) && found.contains(&Fault::Moved { n: 4, was: 3 }), "{found:?}");
}

#[test]
fn faults_beyond_the_limit_are_counted() {
    let rows: Vec<Row> = file(1).into_iter().cycle().take(1 + 500).collect();
    let report = check(&rows, &Known::default());
    assert_eq!((report.faults.len(), report.fault_count), (FAULTS_MAX, 500));
}

#[test]
fn an_entry_numbered_zero_is_out_of_order() {
    let mut rows = file(1);
    rows[0].n = 0;
    rows[0].hash = chain::hash(&FILE, 0, &BEFORE_FIRST, &rows[0].parts);
    assert_eq!(faults(&rows), [Fault::OutOfOrder { n: 0, after: 0 }]);
}

proptest! {
    /// Any one bit of any kept byte: contents, salts, part hashes, links, numbers, hashes, file tags.
    #[test]
    fn every_flipped_bit_is_found_at_its_entry(count in 1u64..12, pick in any::<usize>(), field in 0usize..7, bit in any::<usize>()) {
        let good = file(count);
        let mut rows = good.clone();
        let at = pick % rows.len();
        let row = &mut rows[at];
        let part = bit % row.parts.len();
        let flip = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let at = bit % (bytes.len() * 8);
            bytes[at / 8] ^= 1 << (at % 8);
            bytes
        };
        match field {
            0 => row.contents[part].1 = flip(&row.contents[part].1),
            1 => row.contents[part].0 = Salt::from_bytes(flip(row.contents[part].0.as_bytes()).try_into().unwrap()),
            2 => row.parts[part] = PartHash::from_bytes(flip(row.parts[part].as_bytes()).try_into().unwrap()),
            3 => row.prev = EntryHash::from_bytes(flip(row.prev.as_bytes()).try_into().unwrap()),
            4 => row.n = u64::from_be_bytes(flip(&row.n.to_be_bytes()).try_into().unwrap()),
            5 => row.hash = EntryHash::from_bytes(flip(row.hash.as_bytes()).try_into().unwrap()),
            _ => row.file = FileTag::from_bytes(flip(row.file.as_bytes()).try_into().unwrap()),
        }
        let numbers = [rows[at].n, good[at].n];
        // Without any knowledge from outside. An entry that went to another file leaves a gap, which shows at the end only to who knows.
        let alone = check(&rows, &Known::default());
        prop_assert!(!alone.is_clean());
        let told = check(&rows, &known(&good));
        prop_assert!(told.faults.iter().any(|fault| numbers.contains(&fault.n())), "{told}");
    }

    /// Removal, insertion and exchange anywhere, against what is known.
    #[test]
    fn every_removal_and_exchange_is_found(count in 2u64..12, a in any::<usize>(), b in any::<usize>()) {
        let good = file(count);
        let (a, b) = (a % good.len(), b % good.len());
        let mut removed = good.clone();
        removed.remove(a);
        let report = check(&removed, &known(&good));
        let n = good[a].n;
        let expected = if n == count { Fault::NewestMissing { from: n, to: n } } else { Fault::Gap { from: n, to: n } };
        prop_assert_eq!(report.faults, [expected]);
        let mut twice = good.clone();
        twice.insert(a + 1, good[a].clone());
        prop_assert_eq!(check(&twice, &known(&good)).faults, [Fault::Twice { n }]);
        if a != b {
            let mut swapped = good.clone();
            swapped.swap(a, b);
            prop_assert!(!check(&swapped, &Known::default()).is_clean());
        }
    }
}

#[test]
fn a_document_is_checked_against_its_part_and_no_other() {
    use openward_seal::document::{Compare, REFERENCE_BYTES, Stated};
    let paper = b"one page";
    // SHA-256 of those eight bytes, as `sha256sum` gives it.
    let sha256 =
        b"\x59\xe2\x6b\x3f\x73\x65\x5a\x55\xfb\xe0\xab\xc4\x92\x36\x39\xe1\x2a\xd5\xc4\x97\xba\x50\xc3\xee\xc2\xc6\x77\x3c\xc8\x27\xa1\x9b";
    let part = [&[1][..], &[7; 64], &8_u64.to_be_bytes(), &sha256[..]].concat();
    assert_eq!(part.len(), REFERENCE_BYTES);
    let stated = Stated::of(&part).unwrap();
    let is_same = |pieces: &[&[u8]]| {
        let mut compare = Compare::with(stated);
        pieces.iter().for_each(|piece| compare.take(piece));
        compare.is_same()
    };
    assert!(is_same(&[paper]) && is_same(&[&paper[..3], b"", &paper[3..]]));
    assert!(!is_same(&[b"one pagf"]) && !is_same(&[paper, b"\0"]) && !is_same(&[&paper[..7]]) && !is_same(&[]));
    for length in 0..REFERENCE_BYTES {
        assert_eq!(Stated::of(&part[..length]), None);
    }
    assert_eq!(Stated::of(&[&part[..], &[0]].concat()), None);
    assert_eq!(Stated::of(&[&[2], &part[1..]].concat()), None);
}
