//! The register at work.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use openward_law::casefile::CaseFile;
use openward_law::standing::{Question, Reach};
use openward_seal::receipt::Receipt;
use proptest::prelude::*;

use super::clock::{Clock, Machine, Time};
use super::core::Core;
use super::{Parts, Refused, Register};
use crate::derived::check::{Checked, fsck};
use crate::history::{AsOf, HistoryError};
use crate::reads::Reader;
use crate::sealer::Sealer;
use crate::store::sqlite::Sqlite;
use crate::store::{Derived as _, Entries as _, Log as _, Micros, Store as _};
use crate::testing::{self, Place, act, act_of, id};
use crate::verify;

fn fresh() -> (tempfile::TempDir, Place) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::create(folder.path());
    (folder, place)
}

fn is_clean(place: &Place) {
    let store = place.store();
    let report = verify::register(&store, Some(&place.keys), &place.trust(), &[]).expect("checked");
    assert!(report.is_clean(), "{:#?}", report.findings);
    let checked = fsck(&store, &place.keys, place.laws.as_ref()).expect("checked");
    assert!(checked.wrong.is_empty(), "{:#?}", checked.wrong);
}

#[test]
fn an_act_is_kept_comes_back_and_has_a_receipt_in_two_stages() {
    let (_folder, place) = fresh();
    let register = place.register();
    let brought = act(id(1), "per_ada", 0, 2);
    let entries = brought.entries.clone();
    let done = register.append(brought).expect("kept");
    assert_eq!(done.entries.iter().map(|entry| entry.n).collect::<Vec<_>>(), [1, 2]);
    let kept: Vec<_> = register.history("per_ada", AsOf::Now).expect("read").iter().map(crate::entry::Kept::as_brought).collect();
    assert_eq!(kept, entries);
    let receipt = (0..200).find_map(|_| {
        std::thread::sleep(Duration::from_millis(10));
        register.receipt("per_ada", &done.receipts[1]).expect("asked")
    });
    let proved = Receipt::open(receipt.expect("within two seconds").to_string().as_bytes(), register.trust()).expect("it proves");
    assert_eq!((proved.acknowledgement.n, proved.acknowledgement.entry), (2, done.entries[1].hash));
    register.close();
    is_clean(&place);
}

#[test]
fn the_loser_of_a_conflict_gets_what_was_added() {
    let (_folder, place) = fresh();
    let register = place.register();
    register.append(act(id(1), "per_ada", 0, 1)).expect("kept");
    register.append(act(id(2), "per_ada", 1, 2)).expect("kept");
    let Err(Refused::Conflict { length, since }) = register.append(act(id(3), "per_ada", 1, 1)) else { panic!("no conflict") };
    assert_eq!((length, since.iter().map(|kept| kept.entry.n).collect::<Vec<_>>()), (3, vec![2, 3]));
    let Err(Refused::Conflict { since, .. }) = register.append(act(id(4), "per_ada", 9, 1)) else { panic!("no conflict") };
    assert!(since.is_empty());
    assert_eq!(register.file("per_ada").expect("there").length, 3);
}

#[test]
fn of_many_at_once_each_number_goes_to_one() {
    let (_folder, place) = fresh();
    let register = place.register();
    std::thread::scope(|scope| {
        for client in 0..8_u64 {
            let register = &register;
            scope.spawn(move || {
                let mut kept = 0;
                let mut after = 0;
                for attempt in 0.. {
                    match register.append(act(id(client * 1000 + attempt), "per_ada", after, 1)) {
                        Ok(done) => {
                            kept += 1;
                            after = done.entries[0].n;
                        }
                        Err(Refused::Conflict { length, since }) => {
                            assert_eq!(since.len() as u64, length - after);
                            after = length;
                        }
                        Err(refused) => panic!("{refused}"),
                    }
                    if kept == 5 {
                        return;
                    }
                }
            });
        }
    });
    assert_eq!(register.file("per_ada").expect("there").length, 40);
    register.close();
    is_clean(&place);
}

