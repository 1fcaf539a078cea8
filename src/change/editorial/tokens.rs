//! Words and signs of a block of text, and which pairs of them mean the same.

use super::lists;
use super::{Harmless, HarmlessKind};
use crate::change::words::word_end;

/// What a block is cut into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, a number or a name.
    Word,
    /// A sign that may come and go where nothing beside it decides what is asked for.
    Sign,
    /// A sign at the end of a sentence, which may be another of these.
    Stop,
    /// The address of a link.
    Target,
    /// Code, HTML, the address of a picture and every other sign: it must stay as it is.
    Fixed,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    /// White space stands before it.
    spaced: bool,
    /// It opens the block or a sentence.
    opens: bool,
}

impl Token<'_> {
    /// Nothing beside it may change: it is no plain word, or it decides what is asked for.
    fn decides(&self) -> bool {
        let plain = self.text.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'));
        matches!(self.kind, Kind::Word | Kind::Fixed) && (!plain || lists::is_protected(self.text))
    }
}

/// Cuts a block into tokens.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out: Vec<Token<'_>> = Vec::new();
    // For each open bracket, and the one closed last, whether it belongs to a picture.
    let (mut open, mut closed) = (Vec::new(), None);
    let mut rest = text;
    loop {
        let bare = rest.trim_start();
        let spaced = bare.len() < rest.len();
        let Some(first) = bare.chars().next() else { return out };
        let picture = closed.take().filter(|_| !spaced && first == '(');
        let (kind, length) = match first {
            // An escaped bracket is one of the text, and no link reaches over the border of a cell.
            '[' | ']' if !spaced && out.last().is_some_and(|t| t.text == "\\") => (Kind::Fixed, 1),
            '[' => {
                open.push(!spaced && out.last().is_some_and(|t| t.text == "!"));
                (Kind::Fixed, 1)
            }
            ']' => {
                closed = open.pop();
                (Kind::Fixed, 1)
            }
            '|' => {
                open.clear();
                (Kind::Fixed, 1)
            }
            '(' if let Some((picture, length)) = picture.zip(target(bare)) => {
                (if picture { Kind::Fixed } else { Kind::Target }, length)
            }
            '<' => (Kind::Fixed, until(bare, '>')),
            '`' => (Kind::Fixed, code(bare)),
            ',' | '"' | '“' | '”' | '„' | '‚' | '‘' | '’' | '\'' | '«' | '»' | '(' | ')' | '–' | '—' | '-' | '*'
            | '_' | '…' => (Kind::Sign, first.len_utf8()),
            '.' | ';' | ':' => (Kind::Stop, 1),
            _ if first.is_alphanumeric() => (Kind::Word, word_end(bare)),
            _ => (Kind::Fixed, word_end(bare).max(first.len_utf8())),
        };
        let (token, behind) = bare.split_at_checked(length).unwrap_or((bare, ""));
        let before = out.iter().rev().find(|t| t.kind != Kind::Sign);
        let opens = before.is_none_or(|t| t.kind == Kind::Stop && t.text == "." && spaced);
        out.push(Token { kind, text: token, spaced, opens });
        rest = behind;
    }
}

/// The length of the address of a link with its parentheses. With white space in it, or without an end, it is text.
fn target(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('(')?;
    let end = inner.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')'))?;
    inner.get(end..)?.starts_with(')').then_some(end + 2)
}

/// The length of what a sign opens, with its end; all that is left when it never ends.
fn until(text: &str, end: char) -> usize {
    text.find(end).map_or(text.len(), |at| at + end.len_utf8())
}

/// The length of a code span.
fn code(text: &str) -> usize {
    let fence = text.len() - text.trim_start_matches('`').len();
    let (open, rest) = text.split_at_checked(fence).unwrap_or((text, ""));
    rest.find(open).map_or(text.len(), |at| fence + at + fence)
}

/// What is known of the words of a document.
pub(super) struct Spelling<'w> {
    /// Whether its language is one whose words are known.
    pub(super) english: bool,
    /// Whether an address of the old text and one of the new are addresses wherever they stand.
    pub(super) links: &'w dyn Fn(&str, &str) -> bool,
    /// How often the old text has a word in small letters.
    pub(super) uses: &'w dyn Fn(&str) -> usize,
}

