//! How hashes and bytes are written as text: base64 and hexadecimal, each in exactly one way.
//!
//! Deliberately absent: leniency. A text that could be written otherwise for the same bytes is refused, so that no bit of it is idle.

use base64ct::{Base64, Encoding};

/// Standard base64 with padding.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// The bytes of a base64 text; none unless it is written as [`base64`] writes it.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let bytes = Base64::decode_vec(text).ok()?;
    // INVARIANT: one text for the same bytes. The library refuses idle bits; this line does not rely on it.
    (Base64::encode_string(&bytes) == text).then_some(bytes)
}

/// Thirty-two bytes from a base64 text.
pub(crate) fn from_base64_32(text: &str) -> Option<[u8; 32]> {
    from_base64(text)?.try_into().ok()
}

/// Small hexadecimal letters.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('?');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes of a hexadecimal text; none unless it is in small letters.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

/// A whole number without sign and without leading zeros, up to the largest that fits.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

/// The beginning of a hostile text, safe to show on a terminal.
pub(crate) fn shown(text: &str) -> String {
    const CHARACTERS_MAX: usize = 60;
    let beginning: String = text.chars().take(CHARACTERS_MAX).collect();
    let rest = if text.chars().nth(CHARACTERS_MAX).is_some() { "…" } else { "" };
    format!("{}{rest}", beginning.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_one_text_for_the_same_bytes() {
        // RFC 4648, section 10: "fo" is Zm8=. The last letter carries two idle bits, which must be zero.
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(from_base64("Zm8="), Some(b"fo".to_vec()));
        for wrong in ["Zm9=", "Zm8", "Zm8==", " Zm8=", "Zm8=\n", "Zm-=", "Zm_="] {
            assert_eq!(from_base64(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn hexadecimal_is_small_and_even() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
        assert_eq!(from_hex("000aff"), Some(vec![0, 10, 255]));
        for wrong in ["000AFF", "000af", "0g", "é"] {
            assert_eq!(from_hex(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_number_has_no_sign_no_space_and_no_leading_zero() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for wrong in ["", "00", "01", "+1", "-1", " 1", "1 ", "18446744073709551616", "１"] {
            assert_eq!(decimal(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn what_is_shown_holds_no_control_character_and_is_short() {
        assert_eq!(shown("a\u{1b}[31m"), "a\\u{1b}[31m");
        assert_eq!(shown(&"x".repeat(61)), format!("{}…", "x".repeat(60)));
    }
}
