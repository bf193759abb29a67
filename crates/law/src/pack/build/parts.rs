//! Builds patterns, conditions, periods, windows and needs.

use super::{Builder, T, status_of};
use crate::entry::FactKind;
use crate::pack::anchor::{Anchor, Base, Grain};
use crate::pack::model::*;
use crate::pack::node::Node;
use crate::pack::problem::Problem;
use crate::time::{self, Count, Length, Roll};

impl Builder {
    /// The outcomes of a pattern; the pack keeps them all, so that an entry with another is found.
    fn outcomes(&mut self, table: &T<'_>) -> Vec<Sym> {
        let outcomes = self.syms(table, "outcome");
        self.outcomes.extend(&outcomes);
        outcomes
    }

    pub(in crate::pack) fn pattern(&mut self, node: &Node) -> Pattern {
        let table = T::of(node);
        let mut facts: u128 = table.texts("fact").filter_map(FactKind::from_word).fold(0, |set, fact| set | fact_bit(fact));
        let event = match table.text("event") {
            Some("started") => Some((Event::Started, "order")),
            Some("renewed") => Some((Event::Renewed, "order")),
            Some("ended") => Some((Event::Ended, "order")),
            Some("expired") => Some((Event::Expired, "order")),
            Some("returned-late") => Some((Event::ReturnedLate, "order")),
            Some("met") => Some((Event::Met, "duty")),
            Some("lapsed") => Some((Event::Lapsed, "duty")),
            Some("used") => Some((Event::Used, "entitlement")),
            _ => None,
        };
        let instrument = self.syms(&table, "instrument");
        if facts == 0 && event.is_none() {
            if instrument.is_empty() {
                let problem = Problem::new(node.place.clone(), "this pattern names neither a fact nor an event nor an instrument");
                self.problems.push(problem.help("Say `fact = …`, `event = …` or `instrument = …`."));
            }
            facts = fact_bit(FactKind::Signed) | fact_bit(FactKind::CourtOrdered);
        }
        if facts != 0 && event.is_some() {
            self.problems.push(Problem::new(node.place.clone(), "a pattern looks at a fact or at an event, not both"));
        }
        if let Some((_, kind)) = event
            && let Some(wrong) = ["order", "duty", "entitlement"].into_iter().find(|key| *key != kind && table.get(key).is_some())
        {
            let problem = Problem::new(node.place.clone(), format!("this event is of the kind `{kind}`, and `{wrong}` names another"));
            self.problems.push(problem.help(format!("Say `{kind} = …`, or leave it out for any.")));
        }
        Pattern {
            looks: match event {
                Some((event, kind)) => Looks::Events(event, self.numbers(kind, &table, kind)),
                None => Looks::Entries(facts),
            },
            instrument,
            under: self.syms(&table, "under"),
            by: self.syms(&table, "by"),
            to: self.syms(&table, "to"),
            reaches: self.syms(&table, "reaches"),
            outcome: self.outcomes(&table),
            kind: self.syms(&table, "kind"),
            how: self.syms(&table, "how"),
            contents: self.syms(&table, "contents"),
            states: self.syms(&table, "states"),
            understood: table.flag("understood"),
            of_instance: table.text("of").is_some(),
            nth: table.number("nth"),
            if_: table.get("if").map(|node| Box::new(self.condition(node))),
            unless: table.get("unless").map(|node| Box::new(self.condition(node))),
            since: self.anchor_at(&table, "since"),
            withdrawn: table.flag("withdrawn"),
            window: table.get("window").map(|node| self.window(node)),
            name: table.string("name"),
            section: table.string("section"),
        }
    }

    pub(in crate::pack) fn patterns(&mut self, table: &T<'_>, key: &str) -> Vec<Pattern> {
        table.items(key).iter().map(|node| self.pattern(node)).collect()
    }

    pub(in crate::pack) fn condition(&mut self, node: &Node) -> Condition {
        let table = T::of(node);
        let statuses = |key: &str| table.texts(key).map(status_of).collect();
        Condition {
            running: self.numbers("order", &table, "running"),
            not_running: self.numbers("order", &table, "not_running"),
            status: statuses("status"),
            not_status: statuses("not_status"),
            not_other_than: self.numbers("order", &table, "not_other_than"),
            inpatient: table.flag("inpatient"),
            absent: table.flag("absent"),
            age_under: table.number("age_under"),
            sex: self.syms(&table, "sex"),
            region: self.syms(&table, "region"),
            emergency: self.syms(&table, "emergency"),
            happened: self.patterns(&table, "happened"),
            not_happened: self.patterns(&table, "not_happened"),
        }
    }

