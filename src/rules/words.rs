//! Words: the lists a text is judged by, how many a text has, how several stand in one message, and versions as people write them.

use unicode_normalization::UnicodeNormalization as _;

use crate::catalog::Lexicon;
use crate::rules::{Ctx, Sink};
use crate::workspace::ArtifactView;

/// The word lists for the text of an artifact; says so when its language has no such list.
pub(super) fn lexicon<'c>(
    ctx: &'c Ctx<'_>,
    artifact: ArtifactView<'_>,
    list: &str,
    out: &mut Sink,
) -> Option<&'c Lexicon> {
    let language = artifact.front().str("language").unwrap_or(&ctx.words.language);
    let base = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
    if base(language) == base(&ctx.words.language) && !ctx.words.words(list).is_empty() {
        return Some(&ctx.words);
    }
    out.not_evaluated(format!("there is no word list `{list}` for the language `{language}`"));
    None
}

/// A name without what some systems and readers pass over: capital letters, wide and narrow forms, composed letters.
pub(super) fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// Words of a text: pieces with a letter or digit.
pub(super) fn count_words(text: &str) -> usize {
    text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count()
}

/// `1 day`, `3 days`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed<S: AsRef<str>>(words: &[S]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => String::new(),
    }
}

/// The first few of a list, and how many more there are.
pub(super) fn a_few(words: &[&str]) -> String {
    match words.split_at_checked(3) {
        Some((few, more)) if !more.is_empty() => format!("{} and {} more", few.join(", "), more.len()),
        _ => listed(words),
    }
}

/// `1.2` and `1.2.0` are one version.
pub(super) fn same_version(a: &str, b: &str) -> bool {
    let parts = |v: &str| {
        let mut numbers: Vec<u64> = v.split('.').filter_map(|n| n.trim().parse().ok()).collect();
        numbers.resize(3, 0);
        numbers
    };
    a == b || parts(a) == parts(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(a_few(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
        assert_eq!((a_few(&["a", "b"]), listed(&["a", "b", "c"])), ("a and b".to_owned(), "a, b and c".to_owned()));
    }

    #[test]
    fn words_are_counted_without_signs() {
        assert_eq!(count_words("at least 99.5 % – or more"), 5);
    }

    #[test]
    fn versions_may_leave_zeros_out() {
        assert!(same_version("1.2", "1.2.0") && same_version("2", "2.0"));
        assert!(!same_version("1.1", "1.10") && !same_version("1.2", "1.2.1"));
    }
}
