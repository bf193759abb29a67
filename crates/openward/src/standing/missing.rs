//! What the register does not say, told so that a clerk knows what to write.
//!
//! The engine names what is missing by a fact, a field, or a word of its own. Deliberately absent: whether it matters (the flaw says it).

use openward_law::entry::FactKind;
use openward_law::standing::EntryShown;

use super::later;
use super::text::Subject;
use crate::names::Names;

/// What is missing, as a clause; `of` are the entries that leave it out.
pub(super) fn clause(subject: &Subject<'_>, missing: &str, of: &[EntryShown]) -> String {
    let mut numbers: Vec<u32> = of.iter().map(|entry| entry.n).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let (who, does) = match numbers.as_slice() {
        [] => ("the register".to_owned(), "does"),
        [_] => (later::named(&numbers).to_lowercase(), "does"),
        _ => (later::named(&numbers).to_lowercase(), "do"),
    };
    let silent = |what: &str, write: &str| format!("{who} {does} not say {what}; write {write}");
    match missing {
        "by" | "signer" => silent("in which role somebody acted", "`by` and `as`"),
        "under" => silent("under which order", "`under`"),
        "outcome" => silent("how it came out", "`outcome`"),
        "kind" => silent("of what kind it is", "`kind`"),
        "criteria" => silent("what the paper states", "`states`"),
        "length" => silent("for how long it is", "`length`"),
        "place" => silent("where it was", "`place`"),
        "born" => register("when the person was born", "an entry `described` with `born`"),
        "sex" => register("the person's sex", "an entry `described` with `sex`"),
        "region" => register("in which region the place lies", "`region` in the entry `facility-designated` of its file"),
        "designation" => {
            not_shown("what the place is for", "`place`, and an entry `facility-designated` with its `kind` in the place's file")
        }
        "authorisation" => not_shown(
            "that whoever acted was authorised",
            "`by` with their id, and an entry `professional-authorised` in the file of that id",
        ),
        "paper" => "the paper that it rests on is not on the register; write its entry, and its number in `on` or `of`".to_owned(),
        "period" => "a day that it is counted from is not on the register".to_owned(),
        "signed" => "the entry `signed` that it is counted from is not on the register".to_owned(),
        "examined" => "the examination is not on the register; write an entry `examined` by the same person".to_owned(),
        "law" => "this law has no text for that day".to_owned(),
        "time" => "it turns on a time of day that is not on the register".to_owned(),
        fact if FactKind::from_word(fact).is_some() => format!("no entry `{fact}` that fits is on the register"),
        other => format!("not on the register: {}", subject.names().word(other)),
    }
}

fn register(what: &str, write: &str) -> String {
    format!("the register does not say {what}; write {write}")
}

fn not_shown(what: &str, write: &str) -> String {
    format!("the register does not show {what}; write {write}")
}

/// A paper of which the law had no text on the day on which it was signed.
pub(super) fn no_text(names: &Names<'_>, need: &str) -> &'static str {
    if names.pack.instruments.iter().any(|paper| paper.id == need) {
        "this law has no text for that paper on that day"
    } else {
        "this law has no text for that day"
    }
}
