//! Whatever else was found, what the UN Principles ask beyond it, what was not read or not followed, and the three columns.

use std::collections::BTreeSet;

use openward_law::entry::FileKind;
use openward_law::pack::nearest;
use openward_law::standing::{Authority, FindingShown, FlawShown, Standing, Unread};

use super::text::{Subject, entry};
use super::{ends, later, missing};
use crate::page::{Page, Text, Tone};
use crate::words::{self, section};

/// Says the findings of domestic law.
pub(super) fn findings(page: &mut Page, subject: &Subject<'_>) {
    let found = &subject.standing.findings;
    if found.is_empty() {
        return;
    }
    page.heading(format!("Findings ({})", found.len()));
    for finding in found {
        let tone = if finding.breach { Tone::Bad } else { Tone::Plain };
        let text = Text::new(format!("{}: ", words::capital(&kind(finding))), tone)
            .then(format!("{}{}{} ", words::unstopped(&finding.title), matter(subject, finding), weighs_on(subject, finding)))
            .and(format!("({}; {})", section(&finding.section), entry(&finding.entry)), Tone::Faint)
            .then(mended(subject, finding));
        page.hang(2, 6, text);
    }
}

/// What sort of finding it is, so that the title can follow: the title of a limit is the rule itself.
pub(crate) fn kind(finding: &FindingShown) -> String {
    let is_rule = finding.provision.starts_with("limit.");
    let sort = match finding.finding.as_str() {
        "forbidden" | "excess" if is_rule && finding.breach => return "was not allowed, a breach of the rule".to_owned(),
        "forbidden" | "excess" | "irregular" if is_rule => return "an irregularity under the rule".to_owned(),
        "forbidden" if finding.breach => "was not allowed",
        "forbidden" | "irregular" => "an irregularity",
        "defect" => "not as the law asks",
        "not-shown" => "not shown",
        "unanswered" => "not answered",
        "out-of-time" => "out of time",
        "excess" => "more than the law allows",
        other => other,
    };
    format!("{sort}{}", if finding.breach { ", a breach" } else { "" })
}

/// When what was found was mended or settled, where it was: the order that it weighs on knows it.
fn mended(subject: &Subject<'_>, finding: &FindingShown) -> String {
    let orders = subject.standing.orders.iter().filter(|order| finding.of_order.as_ref() == Some(&order.order));
    let flaws = orders.flat_map(|order| &order.stretches).flat_map(|stretch| &stretch.lacks);
    let same = |flaw: &&FlawShown| {
        let about = |flaw: &FlawShown| flaw.entries.is_empty() || flaw.entries.iter().any(|entry| entry.n == finding.entry.n);
        flaw.need == finding.what && flaw.section == finding.section && about(flaw)
    };
    let Some(at) = flaws.filter(same).find_map(|flaw| flaw.mended_at.as_ref()) else { return String::new() };
    let will_be = if ends::is_past(at, &subject.standing.at) { "mended or settled" } else { "mended or settled later," };
    format!(" {} {}.", words::capital(will_be), subject.at(at, None))
}

/// The need or criterion, where it says more than the title.
fn matter(subject: &Subject<'_>, finding: &FindingShown) -> String {
    let is_provision = finding.provision.split_once('.').is_some_and(|(_, id)| id == finding.what) || finding.what == finding.finding;
    if finding.what.is_empty() || is_provision {
        return String::new();
    }
    format!(": {}", asked(subject, &finding.what))
}

/// A need, a criterion, or a word for what is missing.
fn asked(subject: &Subject<'_>, what: &str) -> String {
    let names = subject.names();
    match what {
        "running" => "another order of the kind was running".to_owned(),
        "ladder" => "not the period that follows".to_owned(),
        "length" => "the length of the order".to_owned(),
        "cap" => "the longest time in all".to_owned(),
        "early" => "too early".to_owned(),
        "forbidden" => "not allowed then".to_owned(),
        "by" | "under" | "kind" | "outcome" | "region" | "sex" | "born" => missing::clause(subject, what, &[]),
        _ if names.is_own_need(what) => names.matter(what),
        _ => names.word(what),
    }
}

/// The order whose papers it is about.
fn weighs_on(subject: &Subject<'_>, finding: &FindingShown) -> String {
    finding.of_order.as_ref().map(|order| format!(", for {}", subject.names().order(order))).unwrap_or_default()
}

