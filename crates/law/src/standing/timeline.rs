//! The timeline: where the orders' authority begins, is in question and ends, laid over where the person is.
//!
//! Deliberately absent: texts for people. Everything here is instants and borrowed names.

use jiff::Timestamp;

use crate::engine::forecast::{Doubt, Failing, Flaw, Forecast, OrderRun, Presence, Rung, Whereabout};
use crate::pack::{Defect, Status, Sym};

/// Whether a person is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It cannot be told.
    CannotTell,
}

/// How good an order is at an instant, worst last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quality<'p> {
    /// Shown.
    Shown,
    /// Somebody must settle something first.
    Contested {
        /// The need or reading.
        what: &'p str,
        /// Where the law asks.
        section: &'p str,
        /// Who decides.
        decides: Option<Sym>,
    },
    /// Something is not on the register.
    NotShown {
        /// What.
        missing: &'p str,
        /// Where the law asks.
        section: &'p str,
    },
    /// It has no effect.
    None {
        /// The need.
        what: &'p str,
        /// Where the law says so.
        section: &'p str,
    },
}

impl Quality<'_> {
    fn badness(&self) -> u8 {
        match self {
            Quality::Shown => 0,
            Quality::Contested { .. } => 1,
            Quality::NotShown { .. } => 2,
            Quality::None { .. } => 3,
        }
    }

    fn worse<'p>(one: Quality<'p>, other: Quality<'p>) -> Quality<'p> {
        if other.badness() > one.badness() { other } else { one }
    }
}

/// A stretch of one order with one quality.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'p> {
    /// From.
    pub from: Timestamp,
    /// The first instant after.
    pub until: Timestamp,
    /// The run's place in the forecast.
    pub run: usize,
    /// How good.
    pub quality: Quality<'p>,
    /// How good it would be had nothing weighed against its beginning.
    since: Quality<'p>,
}

/// The answer on authority within a stretch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer<'p> {
    /// An order, with its quality.
    Order(usize, Quality<'p>),
    /// An order is spoken of that the law does not have on that day.
    NoLaw(usize),
    /// Held, and no order.
    None,
    /// Free to leave.
    NotNeeded,
}

/// A stretch of the timeline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch<'p> {
    /// From.
    pub from: Timestamp,
    /// The first instant after.
    pub until: Timestamp,
    /// Held?
    pub held: Held,
    /// The change of whereabouts in force.
    pub whereabout: Option<usize>,
    /// Authority?
    pub answer: Answer<'p>,
}

/// What a flaw makes of the order at an instant.
fn quality<'p>(flaw: &Flaw<'p>, at: Timestamp) -> Quality<'p> {
    if flaw.mended.is_some() && flaw.as_if_always {
        return Quality::Shown;
    }
    if matches!(flaw.defect, Defect::Irregular | Defect::ReasonWanted) {
        return Quality::Shown;
    }
    let contested = |decides| Quality::Contested { what: flaw.what, section: flaw.section, decides };
    match flaw.failing {
        Failing::Unmet => {}
        Failing::Reading => return contested(flaw.decides),
        Failing::Missing | Failing::TimeUnknown => return Quality::NotShown { missing: flaw.missing, section: flaw.section },
    }
    let none = Quality::None { what: flaw.what, section: flaw.section };
    match flaw.defect {
        Defect::Void | Defect::Ends => none,
        Defect::Curable => match flaw.cure_until {
            Some(until) if at < until.sure => contested(flaw.decides),
            _ => none,
        },
        Defect::ForDecision(body) => match flaw.mended {
            Some((settled, _)) if at >= settled.latest() => Quality::Shown,
            _ => contested(Some(body)),
        },
        Defect::Irregular | Defect::ReasonWanted => Quality::Shown,
    }
}

/// The instants at which a flaw changes what it does.
fn turns<'a>(flaw: &'a Flaw<'_>) -> impl Iterator<Item = Timestamp> + 'a {
    flaw.cure_until.map(|end| end.sure).into_iter().chain(flaw.mended.map(|(settled, _)| settled.latest()))
}

/// The stretches of one order, each with its quality. One that lives inside another is at no time better than that other is then.
pub fn segments<'p>(forecast: &Forecast<'p>, number: usize, into: &mut Vec<Segment<'p>>) {
    let Some(run) = forecast.orders.get(number) else { return };
    // INVARIANT: the outer run began before, so that this comes to an end.
    let Some(outer) = run.within.filter(|outer| *outer < number) else { return own_segments(number, run, into) };
    let (mut inner, mut around) = (Vec::new(), Vec::new());
    own_segments(number, run, &mut inner);
    segments(forecast, outer, &mut around);
    around.retain(|segment| segment.quality != Quality::Shown);
    let mut bounds: Vec<Timestamp> = around.iter().flat_map(|segment| [segment.from, segment.until]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    for segment in inner {
        let mut from = segment.from;
        let cuts = bounds.iter().copied().filter(|cut| *cut > segment.from && *cut < segment.until);
        for until in cuts.chain(std::iter::once(segment.until)) {
            let here = || around.iter().filter(|other| other.from <= from && from < other.until);
            let quality = here().map(|other| other.quality).fold(segment.quality, Quality::worse);
            let since = here().map(|other| other.since).fold(segment.since, Quality::worse);
            into.push(Segment { from, until, run: number, quality, since });
            from = until;
        }
    }
}

