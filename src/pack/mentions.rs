//! Names, e-mail addresses and telephone numbers in running text, in whatever way they are written.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Shortest surname that is looked for alone.
const LEAST_SURNAME: usize = 4;
/// Most bytes between two parts of one name: white space, markup, punctuation.
const MOST_BETWEEN: usize = 24;
/// What stands in the place of an address of nobody known.
const ADDRESS: &str = "‹e-mail withheld›";
/// What stands in the place of a number of nobody known.
const NUMBER: &str = "‹number withheld›";

static ADDRESSES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[\w.%+-]*[\w+-]@[\w-]+(?:\.[\w-]+)+").ok());
/// With a country number, behind `tel:`, with a leading zero in groups, or in the groups of North America.
static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let between = r"[ \t\u{a0}\u{202f}()./-]{0,3}";
    let patterns = [
        format!(r"\+\d(?:{between}\d){{6,14}}"),
        format!(r"(?i:tel:)\s*\+?\d(?:{between}\d){{2,14}}"),
        r"\(?0\d{1,5}\)?[ \u{a0}\u{202f}/-]\d(?:[ \u{a0}\u{202f}./-]?\d){4,11}".to_owned(),
        r"0\d{8,14}".to_owned(),
        r"\(?\d{3}\)?[ -]\d{3}-\d{4}".to_owned(),
    ];
    Regex::new(&patterns.join("|")).ok()
});
static DATES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d{1,2}([./ -])\d{1,2}[./ -]\d{2,4}$").ok());

/// A stretch of a text and what stands in its place.
pub(super) type Stretch = (Range<usize>, String);

/// Every e-mail address and every telephone number of a text, whosever they are.
pub(super) fn addresses(text: &str) -> Vec<Stretch> {
    let mut out: Vec<Stretch> = Vec::new();
    if text.contains('@') {
        let found = ADDRESSES.iter().flat_map(|r| r.find_iter(text));
        out.extend(found.map(|m| (m.range(), ADDRESS.to_owned())));
    }
    let found = NUMBERS.iter().flat_map(|r| r.find_iter(text)).filter(|m| is_number(text, &m.range()));
    out.extend(found.map(|m| (m.range(), NUMBER.to_owned())));
    out
}

/// Neither part of an id, a version, a digest or a longer number, nor a date.
fn is_number(text: &str, range: &Range<usize>) -> bool {
    let mut ahead = text.get(..range.start).unwrap_or_default().chars().rev();
    let (before, prior) = (ahead.next(), ahead.next());
    let mut behind = text.get(range.end..).unwrap_or_default().chars();
    let (after, next) = (behind.next(), behind.next());
    let joins = |c: char| matches!(c, '-' | '.' | ',' | ':' | '/' | '_');
    let inside = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '/' | '#'))
        || after.is_some_and(|c| c.is_alphanumeric() || c == '_')
        || after.is_some_and(joins) && next.is_some_and(char::is_alphanumeric) && after != Some(',');
    let of_digest = before == Some(':') && prior.is_some_and(|c| c.is_ascii_digit());
    let found = text.get(range.clone()).unwrap_or_default();
    !inside && !of_digest && !DATES.iter().any(|r| r.find(found).is_some_and(|m| m.start() == 0))
}

/// A way to write a name, word by word, folded.
#[derive(Debug)]
struct Way {
    words: Vec<String>,
    /// Whether this may be an ordinary word too, so that only a capital letter makes it a name.
    needs_capital: bool,
    mark: String,
}

/// Names of people, in all ways they are looked for.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_first: HashMap<String, Vec<Way>>,
}

impl Names {
    /// `names` with their marks; a surname among `ordinary` words, which are folded, is not looked for alone.
    pub fn new<'n>(
        names: impl Iterator<Item = (&'n str, &'n str)>,
        particles: &[&str],
        ordinary: &HashSet<String>,
    ) -> Self {
        let mut out = Self::default();
        for (name, mark) in names {
            let words: Vec<String> = tokens(name).into_iter().map(|t| t.folded).collect();
            for (words, needs_capital) in ways(&words, particles, ordinary) {
                let Some(first) = words.first().cloned() else { continue };
                out.by_first.entry(first).or_default().push(Way { words, needs_capital, mark: mark.to_owned() });
            }
        }
        // The longest way wins; the marks of equal ones are those of the first.
        out.by_first.values_mut().for_each(|list| list.sort_by_key(|w| std::cmp::Reverse(w.words.len())));
        out
    }

    /// Where they stand in a text.
    pub fn find(&self, text: &str) -> Vec<Stretch> {
        let (mut out, mut at) = (Vec::new(), 0);
        if self.by_first.is_empty() {
            return out;
        }
        let tokens = tokens(text);
        while let Some(rest) = tokens.get(at..).filter(|r| !r.is_empty()) {
            let ways = self.by_first.get(&rest[0].folded).into_iter().flatten();
            let Some(way) = ways.into_iter().find(|way| way.is_at(text, rest)) else {
                at += 1;
                continue;
            };
            replaced(text, &rest[..way.words.len()], &way.mark, &mut out);
            at += way.words.len();
        }
        out
    }
}

