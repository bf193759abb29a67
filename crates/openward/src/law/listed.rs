//! `openward law words`: the words that entries may use under a law, each with its name and section.
//!
//! Deliberately absent: provisions in full (`show` has them) and the facts, which are the same under every law (`openward schema entry`).

use std::collections::BTreeSet;

use openward_law::pack::{Label, Pack, Provision, is_paragraph};

use crate::args::WordKind;
use crate::failure::Failure;
use crate::names::{Names, in_force};
use crate::packs::Packs;
use crate::page::{Console, Page, Text, Tone};
use crate::words::{section, unstopped};

/// A word as it is listed.
#[derive(Debug, Default)]
struct Word<'p> {
    word: &'p str,
    name: &'p str,
    section: Option<&'p str>,
    neutral: Option<&'p str>,
}

/// Words of one kind: what they are called, and where they are written.
type List<'p> = (WordKind, &'static str, Vec<Word<'p>>, &'static str);

/// The kinds, in the order printed.
fn kinds(pack: &Pack) -> [List<'_>; 9] {
    let outcomes = outcomes(pack);
    let of_outcome = |is_one: bool| labels(&pack.labels).into_iter().filter(|word| outcomes.contains(word.word) == is_one).collect();
    [
        (WordKind::Papers, "Papers", provisions(&pack.instruments), "for `instrument`"),
        (WordKind::Orders, "Orders", provisions(&pack.orders), "for `under`"),
        (WordKind::Paragraphs, "Paragraphs", paragraphs(pack), "for `under` too, and for `contents`"),
        (WordKind::Roles, "Roles", labels(&pack.roles), "for `as`, `to` and wherever somebody acts"),
        (WordKind::Bodies, "Bodies", labels(&pack.bodies), "who decides"),
        (WordKind::Criteria, "Criteria", labels(&pack.criteria), "for `states`"),
        (WordKind::Outcomes, "Outcomes", of_outcome(true), "for `outcome`"),
        (WordKind::Words, "Words", of_outcome(false), "for `kind`, `how`, `contents` and the like"),
        (WordKind::Regions, "Regions", labels(&pack.regions), "for `region`"),
    ]
}

fn labels(list: &[Label]) -> Vec<Word<'_>> {
    fn word(label: &Label) -> Word<'_> {
        Word { word: &label.word, name: &label.name, section: label.section.as_deref(), neutral: label.neutral.as_deref() }
    }
    list.iter().map(word).collect()
}

fn provisions<B>(list: &[Provision<B>]) -> Vec<Word<'_>> {
    fn word<B>(provision: &Provision<B>) -> Option<Word<'_>> {
        let head = &in_force(provision)?.head;
        Some(Word { word: &provision.id, name: unstopped(&head.title), section: Some(&head.section), neutral: None })
    }
    list.iter().filter_map(word).collect()
}

/// The paragraphs that the provisions name, and the words for care of one's own choice.
fn paragraphs(pack: &Pack) -> Vec<Word<'_>> {
    let free = pack.free.iter().map(|sym| Word { word: pack.words.text(*sym), name: "in care of one's own choice", ..Word::default() });
    let names = Names { pack };
    let is_alone =
        |word: &&str| is_paragraph(word) && word.starts_with(|letter: char| letter.is_ascii_digit()) && names.kinds_of(word).is_empty();
    let mut found: Vec<&str> = pack.words.all().filter(is_alone).collect();
    found.sort_by_key(|word| (word.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>().unwrap_or(u32::MAX), *word));
    free.chain(found.into_iter().map(|word| Word { word, ..Word::default() })).collect()
}

/// The words that some provision looks for as an outcome.
fn outcomes(pack: &Pack) -> BTreeSet<&str> {
    fn bodies<B>(list: &[Provision<B>]) -> impl Iterator<Item = &B> {
        list.iter().flat_map(|provision| &provision.versions).map(|version| &version.body)
    }
    let orders = bodies(&pack.orders).flat_map(|order| order.starts.iter().chain(&order.ends_on));
    let duties = bodies(&pack.duties).flat_map(|duty| duty.each.iter().chain(&duty.done).chain(&duty.ends).chain(&duty.not_if_any));
    let rights = bodies(&pack.entitlements).flat_map(|right| right.each.iter().chain(&right.used_by));
    let limits = bodies(&pack.limits).flat_map(|limit| limit.forbids.iter().chain(&limit.after).chain(&limit.unless));
    let rest = bodies(&pack.clocks).flat_map(|clock| &clock.set).chain(bodies(&pack.effects).flat_map(|effect| &effect.on));
    let all = orders.chain(duties).chain(rights).chain(limits).chain(rest);
    all.flat_map(|pattern| &pattern.outcome).map(|sym| pack.words.text(*sym)).collect()
}

/// Prints the words of a pack, or those of one kind.
pub(super) fn run(packs: &Packs, name: &str, wanted: Option<WordKind>, console: &mut Console) -> Result<(), Failure> {
    let pack = super::load(packs, name)?;
    let mut page = console.page();
    for (kind, title, labels, use_) in kinds(&pack) {
        if wanted.is_some_and(|wanted| wanted != kind) || (wanted.is_none() && labels.is_empty()) {
            continue;
        }
        page.heading(format!("{title} ({}), {use_}", labels.len()));
        labels.iter().for_each(|label| say(&mut page, label));
    }
    console.show(&page)
}

/// Explains one word; false if the pack does not have it.
pub(super) fn word(page: &mut Page, pack: &Pack, wanted: &str) -> bool {
    let mut found = false;
    for (_, title, labels, use_) in kinds(pack) {
        for label in labels.iter().filter(|label| label.word == wanted) {
            found = true;
            page.put(0, Text::new(format!("{title}, {use_}:"), Tone::Faint));
            say(page, label);
        }
    }
    found
}

fn say(page: &mut Page, word: &Word<'_>) {
    let at = word.section.map(|at| format!(" ({})", section(at))).unwrap_or_default();
    let neutral = word.neutral.map(|neutral| format!("; elsewhere: {neutral}")).unwrap_or_default();
    let name = if word.name.is_empty() { String::new() } else { format!("  {}", word.name) };
    page.hang(2, 6, Text::new(word.word, Tone::Strong).then(format!("{name}{at}{neutral}")));
}
