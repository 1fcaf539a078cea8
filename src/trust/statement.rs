//! The approval statement: a small text file that one person signs.
//!
//! Keys are ASCII and in this order, one line each, LF, UTF-8 in composed form, at most 4 KiB. Nothing else may stand in
//! the file, so that a person, `ssh-keygen` and smsctl read the same.

use std::fmt::Write as _;

use jiff::Timestamp;
use unicode_normalization::is_nfc;

/// First line of an approval statement.
pub const APPROVAL_HEAD: &str = "sms-approval: v1";
/// SSH signature namespace of statements; a signature of a Git commit cannot be replayed as an approval, nor back.
pub const NAMESPACE: &str = "smsctl-approval";
/// Largest statement, in bytes.
pub const MAX_STATEMENT: usize = 4096;
/// `artifact` of a statement that approves a change of the trust policy.
pub const TRUST_POLICY: &str = "trust-policy";

/// What the signer decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Approves this version.
    Approve,
    /// Refuses it; counts for nothing and is shown.
    Reject,
    /// Takes an earlier approval of this version back.
    Withdraw,
}

/// What the signature means (as 21 CFR 11.50 asks to be said).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Meaning {
    /// The document is approved. Only this counts towards an approval.
    Approval,
    /// It was reviewed.
    Review,
    /// The signer wrote it.
    Authorship,
    /// The signer answers for it.
    Responsibility,
}

impl Decision {
    /// The word in the statement.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
        }
    }
}

impl Meaning {
    /// The word in the statement.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Review => "review",
            Self::Authorship => "authorship",
            Self::Responsibility => "responsibility",
        }
    }

    /// From the word in a statement or trailer.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Approval, Self::Review, Self::Authorship, Self::Responsibility].into_iter().find(|m| m.as_str() == word)
    }
}

/// A serial of the trust policy with the digest of its files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyRef {
    /// The serial.
    pub serial: u64,
    /// `sha256:…` of the policy set.
    pub digest: String,
}

impl PolicyRef {
    /// `7 sha256:…`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (serial, digest) = text.split_once(' ')?;
        let canonical = !serial.starts_with('0') && serial.bytes().all(|b| b.is_ascii_digit());
        Some(Self { serial: serial.parse().ok().filter(|_| canonical)?, digest: sha256(digest)? })
    }
}

impl std::fmt::Display for PolicyRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.serial, self.digest)
    }
}

/// What one person declares about the exact bytes of one version of one artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// `repo_id` of the trust policy: an approval cannot be carried to another repository.
    pub repository: String,
    /// Id of the artifact, or [`TRUST_POLICY`].
    pub artifact: String,
    /// Its version; of the trust policy the serial.
    pub version: String,
    /// `sha256:…` of the bytes as Git stores them.
    pub digest: String,
    /// Digest of the last version approved by the full quorum, which this one was compared with.
    pub previous: Option<String>,
    /// The trust policy the signer saw.
    pub policy: PolicyRef,
    /// What was decided.
    pub decision: Decision,
    /// What the signature means.
    pub meaning: Meaning,
    /// The role the signer acted in.
    pub role: String,
    /// Person's id in the trust policy.
    pub signer: String,
    /// Printed name.
    pub name: String,
    /// The signer's clock.
    pub signed_at: Timestamp,
    /// The declaration in words.
    pub statement: String,
}

/// Why a file is no statement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoStatement(pub String);

fn no<T>(why: impl Into<String>) -> Result<T, NoStatement> {
    Err(NoStatement(why.into()))
}

/// `sha256:` and 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256(text: &str) -> Option<String> {
    let hex = text.strip_prefix("sha256:")?;
    let good = hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    good.then(|| text.to_owned())
}

/// The digest of bytes as statements write it.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let mut out = String::from("sha256:");
    for byte in sha2::Sha256::digest(bytes) {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// Reads `key: value` lines in the given order; the last line ends with a line feed too.
pub(super) fn lines<'t, const N: usize>(bytes: &'t [u8], keys: [&str; N]) -> Result<[&'t str; N], NoStatement> {
    if bytes.len() > MAX_STATEMENT {
        return no("it is larger than 4 KiB");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return no("it is not UTF-8 text");
    };
    let odd = |c: char| (c.is_control() && c != '\n') || hides(c);
    if text.chars().any(odd) || !is_nfc(text) {
        return no("it holds control characters, invisible characters or decomposed letters");
    }
    let Some(body) = text.strip_suffix('\n') else {
        return no("its last line has no line feed");
    };
    let mut out = [""; N];
    let mut found = body.split('\n');
    for (slot, key) in out.iter_mut().zip(keys) {
        let line = found.next().unwrap_or_default();
        match line.split_once(": ") {
            Some((name, value)) if name == key && !value.is_empty() && value.trim() == value => *slot = value,
            _ => return no(format!("the line `{key}: …` is missing or not at its place")),
        }
    }
    if found.next().is_some() {
        return no("it has more lines than a statement may have");
    }
    Ok(out)
}

/// Characters that change how text looks without being seen.
#[must_use]
pub fn hides(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{061c}')
}

/// `2026-02-03T10:15:00Z`, to the second and in UTC, exactly as printed.
#[must_use]
pub fn instant(text: &str) -> Option<Timestamp> {
    let time: Timestamp = text.parse().ok()?;
    (time.to_string() == text && time.subsec_nanosecond() == 0).then_some(time)
}

