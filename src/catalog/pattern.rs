//! Patterns of the word lists: compiled only when a text may match, and as cheaply as the text allows.
//!
//! Three things keep a run over clean documents cheap. A pattern names words that every match contains; a text without
//! them is passed over. A text of ASCII characters is searched by an automaton of bytes, which has the same matches and
//! costs a tenth to build. Short texts are searched without a lazy automaton, whose states cost more to make than they save.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_automata::meta::{self, BuildError, Regex};
use regex_automata::util::syntax;
use regex_syntax::ast::{self, Ast, RepetitionKind, RepetitionRange};

/// A text that is worth a lazy automaton, in bytes.
const LONG: usize = 1024;
/// Literals kept side by side while a pattern is analysed; more are given up.
const MAX_LITERALS: usize = 32;
/// Repetitions of a literal that are looked for in one piece.
const MAX_REPEATS: usize = 8;
/// Literal groups of a pattern that are looked for.
const MAX_GROUPS: usize = 3;
/// A group with a literal shorter than this says little.
const TELLING: usize = 3;
/// Capital letters outside ASCII that equal an ASCII letter when case is ignored.
const FOLDED: [&str; 2] = ["\u{17f}", "\u{212a}"];

/// One regular expression of a list: any case, one line at a time.
#[derive(Debug)]
pub struct Pattern {
    strict: Compiled,
    /// Without anchors and word boundaries: finds at least every place where `strict` matches, in raw text too.
    loose: Compiled,
    /// Every match contains, in any case, one literal of each group.
    groups: Vec<Vec<String>>,
}

impl Pattern {
    /// A pattern; whether it compiles shows at its first use, or with [`Pattern::error`]. Only one of ours, which holds
    /// nothing but ASCII and compiles, is sure to mean the same in bytes.
    pub(super) fn new(source: &str, built_in: bool) -> Self {
        let bytes = built_in && source.is_ascii();
        let (strict, loose) = (Compiled::new(source, bytes), Compiled::new(&loosened(source), bytes));
        Self { strict, loose, groups: groups(source) }
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.strict.source
    }

    /// Why it is no regular expression that can be used.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        compile(&self.strict.source, Sort { ascii: false, long: false }).err().map(|e| reason(&e))
    }

    /// Whether a text holds what every match contains.
    fn may_match(&self, text: &str) -> bool {
        let holds = |group: &Vec<String>| group.iter().any(|literal| positions(text, literal).next().is_some());
        self.groups.iter().all(holds) || FOLDED.iter().any(|letter| text.contains(letter))
    }

    /// Whether it matches anywhere.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.may_match(text) && self.strict.matches(text)
    }

    /// Its matches from left to right.
    pub fn find_iter<'p>(&'p self, text: &'p str) -> impl Iterator<Item = Range<usize>> + use<'p> {
        let held = Some(text).filter(|text| self.may_match(text));
        held.into_iter().flat_map(|text| self.find_screened(text))
    }

    /// The same in a text that a [`Screen`] has passed: the words every match contains are not looked for again.
    pub fn find_screened<'p>(&'p self, text: &'p str) -> impl Iterator<Item = Range<usize>> + use<'p> {
        self.strict.in_text(text).into_iter().flat_map(move |r| r.find_iter(text)).map(|m| m.range())
    }

    /// Whether it may match in text with markup, such as one block of a document.
    #[must_use]
    pub fn may_match_in(&self, raw: &str) -> bool {
        self.may_match(raw) && self.loose.matches(raw)
    }

    /// Starts of places in raw text around which it may match.
    fn candidates(&self, raw: &str) -> Vec<usize> {
        self.loose.in_text(raw).into_iter().flat_map(|r| r.find_iter(raw)).map(|m| m.start()).collect()
    }
}

/// An expression, compiled for each sort of text when first needed.
#[derive(Debug)]
struct Compiled {
    source: String,
    /// May be searched for as bytes in a text of ASCII characters.
    bytes: bool,
    automata: [OnceLock<Option<Regex>>; 4],
}

