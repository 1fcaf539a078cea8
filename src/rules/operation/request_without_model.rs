//! `request-without-model`: a request that was fulfilled from memory.

use super::facts::{entries, has, name, problem};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};

/// The rule.
pub static RULE: Rule = Rule {
    name: "request-without-model",
    summary: "a service request names no instructions for its fulfilment",
    docs: include_str!("request_without_model.md"),
    level: WARNING,
    clauses: &["8.6.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for request in entries(ctx, "service-request").filter(|r| r.str("status") != Some("rejected")) {
        if !has(request, "model_ref") {
            let message = format!("{} names no instructions for its fulfilment", name(request));
            out.report(problem(&RULE, request, "request_type", message).help(
                "Name the document with the model in `model_ref`, or decide whether this kind of request deserves one.",
            ));
        }
    }
}
