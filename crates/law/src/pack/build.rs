//! Turns checked tables into provisions: names become numbers, words become symbols.
//!
//! Runs only on tables that `super::check` found sound; where a value is nevertheless not as expected, a default stands in,
//! because the check has already refused the pack.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::anchor::{self, Anchor, Base, Grain, Written};
use super::check::is_name;
use super::model::*;
use super::node::{Node, Table, Value};
use super::problem::Problem;
use super::words::Words;
use crate::entry::FactKind;
use crate::time::{self, Count, Length, Roll};

/// What the tables of a pack are built with.
pub(super) struct Builder {
    pub(super) words: Words,
    /// Provision names by kind word, in order; the number is the place.
    pub(super) names: BTreeMap<&'static str, BTreeMap<String, u16>>,
    pub(super) calendars: BTreeMap<String, u16>,
    pub(super) defaults: Defaults,
    pub(super) commenced: BTreeMap<String, Option<Date>>,
    pub(super) problems: Vec<Problem>,
}

/// What the head of a pack says for provisions that are silent.
#[derive(Debug, Clone)]
pub(super) struct Defaults {
    pub(super) defect: Option<Node>,
    pub(super) from: Option<Date>,
    pub(super) source: Option<String>,
    pub(super) sure: String,
}

/// Reading a checked table.
pub(super) struct T<'a>(pub(super) &'a Table);

impl<'a> T<'a> {
    pub(super) fn of(node: &'a Node) -> T<'a> {
        static EMPTY: Table = Table(Vec::new());
        T(node.table().unwrap_or(&EMPTY))
    }
    pub(super) fn get(&self, key: &str) -> Option<&'a Node> {
        self.0.get(key)
    }
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(Node::text)
    }
    pub(super) fn string(&self, key: &str) -> Option<String> {
        self.text(key).map(str::to_owned)
    }
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key).and_then(|node| match node.value {
            Value::YesNo(yes) => Some(yes),
            _ => None,
        })
    }
    pub(super) fn number(&self, key: &str) -> Option<u32> {
        self.get(key).and_then(|node| match node.value {
            Value::Number(number) => u32::try_from(number).ok(),
            _ => None,
        })
    }
    pub(super) fn date(&self, key: &str) -> Option<Date> {
        self.get(key).and_then(|node| match node.value {
            Value::Date(date) => Some(date),
            _ => None,
        })
    }
    pub(super) fn items(&self, key: &str) -> &'a [Node] {
        self.get(key).map_or(&[], Node::items)
    }
    pub(super) fn texts(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.items(key).iter().filter_map(Node::text)
    }
    pub(super) fn strings(&self, key: &str) -> Vec<String> {
        self.texts(key).map(str::to_owned).collect()
    }
    pub(super) fn length(&self, key: &str) -> Option<Length> {
        self.text(key).and_then(|text| text.parse().ok())
    }
    pub(super) fn count(&self, key: &str) -> Option<Count> {
        self.text(key).and_then(Count::from_name)
    }
}

impl Builder {
    fn sym(&mut self, word: &str) -> Sym {
        self.words.intern(word)
    }

    fn syms(&mut self, table: &T<'_>, key: &str) -> Vec<Sym> {
        table.texts(key).map(|word| self.words.intern(word)).collect()
    }

    fn number_of(&self, kind: &str, name: &str) -> u16 {
        self.names.get(kind).and_then(|names| names.get(name)).copied().unwrap_or(u16::MAX)
    }

    fn numbers(&self, kind: &str, table: &T<'_>, key: &str) -> Vec<u16> {
        table.texts(key).map(|name| self.number_of(kind, name)).collect()
    }

    fn defect(&mut self, node: Option<&Node>) -> Defect {
        let node = node.or(self.defaults.defect.as_ref());
        let Some(text) = node.and_then(Node::text).map(str::to_owned) else { return Defect::Void };
        match text.as_str() {
            "ends" => Defect::Ends,
            "curable" => Defect::Curable,
            "irregular" => Defect::Irregular,
            "reason-wanted" => Defect::ReasonWanted,
            other => match other.strip_prefix("for-decision:") {
                Some(body) => Defect::ForDecision(self.sym(body)),
                None => Defect::Void,
            },
        }
    }

    fn anchor(&mut self, node: &Node) -> Option<Anchor> {
        let (base, grain) = match anchor::read(node.text()?).ok()? {
            Written::Fixed(base, grain) => (base, grain),
            Written::Clock(name, grain) => (Base::Clock(self.number_of("clock", name)), grain),
            Written::DutyDue(name, grain) => (Base::DutyDue(self.number_of("duty", name)), grain),
            Written::OrderStart(name, grain) => (Base::OrderStart(self.number_of("order", name)), grain),
            Written::OrderEnd(name, grain) => (Base::OrderEnd(self.number_of("order", name)), grain),
        };
        Some(Anchor { base, grain })
    }

