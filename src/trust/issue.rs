//! What the trust evaluation finds wrong, under the names of the rules that `check` reports it by.

use crate::finding::Severity;

/// Something wrong with the history, the policy or an approval.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Issue {
    /// Name of the rule; the codes of the threats in docs/approvals.md, in kebab case.
    pub code: &'static str,
    /// How grave.
    pub severity: Severity,
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The artifact it is about.
    pub artifact: Option<String>,
    /// File below the root of the SMS.
    pub path: Option<String>,
    /// Bytes of that file.
    pub range: Option<(usize, usize)>,
    /// The commit it is about.
    pub commit: Option<String>,
}

impl Issue {
    /// An error.
    pub fn error(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message, help)
    }

    /// A warning.
    pub fn warning(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message, help)
    }

    /// A note.
    pub fn note(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message, help)
    }

    fn new(code: &'static str, severity: Severity, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            help: help.into(),
            artifact: None,
            path: None,
            range: None,
            commit: None,
        }
    }

    /// Names the artifact.
    pub fn artifact(mut self, id: impl Into<String>) -> Self {
        self.artifact = Some(id.into());
        self
    }

    /// Names the file.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Names the bytes.
    pub fn range(mut self, range: &std::ops::Range<usize>) -> Self {
        self.range = Some((range.start, range.end));
        self
    }

    /// Names the commit.
    pub fn commit(mut self, commit: impl std::fmt::Display) -> Self {
        self.commit = Some(commit.to_string());
        self
    }
}

/// Why an approval does not count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Reason {
    /// Name of the rule.
    pub code: &'static str,
    /// In words, as a sentence.
    pub message: String,
}

impl Reason {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}
