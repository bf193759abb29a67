//! What the failing disk wrote down, and what a power cut would have left of it.
//!
//! What was synced is there. Of every other write each part may be there or not, down to single sectors; of every other name (a file made,
//! renamed, removed) those up to some instant are there. So a cut may leave more states than any one file system would.
//! Deliberately absent: what is in the files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::Dice;

const SECTOR: usize = 512;

/// What happens to what was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// All of it is lost.
    All,
    /// Nothing is: the process died and the machine went on.
    Nothing,
    /// Some writes are lost, others not, in any order.
    Some,
    /// Sectors within each write are lost, others not.
    Torn,
}

impl Loss {
    pub(crate) const EACH: [Self; 4] = [Self::All, Self::Nothing, Self::Some, Self::Torn];
}

enum Op {
    Write { file: u32, at: usize, bytes: Vec<u8> },
    Cut { file: u32, size: usize },
    Sync { file: u32 },
    SyncFolder(String),
    Made { file: u32, path: String },
    Folder(String),
    Renamed { file: u32, from: String, to: String },
    Linked { file: u32, to: String },
    Removed(String),
    Mark(String),
}

impl Op {
    const fn file(&self) -> Option<u32> {
        match self {
            Self::Write { file, .. } | Self::Cut { file, .. } | Self::Sync { file } | Self::Made { file, .. } => Some(*file),
            Self::Renamed { file, .. } | Self::Linked { file, .. } => Some(*file),
            Self::SyncFolder(_) | Self::Folder(_) | Self::Removed(_) | Self::Mark(_) => None,
        }
    }
}

/// Everything that reached the disk, in order.
pub(crate) struct Recording {
    ops: Vec<Op>,
}