#[test]
fn an_act_that_comes_again_is_kept_once_and_another_under_its_id_is_refused() {
    let (_folder, place) = fresh();
    let register = place.register();
    let first = register.append(act(id(1), "per_ada", 0, 2)).expect("kept");
    for _ in 0..100 {
        let again = register.append(act(id(1), "per_ada", 0, 2)).expect("kept before");
        assert!(again.again && again.entries == first.entries && again.receipts == first.receipts);
    }
    assert!(matches!(register.append(act(id(1), "per_ada", 0, 1)), Err(Refused::OtherAct)));
    assert!(matches!(register.append(act(id(1), "per_bob", 0, 2)), Err(Refused::OtherAct)));
    let other = act_of(id(1), "per_ada", 0, &[r#"{"at":"2024-03-02","fact":"left"}"#, r#"{"at":"2024-03-02","fact":"left"}"#]);
    assert!(matches!(register.append(other), Err(Refused::OtherAct)));
    assert_eq!(register.file("per_ada").expect("there").length, 2);
}

#[test]
fn an_act_that_is_not_in_its_form_leaves_nothing() {
    let (_folder, place) = fresh();
    let register = place.register();
    let mut wrong = vec![act(id(1), "per_ada", 0, 1), act(id(2), "per_ada", 0, 2), act(id(3), "per_ada", 0, 1)];
    wrong[0].entries.clear();
    wrong[1].entries[1].n = 3;
    wrong[2].entries[0].file = "per_bob".to_owned();
    for act in wrong {
        assert!(matches!(register.append(act), Err(Refused::Form(_))));
    }
    assert!(matches!(register.file("per_ada"), Err(crate::history::HistoryError::NoFile)));
}

#[test]
fn the_past_is_read_by_number_and_by_instant() {
    let (_folder, place) = fresh();
    let register = place.register();
    let first = register.append(act(id(1), "per_ada", 0, 2)).expect("kept");
    std::thread::sleep(Duration::from_millis(2));
    register.append(act(id(2), "per_ada", 2, 1)).expect("kept");
    let count = |as_of| register.history("per_ada", as_of).expect("read").len();
    assert_eq!((count(AsOf::Now), count(AsOf::Number(1)), count(AsOf::Number(9))), (3, 1, 3));
    assert_eq!((count(AsOf::Recorded(first.recorded)), count(AsOf::Recorded(first.recorded - 1))), (2, 0));
}

#[derive(Clone)]
struct Given(Arc<AtomicI64>);

impl Clock for Given {
    fn wall(&self) -> Micros {
        self.0.load(Ordering::SeqCst)
    }
    fn steady(&self) -> Duration {
        Duration::ZERO
    }
}

#[test]
fn a_clock_that_jumped_stops_the_acts_until_somebody_says_that_it_is_right() {
    let (_folder, place) = fresh();
    let given = Given(Arc::new(AtomicI64::new(1_700_000_000_000_000)));
    let parts = Parts { clock: Box::new(given.clone()), ..Parts::new(Arc::clone(&place.keys), testing::laws(), testing::signer()) };
    let register = Register::open(place.store(), parts).expect("it runs");
    let first = register.append(act(id(1), "per_ada", 0, 1)).expect("kept");
    given.0.fetch_sub(3_600_000_000, Ordering::SeqCst);
    assert!(matches!(register.append(act(id(2), "per_ada", 1, 1)), Err(Refused::Clock(jumped)) if jumped.by == -3_600_000_000));
    assert_eq!(register.accept_clock().expect("said"), -3_600_000_000);
    let second = register.append(act(id(2), "per_ada", 1, 1)).expect("kept");
    assert_eq!(second.recorded, first.recorded, "instants never run backwards");
    let jumps = register.clock_jumps().expect("read");
    assert_eq!(jumps, [(1_700_000_000_000_000 - 3_600_000_000, -3_600_000_000)]);
    register.close();
    is_clean(&place);
}

#[test]
fn an_opening_is_on_the_disk_before_the_first_byte_and_a_further_view_extends_it() {
    let (_folder, place) = fresh();
    let register = place.register();
    let reader = |who: &str| Reader { who: who.into(), capacity: "nurse".into(), purpose: "care".into(), view: "file".into() };
    assert!(matches!(register.read("per_ada", AsOf::Now, &reader("pro_ash")), Err(Refused::History(_))), "there is no such file");
    register.append(act(id(1), "per_ada", 0, 1)).expect("kept");
    for who in ["pro_ash", "pro_ash", "pro_elm", "pro_ash"] {
        assert_eq!(register.read("per_ada", AsOf::Now, &reader(who)).expect("given").len(), 1);
    }
    let openings = register.openings("per_ada").expect("read");
    assert_eq!(openings.iter().map(|opening| opening.reader.who.as_str()).collect::<Vec<_>>(), ["pro_ash", "pro_elm"]);
    register.close();
    is_clean(&place);
    // A reader that comes after a restart opens anew.
    assert!(place.register().opened("per_ada", &reader("pro_ash")).expect("recorded"));
}

#[test]
fn what_is_to_be_sent_goes_with_its_act() {
    let (_folder, place) = fresh();
    let register = place.register();
    let mut conflict = act(id(1), "per_ada", 5, 1);
    conflict.outbox.push((0, b"never".to_vec()));
    assert!(register.append(conflict).is_err());
    let mut kept = act(id(2), "per_ada", 0, 1);
    kept.outbox.push((0, b"a letter".to_vec()));
    register.append(kept).expect("kept");
    let due = register.outbox(1, 9).expect("read").ready;
    assert_eq!(due.iter().map(|(_, plain)| plain.as_slice()).collect::<Vec<_>>(), [b"a letter"]);
    register.sent(due[0].0).and_then(|()| register.sent(due[0].0)).expect("said");
    assert!(register.outbox(1, 9).expect("read").ready.is_empty());
    register.close();
    is_clean(&place);
}

#[test]
fn a_message_that_was_changed_keeps_no_other_back() {
    let (_folder, place) = fresh();
    let register = place.register();
    for (number, file) in [(1, "per_ada"), (2, "per_bob"), (3, "per_cat"), (4, "per_dan")] {
        let mut kept = act(id(number), file, 0, 1);
        kept.outbox.push((0, file.as_bytes().to_vec()));
        register.append(kept).expect("kept");
    }
    let db = rusqlite::Connection::open(place.path()).expect("opened");
    db.execute_batch("UPDATE outbox SET box = zeroblob(64) WHERE file = 1; UPDATE outbox SET n = -1 WHERE file = 2").expect("spoilt");
    let due = register.outbox(1, 1).expect("read");
    assert_eq!(due.ready.iter().map(|(_, plain)| plain.as_slice()).collect::<Vec<_>>(), [b"per_cat"]);
    assert_eq!(due.broken.iter().map(|(place, _)| place.file).collect::<Vec<_>>(), [1]);
    let ready = register.outbox(1, 9).expect("read").ready;
    assert_eq!(ready.iter().map(|(_, plain)| plain.as_slice()).collect::<Vec<_>>(), [b"per_cat", b"per_dan"]);
}

const PLACE_LINE: &str = r#"{"at":"2020-01-01","fact":"facility-designated","kind":"approved-centre","law":"ie","zone":"Europe/Dublin"}"#;

#[test]
fn a_change_in_another_file_marks_at_once_and_reaches_the_values_by_the_next_read() {
    let (_folder, place) = fresh();
    let register = place.register();
    let admitted = r#"{"at":"2024-03-01T10:15","fact":"admitted","under":"s15","place":"fac_elm","by":"pro_ash"}"#;
    register.append(act_of(id(1), "per_ada", 0, &[admitted])).expect("kept");
    let before = register.forecasts("per_ada").expect("read");
    assert!(before.len() == 1 && !before[0].stale && !before[0].spans.is_empty());
    register.append(act_of(id(2), "fac_elm", 0, &[PLACE_LINE])).expect("kept");
    let row = register.file("per_ada").expect("there");
    let marked = crate::store::Derived::forecasts(&place.store(), row.id).expect("read");
    assert!(marked[0].stale, "the mark is of the same transaction");
    is_clean(&place);
    let after = register.forecasts("per_ada").expect("read");
    assert!(!after[0].stale && after[0].context != before[0].context);
    is_clean(&place);
}

const ENGLISH: &str = r#"{"at":"2020-01-01","fact":"facility-designated","kind":"hospital","law":"LAW","zone":"Europe/London"}"#;

/// Who is held must not be missing from the tables because a person came before their facility.
#[test]
fn a_forecast_that_waits_for_its_facility_is_no_damage_and_is_there_at_the_next_read() {
    let (_folder, mut place) = fresh();
    place.laws = crate::testing::laws_without_usual();
    let register = place.register();
    let admitted = r#"{"at":"2024-03-01T10:15","fact":"admitted","under":"s2","place":"fac_elm"}"#;
    register.append(act_of(id(1), "per_ada", 0, &[admitted])).expect("kept");
    assert!(register.forecasts("per_ada").expect("read").is_empty(), "no place says its law");
    register.append(act_of(id(2), "fac_elm", 0, &[&ENGLISH.replace("LAW", "gb-eww")])).expect("kept");
    assert!(register.forecasts("per_ada").expect("read").is_empty(), "no law is called so");
    let mended = ENGLISH.replace("LAW", "gb-eaw").replace('}', r#","corrects":{"n":1,"how":"replaced","why":"mistyped"}}"#);
    let mut correction = act_of(id(3), "fac_elm", 0, &[&ENGLISH.replace("LAW", "gb-eww"), &mended]);
    correction.entries.remove(0);
    correction.after = 1;
    register.append(correction).expect("kept");
    let checked = check(&place);
    assert!(checked.findings().is_empty() && checked.marked <= 1, "{:?}: the writer may have made it by now", checked.findings());
    assert_eq!(register.forecasts("per_ada").expect("read").len(), 1);
    let checked = check(&place);
    assert_eq!((checked.findings(), checked.marked), (Vec::new(), 0));
    register.refold_marked(9).expect("worked off");
    place.store().put_forecasts(register.file("per_ada").expect("there").id, &[], None).expect("taken away");
    assert_eq!(check(&place).wrong.len(), 1, "without a mark it is missing");
}

#[test]
fn a_forecast_that_waits_for_its_facility_is_made_with_those_that_are_marked() {
    let (_folder, mut place) = fresh();
    place.laws = crate::testing::laws_without_usual();
    let register = place.register();
    let admitted = r#"{"at":"2024-03-01T10:15","fact":"admitted","under":"s2","place":"fac_elm"}"#;
    register.append(act_of(id(1), "per_ada", 0, &[admitted])).expect("kept");
    register.append(act_of(id(2), "fac_elm", 0, &[&ENGLISH.replace("LAW", "gb-eaw")])).expect("kept");
    register.refold_marked(usize::MAX).expect("worked off");
    assert_eq!(crate::store::Derived::forecasts(&place.store(), register.file("per_ada").expect("there").id).expect("read").len(), 1);
    let checked = check(&place);
    assert_eq!((checked.findings(), checked.marked), (Vec::new(), 0));
}

fn check(place: &Place) -> Checked {
    fsck(&place.store(), &place.keys, place.laws.as_ref()).expect("checked")
}

#[test]
fn an_act_that_fails_late_takes_no_other_of_its_batch_with_it() {
    let (_folder, place) = fresh();
    let register = place.register();
    register.append(act_of(id(1), "fac_elm", 0, &[PLACE_LINE])).expect("kept");
    let elm = register.file("fac_elm").expect("there").id;
    let admitted = r#"{"at":"2024-03-01T10:15","fact":"admitted","under":"s15","place":"fac_elm","by":"pro_ash"}"#;
    let acts =
        [act(id(2), "per_ada", 0, 1), act_of(id(3), "per_bea", 0, &[admitted]), act(id(4), "per_cid", 0, 2), act(id(5), "per_ada", 7, 1)];
    let orders: Vec<_> = acts.into_iter().map(|act| Box::new(register.order_of(act).expect("in its form"))).collect();
    register.close();
    // The facility cannot be read, so that whoever names it cannot be folded: that shows only after all was written.
    let db = rusqlite::Connection::open(place.path()).expect("opened");
    db.execute("UPDATE part SET box = zeroblob(64) WHERE file = ?1 AND i = 1", [elm]).expect("spoilt");
    let time = Time::new(Box::new(Machine::new()), None, None);
    let sealer = Sealer::new(Arc::new(crate::testing::signer()), [1; 16]);
    let mut core = Core::new(place.store(), Arc::clone(&place.keys), Arc::clone(&place.laws), time, sealer);
    let (asked, answers): (Vec<_>, Vec<_>) = orders
        .into_iter()
        .map(|order| {
            let (reply, answer) = std::sync::mpsc::sync_channel(1);
            ((order, reply), answer)
        })
        .unzip();
    core.batch(asked);
    let answers: Vec<_> = answers.into_iter().map(|answer| answer.recv().expect("answered")).collect();
    assert!(matches!(answers[0], Ok(ref done) if done.entries.len() == 1), "{answers:?}");
    assert!(matches!(answers[1], Err(Refused::History(HistoryError::Box { .. } | HistoryError::Hash { .. }))), "{answers:?}");
    assert!(matches!(answers[2], Ok(ref done) if done.entries.len() == 2), "{answers:?}");
    assert!(matches!(answers[3], Err(Refused::Conflict { length: 1, ref since }) if since.is_empty()), "{answers:?}");
    let store = place.store();
    let length =
        |file: &str| crate::store::Entries::file(&store, place.keys.pseudonym(file).as_bytes()).expect("read").map(|file| file.length);
    assert_eq!(["per_ada", "per_bea", "per_cid"].map(length), [Some(1), None, Some(2)]);
}

/// Random acts on a few files that name each other.
fn story() -> impl Strategy<Value = Vec<(u8, u8, u8)>> {
    prop::collection::vec((0..6_u8, any::<u8>(), 1..29_u8), 1..25)
}

fn lines(choice: u8, day: u8, kind: u8) -> String {
    let at = format!("2024-03-{day:02}T10:{:02}", choice % 60);
    let who = ["pro_ash", "pro_elm", "org_firm"][usize::from(choice) % 3];
    match (kind, choice % 7) {
        (0..=2, 0) => format!(r#"{{"at":"{at}","fact":"admitted","under":"s15","place":"fac_elm","by":"{who}"}}"#),
        (0..=2, 1) => format!(r#"{{"at":"{at}","fact":"signed","instrument":"admission-order","by":"{who}","place":"fac_oak"}}"#),
        (0..=2, 2) => format!(r#"{{"at":"{at}","fact":"examined","by":"{who}"}}"#),
        (0..=2, 3) => format!(r#"{{"at":"2024-03-{day:02}","fact":"asked-to-leave","note":"a note"}}"#),
        (0..=2, 4) => format!(r#"{{"at":"{at}","fact":"left"}}"#),
        (0..=2, _) => format!(r#"{{"at":"{at}","fact":"rights-explained","by":"{who}","to":"person"}}"#),
        (3, _) => PLACE_LINE.replace("2020-01-01", &format!("2020-01-{day:02}")),
        (4, _) => format!(r#"{{"at":"2023-01-{day:02}","fact":"professional-authorised","kind":"consultant-psychiatrist"}}"#),
        (_, _) => format!(r#"{{"at":"2024-02-{day:02}","fact":"emergency-declared","kind":"epidemic"}}"#),
    }
}

const FILES: [&str; 6] = ["per_ada", "per_bob", "per_eve", "fac_elm", "pro_ash", "law_ie"];

fn tell(place: &Place, story: &[(u8, u8, u8)]) -> CaseFile {
    let register = place.register();
    let mut text = String::new();
    for (number, (kind, choice, day)) in story.iter().enumerate() {
        let file = FILES[usize::from(*kind)];
        let line = lines(*choice, *day, *kind);
        let after = register.file(file).map_or(0, |file| file.length);
        register.append(act_of(id(number as u64), file, after, &[&line])).expect("kept");
        text += &(line.replacen('{', &format!("{{\"file\":\"{file}\","), 1) + "\n");
        // Some are read in between, so that refolding on reading is part of the story.
        if choice % 5 == 0 {
            register.refold_marked(10).expect("refolded");
        }
    }
    CaseFile::read(&text).expect("in form")
}

/// What is kept of a forecast but the box, whose nonce is new each time.
fn rows(store: &Sqlite) -> Vec<(i64, Vec<crate::store::ForecastRow>)> {
    let files = store.files_after(0, 99).expect("read");
    let bare = |file: i64| {
        let rows = crate::store::Derived::forecasts(store, file).expect("read");
        rows.into_iter().map(|row| crate::store::ForecastRow { boxed: Vec::new(), ..row }).collect()
    };
    files.iter().map(|file| (file.id, bare(file.id))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn kept_forecasts_are_those_rebuilt_and_those_of_the_whole_case(story in story()) {
        let (_folder, place) = fresh();
        let case = tell(&place, &story);
        is_clean(&place);
        let register = place.register();
        register.refold_marked(100).expect("refolded");
        let kept = rows(&place.store());
        register.rebuild().expect("rebuilt");
        prop_assert_eq!(&kept, &rows(&place.store()));
        // The register folds a person with only the files that are named; the whole case must give the same.
        for file in case.person_files() {
            let at = register.history(&file.id, AsOf::Now).expect("read").last().and_then(|kept| kept.entry.recorded).expect("recorded");
            for row in register.forecasts(&file.id).expect("read") {
                let law = place.laws.law(&row.law).expect("known");
                let question = Question { law: &law, benchmark: None, at, known_at: None, reach: Reach::ByPlace };
                let standing = openward_law::standing::standing(&case, file, question).expect("times are good");
                let opened = crate::derived::open(register.keys(), &register.file(&file.id).expect("there"), &row).expect("opens");
                prop_assert_eq!(&opened["timeline"], &serde_json::to_value(&standing.timeline).expect("JSON"));
                prop_assert_eq!(&opened["duties"], &serde_json::to_value(&standing.duties).expect("JSON"));
            }
        }
    }
}

#[test]
fn acts_go_on_being_sealed_while_they_come() {
    let (_folder, place) = fresh();
    let register = place.register();
    let begun = std::time::Instant::now();
    let mut number = 0;
    let reader = register.reader().expect("a reader");
    let (mut sizes, mut longest, mut last) = (BTreeSet::new(), Duration::ZERO, begun);
    while begun.elapsed() < Duration::from_millis(1500) {
        number += 1;
        register.append(act(id(number), &format!("per_f{}", number % 7), (number - 1) / 7, 1)).unwrap_or_else(|error| panic!("{error}"));
        if sizes.insert(reader.newest_checkpoint().expect("read").map(|newest| newest.size)) {
            longest = longest.max(last.elapsed());
            last = std::time::Instant::now();
        }
    }
    register.close();
    // Twice the promise: the machine of a test may be busy with others.
    assert!(sizes.len() > 3 && longest < Duration::from_millis(400), "{longest:?} between two checkpoints");
    let store = place.store();
    assert_eq!(store.checkpoints().expect("read").len(), 1, "a checkpoint that the log alone signed goes when the next one comes");
    assert_eq!(store.log_rows().expect("read")[0], number);
    assert!((0..number).all(|at| store.at_place(at).expect("read").is_some()), "places have no gap");
    assert!(store.reader().is_ok());
    is_clean(&place);
}

/// A small file system of its own; unmounted when it goes.
struct Small(tempfile::TempDir);

impl Small {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mount = std::process::Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "none"]).arg(folder.path()).output();
        mount.is_ok_and(|done| done.status.success()).then_some(Self(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

#[test]
fn a_full_disk_refuses_whole_acts_reads_go_on_and_it_mends_itself() {
    let Some(small) = Small::new() else {
        let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!in_ci, "a small file system could not be mounted, and this test must not be left out here");
        eprintln!("left out: only root can mount a small file system");
        return;
    };
    // The keys lie elsewhere: their own full disk is their own test.
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::create(folder.path());
    let path = small.0.path().join("register.db");
    let filler = small.0.path().join("filler");
    let open = || Sqlite::open(&path).expect("it opens");
    let register = Register::open(open(), Parts::new(Arc::clone(&place.keys), testing::laws(), testing::signer())).expect("it runs");
    register.append(act(id(1), "per_ada", 0, 1)).expect("kept");
    std::fs::write(&filler, vec![0; 2 << 20]).expect("filled");
    let (mut length, mut refused) = (1, false);
    for number in 0..4000_u64 {
        match register.append(act(id(10 + number), "per_ada", length, 40)) {
            Ok(done) => length = done.entries.last().expect("one").n,
            Err(Refused::Full) => {
                refused = true;
                break;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(register.file("per_ada").expect("reads go on").length, length, "no half act");
    assert_eq!(register.history("per_ada", AsOf::Now).expect("reads go on").len() as u64, length);
    std::fs::remove_file(&filler).expect("removed");
    let after = register.append(act(id(5), "per_ada", length, 1)).expect("there is space again");
    assert_eq!(after.entries[0].n, length + 1);
    assert!(refused, "the disk was never full");
    register.close();
    let store = open();
    let report = verify::register(&store, Some(&place.keys), &place.trust(), &[]).expect("checked");
    assert!(report.is_clean(), "{:#?}", report.findings);
}

#[test]
fn a_change_in_another_file_is_marked_at_once_read_as_values_and_worked_off_when_nothing_else_is_to_do() {
    let (_folder, place) = fresh();
    let register = place.register();
    let admitted = r#"{"at":"2024-03-01T10:00","fact":"admitted","under":"voluntary","place":"fac_oak"}"#;
    for (number, person) in (1..).zip(["per_ada", "per_bob"]) {
        register.append(act_of(id(number), person, 0, &[admitted])).expect("kept");
    }
    let laws = |store: &Sqlite, file: &str| -> Vec<(String, bool)> {
        let row = store.file(place.keys.pseudonym(file).as_bytes()).expect("read").expect("there");
        crate::store::Derived::forecasts(store, row.id).expect("read").into_iter().map(|row| (row.law, row.stale)).collect()
    };
    assert_eq!(laws(&place.store(), "per_ada"), [("ie".to_owned(), false)]);
    let designated = r#"{"at":"2010-01-01","fact":"facility-designated","kind":"hospital","law":"gb-eaw"}"#;
    register.append(act_of(id(3), "fac_oak", 0, &[designated])).expect("kept");
    // What is given out was folded with the change, whether or not the mark has been worked off.
    let read: Vec<_> = register.forecasts("per_ada").expect("read").into_iter().map(|row| (row.law, row.stale)).collect();
    assert_eq!(read, [("gb-eaw".to_owned(), false)]);
    // Nobody reads the other; the writer comes to it by itself. A bound, so that a writer that never does fails the test.
    let store = place.store();
    let done = (0..5_000_000).any(|_| {
        std::thread::yield_now();
        crate::store::Derived::next_marked(&store, 1).expect("read").is_none()
    });
    assert!(done, "the mark is still there");
    assert_eq!(laws(&store, "per_bob"), [("gb-eaw".to_owned(), false)]);
}
