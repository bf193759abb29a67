//! Laws that hold of every case file: arrival order is irrelevant, neither taking away nor leaving out an hour helps, an unrelated fact
//! changes nothing, what was known then is the register cut then, nothing changes before the next change, and the same input gives the
//! same bytes.
//!
//! A failure prints the law, the seed and the case file. `OPENWARD_CASES` and `OPENWARD_SEED` choose how many and from where.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use openward_law::casefile::CaseFile;
use openward_law::engine::Law;
use openward_law::entry::{Details, Entry, FactKind, Origin, Whereabouts};
use openward_law::pack::Pack;
use openward_law::standing::Authority::{None as NoAuthority, NotShown, Shown};
use openward_law::standing::{DutyShown, Question, Reach, Standing, standing};
use openward_law::time::{When, Zone};
use serde_json::Value;
use support::generate::{PERSON, case_file};
use support::numbers::{cut, difference, kept, person, shuffled, told_as, twins, with_entries};
use support::random::Random;
use support::vocabulary::Vocabulary;
use support::{cases, first_seed, law};

/// What a property is asked of.
struct Asked<'a> {
    law: &'a Law,
    case: &'a CaseFile,
    random: Random,
    seed: u64,
}

impl Asked<'_> {
    fn at(&self, case: &CaseFile, at: Timestamp, known_at: Option<Timestamp>) -> Option<Standing> {
        standing(case, person(case), Question { law: self.law, benchmark: None, at, known_at, reach: Reach::All }).ok()
    }

    /// With the international standard beside it, as JSON, without the sums of time that grow from one instant to the next.
    fn shown(&self, at: Timestamp) -> Option<Value> {
        static STANDARD: OnceLock<Law> = OnceLock::new();
        let benchmark = Some(STANDARD.get_or_init(|| Law::new(law::benchmark())));
        let question = Question { law: self.law, benchmark, at, known_at: None, reach: Reach::All };
        let mut shown = json(&standing(self.case, person(self.case), question).ok());
        let map = shown.as_object_mut()?;
        map.remove("at");
        map.remove("held_without_authority");
        for duty in map.get_mut("duties").and_then(Value::as_array_mut).into_iter().flatten() {
            duty.as_object_mut()?.remove("delay_minutes");
        }
        Some(shown)
    }

    /// Instants worth looking at: where the timeline turns or a duty falls due, and one second before and after.
    fn instants(&self, most: usize) -> Vec<Timestamp> {
        let Some(whole) = self.at(self.case, Timestamp::MAX, None) else { return Vec::new() };
        let mut turns: Vec<Timestamp> = whole.timeline.iter().filter_map(|span| span.from.parse().ok()).collect();
        turns.extend(whole.duties.iter().filter_map(|duty| duty.due.as_ref()?.until.parse::<Timestamp>().ok()));
        let mut instants: Vec<Timestamp> = turns
            .iter()
            .flat_map(|at| [-1, 0, 1].map(|seconds| at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(*at)))
            .collect();
        instants.sort_unstable();
        instants.dedup();
        // Chosen so that the choice stays the same while a failing case file is made smaller.
        let salt = self.seed;
        instants.sort_by_key(|at| Random::new(salt ^ at.as_second().unsigned_abs()).next());
        instants.truncate(most);
        instants
    }
}

