//! `objective-incomplete`: an objective lacks owner, method, data source or forum.

use crate::rules::{Check, Ctx, ERROR, Rule, Sink};
use crate::workspace::EntityView;

use super::objective::{kept, milder_for_draft};

/// The rule.
pub static RULE: Rule = Rule {
    name: "objective-incomplete",
    summary: "an objective lacks its owner, measurement method, data source or review forum",
    docs: include_str!("objective_incomplete.md"),
    level: ERROR,
    clauses: &["6.2.1", "6.2.2", "9.1"],
    since: "0.1.0",
    requirements: &[53],
    options: &[],
    check: Check::Workspace(check),
};

fn check(ctx: &Ctx<'_>, out: &mut Sink) {
    for objective in kept(ctx) {
        let missing = missing(objective);
        if missing.is_empty() {
            continue;
        }
        let message = format!("{} lacks {}", objective.id(), missing.join(", "));
        let problem = RULE.problem(objective.span(), message).subject(objective.id()).help(
            "Say who answers for it (`owner`), how the value is worked out (`measurement_method`), where the data come from \
             (`data_source`, `data_source_ref` or `metric_ref`) and which meeting looks at it (`review_forum`).",
        );
        out.report(milder_for_draft(problem, objective));
    }
}

/// Whether it is known where its data come from.
pub(in crate::rules) fn has_source(objective: EntityView<'_>) -> bool {
    ["data_source", "data_source_ref", "metric_ref"].into_iter().any(|f| objective.has(f))
}

fn missing(objective: EntityView<'_>) -> Vec<&'static str> {
    let fields = [
        ("`owner`", objective.has("owner")),
        ("`measurement_method`", objective.has("measurement_method")),
        ("`data_source`", has_source(objective)),
        ("`review_forum`", objective.has("review_forum")),
    ];
    fields.into_iter().filter(|(_, there)| !there).map(|(field, _)| field).collect()
}