/// What a text allows of the automaton that searches it.
#[derive(Clone, Copy, Debug)]
struct Sort {
    ascii: bool,
    long: bool,
}

impl Compiled {
    fn new(source: &str, bytes: bool) -> Self {
        Self { source: source.to_owned(), bytes, automata: Default::default() }
    }

    /// The cheapest automaton that gives the matches in this text.
    fn in_text(&self, text: &str) -> Option<&Regex> {
        let long = text.len() > LONG;
        let cheap = if self.bytes && text.is_ascii() { self.of(Sort { ascii: true, long }) } else { None };
        cheap.or_else(|| self.of(Sort { ascii: false, long }))
    }

    /// Asks for the match and not only whether there is one: that way short texts are searched with backtracking.
    fn matches(&self, text: &str) -> bool {
        self.in_text(text).is_some_and(|r| r.find(text).is_some())
    }

    fn of(&self, sort: Sort) -> Option<&Regex> {
        let slot = self.automata.get(usize::from(sort.ascii) * 2 + usize::from(sort.long))?;
        slot.get_or_init(|| compile(&self.source, sort).ok()).as_ref()
    }
}

fn compile(source: &str, Sort { ascii, long }: Sort) -> Result<Regex, Box<BuildError>> {
    let syntax = syntax::Config::new().case_insensitive(true).multi_line(true).unicode(!ascii).utf8(!ascii);
    let config =
        meta::Config::new().hybrid(long).auto_prefilter(long).dfa(false).onepass(false).nfa_size_limit(Some(1 << 20));
    meta::Builder::new().syntax(syntax).configure(config).build(source).map_err(Box::new)
}

fn reason(error: &BuildError) -> String {
    let limit = || error.size_limit().map(|limit| format!("Compiled regex exceeds size limit of {limit} bytes."));
    error.syntax_error().map(ToString::to_string).or_else(limit).unwrap_or_else(|| error.to_string())
}

/// Tells in one pass over a text which of several patterns may match in it, and where.
#[derive(Debug)]
pub struct Screen<'p> {
    patterns: Vec<&'p Pattern>,
    literals: Option<AhoCorasick>,
    /// Pattern and group that each literal belongs to; none for a letter that may stand for an ASCII one.
    owners: Vec<Option<(usize, u8)>>,
}

/// What a screen found of one pattern in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// Its position among the patterns of the screen.
    pub pattern: usize,
    /// Places around which it may match, in bytes.
    pub places: Vec<usize>,
}

impl<'p> Screen<'p> {
    /// The screen of these patterns, which are known by their position from then on.
    pub(super) fn of(patterns: impl Iterator<Item = &'p Pattern>) -> Self {
        let patterns: Vec<_> = patterns.collect();
        let mut owners = vec![None; FOLDED.len()];
        let mut texts = FOLDED.to_vec();
        for (ix, pattern) in patterns.iter().enumerate() {
            for (bit, group) in pattern.groups.iter().enumerate() {
                owners.extend(group.iter().map(|_| Some((ix, 1 << bit))));
                texts.extend(group.iter().map(String::as_str));
            }
        }
        let mut builder = AhoCorasick::builder();
        builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA));
        Self { patterns, literals: builder.build(texts).ok(), owners }
    }

    /// The patterns that may match in the text.
    #[must_use]
    pub fn suspects(&self, text: &str) -> Vec<Suspect> {
        let mut found = vec![(0_u8, Vec::new()); self.patterns.len()];
        let hits = self.literals.iter().flat_map(|literals| literals.find_overlapping_iter(text));
        let mut certain = self.literals.is_some();
        for hit in hits {
            let owner = self.owners.get(hit.pattern().as_usize()).copied().flatten();
            certain &= owner.is_some();
            let Some((seen, places)) = owner.and_then(|(ix, _)| found.get_mut(ix)) else { continue };
            let bit = owner.map_or(0, |(_, bit)| bit);
            *seen |= bit;
            if bit == 1 {
                places.push(hit.start());
            }
        }
        let judged = self.patterns.iter().zip(found).enumerate();
        judged
            .filter_map(|(pattern, (p, (seen, places)))| {
                p.suspected(text, seen, places, certain).map(|places| Suspect { pattern, places })
            })
            .collect()
    }
}

