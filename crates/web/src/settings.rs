//! Where the pages are served, and under which address people know them.
//!
//! Deliberately absent: encryption of the connection. A server in front of this one does that; without one it listens on this machine alone.

use std::net::SocketAddr;

use jiff::tz::TimeZone;

/// How the server runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The address in people's browsers, such as `https://register.example`, without a path. It decides whether cookies are for encrypted
    /// connections only.
    pub address: String,
    /// The zone in which moments are written and read where no standing says another.
    pub zone: TimeZone,
    /// Whether a server in front says whom a request comes from, in `X-Forwarded-For`.
    pub behind: bool,
}

impl Settings {
    /// Listening on this machine only, for people at it.
    #[must_use]
    pub fn local(port: u16, zone: TimeZone) -> Settings {
        let listen = SocketAddr::from(([127, 0, 0, 1], port));
        Settings { listen, address: format!("http://{listen}"), zone, behind: false }
    }

    /// Whether people reach it through an encrypted connection.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.address.starts_with("https://")
    }

    /// What is wrong with the settings, in words.
    ///
    /// # Errors
    /// An address that is none, or one that would carry passwords in the clear.
    pub fn check(&self) -> Result<(), String> {
        let rest = self.address.strip_prefix("https://").or_else(|| self.address.strip_prefix("http://"));
        let Some(host) = rest.filter(|rest| !rest.is_empty() && !rest.contains(['/', '?', '#', '@'])) else {
            return Err(format!("the address `{}` is not like https://register.example, without a path", self.address));
        };
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        if !self.is_encrypted() && !matches!(name, "127.0.0.1" | "[::1]" | "localhost") {
            return Err(format!(
                "the address `{}` would carry passwords in the clear: put a server with a certificate in front and give its https address",
                self.address
            ));
        }
        Ok(())
    }
}
