//! The door: two secrets, few guesses, sessions that end.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use openward_law::engine::Law;
use openward_register::derived::Laws;
use openward_register::house::House;
use openward_register::keys::{Chance, Master};

use super::{Codes, IDLE, LONGEST, MINUTE};
use crate::refusal::PasswordFault;
use crate::who::{NewAccount, Role};
use crate::{Office, Refusal};

struct NoLaws;

impl Laws for NoLaws {
    fn law(&self, _: &str) -> Option<Arc<Law>> {
        None
    }
    fn usual(&self) -> Option<Arc<Law>> {
        None
    }
}

struct Place {
    _folder: tempfile::TempDir,
    clock: Arc<AtomicI64>,
    office: Office,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        let master = Master::generate(&Chance::system()).expect("random bytes");
        let house = House::create(&folder.path().join("r"), "office.example/test", None, &master, &Chance::system()).expect("made");
        let opened = house.open(&master, Arc::new(NoLaws)).expect("opened");
        let clock = Arc::new(AtomicI64::new(1_700_000_000_000_000));
        let shown = Arc::clone(&clock);
        let benchmark = Arc::new(Law::new(benchmark_pack()));
        let now = Box::new(move || Timestamp::from_microsecond(shown.load(Ordering::Relaxed)).expect("an instant"));
        Place { _folder: folder, clock, office: Office::new(opened.register, Arc::new(NoLaws), benchmark, now).expect("an office") }
    }

    fn wait(&self, micros: i64) {
        self.clock.fetch_add(micros, Ordering::Relaxed);
    }

    fn account(&self, login: &str, password: &str) -> Codes {
        let new = NewAccount {
            login: login.to_owned(),
            name: "Ada Example".to_owned(),
            role: Role::WardStaff,
            organisation: "fac_elm".to_owned(),
            file: "pro_ada".to_owned(),
            password: Some(password.to_owned()),
        };
        Codes::of(&self.office.add_account(&new).expect("made").codes)
    }

    fn code(&self, codes: &Codes) -> String {
        codes.code(u64::try_from(self.office.now().as_second()).expect("after 1970")).expect("a code")
    }

    fn sign_in(&self, login: &str, password: &str, codes: &Codes) -> Result<String, Refusal> {
        let half = self.office.knock(login, password, "here")?;
        Ok(self.office.enter(&half.token, &self.code(codes), "here")?.token)
    }
}

fn benchmark_pack() -> openward_law::pack::Pack {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law/un-1991");
    let files: Vec<_> = std::fs::read_dir(folder)
        .expect("the pack is there")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| openward_law::pack::PackFile {
            name: path.file_name().expect("a name").to_string_lossy().into_owned(),
            text: std::fs::read_to_string(path).expect("readable"),
        })
        .collect();
    openward_law::pack::load(&files, None).expect("it loads")
}

const GOOD: &str = "four plain little words";

#[test]
fn it_takes_a_password_and_a_code_and_the_secret_changes_between() {
    let place = Place::new();
    let codes = place.account("ada", GOOD);
    let half = place.office.knock(" ADA ", GOOD, "here").expect("the password is right");
    assert!(matches!(place.office.who(&half.token), Err(Refusal::SignedOut)), "half a sign-in is none");
    assert!(matches!(place.office.enter(&half.token, "000000", "here"), Err(Refusal::Wrong)));
    let whole = place.office.enter(&half.token, &place.code(&codes), "here").expect("the code is right");
    assert_ne!(half.token, whole.token);
    let who = place.office.who(&whole.token).expect("signed in");
    assert_eq!((who.name.as_str(), who.organisation.as_str(), who.must_choose), ("Ada Example", "fac_elm", false));
    assert!(!place.office.is_half_in(&half.token).expect("read"), "the first secret is worth nothing any more");
    place.office.leave(&whole.token).expect("left");
    assert!(matches!(place.office.who(&whole.token), Err(Refusal::SignedOut)));
}

#[test]
fn nothing_says_whether_a_name_exists() {
    let place = Place::new();
    place.account("ada", GOOD);
    let said = |login: &str| place.office.knock(login, "another password", "here").err().expect("wrong").to_string();
    assert_eq!(said("ada"), said("nobody"));
}

#[test]
fn a_code_opens_once() {
    let place = Place::new();
    let codes = place.account("ada", GOOD);
    let code = place.code(&codes);
    let first = place.office.knock("ada", GOOD, "here").expect("right");
    place.office.enter(&first.token, &code, "here").expect("in");
    let second = place.office.knock("ada", GOOD, "here").expect("right");
    assert!(matches!(place.office.enter(&second.token, &code, "here"), Err(Refusal::Wrong)));
    place.wait(MINUTE);
    place.office.enter(&second.token, &place.code(&codes), "here").expect("a later code opens");
}

#[test]
fn guesses_run_out_and_come_back() {
    let place = Place::new();
    let codes = place.account("ada", GOOD);
    for _ in 0..10 {
        assert!(matches!(place.office.knock("ada", "wrong", "here"), Err(Refusal::Wrong)));
    }
    assert!(matches!(place.office.knock("ada", GOOD, "here"), Err(Refusal::Slow { .. })));
    assert!(matches!(place.office.knock("ben", "wrong", "here"), Err(Refusal::Wrong)), "others may still sign in from there");
    place.wait(15 * MINUTE);
    place.sign_in("ada", GOOD, &codes).expect("in");
}

