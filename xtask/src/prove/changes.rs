//! What a value of a pack may be changed to: every change that should make some scenario fail.
//!
//! Not changed are texts for people (titles, names, notes), citations, sources, sureness and the ids of facts and safeguards.
//! Not proposed are changes that no standing could ever show, each with its reason. Deliberately absent: cutting and pasting in
//! the text (`super::mutants`).

use std::collections::{BTreeMap, BTreeSet};

use openward_law::entry::FactKind;
use openward_law::pack::shape::{Shape, Target};
use openward_law::time::{Count, Length, Period, Roll, Unit};
use toml::de::{DeTable, DeValue};

use super::anchors;
use super::spots::{Spot, walk};

/// The words of a pack that may stand in the place of others.
#[derive(Default)]
pub(super) struct Names {
    /// Names that can be referred to, by what they are.
    pub(super) defined: BTreeMap<Target, BTreeSet<String>>,
    /// Paragraphs, by the key under which they stand.
    paragraphs: BTreeMap<&'static str, BTreeSet<String>>,
    /// Neutral words for roles that the benchmark asks about; the others say nothing in any standing.
    neutral: BTreeSet<String>,
}

impl Names {
    /// Adds the words of a file that are used rather than defined.
    pub(super) fn add_used(&mut self, file: &DeTable<'_>) {
        walk(file, &mut |spot| {
            let Some(text) = spot.value.get_ref().as_str() else { return };
            match spot.shape {
                Shape::Paragraph => self.paragraphs.entry(spot.key.name).or_default().insert(text.to_owned()),
                _ => return,
            };
        });
    }

    /// Adds the roles that a file of the benchmark asks about.
    pub(super) fn add_neutral(&mut self, file: &DeTable<'_>) {
        walk(file, &mut |spot| {
            if let (Some(_), Shape::AnyRef(_), Some(text)) = (spot.owner, spot.shape, spot.value.get_ref().as_str()) {
                self.neutral.insert(text.to_owned());
            }
        });
    }
}

/// What stands in a value's place.
pub(super) enum Change {
    /// Another value, as TOML writes it.
    To(String),
    /// Another date, here and where the version next to it ends or begins on the same day.
    Day(String),
    /// Nothing: the item, or the key with its value, is gone.
    Gone,
}

/// Keys that carry no law.
const SILENT: &[&str] = &["as_at", "sure", "read_on", "format", "benchmark", "declared_on"];

/// The changes to try on a value, in a fixed order.
pub(super) fn changes(spot: &Spot<'_, '_>, names: &Names) -> Vec<Change> {
    if SILENT.contains(&spot.key.name) || spot.path.starts_with("sources.") || asks_the_same(spot) {
        return Vec::new();
    }
    let mut changes = match spot.value.get_ref() {
        DeValue::String(text) => words(text, spot, names).iter().map(|word| Change::To(quoted(word))).collect(),
        DeValue::Integer(number) => number.as_str().parse::<i64>().map_or_else(|_| Vec::new(), |number| near(number, spot.shape)),
        DeValue::Boolean(yes) => vec![Change::To((!yes).to_string())],
        DeValue::Datetime(day) => days(&day.to_string(), spot),
        _ => Vec::new(),
    };
    if goes(spot) {
        changes.push(Change::Gone);
    }
    changes
}

/// Whose signatures an order's need looks at: an order has no paper of its own beside those that it rests on, so all are the founding ones.
/// And the first year of a calendar: no day before a pack's own first day is ever asked about, so an earlier one shows in nothing.
fn asks_the_same(spot: &Spot<'_, '_>) -> bool {
    let founded = spot.key.name == "who" && spot.value.get_ref().as_str() == Some("founded-signers");
    (founded && spot.path.starts_with("order.")) || spot.key.name == "from_year"
}

fn quoted(word: &str) -> String {
    format!("\"{word}\"")
}

/// Items that are taken away whole: needs, and one word of several. A word that has no other in its place is taken away as well.
fn goes(spot: &Spot<'_, '_>) -> bool {
    let one_of_several = spot.list.is_some_and(|list| list.len() > 1);
    match spot.shape {
        Shape::Table(_) => spot.key.name == "needs",
        Shape::One(words) => words.len() == 1,
        Shape::Ref(Target::Source | Target::Safeguard) | Shape::Name | Shape::Text | Shape::Section => false,
        _ => one_of_several,
    }
}

