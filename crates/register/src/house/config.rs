//! The small file that makes a folder a register's: its version, the origin of its log, the law where no place names one.
//!
//! Deliberately absent: secrets, and paths. Where things lie is fixed, so that nobody can be led elsewhere by a line in a file.

use serde::{Deserialize, Serialize};

use super::HouseError;

/// The version of the folder's layout.
const VERSION: u32 = 1;

/// The most that is read of it.
pub(super) const BYTES_MAX: u64 = 64 << 10;

/// What the folder says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    version: u32,
    /// The origin of the log: the name under which checkpoints and receipts are signed, for ever.
    pub origin: String,
    /// The pack's name of the law for files whose places name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
}

impl Config {
    /// Of a new register.
    pub(super) const fn new(origin: String, law: Option<String>) -> Self {
        Self { version: VERSION, origin, law }
    }

    pub(super) fn read(text: &str) -> Result<Self, HouseError> {
        // The version is asked first: a newer form may have other fields.
        let version = toml::from_str::<toml::Table>(text).ok().and_then(|table| table.get("version").and_then(toml::Value::as_integer));
        match version {
            Some(version) if version == i64::from(VERSION) => {
                toml::from_str(text).map_err(|error| HouseError::Config(error.message().to_owned()))
            }
            Some(version) => Err(HouseError::Version(version)),
            None => Err(HouseError::Config("it names no version".to_owned())),
        }
    }

    pub(super) fn write(&self) -> Result<String, HouseError> {
        let body = toml::to_string(self).map_err(|error| HouseError::Config(error.to_string()))?;
        Ok(format!("# This folder is a register's. docs/register.md of Openward says what lies where.\n{body}"))
    }
}
