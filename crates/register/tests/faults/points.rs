//! A fault at each call that reaches the disk, one at a time, over a session that opens, creates, acts, reads, seals, writes back, closes.
//!
//! An act is either acknowledged and there, or refused with a code and, where the refusal says so, not there. After a sync of the register that
//! failed nothing is acknowledged by that process. `OPENWARD_POINTS` sets how many points of each kind of fault are tried at most,
//! spread evenly.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use openward_register::documents::{Documents, Reference};
use openward_register::history::AsOf;
use openward_register::keys::{Chance, KeyError, Keys};
use openward_register::reads::Reader;
use openward_register::store::sqlite::Sqlite;
use openward_register::store::{ActId, Entries as _};
use openward_register::writer::{Act, Refused, Register};

use crate::disk::{self, Fault};
use crate::house;

/// What the client of a session wrote down.
#[derive(Default)]
struct Client {
    kept: Vec<(ActId, (u64, u64, String))>,
    /// Refused with the word that nothing was kept.
    refused: Vec<ActId>,
    /// Refused by a register that has stopped: kept or not.
    unknown: Vec<Act>,
    documents: Vec<(Reference, Vec<u8>)>,
    destroyed: bool,
    has_keys: bool,
    errors: Vec<String>,
}

impl Client {
    fn failed(&mut self, what: &str, error: impl std::fmt::Display) {
        let text = error.to_string();
        assert!(text.contains("OW-"), "{what}: an error without a code: {text}");
        self.errors.push(format!("{what}: {text}"));
    }

    /// A session from an empty folder: two openings, so that recovery and closing are part of it.
    fn session(&mut self, folder: &Path) {
        for half in 0..2 {
            let path = house::keys_at(folder);
            let keys = match half {
                0 => Keys::create(&path, &house::master(), Chance::system()),
                _ => Keys::open(&path, &house::master(), Chance::system()),
            };
            match keys {
                Ok(keys) => {
                    self.has_keys = true;
                    self.with_keys(folder, half, &Arc::new(keys));
                }
                Err(error) => self.failed("keys", error),
            }
        }
    }

    fn with_keys(&mut self, folder: &Path, half: u32, keys: &Arc<Keys>) {
        match Documents::open(&folder.join("documents"), Chance::system()) {
            Ok(documents) => {
                let bytes = vec![b'a'; if half == 0 { 100 } else { 70_000 }];
                match documents.put(bytes.as_slice(), 100_000) {
                    Ok(reference) => self.documents.push((reference, bytes)),
                    Err(error) => self.failed("document", error),
                }
            }
            Err(error) => self.failed("documents", error),
        }
        let opened = Sqlite::open(&house::register_at(folder)).map_err(openward_register::history::HistoryError::from);
        let opened = opened.and_then(|mut store| {
            store.write_back_after(8, 3);
            Register::open(store, house::parts_later(keys, half))
        });
        match opened {
            Ok(register) => {
                self.acts(half, &register);
                register.close();
            }
            Err(error) => self.failed("register", error),
        }
        if half == 1 {
            let gone = keys.pseudonym("per_gone");
            match keys.file_key(openward_register::keys::Domain::Care, gone).and_then(|_| keys.destroy(gone, Timestamp::UNIX_EPOCH)) {
                Ok(_) => self.destroyed = true,
                Err(error) => self.failed("destroy", error),
            }
        }
    }

    fn acts(&mut self, half: u32, register: &Register<Sqlite>) {
        let half = u64::from(half);
        let sync_failed = || disk::told().fired.is_some_and(|call| call.starts_with("sync register.db"));
        let before = sync_failed();
        for number in half * 100..half * 100 + 7 {
            let file = house::file(number);
            let after = match register.file(&file) {
                Ok(row) => row.length,
                Err(openward_register::history::HistoryError::NoFile) => 0,
                Err(error) => {
                    self.failed("file", error);
                    continue;
                }
            };
            let act = house::act(number, &file, after, 1 + usize::try_from(number % 3).unwrap());
            let failed = sync_failed() && !before;
            match register.append(act) {
                Ok(done) => {
                    assert!(!failed, "act {number} was acknowledged after a sync had failed");
                    self.kept.push((house::id(number), house::written_down(&done)));
                }
                Err(refused @ Refused::Stopped(_)) => {
                    self.unknown.push(house::act(number, &file, after, 1 + usize::try_from(number % 3).unwrap()));
                    self.failed("act", refused);
                }
                Err(refused) => {
                    self.refused.push(house::id(number));
                    self.failed("act", refused);
                }
            }
            if number % 3 == 0 {
                self.reads(register, &file);
            }
        }
    }

