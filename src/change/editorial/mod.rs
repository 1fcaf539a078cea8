//! Whether a change is editorial: proved token by token, never by how much changed.
//!
//! Both texts must have the same blocks in the same order. Within a block each pair of tokens must be the same, or differ in a
//! way from a closed list: white space, punctuation, letter case, the address of a link, a spelling mistake corrected, a word
//! written twice. A word that decides what is asked for (a number, unit, time, modal, negation, quantifier, condition, comparator,
//! role) stays as it is, beside it no sign may differ, and beside a number no word. Whatever is not proved is material. The method has a version, [`METHOD`], because a
//! better proof would judge old approvals anew; a trust policy names the one it means.

mod lists;
mod tokens;

use self::tokens::Spelling;
use super::BlockKind;
use super::layout::Side;
use super::units::{self, Unit};
use crate::document::{Data, FrontMatter, Node};

/// The name of this method in a trust policy.
pub const METHOD: &str = "smsctl-editorial/1";

/// One difference that changes no meaning.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Harmless {
    /// Of which sort.
    pub kind: HarmlessKind,
    /// What stood there; empty when something was added.
    pub old: String,
    /// What stands there now; empty when something is gone.
    pub new: String,
    /// Its line in the new text, from 1.
    pub line: usize,
}

/// The closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HarmlessKind {
    /// White space, or lines wrapped elsewhere.
    WhiteSpace,
    /// A sign beside plain words.
    Punctuation,
    /// Capital or small letters.
    Case,
    /// Where a link leads.
    LinkTarget,
    /// A word that English does not know became one that it knows, or British spelling American.
    Spelling,
    /// A word that stood twice in a row.
    Repetition,
}

impl Harmless {
    fn new(kind: HarmlessKind, old: &str, new: &str) -> Self {
        Self { kind, old: old.to_owned(), new: new.to_owned(), line: 0 }
    }

    /// In words, without full stop.
    #[must_use]
    pub fn in_words(&self) -> String {
        let (kind, line) = (self.kind.word(), self.line);
        match (self.old.as_str(), self.new.as_str()) {
            ("", "") => format!("{kind} in line {line}"),
            ("", new) => format!("{kind} `{new}` added in line {line}"),
            (old, "") => format!("{kind} `{old}` removed in line {line}"),
            (old, new) => format!("{kind} `{old}` to `{new}` in line {line}"),
        }
    }
}

impl HarmlessKind {
    /// Its name in sentences.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::WhiteSpace => "white space",
            Self::Punctuation => "punctuation",
            Self::Case => "letter case",
            Self::LinkTarget => "link target",
            Self::Spelling => "spelling",
            Self::Repetition => "repeated word",
        }
    }
}

/// Proves that the body and the list of changes of a new version ask for nothing else than those of the old one.
///
/// # Errors
/// Why that is not proved; each the end of a sentence.
pub(super) fn prove(old: &Side, new: &Side) -> Result<Vec<Harmless>, Vec<String>> {
    if !continues(old, new) {
        return Err(vec!["an earlier entry of `changes` changed".to_owned()]);
    }
    let (before, after) = (units::read(old), units::read(new));
    let spelt = Vocabulary::of(old);
    if let Some(problem) = other_blocks(&before, &after) {
        return Err(vec![problem]);
    }
    let links = |was: &str, is: &str| is_address(old, was) && is_address(new, is);
    let (mut harmless, mut reasons) = (Vec::new(), Vec::new());
    for (was, is) in before.iter().zip(&after).filter(|(was, is)| was.raw != is.raw) {
        match block(was, is, spelt.as_ref(), &links) {
            Ok(found) => harmless.extend(found.into_iter().map(|h| Harmless { line: is.line, ..h })),
            Err(reason) => reasons.push(format!("in line {} {reason}", is.line)),
        }
    }
    if reasons.is_empty() { Ok(harmless) } else { Err(reasons) }
}

/// Whether parentheses hold the address of a link wherever they stand behind a bracket: by the parser, which knows what is text.
fn is_address(side: &Side, parentheses: &str) -> bool {
    let written = format!("]{parentheses}");
    let links = side.document.body.links.iter().filter(|link| !link.image);
    let around = |link: &crate::document::Link| {
        let (start, end) = (link.span.start as usize, link.span.end as usize);
        side.text.get(start.checked_sub(2)?..end + 1)
    };
    let of_links = links.filter(|link| around(link) == Some(written.as_str())).count();
    of_links > 0 && side.text.matches(&written).count() == of_links
}

