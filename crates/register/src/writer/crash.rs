//! Killing the process inside an act, in the middle of many: what was acknowledged is there, whole and once, and nothing is half there.
//!
//! The judge is the list that the client itself wrote down on each acknowledgement. `OPENWARD_KILLS` sets how many kills; 20 without it.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};

use crate::store::Entries as _;
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

/// Not a test of its own: the process that is killed. Without its folder in the environment it has nothing to do.
#[test]
fn child() {
    let Ok(folder) = std::env::var("OPENWARD_KILL_FOLDER") else { return };
    let round: u64 = std::env::var("OPENWARD_KILL_ROUND").expect("a round").parse().expect("a number");
    let place = Place::open(Path::new(&folder));
    let register = place.register();
    std::thread::scope(|scope| {
        for client in 0..4_u64 {
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

#[test]
fn what_was_acknowledged_outlives_every_kill_and_nothing_is_half_there() {
    let kills: u64 = std::env::var("OPENWARD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    let folder = tempfile::tempdir().expect("a folder");
    drop(Place::create(folder.path()));
    let mut acknowledged: BTreeSet<(String, String, u64, String)> = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for round in 0..kills {
        let at = ["within-act", "before-commit", "after-commit"][usize::try_from(round % 3).expect("small")];
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "writer::crash::child", "--nocapture", "--test-threads=1"])
            .env("OPENWARD_KILL_FOLDER", folder.path())
            .env("OPENWARD_KILL_ROUND", (round + 1).to_string())
            .env("OPENWARD_KILL_AT", format!("{at}:{}", 3 + round * 7 % 23))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        for line in BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok) {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["ack", client, id, first, hash] => {
                    acknowledged.insert((client.to_owned(), id.to_owned(), first.parse().expect("a number"), hash.to_owned()));
                }
                ["killed", place] => {
                    seen.insert(place.to_owned());
                }
                _ => {}
            }
        }
        assert!(!child.wait().expect("ended").success(), "round {round} was not killed");
        let place = Place::open(folder.path());
        let store = place.store();
        let report = crate::verify::register(&store, Some(&place.keys), &place.trust(), &[]).expect("checked");
        assert!(report.is_clean(), "round {round}: {report:?}");
    }
    assert_eq!(seen.len(), 3, "every place inside an act was hit: {seen:?}");
    let place = Place::open(folder.path());
    let store = place.store();
    for (client, id, first, hash) in &acknowledged {
        let id: Vec<u8> = (0..16).map(|at| u8::from_str_radix(&id[2 * at..2 * at + 2], 16).expect("hex")).collect();
        let act = store.act(&id.try_into().expect("16 bytes")).expect("read").unwrap_or_else(|| panic!("act {client} {first} is lost"));
        let entries = store.entries(act.file, act.first, act.last).expect("read");
        assert_eq!((act.first, entries.last().expect("there").hash.to_string()), (*first, hash.clone()));
    }
    assert!(acknowledged.len() as u64 > kills, "{} acknowledgements", acknowledged.len());
    assert!(crate::derived::check::fsck(&store, &place.keys, place.laws.as_ref()).expect("checked").wrong.is_empty());
}
