//! Tests of the mutator: what is changed, what is left alone, and that every changed text is still TOML.

use openward_law::pack::PackFile;

use super::mutants::{Mutant, mutants};
use crate::book::{BENCHMARK, Book, repository};

fn file(text: &str) -> Vec<PackFile> {
    vec![PackFile { name: "a.toml".to_owned(), text: text.to_owned() }]
}

fn of(text: &str) -> Vec<Mutant> {
    mutants(&file(text), &[]).expect("mutants")
}

fn whats(text: &str) -> Vec<String> {
    of(text).into_iter().map(|mutant| mutant.what).collect()
}

/// The one file after the mutant with this description.
fn after(text: &str, what: &str) -> String {
    let mutants = of(text);
    let mutant = mutants.iter().find(|mutant| mutant.what == what).unwrap_or_else(|| panic!("{what} is not among {:?}", whats(text)));
    mutant.files(&file(text)).remove(0).text
}

#[test]
fn texts_for_people_citations_sources_and_ids_of_facts_are_left_alone() {
    let text = "[sources.S]\ntitle = \"S\"\nread_on = 2024-01-01\n[words]\na = { name = \"A\", section = \"1\" }\n\
        [[duty.d]]\ntitle = \"D\"\nsection = \"1\"\nfacts = [\"x\", \"y\"]\nserves = [\"a\", \"b\"]\nsource = \"S\"\nsure = \"K\"\nnote = \"n\"\n";
    assert_eq!(whats(text), Vec::<String>::new());
}

#[test]
fn a_length_changes_its_number_and_its_unit() {
    let found = whats("[[duty.d]]\ndue = { from = \"on\", length = \"28 days\", count = \"days-incl\" }\n");
    for new in ["29 days", "27 days", "28 weeks"] {
        assert!(found.contains(&format!("duty.d due.length: \"28 days\" -> \"{new}\"")), "{found:?}");
    }
}

#[test]
fn a_counting_rule_becomes_every_other_that_fits_the_length_and_counts_differently() {
    let found = whats("[[duty.d]]\ndue = { from = \"on\", length = \"3 months\", count = \"months-incl\" }\n");
    let counts: Vec<&str> = found.iter().filter_map(|what| what.strip_prefix("duty.d due.count: \"months-incl\" -> ")).collect();
    assert_eq!(counts, ["\"months-after\"", "\"months-same-day\"", "\"months-ending\""]);
}

#[test]
fn the_end_of_the_day_is_no_other_rule_for_more_hours_than_a_day_has() {
    let counts = |length: &str| {
        let found = whats(&format!("[[duty.d]]\ndue = {{ from = \"on\", length = \"{length}\", count = \"hours\" }}\n"));
        found.iter().filter(|what| what.contains("due.count")).count()
    };
    assert_eq!((counts("6 hours"), counts("24 hours"), counts("72 hours")), (1, 1, 0));
}

#[test]
fn a_neutral_word_changes_where_the_benchmark_asks_about_it() {
    let text = "[roles]\na = { name = \"A\", neutral = \"nurse\" }\nb = { name = \"B\", neutral = \"police\" }\n";
    let benchmark = file("[[safeguard.s]]\ndone = [{ fact = \"given\", by = [\"nurse\", \"family\"] }]\n");
    let found = mutants(&file(text), &benchmark).expect("mutants");
    assert_eq!(found.into_iter().map(|mutant| mutant.what).collect::<Vec<_>>(), ["roles.a neutral: \"nurse\" -> \"family\""]);
}

#[test]
fn a_reference_becomes_another_that_does_not_stand_beside_it_and_one_of_several_goes() {
    let text = "[roles]\na = { name = \"A\" }\nb = { name = \"B\" }\nc = { name = \"C\" }\n[[duty.d]]\nowed = { by = [\"a\", \"b\"] }\n";
    assert_eq!(
        whats(text),
        [
            "duty.d owed.by[1]: \"a\" -> \"c\"",
            "duty.d owed.by[1]: \"a\" -> (gone)",
            "duty.d owed.by[2]: \"b\" -> \"c\"",
            "duty.d owed.by[2]: \"b\" -> (gone)",
        ]
    );
    assert!(after(text, "duty.d owed.by[1]: \"a\" -> (gone)").contains("by = [ \"b\"]"));
    assert!(after(text, "duty.d owed.by[2]: \"b\" -> (gone)").contains("by = [\"a\", ]"));
}

