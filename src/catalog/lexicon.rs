//! Word lists and patterns of a language. Data, not code: `data/words.en.toml`, replaceable in smsctl.toml.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};

use super::pattern::{Pattern, Screen};
use crate::document::{Node, load_toml};
use crate::source::FileId;

/// Word lists and patterns of one language.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Language tag.
    pub language: String,
    lists: BTreeMap<String, Arc<List>>,
}

#[derive(Debug, Default)]
struct List {
    words: Vec<String>,
    /// Ours and tested, so nobody needs to compile its patterns just to see whether they are good.
    built_in: bool,
    matcher: OnceLock<Option<AhoCorasick>>,
    patterns: OnceLock<Vec<Pattern>>,
}

/// A word of a list found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordHit<'l> {
    /// The word as it stands in the list.
    pub word: &'l str,
    /// Where it stands in the text.
    pub range: Range<usize>,
}

const ENGLISH: &str = include_str!("data/words.en.toml");

/// The English lists, shared by all runs of a program: what a run compiles of them, the next one need not.
static BUILT_IN: LazyLock<BTreeMap<String, Arc<List>>> = LazyLock::new(|| {
    let mut lexicon = Lexicon::default();
    if let Ok(node) = load_toml(FileId(0), ENGLISH) {
        lexicon.apply(&node);
    }
    let own = |list: &Arc<List>| Arc::new(List { words: list.words.clone(), built_in: true, ..List::default() });
    lexicon.lists.iter().map(|(name, list)| (name.clone(), own(list))).collect()
});

impl Lexicon {
    /// The built-in lists of a language (`en`, `en-GB`); empty for a language that has none.
    #[must_use]
    pub fn built_in(language: &str) -> Self {
        let mut lexicon = Self { language: language.to_owned(), lists: BTreeMap::new() };
        if language.split('-').next().is_some_and(|l| l.eq_ignore_ascii_case("en")) {
            lexicon.lists.clone_from(&BUILT_IN);
        }
        lexicon
    }

    /// Whether the language has any list at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// Takes over lists of the configuration: `name = […]` replaces, `name-add = […]` adds.
    pub fn apply(&mut self, lists: &Node) {
        for field in lists.fields() {
            let words = field.value.items().iter().filter_map(Node::as_str).map(str::to_owned);
            if let Some(name) = field.key.strip_suffix("-add") {
                let list = self.lists.entry(name.to_owned()).or_default();
                let all = list.words.iter().cloned().chain(words).collect();
                *list = Arc::new(List { words: all, ..List::default() });
            } else {
                self.lists.insert(field.key.to_string(), Arc::new(List { words: words.collect(), ..List::default() }));
            }
        }
    }

    /// Names of all lists of the built-in English lexicon: what a configuration may name.
    #[must_use]
    pub fn known_names() -> Vec<String> {
        Self::built_in("en").lists.into_keys().collect()
    }

    /// The words of a list; none when the language has no such list.
    #[must_use]
    pub fn words(&self, list: &str) -> &[String] {
        self.lists.get(list).map_or(&[], |l| &l.words)
    }

    /// Words of a list in a text: longest first, whole words, any case, in the order they stand.
    #[must_use]
    pub fn hits(&self, list: &str, text: &str) -> Vec<WordHit<'_>> {
        let Some(list) = self.lists.get(list) else {
            return Vec::new();
        };
        let matcher = list.matcher.get_or_init(|| {
            let builder = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::LeftmostLongest)
                .build(list.words.iter().map(|w| w.to_lowercase()));
            builder.ok()
        });
        let Some(matcher) = matcher else {
            return Vec::new();
        };
        let found = matcher.find_iter(text).filter(|m| whole_word(text, m.range()));
        found
            .filter_map(|m| list.words.get(m.pattern().as_usize()).map(|word| WordHit { word, range: m.range() }))
            .collect()
    }

    /// Whether any word of a list stands in a text.
    #[must_use]
    pub fn has(&self, list: &str, text: &str) -> bool {
        !self.hits(list, text).is_empty()
    }

    /// The entries of a list as regular expressions (any case); ones that do not compile are reported by
    /// [`Lexicon::bad_patterns`] and match nothing.
    #[must_use]
    pub fn patterns(&self, list: &str) -> &[Pattern] {
        let Some(list) = self.lists.get(list) else {
            return &[];
        };
        list.patterns.get_or_init(|| list.words.iter().map(|p| Pattern::new(p, list.built_in)).collect())
    }

    /// Tells in one pass over a text which patterns of these lists, one list after the other, may match in it.
    #[must_use]
    pub fn screen(&self, lists: &[&str]) -> Screen<'_> {
        Screen::of(lists.iter().flat_map(|list| self.patterns(list)))
    }

    /// Entries of the user's pattern lists (names that end in `-patterns`) that are no regular expressions, and why.
    #[must_use]
    pub fn bad_patterns(&self) -> Vec<(String, String, String)> {
        let lists = self.lists.iter().filter(|(name, l)| name.ends_with("-patterns") && !l.built_in);
        lists
            .flat_map(|(name, list)| list.words.iter().map(move |p| (name, p)))
            .filter_map(|(name, p)| Pattern::new(p, false).error().map(|reason| (name.clone(), p.clone(), reason)))
            .collect()
    }
}

/// A hit counts when no letter or digit touches it; entries may begin or end with a sign such as `100 %`.
fn whole_word(text: &str, range: Range<usize>) -> bool {
    let joins = |c: char| c.is_alphanumeric();
    let first = text.get(range.clone()).and_then(|t| t.chars().next()).is_some_and(joins);
    let last = text.get(range.clone()).and_then(|t| t.chars().next_back()).is_some_and(joins);
    let before = text.get(..range.start).and_then(|t| t.chars().next_back()).is_some_and(|c| joins(c) || c == '-');
    let after = text.get(range.end..).and_then(|t| t.chars().next()).is_some_and(|c| joins(c) || c == '-');
    !(first && before || last && after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon(toml: &str) -> Lexicon {
        let mut lexicon = Lexicon::default();
        lexicon.apply(&load_toml(FileId(0), toml).unwrap());
        lexicon
    }

    #[test]
    fn hits_are_whole_words_and_the_longest() {
        let words = lexicon("vague = [\"quality\", \"high-quality\", \"100 %\", \"as needed\"]\n");
        let found = |text| words.hits("vague", text).iter().map(|h| h.word.to_owned()).collect::<Vec<_>>();
        assert_eq!(found("High-quality work"), ["high-quality"]);
        assert_eq!(found("qualityx low-quality"), Vec::<String>::new());
        assert_eq!(found("100 % as  needed, As Needed."), ["100 %", "as needed"]);
    }

    #[test]
    fn lists_are_replaced_or_added_to() {
        let mut words = lexicon("a = [\"x\"]\n");
        words.apply(&load_toml(FileId(0), "a-add = [\"y\"]\nb = [\"z\"]\n").unwrap());
        assert_eq!(words.words("a"), ["x", "y"]);
        assert!(words.has("a", "y") && words.has("b", "z") && !words.has("c", "z"));
    }

    #[test]
    fn the_built_in_patterns_compile() {
        let english = Lexicon::built_in("en");
        let patterns = english.lists.iter().filter(|(name, _)| name.ends_with("-patterns"));
        let bad = patterns.flat_map(|(_, l)| &l.words).filter_map(|p| Pattern::new(p, true).error());
        assert_eq!(bad.collect::<Vec<_>>(), Vec::<String>::new());
        assert!(!english.is_empty() && english.bad_patterns().is_empty());
        assert!(Lexicon::built_in("de").is_empty());
    }
}
