//! An approval before it is signed: everything that would make it not count is found here.

use std::path::Path;

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization as _;

use super::commit::Write;
use super::keys::{self, SigningKey};
use super::signer::Signer;
use super::tools::Tools;
use crate::error::Error;
use crate::finding::did_you_mean;
use crate::history::{Oid, Repository};
use crate::trust::policy::roles_for;
use crate::trust::signer::{When, judge};
use crate::trust::statement::{NAMESPACE, digest};
use crate::trust::{
    ApprovalClass, Control, Decision, Judged, Located, Meaning, Policy, Prospect, Record, Requirement, Statement,
    Subject, Verdict, located,
};

/// What the user asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// `--role`.
    pub role: Option<String>,
    /// What is decided.
    pub decision: Decision,
    /// What the signature means.
    pub meaning: Meaning,
    /// `--statement`.
    pub words: Option<String>,
}

impl Request {
    /// It shall count as an approval.
    #[must_use]
    pub fn approves(&self) -> bool {
        (self.decision, self.meaning) == (Decision::Approve, Meaning::Approval)
    }
}

/// A document as committed.
#[derive(Clone, Debug)]
pub struct Doc {
    /// Its document control.
    pub control: Control,
    /// Where it stands.
    pub place: Located,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their digest.
    pub digest: String,
}

/// Everything the decisions rest on.
pub struct Ground<'g> {
    /// The repository.
    pub repo: &'g Repository,
    /// What its history proves.
    pub record: &'g Record,
    /// The verdicts of it.
    pub judged: &'g Judged,
    /// The commit everything is read from.
    pub head: Oid,
    /// The clock.
    pub now: Timestamp,
}

/// The role somebody acts in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// This one.
    One(String),
    /// One of these; the user decides.
    Choice(Vec<String>),
}

impl<'g> Ground<'g> {
    /// The ground of a record that was judged.
    ///
    /// # Errors
    /// Why approvals cannot be judged, and what to do.
    pub fn new(repo: &'g Repository, record: &'g Record, now: i64) -> Result<Self, Error> {
        let now = Timestamp::from_second(now).map_err(|e| Error::Defect(e.to_string()))?;
        match (&record.judged, record.history.tip) {
            (Ok(judged), Some(head)) => Ok(Self { repo, record, judged, head, now }),
            (Err(why), _) => Err(not_judged(why, record)),
            (Ok(_), None) => Err(not_judged(&crate::trust::NotJudged::NoCommit, record)),
        }
    }

    /// Why nothing can be approved without a repository.
    #[must_use]
    pub fn refuse(record: &Record) -> Error {
        let why = record.why_not().cloned().unwrap_or(crate::trust::NotJudged::NoRepository);
        not_judged(&why, record)
    }

