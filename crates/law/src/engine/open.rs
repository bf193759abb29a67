//! Duties that are open: all of them in the order in which they were raised, and those of one duty without walking the others.
//!
//! Deliberately absent: what is owed; that is in the forecast's runs, which this only counts.

/// The open instances of all duties.
#[derive(Debug, Default)]
pub(crate) struct OpenDuties {
    /// In the order in which they were raised; some may be over since it was last swept.
    all: Vec<usize>,
    /// How many open instances each duty has.
    counts: Vec<u16>,
    /// For each duty, its last instance raised.
    last: Vec<Option<usize>>,
    /// For each instance, the one of the same duty that was open before it.
    before: Vec<Option<usize>>,
    /// Which duty raised by which entry each instance is.
    pub(crate) raised: Vec<(u16, u16)>,
    /// Those that are looked at again after each entry, and those whose lateness does something.
    rechecked: Vec<usize>,
    leaving: Vec<usize>,
    /// Whether any is over since the last sweep.
    stale: bool,
}

/// What else must be looked at in an open instance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looked {
    /// It lasts, or waits, while something holds.
    pub(crate) again: bool,
    /// Its lateness does something to an order.
    pub(crate) when_late: bool,
}

impl OpenDuties {
    pub(crate) fn of(duties: usize) -> OpenDuties {
        OpenDuties { counts: vec![0; duties], last: vec![None; duties], ..OpenDuties::default() }
    }

    /// How many instances of a duty are open.
    pub(crate) fn count(&self, duty: u16) -> u16 {
        self.counts.get(usize::from(duty)).copied().unwrap_or(0)
    }

    /// One more is raised: the next after all raised so far.
    pub(crate) fn add(&mut self, duty: u16, item: u16, looked: Looked) {
        let number = self.raised.len();
        self.raised.push((duty, item));
        self.all.push(number);
        self.look(number, looked);
        let last = self.last.get_mut(usize::from(duty));
        self.before.push(last.and_then(|last| last.replace(number)));
        if let Some(count) = self.counts.get_mut(usize::from(duty)) {
            *count = count.saturating_add(1);
        }
    }

    /// An instance has a text, its first or a new one.
    pub(crate) fn look(&mut self, number: usize, looked: Looked) {
        for (list, wanted) in [(&mut self.rechecked, looked.again), (&mut self.leaving, looked.when_late)] {
            let place = list.partition_point(|other| *other < number);
            if wanted && list.get(place) != Some(&number) {
                list.insert(place, number);
            }
        }
    }

    /// One is met or lapsed.
    pub(crate) fn over(&mut self, duty: u16) {
        self.stale = true;
        if let Some(count) = self.counts.get_mut(usize::from(duty)) {
            *count = count.saturating_sub(1);
        }
    }

    /// Takes out those that are over.
    pub(crate) fn sweep(&mut self, is_open: impl Fn(usize) -> bool) {
        if std::mem::take(&mut self.stale) {
            for list in [&mut self.all, &mut self.rechecked, &mut self.leaving] {
                list.retain(|number| is_open(*number));
            }
        }
    }

    /// Those to be looked at again, in the order in which they were raised; some may be over.
    pub(crate) fn rechecked(&self) -> &[usize] {
        &self.rechecked
    }

    /// Those whose lateness does something, in the order in which they were raised; some may be over.
    pub(crate) fn leaving(&self) -> &[usize] {
        &self.leaving
    }

    /// All, in the order in which they were raised; some may be over.
    pub(crate) fn all(&self) -> &[usize] {
        &self.all
    }

    /// The open instances of some duties, in the order in which they were raised.
    pub(crate) fn of_duties(&mut self, duties: &[u16], is_open: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut found = Vec::new();
        for duty in duties {
            if self.count(*duty) == 0 {
                continue;
            }
            // From the last one back; what is over is passed over for good.
            let mut later: Option<usize> = None;
            let mut next = self.last.get(usize::from(*duty)).copied().flatten();
            while let Some(number) = next {
                next = self.before.get(number).copied().flatten();
                if is_open(number) {
                    found.push(number);
                    later = Some(number);
                    continue;
                }
                let link = match later {
                    Some(later) => self.before.get_mut(later),
                    None => self.last.get_mut(usize::from(*duty)),
                };
                if let Some(link) = link {
                    *link = next;
                }
            }
        }
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_instances_of_some_duties_are_those_of_all_that_are_of_them_and_open() {
        let mut open = OpenDuties::of(3);
        let mut is_open = Vec::new();
        let mut seed = 1_usize;
        for step in 0..500 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(step);
            let duty = u16::try_from((seed >> 40) % 3).unwrap_or(0);
            open.add(duty, 0, Looked { again: step % 3 == 0, when_late: false });
            is_open.push(true);
            let ends = (seed >> 20) % is_open.len();
            if seed >> 13 & 1 == 0 && is_open.get(ends) == Some(&true) {
                is_open[ends] = false;
                open.over(open.raised[ends].0);
            }
            let asked: &[u16] = [&[0][..], &[1, 2], &[], &[2, 0, 1]][(seed >> 33) % 4];
            let slow: Vec<usize> = (0..is_open.len()).filter(|one| is_open[*one] && asked.contains(&open.raised[*one].0)).collect();
            assert_eq!(open.of_duties(asked, |one| is_open[one]), slow, "step {step}");
            let count = (0..is_open.len()).filter(|one| is_open[*one] && open.raised[*one].0 == duty).count();
            assert_eq!(usize::from(open.count(duty)), count, "step {step}");
            open.sweep(|one| is_open[one]);
            assert_eq!(open.all().len(), is_open.iter().filter(|one| **one).count(), "step {step}");
            let again: Vec<usize> = open.all().iter().copied().filter(|one| one % 3 == 0).collect();
            assert_eq!(open.rechecked(), again, "step {step}");
        }
    }
}
