//! The words of a pack as symbols, so that the engine compares numbers.

use std::collections::HashMap;

use super::model::Sym;

/// Every word a pack knows. The same word is the same symbol whatever it names: an order `s2`, the paragraph `66(1)(a)`, a role.
#[derive(Debug, Clone, Default)]
pub struct Words {
    numbers: HashMap<Box<str>, Sym>,
    texts: Vec<Box<str>>,
}

impl Words {
    /// The symbol of a word, made if new.
    pub fn intern(&mut self, word: &str) -> Sym {
        if let Some(sym) = self.numbers.get(word) {
            return *sym;
        }
        let sym = Sym(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(word.into());
        self.numbers.insert(word.into(), sym);
        sym
    }

    /// The symbol of a word, if the pack knows it.
    pub fn find(&self, word: &str) -> Option<Sym> {
        self.numbers.get(word).copied()
    }

    /// The word of a symbol.
    pub fn text(&self, sym: Sym) -> &str {
        self.texts.get(sym.0 as usize).map_or("", |text| text)
    }

    /// Every word.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|text| &**text)
    }
}
