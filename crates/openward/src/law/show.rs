//! `openward law show`: what a pack says, a line for each provision, or all of one with every text it has had.

use openward_law::pack::{AppliesTo, Defect, Head, Need, Pack};

use super::numbers;
use super::said::{Said, all};
use crate::failure::Failure;
use crate::names::{Names, suggestion};
use crate::packs::Packs;
use crate::page::{Console, Page, Text, Tone};
use crate::words::{self, count, plain};

/// Prints a pack, or one provision of it.
pub(super) fn run(packs: &Packs, name: &str, provision: Option<&str>, console: &mut Console) -> Result<(), Failure> {
    let pack = super::load(packs, name)?;
    let said = all(&pack);
    let mut page = console.page();
    match provision {
        None => everything(&mut page, &pack, &said),
        Some(provision) => {
            let (kind, id) = provision.split_once('.').map_or((None, provision), |(kind, id)| (Some(kind), id));
            let texts: Vec<&Said<'_>> =
                said.iter().filter(|said| said.head.id == id && kind.is_none_or(|kind| kind == said.head.kind.word())).collect();
            if texts.is_empty() {
                if super::listed::word(&mut page, &pack, provision) {
                    return console.show(&page);
                }
                if of_section(&mut page, &pack, &said, provision) {
                    return console.show(&page);
                }
                let labels = [&pack.roles, &pack.bodies, &pack.criteria, &pack.labels, &pack.regions].into_iter().flatten();
                let known = said.iter().map(|said| said.head.id.as_str()).chain(labels.map(|label| label.word.as_str()));
                let known: Vec<&str> = known.collect();
                let near = suggestion(id, known.iter().copied());
                return Err(Failure::call(format!("the pack {} has no provision `{provision}`.{near}", pack.id)));
            }
            for text in texts {
                one(&mut page, &pack, text, packs.source(name, &text.head.place.file));
            }
        }
    }
    console.show(&page)
}