impl Spelling<'_> {
    /// A word that the text has twice is one it means.
    fn is_term(&self, word: &str) -> bool {
        (self.uses)(word) > 1
    }
}

/// What makes two blocks the same, token by token.
///
/// # Errors
/// The first pair for which nothing proves that both mean the same.
pub(super) fn compare(old: &str, new: &str, known: &Spelling<'_>) -> Result<Vec<Harmless>, String> {
    let (before, after) = (tokens(old), tokens(new));
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    while i < before.len() || j < after.len() {
        let step = step((&before, i), (&after, j), known)?;
        (i, j) = (i + step.old, j + step.new);
        out.extend(step.harmless);
    }
    if out.is_empty() {
        // The blocks differ and their words do not.
        out.push(Harmless::new(HarmlessKind::WhiteSpace, "", ""));
    }
    Ok(out)
}

/// So many tokens of each text belong together.
struct Step {
    old: usize,
    new: usize,
    harmless: Option<Harmless>,
}

/// Tokens and the one that is looked at.
type At<'a, 't> = (&'a [Token<'t>], usize);

fn step((before, i): At<'_, '_>, (after, j): At<'_, '_>, known: &Spelling<'_>) -> Result<Step, String> {
    let (old, new) = (before.get(i), after.get(j));
    let decided = || beside(before, i) || beside(after, j);
    if let (Some(old), Some(new)) = (old, new) {
        let both = |harmless| Ok(Step { old: 1, new: 1, harmless });
        let spaced = i > 0 && old.spaced != new.spaced && decided();
        match pair(old, new, known) {
            _ if (old.kind, old.text) == (new.kind, new.text) && !spaced => return both(None),
            Some(harmless) if !spaced && !measures(before, i) && !measures(after, j) => return both(Some(harmless)),
            _ if (old.kind, new.kind) == (Kind::Stop, Kind::Stop)
                && old.text != new.text
                && is_last(before, i)
                && is_last(after, j)
                && !decided() =>
            {
                return both(Some(Harmless::new(HarmlessKind::Punctuation, old.text, new.text)));
            }
            _ => {}
        }
    }
    if let Some(harmless) = gone(before, i) {
        return Ok(Step { old: 1, new: 0, harmless: Some(harmless) });
    }
    came(after, j).map(|harmless| Step { old: 0, new: 1, harmless: Some(harmless) }).ok_or_else(|| unproved(old, new))
}

fn unproved(old: Option<&Token<'_>>, new: Option<&Token<'_>>) -> String {
    match (old, new) {
        (Some(old), Some(new)) if old.text != new.text => format!("`{}` became `{}`", old.text, new.text),
        (Some(old), Some(_)) => format!("the space before `{}` changed", old.text),
        (Some(old), None) => format!("`{}` is gone", old.text),
        (None, Some(new)) => format!("`{}` is new", new.text),
        (None, None) => "it changed".to_owned(),
    }
}

/// Why two different tokens mean the same.
fn pair(old: &Token<'_>, new: &Token<'_>, known: &Spelling<'_>) -> Option<Harmless> {
    let kind = match (old.kind, new.kind) {
        (Kind::Target, Kind::Target) if (known.links)(old.text, new.text) => HarmlessKind::LinkTarget,
        (Kind::Word, Kind::Word) if straight(old.text) == straight(new.text) => HarmlessKind::Punctuation,
        (Kind::Word, Kind::Word) if !old.decides() && !new.decides() => spelling(old, new, known)?,
        _ => return None,
    };
    Some(Harmless::new(kind, old.text, new.text))
}

fn straight(word: &str) -> String {
    word.replace('’', "'")
}

