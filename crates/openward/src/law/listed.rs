//! `openward law words`: the words that entries may use under a law, each with its name and section.
//!
//! Deliberately absent: provisions (`show` has them) and the facts, which are the same under every law (`openward schema entry`).

use openward_law::pack::{Label, Pack};

use crate::args::WordKind;
use crate::failure::Failure;
use crate::packs::Packs;
use crate::page::{Console, Page, Text, Tone};
use crate::words::section;

/// The kinds, in the order printed: what they are called, which words, and where they are written.
fn kinds(pack: &Pack) -> [(WordKind, &'static str, &[Label], &'static str); 5] {
    [
        (WordKind::Roles, "Roles", &pack.roles, "for `as`, `to` and wherever somebody acts"),
        (WordKind::Bodies, "Bodies", &pack.bodies, "who decides"),
        (WordKind::Criteria, "Criteria", &pack.criteria, "for `states`"),
        (WordKind::Words, "Words", &pack.labels, "for `kind`, `outcome`, `how`, `contents` and the like"),
        (WordKind::Regions, "Regions", &pack.regions, "for `region`"),
    ]
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

fn say(page: &mut Page, label: &Label) {
    let at = label.section.as_ref().map(|at| format!(" ({})", section(at))).unwrap_or_default();
    let neutral = label.neutral.as_ref().map(|neutral| format!("; elsewhere: {neutral}")).unwrap_or_default();
    let name = if label.name.is_empty() { String::new() } else { format!("  {}", label.name) };
    page.hang(2, 6, Text::new(&label.word, Tone::Strong).then(format!("{name}{at}{neutral}")));
}
