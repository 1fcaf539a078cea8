//! Which blocks of two bodies belong together, and what became of each.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use super::align::{Budget, Numbers, align};
use super::layout::{self, Side};
use super::units::{self, Unit};
use super::{BlockChange, BlockKind, ChangeKind, Comparison, FieldChange, Mark, Segment, Size, words};

/// Blocks are taken for versions of each other from this share of common words, in thousandths.
const ALIKE: usize = 400;
/// So many blocks at once are compared each with each.
const WINDOW: usize = 48;

/// Compares the bodies.
pub(super) fn compare(old: &Side, new: &Side, budget: &mut Budget, out: &mut Comparison) {
    let (before, after) = (units::read(old), units::read(new));
    let pairs = Pairs::of(&before, &after, budget);
    let stayed =
        |i: usize, j: usize| pairs.to_new.get(i).copied().flatten() == Some(j) || (i, j) == (before.len(), after.len());
    // Blank lines between two blocks, or at the end, that followed each other before and still do.
    let together = pairs.to_new.iter().enumerate().filter_map(|(i, to)| {
        let to = (*to)?;
        stayed(i + 1, to + 1).then(|| Some((before.get(i)?, after.get(to)?)))?
    });
    out.layout.extend(layout::blank_lines(together));
    out.size.words_before = before.iter().map(|u| words::count(u.raw)).sum();
    let mut found = Vec::new();
    let mut reached = 0;
    for (index, unit) in before.iter().enumerate() {
        match pairs.to_new.get(index).copied().flatten() {
            Some(to) => reached = reached.max(to + 1),
            None => found.push((reached, index, unit.commitment, one_sided(unit, ChangeKind::Removed))),
        }
    }
    for (index, unit) in after.iter().enumerate() {
        let was = pairs.to_old.get(index).copied().flatten().and_then(|(i, moved)| Some((before.get(i)?, moved)));
        let change = match was {
            None => Some(one_sided(unit, ChangeKind::Added)),
            Some((was, moved)) => two_sided(was, unit, moved, budget),
        };
        let commitment = unit.commitment || was.is_some_and(|(was, _)| was.commitment);
        found.extend(change.map(|change| (index, usize::MAX, commitment, change)));
    }
    // What is gone stands before what came in its place.
    found.sort_by_key(|(place, order, ..)| (*place, *order));
    for (_, _, commitment, change) in found {
        measure(&change, commitment, &mut out.size);
        out.blocks.push(change);
    }
}

fn measure(change: &BlockChange, commitment: bool, size: &mut Size) {
    if change.whitespace_only || change.renumbered {
        return;
    }
    let changed = |s: &&Segment| change.change == ChangeKind::Moved || s.mark != Mark::Same;
    let words: usize = change.segments.iter().filter(changed).map(|s| words::count(&s.text)).sum();
    size.words_changed += if change.change == ChangeKind::Moved { 2 * words } else { words };
    size.commitments_touched |= commitment;
    size.tables_touched |= matches!(change.kind, BlockKind::TableRow | BlockKind::TableRule);
}

fn one_sided(unit: &Unit<'_>, change: ChangeKind) -> BlockChange {
    let added = change == ChangeKind::Added;
    let mark = if added { Mark::Added } else { Mark::Removed };
    let side = |text: &String, here: bool| here.then(|| text.clone());
    let cells = unit.cells.iter().filter(|(_, text)| !text.is_empty()).map(|(title, text)| FieldChange {
        path: title.clone(),
        old: side(text, !added),
        new: side(text, added),
    });
    BlockChange {
        trail: unit.trail.to_vec(),
        kind: unit.kind,
        change,
        name: unit.name.clone(),
        segments: vec![Segment { mark, text: unit.raw.to_owned() }],
        cells: cells.collect(),
        old_line: (!added).then_some(unit.line),
        new_line: added.then_some(unit.line),
        whitespace_only: false,
        renumbered: false,
    }
}

