//! `complaint-without-answer`: a closed complaint the customer never heard of again.

use super::facts::{current, filled, named};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "complaint-without-answer",
    summary: "a complaint was closed without an answer to the customer",
    docs: include_str!("complaint_without_answer.md"),
    level: ERROR,
    clauses: &["8.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for complaint in current(ctx.ws, "complaint").filter(|c| c.str("status") == Some("closed")) {
        let missing: Vec<_> = ["answer", "closed_on"].into_iter().filter(|f| !filled(complaint.node(), f)).collect();
        if !missing.is_empty() {
            let message =
                format!("complaint {} is closed, but `{}` is not filled in", named(complaint), missing.join("` and `"));
            let problem = RULE.problem(complaint.span_of("status"), message).subject(complaint.id());
            out.report(problem.help(
                "Write what the customer was told and when it was closed. If the customer was not told, open it again \
                 and answer.",
            ));
        }
    }
}
