//! Walks a pack file by the shapes of its format, and shows every value with all that is known of its place.
//!
//! The walk is over the TOML with spans, so that a value can be changed in the text where it stands. Deliberately absent: what a
//! value may be changed to (`super::changes`).

use openward_law::pack::format::FILE;
use openward_law::pack::shape::{Key, Shape, TableShape};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// A value with its span.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// The provision in which a value stands.
#[derive(Clone, Copy)]
pub(super) struct Owner<'w, 't> {
    /// Its kind and name: `order.s2`.
    pub(super) name: &'w str,
    /// Where the law gives it.
    pub(super) section: &'w str,
    /// All its versions.
    pub(super) versions: &'w DeArray<'t>,
    shape: &'static TableShape,
}

/// A value and its place.
pub(super) struct Spot<'w, 't> {
    /// The way to it, in words that stay the same when lines move: `order.s2 lasts.length`.
    pub(super) path: &'w str,
    /// The shape of the value itself, or of this item where it is one of a list.
    pub(super) shape: &'static Shape,
    /// Its key.
    pub(super) key: &'static Key,
    /// The shape of the table in which the key stands.
    pub(super) table_shape: &'static TableShape,
    /// That table.
    pub(super) table: &'w DeTable<'t>,
    /// The value.
    pub(super) value: &'w Value<'t>,
    /// The list of which it is an item.
    pub(super) list: Option<&'w DeArray<'t>>,
    /// The provision; none in the head and the vocabulary.
    pub(super) owner: Option<Owner<'w, 't>>,
}

/// Calls `see` for every value of a file that its format knows, tables and items of lists included.
pub(super) fn walk<'t>(file: &DeTable<'t>, see: &mut dyn FnMut(&Spot<'_, 't>)) {
    Walk { see }.table(file, &FILE, "", None);
}

struct Walk<'s, 't> {
    see: &'s mut dyn FnMut(&Spot<'_, 't>),
}

/// A key within its table.
#[derive(Clone, Copy)]
struct Within<'w, 't> {
    key: &'static Key,
    table_shape: &'static TableShape,
    table: &'w DeTable<'t>,
    list: Option<&'w DeArray<'t>>,
    owner: Option<Owner<'w, 't>>,
}

impl<'t> Walk<'_, 't> {
    fn table(&mut self, table: &DeTable<'t>, shape: &'static TableShape, path: &str, owner: Option<Owner<'_, 't>>) {
        for (name, value) in table.iter() {
            let Some(key) = shape.key(name.get_ref()) else { continue };
            let path = match path {
                "" => key.name.to_owned(),
                _ if path.contains(' ') => format!("{path}.{}", key.name),
                _ => format!("{path} {}", key.name),
            };
            self.value(value, &key.shape, &path, Within { key, table_shape: shape, table, list: None, owner });
        }
    }

    fn value(&mut self, value: &Value<'t>, shape: &'static Shape, path: &str, within: Within<'_, 't>) {
        match (shape, value.get_ref()) {
            (Shape::Many(inner) | Shape::List(inner), DeValue::Array(items)) => {
                for (at, item) in items.iter().enumerate() {
                    let path = format!("{path}[{}]", self::id(item).unwrap_or_else(|| (at + 1).to_string()));
                    self.value(item, inner, &path, Within { list: Some(items), ..within });
                }
            }
            (Shape::Many(inner), _) => self.value(value, inner, path, within),
            (Shape::Named(inner), DeValue::Table(names)) => {
                for (name, item) in names.iter() {
                    if let DeValue::Table(table) = item.get_ref() {
                        self.table(table, inner, &format!("{path}.{}", name.get_ref()), None);
                    }
                }
            }
            (Shape::Versioned(inner), DeValue::Table(names)) => {
                names.iter().for_each(|(name, versions)| self.versions(versions, inner, &format!("{path}.{}", name.get_ref())));
            }
            (Shape::Table(inner), DeValue::Table(table)) => {
                self.show(value, shape, path, within);
                self.table(table, inner, path, within.owner);
            }
            (Shape::Free, DeValue::Table(table)) => {
                if let Some(owner) = within.owner {
                    self.table(table, owner.shape, path, within.owner);
                }
            }
            _ => self.show(value, shape, path, within),
        }
    }

    fn versions(&mut self, value: &Value<'t>, shape: &'static TableShape, name: &str) {
        let DeValue::Array(versions) = value.get_ref() else { return };
        for (at, version) in versions.iter().enumerate() {
            let DeValue::Table(table) = version.get_ref() else { continue };
            let path = if versions.len() > 1 { format!("{name}#{}", at + 1) } else { name.to_owned() };
            let section = table.get("section").and_then(|section| section.get_ref().as_str()).unwrap_or_default();
            self.table(table, shape, &path, Some(Owner { name, section, versions, shape }));
        }
    }

    fn show(&mut self, value: &Value<'t>, shape: &'static Shape, path: &str, within: Within<'_, 't>) {
        let Within { key, table_shape, table, list, owner } = within;
        (self.see)(&Spot { path, shape, key, table_shape, table, value, list, owner });
    }
}

/// The name that an item of a list gives itself.
fn id(item: &Value<'_>) -> Option<String> {
    match item.get_ref() {
        DeValue::Table(table) => table.get("id").and_then(|id| id.get_ref().as_str()).map(str::to_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let file = DeTable::parse(text).expect("TOML");
        let mut paths = Vec::new();
        walk(file.get_ref(), &mut |spot| paths.push(spot.path.to_owned()));
        paths
    }

    #[test]
    fn a_path_names_the_version_the_need_and_the_place_in_a_list() {
        let text =
            "[[order.a]]\ntitle = \"A\"\n[[order.a]]\nneeds = [{ id = \"seen\", count = 2 }]\nstarts = [{ fact = [\"held\", \"left\"] }]\n";
        assert_eq!(
            paths(text),
            [
                "order.a#1 title",
                "order.a#2 needs[seen]",
                "order.a#2 needs[seen].id",
                "order.a#2 needs[seen].count",
                "order.a#2 starts[1]",
                "order.a#2 starts[1].fact[1]",
                "order.a#2 starts[1].fact[2]",
            ]
        );
    }

    #[test]
    fn a_variation_is_walked_by_the_shape_of_its_provision() {
        let text =
            "[[order.a]]\nvariations = [{ when = { age_under = 18 }, set = { status = \"held\", lasts = { length = \"3 days\" } } }]\n";
        let found = paths(text);
        assert!(found.contains(&"order.a variations[1].when.age_under".to_owned()), "{found:?}");
        assert!(found.contains(&"order.a variations[1].set.lasts.length".to_owned()), "{found:?}");
    }

    #[test]
    fn the_head_and_the_vocabulary_belong_to_no_provision() {
        let file = DeTable::parse("[pack]\nid = \"x\"\n[roles]\nnurse = { name = \"nurse\" }\n").expect("TOML");
        let mut seen = Vec::new();
        walk(file.get_ref(), &mut |spot| seen.push((spot.path.to_owned(), spot.owner.is_some())));
        assert_eq!(seen, [("pack".to_owned(), false), ("pack id".to_owned(), false), ("roles.nurse name".to_owned(), false)]);
    }
}
