//! Keys and their texts: `vkey` for what everybody may know, `skey` for what only the signer may.
//!
//! Two kinds of signature: that of a log over a text (type 1), and that of a witness over a text and a time (type 4, C2SP
//! tlog-cosignature). Deliberately absent: making keys from chance. The caller brings thirty-two random bytes.

use std::fmt;

use ed25519_dalek::{Signature as Ed25519, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use super::Signature;
use crate::text;

/// The longest name of a key, in bytes.
pub const NAME_BYTES_MAX: usize = 255;

/// How a secret key's text begins.
const PRIVATE: &str = "PRIVATE+KEY+";

/// The largest time that the format of witnesses allows.
const TIME_MAX: u64 = (1 << 63) - 1;

/// What a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// Texts: checkpoints and receipts of a log. Type 1.
    Log,
    /// Checkpoints of others, with the time. Type 4.
    Witness,
}

impl KeyKind {
    const fn byte(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Witness => 4,
        }
    }

    const fn of(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Log),
            4 => Some(Self::Witness),
            _ => None,
        }
    }
}

/// Why a text is no key. It never repeats the text, which may be secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// It is not in the format.
    Format,
    /// The name is empty, too long, or holds a space, a plus or a control character.
    Name,
    /// Its id is not that of its name and key: a letter was lost or changed.
    Id,
    /// The kind of key is not known here.
    Kind,
    /// The bytes are no public key, or one with which anybody can sign.
    Key,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "OW-SEAL-060 this is no key: a name, a plus, eight hexadecimal letters, a plus, and base64 were expected",
            Self::Name => "OW-SEAL-061 the name of the key is empty, too long, or holds a space, a plus or a control character",
            Self::Id => "OW-SEAL-062 the key was copied wrongly: its id does not fit its name and bytes",
            Self::Kind => "OW-SEAL-063 the key is of a kind that is not known here",
            Self::Key => "OW-SEAL-064 the bytes of the key are no usable Ed25519 key",
        })
    }
}

impl std::error::Error for KeyError {}

/// Whether this may be the name of a key, and so the origin of a log.
#[must_use]
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= NAME_BYTES_MAX && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// The key of a log or a witness that everybody may know.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    kind: KeyKind,
    id: [u8; 4],
    key: VerifyingKey,
}

impl PublicKey {
    fn new(name: &str, kind: KeyKind, key: VerifyingKey) -> Result<Self, KeyError> {
        if !is_name(name) {
            return Err(KeyError::Name);
        }
        if key.is_weak() {
            return Err(KeyError::Key);
        }
        Ok(Self { name: name.to_owned(), kind, id: id(name, kind, key.as_bytes()), key })
    }

