//! What is wrong, where, and what to do: the one currency between readers, rules and reports.

use crate::source::Span;

/// How grave a finding is. Ordered: `Note < Warning < Error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Ought to be mended.
    Warning,
    /// Must be mended.
    Error,
}

impl Severity {
    /// The word used in configuration and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Another place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// A safe mend: replace the bytes of a span. Only offered where the meaning cannot change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// Something wrong, before configuration decides how grave it is. Readers and rules make these.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Name of the rule that reports it.
    pub rule: &'static str,
    /// The very characters it is about.
    pub span: Span,
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do next, one or two sentences.
    pub help: String,
    /// Id of the entity it is about.
    pub subject: Option<String>,
    /// Other places.
    pub related: Vec<Related>,
    /// A safe mend.
    pub fix: Option<Fix>,
    /// Severity instead of the rule's own.
    pub severity: Option<Severity>,
    /// Clauses instead of the rule's own.
    pub clauses: Vec<String>,
}

impl Problem {
    /// A problem of a rule at a place.
    pub fn new(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            span,
            message: message.into(),
            help: String::new(),
            subject: None,
            related: Vec::new(),
            fix: None,
            severity: None,
            clauses: Vec::new(),
        }
    }

    /// Says what to do next.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Names the entity it is about.
    pub fn subject(mut self, id: impl Into<String>) -> Self {
        self.subject = Some(id.into());
        self
    }

    /// Adds another place.
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { span, message: message.into() });
        self
    }

    /// Offers a safe mend.
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, text: text.into() });
        self
    }

    /// Overrides the rule's severity for this one.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Overrides the rule's clauses for this one.
    pub fn clauses<S: Into<String>>(mut self, clauses: impl IntoIterator<Item = S>) -> Self {
        self.clauses = clauses.into_iter().map(Into::into).collect();
        self
    }
}

/// The nearest of `names` to a misspelt `name`: at most a third of its letters differ.
///
/// ```
/// assert_eq!(smsctl::finding::nearest("ownre", ["owner", "title"]), Some("owner"));
/// assert_eq!(smsctl::finding::nearest("zzz", ["owner", "title"]), None);
/// ```
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let limit = (wanted.chars().count() / 3).max(1);
    let scored = names.into_iter().filter_map(|candidate| {
        let distance = distance(&wanted, &candidate.to_lowercase(), limit)?;
        Some((distance, candidate))
    });
    scored.min().map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace, swap of neighbours) from `a` to `b`, when at most `limit`.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(ca != cb)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *ca == b[j - 1] && a[i - 1] == *cb {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|d| *d <= limit)
}

/// `Did you mean …?` when a name is near, else nothing.
pub fn did_you_mean<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, names).map_or_else(String::new, |n| format!("Did you mean `{n}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_prefers_the_fewest_edits_and_knows_swaps() {
        assert_eq!(
            nearest("chief-infromation-officer", ["chief-information-officer", "chief-technology-officer"]),
            Some("chief-information-officer")
        );
        assert_eq!(nearest("OBJ-1", ["OBJ-01", "OBJ-11"]), Some("OBJ-01"));
        assert_eq!(nearest("x", ["abc"]), None);
    }
}
