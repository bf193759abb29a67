//! `openward story`: the story of one fictional person under a law, told from computed standings.
//!
//! The stories are case files in the folder `stories` of this crate, one folder for each law. What happened is told from the
//! entries; what it means is found by comparing the standing before and after. Deliberately absent: any sentence about the law.

mod changes;
mod tell;

use std::path::Path;

use include_dir::{Dir, include_dir};
use openward_law::pack::Commencements;

use crate::args::Story;
use crate::failure::Failure;
use crate::input;
use crate::packs::{Library, Packs};
use crate::page::{Console, Text, Tone};
use crate::words::{and, count};

static STORIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/stories");

/// Tells the story of one law, or of each that has one.
pub(crate) fn run(asked: &Story, packs: &Packs, console: &mut Console) -> Result<(), Failure> {
    let known: Vec<String> = STORIES.dirs().filter_map(|dir| dir.path().to_str()).map(str::to_owned).collect();
    let wanted = match &asked.law {
        None => known,
        Some(law) if known.contains(law) => vec![law.clone()],
        Some(law) => return Err(Failure::call(format!("there is no story under `{law}`; there are stories under {}", and(&known)))),
    };
    let mut library = Library::open(packs, Commencements::new())?;
    for law in &wanted {
        library.fetch(law)?;
    }
    for law in &wanted {
        let case = input::parse(&format!("stories/{law}"), story(law).as_bytes())?;
        let ready = library.law(law)?;
        let mut page = console.page();
        let people = case.person_files().count();
        page.put(0, Text::new(&ready.pack.title, Tone::Strong));
        page.put(0, format!("A story of {}. Nobody in it is real.", count(people, "fictional person", "fictional people")));
        console.show(&page)?;
        tell::story(&case, ready, &library.benchmark, asked.pace, console)?;
    }
    Ok(())
}

/// The lines of a story: all its files, one after the other.
fn story(law: &str) -> String {
    let mut files: Vec<_> = STORIES.get_dir(Path::new(law)).into_iter().flat_map(Dir::files).collect();
    files.sort_by_key(|file| file.path());
    files.into_iter().filter_map(|file| file.contents_utf8()).collect::<Vec<_>>().join("\n")
}
