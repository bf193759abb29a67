//! The fold and the second engine agree on random case files: on every run, duty, right, named day and finding, and on the two
//! answers and the states of duties at every boundary, a second before and after, and at a few instants between.
//!
//! And every counting rule that stands in a pack ends when the second engine says, from thousands of starts.
//!
//! `OPENWARD_CASES` and `OPENWARD_SEED` choose how many and from where; a disagreement prints the smallest case file that shows it.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod reference;
mod support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use openward_law::casefile::{CaseFile, effective};
use openward_law::engine::forecast::{Doubt, End, Failing, FindingKind, Flaw, Forecast};
use openward_law::engine::{Context, Items, Law, fold, prepare};
use openward_law::pack::{Defect, Pack, Sym};
use openward_law::standing::{Authority, Question, Reach, standing, zone_of_file};
use openward_law::time::{Count, Direction, Length, Moment, Period, Roll, Zone};
use reference::answer::moment;
use reference::days::{Days, Point};
use support::generate::{PERSON, case_file};
use support::numbers::{kept, person, with_entries};
use support::random::Random;
use support::vocabulary::Vocabulary;
use support::{cases, each_case, first_seed, law};

/// A forecast in the same lines as the second engine's.
struct Told<'a> {
    pack: &'a Pack,
    items: &'a Items<'a>,
}

impl Told<'_> {
    fn n(&self, item: u16) -> u32 {
        self.items.list[usize::from(item)].entry.n
    }

    fn at(at: &Moment) -> String {
        moment(at.earliest(), at.latest())
    }

    fn maybe(at: Option<&Moment>) -> String {
        at.map_or("-".to_owned(), Self::at)
    }

    fn end(end: &End<'_>) -> String {
        if end.is_open() {
            return "open".to_owned();
        }
        let doubt = match end.doubt {
            _ if end.sure == end.latest => String::new(),
            Doubt::None => String::new(),
            Doubt::Time => " time".to_owned(),
            Doubt::Reading(reading) => format!(" {}", reading.id),
        };
        format!("{}{doubt}", moment(end.sure, end.latest))
    }

    fn word(&self, sym: Option<Sym>) -> String {
        sym.map_or("-", |sym| self.pack.words.text(sym)).to_owned()
    }

    fn flaw(&self, flaw: &Flaw<'_>) -> String {
        let failing = match flaw.failing {
            Failing::Unmet => "unmet",
            Failing::Missing => "missing",
            Failing::TimeUnknown => "time-unknown",
            Failing::Reading => "reading",
        };
        let weight = match flaw.defect {
            Defect::Void => "void".to_owned(),
            Defect::Ends => "ends".to_owned(),
            Defect::Curable => "curable".to_owned(),
            Defect::ForDecision(body) => format!("for-{}", self.pack.words.text(body)),
            Defect::Irregular => "irregular".to_owned(),
            Defect::ReasonWanted => "reason-wanted".to_owned(),
        };
        let cure = flaw.cure_until.as_ref().map_or("-".to_owned(), Self::end);
        // What is missing concerns no entry in particular.
        let items: Vec<u32> = flaw.items.iter().filter(|_| flaw.failing != Failing::Missing).map(|item| self.n(*item)).collect();
        format!(
            "{}.{} {} {failing} {} {weight} {} cure {cure} mended {} {} {items:?}",
            flaw.head.kind.word(),
            flaw.head.id,
            flaw.what,
            flaw.missing,
            self.word(flaw.decides),
            Self::maybe(flaw.mended.as_ref().map(|(at, _)| at)),
            flaw.as_if_always
        )
    }

    fn lines(&self, forecast: &Forecast<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        for run in &forecast.orders {
            let rests: Vec<String> =
                run.pauses.iter().map(|(from, back)| format!("{}-{}", Self::at(from), Self::maybe(back.as_ref()))).collect();
            lines.push(format!(
                "order {} by {} start {} joined {} since {} till {} ended {} void {} rests {rests:?}",
                run.head.id,
                self.n(run.item),
                Self::at(&run.start),
                Self::at(&run.joined),
                Self::at(&run.since),
                Self::end(&run.end),
                Self::maybe(run.ended.as_ref().map(|(at, _)| at)),
                run.void
            ));
            for rung in &run.rungs {
                let mut relied: Vec<u32> = rung.relied.iter().map(|item| self.n(*item)).collect();
                relied.sort_unstable();
                relied.dedup();
                lines.push(format!(
                    "  stretch by {} from {} till {} relies {relied:?}",
                    self.n(rung.item),
                    Self::at(&rung.from),
                    Self::end(&rung.end)
                ));
                let mut flaws: Vec<String> = rung.flaws.iter().map(|flaw| format!("    lacks {}", self.flaw(flaw))).collect();
                flaws.sort_unstable();
                lines.extend(flaws);
            }
        }
        for run in &forecast.duties {
            let due = run.due.as_ref().map_or("-".to_owned(), Self::end);
            let parts: Vec<u32> = run.parts.iter().map(|part| part.map_or(0, |(_, item)| self.n(item))).collect();
            let stoppers: Vec<u32> = run.stoppers.iter().map(|item| self.n(*item)).collect();
            let waits: Vec<String> =
                run.waits.iter().map(|(from, until)| format!("{}-{}", Self::at(from), Self::maybe(until.as_ref()))).collect();
            lines.push(format!(
                "duty {} by {} raised {} due {due} parts {parts:?} met {} lapsed {} stoppers {stoppers:?} waits {waits:?}",
                run.head.id,
                self.n(run.item),
                Self::at(&run.raised),
                Self::maybe(run.met.as_ref()),
                Self::maybe(run.lapsed.as_ref())
            ));
        }
        for run in &forecast.entitlements {
            let uses: Vec<u32> = run.uses.iter().map(|item| self.n(*item)).collect();
            lines.push(format!(
                "right {} by {} raised {} opens {} closes {} ended {} uses {uses:?}",
                run.head.id,
                self.n(run.item),
                Self::at(&run.raised),
                Self::at(&run.opens),
                Self::end(&run.closes),
                Self::maybe(run.ended.as_ref())
            ));
        }
        for run in &forecast.clocks {
            lines.push(format!(
                "clock {} by {} at {} fell {}",
                run.head.id,
                self.n(run.item),
                Self::at(&run.at),
                Self::maybe(run.fell.as_ref())
            ));
        }
        for finding in &forecast.findings {
            let kind = match finding.kind {
                FindingKind::Forbidden => "forbidden",
                FindingKind::Defect => "defect",
                FindingKind::NotShown => "not-shown",
                FindingKind::Unanswered => "unanswered",
                FindingKind::OutOfTime => "out-of-time",
                FindingKind::Early => "early",
                FindingKind::Late => "late",
                FindingKind::Excess => "excess",
                FindingKind::NoEffect => "no-effect",
                FindingKind::Contradicted => "contradicted",
            };
            let head = finding.head;
            lines.push(format!(
                "finding {}.{} {kind} {} at {} by {}",
                head.kind.word(),
                head.id,
                finding.what,
                Self::at(&finding.at),
                self.n(finding.item)
            ));
        }
        for gap in &forecast.no_law {
            let order = gap.order.map_or("-", |order| &self.pack.orders[usize::from(order)].id);
            lines.push(format!("no law {order} at {} by {}", Self::at(&gap.at), self.n(gap.item)));
        }
        for change in &forecast.whereabouts {
            let word = format!("{:?}", change.presence).to_lowercase();
            let word = if word == "onleave" { "leave".to_owned() } else { word };
            lines.push(format!("where {word} from {}", Self::at(&change.at)));
        }
        lines
    }
}

