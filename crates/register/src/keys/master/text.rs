//! The text of a master key: a beginning, then thirty-two bytes and a checksum of three in base32, in groups of four.
//!
//! The letters are Crockford's: no I, L, O or U. When read, `i` and `l` are 1 and `o` is 0.

use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use super::MasterError;
use crate::keys::chance::Secret;

/// How the text begins. The number is the version of the format.
pub(super) const BEGINNING: &str = "OPENWARD-MASTER-1-";

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const KEY: usize = 32;
const CHECK: usize = 3;
/// Thirty-five bytes are exactly fifty-six letters of five bits.
const TEXT: usize = (KEY + CHECK) * 8 / 5;
const GROUP: usize = 4;

fn checksum(key: &[u8]) -> [u8; CHECK] {
    let mut hash = Sha256::new();
    hash.update(b"openward master text 1");
    hash.update(key);
    let [a, b, c, ..]: [u8; 32] = hash.finalize().into();
    [a, b, c]
}

pub(super) fn write(key: &Secret) -> Zeroizing<String> {
    // INVARIANT: the room is asked for at once, so that the text is never moved and no copy of it stays in memory.
    let mut text = Zeroizing::new(String::with_capacity(BEGINNING.len() + TEXT + TEXT / GROUP));
    text.push_str(BEGINNING);
    let (mut held, mut bits, mut count) = (0_u32, 0, 0);
    for byte in key.bytes().iter().chain(&checksum(key.bytes())) {
        held = (held << 8 | u32::from(*byte)) & 0xFFF;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            if count > 0 && count % GROUP == 0 {
                text.push('-');
            }
            count += 1;
            text.push(LETTERS.get((held >> bits & 31) as usize).map_or('0', |letter| char::from(*letter)));
        }
    }
    text
}

pub(super) fn read(text: &str) -> Result<Secret, MasterError> {
    // Hyphens and spaces are for the eye, in the words before the groups too.
    let mut letters = text.chars().filter(|letter| *letter != '-' && !letter.is_whitespace());
    for wanted in BEGINNING.chars().filter(|letter| *letter != '-') {
        letters.next().filter(|letter| letter.eq_ignore_ascii_case(&wanted)).ok_or(MasterError::Format)?;
    }
    let mut bytes = Zeroizing::new([0_u8; KEY + CHECK]);
    let (mut held, mut bits, mut found) = (0_u32, 0, 0);
    let mut room = bytes.iter_mut();
    for letter in letters {
        held = (held << 5 | value(letter).ok_or(MasterError::Format)?) & 0xFFF;
        bits += 5;
        found += 1;
        if bits >= 8 {
            bits -= 8;
            if let Some(byte) = room.next() {
                *byte = (held >> bits & 255) as u8;
            }
        }
    }
    held.zeroize();
    if found != TEXT {
        return Err(MasterError::Length { found, needed: TEXT });
    }
    let (key, check) = bytes.split_at(KEY);
    if checksum(key) != check {
        return Err(MasterError::Checksum);
    }
    Secret::copied(key).ok_or(MasterError::Format)
}

fn value(letter: char) -> Option<u32> {
    let letter = match letter.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    LETTERS.iter().zip(0..).find(|(known, _)| char::from(**known) == letter).map(|(_, value)| value)
}
