//! What a misspelt name may have meant.

use std::cell::OnceCell;
use std::collections::HashMap;

/// Longer names are not compared, in bytes.
const MAX_NAME: usize = 256;
/// Steps that [`Names`] spends on comparing one by one before it looks only for names that are one edit away.
const MAX_STEPS: usize = 20_000_000;

/// The nearest of `names` to a misspelt `name`: at most a third of its letters differ. None when `name` is one of them: it
/// is not misspelt then.
///
/// ```
/// assert_eq!(smsctl::finding::nearest("ownre", ["owner", "title"]), Some("owner"));
/// assert_eq!(smsctl::finding::nearest("zzz", ["owner", "title"]), None);
/// assert_eq!(smsctl::finding::nearest("owner", ["owner"]), None);
/// ```
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut wanted = Wanted::new(name)?;
    names.into_iter().filter_map(|other| wanted.score(other, &letters(other)?)).min().and_then(Score::meant)
}

/// `Did you mean …?` when a name is near, else nothing.
pub fn did_you_mean<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    question(nearest(name, names))
}

fn question(found: Option<&str>) -> String {
    found.map_or_else(String::new, |name| format!("Did you mean `{name}`?"))
}

/// Names that many misspelt ones are compared with. Gives what [`nearest`] gives; when there are very many of both, only
/// names that are one edit away are found, so that the work stays in proportion to their number.
pub struct Names<'a> {
    known: Vec<(&'a str, Vec<char>)>,
    /// Hashes of each name and of the name without each one of its letters, sorted.
    index: OnceCell<Vec<(u64, u32)>>,
    answers: HashMap<String, Option<&'a str>>,
    steps: usize,
}

impl<'a> Names<'a> {
    /// Takes the names over.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter().filter_map(|name| Some((name, letters(name)?))).collect();
        Self { known: names, index: OnceCell::new(), answers: HashMap::new(), steps: MAX_STEPS }
    }

    /// The nearest name; none when the name is one of them.
    pub fn nearest(&mut self, name: &str) -> Option<&'a str> {
        if let Some(known) = self.answers.get(name) {
            return *known;
        }
        let found = Wanted::new(name).and_then(|mut wanted| match self.steps.checked_sub(self.known.len()) {
            Some(left) => self.one_by_one(&mut wanted, left),
            None => self.one_edit_away(&mut wanted),
        });
        self.answers.insert(name.to_owned(), found);
        found
    }

    /// `Did you mean …?` when a name is near, else nothing.
    pub fn did_you_mean(&mut self, name: &str) -> String {
        question(self.nearest(name))
    }

    fn one_by_one(&mut self, wanted: &mut Wanted<'_>, left: usize) -> Option<&'a str> {
        let found = wanted.best(self.known.iter());
        self.steps = left.saturating_sub(wanted.steps);
        found
    }

    fn one_edit_away(&self, wanted: &mut Wanted<'_>) -> Option<&'a str> {
        let index = self.index.get_or_init(|| index(&self.known));
        let mut hits: Vec<u32> = Vec::new();
        for key in keys(&wanted.letters) {
            let from = index.partition_point(|(k, _)| *k < key);
            let same = index.get(from..).unwrap_or_default().iter().take_while(|(k, _)| *k == key);
            hits.extend(same.map(|(_, name)| *name));
        }
        hits.sort_unstable();
        hits.dedup();
        wanted.limit = 1;
        wanted.best(hits.iter().filter_map(|name| self.known.get(*name as usize)))
    }
}

/// A name that is looked for, with room for the rows of the comparison.
struct Wanted<'n> {
    name: &'n str,
    letters: Vec<char>,
    limit: usize,
    rows: [Vec<usize>; 3],
    steps: usize,
}

impl<'n> Wanted<'n> {
    fn new(name: &'n str) -> Option<Self> {
        let letters = letters(name)?;
        Some(Self { name, limit: (letters.len() / 3).max(1), letters, rows: Default::default(), steps: 0 })
    }

    fn best<'a: 'r, 'r>(&mut self, names: impl Iterator<Item = &'r (&'a str, Vec<char>)>) -> Option<&'a str> {
        names.filter_map(|(other, letters)| self.score(other, letters)).min().and_then(Score::meant)
    }

    fn score<'a>(&mut self, other: &'a str, letters: &[char]) -> Option<Score<'a>> {
        Some(Score { edits: self.edits(letters)?, differs: other != self.name, name: other })
    }

    /// Edits (insert, delete, replace, swap of neighbours) to another name, when they are no more than the limit.
    fn edits(&mut self, other: &[char]) -> Option<usize> {
        if self.letters.len().abs_diff(other.len()) > self.limit {
            return None;
        }
        let (a, [before, last, row]) = (&self.letters, &mut self.rows);
        last.clear();
        last.extend(0..=other.len());
        for (i, ca) in a.iter().enumerate() {
            self.steps += 1;
            row.clear();
            row.push(i + 1);
            for (j, cb) in other.iter().enumerate() {
                let mut cost = (last[j] + usize::from(ca != cb)).min(last[j + 1] + 1).min(row[j] + 1);
                if i > 0 && j > 0 && *ca == other[j - 1] && a[i - 1] == *cb {
                    cost = cost.min(before[j - 1] + 1);
                }
                row.push(cost);
            }
            // A swap reaches back over one row: two rows above the limit end it.
            if [&*row, &*last].into_iter().flatten().all(|cost| *cost > self.limit) {
                return None;
            }
            std::mem::swap(before, last);
            std::mem::swap(last, row);
        }
        last.last().copied().filter(|edits| *edits <= self.limit)
    }
}

