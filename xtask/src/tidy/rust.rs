//! Rust text with its comments, its quoted texts and its tests told apart, so that a rule looks only where it means to.
//!
//! Deliberately absent: parsing. A rule here looks for words, and for that it is enough to know what is a comment, what is a
//! quoted text, and where an item marked as a test ends.

use std::collections::BTreeSet;

use super::tree::Tree;

/// One Rust file outside its tests. What is left out is spaces, so that lines and columns stay.
pub(super) struct Rust {
    /// Neither comments nor the inside of quoted texts.
    pub(super) code: String,
    /// No comments, but quoted texts.
    pub(super) spoken: String,
    /// The quoted texts, each with its line.
    pub(super) quoted: Vec<(usize, String)>,
    /// Modules in files of their own that are only compiled for tests.
    test_modules: Vec<String>,
}

/// Reads one file.
pub(super) fn read(text: &str) -> Rust {
    let chars: Vec<char> = text.chars().collect();
    let mut code = chars.clone();
    let mut spoken = chars.clone();
    let mut quotes: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let end = match piece(&chars, at) {
            Piece::Comment(end) => {
                blank(&mut code, at, end);
                blank(&mut spoken, at, end);
                end
            }
            Piece::Quoted { from, to, end } => {
                blank(&mut code, from, to);
                quotes.push((from, to));
                end
            }
            Piece::Other(end) => end,
        };
        at = end;
    }
    let mut test_modules = Vec::new();
    for (from, to) in tests(&code) {
        test_modules.extend(module_elsewhere(&code[from..to]));
        blank(&mut code, from, to);
        blank(&mut spoken, from, to);
    }
    let mut quoted = Vec::new();
    let (mut line, mut counted) = (1, 0);
    for (from, to) in quotes {
        line += chars[counted..from].iter().filter(|c| **c == '\n').count();
        counted = from;
        if spoken[from..to] == chars[from..to] {
            quoted.push((line, chars[from..to].iter().collect()));
        }
    }
    Rust { code: code.into_iter().collect(), spoken: spoken.into_iter().collect(), quoted, test_modules }
}

/// The paths of files and folders under this folder that are only compiled for tests.
pub(super) fn test_paths(tree: &Tree, folder: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for file in tree.ending(".rs").filter(|file| file.path.starts_with(folder)) {
        let Some((parent, name)) = file.path.rsplit_once('/') else {
            continue;
        };
        let stem = name.trim_end_matches(".rs");
        let within = if matches!(stem, "lib" | "main" | "mod") { parent.to_owned() } else { format!("{parent}/{stem}") };
        for module in read(&file.text).test_modules {
            paths.insert(format!("{within}/{module}.rs"));
            paths.insert(format!("{within}/{module}/"));
        }
    }
    paths
}

/// Whether a file is one of those, or in one of those folders.
pub(super) fn is_test(paths: &BTreeSet<String>, path: &str) -> bool {
    paths.iter().any(|test| path == test || (test.ends_with('/') && path.starts_with(test.as_str())))
}

enum Piece {
    Comment(usize),
    Quoted { from: usize, to: usize, end: usize },
    Other(usize),
}

/// The piece that begins here.
fn piece(chars: &[char], at: usize) -> Piece {
    let next = |ahead: usize| chars.get(at + ahead).copied();
    match (chars[at], next(1)) {
        ('/', Some('/')) => Piece::Comment(find(chars, at, |c| c == '\n')),
        ('/', Some('*')) => Piece::Comment(end_of_block(chars, at)),
        ('"', _) => {
            let to = end_of_quote(chars, at + 1, '"');
            Piece::Quoted { from: at + 1, to, end: to + 1 }
        }
        ('r', Some('"' | '#')) if !is_tail_of_word(chars, at) => raw(chars, at),
        // A quote mark that begins a character; otherwise it begins a lifetime.
        ('\'', Some('\\')) => Piece::Other(end_of_quote(chars, at + 1, '\'') + 1),
        ('\'', Some(_)) if next(2) == Some('\'') => Piece::Other(at + 3),
        _ => Piece::Other(at + 1),
    }
}

