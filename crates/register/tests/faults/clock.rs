//! A clock that jumps, stands still, runs backwards or at a wrong speed, sleeps, is wrong at the start: records never run backwards, and a jump is refused until
//! somebody says that the clock is right, which is kept.
//!
//! `OPENWARD_CLOCKS` sets how many scenarios. What must be refused is worked out here, from the two clocks alone. No date follows from the clock
//! of the register: forecasts are those of the entries, whenever they are computed.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use openward_register::store::sqlite::Sqlite;
use openward_register::store::{Entries as _, Micros};
use openward_register::writer::clock::{Clock, JUMP_MAX};
use openward_register::writer::{Parts, Refused, Register};

use crate::{Dice, house};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const YEAR: i64 = 365 * 24 * HOUR;

/// A clock on the wall and one that only runs on; both are set by hand.
#[derive(Clone, Default)]
struct Given(Arc<[AtomicI64; 2]>);

impl Given {
    fn pass(&self, wall: i64, steady: i64) {
        self.0[0].fetch_add(wall, Ordering::SeqCst);
        self.0[1].fetch_add(steady, Ordering::SeqCst);
    }
    fn both(&self) -> (i64, i64) {
        (self.0[0].load(Ordering::SeqCst), self.0[1].load(Ordering::SeqCst))
    }
}

impl Clock for Given {
    fn wall(&self) -> Micros {
        self.both().0
    }
    fn steady(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.both().1).unwrap())
    }
}

/// What the clock should be held against, worked out the long way.
struct Model {
    /// How far the clock on the wall should be from the other, and when that was last set right.
    apart: i64,
    since: i64,
    last: i64,
    /// The register was opened with the clock before its last record, and nobody had said that this is right.
    behind: bool,
    /// The newest clock that was accepted: where it stood, and where it should have stood.
    accepted: Option<(i64, i64)>,
}

impl Model {
    fn at((wall, steady): (i64, i64)) -> Self {
        Self { apart: wall - steady, since: steady, last: i64::MIN, behind: false, accepted: None }
    }

    /// How far the clock is off, where that is too far.
    fn off(&self, (wall, steady): (i64, i64)) -> Option<i64> {
        let is_behind = self.behind && wall < self.last.saturating_sub(JUMP_MAX);
        let off = if is_behind { wall - self.last } else { wall - steady - self.apart };
        (off.abs() > JUMP_MAX).then_some(off)
    }

    /// An act was kept. A clock is forgiven half a millisecond in each second that went by, and no more: what it is off besides stays.
    fn kept(&mut self, (wall, steady): (i64, i64)) {
        let forgiven = (steady - self.since) / 2_000;
        if steady - self.since >= SECOND {
            let off = wall - steady - self.apart;
            self.apart += off.signum() * off.abs().min(forgiven);
            self.since = steady;
        }
        self.behind = false;
        self.last = self.last.max(wall);
    }
}

