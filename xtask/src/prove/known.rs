//! The survivors that are known: `docs/unproved.txt`, one line for each, in words that stay the same when lines move.
//!
//! A sample of mutants leaves them out, so that it fails only on something new. Deliberately absent: any way for a full proof to
//! pass with survivors.

use std::collections::BTreeSet;
use std::path::Path;

use crate::book::text;

/// Where the list stands, from the top of the repository.
pub(crate) const LIST: &str = "docs/unproved.txt";

const OPENING: &str = "\
# Data of the packs that no scenario holds fast yet: each line is a change that makes no scenario fail.
# Written by `cargo xtask prove packs --keep`. A line goes when a scenario proves it; none is written by hand.
";

/// The known survivors, as `pack what`.
pub(crate) fn read(root: &Path) -> Result<BTreeSet<String>, String> {
    let path = root.join(LIST);
    if !path.exists() {
        return Ok(BTreeSet::new());
    }
    Ok(text(&path)?.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect())
}

/// Writes the list anew: the survivors of the packs that were tried, and of the others what was known.
pub(crate) fn write(root: &Path, tried: &[&str], survivors: &BTreeSet<String>) -> Result<(), String> {
    let text = page(read(root)?, tried, survivors);
    std::fs::write(root.join(LIST), text).map_err(|error| format!("{LIST} cannot be written: {error}"))
}

fn page(known: BTreeSet<String>, tried: &[&str], survivors: &BTreeSet<String>) -> String {
    let of_others = known.into_iter().filter(|line| !tried.iter().any(|pack| line.split(' ').next() == Some(pack)));
    let lines: BTreeSet<String> = of_others.chain(survivors.iter().cloned()).collect();
    OPENING.lines().map(str::to_owned).chain(lines).map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_that_was_tried_is_written_anew_and_the_others_stay() {
        let known = BTreeSet::from(["a old".to_owned(), "ab other".to_owned()]);
        let survivors = BTreeSet::from(["a new".to_owned()]);
        let page = page(known, &["a"], &survivors);
        assert!(page.starts_with(OPENING), "{page}");
        assert!(page.ends_with("\na new\nab other\n"), "{page}");
        assert!(!page.contains("a old"), "{page}");
    }
}