impl Pattern {
    /// Places around which it may match in a text where these groups of literals were seen; none when it cannot.
    fn suspected(&self, text: &str, seen: u8, places: Vec<usize>, certain: bool) -> Option<Vec<usize>> {
        if !certain || self.groups.is_empty() {
            return Some(self.candidates(text)).filter(|places| !places.is_empty());
        }
        let all = (1_u8 << self.groups.len()) - 1;
        let mut places = places;
        places.sort_unstable();
        (seen & all == all).then_some(places)
    }
}

/// Where an ASCII literal stands in a text, in any case.
fn positions<'t>(text: &'t str, literal: &'t str) -> impl Iterator<Item = usize> + use<'t> {
    let (text, literal) = (text.as_bytes(), literal.as_bytes());
    let first = literal.first().copied().unwrap_or_default();
    let starts = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text);
    starts.filter(move |at| text.get(*at..at + literal.len()).is_some_and(|part| part.eq_ignore_ascii_case(literal)))
}

/// A pattern without `\b`, `^` and `$`: it finds more, and needs no look at the neighbours.
fn loosened(pattern: &str) -> String {
    let mut out = String::new();
    let mut in_class = false;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match (c, chars.as_str().chars().next()) {
            ('\\', Some('b')) => drop(chars.next()),
            ('\\', Some(next)) => {
                out.extend([c, next]);
                chars.next();
            }
            ('^' | '$', _) if !in_class => {}
            _ => {
                in_class = c == '[' || in_class && c != ']';
                out.push(c);
            }
        }
    }
    out
}

/// The groups of literals worth looking for in a pattern; none when nothing certain can be said.
fn groups(source: &str) -> Vec<Vec<String>> {
    let Ok(ast) = ast::parse::Parser::new().parse(source) else { return Vec::new() };
    let mut found = certain(&ast).into_groups();
    let telling = |group: &Vec<String>| group.iter().map(String::len).min().unwrap_or(0);
    found.sort_by_key(|g| (std::cmp::Reverse(telling(g)), g.len()));
    let keep = found.iter().take(MAX_GROUPS).filter(|g| telling(g) >= TELLING).count().max(1);
    found.truncate(keep);
    found
}

/// What is certain of every match of a part of a pattern.
#[derive(Default)]
struct Certain {
    /// It is one of these texts and nothing else.
    exact: Option<Vec<String>>,
    /// It contains one text of each group.
    groups: Vec<Vec<String>>,
}

impl Certain {
    fn exactly(text: impl Into<String>) -> Self {
        Self { exact: Some(vec![text.into()]), groups: Vec::new() }
    }

    fn into_groups(self) -> Vec<Vec<String>> {
        let exact = self.exact.filter(|texts| texts.iter().all(|t| !t.is_empty()));
        self.groups.into_iter().chain(exact).collect()
    }
}

fn certain(ast: &Ast) -> Certain {
    match ast {
        Ast::Empty(_) | Ast::Flags(_) | Ast::Assertion(_) => Certain::exactly(""),
        Ast::Literal(literal) if literal.c.is_ascii() => Certain::exactly(literal.c.to_ascii_lowercase()),
        Ast::Group(group) => certain(&group.ast),
        Ast::Repetition(repeated) => at_least(least(&repeated.op.kind), certain(&repeated.ast)),
        Ast::Alternation(branches) => either(branches.asts.iter().map(certain)),
        Ast::Concat(parts) => in_sequence(parts.asts.iter().map(certain)),
        _ => Certain::default(),
    }
}