/// One scenario; gives what befell the clock, how many acts were kept and how many refused.
fn scenario(dice: &mut Dice, folder: &std::path::Path) -> (String, u64, u64) {
    let keys = house::create_keys(folder);
    let given = Given::default();
    given.pass(1_700_000_000 * SECOND + i64::try_from(dice.below(1_000_000)).unwrap(), 0);
    let start = |given: &Given| -> Register<Sqlite> {
        let parts = Parts { clock: Box::new(given.clone()), ..house::parts(&keys) };
        Register::open(Sqlite::open(&house::register_at(folder)).unwrap(), parts).unwrap()
    };
    let mut register = start(&given);
    let mut model = Model::at(given.both());
    let (mut length, mut refused, mut jumps, mut story) = (0, 0, 0, String::new());
    for number in 0..12 {
        let by = [HOUR, -HOUR, YEAR, -YEAR, JUMP_MAX, -JUMP_MAX, JUMP_MAX + 1, -JUMP_MAX - 1, 40 * SECOND, -40 * SECOND];
        let by = by[usize::try_from(dice.below(10)).unwrap()];
        let event = dice.below(10);
        match event {
            0 => given.pass(by, 0),
            1 => given.pass(0, by.abs()),
            2 => given.pass(by + 60 * SECOND, 60 * SECOND),
            3 | 4 => {
                register.close();
                given.pass(by, 0);
                register = start(&given);
                let now = given.both();
                // An accepted clock stays accepted, unless something was recorded after where it should have stood, or it went back again.
                let is_known = model.accepted.is_some_and(|(stood, should)| should >= model.last && now.0 >= stood - JUMP_MAX);
                let behind = now.0 < model.last.saturating_sub(JUMP_MAX) && !is_known;
                model = Model { behind, last: model.last, accepted: model.accepted, ..Model::at(now) };
            }
            5 => given.pass(61 * SECOND, 60 * SECOND),
            // It stands, or runs at a wrong speed, while somebody writes all the time: none of the gaps is a jump by itself.
            6 | 7 => {
                let speed = [0, 900_000, 1_100_000, 2_900_000, 1_000_400, 999_600][usize::try_from(dice.below(6)).unwrap()];
                for step in 0..1 + dice.below(6) {
                    given.pass(speed, SECOND);
                    match (register.append(house::act(1000 * (number + 1) + step, "per_p0", length, 1)), model.off(given.both())) {
                        (Ok(_), None) => {}
                        (Err(Refused::Clock(jumped)), Some(off)) => {
                            assert_eq!(jumped.by, off, "{story} {event}");
                            refused += 1;
                            break;
                        }
                        (answer, off) => panic!("{story} {event}: off by {off:?}, and the register said {answer:?}"),
                    }
                    length += 1;
                    model.kept(given.both());
                }
            }
            _ => given.pass(5 * SECOND, 5 * SECOND),
        }
        story += &format!(" {event}:{}s", by / SECOND);
        let act = || house::act(number, "per_p0", length, 1);
        match (register.append(act()), model.off(given.both())) {
            (Ok(_), None) => {}
            (Err(Refused::Clock(jumped)), Some(off)) => {
                assert_eq!(jumped.by, off, "{story}");
                refused += 1;
                // Half the time somebody looks at the clock and says that it is right.
                if dice.below(2) == 0 {
                    continue;
                }
                assert_eq!(register.accept_clock().unwrap(), off, "{story}");
                jumps += 1;
                let stood = given.both();
                model = Model { last: model.last, accepted: Some((stood.0, stood.0 - off)), ..Model::at(stood) };
                register.append(act()).unwrap();
            }
            (answer, off) => panic!("{story}: off by {off:?}, and the register said {answer:?}"),
        }
        length += 1;
        model.kept(given.both());
    }
    assert_eq!(register.clock_jumps().unwrap().len(), jumps, "{story}");
    register.close();
    let store = Sqlite::open(&house::register_at(folder)).unwrap();
    let row = store.file(keys.pseudonym("per_p0").as_bytes()).unwrap();
    let recorded: Vec<i64> =
        row.map_or(vec![], |row| store.entries(row.id, 1, length).unwrap()).iter().map(|entry| entry.recorded).collect();
    assert!(recorded.is_sorted() && recorded.len() as u64 == length, "{story}: {recorded:?}");
    assert!(recorded.last().is_none_or(|last| *last == model.last), "{story}");
    house::is_clean(&store, &keys).unwrap_or_else(|error| panic!("{story}: {error}"));
    (story, length, refused)
}

#[test]
fn a_clock_that_jumps_never_turns_records_around_and_is_refused_until_it_is_accepted() {
    let (seed, scenarios) = (crate::seed(), crate::count("OPENWARD_CLOCKS", 200));
    let sum = Mutex::new((0, 0));
    for at in 0..scenarios {
        let _trial = crate::Trial("OPENWARD_CLOCKS", seed + at);
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let (_, kept, refused) = scenario(&mut Dice::new(seed + at), folder.path());
        let mut sum = sum.lock().unwrap();
        *sum = (sum.0 + kept, sum.1 + refused);
    }
    let (kept, refused) = sum.into_inner().unwrap();
    println!("{scenarios} scenarios: {kept} acts kept, {refused} refused for the clock");
    assert!(kept > scenarios && refused > scenarios);
}
