//! How alike two texts are: the share of their runs of five words that both hold.

use std::collections::BTreeSet;

const RUN: usize = 5;

/// From 0 (nothing in common) to 1 (the same words in the same order). Case and punctuation do not count; of texts
/// shorter than a run only equality is seen.
pub(super) fn similarity(a: &str, b: &str) -> f64 {
    let (a, b) = (words(a), words(b));
    let (a, b) = (runs(&a), runs(&b));
    let both = a.intersection(&b).count();
    let all = a.len() + b.len() - both;
    if all == 0 { 0.0 } else { f64::from(small(both)) / f64::from(small(all)) }
}

/// Counts of words of one file fit easily.
fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts.filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

fn runs(words: &[String]) -> BTreeSet<&[String]> {
    if words.is_empty() {
        return BTreeSet::new();
    }
    words.windows(RUN.min(words.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_alike_and_others_are_not() {
        let text = "We run the systems that hospitals and insurers work with.";
        assert!((similarity(text, "we run the SYSTEMS, that hospitals and insurers work with") - 1.0).abs() < 1e-9);
        assert!(similarity(text, "Nothing of this stands in the other text at all") < 1e-9);
        assert!(similarity("", "") < 1e-9);
    }

    #[test]
    fn an_addition_lowers_the_score() {
        // Six runs against eight, six of them shared.
        let score = similarity("a b c d e f g h i j", "a b c d e f g h i j k l");
        assert!((score - 0.75).abs() < 1e-9, "{score}");
    }
}