    fn anchor_at(&mut self, table: &T<'_>, key: &str) -> Option<Anchor> {
        table.get(key).and_then(|node| self.anchor(node))
    }

    pub(super) fn head(&mut self, kind: Kind, id: &str, node: &Node) -> Head {
        let table = T::of(node);
        let version = table.get("version").map(T::of);
        let amendment = version.as_ref().and_then(|version| version.string("amendment"));
        let commenced = amendment.as_ref().map(|name| self.commenced.get(name).copied().flatten());
        let from = match version.as_ref().and_then(|version| version.get("from")) {
            Some(node) => match node.value {
                Value::Date(date) => Some(date),
                _ => None,
            },
            None => match commenced {
                Some(commenced) => commenced,
                None => self.defaults.from,
            },
        };
        let mut facts = Vec::new();
        gather_facts(node, &mut facts);
        Head {
            id: id.to_owned(),
            kind,
            title: table.string("title").unwrap_or_default(),
            section: table.string("section").unwrap_or_default(),
            from,
            until: version.as_ref().and_then(|version| version.date("until")),
            applies_to: match version.as_ref().and_then(|version| version.text("applies_to")) {
                Some("acts-in-span") => AppliesTo::ActsInSpan,
                Some("running") => AppliesTo::Running,
                Some("declared-always") => AppliesTo::DeclaredAlways,
                _ => AppliesTo::StartedInSpan,
            },
            amendment,
            repeals: version.as_ref().and_then(|version| version.flag("repeals")).unwrap_or(false),
            serves: table.strings("serves"),
            facts,
            source: table.string("source").or_else(|| self.defaults.source.clone()),
            sure: table.string("sure").unwrap_or_else(|| self.defaults.sure.clone()),
            note: table.string("note"),
            place: node.place.clone(),
        }
    }

    pub(super) fn pattern(&mut self, node: &Node) -> Pattern {
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
        Pattern {
            looks: match event {
                Some((event, kind)) => Looks::Events(event, self.numbers(kind, &table, kind)),
                None => Looks::Entries(facts),
            },
            instrument,
            under: self.syms(&table, "under"),
            by: self.syms(&table, "by"),
            to: self.syms(&table, "to"),
            outcome: self.syms(&table, "outcome"),
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

    fn patterns(&mut self, table: &T<'_>, key: &str) -> Vec<Pattern> {
        table.items(key).iter().map(|node| self.pattern(node)).collect()
    }

    pub(super) fn condition(&mut self, node: &Node) -> Condition {
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

    fn condition_at(&mut self, table: &T<'_>, key: &str) -> Option<Condition> {
        table.get(key).map(|node| self.condition(node))
    }

    pub(super) fn period(&mut self, node: &Node) -> Period {
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
                    let problem = Problem::new(node.place.clone(), "a period needs `length` and `count` together, or `from` alone, or `earliest`, or `latest`");
                    self.problems.push(problem);
                    PeriodShape::At(from)
                }
            }
        };
        Period {
            shape,
            plus: table.get("plus").map(|plus| Box::new(self.period(plus))),
            reading: table.get("reading").map(|reading| Box::new(self.reading(reading))),
            section: table.string("section"),
        }
    }

    fn period_at(&mut self, table: &T<'_>, key: &str) -> Option<Period> {
        table.get(key).map(|node| self.period(node))
    }

    /// The counting rule under two keys of a table; a problem if only one is there.
    fn rule_at(&mut self, node: &Node, length_key: &str, count_key: &str) -> Option<time::Period> {
        let table = T::of(node);
        match (table.length(length_key), table.count(count_key)) {
            (Some(length), Some(count)) => self.rule(node, count, length, Roll::None),
            (None, None) => None,
            _ => {
                self.problems.push(Problem::new(node.place.clone(), format!("`{length_key}` and `{count_key}` go together: one of them is missing")));
                None
            }
        }
    }

    /// The counting rule with its length, or a problem if the two do not go together.
    fn rule(&mut self, node: &Node, count: Count, length: Length, roll: Roll) -> Option<time::Period> {
        match time::Period::new(count, length).and_then(|rule| rule.with_roll(roll)) {
            Ok(rule) => Some(rule),
            Err(error) => {
                self.problems.push(Problem::new(node.place.clone(), error.to_string()));
                None
            }
        }
    }

