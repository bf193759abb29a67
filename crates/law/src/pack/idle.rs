//! Keys that the format knows and that nothing reads where they stand: each is refused. A rule that is written and has no effect looks like
//! law and is none.
//!
//! Runs on files whose form is right (`super::check`). Deliberately absent: whether what is read is good law.

use super::node::{Node, Value};
use super::problem::Problem;

/// What of a pattern is read in the place where it stands.
#[derive(Debug, Clone, Copy)]
struct Reads {
    /// What the place is called in a message.
    at: &'static str,
    /// The engine's own events.
    events: bool,
    /// `of = "instance"`: there is an instance that an entry can be about.
    of: bool,
    /// `nth`: entries are counted as they are read.
    nth: bool,
}

const fn reads(at: &'static str, events: bool, of: bool, nth: bool) -> Reads {
    Reads { at, events, of, nth }
}

/// The keys of a provision that hold patterns, with what is read of them there.
const PLACES: &[(&str, &str, Reads)] = &[
    ("order", "starts", reads("`starts`", true, false, true)),
    ("order", "ends_on", reads("`ends_on`", true, true, true)),
    ("duty", "each", reads("`each`", true, false, true)),
    ("duty", "ends", reads("`ends`", true, true, true)),
    ("duty", "done", reads("`done` of a duty", true, true, true)),
    ("duty", "not_if_any", reads("`not_if_any`", false, false, true)),
    ("entitlement", "each", reads("`each`", true, false, true)),
    ("entitlement", "used_by", reads("`used_by`", false, true, true)),
    ("limit", "forbids", reads("`forbids`", false, false, true)),
    ("limit", "after", reads("`after`", false, false, false)),
    ("limit", "unless", reads("`unless` of a limit", false, false, false)),
    ("clock", "set", reads("`set`", true, false, true)),
    ("effect", "on", reads("`on`", true, false, true)),
    ("outcome", "on", reads("`on`", true, false, true)),
    ("safeguard", "each", reads("`each` of a safeguard", true, false, false)),
    ("safeguard", "done", reads("`done` of a safeguard", false, false, true)),
];

const REOPENS: Reads = reads("`reopens`", false, false, true);
const UNTIL_EVENT: Reads = reads("`until_event`", false, false, true);
const HAPPENED: Reads = reads("`happened`", false, false, false);

/// The keys that only entries have.
const OF_ENTRIES: &[&str] =
    &["instrument", "under", "by", "to", "reaches", "outcome", "kind", "how", "contents", "states", "understood", "of", "nth"];
/// The keys that a standard's neutral words cannot ask for.
const NOT_NEUTRAL: &[&str] = &["instrument", "under", "reaches", "contents", "states", "if", "window"];
/// The keys of a need that say more of its `fact`.
const OF_A_FACT: &[&str] =
    &["none", "no_other", "by", "by_signer", "kind", "to", "outcome", "under", "instrument", "states", "window", "count"];
/// Every key in a file that nothing reads where it stands.
pub(super) fn idle(file: &Node) -> Vec<Problem> {
    let mut idle = Idle { problems: Vec::new() };
    for kind in super::KINDS {
        let names = get(file, kind).and_then(Node::table);
        for version in names.into_iter().flat_map(|names| names.iter()).flat_map(|(_, versions)| versions.items()) {
            idle.provision(kind, version);
            for variation in items(version, "variations") {
                get(variation, "when").into_iter().for_each(|when| idle.condition(when));
                let Some(set) = get(variation, "set") else { continue };
                let mut laid = version.clone();
                if let (Value::Table(base), Some(set)) = (&mut laid.value, set.table()) {
                    base.lay_over(set);
                }
                idle.provision(kind, &laid);
            }
        }
    }
    idle.problems
}

fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.table().and_then(|table| table.get(key))
}

fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    get(node, key).map_or(&[], Node::items)
}

fn has(node: &Node, key: &str) -> bool {
    get(node, key).is_some()
}