    /// The policy in force for the next commit.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.judged.policy()
    }

    /// A document as it stands in the newest commit, when it can be approved at all.
    ///
    /// # Errors
    /// Why it cannot: unknown, twice there, uncommitted changes, no ordinary file.
    pub fn document(&self, root: &Path, id: &str) -> Result<Doc, Error> {
        let all = located(self.repo, self.head)?;
        let Some(places) = all.get(id) else {
            let near = did_you_mean(id, all.keys().map(String::as_str));
            let unknown = "`smsctl list` shows all documents; a new one has to be committed first.";
            let help = if near.is_empty() { unknown.to_owned() } else { near };
            return Err(Error::usage(format!("the newest commit holds no document `{id}`"), help));
        };
        let [place] = places.as_slice() else {
            let paths: Vec<&str> = places.iter().map(|p| p.path.as_str()).collect();
            let message = format!("{id} stands in {} files: {}", paths.len(), paths.join(", "));
            return Err(Error::usage(message, "Give one of them another id and commit that first."));
        };
        if place.mode != 0o100_644 {
            let message = format!("{} is a link or an executable file", place.path);
            return Err(Error::usage(message, "Controlled documents are plain files (`chmod -x`)."));
        }
        let bytes = self.repo.blob(place.blob)?;
        same_on_disk(root, &place.path, &bytes)?;
        let control = Control::read(&bytes).ok_or_else(|| Error::Defect(format!("{id} has lost its front matter")))?;
        for (what, text) in [("id", &control.id), ("version", &control.version)] {
            if !is_plain(text) {
                let message = format!("the {what} `{text}` of {id} cannot be the name of a folder");
                return Err(Error::usage(message, "Use letters, digits, `.`, `_` and `-`."));
            }
        }
        Ok(Doc { control, place: place.clone(), digest: digest(&bytes), bytes })
    }

    /// What approvals of a document would do.
    ///
    /// # Errors
    /// When Git cannot be read.
    pub fn prospect(&self, doc: &Doc) -> Result<Prospect, Error> {
        let found = self.record.prospect(self.repo, &doc.place, &doc.control)?;
        found.ok_or_else(|| Error::Defect("a judged record has no prospect".into()))
    }

    /// Whether the document is approved as it is, or the signer has approved it: nothing is left to do.
    ///
    /// # Errors
    /// When Git cannot be read.
    pub fn has_approved(&self, doc: &Doc, signer: &Signer, request: &Request) -> Result<bool, Error> {
        if !request.approves() {
            return Ok(false);
        }
        let prospect = self.prospect(doc)?;
        Ok(prospect.with(None).is_ok() || prospect.given.iter().any(|(person, _)| *person == signer.person))
    }

    /// Refuses what would not count, and finds the role.
    ///
    /// # Errors
    /// Why the approval would not count.
    pub fn role(&self, doc: &Doc, signer: &Signer, request: &Request) -> Result<Role, Error> {
        let id = &doc.control.id;
        let held: Vec<String> = self.policy().roles_of(&signer.person, self.now).map(str::to_owned).collect();
        if let Some(role) = request.role.as_ref().filter(|r| !held.contains(r)) {
            return Err(self.not_held(signer, role, &held));
        }
        if held.is_empty() {
            let message = format!("{} holds no role today in the trust policy", signer.name);
            return Err(Error::usage(
                message,
                self.pending_hint("Have an administrator assign one: `smsctl trust assign`."),
            ));
        }
        if request.decision == Decision::Withdraw {
            return self.withdrawal(doc, signer, request, held);
        }
        if !request.approves() {
            return Ok(choose(request, held));
        }
        self.can_be_approved(doc)?;
        let prospect = self.prospect(doc)?;
        let Err(missing) = prospect.with(None) else {
            let message = format!("{id} version {} is approved already", doc.control.version);
            return Err(Error::usage(message, "There is nothing to do."));
        };
        if prospect.given.iter().any(|(person, _)| *person == signer.person) {
            let needs = self.needs(&missing, &doc.control);
            let message = format!("{} has approved {id} version {} already", signer.name, doc.control.version);
            return Err(Error::usage(message, format!("Still needed: {needs}.")));
        }
        if prospect.bars_all() {
            let message =
                format!("{id} left the SMS and came back with another text; it is not known who wrote that meanwhile");
            let next = "The trust policy lets no author approve it. Commit the file as it was before it left, then the changes anew.";
            return Err(Error::usage(message, next));
        }
        if prospect.bars(&signer.person) {
            let message =
                format!("{} changed this text of {id}, and the trust policy lets no author approve it", signer.name);
            return Err(Error::usage(message, format!("Needed: {}.", self.needs(&missing, &doc.control))));
        }
        let helps = |role: &String| {
            let with = prospect.with(Some((&signer.person, role)));
            with.map_or_else(|left| places(&left) < places(&missing), |_| true)
        };
        let mut fitting: Vec<String> = held.iter().filter(|r| helps(r)).cloned().collect();
        if let Some(role) = request.role.as_ref().filter(|r| !fitting.contains(r)) {
            let message = format!("an approval of {id} as {role} would not count");
            return Err(Error::usage(message, format!("Needed: {}.", self.needs(&missing, &doc.control))));
        }
        fitting.dedup();
        if fitting.is_empty() {
            let message = format!("{id} needs no approval by {} ({})", signer.name, held.join(", "));
            let needs = format!("Needed: {}.", self.needs(&missing, &doc.control));
            return Err(Error::usage(message, self.pending_hint(&needs)));
        }
        Ok(choose(request, fitting))
    }

    fn withdrawal(&self, doc: &Doc, signer: &Signer, request: &Request, held: Vec<String>) -> Result<Role, Error> {
        let prospect = self.prospect(doc)?;
        match prospect.given.iter().find(|(person, _)| *person == signer.person) {
            Some((_, role)) if request.role.is_none() && held.contains(role) => Ok(Role::One(role.clone())),
            Some(_) => Ok(choose(request, held)),
            None => Err(Error::usage(
                format!(
                    "{} has no approval of {} version {} to withdraw",
                    signer.name, doc.control.id, doc.control.version
                ),
                "Only an approval of exactly the text in the newest commit can be withdrawn.",
            )),
        }
    }

    /// Status, rule, version number.
    fn can_be_approved(&self, doc: &Doc) -> Result<(), Error> {
        let Control { id, version, status, .. } = &doc.control;
        if status != "approved" {
            let message = format!("the status of {id} is `{status}`, so nobody can approve it yet");
            let help = "Set `status: approved` and the final version in its front matter and commit that: the approval is \
                        of exactly these bytes.";
            return Err(Error::usage(message, help));
        }
        match self.judged.verdict(&Subject { control: &doc.control, digest: &doc.digest }) {
            Verdict::NoRule => {
                let message = format!("the trust policy has no rule for {id} (kind `{}`)", doc.control.kind);
                Err(Error::usage(message, "Add one to trust/policy.toml and sign it with `smsctl trust sign`."))
            }
            Verdict::NotRequired => {
                Err(Error::usage(format!("{id} needs no approval by the trust policy"), "There is nothing to do."))
            }
            Verdict::Changed(before) => {
                let message = format!("version {version} of {id} was approved with another text before");
                let help = format!(
                    "Raise the version above {} and commit that; a version has one text for ever.",
                    before.version
                );
                Err(Error::usage(message, help))
            }
            _ => Ok(()),
        }
    }

    fn not_held(&self, signer: &Signer, role: &str, held: &[String]) -> Error {
        let ended = self.policy().assignments.iter().find(|a| a.person == signer.person && a.role == role);
        let when = match ended.map(|a| (a.from > self.now, a.to)) {
            Some((true, _)) => " yet",
            Some((_, Some(_))) => " any more",
            _ => "",
        };
        let has = if held.is_empty() { "no role".into() } else { held.join(", ") };
        let message =
            format!("{} does not hold the role `{role}`{when}; the trust policy gives {has} today", signer.name);
        Error::usage(message, self.pending_hint("Have an administrator assign it: `smsctl trust assign`."))
    }

    /// A change of the policy that waits for its approval may be what the user misses.
    fn pending_hint(&self, help: &str) -> String {
        let waits = self
            .judged
            .chain
            .issues
            .iter()
            .any(|i| i.code == "trust-change-unapproved" || i.code == "trust-self-grant");
        let hint =
            if waits { " A change of the trust policy waits for its approval (`smsctl trust sign`)." } else { "" };
        format!("{help}{hint}")
    }

    /// What is missing, with the persons who can give it: `chief-information-officer (Carla Ito)`.
    #[must_use]
    pub fn needs(&self, missing: &[Requirement], control: &Control) -> String {
        let one = |r: &Requirement| {
            let roles = roles_for(&r.role, &control.owner, &control.approvers);
            let mut names: Vec<&str> = Vec::new();
            for person in roles.iter().flat_map(|role| self.policy().holders(role, self.now)) {
                names.push(self.policy().name(person));
            }
            names.sort_unstable();
            names.dedup();
            let who = if names.is_empty() { "nobody holds it".into() } else { names.join(" or ") };
            let times = if r.min > 1 { format!("{} × ", r.min) } else { String::new() };
            format!("{times}{} ({who})", roles.join(" or "))
        };
        missing.iter().map(one).collect::<Vec<_>>().join(" and ")
    }

    /// The text last approved in full: version and bytes.
    ///
    /// # Errors
    /// When Git cannot be read.
    pub fn last_full(&self, doc: &Doc) -> Result<Option<(String, String, Vec<u8>)>, Error> {
        let approved = self.judged.versions(&doc.control.id).map_or(&[][..], |v| v.approved.as_slice());
        let full = |v: &&crate::trust::ApprovedVersion| {
            v.class == ApprovalClass::Full && v.ended.is_none() && v.digest != doc.digest
        };
        let Some(version) = approved.iter().rev().find(full) else { return Ok(None) };
        Ok(Some((version.version.clone(), version.digest.clone(), self.repo.blob(version.blob)?)))
    }

    /// The exact statement.
    ///
    /// # Errors
    /// When it cannot be written as a statement, such as for invisible characters in it.
    pub fn statement(&self, doc: &Doc, signer: &Signer, role: &str, request: &Request) -> Result<Statement, Error> {
        let policy = self.policy();
        let words = request.words.clone().unwrap_or_else(|| declaration(&doc.control, request));
        let statement = Statement {
            repository: policy.repo_id.clone(),
            artifact: doc.control.id.clone(),
            version: doc.control.version.clone(),
            digest: doc.digest.clone(),
            previous: self.last_full(doc)?.map(|(_, digest, _)| digest),
            policy: policy.reference.clone(),
            decision: request.decision,
            meaning: request.meaning,
            role: role.to_owned(),
            signer: signer.person.clone(),
            name: signer.name.nfc().collect(),
            signed_at: self.now,
            statement: words.trim().nfc().collect(),
        };
        match Statement::parse(statement.render().as_bytes()) {
            Ok(_) => Ok(statement),
            Err(why) => {
                let help = "Say it in plain words on one line with `--statement`.";
                Err(Error::usage(format!("the statement cannot be written: {why}"), help))
            }
        }
    }
}

