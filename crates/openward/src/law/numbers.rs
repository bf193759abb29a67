//! Periods, windows and other numbers of a provision in words.
//!
//! Deliberately absent: counting. These are the numbers as the pack gives them.

use openward_law::pack::anchor::{Anchor, Base, Grain};
use openward_law::pack::{
    Action, Asks, Clock, Counted, Duty, Effect, Entitlement, Instrument, Limit, Need, Order, Pack, Period, PeriodShape, Provision,
    Safeguard, Wanted, Window,
};
use openward_law::time::{self, Count, Roll};

/// What a provision's text says in numbers, each in words.
pub(super) trait Numbers {
    /// The numbers, in the order of the text.
    fn numbers(&self, pack: &Pack) -> Vec<String>;

    /// The needs it sets.
    fn needs(&self) -> &[Need] {
        &[]
    }
}

impl Numbers for Order {
    fn numbers(&self, pack: &Pack) -> Vec<String> {
        let mut found = vec![
            self.lasts.as_ref().map_or_else(|| "lasts until an act ends it".to_owned(), |lasts| format!("lasts {}", period(pack, lasts))),
        ];
        for rung in &self.ladder {
            let again = if rung.repeat { ", and so again each time" } else { "" };
            found.push(format!("renewed for {}{again}", period(pack, &rung.period)));
        }
        let window = self.renewed_by.as_ref().and_then(|renewed| renewed.window.as_ref());
        found.extend(window.map(|open| format!("renewed {}", window_words(pack, open))));
        if let Some(absence) = &self.absence {
            found.extend(absence.retake.as_ref().map(|retake| format!("if absent, may be brought back within {}", period(pack, retake))));
            found.extend(absence.after_return.as_ref().map(|after| format!("after return lasts at least {}", period(pack, after))));
        }
        found
    }

    fn needs(&self) -> &[Need] {
        &self.needs
    }
}

impl Numbers for Instrument {
    fn numbers(&self, pack: &Pack) -> Vec<String> {
        let founded = self.founded_on.iter().filter(|founded| founded.count > 1).map(|founded| {
            let papers: Vec<String> = founded.instruments.iter().map(|paper| title(&pack.instruments, *paper)).collect();
            format!("rests on {} of: {}", founded.count, papers.join("; "))
        });
        let mut found: Vec<String> = founded.collect();
        found.extend(self.good_for.as_ref().map(|good| format!("may be acted on within {}", period(pack, good))));
        found.extend(self.rectify.as_ref().map(|rectify| format!("may be mended within {}", period(pack, &rectify.window))));
        found
    }

    fn needs(&self) -> &[Need] {
        &self.needs
    }
}

impl Numbers for Duty {
    fn numbers(&self, pack: &Pack) -> Vec<String> {
        let mut found =
            vec![self.due.as_ref().map_or_else(|| "due as soon as can be".to_owned(), |due| format!("due {}", period(pack, due)))];
        if let Some(repeats) = &self.repeats {
            let from = if repeats.from_done { "from when it was done" } else { "from when it was due" };
            found.push(format!("comes again every {}, {from}", rule(repeats.every)));
        }
        found.extend(self.done.iter().filter_map(|part| part.window.as_ref()).map(|window| format!("done {}", window_words(pack, window))));
        found
    }
}

impl Numbers for Entitlement {
    fn numbers(&self, pack: &Pack) -> Vec<String> {
        let opens = self.opens.as_ref().map(|opens| format!("opens after {}", period(pack, opens)));
        let closes = self.closes.as_ref().map(|closes| format!("closes after {}", period(pack, closes)));
        let times = self.times.map(|times| if times == 1 { "may be used once".to_owned() } else { format!("may be used {times} times") });
        [opens, closes, times].into_iter().flatten().collect()
    }
}

impl Numbers for Limit {
    fn numbers(&self, pack: &Pack) -> Vec<String> {
        let span = self.for_.as_ref().map(|span| format!("for {}", period(pack, span)));
        let cap = self.cap.as_ref().map(|(orders, most)| {
            let orders: Vec<String> = orders.iter().map(|order| title(&pack.orders, *order)).collect();
            format!("no more than {} in all under: {}", rule(*most), orders.join("; "))
        });
        span.into_iter().chain(cap).collect()
    }
}