impl Way {
    fn is_at(&self, text: &str, tokens: &[Token]) -> bool {
        let Some(here) = tokens.get(..self.words.len()) else { return false };
        here.iter().zip(&self.words).all(|(t, w)| t.folded == *w)
            && here.windows(2).all(|pair| may_part(text, &pair[0].range, &pair[1].range))
            && (!self.needs_capital || [here.first(), here.last()].iter().flatten().all(|t| t.capital))
    }
}

/// The whole stretch where only white space parts the words; else word by word, so that markup, cells and lines stay.
fn replaced(text: &str, words: &[Token], mark: &str, out: &mut Vec<Stretch>) {
    let plain = |pair: &[Token]| {
        let between = text.get(pair[0].range.end..pair[1].range.start).unwrap_or_default();
        let line_kept = between.rsplit_once('\n').is_none_or(|(_, indent)| !indent.is_empty());
        between.chars().all(char::is_whitespace) && line_kept
    };
    if let ([first, .., last], true) = (words, words.windows(2).all(plain)) {
        out.push((first.range.start..last.range.end, mark.to_owned()));
    } else {
        out.extend(words.iter().map(|w| (w.range.clone(), mark.to_owned())));
    }
}

fn may_part(text: &str, before: &Range<usize>, after: &Range<usize>) -> bool {
    let between = text.get(before.end..after.start).unwrap_or_default();
    between.len() <= MOST_BETWEEN && between.matches('\n').count() < 2
}

/// In order, the other way round, first and last alone, with initials, and the surname alone.
fn ways(words: &[String], particles: &[&str], ordinary: &HashSet<String>) -> Vec<(Vec<String>, bool)> {
    let Some((last, given)) = words.split_last().filter(|(_, given)| !given.is_empty()) else { return Vec::new() };
    let cut = given.iter().skip(1).position(|w| particles.contains(&w.as_str())).map_or(given.len(), |n| n + 1);
    let (given, family) = words.split_at(cut);
    let initials: Vec<String> = given.iter().filter_map(|w| w.chars().next()).map(String::from).collect();
    let mut out = Vec::new();
    for (first, needs_capital) in [(given, false), (&given[..1], false), (&initials[..], true), (&initials[..1], true)]
    {
        out.push(([first, family].concat(), needs_capital));
        out.push(([family, first].concat(), needs_capital));
    }
    if last.chars().count() >= LEAST_SURNAME && !ordinary.contains(last) {
        out.push((family.to_vec(), family.len() == 1));
    }
    out
}

/// A word of a text.
struct Token {
    range: Range<usize>,
    folded: String,
    capital: bool,
}

/// The words of a text, compatibility forms composed, capitals small, nothing invisible and no emphasis within.
fn tokens(text: &str) -> Vec<Token> {
    let (mut out, mut start, mut end) = (Vec::new(), None::<usize>, 0);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_alphanumeric() || (is_combining_mark(c) && start.is_some()) {
            start = start.or(Some(at));
            end = at + c.len_utf8();
        } else if !is_skipped(c) || start.is_none() {
            out.extend(start.take().and_then(|s| token(text, s..end)));
        } else if let Some(s) = start.filter(|_| !joins(text, at)) {
            out.extend(token(text, s..end));
            start = None;
        }
    }
    out
}

/// Whether a word goes on behind what is skipped.
fn joins(text: &str, at: usize) -> bool {
    text.get(at..).unwrap_or_default().chars().find(|c| !is_skipped(*c)).is_some_and(char::is_alphanumeric)
}