const KEYS: [&str; 14] = [
    "sms-approval",
    "repository",
    "artifact",
    "version",
    "digest",
    "previous",
    "policy",
    "decision",
    "meaning",
    "role",
    "signer",
    "name",
    "signed-at",
    "statement",
];

impl Statement {
    /// Reads a statement; strict in every byte.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoStatement> {
        let [
            head,
            repository,
            artifact,
            version,
            digest,
            previous,
            policy,
            decision,
            meaning,
            role,
            signer,
            name,
            at,
            words,
        ] = lines(bytes, KEYS)?;
        if head != "v1" {
            return no(format!("its form `{head}` is not known"));
        }
        let decision =
            [Decision::Approve, Decision::Reject, Decision::Withdraw].into_iter().find(|d| d.as_str() == decision);
        // They become names of folders and files: nothing that leads elsewhere.
        let word = |text: &str| {
            text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'/' | b'\\')) && !text.starts_with('.')
        };
        let Some(digest) = sha256(digest) else { return no("its digest is no `sha256:` of 64 digits") };
        let previous = match previous {
            "none" => None,
            other => match sha256(other) {
                None => return no("`previous` is neither `none` nor a digest"),
                some => some,
            },
        };
        let Some(policy) = PolicyRef::parse(policy) else { return no("`policy` is no serial with a digest") };
        let Some(decision) = decision else { return no("its decision is not approve, reject or withdraw") };
        let Some(meaning) = Meaning::parse(meaning) else { return no("its meaning is not known") };
        let Some(signed_at) = instant(at) else { return no("`signed-at` is no time such as 2026-02-03T10:15:00Z") };
        if ![repository, artifact, version, role, signer].into_iter().all(word) {
            return no("an id in it is not a plain word of ASCII letters");
        }
        Ok(Self {
            repository: repository.to_owned(),
            artifact: artifact.to_owned(),
            version: version.to_owned(),
            digest,
            previous,
            policy,
            decision,
            meaning,
            role: role.to_owned(),
            signer: signer.to_owned(),
            name: name.to_owned(),
            signed_at,
            statement: words.to_owned(),
        })
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn render(&self) -> String {
        let previous = self.previous.as_deref().unwrap_or("none");
        let policy = self.policy.to_string();
        let signed_at = self.signed_at.to_string();
        let values: [&str; 14] = [
            "v1",
            &self.repository,
            &self.artifact,
            &self.version,
            &self.digest,
            previous,
            &policy,
            self.decision.as_str(),
            self.meaning.as_str(),
            &self.role,
            &self.signer,
            &self.name,
            &signed_at,
            &self.statement,
        ];
        KEYS.iter().zip(values).map(|(key, value)| format!("{key}: {value}\n")).collect()
    }

    /// Where the statement belongs, below the root of the SMS and without its ending.
    #[must_use]
    pub fn folder(&self) -> String {
        if self.artifact == TRUST_POLICY {
            format!("trust/changes/{}", self.version)
        } else {
            format!("approvals/{}/{}", self.artifact, self.version)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn sample() -> Statement {
        Statement {
            repository: "urn:uuid:5f0c1c1e-0b8e-4d0e-9d5e-2f6f0e0c7a11".into(),
            artifact: "SMS-POL-01".into(),
            version: "1.2".into(),
            digest: digest(b"text"),
            previous: None,
            policy: PolicyRef { serial: 7, digest: digest(b"policy") },
            decision: Decision::Approve,
            meaning: Meaning::Approval,
            role: "cio".into(),
            signer: "carla.ito".into(),
            name: "Carla Itō".into(),
            signed_at: "2026-02-03T10:15:00Z".parse().unwrap(),
            statement: "I approve this version.".into(),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = sample().render();
        assert!(text.starts_with(APPROVAL_HEAD));
        assert_eq!(Statement::parse(text.as_bytes()), Ok(sample()));
    }

    #[test]
    fn every_liberty_is_refused() {
        let text = sample().render();
        let bad = [
            text.replace("version: 1.2\n", ""),
            text.replace("version: 1.2\n", "version: 1.2\nversion: 1.2\n"),
            text.replace("version: 1.2", "version:  1.2"),
            text.replace("version: 1.2", "version: 1.2 "),
            text.replace("Version", "version").replace("role: cio", "Role: cio"),
            text.replace('\n', "\r\n"),
            text.clone() + "\n",
            text.clone() + "more: words\n",
            text.trim_end().to_owned(),
            text.replace("sha256:", "sha1:"),
            text.replace("10:15:00Z", "10:15:00+00:00"),
            text.replace("10:15:00Z", "10:15:00.5Z"),
            text.replace("policy: 7", "policy: 07"),
            text.replace("Itō", "Ito\u{304}"),
            text.replace("Carla", "Carla\u{202e}"),
            text.replace("artifact: SMS-POL-01", "artifact: ЅMS-POL-01"),
            text.replace("decision: approve", "decision: Approve"),
            text.replace("version: 1.2", "version: ../../1.2"),
            text.replace("artifact: SMS-POL-01", "artifact: .."),
            text.replace("signer: carla.ito", "signer: a/b"),
            text.replace("sms-approval: v1", "sms-approval: v2"),
            text.replace("I approve", &"x".repeat(5000)),
        ];
        for (ix, text) in bad.iter().enumerate() {
            assert!(Statement::parse(text.as_bytes()).is_err(), "{ix}: {text}");
        }
    }
}