fn not_judged(why: &crate::trust::NotJudged, record: &Record) -> Error {
    use crate::trust::NotJudged as Why;
    let first = record.issues.iter().find(|i| i.severity == crate::finding::Severity::Error);
    let message = match first {
        Some(issue) => format!("nothing can be approved here: {}: {}", why.reason(), issue.message),
        None => format!("nothing can be approved here: {}", why.reason()),
    };
    let help = match (why, first) {
        (Why::NoPolicy, _) => "Set one up, once for the organization: `smsctl trust init`.".into(),
        (Why::NoRepository, _) => {
            "Approvals are kept in Git: `git init`, commit the documents, then `smsctl trust init`.".into()
        }
        (Why::NoCommit, _) => "Commit the documents first.".into(),
        (_, Some(issue)) => issue.help.clone(),
        _ => "Work in a full clone of the repository.".into(),
    };
    Error::usage(message, help)
}

fn choose(request: &Request, mut held: Vec<String>) -> Role {
    held.dedup();
    match (&request.role, held.as_slice()) {
        (Some(role), _) => Role::One(role.clone()),
        (None, [one]) => Role::One(one.clone()),
        _ => Role::Choice(held),
    }
}

fn places(missing: &[Requirement]) -> usize {
    missing.iter().map(|r| r.min).sum()
}

