//! Duties, rights, named days and limits: FORMAT.md, "Duties", "Entitlements", "Clocks", "Limits". Everything open is scanned each time.

use jiff::Timestamp;
use openward_law::pack::{Duty, Event, Pattern};

use super::Reference;
use super::days::Point;
use super::papers::weight;
use super::sight::Instance;
use super::state::{Failing, Fault, Found, Frame, Named, Owed, Right, Run, Sight, Stretch, Till};

impl<'p, 'e> Reference<'p, 'e> {
    /// The run of an order that a happening is about.
    fn run_of(&self, sight: Sight) -> Option<usize> {
        let Sight::Event(happening) = sight else { return None };
        match happening.event {
            Event::Started | Event::Renewed | Event::Ended | Event::Expired | Event::ReturnedLate => Some(happening.instance),
            Event::Met | Event::Lapsed => self.owed[happening.instance].run,
            Event::Used => None,
        }
    }

    /// Raises duties.
    pub(crate) fn raise_duties(&mut self, sight: Sight) {
        let (by, at) = self.behind(sight);
        for duty in 0..self.pack.duties.len() {
            let Some((_, body)) = self.text(&self.pack.duties[duty], at) else { continue };
            // Owed if something is so: owed as well where the register does not say.
            if self.any_may(&body.each, sight) != Ok(false) && body.only_if.as_ref().is_none_or(|condition| self.so(condition) != Ok(false))
            {
                self.raise(duty, body, at, by, self.run_of(sight));
            }
        }
    }

    fn raise(&mut self, duty: usize, body: &'p Duty, at: Point, by: usize, run: Option<usize>) -> usize {
        let number = self.owe(duty, body, at, by, run);
        let raised = self.owed[number].raised;
        if !raised.exact() {
            // Raised on a day by a fact without a time: what was read before it on that day may have discharged it.
            for entry in (0..by).rev() {
                let told_at = self.told[entry].at;
                if told_at.last < raised.first {
                    break;
                }
                if self.owed[number].met.is_none() {
                    let instance = Instance { entries: self.entries_of_duty(number), oldest: true };
                    self.discharge(number, Sight::Entry(entry), &instance);
                }
            }
        }
        number
    }

    fn owe(&mut self, duty: usize, body: &'p Duty, at: Point, by: usize, run: Option<usize>) -> usize {
        let paper = self.told[by].of.first().copied().unwrap_or(by);
        let frame = Frame { run, paper: Some(paper), ..Frame::act(at, by) };
        let raised = body.raised_at.and_then(|anchor| self.point(anchor, &frame)).unwrap_or(at);
        let due = body.due.as_ref().and_then(|period| self.till(period, &frame));
        let earlier = (0..self.read.min(by)).filter(|entry| {
            let since = |pattern: &&Pattern| pattern.since.is_some();
            body.not_if_any.iter().filter(since).any(|pattern| self.stops(pattern, *entry, &frame, due.as_ref()))
        });
        let stoppers = earlier.collect();
        let parts = vec![None; body.done.len()];
        let dues = vec![(None, due.clone())];
        self.owed.push(Owed {
            duty,
            body,
            raised,
            by,
            run,
            due,
            dues,
            left: false,
            parts,
            met: None,
            lapsed: None,
            stoppers,
            waits: Vec::new(),
        });
        self.owed.len() - 1
    }

    fn stops(&self, pattern: &Pattern, entry: usize, frame: &Frame, due: Option<&Till>) -> bool {
        let at = self.told[entry].at;
        let since = pattern.since.is_none_or(|anchor| self.point(anchor, frame).is_some_and(|since| at.before(since) != Some(true)));
        since && due.is_none_or(|due| at.first < due.latest) && self.fits(pattern, Sight::Entry(entry), None)
    }

