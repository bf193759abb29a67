//! Case files in and out again: what was imported is what is given out, byte for byte, in this register and in the next.
//!
//! The case files are those that the engine's own tests generate. The full count is set by `OPENWARD_CASES`, the first seed by `OPENWARD_SEED`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a test may fail loudly")]

#[path = "../../../law/tests/support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use openward_law::casefile::{CaseFile, FileEntries, Header};
use openward_law::engine::Law;
use openward_law::entry::{FileKind, Origin};
use openward_register::derived::Laws;
use openward_register::derived::check::fsck;
use openward_register::export::{Asked, Reads};
use openward_register::house::{House, Opened};
use openward_register::import::{Between, NoPlan, gather};
use openward_register::keys::{Chance, Master};
use openward_register::reads::Reader;
use openward_register::verify;
use support::generate::{PERSON, case_file};
use support::vocabulary::Vocabulary;

struct Packs(BTreeMap<String, Arc<Law>>);

impl Laws for Packs {
    fn law(&self, id: &str) -> Option<Arc<Law>> {
        self.0.get(id).cloned()
    }
    fn usual(&self) -> Option<Arc<Law>> {
        self.law("ie")
    }
}

fn laws() -> Arc<Packs> {
    Arc::new(Packs(["ie", "gb-eaw"].map(|name| (name.to_owned(), Arc::new(Law::new(support::law::pack(name))))).into()))
}

fn register(folder: &Path, laws: &Arc<Packs>) -> Opened {
    let master = Master::generate(&Chance::system()).unwrap();
    let house = House::create(folder, "round.example/log", Some("ie".to_owned()), &master, &Chance::system()).unwrap();
    house.open(&master, Arc::clone(laws) as Arc<dyn Laws>).unwrap()
}

/// Every file of a case under names of its own, so that many cases fit into one register.
fn renamed(case: CaseFile, number: u64) -> CaseFile {
    let name = |id: &str| format!("{id}_{number}");
    let is_file = |id: &str| FileKind::of(id).is_some();
    let files = case.files.into_iter().map(|mut file| {
        for entry in &mut file.entries {
            entry.file = name(&file.id);
            let details = &mut entry.details;
            let one = [&mut details.by, &mut details.place, &mut details.with].into_iter().flatten();
            let ids = one.chain(&mut details.to).chain(&mut details.members).filter(|id| is_file(id));
            ids.for_each(|id| *id = name(id));
        }
        FileEntries { id: name(&file.id), ..file }
    });
    // A register keeps entries, not headers.
    let mut files: Vec<_> = files.collect();
    files.sort_by(|a, b| a.id.cmp(&b.id));
    CaseFile { header: Header::default(), files }
}

fn import(opened: &Opened, cases: Vec<CaseFile>) -> (usize, usize) {
    let plan = opened.register.plan(gather(cases).unwrap()).unwrap();
    opened.register.carry_out(&plan, &|_| {}).unwrap();
    (plan.new_entries(), plan.unchanged)
}

fn reader() -> Reader {
    let said = |text: &str| text.to_owned();
    Reader { who: said("person"), capacity: said("person"), purpose: said("my own copy"), view: said("export") }
}

fn export(opened: &Opened, file: &str, to: &Path) -> String {
    let asked = Asked { file, reader: &reader(), reads: Reads::Shown, withheld: &BTreeSet::new(), checkpoint: None };
    opened.register.export(&opened.documents, &asked, to, |_| Ok(Vec::new())).unwrap();
    std::fs::read_to_string(to.join("case-file.jsonl")).unwrap()
}

fn alone(case: &CaseFile, id: &str) -> CaseFile {
    CaseFile { header: Header::default(), files: vec![case.file(id).unwrap().clone()] }
}