    fn reading(&mut self, node: &Node) -> Reading {
        let table = T::of(node);
        Reading {
            id: table.string("id").unwrap_or_default(),
            also: table.get("also").map(|also| self.period(also)).unwrap_or_else(|| self.period(node)),
            decides: table.text("decides").map(|body| self.sym(body)),
            why: table.string("why").unwrap_or_default(),
        }
    }

    fn window(&mut self, node: &Node) -> Window {
        let table = T::of(node);
        let length = match (table.length("length"), table.count("count")) {
            (Some(length), Some(count)) => self.rule(node, count, length, Roll::None),
            (None, None) => None,
            _ => {
                self.problems.push(Problem::new(node.place.clone(), "a window needs `length` and `count` together"));
                None
            }
        };
        Window {
            from: self.anchor_at(&table, "from"),
            until: self.anchor_at(&table, "until"),
            ending: self.anchor_at(&table, "ending"),
            length,
            calendar: table.text("calendar").and_then(|name| self.calendars.get(name).copied()),
        }
    }

    fn needs(&mut self, table: &T<'_>) -> Vec<Need> {
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

    fn need(&mut self, node: &Node) -> Need {
        let table = T::of(node);
        let who = match table.text("who") {
            Some("founded-signers") => Who::Founded,
            Some("all-signers") => Who::All,
            _ => Who::Signer,
        };
        let mut asks = Vec::new();
        if table.get("fact").is_some() {
            asks.push(Asks::Fact {
                pattern: self.pattern(node),
                none: table.flag("none").unwrap_or(false),
                by_signer: match table.text("by_signer") {
                    Some("founded-signer") => Some(BySigner::FoundedSigner),
                    Some("not-signer") => Some(BySigner::NotSigner),
                    Some(_) => Some(BySigner::Signer),
                    None => None,
                },
                count: table.number("count").unwrap_or(1),
            });
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
            self.problems.push(Problem::new(node.place.clone(), "this need asks nothing").help("Say what must be so: a fact, states_any, holds, apart, designated …"));
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

    fn founded(&mut self, table: &T<'_>, key: &str) -> Vec<Founded> {
        table
            .items(key)
            .iter()
            .map(|node| {
                let table = T::of(node);
                Founded {
                    instruments: self.numbers("instrument", &table, "instrument"),
                    count: table.number("count").unwrap_or(1),
                    good: table.flag("good").unwrap_or(false),
                    defect: self.defect(table.get("defect")),
                    section: table.string("section"),
                    unless: self.condition_at(&table, "unless"),
                }
            })
            .collect()
    }

    pub(super) fn instrument(&mut self, node: &Node) -> Instrument {
        let table = T::of(node);
        Instrument {
            forms: table.strings("forms"),
            signed_by: self.syms(&table, "signed_by"),
            given_to: table.text("given_to").map(|role| self.sym(role)),
            founded_on: self.founded(&table, "founded_on"),
            good_for: self.period_at(&table, "good_for"),
            needs: self.needs(&table),
            rectify: table.get("rectify").map(|node| {
                let table = T::of(node);
                Rectify {
                    section: table.string("section").unwrap_or_default(),
                    by: self.syms(&table, "by"),
                    consent: table.text("consent").map(|role| self.sym(role)),
                    window: table.get("window").map(|window| self.period(window)).unwrap_or_else(|| self.period(node)),
                }
            }),
            shield: table.get("shield").map(|node| {
                let table = T::of(node);
                Shield {
                    section: table.string("section").unwrap_or_default(),
                    for_: self.sym(table.text("for").unwrap_or_default()),
                    note: table.string("note").unwrap_or_default(),
                }
            }),
        }
    }

    pub(super) fn order(&mut self, node: &Node) -> Order {
        let table = T::of(node);
        let lasts = self.period_at(&table, "lasts");
        let own_count = lasts.as_ref().and_then(|period| match &period.shape {
            PeriodShape::Counted(counted) => Some(counted.rule.count()),
            _ => None,
        });
        Order {
            status: status_of(table.text("status").unwrap_or("held")),
            starts: self.patterns(&table, "starts"),
            only_if: self.condition_at(&table, "only_if"),
            only_if_defect: self.defect(table.get("only_if_defect")),
            rests_on: self.founded(&table, "rests_on"),
            needs: self.needs(&table),
            lasts,
            joins: self.numbers("order", &table, "joins"),
            ladder: table.items("ladder").iter().map(|node| self.rung(node, own_count)).collect(),
            renewed_by: table.get("renewed_by").map(|node| self.renewed_by(node)),
            ends_on: self.patterns(&table, "ends_on"),
            ends_others: self.others(&table, "ends_others"),
            pauses: self.others(&table, "pauses"),
            inside: table.text("inside").map(|name| self.number_of("order", name)),
            absence: table.get("absence").map(|node| {
                let table = T::of(node);
                Absence {
                    section: table.string("section").unwrap_or_default(),
                    within: self.rule_at(node, "within", "count"),
                    retake: self.period_at(&table, "retake"),
                    after_return: self.period_at(&table, "after_return"),
                }
            }),
        }
    }

    fn rung(&mut self, node: &Node, own_count: Option<Count>) -> Rung {
        let table = T::of(node);
        let count = table.count("count").or(own_count);
        if count.is_none() {
            self.problems.push(Problem::new(node.place.clone(), "this rung has no `count`, and the order's own period has none to take over"));
        }
        let from = self.anchor_at(&table, "from").unwrap_or(Anchor { base: Base::Expiry, grain: Grain::Instant });
        let rule = table.length("length").zip(count).and_then(|(length, count)| self.rule(node, count, length, Roll::None));
        let shape = match rule {
            Some(rule) => PeriodShape::Counted(Counted { from, rule, calendar: None, paper: table.flag("paper").unwrap_or(false) }),
            None => PeriodShape::At(from),
        };
        Rung {
            period: Period {
                shape,
                plus: None,
                reading: table.get("reading").map(|reading| Box::new(self.reading(reading))),
                section: table.string("section"),
            },
            repeat: table.flag("repeat").unwrap_or(false),
        }
    }

    fn renewed_by(&mut self, node: &Node) -> RenewedBy {
        let table = T::of(node);
        RenewedBy {
            instruments: self.numbers("instrument", &table, "instrument"),
            at: match table.text("at") {
                Some("furnished") => TakesEffect::Furnished,
                Some("received") => TakesEffect::Received,
                _ => TakesEffect::Signed,
            },
            by: self.syms(&table, "by"),
            window: table.get("window").map(|window| self.window(window)),
            early: self.defect(table.get("early")),
            late: self.defect(table.get("late")),
            section: table.string("section"),
        }
    }

    fn others(&mut self, table: &T<'_>, key: &str) -> Vec<Others> {
        table.items(key).iter().map(|node| self.others_one(node)).collect()
    }

    fn others_one(&mut self, node: &Node) -> Others {
        let table = T::of(node);
        Others { orders: self.numbers("order", &table, "orders"), clock_stopped: table.text("clock") == Some("stopped"), section: table.string("section") }
    }

    pub(super) fn duty(&mut self, node: &Node) -> Duty {
        let table = T::of(node);
        let owed = table.get("owed").map(T::of);
        Duty {
            each: self.patterns(&table, "each"),
            only_if: self.condition_at(&table, "only_if"),
            while_: self.condition_at(&table, "while"),
            ends: self.patterns(&table, "ends"),
            owed_by: owed.as_ref().map(|owed| self.syms(owed, "by")).unwrap_or_default(),
            owed_to: owed.as_ref().map(|owed| self.syms(owed, "to")).unwrap_or_default(),
            due: self.period_at(&table, "due"),
            raised_at: self.anchor_at(&table, "raised_at"),
            done: self.patterns(&table, "done"),
            any_part: table.flag("any_part").unwrap_or(false),
            not_if_any: self.patterns(&table, "not_if_any"),
            reopens: table.get("reopens").map(|node| {
                let table = T::of(node);
                let pattern = table.get("on").map(|on| self.pattern(on)).unwrap_or_else(|| self.pattern(node));
                (pattern, table.flag("after_due").unwrap_or(false))
            }),
            waits: self.condition_at(&table, "waits"),
            repeats: table.get("repeats").and_then(|node| {
                let every = self.rule_at(node, "every", "count")?;
                Some(Repeats { every, from_done: T::of(node).text("from") == Some("done") })
            }),
            late: match table.text("late") {
                Some("void") => Lateness::Void,
                Some("prompt") => Lateness::Prompt,
                _ => Lateness::Breach,
            },
        }
    }

    pub(super) fn entitlement(&mut self, node: &Node) -> Entitlement {
        let table = T::of(node);
        Entitlement {
            each: self.patterns(&table, "each"),
            only_if: self.condition_at(&table, "only_if"),
            while_: self.condition_at(&table, "while"),
            may: self.syms(&table, "may"),
            used_by: self.patterns(&table, "used_by"),
            opens: self.period_at(&table, "opens"),
            closes: self.period_at(&table, "closes"),
            times: table.number("times"),
            withdrawn_counts: table.flag("withdrawn_counts").unwrap_or(false),
        }
    }

    pub(super) fn limit(&mut self, node: &Node) -> Limit {
        let table = T::of(node);
        Limit {
            forbids: self.patterns(&table, "forbids"),
            if_: self.condition_at(&table, "if"),
            after: self.patterns(&table, "after"),
            for_: self.period_at(&table, "for"),
            cap: table.get("cap").and_then(|node| {
                let rule = self.rule_at(node, "length", "count")?;
                Some((self.numbers("order", &T::of(node), "orders"), rule))
            }),
            unless: self.patterns(&table, "unless"),
            breach: match table.text("breach") {
                Some("irregular") => Defect::Irregular,
                Some("void") => Defect::Void,
                _ => Defect::Ends,
            },
        }
    }

    pub(super) fn clock(&mut self, node: &Node) -> Clock {
        let table = T::of(node);
        Clock { set: self.patterns(&table, "set"), keeps_first: table.text("keeps") != Some("last"), through: self.numbers("order", &table, "through") }
    }

    pub(super) fn effect(&mut self, node: &Node) -> Effect {
        let table = T::of(node);
        Effect {
            on: self.patterns(&table, "on"),
            only_if: self.condition_at(&table, "only_if"),
            needs: self.needs(&table),
            answers: self.syms(&table, "answers"),
            actions: table.items("do").iter().filter_map(|node| self.action(node)).collect(),
        }
    }

    fn action(&mut self, node: &Node) -> Option<Action> {
        let table = T::of(node);
        if table.0.0.len() != 1 {
            self.problems.push(Problem::new(node.place.clone(), "an action has exactly one key").help("Write several actions as several items of `do`."));
            return None;
        }
        let (key, value) = table.0.iter().next()?;
        let inner = T::of(value);
        let orders = |builder: &Builder| inner.texts("orders").map(|name| builder.number_of("order", name)).collect::<Vec<_>>();
        let again = if inner.text("ladder") == Some("from-first") { LadderAgain::FromFirst } else { LadderAgain::Kept };
        Some(match key {
            "end" => Action::End(self.numbers("order", &table, "end")),
            "start" => Action::Start(self.number_of("order", value.text()?)),
            "turn" => Action::Turn(
                self.numbers("order", &inner, "order"),
                self.number_of("order", inner.text("into")?),
                if inner.text("start") == Some("kept") { KeepStart::Kept } else { KeepStart::New },
            ),
            "pause" => Action::Pause(self.others_one(value)),
            "resume" => Action::Resume(orders(self), self.period_at(&inner, "lasts"), again),
            "restart" => Action::Restart(orders(self), self.period_at(&inner, "lasts"), again),
            "hold_open" => Action::HoldOpen {
                orders: orders(self),
                until: self.period_at(&inner, "until"),
                until_event: self.patterns(&inner, "until_event"),
                then: self.period_at(&inner, "then"),
            },
            "move" => Action::Move {
                duty: self.number_of("duty", inner.text("duty")?),
                by: self.rule_at(value, "by", "count"),
                paper: inner.flag("paper").unwrap_or(false),
                to: self.period_at(&inner, "to"),
            },
            "cure" => Action::Cure(self.numbers("order", &table, "cure")),
            "lapse" => Action::Lapse(self.numbers("duty", &table, "lapse")),
            _ => return None,
        })
    }

    pub(super) fn safeguard(&mut self, node: &Node) -> Safeguard {
        let table = T::of(node);
        Safeguard {
            each: self.patterns(&table, "each"),
            only_if: self.condition_at(&table, "only_if"),
            done: self.patterns(&table, "done"),
            any_part: table.flag("any_part").unwrap_or(false),
            before: table.flag("before").unwrap_or(false),
            short: table.string("short"),
            place: table.flag("place").unwrap_or(false),
        }
    }
}

fn status_of(word: &str) -> Status {
    if word == "community" { Status::Community } else { Status::Held }
}

/// Every id under a key `facts`, wherever it stands in the provision.
fn gather_facts(node: &Node, into: &mut Vec<String>) {
    match &node.value {
        Value::Table(table) => {
            for (key, value) in table.iter() {
                if key == "facts" {
                    into.extend(value.items().iter().filter_map(Node::text).filter(|text| is_name(text)).map(str::to_owned));
                } else {
                    gather_facts(value, into);
                }
            }
        }
        Value::List(items) => items.iter().for_each(|item| gather_facts(item, into)),
        _ => {}
    }
}
