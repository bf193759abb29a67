//! The laws of the workspace, as they stand and with their amendments taken to be in force.

use std::path::PathBuf;

use openward_law::engine::Law;
use openward_law::pack::{Commencements, Pack, PackFile, load, load_with};

/// The countries whose packs are folded.
pub(crate) const COUNTRIES: &[&str] = &["gb-eaw", "ie", "in"];

/// The files of a pack, in the order of their names.
pub(crate) fn files(name: &str) -> Vec<PackFile> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../law").join(name);
    let mut files: Vec<PackFile> = std::fs::read_dir(&folder)
        .expect("the pack's folder is there")
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| PackFile {
            name: path.file_name().expect("a file has a name").to_string_lossy().into_owned(),
            text: std::fs::read_to_string(&path).expect("a pack file can be read"),
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// The international standard.
pub(crate) fn benchmark() -> Pack {
    load(&files("un-1991"), None).expect("the standard loads")
}

/// A country's pack as it stands.
pub(crate) fn pack(name: &str) -> Pack {
    load(&files(name), Some(&benchmark())).unwrap_or_else(|problems| panic!("{name} loads:\n{}", problems[0]))
}

/// A country's pack with every amendment that is not in force commenced on a day.
pub(crate) fn rehearsed(name: &str, day: &str) -> Pack {
    let now = pack(name);
    let day = day.parse().expect("a day");
    let commencements: Commencements =
        now.amendments.iter().filter(|amendment| amendment.commenced.is_none()).map(|amendment| (amendment.id.clone(), day)).collect();
    load_with(&files(name), Some(&benchmark()), &commencements).unwrap_or_else(|problems| panic!("{name} loads:\n{}", problems[0]))
}

/// A made-up law with the constructs that no country's pack uses, or hardly.
pub(crate) fn made_up() -> Law {
    let text = include_str!("../made-up/made-up.toml").to_owned();
    let files = [PackFile { name: "made-up.toml".to_owned(), text }];
    Law::new(load(&files, None).unwrap_or_else(|problems| panic!("the made-up law loads:\n{}", problems[0])))
}

/// Every law that random case files are folded under.
pub(crate) fn laws() -> Vec<Law> {
    let as_they_stand = COUNTRIES.iter().map(|name| pack(name));
    let ahead = COUNTRIES.iter().map(|name| rehearsed(name, "2025-03-10"));
    as_they_stand.chain(ahead).map(Law::new).chain([made_up()]).collect()
}
