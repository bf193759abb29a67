//! Secrets of the door: what is kept of a password, codes that change with time, random words.
//!
//! Deliberately absent: a secret of a person's own in the clear. Of a password only what Argon2 makes of it is kept.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Secret, Totp};

use crate::Refusal;

/// What is kept of a password.
#[derive(Clone, Serialize, Deserialize)]
pub struct Password(String);

impl Password {
    /// What to keep of this password.
    ///
    /// # Errors
    /// No random bytes.
    pub fn of(password: &str) -> Result<Password, Refusal> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| Refusal::Machine)?;
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| Refusal::Machine)?;
        Ok(Password(hash.to_string()))
    }

    /// Whether the same is kept of both.
    pub(crate) fn is_same(&self, other: &Password) -> bool {
        self.0 == other.0
    }

    /// Whether this is the password. It takes tens of milliseconds of one processor and 19 MiB.
    #[must_use]
    pub fn is(&self, password: &str) -> bool {
        // A longer one was never taken, and must cost nobody anything.
        let Ok(kept) = PasswordHash::new(&self.0) else { return false };
        password.len() <= 1000 && Argon2::default().verify_password(password.as_bytes(), &kept).is_ok()
    }
}

/// Codes of six digits that change every thirty seconds (RFC 6238), each good once.
#[derive(Clone, Serialize, Deserialize)]
pub struct Codes {
    secret: String,
    /// The last step of time whose code was used.
    used: u64,
}

impl Codes {
    /// A new secret.
    ///
    /// # Errors
    /// No random bytes.
    pub fn new() -> Result<Codes, Refusal> {
        let mut bytes = [0; 20];
        getrandom::fill(&mut bytes).map_err(|_| Refusal::Machine)?;
        Ok(Codes { secret: Secret::new_stack(bytes).to_base32(), used: 0 })
    }

    /// Codes of a secret that is known.
    #[must_use]
    pub fn of(secret: &str) -> Codes {
        Codes { secret: secret.to_owned(), used: 0 }
    }

    /// The secret, as an authenticator takes it.
    #[must_use]
    pub fn secret(&self) -> String {
        self.secret.clone()
    }

    /// Takes a code if it is right and was not used before; one step of thirty seconds early or late is right too.
    #[must_use]
    pub fn take(&mut self, code: &str, seconds: u64) -> bool {
        let typed: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        let Some(totp) = self.totp() else { return false };
        // A clock that was set back must not make codes of the past good again.
        match totp.check(&typed, seconds).filter(|step| *step > self.used) {
            Some(step) => {
                self.used = step;
                true
            }
            None => false,
        }
    }

    /// The code of an instant, for whoever has the secret.
    #[must_use]
    pub fn code(&self, seconds: u64) -> Option<String> {
        self.totp().map(|totp| totp.generate(seconds).to_string())
    }

    fn totp(&self) -> Option<Totp> {
        Builder::new().with_secret(Secret::try_from_base32(&self.secret).ok()?).build().ok()
    }
}

/// Twenty random characters, of those that nobody takes for one another, in groups of five.
///
/// # Errors
/// No random bytes.
pub fn random_word() -> Result<String, Refusal> {
    letters::<20>(5)
}

/// Twelve such characters in groups of four: 2^60 codes, short enough to type on a phone.
pub(crate) fn random_code() -> Result<String, Refusal> {
    letters::<12>(4)
}

fn letters<const N: usize>(group: usize) -> Result<String, Refusal> {
    // Thirty-two of them: five bits each.
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Refusal::Machine)?;
    let mut word = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % group == 0 {
            word.push('-');
        }
        word.push(LETTERS.get(usize::from(byte & 31)).map_or('a', |letter| char::from(*letter)));
    }
    Ok(word)
}

/// The secret of a session: 256 random bits, as a cookie takes them.
pub(crate) fn token() -> Result<String, Refusal> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Refusal::Machine)?;
    Ok(Base64UrlUnpadded::encode_string(&bytes))
}

/// A random id.
pub(crate) fn random_id() -> Result<[u8; 16], Refusal> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Refusal::Machine)?;
    Ok(bytes)
}