fn is_true(node: &Node, key: &str) -> bool {
    get(node, key).is_some_and(|node| node.value == Value::YesNo(true))
}

struct Idle {
    problems: Vec<Problem>,
}

impl Idle {
    /// Refuses those of some keys that stand in a table.
    fn refuse(&mut self, node: &Node, keys: &[&str], where_: &str, help: &str) {
        for (name, place, _) in node.table().into_iter().flat_map(|table| &table.0).filter(|(name, ..)| keys.contains(&name.as_str())) {
            self.problems.push(Problem::new(place.clone(), format!("`{name}` is not read {where_}")).help(help));
        }
    }

    fn provision(&mut self, kind: &str, node: &Node) {
        for (_, key, reads) in PLACES.iter().filter(|(of, ..)| *of == kind) {
            items(node, key).iter().for_each(|pattern| self.pattern(pattern, *reads));
        }
        if kind == "safeguard" {
            return self.safeguard(node);
        }
        let conditions = ["only_if", "while", "waits", "if"].iter().filter_map(|key| get(node, key));
        conditions.for_each(|condition| self.condition(condition));
        let periods = ["lasts", "due", "opens", "closes", "for", "good_for"].iter().filter_map(|key| get(node, key));
        periods.for_each(|period| self.period(period));
        items(node, "needs").iter().for_each(|need| self.need(need));
        for link in ["rests_on", "founded_on"].iter().flat_map(|key| items(node, key)) {
            get(link, "unless").into_iter().for_each(|condition| self.condition(condition));
        }
        items(node, "do").iter().for_each(|action| self.action(action));
        match kind {
            "order" => self.order(node),
            "duty" => self.duty(node),
            "limit" => self.limit(node),
            "instrument" => {
                let window = get(node, "rectify").and_then(|rectify| get(rectify, "window"));
                window.into_iter().for_each(|period| self.period(period));
            }
            "entitlement" if !has(node, "times") => {
                self.refuse(node, &["withdrawn_counts"], "without `times`", "Say how often the right may be used, or leave it out.");
            }
            _ => {}
        }
    }

    fn safeguard(&mut self, node: &Node) {
        for pattern in items(node, "each").iter().chain(items(node, "done")) {
            self.refuse(
                pattern,
                NOT_NEUTRAL,
                "of a safeguard",
                "A standard speaks in neutral words: fact, by, to, kind, outcome, how, understood.",
            );
        }
        let asked =
            ["running", "not_running", "not_other_than", "absent", "age_under", "sex", "region", "emergency", "happened", "not_happened"];
        if let Some(condition) = get(node, "only_if") {
            self.refuse(condition, &asked, "of a safeguard", "A standard can know the status and whether the person is in a facility.");
        }
    }

    fn pattern(&mut self, node: &Node, reads: Reads) {
        let here = format!("in {}", reads.at);
        if has(node, "event") {
            if !reads.events {
                self.refuse(node, &["event"], &here, "Only entries are looked at here: name a fact.");
            }
            self.refuse(node, OF_ENTRIES, "of an event", "An event is known by its order, duty or entitlement, and by `if`.");
        } else {
            let help = "Say `event = …` beside it, or leave it out; `under` is what an entry says.";
            self.refuse(node, &["order", "duty", "entitlement"], "without `event`", help);
        }
        if !reads.of {
            self.refuse(node, &["of"], &here, "There is nothing yet that an entry could be about: leave it out.");
        }
        if !reads.nth {
            self.refuse(node, &["nth"], &here, "Nothing is counted here: count in `starts`, `each`, `on` or `forbids`.");
        }
        for condition in ["if", "unless"].iter().filter_map(|key| get(node, key)) {
            self.condition(condition);
        }
        get(node, "window").into_iter().for_each(|window| self.window(window));
    }

    fn condition(&mut self, node: &Node) {
        if !has(node, "status") && !has(node, "not_status") {
            self.refuse(node, &["not_other_than"], "without `status` or `not_status`", "Say which status is asked about.");
        }
        for pattern in items(node, "happened").iter().chain(items(node, "not_happened")) {
            self.pattern(pattern, HAPPENED);
        }
    }