    /// From its name, kind and thirty-two bytes.
    ///
    /// # Errors
    /// A wrong name, or bytes that are no usable key.
    pub fn from_bytes(name: &str, kind: KeyKind, bytes: &[u8; 32]) -> Result<Self, KeyError> {
        Self::new(name, kind, VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Key)?)
    }

    /// From its text: `name+id+base64`.
    ///
    /// # Errors
    /// Where it is not exactly such a text.
    pub fn parse(vkey: &str) -> Result<Self, KeyError> {
        let (name, id, kind, bytes) = read(vkey)?;
        let key = Self::from_bytes(name, kind, &bytes)?;
        if key.id == id { Ok(key) } else { Err(KeyError::Id) }
    }

    /// The name of the signer. For a log it is the origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The short id that stands in signatures.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Its thirty-two bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// Whether the signature is of this key over this text; with the time, if it is of a witness.
    pub(super) fn verify_text(&self, text: &str, signature: &[u8]) -> Option<Option<u64>> {
        match self.kind {
            KeyKind::Log => {
                let signature = Ed25519::from_slice(signature).ok()?;
                self.key.verify_strict(text.as_bytes(), &signature).ok().map(|()| None)
            }
            KeyKind::Witness => {
                let (at, signature) = signature.split_first_chunk::<8>()?;
                let at = u64::from_be_bytes(*at);
                let signature = Ed25519::from_slice(signature).ok()?;
                if at > TIME_MAX {
                    return None;
                }
                self.key.verify_strict(witnessed(text, at).as_bytes(), &signature).ok().map(|()| Some(at))
            }
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write(&self.name, self.id, self.kind, self.key.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// The secret key of a log. It is wiped from memory when it is dropped, and never shown.
pub struct SecretKey(Secret);

/// The secret key of a witness. It is wiped from memory when it is dropped, and never shown.
pub struct WitnessKey(Secret);

struct Secret {
    public: PublicKey,
    key: SigningKey,
}

impl Secret {
    fn new(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let key = SigningKey::from_bytes(seed);
        Ok(Self { public: PublicKey::new(name, kind, key.verifying_key())?, key })
    }

    fn parse(skey: &str, kind: KeyKind) -> Result<Self, KeyError> {
        let (name, id, found, mut seed) = read(skey.strip_prefix(PRIVATE).ok_or(KeyError::Format)?)?;
        let secret = if found == kind { Self::new(name, kind, &seed) } else { Err(KeyError::Kind) };
        seed.zeroize();
        let secret = secret?;
        if secret.public.id == id { Ok(secret) } else { Err(KeyError::Id) }
    }

    fn text(&self) -> Zeroizing<String> {
        let body = Zeroizing::new(write(&self.public.name, self.public.id, self.public.kind, self.key.as_bytes()));
        Zeroizing::new(format!("{PRIVATE}{}", *body))
    }

    fn signature(&self, bytes: Vec<u8>) -> Signature {
        Signature { name: self.public.name.clone(), id: self.public.id, bytes }
    }
}

impl SecretKey {
    /// From a name and thirty-two random bytes.
    ///
    /// # Errors
    /// A wrong name.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        Secret::new(name, KeyKind::Log, seed).map(Self)
    }

    /// From its text: `PRIVATE+KEY+name+id+base64`.
    ///
    /// # Errors
    /// Where it is not exactly such a text.
    pub fn parse(skey: &str) -> Result<Self, KeyError> {
        Secret::parse(skey, KeyKind::Log).map(Self)
    }

    /// Its text, wiped from memory when dropped. Keep it where only the signer can read.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        self.0.text()
    }

    /// What everybody may know of it.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.0.public
    }

    pub(super) fn sign_text(&self, text: &str) -> Signature {
        self.0.signature(self.0.key.sign(text.as_bytes()).to_bytes().to_vec())
    }
}

impl WitnessKey {
    /// From a name and thirty-two random bytes. Never the bytes of another key: what a witness signs does not hold its name.
    ///
    /// # Errors
    /// A wrong name.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        Secret::new(name, KeyKind::Witness, seed).map(Self)
    }

    /// From its text: `PRIVATE+KEY+name+id+base64`.
    ///
    /// # Errors
    /// Where it is not exactly such a text.
    pub fn parse(skey: &str) -> Result<Self, KeyError> {
        Secret::parse(skey, KeyKind::Witness).map(Self)
    }

    /// Its text, wiped from memory when dropped. Keep it where only the witness can read.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        self.0.text()
    }

    /// What everybody may know of it.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.0.public
    }

    pub(super) fn cosign_text(&self, text: &str, at: u64) -> Signature {
        let at = at.min(TIME_MAX);
        let signature = self.0.key.sign(witnessed(text, at).as_bytes());
        self.0.signature(at.to_be_bytes().into_iter().chain(signature.to_bytes()).collect())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(… {})", self.0.public.name)
    }
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WitnessKey(… {})", self.0.public.name)
    }
}

/// What a witness signs.
fn witnessed(text: &str, at: u64) -> String {
    format!("cosignature/v1\ntime {at}\n{text}")
}

