//! The checksums of a folder: one line for each file in it, as the usual tools read them, and nothing in the folder without a line.
//!
//! They find a slip of disk or copy. Whoever can write the folder can write them too: against that stand the seal and the keys.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::HouseError;
use crate::disk;

/// The file that holds them.
pub(super) const SUMS: &str = "SHA256SUMS";

/// The most that is read of it: a line for each of five million documents.
const BYTES_MAX: u64 = 1 << 30;

/// Checksums by the path of the file from the folder, parts joined by `/`.
#[derive(Default)]
pub(super) struct Sums(pub(super) BTreeMap<String, String>);

impl Sums {
    /// Of all files of a folder, read now.
    pub(super) fn of(folder: &Path) -> Result<Self, HouseError> {
        let mut sums = Self::default();
        for name in names(folder)? {
            let path = folder.join(&name);
            let file = std::fs::File::open(&path).map_err(HouseError::io(&path))?;
            let (sum, _) = disk::sum(file, std::io::sink()).map_err(HouseError::io(&path))?;
            sums.0.insert(name, sum);
        }
        Ok(sums)
    }

    /// As text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (name, sum) in &self.0 {
            let _ = writeln!(text, "{sum}  {name}");
        }
        text
    }

    /// Those written in a folder. What is no line of ours is said in `problems`.
    pub(super) fn read(folder: &Path, problems: &mut Vec<String>) -> Result<Self, HouseError> {
        let path = folder.join(SUMS);
        let bytes = disk::read(&path, BYTES_MAX).map_err(HouseError::io(&path))?;
        let text = String::from_utf8_lossy(&bytes);
        let mut sums = Self::default();
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            let pair = line.strip_suffix('\n').and_then(|line| line.split_once("  "));
            let is_sum = |sum: &str| sum.len() == 64 && sum.bytes().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f'));
            match pair.filter(|(sum, name)| is_sum(sum) && is_plain(name)) {
                Some((sum, name)) if !sums.0.contains_key(name) => {
                    sums.0.insert(name.to_owned(), sum.to_owned());
                }
                Some(_) | None => problems.push(format!("{SUMS}, line {number}: this is no checksum, or one too many")),
            }
        }
        Ok(sums)
    }
}

/// Whether a name stays within its folder.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0', ':']))
}

/// The paths of all files in a folder and those below it, but the file of the checksums.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, HouseError> {
    let mut names = Vec::new();
    collect(folder, "", &mut names)?;
    names.retain(|name| name != SUMS);
    names.sort();
    Ok(names)
}

fn collect(folder: &Path, before: &str, names: &mut Vec<String>) -> Result<(), HouseError> {
    for entry in std::fs::read_dir(folder).map_err(HouseError::io(folder))? {
        let entry = entry.map_err(HouseError::io(folder))?;
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(HouseError::io(folder))?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}