fn spelling(old: &Token<'_>, new: &Token<'_>, known: &Spelling<'_>) -> Option<HarmlessKind> {
    // Of an abbreviation no letter and no case is free: `IT` is not `it`.
    let capitals = |text: &str| text.chars().skip(1).any(char::is_uppercase);
    if capitals(old.text) || capitals(new.text) {
        return None;
    }
    let (was, is) = (old.text.to_lowercase(), new.text.to_lowercase());
    if was == is {
        return Some(HarmlessKind::Case);
    }
    // A name is not corrected into another: a capital must come from the start of a sentence, and the word be used elsewhere.
    let name = |t: &Token<'_>| t.text.starts_with(char::is_uppercase);
    if (name(old) || name(new)) && !(old.opens && new.opens && name(old) && name(new) && (known.uses)(&is) > 0) {
        return None;
    }
    // Without a dash and without a first syllable more or less: `re-sign` is not `resign`.
    let built = |a: &str, b: &str| !a.chars().all(char::is_alphabetic) || a.ends_with(b);
    if !known.english || built(&was, &is) || built(&is, &was) {
        return None;
    }
    let mistake = !known.is_term(&was) && !lists::is_english(&was) && lists::is_english(&is) && is_near(&was, &is);
    (mistake || lists::are_variants(&was, &is)).then_some(HarmlessKind::Spelling)
}

/// One slip behind the first two letters: two letters that changed places, a vowel more, less or other, or a letter that is
/// doubled or not. Another consonant makes another word.
fn is_near(was: &str, is: &str) -> bool {
    let (was, is): (Vec<char>, Vec<char>) = (was.chars().collect(), is.chars().collect());
    let same = |pairs: &mut dyn Iterator<Item = (&char, &char)>| pairs.take_while(|(a, b)| a == b).count();
    let start = same(&mut was.iter().zip(&is));
    let room = was.len().min(is.len()) - start;
    let end = same(&mut was.iter().rev().zip(is.iter().rev())).min(room);
    let (old, new) = (was.get(start..was.len() - end), is.get(start..is.len() - end));
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let doubled = |word: &[char], c: char| {
        let beside = [start.checked_sub(1), Some(start + 1)].into_iter().flatten();
        beside.filter_map(|at| word.get(at)).any(|other| *other == c)
    };
    start >= 2
        && match (old, new) {
            (Some([a]), Some([b])) => vowel(*a) && vowel(*b),
            (Some([a, b]), Some([c, d])) => (a, b) == (d, c),
            (Some([c]), Some([])) => vowel(*c) || doubled(&was, *c),
            (Some([]), Some([c])) => vowel(*c) || doubled(&is, *c),
            _ => false,
        }
}

/// A token of the old text that may go.
fn gone(tokens: &[Token<'_>], at: usize) -> Option<Harmless> {
    let token = tokens.get(at)?;
    let kind = match token.kind {
        Kind::Sign if !beside(tokens, at) => HarmlessKind::Punctuation,
        Kind::Stop if !beside(tokens, at) && is_last(tokens, at) => HarmlessKind::Punctuation,
        Kind::Word if is_repeated(tokens, at) => HarmlessKind::Repetition,
        _ => return None,
    };
    Some(Harmless::new(kind, token.text, ""))
}

/// A token of the new text that may come.
fn came(tokens: &[Token<'_>], at: usize) -> Option<Harmless> {
    let token = tokens.get(at)?;
    let free = match token.kind {
        Kind::Sign => true,
        Kind::Stop => is_last(tokens, at),
        Kind::Word | Kind::Target | Kind::Fixed => false,
    };
    (free && !beside(tokens, at)).then(|| Harmless::new(HarmlessKind::Punctuation, "", token.text))
}

/// The same word twice in a row, where once was meant.
fn is_repeated(tokens: &[Token<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    matches!((before, tokens.get(at)), (Some(a), Some(b)) if a.kind == Kind::Word && a.text.to_lowercase() == b.text.to_lowercase() && !b.decides())
}

/// Whether only signs follow.
fn is_last(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.iter().skip(at + 1).all(|t| t.kind == Kind::Sign)
}

/// Whether a number stands beside a word: then the word says of what.
fn measures(tokens: &[Token<'_>], at: usize) -> bool {
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| tokens.get(at));
    beside.filter(|t| t.kind == Kind::Word).any(|t| t.text.contains(|c: char| c.is_numeric()))
}

/// Whether what stands next to a sign, on either side, decides what is asked for.
fn beside(tokens: &[Token<'_>], at: usize) -> bool {
    let speaks = |t: &&Token<'_>| matches!(t.kind, Kind::Word | Kind::Fixed);
    let before = tokens.get(..at).unwrap_or_default().iter().rev().find(speaks);
    let after = tokens.get(at + 1..).unwrap_or_default().iter().find(speaks);
    before.is_some_and(Token::decides) || after.is_some_and(Token::decides)
}