/// How often a repetition asks for its part.
fn least(kind: &RepetitionKind) -> usize {
    match kind {
        RepetitionKind::OneOrMore => 1,
        RepetitionKind::ZeroOrOne | RepetitionKind::ZeroOrMore => 0,
        RepetitionKind::Range(
            RepetitionRange::Exactly(least) | RepetitionRange::AtLeast(least) | RepetitionRange::Bounded(least, _),
        ) => usize::try_from(*least).unwrap_or(usize::MAX),
    }
}

/// A part so often or more. `\.{6,}` asks for six full stops side by side.
fn at_least(times: usize, part: Certain) -> Certain {
    let groups = match (times, part.exact.as_deref()) {
        (0, _) => Vec::new(),
        (_, Some([only])) if !only.is_empty() => vec![vec![only.repeat(times.min(MAX_REPEATS))]],
        _ => part.into_groups(),
    };
    Certain { exact: None, groups }
}

fn either(branches: impl Iterator<Item = Certain>) -> Certain {
    let branches: Vec<Certain> = branches.collect();
    let all_exact = branches.iter().map(|b| b.exact.clone()).collect::<Option<Vec<_>>>().map(|texts| texts.concat());
    if let Some(exact) = all_exact.filter(|texts| texts.len() <= MAX_LITERALS) {
        return Certain { exact: Some(exact), groups: Vec::new() };
    }
    let best =
        |branch: Certain| branch.into_groups().into_iter().max_by_key(|g| g.iter().map(String::len).min().unwrap_or(0));
    let joined = branches.into_iter().map(best).collect::<Option<Vec<_>>>().map(|groups| groups.concat());
    Certain { exact: None, groups: joined.filter(|g| g.len() <= 2 * MAX_LITERALS).into_iter().collect() }
}