/// A name that can be a folder everywhere.
fn is_plain(text: &str) -> bool {
    let letters = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    letters && !text.is_empty() && !text.starts_with('.') && !text.ends_with('.') && text.len() <= 100
}

/// What is approved is what is committed; line ends may differ where Git changes them on this machine.
fn same_on_disk(root: &Path, path: &str, bytes: &[u8]) -> Result<(), Error> {
    let help = "Commit it first: an approval is of the committed text.";
    let Ok(disk) = std::fs::read(root.join(path)) else {
        return Err(Error::usage(format!("{path} is committed and not on disk"), help));
    };
    if same_text(bytes, &disk) {
        return Ok(());
    }
    Err(Error::usage(format!("{path} has changes that are not committed"), help))
}

/// Whether two texts differ in nothing but line ends.
pub(super) fn same_text(a: &[u8], b: &[u8]) -> bool {
    let unix = |text: &[u8]| String::from_utf8_lossy(text).replace("\r\n", "\n");
    a == b || (a.len() != b.len() && unix(a) == unix(b))
}

/// The declaration in words.
fn declaration(control: &Control, request: &Request) -> String {
    let title: String = control.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let what = format!("version {} of {} ({title})", control.version, control.id);
    match (request.decision, request.meaning) {
        (Decision::Approve, Meaning::Approval) => format!("I approve {what}."),
        (Decision::Approve, Meaning::Review) => format!("I have reviewed {what}."),
        (Decision::Approve, Meaning::Authorship) => format!("I wrote {what}."),
        (Decision::Approve, Meaning::Responsibility) => format!("I answer for {what}."),
        (Decision::Reject, _) => format!("I do not approve {what}."),
        (Decision::Withdraw, _) => format!("I withdraw my approval of {what}."),
    }
}

