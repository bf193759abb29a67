//! What the `Cargo.toml` files say: the members of the workspace and what each depends on.
//!
//! Deliberately absent: features and versions. No rule here asks about them.

use toml::{Table, Value};

use super::tree::{File, Tree};

/// One crate of the workspace.
pub(super) struct Member<'a> {
    /// The folder, from the top.
    pub(super) folder: String,
    /// The package's name.
    pub(super) name: String,
    /// Its `Cargo.toml`.
    pub(super) file: &'a File,
    /// What it depends on, for building, for tests and in itself.
    pub(super) needs: Vec<Need>,
}

/// One dependency of a member.
pub(super) struct Need {
    pub(super) name: String,
    /// Whether its version comes from the table of the workspace.
    pub(super) shared: bool,
}

/// One row of `[workspace.dependencies]`.
pub(super) struct Shared {
    pub(super) name: String,
    /// Whether it is one of our own crates.
    pub(super) ours: bool,
}

/// The members of the workspace, in order of folder.
pub(super) fn members(tree: &Tree) -> Vec<Member<'_>> {
    let root = tree.get("Cargo.toml").and_then(parse).unwrap_or_default();
    let listed = root.get("workspace").and_then(|workspace| workspace.get("members")).and_then(Value::as_array);
    let listed: Vec<&str> = listed.into_iter().flatten().filter_map(Value::as_str).collect();
    let is_member = |folder: &str| {
        listed.iter().any(|member| match member.strip_suffix("/*") {
            Some(parent) => folder.rsplit_once('/').is_some_and(|(before, _)| before == parent),
            None => *member == folder,
        })
    };
    let mut members = Vec::new();
    for file in tree.ending("/Cargo.toml") {
        let folder = file.path.trim_end_matches("/Cargo.toml");
        let Some(manifest) = parse(file).filter(|_| is_member(folder)) else {
            continue;
        };
        let name = manifest.get("package").and_then(|package| package.get("name")).and_then(Value::as_str);
        let name = name.unwrap_or(folder).to_owned();
        members.push(Member { folder: folder.to_owned(), name, file, needs: needs(&manifest) });
    }
    members
}

/// The rows of `[workspace.dependencies]`.
pub(super) fn shared(tree: &Tree) -> Vec<Shared> {
    let root = tree.get("Cargo.toml").and_then(parse).unwrap_or_default();
    let table = root.get("workspace").and_then(|workspace| workspace.get("dependencies")).and_then(Value::as_table);
    let row = |(name, value): (&String, &Value)| Shared { name: name.clone(), ours: value.get("path").is_some() };
    table.into_iter().flatten().map(row).collect()
}

fn needs(manifest: &Table) -> Vec<Need> {
    let platforms = manifest.get("target").and_then(Value::as_table).into_iter().flatten().filter_map(|(_, value)| value.as_table());
    let mut needs = Vec::new();
    for table in std::iter::once(manifest).chain(platforms) {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, value) in table.get(kind).and_then(Value::as_table).into_iter().flatten() {
                let shared = value.get("workspace").and_then(Value::as_bool) == Some(true);
                needs.push(Need { name: name.clone(), shared });
            }
        }
    }
    needs
}

/// A file that does not parse has no members; cargo itself says what is wrong with it.
fn parse(file: &File) -> Option<Table> {
    file.text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::tree::of;
    use super::*;

    #[test]
    fn members_are_those_that_the_workspace_lists() {
        let tree = of(&[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"crates/*\", \"xtask\"]\n[workspace.dependencies]\na = { path = \"crates/a\" }\nb = \"1\"\n",
            ),
            ("crates/a/Cargo.toml", "[package]\nname = \"our-a\"\n[dependencies]\nb.workspace = true\n[dev-dependencies]\nc = \"1\"\n"),
            ("xtask/Cargo.toml", "[package]\nname = \"xtask\"\n[target.'cfg(unix)'.dependencies]\nd = \"1\"\n"),
            ("fuzz/Cargo.toml", "[package]\nname = \"fuzz\"\n"),
        ]);
        let members = members(&tree);
        let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["our-a", "xtask"]);
        let needs: Vec<(&str, bool)> =
            members.iter().flat_map(|member| &member.needs).map(|need| (need.name.as_str(), need.shared)).collect();
        assert_eq!(needs, [("b", true), ("c", false), ("d", false)]);
        let shared: Vec<(String, bool)> = shared(&tree).into_iter().map(|row| (row.name, row.ours)).collect();
        assert_eq!(shared, [("a".to_owned(), true), ("b".to_owned(), false)]);
    }
}
