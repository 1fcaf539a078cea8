//! The trust policy: `trust/policy.toml` with the keys beside it. It alone says who holds which role when, and which
//! approvals a document needs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;

use super::statement::{PolicyRef, digest};
use crate::document::{Node, load_toml};
use crate::signature::allowed_signers::AllowedSigners;
use crate::signature::key::KeyId;
use crate::signature::openpgp::Certificate;
use crate::{schema, source};

/// Folder of the trust policy below the root of the SMS.
pub const FOLDER: &str = "trust";
/// The policy.
pub const POLICY_FILE: &str = "trust/policy.toml";
/// SSH keys, in OpenSSH's own form.
pub const SIGNERS_FILE: &str = "trust/allowed_signers";
/// Approvals of changes of the policy; no part of the policy set.
pub const CHANGES: &str = "trust/changes/";

/// Word for the roles a document names under `approvers`.
pub const APPROVERS: &str = "@approvers";
/// Word for the role a document names under `owner`.
pub const OWNER: &str = "@owner";

/// A person.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Name as printed.
    pub name: String,
    /// Name of their lines in `allowed_signers`.
    pub ssh_principal: Option<String>,
    /// Fingerprints of their OpenPGP keys.
    pub openpgp: Vec<String>,
    /// Addresses they write commits with.
    pub emails: Vec<String>,
}

/// A role held by a person from a moment on, until another.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Person's id.
    pub person: String,
    /// The role.
    pub role: String,
    /// First moment.
    pub from: Timestamp,
    /// First moment no longer.
    pub to: Option<Timestamp>,
}

impl Assignment {
    /// Whether the role is held at a moment.
    #[must_use]
    pub fn covers(&self, at: Timestamp) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }
}

/// Approvals by so many persons in a role.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Requirement {
    /// A role, [`APPROVERS`] or [`OWNER`].
    pub role: String,
    /// How many persons.
    pub min: usize,
}

/// What some documents need.
#[derive(Clone, Debug)]
pub struct ApprovalRule {
    /// Kinds, `*` for all.
    pub kinds: Vec<String>,
    /// Ids.
    pub ids: Vec<String>,
    /// All of these.
    pub require: Vec<Requirement>,
    /// Whoever changed the text may not approve it.
    pub not_author: bool,
}

/// How small changes are approved.
#[derive(Clone, Debug)]
pub struct Editorial {
    /// Who approves them.
    pub role: String,
    /// A raised second part of the version may be editorial too.
    pub minor: bool,
    /// The method that proves a change editorial; none is named in policies that were written before there was one, and then
    /// every change needs the full approval.
    pub method: Option<String>,
}

/// How well a time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeLevel {
    /// The signer's clock says so.
    Claimed,
    /// A later change of the trust policy or checkpoint stands behind it in the history.
    Ordered,
    /// It is contained in a checkpoint kept outside.
    Witnessed,
}

/// A key that is not trusted any more.
#[derive(Clone, Debug)]
pub struct Revocation {
    /// The key.
    pub key: KeyId,
    /// Compromised: earlier approvals lapse unless something proves them older.
    pub compromised: bool,
    /// From when.
    pub since: Option<Timestamp>,
    /// Statements the organization stands by.
    pub reaffirmed: Vec<String>,
}

/// A policy that can judge.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its serial and the digest of its files.
    pub reference: PolicyRef,
    /// Digest of the policy before.
    pub previous: Option<String>,
    /// Name of the repository.
    pub repo_id: String,
    /// Persons by id.
    pub people: BTreeMap<String, Person>,
    /// Who holds which role when.
    pub assignments: Vec<Assignment>,
    /// Roles of top management.
    pub top_management: Vec<String>,
    /// What documents need, in the author's order.
    pub rules: Vec<ApprovalRule>,
    /// Who changes the policy.
    pub admin: Vec<Requirement>,
    /// How small changes are approved.
    pub editorial: Option<Editorial>,
    /// Statement files count.
    pub file_carrier: bool,
    /// Signed commits count.
    pub commit_carrier: bool,
    /// Time level for a certification claim.
    pub min_time: TimeLevel,
    /// Keys of services; they never count.
    pub forge_keys: Vec<String>,
    /// Keys no longer trusted.
    pub revocations: Vec<Revocation>,
    /// SSH keys.
    pub signers: AllowedSigners,
    /// OpenPGP certificates.
    pub certificates: Vec<Certificate>,
}