#[test]
fn a_need_goes_whole_and_the_comma_of_a_comment_stays() {
    let text = "[[order.o]]\nneeds = [\n  { id = \"a\", different = true }, # first,\n  { id = \"b\", different = true }\n]\n";
    assert!(!after(text, "order.o needs[a]: { id = \"a\", different = true } -> (gone)").contains("\"a\""));
    let without = after(text, "order.o needs[b]: { id = \"b\", different = true } -> (gone)");
    assert!(without.contains("# first,\n") && !without.contains("\"b\""), "{without}");
}

#[test]
fn a_word_without_another_goes_with_its_key() {
    let inline = "[[duty.d]]\ndone = [{ fact = \"given\", of = \"instance\" }, { of = \"instance\", fact = \"told\" }]\n";
    assert!(after(inline, "duty.d done[1].of: \"instance\" -> (gone)").contains("[{ fact = \"given\",  }, "));
    assert!(after(inline, "duty.d done[2].of: \"instance\" -> (gone)").contains("{  fact = \"told\" }]"));
}

#[test]
fn two_versions_that_meet_on_a_day_move_together() {
    let text = "[[duty.d]]\nversion = { from = 2006-11-01, until = 2018-10-08 }\n[[duty.d]]\nversion = { from = 2018-10-08 }\n";
    let found = whats(text);
    assert_eq!(found.iter().filter(|what| what.contains("2018-10-08")).count(), 2, "{found:?}");
    let moved = after(text, "duty.d#1 version.until: 2018-10-08 -> 2018-10-09");
    assert_eq!(moved.matches("2018-10-09").count(), 2, "{moved}");
    assert!(found.contains(&"duty.d#1 version.from: 2006-11-01 -> 2006-10-31".to_owned()), "{found:?}");
}

#[test]
fn a_defect_becomes_each_other_and_one_for_another_body() {
    let text = "default_defect = 1\n[bodies]\ncourt = { name = \"C\" }\ntribunal = { name = \"T\" }\n\
        [[order.o]]\nonly_if_defect = \"for-decision:court\"\n";
    let found = whats(text);
    let news: Vec<&str> = found.iter().filter_map(|what| what.rsplit_once(" -> ")).map(|(_, new)| new).collect();
    assert_eq!(news, ["\"void\"", "\"ends\"", "\"curable\"", "\"irregular\"", "\"reason-wanted\"", "\"for-decision:tribunal\""]);
}

#[test]
fn a_holiday_moves_by_a_day() {
    let text = "[calendars.c]\nholidays = [{ name = \"H\", date = \"12-25\" }, { name = \"E\", easter = \"-2\" }]\n";
    let found = whats(text);
    let news: Vec<&str> = found.iter().filter_map(|what| what.rsplit_once(" -> ")).map(|(_, new)| new).collect();
    assert_eq!(news, ["\"12-26\"", "\"12-24\"", "\"-1\"", "\"-3\""]);
}

#[test]
fn every_mutant_of_every_pack_is_toml_differs_and_has_a_description_of_its_own() {
    let book = Book::open(&repository()).unwrap_or_else(|wrong| panic!("{wrong}"));
    for pack in book.names() {
        let files = book.files(pack);
        let mutants = mutants(files, book.files(BENCHMARK)).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert!(mutants.len() > 100, "{pack}: {}", mutants.len());
        let mut whats: Vec<&str> = mutants.iter().map(|mutant| mutant.what.as_str()).collect();
        whats.sort_unstable();
        whats.dedup();
        assert_eq!(whats.len(), mutants.len(), "{pack}");
        // Parsing all of them would take minutes; every seventh meets each kind of change many times.
        for mutant in mutants.iter().step_by(7) {
            let changed = mutant.files(files);
            let (Some(before), Some(after)) = (files.get(mutant.file), changed.get(mutant.file)) else { panic!("{}", mutant.what) };
            assert_ne!(before.text, after.text, "{pack} {}", mutant.what);
            assert!(toml::de::DeTable::parse(&after.text).is_ok(), "{pack} {}", mutant.what);
        }
    }
}
