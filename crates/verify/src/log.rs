//! Checking a whole public log: every leaf, every tile, older checkpoints, and receipts whose entries must be in it.
//!
//! Deliberately absent: the entries behind the leaves, which are not public. A copy of a file brings its own; each entry's hash is
//! looked for here as a receipt's is.

use std::collections::BTreeMap;
use std::path::Path;

use openward_seal::digest::NodeHash;
use openward_seal::merkle::leaf;
use openward_seal::receipt::{self, Stage};
use openward_seal::tiles::TileError;
use openward_seal::tiles::whole::{self, Head, Wrong};

use crate::args::Args;
use crate::folder::Folder;
use crate::receipt::{file, trust, vouched, witnesses};
use crate::report::Report;

/// `openward-verify log`
pub(crate) fn check(args: &Args, path: &Path) -> Result<Report, Report> {
    let trust = trust(args)?;
    let log_alone = openward_seal::checkpoint::Trust::new(args.keys.clone()).map_err(Report::usage)?;
    let folder = Folder(path.to_owned());
    let bytes = folder.checkpoint().map_err(|error| Report::unreadable(format!("{}: {error}", path.join("checkpoint").display())))?;
    let newest = trust.open(&bytes).map_err(Report::wrong)?;
    let mut report = Report::new();

    let mut heads: Vec<Head> = Vec::new();
    for older in &args.older {
        heads.push(vouched(older, &log_alone)?.head());
    }
    // The leaf of each receipt, and where it was found.
    let mut wanted: BTreeMap<NodeHash, Option<u64>> = BTreeMap::new();
    let mut receipts = Vec::new();
    for name in &args.receipts {
        let stage = receipt::open(&file(name)?, &log_alone).map_err(|error| Report::wrong(format!("{}: {error}", name.display())))?;
        let entry = match stage {
            Stage::Acknowledged(acknowledgement) => acknowledgement.entry,
            Stage::Logged(proved) => {
                heads.push(proved.checkpoint.head());
                proved.acknowledgement.entry
            }
        };
        wanted.insert(leaf(&entry), None);
        receipts.push((name, leaf(&entry)));
    }

    let head = newest.head();
    let look = |index, leaf: NodeHash| {
        if let Some(found) = wanted.get_mut(&leaf) {
            found.get_or_insert(index);
        }
    };
    whole::check(&folder, head, &heads, look).map_err(wrong)?;
    report.prove(format!("The log `{}` signed {} entries, and every leaf and tile in the folder fits.", trust.origin(), head.size));
    if folder.has_bundles() {
        whole::check_bundles(&folder, head.size).map_err(wrong)?;
        report.prove("The records published beside the hashes are those of the leaves.");
    }
    witnesses(&mut report, args, &newest);
    for (name, older) in args.older.iter().zip(&heads) {
        report.prove(format!("The log only grew since {}, when it had {} entries.", name.display(), older.size));
    }
    for (name, leaf) in receipts {
        match wanted.get(&leaf).copied().flatten() {
            Some(index) => report.prove(format!("The entry of {} is in the log, as leaf {index}.", name.display())),
            None => report.miss(format!(
                "That the entry of {} is in the log. It is not in this copy: if the copy is newer than the receipt, an entry that was \
                 acknowledged was left out. Keep the receipt, it is proof.",
                name.display()
            )),
        }
    }
    if args.older.is_empty() {
        report.leave("That the log was not written anew as a whole. Give a checkpoint from another time with `--older`.");
    }
    report.leave("Which files the leaves belong to, and what the entries say. The log holds hashes and nothing else.");
    report.leave("That nothing was left out before it was put on the register.");
    Ok(report)
}

/// What cannot be read is told apart from what is wrong.
fn wrong(error: Wrong<std::io::Error>) -> Report {
    match error {
        Wrong::Tile(TileError::Source(..)) => Report::unreadable(error),
        Wrong::Tile(_) | Wrong::Leaves { .. } | Wrong::Root { .. } | Wrong::Older { .. } | Wrong::Shrunk { .. } | Wrong::Record { .. } => {
            Report::wrong(error)
        }
    }
}
