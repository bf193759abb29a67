//! `cargo xtask bench register`: acts, proofs, checks and starts of a register, each beside a floor measured in the same run.
//!
//! Reading order: `people` (the acts), `tape` and `floor` (what is beside them), `append`, `grown`, `page`. Deliberately absent: any
//! assertion on time.

mod append;
mod floor;
mod grown;
mod page;
mod people;
mod place;
mod process;
mod tape;

use std::path::Path;
use std::time::Duration;

use self::append::{Size, append, idle, tape};
use self::people::People;
use super::Only;
use super::files::Stay;
use crate::book::Book;

pub(super) use self::grown::child;

/// Wards, each with a facility and professionals of its own.
const WARDS: usize = 20;
/// Rounds, and people in each.
const SIZE: Size = Size { rounds: 7, people: 160 };
/// Writers at once.
const WRITERS: [usize; 3] = [1, 8, 64];
/// Acts of the one client alone, and its pause after each: long enough for the log to be written between.
const ALONE: (usize, Duration) = (400, Duration::from_millis(40));

/// Measures everything, or one part; gives the table.
pub(super) fn run(root: &Path, entries: usize, only: Option<Only>) -> Result<String, String> {
    let folder = std::env::temp_dir().join(format!("openward-bench-{}", std::process::id()));
    let table = within(&folder, root, entries, only);
    // What is left behind in the folder for such files is no loss.
    let _ = std::fs::remove_dir_all(&folder);
    table
}

fn within(folder: &Path, root: &Path, entries: usize, only: Option<Only>) -> Result<String, String> {
    let (book, stay) = (Book::open(root)?, Stay::read(root)?);
    let people = People::on(&stay, WARDS);
    let mut lines = Vec::new();
    if only != Some(Only::Grown) {
        let tape = tape(folder, &book, &people, SIZE)?;
        let writers = match only {
            None => WRITERS.to_vec(),
            Some(Only::Writers(writers)) => vec![writers],
            Some(Only::Alone | Only::Grown) => Vec::new(),
        };
        for writers in writers {
            lines.extend(page::acts(&append(folder, &book, &people, &tape, SIZE, writers)?));
        }
        if matches!(only, None | Some(Only::Alone)) {
            let (acts, pause) = ALONE;
            let [product, floor] = idle(folder, &book, &people, &tape, acts, pause)?;
            lines.extend(page::idle(&product, &floor));
        }
    }
    if matches!(only, None | Some(Only::Grown)) {
        lines.extend(page::grown(&grown::grown(folder, &book, &people, entries)?));
    }
    Ok(page::table(&lines))
}