/// A property: what is wrong with a case file, if anything is.
type Property = fn(Asked<'_>) -> Result<(), String>;

/// Asks a property of so many case files, shared between the laws. A case file that fails is made smaller before it is shown.
fn for_cases(usual: u64, property: Property) {
    let laws = law::laws();
    let words: Vec<Vocabulary<'_>> = laws.iter().map(|law| Vocabulary::of(&law.pack)).collect();
    let first = first_seed();
    for seed in first..first + cases(usual) {
        let at = usize::try_from(seed).expect("a 64-bit machine") % laws.len();
        let case = case_file(&laws[at].pack, &words[at], seed);
        let ask = |case: &CaseFile| property(Asked { law: &laws[at], case, random: Random::new(seed ^ 0xABCD), seed }).err();
        if ask(&case).is_some() {
            let small = smaller(case, |case| ask(case).is_some());
            panic!("{}\nlaw {} ({at}) seed {seed}\n{}", ask(&small).unwrap_or_default(), laws[at].pack.id, small.write());
        }
    }
}

/// Takes away entries and other files as long as the case file still fails.
fn smaller(mut case: CaseFile, fails: impl Fn(&CaseFile) -> bool) -> CaseFile {
    loop {
        let entries = person(&case).entries.clone();
        let fewer = entries.iter().map(|entry| with_entries(&case, kept(&entries, |other| other.n != entry.n))).find(|fewer| fails(fewer));
        let fewer = fewer.or_else(|| {
            let others = case.files.iter().filter(|file| file.id != PERSON).map(|file| file.id.clone());
            let without = |id: String| CaseFile {
                header: case.header.clone(),
                files: case.files.iter().filter(|file| file.id != id).cloned().collect(),
            };
            others.map(without).find(|fewer| fails(fewer))
        });
        match fewer {
            Some(fewer) => case = fewer,
            None => return case,
        }
    }
}

fn json(standing: &Option<Standing>) -> Value {
    serde_json::to_value(standing).expect("a standing is JSON")
}

/// Says where two standings differ.
fn same(one: &Value, other: &Value, at: &dyn std::fmt::Display) -> Result<(), String> {
    difference(one, other, "").map_or(Ok(()), |difference| Err(format!("at {at}: {difference}")))
}

#[test]
fn what_is_generated_can_be_read_and_says_something() {
    let (mut shown, mut total) = (0, 0);
    let laws = law::laws();
    for seed in 1..=1_000 {
        let law = &laws[seed % laws.len()];
        let case = case_file(&law.pack, &Vocabulary::of(&law.pack), seed as u64);
        match CaseFile::read(&case.write()) {
            Ok(read) => assert_eq!(read, case, "seed {seed}"),
            Err(problems) => panic!("{}\nseed {seed}\n{}", problems[0], case.write()),
        }
        total += 1;
        let asked = Asked { law, case: &case, random: Random::new(1), seed: 1 };
        let instants = asked.instants(20);
        let is_shown = |at: &Timestamp| asked.at(&case, *at, None).is_some_and(|standing| standing.authority.word() == "shown");
        shown += usize::from(instants.iter().any(is_shown));
    }
    // A generator whose stories never carry an order would prove nothing.
    assert!(shown * 8 > total, "only {shown} of {total} case files show authority at any time");
}

#[test]
fn arrival_order_is_irrelevant() {
    for_cases(2_000, |mut asked| {
        let silent: Vec<Entry> = person(asked.case).entries.iter().cloned().map(|entry| Entry { recorded: None, ..entry }).collect();
        let plain = with_entries(asked.case, silent);
        let (entries, old) = shuffled(&person(&plain).entries, asked.random.next());
        let other = with_entries(asked.case, entries);
        let twins = twins(&person(&plain).entries, &asked.law.pack.zone);
        let old = old.into_iter().map(|(new, old)| (new, twins[&old])).collect();
        for at in asked.instants(3).into_iter().chain([Timestamp::MAX]) {
            let (one, two) = (json(&asked.at(&plain, at, None)), json(&asked.at(&other, at, None)));
            let told = same(&told_as(&one, &twins), &told_as(&two, &old), &at);
            told.map_err(|why| format!("{why}\nin another order:\n{}", other.write()))?;
        }
        Ok(())
    });
}

#[test]
fn what_is_not_shown_is_not_shown_by_taking_away() {
    for_cases(1_000, |asked| {
        let Some(whole) = asked.at(asked.case, Timestamp::MAX, None) else { return Ok(()) };
        let stretches = whole.orders.iter().flat_map(|order| &order.stretches);
        let relied: BTreeSet<u32> = stretches.flat_map(|stretch| &stretch.relies_on).map(|entry| entry.n).collect();
        let entries = &person(asked.case).entries;
        let instants = asked.instants(6);
        for n in relied {
            // Taking away half of a correction tells another story, not a shorter one.
            let is_corrected = |entry: &Entry| entry.corrects.as_ref().is_some_and(|correction| correction.n == n || entry.n == n);
            if entries.iter().any(is_corrected) {
                continue;
            }
            let other = with_entries(asked.case, cut(entries, |entry| entry.n != n));
            for at in &instants {
                let (Some(before), Some(after)) = (asked.at(asked.case, *at, None), asked.at(&other, *at, None)) else { continue };
                if let Some(what) = helped(&before, &after, n, entries) {
                    return Err(format!("at {at}, without entry {n}: {what}"));
                }
            }
        }
        Ok(())
    });
}

/// Whether authority is shown without an entry that the order relied on while with it it was not shown, or there was none.
fn helped(before: &Standing, after: &Standing, n: u32, entries: &[Entry]) -> Option<String> {
    let (was, missing) = match &before.authority {
        NotShown { order: Some(was), missing, .. } => (was, missing),
        NoAuthority { order: Some(was), because, .. } => (was, because),
        _ => return None,
    };
    let Shown { order: is, .. } = &after.authority else { return None };
    // Without the entry by which the person came back they are still away: the order that an absence keeps going is authority to take them
    // back, and nobody is held under it.
    let is_return =
        |entry: &Entry| entry.n == n && matches!(entry.fact.whereabouts(), Whereabouts::Back | Whereabouts::In | Whereabouts::Held);
    if after.held.answer == "no" && after.held.whereabouts == "absent" && entries.iter().any(is_return) {
        return None;
    }
    // Where it barred or ended another order, or kept another run of this one going, that other one may now be shown: the law itself, and no
    // help for this one.
    let shown: Vec<u32> =
        after.orders.iter().filter(|order| order.order == *is && order.state == "running").map(|order| order.by.n).collect();
    let of = || before.orders.iter().filter(|order| order.order == *was && shown.contains(&order.by.n));
    // Without the act that began it, it is another run of the order, begun by another act.
    if is != was || of().any(|order| order.by.n == n) {
        return None;
    }
    let relied: BTreeSet<u32> =
        of().flat_map(|order| &order.stretches).flat_map(|stretch| &stretch.relies_on).map(|entry| entry.n).collect();
    // An act that names no papers rests on the latest there are; without the latest it rests on others, which is another chain.
    let is_paper = |entry: &Entry| entry.n == n && matches!(entry.fact, FactKind::Signed | FactKind::CourtOrdered);
    let names = |by: u32| entries.iter().any(|entry| entry.n == by && entry.details.on.contains(&n));
    let is_picked = of().any(|order| {
        let relied: BTreeSet<u32> = order.stretches.iter().flat_map(|stretch| &stretch.relies_on).map(|entry| entry.n).collect();
        relied.contains(&n) && !relied.iter().any(|by| names(*by))
    });
    if !relied.contains(&n) || (entries.iter().any(is_paper) && is_picked) {
        return None;
    }
    Some(format!("{was} was not shown ({missing}), and now it is"))
}

/// Whether a fact is a paper: one of the day of the act that relies on it is taken to come before that act, if its hour is not written.
fn is_paper(entry: &Entry) -> bool {
    matches!(entry.fact, FactKind::Signed | FactKind::CourtOrdered)
}

#[test]
fn an_hour_that_is_not_written_makes_nothing_better() {
    for_cases(1_000, |mut asked| {
        let zone = &asked.law.pack.zone;
        let entries = person(asked.case).entries.clone();
        let instants = asked.instants(6);
        // Among facts of one date the order hangs on the hours; that a fact is the only one of its date leaves nothing but its hour open.
        let days: Vec<Option<Date>> = entries.iter().map(|entry| Some(zone.day_of(entry.at.moment(zone).ok()?.earliest()))).collect();
        let alone = |at: usize| days.iter().filter(|day| **day == days[at]).count() == 1;
        let by_hour = |entry: &Entry| !matches!(entry.at, When::Day(_)) && !is_paper(entry);
        let hours: Vec<&Entry> =
            entries.iter().enumerate().filter(|(at, entry)| alone(*at) && by_hour(entry)).map(|(_, entry)| entry).collect();
        let Some(entry) = asked.random.some(&hours).copied() else { return Ok(()) };
        let Ok(moment) = entry.at.moment(zone) else { return Ok(()) };
        let (n, day) = (entry.n, zone.day_of(moment.earliest()));
        let only_day = |entry: &Entry| if entry.n == n { Entry { at: When::Day(day), ..entry.clone() } } else { entry.clone() };
        let other = with_entries(asked.case, entries.iter().map(only_day).collect());
        // The turns of that day, where most depends on the hour, beside those of the whole story.
        let turns = [zone.day_start(day), zone.day_end(day)].into_iter().flatten().chain([moment.earliest()]);
        let near = turns.flat_map(|at| [-1, 0, 1].map(|seconds| at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)));
        for at in instants.into_iter().chain(near) {
            let (Some(before), Some(after)) = (asked.at(asked.case, at, None), asked.at(&other, at, None)) else { continue };
            if let Some(what) = better(&before, &after) {
                return Err(format!("at {at}, entry {n} by its date only: {what}"));
            }
        }
        Ok(())
    });
}

