//! Signed notes: a text and the signatures under it, as C2SP signed-note has them. Keys and their texts are in [`key`].
//!
//! Deliberately absent: showing the text of a note that nobody known has signed. There is no way to it but [`Note::open`].

pub mod key;

use std::fmt;

use crate::lines::{Lines, Malformed, utf8};
use crate::text;

use key::{PublicKey, SecretKey};

/// The most bytes of a note. A checkpoint with sixteen of the largest signatures known has less than half.
pub const BYTES_MAX: usize = 256 * 1024;

/// The most signatures of a note. The format asks that sixteen be accepted.
pub const SIGNATURES_MAX: usize = 64;

/// What a line of a signature begins with: a long dash and a space.
const DASH: &str = "— ";

/// One line of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    name: String,
    id: [u8; 4],
    bytes: Vec<u8>,
}

impl Signature {
    /// The name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the key.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// One line, without its end.
    ///
    /// # Errors
    /// Where it is not in its format.
    pub fn parse(line: &str) -> Result<Self, Malformed> {
        Self::read(line, 1)
    }

    fn read(line: &str, number: usize) -> Result<Self, Malformed> {
        const EXPECTED: &str = "a signature: a long dash, a space, a name, a space, base64";
        let wrong = || Malformed::new(number, line, EXPECTED);
        let (name, bytes) = line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or_else(wrong)?;
        if !key::is_name(name) {
            return Err(wrong());
        }
        let bytes = text::from_base64(bytes).ok_or_else(wrong)?;
        let (id, bytes) = bytes.split_first_chunk::<4>().ok_or_else(wrong)?;
        if bytes.is_empty() {
            return Err(wrong());
        }
        Ok(Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: Vec<u8> = self.id.iter().chain(&self.bytes).copied().collect();
        write!(f, "{DASH}{} {}", self.name, text::base64(&bytes))
    }
}

/// A text with its signatures, none of which is checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// A known key that signed a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'k> {
    /// The key.
    pub key: &'k PublicKey,
    /// For a witness, the second since 1970 at which it says it saw this.
    pub at: Option<u64>,
}

/// A note that at least one known key has signed, and on which no known key has a wrong signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened<'n, 'k> {
    /// The text, with the end of its last line.
    pub text: &'n str,
    /// The known keys that signed it, each once; of a witness that signed more than once, its first.
    pub signed: Vec<Signed<'k>>,
}

/// Why a note is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// It is not in its format.
    Malformed(Malformed),
    /// It is too large.
    TooLarge(usize),
    /// A signature that says it is of a known key is not.
    WrongSignature {
        /// The name of the key.
        name: String,
    },
    /// No known key signed it.
    NobodyKnown,
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => error.fmt(f),
            Self::TooLarge(bytes) => write!(f, "OW-SEAL-031 the text has {bytes} bytes; at most {BYTES_MAX} are read"),
            Self::WrongSignature { name } => {
                write!(f, "OW-SEAL-032 the signature of `{}` is wrong: the text was changed or signed by somebody else", text::shown(name))
            }
            Self::NobodyKnown => f.write_str("OW-SEAL-033 no key that you know has signed this"),
        }
    }
}

impl std::error::Error for NoteError {}

impl From<Malformed> for NoteError {
    fn from(error: Malformed) -> Self {
        Self::Malformed(error)
    }
}

impl Note {
    /// A note without signatures; sign it with [`Self::sign`].
    ///
    /// # Errors
    /// A text that does not end its last line, or holds control characters.
    pub fn new(text: impl Into<String>) -> Result<Self, Malformed> {
        let text = text.into();
        is_text(&text)?;
        if !text.ends_with('\n') {
            return Err(Malformed::new(text.lines().count(), text.lines().last().unwrap_or(""), "a text that ends with a line end"));
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// Reads a note.
    ///
    /// # Errors
    /// Too large, or not in its format.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > BYTES_MAX {
            return Err(NoteError::TooLarge(bytes.len()));
        }
        let all = utf8(bytes)?;
        is_text(all)?;
        // The last empty line parts text and signatures.
        let Some(end) = all.rfind("\n\n") else {
            return Err(Malformed::new(all.lines().count() + 1, "", "an empty line and a signature").into());
        };
        let (text, after) = all.split_at(end + 1);
        let above = text.lines().count() + 1;
        let mut lines = Lines::new(after.get(1..).unwrap_or_default());
        let mut signatures = Vec::new();
        while signatures.is_empty() || !lines.rest().is_empty() {
            let line = lines.next("a signature").map_err(|error| error.after(above))?;
            if signatures.len() == SIGNATURES_MAX {
                return Err(lines.wrong(line, "the end: no note has more than 64 signatures").after(above).into());
            }
            signatures.push(Signature::read(line, above + lines.line())?);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The signatures, none of which is checked.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Signs with the key of a log.
    pub fn sign(&mut self, key: &SecretKey) {
        let signature = key.sign_text(&self.text);
        self.add(signature);
    }

    /// Adds a signature that somebody else made, unless it is there.
    pub fn add(&mut self, signature: Signature) {
        if !self.signatures.contains(&signature) {
            self.signatures.push(signature);
        }
    }

    /// The signature of a witness under this text, at this second since 1970. The witness logic is in [`crate::witness`].
    #[must_use]
    pub fn cosignature(&self, key: &key::WitnessKey, at: u64) -> Signature {
        key.cosign_text(&self.text, at)
    }

    /// Checks the signatures of the keys that the caller knows, and gives the text. Others are passed over, as the format asks.
    ///
    /// # Errors
    /// A wrong signature of a known key, or none of a known key.
    pub fn open<'k>(&self, known: &'k [PublicKey]) -> Result<Opened<'_, 'k>, NoteError> {
        let mut signed: Vec<Signed<'k>> = Vec::new();
        for signature in &self.signatures {
            for key in known.iter().filter(|key| key.name() == signature.name && key.id() == signature.id) {
                let wrong = || NoteError::WrongSignature { name: signature.name.clone() };
                let at = key.verify_text(&self.text, &signature.bytes).ok_or_else(wrong)?;
                if !signed.iter().any(|earlier| earlier.key == key) {
                    signed.push(Signed { key, at });
                }
            }
        }
        if signed.is_empty() { Err(NoteError::NobodyKnown) } else { Ok(Opened { text: &self.text, signed }) }
    }

    /// The text, not checked: for reading what it says it is, before the keys for it are chosen.
    pub(crate) fn unchecked_text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

/// No control characters but the ends of lines.
fn is_text(text: &str) -> Result<(), Malformed> {
    for (index, line) in text.split('\n').enumerate() {
        if line.bytes().any(|byte| byte < 0x20) {
            return Err(Malformed::new(index + 1, line, "a line without control characters"));
        }
    }
    Ok(())
}