/// Lists what carries a section, by its number: `132`, `s132`, `s.132`; false if nothing does.
fn of_section(page: &mut Page, pack: &Pack, said: &[Said<'_>], wanted: &str) -> bool {
    let number = wanted.trim_start_matches(['s', 'S']).trim_start_matches('.').trim();
    if !number.starts_with(|letter: char| letter.is_ascii_digit()) {
        return false;
    }
    let carries =
        |at: &str| at.split([',', ' ']).any(|part| numbers_of(part).eq_ignore_ascii_case(numbers_of(number)) && part.starts_with(number));
    let needs = |text: &Said<'_>| text.needs.iter().any(|need| need.section.as_deref().is_some_and(carries));
    let mut found: Vec<&Said<'_>> = said.iter().filter(|text| carries(&text.head.section) || needs(text)).collect();
    found.dedup_by(|a, b| (a.head.kind, &a.head.id) == (b.head.kind, &b.head.id));
    if found.is_empty() {
        return false;
    }
    page.put(0, format!("What carries {}:", citation(pack, number)));
    for text in found {
        let head = text.head;
        page.hang(
            2,
            6,
            Text::new(format!("{}.{}", head.kind.word(), head.id), Tone::Strong).then(format!(
                "  {} ({})",
                words::unstopped(&head.title),
                citation(pack, &head.section)
            )),
        );
    }
    true
}

/// A section without its subsections: `132(2)-(3)` is `132`.
fn numbers_of(section: &str) -> &str {
    section.split(['(', '-']).next().unwrap_or_default()
}

fn everything(page: &mut Page, pack: &Pack, said: &[Said<'_>]) {
    page.hang(0, 4, Text::new(&pack.id, Tone::Strong).then(format!("  {}", pack.title)));
    let digest: String = pack.digest.chars().take(12).collect();
    page.hang(4, 4, format!("Text as at {}, days in {}, digest {digest}.", words::date(&pack.as_at.to_string()), pack.zone));
    let mut kind = None;
    for (at, text) in said.iter().enumerate() {
        let head = text.head;
        if kind != Some(head.kind) {
            kind = Some(head.kind);
            page.heading(words::capital(&words::plural(head.kind.word())));
        }
        let same = |other: Option<&Said<'_>>| other.is_some_and(|other| other.head.id == head.id && other.head.kind == head.kind);
        let earlier = at.checked_sub(1).and_then(|before| said.get(before));
        let span = if same(earlier) || same(said.get(at + 1)) { format!("  {}", span(head)) } else { String::new() };
        page.hang(
            2,
            6,
            Text::new(&head.id, Tone::Strong).then(format!(
                "  {} ({}){span}",
                words::unstopped(&head.title),
                citation(pack, &head.section)
            )),
        );
        page.hang(6, 8, Text::new(format!("source {}, {}", head.source.as_deref().unwrap_or("not named"), sure(head)), Tone::Faint));
        text.numbers.iter().for_each(|number| page.hang(6, 8, format!("{}.", words::capital(number))));
    }
    page.blank();
    page.put(0, format!("{}. `openward law show {} PROVISION` shows all of one.", count(said.len(), "text", "texts"), pack.id));
}

/// One text with all that is known of it, and as the pack has it.
fn one(page: &mut Page, pack: &Pack, text: &Said<'_>, source: Option<String>) {
    let (head, names) = (text.head, Names { pack });
    page.heading(format!("{}.{}  {}", head.kind.word(), head.id, words::unstopped(&head.title)));
    page.hang(2, 4, format!("{}. {}, {}.", citation(pack, &head.section), words::capital(&span(head)), applies(head)));
    if let Some(amendment) = head.amendment.as_ref().and_then(|id| pack.amendments.iter().find(|amendment| amendment.id == *id)) {
        let note = amendment.note.as_ref().map(|note| format!(" {note}")).unwrap_or_default();
        page.hang(2, 4, format!("Brought by {} ({}).{note}", amendment.title, amendment.id));
    }
    let source_title = head.source.as_ref().and_then(|id| pack.sources.iter().find(|source| source.id == *id));
    let read = source_title.map_or_else(|| "no source is named".to_owned(), |source| format!("{}: {}", source.id, source.title));
    page.hang(2, 4, format!("Source: {read}; {}.", sure(head)));
    if !head.serves.is_empty() {
        page.hang(2, 4, format!("Serves: {}.", words::and(&head.serves)));
    }
    if !head.facts.is_empty() {
        page.hang(2, 4, format!("Facts carried: {}.", head.facts.join(", ")));
    }
    if let Some(note) = &head.note {
        page.hang(2, 4, format!("Note: {note}"));
    }
    if !text.numbers.is_empty() {
        page.put(2, "In numbers:");
        text.numbers.iter().for_each(|number| page.hang(4, 6, format!("{}.", words::capital(number))));
    }
    for numbers in text.variations.iter().filter(|numbers| !numbers.is_empty()) {
        page.hang(2, 4, format!("For some people or cases otherwise (see the text): {}.", numbers.join("; ")));
    }
    if !text.needs.is_empty() {
        page.put(2, "Needs:");
        text.needs.iter().for_each(|need| say_need(page, pack, &names, head, need));
    }
    if let Some(block) = source.and_then(|source| block(&source, head.place.line)) {
        page.put(2, format!("As the pack has it ({}:{}):", head.place.file, head.place.line));
        block.iter().for_each(|line| page.hang(4, 6, Text::new(line, Tone::Faint)));
    }
}

fn say_need(page: &mut Page, pack: &Pack, names: &Names<'_>, head: &Head, need: &Need) {
    let defect = match need.defect {
        Defect::Void => "if not: no effect".to_owned(),
        Defect::Ends => "if not: it ends".to_owned(),
        Defect::Curable => "if not: can be mended".to_owned(),
        Defect::ForDecision(body) => format!("if not: for {} to weigh", names.word(pack.words.text(body))),
        Defect::Irregular => "if not: irregular only".to_owned(),
        Defect::ReasonWanted => "if not: a reason is wanted".to_owned(),
    };
    let numbers = numbers::need(pack, need);
    let numbers = if numbers.is_empty() { String::new() } else { format!(", {}", numbers.join(", ")) };
    let at = need.section.as_deref().unwrap_or(&head.section);
    page.hang(4, 6, format!("{} ({}){numbers}; {defect}.", plain(&need.id), citation(pack, at)));
}

/// A paragraph of the standard is a Principle; a section of a law is a section.
fn citation(pack: &Pack, at: &str) -> String {
    if pack.benchmark { format!("Principle {at}") } else { words::section(at) }
}

fn span(head: &Head) -> String {
    let day = |date: jiff::civil::Date| words::date(&date.to_string());
    match (head.from, head.until) {
        _ if head.repeals => "repealed".to_owned(),
        (None, _) => "not in force".to_owned(),
        (Some(from), None) => format!("in force from {}", day(from)),
        (Some(from), Some(until)) => format!("in force from {} until before {}", day(from), day(until)),
    }
}

fn applies(head: &Head) -> &'static str {
    match head.applies_to {
        AppliesTo::StartedInSpan => "for what starts in that time",
        AppliesTo::ActsInSpan => "for acts done in that time",
        AppliesTo::Running => "also for what is running on the first day",
        AppliesTo::DeclaredAlways => "as a court said the law has always been",
    }
}

fn sure(head: &Head) -> &'static str {
    match head.sure.as_str() {
        "V" => "read in the source (V)",
        "K" => "from memory (K)",
        _ => "unsure (U)",
    }
}

/// The lines of one table: from its heading to the next one, without the empty and comment lines after it.
fn block(source: &str, line: u32) -> Option<Vec<String>> {
    let lines: Vec<&str> = source.lines().collect();
    let line = usize::try_from(line).ok()?.checked_sub(1)?.min(lines.len().checked_sub(1)?);
    let first = lines.get(..=line)?.iter().rposition(|line| line.starts_with("[["))?;
    let after = lines.get(first + 1..)?;
    let length = after.iter().position(|line| line.starts_with('[')).unwrap_or(after.len());
    let mut block: Vec<String> = after.get(..length)?.iter().map(|line| (*line).to_owned()).collect();
    while block.last().is_some_and(|line| line.trim().is_empty() || line.starts_with('#')) {
        block.pop();
    }
    block.insert(0, (*lines.get(first)?).to_owned());
    Some(block)
}