impl Numbers for Clock {
    fn numbers(&self, _: &Pack) -> Vec<String> {
        Vec::new()
    }
}

impl Numbers for Safeguard {
    fn numbers(&self, _: &Pack) -> Vec<String> {
        Vec::new()
    }
}

impl Numbers for Effect {
    fn numbers(&self, pack: &Pack) -> Vec<String> {
        self.actions.iter().filter_map(|action| act(pack, action)).collect()
    }

    fn needs(&self) -> &[Need] {
        &self.needs
    }
}

fn act(pack: &Pack, action: &Action) -> Option<String> {
    match action {
        Action::Resume(_, Some(span), _) => Some(format!("comes back for {}", period(pack, span))),
        Action::Restart(_, Some(span), _) => Some(format!("starts again for {}", period(pack, span))),
        Action::HoldOpen { until, then, .. } => {
            let until = until.as_ref().map(|until| format!("stays in force until {}", period(pack, until)));
            let then = then.as_ref().map(|then| format!("then {} more", period(pack, then)));
            let both: Vec<String> = until.into_iter().chain(then).collect();
            (!both.is_empty()).then(|| both.join(", "))
        }
        Action::Move { duty, by, to, paper } => {
            let by = by.map(|by| format!("by {}", rule(by)));
            let to = to.as_ref().map(|to| format!("to {}", period(pack, to)));
            let said = paper.then(|| "as the decision says".to_owned());
            let how: Vec<String> = [by, to, said].into_iter().flatten().collect();
            Some(format!("moves the day of `{}` {}", title(&pack.duties, *duty), how.join(", ")))
        }
        Action::Resume(_, None, _)
        | Action::Restart(_, None, _)
        | Action::End(_)
        | Action::Start(_)
        | Action::Turn(..)
        | Action::Pause(_)
        | Action::Cure(_)
        | Action::Lapse(_) => None,
    }
}

/// What a need asks in numbers.
pub(super) fn need(pack: &Pack, need: &Need) -> Vec<String> {
    need.asks.iter().filter_map(|asks| ask(pack, asks)).collect()
}

fn ask(pack: &Pack, asks: &Asks) -> Option<String> {
    match asks {
        Asks::Fact { pattern, count, wanted, .. } => {
            let window = pattern.window.as_ref().map(|window| window_words(pack, window));
            let many = (*count > 1).then(|| format!("{count} of them"));
            let not = match wanted {
                Wanted::There => None,
                Wanted::None => Some("none such".to_owned()),
                Wanted::NoOther => Some("no other such".to_owned()),
            };
            let all: Vec<String> = [not, many, window].into_iter().flatten().collect();
            (!all.is_empty()).then(|| all.join(", "))
        }
        Asks::ExaminedWithin(span) => Some(format!("examinations no further apart than {}", rule(*span))),
        Asks::FoundedSignedBy(anchor) => Some(format!("signed by {}", point(pack, *anchor))),
        Asks::StatesAll(_)
        | Asks::StatesAny(_)
        | Asks::Holds { .. }
        | Asks::Apart { .. }
        | Asks::Unrelated { .. }
        | Asks::Different { .. }
        | Asks::Reaches(_)
        | Asks::Designated(_) => None,
    }
}

/// A period: `28 days, the first day counted, from the day of the start`.
fn period(pack: &Pack, given: &Period) -> String {
    let mut text = match &given.shape {
        PeriodShape::Counted(made) => counted(pack, made),
        PeriodShape::Earliest(list) => {
            format!("the earliest of: {}", list.iter().map(|one| period(pack, one)).collect::<Vec<_>>().join("; "))
        }
        PeriodShape::Latest(list) => format!("the latest of: {}", list.iter().map(|one| period(pack, one)).collect::<Vec<_>>().join("; ")),
        PeriodShape::At(anchor) => point(pack, *anchor),
    };
    if let Some(plus) = &given.plus {
        text = format!("{text}, and then {}", period(pack, plus));
    }
    if let Some(reading) = &given.reading {
        text = format!("{text}; or, read otherwise, {}. {}", period(pack, &reading.also), crate::words::unstopped(&reading.why));
    }
    text
}