/// None when nothing changed.
fn two_sided(old: &Unit<'_>, new: &Unit<'_>, moved: bool, budget: &mut Budget) -> Option<BlockChange> {
    if old.raw == new.raw && !moved {
        return None;
    }
    let segments = words::segments(old.raw, new.raw, budget);
    let white = segments.iter().all(|s| s.mark == Mark::Same || s.text.trim().is_empty());
    let same = old.kind == new.kind && old.norm == new.norm;
    let renumbered = !moved && !white && same && old.kind == BlockKind::ListItem;
    Some(BlockChange {
        trail: new.trail.to_vec(),
        kind: new.kind,
        change: if moved { ChangeKind::Moved } else { ChangeKind::Changed },
        name: new.name.clone().or_else(|| old.name.clone()),
        segments,
        cells: changed_cells(old, new),
        old_line: Some(old.line),
        new_line: Some(new.line),
        whitespace_only: !moved && !renumbered && (white || same),
        renumbered,
    })
}

/// Cells are paired by the titles of their columns when these are clear, else by position.
fn changed_cells(old: &Unit<'_>, new: &Unit<'_>) -> Vec<FieldChange> {
    let clear = |unit: &Unit<'_>| {
        let mut titles: Vec<&str> = unit.cells.iter().map(|(title, _)| title.as_str()).collect();
        titles.sort_unstable();
        titles.windows(2).all(|pair| pair.first() != pair.last())
    };
    let by_title = clear(old) && clear(new);
    let of = |cells: &[(String, String)], index: usize, title: &str| {
        let cell = if by_title { cells.iter().find(|(t, _)| t == title) } else { cells.get(index) };
        cell.map(|(_, text)| text.clone())
    };
    let mut out = Vec::new();
    for (index, (title, text)) in new.cells.iter().enumerate().take(WINDOW) {
        let was = of(&old.cells, index, title);
        if was.as_ref() != Some(text) {
            out.push(FieldChange { path: title.clone(), old: was, new: Some(text.clone()) });
        }
    }
    for (index, (title, text)) in old.cells.iter().enumerate().take(WINDOW) {
        if of(&new.cells, index, title).is_none() {
            out.push(FieldChange { path: title.clone(), old: Some(text.clone()), new: None });
        }
    }
    out
}

/// Which old block became which new one.
struct Pairs {
    to_new: Vec<Option<usize>>,
    /// With whether it moved.
    to_old: Vec<Option<(usize, bool)>>,
}

impl Pairs {
    fn of(old: &[Unit<'_>], new: &[Unit<'_>], budget: &mut Budget) -> Self {
        let mut pairs = Self { to_new: vec![None; old.len()], to_old: vec![None; new.len()] };
        let mut numbers = Numbers::default();
        let before: Vec<u32> = old.iter().map(|u| numbers.of((u.kind, u.norm.as_str()))).collect();
        let after: Vec<u32> = new.iter().map(|u| numbers.of((u.kind, u.norm.as_str()))).collect();
        let mut fixed = align(&before, &after, budget);
        for (from, to) in &fixed {
            pairs.put(*from, *to, false);
        }
        pairs.moved(&before, &after);
        pairs.named(old, new);
        fixed.push((old.len(), new.len()));
        pairs.edited(old, new, &fixed);
        pairs
    }

    fn put(&mut self, from: usize, to: usize, moved: bool) {
        if let (Some(a), Some(b)) = (self.to_new.get_mut(from), self.to_old.get_mut(to)) {
            (*a, *b) = (Some(to), Some((from, moved)));
        }
    }

    fn free_old(&self, range: Range<usize>) -> Vec<usize> {
        range.filter(|i| self.to_new.get(*i) == Some(&None)).collect()
    }

    fn free_new(&self, range: Range<usize>) -> Vec<usize> {
        range.filter(|i| self.to_old.get(*i) == Some(&None)).collect()
    }

    /// Blocks that read the same and stand elsewhere.
    fn moved(&mut self, before: &[u32], after: &[u32]) {
        let mut waiting: BTreeMap<u32, VecDeque<usize>> = BTreeMap::new();
        for index in self.free_old(0..before.len()) {
            if let Some(number) = before.get(index) {
                waiting.entry(*number).or_default().push_back(index);
            }
        }
        for to in self.free_new(0..after.len()) {
            let from = after.get(to).and_then(|number| waiting.get_mut(number)).and_then(VecDeque::pop_front);
            if let Some(from) = from {
                self.put(from, to, true);
            }
        }
    }

    /// Commitments by their id, rows by their first cell where it stands once below its headings.
    fn named(&mut self, old: &[Unit<'_>], new: &[Unit<'_>]) {
        let before = once(old, &self.free_old(0..old.len()));
        let after = once(new, &self.free_new(0..new.len()));
        for (key, to) in &after {
            if let (Some(Some(from)), Some(to)) = (before.get(key), to) {
                self.put(*from, *to, false);
            }
        }
    }