    pub(in crate::pack) fn condition_at(&mut self, table: &T<'_>, key: &str) -> Option<Condition> {
        table.get(key).map(|node| self.condition(node))
    }

    pub(in crate::pack) fn period(&mut self, node: &Node) -> Period {
        let table = T::of(node);
        let list = |builder: &mut Builder, key: &str| table.items(key).iter().map(|item| builder.period(item)).collect::<Vec<_>>();
        let shape = if table.get("earliest").is_some() {
            PeriodShape::Earliest(list(self, "earliest"))
        } else if table.get("latest").is_some() {
            PeriodShape::Latest(list(self, "latest"))
        } else {
            let from = self.anchor_at(&table, "from").unwrap_or(Anchor { base: Base::On, grain: Grain::Instant });
            match (table.length("length"), table.count("count")) {
                (Some(length), Some(count)) => {
                    let roll = table.text("roll").and_then(Roll::from_name).unwrap_or(Roll::None);
                    match self.rule(node, count, length, roll) {
                        Some(rule) => PeriodShape::Counted(Counted {
                            from,
                            rule,
                            calendar: table.text("calendar").and_then(|name| self.calendars.get(name).copied()),
                            paper: table.flag("paper").unwrap_or(false),
                        }),
                        None => PeriodShape::At(from),
                    }
                }
                (None, None) if table.get("from").is_some() => PeriodShape::At(from),
                _ => {
                    let problem = Problem::new(
                        node.place.clone(),
                        "a period needs `length` and `count` together, or `from` alone, or `earliest`, or `latest`",
                    );
                    self.problems.push(problem);
                    PeriodShape::At(from)
                }
            }
        };
        Period {
            shape,
            plus: table.get("plus").map(|plus| {
                let period = self.period(plus);
                if matches!(&period.shape, PeriodShape::Counted(counted) if counted.rule.count().direction() == time::Direction::Backward) {
                    self.problems.push(Problem::new(plus.place.clone(), "a period that follows another is counted forwards"));
                }
                Box::new(period)
            }),
            reading: table.get("reading").map(|reading| Box::new(self.reading(reading))),
            section: table.string("section"),
        }
    }

    pub(in crate::pack) fn period_at(&mut self, table: &T<'_>, key: &str) -> Option<Period> {
        table.get(key).map(|node| self.period(node))
    }

    /// The counting rule under two keys of a table; a problem if only one is there.
    pub(in crate::pack) fn rule_at(&mut self, node: &Node, length_key: &str, count_key: &str) -> Option<time::Period> {
        let table = T::of(node);
        match (table.length(length_key), table.count(count_key)) {
            (Some(length), Some(count)) => self.rule(node, count, length, Roll::None),
            (None, None) => None,
            _ => {
                self.problems.push(Problem::new(
                    node.place.clone(),
                    format!("`{length_key}` and `{count_key}` go together: one of them is missing"),
                ));
                None
            }
        }
    }

    /// The counting rule with its length, or a problem if the two do not go together.
    pub(in crate::pack) fn rule(&mut self, node: &Node, count: Count, length: Length, roll: Roll) -> Option<time::Period> {
        match time::Period::new(count, length).and_then(|rule| rule.with_roll(roll)) {
            Ok(rule) => Some(rule),
            Err(error) => {
                self.problems.push(Problem::new(node.place.clone(), error.to_string()));
                None
            }
        }
    }

    pub(in crate::pack) fn reading(&mut self, node: &Node) -> Reading {
        let table = T::of(node);
        Reading {
            id: table.string("id").unwrap_or_default(),
            also: table.get("also").map(|also| self.period(also)).unwrap_or_else(|| self.period(node)),
            decides: table.text("decides").map(|body| self.sym(body)),
            why: table.string("why").unwrap_or_default(),
        }
    }

