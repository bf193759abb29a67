//! The formats of `docs/keys.md`, as another program wrote them from that page alone (Python, PyPI `pynacl` 1 for the cipher).
//!
//! These values stand for ever: what they describe is on people's disks.

use openward_register::documents::Documents;
use openward_register::keys::{Chance, Domain, Keys, Master, Place, Pseudonym};

use super::at;

/// Known bytes: secrets count from `first`, nonces from 64.
fn counting(first: u8) -> Chance {
    Chance::from_source(move |bytes| {
        let first = if bytes.len() == 24 { 64 } else { first };
        bytes.iter_mut().zip(first..).for_each(|(byte, value)| *byte = value);
        Ok(())
    })
}

#[test]
fn the_text_and_id_of_a_master() {
    let master = Master::generate(&counting(0)).unwrap();
    assert_eq!(*master.text(), "OPENWARD-MASTER-1-000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFG-P60Z");
    assert_eq!(master.id(), "568a9b7b6a98262f");
    assert_eq!(Master::parse(&master.text()).unwrap().id(), master.id());
}

#[test]
fn a_box() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::create(&folder.path().join("keys.db"), &Master::generate(&counting(0)).unwrap(), counting(0)).unwrap();
    let file = Pseudonym::from_bytes([7; 16]);
    let place = Place { table: "part", file, n: 258, i: 3, extra: b"\x09\x08" };
    let boxed = keys.file_key(Domain::Care, file).unwrap().seal(&place, b"a note").unwrap();
    let hex: String = boxed.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "01404142434445464748494a4b4c4d4e4f5051525354555657d4390576b1c01779fb9187beaf9c659292baadc41359539a6a31fd450904239016f9026e55\
         928410ffb2f44c0adadaf19b6b7de86f85b49cb6fc08f413b24c540295a50ef968cb468c315315601b414e"
    );
}

#[test]
fn a_pseudonym_and_a_row_of_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.db");
    let keys = Keys::create(&path, &Master::generate(&counting(0)).unwrap(), counting(100)).unwrap();
    assert_eq!(keys.pseudonym("per_1").to_string(), "35f8f6471b46b3b7e28e10b16abc9988");
    keys.destroy(Pseudonym::from_bytes([7; 16]), at(1)).unwrap();
    let db = rusqlite::Connection::open(&path).unwrap();
    let mac: Vec<u8> = db.query_row("SELECT mac FROM destroyed WHERE n = 1", [], |row| row.get(0)).unwrap();
    let mac: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(mac, "a5a86585eb98893dfdb2e3be3266c4504b6ac8aefa2a403bf05aedcb7fdc34bc");
}

#[test]
fn a_document_of_two_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let documents = Documents::open(folder.path(), counting(0)).unwrap();
    let plain: Vec<u8> = (0..65_530).map(|at: u32| (at % 251) as u8).collect();
    let reference = documents.put(&plain[..], 1 << 20).unwrap();
    assert_eq!(reference.address().to_string(), "1f1718bd33df4bf06e8db93bfd560dca8da4a5116b040fa91c463148c46dc4a6");
    assert_eq!(documents.verify(reference.address()).unwrap(), 73_768);
    let hex: String = reference.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "011f1718bd33df4bf06e8db93bfd560dca8da4a5116b040fa91c463148c46dc4a6000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c\
         1d1e1f000000000000fffaca1b392ab50e1d74a6f6d6c5d210f83425f56067789b035259c5c6bf6679b635"
    );
}

#[test]
fn the_box_of_a_signing_key() {
    use sha2::{Digest as _, Sha256};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.db");
    let keys = Keys::create(&path, &Master::generate(&counting(0)).unwrap(), counting(100)).unwrap();
    keys.make_signing_key("register.example/care").unwrap();
    let db = rusqlite::Connection::open(&path).unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?));
    let (public, boxed) = db.query_row("SELECT public, box FROM signing_key WHERE n = 1", [], row).unwrap();
    assert_eq!(public, "register.example/care+47545206+AQu8NGpXZnw4ASC9nH/X5R0sX9/qN80vW/QFssa/by14");
    let sum: String = Sha256::digest(&boxed).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((boxed.len(), sum.as_str()), (169, "54fa5d59031781b16f5bf7e40d5769603c9cc86de0d58c1e29042c9dccecf920"));
}
