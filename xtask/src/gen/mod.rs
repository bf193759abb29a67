//! `cargo xtask gen`: writes the pages that are made from something else. With `--check` it writes nothing and fails where one differs.
//!
//! Made are the coverage of each pack, and the published schemas. Deliberately absent: pages that people write.

mod coverage;

use std::collections::BTreeSet;
use std::path::Path;

use openward_law::{casefile, pack, standing};
use serde_json::Value;

use crate::book::{Book, text};
use crate::steps::{End, Steps};

/// A page that is made.
struct Page {
    /// Where it stands, from the top of the repository.
    path: String,
    text: String,
    /// What is wrong with what it was made from.
    wrong: Vec<String>,
}

/// What to do with the pages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
}

/// Takes one step for each page.
pub(crate) fn run(steps: &mut Steps, arguments: &[&str]) -> Result<(), String> {
    let mode = match arguments {
        [] => Mode::Write,
        ["--check"] => Mode::Check,
        [other, ..] => return Err(format!("`{other}` says nothing here; only `--check` may follow.")),
    };
    let mut pages = schemas();
    pages.extend(coverages(steps.root())?);
    for page in pages {
        steps.step(&format!("gen: {}", page.path), |root| settle(root, &page, mode));
    }
    Ok(())
}

fn settle(root: &Path, page: &Page, mode: Mode) -> End {
    for wrong in &page.wrong {
        println!("{wrong}");
    }
    let found = std::fs::read_to_string(root.join(&page.path)).ok();
    let is_right = found.as_deref() == Some(&page.text);
    match mode {
        Mode::Check if !is_right => {
            let line = found.as_deref().map_or(1, |found| first_difference(found, &page.text));
            println!("{}:{line}: is not as it would be made now. Run `cargo xtask gen` and look at what changed.", page.path);
            End::Failed
        }
        Mode::Write if !is_right => match write(&root.join(&page.path), &page.text) {
            Ok(()) => {
                println!("written");
                ended(page)
            }
            Err(error) => {
                println!("{} cannot be written: {error}", page.path);
                End::Failed
            }
        },
        Mode::Write | Mode::Check => ended(page),
    }
}

fn ended(page: &Page) -> End {
    if page.wrong.is_empty() { End::Ok } else { End::Failed }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

/// The first line, from 1, in which two texts differ.
fn first_difference(one: &str, other: &str) -> usize {
    one.lines().zip(other.lines()).take_while(|(one, other)| one == other).count() + 1
}

fn schemas() -> Vec<Page> {
    let page = |name: &str, schema: Value| Page {
        path: format!("docs/schema/{name}.json"),
        text: serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n",
        wrong: Vec::new(),
    };
    vec![page("entry", casefile::schema()), page("pack", pack::schema()), page("standing", standing::schema())]
}

fn coverages(root: &Path) -> Result<Vec<Page>, String> {
    let book = Book::open(root)?;
    let mut pages = Vec::new();
    for name in book.names() {
        let folder = format!("law/{name}");
        let law = book.pack(name)?;
        let facts = coverage::facts(&text(&root.join(&folder).join("FACTS.md"))?);
        let left_out = coverage::left_out(&text(&root.join(&folder).join("READING.md"))?);
        let made = coverage::coverage(&law.pack, &facts, &left_out);
        let wrong: BTreeSet<String> = made.wrong.into_iter().map(|wrong| format!("{folder}: {wrong}")).collect();
        pages.push(Page { path: format!("{folder}/COVERAGE.md"), text: made.page, wrong: wrong.into_iter().collect() });
    }
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\nc\n", "a\nx\nc\n"), 2);
        assert_eq!(first_difference("a\n", "a\nb\n"), 2);
    }

    #[test]
    fn a_page_that_differs_fails_the_check_and_is_not_touched() {
        let root = std::env::temp_dir().join(format!("openward-gen-{}", std::process::id()));
        let page = Page { path: "docs/a.md".to_owned(), text: "new\n".to_owned(), wrong: Vec::new() };
        assert_eq!(settle(&root, &page, Mode::Check), End::Failed);
        assert!(!root.join("docs/a.md").exists());
        assert_eq!(settle(&root, &page, Mode::Write), End::Ok);
        assert_eq!(settle(&root, &page, Mode::Check), End::Ok);
        let gap = Page { wrong: vec!["a gap".to_owned()], ..page };
        assert_eq!(settle(&root, &gap, Mode::Check), End::Failed);
        std::fs::remove_dir_all(&root).expect("the folder of this test");
    }

    #[test]
    fn the_schemas_are_json() {
        for page in schemas() {
            assert!(serde_json::from_str::<Value>(&page.text).is_ok_and(|value| value.is_object()), "{}", page.path);
        }
    }
}