/// How near a name is: the fewest edits come first, and the very name before one in other letters.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Score<'a> {
    edits: usize,
    differs: bool,
    name: &'a str,
}

impl<'a> Score<'a> {
    fn meant(self) -> Option<&'a str> {
        self.differs.then_some(self.name)
    }
}

/// The small letters of a name that is not too long.
fn letters(name: &str) -> Option<Vec<char>> {
    (name.len() <= MAX_NAME).then(|| name.to_lowercase().chars().collect())
}

fn index(names: &[(&str, Vec<char>)]) -> Vec<(u64, u32)> {
    let numbered = (0_u32..).zip(names);
    let mut index: Vec<(u64, u32)> = numbered.flat_map(|(n, (_, name))| keys(name).map(move |key| (key, n))).collect();
    index.sort_unstable();
    index
}

/// Base of the hash, and its inverse modulo 2^64: to divide by the base is to move all that follows one place down.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
const INVERSE: u64 = inverse(BASE);

const fn inverse(odd: u64) -> u64 {
    let mut x = odd;
    let mut round = 0;
    while round < 6 {
        x = x.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(x)));
        round += 1;
    }
    x
}

/// Hashes of a name and of the name without each one of its letters: two names that are one edit apart share one.
fn keys(name: &[char]) -> impl Iterator<Item = u64> {
    let powers = std::iter::successors(Some(BASE), |p| Some(p.wrapping_mul(BASE)));
    let terms: Vec<u64> = name.iter().zip(powers).map(|(c, p)| u64::from(u32::from(*c) + 1).wrapping_mul(p)).collect();
    let whole = terms.iter().fold(0, |sum: u64, term| sum.wrapping_add(*term));
    let mut left = 0_u64;
    let without = terms.into_iter().map(move |term| {
        let right = whole.wrapping_sub(left).wrapping_sub(term).wrapping_mul(INVERSE);
        let key = left.wrapping_add(right);
        left = left.wrapping_add(term);
        key
    });
    std::iter::once(whole).chain(without)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The search as it is defined: every name compared in full.
    fn plain<'a>(name: &str, names: &[&'a str]) -> Option<(usize, &'a str)> {
        let wanted: Vec<char> = name.to_lowercase().chars().collect();
        let limit = (wanted.len() / 3).max(1);
        if names.contains(&name) {
            return None;
        }
        let scored = names.iter().map(|n| (distance(&wanted, &n.to_lowercase().chars().collect::<Vec<_>>()), *n));
        scored.filter(|(edits, _)| *edits <= limit).min()
    }

    fn distance(a: &[char], b: &[char]) -> usize {
        let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
        for i in 1..=a.len() {
            let mut row = vec![i];
            for j in 1..=b.len() {
                let mut cost = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                cost = cost.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    cost = cost.min(rows[i - 2][j - 2] + 1);
                }
                row.push(cost);
            }
            rows.push(row);
        }
        rows[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn every_search_gives_what_comparing_in_full_gives(
            name in "[abAé-]{0,9}", names in proptest::collection::vec("[abAé-]{0,9}", 0..40)
        ) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let expected = plain(&name, &names);
            prop_assert_eq!(nearest(&name, names.iter().copied()), expected.map(|(_, n)| n));
            let mut all = Names::new(names.iter().copied());
            prop_assert_eq!(all.nearest(&name), expected.map(|(_, n)| n));
            let mut many = Names { steps: 0, ..Names::new(names.iter().copied()) };
            let one_edit = expected.filter(|(edits, _)| names.is_empty() || *edits < 2);
            prop_assert_eq!(many.nearest(&name), one_edit.map(|(_, n)| n));
        }
    }

    #[test]
    fn nearest_prefers_the_fewest_edits_and_knows_swaps() {
        assert_eq!(
            nearest("chief-infromation-officer", ["chief-information-officer", "chief-technology-officer"]),
            Some("chief-information-officer")
        );
        assert_eq!(nearest("OBJ-1", ["OBJ-01", "OBJ-11"]), Some("OBJ-01"));
        assert_eq!(nearest("x", ["abc"]), None);
    }

    #[test]
    fn a_name_is_never_said_to_mean_itself() {
        assert_eq!(nearest("A.5.1", ["A.5.1", "A.5.2"]), None);
        assert_eq!(did_you_mean("iso-27001:2022", ["iso-27001:2022"]), "");
        assert_eq!(nearest("a.5.1", ["A.5.1"]), Some("A.5.1"));
        assert_eq!(nearest("a.5.1", ["A.5.1", "a.5.1"]), None);
    }

    #[test]
    fn comparisons_end_where_there_are_very_many() {
        let ids: Vec<String> = (0..500).map(|n| format!("SMS-DOC-{n:03}")).collect();
        let mut names = Names { steps: 100_000, ..Names::new(ids.iter().map(String::as_str)) };
        for id in &ids {
            assert_eq!(names.nearest(&id.replace("DOC", "DCO")), Some(id.as_str()));
        }
        assert!(names.steps < ids.len() && names.index.get().is_some());
        assert_eq!(nearest(&"x".repeat(300), [&*"x".repeat(299)]), None);
    }
}
