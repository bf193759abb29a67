//! Killing the process inside an act, in the middle of many: what was acknowledged is there, whole and once, and nothing is half there.
//!
//! The judge is the list that the client itself wrote down on each acknowledgement. `OPENWARD_KILLS` sets how many kills; 100 without it.
//! How long the slowest opening after a kill took is printed, and judges nothing: a machine may be busy.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};

use super::clock::{Clock, Machine};
use super::{Parts, Register};
use crate::store::{Entries as _, Micros};
use crate::testing::{self, Place};

static LEFT: AtomicI64 = AtomicI64::new(i64::MIN);

/// Ends the process with signal 9 the nth time that it comes to the place named in the environment.
pub(super) fn here(place: &str) {
    let Ok(wanted) = std::env::var("OPENWARD_KILL_AT") else { return };
    let Some((at, count)) = wanted.split_once(':') else { return };
    if at != place {
        return;
    }
    let count: i64 = count.parse().expect("a number");
    let _ = LEFT.compare_exchange(i64::MIN, count, Ordering::SeqCst, Ordering::SeqCst);
    if LEFT.fetch_sub(1, Ordering::SeqCst) == 1 {
        println!("killed {place}");
        let _ = std::io::stdout().flush();
        let _ = Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
        loop {
            std::thread::park();
        }
    }
}

/// The clock of the machine, some minutes ahead: the lease of the process that was killed before has run out.
struct Later(Machine, Micros);

impl Clock for Later {
    fn wall(&self) -> Micros {
        self.0.wall() + self.1
    }
    fn steady(&self) -> std::time::Duration {
        self.0.steady()
    }
}

/// Not a test of its own: the process that is killed. Without its folder in the environment it has nothing to do.
#[test]
fn child() {
    let Ok(folder) = std::env::var("OPENWARD_KILL_FOLDER") else { return };
    let round: u64 = std::env::var("OPENWARD_KILL_ROUND").expect("a round").parse().expect("a number");
    let writers: u64 = std::env::var("OPENWARD_KILL_WRITERS").expect("a number of writers").parse().expect("a number");
    // The harness has begun a line with the name of this test.
    println!();
    let place = Place::open(Path::new(&folder));
    let parts = Parts::new(std::sync::Arc::clone(&place.keys), testing::laws(), testing::signer());
    let clock = Box::new(Later(Machine::new(), i64::try_from(round).expect("small") * 60_000_000));
    let register = Register::open(place.store(), Parts { clock, ..parts }).expect("it runs");
    std::thread::scope(|scope| {
        for client in 0..writers {
            let register = &register;
            scope.spawn(move || {
                let file = format!("per_c{client}");
                for attempt in 0_u64.. {
                    let after = register.file(&file).map_or(0, |file| file.length);
                    let id = testing::id(round << 40 | client << 32 | attempt);
                    let act = testing::act(id, &file, after, 1 + usize::try_from(attempt % 3).expect("small"));
                    match register.append(act) {
                        Ok(done) => {
                            let ids: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
                            println!("ack {client} {ids} {} {}", done.entries[0].n, done.entries.last().expect("one").hash);
                        }
                        Err(refused) => panic!("{refused}"),
                    }
                }
            });
        }
    });
}

/// What the client wrote down: who, the act's id, its first number, the hash of its last entry.
type Acknowledged = BTreeSet<(String, String, u64, String)>;

/// Where the process may be killed, and so many visits to each place at most: entries come often, commits less, seals ten times a second.
const PLACES: [(&str, u64); 4] = [("within-act", 40), ("before-commit", 5), ("after-commit", 5), ("within-seal", 2)];

/// So many kills befall one register; then a new one is made, so that checking it stays quick.
const KILLS_OF_ONE: u64 = 8;

/// Starts the process, reads along until it is killed, and gives where that was.
fn kill(folder: &Path, round: u64, acknowledged: &mut Acknowledged) -> Option<String> {
    let (at, most) = PLACES[usize::try_from(round % 4).expect("small")];
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "writer::crash::child", "--nocapture", "--test-threads=1"])
        .env("OPENWARD_KILL_FOLDER", folder)
        .env("OPENWARD_KILL_ROUND", (round + 1).to_string())
        .env("OPENWARD_KILL_WRITERS", (6 + round * 29 % 59).to_string())
        .env("OPENWARD_KILL_AT", format!("{at}:{}", 1 + round * 7 % most))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let mut killed = None;
    for line in BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["ack", client, id, first, hash] => {
                acknowledged.insert((client.to_owned(), id.to_owned(), first.parse().expect("a number"), hash.to_owned()));
            }
            ["killed", place] => killed = Some(place.to_owned()),
            _ => {}
        }
    }
    assert!(!child.wait().expect("ended").success(), "round {round} was not killed");
    killed
}

fn are_there(place: &Place, acknowledged: &Acknowledged) {
    let store = place.store();
    for (client, id, first, hash) in acknowledged {
        let id: Vec<u8> = (0..16).map(|at| u8::from_str_radix(&id[2 * at..2 * at + 2], 16).expect("hex")).collect();
        let act = store.act(&id.try_into().expect("16 bytes")).expect("read").unwrap_or_else(|| panic!("act {client} {first} is lost"));
        let entries = store.entries(act.file, act.first, act.last).expect("read");
        assert_eq!((act.first, entries.last().expect("there").hash.to_string()), (*first, hash.clone()));
    }
}

#[test]
fn what_was_acknowledged_outlives_every_kill_and_nothing_is_half_there() {
    let kills = testing::asked("OPENWARD_KILLS").unwrap_or(100);
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    let (mut acts, mut slowest) = (0, std::time::Duration::ZERO);
    for begin in (0..kills).step_by(usize::try_from(KILLS_OF_ONE).expect("small")) {
        // In memory where there is such a place: what a process wrote outlives it there as well as on a disk.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder");
        drop(Place::create(folder.path()));
        let mut acknowledged = Acknowledged::new();
        for round in begin..kills.min(begin + KILLS_OF_ONE) {
            if let Some(place) = kill(folder.path(), round, &mut acknowledged) {
                *seen.entry(place).or_default() += 1;
            }
            let begun = std::time::Instant::now();
            let place = Place::open(folder.path());
            let store = place.store();
            slowest = slowest.max(begun.elapsed());
            let report = crate::verify::register(&store, Some(&place.keys), &place.trust(), &[]).expect("checked");
            assert!(report.is_clean(), "round {round}: {report:?}");
        }
        let place = Place::open(folder.path());
        are_there(&place, &acknowledged);
        assert!(crate::derived::check::fsck(&place.store(), &place.keys, place.laws.as_ref()).expect("checked").wrong.is_empty());
        acts += acknowledged.len() as u64;
    }
    println!("{kills} kills, at {seen:?}; {acts} acts acknowledged; the slowest opening took {slowest:?}");
    assert_eq!((seen.len(), seen.values().sum::<u64>()), (PLACES.len(), kills), "every kill is inside an act or a seal: {seen:?}");
    assert!(acts > kills, "{acts} acknowledgements");
}
