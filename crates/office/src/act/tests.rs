//! Acts: what is looked at is what is kept; nothing is kept twice, by halves, over somebody else's entry, or by whom it does not concern.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::{Timestamp, ToSpan as _};
use openward_law::casefile::CaseFile;
use openward_law::engine::Law;
use openward_law::entry::{FactKind, Field, FieldType, Origin};
use openward_law::pack::{Pack, PackFile, load};
use openward_register::derived::Laws;
use openward_register::house::House;
use openward_register::import::gather;
use openward_register::keys::{Chance, Master};

use super::{GROUPS, Look, Outcome, Typed};
use crate::who::{Role, Who};
use crate::{Office, Refusal};

fn pack(name: &str, benchmark: Option<&Pack>) -> Pack {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law").join(name);
    let files = std::fs::read_dir(folder).expect("the pack is there").filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let files: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| PackFile {
            name: path.file_name().expect("a name").to_string_lossy().into_owned(),
            text: std::fs::read_to_string(path).expect("readable"),
        })
        .collect();
    load(&files, benchmark).expect("it loads")
}

struct Two(BTreeMap<&'static str, Arc<Law>>, Arc<Law>);

impl Laws for Two {
    fn law(&self, id: &str) -> Option<Arc<Law>> {
        self.0.get(id).cloned()
    }
    fn usual(&self) -> Option<Arc<Law>> {
        None
    }
}

fn laws() -> Arc<Two> {
    static LAWS: OnceLock<Arc<Two>> = OnceLock::new();
    let made = || {
        let benchmark = pack("un-1991", None);
        let all = ["gb-eaw", "ie"].map(|name| (name, Arc::new(Law::new(pack(name, Some(&benchmark))))));
        Arc::new(Two(all.into(), Arc::new(Law::new(benchmark))))
    };
    Arc::clone(LAWS.get_or_init(made))
}

pub(crate) struct Place {
    _folder: tempfile::TempDir,
    pub(crate) office: Office,
}

const WARDS: &str = r#"{"file":"fac_elm","at":"2012-04-01","fact":"facility-designated","kind":"hospital","law":"gb-eaw","region":"england","name":"Elm"}
{"file":"fac_oak","at":"2012-04-01","fact":"facility-designated","kind":"approved-centre","law":"ie","name":"Oak"}
{"file":"pro_ash","at":"2012-01-01","fact":"professional-authorised","kind":"approval-s12","name":"Dr Ash"}
"#;

impl Place {
    pub(crate) fn new() -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        let master = Master::generate(&Chance::system()).expect("random bytes");
        let house = House::create(&folder.path().join("r"), "office.example/acts", None, &master, &Chance::system()).expect("made");
        let laws = laws();
        let opened = house.open(&master, Arc::clone(&laws) as Arc<dyn Laws>).expect("opened");
        let files = gather(vec![CaseFile::read(WARDS).expect("read")]).expect("one case");
        let Ok(plan) = opened.register.plan(files) else { panic!("no plan") };
        assert!(opened.register.carry_out(&plan, &|_| {}).is_ok(), "it is kept");
        let benchmark = Arc::clone(&laws.1);
        Place { _folder: folder, office: Office::new(opened.register, laws, benchmark, Box::new(Timestamp::now)).expect("an office") }
    }

    /// Somebody new in a ward, and their file.
    pub(crate) fn admit(&self, who: &Who, under: &str) -> String {
        let typed = [
            typed(FactKind::Described, &[(Field::Name, "Nobody Real")]),
            typed(FactKind::Admitted, &[(Field::Under, under), (Field::Place, &who.organisation)]),
        ];
        let look = self.office.look(who, None, &typed).expect("allowed").expect("in form");
        kept(self.office.sign(who, &look.file, look.draft).expect("signed"));
        look.file
    }

    /// The papers on which an admission of Ireland rests, as they come after it; nothing for another law.
    pub(crate) fn papers(&self, who: &Who, file: &str) {
        if who.organisation != "fac_oak" {
            return;
        }
        let (kin, doctor, consultant) = (("spouse", "spouse"), ("pro_gp", "medical-practitioner"), ("pro_con", "consultant"));
        type Paper<'a> = (FactKind, (&'a str, &'a str), &'a [(Field, &'a str)]);
        let papers: [Paper<'_>; 7] = [
            (FactKind::SawPerson, kin, &[]),
            (FactKind::Signed, kin, &[(Field::Instrument, "application-kin")]),
            (FactKind::Received, doctor, &[(Field::Instrument, "application-kin"), (Field::Of, "4")]),
            (FactKind::Examined, doctor, &[]),
            (FactKind::Signed, doctor, &[(Field::Instrument, "recommendation"), (Field::States, "s3-a"), (Field::Of, "5")]),
            (FactKind::Examined, consultant, &[]),
            (FactKind::Signed, consultant, &[(Field::Instrument, "admission-order"), (Field::States, "s3-a"), (Field::Place, "fac_oak")]),
        ];
        for (fact, (by, role), more) in papers {
            let values = [&[(Field::By, by), (Field::As, role)], more].concat();
            let look = self.look(who, file, typed(fact, &values));
            kept(self.office.sign(who, file, look.draft).expect("signed"));
        }
    }

    pub(crate) fn look(&self, who: &Who, file: &str, typed: Typed) -> Look {
        self.office.look(who, Some(file), &[typed]).expect("allowed").expect("in form")
    }
}

fn kept(outcome: Outcome) -> Vec<u64> {
    match outcome {
        Outcome::Kept(signed) => signed.numbers,
        Outcome::Changed | Outcome::Again => panic!("it was kept"),
    }
}

pub(crate) fn ward(organisation: &str, file: &str) -> Who {
    Who {
        account: [1; 16],
        name: "Ward".to_owned(),
        role: Role::WardStaff,
        organisation: organisation.to_owned(),
        file: file.to_owned(),
        language: None,
        must_choose: false,
    }
}

pub(crate) fn typed(fact: FactKind, values: &[(Field, &str)]) -> Typed {
    let yesterday = Timestamp::now().checked_sub(24.hours()).expect("a day").to_zoned(jiff::tz::TimeZone::UTC);
    Typed {
        fact,
        origin: Origin::Reported,
        day: yesterday.date().to_string(),
        time: "10:30".to_owned(),
        values: values.iter().map(|(field, value)| (*field, vec![(*value).to_owned()])).collect(),
    }
}

/// A value that a field takes, whatever the fact.
fn some_value(office: &Office, who: &Who, file: &str, fact: FactKind, field: Field) -> String {
    let form = office.form(who, Some(file), fact, None).expect("a form");
    let offered = form.fields.iter().find(|ask| ask.field == field).and_then(|ask| ask.offered.first());
    if let Some(offered) = offered {
        return if field == Field::Answers { format!("{}=met", offered.word) } else { offered.word.clone() };
    }
    match field.field_type() {
        FieldType::Entries => "2".to_owned(),
        FieldType::YesNo => "yes".to_owned(),
        FieldType::Length => "7 days".to_owned(),
        FieldType::When | FieldType::Date => "2026-01-05".to_owned(),
        FieldType::Party if field == Field::With => "pro_ash".to_owned(),
        _ => "person".to_owned(),
    }
}

#[test]
fn what_is_said_before_signing_is_what_is_found_after_for_every_fact() {
    let place = Place::new();
    for (organisation, under) in [("fac_elm", "s2"), ("fac_oak", "admission")] {
        let who = ward(organisation, "pro_ward");
        for fact in GROUPS.iter().flat_map(|(_, facts)| *facts) {
            let file = place.admit(&who, under);
            place.papers(&who, &file);
            let mut values: Vec<(Field, String)> =
                fact.required().iter().map(|field| (*field, some_value(&place.office, &who, &file, *fact, *field))).collect();
            values.push((Field::By, "pro_ash".to_owned()));
            let values: Vec<(Field, &str)> = values.iter().map(|(field, value)| (*field, value.as_str())).collect();
            let look = place.look(&who, &file, typed(*fact, &values));
            let (at, expected) = (look.after.at, look.after.standings.clone());
            assert_eq!(expected.len(), 1, "{}", fact.word());
            kept(place.office.sign(&who, &file, look.draft).expect("signed"));
            let found = place.office.shown(&file, entries(&place.office, &file), at).expect("shown");
            assert_eq!(found.standings, expected, "{} under {under}", fact.word());
        }
    }
}

pub(crate) fn entries(office: &Office, file: &str) -> Vec<openward_law::entry::Entry> {
    let kept = office.register().history(file, openward_register::history::AsOf::Now).expect("read");
    kept.into_iter().map(|kept| kept.entry).collect()
}

#[test]
fn an_act_that_is_signed_again_is_kept_once() {
    let place = Place::new();
    let who = ward("fac_elm", "pro_ward");
    let file = place.admit(&who, "s2");
    let look = place.look(&who, &file, typed(FactKind::Examined, &[(Field::By, "pro_ash")]));
    let sign = || kept(place.office.sign(&who, &file, look.draft).expect("signed"));
    assert_eq!((sign(), sign()), (vec![3], vec![3]));
    assert_eq!(entries(&place.office, &file).len(), 3);
}

#[test]
fn what_somebody_else_wrote_meanwhile_must_be_looked_at_first() {
    let place = Place::new();
    let (who, other) = (ward("fac_elm", "pro_ward"), ward("fac_elm", "pro_other"));
    let file = place.admit(&who, "s2");
    let mine = place.look(&who, &file, typed(FactKind::Examined, &[(Field::By, "pro_ash")]));
    let theirs = place.look(&other, &file, typed(FactKind::Absent, &[]));
    kept(place.office.sign(&other, &file, theirs.draft).expect("signed"));
    assert!(matches!(place.office.sign(&who, &file, mine.draft), Ok(Outcome::Changed)));
    assert_eq!(entries(&place.office, &file).len(), 3, "nothing of mine is there");
}

#[test]
fn nobody_signs_what_another_looked_at_and_no_other_ward_sees_it() {
    let place = Place::new();
    let (who, colleague, stranger) = (ward("fac_elm", "pro_ward"), ward("fac_elm", "pro_other"), ward("fac_oak", "pro_far"));
    let file = place.admit(&who, "s2");
    let look = place.look(&who, &file, typed(FactKind::Examined, &[(Field::By, "pro_ash")]));
    assert!(matches!(place.office.sign(&colleague, &file, look.draft), Err(Refusal::Gone)));
    assert!(matches!(place.office.look(&stranger, Some(&file), &[typed(FactKind::Absent, &[])]), Err(Refusal::NotFound)));
    assert!(matches!(place.office.form(&stranger, Some(&file), FactKind::Absent, None), Err(Refusal::NotFound)));
    assert!(place.office.desk(&stranger, 0, 0).expect("read").owed.is_empty());
}

#[test]
fn somebody_new_comes_to_ones_own_place_and_by_coming_there() {
    let place = Place::new();
    let who = ward("fac_elm", "pro_ward");
    let to = |place: &str| typed(FactKind::Admitted, &[(Field::Under, "s2"), (Field::Place, place)]);
    let elsewhere = place.office.look(&who, None, &[to("fac_oak")]).expect("asked").err().expect("refused");
    assert_eq!(elsewhere.first().and_then(|fault| fault.field.as_deref()), Some("place"));
    assert!(matches!(place.office.look(&who, None, &[typed(FactKind::Discharged, &[(Field::Place, "fac_elm")])]), Err(Refusal::NotFound)));
    assert!(place.office.look(&who, None, &[to("fac_elm")]).expect("allowed").is_ok());
}

#[test]
fn what_is_not_in_its_form_is_said_of_its_field_and_nothing_is_kept() {
    let place = Place::new();
    let who = ward("fac_elm", "pro_ward");
    let file = place.admit(&who, "s2");
    let faults = |typed: Typed| place.office.look(&who, Some(&file), &[typed]).expect("allowed").err().expect("faults");
    let missing = faults(typed(FactKind::Admitted, &[]));
    assert_eq!(missing.iter().map(|fault| (fault.field.as_deref(), fault.missing)).collect::<Vec<_>>(), [(Some("under"), true)]);
    let wrong = faults(typed(FactKind::LeaveGranted, &[(Field::Until, "tomorrow"), (Field::Of, "77")]));
    let fields: Vec<_> = wrong.iter().filter_map(|fault| fault.field.as_deref()).collect();
    assert!(fields.contains(&"until"), "{fields:?}");
    let when = faults(Typed { day: "2026-02-30".to_owned(), ..typed(FactKind::Left, &[]) });
    assert_eq!(when.first().and_then(|fault| fault.field.as_deref()), Some("at"));
    assert_eq!(entries(&place.office, &file).len(), 2);
}

#[test]
fn what_is_owed_stands_on_the_desk_until_it_is_done() {
    let place = Place::new();
    let who = ward("fac_elm", "pro_ward");
    let file = place.admit(&who, "s2");
    let open = || place.office.desk(&who, 0, 0).expect("read").owed;
    let before = open();
    assert!(!before.is_empty() && before.iter().all(|owed| owed.file == file && owed.name.as_deref() == Some("Nobody Real")));
    let left = place.look(&who, &file, typed(FactKind::Died, &[]));
    kept(place.office.sign(&who, &file, left.draft).expect("signed"));
    assert!(open().len() < before.len());
}

#[test]
fn a_mistaken_entry_is_struck_out_with_a_reason_and_no_law_reads_it() {
    let place = Place::new();
    let who = ward("fac_elm", "pro_ward");
    let file = place.admit(&who, "s2");
    let as_it_was = place.office.shown(&file, entries(&place.office, &file), Timestamp::now()).expect("shown");
    let gone = place.look(&who, &file, typed(FactKind::Left, &[]));
    kept(place.office.sign(&who, &file, gone.draft).expect("signed"));
    assert!(place.office.ward(&who, 0).expect("read").stays.is_empty());
    assert!(place.office.strike(&who, &file, 3, "  ").expect("theirs").is_err(), "a reason is asked for");
    assert!(matches!(place.office.strike(&who, &file, 9, "no such entry"), Err(Refusal::NotFound)));
    let look = place.office.strike(&who, &file, 3, "somebody else left").expect("theirs").expect("in form");
    kept(place.office.sign(&who, &file, look.draft).expect("signed"));
    assert_eq!(place.office.ward(&who, 0).expect("read").stays.len(), 1, "they are there again");
    let again = place.office.shown(&file, entries(&place.office, &file), as_it_was.at).expect("shown");
    let said = |shown: &crate::file::Shown| {
        shown.standings.iter().map(|standing| (standing.held.clone(), standing.authority.clone())).collect::<Vec<_>>()
    };
    assert_eq!(said(&again), said(&as_it_was));
    assert_eq!(entries(&place.office, &file).len(), 4, "nothing was taken away");
}

#[test]
fn what_is_done_here_and_now_is_done_by_who_does_it() {
    let place = Place::new();
    let who = ward("fac_elm", "pro_ward");
    let file = place.admit(&who, "s2");
    let by = |by: &str| Typed { origin: Origin::Performed, ..typed(FactKind::Examined, &[(Field::By, by)]) };
    let faults = place.office.look(&who, Some(&file), &[by("pro_ash")]).expect("theirs").err().expect("refused");
    assert_eq!(faults.first().and_then(|fault| fault.field.as_deref()), Some("by"));
    assert!(place.office.look(&who, Some(&file), &[by("pro_ward")]).expect("theirs").is_ok());
}