/// Says what the UN Principles ask and the file does not show, apart from the country's own law.
pub(super) fn shortfalls(page: &mut Page, subject: &Subject<'_>) {
    let found = &subject.standing.shortfalls;
    if found.is_empty() {
        return;
    }
    page.heading(format!("Beside the law: the UN Principles of 1991 ({})", found.len()));
    let lawful = match &subject.standing.authority {
        Authority::Shown { section: at, .. } => format!("Lawful under {}; below", section(at)),
        _ => "Below".to_owned(),
    };
    page.put(2, "Authority does not turn on these.");
    for short in found {
        let text = Text::new(format!("{lawful} {}: ", words::principle(&short.paragraph)), Tone::Doubt).then(&short.says);
        page.hang(2, 6, text);
        let served = if short.served_by.is_empty() {
            "This law has no provision that serves it.".to_owned()
        } else {
            format!("Served in this law by {}.", words::and(&some(&short.served_by)))
        };
        page.hang(6, 8, Text::new(format!("Raised by {}. {served}", entry(&short.raised_by)), Tone::Faint));
    }
}

/// The first few of a long list.
fn some(list: &[String]) -> Vec<String> {
    const SHOWN: usize = 4;
    let mut first: Vec<String> = list.iter().take(SHOWN).cloned().collect();
    if list.len() > SHOWN {
        first.push(format!("{} more", list.len() - SHOWN));
    }
    first
}

/// How many files are named that are not here, and how many words this law does not know: each once for a file.
pub(crate) fn unread_counts(standing: &Standing) -> (usize, usize) {
    let (files, words) = told_apart(standing);
    (distinct(&files), distinct(&words))
}

/// What was not read: ids without a file, and words that the law does not know.
fn told_apart(standing: &Standing) -> (Vec<&Unread>, Vec<&Unread>) {
    let mut found: Vec<&Unread> = standing.unread.iter().collect();
    found.sort_by(|a, b| (&a.file, a.n).cmp(&(&b.file, b.n)));
    found.into_iter().partition(|word| is_id(&word.word))
}

fn distinct(found: &[&Unread]) -> usize {
    found.iter().map(|word| (&word.file, &word.word)).collect::<BTreeSet<_>>().len()
}

/// Says the words that this law does not know, by entry, and the files that are not here. The words come first: an entry half read can make
/// an answer wrong; a file that is not here only shows nothing.
pub(super) fn unread(page: &mut Page, subject: &Subject<'_>) {
    let (files, words) = told_apart(&subject.standing);
    listed(page, "Not read: mend these first, what follows may be wrong", &words, |which, word| {
        format!("{which}, field `{}`: this law does not know `{}`{}", word.field, word.word, near_word(subject, word))
    });
    listed(page, "Files that are not here", &files, |which, word| {
        let near = word.nearest.as_ref().filter(|near| is_slip(&word.word, near)).map(|near| format!(" Was `{near}` meant?"));
        format!("{which}: no file of `{}` is here, so nothing of theirs is shown.{}", word.word, near.unwrap_or_default())
    });
}

/// A list, each word once for a file with the entries that have it.
fn listed(page: &mut Page, lead: &str, found: &[&Unread], say: impl Fn(&str, &Unread) -> String) {
    if found.is_empty() {
        return;
    }
    page.heading(format!("{lead} ({})", distinct(found)));
    let mut said: BTreeSet<(&Option<String>, &String)> = BTreeSet::new();
    for word in found {
        if !said.insert((&word.file, &word.word)) {
            continue;
        }
        let same = found.iter().filter(|other| other.file == word.file && other.word == word.word);
        let mut numbers: Vec<u32> = same.map(|other| other.n).collect();
        numbers.dedup();
        let file = word.file.as_ref().map(|file| format!(" of {file}")).unwrap_or_default();
        page.hang(2, 6, say(&format!("{}{file}", later::named(&numbers)), word));
    }
}

