//! `openward serve`: the pages of a register.
//!
//! Deliberately absent: certificates. A server in front of this one has them; without one it serves this machine alone.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use clap::Args;
use jiff::tz::TimeZone;
use openward_web::House;
use openward_web::language::Languages;
use openward_web::settings::Settings;

use super::open;
use crate::failure::{Failure, machine_words};
use crate::packs::Packs;
use crate::page::{Console, clean};
use crate::register::Place;

/// The call `openward serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    place: Place,
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address in people's browsers, such as `https://register.example`; default: http:// and where it listens.
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// The zone in which lists are written; default: that of the register's law.
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// A server in front says whom a request comes from, in X-Forwarded-For.
    #[arg(long)]
    behind_proxy: bool,
}

/// Serves until told to stop.
pub(crate) fn run(asked: &Serve, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let (office, zone) = open(&asked.place, packs)?;
    let zone = match asked.zone.as_deref().or(zone.as_deref()) {
        Some(name) => {
            TimeZone::get(name).map_err(|_| Failure::call(format!("there is no zone `{}`; write it like Europe/Dublin", clean(name))))?
        }
        None => TimeZone::UTC,
    };
    let listener = listen(asked.listen)?;
    let local = listener.local_addr().map_err(|error| Failure::Machine(machine_words(&error)))?;
    let address = asked.address.clone().unwrap_or_else(|| format!("http://{local}"));
    let settings = Settings { listen: local, address, zone, behind: asked.behind_proxy };
    settings.check().map_err(Failure::Call)?;
    console.note(&format!("Serving {}. Stop with Ctrl-C.", settings.address));
    run_house(&House::new(office, languages()?, settings), listener)
}

/// Listens.
pub(crate) fn listen(at: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(at).map_err(|error| Failure::Machine(format!("{at} cannot be listened at: {}", machine_words(&error))))
}

/// The languages.
pub(crate) fn languages() -> Result<Languages, Failure> {
    Languages::built_in().map_err(|wrong| Failure::Machine(wrong.0))
}

/// Serves a house until told to stop.
pub(crate) fn run_house(house: &Arc<House>, listener: TcpListener) -> Result<(), Failure> {
    openward_web::serve::run(Arc::clone(house), listener).map_err(|error| Failure::Machine(machine_words(&error)))
}
