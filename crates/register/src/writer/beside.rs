//! Readers beside a writer: what they are given is of one moment, and nothing that is whole is said to be damaged.
//!
//! Deliberately absent: how fast they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use super::clock::Clock;
use super::{Parts, Register};
use crate::derived;
use crate::store::sqlite::Sqlite;
use crate::store::{Log as _, Micros};
use crate::testing::{self, Place, act, act_of, id};

/// A clock that is a quarter of a second further at each look, so that the log is written after each act.
struct Hasty(AtomicI64);

impl Clock for Hasty {
    fn wall(&self) -> Micros {
        1_700_000_000_000_000 + self.0.load(Ordering::SeqCst)
    }
    fn steady(&self) -> Duration {
        Duration::from_micros(self.0.fetch_add(250_000, Ordering::SeqCst).unsigned_abs())
    }
}

fn running(place: &Place) -> Register<Sqlite> {
    let clock = Box::new(Hasty(AtomicI64::new(0)));
    Register::open(place.store(), Parts { clock, ..Parts::new(Arc::clone(&place.keys), testing::laws(), testing::signer()) })
        .expect("it runs")
}

/// Does the work while some threads read over and over; gives how often they began to.
fn beside(read: impl Fn() + Sync, work: impl FnOnce()) -> u64 {
    let (done, reads) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    reads.fetch_add(1, Ordering::SeqCst);
                    read();
                }
            });
        }
        work();
        while reads.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        done.store(true, Ordering::SeqCst);
    });
    reads.into_inner()
}

#[test]
fn a_receipt_is_asked_for_while_the_log_grows_and_no_tile_is_missed() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::create(folder.path());
    let register = running(&place);
    let first = register.append(act(id(1), "per_ada", 0, 1)).expect("kept").receipts.remove(0);
    let proved = AtomicU64::new(0);
    let receipt = || {
        if register.receipt("per_ada", &first).unwrap_or_else(|error| panic!("{error}")).is_some() {
            proved.fetch_add(1, Ordering::SeqCst);
        }
    };
    let asked = beside(receipt, || {
        for number in 2..400 {
            register.append(act(id(number), &format!("per_{number}"), 0, 1)).expect("kept");
        }
    });
    println!("{asked} receipts asked for, {} given", proved.load(Ordering::SeqCst));
    assert!(place.store().newest_checkpoint().expect("read").expect("there").size > 100, "the log grew meanwhile");
    assert!(proved.into_inner() > 0);
}

#[test]
fn a_forecast_is_read_while_its_file_grows_and_its_box_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::create(folder.path());
    let register = place.register();
    let current = AtomicU64::new(0);
    let opened = AtomicU64::new(0);
    let read = || {
        let name = format!("per_f{}", current.load(Ordering::SeqCst));
        let Ok(file) = register.file(&name) else { return };
        for row in register.forecasts(&name).unwrap_or_else(|error| panic!("{error}")) {
            derived::open(register.keys(), &file, &row).unwrap_or_else(|error| panic!("{error}"));
            opened.fetch_add(1, Ordering::SeqCst);
        }
    };
    beside(read, || {
        for file in 0..60_u64 {
            current.store(file, Ordering::SeqCst);
            for n in 0..12_u64 {
                let day = 1 + n / 3;
                let line = match n % 3 {
                    0 => format!(r#"{{"at":"2024-03-{day:02}T10:15","fact":"admitted","under":"s15","by":"pro_ash"}}"#),
                    1 => format!(r#"{{"at":"2024-03-{day:02}T11:00","fact":"rights-explained","by":"pro_ash","to":"person"}}"#),
                    _ => format!(r#"{{"at":"2024-03-{day:02}T12:00","fact":"left"}}"#),
                };
                register.append(act_of(id(file * 100 + n), &format!("per_f{file}"), n, &[&line])).expect("kept");
            }
        }
    });
    assert!(opened.into_inner() > 0);
}
