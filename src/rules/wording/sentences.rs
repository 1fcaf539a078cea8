//! Cutting a text into sentences.

use std::ops::Range;

/// The sentences of one block of text. A sentence ends at `.`, `!` or `?` before white space and no small letter, unless
/// the word before is an abbreviation. Line ends mean nothing.
pub(super) fn sentences(text: &str, abbreviations: &[String]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices(['.', '!', '?']) {
        let end = at + mark.len();
        let rest = text.get(end..).unwrap_or_default();
        let behind = rest.trim_start_matches(['"', '\'', ')', '”', '’', '*', '_']);
        let next = behind.trim_start();
        let ends = next.len() < behind.len() && !next.starts_with(char::is_lowercase);
        if ends && !abbreviated(text.get(start..at).unwrap_or_default(), abbreviations) {
            push(&mut out, text, start..end + (rest.len() - behind.len()));
            start = end + (rest.len() - behind.len());
        }
    }
    push(&mut out, text, start..text.len());
    out
}

fn abbreviated(before: &str, abbreviations: &[String]) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    abbreviations.iter().any(|a| a.eq_ignore_ascii_case(word))
}

fn push(out: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start().len());
    let end = range.start + part.trim_end().len();
    if part.contains(char::is_alphanumeric) {
        out.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_before_a_capital_but_not_behind_an_abbreviation() {
        let cut = |text: &'static str| {
            let known = ["e.g".to_owned(), "no".to_owned()];
            sentences(text, &known).into_iter().map(|r| &text[r]).collect::<Vec<_>>()
        };
        assert_eq!(cut("One is 99.5 %.\nTwo (done.) Three"), ["One is 99.5 %.", "Two (done.)", "Three"]);
        assert_eq!(cut("See e.g. SLAs and No. 5. It ends."), ["See e.g. SLAs and No. 5.", "It ends."]);
        assert_eq!(cut("  … "), Vec::<&str>::new());
        assert_eq!(cut("**Bold.** *Next.*"), ["**Bold.**", "*Next.*"]);
    }
}