fn raw(chars: &[char], at: usize) -> Piece {
    let from = find(chars, at + 1, |c| c != '#');
    if chars.get(from) != Some(&'"') {
        return Piece::Other(from);
    }
    let hashes = from - at - 1;
    let mut to = from + 1;
    while to < chars.len() && !(chars[to] == '"' && chars[to + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes) {
        to += 1;
    }
    Piece::Quoted { from: from + 1, to, end: (to + 1 + hashes).min(chars.len()) }
}

/// Whether the `r` here ends a longer word; `br` and `cr` also begin a raw text.
fn is_tail_of_word(chars: &[char], at: usize) -> bool {
    let is_word = |index: Option<usize>| index.and_then(|index| chars.get(index)).is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let before = at.checked_sub(1);
    if before.and_then(|index| chars.get(index)).is_some_and(|c| matches!(c, 'b' | 'c')) {
        return is_word(at.checked_sub(2));
    }
    is_word(before)
}

fn find(chars: &[char], from: usize, wanted: impl Fn(char) -> bool) -> usize {
    chars.iter().skip(from).position(|c| wanted(*c)).map_or(chars.len(), |ahead| from + ahead)
}

fn end_of_quote(chars: &[char], from: usize, mark: char) -> usize {
    let mut at = from;
    while at < chars.len() && chars[at] != mark {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at.min(chars.len())
}

fn end_of_block(chars: &[char], from: usize) -> usize {
    let mut depth = 0;
    let mut at = from;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) if depth == 1 => return at + 2,
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    chars.len()
}

fn blank(chars: &mut [char], from: usize, to: usize) {
    for c in chars.iter_mut().take(to).skip(from).filter(|c| **c != '\n') {
        *c = ' ';
    }
}

/// Where the items marked as tests begin and end.
fn tests(code: &[char]) -> Vec<(usize, usize)> {
    let starts_with = |at: usize, mark: &str| mark.chars().enumerate().all(|(ahead, c)| code.get(at + ahead) == Some(&c));
    let mut found = Vec::new();
    let mut at = 0;
    while at < code.len() {
        if starts_with(at, "#![cfg(test)]") {
            return vec![(0, code.len())];
        }
        if starts_with(at, "#[cfg(test)]") || starts_with(at, "#[test]") {
            let end = end_of_item(code, at);
            found.push((at, end));
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

/// The end of an item with the attributes before it: its closing brace, or its semicolon outside any bracket.
fn end_of_item(code: &[char], from: usize) -> usize {
    let mut brackets = 0;
    let mut braces = 0;
    for (at, c) in code.iter().enumerate().skip(from) {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces == 0 && brackets == 0 {
                    return at + 1;
                }
            }
            ';' if braces == 0 && brackets == 0 => return at + 1,
            _ => {}
        }
        // The bracket of what the item stands in: it was a field or an arm, and ends here.
        if braces < 0 || brackets < 0 {
            return at;
        }
    }
    code.len()
}

/// The module's name where the item is `mod name;`.
fn module_elsewhere(item: &[char]) -> Option<String> {
    let item: String = item.iter().collect();
    let (_, name) = item.strip_suffix(';')?.rsplit_once("mod ")?;
    (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    #[test]
    fn comments_and_quoted_texts_are_told_from_code() {
        let rust = read("let a = \"in // text\"; // std::fs\n/* x /* y */ z */ let b = 'c'; let l: &'static str = r#\"a \"b\"\"#;\n");
        assert_eq!(rust.code.lines().next().map(str::trim_end), Some("let a = \"          \";"));
        assert!(!rust.code.contains('y') && !rust.code.contains('z'));
        assert!(rust.code.contains("let b = 'c'; let l: &'static str = r#\""));
        assert!(rust.spoken.contains("in // text") && !rust.spoken.contains("std::fs"));
        assert_eq!(rust.quoted, [(1, "in // text".to_owned()), (2, "a \"b\"".to_owned())]);
    }

    #[test]
    fn an_escaped_quote_ends_no_text() {
        let rust = read("let a = \"x\\\"y\"; let q = '\"'; let e = '\\''; fs");
        assert_eq!(rust.quoted, [(1, "x\\\"y".to_owned())]);
        assert!(rust.code.ends_with("fs"));
    }

    #[test]
    fn tests_are_left_out_and_lines_stay() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { \"28 days\" }\n}\nfn c() {}\n#[test]\nfn d() { x[1]; }\nfn e() {}\n";
        let rust = read(text);
        assert!(!rust.code.contains("fn b") && !rust.code.contains("fn d"));
        assert!(rust.code.contains("fn a") && rust.code.contains("fn c") && rust.code.contains("fn e"));
        assert!(rust.quoted.is_empty());
        assert_eq!(rust.code.lines().count(), text.lines().count());
    }

    #[test]
    fn a_field_for_tests_ends_with_what_it_stands_in() {
        let rust = read("struct A {\n    a: u8,\n    #[cfg(test)]\n    b: u8,\n}\nfn c() {}\n");
        assert!(rust.code.contains("a: u8") && !rust.code.contains("b: u8") && rust.code.contains("}\nfn c()"));
    }

    #[test]
    fn a_test_module_in_another_file_is_known() {
        let tree = of(&[
            ("crates/law/src/fold.rs", "#[cfg(test)]\nmod slow;\nfn a() {}"),
            ("crates/law/src/fold/slow.rs", ""),
            ("crates/law/src/lib.rs", "#[cfg(test)]\npub(crate) mod given;\nmod fold;"),
        ]);
        let paths = test_paths(&tree, "crates/law/");
        assert!(is_test(&paths, "crates/law/src/fold/slow.rs"));
        assert!(is_test(&paths, "crates/law/src/given/deep/x.rs"));
        assert!(!is_test(&paths, "crates/law/src/fold.rs"));
        assert!(!is_test(&paths, "crates/law/src/slow.rs"));
    }
}