/// Something wrong with a policy file.
#[derive(Clone, Debug)]
pub struct PolicyFault {
    /// File below the root of the SMS.
    pub path: String,
    /// Bytes of it.
    pub range: std::ops::Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// The digest of the policy set: what `sha256sum` gives for the list of digests and paths, changes left out.
#[must_use]
pub fn set_digest(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut list = String::new();
    for (path, bytes) in files.iter().filter(|(path, _)| !path.starts_with(CHANGES)) {
        let _ = writeln!(list, "{}  {path}", digest(bytes).trim_start_matches("sha256:"));
    }
    digest(list.as_bytes())
}

/// A moment: an instant in UTC, or the first moment of a day in UTC.
#[must_use]
pub fn moment(text: &str) -> Option<Timestamp> {
    let day = |text: &str| text.parse::<Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp());
    text.replace(' ', "T").parse().ok().or_else(|| day(text))
}

impl Policy {
    /// Reads the policy from the files below `trust/`, by path below the root of the SMS.
    ///
    /// # Errors
    /// Everything wrong with it: a policy with a fault judges nothing.
    pub fn read(files: &BTreeMap<String, Vec<u8>>) -> Result<Self, Vec<PolicyFault>> {
        let mut reader = Reader { files, faults: Vec::new() };
        let policy = reader.policy();
        match policy {
            Some(policy) if reader.faults.is_empty() => Ok(policy),
            _ => Err(reader.faults),
        }
    }

    /// Whose key it is.
    #[must_use]
    pub fn holder(&self, key: &KeyId) -> Option<&str> {
        let principal = self.signers.lines.iter().find(|l| l.key == *key).and_then(|l| l.principals.first());
        let holds =
            |p: &Person| p.openpgp.contains(&key.0) || (principal.is_some() && p.ssh_principal.as_ref() == principal);
        self.people.iter().find(|(_, p)| holds(p)).map(|(id, _)| id.as_str())
    }

    /// Whose address it is.
    #[must_use]
    pub fn by_email(&self, email: &str) -> Option<&str> {
        let same = |known: &str| known.eq_ignore_ascii_case(email);
        let has = |p: &Person| p.emails.iter().any(|e| same(e)) || p.ssh_principal.as_deref().is_some_and(same);
        self.people.iter().find(|(_, p)| has(p)).map(|(id, _)| id.as_str())
    }

    /// Name as printed; the id when there is none.
    #[must_use]
    pub fn name<'a>(&'a self, person: &'a str) -> &'a str {
        self.people.get(person).map_or(person, |p| p.name.as_str())
    }

    /// Whether a person holds a role at a moment.
    #[must_use]
    pub fn holds(&self, person: &str, role: &str, at: Timestamp) -> bool {
        self.assignments.iter().any(|a| a.person == person && a.role == role && a.covers(at))
    }

    /// Roles a person holds at a moment.
    pub fn roles_of<'a>(&'a self, person: &'a str, at: Timestamp) -> impl Iterator<Item = &'a str> {
        self.assignments.iter().filter(move |a| a.person == person && a.covers(at)).map(|a| a.role.as_str())
    }

    /// Persons who hold a role at a moment.
    pub fn holders<'a>(&'a self, role: &'a str, at: Timestamp) -> impl Iterator<Item = &'a str> {
        self.assignments.iter().filter(move |a| a.role == role && a.covers(at)).map(|a| a.person.as_str())
    }

