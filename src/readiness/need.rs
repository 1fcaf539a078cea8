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
/// | `mention entry words` | the document of the entry says one of the words |
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
    Mention(String, Vec<String>),
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
            "mention" => Some(Self::Mention(first.to_owned(), split(more, '|'))).filter(|_| !more.is_empty()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, Stages, built_in_questions};
    use crate::readiness::is_predicate;
    use crate::rules;
    use crate::schema::{SchemaSet, Shape};

    fn all() -> Vec<(String, Need)> {
        let of_gates = Stages::built_in().gates.iter().flat_map(|g| &g.conditions).flat_map(|c| &c.needs);
        let texts = built_in_questions().iter().flat_map(|q| &q.needs).chain(of_gates);
        texts.map(|t| (t.clone(), Need::parse(t).unwrap_or_else(|| panic!("{t} is not understood")))).collect()
    }

    #[test]
    fn needs_name_entries_rules_gates_and_predicates_that_exist() {
        for (text, need) in all() {
            let known = match &need {
                Need::Document(entries) => entries.iter().all(|e| Catalog::get().entry(e).is_some()),
                Need::Section(entry, words) | Need::Mention(entry, words) => {
                    Catalog::get().entry(entry).is_some() && words.iter().all(|w| *w == w.to_lowercase())
                }
                Need::Rule(name) => rules::find(name).is_some(),
                Need::Gate(id) => Stages::built_in().gate(id).is_some(),
                Need::Is(name) => is_predicate(name),
                _ => true,
            };
            assert!(known, "{text}");
        }
    }

    #[test]
    fn every_need_can_be_told() {
        for (text, need) in all() {
            let words = need.in_words(Catalog::get(), Stages::built_in());
            assert!(words.len() > 20 && !words.ends_with('.'), "{text}: {words}");
        }
    }

    /// Registers that have no schema yet are passed over; those that have one must have the fields.
    #[test]
    fn needs_read_fields_that_the_registers_have() {
        let schemas = SchemaSet::default();
        let mut faults = Vec::new();
        for (text, need) in all() {
            for (register, fields) in need.fields() {
                let Some(schema) = schemas.entry(register) else { continue };
                let lacking = fields.iter().filter(|f| !has(&schema.shape, f));
                faults.extend(lacking.map(|f| format!("{register} has no {f} ({text})")));
            }
        }
        assert_eq!(faults, Vec::<String>::new());
    }

    fn has(shape: &Shape, field: &str) -> bool {
        let within = |shape: Option<&'_ Shape>, part: &str| shape.and_then(|s| s.field(part)).is_some();
        match field.split_once('.') {
            Some((outer, inner)) => within(shape.field(outer), inner),
            None => within(Some(shape), field),
        }
    }

    #[test]
    fn what_is_no_need_is_refused() {
        for text in ["", "document", "some risks[a", "each risks", "recent risks soon", "referred a by b", "frown upon"]
        {
            assert!(Need::parse(text).is_none(), "{text}");
        }
        let Some(Need::Each(selector, fields)) = Need::parse("each slas[status=a/b,kind=c] x,y|z") else { panic!() };
        assert_eq!(selector.filters.len(), 2);
        assert_eq!(fields, [vec!["x".to_owned()], vec!["y".to_owned(), "z".to_owned()]]);
    }
}