/// The answer on authority in the second engine's words.
fn authority(answer: &Authority) -> String {
    match answer {
        Authority::Shown { order, .. } => format!("shown {order}"),
        Authority::Contested { order, defect, decides, .. } => format!("contested {order} {defect} {}", decides.as_deref().unwrap_or("-")),
        Authority::NotShown { order: Some(order), missing, .. } => format!("not-shown {order} {missing}"),
        Authority::NotShown { order: None, missing, .. } if missing == "law" => "not-shown - law".to_owned(),
        // Nothing in force: which of the two it is called follows from what the last entry names.
        Authority::NotShown { order: None, .. } => "none".to_owned(),
        Authority::None { because, .. } if ["ran-out", "ended", "rests", "not-begun", "no-order"].contains(&because.as_str()) => {
            "none".to_owned()
        }
        Authority::None { order, because, .. } => format!("none {} {because}", order.as_deref().unwrap_or("-")),
        Authority::NotNeeded => "not-needed".to_owned(),
    }
}

/// Where the two engines disagree about a case file.
fn disagreement(law: &Law, case: &CaseFile, random: &mut Random) -> Option<String> {
    let file = person(case);
    let context = Context::of(case, None);
    let anywhen = Question { law, benchmark: None, at: Timestamp::MIN, known_at: None, reach: Reach::All };
    let zone = zone_of_file(case, file, &context, anywhen);
    let entries = effective(file, None, |_| None);
    let reference = reference::work_out(&law.pack, case, file);
    let Ok(items) = prepare(&entries, file, &law.pack, &context, &zone) else {
        return reference.map(|_| "only the fold cannot read a time".to_owned());
    };
    let Some(reference) = reference else { return Some("only the second engine cannot read a time".to_owned()) };
    let forecast = fold(law, &items, &context);
    let (one, two) = (Told { pack: &law.pack, items: &items }.lines(&forecast), reference.lines());
    if one != two {
        let fold_only: Vec<&String> = one.iter().filter(|line| !two.contains(line)).take(6).collect();
        let other_only: Vec<&String> = two.iter().filter(|line| !one.contains(line)).take(6).collect();
        return Some(format!("the fold says\n{fold_only:#?}\nthe second engine says\n{other_only:#?}"));
    }
    let boundaries = reference.boundaries();
    let mut instants: Vec<Timestamp> = Vec::new();
    for at in &boundaries {
        instants.extend([-1, 0, 1].map(|seconds| at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(*at)));
    }
    if let (Some(first), Some(last)) = (boundaries.first(), boundaries.last()) {
        let span = last.as_second() - first.as_second();
        instants.extend((0..3).filter_map(|_| Timestamp::from_second(first.as_second() + random.between(0, span.max(1))).ok()));
    }
    random.shuffle(&mut instants);
    instants.truncate(12);
    for at in instants {
        let question = Question { law, benchmark: None, at, known_at: None, reach: Reach::All };
        let Ok(standing) = standing(case, file, question) else { return Some(format!("at {at}: no standing")) };
        let held = reference.held(at).0;
        if standing.held.answer != held {
            return Some(format!("at {at}: held {} / {held}", standing.held.answer));
        }
        let (fold, other) = (authority(&standing.authority), reference.authority(at));
        if fold != other {
            return Some(format!("at {at}: authority {fold} / {other}"));
        }
        let mut duties: Vec<String> =
            standing.duties.iter().map(|duty| format!("{} by {}: {}", duty.duty, duty.raised_by.n, duty.state)).collect();
        duties.sort_unstable();
        if duties != reference.duty_states(at) {
            return Some(format!("at {at}: duties\n{duties:#?}\n{:#?}", reference.duty_states(at)));
        }
    }
    None
}