    /// The rule for a document: the first that names its id, else its kind, else every kind.
    #[must_use]
    pub fn rule(&self, id: &str, kind: &str) -> Option<&ApprovalRule> {
        let by = |test: &dyn Fn(&ApprovalRule) -> bool| self.rules.iter().find(|r| test(r));
        by(&|r| r.ids.iter().any(|i| i == id))
            .or_else(|| by(&|r| r.kinds.iter().any(|k| k == kind)))
            .or_else(|| by(&|r| r.kinds.iter().any(|k| k == "*")))
    }

    /// The revocation of a key.
    #[must_use]
    pub fn revocation(&self, key: &KeyId) -> Option<&Revocation> {
        self.revocations.iter().find(|r| r.key == *key)
    }

    /// Whether a key belongs to a service that never counts: by fingerprint, or by the end of one (a key id).
    #[must_use]
    pub fn is_forge(&self, key: &str) -> bool {
        self.forge_keys
            .iter()
            .any(|f| key == f || (f.len() >= 16 && !f.starts_with("SHA256:") && key.ends_with(f.as_str())))
    }
}

/// The roles a requirement stands for in a document.
#[must_use]
pub fn roles_for<'a>(role: &'a str, owner: &'a str, approvers: &'a [String]) -> Vec<&'a str> {
    match role {
        APPROVERS => approvers.iter().map(String::as_str).collect(),
        OWNER => vec![owner],
        named => vec![named],
    }
}

/// Compiled once: a history holds many policies.
static SCHEMA: LazyLock<Option<schema::Schema>> = LazyLock::new(|| schema::embedded("trust.schema.json"));

struct Reader<'f> {
    files: &'f BTreeMap<String, Vec<u8>>,
    faults: Vec<PolicyFault>,
}

