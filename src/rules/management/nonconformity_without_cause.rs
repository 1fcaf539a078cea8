//! `nonconformity-without-cause`: a nonconformity that is acted on without its cause.

use super::facts::{current, filled, named};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "nonconformity-without-cause",
    summary: "a nonconformity is being dealt with and nobody determined its cause",
    docs: include_str!("nonconformity_without_cause.md"),
    level: ERROR,
    clauses: &["10.1.1", "10.1.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

const DEALT_WITH: [&str; 4] = ["in-progress", "implemented", "verified", "closed"];

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for case in current(ctx.ws, "nonconformity") {
        let explained = ["root_cause", "no_action_reason"].into_iter().any(|field| filled(case.node(), field));
        let Some(status) = case.str("status").filter(|s| DEALT_WITH.contains(s) && !explained) else { continue };
        let message = format!("{} is {status}, and its cause is not determined", named(case));
        out.report(RULE.problem(case.span_of("status"), message).subject(case.id()).help(
            "Find out with the people concerned why it could happen, and write it into `root_cause`. When it was decided \
             to do nothing more, write why into `no_action_reason`.",
        ));
    }
}
