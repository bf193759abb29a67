//! Anchors to moments, periods to ends, windows to answers.

use jiff::Timestamp;

use super::fold::Fold;
use super::forecast::{Doubt, DutyRun, End};
use super::item::ItemNo;
use crate::entry::FactKind;
use crate::pack::anchor::{Anchor, Base, Grain};
use crate::pack::{Counted, Period, PeriodShape, Window, fact_bit};
use crate::time::{Direction, Moment, OpenDays};

/// What a period or window is counted within.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'s, 'p> {
    /// When the act or event was.
    pub(crate) on: Moment,
    /// Whether that is the end of another period: the first instant after it.
    pub(crate) on_is_end: bool,
    /// The entry of the act.
    pub(crate) item: Option<ItemNo>,
    /// The order's run.
    pub(crate) run: Option<usize>,
    /// The start of an order that is about to have a run.
    pub(crate) start: Option<Moment>,
    /// The paper in question.
    pub(crate) paper: Option<ItemNo>,
    /// The papers that found it.
    pub(crate) founded: &'s [ItemNo],
    /// The paper that this one founds.
    pub(crate) founding: Option<ItemNo>,
    /// A duty's due end.
    pub(crate) due: Option<End<'p>>,
    /// When an entitlement opened.
    pub(crate) opened: Option<Moment>,
}

impl Scope<'_, '_> {
    /// Only an act at a moment.
    pub(crate) fn at(on: Moment, item: Option<ItemNo>) -> Scope<'static, 'static> {
        Scope { on, on_is_end: false, item, run: None, start: None, paper: None, founded: &[], founding: None, due: None, opened: None }
    }
}

/// The moment of an end: between the first instant at which it may, and at which it must have ended.
pub(crate) fn moment_of(end: &End<'_>) -> Option<Moment> {
    if end.is_open() { None } else { Moment::between(end.sure, end.latest.max(end.sure)).ok() }
}

/// Where a rule starts to count that follows on the end of a period, given as the first instant after it: a rule that leaves out the day
/// of its start leaves out that period's last day.
pub(crate) fn after_end(rule: &crate::time::Period, end: Moment) -> Moment {
    let nano = jiff::SignedDuration::from_nanos(1);
    let back = |at: Timestamp| at.checked_sub(nano).unwrap_or(at);
    if !rule.count().leaves_out_the_first_day() {
        return end;
    }
    Moment::between(back(end.earliest()), back(end.latest())).unwrap_or(end)
}

impl<'p, 'e> Fold<'p, 'e> {
    /// The moment of an anchor; `None` where the register does not say.
    ///
    /// A day is given as the first instant of that day, so that both bounds and counts work on it.
    pub(crate) fn moment(&self, anchor: Anchor, scope: &Scope<'_, 'p>) -> Option<Moment> {
        let run = scope.run.and_then(|run| self.out.orders.get(run));
        let at_of = |item: Option<ItemNo>| item.and_then(|item| self.item(item)).map(|item| item.at);
        // An end is the first instant after; its day is the day before that instant.
        let (moment, is_end) = match anchor.base {
            Base::On => (scope.on, false),
            Base::Start => (run.map(|run| run.start).or(scope.start).unwrap_or(scope.on), false),
            Base::Joined => (run.map(|run| run.joined).or(scope.start).unwrap_or(scope.on), false),
            Base::Expiry => (moment_of(&run?.end)?, true),
            Base::Signed => (at_of(scope.paper)?, false),
            Base::FoundingSigned => (at_of(scope.founding)?, false),
            Base::ExaminedFirst => (self.examinations(scope)?.0, false),
            Base::ExaminedLast => (self.examinations(scope)?.1, false),
            Base::Admitted => (self.admitted()?, false),
            Base::AbsentFrom => (self.absent?.0, false),
            Base::Due => (moment_of(&scope.due?)?, true),
            Base::Opened => (scope.opened?, false),
            Base::Clock(clock) => (self.out.clocks.iter().rev().find(|run| run.clock == clock && run.fell.is_none())?.at, false),
            Base::DutyDue(duty) => (moment_of(self.duty_meant(duty, scope)?.due.as_ref()?)?, true),
            Base::OrderStart(order) => (self.out.orders.iter().rev().find(|run| run.order == order)?.start, false),
            Base::OrderEnd(order) => {
                let run = self.out.orders.iter().rev().find(|run| run.order == order)?;
                match run.ended {
                    Some((at, _)) => (at, false),
                    None => (moment_of(&run.end)?, true),
                }
            }
            Base::Of => (at_of(scope.item.and_then(|item| self.item(item)).and_then(|item| item.of.first().copied()))?, false),
        };
        let shift = |at: Timestamp| if is_end { at - jiff::SignedDuration::from_nanos(1) } else { at };
        let day = |at: Timestamp| self.items.zone.day_of(shift(at));
        let start_of = |date| self.items.zone.day_start(date).ok();
        match anchor.grain {
            Grain::Instant => Some(moment),
            Grain::Day => Moment::between(start_of(day(moment.earliest()))?, start_of(day(moment.latest()))?).ok(),
            Grain::NextDay => {
                Moment::between(start_of(day(moment.earliest()).tomorrow().ok()?)?, start_of(day(moment.latest()).tomorrow().ok()?)?).ok()
            }
        }
    }

