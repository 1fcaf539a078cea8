//! Words of a text, and which of them changed.

use unicode_width::UnicodeWidthChar as _;

use super::align::{Budget, Numbers, align};
use super::{Mark, Segment};

/// A word, or a mark between words, with the white space behind it.
#[derive(Clone, Copy, Debug)]
struct Token<'t> {
    word: &'t str,
    space: &'t str,
}

impl Token<'_> {
    fn is_word(&self) -> bool {
        self.word.contains(char::is_alphanumeric)
    }
}

/// Cuts a text into words; together they are the text. Where a script sets no spaces each character is a word.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.get(..word_end(rest)).unwrap_or(rest);
        let behind = rest.get(word.len()..).unwrap_or_default();
        let space = behind.get(..behind.len() - behind.trim_start().len()).unwrap_or_default();
        rest = behind.get(space.len()..).unwrap_or_default();
        out.push(Token { word, space });
    }
    out
}

pub(super) fn word_end(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    let Some((_, first)) = chars.next().filter(|(_, c)| !c.is_whitespace()) else { return 0 };
    let runs = first.is_alphanumeric() && !stands_alone(first);
    while let Some((at, c)) = chars.next() {
        let follows = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric() && !stands_alone(*next));
        let goes_on = runs && !stands_alone(c) && (c.is_alphanumeric() || (joins(c) && follows));
        // What has no width of its own (accents, joiners, variants of emoji) belongs to the character before.
        if !goes_on && (c.is_whitespace() || c.width() != Some(0)) {
            return at;
        }
    }
    text.len()
}

/// Marks that hold a word together when it goes on behind them.
fn joins(c: char) -> bool {
    matches!(c, '-' | '\'' | '’' | '.' | '_' | '@' | '/' | ':')
}

/// Characters of scripts that set no spaces between words.
fn stands_alone(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xF900..=0xFAFF | 0xFF66..=0xFF9F | 0x20000..=0x3FFFF)
}

/// How many words a text has.
pub(super) fn count(text: &str) -> usize {
    tokens(text).iter().filter(|t| t.is_word()).count()
}

/// The words of a text as sorted numbers, to compare it with others; marks when it has no words.
pub(super) fn bag<'t>(text: &'t str, numbers: &mut Numbers<&'t str>) -> Vec<u32> {
    let tokens = tokens(text);
    let any = tokens.iter().any(Token::is_word);
    let mut bag: Vec<u32> = tokens.iter().filter(|t| t.is_word() || !any).map(|t| numbers.of(t.word)).collect();
    bag.sort_unstable();
    bag
}

/// The share of words two bags have in common, in thousandths.
pub(super) fn alike(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut both) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        both += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    (2_000 * both).checked_div(a.len() + b.len()).unwrap_or(0)
}

/// What became of a text, word by word. What is the same and what was removed make the old text, what is the same and what
/// was added the new one.
pub(super) fn segments(old: &str, new: &str, budget: &mut Budget) -> Vec<Segment> {
    let (before, after) = (tokens(old), tokens(new));
    let mut numbers = Numbers::default();
    let old_numbers: Vec<u32> = before.iter().map(|t| numbers.of(t.word)).collect();
    let new_numbers: Vec<u32> = after.iter().map(|t| numbers.of(t.word)).collect();
    let pairs = without_islands(&align(&old_numbers, &new_numbers, budget), &before, after.len());
    let mut out = Segments::default();
    let (mut i, mut j) = (0, 0);
    for (a, b) in pairs.into_iter().chain([(before.len(), after.len())]) {
        before.get(i..a).unwrap_or_default().iter().for_each(|t| out.remove(t));
        after.get(j..b).unwrap_or_default().iter().for_each(|t| out.add(t));
        if let (Some(was), Some(is)) = (before.get(a), after.get(b)) {
            out.same(was.word);
            let shared = if was.space.starts_with(is.space) { is.space } else { was.space };
            let shared = if is.space.starts_with(shared) { shared } else { "" };
            out.same(shared);
            out.removed.push_str(was.space.get(shared.len()..).unwrap_or_default());
            out.added.push_str(is.space.get(shared.len()..).unwrap_or_default());
        }
        (i, j) = (a + 1, b + 1);
    }
    out.flush();
    out.done
}