    fn need(&mut self, node: &Node) {
        get(node, "if").into_iter().for_each(|condition| self.condition(condition));
        get(node, "window").into_iter().for_each(|window| self.window(window));
        if !has(node, "fact") {
            self.refuse(node, OF_A_FACT, "without `fact`", "Say which fact must be, or must not be, on the register.");
        }
        if is_true(node, "none") || is_true(node, "no_other") {
            self.refuse(node, &["count"], "of facts that must not be there", "One is too many: leave it out.");
        }
        if is_true(node, "no_other") {
            self.refuse(node, &["none"], "beside `no_other`", "Say one of the two.");
        }
        if !has(node, "holds") {
            self.refuse(node, &["quantifier"], "without `holds`", "Say which authorisation is asked for.");
        }
        if !["holds", "apart", "unrelated", "different"].iter().any(|key| has(node, key)) {
            self.refuse(node, &["who"], "of this need", "It goes with `holds`, `apart`, `unrelated` or `different`.");
        }
        self.uncountable(node, "examined_count");
    }

    fn window(&mut self, node: &Node) {
        let bounds = ["from", "until", "ending"];
        if !bounds.iter().any(|key| has(node, key)) {
            let problem = Problem::new(node.place.clone(), "this window has neither `from` nor `until` nor `ending`");
            self.problems.push(problem.help("Say from where, or until when."));
        }
        if !has(node, "length") {
            self.refuse(node, &["calendar"], "without `length`", "Only a length is counted in open days.");
        } else if !has(node, "ending") {
            self.refuse(node, &["until"], "beside `length`", "The length says where it closes.");
        }
        if has(node, "ending") && has(node, "length") {
            self.refuse(node, &["from"], "beside `ending` and `length`", "The length says where it opens.");
        } else if has(node, "ending") {
            self.refuse(node, &["until"], "beside `ending`", "Both say where it closes: say one of them.");
        }
        self.calendar(node);
    }

    fn period(&mut self, node: &Node) {
        let several = ["earliest", "latest"].iter().find(|key| has(node, key));
        if let Some(several) = several {
            let others: Vec<&str> =
                ["from", "length", "count", "roll", "calendar", "paper", "latest"].into_iter().filter(|key| key != several).collect();
            self.refuse(node, &others, &format!("beside `{several}`"), "Each of the periods says its own.");
        } else if !has(node, "length") {
            let help = "A period that ends at a point is not counted.";
            self.refuse(node, &["roll", "calendar", "paper"], "without `length` and `count`", help);
        }
        self.calendar(node);
        for inner in ["earliest", "latest"].iter().flat_map(|key| items(node, key)).chain(get(node, "plus")) {
            self.period(inner);
        }
        let also = get(node, "reading").and_then(|reading| get(reading, "also"));
        also.into_iter().for_each(|also| self.period(also));
    }

    /// Open days cannot be counted without a calendar, and a calendar counts nothing but open days.
    fn calendar(&mut self, node: &Node) {
        let count = get(node, "count").and_then(Node::text).unwrap_or_default();
        let open_days = count.starts_with("working-days");
        // What ends at an instant cannot roll at all; that is said elsewhere.
        let rolls = get(node, "roll").and_then(Node::text).is_some_and(|roll| roll != "none") && !count.contains("hours");
        match (open_days || rolls, has(node, "calendar")) {
            (true, false) => {
                let problem = Problem::new(node.place.clone(), "open days are counted here, and no `calendar` is named");
                self.problems.push(problem.help("Name the calendar, or count in days."));
            }
            (false, true) => self.refuse(node, &["calendar"], "by this count", "Only working days and a roll ask which days are open."),
            _ => {}
        }
    }