/// Takes entries and files away as long as the engines still disagree.
fn smallest(mut case: CaseFile, ask: impl Fn(&CaseFile) -> Option<String>) -> CaseFile {
    loop {
        let entries = person(&case).entries.clone();
        let without = |n: u32| with_entries(&case, kept(&entries, |entry| entry.n != n));
        let others = case.files.iter().filter(|file| file.id != PERSON);
        let fewer = others.map(|file| CaseFile {
            header: case.header.clone(),
            files: case.files.iter().filter(|other| other.id != file.id).cloned().collect(),
        });
        match entries.iter().map(|entry| without(entry.n)).chain(fewer).find(|case| ask(case).is_some()) {
            Some(smaller) => case = smaller,
            None => return case,
        }
    }
}

#[test]
fn the_fold_and_the_second_engine_agree() {
    let laws = law::laws();
    let words: Vec<Vocabulary<'_>> = laws.iter().map(|law| Vocabulary::of(&law.pack)).collect();
    let count = cases(1_000);
    let shown: Mutex<Vec<(u64, String)>> = Mutex::default();
    let disagree = AtomicU64::new(0);
    each_case(count, |seed| {
        let at = usize::try_from(seed).expect("a 64-bit machine") % laws.len();
        let law = &laws[at];
        let case = case_file(&law.pack, &words[at], seed);
        let ask = |case: &CaseFile| disagreement(law, case, &mut Random::new(seed));
        if ask(&case).is_some() && disagree.fetch_add(1, Ordering::Relaxed) < 8 {
            let case = smallest(case, ask);
            let said = format!("law {} ({at}) seed {seed}\n{}\n{}", law.pack.id, ask(&case).unwrap_or_default(), case.write());
            shown.lock().expect("no thread has failed").push((seed, said));
        }
    });
    let mut shown = shown.into_inner().expect("no thread has failed");
    shown.sort();
    let shown: Vec<String> = shown.into_iter().map(|(_, said)| said).collect();
    let disagree = disagree.into_inner();
    assert!(shown.is_empty(), "the engines disagree on {disagree} of {count} case files:\n\n{}", shown.join("\n"));
}

/// A counting rule of a pack: count, length, roll, and the calendar's number.
type Rule = (Count, Length, Roll, Option<usize>);

