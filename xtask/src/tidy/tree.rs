//! The files of the repository as the rules see them: paths from the top, with `/`, and their text.
//!
//! What `.gitignore` leaves out is left out here, as far as its lines are plain: `/name`, `name`, `*.end`.
//! Deliberately absent: any rule, and git itself, because a copy without its history must be as tidy.

use std::path::Path;

/// All files, sorted by path.
pub(super) struct Tree {
    files: Vec<File>,
}

/// One file.
pub(super) struct File {
    pub(super) path: String,
    /// The text; bytes that are not text are replaced.
    pub(super) text: String,
}

impl Tree {
    /// A tree of these files.
    pub(super) fn new(mut files: Vec<File>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files }
    }

    /// All files, in order of path.
    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    /// All files whose name ends so.
    pub(super) fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.ends_with(end))
    }

    /// One file.
    pub(super) fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether there is such a folder (with something in it).
    pub(super) fn has_folder(&self, path: &str) -> bool {
        let path = format!("{}/", path.trim_end_matches('/'));
        self.files.iter().any(|file| file.path.starts_with(&path))
    }

    /// The folders that lie directly in this one (`""` for the top), each once.
    pub(super) fn folders_in(&self, path: &str) -> Vec<&str> {
        let start = if path.is_empty() { String::new() } else { format!("{path}/") };
        let mut folders: Vec<&str> = Vec::new();
        for file in &self.files {
            if let Some((folder, _)) = file.path.strip_prefix(&start).and_then(|rest| rest.split_once('/'))
                && folders.last() != Some(&folder)
            {
                folders.push(folder);
            }
        }
        folders.dedup();
        folders
    }
}

impl File {
    /// The first line (from 1) that begins with this word; 0 where none does.
    pub(super) fn line_of_key(&self, key: &str) -> usize {
        let begins = |line: &str| line.trim_start().strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '=', '.']));
        self.text.lines().position(begins).map_or(0, |index| index + 1)
    }
}

/// Reads the repository.
pub(super) fn read(root: &Path) -> Result<Tree, String> {
    let ignored = std::fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    let mut files = Vec::new();
    read_folder(root, "", &ignored, &mut files)?;
    Ok(Tree::new(files))
}

fn read_folder(root: &Path, folder: &str, ignored: &str, files: &mut Vec<File>) -> Result<(), String> {
    let here = root.join(folder);
    let unreadable = |error| format!("{} cannot be read: {error}", here.display());
    for entry in std::fs::read_dir(&here).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if name == ".git" || is_ignored(ignored, &path, &name) {
            continue;
        }
        // Links are not followed: what they lead to is either in the tree by itself or not part of it.
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() {
            read_folder(root, &path, ignored, files)?;
        } else if kind.is_file() {
            let bytes = std::fs::read(root.join(&path)).map_err(|error| format!("{path} cannot be read: {error}"))?;
            files.push(File { path, text: String::from_utf8_lossy(&bytes).into_owned() });
        }
    }
    Ok(())
}

fn is_ignored(ignored: &str, path: &str, name: &str) -> bool {
    ignored.lines().map(|line| line.trim().trim_end_matches('/')).filter(|line| !line.is_empty()).any(|line| {
        if let Some(from_top) = line.strip_prefix('/') {
            path == from_top
        } else if let Some(end) = line.strip_prefix('*') {
            name.ends_with(end)
        } else {
            name == line
        }
    })
}

/// A small tree for the tests of the rules.
#[cfg(test)]
pub(super) fn of(files: &[(&str, &str)]) -> Tree {
    Tree::new(files.iter().map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_those_that_hold_a_file() {
        let tree = of(&[("crates/law/Cargo.toml", ""), ("crates/law/src/lib.rs", ""), ("README.md", ""), ("docs/a.md", "")]);
        assert_eq!(tree.folders_in(""), ["crates", "docs"]);
        assert_eq!(tree.folders_in("crates"), ["law"]);
        assert!(tree.has_folder("crates/law/src"));
        assert!(tree.has_folder("crates/law/"));
        assert!(!tree.has_folder("crates/la"));
    }

    #[test]
    fn ignored_files_are_left_out_as_gitignore_says() {
        let ignored = "/target\n*.snap.new\nnode_modules/\n";
        assert!(is_ignored(ignored, "target", "target"));
        assert!(!is_ignored(ignored, "law/target", "target"));
        assert!(is_ignored(ignored, "crates/a.snap.new", "a.snap.new"));
        assert!(is_ignored(ignored, "e2e/node_modules", "node_modules"));
        assert!(!is_ignored(ignored, "README.md", "README.md"));
    }

    #[test]
    fn a_key_is_found_at_the_beginning_of_its_line() {
        let tree = of(&[("Cargo.toml", "[dependencies]\nserde_json = \"1\"\nserde.workspace = true\n")]);
        assert_eq!(tree.get("Cargo.toml").map(|file| file.line_of_key("serde")), Some(3));
        assert_eq!(tree.get("Cargo.toml").map(|file| file.line_of_key("toml")), Some(0));
    }
}