    /// The entries by which an instance is known: what raised it, what that is about, and its order's.
    pub(crate) fn entries_of_duty(&self, number: usize) -> Vec<usize> {
        let owed = &self.owed[number];
        let mut entries = vec![owed.by];
        entries.extend(&self.told[owed.by].of);
        entries.extend(owed.run.into_iter().flat_map(|run| self.entries_of(run)));
        entries
    }

    fn frame_of_duty(&self, number: usize) -> Frame {
        let owed = &self.owed[number];
        let paper = self.told[owed.by].of.first().copied().unwrap_or(owed.by);
        Frame { run: owed.run, paper: Some(paper), due: owed.due.clone(), ..Frame::act(owed.raised, owed.by) }
    }

    /// Whether any pattern of a duty could be about what is seen, whichever instance is meant.
    fn could_touch(&self, body: &Duty, sight: Sight) -> bool {
        let reopens = body.reopens.iter().map(|(on, _)| on);
        let mut patterns = body.done.iter().chain(&body.not_if_any).chain(&body.ends).chain(reopens);
        patterns.any(|pattern| match sight {
            Sight::Entry(entry) => self.shows(pattern, &self.told[entry]),
            Sight::Event(happening) => matches!(&pattern.looks, openward_law::pack::Looks::Events(event, _) if *event == happening.event),
        })
    }

    /// Discharges, stops, ends or brings back the duties that something touches.
    pub(crate) fn touch_duties(&mut self, sight: Sight) {
        let (by, at) = self.behind(sight);
        let mut seen: Vec<usize> = Vec::new();
        for number in 0..self.owed.len() {
            let owed = &self.owed[number];
            let (duty, body) = (owed.duty, owed.body);
            let later = at.before(owed.raised) == Some(true);
            if owed.met.is_some() || owed.lapsed.is_some() || later || !self.could_touch(body, sight) {
                continue;
            }
            if let (Sight::Entry(entry), Some((on, after_due))) = (sight, &body.reopens)
                && !owed.stoppers.is_empty()
                && self.fits(on, sight, None)
                && (self.told[entry].of.is_empty() || self.told[entry].of.iter().any(|of| owed.stoppers.contains(of)))
            {
                self.reopen(number, *after_due, entry);
                continue;
            }
            let instance = Instance { entries: self.entries_of_duty(number), oldest: !seen.contains(&duty) };
            seen.push(duty);
            self.discharge(number, sight, &instance);
            if self.owed[number].met.is_some() {
                continue;
            }
            if let Sight::Entry(entry) = sight {
                let (frame, due) = (self.frame_of_duty(number), self.owed[number].due.clone());
                let stops = body.not_if_any.iter().any(|pattern| self.stops(pattern, entry, &frame, due.as_ref()));
                if stops && !self.owed[number].stoppers.contains(&entry) {
                    self.owed[number].stoppers.push(entry);
                }
            }
            // An entry does not end what it raised itself.
            let own = matches!(sight, Sight::Entry(_)) && self.owed[number].by == by;
            if !own && self.any(&body.ends, sight, Some(&instance)) {
                self.lapse(number, at);
            }
        }
    }

    fn discharge(&mut self, number: usize, sight: Sight, instance: &Instance) {
        let (by, at) = self.behind(sight);
        let body = self.owed[number].body;
        for (part, pattern) in body.done.iter().enumerate() {
            let frame = self.frame_of_duty(number);
            let outside = |window| self.within(window, at, &frame) == Some(false);
            let open = self.owed[number].parts[part].is_none();
            if open && self.fits(pattern, sight, Some(instance)) && !pattern.window.as_ref().is_some_and(outside) {
                self.owed[number].parts[part] = Some((at, by));
            }
        }
        let owed = &mut self.owed[number];
        let done = owed.parts.iter().filter(|part| part.is_some()).count();
        let enough = if body.any_part { done > 0 } else { done > 0 && done == owed.parts.len() };
        if !enough {
            return;
        }
        owed.met = Some(at);
        let (duty, raised_by, run, due) = (owed.duty, owed.by, owed.run, owed.due.clone());
        if let Some(repeats) = &body.repeats {
            let rule = repeats.every;
            let from = match due.filter(|_| !repeats.from_done) {
                Some(due) => Self::on_the_last_day(rule.count(), Point::at(due.sure)),
                None => at,
            };
            let next = self.days.after(rule.count(), rule.length(), rule.roll(), from, None);
            // Only what comes after discharges the next one.
            let new = self.owe(duty, body, at, raised_by, run);
            let due = next.map(|next| Till { sure: next.first, latest: next.last, doubt: super::state::Doubt::None });
            self.owed[new].dues = vec![(None, due.clone())];
            self.owed[new].due = due;
        }
        self.happen(Event::Met, duty, number, at, by);
    }