#[test]
fn a_session_ends_when_it_is_idle_and_at_last_in_any_case() {
    let place = Place::new();
    let codes = place.account("ada", GOOD);
    let token = place.sign_in("ada", GOOD, &codes).expect("in");
    let mut gone = 0;
    while gone + 20 * MINUTE < LONGEST {
        place.wait(20 * MINUTE);
        gone += 20 * MINUTE;
        place.office.who(&token).expect("it is used");
    }
    place.wait(20 * MINUTE);
    assert!(matches!(place.office.who(&token), Err(Refusal::SignedOut)), "twelve hours are over");
    let token = place.sign_in("ada", GOOD, &codes).expect("in");
    place.wait(IDLE);
    assert!(matches!(place.office.who(&token), Err(Refusal::SignedOut)), "half an hour without a word");
}

#[test]
fn half_a_sign_in_is_good_for_five_minutes() {
    let place = Place::new();
    let codes = place.account("ada", GOOD);
    let half = place.office.knock("ada", GOOD, "here").expect("right");
    place.wait(5 * MINUTE);
    assert!(matches!(place.office.enter(&half.token, &place.code(&codes), "here"), Err(Refusal::SignedOut)));
}

#[test]
fn whoever_chooses_a_password_is_signed_out_everywhere_else() {
    let place = Place::new();
    let codes = place.account("ada", GOOD);
    let one = place.sign_in("ada", GOOD, &codes).expect("in");
    place.wait(MINUTE);
    let other = place.sign_in("ada", GOOD, &codes).expect("in");
    let refused = |new: &str| place.office.choose_password(&one, GOOD, new, "here").err().expect("no good");
    assert!(matches!(refused("too short"), Refusal::Password(PasswordFault::Short)));
    assert!(matches!(refused("aaaaaaaaaaaaaaaa"), Refusal::Password(PasswordFault::Simple)));
    assert!(matches!(refused("it is ada who signs in"), Refusal::Password(PasswordFault::Simple)));
    assert!(matches!(refused(GOOD), Refusal::Password(PasswordFault::Same)));
    assert!(matches!(place.office.choose_password(&one, "wrong", "five plain little words now", "here"), Err(Refusal::Wrong)));
    let new = place.office.choose_password(&one, GOOD, "five plain little words now", "here").expect("chosen");
    assert!(place.office.who(&new.token).is_ok());
    assert!(matches!(place.office.who(&one), Err(Refusal::SignedOut)));
    assert!(matches!(place.office.who(&other), Err(Refusal::SignedOut)));
    place.wait(MINUTE);
    assert!(matches!(place.sign_in("ada", GOOD, &codes), Err(Refusal::Wrong)));
    place.sign_in("ada", "five plain little words now", &codes).expect("in");
}

#[test]
fn an_account_that_was_ended_opens_nothing() {
    let place = Place::new();
    let codes = place.account("ada", GOOD);
    let token = place.sign_in("ada", GOOD, &codes).expect("in");
    place.office.end_account("ada").expect("ended");
    assert!(matches!(place.office.who(&token), Err(Refusal::SignedOut)));
    place.wait(MINUTE);
    assert!(matches!(place.sign_in("ada", GOOD, &codes), Err(Refusal::Wrong)));
    let again = NewAccount {
        login: "ada".to_owned(),
        name: "Another".to_owned(),
        role: Role::WardStaff,
        organisation: "fac_elm".to_owned(),
        file: "pro_other".to_owned(),
        password: None,
    };
    assert!(matches!(place.office.add_account(&again), Err(Refusal::Account(_))), "the name stays with whoever had it");
}

#[test]
fn one_code_opens_once_however_many_come_with_it_at_once() {
    let place = Place::new();
    let codes = place.account("ada", GOOD);
    let halves: Vec<_> = (0..4).map(|_| place.office.knock("ada", GOOD, "here").expect("right").token).collect();
    let code = place.code(&codes);
    let entered: usize = std::thread::scope(|scope| {
        let asked: Vec<_> =
            halves.iter().map(|half| scope.spawn(|| usize::from(place.office.enter(half, &code, "here").is_ok()))).collect();
        asked.into_iter().map(|thread| thread.join().expect("it ran")).sum()
    });
    assert_eq!(entered, 1);
}

#[test]
fn an_account_that_is_ended_while_it_is_changed_stays_ended() {
    let place = Place::new();
    let codes = place.account("ada", GOOD);
    let token = place.sign_in("ada", GOOD, &codes).expect("in");
    let who = place.office.who(&token).expect("signed in");
    std::thread::scope(|scope| {
        for language in ["fr", "uk", "ar"] {
            let (office, who) = (&place.office, &who);
            scope.spawn(move || {
                for _ in 0..20 {
                    let _ = office.choose_language(who, language);
                }
            });
        }
        scope.spawn(|| place.office.end_account("ada").expect("ended"));
    });
    assert!(place.office.accounts().expect("listed").iter().all(|account| account.ended));
}
