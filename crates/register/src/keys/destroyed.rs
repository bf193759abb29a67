//! The list of files whose keys were destroyed. It only grows, and every key store that is restored later must honour it.
//!
//! In the store each row is chained to the one before by a keyed hash; as a text for keeping elsewhere the whole is. So nobody without the
//! master adds to it, and nobody takes a row out of its middle unseen. Deliberately absent: whose files they were.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

use super::chance::Secret;
use super::{KeyError, Pseudonym};

/// The longest list that is read: a million files. The register of a country has fewer to forget.
const LIST_BYTES_MAX: usize = 128 << 20;

const BEGINNING: &str = "openward destroyed keys 1";

/// One file whose keys are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destroyed {
    /// The file.
    pub file: Pseudonym,
    /// When, in whole microseconds.
    pub at: Timestamp,
}

/// The keyed hash of a row: over its number, its content, and that of the row before.
pub(super) fn row(key: &Secret, before: &[u8; 32], n: u64, row: &Destroyed) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).ok()?;
    mac.update(b"openward destroyed row 1");
    mac.update(before);
    mac.update(&n.to_be_bytes());
    mac.update(row.file.as_bytes());
    mac.update(&row.at.as_microsecond().to_be_bytes());
    Some(mac.finalize().into_bytes().into())
}

/// The list as a text of one register, with a keyed hash in its last line.
pub(super) fn write(key: &Secret, register: &Pseudonym, list: &[Destroyed]) -> Result<String, KeyError> {
    let mut text = format!("{BEGINNING}\nregister {register}\n");
    for row in list {
        let _ = writeln!(text, "{} {}", row.file, row.at.as_microsecond());
    }
    let mac = hash(key, &text)?.finalize().into_bytes();
    text.push_str("mac ");
    for byte in mac {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('\n');
    Ok(text)
}

/// Reads the text; it must be of this register and unchanged.
pub(super) fn read(key: &Secret, register: &Pseudonym, text: &str) -> Result<Vec<Destroyed>, KeyError> {
    if text.len() > LIST_BYTES_MAX {
        return Err(KeyError::List("it is too long"));
    }
    let shape = || KeyError::List("it is not in the format, or its end is missing");
    let (body, mac) = text.strip_suffix('\n').and_then(|text| text.rsplit_once("\nmac ")).ok_or_else(shape)?;
    let rest = body.strip_prefix(BEGINNING).and_then(|rest| rest.strip_prefix("\nregister ")).ok_or_else(shape)?;
    let mut lines = rest.split('\n');
    if lines.next().and_then(Pseudonym::parse) != Some(*register) {
        return Err(KeyError::List("it is of another register"));
    }
    let mac = mac_of(mac).ok_or_else(shape)?;
    hash(key, &format!("{body}\n"))?.verify_slice(&mac).map_err(|_| KeyError::List("it was changed"))?;
    lines
        .map(|line| {
            let (file, at) = line.split_once(' ')?;
            Some(Destroyed { file: Pseudonym::parse(file)?, at: Timestamp::from_microsecond(at.parse().ok()?).ok()? })
        })
        .collect::<Option<_>>()
        .ok_or_else(shape)
}

fn hash(key: &Secret, body: &str) -> Result<Hmac<Sha256>, KeyError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).map_err(|_| KeyError::List("it cannot be hashed"))?;
    mac.update(b"openward destroyed list 1");
    mac.update(body.as_bytes());
    Ok(mac)
}

/// The thirty-two bytes of sixty-four letters: two halves of a length that pseudonyms have too.
fn mac_of(text: &str) -> Option<[u8; 32]> {
    let (front, back) = text.split_at_checked(32)?;
    let mut mac = [0; 32];
    let halves = Pseudonym::parse(front)?.0.into_iter().chain(Pseudonym::parse(back)?.0);
    mac.iter_mut().zip(halves).for_each(|(into, from)| *into = from);
    Some(mac)
}
