//! Random bytes, as an argument: from the system in use, from a seed in tests and simulations.
//!
//! Deliberately absent: a generator of our own. Where the system has no random bytes to give, what needs them fails.

use std::fmt;
use std::sync::{Arc, Mutex};

use zeroize::Zeroize as _;

/// No random bytes were to be had. Nothing can be encrypted then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoChance;

impl fmt::Display for NoChance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OW-KEYS-001 the system gave no random bytes; nothing can be encrypted until it does")
    }
}

impl std::error::Error for NoChance {}

type Source = dyn FnMut(&mut [u8]) -> Result<(), NoChance> + Send;

/// Where random bytes come from. Cheap to clone; clones share the source.
#[derive(Clone)]
pub struct Chance(Option<Arc<Mutex<Box<Source>>>>);

impl Chance {
    /// The random bytes of the operating system.
    #[must_use]
    pub const fn system() -> Self {
        Self(None)
    }

    /// Another source, for tests and simulations that must run twice alike. One that repeats itself gives every secret away.
    pub fn from_source(source: impl FnMut(&mut [u8]) -> Result<(), NoChance> + Send + 'static) -> Self {
        Self(Some(Arc::new(Mutex::new(Box::new(source)))))
    }

    /// Fills the bytes.
    ///
    /// # Errors
    /// Where the source has none to give.
    pub fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        match &self.0 {
            None => getrandom::fill(bytes).map_err(|_| NoChance),
            Some(source) => (source.lock().map_err(|_| NoChance)?)(bytes),
        }
    }

    /// So many random bytes.
    ///
    /// # Errors
    /// Where the source has none to give.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], NoChance> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// A new secret of thirty-two bytes, wiped from memory when dropped.
    pub(crate) fn secret(&self) -> Result<Secret, NoChance> {
        let mut secret = Secret::empty();
        self.fill(secret.bytes_mut())?;
        Ok(secret)
    }
}

/// Thirty-two secret bytes, wiped from memory when dropped. In a box of their own, so that moving them leaves no copy behind.
pub(crate) struct Secret(Box<[u8; 32]>);

impl Secret {
    /// Room for a secret that is written next.
    pub(crate) fn empty() -> Self {
        Self(Box::new([0; 32]))
    }

    /// A copy of what was read.
    pub(crate) fn copied(bytes: &[u8]) -> Option<Self> {
        let mut secret = Self::empty();
        if bytes.len() != secret.0.len() {
            return None;
        }
        secret.0.copy_from_slice(bytes);
        Some(secret)
    }

    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) const fn bytes_mut(&mut self) -> &mut [u8; 32] {
        &mut self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_none() { "Chance(system)" } else { "Chance(given)" })
    }
}
