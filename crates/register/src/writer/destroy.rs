//! Destroying a file: its keys and those of its reads go for ever, and with them whatever was computed, drafted or about to be sent.
//!
//! The list of destroyed keys is kept in the register too, under the same keyed hash. Whichever of the two stores is put back from an older
//! copy, the next opening brings both to the longer list. Deliberately absent: who may decide it, and taking entries away.

use openward_law::entry::FileKind;

use super::core::{Core, Work};
use super::{Refused, Register};
use crate::history::{self, HistoryError};
use crate::keys::{Destroyed, KeyError, Keys, Pseudonym};
use crate::reads;
use crate::store::{Store, StoreError, Trouble};

/// The name under which the register keeps the list.
const LIST: &str = "destroyed";

/// The keys are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The file, and since when.
    pub file: Destroyed,
    /// Whether the key store's log may hold a trace of them, because another program was reading. Done again, it is wiped.
    pub is_traced: bool,
}

impl<S: Store + 'static> Register<S> {
    /// Destroys the keys of a file and of the stream of its reads, for ever. Done again it changes nothing and gives the first instant.
    ///
    /// # Errors
    /// No such file, a clock that jumped, or stores that cannot be written. Where only the register's own rows could not be changed, the
    /// keys are gone all the same, and the next opening does the rest.
    pub fn destroy(&self, file: &str) -> Result<Gone, Refused> {
        let kind = FileKind::of(file).ok_or(Refused::Form("the file's id has no known prefix"))?;
        let (name, reads) = (self.keys.pseudonym(file), reads::stream(&self.keys, file));
        let domain = history::domain_of(kind);
        let (send, receive) = std::sync::mpsc::sync_channel(1);
        let work: Work<S> = Box::new(move |core| {
            let gone = destroy(core, domain, name, reads)?;
            let _ = send.send(gone);
            Ok(())
        });
        self.work(work)?;
        receive.recv().map_err(|_| Refused::Stopped("its writer is gone".to_owned()))
    }
}

fn destroy<S: Store>(core: &mut Core<S>, domain: crate::keys::Domain, name: Pseudonym, reads: Pseudonym) -> Result<Gone, HistoryError> {
    let is_known = core.store.file(name.as_bytes())?.is_some() || !matches!(core.keys.existing_file_key(domain, name), Ok(None));
    if !is_known {
        return Err(HistoryError::NoFile);
    }
    let now = core.time.now().map_err(HistoryError::Clock)?;
    let at = jiff::Timestamp::from_microsecond(now).map_err(|_| StoreError::new(Trouble::Other, "the clock is out of range"))?;
    let is_traced = match core.keys.apply_destroyed(&[Destroyed { file: name, at }, Destroyed { file: reads, at }]) {
        Ok(_) => false,
        // Nobody else may write now, so a store that is busy is one that is read: the rows are there.
        Err(KeyError::Busy) if core.keys.destroyed()?.iter().any(|row| row.file == name) => true,
        Err(error) => return Err(error.into()),
    };
    let row = core.keys.destroyed()?.into_iter().find(|row| row.file == name);
    let file = row.ok_or(KeyError::Damaged("a row of the list is not there"))?;
    core.cache.clear();
    keep(&mut core.store, &core.keys)?;
    Ok(Gone { file, is_traced })
}

/// Brings the lists of both stores to the longer one. Says whether the register was changed. It is a transaction of its own.
///
/// # Errors
/// A list that was changed by somebody without the master, or stores that cannot be written.
pub fn settle<S: Store>(store: &mut S, keys: &Keys) -> Result<bool, HistoryError> {
    let kept = text_in(store)?;
    if let Some(text) = &kept {
        let list = keys.read_destroyed(text)?;
        let known: std::collections::HashSet<Pseudonym> = keys.destroyed()?.into_iter().map(|row| row.file).collect();
        if list.iter().any(|row| !known.contains(&row.file)) {
            keys.apply_destroyed(&list)?;
        }
    }
    let is_behind = match &kept {
        Some(text) => *text != keys.destroyed_text()?,
        None => !keys.destroyed()?.is_empty(),
    };
    if !is_behind {
        return Ok(false);
    }
    store.begin()?;
    match keep(store, keys).and_then(|()| Ok(store.commit()?)) {
        Ok(()) => Ok(true),
        Err(error) => {
            store.rollback()?;
            Err(error)
        }
    }
}