/// Which blocks came, went or became others.
fn other_blocks(before: &[Unit<'_>], after: &[Unit<'_>]) -> Option<String> {
    let same = |(was, is): (&Unit<'_>, &Unit<'_>)| was.kind == is.kind && frame(was) == frame(is);
    let at = before.iter().zip(after).position(|pair| !same(pair));
    let at = at.or_else(|| (before.len() != after.len()).then(|| before.len().min(after.len())))?;
    let unit = after.get(at).or_else(|| before.last())?;
    Some(format!("near line {} {} was added, removed, moved or nested elsewhere", unit.line, name(unit.kind)))
}

/// What holds a block in its place: its indent, and the mark or the level in front of it.
fn frame<'t>(unit: &Unit<'t>) -> &'t str {
    let bare = unit.raw.trim_start_matches([' ', '\t', '>']);
    let mark = match unit.kind {
        BlockKind::Heading => bare.len() - bare.trim_start_matches('#').len(),
        BlockKind::ListItem => bare.find(char::is_whitespace).unwrap_or(bare.len()),
        _ => 0,
    };
    unit.raw.get(..unit.raw.len() - bare.len() + mark).unwrap_or_default()
}

fn name(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Heading => "a heading",
        BlockKind::ListItem => "an item of a list",
        BlockKind::TableRow | BlockKind::TableRule => "a row of a table",
        BlockKind::Code => "a block of code",
        BlockKind::Paragraph | BlockKind::Quote => "a paragraph",
        BlockKind::Html | BlockKind::Other => "a block",
    }
}

fn block(
    old: &Unit<'_>,
    new: &Unit<'_>,
    spelt: Option<&Vocabulary<'_>>,
    links: &dyn Fn(&str, &str) -> bool,
) -> Result<Vec<Harmless>, String> {
    let white = || vec![Harmless::new(HarmlessKind::WhiteSpace, "", "")];
    match old.kind {
        BlockKind::Code | BlockKind::Html | BlockKind::Other => {
            let ends = |raw: &str| raw.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
            if ends(old.raw) == ends(new.raw) { Ok(white()) } else { Err(format!("{} changed", name(old.kind))) }
        }
        BlockKind::TableRule | BlockKind::TableRow if old.norm == new.norm => Ok(white()),
        BlockKind::TableRule => Err("the columns of a table changed".to_owned()),
        BlockKind::TableRow if old.cells.len() != new.cells.len() => Err("a cell came or went".to_owned()),
        _ => {
            let inside = |unit: &Unit<'_>| {
                let text = unit.raw.get(frame(unit).len()..).unwrap_or_default();
                // The marks of a quotation stand in front of each line.
                let bare = text
                    .lines()
                    .map(|l| if unit.kind == BlockKind::Quote { l.trim_start_matches([' ', '>']) } else { l });
                bare.collect::<Vec<_>>().join("\n")
            };
            let uses = |word: &str| spelt.map_or(0, |s| s.uses(word));
            tokens::compare(&inside(old), &inside(new), &Spelling { english: spelt.is_some(), uses: &uses, links })
        }
    }
}

/// Words of a text that may be corrected; none when it says to be in a language whose words are not known.
struct Vocabulary<'t>(std::collections::HashMap<&'t str, usize>);

impl<'t> Vocabulary<'t> {
    fn of(side: &'t Side) -> Option<Self> {
        let language = side.document.front.node().and_then(|front| front.str("language")).unwrap_or("en");
        let english = language.split('-').next().is_some_and(|base| base.eq_ignore_ascii_case("en"));
        english.then(|| {
            let mut words = std::collections::HashMap::new();
            side.text.split(|c: char| !c.is_alphabetic()).for_each(|word| *words.entry(word).or_insert(0) += 1);
            Self(words)
        })
    }

    fn uses(&self, word: &str) -> usize {
        self.0.get(word).copied().unwrap_or(0)
    }
}

/// Whether the entries of `changes` are those of before with newer ones on top.
fn continues(old: &Side, new: &Side) -> bool {
    fn entries(side: &Side) -> Option<&[Node]> {
        match &side.document.front {
            FrontMatter::Present { node, .. } => Some(node.get("changes").map_or(&[][..], Node::items)),
            _ => None,
        }
    }
    let (Some(before), Some(after)) = (entries(old), entries(new)) else { return old.head() == new.head() };
    let kept = after.len().checked_sub(before.len()).and_then(|newer| after.get(newer..));
    kept.is_some_and(|kept| kept.iter().zip(before).all(|(a, b)| same(a, b)))
}

fn same(a: &Node, b: &Node) -> bool {
    match (&a.data, &b.data) {
        (Data::Map(a), Data::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.key == b.key && same(&a.value, &b.value))
        }
        (Data::List(a), Data::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Data::Scalar { text: a, .. }, Data::Scalar { text: b, .. }) => a == b,
        (Data::Null, Data::Null) => true,
        _ => false,
    }
}