#[test]
fn what_was_imported_is_given_out_byte_for_byte_and_can_be_imported_elsewhere() {
    let (cases, first) = (support::cases(200), support::first_seed());
    let laws = laws();
    let folder = tempfile::tempdir().unwrap();
    let one = register(&folder.path().join("one"), &laws);
    let two = register(&folder.path().join("two"), &laws);
    let mut all = Vec::new();
    for seed in first..first + cases {
        let law = &laws.0[["ie", "gb-eaw"][usize::try_from(seed % 2).unwrap()]];
        let mut case = renamed(case_file(&law.pack, &Vocabulary::of(&law.pack), seed), seed);
        for (at, entry) in case.files.iter_mut().flat_map(|file| &mut file.entries).enumerate() {
            entry.origin = Origin::ALL[at % Origin::ALL.len()].0;
        }
        // What is written is read before it is imported, as the command does.
        all.push(CaseFile::read(&case.write()).unwrap_or_else(|problems| panic!("seed {seed}: {}", problems[0])));
    }
    let entries: usize = all.iter().flat_map(|case| &case.files).map(|file| file.entries.len()).sum();
    assert_eq!(import(&one, all.clone()), (entries, 0));
    let files = all.iter().map(|case| case.files.len()).sum();
    assert_eq!(import(&one, all.clone()), (0, files), "a second import adds nothing");
    let one_case = |(seed, case): (u64, &CaseFile)| {
        let id = format!("{PERSON}_{seed}");
        if case.file(&id).is_none() {
            return;
        }
        let given = export(&one, &id, &folder.path().join(format!("one-{seed}")));
        assert_eq!(given, alone(case, &id).write(), "seed {seed}");
        // Each waits for the disk many times, so the short form takes the second step with one in four.
        if seed % 4 != 0 && std::env::var_os("OPENWARD_CASES").is_none() {
            return;
        }
        import(&two, vec![CaseFile::read(&given).unwrap()]);
        assert_eq!(export(&two, &id, &folder.path().join(format!("two-{seed}"))), given, "seed {seed}");
    };
    // Each export waits for the disk several times; together they wait less.
    let numbered: Vec<_> = (first..).zip(&all).collect();
    std::thread::scope(|threads| {
        for some in numbered.chunks(numbered.len().div_ceil(16)) {
            threads.spawn(|| some.iter().copied().for_each(one_case));
        }
    });
    for opened in [&one, &two] {
        let store = opened.register.reader().unwrap();
        let report = verify::register(&store, Some(opened.register.keys()), opened.register.trust(), &[]).unwrap();
        assert!(report.is_clean(), "{:?}", report.findings);
        let checked = fsck(&store, opened.register.keys(), &*laws).unwrap();
        assert!(checked.wrong.is_empty() && checked.marked == 0, "ground before people: no forecast is made twice");
    }
}

const SHORT: &str = "{\"file\":\"per_a\",\"at\":\"2024-03-01T10:00\",\"fact\":\"described\",\"note\":\"one\"}\n";

fn read(text: &str) -> CaseFile {
    CaseFile::read(text).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

#[test]
fn a_longer_file_adds_what_is_new_and_a_shorter_one_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let opened = register(&folder.path().join("one"), &laws());
    assert_eq!(import(&opened, vec![read(SHORT)]), (1, 0));
    let long = SHORT.repeat(3);
    assert_eq!(import(&opened, vec![read(&long)]), (2, 0));
    assert_eq!(import(&opened, vec![read(SHORT), read(&long)]), (0, 1));
}

#[test]
fn what_contradicts_is_named_with_its_first_entry_and_nothing_of_the_import_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let opened = register(&folder.path().join("one"), &laws());
    let other = SHORT.replace("one", "two");
    import(&opened, vec![read(&SHORT.repeat(2))]);
    let mixed = read(&(SHORT.to_owned() + &other + &SHORT.replace("per_a", "per_b")));
    let Err(NoPlan::Refused(said)) = opened.register.plan(gather(vec![mixed]).unwrap()) else { panic!("it contradicts") };
    assert!(said.len() == 1 && said[0].starts_with("OW-REG-101 per_a, entry 2:"), "{said:?}");
    assert!(opened.register.file("per_b").is_err());
    let wrong = gather(vec![read(SHORT), read(&(other + SHORT)), read(SHORT)]).unwrap_err();
    assert!(matches!(wrong.as_slice(), [one] if one.n == 1 && one.between == Between::Inputs(0, 1)), "{wrong:?}");
}

#[test]
fn two_imports_of_the_same_at_once_keep_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let opened = register(&folder.path().join("one"), &laws());
    let case: String = (0..50).map(|number| SHORT.replace("per_a", &format!("per_{number}"))).collect();
    let plans: Vec<_> = (0..4).map(|_| opened.register.plan(read(&case).files).unwrap()).collect();
    std::thread::scope(|threads| {
        for plan in &plans {
            threads.spawn(|| opened.register.carry_out(plan, &|_| {}).unwrap());
        }
    });
    for number in 0..50 {
        assert_eq!(opened.register.file(&format!("per_{number}")).unwrap().length, 1);
    }
}
