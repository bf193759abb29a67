//! Bundles of records: each record after its length in two bytes, the highest first. Here every record is an entry hash.
//!
//! Deliberately absent: records of other lengths. A leaf of our log is an entry hash and nothing else.

use crate::digest::EntryHash;

/// Bytes of one record with its length.
const RECORD_BYTES: usize = 34;

/// The length of an entry hash, as it stands before each.
const LENGTH: [u8; 2] = [0, 32];

/// The bytes of a bundle.
#[must_use]
pub fn bundle(records: &[EntryHash]) -> Vec<u8> {
    records.iter().flat_map(|record| LENGTH.iter().chain(record.as_bytes())).copied().collect()
}

/// The records of a bundle; none unless it holds whole entry hashes and nothing else.
#[must_use]
pub fn read_bundle(bytes: &[u8]) -> Option<Vec<EntryHash>> {
    let (records, rest) = bytes.as_chunks::<RECORD_BYTES>();
    if !rest.is_empty() {
        return None;
    }
    records
        .iter()
        .map(|record| {
            let (length, hash) = record.split_first_chunk::<2>()?;
            let hash: [u8; 32] = hash.try_into().ok()?;
            (*length == LENGTH).then_some(EntryHash::from_bytes(hash))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_is_read_as_it_is_written_and_no_other_length_is_taken() {
        let records = [EntryHash::from_bytes([1; 32]), EntryHash::from_bytes([2; 32])];
        let bytes = bundle(&records);
        assert_eq!(bytes.len(), 68);
        assert_eq!(read_bundle(&bytes).as_deref(), Some(&records[..]));
        assert_eq!(read_bundle(&bytes[..67]), None);
        let mut wrong = bytes;
        wrong[35] = 31;
        assert_eq!(read_bundle(&wrong), None);
    }
}