    fn reads(&mut self, register: &Register<Sqlite>, file: &str) {
        let reader = Reader { who: "pro_ash".into(), capacity: "nurse".into(), purpose: "care".into(), view: "file".into() };
        if let Err(error) = register.read(file, AsOf::Now, &reader) {
            self.failed("read", error);
        }
        if let Err(error) = register.forecasts(file) {
            self.failed("forecasts", error);
        }
    }

    /// The disk works again: the promise, held against what was written down.
    fn judge(&self, folder: &Path) -> Result<(), String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let keys = match Keys::open(&house::keys_at(folder), &house::master(), Chance::system()) {
            Err(KeyError::Missing) if !self.has_keys => Keys::create(&house::keys_at(folder), &house::master(), Chance::system()),
            other => other,
        };
        let keys = Arc::new(keys.map_err(|error| text(&error))?);
        let documents = Documents::open(&folder.join("documents"), Chance::system()).map_err(|error| text(&error))?;
        documents.remove_unfinished(Timestamp::MAX).map_err(|error| text(&error))?;
        for (reference, bytes) in &self.documents {
            if documents.bytes(reference, 100_000).map_err(|error| text(&error))?.as_slice() != bytes {
                return Err("a document is not what was put".to_owned());
            }
        }
        if self.destroyed
            && !matches!(
                keys.existing_file_key(openward_register::keys::Domain::Care, keys.pseudonym("per_gone")),
                Err(KeyError::Destroyed { .. })
            )
        {
            return Err("a destroyed key is there again".to_owned());
        }
        let register =
            Register::open(Sqlite::open(&house::register_at(folder)).map_err(|error| text(&error))?, house::parts_later(&keys, 2));
        let register = register.map_err(|error| text(&error))?;
        for (number, file) in (1000..).zip(["per_p0", "per_p1", "fac_elm", "per_new"]) {
            let after = register.file(file).map_or(0, |row| row.length);
            register.append(house::act(number, file, after, 1)).map_err(|error| format!("it does not go on: {error}"))?;
        }
        for act in &self.unknown {
            let again = house::act(u64::from_be_bytes(act.id[..8].try_into().unwrap()), &act.file, act.after, act.entries.len());
            let was_there = register.reader().and_then(|store| Ok(store.act(&act.id)?)).map_err(|error| text(&error))?.is_some();
            match register.append(again) {
                Ok(done) if done.again == was_there => {}
                Err(Refused::Conflict { .. }) if !was_there => {}
                other => return Err(format!("an act in doubt, kept: {was_there}, asked again: {other:?}")),
            }
        }
        register.close();
        let store = Sqlite::open(&house::register_at(folder)).map_err(|error| text(&error))?;
        for (id, down) in &self.kept {
            house::is_there(&store, *id, down)?;
        }
        for id in &self.refused {
            if store.act(id).map_err(|error| text(&error))?.is_some() {
                return Err("an act that was refused is there".to_owned());
            }
        }
        house::is_clean(&store, &keys)
    }
}

/// One session with one fault. Gives which call it befell, if any, and what the session was told.
fn point(fault: Fault, n: u64) -> (disk::Told, Client) {
    let folder = disk::folder();
    disk::watch(folder.path());
    disk::fail(fault, n);
    let mut client = Client::default();
    client.session(folder.path());
    let told = disk::told();
    disk::lift();
    if let Err(error) = client.judge(folder.path()) {
        let fired = told.fired.as_deref().unwrap_or("nothing");
        panic!("{fault:?} at call {n} ({fired}): {error}\nthe session was told: {:#?}", client.errors);
    }
    (told, client)
}

#[test]
fn a_fault_at_any_call_leaves_each_act_kept_and_acknowledged_or_refused() {
    disk::on_it("points::a_fault_at_any_call_leaves_each_act_kept_and_acknowledged_or_refused", || {
        let most = crate::count("OPENWARD_POINTS", 20);
        for fault in Fault::EACH {
            let (told, client) = point(fault, 0);
            assert!(client.errors.is_empty() && client.kept.len() == 14 && client.destroyed, "{:?}", client.errors);
            let last = told.seen;
            assert!(last > 50, "the disk sees {last} calls: it does not stand between the register and the files");
            let tried = most.min(last);
            let (mut fired, mut noticed) = (0, 0);
            for at in 0..tried {
                let (told, client) = point(fault, 1 + at * last / tried);
                fired += u64::from(told.fired.is_some());
                noticed += u64::from(!client.errors.is_empty());
            }
            disk::say(&format!("{fault:?}: {last} calls, {tried} tried, {fired} befallen, {noticed} noticed"));
            // A session may take a few calls fewer than the one that was counted: the sealer runs by time.
            assert!(fired * 10 >= tried * 9, "only {fired} of {tried} faults came to pass");
        }
    });
}
