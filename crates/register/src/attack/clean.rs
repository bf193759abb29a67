//! Registers that nobody touched: no check says anything, whatever was done with them in the ordinary way.
//!
//! `OPENWARD_CLEAN` sets how many, `OPENWARD_SEED` the seed. Deliberately absent: what the register answers on the way.

use super::{ADMITTED, DESIGNATED, Dice, EXPLAINED, SIGNED, asked};
use crate::derived::check::fsck;
use crate::reads::Reader;
use crate::store::Store as _;
use crate::testing::{Place, act_of, id};
use crate::verify;
use crate::writer::Refused;

const LINES: &[&str] = &[
    SIGNED,
    ADMITTED,
    EXPLAINED,
    r#"{"at":"2024-03-03T09:00","fact":"asked-to-leave","note":"wants to go"}"#,
    r#"{"at":"2024-03-04","fact":"left"}"#,
    r#"{"at":"2024-03-01","fact":"described","born":"1980-01-01"}"#,
];
const AUTHORISED: &str = r#"{"at":"2019-01-01","fact":"professional-authorised","kind":"medical-register"}"#;
const PEOPLE: &[&str] = &["per_ada", "per_bob", "per_eve", "per_zoe"];

#[test]
fn no_check_says_anything_of_a_register_that_nobody_touched() {
    let (seed, wanted) = (asked("OPENWARD_SEED", 1), asked("OPENWARD_CLEAN", 100));
    let mut destroyed = 0;
    for number in 0..wanted {
        let mut dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(number));
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::create(folder.path());
        let mut running = place.register();
        for act in 0..5 + dice.below(20) as u64 {
            let person = PEOPLE[dice.below(PEOPLE.len())];
            match dice.below(12) {
                0 => {
                    running.close();
                    running = place.register();
                }
                1 => drop(running.refold_marked(1 + dice.below(3)).expect("refolded")),
                2 => {
                    let reader = Reader { who: "pro_ash".into(), capacity: "a".into(), purpose: "b".into(), view: "c".into() };
                    if running.file(person).is_ok() {
                        // A file whose keys were destroyed has no reads any more.
                        let _ = running.opened(person, &reader);
                    }
                }
                3 => {
                    if let Some((letter, _)) = running.outbox(i64::MAX, 9).expect("read").ready.pop() {
                        running.sent(letter).expect("said");
                    }
                }
                4 if dice.below(4) == 0 => destroyed += u64::from(running.destroy(person).is_ok()),
                5 => running.rebuild().expect("rebuilt"),
                chance => {
                    let (file, lines) = match chance {
                        6 => ("fac_elm", vec![DESIGNATED]),
                        7 => ("pro_ash", vec![AUTHORISED]),
                        _ => (person, (0..1 + dice.below(3)).map(|_| LINES[dice.below(LINES.len())]).collect()),
                    };
                    let after = running.file(file).map_or(0, |file| file.length);
                    let mut asked = act_of(id(act), file, after, &lines);
                    asked.outbox = (0..dice.below(3)).map(|letter| (letter as i64, b"a letter".to_vec())).collect();
                    match running.append(asked) {
                        Ok(_) | Err(Refused::History(_)) => {}
                        Err(refused) => panic!("seed {seed}, register {number}: {refused}"),
                    }
                }
            }
            // While it works too, whatever waits for the log at that moment.
            if dice.below(8) == 0 {
                let report =
                    verify::register(&running.reader().expect("a reader"), Some(&place.keys), &place.trust(), &[]).expect("checked");
                assert!(report.is_clean(), "seed {seed}, register {number}: {:#?}", report.findings);
            }
        }
        running.close();
        let store = place.store();
        for keys in [None, Some(&*place.keys)] {
            let report = verify::register(&store, keys, &place.trust(), &[]).expect("checked");
            assert!(report.is_clean(), "seed {seed}, register {number}: {:#?}", report.findings);
        }
        let checked = fsck(&store.reader().expect("a reader"), &place.keys, place.laws.as_ref()).expect("checked");
        assert!(checked.is_clean(), "seed {seed}, register {number}: {:#?}", checked.findings());
    }
    assert!(destroyed > 0 || wanted < 50, "in some of them keys were destroyed");
}
