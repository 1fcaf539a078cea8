//! The word lists of the proof: words that decide what is asked for, and how words are spelt.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words of all languages at once: a document does not choose which of its words are looked at.
static PROTECTED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("data/protected.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(": ")).flat_map(|(_, words)| words.split(' ')).collect()
});

/// Words of British and American English (SCOWL, see NOTICE), sorted.
static ENGLISH: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("data/words.en.txt").lines().collect());

/// Terms of the trade that the list lacks: a text that uses one has not misspelt another word.
static TERMS: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("data/terms.en.txt").lines().collect());

/// Endings that British and American English spell differently.
static VARIANTS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let lines = include_str!("data/variants.en.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).collect()
});

/// Whether a word decides what is asked for: a number, unit, time, modal, negation, quantifier, condition, comparator, role.
pub(super) fn is_protected(word: &str) -> bool {
    let lower = word.to_lowercase();
    // Of `don't`, `supplier's` and `sub-supplier` each part counts.
    let mut parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.any(|part| PROTECTED.contains(part)) || lower.ends_with("n't") || lower.ends_with("n’t")
}

/// Whether English knows a word in lower case.
pub(super) fn is_english(word: &str) -> bool {
    ENGLISH.binary_search(&word).is_ok() || TERMS.contains(word)
}

/// Whether two words are one word in British and in American spelling.
pub(super) fn are_variants(one: &str, other: &str) -> bool {
    let spelt = |a: &str, b: &str| {
        VARIANTS.iter().any(|(british, american)| {
            a.strip_suffix(british)
                .is_some_and(|stem| stem.len() != 1 && stem.len() != 2 && b.strip_suffix(american) == Some(stem))
        })
    };
    is_english(one) && is_english(other) && (spelt(one, other) || spelt(other, one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_in_lower_case() {
        assert!(ENGLISH.is_sorted() && ENGLISH.len() > 60_000 && PROTECTED.len() > 700);
        assert!(PROTECTED.iter().all(|word| word.to_lowercase() == **word && !word.is_empty()));
    }

    #[test]
    fn spellings_of_one_word() {
        assert!(are_variants("organisation", "organization") && are_variants("color", "colour"));
        assert!(are_variants("cancelled", "canceled") && are_variants("centre", "center"));
        assert!(
            !are_variants("prise", "prize") && !are_variants("filled", "filed") && !are_variants("stalled", "staled")
        );
        assert!(!are_variants("prise", "price") && !are_variants("contact", "contract"));
    }
}