impl Reader<'_> {
    fn fault(&mut self, path: &str, range: std::ops::Range<usize>, message: impl Into<String>, help: &str) {
        self.faults.push(PolicyFault { path: path.into(), range, message: message.into(), help: help.into() });
    }

    fn at(&mut self, span: source::Span, message: impl Into<String>, help: &str) {
        self.fault(POLICY_FILE, span.range(), message, help);
    }

    fn policy(&mut self) -> Option<Policy> {
        let Some(bytes) = self.files.get(POLICY_FILE) else {
            self.fault(POLICY_FILE, 0..0, "there is no trust/policy.toml", "Set one up with `smsctl trust init`.");
            return None;
        };
        let Ok(text) = std::str::from_utf8(bytes) else {
            self.fault(POLICY_FILE, 0..0, "the file is not UTF-8 text", "Save it as UTF-8.");
            return None;
        };
        let node = match load_toml(source::FileId(0), text) {
            Ok(node) => node,
            Err((span, message)) => {
                self.at(span, message, "Mend the TOML at this place.");
                return None;
            }
        };
        for problem in SCHEMA.as_ref().map(|s| s.check(&node)).unwrap_or_default() {
            self.at(problem.span, problem.message, &problem.help);
        }
        if !self.faults.is_empty() {
            return None;
        }
        let policy = self.parts(&node);
        self.cross_check(&node, &policy);
        Some(policy)
    }

    fn parts(&mut self, node: &Node) -> Policy {
        let empty = Node::null(node.span);
        let section = |name: &str| node.get(name).unwrap_or(&empty);
        let evidence = section("evidence");
        let carrier =
            |name: &str| evidence.get("carriers").is_none() || evidence.texts("carriers").any(|(t, _)| t == name);
        let serial = node.str("serial").and_then(|s| s.replace('_', "").parse().ok()).unwrap_or(0);
        Policy {
            reference: PolicyRef { serial, digest: set_digest(self.files) },
            previous: node.str("previous").map(str::to_owned),
            repo_id: node.str("repo_id").unwrap_or_default().to_owned(),
            people: section("people").fields().iter().map(|f| (f.key.to_string(), person(&f.value))).collect(),
            assignments: node.list("assignments").iter().filter_map(|n| self.assignment(n)).collect(),
            top_management: section("roles")
                .fields()
                .iter()
                .filter(|f| f.value.bool("top_management") == Some(true))
                .map(|f| f.key.to_string())
                .collect(),
            rules: node.list("rules").iter().map(rule).collect(),
            admin: requirements(section("admin")),
            editorial: node.get("editorial").map(editorial),
            file_carrier: carrier("file"),
            commit_carrier: carrier("commit"),
            min_time: match evidence.str("min_time") {
                Some("claimed") => TimeLevel::Claimed,
                Some("witnessed") => TimeLevel::Witnessed,
                _ => TimeLevel::Ordered,
            },
            forge_keys: owned(evidence, "forge_keys"),
            revocations: node.list("revocations").iter().map(revocation).collect(),
            signers: self.signers(),
            certificates: self.certificates(),
        }
    }

    fn assignment(&mut self, node: &Node) -> Option<Assignment> {
        let text = |key: &str| node.str(key).unwrap_or_default().to_owned();
        for key in ["from", "to"] {
            if node.str(key).is_some_and(|t| moment(t).is_none()) {
                self.at(node.span_of(key), "this moment does not exist", "Write it as 2026-01-01T00:00:00Z.");
            }
        }
        let from = moment(&text("from"))?;
        Some(Assignment { person: text("person"), role: text("role"), from, to: node.str("to").and_then(moment) })
    }

    fn signers(&mut self) -> AllowedSigners {
        let bytes = self.files.get(SIGNERS_FILE).cloned().unwrap_or_default();
        let (signers, bad) = AllowedSigners::parse(&bytes);
        for (line, why) in bad {
            self.line(&bytes, line, why);
        }
        let mut faults = Vec::new();
        for (index, line) in signers.lines.iter().enumerate() {
            let principal = line.principals.first().map_or("", String::as_str);
            let why = if line.cert_authority {
                "certificate authorities are not accepted: every key is named"
            } else if line.principals.len() != 1 || principal.contains(['*', '?', '!']) || !principal.is_ascii() {
                "a line names exactly one person, without wildcards"
            } else if !line.has_zones() {
                "its dates do not end in `Z`, so other tools read them in local time"
            } else if signers.lines.iter().take(index).any(|other| other.key == line.key) {
                "the same key stands on an earlier line"
            } else {
                continue;
            };
            faults.push((line.number, why.to_owned()));
        }
        for (line, why) in faults {
            self.line(&bytes, line, why);
        }
        signers
    }

    fn line(&mut self, bytes: &[u8], number: usize, why: String) {
        let start: usize = bytes.split_inclusive(|b| *b == b'\n').take(number.saturating_sub(1)).map(<[u8]>::len).sum();
        self.fault(SIGNERS_FILE, start..start, why, "Mend this line of trust/allowed_signers.");
    }

    fn certificates(&mut self) -> Vec<Certificate> {
        let mut out = Vec::new();
        let files = self.files;
        for (path, bytes) in
            files.range("trust/openpgp/".to_owned()..).take_while(|(p, _)| p.starts_with("trust/openpgp/"))
        {
            let named = path.trim_start_matches("trust/openpgp/").trim_end_matches(".asc");
            match Certificate::parse(bytes) {
                Ok(found) if found.len() == 1 && found.iter().all(|c| c.fingerprint() == named) => out.extend(found),
                Ok(_) => self.fault(
                    path,
                    0..0,
                    "the file does not hold the one certificate it is named after",
                    "Name it FINGERPRINT.asc.",
                ),
                Err(why) => self.fault(
                    path,
                    0..0,
                    format!("no OpenPGP certificate: {why}"),
                    "Export it with `gpg --armor --export`.",
                ),
            }
        }
        out
    }

    fn cross_check(&mut self, node: &Node, policy: &Policy) {
        if (policy.reference.serial == 1) == policy.previous.is_some() {
            let message = "the first policy has no `previous`, every later one names the digest of the one before";
            self.at(node.span_of("serial"), message, "`smsctl trust` writes both; do not edit them by hand.");
        }
        for entry in node.list("assignments") {
            let person = entry.str("person").unwrap_or_default();
            if !policy.people.contains_key(person) {
                self.at(
                    entry.span_of("person"),
                    format!("there is no person `{person}`"),
                    "Add the person under [people].",
                );
            }
        }
        for entry in node.list("rules").iter().filter(|r| r.get("kinds").is_none() && r.get("ids").is_none()) {
            self.at(
                entry.span,
                "the rule names neither kinds nor ids",
                "Say which documents it is for, or `kinds = [\"*\"]`.",
            );
        }
        let empty = Node::null(node.span);
        for admin in node.get("admin").unwrap_or(&empty).list("require") {
            if admin.str("role").is_some_and(|r| r.starts_with('@')) {
                self.at(admin.span, "the trust policy is no document with an owner", "Name a role.");
            }
        }
        for field in node.get("people").map_or(&[][..], Node::fields) {
            self.person(field, policy);
        }
        for line in &policy.signers.lines {
            let principal = line.principals.first();
            if !policy.people.values().any(|p| p.ssh_principal.as_ref() == principal) {
                let why =
                    format!("`{}` belongs to no person of trust/policy.toml", principal.map_or("", String::as_str));
                let bytes = self.files.get(SIGNERS_FILE).cloned().unwrap_or_default();
                self.line(&bytes, line.number, why);
            }
        }
    }

    fn person(&mut self, field: &crate::document::Field, policy: &Policy) {
        let id = field.key.as_ref();
        let others = || policy.people.iter().filter(|(other, _)| other.as_str() != id);
        if let Some(principal) = field.value.str("ssh_principal") {
            if others().any(|(_, p)| p.ssh_principal.as_deref() == Some(principal)) {
                self.at(
                    field.value.span_of("ssh_principal"),
                    "another person has the same principal",
                    "A key belongs to one person.",
                );
            }
            if !policy.signers.lines.iter().any(|l| l.principals.first().is_some_and(|p| p == principal)) {
                self.at(
                    field.value.span_of("ssh_principal"),
                    "trust/allowed_signers has no line for it",
                    "Add the person's key there.",
                );
            }
        }
        for (fingerprint, span) in field.value.texts("openpgp") {
            if others().any(|(_, p)| p.openpgp.iter().any(|f| f == fingerprint)) {
                self.at(span, "another person has the same key", "A key belongs to one person.");
            }
            let known =
                !cfg!(feature = "openpgp") || policy.certificates.iter().any(|c| c.fingerprint() == fingerprint);
            if !known {
                self.at(span, format!("there is no trust/openpgp/{fingerprint}.asc"), "Add the certificate.");
            }
        }
    }
}

