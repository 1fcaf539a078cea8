//! A small language for what must be there: questions and gates are data, and this reads them.

use jiff::Span;

use crate::workspace::duration;

/// Something that must hold.
///
/// | written | holds when |
/// | --- | --- |
/// | `document a\|b` | a document grown from one of these entries is approved and current |
/// | `register a\|b` | one of these registers has entries |
/// | `rule name` | the rule was evaluated, and reports nothing |
/// | `gate id` | the gate passes |
/// | `some R[f=v] field` | an entry of the register matches and has the field |
/// | `each R[f=v] a,b\|c` | there are entries, and every one that matches has `a`, and `b` or `c` |
/// | `none R[f=v] open` | no entry matches (with `open`: none that is not closed) |
/// | `future R[f=v] field` | there are entries, and no matching one has this day in the past |
/// | `ordered R a b` | no entry has day `a` after day `b` |
/// | `referred R[f=v] by S[g=w] field` | every matching entry is named by an entry of the other register in this field |
/// | `recent R period field` | the newest entry (or this day of it) is not older than the period |
/// | `since R period` | the oldest entry is at least as old as the period |
/// | `section entry words` | the document of the entry has text under a heading with one of the words |
/// | `review-covers key,key` | the last management review, not older than a year, looked at these inputs (`all`: at every one) |
/// | `audits-cover period` | internal audits held within the period name clauses 4 to 10 |
/// | `is name` | the predicate of this name in code says so |
#[derive(Clone, Debug)]
pub enum Need {
    /// See the table.
    Document(Vec<String>),
    /// See the table.
    Register(Vec<String>),
    /// See the table.
    Rule(String),
    /// See the table.
    Gate(String),
    /// See the table.
    Some(Selector, Vec<String>),
    /// See the table.
    Each(Selector, Vec<Vec<String>>),
    /// See the table; true for only those that are open.
    None(Selector, bool),
    /// See the table.
    Future(Selector, String),
    /// See the table.
    Ordered(Selector, String, String),
    /// See the table.
    Referred(Selector, Selector, String),
    /// See the table.
    Recent(Selector, Span, Option<String>),
    /// See the table.
    Since(Selector, Span),
    /// See the table.
    Section(String, Vec<String>),
    /// See the table.
    ReviewCovers(Vec<String>),
    /// See the table.
    AuditsCover(Span),
    /// See the table.
    Is(String),
}

/// Entries of a register, narrowed by fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Name of the register.
    pub register: String,
    /// Field and the values that match.
    pub filters: Vec<(String, Vec<String>)>,
}

impl Selector {
    fn parse(text: &str) -> Option<Self> {
        let (register, rest) = text.split_once('[').map_or((text, ""), |(r, f)| (r, f));
        let filters = match rest.strip_suffix(']') {
            Some(inner) => inner.split(',').map(filter).collect::<Option<_>>()?,
            None if rest.is_empty() => Vec::new(),
            None => return None,
        };
        (!register.is_empty()).then(|| Self { register: register.to_owned(), filters })
    }
}

fn filter(text: &str) -> Option<(String, Vec<String>)> {
    let (field, values) = text.split_once('=')?;
    Some((field.to_owned(), split(values, '/')))
}

fn split(text: &str, at: char) -> Vec<String> {
    text.split(at).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect()
}

impl Need {
    /// Reads one line of the language; none when it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (verb, rest) = text.trim().split_once(' ')?;
        let rest = rest.trim();
        let (first, more) = rest.split_once(' ').map_or((rest, ""), |(f, m)| (f, m.trim()));
        match verb {
            "document" => Some(Self::Document(split(rest, '|'))),
            "register" => Some(Self::Register(split(rest, '|'))),
            "rule" => Some(Self::Rule(rest.to_owned())),
            "gate" => Some(Self::Gate(rest.to_owned())),
            "section" => Some(Self::Section(first.to_owned(), split(more, '|'))).filter(|_| !more.is_empty()),
            "review-covers" => Some(Self::ReviewCovers(split(rest, ','))),
            "audits-cover" => duration(rest).map(Self::AuditsCover),
            "is" => Some(Self::Is(rest.to_owned())),
            _ => Self::of_entries(verb, Selector::parse(first)?, more),
        }
    }

    fn of_entries(verb: &str, selector: Selector, more: &str) -> Option<Self> {
        let words: Vec<&str> = more.split_whitespace().collect();
        match (verb, words.as_slice()) {
            ("some", []) => Some(Self::Some(selector, Vec::new())),
            ("some", [fields]) => Some(Self::Some(selector, split(fields, '|'))),
            ("each", [fields]) => Some(Self::Each(selector, fields.split(',').map(|f| split(f, '|')).collect())),
            ("none", []) => Some(Self::None(selector, false)),
            ("none", ["open"]) => Some(Self::None(selector, true)),
            ("future", [field]) => Some(Self::Future(selector, (*field).to_owned())),
            ("ordered", [a, b]) => Some(Self::Ordered(selector, (*a).to_owned(), (*b).to_owned())),
            ("referred", ["by", other, field]) => {
                Some(Self::Referred(selector, Selector::parse(other)?, (*field).to_owned()))
            }
            ("recent", [period]) => Some(Self::Recent(selector, duration(period)?, None)),
            ("recent", [period, field]) => Some(Self::Recent(selector, duration(period)?, Some((*field).to_owned()))),
            ("since", [period]) => Some(Self::Since(selector, duration(period)?)),
            _ => None,
        }
    }

    /// Selectors and the fields it reads of them, for tests that hold data and schemas together.
    #[must_use]
    pub fn fields(&self) -> Vec<(&str, Vec<&str>)> {
        match self {
            Self::Some(s, fields) => vec![named(s, fields.iter().map(String::as_str).collect())],
            Self::Each(s, fields) => vec![named(s, fields.iter().flatten().map(String::as_str).collect())],
            Self::None(s, _) | Self::Since(s, _) => vec![named(s, Vec::new())],
            Self::Future(s, field) => vec![named(s, vec![field])],
            Self::Ordered(s, a, b) => vec![named(s, vec![a, b])],
            Self::Referred(s, other, field) => vec![named(s, Vec::new()), named(other, vec![field])],
            Self::Recent(s, _, field) => vec![named(s, field.iter().map(String::as_str).collect())],
            _ => Vec::new(),
        }
    }
}

fn named<'s>(selector: &'s Selector, mut fields: Vec<&'s str>) -> (&'s str, Vec<&'s str>) {
    fields.extend(selector.filters.iter().map(|(f, _)| f.as_str()));
    (&selector.register, fields)
}