/// The stretches of an order by its own flaws. Those of an earlier stretch weigh on the later ones: a renewal mends nothing.
fn own_segments<'p>(number: usize, run: &OrderRun<'p>, into: &mut Vec<Segment<'p>>) {
    let ended = run.ended.map_or((Timestamp::MAX, Timestamp::MAX), |(at, _)| (at.earliest(), at.latest()));
    let mut push = |from: Timestamp, until: Timestamp, quality: Quality<'p>, since: Quality<'p>| {
        // No stretch reaches back before the order itself: not one counted from an earlier point, nor one by an act without an hour.
        let mut from = from.max(run.since.earliest());
        let until = until.min(ended.1);
        for (rest, back) in &run.pauses {
            let (rest, back) = (rest.earliest(), back.map_or(Timestamp::MAX, |back| back.latest()));
            if from < rest.min(until) {
                into.push(Segment { from, until: rest.min(until), run: number, quality, since });
            }
            if back > from && rest < until {
                from = back.max(from);
            }
        }
        if from < until {
            into.push(Segment { from, until, run: number, quality, since });
        }
    };
    let time_unknown = Quality::NotShown { missing: "time", section: &run.head.section };
    if !run.since.is_exact() {
        push(run.since.earliest(), run.since.latest(), time_unknown, time_unknown);
    }
    for (at, rung) in run.rungs.iter().enumerate() {
        let next = run.rungs.get(at + 1).map_or(Timestamp::MAX, |next| next.from.earliest());
        let reached = at.checked_sub(1).and_then(|before| run.rungs.get(before)).map_or(Timestamp::MIN, |before| before.end.sure);
        let unsure_start = at > 0 && !rung.from.is_exact() && reached < rung.from.earliest();
        if unsure_start {
            push(rung.from.earliest(), rung.from.latest(), time_unknown, time_unknown);
        }
        let from = if at == 0 {
            run.since.latest()
        } else if unsure_start {
            rung.from.latest()
        } else {
            rung.from.earliest()
        };
        let sure = rung.end.sure.min(next).min(ended.0);
        let flaws = || run.rungs.iter().take(at + 1).flat_map(|rung| rung.flaws.iter());
        let mut bounds: Vec<Timestamp> = flaws().flat_map(turns).filter(|turn| *turn > from && *turn < sure).collect();
        bounds.push(from);
        bounds.sort_unstable();
        bounds.dedup();
        let ends = bounds.iter().skip(1).copied().chain(std::iter::once(sure)).collect::<Vec<_>>();
        for (from, until) in bounds.into_iter().zip(ends) {
            let worst = |skipped: usize| {
                let flaws = run.rungs.iter().take(at + 1).skip(skipped).flat_map(|rung| rung.flaws.iter());
                flaws.map(|flaw| quality(flaw, from)).fold(Quality::Shown, Quality::worse)
            };
            push(from, until, worst(0), worst(1));
        }
        let unsure_until = rung.end.latest.min(next).min(ended.1).max(sure);
        // Whether an act has ended it already is another question than how long it could last.
        let split = ended.0.clamp(sure.max(from).min(unsure_until), unsure_until);
        let doubtful = doubtful(rung, sure.max(from), ended.0, time_unknown);
        push(sure.max(from), split, doubtful, doubtful);
        push(split, unsure_until, time_unknown, time_unknown);
    }
}

/// Between the two ends of a stretch: contested where the law can be read in two ways, else not shown for want of a time.
fn doubtful<'p>(rung: &Rung<'p>, sure: Timestamp, ended: Timestamp, time_unknown: Quality<'p>) -> Quality<'p> {
    match rung.end.doubt {
        Doubt::Reading(reading) if sure < ended => {
            Quality::Contested { what: &reading.id, section: rung.section, decides: reading.decides }
        }
        _ => time_unknown,
    }
}

/// Whether a person is held at an instant, with the change of whereabouts that says so.
pub fn held_at(whereabouts: &[Whereabout], at: Timestamp) -> (Held, Option<usize>) {
    let last = whereabouts.iter().rposition(|change| change.at.earliest() <= at);
    let Some(number) = last else { return (Held::No, None) };
    let Some(change) = whereabouts.get(number) else { return (Held::No, None) };
    let held = |presence: Presence| match presence {
        Presence::Held | Presence::Stopped => Held::Yes,
        Presence::Asked => Held::CannotTell,
        Presence::Out | Presence::Free | Presence::OnLeave | Presence::Absent => Held::No,
    };
    let now = held(change.presence);
    if change.at.latest() > at {
        let before = number.checked_sub(1).and_then(|number| whereabouts.get(number)).map_or(Held::No, |change| held(change.presence));
        if before != now {
            return (Held::CannotTell, Some(number));
        }
    }
    (now, Some(number))
}