#[test]
fn what_may_have_ended_an_order_that_day_leaves_it_in_doubt() {
    for_cases(if cfg!(debug_assertions) { 400 } else { 1_000 }, |asked| {
        let zone = &asked.law.pack.zone;
        let entries = person(asked.case).entries.clone();
        let moment = |entry: &Entry| entry.at.moment(zone).ok();
        let day = |entry: &Entry| moment(entry).map(|moment| zone.day_of(moment.earliest()));
        // Of two acts of one day the one that came last is told by its date only. At one instant the registry's order of facts decides.
        for act in entries.iter().filter(|entry| !matches!(entry.at, When::Day(_)) && !is_paper(entry)) {
            let (Some(moment), Some(date)) = (moment(act), day(act)) else { continue };
            let is_tie = |other: &Entry| other.n != act.n && other.at.moment(zone).is_ok_and(|other| other == moment);
            // A second act without an hour may end what the first one carries.
            let is_dated = |other: &Entry| matches!(other.at, When::Day(day) if day == date) && !is_paper(other);
            let begun: Vec<u32> =
                entries.iter().filter(|other| other.n != act.n && day(other) == Some(date)).map(|other| other.n).collect();
            if begun.is_empty() || entries.iter().any(|other| is_tie(other) || is_dated(other)) {
                continue;
            }
            let only_day = |entry: &Entry| if entry.n == act.n { Entry { at: When::Day(date), ..entry.clone() } } else { entry.clone() };
            let other = with_entries(asked.case, entries.iter().map(only_day).collect());
            let turns = [Some(moment.earliest()), zone.day_end(date).ok()];
            for at in turns.into_iter().flatten() {
                let (Some(before), Some(after)) = (asked.at(asked.case, at, None), asked.at(&other, at, None)) else { continue };
                // Asked of orders begun that day which had ended by then.
                let ended =
                    |id: &str| before.orders.iter().any(|order| order.order == id && begun.contains(&order.by.n) && order.state == "ended");
                if let (NotShown { .. } | NoAuthority { .. }, Shown { order, .. }) = (&before.authority, &after.authority)
                    && ended(order)
                {
                    return Err(format!("at {at}, entry {} by its date only: {order} is shown, which it may have ended", act.n));
                }
            }
        }
        Ok(())
    });
}