/// Files on the register's own list that have a key all the same: an older key store was put back, and nobody has opened the register since.
///
/// # Errors
/// A list that was changed, or trouble of the stores.
pub fn returned<S: Store>(store: &S, keys: &Keys) -> Result<Vec<Pseudonym>, HistoryError> {
    let Some(text) = text_in(store)? else { return Ok(Vec::new()) };
    Ok(not_destroyed(keys, &text)?)
}

/// Files of a list that was kept elsewhere whose keys are not destroyed here: both stores were put back from before.
///
/// # Errors
/// A list that was changed or is of another register, or trouble of the key store.
pub fn not_destroyed(keys: &Keys, list: &str) -> Result<Vec<Pseudonym>, KeyError> {
    let known: std::collections::HashSet<Pseudonym> = keys.destroyed()?.into_iter().map(|row| row.file).collect();
    Ok(keys.read_destroyed(list)?.into_iter().map(|row| row.file).filter(|file| !known.contains(file)).collect())
}

fn text_in<S: Store>(store: &S) -> Result<Option<String>, HistoryError> {
    let Some(bytes) = store.meta(LIST)? else { return Ok(None) };
    let text = String::from_utf8(bytes).map_err(|_| KeyError::List("the register's copy of it is no text"))?;
    Ok(Some(text))
}

