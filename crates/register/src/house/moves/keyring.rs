//! For whom a move is written, and what opens it: age recipients and identities of the native kind.
//!
//! Deliberately absent: passphrases, keys of SSH, plugins. A passphrase would be sent beside the file.

use std::fmt;
use std::path::Path;

use age::secrecy::ExposeSecret as _;
use age::x25519;
use zeroize::Zeroizing;

use super::MoveError;
use crate::disk;

/// How an identity begins.
const SECRET: &str = "AGE-SECRET-KEY-";

/// The most that is read of a file of identities.
const BYTES_MAX: u64 = 64 << 10;

/// Those who can open a move; any one of them is enough.
pub struct Recipients(pub(super) Vec<x25519::Recipient>);

impl Recipients {
    /// From their texts.
    ///
    /// # Errors
    /// None, a text that is no recipient, or one that is an identity and so should never have been seen here.
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, MoveError> {
        let one = |(at, text): (usize, &T)| {
            let text = text.as_ref().trim();
            if text.to_ascii_uppercase().starts_with(SECRET) {
                return Err(MoveError::Secret);
            }
            text.parse().map_err(|_| MoveError::Recipient(at))
        };
        let all: Vec<_> = (1..).zip(texts).map(one).collect::<Result<_, _>>()?;
        if all.is_empty() { Err(MoveError::Recipient(1)) } else { Ok(Self(all)) }
    }
}

/// What opens a move. Wiped from memory when dropped, as far as the library that keeps it does so.
pub struct Identities(pub(super) Vec<x25519::Identity>);

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identities({})", self.0.len())
    }
}

impl Identities {
    /// Makes one and writes it, as age does, to a new file that only its owner can read. Gives its recipient.
    ///
    /// # Errors
    /// A file that is there already, or a disk that does not take it.
    pub fn write_new(path: &Path) -> Result<String, MoveError> {
        let identity = x25519::Identity::generate();
        let recipient = identity.to_public().to_string();
        let text = Zeroizing::new(format!("# public key: {recipient}\n{}\n", identity.to_string().expose_secret()));
        disk::write_new(path, text.as_bytes()).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => MoveError::Exists(path.to_owned()),
            _ => MoveError::io(path)(error),
        })?;
        Ok(recipient)
    }

    /// Reads the file that this program or age made.
    ///
    /// # Errors
    /// One that is not there, that others may read, or that holds anything else.
    pub fn read(path: &Path) -> Result<Self, MoveError> {
        let wrong = |why: String| MoveError::Identity(path.to_owned(), why);
        let is_private = disk::is_private(path).map_err(|error| wrong(error.to_string()))?;
        if !is_private {
            return Err(wrong(
                "others may read it; let only its owner (chmod 600), and make another if somebody may have read it".to_owned(),
            ));
        }
        let bytes = Zeroizing::new(disk::read(path, BYTES_MAX).map_err(|error| wrong(error.to_string()))?);
        let text = std::str::from_utf8(&bytes).map_err(|_| wrong("it is no text".to_owned()))?;
        let lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let all: Vec<x25519::Identity> = lines
            .map(|(number, line)| line.parse().map_err(|_| wrong(format!("line {number} is none; an identity begins with {SECRET}1"))))
            .collect::<Result<_, _>>()?;
        if all.is_empty() { Err(wrong("there is none in it".to_owned())) } else { Ok(Self(all)) }
    }
}
