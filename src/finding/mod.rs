//! What is wrong, where, and what to do: the one currency between readers, rules and reports.

mod near;

pub use near::{Names, did_you_mean, nearest};

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
