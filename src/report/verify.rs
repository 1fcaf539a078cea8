//! The verification of a whole repository, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::approval::{self, Standing};
use super::{ExitStatus, count, full_sentence, printable, printable_line, safe_json};
use crate::finding::Severity;
use crate::trust::{
    CommitSignature, Issue, Judged, NotJudged, PinSource, Record, SignatureState, TimeLevel, Verdict, day,
};
use crate::workspace::Workspace;

/// What a signature and a history can never prove; printed with every verification.
pub const LIMITS: [&str; 5] = [
    "A signature shows that a key was used, not who sat before the machine nor what they had in mind.",
    "Dates are claims of the signers' clocks; only checkpoints kept outside show that something is older than they are.",
    "Nothing inside a repository shows that it was not replaced as a whole: compare the trust root with one you got on another way.",
    "Who wrote an unsigned change is a claim of whoever committed it.",
    "Who holds which role is decided by the organization itself, in its trust policy.",
];

/// A finished verification.
pub struct Verification<'v> {
    record: &'v Record,
    standings: Vec<Standing<'v>>,
    signatures: BTreeMap<SignatureState, usize>,
    issues: Vec<Issue>,
    audit: bool,
    on: Date,
}

impl<'v> Verification<'v> {
    /// Draws the verdicts together. `signatures` are those of all commits, empty when nothing was judged; `on` is the day that
    /// times are judged by.
    #[must_use]
    pub fn new(
        ws: &'v Workspace,
        record: &'v Record,
        signatures: &BTreeMap<usize, CommitSignature>,
        audit: bool,
        on: Date,
    ) -> Self {
        let mut by_state = BTreeMap::new();
        for signature in signatures.values() {
            *by_state.entry(signature.state).or_insert(0) += 1;
        }
        let standings = record.judged().map(|judged| approval::standings(ws, judged)).unwrap_or_default();
        let mut issues = record.issues.clone();
        if let Some(why) = record.why_not().filter(|_| !issues.iter().any(|i| i.severity == Severity::Error)) {
            let help = "Set up trust with `smsctl trust init`, or verify the commit that holds the policy.";
            issues.push(Issue::error("approval-unverified", why.reason(), help));
        }
        if let Some(judged) = record.judged() {
            issues.extend(pin_issue(judged, audit));
            if audit {
                issues.extend(time_issues(judged, &standings));
            }
        }
        if audit {
            for issue in issues.iter_mut().filter(|i| i.code.starts_with("repo-")) {
                issue.severity = Severity::Error;
            }
        }
        issues.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.cmp(b)));
        Self { record, standings, signatures: by_state, issues, audit, on }
    }

    /// 1 when anything is wrong or a document claims an approval it does not have.
    #[must_use]
    pub fn exit_status(&self) -> ExitStatus {
        let wrong = self.issues.iter().any(|i| i.severity == Severity::Error) || self.unapproved().next().is_some();
        if wrong { ExitStatus::Findings } else { ExitStatus::Clean }
    }

    fn unapproved(&self) -> impl Iterator<Item = &Standing<'v>> {
        self.standings.iter().filter(|s| s.claims() && !s.verdict.passes())
    }

    /// For people.
    #[must_use]
    pub fn human(&self, colour: bool, width: usize, verbose: bool) -> String {
        let mut out = String::new();
        let bold = |text: &str| if colour { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() };
        if let Some(judged) = self.record.judged() {
            self.summary(judged, &mut out);
        } else {
            let why = self.record.why_not().map_or("", NotJudged::reason);
            let _ = writeln!(out, "Nothing could be verified: {why}.");
        }
        let wrong: Vec<&Standing<'_>> = self.unapproved().collect();
        if !wrong.is_empty() {
            let _ = writeln!(out, "\n{}", bold("Documents that claim an approval they do not have"));
            for standing in wrong {
                let control = &standing.control;
                let line = format!("  {} {}: {}", control.id, control.version, standing.in_words());
                let _ = writeln!(out, "{}", wrapped(&printable_line(&line), width, "    "));
            }
        }
        if !self.issues.is_empty() {
            let _ = writeln!(out, "\n{}", bold("Problems"));
            for issue in &self.issues {
                Self::issue(issue, width, colour, &mut out);
            }
        }
        if verbose {
            self.approvals(&mut out, &bold("Documents"));
        }
        let _ = writeln!(out, "\n{}", bold("What this does not prove"));
        for limit in LIMITS {
            let _ = writeln!(out, "{}", wrapped(&format!("  - {limit}"), width, "    "));
        }
        let _ = writeln!(out, "\n{}", self.closing());
        out
    }

    fn summary(&self, judged: &Judged, out: &mut String) {
        let root = judged.chain.root();
        let how = match judged.pin {
            PinSource::Argument => "as you gave it",
            PinSource::Anchor => "from the checkpoint you gave",
            PinSource::Stored => "as you pinned it",
            PinSource::FirstUse => "NOT PINNED: the first policy of this history was believed",
        };
        let mut line = |label: &str, text: String| {
            let _ = writeln!(out, "{label:<14}{}", printable(&text));
        };
        line("Trust root", format!("{root} ({how})"));
        let state = judged.chain.last();
        let policy = &state.policy;
        let keys = policy.signers.lines.len() + policy.certificates.len();
        line(
            "Trust policy",
            format!(
                "serial {} of {}, {}, {}",
                policy.reference.serial,
                day(state.time),
                count(policy.people.len(), "person").replace("persons", "people"),
                if keys == 1 { "1 key".to_owned() } else { format!("{keys} keys") }
            ),
        );
        line("Judged on", format!("{} (UTC, to its end)", self.on));
        line("History", self.history());
        line("Approvals", {
            let good = judged.approvals.iter().filter(|a| a.approves()).count();
            let bad = judged.approvals.iter().filter(|a| a.present && !a.reasons.is_empty()).count();
            let other = judged.approvals.iter().filter(|a| a.counts() && !a.approves()).count();
            let more = if other > 0 { format!(", {other} of another meaning") } else { String::new() };
            format!("{good} count, {bad} do not{more}")
        });
        let good = judged.checkpoints.iter().filter(|c| c.reasons.is_empty());
        let last =
            good.clone().next_back().map_or(String::new(), |c| format!(", last of {}", day(c.checkpoint.signed_at)));
        line("Checkpoints", format!("{}{last}", good.count()));
        let with = |test: &dyn Fn(&Standing<'_>) -> bool| self.standings.iter().filter(|s| test(s)).count();
        line(
            "Documents",
            format!(
                "{}: {} approved, {} need no approval, {} claim approval without having it, {} not yet approved",
                self.standings.len(),
                with(&|s| matches!(s.verdict, Verdict::Approved(_)) && s.claims()),
                with(&|s| matches!(s.verdict, Verdict::NotRequired)),
                self.unapproved().count(),
                with(&|s| !s.claims() && !matches!(s.verdict, Verdict::NotRequired)),
            ),
        );
        let exempt = |s: &&Standing<'_>| s.claims() && matches!(s.verdict, Verdict::NotRequired);
        let exempt: Vec<&str> = self.standings.iter().filter(exempt).map(|s| s.control.id.as_str()).collect();
        if !exempt.is_empty() {
            let all = exempt.join(", ");
            line(
                "Exempt",
                format!(
                    "{} say `status: approved`, and the trust policy asks for no approval of them, so nothing proves that \
                     their text was approved: {all}",
                    exempt.len()
                ),
            );
        }
    }

    fn history(&self) -> String {
        let walk = &self.record.history.walk;
        let word = |state: SignatureState| match state {
            SignatureState::Good => "signed by people of the policy",
            SignatureState::Service => "by a Git service",
            SignatureState::Unknown => "by unknown keys",
            SignatureState::Refused => "by keys that did not count then",
            SignatureState::Bad => "with a bad signature",
            SignatureState::Unverifiable => "with a signature that cannot be verified here",
            SignatureState::Unsigned => "unsigned",
        };
        let parts: Vec<String> = self.signatures.iter().map(|(state, n)| format!("{n} {}", word(*state))).collect();
        format!("{} ({} on the main line): {}", count(walk.commits.len(), "commit"), walk.chain.len(), parts.join(", "))
    }

    fn issue(issue: &Issue, width: usize, colour: bool, out: &mut String) {
        let severity = issue.severity.as_str();
        let shown = match (colour, issue.severity) {
            (false, _) => severity.to_owned(),
            (true, Severity::Error) => format!("\u{1b}[31m{severity}\u{1b}[0m"),
            (true, Severity::Warning) => format!("\u{1b}[33m{severity}\u{1b}[0m"),
            (true, Severity::Note) => format!("\u{1b}[36m{severity}\u{1b}[0m"),
        };
        let text = format!("{}: {} [{}]", shown, full_sentence(&issue.message), issue.code);
        let _ = writeln!(out, "{}", wrapped(&format!("  {}", keep_colour(&text)), width, "    "));
        if !issue.help.is_empty() {
            let _ = writeln!(out, "{}", wrapped(&format!("    → {}", printable_line(&issue.help)), width, "      "));
        }
    }

    fn approvals(&self, out: &mut String, title: &str) {
        let _ = writeln!(out, "\n{title}");
        for standing in &self.standings {
            let control = &standing.control;
            let line = format!("  {} {}: {}", control.id, control.version, standing.in_words());
            let _ = writeln!(out, "{}", printable_line(&line));
        }
    }

    fn closing(&self) -> String {
        if self.exit_status() == ExitStatus::Clean {
            let pinned = self.record.judged().is_some_and(|j| j.pin != PinSource::FirstUse);
            let more = if pinned { "" } else { " Pin the trust root with `smsctl trust pin` to make this worth more." };
            return format!("Verified: every document that claims an approval has it.{more}");
        }
        let audit = if self.audit { " as an audit demands" } else { "" };
        format!("Not verified{audit}: see above.")
    }

    /// JSON (`smsctl-verify/1`).
    #[must_use]
    pub fn json(&self) -> String {
        let judged = self.record.judged();
        let walk = &self.record.history.walk;
        let documents: Vec<Value> = self.standings.iter().map(Standing::json).collect();
        let approvals: Vec<Value> =
            judged.map(|j| j.approvals.iter().map(|a| approval::approval_json(j, a)).collect()).unwrap_or_default();
        let checkpoints: Vec<Value> = judged
            .map(|j| {
                let one = |c: &crate::trust::KeptCheckpoint| {
                    json!({
                        "path": c.path, "head": c.checkpoint.head.to_string(), "signer": c.checkpoint.signer,
                        "signed_at": c.checkpoint.signed_at.to_string(), "valid": c.reasons.is_empty(), "reasons": c.reasons,
                    })
                };
                j.checkpoints.iter().map(one).collect()
            })
            .unwrap_or_default();
        let signatures: serde_json::Map<String, Value> = self
            .signatures
            .iter()
            .filter_map(|(state, n)| Some((serde_json::to_value(state).ok()?.as_str()?.to_owned(), json!(n))))
            .collect();
        safe_json(&json!({
            "schema": "smsctl-verify/1",
            "verified": self.exit_status() == ExitStatus::Clean,
            "audit": self.audit,
            "judged_on": self.on.to_string(),
            "not_judged": self.record.why_not().map(NotJudged::reason),
            "tip": self.record.history.tip.map(|t| t.to_string()),
            "root": judged.map(|j| json!({"fingerprint": j.chain.root().to_string(), "source": j.pin})),
            "policy": judged.map(|j| {
                let state = j.chain.last();
                json!({
                    "serial": state.policy.reference.serial, "digest": state.policy.reference.digest,
                    "commit": state.commit.to_string(), "approved_by": state.approved_by,
                    "repository": state.policy.repo_id,
                })
            }),
            "commits": {"all": walk.commits.len(), "main_line": walk.chain.len(), "signatures": signatures},
            "documents": documents,
            "approvals": approvals,
            "checkpoints": checkpoints,
            "issues": self.issues.iter().map(issue_json).collect::<Vec<_>>(),
            "limits": LIMITS,
        }))
    }
}

