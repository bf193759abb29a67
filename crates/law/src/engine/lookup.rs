//! Ways to find items without walking all of them: by what they are facts of, and by the numbers that entries name.
//!
//! A hostile file is long and asks often; a real one is short, so both are made in one pass and hold nothing twice.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::item::ItemNo;
use crate::entry::FactKind;
use crate::pack::fact_bit;

/// The items of each fact, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByFact {
    /// Each item's fact.
    facts: Vec<FactKind>,
    /// For each fact, where its items begin in `numbers`; one more for where the last one's end.
    begins: Vec<ItemNo>,
    numbers: Vec<ItemNo>,
}

impl ByFact {
    pub(crate) fn of(facts: Vec<FactKind>) -> ByFact {
        let mut begins: Vec<ItemNo> = vec![0; FactKind::ALL.len() + 1];
        for fact in &facts {
            if let Some(count) = begins.get_mut(*fact as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut begins {
            sum += *begin;
            *begin = sum;
        }
        let mut next = begins.clone();
        let mut numbers: Vec<ItemNo> = vec![0; facts.len()];
        for (number, fact) in facts.iter().enumerate() {
            let Some(place) = next.get_mut(*fact as usize) else { continue };
            if let (Some(slot), Ok(number)) = (numbers.get_mut(usize::from(*place)), ItemNo::try_from(number)) {
                *slot = number;
            }
            *place += 1;
        }
        ByFact { facts, begins, numbers }
    }

    /// The items of one fact, in order.
    pub(crate) fn items(&self, fact: FactKind) -> &[ItemNo] {
        let [from, upto] = [0, 1].map(|more| self.begins.get(fact as usize + more).map_or(0, |begin| usize::from(*begin)));
        self.numbers.get(from..upto).unwrap_or(&[])
    }

    /// The items in a range of one of these facts (a bit for each), in order.
    pub(crate) fn among(&self, set: u128, range: Range<usize>) -> impl DoubleEndedIterator<Item = ItemNo> + '_ {
        let one = (set.count_ones() == 1).then(|| FactKind::ALL.get(set.trailing_zeros() as usize)).flatten();
        let of_one = one.map_or(&[][..], |fact| {
            let all = self.items(*fact);
            let [from, upto] = [range.start, range.end].map(|end| all.partition_point(|number| usize::from(*number) < end));
            all.get(from..upto).unwrap_or(&[])
        });
        // Where several facts are meant the range is walked; the facts stand close together.
        let start = range.start;
        let facts = if one.is_some() || set == 0 { &[][..] } else { self.facts.get(range).unwrap_or(&[]) };
        let of_several = facts.iter().enumerate().filter(move |(_, fact)| set & fact_bit(**fact) != 0);
        let number = move |(at, _): (usize, &FactKind)| ItemNo::try_from(start + at).unwrap_or(ItemNo::MAX);
        of_one.iter().copied().chain(of_several.map(number))
    }
}

/// What was looked for in a long file, by the place of the question in the pack, so that it is looked for once.
#[derive(Debug, Default)]
pub(crate) struct Found(RefCell<HashMap<usize, Rc<[ItemNo]>>>);

impl Found {
    /// The items that answer a question which has the same answer whenever it is asked.
    pub(crate) fn of<Q>(&self, question: &Q, look: impl FnOnce() -> Rc<[ItemNo]>) -> Rc<[ItemNo]> {
        let place = std::ptr::from_ref(question).addr();
        let known = self.0.borrow().get(&place).cloned();
        known.unwrap_or_else(|| {
            let found = look();
            self.0.borrow_mut().insert(place, Rc::clone(&found));
            found
        })
    }
}

/// Something known of entries by their numbers, which nearly always run without a gap from one.
#[derive(Debug, Clone)]
pub(crate) struct ByNumber<T> {
    dense: Vec<Option<T>>,
    /// Numbers beyond the dense ones, in order.
    others: Vec<(u32, T)>,
}

impl<T: Copy> ByNumber<T> {
    /// Of several with one number the first counts.
    pub(crate) fn of(all: impl Iterator<Item = (u32, T)>, most: usize) -> ByNumber<T> {
        let mut dense = vec![None; most.saturating_add(1)];
        let mut others = Vec::new();
        for (number, what) in all {
            match usize::try_from(number).ok().and_then(|at| dense.get_mut(at)) {
                Some(slot) => *slot = slot.or(Some(what)),
                None => others.push((number, what)),
            }
        }
        others.sort_by_key(|(number, _)| *number);
        ByNumber { dense, others }
    }

    pub(crate) fn get(&self, number: u32) -> Option<T> {
        match usize::try_from(number).ok().and_then(|at| self.dense.get(at)) {
            Some(found) => *found,
            None => {
                let at = self.others.partition_point(|(other, _)| *other < number);
                self.others.get(at).filter(|(other, _)| *other == number).map(|(_, what)| *what)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_items_of_some_facts_are_those_that_walking_all_would_find() {
        let facts: Vec<FactKind> = (0..400).filter_map(|at| FactKind::ALL.get(at * at % 7).copied()).collect();
        let by_fact = ByFact::of(facts.clone());
        for set in [0, 0b10, 0b100, 0b10010, 1 << 30, 1 << 30 | 0b101] {
            for range in [0..400, 17..203, 100..100, 399..400, 400..500] {
                let slow: Vec<usize> = range.clone().filter(|at| facts.get(*at).is_some_and(|fact| set & fact_bit(*fact) != 0)).collect();
                let fast: Vec<usize> = by_fact.among(set, range.clone()).map(usize::from).collect();
                assert_eq!(fast, slow, "{set:b} {range:?}");
                let mut back: Vec<usize> = by_fact.among(set, range).rev().map(usize::from).collect();
                back.reverse();
                assert_eq!(back, slow, "{set:b}");
            }
        }
    }

    #[test]
    fn a_number_beyond_the_dense_ones_is_found_and_the_first_of_two_counts() {
        let known = ByNumber::of([(1, 'a'), (2, 'b'), (900, 'z'), (2, 'c'), (77, 'y')].into_iter(), 5);
        let found: Vec<Option<char>> = [0, 1, 2, 3, 5, 6, 77, 900, 901].map(|number| known.get(number)).to_vec();
        assert_eq!(found, [None, Some('a'), Some('b'), None, None, None, Some('y'), Some('z'), None]);
    }
}
