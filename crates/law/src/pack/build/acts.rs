//! Builds the provisions themselves.

use super::{Builder, T, status_of};
use crate::pack::anchor::{Anchor, Base, Grain};
use crate::pack::model::*;
use crate::pack::node::Node;
use crate::pack::problem::Problem;
use crate::time::{Count, Roll};

impl Builder {
    pub(in crate::pack) fn founded(&mut self, table: &T<'_>, key: &str) -> Vec<Founded> {
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

    pub(in crate::pack) fn instrument(&mut self, node: &Node) -> Instrument {
        let table = T::of(node);
        Instrument {
            forms: table.strings("forms"),
            signed_by: self.syms(&table, "signed_by"),
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

    pub(in crate::pack) fn order(&mut self, node: &Node) -> Order {
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
            no_better_than: self.numbers("order", &table, "no_better_than"),
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

    pub(in crate::pack) fn rung(&mut self, node: &Node, own_count: Option<Count>) -> Rung {
        let table = T::of(node);
        let count = table.count("count").or(own_count);
        if count.is_none() {
            self.problems
                .push(Problem::new(node.place.clone(), "this rung has no `count`, and the order's own period has none to take over"));
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

    pub(in crate::pack) fn renewed_by(&mut self, node: &Node) -> RenewedBy {
        let table = T::of(node);
        RenewedBy {
            instruments: self.numbers("instrument", &table, "instrument"),
            at: match table.text("at") {
                Some("furnished") => TakesEffect::Furnished,
                Some("received") => TakesEffect::Received,
                _ => TakesEffect::Signed,
            },
            by: self.syms(&table, "by"),
            reaches: self.syms(&table, "reaches"),
            window: table.get("window").map(|window| self.window(window)),
            early: self.defect(table.get("early")),
            late: self.defect(table.get("late")),
            section: table.string("section"),
        }
    }

    pub(in crate::pack) fn others(&mut self, table: &T<'_>, key: &str) -> Vec<Others> {
        table.items(key).iter().map(|node| self.others_one(node)).collect()
    }

    pub(in crate::pack) fn others_one(&mut self, node: &Node) -> Others {
        let table = T::of(node);
        Others {
            orders: self.numbers("order", &table, "orders"),
            clock_stopped: table.text("clock") == Some("stopped"),
            section: table.string("section"),
        }
    }

    pub(in crate::pack) fn duty(&mut self, node: &Node) -> Duty {
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
                Some("prompt") => Lateness::Prompt,
                _ => Lateness::Breach,
            },
            late_leaves: table.get("late_leaves").map(|node| {
                let table = T::of(node);
                LateLeaves {
                    orders: self.numbers("order", &table, "orders"),
                    defect: self.defect(table.get("defect")),
                    section: table.string("section"),
                }
            }),
        }
    }

    pub(in crate::pack) fn entitlement(&mut self, node: &Node) -> Entitlement {
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

    pub(in crate::pack) fn limit(&mut self, node: &Node) -> Limit {
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
                _ => Defect::Void,
            },
        }
    }

    pub(in crate::pack) fn clock(&mut self, node: &Node) -> Clock {
        let table = T::of(node);
        Clock {
            set: self.patterns(&table, "set"),
            keeps_first: table.text("keeps") != Some("last"),
            through: self.numbers("order", &table, "through"),
        }
    }

    pub(in crate::pack) fn effect(&mut self, node: &Node) -> Effect {
        let table = T::of(node);
        Effect {
            on: self.patterns(&table, "on"),
            only_if: self.condition_at(&table, "only_if"),
            no_better_than: self.numbers("order", &table, "no_better_than"),
            needs: self.needs(&table),
            answers: self.syms(&table, "answers"),
            met: self.syms(&table, "met"),
            actions: table.items("do").iter().filter_map(|node| self.action(node)).collect(),
        }
    }

    pub(in crate::pack) fn action(&mut self, node: &Node) -> Option<Action> {
        let table = T::of(node);
        if table.0.0.len() != 1 {
            self.problems.push(
                Problem::new(node.place.clone(), "an action has exactly one key").help("Write several actions as several items of `do`."),
            );
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

    pub(in crate::pack) fn safeguard(&mut self, node: &Node) -> Safeguard {
        let table = T::of(node);
        if table.flag("place").unwrap_or(false) == table.get("each").is_some() {
            let problem = Problem::new(
                node.place.clone(),
                "a safeguard either asks something of a person's case (`each`) or is about places (`place = true`)",
            );
            self.problems.push(problem);
        }
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
