//! `openward law list`: every pack with its day, its size and how sure its provisions are.

use std::collections::{BTreeMap, BTreeSet};

use openward_law::pack::{Pack, heads};

use crate::failure::Failure;
use crate::packs::Packs;
use crate::page::{Console, Text, Tone};
use crate::words::{self, count};

/// How many provisions a pack has, and how sure their texts are.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) provisions: usize,
    pub(super) versions: usize,
    pub(super) sure: BTreeMap<String, usize>,
}

impl Tally {
    pub(super) fn of(pack: &Pack) -> Tally {
        let mut tally = Tally::default();
        let mut names = BTreeSet::new();
        heads(pack, |head| {
            names.insert((head.kind, head.id.as_str()));
            tally.versions += 1;
            *tally.sure.entry(head.sure.clone()).or_default() += 1;
        });
        tally.provisions = names.len();
        tally
    }
}

/// Prints the list.
pub(super) fn run(packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let mut page = console.page();
    for name in packs.names() {
        let pack = match super::load(packs, name) {
            Ok(pack) => pack,
            // One broken pack says nothing of the others.
            Err(Failure::Content(problems)) => {
                page.blank();
                page.hang(0, 4, Text::new(name, Tone::Strong).and("  broken", Tone::Bad));
                let how_many = count(problems.len(), "problem", "problems");
                page.hang(4, 6, format!("It cannot be read: {how_many}. `openward law lint {name}` prints them."));
                continue;
            }
            Err(other) => return Err(other),
        };
        let tally = Tally::of(&pack);
        let sure = |key: &str| tally.sure.get(key).copied().unwrap_or(0);
        page.blank();
        page.hang(0, 4, Text::new(name, Tone::Strong).then(format!("  {}", pack.title)));
        let sizes = format!("{} in {}", count(tally.provisions, "provision", "provisions"), count(tally.versions, "version", "versions"));
        page.hang(4, 6, format!("Text as at {}. {sizes}.", words::date(&pack.as_at.to_string())));
        page.hang(
            4,
            6,
            format!("How sure: {} read in the source (V), {} from memory (K), {} unsure (U).", sure("V"), sure("K"), sure("U")),
        );
        let sleeping: Vec<String> =
            pack.amendments.iter().filter(|amendment| amendment.commenced.is_none()).map(|amendment| amendment.id.clone()).collect();
        if !sleeping.is_empty() {
            page.hang(4, 6, format!("Not in force, for rehearsal with --commence: {}.", words::and(&sleeping)));
        }
    }
    console.show(&page)
}