/// The first four bytes of `SHA-256(name ‖ 0x0A ‖ kind ‖ key)`.
fn id(name: &str, kind: KeyKind, key: &[u8; 32]) -> [u8; 4] {
    let mut hasher = Sha256::new();
    hasher.update(name);
    hasher.update([b'\n', kind.byte()]);
    hasher.update(key);
    let [a, b, c, d, ..]: [u8; 32] = hasher.finalize().into();
    [a, b, c, d]
}

fn write(name: &str, id: [u8; 4], kind: KeyKind, bytes: &[u8; 32]) -> String {
    let key: Zeroizing<Vec<u8>> = Zeroizing::new(std::iter::once(kind.byte()).chain(*bytes).collect());
    let mut encoded = text::base64(&key);
    let written = format!("{name}+{}+{encoded}", text::hex(&id));
    encoded.zeroize();
    written
}

/// The pieces of a key's text: name, id, kind, bytes.
type Pieces<'a> = (&'a str, [u8; 4], KeyKind, [u8; 32]);

fn read(text: &str) -> Result<Pieces<'_>, KeyError> {
    let (name, rest) = text.split_once('+').ok_or(KeyError::Format)?;
    let (id, key) = rest.split_once('+').ok_or(KeyError::Format)?;
    if !is_name(name) {
        return Err(KeyError::Name);
    }
    let id: [u8; 4] = text::from_hex(id).and_then(|id| id.try_into().ok()).ok_or(KeyError::Format)?;
    let key = Zeroizing::new(text::from_base64(key).ok_or(KeyError::Format)?);
    let (kind, bytes) = key.split_first().ok_or(KeyError::Format)?;
    let kind = KeyKind::of(*kind).ok_or(KeyError::Kind)?;
    Ok((name, id, kind, bytes.try_into().map_err(|_| KeyError::Key)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The neutral point of the curve: everybody can sign under it.
    #[test]
    fn a_key_with_which_anybody_can_sign_is_refused() {
        let mut neutral = [0; 32];
        neutral[0] = 1;
        assert_eq!(PublicKey::from_bytes("a.example", KeyKind::Log, &neutral), Err(KeyError::Key));
        // No point has the second coordinate 2: (2² - 1) / (2² d + 1) is no square in the field.
        neutral[0] = 2;
        assert_eq!(PublicKey::from_bytes("a.example", KeyKind::Log, &neutral), Err(KeyError::Key));
    }

    #[test]
    fn a_name_has_no_space_no_plus_and_an_end() {
        for wrong in ["", "a b", "a+b", "a\u{a0}b", "a\u{2028}b", "a\u{7f}b", &"a".repeat(256)] {
            assert_eq!(SecretKey::from_seed(wrong, &[1; 32]).map(|_| ()), Err(KeyError::Name), "{wrong:?}");
        }
        assert!(SecretKey::from_seed(&"a".repeat(255), &[1; 32]).is_ok());
    }

    #[test]
    fn what_is_shown_of_a_secret_key_is_its_name() {
        assert_eq!(format!("{:?}", SecretKey::from_seed("a.example", &[1; 32]).unwrap()), "SecretKey(… a.example)");
        assert_eq!(format!("{:?}", WitnessKey::from_seed("a.example", &[1; 32]).unwrap()), "WitnessKey(… a.example)");
    }

    #[test]
    fn a_key_of_another_kind_is_not_taken_for_this_one() {
        let log = SecretKey::from_seed("a.example", &[1; 32]).unwrap();
        let witness = WitnessKey::from_seed("a.example", &[1; 32]).unwrap();
        assert_ne!(log.public().id(), witness.public().id());
        assert_eq!(WitnessKey::parse(&log.text()).map(|_| ()), Err(KeyError::Kind));
        assert_eq!(SecretKey::parse(&witness.text()).map(|_| ()), Err(KeyError::Kind));
        assert_eq!(PublicKey::parse(&log.text()), Err(KeyError::Format));
    }
}