fn owned(node: &Node, key: &str) -> Vec<String> {
    node.texts(key).map(|(t, _)| t.to_owned()).collect()
}

fn person(node: &Node) -> Person {
    Person {
        name: node.str("name").unwrap_or_default().to_owned(),
        ssh_principal: node.str("ssh_principal").map(str::to_owned),
        openpgp: owned(node, "openpgp"),
        emails: owned(node, "emails"),
    }
}

fn requirements(node: &Node) -> Vec<Requirement> {
    let min = |n: &Node| n.str("min").and_then(|m| m.parse().ok()).unwrap_or(1);
    let one = |n: &Node| Requirement { role: n.str("role").unwrap_or_default().to_owned(), min: min(n) };
    node.list("require").iter().map(one).collect()
}

fn rule(node: &Node) -> ApprovalRule {
    ApprovalRule {
        kinds: owned(node, "kinds"),
        ids: owned(node, "ids"),
        require: requirements(node),
        not_author: node.texts("not").any(|(t, _)| t == "author"),
    }
}

fn editorial(node: &Node) -> Editorial {
    Editorial {
        role: node.str("role").unwrap_or_default().to_owned(),
        minor: node.str("level") == Some("minor"),
        method: node.str("method").map(str::to_owned),
    }
}

fn revocation(node: &Node) -> Revocation {
    Revocation {
        key: KeyId(node.str("key").unwrap_or_default().to_owned()),
        compromised: node.str("kind") == Some("compromised"),
        since: node.str("since").and_then(moment),
        reaffirmed: owned(node, "reaffirmed"),
    }
}