    /// The last admission of this stay so far. Where none is on the register, nothing else stands in for it.
    fn admitted(&self) -> Option<Moment> {
        let admitted = self.last_admitted.filter(|admitted| *admitted >= self.stay)?;
        self.items.list.get(admitted).map(|item| item.at)
    }

    /// What the register lacks where a period cannot be counted.
    pub(crate) fn lacks(&self, period: &Period) -> &'static str {
        let from = match &period.shape {
            PeriodShape::Counted(counted) => Some(counted.from),
            PeriodShape::At(anchor) => Some(*anchor),
            PeriodShape::Earliest(_) | PeriodShape::Latest(_) => None,
        };
        if from.is_some_and(|from| from.base == Base::Admitted) && self.admitted().is_none() { "admitted" } else { "period" }
    }

    /// Whether a window is counted from an admission that is not on the register.
    pub(crate) fn lacks_admission(&self, window: &Window) -> bool {
        let of_admission = |anchor: &Anchor| anchor.base == Base::Admitted;
        [window.from, window.until, window.ending].iter().flatten().any(of_admission) && self.admitted().is_none()
    }

    /// The first and the last of the examinations behind a paper: by the signers of the papers that found it, or by its own signer.
    pub(crate) fn examinations(&self, scope: &Scope<'_, 'p>) -> Option<(Moment, Moment)> {
        let own;
        let papers = if scope.founded.is_empty() {
            own = [scope.paper?];
            own.as_slice()
        } else {
            scope.founded
        };
        let mut all = papers.iter().filter_map(|paper| self.examination(*paper));
        let first = all.next()?;
        Some(all.fold((first, first), |(least, most), next| (least.earlier_of(&next), most.later_of(&next))))
    }

    /// When the signer of a paper examined the person: as the paper says, else the last such entry at or before signing.
    pub(crate) fn examination(&self, paper: ItemNo) -> Option<Moment> {
        let signed = self.item(paper)?;
        if let Some(examined) = signed.examined {
            return Some(examined);
        }
        let before = self.items.by_fact.among(fact_bit(FactKind::Examined), 0..usize::from(paper)).rev();
        before.filter_map(|item| self.item(item)).find(|item| item.by != 0 && item.by == signed.by).map(|item| item.at)
    }

    fn days(&self, calendar: Option<u16>) -> Option<OpenDays<'p>> {
        let calendar = self.pack.calendars.get(usize::from(calendar?))?;
        Some(self.items.known_on.map_or_else(|| calendar.days(), |known_on| calendar.days_known_on(known_on)))
    }

    /// When a period ends; `None` where an anchor is not on the register, or nothing can be counted.
    pub(crate) fn end(&self, period: &'p Period, scope: &Scope<'_, 'p>) -> Option<End<'p>> {
        let mut end = match &period.shape {
            PeriodShape::Counted(counted) => self.counted(counted, scope)?,
            PeriodShape::At(anchor) => {
                let at = self.moment(*anchor, scope)?;
                let doubt = if at.is_exact() { Doubt::None } else { self.doubt(anchor.base, scope) };
                // The end of something else was counted there.
                let (worked, first) = self.end_behind(anchor.base, scope).map_or((None, None), |end| (end.worked, end.first));
                End { sure: at.earliest(), latest: at.latest(), doubt, worked, first }
            }
            // What cannot be counted is left out: that it is not on the register is for a need to say.
            PeriodShape::Earliest(list) => list.iter().filter_map(|period| self.end(period, scope)).reduce(|best, next| {
                let picked = if next.sure < best.sure { next } else { best };
                End { sure: best.sure.min(next.sure), latest: best.latest.min(next.latest), ..picked }
            })?,
            PeriodShape::Latest(list) => list.iter().filter_map(|period| self.end(period, scope)).reduce(|best, next| {
                let picked = if next.latest > best.latest { next } else { best };
                End { sure: best.sure.max(next.sure), latest: best.latest.max(next.latest), ..picked }
            })?,
        };
        if let Some(reading) = &period.reading
            && let Some(other) = self.end(&reading.also, scope)
            && (other.sure, other.latest) != (end.sure, end.latest)
        {
            let worked = if other.sure < end.sure { other.worked } else { end.worked };
            end = End {
                sure: end.sure.min(other.sure),
                latest: end.latest.max(other.latest),
                doubt: Doubt::Reading(reading),
                worked,
                first: end.first,
            };
        }
        self.plus(period, end, scope)
    }

    /// The end of what starts where a period ends, if it has such a part.
    fn plus(&self, period: &'p Period, first: End<'p>, scope: &Scope<'_, 'p>) -> Option<End<'p>> {
        let Some(plus) = &period.plus else { return Some(first) };
        let mut end = self.end(plus, &Scope { on: moment_of(&first)?, on_is_end: true, ..*scope })?;
        end.first = first.worked;
        if matches!(end.doubt, Doubt::None | Doubt::Time) && matches!(first.doubt, Doubt::Reading(_)) {
            end.doubt = first.doubt;
        }
        Some(end)
    }

    fn counted(&self, counted: &'p Counted, scope: &Scope<'_, 'p>) -> Option<End<'p>> {
        let from = self.counted_from(counted, scope)?;
        let zone = &self.items.zone;
        let days = self.days(counted.calendar);
        let mut at = match counted.rule.count().direction() {
            Direction::Forward | Direction::Both => counted.rule.reckon(&from, zone, days).ok()?.end,
            Direction::Backward => counted.rule.back(&from, zone, days).ok()?.end,
            Direction::Neither => return None,
        };
        if counted.paper
            && let Some(says) = self.paper_says(counted, &from, scope)
        {
            at = at.earlier_of(&says);
        }
        let doubt = if at.is_exact() { Doubt::None } else { self.doubt(counted.from.base, scope) };
        // Counted from the last instant at which it may have begun, it has certainly ended only at the instant after.
        let after = !from.is_exact() && counted.rule.count().ends_at_instant() && matches!(doubt, Doubt::Time);
        let latest =
            if after { at.latest().saturating_add(jiff::SignedDuration::from_nanos(1)).unwrap_or(at.latest()) } else { at.latest() };
        Some(End { sure: at.earliest(), latest, doubt, worked: Some((counted, from)), first: None })
    }

    /// The moment from which a period is counted.
    pub(crate) fn counted_from(&self, counted: &Counted, scope: &Scope<'_, 'p>) -> Option<Moment> {
        let from = self.moment(counted.from, scope)?;
        let is_end = match counted.from.base {
            Base::On => scope.on_is_end,
            base => counted.from.grain == Grain::Instant && self.is_end(base),
        };
        Some(if is_end { after_end(&counted.rule, from) } else { from })
    }

    /// Whether a point is the end of something by time, and so the first instant after it.
    fn is_end(&self, base: Base) -> bool {
        match base {
            Base::Expiry | Base::Due | Base::DutyDue(_) => true,
            Base::OrderEnd(order) => self.out.orders.iter().rev().find(|run| run.order == order).is_none_or(|run| run.ended.is_none()),
            _ => false,
        }
    }

    /// The instance of a duty that an act means: the one whose entries it names, else the latest.
    fn duty_meant(&self, duty: u16, scope: &Scope<'_, 'p>) -> Option<&DutyRun<'p>> {
        let of = scope.item.and_then(|item| self.item(item)).map(|item| item.of.as_slice()).unwrap_or(&[]);
        let runs = || self.out.duties.iter().enumerate().rev().filter(|(_, run)| run.duty == duty);
        let named = || runs().find(|(number, _)| self.items_of_duty(*number).any(|item| of.contains(&item)));
        let named = if of.is_empty() { None } else { named() };
        named.or_else(|| runs().next()).map(|(_, run)| run)
    }

    /// The end behind a point that is one.
    fn end_behind(&self, base: Base, scope: &Scope<'_, 'p>) -> Option<End<'p>> {
        match base {
            Base::Expiry => scope.run.and_then(|run| self.out.orders.get(run)).map(|run| run.end),
            Base::Due => scope.due,
            Base::DutyDue(duty) => self.duty_meant(duty, scope).and_then(|run| run.due),
            Base::OrderEnd(order) => self.out.orders.iter().rev().find(|run| run.order == order).map(|run| run.end),
            _ => None,
        }
    }

    /// Why a point is not certain: an end keeps its own doubt, any other point lacks only its time.
    fn doubt(&self, base: Base, scope: &Scope<'_, 'p>) -> Doubt<'p> {
        match self.end_behind(base, scope).map(|end| end.doubt) {
            Some(doubt @ Doubt::Reading(_)) => doubt,
            _ => Doubt::Time,
        }
    }

    /// What the paper itself says: its `until`, or its `length` counted by the same rule.
    pub(crate) fn paper_says(&self, counted: &Counted, from: &Moment, scope: &Scope<'_, 'p>) -> Option<Moment> {
        let zone = &self.items.zone;
        let said = |item: ItemNo| {
            let details = self.item(item)?.details();
            if let Some(until) = &details.until {
                let day_end = |date| zone.day_end(date).ok().map(Moment::at);
                return match until {
                    crate::time::When::Day(date) => day_end(*date),
                    other => other.moment(zone).ok(),
                };
            }
            let length = details.length?;
            let rule = crate::time::Period::new(counted.rule.count().in_unit(length.unit())?, length).ok()?;
            rule.reckon(from, zone, self.days(counted.calendar)).ok().map(|reckoned| reckoned.end)
        };
        scope.paper.and_then(said).or_else(|| scope.item.and_then(said))
    }

    /// Whether a window is counted from an order that never began.
    pub(crate) fn never_opens(&self, window: &Window) -> bool {
        let never = |anchor: &Anchor| match anchor.base {
            Base::OrderStart(order) | Base::OrderEnd(order) => !self.out.orders.iter().any(|run| run.order == order),
            _ => false,
        };
        [window.from, window.until, window.ending].iter().flatten().any(never)
    }

    /// Whether a moment lies in a window; `None` where it cannot be told.
    pub(crate) fn within(&self, window: &Window, at: &Moment, scope: &Scope<'_, 'p>) -> Option<bool> {
        let (after, before) = self.sides(window, at, scope);
        match (after, before) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    /// Whether a moment lies at or after a window's opening, and at or before its close.
    pub(crate) fn sides(&self, window: &Window, at: &Moment, scope: &Scope<'_, 'p>) -> (Option<bool>, Option<bool>) {
        let zone = &self.items.zone;
        let days = self.days(window.calendar);
        let mut after = Some(true);
        let mut before = Some(true);
        if let Some(anchor) = window.from {
            let from = self.moment(anchor, scope);
            match (&window.length, from) {
                (Some(rule), Some(from)) => {
                    let opens = if rule.count().ends_at_instant() {
                        Some(from)
                    } else {
                        self.moment(Anchor { base: anchor.base, grain: Grain::Day }, scope)
                    };
                    after = opens.and_then(|opens| at.at_or_after(&opens));
                    let from = if anchor.grain == Grain::Instant && self.is_end(anchor.base) { after_end(rule, from) } else { from };
                    before = rule.reckon(&from, zone, days).ok().and_then(|reckoned| at.before(&reckoned.end));
                }
                (None, Some(from)) => after = at.at_or_after(&from),
                (_, None) => after = None,
            }
        }
        if let Some(anchor) = window.ending {
            let ending = self.moment(anchor, scope);
            match (&window.length, ending) {
                (Some(rule), Some(ending)) => {
                    after = match rule.count().direction() {
                        Direction::Backward | Direction::Both => {
                            rule.back(&ending, zone, days).ok().and_then(|back| at.at_or_after(&back.start))
                        }
                        // Hours before an instant: the window opens that much earlier.
                        Direction::Forward | Direction::Neither => {
                            rule.reckon(at, zone, days).ok().and_then(|reckoned| reckoned.end.at_or_after(&ending))
                        }
                    };
                    before = self.closes(anchor, at, &ending);
                }
                (None, Some(ending)) => before = self.closes(anchor, at, &ending),
                // Where it ends is not known, nor is where it opens that much earlier.
                (Some(_), None) => (after, before) = (None, None),
                (None, None) => before = None,
            }
        }
        if let Some(anchor) = window.until {
            let closes = self.moment(anchor, scope).and_then(|until| self.closes(anchor, at, &until));
            // Beside `ending` both close it: the earlier one does.
            before = match (before, closes) {
                (Some(false), _) if window.ending.is_some() => Some(false),
                (None, Some(true)) if window.ending.is_some() => None,
                (_, closes) => closes,
            };
        }
        (after, before)
    }

    /// Whether a moment lies at or before a closing point: on or before that day, or at or before that instant.
    fn closes(&self, anchor: Anchor, at: &Moment, close: &Moment) -> Option<bool> {
        match anchor.grain {
            Grain::Instant if self.is_end(anchor.base) => at.before(close),
            Grain::Instant => at.at_or_before(close),
            Grain::Day | Grain::NextDay => {
                let end = |at: Timestamp| self.items.zone.day_end(self.items.zone.day_of(at)).ok();
                let close = Moment::between(end(close.earliest())?, end(close.latest())?).ok()?;
                at.before(&close)
            }
        }
    }
}
