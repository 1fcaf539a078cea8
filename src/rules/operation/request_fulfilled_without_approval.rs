//! `request-fulfilled-without-approval`: a request was fulfilled before somebody allowed it.

use jiff::civil::Date;

use super::facts::{day, entries, has, name, problem, text};
use crate::rules::{Check, Ctx, Rule, Sink, WARNING};
use crate::workspace::EntityView;

/// The rule.
pub static RULE: Rule = Rule {
    name: "request-fulfilled-without-approval",
    summary: "a service request that needs an approval was fulfilled without it or before it",
    docs: include_str!("request_fulfilled_without_approval.md"),
    level: WARNING,
    clauses: &["8.6.2", "8.7.3.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for request in entries(ctx, "service-request").filter(|r| r.node().bool("needs_approval") == Some(true)) {
        if let Some((field, what)) = day(request, "fulfilled_at").and_then(|done| fault(request, done)) {
            let message = format!("{} was fulfilled {what}", name(request));
            out.report(problem(&RULE, request, field, message).help(
                "Ask for the decision now, take back what was given when it is refused, and let the tool hold such requests \
                 until the approval is in.",
            ));
        }
    }
}

fn fault(request: EntityView<'_>, done: Date) -> Option<(&'static str, String)> {
    if text(request, "approval.decision") == Some("rejected") {
        return Some(("approval.decision", format!("on {done} although it was rejected")));
    }
    if !has(request, "approval.on") {
        return Some(("fulfilled_at", format!("on {done}, and no approval is on record")));
    }
    let on = day(request, "approval.on").filter(|on| *on > done)?;
    Some(("approval.on", format!("on {done} and approved only on {on}")))
}