/// A lone small word between two replaced stretches is chance, and hard to read.
fn without_islands(pairs: &[(usize, usize)], old: &[Token<'_>], new_len: usize) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    let mut runs: Vec<&[(usize, usize)]> = pairs.chunk_by(|a, b| a.0 + 1 == b.0 && a.1 + 1 == b.1).collect();
    // A mark for the end, so that the last run has a neighbour too.
    let end = [(old.len(), new_len)];
    runs.push(&end);
    let mut reached = (0, 0);
    for (index, run) in runs.iter().enumerate() {
        let (Some(first), Some(last), Some(next)) =
            (run.first(), run.last(), runs.get(index + 1).and_then(|r| r.first()))
        else {
            continue;
        };
        let replaced = first.0 > reached.0 && first.1 > reached.1 && next.0 > last.0 + 1 && next.1 > last.1 + 1;
        let small = run.len() <= 2 && run.iter().all(|(a, _)| old.get(*a).is_some_and(|t| t.word.len() <= 3));
        if !(replaced && small) {
            out.extend_from_slice(run);
        }
        reached = (last.0 + 1, last.1 + 1);
    }
    out
}

#[derive(Default)]
struct Segments {
    done: Vec<Segment>,
    removed: String,
    added: String,
}

impl Segments {
    fn remove(&mut self, token: &Token<'_>) {
        self.removed.extend([token.word, token.space]);
    }

    fn add(&mut self, token: &Token<'_>) {
        self.added.extend([token.word, token.space]);
    }

    fn same(&mut self, text: &str) {
        self.flush();
        self.push(Mark::Same, text);
    }

    /// White space behind words that were replaced did not change.
    fn flush(&mut self) {
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        let words = !removed.trim().is_empty() || !added.trim().is_empty();
        let shared = removed.chars().rev().zip(added.chars().rev()).take_while(|(a, b)| a == b && a.is_whitespace());
        let shared: usize = if words { shared.map(|(c, _)| c.len_utf8()).sum() } else { 0 };
        self.push(Mark::Removed, removed.get(..removed.len() - shared).unwrap_or_default());
        self.push(Mark::Added, added.get(..added.len() - shared).unwrap_or_default());
        self.push(Mark::Same, added.get(added.len() - shared..).unwrap_or_default());
    }

    fn push(&mut self, mark: Mark, text: &str) {
        match self.done.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.mark == mark => last.text.push_str(text),
            _ => self.done.push(Segment { mark, text: text.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let segments = segments(old, new, &mut Budget::default());
        let show = |s: &Segment| match s.mark {
            Mark::Same => s.text.clone(),
            Mark::Removed => format!("[-{}-]", s.text),
            Mark::Added => format!("{{+{}+}}", s.text),
        };
        segments.iter().map(show).collect()
    }

    #[test]
    fn words_change_as_words() {
        assert_eq!(shown("within 4 hours.", "within two hours."), "within [-4-]{+two+} hours.");
        assert_eq!(shown("a catalogue, kept", "a catalogue kept"), "a catalogue[-,-] kept");
        assert_eq!(shown("we restore\n  it", "we restore it"), "we restore[-\n  -]{+ +}it");
        assert_eq!(shown("red of blue", "green of brown"), "[-red of blue-]{+green of brown+}");
        assert_eq!(shown("", "new"), "{+new+}");
    }

    #[test]
    fn scripts_without_spaces_change_by_character() {
        assert_eq!(shown("我们恢复服务", "我们改进服务"), "我们[-恢复-]{+改进+}服务");
        assert_eq!(count("我们 two"), 3);
        assert_eq!(shown("👩\u{200d}💻 ok", "👩 ok"), "[-👩\u{200d}💻-]{+👩+} ok");
        assert_eq!(shown("שלום עולם", "שלום ירושלים"), "שלום [-עולם-]{+ירושלים+}");
    }

    #[test]
    fn ids_addresses_and_figures_are_words() {
        let words: Vec<_> = tokens("**PC-01** 99.5% of desk@x.example's a-b.").iter().map(|t| t.word).collect();
        assert_eq!(words, ["*", "*", "PC-01", "*", "*", "99.5", "%", "of", "desk@x.example's", "a-b", "."]);
    }
}
