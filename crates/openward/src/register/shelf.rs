//! The laws that a register folds its files under: every pack at hand, read before anything is written.
//!
//! Deliberately absent: leaving out a pack that does not load. Its files would have no forecast, and nobody would be told of what is due.

use std::collections::BTreeMap;
use std::sync::Arc;

use openward_law::engine::Law;
use openward_law::pack::Commencements;
use openward_register::derived::Laws;

use crate::failure::Failure;
use crate::packs::{BENCHMARK, Packs};

/// The laws.
pub(crate) struct Shelf {
    laws: BTreeMap<String, Arc<Law>>,
    usual: Option<Arc<Law>>,
}

impl Shelf {
    /// Reads every pack. `usual` is the law of files whose places name none.
    pub(crate) fn open(packs: &Packs, usual: Option<&str>) -> Result<Shelf, Failure> {
        let benchmark = packs.benchmark()?;
        let mut laws = BTreeMap::new();
        let mut problems = Vec::new();
        for name in packs.names().filter(|name| *name != BENCHMARK) {
            match packs.load(name, Some(&benchmark.pack), &Commencements::new()) {
                Ok(pack) if pack.benchmark => {}
                Ok(pack) => {
                    laws.insert(name.to_owned(), Arc::new(Law::new(pack)));
                }
                Err(Failure::Content(more)) => problems.extend(more),
                Err(other) => return Err(other),
            }
        }
        if !problems.is_empty() {
            return Err(Failure::Content(problems));
        }
        let usual = usual.map(|name| laws.get(name).cloned().ok_or_else(|| packs.unknown(name))).transpose()?;
        Ok(Shelf { laws, usual })
    }

    /// What the laws are called.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.laws.keys().map(String::as_str)
    }
}

impl Laws for Shelf {
    fn law(&self, id: &str) -> Option<Arc<Law>> {
        self.laws.get(id).cloned()
    }

    fn usual(&self) -> Option<Arc<Law>> {
        self.usual.clone()
    }
}
