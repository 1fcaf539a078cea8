//! `approval-missing`: nobody approved a document that calls itself approved.

use super::{Standing, moment, words};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::trust::statement::{Decision, Meaning};
use crate::trust::{Judged, Verdict, day};

/// The rule.
pub static RULE: Rule = Rule {
    name: "approval-missing",
    summary: "nobody approved a document that calls itself approved",
    docs: include_str!("approval_missing.md"),
    level: ERROR,
    clauses: &["5.2.1", "7.5.2"],
    since: "0.1.0",
    requirements: &[28],
    options: &[],
    check: Check::Judged(check),
};

fn check(ctx: &Ctx<'_>, judged: &Judged, out: &mut Sink) {
    for standing in ctx.claims_of_approval() {
        let id = &standing.control.id;
        let version = &standing.control.version;
        let message = match &standing.verdict {
            Verdict::Missing => format!("nobody approved {id} {version}"),
            Verdict::Newer(before) => format!("nobody approved {id} {version}; {}", words::approved(judged, before)),
            _ => continue,
        };
        // Those who only reviewed it, and approvals that do not count, are told by rules of their own.
        let reviewed = standing.declared(judged, Decision::Approve, Meaning::Review);
        if !reviewed.is_empty() || !standing.refused.is_empty() {
            continue;
        }
        let artifact = standing.view(ctx.ws);
        let message = message + &rejected(judged, standing);
        let problem = RULE.problem(artifact.span_of("status"), message).subject(id);
        out.report(problem.help(help(ctx, judged, standing)));
    }
}

fn help(ctx: &Ctx<'_>, judged: &Judged, standing: &Standing<'_>) -> String {
    let (id, version) = (&standing.control.id, &standing.control.version);
    let who = standing.who_may(judged, &judged.needs(&standing.control), moment(ctx));
    let folder = format!("approvals/{id}/{version}/");
    if ctx.ws.paths.range(folder.clone()..).next().is_some_and(|path| path.starts_with(&folder)) {
        return format!(
            "Approval needs {who}. There are files in {folder}: commit them when they are not committed yet."
        );
    }
    format!("Approval needs {who}, by `smsctl approve {id}`. Until then write `status: in-review`.")
}

fn rejected(judged: &Judged, standing: &Standing<'_>) -> String {
    let by = standing.declared(judged, Decision::Reject, Meaning::Approval);
    match by.last() {
        None => String::new(),
        Some(last) => {
            let on = day(last.statement.signed_at);
            format!("; {} rejected it on {on}", words::signers(judged, by))
        }
    }
}
