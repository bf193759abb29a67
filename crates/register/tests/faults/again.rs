//! Acts that come more than once, out of order, from several sides at once, and after the register was opened anew: each is kept once.
//!
//! `OPENWARD_AGAIN` sets how many deliveries there are.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use openward_register::store::Entries as _;
use openward_register::store::sqlite::Sqlite;
use openward_register::writer::{Refused, Register};

use crate::{Dice, house};

/// How many sides deliver at once.
const SIDES: usize = 8;

/// How many acts make a file, each on top of the one before.
const LONG: u64 = 4;

/// How many times each act is delivered in each opening of the register.
const TIMES: u64 = 3;

/// How often the register is opened.
const OPENINGS: u64 = 4;

/// What each act was answered, and how often with the word that it was new.
type Down = BTreeMap<u64, ((u64, u64, String), u64)>;

fn file(number: u64) -> String {
    format!("per_f{}", number / LONG)
}

/// Delivers until nothing is left; what came too early comes again later, from the same side.
fn deliver(register: &Register<Sqlite>, mut mine: VecDeque<u64>, down: &Mutex<Down>) -> u64 {
    let mut calls = 0;
    while let Some(number) = mine.pop_front() {
        calls += 1;
        let after = number % LONG;
        match register.append(house::act(number, &file(number), after, 1)) {
            Ok(done) => {
                let now = house::written_down(&done);
                let mut down = down.lock().unwrap();
                let (before, fresh) = down.entry(number).or_insert((now.clone(), 0));
                assert_eq!(before, &now, "act {number} has two answers");
                *fresh += u64::from(!done.again);
            }
            Err(Refused::Conflict { length, .. }) if length < after => mine.push_back(number),
            Err(Refused::Busy) => mine.push_back(number),
            Err(other) => panic!("act {number}: {other}"),
        }
    }
    calls
}

#[test]
fn an_act_that_comes_again_and_again_is_kept_exactly_once() {
    let (seed, deliveries) = (crate::seed(), crate::count("OPENWARD_AGAIN", 2_000));
    // Of four openings the first sees a quarter of the acts, the last all: in all each act comes seven and a half times.
    let acts = (deliveries * 2 / (TIMES * (OPENINGS + 1))).next_multiple_of(LONG * OPENINGS);
    let mut dice = Dice::new(seed);
    let folder = tempfile::tempdir().unwrap();
    let keys = house::create_keys(folder.path());
    let down = Mutex::new(Down::new());
    let mut calls = 0;
    for opening in 1..=OPENINGS {
        let register = house::open(folder.path(), &keys);
        // A quarter of the acts is new in each opening; those of earlier ones come again.
        let known = acts * opening / OPENINGS / LONG * LONG;
        let mut all: Vec<u64> = (0..known * TIMES).map(|at| at % known).collect();
        for at in (1..all.len()).rev() {
            all.swap(at, usize::try_from(dice.below(at as u64 + 1)).unwrap());
        }
        let mut sides: Vec<VecDeque<u64>> = (0..SIDES).map(|_| VecDeque::new()).collect();
        all.into_iter().enumerate().for_each(|(at, number)| sides[at % SIDES].push_back(number));
        let (register, down) = (&register, &down);
        calls += std::thread::scope(|scope| {
            let running: Vec<_> = sides.into_iter().map(|mine| scope.spawn(move || deliver(register, mine, down))).collect();
            running.into_iter().map(|side| side.join().unwrap()).sum::<u64>()
        });
    }
    let store = Sqlite::open(&house::register_at(folder.path())).unwrap();
    let down = down.into_inner().unwrap();
    let known = acts / LONG * LONG;
    assert_eq!((down.len() as u64, store.acts(&mut |_, _| ()).unwrap()), (known, known));
    for (number, (down, fresh)) in &down {
        assert_eq!(*fresh, 1, "act {number} was new more than once");
        house::is_there(&store, house::id(*number), down).unwrap();
        assert_eq!((down.0, down.1), (number % LONG + 1, number % LONG + 1));
    }
    house::is_clean(&store, &keys).unwrap();
    println!("{known} acts, {calls} deliveries, each kept once");
}