    /// A rule in a place that has no calendar.
    fn uncountable(&mut self, node: &Node, key: &str) {
        if let Some(count) = get(node, key).filter(|count| count.text().is_some_and(|count| count.starts_with("working-days"))) {
            let problem = Problem::new(count.place.clone(), "open days cannot be counted here: no calendar can be named");
            self.problems.push(problem.help("Count in days, or use a period with a `calendar`."));
        }
    }

    fn order(&mut self, node: &Node) {
        for others in items(node, "ends_others") {
            self.refuse(others, &["clock"], "in `ends_others`", "What ends has no time that could stand still; `pauses` has.");
        }
        if !has(node, "renewed_by") {
            self.refuse(node, &["ladder"], "without `renewed_by`", "Say by which paper the order is renewed.");
        }
        let ladder = items(node, "ladder");
        for rung in ladder.iter().rev().skip(1) {
            self.refuse(rung, &["repeat"], "of a rung before the last", "Only the last rung can serve for all later renewals.");
        }
        for rung in ladder {
            self.uncountable(rung, "count");
            let also = get(rung, "reading").and_then(|reading| get(reading, "also"));
            also.into_iter().for_each(|also| self.period(also));
        }
        if let Some(window) = get(node, "renewed_by").and_then(|renewed_by| get(renewed_by, "window")) {
            self.window(window);
            let help = "What comes too late is what comes after the order's own end.";
            self.refuse(window, &["until"], "in the window of a renewal", help);
            if has(window, "from") {
                self.refuse(window, &["length", "count"], "in the window of a renewal that opens at a point", help);
            }
        }
        if let Some(absence) = get(node, "absence") {
            self.uncountable(absence, "count");
            if !has(absence, "after_return") {
                self.refuse(absence, &["within"], "without `after_return`", "It says when a return lengthens the order.");
            }
            for period in ["retake", "after_return"].iter().filter_map(|key| get(absence, key)) {
                self.period(period);
            }
        }
    }

    fn duty(&mut self, node: &Node) {
        if !has(node, "not_if_any") {
            self.refuse(node, &["reopens"], "without `not_if_any`", "Nothing makes this duty needless, so nothing can bring it back.");
        }
        if let Some(on) = get(node, "reopens").and_then(|reopens| get(reopens, "on")) {
            self.pattern(on, REOPENS);
        }
        get(node, "repeats").into_iter().for_each(|repeats| self.uncountable(repeats, "count"));
    }

    fn limit(&mut self, node: &Node) {
        if !has(node, "forbids") {
            self.refuse(node, &["if", "after", "for", "unless"], "without `forbids`", "Say what may not be done.");
            if !has(node, "cap") {
                self.problems
                    .push(Problem::new(node.place.clone(), "this limit has neither `forbids` nor `cap`").help("Say what may not be done."));
            }
        } else if !has(node, "after") {
            self.refuse(node, &["for", "unless"], "without `after`", "Say what opens the span, or say it as `if`.");
        }
        get(node, "cap").into_iter().for_each(|cap| self.uncountable(cap, "count"));
    }

    fn action(&mut self, node: &Node) {
        for again in ["resume", "restart"].iter().filter_map(|key| get(node, key)) {
            get(again, "lasts").into_iter().for_each(|period| self.period(period));
        }
        if let Some(hold) = get(node, "hold_open") {
            for period in ["until", "then"].iter().filter_map(|key| get(hold, key)) {
                self.period(period);
            }
            items(hold, "until_event").iter().for_each(|pattern| self.pattern(pattern, UNTIL_EVENT));
            if !has(hold, "until_event") {
                self.refuse(hold, &["then"], "without `until_event`", "Say which event it comes after.");
            }
        }
        if let Some(move_) = get(node, "move") {
            self.uncountable(move_, "count");
            get(move_, "to").into_iter().for_each(|period| self.period(period));
            if has(move_, "to") {
                self.refuse(move_, &["by", "count", "paper"], "beside `to`", "Say by how long, or to which end.");
            } else if !has(move_, "by") {
                self.problems.push(Problem::new(move_.place.clone(), "this `move` says neither `by` how long nor `to` which end"));
            }
        }
    }
}