/// Whether authority is shown that was not, or a duty that was late is not even doubtful.
fn better(before: &Standing, after: &Standing) -> Option<String> {
    if let (NotShown { .. } | NoAuthority { .. }, Shown { order, .. }) = (&before.authority, &after.authority) {
        return Some(format!("authority was {}, and now {order} is shown", before.authority.word()));
    }
    let late = before.duties.iter().filter(|duty| matches!(duty.state.as_str(), "late" | "met-late"));
    let timely = |was: &DutyShown| after.duties.iter().find(|is| is.id == was.id && matches!(is.state.as_str(), "open" | "met"));
    let found = late.filter_map(|was| Some((was, timely(was)?))).next();
    found.map(|(was, is)| format!("duty {} was {}, and now it is {}", was.duty, was.state, is.state))
}

/// A fact at which no pattern of a pack looks.
fn unseen(pack: &Pack) -> FactKind {
    let words = Vocabulary::of(pack);
    let facts = [FactKind::CommentInserted, FactKind::WorkAgreed, FactKind::AccessRequested, FactKind::WorkDone];
    facts.into_iter().find(|fact| !words.looks_at(*fact)).expect("a fact at which no pattern looks")
}

#[test]
fn an_unrelated_fact_changes_nothing() {
    for_cases(2_000, |mut asked| {
        let mut added = person(asked.case).entries.clone();
        let instants = asked.instants(4);
        let near = asked.random.some(&instants).copied().unwrap_or(Timestamp::UNIX_EPOCH);
        let when = near + SignedDuration::from_mins(asked.random.between(-40_000, 40_000));
        added.push(Entry {
            file: PERSON.to_owned(),
            n: u32::try_from(added.len() + 1).expect("small"),
            at: When::Instant { at: when, offset: jiff::tz::Offset::UTC },
            recorded: added.last().and_then(|entry| entry.recorded),
            origin: Origin::Reported,
            stay: None,
            fact: unseen(&asked.law.pack),
            details: Details::default(),
            corrects: None,
        });
        let other = with_entries(asked.case, added);
        for at in instants.into_iter().chain([Timestamp::MAX, when]) {
            let (one, two) = (json(&asked.at(asked.case, at, None)), json(&asked.at(&other, at, None)));
            same(&one, &two, &format!("{at}, with a fact of {when}"))?;
        }
        Ok(())
    });
}