    /// Blocks between two that stayed, when they share enough words.
    fn edited(&mut self, old: &[Unit<'_>], new: &[Unit<'_>], fixed: &[(usize, usize)]) {
        let mut words = Numbers::default();
        let (mut from, mut to) = (0, 0);
        for (a, b) in fixed {
            let (olds, news) = (self.free_old(from..*a), self.free_new(to..*b));
            for (olds, news) in olds.chunks(WINDOW).zip(news.chunks(WINDOW)) {
                let olds: Vec<_> = olds.iter().filter_map(|i| Some(Bag::of(*i, old.get(*i)?, &mut words))).collect();
                let news: Vec<_> = news.iter().filter_map(|i| Some(Bag::of(*i, new.get(*i)?, &mut words))).collect();
                for (from, to) in most_alike(&olds, &news) {
                    self.put(from, to, false);
                }
            }
            (from, to) = (a + 1, b + 1);
        }
    }
}

type Key<'u> = (bool, &'u [String], &'u str);

/// Named blocks; none for a name that stands twice.
fn once<'u>(units: &'u [Unit<'_>], free: &[usize]) -> BTreeMap<Key<'u>, Option<usize>> {
    let mut out = BTreeMap::new();
    for (index, unit) in free.iter().filter_map(|i| Some((*i, units.get(*i)?))) {
        let Some(name) = unit.name.as_deref().filter(|name| !name.is_empty()) else { continue };
        // A commitment keeps its id wherever it stands.
        let trail: &[String] = if unit.commitment { &[] } else { &unit.trail };
        out.entry((unit.commitment, trail, name)).and_modify(|known| *known = None).or_insert(Some(index));
    }
    out
}

/// A block with its words.
struct Bag<'u, 't> {
    index: usize,
    unit: &'u Unit<'t>,
    words: Vec<u32>,
}

impl<'u, 't> Bag<'u, 't> {
    fn of(index: usize, unit: &'u Unit<'t>, numbers: &mut Numbers<&'t str>) -> Self {
        Self { index, unit, words: words::bag(unit.raw, numbers) }
    }

    /// How well two blocks go together; 0 when they do not.
    fn alike(&self, other: &Self) -> usize {
        let text = |kind| matches!(kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote);
        let (a, b) = (self.unit.kind, other.unit.kind);
        if a != b && !(text(a) && text(b)) {
            return 0;
        }
        // An id is for ever: two commitments are never versions of each other.
        if self.unit.commitment && other.unit.commitment && self.unit.name != other.unit.name {
            return 0;
        }
        let share = words::alike(&self.words, &other.words);
        let level = |unit: &Unit<'_>| unit.raw.chars().take_while(|c| *c == '#').count();
        let renamed = a == BlockKind::Heading && level(self.unit) == level(other.unit) || a == BlockKind::TableRule;
        let share = if renamed { share.max(ALIKE) } else { share };
        if share < ALIKE { 0 } else { share }
    }
}

/// Pairs in reading order with the greatest sum of likeness.
fn most_alike(olds: &[Bag<'_, '_>], news: &[Bag<'_, '_>]) -> Vec<(usize, usize)> {
    let wide = news.len() + 1;
    let mut best = vec![0_usize; (olds.len() + 1) * wide];
    let mut likeness = vec![0_usize; (olds.len() + 1) * wide];
    let at = |table: &[usize], i: usize, j: usize| table.get(i * wide + j).copied().unwrap_or_default();
    for (i, old) in olds.iter().enumerate().rev() {
        for (j, new) in news.iter().enumerate().rev() {
            let share = old.alike(new);
            let taken = if share > 0 { share + at(&best, i + 1, j + 1) } else { 0 };
            let value = taken.max(at(&best, i + 1, j)).max(at(&best, i, j + 1));
            if let (Some(b), Some(l)) = (best.get_mut(i * wide + j), likeness.get_mut(i * wide + j)) {
                (*b, *l) = (value, share);
            }
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while let (Some(old), Some(new)) = (olds.get(i), news.get(j)) {
        let (here, share) = (at(&best, i, j), at(&likeness, i, j));
        if share > 0 && here == share + at(&best, i + 1, j + 1) {
            out.push((old.index, new.index));
            (i, j) = (i + 1, j + 1);
        } else if here == at(&best, i + 1, j) {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}