/// A free place for a statement: `approvals/ID/VERSION/PERSON.approval`, with a number when there is one.
#[must_use]
pub fn place(root: &Path, statement: &Statement) -> String {
    let folder = statement.folder();
    let path = |n: usize| match n {
        1 => format!("{folder}/{}.approval", statement.signer),
        n => format!("{folder}/{}.{n}.approval", statement.signer),
    };
    let free = |n: &usize| root.join(path(*n)).symlink_metadata().is_err();
    path((1..1000).find(free).unwrap_or(1000))
}

/// The statement and its signature as files, the signature having been judged.
///
/// # Errors
/// When the signature would not count under the policy.
pub fn signed(
    tools: &Tools,
    policy: &Policy,
    key: &SigningKey,
    path: &str,
    text: String,
    signed_at: Timestamp,
) -> Result<[Write; 2], Error> {
    let signature = keys::sign(tools, key, NAMESPACE, text.as_bytes())?;
    let when = When { signed: signed_at, introduced: signed_at };
    let judged = judge(text.as_bytes(), &signature, NAMESPACE, policy, when);
    if !judged.is_good() {
        let why = judged.reasons.first().map_or("the signature cannot be judged", |r| r.message.as_str());
        return Err(Error::usage(format!("the signature would not count: {why}"), "Nothing was written."));
    }
    let armor = String::from_utf8_lossy(&signature).replace("\r\n", "\n");
    Ok([Write::new(path, text), Write::new(format!("{path}.{}", key.ending()), armor)])
}

/// Message of the commit that carries a statement; trailers only for a signer who approves.
#[must_use]
pub fn message(statement: &Statement, with_trailers: bool) -> String {
    let s = statement;
    let verb = match (s.decision, s.meaning) {
        (Decision::Approve, Meaning::Approval) => "approve",
        (Decision::Approve, other) => other.as_str(),
        (other, _) => other.as_str(),
    };
    let mut out = format!("{verb}: {} v{}\n\n{}\n", s.artifact, s.version, s.statement);
    if with_trailers {
        out += &format!(
            "\nSMS-Approval: v1\nSMS-Artifact: {}\nSMS-Version: {}\nSMS-Digest: {}\n",
            s.artifact, s.version, s.digest
        );
        if let Some(previous) = &s.previous {
            out += &format!("SMS-Previous: {previous}\n");
        }
        out += &format!("SMS-Role: {}\nSMS-Meaning: {}\nSMS-Policy: {}\n", s.role, s.meaning.as_str(), s.policy);
    }
    out
}