#[test]
fn what_was_known_then_is_the_register_cut_then() {
    for_cases(2_000, |mut asked| {
        let entries = person(asked.case).entries.clone();
        let Some(then) = asked.random.some(&entries).and_then(|entry| entry.recorded) else { return Ok(()) };
        let mut other = with_entries(asked.case, cut(&entries, |entry| entry.recorded.is_some_and(|at| at <= then)));
        // The other files are cut as well: a designation or authorisation that began later was not known either.
        let zone = Zone::utc();
        for file in other.files.iter_mut().filter(|file| file.id != PERSON) {
            file.entries = cut(&file.entries, |entry| entry.at.moment(&zone).is_ok_and(|moment| moment.earliest() <= then));
        }
        for at in asked.instants(4).into_iter().chain([then]) {
            let mut known = json(&asked.at(asked.case, at, Some(then)));
            if let Some(map) = known.as_object_mut() {
                map.remove("known_at");
            }
            let whole = json(&asked.at(&other, at, None));
            same(&known, &whole, &format!("{at}, known at {then}"))?;
        }
        Ok(())
    });
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for_cases(2_000, |asked| {
        let at = asked.instants(1).first().copied().unwrap_or(Timestamp::MAX);
        let text = |case: &CaseFile| serde_json::to_string(&asked.at(case, at, None)).expect("a standing is JSON");
        let here = text(asked.case);
        let read = CaseFile::read(&asked.case.write()).map_err(|problems| problems[0].to_string())?;
        // Another thread has other seeds for its hash maps.
        let there = std::thread::scope(|scope| scope.spawn(|| text(&read)).join()).map_err(|_| "the thread ended early".to_owned())?;
        if here == there { Ok(()) } else { Err(format!("{here}\n{there}")) }
    });
}