/// An order that another one's start ended is over only if that other is good. Where the other is not shown to have begun well, the first
/// one carries on to its own end: on either footing there is authority till then. What came after the beginning weighs all the same: whether
/// the other was renewed well, and whether it is over by now.
fn fall_back<'p>(forecast: &Forecast<'p>, segments: &mut Vec<Segment<'p>>) {
    let mut more = Vec::new();
    for (number, run) in forecast.orders.iter().enumerate() {
        let (Some(by), Some((ended, _))) = (run.ended_by, run.ended) else { continue };
        // Custody or conveyance without a term of its own, and what the other joins on to, is spent when the other begins.
        let rested = run.pauses.last().is_some_and(|(_, back)| back.is_none());
        let spent = rested || run.end.is_open() || forecast.orders.get(by).is_none_or(|other| other.body.joins.contains(&run.order));
        if spent {
            continue;
        }
        let Some(last) = segments.iter().filter(|segment| segment.run == number).max_by_key(|segment| segment.until) else { continue };
        let (quality, until) = (last.quality, run.end.sure.min(run.let_go.unwrap_or(Timestamp::MAX)));
        for other in segments.iter().filter(|segment| segment.run == by && segment.since.badness() < segment.quality.badness()) {
            let (from, until) = (other.from.max(ended.latest()), other.until.min(until));
            if from < until {
                let quality = Quality::worse(quality, other.since);
                more.push(Segment { from, until, run: number, quality, since: quality });
            }
        }
    }
    segments.append(&mut more);
}

/// The whole timeline of a forecast, first to last, neighbours with the same answers joined.
pub fn timeline<'p>(forecast: &Forecast<'p>) -> Vec<Stretch<'p>> {
    let mut segments_of = Vec::new();
    for (number, _) in forecast.orders.iter().enumerate().filter(|(_, run)| run.body.status == Status::Held) {
        segments(forecast, number, &mut segments_of);
    }
    fall_back(forecast, &mut segments_of);
    let mut bounds: Vec<Timestamp> = Vec::with_capacity(segments_of.len() * 2 + forecast.whereabouts.len() * 2);
    bounds.extend(segments_of.iter().flat_map(|segment| [segment.from, segment.until]));
    bounds.extend(forecast.whereabouts.iter().flat_map(|change| [change.at.earliest(), change.at.latest()]));
    bounds.extend(forecast.no_law.iter().map(|gap| gap.at.earliest()));
    bounds.sort_unstable();
    bounds.dedup();
    let mut stretches: Vec<Stretch<'p>> = Vec::new();
    for (at, from) in bounds.iter().enumerate() {
        let until = bounds.get(at + 1).copied().unwrap_or(Timestamp::MAX);
        if *from >= until {
            continue;
        }
        let (held, whereabout) = held_at(&forecast.whereabouts, *from);
        let answer = answer(forecast, &segments_of, *from, held, whereabout);
        match stretches.last_mut() {
            Some(last) if last.held == held && last.answer == answer && last.until == *from && last.whereabout == whereabout => {
                last.until = until
            }
            _ => stretches.push(Stretch { from: *from, until, held, whereabout, answer }),
        }
    }
    stretches
}

fn answer<'p>(forecast: &Forecast<'p>, segments: &[Segment<'p>], at: Timestamp, held: Held, whereabout: Option<usize>) -> Answer<'p> {
    let change = whereabout.and_then(|number| forecast.whereabouts.get(number));
    let liable = held != Held::No || change.is_some_and(|change| matches!(change.presence, Presence::OnLeave | Presence::Absent));
    if !liable {
        return Answer::NotNeeded;
    }
    let here = segments.iter().filter(|segment| segment.from <= at && at < segment.until);
    // Of two as good the one that lasts longer is named; one inside another lasts no longer than that other.
    let later = |segment: &Segment<'_>| {
        let around = std::iter::successors(forecast.orders.get(segment.run), |run| forecast.orders.get(run.within?));
        around.map(|run| run.end.sure).min().unwrap_or(Timestamp::MIN)
    };
    let best = here.min_by(|a, b| a.quality.badness().cmp(&b.quality.badness()).then_with(|| later(b).cmp(&later(a))));
    match best {
        Some(segment) => Answer::Order(segment.run, segment.quality),
        None if held == Held::No || change.is_some_and(|change| change.presence == Presence::Asked) => Answer::NotNeeded,
        None => {
            // Only a gap met since the present holding began says anything about it.
            let began = change.map_or(Timestamp::MIN, |change| change.at.earliest());
            let met = forecast.no_law.iter().rposition(|gap| gap.at.earliest() <= at && gap.at.latest() >= began);
            met.map_or(Answer::None, Answer::NoLaw)
        }
    }
}
