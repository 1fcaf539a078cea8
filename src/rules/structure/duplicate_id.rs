//! `duplicate-id`: two things carry one id.

use std::collections::HashMap;

use crate::rules::{Check, Ctx, ERROR, Rule, Sink};

/// The rule.
pub static RULE: Rule = Rule {
    name: "duplicate-id",
    summary: "two entities carry the same id",
    docs: include_str!("duplicate_id.md"),
    level: ERROR,
    clauses: &["7.5.2"],
    since: "0.1.0",
    requirements: &[],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    let mut first = HashMap::new();
    for entity in &ctx.ws.entities {
        if let Some(span) = first.get(entity.id.as_str()) {
            let message = format!("the id `{}` is used twice", entity.id);
            let problem =
                RULE.problem(entity.span, message).subject(&entity.id).related(*span, "it is used here first");
            out.report(
                problem.help("Give one of the two a new id; ids are unique in the whole SMS and are never used again."),
            );
        } else {
            first.insert(entity.id.as_str(), entity.span);
        }
    }
}