fn is_skipped(c: char) -> bool {
    matches!(c, '*' | '~' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// No word: the name of an element or of a character in HTML.
fn token(text: &str, range: Range<usize>) -> Option<Token> {
    let (before, after) = (text.get(..range.start)?, text.get(range.end..)?);
    let markup = before.ends_with(['<', '&']) || before.ends_with("</") || before.ends_with("&#");
    if markup && after.starts_with([';', '>', '/', ' ']) && !before.ends_with("& ") {
        return None;
    }
    let word = text.get(range.clone())?;
    let plain = word.chars().filter(|c| !is_skipped(*c)).nfkc().collect::<String>();
    let capital = plain.starts_with(char::is_uppercase);
    Some(Token { range, folded: plain.to_lowercase().replace('ß', "ss").nfkc().collect(), capital })
}

/// Ordinary words: those that stand somewhere in small letters with white space on both sides, and not beside a part of a name.
pub(super) fn ordinary<'t>(texts: impl Iterator<Item = &'t str>, names: &[&str]) -> HashSet<String> {
    let parts: HashSet<String> = names.iter().flat_map(|n| tokens(n)).map(|t| t.folded).collect();
    let mut out = HashSet::new();
    for text in texts {
        let mut before = "";
        let mut words = text.split_whitespace().peekable();
        while let Some(word) = words.next() {
            if word.chars().all(char::is_lowercase) && parts.contains(word) {
                let beside = [before, words.peek().copied().unwrap_or_default()];
                let of_name = beside.into_iter().flat_map(tokens).any(|t| parts.contains(&t.folded));
                out.extend((!of_name).then(|| word.to_owned()));
            }
            before = word;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let known =
            [("Paula Keller", "‹a›"), ("Jörg Müller", "‹b›"), ("Luc Van den Berg", "‹c›"), ("Tim Short", "‹d›")];
        Names::new(
            known.into_iter(),
            &["van", "den"],
            &ordinary(["in short , and", "paula keller"].into_iter(), &["Paula Keller", "Tim Short"]),
        )
    }

    fn masked(text: &str) -> String {
        let mut out = text.to_owned();
        for (range, mark) in names().find(text).into_iter().rev() {
            out.replace_range(range, &mark);
        }
        out
    }

    #[test]
    fn a_name_is_found_in_whatever_way_it_is_written() {
        let forms = [
            ("by Paula\nKeller.", "by ‹a›\n‹a›."),
            ("Paula\u{a0}Keller", "‹a›"),
            ("**Paula** Keller", "**‹a›** ‹a›"),
            ("P**aul**a Keller", "‹a›"),
            ("Keller, Paula", "‹a›, ‹a›"),
            ("P. Keller", "‹a›. ‹a›"),
            ("Keller's", "‹a›'s"),
            ("KELLER", "‹a›"),
            ("JÖRG MÜLLER", "‹b›"),
            ("Jo\u{308}rg Mu\u{308}ller", "‹b›"),
            ("paula-keller.pdf", "‹a›-‹a›.pdf"),
            ("Paula&nbsp;Keller", "‹a›&nbsp;‹a›"),
            ("van den Berg, Luc", "‹c› ‹c› ‹c›, ‹c›"),
            ("Ｐａｕｌａ Ｋｅｌｌｅｒ", "‹a›"),
            ("Tim Short", "‹d›"),
        ];
        for (text, shown) in forms {
            assert_eq!(masked(text), shown);
        }
        for text in ["Short notice", "in the keller", "Kellers", "Paula alone", "Keller2", "p and Kelle"] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn addresses_and_numbers_go_whosever_they_are() {
        for text in [
            "a.b+c@mail.example.org",
            "+32 9 555 70 00",
            "+3295557000",
            "0471 55 12 34",
            "tel:7000",
            "09/555.70.00",
            "(02) 555 12 34",
            "555-867-5309",
            "0471551234",
        ] {
            let found = addresses(text);
            assert!(found.len() == 1 && found[0].0 == (0..text.len()), "{text} {found:?}");
        }
        for text in [
            "2026-01-31",
            "01.02.2026",
            "01/02/2026",
            "1 000 000",
            "1.2.3",
            "INC-0471551234",
            "CHG-2026-001234",
            "v1.10.0",
            "sha256:0123456789",
            "20260131",
            "user@",
            "09:00-17:00",
            "0.001 250 000",
        ] {
            assert!(addresses(text).is_empty(), "{text} {:?}", addresses(text));
        }
    }
}
