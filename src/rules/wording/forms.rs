//! Words and their inflected forms: `plan` is found in `plans`, `planned` and `planning`.

use std::ops::Range;

/// A word of a text.
pub(super) struct Token {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// In lower case.
    pub(super) lower: String,
}

/// The words of a text: letters, digits, and hyphens or apostrophes between them.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for (at, c) in text.char_indices() {
        let inside = out.last().is_some_and(|t| t.range.end == at);
        let joins = inside && matches!(c, '-' | '\'' | '’');
        match out.last_mut() {
            Some(token) if inside && (c.is_alphanumeric() || joins) => {
                token.range.end += c.len_utf8();
                token.lower.extend(c.to_lowercase());
            }
            _ if c.is_alphanumeric() => {
                out.push(Token { range: at..at + c.len_utf8(), lower: c.to_lowercase().collect() });
            }
            _ => {}
        }
    }
    out
}

/// The base forms a word may be an inflection of, itself among them.
pub(super) fn bases(word: &str) -> Vec<String> {
    const ENDINGS: [(&str, &str); 8] =
        [("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e")];
    let mut out = vec![word.to_owned()];
    for (ending, instead) in ENDINGS {
        let Some(stem) = word.strip_suffix(ending).filter(|s| s.chars().count() > 1) else { continue };
        out.push(format!("{stem}{instead}"));
        let mut back = stem.chars().rev();
        if let (Some(last), Some(before)) = (back.next(), back.next())
            && last == before
            && let Some(single) = stem.strip_suffix(last)
        {
            out.push(single.to_owned());
        }
    }
    out
}

/// Indexes of the tokens that begin an entry of a list, in any form of the entry's last word.
pub(super) fn inflected<'a>(list: &'a [String], tokens: &'a [Token]) -> impl Iterator<Item = usize> + 'a {
    let forms: Vec<Vec<String>> = tokens.iter().map(|t| bases(&t.lower)).collect();
    (0..tokens.len()).filter(move |at| list.iter().any(|entry| stands_at(entry, tokens, &forms, *at)))
}

fn stands_at(entry: &str, tokens: &[Token], forms: &[Vec<String>], at: usize) -> bool {
    let mut words = entry.split_whitespace().peekable();
    let mut index = at;
    while let Some(word) = words.next() {
        let word = word.to_lowercase();
        let fits = if words.peek().is_some() {
            tokens.get(index).is_some_and(|t| t.lower == word)
        } else {
            forms.get(index).is_some_and(|f| f.contains(&word))
        };
        if !fits {
            return false;
        }
        index += 1;
    }
    index > at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(list: &[&str], text: &str) -> Vec<String> {
        let list: Vec<String> = list.iter().map(|w| (*w).to_owned()).collect();
        let tokens = tokens(text);
        inflected(&list, &tokens).map(|i| tokens[i].lower.clone()).collect()
    }

    #[test]
    fn words_keep_hyphens_and_their_place() {
        let words = tokens("It's in-scope – not 99.5 %.");
        let texts: Vec<_> = words.iter().map(|t| t.lower.as_str()).collect();
        assert_eq!(texts, ["it's", "in-scope", "not", "99", "5"]);
        assert_eq!(words[1].range, 5..13);
    }

    #[test]
    fn simple_inflections_are_found() {
        let verbs = ["plan", "restore", "classify", "control", "assess", "set"];
        let text = "planned plans restoring restored classifies classified controlled assesses setting";
        assert_eq!(found(&verbs, text).len(), 9);
        assert_eq!(found(&verbs, "plane rest class settled"), Vec::<String>::new());
    }

    #[test]
    fn phrases_bend_only_their_last_word() {
        let objects = ["service level target", "SLA"];
        assert_eq!(found(&objects, "We keep Service Level Targets and SLAs."), ["service", "slas"]);
        assert_eq!(found(&objects, "services level target"), Vec::<String>::new());
    }
}