    pub(in crate::pack) fn window(&mut self, node: &Node) -> Window {
        let table = T::of(node);
        let length = match (table.length("length"), table.count("count")) {
            (Some(length), Some(count)) => self.rule(node, count, length, Roll::None),
            (None, None) => None,
            _ => {
                self.problems.push(Problem::new(node.place.clone(), "a window needs `length` and `count` together"));
                None
            }
        };
        if let Some(rule) = &length {
            let backward = matches!(rule.count().direction(), time::Direction::Backward | time::Direction::Both);
            let wrong = if table.get("ending").is_some() {
                !backward && !rule.count().ends_at_instant()
            } else {
                rule.count().direction() == time::Direction::Backward
            };
            if wrong {
                let problem = Problem::new(node.place.clone(), format!("`{}` does not count towards this side of a window", rule.count()));
                self.problems.push(
                    problem.help(
                        "With `ending` use days-ending, months-ending, days-elapsed or hours; with `from` a rule that counts forwards.",
                    ),
                );
            }
        }
        Window {
            from: self.anchor_at(&table, "from"),
            until: self.anchor_at(&table, "until"),
            ending: self.anchor_at(&table, "ending"),
            length,
            calendar: table.text("calendar").and_then(|name| self.calendars.get(name).copied()),
        }
    }

    pub(in crate::pack) fn needs(&mut self, table: &T<'_>) -> Vec<Need> {
        let needs: Vec<Need> = table.items("needs").iter().map(|node| self.need(node)).collect();
        for (at, need) in needs.iter().enumerate() {
            if needs.iter().take(at).any(|earlier| earlier.id == need.id)
                && let Some(node) = table.items("needs").get(at)
            {
                self.problems.push(Problem::new(node.place.clone(), format!("two needs of this provision are called `{}`", need.id)));
            }
        }
        needs
    }

    pub(in crate::pack) fn need(&mut self, node: &Node) -> Need {
        let table = T::of(node);
        let who = match table.text("who") {
            Some("founded-signers") => Who::Founded,
            Some("all-signers") => Who::All,
            _ => Who::Signer,
        };
        let mut asks = Vec::new();
        if table.get("fact").is_some() {
            asks.push(Asks::Fact {
                pattern: Box::new(self.pattern(node)),
                wanted: match (table.flag("no_other"), table.flag("none")) {
                    (Some(true), _) => Wanted::NoOther,
                    (_, Some(true)) => Wanted::None,
                    _ => Wanted::There,
                },
                by_signer: match table.text("by_signer") {
                    Some("founded-signer") => Some(BySigner::FoundedSigner),
                    Some("not-signer") => Some(BySigner::NotSigner),
                    Some(_) => Some(BySigner::Signer),
                    None => None,
                },
                count: table.number("count").unwrap_or(1),
            });
        }
        if table.get("fact").is_none() && table.get("reaches").is_some() {
            asks.push(Asks::Reaches(self.syms(&table, "reaches")));
        }
        if table.get("states_all").is_some() {
            asks.push(Asks::StatesAll(self.syms(&table, "states_all")));
        }
        if table.get("states_any").is_some() {
            asks.push(Asks::StatesAny(self.syms(&table, "states_any")));
        }
        if table.get("holds").is_some() {
            asks.push(Asks::Holds { who, each: table.text("quantifier") != Some("any"), kinds: self.syms(&table, "holds") });
        }
        if table.get("apart").is_some() {
            asks.push(Asks::Apart { who, kinds: self.syms(&table, "apart") });
        }
        if table.get("unrelated").is_some() {
            asks.push(Asks::Unrelated { who, kinds: self.syms(&table, "unrelated") });
        }
        if table.flag("different") == Some(true) {
            asks.push(Asks::Different { who });
        }
        if let Some(rule) = self.rule_at(node, "examined_within", "examined_count") {
            asks.push(Asks::ExaminedWithin(rule));
        }
        if let Some(anchor) = self.anchor_at(&table, "founded_signed_by") {
            asks.push(Asks::FoundedSignedBy(anchor));
        }
        if table.get("designated").is_some() {
            asks.push(Asks::Designated(self.syms(&table, "designated")));
        }
        if asks.is_empty() {
            self.problems.push(
                Problem::new(node.place.clone(), "this need asks nothing")
                    .help("Say what must be so: a fact, states_any, holds, apart, designated …"),
            );
        }
        Need {
            id: table.string("id").unwrap_or_default(),
            section: table.string("section"),
            defect: self.defect(table.get("defect")),
            if_: self.condition_at(&table, "if"),
            if_practicable: table.flag("if_practicable").unwrap_or(false),
            asks,
            serves: table.strings("serves"),
        }
    }
}
