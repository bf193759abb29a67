//! Every text of every provision of a pack with its numbers in words, kind by kind.

use openward_law::pack::{Head, Kind, Need, Pack, Provision};

use super::numbers::Numbers;

/// One text of a provision.
#[derive(Debug)]
pub(super) struct Said<'p> {
    pub(super) head: &'p Head,
    pub(super) numbers: Vec<String>,
    pub(super) needs: &'p [Need],
    /// For whom the text is another, and how: the numbers of each variation.
    pub(super) variations: Vec<Vec<String>>,
}

/// All of them, in the order in which a pack is shown.
pub(super) fn all(pack: &Pack) -> Vec<Said<'_>> {
    let mut found = Vec::new();
    for kind in Kind::ALL {
        match kind {
            Kind::Order => each(pack, &pack.orders, *kind, &mut found),
            Kind::Instrument => each(pack, &pack.instruments, *kind, &mut found),
            Kind::Duty => each(pack, &pack.duties, *kind, &mut found),
            Kind::Entitlement => each(pack, &pack.entitlements, *kind, &mut found),
            Kind::Limit => each(pack, &pack.limits, *kind, &mut found),
            Kind::Clock => each(pack, &pack.clocks, *kind, &mut found),
            Kind::Effect | Kind::Outcome => each(pack, &pack.effects, *kind, &mut found),
            Kind::Safeguard => each(pack, &pack.safeguards, *kind, &mut found),
        }
    }
    found
}

fn each<'p, B: Numbers>(pack: &'p Pack, provisions: &'p [Provision<B>], kind: Kind, found: &mut Vec<Said<'p>>) {
    for version in provisions.iter().flat_map(|provision| &provision.versions).filter(|version| version.head.kind == kind) {
        found.push(Said {
            head: &version.head,
            numbers: version.body.numbers(pack),
            needs: version.body.needs(),
            variations: version.variations.iter().map(|(_, body)| body.numbers(pack)).collect(),
        });
    }
}
