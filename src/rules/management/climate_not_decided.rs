//! `climate-not-decided`: the question of climate change was not answered.

use super::facts::{current, in_use};
use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "climate-not-decided",
    summary: "no issue of the context says whether climate change matters",
    docs: include_str!("climate_not_decided.md"),
    level: ERROR,
    clauses: &["4.1"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let decided = current(ctx.ws, "context-issue").any(|issue| issue.str("topic") == Some("climate"));
    if decided || !in_use(ctx.ws, "context-issues") {
        return;
    }
    let register = ctx.ws.register("context-issues").find(|r| r.is_current());
    let span = register.map_or(ctx.ws.root_span(), crate::workspace::ArtifactView::span);
    let message = "the issues of the context do not say whether climate change matters";
    out.report(RULE.problem(span, message).help(
        "Decide whether climate change is a relevant issue for the service management system, and enter an issue with \
         `topic: climate`: with its effect when it is, with the reason when it is not.",
    ));
}