fn in_sequence(parts: impl Iterator<Item = Certain>) -> Certain {
    let mut out = Certain::exactly("");
    let mut whole = true;
    for part in parts {
        let (run, next) = (out.exact.take().unwrap_or_default(), part.exact.clone().unwrap_or_default());
        let both = part.exact.is_some() && run.len() * next.len() <= MAX_LITERALS;
        if both {
            out.exact = Some(run.iter().flat_map(|a| next.iter().map(move |b| format!("{a}{b}"))).collect());
        } else {
            whole = false;
            out.groups.extend(Certain { exact: Some(run), groups: Vec::new() }.into_groups());
            out.groups.extend(part.groups);
            out.exact = Some(part.exact.unwrap_or_else(|| vec![String::new()]));
        }
    }
    if whole { out } else { Certain { exact: None, groups: out.into_groups() } }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalog::Lexicon;

    fn groups_of(source: &str) -> Vec<Vec<String>> {
        groups(source)
    }

    #[test]
    fn the_words_every_match_contains_are_known() {
        assert_eq!(groups_of(r"\blorem\s+ipsum\b"), [["lorem"], ["ipsum"]]);
        assert_eq!(groups_of(r"\b(crop|harvest)\s+yields?\b"), [vec!["yield"], vec!["crop", "harvest"]]);
        assert_eq!(groups_of(r"(?-i:\bQMS\b)"), [["qms"]]);
        assert_eq!(groups_of(r"organi[sz]ation"), [["organi"], ["ation"]]);
        assert_eq!(groups_of(r"_{4,}"), [["____"]]);
        assert_eq!(groups_of(r"(?-i:XXX+)|\?{3}"), [["xx", "???"]]);
    }

    #[test]
    fn nothing_is_known_of_what_may_be_missing() {
        for source in [r"a*", r"(a|b?)", r"[€$£]\s*\d", r"ä+", r"(?:abc)?", r"(abc|\d+)", "(unclosed"] {
            assert_eq!(groups_of(source), Vec::<Vec<String>>::new(), "{source}");
        }
    }

    #[test]
    fn anchors_and_boundaries_are_left_out_of_the_loose_form() {
        let loose: Vec<_> = [r"^insert\b", r"\bTBD\b$", "[$^]{2}", r"[^a]\\b"].into_iter().map(loosened).collect();
        assert_eq!(loose, ["insert", "TBD", "[$^]{2}", r"[^a]\\b"]);
    }

    #[test]
    fn a_letter_that_folds_to_ascii_opens_every_pattern() {
        let pattern = Pattern::new(r"\bkiss\b", true);
        assert!(pattern.is_match("a \u{212a}iss") && pattern.is_match("kiſs") && !pattern.is_match("bliss"));
        let never = Pattern::new("never", true);
        let screen = Screen::of([&pattern, &never].into_iter());
        let suspects = |text| screen.suspects(text).into_iter().map(|s| (s.pattern, s.places)).collect::<Vec<_>>();
        assert_eq!(suspects("a ki\u{17f}s, NEVER"), [(0, vec![2]), (1, vec![9])]);
        assert_eq!(suspects("Kiss and tell"), [(0, vec![0])]);
    }

    #[test]
    fn a_pattern_of_the_user_means_the_same_in_every_text() {
        let finds = |source: &str, text: &str| Pattern::new(source, false).is_match(text);
        assert!(finds(r"foo\u{212a}", "FOOK") && finds(r"foo\x{17f}", "foos"));
        for bad in [r"\bfoo \w{400}", "(?-u:[^z])foo", "(?-u:foo.)"] {
            assert!(Pattern::new(bad, false).error().is_some(), "{bad}");
            assert!(!finds(bad, &format!("a foo {}", "x".repeat(500))), "{bad}");
        }
    }

    /// The expression as the `regex` crate would compile it: the oracle.
    fn oracle(source: &str) -> Vec<Regex> {
        let syntax = syntax::Config::new().case_insensitive(true).multi_line(true);
        meta::Builder::new().syntax(syntax).build(source).into_iter().collect()
    }

    fn built_in() -> Vec<&'static str> {
        let names = Lexicon::known_names();
        let lexicon = Box::leak(Box::new(Lexicon::built_in("en")));
        let lists = names.iter().filter(|name| name.ends_with("-patterns"));
        lists.flat_map(|name| lexicon.words(name)).map(String::as_str).collect()
    }

    /// Text that comes close to a pattern: words of the pattern itself, with signs, case and letters changed.
    fn near(sources: &'static [&'static str]) -> impl Strategy<Value = (usize, String)> {
        let word = prop_oneof![
            8 => any::<prop::sample::Index>().prop_map(|index| (Some(index), String::new())),
            2 => "[ \\n.,:|*_\\[\\]<>-]{1,3}|[0-9]{1,4}|ä|–|K|ſ|\u{a0}".prop_map(|text| (None, text)),
        ];
        (0..sources.len(), prop::collection::vec((word, any::<bool>()), 1..40)).prop_map(|(ix, words)| {
            let known: Vec<&str> =
                sources[ix].split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
            let mut text = String::new();
            for ((index, other), upper) in words {
                let word = index.filter(|_| !known.is_empty()).map_or(other, |i| format!("{} ", i.get(&known)));
                text += &if upper { word.to_uppercase() } else { word };
            }
            (ix, text)
        })
    }

    static SOURCES: std::sync::LazyLock<Vec<&'static str>> = std::sync::LazyLock::new(built_in);

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn matches_are_those_of_the_plain_expression((ix, text) in near(&SOURCES)) {
            let source = SOURCES[ix];
            let pattern = Pattern::new(source, true);
            let expected: Vec<_> = oracle(source)[0].find_iter(&text).map(|m| m.range()).collect();
            prop_assert_eq!(pattern.find_iter(&text).collect::<Vec<_>>(), expected.clone(), "{}", source);
            prop_assert_eq!(pattern.is_match(&text), !expected.is_empty());
            prop_assert_eq!(pattern.find_screened(&text).collect::<Vec<_>>(), expected.clone());
            let suspects = Screen::of([&pattern].into_iter()).suspects(&text);
            prop_assert!(expected.is_empty() || !suspects[0].places.is_empty(), "{source}: {text}");
            prop_assert!(expected.is_empty() || pattern.may_match_in(&text));
        }
    }
}
