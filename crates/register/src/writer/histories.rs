//! Long random histories: what is kept beside the entries is what they give, however the files came to name each other; and one history by hand,
//! of an authority that is withdrawn after it was relied on.
//!
//! `OPENWARD_HISTORIES` sets how many; without it they are few and short. `OPENWARD_SEED` sets the first seed, which is printed. Deliberately absent:
//! what the law makes of an entry, which is the engine's; here a whole case, folded at once, is the judge.

use openward_law::casefile::CaseFile;
use openward_law::entry::{Correction, CorrectionKind};
use openward_law::standing::{Question, Reach};

use super::Register;
use crate::derived::AUTHORITY;
use crate::derived::check::fsck;
use crate::history::AsOf;
use crate::store::sqlite::Sqlite;
use crate::store::{Derived as _, Entries as _, ForecastRow};
use crate::testing::{Place, act_of, asked, id};
use crate::verify;

/// Numbers that follow from a seed: SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).expect("small")]
    }
}

const PEOPLE: &[&str] = &["per_ada", "per_bob", "per_cat", "per_dan", "per_eve"];
const STAFF: &[&str] = &["pro_ash", "pro_elm", "pro_oak", "org_firm"];
const PLACES: &[&str] = &["fac_elm", "fac_oak"];

/// One more entry: of which file, and what. Now and then of the ground that the others stand on; it may come late, and be of a day long past.
fn line(dice: &mut Dice) -> (&'static str, String) {
    let day = format!("2024-{:02}-{:02}", 1 + dice.below(6), 1 + dice.below(28));
    let at = if dice.below(5) == 0 { day.clone() } else { format!("{day}T{:02}:{:02}", dice.below(24), dice.below(60)) };
    let (who, place) = (dice.one_of(STAFF), dice.one_of(PLACES));
    let before = format!("20{}-{:02}-01", 19 + dice.below(6), 1 + dice.below(12));
    match dice.below(16) {
        0 => {
            let law = dice.one_of(&["ie", "gb-eaw"]);
            let kind = dice.one_of(&["approved-centre", "hospital"]);
            (place, format!(r#"{{"at":"{before}","fact":"facility-designated","kind":"{kind}","law":"{law}"}}"#))
        }
        1 => (place, format!(r#"{{"at":"{before}","fact":"designation-ended","kind":"approved-centre"}}"#)),
        2 | 3 => {
            let fact = dice.one_of(&["professional-authorised", "authorisation-ended"]);
            let kind = dice.one_of(&["specialist-psychiatry", "medical-register"]);
            (dice.one_of(&STAFF[..3]), format!(r#"{{"at":"{before}","fact":"{fact}","kind":"{kind}"}}"#))
        }
        4 if dice.below(4) == 0 => ("law_ie", format!(r#"{{"at":"{day}","fact":"emergency-declared","kind":"epidemic"}}"#)),
        other => {
            let said = match other {
                4 | 5 => {
                    format!(r#""fact":"admitted","under":"{}","place":"{place}""#, dice.one_of(&["admission", "voluntary", "s2", "s15"]))
                }
                6 | 7 => format!(r#""fact":"signed","instrument":"admission-order","states":["s3-a"],"as":"consultant","place":"{place}""#),
                8 => r#""fact":"examined","as":"consultant""#.to_owned(),
                9 => r#""fact":"asked-to-leave","note":"a note""#.to_owned(),
                10 => r#""fact":"left""#.to_owned(),
                11 => format!(r#""fact":"transferred","to":"{place}""#),
                12 => r#""fact":"counsel-chosen","to":"pro_oak""#.to_owned(),
                _ => r#""fact":"rights-explained","to":"person""#.to_owned(),
            };
            (dice.one_of(PEOPLE), format!(r#"{{"at":"{at}","by":"{who}",{said}}}"#))
        }
    }
}

/// Tells so many acts to a new register; gives the same entries as one case.
fn tell(place: &Place, dice: &mut Dice, acts: u64) -> CaseFile {
    let mut register = place.register();
    let mut kept = Vec::new();
    for number in 0..acts {
        let (file, text) = line(dice);
        let after = register.file(file).map_or(0, |file| file.length);
        let mut act = act_of(id(number), file, after, &[&text]);
        if after > 0 && dice.below(8) == 0 {
            let kind = if dice.below(2) == 0 { CorrectionKind::WithdrawnInError } else { CorrectionKind::Replaced };
            let n = u32::try_from(1 + dice.below(after)).expect("small");
            act.entries[0].corrects = Some(Correction { n, kind, why: "heard wrong".to_owned() });
        }
        act.outbox = (0..dice.below(3)).map(|letter| (0, vec![0; usize::try_from(letter).expect("small")])).collect();
        kept.push(act.entries[0].clone());
        register.append(act).unwrap_or_else(|refused| panic!("{text}: {refused}"));
        match dice.below(24) {
            // Refolding when somebody asks is part of the story, and so is the end of the process.
            0..4 => drop(register.forecasts(dice.one_of(PEOPLE))),
            4 => drop(register.refold_marked(2).expect("refolded")),
            5 => {
                register.close();
                register = place.register();
            }
            _ => {}
        }
    }
    register.close();
    let mut case = CaseFile::default();
    for entry in kept {
        let kind = openward_law::entry::FileKind::of(&entry.file).expect("a known prefix");
        let at = case.files.iter().position(|file| file.id == entry.file).unwrap_or_else(|| {
            case.files.push(openward_law::casefile::FileEntries { id: entry.file.clone(), kind, entries: Vec::new() });
            case.files.len() - 1
        });
        case.files[at].entries.push(entry);
    }
    case.files.sort_by(|a, b| a.id.cmp(&b.id));
    case
}

/// What is kept of each file but the boxes, whose nonces are new each time, with who is tied to it and on what it relies.
fn rows(store: &Sqlite) -> Vec<String> {
    let files = store.files_after(0, 99).expect("read");
    let bare = |row: ForecastRow| ForecastRow { boxed: Vec::new(), ..row };
    let one = |file: i64| {
        let forecasts: Vec<ForecastRow> = store.forecasts(file).expect("read").into_iter().map(bare).collect();
        format!("{file} {forecasts:?} {:?} {:?}", store.ties(file).expect("read"), store.relies_on(file).expect("read"))
    };
    files.iter().map(|file| one(file.id)).collect()
}

/// The register folds a person with only the files that are named; the whole case must give the same.
fn are_those_of(case: &CaseFile, register: &Register<Sqlite>, place: &Place) -> u64 {
    let mut compared = 0;
    for file in case.person_files() {
        let at = register.history(&file.id, AsOf::Now).expect("read").last().and_then(|kept| kept.entry.recorded).expect("recorded");
        for row in register.forecasts(&file.id).expect("read") {
            let law = place.laws.law(&row.law).expect("known");
            let question = Question { law: &law, benchmark: None, at, known_at: None, reach: Reach::ByPlace };
            let standing = openward_law::standing::standing(case, file, question).expect("times are good");
            let opened = crate::derived::open(register.keys(), &register.file(&file.id).expect("there"), &row).expect("opens");
            assert_eq!(opened["timeline"], serde_json::to_value(&standing.timeline).expect("JSON"), "{} under {}", file.id, row.law);
            assert_eq!(opened["duties"], serde_json::to_value(&standing.duties).expect("JSON"), "{} under {}", file.id, row.law);
            compared += 1;
        }
    }
    compared
}

#[test]
fn what_is_kept_after_a_long_history_is_what_is_rebuilt_and_what_the_whole_case_gives() {
    let (first, wanted) = (asked("OPENWARD_SEED").unwrap_or(1), asked("OPENWARD_HISTORIES"));
    println!("OPENWARD_SEED={first}");
    let (mut acts, mut compared) = (0, 0);
    for seed in first..first + wanted.unwrap_or(12) {
        let mut dice = Dice(seed);
        let count = if wanted.is_some() { 20 + dice.below(480) } else { 1 + dice.below(60) };
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder");
        let place = Place::create(folder.path());
        let case = tell(&place, &mut dice, count);
        let store = place.store();
        let report = verify::register(&store, Some(&place.keys), &place.trust(), &[]).expect("checked");
        assert!(report.is_clean(), "seed {seed}: {:#?}", report.findings);
        let checked = fsck(&store, &place.keys, place.laws.as_ref()).expect("checked");
        assert!(checked.is_clean(), "seed {seed}: {:#?}", checked.findings());
        let register = place.register();
        while register.refold_marked(100).expect("refolded") > 0 {}
        let kept = rows(&store);
        register.rebuild().expect("rebuilt");
        assert_eq!(kept, rows(&store), "seed {seed}");
        compared += are_those_of(&case, &register, &place);
        acts += count;
    }
    println!("{acts} acts, {compared} forecasts compared with those of the whole case");
    assert!(compared > 0);
}

/// The entries of an admission by this consultant, in this place.
fn admission(by: &str) -> Vec<String> {
    let paper = |at: &str, rest: &str| format!(r#"{{"at":"2024-05-{at}",{rest}}}"#);
    let gp = r#""by":"pro_gp","as":"medical-practitioner""#;
    let con = format!(r#""by":"{by}","as":"consultant""#);
    let kin = r#""by":"per_kin","as":"relative""#;
    vec![
        paper("01T09:00", &format!(r#"{kin},"fact":"saw-person""#)),
        paper("01T10:00", &format!(r#"{kin},"fact":"signed","instrument":"application-kin""#)),
        paper("01T11:00", &format!(r#"{gp},"fact":"received","of":2"#)),
        paper("01T11:20", &format!(r#"{gp},"fact":"notified","to":"person","kind":"examination-purpose""#)),
        paper("01T11:30", &format!(r#"{gp},"fact":"examined""#)),
        paper("01T12:00", &format!(r#"{gp},"fact":"signed","instrument":"recommendation","states":["s3-a"],"of":3"#)),
        paper("01T14:00", r#""fact":"arrived","kind":"patient""#),
        paper("01T14:30", r#""by":"pro_nurse","as":"nurse","fact":"held","under":"s14-hold","place":"fac_elm","of":7"#),
        paper("02T09:00", &format!(r#"{con},"fact":"notified","to":"person","kind":"proposal""#)),
        paper("02T09:30", &format!(r#"{con},"fact":"examined""#)),
        paper("02T10:00", &format!(r#"{con},"fact":"signed","instrument":"admission-order","states":["s3-a"],"place":"fac_elm""#)),
        paper("02T10:00", r#""fact":"admitted","under":"admission","place":"fac_elm""#),
    ]
}

/// The answer on authority a day after the admission, as the kept spans say.
fn authority(rows: &[ForecastRow]) -> &'static str {
    let day_after = "2024-05-03T12:00:00Z".parse::<jiff::Timestamp>().expect("an instant").as_microsecond();
    let span =
        rows.iter().flat_map(|row| &row.spans).find(|span| span.begins <= day_after && span.until.is_none_or(|until| until > day_after));
    AUTHORITY[usize::from(span.expect("a span of that day").authority)]
}

#[test]
fn an_authorisation_withdrawn_after_the_fact_marks_everybody_who_relied_on_it_and_reaches_their_values_by_the_next_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::create(folder.path());
    let register = place.register();
    let designated = r#"{"at":"2006-11-01","fact":"facility-designated","kind":"approved-centre","law":"ie"}"#;
    register.append(act_of(id(1), "fac_elm", 0, &[designated])).expect("kept");
    for (number, who, kind) in
        [(2, "pro_gp", "medical-register"), (3, "pro_con", "specialist-psychiatry"), (4, "pro_else", "specialist-psychiatry")]
    {
        let authorised = format!(r#"{{"at":"2006-11-01","fact":"professional-authorised","kind":"{kind}"}}"#);
        register.append(act_of(id(number), who, 0, &[&authorised])).expect("kept");
    }
    let people = [("per_ada", "pro_con"), ("per_bob", "pro_con"), ("per_cat", "pro_else")];
    for (number, (person, by)) in (10..).zip(people) {
        let lines = admission(by);
        register.append(act_of(id(number), person, 0, &lines.iter().map(String::as_str).collect::<Vec<_>>())).expect("kept");
        assert_eq!(authority(&register.forecasts(person).expect("read")), "shown", "{person}");
    }
    let ended = r#"{"at":"2024-04-01","fact":"authorisation-ended","kind":"specialist-psychiatry"}"#;
    register.append(act_of(id(20), "pro_con", 1, &[ended])).expect("kept");
    // Before the writer has time to work marks off.
    register.close();
    let register = place.register();
    let is_marked = |person: &str| {
        let file = register.file(person).expect("there").id;
        place.store().forecasts(file).expect("read").iter().all(|row| row.stale)
    };
    assert_eq!(people.map(|(person, _)| is_marked(person)), [true, true, false], "the mark is of the same transaction");
    let answers = people.map(|(person, _)| authority(&register.forecasts(person).expect("read")));
    assert!(answers[0] != "shown" && answers[0] == answers[1] && answers[2] == "shown", "{answers:?}");
    // Authorised after all: the entry was an error, and everybody has their values back.
    let mut error = act_of(id(21), "pro_con", 2, &[ended]);
    error.entries[0].corrects = Some(Correction { n: 2, kind: CorrectionKind::WithdrawnInError, why: "another of that name".to_owned() });
    register.append(error).expect("kept");
    assert_eq!(people.map(|(person, _)| authority(&register.forecasts(person).expect("read"))), ["shown"; 3]);
    register.close();
    assert!(fsck(&place.store(), &place.keys, place.laws.as_ref()).expect("checked").is_clean());
}