    /// A stopper fell away: after the duty would have been due it is owed again at once, unless another stopper stands.
    fn reopen(&mut self, number: usize, after_due: bool, entry: usize) {
        let owed = &self.owed[number];
        let (of, at) = (&self.told[entry].of, self.told[entry].at);
        let passed = owed.due.as_ref().is_some_and(|due| at.first >= due.sure);
        let stands = |stopper: &&usize| !of.is_empty() && !of.contains(stopper) && self.told[**stopper].withdrawn.is_none();
        if owed.stoppers.iter().any(|stopper| stands(&stopper)) || (after_due && !passed) {
            return;
        }
        let (duty, body, run) = (owed.duty, owed.body, owed.run);
        self.owed[number].lapsed = Some(at);
        let new = self.raise(duty, body, at, entry, run);
        self.owed[new].due = None;
        self.owed[new].dues = vec![(None, None)];
        self.owed[new].stoppers.clear();
    }

    /// A duty lapses.
    pub(crate) fn lapse(&mut self, number: usize, at: Point) {
        let owed = &mut self.owed[number];
        if owed.met.is_none() && owed.lapsed.is_none() {
            owed.lapsed = Some(at);
            let (duty, by) = (owed.duty, owed.by);
            self.happen(Event::Lapsed, duty, number, at, by);
        }
    }

    /// Looks again at what lasts only while something holds.
    pub(crate) fn look_again(&mut self) {
        let now = self.now;
        // A condition is about the person: what lapses here does not change what the others are asked.
        let open: Vec<usize> = (0..self.owed.len()).filter(|at| self.owed[*at].met.is_none() && self.owed[*at].lapsed.is_none()).collect();
        for number in open {
            let body = self.owed[number].body;
            if body.while_.as_ref().is_some_and(|condition| self.so(condition) == Ok(false)) {
                self.lapse(number, now);
                continue;
            }
            let Some(condition) = &body.waits else { continue };
            let waits = self.holds(condition);
            let owed = &mut self.owed[number];
            let waiting = owed.waits.last().is_some_and(|(_, until)| until.is_none());
            if waits && !waiting {
                owed.waits.push((now, None));
            } else if !waits && waiting {
                let last = owed.waits.last_mut().expect("it waits");
                last.1 = Some(now);
                let since = last.0;
                // Due while it waited: due as soon as can be, now that the wait is over.
                if owed.due.as_ref().is_some_and(|due| due.sure > since.first && due.sure <= now.last) {
                    owed.due = None;
                    owed.dues.push((Some(now), None));
                }
            }
        }
        for number in 0..self.rights.len() {
            let body = self.rights[number].body;
            let open = self.rights[number].ended.is_none() && !self.rights[number].gone;
            if open && body.while_.as_ref().is_some_and(|condition| self.so(condition) == Ok(false)) {
                self.rights[number].ended = Some(now);
            }
            if self.rights[number].closes.latest <= now.first {
                self.rights[number].gone = true;
            }
        }
        for number in 0..self.named.len() {
            let named = &self.named[number];
            let Some((_, body)) = self.text(&self.pack.clocks[named.clock], named.at) else { continue };
            let stands = |order: &u16| self.runs.iter().any(|run| run.open && run.order == usize::from(*order));
            if named.fell.is_none() && !body.through.is_empty() && !body.through.iter().any(stands) {
                self.named[number].fell = Some(now);
            }
        }
    }