/// A name that came or went, in the folder that has to be synced for it to stay so.
enum Change<'a> {
    Named(&'a str, u32),
    Gone(&'a str),
    Folder(&'a str),
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl Recording {
    /// Reads what `disk.c` saved.
    pub(crate) fn read(mut bytes: &[u8]) -> Self {
        let mut ops = Vec::new();
        while let [op, rest @ ..] = bytes {
            let (head, rest) = rest.split_at(16);
            let file = u32::from_ne_bytes(head[..4].try_into().unwrap());
            let at = usize::try_from(u64::from_ne_bytes(head[4..12].try_into().unwrap())).unwrap();
            let (body, rest) = rest.split_at(usize::try_from(u32::from_ne_bytes(head[12..].try_into().unwrap())).unwrap());
            bytes = rest;
            let text = || String::from_utf8(body.to_vec()).unwrap();
            let two = || text().split_once('\0').map(|(from, to)| (from.to_owned(), to.to_owned())).unwrap();
            ops.push(match op {
                b'W' => Op::Write { file, at, bytes: body.to_vec() },
                b'T' => Op::Cut { file, size: at },
                b'S' => Op::Sync { file },
                b'D' => Op::SyncFolder(text()),
                b'C' => Op::Made { file, path: text() },
                b'M' => Op::Folder(text()),
                b'R' => Op::Renamed { file, from: two().0, to: two().1 },
                b'L' => Op::Linked { file, to: two().1 },
                b'U' => Op::Removed(text()),
                b'K' => Op::Mark(text()),
                other => panic!("{other} is nothing that the disk writes down"),
            });
        }
        Self { ops }
    }

    /// The same with a disk that lies: it never waited for what was written to files of this name.
    pub(crate) fn without_syncs_of(mut self, name: &str) -> Self {
        let is_it = |op: &Op| matches!(op, Op::Made { path, .. } if path == name);
        let files: BTreeSet<u32> = self.ops.iter().filter(|op| is_it(op)).filter_map(Op::file).collect();
        self.ops.retain(|op| !matches!(op, Op::Sync { file } if files.contains(file)));
        self
    }

    /// The instant after so many marks that begin with a word.
    pub(crate) fn after_marks(&self, word: &str, count: usize) -> usize {
        let is_one = |op: &Op| matches!(op, Op::Mark(text) if text.starts_with(word));
        let found = self.ops.iter().enumerate().filter(|(_, op)| is_one(op)).nth(count - 1);
        found.map(|(at, _)| at + 1).unwrap()
    }

    /// How many calls and marks there are.
    pub(crate) fn len(&self) -> usize {
        self.ops.len()
    }

    /// What the client had said by this instant.
    pub(crate) fn marks(&self, cut: usize) -> impl Iterator<Item = &str> {
        self.ops[..cut].iter().filter_map(|op| match op {
            Op::Mark(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// An instant: any, or as often one right after something was said or synced, where the most is at stake.
    pub(crate) fn instant(&self, dice: &mut Dice) -> usize {
        let any = dice.below(self.ops.len() as u64 + 1);
        let mut cut = usize::try_from(any).unwrap();
        if dice.below(2) == 0 {
            while cut > 0 && !matches!(self.ops[cut - 1], Op::Mark(_) | Op::Sync { .. }) {
                cut -= 1;
            }
        }
        cut
    }

    /// Puts into a folder what is left when the power goes at an instant.
    pub(crate) fn leave(&self, cut: usize, loss: Loss, dice: &mut Dice, into: &Path) {
        let (names, folders) = self.names(cut, loss, dice);
        let contents = self.contents(cut, loss, dice);
        for folder in &folders {
            std::fs::create_dir_all(into.join(folder)).unwrap();
        }
        for (path, file) in names {
            // The index of the write-ahead log is shared memory: nothing of it need be on the disk.
            if path.ends_with("-shm") && dice.below(2) == 0 {
                continue;
            }
            if parent(path).is_empty() || folders.contains(parent(path)) {
                std::fs::write(into.join(path), contents.get(&file).map_or(&[][..], Vec::as_slice)).unwrap();
            }
        }
    }

    fn changes(&self, cut: usize) -> Vec<(usize, &str, Change<'_>)> {
        let mut changes = Vec::new();
        for (at, op) in self.ops[..cut].iter().enumerate() {
            match op {
                Op::Made { file, path } | Op::Linked { file, to: path } => changes.push((at, parent(path), Change::Named(path, *file))),
                Op::Renamed { file, from, to } => {
                    changes.push((at, parent(to), Change::Named(to, *file)));
                    changes.push((at, parent(from), Change::Gone(from)));
                }
                Op::Removed(path) => changes.push((at, parent(path), Change::Gone(path))),
                Op::Folder(path) => changes.push((at, parent(path), Change::Folder(path))),
                Op::Write { .. } | Op::Cut { .. } | Op::Sync { .. } | Op::SyncFolder(_) | Op::Mark(_) => {}
            }
        }
        changes
    }

    fn names(&self, cut: usize, loss: Loss, dice: &mut Dice) -> (BTreeMap<&str, u32>, BTreeSet<&str>) {
        let mut synced: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, op) in self.ops[..cut].iter().enumerate() {
            if let Op::SyncFolder(path) = op {
                synced.insert(path, at);
            }
        }
        let until = match loss {
            Loss::All => 0,
            Loss::Nothing => cut,
            Loss::Some | Loss::Torn => usize::try_from(dice.below(cut as u64 + 1)).unwrap(),
        };
        let (mut names, mut folders) = (BTreeMap::new(), BTreeSet::new());
        for (at, folder, change) in self.changes(cut) {
            if at >= until && synced.get(folder).is_none_or(|synced| *synced < at) {
                continue;
            }
            match change {
                Change::Named(path, file) => drop(names.insert(path, file)),
                Change::Gone(path) => drop(names.remove(path)),
                Change::Folder(path) => drop(folders.insert(path)),
            }
        }
        (names, folders)
    }

    fn contents(&self, cut: usize, loss: Loss, dice: &mut Dice) -> BTreeMap<u32, Vec<u8>> {
        let mut synced: BTreeMap<u32, usize> = BTreeMap::new();
        for (at, op) in self.ops[..cut].iter().enumerate() {
            if let Op::Sync { file } = op {
                synced.insert(*file, at);
            }
        }
        let mut contents: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
        // So often, of eight times, is a write kept: in some cuts nearly all are, in some nearly none.
        let often = 1 + dice.below(7);
        for (at, op) in self.ops[..cut].iter().enumerate() {
            let (Op::Write { file, .. } | Op::Cut { file, .. }) = op else { continue };
            let is_synced = synced.get(file).is_some_and(|synced| *synced > at);
            let content = contents.entry(*file).or_default();
            match (op, if is_synced { Loss::Nothing } else { loss }) {
                (_, Loss::All) => {}
                (Op::Write { at, bytes, .. }, Loss::Nothing) => put(content, *at, bytes),
                (Op::Write { at, bytes, .. }, Loss::Some) => {
                    if dice.below(8) < often {
                        put(content, *at, bytes);
                    } else if dice.below(2) == 0 && content.len() < at + bytes.len() {
                        // The file had grown, and what was in it had not come yet.
                        content.resize(at + bytes.len(), 0);
                    }
                }
                (Op::Write { at, bytes, .. }, Loss::Torn) => {
                    let mut from = 0;
                    while from < bytes.len() {
                        let to = bytes.len().min(from + SECTOR - (at + from) % SECTOR);
                        if dice.below(8) < often {
                            put(content, at + from, &bytes[from..to]);
                        }
                        from = to;
                    }
                }
                (Op::Cut { size, .. }, Loss::Nothing) => content.resize(*size, 0),
                (Op::Cut { size, .. }, _) if dice.below(8) < often => content.resize(*size, 0),
                _ => {}
            }
        }
        contents
    }
}

fn put(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if content.len() < at + bytes.len() {
        content.resize(at + bytes.len(), 0);
    }
    content[at..at + bytes.len()].copy_from_slice(bytes);
}