/// Every counting rule that stands in a pack's text, once.
fn rules(name: &str, pack: &Pack) -> Vec<Rule> {
    fn walk(value: &toml::Value, calendar: &impl Fn(&str) -> Option<usize>, into: &mut Vec<Rule>) {
        let text = |key: &str| value.get(key).and_then(toml::Value::as_str);
        let said = [text("length"), text("every")].into_iter().flatten().next().and_then(|length| length.parse().ok());
        if let (Some(length), Some(count)) = (said, text("count").and_then(Count::from_name)) {
            let roll = text("roll").and_then(Roll::from_name).unwrap_or_default();
            into.push((count, length, roll, text("calendar").and_then(calendar)));
        }
        match value {
            toml::Value::Table(table) => table.iter().for_each(|(_, inner)| walk(inner, calendar, into)),
            toml::Value::Array(list) => list.iter().for_each(|inner| walk(inner, calendar, into)),
            _ => {}
        }
    }
    let calendar =
        |name: &str| pack.calendars.iter().position(|calendar| calendar.name() == name).or((!pack.calendars.is_empty()).then_some(0));
    let mut all = Vec::new();
    for file in law::files(name) {
        walk(&toml::Value::Table(file.text.parse().expect("a pack is TOML")), &calendar, &mut all);
    }
    all.sort_by_key(|rule| format!("{rule:?}"));
    all.dedup();
    all
}

/// Starts at which counting goes wrong, if it does: leap days, ends of months, changes of the clock, holidays, the last and first instant of a
/// day; and twice as many others.
fn starts(zone: &Zone, random: &mut Random) -> Vec<Moment> {
    let days =
        ["2023-12-24", "2024-02-28", "2024-02-29", "2024-03-29", "2024-03-30", "2024-03-31", "2024-04-30", "2024-08-31", "2024-10-26"];
    let more =
        ["2024-10-27", "2024-12-31", "2025-01-31", "2025-02-28", "2025-03-30", "2025-04-17", "2025-12-26", "2026-05-25", "2028-02-29"];
    let mut days: Vec<Date> = days.iter().chain(&more).map(|day| day.parse().expect("a day")).collect();
    for _ in 0..2 * days.len() {
        let first: Date = "2023-06-01".parse().expect("a day");
        days.push(first.checked_add(jiff::Span::new().days(random.between(0, 1_800))).expect("a day in reach"));
    }
    let nano = SignedDuration::from_nanos(1);
    let mut starts = Vec::new();
    for day in days {
        let (start, end) = (zone.day_start(day).expect("a day"), zone.day_end(day).expect("a day"));
        let within = start + SignedDuration::from_secs(random.between(1, 80_000));
        starts.extend(
            [start, start + SignedDuration::from_millis(1), within, end - SignedDuration::from_millis(1), end - nano].map(Moment::at),
        );
        starts.push(Moment::on_day(day, zone).expect("a day"));
    }
    starts
}

#[test]
fn every_counting_rule_of_a_pack_ends_when_the_second_engine_says() {
    for name in law::COUNTRIES {
        let pack = law::pack(name);
        let (zone, days) = (&pack.zone, Days::of(pack.zone.name()));
        let mut asked = 0;
        for (at, (count, length, roll, calendar)) in rules(name, &pack).into_iter().enumerate() {
            let Ok(period) = Period::new(count, length).and_then(|period| period.with_roll(roll)) else { continue };
            let calendar = calendar.and_then(|number| pack.calendars.get(number));
            for from in starts(zone, &mut Random::new(at as u64 + first_seed())) {
                let point = Point { first: from.earliest(), last: from.latest() };
                let what = || format!("{name}: {length} by {count} {roll:?} from {}", moment(from.earliest(), from.latest()));
                if !matches!(count.direction(), Direction::Backward | Direction::Neither) {
                    let one = period.reckon(&from, zone, calendar.map(|calendar| calendar.days())).ok().map(|reckoned| reckoned.end);
                    let other = days.after(count, length, roll, point, calendar);
                    assert_eq!(one.map(|end| (end.earliest(), end.latest())), other.map(|end| (end.first, end.last)), "{}", what());
                    asked += 1;
                }
                if matches!(count.direction(), Direction::Backward | Direction::Both) {
                    let one = period.back(&from, zone, calendar.map(|calendar| calendar.days())).ok();
                    let one = one.map(|back| [back.start, back.end].map(|end| (end.earliest(), end.latest())));
                    let other = days.back(count, length, point, calendar);
                    assert_eq!(one, other.map(|(start, end)| [start, end].map(|end| (end.first, end.last))), "{} backwards", what());
                    asked += 1;
                }
            }
        }
        assert!(asked >= 5_000, "{name}: only {asked} ends were compared");
    }
}