/// Within a transaction: forgets what was made of each file on the list, and keeps the list.
fn keep<S: Store>(store: &mut S, keys: &Keys) -> Result<(), HistoryError> {
    for row in keys.destroyed()? {
        let name = row.file.as_bytes();
        if let Some(file) = store.file(name)? {
            store.forget(file.id, name)?;
            store.mark_dependents(name)?;
        }
    }
    store.set_meta(LIST, keys.destroyed_text()?.as_bytes())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derived::check::fsck;
    use crate::history::AsOf;
    use crate::keys::{Chance, Domain, Master};
    use crate::reads::Reader;
    use crate::store::Entries as _;
    use crate::testing::{Place, act, act_of, id};
    use crate::verify;

    fn reader() -> Reader {
        Reader { who: "pro_ash".to_owned(), capacity: "doctor".to_owned(), purpose: "care".to_owned(), view: "whole".to_owned() }
    }

    fn names<'a>(place: &'a Place, file: &str) -> impl Iterator<Item = Pseudonym> + use<'a> {
        [place.keys.pseudonym(file), reads::stream(&place.keys, file)].into_iter()
    }

    #[test]
    fn a_destroyed_file_and_its_reads_open_for_nobody_and_the_chain_still_verifies() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let register = place.register();
        for file in ["per_ada", "per_ben"] {
            let mut act = act(id(u64::from(file == "per_ben")), file, 0, 2);
            act.outbox = vec![(0, b"a letter".to_vec())];
            register.append(act).expect("kept");
            register.read(file, AsOf::Now, &reader()).expect("read");
        }
        let gone = register.destroy("per_ada").expect("destroyed");
        assert!(!gone.is_traced);
        assert_eq!(register.destroy("per_ada").expect("again").file, gone.file, "the first instant stays");
        assert!(matches!(register.history("per_ada", AsOf::Now), Err(HistoryError::Key(KeyError::Destroyed { .. }))));
        assert!(register.read("per_ada", AsOf::Now, &reader()).is_err() && register.openings("per_ada").is_err());
        assert!(register.append(act(id(9), "per_ada", 2, 1)).is_err(), "nothing is ever added");
        assert!(register.forecasts("per_ada").expect("none are kept").is_empty());
        assert_eq!(register.outbox(1, 9).expect("what is left").ready.len(), 1, "nothing of it is sent");
        assert_eq!(register.history("per_ben", AsOf::Now).expect("the other is as it was").len(), 2);
        register.close();
        let store = place.store();
        assert!(verify::register(&store, Some(&place.keys), &place.trust(), &[]).expect("checked").is_clean());
        assert!(fsck(&store, &place.keys, place.laws.as_ref()).expect("checked").wrong.is_empty());
        let list = place.keys.destroyed().expect("the list");
        assert!(names(&place, "per_ada").all(|name| list.iter().any(|row| row.file == name)));
    }

    #[test]
    fn a_file_that_is_not_there_is_no_reason_to_destroy_anything() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let register = place.register();
        assert!(matches!(register.destroy("per_nobody"), Err(Refused::History(HistoryError::NoFile))));
        assert!(matches!(register.destroy("nobody"), Err(Refused::Form(_))));
        assert!(place.keys.destroyed().expect("the list").is_empty());
    }

    #[test]
    fn an_older_key_store_put_back_is_emptied_at_the_next_opening() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let register = place.register();
        register.append(act(id(1), "per_ada", 0, 2)).expect("kept");
        register.read("per_ada", AsOf::Now, &reader()).expect("read");
        place.keys.backup(&folder.path().join("older.db")).expect("a copy");
        register.destroy("per_ada").expect("destroyed");
        register.close();
        drop(place);
        for name in ["keys.db", "keys.db-wal", "keys.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(name));
        }
        std::fs::rename(folder.path().join("older.db"), folder.path().join("keys.db")).expect("put back");

        let place = Place::open(folder.path());
        let name = place.keys.pseudonym("per_ada");
        assert!(place.keys.existing_file_key(Domain::Care, name).expect("read").is_some(), "the copy has the key");
        let mut store = place.store();
        assert_eq!(returned(&store, &place.keys).expect("asked"), names(&place, "per_ada").collect::<Vec<_>>());
        settle(&mut store, &place.keys).expect("settled");
        assert!(names(&place, "per_ada").all(|name| place.keys.existing_file_key(Domain::Care, name).is_err()));
        assert!(returned(&store, &place.keys).expect("asked").is_empty());
        assert!(!settle(&mut store, &place.keys).expect("settled"), "once is enough");
    }

    #[test]
    fn an_older_register_put_back_forgets_again_at_the_next_opening() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let register = place.register();
        register.append(act(id(1), "per_ada", 0, 2)).expect("kept");
        register.close();
        let store = place.store();
        let row = store.file(place.keys.pseudonym("per_ada").as_bytes()).expect("read").expect("there");
        place.keys.destroy(place.keys.pseudonym("per_ada"), jiff::Timestamp::UNIX_EPOCH).expect("destroyed");
        let mut store = place.store();
        assert!(!crate::store::Derived::forecasts(&store, row.id).expect("read").is_empty());
        assert!(!fsck(&store, &place.keys, place.laws.as_ref()).expect("checked").wrong.is_empty(), "it is found");
        assert!(settle(&mut store, &place.keys).expect("settled"));
        assert!(crate::store::Derived::forecasts(&store, row.id).expect("read").is_empty());
    }

    #[test]
    fn a_list_that_somebody_changed_is_not_believed() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let other = Keys::create(&folder.path().join("other.db"), &Master::generate(&Chance::system()).expect("random"), Chance::system());
        let other = other.expect("another key store");
        other.destroy(place.keys.pseudonym("per_ada"), jiff::Timestamp::UNIX_EPOCH).expect("destroyed there");
        let mut store = place.store();
        store.set_meta(LIST, other.destroyed_text().expect("a list").as_bytes()).expect("kept");
        assert!(matches!(settle(&mut store, &place.keys), Err(HistoryError::Key(KeyError::List(_)))));
        assert!(place.keys.destroyed().expect("the list").is_empty(), "nothing was destroyed by it");
    }

    #[test]
    fn whoever_relied_on_a_destroyed_file_goes_on_without_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let register = place.register();
        let designated = r#"{"at":"2010-01-01","fact":"facility-designated","kind":"approved-centre","law":"ie"}"#;
        register.append(act_of(id(1), "fac_oak", 0, &[designated])).expect("kept");
        let admitted = r#"{"at":"2024-03-01T10:00","fact":"admitted","under":"voluntary","place":"fac_oak"}"#;
        register.append(act_of(id(2), "per_ada", 0, &[admitted])).expect("kept");
        register.destroy("fac_oak").expect("destroyed");
        register.forecasts("per_ada").expect("refolded without the facility");
        register.append(act(id(3), "per_ada", 1, 1)).expect("the person's file goes on");
        register.close();
        assert!(fsck(&place.store(), &place.keys, place.laws.as_ref()).expect("checked").wrong.is_empty());
    }
}
