//! No space is left, at any call that needs some: acts are refused whole, reads go on, and the first act after there is space again is kept.
//!
//! `OPENWARD_FULL` sets how many trials. A small file system that is really full is in the writer's own tests.

use openward_register::history::AsOf;
use openward_register::store::Entries as _;
use openward_register::store::sqlite::Sqlite;
use openward_register::writer::{Refused, Register};

use crate::disk::{self, Fault};
use crate::{Dice, house};

/// The most acts before the disk has to have been full.
const MOST: u64 = 200;

fn length(register: &Register<Sqlite>, file: &str) -> u64 {
    register.file(file).map_or(0, |row| row.length)
}

/// One trial: acts until there is no space for one, then some more, then space again.
fn trial(dice: &mut Dice) -> String {
    let folder = disk::folder();
    disk::watch(folder.path());
    let keys = house::create_keys(folder.path());
    let mut store = Sqlite::open(&house::register_at(folder.path())).unwrap();
    if dice.below(2) == 0 {
        store.write_back_after(16, 1);
    }
    let register = Register::open(store, house::parts(&keys)).unwrap();
    register.append(house::act(1, "per_p0", 0, 2)).unwrap();
    disk::fail(Fault::Full, 1 + dice.below(150));
    let (mut kept, mut refused) = (vec![], vec![]);
    for number in 2..MOST {
        // Every third file is new, so that the key store has to grow too.
        let file = if number % 3 == 0 { format!("per_n{number}") } else { house::file(number) };
        match register.append(house::act(number, &file, length(&register, &file), 1 + usize::try_from(number % 4).unwrap())) {
            Ok(done) => kept.push((house::id(number), house::written_down(&done))),
            Err(Refused::Full) => {
                refused.push(house::id(number));
                assert_eq!(register.history("per_p0", AsOf::Number(2)).unwrap().len(), 2, "reads go on");
                if refused.len() == 5 {
                    break;
                }
            }
            Err(other) => panic!("not refused as full: {other}"),
        }
    }
    let call = disk::told().fired.unwrap();
    disk::lift();
    for file in ["per_p0", "per_after"] {
        register
            .append(house::act(MOST + file.len() as u64, file, length(&register, file), 1))
            .unwrap_or_else(|error| panic!("{call}: {error}"));
    }
    register.close();
    let store = Sqlite::open(&house::register_at(folder.path())).unwrap();
    kept.iter().for_each(|(id, down)| house::is_there(&store, *id, down).unwrap());
    assert!(refused.iter().all(|id| store.act(id).unwrap().is_none()), "{call}: an act that was refused is there");
    house::is_clean(&store, &keys).unwrap_or_else(|error| panic!("{call}: {error}"));
    assert!(!refused.is_empty(), "{call}: nothing was refused");
    call
}

#[test]
fn a_full_disk_refuses_whole_acts_lets_reads_go_on_and_mends_itself() {
    disk::on_it("full::a_full_disk_refuses_whole_acts_lets_reads_go_on_and_mends_itself", || {
        let (seed, trials) = (crate::seed(), crate::count("OPENWARD_FULL", 40));
        let mut places = std::collections::BTreeMap::new();
        for at in 0..trials {
            let _trial = crate::Trial("OPENWARD_FULL", seed + at);
            *places.entry(trial(&mut Dice::new(seed + at))).or_insert(0) += 1;
        }
        disk::say(&format!("{trials} trials; there was no space for: {places:?}"));
        assert!(places.len() > 2, "{places:?}");
    });
}