    /// Duties whose lateness will do something to an order, each with when it is late.
    pub(crate) fn late_duties(&self) -> Vec<(Timestamp, usize)> {
        let all = self.owed.iter().enumerate().filter(|(_, owed)| !owed.left && owed.body.late_leaves.is_some());
        let open = all.filter(|(_, owed)| owed.met.is_none() && owed.lapsed.is_none() && owed.stoppers.is_empty());
        let runs = open.filter(|(_, owed)| owed.waits.iter().all(|(_, until)| until.is_some()));
        runs.filter_map(|(number, owed)| owed.due.as_ref().map(|due| (due.sure, number))).collect()
    }

    /// What the lateness of a duty does to the stretch of an order that its entry brought about.
    pub(crate) fn late_leaves(&mut self, number: usize) {
        self.owed[number].left = true;
        let owed = &self.owed[number];
        let (Some(due), Some(leaves)) = (owed.due.clone(), &owed.body.late_leaves) else { return };
        let (by, head) = (owed.by, self.text(&self.pack.duties[owed.duty], owed.raised).map(|(version, _)| &version.head));
        let Some(head) = head else { return };
        let touched = |run: &Run<'p>| run.open && leaves.orders.iter().any(|order| usize::from(*order) == run.order);
        for run in self.runs.iter_mut().filter(|run| touched(run)) {
            let Some(stretch) = run.stretches.iter().rfind(|stretch| stretch.by == by || stretch.relied.contains(&by)).cloned() else {
                continue;
            };
            let from = due.sure.max(stretch.from.first);
            // The last that has begun by then; those that begin later come after.
            let Some(runs) = run.stretches.iter().rposition(|other| other.from.first <= from) else { continue };
            let fault = Fault::new(head, "late", "late", Failing::Unmet, weight(leaves.defect), vec![by]);
            let till = run.stretches[runs].till.clone();
            run.stretches.insert(
                runs + 1,
                Stretch { from: Point { first: from, last: from }, by: stretch.by, till, faults: vec![fault], relied: stretch.relied },
            );
        }
    }

    /// Opens rights.
    pub(crate) fn open_rights(&mut self, sight: Sight) {
        let (by, at) = self.behind(sight);
        for entitlement in 0..self.pack.entitlements.len() {
            let Some((_, body)) = self.text(&self.pack.entitlements[entitlement], at) else { continue };
            let may = self.any_may(&body.each, sight) != Ok(false);
            if !may || body.only_if.as_ref().is_some_and(|condition| self.so(condition) == Ok(false)) {
                continue;
            }
            let run = self
                .run_of(sight)
                .filter(|_| !matches!(sight, Sight::Event(happening) if matches!(happening.event, Event::Met | Event::Lapsed)));
            let mut frame = Frame { run, ..Frame::act(at, by) };
            let opens =
                body.opens.as_ref().and_then(|period| self.till(period, &frame)).map(|till| Point { first: till.sure, last: till.latest });
            let opens = opens.unwrap_or(at);
            frame.opened = Some(opens);
            let closes = body.closes.as_ref().and_then(|period| self.till(period, &frame)).unwrap_or_else(Till::open);
            self.rights.push(Right { entitlement, body, raised: at, by, run, opens, closes, ended: None, uses: Vec::new(), gone: false });
        }
    }