fn counted(pack: &Pack, made: &Counted) -> String {
    let long = if made.paper { format!("as long as the paper says, at most {}", rule(made.rule)) } else { rule(made.rule) };
    format!("{long}, from {}", point(pack, made.from))
}

/// A length with its way of counting.
fn rule(rule: time::Period) -> String {
    let how = match rule.count() {
        Count::Hours => "",
        Count::DaysIncl | Count::MonthsIncl | Count::YearsIncl => ", the first day counted",
        Count::DaysClear => ", clear days",
        Count::DaysExcl => ", the first day not counted",
        Count::DaysFromNext => ", counted from the next day",
        Count::WorkingDaysIncl => " that are open, the first one counted",
        Count::WorkingDaysAfter => " that are open, after the day",
        Count::WorkingDaysBefore => " that are open, before the day",
        Count::WeeksAfter => ", to the same weekday",
        Count::MonthsAfter => ", starting on the next day",
        Count::MonthsSameDay => ", to the same-numbered day",
        Count::DaysEnding | Count::MonthsEnding => ", ending with the day",
        Count::DaysElapsed => " between the two days, neither counted",
        Count::EndOfDayOrHours => ", or the end of the day if that is later",
        Count::AsSoonAs => return "as soon as can be".to_owned(),
    };
    let rolled = if rule.roll() == Roll::ALL.first().copied().unwrap_or(rule.roll()) {
        String::new()
    } else {
        format!(", moved to the {}", crate::words::plain(rule.roll().name()))
    };
    format!("{}{how}{rolled}", rule.length())
}

fn window_words(pack: &Pack, window: &Window) -> String {
    let from = window.from.map(|from| point(pack, from));
    let ending = window.ending.map(|ending| point(pack, ending));
    let until = window.until.map(|until| format!("not after {}", point(pack, until)));
    // A window back from a day says itself where it ends.
    let long = window.length.map(rule).map(|long| long.strip_suffix(", ending with the day").map(str::to_owned).unwrap_or(long));
    let span = match (from, ending, long) {
        (Some(from), None, Some(long)) => Some(format!("within {long}, from {from}")),
        (None, Some(ending), Some(long)) => Some(format!("within the {long} up to {ending}")),
        (Some(from), _, None) => Some(format!("not before {from}")),
        (_, _, long) => long.map(|long| format!("within {long}")),
    };
    span.into_iter().chain(until).collect::<Vec<_>>().join(", ")
}

/// A point in time, by name.
fn point(pack: &Pack, anchor: Anchor) -> String {
    let name = match anchor.base {
        Base::On => "the act".to_owned(),
        Base::Start => "the start".to_owned(),
        Base::Joined => "the start, or that of the order it joins on to".to_owned(),
        Base::Expiry => "the end of the order".to_owned(),
        Base::Signed => "the signing".to_owned(),
        Base::FoundingSigned => "the signing of the paper it founds".to_owned(),
        Base::ExaminedFirst => "the first examination".to_owned(),
        Base::ExaminedLast => "the last examination".to_owned(),
        Base::Admitted => "the admission".to_owned(),
        Base::AbsentFrom => "the first day of absence".to_owned(),
        Base::Due => "when it is due".to_owned(),
        Base::Opened => "the opening".to_owned(),
        Base::Of => "the act in question".to_owned(),
        Base::Clock(clock) => format!("`{}`", title(&pack.clocks, clock)),
        Base::DutyDue(duty) => format!("when `{}` is due", title(&pack.duties, duty)),
        Base::OrderStart(order) => format!("the start of `{}`", title(&pack.orders, order)),
        Base::OrderEnd(order) => format!("the end of `{}`", title(&pack.orders, order)),
    };
    match anchor.grain {
        Grain::Instant => name,
        Grain::Day => format!("the day of {name}"),
        Grain::NextDay => format!("the day after {name}"),
    }
}

fn title<B>(provisions: &[Provision<B>], number: u16) -> String {
    let provision = provisions.get(usize::from(number));
    provision.and_then(|provision| provision.versions.first()).map(|version| version.head.title.clone()).unwrap_or_default()
}
