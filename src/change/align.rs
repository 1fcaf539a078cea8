//! Which items of two sequences are the same, in bounded time.
//!
//! Items that occur once on both sides hold the two together; what stands between them is compared exactly when it is
//! small, and counts as replaced when it is not. The bound is a number of steps, never a clock: the same input gives the
//! same answer everywhere.

use std::collections::HashMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Steps of exact comparison for one stretch.
const STRETCH: usize = 250_000;
/// How often a stretch is cut at items that are unique in it.
const DEPTH: u8 = 8;

/// Steps of exact comparison that are left for a document.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(20_000_000)
    }
}

impl Budget {
    fn allows(&mut self, old: usize, new: usize) -> bool {
        let steps = old.saturating_mul(new);
        let fits = steps <= STRETCH && steps <= self.0;
        if fits {
            self.0 -= steps;
        }
        fits
    }
}

/// Pairs of positions that hold the same item, both rising.
pub(super) fn align(old: &[u32], new: &[u32], budget: &mut Budget) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut aligner = Aligner { old, new, budget, pairs: &mut pairs };
    aligner.stretch(0..old.len(), 0..new.len(), DEPTH);
    pairs
}

struct Aligner<'a> {
    old: &'a [u32],
    new: &'a [u32],
    budget: &'a mut Budget,
    pairs: &'a mut Vec<(usize, usize)>,
}

impl Aligner<'_> {
    fn stretch(&mut self, mut old: Range<usize>, mut new: Range<usize>, depth: u8) {
        while !old.is_empty() && !new.is_empty() && self.old.get(old.start) == self.new.get(new.start) {
            self.pairs.push((old.start, new.start));
            (old.start, new.start) = (old.start + 1, new.start + 1);
        }
        let mut tail = 0;
        while !old.is_empty() && !new.is_empty() && self.old.get(old.end - 1) == self.new.get(new.end - 1) {
            (old.end, new.end) = (old.end - 1, new.end - 1);
            tail += 1;
        }
        if !old.is_empty() && !new.is_empty() {
            self.middle(old.clone(), new.clone(), depth);
        }
        self.pairs.extend((0..tail).map(|i| (old.end + i, new.end + i)));
    }

    fn middle(&mut self, old: Range<usize>, new: Range<usize>, depth: u8) {
        let anchors = if depth == 0 { Vec::new() } else { self.anchors(old.clone(), new.clone()) };
        if anchors.is_empty() {
            self.exact(old, new);
            return;
        }
        let (mut from, mut to) = (old.start, new.start);
        for (a, b) in anchors {
            self.stretch(from..a, to..b, depth - 1);
            self.pairs.push((a, b));
            (from, to) = (a + 1, b + 1);
        }
        self.stretch(from..old.end, to..new.end, depth - 1);
    }

    /// Items that occur once on both sides, as many as stand in the same order.
    fn anchors(&self, old: Range<usize>, new: Range<usize>) -> Vec<(usize, usize)> {
        let places = |items: &[u32], range: Range<usize>| {
            let mut places: HashMap<u32, (usize, usize)> = HashMap::new();
            for index in range {
                if let Some(item) = items.get(index) {
                    places.entry(*item).and_modify(|(n, _)| *n += 1).or_insert((1, index));
                }
            }
            places
        };
        let (before, after) = (places(self.old, old.clone()), places(self.new, new));
        let once = |item: &u32| match (before.get(item), after.get(item)) {
            (Some((1, a)), Some((1, b))) => Some((*a, *b)),
            _ => None,
        };
        rising(&self.old.get(old).unwrap_or_default().iter().filter_map(once).collect::<Vec<_>>())
    }

    fn exact(&mut self, old: Range<usize>, new: Range<usize>) {
        if !self.budget.allows(old.len(), new.len()) {
            return;
        }
        let (from, to) = (old.start, new.start);
        let (old, new) = (self.old.get(old).unwrap_or_default(), self.new.get(new).unwrap_or_default());
        for op in capture_diff_slices(Algorithm::Myers, old, new) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                self.pairs.extend((0..len).map(|i| (from + old_index + i, to + new_index + i)));
            }
        }
    }
}

/// The longest part of the pairs (rising in the first number) that rises in the second one too.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // `ends[n]` is the pair with which the lowest row of n + 1 pairs ends; `before` leads back along the row.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |index: usize| pairs.get(index).map_or(0, |p| p.1);
    for (index, (_, new)) in pairs.iter().enumerate() {
        let place = ends.partition_point(|end| second(*end) < *new);
        before.push(place.checked_sub(1).and_then(|p| ends.get(p).copied()));
        if let Some(end) = ends.get_mut(place) {
            *end = index;
        } else {
            ends.push(index);
        }
    }
    let mut out = Vec::new();
    let mut next = ends.last().copied();
    while let Some(index) = next {
        out.extend(pairs.get(index).copied());
        next = before.get(index).copied().flatten();
    }
    out.reverse();
    out
}

/// Numbers for things: equal things have equal numbers.
#[derive(Debug)]
pub(super) struct Numbers<T>(HashMap<T, u32>);

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: std::hash::Hash + Eq> Numbers<T> {
    pub(super) fn of(&mut self, thing: T) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(thing).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_rise_and_are_the_same() {
        let old = [1, 2, 3, 4, 5, 5, 6];
        let new = [1, 9, 3, 5, 4, 5, 6, 7];
        let pairs = align(&old, &new, &mut Budget::default());
        assert!(pairs.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1), "{pairs:?}");
        assert!(pairs.iter().all(|(a, b)| old[*a] == new[*b]));
        assert_eq!(pairs.len(), 5);
    }

    #[test]
    fn what_is_too_large_counts_as_replaced() {
        let old: Vec<u32> = (0..2_000).map(|i| i % 7).collect();
        let new: Vec<u32> = (0..2_000).map(|i| 6 - i % 7).collect();
        assert!(align(&old, &new, &mut Budget::default()).len() < 2_000);
        let swapped: Vec<u32> = (50_000..100_000).chain(0..50_000).collect();
        let straight: Vec<u32> = (0..100_000).collect();
        assert_eq!(align(&straight, &swapped, &mut Budget::default()).len(), 50_000);
    }
}
