//! The service: pages over a register, the accounts of those who use them, and a place to try it.
//!
//! Reading order: `account` (who may sign in), `serve` (the pages of a register), `demo` (both, over fictional people). Deliberately absent: what
//! a page says (`openward-web`) and who may see what (`openward-office`).

pub(crate) mod account;
pub(crate) mod demo;
pub(crate) mod serve;

use std::sync::Arc;

use jiff::Timestamp;
use openward_office::{Office, Refusal};
use openward_register::derived::Laws;
use openward_register::house::Opened;

use crate::failure::Failure;
use crate::packs::Packs;
use crate::register::shelf::Shelf;
use crate::register::{Place, failed, refused};

/// The office of a register.
pub(crate) fn office(opened: Opened, shelf: Arc<Shelf>, packs: &Packs) -> Result<Office, Failure> {
    let benchmark = Arc::new(packs.benchmark()?);
    Office::new(opened.register, shelf, benchmark, Box::new(Timestamp::now)).map_err(no)
}

/// The register of a call with its office, and the zone of the law of files whose places name none.
pub(crate) fn open(place: &Place, packs: &Packs) -> Result<(Office, Option<String>), Failure> {
    let house = place.house()?;
    let shelf = Arc::new(Shelf::open(packs, house.config().law.as_deref())?);
    let zone = shelf.usual().map(|law| law.pack.zone.name().to_owned());
    let opened = house.open(&place.master()?, Arc::clone(&shelf) as Arc<dyn Laws>).map_err(failed)?;
    Ok((office(opened, shelf, packs)?, zone))
}

/// What a refusal of the office means for the call.
pub(crate) fn no(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Register(why) => refused(why),
        Refusal::Machine => Failure::Machine(refusal.to_string()),
        Refusal::SignedOut
        | Refusal::Wrong
        | Refusal::Slow { .. }
        | Refusal::Password(_)
        | Refusal::NotFound
        | Refusal::Gone
        | Refusal::Account(_) => Failure::Call(refusal.to_string()),
    }
}
