//! `sod-author-unknown`: it is not known who wrote a document that its author may not approve.

use crate::finding::Severity;
use crate::rules::words::listed;
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::trust::{Authors, Judged, Verdict};

/// The rule.
pub static RULE: Rule = Rule {
    name: "sod-author-unknown",
    summary: "it is not known who wrote a document that its author may not approve",
    docs: include_str!("sod_author_unknown.md"),
    level: WARNING,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    for standing in ctx.claims_of_approval() {
        if !judged.rule(&standing.control).is_some_and(|r| r.not_author) {
            continue;
        }
        let problem = match &standing.verdict {
            Verdict::Approved(version) if !version.authors.unknown.is_empty() => {
                unknown(&standing.control.id, &version.authors)
            }
            Verdict::Pending(pending) if pending.authors.untraced => untraced(&standing.control.id),
            _ => continue,
        };
        let (severity, message, help) = problem;
        let problem = RULE.problem(standing.view(ctx.ws).span_of("version"), message).severity(severity);
        out.report(problem.subject(&standing.control.id).help(help));
    }
}

fn unknown(id: &str, authors: &Authors) -> (Severity, String, String) {
    let unknown: Vec<&String> = authors.unknown.iter().collect();
    let message = format!("{} changed {id}, and the trust policy does not know who that is", listed(&unknown));
    let help = "Enter the address under `emails` of the person in trust/policy.toml with `smsctl trust`; then it can be told \
                whether the author approved.";
    (Severity::Warning, message, help.into())
}

fn untraced(id: &str) -> (Severity, String, String) {
    let message =
        format!("{id} left the SMS and came back with another text; it is not known who wrote that meanwhile");
    let help = format!(
        "Its approvals do not count, because the trust policy lets no author approve. Commit the file as it was before it \
         left, then let those who write it commit their changes. `smsctl history {id} -v` shows the commits."
    );
    (Severity::Error, message, help)
}