/// The next change that a standing names.
fn next_change(shown: &Value) -> Option<Timestamp> {
    shown.get("next_change_at")?.as_str()?.parse().ok()
}

#[test]
fn nothing_changes_before_the_next_change() {
    for_cases(if cfg!(debug_assertions) { 400 } else { 2_000 }, |mut asked| {
        // From the past, where later entries change much, and from after the last entry, where only time does.
        for at in asked.instants(4) {
            let Some(now) = asked.shown(at) else { return Ok(()) };
            let next = next_change(&now);
            let until = next.unwrap_or_else(|| at.checked_add(SignedDuration::from_hours(24 * 3_650)).unwrap_or(Timestamp::MAX));
            let long = until.duration_since(at).as_secs();
            let within = |seconds: i64| at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at);
            let mut sampled = vec![until - SignedDuration::from_nanos(1), within(long / 2), within(asked.random.between(0, long.max(1)))];
            // Where nothing changes any more, the turns of the whole story are the likeliest to be wrong.
            sampled.extend(asked.instants(8));
            for then in sampled.into_iter().filter(|then| *then > at && *then < until) {
                let other = asked.shown(then).ok_or("it stood before")?;
                same(&now, &other, &format!("{then}, seen from {at}, with the next change at {next:?}"))?;
            }
        }
        Ok(())
    });
}

/// Whether an instant is one of two ends of something, or the last moment of an unknown time: a change that only the reader's own look at
/// the dates shows.
fn is_an_end(shown: &Value, at: &str, given: &[Timestamp]) -> bool {
    let here = |value: &Value| value.as_str() == Some(at);
    let inside = match shown {
        Value::Object(map) => {
            ["until", "or_until", "mend_until", "opens"].iter().filter_map(|key| map.get(*key)).any(here)
                || map.values().any(|inner| is_an_end(inner, at, given))
        }
        Value::Array(list) => list.iter().any(|inner| is_an_end(inner, at, given)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    inside || at.parse().is_ok_and(|at| given.contains(&at))
}

#[test]
fn something_changes_at_the_next_change() {
    for_cases(2_000, |asked| {
        // The end of a day on which something happened at an unknown hour, as days end where the person is.
        let ends = |zone: &Zone| -> Vec<Timestamp> {
            let moments = person(asked.case).entries.iter().filter_map(|entry| entry.at.moment(zone).ok());
            moments.filter(|moment| !moment.is_exact()).map(|moment| moment.latest()).collect()
        };
        for at in asked.instants(4) {
            let Some(mut now) = asked.shown(at) else { return Ok(()) };
            let Some(next) = next_change(&now) else { continue };
            let zone =
                now.get("zone").and_then(Value::as_str).and_then(|name| Zone::named(name).ok()).ok_or("a standing without a zone")?;
            if next <= at {
                return Err(format!("at {at} the next change is {next}"));
            }
            let mut then = asked.shown(next).ok_or("it stood before")?;
            for shown in [&mut now, &mut then] {
                shown.as_object_mut().and_then(|map| map.remove("next_change_at"));
            }
            if difference(&now, &then, "").is_none() && !is_an_end(&now, &next.to_string(), &ends(&zone)) {
                return Err(format!("at {at}: nothing changes at {next}"));
            }
        }
        Ok(())
    });
}

#[test]
fn every_id_of_a_standing_is_another() {
    for_cases(2_000, |asked| {
        for at in asked.instants(2).into_iter().chain([Timestamp::MAX]) {
            let shown = json(&asked.at(asked.case, at, None));
            let tables = ["orders", "duties", "entitlements", "findings"].iter().filter_map(|table| shown.get(*table)?.as_array());
            let mut ids = BTreeSet::new();
            for row in tables.flatten() {
                let id = row.get("id").and_then(Value::as_str).ok_or("a row without an id")?;
                if !ids.insert(id) {
                    return Err(format!("at {at} two rows have one id: {row}"));
                }
            }
        }
        Ok(())
    });
}