/// The other words for a word.
fn words(text: &str, spot: &Spot<'_, '_>, names: &Names) -> Vec<String> {
    match spot.shape {
        Shape::Length => lengths(text),
        Shape::Count => counts(text, spot),
        Shape::Roll => Roll::ALL.iter().map(|roll| roll.name()).filter(|name| *name != text).map(str::to_owned).collect(),
        Shape::Anchor => anchors::others(text, length_beside(spot)),
        Shape::Zone => vec![if text == "Etc/UTC" { "Asia/Tokyo" } else { "Etc/UTC" }.to_owned()],
        Shape::Fact => another(text, FactKind::ALL.iter().map(|fact| fact.word()), spot),
        Shape::One(words) => words.iter().filter(|word| **word != text).map(|word| (*word).to_owned()).collect(),
        Shape::Defect => defects(text, names),
        Shape::Paragraph => another(text, names.paragraphs.get(spot.key.name).into_iter().flatten().map(String::as_str), spot),
        Shape::Name if spot.key.name == "neutral" && names.neutral.contains(text) => {
            another(text, names.neutral.iter().map(String::as_str), spot)
        }
        Shape::Ref(Target::Source | Target::Safeguard) => Vec::new(),
        Shape::Ref(target) => another(text, defined(names, &[*target]), spot),
        Shape::AnyRef(targets) => another(text, defined(names, targets), spot),
        Shape::Text => days_of_the_year(text, spot),
        _ => Vec::new(),
    }
}

fn defined<'n>(names: &'n Names, targets: &[Target]) -> impl Iterator<Item = &'n str> + use<'n> {
    let found: BTreeSet<&str> = targets.iter().filter_map(|target| names.defined.get(target)).flatten().map(String::as_str).collect();
    found.into_iter()
}

/// One other word: the next that does not stand beside this one already.
fn another<'n>(text: &str, all: impl Iterator<Item = &'n str>, spot: &Spot<'_, '_>) -> Vec<String> {
    let beside: BTreeSet<&str> = spot.list.into_iter().flat_map(|list| list.iter()).filter_map(|item| item.get_ref().as_str()).collect();
    let all: Vec<&str> = all.collect();
    let at = all.iter().position(|word| *word == text).map_or(0, |at| at + 1);
    let next = all.iter().cycle().skip(at).take(all.len()).find(|word| **word != text && !beside.contains(**word));
    next.map(|word| (*word).to_owned()).into_iter().collect()
}

fn near(number: i64, shape: &Shape) -> Vec<Change> {
    let Shape::Number(least, most) = shape else { return Vec::new() };
    let fits = |number: &i64| (i64::from(*least)..=i64::from(*most)).contains(number);
    [number + 1, number - 1].into_iter().filter(fits).map(|number| Change::To(number.to_string())).collect()
}

/// One more, one less, and the same number of another unit.
fn lengths(text: &str) -> Vec<String> {
    let Ok(length) = text.parse::<Length>() else { return Vec::new() };
    let other = match length.unit() {
        Unit::Minutes => Unit::Hours,
        Unit::Hours => Unit::Minutes,
        Unit::Days => Unit::Weeks,
        Unit::Weeks => Unit::Days,
        Unit::Months => Unit::Years,
        Unit::Years => Unit::Months,
    };
    let tries = [(length.n().checked_add(1), length.unit()), (length.n().checked_sub(1), length.unit()), (Some(length.n()), other)];
    tries.into_iter().filter_map(|(n, unit)| Length::new(n?, unit).ok()).map(|length| length.to_string()).collect()
}

/// The keys under which the length of a counting rule stands.
const LENGTHS: &[&str] = &["length", "within", "every", "by", "examined_within"];

/// The length to which the counting rule or the anchor belongs.
fn length_beside(spot: &Spot<'_, '_>) -> Option<Length> {
    LENGTHS.iter().find_map(|key| spot.table.get(*key)?.get_ref().as_str()?.parse().ok())
}

/// Every other rule that counts in the unit of the length, but for those that come to the same sum.
fn counts(text: &str, spot: &Spot<'_, '_>) -> Vec<String> {
    let (Some(own), Some(length)) = (Count::from_name(text), length_beside(spot)) else { return Vec::new() };
    let sum = |count| if follows_on(spot) { begun_after(sum(count, length)) } else { sum(count, length) };
    let others = Count::ALL.into_iter().filter(|count| sum(*count) != sum(own) && Period::new(*count, length).is_ok());
    others.map(|count| count.name().to_owned()).collect()
}

