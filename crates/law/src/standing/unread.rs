//! Words in entries that the law does not know: nothing that was written is passed over in silence.

use super::model::Unread;
use crate::engine::Items;
use crate::entry::FileKind;
use crate::pack::{Pack, nearest};

/// Every such word, with the nearest one the law knows.
pub(super) fn unread(items: &Items<'_>, pack: &Pack) -> Vec<Unread> {
    let mut found = Vec::new();
    for item in &items.list {
        let details = item.details();
        let mut look = |field: &str, word: &str| {
            if FileKind::of(word).is_none() && pack.words.find(word).is_none() {
                let near = nearest(word, pack.words.all()).map(str::to_owned);
                found.push(Unread { n: item.entry.n, field: field.to_owned(), word: word.to_owned(), nearest: near });
            }
        };
        let single = [
            ("as", &details.role),
            ("under", &details.under),
            ("instrument", &details.instrument),
            ("outcome", &details.outcome),
            ("kind", &details.kind),
            ("sex", &details.sex),
        ];
        for (field, word) in single {
            if let Some(word) = word {
                look(field, word);
            }
        }
        for (field, words) in [("to", &details.to), ("how", &details.how), ("contents", &details.contents), ("states", &details.states)] {
            words.iter().for_each(|word| look(field, word));
        }
        details.answers.iter().for_each(|(criterion, _)| look("answers", criterion));
    }
    found
}
