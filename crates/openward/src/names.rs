//! What a law calls things: the names that a pack gives to its words, for people to read.
//!
//! Deliberately absent: any name of our own. A word that the pack does not name is said as it is written.

use openward_law::pack::{Label, Need, Pack, Provision, Version, nearest};

use crate::words;

/// The names of a pack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'l> {
    pub(crate) pack: &'l Pack,
}

impl<'l> Names<'l> {
    /// A role, paper, order, criterion or other word, as the law calls it.
    pub(crate) fn word(&self, word: &str) -> String {
        let named = |labels: &'l [Label]| {
            labels.iter().find(|label| label.word == word).map(|label| label.name.as_str()).filter(|name| !name.is_empty())
        };
        named(&self.pack.roles)
            .or_else(|| titled(&self.pack.instruments, word))
            .or_else(|| titled(&self.pack.orders, word))
            .or_else(|| named(&self.pack.criteria))
            .or_else(|| named(&self.pack.labels))
            .or_else(|| named(&self.pack.regions))
            .map_or_else(|| words::plain(word), str::to_owned)
    }

    /// Each of them.
    pub(crate) fn each(&self, list: &[String]) -> Vec<String> {
        list.iter().map(|word| self.word(word)).collect()
    }

    /// What a word is in the law, with an article: `a paper`, `an order`. Empty where the law has no such word, or only within a provision.
    pub(crate) fn kinds_of(&self, word: &str) -> Vec<String> {
        let pack = self.pack;
        let one = |labels: &[Label]| labels.iter().any(|label| label.word == word);
        let kinds = [
            ("a role", one(&pack.roles)),
            ("a paper", pack.instruments.iter().any(|paper| paper.id == word)),
            ("an order", pack.orders.iter().any(|order| order.id == word)),
            ("a criterion", one(&pack.criteria)),
            ("a word for `kind`, `outcome`, `how` or `contents`", one(&pack.labels)),
            ("a region", one(&pack.regions)),
        ];
        kinds.into_iter().filter(|(_, is_one)| *is_one).map(|(kind, _)| kind.to_owned()).collect()
    }

    /// Every word that the law knows.
    pub(crate) fn all_words(&self) -> impl Iterator<Item = &'l str> {
        self.pack.words.all()
    }

    /// An order with its name in the pack: `Admission for assessment (s2)`.
    pub(crate) fn order(&self, id: &str) -> String {
        titled(&self.pack.orders, id).map_or_else(|| format!("`{id}`"), |title| format!("{title} ({id})"))
    }

    /// A duty or a right by its title, with its name in the pack.
    pub(crate) fn provision(&self, kind: &str, id: &str) -> String {
        let title = if kind == "duty" { titled(&self.pack.duties, id) } else { titled(&self.pack.entitlements, id) };
        title.map_or_else(|| format!("`{id}`"), |title| format!("`{}` ({id})", words::unstopped(title)))
    }

    /// What stands in question, in words: the name of the need, or what is meant where the engine asks of itself.
    pub(crate) fn matter(&self, id: &str) -> String {
        own_need(id).map_or_else(|| format!("`{}`", words::plain(id)), str::to_owned)
    }

    /// Whether it is asked by the engine of itself.
    pub(crate) fn is_own_need(&self, id: &str) -> bool {
        own_need(id).is_some()
    }

    /// The statutory forms of a paper on a day: ` (Form A2)`, ` (Form A3 or A4)`; empty if it has none.
    pub(crate) fn forms(&self, instrument: &str, day: jiff::civil::Date) -> String {
        let paper = self.pack.instruments.iter().find(|paper| paper.id == instrument);
        let forms: Vec<String> = paper
            .and_then(|paper| paper.on(day))
            .map(|version| version.body.forms.iter().map(|form| form.strip_prefix("Form ").unwrap_or(form).to_owned()).collect())
            .unwrap_or_default();
        if forms.is_empty() { String::new() } else { format!(" (Form {})", words::or(&forms)) }
    }

    /// The needs of a paper, in its text of a day.
    pub(crate) fn needs_of_paper(&self, instrument: &str, day: jiff::civil::Date) -> &'l [Need] {
        let paper = self.pack.instruments.iter().find(|paper| paper.id == instrument);
        paper.and_then(|paper| paper.on(day)).map_or(&[], |version| &version.body.needs)
    }

    /// The needs of an order, in its text of a day.
    pub(crate) fn needs_of_order(&self, order: &str, day: jiff::civil::Date) -> &'l [Need] {
        let order = self.pack.orders.iter().find(|provision| provision.id == order);
        order.and_then(|order| order.on(day)).map_or(&[], |version| &version.body.needs)
    }
}

/// What the engine asks of every order or paper, in words: no pack has a name for it.
fn own_need(id: &str) -> Option<&'static str> {
    Some(match id {
        "only-if" => "what must be so for it to begin",
        "lasts" => "how long it lasts",
        "late" => "done in time",
        "length" => "the length that the paper gives",
        "signed-before" => "signed before the act that relies on it",
        "signed-by" => "signed by somebody whom the law names",
        "good-for" => "relied on while the paper was good",
        _ => return None,
    })
}

/// What may have been meant by a word that is not known: the nearest, or those that share a part of it.
pub(crate) fn suggestion<'w>(word: &str, known: impl Iterator<Item = &'w str> + Clone) -> String {
    const SHOWN: usize = 5;
    if let Some(near) = nearest(word, known.clone()) {
        return format!(" Did you mean `{near}`?");
    }
    let parts: Vec<&str> = word.split('-').filter(|part| part.len() > 3).collect();
    let mut alike: Vec<String> = known.filter(|id| parts.iter().any(|part| id.contains(part))).map(|id| format!("`{id}`")).collect();
    alike.dedup();
    alike.truncate(SHOWN);
    if alike.is_empty() { String::new() } else { format!(" Did you mean {}?", words::or(&alike)) }
}

/// The title of a provision in its latest text in force.
fn titled<'p, B>(provisions: &'p [Provision<B>], id: &str) -> Option<&'p str> {
    let provision = provisions.iter().find(|provision| provision.id == id)?;
    in_force(provision).map(|version| version.head.title.as_str())
}

/// The latest text in force; one that only says that the provision is no more is no text.
pub(crate) fn in_force<B>(provision: &Provision<B>) -> Option<&Version<B>> {
    let in_force = provision.versions.iter().rev().find(|version: &&Version<B>| version.head.from.is_some() && !version.head.repeals);
    in_force.or_else(|| provision.versions.first())
}