    /// Lets an entry use a right; a use of a right that is not open is a finding.
    pub(crate) fn use_rights(&mut self, entry: usize) {
        let at = self.told[entry].at;
        let (mut used, mut refused) = (None, None);
        for entitlement in 0..self.pack.entitlements.len() {
            let Some((_, body)) = self.text(&self.pack.entitlements[entitlement], at) else { continue };
            if !body.used_by.iter().any(|pattern| self.shows(pattern, &self.told[entry])) {
                continue;
            }
            let open = (0..self.rights.len()).find(|right| self.rights[*right].entitlement == entitlement && self.may_use(*right, entry));
            match open {
                Some(right) => used = used.or(Some(right)),
                None => refused = Some(self.pack.entitlements[entitlement].id.clone()),
            }
        }
        if let Some(right) = used {
            self.rights[right].uses.push(entry);
            let entitlement = self.rights[right].entitlement;
            self.happen(Event::Used, entitlement, right, at, entry);
        } else if let Some(id) = refused {
            self.found.push(Found {
                provision: format!("entitlement.{id}"),
                kind: "out-of-time",
                what: "out-of-time".to_owned(),
                at,
                by: entry,
            });
        }
    }

    fn may_use(&self, number: usize, entry: usize) -> bool {
        let (right, at) = (&self.rights[number], self.told[entry].at);
        let mut entries = vec![right.by];
        entries.extend(&self.told[right.by].of);
        entries.extend(right.run.into_iter().flat_map(|run| self.entries_of(run)));
        let counts = |used: &&usize| right.body.withdrawn_counts || self.told[**used].withdrawn.is_none_or(|by| by >= self.read);
        let left = right.body.times.is_none_or(|times| right.uses.iter().filter(|used| counts(used)).count() < times as usize);
        let open = right.ended.is_none() && at.last >= right.opens.first && at.first < right.closes.latest;
        open && left && self.any(&right.body.used_by, Sight::Entry(entry), Some(&Instance { entries, oldest: true }))
    }

    /// Sets named days.
    pub(crate) fn set_clocks(&mut self, sight: Sight) {
        let (by, mut at) = self.behind(sight);
        if let Sight::Event(happening) = sight
            && happening.event == Event::Started
        {
            // The day of an order that another became may be the other's.
            at = self.runs[happening.instance].start;
        }
        for clock in 0..self.pack.clocks.len() {
            let Some((_, body)) = self.text(&self.pack.clocks[clock], self.behind(sight).1) else { continue };
            if !self.any(&body.set, sight, None) {
                continue;
            }
            let standing = self.named.iter().rposition(|named| named.clock == clock && named.fell.is_none());
            if standing.is_some() && body.keeps_first {
                continue;
            }
            if let Some(standing) = standing {
                self.named[standing].fell = Some(at);
            }
            self.named.push(Named { clock, at, by, fell: None });
        }
    }

    /// Finds what an entry does that may not be done.
    pub(crate) fn forbid(&mut self, entry: usize) {
        let at = self.told[entry].at;
        for limit in &self.pack.limits {
            let Some((version, body)) = self.text(limit, at) else { continue };
            let so = body.if_.as_ref().map_or(Ok(true), |condition| self.so(condition));
            let forbidden = self.any(&body.forbids, Sight::Entry(entry), None) && so != Ok(false);
            let shows = |patterns: &[Pattern], at: usize| patterns.iter().any(|pattern| self.shows(pattern, &self.told[at]));
            let open = |opener: usize| {
                let lies = |period| {
                    let frame = Frame::act(self.told[opener].at, opener);
                    self.till(period, &frame).is_some_and(|till| at.first < till.sure)
                };
                let lifted = (opener + 1..entry).any(|later| shows(&body.unless, later));
                shows(&body.after, opener) && body.for_.as_ref().is_none_or(lies) && !lifted
            };
            if forbidden && (body.after.is_empty() || (0..entry).any(open)) {
                let provision = format!("limit.{}", version.head.id);
                let (kind, what) = so.err().map_or(("forbidden", "forbidden"), |word| ("not-shown", word));
                self.found.push(Found { provision, kind, what: what.to_owned(), at, by: entry });
            }
        }
    }
}
