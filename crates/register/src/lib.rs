//! The register: files and entries kept so that nothing acknowledged is lost, and a stolen disk tells little about anyone.
//!
//! Modules in reading order: [`keys`] who holds which key and what a box is, [`documents`] papers and pictures, each under a key of its own,
//! [`entry`] an entry as parts, [`store`] what a database must do and how SQLite does it, [`history`] a file read back, [`derived`]
//! forecasts and ties kept beside the entries, [`sealer`] the log over all files, [`writer`] the register at work, [`reads`] who opened a
//! file, [`drafts`] what is not yet written, [`accounts`] who may sign in, [`case`] a file with those it names, [`verify`] what was done to all
//! of it, [`house`] the folder that holds it all, [`witness`] somebody outside who signs that the log only grew, [`import`] case files brought
//! in, [`export`] one file given out.
//!
//! Deliberately absent: what the law makes of entries (`openward-law`), and who may see them.

pub mod accounts;
#[cfg(test)]
mod attack;
pub mod case;
pub mod derived;
mod disk;
pub mod documents;
pub mod drafts;
pub mod entry;
pub mod export;
pub mod history;
pub mod house;
pub mod import;
pub mod keys;
pub mod reads;
pub mod sealer;
mod spread;
pub mod store;
#[cfg(test)]
mod testing;
pub mod verify;
pub mod witness;
pub mod writer;