/// An issue as JSON.
pub(super) fn issue_json(issue: &Issue) -> Value {
    json!({
        "code": issue.code, "severity": issue.severity, "message": full_sentence(&issue.message), "help": issue.help,
        "artifact": issue.artifact, "path": issue.path, "commit": issue.commit,
    })
}

fn pin_issue(judged: &Judged, audit: bool) -> Option<Issue> {
    if judged.pin != PinSource::FirstUse {
        return None;
    }
    let message = "the trust root is not pinned: whoever made this history chose it";
    let help = "Compare the root above with the one you were given on another way, then `smsctl trust pin` it or give it with `--root`.";
    let make = if audit { Issue::error } else { Issue::warning };
    Some(make("trust-root-unpinned", message, help))
}

/// Approvals in use whose time is known less well than the policy asks for a certification claim.
fn time_issues(judged: &Judged, standings: &[Standing<'_>]) -> Option<Issue> {
    let wanted = judged.policy().min_time;
    let short = standings.iter().filter(|s| match &s.verdict {
        Verdict::Approved(version) => s.claims() && version.time_level < wanted,
        _ => false,
    });
    let ids: Vec<&str> = short.map(|s| s.control.id.as_str()).collect();
    let first = ids.first()?;
    let more = if ids.len() > 1 { format!(" and {} more", ids.len() - 1) } else { String::new() };
    let level = match wanted {
        TimeLevel::Witnessed => "in a checkpoint that was kept outside (`--anchor`)",
        _ => "before a checkpoint",
    };
    let message = format!("the time of approval is only claimed for {first}{more}; the policy wants it {level}");
    Some(Issue::error(
        "time-claimed-only",
        message,
        "Make a checkpoint with `smsctl checkpoint --export FILE` and keep the file outside.",
    ))
}

/// Breaks a line at blanks; a terminal that is too narrow is left alone.
fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let options = textwrap::Options::new(width.max(40))
        .subsequent_indent(indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// Escapes what harms a terminal, but not the colours put in here.
fn keep_colour(text: &str) -> String {
    let parts: Vec<String> = text.split('\u{1b}').map(printable_line).collect();
    parts.join("\u{1b}")
}