/// What is near to a word: of the kind that the field wants, or else of any kind, and then of which.
fn near_word(subject: &Subject<'_>, word: &Unread) -> String {
    let names = subject.names();
    // A word that the law knows as something else is explained before another one is guessed.
    let other = names.kinds_of(&word.word);
    if !other.is_empty() {
        let near = word.nearest.as_ref().map(|near| format!(" The nearest it knows there is `{near}`.")).unwrap_or_default();
        return format!(" there; it is {} of this law.{near}", words::or(&other));
    }
    if let Some(near) = &word.nearest {
        return format!(". The nearest it knows is `{near}`.");
    }
    let of_any_kind = nearest(&word.word, names.all_words().filter(|near| !names.kinds_of(near).is_empty()));
    let near = of_any_kind.map(|near| format!(" The nearest word is `{near}`: {}.", words::or(&names.kinds_of(near))));
    format!(".{}", near.unwrap_or_default())
}

/// Whether a word names another file rather than something in the law.
fn is_id(word: &str) -> bool {
    FileKind::of(word).is_some()
}

/// Whether one id is the other with one letter too few, too many, wrong, or two that follow each other the wrong way round. Any id is the
/// nearest of few; most are no slip.
pub(crate) fn is_slip(word: &str, near: &str) -> bool {
    let (word, near): (Vec<char>, Vec<char>) = (word.chars().collect(), near.chars().collect());
    let head = word.iter().zip(&near).take_while(|(a, b)| a == b).count();
    let tail = |from: usize, near_from: usize| word.get(from..).is_some_and(|rest| near.get(near_from..) == Some(rest));
    let swapped = word.get(head).is_some() && word.get(head) == near.get(head + 1) && word.get(head + 1) == near.get(head);
    tail(head + 1, head + 1) || tail(head + 1, head) || tail(head, head + 1) || (swapped && tail(head + 2, head + 2))
}

/// Says what is not known of the person or the place, where a rule of this law turns on it.
pub(super) fn unsaid(page: &mut Page, subject: &Subject<'_>) {
    if subject.standing.unsaid.is_empty() {
        return;
    }
    let missing: Vec<String> = subject.standing.unsaid.iter().map(|word| words::of_the_person(word).to_owned()).collect();
    page.heading("Not on the register");
    page.hang(
        2,
        6,
        format!(
            "The register does not say {}. Some rules of this law turn on it: what is owed and what may be done under them is shown here; elsewhere the \
             general rule was taken.",
            words::and(&missing)
        ),
    );
}

/// Says what a limit of the engine left out. It comes first, for what follows may lack it.
pub(super) fn not_followed(page: &mut Page, subject: &Subject<'_>) {
    let left_out = &subject.standing.not_followed;
    if left_out.is_empty() {
        return;
    }
    page.heading(format!("Not followed: this file holds more than is followed, so what follows is not the whole ({})", left_out.len()));
    for left in left_out {
        page.hang(
            2,
            6,
            format!(
                "From entry {} on ({}): {} left out.",
                left.from.n,
                words::plain(&left.from.fact),
                what_is_left_out(subject, &left.what)
            ),
        );
    }
}

/// `orders are`, or the name of a duty or right, `further instances of which are`.
fn what_is_left_out(subject: &Subject<'_>, what: &str) -> String {
    match what.split_once('.') {
        Some((kind, id)) => {
            let word = if kind == "entitlement" { "right" } else { kind };
            format!("further instances of the {word} {} are", subject.names().provision(kind, id))
        }
        None if what == "renewals" => "further stretches of orders are".to_owned(),
        None if what == "papers" => "what orders rest on is".to_owned(),
        None => format!("further {what} are"),
    }
}

/// Says which entries belong to the law of another place.
pub(super) fn other_laws(page: &mut Page, subject: &Subject<'_>) {
    for other in &subject.standing.other_laws {
        let are = if other.entries.len() == 1 { "is" } else { "are" };
        let count = words::count(other.entries.len(), "entry", "entries");
        let text = format!("{count} {are} not read here, of places under another law ({}): {}.", other.law, later::named(&other.entries));
        page.hang(0, 2, Text::new(text, Tone::Doubt));
    }
}

/// Says the three columns, which are never added up.
pub(super) fn minutes(page: &mut Page, subject: &Subject<'_>) {
    let held = subject.standing.held_without_authority;
    page.heading("Time held so far without shown authority, in three sums that are never added up");
    let cell = |minutes: i64| Text::new(words::long(minutes), if minutes == 0 { Tone::Plain } else { Tone::Bad });
    page.beside("  none", 14, cell(held.none));
    page.beside("  contested", 14, cell(held.contested));
    page.beside("  not shown", 14, cell(held.not_shown));
}
