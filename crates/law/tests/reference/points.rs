//! Anchors to points, periods to ends, windows to answers: FORMAT.md, "Periods" and "Windows".

use jiff::{SignedDuration, Timestamp};
use openward_law::entry::FactKind;
use openward_law::pack::anchor::{Anchor, Base, Grain};
use openward_law::pack::{Counted, Period, PeriodShape, Window};
use openward_law::time::{Calendar, Count, Direction, Roll, Unit, When};

use super::Reference;
use super::days::Point;
use super::state::{Doubt, Frame, Owed, Till};

const NANO: SignedDuration = SignedDuration::from_nanos(1);

impl<'p, 'e> Reference<'p, 'e> {
    /// The duty instance that an act means: the one whose entries it names, else the latest.
    fn duty_meant(&self, duty: u16, frame: &Frame) -> Option<&Owed<'p>> {
        let of: &[usize] = frame.act.map_or(&[], |act| &self.told[act].of);
        let runs: Vec<usize> = (0..self.owed.len()).filter(|at| self.owed[*at].duty == usize::from(duty)).collect();
        let named = runs.iter().rev().find(|at| self.entries_of_duty(**at).iter().any(|entry| of.contains(entry)));
        named.or(runs.last()).map(|at| &self.owed[*at])
    }

    fn last_run(&self, order: u16) -> Option<&super::state::Run<'p>> {
        self.runs.iter().rfind(|run| run.order == usize::from(order))
    }

    /// The end that an anchor names, if it names one.
    fn end_named(&self, base: Base, frame: &Frame) -> Option<Till> {
        match base {
            Base::Expiry => frame.run.map(|run| self.runs[run].till.clone()),
            Base::Due => frame.due.clone(),
            Base::DutyDue(duty) => self.duty_meant(duty, frame)?.due.clone(),
            Base::OrderEnd(order) => {
                let run = self.last_run(order)?;
                if run.ended.is_some() { None } else { Some(run.till.clone()) }
            }
            _ => None,
        }
    }

    /// A named point; nothing where the register does not say.
    pub(crate) fn point(&self, anchor: Anchor, frame: &Frame) -> Option<Point> {
        let at = |entry: Option<usize>| entry.map(|entry| self.told[entry].at);
        let run = frame.run.map(|run| &self.runs[run]);
        let mut ends = false;
        let point = match anchor.base {
            Base::On => frame.on?,
            Base::Start => run.map(|run| run.start).or(frame.start).or(frame.on)?,
            Base::Joined => run.map(|run| run.joined).or(frame.start).or(frame.on)?,
            Base::Signed => at(frame.paper)?,
            Base::FoundingSigned => at(frame.founding)?,
            Base::ExaminedFirst => self.examinations(frame)?.0,
            Base::ExaminedLast => self.examinations(frame)?.1,
            Base::Admitted => self.admitted()?,
            Base::AbsentFrom => self.absent?.0,
            Base::Opened => frame.opened?,
            Base::Clock(clock) => self.named.iter().rfind(|named| named.clock == usize::from(clock) && named.fell.is_none())?.at,
            Base::OrderStart(order) => self.last_run(order)?.start,
            Base::Of => at(self.told[frame.act?].of.first().copied())?,
            Base::OrderEnd(order) if self.last_run(order)?.ended.is_some() => self.last_run(order)?.ended?,
            Base::Expiry | Base::Due | Base::DutyDue(_) | Base::OrderEnd(_) => {
                ends = true;
                self.end_named(anchor.base, frame)?.point()?
            }
        };
        // The last day of something that ended at midnight is the day before.
        let day = |at: Timestamp| self.days.day(if ends { at - NANO } else { at });
        let start = |at: Timestamp, more: i8| {
            let day = day(at);
            self.days.start(if more == 0 { day } else { day.tomorrow().ok()? })
        };
        match anchor.grain {
            Grain::Instant => Some(point),
            Grain::Day => Some(Point { first: start(point.first, 0)?, last: start(point.last, 0)? }),
            Grain::NextDay => Some(Point { first: start(point.first, 1)?, last: start(point.last, 1)? }),
        }
    }

    /// The last admission of this stay; nothing stands in for one that is not on the register.
    fn admitted(&self) -> Option<Point> {
        let of_stay = self.told[..self.read].get(self.stay..)?;
        of_stay.iter().rev().find(|told| told.fact() == FactKind::Admitted).map(|told| told.at)
    }

    /// What is missing where a period cannot be counted.
    pub(crate) fn uncounted(&self, period: &Period) -> &'static str {
        let from_admission = match &period.shape {
            PeriodShape::Counted(counted) => counted.from.base == Base::Admitted,
            PeriodShape::At(anchor) => anchor.base == Base::Admitted,
            _ => false,
        };
        if from_admission && self.admitted().is_none() { "admitted" } else { "period" }
    }

    /// Whether a window hangs on an admission that is not there.
    pub(crate) fn wants_admission(&self, window: &Window) -> bool {
        let anchors = [window.from, window.until, window.ending];
        self.admitted().is_none() && anchors.into_iter().flatten().any(|anchor| anchor.base == Base::Admitted)
    }

    /// The same end as a place to count from: a rule that does not count the day of its start starts from the last day itself.
    pub(crate) fn on_the_last_day(count: Count, end: Point) -> Point {
        let counts_its_day = [Count::DaysIncl, Count::WorkingDaysIncl, Count::MonthsIncl, Count::YearsIncl];
        if counts_its_day.contains(&count) || count.ends_at_instant() || count.direction() == Direction::Backward {
            return end;
        }
        Point { first: end.first - NANO, last: end.last - NANO }
    }

    /// Whether something ends there by time, so that the point is the first instant after.
    fn runs_out_there(&self, base: Base) -> bool {
        match base {
            Base::Expiry | Base::Due | Base::DutyDue(_) => true,
            Base::OrderEnd(order) => self.last_run(order).is_none_or(|run| run.ended.is_none()),
            _ => false,
        }
    }

    /// Where a period starts to count.
    pub(crate) fn starts(&self, counted: &Counted, frame: &Frame) -> Option<Point> {
        let from = self.point(counted.from, frame)?;
        let of_an_end = if counted.from.base == Base::On {
            frame.follows
        } else {
            counted.from.grain == Grain::Instant && self.runs_out_there(counted.from.base)
        };
        Some(if of_an_end { Self::on_the_last_day(counted.rule.count(), from) } else { from })
    }

    /// When the signer of a paper examined the person: as the paper says, else as an earlier entry by the same says.
    pub(crate) fn examination(&self, paper: usize) -> Option<Point> {
        let signed = &self.told[paper];
        let by = signed.details().by.as_ref();
        let earlier = || {
            self.told[..paper]
                .iter()
                .rev()
                .find(|told| told.fact() == FactKind::Examined && by.is_some() && told.details().by.as_ref() == by)
        };
        signed.examined.or_else(|| earlier().map(|told| told.at))
    }

    /// First and last of the examinations behind a paper.
    pub(crate) fn examinations(&self, frame: &Frame) -> Option<(Point, Point)> {
        let papers = if frame.founded.is_empty() { vec![frame.paper?] } else { frame.founded.clone() };
        let all: Vec<Point> = papers.into_iter().filter_map(|paper| self.examination(paper)).collect();
        let least = Point { first: all.iter().map(|at| at.first).min()?, last: all.iter().map(|at| at.last).min()? };
        Some((least, Point { first: all.iter().map(|at| at.first).max()?, last: all.iter().map(|at| at.last).max()? }))
    }

    pub(crate) fn calendar(&self, number: Option<u16>) -> Option<&'p Calendar> {
        self.pack.calendars.get(usize::from(number?))
    }

    /// When a period ends.
    pub(crate) fn till(&self, period: &Period, frame: &Frame) -> Option<Till> {
        let mut till = match &period.shape {
            PeriodShape::Counted(counted) => self.counted(counted, frame)?,
            PeriodShape::At(anchor) => {
                Till { doubt: self.doubt(anchor.base, self.point(*anchor, frame)?, frame), ..Till::at(self.point(*anchor, frame)?) }
            }
            PeriodShape::Earliest(list) => {
                let all: Vec<Till> = list.iter().filter_map(|period| self.till(period, frame)).collect();
                let (sure, latest) = (all.iter().map(|till| till.sure).min()?, all.iter().map(|till| till.latest).min()?);
                Till { sure, latest, ..all.into_iter().find(|till| till.sure == sure)? }
            }
            PeriodShape::Latest(list) => {
                let all: Vec<Till> = list.iter().filter_map(|period| self.till(period, frame)).collect();
                let (sure, latest) = (all.iter().map(|till| till.sure).max()?, all.iter().map(|till| till.latest).max()?);
                Till { sure, latest, ..all.into_iter().find(|till| till.latest == latest)? }
            }
        };
        if let Some(reading) = &period.reading
            && let Some(other) = self.till(&reading.also, frame)
            && (other.sure != till.sure || other.latest != till.latest)
        {
            let doubt = Doubt::Reading(reading.id.clone(), reading.decides);
            till = Till { sure: till.sure.min(other.sure), latest: till.latest.max(other.latest), doubt };
        }
        if let Some(plus) = &period.plus {
            let on = till.point()?;
            let then = self.till(plus, &Frame { on: Some(on), follows: true, ..frame.clone() })?;
            let keeps = matches!(till.doubt, Doubt::Reading(..)) && !matches!(then.doubt, Doubt::Reading(..));
            till = Till { doubt: if keeps { till.doubt } else { then.doubt.clone() }, ..then };
        }
        Some(till)
    }

    /// Why a point is not certain: an end has its own reason, any other lacks its time.
    fn doubt(&self, base: Base, point: Point, frame: &Frame) -> Doubt {
        match self.end_named(base, frame).map(|till| till.doubt) {
            _ if point.exact() => Doubt::None,
            Some(doubt @ Doubt::Reading(..)) => doubt,
            _ => Doubt::Time,
        }
    }

    fn counted(&self, counted: &Counted, frame: &Frame) -> Option<Till> {
        let from = self.starts(counted, frame)?;
        let (count, length, roll) = (counted.rule.count(), counted.rule.length(), counted.rule.roll());
        let open = self.calendar(counted.calendar);
        let mut end = match count.direction() {
            Direction::Forward | Direction::Both => self.days.after(count, length, roll, from, open)?,
            Direction::Backward => self.days.back(count, length, from, open)?.1,
            Direction::Neither => return None,
        };
        if counted.paper
            && let Some(says) = self.paper_says(counted, from, frame)
        {
            end = Point { first: end.first.min(says.first), last: end.last.min(says.last) };
        }
        let mut till = Till { doubt: self.doubt(counted.from.base, end, frame), ..Till::at(end) };
        // From an unknown time on, hours have certainly run out only after the last possible instant.
        if !from.exact() && count.ends_at_instant() && till.doubt == Doubt::Time {
            till.latest += NANO;
        }
        Some(till)
    }

    /// What the paper, or the act, itself says: until when, or for how long by the same rule.
    pub(crate) fn paper_says(&self, counted: &Counted, from: Point, frame: &Frame) -> Option<Point> {
        let says = |entry: usize| {
            let details = self.told[entry].details();
            match &details.until {
                Some(When::Day(day)) => return self.days.end(*day).map(Point::at),
                Some(other) => return self.days.point(other),
                None => {}
            }
            let (count, length) = (counted.rule.count(), details.length?);
            let begins_with_its_day = matches!(count, Count::DaysIncl | Count::MonthsIncl | Count::YearsIncl);
            // A paper may count in days where the law counts in months, and the other way round.
            let count = match length.unit() {
                unit if count.units().contains(&unit) => count,
                Unit::Days | Unit::Weeks if begins_with_its_day => Count::DaysIncl,
                Unit::Months | Unit::Years if begins_with_its_day => Count::MonthsIncl,
                _ => return None,
            };
            self.days.after(count, length, Roll::None, from, self.calendar(counted.calendar))
        };
        frame.paper.and_then(says).or_else(|| frame.act.and_then(says))
    }

    /// Whether something lies in a window; nothing where it cannot be told.
    pub(crate) fn within(&self, window: &Window, at: Point, frame: &Frame) -> Option<bool> {
        match self.sides(window, at, frame) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    /// Whether something lies at or after the opening of a window, and at or before its close.
    pub(crate) fn sides(&self, window: &Window, at: Point, frame: &Frame) -> (Option<bool>, Option<bool>) {
        let (mut after, mut before) = (Some(true), Some(true));
        let open = self.calendar(window.calendar);
        let rule = window.length.map(|rule| (rule.count(), rule.length(), rule.roll()));
        let forward = |count: Count, length, roll, from| self.days.after(count, length, roll, from, open);
        if let Some(anchor) = window.from {
            let from = self.point(anchor, frame);
            after = match rule {
                // Days are whole: one counted from an instant opens with the day of that instant.
                Some((count, ..)) if !count.ends_at_instant() => self.point(Anchor { grain: Grain::Day, ..anchor }, frame),
                _ => from,
            }
            .and_then(|opens| opens.by(at));
            if let Some((count, length, roll)) = rule {
                let ends = anchor.grain == Grain::Instant && self.runs_out_there(anchor.base);
                let from = from.map(|from| if ends { Self::on_the_last_day(count, from) } else { from });
                before = from.and_then(|from| at.before(forward(count, length, roll, from)?));
            }
        }
        if let Some(anchor) = window.ending {
            let ending = self.point(anchor, frame);
            before = ending.and_then(|ending| self.closes(anchor, at, ending));
            if let Some((count, length, roll)) = rule {
                after = ending.and_then(|ending| match count.direction() {
                    Direction::Backward | Direction::Both => self.days.back(count, length, ending, open)?.0.by(at),
                    _ => ending.by(forward(count, length, roll, at)?),
                });
            }
        }
        if let Some(anchor) = window.until {
            let closes = self.point(anchor, frame).and_then(|until| self.closes(anchor, at, until));
            // Two closes: it must lie before both.
            before = if window.ending.is_none() || closes == Some(false) || before == Some(true) { closes } else { before };
        }
        (after, before)
    }

    fn closes(&self, anchor: Anchor, at: Point, close: Point) -> Option<bool> {
        match anchor.grain {
            Grain::Instant if self.runs_out_there(anchor.base) => at.before(close),
            Grain::Instant => at.by(close),
            Grain::Day | Grain::NextDay => {
                let end = |at: Timestamp| self.days.end(self.days.day(at));
                at.before(Point { first: end(close.first)?, last: end(close.last)? })
            }
        }
    }
}