/// Whether the period is counted from the end of another one. There a rule that leaves out the day of its start leaves out the other
/// period's last day, so that it comes to the same as one that begins with the day after.
fn follows_on(spot: &Spot<'_, '_>) -> bool {
    match spot.table_shape.name {
        "move" => true,
        "rung" => spot.table.get("from").is_none_or(|from| from.get_ref().as_str() == Some("expiry")),
        _ => spot.path.contains(".plus."),
    }
}

/// The rule that begins with the day after, in the place of one that leaves a day out. Months to the same-numbered day stay what they are:
/// they are others where a month is short.
fn begun_after(count: Count) -> Count {
    match count {
        Count::DaysExcl => Count::DaysIncl,
        Count::MonthsAfter => Count::MonthsIncl,
        Count::WorkingDaysAfter => Count::WorkingDaysIncl,
        count => count,
    }
}

/// The longest day has an hour more than others, when the clocks go back. The end of the day is never further away.
const LONGEST_DAY_HOURS: u16 = 25;

/// Rules with one arithmetic that laws word in different ways stand for the same sum.
fn sum(count: Count, length: Length) -> Count {
    let longer_than_a_day = match length.unit() {
        Unit::Hours => length.n() > LONGEST_DAY_HOURS,
        Unit::Minutes => length.n() > LONGEST_DAY_HOURS * 60,
        _ => false,
    };
    match count {
        Count::DaysClear | Count::DaysFromNext | Count::WeeksAfter => Count::DaysExcl,
        Count::YearsIncl => Count::MonthsIncl,
        Count::EndOfDayOrHours if longer_than_a_day => Count::Hours,
        count => count,
    }
}

const DEFECTS: &[&str] = &["void", "ends", "curable", "irregular", "reason-wanted"];

fn defects(text: &str, names: &Names) -> Vec<String> {
    let bodies = names.defined.get(&Target::Body).into_iter().flatten().map(|body| format!("for-decision:{body}"));
    let plain = DEFECTS.iter().map(|word| (*word).to_owned()).filter(|word| word != text);
    plain.chain(bodies.filter(|word| word != text).take(1)).collect()
}

/// A holiday's day of the year, and its distance from Easter, are written as text.
fn days_of_the_year(text: &str, spot: &Spot<'_, '_>) -> Vec<String> {
    match (spot.table_shape.name, spot.key.name) {
        ("holiday", "date") => {
            let Some((month, day)) = text.split_once('-').and_then(|(month, day)| Some((month, day.parse::<u8>().ok()?))) else {
                return Vec::new();
            };
            [day + 1, day - 1].iter().map(|day| format!("{month}-{day:02}")).collect()
        }
        ("holiday", "easter") => text
            .trim_start_matches('+')
            .parse::<i8>()
            .map_or_else(|_| Vec::new(), |days| vec![format!("{:+}", days + 1), format!("{:+}", days - 1)]),
        _ => Vec::new(),
    }
}

/// The day after and the day before. Two versions that meet on a day move together, for the loader refuses every other way.
fn days(text: &str, spot: &Spot<'_, '_>) -> Vec<Change> {
    let Ok(day) = text.parse::<jiff::civil::Date>() else { return Vec::new() };
    let others = [day.tomorrow(), day.yesterday()].into_iter().filter_map(Result::ok).map(|day| day.to_string());
    match (spot.table_shape.name, spot.key.name) {
        // Its change belongs to the version before, which ends on the day.
        ("version", "from") if meets(spot, "until", text) => Vec::new(),
        ("version", "until") => others.map(Change::Day).collect(),
        _ => others.map(Change::To).collect(),
    }
}

/// Whether another version of the provision has this day under this key.
fn meets(spot: &Spot<'_, '_>, key: &str, day: &str) -> bool {
    let versions = spot.owner.into_iter().flat_map(|owner| owner.versions.iter());
    versions
        .filter_map(|version| version.get_ref().get("version")?.get_ref().get(key)?.get_ref().as_datetime())
        .any(|found| found.to_string() == day)
}
